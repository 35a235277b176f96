/**
 * A local chain: one anvil process over a folder that keeps its state. The state is saved whole, by renaming, whenever a block has been
 * mined; the process also writes it when it is told to end, and it is told so when its parent is gone, however the parent went. What
 * can be lost is the time since the last save, if machine or chain process die at once: to its readers that is a reorganisation.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type Hex, UnavailableError } from '@dpp-ledger/core';
import { createRpc, type Rpc } from '@dpp-ledger/sdk/ledger';
import { commandOf, isAlive, readIfPresent, writeDurably } from '@dpp-ledger/sdk/node';
import { z } from 'zod';

export const CHAIN_ID = 31337;

export interface ChainOptions {
  /** Accounts that are given money when they have little. */
  readonly fund: readonly Hex[];
  readonly port?: number | undefined;
  /** How often the state is saved at most. */
  readonly saveEveryMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Chain {
  readonly rpcUrl: string;
  readonly rpc: Rpc;
  /** The chain's own process. */
  readonly pid: number;
  /** Resolves when the process has ended, asked or not. */
  readonly ended: Promise<void>;
  /** Number of the newest block that is saved: what is above is lost if machine or process die. -1 before the first save. */
  savedBlock(): number;
  save(): Promise<void>;
  stop(): Promise<void>;
}

const START_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 20_000;
const RICH = `0x${(10n ** 24n).toString(16)}`;

/** Errors: UnavailableError `embedded.chain`. */
export async function startChain(folder: string, options: ChainOptions): Promise<Chain> {
  await mkdir(folder, { recursive: true });
  const files = {
    state: join(folder, 'state.json'),
    exit: join(folder, 'state-at-exit.json'),
    pid: join(folder, 'pid'),
    port: join(folder, 'port'),
    genesis: join(folder, 'genesis-time'),
    log: join(folder, 'anvil.log'),
  };
  await endPredecessor(files.pid, files.exit);
  await adoptStateAtExit(files.exit, files.state);

  const port = options.port ?? (await choosePort(Number(await readIfPresent(files.port))));
  const rpcUrl = `http://127.0.0.1:${port}`;
  const hasState = (await readIfPresent(files.state)) !== undefined;
  if (hasState) await dropStrayGenesis(files.state, files.genesis);
  const child = await spawnTied(
    [
      anvilBinary(),
      ...['--host', '127.0.0.1', '--port', String(port), '--chain-id', String(CHAIN_ID), '--accounts', '0', '--silent'],
      // A transaction makes a block at once; an hour without one makes one too, so that the facts of a quiet ledger stay fresh.
      ...['--mixed-mining', '--block-time', '3600'],
      ...['--dump-state', files.exit, ...(hasState ? ['--load-state', files.state] : [])],
    ],
    files,
  );
  const ended = once(child, 'close').then(() => undefined);
  const rpc = createRpc({ url: rpcUrl });
  try {
    await untilReady(rpc, child, options.signal);
    if (!hasState) await writeDurably(files.genesis, await readGenesisTime(rpc));
    await rpc.batch(options.fund.map((account) => ({ method: 'anvil_setBalance', params: [account, RICH] })));
  } catch (cause) {
    child.stdin?.end();
    await ended;
    options.signal?.throwIfAborted();
    const log = (await readIfPresent(files.log))?.trim().split('\n').slice(-3).join(' ');
    throw new UnavailableError(
      'embedded.chain',
      `The local chain did not start on port ${port}. ${log || 'It said nothing.'}`,
      {
        cause,
      },
    );
  }
  await writeDurably(files.port, String(port));
  const pid = Number(await readFile(files.pid, 'utf8'));

  const saver = saveWhenChanged(rpc, files.state, options.saveEveryMs);
  return {
    rpcUrl,
    rpc,
    pid,
    ended,
    savedBlock: saver.savedBlock,
    save: saver.save,
    async stop() {
      await saver.stop();
      child.stdin?.end();
      const late = new AbortController();
      await Promise.race([ended, delay(STOP_LIMIT_MS, undefined, { signal: late.signal }).catch(() => undefined)]);
      late.abort();
      if (child.exitCode === null && child.signalCode === null && (await isOurs(pid, files.exit)))
        process.kill(pid, 'SIGKILL');
      await ended;
      await adoptStateAtExit(files.exit, files.state);
      await rm(files.pid, { force: true });
    },
  };
}

/** The binary comes with the npm package for this platform: nothing is downloaded or looked up in PATH. */
function anvilBinary(): string {
  const fromAnvil = createRequire(createRequire(import.meta.url).resolve('@foundry-rs/anvil/package.json'));
  const platform = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
  try {
    const manifest = fromAnvil.resolve(`@foundry-rs/anvil-${platform}/package.json`);
    return join(dirname(manifest), 'bin', process.platform === 'win32' ? 'anvil.exe' : 'anvil');
  } catch (cause) {
    throw new UnavailableError(
      'embedded.chain',
      `The local chain (anvil) does not exist for ${platform}, or optional dependencies were not installed. Use a chain of your own by its URL.`,
      { cause },
    );
  }
}

// The shell waits for the end of its standard input, which is the end of its parent, and then ends the chain, which saves itself. By
// SIGTERM: on SIGINT anvil also stops serving, and may be gone before it has saved itself.
const TIE = `
exec 3<&0
"$@" 3<&- </dev/null &
child=$!
echo "$child" > "$PID_FILE"
( read -r _ <&3; kill -TERM "$child" 2>/dev/null ) &
watcher=$!
wait "$child"
code=$?
kill "$watcher" 2>/dev/null
exit "$code"`;

