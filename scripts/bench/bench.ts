/**
 * `pnpm bench`: how fast the product's own work is, each figure as a ratio to a peer in the same run, and the bars that the README quotes.
 * `--json` prints one object; the exit status is 1 where a bar is missed. Everything is real: chain, contract, store, keys.
 */
import { spawnSync } from 'node:child_process';
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign as signSync,
  verify as verifySync,
} from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { decodeHex, encodeHex, sha256 } from '@dpp-ledger/core';
import { parseJwt, type SignedCredential } from '@dpp-ledger/core/credential';
import {
  buildBatch,
  buildEvidence,
  DEFAULT_MAX_AGE_SECONDS,
  DEFAULT_MAX_AHEAD_SECONDS,
  type Evidence,
  type Facts,
  questionOf,
} from '@dpp-ledger/core/evidence';
import { buildTree, hashLeaf, provePeakPath } from '@dpp-ledger/core/journal';
import { verify as decide } from '@dpp-ledger/core/verify';
import { replay, verify } from '@dpp-ledger/sdk';
import { acts, calls, createRpc, ENTRY_TOPIC, type LoggedEntry } from '@dpp-ledger/sdk/ledger';
import { LAPTOP } from './laptop.ts';
import { type BenchStage, openBenchStage, signPassports } from './stage.ts';

const { values: options } = parseArgs({ options: { json: { type: 'boolean', default: false } } });

const BATCH = 10_000;
/** After one round to warm up; the median counts. */
const ROUNDS = 3;
const IN_FLIGHT = 128;
const ENTRIES = 100_000;
const ENTRIES_AT_FIRST = 1_000;
const ACTS_PER_CALL = 200;
/** What replaying a hundred times as many entries may keep alive more: the pages of logs that are read and read ahead are larger. */
const MEMORY_MIB = 64;

interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}
interface Bar {
  readonly name: string;
  readonly ratio: number;
  readonly atLeast: number;
}
const figures: Figure[] = [];
const bars: Bar[] = [];

const folder = await mkdtemp(join(tmpdir(), 'dpp-bench-'));
const stage = await openBenchStage(folder);
try {
  await run(stage);
} finally {
  await stage.stop();
  await rm(folder, { recursive: true, force: true });
}

async function run(stage: BenchStage): Promise<void> {
  note(`issuing ${BATCH} passports ...`);
  await issueBatch(stage, BATCH, 'WARM');
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await issueBatch(stage, BATCH, `ROUND${round}N`));
  const { signed, entry } = rounds.at(-1) ?? { signed: [], entry: undefined };
  if (entry === undefined) throw new TypeError('there was a round');
  const issued = median(rounds.map(({ perSecond }) => perSecond));
  const sample = signed[0]?.jwt ?? '';
  const native = measureNative(sample);
  figure('passport, as a JWT', sample.length, 'bytes');
  figure('native ES256 signing, one core, synchronous', native.sign, 'per s');
  figure('native ES256 verifying, one core, synchronous', native.verify, 'per s');
  figure(`issue: built, signed, stored, anchored, in batches of ${BATCH}`, issued, 'per s');
  bar('issue / native signing', issued / native.sign, 0.3);

  note('verifying ...');
  const cases = await prepareEvidence(stage, signed, entry);
  const core = await measureCore(stage, cases);
  const endToEnd = await measureEndToEnd(stage, cases.slice(0, 3_000));
  figure('verify: core alone, warm, many in flight', core, 'per s');
  figure('verify: each with its own call to the chain', endToEnd, 'per s');
  figure('evidence, as JSON', JSON.stringify(cases[0]?.evidence).length, 'bytes');
  bar('verify / native verifying', core / native.verify, 0.5);

  note('replaying ...');
  await fillJournal(stage, ENTRIES_AT_FIRST);
  const small = replayInProcess(stage);
  await fillJournal(stage, ENTRIES);
  const raw = await measureRawLogs(stage);
  const replayed = await measureReplay(stage);
  const large = replayInProcess(stage);
  figure('raw log reading', raw, 'entries per s');
  figure('replay: read, checked, folded, hashed', replayed, 'entries per s');
  bar('replay / raw log reading', replayed / raw, 0.6);
  for (const { entries, live, resident } of [small, large]) {
    figure(
      `memory alive at most while replaying ${entries} entries (the process: ${Math.round(resident)} MiB)`,
      live,
      'MiB',
    );
  }
  bar(`memory flat: ${MEMORY_MIB} MiB / growth of what is alive`, MEMORY_MIB / Math.max(1, large.live - small.live), 1);
  print();
}

