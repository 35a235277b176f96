/** Proofs that stand alone (C2SP tlog-proof), made from a log that anybody mirrors: nothing of it is believed that its root does not bear out. */
import { type LedgerId, UnavailableError } from '@dpp-ledger/core';
import { type Checkpoint, encodeTlogProof, type NoteVerifier } from '@dpp-ledger/core/checkpoint';
import { type OpenLog, openCosignedLog, openLog, type TileSource } from './mirror.ts';

export interface ProveEntryOptions {
  /** A service's `/log`, or any mirror of it. */
  readonly tiles: TileSource;
  /** Of the entry, from 0. */
  readonly index: number;
  /** The key that the checkpoint must be signed with. */
  readonly publisher?: NoteVerifier | undefined;
  /** Whose journal it must be. */
  readonly ledger?: LedgerId | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface MadeProof {
  /** The file, with the entry in it. */
  readonly file: string;
  readonly entry: Uint8Array;
  readonly checkpoint: Checkpoint;
}

/**
 * The proof of one entry, under the newest checkpoint that enough witnesses cosigned, or, where that does not have the entry yet or the
 * source knows of none, under the newest one. Errors: those of `openLog`; `journal.break`, `journal.tile`; UnavailableError
 * `mirror.not-found` for an entry that is not published.
 */
export async function proveEntry(options: ProveEntryOptions): Promise<MadeProof> {
  const { tiles, index, signal } = options;
  const log = await openLogWith(options);
  const { checkpoint } = log;
  if (index >= checkpoint.size) {
    throw new UnavailableError(
      'mirror.not-found',
      `${tiles.name} has published ${checkpoint.size} entries, and entry ${index} is not one of them. What is final soon is published then.`,
    );
  }
  const path = await (await log.openTree()).prove(index);
  for await (const { entries } of log.readBundles({ from: index, to: index + 1, signal })) {
    const [entry = new Uint8Array()] = entries;
    const note = new TextDecoder().decode(log.note);
    return { file: encodeTlogProof({ index, path, extra: entry, note }), entry, checkpoint };
  }
  throw new UnavailableError('mirror.not-found', `${tiles.name} does not have entry ${index}.`);
}

async function openLogWith({ tiles, index, publisher, ledger, signal }: ProveEntryOptions): Promise<OpenLog> {
  const common = { tiles, publisher, ledger, signal };
  const cosigned = await openCosignedLog(common);
  return cosigned !== undefined && index < cosigned.checkpoint.size ? cosigned : await openLog(common);
}
