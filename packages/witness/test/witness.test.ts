import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeHex, type Hex } from '@dpp-ledger/core';
import {
  createNoteSigner,
  encodeCheckpoint,
  formatOrigin,
  generateNoteKey,
  LONGEST_REQUEST,
  openStatement,
  parseWitnessPolicy,
  signNote,
} from '@dpp-ledger/core/checkpoint';
import { buildTree, hashLeaf } from '@dpp-ledger/core/journal';
import { acts, calls, connectLedger } from '@dpp-ledger/sdk/ledger';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accredit, behind, proxy, startLedger, type TestIssuer, type TestLedger } from '../../sdk/test/support.ts';
import { createWitness, openMemory } from '../src/index.ts';
import { createFolder, createPublisher, noteOf, type Publisher, startWitness, type TestWitness } from './support.ts';

let ledger: TestLedger;
let issuer: TestIssuer;
let publisher: Publisher;
let witness: TestWitness;

beforeAll(async () => {
  ledger = await startLedger();
  issuer = await accredit(ledger);
  publisher = await createPublisher(ledger.reader);
});
afterAll(() => ledger.stop());
beforeEach(async () => {
  witness = await startWitness({ reader: ledger.reader, publishers: [publisher.verifier] });
});
afterEach(() => witness.stop());

let appointed = 0;
/** So many entries, in one block. */
async function append(count: number): Promise<void> {
  const toDo = Array.from({ length: count }, () => {
    appointed += 1;
    return acts.appointSubmitter(`0x${appointed.toString(16).padStart(40, '0')}`);
  });
  await issuer.writer.send(calls.act({ issuer: issuer.id, acts: toDo }));
}

let grants = 100;
/** One entry, by another account: what the first one sent before the chain lost it may be included again. */
async function appendOther(): Promise<void> {
  grants += 1;
  const prefix = `gs1:${952_100_000 + grants}`;
  await ledger.accreditor.send(calls.grantPrefix({ issuer: issuer.id, number: grants, prefix }));
}

const mine = (blocks: number) => ledger.rpc.call('anvil_mine', [`0x${blocks.toString(16)}`]);

/** What takes the chain back to where it is now: the blocks from here on are lost. */
async function remember(): Promise<() => Promise<void>> {
  const place = await ledger.rpc.call('evm_snapshot', []);
  return async () => {
    await ledger.rpc.call('evm_revert', [place]);
    // Later, so that nothing that is done again is the same again.
    await ledger.rpc.call('evm_increaseTime', [60]);
    await mine(1);
  };
}

/** Has the contract's journal cosigned, whatever was before. */
async function cosignAll(by: TestWitness = witness): Promise<Uint8Array[]> {
  const leaves = await publisher.leaves();
  const old = by.memory.find(publisher.origin)?.head.size ?? 0;
  expect(await by.send(await publisher.ask(old, leaves))).toMatchObject({ status: 200 });
  return leaves;
}

describe('a checkpoint that is the contract’s tree head', () => {
  it('is cosigned, in the lines that tlog-witness has', async () => {
    const leaves = await publisher.leaves();
    const body = await publisher.ask(0, leaves);
    const answer = await witness.send(body);
    expect(answer).toMatchObject({ status: 200, type: 'text/plain; charset=utf-8' });
    expect(answer.body).toMatch(/^— witness\.example\/w1 [A-Za-z0-9+/]+=*\n$/);
    const { time } = await witness.verify(noteOf(body), answer);
    expect(Math.abs(time - Date.now() / 1_000)).toBeLessThan(60);
  });

  it('is cosigned as it grows, by proofs from the last one', async () => {
    await cosignAll();
    for (const count of [1, 2, 5]) {
      await append(count);
      const leaves = await publisher.leaves();
      const old = witness.memory.find(publisher.origin)?.head.size ?? 0;
      const body = await publisher.ask(old, leaves);
      await witness.verify(noteOf(body), await witness.send(body));
    }
  });

  it('is cosigned again where the answer was lost, with no proof', async () => {
    const leaves = await cosignAll();
    const body = await publisher.ask(leaves.length, leaves);
    await witness.verify(noteOf(body), await witness.send(body));
  });

  it('is cosigned at every size that the contract had, though it has a larger one now', async () => {
    await append(6);
    const leaves = await publisher.leaves();
    let old = 0;
    for (const size of [0, 1, 3, leaves.length - 2, leaves.length - 1, leaves.length]) {
      const body = await publisher.ask(old, leaves.slice(0, size));
      await witness.verify(noteOf(body), await witness.send(body));
      old = size;
    }
  });

  it('is cosigned for each of several publishers of one log, and for each epoch by itself', async () => {
    const [other, second] = [await createPublisher(ledger.reader), await createPublisher(ledger.reader, { epoch: 2 })];
    const publishers = [publisher, other, second].map(({ verifier }) => verifier);
    const both = await witness.restart({ publishers });
    witness = both;
    const leaves = await cosignAll();
    expect(await both.send(await other.ask(leaves.length, leaves))).toMatchObject({ status: 200 });
    expect(await both.send(await second.ask(0, leaves))).toMatchObject({ status: 200 });
    expect(both.memory.find(second.origin)?.head.size).toBe(leaves.length);
  });
});

