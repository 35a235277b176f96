/**
 * Signed notes (https://c2sp.org/signed-note): a text, an empty line, and one line for each signature. Keys have names; a signature names
 * its key and four bytes of the key's hash, so that whoever does not know a key passes its signature over. Ed25519 (type 0x01) is here;
 * other types, such as witnesses' cosignatures, are verifiers of their own behind the same port.
 */
import { concatBytes, decodeBase64, decodeBase64Url, encodeBase64, encodeHex, sha256 } from '../bytes.ts';
import { copyless } from '../credential/keys.ts';
import { IntegrityError, InvalidInputError } from '../errors.ts';

export interface NoteSignature {
  /** Of the key. */
  readonly name: string;
  /** Four bytes, as a number. */
  readonly keyId: number;
  readonly signature: Uint8Array;
}

export interface Note {
  /** Ends in a newline: what is signed. */
  readonly text: string;
  /** In the note's order; those of unknown keys too. */
  readonly signatures: readonly NoteSignature[];
}

/** A key that signatures are checked with. */
export interface NoteVerifier {
  readonly name: string;
  readonly keyId: number;
  verify(text: Uint8Array, signature: Uint8Array): Promise<boolean>;
}

export interface NoteSigner {
  readonly name: string;
  readonly keyId: number;
  /** The public half as text: `name+hash+base64`. */
  readonly verifierKey: string;
  sign(text: Uint8Array): Promise<Uint8Array>;
}

/** The specification asks for 16 signatures at least, and post-quantum ones take 5 kB. */
const LONGEST_NOTE = 256 * 1024;
const MOST_SIGNATURES = 100;
const ED25519 = 0x01;
const PRIVATE = 'PRIVATE+KEY+';

const utf8 = new TextEncoder();
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

// ----------------------------------------------------------------------------------------------------------------------- notes

/** Errors: `checkpoint.note`. */
export function encodeNote({ text, signatures }: Note): string {
  assertText(text);
  if (signatures.length === 0 || signatures.length > MOST_SIGNATURES) {
    refuse(`${signatures.length} signatures where 1 to ${MOST_SIGNATURES} are allowed`);
  }
  const lines = signatures.map(({ name, keyId, signature }) => {
    assertName(name);
    if (signature.length === 0) refuse(`an empty signature of ${name}`);
    return `— ${name} ${encodeBase64(concatBytes(encodeKeyId(keyId), signature))}\n`;
  });
  return `${text}\n${lines.join('')}`;
}

/** Reads a note and believes nothing of it: see `openNote`. Errors: `checkpoint.note`. */
export function parseNote(bytes: Uint8Array | string): Note {
  const note = decodeText(bytes);
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) refuse('no empty line divides text and signatures');
  const text = note.slice(0, split + 1);
  assertText(text);
  const lines = note.slice(split + 2, -1).split('\n');
  if (split + 2 >= note.length) refuse('it has no signature');
  if (lines.length > MOST_SIGNATURES) refuse(`${lines.length} signatures where ${MOST_SIGNATURES} are the most`);
  return { text, signatures: lines.map(parseSignature) };
}

/** Signs the text with every key, in that order. Errors: `checkpoint.note` for a text that no note can have. */
export async function signNote(text: string, ...signers: readonly NoteSigner[]): Promise<string> {
  const bytes = utf8.encode(text);
  const signatures = signers.map(async ({ name, keyId, sign }) => ({ name, keyId, signature: await sign(bytes) }));
  return encodeNote({ text, signatures: await Promise.all(signatures) });
}

/**
 * A note whose text may be believed: signed by at least one of the keys. Signatures of other keys say nothing; a false one of a known key
 * spoils the note. Errors: `checkpoint.note`; IntegrityError `checkpoint.signature`.
 */
export async function openNote(
  bytes: Uint8Array | string,
  verifiers: readonly NoteVerifier[],
): Promise<{ readonly text: string; readonly signedBy: readonly NoteVerifier[]; readonly note: Note }> {
  const note = parseNote(bytes);
  const text = utf8.encode(note.text);
  const signedBy: NoteVerifier[] = [];
  for (const { name, keyId, signature } of note.signatures) {
    const verifier = verifiers.find((known) => known.name === name && known.keyId === keyId);
    if (verifier === undefined || signedBy.includes(verifier)) continue;
    if (!(await verifier.verify(text, signature))) {
      throw new IntegrityError(
        'checkpoint.signature',
        `The signature of ${name} is false: the note was altered, or another key signed it.`,
      );
    }
    signedBy.push(verifier);
  }
  if (signedBy.length === 0) {
    const found = note.signatures.map(({ name, keyId }) => `${name}+${formatKeyId(keyId)}`).join(', ');
    const expected = verifiers.map(({ name, keyId }) => `${name}+${formatKeyId(keyId)}`).join(', ') || 'none';
    throw new IntegrityError(
      'checkpoint.signature',
      `No key that is believed signed this note: believed are ${expected}; it is signed by ${found}.`,
    );
  }
  return { text: note.text, signedBy, note };
}

function parseSignature(line: string): NoteSignature {
  const match = /^— (\S+) (\S+)$/u.exec(line);
  if (match === null) refuse(`"${line.slice(0, 40)}" is no signature's line`);
  const [, name = '', text = ''] = match;
  assertName(name);
  let bytes: Uint8Array;
  try {
    bytes = decodeBase64(text);
  } catch (cause) {
    return refuse(`the signature of ${name} is not base64`, cause);
  }
  if (bytes.length < 5) refuse(`the signature of ${name} has ${bytes.length} bytes`);
  return { name, keyId: decodeKeyId(bytes), signature: bytes.subarray(4) };
}

