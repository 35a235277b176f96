/**
 * Verifying: evidence is gathered, the ledger is asked in one round trip, the core decides. For browsers and Node; no ethers, no code that
 * signs. Where the ledger cannot be asked there is still a report, and it says `indeterminate`.
 */
import {
  type CredentialCid,
  DppError,
  IntegrityError,
  type Report,
  type SubjectId,
  UnavailableError,
} from '@dpp-ledger/core';
import { type CredentialKind, formatCid, hashCid, parseCid } from '@dpp-ledger/core/credential';
import {
  DEFAULT_MAX_AGE_SECONDS,
  DEFAULT_MAX_AHEAD_SECONDS,
  type Evidence,
  type Facts,
  type Policy,
  type Question,
} from '@dpp-ledger/core/evidence';
import { canonicalSubject, walkUp } from '@dpp-ledger/core/passport';
import { type Presented, readPresented, verifyPresented } from '@dpp-ledger/core/verify';
import type { LedgerReader } from './ledger/ledger.ts';

export { type ClaimsOptions, type UnreadAttestation, type VerifiedClaims, verifyClaims } from './claims.ts';
export { type Client, createClient } from './client.ts';
export { createGatherer, type Gatherer } from './gather.ts';
export type { EndpointFinding, Finality, LedgerReader } from './ledger/ledger.ts';
export { connectLedgers, type QuorumOptions } from './ledger/quorum.ts';
export { type ConnectOptions, connectLedger } from './ledger/reader.ts';
export { createGatewayStore } from './store/gateway.ts';

