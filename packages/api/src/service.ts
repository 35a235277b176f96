/**
 * The service: its parts put together over a ledger, a store and a database. Stateless beside the database: several may run on one
 * PostgreSQL, and one of them leads, which means that it indexes and batches; the others accept and answer all the same.
 */
import { InvalidInputError, UnavailableError } from '@dpp-ledger/core';
import type { NoteSigner, WitnessPolicy } from '@dpp-ledger/core/checkpoint';
import { formatLedger, type Signer } from '@dpp-ledger/core/credential';
import { type Policy, parsePolicy } from '@dpp-ledger/core/evidence';
import type { LedgerNode, LedgerWriter } from '@dpp-ledger/sdk/ledger';
import type { Store } from '@dpp-ledger/sdk/store';
import type { Hono } from 'hono';
import { sql } from 'kysely';
import { createBell, pause } from './bell.ts';
import type { Database } from './database/database.ts';
import { createUpkeep } from './database/upkeep.ts';
import { createEventReader } from './epcis/reader.ts';
import { createEpcisRepository } from './epcis/repository.ts';
import { createApp, createMonitor } from './http/app.ts';
import type { Parts } from './http/context.ts';
import { createGateway } from './http/gateway.ts';
import { createGate, createRateLimiter, DEFAULT_LIMITS, type Limits } from './http/limits.ts';
import { createPageReader } from './http/pages.ts';
import { createResolver } from './http/resolver.ts';
import { createStatusLists } from './http/status.ts';
import { createCatalogue } from './ledger/catalogue.ts';
import { claimOutbox, createIndexer, type IndexMove } from './ledger/indexer.ts';
import { createLots } from './ledger/lots.ts';
import { createMirror, readHead } from './ledger/mirror.ts';
import { createProver } from './ledger/prover.ts';
import { createTracer } from './ledger/tracer.ts';
import { createVerifier, type Verifier } from './ledger/verifier.ts';
import { createCosigning } from './log/cosigning.ts';
import { createPinner } from './log/pinner.ts';
import { createPublisher } from './log/publisher.ts';
import { createTiles } from './log/tiles.ts';
import { createHealth } from './operation/health.ts';
import { createRedactor, type Log, redactError, type Trouble } from './operation/log.ts';
import { createMetrics, type Metrics } from './operation/metrics.ts';
import { createAcceptor } from './outbox/accept.ts';
import { createBatcher } from './outbox/batcher.ts';
import type { BatcherStep, Errand } from './outbox/errands.ts';
import { createPromiseWatch } from './outbox/promises.ts';
import { createReceiptSigner } from './outbox/receipts.ts';
import { createRelayer } from './outbox/relay.ts';
import { createWatch } from './outbox/watch.ts';

export interface ServiceOptions {
  readonly ledger: LedgerNode;
  /** Sends from the account that issuers appoint as their submitter; no other program may use that account. */
  readonly writer: LedgerWriter;
  readonly store: Store;
  readonly database: Database;
  /** Signs receipts and status lists, under the service's own DID. */
  readonly signer: Signer;
  /** Signs checkpoints of the journal, under the log's name; without it nothing is published under `/log`. */
  readonly logSigner?: NoteSigner;
  /** Its witnesses with a URL are asked to cosign the log's checkpoints; `timeLimitMs` for each answer, 10,000. */
  readonly witnesses?: { readonly policy: WitnessPolicy; readonly timeLimitMs?: number };
  /** The newest block that a local chain has saved: what is above is not published, for it may be lost. */
  readonly durableBlock?: () => Promise<number>;
  /** The published journal goes into the store, for IPFS, at most so often; 60,000 ms. */
  readonly pinEveryMs?: number;
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
  /** EPCIS events of others that are kept at most; none by default: then nobody captures any. */
  readonly capturedEvents?: number;
  readonly limits?: Partial<Limits>;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** What goes wrong and is not a caller's doing; each with what was being done. */
  readonly onProblem?: (problem: Trouble) => void;
  /** Told what happens: requests, steps of batches, moves of the index, leadership, problems. */
  readonly log?: Log;
  /** Hides what no answer may show: passwords, keys of endpoints. What looks like one by default. */
  readonly redact?: (text: string) => string;
  /** For tests that end the process between two steps. */
  readonly afterStep?: (step: BatcherStep, errand: Errand) => Promise<void> | void;
}

