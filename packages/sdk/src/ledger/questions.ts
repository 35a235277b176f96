/** What is asked of a chain endpoint, as JSON-RPC has it, and the little that every reader makes of the answers. */
import { type Hex, UnavailableError } from '@dpp-ledger/core';
import type { Question, UpstreamFacts, UpstreamQuestion } from '@dpp-ledger/core/evidence';
import { materialsOf } from '@dpp-ledger/core/materials';
import {
  decodeBlock,
  decodeFacts,
  decodeLog,
  decodeLot,
  ENTRY_TOPIC,
  encodeFactsCall,
  encodeLotCall,
  type FactsAnswer,
} from './codec.ts';
import type { Finality } from './ledger.ts';
import { accept, quantity, type RpcCall } from './rpc.ts';

/** Asks about nobody: for the head alone. */
export const NO_QUESTION: Question = {
  issuer: `0x${'0'.repeat(64)}`,
  key: `0x${'0'.repeat(64)}`,
  grant: `0x${'0'.repeat(64)}`,
  list: 0n,
  word: 0,
};

/** Where state is asked for: a tag, a number in hex, or one block by its hash (EIP-1898). */
export type BlockTag = string | { readonly blockHash: Hex; readonly requireCanonical: true };

export function contractCall(address: Hex, data: Hex, block: BlockTag = 'latest'): RpcCall {
  return { method: 'eth_call', params: [{ to: address, data }, block] };
}

export function blockCall(which: number | 'latest' | 'finalized'): RpcCall {
  return { method: 'eth_getBlockByNumber', params: [typeof which === 'number' ? quantity(which) : which, false] };
}

/** One entry's log, at a block or within a range of them. */
export function logCall(address: Hex, index: number, fromBlock: string, toBlock = fromBlock): RpcCall {
  return { method: 'eth_getLogs', params: [{ address, topics: [ENTRY_TOPIC, topic(index)], fromBlock, toBlock }] };
}

function topic(index: number): Hex {
  return `0x${index.toString(16).padStart(64, '0')}`;
}

/** About one entry behind a passport's lots: who acted, each lot, and the entry's own log. */
export function upstreamCalls(address: Hex, { entry, question, lots }: UpstreamQuestion, block: BlockTag): RpcCall[] {
  return [
    contractCall(address, encodeFactsCall(question), block),
    logCall(address, entry.index, quantity(entry.blockNumber)),
    ...lots.map((lot) => contractCall(materialsOf(address), encodeLotCall(lot), block)),
  ];
}

/** The answers to `upstreamCalls` of all the questions, one after the other. A log that a node refuses, or has not, says nothing. */
export function decodeUpstream(
  questions: readonly UpstreamQuestion[],
  answers: readonly unknown[],
): { readonly facts: UpstreamFacts; readonly answer: FactsAnswer }[] {
  let at = 0;
  return questions.map(({ question, lots }) => {
    const answer = decodeFacts(accept(answers[at]));
    const logs = answers[at + 1];
    const log = Array.isArray(logs) && logs.length > 0 ? decodeLog(logs[0]) : undefined;
    const about = lots.map((lot, i) => {
      const found = need(decodeLot(accept(answers[at + 2 + i])), `lot ${lot}`);
      return { lot, isVoid: found.isVoid };
    });
    at += 2 + lots.length;
    const { issuer, key, status } = answer;
    const logged = log && { logged: { index: log.index, bytes: log.bytes } };
    return { answer, facts: { question, issuer, key, status, lots: about, ...logged } };
  });
}

/** What has to be asked beside the head to know what is final. */
export function finalityCalls(finality: Finality): readonly RpcCall[] {
  return finality === 'finalized' ? [blockCall('finalized')] : [];
}

/** The newest final block's number; `finalized` is the answer to `finalityCalls`. */
export function finalNumber(finality: Finality, head: number, finalized: unknown): number {
  if (finality !== 'finalized') return Math.max(0, head - finality.confirmations);
  return need(decodeBlock(accept(finalized)), 'the finalized block').number;
}

export function need<T>(value: T | undefined, what: string): T {
  if (value !== undefined) return value;
  throw new UnavailableError(
    'ledger.unreachable',
    `The chain endpoint does not have ${what}. It may still be catching up.`,
  );
}
