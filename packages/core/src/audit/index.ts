/**
 * Audits: what a replay of the whole ledger can find, how it is judged, and the report that says it. Pure and deterministic: the same
 * content makes the same bytes, in whatever order it was read and from whoever it came.
 */
export {
  createFindings,
  FINDING_KINDS,
  FINDINGS,
  type FindingItem,
  type FindingKind,
  type FindingLists,
  type Findings,
  LISTED,
  restoreFindings,
} from './findings.ts';
export {
  type CredentialJudge,
  createCredentialJudge,
  type Judgement,
  type JudgeOptions,
  type LotDraws,
} from './judge.ts';
export { findOverlaps } from './overlaps.ts';
export {
  createReconciliation,
  FORMS,
  type MaterialBooks,
  type MaterialLine,
  type Reconciliation,
} from './reconciliation.ts';
export {
  AUDIT_DEPTHS,
  AUDIT_SCHEMA,
  type AuditDepth,
  type AuditReport,
  encodeAuditReport,
  parseAuditReport,
  type Takedown,
} from './report.ts';
export { HEURISTICS, readProcess } from './runs.ts';
export { type AuditRun, openAudit, type SignedAudit, signAudit } from './signed.ts';
export { createUpstream, type DescribedEntry, judgeEvent, type Upstream } from './upstream.ts';
