/**
 * The service's HTTP interface, as the SDK uses it: small, typed, and suspicious of every answer. Nothing that a service says is
 * believed where it can be checked: credentials and evidence are verified by whoever asked for them.
 */
import {
  DppError,
  InvalidInputError,
  type IssuerId,
  type LedgerId,
  parseJson,
  RejectedError,
  type SubjectId,
  UnavailableError,
} from '@dpp-ledger/core';
import { type Evidence, ledgerId, parseEvidence } from '@dpp-ledger/core/evidence';
import { z } from 'zod';
import { describeFailure, readBytes, readChunks, withinTime } from './http.ts';
import type { RelayRequest } from './ledger/acts.ts';
import { pause } from './ledger/rpc.ts';

export interface ClientOptions {
  /** Of the service, e.g. `https://dpp.example`. */
  readonly url: string;
  /** For each answer to begin, and between the lines of a long one; 30,000 by default. */
  readonly timeLimitMs?: number;
  readonly fetch?: typeof globalThis.fetch;
}

interface Options {
  readonly signal?: AbortSignal | undefined;
}

const receiptLine = z.object({
  state: z.enum(['accepted', 'duplicate', 'refused']),
  cid: z.string().optional(),
  /** Names the receipt. */
  id: z.string().optional(),
  /** The service's signed promise, a JWT. */
  receipt: z.string().optional(),
  /** The promise: anchored by then. */
  anchorBy: z.string().optional(),
  /** Why refused. */
  code: z.string().optional(),
  detail: z.string().optional(),
});
/** What the service said of one credential. */
export type ReceiptLine = z.infer<typeof receiptLine>;

const receipt = z.looseObject({
  id: z.string(),
  /** Of a credential; a relay has none. */
  cid: z.string().optional(),
  state: z.enum(['accepted', 'stored', 'anchored', 'final', 'refused']),
  anchorBy: z.string().optional(),
  code: z.string().optional(),
  detail: z.string().optional(),
});
export type Receipt = z.infer<typeof receipt>;

const relayAnswer = z.looseObject({ id: z.string(), state: z.string(), transaction: z.string().optional() });
export type RelayAnswer = z.infer<typeof relayAnswer>;

const version = z.looseObject({
  cid: z.string(),
  subject: z.string(),
  revoked: z.boolean().optional(),
  superseded: z.boolean().optional(),
});
/** A credential that the service knows of a subject. */
export type KnownCredential = z.infer<typeof version>;
const versions = z.object({ items: z.array(version) });

const ledgerAnswer = z.looseObject({ id: ledgerId });

const issuerAnswer = z.looseObject({
  issuer: z.string(),
  keys: z.array(
    z.looseObject({
      key: z.string(),
      purposes: z.array(z.string()),
      nonce: z.string().regex(/^(?:0|[1-9][0-9]{0,19})$/),
    }),
  ),
  submitters: z.array(z.string()),
});
export type IssuerAnswer = z.infer<typeof issuerAnswer>;

const problem = z.looseObject({
  title: z.string().optional(),
  detail: z.string().optional(),
  code: z.string().optional(),
});

export interface Client {
  readonly url: string;
  /** Where the service publishes the W3C view of a status list, for `credentialStatus.statusListCredential`. */
  statusListUrl(issuer: IssuerId, list: bigint): string;
  /** One answer per credential, in order, as each becomes durable. */
  postCredentials(jwts: readonly string[], options?: Options): AsyncIterable<ReceiptLine>;
  fetchReceipt(id: string, options?: Options): Promise<Receipt>;
  /** Receipts, each at once and whenever something has become of it, until all are final or refused; at most 200. */
  watchReceipts(ids: readonly string[], options?: Options): AsyncIterable<Receipt>;
  /**
   * Resolves once the receipt's credential is anchored (or final): told by the service, asked for every `pollMs` where its stream breaks.
   * Errors: RejectedError `service.refused` if it was refused.
   */
  waitReceipt(
    id: string,
    state: 'anchored' | 'final',
    options?: Options & { readonly pollMs?: number },
  ): Promise<Receipt>;
  postRelay(request: RelayRequest, options?: Options): Promise<RelayAnswer>;
  /** The JWT. */
  fetchCredential(cid: string, options?: Options): Promise<string>;
  fetchEvidence(cid: string, options?: Options): Promise<Evidence>;
  /** What is known of just this subject, newest first. */
  findCredentials(subject: SubjectId, options?: Options): Promise<readonly KnownCredential[]>;
  /** Which ledger the service says it is on: its word, to be compared with what the accreditor published. */
  fetchLedger(options?: Options): Promise<LedgerId>;
  fetchIssuer(issuer: IssuerId, options?: Options): Promise<IssuerAnswer>;
}

