/** The same of packs: ours, and `packs.py`, which was written from docs/packs.md. Of every passport of every pack all codes are compared. */
import { beforeAll, expect, test } from 'vitest';
import { encodeBase64Url } from '../../packages/core/src/bytes.ts';
import { parsePolicyFile } from '../../packages/core/src/evidence/index.ts';
import { verifyPack } from '../../packages/core/src/pack/index.ts';
import { CHECK_CODES } from '../../packages/core/src/report.ts';
import { startLedger } from '../../packages/sdk/test/support.ts';
import { createPackCases, type PackCase } from './pack-cases.ts';
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

test(`a verifier written from the documents alone agrees with ours on packs (seed ${SEED})`, async () => {
  const ledger = await startLedger();
  try {
    const cases = await createPackCases(ledger, SEED, COUNT);
    const [ours, theirs] = await Promise.all([
      Promise.all(cases.map(judge)),
      second.judgePacks(cases.map((one) => ({ ...one, pack: encodeBase64Url(one.pack) }))),
    ]);
    const counted = cases.flatMap(({ name }, i) => {
      const most = Math.max(ours[i]?.length ?? 0, theirs[i]?.length ?? 0);
      return Array.from({ length: most }, (_, k) => ({
        name: `${name}: ${k}`,
        ours: ours[i]?.[k],
        theirs: theirs[i]?.[k],
      }));
    });
    const disagreements = findDisagreements(
      ...([counted.map(({ name }) => name), counted.map((one) => one.ours), counted.map((one) => one.theirs)] as const),
    );
    expect(disagreements).toEqual([]);
    expect(ours[0]?.map(({ verdict }) => verdict)).toEqual(['valid', 'invalid', 'valid']);
    const met = new Set(ours.flat().flatMap(({ codes }) => codes));
    const ofPacks = Object.keys(CHECK_CODES).filter((code) =>
      /^anchor\.(?:witnessed|no-witnesses|too-few|stat)/.test(code),
    );
    expect(ofPacks.filter((code) => !met.has(code))).toEqual([]);
    console.log(`${cases.length} packs with ${counted.length} reports are judged alike`);
  } finally {
    await ledger.stop();
  }
});
