import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeHex, type Hex } from '@dpp-ledger/core';
import { decodeKeyId, formatCid, hashCredential } from '@dpp-ledger/core/credential';
import { buildBatch } from '@dpp-ledger/core/evidence';
import { answerQuestion, foldJournal } from '@dpp-ledger/core/journal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEntries } from '../src/acts.ts';
import { acts, calls, connectLedger, wordsOf } from '../src/ledger/index.ts';
import { createFileStore } from '../src/node/index.ts';
import { createNotes } from '../src/notes.ts';
import { type ReplayProgress, replay } from '../src/replay.ts';
import type { BlockSource, Store } from '../src/store/index.ts';
import { accredit, batch, collect, proxy, startLedger, type TestIssuer, type TestLedger } from './support.ts';

let ledger: TestLedger;
let issuer: TestIssuer;
let folder: string;
let store: Store;
const BATCHES = 12;
const EACH = 20;
const manifests: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpp-replay-'));
  store = await createFileStore({ folder });
  ledger = await startLedger();
  issuer = await accredit(ledger);
  for (let i = 0; i < BATCHES; i++)
    await issuer.writer.send(calls.anchor({ issuer: issuer.id, ...(await storeBatch()) }));
  const revoke = acts.revoke({ list: 5n, reason: 'error', words: wordsOf([3, 700]) });
  await issuer.writer.send(calls.act({ issuer: issuer.id, acts: [revoke] }));
}, 60_000);
afterAll(async () => {
  await ledger.stop();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

async function storeBatch(): Promise<{ root: Hex; size: number; manifest: Hex }> {
  const credentials = Array.from({ length: EACH }, () => {
    const bytes = crypto.getRandomValues(new Uint8Array(100));
    return { cid: formatCid(hashCredential(bytes)) as string, bytes };
  });
  const { root, size, manifest } = buildBatch(credentials.map(({ bytes }) => hashCredential(bytes)));
  await store.putBatch({ manifest, credentials });
  manifests.push(manifest.cid);
  return { root, size, manifest: encodeHex(manifest.digest) };
}

/** The store, but for some blocks. */
function except(change: (cid: string, get: () => Promise<Uint8Array>) => Promise<Uint8Array>): BlockSource {
  return { ...store, get: (cid, options) => change(cid, () => store.get(cid, options)) };
}

describe('a replay', () => {
  it("meets the contract's tree head, and knows all that the contract knows", async () => {
    const result = await replay({ ledger: ledger.reader });
    expect(result).toMatchObject({ broken: undefined, entries: result.head.size, source: ledger.rpcUrl });
    const key = decodeKeyId(issuer.signer.keyId);
    const question = { issuer: issuer.hash, key, grant: encodeHex(new Uint8Array(32)), list: 5n, word: 2 };
    const facts = await ledger.reader.readFacts(question);
    expect(facts).toMatchObject(answerQuestion(result.fold.state, question));
    expect(facts.status.revoked).toBe(1n << 188n);
  });

  it('opens every batch, and judges every credential', async () => {
    const progress: ReplayProgress[] = [];
    const result = await replay({
      ledger: ledger.reader,
      source: store,
      depth: 'credentials',
      onProgress: (step) => void progress.push(step),
    });
    // Bytes that are no credentials: they are there, and nobody would take them.
    expect(result).toMatchObject({
      broken: undefined,
      opened: { batches: BATCHES, credentials: BATCHES * EACH },
      faults: BATCHES * EACH,
      report: { findings: { missing: { total: 0 }, invalid: { total: BATCHES * EACH } } },
    });
    const last = (step: ReplayProgress['step']) => progress.findLast((one) => one.step === step);
    expect([...new Set(progress.map(({ step }) => step))]).toEqual(['entries', 'credentials']);
    expect(last('entries')).toEqual({ step: 'entries', done: result.head.size, of: result.head.size });
    expect(last('credentials')).toEqual({ step: 'credentials', done: BATCHES * EACH, of: BATCHES * EACH });
    // It goes up as they are judged, and not when all are.
    expect(new Set(progress.map(({ step, done }) => `${step} ${done}`)).size).toBeGreaterThan(BATCHES);
    const shallow = await replay({ ledger: ledger.reader, source: store, depth: 'batches' });
    expect(shallow.opened).toEqual({ batches: BATCHES, credentials: 0 });
  });

  it('goes on from a snapshot that went through JSON', async () => {
    const first = await replay({ ledger: ledger.reader });
    const snapshot: unknown = JSON.parse(JSON.stringify(first.snapshot));
    await issuer.writer.send(calls.anchor({ issuer: issuer.id, ...batch(1) }));
    const asked: number[] = [];
    const watched = await proxy(ledger.rpcUrl, ({ method, params }, answer) => {
      const filter = params[0] as { topics?: unknown[]; fromBlock?: string };
      if (method === 'eth_getLogs' && filter.topics?.length === 1) asked.push(Number(filter.fromBlock));
      return answer();
    });
    const reader = await connectLedger({ url: watched.url, pin: ledger.reader.id });
    const second = await replay({ ledger: reader, from: snapshot });
    expect(second).toMatchObject({ broken: undefined, entries: first.entries + 1 });
    expect(Math.min(...asked)).toBeGreaterThan(BATCHES);
    expect(second.snapshot).toEqual((await replay({ ledger: ledger.reader })).snapshot);
    await watched.close();
  });

  it("refuses another ledger's snapshot", async () => {
    const { snapshot } = await replay({ ledger: ledger.reader });
    const other = await startLedger();
    await expect(replay({ ledger: other.reader, from: snapshot })).rejects.toMatchObject({ code: 'journal.break' });
    await expect(replay({ ledger: other.reader, from: { size: 3 } })).rejects.toMatchObject({ code: 'input.shape' });
    await other.stop();
  }, 30_000);

  interface Log {
    readonly data: string;
    readonly topics: readonly string[];
  }
  const indexOf = ({ topics }: Log) => Number(topics[1]);
  const flip = (data: string) => data.slice(0, -70) + (data.at(-70) === '0' ? '1' : '0') + data.slice(-69);
  const renumber = (log: Log, index: number): Log => {
    const [event = '', , ...others] = log.topics;
    return { ...log, topics: [event, `0x${index.toString(16).padStart(64, '0')}`, ...others] };
  };
  const last = 18;

  it.each<[string, number, (log: Log, index: number, others: readonly Log[]) => Log | undefined]>([
    ['alters an entry', 8, (log, index) => (index === 8 ? { ...log, data: flip(log.data) } : log)],
    ['hides an entry', 8, (log, index) => (index === 8 ? undefined : log)],
    [
      'hides an entry and counts on',
      8,
      (log, index) => (index === 8 ? undefined : index > 8 ? renumber(log, index - 1) : log),
    ],
    [
      'swaps two entries',
      9,
      (log, index, others) =>
        index === 8 || index === 9
          ? { ...log, data: others.find((other) => indexOf(other) === 17 - index)?.data ?? '' }
          : log,
    ],
    ['hides the last entry', last, (log, index) => (index === last ? undefined : log)],
    [
      'invents an entry and counts on',
      8,
      (log, index, others) =>
        index <= 8 ? log : renumber(others.find((other) => indexOf(other) === index - 1) ?? log, index),
    ],
  ])('breaks where an endpoint %s', async (_, entry, lie) => {
    const lying = await proxy(ledger.rpcUrl, async ({ method }, answer) => {
      const result = await answer();
      if (method !== 'eth_getLogs' || !Array.isArray(result)) return result;
      return result.map((log: Log) => lie(log, indexOf(log), result)).filter((log) => log !== undefined);
    });
    const reader = await connectLedger({ url: lying.url, pin: ledger.reader.id });
    const { broken } = await replay({ ledger: reader });
    expect(broken).toBeDefined();
    // What folds in spite of the lie is found by the tree, which names the range that holds it.
    expect(broken?.entry).toBeLessThanOrEqual(entry);
    expect(broken?.expected).not.toBe(broken?.found);
    await lying.close();
  });

  it('finds a batch that is withheld, misstated, or anchored with the root of another', async () => {
    const { root, size } = batch(3);
    const stored = await storeBatch();
    await issuer.writer.send(calls.anchor({ issuer: issuer.id, ...stored, root, size }));
    const [withheld = '', misstated = ''] = manifests;
    const source = except(async (cid, get) => {
      if (cid === withheld) return await store.get('bafkreiaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
      if (cid === misstated) return await store.get(manifests[5] ?? '');
      return await get();
    });
    const result = await replay({ ledger: ledger.reader, source, depth: 'batches' });
    // The journal itself holds.
    expect(result.broken).toBeUndefined();
    // Batch 1 of an earlier test was never stored at all.
    expect(result.report?.findings).toMatchObject({
      missing: { total: 2, items: [{ cid: withheld }, {}] },
      altered: { total: 1, items: [{ cid: misstated }] },
      misstated: { total: 1, items: [{ expected: { root, size }, found: { root: stored.root, size: EACH } }] },
    });
    expect(result).toMatchObject({ faults: 4, report: { outcome: 'faults' } });
  });

  it('asks for 64 blocks at a time, however many batches are open', async () => {
    const isFull = Promise.withResolvers<void>();
    let under = 0;
    let most = 0;
    const source = except(async (cid, get) => {
      if (manifests.includes(cid)) return await get();
      under += 1;
      most = Math.max(most, under);
      if (under >= 64) isFull.resolve();
      await isFull.promise;
      const bytes = await get();
      under -= 1;
      return bytes;
    });
    const { opened } = await replay({ ledger: ledger.reader, source, depth: 'credentials' });
    expect(opened.credentials).toBeGreaterThanOrEqual(BATCHES * EACH);
    expect(most).toBe(64);
  });

  it('ends all that is under way before it says why it could not go on', async () => {
    const waiting = Promise.withResolvers<void>();
    let under = 0;
    const failing: BlockSource = {
      ...store,
      async get(cid, options) {
        if (manifests.includes(cid)) return await store.get(cid, options);
        under += 1;
        if (under === 30) waiting.resolve();
        try {
          if (under === 1) {
            await waiting.promise;
            throw new RangeError('no memory');
          }
          await new Promise((_, reject) =>
            options?.signal?.addEventListener('abort', () => reject(new Error('aborted'))),
          );
          throw new TypeError('nothing but the end ends it');
        } finally {
          under -= 1;
        }
      },
    };
    const audited = replay({ ledger: ledger.reader, source: failing, depth: 'credentials' });
    await expect(audited).rejects.toThrow('no memory');
    expect(under).toBe(0);
  });

  it('keeps every entry that was proven, to be read again, where it is asked to', async () => {
    const notes = createNotes();
    const { head, report } = await replay({ ledger: ledger.reader, notes, keep: 'entries' });
    const kept = await collect(readEntries(notes));
    expect(kept.map(({ index }) => index)).toEqual(Array.from({ length: head.size }, (_, i) => i));
    const fold = await foldJournal(kept.map(({ bytes }) => bytes));
    expect(encodeHex(fold.treeHead().root)).toBe(head.root);
    // It is the same audit; and a folder that keeps less is not gone on with.
    expect(report).toEqual((await replay({ ledger: ledger.reader })).report);
    const over = new AbortController();
    const ended = { ledger: ledger.reader, notes: createNotes(), saveEvery: 1 };
    const onProgress = () => over.abort(new Error('ended'));
    await expect(replay({ ...ended, onProgress, signal: over.signal })).rejects.toThrow('ended');
    await expect(replay({ ...ended, keep: 'entries' })).rejects.toMatchObject({ code: 'audit.mismatch' });
  });

  it('keeps nothing of what was not proven', async () => {
    const lying = await proxy(ledger.rpcUrl, async ({ method, params }, answer) => {
      const logs = await answer();
      const filter = params[0] as { topics?: unknown[] };
      if (method !== 'eth_getLogs' || filter.topics?.length !== 1) return logs;
      return (logs as Log[]).map((log) => (indexOf(log) === 17 ? { ...log, data: flip(log.data) } : log));
    });
    const reader = await connectLedger({ url: lying.url, pin: ledger.reader.id });
    const notes = createNotes();
    const { broken, entries, head } = await replay({ ledger: reader, notes, keep: 'entries' });
    expect(broken).toBeDefined();
    // Proven are the entries under the head's first peak.
    expect(entries).toBe(2 ** Math.floor(Math.log2(head.size)));
    expect(await collect(readEntries(notes))).toHaveLength(entries);
    await lying.close();
  });

  it('is made at a final block, and anew where the chain reorganised meanwhile', async () => {
    let reorganised = false;
    const shifting = await proxy(ledger.rpcUrl, async ({ method, params }, answer) => {
      const filter = params[0] as { topics?: unknown[] };
      if (method === 'eth_getLogs' && filter.topics?.length === 1 && !reorganised) {
        reorganised = true;
        await ledger.rpc.call('anvil_reorg', [2, []]);
      }
      return await answer();
    });
    const reader = await connectLedger({ url: shifting.url, pin: ledger.reader.id });
    const result = await replay({ ledger: reader });
    expect(reorganised).toBe(true);
    expect(result.broken).toBeUndefined();
    await shifting.close();
    const young = await connectLedger({ url: ledger.rpcUrl, pin: ledger.reader.id, finality: { confirmations: 2 } });
    const head = await ledger.reader.readBlock('latest');
    expect((await replay({ ledger: young })).head.blockNumber).toBe((head?.number ?? 0) - 2);
  });
});
