import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Hex } from '@dpp-ledger/core';
import {
  createNoteSigner,
  formatOrigin,
  generateNoteKey,
  type NoteSigner,
  openCheckpoint,
  parseVerifierKey,
} from '@dpp-ledger/core/checkpoint';
import { buildTree, decodeBundle, hashEntries, hashLeaf, planPeaks, type Tree } from '@dpp-ledger/core/journal';
import { createUrlTiles, openLog, replay } from '@dpp-ledger/sdk';
import { acts, calls } from '@dpp-ledger/sdk/ledger';
import { mirrorLog } from '@dpp-ledger/sdk/node';
import { type Block, createFolderTree } from '@dpp-ledger/sdk/store';
import { PGlite } from '@electric-sql/pglite';
import type { KyselyPlugin } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBell } from '../src/bell.ts';
import { openDatabase } from '../src/index.ts';
import { createPublisher } from '../src/log/publisher.ts';
import { PUBLIC_URL, startService, startWorld, type TestIssuer, type TestService, type World } from './support.ts';

let world: World;
let issuer: TestIssuer;
let signer: NoteSigner;
let base: string;
let folders = 0;
const NEVER = new AbortController().signal;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'dpp-log-'));
  world = await startWorld();
  issuer = await world.createIssuer();
  signer = await signerOf(1);
});
afterAll(async () => {
  await world.stop();
  await rm(base, { recursive: true, force: true });
});

async function signerOf(epoch: number): Promise<NoteSigner> {
  return await createNoteSigner(await generateNoteKey(formatOrigin(world.reader.id, epoch)));
}

let appointed = 0;
/** So many entries, in one block. */
async function append(count: number): Promise<void> {
  const toDo = Array.from({ length: count }, () => {
    appointed += 1;
    return acts.appointSubmitter(`0x${appointed.toString(16).padStart(40, '0')}`);
  });
  await world.relayer.send(calls.relay(await issuer.relay(toDo)));
}

let grants = 100;
/** One entry, by another account than `append`: what that sent before the chain lost it may be included again. */
async function appendOther(): Promise<void> {
  grants += 1;
  await world.accreditor.send(
    calls.grantPrefix({ issuer: issuer.id, number: grants, prefix: `gs1:${952_100_000 + grants}` }),
  );
}

/** What takes the chain back to where it is now: the blocks from here on are lost. */
async function remember(): Promise<() => Promise<void>> {
  const place = await world.rpc.call('evm_snapshot', []);
  return async () => {
    await world.rpc.call('evm_revert', [place]);
    // Later, so that nothing that is done again is the same again.
    await world.pass(60);
  };
}

/** Resolves once the service has published so many entries: asked again after every checkpoint. */
async function untilPublished(
  service: TestService,
  isEnough: (size: number) => boolean | Promise<boolean>,
): Promise<number> {
  const bell = createBell();
  const stop = await service.database.listen('log', bell.ring);
  try {
    for (;;) {
      const response = await service.get('/log');
      const size = response.ok ? ((await response.json()) as { size: number }).size : 0;
      if (await isEnough(size)) return size;
      await bell.wait({ signal: NEVER });
    }
  } finally {
    await stop();
  }
}

/** Resolves once what is published is pinned. */
async function untilPinned(service: TestService): Promise<{ cid: string; size: number }> {
  let pinned: { cid: string; size: number } | undefined;
  await untilPublished(service, async (size) => {
    ({ pinned } = (await service.getJson('/log')) as { pinned?: { cid: string; size: number } });
    return pinned?.size === size;
  });
  return pinned ?? { cid: '', size: 0 };
}

/** The folder that the files of the log make, as the service gives them. */
async function folderOf(service: TestService, paths: readonly string[]) {
  const tree = createFolderTree();
  const files: Block[] = [];
  for (const path of paths) {
    files.push(...tree.putFile(path, new Uint8Array(await (await service.get(`/log/${path}`)).arrayBuffer())));
  }
  const { root, blocks } = tree.build();
  return { root, blocks: [...files, ...blocks] };
}

