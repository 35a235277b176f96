/** Attacks on what a passport says of the lots that it draws on, and on the evidence of where they came from. */
import { decodeBase64Url, encodeBase64Url } from '@dpp-ledger/core';
import type { Evidence, EvidenceEntry, Facts } from '@dpp-ledger/core/evidence';
import { decodeEntry, type Entry, encodeEntry } from '@dpp-ledger/core/journal';
import { formatLot } from '@dpp-ledger/core/materials';
import {
  type Attack,
  all,
  anchor,
  type Change,
  evidence,
  facts,
  flip,
  jwt,
  member,
  notScanned,
  refusedWith,
  type Signing,
  sign,
  without,
} from './attack.ts';
import { LOTS, lotTerms, MODEL, need, type World } from './world.ts';

type Lots = NonNullable<Evidence['lots']>;

const of = 'with lots' as const;
const VALID = { verdict: 'valid', codes: ['provenance.valid'] } as const;
const invalid = <C extends Attack['codes']>(...codes: C) => ({ verdict: 'invalid', codes }) as const;
const open = <C extends Attack['codes']>(...codes: C) => ({ verdict: 'indeterminate', codes }) as const;
const UNREADABLE = { verdict: 'invalid', codes: refusedWith('content.evidence-unreadable') } as const;

function lots(change: (lots: Lots, world: World) => object): Change {
  return evidence((it, world) => ({ ...it, lots: { ...it.lots, ...change(need(it.lots), world) } }));
}

/** One of the entries behind the lots: the registration, the sale, the part that was split off. */
function step(which: 0 | 1 | 2, change: (entry: EvidenceEntry, world: World) => object): Change {
  return lots(({ entries }, world) => ({
    entries: entries.map((entry, i) => (i === which ? { ...entry, ...change(entry, world) } : entry)),
  }));
}

/** An entry that says something else. */
function rewritten(which: 0 | 1 | 2, change: object): Change {
  return step(which, ({ bytes }) => {
    const entry = decodeEntry(decodeBase64Url(bytes));
    // Safe: encodeEntry refuses what is no entry.
    return { bytes: encodeBase64Url(encodeEntry({ ...entry, ...change } as Entry)) };
  });
}

/** What the ledger answers about the entries behind the lots, changed. */
function upstream(change: (about: NonNullable<Facts['upstream']>) => unknown): Change {
  return facts((honest) => ({ ...honest, upstream: change(need(honest.upstream)) }));
}

/** As the genuine one shows it, for a credential that was signed for an attack. */
const earlierOf = (name: 'with lots' | 'of a lot that is void' | 'other device') =>
  evidence((it, world) => {
    const { credential, batch, entry } = world.evidence(need(world.genuine[name]));
    return { ...it, earlier: { credential, batch, entry } };
  });

