/**
 * A mirror of the journal in a folder: the files of C2SP tlog-tiles as any web server can serve them. Every run checks all that is there
 * and fetches what is missing, so that it goes on after a crash and mends what was damaged; the checkpoint is replaced last, and never by
 * one that does not continue it.
 *
 *     checkpoint                      the tree head that the rest makes, as a signed note
 *     tile/entries/x001/234           256 entries; 234.p/7 the first seven of them
 *     tile/0/x001/234                 their leaves; tile/1/004 the roots of 256 tiles of leaves; and so on
 */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DppError, encodeHex, equalBytes, type Hex, IntegrityError, UnavailableError } from '@dpp-ledger/core';
import {
  type Checkpoint,
  encodeCheckpoint,
  findCosigned,
  formatOrigin,
  type NoteSigner,
  type NoteVerifier,
  parseCheckpoint,
  parseNote,
  parseVerifierKey,
  signNote,
  type WitnessPolicy,
} from '@dpp-ledger/core/checkpoint';
import {
  createCompactRange,
  createTiler,
  encodeBundle,
  formatTilePath,
  hashEntries,
  hashLeaf,
  TILE_WIDTH,
  type TileId,
  type TreeHead,
} from '@dpp-ledger/core/journal';
import type { LedgerReader } from '../ledger/ledger.ts';
import { type OpenLog, openLog, type TileSource } from '../mirror.ts';

