import { decodeHex, encodeHex, type Hex, hashGrant } from '@dpp-ledger/core';
import { decodeKeyId } from '@dpp-ledger/core/credential';
import { createCompactRange, decodeEntry, hashLeaf } from '@dpp-ledger/core/journal';
import { Interface } from 'ethers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeFacts, ENTRY_TOPIC, encodeFactsCall } from '../src/ledger/codec.ts';
import { abi } from '../src/ledger/generated/PassportLedger.ts';
import { calls, connectLedger, type LedgerReader, type LoggedEntry } from '../src/ledger/index.ts';
import {
  accredit,
  batch,
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
const ENTRIES = 60;

beforeAll(async () => {
  ledger = await startLedger();
  issuer = await accredit(ledger);
  for (let i = 0; i < ENTRIES; i++) await issuer.writer.send(calls.anchor({ issuer: issuer.id, ...batch(i) }));
}, 60_000);
afterAll(() => ledger.stop());

const contract = new Interface(abi);
const word = (byte: number): Hex => `0x${byte.toString(16).padStart(2, '0').repeat(32)}`;

describe('the codec', () => {
  it('asks for facts as the ABI has it', () => {
    const question = { issuer: word(1), key: word(2), grant: word(3), list: 2n ** 64n - 1n, word: 511 };
    expect(encodeFactsCall(question)).toBe(contract.encodeFunctionData('facts', [question]));
    expect(ENTRY_TOPIC).toBe(contract.getEvent('Entry')?.topicHash);
  });

  it('reads facts as the ABI has them', () => {
    const peaks = [word(7), word(8), word(9)];
    const controller = `0x${'ab'.repeat(20)}`;
    const encoded = contract.encodeFunctionResult('facts', [
      [
        12n,
        34n,
        true,
        true,
        11n,
        peaks,
        [5n, 0x3ffn, true, 99n, controller],
        [15n, 1n, 2n, 3n, 4n],
        [6n, 7n],
        8n,
        2n ** 255n,
      ],
    ]);
    expect(decodeFacts(encoded)).toEqual({
      blockNumber: 12,
      blockTime: 34,
      paused: true,
      closed: true,
      treeHead: { size: 11, peaks: peaks.map((peak) => decodeHex(peak)) },
      issuer: { number: 5, roles: 0x3ff, suspended: true, withdrawnSince: 99 },
      controller,
      key: { purposes: 15, validFrom: 1, retiredAt: 2, compromisedSince: 3 },
      keyNonce: 4n,
      grant: { from: 6, until: 7 },
      status: { revoked: 8n, superseded: 2n ** 255n },
    });
  });

  it.each(['0x', '0x00', `0x${'00'.repeat(640)}`, `0x${'ff'.repeat(704)}`, 7, null])(
    'refuses %j as facts',
    (answer) => {
      expect(() => decodeFacts(answer)).toThrow(expect.objectContaining({ code: 'ledger.unreachable' }));
    },
  );
});

describe('connecting', () => {
  const connect = (pin: Partial<LedgerReader['id']>) =>
    connectLedger({ url: ledger.rpcUrl, pin: { ...ledger.reader.id, ...pin } });

  it('finds chain, genesis, code and first block by the address alone', async () => {
    const reader = await connectLedger({ url: ledger.rpcUrl, pin: { address: ledger.reader.id.address } });
    expect(reader.id).toEqual(ledger.reader.id);
    expect(reader.firstBlock).toBe(1);
    expect(reader.name).toBe(`eip155:31337:${ledger.reader.id.address}`);
  });

  it.each([
    ['chain id', { chainId: 1 }],
    ['genesis block', { genesis: word(1) }],
    ['code', { codeHash: word(1) }],
    ['contract', { address: `0x${'11'.repeat(20)}` as Hex }],
  ])('refuses another %s than the pinned one', async (_, pin) => {
    await expect(connect(pin)).rejects.toMatchObject({ code: 'ledger.mismatch' });
  });

  it('refuses an address that is none', async () => {
    await expect(connect({ address: '0xAB' })).rejects.toMatchObject({ code: 'input.shape' });
  });

  it('says that an endpoint does not answer, in time or at all', async () => {
    const silent = await serve(() => undefined);
    const pin = ledger.reader.id;
    await expect(connectLedger({ url: silent.url, pin, timeLimitMs: 100 })).rejects.toMatchObject({
      code: 'ledger.unreachable',
    });
    await silent.close();
    await expect(connectLedger({ url: silent.url, pin })).rejects.toMatchObject({ code: 'ledger.unreachable' });
  });

  it.each([
    ['no JSON', 'hello', 200],
    ['no JSON-RPC', '{"ok":true}', 200],
    ['an error of a proxy', 'bad gateway', 502],
    ['too many requests', '{"error":"slow down"}', 429],
  ])('says that an endpoint answers %s', async (_, body, status) => {
    const strange = await serve((_, response) => response.writeHead(status).end(body));
    await expect(connectLedger({ url: strange.url, pin: ledger.reader.id })).rejects.toMatchObject({
      code: 'ledger.unreachable',
    });
    await strange.close();
  });

  it('asks once more where the node closed a kept connection, and no more', async () => {
    let requests = 0;
    let closing = 1;
    const closed = await serve(async (request, response) => {
      requests += 1;
      if (closing-- > 0) return void request.socket.destroy();
      const answer = await fetch(ledger.rpcUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: await readBody(request),
      });
      response.end(await answer.text());
    });
    const reader = await connectLedger({ url: closed.url, pin: ledger.reader.id });
    expect(requests).toBe(2);
    closing = 100;
    await expect(reader.readFinalBlockNumber()).rejects.toMatchObject({ code: 'ledger.unreachable' });
    expect(requests).toBe(4);
    await closed.close();
  });

  it('follows no redirect', async () => {
    const moved = await serve((_, response) => response.writeHead(307, { location: ledger.rpcUrl }).end());
    await expect(connectLedger({ url: moved.url, pin: ledger.reader.id })).rejects.toMatchObject({
      code: 'ledger.unreachable',
    });
    await moved.close();
  });

  it('finds the first block by bisection where a node does not search its whole history', async () => {
    const narrow = await proxy(ledger.rpcUrl, ({ method }, answer) => {
      if (method === 'eth_getLogs') throw new Error('query exceeds max block range 10');
      return answer();
    });
    const pin = { address: ledger.reader.id.address };
    // The local chain keeps no old state across many blocks for sure, so the answer is the first block or an error that asks for it.
    const reader = await connectLedger({ url: narrow.url, pin });
    expect(reader.firstBlock).toBe(1);
    await narrow.close();
  });

  it('keeps keys in a URL out of the name of the source', async () => {
    const keyed = ledger.rpcUrl
      .replace('http://', 'http://user:secret@')
      .concat('/v2/abcdefghijklmnopqrstuvwxyz012345?key=hidden');
    const reader = await connectLedger({ url: `${ledger.rpcUrl}/?key=hidden`, pin: ledger.reader.id });
    expect(reader.source).toBe(ledger.rpcUrl);
    await expect(connectLedger({ url: keyed, pin: ledger.reader.id })).rejects.toThrow(
      expect.not.stringMatching(/secret|hidden|abcdef/),
    );
  });
});

