/**
 * Logs by pages: as large as the node likes, and in the order that the journal has. It refuses entries that are hidden or repeated; that
 * they were not altered is shown by the tree head alone.
 */
import { type Hex, UnavailableError } from '@dpp-ledger/core';
import { JournalBreakError } from '@dpp-ledger/core/journal';
import { TooLongError } from '../http.ts';
import { ENTRY_TOPIC } from './codec.ts';
import type { LoggedEntry } from './ledger.ts';
import { accept, quantity, type Rpc, type RpcCall, RpcError } from './rpc.ts';

const LOGS_PER_PAGE = 2_000;
const MOST_BLOCKS_PER_PAGE = 1_000_000;

interface Page {
  readonly logs: readonly unknown[];
  /** Number of the last block that the page covers. */
  readonly end: number;
  /** Answers to the extra calls, asked before and after the logs in the same batch. */
  readonly before: readonly unknown[];
  readonly behind: readonly unknown[];
}

/**
 * Pages of logs as large as the node likes: it halves the span of blocks when the node refuses, and grows towards a number of logs. Where
 * the first of the extra calls is answered with null, the node lacks what the page is about, and the page says nothing.
 */
export function createPager(rpc: Rpc, address: Hex) {
  let span = 8;
  let ceiling = MOST_BLOCKS_PER_PAGE;

  async function read(
    from: number,
    to: number,
    around: (end: number) => readonly RpcCall[],
    signal: AbortSignal | undefined,
  ): Promise<Page> {
    for (;;) {
      const end = Math.min(to, from + span - 1);
      const extra = around(end);
      const range = { fromBlock: quantity(from), toBlock: quantity(end) };
      const logsCall = { method: 'eth_getLogs', params: [{ address, topics: [ENTRY_TOPIC], ...range }] };
      const asked = end - from + 1;
      const answers = await rpc.batch([...extra, logsCall, ...extra], { signal }).catch((error: unknown) => {
        if (asked > 1 && isTooMuch(error)) return undefined;
        throw error;
      });
      if (extra.length > 0 && answers?.[0] === null) return { logs: [], end, before: [null], behind: [null] };
      const logs = answers?.[extra.length];
      if (answers === undefined || (logs instanceof RpcError && asked > 1)) {
        // Refused for its size, as far as nodes' wordings tell: any refusal is tried with less until one block is refused.
        span = Math.max(1, Math.floor(asked / 2));
        ceiling = span;
        continue;
      }
      if (!Array.isArray(accept(logs)))
        throw new UnavailableError('ledger.unreachable', `${rpc.source} gave no list of logs.`);
      const page = logs as readonly unknown[];
      // A refusal may have been a passing one: the limit is felt for again, by little.
      ceiling = Math.min(MOST_BLOCKS_PER_PAGE, ceiling + Math.ceil(ceiling / 16));
      const fitting = page.length === 0 ? span * 4 : Math.ceil((asked * LOGS_PER_PAGE) / page.length);
      span = Math.max(1, Math.min(fitting, span * 4, ceiling));
      return {
        logs: page,
        end,
        before: answers.slice(0, extra.length).map(accept),
        behind: answers.slice(extra.length + 1).map(accept),
      };
    }
  }

  return { read };
}

function isTooMuch(error: unknown): boolean {
  return error instanceof RpcError || (error instanceof UnavailableError && error.cause instanceof TooLongError);
}

/** Wanted entries only, their indices without a gap. Errors: `journal.break`. */
export async function* contiguous(
  pages: AsyncIterable<readonly LoggedEntry[]>,
  from: number,
  to: number | undefined,
): AsyncIterable<readonly LoggedEntry[]> {
  let next = from;
  for await (const page of pages) {
    const wanted: LoggedEntry[] = [];
    for (const entry of page) {
      if (entry.index < from) continue;
      if (to !== undefined && entry.index >= to) break;
      if (entry.index !== next) {
        throw new JournalBreakError(next, `entry ${next} from the endpoint`, `entry ${entry.index}`);
      }
      next += 1;
      wanted.push(entry);
    }
    if (wanted.length > 0) yield wanted;
    if (to !== undefined && next >= to) return;
  }
  if (to !== undefined && next < to) {
    // Hidden by the endpoint, or its log is pruned.
    throw new JournalBreakError(next, `${to} entries, as the contract counts`, `${next} from the endpoint`);
  }
}
