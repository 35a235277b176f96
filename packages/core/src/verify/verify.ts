import {
  type Credential,
  type CredentialKind,
  credentialKind,
  credentialSubjectIds,
  credentialSubjects,
} from '../credential/credential.ts';
import { parseKid } from '../credential/did.ts';
import { grantCovers } from '../credential/grants.ts';
import { verifySignature } from '../credential/jwt.ts';
import { encodeKeyId, type PublicJwk } from '../credential/keys.ts';
import { decodeRoles, mayIssue, ROLE_RULES } from '../credential/roles.ts';
import { formatLedger } from '../credential/status.ts';
import { parseInstant } from '../credential/vcdm.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { type Facts, type FactsProof, parseFacts } from '../evidence/facts.ts';
import type { Policy } from '../evidence/policy.ts';
import { type CredentialCid, hashIssuer, type LedgerId, type SubjectId } from '../ids.ts';
import type { EntryOf } from '../journal/entry.ts';
import { type Answer, PURPOSES } from '../journal/state.ts';
import { canonicalSubject, subjectLevel, walkUp } from '../passport/gs1.ts';
import { answer, type Check, type FactsReason, formatAge, judge, type Report } from '../report.ts';
import {
  BYTES,
  basisOf,
  type Case,
  EVIDENCE,
  type FoundSubject,
  formatTime,
  isSet,
  notReached,
  placeInBatch,
  standingOf,
  withoutFacts,
} from './case.ts';
import { attempt, type Presented, readPresented } from './presented.ts';
import { checkProvenance } from './provenance.ts';

export interface VerifyOptions {
  /** Evidence as an object or as JSON text, or a bare credential (a compact JWT), which can only ever be indeterminate or invalid. */
  readonly evidence: unknown;
  /** One source's word, or a proof of it, all from one block; `undefined` where nobody was asked. */
  readonly facts: Facts | FactsProof | undefined;
  readonly policy: Policy;
  readonly expected?: Expected | undefined;
  /** Seconds since 1970. */
  readonly now: number;
}

/** What the verifier knows beforehand. */
export interface Expected {
  /** What was scanned. Its production batch or model may answer for it. */
  readonly subject?: SubjectId | undefined;
  /** True: a superseded credential will not do. */
  readonly current?: boolean | undefined;
  readonly kind?: CredentialKind | undefined;
  /** The content identifier under which the credential was asked for. */
  readonly cid?: CredentialCid | undefined;
}

/** Checks a credential. The checks of the report are in the order of `CHECKS`, and all of them are always there. */
export async function verify(options: VerifyOptions): Promise<Report> {
  return await verifyPresented(readPresented(options.evidence), options);
}

/** The same, of what was read already: whoever gathers facts has to read the evidence to know what to ask. */
export async function verifyPresented(presented: Presented, options: Omit<VerifyOptions, 'evidence'>): Promise<Report> {
  const { policy, expected = {}, now } = options;
  const proof = isFactsProof(options.facts) ? options.facts : undefined;
  const { facts, reason } = await (proof === undefined
    ? readFacts(options.facts, presented, policy)
    : proveFacts(proof, presented, policy));
  const subject = findSubject(presented, expected);
  const isWitnessed = proof !== undefined;
  const it: Case = { ...presented, facts, reason, isWitnessed, subject, policy, expected, now };

  const checks = [
    checkContent(it),
    checkSchema(it),
    checkSubject(it),
    await checkSignature(it),
    checkKey(it),
    checkIssuer(it),
    checkAnchor(it),
    checkStatus(it),
    checkPeriod(it),
    checkFreshness(it),
    checkProvenance(it),
  ];

  const { credential, evidence } = it;
  const isAnchored = checks.some(({ name, outcome }) => name === 'anchor' && outcome === 'valid');
  // What an anchor says is passed on only where it is known to be the ledger's.
  const anchor = isAnchored ? it.anchor : undefined;
  return {
    verdict: judge(checks),
    current: isCurrent(it),
    provisional: checks.some(({ code }) => code === 'anchor.provisional'),
    checks,
    cid: it.cid,
    issuer: credential && { id: credential.issuer.id, name: credential.issuer.name },
    subject: subject.named,
    answeredBy: subject.level,
    voice: credential && anchor && voiceOf(anchor.roles, credentialKind(credential)),
    anchoredAt: anchor &&
      evidence && { blockNumber: anchor.blockNumber, time: anchor.blockTime, entry: evidence.entry.index },
    asOf: facts && { source: facts.source, blockNumber: facts.blockNumber, time: facts.blockTime },
    trustBase: isWitnessed ? (policy.witnesses?.sentence ?? 'no witness') : policy.trustBase,
  };
}

