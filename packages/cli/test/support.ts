/** The real program as a child process, in a folder of its own. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
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

export interface Workplace {
  readonly folder: string;
  path(...names: readonly string[]): string;
  dpp(args: readonly string[], options?: RunOptions): Promise<Outcome>;
}

// Each call is a process of its own, and the machine may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const MAIN = join(import.meta.dirname, '../src/main.ts');
export const EXAMPLES = join(import.meta.dirname, '../../../examples');

/** A folder that is gone after the tests of the file. */
export async function createWorkplace(): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), 'dpp-cli-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return {
    folder,
    path: (...names) => join(folder, ...names),
    dpp: (args, { env = {}, input } = {}) =>
      new Promise((resolve, reject) => {
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
        child.stdin.end(input ?? '');
      }),
  };
}
