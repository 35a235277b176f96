import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Hex } from '../../src/bytes.ts';
import { type Evidence, type Facts, parsePolicy } from '../../src/evidence/index.ts';
import { formatLot } from '../../src/materials/index.ts';
import type { CheckCode, Report, Verdict } from '../../src/report.ts';
import { createUpstreamReader, readPresented, type VerifyOptions, verify } from '../../src/verify/index.ts';
import { ACCREDITOR, anchored, by, CONTROLLER, makerId } from '../journal/paper-ledger.ts';
import { createLotsWorld, type LotsWorld, type LotsWorldOptions, lotOf, material, mineId } from './lots-world.ts';
import { LIST, MODEL } from './world.ts';

function codeOf(report: Report): CheckCode | undefined {
  return report.checks.find(({ name }) => name === 'provenance')?.code;
}

function messageOf(report: Report): string {
  return report.checks.find(({ name }) => name === 'provenance')?.message ?? '';
}

async function expectProvenance(options: VerifyOptions, code: CheckCode, verdict: Verdict): Promise<Report> {
  const report = await verify(options);
  expect(codeOf(report)).toBe(code);
  expect(report.verdict).toBe(verdict);
  return report;
}

/** 12 mg of the recycled part, 20 mg of the primary. */
const both = (world: LotsWorld) => [
  material(world, 'part'),
  material(world, 'primary', { mass: { value: 0.02, unit: 'GRM' } }),
];
const BOTH = { part: 12, primary: 20 };

async function issueBoth(options?: LotsWorldOptions) {
  const world = await createLotsWorld(options);
  const issued = await world.issueWith(both(world), BOTH);
  return { world, issued, evidence: await world.evidenceOf(issued, [lotOf.part, lotOf.primary]) };
}