export interface Service {
  /** Answers requests; tests call its `request`. */
  readonly app: Hono;
  /** Answers the operator's own tools: metrics and health. Not for the public. */
  readonly monitor: Hono;
  readonly metrics: Metrics;
  /** Brings the database to the newest schema and begins to lead, or to wait for it. Errors: `ledger.mismatch`. */
  start(): Promise<void>;
  /** Resolves when the index has come to the chain's head of now and asked the store, at least once, for every batch up to it. */
  caughtUp(options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** Ends the work between two steps. What is open goes on at the next start. */
  stop(): Promise<void>;
}

/** Credentials of a stream that are written down in one transaction, at most. */
const CHUNK = 1_000;
const RETRY_MS = 1_000;

/** Errors: `input.shape` for a public URL that is none. */
export function createService(options: ServiceOptions): Service {
  const { writer, database, signer, name = 'DPP Ledger', promiseMs = 3_600_000 } = options;
  const { now = Date.now, onProblem = () => undefined, log = () => undefined } = options;
  const { redact = createRedactor() } = options;
  const publicUrl = parsePublicUrl(options.publicUrl);
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits };
  const policy = parsePolicy({
    ledgers: [options.ledger.id],
    trustBase: `one endpoint, ${options.ledger.source}`,
    anchorStandings: ['proved', 'logged'],
    ...options.policy,
  });
  const { db } = database;
  const ledger = formatLedger(options.ledger.id);
  const stopping = new AbortController();
  const open = { requests: 0 };
  const streams = { most: limits.streams, open: 0 };

  const metrics = createMetrics({
    examine: () => health.examine(),
    broken: () => promises.broken,
    open: () => ({ ...open, credentials: streams.open, receipts: watch.count }),
    now,
  });
  // What an engine says of its address or of its caller's key goes into reports and problems: it is hidden as it comes in.
  const clean = (error: unknown) => redactError(error, redact);
  const reader = metrics.observe('chain', options.ledger, clean);
  const store = metrics.observe('store', options.store, clean);
  const { logSigner, witnesses } = options;
  const tiles = createTiles({ db, origin: logSigner?.name, policy: witnesses?.policy });
  const health = createHealth({ database, reader, writer, store, tiles, now, stopping: stopping.signal, redact });
  const tell = ({ what, error, ...about }: Trouble) => {
    metrics.failed(error);
    log(error instanceof UnavailableError ? 'warn' : 'error', `could not ${what}`, { ...about, error });
    onProblem({ what, error, ...about });
  };
  const report = (trouble: Trouble) => {
    health.note(trouble);
    tell(trouble);
  };
  const onFault = (error: unknown) => tell({ what: 'answer a request', error });

  async function afterStep(step: BatcherStep, errand: Errand): Promise<void> {
    metrics.step(step);
    log('info', `${'batch' in errand ? 'batch' : 'relayed acts'} ${step}`, errand);
    if (step === 'final' && 'batch' in errand) {
      const items = db.selectFrom('outbox.item').where('batch', '=', errand.batch);
      const { oldest } = await items.select(({ fn }) => fn.min('accepted_at').as('oldest')).executeTakeFirstOrThrow();
      metrics.finalAfter(now() - oldest);
    }
    await options.afterStep?.(step, errand);
  }

  function moved({ kind, ...place }: IndexMove): void {
    if (kind === 'back') metrics.wentBack();
    log(kind === 'back' ? 'warn' : 'info', kind === 'back' ? 'index went back with the chain' : 'index went on', place);
  }

