/**
 * The indexer: follows the chain into the database. Blocks go in whole, each in one transaction with the place it leaves the index at,
 * and come out again when the chain drops them. Credentials of a batch follow as soon as a store has them, so that a slow store holds
 * up no block; our own come from the outbox with their block. It believes no endpoint: entries must fold to the contract's
 * tree head.
 */
import { randomInt } from 'node:crypto';
import {
  DppError,
  decodeHex,
  encodeHex,
  type Hex,
  IntegrityError,
  type LedgerId,
  UnavailableError,
} from '@dpp-ledger/core';
import {
  createCompactRange,
  decodeEntry,
  type Entry,
  hashLeaf,
  type JournalFold,
  planPeaks,
} from '@dpp-ledger/core/journal';
import type { BlockRef, LedgerNode, LedgerStep, LoggedEntry } from '@dpp-ledger/sdk/ledger';
import type { BlockSource } from '@dpp-ledger/sdk/store';
import { sql } from 'kysely';
import { createBell, pause } from '../bell.ts';
import type { Database, Leadership, Trx } from '../database/database.ts';
import { DESCRIBED, ROWS_PER_INSERT } from '../database/schema.ts';
import type { Trouble } from '../operation/log.ts';
import { fillBatches } from './contents.ts';
import { forgetLots, insertFlows, insertLots, writeLotStates } from './lots.ts';
import { type Mirror, readHead, restoreFold } from './mirror.ts';

export interface IndexerOptions {
  readonly database: Database;
  readonly reader: LedgerNode;
  readonly mirror: Mirror;
  readonly store: BlockSource;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly report: (trouble: Trouble) => void;
  /** Told where the index has moved to, and over which entries. */
  readonly moved?: (move: IndexMove) => void;
  /** Blocks of a store on their way at a time. */
  readonly concurrency?: number;
}

/** Forward over the entries from `first` to before `end`, or back to a journal of `end` entries. */
export interface IndexMove {
  readonly kind: 'forward' | 'back';
  readonly block: number;
  readonly first?: number;
  readonly end: number;
}

export interface Indexer {
  /** Runs until `signal` aborts, between transactions, or leadership is lost. */
  run(leadership: Leadership, signal: AbortSignal): Promise<void>;
}

const RETRY_MS = 1_000;
/** Entries between two snapshots of the fold. */
const SNAPSHOT_EVERY = 10_000;

export function createIndexer(options: IndexerOptions): Indexer {
  return {
    async run(leadership, signal) {
      const over = AbortSignal.any([signal, leadership.lost]);
      const anchored = createBell();
      await Promise.all([
        keepAt('follow the chain', options, over, () => follow(options, leadership, over, () => anchored.ring())),
        keepAt('fetch credentials', options, over, async () => {
          const due = await fillBatches(options, leadership, over);
          await anchored.wait({ signal: over, ms: due });
        }),
      ]);
    },
  };
}

/** Again and again until it is over; after a failure with a pause. */
async function keepAt(
  what: string,
  { report }: IndexerOptions,
  over: AbortSignal,
  work: () => Promise<void>,
): Promise<void> {
  while (!over.aborted) {
    try {
      await work();
    } catch (error) {
      if (over.aborted || (error instanceof DppError && error.code === 'service.not-leading')) return;
      report({ what, error });
      await pause(RETRY_MS, over);
    }
  }
}

// -------------------------------------------------------------------------------------------------------------- blocks

