/** What a verifier is given, read once: each part by its own parser, so that one that is bad hides none of the others. */
import { decodeBase64Url, encodeHex, type Hex } from '../bytes.ts';
import { formatCid, hashCredential } from '../credential/cid.ts';
import { type Credential, parseCredential } from '../credential/credential.ts';
import { type ParsedJwt, parseJwt } from '../credential/jwt.ts';
import { parseStatusPointer, type StatusPointer } from '../credential/status.ts';
import { InvalidInputError } from '../errors.ts';
import { type EventMasses, readEventMasses } from '../event/masses.ts';
import {
  type EarlierVersion,
  type Evidence,
  type EvidenceEntry,
  parseEvidence,
  questionAbout,
} from '../evidence/evidence.ts';
import { askAbout, type Question, type UpstreamQuestion } from '../evidence/facts.ts';
import { type CredentialCid, type Digest, hashIssuer } from '../ids.ts';
import { type Actor, decodeEntry, type Entry, type EntryOf } from '../journal/entry.ts';
import {
  eventOf,
  isMaking,
  lotsMadeBy,
  type MadeLot,
  type Making,
  readLineage,
  withAncestors,
} from '../materials/provenance.ts';

/** Everything that could be read of what was presented; `undefined` where it could not. `refusals` say why. */
export interface Presented {
  readonly evidence: Evidence | undefined;
  readonly jwt: ParsedJwt | undefined;
  readonly digest: Digest | undefined;
  readonly cid: CredentialCid | undefined;
  readonly credential: Credential | undefined;
  readonly pointer: StatusPointer | undefined;
  readonly entryBytes: Uint8Array | undefined;
  readonly anchor: EntryOf<'anchored'> | undefined;
  /** What the facts must be about. */
  readonly question: Question | undefined;
  /** What stands behind the lots that it draws on; `undefined` where the evidence has nothing of it. */
  readonly upstream: Upstream | undefined;
  readonly refusals: {
    readonly evidence?: string | undefined;
    readonly jwt?: string | undefined;
    readonly credential?: string | undefined;
    readonly pointer?: string | undefined;
    readonly entry?: string | undefined;
  };
}

/**
 * Reads evidence as an object or as JSON text, or a bare credential. Total: what cannot be read is in `refusals`. `reader`: of a pallet,
 * whose passports share what stands behind their lots.
 */
export function readPresented(value: unknown, reader: UpstreamReader = createUpstreamReader()): Presented {
  const isBareCredential = typeof value === 'string' && !value.trimStart().startsWith('{');
  const [evidence, noEvidence] = isBareCredential ? [] : attempt(() => parseEvidence(value));
  const text = isBareCredential ? value : evidence?.credential;
  const [jwt, noJwt] = text === undefined ? [] : attempt(() => parseJwt(text));
  const digest = jwt && hashCredential(jwt.bytes);
  const [credential, noCredential] = jwt ? attempt(() => parseCredential(jwt.payload)) : [];
  const [pointer, noPointer] = credential ? attempt(() => parseStatusPointer(credential)) : [];
  const [entryBytes, noBytes] = evidence ? attempt(() => decodeBase64Url(evidence.entry.bytes)) : [];
  const [entry, noEntry] = entryBytes ? attempt(() => decodeEntry(entryBytes)) : [];
  const anchor = entry?.kind === 'anchored' ? entry : undefined;
  return {
    evidence,
    jwt,
    digest,
    cid: digest && formatCid(digest),
    credential,
    pointer,
    entryBytes,
    anchor,
    question: evidence && credential && questionAbout(evidence, credential, pointer),
    upstream: evidence && readUpstream(evidence, anchor, reader),
    refusals: {
      evidence: noEvidence,
      jwt: noJwt,
      credential: noCredential,
      pointer: noPointer,
      entry: noBytes ?? noEntry,
    },
  };
}

/** What could not even be read as evidence, and why. */
export function presentUnreadable(reason: string): Presented {
  const presented = readPresented(undefined);
  return { ...presented, refusals: { evidence: reason } };
}

/** What `read` gives, or why it refuses. Objects from outside can throw anything when they are looked at; none of it gets through. */
export function attempt<T>(read: () => T): [value: T | undefined, refusal: string | undefined] {
  try {
    return [read(), undefined];
  } catch (error) {
    return [undefined, error instanceof InvalidInputError ? error.message : 'it cannot be looked at.'];
  }
}

// -------------------------------------------------------------------------------------------------------------------- upstream

/** What evidence carries beside the credential and its anchor, read; what cannot be read is left out, and missed where it is needed. */
export interface Upstream {
  readonly makings: readonly PresentedMaking[];
  readonly lineage: ReadonlyMap<Hex, MadeLot>;
  /** By their digests, which the entries name. */
  readonly events: ReadonlyMap<Hex, PresentedEvent>;
  readonly earlier: PresentedEarlier | undefined;
  /** What the ledger must be asked: of each of `makings`, then of the earlier version. */
  readonly questions: readonly UpstreamQuestion[];
}

