/** A refinery's lots, by hand, as pages read them. */
import type { Hex } from '@dpp-ledger/core';
import type { Entry, EntryBody } from '@dpp-ledger/core/journal';
import {
  createTrace,
  formatLot,
  hashLot,
  type JudgedEvent,
  readFlows,
  type TraceGraph,
} from '@dpp-ledger/core/materials';
import type { LotPage, TracePage } from '../src/reader.ts';

export const LEDGER = `eip155:31337:0x${'ed'.repeat(20)}`;
const REFINER: Hex = `0x${'0a'.repeat(32)}`;
const DID = 'did:web:refiner.example';
const byRefiner = { issuer: REFINER, roles: 16 };
export const lotOf = (label: string) => hashLot(REFINER, label);
const NO_LOSS = { primary: 0n, preConsumerRecycled: 0n, postConsumerRecycled: 0n, renewable: 0n };
const eventOf = (n: number): Hex => `0x${n.toString(16).padStart(64, '0')}`;

/** Labels may be changed to what a hostile issuer would choose. */
function createEntries(label: (text: string) => string): Entry[] {
  const lot = (text: string) => lotOf(label(text));
  const registered = (
    name: string,
    origin: 'primary' | 'postConsumerRecycled',
    milligrams: bigint,
    n: number,
  ): EntryBody => ({
    ...{ kind: 'lotRegistered', ...byRefiner, substance: 7_440_484, origin, custody: 'segregated', milligrams },
    ...{ event: eventOf(n), periodFrom: 0, periodUntil: 0, label: label(name) },
    ...{ country: origin === 'primary' ? 'CD' : 'BE', facility: 'https://facility.example/1' },
  });
  const inputs = [
    { lot: lot('ORE-1'), milligrams: 600_000n },
    { lot: lot('SCRAP-1'), milligrams: 500_000n },
  ];
  const bodies: EntryBody[] = [
    registered('ORE-1', 'primary', 1_000_000n, 1),
    registered('SCRAP-1', 'postConsumerRecycled', 500_000n, 2),
    {
      ...{ kind: 'transformed', ...byRefiner, event: eventOf(3), process: label('refining'), inputs },
      lost: { ...NO_LOSS, primary: 10_000n, postConsumerRecycled: 5_000n },
      outputs: [
        { origin: 'primary', custody: 'massBalance', milligrams: 685_000n, label: label('PURE-1') },
        { origin: 'postConsumerRecycled', custody: 'massBalance', milligrams: 400_000n, label: label('RECYCLED-1') },
      ],
    },
    {
      ...{ kind: 'transferOffered', ...byRefiner, receiver: eventOf(9), lot: lot('PURE-1'), milligrams: 100_000n },
      ...{ event: eventOf(4), label: label('PURE-1/A') },
    },
    {
      ...{ kind: 'anchored', ...byRefiner, root: `0x${'ab'.repeat(32)}`, size: 25, manifest: eventOf(7) },
      allocations: [{ lot: lot('RECYCLED-1'), milligrams: 12_000n }],
    },
  ];
  return bodies.map((body, i) => ({
    ...{ blockNumber: 700 + i, blockTime: 1_795_400_000 + i, actor: { kind: 'key', id: eventOf(8) } },
    ...body,
  }));
}

export function createGraph(
  options: { readonly label?: (text: string) => string; readonly depth?: number } = {},
): TraceGraph {
  const { label = (text: string) => text, depth = 16 } = options;
  const entries = createEntries(label).map((entry, i) => ({ index: 40 + i, entry }));
  const start = { lot: lotOf(label('RECYCLED-1')) };
  const trace = createTrace({ ledger: LEDGER, start, direction: 'both', depth, most: 100 });
  while (trace.questions.length > 0) {
    const lots = new Set(trace.questions.map(({ lot }) => lot));
    trace.answer(entries.filter(({ entry }) => readFlows(entry).some(({ lot }) => lots.has(lot))));
  }
  const inputs = readFlows(entries[2]?.entry as Entry).filter(({ way }) => way === 'out');
  const outputs = readFlows(entries[2]?.entry as Entry).filter(({ way }) => way === 'in');
  const said = { issuer: REFINER, masses: { inputs, outputs, moved: [] } };
  const events = new Map<Hex, JudgedEvent>([
    [eventOf(1), { verdict: 'invalid' }],
    [eventOf(3), { verdict: 'valid', said }],
  ]);
  return trace.finish({ events, nameIssuer: () => DID, formatEvent: () => 'bafkreievent' });
}

export function createTracePage(graph = createGraph()): TracePage {
  return {
    graph,
    names: new Map([[DID, 'Refiner <Ltd>']]),
    passport: undefined,
    ...{ trustBase: 'one endpoint, http://127.0.0.1:8545', blockNumber: 812, blockTime: 1_795_510_770 },
  };
}

export function createLotPage(changes: Partial<LotPage> = {}): LotPage {
  const party = { id: DID, name: 'Refiner Ltd' };
  const entries = createEntries((text) => text);
  const anchored = entries[4] as Entry;
  const offered = entries[3] as Entry;
  return {
    ...{ id: lotOf('RECYCLED-1'), uri: formatLot(LEDGER, lotOf('RECYCLED-1')), label: 'RECYCLED-1' },
    ...{ substance: 7_440_484, origin: 'postConsumerRecycled', custody: 'massBalance' },
    ...{ holder: party, offeredTo: undefined, namedBy: party, milligrams: 100_000n, registered: 400_000n },
    ...{ isVoid: false, entry: 42, event: undefined, country: undefined, facility: undefined, period: undefined },
    madeOf: [{ lot: lotOf('ORE-1'), milligrams: 600_000n }],
    changes: [
      {
        index: 43,
        entry: offered,
        by: party,
        milligrams: 100_000n,
        into: [{ lot: lotOf('PURE-1/A'), milligrams: 100_000n }],
      },
      { index: 44, entry: anchored, by: party, milligrams: 300_000n, into: [] },
    ],
    next: undefined,
    ...changes,
  };
}
