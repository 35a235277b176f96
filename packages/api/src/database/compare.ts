/**
 * The index, held against the ledger row by row: for whoever must know whether somebody changed it. The chain's own entries are read, met
 * with the contract's tree head at the index's block, and what the index should have of them is derived by the very code that made it. It
 * only reads, all of one moment, a page at a time. What it finds is mended by deleting the index.
 */
import { DppError, decodeHex, encodeHex, IntegrityError, type LedgerId, UnavailableError } from '@dpp-ledger/core';
import { formatCid } from '@dpp-ledger/core/credential';
import { assertTreeHead, createCompactRange, createJournalFold, decodeEntry, hashLeaf } from '@dpp-ledger/core/journal';
import type { LedgerReader, LoggedEntry } from '@dpp-ledger/sdk/ledger';
import type { BlockSource } from '@dpp-ledger/sdk/store';
import { sql } from 'kysely';
import { columnsOf } from '../epcis/columns.ts';
import { mapEvents } from '../epcis/reader.ts';
import { readCredential, readManifest } from '../ledger/contents.ts';
import { anchorRow, statusRows } from '../ledger/indexer.ts';
import { flowRows, lotRows, lotStateRow } from '../ledger/lots.ts';
import { readHead } from '../ledger/mirror.ts';
import type { Database, Trx } from './database.ts';
import { ROWS_PER_INSERT } from './schema.ts';

