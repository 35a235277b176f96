/**
 * What a replay looks at once the journal is proven: acts in issuers' names, the batches behind their anchors, and the credentials in them.
 * It judges by all that the ledger has said by the end, since a key is called compromised, or an issuer withdrawn, after the fact. Acts are
 * taken in their order, some batches at a time, and it saves where it stands between them.
 */
import {
  type Digest,
  DppError,
  decodeHex,
  equalBytes,
  type Hex,
  InvalidInputError,
  type LedgerId,
  sha256,
} from '@dpp-ledger/core';
import {
  type AuditDepth,
  type DescribedEntry,
  type FindingKind,
  findOverlaps,
  judgeEvent,
} from '@dpp-ledger/core/audit';
import { formatCid } from '@dpp-ledger/core/credential';
import { buildBatch, decodeManifest, formatManifestCid } from '@dpp-ledger/core/evidence';
import { decodeEntry, type EntryOf, readPlainAnchor } from '@dpp-ledger/core/journal';
import { eventOf, isMaking } from '@dpp-ledger/core/materials';
import { isAct, readActs } from './acts.ts';
import { type Audited, type Books, type OpenedBatch, openBooks } from './books.ts';
import type { History } from './history.ts';
import type { Judge } from './judge.ts';
import type { ReplayNotes } from './notes.ts';
import type { BlockSource } from './store/index.ts';