/** A credential in its place, for who has rebuilt the batch and the whole journal: no path leads there, and none is needed. */
export interface InPlace {
  /** The anchor, and where the credential stands in its batch. */
  readonly anchor: EntryOf<'anchored'>;
  readonly key: PublicJwk;
  readonly grant: Evidence['grant'];
  readonly ledger: LedgerId;
  /** The ledger's own answer to the credential's question, after the block that is named. */
  readonly answer: Answer;
  readonly block: { readonly number: number; readonly time: number };
}

/**
 * The checks of a bare credential that a replay has the answers to: what the bytes say, who signed them, whether that key and issuer
 * might, and status. Each is the very check of `verify`; subject, period and freshness ask for what was scanned or for a clock, and are
 * left out.
 */
export async function checkInPlace(
  presented: Presented,
  { anchor, key, grant, ledger, answer: said, block }: InPlace,
): Promise<readonly Check[]> {
  const place = { index: 0, proof: [] };
  const evidence: Evidence = {
    version: 'dpp-evidence/1',
    ledger: formatLedger(ledger),
    credential: presented.jwt?.jwt ?? '',
    ...{ key, grant, batch: place, entry: { ...place, bytes: '' } },
  };
  const facts: Facts = {
    ...{ source: 'the journal', ledger, blockNumber: block.number, blockTime: block.time },
    ...{ finalBlockNumber: block.number, treeHead: { size: 0, peaks: [] }, ...said },
  };
  const subject = findSubject(presented, {});
  const policy = { ledgers: [ledger], trustBase: 'replay', anchorStandings: [], maxAgeSeconds: 0, maxAheadSeconds: 0 };
  const it: Case = {
    ...{ ...presented, evidence, anchor, question: said.question, facts, reason: 'no-facts' },
    ...{ isWitnessed: false, subject, policy, expected: {}, now: block.time },
  };
  const isTheirs = presented.credential === undefined || anchor.issuer === hashIssuer(presented.credential.issuer.id);
  return [
    checkContent(it),
    checkSchema(it),
    await checkSignature(it),
    checkKey(it),
    checkIssuer(it),
    ...(isTheirs ? [] : [answer('anchor.other-issuer', EVIDENCE, {})]),
    checkStatus(it),
  ];
}

// ------------------------------------------------------------------------------------------------------- what it is judged by

function isFactsProof(facts: unknown): facts is FactsProof {
  return (
    attempt(
      () => typeof facts === 'object' && facts !== null && typeof Reflect.get(facts, 'prove') === 'function',
    )[0] === true
  );
}

/** Proved facts are then looked at like anybody's. */
async function proveFacts(
  proof: FactsProof,
  presented: Presented,
  policy: Policy,
): Promise<{ readonly facts: Facts | undefined; readonly reason: FactsReason }> {
  if (presented.question === undefined) return { facts: undefined, reason: 'facts-other-question' };
  try {
    const upstream = presented.upstream?.questions;
    const { facts, reason } = await proof.prove(presented.question, policy, { upstream });
    return facts === undefined ? { facts, reason } : readFacts(facts, presented, policy);
  } catch {
    return { facts: undefined, reason: 'facts-unreadable' };
  }
}

/** Facts are used only if they are about this credential, from a ledger that is pinned, and no older than its anchor. */
function readFacts(
  value: unknown,
  { evidence, question: asked, anchor }: Presented,
  policy: Policy,
): { readonly facts: Facts | undefined; readonly reason: FactsReason } {
  const without = (reason: FactsReason) => ({ facts: undefined, reason });
  if (value === undefined) return without('no-facts');
  const [facts] = attempt(() => parseFacts(value));
  if (facts === undefined) return without('facts-unreadable');
  if (evidence === undefined || asked === undefined) return without('facts-other-question');

  const { ledger, question } = facts;
  const isPinned = policy.ledgers.some(
    (pinned) =>
      pinned.chainId === ledger.chainId &&
      pinned.genesis === ledger.genesis &&
      pinned.address === ledger.address &&
      pinned.codeHash === ledger.codeHash,
  );
  if (!isPinned || evidence.ledger !== formatLedger(ledger)) return without('facts-other-ledger');

  const isAnswer =
    question.issuer === asked.issuer &&
    question.key === asked.key &&
    question.grant === asked.grant &&
    question.list === asked.list &&
    question.word === asked.word;
  if (!isAnswer) return without('facts-other-question');

  if (anchor && (facts.blockNumber < anchor.blockNumber || facts.blockTime < anchor.blockTime)) {
    return without('facts-before-anchor');
  }
  return { facts, reason: 'no-facts' };
}

