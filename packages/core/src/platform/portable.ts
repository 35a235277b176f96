/** The same where there is no Node: browsers' WebCrypto has no synchronous hash. */
import { sha256 } from '@noble/hashes/sha2.js';
import { base64url } from 'jose';

export { bytesToHex as encodeHexDigits } from '@noble/hashes/utils.js';
export { sha256 };

export function sha256Into(data: Uint8Array, out: Uint8Array, offset: number): void {
  out.set(sha256(data), offset);
}

export function encodeBase64Url(bytes: Uint8Array): string {
  return base64url.encode(bytes);
}

/** Lenient: the caller compares the spelling. Text that cannot be decoded at all gives no bytes. */
export function decodeBase64UrlLoosely(text: string): Uint8Array {
  try {
    return base64url.decode(text);
  } catch {
    return new Uint8Array();
  }
}

/** Browsers schedule their own crypto threads. */
export async function afterReadyWork(): Promise<void> {}
