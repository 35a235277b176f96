/**
 * A service as an operator runs it, `dpp serve` as a process of its own, on real engines where they are named, each by itself; what is
 * not named is embedded. Nothing else differs.
 */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { openDatabase } from '@dpp-ledger/api';
import { startEmbedded } from '@dpp-ledger/embedded';
import { findEmbedded } from '@dpp-ledger/embedded/find';
import { type Client, createClient } from '@dpp-ledger/sdk';
import { connectLedger, createAccount, createRpc, type LedgerReader } from '@dpp-ledger/sdk/ledger';
import pg from 'pg';
import { parsePin } from '../../packages/cli/src/connection.ts';
import { createWorkplace, type Outcome, type Server, type Workplace } from '../../packages/cli/test/support.ts';
import { freePort } from '../../scripts/engines/child.ts';

/** URLs of those that are not embedded. */
export interface Engines {
  /** A server on which databases may be created. */
  readonly postgres?: string | undefined;
  readonly kubo?: string | undefined;
  /** Kubo's own. */
  readonly gateway?: string | undefined;
  readonly geth?: string | undefined;
}

export const ENGINES_OF_ENVIRONMENT: Engines = {
  postgres: process.env.DPP_TEST_POSTGRES,
  kubo: process.env.KUBO_RPC,
  gateway: process.env.KUBO_GATEWAY,
  geth: process.env.DPP_TEST_GETH,
};

/** For the titles of tests. */
export function nameEngines({ postgres, kubo, geth }: Engines): string {
  return [postgres ? 'PostgreSQL' : 'PGlite', kubo ? 'Kubo' : 'a file store', geth ? 'geth' : 'anvil'].join(', ');
}

export interface Place extends Workplace {
  /** Of the service. */
  readonly url: string;
  readonly client: Client;
  /** What `/healthz` has to say of the engines, were it to use others than it was told. */
  readonly named: { readonly database: string; readonly store: RegExp };
  /** Gateways that have what is stored: Kubo's own, or the service's. */
  readonly gateway: string;
  /** Starts the service: it answers, and its index has come to the chain's head. */
  start(): Promise<void>;
  stop(): Promise<number | null>;
  kill(): Promise<void>;
  /** `dpp`, with the settings of this place; fails with what it said if its status is another. */
  run(status: number, ...args: readonly string[]): Promise<Outcome>;
  /** As `run`, in the accreditor's name. */
  accreditor(...args: readonly string[]): Promise<Outcome>;
  /** The chain and nobody else. */
  connect(): Promise<LedgerReader>;
  /** Of the chain's JSON-RPC. */
  chainUrl(): Promise<string>;
  /** While the service is stopped. */
  deleteIndex(): Promise<void>;
  close(): Promise<void>;
}

interface Chain {
  /** Settings that name the chain; none where it is embedded. */
  readonly env: Readonly<Record<string, string>>;
  readonly accreditor: readonly string[];
  readonly relayer: readonly string[];
  connect(): Promise<LedgerReader>;
  chainUrl(): Promise<string>;
}

/** In a folder that is gone after the tests of the file. */
export async function createPlace({ postgres, kubo, gateway, geth }: Engines): Promise<Place> {
  const workplace = await createWorkplace();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const database = postgres === undefined ? undefined : await createDatabase(postgres);
  const chain = geth === undefined ? embeddedChain(workplace) : await createChain(workplace, geth);
  const env = { ...chain.env, DPP_API_URL: url, DPP_PORT: String(port) };
  const client = createClient({ url });
  let server: Server | undefined;

  const place: Place = {
    ...workplace,
    url,
    client,
    named: {
      database: database === undefined ? 'pglite' : 'postgresql',
      store: kubo === undefined ? /file/i : new RegExp(`^Kubo at ${kubo}`),
    },
    gateway: gateway ?? url,
    async start() {
      server = await workplace.serve(['--quiet', ...chain.relayer], {
        env: {
          ...chain.env,
          DPP_PORT: String(port),
          DPP_BATCH_AGE_MS: '100',
          ...(database === undefined ? {} : { DPP_DATABASE_URL: database.url }),
          ...(kubo === undefined ? {} : { DPP_KUBO_URL: kubo }),
        },
      });
      // From outside a process its readiness can only be asked for.
      while (!(await fetch(`${url}/readyz`)).ok) await delay(100);
    },
    stop: async () => (await server?.stop()) ?? null,
    kill: async () => await server?.kill(),
    async run(status, ...args) {
      const outcome = await workplace.dpp(args, { env });
      if (outcome.status === status) return outcome;
      throw new Error(`dpp ${args.join(' ')}: ${outcome.status}\n${outcome.stdout}\n${outcome.stderr}`);
    },
    accreditor: (...args) => place.run(0, 'accreditor', ...args, ...chain.accreditor),
    connect: chain.connect,
    chainUrl: chain.chainUrl,
    async deleteIndex() {
      if (database !== undefined) {
        const opened = openDatabase({ url: database.url });
        await opened.deleteIndex();
        await opened.close();
        return;
      }
      const embedded = await startEmbedded({ dataDir: workplace.path('.dpp') });
      await openDatabase({ pglite: embedded.database }).deleteIndex();
      await embedded.stop();
    },
    async close() {
      await server?.stop();
      await database?.drop();
    },
  };
  return place;
}

