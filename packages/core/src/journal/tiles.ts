/**
 * The journal as static files (https://c2sp.org/tlog-tiles): tiles of 256 hashes and bundles of 256 entries, each at a path of its own, so
 * that any web server can mirror it. It owns the paths, the bytes of both, how entries become tiles, and how tiles that nobody vouches for
 * are checked against a root: from the root down, so that what was altered is found at its place.
 */
import { encodeHex, equalBytes, sha256Into } from '../bytes.ts';
import { IntegrityError, InvalidInputError } from '../errors.ts';
import { LONGEST_ENTRY } from './entry.ts';
import { JournalBreakError } from './state.ts';
import { assembleProof, foldPeaks, planInclusion, planPeaks } from './tree.ts';

/** Hashes of a full tile, and entries of a full bundle. */
export const TILE_WIDTH = 256;
/** Levels of the tree from a tile's hashes up to those of the tile above. */
const TILE_HEIGHT = 8;
const HASH = 32;
/** The longest bundle of entries, in bytes. */
export const LONGEST_BUNDLE = TILE_WIDTH * (2 + LONGEST_ENTRY);

/** A file of the log: a tile of hashes, level 0 being the leaves', or a bundle of entries. */
export interface TileId {
  readonly level: number | 'entries';
  readonly index: number;
  /** 256 of a full one; fewer at the right edge only. */
  readonly width: number;
}

// ----------------------------------------------------------------------------------------------------------------------- paths

