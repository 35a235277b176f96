/**
 * `pnpm analyse:mutation:core [FILE...]`: Stryker over the files of packages/core on which a verdict depends, with core's own tests. It
 * prints every survivor; `coverage/mutation-core.html` shows them in place. Files that are done are remembered, so that a
 * run over a few files at a time comes to the same.
 *
 * Texts are left as they are: most are the sentences of errors, which no test quotes.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { call, root } from './forge.ts';

const JUDGED = ['verify/verify', 'verify/presented', 'journal/tree', 'credential/jwt', 'credential/grants'];
const SUITES = 'packages/core/test/{verify,evidence,journal,credential,checkpoint}/**/*.test.ts';

const folder = join(import.meta.dirname, 'stryker');
const install = ['install', '--dir', folder, '--ignore-workspace', '--ignore-scripts', '--frozen-lockfile'];
// Its peer is the project's vitest, which it then finds on the way up.
call('pnpm', [...install, '--config.auto-install-peers=false', '--prefer-offline', '--loglevel=error'], {
  quiet: true,
});

const wanted = process.argv.slice(2);
const vitest = join(root, 'cache/stryker.vitest.config.mjs');
const config = join(root, 'cache/stryker.config.json');
mkdirSync(join(root, 'cache'), { recursive: true });
writeFileSync(
  vitest,
  `export default { test: { include: ['${SUITES}'], testTimeout: 120_000, hookTimeout: 120_000 } };\n`,
);
writeFileSync(
  config,
  JSON.stringify({
    testRunner: 'vitest',
    plugins: [join(folder, 'node_modules/@stryker-mutator/vitest-runner/dist/src/index.js')],
    vitest: { configFile: vitest, related: false },
    mutate: wanted.length > 0 ? wanted : JUDGED.map((file) => `packages/core/src/${file}.ts`),
    mutator: { excludedMutations: ['StringLiteral'] },
    ignoreStatic: true,
    coverageAnalysis: 'perTest',
    concurrency: 1,
    // A mutant that a busy machine only makes slow is not one that never ends.
    timeoutMS: 60_000,
    incremental: true,
    incrementalFile: 'coverage/mutation-core.json',
    reporters: ['clear-text', 'progress-append-only', 'html'],
    htmlReporter: { fileName: 'coverage/mutation-core.html' },
    tempDirName: 'cache/stryker',
    // Stryker would rewrite it with an API that TypeScript 7 does not have; nothing here reads it.
    tsconfigFile: 'none.json',
    ignorePatterns: ['contracts', 'docs', 'examples', 'coverage', 'artifacts'],
  }),
);
const stryker = join(folder, 'node_modules/.bin/stryker');
const { status } = spawnSync(stryker, ['run', config], { cwd: root, stdio: 'inherit' });
process.exitCode = status ?? 1;