const EVIDENCE: readonly Attack[] = [
  { name: 'a passport that draws on a lot, as it should', of, ...VALID },
  { name: 'nothing of where the lot came from', of, shown: without('lots'), ...open('provenance.no-lineage') },
  ...([0, 1, 2] as const).map(
    (left): Attack => ({
      ...{ name: `the lot without step ${left} of those that made it`, of },
      shown: lots(({ entries }) => ({ entries: entries.filter((_, i) => i !== left) })),
      ...open('provenance.no-lineage'),
    }),
  ),
  { name: 'the lot without its events', of, shown: lots(() => ({ events: [] })), ...open('provenance.no-event') },
  {
    ...{ name: 'the lot with one of its events twice, and the other not', of },
    shown: lots(({ events }) => ({ events: [events[0], events[0]] })),
    ...open('provenance.no-event'),
  },
  {
    ...{ name: 'another credential in the place of its events', of },
    shown: lots(({ events }, world) => ({ events: events.map(() => need(world.genuine.event).jwt) })),
    ...open('provenance.no-event'),
  },
  {
    ...{ name: 'an event whose signature lacks a bit', of },
    shown: lots(({ events: [first = '', ...others] }) => {
      const parts = first.split('.');
      return { events: [parts.with(2, flip(parts[2] ?? '', 3)).join('.'), ...others] };
    }),
    ...open('provenance.no-event'),
  },
  {
    ...{ name: 'an event that is no text of a credential', of },
    shown: lots(({ events }) => ({ events: ['a.b.c', ...events.slice(1)] })),
    ...open('provenance.no-event'),
  },
  {
    ...{ name: 'the events in another order', of },
    shown: lots(({ events }) => ({ events: events.toReversed() })),
    ...VALID,
  },
  {
    ...{ name: 'the steps in another order', of },
    shown: lots(({ entries }) => ({ entries: entries.toReversed() })),
    ...VALID,
  },
  {
    ...{ name: 'a step twice', of },
    shown: lots(({ entries }) => ({ entries: [...entries, ...entries.slice(0, 1)] })),
    ...VALID,
  },
  {
    ...{ name: 'a registration of ten times as much', of },
    shown: rewritten(0, { milligrams: 1_000_000_000n }),
    ...invalid('provenance.not-in-journal'),
  },
  {
    ...{ name: 'a registration by another key', of },
    shown: rewritten(0, { actor: { kind: 'key', id: `0x${'77'.repeat(32)}` } }),
    ...invalid('provenance.not-in-journal'),
  },
  {
    ...{ name: 'a registration that names another event', of },
    shown: rewritten(0, { event: `0x${'77'.repeat(32)}` }),
    ...invalid('provenance.not-in-journal'),
  },
  {
    ...{ name: 'a registration of primary cobalt', of },
    shown: rewritten(0, { origin: 'primary' }),
    ...invalid('provenance.misdescribed'),
  },
  {
    ...{ name: 'a registration of nickel', of },
    shown: rewritten(0, { substance: 7_440_020 }),
    ...invalid('provenance.misdescribed'),
  },
  {
    ...{ name: 'a registration in book and claim', of },
    shown: rewritten(0, { custody: 'bookAndClaim' }),
    ...invalid('provenance.misdescribed'),
  },
  {
    ...{ name: 'a registration of the lot under another label', of },
    shown: rewritten(0, { label: 'another' }),
    ...open('provenance.no-lineage'),
  },
  {
    ...{ name: 'a sale of another lot', of },
    shown: rewritten(1, { lot: LOTS.doomed }),
    ...open('provenance.no-lineage'),
  },
  {
    ...{ name: 'a part of more than was split off', of },
    shown: rewritten(2, { milligrams: 89_000_000n }),
    ...invalid('provenance.not-in-journal'),
  },
  {
    ...{ name: 'a step whose path ends elsewhere', of },
    shown: step(1, ({ proof }) => ({ proof: proof.with(0, flip(proof[0] ?? '')) })),
    ...invalid('provenance.not-in-journal'),
  },
  {
    ...{ name: 'a step whose path was cut', of },
    shown: step(1, ({ proof }) => ({ proof: proof.slice(1) })),
    ...open('provenance.proof-outdated'),
  },
  {
    ...{ name: 'a step that is said to stand where the journal has not come to', of },
    shown: step(2, (_, world) => ({ index: world.entries.length })),
    ...open('provenance.ahead-of-facts'),
  },
  {
    ...{ name: 'a step whose bytes are no entry', of },
    shown: step(1, () => ({ bytes: 'AAAA' })),
    ...open('provenance.no-lineage'),
  },
  {
    ...{ name: 'an anchor in the place of a step', of },
    shown: lots(({ entries }, world) => ({
      entries: [entries[0], world.evidence(need(world.genuine.passport)).entry, entries[2]],
    })),
    ...open('provenance.no-lineage'),
  },
  {
    ...{ name: 'more steps than evidence carries', of },
    shown: lots(({ entries: [first] }) => ({ entries: new Array(65).fill(first) })),
    ...UNREADABLE,
  },
  {
    ...{ name: 'steps with something else beside them', of },
    shown: lots(() => ({ also: [] })),
    ...UNREADABLE,
  },
  { name: 'lots that are null', of, shown: member({ lots: null }), ...UNREADABLE },
  {
    ...{ name: 'an anchor that allocates more', of },
    shown: anchor(() => ({ allocations: [{ lot: LOTS.part, milligrams: 99n }] })),
    ...invalid('anchor.not-in-journal', 'provenance.valid'),
  },
  {
    ...{ name: 'an anchor that allocates nothing', of },
    shown: anchor(() => ({ allocations: [] })),
    ...invalid('anchor.not-in-journal', 'provenance.not-allocated'),
  },
  {
    ...{ name: 'the bare credential that draws on a lot', of },
    shown: all(
      jwt((text) => text),
      evidence(({ credential }) => credential),
      (it) => ({ ...it, facts: undefined }),
    ),
    ...open(
      ...(['signature.no-key', 'key.no-evidence', 'issuer.no-evidence', 'anchor.no-evidence'] as const),
      ...(['status.no-evidence', 'freshness.no-facts', 'provenance.no-anchor'] as const),
    ),
  },
];

