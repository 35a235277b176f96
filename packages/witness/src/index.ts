/**
 * A witness that checks. Speaks C2SP `tlog-witness`, and unlike an ordinary witness looks at its own node before it cosigns: the tree head
 * must be the contract's at a final block and continue all that it signed. It signs state statements by the same rule. It owns what was
 * signed, durably, and refuses to sign two things that disagree; what it believes of publishers and of the chain is decided by its operator.
 */
export { createApp, type Served, type ServeOptions, serveWitness } from './http.ts';
export { type Memory, openMemory, type SeenBlock, type Signed } from './memory.ts';
export {
  createWitness,
  type Examination,
  type Log,
  type LogExamination,
  SizeConflictError,
  type Witness,
  type WitnessOptions,
} from './witness.ts';