describe('a passport that draws on lots', () => {
  let world: LotsWorld;
  let evidence: Evidence;
  beforeAll(async () => {
    ({ world, evidence } = await issueBoth());
  });

  test('is valid where its batch was allocated what it claims, and what the lots came from holds', async () => {
    expect(evidence.lots?.entries).toHaveLength(5);
    expect(evidence.lots?.events).toHaveLength(4);
    const report = await expectProvenance(world.optionsWith(evidence), 'provenance.valid', 'valid');
    expect(messageOf(report)).toContain('32 mg');
  });

  test.each<[string, (facts: Facts) => Facts, CheckCode]>([
    ['nobody asked about its lots', ({ upstream: _, ...facts }) => facts, 'provenance.not-asked'],
    ['an answer is missing', (facts) => ({ ...facts, upstream: facts.upstream?.slice(1) }), 'provenance.not-asked'],
    [
      'an answer is about another key',
      (facts) => ({
        ...facts,
        upstream: facts.upstream?.map((about) => ({ ...about, question: { ...about.question, key: mineId } })),
      }),
      'provenance.not-asked',
    ],
    [
      'an answer is about another status word',
      (facts) => ({
        ...facts,
        upstream: facts.upstream?.map((about) => ({ ...about, question: { ...about.question, word: 400 } })),
      }),
      'provenance.not-asked',
    ],
    [
      'an answer is about other lots',
      (facts) => ({
        ...facts,
        upstream: facts.upstream?.map((about) => ({
          ...about,
          lots: about.lots.map(({ isVoid }) => ({ lot: mineId, isVoid })),
        })),
      }),
      'provenance.not-asked',
    ],
    [
      'an answer leaves a lot out',
      (facts) => ({ ...facts, upstream: facts.upstream?.map((about) => ({ ...about, lots: [] })) }),
      'provenance.not-asked',
    ],
  ])('is not decided where %s', async (_, change, code) => {
    const options = world.optionsWith(evidence);
    await expectProvenance({ ...options, facts: change(options.facts as Facts) }, code, 'indeterminate');
  });

  test('is not decided without facts, and without evidence', async () => {
    const without = world.optionsWith(evidence, { facts: undefined });
    await expectProvenance(without, 'provenance.no-facts', 'indeterminate');
    await expectProvenance({ ...without, evidence: evidence.credential }, 'provenance.no-anchor', 'indeterminate');
  });

  test('is not decided where an entry that made a lot is not shown', async () => {
    const entries = evidence.lots?.entries ?? [];
    for (const left of entries.keys()) {
      const lots = { entries: entries.filter((_, i) => i !== left), events: evidence.lots?.events ?? [] };
      const options = world.optionsWith({ ...evidence, lots });
      await expectProvenance(options, 'provenance.no-lineage', 'indeterminate');
    }
    const { lots: _, ...bare } = evidence;
    await expectProvenance(world.optionsWith(bare), 'provenance.no-lineage', 'indeterminate');
  });

  test('is not decided where an event is not shown, or is another than the entry names', async () => {
    const events = evidence.lots?.events ?? [];
    for (const left of events.keys()) {
      const lots = { entries: evidence.lots?.entries ?? [], events: events.filter((_, i) => i !== left) };
      await expectProvenance(world.optionsWith({ ...evidence, lots }), 'provenance.no-event', 'indeterminate');
      const other = { ...lots, events: [...lots.events, evidence.credential, 'no.credential.at-all'] };
      const options = world.optionsWith({ ...evidence, lots: other });
      await expectProvenance(options, 'provenance.no-event', 'indeterminate');
    }
  });

  test('is invalid with an entry that the journal does not have', async () => {
    const entries = evidence.lots?.entries ?? [];
    for (const i of entries.keys()) {
      const proof = entries[i]?.proof.map((node, k) => (k === 0 ? 'A'.repeat(43) : node)) ?? [];
      if (proof.length === 0) continue;
      const lots = { ...evidence.lots, entries: entries.map((entry, k) => (k === i ? { ...entry, proof } : entry)) };
      const options = world.optionsWith({ ...evidence, lots } as Evidence);
      await expectProvenance(options, 'provenance.not-in-journal', 'invalid');
      // The block may have been undone.
      const young = { ...(options.facts as Facts), finalBlockNumber: 50 };
      await expectProvenance({ ...options, facts: young }, 'provenance.not-final', 'indeterminate');
    }
  });

  test('is not decided where the path of an entry fits another tree, unless the source logged the entry', async () => {
    const entries = (evidence.lots?.entries ?? []).map((entry) => ({ ...entry, proof: [] }));
    const cut = { ...evidence, lots: { entries, events: evidence.lots?.events ?? [] } };
    const options = world.optionsWith(cut);
    await expectProvenance(options, 'provenance.proof-outdated', 'indeterminate');
    const facts = options.facts as Facts;
    const upstream = facts.upstream?.map((about, i) => {
      const index = entries[i]?.index ?? 0;
      return { ...about, logged: { index, bytes: world.ledger.entries[index] ?? new Uint8Array() } };
    });
    const logged = { ...options, facts: { ...facts, upstream } };
    await expectProvenance(logged, 'provenance.valid', 'valid');
    const policy = parsePolicy({ ledgers: [world.ledger.id], anchorStandings: ['proved'] });
    await expectProvenance({ ...logged, policy }, 'provenance.standing-not-accepted', 'indeterminate');
    const others = upstream?.map((about) => ({ ...about, logged: { ...about.logged, bytes: Uint8Array.of(1) } }));
    const lied = { ...options, facts: { ...facts, upstream: others } as Facts };
    await expectProvenance(lied, 'provenance.not-in-journal', 'invalid');
  });

  test('says nothing of entries and events that its lots do not rest on', async () => {
    const extra = world.ledger.entries[0] ?? new Uint8Array();
    const entries = [
      ...(evidence.lots?.entries ?? []),
      { index: 0, bytes: Buffer.from(extra).toString('base64url'), proof: [] },
    ];
    const more = { ...evidence, lots: { entries, events: evidence.lots?.events ?? [] } };
    await expectProvenance(world.optionsWith(more), 'provenance.valid', 'valid');
  });
});