function decodeText(bytes: Uint8Array | string): string {
  if (bytes.length > LONGEST_NOTE) refuse(`${bytes.length} bytes where ${LONGEST_NOTE} is the most`);
  if (typeof bytes === 'string') return bytes.isWellFormed() ? bytes : refuse('it has half a surrogate pair');
  try {
    return strictUtf8.decode(bytes);
  } catch (cause) {
    return refuse('it is not UTF-8', cause);
  }
}

function assertText(text: string): void {
  if (!text.endsWith('\n')) refuse('its text does not end in a newline');
  if (!text.isWellFormed()) refuse('its text has half a surrogate pair');
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 && code !== 0x0a) refuse('its text has a control character');
  }
}

// ------------------------------------------------------------------------------------------------------------------------ keys

/** A new key under a name. The text is secret: `PRIVATE+KEY+name+hash+base64`. Errors: `checkpoint.note` for a name that no key can have. */
export async function generateNoteKey(name: string): Promise<string> {
  assertName(name);
  const seed = crypto.getRandomValues(new Uint8Array(32));
  const { publicKey } = await importSeed(seed);
  const keyId = formatKeyId(hashNoteKey(name, ED25519, publicKey));
  return `${PRIVATE}${name}+${keyId}+${encodeBase64(concatBytes(Uint8Array.of(ED25519), seed))}`;
}

/** Errors: `checkpoint.key`; the key is never quoted. */
export async function createNoteSigner(privateKey: string): Promise<NoteSigner> {
  if (!privateKey.startsWith(PRIVATE)) refuseKey('a private key begins with PRIVATE+KEY+');
  const { name, keyId, data } = parseKey(privateKey.slice(PRIVATE.length), 'private');
  const { privateKey: key, publicKey } = await importSeed(data);
  if (hashNoteKey(name, ED25519, publicKey) !== keyId) refuseKey(`its hash is not that of the key of ${name}`);
  const encoded = encodeBase64(concatBytes(Uint8Array.of(ED25519), publicKey));
  return {
    ...{ name, keyId, verifierKey: `${name}+${formatKeyId(keyId)}+${encoded}` },
    sign: async (text) => new Uint8Array(await crypto.subtle.sign('Ed25519', key, copyless(text))),
  };
}

/** The public half as text, `name+hash+base64`. Errors: `checkpoint.key`. */
export async function parseVerifierKey(text: string): Promise<NoteVerifier> {
  const { name, keyId, data } = parseKey(text, 'public');
  if (hashNoteKey(name, ED25519, data) !== keyId) refuseKey(`its hash is not that of the key of ${name}`);
  const key = await crypto.subtle
    .importKey('raw', copyless(data), 'Ed25519', false, ['verify'])
    .catch((cause) => refuseKey('it is no point of the curve', cause));
  return {
    ...{ name, keyId },
    verify: (signed, signature) => crypto.subtle.verify('Ed25519', key, copyless(signature), copyless(signed)),
  };
}

/** What a signature names its key by: the first four bytes of SHA-256 over name, newline, type and public key. */
export function hashNoteKey(name: string, type: number, publicKey: Uint8Array): number {
  return decodeKeyId(sha256(concatBytes(utf8.encode(name), Uint8Array.of(0x0a, type), publicKey)));
}

function parseKey(text: string, half: 'private' | 'public') {
  const match = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/u.exec(text);
  if (match === null) refuseKey(`a ${half} key is a name, 8 hex digits and base64, joined by +`);
  const [, name = '', hash = '', encoded = ''] = match;
  if (!isName(name)) refuseKey('its name has a space or a plus');
  let data: Uint8Array;
  try {
    data = decodeBase64(encoded, 33);
  } catch {
    // Without the cause: it quotes the key.
    return refuseKey(`the key of ${name} is not 33 bytes in base64`);
  }
  if (data[0] !== ED25519) refuseKey(`the key of ${name} is of type ${data[0]}, not Ed25519 (1)`);
  return { name, keyId: Number.parseInt(hash, 16), data: data.subarray(1) };
}

/** RFC 8410, 7: what stands before the seed in a private key of PKCS #8. */
const PKCS8_HEAD = Uint8Array.of(
  0x30,
  0x2e,
  0x02,
  0x01,
  0,
  0x30,
  0x05,
  0x06,
  0x03,
  0x2b,
  0x65,
  0x70,
  0x04,
  0x22,
  0x04,
  0x20,
);

async function importSeed(seed: Uint8Array): Promise<{ privateKey: CryptoKey; publicKey: Uint8Array }> {
  const pkcs8 = copyless(concatBytes(PKCS8_HEAD, seed));
  const extractable = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign']);
  const { x = '' } = await crypto.subtle.exportKey('jwk', extractable);
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']);
  return { privateKey, publicKey: decodeBase64Url(x, 32) };
}

function isName(name: string): boolean {
  return name !== '' && name.isWellFormed() && !/[\p{White_Space}\p{Cc}+]/u.test(name);
}

function assertName(name: string): void {
  if (!isName(name)) refuse(`"${name.slice(0, 40)}" is no name of a key: it has a space or a plus, or is empty`);
}

function encodeKeyId(keyId: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, keyId);
  return bytes;
}

function decodeKeyId(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
}

function formatKeyId(keyId: number): string {
  return encodeHex(encodeKeyId(keyId)).slice(2);
}

function refuse(message: string, cause?: unknown): never {
  throw new InvalidInputError('checkpoint.note', `This is not a signed note: ${message}.`, { cause });
}

function refuseKey(message: string, cause?: unknown): never {
  throw new InvalidInputError('checkpoint.key', `This is not the key of a note: ${message}.`, { cause });
}
