/** A ledger put on a chain by the command line, and what the handbook of operators says beside it. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Embedded, startEmbedded } from '@dpp-ledger/embedded';
import { connectLedger, createAccount, createLedgerWriter } from '@dpp-ledger/sdk/ledger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePin } from '../src/connection.ts';
import { createWorkplace, type Workplace } from './support.ts';

const ROOT = join(import.meta.dirname, '../../..');

let folder: string;
let chain: Embedded;
let place: Workplace;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpp-deploy-'));
  chain = await startEmbedded({ dataDir: join(folder, 'chain') });
  place = await createWorkplace();
});
afterAll(async () => {
  await chain.stop();
  await rm(folder, { recursive: true, force: true });
});

async function deploy(payer: Embedded['accounts']['admin'], ...args: readonly string[]) {
  await writeFile(place.path(`${payer.address}.hex`), `${payer.privateKey}\n`, { mode: 0o600 });
  const outcome = await place.dpp([
    ...['deploy', '--json', '--rpc', chain.rpcUrl, '--account', `${payer.address}.hex`, ...args],
  ]);
  expect(outcome.status, outcome.stderr).toBe(0);
  const [answer] = outcome.json();
  const toDo = answer?.toDo as readonly { accreditor: string; to: string; data: `0x${string}` }[];
  return { pin: parsePin(String(answer?.ledger)), toDo };
}

describe('dpp deploy', () => {
  it('puts a ledger on the chain whose accreditors are appointed, where the admin itself pays', async () => {
    const { admin, accreditor } = chain.accounts;
    const args = ['--admin', admin.address, '--accreditor', accreditor.address];
    const { pin, toDo } = await deploy(admin, ...args);
    expect(toDo).toEqual([]);
    expect(pin.address).not.toBe(chain.ledger.address);
    const ledger = await connectLedger({ url: chain.rpcUrl, pin });
    expect(await ledger.isAccreditor(accreditor.address)).toBe(true);
  });

  it('says what another admin has to send, and that is what appoints the accreditor', async () => {
    const { admin, accreditor, relayer } = chain.accounts;
    const args = ['--admin', admin.address, '--admin-delay', '60', '--accreditor', accreditor.address];
    const { pin, toDo } = await deploy(relayer, ...args);
    const ledger = await connectLedger({ url: chain.rpcUrl, pin });
    expect(await ledger.isAccreditor(accreditor.address)).toBe(false);
    const [call] = toDo;
    expect(call).toMatchObject({ accreditor: accreditor.address, to: pin.address });
    const account = createAccount(admin.privateKey);
    const writer = await createLedgerWriter({ reader: ledger, url: chain.rpcUrl, account });
    await writer.send({ data: call?.data ?? '0x', purpose: 'appoint as the command said' });
    expect(await ledger.isAccreditor(accreditor.address)).toBe(true);
  });

  it('needs an admin, and an account that nobody else can read', async () => {
    expect((await place.dpp(['deploy', '--rpc', chain.rpcUrl])).status).toBe(2);
    const path = place.path('open.hex');
    await writeFile(path, chain.accounts.admin.privateKey, { mode: 0o644 });
    const args = ['deploy', '--rpc', chain.rpcUrl, '--account', path, '--admin', chain.accounts.admin.address];
    expect((await place.dpp(args)).stderr).toContain('(key.readable-by-others)');
  });
});

describe('dpp key log', () => {
  it('makes the key of one log, prints the same public half again, and refuses it for another log', async () => {
    const pin = [chain.ledger.chainId, chain.ledger.genesis, chain.ledger.address, chain.ledger.codeHash].join(':');
    const made = await place.dpp(['key', 'log', 'log.key', '--ledger', pin, '--json']);
    expect(made.status, made.stderr).toBe(0);
    const again = await place.dpp(['key', 'log', 'log.key', '--ledger', pin, '--json']);
    expect(again.stdout).toBe(made.stdout);
    const other = await place.dpp(['key', 'log', 'log.key', '--ledger', pin, '--log-epoch', '2']);
    expect(other.stderr).toContain('(checkpoint.key)');
  });
});

describe('the handbook and the alerts', () => {
  it('speak of metrics that the service has', async () => {
    const source = await readFile(join(ROOT, 'packages/api/src/operation/metrics.ts'), 'utf8');
    for (const file of ['docs/operations.md', 'ops/alerts.yaml']) {
      const text = await readFile(join(ROOT, file), 'utf8');
      const names = new Set([...text.matchAll(/\bdpp_([a-z_]+[a-z])\b/g)].map(([, name = '']) => name));
      expect(names.size).toBeGreaterThan(8);
      for (const name of names)
        expect(source, `${file}: dpp_${name}`).toContain(name.replace(/_(?:bucket|count)$/, ''));
    }
  });

  it('names in the handbook only files that are there', async () => {
    const text = await readFile(join(ROOT, 'docs/operations.md'), 'utf8');
    const files = [...text.matchAll(/`((?:ops|packages|scripts)\/[\w/.-]+\.(?:ts|yaml))`/g)].map(
      ([, file = '']) => file,
    );
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) await readFile(join(ROOT, file));
  });
});