  const mirror = createMirror({ db, ledger: reader.id });
  const catalogue = createCatalogue({ db, mirror });
  const lots = createLots({ db });
  const prover = createProver({ db, mirror, catalogue, reader, store });
  const { scan, verifyVersion, verifyVersions, verifyPresented } = createVerifier({
    catalogue,
    prover,
    reader,
    policy,
    now,
  });
  // A chain that answers slowly holds up its own questions, and no others.
  const within = createGate(limits.verdicts, 'verdicts are being come to');
  const verifier: Verifier = {
    scan: (link) => within(() => scan(link)),
    verifyVersion: (version, asked) => within(() => verifyVersion(version, asked)),
    verifyVersions: (versions) => within(() => verifyVersions(versions)),
    verifyPresented: (presented, expected) => within(() => verifyPresented(presented, expected)),
  };
  const tracer = createTracer({ mirror, lots, catalogue, prover, verifier, reader });
  const pages = createPageReader({ catalogue, mirror, prover, lots, tracer, verifier, reader, policy, publicUrl });
  const sign = createReceiptSigner({ signer, ledger, now });
  const acceptor = createAcceptor({
    database,
    mirror,
    ledger,
    account: writer.account,
    sign: async (answer) => {
      metrics.accepted(answer);
      return await sign(answer);
    },
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
  const indexer = createIndexer({ database, reader, mirror, store, now, report, moved });
  const eventReader = createEventReader({ database, store, now, report });
  const { durableBlock, pinEveryMs = 60_000 } = options;
  const publisher = logSigner && createPublisher({ database, reader, signer: logSigner, durableBlock, now, report });
  const pinner = logSigner && createPinner({ database, tiles, store, everyMs: pinEveryMs, report });
  const cosigning =
    logSigner &&
    witnesses &&
    createCosigning({
      ...{ database, origin: logSigner.name, now, redact, asked: metrics.witnessAsked },
      ...{ policy: witnesses.policy, timeLimitMs: witnesses.timeLimitMs },
      // It has a check of its own in health, for as long as it lasts.
      report: tell,
    });
  const promises = createPromiseWatch({ db, now, promiseMs, report });

  const watch = createWatch({
    database,
    most: limits.watchers,
    heartbeatMs: limits.heartbeatMs,
    stopping: stopping.signal,
    report,
  });

  const parts: Parts = {
    ...{
      database,
      reader,
      writer,
      store,
      signer,
      mirror,
      catalogue,
      lots,
      tracer,
      prover,
      verifier,
      acceptor,
      relayer,
      health,
      pages,
    },
    ...{ policy, publicUrl, onFault, redact },
    statusLists: createStatusLists({ mirror, signer, ledger, publicUrl, now }),
    gateway: createGateway({ catalogue, store }),
    tiles,
    epcis: createEpcisRepository({
      ...{ database, catalogue, mirror, publicUrl, now },
      mostCaptured: options.capturedEvents ?? 0,
      limiter: createRateLimiter(limits.capture),
    }),
    resolver: createResolver({ catalogue, publicUrl, name }),
    bodies: {
      relayBytes: limits.relayBytes,
      captureBytes: limits.captureBytes,
      silenceMs: limits.silenceMs,
      chunk: CHUNK,
    },
    clientOf: limits.clientOf,
    watch,
    streams,
    stopping: stopping.signal,
  };
  const app = createApp(parts, { limits, name, now, log, metrics, open });

  /** Leads whenever it is this replica's turn, until the service stops. */
  async function lead(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        const leadership = await database.lead(stopping.signal);
        metrics.lead(true);
        log('info', 'this replica leads', { term: leadership.term });
        // When one of them gives up, so do the others: then somebody else leads.
        const over = new AbortController();
        const signal = AbortSignal.any([stopping.signal, over.signal]);
        const forLog = [publisher, pinner, cosigning].filter((worker) => worker !== undefined);
        const workers = [batcher, indexer, eventReader, upkeep, ...forLog];
        const work = workers.map((worker) => worker.run(leadership, signal).finally(() => over.abort()));
        await Promise.all(work).finally(() => leadership.release());
        log('info', 'this replica leads no more', { term: leadership.term });
      } catch (error) {
        if (stopping.signal.aborted) return;
        report({ what: 'lead', error });
        await pause(RETRY_MS, stopping.signal);
      } finally {
        metrics.lead(false);
      }
    }
  }

  let running: Promise<unknown> = Promise.resolve();
  let stops: readonly (() => Promise<void>)[] = [];

  return {
    app,
    monitor: createMonitor(parts, metrics),
    metrics,

    async start() {
      await database.migrate();
      await claimOutbox(database, reader.id);
      const ring = () => {
        batcher.ring();
        publisher?.ring();
      };
      stops = await Promise.all([
        database.listen('outbox', ring),
        database.listen('ledger', ring),
        database.listen('log', () => {
          pinner?.ring();
          cosigning?.ring();
        }),
      ]);
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
  const { rows } = await sql<{ waits: boolean }>`select
    exists (select from ledger.batch where not indexed and attempts = 0) or
    exists (select from ledger.batch where indexed and not events_read and attempts = 0) as waits`.execute(db);
  return rows[0]?.waits ?? false;
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