async function spawnTied(command: readonly string[], files: { pid: string; log: string }): Promise<ChildProcess> {
  const log = await open(files.log, 'w');
  try {
    // A group of its own: Ctrl-C in a terminal reaches the parent only, which stops the chain last.
    const options = { detached: true, stdio: ['pipe', 'ignore', log.fd] as ['pipe', 'ignore', number] };
    const [binary = '', ...args] = command;
    const child =
      process.platform === 'win32'
        ? spawn(binary, args, { ...options, windowsHide: true })
        : spawn('sh', ['-c', TIE, 'sh', ...command], { ...options, env: { ...process.env, PID_FILE: files.pid } });
    await once(child, 'spawn');
    if (process.platform === 'win32') await writeDurably(files.pid, String(child.pid));
    // The pipe breaks when the process ends first; its end is what is waited for.
    child.stdin?.on('error', () => undefined);
    return child;
  } finally {
    await log.close();
  }
}

async function untilReady(rpc: Rpc, child: ChildProcess, signal: AbortSignal | undefined): Promise<void> {
  const deadline = performance.now() + START_LIMIT_MS;
  for (;;) {
    signal?.throwIfAborted();
    if (child.exitCode !== null) throw new Error(`the process ended with ${child.exitCode}`);
    try {
      await rpc.call('eth_chainId', []);
      return;
    } catch (error) {
      // A port cannot be awaited from outside the process that opens it.
      if (!(error instanceof UnavailableError) || performance.now() > deadline) throw error;
      await delay(25);
    }
  }
}

/** A chain process that outlived its parent is on its way to the end, saving its state: wait for it. */
async function endPredecessor(pidFile: string, exitFile: string): Promise<void> {
  const pid = Number(await readIfPresent(pidFile));
  if (!Number.isSafeInteger(pid) || pid <= 1) return;
  const deadline = performance.now() + STOP_LIMIT_MS;
  while (await isOurs(pid, exitFile)) {
    if (performance.now() > deadline) process.kill(pid, 'SIGKILL');
    await delay(20);
  }
  await rm(pidFile, { force: true });
}

/** Whether this id still belongs to the chain process of this folder: its command line names the folder's file. */
async function isOurs(pid: number, exitFile: string): Promise<boolean> {
  return isAlive(pid) && ((await commandOf(pid))?.includes(exitFile) ?? false);
}

/** What the process wrote as it ended is newer than any save, if it came to the end of writing. */
async function adoptStateAtExit(exitFile: string, stateFile: string): Promise<void> {
  const text = await readIfPresent(exitFile);
  if (text === undefined) return;
  if (isJson(text)) await rename(exitFile, stateFile);
  else await rm(exitFile);
}

const blockZero = z.looseObject({ number: z.literal('0x0'), timestamp: z.string() });

async function readGenesisTime(rpc: Rpc): Promise<string> {
  return blockZero.parse(await rpc.call('eth_getBlockByNumber', ['0x0', false])).timestamp;
}

/**
 * anvil makes a new block 0 at every start, keeps it beside the one that it loads, and writes both down; the next start takes either. Only
 * the first one's time is of this chain.
 */
async function dropStrayGenesis(stateFile: string, genesisFile: string): Promise<void> {
  const time = await readIfPresent(genesisFile);
  const text = await readIfPresent(stateFile);
  if (time === undefined || text === undefined) return;
  const state = z
    .looseObject({ blocks: z.array(z.looseObject({ header: z.looseObject({}) })) })
    .parse(JSON.parse(text));
  const blocks = state.blocks.filter(({ header }) => {
    const zero = blockZero.safeParse(header);
    return !zero.success || zero.data.timestamp === time;
  });
  if (blocks.length < state.blocks.length) await writeDurably(stateFile, JSON.stringify({ ...state, blocks }));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function saveWhenChanged(rpc: Rpc, stateFile: string, saveEveryMs: number) {
  const over = new AbortController();
  let saved = -1;
  let saving: Promise<void> | undefined;

  async function saveOnce(): Promise<void> {
    // Asked before the dump, which then has this block at least.
    const head = Number(await rpc.call('eth_blockNumber', []));
    if (head === saved) return;
    const dump = await rpc.call('anvil_dumpState', []);
    if (typeof dump !== 'string')
      throw new UnavailableError('embedded.chain', 'The local chain gave no state to save.');
    await writeDurably(stateFile, await promisify(gunzip)(Buffer.from(dump.slice(2), 'hex')));
    saved = head;
  }

  /** A save that begins now: one that is under way may have begun before what its caller did. */
  async function save(): Promise<void> {
    const before = saving;
    saving = (async () => {
      await before?.catch(() => undefined);
      await saveOnce();
    })();
    await saving;
  }

  const loop = (async () => {
    while (!over.signal.aborted) {
      const began = performance.now();
      // A save that fails leaves the last one in place; the next round tries again, and the end of the chain is seen elsewhere.
      await save().catch(() => undefined);
      // A large state takes longer to save: never more than a twentieth of the time.
      const pause = Math.max(saveEveryMs, 20 * (performance.now() - began));
      await delay(pause, undefined, { signal: over.signal, ref: false }).catch(() => undefined);
    }
  })();

  return {
    savedBlock: () => saved,
    save,
    async stop() {
      over.abort();
      await loop;
    },
  };
}

async function choosePort(kept: number): Promise<number> {
  const wanted = Number.isSafeInteger(kept) && kept > 0 && kept < 65_536 ? kept : 0;
  for (const port of [wanted, 0]) {
    const server = createServer();
    try {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      if (address !== null && typeof address === 'object') return address.port;
    } catch {
      // Taken by somebody else since: any free one will do.
    } finally {
      server.close();
    }
  }
  throw new UnavailableError('embedded.chain', 'No free port on 127.0.0.1 for the local chain.');
}
