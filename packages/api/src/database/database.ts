/**
 * The database behind the service: PGlite on one machine, PostgreSQL for several. It owns connections, migrations, wake-up signals
 * between replicas and the leadership of one of them. It refuses writes of a leader whose term is over.
 */
import { UnavailableError } from '@dpp-ledger/core';
import type { PGlite } from '@electric-sql/pglite';
import { Kysely, type PGlite as KyselyPGlite, PGliteDialect, PostgresDialect, sql, type Transaction } from 'kysely';
import { Migrator } from 'kysely/migration';
import pg from 'pg';
import { pause } from '../bell.ts';
import { LEDGER_MIGRATIONS, OUTBOX_MIGRATIONS, type Schema } from './schema.ts';

export type Db = Kysely<Schema>;
export type Trx = Transaction<Schema>;

/** `outbox`: there is work for the batcher. `receipt`: something has become of a promise. `ledger`: the index has moved. `log`: a checkpoint was signed. */
export type Channel = 'outbox' | 'receipt' | 'ledger' | 'log';

export interface Leadership {
  readonly term: number;
  /** Aborted once the lock is lost. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

export interface Database {
  readonly db: Db;
  readonly engine: 'postgresql' | 'pglite';
  /** Brings both halves to the newest schema. */
  migrate(): Promise<void>;
  /** Empties the index; it is rebuilt from the chain. */
  deleteIndex(): Promise<void>;
  /** Wakes every replica that listens, once `executor`'s transaction is committed. */
  notify(executor: Db | Trx, channel: Channel): Promise<void>;
  /** Calls back on every signal, and once after a lost connection was made again: signals may have been missed. */
  listen(channel: Channel, onSignal: () => void): Promise<() => Promise<void>>;
  /** Waits until this replica leads. At most one does; another takes over as soon as its connection or process is gone. */
  lead(signal: AbortSignal): Promise<Leadership>;
  /** One transaction in the name of `leadership`. Errors: `service.not-leading` once another replica leads. */
  write<T>(leadership: Leadership, work: (trx: Trx) => Promise<T>): Promise<T>;
  /** Closes what this object opened; a PGlite that was handed in stays its owner's. */
  close(): Promise<void>;
}

/** Opens PostgreSQL by its URL, or wraps an open PGlite. Nothing is connected to or migrated yet. */
export function openDatabase(
  options: { readonly url: string; readonly poolSize?: number } | { readonly pglite: PGlite },
): Database {
  const { engine, db, listen, lock, end } = 'pglite' in options ? wrapPGlite(options.pglite) : connectPostgres(options);

  async function migrate(): Promise<void> {
    for (const [schema, migrations] of [
      ['ledger', LEDGER_MIGRATIONS],
      ['outbox', OUTBOX_MIGRATIONS],
    ] as const) {
      // A schema of its own for each half's bookkeeping, so that the index can be dropped with all that belongs to it.
      const migrator = new Migrator({
        db,
        provider: { getMigrations: async () => migrations },
        migrationTableSchema: schema,
      });
      const { error } = await migrator.migrateToLatest();
      if (error !== undefined) throw error;
    }
  }

  return {
    db,
    engine,
    listen,
    migrate,
    async deleteIndex() {
      await sql`drop schema if exists ledger cascade`.execute(db);
      await migrate();
    },
    async notify(executor, channel) {
      await sql`select pg_notify(${`dpp_${channel}`}, '')`.execute(executor);
    },
    async lead(signal) {
      const { lost, unlock } = await lock(signal);
      try {
        const { term } = await db
          .updateTable('outbox.lease')
          .set(({ eb }) => ({ term: eb('term', '+', 1) }))
          .returning('term')
          .executeTakeFirstOrThrow();
        return { term, lost, release: unlock };
      } catch (error) {
        await unlock();
        throw error;
      }
    },
    write: (leadership, work) =>
      db.transaction().execute(async (trx) => {
        // Shared with one's own transactions; the next leader's update waits for this one to end, and it then finds its term over.
        const { rows } = await sql<{ term: number }>`select term from outbox.lease for share`.execute(trx);
        if (rows[0]?.term !== leadership.term || leadership.lost.aborted) {
          throw new UnavailableError('service.not-leading', 'Another replica leads: this one stops writing.');
        }
        return await work(trx);
      }),
    close: end,
  };
}

