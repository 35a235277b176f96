import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeHex, UnavailableError } from '@dpp-ledger/core';
import { type AuditReport, encodeAuditReport } from '@dpp-ledger/core/audit';
import {
  createNoteSigner,
  encodeCheckpoint,
  formatOrigin,
  generateNoteKey,
  type NoteSigner,
  type NoteVerifier,
  openTlogProof,
  parseVerifierKey,
  signNote,
} from '@dpp-ledger/core/checkpoint';
import { createTiler, decodeBundle, encodeBundle, formatTilePath, hashEntries } from '@dpp-ledger/core/journal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acts, calls, connectLedger, type LedgerReader } from '../src/ledger/index.ts';
import { createUrlTiles, openLog, type TileSource } from '../src/mirror.ts';
import { createFolderTiles, mirrorChain, mirrorLog } from '../src/node/index.ts';
import { createNotes } from '../src/notes.ts';
import { type ReplayProgress, type ReplayResult, replay } from '../src/replay.ts';
import { proveEntry } from '../src/tlog-proof.ts';
import { accredit, batch, proxy, serve, startLedger, type TestIssuer, type TestLedger } from './support.ts';

let ledger: TestLedger;
let issuer: TestIssuer;
let base: string;
let signer: NoteSigner;
let publisher: NoteVerifier;
/** A mirror made from the chain: 3 full bundles and a part. */
let published: string;
let folders = 0;
let anchored = 0;
const newFolder = () => join(base, `mirror-${folders++}`);

async function anchorMany(count: number): Promise<void> {
  const batches = Array.from({ length: count }, () => acts.anchor(batch(anchored++)));
  for (let i = 0; i < batches.length; i += 200) {
    await issuer.writer.send(calls.act({ issuer: issuer.id, acts: batches.slice(i, i + 200) }));
  }
}

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'dpp-mirror-'));
  ledger = await startLedger();
  issuer = await accredit(ledger);
  await anchorMany(900);
  signer = await createNoteSigner(await generateNoteKey(formatOrigin(ledger.reader.id, 1)));
  publisher = await parseVerifierKey(signer.verifierKey);
  published = newFolder();
  await mirrorChain({ folder: published, ledger: ledger.reader, signer, epoch: 1 });
});
afterAll(async () => {
  await ledger.stop();
  await rm(base, { recursive: true, force: true });
});

/** Every file by its path, without the checkpoint. */
async function filesOf(folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) files.set(path.slice(folder.length + 1), (await readFile(path)).toString('base64'));
  }
  return files;
}

/** The mirror on a web server that knows of nothing but files. */
async function serveFolder(folder: string, answer: (path: string) => number | undefined = () => undefined) {
  const asked: string[] = [];
  const server = await serve(async (request, response) => {
    const path = (request.url ?? '').replace('/log/', '');
    asked.push(path);
    const refusal = answer(path);
    if (refusal !== undefined) return void response.writeHead(refusal, { 'retry-after': '0' }).end();
    const bytes = await readFile(join(folder, path)).catch(() => undefined);
    response.writeHead(bytes === undefined ? 404 : 200).end(bytes);
  });
  return { ...server, asked, tiles: createUrlTiles({ url: `${server.url}/log/` }) };
}

async function altered(change: (folder: string) => Promise<void>): Promise<string> {
  const folder = newFolder();
  await cp(published, folder, { recursive: true });
  await change(folder);
  return folder;
}

const entriesAt = (folder: string, path = 'tile/entries/001') => join(folder, path);

async function rewriteBundle(
  folder: string,
  change: (entries: Uint8Array[]) => Uint8Array[],
  path?: string,
): Promise<void> {
  const file = entriesAt(folder, path);
  await writeFile(file, encodeBundle(change(decodeBundle(await readFile(file), 256).slice())));
}

const flipped = (bytes: Uint8Array | undefined, at: number) =>
  Uint8Array.from(bytes ?? [], (byte, i) => (i === at ? byte ^ 1 : byte));

/** Who gave entries, in this order. */
const servedBy = ({ sources }: Pick<ReplayResult, 'sources'>) =>
  sources.filter(({ entries }) => entries > 0).map(({ name }) => name);

