/**
 * The journal: the ledger's RFC 9162 tree over every entry it ever made, the bytes of those entries, and the state they fold to. It
 * refuses entries that the contract could not have made and sequences that it could not have allowed.
 */
export * from './entry.ts';
export * from './tree.ts';