describe('a checkpoint is not cosigned', () => {
  /** Nothing of it is remembered either. */
  async function expectRefusal(body: string | Uint8Array, status: number, code?: string) {
    const before = witness.memory.find(publisher.origin);
    const answer = await witness.send(body);
    expect(answer).toMatchObject({ status, ...(code === undefined ? {} : { code }) });
    expect(answer.body).not.toContain('— ');
    expect(witness.memory.find(publisher.origin)).toEqual(before);
    return answer;
  }

  it('whose last entry the contract never made, though its proof is right: an ordinary witness would not know', async () => {
    const leaves = await cosignAll();
    await append(2);
    const grown = await publisher.leaves();
    const invented = hashLeaf(new TextEncoder().encode('invented'));
    // As many entries as the contract has, fewer, and one too many.
    for (const forged of [
      [...grown.slice(0, -1), invented],
      [...leaves, invented],
    ]) {
      await expectRefusal(await publisher.ask(leaves.length, forged), 422, 'witness.tree-head');
      // The log's own signature is on it: that is for others to see.
      expect(witness.logged).toContainEqual({
        level: 'error',
        message: 'the log signed a tree that is not the contract’s',
        fields: expect.objectContaining({ size: forged.length, checkpoint: await publisher.checkpoint(forged) }),
      });
    }
    await expectRefusal(await publisher.ask(leaves.length, [...grown, invented]), 503, 'witness.not-final');
  });

  it('of a log that begins otherwise than the contract’s journal', async () => {
    const leaves = (await publisher.leaves()).toReversed();
    await expectRefusal(await publisher.ask(0, leaves), 422, 'witness.tree-head');
  });

  it('whose old size is not that of the last one: the answer is the size, as text/x.tlog.size', async () => {
    const leaves = await cosignAll();
    await append(1);
    const grown = await publisher.leaves();
    for (const old of [0, 1, leaves.length - 1, grown.length]) {
      const answer = await expectRefusal(await publisher.ask(old, grown), 409);
      expect(answer).toMatchObject({ type: 'text/x.tlog.size', body: `${leaves.length}\n` });
    }
  });

  it('of a log that goes back', async () => {
    const leaves = await cosignAll();
    const fewer = leaves.slice(0, -1);
    await expectRefusal(await publisher.ask(leaves.length, fewer), 400, 'checkpoint.request');
    expect(await expectRefusal(await publisher.ask(fewer.length, fewer), 409)).toMatchObject({
      body: `${leaves.length}\n`,
    });
  });

  it('that is another tree of the size that was cosigned, which is written into the log as evidence', async () => {
    const leaves = await cosignAll();
    const other = [...leaves.slice(0, -1), hashLeaf(Uint8Array.of(1))];
    const body = await publisher.ask(leaves.length, other);
    expect(await expectRefusal(body, 409)).toMatchObject({ type: 'text/x.tlog.size', body: `${leaves.length}\n` });
    expect(witness.logged).toContainEqual({
      level: 'error',
      message: 'the log signed two trees of one size',
      fields: expect.objectContaining({ first: await publisher.checkpoint(leaves), second: noteOf(body) }),
    });
  });

  it('whose proof is another’s, is cut, is too long, or has one bit flipped', async () => {
    const leaves = await cosignAll();
    await append(3);
    const body = await publisher.ask(leaves.length, await publisher.leaves());
    const [old = '', ...rest] = body.split('\n');
    const lines = rest.slice(0, rest.indexOf(''));
    const after = rest.slice(lines.length);
    const flipped = lines.with(0, `${lines[0]?.startsWith('A') ? 'B' : 'A'}${lines[0]?.slice(1)}`);
    for (const proof of [
      [],
      lines.slice(1),
      lines.slice(0, -1),
      [...lines, ...lines.slice(-1)],
      lines.toReversed(),
      flipped,
    ]) {
      if (proof.join() === lines.join()) continue;
      await expectRefusal([old, ...proof, ...after].join('\n'), 422, 'witness.consistency');
    }
    expect(await witness.send(body)).toMatchObject({ status: 200 });
  });

  it('with a proof from nothing, where none is needed', async () => {
    const body = await publisher.ask(0, await publisher.leaves());
    await expectRefusal(body.replace('old 0\n', `old 0\n${'A'.repeat(43)}=\n`), 422, 'witness.consistency');
  });

  it('of a log that it was not told of: another ledger’s, another epoch’s, another’s name', async () => {
    const { id } = ledger.reader;
    for (const origin of [
      formatOrigin(id, 2),
      formatOrigin({ ...id, chainId: 1 }, 1),
      formatOrigin({ ...id, address: `0x${'ab'.repeat(20)}` }, 1),
      'example.com/log',
    ]) {
      const stranger = await createPublisher(ledger.reader, { origin });
      await expectRefusal(await stranger.ask(0, await publisher.leaves()), 404, 'witness.unknown-log');
    }
  });

  it('that no known key signed, or whose signature is false', async () => {
    const leaves = await publisher.leaves();
    const thief = await createPublisher(ledger.reader);
    await expectRefusal(await thief.ask(0, leaves), 403, 'checkpoint.signature');
    const body = await publisher.ask(0, leaves);
    const size = `\n${leaves.length}\n`;
    await expectRefusal(body.replace(size, `\n${leaves.length + 1}\n`), 403, 'checkpoint.signature');
    const cut = body.lastIndexOf('=') - 5;
    const flipped = `${body.slice(0, cut)}${body[cut] === 'A' ? 'B' : 'A'}${body.slice(cut + 1)}`;
    await expectRefusal(flipped, 403, 'checkpoint.signature');
  });

  it('that is none, or in a body that is none', async () => {
    const body = await publisher.ask(0, await publisher.leaves());
    for (const [bad, code] of [
      ['', 'checkpoint.request'],
      ['old 0\n', 'checkpoint.request'],
      [body.replace('old 0', 'old 00'), 'checkpoint.request'],
      [body.replace('old 0', 'Old 0'), 'checkpoint.request'],
      [body.slice(0, -1), 'checkpoint.note'],
      ['old 0\n\nno note\n', 'checkpoint.note'],
    ]) {
      await expectRefusal(bad ?? '', 400, code);
    }
    const signer = await createNoteSigner(await generateNoteKey(publisher.origin));
    await expectRefusal(`old 0\n\n${await signNote('not a checkpoint\n', signer)}`, 400, 'checkpoint.shape');
    const text = encodeCheckpoint({ origin: publisher.origin, size: 0, root: new Uint8Array(32), extensions: [] });
    const empty = await createPublisher(ledger.reader);
    witness = await witness.restart({ publishers: [empty.verifier] });
    await expectRefusal(`old 0\n\n${await signNote(text, signer)}`, 403, 'checkpoint.signature');
  });

  it('of more bytes than a note and its proof have', async () => {
    await expectRefusal('x'.repeat(LONGEST_REQUEST + 1), 413, 'input.too-large');
    const endless = new ReadableStream<Uint8Array>({ pull: (stream) => stream.enqueue(new Uint8Array(65_536)) });
    const options = { method: 'POST', body: endless, duplex: 'half' };
    // The connection may be cut while the rest is still on its way.
    await fetch(`${witness.url}/add-checkpoint`, options).catch(() => undefined);
    const answered = witness.logged.filter(({ message }) => message === 'answered').map(({ fields }) => fields);
    expect(answered).toEqual(Array(2).fill(expect.objectContaining({ method: 'POST', status: 413 })));
  });

  it('before its block is final, and is when it is', async () => {
    const reader = await connectLedger({
      ...{ url: ledger.rpcUrl, pin: ledger.reader.id },
      ...{ finality: { confirmations: 3 }, patienceMs: 0 },
    });
    await mine(3);
    witness = await witness.restart({ reader });
    const leaves = await cosignAll();
    await append(1);
    const grown = await publisher.leaves();
    for (let confirmations = 0; confirmations < 3; confirmations++) {
      await expectRefusal(await publisher.ask(leaves.length, grown), 503, 'witness.not-final');
      await mine(1);
    }
    expect(await witness.send(await publisher.ask(leaves.length, grown))).toMatchObject({ status: 200 });
  });
});

