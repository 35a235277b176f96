/**
 * GS1 Digital Link URIs (GS1 Digital Link Standard: URI Syntax 1.6), uncompressed: what a label carries, and the canonical subject
 * that it stands for. Compression is not claimed.
 */
import { InvalidInputError } from '../errors.ts';
import type { SubjectId } from '../ids.ts';
import { type ApplicationIdentifier, findIdentifier } from './gs1-identifiers.ts';

/** An application identifier and its value, unescaped. */
export interface Gs1Element {
  readonly ai: string;
  readonly value: string;
}

export const CANONICAL_STEM = 'https://id.gs1.org';

// ------------------------------------------------------------------------------------------------------------ syntax

/** A host and perhaps a port: a user before it would pass for the host with whoever reads it. */
const SCHEME_AND_HOST = /^(?:https?|HTTPS?):\/\/([A-Za-z0-9._~:[\]!$&'()*+,;=-]+)(\/[^?#]*)(?:\?([^#]*))?(?:#.*)?$/;
/** RFC 3986: what no URI may hold unescaped. */
const NOT_IN_A_URI = /[\s<>"{}|\\^`]/;
/** Names for identifiers in a path that early versions of the standard allowed and later ones dropped. */
const CONVENIENCE_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    sscc: '00',
    gtin: '01',
    cpv: '22',
    lot: '10',
    ser: '21',
    gdti: '253',
    gcn: '255',
    ginc: '401',
    gsin: '402',
    gln: '414',
    payTo: '415',
    glnX: '254',
    party: '417',
    grai: '8003',
    giai: '8004',
    itip: '8006',
    cpid: '8010',
    cpsn: '8011',
    gsrnp: '8017',
    gsrn: '8018',
    srin: '8019',
    refno: '8020',
  }),
);
const NO_NAMES: ReadonlyMap<string, string> = new Map();

/**
 * The elements of a Digital Link URI: its key, the key's qualifiers, then the query's data attributes, in the URI's order; short GTINs
 * are padded to 14 digits. Check digits are not looked at. `convenienceNames` reads `/gtin/` and its like, too. Errors: `gs1.uri`.
 */
export function parseElements(uri: string, options: { readonly convenienceNames?: boolean } = {}): Gs1Element[] {
  const [, , path = '', query = ''] = SCHEME_AND_HOST.exec(uri) ?? [];
  if (path === '' || NOT_IN_A_URI.test(uri)) throw refusal(uri, 'it is not an http or https URI with a path');
  const { elements, qualifiers } = parsePath(path, uri, options.convenienceNames ? CONVENIENCE_NAMES : NO_NAMES);
  const attributes = query
    .split(/[&;]/)
    .map((pair) => pair.split('='))
    // Other parameters are the application's own (section 4.9).
    .filter(([name = '', value]) => /^\d{2,4}$/.test(name) && value !== undefined)
    .map(([ai = '', ...value]) => ({ ai, value: unescapeQuery(value.join('=')) }));
  for (const { ai } of attributes) {
    const identifier = findIdentifier(ai);
    if (identifier === undefined) throw refusal(uri, `(${ai}) is no application identifier`);
    if (!identifier.inQuery || qualifiers.has(ai)) throw refusal(uri, `(${ai}) belongs in the path`);
  }
  const all = [...elements, ...attributes].map(padGtin);
  for (const [i, element] of all.entries()) {
    assertFormat(element, uri);
    if (all.findIndex(({ ai }) => ai === element.ai) !== i) throw refusal(uri, `(${element.ai}) stands twice`);
  }
  return all;
}

