/** Flows: what an entry of the journal puts into lots and takes out of them, and what it says of the lots that it makes. */
import type { Hex } from '../bytes.ts';
import type { Entry } from '../journal/entry.ts';
import { hashLot } from './lot.ts';

/**
 * What one entry does to one lot. `in`: mass is put into it, which makes it; `out`: mass is taken from it; `none`: it changes hands, or
 * is not on offer any more. An entry does at most one thing to a lot.
 */
export interface Flow {
  readonly lot: Hex;
  readonly way: 'in' | 'out' | 'none';
  readonly milligrams: bigint;
}

/** What an entry says of a lot that it makes, besides what the state of the ledger has of it. */
export interface LotMaking {
  readonly lot: Hex;
  readonly milligrams: bigint;
  readonly namedBy: Hex;
  readonly label: string;
  /** Digest of the credential that describes what happened; a split has none. */
  readonly event: Hex | undefined;
  /** Only a registration names where it was. */
  readonly country: string | undefined;
  readonly facility: string | undefined;
  /** Of mass balance, where the lot was registered under it. */
  readonly period: { readonly from: number; readonly until: number } | undefined;
}

/** Out of lots first, each part in the entry's own order. Empty for entries that concern no lot. */
export function readFlows(entry: Entry): readonly Flow[] {
  const taken = (lot: Hex, milligrams: bigint): Flow => ({ lot, way: 'out', milligrams });
  const made = readMakings(entry).map(({ lot, milligrams }): Flow => ({ lot, way: 'in', milligrams }));
  switch (entry.kind) {
    case 'anchored':
      return entry.allocations.map(({ lot, milligrams }) => taken(lot, milligrams * BigInt(entry.size)));
    case 'lotRegistered':
      return made;
    case 'lotSplit':
    case 'transferOffered':
      return [taken(entry.lot, entry.milligrams), ...made];
    case 'transferAccepted':
    case 'transferRefused':
    case 'transferWithdrawn':
      return [{ lot: entry.lot, way: 'none', milligrams: 0n }];
    case 'transformed':
      return [...entry.inputs.map(({ lot, milligrams }) => taken(lot, milligrams)), ...made];
    case 'lotRetired':
    case 'lotLost':
    case 'lotVoided':
      return [taken(entry.lot, entry.milligrams)];
    default:
      return [];
  }
}

/** The lots that an entry makes, in its own order. An entry's lots are named by hashes, which are made once. */
export function readMakings(entry: Entry): readonly LotMaking[] {
  const before = makingsOf.get(entry);
  if (before !== undefined) return before;
  const makings = nameMakings(entry);
  makingsOf.set(entry, makings);
  return makings;
}

const makingsOf = new WeakMap<Entry, readonly LotMaking[]>();

function nameMakings(entry: Entry): readonly LotMaking[] {
  const nowhere = { country: undefined, facility: undefined, period: undefined };
  switch (entry.kind) {
    case 'lotRegistered': {
      const { issuer, label, milligrams, event, country, facility, periodFrom, periodUntil } = entry;
      const period = periodUntil === 0 ? undefined : { from: periodFrom, until: periodUntil };
      return [{ lot: hashLot(issuer, label), milligrams, namedBy: issuer, label, event, country, facility, period }];
    }
    case 'lotSplit':
    case 'transferOffered': {
      const { issuer, label, milligrams } = entry;
      const event = entry.kind === 'lotSplit' ? undefined : entry.event;
      return [{ lot: hashLot(issuer, label), milligrams, namedBy: issuer, label, event, ...nowhere }];
    }
    case 'transformed': {
      const { issuer, event } = entry;
      return entry.outputs.map(({ label, milligrams }) => ({
        ...{ lot: hashLot(issuer, label), milligrams, namedBy: issuer, label, event },
        ...nowhere,
      }));
    }
    default:
      return [];
  }
}
