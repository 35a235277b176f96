/**
 * Mirrors of the journal (C2SP tlog-tiles) as sources of its entries: a service's `/log/`, any web server, a folder. Believed in nothing:
 * whatever they give is checked against the checkpoint's root, and that against who signed it or against the contract.
 */
import { DppError, IntegrityError, type LedgerId, UnavailableError } from '@dpp-ledger/core';
import {
  type Checkpoint,
  formatOrigin,
  type NoteVerifier,
  openCheckpoint,
  parseCheckpoint,
  parseNote,
  parseOrigin,
} from '@dpp-ledger/core/checkpoint';
import {
  type CheckedBundle,
  decodeBundle,
  foldTile,
  formatTilePath,
  hashEntries,
  JournalBreakError,
  LONGEST_BUNDLE,
  openTileTree,
  TILE_WIDTH,
  type TileId,
  type TileTree,
  tileWidth,
} from '@dpp-ledger/core/journal';
import { describeFailure, fetchPatiently } from './http.ts';

export interface TileOptions {
  readonly signal?: AbortSignal | undefined;
}

/** The files of a log by their paths below its prefix: `checkpoint`, `tile/0/000`, `tile/entries/000.p/7`. */
export interface TileSource {
  /** For messages and reports. */
  readonly name: string;
  /** Errors: UnavailableError `mirror.not-found`, `mirror.unreachable`. */
  read(path: string, options?: TileOptions): Promise<Uint8Array>;
}

export interface UrlTilesOptions {
  /** The log's prefix: `https://dpp.example/log`. */
  readonly url: string;
  /** For each file; 30,000 by default. */
  readonly timeLimitMs?: number;
  readonly fetch?: typeof globalThis.fetch;
}

/** Files that are on their way at a time. */
const AHEAD = 8;
/** How often a server that has too much to do is asked. */
const ATTEMPTS = 6;
const UNREACHABLE = 'mirror.unreachable';

/** A log on any web server. Errors: UnavailableError `mirror.unreachable` for a URL that is none. */
export function createUrlTiles({ url, timeLimitMs = 30_000, ...options }: UrlTilesOptions): TileSource {
  const fetch = options.fetch ?? globalThis.fetch;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol) || parsed.search !== '' || parsed.hash !== '') {
    throw new UnavailableError(UNREACHABLE, `"${url}" is no log's URL: expected https://host/path.`);
  }
  const prefix = parsed.href.replace(/\/+$/, '');

  async function ask(path: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const options = { fetch, timeLimitMs, limit: LONGEST_BUNDLE, signal };
    const { ok, status, bytes } = await fetchPatiently(`${prefix}/${path}`, {}, { ...options, attempts: ATTEMPTS });
    if (ok) return bytes;
    if (status === 404 || status === 410) {
      throw new UnavailableError('mirror.not-found', `${prefix} does not have ${path}.`);
    }
    throw new UnavailableError(UNREACHABLE, `${prefix} answered ${status} for ${path}.`);
  }

  return {
    name: prefix,
    async read(path, { signal } = {}) {
      return await ask(path, signal).catch((cause: unknown) => {
        signal?.throwIfAborted();
        if (cause instanceof DppError) throw cause;
        throw new UnavailableError(UNREACHABLE, `${prefix} does not give ${path}: ${describeFailure(cause)}.`, {
          cause,
        });
      });
    },
  };
}

export interface OpenLogOptions extends TileOptions {
  readonly tiles: TileSource;
  /** `cosigned`: the newest that enough witnesses cosigned, where a service has it; `checkpoint` by default. */
  readonly file?: 'checkpoint' | 'cosigned';
  /** The publisher's key. Without it the checkpoint is the mirror's word, to be met with a contract's. */
  readonly publisher?: NoteVerifier | undefined;
  /** Whose journal it must be. */
  readonly ledger?: LedgerId | undefined;
}

