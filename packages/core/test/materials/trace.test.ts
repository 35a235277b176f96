import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Hex } from '../../src/bytes.ts';
import { decodeEntry, type Entry, type EntryBody, type EntryOf } from '../../src/journal/index.ts';
import {
  createTrace,
  encodeTrace,
  formatGraphml,
  formatLot,
  hashLot,
  type JudgedEvent,
  type Known,
  type LotNode,
  readFlows,
  readMakings,
  type TracedEntry,
  type TraceGraph,
  type TraceOptions,
  type TraceQuestion,
} from '../../src/materials/index.ts';
import {
  ACCREDITOR,
  accountOf,
  accreditMaker,
  anchored,
  by,
  CONTROLLER,
  createKeyPair,
  createPaperLedger,
  issuerOf,
  type KeyPair,
  keyAdded,
  makerId,
  type PaperLedger,
} from '../journal/paper-ledger.ts';

const LEDGER = `eip155:31337:0x${'ed'.repeat(20)}`;
const BUYER = 'did:web:buyer.example';
const buyerId = issuerOf(BUYER);
const BUYERS = by('controller', 'buyer');
const ROLES = 0x3f;
const COBALT = 7_440_484;
const NO_LOSS = { primary: 0n, preConsumerRecycled: 0n, postConsumerRecycled: 0n, renewable: 0n };
const root: Hex = `0x${'77'.repeat(32)}`;
const eventOf = (n: number): Hex => `0x${n.toString(16).padStart(64, '0')}`;

let keys: readonly [KeyPair, KeyPair];
beforeAll(async () => {
  keys = await Promise.all([createKeyPair(), createKeyPair()]);
});

let ledger: PaperLedger;
beforeEach(() => {
  ledger = createPaperLedger();
  accreditMaker(ledger, keys[0], { roles: ROLES });
  const controller = accountOf('buyer');
  ledger.append(ACCREDITOR, { kind: 'accredited', issuer: buyerId, number: 2, roles: ROLES, controller, did: BUYER });
  ledger.append(ACCREDITOR, keyAdded(buyerId, keys[1], 15));
});

const ofMaker = { issuer: makerId, roles: ROLES };
const ofBuyer = { issuer: buyerId, roles: ROLES };
const lot = (label: string) => hashLot(makerId, label);
const uri = (label: string, issuer = makerId) => formatLot(LEDGER, hashLot(issuer, label));

type Registered = Extract<EntryBody, { kind: 'lotRegistered' }>;
const register = (label: string, milligrams: bigint, fields: Partial<Registered> = {}) =>
  ledger.append(CONTROLLER, {
    ...{ kind: 'lotRegistered', ...ofMaker, substance: COBALT, origin: 'primary', custody: 'segregated', milligrams },
    ...{ event: eventOf(1), periodFrom: 0, periodUntil: 0, country: 'CD', label, facility: 'https://mine.example' },
    ...fields,
  });
const recycled = { origin: 'postConsumerRecycled', country: 'BE', event: eventOf(2) } as const;
const split = (from: string, label: string, milligrams: bigint) =>
  ledger.append(CONTROLLER, { kind: 'lotSplit', ...ofMaker, lot: lot(from), milligrams, label });
const offer = (from: string, label: string, milligrams: bigint, receiver = buyerId) =>
  ledger.append(CONTROLLER, {
    ...{ kind: 'transferOffered', ...ofMaker, receiver, lot: lot(from), milligrams, event: eventOf(4), label },
  });
const accept = (label: string) =>
  ledger.append(BUYERS, {
    ...{ kind: 'transferAccepted', ...ofBuyer, sender: makerId, lot: lot(label), event: eventOf(5) },
  });

