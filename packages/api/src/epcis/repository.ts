/**
 * The EPCIS repository: events of the ledger's credentials as EPCIS has them, and events that others captured. The first are shown with
 * their credential, by which anybody can verify them; of the second nobody knows who said them, and so they are shown as captured and as
 * nothing more. Captured events are no part of the index: they are kept when it is deleted.
 */
import { randomUUID } from 'node:crypto';
import { encodeHex, parseShape, RejectedError } from '@dpp-ledger/core';
import { NAMESPACE } from '@dpp-ledger/core/credential';
import { type EpcisDocument, type EpcisObject, hashEpcisEvent, STANDING } from '@dpp-ledger/core/event';
import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { Database, Trx } from '../database/database.ts';
import type { RateLimiter } from '../http/limits.ts';
import type { Catalogue, Version } from '../ledger/catalogue.ts';
import type { Mirror } from '../ledger/mirror.ts';
import { RateLimitedError } from '../outbox/accept.ts';
import { formatTime } from '../outbox/receipts.ts';
import { clean, columnsOf, formatThing, type Part, spell } from './columns.ts';

export interface EpcisRepository {
  /**
   * Takes a document in, whole or not at all. Events without an id get the one that follows from what they say; one that is here already
   * is not taken twice. Errors: `epcis.capture-off`, `epcis.full`; `service.rate-limited` for more events of `client` than it may bring;
   * `epcis.event-id` where another event has an id.
   */
  capture(document: EpcisDocument, client: string | undefined): Promise<CaptureJob>;
  findCapture(id: string): Promise<CaptureJob | undefined>;
  /** Newest first by the time at which they happened. */
  query(query: EventQuery): Promise<EventPage>;
  /** The anchored event of that id if there is one: the earliest; else a captured one, with its error declaration if it has one. */
  findEvent(id: string): Promise<EpcisObject | undefined>;
}

/** A document that was captured. All of it is there. */
export interface CaptureJob {
  readonly id: string;
  readonly capturedAt: string;
  readonly eventIds: readonly string[];
}

/** What events are asked for: any of the values of each, and all that is given. Times are milliseconds since 1970. */
export interface EventQuery {
  readonly types?: readonly string[] | undefined;
  readonly actions?: readonly string[] | undefined;
  readonly eventIds?: readonly string[] | undefined;
  readonly bizSteps?: readonly string[] | undefined;
  readonly dispositions?: readonly string[] | undefined;
  readonly readPoints?: readonly string[] | undefined;
  readonly bizLocations?: readonly string[] | undefined;
  readonly eventTime: Span;
  readonly recordTime: Span;
  /** Each: events in which one of the names has one of the parts. */
  readonly things: readonly { readonly parts: readonly Part[]; readonly names: readonly string[] }[];
  readonly limit: number;
  readonly after?: Place | undefined;
}

interface Span {
  readonly from?: number | undefined;
  readonly before?: number | undefined;
}

/** Where an event stands in the order of all: time, source, and three numbers that tell it from others of its source. */
export type Place = readonly [time: number, source: number, first: number, second: number, third: number];

export interface EventPage {
  readonly events: readonly EpcisObject[];
  /** Where the next page begins after. */
  readonly next: Place | undefined;
}

interface Row {
  event: string;
  event_time: number;
  /** 1: anchored, 0: captured. */
  source: number;
  first: number;
  second: number;
  third: number;
  record_time: number;
  digest: Uint8Array | null;
}

/** A page ends when its events come to so much. */
const PAGE_CHARACTERS = 8 * 1024 * 1024;
const eventIds = z.array(z.string());

