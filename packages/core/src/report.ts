/** What verification returns: one check after another, each with what it stands on, and their sum. */
import type { CredentialCid, IssuerId, SubjectId } from './ids.ts';

export type Outcome = 'valid' | 'invalid' | 'unknown' | 'notApplicable';
export type Verdict = 'valid' | 'invalid' | 'indeterminate';

/** In the order of the report (design D9). */
export const CHECKS = [
  'content',
  'schema',
  'subject',
  'signature',
  'key',
  'issuer',
  'anchor',
  'status',
  'period',
  'freshness',
  'provenance',
] as const;
export type CheckName = (typeof CHECKS)[number];

export interface Check {
  readonly name: CheckName;
  readonly outcome: Outcome;
  /** Stable; see docs/errors.md. */
  readonly code: CheckCode;
  /** One sentence for a person. */
  readonly message: string;
  /** What the check stands on: "the credential's bytes", "facts at block 812". */
  readonly basis: string;
}

export interface Report {
  readonly verdict: Verdict;
  /** False where the issuer set the superseded bit; `undefined` where that is not known. */
  readonly current: boolean | undefined;
  /** The anchor's block is not final yet. */
  readonly provisional: boolean;
  readonly checks: readonly Check[];
  readonly cid: CredentialCid | undefined;
  /** Whom the credential names as its issuer; as good as the checks say. */
  readonly issuer: { readonly id: IssuerId; readonly name: string } | undefined;
  readonly subject: SubjectId | undefined;
  /** Where what was scanned has no passport of its own: the level that answered. */
  readonly answeredBy: 'item' | 'batch' | 'model' | undefined;
  /** Whether the issuer states its own figures or restates another's; only where the anchor, which says its role, is valid. */
  readonly voice: 'declared' | 'restated' | undefined;
  /** Only where the anchor is valid. Time in seconds since 1970. */
  readonly anchoredAt: { readonly blockNumber: number; readonly time: number; readonly entry: number } | undefined;
  /** Of the facts, where there were any that could be used. */
  readonly asOf: { readonly source: string; readonly blockNumber: number; readonly time: number } | undefined;
  readonly trustBase: string;
}

/** One invalid check makes the whole invalid; else one unknown makes it indeterminate. */
export function judge(checks: readonly Pick<Check, 'outcome'>[]): Verdict {
  if (checks.some(({ outcome }) => outcome === 'invalid')) return 'invalid';
  return checks.some(({ outcome }) => outcome === 'unknown') ? 'indeterminate' : 'valid';
}

// ----------------------------------------------------------------------------------------------------------------------- codes

const as =
  <O extends Outcome>(outcome: O) =>
  <S extends string>(sentence: S) =>
    ({ outcome, sentence }) as const;
const valid = as('valid');
const invalid = as('invalid');
const unknown = as('unknown');
const notApplicable = as('notApplicable');

