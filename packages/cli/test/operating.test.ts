/** `dpp serve` as an operator runs it: what it says to nobody, and how it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createClient } from '@dpp-ledger/sdk';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, type TestIssuer, type World } from '../../api/test/support.ts';
import { formatPin } from '../src/connection.ts';
import { createWorkplace, type Workplace } from './support.ts';

let world: World;
let issuer: TestIssuer;
let place: Workplace;
beforeAll(async () => {
  place = await createWorkplace();
  world = await startWorld();
  issuer = await world.createIssuer();
  const { privateKey } = world.embedded.accounts.relayer;
  await writeFile(place.path('relayer.hex'), privateKey, { mode: 0o600 });
}, 120_000);
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await world.stop();
}, 60_000);

const children: ChildProcess[] = [];

interface Running {
  readonly url: string;
  readonly metrics: string;
  readonly pid: number;
  /** All that it has written, to either stream. */
  said(): string;
  /** Resolves with the first line of the log that is like this. */
  line(like: Record<string, unknown>): Promise<Record<string, unknown>>;
  signal(name: 'SIGTERM' | 'SIGINT'): void;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

/** Over the world's chain, with a store and a database of its own in `folder`. */
async function serve(folder: string, env: Record<string, string> = {}): Promise<Running> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../src/main.ts'), 'serve', '--json'], {
    cwd: place.folder,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      DPP_DATA: folder,
      DPP_PORT: '0',
      DPP_PUBLIC_URL: 'https://dpp.example',
      DPP_RPC_URL: world.embedded.rpcUrl,
      DPP_LEDGER: formatPin(world.reader.id),
      DPP_ACCOUNT_FILE: 'relayer.hex',
      DPP_POLL_MS: '20',
      DPP_METRICS_PORT: '0',
      DPP_LOG: 'json',
      DPP_LOG_LEVEL: 'debug',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  const lines: string[] = [];
  const log = createInterface({ input: child.stderr }).on('line', (line) => lines.push(line));
  const [answer] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    ended.then(({ code }) => Promise.reject(new Error(`dpp serve ended with ${code}:\n${said}`))),
  ]);
  const { url, metrics } = JSON.parse(String(answer));
  return {
    ...{ url, metrics, ended },
    pid: child.pid ?? 0,
    said: () => said,
    line: (like) =>
      new Promise((resolve) => {
        const look = (text: string) => {
          const line = JSON.parse(text) as Record<string, unknown>;
          if (!Object.entries(like).every(([name, value]) => line[name] === value)) return false;
          log.off('line', look);
          resolve(line);
          return true;
        };
        if (!lines.some(look)) log.on('line', look);
      }),
    signal: (name) => void child.kill(name),
  };
}

const SECRETS = {
  path: 'k3yInThePathOfTheEndpoint',
  query: 'k3yInTheQueryOfTheEndpoint',
  kubo: 'k3yInThePathOfKubo',
  password: 'p4ssw0rd-of-the-database',
  bearer: 'b34rer-token-of-a-caller',
};