interface Engine {
  readonly engine: Database['engine'];
  readonly db: Db;
  readonly listen: Database['listen'];
  lock(signal: AbortSignal): Promise<{ readonly lost: AbortSignal; unlock(): Promise<void> }>;
  end(): Promise<void>;
}

// ------------------------------------------------------------------------------------------------------------- PGlite

function wrapPGlite(pglite: PGlite): Engine {
  // Who else has this PGlite is in this process: one after the other.
  let last: Promise<void> = Promise.resolve();
  return {
    engine: 'pglite',
    db: new Kysely<Schema>({ dialect: new PGliteDialect({ pglite: beginSurely(pglite) }) }),
    listen: async (channel, onSignal) => {
      const stop = await pglite.listen(`dpp_${channel}`, onSignal);
      return async () => {
        if (!pglite.closed) await stop();
      };
    },
    async lock(signal) {
      const before = last;
      const { promise, resolve } = Promise.withResolvers<void>();
      last = before.then(() => promise);
      try {
        await untilAborted(before, signal);
      } catch (error) {
        resolve();
        throw error;
      }
      return { lost: new AbortController().signal, unlock: async () => resolve() };
    },
    end: async () => undefined,
  };
}

/**
 * Kysely waits for ever for a transaction that PGlite does not begin, when it is closed say, and holds its one connection meanwhile. Here
 * it begins, and its first statement says why it cannot.
 */
function beginSurely(pglite: PGlite): KyselyPGlite {
  return {
    get closed() {
      return pglite.closed;
    },
    get ready() {
      return pglite.ready;
    },
    get waitReady() {
      return pglite.waitReady;
    },
    close: () => pglite.close(),
    query: (text, parameters, options) => pglite.query(text, parameters, options),
    async transaction(work) {
      let isBegun = false;
      try {
        return await pglite.transaction((transaction) => {
          isBegun = true;
          return work(transaction);
        });
      } catch (error) {
        if (isBegun) throw error;
        return await work({ query: () => Promise.reject(error), rollback: async () => undefined });
      }
    },
  };
}

async function untilAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

// --------------------------------------------------------------------------------------------------------- PostgreSQL

/**
 * A leader that is frozen or cut off keeps its connection, and with it the lock: the server ends a session that has said nothing for so
 * long, and a transaction that has stood still. A leader says something a few times in that time.
 */
const SILENCE_MS = 5_000;
const SIGN_OF_LIFE_MS = 1_000;
/** "dpp-" in ASCII: advisory locks are numbers, one space per database. */
export const LEADER_LOCK = 0x6470702d;
const RECONNECT_MS = 500;
const KEEP_ALIVE_MS = 10_000;

