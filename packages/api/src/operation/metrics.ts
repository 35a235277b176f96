/**
 * Metrics for Prometheus. Labels have few values: patterns of routes, codes, steps; never an issuer, a path or anything else that a
 * caller chooses. What every replica can ask of the database and the chain is read when metrics are asked for, and is the same at each;
 * what a replica counts itself begins at zero with the process.
 */
import { DppError, type ErrorCode } from '@dpp-ledger/core';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { AskOutcome } from '../log/cosigning.ts';
import type { Answer } from '../outbox/receipts.ts';
import type { HealthReport } from './health.ts';

export interface MetricsOptions {
  readonly examine: () => Promise<HealthReport>;
  /** Promises that this process saw broken. */
  readonly broken: () => number;
  /** What is open now. */
  readonly open: () => { readonly requests: number; readonly credentials: number; readonly receipts: number };
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface Metrics {
  readonly contentType: string;
  render(): Promise<string>;
  /** Of this process besides: memory, event loop, garbage collection. Once for a process. */
  addProcess(): void;

  answered(request: {
    readonly route: string;
    readonly method: string;
    readonly status: number;
    readonly ms: number;
  }): void;
  accepted(answer: Answer): void;
  step(step: string): void;
  /** A batch is final, and its oldest credential was accepted so long ago. */
  finalAfter(ms: number): void;
  failed(error: unknown): void;
  wentBack(): void;
  lead(leads: boolean): void;
  /** A witness was asked to cosign. Its name is the operator's own. */
  witnessAsked(witness: string, outcome: AskOutcome): void;
  /** The same object; what its asynchronous methods take, and fail with, is counted, and `failed` told of it first. */
  observe<T extends object>(engine: 'chain' | 'store', part: T, failed: (error: unknown) => void): T;
}

const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'OPTIONS'];

