/**
 * What every question over HTTP has in common: a time limit, a limit on the answer's size, and words for its failure. No redirect is
 * ever followed from here: who asks for something by an address wants it from that address. Sizes are counted after a content coding is
 * undone, as it is undone, so that what is small and unpacks to much is refused like what is much.
 */

/** The work took too long. */
export class TimeLimitError extends Error {
  constructor(ms: number) {
    super(`no answer within ${ms / 1000} s`);
    this.name = 'TimeLimitError';
  }
}

/** The answer is longer than was allowed: ask for less. */
export class TooLongError extends Error {
  constructor(limit: number) {
    super(`an answer of more than ${limit} bytes`);
    this.name = 'TooLongError';
  }
}

/**
 * Gives the work a signal that aborts after so long, or when `outer` does. Errors: TimeLimitError; the outer signal's reason; the work's
 * own. Timers end with the work: thousands of short questions a second leave nothing behind.
 */
export async function withinTime<T>(
  ms: number,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  outer?.throwIfAborted();
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(new TimeLimitError(ms)), ms);
  const forward = () => over.abort(outer?.reason);
  outer?.addEventListener('abort', forward, { once: true });
  try {
    return await work(over.signal);
  } catch (error) {
    // Whatever the work makes of being aborted, this is why.
    over.signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', forward);
  }
}

export interface FetchOptions {
  readonly fetch: typeof globalThis.fetch;
  /** From the question to the answer's last byte. */
  readonly timeLimitMs: number;
  /** Bytes of the answer, whatever its status. */
  readonly limit: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Fetched {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}

/** One question and its whole answer. Errors: TimeLimitError, TooLongError, the signal's reason, those of `fetch`. */
export async function fetchBytes(url: string | URL, init: RequestInit, options: FetchOptions): Promise<Fetched> {
  const { fetch, timeLimitMs, limit } = options;
  return await withinTime(timeLimitMs, options.signal, async (signal) => {
    const response = await fetch(url, { ...init, redirect: 'error', signal });
    const { status, ok, headers } = response;
    return { status, ok, headers, bytes: await readBytes(response, limit) };
  });
}

/** The same, asked so often where whoever is asked has too much to do; the last answer is given, whatever it is. */
export async function fetchPatiently(
  url: string | URL,
  init: RequestInit,
  options: FetchOptions & { readonly attempts: number },
): Promise<Fetched> {
  for (let attempt = 0; ; attempt++) {
    const fetched = await fetchBytes(url, init, options);
    const wait = readPause(fetched, attempt);
    if (wait === undefined || attempt + 1 >= options.attempts) return fetched;
    await pause(wait, options.signal);
  }
}

const FIRST_PAUSE_MS = 250;
/** Longer than this nobody is waited for. */
const LONGEST_PAUSE_MS = 30_000;

/**
 * How long to wait before whoever was too busy (429, 503) is asked again: as it says, else longer each time. `undefined` where asking again
 * makes no sense, or would take too long. `attempt` counts from 0.
 */
export function readPause(
  { status, headers }: Pick<Response, 'status' | 'headers'>,
  attempt: number,
): number | undefined {
  if (status !== 429 && status !== 503) return undefined;
  const said = headers.get('retry-after');
  const seconds = Number(said ?? Number.NaN);
  const date = Date.parse(said ?? '');
  const ms =
    Number.isFinite(seconds) && seconds >= 0
      ? seconds * 1_000
      : Number.isFinite(date)
        ? Math.max(0, date - Date.now())
        : FIRST_PAUSE_MS * 2 ** attempt;
  // Not all at once: who were turned away together would be turned away again.
  return ms > LONGEST_PAUSE_MS ? undefined : ms * (1 + Math.random() / 4);
}

/** A body in pieces. Leaving the loop ends the transfer. By reader, since not every browser can iterate a stream. */
export async function* readChunks(response: Response): AsyncGenerator<Uint8Array, void> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      ended = done;
      if (done) return;
      yield value;
    }
  } finally {
    // A transfer that broke has nothing to cancel.
    if (!ended) await reader.cancel().catch(() => undefined);
  }
}

/** All of a body. Errors: TooLongError, as soon as it is known. */
export async function readBytes(response: Response, limit: number): Promise<Uint8Array> {
  if (Number(response.headers.get('content-length') ?? 0) > limit) {
    await response.body?.cancel();
    throw new TooLongError(limit);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of readChunks(response)) {
    length += chunk.length;
    if (length > limit) throw new TooLongError(limit);
    chunks.push(chunk);
  }
  const [only] = chunks;
  if (only !== undefined && chunks.length === 1) return only;
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

/** `fetch` says only that it failed; why is in the cause. */
export function describeFailure(cause: unknown): string {
  const deepest = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return deepest instanceof Error ? deepest.message || deepest.name : String(deepest);
}

/** Whether the other side closed the connection, as nodes do with one that was kept alive too long for them. */
export function isClosedConnection(cause: unknown): boolean {
  const deepest = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return deepest instanceof Error && 'code' in deepest && CLOSED.has(deepest.code);
}

const CLOSED: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** Resolves after so long. Rejects with the signal's reason as soon as it aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    function abort() {
      clearTimeout(timer);
      reject(signal?.reason);
    }
    signal?.addEventListener('abort', abort, { once: true });
  });
}
