import type { Hex } from '@dpp-ledger/core';
import { JournalBreakError } from '@dpp-ledger/core/journal';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { calls, connectLedger, connectLedgers, type LedgerReader, type QuorumOptions } from '../src/ledger/index.ts';
import {
  accredit,
  batch,
  behind,
  collect,
  proxy,
  serve,
  startLedger,
  type TestIssuer,
  type TestLedger,
} from './support.ts';

let ledger: TestLedger;
let issuer: TestIssuer;
const ENTRIES = 30;
/** No machine is so busy that somebody honest is left out. */
const PATIENT = 60_000;

beforeAll(async () => {
  ledger = await startLedger();
  issuer = await accredit(ledger);
  for (let i = 0; i < ENTRIES; i++) await issuer.writer.send(calls.anchor({ issuer: issuer.id, ...batch(i) }));
}, 60_000);
afterAll(() => ledger.stop());

type Change = Parameters<typeof proxy>[1];
const honest: Change = (_, answer) => answer();
const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of opened.splice(0)) await server.close();
});

/** Endpoints of one chain, each of which may change what it answers. */
async function endpoints(...changes: readonly Change[]): Promise<string[]> {
  const servers = await Promise.all(changes.map((change) => proxy(ledger.rpcUrl, change)));
  opened.push(...servers);
  return servers.map(({ url }) => url);
}

async function connect(urls: readonly string[], options: Partial<QuorumOptions> = {}): Promise<LedgerReader> {
  return await connectLedgers({ urls, pin: ledger.reader.id, pollMs: 10, stragglerMs: PATIENT, ...options });
}

const flip = (hex: string, at: number) => hex.slice(0, at) + (hex[at] === '0' ? '1' : '0') + hex.slice(at + 1);
const codes = ({ findings }: LedgerReader) => findings.map(({ endpoint, code }) => [endpoint, code]);
const word = (byte: number): Hex => `0x${byte.toString(16).padStart(2, '0').repeat(32)}`;
const question = () => ({ issuer: issuer.hash, key: word(1), grant: word(0), list: 7n, word: 3 });
const REVOKED_WORD = 19;

/** Says that everything was revoked. */
const revoking: Change = async ({ method }, answer) => {
  const result = await answer();
  if (method !== 'eth_call' || typeof result !== 'string' || result.length < 2 + 64 * 20) return result;
  return result.slice(0, 2 + 64 * REVOKED_WORD) + 'f'.repeat(64) + result.slice(2 + 64 * (REVOKED_WORD + 1));
};

/** Is ahead by so many blocks that nobody else has. */
const ahead =
  (blocks: number): Change =>
  async ({ method, params }, answer) => {
    const result = (await answer()) as { number: string; hash: string } | null;
    if (method !== 'eth_getBlockByNumber' || params[0] === '0x0' || result === null) return result;
    if (params[0] !== 'latest') return result;
    return { ...result, number: `0x${(Number(result.number) + blocks).toString(16)}`, hash: word(0xee) };
  };

/** Has another block at the head's height. */
const forked =
  (hash: Hex): Change =>
  async (call, answer) => {
    const head = await ledger.reader.readBlock('latest');
    if (call.method === 'eth_call' && typeof call.params[1] === 'object') throw new Error('unknown block');
    const result = (await answer()) as { number: string } | null;
    if (call.method !== 'eth_getBlockByNumber' || result === null || Number(result.number) !== head?.number)
      return result;
    return { ...result, hash };
  };

/** Says of every block but the first that it has another of these, under the block's own hash. */
const misdescribing =
  (fields: Readonly<Record<string, string>>): Change =>
  async ({ method, params }, answer) => {
    const result = await answer();
    if (method !== 'eth_getBlockByNumber' || params[0] === '0x0' || result === null) return result;
    return { ...(result as object), ...fields };
  };

