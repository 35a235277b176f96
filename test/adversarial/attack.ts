/**
 * What an attack is: a genuine credential, and one thing that is wrong with it. Either its issuer signs and anchors something that it
 * should not (`signed`), or something is done to it on the way to the verifier (`shown`). The tables beside this file are lists of them;
 * here are the small functions that they are made of.
 */
import {
  CHECKS,
  type CheckCode,
  type CheckName,
  decodeBase64Url,
  encodeBase64Url,
  type FactsReason,
  type LedgerId,
  type Report,
  type Verdict,
} from '@dpp-ledger/core';
import { type Evidence, type Facts, parsePolicy } from '@dpp-ledger/core/evidence';
import { decodeEntry, type Entry, encodeEntry } from '@dpp-ledger/core/journal';
import { readPresented, type VerifyOptions, verify } from '@dpp-ledger/core/verify';
import { type Draft, type GenuineName, ITEM, type Order, type Who, type World } from './world.ts';

export interface Attack {
  /** States the fact; no two are the same. */
  readonly name: string;
  /** The genuine credential that it begins with; the maker's passport by default. */
  readonly of?: GenuineName;
  /** What is signed and anchored instead, for real. */
  readonly signed?: (draft: Draft) => Draft;
  /** Who signs it and anchors it; the maker by default. */
  readonly by?: Who;
  /** What is done on the way to the verifier. */
  readonly shown?: Change;
  readonly verdict: Verdict;
  /** What the checks say that do not say what they say of the genuine passport, in their order. */
  readonly codes: readonly CheckCode[];
}

/** What the verifier is given. `facts` are what the ledger answers about the evidence, unless an attack brings its own. */
export interface Presentation extends Omit<VerifyOptions, 'evidence' | 'facts'> {
  readonly evidence: unknown;
  readonly facts: unknown;
}
/** As long as facts are this, they are asked for at the end, by the question that the evidence then asks. */
export const HONEST: unique symbol = Symbol('what the ledger answers');

export type Change = (it: Presentation, world: World) => Presentation;

/** What each check says of the maker's passport. */
export const GOOD: Readonly<Record<CheckName, CheckCode>> = {
  content: 'content.valid',
  schema: 'schema.valid',
  subject: 'subject.same',
  signature: 'signature.valid',
  key: 'key.valid',
  issuer: 'issuer.valid',
  anchor: 'anchor.proved',
  status: 'status.valid',
  period: 'period.valid',
  freshness: 'freshness.valid',
  provenance: 'provenance.no-lot',
};

/** Nothing could be read, so nothing could be asked. */
export const UNREADABLE = refusedWith('content.evidence-unreadable');
export const NOT_CANONICAL = refusedWith('content.not-canonical');
/** Facts were there, and none of them counts. */
export function withoutFacts(reason: FactsReason) {
  const names = ['key', 'issuer', 'anchor', 'status', 'freshness'] as const;
  return names.map((name) => `${name}.${reason}` as const);
}

export function refusedWith(code: CheckCode): readonly CheckCode[] {
  return CHECKS.map((name): CheckCode => {
    if (name === 'content') return code;
    return name === 'freshness' ? 'freshness.no-facts' : `${name}.not-reached`;
  });
}

/** A payload that is no credential: it has a signature, and that is all that can be said. */
export const NO_CREDENTIAL: readonly CheckCode[] = [
  'schema.malformed',
  'subject.not-reached',
  'key.not-reached',
  'issuer.not-reached',
  'anchor.not-reached',
  'status.not-reached',
  'period.not-reached',
  'freshness.no-facts',
  'provenance.not-reached',
];

// -------------------------------------------------------------------------------------------------------------- judging

/** What has to be signed and anchored before the attacks can begin. */
export function ordersOf(attacks: readonly Attack[]): Order[] {
  return attacks.flatMap(({ name, signed, by = 'maker' }) =>
    signed === undefined ? [] : [{ name, by, draft: signed }],
  );
}

/** What the verifier is given in the end. */
export function present(attack: Attack, world: World): VerifyOptions {
  const { name, of = 'passport', signed, shown = unchanged } = attack;
  const credential = signed === undefined ? world.genuine[of] : world.signed.get(name);
  if (credential === undefined) throw new TypeError(`nothing was signed for "${name}"`);
  const { policy, now } = world;
  const start = { evidence: world.evidence(credential), facts: HONEST, policy, now, expected: { subject: ITEM_ID } };
  const it = shown(start, world);
  // Safe: what is not an answer is what `verify` has to refuse.
  return { ...it, facts: (it.facts === HONEST ? honestFacts(it.evidence, world) : it.facts) as Facts | undefined };
}

