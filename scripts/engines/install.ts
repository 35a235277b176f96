/**
 * The engines' programs, in exactly the versions that are tested. PostgreSQL is a package of the system; the others are built from
 * source by Go, once, into a cache outside the repository.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { say } from './say.ts';

interface Source {
  readonly name: string;
  readonly version: string;
  readonly program: string;
  /** Go package. */
  readonly path: string;
  /** Built inside a module that names it as its tool: it cannot be installed by its path and version alone. */
  readonly asTool?: true;
}

const SOURCES = {
  geth: { name: 'geth', version: '1.17.10', program: 'geth', path: 'github.com/ethereum/go-ethereum/cmd/geth' },
  kubo: { name: 'Kubo', version: '0.41.0', program: 'ipfs', path: 'github.com/ipfs/kubo/cmd/ipfs', asTool: true },
  fsck: {
    name: 'fsck of Tessera',
    version: '1.0.4',
    program: 'fsck',
    path: 'github.com/transparency-dev/tessera/cmd/fsck',
  },
  // Without releases: a commit.
  omniwitness: {
    name: 'omniwitness',
    version: '0.0.0-20260720115447-2e1c6971d19e',
    program: 'omniwitness',
    path: 'github.com/transparency-dev/witness/cmd/omniwitness',
  },
} as const satisfies Readonly<Record<string, Source>>;

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'dpp-ledger-engines');

/** Path of the program; builds it if it is not in the cache. */
export function installFromSource(which: keyof typeof SOURCES): string {
  const source: Source = SOURCES[which];
  const { name, version, program, path } = source;
  return buildOnce({ name, version, program, folder: `${which}-${version}` }, (work, env) => {
    if (source.asTool) {
      const module = join(work, 'module');
      mkdirSync(module);
      writeFileSync(join(module, 'go.mod'), `module engines\n`);
      run('go', ['get', '-tool', `${path}@v${version}`], { cwd: module, env });
      run('go', ['install', path], { cwd: module, env });
    } else run('go', ['install', `${path}@v${version}`], { cwd: work, env });
  });
}

/** Our own program around Go's packages for logs (test/judges/go): its version is what it is made of. */
export function installJudge(): string {
  const module = join(import.meta.dirname, '../../test/judges/go');
  const digest = createHash('sha256');
  for (const file of ['go.mod', 'go.sum', 'main.go']) digest.update(readFileSync(join(module, file)));
  const version = digest.digest('hex').slice(0, 12);
  const about = { name: "the judge of Go's packages", version, program: 'judge', folder: `judge-${version}` };
  return buildOnce(about, (_, env) => run('go', ['install', '.'], { cwd: module, env }));
}

interface Built {
  readonly name: string;
  readonly version: string;
  readonly program: string;
  /** Of the cache. */
  readonly folder: string;
}

/** `build` puts the program where GOBIN says. */
function buildOnce(
  { name, version, program, folder: kept }: Built,
  build: (work: string, env: NodeJS.ProcessEnv) => void,
): string {
  const folder = join(cache, kept);
  const binary = join(folder, program);
  if (exists(binary)) return binary;

  say(`building ${name} ${version} from source: this once, a minute or two`);
  const began = performance.now();
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, `${kept}-building-`));
  try {
    build(work, { ...process.env, GOBIN: join(work, 'bin'), GOFLAGS: '-buildvcs=false', CGO_ENABLED: '0' });
    // Whole or not at all; whoever built the same meanwhile was first.
    if (!exists(binary)) renameSync(join(work, 'bin'), folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  say(`built ${name} ${version} in ${seconds(began)}, kept in ${folder}`);
  return binary;
}

/** The folder of PostgreSQL's server programs; installs the system's package if there is none. */
export function installPostgres(): string {
  const found = findPostgres();
  if (found !== undefined) return found;
  say('installing the system package postgresql');
  const began = performance.now();
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', 'postgresql'],
  ]) {
    const [program = '', ...rest] = [...asRoot, 'apt-get', ...args];
    run(program, rest, { env });
  }
  say(`installed postgresql in ${seconds(began)}`);
  const installed = findPostgres();
  if (installed === undefined) throw new Error('The package postgresql brought no server program.');
  return installed;
}

/** Debian keeps each version's programs in a folder of its own, outside PATH. */
function findPostgres(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = exists(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(debian, version, 'bin')), ...(process.env.PATH ?? '').split(':')];
  return folders.find((folder) => exists(join(folder, 'initdb')) && exists(join(folder, 'postgres')));
}

/** The module of the client that kubo-rpc-client succeeds, from a lockfile of its own: nobody but its tests carries it. */
export function installPredecessor(): string {
  const folder = join(import.meta.dirname, 'ipfs-http-client');
  const args = ['install', '--dir', folder, '--ignore-scripts', '--frozen-lockfile', '--prefer-offline'];
  run('pnpm', args, { env: process.env });
  return join(folder, 'node_modules/ipfs-http-client/src/index.js');
}

/** No build takes so long: what hangs on a registry ends. */
const LONGEST_BUILD_MS = 15 * 60_000;

function run(program: string, args: readonly string[], options: { cwd?: string; env: NodeJS.ProcessEnv }): void {
  const done = spawnSync(program, args, { ...options, encoding: 'utf8', timeout: LONGEST_BUILD_MS });
  if (done.status === 0) return;
  const why = done.error?.message ?? `${done.stdout}${done.stderr}`;
  throw new Error(`\`${program} ${args.join(' ')}\` failed:\n${why}`);
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function seconds(began: number): string {
  return `${((performance.now() - began) / 1000).toFixed(0)} s`;
}