/** 1,000 mg primary and 500 mg recycled are refined: the worked example of docs/materials.md. What was made is drawn on. */
function refine(): void {
  register('ORE', 1_200n);
  register('SCRAP', 500n, recycled);
  const inputs = [
    { lot: lot('ORE'), milligrams: 1_000n },
    { lot: lot('SCRAP'), milligrams: 500n },
  ].sort((a, b) => (a.lot < b.lot ? -1 : 1));
  ledger.append(CONTROLLER, {
    ...{ kind: 'transformed', ...ofMaker, event: eventOf(3), process: 'refining', inputs },
    lost: { ...NO_LOSS, primary: 10n, postConsumerRecycled: 5n },
    outputs: [
      { origin: 'postConsumerRecycled', custody: 'massBalance', milligrams: 400n, label: 'R' },
      { origin: 'primary', custody: 'controlledBlending', milligrams: 1_085n, label: 'P' },
    ],
  });
}
function sell(): void {
  offer('R', 'R/1', 300n);
  accept('R/1');
  const allocations = [{ lot: lot('R/1'), milligrams: 12n }];
  ledger.append(BUYERS, anchored({ ...ofBuyer, root, size: 20, allocations }));
}

const entriesOf = (all: readonly Uint8Array[] = ledger.entries) =>
  all.map((bytes, index): TracedEntry => ({ index, entry: decodeEntry(bytes) }));

/** Whatever the journal has on the questions: an index would look it up. */
function answersTo(questions: readonly TraceQuestion[], all = entriesOf()): readonly TracedEntry[] {
  return all.filter(({ entry }) =>
    readFlows(entry).some((flow) => questions.some((question) => question.lot === flow.lot)),
  );
}

function trace(options: Partial<TraceOptions> & Pick<TraceOptions, 'start'>, known?: Known, all?: TracedEntry[]) {
  const walk = createTrace({ ledger: LEDGER, direction: 'both', depth: 16, most: 256, ...options });
  for (let generation = 0; walk.questions.length > 0; generation++) {
    expect(generation).toBeLessThan(40);
    walk.answer(answersTo(walk.questions, all));
  }
  return walk.finish(known);
}

const lotNode = (graph: TraceGraph, label: string, issuer = makerId) =>
  graph.nodes.find(({ id }) => id === uri(label, issuer)) as LotNode;
const labels = (graph: TraceGraph) => graph.nodes.map((node) => (node.kind === 'lot' ? node.label : node.kind));
const sum = (values: readonly bigint[]) => values.reduce((total, value) => total + value, 0n);
const into = (graph: TraceGraph, id: string) => graph.edges.filter(({ to }) => to === id);
const outOf = (graph: TraceGraph, id: string) => graph.edges.filter(({ from }) => from === id);
const batchStart = (): TraceOptions['start'] => {
  const anchor = entriesOf().findLast(({ entry }) => entry.kind === 'anchored') as TracedEntry;
  return { anchor: { index: anchor.index, entry: anchor.entry as EntryOf<'anchored'> } };
};

