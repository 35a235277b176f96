/** Folders and files that one process owns: one at a time, and what it wrote is there after a power cut, whole or not at all. */
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { RejectedError } from '@dpp-ledger/core';
import { z } from 'zod';
import { startOf } from './process.ts';

/**
 * Takes the folder for this process until `release`. A lock whose process is gone is taken over.
 * Errors: RejectedError `folder.locked`.
 */
export async function lockFolder(folder: string): Promise<{ release(): Promise<void> }> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'lock');
  const mine = JSON.stringify({
    pid: process.pid,
    host: hostname(),
    started: await startOf(process.pid),
    nonce: randomBytes(8).toString('hex'),
  });
  const own = `${path}.${randomBytes(6).toString('hex')}`;
  await writeDurably(own, mine, 0o600);
  try {
    await acquire(folder, path, own);
  } finally {
    await rm(own, { force: true });
  }
  return {
    async release() {
      if ((await readIfPresent(path)) === mine) await rm(path, { force: true });
    },
  };
}

/**
 * Puts the file `own` at `path`. A lock there whose process is gone is replaced, by one process only: the one that holds the right to
 * take it over, which is a lock of the same kind beside it.
 */
async function acquire(folder: string, path: string, own: string): Promise<void> {
  while (!(await linkIfAbsent(own, path))) {
    const holder = await readIfPresent(path);
    if (holder === undefined) continue;
    await assertAbandoned(folder, holder);
    const right = `${path}.takeover`;
    await acquire(folder, right, own);
    try {
      // Somebody may have taken it over between reading it and getting the right.
      if ((await readIfPresent(path)) !== holder) continue;
      await link(own, `${own}.new`);
      await rename(`${own}.new`, path);
      return;
    } finally {
      await rm(right, { force: true });
    }
  }
}

const lockSchema = z.object({ pid: z.number().int().positive(), host: z.string(), started: z.string().optional() });

async function assertAbandoned(folder: string, holder: string): Promise<void> {
  const lock = lockSchema.safeParse(parseJson(holder));
  // A lock is linked into place whole, so one that cannot be read is not ours to judge.
  if (!lock.success) {
    throw new RejectedError(
      'folder.locked',
      `${join(folder, 'lock')} is not a lock that this release understands. If no other process uses the folder, remove the file.`,
    );
  }
  const { pid, host, started } = lock.data;
  if (host !== hostname()) {
    throw new RejectedError(
      'folder.locked',
      `${folder} is used by process ${pid} on ${host}. Stop it there; if it is gone for good, remove ${join(folder, 'lock')}.`,
    );
  }
  const running = await startOf(pid);
  if (running === undefined || (started !== undefined && running !== started)) return;
  throw new RejectedError(
    'folder.locked',
    `${folder} is used by process ${pid}. One folder serves one process at a time: stop that process, or choose another folder.`,
  );
}

/** Written whole or not at all, and still there after a power cut. */
export async function writeDurably(path: string, data: string | Uint8Array, mode = 0o600): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  const file = await open(temporary, 'wx', mode);
  try {
    await file.writeFile(data);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await syncFolder(dirname(path));
}

/** A new name is in its folder, and lasts when that does. */
async function syncFolder(path: string): Promise<void> {
  // Windows has no way, and no need, to fsync a folder.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

export async function readIfPresent(path: string): Promise<string | undefined> {
  return await ifPresent(readFile(path, 'utf8'));
}

async function linkIfAbsent(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function ifPresent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** `undefined` for what is not JSON: the schema behind it says what was expected. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