describe('what a passport claims of a lot', () => {
  let world: LotsWorld;
  beforeEach(async () => {
    world = await createLotsWorld();
  });
  type Claim = [
    name: string,
    terms: object,
    allocated: Readonly<Partial<Record<keyof typeof lotOf, number>>>,
    product: object,
    code: CheckCode,
    verdict: Verdict,
  ];
  const grams = (value: number) => ({ mass: { value, unit: 'GRM' } });
  test.each<Claim>([
    ['is no more than was allocated', {}, { part: 12 }, {}, 'provenance.valid', 'valid'],
    ['may be less', grams(0.011), { part: 12 }, {}, 'provenance.valid', 'valid'],
    [
      'may be of a weaker custody model',
      { chainOfCustodyModel: 'bookAndClaim' },
      { part: 12 },
      {},
      'provenance.valid',
      'valid',
    ],
    ['is not a milligram more', grams(0.013), { part: 12 }, {}, 'provenance.over-claimed', 'invalid'],
    ['is not of a lot that gave nothing', {}, { primary: 12 }, {}, 'provenance.not-allocated', 'invalid'],
    ['is not of a batch that was allocated nothing', {}, {}, {}, 'provenance.not-allocated', 'invalid'],
    [
      'is not of a stricter custody model',
      { chainOfCustodyModel: 'segregated' },
      { part: 12 },
      {},
      'provenance.misdescribed',
      'invalid',
    ],
    [
      'is not of another origin',
      { originClass: 'preConsumerRecycled' },
      { part: 12 },
      {},
      'provenance.misdescribed',
      'invalid',
    ],
    ['is not of the better origin', { originClass: 'primary' }, { part: 12 }, {}, 'provenance.misdescribed', 'invalid'],
    [
      'is not of an origin that there is not',
      { originClass: 'recycled' },
      { part: 12 },
      {},
      'provenance.malformed',
      'invalid',
    ],
    ['is not of no mass', { mass: undefined }, { part: 12 }, {}, 'provenance.malformed', 'invalid'],
    ['is not of a negative mass', grams(-0.012), { part: 12 }, {}, 'provenance.malformed', 'invalid'],
    ['is not of a part of a milligram', grams(0.0125), { part: 13 }, {}, 'provenance.malformed', 'invalid'],
    ['is not of a lot by another name', { lot: lotOf.part }, { part: 12 }, {}, 'provenance.malformed', 'invalid'],
    [
      'is a batch’s for all its units',
      grams(0.003),
      { part: 12 },
      { id: `${MODEL}/10/B7`, idGranularity: 'batch', unitCount: 4 },
      'provenance.valid',
      'valid',
    ],
    [
      'is not a batch’s for one of its units',
      grams(0.012),
      { part: 12 },
      { id: `${MODEL}/10/B7`, idGranularity: 'batch', unitCount: 4 },
      'provenance.over-claimed',
      'invalid',
    ],
    [
      'is not a batch’s that counts no units',
      grams(0.003),
      { part: 12 },
      { id: `${MODEL}/10/B7`, idGranularity: 'batch' },
      'provenance.malformed',
      'invalid',
    ],
    ['is not a model’s', {}, { part: 12 }, { id: MODEL, idGranularity: 'model' }, 'provenance.malformed', 'invalid'],
  ])('%s', async (_, terms, allocated, product, code, verdict) => {
    const issued = await world.issueWith([material(world, 'part', terms)], allocated, product);
    const evidence = await world.evidenceOf(issued, [lotOf.part]);
    await expectProvenance(world.optionsWith(evidence), code, verdict);
  });

  test('is summed over its materials', async () => {
    const twice = [5, 4].map((milligrams) => material(world, 'part', grams(milligrams / 1000)));
    for (const [allocated, code, verdict] of [
      [{ part: 9 }, 'provenance.valid', 'valid'],
      [{ part: 8 }, 'provenance.over-claimed', 'invalid'],
    ] as const) {
      const evidence = await world.evidenceOf(await world.issueWith(twice, allocated), [lotOf.part]);
      await expectProvenance(world.optionsWith(evidence), code, verdict);
    }
  });

  test('is not of another ledger’s lot', async () => {
    const elsewhere = formatLot(`eip155:1:${world.ledger.id.address}`, lotOf.part);
    const issued = await world.issueWith([material(world, 'part', { lot: elsewhere })], { part: 12 });
    const evidence = await world.evidenceOf(issued, [lotOf.part]);
    await expectProvenance(world.optionsWith(evidence), 'provenance.other-ledger', 'invalid');
  });

  test('is not of another substance', async () => {
    const materialType = {
      ...{ code: '7440-02-0', name: 'Nickel', schemeName: 'CAS Registry Number' },
      schemeId: 'https://www.cas.org/cas-data/cas-registry',
    };
    const issued = await world.issueWith([material(world, 'part', { materialType })], { part: 12 });
    const evidence = await world.evidenceOf(issued, [lotOf.part]);
    const report = await expectProvenance(world.optionsWith(evidence), 'provenance.misdescribed', 'invalid');
    expect(messageOf(report)).toMatch(/nickel, postConsumerRecycled.*cobalt, postConsumerRecycled/);
  });

  test('needs nothing where no material names a lot', async () => {
    const issued = await world.issueWith([{ name: 'Steel' }], {});
    await expectProvenance(world.optionsWith(issued.evidence()), 'provenance.no-lot', 'valid');
  });
});

