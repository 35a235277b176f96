/**
 * Cosignatures (https://c2sp.org/tlog-cosignature, Ed25519): a witness's word, as of a time, that a checkpoint continues all that it saw
 * of the log. They are signatures of a note with a key of type 0x04, over the checkpoint's text with the time before it. The same key
 * signs state statements (statement.ts); no statement begins as a cosignature's message does, so neither passes for the other.
 */
import { concatBytes } from '../bytes.ts';
import { IntegrityError } from '../errors.ts';
import { type NoteSignature, type NoteVerifier, parseNote } from './note.ts';
import { COSIGNATURE_KEY, formatKeyId, generateKeyText, importPrivateKey, importPublicKey } from './note-key.ts';

/** A witness's public key. */
export interface Cosigner extends NoteVerifier {
  /** `name+hash+base64`. */
  readonly verifierKey: string;
  /** 32 bytes: what tells witnesses apart, whatever they are called. */
  readonly publicKey: Uint8Array;
  /** Of a statement: Ed25519 over these very bytes. */
  verifyStatement(signingInput: Uint8Array, signature: Uint8Array): Promise<boolean>;
}

export interface CosignatureSigner {
  readonly name: string;
  readonly keyId: number;
  /** The public half as text: `name+hash+base64`. */
  readonly verifierKey: string;
  /** `text`: a checkpoint's, final newline included. `time`: seconds since 1970. */
  cosign(text: string, time: number): Promise<NoteSignature>;
  /** Errors: `TypeError` for bytes that could be a cosignature's message. */
  signStatement(signingInput: Uint8Array): Promise<Uint8Array>;
}

export interface Cosignature {
  readonly cosigner: Cosigner;
  /** Seconds since 1970, as the witness says. */
  readonly time: number;
}

/** A u64, then Ed25519. */
const SIGNATURE_BYTES = 8 + 64;
const HEADER = 'cosignature/v1\n';
const utf8 = new TextEncoder();
const header = utf8.encode(HEADER);

/** A new witness's key, secret. The name is a URL without a scheme. Errors: `checkpoint.note` for a name that no key can have. */
export async function generateCosignatureKey(name: string): Promise<string> {
  return await generateKeyText(name, COSIGNATURE_KEY);
}

/** Errors: `checkpoint.key`; the key is never quoted. */
export async function createCosignatureSigner(privateKey: string): Promise<CosignatureSigner> {
  const { name, keyId, verifierKey, signBytes } = await importPrivateKey(privateKey, COSIGNATURE_KEY);
  return {
    ...{ name, keyId, verifierKey },
    async cosign(text, time) {
      if (!Number.isSafeInteger(time) || time < 0) throw new TypeError(`"${time}" is no time in whole seconds`);
      const stamp = new Uint8Array(8);
      new DataView(stamp.buffer).setBigUint64(0, BigInt(time));
      const signature = await signBytes(concatBytes(messageHead(time), utf8.encode(text)));
      return { name, keyId, signature: concatBytes(stamp, signature) };
    },
    async signStatement(signingInput) {
      if (header.every((byte, i) => signingInput[i] === byte)) {
        throw new TypeError('A statement does not begin as a cosignature does.');
      }
      return await signBytes(signingInput);
    },
  };
}

/** Errors: `checkpoint.key`. */
export async function parseCosigner(verifierKey: string): Promise<Cosigner> {
  const { verifyBytes, ...key } = await importPublicKey(verifierKey, COSIGNATURE_KEY);
  return {
    ...key,
    async verify(text, signature) {
      const time = readTime(signature);
      return time !== undefined && (await verifyBytes(concatBytes(messageHead(time), text), signature.subarray(8)));
    },
    verifyStatement: (signingInput, signature) => verifyBytes(signingInput, signature),
  };
}

/**
 * Which of these witnesses cosigned a note, and when; there may be none, and the log's own signature is not looked at (openCheckpoint does).
 * Of one witness's cosignatures the latest counts. Errors: `checkpoint.note`; IntegrityError `checkpoint.signature` where one is false.
 */
export async function openCosignatures(
  note: Uint8Array | string,
  cosigners: readonly Cosigner[],
): Promise<Cosignature[]> {
  const { text, signatures } = parseNote(note);
  const bytes = utf8.encode(text);
  const found = new Map<Cosigner, number>();
  for (const { name, keyId, signature } of signatures) {
    const cosigner = cosigners.find((known) => known.name === name && known.keyId === keyId);
    if (cosigner === undefined) continue;
    const time = readTime(signature);
    if (time === undefined || !(await cosigner.verify(bytes, signature))) {
      throw new IntegrityError(
        'checkpoint.signature',
        `The cosignature of ${name}+${formatKeyId(keyId)} is false: the note was altered, or another key signed it.`,
      );
    }
    found.set(cosigner, Math.max(time, found.get(cosigner) ?? 0));
  }
  return Array.from(found, ([cosigner, time]) => ({ cosigner, time }));
}

function messageHead(time: number): Uint8Array {
  return utf8.encode(`${HEADER}time ${time}\n`);
}

/** `undefined` for what is no cosignature, or beyond the year 285,000,000: no clock was that wrong. */
function readTime(signature: Uint8Array): number | undefined {
  if (signature.length !== SIGNATURE_BYTES) return undefined;
  const time = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
  return time <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(time) : undefined;
}
