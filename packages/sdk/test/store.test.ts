import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, statfs, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Digest, UnavailableError } from '@dpp-ledger/core';
import { formatCid, hashCredential } from '@dpp-ledger/core/credential';
import { encodeManifest } from '@dpp-ledger/core/evidence';
import { CarBlockIterator, CarReader } from '@ipld/car';
import * as dagPb from '@ipld/dag-pb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFileStore } from '../src/node/index.ts';
import {
  type BatchBlocks,
  type Block,
  type BlockSource,
  createFolderTree,
  createGatewayStore,
  createKuboStore,
  encodeCar,
  fetchBlocks,
  formatBlockCid,
  type KuboClient,
  parseBlockCid,
  readThrough,
  type Store,
} from '../src/store/index.ts';
import { collect, serve } from './support.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpp-store-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function makeBatch(size: number, bytesEach = 300): BatchBlocks & { readonly credentials: Block[] } {
  const credentials = Array.from({ length: size }, () => {
    // A store of an earlier run must not have them yet.
    const bytes = new Uint8Array(bytesEach).fill(255);
    crypto.getRandomValues(bytes.subarray(0, 16));
    return { cid: formatCid(hashCredential(bytes)) as string, bytes };
  });
  const manifest = encodeManifest(credentials.map(({ bytes }) => hashCredential(bytes)));
  return { manifest, credentials };
}

const UNKNOWN = formatCid(new Uint8Array(32).fill(9) as Digest);