describe('a witness whose node', () => {
  const over = async (change: Parameters<typeof proxy>[1]) => {
    const between = await proxy(ledger.rpcUrl, change);
    const reader = await connectLedger({ url: between.url, pin: ledger.reader.id });
    return { between, reader };
  };

  it('is behind signs nothing until it has caught up', async () => {
    let height = Number.POSITIVE_INFINITY;
    const { between, reader } = await over((call, answer) =>
      height === Number.POSITIVE_INFINITY ? answer() : behind(call, answer, height),
    );
    try {
      witness = await witness.restart({ reader });
      const { number } = (await ledger.reader.readBlock('latest')) ?? { number: 0 };
      const leaves = await cosignAll();
      await append(1);
      const grown = await publisher.leaves();
      height = number;
      const late = await witness.send(await publisher.ask(leaves.length, grown));
      expect(late).toMatchObject({ status: 503, code: 'witness.not-final' });
      height = number - 1;
      expect(await witness.send(await publisher.ask(leaves.length, leaves))).toMatchObject({
        status: 503,
        code: 'witness.not-final',
      });
      const health = await (await fetch(`${witness.url}/healthz`)).text();
      expect(health).toContain('its node is behind');
      // Where the node is, is its operator's to know.
      for (const told of [late.body, health]) expect(told).not.toContain(between.url);
      height = Number.POSITIVE_INFINITY;
      expect(await witness.send(await publisher.ask(leaves.length, grown))).toMatchObject({ status: 200 });
    } finally {
      await between.close();
    }
  });

  it('has lost a block that something was signed about, for its own sake, signs nothing', async () => {
    let isPruned = false;
    let signedAt = '';
    const { between, reader } = await over(({ method, params }, answer) =>
      isPruned && method === 'eth_getBlockByNumber' && params[0] === signedAt ? null : answer(),
    );
    try {
      witness = await witness.restart({ reader });
      const leaves = await cosignAll();
      signedAt = `0x${witness.memory.find(publisher.origin)?.block.number.toString(16)}`;
      await mine(2);
      isPruned = true;
      const answer = await witness.send(await publisher.ask(leaves.length, leaves));
      expect(answer).toMatchObject({ status: 503, code: 'witness.not-final' });
      isPruned = false;
      expect(await witness.send(await publisher.ask(leaves.length, leaves))).toMatchObject({ status: 200 });
    } finally {
      await between.close();
    }
  });

  it('is exchanged for one of another chain signs nothing', async () => {
    let other = false;
    const { between, reader } = await over(async ({ method, params }, answer) => {
      const block = await answer();
      if (!other || method !== 'eth_getBlockByNumber' || params[0] !== '0x0') return block;
      return { ...(block as object), hash: `0x${'ab'.repeat(32)}` };
    });
    try {
      witness = await witness.restart({ reader });
      const leaves = await cosignAll();
      other = true;
      expect(await witness.send(await publisher.ask(leaves.length, leaves))).toMatchObject({
        status: 503,
        code: 'ledger.mismatch',
      });
      expect(await (await fetch(`${witness.url}/healthz`)).json()).toMatchObject({
        status: 'failing',
        logs: [{ problem: { code: 'ledger.mismatch' } }],
      });
    } finally {
      await between.close();
    }
  });

  it('hides, alters or repeats an entry signs nothing that rests on its log', async () => {
    await append(4);
    type Logged = { data: Hex; topics: Hex[] }[];
    const lies: readonly ((logs: Logged) => unknown)[] = [
      (logs) => logs.slice(0, -1),
      (logs) => logs.slice(1),
      (logs) => logs.flatMap((each) => [each, each]),
      (logs) => logs.map((each) => ({ ...each, data: each.data.replace(/.{40}$/, '0'.repeat(40)) })),
    ];
    for (const lie of lies) {
      let isLying = false;
      const { between, reader } = await over(async ({ method }, answer) => {
        const said = await answer();
        return isLying && method === 'eth_getLogs' ? lie(said as Logged) : said;
      });
      try {
        witness = await witness.restart({ reader });
        isLying = true;
        const leaves = await publisher.leaves();
        // One fewer than the contract has: it is folded from the node's entries.
        const answer = await witness.send(await publisher.ask(0, leaves.slice(0, -1)));
        expect(answer).toMatchObject({ status: 503 });
        expect(['journal.break', 'ledger.unreachable']).toContain(answer.code);
        expect(witness.memory.find(publisher.origin)).toBeUndefined();
      } finally {
        await between.close();
      }
    }
  });

  it('does not answer says so, and signs when it answers again', async () => {
    let isDown = false;
    const { between, reader } = await over((_, answer) => {
      if (isDown) throw new Error('out of order');
      return answer();
    });
    try {
      witness = await witness.restart({ reader });
      const body = await publisher.ask(0, await publisher.leaves());
      isDown = true;
      expect(await witness.send(body)).toMatchObject({ status: 503, code: 'ledger.unreachable' });
      isDown = false;
      expect(await witness.send(body)).toMatchObject({ status: 200 });
    } finally {
      await between.close();
    }
  });

  it('lost final blocks signs no more for that log, and begins anew under the next epoch', async () => {
    const goBack = await remember();
    await append(2);
    const leaves = await cosignAll();
    const { number } = (await ledger.reader.readBlock('latest')) ?? { number: 0 };
    expect(await witness.state({ origin: publisher.origin, blockNumber: number })).toMatchObject({ status: 200 });
    await goBack();
    await appendOther();
    await appendOther();
    await mine(3);
    const other = await publisher.leaves();
    expect(other.length).toBe(leaves.length);
    expect(buildTree(other).root).not.toEqual(buildTree(leaves).root);
    // What it signed still stands: neither the new history, nor the old one again.
    const old = await publisher.ask(leaves.length, leaves);
    expect(await witness.send(old)).toMatchObject({ status: 503, code: 'checkpoint.fork' });
    expect(await witness.send(await publisher.ask(leaves.length, other))).toMatchObject({ status: 409 });
    await appendOther();
    const grown = await publisher.leaves();
    // As a publisher that forks its log would prove it: from what was signed.
    const forked = await publisher.ask(leaves.length, [...leaves, ...grown.slice(leaves.length)]);
    expect(await witness.send(forked)).toMatchObject({ status: 503, code: 'checkpoint.fork' });
    const latest = (await ledger.reader.readBlock('latest'))?.number ?? 0;
    for (const blockNumber of [number, latest]) {
      const answer = await witness.state({ origin: publisher.origin, blockNumber });
      expect(answer).toMatchObject({ status: 503, code: 'checkpoint.fork' });
    }
    expect(await (await fetch(`${witness.url}/healthz`)).json()).toMatchObject({
      status: 'failing',
      logs: [{ size: leaves.length, problem: { code: 'checkpoint.fork' } }],
    });
    const next = await createPublisher(ledger.reader, { epoch: 2 });
    witness = await witness.restart({ publishers: [publisher.verifier, next.verifier] });
    expect(await witness.send(await next.ask(0, grown))).toMatchObject({ status: 200 });
    expect(await witness.state({ origin: next.origin, blockNumber: latest })).toMatchObject({ status: 200 });
  });
});

