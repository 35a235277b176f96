import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createCompactRange,
  createTiler,
  decodeBundle,
  encodeBundle,
  formatTilePath,
  hashEntries,
  hashLeaf,
  JournalBreakError,
  openTileTree,
  parseTilePath,
  planEdge,
  type TileId,
  type TileTree,
  tileWidth,
  verifyInclusion,
} from '../../src/journal/index.ts';

/** Entries of one byte up to a few hundred, all different. */
function entryOf(i: number): Uint8Array {
  const entry = new Uint8Array(3 + (i % 300));
  new DataView(entry.buffer).setUint16(0, i);
  entry[2] = i >> 16;
  return entry;
}

/** The log as files. */
interface Files {
  readonly size: number;
  readonly root: Uint8Array;
  readonly files: Map<string, Uint8Array>;
}

function publish(size: number): Files {
  const files = new Map<string, Uint8Array>();
  const tiler = createTiler();
  for (let index = 0; index * 256 < size; index++) {
    const width = Math.min(256, size - index * 256);
    const entries = Array.from({ length: width }, (_, i) => entryOf(256 * index + i));
    files.set(formatTilePath({ level: 'entries', index, width }), encodeBundle(entries));
    for (const { tile, bytes } of tiler.append(hashEntries(entries))) files.set(formatTilePath(tile), bytes);
  }
  for (const { tile, bytes } of tiler.edge()) files.set(formatTilePath(tile), bytes);
  return { size, root: tiler.root(), files };
}

function open({ size, root, files }: Files): Promise<TileTree> {
  return openTileTree({ size, root }, async (tile) => {
    const bytes = files.get(formatTilePath(tile));
    if (bytes === undefined) throw new Error(`no ${formatTilePath(tile)}`);
    return bytes;
  });
}

function bundleOf({ size, files }: Files, index: number): Uint8Array {
  const width = tileWidth({ level: 'entries', index }, size);
  return files.get(formatTilePath({ level: 'entries', index, width })) as Uint8Array;
}

async function checkAll(log: Files): Promise<number> {
  const tree = await open(log);
  let entries = 0;
  for (let index = 0; index * 256 < log.size; index++) {
    entries += (await tree.check(index, bundleOf(log, index))).entries.length;
  }
  return entries;
}

function rootOf(size: number): Uint8Array {
  const range = createCompactRange();
  for (let i = 0; i < size; i++) range.append(hashLeaf(entryOf(i)));
  return range.root();
}

describe("a tile's path", () => {
  it('is that of the specification', () => {
    expect(formatTilePath({ level: 0, index: 1_234_067, width: 256 })).toBe('tile/0/x001/x234/067');
    expect(formatTilePath({ level: 'entries', index: 0, width: 7 })).toBe('tile/entries/000.p/7');
    expect(formatTilePath({ level: 1, index: 1_000, width: 256 })).toBe('tile/1/x001/000');
  });

  it('is read back, and no other spelling is', () => {
    const level = fc.oneof(fc.nat(63), fc.constant('entries' as const));
    fc.assert(
      fc.property(level, fc.nat(10 ** 12), fc.integer({ min: 1, max: 256 }), (level, index, width) => {
        expect(parseTilePath(formatTilePath({ level, index, width }))).toEqual({ level, index, width });
      }),
    );
    for (const bad of [
      ...[
        '',
        'tile',
        'tile/0',
        'tile/0/0',
        'tile/0/00',
        'tile/0/0000',
        'tile/0/x000/001',
        'tile/0/001/002',
        'tile/0/x001',
      ],
      ...[
        'tile/00/000',
        'tile/-1/000',
        'tile/0/000.p/0',
        'tile/0/000.p/256',
        'tile/0/000.p/01',
        'tile/0/000.p/',
        'tile/0/000/',
      ],
      ...[
        'tile/leaves/000',
        '/tile/0/000',
        'tile/0/../000',
        'tile/100/000',
        'tile/0/x999/x999/x999/x999/x999/x999/999',
      ],
    ]) {
      expect(parseTilePath(bad), bad).toBeUndefined();
    }
  });
});

