/**
 * `pnpm bench:scale`: what a passport costs when there are a thousand of them, and when there are a million. They are signed here, sent
 * as one stream to a service in a process of its own (with a local chain, a file store, and PGlite or PostgreSQL), anchored, indexed,
 * replayed and looked up; at 1,000, 10,000, 100,000 and 1,000,000 it writes down what that took. A run that was stopped goes on at its last
 * checkpoint. The exit status is 1 where a bar is missed.
 *
 *     --count N            passports (1,000,000)
 *     --engine NAME        pglite, or postgresql: the empty database that DPP_BENCH_DATABASE_URL names
 *     --folder DIR         where everything is kept, and gone on with (a temporary one, deleted at the end)
 *     --json               one object instead of a table
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import {
  createSigner,
  generateKey,
  type PrivateJwk,
  parseDid,
  type Signer,
  signCredential,
} from '@dpp-ledger/core/credential';
import { buildPassport, parsePassportInput } from '@dpp-ledger/core/passport';
import { createClient } from '@dpp-ledger/sdk';
import { accredit, freePort, startService } from './scale-stage.ts';

const { values: options } = parseArgs({
  options: {
    count: { type: 'string', default: '1000000' },
    engine: { type: 'string', default: 'pglite' },
    folder: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const COUNT = Number(options.count);
const { engine } = options;
if (!Number.isInteger(COUNT) || COUNT < 1_000) throw new TypeError('--count is a whole number of at least 1000');
if (engine !== 'pglite' && engine !== 'postgresql') throw new TypeError('--engine is pglite or postgresql');

const CHECKPOINTS = [...[1_000, 10_000, 100_000].filter((size) => size < COUNT), COUNT];
/** Signed at a time, and written to the stream together. */
const CHUNK = 500;
const LIST_PLACES = 131_072;
const SAMPLE = 2_000;
/** Between the beginnings of two look-ups: a client may ask 500 times a second. */
const LOOK_UP_EVERY_MS = 4;
const LOOK_UPS = ['evidence', 'resolve', 'versions'] as const;
type LookUp = (typeof LOOK_UPS)[number];

/** Bars: cost in the last decade to the one before it; memory of a replay; look-ups at the end to those at the beginning. */
const MOST_COST = 1.3;
const MOST_REPLAY_MIB = 1_024;
const MOST_LOOK_UP = 2;

interface Checkpoint {
  readonly passports: number;
  /** Since the checkpoint before: until the last one was final and indexed. */
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly residentMiB: number;
  readonly peakMiB: number;
  readonly databaseMiB: number;
  readonly storeMiB: number;
  readonly lookUps: Record<LookUp, { readonly p50: number; readonly p99: number }>;
}

interface Replayed {
  readonly depth: string;
  readonly entries: number;
  readonly batches: number;
  readonly ms: number;
  readonly peakMiB: number;
}

/** What is kept beside the data, so that a run can be gone on with. */
interface Kept {
  readonly jwk: PrivateJwk;
  readonly checkpoints: readonly Checkpoint[];
  /** Of all passports so far, each as likely as any other: which, and its CID. */
  readonly sample: readonly (readonly [number: number, cid: string])[];
}

const began = performance.now();
const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'dpp-scale-')));
await mkdir(folder, { recursive: true });
const keptPath = join(folder, 'scale.json');
let kept = await readKept();
const databaseUrl = engine === 'postgresql' ? process.env.DPP_BENCH_DATABASE_URL : undefined;
if (engine === 'postgresql' && databaseUrl === undefined) throw new TypeError('DPP_BENCH_DATABASE_URL is not set');
const service = await startService({ dataDir: join(folder, 'data'), port: await freePort(), databaseUrl });
try {
  const signer = await openIssuer();
  for (const size of CHECKPOINTS) {
    const done = kept.checkpoints.at(-1)?.passports ?? 0;
    if (size > done) await advance(signer, done, size);
  }
  const replays = ['journal', 'batches'].map(replayInProcess);
  await service.stop();
  print(replays);
} finally {
  await service.stop();
  if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
}

async function readKept(): Promise<Kept> {
  const text = await readFile(keptPath, 'utf8').catch(() => undefined);
  if (text !== undefined) return JSON.parse(text);
  return { jwk: await generateKey({ algorithm: 'ES256' }), checkpoints: [], sample: [] };
}

async function keep(next: Kept): Promise<void> {
  kept = next;
  await writeFile(`${keptPath}.new`, JSON.stringify(kept), { mode: 0o600 });
  await rename(`${keptPath}.new`, keptPath);
}

/** Makes the issuer known to the ledger, unless it is. */
async function openIssuer(): Promise<Signer> {
  const signer = await createSigner({ issuer: parseDid('did:web:maker.example'), jwk: kept.jwk });
  if (kept.checkpoints.length > 0) return signer;
  await keep(kept);
  await accredit(service, signer);
  return signer;
}

// ------------------------------------------------------------------------------------------------------------------ issue

