/**
 * The embedded store: batches as CAR files in a folder, one file a batch, each written whole and fsynced before it gets its name. An
 * index from digest to place lies beside them; it holds nothing that the files do not, and is mended from them when it falls behind.
 * One process at a time uses the folder (the data folder's lock sees to that). Nothing is ever deleted.
 *
 *     packs/000/000012.car   the batch stored 13th
 *     index                  48 bytes a block: digest (32), number of its file (4), offset (6), length (4), reserved (2)
 */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, type FileHandle, mkdir, open, readdir, readFile, rename, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { IntegrityError, UnavailableError } from '@dpp-ledger/core';
import { assertBlock, type CheckedBlock, checkBatch, checkFolder, parseBlockCid } from '../store/block.ts';
import { encodeCarFrame, encodeCarHeader } from '../store/car.ts';
import type { BatchBlocks, FolderBlocks, Store, StoreOptions } from '../store/store.ts';

const RECORD = 48;
const PACKS_PER_FOLDER = 1_000;
const OPEN_FILES = 32;
const WRITE_BYTES = 1024 * 1024;
/** What a disk says of itself; other failures are of whom the bytes come from. */
const OF_THE_DISK: ReadonlySet<unknown> = new Set(
  'EACCES EDQUOT EFBIG EIO EMFILE ENFILE ENOENT ENOSPC ENOTDIR EPERM EROFS ESTALE'.split(' '),
);

interface Place {
  readonly pack: number;
  readonly offset: number;
  readonly length: number;
}

export async function createFileStore(options: { readonly folder: string }): Promise<Store> {
  const { folder } = options;
  const name = `file store ${folder}`;
  const packs = join(folder, 'packs');
  const incoming = join(folder, 'incoming');
  // What was being written when the process ended was promised to nobody.
  await rm(incoming, { recursive: true, force: true });
  await mkdir(packs, { recursive: true });
  await mkdir(incoming, { recursive: true });
  const index = await openIndex(join(folder, 'index'), packs);
  const files = new Map<number, Promise<FileHandle>>();
  let turn: Promise<unknown> = Promise.resolve();

  function file(pack: number): Promise<FileHandle> {
    const opened = files.get(pack) ?? open(packPath(packs, pack), 'r');
    files.delete(pack);
    files.set(pack, opened);
    // A folder that is away may come back.
    opened.catch(() => files.delete(pack));
    const [oldest] = files.keys();
    if (files.size > OPEN_FILES && oldest !== undefined) {
      const closing = files.get(oldest);
      files.delete(oldest);
      // A read that began on it has its own reference and ends first: handles count what is under way.
      closing?.then((handle) => handle.close()).catch(() => undefined);
    }
    return opened;
  }

  /** A disk that is full, or a folder that went away, is tried again: it is nobody's fault that asks. */
  async function asking<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    try {
      return await work;
    } catch (cause) {
      signal?.throwIfAborted();
      if (!(cause instanceof Error && 'code' in cause && OF_THE_DISK.has(cause.code))) throw cause;
      throw new UnavailableError('store.unreachable', `${name} does not do what it is asked: ${cause.message}.`, {
        cause,
      });
    }
  }

  async function commit(
    temporary: string,
    places: readonly { digest: Uint8Array; offset: number; length: number }[],
  ): Promise<void> {
    const pack = index.packs;
    const path = packPath(packs, pack);
    await mkdir(join(path, '..'), { recursive: true });
    await rename(temporary, path);
    await syncFolder(join(path, '..'));
    if (pack % PACKS_PER_FOLDER === 0) await syncFolder(packs);
    await index.append(pack, places);
  }

  /** Stores blocks under a root as one file, unless the root is here. */
  async function putPack(
    root: string,
    blocks: AsyncIterable<CheckedBlock>,
    has: (root: string) => Promise<boolean>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    if (await has(root)) return;
    const temporary = join(incoming, randomBytes(8).toString('hex'));
    try {
      const places = await asking(writePack(temporary, root, blocks, signal), signal);
      const mine = turn.then(async () => {
        // Another call may have stored the same while this one was writing.
        if (!(await has(root))) await asking(commit(temporary, places), signal);
      });
      turn = mine.catch(() => undefined);
      await mine;
    } finally {
      await rm(temporary, { force: true });
    }
  }

  const store: Store = {
    name,

    async get(cid, { signal } = {}) {
      const { digest } = parseBlockCid(cid);
      const place = index.find(digest);
      if (place === undefined) throw new UnavailableError('store.not-found', `${name} does not have ${cid}.`);
      signal?.throwIfAborted();
      const bytes = new Uint8Array(place.length);
      const { bytesRead } = await asking(
        file(place.pack).then((handle) => handle.read(bytes, 0, place.length, place.offset)),
        signal,
      );
      assertBlock({ cid, bytes: bytes.subarray(0, bytesRead) }, name);
      return bytes;
    },

    async has(cid) {
      return index.find(parseBlockCid(cid).digest) !== undefined;
    },

    async hasBatch(manifest) {
      // A manifest comes in with its whole batch or not at all.
      const { codec, digest } = parseBlockCid(manifest);
      return codec === 'dag-cbor' && index.find(digest) !== undefined;
    },

    async hasFolder(root) {
      // Nothing is ever deleted, and a root comes in with, or after, all that is under it.
      const { codec, digest } = parseBlockCid(root);
      return codec === 'dag-pb' && index.find(digest) !== undefined;
    },

    async putBatch(batch: BatchBlocks, { signal }: StoreOptions = {}) {
      await putPack(batch.manifest.cid, checkBatch(batch), store.hasBatch, signal);
    },

    async putFolder(folder: FolderBlocks, { signal }: StoreOptions = {}) {
      await putPack(folder.root, checkFolder(folder), store.hasFolder, signal);
    },

    async describe() {
      const reachable = await access(incoming, constants.W_OK).then(
        () => true,
        () => false,
      );
      const durability =
        'A batch is on disk (fsync) before it counts as stored: it survives the death of the process and of the machine.';
      return { name, reachable, software: 'files (CAR v1)', durability, blocks: index.size };
    },

    async close() {
      await turn;
      for (const handle of files.values()) await (await handle).close();
      files.clear();
      await index.close();
    },
  };
  return store;
}