async function follow(
  { database, reader, moved }: IndexerOptions,
  leadership: Leadership,
  signal: AbortSignal,
  onAnchors: () => void,
): Promise<void> {
  const { db } = database;
  await dropForeignIndex(database, reader.id);
  const head = await readHead(db);
  let fold = await restoreFold(db, reader.id, head?.size ?? 0);
  const steps = reader.follow({
    signal,
    after: head && { number: head.blockNumber, hash: head.blockHash },
    applied: async (number) => {
      const block = await db
        .selectFrom('ledger.block')
        .select(['number', 'hash'])
        .where('number', '<=', number)
        .orderBy('number', 'desc')
        .executeTakeFirst();
      return block && { number: block.number, hash: block.hash as `0x${string}` };
    },
  });
  for await (const step of steps) {
    if (step.kind === 'back') {
      fold = await database.write(leadership, async (trx) => {
        const { size, lots } = await goBack(trx, step.to);
        const restored = await restoreFold(trx, reader.id, size);
        await writeLotStates(trx, restored.state, lots);
        await database.notify(trx, 'ledger');
        return restored;
      });
      moved?.({ kind: 'back', block: step.to?.number ?? 0, end: fold.state.size });
      continue;
    }
    // A failure from here on leaves a fold that is ahead of the database: `follow` is then begun anew, and folds anew.
    let entries: IndexedEntry[];
    try {
      entries = step.entries.map((logged) => addEntry(fold, logged));
      if (step.atHead && !(await isContractsOwn(reader, fold, step.through, signal))) return;
    } catch (error) {
      if (error instanceof DppError && error.code === 'journal.break') {
        await database.write(leadership, async (trx) => {
          if (await doubtEmptyBlocks(trx)) await database.notify(trx, 'ledger');
        });
      }
      throw error;
    }
    const hasAnchors = await database.write(leadership, async (trx) => {
      const anchors = await goForward(trx, reader, fold, step, entries);
      await database.notify(trx, 'ledger');
      return anchors;
    });
    const { size } = fold.state;
    if (entries.length > 0)
      moved?.({ kind: 'forward', block: step.through.number, first: size - entries.length, end: size });
    if (hasAnchors) onAnchors();
  }
}

/**
 * Ties the outbox to its ledger at the first start: promises about another ledger must not be forgotten. Errors: `ledger.mismatch`.
 */
export async function claimOutbox({ db }: Database, ledger: LedgerId): Promise<void> {
  const mine = JSON.stringify(ledger);
  await db.updateTable('outbox.lease').set({ ledger_id: mine }).where('ledger_id', 'is', null).execute();
  const lease = await db.selectFrom('outbox.lease').select('ledger_id').executeTakeFirstOrThrow();
  if (lease.ledger_id === mine) return;
  throw new IntegrityError(
    'ledger.mismatch',
    `The outbox holds promises about another ledger, ${lease.ledger_id}. Use another database for this one.`,
  );
}

/** An index of another ledger is of no use. */
async function dropForeignIndex(database: Database, ledger: LedgerId): Promise<void> {
  const head = await database.db.selectFrom('ledger.head').select('ledger_id').executeTakeFirst();
  if (head !== undefined && head.ledger_id !== JSON.stringify(ledger)) await database.deleteIndex();
}

export interface IndexedEntry {
  readonly logged: LoggedEntry;
  readonly entry: Entry;
}

function addEntry(fold: JournalFold, logged: LoggedEntry): IndexedEntry {
  if (logged.index !== fold.state.size) {
    throw new IntegrityError(
      'journal.break',
      `The endpoint returned entry ${logged.index} where entry ${fold.state.size} belongs.`,
    );
  }
  fold.add(logged.bytes);
  return { logged, entry: decodeEntry(logged.bytes) };
}

/**
 * A node may answer with fewer logs than there are; the contract's own count and root tell. False where the chain moved on meanwhile.
 * Errors: `journal.break`.
 */
async function isContractsOwn(
  reader: LedgerNode,
  fold: JournalFold,
  through: BlockRef,
  signal: AbortSignal,
): Promise<boolean> {
  const there = await reader.readTreeHead({ blockNumber: through.number, signal });
  if (there.blockHash !== through.hash) return false;
  const here = fold.treeHead();
  if (there.size === here.size && there.root === encodeHex(here.root)) return true;
  throw new IntegrityError(
    'journal.break',
    `At block ${through.number} the contract counts ${there.size} entries with the root ${there.root}; the endpoint's logs give ${here.size} with ${encodeHex(here.root)}.`,
  );
}

/**
 * Blocks since the last entry may have seemed empty to a node that did not have them yet: they are read again. Returns whether there
 * are any.
 */
async function doubtEmptyBlocks(trx: Trx): Promise<boolean> {
  const head = await readHead(trx);
  const newest = await trx.selectFrom('ledger.block').selectAll().orderBy('number', 'desc').limit(1).executeTakeFirst();
  if (head === undefined || newest?.number === head.blockNumber) return false;
  await goBack(trx, newest);
  return true;
}