export interface AuditOptions {
  readonly history: History;
  readonly depth: AuditDepth;
  readonly notes: ReplayNotes;
  readonly source: BlockSource | undefined;
  readonly judge: Judge | undefined;
  /** Which credentials are judged by. */
  readonly ledger: LedgerId | undefined;
  /** Acts, and credentials, after which it saves. */
  readonly saveEvery: number;
  readonly onProgress?: ((progress: AuditProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What is being done, and how much of it is. */
export interface AuditProgress {
  /** Acts looked at; batches opened, credentials judged, those that are not to be had included; records compared with each other. */
  readonly step: 'acts' | 'batches' | 'credentials' | 'records';
  readonly done: number;
  readonly of: number;
}

/** Batches that are opened at a time, each a group judged and the next one fetched: at most 512 MiB of the largest blocks there can be. */
const BATCHES_AT_ONCE = 4;
const GROUP = 64;
/** Blocks that are asked for at a time: more is not faster, and a service takes it for an attack. */
const BLOCKS_AT_ONCE = 64;

/** Errors: those of the source that are no finding; `audit.mismatch`. */
export async function auditActs(options: AuditOptions): Promise<Audited> {
  const { history, depth, notes, signal } = options;
  const books = await openBooks(options);
  const { seen } = books;
  let batches: OpenedBatch[] = [];
  let described: Described[] = [];
  let weight = 0;
  let next = books.acts;

  function tell(): void {
    const step = STEP_AT[depth];
    const of = {
      acts: history.acts.count,
      batches: history.kinds.get('anchored') ?? 0,
      credentials: history.acts.credentials,
    };
    options.onProgress?.({ step, done: seen[step], of: of[step] });
  }

  const opener = { ...options, books, tell, ask: createGate(BLOCKS_AT_ONCE) };
  async function close(): Promise<void> {
    await openAll({ described, batches }, opener);
    [batches, described, weight] = [[], [], 0];
    await books.save(next);
    tell();
  }

  for await (const kept of readActs(notes, books.acts)) {
    signal?.throwIfAborted();
    for (const { index, bytes, next: after } of kept) {
      next = after;
      if (!isAct(bytes)) continue;
      const entry = readPlainAnchor(bytes) ?? decodeEntry(bytes);
      books.noteAct(index, entry);
      seen.acts += 1;
      const isOpened = entry.kind === 'anchored' && depth !== 'journal';
      if (isOpened) batches.push({ index, bytes, anchor: decodeAnchor(bytes) });
      if (depth === 'credentials' && isMaking(entry)) described.push({ index, entry });
      if (depth === 'credentials' && entry.kind === 'transferAccepted') {
        described.push({ index, entry, accepted: books.materials?.massOf(entry.lot) });
      }
      weight += isOpened ? entry.size : 1;
      if (weight >= options.saveEvery) await close();
    }
    tell();
  }
  await close();
  await books.group((done, of) => options.onProgress?.({ step: 'records', done, of }));
  for (const overlap of findOverlaps(history.fold.state)) books.findings.add('overlappingGrants', overlap);
  return books.result();
}

const STEP_AT = { journal: 'acts', batches: 'batches', credentials: 'credentials' } as const;

// --------------------------------------------------------------------------------------------------------------------- batches

interface Opener extends AuditOptions {
  readonly books: Books;
  /** Says how far it is. */
  readonly tell: () => void;
  /** Asks for a block when its turn comes. */
  readonly ask: Gate;
}

/** Ended by the first failure. */
interface EndingOpener extends Opener {
  readonly end: (reason: unknown) => void;
}

function decodeAnchor(bytes: Uint8Array): EntryOf<'anchored'> {
  const entry = decodeEntry(bytes);
  if (entry.kind !== 'anchored') throw new TypeError(`an anchor is asked for, not ${entry.kind}`);
  return entry;
}

/** An entry that names the event which describes it; of an acceptance, what was in the lot. */
interface Described {
  readonly index: number;
  readonly entry: DescribedEntry;
  readonly accepted?: bigint | undefined;
}

/**
 * Events that lots stand on first, since whoever draws on a lot is judged by them; then batches. Where one throws, the others are ended, and
 * nothing of them is under way any more when it is thrown on.
 */
async function openAll(
  { described, batches }: { readonly described: readonly Described[]; readonly batches: readonly OpenedBatch[] },
  opener: Opener,
): Promise<void> {
  const ended = new AbortController();
  const signal = opener.signal === undefined ? ended.signal : AbortSignal.any([opener.signal, ended.signal]);
  const ending = { ...opener, signal, end: (reason: unknown) => ended.abort(reason) };
  const faults = await allEnded(described.map((one) => hasFault(one, ending)));
  for (const [i, { entry }] of described.entries()) {
    // Who accepts makes no lot: what stands behind it is what the sender said.
    if (isMaking(entry)) opener.books.upstream.add(entry, { hasFault: faults[i] === true });
  }
  const queue = batches.values();
  async function work(): Promise<void> {
    try {
      for (const batch of queue) {
        signal.throwIfAborted();
        await openBatch(batch, ending);
      }
    } catch (error) {
      ending.end(error);
      throw error;
    }
  }
  await allEnded(Array.from({ length: BATCHES_AT_ONCE }, work));
}

/** Whether the event that an entry names does not count. One that is not to be had says nothing, and is listed. */
async function hasFault({ index, entry, accepted }: Described, opener: EndingOpener): Promise<boolean> {
  const { books, history, ledger } = opener;
  const event = isMaking(entry) ? eventOf(entry) : entry.event;
  if (event === undefined || ledger === undefined) return false;
  const digest = decodeHex(event, 32) as Digest;
  const cid = formatCid(digest);
  const bytes = await fetchOr(cid, digest, opener, (kind) => books.findings.add(kind, { entry: index, cid }));
  if (bytes === undefined) return false;
  const { state } = history.fold;
  const rule = judgeEvent(bytes, entry, { state, ledger, accepted });
  if (rule === 'sound') return false;
  const issuer = state.issuers.get(entry.issuer)?.did ?? entry.issuer;
  books.findings.add('misstatedEvents', { entry: index, issuer, cid, rule });
  return true;
}

/** As `Promise.all`, once all have ended. */
async function allEnded<T>(works: readonly Promise<T>[]): Promise<T[]> {
  const outcomes = await Promise.allSettled(works);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
}

type Gate = <T>(work: () => Promise<T>) => Promise<T>;

/** Lets so many work at a time; the others wait for their turn. */
function createGate(most: number): Gate {
  const waiting: (() => void)[] = [];
  let free = most;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}

/** Fetches a manifest, rebuilds the root that was anchored from it, and judges what it lists. What it finds is no break: the journal holds. */
async function openBatch(batch: OpenedBatch, opener: EndingOpener): Promise<void> {
  const { books, depth, tell } = opener;
  const digests = await rebuildBatch(batch, opener);
  if (digests !== undefined) {
    await books.noteBatch(batch.index, digests);
    if (depth === 'credentials') await judgeBatch(batch, digests, opener);
  } else books.seen.credentials += batch.anchor.size;
  books.seen.batches += 1;
  tell();
}

/** What the manifest lists, if it makes the root that was anchored. */
async function rebuildBatch({ index, anchor }: OpenedBatch, opener: EndingOpener): Promise<Digest[] | undefined> {
  const { books } = opener;
  const digest = decodeHex(anchor.manifest, 32) as Digest;
  const cid = formatManifestCid(digest);
  const bytes = await fetchOr(cid, digest, opener, (kind) => books.findings.add(kind, { entry: index, cid }));
  if (bytes === undefined) return undefined;
  const expected = { size: anchor.size, root: anchor.root };
  let digests: Digest[];
  try {
    digests = decodeManifest(bytes);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    books.findings.add('misstated', { entry: index, cid, expected });
    return undefined;
  }
  const { root, size } = buildBatch(digests);
  if (root === anchor.root && size === anchor.size) return digests;
  books.findings.add('misstated', { entry: index, cid, expected, found: { size, root } });
  return undefined;
}

/** A group is judged while the next one is fetched. */
async function judgeBatch(batch: OpenedBatch, digests: readonly Digest[], opener: EndingOpener): Promise<void> {
  const { books, judge } = opener;
  if (judge === undefined) throw new TypeError('Credentials are judged by a judge: give one.');
  const compromised = new Set<Hex>();
  let judging: Promise<void> = Promise.resolve();

  async function judgeGroup(first: number, group: readonly Digest[], blocks: readonly (Uint8Array | undefined)[]) {
    const there = group.flatMap((digest, i) => {
      const bytes = blocks[i];
      return bytes === undefined ? [] : [{ digest, bytes, position: first + i }];
    });
    const judgements = await judge?.judge(
      there.map(({ bytes }) => bytes),
      batch.bytes,
    );
    for (const [i, { digest, position }] of there.entries()) {
      const judgement = judgements?.[i];
      if (judgement === undefined) throw new TypeError('a judge answers for each');
      if (judgement.key !== undefined && judgement.codes.includes('key.compromised-before-anchor')) {
        compromised.add(judgement.key);
      }
      await books.noteJudgement(batch, position, digest, judgement);
    }
    books.seen.credentials += group.length;
    opener.tell();
  }

  try {
    for (let first = 0; first < digests.length; first += GROUP) {
      const group = digests.slice(first, first + GROUP);
      const blocks = await allEnded(
        group.map((digest, i) => {
          const cid = formatCid(digest);
          const place = { entry: batch.index, position: first + i, cid };
          return fetchOr(cid, digest, opener, (kind) => books.findings.add(kind, place));
        }),
      );
      await judging;
      judging = judgeGroup(first, group, blocks);
      judging.catch(() => undefined);
    }
  } catch (error) {
    await judging.catch(() => undefined);
    throw error;
  }
  await judging;
  books.noteKeyInBatch(batch.anchor.issuer, compromised);
}

const FAILURES: Readonly<Record<string, FindingKind & ('missing' | 'altered' | 'unread')>> = {
  'store.not-found': 'missing',
  'store.mismatch': 'altered',
  'store.unreachable': 'unread',
};

/** Sources check what they give; an audit takes nobody's word for it. Errors: those that are no finding. */
async function fetchOr(
  cid: string,
  digest: Digest,
  { source, signal, ask, end }: EndingOpener,
  onFailure: (kind: 'missing' | 'altered' | 'unread') => void,
): Promise<Uint8Array | undefined> {
  if (source === undefined) throw new TypeError('Batches are opened from a source: give one.');
  try {
    const bytes = await ask(async () => {
      signal?.throwIfAborted();
      return await source.get(cid, { signal });
    });
    if (equalBytes(sha256(bytes), digest)) return bytes;
    onFailure('altered');
    return undefined;
  } catch (error) {
    signal?.throwIfAborted();
    const kind = error instanceof DppError ? FAILURES[error.code] : undefined;
    if (kind === undefined) {
      end(error);
      throw error;
    }
    onFailure(kind);
    return undefined;
  }
}
