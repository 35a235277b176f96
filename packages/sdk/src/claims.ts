/**
 * Whose word the claims of a passport are: attestations are gathered, each is verified as the passport was, and the core judges. A source
 * that keeps attestations back can hide who attests or contradicts; it cannot make one up.
 */
import { DppError, IntegrityError, type SubjectId } from '@dpp-ledger/core';
import { type Credential, credentialKind, hashCid, parseCredential, parseJwt } from '@dpp-ledger/core/credential';
import type { Evidence } from '@dpp-ledger/core/evidence';
import {
  attestableSubjects,
  type ClaimsReport,
  computeRecycledContent,
  judgeClaims,
  type RecycledContent,
  readPassport,
  type VerifiedAttestation,
} from '@dpp-ledger/core/passport';
import { type EvidenceSource, type Verified, type VerifyOptions, verifyMany } from './verify.ts';

export interface ClaimsOptions extends VerifyOptions {
  /** Evidence of attestations at hand, as objects or JSON text; besides those that the source knows. */
  readonly attestations?: readonly unknown[];
}

/** What a source named and did not give as it should. */
export interface UnreadAttestation {
  readonly cid: string;
  readonly code: string;
  readonly message: string;
}

export interface VerifiedClaims extends ClaimsReport {
  /** Whether a source was asked; if not, only attestations at hand are known. */
  readonly askedForAttestations: boolean;
  readonly unreadAttestations: readonly UnreadAttestation[];
  readonly recycledContent: RecycledContent;
}

/** So many attestations of one passport are looked at, newest first. */
const MOST_ATTESTATIONS = 32;

/**
 * The claims of a passport that was verified; `undefined` where what was verified is none. Errors: none for what a source keeps back; what
 * `signal` aborts with.
 */
export async function verifyClaims(verified: Verified, options: ClaimsOptions): Promise<VerifiedClaims | undefined> {
  const passport = verified.evidence && readCredential(verified.evidence);
  if (passport === undefined || credentialKind(passport) !== 'passport') return undefined;
  const view = readPassport(passport);
  const { source, attestations = [], signal } = options;
  const { found, unread, asked } = await gather(attestableSubjects(passport), source, signal);

  const judged: VerifiedAttestation[] = [];
  const { expected: _, source: __, ...judging } = options;
  for await (const { evidence, report } of verifyMany([...attestations, ...found], judging)) {
    judged.push({ credential: evidence && readCredential(evidence), report });
  }
  const provenance = verified.report.checks.find(({ name }) => name === 'provenance');
  return {
    ...judgeClaims(passport, verified.report, judged),
    askedForAttestations: asked,
    unreadAttestations: unread,
    recycledContent: computeRecycledContent(view, { isProvenanceValid: provenance?.outcome === 'valid' }),
  };
}

async function gather(
  subjects: readonly SubjectId[],
  source: EvidenceSource | undefined,
  signal: AbortSignal | undefined,
): Promise<{
  readonly found: readonly Evidence[];
  readonly unread: readonly UnreadAttestation[];
  readonly asked: boolean;
}> {
  if (source?.findAttestations === undefined) return { found: [], unread: [], asked: false };
  const reading = signal === undefined ? {} : { signal };
  try {
    const lists = await Promise.all(subjects.map((subject) => source.findAttestations?.(subject, reading) ?? []));
    const cids = [...new Set(lists.flatMap((list) => list.map(({ cid }) => cid)))].slice(0, MOST_ATTESTATIONS);
    const read = await Promise.all(cids.map((cid) => readEvidence(cid, source, signal)));
    return {
      found: read.flatMap((one) => ('evidence' in one ? [one.evidence] : [])),
      unread: read.flatMap((one) => ('evidence' in one ? [] : [one])),
      asked: true,
    };
  } catch (error) {
    signal?.throwIfAborted();
    // The passport's report stands without it.
    if (error instanceof DppError) return { found: [], unread: [], asked: false };
    throw error;
  }
}

async function readEvidence(
  cid: string,
  source: EvidenceSource,
  signal: AbortSignal | undefined,
): Promise<{ readonly evidence: Evidence } | UnreadAttestation> {
  try {
    const evidence = await source.fetchEvidence(cid, { signal });
    if (hashCid(new TextEncoder().encode(evidence.credential)) === cid) return { evidence };
    throw new IntegrityError('store.mismatch', "The source answered with another credential's evidence.");
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof DppError) return { cid, code: error.code, message: error.message };
    throw error;
  }
}

/** What cannot be read is the report's to refuse. */
function readCredential({ credential }: Evidence): Credential | undefined {
  try {
    return parseCredential(parseJwt(credential).payload);
  } catch (error) {
    if (error instanceof DppError) return undefined;
    throw error;
  }
}
