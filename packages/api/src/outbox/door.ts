/**
 * The door: what a credential must be to be accepted, and again to be anchored. Every rule is the core's; here they are asked in order,
 * against the state of the ledger that the index has read. It refuses with the code of the first rule that is broken.
 */
import {
  type Digest,
  decodeHex,
  encodeBase64Url,
  encodeHex,
  type Hex,
  hashIssuer,
  IntegrityError,
  InvalidInputError,
  type IssuerId,
  RejectedError,
  type SubjectId,
  sha256,
} from '@dpp-ledger/core';
import {
  type Credential,
  type CredentialKind,
  credentialKind,
  credentialSubjectIds,
  credentialSubjects,
  decodeKeyId,
  grantCovers,
  hashCredential,
  mayIssue,
  type ParsedJwt,
  type PublicJwk,
  parseCredential,
  parseJwt,
  parseKid,
  parseStatusPointer,
  type StatusPointer,
  UNTP_TYPES,
  verifySignature,
} from '@dpp-ledger/core/credential';
import {
  type GrantState,
  type IssuerState,
  type JournalState,
  type KeyState,
  PURPOSES,
  type Reading,
} from '@dpp-ledger/core/journal';
import { attestedSubjects, lotClaims, subjectLevel } from '@dpp-ledger/core/passport';
import type { Described } from '../database/schema.ts';

export type State = Reading<JournalState>;
export type Issuer = Reading<IssuerState>;
type Key = Reading<KeyState>;

/** A credential as it can be told from its bytes alone. */
export interface Letter {
  readonly jwt: ParsedJwt;
  readonly digest: Digest;
  readonly issuer: IssuerId;
  readonly key: Hex;
  readonly credential: Credential;
  readonly status: StatusPointer;
  readonly described: Described;
}

const ascii = new TextEncoder();
const GRANULARITIES: readonly unknown[] = ['model', 'batch', 'item'];

/**
 * Reads a credential. Errors: `input.too-large`, `input.json`, `credential.jwt`, `credential.shape`, `credential.kid`,
 * `credential.issuer` where it names another issuer than its key's, `credential.status`.
 */
export function readLetter(text: string): Letter {
  const jwt = parseJwt(text);
  const credential = parseCredential(jwt.payload);
  const { issuer, key } = parseKid(jwt.header.kid);
  if (credential.issuer.id !== issuer) {
    throw new InvalidInputError(
      'credential.issuer',
      `The credential's issuer is ${credential.issuer.id}, its key is ${issuer}'s. Sign it with a key of its issuer.`,
    );
  }
  const status = parseStatusPointer(credential);
  const keyHex = decodeKeyId(key);
  const [first] = credentialSubjects(credential);
  if (first === undefined) throw new TypeError('a Credential has a subject');
  const granularity = GRANULARITIES.includes(first.idGranularity)
    ? String(first.idGranularity)
    : (subjectLevel(first.id) ?? 'item');
  const name = clean(first.name ?? credential.name);
  const issuerName = clean(credential.issuer.name);
  const subject = clean(first.id);
  const kind = credentialKind(credential);
  if (!fitsIndex(subject)) {
    throw new InvalidInputError('input.too-large', 'credentialSubject.id: a subject has at most 2,000 bytes.');
  }
  return {
    jwt,
    digest: hashCredential(ascii.encode(text)),
    issuer,
    key: keyHex,
    credential,
    status,
    described: {
      signing_digest: sha256(ascii.encode(jwt.signingInput)),
      issuer: decodeHex(hashIssuer(issuer)),
      key: decodeHex(keyHex),
      kind,
      subject,
      granularity,
      name,
      issuer_name: issuerName,
      list: String(status.list),
      place: status.index,
      search: searchWords(subject, name, issuerName, first.modelNumber),
      assessed: kind === 'conformity' ? readAssessed(credential) : null,
    },
  };
}

