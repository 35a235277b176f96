/** Grants of different issuers that cover the same subjects at the same time (design D14). */
import { parseGrant } from '../credential/grants.ts';
import { DppError } from '../errors.ts';
import type { GrantState, JournalState, Reading } from '../journal/state.ts';
import type { FindingItem } from './findings.ts';

interface Held {
  readonly issuer: string;
  readonly grant: Reading<GrantState>;
}

/**
 * Each pair once, the wider of the two first. One sorted walk: a prefix is followed by all that it covers, so that the time is that of the
 * pairs there are. A prefix that nobody can read covers nothing.
 */
export function* findOverlaps(state: Reading<JournalState>): Generator<FindingItem<'overlappingGrants'>> {
  const all = [...state.issuers.values()]
    .flatMap(({ did, grants }) => Array.from(grants.values(), (grant): Held => ({ issuer: did, grant })))
    .filter(({ grant }) => isReadable(grant.prefix))
    .sort((a, b) => compareHeld(a, b));
  /** Those that the next one may lie under, the widest first. */
  let over: Held[] = [];
  for (const held of all) {
    over = over.filter(({ grant }) => held.grant.prefix.startsWith(grant.prefix));
    for (const wider of over) {
      if (wider.issuer !== held.issuer && isTogether(wider.grant, held.grant)) {
        yield { wider: describe(wider), narrower: describe(held) };
      }
    }
    over.push(held);
  }
}

function isReadable(prefix: string): boolean {
  try {
    parseGrant(prefix);
    return true;
  } catch (error) {
    if (error instanceof DppError) return false;
    throw error;
  }
}

function compareHeld(a: Held, b: Held): number {
  if (a.grant.prefix !== b.grant.prefix) return a.grant.prefix < b.grant.prefix ? -1 : 1;
  if (a.issuer !== b.issuer) return a.issuer < b.issuer ? -1 : 1;
  return a.grant.number - b.grant.number;
}

/** Each holds from its beginning until just before its end. */
function isTogether(a: Reading<GrantState>, b: Reading<GrantState>): boolean {
  const end = Math.min(a.until ?? Number.POSITIVE_INFINITY, b.until ?? Number.POSITIVE_INFINITY);
  return Math.max(a.from, b.from) < end;
}

function describe({ issuer, grant }: Held): FindingItem<'overlappingGrants'>['wider'] {
  const { number, prefix, from, until } = grant;
  return { issuer, number, prefix, from, ...(until === undefined ? {} : { until }) };
}
