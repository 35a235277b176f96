/**
 * W3C Verifiable Credentials Data Model 2.0, the structure of a credential: what any verifier may rely on whatever the credential is
 * about. Terms that the model does not know are let through (section 5.2); what it knows must have its shape.
 */
import { z } from 'zod';
import { parseShape } from '../shape.ts';

export const VCDM_CONTEXT = 'https://www.w3.org/ns/credentials/v2';

/** RFC 3986 absolute URI, loosely: a scheme and no character that no URI has. */
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+$/;
/** XSD 1.1 dateTimeStamp (VCDM 4.9): date, time and zone. */
const DATE_TIME_STAMP =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))$/;

export function isUri(text: string): boolean {
  return URI.test(text);
}

/** Milliseconds since 1970 of a dateTimeStamp; `undefined` for anything else, days that no calendar has included. */
export function parseInstant(text: string): number | undefined {
  const match = DATE_TIME_STAMP.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match.map(Number);
  if (!isCalendarDay(Number(year), Number(month), Number(day))) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

export function isCalendarDay(year: number, month: number, day: number): boolean {
  // The calendar repeats every 400 years, and Date takes years below 100 for those of the twentieth century.
  const lastDay = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  return month >= 1 && month <= 12 && day >= 1 && day <= lastDay;
}

export const uri = z.string().regex(URI, 'expected an absolute URI');
export const instant = z
  .string()
  .refine((text) => parseInstant(text) !== undefined, 'expected date, time and zone, such as 2026-01-15T00:00:00Z');

/** VCDM 4.3 (language and base direction): closed, so that nothing else hides in a name. */
const languageValue = z.strictObject({
  '@value': z.string(),
  '@language': z.string().optional(),
  '@direction': z.enum(['ltr', 'rtl']).optional(),
});
/**
 * A list that verification reads: not empty, and no longer than any that serves a purpose. A credential of 1 MiB holds half a million
 * items, and to say of each that it is wrong takes seconds and hundreds of megabytes.
 */
export const listOf = <T extends z.ZodType>(item: T) => z.array(item).min(1).max(1_000);
const languageText = z.union([z.string(), languageValue, listOf(languageValue)]);

const typeNames = z.union([z.string().min(1), listOf(z.string().min(1))]);
/** Status, schema, terms of use, evidence, refresh service: each needs a type (VCDM 4.4), and an `id` is a URI. */
const typed = z.looseObject({ type: typeNames, id: uri.optional() });
const oneOrMore = <T extends z.ZodType>(item: T) => z.union([item, listOf(item)]);

const issuer = z.union([
  uri,
  z.looseObject({ id: uri, name: languageText.optional(), description: languageText.optional() }),
]);
const subject = z
  .looseObject({ id: uri.optional() })
  .refine((object) => Object.keys(object).length > 0, 'says nothing');

const contexts = listOf(z.union([uri, z.record(z.string(), z.unknown())]))
  .refine((items) => items[0] === VCDM_CONTEXT, `the first must be ${VCDM_CONTEXT}`)
  .refine(keepsProtectedTerms, 'redefines a term that an earlier context protects');

/** What may stand in a credential beside what it must have (VCDM 4.4 to 5.6): typed objects, one or several of each. */
export const vcdmTerms = {
  description: languageText.optional(),
  credentialSchema: oneOrMore(typed.extend({ id: uri })).optional(),
  refreshService: oneOrMore(typed).optional(),
  termsOfUse: oneOrMore(typed).optional(),
  evidence: oneOrMore(typed).optional(),
  proof: oneOrMore(typed).optional(),
};

const verifiableCredential = z
  .looseObject({
    ...vcdmTerms,
    '@context': contexts,
    type: typeNames.refine(
      (names) => toArray(names).includes('VerifiableCredential'),
      'must name VerifiableCredential',
    ),
    id: uri.optional(),
    name: languageText.optional(),
    issuer,
    validFrom: instant.optional(),
    validUntil: instant.optional(),
    credentialSubject: oneOrMore(subject),
    credentialStatus: oneOrMore(typed).optional(),
  })
  .refine(isOrderedPeriod, { path: ['validUntil'], error: 'must not be earlier than validFrom' });

/**
 * Whether a document has the structure of a credential of whatever type. `parseCredential` reads those of the five UNTP kinds; this is
 * for credentials that others carry along. Errors: `credential.shape`.
 */
export function assertVerifiableCredential(document: unknown): void {
  parseShape(verifiableCredential, document, 'credential', 'credential.shape');
}

export function toArray<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as T];
}

/** VCDM 4.9: a period does not end before it begins. */
export function isOrderedPeriod(credential: {
  readonly validFrom?: string | undefined;
  readonly validUntil?: string | undefined;
}): boolean {
  const from = credential.validFrom === undefined ? undefined : parseInstant(credential.validFrom);
  const until = credential.validUntil === undefined ? undefined : parseInstant(credential.validUntil);
  return from === undefined || until === undefined || from <= until;
}

/** JSON-LD 1.1 (4.1.11): a protected term may only be repeated as it is. */
function keepsProtectedTerms(items: readonly (string | Record<string, unknown>)[]): boolean {
  const terms = new Map<string, string>();
  for (const item of items) {
    if (typeof item === 'string') continue;
    for (const [term, definition] of Object.entries(item)) {
      if (term.startsWith('@')) continue;
      const text = JSON.stringify(definition);
      const known = terms.get(term);
      if (known !== undefined && known !== text) return false;
      if (item['@protected'] === true) terms.set(term, text);
    }
  }
  return true;
}
