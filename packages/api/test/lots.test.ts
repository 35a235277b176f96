import { formatLot } from '@dpp-ledger/core/materials';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../src/index.ts';
import { createRefinery, type Refinery } from './refinery.ts';
import { dumpIndex, startService, startWorld, type TestService, type World } from './support.ts';

let world: World;
let service: TestService;
let story: Refinery;

beforeAll(async () => {
  world = await startWorld();
  story = await createRefinery(world);
  service = await startService(world);
}, 120_000);
afterAll(async () => {
  await service.close();
  await world.stop();
});

type Items = { items: Record<string, unknown>[]; next?: string };
const labels = ({ items }: Items) => items.map(({ label }) => label);
const list = async (query: string) => (await service.getJson(`/lots?${query}`)) as unknown as Items;
const uri = (lot: `0x${string}`) => formatLot(world.reader.name, lot);

/** Once every batch that is anchored was read. */
const filled = ({ eventually, database: { db } }: TestService) =>
  eventually(async () => {
    const waiting = await db.selectFrom('ledger.batch').select('entry').where('indexed', '=', false).execute();
    return waiting.length === 0;
  });

describe('the index of lots', () => {
  it('has each lot as the ledger keeps it', async () => {
    const { refiner, maker, lots, events } = story;
    expect(await service.getJson(`/lots/${lots.recycled}`)).toMatchObject({
      ...{ lot: uri(lots.recycled), id: lots.recycled, substance: '7440-48-4', name: 'cobalt' },
      ...{ origin: 'postConsumerRecycled', custody: 'massBalance', holder: refiner.id, namedBy: refiner.id },
      ...{ milligrams: '100000', registered: '400000', void: false, label: 'RECYCLED-1' },
      event: events.get('refining')?.cid,
    });
    const { country, facility, period } = await service.getJson(`/lots/${lots.scrap}`);
    expect({ country, facility, period }).toEqual({
      ...{ country: 'BE', facility: 'https://facility.example/1', period: { from: 1, until: 2 ** 31 } },
    });
    expect(await service.getJson(`/lots/${lots.cells}`)).toMatchObject({ holder: maker.id, milligrams: '240000' });
    expect(await service.getJson(`/lots/${lots.open}`)).toMatchObject({ offeredTo: refiner.id });
    expect(await service.getJson(`/lots/${lots.refused}`)).toMatchObject({ void: true, milligrams: '0' });
  });

  it('says what a lot was made of, and what was done to it', async () => {
    const { lots, root, maker, mine } = story;
    const made = await service.getJson(`/lots/${lots.recycled}`);
    expect(new Set(made.madeOf as unknown[])).toEqual(
      new Set([
        { lot: uri(lots.oreSold), milligrams: '600000' },
        { lot: uri(lots.scrapSold), milligrams: '500000' },
      ]),
    );
    expect((await service.getJson(`/lots/${lots.ore}`)).madeOf).toEqual([]);
    const { changes } = (await service.getJson(`/lots/${lots.ore}`)) as { changes: Record<string, unknown>[] };
    expect(changes.map(({ kind, milligrams }) => [kind, milligrams])).toEqual([
      ...['600000', '100000', '50000', '10000'].map((milligrams) => ['transferOffered', milligrams]),
    ]);
    expect(changes[0]).toMatchObject({ by: mine.id, into: [{ lot: uri(lots.oreSold), milligrams: '600000' }] });
    const cells = (await service.getJson(`/lots/${lots.cells}`)) as { changes: Record<string, unknown>[] };
    expect(cells.changes.map(({ kind, by, milligrams, batch }) => [kind, by, milligrams, batch])).toEqual([
      ['transferAccepted', maker.id, '0', undefined],
      ['anchored', maker.id, '60000', root],
    ]);
    const refused = (await service.getJson(`/lots/${lots.refused}`)) as { changes: Record<string, unknown>[] };
    expect(refused.changes.map(({ kind, milligrams }) => [kind, milligrams])).toEqual([
      ['transferRefused', '0'],
      ['lotVoided', '50000'],
    ]);
  });

  it('finds lots by who holds them, to whom they are offered, what they are of and where that came from', async () => {
    const { mine, recycler, refiner, maker } = story;
    expect(labels(await list(`holder=${maker.id}`))).toEqual(['CELLS-2', 'CELLS-1']);
    expect(labels(await list(`holder=${mine.id}`))).toEqual(['ORE-1/D', 'ORE-1/C', 'ORE-1/B', 'ORE-1']);
    expect(labels(await list(`offeredTo=${refiner.id}`))).toEqual(['ORE-1/B']);
    expect(labels(await list('origin=postConsumerRecycled'))).toEqual([
      'CELLS-1',
      'RECYCLED-1',
      'SCRAP-1/A',
      'SCRAP-1',
    ]);
    expect(labels(await list(`origin=postConsumerRecycled&holder=${recycler.id}`))).toEqual(['SCRAP-1']);
    expect((await list('substance=7440-48-4')).items).toHaveLength(12);
    expect((await list('substance=7440-02-0')).items).toEqual([]);
  });

  it('gives lists and histories page by page, each item once', async () => {
    const all = labels(await list('limit=1000'));
    const paged: unknown[] = [];
    for (let cursor = ''; ; ) {
      const page = await list(`limit=5${cursor}`);
      paged.push(...labels(page));
      if (page.next === undefined) break;
      cursor = `&cursor=${page.next}`;
    }
    expect(paged).toEqual(all);
    const kinds: unknown[] = [];
    for (let cursor = ''; ; ) {
      const page = await service.getJson(`/lots/${story.lots.ore}?limit=3${cursor}`);
      kinds.push(...(page.changes as { kind: string }[]).map(({ kind }) => kind));
      if (page.next === undefined) break;
      cursor = `&cursor=${page.next}`;
    }
    expect(kinds).toHaveLength(4);
  });

  it('is built anew where an index had read of lots before there were tables for them', async () => {
    const pglite = await PGlite.create();
    const database = openDatabase({ pglite });
    const first = await startService(world, { database });
    await filled(first);
    await first.close();
    const expected = await dumpIndex(database);
    // All that later migrations made, so that they run again.
    await pglite.exec(`drop table ledger.lot, ledger.flow, ledger.event; drop index ledger.entry_issuer;
      alter table ledger.credential drop column assessed; alter table ledger.batch drop column events_read;
      create index entry_issuer on ledger.entry (issuer, index) where kind not in ('anchored', 'statusSet');
      delete from ledger.kysely_migration where name >= '0002'`);
    const again = await startService(world, { database });
    await filled(again);
    await again.close();
    expect(await dumpIndex(database)).toEqual(expected);
    await pglite.close();
  });

  it('refuses what names no lot, substance or party, and a cursor of another list', async () => {
    const status = async (path: string) => {
      const response = await service.get(path);
      return [response.status, ((await response.json()) as { code: string }).code];
    };
    expect(await status('/lots/nonsense')).toEqual([400, 'materials.lot']);
    expect(await status(`/lots/0x${'00'.repeat(32)}`)).toEqual([404, 'service.not-found']);
    const elsewhere = formatLot(`eip155:1:0x${'11'.repeat(20)}`, story.lots.ore);
    expect(await status(`/lots/${encodeURIComponent(elsewhere)}`)).toEqual([404, 'service.not-found']);
    expect(await status('/lots?substance=7440-48-5')).toEqual([400, 'materials.substance']);
    expect(await status('/lots?holder=nobody')).toEqual([400, 'credential.did']);
    expect(await status('/lots?origin=unknown')).toEqual([400, 'input.shape']);
    const { next } = await list('limit=1');
    expect(await status(`/lots/${story.lots.ore}?cursor=${next}`)).toEqual([400, 'input.shape']);
  });
});
