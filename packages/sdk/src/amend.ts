/**
 * Amending what was issued: revoking it, or putting a new version in its place. Both are acts signed here by a key of the issuer and
 * relayed by the service. A new version is anchored and the old one marked superseded in one list of acts, all or nothing, so that no
 * moment has two current versions or none. Doing it twice does nothing twice: the ledger refuses to set a bit that is set.
 */
import { encodeHex, hashIssuer, InvalidInputError, type LedgerId, UnavailableError } from '@dpp-ledger/core';
import {
  decodeKeyId,
  formatLedger,
  parseCredential,
  parseJwt,
  parseStatusPointer,
  type SignedCredential,
  type Signer,
  type StatusPointer,
  signCredential,
} from '@dpp-ledger/core/credential';
import { buildBatch } from '@dpp-ledger/core/evidence';
import { buildPassport, type PassportInput } from '@dpp-ledger/core/passport';
import type { Receipt } from './answers.ts';
import type { Client } from './client.ts';
import { type Act, acts, type RelayRequest, type StatusChange, signRelay, wordsOf } from './ledger/acts.ts';
import type { LedgerReader } from './ledger/ledger.ts';

export interface AmendOptions {
  /** With the purpose `revoke` to revoke, `operate` to supersede. ES256. */
  readonly signer: Signer;
  readonly ledger: LedgerId;
  readonly client: Client;
  /** Whom the key's nonce is asked of; the service by default. */
  readonly reader?: LedgerReader;
  /** For how long the service may wait before it relays; 600 by default. */
  readonly secondsToRelay?: number;
  /** Seconds since 1970; the clock's by default. */
  readonly now?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Revokes credentials by their JWTs. Errors: `credential.status`, `credential.issuer`; `service.refused`, `service.unreachable`. */
export async function revoke(
  jwts: readonly string[],
  options: AmendOptions & { readonly reason: StatusChange['reason'] },
): Promise<Receipt> {
  const places = jwts.map((jwt) => placeOf(jwt, options));
  return await relayActs(changesOf(places, options.reason).map(acts.revoke), options);
}

export interface Successor {
  readonly input: PassportInput;
  /** JWT of the version that it takes the place of. */
  readonly previous: string;
}

export interface SupersedeOptions extends AmendOptions {
  /** Signs the new versions, with the purpose `assert`; `signer` by default. */
  readonly credentialSigner?: Signer;
  readonly issuerName: string;
  readonly reason: StatusChange['reason'];
  readonly voice?: 'declared' | 'restated';
  /** RFC 3339 with zone; now by default. */
  readonly validFrom?: string;
}

/**
 * Issues new versions in the place of old ones. Errors: as `revoke`; `input.shape` for a successor that is about something else than its
 * predecessor.
 */
export async function supersede(
  successors: readonly Successor[],
  options: SupersedeOptions,
): Promise<{ readonly credentials: readonly SignedCredential[]; readonly answer: Receipt }> {
  const places = successors.map(({ previous }) => placeOf(previous, options));
  const credentials = await signSuccessors(successors, options);
  const { root, size, manifest } = buildBatch(credentials.map(({ digest }) => digest));
  const list = [
    acts.anchor({ root, size, manifest: encodeHex(manifest.digest) }),
    ...changesOf(places, options.reason).map(acts.supersede),
  ];
  const answer = await relayActs(
    list,
    options,
    credentials.map(({ jwt }) => jwt),
  );
  return { credentials, answer };
}

async function signSuccessors(
  successors: readonly Successor[],
  options: SupersedeOptions,
): Promise<SignedCredential[]> {
  const { credentialSigner: signer = options.signer, issuerName, ledger, client, voice = 'declared' } = options;
  const validFrom = options.validFrom ?? new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  const list = crypto.getRandomValues(new BigUint64Array(1))[0] ?? 0n;
  return await Promise.all(
    successors.map(async ({ input, previous }, index) => {
      const credential = buildPassport(input, {
        issuer: { id: signer.issuer, name: issuerName },
        ledger,
        status: { list, index },
        statusListCredential: client.statusListUrl(signer.issuer, list),
        validFrom,
        voice,
      });
      const before = parseCredential(parseJwt(previous).payload);
      if (subjectOf(before) !== subjectOf(credential)) {
        const message = `${subjectOf(credential)} cannot take the place of ${subjectOf(before)}: a new version is about the same subject.`;
        throw new InvalidInputError('input.shape', message);
      }
      return await signCredential(credential, signer);
    }),
  );
}

function subjectOf({ credentialSubject }: ReturnType<typeof parseCredential>): string {
  return Array.isArray(credentialSubject) ? '' : credentialSubject.id;
}

function placeOf(jwt: string, { signer, ledger }: AmendOptions): StatusPointer {
  const credential = parseCredential(parseJwt(jwt).payload);
  const pointer = parseStatusPointer(credential);
  if (credential.issuer.id !== signer.issuer) {
    throw new InvalidInputError(
      'credential.issuer',
      `${signer.issuer} cannot amend a credential of ${credential.issuer.id}.`,
    );
  }
  if (pointer.ledger !== formatLedger(ledger)) {
    throw new InvalidInputError(
      'credential.status',
      `The credential's status is on ${pointer.ledger}, not on ${formatLedger(ledger)}.`,
    );
  }
  return pointer;
}

/** One change for each list. */
function changesOf(places: readonly StatusPointer[], reason: StatusChange['reason']): StatusChange[] {
  const lists = Map.groupBy(places, ({ list }) => list);
  return Array.from(lists, ([list, ofList]) => ({ list, reason, words: wordsOf(ofList.map(({ index }) => index)) }));
}

/**
 * Any list of acts, signed by the signer's key and relayed, all or nothing. `credentials` are those of the batches that the acts anchor, in
 * their order. Errors: `service.refused`, `service.unreachable`; `store.not-found` for a key that is not registered.
 */
export async function relayActs(
  list: readonly Act[],
  options: AmendOptions,
  credentials?: readonly string[],
): Promise<Receipt> {
  const request = await signActs(list, options);
  const { client, signal } = options;
  return await client.postRelay({ ...request, ...(credentials === undefined ? {} : { credentials }) }, { signal });
}

/** The same, signed and not posted yet. */
export async function signActs(list: readonly Act[], options: AmendOptions): Promise<RelayRequest> {
  const { signer, ledger, secondsToRelay = 600 } = options;
  return await signRelay({
    ...{ ledger, signer, acts: list, nonce: await readNonce(options) },
    deadline: (options.now ?? Math.floor(Date.now() / 1000)) + secondsToRelay,
  });
}

async function readNonce({ signer, reader, client, signal }: AmendOptions): Promise<bigint> {
  const reading = { signal };
  if (reader !== undefined) {
    const nonce = await reader.readKeyNonce(hashIssuer(signer.issuer), decodeKeyId(signer.keyId), reading);
    if (nonce !== undefined) return nonce;
  } else {
    const known = (await client.fetchIssuer(signer.issuer, reading)).keys.find(({ key }) => key === signer.keyId);
    if (known !== undefined) return BigInt(known.nonce);
  }
  throw new UnavailableError(
    'store.not-found',
    `The key ${signer.keyId} is not registered for ${signer.issuer}: add it first.`,
  );
}
