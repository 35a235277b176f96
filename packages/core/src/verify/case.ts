/** What one credential is judged by, and what several checks ask of it. */
import { encodeHex, equalBytes } from '../bytes.ts';
import type { StatusPointer } from '../credential/status.ts';
import { decodeProof, type EvidenceEntry } from '../evidence/evidence.ts';
import type { Facts } from '../evidence/facts.ts';
import type { AnchorStanding, Policy } from '../evidence/policy.ts';
import type { Digest, SubjectId } from '../ids.ts';
import type { EntryOf } from '../journal/entry.ts';
import { hashLeaf, rootFromInclusion, verifyPeakPath } from '../journal/tree.ts';
import { answer, type Check, type FactsCheck, type FactsReason } from '../report.ts';
import type { Presented } from './presented.ts';
import type { Expected } from './verify.ts';

export interface Case extends Presented {
  readonly facts: Facts | undefined;
  /** Why there are no facts. */
  readonly reason: FactsReason;
  /** The facts are proved, on the word of witnesses. */
  readonly isWitnessed: boolean;
  readonly subject: FoundSubject;
  readonly policy: Policy;
  readonly expected: Expected;
  readonly now: number;
}

export interface FoundSubject {
  /** The subject that answers, or the first that the credential names. */
  readonly named: SubjectId | undefined;
  readonly standing: 'same' | 'wider' | 'other' | 'not asked';
  readonly level: 'item' | 'batch' | 'model' | undefined;
}

export const BYTES = "the credential's bytes";
export const EVIDENCE = 'the evidence';

/** The batch's size is the entry's word and not the evidence's: with another size the same path leads elsewhere. */
export function placeInBatch(
  digest: Digest,
  { index, proof }: { readonly index: number; readonly proof: readonly string[] },
  { size, root }: Pick<EntryOf<'anchored'>, 'size' | 'root'>,
): 'there' | 'unfit' | 'elsewhere' {
  const found = rootFromInclusion({ leaf: hashLeaf(digest), index, size, proof: decodeProof(proof) });
  // A path that was cut proves nothing, and accuses nobody.
  if (found === undefined && index < size) return 'unfit';
  return found !== undefined && encodeHex(found) === root ? 'there' : 'elsewhere';
}

/** A path of another length than this tree's says nothing of it; then the entry's log decides, if the source was asked for it. */
export function standingOf(
  { index, proof }: EvidenceEntry,
  bytes: Uint8Array,
  said: { readonly facts: Pick<Facts, 'treeHead' | 'logged'>; readonly isWitnessed: boolean },
): { readonly path: 'found' | 'unknown' | 'mismatch' | 'beyond'; readonly standing: AnchorStanding | undefined } {
  const { treeHead: head, logged } = said.facts;
  const path = verifyPeakPath({ leaf: hashLeaf(bytes), index, proof: decodeProof(proof), head });
  if (path === 'proved') return { path: 'found', standing: said.isWitnessed ? 'witnessed' : 'proved' };
  if (path !== 'stale') return { path, standing: undefined };
  if (logged?.index !== index) return { path: 'unknown', standing: undefined };
  return equalBytes(logged.bytes, bytes)
    ? { path: 'found', standing: 'logged' }
    : { path: 'mismatch', standing: undefined };
}

/** Bit `index % 256` of the word, counted from the least significant. */
export function isSet(word: bigint, pointer: Pick<StatusPointer, 'index'>): boolean {
  return ((word >> BigInt(pointer.index % 256)) & 1n) === 1n;
}

export function notReached(name: Exclude<Check['name'], 'content' | 'freshness'>): Check {
  return answer(`${name}.not-reached`, EVIDENCE, {});
}

export function withoutFacts(name: FactsCheck, reason: FactsReason): Check {
  return answer(`${name}.${reason}`, 'no facts that serve', {});
}

export function basisOf(facts: Facts): string {
  return `facts at block ${facts.blockNumber} from ${facts.source}`;
}

/** To the second, UTC. */
export function formatTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  // Beyond the year 275760 there are no dates.
  if (Number.isNaN(date.getTime())) return `second ${seconds}`;
  return `${date.toISOString().replace('T', ' ').slice(0, -5)} UTC`;
}
