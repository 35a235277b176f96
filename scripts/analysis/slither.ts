/**
 * `pnpm analyse:slither`: Slither over the ledger, with every detector, compiled by the project's own compiler. What it finds is mended,
 * or justified where it stands by a comment that names the detector; a comment that justifies nothing is an error too.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { installFromPyPI } from '../python.ts';
import { root, solc } from './forge.ts';

const report = z.object({
  success: z.boolean(),
  error: z.string().nullable(),
  results: z.object({
    detectors: z
      .array(
        z.object({
          ...{ check: z.string(), impact: z.string(), description: z.string() },
          unused_ignores: z.array(z.object({ file: z.string(), line: z.number() })).optional(),
        }),
      )
      .optional(),
  }),
});

const programs = installFromPyPI('slither', join(import.meta.dirname, 'slither.txt'));
const scratch = mkdtempSync(join(tmpdir(), 'dpp-slither-'));
try {
  const input = join(scratch, 'input.json');
  const output = join(scratch, 'report.json');
  const ledger = 'contracts/PassportLedger.sol';
  writeFileSync(
    input,
    JSON.stringify({
      language: 'Solidity',
      sources: { [ledger]: { urls: [ledger] } },
      settings: {
        optimizer: { enabled: true, runs: 200 },
        remappings: ['@openzeppelin/=node_modules/@openzeppelin/'],
      },
    }),
  );
  const args = ['--compile-force-framework', 'Solc-json', '--solc', solc, '--filter-paths', 'node_modules'];
  const { stderr } = spawnSync(join(programs, 'slither'), [input, ...args, '--warn-unused-ignores', '--json', output], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const analysed = /analyzed \((\d+) contracts with (\d+) detectors\)/.exec(stderr);
  const { success, error, results } = report.parse(JSON.parse(readFileSync(output, 'utf8')));
  if (!success || analysed === null) throw new Error(`Slither did not finish: ${error ?? stderr}`);
  // OpenZeppelin's own comments are its own business.
  const findings = (results.detectors ?? []).filter(
    ({ unused_ignores: unused }) => unused === undefined || unused.some(({ file }) => !file.includes('node_modules')),
  );
  for (const { check, impact, description } of findings) console.error(`${check} (${impact}): ${description}`);
  console.log(
    `${analysed[1]} contracts, ${analysed[2]} detectors: ${findings.length} findings; ` +
      `${countJustified()} justified where they stand`,
  );
  if (findings.length > 0) process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** How many findings of the source say that they have been judged. */
function countJustified(): number {
  const folder = join(root, 'contracts');
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.sol'));
  const comments = sources.flatMap((file) => [
    ...readFileSync(join(folder, file), 'utf8').matchAll(/\/\/ slither-disable-next-line ([\w,-]+)/g),
  ]);
  return comments.reduce((sum, [, detectors = '']) => sum + detectors.split(',').length, 0);
}
