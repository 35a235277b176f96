/**
 * Replay: all of the ledger's state rebuilt from its entries alone, met with the contract's tree head at the same block, and audited. Entries
 * may come from any endpoint or mirror: if the heads meet, nothing was hidden, altered or put in another order. It stops at the first break
 * and says which entry, what was expected and what was found. Without an endpoint the tree head is a checkpoint's, and so the word of the
 * publisher who signed it.
 *
 *     readHeads    whose tree head is to be met, and who has another       heads.ts
 *     readHistory  entries folded, until they meet it                      history.ts
 *     auditActs    acts, batches, credentials, judged by all of it         audit.ts
 *     AuditReport  what was found, the same whoever replays                core/audit
 */

import { decodeHex, encodeHex, type Hex, isHex, type LedgerId, parseShape, RejectedError } from '@dpp-ledger/core';
import { type AuditDepth, type AuditReport, type AuditRun, createFindings } from '@dpp-ledger/core/audit';
import type { NoteVerifier } from '@dpp-ledger/core/checkpoint';
import { formatLedger } from '@dpp-ledger/core/credential';
import type { JournalFold, JournalSnapshot } from '@dpp-ledger/core/journal';
import { z } from 'zod';
import { type AuditProgress, auditActs } from './audit.ts';
import type { Audited } from './books.ts';
import { type Heads, type KeptHead, type ReplayHead, readHeads, type View } from './heads.ts';
import { type Break, entriesOfLedger, entriesOfLog, type History, readHistory, type SourceAccount } from './history.ts';
import { createLocalJudge, type Judge, type JudgeTerms } from './judge.ts';
import type { LedgerReader } from './ledger/ledger.ts';
import type { TileSource } from './mirror.ts';
import { createNotes, type ReplayNotes } from './notes.ts';
import type { BlockSource } from './store/index.ts';

export interface ReplayOptions {
  /** Whose tree head is met, and where entries come from that no mirror has. */
  readonly ledger?: LedgerReader | undefined;
  /** Other endpoints: they must have the same tree head, and give entries where those before them fail. */
  readonly endpoints?: readonly LedgerReader[];
  /** Where entries come from, in this order. With a publisher's key and no ledger, the tree head is their largest checkpoint's. */
  readonly mirrors?: readonly TileSource[];
  /** The key that the mirrors' checkpoints must be signed with. */
  readonly publisher?: NoteVerifier | undefined;
  /** Whose journal it must be, where no ledger is asked. */
  readonly pin?: LedgerId | undefined;
  /** The entries; also every batch's manifest, its root rebuilt; also every credential judged. `journal` by default. */
  readonly depth?: AuditDepth;
  /** Where batches are opened from; needed for more than the journal. */
  readonly source?: BlockSource;
  /** Go on where a snapshot was taken (`ReplayResult.snapshot`): one's own word for everything before it. */
  readonly from?: unknown;
  /** Where it writes down how far it is; in memory by default. A run that was ended goes on from them, to the same head. */
  readonly notes?: ReplayNotes;
  /** What the notes keep of the journal to be read again: acts, which is all that an audit needs, or every entry (`readEntries`). */
  readonly keep?: 'acts' | 'entries';
  /** Entries, or credentials, between two savings; 16,384 by default. */
  readonly saveEvery?: number;
  /** Who judges credentials: in this thread by default. */
  readonly createJudge?: (terms: JudgeTerms) => Promise<Judge>;
  readonly onProgress?: (progress: ReplayProgress) => void;
  readonly signal?: AbortSignal | undefined;
}

/** What is being done, and how much of it is: entries are read and proven first, and then the audit's steps follow. */
export type ReplayProgress = AuditProgress | (Omit<AuditProgress, 'step'> & { readonly step: 'entries' });

export interface ReplayResult {
  /** As it was pinned; `undefined` where it was not. */
  readonly ledger: LedgerId | undefined;
  /** What the contract says, at the newest final block; or what the checkpoint does. */
  readonly head: ReplayHead;
  /** Whose tree head: an endpoint, or the key that signed a checkpoint. */
  readonly source: string;
  readonly sources: readonly SourceAccount[];
  /** Who has another journal. */
  readonly views: readonly View[];
  /** Where the entries stop making the contract's journal; `undefined`: they make all of it. */
  readonly broken: Break | undefined;
  /** Entries folded, those before a snapshot included. */
  readonly entries: number;
  /** What was found; `undefined` where no ledger was pinned that it could name. */
  readonly report: AuditReport | undefined;
  /** Batches rebuilt, and credentials judged. */
  readonly opened: { readonly batches: number; readonly credentials: number };
  /** How many things are at fault, beside a break. */
  readonly faults: number;
  /** The state that the entries fold to. */
  readonly fold: JournalFold;
  readonly snapshot: JournalSnapshot;
}