describe('state statements', () => {
  const ask = (blockNumber: number) => witness.state({ origin: publisher.origin, blockNumber });
  const latest = async () => (await ledger.reader.readBlock('latest'))?.number ?? 0;

  it('say what the chain has at that block, in the witness’s name', async () => {
    const leaves = await cosignAll();
    const number = await latest();
    const answer = await ask(number);
    expect(answer).toMatchObject({ status: 200, type: 'application/jwt' });
    const { statement, witness: by } = await openStatement(answer.body, [witness.cosigner]);
    expect(by).toBe(witness.cosigner);
    const block = (await ledger.rpc.call('eth_getBlockByNumber', [`0x${number.toString(16)}`, false])) as Record<
      string,
      string
    >;
    expect(statement).toEqual({
      ledger: ledger.reader.id,
      origin: publisher.origin,
      block: { number, hash: block.hash, stateRoot: block.stateRoot, time: Number(block.timestamp) },
      tree: { size: leaves.length, root: buildTree(leaves).root },
      iat: expect.any(Number),
    });
  });

  it('are signed about any block with a tree that was cosigned, in any order, and never differ', async () => {
    await append(1);
    const first = await latest();
    await mine(4);
    await cosignAll();
    const about = async (number: number) =>
      (await openStatement((await ask(number)).body, [witness.cosigner])).statement;
    for (const number of [first + 2, first, first + 4, first + 1]) await about(number);
    const [once, again] = [await about(first + 2), await about(first + 2)];
    expect({ ...once, iat: 0 }).toEqual({ ...again, iat: 0 });
    expect(witness.memory.find(publisher.origin)?.stated.map(({ number }) => number)).toEqual(
      [0, 1, 2, 4].map((more) => first + more),
    );
  });

  it('are not signed before anything was cosigned, nor about a tree that was not', async () => {
    expect(await ask(await latest())).toMatchObject({ status: 422, code: 'witness.tree-head' });
    await cosignAll();
    const before = await latest();
    await append(1);
    expect(await ask(await latest())).toMatchObject({ status: 422, code: 'witness.tree-head' });
    expect(await ask(before)).toMatchObject({ status: 200 });
    await cosignAll();
    expect(await ask(await latest())).toMatchObject({ status: 200 });
  });

  it('are signed about trees that were cosigned lately, though the log has gone on', async () => {
    const blocks: number[] = [];
    for (let i = 0; i < 34; i++) {
      await append(1);
      await cosignAll();
      blocks.push(await latest());
    }
    const signed = await Promise.all([0, 1, 2, 20, 33].map((i) => ask(blocks[i] ?? 0)));
    expect(signed.map(({ status }) => status)).toEqual([422, 422, 200, 200, 200]);
    const tree = witness.memory.find(publisher.origin)?.cosigned;
    expect(tree).toHaveLength(32);
    // A block between two that were asked about: what the contract had there was never cosigned.
    await append(1);
    const skipped = await latest();
    await append(1);
    await cosignAll();
    expect(await ask(skipped)).toMatchObject({ status: 422, code: 'witness.tree-head' });
  });

  it('are not signed about blocks that are not there, not final, or before the ledger', async () => {
    await cosignAll();
    expect(await ask((await latest()) + 1)).toMatchObject({ status: 503, code: 'witness.not-final' });
    expect(await ask(0)).toMatchObject({ status: 422, code: 'witness.too-old' });
    const reader = await connectLedger({ url: ledger.rpcUrl, pin: ledger.reader.id, finality: { confirmations: 2 } });
    await mine(2);
    witness = await witness.restart({ reader });
    expect(await ask((await latest()) - 1)).toMatchObject({ status: 503, code: 'witness.not-final' });
    expect(await ask((await latest()) - 2)).toMatchObject({ status: 200 });
  });

  it('are not signed for a log that it does not know, nor for what is no question', async () => {
    const origin = formatOrigin(ledger.reader.id, 9);
    expect(await witness.state({ origin, blockNumber: 1 })).toMatchObject({ status: 404, code: 'witness.unknown-log' });
    for (const bad of [
      {},
      { origin },
      { origin, blockNumber: -1 },
      { origin, blockNumber: '1' },
      { origin, blockNumber: 1, more: 1 },
      [],
    ]) {
      expect(await witness.state(bad)).toMatchObject({ status: 400, code: 'input.shape' });
    }
    expect(await witness.state('x'.repeat(2_000))).toMatchObject({ status: 413 });
  });

  it('about one of two forks are not followed by one about the other, at whatever block', async () => {
    await cosignAll();
    const goBack = await remember();
    await mine(5);
    const number = await latest();
    // The last checkpoint was asked about before the fork: only the statement tells.
    expect(await ask(number)).toMatchObject({ status: 200 });
    await goBack();
    await mine(10);
    for (const other of [number, number - 1, number + 1]) {
      expect(await ask(other)).toMatchObject({ status: 503, code: 'checkpoint.fork' });
    }
    // Blocks before the fork are those of both.
    expect(witness.memory.find(publisher.origin)?.stated).toHaveLength(1);
  });

  it('are remembered so far back, and none are signed about what is older', async () => {
    await append(1);
    const first = await latest();
    await mine(300);
    await cosignAll();
    const signed = witness.memory.find(publisher.origin);
    if (signed === undefined) throw new TypeError('it was cosigned');
    const stated = await Promise.all(
      Array.from({ length: 256 }, async (_, i) => {
        const { number, hash } = (await ledger.reader.readBlock(first + 10 + i)) ?? { number: 0, hash: '0x' as const };
        return { number, hash };
      }),
    );
    await witness.memory.write({ ...signed, stated });
    expect(await ask(first + 9)).toMatchObject({ status: 422, code: 'witness.too-old' });
    expect(await ask(first + 10)).toMatchObject({ status: 200 });
    expect(await ask(first + 280)).toMatchObject({ status: 200 });
    const kept = witness.memory.find(publisher.origin)?.stated;
    expect([kept?.length, kept?.[0]?.number, kept?.at(-1)?.number]).toEqual([256, first + 11, first + 280]);
    expect(await ask(first + 10)).toMatchObject({ status: 422, code: 'witness.too-old' });
  });
});

