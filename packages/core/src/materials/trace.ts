/**
 * Tracing: from a lot or a batch upstream to where its matter was registered, and downstream to the batches that drew on it. Pure: it says
 * which entries to look up, generation by generation, and makes a graph of what it is given, whoever gave it. Bounded in depth and size,
 * and it names what was cut. Entries that no ledger can have made, a lot that is taken from before it was made say, are refused: so there
 * are no cycles.
 */
import { equalBytes, type Hex } from '../bytes.ts';
import { parseCredential } from '../credential/credential.ts';
import { parseJwt } from '../credential/jwt.ts';
import { DppError, IntegrityError } from '../errors.ts';
import { type EventMasses, namesWhatWasDone, readEventMasses } from '../event/masses.ts';
import { hashIssuer } from '../ids.ts';
import { type Entry, type EntryOf, encodeEntry } from '../journal/entry.ts';
import type { Verdict } from '../report.ts';
import { type Flow, type LotMaking, readFlows, readMakings } from './flows.ts';
import { CUSTODY_MODELS, type CustodyModel, formatLot, type LotState, ORIGINS, type Origin } from './lot.ts';
import { isMaking } from './provenance.ts';

export type TraceDirection = 'upstream' | 'downstream' | 'both';

/** An entry, and where it stands in the journal. */
export interface TracedEntry {
  readonly index: number;
  readonly entry: Entry;
}

export interface TracedAnchor extends TracedEntry {
  readonly entry: EntryOf<'anchored'>;
}

/** `made`: the entries that made the lot, answered an offer of it or voided it. `used`: those that took from it. */
export interface TraceQuestion {
  readonly lot: Hex;
  readonly about: 'made' | 'used';
}

export interface TraceOptions {
  /** CAIP-10, lower case. */
  readonly ledger: string;
  /** A lot, or the anchor of a batch, which is followed upstream alone; with that of an earlier version, where both were allocated lots. */
  readonly start:
    | { readonly lot: Hex }
    | { readonly anchor: TracedAnchor; readonly earlier?: TracedAnchor | undefined };
  readonly direction: TraceDirection;
  /** Generations of lots from the start, each way. */
  readonly depth: number;
  /** Entries in all. */
  readonly most: number;
}

export interface Trace {
  /** What to look up next; empty once there is nothing more. */
  readonly questions: readonly TraceQuestion[];
  /** How many more entries it takes; it needs to be told of one more than that where there are more. */
  readonly room: number;
  /** Answers all questions at once. What answers none of them is left out. */
  answer(entries: readonly TracedEntry[]): void;
  /** All that it has come to. */
  lots(): readonly Hex[];
  /** Digests of the credentials that say what the entries did. */
  events(): readonly Hex[];
  /** Errors: IntegrityError `materials.trace` for entries that no ledger can have made together. */
  finish(known?: Known): TraceGraph;
}

/** What is known besides the entries, and of whose word it is the caller says. */
export interface Known {
  /** How lots are now. */
  readonly lots?: ReadonlyMap<Hex, LotState> | undefined;
  /** Lots that are void, where that is all that is known of how they are now. */
  readonly voided?: ReadonlySet<Hex> | undefined;
  /** What was found of the events; without it nodes have no verdict. */
  readonly events?: ReadonlyMap<Hex, JudgedEvent> | undefined;
  /** Entries that are proved to stand in the journal; all of them where it is left out. */
  readonly isProved?: ((index: number) => boolean) | undefined;
  /** A verdict on the credential that the trace began with. */
  readonly start?: Verdict | undefined;
  readonly nameIssuer?: ((issuer: Hex) => string) | undefined;
  readonly formatEvent?: ((digest: Hex) => string) | undefined;
}

export interface JudgedEvent {
  /** Of its verification; `missing` where nobody has it. */
  readonly verdict: Verdict | 'missing';
  /** What it says and who says it; `undefined` where it is missing, or names lots and masses in no way that can be read. */
  readonly said?: { readonly issuer: Hex; readonly masses: EventMasses } | undefined;
}