/** What every store does, whatever it is made of. */
function behavesAsStore(name: string, open: () => Promise<Store>) {
  describe(name, () => {
    let store: Store;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => store.close());

    it('gives back what was put, by CID, and knows that the batch is whole', async () => {
      const batch = makeBatch(50);
      expect(await store.hasBatch(batch.manifest.cid)).toBe(false);
      await store.putBatch(batch);
      expect(await store.hasBatch(batch.manifest.cid)).toBe(true);
      for (const block of [batch.manifest, ...batch.credentials]) {
        expect(await store.get(block.cid)).toEqual(block.bytes);
        expect(await store.has(block.cid)).toBe(true);
      }
    });

    it('takes a batch from a stream, the same batch twice, and one block in two batches', async () => {
      const batch = makeBatch(3);
      const stream = async function* () {
        yield* batch.credentials;
      };
      await store.putBatch({ manifest: batch.manifest, credentials: stream() });
      await store.putBatch(batch);
      const [first] = batch.credentials as [Block];
      const manifest = encodeManifest([hashCredential(first.bytes)]);
      await store.putBatch({ manifest, credentials: [first] });
      expect(await store.get(first.cid)).toEqual(first.bytes);
    });

    it('takes many batches at once', async () => {
      const batches = Array.from({ length: 8 }, (_, i) => makeBatch(10 + i));
      await Promise.all(batches.flatMap((batch) => [store.putBatch(batch), store.putBatch(batch)]));
      for (const { credentials } of batches) {
        const blocks = await collect(
          fetchBlocks(
            store,
            credentials.map(({ cid }) => cid),
            { concurrency: 4 },
          ),
        );
        expect(blocks).toEqual(credentials);
      }
    });

    it('takes the largest batch and the largest block', async () => {
      await store.putBatch(makeBatch(16_384, 64));
      const large = makeBatch(1, 1024 * 1024);
      await store.putBatch(large);
      expect((await store.get((large.credentials[0] as Block).cid)).length).toBe(1024 * 1024);
    }, 30_000);

    it('says that it does not have what it does not have', async () => {
      await expect(store.get(UNKNOWN, { signal: AbortSignal.timeout(20_000) })).rejects.toMatchObject({
        code: 'store.not-found',
      });
      expect(await store.has(UNKNOWN)).toBe(false);
    }, 30_000);

    it.each([
      ['no CID', 'hello'],
      ['an upper-case CID', UNKNOWN.toUpperCase()],
      [
        'a CID of another hash',
        'bafyrgqhai26anf3i7pips7q22coa4sz2fr4gk4q4sqdtymvvjyginfzaqewveaeqdh524nsktaq43j65v22xxrybrtertmcfxufdam3da3hbk',
      ],
      ['a CIDv0', 'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG'],
    ])('refuses %s', async (_, cid) => {
      await expect(store.get(cid)).rejects.toMatchObject({ code: 'input.encoding' });
    });

    it.each<[string, (batch: ReturnType<typeof makeBatch>) => BatchBlocks]>([
      [
        'a block altered',
        ({ manifest, credentials: [first, ...rest] }) => ({
          manifest,
          credentials: [{ cid: (first as Block).cid, bytes: new Uint8Array(3) }, ...rest],
        }),
      ],
      ['a block missing', ({ manifest, credentials }) => ({ manifest, credentials: credentials.slice(1) })],
      [
        'a block too many',
        ({ manifest, credentials }) => ({ manifest, credentials: [...credentials, ...makeBatch(1).credentials] }),
      ],
      ['blocks in another order', ({ manifest, credentials }) => ({ manifest, credentials: credentials.toReversed() })],
      ["another batch's manifest", ({ credentials }) => ({ manifest: makeBatch(4).manifest, credentials })],
    ])('takes no batch with %s', async (_, change) => {
      const batch = makeBatch(4);
      const changed = change(batch);
      await expect(store.putBatch(changed)).rejects.toMatchObject({ code: 'store.mismatch' });
      expect(await store.hasBatch(changed.manifest.cid)).toBe(false);
    });

    it('takes a folder, and then only what is new in it', async () => {
      const tree = createFolderTree();
      const random = (length: number) =>
        Buffer.from(crypto.getRandomValues(new Uint8Array(64)))
          .toString('hex')
          .padEnd(length, '.');
      const bytesOf = (text: string) => new TextEncoder().encode(text);
      // The second file is longer than a block.
      const files = [random(300), random(1024 * 1024 + 500)].map(bytesOf) as [Uint8Array, Uint8Array];
      const first = [...tree.putFile('tile/0/000', files[0]), ...tree.putFile('tile/entries/000', files[1])];
      const before = tree.build();
      expect(await store.hasFolder(before.root.cid)).toBe(false);
      await store.putFolder({ root: before.root.cid, blocks: [...first, ...before.blocks] });
      expect(await store.hasFolder(before.root.cid)).toBe(true);
      const added = tree.putFile('checkpoint', bytesOf(random(100)));
      tree.remove('tile/0/000');
      const after = tree.build();
      // The root and the two folders above what went; those of the other file are as they were.
      expect(after.blocks).toHaveLength(3);
      await store.putFolder({
        ...{ root: after.root.cid, blocks: [...added, ...after.blocks], replaces: before.root.cid },
      });
      expect(await store.hasFolder(after.root.cid)).toBe(true);
      for (const { cid, bytes } of [...first.slice(1), ...added, ...after.blocks]) {
        expect(new Uint8Array(await store.get(cid))).toEqual(new Uint8Array(bytes));
      }
      const bad = { cid: added[0]?.cid ?? '', bytes: new Uint8Array(3) };
      tree.putFile('checkpoint', bytesOf(random(100)));
      const { root } = tree.build();
      await expect(store.putFolder({ root: root.cid, blocks: [bad, root] })).rejects.toMatchObject({
        code: 'store.mismatch',
      });
      expect(await store.hasFolder(root.cid)).toBe(false);
    });

    it('describes itself', async () => {
      expect(await store.describe()).toMatchObject({ reachable: true, name: store.name });
    });
  });
}

behavesAsStore('the file store', () => createFileStore({ folder: join(folder, 'behaviour') }));

behavesAsStore('a store read through to gateways', async () => {
  const gateway = createGatewayStore({ urls: ['http://127.0.0.1:9'] });
  const none: BlockSource = {
    ...gateway,
    get: (cid) => Promise.reject(new UnavailableError('store.not-found', cid)),
    has: async () => false,
  };
  return readThrough(await createFileStore({ folder: join(folder, 'through') }), none);
});

