/** Names of things, branded so that one cannot stand for another. */
import { concatBytes, encodeHex, type Hex, sha256 } from './bytes.ts';

declare const brand: unique symbol;
type Branded<T, Name extends string> = T & { readonly [brand]: Name };

/** An issuer's DID, e.g. `did:web:maker.example`. */
export type IssuerId = Branded<string, 'IssuerId'>;
/** A canonical URI of what a credential speaks of, e.g. `https://id.gs1.org/01/09521234000013/21/A7K2`. */
export type SubjectId = Branded<string, 'SubjectId'>;
/** RFC 7638 thumbprint, base64url, 43 characters: what stands after `#` in a `kid`. */
export type KeyId = Branded<string, 'KeyId'>;
/** A credential's CID (version 1, raw, sha2-256, base32): the same fact as the SHA-256 of its bytes. */
export type CredentialCid = Branded<string, 'CredentialCid'>;
/** RFC 9162 root of a batch. */
export type BatchRoot = Branded<Hex, 'BatchRoot'>;
/** 32 bytes of SHA-256. */
export type Digest = Branded<Uint8Array, 'Digest'>;

const text = new TextEncoder();

/** The ledger's name of an issuer: SHA-256 of the DID. */
export function hashIssuer(issuer: IssuerId): Hex {
  return encodeHex(sha256(text.encode(issuer)));
}

/** The ledger's name of a grant: SHA-256 of its number (4 bytes, big-endian) and its prefix. */
export function hashGrant(grant: { readonly number: number; readonly prefix: string }): Hex {
  const number = new Uint8Array(4);
  new DataView(number.buffer).setUint32(0, grant.number);
  return encodeHex(sha256(concatBytes(number, text.encode(grant.prefix))));
}

/** Which ledger: all that a verifier pins (design D1). */
export interface LedgerId {
  /** EIP-155 chain id. */
  readonly chainId: number;
  /** Hash of block 0. */
  readonly genesis: Hex;
  /** The contract's address, lower case. */
  readonly address: Hex;
  /** keccak256 of the code at that address. */
  readonly codeHash: Hex;
}
