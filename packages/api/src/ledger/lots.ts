/**
 * Lots in the index: their rows, which the indexer writes with each block and takes back with it, and the questions that are asked of
 * them. What a lot is made of and what became of it are flows, one row for each lot that an entry concerns.
 */
import { decodeHex, encodeHex, type Hex, UnavailableError } from '@dpp-ledger/core';
import { decodeEntry, type Entry } from '@dpp-ledger/core/journal';
import {
  type Flow,
  type LotMaking,
  type LotState,
  type Origin,
  parseLot,
  readFlows,
  readMakings,
  type TracedEntry,
  type TraceQuestion,
} from '@dpp-ledger/core/materials';
import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { Db, Trx } from '../database/database.ts';
import { type LotTable, ROWS_PER_INSERT } from '../database/schema.ts';
import type { State } from '../outbox/door.ts';
import type { IndexedEntry } from './indexer.ts';

/** What the index has of the lots that an entry made, whatever became of them since. */
export function lotRows(index: number, entry: Entry, state: State) {
  return readMakings(entry).map(({ lot, milligrams, namedBy, label, event, country, facility, period }, position) => {
    const { substance, origin, custody } = stateOf(state, lot);
    return {
      ...{ id: decodeHex(lot), entry: index, position, substance, origin, custody, registered: String(milligrams) },
      ...{ named_by: decodeHex(namedBy), label, event: event === undefined ? null : decodeHex(event) },
      ...{ country: country ?? null, facility: facility ?? null },
      ...{ period_from: period?.from ?? null, period_until: period?.until ?? null },
    };
  });
}

/** What the index has of a lot as it is now. */
export function lotStateRow({ holder, offeredTo, milligrams, isVoid }: LotState) {
  return {
    holder: decodeHex(holder),
    offered_to: offeredTo === undefined ? null : decodeHex(offeredTo),
    milligrams: String(milligrams),
    is_void: isVoid,
  };
}

/** One row for each lot that an entry concerns. */
export function flowRows(index: number, entry: Entry) {
  return readFlows(entry).map(({ lot, way, milligrams }) => ({
    ...{ entry: index, lot: decodeHex(lot), way, milligrams: String(milligrams) },
  }));
}

export async function insertFlows(trx: Trx, entries: readonly IndexedEntry[]): Promise<void> {
  const rows = entries.flatMap(({ logged, entry }) => flowRows(logged.index, entry));
  for (let from = 0; from < rows.length; from += ROWS_PER_INSERT) {
    await trx
      .insertInto('ledger.flow')
      .values(rows.slice(from, from + ROWS_PER_INSERT))
      .execute();
  }
}

/** The lots that entries made, and the new state of those that they concern. `state` is that after the last of them. */
export async function insertLots(trx: Trx, state: State, entries: readonly IndexedEntry[]): Promise<void> {
  const rows = entries.flatMap(({ logged, entry }) =>
    lotRows(logged.index, entry, state).map((row) => ({
      ...row,
      ...lotStateRow(stateOf(state, encodeHex(row.id))),
    })),
  );
  for (let from = 0; from < rows.length; from += ROWS_PER_INSERT) {
    await trx
      .insertInto('ledger.lot')
      .values(rows.slice(from, from + ROWS_PER_INSERT))
      .execute();
  }
  const concerned = new Set(entries.flatMap(({ entry }) => readFlows(entry).map(({ lot }) => lot)));
  for (const { id } of rows) concerned.delete(encodeHex(id));
  await writeLotStates(trx, state, [...concerned]);
}