async function writePack(
  path: string,
  root: string,
  blocks: AsyncIterable<CheckedBlock>,
  signal: AbortSignal | undefined,
) {
  const places: { digest: Uint8Array; offset: number; length: number }[] = [];
  const output = await open(path, 'wx');
  try {
    let waiting: Uint8Array[] = [encodeCarHeader(root)];
    let waitingLength = waiting[0]?.length ?? 0;
    let written = 0;
    const flush = async () => {
      // All of it or an error: a vectored write to a disk that fills up takes a part, and says so in its count only.
      await output.appendFile(Buffer.concat(waiting, waitingLength));
      written += waitingLength;
      waiting = [];
      waitingLength = 0;
    };
    for await (const { bytes, digest, cidBytes } of blocks) {
      const frame = encodeCarFrame(cidBytes, bytes.length);
      places.push({ digest, offset: written + waitingLength + frame.length, length: bytes.length });
      waiting.push(frame, bytes);
      waitingLength += frame.length + bytes.length;
      if (waitingLength >= WRITE_BYTES) await flush();
      signal?.throwIfAborted();
    }
    await flush();
    await output.sync();
  } finally {
    await output.close();
  }
  return places;
}

function packPath(packs: string, pack: number): string {
  const shelf = String(Math.floor(pack / PACKS_PER_FOLDER)).padStart(3, '0');
  return join(packs, shelf, `${String(pack).padStart(6, '0')}.car`);
}