/** Whether there are anchors whose credentials are still to be fetched. */
async function goForward(
  trx: Trx,
  reader: LedgerNode,
  fold: JournalFold,
  step: Extract<LedgerStep, { kind: 'forward' }>,
  entries: readonly IndexedEntry[],
): Promise<boolean> {
  const { through, finalBlockNumber } = step;
  const before = await readHead(trx);
  if ((before?.size ?? 0) + entries.length !== fold.state.size) {
    throw new IntegrityError('journal.break', 'The index was changed by somebody else while it was written.');
  }
  for (let from = 0; from < entries.length; from += ROWS_PER_INSERT) {
    await insertEntries(trx, entries.slice(from, from + ROWS_PER_INSERT));
  }
  await insertNodes(trx, before?.size ?? 0, entries);
  const anchors = entries.filter(isOf('anchored'));
  await insertAnchors(trx, anchors);
  const fromOutbox = await copyOwnCredentials(trx, fold, anchors);
  await insertStatusChanges(trx, entries.filter(isOf('statusSet')));
  await insertFlows(trx, entries);
  await insertLots(trx, fold.state, entries);
  const blocks = new Map(entries.map(({ logged, entry }) => [logged.blockNumber, { logged, entry }]));
  if (blocks.size > 0) {
    await trx
      .insertInto('ledger.block')
      .values(
        Array.from(blocks, ([number, { logged, entry }]) => ({
          number,
          hash: logged.blockHash,
          time: entry.blockTime,
        })),
      )
      .execute();
  }
  const place = {
    size: fold.state.size,
    block_number: through.number,
    block_hash: through.hash,
    block_time: through.time,
    final_block_number: finalBlockNumber,
  };
  await trx
    .insertInto('ledger.head')
    // Counted on from any number: an index that was deleted and read anew must not be taken for the one before it.
    .values({ ...place, ledger_id: JSON.stringify(reader.id), generation: randomInt(2 ** 47) })
    .onConflict((conflict) =>
      conflict.column('one').doUpdateSet({
        ...place,
        // One of several nodes may know less of what is final than another has told.
        final_block_number: sql<number>`greatest(head.final_block_number, excluded.final_block_number)`,
      }),
    )
    .execute();
  await keepSnapshot(trx, fold, before?.size ?? 0);
  return fromOutbox < anchors.length;
}

function isOf<K extends Entry['kind']>(kind: K) {
  return (indexed: IndexedEntry): indexed is IndexedEntry & { readonly entry: Extract<Entry, { kind: K }> } =>
    indexed.entry.kind === kind;
}

async function insertEntries(trx: Trx, entries: readonly IndexedEntry[]): Promise<void> {
  const rows = JSON.stringify(
    entries.map(({ logged, entry }) => ({
      index: logged.index,
      block: logged.blockNumber,
      transaction: logged.transactionHash,
      kind: entry.kind,
      issuer: 'issuer' in entry ? entry.issuer.slice(2) : null,
      bytes: encodeHex(logged.bytes).slice(2),
    })),
  );
  await sql`insert into ledger.entry (index, block_number, transaction_hash, kind, issuer, bytes)
    select index, block, transaction, kind, decode(issuer, 'hex'), decode(bytes, 'hex')
    from json_to_recordset(${rows}::json) as e(
      index bigint, block bigint, transaction text, kind text, issuer text, bytes text)`.execute(trx);
}

/** Every perfect subtree that the entries complete. */
async function insertNodes(trx: Trx, size: number, entries: readonly IndexedEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const peaks = await readNodes(trx, planPeaks(size));
  const range = createCompactRange({ size, peaks });
  let nodes: { level: number; index: number; hash: string }[] = [];
  const flush = async () => {
    await sql`insert into ledger.node (level, index, hash)
      select level, index, decode(hash, 'hex')
      from json_to_recordset(${JSON.stringify(nodes)}::json) as n(level smallint, index bigint, hash text)`.execute(
      trx,
    );
    nodes = [];
  };
  for (const { logged } of entries) {
    range.append(hashLeaf(logged.bytes), (level, index, hash) => {
      nodes.push({ level, index, hash: encodeHex(hash).slice(2) });
    });
    if (nodes.length >= ROWS_PER_INSERT) await flush();
  }
  if (nodes.length > 0) await flush();
}

