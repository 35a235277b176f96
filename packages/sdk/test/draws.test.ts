import { type Digest, decodeHex, encodeHex, type Hex, sha256 } from '@dpp-ledger/core';
import type { EntryOf } from '@dpp-ledger/core/journal';
import { describe, expect, it } from 'vitest';
import { createDraws } from '../src/draws.ts';
import { createNotes, type ReplayNotes } from '../src/notes.ts';

const named = (name: string): Hex => encodeHex(sha256(new TextEncoder().encode(name)));
const [A, B] = [named('lot A'), named('lot B')];
const LAPTOP = named('a laptop');

type Masses = Readonly<Record<Hex, bigint>>;
const listed = (masses: Masses) => Object.entries(masses).map(([lot, milligrams]) => ({ lot: lot as Hex, milligrams }));

interface Version {
  readonly entry: number;
  readonly claims: Masses;
  readonly allocated?: Masses;
  readonly about?: Hex;
  readonly isMisdescribed?: boolean;
  readonly isUnsound?: boolean;
}

async function judge(versions: readonly Version[], notes: ReplayNotes = createNotes()) {
  const draws = createDraws(notes);
  for (const { entry, claims, allocated = {}, about = LAPTOP, isMisdescribed = false, isUnsound = false } of versions) {
    const digest = decodeHex(named(`${entry}`), 32) as Digest;
    const passport = { entry, position: 3, digest, isValid: true, isListed: false };
    // Only what is allocated is looked at of an anchor.
    const anchor = { allocations: listed(allocated) } as unknown as EntryOf<'anchored'>;
    await draws.add(passport, { claims: listed(claims), about, isMisdescribed }, { anchor, isUnsound });
  }
  const found: (readonly [entry: number, code: string])[] = [];
  for await (const { entry, position, digest, isValid, code } of draws.uncovered(() => {})) {
    expect({ position, isValid, digest: encodeHex(digest) }).toEqual({
      position: 3,
      isValid: true,
      digest: named(`${entry}`),
    });
    found.push([entry, code]);
  }
  return found.sort(([a], [b]) => a - b);
}

describe('what a passport draws on lots', () => {
  it('is covered by its own anchor, up to the milligram', async () => {
    expect(await judge([{ entry: 7, claims: { [A]: 5n, [B]: 1n }, allocated: { [A]: 5n, [B]: 2n } }])).toEqual([]);
    expect(await judge([{ entry: 7, claims: { [A]: 6n }, allocated: { [A]: 5n } }])).toEqual([
      [7, 'provenance.over-claimed'],
    ]);
    expect(await judge([{ entry: 7, claims: { [A]: 6n }, allocated: { [B]: 9n } }])).toEqual([
      [7, 'provenance.not-allocated'],
    ]);
  });

  it('is covered by an earlier version’s anchor, whatever came first to be judged, and not by a later one’s', async () => {
    const [first, second, third] = [
      { entry: 300, claims: { [A]: 5n }, allocated: { [A]: 5n } },
      { entry: 2 ** 33, claims: { [A]: 5n } },
      { entry: 20, claims: { [A]: 5n } },
    ];
    for (const order of [
      [first, second, third],
      [third, second, first],
      [second, first, third],
    ]) {
      expect(await judge(order)).toEqual([[20, 'provenance.not-allocated']]);
    }
    expect(await judge([first, { ...second, about: named('another laptop') }])).toEqual([
      [2 ** 33, 'provenance.not-allocated'],
    ]);
  });

  it('is covered by one earlier version alone: two halves of different ones are none', async () => {
    const halves = [
      { entry: 1, claims: {}, allocated: { [A]: 5n } },
      { entry: 2, claims: {}, allocated: { [B]: 5n } },
    ];
    const both = { entry: 3, claims: { [A]: 5n, [B]: 5n } };
    expect(await judge([...halves, both])).toEqual([[3, 'provenance.not-allocated']]);
    expect(await judge([...halves, { ...both, allocated: { [B]: 5n } }])).toEqual([]);
  });

  it('that was never to be had at all is not taken for little', async () => {
    const claims = { [A]: 2n ** 64n + 1n };
    expect(await judge([{ entry: 1, claims, allocated: { [A]: 2n ** 64n - 2n } }])).toEqual([
      [1, 'provenance.over-claimed'],
    ]);
  });

  it('is told of by what is wrong first, as a verifier does', async () => {
    const wrong = { entry: 4, claims: { [A]: 1n }, isMisdescribed: true, isUnsound: true };
    expect(await judge([wrong])).toEqual([[4, 'provenance.not-allocated']]);
    const covered = { ...wrong, allocated: { [A]: 1n } };
    expect(await judge([covered])).toEqual([[4, 'provenance.misdescribed']]);
    expect(await judge([{ ...covered, isMisdescribed: false }])).toEqual([[4, 'provenance.unsound']]);
  });
});
