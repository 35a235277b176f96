import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLedger } from '../../sdk/test/support.ts';
import { compareIndex, type Database, openDatabase } from '../src/index.ts';
import { createRefinery, UNITS } from './refinery.ts';
import { EVENT_TERMS, startService, startWorld, type TestIssuer, type World } from './support.ts';

let world: World;
let issuer: TestIssuer;
let pglite: PGlite;
let database: Database;
const CREDENTIALS = 8;
let batches: number;
let credentials: number;

beforeAll(async () => {
  world = await startWorld();
  issuer = await world.createIssuer();
  pglite = await PGlite.create();
  database = openDatabase({ pglite });
  const service = await startService(world, { database });
  const answers = await service.submit([...(await issuer.signMany(CREDENTIALS - 1)), await issuer.sign(EVENT_TERMS)]);
  await Promise.all(answers.map(({ id }) => service.until(id, 'final')));
  await issuer.revoke([2]);
  await issuer.supersede([3]);
  const { events } = await createRefinery(world);
  batches = 1 + events.size + 1;
  credentials = CREDENTIALS + events.size + UNITS;
  await service.inStep();
  await service.caughtUp();
  await service.close();
}, 120_000);
afterAll(async () => {
  await pglite.close();
  await world.stop();
});

const compare = () => compareIndex(database, { ledger: world.reader, source: world.embedded.store });

