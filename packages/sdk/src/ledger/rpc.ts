/**
 * JSON-RPC 2.0 over HTTP, for chain endpoints: single calls and batches, each with a time limit and a limit on the answer's size.
 * Refuses redirects and answers that are not JSON-RPC; tells apart what the node said (RpcError) from a node that did not answer.
 */
import { type Hex, UnavailableError } from '@dpp-ledger/core';
import { describeFailure, isClosedConnection, readBytes, TooLongError, withinTime } from '../http.ts';

export interface RpcOptions {
  readonly url: string;
  /** Per HTTP exchange; 30,000 by default. */
  readonly timeLimitMs?: number;
  /** 64 MiB by default. */
  readonly maxResponseBytes?: number;
  readonly fetch?: typeof globalThis.fetch;
}

export interface RpcCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

export interface Rpc {
  /** The endpoint without user, password, query or fragment: keys of hosted nodes stand there. */
  readonly source: string;
  /** Errors: RpcError where the node refuses; UnavailableError `ledger.unreachable`. */
  call(
    method: string,
    params: readonly unknown[],
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<unknown>;
  /** One HTTP exchange; answers in the order of the calls, a refusal of one being its RpcError. */
  batch(
    calls: readonly RpcCall[],
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<(unknown | RpcError)[]>;
}

/** What a node answered instead of a result. `data` may hold the bytes of a contract's error. */
export class RpcError extends Error {
  readonly rpcCode: number;
  readonly data: unknown;

  constructor(method: string, rpcCode: number, message: string, data: unknown) {
    super(`${method}: ${message}`);
    this.name = 'RpcError';
    this.rpcCode = rpcCode;
    this.data = data;
  }
}

export function createRpc(options: RpcOptions): Rpc {
  const { url, timeLimitMs = 30_000, maxResponseBytes = 64 * 1024 * 1024 } = options;
  const fetch = options.fetch ?? globalThis.fetch;
  const source = describeEndpoint(url);
  let nextId = 1;

  /** What a node answered, and its text for messages. */
  async function exchange(body: string, signal: AbortSignal | undefined): Promise<{ answer: unknown; text: string }> {
    let text: string;
    try {
      text = await withinTime(timeLimitMs, signal, async (limited) => {
        try {
          return await post(body, limited);
        } catch (cause) {
          // A kept-alive connection that the node closed meanwhile: every question may be asked twice, so ask on a new one.
          if (!isClosedConnection(cause)) throw cause;
          return await post(body, limited);
        }
      });
    } catch (cause) {
      signal?.throwIfAborted();
      if (cause instanceof TooLongError) {
        throw new UnavailableError('ledger.unreachable', `The chain endpoint ${source} gave ${cause.message}.`, {
          cause,
        });
      }
      throw new UnavailableError(
        'ledger.unreachable',
        `The chain endpoint ${source} does not answer (${describeFailure(cause)}). Check that the node runs and that the URL is right.`,
        { cause },
      );
    }
    try {
      return { answer: JSON.parse(text), text };
    } catch (cause) {
      throw notJsonRpc(text, cause);
    }
  }

  async function post(body: string, signal: AbortSignal): Promise<string> {
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'error', signal });
    const text = new TextDecoder().decode(await readBytes(response, maxResponseBytes));
    // Nodes answer errors of JSON-RPC with any status; what is not JSON-RPC is told by the body.
    if (response.status === 429 || response.status >= 500) {
      throw new Error(`HTTP status ${response.status}${text ? `: ${text.slice(0, 200)}` : ''}`);
    }
    return text;
  }

  function notJsonRpc(text: string, cause?: unknown): UnavailableError {
    return new UnavailableError(
      'ledger.unreachable',
      `${source} does not speak JSON-RPC: it answered "${text.slice(0, 80)}". Check the URL of the chain endpoint.`,
      { cause },
    );
  }

  return {
    source,

    async call(method, params, { signal } = {}) {
      const id = nextId++;
      const { answer, text } = await exchange(JSON.stringify({ jsonrpc: '2.0', id, method, params }), signal);
      const result = readAnswer(answer, method);
      if (result === undefined || result.id !== id) throw notJsonRpc(text);
      if (result.value instanceof RpcError) throw result.value;
      return result.value;
    },

    async batch(calls, { signal } = {}) {
      if (calls.length === 0) return [];
      const first = nextId;
      nextId += calls.length;
      const body = calls.map(({ method, params }, i) => ({ jsonrpc: '2.0', id: first + i, method, params }));
      const { answer, text } = await exchange(JSON.stringify(body), signal);
      if (!Array.isArray(answer)) {
        const refusal = readAnswer(answer, 'batch');
        if (refusal?.value instanceof RpcError) throw refusal.value;
        throw notJsonRpc(text);
      }
      const results = new Map<number, unknown>();
      for (const item of answer) {
        const index = isRecord(item) && typeof item.id === 'number' ? item.id - first : -1;
        const result = readAnswer(item, calls[index]?.method ?? 'batch');
        // An error without an id is about the batch as a whole: too many calls, too large an answer.
        if (calls[index] === undefined && result?.value instanceof RpcError) throw result.value;
        if (result === undefined || calls[index] === undefined) throw notJsonRpc(text);
        results.set(index, result.value);
      }
      return calls.map((call, i) => {
        if (!results.has(i)) throw notJsonRpc(`no answer to ${call.method}`);
        return results.get(i);
      });
    },
  };
}

/** An answer that is no refusal. Errors: UnavailableError `ledger.unreachable`, for questions that a node has no reason to refuse. */
export function accept(answer: unknown | RpcError): unknown {
  if (!(answer instanceof RpcError)) return answer;
  const message = `The chain endpoint refuses a question: ${answer.message}.`;
  throw new UnavailableError('ledger.unreachable', message, { cause: answer });
}

/** A number as JSON-RPC has it. */
export function quantity(number: number): Hex {
  return `0x${number.toString(16)}`;
}

/** What a node says is shown to people, and a node may say anything. */
const LONGEST_REASON = 1_000;

function readAnswer(answer: unknown, method: string): { id: unknown; value: unknown | RpcError } | undefined {
  if (!isRecord(answer)) return undefined;
  const error = answer.error;
  if (isRecord(error)) {
    const code = typeof error.code === 'number' ? error.code : 0;
    const message =
      typeof error.message === 'string' ? error.message.slice(0, LONGEST_REASON) : 'refused without a reason';
    return { id: answer.id, value: new RpcError(method, code, message, error.data) };
  }
  return 'result' in answer ? { id: answer.id, value: answer.result } : undefined;
}

function describeEndpoint(url: string): string {
  if (!URL.canParse(url)) return 'the endpoint';
  const { origin, pathname } = new URL(url);
  // Hosted nodes carry their key as the last, long, path segment.
  return origin + pathname.replace(/\/[\w-]{20,}(?=\/|$)/g, '/…').replace(/\/$/, '');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
