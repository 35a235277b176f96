/** What verification returns: one check after another, each with what it stands on, and their sum. */
import type { CredentialCid, IssuerId, SubjectId } from './ids.ts';

export type Outcome = 'valid' | 'invalid' | 'unknown' | 'notApplicable';
export type Verdict = 'valid' | 'invalid' | 'indeterminate';

/** In the order of the report (design D9). */
export const CHECKS = [
  'content',
  'schema',
  'subject',
  'signature',
  'key',
  'issuer',
  'anchor',
  'status',
  'period',
  'freshness',
  'provenance',
] as const;
export type CheckName = (typeof CHECKS)[number];

export interface Check {
  readonly name: CheckName;
  readonly outcome: Outcome;
  /** Stable; see docs/errors.md. */
  readonly code: string;
  /** One sentence for a person. */
  readonly message: string;
  /** What the check stands on: "the credential's bytes", "facts at block 812". */
  readonly basis: string;
}

export interface Report {
  readonly verdict: Verdict;
  /** False where the issuer set the superseded bit; `undefined` where that is not known. */
  readonly current: boolean | undefined;
  /** The anchor's block is not final yet. */
  readonly provisional: boolean;
  readonly checks: readonly Check[];
  readonly cid: CredentialCid | undefined;
  readonly issuer: { readonly id: IssuerId; readonly name: string } | undefined;
  readonly subject: SubjectId | undefined;
  /** Where what was scanned has no passport of its own: the level that answered. */
  readonly answeredBy: 'item' | 'batch' | 'model' | undefined;
  /** Whether the issuer states its own figures or restates another's. */
  readonly voice: 'declared' | 'restated' | undefined;
  readonly anchoredAt: { readonly blockNumber: number; readonly time: number; readonly entry: number } | undefined;
  readonly asOf: { readonly source: string; readonly blockNumber: number; readonly time: number } | undefined;
  readonly trustBase: string;
}