function embeddedChain(workplace: Workplace): Chain {
  const find = async () => {
    const found = await findEmbedded(workplace.path('.dpp'));
    if (found === undefined) throw new TypeError('the service was started, and its chain with it');
    return found;
  };
  return {
    env: {},
    accreditor: [],
    relayer: [],
    async connect() {
      const { rpcUrl, ledger } = await find();
      return await connectLedger({ url: rpcUrl, pin: ledger, pollMs: 200 });
    },
    chainUrl: async () => (await find()).rpcUrl,
  };
}

/** A ledger of its own on a chain whose node holds an account with money. */
async function createChain(workplace: Workplace, url: string): Promise<Chain> {
  const accounts = ['admin', 'accreditor', 'relayer'].map((name) => {
    const privateKey = `0x${randomBytes(32).toString('hex')}`;
    return { file: workplace.path(`${name}.hex`), privateKey, account: createAccount(privateKey) };
  });
  for (const { file, privateKey } of accounts) await writeFile(file, `${privateKey}\n`, { mode: 0o600 });
  const [admin, accreditor, relayer] = accounts;
  if (!admin || !accreditor || !relayer) throw new TypeError('three accounts were made');
  await fund(
    url,
    accounts.map(({ account }) => account.address),
  );
  const env = {
    DPP_RPC_URL: url,
    DPP_CONFIRMATIONS: '1',
    DPP_POLL_MS: '200',
    // Under Amsterdam's rules a new level of the journal costs what an estimate does not know of.
    DPP_GAS_MARGIN: '210000',
  };
  const roles = ['--admin', admin.account.address, '--accreditor', accreditor.account.address];
  const deployed = await workplace.dpp(['deploy', '--account', admin.file, ...roles, '--json'], { env });
  if (deployed.status !== 0) throw new Error(`dpp deploy: ${deployed.stdout}\n${deployed.stderr}`);
  const pin = String(deployed.json()[0]?.ledger);
  return {
    env: { ...env, DPP_LEDGER: pin },
    accreditor: ['--account', accreditor.file],
    relayer: ['--account', relayer.file],
    connect: () => connectLedger({ url, pin: parsePin(pin), finality: { confirmations: 1 }, pollMs: 200 }),
    chainUrl: async () => url,
  };
}

async function fund(url: string, accounts: readonly string[]): Promise<void> {
  const rpc = createRpc({ url });
  const [rich] = (await rpc.call('eth_accounts', [])) as string[];
  for (const to of accounts) {
    await rpc.call('eth_sendTransaction', [{ from: rich, to, value: `0x${(10n ** 20n).toString(16)}` }]);
  }
  for (const account of accounts) {
    while ((await rpc.call('eth_getBalance', [account, 'latest'])) === '0x0') await delay(100);
  }
}

async function createDatabase(server: string): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `dpp_e2e_${randomBytes(6).toString('hex')}`;
  const command = async (text: string) => {
    const connection = new pg.Client({ connectionString: server });
    await connection.connect();
    await connection.query(text);
    await connection.end();
  };
  await command(`create database ${name}`);
  return { url: new URL(name, `${server}/`).href, drop: () => command(`drop database ${name} with (force)`) };
}
