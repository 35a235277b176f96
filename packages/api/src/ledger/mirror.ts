/**
 * The state of the ledger in this replica's memory: issuers, keys, grants and status, folded by the core from the entries in the index.
 * It is as old as the index and never older: every reading asks the database first. It never writes.
 */
import { type Hex, type LedgerId, UnavailableError } from '@dpp-ledger/core';
import { createJournalFold, type JournalFold, restoreJournalFold } from '@dpp-ledger/core/journal';
import type { Db, Trx } from '../database/database.ts';
import type { State } from '../outbox/door.ts';

/** How far the index has come. */
export interface IndexHead {
  readonly size: number;
  readonly blockNumber: number;
  readonly blockHash: Hex;
  readonly blockTime: number;
  readonly finalBlockNumber: number;
  readonly generation: number;
}

export interface View {
  readonly state: State;
  readonly head: IndexHead;
  readonly treeHead: ReturnType<JournalFold['treeHead']>;
}

export interface Mirror {
  /**
   * The state as the index has it now. It moves on with the index: what is read of it after waiting for something else may be newer than
   * the head that came with it; see `ask`. Errors: `service.not-ready` while the index is empty.
   */
  read(): Promise<View>;
  /**
   * What `question` finds, all of one moment: it is put again where the index moved on or went back meanwhile. For questions that the
   * database and the state answer, in less time than there is between two blocks. Errors: the question's; as `read`.
   */
  ask<T>(question: (view: View) => Promise<T>): Promise<T>;
}

const ENTRIES_PER_READ = 5_000;
/** So often a question is put. The index would have to move on each time. */
const MOST_ATTEMPTS = 20;

export function createMirror(options: { readonly db: Db; readonly ledger: LedgerId }): Mirror {
  const { db, ledger } = options;
  let fold: JournalFold | undefined;
  let generation = -1;
  let running: Promise<View> | undefined;
  let queued: Promise<View> | undefined;

  async function read(): Promise<View> {
    for (;;) {
      const head = await readHead(db);
      if (head === undefined || head.size === 0) {
        throw new UnavailableError(
          'service.not-ready',
          'The index has not read the ledger yet. Try again in a moment.',
        );
      }
      if (fold === undefined || generation !== head.generation || fold.state.size > head.size) {
        fold = undefined;
        fold = await restoreFold(db, ledger, head.size);
        generation = head.generation;
      } else if (fold.state.size === head.size) {
        return { state: fold.state, head, treeHead: fold.treeHead() };
      } else {
        await foldFrom(db, fold, head.size);
      }
      // Entries were read after the head: they are of the same history if it has not gone back since. Look again.
    }
  }

  async function readAnew(): Promise<View> {
    try {
      return await read();
    } catch (error) {
      // What was half folded is not gone on with.
      fold = undefined;
      throw error;
    }
  }

  const mirror: Mirror = {
    read() {
      // One reading runs and one waits: whoever comes while one is under way gets the next, which cannot be older than the question.
      if (running === undefined) {
        running = readAnew().finally(() => {
          running = undefined;
        });
        return running;
      }
      queued ??= running
        .catch(() => undefined)
        .then(() => {
          queued = undefined;
          running = readAnew().finally(() => {
            running = undefined;
          });
          return running;
        });
      return queued;
    },

    async ask(question) {
      let view = await mirror.read();
      for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
        const outcome = await settle(question(view));
        const after = await mirror.read();
        // Nothing was put in or taken out between the two: whatever was read between them, state or rows, is of one moment.
        const isStill = after.head.generation === view.head.generation && after.head.size === view.head.size;
        view = after;
        if (!isStill) continue;
        if ('error' in outcome) throw outcome.error;
        return outcome.value;
      }
      throw new UnavailableError('service.not-ready', 'The ledger moves faster than it can be read. Try again.');
    },
  };
  return mirror;
}

async function settle<T>(work: Promise<T>): Promise<{ readonly value: T } | { readonly error: unknown }> {
  try {
    return { value: await work };
  } catch (error) {
    return { error };
  }
}

export async function readHead(db: Db | Trx): Promise<IndexHead | undefined> {
  const row = await db.selectFrom('ledger.head').selectAll().executeTakeFirst();
  return (
    row && {
      size: row.size,
      blockNumber: row.block_number,
      blockHash: row.block_hash as Hex,
      blockTime: row.block_time,
      finalBlockNumber: row.final_block_number,
      generation: row.generation,
    }
  );
}

/** A fold of the index's first entries, from the newest snapshot that is not beyond `size`. */
export async function restoreFold(db: Db | Trx, ledger: LedgerId, size: number): Promise<JournalFold> {
  const snapshot = await db
    .selectFrom('ledger.snapshot')
    .select('state')
    .where('size', '<=', size)
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst();
  const fold = snapshot === undefined ? createJournalFold({ ledger }) : restoreJournalFold(snapshot.state, { ledger });
  await foldFrom(db, fold, size);
  return fold;
}

async function foldFrom(db: Db | Trx, fold: JournalFold, size: number): Promise<void> {
  while (fold.state.size < size) {
    const entries = await db
      .selectFrom('ledger.entry')
      .select('bytes')
      .where('index', '>=', fold.state.size)
      .where('index', '<', size)
      .orderBy('index')
      .limit(ENTRIES_PER_READ)
      .execute();
    // Entries that went away meanwhile: the caller reads a head of a newer generation next time.
    if (entries.length === 0) throw new UnavailableError('service.not-ready', 'The index is going back. Try again.');
    for (const { bytes } of entries) fold.add(bytes);
  }
}
