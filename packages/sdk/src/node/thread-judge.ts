/**
 * Judges on all cores: parsing a credential takes as long as verifying its signature, and only threads of our own share that out. Each has
 * all that the journal folds to. Groups go to whichever has least to do.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Judgement } from '@dpp-ledger/core/audit';
import type { Judge, JudgeTerms } from '../judge.ts';

/** To a thread, and back. */
export interface JudgeRequest {
  readonly id: number;
  /** The credentials one after the other, and where each ends: one buffer, handed over and not copied again. */
  readonly bytes: Uint8Array;
  readonly ends: readonly number[];
  readonly anchor: Uint8Array;
}
export type JudgeAnswer =
  | { readonly id: number; readonly judgements: readonly Judgement[] }
  | { readonly id: number; readonly failure: unknown };

interface Thread {
  readonly worker: Worker;
  readonly waiting: Map<number, PromiseWithResolvers<readonly Judgement[]>>;
  failure: unknown;
}

/** `threads`: as many as there are cores by default. */
export async function createThreadJudge(
  terms: JudgeTerms,
  options: { readonly threads?: number } = {},
): Promise<Judge> {
  const count = Math.max(1, options.threads ?? availableParallelism());
  const threads = Array.from({ length: count }, () => startThread(terms));
  let next = 0;
  return {
    async judge(credentials, anchor) {
      const thread = threads.reduce((least, other) => (other.waiting.size < least.waiting.size ? other : least));
      if (thread.failure !== undefined) throw thread.failure;
      const id = next++;
      const answer = Promise.withResolvers<readonly Judgement[]>();
      thread.waiting.set(id, answer);
      const bytes = new Uint8Array(credentials.reduce((sum, { length }) => sum + length, 0));
      let end = 0;
      const ends = credentials.map((credential) => {
        bytes.set(credential, end);
        end += credential.length;
        return end;
      });
      thread.worker.postMessage({ id, bytes, ends, anchor } satisfies JudgeRequest, [bytes.buffer]);
      return await answer.promise;
    },
    async close() {
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    },
  };
}

function startThread(terms: JudgeTerms): Thread {
  // As TypeScript here, as JavaScript where the package was built.
  const file = import.meta.url.endsWith('.ts') ? './judge-worker.ts' : './judge-worker.js';
  const worker = new Worker(new URL(file, import.meta.url), { workerData: terms });
  const thread: Thread = { worker, waiting: new Map(), failure: undefined };
  worker.on('message', (answer: JudgeAnswer) => {
    const asked = thread.waiting.get(answer.id);
    thread.waiting.delete(answer.id);
    if ('failure' in answer) asked?.reject(answer.failure);
    else asked?.resolve(answer.judgements);
  });
  worker.on('error', (error) => {
    thread.failure = error;
    for (const { reject } of thread.waiting.values()) reject(error);
    thread.waiting.clear();
  });
  return thread;
}
