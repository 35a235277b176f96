/**
 * Replay: all of the ledger's state rebuilt from its entries alone, and met with the contract's tree head at the same block. Whichever
 * endpoint or mirror the entries came from: if the heads meet, nothing was hidden, altered or put in another order. It stops at the first
 * break and says which entry, what was expected and what was found. Without an endpoint the tree head is a checkpoint's, and so the word
 * of the publisher who signed it. With a store it also opens every batch that was ever anchored.
 */

import type { Digest } from '@dpp-ledger/core';
import { DppError, decodeHex, encodeHex, type Hex, type LedgerId } from '@dpp-ledger/core';
import type { NoteVerifier } from '@dpp-ledger/core/checkpoint';
import { formatCid } from '@dpp-ledger/core/credential';
import { buildBatch, decodeManifest, formatManifestCid } from '@dpp-ledger/core/evidence';
import {
  assertTreeHead,
  createJournalFold,
  decodeEntry,
  type EntryOf,
  JournalBreakError,
  type JournalFold,
  type JournalSnapshot,
  planPeaks,
  restoreJournalFold,
  type TreeHead,
} from '@dpp-ledger/core/journal';
import type { LedgerReader, TreeHeadAt } from './ledger/ledger.ts';
import { type OpenLog, openLog, type TileSource } from './mirror.ts';
import { type BlockSource, fetchBlocks } from './store/index.ts';

export type ReplayOptions = ReplayWays & {
  /**
   * - `ledger`: whose tree head is met, and where entries come from that no mirror has.
   * - `mirror`: where entries come from. With a publisher's key and no ledger, the tree head is that of its checkpoint.
   */
  readonly ledger?: LedgerReader | undefined;
  readonly mirror?: TileSource | undefined;
};

