/**
 * Evidence of one credential, the facts and the policy that it is judged by, and the batches that it comes from. Everything that
 * arrives from outside is parsed here; what does not have the one accepted shape is refused.
 */
export * from './batch.ts';
export {
  buildEvidence,
  type EntryParts,
  type Evidence,
  type EvidenceEntry,
  type EvidenceParts,
  LONGEST_EVENT,
  parseEvidence,
  questionOf,
} from './evidence.ts';
export * from './facts.ts';
export { findGrant, toPublicJwk } from './holdings.ts';
export {
  decodeManifest,
  encodeManifest,
  formatManifestCid,
  LARGEST_BATCH,
  type Manifest,
} from './manifest.ts';
export {
  ANCHOR_STANDINGS,
  type AnchorStanding,
  DEFAULT_MAX_AGE_SECONDS,
  DEFAULT_MAX_AHEAD_SECONDS,
  type Endpoints,
  ledgerId,
  type Policy,
  parsePolicy,
  parsePolicyFile,
} from './policy.ts';
export { EVIDENCE_SCHEMA } from './schema.ts';