/** A credential that an entry names, with the verdict that its verification came to. */
export function judgeEvent(verdict: Verdict, jwt: string, ledger: string): JudgedEvent {
  try {
    const credential = parseCredential(parseJwt(jwt).payload);
    const masses = readEventMasses(credential, ledger);
    return { verdict, said: { issuer: hashIssuer(credential.issuer.id), masses } };
  } catch (error) {
    if (error instanceof DppError) return { verdict };
    throw error;
  }
}

// ---------------------------------------------------------------------------------------------------------------------- graph

export interface TraceGraph {
  readonly ledger: string;
  /** The node that it began with. */
  readonly start: string;
  readonly direction: TraceDirection;
  readonly depth: number;
  /** Each after those that it is made of. */
  readonly nodes: readonly TraceNode[];
  readonly edges: readonly TraceEdge[];
  /** Indices of the entries that it stands on. */
  readonly entries: readonly number[];
  /** What is missing or does not hold. */
  readonly gaps: readonly TraceGap[];
  /** Where it goes on and was not followed. */
  readonly cuts: readonly TraceCut[];
}

export type TraceNode = LotNode | StepNode;

interface NodeBase {
  /** A lot's URI, or `entry-` and the index of the entry. */
  readonly id: string;
  /** Of the start, of what it came from, of what became of it; or beside the way: what else went into or came out of a transformation. */
  readonly side: 'start' | 'upstream' | 'downstream' | 'beside';
  /** The entry that made it; `undefined` where it is missing. */
  readonly entry: number | undefined;
  /** Seconds since 1970. */
  readonly time: number | undefined;
  /** Who did it: an issuer, or the accreditor's account. */
  readonly by: string | undefined;
  /** The credentials that say what happened. */
  readonly events: readonly { readonly credential: string; readonly verdict: Verdict | 'missing' | undefined }[];
  /** `undefined` where nobody judged. */
  readonly verdict: Verdict | undefined;
  /** The weakest custody model on any way between it and the start. */
  readonly weakest: CustodyModel | undefined;
}

export interface LotNode extends NodeBase {
  readonly kind: 'lot';
  readonly lot: Hex;
  readonly label: string | undefined;
  readonly substance: number | undefined;
  readonly origin: Origin | undefined;
  readonly custody: CustodyModel | undefined;
  /** In it at first. */
  readonly milligrams: bigint | undefined;
  /** Left in it now. */
  readonly left: bigint | undefined;
  readonly holder: string | undefined;
  readonly offer: 'open' | 'accepted' | 'refused' | 'withdrawn' | undefined;
  readonly isVoid: boolean;
  /** Of a lot that was registered. */
  readonly country: string | undefined;
  readonly facility: string | undefined;
}

/** What lots went into: other lots (`transformation`), a batch's passports, or nothing more. */
export interface StepNode extends NodeBase {
  readonly kind: 'transformation' | 'batch' | 'retired' | 'lost' | 'voided';
  readonly process: string | undefined;
  readonly root: Hex | undefined;
  /** Credentials of the batch. */
  readonly size: number | undefined;
}

export interface TraceEdge {
  readonly from: string;
  readonly to: string;
  readonly milligrams: bigint;
  /** Of what flows: a transformation's other side may differ, where something fell to primary. */
  readonly origin: Origin | undefined;
  /** The entry that moved it. */
  readonly entry: number;
}

export const GAP_CODES = [
  'entry-missing',
  'entry-unproved',
  'lot-void',
  'offer-open',
  'event-missing',
  'event-invalid',
  'event-undecided',
  'event-other',
] as const;
export type GapCode = (typeof GAP_CODES)[number];

export interface TraceGap {
  readonly node: string;
  readonly code: GapCode;
  readonly message: string;
}

