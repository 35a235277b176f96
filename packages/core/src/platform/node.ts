import { hash } from 'node:crypto';

/** SHA-256 by the platform: one synchronous call, 32 bytes. */
export function sha256(data: Uint8Array): Uint8Array {
  const digest = new Uint8Array(32);
  sha256Into(data, digest, 0);
  return digest;
}

/** The same, written to `out` from `offset` on. */
export function sha256Into(data: Uint8Array, out: Uint8Array, offset: number): void {
  // As a string of 32 characters: a buffer of its own for each digest takes twice as long as the hashing of 150 bytes.
  const digest = hash('sha256', data, 'binary');
  for (let i = 0; i < 32; i++) out[offset + i] = digest.charCodeAt(i);
}

/** RFC 4648 section 5, without padding. */
export function encodeBase64Url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}

/** Lenient: the caller compares the spelling. */
export function decodeBase64UrlLoosely(text: string): Uint8Array {
  return Buffer.from(text, 'base64url');
}

/** Two lower-case digits a byte. */
export function encodeHexDigits(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

/**
 * Resolves when all that is ready now has run. What many callers hand to the platform's threads after that arrives there in bursts:
 * waking an idle thread for each piece costs as much as a verification.
 */
export function afterReadyWork(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
