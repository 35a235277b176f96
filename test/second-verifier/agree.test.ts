/**
 * Two verifiers, one verdict: ours, and `verify.py`, which was written from docs/verification.md alone. Of every case the verdict, the
 * code of each of the eleven checks and `current` are compared.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { CHECK_CODES } from '../../packages/core/src/report.ts';
import { verify } from '../../packages/core/src/verify/index.ts';
import { ordersOf, present } from '../adversarial/attack.ts';
import { ATTACKS } from '../adversarial/attacks.ts';
import { createWorld } from '../adversarial/world.ts';
import { type Case, readCase, writeVector } from './cases.ts';
import { createLotMutants, createLotStories } from './lot-stories.ts';
import { createMutants } from './mutants.ts';
import { type Answer, answerOf, createSecondVerifier, findDisagreements, type SecondVerifier } from './python.ts';
import { createStories } from './stories.ts';

const SEED = Number(process.env.DPP_SECOND_VERIFIER_SEED ?? '1');
const MUTANTS = Number(process.env.DPP_SECOND_VERIFIER_MUTANTS ?? '500');

/** Of a device without WebCrypto; and of packs, which are not among these cases. */
const isOfOthers = (code: string) =>
  code === 'signature.not-checked' ||
  /\.(?:witnessed|no-witnesses|too-few-witnesses|statements?-.*|state-.*)$/.test(code);

let second: SecondVerifier;
beforeAll(() => {
  second = createSecondVerifier();
});

async function readAttacks(): Promise<{ readonly cases: Case[]; stop(): Promise<void> }> {
  const world = await createWorld(ordersOf(ATTACKS));
  return { cases: ATTACKS.map((attack) => ({ ...present(attack, world), name: attack.name })), stop: world.stop };
}

interface Comparison {
  readonly answers: readonly Answer[];
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
    Promise.all(written.map(async ({ read }) => answerOf(await verify(read)))),
    second.judge(written.map(({ vector }) => vector)),
  ]);
  expect(theirs).toHaveLength(answers.length);
  const names = written.map(({ vector }) => vector.name);
  const compared = new Set(names);
  const omitted = cases.map(({ name }) => name).filter((name) => !compared.has(name));
  return { answers, disagreements: findDisagreements(names, answers, theirs), omitted };
}

describe('a verifier written from the documents alone agrees with ours', () => {
  test(`on ${ATTACKS.length} attacks and on what happens to a maker and its passports, in which every code is met`, async () => {
    const { cases: attacks, stop } = await readAttacks();
    try {
      const { answers, disagreements, omitted } = await compare([
        ...attacks,
        ...(await createStories()),
        ...(await createLotStories()),
      ]);
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

  test(`on ${3 * MUTANTS} that draw on lots, and differ from a genuine one in one thing of these (seed ${SEED})`, async () => {
    const { answers, disagreements } = await compare(await createLotMutants(SEED, MUTANTS));
    expect(disagreements).toEqual([]);
    expect(new Set(answers.map(({ codes }) => codes.at(-1))).size).toBeGreaterThan(5);
  });
});
