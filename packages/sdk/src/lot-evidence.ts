/** What stands behind the lots that a passport draws on, collected for its evidence: from a journal that was read, or from an index. */
import { type Digest, DppError, decodeHex, type Hex, InvalidInputError } from '@dpp-ledger/core';
import { type Credential, formatCid } from '@dpp-ledger/core/credential';
import { LONGEST_EVENT } from '@dpp-ledger/core/evidence';
import { collectMakings, eventOf, type Making } from '@dpp-ledger/core/materials';
import { lotClaims } from '@dpp-ledger/core/passport';
import type { CallOptions } from './ledger/ledger.ts';
import type { BlockSource } from './store/store.ts';

/** An entry that made lots, with the bytes that it stands in the journal by. */
export interface StoredMaking extends Making {
  readonly bytes: Uint8Array;
}

/** All but the proofs, which are made of one state of the journal. */
export interface GatheredLots {
  readonly makings: readonly StoredMaking[];
  readonly events: readonly string[];
}

export interface LotSources {
  /** The entry that made each of these lots; left out where none is known. */
  makingsOf(lots: readonly Hex[]): Promise<ReadonlyMap<Hex, StoredMaking>> | ReadonlyMap<Hex, StoredMaking>;
  readonly source: BlockSource;
}

/** The lots of this ledger that a credential says it draws on; none where what it says cannot be read: that is for the verifier to say. */
export function lotsClaimed(credential: Credential): Hex[] {
  try {
    return [...new Set(lotClaims(credential).map(({ lot }) => lot))];
  } catch (error) {
    if (error instanceof InvalidInputError) return [];
    throw error;
  }
}

/** `undefined` where it draws on none, or on more than evidence carries: a verifier then finds the provenance unknown. */
export async function gatherLots(
  credential: Credential,
  { makingsOf, source }: LotSources,
  { signal }: CallOptions = {},
): Promise<GatheredLots | undefined> {
  const lots = lotsClaimed(credential);
  if (lots.length === 0) return undefined;
  const makings = await collectMakings(lots, makingsOf);
  if (makings === undefined) return undefined;
  const digests = new Set(makings.flatMap(({ entry }) => eventOf(entry) ?? []));
  const events = await Promise.all(Array.from(digests, (digest) => readEvent(digest, source, signal)));
  return { makings, events: events.filter((event) => event !== undefined) };
}

/** An event that nobody has, or that is no text, is left out: the verifier misses it. */
async function readEvent(digest: Hex, source: BlockSource, signal: AbortSignal | undefined) {
  try {
    const bytes = await source.get(formatCid(decodeHex(digest, 32) as Digest), { signal });
    return bytes.length > LONGEST_EVENT ? undefined : new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof DppError || error instanceof TypeError) return undefined;
    throw error;
  }
}
