/** One life of the service: its process, what it says of itself, and its end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Command, Happening, Orders } from './service.ts';

export type Problem = Extract<Happening, { is: 'problem' }>;

export interface Life {
  /** Begins with these orders. Resolves with its URL; rejects if it ends before it answers. */
  begin(orders: Orders): Promise<string>;
  /** The next happening that is so. Rejects if the process ends before. */
  until(isSo: (happening: Happening) => boolean): Promise<Happening>;
  tell(command: Command): void;
  /** All that is promised is final or refused. */
  settle(): Promise<void>;
  kill(): void;
  /** Freezes it, or lets it go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** Ends it as an operator does. */
  stop(): Promise<void>;
  /** How it ended: a signal's name, or an exit code and what it complained of. */
  readonly ended: Promise<string>;
  readonly hasEnded: boolean;
  readonly problems: readonly Problem[];
}

const SCRIPT = join(import.meta.dirname, 'service.ts');

/** A process that has loaded its modules and waits for orders. */
export function createLife(): Life {
  const child = spawn(process.execPath, [SCRIPT], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Hundreds of lives load the same modules.
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'dpp-endure-modules') },
  });
  const listeners = new Set<(happening: Happening | undefined) => void>();
  const problems: Problem[] = [];
  let complaints = '';
  let hasEnded = false;
  child.stdin.on('error', () => undefined);
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    // A process that is killed in the middle of a line said nothing.
    if (!line.endsWith('}')) return;
    const happening = JSON.parse(line) as Happening;
    if (happening.is === 'problem') problems.push(happening);
    for (const listener of [...listeners]) listener(happening);
  });
  const ended = once(child, 'close').then(([code, signal]: (string | number | null)[]) => {
    hasEnded = true;
    for (const listener of [...listeners]) listener(undefined);
    return String(signal ?? `${code} ${complaints.slice(-2_000)}`.trim());
  });

  function until(isSo: (happening: Happening) => boolean): Promise<Happening> {
    const { promise, resolve, reject } = Promise.withResolvers<Happening>();
    const listener = (happening: Happening | undefined) => {
      if (happening !== undefined && !isSo(happening)) return;
      listeners.delete(listener);
      if (happening !== undefined) resolve(happening);
      else void ended.then((how) => reject(new Error(`The service ended with ${how}.`)));
    };
    // Whoever waits is told; what is waited for in vain, because something else failed first, need not be.
    promise.catch(() => undefined);
    if (hasEnded) listener(undefined);
    else listeners.add(listener);
    return promise;
  }

  const life: Life = {
    async begin(orders) {
      const ready = until(({ is }) => is === 'ready');
      child.stdin.write(`${JSON.stringify(orders)}\n`);
      const happening = await ready;
      return happening.is === 'ready' ? happening.url : '';
    },
    until,
    tell: (command) => void child.stdin.write(`${JSON.stringify(command)}\n`),
    async settle() {
      const settled = until(({ is }) => is === 'settled');
      life.tell({ do: 'settle' });
      await settled;
    },
    kill: () => void child.kill('SIGKILL'),
    signal: (signal) => void child.kill(signal),
    async stop() {
      life.tell({ do: 'stop' });
      child.stdin.end();
      const how = await ended;
      if (how !== '0') throw new Error(`The service ended with ${how}.`);
    },
    ended,
    get hasEnded() {
      return hasEnded;
    },
    problems,
  };
  return life;
}
