/**
 * The SDK: issue, verify and replay, for browsers and Node. It joins the core, which owns every rule, to ledgers, stores and services,
 * and holds no rule of its own. What needs files is in `@dpp-ledger/sdk/node`; who only verifies takes `@dpp-ledger/sdk/verify`.
 */
export { type Act, readEntries } from './acts.ts';
export * from './amend.ts';
export type {
  AnchorAnswer,
  IssuerAnswer,
  IssuerSummaryAnswer,
  JournalEntryAnswer,
  KnownCredential,
  LinksetAnswer,
  LotAnswer,
  PlaceAnswer,
  Receipt,
  ReceiptLine,
  ReportAnswer,
  TreeHeadAnswer,
} from './answers.ts';
export * from './claims.ts';
export * from './client.ts';
export * from './gather.ts';
export type { ReplayHead, View } from './heads.ts';
export type { Break, SourceAccount } from './history.ts';
export { type Fetched, type FetchOptions, fetchBytes } from './http.ts';
export * from './issue.ts';
export { createLocalJudge, type Judge, type JudgeTerms } from './judge.ts';
export * from './ledger/index.ts';
export * from './lot-evidence.ts';
export * from './lots.ts';
export * from './mirror.ts';
export { createNotes, type ReplayNotes } from './notes.ts';
export { createNumbering, type Numbering } from './numbering.ts';
export { type Packed, type PackOptions, packEvidence } from './pack.ts';
export * from './replay.ts';
export * from './store/index.ts';
export * from './tlog-proof.ts';
export { type Traced, type TraceOptions, trace, type WhatToTrace } from './trace.ts';
export {
  type EvidenceSource,
  type Verified,
  type VerifyOptions,
  verify,
  verifyMany,
  type WhatToVerify,
} from './verify.ts';
export * from './witness.ts';
