/**
 * The data folder of an embedded stack: its accounts, and where each engine keeps its files.
 *
 *     lock            the process that uses the folder
 *     accounts.json   keys of the chain's accounts, readable by the owner only
 *     chain/          the chain's state, the port it likes, the pid of its process, and what its contract was compiled from
 *     database/       PGlite
 *     store/          credentials
 *     set-aside/      chains (with their databases) that another release made: kept, not used
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidInputError, RejectedError } from '@dpp-ledger/core';
import { createAccount } from '@dpp-ledger/sdk/ledger';
import { readIfPresent, writeDurably } from '@dpp-ledger/sdk/node';
import { z } from 'zod';

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

async function renameIfPresent(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}

/** `undefined` for what is not JSON: the schema behind it says what was expected. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