/** Writes down how these lots are after the last entry. */
export async function writeLotStates(trx: Trx, state: State, lots: readonly Hex[]): Promise<void> {
  for (let from = 0; from < lots.length; from += ROWS_PER_INSERT) {
    const rows = lots.slice(from, from + ROWS_PER_INSERT).map((id) => {
      const { holder, offeredTo, milligrams, isVoid } = stateOf(state, id);
      return {
        ...{ id: id.slice(2), holder: holder.slice(2), offered: offeredTo?.slice(2) ?? null },
        ...{ milligrams: String(milligrams), void: isVoid },
      };
    });
    await sql`update ledger.lot l set holder = decode(s.holder, 'hex'), offered_to = decode(s.offered, 'hex'),
        milligrams = s.milligrams, is_void = s.void
      from json_to_recordset(${JSON.stringify(rows)}::json) as s(
        id text, holder text, offered text, milligrams numeric(20), void boolean)
      where l.id = decode(s.id, 'hex')`.execute(trx);
  }
}

/** Takes back what entries from `size` on did to lots. Those that stay and have another state now. */
export async function forgetLots(trx: Trx, size: number): Promise<readonly Hex[]> {
  const { rows } = await sql<{ lot: Uint8Array }>`
    select distinct f.lot from ledger.flow f join ledger.lot l on l.id = f.lot
    where f.entry >= ${size} and l.entry < ${size}`.execute(trx);
  await sql`delete from ledger.flow where entry >= ${size}`.execute(trx);
  await sql`delete from ledger.lot where entry >= ${size}`.execute(trx);
  return rows.map(({ lot }) => encodeHex(lot));
}

// --------------------------------------------------------------------------------------------------------------------- asking

/** A lot as the index has it: what its entry says of it, and how it is now. Issuers and digests are 32 bytes. */
export interface IndexedLot extends Omit<LotMaking, 'lot' | 'milligrams'>, LotState {
  readonly id: Hex;
  /** The entry that made it, and the place among the lots that it made. */
  readonly entry: number;
  readonly position: number;
  /** What was in it at first. */
  readonly registered: bigint;
}

/** What an entry did to a lot. */
export interface LotChange extends Flow {
  readonly index: number;
  readonly entry: Entry;
}

export interface Lots {
  find(lot: Hex): Promise<IndexedLot | undefined>;
  /** Newest first. */
  list(options: {
    readonly holder?: Hex | undefined;
    readonly offeredTo?: Hex | undefined;
    readonly substance?: number | undefined;
    readonly origin?: Origin | undefined;
    readonly before?: { readonly entry: number; readonly position: number } | undefined;
    readonly limit: number;
  }): Promise<readonly IndexedLot[]>;
  /**
   * What a trace asks, in so far as it has room for: of each lot that would go beyond it, one entry more.
   */
  readAnswers(questions: readonly TraceQuestion[], room: number): Promise<readonly TracedEntry[]>;
  /** What was done to a lot, in the journal's order, from an entry on. */
  listChanges(lot: Hex, options: { readonly from: number; readonly limit: number }): Promise<readonly LotChange[]>;
}

