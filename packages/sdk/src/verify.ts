/**
 * Verifying: evidence is gathered, the ledger is asked in one round trip, the core decides. For browsers and Node; no ethers, no code that
 * signs. Where the ledger cannot be asked there is still a report, and it says `indeterminate`.
 */
import {
  DppError,
  decodeBase64Url,
  IntegrityError,
  InvalidInputError,
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
  parseEvidence,
  type Question,
  questionOf,
} from '@dpp-ledger/core/evidence';
import { decodeEntry } from '@dpp-ledger/core/journal';
import { canonicalSubject, walkUp } from '@dpp-ledger/core/passport';
import { verify as decide } from '@dpp-ledger/core/verify';
import type { LedgerReader } from './ledger/ledger.ts';

export { type Client, createClient } from './client.ts';
export { createGatherer, type Gatherer } from './gather.ts';
export type { Finality, LedgerReader } from './ledger/ledger.ts';
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
  const read = group.map((presented) => ({ presented, evidence: readEvidence(presented) }));
  const facts = await readSharedFacts(
    read.flatMap(({ evidence }) => evidence ?? []),
    options,
  );
  const now = options.now ?? Math.floor(Date.now() / 1000);
  return await Promise.all(
    read.map(async ({ presented, evidence }) => {
      const known = evidence && facts.get(evidence);
      const judged = { evidence: presented, facts: known, policy: policyOf(options), now };
      const report = await decide({ ...judged, expected: { ...options.expected } });
      if (report.verdict !== 'indeterminate') return { report, evidence, facts: known };
      // The ledger has moved on, and has to be asked whether it logged the entry; or it answered nothing.
      return await verifyOne({ evidence: presented }, options);
    }),
  );
}

/** What the ledger says of each, where it answers at all. */
async function readSharedFacts(
  evidences: readonly Evidence[],
  { ledger, signal }: VerifyOptions,
): Promise<ReadonlyMap<Evidence, Facts>> {
  if (ledger === undefined) return new Map();
  const questions = new Map<string, Question>();
  const names = new Map<Evidence, string>();
  for (const evidence of evidences) {
    const question = findQuestion(evidence);
    if (question === undefined) continue;
    const name = Object.values(question).join();
    questions.set(name, question);
    names.set(evidence, name);
  }
  try {
    const answers = await ledger.readManyFacts([...questions.values()], { signal });
    const facts = new Map([...questions.keys()].map((name, i) => [name, answers[i] as Facts]));
    return new Map(Array.from(names, ([evidence, name]) => [evidence, facts.get(name) as Facts]));
  } catch (error) {
    signal?.throwIfAborted();
    // Each is then asked for by itself.
    if (error instanceof UnavailableError) return new Map();
    throw error;
  }
}

/** `undefined`: no question can be made of it, and the core refuses it. */
function findQuestion(evidence: Evidence): Question | undefined {
  try {
    return questionOf(evidence);
  } catch (error) {
    if (error instanceof InvalidInputError) return undefined;
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
  const { ledger, signal } = options;
  const presented = await gather(what, options);
  const evidence = readEvidence(presented);
  const facts = evidence && ledger && (await readFacts(evidence, ledger, signal));
  const cid = 'cid' in what ? formatCid(parseCid(what.cid)) : undefined;
  const report = await decide({
    evidence: presented,
    facts,
    policy: policyOf(options),
    expected: { ...options.expected, cid },
    now: options.now ?? Math.floor(Date.now() / 1000),
  });
  return { report, evidence, facts };
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

function readEvidence(presented: unknown): Evidence | undefined {
  try {
    return parseEvidence(presented);
  } catch (error) {
    if (error instanceof InvalidInputError) return undefined;
    throw error;
  }
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
  evidence: Evidence,
  ledger: LedgerReader,
  signal: AbortSignal | undefined,
): Promise<Facts | undefined> {
  try {
    const { index, bytes } = evidence.entry;
    const { blockNumber } = decodeEntry(decodeBase64Url(bytes));
    return await ledger.readFacts(questionOf(evidence), {
      logged: { index, blockNumber },
      signal,
    });
  } catch (error) {
    signal?.throwIfAborted();
    // Evidence that no question can be made of is the core's to refuse; a ledger that does not answer leaves the verdict open.
    if (error instanceof InvalidInputError || error instanceof UnavailableError) return undefined;
    throw error;
  }
}

function policyOf({ ledger, policy }: VerifyOptions): Policy {
  return {
    ledgers: ledger === undefined ? [] : [ledger.id],
    trustBase: ledger === undefined ? 'nobody' : `one endpoint, ${ledger.source}`,
    anchorStandings: ['proved', 'logged'],
    maxAgeSeconds: DEFAULT_MAX_AGE_SECONDS,
    maxAheadSeconds: DEFAULT_MAX_AHEAD_SECONDS,
    // A limit that is left open is the default's, not none.
    ...Object.fromEntries(Object.entries(policy ?? {}).filter(([, value]) => value !== undefined)),
  };
}