/** Resolves once the service has reported a problem with this code. */
function watchProblems(): { onProblem: (problem: { error: unknown }) => void; until(code: string): Promise<void> } {
  const bell = createBell();
  const codes: string[] = [];
  return {
    onProblem({ error }) {
      codes.push(error instanceof Error && 'code' in error ? String(error.code) : String(error));
      bell.ring();
    },
    async until(code) {
      while (!codes.includes(code)) await bell.wait({ signal: NEVER });
    },
  };
}

const tilesOf = (service: TestService) =>
  createUrlTiles({
    url: `${PUBLIC_URL}/log`,
    fetch: async (input, init) => await service.app.request(String(input), init),
  });

async function checkpointOf(service: TestService) {
  const note = await (await service.get('/log/checkpoint')).text();
  return await openCheckpoint(note, { verifiers: [await parseVerifierKey(signer.verifierKey)], origin: signer.name });
}

describe('the published journal', () => {
  let service: TestService;
  const pathsAt = (size: number) => [
    ...['checkpoint', 'tile/0/000', 'tile/entries/000', 'tile/1/000.p/1'],
    ...[`tile/0/001.p/${size - 256}`, `tile/entries/001.p/${size - 256}`],
  ];
  beforeAll(async () => {
    await append(120);
    await append(120);
    await append(60);
    service = await startService(world, { logSigner: signer, pinEveryMs: 0 });
    const { size } = await world.reader.readTreeHead();
    await untilPublished(service, (published) => published === size);
  });
  afterAll(async () => {
    await service.close();
  });

  it("has the contract's tree head, signed with the publisher's key", async () => {
    const head = await world.reader.readTreeHead();
    const response = await service.get('/log/checkpoint');
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    const checkpoint = await checkpointOf(service);
    expect(checkpoint).toMatchObject({ origin: signer.name, size: head.size, extensions: [] });
    expect(await service.getJson('/log')).toEqual({
      ...{ origin: signer.name, key: signer.verifierKey, size: head.size, root: head.root },
      url: `${PUBLIC_URL}/log`,
    });
  });

  it('is mirrored whole, and the mirror replays to the contract', async () => {
    const folder = join(base, `mirror-${folders++}`);
    const publisher = await parseVerifierKey(signer.verifierKey);
    const mirrored = await mirrorLog({ folder, tiles: tilesOf(service), publisher, ledger: world.reader });
    expect(mirrored).toMatchObject({ size: (await world.reader.readTreeHead()).size });
    const result = await replay({ ledger: world.reader, mirrors: [tilesOf(service)] });
    expect(result).toMatchObject({ broken: undefined, entries: mirrored.size });
  });

  it('gives tiles that may be kept for ever, entries compressed for who takes that', async () => {
    const tile = await service.get('/log/tile/0/000');
    expect(Object.fromEntries(tile.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'cache-control': expect.stringContaining('immutable'),
      'access-control-allow-origin': '*',
    });
    const hashes = new Uint8Array(await tile.arrayBuffer());
    const plain = await service.get('/log/tile/entries/000');
    expect(plain.headers.get('content-encoding')).toBeNull();
    const bytes = new Uint8Array(await plain.arrayBuffer());
    expect(hashEntries(decodeBundle(bytes, 256))).toEqual(hashes);
    const zipped = await service.get('/log/tile/entries/000', { 'accept-encoding': 'gzip, br' });
    expect(Object.fromEntries(zipped.headers)).toMatchObject({
      'content-encoding': 'gzip',
      vary: expect.stringContaining('accept-encoding'),
    });
    expect(new Uint8Array(gunzipSync(await zipped.arrayBuffer()))).toEqual(bytes);
    const refused = await service.get('/log/tile/entries/000', { 'accept-encoding': 'gzip;q=0' });
    expect(refused.headers.get('content-encoding')).toBeNull();
  });

  it('gives every width at the right edge that there ever was, and nothing beyond it', async () => {
    const { size } = await checkpointOf(service);
    const edge = size - 256;
    for (const path of [
      `tile/0/001.p/${edge}`,
      'tile/0/001.p/1',
      'tile/1/000.p/1',
      `tile/entries/001.p/${edge}`,
      'tile/entries/000.p/7',
    ]) {
      expect((await service.get(`/log/${path}`)).status, path).toBe(200);
    }
    for (const path of [
      ...[
        `tile/0/001.p/${edge + 1}`,
        'tile/0/001',
        'tile/entries/001',
        'tile/1/000',
        'tile/1/000.p/2',
        'tile/2/000.p/1',
      ],
      ...['tile/63/000', 'tile/0/x999/x999/x999/999', 'tile/0/1', 'tile/0/000.p/0', 'tile/entries/', 'tile/0/000.p/1/'],
    ]) {
      const response = await service.get(`/log/${path}`);
      expect([response.status, ((await response.json()) as { code: string }).code], path).toEqual([
        404,
        'service.not-found',
      ]);
    }
  });

  it('grows, and each checkpoint continues the one before', async () => {
    const before = await checkpointOf(service);
    await append(30);
    await untilPublished(service, (size) => size === before.size + 30);
    const log = await openLog({ tiles: tilesOf(service) });
    expect(await (await log.openTree()).rootAt(before.size)).toEqual(before.root);
  });

  it('is in the store as a folder of the same files, and each version brings what is new', async () => {
    const { store } = world.embedded;
    const first = await untilPinned(service);
    const before = await folderOf(service, pathsAt(first.size));
    expect(first.cid).toBe(before.root.cid);
    for (const { cid, bytes } of before.blocks) expect(await store.get(cid)).toEqual(bytes);
    const { blocks = 0 } = await store.describe();
    await append(3);
    await untilPublished(service, (size) => size === first.size + 3);
    const second = await untilPinned(service);
    const after = await folderOf(service, pathsAt(second.size));
    expect(second.cid).toBe(after.root.cid);
    const kept = new Set(before.blocks.map(({ cid }) => cid));
    const fresh = after.blocks.filter(({ cid }) => !kept.has(cid));
    // No full tile again. The tile above them is as it was, and comes again with the two folders that hold it.
    expect(((await store.describe()).blocks ?? 0) - blocks).toBe(fresh.length + 3);
  });

  it('is published by nobody who has another key for it, and by no replica that has none', async () => {
    const problems = watchProblems();
    const note = await (await service.get('/log/checkpoint')).text();
    const other = await startService(world, {
      ...{ database: service.database, onProblem: problems.onProblem, logSigner: await signerOf(1), start: false },
    });
    await service.stop();
    await other.start();
    await append(1);
    await problems.until('checkpoint.key');
    expect(await (await other.get('/log/checkpoint')).text()).toBe(note);
    await other.stop();
    const silent = await startService(world, { database: service.database });
    expect((await silent.get('/log/checkpoint')).status).toBe(404);
    await silent.stop();
  });

  it('is pinned after a restart without what the store has', async () => {
    const { store } = world.embedded;
    const { blocks = 0 } = await store.describe();
    const again = await startService(world, { database: service.database, logSigner: signer, pinEveryMs: 0 });
    const head = await world.reader.readTreeHead();
    await untilPublished(again, (size) => size === head.size);
    const { cid } = await untilPinned(again);
    const whole = await folderOf(again, pathsAt(head.size));
    expect(cid).toBe(whole.root.cid);
    // Not the full tile, and not the full bundle.
    expect(((await store.describe()).blocks ?? 0) - blocks).toBe(whole.blocks.length - 2);
    await again.stop();
  });
});

