/** `dpp serve` as an operator runs it: what it says to nobody, and how it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
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
    expect(await running.line({ level: 'warn', code: 'store.unreachable' })).toMatchObject({ batch: 1 });
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
