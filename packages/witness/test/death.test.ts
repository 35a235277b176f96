import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Cosigner,
  createCosignatureSigner,
  generateCosignatureKey,
  openCosignatures,
  openStatement,
  parseCosigner,
} from '@dpp-ledger/core/checkpoint';
import { calls } from '@dpp-ledger/sdk/ledger';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accredit, startLedger, type TestIssuer, type TestLedger } from '../../sdk/test/support.ts';
import { createFolder, createPublisher, noteOf, type Publisher } from './support.ts';
import type { ChildOrders } from './witness-child.ts';

let ledger: TestLedger;
let issuer: TestIssuer;
let publisher: Publisher;
let folder: string;
let key: string;
let cosigner: Cosigner;
const children: ChildProcess[] = [];

beforeAll(async () => {
  ledger = await startLedger();
  issuer = await accredit(ledger);
  publisher = await createPublisher(ledger.reader);
  key = await generateCosignatureKey('witness.example/w1');
  cosigner = await parseCosigner((await createCosignatureSigner(key)).verifierKey);
});
afterAll(() => ledger.stop());
beforeEach(async () => {
  folder = await createFolder();
});
afterEach(async () => {
  for (const child of children.splice(0)) await end(child);
  await rm(folder, { recursive: true, force: true });
});

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Where it serves, or the code of the error that it ended with. */
async function start(dieAt?: ChildOrders['dieAt']): Promise<{ url: string; code: string; child: ChildProcess }> {
  const child = fork(join(import.meta.dirname, 'witness-child.ts'));
  children.push(child);
  const { rpcUrl, reader } = ledger;
  const orders: ChildOrders = {
    ...{ rpcUrl, ledger: reader.id, publisher: publisher.verifierKey, folder, key, dieAt },
  };
  child.send(orders);
  const [message] = (await once(child, 'message')) as [{ url?: string; code?: string }];
  return { url: message.url ?? '', code: message.code ?? '', child };
}

const post = (url: string, path: string, body: string) => fetch(`${url}/${path}`, { method: 'POST', body });

let grants = 100;
async function append(): Promise<void> {
  grants += 1;
  const prefix = `gs1:${952_100_000 + grants}`;
  await ledger.accreditor.send(calls.grantPrefix({ issuer: issuer.id, number: grants, prefix }));
}

describe('a witness that is killed', () => {
  for (const dieAt of ['before signing', 'after signing'] as const) {
    it(`${dieAt} has written down what it was about to sign, and signs that and nothing beside it`, async () => {
      const leaves = await publisher.leaves();
      const mortal = await start(dieAt);
      const died = once(mortal.child, 'exit');
      await expect(post(mortal.url, 'add-checkpoint', await publisher.ask(0, leaves))).rejects.toThrow();
      expect(await died).toEqual([null, 'SIGKILL']);

      await append();
      const grown = await publisher.leaves();
      const { url } = await start();
      // As if nothing had been signed: it knows better.
      const stale = await post(url, 'add-checkpoint', await publisher.ask(0, grown));
      expect([stale.status, await stale.text()]).toEqual([409, `${leaves.length}\n`]);
      for (const [old, tree] of [
        [leaves.length, leaves],
        [leaves.length, grown],
      ] as const) {
        const body = await publisher.ask(old, tree);
        const answer = await post(url, 'add-checkpoint', body);
        expect(answer.status).toBe(200);
        expect(await openCosignatures(`${noteOf(body)}${await answer.text()}`, [cosigner])).toHaveLength(1);
      }
    });
  }

  it('while it signs a state statement remembers the block, and is held to its fork', async () => {
    const leaves = await publisher.leaves();
    const first = await start();
    expect((await post(first.url, 'add-checkpoint', await publisher.ask(0, leaves))).status).toBe(200);
    await end(first.child);

    const place = await ledger.rpc.call('evm_snapshot', []);
    await ledger.rpc.call('anvil_mine', ['0x3']);
    const { number = 0 } = (await ledger.reader.readBlock('latest')) ?? {};
    const question = JSON.stringify({ origin: publisher.origin, blockNumber: number });
    const mortal = await start('after signing');
    const died = once(mortal.child, 'exit');
    await expect(post(mortal.url, 'state-statement', question)).rejects.toThrow();
    await died;

    const again = await start();
    const answer = await post(again.url, 'state-statement', question);
    expect((await openStatement(await answer.text(), [cosigner])).statement.block.number).toBe(number);
    await ledger.rpc.call('evm_revert', [place]);
    await ledger.rpc.call('evm_increaseTime', [60]);
    await ledger.rpc.call('anvil_mine', ['0x5']);
    const forked = await post(again.url, 'state-statement', question);
    expect([forked.status, ((await forked.json()) as { code: string }).code]).toEqual([503, 'checkpoint.fork']);
  });

  it('leaves its folder to the next process, and nothing in it but what was signed', async () => {
    const leaves = await publisher.leaves();
    for (let round = 0; round < 3; round++) {
      const { url, child } = await start(round === 1 ? 'before signing' : undefined);
      const died = once(child, 'exit');
      const body = await publisher.ask(round === 0 ? 0 : leaves.length, leaves);
      const answer = post(url, 'add-checkpoint', body);
      if (round === 1) await expect(answer).rejects.toThrow();
      else expect((await answer).status).toBe(200);
      child.kill('SIGKILL');
      await died;
    }
    expect((await readdir(folder)).filter((name) => name !== 'lock')).toEqual([
      expect.stringMatching(/^[0-9a-f]{32}\.json$/),
    ]);
  });
});

it('of two processes on one folder the second does not start', async () => {
  const first = await start();
  expect(first.code).toBe('');
  expect((await start()).code).toBe('folder.locked');
  await end(first.child);
  expect((await start()).code).toBe('');
});