export interface ReplayWays {
  /** The key that a mirror's checkpoint must be signed with. */
  readonly publisher?: NoteVerifier | undefined;
  /** Whose journal it must be, where no ledger is asked. */
  readonly pin?: LedgerId | undefined;
  /** Where batches are opened from; needed for more than entries. */
  readonly source?: BlockSource;
  /**
   * How deep: the entries; also every batch's manifest, its root rebuilt; also the bytes of every credential. `entries` by default.
   */
  readonly depth?: 'entries' | 'batches' | 'credentials';
  /** Go on where a snapshot was taken (`ReplayResult.snapshot`): one's own word for everything before it. */
  readonly from?: unknown;
  readonly onProgress?: (progress: ReplayProgress) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface ReplayProgress {
  readonly entries: number;
  readonly of: number;
  readonly batches: number;
  readonly credentials: number;
}

/** A batch that could not be opened as it was anchored. */
export interface ReplayFinding {
  /** Index of the anchor's entry. */
  readonly entry: number;
  readonly root: Hex;
  /** `store.not-found`: withheld; `store.mismatch`, `evidence.manifest`: misstated; `store.unreachable`: not asked. */
  readonly code: string;
  readonly message: string;
}

/** A tree head, and the block at which a contract said it. */
export type ReplayHead = TreeHead & { readonly root: Hex } & Partial<
    Pick<TreeHeadAt, 'blockNumber' | 'blockHash' | 'blockTime'>
  >;

export interface ReplayResult {
  /** As it was pinned; `undefined` where it was not. */
  readonly ledger: LedgerId | undefined;
  /** Whose tree head: an endpoint, or the key that signed a checkpoint. */
  readonly source: string;
  /** Where the entries came from, in order: a snapshot, a mirror, an endpoint. */
  readonly entriesFrom: string;
  /** What the contract says, at the newest final block; or what the checkpoint does. */
  readonly head: ReplayHead;
  /** Where the entries stop making the contract's journal; `undefined`: they make all of it. */
  readonly broken: { readonly entry: number; readonly expected: string; readonly found: string } | undefined;
  /** Entries folded, those before the snapshot included. */
  readonly entries: number;
  /** Batches and credentials opened in this run. */
  readonly opened: { readonly batches: number; readonly credentials: number };
  /** The first 100 of `findingCount`. */
  readonly findings: readonly ReplayFinding[];
  readonly findingCount: number;
  /** The state that the entries fold to. */
  readonly fold: JournalFold;
  readonly snapshot: JournalSnapshot;
}

const FINDINGS = 100;
/** Batches opened at a time: their manifests are up to 672 kB. */
const BATCHES_AT_ONCE = 8;
/** How often to begin anew where the chain reorganises meanwhile; only young final blocks can. */
const ATTEMPTS = 3;

/**
 * Errors: `ledger.unreachable`, `mirror.unreachable`, `mirror.not-found` (no checkpoint); those of a checkpoint; `input.shape`,
 * `journal.break` for a snapshot that is none or another ledger's.
 */
export async function replay(options: ReplayOptions): Promise<ReplayResult> {
  const { ledger, mirror, publisher, signal } = options;
  const pin = ledger?.id ?? options.pin;
  const log = mirror && (await openLog({ tiles: mirror, publisher, ledger: pin, signal }));
  if (ledger === undefined) {
    if (log === undefined || publisher === undefined)
      throw new TypeError('Without a ledger, give a mirror and its key.');
    return await replayTo(await headOf(log), options, pin, log);
  }
  const reading = { signal };
  for (let attempt = 1; ; attempt++) {
    const head = await ledger.readTreeHead({ ...reading, blockNumber: await ledger.readFinalBlockNumber(reading) });
    const result = await replayTo(head, options, pin, log);
    if (result.broken === undefined) return result;
    // A break that a reorganisation made is no break: is the head that was met still the chain's?
    const now = await ledger.readBlock(head.blockNumber, reading);
    if (now?.hash === head.blockHash || attempt === ATTEMPTS) return result;
  }
}

/** Of the checkpoint; its peaks are what the tiles make them, and nothing where they do not make the root. */
async function headOf({ checkpoint, openTree }: OpenLog): Promise<ReplayHead> {
  const { size, root } = checkpoint;
  return { size, root: encodeHex(root), peaks: (await openTree()).peaks };
}

async function replayTo(
  head: ReplayHead,
  options: ReplayOptions,
  pin: ReplayOptions['pin'],
  log: OpenLog | undefined,
): Promise<ReplayResult> {
  const { ledger, from, onProgress, signal } = options;
  const known = pin === undefined ? {} : { ledger: pin };
  const fold = from === undefined ? createJournalFold(known) : restoreJournalFold(from, known);
  const opener = createOpener(options);
  const progress = () => onProgress?.({ entries: fold.state.size, of: head.size, ...opener.opened });
  const sources = from === undefined ? [] : ['a snapshot'];
  let broken: ReplayResult['broken'];
  try {
    if (log !== undefined && fold.state.size < Math.min(log.checkpoint.size, head.size)) {
      sources.push(log.name);
      for await (const bundle of log.readBundles({ from: fold.state.size, to: head.size, signal })) {
        fold.addBundle(bundle);
        await opener.open(bundle.entries.map((bytes, i) => ({ index: bundle.first + i, bytes })));
        progress();
      }
    }
    if (ledger !== undefined && fold.state.size < head.size && head.blockNumber !== undefined) {
      sources.push(ledger.source);
      const range = {
        ...{ from: fold.state.size, to: head.size, toBlock: head.blockNumber },
        ...(fold.state.size > 0 ? { fromBlock: fold.state.blockNumber } : {}),
        signal,
      };
      for await (const page of ledger.readEntryPages(range)) {
        for (const entry of page) fold.add(entry.bytes);
        await opener.open(page);
        progress();
      }
    }
    assertTreeHead(fold.treeHead(), head);
  } catch (error) {
    if (!(error instanceof JournalBreakError)) throw error;
    const { entry, expected, found } = findEarlierBreak(fold.treeHead(), head) ?? error;
    broken = { entry, expected, found };
  }
  await opener.finish();
  return {
    ...{ ledger: pin, head, broken, entries: fold.state.size, fold, snapshot: fold.snapshot() },
    source: ledger?.source ?? `the publisher ${options.publisher?.name ?? ''} who signed the checkpoint`,
    entriesFrom: sources.join(', then '),
    ...{ opened: opener.opened, findings: opener.findings, findingCount: opener.findingCount },
  };
}

/** Entries may break before it shows: where they were fewer than they should be, the trees over what both have may already differ. */
function findEarlierBreak(found: TreeHead, expected: TreeHead): JournalBreakError | undefined {
  const theirs = planPeaks(expected.size);
  const common = planPeaks(found.size).filter(
    ({ level, index }, i) => theirs[i]?.level === level && theirs[i]?.index === index,
  ).length;
  const size = theirs.slice(0, common).reduce((sum, { level }) => sum + 2 ** level, 0);
  try {
    assertTreeHead({ size, peaks: found.peaks.slice(0, common) }, { size, peaks: expected.peaks.slice(0, common) });
    return undefined;
  } catch (error) {
    if (error instanceof JournalBreakError) return error;
    throw error;
  }
}

/** Opens the batches of entries, a few at a time. What it finds is no break: the journal holds, somebody withholds. */
function createOpener({ source, depth = 'entries', signal }: ReplayOptions) {
  const opened = { batches: 0, credentials: 0 };
  const findings: ReplayFinding[] = [];
  const under = new Set<Promise<void>>();
  let findingCount = 0;
  if (depth !== 'entries' && source === undefined) throw new TypeError('Batches are opened from a source: give one.');
  const storeOptions = { signal };

  async function openBatch(index: number, anchor: EntryOf<'anchored'>, from: BlockSource): Promise<void> {
    try {
      const cid = formatManifestCid(decodeHex(anchor.manifest, 32) as Digest);
      const digests = decodeManifest(await from.get(cid, storeOptions));
      const { root, size } = buildBatch(digests);
      if (root !== anchor.root || size !== anchor.size) {
        throw new FindingError(`its manifest makes a batch of ${size} with the root ${root}`);
      }
      opened.batches += 1;
      if (depth !== 'credentials') return;
      for await (const _ of fetchBlocks(from, digests.map(formatCid), storeOptions)) opened.credentials += 1;
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof DppError) && !(error instanceof FindingError)) throw error;
      findingCount += 1;
      const code = error instanceof DppError ? error.code : 'evidence.manifest';
      if (findings.length < FINDINGS) findings.push({ entry: index, root: anchor.root, code, message: error.message });
    }
  }

  async function finish(): Promise<void> {
    await Promise.all(under);
  }

  return {
    opened,
    findings,
    get findingCount() {
      return findingCount;
    },
    async open(page: readonly { readonly index: number; readonly bytes: Uint8Array }[]): Promise<void> {
      if (source === undefined || depth === 'entries') return;
      for (const { index, bytes } of page) {
        if (bytes[1] !== ANCHORED) continue;
        const entry = decodeEntry(bytes);
        if (entry.kind !== 'anchored') continue;
        while (under.size >= BATCHES_AT_ONCE) await Promise.race(under);
        const work: Promise<void> = openBatch(index, entry, source).finally(() => under.delete(work));
        under.add(work);
      }
    },
    finish,
  };
}

class FindingError extends Error {}

/** The kind of an anchor's entry, its second byte. */
const ANCHORED = 0x20;
