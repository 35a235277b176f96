/** An engine's own process: ready when it says so, and ended with us, however we end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { say } from './say.ts';

export interface ChildOptions {
  readonly command: readonly [program: string, ...args: string[]];
  /** What it prints goes to this file. */
  readonly log: string;
  /** The line that it prints once it serves. */
  readonly ready: RegExp;
  readonly env?: Readonly<Record<string, string>>;
  /** As whom it runs; as us by default. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** What it takes as the wish to end in good order. */
  readonly endBy?: 'TERM' | 'INT';
}

export interface Child {
  /** The line that said that it is ready, matched. */
  readonly ready: RegExpExecArray;
  stop(): Promise<void>;
  /** Ends it as the loss of power would: it does nothing more. */
  kill(): Promise<void>;
}

/** It ended before it was ready. `said`: its last lines. */
export class ChildError extends Error {
  readonly said: string;
  constructor(program: string, said: string) {
    super(`${program} ended before it was ready. It said:\n${said}`);
    this.said = said;
  }
}

// The shell waits for the end of its standard input, which is the end of its parent, and then ends the engine. A killed parent leaves none.
const TIE = `
exec 3<&0
"$@" 3<&- </dev/null &
child=$!
( read -r _ <&3; kill -s "$END_BY" "$child" 2>/dev/null ) &
watcher=$!
wait "$child"
code=$?
kill "$watcher" 2>/dev/null
exit "$code"`;

export async function startChild(options: ChildOptions): Promise<Child> {
  const { command, log, ready, user, endBy = 'TERM' } = options;
  const child = spawn('sh', ['-c', TIE, 'sh', ...command], {
    // A group of its own: Ctrl-C in a terminal reaches us alone, and we end the engines last.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env, END_BY: endBy },
    ...user,
  });
  child.stdin.on('error', () => undefined);
  const file = createWriteStream(log);
  const lines: string[] = [];
  const ended = Promise.all([once(child, 'close'), finished(file).catch(() => undefined)]);
  const isReady = new Promise<RegExpExecArray>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        file.write(`${line}\n`);
        lines.push(line);
        if (lines.length > 20) lines.shift();
        const match = ready.exec(line);
        if (match !== null) resolve(match);
      });
    }
  });
  child.once('close', () => file.end());
  const match = await Promise.race([
    isReady,
    ended.then(() => Promise.reject(new ChildError(command[0], lines.join('\n')))),
  ]);
  let isAsked = false;
  child.once('close', () => {
    if (!isAsked) say(`${command[0]} ended by itself. It said:\n${lines.join('\n')}`);
  });
  return {
    ready: match,
    async stop() {
      isAsked = true;
      child.stdin.end();
      await ended;
    },
    async kill() {
      isAsked = true;
      // The shell and the engine, which are a group.
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      await ended;
    },
  };
}

/** The port that an engine over this folder had before: started again, it is found where it was. `undefined` the first time. */
export function keptPort(folder: string): number | undefined {
  const path = join(folder, 'port');
  return existsSync(path) ? Number(readFileSync(path, 'utf8')) : undefined;
}

export function keepPort(folder: string, port: number): void {
  writeFileSync(join(folder, 'port'), String(port));
}

/** A port that was free a moment ago: for programs that cannot choose one by themselves. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new TypeError('a listening socket has a port');
  return address.port;
}