describe('what is secret', () => {
  it('is in no line of the log, no answer and no metric, whatever engines say of it', async () => {
    let isBroken = false;
    /** Engines that tell whoever asks what they were asked, key and all. */
    const tell = (request: IncomingMessage, answer: ServerResponse) =>
      answer.writeHead(500).end(`no project for ${request.url} (authorization: ${request.headers.authorization})`);
    const endpoint = createServer(async (request, answer) => {
      if (isBroken) return tell(request, answer);
      let body = '';
      for await (const chunk of request) body += chunk;
      const headers = { 'content-type': 'application/json' };
      answer.end(await (await fetch(world.embedded.rpcUrl, { method: 'POST', headers, body })).text());
    });
    const kubo = createServer(tell);
    const [rpcPort, kuboPort] = await Promise.all(
      [endpoint, kubo].map(async (server) => {
        server.listen(0, '127.0.0.1');
        await once(server, 'listening');
        return (server.address() as AddressInfo).port;
      }),
    );
    const running = await serve(place.path('secrets'), {
      DPP_RPC_URL: `http://127.0.0.1:${rpcPort}/v3/${SECRETS.path}?apikey=${SECRETS.query}`,
      DPP_KUBO_URL: `http://127.0.0.1:${kuboPort}/${SECRETS.kubo}`,
    });
    const told: string[] = [];
    const ask = async (path: string, init: RequestInit = {}) => {
      const headers = { authorization: `Bearer ${SECRETS.bearer}`, ...init.headers };
      const response = await fetch(running.url + path, { ...init, headers });
      told.push(await response.text());
      return response.status;
    };
    const { jwt } = await issuer.sign();
    await running.line({ message: 'index went on' });
    const post = { method: 'POST', body: jwt, headers: { 'content-type': 'application/vc+jwt' } };
    expect(await ask('/passports', post)).toBe(202);
    // The store refuses, again and again.
    await running.line({ level: 'warn', code: 'store.unreachable', batch: 1 });
    isBroken = true;
    expect(await ask('/healthz')).toBe(200);
    // A verdict that stays open tells what did not answer.
    expect(await ask('/verify', post)).toBe(200);
    expect(await ask(`/verify?key=${SECRETS.bearer}&uri=${encodeURIComponent(jwt)}`)).toBe(400);
    await running.line({ level: 'warn', code: 'ledger.unreachable' });
    told.push(await (await fetch(`${running.metrics}/metrics`)).text());
    running.signal('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 0 });
    endpoint.closeAllConnections();
    endpoint.close();
    kubo.closeAllConnections();
    kubo.close();

    const all = [running.said(), ...told].join('\n');
    // They did say it, and it was hidden.
    expect(all).toContain('no project for /[hidden]');
    const { privateKey } = world.embedded.accounts.relayer;
    for (const secret of [...Object.values(SECRETS), privateKey.slice(2), jwt]) {
      expect(all.includes(secret), secret.slice(0, 12)).toBe(false);
    }
  });

  it('is not told by a service that cannot start', async () => {
    const outcome = await place.dpp(
      ['serve', '--data', 'nowhere', '--port', '0', '--public-url', 'https://dpp.example'],
      {
        env: { DPP_DATABASE_URL: `postgres://dpp:${SECRETS.password}@127.0.0.1:1/dpp?options=${SECRETS.query}` },
      },
    );
    expect(outcome.status).not.toBe(0);
    expect(outcome.stderr).toContain('ECONNREFUSED');
    expect(outcome.stdout + outcome.stderr).not.toMatch(/p4ssw0rd|k3yIn/);
  });
});

/** A request whose body is held back: it is being answered for as long as that lasts. */
function begin(url: string, jwt: string) {
  const { promise: answer, resolve, reject } = Promise.withResolvers<{ status: number | undefined; body: string }>();
  const headers = { 'content-type': 'application/vc+jwt', 'content-length': jwt.length };
  const held = request(`${url}/passports`, { method: 'POST', headers }, async (response) => {
    let body = '';
    for await (const chunk of response) body += chunk;
    resolve({ status: response.statusCode, body });
  });
  held.on('error', reject);
  const { promise: sent, resolve: onSent } = Promise.withResolvers<void>();
  held.write(jwt.slice(0, 100), () => onSent());
  return { sent, answer, finish: () => void held.end(jwt.slice(100)) };
}

interface Stream {
  /** Answers so far. */
  readonly answers: { state: string; id?: string; code?: string }[];
  readonly ended: Promise<void>;
}

/** Sends credentials without end, each when the one before it was answered. */
function flood(url: string): Stream {
  const answers: Stream['answers'] = [];
  const answered: { ring(): void } = { ring: () => {} };
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const last = answers.at(-1);
      if (last?.state === 'failed') return controller.close();
      const { promise, resolve } = Promise.withResolvers<void>();
      answered.ring = resolve;
      controller.enqueue(Buffer.from(`${JSON.stringify({ credential: (await issuer.sign()).jwt })}\n`));
      await promise;
    },
  });
  const ended = (async () => {
    const headers = { 'content-type': 'application/x-ndjson' };
    const response = await fetch(`${url}/passports`, { method: 'POST', headers, body, duplex: 'half' } as RequestInit);
    let rest = '';
    for await (const chunk of response.body ?? []) {
      const lines = (rest + Buffer.from(chunk).toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) answers.push(JSON.parse(line));
      answered.ring();
    }
    expect(rest).toBe('');
  })();
  return { answers, ended };
}