describe('a mirror from the chain', () => {
  it("has the contract's entries and tree head, and goes on where it was", async () => {
    const folder = newFolder();
    const options = { folder, ledger: ledger.reader, signer, epoch: 1 };
    const first = await mirrorChain(options);
    const head = await ledger.reader.readTreeHead();
    expect(first).toMatchObject({ size: head.size, root: head.root, before: 0, contract: { source: ledger.rpcUrl } });
    expect(await filesOf(folder)).toEqual(await filesOf(published));
    await anchorMany(300);
    const second = await mirrorChain(options);
    expect(second).toMatchObject({ size: head.size + 300, before: head.size });
    const anew = newFolder();
    await mirrorChain({ ...options, folder: anew });
    const [grown, whole] = [await filesOf(folder), await filesOf(anew)];
    for (const [path, bytes] of whole) expect(grown.get(path), path).toBe(bytes);
    expect(grown.has('tile/entries/003.p/137')).toBe(false);
  });

  it('is of one log, and never signs another history', async () => {
    const folder = await altered(async () => undefined);
    const options = { folder, ledger: ledger.reader, signer };
    await expect(mirrorChain({ ...options, epoch: 2 })).rejects.toMatchObject({ code: 'checkpoint.origin' });
    const before = await filesOf(folder);
    // An endpoint that says that the journal is shorter.
    const other = await startLedger();
    const shorter = { ...other.reader, id: ledger.reader.id };
    await expect(mirrorChain({ ...options, ledger: shorter, epoch: 1 })).rejects.toMatchObject({
      code: 'checkpoint.fork',
    });
    await other.stop();
    expect(await filesOf(folder)).toEqual(before);
  });
});

