/**
 * `pnpm analyse:mutation:core [--again] [FILE...]`: Stryker over the files of packages/core on which a verdict depends, with core's own
 * tests. A survivor must be explained in `survivors.json`, else the command fails. Resumable: each file's judgement is kept in
 * `coverage/mutation-core/` for as long as the file is the same, so that a run over a few files at a time comes to the same. `--again` meets
 * the survivors of such a file with new tests, and them alone.
 *
 * Texts are left as they are: most are the sentences of errors, which no test quotes. Nothing is inferred from an earlier run of the tests.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { call, root } from './forge.ts';
import { reportUnexplained } from './survivors.ts';

/** Each with the folders of core's tests that are about it: others would only cost time. */
const JUDGED: Readonly<Record<string, readonly string[]>> = {
  'verify/verify': ['verify', 'evidence'],
  'verify/provenance': ['verify'],
  'verify/presented': ['verify', 'evidence'],
  'materials/provenance': ['materials', 'verify'],
  'materials/lot': ['materials', 'journal'],
  'journal/material-rules': ['journal'],
  'journal/tree': ['journal', 'checkpoint', 'evidence'],
  'credential/jwt': ['credential', 'verify'],
  'credential/grants': ['credential', 'verify'],
  'credential/cid': ['credential', 'evidence'],
};

const place = z.object({ line: z.number(), column: z.number() });
const mutant = z.object({
  location: z.object({ start: place, end: place }),
  replacement: z.string(),
  status: z.enum(['Killed', 'Timeout', 'Survived', 'NoCoverage', 'CompileError', 'RuntimeError', 'Ignored']),
});
type Mutant = z.infer<typeof mutant>;
const report = z.object({ files: z.record(z.string(), z.object({ mutants: z.array(mutant) })) });
const judgement = z.object({ digest: z.string(), mutants: z.array(mutant) });

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { again: { type: 'boolean', default: false } },
});
const wanted = Object.entries(JUDGED)
  .map(([name, folders]) => ({ file: `packages/core/src/${name}.ts`, folders }))
  .filter(({ file }) => positionals.length === 0 || positionals.some((part) => file.includes(part)));

const folder = join(import.meta.dirname, 'stryker');
const memory = join(root, 'coverage/mutation-core');
const cache = join(root, 'cache/stryker');
install();
const judged = wanted.map(({ file, folders }) => [file, judge(file, folders)] as const);

const surviving = judged.flatMap(([file, mutants]) =>
  mutants.filter(survives).map(({ location: { start, end }, replacement: to }) => {
    const lines = readFileSync(join(root, file), 'utf8').split('\n');
    const within = lines.slice(start.line - 1, end.line);
    within.push((within.pop() ?? '').slice(0, end.column - 1));
    within[0] = (within[0] ?? '').slice(start.column - 1);
    return { file, line: lines[start.line - 1]?.trim() ?? '', number: start.line, from: within.join('\n'), to };
  }),
);
for (const [file, mutants] of judged) {
  const count = (...statuses: readonly Mutant['status'][]) =>
    mutants.filter(({ status }) => statuses.includes(status)).length;
  const [killed, survived] = [count('Killed', 'Timeout'), count('Survived', 'NoCoverage')];
  const score = ((100 * killed) / Math.max(1, killed + survived)).toFixed(1);
  console.log(
    `${file}: ${killed} of ${killed + survived} mutants killed, ${score}%; ${count('Timeout')} of them never ended, ` +
      `${count('NoCoverage')} in what no test runs`,
  );
}
const unexplained = reportUnexplained(surviving);
console.log(`${surviving.length} survive, ${unexplained} of them unexplained`);
if (unexplained > 0) process.exitCode = 1;

function survives({ status }: Mutant): boolean {
  return status === 'Survived' || status === 'NoCoverage';
}

/** What is remembered of a file, and what is not is judged now. */
function judge(file: string, folders: readonly string[]): readonly Mutant[] {
  const digest = createHash('sha256')
    .update(readFileSync(join(root, file)))
    .digest('hex');
  const path = join(memory, `${file.replace('packages/core/src/', '').replace('/', '.')}.json`);
  const kept = existsSync(path) ? judgement.parse(JSON.parse(readFileSync(path, 'utf8'))) : undefined;
  const known = kept?.digest === digest ? kept.mutants : undefined;
  if (known !== undefined && !values.again) return known;
  const open = (known ?? []).filter(survives);
  if (known !== undefined && open.length === 0) return known;
  const ranges = open.map(
    ({ location: { start, end } }) => `${file}:${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`,
  );
  const anew = new Map(mutate(known === undefined ? [file] : ranges, folders).map((one) => [identify(one), one]));
  const mutants = known?.map((one) => (survives(one) ? (anew.get(identify(one)) ?? one) : one)) ?? [...anew.values()];
  writeFileSync(path, JSON.stringify({ digest, mutants }));
  return mutants;
}

function identify({ location: { start, end }, replacement }: Mutant): string {
  return `${start.line}:${start.column}-${end.line}:${end.column} ${replacement}`;
}

/** Stryker's own judgement of what it may change. */
function mutate(patterns: readonly string[], folders: readonly string[]): readonly Mutant[] {
  const [vitest, config, answer] = ['vitest.config.mjs', 'config.json', 'report.json'].map((name) => join(cache, name));
  if (vitest === undefined || config === undefined || answer === undefined) throw new TypeError('three names');
  rmSync(answer, { force: true });
  const include = folders.map((one) => `packages/core/test/${one}/**/*.test.ts`);
  const settings = { include, testTimeout: 120_000, hookTimeout: 120_000 };
  writeFileSync(vitest, `export default { test: ${JSON.stringify(settings)} };\n`);
  writeFileSync(
    config,
    JSON.stringify({
      testRunner: 'vitest',
      plugins: [join(folder, 'node_modules/@stryker-mutator/vitest-runner/dist/src/index.js')],
      vitest: { configFile: vitest, related: false },
      mutate: patterns,
      mutator: { excludedMutations: ['StringLiteral'] },
      ignoreStatic: true,
      coverageAnalysis: 'perTest',
      concurrency: 1,
      // A mutant that a busy machine only makes slow is not one that never ends.
      timeoutMS: 20_000,
      reporters: ['clear-text', 'progress-append-only', 'json'],
      jsonReporter: { fileName: answer },
      tempDirName: join(cache, 'sandbox'),
      // Stryker would rewrite it with an API that TypeScript 7 does not have; nothing here reads it.
      tsconfigFile: 'none.json',
      ignorePatterns: ['contracts', 'docs', 'examples', 'coverage', 'artifacts'],
    }),
  );
  const { status } = spawnSync(join(folder, 'node_modules/.bin/stryker'), ['run', config], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`Stryker ended with ${status}.`);
  return Object.values(report.parse(JSON.parse(readFileSync(answer, 'utf8'))).files).flatMap(({ mutants }) => mutants);
}

function install(): void {
  for (const one of [memory, cache]) mkdirSync(one, { recursive: true });
  const args = ['install', '--dir', folder, '--ignore-workspace', '--ignore-scripts', '--frozen-lockfile'];
  // Its peer is the project's vitest, which it then finds on the way up.
  call('pnpm', [...args, '--config.auto-install-peers=false', '--prefer-offline', '--loglevel=error'], { quiet: true });
}
