/**
 * Verifying on behalf of whoever asks this server: evidence from the index, facts from the service's own endpoint, the core's decision.
 * The verdict is this server's word and says so; evidence lets anyone come to their own.
 */
import { DppError, type Report, type SubjectId, UnavailableError } from '@dpp-ledger/core';
import { parseCid } from '@dpp-ledger/core/credential';
import type { Evidence, Policy } from '@dpp-ledger/core/evidence';
import { canonicalName, canonicalSubject, formatDigitalLink } from '@dpp-ledger/core/passport';
import type { LedgerReader } from '@dpp-ledger/sdk/ledger';
import {
  type EvidenceSource,
  type Verified,
  type VerifiedClaims,
  verify,
  verifyClaims,
  verifyMany,
} from '@dpp-ledger/sdk/verify';
import type { Catalogue, Version } from './catalogue.ts';
import type { Prover } from './prover.ts';

export interface Scanned {
  /** Canonical URI of what was asked for. */
  readonly asked: SubjectId;
  readonly version: Version;
  readonly evidence: Evidence;
  readonly report: Report;
  readonly claims: VerifiedClaims | undefined;
}

export type Judged = Pick<Scanned, 'report' | 'claims'>;

export interface Verifier {
  /** What answers for a link, a GTIN or a subject's URI, verified. Errors: `gs1.uri`, `gs1.key` for what is none of them. */
  scan(link: string): Promise<Scanned | undefined>;
  /** One version, whatever it was asked by. */
  verifyVersion(version: Version, asked?: SubjectId): Promise<Omit<Scanned, 'asked'>>;
  /** Many at once, in their order; a member is empty where its evidence cannot be had. */
  verifyVersions(versions: readonly Version[]): Promise<readonly Partial<Verified>[]>;
  /** Evidence, or a bare credential, for which evidence is looked up. */
  verifyPresented(presented: string, expected: Expected): Promise<Judged>;
}

export interface Expected {
  /** What was scanned. */
  readonly subject?: SubjectId | undefined;
  readonly current?: boolean | undefined;
}

export function createVerifier(options: {
  readonly catalogue: Catalogue;
  readonly prover: Prover;
  readonly reader: LedgerReader;
  readonly policy: Policy;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}): Verifier {
  const { catalogue, prover, reader, policy } = options;
  const now = () => Math.floor(options.now() / 1_000);
  const source: EvidenceSource = {
    async fetchEvidence(cid) {
      try {
        return await prover.proveCredential(parseCid(cid));
      } catch (error) {
        if (!(error instanceof UnavailableError) || error.code !== 'service.not-found') throw error;
        throw new UnavailableError('store.not-found', error.message, { cause: error });
      }
    },
    findCredentials: async (subject) =>
      (await catalogue.listVersions({ subject, kind: 'passport', limit: 100 })).versions,
    findAttestations: async (subject) =>
      (await catalogue.listAttestations({ subject: canonicalName(subject), limit: 100 })).versions,
  };

  async function withClaims(verified: Verified): Promise<Judged> {
    const claims = await verifyClaims(verified, { ledger: reader, source, policy, now: now() });
    return { report: verified.report, claims };
  }

  async function verifyVersion(version: Version, asked?: SubjectId) {
    const evidence = await prover.proveCredential(version.digest);
    const expected = asked === undefined ? {} : { subject: asked, kind: 'passport' as const };
    const verified = await verify({ evidence }, { ledger: reader, policy, expected, now: now() });
    return { version, evidence, ...(await withClaims(verified)) };
  }

  return {
    verifyVersion,

    async scan(link) {
      const asked = readLink(link);
      const version = await catalogue.resolve(asked);
      return version && { asked, ...(await verifyVersion(version, asked)) };
    },

    async verifyVersions(versions) {
      const evidence = await Promise.all(
        versions.map(async ({ digest }) => {
          try {
            return await prover.proveCredential(digest);
          } catch (error) {
            if (error instanceof DppError) return undefined;
            throw error;
          }
        }),
      );
      const all: Partial<Verified>[] = evidence.map(() => ({}));
      const places = evidence.flatMap((one, i) => (one === undefined ? [] : [i]));
      const found = places.map((place) => evidence[place]);
      let next = 0;
      for await (const verified of verifyMany(found, { ledger: reader, policy, now: now() })) {
        all[places[next++] ?? -1] = verified;
      }
      return all;
    },

    async verifyPresented(presented, expected) {
      const text = presented.trim();
      const what = text.startsWith('{') ? { evidence: text } : { jwt: text };
      const judging = { ledger: reader, source, policy, now: now() };
      return await withClaims(await verify(what, { ...judging, expected: definedOnly(expected) }));
    },
  };
}

/** What a person may type or scan: a link, a subject's URI, a GTIN. Errors: `gs1.uri`, `gs1.key`. */
export function readLink(text: string): SubjectId {
  const trimmed = text.trim();
  return canonicalSubject(/^\d{8,14}$/.test(trimmed) ? formatDigitalLink({ gtin: trimmed }) : trimmed);
}

/** Whoever says what was scanned asks for its passport. */
function definedOnly({ subject, current }: Expected): { subject?: SubjectId; current?: boolean; kind?: 'passport' } {
  return {
    ...(subject === undefined ? {} : { subject, kind: 'passport' as const }),
    ...(current === undefined ? {} : { current }),
  };
}
