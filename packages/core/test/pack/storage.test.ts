import { describe, expect, test } from 'vitest';
import type { Hex } from '../../src/bytes.ts';
import {
  decodeAnswers,
  decodeIsVoid,
  decodeJournal,
  JOURNAL_SLOT,
  peakSlots,
  slotsOf,
  upstreamSlotsOf,
} from '../../src/pack/storage.ts';

const filled = (byte: string): Hex => `0x${byte.repeat(32)}`;

const SLOTS = {
  issuer: '0x9e21cc98034cef14b34be24fa2250f87fd8b121be9af80669b0544d6a68ec86f',
  key: '0x6a58ca16b96e349697cf7aecce187af07fbb8d6c7a0a7cd1e93b9be43b9dfcb1',
  grant: '0x79e44242bddb0f5aae7f2c2fe5cfb795a102ac03aa912fd7c8960a17c741ac2e',
  revoked: '0x89c3b6108a056284407f76720be9363bd6235d6275d296fb78fb0a8ed9ead5f2',
  superseded: '0x21287f4a8a14931d9ed1154d639430df6388b76b1609ac412d75bd72ac171e44',
} as const;

describe('slots', () => {
  test('are those of Solidity’s rules for mappings of mappings', () => {
    // Computed with ethers: solidityPackedKeccak256(['bytes32', 'uint256'], [issuer, 71n]), and so on.
    const question = { issuer: filled('11'), key: filled('22'), grant: filled('33'), list: 2n ** 64n - 1n, word: 511 };
    expect(slotsOf(question)).toEqual(SLOTS);
    expect(JOURNAL_SLOT).toBe(`0x${'0'.repeat(64)}`);
  });

  test('of what is asked upstream are without the grant’s, and with those of the lots in Materials', () => {
    const question = { issuer: filled('11'), key: filled('22'), grant: filled('33'), list: 2n ** 64n - 1n, word: 511 };
    const { issuer, key, revoked, superseded } = SLOTS;
    expect(upstreamSlotsOf({ entry: { index: 1, blockNumber: 1 }, question, lots: [filled('44')] })).toEqual({
      ledger: [issuer, key, revoked, superseded],
      // As above: [lot, 0n].
      materials: ['0x1668d758a81d82fefa211eb629f8dbf50dbf024168ebea2994a6432940d38c2b'],
    });
  });

  test('of peaks are the levels that the size has a bit for, the largest first', () => {
    expect(peakSlots(0)).toEqual([]);
    expect(peakSlots(13).map(Number)).toEqual([4, 3, 1]);
    expect(peakSlots(2 ** 40 + 1).map(Number)).toEqual([41, 1]);
  });

  test('differ for every list, word and status', () => {
    const at = (list: bigint, word: number) => {
      const { revoked, superseded } = slotsOf({
        issuer: filled('11'),
        key: filled('22'),
        grant: filled('33'),
        list,
        word,
      });
      return [revoked, superseded];
    };
    const all = [at(0n, 0), at(0n, 1), at(1n, 0), at(1n, 511), at(2n, 0)].flat();
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('words', () => {
  test('are unpacked from the right end', () => {
    // closed | size | paused
    expect(decodeJournal((1n << 72n) | (0x0102030405n << 8n) | 1n)).toEqual({ size: 0x0102030405, closed: true });
    expect(decodeJournal(0xffn)).toEqual({ size: 0, closed: false });
    const issuer = (0xffn << 96n) | (0x0102030405n << 56n) | (1n << 48n) | (0x3ffn << 32n) | 7n;
    const key = (9n << 136n) | (300n << 96n) | (200n << 56n) | (100n << 16n) | 15n;
    expect(decodeAnswers({ issuer, key, grant: (600n << 40n) | 500n, revoked: 1n, superseded: 2n ** 255n })).toEqual({
      issuer: { number: 7, roles: 0x3ff, suspended: true, withdrawnSince: 0x0102030405 },
      key: { purposes: 15, validFrom: 100, retiredAt: 200, compromisedSince: 300 },
      grant: { from: 500, until: 600 },
      status: { revoked: 1n, superseded: 2n ** 255n },
    });
  });

  test('of a lot say by one bit whether it is void', () => {
    expect(decodeIsVoid(1n << 184n)).toBe(true);
    expect(decodeIsVoid((1n << 184n) - 1n)).toBe(false);
    expect(decodeIsVoid((1n << 256n) - 1n - (1n << 184n))).toBe(false);
    expect(decodeIsVoid(0n)).toBe(false);
  });

  test('that were never written say that there is nothing, and ends that were not set are never', () => {
    const nothing = { issuer: 0n, key: 0n, grant: 0n, revoked: 0n, superseded: 0n };
    expect(decodeAnswers(nothing)).toEqual({
      ...{ issuer: undefined, key: undefined, grant: undefined },
      status: { revoked: 0n, superseded: 0n },
    });
    expect(decodeAnswers({ ...nothing, issuer: 1n, key: 1n | (5n << 16n), grant: 5n })).toMatchObject({
      issuer: { withdrawnSince: undefined, suspended: false },
      key: { retiredAt: undefined, compromisedSince: undefined },
      grant: { until: undefined },
    });
  });
});
