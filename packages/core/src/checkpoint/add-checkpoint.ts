/**
 * What a log asks a witness (https://c2sp.org/tlog-witness): the body of `POST /add-checkpoint`, which is the size that the witness
 * cosigned last, a consistency proof from there (RFC 6962, 2.1.2), and the new checkpoint with the log's signature.
 */
import { decodeBase64, encodeBase64 } from '../bytes.ts';
import { InvalidInputError } from '../errors.ts';
import { LONGEST_NOTE } from './note.ts';

export interface AddCheckpoint {
  /** The size of the witness's latest checkpoint of this log; 0 where it has none, or that is not known. */
  readonly oldSize: number;
  /** Hashes of 32 bytes, as `proveConsistency` gives them; none from nothing, or to itself. */
  readonly proof: readonly Uint8Array[];
  /** A signed note. */
  readonly checkpoint: string;
}

/** The media type of a 409's body: the size of the witness's latest checkpoint in decimal, and a newline. */
export const SIZE_TYPE = 'text/x.tlog.size';
const MOST_HASHES = 63;
/** What a witness reads of a body at most: a note, and before it lines of 20 and 45 bytes. */
export const LONGEST_REQUEST = LONGEST_NOTE + 64 * 45;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Errors: `checkpoint.request` for what no log may ask. */
export function encodeAddCheckpoint({ oldSize, proof, checkpoint }: AddCheckpoint): string {
  if (!Number.isSafeInteger(oldSize) || oldSize < 0) refuse(`${oldSize} is no size`);
  if (proof.length > MOST_HASHES) refuse(`${proof.length} hashes where ${MOST_HASHES} are the most`);
  return [`old ${oldSize}`, ...proof.map(encodeBase64), '', checkpoint].join('\n');
}

/** Reads a request, not the note in it: see `openCheckpoint`. Errors: `checkpoint.request`. */
export function parseAddCheckpoint(body: Uint8Array): AddCheckpoint {
  if (body.length > LONGEST_REQUEST) refuse(`${body.length} bytes where ${LONGEST_REQUEST} are the most`);
  const text = decodeText(body);
  const split = text.indexOf('\n\n');
  if (split < 0) refuse('no empty line stands before the checkpoint');
  const [first = '', ...lines] = text.slice(0, split).split('\n');
  const size = /^old (0|[1-9]\d{0,15})$/.exec(first)?.[1];
  if (size === undefined || !Number.isSafeInteger(Number(size))) {
    refuse(`"${first.slice(0, 40)}" is not "old" and a size`);
  }
  if (lines.length > MOST_HASHES) refuse(`${lines.length} hashes where ${MOST_HASHES} are the most`);
  return { oldSize: Number(size), proof: lines.map(decodeHash), checkpoint: text.slice(split + 2) };
}

function decodeHash(line: string): Uint8Array {
  try {
    return decodeBase64(line, 32);
  } catch (cause) {
    return refuse(`"${line.slice(0, 60)}" is not a hash of 32 bytes in base64`, cause);
  }
}

function decodeText(body: Uint8Array): string {
  try {
    return strictUtf8.decode(body);
  } catch (cause) {
    return refuse('it is not UTF-8', cause);
  }
}

function refuse(message: string, cause?: unknown): never {
  throw new InvalidInputError('checkpoint.request', `This is not a request to cosign a checkpoint: ${message}.`, {
    cause,
  });
}
