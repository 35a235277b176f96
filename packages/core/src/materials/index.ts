/** Materials: lots, their substances, and what the ledger counts of them. */
export * from './address.ts';
export * from './flows.ts';
export * from './lot.ts';
export * from './mass.ts';
export * from './provenance.ts';
export * from './substance.ts';
export * from './trace.ts';
export * from './trace-formats.ts';
