// Brings what the project needs to a machine that has only Node (20 or newer) and npm, then runs one of its jobs.
// Node 24 and pnpm come from the package registry, into npm's own cache: nothing is installed globally.
import { spawnSync } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE = 'node@24.21.0';
const PNPM = 'pnpm@12.21.0';
const JOBS = {
  demo: 'node scripts/demo.ts',
  test: 'pnpm run check',
  browser: 'pnpm run test:browser',
  dpp: 'node packages/cli/src/main.ts',
};

const [job = '', ...args] = process.argv.slice(2);
if (!(job in JOBS)) {
  console.error(`Unknown job "${job}". One of: ${Object.keys(JOBS).join(', ')}.`);
  process.exit(2);
}

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const quoted = args.map((arg) => `'${arg.replaceAll("'", `'\\''`)}'`).join(' ');
const script = `pnpm install --frozen-lockfile --prefer-offline --reporter=append-only --loglevel=warn && exec ${JOBS[job]} ${quoted}`;
const run = spawnSync('npx', ['--yes', `--package=${NODE}`, `--package=${PNPM}`, '--', 'sh', '-c', script], {
  cwd: root,
  stdio: 'inherit',
  // npm's own settings of the outer run must not reach the inner one.
  env: Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !name.startsWith('npm_config_') || name === 'npm_config_registry' || name === 'npm_config_cache',
    ),
  ),
});
process.exit(run.status ?? 1);