/** What each check can say. Words in braces are filled in from the case at hand. */
const OWN_CODES = {
  'content.valid': valid('The credential is complete and stands in its one canonical spelling.'),
  'content.evidence-unreadable': invalid('What was presented is neither evidence nor a credential: {reason}'),
  'content.not-canonical': invalid('The credential is damaged or spelled in a way that is not accepted: {reason}'),
  'content.other-credential': invalid('This is another credential than the one that was asked for, {expected}.'),

  'schema.valid': valid('The credential is well formed and of a known kind: {kind}.'),
  'schema.malformed': invalid('The credential is not a W3C credential of one of the UNTP kinds: {reason}'),
  'schema.other-kind': invalid('The credential is of the kind {kind}, and {expected} was asked for.'),

  'subject.same': valid('It is about exactly what was scanned.'),
  'subject.wider': valid('What was scanned has no credential of its own here; this one is about its {level}.'),
  'subject.other': invalid('It is about something else than what was scanned: {subject}.'),
  'subject.not-asked': notApplicable('Nothing was said about what was scanned, so nothing was compared.'),

  'signature.valid': valid("The bytes carry this key's signature: nobody altered them since."),
  'signature.forged': invalid(
    'The signature does not belong to these bytes and this key: they were altered or forged.',
  ),
  'signature.no-key': unknown(
    'The credential came without the key that signed it, so its signature cannot be checked.',
  ),
  'signature.not-checked': unknown('This device cannot check signatures: the page has to be opened over https.'),

  'key.valid': valid("The key was one of the issuer's own for signing credentials when this was anchored, at {time}."),
  'key.other-issuer': invalid('The credential names a key of {keyIssuer}, but its issuer is {issuer}.'),
  'key.other-key': invalid('The key in the evidence is not the one that the credential names.'),
  'key.malformed-name': invalid('The credential does not name its key by issuer and thumbprint.'),
  'key.not-registered': invalid('The ledger knows no such key of this issuer.'),
  'key.no-assert': invalid('The key is not one for signing credentials.'),
  'key.not-yet-valid': invalid('The key was registered at {from}, after this was anchored at {time}.'),
  'key.retired': invalid('The key was retired at {until}, and this was anchored afterwards, at {time}.'),
  'key.compromised-before-anchor': invalid(
    'The key is known to be in wrong hands since {since}, and this was anchored afterwards, at {time}.',
  ),
  'key.issuer-not-on-ledger': unknown('The issuer is not accredited on this ledger, so nothing is known of its keys.'),
  'key.no-evidence': unknown(
    'The credential came without evidence of its anchor, so the time to judge its key at is not known.',
  ),

  'issuer.valid': valid(
    'The issuer was accredited, in a role for this kind of credential, and may speak of this subject.',
  ),
  'issuer.valid-suspended-now': valid(
    'The issuer was accredited and entitled when this was anchored; it has been suspended since and can issue nothing now.',
  ),
  'issuer.valid-withdrawn-later': valid(
    'The issuer was accredited and entitled when this was anchored; its accreditation ended afterwards, at {since}.',
  ),
  'issuer.withdrawn': invalid(
    "The issuer's accreditation ended at {since}, and this was anchored afterwards, at {time}.",
  ),
  'issuer.wrong-role': invalid('The issuer is accredited in no role that may issue this kind of credential: {kind}.'),
  'issuer.no-grant': invalid('The issuer never had the right to speak of this subject that the evidence names.'),
  'issuer.grant-not-shown': unknown(
    'The evidence does not show the right to speak of this subject. Ask another source for it.',
  ),
  'issuer.other-grant': invalid('The right that the issuer shows, {prefix}, does not cover {subject}.'),
  'issuer.grant-not-yet': invalid(
    'The right to speak of this subject was given at {from}, after this was anchored at {time}.',
  ),
  'issuer.grant-ended': invalid(
    'The right to speak of this subject ended at {until}, and this was anchored afterwards, at {time}.',
  ),
  'issuer.not-on-ledger': unknown('The issuer is not accredited on this ledger: nothing speaks for it, or against it.'),
  'issuer.no-evidence': unknown(
    'The credential came without evidence of its anchor, so the time to judge its issuer at is not known.',
  ),

  'anchor.proved': valid("It was anchored at {time}: a proof leads to the ledger's own tree."),
  'anchor.logged': valid("It was anchored at {time}: the source of the facts returned the ledger's record of it."),
  'anchor.witnessed': valid('It was anchored at {time}: a proof leads to a tree that witnesses vouch for.'),
  'anchor.provisional': valid('It was anchored at {time}, in a block that is not final yet and could still be undone.'),
  'anchor.entry-unreadable': invalid('The entry in the evidence is not one that the ledger makes: {reason}'),
  'anchor.no-anchor': invalid('The entry in the evidence is no anchor; it says that something else happened.'),
  'anchor.other-issuer': invalid('The anchor was made for another issuer than the one that the credential names.'),
  'anchor.not-in-batch': invalid(
    'The credential is not one of those that were anchored: its proof does not lead to the batch.',
  ),
  'anchor.batch-path-unfit': unknown(
    'The path in the evidence is of another length than the batch has: it proves nothing. Ask for the evidence again.',
  ),
  'anchor.not-in-journal': invalid("The entry does not stand in the ledger's journal where the evidence says."),
  'anchor.not-final': unknown(
    "The entry does not stand in the ledger's journal at present, and its block is not final: it may have been undone. Ask again later.",
  ),
  'anchor.ahead-of-facts': unknown('The facts are older than this entry. Ask again with newer ones.'),
  'anchor.proof-outdated': unknown('The proof was made for another size of the journal. Ask for the evidence again.'),
  'anchor.standing-not-accepted': unknown('The anchor stands as {standing}, which the policy does not accept.'),
  'anchor.no-evidence': unknown('The credential came without evidence of its anchor.'),

  'status.valid': valid('It is not revoked, and nothing newer replaces it.'),
  'status.valid-superseded': valid('It was true and is not revoked; the issuer has since replaced it by a newer one.'),
  'status.revoked': invalid('It has been revoked and is not to be relied on.'),
  'status.superseded': invalid('The issuer has replaced it by a newer one, and the current one was asked for.'),
  'status.missing': invalid('It does not say where its revocation would be found.'),
  'status.malformed': invalid('It does not say clearly where its revocation would be found: {reason}'),
  'status.other-ledger': invalid('Its revocation would be found on another ledger than the one where it was anchored.'),
  'status.issuer-not-on-ledger': unknown(
    'The issuer is not accredited on this ledger, which therefore knows of no revocation.',
  ),
  'status.ledger-closed': unknown(
    'It was not revoked when its ledger was closed. Since then nobody can say so there: ask the ledger that followed.',
  ),
  'status.no-evidence': unknown(
    'The credential came without evidence of its anchor, so it is not known whose word on its status counts.',
  ),

  'period.valid': valid('It is within the time for which it was issued.'),
  'period.not-yet': invalid('It is valid from {from} only.'),
  'period.over': invalid('It was valid until {until}.'),
  'period.no-clock': unknown('The present time is not known.'),

  'freshness.valid': valid('The facts are recent: from {time}, {age}.'),
  'freshness.stale': unknown('The facts are from {time}, {age}, older than the policy allows. Ask for newer ones.'),
  'freshness.ahead': unknown('The facts are from {time}, which is yet to come: one of the two clocks is wrong.'),
  'freshness.no-clock': unknown('The present time is not known.'),

  'provenance.no-lot': notApplicable(
    'It draws on no lot of material that the ledger counts; figures stand as the issuer states them.',
  ),
  'provenance.valid': valid(
    'Every lot that it draws on was allocated to it, in the substance, origin and custody model that it claims, and what the lots were made from holds: {mass} in all.',
  ),
  'provenance.malformed': invalid('What it says of a lot of material cannot be read: {reason}'),
  'provenance.other-ledger': invalid('It draws on a lot of another ledger: {lot}.'),
  'provenance.not-allocated': invalid('It draws on lot {lot}, of which its batch was allocated nothing.'),
  'provenance.over-claimed': invalid('It claims {claimed} of lot {lot}, and {allocated} were allocated to it.'),
  'provenance.misdescribed': invalid('It calls its share of lot {lot} {claimed}; the lot is {actual}.'),
  'provenance.unsound': invalid('All of lot {lot}, on which it draws, comes from what no longer holds: {reason}'),
  'provenance.not-in-journal': invalid('Entry {entry}, on which a lot is said to stand, is not in the journal.'),
  'provenance.earlier-differs': invalid(
    'The earlier version, in whose anchor the lots were allocated, is not an anchored one of the same issuer about the same subject.',
  ),
  'provenance.in-doubt': unknown('Up to {affected} of {mass} drawn from lots come from what no longer holds: {reason}'),
  'provenance.no-lineage': unknown(
    'The evidence does not say where lot {lot} came from: it may rest on more entries than evidence carries.',
  ),
  'provenance.no-event': unknown(
    'The evidence lacks the event that entry {entry} names, so nobody can see what it says.',
  ),
  'provenance.no-anchor': unknown('The credential came without its anchor, where lots are allocated.'),
  'provenance.not-asked': unknown('The ledger was not asked about the lots that it draws on.'),
  'provenance.not-final': unknown(
    'Entry {entry}, on which a lot is said to stand, is of a block that is not final, and not in the journal now.',
  ),
  'provenance.ahead-of-facts': unknown('The facts are older than entry {entry}, on which a lot stands. Ask again.'),
  'provenance.proof-outdated': unknown(
    'The proof of entry {entry}, on which a lot stands, fits an older state of the journal, and its log was not had. Fetch the evidence again.',
  ),
  'provenance.standing-not-accepted': unknown(
    'Entry {entry}, on which a lot stands, is {standing} only, which the policy does not accept.',
  ),
} as const;

