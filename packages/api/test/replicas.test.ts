import { type Digest, encodeHex, sha256, UnavailableError } from '@dpp-ledger/core';
import { formatCid } from '@dpp-ledger/core/credential';
import { buildBatch, encodeManifest } from '@dpp-ledger/core/evidence';
import { calls } from '@dpp-ledger/sdk/ledger';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../src/index.ts';
import {
  dumpIndex,
  GTIN,
  MODEL,
  startService,
  startWorld,
  type TestIssuer,
  type TestService,
  type World,
} from './support.ts';

let world: World;
let issuer: TestIssuer;
let pglite: PGlite;
let database: Database;
beforeAll(async () => {
  [world, pglite] = await Promise.all([startWorld(), PGlite.create()]);
  database = openDatabase({ pglite });
  issuer = await world.createIssuer();
});
afterAll(async () => {
  await pglite.close();
  await world.stop();
});

/** What the service answers about the ledger, to be compared; without what differs by service or moment. */
async function answersOf(service: TestService, cids: readonly string[]): Promise<unknown[]> {
  const paths = [
    ...cids.flatMap((cid) => [`/passports/${cid}`, `/evidence/${cid}`, `/passports/${cid}/versions`]),
    `/passports?subject=${encodeURIComponent(MODEL)}&kind=all`,
    `/01/${GTIN}/21/A1?linkType=all`,
    `/verify?uri=${GTIN}`,
    '/journal',
    '/journal/3',
    '/tree-head?first=3',
    '/issuers',
    `/issuers/${issuer.id}`,
    '/batches',
    '/ledger',
    '/view/journal',
    '/view/batches',
  ];
  const answers: unknown[] = [];
  for (const path of paths) {
    const response = await service.get(path);
    answers.push([
      path,
      response.status,
      (await response.text()).replaceAll(/style-[0-9a-f]+|did:web:dpp\.example/g, ''),
    ]);
  }
  return answers;
}

describe('an index that was lost', () => {
  it('is rebuilt from chain and store, and gives the same answers', async () => {
    const before = await startService(world, { database });
    const product = { credentialSubject: { type: ['Product'], id: MODEL, name: 'Laptop 14, any' } };
    const signed = [await issuer.sign(product), ...(await issuer.signMany(4))];
    const answers = await before.submit(signed);
    await Promise.all(answers.map(({ id }) => before.until(id, 'final')));
    await issuer.revoke([2]);

    // Anchored by the issuer's own hand: a batch with what is no credential, and one whose manifest is another's.
    const rubbish = new TextEncoder().encode('not a credential');
    const digest = sha256(rubbish) as Digest;
    const mixed = buildBatch([digest, signed[0]?.digest ?? digest]);
    await world.embedded.store.putBatch({
      manifest: mixed.manifest,
      credentials: [{ cid: formatCid(digest), bytes: rubbish }, ...signed.slice(0, 1)],
    });
    const anchor = (root: `0x${string}`, size: number, manifest: Uint8Array) =>
      world.relayer.send(calls.anchor({ issuer: issuer.id, root, size, manifest: encodeHex(manifest) }));
    await anchor(mixed.root, 2, mixed.manifest.digest);
    await anchor(`0x${'ab'.repeat(32)}`, 2, encodeManifest([digest, signed[0]?.digest ?? digest]).digest);
    await before.inStep();
    const isFilled = async (service: TestService) =>
      (await service.database.db.selectFrom('ledger.batch').select('entry').where('indexed', '=', false).execute())
        .length === 0;
    await before.eventually(() => isFilled(before));

    const cids = signed.map(({ cid }) => cid);
    const [answeredBefore, indexBefore] = [await answersOf(before, cids), await dumpIndex(database)];
    await before.close();
    await database.deleteIndex();

    const after = await startService(world, { database });
    await after.inStep();
    await after.eventually(() => isFilled(after));
    expect(await dumpIndex(database)).toEqual(indexBefore);
    expect(await answersOf(after, cids)).toEqual(answeredBefore);
    const badManifest = await after.getJson(`/batches/0x${'ab'.repeat(32)}`);
    expect(badManifest).toMatchObject({ size: 2, credentials: [] });
    const partly = await after.getJson(`/batches/${mixed.root}`);
    expect(partly.credentials).toMatchObject([{ index: 0 }, { index: 1, version: { cid: signed[0]?.cid } }]);
    // What it promised is not forgotten with the index.
    expect(await after.getJson(`/receipts/${answers[0]?.id}`)).toMatchObject({
      state: 'final',
      entry: expect.any(Number),
    });
    await after.close();
  });

  it('takes in a batch when the store that was away has it', async () => {
    let isAway = true;
    let now = Date.now();
    const { store } = world.embedded;
    const flaky: typeof store = {
      ...store,
      async get(cid, options) {
        if (isAway) throw new UnavailableError('store.unreachable', 'The store is away.');
        return await store.get(cid, options);
      },
    };
    await database.deleteIndex();
    const service = await startService(world, { database, store: flaky, now: () => now });
    // The journal is whole without it.
    await service.inStep();
    const subject = `/passports?subject=${encodeURIComponent(MODEL)}`;
    expect(await service.getJson(subject)).toMatchObject({ items: [] });
    isAway = false;
    now += 7_200_000;
    // The next anchor has the store looked at again.
    await world.relayer.send(
      calls.anchor({ issuer: issuer.id, root: `0x${'cd'.repeat(32)}`, size: 1, manifest: `0x${'cd'.repeat(32)}` }),
    );
    await service.eventually(async () => ((await service.getJson(subject)).items as unknown[]).length > 0);
    await service.close();
  });
});

describe('two replicas on one database', () => {
  it('both accept and answer; one batches, and the other takes over', async () => {
    const first = await startService(world, { database });
    const second = await startService(world, { database });
    const [one, two] = [await issuer.signMany(3), await issuer.signMany(3)];
    const answers = (await Promise.all([first.submit(one), second.submit(two)])).flat();
    expect(new Set(answers.map(({ state }) => state))).toEqual(new Set(['accepted']));
    for (const { id } of answers) expect(await second.until(id, 'final')).toMatchObject({ state: 'final' });
    await first.stop();
    const [answer] = await second.submit([await issuer.sign()]);
    expect(await second.until(answer?.id, 'final')).toMatchObject({ state: 'final' });
    await second.close();
  });

  it('accepts a credential once, whoever is asked', async () => {
    const [first, second] = [await startService(world, { database }), await startService(world, { database })];
    const signed = await issuer.signMany(20);
    const answers = (await Promise.all([first.submit(signed), second.submit(signed)])).flat();
    expect(answers.filter(({ state }) => state === 'accepted')).toHaveLength(20);
    expect(answers.filter(({ state }) => state === 'duplicate')).toHaveLength(20);
    await Promise.all([first.stop(), second.stop()]);
  });

  it('refuses a database that holds promises about another ledger', async () => {
    const other = { ...world.reader, id: { ...world.reader.id, codeHash: `0x${'99'.repeat(32)}` as const } };
    const stranger = await startService(world, { database, ledger: other, start: false });
    await expect(stranger.start()).rejects.toMatchObject({ code: 'ledger.mismatch' });
    await stranger.close();
  });

  it('writes nothing more once another leads', async () => {
    await database.migrate();
    const never = new AbortController().signal;
    const old = await database.lead(never);
    await old.release();
    const next = await database.lead(never);
    await expect(database.write(old, async () => 'written')).rejects.toMatchObject({ code: 'service.not-leading' });
    expect(await database.write(next, async () => 'written')).toBe('written');
  });
});