/** `tile/0/x001/x234/067.p/8`. */
export function formatTilePath({ level, index, width }: TileId): string {
  const digits = String(index).padStart(3 * Math.ceil(String(index).length / 3), '0');
  const groups = digits.match(/\d{3}/g) ?? [];
  const path = groups.map((group, i) => (i === groups.length - 1 ? group : `x${group}`)).join('/');
  return `tile/${level}/${path}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/** `undefined` for anything but the one path of a tile. */
export function parseTilePath(path: string): TileId | undefined {
  const match = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path);
  if (match === null) return undefined;
  const [, level = '', groups = '', width = String(TILE_WIDTH)] = match;
  const tile: TileId = {
    level: level === 'entries' ? level : Number(level),
    index: Number(groups.replaceAll(/[x/]/g, '')),
    width: Number(width),
  };
  // One spelling each: no padding beyond whole groups, no full width that is written out.
  const isSane = tile.width >= 1 && tile.width <= TILE_WIDTH && Number.isSafeInteger(tile.index);
  return isSane && formatTilePath(tile) === path ? tile : undefined;
}

/** How wide this tile is in a log of that size; 0 where it has none. */
export function tileWidth({ level, index }: Pick<TileId, 'level' | 'index'>, size: number): number {
  const hashes = level === 'entries' ? size : Math.floor(size / TILE_WIDTH ** level);
  return Math.max(0, Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH));
}

/** The partial tiles of hashes, lowest first: under them and the full ones lies all of the log. */
export function planEdge(size: number): TileId[] {
  const edge: TileId[] = [];
  for (let level = 0, hashes = size; hashes > 0; level++, hashes = Math.floor(hashes / TILE_WIDTH)) {
    const width = hashes % TILE_WIDTH;
    if (width > 0) edge.push({ level, index: (hashes - width) / TILE_WIDTH, width });
  }
  return edge;
}

// --------------------------------------------------------------------------------------------------------------------- bundles

/** Entries, each after its length in two bytes. */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(entries.reduce((sum, { length }) => sum + 2 + length, 0));
  let offset = 0;
  for (const entry of entries) {
    if (entry.length > LONGEST_ENTRY) throw new TypeError(`An entry has ${LONGEST_ENTRY} bytes at most.`);
    bytes[offset] = entry.length >> 8;
    bytes[offset + 1] = entry.length & 0xff;
    bytes.set(entry, offset + 2);
    offset += 2 + entry.length;
  }
  return bytes;
}

/** The first `count` entries, as views. Errors: `journal.tile` where there are fewer, or more where the bundle should be whole. */
export function decodeBundle(
  bytes: Uint8Array,
  count: number,
  options: { readonly mayHaveMore?: boolean } = {},
): Uint8Array[] {
  const entries = readEntries(bytes, count);
  if (entries.length < count) refuse(`${entries.length} entries where ${count} belong`);
  const last = entries.at(-1);
  const end = last === undefined ? 0 : last.byteOffset - bytes.byteOffset + last.length;
  if (end !== bytes.length && options.mayHaveMore !== true)
    refuse(`${bytes.length - end} bytes after ${count} entries`);
  return entries;
}

/** As many whole entries as there are, up to `most`. One that is longer than any entry ends them: it is none. */
function readEntries(bytes: Uint8Array, most: number): Uint8Array[] {
  const entries: Uint8Array[] = [];
  for (let at = 0; entries.length < most && at + 2 <= bytes.length; ) {
    const end = at + 2 + ((bytes[at] ?? 0) << 8) + (bytes[at + 1] ?? 0);
    if (end > bytes.length || end - at - 2 > LONGEST_ENTRY) break;
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return entries;
}

// ---------------------------------------------------------------------------------------------------------------------- hashes

const leafInput = new Uint8Array(1 + LONGEST_ENTRY);
const nodeInput = new Uint8Array(1 + 2 * HASH);
nodeInput[0] = 0x01;

/** The leaves of entries, one after the other: the bytes of a tile of level 0. */
export function hashEntries(entries: readonly Uint8Array[]): Uint8Array {
  const hashes = new Uint8Array(HASH * entries.length);
  entries.forEach((entry, i) => {
    leafInput.set(entry, 1);
    sha256Into(leafInput.subarray(0, 1 + entry.length), hashes, HASH * i);
  });
  return hashes;
}

const folded = new Uint8Array(HASH * TILE_WIDTH);

/** The root of the perfect subtree over the hashes of a full tile. */
export function foldTile(hashes: Uint8Array): Uint8Array {
  if (hashes.length !== HASH * TILE_WIDTH) throw new TypeError(`A full tile has ${TILE_WIDTH} hashes.`);
  return foldRange(hashes, 0, TILE_WIDTH);
}

/** The root over `count` hashes from `first` on; `count` is a power of two. */
function foldRange(hashes: Uint8Array, first: number, count: number): Uint8Array {
  folded.set(hashes.subarray(HASH * first, HASH * (first + count)));
  for (let width = count; width > 1; width /= 2) {
    for (let i = 0; i < width; i += 2) {
      for (let k = 0, at = HASH * i; k < 2 * HASH; k++, at++) nodeInput[1 + k] = folded[at] ?? 0;
      sha256Into(nodeInput, folded, (HASH * i) / 2);
    }
  }
  return folded.slice(0, HASH);
}

/** The peaks that the partial tiles of a log stand for, largest (leftmost) first. `tiles` is in the order of `planEdge`. */
function peaksOfEdge(tiles: readonly Uint8Array[]): Uint8Array[] {
  return tiles.toReversed().flatMap((hashes) => {
    let first = 0;
    return planPeaks(hashes.length / HASH).map(({ level }) => {
      const peak = foldRange(hashes, first, 2 ** level);
      first += 2 ** level;
      return peak;
    });
  });
}

/** Tiles of hashes, made from entries as they come. */
export interface Tiler {
  readonly size: number;
  /** The next entries by their leaves (see `hashEntries`). Gives the tiles that they fill. */
  append(leaves: Uint8Array): FilledTile[];
  /** The partial tiles as they are now. */
  edge(): FilledTile[];
  root(): Uint8Array;
}

export interface FilledTile {
  readonly tile: TileId;
  readonly bytes: Uint8Array;
}

export function createTiler(): Tiler {
  const levels: Uint8Array[] = [];
  let size = 0;

  function push(level: number, hashes: Uint8Array, index: number, filled: FilledTile[]): void {
    levels[level] ??= new Uint8Array(HASH * TILE_WIDTH);
    const bytes = levels[level];
    const count = hashes.length / HASH;
    for (let done = 0; done < count; ) {
      const place = (index + done) % TILE_WIDTH;
      const part = Math.min(TILE_WIDTH - place, count - done);
      bytes.set(hashes.subarray(HASH * done, HASH * (done + part)), HASH * place);
      done += part;
      if (place + part < TILE_WIDTH) continue;
      const tile = (index + done) / TILE_WIDTH - 1;
      filled.push({ tile: { level, index: tile, width: TILE_WIDTH }, bytes: bytes.slice() });
      push(level + 1, foldTile(bytes), tile, filled);
    }
  }

  const edge = () =>
    planEdge(size).map((tile): FilledTile => {
      const bytes = levels[Number(tile.level)] as Uint8Array;
      return { tile, bytes: bytes.slice(0, HASH * tile.width) };
    });

  return {
    get size() {
      return size;
    },
    append(leaves) {
      const filled: FilledTile[] = [];
      push(0, leaves, size, filled);
      size += leaves.length / HASH;
      return filled;
    },
    edge,
    root: () => foldPeaks(peaksOfEdge(edge().map(({ bytes }) => bytes))),
  };
}

// --------------------------------------------------------------------------------------------------------------------- checking

/** A log of one size and root, read from tiles that nobody vouches for: nothing leaves it that is not under that root. */
export interface TileTree {
  readonly size: number;
  readonly root: Uint8Array;
  /** Largest (leftmost) first. */
  readonly peaks: readonly Uint8Array[];
  /** The root that the log had at a smaller size. Errors: as `check`. */
  rootAt(size: number): Promise<Uint8Array>;
  /** RFC 9162, 2.1.3: the inclusion path of one entry. Errors: `RangeError` for an index beyond the log; as `check`. */
  prove(index: number): Promise<Uint8Array[]>;
  /**
   * The entries of a bundle, and their leaves, if they are those of the log. Errors: `journal.break`, at the first entry that is not;
   * `journal.tile` where a tile above them is not the log's.
   */
  check(index: number, bundle: Uint8Array): Promise<CheckedBundle>;
}

export interface CheckedBundle {
  readonly entries: readonly Uint8Array[];
  readonly leaves: Uint8Array;
  /** Of a full bundle: the root of the perfect subtree over it. */
  readonly root: Uint8Array | undefined;
}

/** Gives the bytes of a tile of hashes; may give a wider one, which begins with the same hashes. */
export type TileReader = (tile: TileId) => Promise<Uint8Array>;

/** Errors: IntegrityError `journal.tile` where the tiles do not make the root; the reader's. */
export async function openTileTree(
  head: { readonly size: number; readonly root: Uint8Array },
  readTile: TileReader,
): Promise<TileTree> {
  const { size, root } = head;
  const edge = new Map<number, Uint8Array>();
  const plan = planEdge(size);
  const tiles = await Promise.all(plan.map((tile) => read(tile)));
  plan.forEach(({ level }, i) => {
    edge.set(Number(level), tiles[i] as Uint8Array);
  });
  const peaks = peaksOfEdge(tiles);
  if (!equalBytes(foldPeaks(peaks), root)) {
    throw disagrees(`the tiles ${plan.map(formatTilePath).join(', ')}`, root, foldPeaks(peaks));
  }
  /** One of each level: a log is read from left to right. */
  const last = new Map<number, { readonly index: number; readonly hashes: Promise<Uint8Array> }>();

  async function read(tile: TileId): Promise<Uint8Array> {
    const bytes = await readTile(tile);
    if (bytes.length < HASH * tile.width || bytes.length % HASH !== 0) {
      throw disagrees(formatTilePath(tile), `${HASH * tile.width} bytes`, `${bytes.length}`);
    }
    return bytes.subarray(0, HASH * tile.width);
  }

  async function hashesOf(level: number, index: number): Promise<Uint8Array> {
    if (tileWidth({ level, index }, size) < TILE_WIDTH) return edge.get(level) as Uint8Array;
    const kept = last.get(level);
    if (kept?.index === index) return await kept.hashes;
    const hashes = readChecked(level, index);
    last.set(level, { index, hashes });
    return await hashes;
  }

  async function readChecked(level: number, index: number): Promise<Uint8Array> {
    const tile: TileId = { level, index, width: TILE_WIDTH };
    const [expected, hashes] = await Promise.all([rootOf(level, index), read(tile)]);
    const found = foldTile(hashes);
    if (!equalBytes(found, expected)) throw disagrees(formatTilePath(tile), expected, found);
    return hashes;
  }

  /** Of a full tile, as the tile above has it. */
  async function rootOf(level: number, index: number): Promise<Uint8Array> {
    const above = await hashesOf(level + 1, Math.floor(index / TILE_WIDTH));
    const at = HASH * (index % TILE_WIDTH);
    return above.subarray(at, at + HASH);
  }

  /** The root of a perfect subtree: of a level between two tiles', folded from the lower one. */
  async function nodeAt(level: number, index: number): Promise<Uint8Array> {
    const above = level % TILE_HEIGHT;
    const first = index * 2 ** above;
    const hashes = await hashesOf((level - above) / TILE_HEIGHT, Math.floor(first / TILE_WIDTH));
    return foldRange(hashes, first % TILE_WIDTH, 2 ** above);
  }

  /** The first entry of a bundle that is not the log's. */
  async function locate(index: number, bundle: Uint8Array, width: number): Promise<never> {
    const first = index * TILE_WIDTH;
    const entries = readEntries(bundle, TILE_WIDTH);
    const found = hashEntries(entries);
    let expected: Uint8Array;
    try {
      expected = await hashesOf(0, index);
    } catch (cause) {
      // The tile that would tell is not the log's either: the bundle is as near as it gets.
      const range = `entries ${first} to ${first + width - 1}`;
      throw new JournalBreakError(first, `${range} with the root ${encodeHex(await rootOf(0, index))}`, 'others', {
        cause,
      });
    }
    for (let i = 0; i < width; i++) {
      const [there, here] = [leafOf(expected, i), leafOf(found, i)];
      if (i < entries.length && equalBytes(there, here)) continue;
      const what = i < entries.length ? `one with the leaf ${encodeHex(here)}` : 'the end of its bundle';
      throw new JournalBreakError(first + i, `the entry with the leaf ${encodeHex(there)}`, what);
    }
    throw new JournalBreakError(first + width, 'the end of the bundle', 'more bytes');
  }

  return {
    ...{ size, root, peaks },

    async rootAt(smaller) {
      if (smaller > size) throw new RangeError(`A log of ${size} entries had never ${smaller}.`);
      const parts = planEdge(smaller).map(async ({ level, index, width }) =>
        (await hashesOf(Number(level), index)).subarray(0, HASH * width),
      );
      return foldPeaks(peaksOfEdge(await Promise.all(parts)));
    },

    async prove(index) {
      const plan = planInclusion(index, size);
      const nodes = new Map<string, Uint8Array>();
      for (const { level, index: at } of plan.flat()) nodes.set(`${level}/${at}`, await nodeAt(level, at));
      return assembleProof(plan, (level, at) => nodes.get(`${level}/${at}`) as Uint8Array);
    },

    async check(index, bundle) {
      const width = tileWidth({ level: 'entries', index }, size);
      const entries = readEntries(bundle, width);
      const last = entries.at(-1);
      const isWhole =
        entries.length === width &&
        last !== undefined &&
        last.byteOffset + last.length === bundle.byteOffset + bundle.length;
      if (!isWhole) return await locate(index, bundle, width);
      const leaves = hashEntries(entries);
      const isFull = width === TILE_WIDTH;
      const found = isFull ? foldTile(leaves) : leaves;
      const expected = isFull ? await rootOf(0, index) : await hashesOf(0, index);
      if (!equalBytes(found, expected)) return await locate(index, bundle, width);
      return { entries, leaves, root: isFull ? found : undefined };
    },
  };
}

function leafOf(hashes: Uint8Array, i: number): Uint8Array {
  return hashes.subarray(HASH * i, HASH * (i + 1));
}

function disagrees(what: string, expected: Uint8Array | string, found: Uint8Array | string): IntegrityError {
  const spell = (value: Uint8Array | string) => (typeof value === 'string' ? value : `the root ${encodeHex(value)}`);
  return new IntegrityError(
    'journal.tile',
    `The hashes of the log do not agree at ${what}: expected ${spell(expected)}, found ${spell(found)}.`,
  );
}

function refuse(message: string): never {
  throw new InvalidInputError('journal.tile', `These bytes are not a bundle of entries: ${message}.`);
}