/** Why facts do not serve, whatever the check that needs them. */
const FACTS_REASONS = {
  'no-facts': 'No facts were had from the ledger: it was not asked, or nobody who counts answered.',
  'facts-unreadable': 'What the source said of the ledger cannot be read.',
  'facts-other-ledger': 'The facts, the evidence and the policy do not speak of one and the same ledger.',
  'facts-other-question': 'The facts answer another question than the one that this credential asks.',
  'facts-before-anchor': 'The facts are older than the anchor. Ask again with newer ones.',
  'no-witnesses': 'The policy names no witnesses, so that nobody vouches for the facts in the pack.',
  'statement-unreadable': "A witness's statement in the pack cannot be read.",
  'statement-forged': "A statement in the pack does not carry its witness's signature: it was altered or forged.",
  'statements-disagree': "The witnesses' statements in the pack do not speak of one and the same state.",
  'statements-other-log': 'The witnesses speak of another log than those that the policy names.',
  'too-few-witnesses': 'Fewer witnesses than the policy asks for vouch for the facts in the pack.',
  'state-not-proved':
    'The facts in the pack are not proved: their proofs do not lead from the state that witnesses vouch for.',
  'state-other-code':
    'At the block that witnesses vouch for, other code than the pinned one stands at the address of the ledger.',
  'state-other-tree': "The ledger's tree in the pack is another one than witnesses vouch for.",
} as const;
export type FactsReason = keyof typeof FACTS_REASONS;
export const FACTS_CHECKS = [
  'key',
  'issuer',
  'anchor',
  'status',
  'freshness',
  'provenance',
] as const satisfies readonly CheckName[];
export type FactsCheck = (typeof FACTS_CHECKS)[number];