/** `db` is read as it is: who needs lots and the ledger's state of one moment asks within `Mirror.ask`. */
export function createLots({ db }: { readonly db: Db }): Lots {
  return {
    async find(lot) {
      const row = await db.selectFrom('ledger.lot').selectAll().where('id', '=', decodeHex(lot)).executeTakeFirst();
      return row && readLot(row);
    },

    async list({ holder, offeredTo, substance, origin, before, limit }) {
      let query = db.selectFrom('ledger.lot').selectAll();
      if (holder !== undefined) query = query.where('holder', '=', decodeHex(holder));
      if (offeredTo !== undefined) query = query.where('offered_to', '=', decodeHex(offeredTo));
      if (substance !== undefined) query = query.where('substance', '=', substance);
      if (origin !== undefined) query = query.where('origin', '=', origin);
      if (before !== undefined)
        query = query.where(sql<boolean>`(entry, position) < (${before.entry}, ${before.position})`);
      const rows = await query.orderBy('entry', 'desc').orderBy('position', 'desc').limit(limit).execute();
      return rows.map(readLot);
    },

    async readAnswers(questions, room) {
      const lotsOf = (about: TraceQuestion['about']) =>
        `{${questions.flatMap((one) => (one.about === about ? [one.lot.slice(2)] : [])).join(',')}}`;
      const places = async (about: TraceQuestion['about'], where: RawBuilder<unknown>) => {
        const { rows } = await sql<{ lot: Uint8Array; entry: number }>`
          select l.lot, f.entry from (select decode(hex, 'hex') as lot from unnest(${lotsOf(about)}::text[]) as i(hex)) l
          join lateral (select f.entry from ledger.flow f where f.lot = l.lot and ${where} order by f.entry limit ${room + 1}) f
            on true order by f.entry`.execute(db);
        return rows;
      };
      const made = await places(
        'made',
        sql`(f.way <> 'out' or exists (select from ledger.entry e where e.index = f.entry and e.kind = 'lotVoided'))`,
      );
      const used = await places('used', sql`f.way = 'out'`);
      const wanted = new Set(made.map(({ entry }) => entry));
      const beyond = new Set<string>();
      for (const { lot, entry } of used) {
        if (wanted.has(entry)) continue;
        const name = encodeHex(lot);
        if (wanted.size >= room && beyond.has(name)) continue;
        if (wanted.size >= room) beyond.add(name);
        wanted.add(entry);
      }
      if (wanted.size === 0) return [];
      const rows = await db
        .selectFrom('ledger.entry')
        .select(['index', 'bytes'])
        .where('index', 'in', [...wanted])
        .orderBy('index')
        .execute();
      return rows.map(({ index, bytes }) => ({ index, entry: decodeEntry(bytes) }));
    },

    async listChanges(lot, { from, limit }) {
      const rows = await db
        .selectFrom('ledger.flow as f')
        .innerJoin('ledger.entry as e', 'e.index', 'f.entry')
        .select(['f.way', 'f.milligrams', 'e.index', 'e.bytes'])
        .where('f.lot', '=', decodeHex(lot))
        .where('f.entry', '>=', from)
        .orderBy('f.entry')
        .limit(limit)
        .execute();
      return rows.map(({ way, milligrams, index, bytes }) => ({
        ...{ lot, way, milligrams: BigInt(milligrams), index, entry: decodeEntry(bytes) },
      }));
    },
  };
}

/** A lot by its id or its URI. Errors: `materials.lot`; `service.not-found` for one of another ledger. */
export function readLotName(ledger: string, name: string): Hex {
  if (/^0x[0-9a-f]{64}$/.test(name)) return name as Hex;
  const named = parseLot(name);
  if (named.ledger === ledger) return named.lot;
  throw new UnavailableError(
    'service.not-found',
    `This service serves ${ledger}, and ${name.slice(0, 140)} is a lot of another ledger.`,
  );
}

function readLot(row: Selectable<LotTable>): IndexedLot {
  const { period_from: from, period_until: until } = row;
  return {
    ...{ id: encodeHex(row.id), entry: row.entry, position: row.position },
    ...{ substance: row.substance, origin: row.origin, custody: row.custody },
    ...{ registered: BigInt(row.registered), milligrams: BigInt(row.milligrams), isVoid: row.is_void },
    ...{ namedBy: encodeHex(row.named_by), label: row.label, holder: encodeHex(row.holder) },
    offeredTo: row.offered_to === null ? undefined : encodeHex(row.offered_to),
    event: row.event === null ? undefined : encodeHex(row.event),
    country: row.country ?? undefined,
    facility: row.facility ?? undefined,
    period: from === null || until === null ? undefined : { from, until },
  };
}

function stateOf(state: State, lot: Hex): LotState {
  const found = state.lots.get(lot);
  // Every lot that an entry names is there: the fold refuses the entry otherwise.
  if (found === undefined) throw new TypeError(`The fold has no lot ${lot}.`);
  return found;
}