describe('what is published', () => {
  it('is saved: blocks that a local chain may lose are not in it', async () => {
    const saved = (await world.reader.readBlock('latest'))?.number ?? 0;
    const { size } = await world.reader.readTreeHead();
    let durable = saved;
    const service = await startService(world, { logSigner: signer, durableBlock: async () => durable });
    await append(4);
    await service.inStep();
    expect(await untilPublished(service, (published) => published > 0)).toBe(size);
    durable = saved + 1;
    expect(await untilPublished(service, (published) => published > size)).toBe(size + 4);
    await service.close();
  });

  it('is final: blocks that may still go are not in it', async () => {
    const young = await world.connect({ confirmations: 3 });
    const service = await startService(world, { ledger: young, logSigner: signer });
    const atFinal = async () =>
      (await world.reader.readTreeHead({ blockNumber: await young.readFinalBlockNumber() })).size;
    await world.pass(1);
    const lose = await remember();
    await append(5);
    await untilPublished(service, async (size) => size === (await atFinal()));
    const before = await checkpointOf(service);
    expect(before.size).toBeLessThan((await world.reader.readTreeHead()).size);
    // The blocks above it go, with entries that nobody will see again.
    await lose();
    await world.pass(1);
    await world.pass(1);
    await appendOther();
    await world.pass(1);
    await world.pass(1);
    await world.pass(1);
    const { size, root } = await world.reader.readTreeHead();
    await untilPublished(service, (published) => published === size);
    const after = await checkpointOf(service);
    expect(`0x${Buffer.from(after.root).toString('hex')}`).toBe(root);
    expect(await (await (await openLog({ tiles: tilesOf(service) })).openTree()).rootAt(before.size)).toEqual(
      before.root,
    );
    expect(service.problems.filter(({ what }) => what === 'publish the journal')).toEqual([]);
    await service.close();
  });

  it('stays what was signed where the chain lost it: nothing more is signed until a new log is begun', async () => {
    const problems = watchProblems();
    const service = await startService(world, { logSigner: signer, onProblem: problems.onProblem });
    const lose = await remember();
    for (let i = 0; i < 4; i++) await appendOther();
    const { size } = await world.reader.readTreeHead();
    await untilPublished(service, (published) => published === size);
    const note = await (await service.get('/log/checkpoint')).text();
    const kept = await (await service.get('/log/tile/0/000')).arrayBuffer();
    // Final as this chain has it, and gone all the same.
    await lose();
    await appendOther();
    await problems.until('checkpoint.fork');
    await service.inStep();
    for (let i = 0; i < 8; i++) await appendOther();
    await service.inStep();
    expect((await world.reader.readTreeHead()).size).toBeGreaterThan(size);
    expect(await (await service.get('/log/checkpoint')).text()).toBe(note);
    // Even tiles that are the same in both histories: who knows where they part asks the mirrors.
    expect(kept.byteLength).toBe(8192);
    const answers = await Promise.all(['tile/0/000', 'tile/entries/000'].map((path) => service.get(`/log/${path}`)));
    expect(answers.map(({ status }) => status)).toEqual([503, 503]);
    await service.stop();

    const next = await signerOf(2);
    const anew = await startService(world, { database: service.database, logSigner: next });
    const head = await world.reader.readTreeHead();
    await untilPublished(anew, (published) => published === head.size);
    expect(await anew.getJson('/log')).toMatchObject({ origin: next.name, size: head.size, root: head.root });
    await anew.close();
  });
});

