/**
 * The journal: the ledger's RFC 9162 tree over every entry it ever made, the bytes of those entries, and the state they fold to. It
 * refuses entries that the contract could not have made and sequences that it could not have allowed.
 */
export * from './entry.ts';
export * from './fold.ts';
export { type PlainAnchor, readPlainAnchor } from './plain-anchor.ts';
export type { ExpectedLedger } from './rules.ts';
export type { JournalSnapshot } from './snapshot.ts';
export {
  type Answer,
  answerQuestion,
  type GrantState,
  type IssuerState,
  JournalBreakError,
  type JournalState,
  type KeyPurpose,
  type KeyState,
  PURPOSES,
  type Reading,
  type StatusBits,
} from './state.ts';
export * from './tiles.ts';
export * from './tree.ts';