interface Exchange {
  readonly response: Response;
  step<T>(work: () => Promise<T>): Promise<T>;
}

const LONGEST_ANSWER = 4 * 1024 * 1024;
const LONGEST_LINE = 64 * 1024;

/**
 * Errors everywhere: RejectedError `service.refused` with the service's own code and sentence; UnavailableError `service.unreachable`,
 * `store.not-found` for what it does not have.
 */
export function createClient(options: ClientOptions): Client {
  const { timeLimitMs = 30_000 } = options;
  const fetch = options.fetch ?? globalThis.fetch;
  const url = parseServiceUrl(options.url);

  /**
   * Asks, and gives the answer with a way to read it: each step of reading has the time limit anew, so that a long answer may take as
   * long as it keeps coming.
   */
  async function exchange(path: string, init: RequestInit, { signal }: Options): Promise<Exchange> {
    const connection = new AbortController();
    async function step<T>(work: () => Promise<T>): Promise<T> {
      try {
        return await withinTime(timeLimitMs, signal, async (limited) => {
          limited.addEventListener('abort', () => connection.abort(limited.reason), { once: true });
          return await work();
        });
      } catch (cause) {
        signal?.throwIfAborted();
        throw cause instanceof DppError ? cause : unreachable(describeFailure(cause), cause);
      }
    }
    const response = await step(() => fetch(url + path, { redirect: 'error', ...init, signal: connection.signal }));
    if (!response.ok) throw await step(() => readProblem(response, path));
    return { response, step };
  }

  function unreachable(why: string, cause?: unknown): UnavailableError {
    return new UnavailableError('service.unreachable', `${url} does not answer as it should: ${why}.`, { cause });
  }

  async function readProblem(response: Response, path: string): Promise<DppError> {
    const said = problem.safeParse(readJson(await readBytes(response, LONGEST_LINE))).data;
    const sentence = said?.detail ?? said?.title ?? `status ${response.status}`;
    if (response.status === 404)
      return new UnavailableError('store.not-found', `${url} does not have ${path}: ${sentence}`);
    if (response.status === 429 || response.status >= 500) return unreachable(`${response.status}, ${sentence}`);
    return new RejectedError('service.refused', `${url} refuses${said?.code ? ` (${said.code})` : ''}: ${sentence}`);
  }

  async function getText(path: string, accept: string, callOptions: Options = {}): Promise<string> {
    return await readText(await exchange(path, { headers: { accept } }, callOptions));
  }

  async function readText({ response, step }: Exchange): Promise<string> {
    return new TextDecoder().decode(await step(() => readBytes(response, LONGEST_ANSWER)));
  }

  function parseAnswer<T>(schema: z.ZodType<T>, text: string): T {
    const result = schema.safeParse(readJson(text));
    if (result.success) return result.data;
    throw unreachable(`its answer is not of its interface (${z.prettifyError(result.error).split('\n')[0]})`);
  }

  async function getJson<T>(path: string, schema: z.ZodType<T>, callOptions?: Options): Promise<T> {
    return parseAnswer(schema, await getText(path, 'application/json', callOptions));
  }

  const client: Client = {
    url,

    statusListUrl: (issuer, list) => `${url}/status/${encodeURIComponent(issuer)}/${list}`,

    async *postCredentials(jwts, callOptions = {}) {
      if (jwts.length === 0) return;
      const body = jwts.map((credential) => `${JSON.stringify({ credential })}\n`).join('');
      const headers = { 'content-type': 'application/x-ndjson', accept: 'application/x-ndjson' };
      const { response, step } = await exchange('/passports', { method: 'POST', headers, body }, callOptions);
      const lines = readLines(response)[Symbol.asyncIterator]();
      for (let answered = 0; answered < jwts.length; answered++) {
        const line = await step(() => lines.next());
        if (line.done) throw unreachable(`${answered} answers to ${jwts.length} credentials`);
        yield parseAnswer(receiptLine, line.value);
      }
    },

    fetchReceipt: (id, callOptions) => getJson(`/receipts/${encodeURIComponent(id)}`, receipt, callOptions),

    async *watchReceipts(ids, callOptions = {}) {
      const query = ids.map((id) => `id=${encodeURIComponent(id)}`).join('&');
      const init = { headers: { accept: 'text/event-stream' } };
      const { response, step } = await exchange(`/receipts/events?${query}`, init, callOptions);
      const lines = readLines(response);
      let event = '';
      try {
        for (;;) {
          const line = await step(() => lines.next());
          if (line.done) throw unreachable('its stream of receipts broke off');
          const [, field, value = ''] = /^([^:]*): ?(.*)$/.exec(line.value) ?? [];
          if (field === 'event') event = value;
          if (event === 'settled') return;
          if (event === 'stopping') throw unreachable('it is being stopped');
          if (field === 'data' && event === 'receipt') yield parseAnswer(receipt, value);
        }
      } finally {
        await lines.return();
      }
    },

    async waitReceipt(id, state, { pollMs = 500, ...callOptions } = {}) {
      const isReached = (found: Receipt) =>
        found.state === 'refused' || found.state === 'final' || found.state === state;
      let found: Receipt | undefined;
      try {
        for await (const told of client.watchReceipts([id], callOptions)) {
          found = told;
          if (isReached(told)) break;
        }
      } catch (error) {
        callOptions.signal?.throwIfAborted();
        // It has too many streams open, is being replaced, or knows none: asking tells the same, later.
        if (!(error instanceof DppError)) throw error;
      }
      while (found === undefined || !isReached(found)) {
        if (found !== undefined) await pause(pollMs, callOptions.signal);
        found = await client.fetchReceipt(id, callOptions);
      }
      if (found.state !== 'refused') return found;
      throw new RejectedError(
        'service.refused',
        `${found.cid ?? 'The request'} was refused (${found.code ?? 'no code'}): ${found.detail ?? ''}`,
      );
    },

    async postRelay(request, callOptions = {}) {
      const headers = { 'content-type': 'application/json', accept: 'application/json' };
      const relayed = await exchange('/relay', { method: 'POST', headers, body: JSON.stringify(request) }, callOptions);
      return parseAnswer(relayAnswer, await readText(relayed));
    },

    fetchCredential: (cid, callOptions) =>
      getText(`/passports/${encodeURIComponent(cid)}`, 'application/vc+jwt', callOptions),

    async fetchEvidence(cid, callOptions) {
      const text = await getText(`/evidence/${encodeURIComponent(cid)}`, 'application/json', callOptions);
      try {
        return parseEvidence(text);
      } catch (cause) {
        if (!(cause instanceof InvalidInputError)) throw cause;
        throw unreachable(`its evidence cannot be read (${cause.message})`, cause);
      }
    },

    async findCredentials(subject, callOptions) {
      return (await getJson(`/passports?subject=${encodeURIComponent(subject)}`, versions, callOptions)).items;
    },

    fetchLedger: async (callOptions) => (await getJson('/ledger', ledgerAnswer, callOptions)).id,
    fetchIssuer: (issuer, callOptions) => getJson(`/issuers/${encodeURIComponent(issuer)}`, issuerAnswer, callOptions),
  };
  return client;

  async function* readLines(response: Response): AsyncGenerator<string, void> {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of readChunks(response)) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > LONGEST_LINE) throw unreachable(`a line of more than ${LONGEST_LINE} characters`);
      for (const line of lines) if (line.trim() !== '') yield line;
    }
    if (rest.trim() !== '') yield rest;
  }
}

function parseServiceUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new InvalidInputError(
      'input.shape',
      `"${text}" is not a service's URL: expected https://host, with nothing after a ? or #.`,
    );
  }
  return url.href.replace(/\/$/, '');
}

function readJson(text: string | Uint8Array): unknown {
  try {
    return parseJson(text);
  } catch {
    // The schema behind it says what was expected.
    return undefined;
  }
}