describe('a trace of a refinery', () => {
  beforeEach(() => {
    refine();
    sell();
  });

  test('goes from a batch to where its matter was registered, with what flowed on every edge', () => {
    const graph = trace({ start: batchStart(), direction: 'upstream' });
    expect(labels(graph)).toEqual(['ORE', 'SCRAP', 'transformation', 'R', 'P', 'lost', 'R/1', 'batch']);
    const step = graph.nodes.find(({ kind }) => kind === 'transformation')?.id ?? '';
    const masses = (edges: TraceGraph['edges']) => edges.map(({ milligrams, origin }) => [milligrams, origin]);
    expect(new Set(masses(into(graph, step)))).toEqual(
      new Set([
        [1_000n, 'primary'],
        [500n, 'postConsumerRecycled'],
      ]),
    );
    expect(masses(outOf(graph, step))).toEqual([
      [400n, 'postConsumerRecycled'],
      [1_085n, 'primary'],
      [10n, 'primary'],
      [5n, 'postConsumerRecycled'],
    ]);
    expect(masses(into(graph, uri('R/1')))).toEqual([[300n, 'postConsumerRecycled']]);
    expect(masses(into(graph, graph.start))).toEqual([[240n, 'postConsumerRecycled']]);
    expect(lotNode(graph, 'ORE')).toMatchObject({ country: 'CD', facility: 'https://mine.example', side: 'upstream' });
    expect(lotNode(graph, 'P').side).toBe('beside');
    expect(graph).toMatchObject({ gaps: [], cuts: [] });
  });

  test('adds up: what goes into a transformation comes out of it or is lost', () => {
    for (const start of [batchStart(), { lot: lot('ORE') }, { lot: lot('P') }]) {
      const graph = trace({ start });
      const steps = graph.nodes.filter(({ kind }) => kind === 'transformation');
      expect(steps).toHaveLength(1);
      for (const { id } of steps) {
        expect(sum(into(graph, id).map(({ milligrams }) => milligrams))).toBe(1_500n);
        expect(sum(outOf(graph, id).map(({ milligrams }) => milligrams))).toBe(1_500n);
      }
    }
  });

  test('goes from a lot to the batches that drew on it', () => {
    const graph = trace({ start: { lot: lot('SCRAP') }, direction: 'downstream' });
    expect(labels(graph)).toEqual(['ORE', 'SCRAP', 'transformation', 'R', 'P', 'lost', 'R/1', 'batch']);
    expect(lotNode(graph, 'ORE').side).toBe('beside');
    expect(graph.nodes.at(-1)).toMatchObject({ kind: 'batch', root, size: 20, by: buyerId, side: 'downstream' });
    expect(trace({ start: { lot: lot('SCRAP') }, direction: 'upstream' }).nodes).toHaveLength(1);
  });

  test('names the weakest custody between each node and the start, and the lot’s own beside it', () => {
    const up = trace({ start: batchStart(), direction: 'upstream' });
    expect(lotNode(up, 'ORE')).toMatchObject({ custody: 'segregated', weakest: 'massBalance' });
    const down = trace({ start: { lot: lot('ORE') }, direction: 'downstream' });
    expect(lotNode(down, 'ORE')).toMatchObject({ custody: 'segregated', weakest: 'segregated' });
    expect(lotNode(down, 'P')).toMatchObject({ custody: 'controlledBlending', weakest: 'controlledBlending' });
    expect(down.nodes.at(-1)).toMatchObject({ kind: 'batch', weakest: 'massBalance' });
  });

  test('is bounded in depth, and says where it goes on', () => {
    const graph = trace({ start: batchStart(), direction: 'upstream', depth: 1 });
    expect(labels(graph)).toEqual(['R', 'R/1', 'batch']);
    expect(graph.cuts).toEqual([{ node: uri('R'), side: 'upstream', by: 'depth' }]);
    const down = trace({ start: { lot: lot('ORE') }, direction: 'downstream', depth: 1 });
    expect(new Set(down.cuts.map(({ node }) => node))).toEqual(new Set([uri('R'), uri('P')]));
    expect(lotNode(down, 'R')).toMatchObject({ origin: 'postConsumerRecycled', milligrams: 400n });
  });

  test('is bounded in size, and says where it goes on', () => {
    for (let i = 0; i < 30; i++) split('P', `P/${i}`, 10n);
    const graph = trace({ start: { lot: lot('P') }, direction: 'downstream', most: 12 });
    expect(graph.cuts).toContainEqual({ node: uri('P'), side: 'downstream', by: 'size' });
    expect(graph.edges.length).toBeLessThanOrEqual(12);
    const whole = trace({ start: { lot: lot('P') }, direction: 'downstream' });
    expect([whole.edges.length, whole.cuts]).toEqual([30, []]);
  });

  test('ends with what was retired, lost and voided', () => {
    ledger.append(CONTROLLER, { kind: 'lotRetired', ...ofMaker, lot: lot('P'), milligrams: 40n });
    ledger.append(CONTROLLER, { kind: 'lotLost', ...ofMaker, lot: lot('P'), milligrams: 45n });
    ledger.append(ACCREDITOR, { kind: 'lotVoided', lot: lot('P'), milligrams: 1_000n });
    const graph = trace({ start: { lot: lot('P') }, direction: 'downstream' });
    expect(graph.edges.map(({ milligrams }) => milligrams)).toEqual([40n, 45n, 1_000n]);
    expect(labels(graph)).toEqual(['P', 'retired', 'lost', 'voided']);
    expect(graph.gaps).toMatchObject([{ node: uri('P'), code: 'lot-void' }]);
  });
});

