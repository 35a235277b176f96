/**
 * `node scripts/engines/with-engines.ts [--only postgres,kubo,geth,fsck] -- COMMAND...`: installs the real engines where they are not
 * there, starts them on loopback over a temporary folder, runs the command with their addresses in its environment, and stops them,
 * however the command or this program ends. Its exit status is the command's.
 *
 *     DPP_TEST_POSTGRES   PostgreSQL's server, on which databases may be created
 *     KUBO_RPC            Kubo's RPC; KUBO_GATEWAY its gateway
 *     DPP_TEST_IPFS_HTTP_CLIENT  the module of the client that came before kubo-rpc-client
 *     DPP_TEST_GETH       JSON-RPC of a chain under the Amsterdam rules, a block a second, its first account rich
 *     DPP_TEST_FSCK       the program that checks a tiled log
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGeth } from './geth.ts';
import { installFromSource, installPredecessor } from './install.ts';
import { startKubo } from './kubo.ts';
import { startPostgres } from './postgres.ts';
import { say } from './say.ts';

interface Engine {
  readonly about: string;
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** In the order in which they start. */
const ENGINES: Readonly<Record<string, (folder: string) => Promise<Engine>>> = {
  postgres: async (folder) => {
    const { url, ...engine } = await startPostgres(folder);
    return { ...engine, env: { DPP_TEST_POSTGRES: url } };
  },
  kubo: async (folder) => {
    const { url, gateway, ...engine } = await startKubo(folder);
    return {
      ...engine,
      env: { KUBO_RPC: url, KUBO_GATEWAY: gateway, DPP_TEST_IPFS_HTTP_CLIENT: installPredecessor() },
    };
  },
  geth: async (folder) => {
    const { url, ...engine } = await startGeth(folder);
    return { ...engine, env: { DPP_TEST_GETH: url } };
  },
  // Nothing to start: it is run by who needs it.
  fsck: async () => ({
    about: 'fsck of Tessera',
    env: { DPP_TEST_FSCK: installFromSource('fsck') },
    stop: async () => undefined,
  }),
};
/** How long a command that was told to end may take before it is ended. */
const PATIENCE_MS = 20_000;

const { wanted, command } = readArguments(process.argv.slice(2));
const stopping = new AbortController();
const began = performance.now();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => stopping.abort(name));
}

const folder = mkdtempSync(join(tmpdir(), 'dpp-engines-'));
// PostgreSQL may run as another user, and has to get to its own folder.
chmodSync(folder, 0o711);
const running: Engine[] = [];
try {
  const env: Record<string, string> = {};
  for (const name of wanted) {
    const start = ENGINES[name];
    if (start === undefined) throw new TypeError(`${name} was checked to be an engine`);
    if (stopping.signal.aborted) break;
    const started = performance.now();
    const engine = await start(join(folder, name));
    running.push(engine);
    Object.assign(env, engine.env);
    const where = Object.entries(engine.env).map(([variable, value]) => `${variable}=${value}`);
    say(`${engine.about} is there after ${seconds(started)}: ${where.join(' ')}`);
  }
  process.exitCode = stopping.signal.aborted ? statusOf(stopping.signal.reason) : await runCommand(env);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  for (const engine of running.reverse()) await engine.stop();
  rmSync(folder, { recursive: true, force: true });
  say(`all stopped, after ${seconds(began)} in all`);
}

/** The command's exit status, or that of the signal which ended it. */
async function runCommand(env: Readonly<Record<string, string>>): Promise<number> {
  const [program = '', ...args] = command;
  // A group of its own, so that a signal reaches whatever it started.
  const child = spawn(program, args, {
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  const ended = once(child, 'close');
  let late: NodeJS.Timeout | undefined;
  const end = () => {
    const { pid } = child;
    if (pid === undefined) return;
    process.kill(-pid, stopping.signal.reason);
    late = setTimeout(() => process.kill(-pid, 'SIGKILL'), PATIENCE_MS);
  };
  stopping.signal.addEventListener('abort', end);
  try {
    const [status, signal] = await ended;
    return status ?? statusOf(signal);
  } finally {
    clearTimeout(late);
    stopping.signal.removeEventListener('abort', end);
  }
}

/** What shells say of a signal. */
function statusOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

function readArguments(args: readonly string[]): { wanted: readonly string[]; command: readonly string[] } {
  const end = args.indexOf('--');
  const command = end === -1 ? [] : args.slice(end + 1);
  const [flag, list, ...rest] = end === -1 ? args : args.slice(0, end);
  const wanted = flag === undefined ? Object.keys(ENGINES) : (list ?? '').split(',');
  const isGood = (flag === undefined || flag === '--only') && rest.length === 0 && command.length > 0;
  if (isGood && wanted.every((name) => Object.hasOwn(ENGINES, name))) return { wanted, command };
  console.error(`with-engines.ts [--only ${Object.keys(ENGINES).join(',')}] -- COMMAND...`);
  process.exit(2);
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