describe('a new version', () => {
  async function versions(product: object = {}, more: object = {}) {
    const world = await createLotsWorld();
    const first = await world.issueWith([material(world, 'part')], { part: 12 });
    const second = await world.issueWith([material(world, 'part', more)], {}, product);
    const evidence = await world.evidenceOf(second, [lotOf.part]);
    const { credential, batch, entry } = first.evidence();
    return { world, first, second, evidence, earlier: { credential, batch, entry } };
  }

  test('stands on what was allocated to an earlier one about the same subject', async () => {
    const { world, evidence, earlier } = await versions();
    await expectProvenance(world.optionsWith(evidence), 'provenance.not-allocated', 'invalid');
    await expectProvenance(world.optionsWith({ ...evidence, earlier }), 'provenance.valid', 'valid');
  });

  test('claims no more than the earlier one was allocated', async () => {
    const { world, evidence, earlier } = await versions({}, { mass: { value: 0.013, unit: 'GRM' } });
    await expectProvenance(world.optionsWith({ ...evidence, earlier }), 'provenance.over-claimed', 'invalid');
  });

  test('does not stand on what was allocated to another device', async () => {
    const { world, evidence, earlier } = await versions({ id: `${MODEL}/21/B8L3` });
    await expectProvenance(world.optionsWith({ ...evidence, earlier }), 'provenance.earlier-differs', 'invalid');
  });

  test('does not stand on an anchor twice', async () => {
    const { world, first } = await versions();
    const double = await world.issueWith([material(world, 'part', { mass: { value: 0.024, unit: 'GRM' } })], {
      part: 12,
    });
    const evidence = await world.evidenceOf(double, [lotOf.part]);
    const { credential, batch, entry } = evidence;
    const itself = { ...evidence, earlier: { credential, batch, entry } };
    await expectProvenance(world.optionsWith(itself), 'provenance.earlier-differs', 'invalid');
    // What another anchor debited for the same device counts beside it.
    const { credential: other, batch: place, entry: anchor } = first.evidence();
    const summed = { ...evidence, earlier: { credential: other, batch: place, entry: anchor } };
    await expectProvenance(world.optionsWith(summed), 'provenance.valid', 'valid');
  });

  test('does not stand on an earlier one that is not in the batch, or whose anchor is not in the journal', async () => {
    const { world, evidence, earlier, second } = await versions();
    const swapped = { ...earlier, credential: second.signed.jwt };
    await expectProvenance(
      world.optionsWith({ ...evidence, earlier: swapped }),
      'provenance.earlier-differs',
      'invalid',
    );
    const forged = world.ledger.encode(
      CONTROLLER,
      anchored({
        root: `0x${'11'.repeat(32)}`,
        size: 1,
        roles: 0x3f,
        allocations: [{ lot: lotOf.part, milligrams: 99n }],
      }),
    );
    const entry = { ...earlier.entry, bytes: Buffer.from(forged).toString('base64url') };
    const options = world.optionsWith({ ...evidence, earlier: { ...earlier, entry } });
    await expectProvenance(options, 'provenance.earlier-differs', 'invalid');
    const proof = earlier.entry.proof.map(() => 'A'.repeat(43));
    const moved = { ...earlier, entry: { ...earlier.entry, proof } };
    await expectProvenance(world.optionsWith({ ...evidence, earlier: moved }), 'provenance.not-in-journal', 'invalid');
  });
});

