/**
 * The tree head that a replay has to meet, and everybody who has another. It is that of the policy's endpoint, or of the largest checkpoint
 * that the publisher signed; other endpoints and mirrors only have to agree with it.
 */
import { DppError, encodeHex, type Hex } from '@dpp-ledger/core';
import type { TreeHead } from '@dpp-ledger/core/journal';
import type { SourceAccount } from './history.ts';
import type { LedgerReader, TreeHeadAt } from './ledger/ledger.ts';
import { type OpenLog, openLog } from './mirror.ts';
import type { ReplayOptions } from './replay.ts';

/** A tree head, and the block at which a contract said it. */
export type ReplayHead = TreeHead & { readonly root: Hex } & Partial<
    Pick<TreeHeadAt, 'blockNumber' | 'blockHash' | 'blockTime'>
  >;

/** Somebody who holds another journal than the one that was replayed. */
export interface View {
  readonly name: string;
  /** `checkpoint.fork`: another history; `ledger.mismatch`: another tree head at the same block; `journal.stale`: a longer one. */
  readonly code: 'checkpoint.fork' | 'ledger.mismatch' | 'journal.stale';
  readonly message: string;
}

export interface Heads {
  readonly head: ReplayHead;
  /** Whose word it is. */
  readonly source: string;
  /** The mirrors that could be opened. */
  readonly logs: readonly OpenLog[];
  readonly failed: readonly SourceAccount[];
  readonly views: readonly View[];
}

/** The head that an earlier run began with, and whose word it is. */
export type KeptHead = Pick<Heads, 'head' | 'source'>;

/**
 * `kept`: the head that an earlier run began with. Errors: those of `openLog` where there is no endpoint and no mirror could be opened;
 * `ledger.unreachable`.
 */
export async function readHeads(options: ReplayOptions, kept: KeptHead | undefined): Promise<Heads> {
  const { ledger, endpoints = [], mirrors = [], publisher, signal } = options;
  const reading = { signal };
  const pin = ledger?.id ?? options.pin;
  const failed: SourceAccount[] = [];
  const views: View[] = [];
  const logs: OpenLog[] = [];
  let failure: unknown;
  for (const tiles of mirrors) {
    try {
      const log = await openLog({ tiles, publisher, ledger: pin, signal });
      await log.openTree().catch(unlessUnsound);
      logs.push(log);
    } catch (error) {
      signal?.throwIfAborted();
      failure = error;
      failed.push({ name: tiles.name, entries: 0, failure: describe(error) });
    }
  }

  if (ledger === undefined) {
    if (logs.length === 0) throw failure ?? new TypeError('Give an endpoint, or a mirror and its key.');
    const { head, source } = kept ?? (await findLargest(logs, publisher, failed));
    return { ...{ head, source, logs, failed }, views: await compareLogs(logs, head) };
  }

  // After the checkpoints: what was final and signed by then, the chain has now.
  const head =
    kept?.head ?? (await ledger.readTreeHead({ ...reading, blockNumber: await ledger.readFinalBlockNumber(reading) }));
  for (const other of endpoints) {
    try {
      const view = await compareEndpoint(other, head, reading);
      if (view !== undefined) views.push(view);
    } catch (error) {
      signal?.throwIfAborted();
      failed.push({ name: other.source, entries: 0, failure: describe(error) });
    }
  }
  views.push(
    ...(await compareLogs(logs, head)),
    ...(kept === undefined ? logs.flatMap((log) => findStale(log, head, ledger)) : []),
  );
  return { ...{ head, logs, failed, views }, source: ledger.source };
}

/**
 * The largest checkpoint whose tiles say of what peaks it is made: a mirror that has none for it cannot keep the others' from being met.
 * Errors: those of `openTree`, where no mirror has any.
 */
async function findLargest(
  logs: readonly OpenLog[],
  publisher: ReplayOptions['publisher'],
  failed: SourceAccount[],
): Promise<KeptHead> {
  let failure: unknown;
  for (const { name, checkpoint, openTree } of logs.toSorted((a, b) => b.checkpoint.size - a.checkpoint.size)) {
    try {
      const { peaks } = await openTree();
      const { size, root } = checkpoint;
      const source = `the publisher ${publisher?.name ?? ''} who signed the checkpoint of ${name}`;
      return { head: { size, root: encodeHex(root), peaks }, source };
    } catch (error) {
      unlessUnsound(error);
      failure ??= error;
      failed.push({ name, entries: 0, failure: describe(error) });
    }
  }
  throw failure;
}

/** The contract at the same block, as another node has it. */
async function compareEndpoint(
  other: LedgerReader,
  head: ReplayHead,
  reading: Pick<ReplayOptions, 'signal'>,
): Promise<View | undefined> {
  if (head.blockNumber === undefined) return undefined;
  const theirs = await other.readTreeHead({ ...reading, blockNumber: head.blockNumber });
  if (theirs.size === head.size && theirs.root === head.root) return undefined;
  const message = `At block ${head.blockNumber} it has ${theirs.size} entries with the root ${theirs.root}; expected are ${head.size} with ${head.root}.`;
  return { name: other.source, code: 'ledger.mismatch', message };
}

/** Mirrors that have come further than the head: is what they signed its continuation? Shorter ones are met on the way there. */
async function compareLogs(logs: readonly OpenLog[], head: ReplayHead): Promise<View[]> {
  const views: View[] = [];
  for (const { name, checkpoint, isSigned, openTree } of logs) {
    // What nobody signed is nobody's view: its entries will show what it is worth.
    if (!isSigned || checkpoint.size < head.size) continue;
    const tree = await openTree().catch(unlessUnsound);
    const root = tree === undefined ? undefined : await tree.rootAt(head.size);
    if (root === undefined || encodeHex(root) === head.root) continue;
    const message = `Over the first ${head.size} entries it has the root ${encodeHex(root)}; expected is ${head.root}.`;
    views.push({ name, code: 'checkpoint.fork', message });
  }
  return views;
}

/** A publisher signs final tree heads alone: an endpoint that has less hides what came since. */
function findStale({ name, checkpoint, isSigned }: OpenLog, head: ReplayHead, ledger: LedgerReader): View[] {
  if (!isSigned || checkpoint.size <= head.size) return [];
  const message = `It says that the journal has ${head.size} entries at its newest final block; the checkpoint of ${name} has ${checkpoint.size}, signed.`;
  return [{ name: ledger.source, code: 'journal.stale', message }];
}

/** Tiles that are not the checkpoint's: its entries may be good all the same. */
function unlessUnsound(error: unknown): undefined {
  if (error instanceof DppError && ['journal.tile', 'mirror.not-found'].includes(error.code)) return undefined;
  throw error;
}

function describe(error: unknown): NonNullable<SourceAccount['failure']> {
  if (!(error instanceof DppError)) throw error;
  return { code: error.code, message: error.message };
}
