/**
 * An open-loop driver: requests begin when they are due, whatever has become of those before them, and their time counts from when they
 * were due. A service that stalls is thereby charged for everybody who waited meanwhile (no coordinated omission), this driver's own lag
 * included, which is told apart.
 */
import { Agent, request } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface Target {
  readonly kind: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Sample {
  readonly kind: string;
  /** Of the answer; 0 where there was none. */
  readonly status: number;
  /** From when it was due. */
  readonly ms: number;
  /** From when it was sent, on a connection that was free. */
  readonly answerMs: number;
  /** When it was due, since the phase began. */
  readonly dueMs: number;
}

export interface Phase {
  readonly samples: readonly Sample[];
  readonly seconds: number;
  /** 99 of 100 turns of the driver's own event loop were late by no more. */
  readonly driverLagMs: number;
}

const PATIENCE_MS = 20_000;

/** Connections that are kept: as many as a proxy in front of the service would hold open. */
const CONNECTIONS = 512;
const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS, maxFreeSockets: CONNECTIONS });

/** Opens all of them. A process under load takes few new ones in each turn of its loop, which is not what is measured here. */
export async function openConnections(url: string): Promise<void> {
  const target = { kind: 'probe', path: '/livez' };
  await Promise.all(Array.from({ length: CONNECTIONS }, () => send(url, target, performance.now(), 0)));
}

/** Sends `perSecond` requests for so many seconds, and resolves when all are answered. */
export async function drive(
  url: string,
  { perSecond, seconds, next }: { readonly perSecond: number; readonly seconds: number; next(i: number): Target },
): Promise<Phase> {
  const lag = monitorEventLoopDelay({ resolution: 5 });
  lag.enable();
  const began = performance.now();
  const count = Math.round(perSecond * seconds);
  const running: Promise<Sample>[] = [];
  for (let i = 0; i < count; ) {
    const passed = performance.now() - began;
    for (; i < count && (i * 1_000) / perSecond <= passed; i++) {
      running.push(send(url, next(i), began, (i * 1_000) / perSecond));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const samples = await Promise.all(running);
  lag.disable();
  return { samples, seconds: (performance.now() - began) / 1_000, driverLagMs: lag.percentile(99) / 1e6 };
}

function send(url: string, target: Target, began: number, dueMs: number): Promise<Sample> {
  const { kind, path, headers = {} } = target;
  return new Promise((resolve) => {
    // All connections may be in use: until one is free nothing is sent.
    let sentAt = Number.POSITIVE_INFINITY;
    const done = (status: number) => {
      clearTimeout(patience);
      const now = performance.now();
      resolve({ kind, status, ms: now - began - dueMs, answerMs: Math.max(0, now - sentAt), dueMs });
    };
    // Whoever waits so long has gone.
    const patience = setTimeout(() => asked.destroy(), PATIENCE_MS);
    const asked = request(url + path, { agent, headers }, (response) => {
      response.resume();
      response.on('end', () => done(response.statusCode ?? 0));
      response.on('error', () => done(0));
    });
    asked.on('socket', (socket) => {
      const onConnected = () => {
        sentAt = performance.now();
      };
      if (socket.connecting) socket.once('connect', onConnected);
      else onConnected();
    });
    asked.on('error', (error) => {
      // A kept connection may be closed just as it is used again: every client then asks once more.
      const isClosed = asked.reusedSocket && 'code' in error && error.code === 'ECONNRESET';
      if (!isClosed || performance.now() - began - dueMs > PATIENCE_MS) return done(0);
      clearTimeout(patience);
      resolve(send(url, target, began, dueMs));
    });
    asked.end();
  });
}

export function closeConnections(): void {
  agent.destroy();
}

/** Nearest rank. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