describe('the gaps of a trace', () => {
  const codes = ({ gaps }: TraceGraph) => gaps.map(({ node, code }) => [node, code]);
  /** Each event says just what its entry did. */
  const all = () =>
    new Map(
      entriesOf().flatMap(({ entry }): [Hex, JudgedEvent][] => {
        if (!('event' in entry)) return [];
        const flows = (way: string) => readFlows(entry).filter((flow) => flow.way === way);
        const isOffer = entry.kind === 'transferOffered';
        const accepted = entry.kind === 'transferAccepted' ? [{ lot: entry.lot, milligrams: 300n }] : [];
        const masses = {
          inputs: isOffer ? [] : flows('out'),
          outputs: isOffer ? [] : flows('in'),
          moved: isOffer ? flows('in') : accepted,
        };
        return [[entry.event, { verdict: 'valid', said: { issuer: entry.issuer, masses } }]];
      }),
    );
  const said = {
    issuer: makerId,
    masses: { inputs: [], outputs: [{ lot: lot('SCRAP'), milligrams: 500n }], moved: [] },
  };

  test('name an offer that was never accepted, and none that was answered', () => {
    register('ORE', 1_000n);
    for (const label of ['open', 'accepted', 'refused', 'withdrawn']) offer('ORE', label, 100n);
    accept('accepted');
    ledger.append(BUYERS, { kind: 'transferRefused', ...ofBuyer, lot: lot('refused') });
    ledger.append(CONTROLLER, { kind: 'transferWithdrawn', ...ofMaker, lot: lot('withdrawn') });
    const graph = trace({ start: { lot: lot('ORE') } });
    expect(codes(graph)).toEqual([[uri('open'), 'offer-open']]);
    for (const label of ['open', 'accepted', 'refused', 'withdrawn']) {
      expect(lotNode(graph, label).offer).toBe(label);
    }
    // Without the answers what was done with the lot since tells, or how it is now.
    const unanswered = entriesOf().filter(({ entry }) => !/^transfer(?:Acc|Ref|With)/.test(entry.kind));
    const known = { lots: ledger.fold.state.lots };
    expect(codes(trace({ start: { lot: lot('ORE') } }, known, unanswered))).toEqual([[uri('open'), 'offer-open']]);
  });

  test('name a lot whose making is missing, and keep what is known of it', () => {
    refine();
    sell();
    const without = entriesOf().filter(({ entry }) => entry.kind !== 'lotRegistered');
    const known: Known = { lots: ledger.fold.state.lots, events: all() };
    const graph = trace({ start: batchStart(), direction: 'upstream' }, known, without);
    expect(new Set(codes(graph))).toEqual(
      new Set([
        [uri('ORE'), 'entry-missing'],
        [uri('SCRAP'), 'entry-missing'],
      ]),
    );
    expect(lotNode(graph, 'ORE')).toMatchObject({ origin: 'primary', entry: undefined, verdict: 'indeterminate' });
    expect(lotNode(graph, 'R')).toMatchObject({ substance: COBALT, verdict: 'valid' });
  });

  test.each<[string, JudgedEvent | undefined, string, string]>([
    ['is missing', { verdict: 'missing' }, 'event-missing', 'indeterminate'],
    ['was not looked for', undefined, 'event-missing', 'indeterminate'],
    ['does not hold', { verdict: 'invalid', said }, 'event-invalid', 'invalid'],
    ['cannot be decided', { verdict: 'indeterminate', said }, 'event-undecided', 'indeterminate'],
    ['says nothing of lots', { verdict: 'valid' }, 'event-other', 'invalid'],
    ['is another’s', { verdict: 'valid', said: { ...said, issuer: buyerId } }, 'event-other', 'invalid'],
    [
      'names another mass',
      {
        verdict: 'valid',
        said: { ...said, masses: { ...said.masses, outputs: [{ lot: lot('SCRAP'), milligrams: 501n }] } },
      },
      'event-other',
      'invalid',
    ],
  ])('name an event that %s', (_, judged, code, verdict) => {
    refine();
    sell();
    const events = all();
    if (judged === undefined) events.delete(eventOf(2));
    else events.set(eventOf(2), judged);
    const graph = trace({ start: batchStart() }, { events });
    expect(codes(graph)).toEqual([[uri('SCRAP'), code]]);
    expect(lotNode(graph, 'SCRAP').verdict).toBe(verdict);
    expect(lotNode(graph, 'ORE').verdict).toBe('valid');
    expect(trace({ start: batchStart() }).nodes.map((node) => node.verdict)).not.toContain('valid');
  });

  test('name an acceptance whose event says another mass than was offered', () => {
    refine();
    sell();
    const events = all();
    const moved = [{ lot: lot('R/1'), milligrams: 301n }];
    events.set(eventOf(5), { verdict: 'valid', said: { issuer: buyerId, masses: { inputs: [], outputs: [], moved } } });
    expect(codes(trace({ start: batchStart() }, { events }))).toEqual([[uri('R/1'), 'event-other']]);
    expect(codes(trace({ start: batchStart() }, { events: all() }))).toEqual([]);
  });

  test('name what is void, and an entry that is not proved', () => {
    refine();
    ledger.append(ACCREDITOR, { kind: 'lotVoided', lot: lot('ORE'), milligrams: 200n });
    const graph = trace({ start: { lot: lot('R') } }, { events: all(), isProved: (index) => index !== 9 });
    expect(new Set(codes(graph))).toEqual(
      new Set([
        [uri('ORE'), 'lot-void'],
        [uri('SCRAP'), 'entry-unproved'],
      ]),
    );
    expect([lotNode(graph, 'ORE').verdict, lotNode(graph, 'SCRAP').verdict]).toEqual(['invalid', 'indeterminate']);
  });
});