/** From one checkpoint to the next. */
async function advance(signer: Signer, from: number, to: number): Promise<void> {
  const sample = from === 0 ? [] : [...kept.sample];
  const before = await service.usage();
  const start = performance.now();
  const lastReceipt = await issueRange(signer, from, to, (number, cid) => {
    if (sample.length < SAMPLE) sample.push([number, cid]);
    else {
      // Reservoir sampling (Vitter, algorithm R).
      const slot = Math.floor(Math.random() * (number + 1));
      if (slot < SAMPLE) sample[slot] = [number, cid];
    }
  });
  await createClient({ url: service.url }).waitReceipt(lastReceipt, 'final', { pollMs: 20 });
  const wallMs = performance.now() - start;
  const after = await service.usage();
  const lookUps = await measureLookUps(sample);
  const checkpoint: Checkpoint = {
    ...{ passports: to, wallMs, cpuMs: after.cpuMs - before.cpuMs, lookUps },
    ...{ residentMiB: after.residentMiB, peakMiB: after.peakMiB, databaseMiB: after.databaseMiB },
    storeMiB: (await sizeOf(join(folder, 'data', 'store'))) / 2 ** 20,
  };
  await keep({ ...kept, checkpoints: [...kept.checkpoints, checkpoint], sample });
  note(`${to} passports: ${JSON.stringify(checkpoint)}`);
}

function subjectPath(number: number): string {
  return `/01/09521234000013/21/S${number}`;
}

/**
 * A signed passport of 2 kB. All but the signature follows from its number: sent again by a run that was gone on with, it is a duplicate
 * of what was accepted before.
 */
async function signNumber(signer: Signer, number: number): Promise<string> {
  const input = parsePassportInput({
    ...{ granularity: 'item', gtin: '09521234000013', serial: `S${number}`, name: 'Bench 14', modelNumber: 'B14' },
    ...{ category: 'laptop', manufacturer: { name: 'Bench Maker' }, countryOfProduction: 'GB', massKg: 1.42 },
  });
  const list = BigInt(1 + Math.floor(number / LIST_PLACES));
  const credential = buildPassport(input, {
    ...{ issuer: { id: signer.issuer, name: 'Bench Maker' }, ledger: service.ledger, voice: 'declared' },
    ...{ status: { list, index: number % LIST_PLACES }, statusListCredential: `https://dpp.example/status/${list}` },
    validFrom: '2026-01-01T00:00:00Z',
  });
  return (await signCredential(credential, signer)).jwt;
}

/** Streams them; the receipt's id of the last. */
async function issueRange(
  signer: Signer,
  from: number,
  to: number,
  onAccepted: (number: number, cid: string) => void,
): Promise<string> {
  const post = request(`${service.url}/passports`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
  });
  const answered = readAnswers();
  const failed = once(post, 'error').then(([error]) => Promise.reject(error));
  await Promise.race([Promise.all([writePassports(), answered]), failed]);
  return await answered;

  async function writePassports(): Promise<void> {
    for (let number = from; number < to; number += CHUNK) {
      const numbers = Array.from({ length: Math.min(CHUNK, to - number) }, (_, i) => number + i);
      const jwts = await Promise.all(numbers.map((each) => signNumber(signer, each)));
      if (!post.write(jwts.map((credential) => `${JSON.stringify({ credential })}\n`).join('')))
        await once(post, 'drain');
    }
    post.end();
  }

  async function readAnswers(): Promise<string> {
    const [response] = await once(post, 'response');
    let number = from;
    let last = '';
    for await (const line of createInterface({ input: response })) {
      const { state, cid, id, code, detail } = JSON.parse(line);
      if (state !== 'accepted' && state !== 'duplicate') throw new Error(`passport ${number}: ${code}: ${detail}`);
      onAccepted(number, cid);
      number += 1;
      last = id ?? last;
      if (number % 50_000 === 0)
        note(`  ${number} accepted after ${Math.round((performance.now() - began) / 1_000)} s`);
    }
    if (number !== to) throw new Error(`${number - from} answers to ${to - from} passports`);
    return last;
  }
}

