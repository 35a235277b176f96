/** Each thing that can be wrong with a deployment, broken for real, and what `dpp doctor` says of it. */
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { generateKey } from '@dpp-ledger/core/credential';
import { type Embedded, startEmbedded } from '@dpp-ledger/embedded';
import { calls, connectLedger, createAccount, createLedgerWriter, createRpc } from '@dpp-ledger/sdk/ledger';
import { writeKeyFile } from '@dpp-ledger/sdk/node';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatPin } from '../src/connection.ts';
import { type Deployment, startDeployment } from '../src/deployment.ts';
import { run } from '../src/program.ts';

interface Said {
  readonly check: string;
  readonly state: string;
  readonly code?: string;
  readonly found: string;
  readonly why?: string;
  readonly mend?: string;
}

let root: string;
let stack: Embedded;
let other: Embedded;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'dpp-doctor-'));
  stack = await startEmbedded({ dataDir: join(root, 'one') });
  other = await startEmbedded({ dataDir: join(root, 'two') });
});
afterAll(async () => {
  await Promise.all([stack.stop(), other.stop()]);
  await rm(root, { recursive: true, force: true });
});

let folders = 0;
/** A folder with a key and nothing else in it. */
async function makeFolder(): Promise<string> {
  folders += 1;
  const folder = join(root, `folder-${folders}`);
  await mkdir(folder, { mode: 0o700 });
  return folder;
}

/** What it says with just these settings, and no others of this machine. */
async function examine(settings: Readonly<Record<string, string>>): Promise<{ status: number; said: readonly Said[] }> {
  const folder = await makeFolder();
  const lines: string[] = [];
  const collect = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const env = {
    DPP_DATA: join(folder, 'data'),
    DPP_KEY_FILE: '',
    DPP_API_URL: 'http://127.0.0.1:9',
    ...settings,
  };
  const status = await run(['doctor', '--json'], {
    ...{ stdout: collect, stderr: collect, env, cwd: folder },
    signal: new AbortController().signal,
  });
  const said = lines
    .join('')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  return { status, said: said.slice(0, -1) };
}

async function codes(settings: Readonly<Record<string, string>>): Promise<readonly (string | undefined)[]> {
  return (await examine(settings)).said.map(({ code }) => code);
}

function onChain(of: Embedded = stack): Record<string, string> {
  return { DPP_RPC_URL: of.rpcUrl, DPP_LEDGER: formatPin(of.ledger) };
}

