/**
 * Foundry's forge, as what analyses the contracts needs it: from npm, by a lockfile of its own, with the compiler that the project pins
 * (`forge/solc.mjs`). Nobody but the analyses installs it, and it downloads nothing.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');
const folder = join(import.meta.dirname, 'forge');

/** The compiler, as a program. */
export const solc = join(folder, 'solc.mjs');
/** What forge, and whatever calls it, must have in its environment. */
export const forgeEnv: Readonly<Record<string, string>> = {
  FOUNDRY_CONFIG: join(folder, 'foundry.toml'),
  FOUNDRY_DISABLE_NIGHTLY_WARNING: 'true',
  PATH: `${join(folder, 'node_modules/.bin')}:${process.env.PATH ?? ''}`,
};

/** Installs forge if need be. */
export function installForge(): void {
  const args = ['install', '--dir', folder, '--ignore-workspace', '--ignore-scripts', '--frozen-lockfile'];
  call('pnpm', [...args, '--prefer-offline', '--loglevel=error'], { quiet: true });
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

/** Runs forge. */
export function forge(args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  return call('forge', args, { env: { ...forgeEnv, ...env } });
}