const ITEM_ID = ITEM as NonNullable<NonNullable<VerifyOptions['expected']>['subject']>;
const unchanged: Change = (it) => it;

/** The strongest attacker's case: an honest node, asked just what the damaged evidence asks. */
export function honestFacts(evidence: unknown, world: World): Facts | undefined {
  return askAll(evidence, world);
}

function askAll(evidence: unknown, world: World, size?: number): Facts | undefined {
  const { question, upstream } = readPresented(evidence);
  if (question === undefined) return undefined;
  const asked = upstream?.questions ?? [];
  return { ...world.facts(question, size), ...(asked.length > 0 && { upstream: world.upstream(asked, size) }) };
}

/** The codes that differ from those of the genuine passport, in the order of the checks. */
export function differences(report: Report, good: Readonly<Record<CheckName, CheckCode>> = GOOD): CheckCode[] {
  return report.checks.filter(({ name, code }) => code !== good[name]).map(({ code }) => code);
}

export async function judgeAttack(attack: Attack, world: World): Promise<Report> {
  return await verify(present(attack, world));
}

// ------------------------------------------------------------------------------------------------- changes of what is shown

/** One after the other. */
export function all(...changes: readonly Change[]): Change {
  return (it, world) => changes.reduce((before, change) => change(before, world), it);
}

/** Evidence, as an object. */
export function evidence(change: (evidence: Evidence, world: World) => unknown): Change {
  // Safe: every attack begins with evidence, and changes of it as text come last.
  return (it, world) => ({ ...it, evidence: change(it.evidence as Evidence, world) });
}

/** Evidence, as JSON text. */
export function json(change: (text: string) => unknown): Change {
  return evidence((it) => change(JSON.stringify(it)));
}

export function member(change: object): Change {
  return evidence((it) => ({ ...it, ...change }));
}

export function without(...names: readonly string[]): Change {
  return evidence((it) => Object.fromEntries(Object.entries(it).filter(([name]) => !names.includes(name))));
}

export function jwt(change: (jwt: string, world: World) => unknown): Change {
  return evidence((it, world) => ({ ...it, credential: change(it.credential, world) }));
}

/** One of the three parts of the JWT, as text. */
export function part(which: 0 | 1 | 2, change: (part: string) => string): Change {
  return jwt((text) =>
    text
      .split('.')
      .with(which, change(text.split('.')[which] ?? ''))
      .join('.'),
  );
}

export function headerText(change: (header: string) => string): Change {
  return part(0, (head) => encodeText(change(decodeText(head))));
}

/** A header that was not signed. */
export function header(change: object): Change {
  return headerText((text) => JSON.stringify({ ...JSON.parse(text), ...change }));
}

export function payloadText(change: (payload: string) => string): Change {
  return part(1, (body) => encodeText(change(decodeText(body))));
}

/** A payload that was not signed. */
export function payload(change: object): Change {
  return payloadText((text) => JSON.stringify({ ...JSON.parse(text), ...change }));
}

export function signature(change: (signature: Uint8Array) => Uint8Array): Change {
  return part(2, (tail) => encodeBase64Url(change(Uint8Array.from(decodeBase64Url(tail)))));
}

export function key(change: (key: Evidence['key'], world: World) => object): Change {
  return evidence((it, world) => ({ ...it, key: change(it.key, world) }));
}

export function batch(change: (batch: Evidence['batch'], world: World) => object): Change {
  return evidence((it, world) => ({ ...it, batch: { ...it.batch, ...change(it.batch, world) } }));
}

export function place(change: (entry: Evidence['entry'], world: World) => object): Change {
  return evidence((it, world) => ({ ...it, entry: { ...it.entry, ...change(it.entry, world) } }));
}

/** The entry's bytes. */
export function entryBytes(change: (bytes: Uint8Array, world: World) => Uint8Array): Change {
  return place(({ bytes }, world) => ({
    bytes: encodeBase64Url(change(Uint8Array.from(decodeBase64Url(bytes)), world)),
  }));
}