const ANSWERS: readonly Attack[] = [
  {
    ...{ name: 'facts that say nothing of the lots', of },
    shown: facts(({ upstream: _, ...rest }) => rest),
    ...open('provenance.not-asked'),
  },
  {
    name: 'facts of all steps but the first',
    of,
    shown: upstream((all) => all.slice(1)),
    ...open('provenance.not-asked'),
  },
  {
    name: 'facts of the steps in another order',
    of,
    shown: upstream((all) => all.toReversed()),
    ...open('provenance.not-asked'),
  },
  {
    ...{ name: 'facts about another party than acted', of },
    shown: upstream((all) => all.map((about) => ({ ...about, question: { ...about.question, issuer: LOTS.part } }))),
    ...open('provenance.not-asked'),
  },
  {
    ...{ name: 'facts about another place than the event has', of },
    shown: upstream((all) => all.map((about) => ({ ...about, question: { ...about.question, word: 3 } }))),
    ...open('provenance.not-asked'),
  },
  {
    ...{ name: 'facts about other lots', of },
    shown: upstream((all) => all.map((about) => ({ ...about, lots: [{ lot: LOTS.void, isVoid: false }] }))),
    ...open('provenance.not-asked'),
  },
  {
    ...{ name: 'facts by which every lot is void', of },
    shown: upstream((all) =>
      all.map((about) => ({ ...about, lots: about.lots.map(({ lot }) => ({ lot, isVoid: true })) })),
    ),
    ...invalid('provenance.unsound'),
  },
  {
    ...{ name: 'facts by which whoever registered was withdrawn before', of },
    shown: upstream(([first, ...others]) => [
      { ...first, issuer: { ...need(first?.issuer), withdrawnSince: 1 } },
      ...others,
    ]),
    ...invalid('provenance.unsound'),
  },
  {
    ...{ name: 'facts by which a key that acted was stolen before', of },
    shown: upstream(([first, ...others]) => [
      { ...first, key: { purposes: 15, validFrom: 1, retiredAt: undefined, compromisedSince: 1 } },
      ...others,
    ]),
    ...open('provenance.in-doubt'),
  },
  {
    ...{ name: 'facts with a log of another entry', of },
    shown: all(
      step(1, ({ proof }) => ({ proof: proof.slice(1) })),
      upstream((all) => all.map((about) => ({ ...about, logged: { index: 1, bytes: Uint8Array.of(1) } }))),
    ),
    ...open('provenance.proof-outdated'),
  },
  {
    ...{ name: 'facts with a log of other bytes', of },
    shown: all(
      step(1, ({ proof }) => ({ proof: proof.slice(1) })),
      facts((honest, world) => ({
        ...honest,
        upstream: honest.upstream?.map((about, i) => ({
          ...about,
          logged: { index: stepOf(world, i).index, bytes: Uint8Array.of(1) },
        })),
      })),
    ),
    ...invalid('provenance.not-in-journal'),
  },
];

function stepOf(world: World, which: number): EvidenceEntry {
  return need(world.evidence(need(world.genuine[of])).lots?.entries[which]);
}

const made = (product: object, terms: object = {}): Signing =>
  sign(({ ledgers }) => lotTerms(ledgers.ours, ['part'], product, terms));
const material = (terms: object): Signing => made({}, terms);
const grams = (value: unknown): object => ({ mass: { value, unit: 'GRM' } });
const malformed = invalid('provenance.malformed');

