/**
 * How the service is: what it needs, asked now, and what it has promised. Told as it is, so that nobody sends work where it cannot be
 * done. Three questions: does the process live (it answers), can it answer requests (`ready`), and is everything as it should be
 * (`status`). A replica that does not lead is as ready as the one that does.
 */
import type { Digest } from '@dpp-ledger/core';
import { formatManifestCid } from '@dpp-ledger/core/evidence';
import type { LedgerReader, LedgerWriter } from '@dpp-ledger/sdk/ledger';
import type { Store } from '@dpp-ledger/sdk/store';
import { sql } from 'kysely';
import type { Database, Db } from '../database/database.ts';
import { type IndexHead, readHead } from '../ledger/mirror.ts';
import type { WitnessStanding } from '../log/cosigning.ts';
import type { Tiles, Witnesses } from '../log/tiles.ts';
import { readOverdue } from '../outbox/promises.ts';

export interface HealthCheck {
  readonly ok: boolean;
  readonly detail: string;
}

export interface HealthReport {
  readonly status: 'ok' | 'degraded';
  /** Whether requests can be answered: database, an index that is not behind, a chain that was there a moment ago, and no shutdown. */
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, HealthCheck>>;
  readonly outbox?: Outbox;
  readonly figures: Figures;
}

export interface Outbox {
  /** Credentials without a batch. */
  readonly waiting: number;
  /** Batches that are not final. */
  readonly open: number;
  /** Promises that are broken. */
  readonly overdue: number;
}

