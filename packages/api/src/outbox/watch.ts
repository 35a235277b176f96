/**
 * Watching receipts: streams that tell each change of their receipts until nothing more becomes of them. However many watch, the database
 * is looked at once for each of its signals, which come from any replica. A reader that is slow is told the newest state, not every one;
 * so a stream holds no more than its receipts.
 */
import { UnavailableError } from '@dpp-ledger/core';
import { type Bell, createBell, pause } from '../bell.ts';
import type { Database } from '../database/database.ts';
import { findReceipts, isSettled, type ReceiptStatus } from './receipts.ts';

export interface WatchOptions {
  readonly database: Database;
  /** Streams at once, at most. */
  readonly most: number;
  /** After so long without a change a stream says that it still lives. */
  readonly heartbeatMs: number;
  /** Aborted when the service stops. */
  readonly stopping: AbortSignal;
  readonly report: (problem: { readonly what: string; readonly error: unknown }) => void;
}

export type WatchEvent =
  | { readonly kind: 'receipt'; readonly receipt: ReceiptStatus }
  /** Nothing has changed for a while. */
  | { readonly kind: 'heartbeat' }
  /** The last: all are settled, or the service stops and others may be asked. */
  | { readonly kind: 'settled' | 'stopping' };

export interface Watch {
  /**
   * The receipts' states at once, then each change, until all are settled, the service stops, or `close` is called, which it must be.
   * Errors: `service.busy`; `service.not-found` where the service gave no such receipt.
   */
  open(ids: readonly string[]): Promise<{ readonly events: AsyncIterable<WatchEvent>; close(): void }>;
  /** Streams that are open. */
  readonly count: number;
}

/** Ids that one statement looks for. */
const IDS_PER_LOOK = 1_000;
const RETRY_MS = 1_000;

interface Watcher {
  /** What was told, or will be once it is read, of each that is not settled. */
  readonly seen: Map<string, string>;
  readonly untold: Map<string, ReceiptStatus>;
  readonly bell: Bell;
}

export function createWatch({ database, most, heartbeatMs, stopping, report }: WatchOptions): Watch {
  const watchers = new Set<Watcher>();
  const changed = createBell();
  let open = 0;
  let isLooking = false;

  /** Runs as long as somebody watches. */
  async function keepLooking(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    while (watchers.size > 0 && !stopping.aborted) {
      try {
        await lookAtSignals();
      } catch (error) {
        if (stopping.aborted) break;
        report({ what: 'look at receipts', error });
        await pause(RETRY_MS, stopping);
      }
    }
    isLooking = false;
  }

  async function lookAtSignals(): Promise<void> {
    const stops = await Promise.all([
      database.listen('receipt', changed.ring),
      database.listen('ledger', changed.ring),
    ]);
    try {
      // For what happened before anybody listened.
      changed.ring();
      while (watchers.size > 0) {
        await changed.wait({ signal: stopping });
        await look();
      }
    } finally {
      for (const stop of stops) await stop();
    }
  }

  async function look(): Promise<void> {
    const ids = [...new Set([...watchers].flatMap(({ seen }) => [...seen.keys()]))];
    for (let from = 0; from < ids.length; from += IDS_PER_LOOK) {
      const found = await findReceipts(database.db, ids.slice(from, from + IDS_PER_LOOK));
      for (const watcher of watchers) for (const id of watcher.seen.keys()) see(watcher, found.get(id));
    }
  }

  function see({ seen, untold, bell }: Watcher, receipt: ReceiptStatus | undefined): void {
    if (receipt === undefined) return;
    const text = JSON.stringify(receipt);
    if (seen.get(receipt.id) === text) return;
    if (isSettled(receipt)) seen.delete(receipt.id);
    else seen.set(receipt.id, text);
    untold.set(receipt.id, receipt);
    bell.ring();
  }

  async function* tell(watcher: Watcher, closed: AbortSignal): AsyncGenerator<WatchEvent, void> {
    const signal = AbortSignal.any([closed, stopping]);
    watchers.add(watcher);
    void keepLooking();
    // What has become of them since they were found.
    changed.ring();
    try {
      while (!closed.aborted) {
        for (const receipt of watcher.untold.values()) {
          watcher.untold.delete(receipt.id);
          yield { kind: 'receipt', receipt };
        }
        if (watcher.seen.size === 0) return yield { kind: 'settled' };
        if (stopping.aborted) return yield { kind: 'stopping' };
        const isRung = await watcher.bell.wait({ signal, ms: heartbeatMs }).catch(() => true);
        if (!isRung) yield { kind: 'heartbeat' };
      }
    } finally {
      watchers.delete(watcher);
      // Whoever looks for it ends when nobody is left.
      changed.ring();
    }
  }

  return {
    get count() {
      return open;
    },

    async open(ids) {
      if (open >= most) {
        throw new UnavailableError(
          'service.busy',
          `${open} streams of receipts are open. Ask for the receipt instead.`,
        );
      }
      const closing = new AbortController();
      const close = () => {
        if (closing.signal.aborted) return;
        closing.abort();
        open -= 1;
      };
      open += 1;
      try {
        const names = [...new Set(ids.map((id) => id.toLowerCase()))];
        const found = await findReceipts(database.db, names);
        const watcher: Watcher = { seen: new Map(), untold: new Map(), bell: createBell() };
        for (const name of names) {
          const receipt = found.get(name);
          if (receipt === undefined) {
            throw new UnavailableError('service.not-found', `This service gave no receipt ${name}.`);
          }
          see(watcher, receipt);
        }
        return { events: tell(watcher, closing.signal), close };
      } catch (error) {
        close();
        throw error;
      }
    },
  };
}
