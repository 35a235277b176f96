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
import { type Evidence, parseEvidence } from '@dpp-ledger/core/evidence';
import type { Origin, TraceDirection } from '@dpp-ledger/core/materials';
import { z } from 'zod';
import {
  type AnchorAnswer,
  anchor,
  batch,
  type IssuerAnswer,
  type IssuerSummaryAnswer,
  issuerAnswer,
  issuerSummary,
  type JournalEntryAnswer,
  journalEntry,
  type KnownCredential,
  type LinksetAnswer,
  type LotAnswer,
  type LotChangeAnswer,
  type LotMassAnswer,
  ledgerAnswer,
  linkset,
  lot,
  lotHistory,
  type PageOf,
  type PlaceAnswer,
  pageOf,
  type Receipt,
  type ReceiptLine,
  type ReportAnswer,
  receipt,
  receiptLine,
  report,
  type TraceAnswer,
  type TreeHeadAnswer,
  trace,
  treeHead,
  version,
} from './answers.ts';
import { type Operations, PATHS } from './generated/interface.ts';
import { describeFailure, pause, readBytes, readChunks, readPause, withinTime } from './http.ts';
import type { RelayRequest } from './ledger/acts.ts';

export interface ClientOptions {
  /** Of the service, e.g. `https://dpp.example`. */
  readonly url: string;
  /** For each answer to begin, and between the lines of a long one; 30,000 by default. */
  readonly timeLimitMs?: number;
  /** How often a question is put again that the service was too busy for (429, 503), after as long as it says; 4 by default. */
  readonly retries?: number;
  readonly fetch?: typeof globalThis.fetch;
}

interface Options {
  readonly signal?: AbortSignal | undefined;
}

const problem = z.looseObject({
  title: z.string().optional(),
  detail: z.string().optional(),
  code: z.string().optional(),
});

/** An operation by its name in the document, with what it takes there. */
interface Question<Name extends keyof Operations> {
  readonly path: Operations[Name]['path'];
  readonly query: Operations[Name]['query'];
}
const NOTHING = { path: {}, query: {} };

