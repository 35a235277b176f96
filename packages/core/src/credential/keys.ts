/** Keys: public and private JWKs, their thumbprints, and the signer port that an HSM or KMS can stand in for. */

import { exportJWK, generateKeyPair, importJWK } from 'jose';
import { z } from 'zod';
import { afterReadyWork } from '#platform';
import { decodeBase64Url, decodeHex, encodeBase64Url, encodeHex, type Hex, sha256 } from '../bytes.ts';
import { InvalidInputError } from '../errors.ts';
import type { IssuerId, KeyId } from '../ids.ts';
import { parseShape } from '../shape.ts';

/** A public key as a JWK, with the members of RFC 7638 and no others. */
export type PublicJwk =
  | { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string }
  | { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string };
export type PrivateJwk = PublicJwk & { readonly d: string };
export type SignatureAlgorithm = 'ES256' | 'Ed25519';

/** Signs in an issuer's name. Software, an HSM or a KMS. */
export interface Signer {
  readonly issuer: IssuerId;
  readonly key: PublicJwk;
  readonly keyId: KeyId;
  readonly algorithm: SignatureAlgorithm;
  /** 64 bytes: r and s with low s for ES256 (over SHA-256 of `bytes`), RFC 8032 for Ed25519. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

const coordinate = z.string().refine(isCoordinate, 'expected 32 bytes as base64url, 43 characters');
/** Members such as `kid`, `alg` and `use` may stand beside; they are left out. */
const publicMembers = z.union([
  z.object({ kty: z.literal('EC'), crv: z.literal('P-256'), x: coordinate, y: coordinate }),
  z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: coordinate }),
]);
const publicJwk = publicMembers.and(
  z.object({ d: z.never({ error: 'a private key stands where a public key is expected' }).optional() }),
);
const privateJwk = publicMembers.and(z.object({ d: coordinate }));

/** Errors: `input.shape` for another kind of key, a coordinate in another spelling, or a private key. */
export function parsePublicJwk(value: unknown): PublicJwk {
  parseShape(publicJwk, value, 'public key');
  return parseShape(publicMembers, value, 'public key');
}

/** Errors: `input.shape`. */
export function parsePrivateJwk(value: unknown): PrivateJwk {
  return parseShape(privateJwk, value, 'private key');
}

export async function generateKey(options: { readonly algorithm: SignatureAlgorithm }): Promise<PrivateJwk> {
  const { privateKey } = await generateKeyPair(options.algorithm, { extractable: true });
  return parsePrivateJwk(await exportJWK(privateKey));
}

export function publicKeyOf(jwk: PublicJwk): PublicJwk {
  return jwk.kty === 'EC'
    ? { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y }
    : { kty: jwk.kty, crv: jwk.crv, x: jwk.x };
}

export function algorithmOf(jwk: PublicJwk): SignatureAlgorithm {
  return jwk.kty === 'EC' ? 'ES256' : 'Ed25519';
}

/** RFC 7638 (3): SHA-256 over the required members in lexical order. */
export function hashKey(jwk: PublicJwk): KeyId {
  const members =
    jwk.kty === 'EC'
      ? `{"crv":"P-256","kty":"EC","x":"${jwk.x}","y":"${jwk.y}"}`
      : `{"crv":"Ed25519","kty":"OKP","x":"${jwk.x}"}`;
  return encodeBase64Url(sha256(new TextEncoder().encode(members))) as KeyId;
}

/** From the ledger's spelling of a thumbprint. Errors: `input.encoding`. */
export function encodeKeyId(hex: Hex): KeyId {
  return encodeBase64Url(decodeHex(hex, 32)) as KeyId;
}

/** To the ledger's spelling. Errors: `input.encoding`. */
export function decodeKeyId(key: KeyId): Hex {
  return encodeHex(decodeBase64Url(key, 32));
}

/** A signer in software, by WebCrypto. Errors: `input.shape` for a JWK that is no private key, or whose halves do not match. */
export async function createSigner(options: { readonly issuer: IssuerId; readonly jwk: PrivateJwk }): Promise<Signer> {
  return { issuer: options.issuer, ...(await createKeySigner(options.jwk)) };
}

