/**
 * The service: its parts put together over a ledger, a store and a database. Stateless beside the database: several may run on one
 * PostgreSQL, and one of them leads, which means that it indexes and batches; the others accept and answer all the same.
 */
import { InvalidInputError } from '@dpp-ledger/core';
import { formatLedger, type Signer } from '@dpp-ledger/core/credential';
import { type Policy, parsePolicy } from '@dpp-ledger/core/evidence';
import type { LedgerReader, LedgerWriter } from '@dpp-ledger/sdk/ledger';
import type { Store } from '@dpp-ledger/sdk/store';
import { createPages } from '@dpp-ledger/web';
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context, Hono, MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { requestId } from 'hono/request-id';
import { secureHeaders } from 'hono/secure-headers';
import type { BlankEnv } from 'hono/types';
import { createAcceptor, RateLimitedError } from './accept.ts';
import { createBatcher } from './batcher.ts';
import { createBell, pause } from './bell.ts';
import { createCatalogue } from './catalogue.ts';
import type { Parts } from './context.ts';
import type { Database } from './database.ts';
import type { BatcherStep } from './errands.ts';
import { createGateway } from './gateway.ts';
import { createHealth } from './health.ts';
import { claimOutbox, createIndexer } from './indexer.ts';
import { connectionAddress, createRateLimiter, type Rate } from './limits.ts';
import { createMirror, readHead } from './mirror.ts';
import { createPageReader } from './pages.ts';
import { answerProblem, problem } from './problems.ts';
import { createPromiseWatch } from './promises.ts';
import { createProver } from './prover.ts';
import { createReceiptSigner } from './receipts.ts';
import { createRelayer } from './relay.ts';
import { createResolver } from './resolver.ts';
import { routeCredentials } from './routes/credentials.ts';
import { routeEvents } from './routes/events.ts';
import { routeLedger } from './routes/ledger.ts';
import { routeOperations } from './routes/operations.ts';
import { busy } from './routes/request.ts';
import { routeVerification } from './routes/verification.ts';
import { createStatusLists } from './status.ts';
import { createUpkeep } from './upkeep.ts';
import { createVerifier } from './verifier.ts';
import { createWatch } from './watch.ts';

export interface ServiceOptions {
  readonly ledger: LedgerReader;
  /** Sends from the account that issuers appoint as their submitter; no other program may use that account. */
  readonly writer: LedgerWriter;
  readonly store: Store;
  readonly database: Database;
  /** Signs receipts and status lists, under the service's own DID. */
  readonly signer: Signer;
  /** Where people and labels reach the service, e.g. `https://dpp.example`. */
  readonly publicUrl: string;
  /** In the header of every page. */
  readonly name?: string;
  /** Of this server's verdicts; by default: one endpoint's word, this ledger alone. */
  readonly policy?: Partial<Omit<Policy, 'ledgers'>>;
  /** A batch is formed of so many credentials (10,000), or when the oldest has waited so long (2,000 ms). */
  readonly batch?: { readonly size?: number; readonly ageMs?: number };
  /** What receipts promise: anchored so long after acceptance at the latest; one hour. */
  readonly promiseMs?: number;
  readonly limits?: Partial<Limits>;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** What goes wrong and is not a caller's doing; each with what was being done. */
  readonly onProblem?: (problem: { readonly what: string; readonly error: unknown }) => void;
  /** Told of every request when it is answered. */
  readonly onRequest?: (request: RequestLog) => void;
  /** For tests that end the process between two steps. */
  readonly afterStep?: (step: BatcherStep) => Promise<void> | void;
}

export interface Limits {
  /** Credentials of one issuer. */
  readonly issuer: Rate;
  /** Relayed requests of one issuer. */
  readonly relay: Rate;
  /** Requests of one client address. */
  readonly client: Rate;
  /** Credentials that wait for a batch. */
  readonly waiting: number;
  /** Requests that are being answered, and streams of credentials among them. */
  readonly requests: number;
  readonly streams: number;
  /** Streams of receipts that are open, and how long such a stream may be silent. */
  readonly watchers: number;
  readonly heartbeatMs: number;
  readonly relayBytes: number;
  /** How long a client may send nothing within a body. */
  readonly silenceMs: number;
  /** The client's address, where the service stands behind a proxy; the connection's by default. */
  readonly clientOf: (context: Context) => string | undefined;
}

export interface RequestLog {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly ms: number;
}