export interface TraceCut {
  readonly node: string;
  readonly side: 'upstream' | 'downstream';
  readonly by: 'depth' | 'size';
}

const GAPS: Readonly<Record<GapCode, string>> = {
  'entry-missing': 'The entry that made it is not there.',
  'entry-unproved': 'Its entry is not proved to stand in the journal.',
  'lot-void': 'The accreditor took it out of circulation.',
  'offer-open': 'It was offered and never accepted.',
  'event-missing': 'The credential that says what happened is not to be found.',
  'event-invalid': 'The credential that says what happened does not hold.',
  'event-undecided': 'Whether the credential that says what happened holds cannot be decided.',
  'event-other': 'The credential that the entry names does not say what the entry did.',
};

// --------------------------------------------------------------------------------------------------------------------- walking

/** How far a lot is from the start, on each side that it was reached; on none of them it stands beside the way. */
interface Reached {
  upstream?: number;
  downstream?: number;
}

export function createTrace(options: TraceOptions): Trace {
  const { start, direction, depth, most } = options;
  const entries = new Map<number, Entry>();
  const makers = new Map<Hex, number>();
  const reached = new Map<Hex, Reached>();
  const asked = new Set<string>();
  /** Entries whose flows are part of the graph. */
  const shown = new Set<number>();
  const cuts = new Map<string, { readonly lot: Hex } & Omit<TraceCut, 'node'>>();
  let open: TraceQuestion[] = [];

  function ask(lot: Hex, about: TraceQuestion['about']): void {
    const name = `${about} ${lot}`;
    if (asked.has(name)) return;
    asked.add(name);
    open.push({ lot, about });
  }

  function cut(lot: Hex, side: TraceCut['side'], by: TraceCut['by']): void {
    const name = `${side} ${lot}`;
    if (!cuts.has(name)) cuts.set(name, { lot, side, by });
  }

  /** Notes a lot; false where it was reached from that side already, and as near. */
  function reach(lot: Hex, side: 'upstream' | 'downstream' | 'beside', distance = 0): void {
    const place = reached.get(lot) ?? {};
    reached.set(lot, place);
    const isAsked = asked.has(`made ${lot}`);
    ask(lot, 'made');
    if (side === 'beside' || place[side] !== undefined) return;
    place[side] = distance;
    if (side === 'downstream') {
      if (distance < depth) ask(lot, 'used');
      else cut(lot, side, 'depth');
    } else if (isAsked) followUp(lot, distance);
  }

  function followUp(lot: Hex, distance: number): void {
    const index = makers.get(lot);
    const entry = index === undefined ? undefined : entries.get(index);
    if (index === undefined || entry === undefined) return;
    const flows = readFlows(entry);
    if (!flows.some(({ way }) => way === 'out')) return;
    if (distance >= depth) {
      cut(lot, 'upstream', 'depth');
      return;
    }
    shown.add(index);
    for (const flow of flows) {
      if (flow.way === 'out') reach(flow.lot, 'upstream', distance + 1);
      else if (flow.lot !== lot) reach(flow.lot, 'beside');
    }
  }

  function followDown(lot: Hex, distance: number, index: number, entry: Entry): void {
    shown.add(index);
    for (const flow of readFlows(entry)) {
      if (flow.way === 'in') reach(flow.lot, 'downstream', distance + 1);
      else if (flow.lot !== lot && entry.kind === 'transformed') reach(flow.lot, 'beside');
    }
  }

  /** False where there is no room for it. */
  function take({ index, entry }: TracedEntry): boolean {
    const before = entries.get(index);
    if (before !== undefined) {
      if (!equalBytes(encodeEntry(before), encodeEntry(entry))) impossible(`there are two entries ${index}`);
      return true;
    }
    if (entries.size >= most) return false;
    entries.set(index, entry);
    for (const { lot } of readMakings(entry)) {
      const other = makers.get(lot);
      if (other !== undefined) impossible(`entries ${other} and ${index} both made the lot ${lot}`);
      makers.set(lot, index);
    }
    return true;
  }

  for (const anchor of anchorsOf(start)) {
    take(anchor);
    shown.add(anchor.index);
    for (const { lot } of anchor.entry.allocations) reach(lot, 'upstream', 0);
  }
  if ('lot' in start) {
    if (direction !== 'downstream') reach(start.lot, 'upstream', 0);
    if (direction !== 'upstream') reach(start.lot, 'downstream', 0);
  }

  return {
    get questions() {
      return open;
    },
    get room() {
      return Math.max(0, most - entries.size);
    },

    answer(given) {
      const questions = open;
      open = [];
      const about = { made: new Map<Hex, TracedEntry[]>(), used: new Map<Hex, TracedEntry[]>() };
      for (const { lot, about: what } of questions) about[what].set(lot, []);
      for (const one of given.toSorted((a, b) => a.index - b.index)) {
        for (const flow of readFlows(one.entry)) {
          const isMaking = flow.way !== 'out' || one.entry.kind === 'lotVoided';
          if (isMaking) about.made.get(flow.lot)?.push(one);
          if (flow.way === 'out') about.used.get(flow.lot)?.push(one);
        }
      }
      // What made things comes first: of the rest there may be any number.
      for (const [lot, found] of about.made) {
        if (!found.every(take)) cut(lot, 'upstream', 'size');
      }
      for (const lot of about.made.keys()) {
        const distance = reached.get(lot)?.upstream;
        if (distance !== undefined) followUp(lot, distance);
      }
      const uses = [...about.used].flatMap(([lot, found]) => found.map((one) => ({ lot, one })));
      for (const { lot, one } of uses.sort((a, b) => a.one.index - b.one.index)) {
        if (take(one)) followDown(lot, reached.get(lot)?.downstream ?? 0, one.index, one.entry);
        else cut(lot, 'downstream', 'size');
      }
    },

    lots: () => [...reached.keys()],
    events: () => [...new Set(Array.from(entries.values(), eventOf).filter((event) => event !== undefined))],

    finish: (known = {}) =>
      buildGraph({ ...options, entries, makers, reached, shown, cuts: [...cuts.values()] }, known),
  };
}