const CLAIMED: readonly Attack[] = [
  { name: 'as much as every device was allocated', signed: material({}), ...VALID },
  { name: 'less than was allocated', signed: material(grams(0.001)), ...VALID },
  {
    name: 'a milligram more than was allocated',
    signed: material(grams(0.013)),
    ...invalid('provenance.over-claimed'),
  },
  { name: 'a tonne', signed: material(grams(1_000_000)), ...invalid('provenance.over-claimed') },
  { name: 'more than any number of milligrams', signed: material(grams(1e300)), ...malformed },
  { name: 'a mass below a milligram', signed: material(grams(0.0001)), ...malformed },
  { name: 'a mass between two milligrams', signed: material(grams(0.0115)), ...malformed },
  { name: 'a mass of zero', signed: material(grams(0)), ...malformed },
  { name: 'a mass below zero', signed: material(grams(-0.012)), ...malformed },
  { name: 'a mass that is text', signed: material(grams('0.012')), ...malformed },
  { name: 'a mass in tonnes', signed: material({ mass: { value: 0.012, unit: 'TNE' } }), ...malformed },
  { name: 'a mass without a unit', signed: material({ mass: { value: 0.012 } }), ...malformed },
  { name: 'no mass', signed: material({ mass: undefined }), ...malformed },
  { name: 'an origin that there is not', signed: material({ originClass: 'recycled' }), ...malformed },
  {
    name: 'primary cobalt of a recycled lot',
    signed: material({ originClass: 'primary' }),
    ...invalid('provenance.misdescribed'),
  },
  {
    name: 'another kind of recycled than the lot is',
    signed: material({ originClass: 'preConsumerRecycled' }),
    ...invalid('provenance.misdescribed'),
  },
  {
    name: 'a stricter model of custody than the lot has',
    signed: material({ chainOfCustodyModel: 'identityPreserved' }),
    ...invalid('provenance.misdescribed'),
  },
  {
    name: 'a weaker model of custody than the lot has',
    signed: material({ chainOfCustodyModel: 'massBalance' }),
    ...VALID,
  },
  {
    name: 'a model of custody that there is not',
    signed: material({ chainOfCustodyModel: 'Segregated' }),
    ...malformed,
  },
  {
    name: 'another substance than the lot is of',
    signed: material({ materialType: { code: '7440-02-0', schemeId: 'https://www.cas.org/cas-data/cas-registry' } }),
    ...invalid('provenance.misdescribed'),
  },
  {
    name: 'a CAS number with a wrong check digit',
    signed: material({ materialType: { code: '7440-48-5', schemeId: 'https://www.cas.org/cas-data/cas-registry' } }),
    ...malformed,
  },
  {
    name: 'a CAS number under another scheme',
    signed: material({ materialType: { code: '7440-48-4', schemeId: 'https://evil.example/' } }),
    ...malformed,
  },
  {
    name: 'a lot that its batch was allocated nothing of',
    signed: sign(({ ledgers }) => lotTerms(ledgers.ours, ['bought'])),
    ...invalid('provenance.not-allocated'),
  },
  {
    name: 'a lot that nobody named',
    signed: sign(({ ledgers }) => {
      return lotTerms(ledgers.ours, ['part'], {}, { lot: formatLot(ledgers.ours, `0x${'77'.repeat(32)}`) });
    }),
    ...invalid('provenance.not-allocated'),
  },
  {
    name: 'a lot of another ledger',
    signed: sign(({ ledgers }) => lotTerms(ledgers.theirs, ['part'])),
    ...invalid('provenance.other-ledger'),
  },
  {
    name: 'a lot of another chain',
    signed: material({ lot: `eip155:1:0x${'11'.repeat(20)}#lot-${LOTS.part.slice(2)}` }),
    ...invalid('provenance.other-ledger'),
  },
  { name: 'a lot by its bare id', signed: material({ lot: LOTS.part }), ...malformed },
  {
    name: 'a lot in capital letters',
    signed: sign(({ ledgers }) => {
      return lotTerms(ledgers.ours, ['part'], {}, { lot: `${ledgers.ours}#lot-${LOTS.part.slice(2).toUpperCase()}` });
    }),
    ...malformed,
  },
  { name: 'a lot that is a number', signed: material({ lot: 7 }), ...malformed },
  {
    name: 'twice as much, in two materials',
    signed: sign(({ ledgers }) => lotTerms(ledgers.ours, ['part', 'part'])),
    ...invalid('provenance.over-claimed'),
  },
  {
    name: 'as much as was allocated, in two materials',
    signed: sign(({ ledgers }) => lotTerms(ledgers.ours, ['part', 'part'], {}, grams(0.006))),
    ...VALID,
  },
  { name: 'a device that counts as several', signed: made({ unitCount: 2 }), ...malformed },
  { name: 'a device that calls itself a model', signed: made({ idGranularity: 'model' }), ...malformed },
  {
    name: 'a device that calls itself a production batch',
    signed: made({ idGranularity: 'batch', unitCount: 1 }),
    ...malformed,
  },
  {
    name: 'a model that draws on a lot',
    signed: made({ id: MODEL, idGranularity: 'model' }),
    shown: notScanned,
    ...invalid('subject.not-asked', 'provenance.malformed'),
  },
  {
    name: 'a production batch that draws on a lot, for all its units',
    signed: made({ id: `${MODEL}/10/B7`, idGranularity: 'batch', unitCount: 4 }, grams(0.003)),
    shown: notScanned,
    verdict: 'valid',
    codes: ['subject.not-asked', 'provenance.valid'],
  },
  {
    name: 'a production batch that draws on a lot for one of its units',
    signed: made({ id: `${MODEL}/10/B8`, idGranularity: 'batch', unitCount: 4 }),
    shown: notScanned,
    ...invalid('subject.not-asked', 'provenance.over-claimed'),
  },
  {
    name: 'a production batch that draws on a lot, and counts no units',
    signed: made({ id: `${MODEL}/10/B9`, idGranularity: 'batch' }),
    shown: notScanned,
    ...invalid('subject.not-asked', 'provenance.malformed'),
  },
];

