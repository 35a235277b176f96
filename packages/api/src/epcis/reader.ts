/**
 * Reads the events of event credentials into the index, as EPCIS has them, once the index has their batch whole. What follows from a
 * credential's bytes is kept by its digest, so that nothing of it changes when the chain goes back. An event that EPCIS cannot say is
 * left out: its credential is there all the same.
 */
import { type Digest, DppError } from '@dpp-ledger/core';
import { credentialSubjects, formatCid, parseCredential, parseJwt } from '@dpp-ledger/core/credential';
import { type EpcisObject, eventToEpcis, isEpcisEvent } from '@dpp-ledger/core/event';
import type { BlockSource } from '@dpp-ledger/sdk/store';
import { type Insertable, sql } from 'kysely';
import { createBell, pause } from '../bell.ts';
import type { Database, Leadership } from '../database/database.ts';
import type { EventTable } from '../database/schema.ts';
import type { Trouble } from '../operation/log.ts';
import { columnsOf } from './columns.ts';

export interface EventReader {
  /** Runs until `signal` aborts, or leadership is lost. */
  run(leadership: Leadership, signal: AbortSignal): Promise<void>;
}

const RETRY_MS = 1_000;
/** Credentials read and written down at a time. */
const GROUP = 64;
/** An event may grow in translation; what grows beyond this is no use to anybody. */
const LONGEST_EVENT = 2 * 1024 * 1024;
const utf8 = new TextDecoder('utf-8', { fatal: true });

export function createEventReader(options: {
  readonly database: Database;
  readonly store: BlockSource;
  readonly report: (trouble: Trouble) => void;
}): EventReader {
  const { database, store, report } = options;
  const { db } = database;

  /** Batches without events are done with at once; the oldest of the others. */
  async function nextBatch(leadership: Leadership): Promise<number | undefined> {
    const waiting = db
      .selectFrom('ledger.batch')
      .select('entry')
      .where('indexed', '=', true)
      .where('events_read', '=', false);
    if ((await waiting.limit(1).executeTakeFirst()) === undefined) return undefined;
    await database.write(leadership, async (trx) => {
      await sql`update ledger.batch b set events_read = true where indexed and not events_read and not exists (
        select from ledger.credential c where c.entry = b.entry and c.kind = 'event' and c.problem is null)`.execute(
        trx,
      );
      await database.notify(trx, 'ledger');
    });
    return (await waiting.orderBy('entry').limit(1).executeTakeFirst())?.entry;
  }

  async function readBatch(entry: number, leadership: Leadership, signal: AbortSignal): Promise<void> {
    for (let readTo = -1; ; ) {
      signal.throwIfAborted();
      const { rows } = await sql<{ digest: Uint8Array; position: number; jwt: string | null }>`
        select c.digest, c.position, (select i.jwt from outbox.item i where i.digest = c.digest and i.jwt is not null limit 1) as jwt
        from ledger.credential c
        where c.entry = ${entry} and c.kind = 'event' and c.problem is null and c.position > ${readTo}
        order by c.position limit ${GROUP}`.execute(db);
      const last = rows.at(-1);
      const events = (await Promise.all(rows.map((row) => readEvents(row, signal)))).flat();
      await database.write(leadership, async (trx) => {
        for (let from = 0; from < events.length; from += GROUP) {
          // Of one digest and one content: whoever wrote it first wrote the same.
          const some = trx.insertInto('ledger.event').values(events.slice(from, from + GROUP));
          await some.onConflict((conflict) => conflict.doNothing()).execute();
        }
        if (last !== undefined) return;
        await trx.updateTable('ledger.batch').set({ events_read: true }).where('entry', '=', entry).execute();
        await database.notify(trx, 'ledger');
      });
      if (last === undefined) return;
      readTo = last.position;
    }
  }

  async function readEvents(
    row: { readonly digest: Uint8Array; readonly jwt: string | null },
    signal: AbortSignal,
  ): Promise<Insertable<EventTable>[]> {
    const digest = new Uint8Array(row.digest) as Digest;
    const jwt = row.jwt ?? utf8.decode(await store.get(formatCid(digest), { signal }));
    return mapEvents(jwt).flatMap((event, position) =>
      event === undefined ? [] : [{ digest, position, ...columnsOf(event) }],
    );
  }

  return {
    async run(leadership, signal) {
      const over = AbortSignal.any([signal, leadership.lost]);
      const moved = createBell();
      const stop = await database.listen('ledger', moved.ring);
      try {
        while (!over.aborted) {
          try {
            const entry = await nextBatch(leadership);
            if (entry === undefined) {
              await moved.wait({ signal: over });
              continue;
            }
            await readBatch(entry, leadership, over);
          } catch (error) {
            if (over.aborted || (error instanceof DppError && error.code === 'service.not-leading')) return;
            report({ what: 'read events', error });
            await pause(RETRY_MS, over);
          }
        }
      } finally {
        await stop();
      }
    },
  };
}

/** The events of a sound event credential; `undefined` for those that EPCIS cannot say. */
export function mapEvents(jwt: string): (EpcisObject | undefined)[] {
  const credential = parseCredential(parseJwt(jwt).payload);
  return credentialSubjects(credential).map((subject) => {
    const event = eventToEpcis(subject);
    return isEpcisEvent(event) && JSON.stringify(event).length <= LONGEST_EVENT ? event : undefined;
  });
}
