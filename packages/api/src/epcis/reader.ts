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
const LONGEST_RETRY_MS = 3_600_000;
/** Credentials read and written down at a time. */
const GROUP = 64;
/** An event may grow in translation; what grows beyond this is no use to anybody. */
const LONGEST_EVENT = 2 * 1024 * 1024;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A batch whose events were not read, or not all of them. */
interface Unread {
  readonly entry: number;
  readonly root: Uint8Array;
  readonly attempts: number;
}

export function createEventReader(options: {
  readonly database: Database;
  readonly store: BlockSource;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly report: (trouble: Trouble) => void;
}): EventReader {
  const { database, store, now, report } = options;
  const { db } = database;

  /** Batches without events are done with at once; the oldest of the others whose turn it is. */
  async function nextBatch(leadership: Leadership): Promise<Unread | undefined> {
    const waiting = db.selectFrom('ledger.batch').where('indexed', '=', true).where('events_read', '=', false);
    if ((await waiting.select('entry').limit(1).executeTakeFirst()) === undefined) return undefined;
    await database.write(leadership, async (trx) => {
      const { numAffectedRows = 0n } =
        await sql`update ledger.batch b set events_read = true where indexed and not events_read and not exists (
        select from ledger.credential c where c.entry = b.entry and c.kind = 'event' and c.problem is null)`.execute(
          trx,
        );
      // Who listens is this very reader, too: it must not wake itself for nothing.
      if (numAffectedRows > 0n) await database.notify(trx, 'ledger');
    });
    return await waiting
      .select(['entry', 'root', 'attempts'])
      // What is put off for longer than ever was put off by a clock that has gone back since.
      .where(({ eb, or }) => or([eb('attempt_at', '<=', now()), eb('attempt_at', '>', now() + LONGEST_RETRY_MS)]))
      .orderBy('entry')
      .limit(1)
      .executeTakeFirst();
  }

  /** In how many milliseconds the next batch that was put off is due. */
  async function nextTurn(): Promise<number | undefined> {
    const { rows } = await sql<{ due: number | null }>`
      select min(attempt_at) as due from ledger.batch where indexed and not events_read`.execute(db);
    const due = rows[0]?.due ?? undefined;
    return due === undefined ? undefined : Math.min(Math.max(due - now(), 0), LONGEST_RETRY_MS);
  }

  /** The chain may put another batch in its entry meanwhile: then nothing is read of that one, and it is not done with. */
  async function readBatch({ entry, root }: Unread, leadership: Leadership, signal: AbortSignal): Promise<void> {
    for (let readTo = -1; ; ) {
      signal.throwIfAborted();
      const { rows } = await sql<{ digest: Uint8Array; position: number; jwt: string | null }>`
        select c.digest, c.position, (select i.jwt from outbox.item i where i.digest = c.digest and i.jwt is not null limit 1) as jwt
        from ledger.credential c join ledger.batch b on b.entry = c.entry and b.root = ${root}
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
        await sql`update ledger.batch set events_read = true where entry = ${entry} and root = ${root}`.execute(trx);
        await database.notify(trx, 'ledger');
      });
      if (last === undefined) return;
      readTo = last.position;
    }
  }

  /** A store that lacks one credential holds up its batch, and no other. */
  async function putOff({ entry, root, attempts }: Unread, leadership: Leadership): Promise<void> {
    const at = now() + Math.min(LONGEST_RETRY_MS, RETRY_MS * 2 ** Math.min(attempts, 20));
    await database.write(leadership, async (trx) => {
      await sql`update ledger.batch set attempts = ${attempts + 1}, attempt_at = ${at}
        where entry = ${entry} and root = ${root}`.execute(trx);
    });
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
            const batch = await nextBatch(leadership);
            if (batch === undefined) {
              await moved.wait({ signal: over, ms: await nextTurn() });
              continue;
            }
            await readBatch(batch, leadership, over).catch(async (error: unknown) => {
              if (!(error instanceof DppError) || error.code === 'service.not-leading') throw error;
              report({ what: 'read events', error, entry: batch.entry });
              await putOff(batch, leadership);
            });
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