/** A log as a mirror has it at one checkpoint. */
export interface OpenLog {
  readonly name: string;
  readonly checkpoint: Checkpoint;
  /** The signed note as it came. */
  readonly note: Uint8Array;
  /** Whether the publisher's signature was checked. */
  readonly isSigned: boolean;
  /** Errors: IntegrityError `journal.tile` where the tiles do not make the checkpoint's root; the source's. */
  openTree(): Promise<TileTree>;
  /**
   * Bundles with the entries from `from` up to `to`, in order, read ahead, each checked under the checkpoint's root if the tiles above it
   * allow it (`isChecked`). Errors: `journal.break` at the first entry that is not the log's, that is missing, or that stands elsewhere;
   * the source's.
   */
  readBundles(options: ReadBundlesOptions): AsyncIterable<LogBundle>;
}

export interface ReadBundlesOptions extends TileOptions {
  readonly from?: number;
  /** By default, and at most, the checkpoint's size. */
  readonly to?: number;
  /** Where a bundle is looked for first, which is believed no more. */
  readonly before?: (tile: TileId) => Promise<Uint8Array | undefined>;
}

/** The part of a bundle that was asked for. */
export interface LogBundle extends CheckedBundle {
  /** Index of its first entry. */
  readonly first: number;
  readonly tile: TileId;
  /** All of the bundle, as it is kept. */
  readonly bytes: Uint8Array;
  /** False where a tile above it is not the log's: then only all entries together can be met with a tree head. */
  readonly isChecked: boolean;
}

type ReadBundle = CheckedBundle & Pick<LogBundle, 'bytes' | 'isChecked'>;

/** As `openLog`, at the newest checkpoint that enough witnesses cosigned; `undefined` where the source knows of none. */
export async function openCosignedLog(options: Omit<OpenLogOptions, 'file'>): Promise<OpenLog | undefined> {
  try {
    return await openLog({ ...options, file: 'cosigned' });
  } catch (error) {
    // Mirrors have the newest checkpoint alone, and some web servers give a page of theirs for a file that they do not have.
    if (error instanceof DppError && NO_SUCH_FILE.has(error.code)) return undefined;
    throw error;
  }
}

const NO_SUCH_FILE: ReadonlySet<string> = new Set(['mirror.not-found', 'checkpoint.note', 'checkpoint.shape']);

/**
 * Reads a mirror's checkpoint. Errors: `mirror.not-found`, `mirror.unreachable`; `checkpoint.note`, `checkpoint.shape`; IntegrityError
 * `checkpoint.signature`, `checkpoint.origin`.
 */
