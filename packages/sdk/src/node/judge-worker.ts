/** One thread of `createThreadJudge`. */
import { parentPort, workerData } from 'node:worker_threads';
import { createLocalJudge, type JudgeTerms } from '../judge.ts';
import type { JudgeAnswer, JudgeRequest } from './thread-judge.ts';

const terms: JudgeTerms = workerData;
const judge = await createLocalJudge(terms);

parentPort?.on('message', async ({ id, bytes, ends, anchor }: JudgeRequest) => {
  const credentials = ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
  let answer: JudgeAnswer;
  try {
    answer = { id, judgements: await judge.judge(credentials, anchor) };
  } catch (failure) {
    answer = { id, failure };
  }
  parentPort?.postMessage(answer);
});