describe('an index that goes back between two looks at it', () => {
  it('does not pass for one that continues what was signed', async () => {
    const database = openDatabase({ pglite: await PGlite.create() });
    await database.migrate();
    const { db } = database;
    const treeOf = (name: string, size: number) =>
      buildTree(Array.from({ length: size }, (_, i) => hashLeaf(Buffer.from(`${name} ${i}`))));
    const [signed, other] = [treeOf('signed', 6), treeOf('other', 12)];
    async function index(tree: Tree): Promise<void> {
      const hashes = [...planPeaks(6), ...planPeaks(tree.size)].map(({ level, index }) => ({
        ...{ level, index },
        hash: tree.readNode(level, index),
      }));
      await db.deleteFrom('ledger.node').execute();
      await db
        .insertInto('ledger.node')
        .values(hashes)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      await db.updateTable('ledger.head').set({ size: tree.size }).execute();
    }
    const place = { block_number: 9, block_hash: `0x${'0'.repeat(64)}`, block_time: 9, final_block_number: 9 };
    await db
      .insertInto('ledger.head')
      .values({ ledger_id: '{}', size: 6, generation: 0, ...place })
      .execute();
    await index(signed);
    const note = { note: 'the note that was signed', signed_at: 0 };
    await db
      .insertInto('outbox.checkpoint')
      .values({ origin: signer.name, key: signer.verifierKey, size: 6, root: signed.root, ...note })
      .execute();

    // The other history comes into the index when the publisher has looked at it once.
    let looks = 0;
    const looking: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      async transformResult({ result }) {
        if (result.rows.some((row) => 'hash' in row) && looks++ === 0) await index(other);
        return result;
      },
    };
    const root: Hex = `0x${Buffer.from(other.root).toString('hex')}`;
    const head = { size: other.size, root, peaks: [], blockNumber: 9, blockHash: root, blockTime: 9 };
    const told = Promise.withResolvers<unknown>();
    const publisher = createPublisher({
      database: { ...database, db: db.withPlugin(looking) },
      reader: { ...world.reader, readFinalBlockNumber: async () => 9, readTreeHead: async () => head, firstBlock: 1 },
      signer,
      now: () => 0,
      report: ({ error }) => told.resolve(error),
    });
    const ending = new AbortController();
    const stop = await database.listen('log', () => told.resolve('signed'));
    const running = publisher.run(await database.lead(ending.signal), ending.signal);
    expect(await told.promise).toMatchObject({ code: 'checkpoint.fork' });
    ending.abort();
    await running;
    await stop();
    expect(looks).toBe(2);
    const [kept] = await db.selectFrom('outbox.checkpoint').selectAll().execute();
    expect(kept).toMatchObject({ size: 6, note: note.note });
  });
});