describe('a reader of what stands behind lots', () => {
  test('reads an entry and an event once, however many passports of a pallet they stand behind', async () => {
    const { world, issued, evidence } = await issueBoth();
    const other = await world.issueWith(both(world), BOTH);
    const reader = createUpstreamReader();
    const [one, two] = [evidence, await world.evidenceOf(other, [lotOf.part, lotOf.primary])].map(
      (each) => readPresented(structuredClone(each), reader).upstream,
    );
    expect(issued.signed.jwt).not.toBe(other.signed.jwt);
    expect(one?.makings.map(({ entry }) => entry)).toHaveLength(5);
    one?.makings.forEach(({ entry }, i) => {
      expect(two?.makings[i]?.entry).toBe(entry);
    });
    expect(one?.events.size).toBe(4);
    for (const [digest, event] of one?.events ?? []) expect(two?.events.get(digest)).toBe(event);
  });

  test('reads of an event the masses of each ledger that it is asked for', async () => {
    const { evidence } = await issueBoth();
    const reader = createUpstreamReader();
    const [event = ''] = evidence.lots?.events ?? [];
    const elsewhere = `eip155:1:0x${'11'.repeat(20)}`;
    const countOf = (ledger: string) => reader.readEvent(event, ledger)?.masses?.outputs.length;
    expect([evidence.ledger, elsewhere, evidence.ledger].map(countOf)).toEqual([1, 0, 1]);
    expect(reader.readEvent('not a credential', evidence.ledger)).toBeUndefined();
  });
});