export interface Client {
  readonly url: string;
  /** Where the service publishes the W3C view of a status list, for `credentialStatus.statusListCredential`. */
  statusListUrl(issuer: IssuerId, list: bigint): string;
  /** One answer per credential, in order, as each becomes durable. */
  postCredentials(jwts: readonly string[], options?: Options): AsyncIterable<ReceiptLine>;
  /** One credential. A refusal is an answer too. */
  postCredential(jwt: string, options?: Options): Promise<ReceiptLine>;
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
  postRelay(request: RelayRequest, options?: Options): Promise<Receipt>;
  /** The JWT. */
  fetchCredential(cid: string, options?: Options): Promise<string>;
  fetchEvidence(cid: string, options?: Options): Promise<Evidence>;
  /** What is known of just this subject, newest first. */
  findCredentials(subject: SubjectId, options?: Options): Promise<readonly KnownCredential[]>;
  /** All that is known of just this subject, newest first, page by page as it is read. */
  listCredentials(subject: SubjectId, options?: Options): AsyncIterable<KnownCredential>;
  /** Attestations that assess a subject, what stands above it, or a facility, newest first, at most a hundred. */
  findAttestations(subject: SubjectId, options?: Options): Promise<readonly KnownCredential[]>;
  /** All versions by the same issuer about the same subject, newest first. */
  listVersions(cid: string, options?: Options): AsyncIterable<KnownCredential>;
  /** The service's own verdict on what a link leads to. */
  fetchReport(uri: string, options?: Options): Promise<ReportAnswer>;
  /** All that a label's link leads to. */
  fetchLinkset(uri: string, options?: Options): Promise<LinksetAnswer>;
  /** The journal's tree head, now or at a size, with a proof that it grew from that of `first` entries. */
  fetchTreeHead(options?: Options & { readonly first?: number; readonly size?: number }): Promise<TreeHeadAnswer>;
  /** One entry with its inclusion proof in the journal as it is now, or was at a size. */
  fetchEntry(index: number, options?: Options & { readonly size?: number }): Promise<JournalEntryAnswer>;
  /** Entries in order, from an index on. */
  listEntries(
    options?: Options & { readonly from?: number; readonly limit?: number },
  ): AsyncIterable<JournalEntryAnswer>;
  listIssuers(options?: Options): AsyncIterable<IssuerSummaryAnswer>;
  /** Anchors, newest first. */
  listBatches(options?: Options & { readonly issuer?: IssuerId }): AsyncIterable<AnchorAnswer>;
  /** All anchorings of a batch, by whichever issuer; none where it is on no entry. */
  findAnchors(root: string, options?: Options): Promise<readonly AnchorAnswer[]>;
  /** The credentials of a batch, in order. */
  listPlaces(root: string, options?: Options): AsyncIterable<PlaceAnswer>;
  /** A lot by its id or URI, with what it was made of. */
  fetchLot(lot: string, options?: Options): Promise<LotAnswer & { readonly madeOf: readonly LotMassAnswer[] }>;
  /** What was done to a lot since it was made, in the journal's order. */
  listLotChanges(lot: string, options?: Options): AsyncIterable<LotChangeAnswer>;
  /** Lots, newest first. */
  listLots(options?: Options & LotFilter): AsyncIterable<LotAnswer>;
  /** Where the matter of a passport (CID, subject) or lot came from and where it went, in the service's own words. */
  fetchTrace(
    of: string,
    options?: Options & { readonly direction?: TraceDirection; readonly depth?: number },
  ): Promise<TraceAnswer>;
  /** Which ledger the service says it is on: its word, to be compared with what the accreditor published. */
  fetchLedger(options?: Options): Promise<LedgerId>;
  fetchIssuer(issuer: IssuerId, options?: Options): Promise<IssuerAnswer>;
}

/** Which lots a list has: those that fit all that is given. */
export interface LotFilter {
  readonly holder?: IssuerId | undefined;
  readonly offeredTo?: IssuerId | undefined;
  /** CAS number, or a code of the ledger's own list. */
  readonly substance?: string | undefined;
  readonly origin?: Origin | undefined;
}

interface Exchange {
  readonly response: Response;
  step<T>(work: () => Promise<T>): Promise<T>;
}

const LONGEST_ANSWER = 4 * 1024 * 1024;
const LONGEST_LINE = 64 * 1024;
/** The most that a list gives at once. */
const PER_PAGE = 1_000;

/**
 * Errors everywhere: RejectedError `service.refused` with the service's own code and sentence; UnavailableError `service.unreachable`,
 * `store.not-found` for what it does not have.
 */
