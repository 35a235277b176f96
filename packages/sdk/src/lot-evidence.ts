/** What stands behind the lots that a passport draws on, collected for its evidence: from a journal that was read, or from an index. */
import { type Digest, DppError, decodeHex, type Hex, InvalidInputError } from '@dpp-ledger/core';
import { formatCid, parseCredential, parseJwt } from '@dpp-ledger/core/credential';
import { LONGEST_EVENT } from '@dpp-ledger/core/evidence';
import type { LotMass } from '@dpp-ledger/core/journal';
import { eventOf, type Making } from '@dpp-ledger/core/materials';
import { lotClaims, sumClaims } from '@dpp-ledger/core/passport';
import type { CallOptions } from './ledger/ledger.ts';
import type { BlockSource } from './store/store.ts';

/** An entry that made lots, with the bytes that it stands in the journal by. */
export interface StoredMaking extends Making {
  readonly bytes: Uint8Array;
}

/** What a credential says it draws on each lot; nothing where what it says cannot be read: that is for the verifier to say. */
export function massesClaimed(jwt: string): LotMass[] {
  try {
    return sumClaims(lotClaims(parseCredential(parseJwt(jwt).payload)));
  } catch (error) {
    if (error instanceof InvalidInputError) return [];
    throw error;
  }
}

/** The events that these entries name, as far as the source has them. */
export async function fetchEvents(
  makings: readonly Making[],
  source: BlockSource,
  { signal }: CallOptions = {},
): Promise<string[]> {
  const digests = new Set(makings.flatMap(({ entry }) => eventOf(entry) ?? []));
  const events = await Promise.all(Array.from(digests, (digest) => fetchEvent(digest, source, signal)));
  return events.filter((event) => event !== undefined);
}

/** An event that nobody has, or that is no text, is left out: the verifier misses it. */
async function fetchEvent(digest: Hex, source: BlockSource, signal: AbortSignal | undefined) {
  try {
    const bytes = await source.get(formatCid(decodeHex(digest, 32) as Digest), { signal });
    return bytes.length > LONGEST_EVENT ? undefined : new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof DppError || error instanceof TypeError) return undefined;
    throw error;
  }
}