describe('an index that is compared with the ledger', () => {
  it('is what the ledger makes, every row of it', async () => {
    const compared = await compare();
    expect(compared).toMatchObject({ total: 0, differences: [], credentials, unread: 0 });
    expect(compared.entries).toBe((await world.reader.readTreeHead()).size);
  });

  it.each<[what: string, table: string, column: string, change: string]>([
    [
      'an entry’s bytes',
      'entry',
      'bytes',
      'update ledger.entry set bytes = set_byte(bytes, 60, get_byte(bytes, 60) # 1) where index = 3',
    ],
    ['an entry’s kind', 'entry', 'kind', "update ledger.entry set kind = 'suspended' where index = 4"],
    [
      'whose transaction made an entry',
      'entry',
      'transaction_hash',
      "update ledger.entry set transaction_hash = '0x00' where index = 4",
    ],
    ['an entry that is gone', 'entry', 'all', 'delete from ledger.entry where index = 5'],
    [
      'an entry that nobody made',
      'entry',
      'index',
      'insert into ledger.entry select 1000, block_number, transaction_hash, kind, issuer, bytes from ledger.entry where index = 5',
    ],
    [
      'a node of the tree',
      'node',
      'hash',
      'update ledger.node set hash = set_byte(hash, 0, get_byte(hash, 0) # 1) where level = 1 and index = 1',
    ],
    ['the root of a batch', 'batch', 'root', 'update ledger.batch set root = set_byte(root, 0, get_byte(root, 0) # 1)'],
    [
      'a batch that is said to be misstated',
      'batch',
      'problem',
      "update ledger.batch set problem = 'evidence.manifest'",
    ],
    ['the time of an anchor', 'batch', 'block_time', 'update ledger.batch set block_time = block_time - 86400'],
    ['a revocation that is gone', 'status_change', 'all', "delete from ledger.status_change where status = 'revoked'"],
    [
      'a place that was revoked instead',
      'status_change',
      'bits',
      "update ledger.status_change set bits = set_byte(bits, 31, 1) where status = 'revoked'",
    ],
    ['what is left of a lot', 'lot', 'milligrams', "update ledger.lot set milligrams = 1 where label = 'CELLS-1'"],
    ['who holds a lot', 'lot', 'holder', "update ledger.lot set holder = named_by where label = 'CELLS-1'"],
    ['that a lot is void', 'lot', 'is_void', "update ledger.lot set is_void = false where label = 'ORE-1/C'"],
    ['where a lot came from', 'lot', 'country', "update ledger.lot set country = 'NO' where label = 'ORE-1'"],
    ['what a lot is', 'lot', 'origin', "update ledger.lot set origin = 'postConsumerRecycled' where label = 'PURE-1'"],
    ['a lot that is gone', 'lot', 'all', "delete from ledger.lot where label = 'CELLS-2'"],
    [
      'a lot that nobody made',
      'lot',
      'entry',
      "insert into ledger.lot select sha256(id), 1000, position, substance, origin, custody, registered, named_by, label, event, country, facility, period_from, period_until, holder, offered_to, milligrams, is_void from ledger.lot where label = 'ORE-1'",
    ],
    [
      'what was taken from a lot',
      'flow',
      'milligrams',
      'update ledger.flow set milligrams = 59999 where milligrams = 60000',
    ],
    ['a taking that is gone', 'flow', 'all', "delete from ledger.flow where way = 'out'"],
    [
      'what a passport is about',
      'credential',
      'subject',
      "update ledger.credential set subject = 'https://id.gs1.org/01/09521234000013/21/OTHER' where position = 2",
    ],
    [
      'what people find it by',
      'credential',
      'search',
      "update ledger.credential set search = 'anything' where position = 2",
    ],
    [
      'a credential that is bad, said to be good',
      'credential',
      'problem',
      "update ledger.credential set problem = 'credential.jwt' where position = 1",
    ],
    [
      'another credential in a place',
      'credential',
      'digest',
      'update ledger.credential set digest = set_byte(digest, 0, get_byte(digest, 0) # 1) where position = 4',
    ],
    ['a credential that is gone', 'credential', 'all', 'delete from ledger.credential where position = 6'],
    [
      'what an event says',
      'event',
      'event',
      "update ledger.event set event = replace(event, 'commissioning', 'destroying')",
    ],
    ['what an event is found by', 'event', 'things', "update ledger.event set things = '{}'"],
    ['an event that is gone', 'event', 'all', 'delete from ledger.event'],
    [
      'an event that no credential has',
      'event',
      'all',
      'insert into ledger.event select digest, 7, event_id, type, action, event_time, biz_step, disposition, read_point, biz_location, things, event from ledger.event',
    ],
    [
      'a credential too many',
      'credential',
      'all',
      'insert into ledger.credential (entry, position, digest) select entry, 8, digest from ledger.credential where position = 0',
    ],
  ])('shows %s', async (_, table, column, change) => {
    await inCopy(table, async () => {
      const { affectedRows } = await pglite.query(change);
      expect(affectedRows).toBeGreaterThan(0);
      const { differences, total } = await compare();
      expect(total).toBeGreaterThan(0);
      expect(differences[0]).toMatchObject({ table, column });
      expect(differences[0]?.expected).not.toBe(differences[0]?.found);
    });
    expect((await compare()).total).toBe(0);
  });

  it('is not taken for another ledger’s, and says nothing of rows whose bytes it cannot read', async () => {
    const other = await startLedger();
    await expect(compareIndex(database, { ledger: other.reader })).rejects.toMatchObject({ code: 'ledger.mismatch' });
    await other.stop();
    const ledger = world.reader;
    const empty = {
      ...world.embedded.store,
      get: () => world.embedded.store.get('bafkreiaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'),
    };
    expect(await compareIndex(database, { ledger, source: empty })).toMatchObject({
      total: 0,
      credentials: 0,
      unread: batches,
    });
    expect(await compareIndex(database, { ledger })).toMatchObject({ total: 0, credentials: 0, unread: 0 });
  });
});

/** The table is as it was, afterwards. */
async function inCopy(table: string, work: () => Promise<void>): Promise<void> {
  await pglite.exec(`create table before as select * from ledger.${table}`);
  try {
    await work();
  } finally {
    await pglite.exec(
      `delete from ledger.${table}; insert into ledger.${table} select * from before; drop table before`,
    );
  }
}