export async function openLog(options: OpenLogOptions): Promise<OpenLog> {
  const { tiles, publisher, ledger, signal, file = 'checkpoint' } = options;
  const note = await tiles.read(file, { signal });
  const checkpoint =
    publisher === undefined
      ? parseCheckpoint(parseNote(note).text)
      : await openCheckpoint(note, { verifiers: [publisher] });
  if (ledger !== undefined) assertOrigin(checkpoint, ledger);
  const { size } = checkpoint;

  /** At the right edge a mirror may have grown since: a wider tile begins with the narrower one. */
  async function readTile(tile: TileId): Promise<{ readonly bytes: Uint8Array; readonly isWider: boolean }> {
    try {
      return { bytes: await tiles.read(formatTilePath(tile), { signal }), isWider: false };
    } catch (error) {
      if (!isMissing(error) || tile.width === TILE_WIDTH) throw error;
      const wide = await tiles.read(formatTilePath({ ...tile, width: TILE_WIDTH }), { signal }).catch(() => undefined);
      if (wide === undefined) throw error;
      return { bytes: wide, isWider: true };
    }
  }

  let tree: Promise<TileTree> | undefined;
  function openTree(): Promise<TileTree> {
    tree ??= openTileTree(checkpoint, async (tile) => (await readTile(tile)).bytes);
    return tree;
  }

  async function readBundle(tile: TileId, before: ReadBundlesOptions['before']): Promise<ReadBundle> {
    const first = tile.index * TILE_WIDTH;
    // Without sound tiles there is nothing to check against but the whole: the head of all entries, which is met at the end.
    const sound = await openTree().catch(unlessTile);
    const kept = sound === undefined ? undefined : await before?.(tile);
    if (kept !== undefined) {
      const checked = await sound?.check(tile.index, kept).catch(() => undefined);
      if (checked !== undefined) return { ...checked, bytes: kept, isChecked: true };
    }
    const { bytes, isWider } = await readTile(tile).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
      const range = `entries ${first} to ${first + tile.width - 1} at ${formatTilePath(tile)}`;
      throw new JournalBreakError(first, range, `nothing there in ${tiles.name}`, { cause: error });
    });
    const own = isWider ? cutBundle(bytes, tile.width) : bytes;
    const checked = await sound?.check(tile.index, own).catch(unlessTile);
    return { ...(checked ?? takeBundle(tile, own)), bytes: own, isChecked: checked !== undefined };
  }

  return {
    ...{ name: tiles.name, checkpoint, note, isSigned: publisher !== undefined, openTree },

    async *readBundles({ from = 0, to: wanted = size, before, ...reading }) {
      const to = Math.min(wanted, size);
      const end = Math.ceil(to / TILE_WIDTH);
      const under: { readonly tile: TileId; readonly bundle: Promise<ReadBundle> }[] = [];
      for (let next = Math.floor(from / TILE_WIDTH); under.length > 0 || next < end; ) {
        reading.signal?.throwIfAborted();
        for (; next < end && under.length < AHEAD; next++) {
          const tile: TileId = {
            level: 'entries',
            index: next,
            width: tileWidth({ level: 'entries', index: next }, size),
          };
          const bundle = readBundle(tile, before);
          // Its failure is met when its turn comes.
          bundle.catch(() => undefined);
          under.push({ tile, bundle });
        }
        const { tile, bundle } = under.shift() as (typeof under)[number];
        yield part(tile, await bundle, from, to);
      }
    },
  };
}

/** Errors: IntegrityError `checkpoint.origin`. */
function assertOrigin({ origin }: Checkpoint, ledger: LedgerId): void {
  if (parseOrigin(origin, ledger) !== undefined) return;
  const expected = formatOrigin(ledger, 1).replace(/1$/, 'N');
  throw new IntegrityError('checkpoint.origin', `This is a mirror of the log ${origin}; expected is ${expected}.`);
}

/** A mirror's tiles may be wrong where its entries are not. */
function unlessTile(error: unknown): undefined {
  if (isMissing(error) || (error instanceof DppError && error.code === 'journal.tile')) return undefined;
  throw error;
}

function isMissing(error: unknown): boolean {
  return error instanceof DppError && error.code === 'mirror.not-found';
}

/** A bundle that nothing vouches for yet. */
function takeBundle({ index, width }: TileId, bytes: Uint8Array): CheckedBundle {
  try {
    const entries = decodeBundle(bytes, width);
    const leaves = hashEntries(entries);
    return { entries, leaves, root: width === TILE_WIDTH ? foldTile(leaves) : undefined };
  } catch (cause) {
    if (!(cause instanceof DppError)) throw cause;
    throw new JournalBreakError(index * TILE_WIDTH, `a bundle of ${width} entries`, cause.message, { cause });
  }
}

/** The first entries of a bundle that has grown since; as it is, where it has not. */
function cutBundle(bytes: Uint8Array, width: number): Uint8Array {
  let end = 0;
  for (let i = 0; i < width && end + 2 <= bytes.length; i++)
    end += 2 + ((bytes[end] ?? 0) << 8) + (bytes[end + 1] ?? 0);
  return bytes.subarray(0, end);
}

function part(tile: TileId, bundle: ReadBundle, from: number, to: number): LogBundle {
  const start = tile.index * TILE_WIDTH;
  const [skip, end] = [Math.max(0, from - start), Math.min(tile.width, to - start)];
  if (skip === 0 && end === tile.width) return { ...bundle, tile, first: start };
  const entries = bundle.entries.slice(skip, end);
  return {
    tile,
    ...{ bytes: bundle.bytes, isChecked: bundle.isChecked },
    first: start + skip,
    entries,
    leaves: bundle.leaves.subarray(32 * skip, 32 * end),
    root: undefined,
  };
}
