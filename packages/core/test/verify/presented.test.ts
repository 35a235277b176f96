import { beforeAll, describe, expect, test } from 'vitest';
import { encodeBase64Url } from '../../src/bytes.ts';
import type { Evidence } from '../../src/evidence/index.ts';
import { attempt, presentUnreadable, readPresented } from '../../src/verify/presented.ts';
import { createLotsWorld, type LotsWorld, lotOf, material } from './lots-world.ts';

let world: LotsWorld;
let evidence: Evidence;
beforeAll(async () => {
  world = await createLotsWorld();
  const first = await world.issueWith([material(world, 'part')], { part: 12 });
  const second = await world.issueWith([material(world, 'part')], {});
  const { credential, batch, entry } = first.evidence();
  evidence = await world.evidenceOf(second, [lotOf.part], { earlier: { credential, batch, entry } });
});

const NOTHING = {
  ...{ evidence: undefined, jwt: undefined, digest: undefined, cid: undefined, credential: undefined },
  ...{ pointer: undefined, entryBytes: undefined, anchor: undefined, question: undefined, upstream: undefined },
};

describe('what is presented', () => {
  test('is evidence, whatever white space stands before it, and a credential whatever stands after it', () => {
    const text = JSON.stringify(evidence);
    expect(readPresented(` \n\t${text}`)).toEqual(readPresented(evidence));
    expect(readPresented(text).refusals.evidence).toBeUndefined();
    const bare = readPresented(`${evidence.credential}\n{`);
    expect(bare.evidence).toBeUndefined();
    expect(bare.refusals.evidence).toBeUndefined();
    expect(bare.refusals.jwt).toBeDefined();
  });

  test('gives nothing of what cannot be read, and says why of just that', () => {
    for (const [value, refusal] of [
      [undefined, 'evidence'],
      ['no.credential.at-all', 'jwt'],
      [{ ...evidence, version: 'dpp-evidence/0' }, 'evidence'],
    ] as const) {
      const { refusals, ...rest } = readPresented(value);
      expect(rest).toEqual(NOTHING);
      const given = Object.entries(refusals).filter(([, why]) => why !== undefined);
      expect(given).toEqual([[refusal, expect.stringMatching(/./)]]);
    }
  });

  test('gives the other parts where one cannot be read', () => {
    const { refusals, ...rest } = readPresented({ ...evidence, credential: 'no.credential.at-all' });
    expect(rest).toMatchObject({ jwt: undefined, digest: undefined, cid: undefined, credential: undefined });
    expect(rest).toMatchObject({ pointer: undefined, question: undefined });
    expect(rest.anchor?.kind).toBe('anchored');
    expect(refusals).toEqual({
      ...{ evidence: undefined, jwt: expect.any(String), credential: undefined, pointer: undefined, entry: undefined },
    });
    const entry = { ...evidence.entry, bytes: 'AA' };
    const other = readPresented({ ...evidence, entry });
    expect(other).toMatchObject({ anchor: undefined, digest: expect.any(Uint8Array), cid: expect.any(String) });
    expect(other.refusals.entry).toEqual(expect.any(String));
    expect(other.upstream?.makings).toHaveLength(5);
    const bent = readPresented({ ...evidence, entry: { ...evidence.entry, bytes: 'AB' } });
    expect(bent.entryBytes).toBeUndefined();
    expect(bent.refusals.entry).toEqual(expect.any(String));
  });

  test('is unreadable for a reason, and nothing else', () => {
    const { refusals, ...rest } = presentUnreadable('the pack is cut off.');
    expect(rest).toEqual(NOTHING);
    expect(refusals).toEqual({ evidence: 'the pack is cut off.' });
  });

  test('may throw whatever it likes when it is looked at', () => {
    expect(
      attempt(() => {
        throw new RangeError('secret');
      }),
    ).toEqual([undefined, 'it cannot be looked at.']);
    expect(attempt(() => 7)).toEqual([7, undefined]);
  });
});

describe('what stands upstream', () => {
  test('is asked about in the order of the evidence, the earlier version last', () => {
    const { upstream } = readPresented(evidence);
    expect(upstream?.questions.map(({ entry }) => entry)).toEqual([
      ...(evidence.lots?.entries ?? []).map(({ index }, i) => ({
        index,
        blockNumber: upstream?.makings[i]?.entry.blockNumber,
      })),
      { index: evidence.earlier?.entry.index, blockNumber: upstream?.earlier?.anchor.blockNumber },
    ]);
    expect(upstream?.questions.at(-1)?.lots).toEqual([]);
    expect(upstream?.questions.flatMap(({ lots }) => lots)).toContain(lotOf.part);
    // Of each entry that names an event that is shown, its place; of a split none.
    expect(upstream?.questions.map(({ question }) => question.list !== 0n)).toEqual([
      ...(upstream?.makings ?? []).map(({ entry }) => 'event' in entry),
      false,
    ]);
  });

  test('is what can be read of it, and makers of lots only', () => {
    const lots = evidence.lots ?? { entries: [], events: [] };
    const others = [
      { index: 0, bytes: encodeBase64Url(world.ledger.entries[0] ?? new Uint8Array()), proof: [] },
      { index: 1, bytes: 'AA', proof: [] },
      { index: 1, bytes: 'AB', proof: [] },
    ];
    const more = { entries: [...others, ...lots.entries], events: ['no.credential.at-all', ...lots.events] };
    expect(readPresented({ ...evidence, lots: more }).upstream).toEqual(readPresented(evidence).upstream);
    const { lots: _, ...bare } = evidence;
    const { upstream } = readPresented(bare);
    expect(upstream).toMatchObject({ makings: [], earlier: { anchor: { kind: 'anchored' } } });
    expect(upstream?.questions).toHaveLength(1);
  });

  test('has no earlier version whose credential or entry cannot be read, or whose entry is no anchor', () => {
    const { earlier, lots } = evidence;
    const [making] = lots?.entries ?? [];
    for (const changed of [
      { credential: 'no.credential.at-all' },
      { entry: { ...making, bytes: 'AA' } },
      { entry: making },
    ]) {
      const { upstream } = readPresented({ ...evidence, earlier: { ...earlier, ...changed } });
      expect(upstream?.makings).toHaveLength(5);
      expect(upstream?.earlier).toBeUndefined();
      expect(upstream?.questions).toHaveLength(5);
    }
  });
});
