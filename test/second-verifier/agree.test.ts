/**
 * Two verifiers, one verdict: ours, and `verify.py`, which was written from docs/verification.md alone. Of every case the verdict, the
 * code of each of the eleven checks and `current` are compared.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { CHECK_CODES } from '../../packages/core/src/report.ts';
import { verify } from '../../packages/core/src/verify/index.ts';
import { installFromPyPI } from '../../scripts/python.ts';
import { type Case, formatCase } from './cases.ts';
import { createMutants } from './mutants.ts';
import { createStories } from './stories.ts';

const SEED = Number(process.env.DPP_SECOND_VERIFIER_SEED ?? '1');
const MUTANTS = Number(process.env.DPP_SECOND_VERIFIER_MUTANTS ?? '500');

const answer = z.object({
  name: z.string(),
  verdict: z.enum(['valid', 'invalid', 'indeterminate']),
  codes: z.array(z.string()).length(11),
  current: z.boolean().nullable(),
});
type Answer = z.infer<typeof answer>;

/** Of a device without WebCrypto, and of witnesses, which the facts of one source know nothing of. */
const NOT_MET = ['signature.not-checked', 'anchor.witnessed'];

let python: string;
beforeAll(() => {
  python = join(installFromPyPI('second-verifier', join(import.meta.dirname, 'requirements.txt')), 'python');
});

async function askPython(cases: readonly Case[]): Promise<Answer[]> {
  const child = spawn(python, [join(import.meta.dirname, 'verify.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  child.stdin.end(cases.map((one) => `${formatCase(one)}\n`).join(''));
  const lines = await text(child.stdout);
  expect(await closed).toEqual([0, null]);
  return lines
    .trimEnd()
    .split('\n')
    .map((line) => answer.parse(JSON.parse(line)));
}

async function ask(cases: readonly Case[]): Promise<Answer[]> {
  return await Promise.all(
    cases.map(async ({ name, ...options }) => {
      const { verdict, checks, current } = await verify(options);
      return { name, verdict, codes: checks.map(({ code }) => code), current: current ?? null };
    }),
  );
}

/** The first few that are judged differently, each with what only one of the two says. */
async function findDisagreements(cases: readonly Case[]): Promise<{ ours: Answer[]; disagreements: object[] }> {
  const [ours, theirs] = await Promise.all([ask(cases), askPython(cases)]);
  expect(theirs.length).toBe(ours.length);
  const disagreements = ours.flatMap((one, i) => {
    const other = theirs[i];
    if (JSON.stringify(one) === JSON.stringify(other)) return [];
    const only = (codes: readonly string[] = [], than: readonly string[] = []) =>
      codes.filter((code) => !than.includes(code));
    return {
      name: one.name,
      ours: [one.verdict, one.current, ...only(one.codes, other?.codes)],
      theirs: [other?.verdict, other?.current, ...only(other?.codes, one.codes)],
    };
  });
  return { ours, disagreements: disagreements.slice(0, 20) };
}

describe('a verifier written from the documents alone agrees with ours', () => {
  test('on what happens to a maker and its passports, in which every code is met', async () => {
    const { ours, disagreements } = await findDisagreements([
      ...(await createStories()),
      ...(await createMutants(SEED, 100)),
    ]);
    expect(disagreements).toEqual([]);
    const met = new Set(ours.flatMap(({ codes }) => codes));
    expect(Object.keys(CHECK_CODES).filter((code) => !met.has(code))).toEqual(NOT_MET);
  });

  test(`on ${9 * MUTANTS} that differ from a genuine one in one thing (seed ${SEED})`, async () => {
    const { disagreements } = await findDisagreements(await createMutants(SEED, MUTANTS));
    expect(disagreements).toEqual([]);
  });
});
