/**
 * A replay's notes on disk, so that its memory is bounded and it goes on after it was killed. Records are appended to files; where it
 * stands is a small file that is replaced whole, after the records that it speaks of were fsynced. What was appended
 * after that is cut off by the next run. One process at a time.
 */
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DppError, parseJson, RejectedError } from '@dpp-ledger/core';
import type { ReplayNotes } from '../notes.ts';
import { lockFolder, readIfPresent, writeDurably } from './folder.ts';

export interface ReplayFolder extends ReplayNotes {
  readonly path: string;
  close(): Promise<void>;
}

/** Written when it is opened, so that no other folder is ever emptied. */
const OWN = 'dpp-replay.json';
const MARK = { folder: 'dpp-replay/1' };
/** What a process leaves that ended before its folder was one: locks, and what was to become the mark. */
const BEGINNINGS = /^(?:lock(?:\..+)?|dpp-replay\.json\.[0-9a-f]{12}\.tmp)$/;

/** Errors: RejectedError `audit.mismatch` for a folder with something else in it; `folder.locked`. */
export async function openReplayFolder(path: string): Promise<ReplayFolder> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const present = await readdir(path);
  const own = await readState(join(path, OWN));
  if (present.some((name) => !BEGINNINGS.test(name)) && JSON.stringify(own) !== JSON.stringify(MARK)) {
    throw new RejectedError('audit.mismatch', `${path} is not the folder of a replay: give one that is empty or new.`);
  }
  const lock = await lockFolder(path);
  if (own === undefined) await writeDurably(join(path, OWN), JSON.stringify(MARK));
  for (const name of present) if (name.startsWith(OWN) && name !== OWN) await rm(join(path, name), { force: true });
  const files = new Map<string, { readonly file: FileHandle; size: number; turn: Promise<void> }>();
  for (const name of present.filter((entry) => entry.endsWith('.bin'))) await openFile(name.slice(0, -4));

  async function openFile(name: string) {
    const file = await open(join(path, `${name}.bin`), 'a+', 0o600);
    const opened = { file, size: (await file.stat()).size, turn: Promise.resolve() };
    files.set(name, opened);
    return opened;
  }

  const opening = new Map<string, ReturnType<typeof openFile>>();
  /** Once, however many ask for it at a time. */
  async function fileOf(name: string) {
    const known = files.get(name);
    if (known !== undefined) return known;
    const under = opening.get(name) ?? openFile(name);
    opening.set(name, under);
    return await under;
  }

  return {
    path,
    async read(name) {
      return await readState(join(path, `${name}.json`));
    },

    async save(name, value) {
      for (const { file, turn } of files.values()) {
        await turn;
        await file.datasync();
      }
      await writeDurably(join(path, `${name}.json`), JSON.stringify(value));
    },

    async append(name, bytes) {
      const opened = await fileOf(name);
      opened.size += bytes.length;
      // One after the other: a record may not stand inside another.
      opened.turn = opened.turn.then(() => opened.file.appendFile(bytes));
      await opened.turn;
    },

    size: (name) => files.get(name)?.size ?? 0,

    async truncate(name, size) {
      const opened = files.get(name);
      if (size > (opened?.size ?? 0)) {
        throw new RejectedError('audit.mismatch', `${path} is damaged: ${name}.bin is shorter than it was.`);
      }
      await opened?.file.truncate(size);
      if (opened !== undefined) opened.size = size;
    },

    async *readFrom(name, offset, length) {
      const opened = files.get(name);
      if (opened === undefined || opened.size <= offset) return;
      await opened.turn;
      const range = { start: offset, end: opened.size - 1, highWaterMark: length };
      for await (const piece of createReadStream(join(path, `${name}.bin`), range)) yield piece;
    },

    async clear() {
      await closeAll();
      // What says where it stands first: records alone are of no run.
      const names = (await readdir(path)).filter((name) => name !== OWN && /\.(?:bin|json|tmp)$/.test(name));
      for (const name of names.sort((a, b) => Number(a.endsWith('.bin')) - Number(b.endsWith('.bin')))) {
        await rm(join(path, name));
      }
    },

    async close() {
      await closeAll();
      await lock.release();
    },
  };

  async function closeAll(): Promise<void> {
    for (const { file, turn } of files.values()) {
      await turn;
      await file.close();
    }
    files.clear();
    opening.clear();
  }
}

/** `undefined` where there is none. Errors: RejectedError `audit.mismatch`. */
async function readState(path: string): Promise<unknown> {
  const text = await readIfPresent(path);
  if (text === undefined) return undefined;
  try {
    return parseJson(text);
  } catch (cause) {
    if (!(cause instanceof DppError)) throw cause;
    throw new RejectedError('audit.mismatch', `${path} is damaged: ${cause.message}`, { cause });
  }
}