describe('several endpoints that agree', () => {
  it('say what one says, and all of them are the source', async () => {
    const urls = await endpoints(honest, honest, honest);
    const reader = await connect(urls);
    const { source, ...facts } = await reader.readFacts(question());
    const { source: _, ...one } = await ledger.reader.readFacts(question());
    expect(facts).toEqual(one);
    expect(source).toBe(`3 of 3 endpoints: ${urls.join(', ')}`);
    expect(reader.trustBase).toBe('2 of 3 endpoints that agree');
    expect(reader).toMatchObject({ id: ledger.reader.id, firstBlock: ledger.reader.firstBlock, findings: [] });
    expect(await reader.readTreeHead()).toEqual(await ledger.reader.readTreeHead());
    expect(await reader.readTreeHead({ blockNumber: 9 })).toEqual(await ledger.reader.readTreeHead({ blockNumber: 9 }));
    expect(await reader.readBlock('latest')).toEqual(await ledger.reader.readBlock('latest'));
    expect(await reader.readBlock(4)).toEqual(await ledger.reader.readBlock(4));
    expect(await reader.readBlock(10_000)).toBeUndefined();
    expect(await reader.isPaused()).toBe(false);
    expect(await reader.isAccreditor(ledger.accreditor.account)).toBe(true);
    expect(await reader.isSubmitter(issuer.hash, ledger.admin.account)).toBe(false);
    expect(await reader.proposedController(issuer.hash)).toBeUndefined();
    expect(await reader.readKeyNonce(issuer.hash, word(1))).toBeUndefined();
    expect(await reader.readBalance(ledger.admin.account)).toBe(await ledger.reader.readBalance(ledger.admin.account));
    expect(reader.findings).toEqual([]);
  });

  it('answer many questions about one block', async () => {
    const reader = await connect(await endpoints(honest, honest, honest));
    const questions = Array.from({ length: 120 }, (_, i) => ({ ...question(), word: i }));
    const facts = await reader.readManyFacts(questions);
    expect(facts.map(({ question: { word } }) => word)).toEqual(questions.map(({ word }) => word));
    expect(new Set(facts.map(({ blockNumber }) => blockNumber)).size).toBe(1);
  });

  it('call final what enough of them call final', async () => {
    const two = { confirmations: 2 };
    const reader = await connect(await endpoints(honest, honest, honest), { finality: two });
    const one = await connectLedger({ url: ledger.rpcUrl, pin: ledger.reader.id, finality: two });
    expect(await reader.readFinalBlockNumber()).toBe(await one.readFinalBlockNumber());
    expect((await reader.readFacts(question())).finalBlockNumber).toBe(await one.readFinalBlockNumber());
    expect(await reader.readBlock('final')).toEqual(await one.readBlock('final'));
  });

  it('resolve with the head that enough have once it is high enough', async () => {
    const reader = await connect(await endpoints(honest, honest));
    const { number = 0 } = (await reader.readBlock('latest')) ?? {};
    const waiting = reader.waitForBlock(number);
    await ledger.rpc.call('evm_mine', []);
    expect((await waiting).number).toBe(number + 1);
  });
});