// Kubo is an engine of its own: the suite runs with it where one is named, and with the retired client where its module is named.
const { KUBO_RPC, DPP_TEST_IPFS_HTTP_CLIENT } = process.env;
for (const [client, module] of [
  ['kubo-rpc-client', 'kubo-rpc-client'],
  ['ipfs-http-client', DPP_TEST_IPFS_HTTP_CLIENT],
] as const) {
  if (KUBO_RPC === undefined) it.skip(`Kubo by ${client}: not run, KUBO_RPC names no endpoint`, () => undefined);
  else if (module === undefined)
    it.skip(`Kubo by ${client}: not run, DPP_TEST_IPFS_HTTP_CLIENT names no module`, () => undefined);
  else {
    behavesAsStore(`Kubo by ${client}`, async () => {
      const { create } = (await import(module)) as { create(options: { url: string }): KuboClient };
      return createKuboStore({ client: create({ url: KUBO_RPC }), name: `Kubo at ${KUBO_RPC}`, timeLimitMs: 20_000 });
    });
  }
}

const { KUBO_GATEWAY } = process.env;
it.skipIf(KUBO_RPC === undefined || KUBO_GATEWAY === undefined)(
  "a folder's files are served by path at Kubo's gateway, until another version takes its place",
  async () => {
    const { create } = await import('kubo-rpc-client');
    const store = createKuboStore({ client: create({ url: KUBO_RPC ?? '' }), name: 'Kubo', timeLimitMs: 20_000 });
    const tree = createFolderTree();
    const bytes = crypto.getRandomValues(new Uint8Array(2 * 1024 * 1024 + 5).subarray(0, 1024));
    const large = new Uint8Array(2 * 1024 * 1024 + 5);
    large.set(bytes);
    const files = [...tree.putFile('checkpoint', bytes), ...tree.putFile('tile/entries/x001/000', large)];
    const first = tree.build();
    await store.putFolder({ root: first.root.cid, blocks: [...files, ...first.blocks] });
    const read = async (path: string) =>
      new Uint8Array(await (await fetch(`${KUBO_GATEWAY}/ipfs/${first.root.cid}/${path}`)).arrayBuffer());
    expect(await read('checkpoint')).toEqual(bytes);
    expect(Buffer.compare(await read('tile/entries/x001/000'), large)).toBe(0);
    const more = tree.putFile('checkpoint', bytes.subarray(1));
    const { root, blocks } = tree.build();
    await store.putFolder({ root: root.cid, blocks: [...more, ...blocks], replaces: first.root.cid });
    expect([await store.hasFolder(root.cid), await store.hasFolder(first.root.cid)]).toEqual([true, false]);
    await store.close();
  },
);

describe('a folder of UnixFS', () => {
  /** As IPFS's own library reads DAG-PB, and spells it. */
  function readNode(block: Block) {
    const node = dagPb.decode(block.bytes);
    expect(dagPb.encode(node)).toEqual(block.bytes);
    return node;
  }

  it('is spelt as IPFS spells it: sorted links, with the size of all that is below', () => {
    const tree = createFolderTree();
    const text = (length: number) => new Uint8Array(length).fill(97);
    const [large, small] = [tree.putFile('b/000', text(1024 * 1024 + 7)), tree.putFile('a', text(5))];
    const { root, blocks } = tree.build();
    expect(blocks.at(-1)).toBe(root);
    const top = readNode(root);
    expect(top.Data).toEqual(Uint8Array.of(8, 1));
    expect(top.Links.map(({ Name, Hash }) => [Name, Hash.toString()])).toEqual([
      ['a', small[0]?.cid],
      ['b', blocks[0]?.cid],
    ]);
    const file = readNode(large[2] as Block);
    expect(file.Links.map(({ Tsize }) => Tsize)).toEqual([1024 * 1024, 7]);
    // Type 2, filesize, and the size of each part.
    expect(file.Data).toEqual(Uint8Array.of(8, 2, 24, 135, 128, 64, 32, 128, 128, 64, 32, 7));
    const whole = [...large, ...small, ...blocks.slice(0, -1)].reduce((sum, { bytes }) => sum + bytes.length, 0);
    expect(top.Links.reduce((sum, { Tsize = 0 }) => sum + Tsize, 0)).toBe(whole);
  });

  it('is the same whatever the order, and knows no empty folder that once was', () => {
    const [one, other] = [createFolderTree(), createFolderTree()];
    for (const path of ['x/y', 'x/z', 'w']) one.putFile(path, Uint8Array.of(1));
    for (const path of ['w', 'x/z', 'x/y']) other.putFile(path, Uint8Array.of(1));
    expect(one.build().root).toEqual(other.build().root);
    one.putFile('x.p/1', Uint8Array.of(2));
    expect(one.build().root).not.toEqual(other.build().root);
    one.remove('x.p');
    expect(one.build().root).toEqual(other.build().root);
  });
});