/** How often to begin anew where the chain reorganises meanwhile; only young final blocks can. */
const ATTEMPTS = 3;
const SAVE_EVERY = 16_384;

/**
 * Errors: `ledger.unreachable`, `mirror.unreachable`, `mirror.not-found` (no checkpoint) where no other source could take their place; those
 * of a checkpoint; `input.shape`, `journal.break` for a snapshot that is none or another ledger's; `audit.mismatch` for notes of another
 * replay.
 */
export async function replay(options: ReplayOptions): Promise<ReplayResult> {
  const { ledger, signal, notes = createNotes() } = options;
  if (ledger === undefined && (options.mirrors?.length === 0 || options.publisher === undefined))
    throw new TypeError('Without a ledger, give a mirror and its key.');
  for (let attempt = 1; ; attempt++) {
    const heads = await readHeads(options, await readKept(notes, options));
    await keep(notes, options, heads);
    const result = await replayTo(heads, options, notes);
    if (result.broken === undefined || ledger === undefined) return result;
    // A break that a reorganisation made is no break: is the head that was met still the chain's?
    const now = await ledger.readBlock(heads.head.blockNumber ?? 0, { signal });
    if (now?.hash === heads.head.blockHash || attempt === ATTEMPTS) return result;
  }
}

async function replayTo(heads: Heads, options: ReplayOptions, notes: ReplayNotes): Promise<ReplayResult> {
  const { head, logs } = heads;
  const { ledger, endpoints = [], saveEvery = SAVE_EVERY, onProgress, signal } = options;
  const pin = ledger?.id ?? options.pin;
  const failedOf = new Map(heads.failed.map((account) => [account.name, account]));
  const nodes = [ledger, ...endpoints].filter((node) => node !== undefined);
  const history = await readHistory({
    ...{ head, pin, logs, notes, saveEvery, from: options.from, keep: options.keep ?? 'acts', signal },
    sources: [...logs.map((log) => entriesOfLog(log, head)), ...nodes.map((node) => entriesOfLedger(node, head))],
    onEntries: (done) => onProgress?.({ step: 'entries', done, of: head.size }),
  });
  const audited = history.broken === undefined ? await audit(history, options, notes) : NOTHING_AUDITED;
  await notes.save('replay', { done: true });
  return {
    ...{ ledger: pin, head, source: heads.source, broken: history.broken, entries: history.fold.state.size },
    // An endpoint that did not tell its tree head may have given entries all the same: it is told of once.
    sources: [
      ...heads.failed.filter(({ name }) => history.accounts.every((account) => account.name !== name)),
      ...history.accounts.map((account) => ({ ...failedOf.get(account.name), ...account })),
    ],
    views: [...heads.views, ...history.views],
    opened: { batches: audited.counts.rebuilt, credentials: audited.counts.judged },
    faults: audited.faults,
    report: pin && buildReport(pin, head, history, audited, options.depth ?? 'journal'),
    ...{ fold: history.fold, snapshot: history.fold.snapshot() },
  };
}

async function audit(history: History, options: ReplayOptions, notes: ReplayNotes): Promise<Audited> {
  const { depth = 'journal', source, createJudge = createLocalJudge, saveEvery = SAVE_EVERY, signal } = options;
  const ledger = options.ledger?.id ?? options.pin;
  let judge: Judge | undefined;
  if (depth === 'credentials') {
    if (ledger === undefined) throw new TypeError('Credentials name their ledger: say which it must be.');
    judge = await createJudge({ ledger, snapshot: history.fold.snapshot() });
  }
  try {
    return await auditActs({
      ...{ history, depth, notes, source, judge, ledger, saveEvery, signal },
      onProgress: options.onProgress,
    });
  } finally {
    await judge?.close();
  }
}

/** Of a journal that breaks nothing else is said: its entries may be anybody's. */
const NOTHING_AUDITED: Audited = {
  counts: { ...{ batches: 0, credentials: 0, rebuilt: 0, judged: 0, valid: 0, revoked: 0, superseded: 0 }, kinds: {} },
  ...{ timeline: { from: 0, width: 1, anchored: [] }, takedowns: [], distinct: undefined, faults: 0 },
  findings: createFindings().lists(),
};

