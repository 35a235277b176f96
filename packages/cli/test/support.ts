/** The real program as a child process, in a folder of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, vi } from 'vitest';

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Lines of standard output, each as JSON. */
  json(): readonly Record<string, unknown>[];
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** `dpp serve` or `dpp witness`, running. */
export interface Server {
  /** Ends it as Ctrl-C does; the exit status. */
  stop(): Promise<number | null>;
  /** Ends it as the loss of power would: it does nothing more. */
  kill(): Promise<void>;
}

export interface Running {
  readonly outcome: Promise<Outcome>;
  /** Ends it as the loss of power would. */
  kill(): void;
}

export interface Workplace {
  readonly folder: string;
  path(...names: readonly string[]): string;
  dpp(args: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** The same, while it runs. */
  begin(args: readonly string[], options?: RunOptions): Running;
  /** Resolves once it answers. */
  serve(args: readonly string[], options?: Pick<RunOptions, 'env'>): Promise<Server>;
  witness(args: readonly string[]): Promise<Server>;
}

// Each call is a process of its own, and the machine may be busy.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const MAIN = join(import.meta.dirname, '../src/main.ts');
export const EXAMPLES = join(import.meta.dirname, '../../../examples');

/** A folder that is gone after the tests of the file. */
export async function createWorkplace(): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), 'dpp-cli-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const start = (
    command: 'serve' | 'witness',
    args: readonly string[],
    { env = {} }: Pick<RunOptions, 'env'> = {},
  ): Promise<Server> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [MAIN, command, ...args], {
        cwd: folder,
        env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const ended = once(child, 'close').then(([status]: (number | null)[]) => status ?? null);
      let said = '';
      const listen = (text: string) => {
        said += text;
        if (said.includes('Ctrl-C ends it.')) {
          resolve({
            stop: () => {
              child.kill('SIGINT');
              return ended;
            },
            kill: async () => {
              child.kill('SIGKILL');
              await ended;
            },
          });
        }
      };
      child.stdout.setEncoding('utf8').on('data', listen);
      child.stderr.setEncoding('utf8').on('data', listen);
      ended.then((status) => reject(new Error(`dpp ${command} ended with ${status}:\n${said}`)), reject);
    });
  function begin(args: readonly string[], { env = {}, input }: RunOptions = {}): Running {
    // Nothing of the surroundings but what finds programs: a DPP_ variable of the developer must not decide a test.
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const outcome = new Promise<Outcome>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (status) =>
        resolve({
          status,
          stdout,
          stderr,
          json: () =>
            stdout
              .trimEnd()
              .split('\n')
              .map((line) => JSON.parse(line)),
        }),
      );
    });
    child.stdin.end(input ?? '');
    return { outcome, kill: () => void child.kill('SIGKILL') };
  }

  return {
    folder,
    path: (...names) => join(folder, ...names),
    dpp: (args, options) => begin(args, options).outcome,
    begin,
    serve: (args, options) => start('serve', args, options),
    witness: (args) => start('witness', args),
  };
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  return address !== null && typeof address === 'object' ? address.port : 0;
}