function findSubject({ credential }: Presented, expected: Expected): FoundSubject {
  const subjects = credential ? credentialSubjects(credential).map(({ id }) => id) : [];
  const [first] = subjects;
  const scanned = expected.subject;
  if (scanned === undefined) return { named: first, standing: 'not asked', level: undefined };
  const [levels = [scanned]] = attempt(() => walkUp(canonicalSubject(scanned)));
  const step = levels.findIndex((level) => subjects.includes(level));
  const named = levels[step];
  if (named === undefined) return { named: first, standing: 'other', level: undefined };
  return step === 0
    ? { named, standing: 'same', level: undefined }
    : { named, standing: 'wider', level: attempt(() => subjectLevel(named))[0] };
}

function voiceOf(roles: number, kind: CredentialKind): Report['voice'] {
  const entitled = decodeRoles(roles).filter((role) => ROLE_RULES[role].kinds.includes(kind));
  return entitled.length > 0 && entitled.every((role) => role === 'dataPublisher') ? 'restated' : 'declared';
}

// -------------------------------------------------------------------------------------------------------------- the checks (D9)

const CLOCK = "the verifier's clock";

/** Do the bytes hash to the CID, in the one canonical spelling? */
function checkContent({ jwt, cid, expected, refusals }: Case): Check {
  if (refusals.evidence !== undefined) {
    return answer('content.evidence-unreadable', EVIDENCE, { reason: refusals.evidence });
  }
  if (jwt === undefined) return answer('content.not-canonical', BYTES, { reason: refusals.jwt ?? '' });
  if (expected.cid !== undefined && cid !== expected.cid) {
    return answer('content.other-credential', BYTES, { expected: expected.cid });
  }
  return answer('content.valid', BYTES, {});
}

/** W3C VC 2.0 and UNTP type? */
function checkSchema({ jwt, credential, expected, refusals }: Case): Check {
  if (jwt === undefined) return notReached('schema');
  if (credential === undefined) return answer('schema.malformed', BYTES, { reason: refusals.credential ?? '' });
  const kind = credentialKind(credential);
  if (expected.kind !== undefined && kind !== expected.kind) {
    return answer('schema.other-kind', BYTES, { kind, expected: expected.kind });
  }
  return answer('schema.valid', BYTES, { kind });
}

/** Is it about what was scanned: the item, or its production batch or model, and which? */
function checkSubject({ credential, subject }: Case): Check {
  if (credential === undefined) return notReached('subject');
  switch (subject.standing) {
    case 'not asked':
      return answer('subject.not-asked', BYTES, {});
    case 'same':
      return answer('subject.same', BYTES, {});
    case 'wider':
      return answer('subject.wider', BYTES, { level: LEVELS[subject.level ?? 'model'] });
    case 'other':
      return answer('subject.other', BYTES, { subject: subject.named ?? 'nothing' });
  }
}

const LEVELS = { item: 'item', batch: 'production batch', model: 'model' } as const;

/** Do the bytes carry the key's signature? */
async function checkSignature({ jwt, evidence }: Case): Promise<Check> {
  if (jwt === undefined) return notReached('signature');
  if (evidence === undefined) return answer('signature.no-key', BYTES, {});
  try {
    const isSigned = await verifySignature(jwt, evidence.key);
    return answer(isSigned ? 'signature.valid' : 'signature.forged', BYTES, {});
  } catch {
    // A page that was not served over TLS has no WebCrypto: that says nothing of the signature.
    return answer('signature.not-checked', BYTES, {});
  }
}

