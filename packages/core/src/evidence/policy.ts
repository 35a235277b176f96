/** Policy: whom a verifier trusts, and how fresh facts must be. */
import { z } from 'zod';
import { type Hex, isHex } from '../bytes.ts';
import { parseWitnessPolicy, type WitnessPolicy } from '../checkpoint/witness-policy.ts';
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
  /** Whose statements make an anchor `witnessed`. Without them nobody's do. */
  readonly witnesses?: WitnessPolicy | undefined;
  /** Nodes to ask, and how many of them must agree. For those who ask; `verify` asks nobody. */
  readonly endpoints?: Endpoints | undefined;
}

export interface Endpoints {
  readonly urls: readonly string[];
  readonly agree: number;
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

const policyShape = {
  ledgers: z.array(ledgerId).min(1).max(64),
  trustBase: z.string().min(1).max(200).default('own node'),
  anchorStandings: z
    .array(z.enum(ANCHOR_STANDINGS))
    .min(1)
    .default([...ANCHOR_STANDINGS]),
  maxAgeSeconds: z.int().min(1).default(DEFAULT_MAX_AGE_SECONDS),
  maxAheadSeconds: z.int().min(0).default(DEFAULT_MAX_AHEAD_SECONDS),
};
const policy = z.strictObject(policyShape);

const policyFile = z.strictObject({
  ...policyShape,
  witnessPolicy: z.string().optional(),
  endpoints: z
    .strictObject({
      urls: z
        .array(z.url({ protocol: /^https?$/ }))
        .min(1)
        .max(64),
      agree: z.int().min(1),
    })
    .refine(({ urls, agree }) => agree <= urls.length, 'agree: more than there are urls')
    .refine(({ urls }) => new Set(urls).size === urls.length, 'urls: one stands there twice')
    .optional(),
});

/**
 * Reads a policy. Only `ledgers` must be there: the word of one's own node, anchors on any standing, facts of at most a day, and a
 * block's clock at most a minute ahead are the defaults. Errors: `input.shape`.
 */
export function parsePolicy(value: unknown): Policy {
  return parseShape(policy, value, 'policy');
}

/**
 * Reads a policy as people write it down (docs/policy.md): a policy's members, and `witnessPolicy`, the text of a C2SP tlog-policy.
 * Errors: `input.shape`, `checkpoint.policy`.
 */
export async function parsePolicyFile(value: unknown): Promise<Policy> {
  const { witnessPolicy, ...rest } = parseShape(policyFile, value, 'policy');
  return { ...rest, ...(witnessPolicy !== undefined && { witnesses: await parseWitnessPolicy(witnessPolicy) }) };
}
