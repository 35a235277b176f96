/** Bytes, their digest and their spellings: hex as the ledger has it, base64url as JOSE has it. Decoders accept one spelling only. */

import { decodeBase64UrlLoosely, encodeBase64Url, encodeHexDigits, sha256, sha256Into } from '#platform';
import { InvalidInputError } from './errors.ts';

export { encodeBase64Url, sha256, sha256Into };

/** Bytes as lower-case hex after `0x`. */
export type Hex = `0x${string}`;

const HEX = /^0x(?:[0-9a-f]{2})*$/;

export function isHex(text: string): text is Hex {
  return HEX.test(text);
}

export function encodeHex(bytes: Uint8Array): Hex {
  return `0x${encodeHexDigits(bytes)}`;
}

/** Errors: `input.encoding` for anything but lower-case hex after `0x`, or another length than `length` bytes. */
export function decodeHex(text: string, length?: number): Uint8Array {
  if (!isHex(text))
    throw new InvalidInputError('input.encoding', `Expected lower-case hex after 0x, found "${clip(text)}".`);
  const bytes = new Uint8Array((text.length - 2) / 2);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = 16 * valueOfDigit(text.charCodeAt(2 + 2 * i)) + valueOfDigit(text.charCodeAt(3 + 2 * i));
  }
  return assertLength(bytes, length);
}

/** Errors: `input.encoding` for padding, stray bits, white space, other alphabets, or another length than `length` bytes. */
export function decodeBase64Url(text: string, length?: number): Uint8Array {
  const bytes = decodeBase64UrlLoosely(text);
  // The one canonical spelling is the one that encoding gives back: this refuses padding, spaces and stray bits at once.
  if (encodeBase64Url(bytes) !== text) {
    throw new InvalidInputError(
      'input.encoding',
      `Expected base64url without padding or stray bits, found "${clip(text)}".`,
    );
  }
  return assertLength(bytes, length);
}

/** RFC 4648 section 4, with padding: as signed notes have it. */
export function encodeBase64(bytes: Uint8Array): string {
  const text = encodeBase64Url(bytes).replaceAll('-', '+').replaceAll('_', '/');
  return text.padEnd(4 * Math.ceil(text.length / 4), '=');
}

/** Errors: `input.encoding` for any other spelling than `encodeBase64` gives. */
export function decodeBase64(text: string, length?: number): Uint8Array {
  const bytes = new Uint8Array(
    decodeBase64UrlLoosely(text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')),
  );
  if (encodeBase64(bytes) !== text) {
    throw new InvalidInputError('input.encoding', `Expected base64 with padding, found "${clip(text)}".`);
  }
  return assertLength(bytes, length);
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  return joinBytes(parts);
}

/** The same of however many parts: a call has room for some 100,000 arguments, and what is read may come byte by byte. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Of the character code of 0 to 9 or a to f. */
function valueOfDigit(code: number): number {
  return code < 0x3a ? code - 0x30 : code - 0x57;
}

function assertLength(bytes: Uint8Array, length: number | undefined): Uint8Array {
  if (length !== undefined && bytes.length !== length) {
    throw new InvalidInputError('input.encoding', `Expected ${length} bytes, found ${bytes.length}.`);
  }
  return bytes;
}

function clip(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
