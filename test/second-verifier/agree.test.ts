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
import { ordersOf, present } from '../adversarial/attack.ts';
import { ATTACKS } from '../adversarial/attacks.ts';
import { createWorld } from '../adversarial/world.ts';
import { type Case, readCase, type Vector, writeVector } from './cases.ts';
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

/** Of a device without WebCrypto; and of packs, which are not among these cases. */
const isOfOthers = (code: string) =>
  code === 'signature.not-checked' ||
  /\.(?:witnessed|no-witnesses|too-few-witnesses|statements?-.*|state-.*)$/.test(code);

let python: string;
beforeAll(() => {
  python = join(installFromPyPI('second-verifier', join(import.meta.dirname, 'requirements.txt')), 'python');
});

async function askPython(vectors: readonly Vector[]): Promise<Answer[]> {
  const child = spawn(python, [join(import.meta.dirname, 'verify.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  child.stdin.end(JSON.stringify({ version: 'dpp-vectors/1', vectors }));
  const lines = await text(child.stdout);
  expect(await closed).toEqual([0, null]);
  return lines
    .trimEnd()
    .split('\n')
    .map((line) => answer.parse(JSON.parse(line)));
}

async function askOurs(cases: readonly Case[]): Promise<Answer[]> {
  return await Promise.all(
    cases.map(async ({ name, ...options }) => {
      const { verdict, checks, current } = await verify(options);
      return { name, verdict, codes: checks.map(({ code }) => code), current: current ?? null };
    }),
  );
}

async function readAttacks(): Promise<{ readonly cases: Case[]; stop(): Promise<void> }> {
  const world = await createWorld(ordersOf(ATTACKS));
  return { cases: ATTACKS.map((attack) => ({ ...present(attack, world), name: attack.name })), stop: world.stop };
}

interface Comparison {
  readonly answers: readonly Answer[];
  /** The first few cases that are judged differently, each with what only one of the two says. */
  readonly disagreements: readonly object[];
  /** What JSON cannot carry. */
  readonly omitted: readonly string[];
}

async function compare(cases: readonly Case[]): Promise<Comparison> {
  const written = cases.flatMap((one) => {
    const vector = writeVector(one);
    return vector === undefined ? [] : [{ vector, read: readCase(one, vector) }];
  });
  const [answers, theirs] = await Promise.all([
    askOurs(written.map(({ read }) => read)),
    askPython(written.map(({ vector }) => vector)),
  ]);
  expect(theirs).toHaveLength(answers.length);
  const disagreements = answers.flatMap((one, i) => {
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
  const compared = new Set(answers.map(({ name }) => name));
  const omitted = cases.map(({ name }) => name).filter((name) => !compared.has(name));
  return { answers, disagreements: disagreements.slice(0, 20), omitted };
}

describe('a verifier written from the documents alone agrees with ours', () => {
  test(`on ${ATTACKS.length} attacks and on what happens to a maker and its passports, in which every code is met`, async () => {
    const { cases: attacks, stop } = await readAttacks();
    try {
      const { answers, disagreements, omitted } = await compare([...attacks, ...(await createStories())]);
      console.log(
        `${answers.length} cases are judged alike; JSON cannot carry ${omitted.length}: ${omitted.join(', ')}`,
      );
      expect(disagreements).toEqual([]);
      expect(omitted.length).toBeLessThan(ATTACKS.length / 20);
      const met = new Set(answers.flatMap(({ codes }) => codes));
      expect(Object.keys(CHECK_CODES).filter((code) => !met.has(code) && !isOfOthers(code))).toEqual([]);
    } finally {
      await stop();
    }
  });

  test(`on ${9 * MUTANTS} that differ from a genuine one in one thing (seed ${SEED})`, async () => {
    const { disagreements } = await compare(await createMutants(SEED, MUTANTS));
    expect(disagreements).toEqual([]);
  });
});
