/** A credential's CID: version 1, raw codec, sha2-256, base32. It and the anchored digest are the same fact (design D2). */
import { base32 } from 'multiformats/bases/base32';
import { concatBytes, sha256 } from '../bytes.ts';
import { InvalidInputError } from '../errors.ts';
import type { CredentialCid, Digest } from '../ids.ts';

/** CIDv1, raw (0x55), sha2-256 (0x12), 32 bytes. */
const HEAD = Uint8Array.of(0x01, 0x55, 0x12, 0x20);

/** SHA-256 of a credential's bytes. */
export function hashCredential(bytes: Uint8Array): Digest {
  return sha256(bytes) as Digest;
}

export function hashCid(bytes: Uint8Array): CredentialCid {
  return formatCid(hashCredential(bytes));
}

export function formatCid(digest: Digest): CredentialCid {
  return base32.encode(concatBytes(HEAD, digest)) as CredentialCid;
}

/** Errors: `input.encoding` for anything but a CIDv1 in lower-case base32 of raw bytes under sha2-256. */
export function parseCid(text: string): Digest {
  const bytes = decodeBase32(text);
  if (bytes?.length === HEAD.length + 32 && HEAD.every((byte, i) => bytes[i] === byte)) {
    const digest = bytes.slice(HEAD.length) as Digest;
    if (formatCid(digest) === text) return digest;
  }
  throw new InvalidInputError(
    'input.encoding',
    `Expected a CID of raw bytes, "bafkrei" and 52 more characters, found "${text.slice(0, 80)}".`,
  );
}

function decodeBase32(text: string): Uint8Array | undefined {
  if (!text.startsWith('b')) return undefined;
  try {
    return base32.decode(text);
  } catch {
    return undefined;
  }
}
