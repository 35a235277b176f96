/**
 * Proofs that stand alone (https://c2sp.org/tlog-proof): a file that says where in the log an entry stands, why, and under whose
 * checkpoint. Whoever knows the log's key, and its witnesses', checks one without asking anybody. The `extra` line of ours holds the
 * entry itself: nothing vouches for that line, but what it holds has to be the leaf that the proof begins with.
 */
import { decodeBase64, encodeBase64 } from '../bytes.ts';
import { IntegrityError, InvalidInputError, RejectedError } from '../errors.ts';
import { hashLeaf, verifyInclusion } from '../journal/tree.ts';
import { type Checkpoint, openCheckpoint, parseCheckpoint } from './checkpoint.ts';
import { type Cosignature, openCosignatures } from './cosignature.ts';
import { type NoteVerifier, parseNote } from './note.ts';
import type { WitnessPolicy } from './witness-policy.ts';

export interface TlogProof {
  /** Of the entry, from 0. */
  readonly index: number;
  /** RFC 6962, 2.1.1: from the leaf's sibling up. */
  readonly path: readonly Uint8Array[];
  /** Of the application that wrote the file; nothing vouches for it. */
  readonly extra: Uint8Array | undefined;
  /** The signed note, as its publisher gave it. */
  readonly note: string;
}

export interface PolicyCosignature extends Cosignature {
  /** The witness's, in the policy. */
  readonly name: string;
}

/** What a proof shows, to whoever believes the keys that it was opened with. */
export interface ProvedEntry {
  readonly index: number;
  readonly entry: Uint8Array;
  readonly checkpoint: Checkpoint;
  /** Witnesses of the policy that cosigned: the log only grew, as they saw it. They say nothing else of what is in it. */
  readonly cosigned: readonly PolicyCosignature[];
}

export interface OpenTlogProofOptions {
  /** Keys of the log, besides those that the policy names. */
  readonly logs?: readonly NoteVerifier[];
  readonly policy?: WitnessPolicy;
  /** The entry in question; by default the one in the file. */
  readonly entry?: Uint8Array;
}

const FIRST_LINE = 'c2sp.org/tlog-proof@v1';
/** A tree of 2^63 entries has no longer path. */
const LONGEST_PATH = 63;
/** A note, a path, and twice an entry in base64. */
const LONGEST_FILE = 512 * 1024;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Errors: `checkpoint.tlog-proof`; those of the note that it holds. */
export function encodeTlogProof({ index, path, extra, note }: TlogProof): string {
  const lines = [
    FIRST_LINE,
    ...(extra === undefined ? [] : [`extra ${encodeBase64(extra)}`]),
    `index ${index}`,
    ...path.map(encodeBase64),
  ];
  const file = `${lines.join('\n')}\n\n${note}`;
  parseTlogProof(file);
  return file;
}

/** Reads a file and believes nothing of it: see `openTlogProof`. Errors: `checkpoint.tlog-proof`, `checkpoint.note`, `checkpoint.shape`. */
export function parseTlogProof(bytes: Uint8Array | string): TlogProof {
  const file = decodeText(bytes);
  // No line of the head is empty, and a checkpoint has no empty line before its signatures: the first one is the divide.
  const divide = file.indexOf('\n\n');
  if (divide < 0) refuse('no empty line stands before a checkpoint');
  const [first, ...lines] = file.slice(0, divide).split('\n');
  if (first !== FIRST_LINE) refuse(`it does not begin with ${FIRST_LINE}`);
  const extra = lines[0]?.startsWith('extra ')
    ? decodeLine(lines.shift()?.slice('extra '.length) ?? '', 'extra')
    : undefined;
  if (extra?.length === 0) refuse('a line "extra" that holds nothing is left out');
  const index = readIndex(lines.shift());
  if (lines.length > LONGEST_PATH) refuse(`${lines.length} hashes where ${LONGEST_PATH} are the most`);
  const path = lines.map((line) => decodeLine(line, 'hash', 32));
  const note = file.slice(divide + 2);
  const { size } = parseCheckpoint(parseNote(note).text);
  if (index >= size) refuse(`entry ${index} is beyond its checkpoint of ${size}`);
  return { index, path, extra, note };
}