describe('the tiles of a log', () => {
  it('are those of the specification for 70,000 entries', () => {
    expect(planEdge(70_000)).toEqual([
      { level: 0, index: 273, width: 112 },
      { level: 1, index: 1, width: 17 },
      { level: 2, index: 0, width: 1 },
    ] satisfies TileId[]);
    expect(planEdge(256)).toEqual([{ level: 1, index: 0, width: 1 }]);
    expect([0, 272, 273, 274].map((index) => tileWidth({ level: 'entries', index }, 70_000))).toEqual([
      256, 256, 112, 0,
    ]);
  });

  it.each([0, 1, 2, 255, 256, 257, 511, 512, 1_000, 65_535, 65_536, 66_000])(
    'make the root of the tree of %i entries, and every entry is found under it',
    async (size) => {
      const log = publish(size);
      expect(log.root).toEqual(rootOf(size));
      expect(await checkAll(log)).toBe(size);
    },
  );

  it('tell every root that the log had before', async () => {
    const log = publish(66_000);
    const tree = await open(log);
    const range = createCompactRange();
    for (let size = 0; size <= log.size; size++) {
      if (size % 251 === 0 || size % 256 < 2) expect(await tree.rootAt(size)).toEqual(range.root());
      range.append(hashLeaf(entryOf(size)));
    }
  });

  it('prove where an entry stands', async () => {
    for (const size of [1, 2, 255, 256, 257, 1_000, 66_000]) {
      const log = publish(size);
      const tree = await open(log);
      for (const index of new Set([0, 1, 255, 256, 511, 65_535, 65_536, size - 1].filter((at) => at < size))) {
        const { root } = log;
        const leaf = hashLeaf(entryOf(index));
        expect(verifyInclusion({ leaf, index, size, proof: await tree.prove(index), root }), `${index}`).toBe(true);
      }
      await expect(tree.prove(size)).rejects.toThrow(RangeError);
    }
  });

  it('are the same however the entries come', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(700), { maxLength: 8 }), (parts) => {
        const tiler = createTiler();
        let next = 0;
        for (const count of parts) {
          tiler.append(hashEntries(Array.from({ length: count }, (_, i) => entryOf(next + i))));
          next += count;
        }
        expect(tiler.size).toBe(next);
        expect(tiler.root()).toEqual(rootOf(next));
      }),
      { numRuns: 30 },
    );
  });
});

describe('tiles that nobody vouches for', () => {
  const log = publish(66_000);

  async function breakOf(index: number, bundle: Uint8Array): Promise<number> {
    const error: unknown = await (await open(log)).check(index, bundle).catch((refusal: unknown) => refusal);
    if (!(error instanceof JournalBreakError)) throw error;
    return error.entry;
  }

  it('show which entry was altered, left out, put in or put elsewhere', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(log.size - 1), fc.nat(2), async (victim, how) => {
        const index = Math.floor(victim / 256);
        const place = victim % 256;
        const entries = decodeBundle(bundleOf(log, index), tileWidth({ level: 'entries', index }, log.size)).slice();
        if (how === 0)
          entries[place] = Uint8Array.from(entries[place] as Uint8Array, (byte, i) => (i === 1 ? byte ^ 1 : byte));
        if (how === 1) entries.splice(place, 1);
        if (how === 2) entries.splice(place, 0, Uint8Array.of(1, 2, 3));
        expect(await breakOf(index, encodeBundle(entries))).toBe(victim);
        const [a, b] = [entryOf(index * 256), entryOf(index * 256 + 1)];
        if (how === 0 && entries.length > 2)
          expect(await breakOf(index, encodeBundle([b, a, ...entries.slice(2)]))).toBe(256 * index);
      }),
    );
  });

  it('show where a bundle was cut or made longer', async () => {
    const whole = bundleOf(log, 3);
    expect(await breakOf(3, whole.subarray(0, whole.length - 1))).toBe(256 * 3 + 255);
    expect(await breakOf(3, new Uint8Array())).toBe(256 * 3);
    expect(await breakOf(3, Uint8Array.from([...whole, 0]))).toBe(256 * 4);
    // An entry that is longer than any of the ledger's, within a bundle that is not.
    const long = Uint8Array.from([0xff, 0xff, ...new Uint8Array(0xffff)]);
    expect(await breakOf(3, Uint8Array.from([...long, ...whole]))).toBe(256 * 3);
    expect(() => decodeBundle(long, 1)).toThrow(expect.objectContaining({ code: 'journal.tile' }));
  });

  it('show which tile of hashes was altered, and never give its entries', async () => {
    for (const path of ['tile/1/000', 'tile/2/000.p/1', 'tile/1/001.p/1', 'tile/0/257.p/208']) {
      const bytes = log.files.get(path) as Uint8Array;
      const altered = Uint8Array.from(bytes, (byte, i) => (i === 5 ? byte ^ 1 : byte));
      const files = new Map(log.files).set(path, altered);
      await expect(checkAll({ ...log, files }), path).rejects.toMatchObject({ code: 'journal.tile' });
      const short = new Map(log.files).set(path, bytes.subarray(1));
      await expect(checkAll({ ...log, files: short }), path).rejects.toMatchObject({ code: 'journal.tile' });
    }
    // The leaves of a full bundle are looked at only to find what was altered in it.
    const level0 = new Map(log.files).set('tile/0/003', new Uint8Array(8192));
    expect(await checkAll({ ...log, files: level0 })).toBe(log.size);
    const bundle = Uint8Array.from(bundleOf(log, 3), (byte, i) => (i === 3 ? byte ^ 1 : byte));
    const tree = await open({ ...log, files: level0 });
    await expect(tree.check(3, bundle)).rejects.toMatchObject({ code: 'journal.break', entry: 768 });
  });
});

describe('a bundle of entries', () => {
  it('comes back as it was written, and nothing else is one', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (entries) => {
        const bytes = encodeBundle(entries);
        expect(decodeBundle(bytes, entries.length)).toEqual(entries);
        const refused = expect.objectContaining({ code: 'journal.tile' });
        expect(() => decodeBundle(bytes, entries.length + 1)).toThrow(refused);
        if (entries.length > 0) expect(() => decodeBundle(bytes, entries.length - 1)).toThrow(refused);
        if (bytes.length > 0) expect(() => decodeBundle(bytes.subarray(0, -1), entries.length)).toThrow(refused);
      }),
    );
  });
});