async function syncFolder(path: string): Promise<void> {
  // Windows has no way, and no need, to fsync a folder.
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

// --------------------------------------------------------------------------------------------------------------- index

interface Index {
  /** Number of blocks. */
  readonly size: number;
  /** Number of packs, and so of the next one. */
  readonly packs: number;
  find(digest: Uint8Array): Place | undefined;
  append(pack: number, places: readonly { digest: Uint8Array; offset: number; length: number }[]): Promise<void>;
  close(): Promise<void>;
}

/** Records as they lie in the file, and an open-addressed table over them: 56 to 64 bytes of memory a block. */
async function openIndex(path: string, packs: string): Promise<Index> {
  let records: Buffer = await readFile(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  });
  let count = Math.floor(records.length / RECORD);
  // The last pack's records may be there in part: they are written anew.
  const last = count === 0 ? 0 : records.readUInt32BE((count - 1) * RECORD + 32);
  while (count > 0 && records.readUInt32BE((count - 1) * RECORD + 32) === last) count -= 1;
  await truncate(path, count * RECORD).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  });
  const output = await open(path, constants.O_RDWR | constants.O_CREAT, 0o644);
  let table = new Uint32Array(1 << 12);
  let packCount = last;

  function slotOf(digest: Uint8Array): number {
    const view = new DataView(digest.buffer, digest.byteOffset);
    let slot = view.getUint32(0) & (table.length - 1);
    for (;;) {
      const entry = table[slot] ?? 0;
      if (entry === 0 || isAt(entry - 1, digest)) return slot;
      slot = (slot + 1) & (table.length - 1);
    }
  }

  function isAt(record: number, digest: Uint8Array): boolean {
    return records.compare(digest, 0, 32, record * RECORD, record * RECORD + 32) === 0;
  }

  function insert(record: number): void {
    const slot = slotOf(records.subarray(record * RECORD, record * RECORD + 32));
    // The first place of a block is as good as any later one.
    if (table[slot] === 0) table[slot] = record + 1;
  }

  function rehash(): void {
    while (table.length < 2 * count) table = new Uint32Array(2 * table.length);
    table.fill(0);
    for (let record = 0; record < count; record++) insert(record);
  }

  async function append(
    pack: number,
    places: readonly { digest: Uint8Array; offset: number; length: number }[],
  ): Promise<void> {
    const added = Buffer.alloc(places.length * RECORD);
    places.forEach(({ digest, offset, length }, i) => {
      added.set(digest, i * RECORD);
      added.writeUInt32BE(pack, i * RECORD + 32);
      added.writeUIntBE(offset, i * RECORD + 36, 6);
      added.writeUInt32BE(length, i * RECORD + 42);
    });
    // At its own place, so that what a full disk took only a part of is written over.
    for (let done = 0; done < added.length; ) {
      const { bytesWritten } = await output.write(added, done, added.length - done, count * RECORD + done);
      done += bytesWritten;
    }
    const needed = (count + places.length) * RECORD;
    if (needed > records.length) {
      const larger = Buffer.alloc(Math.max(needed, 2 * records.length));
      records.copy(larger, 0, 0, count * RECORD);
      records = larger;
    }
    added.copy(records, count * RECORD);
    const from = count;
    count += places.length;
    packCount = pack + 1;
    if (table.length < 2 * count) rehash();
    else for (let record = from; record < count; record++) insert(record);
  }

  rehash();
  for await (const pack of listPacks(packs, last)) await append(pack, await scanPack(packPath(packs, pack)));

  return {
    get size() {
      return count;
    },
    get packs() {
      return packCount;
    },
    find(digest) {
      const entry = table[slotOf(digest)] ?? 0;
      if (entry === 0) return undefined;
      const at = (entry - 1) * RECORD;
      return {
        pack: records.readUInt32BE(at + 32),
        offset: records.readUIntBE(at + 36, 6),
        length: records.readUInt32BE(at + 42),
      };
    },
    append,
    close: () => output.close(),
  };
}

async function* listPacks(packs: string, from: number): AsyncIterable<number> {
  const shelves = (await readdir(packs))
    .filter((shelf) => /^\d{3,}$/.test(shelf))
    .sort((a, b) => Number(a) - Number(b));
  for (const shelf of shelves) {
    if (Number(shelf) < Math.floor(from / PACKS_PER_FOLDER)) continue;
    const numbers = (await readdir(join(packs, shelf))).map((file) =>
      Number(/^(\d{6,})\.car$/.exec(file)?.[1] ?? Number.NaN),
    );
    yield* numbers.filter((number) => number >= from).sort((a, b) => a - b);
  }
}

/** Where the blocks of a CAR lie. It got its name only when it was whole: one that is not whole now was damaged since. */
async function scanPack(path: string): Promise<{ digest: Uint8Array; offset: number; length: number }[]> {
  const bytes = await readFile(path);
  const damaged = () =>
    new IntegrityError('store.mismatch', `${path} is damaged: put it back from a backup, or move it away.`);
  const places: { digest: Uint8Array; offset: number; length: number }[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++] ?? 0;
      if (at > bytes.length || factor > 2 ** 42) throw damaged();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  };
  const header = varint();
  at += header;
  while (at < bytes.length) {
    const length = varint() - 36;
    const digest = new Uint8Array(bytes.subarray(at + 4, at + 36));
    at += 36;
    if (length < 0 || at + length > bytes.length) throw damaged();
    places.push({ digest, offset: at, length });
    at += length;
  }
  return places;
}