/** The same in nobody's name but the key's own. Errors: as `createSigner`. */
export async function createKeySigner(key: PrivateJwk): Promise<Omit<Signer, 'issuer'>> {
  const jwk = parsePrivateJwk(key);
  const algorithm = algorithmOf(jwk);
  const parameters = SIGNATURE_PARAMETERS[algorithm];
  const privateKey = await importKey(jwk, algorithm);
  const sign = async (bytes: Uint8Array): Promise<Uint8Array> => {
    await afterReadyWork();
    const signature = new Uint8Array(await crypto.subtle.sign(parameters, privateKey, copyless(bytes)));
    return algorithm === 'ES256' ? lowerS(signature) : signature;
  };
  await assertHalvesMatch(jwk, algorithm, sign);
  return { key: publicKeyOf(jwk), keyId: hashKey(jwk), algorithm, sign };
}

/** What WebCrypto wants to be told of each algorithm. */
export const SIGNATURE_PARAMETERS = {
  ES256: { name: 'ECDSA', hash: 'SHA-256' },
  Ed25519: { name: 'Ed25519' },
} as const;

/** Errors: `input.shape` where the platform refuses the key: a point that is not on the curve, say. */
export async function importKey(jwk: PublicJwk | PrivateJwk, algorithm: SignatureAlgorithm): Promise<CryptoKey> {
  try {
    const key = await importJWK({ ...jwk }, algorithm);
    if (key instanceof Uint8Array) throw new TypeError('a secret, not a key pair');
    return key;
  } catch (cause) {
    throw new InvalidInputError('input.shape', `Not a usable ${algorithm} key: ${cause}`, { cause });
  }
}

/** Order of P-256 (FIPS 186-5), and half of it: the largest low s. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const HALF_ORDER = decodeHex(`0x${(ORDER >> 1n).toString(16)}`, 32);

/** Whether s of an ES256 signature (64 bytes) is at most half the order. WebCrypto does not see to it. */
export function isLowS(signature: Uint8Array): boolean {
  for (let i = 0; i < 32; i++) {
    const difference = (signature[32 + i] ?? 0) - (HALF_ORDER[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return true;
}

/** The same signature with low s: (r, n - s) verifies wherever (r, s) does. */
export function lowerS(signature: Uint8Array): Uint8Array {
  if (isLowS(signature)) return signature;
  const s = BigInt(encodeHex(signature.subarray(32)));
  const lowered = signature.slice();
  lowered.set(decodeHex(`0x${(ORDER - s).toString(16).padStart(64, '0')}`, 32), 32);
  return lowered;
}

/**
 * The points of Ed25519 whose order divides 8, as y in hexadecimal without the sign of x, those that are written beyond the field
 * included: under such a key one signature holds for any bytes. Not every platform refuses them.
 */
const SMALL_ORDER: ReadonlySet<string> = new Set([
  `01${'00'.repeat(31)}`,
  `00${'00'.repeat(31)}`,
  `ec${'ff'.repeat(30)}7f`,
  `ed${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(30)}7f`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
]);

/** Whether anybody could sign with the key (RFC 8032, 5.1.7 leaves it open). */
export function isSmallOrder(key: PublicJwk): boolean {
  if (key.kty !== 'OKP') return false;
  const y = Uint8Array.from(decodeBase64Url(key.x));
  y[31] = (y[31] ?? 0) & 0x7f;
  return SMALL_ORDER.has(encodeHex(y).slice(2));
}

/** WebCrypto takes views of plain buffers only; ours are, but for a shared one, which is copied. */
export function copyless(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes);
}

async function assertHalvesMatch(
  jwk: PrivateJwk,
  algorithm: SignatureAlgorithm,
  sign: (bytes: Uint8Array) => Promise<Uint8Array>,
): Promise<void> {
  const probe = new TextEncoder().encode('do the two halves of this key match');
  const publicKey = await importKey(publicKeyOf(jwk), algorithm);
  const signature = await sign(probe);
  if (!(await crypto.subtle.verify(SIGNATURE_PARAMETERS[algorithm], publicKey, copyless(signature), probe))) {
    throw new InvalidInputError('input.shape', 'private key: "d" does not belong to the public members.');
  }
}

function isCoordinate(text: string): boolean {
  try {
    return decodeBase64Url(text).length === 32;
  } catch {
    return false;
  }
}
