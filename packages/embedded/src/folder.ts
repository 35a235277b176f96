/**
 * The data folder of an embedded stack: who uses it (one process at a time), its accounts, and where each engine keeps its files.
 *
 *     lock            the process that uses the folder
 *     accounts.json   keys of the chain's accounts, readable by the owner only
 *     chain/          the chain's state, the port it likes, the pid of its process, and what its contract was compiled from
 *     database/       PGlite
 *     store/          credentials
 *     set-aside/      chains (with their databases) that another release made: kept, not used
 */
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { InvalidInputError, RejectedError } from '@dpp-ledger/core';
import { createAccount } from '@dpp-ledger/sdk/ledger';
import { z } from 'zod';
import { startOf } from './process.ts';

export interface KeptAccount {
  /** Lower case. */
  readonly address: `0x${string}`;
  readonly privateKey: `0x${string}`;
}

export interface KeptAccounts {
  /** Holds the ledger's admin role. */
  readonly admin: KeptAccount;
  /** Admits issuers. */
  readonly accreditor: KeptAccount;
  /** Pays for anchors and relays; issuers appoint it as their submitter. */
  readonly relayer: KeptAccount;
}

/**
 * Takes the folder for this process until `release`. A lock whose process is gone is taken over.
 * Errors: RejectedError `embedded.locked`.
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
      'embedded.locked',
      `${join(folder, 'lock')} is not a lock that this release understands. If no other process uses the folder, remove the file.`,
    );
  }
  const { pid, host, started } = lock.data;
  if (host !== hostname()) {
    throw new RejectedError(
      'embedded.locked',
      `${folder} is used by process ${pid} on ${host}. Stop it there; if it is gone for good, remove ${join(folder, 'lock')}.`,
    );
  }
  const running = await startOf(pid);
  if (running === undefined || (started !== undefined && running !== started)) return;
  throw new RejectedError(
    'embedded.locked',
    `${folder} is used by process ${pid}. One folder serves one process at a time: stop that process, or choose another folder.`,
  );
}

const accountSchema = z.object({
  address: z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{40}$/)]),
  privateKey: z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{64}$/)]),
});
const accountsSchema = z.object({ admin: accountSchema, accreditor: accountSchema, relayer: accountSchema });

/** The folder's accounts, made on first use. Errors: RejectedError `key.readable-by-others`, InvalidInputError `input.shape`. */
export async function loadAccounts(folder: string): Promise<KeptAccounts> {
  const path = join(folder, 'accounts.json');
  const text = await readIfPresent(path);
  if (text === undefined) {
    const accounts: KeptAccounts = {
      admin: generateAccount(),
      accreditor: generateAccount(),
      relayer: generateAccount(),
    };
    await writeDurably(path, `${JSON.stringify(accounts, undefined, 2)}\n`, 0o600);
    return accounts;
  }
  if (process.platform !== 'win32' && ((await stat(path)).mode & 0o077) !== 0) {
    throw new RejectedError('key.readable-by-others', `Others may read ${path}. Run: chmod 600 ${path}`);
  }
  const accounts = accountsSchema.safeParse(parseJson(text));
  if (!accounts.success) {
    throw new InvalidInputError(
      'input.shape',
      `${path} does not hold the accounts: ${z.prettifyError(accounts.error)}`,
    );
  }
  return accounts.data;
}

function generateAccount(): KeptAccount {
  const privateKey: `0x${string}` = `0x${randomBytes(32).toString('hex')}`;
  return { privateKey, address: createAccount(privateKey).address };
}

const releaseSchema = z.object({ release: z.string() });

/**
 * Keeps a chain for the release of the contract that made it: a chain of another release goes to `set-aside/`, with the database that
 * describes it. Returns the sentence to show, if that happened.
 */
export async function setAsideOtherRelease(folder: string, release: string): Promise<string | undefined> {
  const path = join(folder, 'chain', 'release.json');
  const text = await readIfPresent(path);
  const kept = text === undefined ? undefined : releaseSchema.safeParse(parseJson(text)).data?.release;
  const chain = join(folder, 'chain');
  const used = (await readdir(chain).catch(() => [])).length > 0;
  if (!used || kept === release) {
    await mkdir(chain, { recursive: true });
    if (kept !== release) await writeDurably(path, JSON.stringify({ release }), 0o600);
    return undefined;
  }
  const place = join(
    folder,
    'set-aside',
    `${new Date().toISOString().replaceAll(/[:.]/g, '-')}-${(kept ?? 'unknown').slice(0, 12)}`,
  );
  await mkdir(place, { recursive: true });
  // The database first: a chain without its database is still recognised as the other release's if this is interrupted.
  await renameIfPresent(join(folder, 'database'), join(place, 'database'));
  await rename(chain, join(place, 'chain'));
  await mkdir(chain, { recursive: true });
  await writeDurably(path, JSON.stringify({ release }), 0o600);
  return `The chain in ${folder} was made by another release of the contract. It and its database now lie in ${place}; this start begins a new chain.`;
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

async function renameIfPresent(from: string, to: string): Promise<void> {
  await ifPresent(rename(from, to));
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