const VERSIONS: readonly Attack[] = [
  {
    name: 'a new version without the one that the lot was allocated to',
    of: 'with lots, described anew',
    ...invalid('provenance.not-allocated'),
  },
  {
    ...{ name: 'a new version with the one that the lot was allocated to', of: 'with lots, described anew' },
    shown: earlierOf('with lots'),
    ...VALID,
  },
  {
    ...{ name: 'a new version with one that another lot was allocated to', of: 'with lots, described anew' },
    shown: earlierOf('of a lot that is void'),
    // It comes after it, too.
    ...invalid('provenance.earlier-differs'),
  },
  {
    ...{ name: 'a new version with the passport of another device', of: 'with lots, described anew' },
    shown: earlierOf('other device'),
    ...invalid('provenance.earlier-differs'),
  },
  {
    ...{ name: 'a passport that draws twice on one anchor' },
    signed: material(grams(0.024)),
    shown: evidence((it) => ({ ...it, earlier: { credential: it.credential, batch: it.batch, entry: it.entry } })),
    ...invalid('provenance.earlier-differs'),
  },
  {
    ...{ name: 'a passport that draws on two anchors of the same device' },
    signed: material({ ...grams(0.024), name: 'Cobalt of two anchors' }),
    shown: earlierOf('with lots'),
    ...VALID,
  },
  {
    ...{ name: 'an earlier version whose credential is another', of: 'with lots, described anew' },
    shown: all(
      earlierOf('with lots'),
      evidence((it) => ({ ...it, earlier: { ...it.earlier, credential: it.credential } })),
    ),
    ...invalid('provenance.earlier-differs'),
  },
  {
    ...{ name: 'an earlier version whose anchor allocates more than it did', of: 'with lots, described anew' },
    shown: all(
      earlierOf('with lots'),
      evidence((it) => {
        const entry = decodeEntry(decodeBase64Url(need(it.earlier).entry.bytes));
        const allocations = [{ lot: LOTS.part, milligrams: 99n }];
        const bytes = encodeBase64Url(encodeEntry({ ...entry, allocations } as Entry));
        return { ...it, earlier: { ...it.earlier, entry: { ...it.earlier?.entry, bytes } } };
      }),
    ),
    ...invalid('provenance.not-in-journal'),
  },
  {
    ...{ name: 'an earlier version that is no credential', of: 'with lots, described anew' },
    shown: all(
      earlierOf('with lots'),
      evidence((it) => ({ ...it, earlier: { ...it.earlier, credential: 'a.b.c' } })),
    ),
    ...invalid('provenance.not-allocated'),
  },
];

const UPSTREAM: readonly Attack[] = [
  { name: 'a lot that the accreditor declared void', of: 'of a lot that is void', ...invalid('provenance.unsound') },
  {
    name: 'a lot that was mixed of a sound one and one that came from a void one',
    of: 'of lots that came from a void one',
    ...open('provenance.in-doubt'),
  },
  { name: 'a lot whose event was revoked', of: 'of a lot whose event is revoked', ...invalid('provenance.unsound') },
  {
    name: 'a lot whose event tells of less than the entry',
    of: 'of a lot whose event says something else',
    ...invalid('provenance.unsound'),
  },
];

export const MATERIALS = { EVIDENCE, ANSWERS, CLAIMED, VERSIONS, UPSTREAM };
