/**
 * The default engines on one machine, over one data folder: a local chain with the ledger deployed on it, a file store, a database.
 * It refuses a folder that another process uses, and never deletes a chain. For trying, testing and demonstrations: whoever can reach
 * the chain's port (loopback only) can mint money on it, and what has been accepted survives the death of the process, not always
 * that of the machine.
 */
import { join, resolve } from 'node:path';
import { type LedgerId, UnavailableError } from '@dpp-ledger/core';
import { createAccount, deployLedger, LEDGER_RELEASE } from '@dpp-ledger/sdk/ledger';
import { createFileStore, lockFolder, readIfPresent, writeDurably } from '@dpp-ledger/sdk/node';
import type { Store } from '@dpp-ledger/sdk/store';
import { PGlite } from '@electric-sql/pglite';
import { CHAIN_ID, type Chain, startChain } from './chain.ts';
import { ledgerSchema } from './find.ts';
import { type KeptAccounts, loadAccounts, setAsideOtherRelease } from './folder.ts';

export { CHAIN_ID } from './chain.ts';
export type { KeptAccount, KeptAccounts } from './folder.ts';

export interface EmbeddedOptions {
  /** Made if it does not exist; `.dpp` beside a project by custom. */
  readonly dataDir: string;
  /** Of the chain's endpoint; by default the folder's last one, or any free one. */
  readonly port?: number;
  /** How often the chain's state is saved at most; 1,000 by default. */
  readonly saveEveryMs?: number;
  readonly signal?: AbortSignal;
}

export interface Embedded {
  /** Absolute path of the data folder. */
  readonly folder: string;
  readonly rpcUrl: string;
  /** The ledger on the embedded chain. */
  readonly ledger: LedgerId;
  readonly accounts: KeptAccounts;
  readonly store: Store;
  readonly database: PGlite;
  /** The chain's own process: for tests that kill it. */
  readonly chainPid: number;
  /** Number of the newest block of the chain that survives its sudden death; -1 before the first save. */
  savedBlock(): number;
  /** Saves the chain now. */
  save(): Promise<void>;
  /** Whether this start made the chain. */
  readonly fresh: boolean;
  /** A sentence, where a chain of another release was set aside. */
  readonly setAside: string | undefined;
  /** Resolves when the chain's process has ended, asked or not. */
  readonly chainEnded: Promise<void>;
  stop(): Promise<void>;
}

/** Errors: RejectedError `folder.locked`, `key.readable-by-others`; UnavailableError `embedded.chain`. */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const folder = resolve(options.dataDir);
  const ending: (() => Promise<unknown>)[] = [];
  const stop = once(async () => {
    for (const end of ending.reverse()) await end();
  });
  try {
    const lock = await lockFolder(folder);
    ending.push(lock.release);
    const setAside = await setAsideOtherRelease(folder, LEDGER_RELEASE);
    const accounts = await loadAccounts(folder);
    const [chain, database, store] = await allOrNone(ending, [
      startChain(join(folder, 'chain'), {
        fund: [accounts.admin.address, accounts.accreditor.address, accounts.relayer.address],
        port: options.port,
        saveEveryMs: options.saveEveryMs ?? 1_000,
        signal: options.signal,
      }),
      PGlite.create(join(folder, 'database')),
      createFileStore({ folder: join(folder, 'store') }),
    ]);
    const { ledger, fresh } = await loadLedger(join(folder, 'chain', 'ledger.json'), chain, accounts);
    return {
      ...{ folder, rpcUrl: chain.rpcUrl, ledger, accounts, store, database, fresh, setAside, stop },
      chainPid: chain.pid,
      savedBlock: chain.savedBlock,
      save: chain.save,
      chainEnded: chain.ended,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function loadLedger(
  path: string,
  chain: Chain,
  accounts: KeptAccounts,
): Promise<{ ledger: LedgerId; fresh: boolean }> {
  const text = await readIfPresent(path);
  if (text !== undefined) {
    const kept = ledgerSchema.safeParse(JSON.parse(text));
    if (kept.success && kept.data.chainId === CHAIN_ID) return { ledger: kept.data, fresh: false };
    throw new UnavailableError(
      'embedded.chain',
      `${path} does not name a ledger. Move the data folder away to begin anew.`,
    );
  }
  const ledger = await deployLedger({
    url: chain.rpcUrl,
    account: createAccount(accounts.admin.privateKey),
    admin: accounts.admin.address,
    accreditors: [accounts.accreditor.address],
  });
  // In this order: a name without its ledger would be worse than a ledger without its name.
  await chain.save();
  await writeDurably(path, `${JSON.stringify(ledger, undefined, 2)}\n`, 0o644);
  return { ledger, fresh: true };
}

/** Starts all at once; whatever started is on `ending` even if another did not. */
async function allOrNone(
  ending: (() => Promise<unknown>)[],
  [chain, database, store]: readonly [Promise<Chain>, Promise<PGlite>, Promise<Store>],
): Promise<[Chain, PGlite, Store]> {
  const started = await Promise.allSettled([
    chain.then((it) => void ending.push(it.stop)),
    database.then((it) => void ending.push(() => (it.closed ? Promise.resolve() : it.close()))),
    store.then((it) => void ending.push(it.close)),
  ]);
  for (const one of started) if (one.status === 'rejected') throw one.reason;
  return [await chain, await database, await store];
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= work();
    return running;
  };
}