describe('entries that no ledger can have made', () => {
  const refused = expect.objectContaining({ code: 'materials.trace' });
  beforeEach(() => {
    refine();
    sell();
  });
  const changed = (change: (all: TracedEntry[]) => TracedEntry[]) => () =>
    trace({ start: { lot: lot('R') } }, {}, change(entriesOf()));
  const entryOf = (kind: Entry['kind']) => entriesOf().find(({ entry }) => entry.kind === kind) as TracedEntry;

  test('are refused where a lot is used before it was made: there are no cycles', () => {
    expect(changed((all) => all.map((one) => ({ ...one, index: 100 - one.index })))).toThrow(refused);
    // The first lot, made of the last one.
    const loop = { ...(entryOf('lotSplit') ?? {}), index: 200 };
    const entry = { ...entryOf('transferOffered').entry, kind: 'lotSplit', lot: lot('R/1'), label: 'ORE' } as Entry;
    expect(
      changed((all) => [...all.filter(({ entry: { kind } }) => kind !== 'lotRegistered'), { ...loop, entry }]),
    ).toThrow(refused);
  });

  test('are refused where a lot is made twice, or an index stands for two entries', () => {
    expect(changed((all) => [...all, { ...entryOf('transformed'), index: 300 }])).toThrow(refused);
    const other = { index: entryOf('transformed').index, entry: entryOf('transferOffered').entry };
    expect(changed((all) => [...all, other])).toThrow(refused);
  });

  test('are refused where more is taken from a lot than was in it, or two substances are mixed', () => {
    const offered = entryOf('transferOffered');
    const more = { ...offered, entry: { ...offered.entry, milligrams: 401n } as Entry };
    expect(changed((all) => all.map((one) => (one.index === offered.index ? more : one)))).toThrow(refused);
    const scrap = entriesOf().find(({ entry }) => entry.kind === 'lotRegistered' && entry.label === 'SCRAP');
    const nickel = { index: scrap?.index ?? 0, entry: { ...scrap?.entry, substance: 7_440_020 } as Entry };
    expect(changed((all) => all.map((one) => (one.index === nickel.index ? nickel : one)))).toThrow(refused);
  });

  test('are left out where they answer no question', () => {
    const graph = trace({ start: { lot: lot('ORE') }, direction: 'upstream' }, {}, entriesOf());
    expect(graph.nodes).toHaveLength(1);
    expect(graph.edges).toEqual([]);
  });
});

