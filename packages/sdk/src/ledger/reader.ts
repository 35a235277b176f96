/**
 * Reads the ledger over JSON-RPC with our own codec: what a verifier asks in one round trip, the journal's entries by pages that fit
 * the node, and the chain followed through reorganisations. It refuses another chain, contract or code than the one that is pinned.
 * No ethers, no Node: it runs in browsers.
 */
import { encodeHex, type Hex, type LedgerId, UnavailableError } from '@dpp-ledger/core';
import type { Facts } from '@dpp-ledger/core/evidence';
import { foldPeaks } from '@dpp-ledger/core/journal';
import { pause } from '../http.ts';
import {
  ACCREDITOR_ROLE,
  decodeAddress,
  decodeBigQuantity,
  decodeBlock,
  decodeFacts,
  decodeFlag,
  decodeLog,
  encodeFactsCall,
  encodeHasRoleCall,
  encodeIsSubmitterCall,
  encodeProposedControllerCall,
  type FactsAnswer,
} from './codec.ts';
import { type Identified, identify } from './identify.ts';
import type { BlockRef, CallOptions, Finality, FollowOptions, LedgerNode, LedgerStep, LoggedEntry } from './ledger.ts';
import { contiguous, createPager } from './pages.ts';
import {
  blockCall,
  contractCall,
  decodeUpstream,
  finalityCalls,
  finalNumber,
  logCall,
  NO_QUESTION,
  need,
  upstreamCalls,
} from './questions.ts';
import { accept, createRpc, quantity, type Rpc, type RpcCall } from './rpc.ts';

export interface ConnectOptions {
  /** HTTP(S) URL of a JSON-RPC endpoint. */
  readonly url: string;
  /** What must be found there; all of a LedgerId in production, the address at least. */
  readonly pin: Partial<LedgerId> & Pick<LedgerId, 'address'>;
  /** When a block counts as final; `{ confirmations: 0 }` by default, which suits a local chain only. */
  readonly finality?: Finality;
  /** Number of the block that created the contract, for nodes that answer no question about their whole history. */
  readonly firstBlock?: number;
  /** How often to look for a new block; 1,000 ms by default. */
  readonly pollMs?: number;
  /**
   * How long an endpoint may have no block as high as one that it had before: it may be several nodes, one of them behind. Only then has
   * the chain lost blocks. 30,000 ms by default; 0 without confirmations, which is for a single node.
   */
  readonly patienceMs?: number;
  readonly timeLimitMs?: number;
  /** Whom facts name as their source; by default the endpoint without credentials. */
  readonly source?: string;
  readonly fetch?: typeof globalThis.fetch;
  readonly signal?: AbortSignal | undefined;
}

const FACTS_PER_BATCH = 100;

/** Errors: `ledger.mismatch` (what differs and what to do), `ledger.unreachable`, InvalidInputError `input.shape` for the address. */
export async function connectLedger(options: ConnectOptions): Promise<LedgerNode> {
  const rpc = createRpc(options);
  return createReader(rpc, await identify(rpc, options), options);
}

/** Facts as verifiers take them, of what the contract answered. */
export function factsOf({
  answer,
  ...whose
}: Pick<Facts, 'source' | 'ledger' | 'question' | 'finalBlockNumber'> & { readonly answer: FactsAnswer }): Facts {
  const { blockNumber, blockTime, closed, treeHead, issuer, key, grant, status } = answer;
  return { ...whose, blockNumber, blockTime, closed, treeHead, issuer, key, grant, status };
}

type StateAt = Pick<Facts, 'blockNumber' | 'blockTime' | 'treeHead'>;

function assertSameState(found: StateAt, expected: StateAt, source: string): void {
  const spell = ({ blockNumber, blockTime, treeHead: { size, peaks } }: StateAt) =>
    [blockNumber, blockTime, size, ...peaks.map(encodeHex)].join();
  if (spell(found) === spell(expected)) return;
  const message = `${source} has another block ${expected.blockNumber} by now: the chain was reorganised. Ask again.`;
  throw new UnavailableError('ledger.unreachable', message);
}