async function sizeOf(path: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(path, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return bytes;
}

// --------------------------------------------------------------------------------------------------------------- look up

/** Milliseconds of each kind, one after the other, over passports taken at random from all there are. */
async function measureLookUps(sample: Kept['sample']): Promise<Checkpoint['lookUps']> {
  const measured = {} as Record<LookUp, { p50: number; p99: number }>;
  for (const kind of LOOK_UPS) {
    const times: number[] = [];
    for (const [number, cid] of sample) {
      const start = performance.now();
      const answer = await fetch(service.url + pathOf(kind, number, cid), { redirect: 'manual' });
      await answer.arrayBuffer();
      times.push(performance.now() - start);
      if (answer.status !== (kind === 'resolve' ? 307 : 200)) throw new Error(`${kind} of ${cid}: ${answer.status}`);
      const rest = LOOK_UP_EVERY_MS - (performance.now() - start);
      if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
    }
    const sorted = times.sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0;
    measured[kind] = { p50: at(0.5), p99: at(0.99) };
  }
  return measured;
}

function pathOf(kind: LookUp, number: number, cid: string): string {
  if (kind === 'resolve') return subjectPath(number);
  return kind === 'evidence' ? `/evidence/${cid}` : `/passports/${cid}/versions`;
}

// ---------------------------------------------------------------------------------------------------------------- replay

function replayInProcess(depth: string): Replayed {
  const script = join(import.meta.dirname, 'scale-replay.ts');
  const words = [script, service.rpcUrl, JSON.stringify(service.ledger), service.url, depth];
  const child = spawnSync(process.execPath, words, { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(`the replaying process failed: ${child.stderr}`);
  return JSON.parse(child.stdout);
}

// ---------------------------------------------------------------------------------------------------------------- output

interface Bar {
  readonly name: string;
  readonly value: number;
  readonly atMost: number;
}

/** Bars that a shorter run has no figures for are left out. */
function readBars(replays: readonly Replayed[]): Bar[] {
  const { checkpoints } = kept;
  const [first] = checkpoints;
  const [decadeBefore, last] = checkpoints.slice(-2);
  const bars: Bar[] = replays.map(({ depth, peakMiB }) => ({
    name: `MiB of the process that replays (${depth})`,
    value: peakMiB,
    atMost: MOST_REPLAY_MIB,
  }));
  if (first === undefined || last === undefined || decadeBefore === undefined) return bars;
  for (const kind of LOOK_UPS) {
    const value = last.lookUps[kind].p99 / first.lookUps[kind].p99;
    bars.push({ name: `p99 of ${kind}, at ${last.passports} / at ${first.passports}`, value, atMost: MOST_LOOK_UP });
  }
  if (decadeBefore.passports < 10_000) return bars;
  for (const [name, costOf] of [
    ['time', wallOf],
    ["service's processor time", cpuOf],
  ] as const) {
    bars.push({
      name: `${name} per passport, up to ${last.passports} / up to ${decadeBefore.passports}`,
      value: costOf(last) / costOf(decadeBefore),
      atMost: MOST_COST,
    });
  }
  return bars;
}

/** Milliseconds per passport since the checkpoint before. */
function perPassport(checkpoint: Checkpoint, ms: number): number {
  const at = CHECKPOINTS.indexOf(checkpoint.passports);
  return ms / (checkpoint.passports - (CHECKPOINTS[at - 1] ?? 0));
}

function wallOf(checkpoint: Checkpoint): number {
  return perPassport(checkpoint, checkpoint.wallMs);
}

function cpuOf(checkpoint: Checkpoint): number {
  return perPassport(checkpoint, checkpoint.cpuMs);
}

function note(text: string): void {
  console.error(text);
}

function print(replays: readonly Replayed[]): void {
  const bars = readBars(replays);
  const missed = bars.filter(({ value, atMost }) => value > atMost);
  const machine = { processor: cpus()[0]?.model ?? 'unknown', cores: cpus().length, memoryGiB: totalmem() / 2 ** 30 };
  const seconds = Math.round((performance.now() - began) / 1_000);
  process.exitCode = missed.length === 0 ? 0 : 1;
  if (options.json) {
    console.log(
      JSON.stringify({
        machine,
        node: process.version,
        engine,
        seconds,
        ...kept,
        jwk: undefined,
        sample: undefined,
        replays,
        bars,
      }),
    );
    return;
  }
  const { processor, cores, memoryGiB } = machine;
  console.log(
    `${engine}, ${cores} x ${processor}, ${Math.round(memoryGiB)} GiB, Node ${process.version}, ${seconds} s\n`,
  );
  const header = [
    'passports',
    'per second',
    'ms each',
    'processor ms each',
    'service MiB',
    'database MiB',
    'store MiB',
  ];
  const columns = [...header, ...LOOK_UPS.map((kind) => `${kind} p50 / p99 ms`)];
  console.log(row(columns));
  console.log(row(columns.map(() => '--:')));
  for (const checkpoint of kept.checkpoints) {
    console.log(
      row([
        checkpoint.passports.toLocaleString('en-GB'),
        Math.round(1_000 / wallOf(checkpoint)).toLocaleString('en-GB'),
        wallOf(checkpoint).toFixed(2),
        cpuOf(checkpoint).toFixed(2),
        ...[checkpoint.residentMiB, checkpoint.databaseMiB, checkpoint.storeMiB].map((mib) =>
          Math.round(mib).toLocaleString('en-GB'),
        ),
        ...LOOK_UPS.map(
          (kind) => `${checkpoint.lookUps[kind].p50.toFixed(1)} / ${checkpoint.lookUps[kind].p99.toFixed(1)}`,
        ),
      ]),
    );
  }
  console.log();
  for (const { depth, entries, batches, ms, peakMiB } of replays) {
    console.log(
      `replay (${depth}): ${entries} entries, ${batches} batches opened, ${Math.round(ms)} ms, ${Math.round(peakMiB)} MiB at most`,
    );
  }
  for (const { name, value, atMost } of bars) {
    console.log(`${value <= atMost ? 'met   ' : 'MISSED'} ${name}: ${value.toFixed(2)} (bar ${atMost})`);
  }
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