export function createMetrics({ examine, broken, open, now }: MetricsOptions): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const gauge = <L extends string = never>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Gauge<L>({ name: `dpp_${name}`, help, labelNames, registers });
  const counter = <L extends string = never>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Counter<L>({ name: `dpp_${name}`, help, labelNames, registers });

  const requests = counter('http_requests_total', 'Requests that were answered.', ['route', 'method', 'status']);
  const durations = new Histogram({
    name: 'dpp_http_request_duration_seconds',
    help: 'Time until an answer begins; the body of a stream may take as long as it likes.',
    labelNames: ['route', 'method'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  const credentials = counter('credentials_total', 'Credentials that were answered; code: why refused.', [
    'state',
    'code',
  ]);
  const steps = counter('batch_steps_total', 'Steps of batches and relayed acts that this replica made.', ['step']);
  const finality = new Histogram({
    name: 'dpp_batch_final_seconds',
    help: "From the acceptance of a batch's oldest credential until the batch is final.",
    buckets: [0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 1_800, 3_600, 7_200, 86_400],
    registers,
  });
  const transactions = counter(
    'transactions_total',
    'Transactions: sent, replaced because they can never be included, refused.',
    ['outcome'],
  );
  const failures = counter('failures_total', "What went wrong and is no caller's doing.", ['code']);
  const engineFailures = counter('engine_failures_total', 'Questions to the chain and the store that failed.', [
    'engine',
    'code',
  ]);
  const engineDurations = new Histogram({
    name: 'dpp_engine_call_duration_seconds',
    help: 'Time of questions to the chain and the store, answered or not.',
    labelNames: ['engine'],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60],
    registers,
  });
  const rollbacks = counter(
    'index_rollbacks_total',
    'How often this replica took the index back because the chain had gone back.',
  );
  const witnessRequests = counter('witness_requests_total', 'How often this replica asked witnesses to cosign.', [
    'witness',
    'outcome',
  ]);
  const leads = gauge('leader', 'Whether this replica leads: 1 at exactly one of them.');
  leads.set(0);
  // A series that is missing until something happens cannot be told from a target that does not export it.
  for (const state of ['accepted', 'duplicate'] as const) credentials.inc({ state, code: '' }, 0);
  for (const outcome of ['sent', 'replaced', 'refused'] as const) transactions.inc({ outcome }, 0);

  const current = {
    ready: gauge('ready', 'Whether this replica can answer requests.'),
    check: gauge('check_ok', 'Checks of /healthz: 1 where all is well.', ['check']),
    open: gauge('open', 'What is being answered now: requests, streams of credentials, streams of receipts.', ['kind']),
    waiting: gauge('outbox_waiting', 'Accepted credentials without a batch.'),
    oldest: gauge('outbox_oldest_waiting_seconds', 'How long the oldest of them has waited.'),
    batches: gauge('outbox_open_batches', 'Batches that are not final.'),
    overdue: gauge(
      'outbox_overdue',
      'Broken promises: credentials that are not anchored by the time their receipt named.',
    ),
    index: gauge('index_block', 'The newest block in the index.'),
    entries: gauge('index_entries', 'Entries of the journal in the index.'),
    chain: gauge('chain_block', "The chain's newest block."),
    behind: gauge('index_behind_blocks', 'Blocks that the index is behind the chain.'),
    clock: gauge('clock_offset_seconds', "Seconds by which the newest block's time is ahead of this machine's."),
    published: gauge('log_entries', 'Entries of the newest checkpoint of the published log.'),
    cosigned: gauge('witness_entries', 'Entries of the checkpoint that a witness cosigned last.', ['witness']),
    witnesses: gauge('witness_ok', 'Whether a witness cosigned when it was asked last.', ['witness']),
    balance: gauge('account_balance_wei', 'What the account that anchors has left.'),
  };
  new Counter({
    name: 'dpp_promises_broken_total',
    help: 'Credentials that this process saw not anchored in time, also those that were anchored later.',
    registers,
    collect() {
      this.reset();
      this.inc(broken());
    },
  });

  /** What cannot be learnt is left out: an old figure would be a false one. */
  async function refresh(): Promise<void> {
    const { checks, ready, outbox, figures } = await examine();
    const { index, oldestWaiting } = figures;
    for (const measure of Object.values(current)) measure.reset();
    current.ready.set(ready ? 1 : 0);
    for (const [check, { ok }] of Object.entries(checks)) current.check.set({ check }, ok ? 1 : 0);
    for (const [kind, count] of Object.entries(open())) current.open.set({ kind }, count);
    for (const { name: witness, size, failure } of figures.witnesses ?? []) {
      if (size !== undefined) current.cosigned.set({ witness }, size);
      current.witnesses.set({ witness }, failure === undefined ? 1 : 0);
    }
    const values: readonly (readonly [Gauge, number | undefined])[] = [
      [current.waiting, outbox?.waiting],
      [current.oldest, outbox && (oldestWaiting === undefined ? 0 : Math.max(0, now() - oldestWaiting) / 1_000)],
      [current.batches, outbox?.open],
      [current.overdue, outbox?.overdue],
      [current.index, index?.blockNumber],
      [current.entries, index?.size],
      [current.chain, figures.chainBlock],
      [current.behind, figures.behind],
      [current.clock, figures.clockOffset],
      [current.published, figures.published],
      [current.balance, figures.balance === undefined ? undefined : Number(figures.balance)],
    ];
    for (const [measure, value] of values) {
      if (value === undefined) measure.remove();
      else measure.set(value);
    }
  }

  const codeOf = (error: unknown): ErrorCode | 'other' => (error instanceof DppError ? error.code : 'other');

  async function timed<T>(engine: 'chain' | 'store', answer: Promise<T>, failed: (error: unknown) => void): Promise<T> {
    const end = engineDurations.startTimer({ engine });
    try {
      return await answer;
    } catch (error) {
      engineFailures.inc({ engine, code: codeOf(error) });
      failed(error);
      throw error;
    } finally {
      end();
    }
  }

  return {
    contentType: registry.contentType,
    async render() {
      await refresh();
      return await registry.metrics();
    },
    addProcess: () => collectDefaultMetrics({ register: registry }),

    answered({ route, method, status, ms }) {
      const known = METHODS.includes(method) ? method : 'other';
      requests.inc({ route, method: known, status });
      durations.observe({ route, method: known }, ms / 1_000);
    },
    accepted: ({ state, code = '' }) => credentials.inc({ state, code: state === 'refused' ? code : '' }),
    step(step) {
      steps.inc({ step });
      if (step === 'sent' || step === 'replaced' || step === 'refused') transactions.inc({ outcome: step });
    },
    finalAfter: (ms) => finality.observe(ms / 1_000),
    wentBack: () => rollbacks.inc(),
    failed: (error) => failures.inc({ code: codeOf(error) }),
    witnessAsked: (witness, outcome) => witnessRequests.inc({ witness, outcome }),
    lead: (isLeader) => leads.set(isLeader ? 1 : 0),

    observe(engine, part, failed) {
      return new Proxy(part, {
        get(target, name) {
          const value: unknown = Reflect.get(target, name, target);
          if (typeof value !== 'function') return value;
          return (...args: unknown[]) => {
            const answer: unknown = Reflect.apply(value, target, args);
            return answer instanceof Promise ? timed(engine, answer, failed) : answer;
          };
        },
      });
    },
  };
}