describe('one of several endpoints', () => {
  it('that lies about a status is named, and not believed', async () => {
    const urls = await endpoints(honest, revoking, honest);
    const reader = await connect(urls);
    const facts = await reader.readFacts(question());
    expect(facts.status.revoked).toBe(0n);
    expect(facts.source).toBe(`2 of 3 endpoints: ${urls[0]}, ${urls[2]}`);
    expect(codes(reader)).toEqual([[urls[1], 'ledger.differs']]);
    expect((await reader.readManyFacts([question(), question()])).map(({ status }) => status.revoked)).toEqual([
      0n,
      0n,
    ]);
  });

  it('that is first is not believed for that', async () => {
    const urls = await endpoints(revoking, honest, honest);
    const reader = await connect(urls);
    expect((await reader.readFacts(question())).status.revoked).toBe(0n);
    expect(codes(reader)).toEqual([[urls[0], 'ledger.differs']]);
  });

  it('that invents blocks above the others is named, and theirs is taken', async () => {
    for (const blocks of [1, 1_000_000]) {
      const urls = await endpoints(honest, ahead(blocks), honest);
      const reader = await connect(urls);
      const head = await ledger.reader.readBlock('latest');
      expect((await reader.readFacts(question())).blockNumber).toBe(head?.number);
      expect(await reader.readFinalBlockNumber()).toBe(head?.number);
    }
  });

  it('that has another block at the same height is named', async () => {
    const urls = await endpoints(forked(word(0xaa)), honest, honest);
    const reader = await connect(urls);
    const facts = await reader.readFacts(question());
    expect(facts.source).toBe(`2 of 3 endpoints: ${urls[1]}, ${urls[2]}`);
    expect(codes(reader)).toEqual([[urls[0], 'ledger.differs']]);
    expect((await reader.readBlock(facts.blockNumber))?.hash).not.toBe(word(0xaa));
  });

  it.each([
    ['state root', { stateRoot: word(0xab) }],
    ['time', { timestamp: '0x1' }],
    ['parent', { parentHash: word(0xab) }],
    ['number', { number: '0x7' }],
  ])('that tells another %s of a block, under its hash, is named, wherever it stands', async (_, fields) => {
    const head = await ledger.reader.readBlock('latest');
    for (const at of [0, 2]) {
      const changes: Change[] = [honest, honest, honest].with(at, misdescribing(fields));
      const urls = await endpoints(...changes);
      const reader = await connect(urls);
      expect(await reader.readBlock('latest')).toEqual(head);
      expect(await reader.readBlock(4)).toEqual(await ledger.reader.readBlock(4));
      expect(await reader.readTreeHead({ blockNumber: 9 })).toEqual(
        await ledger.reader.readTreeHead({ blockNumber: 9 }),
      );
      expect((await reader.readFacts(question())).blockTime).toBe(head?.time);
      expect(new Set(reader.findings.map(({ endpoint }) => endpoint))).toEqual(new Set([urls[at]]));
    }
  });

  it('that lags is named, by how much, and does not hold the others back', async () => {
    const head = await ledger.reader.readBlock('latest');
    const height = (head?.number ?? 0) - 3;
    const urls = await endpoints(honest, (call, answer) => behind(call, answer, height), honest);
    const reader = await connect(urls);
    expect((await reader.readFacts(question())).blockNumber).toBe(head?.number);
    expect(codes(reader)).toEqual([[urls[1], 'ledger.behind']]);
    expect(reader.findings[0]?.message).toContain(`its newest block is ${height}, others have ${head?.number}`);
  });

  it('that is ahead of the others by honest blocks agrees about an older one', async () => {
    const head = await ledger.reader.readBlock('latest');
    const height = (head?.number ?? 0) - 2;
    const late: Change = (call, answer) => behind(call, answer, height);
    const reader = await connect(await endpoints(honest, late, late), { agree: 3 });
    const facts = await reader.readFacts(question());
    expect(facts.blockNumber).toBe(height);
    expect(facts.treeHead.size).toBe((await ledger.reader.readTreeHead({ blockNumber: height })).size);
    expect(facts.source).toMatch(/^3 of 3 /);
    expect(reader.findings).toEqual([]);
  });

  it('that serves another chain, another contract or none is named', async () => {
    const changed: Change[] = [
      async ({ method }, answer) => (method === 'eth_chainId' ? '0x1' : await answer()),
      async ({ method }, answer) => (method === 'eth_getCode' ? '0x6000' : await answer()),
      async ({ method }, answer) => (method === 'eth_getCode' ? '0x' : await answer()),
      async ({ method, params }, answer) => {
        const result = (await answer()) as object;
        return method === 'eth_getBlockByNumber' && params[0] === '0x0' ? { ...result, hash: word(9) } : result;
      },
    ];
    for (const change of changed) {
      const urls = await endpoints(honest, honest, change);
      const reader = await connect(urls);
      expect((await reader.readFacts(question())).source).toMatch(/^2 of 3 /);
      expect(codes(reader)).toEqual([[urls[2], 'ledger.mismatch']]);
    }
  });

  it.each([
    ['does not listen', undefined],
    ['answers nonsense', '<html>'],
    ['answers another format', '[1,2,3]'],
    ['answers nested nonsense', '['.repeat(100_000) + ']'.repeat(100_000)],
  ])('that %s is named', async (_, body) => {
    const strange = await serve((_, response) => void response.end(body));
    if (body === undefined) await strange.close();
    else opened.push(strange);
    const urls = [...(await endpoints(honest, honest)), strange.url];
    const reader = await connect(urls);
    expect((await reader.readFacts(question())).source).toMatch(/^2 of 3 /);
    expect(codes(reader)).toEqual([[strange.url, 'ledger.unreachable']]);
  });

  it('that never answers is named and not waited for', async () => {
    const silent = await serve(() => undefined);
    opened.push(silent);
    const reader = await connect([silent.url, ...(await endpoints(honest, honest))], { stragglerMs: 50 });
    expect((await reader.readFacts(question())).source).toMatch(/^2 of 3 /);
    expect(codes(reader)).toEqual([[silent.url, 'ledger.unreachable']]);
  });

  it('that was not there at the beginning is asked again, and compared with the pin', async () => {
    let isDown = true;
    const late: Change = (_, answer) => {
      if (isDown) throw new Error('starting');
      return answer();
    };
    const reader = await connect(await endpoints(honest, honest, late));
    expect((await reader.readFacts(question())).source).toMatch(/^2 of 3 /);
    isDown = false;
    expect((await reader.readFacts(question())).source).toMatch(/^3 of 3 /);
    expect(reader.findings.map(({ code }) => code)).toEqual(['ledger.unreachable']);
  });

  it('that says of an entry that it was never logged, or logged with other bytes, is named', async () => {
    const hiding: Change = async ({ method, params }, answer) => {
      const isOne = method === 'eth_getLogs' && (params[0] as { topics: unknown[] }).topics.length > 1;
      return isOne && (params[0] as { fromBlock: string }).fromBlock !== 'earliest' ? [] : await answer();
    };
    const [entry] = await collect(ledger.reader.readEntries({ from: 9, to: 10 }));
    if (entry === undefined) throw new TypeError('there are more entries');
    const urls = await endpoints(honest, honest, hiding);
    const reader = await connect(urls);
    const facts = await reader.readFacts(question(), { logged: { index: 9, blockNumber: entry.blockNumber } });
    expect(facts.logged).toEqual({ index: 9, bytes: entry.bytes });
    expect(codes(reader)).toEqual([[urls[2], 'ledger.differs']]);
    const alone = await connect(await endpoints(honest, hiding, hiding));
    const without = await alone.readFacts(question(), { logged: { index: 9, blockNumber: entry.blockNumber } });
    expect(without.logged).toBeUndefined();
  });
});

