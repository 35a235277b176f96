/**
 * Promises: a receipt names the latest time of anchoring, and this watches that it is kept. A promise is broken when that time is over and
 * no block of the index has the batch; then an alarm is raised, at once and again for as long as it lasts. Every replica watches for
 * itself, whatever its leader is stuck in. It mends nothing: what waits goes on being tried.
 */
import { UnavailableError } from '@dpp-ledger/core';
import { sql } from 'kysely';
import { pause } from '../bell.ts';
import type { Db } from '../database/database.ts';
import { formatTime } from './receipts.ts';

export interface PromiseOptions {
  readonly db: Db;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How long after acceptance a credential is anchored at the latest. */
  readonly promiseMs: number;
  readonly report: (problem: { readonly what: string; readonly error: unknown }) => void;
}

/** Promises that are broken and not made good. Times in milliseconds since 1970. */
export interface Overdue {
  readonly count: number;
  /** By when the oldest of them was to be anchored. */
  readonly oldest: number | undefined;
}

export interface PromiseWatch {
  /** Credentials that were not anchored in time, counted by this process; also those that were anchored later. */
  readonly broken: number;
  /** Runs until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
}

/** The alarm is raised again while it lasts. */
const ALARM_EVERY_MS = 15 * 60_000;
const LOOK_EVERY_MS = 60_000;

/** What was promised and is on no block of the index. */
const OPEN = sql`
  select anchor_by from outbox.item where batch is null and refusal_code is null
  union all
  select i.anchor_by from outbox.batch b join outbox.item i on i.batch = b.id
  where b.state not in ('final', 'dissolved') and not exists (
    select from ledger.batch a where a.root = b.root and a.issuer = b.issuer and a.manifest = b.manifest)`;

/** Asked of the database, so that it is the same at every replica. */
export async function readOverdue(db: Db, now: number): Promise<Overdue> {
  const { rows } = await sql<{ count: number; oldest: number | null }>`
    select count(*)::int as count, min(anchor_by) as oldest from (${OPEN}) o where anchor_by <= ${now}`.execute(db);
  return { count: rows[0]?.count ?? 0, oldest: rows[0]?.oldest ?? undefined };
}

export function createPromiseWatch({ db, now, promiseMs, report }: PromiseOptions): PromiseWatch {
  let broken = 0;
  /** What was due by then is counted. */
  let countedTo = Number.MIN_SAFE_INTEGER;
  let alarmedAt: number | undefined;

  /** Raises the alarm where there is cause. Returns in how many milliseconds the next promise is due. */
  async function look(): Promise<number> {
    const at = now();
    const { rows } = await sql<{ more: number; next: number | null }>`
      select count(*) filter (where anchor_by <= ${at} and anchor_by > ${countedTo}::bigint)::int as more,
             min(anchor_by) filter (where anchor_by > ${at}) as next from (${OPEN}) o`.execute(db);
    const { count, oldest } = await readOverdue(db, at);
    broken += rows[0]?.more ?? 0;
    countedTo = Math.max(countedTo, at);
    if (count === 0 || oldest === undefined) alarmedAt = undefined;
    else if (alarmedAt === undefined || at < alarmedAt || at - alarmedAt >= ALARM_EVERY_MS) {
      alarmedAt = at;
      const message = `${count} credentials are not anchored by the time that their receipts promised, the first of them by ${formatTime(oldest)}. They are still tried: /healthz and the problems before this one say what is in the way.`;
      report({ what: 'keep what was promised', error: new UnavailableError('service.overdue', message) });
    }
    // What is accepted meanwhile is due after `promiseMs`, so by looking that often no time is missed.
    return Math.min(LOOK_EVERY_MS, promiseMs, (rows[0]?.next ?? Number.POSITIVE_INFINITY) - at);
  }

  return {
    get broken() {
      return broken;
    },
    async run(signal) {
      while (!signal.aborted) {
        let wait = Math.min(LOOK_EVERY_MS, promiseMs);
        try {
          wait = await look();
        } catch (error) {
          if (!signal.aborted) report({ what: 'look after promises', error });
        }
        await pause(wait, signal);
      }
    },
  };
}
