import { CHECKS } from '@dpp-ledger/core';
import { verifyPack } from '@dpp-ledger/core/pack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UNREADABLE } from './attack.ts';
import {
  createKit,
  FILES,
  judgeFile,
  judgeState,
  type Kit,
  STATE,
  STATEMENTS,
  withHead,
  writePallet,
} from './packs.ts';
import { createWorld, need, type World } from './world.ts';

let world: World;
let kit: Kit;
beforeAll(async () => {
  world = await createWorld([]);
  kit = await createKit(world);
});
afterAll(async () => {
  await world?.stop();
  console.log(`${STATEMENTS.length + STATE.length + FILES.length} attacks on packs`);
});

describe.each([
  ['statements of witnesses', STATEMENTS],
  ['proofs of the state', STATE],
])('%s', (_, attacks) => {
  test.each(attacks)('$name', async (attack) => {
    expect(await judgeState(attack, kit)).toEqual({ verdict: attack.verdict, codes: attack.codes });
  });
});

describe('the file of a pallet', () => {
  test('has no byte without meaning, neither in its head nor in every seventh place of its passports', async () => {
    const file = writePallet(kit);
    const passports = file.length - kit.pallet.evidence.reduce((sum, { credential }) => sum + 4 + credential.length, 0);
    const stillValid: number[] = [];
    let flips = 0;
    // A passport is refused when the ones before it were judged: that takes its time.
    for (let at = 0; at < file.length; at += at < passports ? 1 : 7) {
      flips++;
      const flipped = file.with(at, need(file[at]) ^ (1 << (at % 8)));
      const reports = await judgeFile({ file: () => flipped }, kit);
      if (reports.length === 3 && reports.every(({ verdict }) => verdict === 'valid')) stillValid.push(at);
    }
    expect(stillValid).toEqual([]);
    console.log(`${flips} bytes of a pack of ${file.length} altered, one at a time`);
  });

  test.each([
    ['lists', 0x80],
    ['maps', 0xa0],
    ['numbers', 0x00],
    ['texts', 0x60],
  ])('is not decoded where its head is a million empty %s', async (_, item) => {
    const encoded = new Uint8Array(1_000_005).fill(item);
    encoded.set([0x9a, 0x00, 0x0f, 0x42, 0x40]);
    const [report, ...more] = await judgeFile({ file: (kit) => withHead(writePallet(kit), encoded) }, kit);
    expect(more).toEqual([]);
    expect(report?.checks[0]?.message).toContain('too many tiny items');
  });

  test('may come byte by byte, in more pieces than a call has room for', async () => {
    const file = writePallet(kit);
    const long = new Uint8Array(45 + 300_000);
    long.set(file.subarray(0, 9));
    new DataView(long.buffer).setUint32(41, 300_000);
    const judge = (bytes: Uint8Array) => {
      const pieces = Array.from(bytes, (byte) => Uint8Array.of(byte));
      return Array.fromAsync(verifyPack(pieces, { policy: kit.policy, now: kit.world.now }));
    };
    expect((await judge(file)).map(({ verdict }) => verdict)).toEqual(['valid', 'valid', 'valid']);
    expect((await judge(long)).map(({ checks }) => checks.map(({ code }) => code))).toEqual([UNREADABLE]);
  });

  test.each(FILES)('$name', async (attack) => {
    const reports = await judgeFile(attack, kit);
    expect(reports.map(({ verdict }) => verdict)).toEqual(attack.verdicts);
    for (const { checks } of reports) expect(checks.map(({ name }) => name)).toEqual(CHECKS);
    // Where the file is none, it is that and nothing else.
    const [last] = reports.slice(-1);
    if (reports.length !== 3) expect(last?.checks.map(({ code }) => code)).toEqual(UNREADABLE);
  });
});
