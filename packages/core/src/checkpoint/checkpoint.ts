/** Checkpoints (https://c2sp.org/tlog-checkpoint): a tree head as the text of a signed note, under the name of its log. */
import { decodeBase64, encodeBase64 } from '../bytes.ts';
import { IntegrityError, InvalidInputError } from '../errors.ts';
import type { LedgerId } from '../ids.ts';
import { type NoteVerifier, openNote } from './note.ts';

export interface Checkpoint {
  /** The log's name. */
  readonly origin: string;
  /** Number of entries. */
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
  /** Lines of others after the root, opaque. Ours have none. */
  readonly extensions: readonly string[];
}

/** Hex digits of the hash of block 0 in a log's name: enough to tell chains apart that have one id, as local ones do. */
const GENESIS_DIGITS = 8;

/**
 * The name of a ledger's log, as a URL without a scheme: chain, beginning of its block 0, contract, epoch. The contract keeps one journal,
 * so whoever publishes it uses this name, each under a key of their own. A new epoch is a new log, for when the old one can be continued no
 * more: its key was stolen, or a chain lost blocks that were published.
 */
export function formatOrigin({ chainId, genesis, address }: Omit<LedgerId, 'codeHash'>, epoch: number): string {
  return `dpp-ledger/eip155/${chainId}/${genesis.slice(2, 2 + GENESIS_DIGITS)}/${address}/${epoch}`;
}

/** The epoch of this ledger's log; `undefined` for the name of any other log. */
export function parseOrigin(origin: string, ledger: Omit<LedgerId, 'codeHash'>): number | undefined {
  const epoch = /\/([1-9]\d{0,8})$/.exec(origin)?.[1];
  return epoch !== undefined && formatOrigin(ledger, Number(epoch)) === origin ? Number(epoch) : undefined;
}

/** The text to sign. Errors: `checkpoint.shape`. */
export function encodeCheckpoint({ origin, size, root, extensions }: Checkpoint): string {
  if (!Number.isSafeInteger(size) || size < 0) refuse(`a tree of ${size} entries`);
  if (root.length !== 32) refuse(`a root of ${root.length} bytes`);
  const lines = [origin, String(size), encodeBase64(root), ...extensions];
  for (const line of lines) if (line === '' || line.includes('\n')) refuse('a line is empty, or is two');
  return `${lines.join('\n')}\n`;
}

/** Errors: `checkpoint.shape`. */
export function parseCheckpoint(text: string): Checkpoint {
  if (!text.endsWith('\n')) refuse('it does not end in a newline');
  const [origin, size, root, ...extensions] = text.slice(0, -1).split('\n');
  if (origin === undefined || size === undefined || root === undefined) refuse('it has fewer than three lines');
  if (origin === '' || extensions.includes('')) refuse('a line is empty');
  if (!/^(?:0|[1-9]\d{0,15})$/.test(size) || !Number.isSafeInteger(Number(size)))
    refuse(`"${size.slice(0, 40)}" is no size`);
  try {
    return { origin, size: Number(size), root: decodeBase64(root, 32), extensions };
  } catch (cause) {
    return refuse('its root is not 32 bytes in base64', cause);
  }
}

/**
 * A checkpoint that may be believed: of the log that is asked for, signed by a key that is known. Errors: `checkpoint.note`,
 * `checkpoint.shape`; IntegrityError `checkpoint.signature`, `checkpoint.origin`.
 */
export async function openCheckpoint(
  note: Uint8Array | string,
  options: { readonly verifiers: readonly NoteVerifier[]; readonly origin?: string },
): Promise<Checkpoint & { readonly signedBy: readonly NoteVerifier[] }> {
  const { text, signedBy } = await openNote(note, options.verifiers);
  const checkpoint = parseCheckpoint(text);
  if (options.origin !== undefined && checkpoint.origin !== options.origin) {
    throw new IntegrityError(
      'checkpoint.origin',
      `This is a checkpoint of the log ${checkpoint.origin}; expected is ${options.origin}.`,
    );
  }
  return { ...checkpoint, signedBy };
}

function refuse(message: string, cause?: unknown): never {
  throw new InvalidInputError('checkpoint.shape', `This is not a checkpoint: ${message}.`, { cause });
}