describe('endpoints of which too few agree', () => {
  it('say nothing, by one code', async () => {
    const refused = { code: 'ledger.no-quorum', name: 'UnavailableError' };
    const contradicting = await connect(await endpoints(honest, revoking), { agree: 2 });
    await expect(contradicting.readFacts(question())).rejects.toMatchObject(refused);
    await expect(contradicting.readManyFacts([question()])).rejects.toMatchObject(refused);
    const all = await connect(await endpoints(honest, honest, revoking), { agree: 3 });
    await expect(all.readFacts(question())).rejects.toMatchObject(refused);
    await expect(connect(await endpoints(honest, async () => '0x1'))).rejects.toMatchObject(refused);
  });

  it('say nothing where two views have a quorum each', async () => {
    const reader = await connect(await endpoints(honest, honest, revoking, revoking), { agree: 2 });
    await expect(reader.readFacts(question())).rejects.toMatchObject({ code: 'ledger.no-quorum' });
  });

  it('say who does not answer', async () => {
    const gone = await serve(() => undefined);
    await gone.close();
    const urls = [...(await endpoints(honest)), gone.url];
    await expect(connect(urls)).rejects.toThrow(gone.url);
  });

  it('cannot be asked for what could never agree', async () => {
    const [a = '', b = ''] = await endpoints(honest, honest);
    const wrong = { code: 'input.shape' };
    await expect(connect([a])).rejects.toMatchObject(wrong);
    await expect(connect([a, b, a])).rejects.toMatchObject(wrong);
    await expect(connect([a, `${a}/?key=2`])).rejects.toMatchObject(wrong);
    for (const again of [`${a}//`, a.replace('http:', 'https:'), a.replace('127.0.0.1', '127.1'), a.toUpperCase()]) {
      await expect(connect([a, again])).rejects.toMatchObject(wrong);
    }
    await expect(connect(['http://a.example/x', 'http://a.example./x'])).rejects.toMatchObject(wrong);
    await expect(connect([a, b], { agree: 3 })).rejects.toMatchObject(wrong);
    await expect(connect([a, b], { agree: 0 })).rejects.toMatchObject(wrong);
  });
});