/** What could be learnt, in numbers. */
export interface Figures {
  /** When the oldest credential without a batch was accepted; milliseconds since 1970. */
  readonly oldestWaiting?: number;
  readonly index?: IndexHead;
  readonly chainBlock?: number;
  readonly behind?: number;
  /** Seconds that the newest block's time is after this machine's. */
  readonly clockOffset?: number;
  /** In wei. */
  readonly balance?: bigint;
  /** Entries of the newest checkpoint of the published log. */
  readonly published?: number;
  /** Those that are asked to cosign it. */
  readonly witnesses?: readonly WitnessStanding[];
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
/** An index is behind by more blocks than this and more of the chain's seconds: chains differ in how often they make a block. */
const BEHIND_BLOCKS = 5;
const BEHIND_SECONDS = 30;
/** Most answers come from the index: they are given while the chain is away for a moment. */
const CHAIN_MISSED_MS = 30_000;
/** No block is made in the future: where one is so far ahead, this machine's clock is behind. */
const CLOCK_SECONDS = 60;
/** Below this many wei the account is called empty: some hundreds of anchors at usual prices. */
const LITTLE_MONEY = 10n ** 16n;

export interface HealthOptions {
  readonly database: Database;
  readonly reader: LedgerReader;
  readonly writer: LedgerWriter;
  readonly store: Store;
  readonly tiles: Tiles;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Aborted when the service stops. */
  readonly stopping: AbortSignal;
  readonly redact: (text: string) => string;
}

export function createHealth(options: HealthOptions): Health {
  const { database, reader, writer, store, tiles, now, stopping, redact } = options;
  let kept: { readonly at: number; readonly report: Promise<HealthReport> } | undefined;
  let noted: { readonly at: number; readonly text: string } | undefined;
  let lastSeen: { readonly at: number; readonly block: { readonly number: number; readonly time: number } } | undefined;

  /** The work's answer, or why there is none, in bounded time. */
  async function ask<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T | Missing> {
    const signal = AbortSignal.timeout(TIME_LIMIT_MS);
    const late = Promise.withResolvers<Missing>();
    const onLate = () => late.resolve({ missing: `no answer within ${TIME_LIMIT_MS} ms` });
    signal.addEventListener('abort', onLate, { once: true });
    try {
      return await Promise.race([work(signal), late.promise]);
    } catch (error) {
      return { missing: redact(error instanceof Error ? error.message : String(error)) };
    } finally {
      signal.removeEventListener('abort', onLate);
    }
  }

  async function readOutbox() {
    const { rows } = await sql<{ oldest: number | null; manifest: Uint8Array | null }>`
      select (select min(accepted_at) from outbox.item where batch is null and refusal_code is null) as oldest,
             (select manifest from outbox.batch where state in ('stored', 'sent', 'final') order by id desc limit 1) as manifest`.execute(
      database.db,
    );
    const { oldest = null, manifest = null } = rows[0] ?? {};
    return { outbox: await countOutbox(database.db, now()), oldest, manifest };
  }

  /** Whether it is there and has what it was last given: a store that does not pin loses it. */
  async function examineStore(signal: AbortSignal, manifest: Uint8Array | null): Promise<HealthCheck> {
    const { name, reachable, durability } = await store.describe({ signal });
    if (!reachable) return { ok: false, detail: `${name} does not answer` };
    const cid = manifest === null ? undefined : formatManifestCid(manifest as Digest);
    if (cid === undefined || (await store.hasBatch(cid, { signal })))
      return { ok: true, detail: `${name}: ${durability}` };
    return {
      ok: false,
      detail: `${name} does not keep what it was given: the newest batch, ${cid}, is not pinned there`,
    };
  }

  async function examine(): Promise<HealthReport> {
    const asked = ask(async () => ({
      ...{ head: await readHead(database.db), published: await tiles.findCheckpoint() },
      ...{ witnesses: await tiles.readWitnesses(), ...(await readOutbox()) },
    }));
    const [kept, chain, stored, money] = await Promise.all([
      asked,
      ask(async (signal) => ({ block: await reader.readBlock('latest', { signal }) })),
      ask(async (signal) => {
        const found = await asked;
        return await examineStore(signal, 'missing' in found ? null : found.manifest);
      }),
      ask(async (signal) => ({ balance: await reader.readBalance(writer.account, { signal }) })),
    ]);
    const inDatabase = 'missing' in kept ? undefined : kept;
    const block = 'missing' in chain ? undefined : chain.block;
    if (block !== undefined) lastSeen = { at: now(), block };
    const index = inDatabase?.head;
    const newest = lastSeen?.block;
    const behind = index && newest && Math.max(0, newest.number - index.blockNumber);
    const clockOffset = block && block.time - Math.floor(now() / 1_000);
    const isChainNear = lastSeen !== undefined && now() - lastSeen.at <= CHAIN_MISSED_MS;

    const checks: Record<string, HealthCheck> = {
      database: inDatabase ? { ok: true, detail: database.engine } : { ok: false, detail: reasonOf(kept) },
      chain: block
        ? { ok: true, detail: `block ${block.number} of ${reader.source}` }
        : { ok: false, detail: 'missing' in chain ? chain.missing : `${reader.source} has no block` },
      index: examineIndex(index, newest, behind),
      store: 'missing' in stored ? { ok: false, detail: stored.missing } : stored,
      account:
        'missing' in money
          ? { ok: false, detail: money.missing }
          : { ok: money.balance >= LITTLE_MONEY, detail: `${writer.account} has ${money.balance} wei` },
      clock: examineClock(clockOffset),
      promises: {
        ok: inDatabase?.outbox.overdue === 0,
        detail: inDatabase
          ? `${inDatabase.outbox.overdue} not anchored by the time that was promised`
          : 'unknown: the database does not answer',
      },
      ...(inDatabase?.witnesses === undefined ? {} : { witnesses: examineWitnesses(inDatabase.witnesses) }),
      ...(noted !== undefined && now() - noted.at < NOTED_MS ? { work: { ok: false, detail: noted.text } } : {}),
    };
    return {
      status: Object.values(checks).every(({ ok }) => ok) ? 'ok' : 'degraded',
      ready: inDatabase !== undefined && isChainNear && checks.index?.ok === true,
      checks,
      ...(inDatabase === undefined ? {} : { outbox: inDatabase.outbox }),
      figures: definedOnly({
        oldestWaiting: inDatabase?.oldest ?? undefined,
        index,
        chainBlock: block?.number,
        behind,
        clockOffset,
        balance: 'missing' in money ? undefined : money.balance,
        published: inDatabase?.published?.size,
        witnesses: inDatabase?.witnesses?.standings,
      }),
    };
  }

  return {
    async examine() {
      if (kept === undefined || now() - kept.at > KEPT_MS || now() < kept.at) kept = { at: now(), report: examine() };
      const report = await kept.report;
      if (!stopping.aborted) return report;
      const shutdown = { ok: false, detail: 'the service is being stopped: it takes in nothing more' };
      return { ...report, status: 'degraded', ready: false, checks: { ...report.checks, shutdown } };
    },
    note({ what, error }) {
      const text = `could not ${what}: ${error instanceof Error ? error.message : String(error)}`;
      noted = { at: now(), text: redact(text) };
    },
  };
}

interface Missing {
  readonly missing: string;
}

function reasonOf(answer: object): string {
  return 'missing' in answer ? String(answer.missing) : '';
}

function examineIndex(
  index: IndexHead | undefined,
  newest: { readonly time: number } | undefined,
  behind: number | undefined,
): HealthCheck {
  if (index === undefined || index.size === 0) return { ok: false, detail: 'nothing is read yet' };
  if (newest === undefined || behind === undefined) {
    return { ok: false, detail: `block ${index.blockNumber}, unknown how many behind` };
  }
  const ok = behind <= BEHIND_BLOCKS || newest.time - index.blockTime <= BEHIND_SECONDS;
  return { ok, detail: `block ${index.blockNumber}, ${behind} behind` };
}

/** All is well while those that answer are enough; who does not is named in any case. */
function examineWitnesses({ policy, standings, cosigned }: Witnesses): HealthCheck {
  const failing = standings.filter(({ failure }) => failure !== undefined);
  const ok = policy.meetsQuorum(standings.filter((each) => !failing.includes(each)).map(({ name }) => name));
  const newest = cosigned === undefined ? 'no checkpoint yet' : `the newest checkpoint with ${cosigned.size} entries`;
  const away = failing.map(({ name, failure, failingSince = 0 }) => {
    return `; ${name} does not cosign since ${new Date(failingSince).toISOString()}: ${failure}`;
  });
  return { ok, detail: `${policy.sentence}: they cosigned ${newest}${away.join('')}` };
}

/** Quiet chains make no block for hours, so an old one says nothing; one of the future does. */
function examineClock(offset: number | undefined): HealthCheck {
  if (offset === undefined) return { ok: true, detail: 'unknown while the chain does not answer' };
  if (offset <= 0) return { ok: true, detail: `the newest block is ${-offset} s old` };
  const ok = offset <= CLOCK_SECONDS;
  return { ok, detail: `the newest block is ${offset} s ahead${ok ? '' : ": this machine's clock is behind, set it"}` };
}

function definedOnly(figures: { [Name in keyof Figures]: Figures[Name] | undefined }): Figures {
  return Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined));
}

/** What was promised and is not settled. `now` in milliseconds. */
export async function countOutbox(db: Db, now: number): Promise<Outbox> {
  const { rows } = await sql<{ waiting: number; open: number }>`
    select (select count(*)::int from outbox.item where batch is null and refusal_code is null) as waiting,
           (select count(*)::int from outbox.batch where state not in ('final', 'dissolved')) as open`.execute(db);
  const { count: overdue } = await readOverdue(db, now);
  return { ...(rows[0] ?? { waiting: 0, open: 0 }), overdue };
}