describe('what no longer holds upstream', () => {
  test.each<[keyof typeof lotOf, CheckCode, Verdict, string | undefined]>([
    ['part', 'provenance.unsound', 'invalid', undefined],
    ['recycled', 'provenance.unsound', 'invalid', undefined],
    ['primary', 'provenance.unsound', 'invalid', undefined],
    // Half of what was refined came from each: up to all of the 12 and the 20 mg.
    ['scrap', 'provenance.in-doubt', 'indeterminate', '32 mg of 32 mg'],
    ['shipped', 'provenance.in-doubt', 'indeterminate', '32 mg of 32 mg'],
    ['ore', 'provenance.in-doubt', 'indeterminate', '32 mg of 32 mg'],
  ])('the lot %s is void', async (name, code, verdict, affected) => {
    const { world, evidence } = await issueBoth();
    const lot = lotOf[name];
    const milligrams = world.ledger.fold.state.lots.get(lot)?.milligrams ?? 0n;
    world.append(ACCREDITOR, { kind: 'lotVoided', lot, milligrams });
    const fresh = await refreshed(world, evidence);
    const report = await expectProvenance(world.optionsWith(fresh), code, verdict);
    expect(messageOf(report)).toContain(`lot ${lot} was declared void`);
    if (affected !== undefined) expect(messageOf(report)).toContain(affected);
  });

  test('all sources of a lot are void', async () => {
    const { world, evidence } = await issueBoth();
    for (const lot of [lotOf.scrap, lotOf.shipped]) {
      const milligrams = world.ledger.fold.state.lots.get(lot)?.milligrams ?? 0n;
      world.append(ACCREDITOR, { kind: 'lotVoided', lot, milligrams });
    }
    const fresh = await refreshed(world, evidence);
    await expectProvenance(world.optionsWith(fresh), 'provenance.unsound', 'invalid');
  });

  test('only a little of what was refined is in doubt, and no more than that', async () => {
    // 5 mg of scrap go in; the rest is ore.
    const world = await createLotsWorld({
      change: { refined: refinedFrom(600n, 5n), part: { milligrams: 1n } },
      tell: { refined: toldFrom(600n, 5n) },
    });
    const part = { ...material(world, 'primary'), mass: { value: 0.02, unit: 'GRM' } };
    const issued = await world.issueWith([part], { primary: 20 });
    world.append(ACCREDITOR, { kind: 'lotVoided', lot: lotOf.scrap, milligrams: 495n });
    const evidence = await world.evidenceOf(issued, [lotOf.primary]);
    const report = await expectProvenance(world.optionsWith(evidence), 'provenance.in-doubt', 'indeterminate');
    expect(messageOf(report)).toContain('Up to 5 mg of 20 mg');
  });

  test('a step’s event was revoked: what it made is at fault', async () => {
    const { world, evidence } = await issueBoth();
    revokeEvent(world, mineId, by('controller', 'mine'), 1000);
    const ore = await expectProvenance(
      world.optionsWith(await refreshed(world, evidence)),
      'provenance.in-doubt',
      'indeterminate',
    );
    expect(messageOf(ore)).toContain(`the event of entry ${world.at.ore} was revoked`);
    revokeEvent(world, makerId, CONTROLLER, 1003);
    const refined = await refreshed(world, evidence);
    await expectProvenance(world.optionsWith(refined), 'provenance.unsound', 'invalid');
  });

  test('a revocation of another event of that issuer is none of this one', async () => {
    const { world, evidence } = await issueBoth();
    revokeEvent(world, mineId, by('controller', 'mine'), 1002);
    await expectProvenance(world.optionsWith(await refreshed(world, evidence)), 'provenance.valid', 'valid');
  });

  test('the mine’s accreditation had ended before it acted', async () => {
    const { world, evidence } = await issueBoth();
    const since = world.ledger.time - 1000;
    world.append(ACCREDITOR, { kind: 'withdrawn', issuer: mineId, since });
    const report = await expectProvenance(
      world.optionsWith(await refreshed(world, evidence)),
      'provenance.in-doubt',
      'indeterminate',
    );
    expect(messageOf(report)).toContain(`the issuer of entry ${world.at.ore} was withdrawn before it`);
  });

  test('the mine’s accreditation ended afterwards', async () => {
    const { world, evidence } = await issueBoth();
    world.append(ACCREDITOR, { kind: 'withdrawn', issuer: mineId, since: world.ledger.time });
    await expectProvenance(world.optionsWith(await refreshed(world, evidence)), 'provenance.valid', 'valid');
  });

  test('the key that split the lot was in wrong hands: in doubt, even where nothing else stands behind it', async () => {
    const { world, evidence } = await issueBoth();
    const options = world.optionsWith(evidence);
    const facts = options.facts as Facts;
    const key = { purposes: 15, validFrom: 0, retiredAt: undefined, compromisedSince: 1 };
    const upstream = facts.upstream?.map((about) => ({ ...about, key }));
    const report = await expectProvenance(
      { ...options, facts: { ...facts, upstream } },
      'provenance.in-doubt',
      'indeterminate',
    );
    expect(messageOf(report)).toContain('was in wrong hands by then');
  });
});