/** Finds the key that all path segments after it belong to, from the right: what stands before it is the resolver's own. */
function parsePath(
  path: string,
  uri: string,
  names: ReadonlyMap<string, string>,
): { elements: Gs1Element[]; qualifiers: ReadonlySet<string> } {
  const segments = path.split('/').slice(1);
  const after: Gs1Element[] = [];
  for (let i = segments.length - 2; i >= 0; i -= 2) {
    const name = segments[i] ?? '';
    const ai = names.get(name) ?? name;
    const identifier = findIdentifier(ai);
    if (identifier === undefined) break;
    const element = { ai, value: unescapePath(segments[i + 1] ?? '') };
    if (identifier.qualifiers !== undefined) {
      const following = after.map((qualifier) => qualifier.ai);
      if (!identifier.qualifiers.some((order) => isInOrder(following, order))) {
        throw refusal(uri, `(${following.join('), (')}) may not follow (${ai}) in this order`);
      }
      return { elements: [element, ...after], qualifiers: new Set(identifier.qualifiers.flat()) };
    }
    after.unshift(element);
  }
  throw refusal(uri, 'its path holds no GS1 key');
}

function isInOrder(names: readonly string[], order: readonly string[]): boolean {
  let next = 0;
  return names.every((name) => {
    next = order.indexOf(name, next) + 1;
    return next > 0;
  });
}

/**
 * A Digital Link URI of elements in any order: the first key among them leads, its qualifiers follow in their order, the rest is
 * query. Repeated elements are written once. `stem` has no slash at its end. Errors: `gs1.uri`.
 */
export function formatElements(elements: readonly Gs1Element[], stem: string = CANONICAL_STEM): string {
  const text = elements.map(({ ai, value }) => `(${ai})${value}`).join('');
  const distinct = elements
    .map(padGtin)
    .filter((element, i, all) => all.findIndex(({ ai }) => ai === element.ai) === i);
  for (const element of distinct) assertFormat(element, text);
  const key = distinct.find(({ ai }) => findIdentifier(ai)?.qualifiers !== undefined);
  const alternatives = key === undefined ? undefined : findIdentifier(key.ai)?.qualifiers;
  if (key === undefined || alternatives === undefined) throw refusal(text, 'it holds no GS1 key');
  const isThere = (ai: string) => distinct.some((element) => element.ai === ai);
  const order = alternatives.reduce((best, list) =>
    list.filter(isThere).length > best.filter(isThere).length ? list : best,
  );
  const inPath = [key, ...order.flatMap((ai) => distinct.filter((element) => element.ai === ai))];
  const inQuery = distinct.filter((element) => !inPath.includes(element));
  const isVariable = ({ ai }: Gs1Element) => Number(!findIdentifier(ai)?.fixedLength);
  inQuery.sort((a, b) => isVariable(a) - isVariable(b));
  for (const { ai } of inQuery) {
    if (!findIdentifier(ai)?.inQuery || alternatives.flat().includes(ai)) {
      throw refusal(text, `(${ai}) can stand neither after (${key.ai}) nor in the query`);
    }
  }
  const path = inPath.map(({ ai, value }) => `/${ai}/${escapePath(value)}`).join('');
  const query = inQuery.map(({ ai, value }) => `${ai}=${escapeQuery(value)}`).join('&');
  return `${stem}${path}${query === '' ? '' : `?${query}`}`;
}

