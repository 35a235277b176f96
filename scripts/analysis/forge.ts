/**
 * Foundry's forge, as what analyses the contracts needs it: from npm, by a lockfile of its own, with the compiler that the project pins
 * (`forge/solc.mjs`). Nobody but the analyses installs it, and it downloads nothing.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export const root = join(import.meta.dirname, '../..');
const folder = join(import.meta.dirname, 'forge');

/** The compiler, as a program. */
export const solc = join(folder, 'solc.mjs');

/** Installs forge if need be: what it, and whatever calls it, must have in its environment. */
export function installForge(): Readonly<Record<string, string>> {
  const args = ['install', '--dir', folder, '--ignore-workspace', '--ignore-scripts', '--frozen-lockfile'];
  call('pnpm', [...args, '--prefer-offline', '--loglevel=error'], { quiet: true });
  return {
    FOUNDRY_CONFIG: join(folder, 'foundry.toml'),
    FOUNDRY_LINT_LINT_ON_BUILD: 'false',
    PATH: `${dirname(findForge())}:${process.env.PATH ?? ''}`,
  };
}

/** The program itself: what npm's package puts before it ends with 0 whatever forge ended with. */
function findForge(): string {
  const npm = createRequire(realpathSync(join(folder, 'node_modules/@foundry-rs/forge/package.json')));
  const system = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const manifest = npm.resolve(`@foundry-rs/forge-${system}/package.json`);
  const program = join(dirname(manifest), 'bin/forge');
  if (!existsSync(program)) throw new Error(`There is no forge for ${system}.`);
  return program;
}

/** Runs a program in the project's root until it ends: what it printed. Throws, and shows it, when it failed. */
export function call(
  program: string,
  args: readonly string[],
  { env = {}, quiet = false }: { readonly env?: Readonly<Record<string, string>>; readonly quiet?: boolean } = {},
): string {
  const { status, stdout, error } = spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (!quiet || status !== 0) process.stdout.write(stdout ?? '');
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed`, { cause: error });
  return stdout;
}
