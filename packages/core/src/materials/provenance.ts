/**
 * Where a lot came from: the entries that made it and its ancestors, read into a graph, and how much of a lot stands on a source that does
 * not hold. Pure arithmetic over entries; whether they are the ledger's own is the verifier's to say.
 */
import type { Hex } from '../bytes.ts';
import type { EntryOf, LotMass } from '../journal/entry.ts';
import { readFlows, readMakings } from './flows.ts';
import type { CustodyModel, Origin } from './lot.ts';

/** Entries that make lots. */
export const MAKING_KINDS = ['lotRegistered', 'lotSplit', 'transferOffered', 'transformed'] as const;
export type MakingKind = (typeof MAKING_KINDS)[number];
export type MakingEntry = EntryOf<MakingKind>;

/** An entry that made lots, and where it stands in the journal. */
export interface Making {
  readonly index: number;
  readonly entry: MakingEntry;
}

/** A lot as it was made. */
export interface MadeLot {
  readonly id: Hex;
  readonly making: Making;
  readonly substance: number;
  readonly origin: Origin;
  readonly custody: CustodyModel;
  readonly milligrams: bigint;
  /** What was taken from other lots to make it and its siblings; of a registered lot nothing. */
  readonly sources: readonly LotMass[];
}

/** The most entries that stand behind one passport in evidence. */
export const MOST_MAKINGS = 64;

export function isMaking(entry: { readonly kind: string }): entry is MakingEntry {
  return MAKING_KINDS.some((kind) => kind === entry.kind);
}

/** The ids of the lots that an entry makes, in its order. */
export function lotsMadeBy(entry: MakingEntry): Hex[] {
  return readMakings(entry).map(({ lot }) => lot);
}

/** What an entry takes from lots to make others of it. */
export function sourcesOf(entry: MakingEntry): readonly LotMass[] {
  return readFlows(entry).filter(({ way }) => way === 'out');
}

/** The digest of the event that describes what an entry did; a split has none. */
export function eventOf(entry: MakingEntry): Hex | undefined {
  return 'event' in entry ? entry.event : undefined;
}

/** Lots by their ids. One whose sources are not all among the entries is left out, since its kind cannot be known. */
export function readLineage(makings: readonly Making[]): ReadonlyMap<Hex, MadeLot> {
  const lots = new Map<Hex, MadeLot>();
  for (const making of [...makings].sort((a, b) => a.index - b.index)) {
    for (const lot of readLots(making, lots)) if (!lots.has(lot.id)) lots.set(lot.id, lot);
  }
  return lots;
}

function readLots(making: Making, before: ReadonlyMap<Hex, MadeLot>): readonly MadeLot[] {
  const { entry } = making;
  const sources = sourcesOf(entry);
  const found = sources.map(({ lot }) => before.get(lot));
  if (found.includes(undefined)) return [];
  const [source] = found;
  return readMakings(entry).flatMap(({ lot: id, milligrams }, i) => {
    const kind = kindOf(entry, i, source);
    return kind === undefined ? [] : [{ id, making, milligrams, sources, ...kind }];
  });
}

/** Of the lot at a place among those that an entry makes: its own word, or what it is a part of. */
function kindOf(
  entry: MakingEntry,
  place: number,
  source: MadeLot | undefined,
): Pick<MadeLot, 'substance' | 'origin' | 'custody'> | undefined {
  if (entry.kind === 'lotRegistered') return pickKind(entry);
  if (source === undefined) return undefined;
  if (entry.kind !== 'transformed') return pickKind(source);
  const output = entry.outputs[place];
  return output && pickKind({ ...output, substance: source.substance });
}

function pickKind({ substance, origin, custody }: Pick<MadeLot, 'substance' | 'origin' | 'custody'>) {
  return { substance, origin, custody };
}

/** These lots and all they were made from, each once. Those that the lineage does not have are left out. */
export function withAncestors(lineage: ReadonlyMap<Hex, MadeLot>, lots: Iterable<Hex>): ReadonlySet<Hex> {
  const found = new Set<Hex>();
  const open = [...lots];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const lot = lineage.get(id);
    if (lot === undefined || found.has(id)) continue;
    found.add(id);
    open.push(...lot.sources.map((source) => source.lot));
  }
  return found;
}

/**
 * Collects the entries behind lots, by asking for those that made them, generation by generation. `undefined` where they are more than
 * evidence carries, or one is not known.
 */
export async function collectMakings<M extends Making>(
  lots: Iterable<Hex>,
  makingsOf: (lots: readonly Hex[]) => Promise<ReadonlyMap<Hex, M>> | ReadonlyMap<Hex, M>,
): Promise<readonly M[] | undefined> {
  const makings = new Map<number, M>();
  const asked = new Set<Hex>();
  for (let open = [...new Set(lots)]; open.length > 0; ) {
    for (const lot of open) asked.add(lot);
    const found = await makingsOf(open);
    const next = new Set<Hex>();
    for (const lot of open) {
      const making = found.get(lot);
      if (making === undefined) return undefined;
      makings.set(making.index, making);
      for (const source of sourcesOf(making.entry)) if (!asked.has(source.lot)) next.add(source.lot);
    }
    if (makings.size > MOST_MAKINGS) return undefined;
    open = [...next];
  }
  return [...makings.values()].sort((a, b) => a.index - b.index);
}

/** How much of a mass stands on sources that do not hold. */
export interface Reliance {
  /** At most so much of it came from them, in milligrams. */
  readonly affected: bigint;
  /** Nothing in it came from elsewhere. */
  readonly isWhole: boolean;
}

/**
 * What of a part of a lot comes from lots at fault, itself included. Lots are mixed when they are transformed, so that nobody can say which part of
 * an output came from which input: `affected` is the most that it can be.
 */
export function relianceOn(lineage: ReadonlyMap<Hex, MadeLot>, part: LotMass, atFault: ReadonlySet<Hex>): Reliance {
  const known = new Map<Hex, Reliance>();
  function judge(id: Hex): Reliance {
    const before = known.get(id);
    if (before !== undefined) return before;
    const made = lineage.get(id);
    const reliance = made === undefined ? { affected: 0n, isWhole: false } : judgeMade(made);
    known.set(id, reliance);
    return reliance;
  }
  function judgeMade({ id, milligrams, sources }: MadeLot): Reliance {
    if (atFault.has(id)) return { affected: milligrams, isWhole: true };
    const each = sources.map((source) => ({ taken: source.milligrams, ...judge(source.lot) }));
    const sum = each.reduce((total, { taken, affected }) => total + least(taken, affected), 0n);
    return { affected: least(milligrams, sum), isWhole: each.length > 0 && each.every(({ isWhole }) => isWhole) };
  }
  const { affected, isWhole } = judge(part.lot);
  return { affected: least(affected, part.milligrams), isWhole };
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
