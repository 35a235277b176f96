/**
 * The publisher: signs the journal's tree head as checkpoints of a public log, once its blocks are final and saved for good. What it
 * signed it remembers among the promises, and it signs nothing that does not continue that: where the chain lost what was published, it
 * stops and says so, for a person to decide.
 */
import { DppError, decodeHex, encodeHex, equalBytes, IntegrityError, UnavailableError } from '@dpp-ledger/core';
import { encodeCheckpoint, type NoteSigner, parseOrigin, signNote } from '@dpp-ledger/core/checkpoint';
import { foldPeaks, planPeaks } from '@dpp-ledger/core/journal';
import type { LedgerReader, TreeHeadAt } from '@dpp-ledger/sdk/ledger';
import { createBell, pause } from '../bell.ts';
import type { Database, Db, Leadership } from '../database/database.ts';
import { readNodes } from '../ledger/indexer.ts';
import { readHead } from '../ledger/mirror.ts';

export interface PublisherOptions {
  readonly database: Database;
  readonly reader: LedgerReader;
  /** Named as the log is. */
  readonly signer: NoteSigner;
  /** The newest block that its chain has saved for good; by default a final block is. */
  readonly durableBlock?: (() => Promise<number>) | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly report: (problem: { readonly what: string; readonly error: unknown }) => void;
}

export interface Publisher {
  /** Runs until `signal` aborts or leadership is lost. */
  run(leadership: Leadership, signal: AbortSignal): Promise<void>;
  /** The index has moved. */
  ring(): void;
}

/** What was signed last. */
export interface Published {
  readonly origin: string;
  readonly key: string;
  readonly size: number;
  readonly root: Uint8Array;
  /** With the publisher's signature alone. */
  readonly signed: string;
  /** With the cosignatures that came as well. */
  readonly note: string;
  /** CID of the newest version in the store, as a folder, its size, and the note in it. */
  readonly pinned: string | undefined;
  readonly pinnedSize: number | undefined;
  readonly pinnedNote: string | undefined;
}

/** Between two checkpoints, at least; and how soon to look again for what is not saved yet. */
const PAUSE_MS = 1_000;
const SOON_MS = 200;
/** An alarm is raised again so often, for as long as it holds. */
const ALARM_MS = 30_000;

export async function readPublished(db: Db, origin: string): Promise<Published | undefined> {
  const rows = await db
    .selectFrom('outbox.checkpoint as c')
    .leftJoin('outbox.cosignature as s', (join) =>
      join.onRef('s.origin', '=', 'c.origin').onRef('s.size', '=', 'c.size').onRef('s.note', '=', 'c.note'),
    )
    .selectAll('c')
    .select('s.line')
    .where('c.origin', '=', origin)
    .orderBy('s.witness')
    .execute();
  const [row] = rows;
  return (
    row && {
      ...{ origin: row.origin, key: row.key, size: row.size, root: new Uint8Array(row.root), signed: row.note },
      // A signature's line follows those before it.
      note: row.note + rows.map(({ line }) => line ?? '').join(''),
      ...{ pinned: row.pinned ?? undefined, pinnedSize: row.pinned_size ?? undefined },
      pinnedNote: row.pinned_note ?? undefined,
    }
  );
}