// ------------------------------------------------------------------------------------------------------------------ issue

/** From plain input to a final anchor, as an issuer that anchors for itself does it. */
async function issueBatch(stage: BenchStage, count: number, prefix: string) {
  const { relayer, store, signer } = stage;
  const began = performance.now();
  const signed = await signPassports(stage, { of: LAPTOP, count, prefix });
  const { root, size, manifest } = buildBatch(signed.map(({ digest }) => digest));
  await store.putBatch({ manifest, credentials: signed });
  const call = calls.anchor({ issuer: signer.issuer, root, size, manifest: encodeHex(manifest.digest) });
  const receipt = await relayer.send(call);
  const perSecond = count / ((performance.now() - began) / 1000);
  const [entry] = receipt.entries;
  if (entry === undefined) throw new TypeError('an anchor makes an entry');
  return { signed, entry, perSecond };
}

function measureNative(jwt: string): { sign: number; verify: number } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const data = Buffer.from(parseJwt(jwt).signingInput);
  const key = {
    key: createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' })),
    dsaEncoding: 'ieee-p1363',
  } as const;
  const publicOne = {
    key: createPublicKey(publicKey.export({ format: 'pem', type: 'spki' })),
    dsaEncoding: 'ieee-p1363',
  } as const;
  const signature = signSync('sha256', data, key);
  return {
    sign: perSecond(10_000, () => signSync('sha256', data, key)),
    verify: perSecond(10_000, () => verifySync('sha256', data, publicOne, signature)),
  };
}

function perSecond(times: number, work: () => unknown): number {
  for (let i = 0; i < times / 10; i++) work();
  const rounds = Array.from({ length: ROUNDS }, () => {
    const began = performance.now();
    for (let i = 0; i < times; i++) work();
    return times / ((performance.now() - began) / 1000);
  });
  return median(rounds);
}

/** Works on all of them, so many at a time: when one is done, the next begins. */
async function inFlight<T>(items: readonly T[], most: number, work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const one = async () => {
    for (let i = next++; i < items.length; i = next++) await work(items[i] as T);
  };
  await Promise.all(Array.from({ length: most }, one));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

// ----------------------------------------------------------------------------------------------------------------- verify

interface Case {
  readonly evidence: Evidence;
  readonly facts: Facts;
}

async function prepareEvidence(
  stage: BenchStage,
  signed: readonly SignedCredential[],
  entry: LoggedEntry,
): Promise<Case[]> {
  const { reader, signer, grant } = stage;
  const leaves: Uint8Array[] = [];
  for await (const { bytes } of reader.readEntries()) leaves.push(hashLeaf(bytes));
  const path = provePeakPath(entry.index, leaves.length, buildTree(leaves).readNode);
  const batch = buildBatch(signed.map(({ digest }) => digest));
  const evidences = signed.map(({ jwt }, index) =>
    buildEvidence({
      ...{ ledger: reader.id, credential: jwt, key: signer.key, grant },
      batch: { index, proof: batch.prove(index) },
      entry: { index: entry.index, bytes: entry.bytes, proof: path },
    }),
  );
  // One question for each word of the status list; the rest of it is the same for the whole batch.
  const questions = new Map(evidences.map((evidence) => [questionOf(evidence).word, questionOf(evidence)]));
  const answers = new Map(
    (await reader.readManyFacts([...questions.values()])).map((facts) => [facts.question.word, facts]),
  );
  return evidences.map((evidence) => {
    const facts = answers.get(questionOf(evidence).word);
    if (facts === undefined) throw new TypeError('every question was asked');
    return { evidence, facts };
  });
}

async function measureCore({ reader }: BenchStage, cases: readonly Case[]): Promise<number> {
  const policy = {
    ...{ ledgers: [reader.id], trustBase: 'the bench', anchorStandings: ['proved', 'logged'] as const },
    ...{ maxAgeSeconds: DEFAULT_MAX_AGE_SECONDS, maxAheadSeconds: DEFAULT_MAX_AHEAD_SECONDS },
  };
  const all = async (some: readonly Case[]) => {
    const now = Math.floor(Date.now() / 1000);
    await inFlight(some, IN_FLIGHT, async ({ evidence, facts }) => {
      const { verdict, checks } = await decide({ evidence, facts, policy, now });
      if (verdict !== 'valid') throw new Error(`not valid: ${JSON.stringify(checks)}`);
    });
  };
  await all(cases);
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    await all(cases);
    rounds.push(cases.length / ((performance.now() - began) / 1000));
  }
  return median(rounds);
}