/** This issuer's key, purpose `assert`, valid at the anchor, not compromised before it? */
function checkKey(it: Case): Check {
  const { jwt, credential, question, anchor, facts } = it;
  if (jwt === undefined || credential === undefined) return notReached('key');
  const [kid] = attempt(() => parseKid(jwt.header.kid));
  if (kid === undefined) return answer('key.malformed-name', BYTES, {});
  if (kid.issuer !== credential.issuer.id) {
    return answer('key.other-issuer', BYTES, { keyIssuer: kid.issuer, issuer: credential.issuer.id });
  }
  if (question === undefined) return answer('key.no-evidence', BYTES, {});
  if (kid.key !== encodeKeyId(question.key)) return answer('key.other-key', EVIDENCE, {});
  if (anchor === undefined) return notReached('key');
  if (facts === undefined) return withoutFacts('key', it.reason);

  const { issuer, key } = facts;
  const basis = basisOf(facts);
  if (issuer === undefined) return answer('key.issuer-not-on-ledger', basis, {});
  if (key === undefined) return answer('key.not-registered', basis, {});
  const at = anchor.blockTime;
  const time = formatTime(at);
  if ((key.purposes & PURPOSES.assert) === 0) return answer('key.no-assert', basis, {});
  if (at < key.validFrom) return answer('key.not-yet-valid', basis, { from: formatTime(key.validFrom), time });
  // Compromise first: where both ended the key, it is the graver one.
  if (key.compromisedSince !== undefined && at >= key.compromisedSince) {
    return answer('key.compromised-before-anchor', basis, { since: formatTime(key.compromisedSince), time });
  }
  if (key.retiredAt !== undefined && at >= key.retiredAt) {
    return answer('key.retired', basis, { until: formatTime(key.retiredAt), time });
  }
  return answer('key.valid', basis, { time });
}

/** Accredited at the anchor, in a role for this kind, with a grant for the subject; not withdrawn since before? */
function checkIssuer(it: Case): Check {
  const { credential, evidence, anchor, facts } = it;
  if (credential === undefined) return notReached('issuer');
  if (evidence === undefined) return answer('issuer.no-evidence', BYTES, {});
  if (anchor === undefined) return notReached('issuer');
  if (facts === undefined) return withoutFacts('issuer', it.reason);

  const { issuer, grant } = facts;
  const basis = basisOf(facts);
  if (issuer === undefined) return answer('issuer.not-on-ledger', basis, {});
  const at = anchor.blockTime;
  const time = formatTime(at);
  const kind = credentialKind(credential);
  const since = issuer.withdrawnSince;
  if (since !== undefined && at >= since) return answer('issuer.withdrawn', basis, { since: formatTime(since), time });
  if (!mayIssue(anchor.roles, kind)) return answer('issuer.wrong-role', `${basis}, and the anchor`, { kind });

  const subjects = subjectsToCover(it, credential);
  if (subjects.length > 0) {
    if (evidence.grant === undefined) return answer('issuer.grant-not-shown', EVIDENCE, {});
    if (grant === undefined) return answer('issuer.no-grant', basis, {});
    const { prefix } = evidence.grant;
    const uncovered = subjects.find((subject) => !grantCovers(prefix, subject, credential.issuer.id));
    if (uncovered !== undefined) return answer('issuer.other-grant', basis, { prefix, subject: uncovered });
    if (at < grant.from) return answer('issuer.grant-not-yet', basis, { from: formatTime(grant.from), time });
    if (grant.until !== undefined && at >= grant.until) {
      return answer('issuer.grant-ended', basis, { until: formatTime(grant.until), time });
    }
  }
  if (since !== undefined) return answer('issuer.valid-withdrawn-later', basis, { since: formatTime(since) });
  return answer(issuer.suspended ? 'issuer.valid-suspended-now' : 'issuer.valid', basis, {});
}

/**
 * Some kinds may be issued about anything, by role alone. But whoever answers for what was scanned needs a grant for that, or a recycler's
 * event about a laptop would pass for the word of its maker.
 */
function subjectsToCover({ subject }: Case, credential: Credential): readonly SubjectId[] {
  const subjects = credentialSubjectIds(credential);
  const answers = subject.standing === 'same' || subject.standing === 'wider';
  return subjects.length === 0 && answers && subject.named !== undefined ? [subject.named] : subjects;
}