function buildReport(
  ledger: LedgerId,
  head: ReplayHead,
  history: History,
  audited: Audited,
  depth: AuditDepth,
): AuditReport {
  const { counts, distinct, faults, findings, timeline, takedowns, materials } = audited;
  const { broken, from, kinds, fold } = history;
  const { blockNumber: number, blockHash: hash, blockTime: time } = head;
  const isAtBlock = number !== undefined && hash !== undefined && time !== undefined;
  return {
    ...{ version: 'dpp-audit/2', ledger, depth, from, timeline, takedowns, findings },
    head: { size: head.size, root: head.root, ...(isAtBlock ? { block: { number, hash, time } } : {}) },
    outcome: broken === undefined ? (faults === 0 ? 'sound' : 'faults') : 'broken',
    ...(broken === undefined ? {} : { broken }),
    ...(materials === undefined ? {} : { materials }),
    counts: {
      entries: Object.fromEntries([...kinds].filter(([, count]) => count > 0)),
      issuers: fold.state.issuers.size,
      batches: { anchored: counts.batches, rebuilt: counts.rebuilt },
      credentials: {
        ...{ anchored: counts.credentials, judged: counts.judged, valid: counts.valid },
        ...{ revoked: counts.revoked, superseded: counts.superseded },
        ...(distinct === undefined ? {} : { distinct }),
      },
      kinds: counts.kinds,
    },
  };
}

/** What stands beside a report that is signed. Times in seconds since 1970. */
export function describeRun(
  { source, sources, views }: Pick<ReplayResult, 'source' | 'sources' | 'views'>,
  times: Pick<AuditRun, 'startedAt' | 'endedAt'>,
): AuditRun {
  return {
    ...times,
    head: source,
    sources: sources.map(({ name, entries, failure }) => ({ name, entries, ...(failure && { failure }) })),
    views: views.map(({ name, code, message }) => ({ name, code, message })),
  };
}

// ------------------------------------------------------------------------------------------------------------ to go on from

const hex = z.custom<Hex>((value) => typeof value === 'string' && isHex(value));
const keptShape = z.union([
  z.strictObject({ done: z.literal(true) }),
  z.strictObject({
    version: z.literal('dpp-replay/1'),
    ledger: z.string(),
    depth: z.string(),
    /** Whose word the head is, and how the report names it. */
    word: z.string(),
    source: z.string(),
    head: z.strictObject({
      size: z.int(),
      root: hex,
      peaks: z.array(hex),
      block: z.strictObject({ blockNumber: z.int(), blockHash: hex, blockTime: z.int() }).optional(),
    }),
  }),
]);

/**
 * The head that an earlier run began with, if it is still on the word of whom this one asks. What is over, on a block that was dropped, or
 * somebody else's word, is forgotten.
 */
async function readKept(notes: ReplayNotes, options: ReplayOptions): Promise<KeptHead | undefined> {
  const value = await notes.read('replay');
  if (value === undefined) return undefined;
  const kept = parseShape(keptShape, value, 'state of a replay', 'audit.mismatch');
  const isOver = 'done' in kept;
  const expected = describeOwner(options);
  if (!isOver && (kept.ledger !== expected.ledger || kept.depth !== expected.depth)) {
    const message = `It is of a replay of ${kept.ledger} at depth ${kept.depth}, not of ${expected.ledger} at ${expected.depth}. Give another folder.`;
    throw new RejectedError('audit.mismatch', message);
  }
  if (!isOver) {
    const { peaks, root, size, block } = kept.head;
    const head = { size, root, peaks: peaks.map((peak) => decodeHex(peak, 32)), ...block };
    const isTheirs = kept.word === nameWord(options);
    const { ledger } = options;
    if (ledger === undefined ? isTheirs : await hasHead(ledger, head, isTheirs, options)) {
      return { head, source: ledger?.source ?? kept.source };
    }
  }
  await notes.clear();
  return undefined;
}

/** Whether the chain has the block; and, where somebody else said so before, whether the contract has the tree head there. */
async function hasHead(
  ledger: LedgerReader,
  { size, root, blockNumber, blockHash }: ReplayHead,
  isTheirs: boolean,
  { signal }: ReplayOptions,
): Promise<boolean> {
  if (blockNumber === undefined) return false;
  const block = await ledger.readBlock(blockNumber, { signal });
  if (block?.hash !== blockHash) return false;
  const theirs = isTheirs ? undefined : await ledger.readTreeHead({ blockNumber, signal });
  return theirs === undefined || (theirs.size === size && theirs.root === root);
}

function nameWord({ ledger, publisher }: ReplayOptions): string {
  return ledger?.source ?? `${publisher?.name} ${publisher?.keyId}`;
}

async function keep(notes: ReplayNotes, options: ReplayOptions, { head, source }: Heads): Promise<void> {
  const { size, root, peaks, blockNumber, blockHash, blockTime } = head;
  const block = blockNumber === undefined ? {} : { block: { blockNumber, blockHash, blockTime } };
  await notes.save('replay', {
    ...{ version: 'dpp-replay/1', ...describeOwner(options), word: nameWord(options), source },
    head: { size, root, peaks: peaks.map(encodeHex), ...block },
  });
}

function describeOwner({ ledger, pin, depth = 'journal' }: ReplayOptions): { ledger: string; depth: string } {
  const id = ledger?.id ?? pin;
  return { ledger: id === undefined ? 'any ledger' : [formatLedger(id), id.genesis, id.codeHash].join(' '), depth };
}
