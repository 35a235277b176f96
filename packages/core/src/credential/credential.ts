/**
 * Credentials: W3C VC 2.0 documents of the five UNTP 0.7.0 kinds, ours or anybody's. Strict on what verification stands on (contexts,
 * types, issuer, period, subject, status), tolerant of every term beside, as the data model asks.
 */
import { z } from 'zod';
import type { IssuerId, SubjectId } from '../ids.ts';
import { parseShape } from '../shape.ts';
import { isDid } from './did.ts';
import { instant, isOrderedPeriod, listOf, toArray, uri, VCDM_CONTEXT, vcdmTerms } from './vcdm.ts';

export const UNTP_CONTEXT = 'https://vocabulary.uncefact.org/untp/0.7.0/context/';

export type CredentialKind = 'passport' | 'event' | 'conformity' | 'facility' | 'identityAnchor';

/** UNTP's type of each kind. */
export const UNTP_TYPES: Readonly<Record<CredentialKind, string>> = {
  passport: 'DigitalProductPassport',
  event: 'DigitalTraceabilityEvent',
  conformity: 'DigitalConformityCredential',
  facility: 'DigitalFacilityRecord',
  identityAnchor: 'DigitalIdentityAnchor',
};
const KIND_OF_TYPE = new Map(Object.entries(UNTP_TYPES).map(([kind, type]) => [type, kind as CredentialKind]));

const did = z.custom<IssuerId>((value) => typeof value === 'string' && isDid(value), 'expected a DID');
const subjectId = uri.max(2048).transform((text) => text as SubjectId);
const types = listOf(z.string().min(1));

const subject = z.looseObject({ id: subjectId, type: types.optional(), name: z.string().optional() });
export type Subject = z.infer<typeof subject>;

const statusEntry = z.looseObject({ id: uri.optional(), type: z.union([z.string(), types]) });

const credential = z
  .looseObject({
    ...vcdmTerms,
    '@context': listOf(uri).refine(([first, second]) => first === VCDM_CONTEXT && second === UNTP_CONTEXT, {
      error: `the first two must be ${VCDM_CONTEXT} and ${UNTP_CONTEXT}`,
    }),
    type: types.refine(namesOneKind, 'must name VerifiableCredential and one UNTP credential'),
    id: uri.max(2048),
    issuer: z.looseObject({ id: did, name: z.string().min(1) }),
    validFrom: instant,
    validUntil: instant.optional(),
    name: z.string().min(1),
    credentialSubject: z.union([subject, listOf(subject)]),
    credentialStatus: statusEntry.optional(),
    // What a JWT library might read otherwise than we do (VC-JOSE-COSE 3.1.1): the period is validFrom and validUntil.
    iss: z.string().optional(),
    jti: z.string().optional(),
    sub: z.string().optional(),
    vc: absent('credentials stand at the top level'),
    vp: absent('credentials stand at the top level'),
    exp: absent('say validUntil'),
    nbf: absent('say validFrom'),
  })
  .check((check) => {
    const { value, issues } = check;
    const complain = (path: string, message: string) =>
      issues.push({ code: 'custom', input: value, path: [path], message });
    if (!isOrderedPeriod(value)) complain('validUntil', 'must not be earlier than validFrom');
    if (value.iss !== undefined && value.iss !== value.issuer.id) complain('iss', 'must equal issuer.id');
    if (value.jti !== undefined && value.jti !== value.id) complain('jti', 'must equal id');
    if (value.sub !== undefined && toArray(value.credentialSubject).some(({ id }) => id !== value.sub)) {
      complain('sub', 'must equal credentialSubject.id');
    }
    // UNTP: an event credential holds a list of events, every other kind one subject.
    const isEvent = value.type.includes(UNTP_TYPES.event);
    if (!isEvent && Array.isArray(value.credentialSubject)) complain('credentialSubject', 'must be one object');
  });

type Parsed = z.infer<typeof credential>;
/** A credential of one of the five kinds. Terms beside those named here are `unknown` until somebody reads them. */
export type Credential = { readonly [Term in keyof Parsed]: Parsed[Term] };

/** Reads a credential. Errors: `credential.shape`; the message names the fields. */
export function parseCredential(payload: unknown): Credential {
  return parseShape(credential, payload, 'credential', 'credential.shape');
}

export function credentialKind(credential: Pick<Credential, 'type'>): CredentialKind {
  for (const type of credential.type) {
    const kind = KIND_OF_TYPE.get(type);
    if (kind !== undefined) return kind;
  }
  throw new TypeError('a Credential has one UNTP type');
}

/** What the credential speaks of: one subject, or an event credential's events. */
export function credentialSubjects(credential: Pick<Credential, 'credentialSubject'>): readonly Subject[] {
  return toArray(credential.credentialSubject);
}

/**
 * The subjects for which the issuer needs a grant (design D14): the product of a passport, the facility of a record, a certificate's
 * attestation. An event needs none, it counts where a lot's entry names it; a register's statement stands on the registrar's role.
 */
export function credentialSubjectIds(credential: Pick<Credential, 'type' | 'credentialSubject'>): SubjectId[] {
  const kind = credentialKind(credential);
  if (kind === 'event' || kind === 'identityAnchor') return [];
  return credentialSubjects(credential).map(({ id }) => id);
}

function namesOneKind(names: readonly string[]): boolean {
  return names.includes('VerifiableCredential') && names.filter((name) => KIND_OF_TYPE.has(name)).length === 1;
}

function absent(advice: string) {
  return z.undefined({ error: `must not be there: ${advice}` }).optional();
}