function anchorsOf(start: TraceOptions['start']): readonly TracedAnchor[] {
  return 'lot' in start ? [] : [start.earlier, start.anchor].filter((anchor) => anchor !== undefined);
}

function impossible(what: string): never {
  throw new IntegrityError('materials.trace', `No ledger can have made these entries: ${what}.`);
}

/** The digest of the credential that says what an entry did to lots. */
function eventOf(entry: Entry): Hex | undefined {
  return 'event' in entry ? entry.event : undefined;
}

// -------------------------------------------------------------------------------------------------------------------- building

interface Walked extends TraceOptions {
  readonly entries: ReadonlyMap<number, Entry>;
  readonly makers: ReadonlyMap<Hex, number>;
  readonly reached: ReadonlyMap<Hex, Reached>;
  readonly shown: ReadonlySet<number>;
  readonly cuts: readonly ({ readonly lot: Hex } & Omit<TraceCut, 'node'>)[];
}

/** What can be told of a lot from the entries and from what else is known. */
interface Described {
  readonly index: number | undefined;
  readonly making: LotMaking | undefined;
  readonly substance: number | undefined;
  readonly origin: Origin | undefined;
  readonly custody: CustodyModel | undefined;
}

function buildGraph(walked: Walked, known: Known): TraceGraph {
  const { ledger, start, direction, depth, entries, reached, shown } = walked;
  const inOrder = [...entries].sort(([a], [b]) => a - b);
  const lots = describeLots(walked, inOrder, known);
  assertPossible(inOrder, walked.makers, lots);
  const weakest = findWeakest(walked, inOrder, lots);
  const gaps: TraceGap[] = [];
  /** Whether an event says what the entry did, in the name of who did it. */
  const tells = (entry: Entry, { said }: JudgedEvent) =>
    said !== undefined &&
    'issuer' in entry &&
    said.issuer === entry.issuer &&
    (entry.kind === 'transferAccepted' || isMaking(entry)) &&
    namesWhatWasDone(said.masses, entry, 'lot' in entry ? lots.get(entry.lot)?.making?.milligrams : undefined);
  const name = known.nameIssuer ?? ((issuer: Hex) => issuer);
  const nodeOf = (lot: Hex) => formatLot(ledger, lot);

  /** What the entries behind a node come to; notes what is missing. */
  function judge(node: string, indices: readonly number[], found: readonly GapCode[]) {
    const codes = new Set(found);
    const events = indices.flatMap((index) => {
      const entry = entries.get(index);
      const digest = entry && eventOf(entry);
      if (entry === undefined || digest === undefined) return [];
      const judged = known.events?.get(digest);
      if (known.events !== undefined) {
        if (judged === undefined || judged.verdict === 'missing') codes.add('event-missing');
        else if (judged.verdict === 'invalid') codes.add('event-invalid');
        else if (judged.verdict === 'indeterminate') codes.add('event-undecided');
        else if (!tells(entry, judged)) codes.add('event-other');
      }
      const verdict = known.events === undefined ? undefined : (judged?.verdict ?? 'missing');
      return [{ credential: (known.formatEvent ?? ((text: Hex) => text))(digest), verdict }];
    });
    if (indices.some((index) => known.isProved?.(index) === false)) codes.add('entry-unproved');
    for (const code of codes) gaps.push({ node, code, message: GAPS[code] });
    const verdict: Verdict =
      codes.size === 0 ? 'valid' : [...codes].some((code) => FATAL.has(code)) ? 'invalid' : 'indeterminate';
    return { events, verdict: known.events === undefined ? undefined : verdict };
  }

  /** What there was no room for is not missing. */
  const isCut = (lot: Hex) => walked.cuts.some((one) => one.lot === lot && one.by === 'size');
  const nodes: { readonly order: number; readonly node: TraceNode }[] = [];
  for (const [lot, sides] of reached) {
    const id = nodeOf(lot);
    const { index, making, ...kind } = lots.get(lot) as Described;
    const answers = inOrder.filter(
      ([, entry]) => 'lot' in entry && entry.lot === lot && (isAnswer(entry) || entry.kind === 'lotVoided'),
    );
    const state = known.lots?.get(lot);
    const isVoid = state?.isVoid ?? known.voided?.has(lot) ?? answers.some(([, { kind }]) => kind === 'lotVoided');
    const offer = readOffer(lot, index, walked, inOrder, state);
    const found: GapCode[] = [
      ...(index === undefined && !isCut(lot) ? (['entry-missing'] as const) : []),
      ...(isVoid ? (['lot-void'] as const) : []),
      ...(offer === 'open' ? (['offer-open'] as const) : []),
    ];
    const behind = [...(index === undefined ? [] : [index]), ...answers.map(([at]) => at)];
    const entry = index === undefined ? undefined : entries.get(index);
    nodes.push({
      order: index ?? -1,
      node: {
        ...{ kind: 'lot', id, side: sideOf(sides, 'lot' in start && start.lot === lot), lot },
        ...{ entry: index, time: entry?.blockTime, by: making && name(making.namedBy), label: making?.label },
        ...judge(id, behind, found),
        ...{ weakest: weakest.get(lot), ...kind, milligrams: making?.milligrams, left: state?.milligrams },
        ...{ holder: state && name(state.holder), offer, isVoid },
        ...{ country: making?.country, facility: making?.facility },
      },
    });
  }

  const edges: TraceEdge[] = [];
  for (const [index, entry] of inOrder) {
    if (!shown.has(index)) continue;
    const flows = readFlows(entry);
    const into = flows.filter(({ way }) => way === 'in');
    const out = flows.filter(({ way, lot }) => way === 'out' && reached.has(lot));
    const edge = (from: string, to: string, milligrams: bigint, origin: Origin | undefined) =>
      edges.push({ from, to, milligrams, origin, entry: index });
    if (entry.kind === 'lotSplit' || entry.kind === 'transferOffered') {
      for (const { lot, milligrams } of into) edge(nodeOf(entry.lot), nodeOf(lot), milligrams, lots.get(lot)?.origin);
      continue;
    }
    const kind = STEPS[entry.kind as keyof typeof STEPS];
    if (kind === undefined) continue;
    const id = `entry-${index}`;
    const isStart = anchorsOf(start).some((anchor) => anchor.index === index);
    const step: Omit<StepNode, 'kind' | 'id' | 'events' | 'verdict'> = {
      side: isStart ? 'start' : sideOfStep(flows, reached),
      ...{ entry: index, time: entry.blockTime, by: 'issuer' in entry ? name(entry.issuer) : entry.actor.id },
      weakest: weakestOf(onTheWay(flows, kind, reached).map(({ lot }) => weakest.get(lot))),
      process: entry.kind === 'transformed' ? entry.process : undefined,
      root: entry.kind === 'anchored' ? entry.root : undefined,
      size: entry.kind === 'anchored' ? entry.size : undefined,
    };
    const judged = judge(id, [index], []);
    const verdict = isStart ? known.start : judged.verdict;
    nodes.push({ order: index, node: { kind, id, ...step, ...judged, verdict } });
    for (const { lot, milligrams } of out) edge(nodeOf(lot), id, milligrams, lots.get(lot)?.origin);
    for (const { lot, milligrams } of into) edge(id, nodeOf(lot), milligrams, lots.get(lot)?.origin);
    if (entry.kind !== 'transformed' || ORIGINS.every((origin) => entry.lost[origin] === 0n)) continue;
    const lost = `${id}-lost`;
    const nothing = { events: [], verdict: judged.verdict, process: undefined };
    nodes.push({ order: index, node: { kind: 'lost', id: lost, ...step, ...nothing } });
    for (const origin of ORIGINS) if (entry.lost[origin] > 0n) edge(id, lost, entry.lost[origin], origin);
  }

  return {
    ...{ ledger, direction, depth },
    start: 'anchor' in start ? `entry-${start.anchor.index}` : nodeOf(start.lot),
    nodes: sortNodes(nodes, edges),
    ...{ edges, gaps, entries: inOrder.map(([index]) => index) },
    cuts: walked.cuts.map(({ lot, side, by }) => ({ node: nodeOf(lot), side, by })),
  };
}