describe('what was signed', () => {
  it('is known after a restart', async () => {
    const leaves = await cosignAll();
    const number = (await ledger.reader.readBlock('latest'))?.number ?? 0;
    await witness.state({ origin: publisher.origin, blockNumber: number });
    const before = witness.memory.find(publisher.origin);
    witness = await witness.restart();
    expect(witness.memory.find(publisher.origin)).toEqual(before);
    expect(await witness.send(await publisher.ask(0, leaves))).toMatchObject({
      status: 409,
      body: `${leaves.length}\n`,
    });
    expect(await witness.send(await publisher.ask(leaves.length, leaves))).toMatchObject({ status: 200 });
  });

  it('is one process’s to know: another one on the folder is refused', async () => {
    await expect(openMemory(witness.folder)).rejects.toMatchObject({ code: 'folder.locked' });
  });

  it('is not written by a process that has let the folder go', async () => {
    await cosignAll();
    const signed = witness.memory.find(publisher.origin);
    if (signed === undefined) throw new TypeError('it was cosigned');
    let isWritten = false;
    const begun = witness.memory.write({ ...signed, time: signed.time + 1 }).then(() => {
      isWritten = true;
    });
    await witness.memory.close();
    expect(isWritten).toBe(true);
    await begun;
    await expect(witness.memory.write(signed)).rejects.toMatchObject({ code: 'service.not-ready' });
    await writeFile(join(witness.folder, `${'ab'.repeat(16)}.json.0123456789ab.tmp`), 'half of it');
    const next = await openMemory(witness.folder);
    expect(next.find(publisher.origin)?.time).toBe(signed.time + 1);
    expect((await readdir(witness.folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    await next.close();
  });

  it('that cannot be read stops the witness at its start', async () => {
    await cosignAll();
    const { folder } = witness;
    const [name = ''] = (await readdir(folder)).filter((each) => each.endsWith('.json'));
    const path = join(folder, name);
    const text = await readFile(path, 'utf8');
    await witness.memory.close();
    const peak = /"peaks": \[\s+"0x(.)/.exec(text);
    for (const damaged of [
      ...['', '{', text.slice(0, -10), text.replace('"size": ', '"size": 1'), text.replace('"time"', '"Time"')],
      text.replace(
        peak?.[0] ?? '',
        (peak?.[0] ?? '').replace(/.$/, (digit) => (digit === '0' ? '1' : '0')),
      ),
      text.replace(publisher.origin, formatOrigin(ledger.reader.id, 7)),
    ]) {
      await writeFile(path, damaged);
      await expect(openMemory(folder), damaged).rejects.toMatchObject({ code: 'witness.state' });
    }
    await writeFile(path, text);
    const memory = await openMemory(folder);
    expect(memory.find(publisher.origin)?.head.size).toBeGreaterThan(0);
    await memory.close();
  });

  it('is nothing where it cannot be written down', async () => {
    const leaves = await cosignAll();
    await append(1);
    const grown = await publisher.leaves();
    const elsewhere = `${witness.folder}-elsewhere`;
    await rename(witness.folder, elsewhere);
    expect(await witness.send(await publisher.ask(leaves.length, grown))).toMatchObject({
      status: 500,
      code: 'service.internal',
    });
    expect(witness.memory.find(publisher.origin)?.head.size).toBe(leaves.length);
    await rename(elsewhere, witness.folder);
    expect(await witness.send(await publisher.ask(leaves.length, grown))).toMatchObject({ status: 200 });
  });

  it('never comes before what was signed earlier, whatever the clock does', async () => {
    let now = 2_000_000_000_000;
    witness = await witness.restart({ now: () => now });
    const leaves = await publisher.leaves();
    const sign = async () => {
      const body = await publisher.ask(witness.memory.find(publisher.origin)?.head.size ?? 0, leaves);
      const answer = await witness.send(body);
      return answer.status === 200 ? (await witness.verify(noteOf(body), answer)).time : answer.code;
    };
    expect(await sign()).toBe(2_000_000_000);
    now -= 30_000;
    expect(await sign()).toBe(2_000_000_000);
    now -= 60_000;
    expect(await sign()).toBe('witness.clock');
    witness = await witness.restart({ now: () => now });
    expect(await sign()).toBe('witness.clock');
    now += 100_000;
    expect(await sign()).toBe(2_000_000_010);
  });

  it('is one of what is asked at once, and the others are told its size', async () => {
    await cosignAll();
    const old = witness.memory.find(publisher.origin)?.head.size ?? 0;
    await append(8);
    const leaves = await publisher.leaves();
    const bodies = await Promise.all(
      Array.from({ length: 8 }, (_, i) => publisher.ask(old, leaves.slice(0, old + i + 1))),
    );
    const answers = await Promise.all(bodies.map((body) => witness.send(body)));
    const signed = answers.flatMap(({ status }, i) => (status === 200 ? [old + i + 1] : []));
    expect(signed).toHaveLength(1);
    expect(answers.filter(({ status, body }) => status === 409 && body === `${signed[0]}\n`)).toHaveLength(7);
    expect(witness.memory.find(publisher.origin)?.head.size).toBe(signed[0]);
  });

  it('is a beginning of the contract’s journal, and a longer one each time, whatever publishers ask', async () => {
    const size = fc.nat(40);
    const step = fc.record({
      kind: fc.constantFrom('append', 'honest', 'honest', 'invent', 'stale', 'shorten'),
      ...{ a: size, b: size },
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 15 }), async (steps) => {
        const asked = await startWitness({ reader: ledger.reader, publishers: [publisher.verifier] });
        const signed: { size: number; root: string }[] = [];
        try {
          for (const { kind, a, b } of steps) {
            if (kind === 'append') await append(1 + (a % 3));
            const all = await publisher.leaves();
            const last = asked.memory.find(publisher.origin)?.head.size ?? 0;
            const upTo = Math.min(all.length, last + (a % 5));
            const leaves =
              kind === 'invent'
                ? [...all.slice(0, upTo), hashLeaf(Uint8Array.of(a, b))]
                : kind === 'shorten'
                  ? all.slice(0, b % all.length)
                  : all.slice(0, upTo);
            const old = kind === 'stale' ? b : last;
            const answer = await asked.send(await publisher.ask(old, leaves));
            if (answer.status !== 200) continue;
            signed.push({ size: leaves.length, root: encodeHex(buildTree(leaves).root) });
          }
          const all = await publisher.leaves();
          for (const [i, { size: length, root }] of signed.entries()) {
            expect(root).toBe(encodeHex(buildTree(all.slice(0, length)).root));
            expect(length).toBeGreaterThanOrEqual(signed[i - 1]?.size ?? 0);
          }
        } finally {
          await asked.stop();
        }
      }),
      { numRuns: 12 },
    );
  });
});

describe('the witness’s own pages', () => {
  it('show its key as the line of a policy, and the logs that it knows', async () => {
    const page = await (await fetch(witness.url)).text();
    const line = page.split('\n').find((each) => each.startsWith('    witness ')) ?? '';
    const { witnesses } = await parseWitnessPolicy(`${line}\nquorum witness.example/w1\n`);
    expect(witnesses.map(({ cosigner }) => cosigner.verifierKey)).toEqual([witness.cosigner.verifierKey]);
    expect(page).toContain(publisher.origin);
  });

  it('say how it is', async () => {
    const leaves = await cosignAll();
    const answer = await fetch(`${witness.url}/healthz`);
    expect(answer.status).toBe(200);
    const block = (await ledger.reader.readBlock('latest'))?.number;
    expect(await answer.json()).toMatchObject({
      status: 'ok',
      witness: witness.cosigner.verifierKey,
      logs: [{ origin: publisher.origin, size: leaves.length, final: { block, size: leaves.length } }],
    });
  });

  it('answer other paths and methods with problems', async () => {
    for (const [path, method, status, code] of [
      ['/nothing', 'GET', 404, 'service.not-found'],
      ['/add-checkpoint', 'GET', 405, 'service.method'],
      ['/state-statement', 'PUT', 405, 'service.method'],
      ['/', 'POST', 405, 'service.method'],
    ] as const) {
      const answer = await fetch(`${witness.url}${path}`, { method });
      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([status, code]);
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
  });
});

it('a witness is not told of logs of another ledger', async () => {
  const stranger = await createPublisher(ledger.reader, { origin: 'example.com/log' });
  const folder = await createFolder();
  const memory = await openMemory(folder);
  try {
    const options = { reader: ledger.reader, publishers: [stranger.verifier], signer: witness.signer, memory };
    expect(() => createWitness(options)).toThrow(expect.objectContaining({ code: 'checkpoint.origin' }));
  } finally {
    await memory.close();
    await rm(folder, { recursive: true });
  }
});