/** A reader of an endpoint that was identified. */
export function createReader(
  rpc: Rpc,
  { id, firstBlock }: Identified,
  options: Omit<ConnectOptions, 'url' | 'pin'>,
): LedgerNode {
  const { finality = { confirmations: 0 }, pollMs = 1_000, source = rpc.source } = options;
  const isOneNode = finality !== 'finalized' && finality.confirmations === 0;
  const { patienceMs = isOneNode ? 0 : 30_000 } = options;
  const pager = createPager(rpc, id.address);
  const finalCall = finalityCalls(finality);

  async function ask<T>(data: Hex, decode: (answer: unknown) => T, { signal }: CallOptions = {}): Promise<T> {
    const [answer] = await rpc.batch([contractCall(id.address, data)], { signal });
    return decode(accept(answer));
  }

  async function readBlocks(numbers: readonly (number | 'latest')[], signal: AbortSignal | undefined) {
    const answers = await rpc.batch([...numbers.map(blockCall), ...finalCall], { signal });
    const blocks = numbers.map((_, i) => decodeBlock(accept(answers[i])));
    return { blocks, finalized: answers[numbers.length] };
  }

  const reader: LedgerNode = {
    id,
    name: `eip155:${id.chainId}:${id.address}`,
    source,
    finality,
    firstBlock,
    trustBase: `one endpoint, ${source}`,
    findings: [],

    async readFacts(question, { signal, logged } = {}) {
      const calls = [contractCall(id.address, encodeFactsCall(question)), ...finalCall];
      if (logged !== undefined) {
        calls.push(logCall(id.address, logged.index, quantity(logged.blockNumber)));
      }
      const answers = await rpc.batch(calls, { signal });
      const answer = decodeFacts(accept(answers[0]));
      const final = finalNumber(finality, answer.blockNumber, answers[1]);
      const base = factsOf({ source, ledger: id, question, answer, finalBlockNumber: final });
      // A node that refuses the question about the log (a block it does not have) has not logged the entry: that is all it says.
      const logs = logged === undefined ? undefined : answers.at(-1);
      const entry = Array.isArray(logs) && logs.length > 0 ? decodeLog(logs[0]) : undefined;
      return entry === undefined ? base : { ...base, logged: { index: entry.index, bytes: entry.bytes } };
    },

    async readManyFacts(questions, { signal } = {}) {
      const all: Facts[] = [];
      for (let at = 0; at < questions.length; at += FACTS_PER_BATCH) {
        const some = questions.slice(at, at + FACTS_PER_BATCH);
        const calls = some.map((question) => contractCall(id.address, encodeFactsCall(question)));
        const answers = await rpc.batch([...calls, ...finalCall], { signal });
        some.forEach((question, i) => {
          const answer = decodeFacts(accept(answers[i]));
          const finalBlockNumber = finalNumber(finality, answer.blockNumber, answers[some.length]);
          all.push(factsOf({ source, ledger: id, question, answer, finalBlockNumber }));
        });
      }
      return all;
    },

    async readUpstream(questions, facts, { signal } = {}) {
      const tag = quantity(facts.blockNumber);
      const asked = questions.flatMap((question) => upstreamCalls(id.address, question, tag));
      const here = contractCall(id.address, encodeFactsCall(NO_QUESTION), tag);
      const [first, ...answers] = await rpc.batch([here, ...asked, here], { signal });
      const said = decodeUpstream(questions, answers);
      // The same block before, meanwhile and after: by its number, its time and the journal's tree.
      for (const answer of [first, answers.at(-1)].map((head) => decodeFacts(accept(head)))) {
        assertSameState(answer, facts, source);
      }
      for (const { answer } of said) assertSameState(answer, facts, source);
      return said.map((one) => one.facts);
    },

    async readKeyNonce(issuer, key, callOptions) {
      return await ask(
        encodeFactsCall({ ...NO_QUESTION, issuer, key }),
        (answer) => decodeFacts(answer).keyNonce,
        callOptions,
      );
    },

    async readTreeHead({ signal, blockNumber } = {}) {
      const tag = blockNumber === undefined ? 'latest' : quantity(blockNumber);
      // Two answers about one block: ask again if a block came between them.
      for (let attempt = 0; attempt < 10; attempt++) {
        const [answer, block] = await rpc.batch(
          [
            contractCall(id.address, encodeFactsCall(NO_QUESTION), tag),
            { method: 'eth_getBlockByNumber', params: [tag, false] },
          ],
          { signal },
        );
        const { treeHead, blockNumber: number } = decodeFacts(accept(answer));
        const head = decodeBlock(accept(block));
        if (head?.number !== number) continue;
        const root = encodeHex(foldPeaks(treeHead.peaks));
        return { ...treeHead, root, blockNumber: head.number, blockHash: head.hash, blockTime: head.time };
      }
      throw new UnavailableError(
        'ledger.unreachable',
        `${source} did not keep still long enough to tell one block's tree head.`,
      );
    },

    isSubmitter: (issuer, account, callOptions) => ask(encodeIsSubmitterCall(issuer, account), decodeFlag, callOptions),
    isAccreditor: (account, callOptions) => ask(encodeHasRoleCall(ACCREDITOR_ROLE, account), decodeFlag, callOptions),
    isPaused: (callOptions) => ask(encodeFactsCall(NO_QUESTION), (answer) => decodeFacts(answer).paused, callOptions),
    proposedController: (issuer, callOptions) => ask(encodeProposedControllerCall(issuer), decodeAddress, callOptions),

    async *readEntries(range) {
      for await (const page of reader.readEntryPages(range)) yield* page;
    },

    async *readEntryPages(range = {}) {
      const { signal } = range;
      const head = decodeFacts(await rpcCall(contractCall(id.address, encodeFactsCall(NO_QUESTION)), signal));
      const toBlock = range.toBlock ?? head.blockNumber;
      // What the contract counts at the head is what must be read; up to an older block, whatever there is.
      const to = range.to ?? (range.toBlock === undefined ? head.treeHead.size : undefined);
      const from = range.from ?? 0;
      if (to !== undefined && from >= to) return;
      const fromBlock = range.fromBlock ?? (from === 0 ? firstBlock : await findBlock(from, toBlock, signal));
      yield* contiguous(prefetched(fromBlock, toBlock, signal), from, to);
    },

    async *follow(followOptions = {}) {
      yield* follow(followOptions);
    },

    async readBlock(which, { signal } = {}) {
      if (which !== 'final') return (await readBlocks([which], signal)).blocks[0];
      return await reader.readBlock(await reader.readFinalBlockNumber({ signal }), { signal });
    },

    async readFinalBlockNumber({ signal } = {}) {
      const { blocks, finalized } = await readBlocks(['latest'], signal);
      return finalNumber(finality, need(blocks[0], 'the latest block').number, finalized);
    },

    async waitForBlock(number, { signal } = {}) {
      for (;;) {
        const head = need((await readBlocks(['latest'], signal)).blocks[0], 'the latest block');
        if (head.number > number) return head;
        await pause(pollMs, signal);
      }
    },

    async readBalance(account, { signal } = {}) {
      return decodeBigQuantity(await rpcCall({ method: 'eth_getBalance', params: [account, 'latest'] }, signal));
    },
  };
  return reader;

  async function rpcCall({ method, params }: RpcCall, signal: AbortSignal | undefined): Promise<unknown> {
    const [answer] = await rpc.batch([{ method, params }], { signal });
    return accept(answer);
  }

  /** The block of one entry: the event's index is a topic. */
  async function findBlock(index: number, toBlock: number, signal: AbortSignal | undefined): Promise<number> {
    const call = logCall(id.address, index, quantity(firstBlock), quantity(toBlock));
    const [logs] = await rpc.batch([call], { signal });
    return Array.isArray(logs) && logs.length > 0 ? decodeLog(logs[0]).blockNumber : firstBlock;
  }

  /** Pages in order, the next one on its way while one is read. */
  async function* prefetched(fromBlock: number, toBlock: number, signal: AbortSignal | undefined) {
    const over = new AbortController();
    const both = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
    const begin = (from: number) => {
      const page = from > toBlock ? undefined : pager.read(from, toBlock, () => [], both);
      // Its failure is met where it is awaited; if reading stops before that, nobody minds.
      page?.catch(() => undefined);
      return page;
    };
    let next = begin(fromBlock);
    try {
      while (next !== undefined) {
        const { logs, end } = await next;
        next = begin(end + 1);
        yield logs.map(decodeLog);
      }
    } finally {
      over.abort();
    }
  }

  async function* follow({ after, applied, untilHead = false, signal }: FollowOptions): AsyncIterable<LedgerStep> {
    let place = after;
    let finalShown = -1;
    /** Since when no node has shown a block at `place`. */
    let missingSince: number | undefined;
    for (;;) {
      const { blocks, finalized } = await readBlocks(
        place === undefined ? ['latest'] : ['latest', place.number],
        signal,
      );
      const head = need(blocks[0], 'the latest block');
      const there = blocks[1];
      if (place !== undefined && there?.hash !== place.hash) {
        // Another block in its place is the chain's word. None at all is a node that is behind, until it has been so for too long.
        if (there === undefined) missingSince ??= performance.now();
        const isGone =
          there !== undefined || (head.number < place.number && performance.now() - (missingSince ?? 0) >= patienceMs);
        const common = isGone ? await findCommon(Math.min(place.number - 1, head.number), applied, signal) : undefined;
        if (common === undefined) {
          await pause(pollMs, signal);
          continue;
        }
        const to = common.block;
        place = to;
        finalShown = Math.min(finalShown, to?.number ?? -1);
        missingSince = undefined;
        yield { kind: 'back', to };
        continue;
      }
      missingSince = undefined;
      const finalBlockNumber = Math.max(finalNumber(finality, head.number, finalized), finalShown);
      const from = place === undefined ? Math.min(firstBlock, head.number) : place.number + 1;
      if (from <= head.number) {
        const page = await readStep(from, head.number, place, signal);
        if (page === undefined) {
          await pause(pollMs, signal);
          continue;
        }
        place = page.through;
        finalShown = finalBlockNumber;
        yield { kind: 'forward', ...page, finalBlockNumber, atHead: page.through.number === head.number };
        continue;
      }
      if (place !== undefined && there !== undefined && finalBlockNumber > finalShown) {
        finalShown = finalBlockNumber;
        yield { kind: 'forward', entries: [], through: there, finalBlockNumber, atHead: head.number === place.number };
      }
      if (untilHead) return;
      await pause(pollMs, signal);
    }
  }

  /** One page on top of `place`; `undefined` if the chain changed under it, so that the caller looks again. */
  async function readStep(
    from: number,
    to: number,
    place: { readonly number: number; readonly hash: Hex } | undefined,
    signal: AbortSignal | undefined,
  ): Promise<{ entries: LoggedEntry[]; through: BlockRef } | undefined> {
    const around = (end: number) => [blockCall(end), ...(place === undefined ? [] : [blockCall(place.number)])];
    const { logs, end, before, behind } = await pager.read(from, to, around, signal);
    const through = decodeBlock(before[0]);
    // The same last block before and after the logs, still on top of where we were: then the logs are of one chain.
    const stillThrough = decodeBlock(behind[0]);
    if (through === undefined || stillThrough?.hash !== through.hash) return undefined;
    if (place !== undefined && decodeBlock(behind[1])?.hash !== place.hash) return undefined;
    const entries = logs.map(decodeLog);
    const last = entries.at(-1);
    if (last !== undefined && last.blockNumber === end && last.blockHash !== through.hash) return undefined;
    return { entries, through };
  }

  /**
   * The newest applied block at or below `number` that is still on the chain, if any is. `undefined` where the node that was asked is
   * behind, and cannot tell.
   */
  async function findCommon(
    number: number,
    applied: FollowOptions['applied'],
    signal: AbortSignal | undefined,
  ): Promise<{ readonly block: BlockRef | undefined } | undefined> {
    let known = await applied?.(number);
    while (known !== undefined) {
      const [block] = (await readBlocks([known.number], signal)).blocks;
      if (block === undefined) return undefined;
      if (block.hash === known.hash) return { block };
      known = await applied?.(known.number - 1);
    }
    return { block: undefined };
  }
}