describe('an end that was asked for', () => {
  it('finishes what is answered, ends streams with a line that says so, and loses nothing', async () => {
    // Nothing becomes final: receipts stay open.
    const folder = place.path('ending');
    const running = await serve(folder, { DPP_CONFIRMATIONS: '1000', DPP_BATCH_SIZE: '5', DPP_BATCH_AGE_MS: '50' });
    await running.line({ message: 'index went on' });
    const floods = Array.from({ length: 4 }, () => flood(running.url));
    await running.line({ message: 'batch sent' });
    const first = floods.find(({ answers }) => answers.length > 0)?.answers[0];
    const events = await fetch(`${running.url}/receipts/events?id=${first?.id}`);
    expect(events.status).toBe(200);
    const held = begin(running.url, (await issuer.sign()).jwt);
    await held.sent;

    running.signal('SIGTERM');
    await running.line({
      message: 'stopping: what is being answered is finished, what is open goes on at the next start',
    });
    await Promise.all(floods.map(({ ended }) => ended));
    for (const { answers } of floods) {
      expect(answers.at(-1)).toMatchObject({ state: 'failed', code: 'service.busy' });
      expect(new Set(answers.slice(0, -1).map(({ state }) => state))).toEqual(new Set(['accepted']));
    }
    expect(await events.text()).toMatch(/event: stopping\nretry: 1000\ndata: {}\n\n$/);
    // Told to whoever looks, until the last answer; and nobody new is let in.
    expect((await fetch(`${running.metrics}/readyz`)).status).toBe(503);
    await expect(fetch(`${running.url}/livez`)).rejects.toThrow();
    held.finish();
    const { status, body } = await held.answer;
    expect(status).toBe(202);
    expect(await running.ended).toEqual({ code: 0, signal: null });

    const again = await serve(folder, { DPP_BATCH_AGE_MS: '50' });
    const accepted = floods.flatMap(({ answers }) => answers.flatMap(({ id }) => id ?? []));
    const client = createClient({ url: again.url, timeLimitMs: 60_000 });
    for (const id of [...accepted, JSON.parse(body).id]) {
      expect(await client.waitReceipt(id, 'final')).toMatchObject({ state: 'final', entry: expect.any(Number) });
    }
    again.signal('SIGINT');
    expect(await again.ended).toEqual({ code: 0, signal: null });
  });

  it('comes at once when it is asked for again', async () => {
    const running = await serve(place.path('impatient'));
    await running.line({ message: 'index went on' });
    const held = begin(running.url, (await issuer.sign()).jwt);
    await held.sent;
    const cut = expect(held.answer).rejects.toThrow();
    running.signal('SIGTERM');
    await running.line({
      message: 'stopping: what is being answered is finished, what is open goes on at the next start',
    });
    running.signal('SIGINT');
    expect(await running.ended).toEqual({ code: null, signal: 'SIGINT' });
    await cut;
  });
});

const server = process.env.DPP_TEST_POSTGRES;

describe.skipIf(server === undefined)('a leader that ends', () => {
  it('hands over to another replica, which goes on with what was open', async () => {
    const admin = new pg.Client({ connectionString: server });
    await admin.connect();
    const name = `dpp_test_${randomBytes(6).toString('hex')}`;
    await admin.query(`create database ${name}`);
    const env = { DPP_DATABASE_URL: new URL(name, `${server}/`).href, DPP_BATCH_AGE_MS: '50' };
    const first = await serve(place.path('first'), env);
    await first.line({ message: 'this replica leads' });
    await first.line({ message: 'index went on' });
    const second = await serve(place.path('second'), env);
    expect(second.said()).not.toContain('this replica leads');
    // Both take in, one of them anchors.
    const floods = [first, second].map(({ url }) => flood(url));
    await first.line({ message: 'batch final' });
    first.signal('SIGTERM');
    await second.line({ message: 'this replica leads' });
    expect(await first.ended).toEqual({ code: 0, signal: null });
    await floods[0]?.ended;
    await second.line({ message: 'batch final' });
    second.signal('SIGTERM');
    await floods[1]?.ended;
    expect(await second.ended).toEqual({ code: 0, signal: null });
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  });
});