/** What is then not so at all, rather than not known. */
const FATAL: ReadonlySet<GapCode> = new Set(['lot-void', 'event-invalid', 'event-other']);

const STEPS = {
  transformed: 'transformation',
  anchored: 'batch',
  lotRetired: 'retired',
  lotLost: 'lost',
  lotVoided: 'voided',
} as const;

const isAnswer = ({ kind }: Entry) =>
  kind === 'transferAccepted' || kind === 'transferRefused' || kind === 'transferWithdrawn';

/** Substance, origin and custody go from lot to lot, in the journal's order. */
function describeLots(
  { reached, makers, entries }: Walked,
  inOrder: readonly (readonly [number, Entry])[],
  { lots: states }: Known,
): ReadonlyMap<Hex, Described> {
  const lots = new Map<Hex, Described>();
  const nothing = { index: undefined, making: undefined };
  const kindOf = (lot: Hex) => lots.get(lot) ?? states?.get(lot);
  for (const [index, entry] of inOrder) {
    for (const [i, making] of readMakings(entry).entries()) {
      const parent = readFlows(entry).find(({ way }) => way === 'out');
      const inherited = parent && kindOf(parent.lot);
      const own = entry.kind === 'lotRegistered' ? entry : entry.kind === 'transformed' ? entry.outputs[i] : inherited;
      const substance = entry.kind === 'lotRegistered' ? entry.substance : inherited?.substance;
      const state = states?.get(making.lot);
      lots.set(making.lot, {
        ...{ index, making, substance: substance ?? state?.substance },
        ...{ origin: own?.origin ?? state?.origin, custody: own?.custody ?? state?.custody },
      });
    }
  }
  for (const lot of reached.keys()) {
    const { substance, origin, custody } = states?.get(lot) ?? {};
    if (!lots.has(lot)) lots.set(lot, { ...nothing, substance, origin, custody });
  }
  // What was made by an entry that is not among them keeps none.
  for (const [lot, index] of makers) if (!entries.has(index)) lots.delete(lot);
  return lots;
}

