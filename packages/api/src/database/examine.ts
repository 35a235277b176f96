/**
 * A database looked at from outside, whether or not a service runs on it: for whoever must tell why a deployment does not work. It only
 * reads: nothing is migrated, and no lock is taken.
 */
import type { Digest, Hex, LedgerId } from '@dpp-ledger/core';
import { formatManifestCid, ledgerId } from '@dpp-ledger/core/evidence';
import { decodeEntry } from '@dpp-ledger/core/journal';
import { sql } from 'kysely';
import { readHead } from '../ledger/mirror.ts';
import { countOutbox, type HealthReport } from '../operation/health.ts';
import { type Database, type Db, LEADER_LOCK } from './database.ts';
import { CHANGES_STANDING, LEDGER_MIGRATIONS, OUTBOX_MIGRATIONS } from './schema.ts';

/** A schema beside the one that this program knows: `older` is migrated by the next start, `newer` was made by a later release. */
export type SchemaAge = 'absent' | 'older' | 'current' | 'newer';

export interface DatabaseReport {
  /** Milliseconds since 1970, by the database's clock. */
  readonly time: number;
  /** A standby, or a session that may not write. */
  readonly isReadOnly: boolean;
  readonly schemas: { readonly ledger: SchemaAge; readonly outbox: SchemaAge };
  /** Whether a replica leads; `undefined` where the engine cannot tell. */
  readonly hasLeader: boolean | undefined;
  /** What follows is `undefined` where a schema is not the one that this program knows. */
  readonly contents: DatabaseContents | undefined;
}

export interface DatabaseContents {
  /** Whom the promises are about; `undefined` while nobody has ever led. */
  readonly ledger: LedgerId | undefined;
  /** How far the index has come. */
  readonly indexed: { readonly blockNumber: number; readonly blockTime: number } | undefined;
  readonly outbox: NonNullable<HealthReport['outbox']>;
  /** Manifests of the newest anchors that the index has opened: what the store must have. */
  readonly manifests: readonly string[];
  /** Of each account that anchors, by how many issuers it is appointed. */
  readonly submitters: ReadonlyMap<Hex, number>;
}

const MANIFESTS = 3;

/** `now` in milliseconds. Errors: the driver's own, where nothing answers or the password is wrong. */
export async function examineDatabase(database: Database, options: { readonly now: number }): Promise<DatabaseReport> {
  const { db, engine } = database;
  const { rows } = await sql<{ time: number; standby: boolean; readonly: string }>`
    select (extract(epoch from clock_timestamp()) * 1000)::float8 as time, pg_is_in_recovery() as standby,
           current_setting('transaction_read_only') as readonly`.execute(db);
  const [server] = rows;
  if (server === undefined) throw new TypeError('a select without a table has one row');
  const ledger = await readAge(db, 'ledger', Object.keys(LEDGER_MIGRATIONS));
  const outbox = await readAge(db, 'outbox', Object.keys(OUTBOX_MIGRATIONS));
  return {
    time: server.time,
    isReadOnly: server.standby || server.readonly === 'on',
    schemas: { ledger, outbox },
    hasLeader: engine === 'postgresql' ? await readLeader(db) : undefined,
    contents: ledger === 'current' && outbox === 'current' ? await readContents(db, options.now) : undefined,
  };
}

/** By the migrations that Kysely has written down in the schema. */
async function readAge(db: Db, schema: 'ledger' | 'outbox', known: readonly string[]): Promise<SchemaAge> {
  const { rows } = await sql<{ there: boolean }>`
    select to_regclass(${`${schema}.kysely_migration`}) is not null as there`.execute(db);
  if (rows[0]?.there !== true) return 'absent';
  const applied = await sql<{ name: string }>`select name from ${sql.table(`${schema}.kysely_migration`)}`.execute(db);
  const names = applied.rows.map(({ name }) => name);
  if (names.some((name) => !known.includes(name))) return 'newer';
  return names.length < known.length ? 'older' : 'current';
}

async function readLeader(db: Db): Promise<boolean> {
  const { rows } = await sql<{ held: boolean }>`
    select exists (select from pg_locks where locktype = 'advisory' and granted and classid = 0 and objid = ${LEADER_LOCK}
      and objsubid = 1 and database = (select oid from pg_database where datname = current_database())) as held`.execute(
    db,
  );
  return rows[0]?.held === true;
}

async function readContents(db: Db, now: number): Promise<DatabaseContents> {
  const lease = await db.selectFrom('outbox.lease').select('ledger_id').executeTakeFirst();
  const head = await readHead(db);
  const manifests = await db
    .selectFrom('ledger.batch')
    .select('manifest')
    .where('indexed', '=', true)
    .where('problem', 'is', null)
    .orderBy('entry', 'desc')
    .limit(MANIFESTS)
    .execute();
  return {
    ledger: lease?.ledger_id == null ? undefined : ledgerId.parse(JSON.parse(lease.ledger_id)),
    indexed: head === undefined ? undefined : { blockNumber: head.blockNumber, blockTime: head.blockTime },
    outbox: await countOutbox(db, now),
    manifests: manifests.map(({ manifest }) => formatManifestCid(manifest as Digest)),
    submitters: await readSubmitters(db),
  };
}

async function readSubmitters(db: Db): Promise<Map<Hex, number>> {
  const { rows } = await sql<{ bytes: Uint8Array }>`
    select bytes from ledger.entry where kind in ('submitterAppointed', 'submitterDismissed')
      and ${CHANGES_STANDING} order by index`.execute(db);
  const counts = new Map<Hex, number>();
  for (const { bytes } of rows) {
    const entry = decodeEntry(bytes);
    if (entry.kind !== 'submitterAppointed' && entry.kind !== 'submitterDismissed') continue;
    counts.set(entry.account, (counts.get(entry.account) ?? 0) + (entry.kind === 'submitterAppointed' ? 1 : -1));
  }
  return counts;
}
