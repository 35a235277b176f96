/**
 * Credentials as JWTs: W3C VC-JOSE-COSE over RFC 7515 compact serialisation. One credential has one spelling here: whatever else a
 * lenient reader would take for the same JWT is refused, because its hash is another (design D2).
 */

import { z } from 'zod';
import { afterReadyWork } from '#platform';
import { decodeBase64Url, encodeBase64Url } from '../bytes.ts';
import { InvalidInputError } from '../errors.ts';
import type { CredentialCid, Digest } from '../ids.ts';
import { parseJson } from '../json.ts';
import { parseShape } from '../shape.ts';
import { formatCid, hashCredential } from './cid.ts';
import type { Credential } from './credential.ts';
import { formatKid } from './did.ts';
import {
  algorithmOf,
  copyless,
  importKey,
  isLowS,
  isSmallOrder,
  lowerS,
  type PublicJwk,
  SIGNATURE_PARAMETERS,
  type Signer,
} from './keys.ts';

/** An IPFS block: what a credential fits in, as bytes. */
export const MAX_CREDENTIAL_BYTES = 1024 * 1024;

/** VC-JOSE-COSE (3.1). RFC 9864 renames EdDSA to Ed25519; both are read. */
const protectedHeader = z.strictObject({
  alg: z.enum(['ES256', 'Ed25519', 'EdDSA']),
  typ: z.literal('vc+jwt'),
  cty: z.literal('vc').optional(),
  kid: z.string().min(1).max(300),
});
export type JwtHeader = z.infer<typeof protectedHeader>;

/** A JWT that is well formed; nothing of it is believed yet. */
export interface ParsedJwt {
  readonly jwt: string;
  /** The JWT as ASCII: what the CID hashes. */
  readonly bytes: Uint8Array;
  readonly header: JwtHeader;
  readonly payload: unknown;
  /** 64 bytes. */
  readonly signature: Uint8Array;
  /** What is signed: the first two parts with the dot between. Its digest finds re-signed duplicates. */
  readonly signingInput: string;
}

export interface SignedCredential {
  readonly jwt: string;
  /** The JWT as ASCII. */
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  readonly cid: CredentialCid;
}

const text = new TextEncoder();
/** A dot, and 64 bytes of a signature as base64url. */
const TAIL_LENGTH = 87;

/**
 * Reads a JWT in its one canonical spelling: exactly three parts of base64url without padding or stray bits, low s, at most 1 MiB; a
 * protected header of `alg`, `typ`, `cty` and `kid` and nothing else (no `crit`, no key or certificate carried along); no duplicate
 * JSON key anywhere. Errors: `credential.jwt`, `input.json`, `input.too-large`.
 */
export function parseJwt(jwt: string): ParsedJwt {
  // It is ASCII if it is well formed, so that characters count bytes.
  if (jwt.length > MAX_CREDENTIAL_BYTES) {
    throw new InvalidInputError('input.too-large', `A credential has at most ${MAX_CREDENTIAL_BYTES} bytes.`);
  }
  const parts = jwt.split('.', 4);
  const [head, body, tail] = parts;
  if (parts.length !== 3 || head === undefined || body === undefined || tail === undefined) {
    throw new InvalidInputError(
      'credential.jwt',
      'Expected three parts with dots between them: header, payload, signature.',
    );
  }
  const header = parseShape(protectedHeader, parseJson(decodePart(head, 'header')), 'JWT header', 'credential.jwt');
  const payload = parseJson(decodePart(body, 'payload'));
  const signature = decodePart(tail, 'signature');
  if (signature.length !== 64) {
    throw new InvalidInputError('credential.jwt', `A signature has 64 bytes, this one ${signature.length}.`);
  }
  if (header.alg === 'ES256' && !isLowS(signature)) {
    throw new InvalidInputError('credential.jwt', 'The signature has a high s: its signer must replace s by n - s.');
  }
  const bytes = new Uint8Array(jwt.length);
  text.encodeInto(jwt, bytes);
  return {
    jwt,
    bytes,
    header,
    payload,
    signature,
    signingInput: jwt.slice(0, head.length + 1 + body.length),
  };
}

/** Signs a credential with its issuer's key. Errors: `credential.issuer` if the signer is another issuer's; `input.too-large`. */
export async function signCredential(credential: Credential, signer: Signer): Promise<SignedCredential> {
  if (credential.issuer.id !== signer.issuer) {
    throw new InvalidInputError(
      'credential.issuer',
      `The credential's issuer is ${credential.issuer.id}, the signer's ${signer.issuer}.`,
    );
  }
  return signPayload(credential, formatKid(signer.issuer, signer.keyId), signer);
}

/** So many are built while those before them are signed. */
const SIGNED_TOGETHER = 64;