/** Nothing is taken from a lot before it was made, nor more than was in it; what goes into one transformation is of one substance. */
function assertPossible(
  inOrder: readonly (readonly [number, Entry])[],
  makers: ReadonlyMap<Hex, number>,
  lots: ReadonlyMap<Hex, Described>,
): void {
  const taken = new Map<Hex, bigint>();
  for (const [index, entry] of inOrder) {
    for (const { lot, way, milligrams } of readFlows(entry)) {
      if (way === 'in') continue;
      const made = makers.get(lot);
      if (made !== undefined && made >= index)
        impossible(`entry ${index} concerns the lot ${lot}, which entry ${made} made`);
      if (way === 'none') continue;
      const sum = (taken.get(lot) ?? 0n) + milligrams;
      taken.set(lot, sum);
      const held = lots.get(lot)?.making?.milligrams;
      if (held !== undefined && sum > held)
        impossible(`${sum} mg were taken from the lot ${lot}, which had ${held} mg`);
    }
    if (entry.kind !== 'transformed') continue;
    const substances = new Set(
      entry.inputs.map(({ lot }) => lots.get(lot)?.substance).filter((one) => one !== undefined),
    );
    if (substances.size > 1) impossible(`entry ${index} transforms ${substances.size} substances into one`);
  }
}

