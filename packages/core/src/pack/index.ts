/**
 * Packs: evidence that stands alone. It owns the file of a pallet, the slots of the contracts' storage, and the proofs that lead from a
 * state root that witnesses vouch for to facts. It asks nobody, and gives the judging to `verify`. Apart from `evidence`, because a
 * verifier that asks a node has no use for it.
 */
export { MOST_PASSPORTS } from './head.ts';
export {
  type ByteSource,
  encodePack,
  isPack,
  openPack,
  type Pack,
  type PackParts,
} from './pack.ts';
export { createStateProof, type StateProof } from './state-proof.ts';
export { JOURNAL_SLOT, peakSlots, type QuestionSlots, slotsOf, upstreamSlotsOf } from './storage.ts';
export { type VerifyPackOptions, verifyPack } from './verify.ts';
