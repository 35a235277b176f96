/** How the service is: what it needs, asked now, and what it has promised. Told as it is, so that nobody sends work where it cannot be done. */
import type { LedgerReader, LedgerWriter } from '@dpp-ledger/sdk/ledger';
import type { Store } from '@dpp-ledger/sdk/store';
import { sql } from 'kysely';
import type { Database, Db } from './database.ts';
import { readHead } from './mirror.ts';
import { readOverdue } from './promises.ts';

export interface HealthCheck {
  readonly ok: boolean;
  readonly detail: string;
}

export interface HealthReport {
  readonly status: 'ok' | 'degraded';
  /** Whether requests can be answered: database, chain and an index that is not behind. */
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, HealthCheck>>;
  readonly outbox?: { readonly waiting: number; readonly open: number; readonly overdue: number };
}

export interface Health {
  examine(): Promise<HealthReport>;
  /** What a part of the service last failed at; shown until it is a minute old. */
  note(problem: { readonly what: string; readonly error: unknown }): void;
}

const TIME_LIMIT_MS = 3_000;
/** An answer is kept so long, so that asking often costs nothing. */
const KEPT_MS = 1_000;
const NOTED_MS = 60_000;
/** Blocks that the index may be behind and still be called ready. */
const BEHIND = 5;
/** Below this many wei the account is called empty: some hundreds of anchors at usual prices. */
const LITTLE_MONEY = 10n ** 16n;

export function createHealth(options: {
  readonly database: Database;
  readonly reader: LedgerReader;
  readonly writer: LedgerWriter;
  readonly store: Store;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}): Health {
  const { database, reader, writer, store, now } = options;
  let kept: { readonly at: number; readonly report: Promise<HealthReport> } | undefined;
  let noted: { readonly at: number; readonly text: string } | undefined;

  async function check(work: (signal: AbortSignal) => Promise<HealthCheck>): Promise<HealthCheck> {
    const signal = AbortSignal.timeout(TIME_LIMIT_MS);
    const late = Promise.withResolvers<HealthCheck>();
    const onLate = () => late.resolve({ ok: false, detail: `no answer within ${TIME_LIMIT_MS} ms` });
    signal.addEventListener('abort', onLate, { once: true });
    try {
      return await Promise.race([work(signal), late.promise]);
    } catch (error) {
      return { ok: false, detail: error instanceof Error ? error.message : String(error) };
    } finally {
      signal.removeEventListener('abort', onLate);
    }
  }

  async function examine(): Promise<HealthReport> {
    let outbox: HealthReport['outbox'];
    let indexed: number | undefined;
    const [databaseCheck, chain, storeCheck, account] = await Promise.all([
      check(async () => {
        indexed = (await readHead(database.db))?.blockNumber;
        outbox = await countOutbox(database.db, now());
        return { ok: true, detail: database.engine };
      }),
      check(async (signal) => {
        const block = await reader.readBlock('latest', { signal });
        return { ok: block !== undefined, detail: `block ${block?.number ?? 'unknown'} of ${reader.source}` };
      }),
      check(async (signal) => {
        const { name, reachable, durability } = await store.describe({ signal });
        return { ok: reachable, detail: `${name}: ${durability}` };
      }),
      check(async (signal) => {
        const balance = await reader.readBalance(writer.account, { signal });
        return { ok: balance >= LITTLE_MONEY, detail: `${writer.account} has ${balance} wei` };
      }),
    ]);
    const head = /^block (\d+) /.exec(chain.detail)?.[1];
    const behind = indexed === undefined || head === undefined ? undefined : Math.max(0, Number(head) - indexed);
    const index: HealthCheck = {
      ok: behind !== undefined && behind <= BEHIND,
      detail:
        indexed === undefined ? 'nothing is read yet' : `block ${indexed}, ${behind ?? 'unknown how many'} behind`,
    };
    const promises: HealthCheck = {
      ok: outbox !== undefined && outbox.overdue === 0,
      detail: outbox === undefined ? 'unknown' : `${outbox.overdue} not anchored by the time that was promised`,
    };
    const trouble: Record<string, HealthCheck> =
      noted !== undefined && now() - noted.at < NOTED_MS ? { work: { ok: false, detail: noted.text } } : {};
    const checks = { database: databaseCheck, chain, index, store: storeCheck, account, promises, ...trouble };
    return {
      status: Object.values(checks).every(({ ok }) => ok) ? 'ok' : 'degraded',
      ready: databaseCheck.ok && chain.ok && index.ok,
      checks,
      ...(outbox === undefined ? {} : { outbox }),
    };
  }

  return {
    examine() {
      if (kept === undefined || now() - kept.at > KEPT_MS) kept = { at: now(), report: examine() };
      return kept.report;
    },
    note({ what, error }) {
      noted = { at: now(), text: `could not ${what}: ${error instanceof Error ? error.message : String(error)}` };
    },
  };
}

/** What was promised and is not settled; of which `overdue` are broken promises. `now` in milliseconds. */
export async function countOutbox(db: Db, now: number): Promise<NonNullable<HealthReport['outbox']>> {
  const { rows } = await sql<{ waiting: number; open: number }>`
    select (select count(*)::int from outbox.item where batch is null and refusal_code is null) as waiting,
           (select count(*)::int from outbox.batch where state not in ('final', 'dissolved')) as open`.execute(db);
  const { count: overdue } = await readOverdue(db, now);
  return { ...(rows[0] ?? { waiting: 0, open: 0 }), overdue };
}