/** RFC 3986 2.1: everything but unreserved characters becomes %XX. */
export function escapePath(text: string): string {
  return Array.from(text, (character) => {
    if (/[A-Za-z0-9._~-]/.test(character)) return character;
    return `%${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}

/** As in a path, but a space is "+". */
export function escapeQuery(text: string): string {
  return escapePath(text).replaceAll('%20', '+');
}

/** %XX is one character of that code; a stray "%" stays. GS1 values are ASCII. */
export function unescapePath(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

export function unescapeQuery(text: string): string {
  return unescapePath(text.replaceAll('+', ' '));
}

function padGtin(element: Gs1Element): Gs1Element {
  const isShortGtin = element.ai === '01' && /^(?:\d{8}|\d{12}|\d{13})$/.test(element.value);
  return isShortGtin ? { ai: '01', value: element.value.padStart(14, '0') } : element;
}

function assertFormat({ ai, value }: Gs1Element, uri: string): void {
  const identifier = findIdentifier(ai);
  if (identifier === undefined) throw refusal(uri, `(${ai}) is no application identifier`);
  if (!identifier.pattern.test(value)) throw refusal(uri, `"${value}" is no value of (${ai})`);
}

function refusal(uri: string, reason: string): InvalidInputError {
  return new InvalidInputError('gs1.uri', `Not a GS1 Digital Link: ${reason}. Found "${uri.slice(0, 200)}".`);
}

// -------------------------------------------------------------------------------------------------------- check digits

/** GS1 General Specifications 7.9.1: the digit that closes `digits`, which come without it. */
export function gtinCheckDigit(digits: string): string {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    sum += Number(digits[digits.length - 1 - i]) * (i % 2 === 0 ? 3 : 1);
  }
  return String((10 - (sum % 10)) % 10);
}

/**
 * A GTIN as 14 digits, from 8, 12, 13 or 14. Errors: `gs1.key` for another length or a wrong check digit; the message has the right one.
 */
export function parseGtin(text: string): string {
  if (!/^(?:\d{8}|\d{12,14})$/.test(text)) {
    throw new InvalidInputError('gs1.key', `A GTIN has 8, 12, 13 or 14 digits, found "${text.slice(0, 40)}".`);
  }
  const gtin = text.padStart(14, '0');
  assertCheckDigit(gtin, 'GTIN');
  return gtin;
}

function assertCheckDigit(digits: string, name: string): void {
  const expected = gtinCheckDigit(digits.slice(0, -1));
  if (digits.at(-1) !== expected) {
    throw new InvalidInputError(
      'gs1.key',
      `${name} ${digits}: the check digit is ${digits.at(-1)}, it should be ${expected}.`,
    );
  }
}

// ------------------------------------------------------------------------------------------------------------- meaning

/** What a Digital Link names. */
export interface DigitalLink {
  /** The key and its qualifiers, in the standard's order. */
  readonly path: readonly Gs1Element[];
  readonly attributes: readonly Gs1Element[];
  /** 14 digits. */
  readonly gtin?: string;
  /** AI 22, consumer product variant. */
  readonly variant?: string;
  /** AI 10: a production batch. */
  readonly batch?: string;
  /** AI 21. */
  readonly serial?: string;
  /** AI 414 (a place) or 417 (a party), 13 digits. */
  readonly gln?: string;
}

const NAMES = { '01': 'gtin', '22': 'variant', '10': 'batch', '21': 'serial', '414': 'gln', '417': 'gln' } as const;

/** Reads a Digital Link and its check digits. Errors: `gs1.uri`, `gs1.key`. */
export function parseDigitalLink(uri: string): DigitalLink {
  const elements = parseElements(uri);
  const [key] = elements;
  if (key === undefined) throw refusal(uri, 'it holds no GS1 key');
  const qualifiers = new Set(findIdentifier(key.ai)?.qualifiers?.flat());
  const path = elements.filter((element) => element === key || qualifiers.has(element.ai));
  for (const element of elements) assertElementCheckDigit(element, findIdentifier(element.ai));
  const named = path.flatMap(({ ai, value }) => (ai in NAMES ? [[NAMES[ai as keyof typeof NAMES], value]] : []));
  return { path, attributes: elements.filter((element) => !path.includes(element)), ...Object.fromEntries(named) };
}

function assertElementCheckDigit({ ai, value }: Gs1Element, identifier: ApplicationIdentifier | undefined): void {
  if (identifier?.checkDigit === undefined) return;
  const [skipped, counted] = identifier.checkDigit;
  assertCheckDigit(value.slice(skipped, skipped + counted), `(${ai})`);
}

/** The label's form of a model, production batch or item. Errors: `gs1.uri`, `gs1.key`. */
export function formatDigitalLink(
  link: { readonly gtin: string; readonly variant?: string; readonly batch?: string; readonly serial?: string },
  stem: string = CANONICAL_STEM,
): string {
  const { variant, batch, serial } = link;
  const qualifiers = [
    ['22', variant],
    ['10', batch],
    ['21', serial],
  ] as const;
  const elements = qualifiers.flatMap(([ai, value]) => (value === undefined ? [] : [{ ai, value }]));
  return formatElements([{ ai: '01', value: parseGtin(link.gtin) }, ...elements], stem.replace(/\/+$/, ''));
}

/** https, lower-case host, no port, query, fragment, percent-escape, empty or dot segment: one spelling per place (design D14). */
const PLAIN_URI =
  /^https:\/\/(?=[^/]{1,253}\/)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~!$&'()*+,;=:@-]+)+$/;

/** Whether an identifier that is no GS1 key has the one spelling that grants can be compared with. */
export function isPlainUri(text: string): boolean {
  return text.length <= 2048 && PLAIN_URI.test(text);
}

/**
 * The subject that a scanned or typed URI stands for: `https://id.gs1.org/01/...` for a Digital Link on whatever host, the URI itself
 * for an identifier under an issuer's own host. Errors: `gs1.uri`, `gs1.key`.
 */
export function canonicalSubject(uri: string): SubjectId {
  if (isDigitalLink(uri)) return formatElements(parseDigitalLink(uri).path) as SubjectId;
  if (isPlainUri(uri)) return uri as SubjectId;
  throw refusal(uri, 'and it is no plain https URI either (lower-case host, no port, query, fragment or escapes)');
}

export function isDigitalLink(uri: string): boolean {
  try {
    parseElements(uri);
    return true;
  } catch (error) {
    if (error instanceof InvalidInputError) return false;
    throw error;
  }
}

/** Which level a canonical subject stands for. An identifier that is no GTIN does not tell: `undefined`. */
export function subjectLevel(subject: SubjectId): 'item' | 'batch' | 'model' | undefined {
  if (!isDigitalLink(subject)) return undefined;
  const { gtin, batch, serial } = parseDigitalLink(subject);
  if (gtin === undefined) return undefined;
  if (serial !== undefined) return 'item';
  return batch === undefined ? 'model' : 'batch';
}

/**
 * Where to look for a passport, nearest first: the subject itself, its item without the production batch, the production batch, the
 * variant, the model. An identifier that is no GTIN has itself only.
 */
export function walkUp(subject: SubjectId): SubjectId[] {
  if (!isDigitalLink(subject)) return [subject];
  const { gtin, variant, batch, serial } = parseDigitalLink(subject);
  if (gtin === undefined) return [subject];
  const steps: Parameters<typeof formatDigitalLink>[0][] = [];
  if (serial !== undefined) steps.push({ gtin, serial });
  if (batch !== undefined) steps.push({ gtin, batch });
  if (variant !== undefined) steps.push({ gtin, variant });
  steps.push({ gtin });
  return [...new Set([subject, ...steps.map((step) => formatDigitalLink(step) as SubjectId)])];
}

/**
 * Digits of a subject's GS1 key from where its company prefix begins, with the digits' name: design D14. `undefined` if it is not a
 * canonical GS1 subject with such a key. A GTIN-8 has no company prefix of its own.
 */
export function companyDigits(subject: string): string | undefined {
  if (!subject.startsWith(`${CANONICAL_STEM}/`)) return undefined;
  try {
    const { path } = parseDigitalLink(subject);
    if (formatElements(path) !== subject) return undefined;
    const [key] = path;
    const start = key === undefined ? undefined : COMPANY_PREFIX_AT.get(key.ai);
    if (key === undefined || start === undefined) return undefined;
    if (key.ai === '01' && key.value.startsWith('000000')) return undefined;
    return key.value.slice(start);
  } catch (error) {
    if (error instanceof InvalidInputError) return undefined;
    throw error;
  }
}

/** GTIN after the indicator digit, GLN from its first digit, a returnable asset after its leading zero, an individual one at once. */
const COMPANY_PREFIX_AT: ReadonlyMap<string, number> = new Map([
  ['01', 1],
  ['414', 0],
  ['417', 0],
  ['8003', 1],
  ['8004', 0],
]);