/** An account of the chain, in a file that only its owner can read. */
async function writeAccount(privateKey = `0x${randomBytes(32).toString('hex')}`): Promise<string> {
  const path = join(await makeFolder(), 'account.hex');
  await writeFile(path, `${privateKey}\n`, { mode: 0o600 });
  return path;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('of the chain', () => {
  it('finds nothing wrong with the pinned ledger', async () => {
    const { said } = await examine(onChain());
    const states = Object.fromEntries(said.map(({ check, state }) => [check, state]));
    expect(states).toMatchObject({ Chain: 'ok', Contract: 'ok', Clock: 'ok', Ledger: 'ok' });
  });

  it('says how each finding matters and is mended', async () => {
    const { status, said } = await examine({ ...onChain(), DPP_RPC_URL: 'http://127.0.0.1:9' });
    expect(status).toBe(1);
    expect(said.find(({ code }) => code === 'chain.unreachable')).toMatchObject({
      state: 'wrong',
      found: expect.stringContaining('127.0.0.1:9'),
      why: expect.stringContaining('anchored'),
      mend: expect.stringContaining('--rpc'),
    });
  });

  it('tells a chain with another id, and another chain with the same id', async () => {
    const elsewhere = formatPin({ ...stack.ledger, chainId: 11155111 });
    expect(await codes({ ...onChain(), DPP_LEDGER: elsewhere })).toContain('chain.other');
    const twin = formatPin({ ...stack.ledger, genesis: stack.ledger.codeHash });
    expect(await codes({ ...onChain(), DPP_LEDGER: twin })).toContain('chain.otherGenesis');
  });

  it('tells an address without a contract, and a contract with other code', async () => {
    const address = stack.accounts.relayer.address;
    expect(await codes({ ...onChain(), DPP_LEDGER: formatPin({ ...stack.ledger, address }) })).toContain(
      'contract.absent',
    );
    const codeHash = stack.ledger.genesis;
    expect(await codes({ ...onChain(), DPP_LEDGER: formatPin({ ...stack.ledger, codeHash }) })).toContain(
      'contract.otherCode',
    );
  });

  it('tells a chain that may reorganise, where nothing waits for finality', async () => {
    const rpc = createRpc({ url: other.rpcUrl });
    await rpc.call('anvil_setChainId', [4242]);
    const settings = { ...onChain(other), DPP_LEDGER: formatPin({ ...other.ledger, chainId: 4242 }) };
    expect(await codes(settings)).toContain('chain.finality');
    expect(await codes({ ...settings, DPP_CONFIRMATIONS: '12' })).not.toContain('chain.finality');
    await rpc.call('anvil_setChainId', [other.ledger.chainId]);
  });

  it('tells a clock that is behind the chain', async () => {
    const rpc = createRpc({ url: other.rpcUrl });
    await rpc.call('evm_increaseTime', [3_600]);
    await rpc.call('evm_mine', []);
    expect(await codes(onChain(other))).toContain('clock.behindChain');
  });

  it('tells a service whose clock is another', async () => {
    const date = new Date(Date.now() - 7_200_000).toUTCString();
    const service = await answer({ checks: {} }, { date });
    expect(await codes({ ...onChain(), DPP_API_URL: urlOf(service) })).toContain('clock.differs');
    service.close();
  });

  it('tells a ledger that is paused, and one that is closed', async () => {
    const reader = await connectLedger({ url: other.rpcUrl, pin: other.ledger });
    const account = createAccount(other.accounts.admin.privateKey);
    const admin = await createLedgerWriter({ reader, url: other.rpcUrl, account });
    await admin.send(calls.pause());
    expect(await codes(onChain(other))).toContain('ledger.paused');
    await admin.send(calls.unpause());
    expect(await codes(onChain(other))).not.toContain('ledger.paused');
    await admin.send(calls.close({ ...stack.ledger, chainId: 1n }));
    expect(await codes(onChain(other))).toContain('ledger.closed');
  });

  it('counts the anchors that an account can still pay for', async () => {
    const rich = await examine({
      ...onChain(),
      DPP_ACCOUNT_FILE: await writeAccount(stack.accounts.relayer.privateKey),
    });
    expect(rich.said.find(({ check }) => check === 'Account')).toMatchObject({
      state: 'ok',
      found: expect.stringMatching(/: \d{4,} anchors at today's/),
    });
    const path = await writeAccount();
    expect(await codes({ ...onChain(), DPP_ACCOUNT_FILE: path })).toContain('account.empty');
    const poor = `0x${randomBytes(32).toString('hex')}`;
    const { address } = createAccount(poor);
    const rpc = createRpc({ url: stack.rpcUrl });
    const price = BigInt(String(await rpc.call('eth_gasPrice', [])));
    await rpc.call('anvil_setBalance', [address, `0x${(price * 60_000n * 400n).toString(16)}`]);
    expect(await codes({ ...onChain(), DPP_ACCOUNT_FILE: await writeAccount(poor) })).toContain('account.low');
  });

  it('tells an issuer that is not accredited, and an account file that holds none', async () => {
    expect(await codes({ ...onChain(), DPP_ISSUER: 'did:web:maker.example' })).toContain('issuer.unknown');
    const path = join(await makeFolder(), 'account.hex');
    await writeFile(path, 'not a key', { mode: 0o600 });
    expect(await codes({ ...onChain(), DPP_ACCOUNT_FILE: path })).toContain('account.unusable');
  });
});

describe('of this machine', () => {
  it('tells keys that others can read, wherever they are', async () => {
    const folder = await makeFolder();
    const key = join(folder, 'assert.jwk.json');
    await writeKeyFile(key, await generateKey({ algorithm: 'ES256' }));
    expect(await codes({ DPP_KEY_FILE: key })).not.toContain('key.readable');
    const second = join(folder, 'second.jwk.json');
    await writeKeyFile(second, await generateKey({ algorithm: 'ES256' }));
    await chmod(second, 0o640);
    const { status, said } = await examine({ DPP_KEY_FILE: key });
    expect(status).toBe(1);
    expect(said.find(({ code }) => code === 'key.readable')?.mend).toBe(`chmod 600 ${second}`);
    const secret = join(folder, 'database-url');
    await writeFile(secret, 'postgres://127.0.0.1:9/dpp');
    await chmod(secret, 0o644);
    const found = await examine({ DPP_DATABASE_URL_FILE: secret });
    expect(found.said.find(({ code }) => code === 'key.readable')?.found).toContain(secret);
  });

  it('tells a data folder that others can look into', async () => {
    const data = await makeFolder();
    await chmod(data, 0o755);
    expect(await codes({ DPP_DATA: data })).toContain('data.readable');
    await chmod(data, 0o700);
    expect(await codes({ DPP_DATA: data })).not.toContain('data.readable');
  });

  it('tells a configuration that others can write', async () => {
    const file = join(await makeFolder(), 'dpp.config.json');
    await writeFile(file, '{}');
    await chmod(file, 0o666);
    expect(await codes({ DPP_CONFIG: file })).toContain('settings.writable');
  });

  it('tells a key file that holds none', async () => {
    const path = join(await makeFolder(), 'assert.jwk.json');
    await writeFile(path, '{}', { mode: 0o600 });
    expect(await codes({ DPP_KEY_FILE: path })).toContain('key.unusable');
  });

  it.runIf(process.platform === 'linux')('tells a disk without room', async () => {
    expect(await codes({ DPP_DATA: '/proc/dpp' })).toContain('disk.low');
  });

  it('tells a port that another program uses', async () => {
    const taken = await answer({}, {});
    const { port } = taken.address() as AddressInfo;
    expect(await codes({ DPP_PORT: String(port) })).toContain('port.unusable');
    taken.close();
    expect(await codes({ DPP_PORT: String(await freePort()) })).not.toContain('port.unusable');
  });
});

describe('of engines that do not answer', () => {
  it('tells a store, a database and a service that are not there', async () => {
    const found = await codes({
      DPP_KUBO_URL: 'http://127.0.0.1:9',
      DPP_DATABASE_URL: 'postgres://127.0.0.1:9/dpp',
      DPP_PUBLIC_URL: 'http://dpp.invalid',
    });
    expect(found).toEqual(expect.arrayContaining(['store.unreachable', 'database.unreachable', 'service.unreachable']));
  });

  it('needs none of them where nobody serves', async () => {
    const { status, said } = await examine({ DPP_API_URL: '' });
    expect(status).toBe(0);
    expect(said.map(({ state }) => state)).not.toContain('wrong');
  });
});

describe('of a service', () => {
  let deployment: Deployment;
  let dataDir: string;
  const settings = () => ({
    DPP_API_URL: deployment.url,
    DPP_DATA: dataDir,
    DPP_PORT: new URL(deployment.url).port,
  });

  beforeAll(async () => {
    dataDir = join(root, 'service');
    const port = await freePort();
    deployment = await startDeployment({ dataDir, port, publicUrl: `http://127.0.0.1:${port}` });
    await deployment.service.caughtUp();
  });
  afterAll(() => deployment.stop());

  it('finds nothing wrong, and nobody who lets it anchor', async () => {
    const { status, said } = await examine({ ...settings(), DPP_PUBLIC_URL: deployment.publicUrl });
    expect(status).toBe(0);
    expect(said.filter(({ state }) => state !== 'ok').map(({ code }) => code)).toEqual(['submitter.missing']);
    expect(said.find(({ check }) => check === 'DID')?.found).toContain('with the key in');
  });

  it('tells a public URL that leads nowhere, to another ledger, or goes without TLS', async () => {
    const nowhere = `http://127.0.0.1:${await freePort()}`;
    expect(await codes({ ...settings(), DPP_PUBLIC_URL: nowhere })).toEqual(
      expect.arrayContaining(['publicUrl.unreachable', 'did.unresolved']),
    );
    expect(await codes({ ...settings(), DPP_PUBLIC_URL: 'http://dpp.invalid' })).toContain('publicUrl.insecure');
    const id = { ...other.ledger };
    const elsewhere = await answer({ id }, {});
    expect(await codes({ ...settings(), DPP_PUBLIC_URL: urlOf(elsewhere) })).toContain('publicUrl.otherService');
    elsewhere.close();
  });

  it('tells a DID whose key is another replica’s', async () => {
    const path = join(await makeFolder(), 'service.jwk.json');
    await writeKeyFile(path, await generateKey({ algorithm: 'ES256' }));
    const named = { ...settings(), DPP_PUBLIC_URL: deployment.publicUrl, DPP_SERVICE_KEY_FILE: path };
    expect(await codes(named)).toContain('did.otherKey');
  });

  it('repeats what the service finds wrong itself', async () => {
    const rpc = createRpc({ url: deployment.embedded?.rpcUrl ?? '' });
    await rpc.call('anvil_setBalance', [deployment.writer.account, '0x0']);
    await expect
      .poll(() => codes(settings()), { timeout: 30_000 })
      .toEqual(expect.arrayContaining(['account.empty', 'service.degraded']));
    await rpc.call('anvil_setBalance', [deployment.writer.account, '0xde0b6b3a7640000']);
  });
});

const server = process.env.DPP_TEST_POSTGRES;

describe.skipIf(server === undefined)('of PostgreSQL', () => {
  const name = `dpp_doctor_${randomBytes(6).toString('hex')}`;
  const url = new URL(name, `${server ?? 'postgres://127.0.0.1'}/`).href;
  let admin: pg.Client;
  let inside: pg.Client;
  let deployment: Deployment;
  const settings = () => ({ ...onChain(), DPP_API_URL: deployment.url, DPP_DATABASE_URL: url });

  beforeAll(async () => {
    admin = new pg.Client({ connectionString: server });
    await admin.connect();
    await admin.query(`create database ${name}`);
    inside = new pg.Client({ connectionString: url });
    await inside.connect();
    expect((await examine({ ...onChain(), DPP_DATABASE_URL: url })).said).toContainEqual(
      expect.objectContaining({ check: 'Database', state: 'ok', found: expect.stringContaining('empty') }),
    );
    deployment = await startOn(url);
  });
  afterAll(async () => {
    await deployment.stop();
    await inside.end();
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  });

  async function startOn(databaseUrl: string): Promise<Deployment> {
    const chain = {
      url: stack.rpcUrl,
      ledger: stack.ledger,
      account: stack.accounts.relayer.privateKey,
      finality: { confirmations: 0 },
    };
    const port = await freePort();
    const dataDir = await makeFolder();
    const started = await startDeployment({
      ...{ dataDir, port, databaseUrl, chain, publicUrl: `http://127.0.0.1:${port}` },
    });
    await started.service.caughtUp();
    return started;
  }

  it('finds one that serves to be sound', async () => {
    const { said } = await examine(settings());
    expect(said.filter(({ state }) => state === 'wrong')).toEqual([]);
    const states = Object.fromEntries(said.map(({ check, state }) => [check, state]));
    expect(states).toMatchObject({ Database: 'ok', Leader: 'ok', Index: 'ok', Promises: 'ok' });
  });

  it('tells a promise that was broken', async () => {
    await inside.query(`insert into outbox.item (receipt, digest, jwt, accepted_at, anchor_by, checked, generation, signing_digest, issuer,
      key, kind, subject, granularity, name, issuer_name, list, place, search) values (gen_random_uuid(), '\\x01', '', 0, 1, 0, 0,
      '\\x01', '\\x01', '\\x01', 'passport', '', '', '', '', '', 0, '')`);
    expect(await codes(settings())).toContain('promises.overdue');
    await inside.query(`delete from outbox.item where digest = '\\x01'`);
  });

  it('tells a store that does not keep what was anchored', async () => {
    await inside.query(`insert into ledger.batch (entry, issuer, roles, root, size, manifest, block_number, block_time,
      transaction_hash, indexed) values (1000, '\\x01', 1, '\\x01', 1, sha256('lost'), 1, 1, '', true)`);
    const kubo = process.env.KUBO_RPC;
    const { said } = await examine({ ...settings(), ...(kubo === undefined ? {} : { DPP_KUBO_URL: kubo }) });
    expect(said.find(({ code }) => code === 'store.unpinned')?.found).toMatch(/does not keep bafyrei[a-z2-7]+$/);
    await inside.query('delete from ledger.batch where entry = 1000');
  });

  it('tells a schema of a later release, and one of an earlier', async () => {
    await inside.query(`insert into ledger.kysely_migration (name, timestamp) values ('9999_later', '')`);
    expect(await codes(settings())).toContain('database.newer');
    await inside.query(`delete from ledger.kysely_migration where name = '9999_later'`);
    const { rows } = await inside.query('select name, timestamp from ledger.kysely_migration');
    await inside.query('delete from ledger.kysely_migration');
    expect(await codes(settings())).toContain('database.older');
    for (const { name: migration, timestamp } of rows) {
      await inside.query('insert into ledger.kysely_migration (name, timestamp) values ($1, $2)', [
        migration,
        timestamp,
      ]);
    }
    expect(await codes(settings())).not.toContain('database.older');
  });

  it('tells a database of another ledger, and one that may not be written', async () => {
    expect(await codes({ ...settings(), ...onChain(other) })).toContain('database.otherLedger');
    expect(
      await codes({ ...settings(), DPP_DATABASE_URL: `${url}?options=-c%20default_transaction_read_only%3Don` }),
    ).toContain('database.readOnly');
  });

  it('tells that none leads, and an index that is behind', async () => {
    await deployment.stop();
    const service = await answer({ checks: {} }, {});
    await createRpc({ url: stack.rpcUrl }).call('anvil_mine', ['0x10', '0x5']);
    expect(await codes({ ...settings(), DPP_API_URL: urlOf(service) })).toEqual(
      expect.arrayContaining(['leader.none', 'index.behind']),
    );
    service.close();
    deployment = await startOn(url);
  });
});

/** A server that answers everything with one JSON. */
async function answer(body: unknown, headers: Readonly<Record<string, string>>): Promise<Server> {
  const httpServer = createServer((request, response) => {
    const isLedger = request.url === '/ledger' && !Object.hasOwn(Object(body), 'id');
    response.writeHead(isLedger ? 503 : 200, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => httpServer.listen(0, '127.0.0.1', resolve));
  return httpServer;
}

function urlOf(httpServer: Server): string {
  return `http://127.0.0.1:${(httpServer.address() as AddressInfo).port}`;
}
