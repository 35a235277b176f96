/**
 * `pnpm bench:load`: a service under load, on loopback and bounded in time. `dpp serve` runs as a process of its own on a real chain; labels
 * are resolved, passports verified and evidence fetched at a steady rate, first in quiet, then while an issuer sends credentials in bursts;
 * then far more is asked of it than it does, and it must say so quickly, and be as before soon after. Requests come from many clients
 * (X-Forwarded-For, which the service is told to trust), as from behind a proxy. The exit status is 1 where a bar is missed.
 *
 *     --seconds N          of each steady phase (15)
 *     --rate N             requests a second in steady phases (60)
 *     --burst N            credentials of a burst, of which there is one every two seconds (400)
 *     --overload N         requests a second while there are too many (1,000)
 *     --database URL       an empty PostgreSQL database instead of PGlite
 *     --json               one object instead of a table
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { SignedCredential } from '@dpp-ledger/core/credential';
import { type Client, createClient } from '@dpp-ledger/sdk';
import { formatPin } from '../../packages/cli/src/connection.ts';
import { LAPTOP } from './laptop.ts';
import {
  closeConnections,
  drive,
  openConnections,
  type Phase,
  percentile,
  type Sample,
  type Target,
} from './load-driver.ts';
import { type BenchStage, openBenchStage, signPassports } from './stage.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '15' },
    rate: { type: 'string', default: '60' },
    burst: { type: 'string', default: '400' },
    overload: { type: 'string', default: '1000' },
    database: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const SECONDS = Number(values.seconds);
const RATE = Number(values.rate);
const BURST = Number(values.burst);
const OVERLOAD = Number(values.overload);
/** Passports that are asked for. */
const PASSPORTS = 1_000;
const BURST_EVERY_MS = 2_000;
const OVERLOAD_SECONDS = 4;
/** Receipts in one stream, and how long a client waits for anything at all. */
const WATCHED = 200;
const PATIENCE_MS = 120_000;

const folder = await mkdtemp(join(tmpdir(), 'dpp-load-'));
const stage = await openBenchStage(folder);
let service: Service | undefined;
try {
  service = await startService(stage);
  process.exitCode = await run(stage, service);
} finally {
  closeConnections();
  await service?.stop();
  await stage.stop();
  await rm(folder, { recursive: true, force: true });
}

interface Row {
  readonly phase: string;
  readonly perSecond: number;
  readonly requests: number;
  readonly ok: number;
  readonly refused: number;
  readonly failed: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly residentMiB: number;
  readonly loopLagMs: number;
  readonly driverLagMs: number;
}

interface Bar {
  readonly name: string;
  readonly value: number;
  readonly atMost: number;
}

async function run(stage: BenchStage, { url, metrics }: Service): Promise<number> {
  const client = createClient({ url, timeLimitMs: PATIENCE_MS });
  note(`issuing ${PASSPORTS} passports ...`);
  const known = await signPassports(stage, { of: LAPTOP, count: PASSPORTS, prefix: 'KNOWN', list: 1n });
  await untilFinal(client, await issue(client, known));
  const steady = (i: number) => targetOf(known, i);
  const quietly = { perSecond: RATE, seconds: SECONDS, next: steady };

  note('warming up ...');
  await drive(url, { ...quietly, seconds: Math.min(5, SECONDS) });
  note(`quiet: ${RATE} requests a second for ${SECONDS} s ...`);
  const quiet = await measured(metrics, () => drive(url, quietly));

  const bursts = Math.max(1, Math.floor((SECONDS * 1_000) / BURST_EVERY_MS));
  note(`the same in ${bursts} bursts of ${BURST} credentials ...`);
  const fresh = await signPassports(stage, { of: LAPTOP, count: bursts * BURST, prefix: 'BURST', list: 2n });
  const receipts: string[] = [];
  const issuing = async () => {
    const sent: Promise<unknown>[] = [];
    for (let i = 0; i < bursts; i++) {
      const burst = fresh.slice(i * BURST, (i + 1) * BURST);
      // A burst that is turned away has no receipts, which is counted.
      const settled = issue(client, burst).then(
        (ids) => void receipts.push(...ids),
        (error: unknown) => note(`a burst failed: ${error instanceof Error ? error.message : String(error)}`),
      );
      sent.push(settled);
      await new Promise((resolve) => setTimeout(resolve, BURST_EVERY_MS));
    }
    await Promise.all(sent);
  };
  const busy = await measured(metrics, async () => (await Promise.all([drive(url, quietly), issuing()]))[0]);
  const issuedAt = performance.now();
  await untilFinal(client, receipts);
  const finalAfterMs = performance.now() - issuedAt;

  note(`too much: ${OVERLOAD} requests a second for ${OVERLOAD_SECONDS} s, a third of them of one client ...`);
  await openConnections(url);
  const overloaded = await measured(metrics, () =>
    drive(url, {
      perSecond: OVERLOAD,
      seconds: OVERLOAD_SECONDS,
      next: (i) => targetOf(known, i, i % 3 === 0 ? 0 : i),
    }),
  );
  note('and quiet again ...');
  const after = await measured(metrics, () => drive(url, quietly));

  const rows = [
    rowOf('quiet', quiet, RATE),
    rowOf('while issuing in bursts', busy, RATE),
    rowOf('too much', overloaded, OVERLOAD),
    rowOf('right after', after, RATE),
  ];
  const refusals = overloaded.phase.samples.filter(isRefused);
  const recoveredMs = recoveryOf(after.phase, percentile(timesOf(quiet.phase.samples), 0.5));
  const bars: Bar[] = [
    { name: 'steady requests that were not answered well', value: count(quiet, isBad) + count(busy, isBad), atMost: 0 },
    { name: 'credentials of bursts without a receipt', value: fresh.length - receipts.length, atMost: 0 },
    { name: 'answers other than 200, 429 and 503 under overload', value: count(overloaded, isFailed), atMost: 0 },
    {
      name: 'p99 of a refusal, from when it was sent, ms',
      value: percentile(
        refusals.map(({ answerMs }) => answerMs),
        0.99,
      ),
      atMost: 250,
    },
    { name: 'p50 right after / p50 in quiet', value: (rows[3]?.p50 ?? 0) / (rows[0]?.p50 ?? 1), atMost: 2 },
    { name: 'p50 in bursts / p50 in quiet', value: (rows[1]?.p50 ?? 0) / (rows[0]?.p50 ?? 1), atMost: 4 },
  ];
  const figures = {
    machine: `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, Node ${process.version}`,
    database: values.database === undefined ? 'PGlite' : 'PostgreSQL',
    burstCredentials: receipts.length,
    finalAfterLastAnswerMs: Math.round(finalAfterMs),
    refusedWith429: refusals.filter(({ status }) => status === 429).length,
    refusedWith503: refusals.filter(({ status }) => status === 503).length,
    recoveredMs: Math.round(recoveredMs),
  };
  if (values.json) console.log(JSON.stringify({ figures, rows, bars }));
  else print(rows, bars, figures);
  return bars.every(({ value, atMost }) => value <= atMost) ? 0 : 1;
}