/**
 * What the file proves: the entry stands at this index of the log, whose checkpoint is signed with the log's own key and cosigned by the
 * policy's quorum. Errors: those of `parseTlogProof`; IntegrityError `checkpoint.signature`, `checkpoint.origin`,
 * `checkpoint.not-included`; RejectedError `checkpoint.quorum`.
 */
export async function openTlogProof(
  bytes: Uint8Array | string,
  { logs = [], policy, entry: asked }: OpenTlogProofOptions,
): Promise<ProvedEntry> {
  const { index, path, extra, note } = parseTlogProof(bytes);
  const verifiers = [...logs, ...(policy?.logs ?? []).map(({ verifier }) => verifier)];
  const { signedBy, ...checkpoint } = await openCheckpoint(note, { verifiers });
  // A key speaks of the log that it is named after (tlog-policy), and of no other that its owner may keep.
  if (!signedBy.some(({ name }) => name === checkpoint.origin)) {
    throw new IntegrityError(
      'checkpoint.origin',
      `The checkpoint of ${checkpoint.origin} is signed with the key of ${signedBy.map(({ name }) => name).join(', ')}.`,
    );
  }
  const entry = asked ?? extra ?? refuse('it does not hold its entry, and none was given');
  const { size, root } = checkpoint;
  if (!verifyInclusion({ leaf: hashLeaf(entry), index, size, proof: path, root })) {
    throw new IntegrityError(
      'checkpoint.not-included',
      `This entry does not stand at index ${index} of the log: its proof does not lead to the root of the checkpoint.`,
    );
  }
  return { index, entry, checkpoint, cosigned: await meetPolicy(note, policy) };
}

/** Witnesses of a policy that cosigned a note, enough or not. Errors: `checkpoint.note`; IntegrityError `checkpoint.signature`. */
export async function findCosigned(
  note: Uint8Array | string,
  { witnesses }: WitnessPolicy,
): Promise<PolicyCosignature[]> {
  const found = await openCosignatures(
    note,
    witnesses.map(({ cosigner }) => cosigner),
  );
  return found.flatMap((each) =>
    witnesses.filter(({ cosigner }) => cosigner === each.cosigner).map(({ name }) => ({ ...each, name })),
  );
}

/** Errors: IntegrityError `checkpoint.signature`; RejectedError `checkpoint.quorum`. */
async function meetPolicy(note: string, policy: WitnessPolicy | undefined): Promise<PolicyCosignature[]> {
  if (policy === undefined) return [];
  const cosigned = await findCosigned(note, policy);
  const names = cosigned.map(({ name }) => name);
  if (policy.meetsQuorum(names)) return cosigned;
  throw new RejectedError(
    'checkpoint.quorum',
    `The policy asks for ${policy.sentence}; the checkpoint is cosigned by ${names.join(', ') || 'none of them'}.`,
  );
}

function readIndex(line: string | undefined): number {
  const digits = /^index (0|[1-9]\d{0,15})$/.exec(line ?? '')?.[1];
  const index = Number(digits ?? Number.NaN);
  return Number.isSafeInteger(index)
    ? index
    : refuse(`"${(line ?? '').slice(0, 40)}" is no line "index" with a number`);
}

function decodeLine(text: string, what: string, length?: number): Uint8Array {
  try {
    return decodeBase64(text, length);
  } catch (cause) {
    return refuse(`the line "${text.slice(0, 40)}" is no ${what} in base64`, cause);
  }
}

function decodeText(bytes: Uint8Array | string): string {
  if (bytes.length > LONGEST_FILE) refuse(`${bytes.length} bytes where ${LONGEST_FILE} are the most`);
  if (typeof bytes === 'string') return bytes;
  try {
    return strictUtf8.decode(bytes);
  } catch (cause) {
    return refuse('it is not UTF-8', cause);
  }
}

function refuse(message: string, cause?: unknown): never {
  throw new InvalidInputError('checkpoint.tlog-proof', `This is not a proof for a log: ${message}.`, { cause });
}