/** An index of the database holds 2,704 bytes at most. */
function fitsIndex(name: string): boolean {
  return ascii.encode(name).length <= 2_000;
}

/** So many things of one attestation can be looked for. */
const MOST_ASSESSED = 1_000;

function readAssessed(credential: Credential): string[] {
  return attestedSubjects(credential)
    .map((name) => clean(name))
    .filter(fitsIndex)
    .slice(0, MOST_ASSESSED);
}

/** What PostgreSQL can hold: no NUL, and where it is cut no half of a surrogate pair. The credential itself stays as it is. */
function clean(text: string): string {
  return text.replaceAll('\u0000', '\ufffd').slice(0, 2_048).toWellFormed();
}

/** Names, and the parts of the subject's URI, so that a GTIN or a serial finds its device. */
function searchWords(subject: string, name: string, issuerName: string, modelNumber: unknown): string {
  const parts = subject.split(/[/?#:=&]+/).filter((part) => /^[A-Za-z0-9._-]{4,}$/.test(part));
  return [name, issuerName, typeof modelNumber === 'string' ? clean(modelNumber) : '', ...parts]
    .join(' ')
    .slice(0, 2_000)
    .toWellFormed();
}

// ------------------------------------------------------------------------------------------------------------- asking

/** Errors: `issuer.unknown`. */
export function findIssuer(state: State, issuer: Uint8Array | Hex, name?: string): Issuer {
  const id = typeof issuer === 'string' ? issuer : encodeHex(issuer);
  const found = state.issuers.get(id);
  if (found !== undefined) return found;
  throw new RejectedError(
    'issuer.unknown',
    `${name ?? `The issuer ${id}`} is not accredited on this ledger. Ask its accreditor.`,
  );
}

/**
 * Whether the ledger takes batches of this issuer from `account` now. Errors: `ledger.closed`, `ledger.paused`, `issuer.withdrawn`,
 * `issuer.suspended`, `issuer.not-submitter`.
 */
export function assertMayAnchor(state: State, issuer: Issuer, account: Hex): void {
  if (state.successor !== undefined) {
    throw new RejectedError('ledger.closed', `The ledger is closed. What follows it is ${state.successor.address}.`);
  }
  if (issuer.withdrawnSince !== undefined) {
    throw new RejectedError('issuer.withdrawn', `The accreditation of ${issuer.did} was withdrawn.`);
  }
  if (issuer.suspended) {
    throw new RejectedError('issuer.suspended', `${issuer.did} is suspended: its accreditor can reinstate it.`);
  }
  if (issuer.controller !== account && !issuer.submitters.has(account)) {
    throw new RejectedError(
      'issuer.not-submitter',
      `${issuer.did} has not appointed this service's account ${account} as a submitter: appoint it, then send again.`,
    );
  }
  if (state.paused) throw new RejectedError('ledger.paused', 'New anchors are stopped by the admin. Try again later.');
}

/**
 * Whether the issuer may say this at `time` (seconds). Errors: `key.unknown`, `key.purpose`, `key.not-in-force`, `issuer.role`,
 * `issuer.grant`.
 */
export function assertMayIssue(
  issuer: Issuer,
  said: Pick<Described, 'key' | 'kind' | 'subject'>,
  at: { readonly time: number; readonly roles: number },
): { readonly key: Key } {
  const keyId = encodeHex(said.key);
  const key = issuer.keys.get(keyId);
  if (key === undefined) {
    throw new RejectedError(
      'key.unknown',
      `${issuer.did} has not registered the key ${keyId} on this ledger: register it, or sign with one that is.`,
    );
  }
  if ((key.purposes & PURPOSES.assert) === 0) {
    throw new RejectedError('key.purpose', `The key ${keyId} of ${issuer.did} may not sign credentials.`);
  }
  if (!isInForce(key, at.time)) {
    throw new RejectedError(
      'key.not-in-force',
      `The key ${keyId} of ${issuer.did} is not in force: it was retired, compromised, or registered later. Sign with another.`,
    );
  }
  if (!mayIssue(at.roles, said.kind)) {
    throw new RejectedError(
      'issuer.role',
      `${issuer.did} is accredited in no role that issues a credential of the kind "${said.kind}".`,
    );
  }
  const grant = coveringGrants(issuer, said).find(
    ({ from, until }) => from <= at.time && (until === undefined || at.time < until),
  );
  const needed = grantSubjects(said);
  if (needed.length > 0 && grant === undefined) {
    throw new RejectedError(
      'issuer.grant',
      `No grant of ${issuer.did} covers ${needed.join(', ')}. Its accreditor grants prefixes.`,
    );
  }
  return { key };
}

/** The issuer's grants that cover all that is said, taken back or not; none where none is needed. */
export function coveringGrants(issuer: Issuer, said: Pick<Described, 'kind' | 'subject'>): Reading<GrantState>[] {
  const needed = grantSubjects(said);
  if (needed.length === 0) return [];
  return [...issuer.grants.values()].filter(({ prefix }) =>
    needed.every((subject) => grantCovers(prefix, subject, issuer.did as IssuerId)),
  );
}

/** A right holds for start <= time < end (the interface, "Time"). */
function isInForce(key: Key, time: number): boolean {
  const before = (end: number | undefined) => end === undefined || time < end;
  return key.validFrom <= time && before(key.retiredAt) && before(key.compromisedSince);
}

/** What needs a grant, told from what the database keeps. */
export function grantSubjects({ kind, subject }: Pick<Described, 'kind' | 'subject'>): SubjectId[] {
  return credentialSubjectIds({
    type: [UNTP_TYPES[kind as CredentialKind]],
    credentialSubject: { id: subject as SubjectId },
  });
}

/**
 * All that the door asks of one credential. Errors: as `readLetter`, `findIssuer`, `assertMayAnchor`, `assertMayIssue`;
 * `credential.signature`; `status.ledger` where its status stands on another ledger; `materials.unallocated` where it draws on lots.
 */
export async function openLetter(
  text: string,
  at: { readonly state: State; readonly ledger: string; readonly account: Hex; readonly time: number },
): Promise<Letter> {
  const letter = readLetter(text);
  const issuer = findIssuer(at.state, letter.described.issuer, letter.issuer);
  assertMayAnchor(at.state, issuer, at.account);
  const { key } = assertMayIssue(issuer, letter.described, { time: at.time, roles: issuer.roles });
  if (letter.status.ledger !== at.ledger) {
    throw new RejectedError(
      'status.ledger',
      `The credential's status stands on ${letter.status.ledger}, this service serves ${at.ledger}.`,
    );
  }
  // A batch of the service takes nothing of lots, and once it is anchored so, the claim is false for ever.
  if (lotClaims(letter.credential).length > 0) {
    throw new RejectedError(
      'materials.unallocated',
      'The passport draws on lots: what it takes of them stands in an anchor that its issuer signs. Issue it with `dpp issue`, or send it with the anchor to /relay.',
    );
  }
  await assertSignature(letter, key);
  return letter;
}

/** Errors: `credential.signature`. */
export async function assertSignature(letter: Letter, key: Key): Promise<void> {
  if (await verifySignature(letter.jwt, formatKey(key))) return;
  throw new IntegrityError(
    'credential.signature',
    `The signature is not of the key ${letter.jwt.header.kid}: the credential was altered, or another key signed it.`,
  );
}

/** A registered key as a JWK. */
export function formatKey(key: Key): PublicJwk {
  const spell = (coordinate: Hex) => encodeBase64Url(decodeHex(coordinate, 32));
  return key.algorithm === 'ES256'
    ? { kty: 'EC', crv: 'P-256', x: spell(key.x), y: spell(key.y) }
    : { kty: 'OKP', crv: 'Ed25519', x: spell(key.x) };
}
