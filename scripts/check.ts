/**
 * Checks everything that needs no installed service: format, lint, types, generated files, contracts, unit, conformance and end-to-end
 * tests. `check.ts engines` runs what needs the real engines instead (`scripts/engines/with-engines.ts` gives it them), `check.ts browser`
 * what needs a browser, `check.ts analysis` what Python's tools prove of the contracts, `check.ts second-verifier` a verifier in Python.
 * Every step runs even when one before it failed; the last line counts tests and steps.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

interface Step {
  readonly name: string;
  readonly command: readonly string[];
  /** Reads how many tests the step ran; a step without tests counts as one. */
  readonly count?: (output: string) => { passed: number; failed: number; skipped: number };
}

const vitestReport = z.object({ numPassedTests: z.number(), numFailedTests: z.number(), numPendingTests: z.number() });
const scratch = mkdtempSync(join(tmpdir(), 'dpp-check-'));
const vitestFile = join(scratch, 'vitest.json');

/** Tests of the workspace, counted; `args` choose them. */
function vitest(name: string, ...args: readonly string[]): Step {
  return {
    name,
    command: ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${vitestFile}`, ...args],
    count: () => {
      const report = vitestReport.parse(JSON.parse(readFileSync(vitestFile, 'utf8')));
      return { passed: report.numPassedTests, failed: report.numFailedTests, skipped: report.numPendingTests };
    },
  };
}

const ALONE: readonly Step[] = [
  { name: 'format and lint', command: ['biome', 'ci', '--error-on-warnings', '.'] },
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'contracts build', command: ['hardhat', 'build'] },
  { name: 'generated files are fresh', command: ['pnpm', 'run', 'generate:check'] },
  {
    name: 'contracts',
    command: ['hardhat', 'test'],
    count: (output) => {
      const sum = (pattern: RegExp) =>
        [...output.matchAll(pattern)].reduce((total, match) => total + Number(match[1]), 0);
      return {
        passed: sum(/(\d+) passing/g),
        failed: sum(/(\d+) failing/g),
        skipped: sum(/(\d+) (?:skipped|pending)/g),
      };
    },
  },
  vitest('packages, conformance, end to end'),
];

/** Each file skips itself where its engine is not in the environment: here all of them are. */
const ON_ENGINES: readonly Step[] = [
  vitest('end to end on PostgreSQL, Kubo and geth', 'test/e2e/service.test.ts', 'test/e2e/outages.test.ts'),
  vitest(
    'service, replicas and doctor on PostgreSQL',
    ...['postgres', 'takeover', 'restore', 'rebuild', 'overload'].map((name) => `packages/api/test/${name}.test.ts`),
    ...['doctor', 'operating'].map((name) => `packages/cli/test/${name}.test.ts`),
  ),
  {
    name: 'killed under load, on PostgreSQL',
    command: ['node', 'test/endurance/endure.ts', '--database', 'postgresql', '--store', 'kubo', '--kills', '24'],
  },
  vitest('the store on Kubo', 'packages/sdk/test/store.test.ts'),
  vitest('mirrors of the journal before fsck of Tessera', 'test/conformance/tiles.test.ts'),
  vitest("the log before omniwitness and Go's packages", 'test/judges'),
  { name: 'gas, by the rules of today and of Amsterdam', command: ['node', 'scripts/bench/gas.ts'] },
];

const IN_BROWSER: readonly Step[] = [vitest('in a browser', '--config', 'vitest.browser.config.ts')];

const ANALYSIS: readonly Step[] = [
  { name: 'Slither', command: ['node', 'scripts/analysis/slither.ts'] },
  {
    name: 'Halmos',
    command: ['node', 'scripts/analysis/halmos.ts'],
    count: (output) => {
      const [, passed, failed] = /^(\d+) checks proved, (\d+) not$/m.exec(output) ?? [];
      return { passed: Number(passed ?? 0), failed: Number(failed ?? 1), skipped: 0 };
    },
  },
];

const SECOND_VERIFIER: readonly Step[] = [
  vitest('a second verifier, from the documents alone', '--config', 'vitest.second-verifier.config.ts'),
];

const GROUPS: Readonly<Record<string, readonly Step[]>> = {
  alone: ALONE,
  engines: ON_ENGINES,
  browser: IN_BROWSER,
  analysis: ANALYSIS,
  'second-verifier': SECOND_VERIFIER,
};
const group = process.argv[2] ?? 'alone';
const steps = GROUPS[group];
if (steps === undefined) throw new TypeError(`"${group}" is none of ${Object.keys(GROUPS).join(', ')}`);

let passed = 0;
let failed = 0;
let skipped = 0;
const lines: string[] = [];
for (const step of steps) {
  console.log(`\n== ${step.name}`);
  // A step's report must be its own.
  rmSync(vitestFile, { force: true });
  const started = performance.now();
  const { ok, output } = await run(step.command);
  const counted = step.count === undefined ? { passed: 1, failed: 0, skipped: 0 } : countOrNothing(step.count, output);
  // A step that failed without a failing test (it did not even start, or ran nothing) still counts as a failure.
  const failures = ok ? counted.failed : Math.max(1, counted.failed);
  const nothing = ok && counted.passed + counted.failed === 0;
  passed += ok || step.count !== undefined ? counted.passed : 0;
  failed += failures + (nothing ? 1 : 0);
  skipped += counted.skipped;
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  lines.push(
    `${ok && !nothing ? 'ok    ' : 'FAILED'} ${step.name}: ${counted.passed} passed, ${failures} failed, ${counted.skipped} skipped, ${seconds} s`,
  );
}
rmSync(scratch, { recursive: true, force: true });

console.log(`\n${lines.join('\n')}`);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed === 0 ? 0 : 1;

/** Runs a tool of the workspace; its output is shown as it comes and kept for counting. */
async function run(command: readonly string[]): Promise<{ ok: boolean; output: string }> {
  const child = spawn('pnpm', ['exec', ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const [stream, screen] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ] as const) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      screen.write(text);
    });
  }
  const [status] = await once(child, 'close');
  return { ok: status === 0, output };
}

function countOrNothing(
  count: NonNullable<Step['count']>,
  output: string,
): { passed: number; failed: number; skipped: number } {
  try {
    return count(output);
  } catch (cause) {
    console.error(`The step's tests could not be counted: ${cause instanceof Error ? cause.message : String(cause)}`);
    return { passed: 0, failed: 0, skipped: 0 };
  }
}