/** Stored roots of perfect subtrees, in the order they are asked for. */
export async function readNodes(
  db: Trx | Database['db'],
  wanted: readonly { readonly level: number; readonly index: number }[],
): Promise<Uint8Array[]> {
  if (wanted.length === 0) return [];
  const { rows } = await sql<{ n: number; hash: Uint8Array }>`
    select w.n, o.hash from json_to_recordset(${JSON.stringify(wanted.map((node, n) => ({ n, ...node })))}::json)
      as w(n integer, level smallint, index bigint)
    join ledger.node o on o.level = w.level and o.index = w.index`.execute(db);
  if (rows.length !== wanted.length) {
    throw new UnavailableError('service.not-ready', 'The index lacks nodes of the journal: it is being rebuilt.');
  }
  const nodes: Uint8Array[] = [];
  for (const { n, hash } of rows) nodes[n] = new Uint8Array(hash);
  return nodes;
}

/** What the index has of an anchor by its entry alone. */
export function anchorRow(
  { index, blockNumber, transactionHash }: Omit<LoggedEntry, 'bytes'>,
  { issuer, roles, root, size, manifest, blockTime }: Extract<Entry, { kind: 'anchored' }>,
) {
  return {
    ...{ entry: index, issuer: decodeHex(issuer), roles, root: decodeHex(root), size, manifest: decodeHex(manifest) },
    ...{ block_number: blockNumber, block_time: blockTime, transaction_hash: transactionHash },
  };
}

async function insertAnchors(
  trx: Trx,
  anchors: readonly (IndexedEntry & { readonly entry: Extract<Entry, { kind: 'anchored' }> })[],
): Promise<void> {
  const rows = anchors.map(({ logged, entry }) => ({
    ...anchorRow(logged, entry),
    ...{ indexed: false, subtrees: null, problem: null },
  }));
  for (let from = 0; from < rows.length; from += ROWS_PER_INSERT) {
    await trx
      .insertInto('ledger.batch')
      .values(rows.slice(from, from + ROWS_PER_INSERT))
      .execute();
  }
}

/**
 * Credentials of batches that this service has just anchored: it read and checked them at the door, and their batch is what the entry
 * names. Where the chain dropped a key since, or others' credentials are in the batch too, the store's are judged instead. Returns how
 * many batches were filled.
 */
async function copyOwnCredentials(
  trx: Trx,
  { state }: JournalFold,
  anchors: readonly (IndexedEntry & { readonly entry: Extract<Entry, { kind: 'anchored' }> })[],
): Promise<number> {
  if (anchors.length === 0) return 0;
  const { rows: own } = await sql<{ entry: number; batch: number; issuer: Uint8Array; keys: string }>`
    select a.entry, b.id as batch, a.issuer,
      (select string_agg(distinct encode(i.key, 'hex'), ',') from outbox.item i where i.batch = b.id) as keys
    from ledger.batch a join outbox.batch b on b.root = a.root and b.issuer = a.issuer and b.manifest = a.manifest and b.size = a.size
    where a.entry in (select unnest(${`{${anchors.map(({ logged }) => logged.index).join(',')}}`}::bigint[]))
      and b.state = 'sent' and (select count(*) from outbox.item i where i.batch = b.id) = b.size
      and not exists (select from outbox.item i where i.batch = b.id and i.kind = 'conformity' and i.assessed is null)`.execute(
    trx,
  );
  const times = new Map(anchors.map(({ logged, entry }) => [logged.index, entry.blockTime]));
  const sound = own.filter(({ entry, issuer, keys }) =>
    keys.split(',').every((hex) => {
      const key = state.issuers.get(encodeHex(issuer))?.keys.get(`0x${hex}`);
      return key !== undefined && key.validFrom <= (times.get(entry) ?? 0);
    }),
  );
  for (const { entry, batch } of sound) {
    await sql`update ledger.batch set indexed = true, subtrees = (select subtrees from outbox.batch where id = ${batch})
      where entry = ${entry}`.execute(trx);
    await sql`insert into ledger.credential (entry, position, digest, problem, ${DESCRIBED})
      select ${entry}::bigint, position, digest, null, ${DESCRIBED} from outbox.item where batch = ${batch}`.execute(
      trx,
    );
  }
  return sound.length;
}

