/**
 * `pnpm analyse:campaign [CALLS [SEED [ledger | lots]]]`: the invariants of the ledger (test/contracts/Invariants.t.sol) and those of lots
 * (MaterialsInvariants.t.sol), each over at least CALLS random calls (a million), in forge, which counts them. Each of a suite's two
 * invariants has its half of the calls, from a seed of its own, both at once. The handler compares every call with its model: one that the
 * model allows and the ledger refuses, or the other way round, fails the campaign, as does any call of the handler that reverts. The
 * invariants are looked at after each twentieth call and after the last of a run.
 *
 * What the ledger refused is counted by its reason; a panic among them, or what has no reason, fails the campaign.
 *
 * `npm test` runs the same invariants, in Hardhat, over a few thousand calls.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Interface } from 'ethers';
import { z } from 'zod';
import { abi } from '../../packages/sdk/src/ledger/generated/PassportLedger.ts';
import { call, installForge, root } from './forge.ts';

/** Calls of a run. The ledger of the first is closed at any time after the fifty-fifth. */
const DEPTH = 60;
const SUITES = {
  ledger: [
    'invariant_treeHeadIsThatOfAnIndependentTreeOverAllEntries',
    'invariant_stateIsWhatTheEntriesSayAndNothingElseChanges',
  ],
  lots: ['invariant_massIsConservedOfEachSubstanceAndOrigin', 'invariant_everyLotIsAsTheBooksHaveIt'],
};
const line = z.object({ done: z.number(), refused: z.record(z.string(), z.number()) });

const wanted = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? 1);
const only = process.argv[4];
if (
  !Number.isSafeInteger(wanted) ||
  wanted < 1 ||
  !Number.isSafeInteger(seed) ||
  (only && !Object.hasOwn(SUITES, only))
) {
  throw new TypeError('usage: pnpm analyse:campaign [CALLS [SEED [ledger | lots]]]');
}
const env = installForge();
const folder = join(root, 'cache/campaign');
mkdirSync(folder, { recursive: true });
call('forge', ['build'], { env, quiet: true });

for (const [what, invariants] of Object.entries(SUITES)) {
  if (only !== undefined && only !== what) continue;
  const began = performance.now();
  const played = await Promise.all(invariants.map((invariant, i) => play(invariant, seed + i)));
  const total = played.reduce((sum, { calls }) => sum + calls, 0);
  const minutes = ((performance.now() - began) / 60_000).toFixed(1);
  console.log(`${what}: ${total} calls in ${minutes} minutes, no invariant broken, no call against the model`);
  tellWhatBecameOfThem(played.map(({ file }) => file));
}

/** One invariant's half of the calls: how many they were, and the file in which each run says what became of its own. */
async function play(invariant: string, from: number): Promise<{ readonly calls: number; readonly file: string }> {
  const file = join(folder, `${invariant}.jsonl`);
  rmSync(file, { force: true });
  const args = ['test', '--match-test', `^${invariant}`, '--fuzz-seed', `${from}`, '--threads', '1'];
  const runs = {
    FOUNDRY_INVARIANT_RUNS: `${Math.ceil(wanted / 2 / DEPTH)}`,
    FOUNDRY_INVARIANT_DEPTH: `${DEPTH}`,
    FOUNDRY_INVARIANT_CHECK_INTERVAL: '20',
    DPP_CAMPAIGN_TALLY: file,
  };
  const forge = spawn('forge', args, {
    cwd: root,
    env: { ...process.env, ...env, ...runs },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(forge, 'close');
  const output = await text(forge.stdout);
  const [status] = await closed;
  process.stdout.write(output);
  if (status !== 0) throw new Error(`${invariant} does not hold, or a call went against the model.`);
  const counted = /\[PASS\] \w+\(\) \(runs: \d+, calls: (\d+), reverts: 0\)/.exec(output);
  if (counted === null) throw new Error(`${invariant}: forge did not say how many calls it made`);
  return { calls: Number(counted[1]), file };
}

/** Of the handler's calls of the ledger: how many were done, and how many refused, by reason. */
function tellWhatBecameOfThem(files: readonly string[]): void {
  const names = new Map<string, string>();
  Interface.from(abi).forEachError(({ selector, name }) => names.set(selector, name));
  const refused = new Map<string, number>();
  let done = 0;
  const lines = files.flatMap((file) => readFileSync(file, 'utf8').split('\n').filter(Boolean));
  for (const run of lines.map((one) => line.parse(JSON.parse(one)))) {
    done += run.done;
    for (const [reason, count] of Object.entries(run.refused)) {
      const selector = `0x${Number(reason).toString(16).padStart(8, '0')}`;
      const name = names.get(selector) ?? selector;
      refused.set(name, (refused.get(name) ?? 0) + count);
    }
  }
  const all = [...refused.values()].reduce((sum, count) => sum + count, 0);
  console.log(`  the ledger did ${done} of them and refused ${all}:`);
  for (const [name, count] of [...refused].sort(([, a], [, b]) => b - a)) console.log(`  ${count} ${name}`);
  const unexplained = [...refused.keys()].filter((name) => name.startsWith('0x'));
  if (unexplained.length > 0) throw new Error(`refused without an error of the ledger's: ${unexplained.join(', ')}`);
}