export function createClient(options: ClientOptions): Client {
  const { timeLimitMs = 30_000, retries = 4 } = options;
  const fetch = options.fetch ?? globalThis.fetch;
  const url = parseServiceUrl(options.url);

  /**
   * Asks, and gives the answer with a way to read it: each step of reading has the time limit anew, so that a long answer may take as
   * long as it keeps coming. `taken`: statuses that are answers although they are no success.
   */
  async function exchange(
    path: string,
    init: RequestInit,
    { signal }: Options,
    taken: readonly number[] = [],
  ): Promise<Exchange> {
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
    // Nothing has happened where a service is too busy, so that whatever was asked may be asked again.
    for (let attempt = 0; ; attempt++) {
      const response = await step(() => fetch(url + path, { redirect: 'error', ...init, signal: connection.signal }));
      if (response.ok || taken.includes(response.status)) return { response, step };
      const problem = await step(() => readProblem(response, path));
      const wait = readPause(response, attempt);
      if (wait === undefined || attempt >= retries) throw problem;
      await pause(wait, signal);
    }
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

  async function getJson<Name extends keyof Operations, T>(
    name: Name,
    question: Question<Name>,
    schema: z.ZodType<T>,
    callOptions?: Options,
  ): Promise<T> {
    return parseAnswer(schema, await getText(formatPath(name, question), 'application/json', callOptions));
  }

  /** Each item of a list, one page at a time and no page before it is wanted. */
  async function* listAll<T>(
    fetchPage: (cursor: string | undefined) => Promise<PageOf<T>>,
  ): AsyncGenerator<T, void, undefined> {
    for (let cursor: string | undefined; ; ) {
      const { items, next } = await fetchPage(cursor);
      yield* items;
      if (next === undefined) return;
      if (next === cursor) throw unreachable('its list does not go on');
      cursor = next;
    }
  }

  const client: Client = {
    url,

    statusListUrl: (issuer, list) => `${url}/status/${encodeURIComponent(issuer)}/${list}`,

    async *postCredentials(jwts, callOptions = {}) {
      if (jwts.length === 0) return;
      const body = jwts.map((credential) => `${JSON.stringify({ credential })}\n`).join('');
      const headers = { 'content-type': 'application/x-ndjson', accept: 'application/x-ndjson' };
      const { response, step } = await exchange(PATHS.postPassports, { method: 'POST', headers, body }, callOptions);
      const lines = readLines(response)[Symbol.asyncIterator]();
      for (let answered = 0; answered < jwts.length; answered++) {
        const line = await step(() => lines.next());
        if (line.done) throw unreachable(`${answered} answers to ${jwts.length} credentials`);
        yield parseAnswer(receiptLine, line.value);
      }
    },

    async postCredential(jwt, callOptions = {}) {
      const headers = { 'content-type': 'application/vc+jwt', accept: 'application/json' };
      const init = { method: 'POST', headers, body: jwt };
      return parseAnswer(receiptLine, await readText(await exchange(PATHS.postPassports, init, callOptions, [422])));
    },

    fetchReceipt: (id, callOptions) => getJson('getReceipt', { path: { id }, query: {} }, receipt, callOptions),

    async *watchReceipts(ids, callOptions = {}) {
      const init = { headers: { accept: 'text/event-stream' } };
      const path = formatPath('getEvents', { path: {}, query: { id: [...ids] } });
      const { response, step } = await exchange(path, init, callOptions);
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
      const init = { method: 'POST', headers, body: JSON.stringify(request) };
      return parseAnswer(receipt, await readText(await exchange(PATHS.postRelay, init, callOptions)));
    },

    fetchCredential: (cid, callOptions) =>
      getText(formatPath('getPassport', { path: { cid }, query: {} }), 'application/vc+jwt', callOptions),

    async fetchEvidence(cid, callOptions) {
      const text = await getText(
        formatPath('getEvidence', { path: { cid }, query: {} }),
        'application/json',
        callOptions,
      );
      try {
        return parseEvidence(text);
      } catch (cause) {
        if (!(cause instanceof InvalidInputError)) throw cause;
        throw unreachable(`its evidence cannot be read (${cause.message})`, cause);
      }
    },

    async findCredentials(subject, callOptions) {
      const question = { path: {}, query: { subject } };
      return (await getJson('listPassports', question, pageOf(version), callOptions)).items;
    },

    async findAttestations(subject, callOptions) {
      const question = { path: {}, query: { subject } };
      return (await getJson('listAttestations', question, pageOf(version), callOptions)).items;
    },

    listCredentials: (subject, callOptions) =>
      listAll((cursor) => {
        const query = { subject, kind: 'all', limit: PER_PAGE, cursor } as const;
        return getJson('listPassports', { path: {}, query }, pageOf(version), callOptions);
      }),

    listVersions: (cid, callOptions) =>
      listAll((cursor) => {
        const query = { limit: PER_PAGE, cursor };
        return getJson('getVersions', { path: { cid }, query }, pageOf(version), callOptions);
      }),

    fetchReport: (uri, callOptions) => getJson('getVerify', { path: {}, query: { uri } }, report, callOptions),

    async fetchLinkset(uri, callOptions) {
      const path = formatPath('getResolve', { path: {}, query: { uri, linkType: 'all' } });
      return parseAnswer(linkset, await getText(path, 'application/linkset+json', callOptions));
    },

    fetchLedger: async (callOptions) => (await getJson('getLedger', NOTHING, ledgerAnswer, callOptions)).id,

    fetchTreeHead: ({ first, size, ...callOptions } = {}) =>
      getJson('getTreeHead', { path: {}, query: { first, size } }, treeHead, callOptions),

    fetchEntry: (index, { size, ...callOptions } = {}) =>
      getJson('getEntry', { path: { index }, query: { size } }, journalEntry, callOptions),

    async *listEntries({ from, limit, ...callOptions } = {}) {
      const init = { headers: { accept: 'application/x-ndjson' } };
      const path = formatPath('getJournal', { path: {}, query: { from, limit } });
      const { response, step } = await exchange(path, init, callOptions);
      const lines = readLines(response);
      try {
        for (;;) {
          const line = await step(() => lines.next());
          if (line.done) return;
          yield parseAnswer(journalEntry, line.value);
        }
      } finally {
        await lines.return();
      }
    },

    listIssuers: (callOptions) =>
      listAll((cursor) => {
        const query = { limit: PER_PAGE, cursor };
        return getJson('listIssuers', { path: {}, query }, pageOf(issuerSummary), callOptions);
      }),

    fetchIssuer: (issuer, callOptions) =>
      getJson('getIssuer', { path: { did: issuer }, query: {} }, issuerAnswer, callOptions),

    listBatches: ({ issuer, ...callOptions } = {}) =>
      listAll((cursor) => {
        const query = { issuer, limit: PER_PAGE, cursor };
        return getJson('listBatches', { path: {}, query }, pageOf(anchor), callOptions);
      }),

    async findAnchors(root, callOptions) {
      try {
        const question = { path: { root }, query: { limit: 1 } };
        return (await getJson('getBatch', question, batch, callOptions)).anchors.map((one) => ({ ...one, root }));
      } catch (error) {
        if (error instanceof UnavailableError && error.code === 'store.not-found') return [];
        throw error;
      }
    },

    listPlaces: (root, callOptions) =>
      listAll(async (cursor) => {
        const question = { path: { root }, query: { limit: PER_PAGE, cursor } };
        const { credentials, next } = await getJson('getBatch', question, batch, callOptions);
        return { items: credentials, next };
      }),

    async fetchLot(id, callOptions) {
      const question = { path: { id }, query: { limit: 1 } };
      const { changes: _, next: __, ...found } = await getJson('getLot', question, lotHistory, callOptions);
      return found;
    },

    fetchTrace: (of, { direction, depth, ...callOptions } = {}) =>
      getJson('getTrace', { path: { of }, query: { direction, depth } }, trace, callOptions),

    listLotChanges: (id, callOptions) =>
      listAll(async (cursor) => {
        const question = { path: { id }, query: { limit: PER_PAGE, cursor } };
        const { changes, next } = await getJson('getLot', question, lotHistory, callOptions);
        return { items: changes, next };
      }),

    listLots: ({ holder, offeredTo, substance, origin, ...callOptions } = {}) =>
      listAll((cursor) => {
        const query = { holder, offeredTo, substance, origin, limit: PER_PAGE, cursor };
        return getJson('listLots', { path: {}, query }, pageOf(lot), callOptions);
      }),
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

/** Path and query of a question, as the document's template has them. */
function formatPath<Name extends keyof Operations>(name: Name, { path, query }: Question<Name>): string {
  const parts = new Map<string, unknown>(Object.entries(path));
  const filled = PATHS[name].replace(/\{(\w+)\}/g, (_, part: string) => encodeURIComponent(String(parts.get(part))));
  const asked = Object.entries(query)
    .flatMap(([key, value]) => [value].flat().map((one) => [key, one] as const))
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`);
  return asked.length === 0 ? filled : `${filled}?${asked.join('&')}`;
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
