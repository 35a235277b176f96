/** The same where there is no Node: browsers' WebCrypto has no synchronous hash. */
import { base64url } from 'jose';

export { sha256 } from '@noble/hashes/sha2.js';
export { bytesToHex as encodeHexDigits } from '@noble/hashes/utils.js';

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