describe('a mirror of a mirror', () => {
  it('has the same files, asks for nothing twice, and knows the contract', async () => {
    const web = await serveFolder(published);
    const folder = newFolder();
    const progress: number[] = [];
    const options = {
      folder,
      tiles: web.tiles,
      publisher,
      onProgress: ({ entries }: { entries: number }) => void progress.push(entries),
    };
    const first = await mirrorLog({ ...options, ledger: ledger.reader });
    expect(first).toMatchObject({ before: 0, written: 4, contract: { source: ledger.rpcUrl } });
    expect(progress.at(-1)).toBe(first.size);
    expect(await filesOf(folder)).toEqual(await filesOf(published));
    expect(new Set(web.asked).size).toBe(web.asked.length);
    web.asked.length = 0;
    expect(await mirrorLog(options)).toMatchObject({ before: first.size, written: 0, contract: undefined });
    expect(web.asked.filter((path) => path.startsWith('tile/entries'))).toEqual([]);
    await web.close();
  });

  it('is gone on with after a crash, and mended where it was damaged', async () => {
    const web = await serveFolder(published);
    const folder = await altered(async (path) => {
      await rm(join(path, 'checkpoint'));
      await rm(entriesAt(path, 'tile/entries/002'));
      await rewriteBundle(path, (entries) => entries.with(9, flipped(entries[9], 90)));
      await writeFile(join(path, 'tile', '0', '000'), 'no hashes');
    });
    web.asked.length = 0;
    expect(await mirrorLog({ folder, tiles: web.tiles, publisher })).toMatchObject({ written: 2 });
    expect(web.asked.filter((path) => path.startsWith('tile/entries')).sort()).toEqual([
      'tile/entries/001',
      'tile/entries/002',
    ]);
    expect(await filesOf(folder)).toEqual(await filesOf(published));
    await web.close();
  });

  it('waits for a server that has too much to do', async () => {
    let refusals = 3;
    const web = await serveFolder(published, () => (refusals-- > 0 ? 429 : undefined));
    expect(await mirrorLog({ folder: newFolder(), tiles: web.tiles })).toMatchObject({ written: 4 });
    await web.close();
    await expect(mirrorLog({ folder: newFolder(), tiles: web.tiles })).rejects.toMatchObject({
      code: 'mirror.unreachable',
    });
  });

  it('refuses what does not continue it, and keeps what it has', async () => {
    const folder = await altered(async () => undefined);
    const before = await filesOf(folder);
    const other = await forge((entries) => entries.with(30, flipped(entries[30], 90)), 1_000);
    await expect(mirrorLog({ folder, tiles: createFolderTiles(other), publisher })).rejects.toMatchObject({
      code: 'checkpoint.fork',
    });
    const shorter = await forge((entries) => entries, 100);
    await expect(mirrorLog({ folder, tiles: createFolderTiles(shorter) })).rejects.toMatchObject({
      code: 'checkpoint.fork',
    });
    expect(await filesOf(folder)).toEqual(before);
  });

  it('writes nothing over what it has that cannot be checked', async () => {
    // A third level, so that a tile stands between the checkpoint and the bundles.
    const size = 66_000;
    const files = new Map<string, Uint8Array>();
    const tiler = createTiler();
    for (let first = 0; first < size; first += 256) {
      const entries = Array.from({ length: Math.min(256, size - first) }, (_, i) => Buffer.from(`entry ${first + i}`));
      files.set(formatTilePath({ level: 'entries', index: first / 256, width: entries.length }), encodeBundle(entries));
      for (const { tile, bytes } of tiler.append(hashEntries(entries))) files.set(formatTilePath(tile), bytes);
    }
    for (const { tile, bytes } of tiler.edge()) files.set(formatTilePath(tile), bytes);
    const text = encodeCheckpoint({ origin: signer.name, size, root: tiler.root(), extensions: [] });
    files.set('checkpoint', Buffer.from(await signNote(text, signer)));
    const tilesOf = (given: ReadonlyMap<string, Uint8Array>) => ({
      name: 'a mirror',
      read: async (path: string) => {
        const bytes = given.get(path);
        if (bytes === undefined) throw new UnavailableError('mirror.not-found', path);
        return bytes;
      },
    });
    const folder = newFolder();
    await mirrorLog({ folder, publisher, tiles: tilesOf(files) });
    const before = await filesOf(folder);
    const hostile = new Map(files)
      .set('tile/1/000', flipped(files.get('tile/1/000'), 32 * 3))
      .set('tile/entries/003', flipped(files.get('tile/entries/003'), 5));
    await expect(mirrorLog({ folder, publisher, tiles: tilesOf(hostile) })).rejects.toMatchObject({
      code: 'journal.tile',
    });
    expect(await filesOf(folder)).toEqual(before);
  });

  it('refuses a history that the contract does not have, however well it is signed', async () => {
    const tiles = createFolderTiles(await forge((entries) => entries.with(30, flipped(entries[30], 90)), 500));
    const folder = newFolder();
    await expect(mirrorLog({ folder, tiles, publisher, ledger: ledger.reader })).rejects.toMatchObject({
      code: 'checkpoint.fork',
    });
    await expect(stat(join(folder, 'checkpoint'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await mirrorLog({ folder, tiles, publisher })).toMatchObject({ size: 500 });
  });

  it('refuses a checkpoint of another key or another log', async () => {
    const stranger = await createNoteSigner(await generateNoteKey(signer.name));
    const options = { folder: newFolder(), tiles: createFolderTiles(published) };
    const verifier = await parseVerifierKey(stranger.verifierKey);
    await expect(mirrorLog({ ...options, publisher: verifier })).rejects.toMatchObject({
      code: 'checkpoint.signature',
    });
    const other = await startLedger();
    await expect(mirrorLog({ ...options, ledger: other.reader })).rejects.toMatchObject({ code: 'checkpoint.origin' });
    await other.stop();
  });
});

/** A log whose tiles and checkpoint belong together, signed with the publisher's own key, over changed entries. */
async function forge(change: (entries: Uint8Array[]) => Uint8Array[], size: number): Promise<string> {
  const folder = newFolder();
  await cp(published, folder, { recursive: true });
  const log = await openLog({ tiles: createFolderTiles(published) });
  let entries: Uint8Array[] = [];
  for await (const bundle of log.readBundles({})) entries.push(...bundle.entries);
  entries = change(entries);
  while (entries.length < size) entries.push(entries.at(-1) as Uint8Array);
  entries = entries.slice(0, size);
  const tiler = createTiler();
  const write = async (tile: Parameters<typeof formatTilePath>[0], bytes: Uint8Array) => {
    const path = join(folder, formatTilePath(tile));
    await cp(join(published, 'checkpoint'), path, { recursive: true });
    await writeFile(path, bytes);
  };
  for (let index = 0; 256 * index < size; index++) {
    const part = entries.slice(256 * index, 256 * (index + 1));
    await write({ level: 'entries', index, width: part.length }, encodeBundle(part));
    for (const { tile, bytes } of tiler.append(hashEntries(part))) await write(tile, bytes);
  }
  for (const { tile, bytes } of tiler.edge()) await write(tile, bytes);
  const text = encodeCheckpoint({ origin: signer.name, size, root: tiler.root(), extensions: [] });
  await writeFile(join(folder, 'checkpoint'), await signNote(text, signer));
  return folder;
}

describe('a replay from a mirror', () => {
  it("meets the contract's tree head, without asking the endpoint for an entry that the mirror has", async () => {
    const asked: string[] = [];
    const watched = await proxy(ledger.rpcUrl, ({ method, params }, answer) => {
      const filter = params[0] as { topics?: unknown[] };
      if (method === 'eth_getLogs' && filter.topics?.length === 1) asked.push(method);
      return answer();
    });
    const reader = await connectLedger({ url: watched.url, pin: ledger.reader.id });
    const folder = newFolder();
    await mirrorChain({ folder, ledger: ledger.reader, signer, epoch: 1 });
    const mirror = createFolderTiles(folder);
    const result = await replay({ ledger: reader, mirrors: [mirror] });
    expect(result).toMatchObject({
      broken: undefined,
      entries: result.head.size,
      source: reader.source,
    });
    expect(servedBy(result)).toEqual([mirror.name]);
    expect(asked).toEqual([]);
    // It is the same state as from the chain.
    expect(result.snapshot).toEqual((await replay({ ledger: ledger.reader })).snapshot);
    // What the mirror does not have yet comes from the endpoint.
    await anchorMany(10);
    const more = await replay({ ledger: reader, mirrors: [mirror] });
    expect(more).toMatchObject({ broken: undefined, entries: result.entries + 10 });
    expect(servedBy(more)).toEqual([mirror.name, reader.source]);
    expect(more.snapshot).toEqual((await replay({ ledger: ledger.reader })).snapshot);
    await watched.close();
  });

  it('goes on from a snapshot in the middle of a bundle, and stops at a block before the mirror', async () => {
    const mirror = createFolderTiles(published);
    const { size: whole } = (await openLog({ tiles: mirror })).checkpoint;
    const tree = await (await openLog({ tiles: mirror })).openTree();
    const young = await forge((entries) => entries, 400);
    const first = await replay({ mirrors: [createFolderTiles(young)], publisher, pin: ledger.reader.id });
    expect(first).toMatchObject({ broken: undefined, entries: 400, ledger: ledger.reader.id });
    const second = await replay({ mirrors: [mirror], publisher, from: first.snapshot });
    expect(second).toMatchObject({ broken: undefined, entries: whole });
    expect(servedBy(second)).toEqual(['a snapshot', mirror.name]);
    const third = await replay({ mirrors: [mirror], publisher, from: second.snapshot });
    expect(third).toMatchObject({ broken: undefined, entries: whole });
    expect(servedBy(third)).toEqual(['a snapshot']);
    expect(second.fold.treeHead().root).toEqual(tree.root);
    const early = await connectLedger({ url: ledger.rpcUrl, pin: ledger.reader.id, finality: { confirmations: 7 } });
    const result = await replay({ ledger: early, mirrors: [mirror] });
    expect(result.head.size).toBeLessThan(whole);
    expect(result).toMatchObject({ broken: undefined, entries: result.head.size });
  });

  it("stands on the publisher's word where no ledger is asked", async () => {
    const result = await replay({ mirrors: [createFolderTiles(published)], publisher });
    expect(result).toMatchObject({ broken: undefined, ledger: undefined });
    expect(result.head).not.toHaveProperty('blockNumber');
    expect(result.source).toContain(signer.name);
    await expect(replay({ mirrors: [createFolderTiles(published)] })).rejects.toThrow(TypeError);
  });

  const victim = 256 + 40;
  it.each<[string, number, (folder: string) => Promise<void>]>([
    ['an entry was altered', victim, (folder) => rewriteBundle(folder, (all) => all.with(40, flipped(all[40], 90)))],
    ['an entry was left out', victim, (folder) => rewriteBundle(folder, (all) => all.toSpliced(40, 1))],
    [
      'an entry was left out and another put at the end',
      victim,
      (folder) => rewriteBundle(folder, (all) => [...all.toSpliced(40, 1), all[0] as Uint8Array]),
    ],
    [
      'two entries changed places',
      victim,
      (folder) => rewriteBundle(folder, (all) => all.with(40, all[41] as Uint8Array).with(41, all[40] as Uint8Array)),
    ],
    [
      'an entry was put in',
      victim,
      (folder) => rewriteBundle(folder, (all) => all.toSpliced(40, 0, all[7] as Uint8Array)),
    ],
    ['the last bytes are missing', 511, async (folder) => cut(entriesAt(folder), -1)],
    ['a bundle is empty', 256, async (folder) => cut(entriesAt(folder), 0)],
    ['a bundle is missing', 256, async (folder) => rm(entriesAt(folder))],
    ['two bundles changed places', 256, async (folder) => cp(entriesAt(folder, 'tile/entries/002'), entriesAt(folder))],
    [
      'an entry and the tile above it were altered',
      256,
      async (folder) => {
        await rewriteBundle(folder, (all) => all.with(40, flipped(all[40], 90)));
        await cut(join(folder, 'tile', '0', '001'), 32);
      },
    ],
  ])('finds where %s', async (_, entry, change) => {
    const mirror = createFolderTiles(await altered(change));
    expect((await replay({ mirrors: [mirror], publisher })).broken).toMatchObject({ entry });
    // Where there is somebody else to ask, it is named, and the replay goes on.
    const { broken, sources, snapshot } = await replay({ ledger: ledger.reader, mirrors: [mirror] });
    expect(broken).toBeUndefined();
    expect(sources[0]).toMatchObject({ name: mirror.name, failure: { code: 'journal.break', broken: { entry } } });
    expect(snapshot).toEqual((await replay({ ledger: ledger.reader })).snapshot);
  });

  it('finds an entry that was altered in the part of a bundle that is not full', async () => {
    const { size } = (await openLog({ tiles: createFolderTiles(published) })).checkpoint;
    const path = formatTilePath({ level: 'entries', index: 3, width: size % 256 });
    const folder = await altered(async (copy) => {
      const entries = decodeBundle(await readFile(join(copy, path)), size % 256).slice();
      await writeFile(join(copy, path), encodeBundle(entries.with(5, flipped(entries[5], 90))));
    });
    expect((await replay({ mirrors: [createFolderTiles(folder)], publisher })).broken).toMatchObject({
      entry: 768 + 5,
    });
  });

  it('is not misled by tiles of hashes: the entries are what counts', async () => {
    const folder = await altered(async (copy) => cut(join(copy, 'tile', '1', '000.p', '3'), 95));
    const mirror = createFolderTiles(folder);
    expect(await replay({ ledger: ledger.reader, mirrors: [mirror] })).toMatchObject({ broken: undefined });
    await rewriteBundle(folder, (all) => all.with(40, flipped(all[40], 90)));
    const { sources } = await replay({ ledger: ledger.reader, mirrors: [mirror] });
    // Without tiles to tell, it is the contract's peaks that name the range.
    expect(sources[0]?.failure?.broken?.entry).toBeLessThanOrEqual(victim);
    await expect(replay({ mirrors: [mirror], publisher })).rejects.toMatchObject({ code: 'journal.tile' });
  });

  it('breaks where the publisher signed what the contract does not have', async () => {
    const mirror = createFolderTiles(await forge((entries) => entries.with(30, flipped(entries[30], 90)), 500));
    expect((await replay({ mirrors: [mirror], publisher })).broken).toBeUndefined();
    const met = await replay({ ledger: ledger.reader, mirrors: [mirror], publisher });
    expect(met.sources[0]?.failure?.broken?.entry).toBeLessThanOrEqual(30);
  });
});

describe('a replay from several sources', () => {
  const lying = () => altered((folder) => rewriteBundle(folder, (all) => all.with(40, flipped(all[40], 90))));
  const torn = () => altered((folder) => rm(entriesAt(folder, 'tile/entries/002')));
  /** Without its tiles of hashes: what it gives is proven by the head alone. */
  const unsoundly = async (tiles: TileSource): Promise<TileSource> => ({
    ...tiles,
    async read(path, options) {
      if (/^tile\/\d/.test(path))
        throw new UnavailableError('mirror.not-found', `${tiles.name} does not have ${path}.`);
      return await tiles.read(path, options);
    },
  });
  const nobody = createUrlTiles({ url: 'http://127.0.0.1:9/log' });

  it('names whoever lies, lacks a part or does not answer, and takes the rest from the next', async () => {
    const [first, second] = [createFolderTiles(await lying()), createFolderTiles(await torn())];
    const third = createFolderTiles(published);
    const result = await replay({ mirrors: [nobody, first, second, third], publisher, pin: ledger.reader.id });
    expect(result).toMatchObject({ broken: undefined, views: [] });
    expect(result.sources).toMatchObject([
      { name: nobody.name, entries: 0, failure: { code: 'mirror.unreachable' } },
      { name: first.name, failure: { code: 'journal.break', broken: { entry: 256 + 40, block: expect.any(Number) } } },
      { name: second.name, failure: { code: 'journal.break', broken: { entry: 512 } } },
      { name: third.name },
    ]);
    expect(result.sources.at(-1)).not.toHaveProperty('failure');
    const given = result.sources.reduce((sum, { entries }) => sum + entries, 0);
    expect(given).toBe(result.head.size);
  });

  it('does not call a checkpoint a fork on the word of a mirror that lies, nor blame one that is short and honest', async () => {
    // 400 is no size at which the head proves entries: until 512 what the liar gave is what the journal seems to be.
    const honest = createFolderTiles(await forge((entries) => entries, 400));
    const twice = (all: Uint8Array[]) => all.with(40, flipped(all[40], 90)).with(200, flipped(all[200], 90));
    const liar = createFolderTiles(await altered((folder) => rewriteBundle(folder, twice)));
    const sound = createFolderTiles(published);
    const options = { publisher, pin: ledger.reader.id };
    const first = await replay({ ...options, mirrors: [await unsoundly(liar), honest, sound] });
    expect(first).toMatchObject({ broken: undefined, views: [] });
    const second = await replay({ ...options, mirrors: [honest, await unsoundly(liar), sound] });
    expect(second).toMatchObject({ broken: undefined, views: [] });
    expect(second.sources.find(({ name }) => name === honest.name)).not.toHaveProperty('failure');
    expect(second.sources.find(({ name }) => name === liar.name)).toMatchObject({ failure: { code: 'journal.break' } });
  });

  it('blames a short mirror that lies for what breaks in the hands of the next', async () => {
    const folder = await forge((entries) => entries.with(300, entries[299] as Uint8Array), 400);
    const liar = await unsoundly(createFolderTiles(folder));
    const sound = createFolderTiles(published);
    const { broken, sources } = await replay({ mirrors: [liar, sound], publisher, pin: ledger.reader.id });
    expect(broken).toBeUndefined();
    expect(sources[0]).toMatchObject({ name: liar.name, failure: { code: 'journal.break' } });
    expect(sources[1]).toMatchObject({ name: sound.name });
    expect(sources[1]).not.toHaveProperty('failure');
  });

  it('stands on the largest checkpoint that has tiles, where another mirror has lost its own', async () => {
    const longer = await unsoundly(createFolderTiles(published));
    const shorter = createFolderTiles(await forge((entries) => entries, 700));
    const result = await replay({ mirrors: [longer, shorter], publisher, pin: ledger.reader.id });
    expect(result).toMatchObject({
      broken: undefined,
      head: { size: 700 },
      source: expect.stringContaining(shorter.name),
    });
    expect(result.sources[0]).toMatchObject({ name: longer.name, failure: { code: 'mirror.not-found' } });
  });

  it('says that a checkpoint from before its beginning was not compared', async () => {
    const { snapshot } = await replay({ ledger: ledger.reader });
    const forked = createFolderTiles(await forge((entries) => entries.with(30, flipped(entries[30], 90)), 400));
    const { sources } = await replay({ ledger: ledger.reader, mirrors: [forked], publisher, from: snapshot });
    expect(sources).toContainEqual(
      expect.objectContaining({
        name: forked.name,
        failure: expect.objectContaining({ code: 'checkpoint.not-compared' }),
      }),
    );
  });

  it('finds a fork again after it was ended behind it, and takes no head on the word of another', async () => {
    const forked = createFolderTiles(await forge((entries) => entries.with(30, flipped(entries[30], 90)), 400));
    const notes = createNotes();
    const options = { ledger: ledger.reader, mirrors: [createFolderTiles(published), forked], publisher, notes };
    const over = new AbortController();
    const onProgress = ({ done }: ReplayProgress) => done >= 768 && over.abort(new Error('ended'));
    const ended = replay({ ...options, saveEvery: 1, onProgress, signal: over.signal });
    await expect(ended).rejects.toThrow('ended');
    const head = (await notes.read('replay')) as { readonly head: { readonly size: number } };
    const result = await replay(options);
    expect(result.head.size).toBe(head.head.size);
    expect(result.views).toMatchObject([{ name: forked.name, code: 'checkpoint.fork' }]);

    // Written down by one that lied of the head; another has the same block and says otherwise.
    const lie = { ...head, word: 'http://liar.example', head: { ...head.head, root: `0x${'11'.repeat(32)}` } };
    const kept = createNotes();
    await kept.save('replay', lie);
    expect(await replay({ ledger: ledger.reader, notes: kept })).toMatchObject({
      broken: undefined,
      source: ledger.rpcUrl,
      head: { root: result.head.root },
    });
  });

  it.each<[string, number, number, number]>([
    ['first', 300, 300, 0],
    ['second', 380, 0, 380],
  ])(
    'of three that gave parts of what broke, blames the %s, who lied of entry %i, and no other',
    async (which, _, early, late) => {
      // One gives entries up to 350 and the other to 400: the head proves nothing before 512.
      const lieOf = (at: number) => (entries: Uint8Array[]) =>
        at === 0 ? entries : entries.with(at, flipped(entries[at], 90));
      const first = await unsoundly(createFolderTiles(await forge(lieOf(early), 350)));
      const second = await unsoundly(createFolderTiles(await forge(lieOf(late), 400)));
      const sound = createFolderTiles(published);
      const options = { publisher, pin: ledger.reader.id };
      const { broken, sources } = await replay({ ...options, mirrors: [first, second, sound] });
      expect(broken).toBeUndefined();
      const blamed = sources.filter(({ failure }) => failure !== undefined);
      const [from, to] = which === 'first' ? [0, 349] : [350, 399];
      expect(blamed).toMatchObject([
        {
          name: (which === 'first' ? first : second).name,
          failure: {
            code: 'journal.break',
            broken: {
              entry: from,
              expected: expect.stringContaining(`over entries ${from} to ${to}`),
            },
          },
        },
      ]);
    },
  );

  it('names a liar also where the replay was ended before anybody proved otherwise', async () => {
    const forged = await forge((entries) => entries.with(380, flipped(entries[380], 90)), 400);
    const [first, second] = [
      createFolderTiles(await forge((entries) => entries, 350)),
      await unsoundly(createFolderTiles(forged)),
    ];
    const notes = createNotes();
    const over = new AbortController();
    const sound: TileSource = {
      ...createFolderTiles(published),
      async read(path, options) {
        // Asked for once with the parts of others before it, and once by itself.
        if (path === 'tile/entries/001') asked += 1;
        if (asked === 2) over.abort(new Error('ended'));
        return await createFolderTiles(published).read(path, options);
      },
    };
    let asked = 0;
    const options = { publisher, pin: ledger.reader.id, notes, mirrors: [first, second, sound], saveEvery: 1 };
    await expect(replay({ ...options, signal: over.signal })).rejects.toThrow('ended');
    const { sources } = await replay({ ...options, mirrors: [createFolderTiles(published), second] });
    expect(sources.filter(({ failure }) => failure?.code === 'journal.break').map(({ name }) => name)).toEqual([
      second.name,
    ]);
  });

  it('takes from each what is proven, where each lies of another part', async () => {
    const mirrors = [createFolderTiles(await lying()), createFolderTiles(await torn())];
    const { broken, sources } = await replay({ mirrors, publisher, pin: ledger.reader.id });
    expect(broken).toBeUndefined();
    expect(sources.map(({ failure }) => failure?.broken?.entry)).toEqual([296, 512]);
  });

  it('breaks at the same entry, and writes the same report, in whatever order those are asked who lie', async () => {
    const short = createFolderTiles(await forge((entries) => entries, 350));
    const forged = await forge((entries) => entries.with(300, flipped(entries[300], 90)), 400);
    const other = await altered((folder) => rewriteBundle(folder, (all) => all.with(40, flipped(all[40], 91))));
    const [a, b, c, d] = [
      short,
      await unsoundly(createFolderTiles(forged)),
      createFolderTiles(await lying()),
      createFolderTiles(other),
    ];
    const reports = new Set<string>();
    for (const mirrors of [
      [a, b, c, d],
      [d, c, b, a],
      [b, a, d, c],
      [c, a, b, d],
      [b, d, a, c],
    ]) {
      const { broken, report, entries } = await replay({ mirrors, publisher, pin: ledger.reader.id });
      expect({ broken, entries }).toMatchObject({ broken: { entry: 296 }, entries: 0 });
      reports.add(encodeAuditReport(report as AuditReport));
    }
    expect(reports.size).toBe(1);
    expect(JSON.parse([...reports][0] ?? '')).toMatchObject({
      outcome: 'broken',
      counts: { batches: { anchored: 0 } },
    });
  });

  it('says that a snapshot may be at fault, where nothing after it is proven yet', async () => {
    const { snapshot } = await replay({
      mirrors: [createFolderTiles(await forge((entries) => entries.with(30, flipped(entries[30], 90)), 300))],
      publisher,
      pin: ledger.reader.id,
    });
    const result = await replay({
      mirrors: [createFolderTiles(published)],
      publisher,
      pin: ledger.reader.id,
      from: snapshot,
    });
    expect(result.broken).toMatchObject({ entry: 0 });
    expect(result.sources.at(-1)?.failure?.message).toContain('unless the snapshot is of another journal');
  });

  it('writes the same report whichever of them served', async () => {
    const sound = createFolderTiles(published);
    const early = await connectLedger({ url: ledger.rpcUrl, pin: ledger.reader.id });
    const mirrors = [createFolderTiles(await lying()), sound];
    const [a, b] = [await replay({ ledger: early }), await replay({ ledger: early, mirrors, publisher })];
    expect(a.sources).not.toEqual(b.sources);
    expect(b.report && encodeAuditReport(b.report)).toBe(a.report && encodeAuditReport(a.report));
  });

  it('finds two views: a publisher who signed another journal, shorter or longer than the head', async () => {
    const change = (entries: Uint8Array[]) => entries.with(30, flipped(entries[30], 90));
    const shorter = createFolderTiles(await forge(change, 500));
    const { size } = (await openLog({ tiles: createFolderTiles(published) })).checkpoint;
    const longer = createFolderTiles(await forge(change, size));
    const early = await connectLedger({ url: ledger.rpcUrl, pin: ledger.reader.id, finality: { confirmations: 7 } });
    const result = await replay({ ledger: early, mirrors: [shorter, longer], publisher });
    expect(result.head.size).toBeLessThan(size);
    expect(result.broken).toBeUndefined();
    const views = result.views.map(({ name, code }) => [name, code]);
    expect(views).toContainEqual([shorter.name, 'checkpoint.fork']);
    expect(views).toContainEqual([longer.name, 'checkpoint.fork']);
  });

  it('finds a stale tree head: less than was signed as final', async () => {
    const stale = await connectLedger({ url: ledger.rpcUrl, pin: ledger.reader.id, finality: { confirmations: 7 } });
    const mirrors = [createFolderTiles(published)];
    const result = await replay({ ledger: stale, mirrors, publisher });
    expect(result.views).toMatchObject([{ name: ledger.rpcUrl, code: 'journal.stale' }]);
    expect((await replay({ ledger: ledger.reader, mirrors, publisher })).views).toEqual([]);
  });

  it('finds a wrong tree head: what the endpoint says, its own entries do not make', async () => {
    const head = await ledger.reader.readTreeHead();
    const peaks = head.peaks.with(-1, flipped(head.peaks.at(-1), 3));
    const wrong = { ...ledger.reader, readTreeHead: async () => ({ ...head, peaks }) };
    const { broken } = await replay({ ledger: wrong });
    expect(broken?.entry).toBe(head.size - (head.size & -head.size));
  });

  it('finds an endpoint with another tree head at the same block, and names one that does not answer', async () => {
    const other = await startLedger();
    const theirs = { ...other.reader, id: ledger.reader.id, source: 'http://other.example' };
    const dead: LedgerReader = {
      ...ledger.reader,
      source: 'http://dead.example',
      readTreeHead: async () => {
        throw new UnavailableError('ledger.unreachable', 'nobody is there');
      },
    };
    const at = await ledger.reader.readTreeHead();
    const differing: LedgerReader = {
      ...theirs,
      readTreeHead: async () => ({ ...(await other.reader.readTreeHead()), blockNumber: at.blockNumber }),
    };
    const result = await replay({ ledger: ledger.reader, endpoints: [differing, dead] });
    expect(result.views).toMatchObject([{ name: 'http://other.example', code: 'ledger.mismatch' }]);
    expect(result.sources).toContainEqual(
      expect.objectContaining({
        name: 'http://dead.example',
        failure: expect.objectContaining({ code: 'ledger.unreachable' }),
      }),
    );
    await other.stop();
  });

  it('refuses a chain with the wrong contract, and names a mirror of another ledger', async () => {
    const other = await startLedger();
    const pin = { ...ledger.reader.id, address: other.reader.id.address };
    await expect(connectLedger({ url: ledger.rpcUrl, pin })).rejects.toMatchObject({ code: 'ledger.mismatch' });
    const mirror = createFolderTiles(published);
    const result = await replay({ ledger: other.reader, mirrors: [mirror] });
    expect(result.sources[0]).toMatchObject({ name: mirror.name, failure: { code: 'checkpoint.origin' } });
    expect(result.broken).toBeUndefined();
    await other.stop();
  });
});

async function cut(path: string, end: number): Promise<void> {
  await writeFile(path, (await readFile(path)).subarray(0, end));
}

describe('a proof of an entry', () => {
  it('is made of any mirror, under a checkpoint that enough cosigned where it has the entry, else under the newest', async () => {
    await anchorMany(3);
    const head = await mirrorChain({ folder: newFolder(), ledger: ledger.reader, signer, epoch: 1 });
    const older = newFolder();
    await cp(published, older, { recursive: true });
    const before = await openLog({ tiles: createFolderTiles(older) });
    const tiles = createFolderTiles(older);
    for (const index of [0, 255, 256, before.checkpoint.size - 1]) {
      const { file, entry, checkpoint } = await proveEntry({ tiles, index, publisher, ledger: ledger.reader.id });
      expect(checkpoint.size).toBe(before.checkpoint.size);
      const proved = await openTlogProof(file, { logs: [publisher] });
      expect([proved.index, encodeHex(proved.entry)]).toEqual([index, encodeHex(entry)]);
    }
    await expect(proveEntry({ tiles, index: before.checkpoint.size })).rejects.toMatchObject({
      code: 'mirror.not-found',
    });
    const newest = newFolder();
    await mirrorChain({ folder: newest, ledger: ledger.reader, signer, epoch: 1 });
    // What a service would serve: the older one has the quorum. A web server's page in its place says nothing.
    const grown = createFolderTiles(newest);
    const withCosigned = (note: Uint8Array): TileSource => ({
      name: 'service',
      read: async (path) => (path === 'cosigned' ? note : await readEither(path)),
    });
    const readEither = async (path: string) => await grown.read(path).catch(() => tiles.read(path));
    const cosigned = withCosigned(before.note);
    expect((await proveEntry({ tiles: cosigned, index: 3 })).checkpoint.size).toBe(before.checkpoint.size);
    expect((await proveEntry({ tiles: cosigned, index: head.size - 1 })).checkpoint.size).toBe(head.size);
    const page = withCosigned(new TextEncoder().encode('<!doctype html><title>Not found</title>'));
    expect((await proveEntry({ tiles: page, index: 3 })).checkpoint.size).toBe(head.size);
  });

  it('is not made of a mirror whose entry, tile or signature is another', async () => {
    const entry = await altered((folder) => rewriteBundle(folder, (all) => all.with(5, flipped(all[5], 40))));
    await expect(proveEntry({ tiles: createFolderTiles(entry), index: 261 })).rejects.toMatchObject({
      code: 'journal.break',
    });
    const tile = await altered(async (folder) => {
      const file = join(folder, 'tile/0/001');
      await writeFile(file, flipped(await readFile(file), 40));
    });
    await expect(proveEntry({ tiles: createFolderTiles(tile), index: 261 })).rejects.toMatchObject({
      code: 'journal.tile',
    });
    const stranger = await createNoteSigner(await generateNoteKey(signer.name));
    const verifier = await parseVerifierKey(stranger.verifierKey);
    const tiles = createFolderTiles(published);
    await expect(proveEntry({ tiles, index: 3, publisher: verifier })).rejects.toMatchObject({
      code: 'checkpoint.signature',
    });
  });
});