describe('facts', () => {
  it('answers from one block what is known of issuer, key, grant and status', async () => {
    const grant = { issuer: issuer.id, number: 1, prefix: 'gs1:9521234' };
    const { blockNumber } = await ledger.accreditor.send(calls.grantPrefix(grant));
    const key = decodeKeyId(issuer.signer.keyId);
    const question = { issuer: issuer.hash, key, grant: hashGrant(grant), list: 1n, word: 0 };
    const facts = await ledger.reader.readFacts(question);
    expect(facts).toMatchObject({
      source: ledger.rpcUrl,
      ledger: ledger.reader.id,
      blockNumber,
      finalBlockNumber: blockNumber,
      question,
      issuer: { number: 1, roles: 1, suspended: false, withdrawnSince: undefined },
      key: { purposes: 15, retiredAt: undefined, compromisedSince: undefined },
      grant: { until: undefined },
      status: { revoked: 0n, superseded: 0n },
    });
    expect(await ledger.reader.readKeyNonce(issuer.hash, key)).toBe(0n);
    expect(await ledger.reader.readKeyNonce(issuer.hash, word(9))).toBeUndefined();
    const nobody = await ledger.reader.readFacts({ ...question, issuer: word(9) });
    expect(nobody).toMatchObject({ issuer: undefined, key: undefined, grant: undefined });
    expect(await ledger.reader.readManyFacts([question, { ...question, issuer: word(9) }])).toEqual([facts, nobody]);
  });

  it('brings the entry of a log in the same round trip, or says nothing of it', async () => {
    const entries = await collect(ledger.reader.readEntries());
    const some = entries[20] as LoggedEntry;
    const question = { issuer: word(0), key: word(0), grant: word(0), list: 0n, word: 0 };
    let requests = 0;
    const counting = await proxy(ledger.rpcUrl, (_, answer) => answer());
    const reader = await connectLedger({
      url: counting.url,
      pin: ledger.reader.id,
      fetch: (...args) => {
        requests += 1;
        return fetch(...args);
      },
    });
    requests = 0;
    const facts = await reader.readFacts(question, { logged: some });
    expect(requests).toBe(1);
    expect(facts.logged).toEqual({ index: some.index, bytes: some.bytes });
    for (const blockNumber of [some.blockNumber + 1, 10 ** 9]) {
      const { logged } = await reader.readFacts(question, { logged: { index: some.index, blockNumber } });
      expect(logged).toBeUndefined();
    }
    await counting.close();
  });

  it('counts final blocks as configured', async () => {
    const head = await ledger.reader.readTreeHead();
    const reader = await connectLedger({ url: ledger.rpcUrl, pin: ledger.reader.id, finality: { confirmations: 5 } });
    expect(await reader.readFinalBlockNumber()).toBe(head.blockNumber - 5);
    const finalized = await connectLedger({ url: ledger.rpcUrl, pin: ledger.reader.id, finality: 'finalized' });
    expect(await finalized.readFinalBlockNumber()).toBeLessThan(head.blockNumber);
  });
});

