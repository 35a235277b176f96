import type { Hex } from '@dpp-ledger/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calls, connectLedger, type LedgerNode, type LedgerStep, type LoggedEntry } from '../src/ledger/index.ts';
import {
  accredit,
  batch,
  behind,
  collect,
  proxy,
  readBody,
  serve,
  startLedger,
  type TestIssuer,
  type TestLedger,
} from './support.ts';

let ledger: TestLedger;
let issuer: TestIssuer;
beforeAll(async () => {
  ledger = await startLedger();
  issuer = await accredit(ledger);
}, 60_000);
afterAll(() => ledger.stop());

const anchor = (seed: number) => issuer.writer.send(calls.anchor({ issuer: issuer.id, ...batch(seed) }));

/** An index in memory, as the service keeps one in its database: what was applied, and through which blocks. */
function createFollower() {
  let entries: LoggedEntry[] = [];
  let blocks: { number: number; hash: Hex }[] = [];
  const steps: LedgerStep['kind'][] = [];
  return {
    steps,
    get entries() {
      return entries;
    },
    get options() {
      return {
        after: blocks.at(-1),
        applied: async (number: number) => blocks.findLast((block) => block.number <= number),
      };
    },
    apply(step: LedgerStep): void {
      steps.push(step.kind);
      if (step.kind === 'forward') {
        entries.push(...step.entries);
        // An empty step at the head says only that more is final.
        if (blocks.at(-1)?.number !== step.through.number) blocks.push(step.through);
      } else {
        const to = step.to?.number ?? -1;
        entries = entries.filter(({ blockNumber }) => blockNumber <= to);
        blocks = blocks.filter(({ number }) => number <= to);
      }
    },
    async catchUp(reader: LedgerNode = ledger.reader): Promise<void> {
      for await (const step of reader.follow({ ...this.options, untilHead: true })) this.apply(step);
    },
  };
}

describe('following the chain', () => {
  it('applies every entry once, and goes on where it stopped', async () => {
    const follower = createFollower();
    await follower.catchUp();
    for (let i = 0; i < 5; i++) await anchor(i);
    await follower.catchUp();
    expect(follower.entries).toEqual(await collect(ledger.reader.readEntries()));
    expect(follower.steps).not.toContain('back');
  });

  it('says what is the head and what is final', async () => {
    const reader = await connectLedger({ url: ledger.rpcUrl, pin: ledger.reader.id, finality: { confirmations: 3 } });
    const steps = await collect(reader.follow({ untilHead: true }));
    const last = steps.at(-1);
    const head = await reader.readBlock('latest');
    expect(last).toMatchObject({
      kind: 'forward',
      atHead: true,
      through: head,
      finalBlockNumber: (head?.number ?? 0) - 3,
    });
  });

  it('waits for new blocks until the signal aborts', async () => {
    const before = (await ledger.reader.readTreeHead()).size;
    const over = new AbortController();
    const seen: number[] = [];
    const following = (async () => {
      for await (const step of ledger.reader.follow({ signal: over.signal })) {
        if (step.kind === 'forward') seen.push(...step.entries.map(({ index }) => index));
        if (step.kind === 'forward' && step.atHead) {
          if (seen.length === before + 2) over.abort(new Error('enough'));
          else await anchor(seen.length);
        }
      }
    })();
    await expect(following).rejects.toThrow('enough');
    expect(seen).toEqual(Array.from({ length: before + 2 }, (_, i) => i));
  });

  it('goes back to the common block and forward again after a reorganisation', async () => {
    const follower = createFollower();
    await follower.catchUp();
    for (let i = 0; i < 4; i++) {
      await anchor(100 + i);
      await follower.catchUp();
    }
    const before = follower.entries.length;
    // The last three blocks are replaced by empty ones.
    await ledger.rpc.call('anvil_reorg', [3, []]);
    await follower.catchUp();
    expect(follower.steps).toContain('back');
    expect(follower.entries.length).toBe(before - 3);
    expect(follower.entries).toEqual(await collect(ledger.reader.readEntries()));
    await anchor(200);
    await follower.catchUp();
    expect(follower.entries).toEqual(await collect(ledger.reader.readEntries()));
  });

  it('sees a chain that lost its last blocks', async () => {
    const follower = createFollower();
    await follower.catchUp();
    const snapshot = await ledger.rpc.call('evm_snapshot', []);
    for (let i = 0; i < 3; i++) {
      await anchor(300 + i);
      await follower.catchUp();
    }
    await ledger.rpc.call('evm_revert', [snapshot]);
    await follower.catchUp();
    expect(follower.entries).toEqual(await collect(ledger.reader.readEntries()));
    await anchor(310);
    await follower.catchUp();
    expect(follower.entries).toEqual(await collect(ledger.reader.readEntries()));
  });

  it('undoes everything where nothing of what was applied is on the chain', async () => {
    const follower = createFollower();
    const other = await startLedger();
    await follower.catchUp(other.reader);
    await other.stop();
    await follower.catchUp();
    expect(follower.entries).toEqual(await collect(ledger.reader.readEntries()));
  });

  it('takes no page that the chain changed under', async () => {
    const follower = createFollower();
    await follower.catchUp();
    for (let i = 0; i < 3; i++) await anchor(400 + i);
    let reorganised = false;
    const shifting = await proxy(ledger.rpcUrl, async ({ method }, answer) => {
      const logs = await answer();
      if (method === 'eth_getLogs' && Array.isArray(logs) && logs.length === 3 && !reorganised) {
        reorganised = true;
        await ledger.rpc.call('anvil_reorg', [2, []]);
      }
      return logs;
    });
    const reader = await connectLedger({ url: shifting.url, pin: ledger.reader.id });
    await follower.catchUp(reader);
    expect(reorganised).toBe(true);
    await follower.catchUp();
    expect(follower.entries).toEqual(await collect(ledger.reader.readEntries()));
    await shifting.close();
  });
});

