/** The judge of Go's packages (go/main.go), as a process that answers one question a line. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Judge {
  /** Its answer. Errors: JudgedError where Go's packages refuse what they were given. */
  ask<T>(what: string, question?: Readonly<Record<string, unknown>>): Promise<T>;
  stop(): Promise<void>;
}

export class JudgedError extends Error {}

export function startJudge(program: string): Judge {
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const waiting: PromiseWithResolvers<unknown>[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer = JSON.parse(line) as { readonly ok: unknown } | { readonly error: string };
    const next = waiting.shift();
    if ('error' in answer) next?.reject(new JudgedError(answer.error));
    else next?.resolve(answer.ok);
  });
  child.once('close', (status) => {
    for (const next of waiting.splice(0)) next.reject(new Error(`The judge ended with ${status}.`));
  });
  return {
    async ask<T>(what: string, question = {}) {
      const answer = Promise.withResolvers<unknown>();
      waiting.push(answer);
      child.stdin.write(`${JSON.stringify({ ask: what, ...question })}\n`);
      // Its answers are in the shapes of go/main.go.
      return (await answer.promise) as T;
    },
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}
