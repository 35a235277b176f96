import { PGlite } from '@electric-sql/pglite';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createUpkeep } from '../src/database/upkeep.ts';
import { type Database, openDatabase } from '../src/index.ts';

let pglite: PGlite;
let database: Database;
beforeAll(async () => {
  pglite = await PGlite.create();
  database = openDatabase({ pglite });
  await database.migrate();
});
afterAll(() => pglite.close());

const PLACES = 20_000;

/** So many credentials, each of a subject of its own, all in one batch. */
async function fill(): Promise<void> {
  await sql`insert into ledger.batch (entry, issuer, roles, root, size, manifest, block_number, block_time, transaction_hash, indexed)
    values (1, '', 1, '', ${sql.lit(PLACES)}, '', 1, 1, '0x', true)`.execute(database.db);
  await sql`insert into ledger.credential (entry, position, digest, signing_digest, issuer, key, kind, subject, granularity, name,
      issuer_name, list, place, search)
    select 1, g, sha256(g::text::bytea), sha256(g::text::bytea), '', '', 'passport', 'https://maker.example/' || g, 'item', 'Laptop',
      'Maker', '7', g, 'Laptop' from generate_series(1, ${sql.lit(PLACES)}) g`.execute(database.db);
}

/** Rows that the newest-first look-up of a subject goes through and throws away. */
async function readInVain(): Promise<number> {
  const { rows } = await sql<{ 'QUERY PLAN': string }>`explain (analyze, costs off, timing off, summary off)
    select c.digest from ledger.credential c join ledger.batch a on a.entry = c.entry
    where c.problem is null and c.entry < 2 and c.subject = 'https://maker.example/10' and c.kind = 'passport'
    order by c.entry desc, c.position desc limit 64`.execute(database.db);
  const removed = rows.flatMap((row) => /Rows Removed by Filter: (\d+)/.exec(row['QUERY PLAN'])?.[1] ?? []);
  return removed.reduce((sum, count) => sum + Number(count), 0);
}

it('gives the planner what it needs to look up one subject among many by its index', async () => {
  await fill();
  expect(await readInVain()).toBeGreaterThan(PLACES / 2);
  const over = new AbortController();
  const problems: unknown[] = [];
  const upkeep = createUpkeep({ database, report: (problem) => problems.push(problem) });
  const leadership = { term: 1, lost: new AbortController().signal, release: async () => undefined };
  const running = upkeep.run(leadership, over.signal);
  // PGlite takes one statement after the other: its own come between these.
  while ((await readInVain()) > 0) expect(problems).toEqual([]);
  over.abort();
  await running;
  expect(problems).toEqual([]);
});
