/**
 * Upkeep of the database: the planner's statistics, without which a look-up reads whole tables, and, where the database has nobody to do
 * it (PGlite runs neither autovacuum nor checkpointer), the removal of dead rows, which every credential leaves on its way to final, and
 * checkpoints, without which the log of changes grows for ever and a start after a crash reads all of it. A table is seen to each time
 * it has grown by a share of itself, so that the cost per credential stays the same however many there are. One replica does it.
 */
import { sql } from 'kysely';
import { createBell, pause } from '../bell.ts';
import type { Database, Leadership } from './database.ts';

export interface Upkeep {
  /** Runs until `signal` aborts, or leadership is lost. */
  run(leadership: Leadership, signal: AbortSignal): Promise<void>;
}

const TABLES = [
  'ledger.batch',
  'ledger.credential',
  'ledger.entry',
  'ledger.event',
  'ledger.node',
  'outbox.batch',
  'outbox.captured_event',
  'outbox.item',
];
/** Pages of 8 KiB that a table may grow by, in any case and as a share of what it had when it was last seen to. */
const GROWTH_PAGES = 64;
const GROWTH = 0.25;
/** Log of changes between two checkpoints: half of what PostgreSQL lets there be (`max_wal_size`). */
const LOG_BYTES = 512 * 1024 * 1024;
const RETRY_MS = 60_000;

export function createUpkeep(options: {
  readonly database: Database;
  readonly report: (problem: { readonly what: string; readonly error: unknown }) => void;
}): Upkeep {
  const { database, report } = options;
  const { db, engine } = database;

  /** `relpages` is what the last `vacuum` or `analyze` counted, whoever asked for it: an autovacuum that keeps up leaves nothing here. */
  async function findDue(): Promise<string[]> {
    const { rows } = await sql<{ name: string; pages: number; seen: number }>`
      select t.name, (pg_relation_size(c.oid) / 8192)::int as pages, greatest(c.relpages, 0) as seen
      from unnest(${`{${TABLES.join(',')}}`}::text[]) as t(name) join pg_class c on c.oid = t.name::regclass`.execute(
      db,
    );
    return rows.filter(({ pages, seen }) => pages > seen * (1 + GROWTH) + GROWTH_PAGES).map(({ name }) => name);
  }

  async function isLogLong(): Promise<boolean> {
    const { rows } = await sql<{ bytes: number }>`
      select pg_wal_lsn_diff(pg_current_wal_lsn(), redo_lsn)::float8 as bytes from pg_control_checkpoint()`.execute(db);
    return (rows[0]?.bytes ?? 0) > LOG_BYTES;
  }

  return {
    async run({ lost }, signal) {
      const over = AbortSignal.any([signal, lost]);
      const moved = createBell();
      const stop = await database.listen('ledger', moved.ring);
      try {
        while (!over.aborted) {
          try {
            for (const name of await findDue()) {
              over.throwIfAborted();
              // What is in the index is written once: only the outbox has rows that die.
              const isDirty = engine === 'pglite' && name.startsWith('outbox.');
              await sql.raw(`${isDirty ? 'vacuum (analyze)' : 'analyze'} ${name}`).execute(db);
            }
            if (engine === 'pglite' && (await isLogLong())) await sql`checkpoint`.execute(db);
            await moved.wait({ signal: over });
          } catch (error) {
            if (over.aborted) return;
            report({ what: 'see to the database', error });
            await pause(RETRY_MS, over);
          }
        }
      } finally {
        await stop();
      }
    },
  };
}