describe('the file store, opened again,', () => {
  const open = (name: string) => createFileStore({ folder: join(folder, name) });

  it('has what it had', async () => {
    const batches = Array.from({ length: 5 }, () => makeBatch(20));
    const before = await open('again');
    for (const batch of batches) await before.putBatch(batch);
    await before.close();
    const after = await open('again');
    for (const block of batches.flatMap(({ credentials }) => credentials))
      expect(await after.get(block.cid)).toEqual(block.bytes);
    expect((await after.describe()).blocks).toBe(5 * 21);
    await after.close();
  });

  it.each<[string, (index: string) => Promise<void>]>([
    ['lost', (index) => rm(index)],
    ['cut short', (index) => truncate(index, 500)],
    ['empty', (index) => truncate(index, 0)],
    ['one batch behind', async (index) => truncate(index, (await readFile(index)).length - 21 * 48)],
  ])('mends an index that is %s', async (name, damage) => {
    const batches = Array.from({ length: 3 }, () => makeBatch(20));
    const before = await open(name);
    for (const batch of batches) await before.putBatch(batch);
    await before.close();
    await damage(join(folder, name, 'index'));
    const after = await open(name);
    for (const { manifest, credentials } of batches) {
      expect(await after.hasBatch(manifest.cid)).toBe(true);
      for (const block of credentials) expect(await after.get(block.cid)).toEqual(block.bytes);
    }
    const more = makeBatch(2);
    await after.putBatch(more);
    expect(await after.get((more.credentials[0] as Block).cid)).toEqual((more.credentials[0] as Block).bytes);
    await after.close();
  });

  it('gives no bytes that were altered on disk', async () => {
    const batch = makeBatch(1);
    const store = await open('altered');
    await store.putBatch(batch);
    const pack = join(folder, 'altered', 'packs', '000', '000000.car');
    const bytes = await readFile(pack);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    await writeFile(pack, bytes);
    await expect(store.get((batch.credentials[0] as Block).cid)).rejects.toMatchObject({ code: 'store.mismatch' });
    await store.close();
  });

  it('forgets what was not whole when the process ended', async () => {
    const store = await open('torn');
    const endless = async function* () {
      yield makeBatch(1).credentials[0] as Block;
      throw new Error('the process ended');
    };
    await expect(store.putBatch({ manifest: makeBatch(2).manifest, credentials: endless() })).rejects.toThrow();
    await store.close();
    await writeFile(join(folder, 'torn', 'incoming', 'half'), 'half');
    await (await open('torn')).close();
    expect(await readdir(join(folder, 'torn', 'incoming'))).toEqual([]);
  });

  it('keeps each batch as a CAR that other programs read', async () => {
    const batch = makeBatch(3);
    const store = await open('car');
    await store.putBatch(batch);
    await store.close();
    const car = await CarReader.fromBytes(await readFile(join(folder, 'car', 'packs', '000', '000000.car')));
    expect((await car.getRoots()).map(String)).toEqual([batch.manifest.cid]);
    const blocks = await collect(car.blocks());
    expect(blocks.map(({ cid }) => String(cid))).toEqual([batch.manifest, ...batch.credentials].map(({ cid }) => cid));
  });
});