export function createEpcisRepository(options: {
  readonly database: Database;
  readonly catalogue: Catalogue;
  readonly mirror: Mirror;
  readonly publicUrl: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Captured events that are kept at most. */
  readonly mostCaptured: number;
  /** Events of a client. */
  readonly limiter: RateLimiter;
}): EpcisRepository {
  const { database, catalogue, mirror, publicUrl, now, mostCaptured, limiter } = options;
  const { db } = database;

  async function select(
    where: RawBuilder<unknown>,
    query: Pick<EventQuery, 'recordTime' | 'limit' | 'after'>,
  ): Promise<Row[]> {
    const { head } = await mirror.read();
    const { recordTime, limit, after } = query;
    const order = sql`event_time desc, source desc, first desc, second desc, third desc`;
    const older =
      after === undefined
        ? sql`true`
        : sql`(event_time, source, first, second, third) < (${sql.join(after.map((one) => sql`${one}::bigint`))})`;
    const { rows } = await sql<Row>`
      select * from (
        select q.*, sum(length(event)) over (order by ${order} rows unbounded preceding) - length(event) as upto from (
          select * from (
            select e.event, e.event_time, 1::bigint as source, c.entry as first, c.position::bigint as second, e.position::bigint as third,
                   b.block_time * 1000 as record_time, e.digest
            from ledger.event e
            join lateral (select c.entry, c.position from ledger.credential c
              where c.digest = e.digest and c.problem is null and c.entry < ${head.size} order by c.entry, c.position limit 1) c on true
            join ledger.batch b on b.entry = c.entry
            where ${where}
            union all
            select e.event, e.event_time, 0::bigint, e.id, 0::bigint, 0::bigint, e.captured_at, null
            from outbox.captured_event e where ${where}
          ) as merged where ${within('record_time', recordTime)} and ${older} order by ${order} limit ${limit + 1}
        ) as q
      ) as page where upto < ${PAGE_CHARACTERS} order by ${order}`.execute(db);
    return rows;
  }

  /** As they are shown. An event of an issuer that might not say so is left out. */
  async function present(rows: readonly Row[]): Promise<EpcisObject[]> {
    const digests = rows.flatMap(({ digest }) => (digest === null ? [] : [new Uint8Array(digest)]));
    const versions = await catalogue.findVersions(digests);
    const shown = await Promise.all(
      rows.map(async (row) => {
        const event = JSON.parse(row.event) as EpcisObject;
        const recordTime = formatTime(row.record_time);
        if (row.digest === null) return { ...event, recordTime, [STANDING.standing]: 'captured' };
        const version = versions.get(encodeHex(new Uint8Array(row.digest)));
        if (version === undefined || version.standing === 'none') return undefined;
        return {
          ...event,
          recordTime,
          ...(version.revoked ? { errorDeclaration: await declareRevoked(version) } : {}),
          [STANDING.standing]: 'anchored',
          [STANDING.credential]: version.cid,
          [STANDING.issuer]: version.issuer.id,
          [STANDING.verification]: `${publicUrl}/evidence/${version.cid}`,
        };
      }),
    );
    return shown.filter((event) => event !== undefined);
  }

  /** EPCIS (7.4.1.4) says so of an event that is not to be relied on. */
  async function declareRevoked(version: Version): Promise<EpcisObject> {
    const { revoked } = await catalogue.findStatusChanges(version);
    return {
      declarationTime: formatTime((revoked?.time ?? version.anchor.time) * 1000),
      reason: `${NAMESPACE}revoked/${revoked?.reason ?? 'error'}`,
    };
  }

  async function assertRoom(trx: Trx, more: number): Promise<void> {
    const { rows } = await sql<{ kept: number }>`select count(*)::int as kept from outbox.captured_event`.execute(trx);
    const kept = rows[0]?.kept ?? 0;
    if (kept + more <= mostCaptured) return;
    throw new RejectedError(
      'epcis.full',
      `${kept} events of others are kept, of at most ${mostCaptured}: ${more} more are not taken in.`,
    );
  }

  return {
    async capture({ context, events }, client) {
      if (mostCaptured === 0) {
        throw new RejectedError(
          'epcis.capture-off',
          'This service keeps no events of others: its operator has not turned that on.',
        );
      }
      const wait = client === undefined ? 0 : limiter.take(client, events.length);
      if (wait > 0) throw new RateLimitedError(`More events come from ${client} than may. Wait ${wait} ms.`, wait);
      const captured = events.map((event) => {
        const hash = hashEpcisEvent(event, { context });
        const named = { ...event, eventID: typeof event.eventID === 'string' ? event.eventID : hash };
        // Prefixes stand in the document: an event that is served by itself takes them along.
        const contexts = [context, event['@context']].flat().filter((one) => one !== undefined);
        return {
          ...columnsOf({ ...named, '@context': contexts }),
          hash,
          is_error: event.errorDeclaration !== undefined,
        };
      });
      const job = {
        id: randomUUID(),
        captured_at: now(),
        event_ids: JSON.stringify(captured.map(({ event_id }) => event_id)),
      };
      await db.transaction().execute(async (trx) => {
        // One after the other, so that none is taken in twice and the count holds.
        await sql`select pg_advisory_xact_lock(${CAPTURE_LOCK})`.execute(trx);
        const fresh = await keepFresh(trx, captured);
        await assertRoom(trx, fresh.length);
        await trx.insertInto('outbox.capture').values(job).execute();
        for (let from = 0; from < fresh.length; from += ROWS) {
          const rows = fresh
            .slice(from, from + ROWS)
            .map((one) => ({ ...one, capture: job.id, captured_at: job.captured_at }));
          await trx.insertInto('outbox.captured_event').values(rows).execute();
        }
      });
      return readJob(job);
    },

    async findCapture(id) {
      const row = await db.selectFrom('outbox.capture').selectAll().where('id', '=', id).executeTakeFirst();
      return row && readJob(row);
    },

    async query(query) {
      const rows = await select(conditionOf(query), query);
      const shown = rows.slice(0, query.limit);
      const last = shown.at(-1);
      // A page that was cut for its size has a next one, too; one event alone is never too large.
      const hasMore = rows.length > query.limit || (await isCut(rows, query));
      return { events: await present(shown), next: hasMore && last !== undefined ? placeOf(last) : undefined };
    },

    async findEvent(id) {
      const recordTime = {};
      const rows = await select(sql`e.event_id = ${clean(id)}`, { recordTime, limit: LOOKED_AT });
      const anchored = rows
        .filter(({ source }) => source === 1)
        .sort((a, b) => a.first - b.first || a.second - b.second || a.third - b.third);
      const capturedLast = rows.filter(({ source }) => source === 0).sort((a, b) => b.first - a.first);
      for (const row of [...anchored, ...capturedLast]) {
        const [event] = await present([row]);
        if (event !== undefined) return event;
      }
      return undefined;
    },
  };

  async function isCut(rows: readonly Row[], query: EventQuery): Promise<boolean> {
    const last = rows.at(-1);
    if (last === undefined || rows.reduce((sum, { event }) => sum + event.length, 0) < PAGE_CHARACTERS) return false;
    return (await select(conditionOf(query), { ...query, after: placeOf(last), limit: 1 })).length > 0;
  }
}