/** An anchor that says something else. */
export function anchor(change: (entry: Entry, world: World) => object): Change {
  return entryBytes((bytes, world) => {
    const entry = decodeEntry(bytes);
    // Safe: encodeEntry refuses what is no entry.
    return encodeEntry({ ...entry, ...change(entry, world) } as Entry);
  });
}

/** What the ledger answers, changed by a source that lies or is mistaken. */
export function facts(change: (facts: Facts, world: World) => unknown): Change {
  return (it, world) => {
    const honest = honestFacts(it.evidence, world);
    if (honest === undefined) throw new TypeError('there are facts about evidence only');
    return { ...it, facts: change(honest, world) };
  };
}

/** Facts of an earlier time: after so many entries of the journal. */
export function factsAfter(size: (evidence: Evidence, world: World) => number): Change {
  return (it, world) => {
    // Safe: every attack begins with evidence.
    return { ...it, facts: askAll(it.evidence, world, size(it.evidence as Evidence, world)) };
  };
}

export function expected(change: object): Change {
  return (it) => ({ ...it, expected: { ...it.expected, ...change } });
}

/** Nothing is known of what was scanned. */
export const notScanned: Change = (it) => ({ ...it, expected: {} });

export function scanned(subject: string): Change {
  return expected({ subject });
}

export function policy(change: (world: World) => { readonly [name: string]: unknown }): Change {
  return (it, world) => ({ ...it, policy: parsePolicy({ ...it.policy, ...change(world) }) });
}

export function pinned(ledgers: (world: World) => readonly LedgerId[]): Change {
  return policy((world) => ({ ledgers: ledgers(world) }));
}

export function now(change: (now: number) => number): Change {
  return (it) => ({ ...it, now: change(it.now) });
}

// ----------------------------------------------------------------------------------------------- changes of what is signed

export type Signing = (draft: Draft) => Draft;

/** Members of the payload replaced; `undefined` takes one away. */
export function sign(change: object | ((draft: Draft) => object)): Signing {
  return (draft) => {
    const terms = typeof change === 'function' ? change(draft) : change;
    return { ...draft, payload: JSON.stringify({ ...JSON.parse(draft.payload), ...terms }) };
  };
}

export function signText(change: (payload: string, draft: Draft) => string): Signing {
  return (draft) => ({ ...draft, payload: change(draft.payload, draft) });
}

export function signHeader(change: object | ((draft: Draft) => object)): Signing {
  return (draft) => {
    const members = typeof change === 'function' ? change(draft) : change;
    return { ...draft, header: JSON.stringify({ ...JSON.parse(draft.header), ...members }) };
  };
}

export function signHeaderText(change: (header: string) => string): Signing {
  return (draft) => ({ ...draft, header: change(draft.header) });
}

/** A passport about something else, under that grant. */
export function about(subject: string, grant?: Draft['grant']): Signing {
  return (draft) => ({
    ...draft,
    ...(grant && { grant }),
    payload: JSON.stringify({
      ...JSON.parse(draft.payload),
      credentialSubject: { type: ['Product'], id: subject, name: 'Laptop 14' },
    }),
  });
}

/** Its status stands elsewhere, or is said in another way. */
export function status(change: (entry: Record<string, unknown>, draft: Draft) => unknown): Signing {
  return (draft) => {
    const payload = JSON.parse(draft.payload);
    return {
      ...draft,
      payload: JSON.stringify({ ...payload, credentialStatus: change(payload.credentialStatus, draft) }),
    };
  };
}

export function both(...changes: readonly Signing[]): Signing {
  return (draft) => changes.reduce((before, change) => change(before), draft);
}

// -------------------------------------------------------------------------------------------------------------- spellings

export function encodeText(text: string): string {
  return encodeBase64Url(new TextEncoder().encode(text));
}

export function decodeText(part: string): string {
  return new TextDecoder().decode(decodeBase64Url(part));
}

/** Flips one bit of bytes as base64url. */
export function flip(text: string, bit = 0): string {
  const bytes = Uint8Array.from(decodeBase64Url(text));
  const at = Math.floor(bit / 8) % bytes.length;
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit % 8));
  return encodeBase64Url(bytes);
}

export const ZERO_32 = encodeBase64Url(new Uint8Array(32));
export const SEVEN_32 = encodeBase64Url(new Uint8Array(32).fill(7));