export function createPublisher(options: PublisherOptions): Publisher {
  const { database, reader, signer, durableBlock, now, report } = options;
  const { db } = database;
  const bell = createBell();

  /** Publishes what can be; how long until there may be more without a ring. */
  async function publish(leadership: Leadership, signal: AbortSignal): Promise<number | undefined> {
    const final = await reader.readFinalBlockNumber({ signal });
    const saved = (await durableBlock?.()) ?? final;
    const blockNumber = Math.min(final, saved);
    const again = saved < final ? SOON_MS : undefined;
    // Before the ledger there is nothing to publish.
    if (blockNumber < reader.firstBlock) return again;
    const head = await reader.readTreeHead({ blockNumber, signal });
    const last = await readPublished(db, signer.name);
    if (last !== undefined) await assertContinues(last, signal);
    const size = (await readHead(db))?.size ?? 0;
    if (size < head.size || (last !== undefined && head.size <= last.size)) return again;
    await assertIndexed(head, last);
    const root = decodeHex(head.root, 32);
    const text = encodeCheckpoint({ origin: signer.name, size: head.size, root, extensions: [] });
    const signed = { key: signer.verifierKey, size: head.size, root, note: await signNote(text, signer) };
    await database.write(leadership, async (trx) => {
      await trx
        .insertInto('outbox.checkpoint')
        .values({ origin: signer.name, ...signed, signed_at: now() })
        .onConflict((conflict) => conflict.column('origin').doUpdateSet({ ...signed, signed_at: now() }))
        .execute();
      await database.notify(trx, 'log');
    });
    await pause(PAUSE_MS, signal);
    return 0;
  }

  /**
   * The index must have the contract's entries, since nothing is signed on its word, and begin with what was signed last. Both are read by
   * one statement: an index that goes back meanwhile cannot show the one history for the one and another for the other.
   */
  async function assertIndexed({ size, root, blockNumber }: TreeHeadAt, last: Published | undefined): Promise<void> {
    const [now, before] = [planPeaks(size), planPeaks(last?.size ?? 0)];
    const nodes = await readNodes(db, [...now, ...before]);
    const indexed = encodeHex(foldPeaks(nodes.slice(0, now.length)));
    if (indexed !== root) {
      throw new UnavailableError(
        'service.not-ready',
        `At block ${blockNumber} the contract's journal has the root ${root}, the index ${indexed}: it is going back.`,
      );
    }
    const found = foldPeaks(nodes.slice(now.length));
    if (last !== undefined && !equalBytes(found, last.root)) throw forked(last, blockNumber, found);
  }

  /** Errors: IntegrityError `checkpoint.fork`, `checkpoint.key`. */
  async function assertContinues({ size, root, key }: Published, signal: AbortSignal): Promise<void> {
    if (key !== signer.verifierKey) {
      throw new IntegrityError(
        'checkpoint.key',
        `The log ${signer.name} is published under the key ${key}, and this replica has ${signer.verifierKey}. Give all replicas the same key file; if the old key is lost or stolen, begin a new log: raise the epoch by one.`,
      );
    }
    const newest = await reader.readTreeHead({ signal });
    const index = (await readHead(db))?.size ?? 0;
    // An index that is being rebuilt knows nothing against it.
    const isKnown = newest.size >= size && index >= size;
    const found = isKnown ? foldPeaks(await readNodes(db, planPeaks(size))) : undefined;
    if (newest.size >= size && (found === undefined || equalBytes(found, root))) return;
    throw forked({ size, root }, newest.blockNumber, found ?? newest.size);
  }

  /** `found`: the other root, or how few entries there are. */
  function forked(
    { size, root }: Pick<Published, 'size' | 'root'>,
    blockNumber: number,
    found: Uint8Array | number,
  ): IntegrityError {
    const there = typeof found === 'number' ? `${found} entries only` : `another root, ${encodeHex(found)}`;
    const epoch = (parseOrigin(signer.name, reader.id) ?? 0) + 1;
    return new IntegrityError(
      'checkpoint.fork',
      `The chain lost what was published: a checkpoint of ${size} entries with the root ${encodeHex(root)} was signed, and at block ${blockNumber} it has ${there}. Nothing more is published under ${signer.name}. If the node is wrong, give the right one; if the blocks are lost for good, begin a new log: set the epoch to ${epoch}.`,
    );
  }

  return {
    ring: bell.ring,

    async run(leadership, outer) {
      const signal = AbortSignal.any([outer, leadership.lost]);
      while (!signal.aborted) {
        let again: number | undefined;
        try {
          again = await publish(leadership, signal);
        } catch (error) {
          if (signal.aborted || (error instanceof DppError && error.code === 'service.not-leading')) return;
          report({ what: 'publish the journal', error });
          again = error instanceof IntegrityError ? ALARM_MS : PAUSE_MS;
        }
        await bell.wait({ signal, ms: again }).catch(() => undefined);
      }
    },
  };
}