async function measureEndToEnd({ reader }: BenchStage, cases: readonly Case[]): Promise<number> {
  const began = performance.now();
  await inFlight(cases, IN_FLIGHT, async ({ evidence }) => {
    const { report } = await verify({ evidence }, { ledger: reader });
    if (report.verdict !== 'valid') throw new Error('not valid end to end');
  });
  return cases.length / ((performance.now() - began) / 1000);
}

// ----------------------------------------------------------------------------------------------------------------- replay

/** Anchors until the journal has so many entries, many in each transaction. */
async function fillJournal({ reader, relayer, signRelayed }: BenchStage, target: number): Promise<void> {
  for (let { size } = await reader.readTreeHead(); size < target; ) {
    const count = Math.min(ACTS_PER_CALL, target - size);
    const list = Array.from({ length: count }, (_, i) => {
      const root = encodeHex(sha256(Buffer.from(`root ${size + i}`)));
      return acts.anchor({ root, size: 1, manifest: root });
    });
    await relayer.send(calls.relay(await signRelayed(list)));
    size += count;
    if (size % 20_000 < ACTS_PER_CALL) note(`  ${size} entries`);
  }
}

/** What reading the same logs costs with nothing done to them but JSON and hex: the same pages of blocks, one after the other. */
async function measureRawLogs({ reader, rpcUrl }: BenchStage): Promise<number> {
  const rpc = createRpc({ url: rpcUrl });
  const head = await reader.readTreeHead();
  const step = 25;
  const began = performance.now();
  let count = 0;
  let bytes = 0;
  for (let from = reader.firstBlock; from <= head.blockNumber; from += step) {
    const to = Math.min(from + step - 1, head.blockNumber);
    const blocks = { fromBlock: `0x${from.toString(16)}`, toBlock: `0x${to.toString(16)}` };
    const logs = await rpc.call('eth_getLogs', [{ address: reader.id.address, topics: [ENTRY_TOPIC], ...blocks }]);
    if (!Array.isArray(logs)) throw new TypeError('logs are a list');
    for (const { data } of logs) bytes += decodeHex(data).length;
    count += logs.length;
  }
  if (count !== head.size || bytes === 0) throw new Error(`${count} logs for ${head.size} entries`);
  return count / ((performance.now() - began) / 1000);
}

async function measureReplay({ reader }: BenchStage): Promise<number> {
  const began = performance.now();
  const { broken, entries } = await replay({ ledger: reader });
  if (broken !== undefined) throw new Error(`the journal broke at entry ${broken.entry}`);
  return entries / ((performance.now() - began) / 1000);
}

/** In a process of its own, so that its memory is its own. */
function replayInProcess({ reader, rpcUrl }: BenchStage): { entries: number; live: number; resident: number } {
  const script = join(import.meta.dirname, 'replay-memory.ts');
  const child = spawnSync(process.execPath, ['--expose-gc', script, rpcUrl, JSON.stringify(reader.id)], {
    encoding: 'utf8',
  });
  if (child.status !== 0) throw new Error(`the replaying process failed: ${child.stderr}`);
  return JSON.parse(child.stdout);
}

// ------------------------------------------------------------------------------------------------------------------ output

function figure(name: string, value: number, unit: string): void {
  figures.push({ name, value: Math.round(value), unit });
}

function bar(name: string, ratio: number, atLeast: number): void {
  bars.push({ name, ratio: Math.round(ratio * 1000) / 1000, atLeast });
}

function note(text: string): void {
  if (!options.json) console.error(text);
}

function print(): void {
  const missed = bars.filter(({ ratio, atLeast }) => ratio < atLeast);
  const machine = { processor: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version };
  if (options.json) console.log(JSON.stringify({ machine, figures, bars, missed: missed.length }));
  else {
    console.log(`${machine.cores} x ${machine.processor}, Node ${machine.node}`);
    for (const { name, value, unit } of figures)
      console.log(`${value.toLocaleString('en-GB').padStart(10)} ${unit.padEnd(13)} ${name}`);
    for (const { name, ratio, atLeast } of bars) {
      console.log(`${ratio >= atLeast ? 'met   ' : 'MISSED'} ${name}: ${ratio} (bar ${atLeast})`);
    }
  }
  process.exitCode = missed.length === 0 ? 0 : 1;
}
