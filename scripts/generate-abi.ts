/**
 * Writes the contract's ABI and creation code, as Hardhat built them, to where the SDK reads them.
 * `--check` writes nothing and fails when what is committed is not what the contracts say.
 */
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const target = join(root, 'packages/sdk/src/ledger/generated/PassportLedger.ts');

interface Artifact {
  readonly abi: readonly unknown[];
  readonly bytecode: string;
  readonly buildInfoId: string;
}

interface BuildInfo {
  readonly solcLongVersion: string;
  readonly input: { readonly settings: { readonly optimizer: unknown; readonly evmVersion?: string } };
}

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, 'utf8')) as T;
}

async function render(): Promise<string> {
  const artifact = await readJson<Artifact>(join(root, 'artifacts/contracts/PassportLedger.sol/PassportLedger.json'));
  const builds = await readdir(join(root, 'artifacts/build-info'));
  const build = builds.find((name) => name === `${artifact.buildInfoId}.json`);
  if (build === undefined) throw new Error(`no build info ${artifact.buildInfoId}: run \`hardhat build --force\``);
  const info = await readJson<BuildInfo>(join(root, 'artifacts/build-info', build));
  const compiler = { version: info.solcLongVersion, optimizer: info.input.settings.optimizer };
  return [
    '// Written by scripts/generate-abi.ts from contracts/PassportLedger.sol.',
    '',
    `export const compiler = ${JSON.stringify(compiler, null, 2)} as const;`,
    '',
    `export const abi = ${JSON.stringify(artifact.abi, null, 2)} as const;`,
    '',
    `export const bytecode = '${artifact.bytecode}';`,
    '',
  ].join('\n');
}

const built = spawnSync(join(root, 'node_modules/.bin/hardhat'), ['build', '--quiet'], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
});
if (built.status !== 0) throw new Error('hardhat build failed');
const wanted = await render();
if (process.argv.includes('--check')) {
  const found = await readFile(target, 'utf8').catch(() => '');
  if (found !== wanted) {
    console.error(`${target} is not what the contracts say: run \`pnpm generate\` and commit it`);
    process.exitCode = 1;
  }
} else {
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, wanted);
}