/** So many events of one id are looked at. */
const LOOKED_AT = 64;
const ROWS = 250;
/** "epci" in ASCII: advisory locks are numbers, one space per database. */
const CAPTURE_LOCK = 0x65706369;

type Captured = ReturnType<typeof columnsOf> & { readonly hash: string; readonly is_error: boolean };

/** Those that are not here yet. Errors: `epcis.event-id`. */
async function keepFresh(trx: Trx, captured: readonly Captured[]): Promise<Captured[]> {
  const ids = captured.map(({ event_id }) => event_id);
  const wanted = sql`(select value from json_array_elements_text(${JSON.stringify(ids)}::json))`;
  const { rows } = await sql<{ event_id: string; hash: string | null; is_error: boolean | null }>`
    select event_id, hash, is_error from outbox.captured_event where event_id in ${wanted}
    union all select event_id, null, null from ledger.event where event_id in ${wanted}`.execute(trx);
  const known = new Map<string, string | null>();
  for (const { event_id, hash, is_error } of rows) {
    if (hash === null) known.set(`${event_id} true`, null).set(`${event_id} false`, null);
    else known.set(`${event_id} ${is_error}`, hash);
  }
  return captured.filter(({ event_id, hash, is_error }) => {
    const name = `${event_id} ${is_error}`;
    const other = known.get(name);
    if (other === hash) return false;
    if (other !== undefined) {
      const whose = other === null ? 'of a credential on the ledger' : 'that says otherwise';
      throw new RejectedError(
        'epcis.event-id',
        `${event_id} is the id of an event ${whose}: give this one another id, or none.`,
      );
    }
    known.set(name, hash);
    return true;
  });
}

function readJob(row: { readonly id: string; readonly captured_at: number; readonly event_ids: string }): CaptureJob {
  const ids = parseShape(eventIds, JSON.parse(row.event_ids), 'outbox.capture');
  return { id: row.id, capturedAt: formatTime(row.captured_at), eventIds: ids };
}

function placeOf({ event_time, source, first, second, third }: Row): Place {
  return [event_time, source, first, second, third];
}

// --------------------------------------------------------------------------------------------------------- conditions

/** Of a row `e` of either table. */
function conditionOf(query: EventQuery): RawBuilder<unknown> {
  const conditions = [
    oneOf('type', query.types),
    oneOf('action', query.actions),
    oneOf('event_id', query.eventIds),
    oneOf('biz_step', query.bizSteps?.map(spell.bizStep)),
    oneOf('disposition', query.dispositions?.map(spell.disposition)),
    oneOf('read_point', query.readPoints?.map(spell.place)),
    oneOf('biz_location', query.bizLocations?.map(spell.place)),
    within('e.event_time', query.eventTime),
    ...query.things.map(({ parts, names }) => {
      const things = parts.flatMap((part) => names.map((name) => formatThing(part, name)));
      return sql`e.things && (select array_agg(value) from json_array_elements_text(${JSON.stringify(things)}::json))`;
    }),
  ];
  return sql.join(conditions, sql` and `);
}

function oneOf(column: string, values: readonly string[] | undefined): RawBuilder<unknown> {
  if (values === undefined) return sql`true`;
  return sql`e.${sql.raw(column)} in (select value from json_array_elements_text(${JSON.stringify(values.map(clean))}::json))`;
}

function within(column: string, { from, before }: Span): RawBuilder<unknown> {
  const at = sql.raw(column);
  const since = from === undefined ? sql`true` : sql`${at} >= ${from}::bigint`;
  return before === undefined ? since : sql`${since} and ${at} < ${before}::bigint`;
}