export interface CompareOptions {
  readonly ledger: LedgerReader;
  /** Where credentials are read from; without it only what entries say is compared. */
  readonly source?: BlockSource | undefined;
  readonly onProgress?: (entries: number, of: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** A row that is not what the ledger makes of it. */
export interface IndexDifference {
  readonly table: string;
  /** Its primary key, in words. */
  readonly row: string;
  readonly column: string;
  readonly expected: string;
  readonly found: string;
}

export interface IndexComparison {
  readonly ledger: LedgerId;
  readonly blockNumber: number;
  readonly entries: number;
  /** Credentials whose bytes were read. */
  readonly credentials: number;
  /** Credentials and manifests that no source gave: nothing is said of their rows. */
  readonly unread: number;
  /** The first hundred of `total`, in the order of the journal. */
  readonly differences: readonly IndexDifference[];
  readonly total: number;
}

const LISTED = 100;
const GROUP = 64;
/** Of a column of 32 bits. */
const LARGEST_POSITION = 2 ** 31 - 1;

type Row = Readonly<Record<string, unknown>>;

/**
 * Errors: UnavailableError `service.not-ready` for an index that is empty; IntegrityError `ledger.mismatch` for one of another ledger, or of
 * a block that the chain dropped; `journal.break` where the chain's entries do not meet the contract; the reader's.
 */
export async function compareIndex({ db }: Database, options: CompareOptions): Promise<IndexComparison> {
  return await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute((trx) => compareWithin(trx, options));
}

async function compareWithin(trx: Trx, options: CompareOptions): Promise<IndexComparison> {
  const { ledger, source, onProgress, signal } = options;
  const head = await readHead(trx);
  if (head === undefined)
    throw new UnavailableError('service.not-ready', 'The index is empty: start the service first.');
  await assertOwnBlock(trx, head, options);
  const found = createDifferences();
  const fold = createJournalFold({ ledger: ledger.id });
  const range = createCompactRange();
  const { blockNumber, size } = head;
  const treeHead = await ledger.readTreeHead({ blockNumber, signal });
  for await (const page of ledger.readEntryPages({ to: treeHead.size, toBlock: blockNumber, signal })) {
    const nodes: Row[] = [];
    for (const { bytes } of page) {
      fold.add(bytes);
      range.append(hashLeaf(bytes), (level, index, hash) => void nodes.push({ level, index, hash }));
    }
    await comparePage(trx, page, fold, found);
    await compareNodes(trx, nodes, found);
    onProgress?.(fold.state.size, treeHead.size);
  }
  assertTreeHead(fold.treeHead(), treeHead);
  if (size !== treeHead.size) found.note('head', `block ${blockNumber}`, 'size', treeHead.size, size);
  await compareLotStates(trx, fold, found);
  await findBeyond(trx, treeHead.size, found);
  const read =
    source === undefined ? { credentials: 0, unread: 0 } : await compareCredentials(trx, fold, source, found, signal);
  return { ledger: ledger.id, blockNumber, entries: treeHead.size, ...read, ...found.result() };
}

/** What the index is of must be what is asked, and still there. */
async function assertOwnBlock(
  trx: Trx,
  head: NonNullable<Awaited<ReturnType<typeof readHead>>>,
  { ledger, signal }: CompareOptions,
): Promise<void> {
  const { ledger_id } = await trx.selectFrom('ledger.head').select('ledger_id').executeTakeFirstOrThrow();
  const block = await ledger.readBlock(head.blockNumber, { signal });
  if (ledger_id === JSON.stringify(ledger.id) && block?.hash === head.blockHash) return;
  throw new IntegrityError(
    'ledger.mismatch',
    ledger_id === JSON.stringify(ledger.id)
      ? `The index is at block ${head.blockNumber} ${head.blockHash}, which the chain does not have: ${block?.hash ?? 'nothing'} is there.`
      : `The index is of another ledger: ${ledger_id}.`,
  );
}

// --------------------------------------------------------------------------------------------------------------------- entries

type Differences = ReturnType<typeof createDifferences>;

async function comparePage(
  trx: Trx,
  page: readonly LoggedEntry[],
  { state }: ReturnType<typeof createJournalFold>,
  found: Differences,
): Promise<void> {
  const [first, last] = [page[0], page.at(-1)];
  if (first === undefined || last === undefined) return;
  const decoded = page.map((logged) => ({ logged, entry: decodeEntry(logged.bytes) }));
  const [from, to] = [first.index, last.index];
  const { rows: entries } =
    await sql<Row>`select * from ledger.entry where index between ${from} and ${to} order by index`.execute(trx);
  const expected = decoded.map(({ logged, entry }) => ({
    ...{ index: logged.index, block_number: logged.blockNumber, transaction_hash: logged.transactionHash },
    ...{ kind: entry.kind, issuer: 'issuer' in entry ? decodeHex(entry.issuer) : null, bytes: logged.bytes },
  }));
  found.compare('entry', ['index'], expected, entries);
  const { rows: batches } =
    await sql<Row>`select * from ledger.batch where entry between ${from} and ${to} order by entry`.execute(trx);
  const anchors = decoded.flatMap(({ logged, entry }) => (entry.kind === 'anchored' ? [anchorRow(logged, entry)] : []));
  found.compare('batch', ['entry'], anchors, batches);
  const { rows: changes } =
    await sql<Row>`select * from ledger.status_change where entry between ${from} and ${to} order by entry, word`.execute(
      trx,
    );
  const set = decoded.flatMap(({ logged, entry }) =>
    entry.kind === 'statusSet' ? statusRows(logged.index, entry) : [],
  );
  found.compare('status_change', ['entry', 'word'], set, changes);
  const { rows: flows } =
    await sql<Row>`select * from ledger.flow where entry between ${from} and ${to} order by entry, lot`.execute(trx);
  found.compare(
    'flow',
    ['entry', 'lot'],
    decoded.flatMap(({ logged, entry }) => flowRows(logged.index, entry)),
    flows,
  );
  const { rows: lots } =
    await sql<Row>`select * from ledger.lot where entry between ${from} and ${to} order by entry, position`.execute(
      trx,
    );
  found.compare(
    'lot',
    ['id'],
    decoded.flatMap(({ logged, entry }) => lotRows(logged.index, entry, state)),
    lots,
  );
}

/** What has become of the lots, once every entry was folded. */
async function compareLotStates(
  trx: Trx,
  { state }: ReturnType<typeof createJournalFold>,
  found: Differences,
): Promise<void> {
  const all = [...state.lots];
  for (let from = 0; from < all.length; from += ROWS_PER_INSERT) {
    const group = all
      .slice(from, from + ROWS_PER_INSERT)
      .map(([id, lot]) => ({ id: decodeHex(id), ...lotStateRow(lot) }));
    const rows = await trx
      .selectFrom('ledger.lot')
      .selectAll()
      .where(
        'id',
        'in',
        group.map(({ id }) => id),
      )
      .execute();
    // One that is missing was noted with its entry.
    const present = new Set(rows.map(({ id }) => encodeHex(id)));
    found.compare(
      'lot',
      ['id'],
      group.filter(({ id }) => present.has(encodeHex(id))),
      rows,
    );
  }
}

async function compareNodes(trx: Trx, nodes: readonly Row[], found: Differences): Promise<void> {
  const wanted = JSON.stringify(nodes.map(({ level, index }) => ({ level, index })));
  const { rows } = await sql<Row>`select o.* from json_to_recordset(${wanted}::json) as w(level smallint, index bigint)
    join ledger.node o on o.level = w.level and o.index = w.index`.execute(trx);
  found.compare('node', ['level', 'index'], nodes, rows);
}

/** Rows that no entry stands behind. */
async function findBeyond(trx: Trx, size: number, found: Differences): Promise<void> {
  for (const [table, column] of [
    ['entry', 'index'],
    ['batch', 'entry'],
    ['status_change', 'entry'],
    ['lot', 'entry'],
    ['flow', 'entry'],
    ['credential', 'entry'],
  ] as const) {
    const { rows } = await sql<Row>`select distinct ${sql.ref(column)} as at from ${sql.table(`ledger.${table}`)}
      where ${sql.ref(column)} >= ${size} order by at limit ${LISTED}`.execute(trx);
    for (const { at } of rows) found.note(table, `${column} ${at}`, column, `less than ${size}`, at);
  }
  const { rows } =
    await sql<Row>`select level, index from ledger.node where (index + 1) << level > ${size} limit ${LISTED}`.execute(
      trx,
    );
  for (const { level, index } of rows)
    found.note('node', `level ${level}, index ${index}`, 'index', `within ${size} entries`, index);
}

// ----------------------------------------------------------------------------------------------------------------- credentials

async function compareCredentials(
  trx: Trx,
  { state }: ReturnType<typeof createJournalFold>,
  source: BlockSource,
  found: Differences,
  signal: AbortSignal | undefined,
): Promise<{ readonly credentials: number; readonly unread: number }> {
  let [credentials, unread] = [0, 0];
  for (let after = -1; ; ) {
    const batch = await trx
      .selectFrom('ledger.batch')
      .selectAll()
      .where('entry', '>', after)
      .orderBy('entry')
      .executeTakeFirst();
    if (batch === undefined) return { credentials, unread };
    after = batch.entry;
    // What is not opened yet has no rows to be wrong.
    if (!batch.indexed) continue;
    const manifest = await readManifest(source, batch, signal).catch((error: unknown) => {
      if (error instanceof DppError) return error;
      throw error;
    });
    if (manifest instanceof UnavailableError) {
      unread += 1;
      continue;
    }
    const problem = manifest instanceof DppError ? manifest.code : null;
    if (problem !== batch.problem) found.note('batch', `entry ${batch.entry}`, 'problem', problem, batch.problem);
    if (manifest instanceof DppError) continue;
    const { digests, subtrees } = manifest;
    found.compare('batch', ['entry'], [{ entry: batch.entry, subtrees }], [batch]);
    for (let from = 0; from < digests.length; from += GROUP) {
      const group = digests.slice(from, from + GROUP);
      // The last group ends where the rows do: none may be beyond the batch.
      const end = from + GROUP < digests.length ? from + GROUP : LARGEST_POSITION;
      const { rows } = await sql<Row>`select * from ledger.credential where entry = ${batch.entry}
        and position >= ${from} and position < ${end} order by position`.execute(trx);
      const events: Row[] = [];
      const expected = await Promise.all(
        group.map(async (digest, i): Promise<Row> => {
          const place = { entry: batch.entry, position: from + i, digest };
          const bytes = await source.get(formatCid(digest), { signal }).catch(unlessKnown);
          if (bytes === undefined) {
            unread += 1;
            return place;
          }
          credentials += 1;
          const { signing_digest, issuer, key, ...text } = await readCredential(bytes, batch, { state });
          const read = { signing_digest, issuer, key };
          if (text.kind === 'event' && text.problem === null) events.push(...eventRows(digest, bytes));
          return {
            ...place,
            ...text,
            ...Object.fromEntries(Object.entries(read).map(([name, hex]) => [name, bytesOf(hex)])),
          };
        }),
      );
      found.compare('credential', ['entry', 'position'], expected, rows);
      if (batch.events_read) await compareEvents(trx, events, expected, found);
    }
  }
}

/** The events of credentials that were read. Those of a credential that the chain dropped are kept, and shown to nobody. */
async function compareEvents(
  trx: Trx,
  events: readonly Row[],
  credentials: readonly Row[],
  found: Differences,
): Promise<void> {
  const read = credentials.flatMap(({ digest, kind }) => (kind === undefined ? [] : [spell(digest).slice(2)]));
  const { rows } = await sql<Row>`select e.* from unnest(${`{${read.join(',')}}`}::text[]) as w(hex)
    join ledger.event e on e.digest = decode(w.hex, 'hex')`.execute(trx);
  found.compare('event', ['digest', 'position'], events, rows);
}

function eventRows(digest: Uint8Array, bytes: Uint8Array): Row[] {
  return mapEvents(new TextDecoder().decode(bytes)).flatMap((event, position) =>
    event === undefined ? [] : [{ digest, position, ...columnsOf(event) }],
  );
}

function bytesOf(hex: unknown): Uint8Array | null {
  return typeof hex === 'string' ? decodeHex(`0x${hex}`) : null;
}

/** A source that does not have it, or gives something else: then nothing can be said of the row. */
function unlessKnown(error: unknown): undefined {
  if (error instanceof DppError && error.code.startsWith('store.')) return undefined;
  throw error;
}

// ----------------------------------------------------------------------------------------------------------------- differences

function createDifferences() {
  const differences: IndexDifference[] = [];
  let total = 0;

  function note(table: string, row: string, column: string, expected: unknown, found: unknown): void {
    total += 1;
    if (differences.length < LISTED)
      differences.push({ table, row, column, expected: spell(expected), found: spell(found) });
  }

  return {
    note,

    /** Every expected row with the one of its key, column by column; what the index adds of its own is its business. */
    compare(table: string, keys: readonly string[], expected: readonly Row[], rows: readonly Row[]): void {
      const nameOf = (row: Row) => keys.map((key) => `${key} ${spell(row[key])}`).join(', ');
      const present = new Map(rows.map((row) => [nameOf(row), row]));
      for (const wanted of expected) {
        const name = nameOf(wanted);
        const row = present.get(name);
        present.delete(name);
        if (row === undefined) note(table, name, 'all', 'a row', 'none');
        else {
          for (const [column, value] of Object.entries(wanted)) {
            if (spell(row[column]) !== spell(value)) note(table, name, column, value, row[column]);
          }
        }
      }
      for (const name of present.keys()) note(table, name, 'all', 'none', 'a row');
    },

    result: () => ({ differences, total }),
  };
}

function spell(value: unknown): string {
  if (value instanceof Uint8Array) return encodeHex(value);
  return value === null || value === undefined ? 'nothing' : String(value);
}
