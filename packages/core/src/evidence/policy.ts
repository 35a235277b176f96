/** Policy: whom a verifier trusts, and how fresh facts must be. */
import type { LedgerId } from '../ids.ts';

/** On what an anchor may stand (design D7). */
export type AnchorStanding = 'proved' | 'logged' | 'witnessed';

export interface Policy {
  /** Ledgers whose word counts. */
  readonly ledgers: readonly LedgerId[];
  /** Whose word the facts are, in words, for the report: "own node", "2 of 3 endpoints". */
  readonly trustBase: string;
  readonly anchorStandings: readonly AnchorStanding[];
  /** Facts older than this make freshness `unknown`. */
  readonly maxAgeSeconds: number;
  /** A block's clock may run ahead of ours by this much. */
  readonly maxAheadSeconds: number;
}

export const DEFAULT_MAX_AGE_SECONDS = 24 * 60 * 60;
export const DEFAULT_MAX_AHEAD_SECONDS = 60;