describe('a local chain that dies at once', () => {
  it('takes nothing with it that was published, and the log goes on', async () => {
    const dataDir = join(base, 'dying');
    const before = await startWorld({ dataDir });
    const own = await createNoteSigner(await generateNoteKey(formatOrigin(before.reader.id, 1)));
    const start = async (at: World) =>
      await startService(at, {
        logSigner: own,
        database: openDatabase({ pglite: at.embedded.database }),
        durableBlock: async () => at.embedded.savedBlock(),
      });
    const first = await start(before);
    const published = await untilPublished(first, (size) => size > 0);
    const note = await (await first.get('/log/checkpoint')).text();
    // Final as the chain says, and in the index; the next save would be a minute from now.
    await before.createIssuer();
    await first.inStep();
    const { size } = await before.reader.readTreeHead();
    expect(size).toBeGreaterThan(published);
    expect(await (await first.get('/log/checkpoint')).text()).toBe(note);
    process.kill(before.embedded.chainPid, 'SIGKILL');
    await before.embedded.chainEnded;
    await first.stop();
    await before.embedded.stop();

    const after = await startWorld({ dataDir });
    expect((await after.reader.readTreeHead()).size).toBe(published);
    await after.createIssuer();
    const head = await after.reader.readTreeHead();
    const second = await start(after);
    // What the first save of the new start does not have yet is published with the next.
    await after.embedded.save();
    await untilPublished(second, (size) => size === head.size);
    expect(await second.getJson('/log')).toMatchObject({ size: head.size, root: head.root });
    const log = await openLog({ tiles: tilesOf(second) });
    const { verifierKey } = own;
    const kept = await openCheckpoint(note, { verifiers: [await parseVerifierKey(verifierKey)] });
    expect(await (await log.openTree()).rootAt(kept.size)).toEqual(kept.root);
    await second.stop();
    await after.stop();
  });
});
