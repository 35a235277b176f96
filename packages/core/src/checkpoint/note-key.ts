/**
 * Keys of signed notes as text (https://c2sp.org/signed-note): name, hash and key, joined by +. All are Ed25519; the type says what they
 * sign: notes themselves (0x01), or cosignatures (0x04).
 */
import { concatBytes, decodeBase64, decodeBase64Url, encodeBase64, encodeHex, sha256 } from '../bytes.ts';
import { copyless } from '../credential/keys.ts';
import { InvalidInputError } from '../errors.ts';

export const NOTE_KEY = 0x01;
export const COSIGNATURE_KEY = 0x04;
export type KeyType = typeof NOTE_KEY | typeof COSIGNATURE_KEY;

const PRIVATE = 'PRIVATE+KEY+';
const PURPOSES = { [NOTE_KEY]: 'signs notes', [COSIGNATURE_KEY]: 'cosigns' } as const;

const utf8 = new TextEncoder();

export interface PublicNoteKey {
  readonly name: string;
  readonly keyId: number;
  /** `name+hash+base64`. */
  readonly verifierKey: string;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Ed25519 (RFC 8032) over these very bytes. */
  verifyBytes(bytes: Uint8Array, signature: Uint8Array): Promise<boolean>;
}

export interface PrivateNoteKey extends Omit<PublicNoteKey, 'verifyBytes'> {
  signBytes(bytes: Uint8Array): Promise<Uint8Array>;
}

/** Secret text: `PRIVATE+KEY+name+hash+base64`. Errors: `checkpoint.note` for a name that no key can have. */
export async function generateKeyText(name: string, type: KeyType): Promise<string> {
  assertKeyName(name);
  const seed = crypto.getRandomValues(new Uint8Array(32));
  const { publicKey } = await importSeed(seed);
  const keyId = formatKeyId(hashNoteKey(name, type, publicKey));
  return `${PRIVATE}${name}+${keyId}+${encodeBase64(concatBytes(Uint8Array.of(type), seed))}`;
}

/** Errors: `checkpoint.key`; the key is never quoted. */
export async function importPrivateKey(text: string, type: KeyType): Promise<PrivateNoteKey> {
  if (!text.startsWith(PRIVATE)) refuse('a private key begins with PRIVATE+KEY+');
  const { name, keyId, data } = parseKey(text.slice(PRIVATE.length), 'private', type);
  const { privateKey, publicKey } = await importSeed(data);
  if (hashNoteKey(name, type, publicKey) !== keyId) refuse(`its hash is not that of the key of ${name}`);
  return {
    ...{ name, keyId, publicKey },
    verifierKey: formatVerifierKey(name, type, publicKey),
    signBytes: async (bytes) => new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, copyless(bytes))),
  };
}

/** Errors: `checkpoint.key`. */
export async function importPublicKey(text: string, type: KeyType): Promise<PublicNoteKey> {
  const { name, keyId, data } = parseKey(text, 'public', type);
  if (hashNoteKey(name, type, data) !== keyId) refuse(`its hash is not that of the key of ${name}`);
  const key = await crypto.subtle
    .importKey('raw', copyless(data), 'Ed25519', false, ['verify'])
    .catch((cause) => refuse('it is no point of the curve', cause));
  return {
    ...{ name, keyId, publicKey: data },
    verifierKey: formatVerifierKey(name, type, data),
    verifyBytes: (bytes, signature) => crypto.subtle.verify('Ed25519', key, copyless(signature), copyless(bytes)),
  };
}

/** What a signature names its key by: the first four bytes of SHA-256 over name, newline, type and public key. */
export function hashNoteKey(name: string, type: number, publicKey: Uint8Array): number {
  return decodeKeyId(sha256(concatBytes(utf8.encode(name), Uint8Array.of(0x0a, type), publicKey)));
}

/** Errors: `checkpoint.note`. */
export function assertKeyName(name: string): void {
  if (isKeyName(name)) return;
  throw new InvalidInputError(
    'checkpoint.note',
    `"${name.slice(0, 40)}" is no name of a key: it has a space or a plus, or is empty.`,
  );
}

function isKeyName(name: string): boolean {
  return name !== '' && name.isWellFormed() && !/[\p{White_Space}\p{Cc}+]/u.test(name);
}

export function encodeKeyId(keyId: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, keyId);
  return bytes;
}

export function decodeKeyId(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
}

/** 8 hex digits. */
export function formatKeyId(keyId: number): string {
  return encodeHex(encodeKeyId(keyId)).slice(2);
}

function formatVerifierKey(name: string, type: KeyType, publicKey: Uint8Array): string {
  const encoded = encodeBase64(concatBytes(Uint8Array.of(type), publicKey));
  return `${name}+${formatKeyId(hashNoteKey(name, type, publicKey))}+${encoded}`;
}

function parseKey(text: string, half: 'private' | 'public', type: KeyType) {
  const match = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/u.exec(text);
  if (match === null) refuse(`a ${half} key is a name, 8 hex digits and base64, joined by +`);
  const [, name = '', hash = '', encoded = ''] = match;
  if (!isKeyName(name)) refuse('its name has a space or a plus');
  let data: Uint8Array;
  try {
    data = decodeBase64(encoded, 33);
  } catch {
    // Without the cause: it quotes the key.
    return refuse(`the key of ${name} is not 33 bytes in base64`);
  }
  if (data[0] !== type) {
    refuse(`the key of ${name} is of type ${data[0]}; one that ${PURPOSES[type]} by Ed25519 is of type ${type}`);
  }
  return { name, keyId: Number.parseInt(hash, 16), data: data.subarray(1) };
}

/** RFC 8410, 7: what stands before the seed in a private key of PKCS #8. */
const PKCS8_HEAD = Uint8Array.from([
  ...[0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06],
  ...[0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20],
]);

async function importSeed(seed: Uint8Array): Promise<{ privateKey: CryptoKey; publicKey: Uint8Array }> {
  const pkcs8 = copyless(concatBytes(PKCS8_HEAD, seed));
  const extractable = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign']);
  const { x = '' } = await crypto.subtle.exportKey('jwk', extractable);
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']);
  return { privateKey, publicKey: decodeBase64Url(x, 32) };
}

function refuse(message: string, cause?: unknown): never {
  throw new InvalidInputError('checkpoint.key', `This is not the key of a note: ${message}.`, { cause });
}