/** What became of an offer. Where its answer is not at hand, what was done with the lot since tells. */
function readOffer(
  lot: Hex,
  index: number | undefined,
  { entries }: Walked,
  inOrder: readonly (readonly [number, Entry])[],
  state: LotState | undefined,
): LotNode['offer'] {
  const making = index === undefined ? undefined : entries.get(index);
  if (making?.kind !== 'transferOffered') return undefined;
  for (const [, entry] of inOrder) {
    if (!('lot' in entry) || entry.lot !== lot) continue;
    if (entry.kind === 'transferAccepted') return 'accepted';
    if (entry.kind === 'transferRefused') return 'refused';
    if (entry.kind === 'transferWithdrawn') return 'withdrawn';
  }
  const isOffered = state !== undefined && state.offeredTo !== undefined;
  const user = inOrder.find(([, entry]) =>
    readFlows(entry).some((flow) => flow.way === 'out' && flow.lot === lot),
  )?.[1];
  const holder = state?.holder ?? (user !== undefined && 'issuer' in user ? user.issuer : undefined);
  if (isOffered || holder === undefined) return 'open';
  return holder === making.receiver ? 'accepted' : 'withdrawn';
}

function sideOf({ upstream, downstream }: Reached, isStart: boolean): TraceNode['side'] {
  if (isStart) return 'start';
  if (upstream !== undefined) return 'upstream';
  return downstream === undefined ? 'beside' : 'downstream';
}

/** A step is on the way that its lots are on. */
function sideOfStep(flows: readonly Flow[], reached: ReadonlyMap<Hex, Reached>): TraceNode['side'] {
  const isUpstream = flows.some(({ lot, way }) => way === 'in' && reached.get(lot)?.upstream !== undefined);
  return isUpstream ? 'upstream' : 'downstream';
}

