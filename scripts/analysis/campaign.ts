/**
 * `pnpm analyse:campaign [CALLS [SEED]]`: the invariants of test/contracts/Invariants.t.sol over at least CALLS random calls (a million),
 * in forge, which counts them. Each invariant has its own half of the calls, from a seed of its own. The handler compares every call with
 * its model; the invariants are looked at after each twentieth call and after the last of a run.
 *
 * `npm test` runs the same invariants, in Hardhat, over 2,880 calls.
 */
import { call, installForge } from './forge.ts';

/** Calls of a run. Its ledger is closed at any time after the fifty-fifth. */
const DEPTH = 60;
const INVARIANTS = [
  'invariant_treeHeadIsThatOfAnIndependentTreeOverAllEntries',
  'invariant_stateIsWhatTheEntriesSayAndNothingElseChanges',
];

const wanted = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? 1);
if (!Number.isSafeInteger(wanted) || wanted < 1 || !Number.isSafeInteger(seed)) {
  throw new TypeError('usage: pnpm analyse:campaign [CALLS [SEED]]');
}

const env = installForge();
const began = performance.now();
let total = 0;
for (const [i, invariant] of INVARIANTS.entries()) {
  const args = ['test', '--match-test', `^${invariant}`, '--fuzz-seed', `${seed + i}`, '--threads', '1'];
  const runs = {
    FOUNDRY_INVARIANT_RUNS: `${Math.ceil(wanted / INVARIANTS.length / DEPTH)}`,
    FOUNDRY_INVARIANT_DEPTH: `${DEPTH}`,
    FOUNDRY_INVARIANT_CHECK_INTERVAL: '20',
  };
  const output = call('forge', args, { env: { ...env, ...runs } });
  const counted = /\[PASS\] \w+\(\) \(runs: \d+, calls: (\d+), reverts: 0\)/.exec(output);
  if (counted === null) throw new Error(`${invariant}: forge did not say how many calls it made`);
  total += Number(counted[1]);
}
const minutes = ((performance.now() - began) / 60_000).toFixed(1);
console.log(`${total} calls in ${minutes} minutes, no invariant broken, no call against the model`);