export interface Service {
  /** Answers requests; tests call its `request`. */
  readonly app: Hono;
  /** Brings the database to the newest schema and begins to lead, or to wait for it. Errors: `ledger.mismatch`. */
  start(): Promise<void>;
  /** Resolves when the index has come to the chain's head of now and asked the store, at least once, for every batch up to it. */
  caughtUp(options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** Ends the work between two steps. What is open goes on at the next start. */
  stop(): Promise<void>;
}

const DEFAULT_LIMITS: Limits = {
  issuer: { perSecond: 5_000, burst: 20_000 },
  relay: { perSecond: 5, burst: 50 },
  client: { perSecond: 500, burst: 2_000 },
  waiting: 500_000,
  requests: 512,
  streams: 32,
  watchers: 256,
  heartbeatMs: 15_000,
  relayBytes: 16 * 1024 * 1024,
  silenceMs: 30_000,
  clientOf: connectionAddress,
};
/** Credentials of a stream that are written down in one transaction, at most. */
const CHUNK = 1_000;
const RETRY_MS = 1_000;

/** Errors: `input.shape` for a public URL that is none. */
export function createService(options: ServiceOptions): Service {
  const { ledger: reader, writer, store, database, signer, name = 'DPP Ledger', promiseMs = 3_600_000 } = options;
  const { now = Date.now, onProblem = () => undefined, afterStep } = options;
  const publicUrl = parsePublicUrl(options.publicUrl);
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits };
  const policy = parsePolicy({
    ledgers: [reader.id],
    trustBase: `one endpoint, ${reader.source}`,
    anchorStandings: ['proved', 'logged'],
    ...options.policy,
  });
  const { db } = database;
  const ledger = formatLedger(reader.id);
  const stopping = new AbortController();

  const health = createHealth({ database, reader, writer, store, now });
  const report = (trouble: { readonly what: string; readonly error: unknown }) => {
    health.note(trouble);
    onProblem(trouble);
  };
  const onFault = (error: unknown) => onProblem({ what: 'answer a request', error });

  const mirror = createMirror({ db, ledger: reader.id });
  const catalogue = createCatalogue({ db, mirror });
  const prover = createProver({ db, mirror, catalogue, reader, store });
  const verifier = createVerifier({ catalogue, prover, reader, policy, now });
  const pages = createPageReader({ catalogue, mirror, prover, verifier, reader, policy, publicUrl });
  const acceptor = createAcceptor({
    database,
    mirror,
    ledger,
    account: writer.account,
    sign: createReceiptSigner({ signer, ledger, now }),
    limiter: createRateLimiter(limits.issuer),
    now,
    promiseMs,
    mostWaiting: limits.waiting,
  });
  const relayer = createRelayer({
    database,
    mirror,
    writer,
    store,
    ledger,
    limiter: createRateLimiter(limits.relay),
    now,
  });
  const batch = { size: options.batch?.size ?? 10_000, ageMs: options.batch?.ageMs ?? 2_000 };
  const batcher = createBatcher({ database, mirror, writer, store, batch, now, report, afterStep });
  const upkeep = createUpkeep({ database, report });
  const indexer = createIndexer({ database, reader, mirror, store, now, report });
  const promises = createPromiseWatch({ db, now, promiseMs, report });

  const parts: Parts = {
    ...{
      database,
      reader,
      writer,
      store,
      signer,
      mirror,
      catalogue,
      prover,
      verifier,
      acceptor,
      relayer,
      health,
      pages,
    },
    ...{ policy, publicUrl, onFault },
    statusLists: createStatusLists({ mirror, signer, ledger, publicUrl, now }),
    gateway: createGateway({ catalogue, store }),
    resolver: createResolver({ catalogue, publicUrl, name }),
    bodies: { relayBytes: limits.relayBytes, silenceMs: limits.silenceMs, chunk: CHUNK },
    watch: createWatch({
      database,
      most: limits.watchers,
      heartbeatMs: limits.heartbeatMs,
      stopping: stopping.signal,
      report: onProblem,
    }),
    streams: { most: limits.streams, open: 0 },
    stopping: stopping.signal,
  };
  const app = createApp(parts, { limits, name, now, onRequest: options.onRequest });

  /** Leads whenever it is this replica's turn, until the service stops. */
  async function lead(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        const leadership = await database.lead(stopping.signal);
        // When one of them gives up, so do the others: then somebody else leads.
        const over = new AbortController();
        const signal = AbortSignal.any([stopping.signal, over.signal]);
        const work = [batcher, indexer, upkeep].map((worker) =>
          worker.run(leadership, signal).finally(() => over.abort()),
        );
        await Promise.all(work).finally(() => leadership.release());
      } catch (error) {
        if (stopping.signal.aborted) return;
        report({ what: 'lead', error });
        await pause(RETRY_MS, stopping.signal);
      }
    }
  }

  let running: Promise<unknown> = Promise.resolve();
  let stops: readonly (() => Promise<void>)[] = [];

  return {
    app,

    async start() {
      await database.migrate();
      await claimOutbox(database, reader.id);
      const ring = () => batcher.ring();
      stops = await Promise.all([database.listen('outbox', ring), database.listen('ledger', ring)]);
      running = Promise.all([lead(), promises.run(stopping.signal)]);
    },

    async caughtUp({ signal = stopping.signal } = {}) {
      const target = await reader.readBlock('latest', { signal });
      const bell = createBell();
      const stop = await database.listen('ledger', bell.ring);
      try {
        for (;;) {
          const head = await readHead(db);
          if (head !== undefined && head.blockNumber >= (target?.number ?? 0) && !(await hasUnaskedBatch(db))) return;
          await bell.wait({ signal, ms: RETRY_MS });
        }
      } finally {
        await stop();
      }
    },

    async stop() {
      stopping.abort();
      await running;
      for (const stop of stops) await stop();
    },
  };
}

