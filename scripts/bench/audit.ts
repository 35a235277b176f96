/**
 * `pnpm bench:audit`: a ledger with so many passports audited at depth `credentials`, each time by a process of its own: first a tenth of
 * them, then all, in one thread, with signatures on the platform's, and by as many threads of our own as there are cores. Whether the
 * reports of one block are the same, and whether memory stays where it was with a tenth, decide the exit status.
 *
 *     --count N     passports (100,000)
 *     --json        one object
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { encodeHex } from '@dpp-ledger/core';
import { buildBatch } from '@dpp-ledger/core/evidence';
import { calls } from '@dpp-ledger/sdk/ledger';
import type { AuditedRun } from './audit-run.ts';
import { LAPTOP } from './laptop.ts';
import { openBenchStage, signPassports } from './stage.ts';

const { values: options } = parseArgs({
  options: { count: { type: 'string', default: '100000' }, json: { type: 'boolean', default: false } },
});
const COUNT = Number(options.count);
const BATCH = 1_000;
if (!Number.isInteger(COUNT / (10 * BATCH)) || COUNT < 1) throw new TypeError('--count is a multiple of 10,000');
/** Of each thread: V8 would rather let garbage lie as long as it may, and what grows then is no more than that. */
const SMALL_HEAP = ['--max-old-space-size=160', '--max-semi-space-size=4'];
/** What ten times as many may take more. */
const MOST_GROWTH = 1.5;

const folder = await mkdtemp(join(tmpdir(), 'dpp-audit-bench-'));
const stage = await openBenchStage(folder);
try {
  await anchor(0, COUNT / 10);
  const few = audit('threads');
  await anchor(COUNT / 10, COUNT);
  const [local, threads] = [audit('local'), audit('threads')];
  const isSame = local.report === threads.report;
  const growth = threads.peakMiB / few.peakMiB;
  if (options.json) console.log(JSON.stringify({ cores: availableParallelism(), few, local, threads, growth, isSame }));
  else {
    tell('on threads of our own', few);
    tell('in one thread', local);
    tell('on threads of our own', threads);
    console.log(`memory with ten times as many: ${growth.toFixed(2)} times; at most ${MOST_GROWTH}`);
    console.log(`reports of one block: ${isSame ? 'the same bytes' : 'DIFFERENT'}`);
  }
  process.exitCode = isSame && growth <= MOST_GROWTH && threads.faults === 0 ? 0 : 1;
} finally {
  await stage.stop();
  await rm(folder, { recursive: true, force: true });
}

async function anchor(from: number, to: number): Promise<void> {
  const { relayer, store, signer } = stage;
  for (let at = from; at < to; at += BATCH) {
    const list = BigInt(Math.floor(at / BATCH) + 1);
    const signed = await signPassports(stage, { of: LAPTOP, count: BATCH, prefix: `A${at}N`, list });
    const { root, size, manifest } = buildBatch(signed.map(({ digest }) => digest));
    await store.putBatch({ manifest, credentials: signed });
    await relayer.send(calls.anchor({ issuer: signer.issuer, root, size, manifest: encodeHex(manifest.digest) }));
  }
}

function audit(how: 'local' | 'threads'): AuditedRun {
  const script = join(import.meta.dirname, 'audit-run.ts');
  const pin = JSON.stringify(stage.reader.id);
  const args = [
    ...SMALL_HEAP,
    script,
    stage.rpcUrl,
    pin,
    join(folder, 'data', 'store'),
    join(folder, `notes-${Math.random()}`),
    how,
  ];
  const child = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(`the auditing process failed: ${child.stderr}`);
  return JSON.parse(child.stdout);
}

function tell(how: string, { credentials, ms, cpuMs, peakMiB, faults }: AuditedRun): void {
  const perSecond = Math.round(credentials / (ms / 1_000));
  const perCore = Math.round(credentials / (cpuMs / 1_000));
  console.log(
    `${credentials} credentials ${how}: ${Math.round(ms)} ms, ${perSecond}/s, ${perCore}/s of processor time, ${Math.round(peakMiB)} MiB, ${faults} faults`,
  );
}