describe('an event counts only if it says what the entry did', () => {
  test.each<[string, LotsWorldOptions, CheckCode]>([
    ['the mine tells of less', { change: { ore: { milligrams: 1001n } } }, 'provenance.in-doubt'],
    ['the mine tells of another lot', { tell: { ore: { outputs: [{ ...OTHER }] } as never } }, 'provenance.in-doubt'],
    ['somebody else tells what the mine did', { teller: { ore: 'maker' } }, 'provenance.in-doubt'],
    ['the refiner tells of another yield', { tell: { refined: toldFrom(600n, 499n) } }, 'provenance.unsound'],
    ['somebody else tells what the refiner did', { teller: { refined: 'mine' } }, 'provenance.unsound'],
    [
      'the transfer moves something else',
      { tell: { shipped: { moved: [{ ...OTHER }] } as never } },
      'provenance.in-doubt',
    ],
  ])('%s', async (_, options, code) => {
    const { world, evidence } = await issueBoth(options);
    const report = await verify(world.optionsWith(evidence));
    expect(codeOf(report)).toBe(code);
    expect(messageOf(report)).toMatch(/the event of entry \d+ does not say what the entry did/);
  });
});

// ---------------------------------------------------------------------------------------------------------------------- parts

const OTHER = {
  ...{ lot: `0x${'77'.repeat(32)}` as Hex, milligrams: 1000n, name: 'Ore', label: 'other' },
  ...{ substance: '7440-48-4', origin: 'primary', custody: 'segregated' },
} as const;

function inputsOf(shipped: bigint, scrap: bigint) {
  return [
    { lot: lotOf.shipped, milligrams: shipped },
    { lot: lotOf.scrap, milligrams: scrap },
  ].sort((a, b) => (a.lot < b.lot ? -1 : 1));
}

/** The refinery's entry, all of the recycled part falling to primary but what `R` needs. */
function refinedFrom(shipped: bigint, scrap: bigint): object {
  return {
    inputs: inputsOf(shipped, scrap),
    lost: { primary: 0n, preConsumerRecycled: 0n, postConsumerRecycled: 0n, renewable: 0n },
    outputs: [
      { origin: 'primary', custody: 'massBalance', milligrams: shipped, label: 'P' },
      { origin: 'postConsumerRecycled', custody: 'massBalance', milligrams: scrap, label: 'R' },
    ],
  };
}

function toldFrom(shipped: bigint, scrap: bigint): object {
  const kind = { name: 'Cobalt', substance: '7440-48-4', custody: 'massBalance' };
  return {
    inputs: inputsOf(shipped, scrap).map((input) => ({ ...input, name: 'Cobalt' })),
    outputs: [
      { ...kind, lot: lotOf.primary, label: 'P', origin: 'primary', milligrams: shipped },
      { ...kind, lot: lotOf.recycled, label: 'R', origin: 'postConsumerRecycled', milligrams: scrap },
    ],
  };
}

/** With the paths that they have by now. */
async function refreshed(world: LotsWorld, evidence: Evidence): Promise<Evidence> {
  const spell = (index: number) => world.ledger.peakPath(index).map((node) => Buffer.from(node).toString('base64url'));
  return {
    ...evidence,
    entry: { ...evidence.entry, proof: spell(evidence.entry.index) },
    lots: {
      entries: (evidence.lots?.entries ?? []).map((entry) => ({ ...entry, proof: spell(entry.index) })),
      events: evidence.lots?.events ?? [],
    },
  };
}

function revokeEvent(world: LotsWorld, issuer: Hex, actor: ReturnType<typeof by>, place: number): void {
  world.append(actor, {
    ...{ kind: 'statusSet', issuer, list: LIST, status: 'revoked', reason: 'error' },
    words: [{ number: Math.floor(place / 256), bits: 1n << BigInt(place % 256) }],
  });
}
