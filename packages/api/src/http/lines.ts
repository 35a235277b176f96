/** Bodies in and out, in bounded memory: a reader never runs far ahead of whoever takes what it read, nor a writer ahead of its reader. */
import { InvalidInputError, UnavailableError } from '@dpp-ledger/core';
import { createBell } from '../bell.ts';

/** The bytes of a line without its end, or that it was longer than any line may be, and was skipped. */
export type Line = Uint8Array | 'too-long';

export interface LineOptions {
  readonly longestLine: number;
  /** Lines handed over at once, at most. */
  readonly most: number;
  /** Bytes read ahead, at most, beyond one line. */
  readonly ahead: number;
  /** How long the sender may be silent. */
  readonly silenceMs: number;
  readonly signal: AbortSignal;
}

const LINE_FEED = 0x0a;

/**
 * Groups of lines: all that had arrived when the group before it was done with. Blank lines are left out. Errors: `service.timeout`
 * where the sender is silent for too long; the stream's own.
 */
export async function* gatherLines(
  body: ReadableStream<Uint8Array>,
  options: LineOptions,
): AsyncIterable<readonly Line[]> {
  const { most, ahead, silenceMs } = options;
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, over.signal]);
  const queue: Line[] = [];
  let queuedBytes = 0;
  let ended = false;
  const arrived = createBell();
  const taken = createBell();

  async function readAhead(): Promise<void> {
    const reader = body.getReader();
    const splitter = createSplitter(options.longestLine, (line) => {
      queue.push(line);
      queuedBytes += line === 'too-long' ? 0 : line.length;
    });
    const onAbort = () => void reader.cancel(signal.reason).catch(() => undefined);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      for (;;) {
        while (queuedBytes > ahead) await taken.wait({ signal });
        const timer = setTimeout(() => {
          const message = `Nothing was sent for ${silenceMs} ms: the stream was closed. What was answered is accepted.`;
          over.abort(new UnavailableError('service.timeout', message));
        }, silenceMs);
        const { done, value } = await reader.read().finally(() => clearTimeout(timer));
        signal.throwIfAborted();
        if (done) break;
        splitter.push(value);
        if (queue.length > 0) arrived.ring();
      }
      splitter.end();
    } finally {
      signal.removeEventListener('abort', onAbort);
      ended = true;
      arrived.ring();
    }
  }

  const reading = readAhead();
  // Its failure is met below, after what had arrived before it.
  reading.catch(() => undefined);
  try {
    for (;;) {
      if (queue.length === 0) {
        if (ended) break;
        await arrived.wait({ signal: options.signal });
        continue;
      }
      // What is in the system's hands already comes along: a flood is then taken in large groups, and a lone line waits for one turn.
      for (let had = 0; had < queue.length && queue.length < most && !ended; ) {
        had = queue.length;
        await nextTurn();
      }
      const group = queue.splice(0, most);
      queuedBytes -= group.reduce((sum, line) => sum + (line === 'too-long' ? 0 : line.length), 0);
      taken.ring();
      yield group;
    }
    await reading;
  } finally {
    over.abort();
  }
}

/** Resolves when what had arrived was read. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function createSplitter(longestLine: number, onLine: (line: Line) => void) {
  let parts: Uint8Array[] = [];
  let length = 0;

  function add(part: Uint8Array): void {
    length += part.length;
    // Of a line that is too long only the length is kept.
    if (length > longestLine) parts = [];
    else if (part.length > 0) parts.push(part);
  }

  function endLine(): void {
    const line = length > longestLine ? 'too-long' : Buffer.concat(parts);
    parts = [];
    length = 0;
    if (line === 'too-long' || line.some((byte) => byte > 0x20)) onLine(line);
  }

  return {
    push(chunk: Uint8Array) {
      let start = 0;
      for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
        add(chunk.subarray(start, end));
        endLine();
        start = end + 1;
      }
      add(chunk.subarray(start));
    },
    end() {
      if (length > 0) endLine();
    },
  };
}

/** A response body that is made as fast as it is read; `onEnd` is called once, however it ends. */
export function streamOf(
  chunks: AsyncIterable<Uint8Array | string>,
  onEnd: () => void = () => undefined,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const utf8 = new TextEncoder();
  const iterator = chunks[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const { done, value } = await iterator.next();
        if (done === true) {
          controller.close();
          onEnd();
        } else {
          controller.enqueue(typeof value === 'string' ? utf8.encode(value) : new Uint8Array(value));
        }
      } catch (error) {
        onEnd();
        throw error;
      }
    },
    async cancel() {
      onEnd();
      await iterator.return?.();
    },
  });
}

/** All of a body. Errors: `input.too-large`, `service.timeout`. */
export async function readBody(
  body: ReadableStream<Uint8Array> | null,
  { most, silenceMs }: { readonly most: number; readonly silenceMs: number },
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = body?.getReader();
  for (;;) {
    const timer = setTimeout(() => void reader?.cancel(SILENT).catch(() => undefined), silenceMs);
    const began = performance.now();
    const { done, value } = (await reader?.read().finally(() => clearTimeout(timer))) ?? {
      done: true,
      value: undefined,
    };
    if (done && performance.now() - began >= silenceMs) throw new UnavailableError('service.timeout', SILENT);
    if (done) return Buffer.concat(parts);
    length += value.length;
    if (length > most) {
      await reader?.cancel();
      throw new InvalidInputError('input.too-large', `This door takes at most ${most} bytes at once.`);
    }
    parts.push(value);
  }
}

const SILENT = 'Nothing was sent for too long: send the body without a pause.';