describe('entries', () => {
  it('are contiguous, decode, and fold to the tree head of the contract', async () => {
    const range = createCompactRange();
    let next = 0;
    for await (const entry of ledger.reader.readEntries()) {
      expect(entry.index).toBe(next++);
      expect(decodeEntry(entry.bytes).blockNumber).toBe(entry.blockNumber);
      range.append(hashLeaf(entry.bytes));
    }
    const head = await ledger.reader.readTreeHead();
    expect(next).toBe(head.size);
    expect(encodeHex(range.root())).toBe(head.root);
  });

  it('can be read in part', async () => {
    const all = await collect(ledger.reader.readEntries());
    expect(await collect(ledger.reader.readEntries({ from: 10, to: 20 }))).toEqual(all.slice(10, 20));
    const toBlock = (all[30] as LoggedEntry).blockNumber;
    expect(await collect(ledger.reader.readEntries({ from: 5, toBlock }))).toEqual(all.slice(5, 31));
    expect(await collect(ledger.reader.readEntries({ from: all.length }))).toEqual([]);
  });

  it('come in smaller pages where a node refuses large ones', async () => {
    const spans: number[] = [];
    const narrow = await proxy(ledger.rpcUrl, ({ method, params }, answer) => {
      if (method !== 'eth_getLogs') return answer();
      const { fromBlock, toBlock } = params[0] as { fromBlock: string; toBlock: string };
      const span = Number(toBlock) - Number(fromBlock) + 1;
      if (!(span <= 7)) throw new Error('query exceeds max block range 7');
      spans.push(span);
      return answer();
    });
    const reader = await connectLedger({ url: narrow.url, pin: ledger.reader.id, firstBlock: 1 });
    expect(await collect(reader.readEntries())).toEqual(await collect(ledger.reader.readEntries()));
    expect(Math.max(...spans)).toBeLessThanOrEqual(7);
    await narrow.close();
  });

  it.each([
    ['hidden in the middle', (logs: unknown[]) => logs.filter((_, i) => i !== 9)],
    ['hidden at the end', (logs: unknown[]) => logs.slice(0, -1)],
    ['repeated', (logs: unknown[]) => logs.flatMap((log, i) => (i === 9 ? [log, log] : [log]))],
  ])('are refused where one is %s', async (_, lie) => {
    const lying = await proxy(ledger.rpcUrl, async ({ method }, answer) => {
      const result = await answer();
      return method === 'eth_getLogs' && Array.isArray(result) && result.length > 1 ? lie(result) : result;
    });
    const reader = await connectLedger({ url: lying.url, pin: ledger.reader.id });
    await expect(collect(reader.readEntries())).rejects.toMatchObject({ code: 'journal.break' });
    await lying.close();
  });
});
