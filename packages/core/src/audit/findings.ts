/**
 * What an audit finds beside a broken journal, kind by kind. A list keeps its first items in the order of the journal, whatever order they
 * were found in, and the exact number of all: so that memory is bounded, and two audits of the same content find the same.
 */
import { z } from 'zod';
import { canonicalizeJson } from '../json.ts';
import { CUSTODY_MODELS } from '../materials/lot.ts';
import { parseShape } from '../shape.ts';

const count = z.int().nonnegative();
const place = { entry: count.describe('Index of the anchor in the journal.') };
const inBatch = { ...place, position: count.describe('Place in the batch, from 0.') };
const cid = z.string();
const did = z.string();
const since = count.describe('Seconds since 1970.');
const use = z.strictObject({ ...inBatch, cid });
const held = z.strictObject({ issuer: did, number: count, prefix: z.string(), from: since, until: since.optional() });

/** Every kind: what an item says, what the kind means, and whether something is wrong (`fault`) or only to be known (`note`). */
export const FINDINGS = {
  missing: {
    weight: 'fault',
    title: 'Missing',
    sentence:
      'What was anchored and no source has: a manifest (no position) or a credential; or the event that an entry about a lot names.',
    item: z.strictObject({ ...place, position: count.optional(), cid }),
  },
  altered: {
    weight: 'fault',
    title: 'Altered',
    sentence: 'A source gave other bytes than the CID names, and no source gave the right ones.',
    item: z.strictObject({ ...place, position: count.optional(), cid }),
  },
  unread: {
    weight: 'fault',
    title: 'Not read',
    sentence: 'No source answered: this audit says nothing of it.',
    item: z.strictObject({ ...place, position: count.optional(), cid }),
  },
  misstated: {
    weight: 'fault',
    title: 'Misstated batches',
    sentence: 'The manifest that the anchor names is none, or lists other credentials than the root that was anchored.',
    item: z.strictObject({
      ...place,
      cid,
      expected: z.strictObject({ size: count, root: z.string() }),
      found: z.strictObject({ size: count, root: z.string() }).optional(),
    }),
  },
  invalid: {
    weight: 'fault',
    title: 'Invalid credentials',
    sentence: 'Anchored, and no verifier will take it: the code is that of the first check that failed.',
    item: z.strictObject({ ...inBatch, cid, code: z.string() }),
  },
  outsideGrants: {
    weight: 'fault',
    title: 'Outside the issuer’s grants',
    sentence: 'The issuer had no grant for the subject at the time of the anchor.',
    item: z.strictObject({ ...inBatch, cid, issuer: did, code: z.string() }),
  },
  placesUsedTwice: {
    weight: 'fault',
    title: 'Status places used twice',
    sentence: 'Different credentials of one issuer share a place: whoever revokes one revokes the other.',
    item: z.strictObject({ issuer: did, list: z.string(), index: count, credentials: count, first: use, second: use }),
  },
  misstatedEvents: {
    weight: 'fault',
    title: 'Events that do not count',
    sentence:
      'The event that an entry about a lot names is not of its issuer and ledger, does not say the very lots and masses of the entry, or was revoked: the lots rest on nothing.',
    item: z.strictObject({ ...place, issuer: did, cid, rule: z.enum(['not-what-was-done', 'revoked']) }),
  },
  custodyBreaches: {
    weight: 'fault',
    title: 'Against the model of custody',
    sentence:
      'A lot that was made against the finer rule of its model: identity preserved of several sources, segregated of several origins, or a blend of which a part is given out as more than the ratio of all.',
    item: z.strictObject({
      ...{ ...place, issuer: did, lot: z.string(), custody: z.enum(CUSTODY_MODELS) },
      rule: z.enum(['one-source', 'one-origin', 'known-ratio']),
    }),
  },
  periodBreaches: {
    weight: 'fault',
    title: 'Outside the balance period',
    sentence: 'A lot under mass balance that was drawn on before or after the period which it stated.',
    item: z.strictObject({
      ...{ ...place, issuer: did, act: z.string(), lot: z.string(), milligrams: z.string() },
      ...{ time: since, from: since, until: since },
    }),
  },
  inDoubt: {
    weight: 'note',
    title: 'Material in doubt',
    sentence: 'Passports of whose material a part comes, or may come, from what no longer holds.',
    item: z.strictObject({ ...inBatch, cid, issuer: did, affected: z.string(), milligrams: z.string() }),
  },
  unacceptedTransfers: {
    weight: 'note',
    title: 'Transfers never accepted',
    sentence:
      'Offered, and at the end neither accepted nor refused nor taken back: one side says that it was handed over.',
    item: z.strictObject({
      ...{
        ...place,
        issuer: did,
        receiver: did,
        lot: z.string(),
        substance: z.string(),
        milligrams: z.string(),
        since,
      },
    }),
  },
  yields: {
    weight: 'note',
    title: 'Unusual yields',
    sentence:
      'Runs of a process whose yield lies outside the range that the process declares, or far from the holder’s other runs of it. Yields are in parts of a million.',
    item: z.strictObject({
      ...{ ...place, issuer: did, process: z.string(), yield: count, low: count, high: count },
      basis: z.enum(['declared', 'other-runs']),
    }),
  },
  tooPerfect: {
    weight: 'note',
    title: 'Too perfect',
    sentence:
      'Heuristics that prove nothing: a process that never loses anything or always has the same yield, quarters in which exactly as much went as came, masses that are all round.',
    item: z.strictObject({
      ...{ ...place, issuer: did, substance: z.string() },
      pattern: z.enum(['never-a-loss', 'same-yield', 'in-equals-out', 'round-masses']),
      process: z.string().optional(),
      count: count.describe('Runs, quarters or masses that it was seen in.'),
    }),
  },
  actsAfterEnd: {
    weight: 'note',
    title: 'Acts by ended keys and issuers',
    sentence: 'Done in an issuer’s name by a key after it was compromised, or after the issuer’s accreditation ended.',
    item: z.strictObject({
      ...place,
      block: count,
      time: count,
      act: z.string(),
      issuer: did,
      key: z.string().optional(),
      cause: z.enum(['key', 'withdrawal']),
      since,
    }),
  },
  takenDown: {
    weight: 'note',
    title: 'Taken down',
    sentence: 'Anchored after its key was compromised or its issuer’s accreditation ended, and so not valid.',
    item: z.strictObject({
      ...inBatch,
      cid,
      issuer: did,
      key: z.string().optional(),
      cause: z.enum(['key', 'withdrawal']),
      since,
    }),
  },
  anchoredTwice: {
    weight: 'note',
    title: 'Anchored twice',
    sentence: 'The same bytes in more than one place. The earliest anchor that holds is the one that counts.',
    item: z.strictObject({ cid, anchors: count, first: z.strictObject(inBatch), second: z.strictObject(inBatch) }),
  },
  overlappingGrants: {
    weight: 'note',
    title: 'Overlapping grants',
    sentence: 'Two issuers could speak of the same subjects at the same time.',
    item: z.strictObject({ wider: held, narrower: held }),
  },
} as const;

