/**
 * Signed notes (https://c2sp.org/signed-note): a text, an empty line, and one line for each signature. Keys have names; a signature names
 * its key and four bytes of the key's hash, so that whoever does not know a key passes its signature over. Ed25519 (type 0x01) is here;
 * other types, such as witnesses' cosignatures, are verifiers of their own behind the same port.
 */
import { concatBytes, decodeBase64, encodeBase64 } from '../bytes.ts';
import { IntegrityError, InvalidInputError } from '../errors.ts';
import {
  assertKeyName,
  decodeKeyId,
  encodeKeyId,
  formatKeyId,
  generateKeyText,
  importPrivateKey,
  importPublicKey,
  NOTE_KEY,
} from './note-key.ts';

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
export const LONGEST_NOTE = 256 * 1024;
const MOST_SIGNATURES = 100;

const utf8 = new TextEncoder();
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

// ----------------------------------------------------------------------------------------------------------------------- notes

/** Errors: `checkpoint.note`. */
export function encodeNote({ text, signatures }: Note): string {
  assertText(text);
  if (signatures.length === 0 || signatures.length > MOST_SIGNATURES) {
    refuse(`${signatures.length} signatures where 1 to ${MOST_SIGNATURES} are allowed`);
  }
  return `${text}\n${signatures.map(encodeSignature).join('')}`;
}

/** A signature's line, newline included. Errors: `checkpoint.note`. */
export function encodeSignature({ name, keyId, signature }: NoteSignature): string {
  assertKeyName(name);
  if (signature.length === 0) refuse(`an empty signature of ${name}`);
  return `— ${name} ${encodeBase64(concatBytes(encodeKeyId(keyId), signature))}\n`;
}

/** Reads a note and believes nothing of it: see `openNote`. Errors: `checkpoint.note`. */
export function parseNote(bytes: Uint8Array | string): Note {
  const note = decodeText(bytes);
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) refuse('no empty line divides text and signatures');
  const text = note.slice(0, split + 1);
  assertText(text);
  if (split + 2 >= note.length) refuse('it has no signature');
  return { text, signatures: parseSignatures(note.slice(split + 2)) };
}

/** Lines of signatures without their note, as witnesses answer them; nothing is believed of them. Errors: `checkpoint.note`. */
export function parseSignatures(lines: string): NoteSignature[] {
  if (!lines.endsWith('\n')) refuse('its last line does not end in a newline');
  const each = lines.slice(0, -1).split('\n');
  if (each.length > MOST_SIGNATURES) refuse(`${each.length} signatures where ${MOST_SIGNATURES} are the most`);
  return each.map(parseSignature);
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
  assertKeyName(name);
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
  return await generateKeyText(name, NOTE_KEY);
}

/** Errors: `checkpoint.key`; the key is never quoted. */
export async function createNoteSigner(privateKey: string): Promise<NoteSigner> {
  const { name, keyId, verifierKey, signBytes } = await importPrivateKey(privateKey, NOTE_KEY);
  return { name, keyId, verifierKey, sign: signBytes };
}

/** The public half as text, `name+hash+base64`. Errors: `checkpoint.key`. */
export async function parseVerifierKey(text: string): Promise<NoteVerifier> {
  const { name, keyId, verifyBytes } = await importPublicKey(text, NOTE_KEY);
  return { name, keyId, verify: verifyBytes };
}

function refuse(message: string, cause?: unknown): never {
  throw new InvalidInputError('checkpoint.note', `This is not a signed note: ${message}.`, { cause });
}