/** One row for each word that an entry set. */
export function statusRows(entry: number, change: Extract<Entry, { kind: 'statusSet' }>) {
  return change.words.map(({ number, bits }) => ({
    entry,
    issuer: decodeHex(change.issuer),
    list: String(change.list),
    word: number,
    status: change.status,
    reason: change.reason,
    bits: decodeHex(`0x${bits.toString(16).padStart(64, '0')}`),
    block_time: change.blockTime,
  }));
}

async function insertStatusChanges(
  trx: Trx,
  changes: readonly (IndexedEntry & { readonly entry: Extract<Entry, { kind: 'statusSet' }> })[],
): Promise<void> {
  const rows = changes.flatMap(({ logged, entry }) => statusRows(logged.index, entry));
  for (let from = 0; from < rows.length; from += ROWS_PER_INSERT) {
    await trx
      .insertInto('ledger.status_change')
      .values(rows.slice(from, from + ROWS_PER_INSERT))
      .execute();
  }
}

/** Now and then, so that a start folds the newest entries only. The two newest are kept: the last one may be beyond a reorganisation. */
async function keepSnapshot(trx: Trx, fold: JournalFold, sizeBefore: number): Promise<void> {
  const { size, awaitingKey } = fold.state;
  if (Math.floor(size / SNAPSHOT_EVERY) === Math.floor(sizeBefore / SNAPSHOT_EVERY) || awaitingKey !== undefined)
    return;
  await trx
    .insertInto('ledger.snapshot')
    .values({ size, state: JSON.stringify(fold.snapshot()) })
    .execute();
  await sql`delete from ledger.snapshot where size not in (
    select size from ledger.snapshot order by size desc limit 2)`.execute(trx);
}

/**
 * Undoes everything above `to`, but for the state of lots that stay: which ones, and the journal's size there. What the outbox held for
 * final is asked after again: a local chain may lose blocks it called final.
 */
async function goBack(
  trx: Trx,
  to: { readonly number: number; readonly hash: string; readonly time: number } | undefined,
): Promise<{ readonly size: number; readonly lots: readonly Hex[] }> {
  // First of all: nothing becomes final meanwhile by what is undone here.
  await sql`select from ledger.head for update`.execute(trx);
  const above = to?.number ?? -1;
  // From the end, where the few are that go.
  const { rows } = await sql<{ size: number | null }>`
    select max(index) + 1 as size from ledger.entry where block_number <= ${above}`.execute(trx);
  const size = rows[0]?.size ?? 0;
  await sql`update outbox.relay r set state = 'sent' where state = 'final' and exists (
      select from outbox.transaction t join ledger.entry e on e.transaction_hash = t.hash
      where t.relay = r.id and e.index >= ${size})`.execute(trx);
  await sql`update outbox.batch b set state = 'sent' where state = 'final' and exists (
      select from ledger.batch a where a.root = b.root and a.issuer = b.issuer and a.manifest = b.manifest and a.entry >= ${size})
    and not exists (
      select from ledger.batch a where a.root = b.root and a.issuer = b.issuer and a.manifest = b.manifest and a.entry < ${size})`.execute(
    trx,
  );
  await sql`delete from ledger.credential where entry >= ${size}`.execute(trx);
  await sql`delete from ledger.batch where entry >= ${size}`.execute(trx);
  await sql`delete from ledger.status_change where entry >= ${size}`.execute(trx);
  const lots = await forgetLots(trx, size);
  // Level by level, by the primary key: those that end beyond the last entry that stays.
  await sql`delete from ledger.node n using generate_series(0, 52) as l(level)
    where n.level = l.level and n.index >= (${size}::bigint >> l.level)`.execute(trx);
  await sql`delete from ledger.entry where index >= ${size}`.execute(trx);
  await sql`delete from ledger.snapshot where size > ${size}`.execute(trx);
  await sql`delete from ledger.block where number > ${above}`.execute(trx);
  if (to === undefined) await sql`delete from ledger.head`.execute(trx);
  else {
    await sql`update ledger.head set size = ${size}, block_number = ${to.number}, block_hash = ${to.hash},
      block_time = ${to.time}, final_block_number = least(final_block_number, ${to.number}),
      generation = generation + 1`.execute(trx);
  }
  return { size, lots };
}