/** Batch proof, entry, journal: proved, logged or witnessed; enough for the policy; final or not yet? */
function checkAnchor(it: Case): Check {
  const { evidence, digest, question, entryBytes, anchor, facts, policy, refusals } = it;
  if (digest === undefined) return notReached('anchor');
  if (evidence === undefined) return answer('anchor.no-evidence', BYTES, {});
  if (refusals.entry !== undefined) return answer('anchor.entry-unreadable', EVIDENCE, { reason: refusals.entry });
  if (anchor === undefined || entryBytes === undefined) return answer('anchor.no-anchor', EVIDENCE, {});
  if (question === undefined) return notReached('anchor');
  if (anchor.issuer !== question.issuer) return answer('anchor.other-issuer', EVIDENCE, {});
  const place = placeInBatch(digest, evidence.batch, anchor);
  if (place === 'elsewhere') return answer('anchor.not-in-batch', EVIDENCE, {});
  if (facts === undefined) return withoutFacts('anchor', it.reason);

  const basis = `entry ${evidence.entry.index} of the journal, and ${basisOf(facts)}`;
  const time = formatTime(anchor.blockTime);
  const { path, standing } = standingOf(evidence.entry, entryBytes, { ...it, facts });
  if (path === 'beyond') return answer('anchor.ahead-of-facts', basis, {});
  if (path === 'mismatch') {
    // A block that is not final can be undone by the chain, and its entry with it: that accuses nobody.
    const isFinal = anchor.blockNumber <= facts.finalBlockNumber;
    return answer(isFinal ? 'anchor.not-in-journal' : 'anchor.not-final', basis, {});
  }
  if (place === 'unfit') return answer('anchor.batch-path-unfit', EVIDENCE, {});
  if (standing === undefined) return answer('anchor.proof-outdated', basis, {});
  if (policy.anchorStandings?.includes(standing) !== true) {
    return answer('anchor.standing-not-accepted', basis, { standing });
  }
  if (anchor.blockNumber > facts.finalBlockNumber) return answer('anchor.provisional', basis, { time });
  return answer(`anchor.${standing}`, basis, { time });
}

/** Revoked, superseded? */
function checkStatus(it: Case): Check {
  const { credential, evidence, pointer, facts, expected, refusals } = it;
  if (credential === undefined) return notReached('status');
  if (evidence === undefined) return answer('status.no-evidence', BYTES, {});
  if (credential.credentialStatus === undefined) return answer('status.missing', BYTES, {});
  if (pointer === undefined) return answer('status.malformed', BYTES, { reason: refusals.pointer ?? '' });
  if (pointer.ledger !== evidence.ledger) return answer('status.other-ledger', BYTES, {});
  if (facts === undefined) return withoutFacts('status', it.reason);

  const basis = `list ${pointer.list}, place ${pointer.index}, and ${basisOf(facts)}`;
  // Zero means good only where somebody could have set the bit.
  if (facts.issuer === undefined) return answer('status.issuer-not-on-ledger', basis, {});
  if (isSet(facts.status.revoked, pointer)) return answer('status.revoked', basis, {});
  if (facts.closed) return answer('status.ledger-closed', basis, {});
  if (!isSet(facts.status.superseded, pointer)) return answer('status.valid', basis, {});
  return answer(expected.current === true ? 'status.superseded' : 'status.valid-superseded', basis, {});
}

function isCurrent({ evidence, pointer, facts }: Case): boolean | undefined {
  if (facts?.issuer === undefined || pointer === undefined || pointer.ledger !== evidence?.ledger) return undefined;
  return !isSet(facts.status.superseded, pointer);
}

/** Within validFrom and validUntil now? */
function checkPeriod({ credential, now }: Case): Check {
  if (credential === undefined) return notReached('period');
  if (!Number.isFinite(now)) return answer('period.no-clock', CLOCK, {});
  const { validFrom, validUntil } = credential;
  const basis = `${BYTES}, and ${CLOCK}`;
  // Both are instants: the schema has seen to it.
  const from = parseInstant(validFrom) ?? Number.POSITIVE_INFINITY;
  if (now * 1000 < from) return answer('period.not-yet', basis, { from: validFrom });
  const until = validUntil === undefined ? undefined : (parseInstant(validUntil) ?? Number.NEGATIVE_INFINITY);
  if (validUntil !== undefined && until !== undefined && now * 1000 > until) {
    return answer('period.over', basis, { until: validUntil });
  }
  return answer('period.valid', basis, {});
}

/** Are the facts younger than the policy allows? */
function checkFreshness({ facts, reason, policy, now }: Case): Check {
  if (facts === undefined) return withoutFacts('freshness', reason);
  const basis = `${basisOf(facts)}, and ${CLOCK}`;
  if (!Number.isFinite(now)) return answer('freshness.no-clock', CLOCK, {});
  const time = formatTime(facts.blockTime);
  const age = formatAge(now - facts.blockTime);
  // Said so that a limit that is no number lets nothing pass.
  if (!(now - facts.blockTime <= policy.maxAgeSeconds)) return answer('freshness.stale', basis, { time, age });
  if (!(facts.blockTime - now <= policy.maxAheadSeconds)) return answer('freshness.ahead', basis, { time });
  return answer('freshness.valid', basis, { time, age });
}