type FactsCode = `${FactsCheck}.${FactsReason}`;
/** Content comes first, and freshness is asked of the facts alone. */
const REACHED_ALWAYS = ['content', 'freshness'] as const satisfies readonly CheckName[];
type NotReachedCode = `${Exclude<CheckName, (typeof REACHED_ALWAYS)[number]>}.not-reached`;
export type CheckCode = keyof typeof OWN_CODES | FactsCode | NotReachedCode;

/** Every code that a check can carry, with its outcome and its sentence; docs/errors.md prints them. */
export const CHECK_CODES: Readonly<Record<CheckCode, { readonly outcome: Outcome; readonly sentence: string }>> = {
  ...OWN_CODES,
  // Complete by construction: the types name the same products.
  ...(Object.fromEntries(
    FACTS_CHECKS.flatMap((name) =>
      Object.entries(FACTS_REASONS).map(([reason, sentence]) => [`${name}.${reason}`, unknown(sentence)]),
    ),
  ) as Record<FactsCode, { outcome: 'unknown'; sentence: string }>),
  ...(Object.fromEntries(
    CHECKS.filter((name) => !REACHED_ALWAYS.some((always) => always === name)).map((name) => [
      `${name}.not-reached`,
      unknown('It could not be asked: what it is asked of cannot be read.'),
    ]),
  ) as Record<NotReachedCode, { outcome: 'unknown'; sentence: string }>),
};

type Slots<S extends string> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Slots<Rest> : never;
type SlotsOf<C extends CheckCode> = C extends keyof typeof OWN_CODES ? Slots<(typeof OWN_CODES)[C]['sentence']> : never;

/** "just now", "3 minutes ago", "2 days ago"; a block's clock may run ahead of ours. */
export function formatAge(seconds: number): string {
  if (seconds < -5) return `${count(-seconds, 'second')} ahead of our clock`;
  if (seconds < 5) return 'just now';
  if (seconds < 90) return `${count(seconds, 'second')} ago`;
  if (seconds < 90 * 60) return `${count(seconds / 60, 'minute')} ago`;
  if (seconds < 36 * 3600) return `${count(seconds / 3600, 'hour')} ago`;
  return `${count(seconds / 86400, 'day')} ago`;
}

function count(amount: number, unit: string): string {
  const whole = Math.round(amount);
  return `${whole} ${unit}${whole === 1 ? '' : 's'}`;
}

/** One check's answer. `slots` fill the braces of the code's sentence. */
export function answer<C extends CheckCode>(
  code: C,
  basis: string,
  slots: Readonly<Record<SlotsOf<C>, string>>,
): Check {
  const { outcome, sentence } = CHECK_CODES[code];
  const filled: Readonly<Record<string, string>> = slots;
  const message = sentence.includes('{')
    ? sentence.replace(/\{(\w+)\}/g, (brace, slot: string) => filled[slot] ?? brace)
    : sentence;
  // Safe: every code begins with its check's name.
  return { name: code.slice(0, code.indexOf('.')) as CheckName, outcome, code, message, basis };
}