export interface MirrorOptions {
  readonly folder: string;
  /** Its tree head must continue the mirror's. */
  readonly ledger?: LedgerReader | undefined;
  readonly onProgress?: (progress: { readonly entries: number; readonly of: number }) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface Mirrored {
  readonly folder: string;
  readonly origin: string;
  readonly size: number;
  readonly root: Hex;
  /** Entries that the mirror had before. */
  readonly before: number;
  /** Bundles that were fetched or written anew. */
  readonly written: number;
  /** On whose word, beside the mirror's own arithmetic. */
  readonly source: string;
  /** At which block the contract's tree head continues the mirror's; `undefined` where no contract was asked. */
  readonly contract: { readonly source: string; readonly blockNumber: number } | undefined;
  /** Witnesses of the policy that cosigned the checkpoint: the log only grew, as they saw it, and no more. */
  readonly cosigned: readonly { readonly name: string; readonly time: number }[];
}

/** A log in a folder. */
export function createFolderTiles(folder: string): TileSource {
  const base = resolve(folder);
  return {
    name: base,
    async read(path) {
      try {
        return await readFile(join(base, ...path.split('/')));
      } catch (cause) {
        const isMissing =
          cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR');
        const message = isMissing ? `${base} does not have ${path}.` : `${base} does not give ${path}: ${cause}.`;
        throw new UnavailableError(isMissing ? 'mirror.not-found' : 'mirror.unreachable', message, { cause });
      }
    },
  };
}

/**
 * Brings the mirror up to another one, a service's say. Errors: those of `openLog`; `journal.break`, `journal.tile` where entries or tiles
 * are not those of the checkpoint; IntegrityError `checkpoint.fork` where it does not continue the mirror's, or the contract does not
 * continue it.
 */
export async function mirrorLog(
  options: MirrorOptions & {
    readonly tiles: TileSource;
    readonly publisher?: NoteVerifier | undefined;
    /** Whose cosignatures are looked for; there may be none yet. */
    readonly witnesses?: WitnessPolicy | undefined;
  },
): Promise<Mirrored> {
  const { ledger, tiles, publisher, witnesses, signal } = options;
  const folder = createFolder(options.folder);
  const log = await openLog({ tiles, publisher, ledger: ledger?.id, signal });
  const { checkpoint } = log;
  const tree = await log.openTree();
  const kept = await folder.readCheckpoint();
  if (kept !== undefined) {
    assertSameLog(kept, checkpoint, options.folder);
    if (kept.size > checkpoint.size)
      throw fork(kept, `${tiles.name} has ${checkpoint.size} only: it is behind, or another log`);
    const before = await tree.rootAt(kept.size);
    if (!equalBytes(before, kept.root))
      throw fork(kept, `${tiles.name} had the root ${encodeHex(before)} at that size`);
  }
  const cosigned = witnesses === undefined ? [] : await findCosigned(log.note, witnesses);
  const written = await writeBundles(log, folder, options);
  const contract = ledger && (await meetContract(checkpoint, tree, ledger, signal));
  await folder.finish(log.note);
  return {
    ...{ folder: options.folder, origin: checkpoint.origin, size: checkpoint.size, root: encodeHex(checkpoint.root) },
    ...{ before: kept?.size ?? 0, written, contract },
    cosigned: cosigned.map(({ name, time }) => ({ name, time })),
    source: publisher === undefined ? tiles.name : publisher.name,
  };
}

async function writeBundles(log: OpenLog, folder: Folder, { onProgress, signal }: MirrorOptions): Promise<number> {
  const { checkpoint } = log;
  const tiler = createTiler();
  let written = 0;
  const before = (tile: TileId) => folder.read(formatTilePath(tile));
  for await (const { tile, bytes, leaves, isChecked } of log.readBundles({ before, signal })) {
    // What the folder has is served meanwhile: nothing goes over it that may not be the log's.
    if (!isChecked) {
      throw new IntegrityError(
        'journal.tile',
        `The tiles of ${log.name} above ${formatTilePath(tile)} are not those of its checkpoint, so its entries cannot be checked. Take another mirror.`,
      );
    }
    if (await folder.write(formatTilePath(tile), bytes)) written += 1;
    for (const filled of tiler.append(leaves)) await folder.write(formatTilePath(filled.tile), filled.bytes);
    onProgress?.({ entries: tiler.size, of: checkpoint.size });
  }
  for (const { tile, bytes } of tiler.edge()) await folder.write(formatTilePath(tile), bytes);
  return written;
}

/** Whether the contract's journal, at a final block or a newer one, begins with this. Errors: IntegrityError `checkpoint.fork`. */
async function meetContract(
  { size, root }: Checkpoint,
  { peaks }: Pick<TreeHead, 'peaks'>,
  ledger: LedgerReader,
  signal: AbortSignal | undefined,
): Promise<NonNullable<Mirrored['contract']>> {
  const final = await ledger.readTreeHead({ blockNumber: await ledger.readFinalBlockNumber({ signal }), signal });
  const head = final.size >= size ? final : await ledger.readTreeHead({ signal });
  const range = createCompactRange({ size, peaks });
  if (head.size > size) {
    for await (const page of ledger.readEntryPages({ from: size, to: head.size, toBlock: head.blockNumber, signal })) {
      for (const { bytes } of page) range.append(hashLeaf(bytes));
    }
  }
  if (head.size < size || encodeHex(range.root()) !== head.root) {
    throw fork(
      { size, root },
      `${ledger.source} has ${head.size} at block ${head.blockNumber}, with the root ${head.root}`,
    );
  }
  return { source: ledger.source, blockNumber: head.blockNumber };
}

/**
 * Brings the mirror up to the contract's tree head at its newest final block, from the chain's logs alone, under a key of one's own.
 * Errors: the ledger's; `journal.break`; IntegrityError `checkpoint.fork`, `checkpoint.origin`.
 */
export async function mirrorChain(
  options: MirrorOptions & { readonly ledger: LedgerReader; readonly signer: NoteSigner; readonly epoch: number },
): Promise<Mirrored> {
  const { ledger, signer, signal, onProgress } = options;
  const folder = createFolder(options.folder);
  const origin = formatOrigin(ledger.id, options.epoch);
  const head = await ledger.readTreeHead({ blockNumber: await ledger.readFinalBlockNumber({ signal }), signal });
  const kept = await folder.readCheckpoint();
  if (kept !== undefined) {
    assertSameLog(kept, { origin }, options.folder);
    if (kept.size > head.size) throw fork(kept, `${ledger.source} has ${head.size} at block ${head.blockNumber}`);
  }
  const tiler = createTiler();
  let written = 0;
  let waiting: Uint8Array[] = [];
  async function flush(): Promise<void> {
    const tile: TileId = { level: 'entries', index: Math.floor(tiler.size / TILE_WIDTH), width: waiting.length };
    if (await folder.write(formatTilePath(tile), encodeBundle(waiting))) written += 1;
    for (const filled of tiler.append(hashEntries(waiting)))
      await folder.write(formatTilePath(filled.tile), filled.bytes);
    waiting = [];
    onProgress?.({ entries: tiler.size, of: head.size });
  }
  async function take(entry: Uint8Array): Promise<void> {
    waiting.push(entry);
    if (waiting.length === TILE_WIDTH) await flush();
  }

  if (kept !== undefined) {
    const publisher = await parseVerifierKey(signer.verifierKey);
    const own = await openLog({ tiles: createFolderTiles(options.folder), publisher, ledger: ledger.id, signal });
    for await (const { entries } of own.readBundles({ signal })) for (const entry of entries) await take(entry);
  }
  const from = tiler.size + waiting.length;
  if (head.size > from) {
    for await (const page of ledger.readEntryPages({ from, to: head.size, toBlock: head.blockNumber, signal })) {
      for (const { bytes } of page) await take(bytes);
    }
  }
  if (waiting.length > 0) await flush();
  if (encodeHex(tiler.root()) !== head.root) {
    const found = `the entries make the root ${encodeHex(tiler.root())}, the contract has ${head.root} at block ${head.blockNumber}`;
    throw fork(kept ?? { size: head.size, root: tiler.root() }, found);
  }
  for (const { tile, bytes } of tiler.edge()) await folder.write(formatTilePath(tile), bytes);
  const checkpoint: Checkpoint = { origin, size: head.size, root: tiler.root(), extensions: [] };
  await folder.finish(new TextEncoder().encode(await signNote(encodeCheckpoint(checkpoint), signer)));
  return {
    ...{ folder: options.folder, origin, size: head.size, root: head.root, before: kept?.size ?? 0, written },
    source: ledger.source,
    contract: { source: ledger.source, blockNumber: head.blockNumber },
    cosigned: [],
  };
}

function assertSameLog(kept: Pick<Checkpoint, 'origin'>, next: Pick<Checkpoint, 'origin'>, folder: string): void {
  if (kept.origin === next.origin) return;
  throw new IntegrityError(
    'checkpoint.origin',
    `${folder} mirrors the log ${kept.origin}, not ${next.origin}. Choose another folder.`,
  );
}

function fork({ size, root }: Pick<Checkpoint, 'size' | 'root'>, found: string): IntegrityError {
  return new IntegrityError(
    'checkpoint.fork',
    `The checkpoint of ${size} entries with the root ${encodeHex(root)} is not continued: ${found}. Keep it: it is evidence of two histories.`,
  );
}

// -------------------------------------------------------------------------------------------------------------------- the folder

interface Folder {
  readCheckpoint(): Promise<Checkpoint | undefined>;
  read(path: string): Promise<Uint8Array | undefined>;
  /** Whole or not at all. False where it is there already. */
  write(path: string, bytes: Uint8Array): Promise<boolean>;
  /** The checkpoint, last and durably; then goes what the log's growth made needless. */
  finish(note: Uint8Array): Promise<void>;
}

function createFolder(path: string): Folder {
  const base = resolve(path);
  const tiles = createFolderTiles(base);
  const place = (file: string) => join(base, ...file.split('/'));
  /** Full tiles that this run wrote. */
  const full: string[] = [];

  async function read(file: string): Promise<Uint8Array | undefined> {
    try {
      return await tiles.read(file);
    } catch (error) {
      if (error instanceof DppError && error.code === 'mirror.not-found') return undefined;
      throw error;
    }
  }

  return {
    read,

    async readCheckpoint() {
      const note = await read('checkpoint');
      return note && parseCheckpoint(parseNote(note).text);
    },

    async write(file, bytes) {
      const kept = await read(file);
      if (kept !== undefined && equalBytes(kept, bytes)) return false;
      const temporary = `${place(file)}.${randomBytes(6).toString('hex')}.tmp`;
      await mkdir(dirname(temporary), { recursive: true });
      // Not flushed: a file that a power cut spoils is seen and mended by the next run.
      await writeFile(temporary, bytes);
      await rename(temporary, place(file));
      if (!file.includes('.p/')) full.push(file);
      return true;
    },

    async finish(note) {
      await mkdir(base, { recursive: true });
      const temporary = `${place('checkpoint')}.${randomBytes(6).toString('hex')}.tmp`;
      const handle = await open(temporary, 'wx');
      try {
        await handle.writeFile(note);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, place('checkpoint'));
      // The specification lets a partial tile go once it is full.
      for (const file of full) await rm(`${place(file)}.p`, { recursive: true, force: true });
      full.length = 0;
    },
  };
}
