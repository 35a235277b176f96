/** The same of packs: ours, and `packs.py`, which was written from docs/packs.md. Of every passport of every pack all codes are compared. */
import { beforeAll, describe, expect, test } from 'vitest';
import { encodeBase64Url } from '../../packages/core/src/bytes.ts';
import { parsePolicyFile } from '../../packages/core/src/evidence/index.ts';
import { verifyPack } from '../../packages/core/src/pack/index.ts';
import { CHECK_CODES } from '../../packages/core/src/report.ts';
import { startLedger } from '../../packages/sdk/test/support.ts';
import { createWorld } from '../adversarial/world.ts';
import { createLotPackCases, createPackAttacks, createPackCases, type PackCase } from './pack-cases.ts';
import { type Answer, answerOf, createSecondVerifier, findDisagreements, type SecondVerifier } from './python.ts';

const SEED = Number(process.env.DPP_SECOND_VERIFIER_SEED ?? '1');
const COUNT = 60;

let second: SecondVerifier;
beforeAll(() => {
  second = createSecondVerifier();
});

async function judge({ pack, policy, expected, now }: PackCase): Promise<Answer[]> {
  const options = { policy: await parsePolicyFile(policy), expected, now };
  return (await Array.fromAsync(verifyPack(pack, options))).map(answerOf);
}

/** Fails where a passport of a pack is judged differently; gives our answers for each pack. */
async function compare(cases: readonly PackCase[]): Promise<Answer[][]> {
  const [ours, theirs] = await Promise.all([
    Promise.all(cases.map(judge)),
    second.judgePacks(cases.map((one) => ({ ...one, pack: encodeBase64Url(one.pack) }))),
  ]);
  expect(theirs).toHaveLength(ours.length);
  const answers = cases.flatMap(({ name }, i) => {
    const most = Math.max(ours[i]?.length ?? 0, theirs[i]?.length ?? 0);
    return Array.from({ length: most }, (_, k) => [`${name}: ${k}`, ours[i]?.[k], theirs[i]?.[k]] as const);
  });
  const disagreements = findDisagreements(
    answers.map(([name]) => name),
    answers.map(([, one]) => one),
    answers.map(([, , other]) => other),
  );
  expect(disagreements).toEqual([]);
  console.log(`${cases.length} packs with ${answers.length} reports are judged alike`);
  return ours;
}

describe('a verifier written from the documents alone agrees with ours', () => {
  test(`on packs whole and tampered with (seed ${SEED})`, async () => {
    const ledger = await startLedger();
    try {
      const ours = await compare(await createPackCases(ledger, SEED, COUNT));
      expect(ours[0]?.map(({ verdict }) => verdict)).toEqual(['valid', 'invalid', 'valid']);
      const met = new Set(ours.flat().flatMap(({ codes }) => codes));
      const ofPacks = Object.keys(CHECK_CODES).filter((code) =>
        /^anchor\.(?:witnessed|no-witnesses|too-few|stat)/.test(code),
      );
      expect(ofPacks.filter((code) => !met.has(code))).toEqual([]);
    } finally {
      await ledger.stop();
    }
  });

  test(`on packs of passports that draw on lots (seed ${SEED})`, async () => {
    const ledger = await startLedger();
    try {
      const ours = await compare(await createLotPackCases(ledger, SEED, COUNT));
      expect(ours[0]?.map(({ verdict }) => verdict)).toEqual(Array(4).fill('valid'));
      const met = new Set(ours.flat().flatMap(({ codes }) => codes));
      const needed = ['valid', 'in-doubt', 'unsound', 'no-event', 'no-lineage', 'state-not-proved', 'not-allocated'];
      expect(needed.filter((code) => !met.has(`provenance.${code}`))).toEqual([]);
    } finally {
      await ledger.stop();
    }
  });

  test('on attacks on packs, but for those of which no pack can be written', async () => {
    const world = await createWorld([]);
    try {
      const { cases, omitted } = await createPackAttacks(world);
      console.log(`left out are ${omitted.length}: ${omitted.join(', ')}`);
      await compare(cases);
      expect(omitted.length).toBeLessThan(cases.length / 10);
    } finally {
      await world.stop();
    }
  });
});
