/**
 * Where a replay writes down what it has to come back to, so that its memory does not grow with the ledger: records that are appended and
 * read once, and where it stands. In memory here; `openReplayFolder` of `./node` keeps them on disk, and a replay that was killed goes on.
 */
import { concatBytes } from '@dpp-ledger/core';

export interface ReplayNotes {
  /** What was saved last under this name; `undefined` where nothing was. */
  read(name: string): Promise<unknown>;
  /** Plain JSON. Whatever was appended before is there whenever this is. */
  save(name: string, value: object): Promise<void>;
  /** The bytes are its own from then on. */
  append(file: string, bytes: Uint8Array): Promise<void>;
  /** Bytes appended so far. */
  size(file: string): number;
  /** Cuts off what was appended since. */
  truncate(file: string, size: number): Promise<void>;
  /** From a place on, in pieces of any size, on disk of at most `length` bytes: a record may begin in one and end in the next. */
  readFrom(file: string, offset: number, length: number): AsyncIterable<Uint8Array>;
  /** Forgets everything. */
  clear(): Promise<void>;
}

export function createNotes(): ReplayNotes {
  const saved = new Map<string, string>();
  const files = new Map<string, { readonly pieces: Uint8Array[]; size: number }>();
  return {
    async read(name) {
      const text = saved.get(name);
      return text === undefined ? undefined : JSON.parse(text);
    },
    async save(name, value) {
      saved.set(name, JSON.stringify(value));
    },
    async append(name, bytes) {
      const file = files.get(name) ?? { pieces: [], size: 0 };
      files.set(name, file);
      file.pieces.push(bytes);
      file.size += bytes.length;
    },
    size: (name) => files.get(name)?.size ?? 0,
    async truncate(name, size) {
      const file = files.get(name);
      while (file !== undefined && file.size > size) {
        const last = file.pieces.pop() ?? new Uint8Array();
        file.size -= last.length;
        if (file.size >= size) continue;
        file.pieces.push(last.subarray(0, size - file.size));
        file.size = size;
      }
    },
    async *readFrom(name, offset) {
      let at = 0;
      for (const piece of files.get(name)?.pieces ?? []) {
        if (at + piece.length > offset) yield piece.subarray(Math.max(0, offset - at));
        at += piece.length;
      }
    },
    async clear() {
      saved.clear();
      files.clear();
    },
  };
}

// ------------------------------------------------------------------------------------------------------------- records by key

/** Records of one length, of which those with the same key are found at the end. */
export interface Grouping {
  add(record: Uint8Array): Promise<void>;
  /** Appends what is held back, and gives the size to `restore`. */
  flush(): Promise<number>;
  restore(size: number): Promise<void>;
  /** Records so far. */
  count(): Promise<number>;
  /** Each key's records, in the order of all their bytes. */
  groups(): AsyncIterable<readonly Uint8Array[]>;
}

export interface GroupingOptions {
  readonly file: string;
  readonly length: number;
  /** So many bytes at a record's beginning are its key; the first two of them must be spread evenly. */
  readonly key: number;
  /** Bytes of records that are held at a time; 64 MiB by default. */
  readonly most?: number;
}

/** Before it is appended. */
const HELD_BACK = 64 * 1024;
const PIECE = 1024 * 1024;

/**
 * One file, appended to; at the end it is read once for every 64 MiB that it has, and of each reading only that part of all keys is kept
 * and sorted. A million credentials take one or two readings, and memory is the same for ten million.
 */
export function createGrouping(notes: ReplayNotes, options: GroupingOptions): Grouping {
  const { file, length, key, most = 64 * 1024 * 1024 } = options;
  const buffer = new Uint8Array(length * Math.floor(HELD_BACK / length));
  let filled = 0;

  async function flush(): Promise<number> {
    const bytes = buffer.slice(0, filled);
    filled = 0;
    if (bytes.length > 0) await notes.append(file, bytes);
    return notes.size(file);
  }

  return {
    flush,
    async add(record) {
      buffer.set(record, filled);
      filled += length;
      if (filled === buffer.length) await flush();
    },
    count: async () => (await flush()) / length,
    async restore(size) {
      filled = 0;
      await notes.truncate(file, size);
    },
    async *groups() {
      const readings = Math.max(1, Math.ceil((await flush()) / most));
      for (let reading = 0; reading < readings; reading++) {
        const [from, to] = [reading, reading + 1].map((part) => Math.ceil((65_536 * part) / readings));
        yield* sortRecords(await collect(from ?? 0, to ?? 65_536), length, key);
      }
    },
  };

  /** The records whose first two bytes, as a number, are in the range. */
  async function collect(from: number, to: number): Promise<Uint8Array> {
    let kept: Uint8Array = new Uint8Array(HELD_BACK);
    let size = 0;
    let rest = new Uint8Array();
    for await (const piece of notes.readFrom(file, 0, PIECE)) {
      const bytes = rest.length === 0 ? piece : concatBytes(rest, piece);
      let at = 0;
      for (; at + length <= bytes.length; at += length) {
        const first = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
        if (first < from || first >= to) continue;
        if (size + length > kept.length) kept = concatBytes(kept, new Uint8Array(kept.length));
        kept.set(bytes.subarray(at, at + length), size);
        size += length;
      }
      rest = bytes.slice(at);
    }
    return kept.subarray(0, size);
  }
}

/** Neighbours with one key, of records that are sorted by all their bytes. */
function* sortRecords(bytes: Uint8Array, length: number, key: number): Generator<readonly Uint8Array[]> {
  const at = (record: number) => bytes.subarray(record * length, (record + 1) * length);
  const order = Uint32Array.from({ length: bytes.length / length }, (_, i) => i);
  order.sort((a, b) => compareRecords(bytes, a * length, b * length, length));
  let group: Uint8Array[] = [];
  let first = 0;
  for (const record of order) {
    if (group.length > 0 && compareRecords(bytes, first * length, record * length, key) !== 0) {
      yield group;
      group = [];
    }
    if (group.length === 0) first = record;
    group.push(at(record));
  }
  if (group.length > 0) yield group;
}

function compareRecords(bytes: Uint8Array, a: number, b: number, length: number): number {
  for (let i = 0; i < length; i++) {
    const difference = (bytes[a + i] ?? 0) - (bytes[b + i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
