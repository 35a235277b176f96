/**
 * `node scripts/engines/with-engines.ts [--only postgres,kubo,geth,fsck,judges] -- COMMAND...`: installs the real engines where they are not
 * there, starts them on loopback over a temporary folder, runs the command with their addresses in its environment, and stops them,
 * however the command or this program ends. Its exit status is the command's.
 *
 *     DPP_TEST_POSTGRES   PostgreSQL's server, on which databases may be created
 *     KUBO_RPC            Kubo's RPC; KUBO_GATEWAY its gateway
 *     DPP_TEST_IPFS_HTTP_CLIENT  the module of the client that came before kubo-rpc-client
 *     DPP_TEST_GETH       JSON-RPC of a chain under the Amsterdam rules, a block a second, its first account rich
 *     DPP_TEST_FSCK       the program that checks a tiled log
 *     DPP_TEST_OMNIWITNESS  the witness of others; DPP_TEST_JUDGE what Go's packages for logs say
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGeth } from './geth.ts';
import { installFromSource, installJudge, installPostgres, installPredecessor } from './install.ts';
import { startKubo } from './kubo.ts';
import { startPostgres } from './postgres.ts';
import { say } from './say.ts';

interface Engine {
  readonly about: string;
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

interface Kind {
  install(): void;
  start(folder: string): Promise<Engine>;
}

/** In the order in which they start. */
const KINDS: Readonly<Record<string, Kind>> = {
  postgres: {
    install: installPostgres,
    async start(folder) {
      const { url, ...engine } = await startPostgres(folder);
      return { ...engine, env: { DPP_TEST_POSTGRES: url } };
    },
  },
  kubo: {
    install: () => installFromSource('kubo'),
    async start(folder) {
      const { url, gateway, ...engine } = await startKubo(folder);
      const env = { KUBO_RPC: url, KUBO_GATEWAY: gateway, DPP_TEST_IPFS_HTTP_CLIENT: installPredecessor() };
      return { ...engine, env };
    },
  },
  geth: {
    install: () => installFromSource('geth'),
    async start(folder) {
      const { url, ...engine } = await startGeth(folder);
      return { ...engine, env: { DPP_TEST_GETH: url } };
    },
  },
  // Programs, and nothing that runs.
  fsck: {
    install: () => installFromSource('fsck'),
    start: async () => ({
      about: 'fsck of Tessera',
      env: { DPP_TEST_FSCK: installFromSource('fsck') },
      stop: async () => undefined,
    }),
  },
  judges: {
    install() {
      installFromSource('omniwitness');
      installJudge();
    },
    start: async () => ({
      about: "omniwitness and the judge of Go's packages",
      env: { DPP_TEST_OMNIWITNESS: installFromSource('omniwitness'), DPP_TEST_JUDGE: installJudge() },
      stop: async () => undefined,
    }),
  },
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
  // Installing takes minutes, and nothing needs to run meanwhile.
  for (const [, kind] of wanted) kind.install();
  for (const [name, kind] of wanted) {
    if (stopping.signal.aborted) break;
    const started = performance.now();
    const engine = await kind.start(join(folder, name));
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
    killGroup(child.pid, stopping.signal.reason);
    late = setTimeout(() => killGroup(child.pid, 'SIGKILL'), PATIENCE_MS);
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

function killGroup(leader: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (leader !== undefined) process.kill(-leader, signal);
  } catch (error) {
    // All of it ended meanwhile.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** What shells say of a signal. */
function statusOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

function readArguments(args: readonly string[]) {
  const end = args.indexOf('--');
  const command = end === -1 ? [] : args.slice(end + 1);
  const [flag, list, ...rest] = end === -1 ? args : args.slice(0, end);
  const names = flag === undefined ? Object.keys(KINDS) : (list ?? '').split(',');
  const wanted = Object.entries(KINDS).filter(([name]) => names.includes(name));
  const isGood = (flag === undefined || flag === '--only') && rest.length === 0 && wanted.length === names.length;
  if (isGood && command.length > 0) return { wanted, command };
  console.error(`with-engines.ts [--only ${Object.keys(KINDS).join(',')}] -- COMMAND...`);
  process.exit(2);
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
