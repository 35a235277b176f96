/** Programs from PyPI, each with all it needs pinned by hash, in a virtual environment of its own in the user's cache folder. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder of the programs that `requirements` (as `pip-compile --generate-hashes` writes it) brings; installs them the first time. */
export function installFromPyPI(name: string, requirements: string): string {
  const version = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 16);
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'dpp-ledger', `${name}-${version}`);
  const done = join(folder, 'installed');
  if (existsSync(done)) return join(folder, 'bin');
  console.error(`Installing ${name} into ${folder}`);
  rmSync(folder, { recursive: true, force: true });
  if (!run('python3', ['-m', 'venv', folder])) {
    throw new Error('A virtual environment of Python 3.11 or newer is needed (Debian: python3-venv).');
  }
  const pip = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--require-hashes',
    '-r',
    requirements,
  ];
  if (!run(join(folder, 'bin/python'), pip)) throw new Error(`${name} could not be installed.`);
  writeFileSync(`${done}.new`, '');
  renameSync(`${done}.new`, done);
  return join(folder, 'bin');
}

function run(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'inherit' }).status === 0;
}