export interface PresentedMaking extends Making {
  readonly place: EvidenceEntry;
  readonly bytes: Uint8Array;
}

/** What is asked of an event; its bytes are let go. */
export interface PresentedEvent {
  readonly digest: Hex;
  /** The id of who says so. */
  readonly issuer: Hex;
  readonly pointer: StatusPointer | undefined;
  /** Of the evidence's ledger; `undefined` where it says none that can be read. */
  readonly masses: EventMasses | undefined;
}

export interface PresentedEarlier {
  readonly digest: Digest;
  readonly credential: Credential;
  readonly batch: EarlierVersion['batch'];
  readonly place: EvidenceEntry;
  readonly bytes: Uint8Array;
  readonly anchor: EntryOf<'anchored'>;
}

/** Reads each entry and each event once, however many credentials they stand behind. What cannot be read is `undefined`. */
export interface UpstreamReader {
  readEntry(text: string): { readonly bytes: Uint8Array; readonly entry: Entry } | undefined;
  readEvent(text: string, ledger: string): PresentedEvent | undefined;
}

export function createUpstreamReader(): UpstreamReader {
  const eventsOf = once((ledger: string) => once((text: string) => attempt(() => readEvent(text, ledger))[0]));
  return {
    readEntry: once((text: string) => attempt(() => readEntry(text))[0]),
    readEvent: (text, ledger) => eventsOf(ledger)(text),
  };
}

function once<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, { readonly value: T }>();
  return (text) => {
    const found = known.get(text) ?? { value: read(text) };
    known.set(text, found);
    return found.value;
  };
}

function readUpstream(
  { ledger, lots, earlier: version }: Evidence,
  anchor: EntryOf<'anchored'> | undefined,
  reader: UpstreamReader,
): Upstream {
  const makings = (lots?.entries ?? []).flatMap((place): PresentedMaking[] => {
    const read = reader.readEntry(place.bytes);
    return read !== undefined && isMaking(read.entry)
      ? [{ place, bytes: read.bytes, index: place.index, entry: read.entry }]
      : [];
  });
  const lineage = readLineage(makings);
  const events = new Map<Hex, PresentedEvent>();
  for (const text of lots?.events ?? []) {
    const event = reader.readEvent(text, ledger);
    if (event !== undefined) events.set(event.digest, event);
  }
  const [earlier] = version === undefined ? [] : attempt(() => readEarlier(version));
  const allocated = [anchor, earlier?.anchor].flatMap((entry) => entry?.allocations.map(({ lot }) => lot) ?? []);
  const needed = withAncestors(lineage, allocated);
  const questions = makings.map(({ index, entry }): UpstreamQuestion => {
    const digest = eventOf(entry);
    const pointer = digest && events.get(digest)?.pointer;
    return {
      entry: { index, blockNumber: entry.blockNumber },
      question: askActor(entry, pointer),
      lots: lotsMadeBy(entry).filter((lot) => needed.has(lot)),
    };
  });
  if (earlier !== undefined) {
    const { place, anchor: entry } = earlier;
    const at = { index: place.index, blockNumber: entry.blockNumber };
    questions.push({ entry: at, question: askActor(entry, undefined), lots: [] });
  }
  return { makings, lineage, events, earlier, questions };
}

function readEntry(text: string): { readonly bytes: Uint8Array; readonly entry: Entry } {
  const bytes = decodeBase64Url(text);
  return { bytes, entry: decodeEntry(bytes) };
}

function readCredential(text: string): { readonly digest: Digest; readonly credential: Credential } {
  const jwt = parseJwt(text);
  return { digest: hashCredential(jwt.bytes), credential: parseCredential(jwt.payload) };
}

/** An event by itself, and what it says of lots of a ledger (CAIP-10). Errors: those of `parseJwt` and `parseCredential`. */
export function readEvent(text: string, ledger: string): PresentedEvent {
  const { digest, credential } = readCredential(text);
  const [pointer] = attempt(() => parseStatusPointer(credential));
  const [masses] = attempt(() => readEventMasses(credential, ledger));
  return { digest: encodeHex(digest), issuer: hashIssuer(credential.issuer.id), pointer, masses };
}

function readEarlier({ credential: text, batch, entry: place }: EarlierVersion): PresentedEarlier | undefined {
  const { digest, credential } = readCredential(text);
  const { bytes, entry } = readEntry(place.bytes);
  return entry.kind === 'anchored' ? { digest, credential, batch, place, bytes, anchor: entry } : undefined;
}

const NOBODY: Hex = `0x${'00'.repeat(32)}`;

function askActor(
  { issuer, actor }: { readonly issuer: Hex; readonly actor: Actor },
  pointer: StatusPointer | undefined,
): Question {
  const key = actor.kind === 'key' ? actor.id : NOBODY;
  return askAbout({ issuer, key, grant: NOBODY }, pointer);
}
