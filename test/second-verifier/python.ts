/** The second verifier, as a program that reads vectors and writes a line for each. `verify.py` has its checks, `packs.py` its packs. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import type { Report } from '../../packages/core/src/report.ts';
import { installFromPyPI } from '../../scripts/python.ts';

const answer = z.object({
  verdict: z.enum(['valid', 'invalid', 'indeterminate']),
  codes: z.array(z.string()).length(11),
  current: z.boolean().nullable(),
});
/** What two verifiers have to agree on. */
export type Answer = z.infer<typeof answer>;

export function answerOf({ verdict, checks, current }: Report): Answer {
  return { verdict, codes: checks.map(({ code }) => code), current: current ?? null };
}

export interface SecondVerifier {
  /** Of evidence, an answer for each vector. */
  judge(vectors: readonly object[]): Promise<Answer[]>;
  /** Of packs, the answers for the passports of each. */
  judgePacks(vectors: readonly object[]): Promise<Answer[][]>;
}

/** Installs what it needs, the first time. */
export function createSecondVerifier(): SecondVerifier {
  const python = join(installFromPyPI('second-verifier', join(import.meta.dirname, 'requirements.txt')), 'python');

  async function run<T>(program: string, vectors: readonly object[], line: z.ZodType<T>): Promise<T[]> {
    const child = spawn(python, [join(import.meta.dirname, program)], { stdio: ['pipe', 'pipe', 'inherit'] });
    const closed = once(child, 'close');
    child.stdin.end(JSON.stringify({ version: 'dpp-vectors/1', vectors }));
    const lines = await text(child.stdout);
    const [status] = await closed;
    if (status !== 0) throw new Error(`${program} ended with ${status}.`);
    return lines
      .trimEnd()
      .split('\n')
      .map((one) => line.parse(JSON.parse(one)));
  }

  return {
    judge: (vectors) => run('verify.py', vectors, answer),
    async judgePacks(vectors) {
      const answers = await run('packs.py', vectors, z.object({ reports: z.array(answer) }));
      return answers.map(({ reports }) => reports);
    },
  };
}

/** The first few cases that are judged differently, each with what only one of the two says. */
export function findDisagreements(
  names: readonly string[],
  ours: readonly (Answer | undefined)[],
  theirs: readonly (Answer | undefined)[],
): object[] {
  const only = (codes: readonly string[] = [], than: readonly string[] = []) =>
    codes.filter((code) => !than.includes(code));
  const disagreements = names.flatMap((name, i) => {
    const [one, other] = [ours[i], theirs[i]];
    if (JSON.stringify(one) === JSON.stringify(other)) return [];
    return {
      name,
      ours: [one?.verdict, one?.current, ...only(one?.codes, other?.codes)],
      theirs: [other?.verdict, other?.current, ...only(other?.codes, one?.codes)],
    };
  });
  return disagreements.slice(0, 20);
}