/** Where evidence comes from: a service's client. It is not believed: evidence proves itself. */
export interface EvidenceSource {
  fetchEvidence(cid: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<Evidence>;
  /** What is known of just this subject, newest first. */
  findCredentials(
    subject: SubjectId,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<
    readonly {
      readonly cid: string;
      readonly revoked?: boolean | undefined;
      readonly superseded?: boolean | undefined;
    }[]
  >;
  /** Attestations that assess a subject, what stands above it, or a facility, and records of the facility, newest first. */
  findAttestations?(
    subject: SubjectId,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<readonly { readonly cid: string }[]>;
}

/** One of the four. `uri` is what a label says: of an item without a passport of its own, its production batch or model answers. */
export type WhatToVerify =
  | { readonly uri: string }
  | { readonly cid: string }
  | { readonly jwt: string }
  | { readonly evidence: unknown };

export interface VerifyOptions {
  /** Whom facts are asked of. `undefined`: nobody, and the verdict cannot be `valid`. */
  readonly ledger: LedgerReader | undefined;
  /** Needed for `uri` and `cid`; of a `jwt` without it little can be said. */
  readonly source?: EvidenceSource;
  /** By default the ledger that is connected, one endpoint's word, anchors proved or logged. */
  readonly policy?: Partial<Policy>;
  /** What was scanned, where `uri` does not say it; whether a superseded credential will do. */
  readonly expected?: { readonly subject?: SubjectId; readonly current?: boolean; readonly kind?: CredentialKind };
  /** Seconds since 1970; the clock's by default. */
  readonly now?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Verified {
  readonly report: Report;
  /** What was judged; `undefined` where it was a bare credential, or could not be read. */
  readonly evidence: Evidence | undefined;
  /** `undefined` where the ledger was not asked or did not answer. */
  readonly facts: Facts | undefined;
  /** Why there are no facts, where the ledger was asked: it does not answer, or too few endpoints agree. */
  readonly unanswered?: UnavailableError;
}

/**
 * There is a report for everything that can be found, however bad. Errors: UnavailableError `store.not-found` where nothing is known of
 * a URI or CID, `service.unreachable`; IntegrityError `store.mismatch` where the source answers with another credential's evidence;
 * `gs1.uri` for a URI that is none.
 */
export async function verify(what: WhatToVerify, options: VerifyOptions): Promise<Verified> {
  return 'uri' in what ? await verifyScanned(what.uri, options) : await verifyOne(what, options);
}

/** Verified together, with one round trip. */
const TOGETHER = 256;

/**
 * Much evidence, in its order: what the ledger is asked is asked for many in one round trip, and once where it is the same, as it is for
 * neighbours in a status list. Each has the report that `verify` gives it by itself. Errors: none but what `signal` aborts with.
 */
export async function* verifyMany(
  evidences: AsyncIterable<unknown> | Iterable<unknown>,
  options: Omit<VerifyOptions, 'source'>,
): AsyncIterable<Verified> {
  let before: Promise<Verified[]> = Promise.resolve([]);
  for await (const group of groupsOf(evidences)) {
    // The ledger is asked about these while those before them are verified.
    const these = verifyTogether(group, options);
    // A failure is met in its turn.
    these.catch(() => undefined);
    yield* await before;
    before = these;
  }
  yield* await before;
}

async function* groupsOf(evidences: AsyncIterable<unknown> | Iterable<unknown>): AsyncIterable<readonly unknown[]> {
  let group: unknown[] = [];
  for await (const presented of evidences) {
    group.push(presented);
    if (group.length < TOGETHER) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

async function verifyTogether(group: readonly unknown[], options: VerifyOptions): Promise<Verified[]> {
  const read = group.map((one) => readPresented(one));
  const facts = await readSharedFacts(read, options);
  const judging = { policy: policyOf(options), expected: { ...options.expected }, now: nowOf(options) };
  return await Promise.all(
    read.map(async (presented) => {
      const known = facts.get(presented);
      const report = await verifyPresented(presented, { ...judging, facts: known });
      if (report.verdict !== 'indeterminate') return { report, evidence: presented.evidence, facts: known };
      // The ledger has moved on, and has to be asked whether it logged the entry; or it answered nothing.
      return await judge(presented, options);
    }),
  );
}

/** What the ledger says of each, where it answers at all. */
async function readSharedFacts(
  read: readonly Presented[],
  { ledger, signal }: VerifyOptions,
): Promise<ReadonlyMap<Presented, Facts>> {
  if (ledger === undefined) return new Map();
  const questions = new Map<string, Question>();
  const names = new Map<Presented, string>();
  for (const presented of read) {
    const { question } = presented;
    if (question === undefined) continue;
    const name = Object.values(question).join();
    questions.set(name, question);
    names.set(presented, name);
  }
  try {
    const answers = await ledger.readManyFacts([...questions.values()], { signal });
    const facts = new Map([...questions.keys()].map((name, i) => [name, answers[i] as Facts]));
    return new Map(Array.from(names, ([presented, name]) => [presented, facts.get(name) as Facts]));
  } catch (error) {
    signal?.throwIfAborted();
    // Each is then asked for by itself.
    if (error instanceof UnavailableError) return new Map();
    throw error;
  }
}

/**
 * What answers for a label. A source may know several current credentials of one subject, and some of them may be a thief's: the newest
 * that is valid answers; without one, what cannot be decided; without that, the newest of all.
 */
async function verifyScanned(uri: string, options: VerifyOptions): Promise<Verified> {
  const subject = canonicalSubject(uri);
  const expected = { kind: 'passport' as const, ...options.expected, subject };
  let best: Verified | undefined;
  for (const cid of await findCandidates(subject, options)) {
    const verified = await verifyOne({ cid }, { ...options, expected });
    if (verified.report.verdict === 'valid') return verified;
    const isBetter = best?.report.verdict === 'invalid' && verified.report.verdict === 'indeterminate';
    if (best === undefined || isBetter) best = verified;
  }
  if (best !== undefined) return best;
  throw new UnavailableError(
    'store.not-found',
    `No passport is known of ${subject}, nor of its production batch or model.`,
  );
}

async function verifyOne(what: Exclude<WhatToVerify, { uri: string }>, options: VerifyOptions): Promise<Verified> {
  const presented = readPresented(await gather(what, options));
  return await judge(presented, options, 'cid' in what ? formatCid(parseCid(what.cid)) : undefined);
}

async function judge(presented: Presented, options: VerifyOptions, cid?: CredentialCid): Promise<Verified> {
  const asked = await readFacts(presented, options);
  const { facts } = asked;
  const expected = { ...options.expected, cid };
  const report = await verifyPresented(presented, {
    ...{ facts, expected, policy: policyOf(options), now: nowOf(options) },
  });
  return { report, evidence: presented.evidence, ...asked };
}

/** Evidence; or a bare credential where no more is to be had, which the core can at least read. */
async function gather(
  what: Exclude<WhatToVerify, { uri: string }>,
  { source, signal }: VerifyOptions,
): Promise<unknown> {
  if ('evidence' in what) return what.evidence;
  const reading = { signal };
  if ('jwt' in what) {
    if (source === undefined) return what.jwt;
    try {
      const evidence = await source.fetchEvidence(hashCid(new TextEncoder().encode(what.jwt)), reading);
      return sameCredential(evidence, what.jwt);
    } catch (error) {
      if (error instanceof DppError && error.code === 'store.not-found') return what.jwt;
      throw error;
    }
  }
  return sameCredential(await needSource(source).fetchEvidence(what.cid, reading), what.cid);
}

/** A source that answers about something else would have us judge the wrong credential. */
function sameCredential(evidence: Evidence, asked: string): Evidence {
  const { credential } = evidence;
  if (credential === asked || hashCid(new TextEncoder().encode(credential)) === asked) return evidence;
  throw new IntegrityError(
    'store.mismatch',
    "The source answered with another credential's evidence. Ask another source.",
  );
}

/** So many credentials of one subject are looked at. */
const MOST_CANDIDATES = 8;

/**
 * The subject's own current credentials, newest first; where none is current, its newest alone, so that an older one does not hide that
 * it was revoked. Where it has none at all, those of what stands above it: its production batch, its model.
 */
async function findCandidates(subject: SubjectId, { source, signal }: VerifyOptions): Promise<readonly string[]> {
  for (const level of walkUp(subject)) {
    const known = await needSource(source).findCredentials(level, signal === undefined ? {} : { signal });
    const current = known.filter(({ revoked, superseded }) => revoked !== true && superseded !== true);
    const candidates = current.length > 0 ? current : known.slice(0, 1);
    if (candidates.length > 0) return candidates.slice(0, MOST_CANDIDATES).map(({ cid }) => cid);
  }
  return [];
}

function needSource(source: EvidenceSource | undefined): EvidenceSource {
  if (source === undefined) throw new TypeError('Evidence has to come from somewhere: give a source.');
  return source;
}

async function readFacts(
  { evidence, question, anchor, upstream }: Presented,
  { ledger, signal }: VerifyOptions,
): Promise<Pick<Verified, 'facts' | 'unanswered'>> {
  // What no question can be made of is the core's to refuse.
  if (ledger === undefined || evidence === undefined || question === undefined) return { facts: undefined };
  const logged = anchor && { index: evidence.entry.index, blockNumber: anchor.blockNumber };
  try {
    const facts = await ledger.readFacts(question, { logged, signal });
    if (upstream === undefined || upstream.questions.length === 0) return { facts };
    // The lots' own facts are of the same block.
    return { facts: { ...facts, upstream: await ledger.readUpstream(upstream.questions, facts, { signal }) } };
  } catch (error) {
    signal?.throwIfAborted();
    // A ledger that does not answer leaves the verdict open.
    if (error instanceof UnavailableError) return { facts: undefined, unanswered: error };
    throw error;
  }
}

function nowOf({ now }: VerifyOptions): number {
  return now ?? Math.floor(Date.now() / 1000);
}

function policyOf({ ledger, policy }: VerifyOptions): Policy {
  return {
    ledgers: ledger === undefined ? [] : [ledger.id],
    trustBase: ledger?.trustBase ?? 'nobody',
    anchorStandings: ['proved', 'logged'],
    maxAgeSeconds: DEFAULT_MAX_AGE_SECONDS,
    maxAheadSeconds: DEFAULT_MAX_AHEAD_SECONDS,
    // A limit that is left open is the default's, not none.
    ...Object.fromEntries(Object.entries(policy ?? {}).filter(([, value]) => value !== undefined)),
  };
}