describe('an endpoint that is several nodes', () => {
  const confirmed = { confirmations: 2 } as const;

  /** Every third question to a node that stays at `height`, the others to the chain itself. */
  async function startNodes() {
    let height = (await ledger.reader.readBlock('latest'))?.number ?? 0;
    const old = await proxy(ledger.rpcUrl, (call, answer) => behind(call, answer, height));
    const asked: string[] = [];
    const balancer = await serve(async (request, response) => {
      const url = asked.length % 3 === 1 ? old.url : ledger.rpcUrl;
      asked.push(url);
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(url, { method: 'POST', headers, body: await readBody(request) });
      response.setHeader('content-type', 'application/json');
      response.end(await answer.text());
    });
    return {
      asked,
      old,
      connect: (url: string) =>
        connectLedger({
          url,
          pin: ledger.reader.id,
          finality: confirmed,
          pollMs: 5,
          firstBlock: ledger.reader.firstBlock,
        }),
      url: balancer.url,
      catchUp: async () => {
        height = (await ledger.reader.readBlock('latest'))?.number ?? 0;
      },
      async close() {
        await balancer.close();
        await old.close();
      },
    };
  }

  it('does not go back, and skips nothing, when one of them is behind', async () => {
    const follower = createFollower();
    await follower.catchUp();
    const nodes = await startNodes();
    const reader = await nodes.connect(nodes.url);
    for (let i = 0; i < 12; i++) {
      await anchor(500 + i);
      // Far enough behind to lack the block that was applied last, and at times the one after.
      if (i % 4 === 3) await nodes.catchUp();
      await follower.catchUp(reader);
    }
    expect(new Set(nodes.asked).size).toBe(2);
    expect(follower.steps).not.toContain('back');
    // The last look may have been at the node that is behind.
    await nodes.catchUp();
    await follower.catchUp(reader);
    expect(follower.entries).toEqual(await collect(ledger.reader.readEntries()));
    await nodes.close();
  });

  it('waits for a node that alone answers and is behind', async () => {
    const follower = createFollower();
    await follower.catchUp();
    const nodes = await startNodes();
    await anchor(520);
    await follower.catchUp();
    const reader = await nodes.connect(nodes.old.url);
    const before = follower.steps.length;
    const following = follower.catchUp(reader);
    await nodes.catchUp();
    await following;
    expect(follower.steps.slice(before)).not.toContain('back');
    expect(follower.entries).toEqual(await collect(ledger.reader.readEntries()));
    await nodes.close();
  });

  it('takes blocks for lost when they have been gone for long, or others are in their place', async () => {
    const connect = (patienceMs: number) =>
      connectLedger({ url: ledger.rpcUrl, pin: ledger.reader.id, finality: confirmed, pollMs: 5, patienceMs });
    const follower = createFollower();
    await follower.catchUp();
    for (const lose of [
      async () => follower.catchUp(await connect(20)),
      async () => {
        await ledger.rpc.call('anvil_mine', ['0x4']);
        await follower.catchUp(await connect(3_600_000));
      },
    ]) {
      const snapshot = await ledger.rpc.call('evm_snapshot', []);
      await anchor(530);
      await anchor(531);
      await follower.catchUp();
      await ledger.rpc.call('evm_revert', [snapshot]);
      const before = follower.steps.length;
      await lose();
      expect(follower.steps.slice(before)).toContain('back');
      expect(follower.entries).toEqual(await collect(ledger.reader.readEntries()));
    }
  });

  it('finds the common block although the node that is asked for it is behind', async () => {
    const follower = createFollower();
    await follower.catchUp();
    const nodes = await startNodes();
    for (let i = 0; i < 4; i++) {
      await anchor(540 + i);
      await follower.catchUp();
    }
    const before = follower.entries.length;
    await ledger.rpc.call('anvil_reorg', [1, []]);
    // The look that sees the other block goes to the chain, the next question to the node that lacks what is asked for.
    const reader = await nodes.connect(nodes.url);
    nodes.asked.length = 0;
    await follower.catchUp(reader);
    expect(follower.entries.length).toBe(before - 1);
    expect(follower.steps.filter((kind) => kind === 'back')).toHaveLength(1);
    await nodes.close();
  });
});

describe('a node that gives few blocks at a time', () => {
  it('is followed all the same, and in larger steps again once it gives more', async () => {
    await ledger.rpc.call('anvil_mine', ['0xbb8']);
    await anchor(550);
    let most = 4;
    let pages = 0;
    const strict = await proxy(ledger.rpcUrl, async ({ method, params }, answer) => {
      if (method !== 'eth_getLogs') return await answer();
      const [{ fromBlock, toBlock }] = params as [{ fromBlock: string; toBlock: string }];
      if (Number(toBlock) - Number(fromBlock) >= most) throw new Error(`ranges over ${most} blocks are not supported`);
      pages += 1;
      if (pages === 20) most = 1_000_000;
      return await answer();
    });
    const reader = await connectLedger({
      url: strict.url,
      pin: ledger.reader.id,
      firstBlock: ledger.reader.firstBlock,
    });
    const follower = createFollower();
    await follower.catchUp(reader);
    expect(follower.entries).toEqual(await collect(ledger.reader.readEntries()));
    // 4 blocks a page would be over 750.
    expect(pages).toBeLessThan(150);
    await strict.close();
  });
});