async function hasUnaskedBatch(db: Database['db']): Promise<boolean> {
  const waiting = db.selectFrom('ledger.batch').select('entry').where('indexed', '=', false).where('attempts', '=', 0);
  return (await waiting.executeTakeFirst()) !== undefined;
}

interface AppOptions {
  readonly limits: Limits;
  readonly name: string;
  readonly now: () => number;
  readonly onRequest: ServiceOptions['onRequest'];
}

function createApp(parts: Parts, { limits, name, now, onRequest }: AppOptions): Hono {
  const { onFault } = parts;
  const app = new OpenAPIHono<BlankEnv>({
    defaultHook: (result, c) => {
      if (result.success) return undefined;
      const [issue] = result.error.issues;
      const detail = `${result.target} ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'cannot be read'}`;
      return problem(400, 'input.shape', detail, c.req.path);
    },
  });
  const pages = createPages({
    reader: parts.pages,
    now: () => Math.floor(now() / 1_000),
    name,
    documentation: '/docs',
    onError: onFault,
  });

  app.use(requestId());
  if (onRequest !== undefined) app.use(logRequests(onRequest));
  app.use(withDefaults);
  app.use(
    cors({
      origin: '*',
      allowMethods: ['GET', 'HEAD', 'POST', 'OPTIONS'],
      allowHeaders: ['content-type', 'accept', 'if-none-match'],
      exposeHeaders: ['etag', 'link', 'location', 'retry-after', 'x-ipfs-path', 'x-ipfs-roots', 'x-request-id'],
      maxAge: 86_400,
    }),
  );
  app.use(limitRequests(limits));

  // Before `/receipts/{id}`, which would take it for a receipt.
  routeEvents(app, parts);
  routeCredentials(app, parts);
  routeLedger(app, parts);
  routeVerification(app, parts);
  routeOperations(app, parts);
  app.route('/', pages.app);

  app.onError(async (error, c) => {
    const answer = answerProblem(error, c.req.path, onFault);
    // A person whose label leads nowhere gets a page, a program a problem.
    return isForPeople(c) ? withRetry(await pages.fail(error, answer.status), answer) : answer;
  });
  app.notFound((c) => {
    if (isForPeople(c)) return pages.notFound();
    return problem(
      404,
      'service.not-found',
      `There is nothing at ${c.req.method} ${c.req.path}. See /docs.`,
      c.req.path,
    );
  });
  return app;
}

/** Browsers ask for HTML by name; programs take what comes. */
function isForPeople(c: Context): boolean {
  return c.req.method === 'GET' && /\btext\/html\b/.test(c.req.header('accept') ?? '');
}

/** When to come again is said to both. */
function withRetry(page: Response, { headers }: Response): Response {
  const retryAfter = headers.get('retry-after');
  if (retryAfter !== null) page.headers.set('retry-after', retryAfter);
  return page;
}

const strict = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
  },
  crossOriginResourcePolicy: 'cross-origin',
  referrerPolicy: 'no-referrer',
  // A label is scanned over plain HTTP on a local network too; whoever terminates TLS sets this one.
  strictTransportSecurity: false,
});

/** Security headers, wherever an answer has no policy of its own. */
const withDefaults: MiddlewareHandler = async (c, next) => {
  await next();
  if (!c.res.headers.has('content-security-policy')) await strict(c, async () => undefined);
};

function limitRequests({ client, requests, clientOf }: Limits): MiddlewareHandler {
  const limiter = createRateLimiter(client);
  let open = 0;
  return async (c, next) => {
    const address = clientOf(c);
    const wait = address === undefined ? 0 : limiter.take(address);
    if (wait > 0) throw new RateLimitedError(`Too many requests from ${address}. Wait ${wait} ms.`, wait);
    if (open >= requests) throw busy(`${open} requests are being answered`);
    open += 1;
    try {
      await next();
    } finally {
      open -= 1;
    }
  };
}

function logRequests(onRequest: NonNullable<ServiceOptions['onRequest']>): MiddlewareHandler {
  return async (c, next) => {
    const began = performance.now();
    await next();
    const ms = Math.round(performance.now() - began);
    onRequest({ id: c.get('requestId'), method: c.req.method, path: c.req.path, status: c.res.status, ms });
  };
}

function parsePublicUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (
    url !== undefined &&
    /^https?:$/.test(url.protocol) &&
    url.pathname === '/' &&
    url.search === '' &&
    url.hash === ''
  ) {
    return url.origin;
  }
  throw new InvalidInputError('input.shape', `publicUrl: "${text}" is not an origin such as https://dpp.example.`);
}