export type FindingKind = keyof typeof FINDINGS;
export type FindingItem<K extends FindingKind> = z.infer<(typeof FINDINGS)[K]['item']>;
/** The first items of a kind, and how many there are. */
export interface FindingList<K extends FindingKind> {
  readonly total: number;
  readonly items: readonly FindingItem<K>[];
}
export type FindingLists = { readonly [K in FindingKind]: FindingList<K> };

export const FINDING_KINDS = Object.keys(FINDINGS) as readonly FindingKind[];

/** Items of each kind that a report lists. */
export const LISTED = 1_000;

const listShape = <T extends z.ZodType>(item: T) => z.strictObject({ total: count, items: z.array(item).max(LISTED) });
/** All kinds, each with its list. */
export const findingsShape = z.strictObject(
  Object.fromEntries(
    Object.entries(FINDINGS).map(([kind, { item, sentence }]) => [kind, listShape(item).describe(sentence)]),
  ),
) as unknown as z.ZodType<FindingLists>;

export interface Findings {
  add<K extends FindingKind>(kind: K, item: FindingItem<K>): void;
  /** As they stand; `restoreFindings` goes on from there. */
  lists(): FindingLists;
  /** How many are of a kind that is a fault. */
  readonly faults: number;
}

export function createFindings(): Findings {
  return collect(new Map());
}

/** Errors: `input.shape`. */
export function restoreFindings(value: unknown): Findings {
  const lists: Readonly<Record<string, FindingList<FindingKind>>> = parseShape(findingsShape, value, 'findings');
  return collect(
    new Map(
      FINDING_KINDS.map((kind) => [kind, { total: lists[kind]?.total ?? 0, items: [...(lists[kind]?.items ?? [])] }]),
    ),
  );
}

interface Collected {
  total: number;
  items: FindingItem<FindingKind>[];
}

function collect(found: Map<FindingKind, Collected>): Findings {
  function trim(list: Collected): FindingItem<FindingKind>[] {
    list.items = list.items
      .map((item) => ({ item, order: orderOf(item) }))
      .sort((a, b) => compareOrder(a.order, b.order))
      .slice(0, LISTED)
      .map(({ item }) => item);
    return list.items;
  }
  return {
    add(kind, item) {
      const list = found.get(kind) ?? { total: 0, items: [] };
      found.set(kind, list);
      list.total += 1;
      list.items.push(item);
      if (list.items.length >= 2 * LISTED) trim(list);
    },
    lists() {
      const lists = FINDING_KINDS.map((kind) => {
        const list = found.get(kind) ?? { total: 0, items: [] };
        return [kind, { total: list.total, items: [...trim(list)] }];
      });
      // Complete: every kind has its own list.
      return Object.fromEntries(lists) as FindingLists;
    },
    get faults() {
      return FINDING_KINDS.reduce(
        (sum, kind) => sum + (FINDINGS[kind].weight === 'fault' ? (found.get(kind)?.total ?? 0) : 0),
        0,
      );
    },
  };
}

type Order = readonly [entry: number, position: number, text: string];

/** By where it first shows in the journal, and then by all that it says. */
function orderOf(item: FindingItem<FindingKind>): Order {
  const first = 'first' in item ? item.first : item;
  const entry = 'entry' in first ? first.entry : 0;
  const position = 'position' in first ? (first.position ?? -1) : -1;
  return [entry, position, canonicalizeJson(item)];
}

function compareOrder(a: Order, b: Order): number {
  if (a[0] !== b[0]) return a[0] - b[0];
  if (a[1] !== b[1]) return a[1] - b[1];
  return a[2] < b[2] ? -1 : a[2] > b[2] ? 1 : 0;
}