function connectPostgres({ url, poolSize = 10 }: { readonly url: string; readonly poolSize?: number }): Engine {
  const connection = {
    ...{ connectionString: url, types: TYPES, application_name: 'dpp-ledger' },
    // Who waits for a signal, or for the lead, says nothing for hours: a connection that the network has dropped is noticed all the same.
    ...{ keepAlive: true, keepAliveInitialDelayMillis: KEEP_ALIVE_MS },
  };
  const pool = new pg.Pool({
    ...connection,
    max: poolSize,
    // Whoever gets none in this time is told so: a request does not wait for a pool that is used up.
    connectionTimeoutMillis: 2_000,
    idle_in_transaction_session_timeout: SILENCE_MS,
  });
  // A connection that breaks is replaced by the pool, idle or between two statements of a transaction; whoever asks next notices.
  pool.on('error', ignoreBroken);
  pool.on('connect', (client) => client.on('error', ignoreBroken));
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  const ending = new AbortController();
  const callbacks = new Map<Channel, Set<() => void>>();
  let listening: Promise<void> | undefined;

  /** One connection for all signals, made anew for as long as it is needed. */
  async function keepListening(first: PromiseWithResolvers<void>): Promise<void> {
    for (let connectedBefore = false; !ending.signal.aborted; ) {
      const client = new pg.Client(connection);
      const gone = Promise.withResolvers<void>();
      client.on('error', () => gone.resolve());
      client.on('end', () => gone.resolve());
      client.on('notification', ({ channel }) => ring(channel.slice('dpp_'.length) as Channel));
      const onEnding = () => gone.resolve();
      ending.signal.addEventListener('abort', onEnding, { once: true });
      try {
        await client.connect();
        for (const channel of CHANNELS) await client.query(`listen dpp_${channel}`);
        if (connectedBefore) CHANNELS.forEach(ring);
        connectedBefore = true;
        first.resolve();
        await gone.promise;
      } catch (error) {
        if (!connectedBefore) return first.reject(error);
      } finally {
        ending.signal.removeEventListener('abort', onEnding);
        await client.end();
      }
      if (!ending.signal.aborted) await pause(RECONNECT_MS, ending.signal);
    }
  }

  function ring(channel: Channel): void {
    for (const onSignal of callbacks.get(channel) ?? []) onSignal();
  }

  return {
    engine: 'postgresql',
    db,
    async listen(channel, onSignal) {
      const set = callbacks.get(channel) ?? new Set();
      callbacks.set(channel, set.add(onSignal));
      if (listening === undefined) {
        const first = Promise.withResolvers<void>();
        const loop = keepListening(first);
        listening = first.promise;
        // It ends only when `ending` is aborted, or has rejected `first`.
        loop.catch(first.reject);
      }
      await listening;
      return async () => {
        set.delete(onSignal);
      };
    },
    async lock(signal) {
      const client = new pg.Client(connection);
      const lost = new AbortController();
      client.on('error', () => lost.abort());
      client.on('end', () => lost.abort());
      // The wait happens in the server; to give it up is to hang up.
      const hangUp = () => void client.end();
      signal.addEventListener('abort', hangUp, { once: true });
      try {
        signal.throwIfAborted();
        await client.connect();
        await client.query(`set idle_session_timeout = ${SILENCE_MS}`);
        await client.query('select pg_advisory_lock($1)', [LEADER_LOCK]);
        signal.throwIfAborted();
        const stop = giveSigns(client, () => lost.abort());
        return {
          lost: lost.signal,
          unlock: async () => {
            stop();
            await client.end();
          },
        };
      } catch (error) {
        await client.end();
        throw signal.aborted ? signal.reason : error;
      } finally {
        signal.removeEventListener('abort', hangUp);
      }
    },
    async end() {
      ending.abort();
      await db.destroy();
    },
  };
}

/** Says that the leader is alive; calls back where the server has not heard it for so long that it will have taken the lock away. */
function giveSigns(client: pg.Client, onSilence: () => void): () => void {
  let heard = performance.now();
  const timer = setInterval(() => {
    if (performance.now() - heard > SILENCE_MS) onSilence();
    client.query('select 1').then(() => {
      heard = performance.now();
    }, onSilence);
  }, SIGN_OF_LIFE_MS);
  return () => clearInterval(timer);
}

function ignoreBroken(): void {}

const CHANNELS: readonly Channel[] = ['outbox', 'receipt', 'ledger', 'log'];

/** All our integers stay below 2^53. */
const INT8 = 20;
const TYPES: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

/** Whether an error says that the database is not there, rather than that a statement is wrong. SQLSTATE classes 08, 53, 57, 58, and a transaction that stood still. */
export function isDatabaseGone(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return (
    /^(?:(?:08|53|57|58)[0-9A-Z]{3}|25P03)$/.test(code) ||
    ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ETIMEDOUT', 'EPIPE'].includes(code) ||
    /Connection terminated|timeout exceeded when trying to connect|Client was closed|PGlite is closed/.test(
      error.message,
    )
  );
}