// --------------------------------------------------------------------------------------------------------------- service

interface Service {
  readonly url: string;
  readonly metrics: string;
  stop(): Promise<void>;
}

/** `dpp serve` over the stage's chain, as an operator runs it behind one proxy. */
async function startService({ rpcUrl, reader, relayerKey }: BenchStage): Promise<Service> {
  const account = join(folder, 'relayer.hex');
  await writeFile(account, relayerKey, { mode: 0o600 });
  const main = join(import.meta.dirname, '../../packages/cli/src/main.ts');
  const child: ChildProcess = spawn(process.execPath, [main, 'serve', '--json', '--quiet'], {
    cwd: folder,
    env: {
      ...{ PATH: process.env.PATH, HOME: process.env.HOME, DPP_DATA: join(folder, 'service'), DPP_PORT: '0' },
      ...{ DPP_PUBLIC_URL: 'https://dpp.example', DPP_RPC_URL: rpcUrl, DPP_LEDGER: formatPin(reader.id) },
      ...{ DPP_ACCOUNT_FILE: account, DPP_POLL_MS: '200', DPP_METRICS_PORT: '0', DPP_TRUST_PROXY: '1' },
      ...(values.database === undefined ? {} : { DPP_DATABASE_URL: values.database }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.stdout === null || child.stderr === null) throw new TypeError('they are pipes');
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-10_000);
  });
  // However this program ends.
  process.once('exit', () => child.kill('SIGKILL'));
  const ended = once(child, 'close');
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    ended.then(() => Promise.reject(new Error(`dpp serve ended:\n${said}`))),
  ]);
  const { url, metrics } = JSON.parse(String(line)) as { url: string; metrics: string };
  // It answers before it has read the chain.
  for (let ready = false; !ready; ready = (await fetch(`${url}/readyz`)).ok) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    ...{ url, metrics },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

interface Measured {
  readonly phase: Phase;
  readonly residentMiB: number;
  readonly loopLagMs: number;
}

/** What the service says of itself meanwhile, once a second: the largest of each. */
async function measured(metrics: string, work: () => Promise<Phase>): Promise<Measured> {
  let [residentMiB, loopLagMs] = [0, 0];
  const look = async () => {
    const text = await (await fetch(`${metrics}/metrics`)).text();
    const read = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
    residentMiB = Math.max(residentMiB, read('process_resident_memory_bytes') / 2 ** 20);
    loopLagMs = Math.max(loopLagMs, read('nodejs_eventloop_lag_p99_seconds') * 1_000);
  };
  // The first tells of the time before.
  await look();
  loopLagMs = 0;
  let looking: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, 1_000);
  const phase = await work();
  clearInterval(timer);
  await looking;
  await look();
  return { phase, residentMiB, loopLagMs };
}