describe('entries from several endpoints', () => {
  it('go on from another where one hides some', async () => {
    const hiding: Change = async ({ method, params }, answer) => {
      const result = await answer();
      const isPage = method === 'eth_getLogs' && (params[0] as { topics: unknown[] }).topics.length === 1;
      return isPage ? (result as { topics: string[] }[]).filter(({ topics }) => Number(topics[1]) !== 11) : result;
    };
    const urls = await endpoints(hiding, honest, honest);
    const reader = await connect(urls);
    expect(await collect(reader.readEntries())).toEqual(await collect(ledger.reader.readEntries()));
    expect(codes(reader)).toEqual([[urls[0], 'ledger.differs']]);
  });

  it('that do not make the tree head are a break, and whoever gave them is named and asked last', async () => {
    const altering: Change = async ({ method, params }, answer) => {
      const result = await answer();
      const isPage = method === 'eth_getLogs' && (params[0] as { topics: unknown[] }).topics.length === 1;
      if (!isPage) return result;
      // One byte of an entry, after offset and length.
      return (result as { topics: string[]; data: string }[]).map((log) =>
        Number(log.topics[1]) === 11 ? { ...log, data: flip(log.data, 2 + 64 + 64 + 2 * 60) } : log,
      );
    };
    const urls = await endpoints(altering, honest, honest);
    const reader = await connect(urls);
    await expect(collect(reader.readEntries())).rejects.toBeInstanceOf(JournalBreakError);
    expect(codes(reader)).toEqual([[urls[0], 'ledger.differs']]);
    expect(await collect(reader.readEntries())).toEqual(await collect(ledger.reader.readEntries()));
  });

  it('are refused where none gives all of them', async () => {
    const cut: Change = async ({ method, params }, answer) => {
      const result = await answer();
      const isPage = method === 'eth_getLogs' && (params[0] as { topics: unknown[] }).topics.length === 1;
      return isPage ? (result as { topics: string[] }[]).filter(({ topics }) => Number(topics[1]) < 20) : result;
    };
    const reader = await connect(await endpoints(cut, cut));
    await expect(collect(reader.readEntries())).rejects.toMatchObject({ code: 'ledger.no-quorum' });
  });
});

it('names nobody twice for the same, however often it is asked', async () => {
  const reader = await connect(await endpoints(honest, honest, revoking));
  for (let i = 0; i < 5; i++) await reader.readFacts(question());
  expect(reader.findings).toHaveLength(1);
});
