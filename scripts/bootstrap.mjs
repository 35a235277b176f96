// Brings what the project needs to a machine that has only Node (20 or newer) and npm, then runs one of its jobs.
// Node 24 and pnpm come from the package registry, into npm's own cache: nothing is installed globally.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE = 'node@24.21.0';
const PNPM = 'pnpm@12.21.0';
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
// Where the user is: npm runs scripts in the project's folder.
const here = process.env.INIT_CWD ?? root;
const JOBS = {
  demo: { command: 'node scripts/demo.ts', folder: root },
  test: { command: 'pnpm run check', folder: root },
  engines: {
    command: 'node scripts/engines/with-engines.ts -- node scripts/check.ts engines',
    folder: root,
  },
  fuzz: { command: 'node test/fuzz/fuzz.ts', folder: root },
  secondVerifier: { command: 'node scripts/check.ts second-verifier', folder: root },
  browser: { command: 'node scripts/check.ts browser', folder: root },
  analysis: { command: 'node scripts/check.ts analysis', folder: root },
  dpp: { command: `node ${quote(join(root, 'packages/cli/src/main.ts'))}`, folder: here },
};

const [name = '', ...args] = process.argv.slice(2);
const job = JOBS[name];
if (job === undefined) {
  console.error(`Unknown job "${name}". One of: ${Object.keys(JOBS).join(', ')}.`);
  process.exit(2);
}

// What the installer says goes to standard error: a job's answer may be read by a program.
const install = 'pnpm install --frozen-lockfile --prefer-offline --reporter=append-only --loglevel=warn 1>&2';
const steps = [
  ...(isInstalled() ? [] : [install]),
  `cd ${quote(job.folder)}`,
  `exec ${[job.command, ...args.map(quote)].join(' ')}`,
];
const run = spawnSync(
  'npx',
  ['--yes', `--package=${NODE}`, `--package=${PNPM}`, '--', 'sh', '-c', steps.join(' && ')],
  {
    cwd: root,
    stdio: 'inherit',
    // npm's own settings of the outer run must not reach the inner one.
    env: Object.fromEntries(
      Object.entries(process.env).filter(
        ([key]) => !key.startsWith('npm_config_') || key === 'npm_config_registry' || key === 'npm_config_cache',
      ),
    ),
  },
);
process.exit(run.status ?? 1);

/** pnpm keeps a copy of the lockfile that it installed from. */
function isInstalled() {
  try {
    const wanted = readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8');
    return readFileSync(join(root, 'node_modules/.pnpm/lock.yaml'), 'utf8') === wanted;
  } catch {
    return false;
  }
}

function quote(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