describe('the file store, on a disk that is not always there,', () => {
  it('says that it is away, and goes on when it is back', async () => {
    const there = join(folder, 'there');
    const store = await createFileStore({ folder: there });
    const [before, after] = [makeBatch(3), makeBatch(3)];
    await store.putBatch(before);
    await rename(there, join(folder, 'away'));
    const [one] = before.credentials;
    await expect(store.get(one?.cid ?? '')).rejects.toMatchObject({ code: 'store.unreachable' });
    await expect(store.putBatch(after)).rejects.toMatchObject({ code: 'store.unreachable' });
    expect(await store.describe()).toMatchObject({ reachable: false });
    await rename(join(folder, 'away'), there);
    expect(await store.get(one?.cid ?? '')).toEqual(one?.bytes);
    await store.putBatch(after);
    expect(await store.describe()).toMatchObject({ reachable: true });
    await store.close();
  });

  // Many records, so that each batch takes the index across the edge of a page; and few, so that only the batch itself finds no room.
  it.for([
    [90, 64],
    [4, 3_000],
  ] as const)(
    'loses nothing when it is full, wherever it fills up: %i credentials of %i bytes',
    async ([count, bytesEach], { skip }) => {
      const PAGE = 4096;
      const disk = join(folder, `disk-${count}`);
      await mkdir(disk);
      const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${200 * PAGE}`, 'dpp-test', disk]);
      skip(status !== 0, 'a disk that is small enough to be full can be mounted by root only');
      try {
        const filler = join(disk, 'filler');
        const kept: ReturnType<typeof makeBatch>[] = [];
        let failures = 0;
        let store = await createFileStore({ folder: join(disk, 'store') });
        for (let free = 0; free < 8; free++) {
          const batch = makeBatch(count, bytesEach);
          const { bavail } = await statfs(disk);
          await writeFile(filler, new Uint8Array(Math.max(0, bavail - free) * PAGE));
          await store.putBatch(batch).catch((error: unknown) => {
            expect(error).toMatchObject({ code: 'store.unreachable' });
            failures += 1;
          });
          await rm(filler);
          await store.putBatch(batch);
          kept.push(batch);
          await store.close();
          store = await createFileStore({ folder: join(disk, 'store') });
          for (const { manifest, credentials } of kept) {
            for (const { cid, bytes } of [manifest, ...credentials]) {
              expect(await store.get(cid)).toEqual(new Uint8Array(bytes));
            }
          }
        }
        expect(failures).toBeGreaterThan(1);
        expect(failures).toBeLessThan(8);
        await store.close();
      } finally {
        spawnSync('umount', ['--lazy', disk]);
      }
    },
  );
});

describe('a CAR', () => {
  it('is what other programs read', async () => {
    const { manifest, credentials } = makeBatch(3, 200_000);
    const chunks = encodeCar({ root: manifest.cid, blocks: [manifest, ...credentials] });
    const read = await CarBlockIterator.fromIterable(chunks);
    expect((await read.getRoots()).map(String)).toEqual([manifest.cid]);
    const blocks = await collect(read);
    expect(blocks.map(({ cid, bytes }) => ({ cid: String(cid), bytes: new Uint8Array(bytes) }))).toEqual(
      [manifest, ...credentials].map(({ cid, bytes }) => ({ cid, bytes: new Uint8Array(bytes) })),
    );
  });

  it('holds no block that does not hash to its CID', async () => {
    const { manifest } = makeBatch(1);
    const blocks = [{ cid: manifest.cid, bytes: new Uint8Array(1) }];
    await expect(collect(encodeCar({ root: manifest.cid, blocks }))).rejects.toMatchObject({ code: 'store.mismatch' });
  });

  it('names blocks in one spelling', () => {
    const digest = new Uint8Array(32).fill(7);
    for (const codec of ['raw', 'dag-cbor'] as const) {
      expect(parseBlockCid(formatBlockCid(codec, digest))).toMatchObject({ codec, digest });
    }
    const cid = formatBlockCid('raw', digest);
    const stray = cid.slice(0, -1) + String.fromCharCode(cid.charCodeAt(cid.length - 1) + 1);
    expect(() => parseBlockCid(stray)).toThrow(expect.objectContaining({ code: 'input.encoding' }));
  });
});

describe('gateways', () => {
  const { credentials } = makeBatch(1);
  const block = credentials[0] as Block;
  const honest = () =>
    serve((request, response) =>
      response.writeHead(request.url === `/ipfs/${block.cid}?format=raw` ? 200 : 404).end(block.bytes),
    );

  /** What a gateway does that lies, and the code of a reader that has no other. */
  const lies: [string, string, (url: string) => Parameters<typeof serve>[0]][] = [
    ['other bytes', 'store.mismatch', () => (_, response) => response.end(new Uint8Array(300))],
    [
      'too many bytes',
      'store.unreachable',
      () => (_, response) => {
        response.on('error', () => undefined);
        const more = () =>
          void (response.write(new Uint8Array(65_536)) ? setImmediate(more) : response.once('drain', more));
        more();
      },
    ],
    [
      'a length beyond the limit',
      'store.unreachable',
      () => (_, response) => response.writeHead(200, { 'content-length': 2 ** 30 }).write('x'),
    ],
    [
      'a redirect',
      'store.unreachable',
      (url) => (_, response) => response.writeHead(302, { location: `${url}/ipfs/${block.cid}?format=raw` }).end(),
    ],
    ['an error', 'store.unreachable', () => (_, response) => response.writeHead(500).end()],
    ['nothing, ever', 'store.unreachable', () => () => undefined],
    [
      'half an answer',
      'store.unreachable',
      () => (_, response) => {
        response.writeHead(200, { 'content-length': block.bytes.length });
        response.write(block.bytes.subarray(0, 10), () => response.destroy());
      },
    ],
    ['that it has nothing', 'store.not-found', () => (_, response) => response.writeHead(404).end()],
  ];

  it.each(lies)('are not believed where one gives %s, and another is asked', async (_, code, lie) => {
    const good = await honest();
    const bad = await serve(lie(good.url));
    const options = { timeLimitMs: 300 };
    await expect(createGatewayStore({ urls: [bad.url], ...options }).get(block.cid)).rejects.toMatchObject({ code });
    const both = createGatewayStore({ urls: [bad.url, good.url], ...options });
    expect(await both.get(block.cid)).toEqual(block.bytes);
    expect(await both.has(block.cid)).toBe(true);
    await Promise.all([good.close(), bad.close()]);
  });

  it('are asked for raw blocks, with nothing that could be taken for something else', async () => {
    const asked: string[] = [];
    const gateway = await serve((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.accept}`);
      response.end(block.bytes);
    });
    await createGatewayStore({ urls: [`${gateway.url}/ipfs/`] }).get(block.cid);
    expect(asked).toEqual([`GET /ipfs/${block.cid}?format=raw application/vnd.ipld.raw`]);
    await gateway.close();
  });

  it('are asked again where one has too much to do, and given up where it stays so', async () => {
    let busy = 3;
    const gateway = await serve((_, response) => {
      if (busy-- > 0) response.writeHead(busy % 2 === 0 ? 503 : 429, { 'retry-after': '0' }).end();
      else response.end(block.bytes);
    });
    const store = createGatewayStore({ urls: [gateway.url] });
    expect(await store.get(block.cid)).toEqual(block.bytes);
    busy = Number.POSITIVE_INFINITY;
    await expect(store.get(block.cid)).rejects.toMatchObject({ code: 'store.unreachable' });
    await gateway.close();
  });

  it('are not waited for where one wants to be left alone for long', async () => {
    let asked = 0;
    const gateway = await serve((_, response) => {
      asked += 1;
      response.writeHead(503, { 'retry-after': '3600' }).end();
    });
    await expect(createGatewayStore({ urls: [gateway.url] }).get(block.cid)).rejects.toMatchObject({
      code: 'store.unreachable',
    });
    expect(asked).toBe(1);
    await gateway.close();
  });

  it('say that one has nothing only if all say so', async () => {
    const good = await honest();
    const gateway = createGatewayStore({ urls: [good.url] });
    expect(await gateway.has(UNKNOWN)).toBe(false);
    await good.close();
    await expect(gateway.has(UNKNOWN)).rejects.toMatchObject({ code: 'store.unreachable' });
  });

  it.each(['', 'ftp://a.example', 'https://a.example/?x=1', 'nonsense'])('are not named by "%s"', (url) => {
    expect(() => createGatewayStore({ urls: [url] })).toThrow(expect.objectContaining({ code: 'input.shape' }));
  });

  it('stop being asked when the signal aborts', async () => {
    const silent = await serve(() => undefined);
    const over = new AbortController();
    const asking = createGatewayStore({ urls: [silent.url] }).get(block.cid, { signal: over.signal });
    over.abort(new Error('enough'));
    await expect(asking).rejects.toThrow('enough');
    await silent.close();
  });

  it('are read where the store has nothing', async () => {
    const good = await honest();
    const store = await createFileStore({ folder: join(folder, 'fallback') });
    const both = readThrough(store, createGatewayStore({ urls: [good.url] }));
    expect(await both.get(block.cid)).toEqual(block.bytes);
    expect(await both.has(block.cid)).toBe(true);
    await expect(both.get(UNKNOWN)).rejects.toMatchObject({ code: 'store.not-found' });
    await both.close();
    await good.close();
  });
});
