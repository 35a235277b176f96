/** Names of credentials and events: UUIDv5 (RFC 9562, 5.5), so that the same thing said again has the same name, though its bytes differ. */
import { sha1 } from '@noble/hashes/legacy.js';
import { concatBytes, decodeHex, encodeHex } from '../bytes.ts';
import { NAMESPACE } from './context.ts';

const text = new TextEncoder();

/** The namespace of URLs in RFC 9562 (6.6), as 16 bytes. */
const URL_IDS = decodeHex('0x6ba7b8119dad11d180b400c04fd430c8');

/** Our namespaces: of what there is one name for each thing said. */
const SPACES = {
  passport: uuidBytes(URL_IDS, `${NAMESPACE}passport`),
  attestation: uuidBytes(URL_IDS, `${NAMESPACE}attestation`),
  event: uuidBytes(URL_IDS, `${NAMESPACE}event`),
  eventCredential: uuidBytes(URL_IDS, `${NAMESPACE}eventCredential`),
};

/** `name` under one of our namespaces, as `urn:uuid:...`. */
export function hashUuidUrn(space: keyof typeof SPACES, name: string): string {
  const hex = encodeHex(uuidBytes(SPACES[space], name)).slice(2);
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return `urn:uuid:${parts.join('-')}`;
}

function uuidBytes(namespace: Uint8Array, name: string): Uint8Array {
  const bytes = sha1(concatBytes(namespace, text.encode(name))).slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes;
}