/** The lots of a step that stand between it and the start. */
function onTheWay(flows: readonly Flow[], kind: StepNode['kind'], reached: ReadonlyMap<Hex, Reached>): readonly Flow[] {
  const isUpstream = kind === 'transformation' && sideOfStep(flows, reached) === 'upstream';
  return flows.filter(({ lot, way }) =>
    isUpstream
      ? way === 'in' && reached.get(lot)?.upstream !== undefined
      : way === 'out' && isFollowed(reached.get(lot)),
  );
}

function isFollowed(place: Reached | undefined): boolean {
  return place?.upstream !== undefined || place?.downstream !== undefined;
}

/** The weakest of these; `undefined` where none is known. */
function weakestOf(models: readonly (CustodyModel | undefined)[]): CustodyModel | undefined {
  return CUSTODY_MODELS[Math.max(...models.map((model) => (model === undefined ? -1 : CUSTODY_MODELS.indexOf(model))))];
}

/** For each lot the weakest custody on any way between it and the start, from generation to generation. */
function findWeakest(
  { start, reached, shown, makers }: Walked,
  inOrder: readonly (readonly [number, Entry])[],
  lots: ReadonlyMap<Hex, Described>,
): ReadonlyMap<Hex, CustodyModel> {
  const weakest = new Map<Hex, CustodyModel>();
  const own = (lot: Hex) => lots.get(lot)?.custody;
  const set = (lot: Hex, models: readonly (CustodyModel | undefined)[]) => {
    const found = weakestOf([own(lot), ...models]);
    if (found !== undefined) weakest.set(lot, found);
  };
  for (const lot of reached.keys()) set(lot, []);
  const steps = inOrder.filter(([index]) => shown.has(index));
  const from = (side: 'upstream' | 'downstream') => (lot: Hex) => reached.get(lot)?.[side] !== undefined;
  // The newest first: whatever is made of a lot comes after it.
  const made = [...reached.keys()]
    .filter(from('upstream'))
    .sort((a, b) => (makers.get(b) ?? -1) - (makers.get(a) ?? -1));
  const uses = relate(steps, from('upstream'));
  for (const lot of made)
    set(
      lot,
      (uses.children.get(lot) ?? []).map((child) => weakest.get(child)),
    );
  const after = [...reached.keys()]
    .filter(from('downstream'))
    .filter((lot) => !('lot' in start && start.lot === lot))
    .sort((a, b) => (makers.get(a) ?? -1) - (makers.get(b) ?? -1));
  const { parents } = relate(steps, from('downstream'));
  for (const lot of after)
    set(
      lot,
      (parents.get(lot) ?? []).map((parent) => weakest.get(parent)),
    );
  return weakest;
}

/** Which lots on one side were made of which. */
function relate(steps: readonly (readonly [number, Entry])[], isOnWay: (lot: Hex) => boolean) {
  const children = new Map<Hex, Hex[]>();
  const parents = new Map<Hex, Hex[]>();
  for (const [, entry] of steps) {
    const flows = readFlows(entry).filter(({ lot }) => isOnWay(lot));
    for (const parent of flows.filter(({ way }) => way === 'out')) {
      for (const child of flows.filter(({ way }) => way === 'in')) {
        children.set(parent.lot, [...(children.get(parent.lot) ?? []), child.lot]);
        parents.set(child.lot, [...(parents.get(child.lot) ?? []), parent.lot]);
      }
    }
  }
  return { children, parents };
}

/** By the journal's order, and of one entry what is made of something after it. */
function sortNodes(
  nodes: readonly { readonly order: number; readonly node: TraceNode }[],
  edges: readonly TraceEdge[],
): readonly TraceNode[] {
  const isMadeBy = new Map(edges.filter(({ from }) => from.startsWith('entry-')).map(({ from, to }) => [to, from]));
  const rank = ({ id }: TraceNode) => (isMadeBy.has(id) ? 1 : 0);
  return nodes.toSorted((a, b) => a.order - b.order || rank(a.node) - rank(b.node)).map(({ node }) => node);
}
