/** A service with its engines in a process of its own, for scale.ts and bulk.ts: it tells its parent where it is, and what it has used. */
import { openDatabase } from '@dpp-ledger/api';
import { startDeployment } from '@dpp-ledger/cli';
import type { LedgerId } from '@dpp-ledger/core';
import type { KeptAccounts } from '@dpp-ledger/embedded';

/** The one argument, as JSON. */
export interface Orders {
  readonly dataDir: string;
  readonly port: number;
  /** PostgreSQL; the embedded database by default. */
  readonly databaseUrl?: string | undefined;
}

export interface Started {
  readonly url: string;
  readonly rpcUrl: string;
  readonly ledger: LedgerId;
  readonly accounts: KeptAccounts;
  readonly relayer: `0x${string}`;
}

export interface Usage {
  /** Of this process, user and system. */
  readonly cpuMs: number;
  readonly residentMiB: number;
  readonly peakMiB: number;
  readonly databaseMiB: number;
}

const MIB = 2 ** 20;
const { dataDir, port, databaseUrl } = JSON.parse(process.argv[2] ?? '') as Orders;
const { url, service, ledger, writer, embedded, stop } = await startDeployment({
  ...{ dataDir, port },
  ...(databaseUrl === undefined ? {} : { databaseUrl }),
  onProblem: ({ what, error }) => console.error(`service: ${what}:`, error),
});
if (embedded === undefined) throw new TypeError('the chain is embedded');
const database = openDatabase(databaseUrl === undefined ? { pglite: embedded.database } : { url: databaseUrl });
await service.caughtUp();

async function readUsage(): Promise<Usage> {
  // Before the question about the database, which is no part of what is measured.
  const { user, system } = process.cpuUsage();
  const { bytes } = await database.db
    .selectNoFrom(({ fn }) => fn<number>('pg_database_size', [fn('current_database')]).as('bytes'))
    .executeTakeFirstOrThrow();
  return {
    cpuMs: (user + system) / 1_000,
    residentMiB: process.memoryUsage.rss() / MIB,
    peakMiB: process.resourceUsage().maxRSS / 1_024,
    databaseMiB: bytes / MIB,
  };
}

// Whoever started it is gone: there is nobody to serve.
process.on('disconnect', () => void stop());
process.on('message', async (message) => {
  if (message === 'usage') process.send?.(await readUsage());
  if (message === 'stop') process.disconnect();
});
const started: Started = {
  ...{ url, rpcUrl: embedded.rpcUrl, ledger: ledger.id, accounts: embedded.accounts, relayer: writer.account },
};
process.send?.(started);