/**
 * Signs many, in their order. They are taken from the iterator while the platform's threads sign those before them, so that a generator
 * that builds each costs no time beside. Errors: those of `signCredential`, and what the iterator throws.
 */
export async function signMany(credentials: Iterable<Credential>, signer: Signer): Promise<SignedCredential[]> {
  const signing: Promise<SignedCredential>[] = [];
  for (const credential of credentials) {
    const signed = signCredential(credential, signer);
    // A failure is met at the end.
    signed.catch(() => undefined);
    signing.push(signed);
    if (signing.length % SIGNED_TOGETHER === 0) await afterReadyWork();
  }
  return await Promise.all(signing);
}

/** Signs any payload as a `vc+jwt`. `signCredential` is the way for credentials of ours; this one asks nothing of the payload. */
export async function signPayload(
  payload: object,
  kid: string,
  signer: Pick<Signer, 'algorithm' | 'sign'>,
): Promise<SignedCredential> {
  const header: JwtHeader = { alg: signer.algorithm, typ: 'vc+jwt', cty: 'vc', kid };
  const signingInput = `${encodePart(header)}.${encodePart(payload)}`;
  const tailAt = signingInput.length;
  if (tailAt + TAIL_LENGTH > MAX_CREDENTIAL_BYTES) {
    throw new InvalidInputError(
      'input.too-large',
      `A credential has at most ${MAX_CREDENTIAL_BYTES} bytes, this one ${tailAt + TAIL_LENGTH}.`,
    );
  }
  // Written once, into its place.
  const bytes = new Uint8Array(tailAt + TAIL_LENGTH);
  text.encodeInto(signingInput, bytes);
  const signature = await signer.sign(bytes.subarray(0, tailAt));
  if (signature.length !== 64) throw new TypeError(`a signer gives 64 bytes (RFC 7518, 3.4), not ${signature.length}`);
  // An HSM may not know of low s.
  const tail = `.${encodeBase64Url(signer.algorithm === 'ES256' ? lowerS(signature) : signature)}`;
  text.encodeInto(tail, bytes.subarray(tailAt));
  const digest = hashCredential(bytes);
  return { jwt: signingInput + tail, bytes, digest, cid: formatCid(digest) };
}

/**
 * Whether `key` made the signature. The algorithm is the key's; the header only may not contradict it. Runs on the platform's
 * threads: many calls in flight are faster than one after the other. Errors: `TypeError` where the platform checks no signatures.
 */
export async function verifySignature(jwt: ParsedJwt, key: PublicJwk): Promise<boolean> {
  const algorithm = algorithmOf(key);
  const named = jwt.header.alg === 'EdDSA' ? 'Ed25519' : jwt.header.alg;
  if (named !== algorithm) return false;
  // Asked before a key is imported: without WebCrypto that fails as it does for a key that is none, and none would have signed.
  if (crypto.subtle === undefined) throw new TypeError('There is no WebCrypto here.');
  const verifyKey = await importVerifyKey(key);
  if (verifyKey === undefined) return false;
  await afterReadyWork();
  return crypto.subtle.verify(
    SIGNATURE_PARAMETERS[algorithm],
    verifyKey,
    copyless(jwt.signature),
    // ASCII: characters count bytes.
    copyless(jwt.bytes.subarray(0, jwt.signingInput.length)),
  );
}

/** Imports are slower than verifications, and few keys sign many credentials. */
const IMPORTED_KEYS = new Map<string, Promise<CryptoKey | undefined>>();
const MAX_IMPORTED_KEYS = 1024;

function importVerifyKey(key: PublicJwk): Promise<CryptoKey | undefined> {
  const name = key.kty === 'EC' ? `${key.x}.${key.y}` : key.x;
  const known = IMPORTED_KEYS.get(name);
  if (known !== undefined) return known;
  // Nobody in particular signed what anybody could sign.
  if (isSmallOrder(key)) return Promise.resolve(undefined);
  // A key that the platform refuses has signed nothing.
  const imported = importKey(key, algorithmOf(key)).catch((error: unknown) => {
    if (error instanceof InvalidInputError) return undefined;
    throw error;
  });
  if (IMPORTED_KEYS.size >= MAX_IMPORTED_KEYS) {
    const oldest = IMPORTED_KEYS.keys().next();
    if (!oldest.done) IMPORTED_KEYS.delete(oldest.value);
  }
  IMPORTED_KEYS.set(name, imported);
  return imported;
}

function encodePart(value: object): string {
  return encodeBase64Url(text.encode(JSON.stringify(value)));
}

function decodePart(part: string, name: string): Uint8Array {
  try {
    return decodeBase64Url(part);
  } catch (cause) {
    throw new InvalidInputError('credential.jwt', `The ${name} is not base64url without padding or stray bits.`, {
      cause,
    });
  }
}
