/**
 * `pnpm coverage:contracts`: lines and statements as Hardhat counts them, then lines, statements and branches as forge does, which runs
 * the same Solidity tests a second time in another engine. Fails when a line, statement or branch is not run and is not among the gaps
 * below, which docs/contracts-coverage.md explains.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { call, installForge, root } from './forge.ts';

/** Branches that no test can take: file, and what stands on the line. */
const GAPS: readonly { readonly file: string; readonly text: string }[] = [
  { file: 'contracts/Journal.sol', text: 'if iszero(staticcall(gas(), 2, data, 0x41, 0, 0x20)) { revert(0, 0) }' },
];

interface Missed {
  readonly file: string;
  readonly line: number;
  readonly what: 'line' | 'branch';
}

function readLcov(path: string): {
  readonly missed: readonly Missed[];
  readonly lines: number;
  readonly branches: number;
} {
  const missed: Missed[] = [];
  let file = '';
  let lines = 0;
  let branches = 0;
  for (const row of readFileSync(path, 'utf8').split('\n')) {
    const [tag, rest = ''] = row.split(':', 2);
    const [line = '', ...values] = rest.split(',');
    if (tag === 'SF') file = rest;
    if (tag === 'DA') {
      lines++;
      if (values[0] === '0') missed.push({ file, line: Number(line), what: 'line' });
    }
    if (tag === 'BRDA') {
      branches++;
      if (values[2] === '0' || values[2] === '-') missed.push({ file, line: Number(line), what: 'branch' });
    }
  }
  return { missed, lines, branches };
}

const env = installForge();
mkdirSync(join(root, 'coverage'), { recursive: true });

console.log('== Hardhat: lines and statements');
call(join(root, 'node_modules/.bin/hardhat'), ['test', 'solidity', '--coverage']);

console.log('== forge: lines, statements and branches');
const lcov = join(root, 'coverage/contracts.lcov');
const filter = ['--no-match-coverage', '(test|node_modules)/'];
const report = ['--report', 'summary', '--report', 'lcov', '--report-file', lcov];
const summary = call('forge', ['coverage', ...filter, ...report], { env });

const { missed, lines, branches } = readLcov(lcov);
const gaps = missed.filter(({ file, line, what }) => {
  const text = readFileSync(join(root, file), 'utf8').split('\n')[line - 1]?.trim();
  return what === 'branch' && GAPS.some((gap) => gap.file === file && gap.text === text);
});
const unexplained = missed.filter((miss) => !gaps.includes(miss));
// A gap's branch is one statement that is not run.
const statements = /\| Total\s*\|[^|]*\|[^|(]*\((\d+)\/(\d+)\)/.exec(summary);
const missedStatements = statements === null ? Number.NaN : Number(statements[2]) - Number(statements[1]);

for (const { file, line, what } of unexplained) console.error(`${file}:${line}: ${what} not run`);
console.log(
  `${lines} lines, ${branches} branches, ${statements?.[2]} statements; not run: ${missed.length} lines or branches, ` +
    `${missedStatements} statements; of these explained gaps: ${gaps.length}`,
);
if (unexplained.length > 0 || missedStatements !== gaps.length) process.exitCode = 1;