// ----------------------------------------------------------------------------------------------------------------- work

/** Receipts of what was accepted. */
async function issue(client: Client, credentials: readonly SignedCredential[]): Promise<string[]> {
  const ids: string[] = [];
  for await (const { state, id } of client.postCredentials(credentials.map(({ jwt }) => jwt))) {
    if (state === 'accepted' && id !== undefined) ids.push(id);
  }
  return ids;
}

async function untilFinal(client: Client, ids: readonly string[]): Promise<void> {
  for (let from = 0; from < ids.length; from += WATCHED) {
    for await (const { state, code } of client.watchReceipts(ids.slice(from, from + WATCHED))) {
      if (state === 'refused') throw new Error(`refused: ${code}`);
    }
  }
}

/** A label, a verdict and evidence in turn, of one passport after the other; each asked by another client, or all by one. */
function targetOf(known: readonly SignedCredential[], i: number, clientNumber = i): Target {
  const { cid } = known[(i * 7) % known.length] as SignedCredential;
  const serial = `KNOWN${(i * 7) % known.length}`;
  const address = `10.${(clientNumber >> 16) & 255}.${(clientNumber >> 8) & 255}.${clientNumber & 255}`;
  const headers = { 'x-forwarded-for': address };
  const label = `/01/${LAPTOP.gtin}/21/${serial}`;
  if (i % 3 === 0) return { kind: 'resolve', path: `${label}?linkType=all`, headers };
  if (i % 3 === 1)
    return { kind: 'verify', path: `/verify?uri=${encodeURIComponent(`https://id.gs1.org${label}`)}`, headers };
  return { kind: 'evidence', path: `/evidence/${cid}`, headers };
}

// -------------------------------------------------------------------------------------------------------------- figures

function isRefused({ status }: Sample): boolean {
  return status === 429 || status === 503;
}

function isBad({ status }: Sample): boolean {
  return status !== 200;
}

function isFailed(sample: Sample): boolean {
  return isBad(sample) && !isRefused(sample);
}

function count({ phase }: Measured, which: (sample: Sample) => boolean): number {
  return phase.samples.filter(which).length;
}

function timesOf(samples: readonly Sample[]): number[] {
  return samples.map(({ ms }) => ms);
}

function rowOf(name: string, { phase, residentMiB, loopLagMs }: Measured, perSecond: number): Row {
  const answered = phase.samples.filter((sample) => !isBad(sample));
  const times = timesOf(answered);
  return {
    ...{ phase: name, perSecond, requests: phase.samples.length, ok: answered.length },
    refused: phase.samples.filter(isRefused).length,
    failed: phase.samples.filter(isFailed).length,
    ...{ p50: percentile(times, 0.5), p99: percentile(times, 0.99), max: Math.max(...times) },
    ...{ residentMiB, loopLagMs, driverLagMs: phase.driverLagMs },
  };
}

/** Until the first quarter of a second from which all are answered well, and half of them within twice the time of quiet. */
function recoveryOf({ samples }: Phase, quietP50: number): number {
  const window = 250;
  for (let from = 0; ; from += window) {
    const here = samples.filter(({ dueMs }) => dueMs >= from && dueMs < from + window);
    if (here.length === 0) return Number.POSITIVE_INFINITY;
    if (!here.some(isBad) && percentile(timesOf(here), 0.5) <= 2 * quietP50) return from;
  }
}

function print(rows: readonly Row[], bars: readonly Bar[], figures: Readonly<Record<string, unknown>>): void {
  const columns = [
    'phase',
    'req/s',
    'asked',
    '200',
    'refused',
    'failed',
    'p50',
    'p99',
    'max',
    'MiB',
    'lag p99',
    'driver',
  ];
  const cells = rows.map((row) =>
    [
      ...[row.phase, row.perSecond, row.requests, row.ok, row.refused, row.failed],
      ...[row.p50, row.p99, row.max].map((ms) => ms.toFixed(1)),
      ...[row.residentMiB.toFixed(0), row.loopLagMs.toFixed(1), row.driverLagMs.toFixed(1)],
    ].map(String),
  );
  const widths = columns.map((title, i) => Math.max(title.length, ...cells.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ');
  console.log([line(columns), ...cells.map(line)].join('\n'));
  console.log(
    "Times in ms, from when a request was due; memory and lag of the event loop are the service's, the largest seen.\n",
  );
  for (const [name, value] of Object.entries(figures)) console.log(`${name.padEnd(26)} ${value}`);
  console.log('');
  for (const { name, value, atMost } of bars) {
    const verdict = value <= atMost ? 'met   ' : 'MISSED';
    console.log(`${verdict} ${name}: ${Number(value.toFixed(2))}, at most ${atMost}`);
  }
}

function note(text: string): void {
  console.error(`${(performance.now() / 1_000).toFixed(0).padStart(4)} s  ${text}`);
}
