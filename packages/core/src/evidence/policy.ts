/** Policy: whom a verifier trusts, and how fresh facts must be. */
import { z } from 'zod';
import { type Hex, isHex } from '../bytes.ts';
import type { LedgerId } from '../ids.ts';
import { parseShape } from '../shape.ts';

/** On what an anchor may stand (design D7). */
export const ANCHOR_STANDINGS = ['proved', 'logged', 'witnessed'] as const;
export type AnchorStanding = (typeof ANCHOR_STANDINGS)[number];

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

const hexOf = (length: number) =>
  z.custom<Hex>(
    (value) => typeof value === 'string' && value.length === 2 + 2 * length && isHex(value),
    `expected ${length} bytes as lower-case hex after 0x`,
  );

export const ledgerId: z.ZodType<LedgerId> = z.strictObject({
  chainId: z.int().min(1),
  genesis: hexOf(32),
  address: hexOf(20),
  codeHash: hexOf(32),
});

const policy = z.strictObject({
  ledgers: z.array(ledgerId).min(1).max(64),
  trustBase: z.string().min(1).max(200).default('own node'),
  anchorStandings: z
    .array(z.enum(ANCHOR_STANDINGS))
    .min(1)
    .default([...ANCHOR_STANDINGS]),
  maxAgeSeconds: z.int().min(1).default(DEFAULT_MAX_AGE_SECONDS),
  maxAheadSeconds: z.int().min(0).default(DEFAULT_MAX_AHEAD_SECONDS),
});

/**
 * Reads a policy. Only `ledgers` must be there: the word of one's own node, anchors on any standing, facts of at most a day, and a
 * block's clock at most a minute ahead are the defaults. Errors: `input.shape`.
 */
export function parsePolicy(value: unknown): Policy {
  return parseShape(policy, value, 'policy');
}
