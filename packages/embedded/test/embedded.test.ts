import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { calls, connectLedger, createAccount, createLedgerWriter, type LedgerReader } from '@dpp-ledger/sdk/ledger';
import { isAlive, lockFolder } from '@dpp-ledger/sdk/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Embedded, startEmbedded } from '../src/index.ts';

let dataDir: string;
const running: Embedded[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'dpp-embedded-'));
});
afterEach(async () => {
  for (const embedded of running.splice(0)) await embedded.stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function start(options: Partial<Parameters<typeof startEmbedded>[0]> = {}): Promise<Embedded> {
  const embedded = await startEmbedded({ dataDir, ...options });
  running.push(embedded);
  return embedded;
}

const connect = (embedded: Embedded) => connectLedger({ url: embedded.rpcUrl, pin: embedded.ledger, pollMs: 20 });

/** Makes one entry. */
async function pauseOrUnpause(embedded: Embedded, call: 'pause' | 'unpause'): Promise<LedgerReader> {
  const reader = await connect(embedded);
  const account = createAccount(embedded.accounts.admin.privateKey);
  const writer = await createLedgerWriter({ reader, url: embedded.rpcUrl, account });
  await writer.send(calls[call]());
  return reader;
}

async function readHead(embedded: Embedded) {
  return await (await connect(embedded)).readTreeHead();
}

describe('the embedded stack', () => {
  it('starts chain, ledger, database and store, and goes on with them at the next start', async () => {
    const first = await start();
    expect(first.fresh).toBe(true);
    expect(await (await connect(first)).isAccreditor(first.accounts.accreditor.address)).toBe(true);
    await pauseOrUnpause(first, 'pause');
    const head = await readHead(first);
    await first.database.exec('create table kept (n int); insert into kept values (7)');
    await first.stop();
    expect(isAlive(first.chainPid)).toBe(false);

    const began = performance.now();
    const second = await start();
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(second.fresh).toBe(false);
    expect(second.ledger).toEqual(first.ledger);
    expect(second.accounts).toEqual(first.accounts);
    expect(second.rpcUrl).toBe(first.rpcUrl);
    expect(await readHead(second)).toEqual(head);
    expect((await second.database.query('select n from kept')).rows).toEqual([{ n: 7 }]);
    // Old logs are still there, and new ones follow.
    const reader = await pauseOrUnpause(second, 'unpause');
    const indices: number[] = [];
    for await (const { index } of reader.readEntries()) indices.push(index);
    expect(indices).toEqual(Array.from({ length: head.size + 1 }, (_, i) => i));
  }, 60_000);

  it('makes another chain and other accounts for another folder', async () => {
    const one = await start();
    const other = await startEmbedded({ dataDir: join(dataDir, 'other') });
    running.push(other);
    expect(other.accounts).not.toEqual(one.accounts);
    expect(other.ledger.address).not.toBe(one.ledger.address);
    expect(other.rpcUrl).not.toBe(one.rpcUrl);
  }, 60_000);

  it('refuses a folder that a process uses, and goes on after that process', async () => {
    const first = await start();
    await expect(startEmbedded({ dataDir })).rejects.toMatchObject({ code: 'folder.locked' });
    expect(await readHead(first)).toMatchObject({ size: 3 });
    await first.stop();
    await start();
  }, 60_000);

  it('keeps the keys of its accounts from other users', async () => {
    const path = join(dataDir, 'accounts.json');
    const first = await start();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await first.stop();
    await chmod(path, 0o644);
    await expect(startEmbedded({ dataDir })).rejects.toMatchObject({ code: 'key.readable-by-others' });
    // What failed holds nothing: the lock is free again.
    await chmod(path, 0o600);
    await start();
  }, 60_000);

  it('sets the chain of another release aside, with its database, and begins a new one', async () => {
    const first = await start();
    await first.database.exec('create table kept (n int)');
    await first.stop();
    await writeFile(join(dataDir, 'chain', 'release.json'), JSON.stringify({ release: '0xother' }));
    const second = await start();
    expect(second.fresh).toBe(true);
    expect(second.ledger).not.toEqual(first.ledger);
    expect(second.setAside).toContain(join(dataDir, 'set-aside'));
    const [place = ''] = await readdir(join(dataDir, 'set-aside'));
    expect(await readdir(join(dataDir, 'set-aside', place))).toEqual(['chain', 'database']);
    expect(await readdir(join(dataDir, 'set-aside', place, 'chain'))).toContain('state.json');
    await second.stop();
    expect((await start()).setAside).toBeUndefined();
  }, 60_000);
});

describe('the lock of a data folder', () => {
  it.each([
    ['a process that is gone', { pid: 2 ** 22 - 3, host: hostname() }],
    ['a process whose id was used again', { pid: process.pid, host: hostname(), started: 'long ago' }],
  ])('is taken over from %s', async (_, lock) => {
    await writeFile(join(dataDir, 'lock'), JSON.stringify(lock));
    const { release } = await lockFolder(dataDir);
    await expect(lockFolder(dataDir)).rejects.toMatchObject({ code: 'folder.locked' });
    await release();
    expect(await readdir(dataDir)).toEqual([]);
  });

  it.each([
    ['on another machine', JSON.stringify({ pid: 1, host: 'elsewhere' })],
    ['by another release', 'v2'],
  ])('is left alone where it was taken %s', async (_, lock) => {
    await writeFile(join(dataDir, 'lock'), lock);
    await expect(lockFolder(dataDir)).rejects.toMatchObject({ code: 'folder.locked' });
    expect(await readFile(join(dataDir, 'lock'), 'utf8')).toBe(lock);
  });

  it('is had by one of many that ask at once', async () => {
    await writeFile(join(dataDir, 'lock'), JSON.stringify({ pid: 2 ** 22 - 3, host: hostname() }));
    const asked = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(dataDir)));
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('after a crash', () => {
  it('of the chain, the chain goes on from its last save', async () => {
    const first = await start({ saveEveryMs: 60_000 });
    await pauseOrUnpause(first, 'pause');
    process.kill(first.chainPid, 'SIGKILL');
    await first.chainEnded;
    await first.stop();
    // The deployment was saved; what came after it was not.
    const second = await start();
    expect(second.ledger).toEqual(first.ledger);
    expect((await readHead(second)).size).toBe(3);
  }, 60_000);

  it('of the process, nothing is lost: the chain saves itself and ends', async () => {
    const script = `
      import { startEmbedded } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)};
      const { accounts, ledger, rpcUrl, chainPid } = await startEmbedded({ dataDir: ${JSON.stringify(dataDir)}, saveEveryMs: 60_000 });
      console.log(JSON.stringify({ accounts, ledger, rpcUrl, chainPid }));
      setInterval(() => undefined, 1_000);`;
    const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(createInterface(child.stdout), 'line');
    const first: Embedded = JSON.parse(line);
    await pauseOrUnpause(first, 'pause');
    const head = await readHead(first);
    child.kill('SIGKILL');
    await once(child, 'close');
    // At once: the next start waits until the old chain is gone.
    const second = await start();
    expect(isAlive(first.chainPid)).toBe(false);
    expect(await readHead(second)).toEqual(head);
  }, 60_000);

  it('in the middle of saving, the save before it counts', async () => {
    const first = await start();
    await pauseOrUnpause(first, 'pause');
    const head = await readHead(first);
    await first.stop();
    await writeFile(join(dataDir, 'chain', 'state-at-exit.json'), '{"block":{"number":"0x');
    expect(await readHead(await start())).toEqual(head);
  }, 60_000);
});
