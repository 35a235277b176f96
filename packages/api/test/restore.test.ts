/**
 * The drill of docs/operations.md: the outbox is backed up with PostgreSQL's own tools, all of the database is lost, and the promises are
 * kept from the back-up. Run where DPP_TEST_POSTGRES names a server on which databases may be created, and its tools are installed.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../src/index.ts';
import { startService, startWorld, type TestIssuer, type World } from './support.ts';

const server = process.env.DPP_TEST_POSTGRES;
const runFile = promisify(execFile);

describe.skipIf(server === undefined)('a back-up of the outbox', () => {
  let world: World;
  let issuer: TestIssuer;
  let admin: pg.Client;
  let folder: string;
  const names: string[] = [];
  const opened: Database[] = [];

  beforeAll(async () => {
    admin = new pg.Client({ connectionString: server });
    await admin.connect();
    folder = await mkdtemp(join(tmpdir(), 'dpp-restore-'));
    world = await startWorld();
    issuer = await world.createIssuer();
  });
  afterAll(async () => {
    await Promise.all(opened.map((database) => database.close()));
    for (const name of names) await admin.query(`drop database if exists ${name} with (force)`);
    await admin.end();
    await world.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function createDatabase(): Promise<{
    readonly url: string;
    readonly database: Database;
    lose(): Promise<void>;
  }> {
    const name = `dpp_restore_${randomBytes(6).toString('hex')}`;
    names.push(name);
    await admin.query(`create database ${name}`);
    const url = new URL(name, `${server}/`).href;
    const database = openDatabase({ url });
    opened.push(database);
    return {
      url,
      database,
      async lose() {
        await database.close();
        await admin.query(`drop database ${name} with (force)`);
      },
    };
  }

  async function backUp(url: string): Promise<string> {
    const file = join(folder, `${randomBytes(4).toString('hex')}.dump`);
    await runFile('pg_dump', ['--format=custom', '--schema=outbox', `--file=${file}`, url]);
    return file;
  }

  /** A new database with what was backed up, and nothing else. */
  async function restore(file: string) {
    const made = await createDatabase();
    await runFile('pg_restore', ['--exit-on-error', '--no-owner', `--dbname=${made.url}`, file]);
    return made;
  }

  /** How often each credential stands on the ledger, by an index that was built anew. */
  async function countAnchors(database: Database): Promise<readonly number[]> {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from outbox.item i join ledger.credential c on c.digest = i.digest group by i.id`.execute(
      database.db,
    );
    return rows.map(({ count }) => count);
  }

  const idsOf = (answers: readonly Record<string, unknown>[]) => answers.map(({ id }) => String(id));

  it('keeps every promise when all else in the database is lost', async () => {
    const before = await createDatabase();
    const service = await startService(world, { database: before.database });
    const early = idsOf(await service.submit(await issuer.signMany(20)));
    await service.until(early.at(-1), 'final');
    // Accepted, and not anchored when the database goes.
    const waiting = await startService(world, { database: before.database, start: false });
    await service.stop();
    const late = idsOf(await waiting.submit(await issuer.signMany(30)));
    const file = await backUp(before.url);
    await waiting.stop();
    await before.lose();

    const after = await restore(file);
    const again = await startService(world, { database: after.database });
    for (const id of [...early, ...late]) expect(await again.until(id, 'final')).toMatchObject({ state: 'final' });
    await again.inStep();
    const counts = await countAnchors(after.database);
    expect(counts).toHaveLength(50);
    expect(new Set(counts)).toEqual(new Set([1]));
    await again.stop();
  });

  it('anchors nothing twice that was anchored after it was made, though its batches had another cut', async () => {
    const before = await createDatabase();
    const first = await startService(world, { database: before.database });
    await first.stop();
    const waiting = await startService(world, { database: before.database, start: false });
    const ids = idsOf(await waiting.submit(await issuer.signMany(25)));
    const file = await backUp(before.url);
    const service = await startService(world, { database: before.database, batch: { size: 10, ageMs: 20 } });
    for (const id of ids) await service.until(id, 'final');
    await service.stop();
    await waiting.stop();
    await before.lose();

    const after = await restore(file);
    const again = await startService(world, { database: after.database });
    for (const id of ids) expect(await again.until(id, 'final')).toMatchObject({ state: 'final' });
    await again.inStep();
    const counts = await countAnchors(after.database);
    expect(counts).toHaveLength(25);
    expect(new Set(counts)).toEqual(new Set([1]));
    await again.stop();
  });
});