describe('a trace of any ledger', () => {
  test('has every edge between two of its nodes, ends, and moves what the entries moved', () => {
    const step = fc.record({ from: fc.nat(), milligrams: fc.integer({ min: 1, max: 40 }), isOffer: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), fc.nat(), fc.integer({ min: 0, max: 6 }), (steps, at, depth) => {
        ledger = createPaperLedger();
        accreditMaker(ledger, keys[0], { roles: ROLES });
        register('0', 1_000n);
        const made = ['0'];
        for (const { from, milligrams, isOffer } of steps) {
          const parent = made[from % made.length] ?? '0';
          const { milligrams: held, offeredTo } = ledger.fold.state.lots.get(lot(parent)) ?? {};
          if (held === undefined || held < BigInt(milligrams) || offeredTo !== undefined) continue;
          const label = `${made.length}`;
          if (isOffer) offer(parent, label, BigInt(milligrams), makerId);
          else split(parent, label, BigInt(milligrams));
          made.push(label);
        }
        const start = { lot: lot(made[at % made.length] ?? '0') };
        const graph = trace({ start, depth });
        const ids = new Set(graph.nodes.map(({ id }) => id));
        expect(ids.size).toBe(graph.nodes.length);
        for (const edge of graph.edges) {
          expect([ids.has(edge.from), ids.has(edge.to)]).toEqual([true, true]);
          expect(readFlows(decodeEntry(ledger.entries[edge.entry] as Uint8Array))).toContainEqual(
            expect.objectContaining({ way: 'in', milligrams: edge.milligrams }),
          );
        }
        const whole = trace({ start: { lot: lot('0') }, depth: 64 });
        expect(whole.cuts).toEqual([]);
        expect(whole.edges).toHaveLength(made.length - 1);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a trace as a document', () => {
  function graphOf(): TraceGraph {
    refine();
    sell();
    register('<odd> & "named" \'lot\'', 7n);
    return trace({ start: batchStart() }, { lots: ledger.fold.state.lots });
  }

  test('is JSON, with masses in decimal', () => {
    const json = JSON.parse(JSON.stringify(encodeTrace(graphOf()))) as {
      nodes: Record<string, unknown>[];
      edges: Record<string, unknown>[];
    };
    expect(json.nodes[0]).toMatchObject({
      ...{ kind: 'lot', label: 'ORE', substance: '7440-48-4', name: 'cobalt', milligrams: '1200', left: '200' },
    });
    expect(json.edges.every(({ milligrams }) => /^[0-9]+$/.test(String(milligrams)))).toBe(true);
  });

  test('is well-formed GraphML, with every node, edge and value declared', () => {
    graphOf();
    const odd = trace({ start: { lot: lot('<odd> & "named" \'lot\'') } });
    const withControl = {
      ...odd,
      start: 'a\u0000b',
      nodes: odd.nodes.map((node) => ({ ...node, by: '\u0001\ud800' })),
    };
    for (const graph of [trace({ start: batchStart() }), odd, withControl]) {
      const elements: { name: string; attributes: Record<string, string>; text: string }[] = [];
      const parser = new SaxesParser();
      parser.on('error', (error) => {
        throw error;
      });
      parser.on('opentag', ({ name, attributes }) => void elements.push({ name, attributes, text: '' }));
      parser.on('text', (text) => {
        const last = elements.at(-1);
        if (last !== undefined) last.text += text.trim();
      });
      parser.write(formatGraphml(graph)).close();
      const named = (name: string) => elements.filter((element) => element.name === name);
      expect(named('node').map(({ attributes }) => attributes.id)).toEqual(graph.nodes.map(({ id }) => id));
      expect(named('edge').map(({ attributes }) => [attributes.source, attributes.target])).toEqual(
        graph.edges.map(({ from, to }) => [from, to]),
      );
      const declared = new Set(named('key').map(({ attributes }) => attributes.id));
      for (const { attributes } of named('data')) expect(declared).toContain(attributes.key);
      const masses = named('data').filter(({ attributes }) => attributes.key === 'edge-milligrams');
      expect(masses.map(({ text }) => text)).toEqual(graph.edges.map(({ milligrams }) => String(milligrams)));
    }
    const label = /<data key="node-label">([^<]*)</.exec(formatGraphml(odd))?.[1];
    expect(label).toBe('&lt;odd&gt; &amp; &quot;named&quot; &apos;lot&apos;');
  });
});

test('the lots of an entry are named once, however often they are asked for', () => {
  refine();
  for (const { entry } of entriesOf()) expect(readMakings(entry)).toBe(readMakings(entry));
});
