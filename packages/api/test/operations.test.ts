/** What an operator sees: health that tells the truth while engines go away, metrics, and lines of log. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectLedger } from '@dpp-ledger/sdk/ledger';
import { createFileStore } from '@dpp-ledger/sdk/node';
import { PGlite } from '@electric-sql/pglite';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clientBehind, groupOf } from '../src/http/limits.ts';
import { createLog, createRedactor, openDatabase, redactError, serve } from '../src/index.ts';
import { startService, startWorld, type TestIssuer, type TestService, type World } from './support.ts';

let world: World;
let issuer: TestIssuer;
beforeAll(async () => {
  world = await startWorld();
  issuer = await world.createIssuer();
});
afterAll(() => world.stop());

/** Answers are kept for a second: each question here comes later. */
let clock = 0;
const now = () => Date.now() + clock;
beforeEach(() => {
  clock = 0;
});

async function health(service: TestService, path = '/healthz', passed = 1_001) {
  clock += passed;
  const response = await service.get(path);
  const body = (await response.json()) as { status: string; checks: Record<string, { ok: boolean; detail: string }> };
  return { http: response.status, ...body };
}

/** An endpoint in front of the chain that can be taken away and put back. */
async function startEndpoint(): Promise<{ url: string; leave(): Promise<void>; comeBack(): Promise<void> }> {
  let server: Server;
  const open = async (port: number) => {
    server = createServer((asked, answer) => {
      const through = request(world.embedded.rpcUrl, { method: asked.method, headers: asked.headers }, (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
      });
      through.on('error', () => answer.destroy());
      asked.pipe(through);
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const port = await open(0);
  return {
    url: `http://127.0.0.1:${port}`,
    async leave() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
    comeBack: async () => void (await open(port)),
  };
}

describe('health', () => {
  it('is good while all is well, for a replica that does not lead as for the one that does', async () => {
    const leader = await startService(world, { now });
    const replica = await startService(world, { now, database: leader.database });
    for (const service of [leader, replica]) {
      expect(await health(service)).toMatchObject({ http: 200, status: 'ok' });
      expect((await health(service, '/readyz')).http).toBe(200);
      expect(await (await service.get('/livez')).json()).toEqual({ status: 'alive' });
    }
    await replica.close();
    await leader.close();
  });

  it('is not ready before the index has read anything, and while it is behind', async () => {
    const service = await startService(world, { now, start: false });
    await service.database.migrate();
    expect(await health(service, '/readyz')).toMatchObject({
      http: 503,
      checks: { index: { ok: false, detail: 'nothing is read yet' }, database: { ok: true } },
    });
    await service.start();
    await service.caughtUp();
    expect((await health(service, '/readyz')).http).toBe(200);
    await service.stop();
    for (let i = 0; i < 6; i++) await world.pass(10);
    const replica = await startService(world, { now, database: service.database, start: false });
    const behind = await health(replica, '/readyz');
    expect(behind).toMatchObject({ http: 503, checks: { index: { ok: false } } });
    expect(behind.checks.index?.detail).toMatch(/^block \d+, 6 behind$/);
    await replica.close();
    await service.close();
  });

  it('forgives a chain that is away for a moment, and says at once that it is', async () => {
    const endpoint = await startEndpoint();
    const ledger = await connectLedger({ url: endpoint.url, pin: world.embedded.ledger, pollMs: 15 });
    const service = await startService(world, { now, ledger });
    expect((await health(service, '/readyz')).http).toBe(200);
    await endpoint.leave();
    const gone = { status: 'degraded', checks: { chain: { ok: false } } };
    expect(await health(service, '/readyz')).toMatchObject({ ...gone, http: 200 });
    expect(await health(service, '/readyz', 31_000)).toMatchObject({ ...gone, http: 503 });
    expect((await service.get('/livez')).status).toBe(200);
    await endpoint.comeBack();
    expect(await health(service, '/readyz')).toMatchObject({ http: 200, checks: { chain: { ok: true } } });
    await endpoint.leave();
    await service.close();
  });

  it('is told of a transaction that a closed database does not begin, which is not waited for', async () => {
    const pglite = await PGlite.create();
    const { db } = openDatabase({ pglite });
    await sql`select 1`.execute(db);
    await pglite.close();
    const work = db.transaction().execute((trx) => sql`select 1`.execute(trx));
    await expect(work).rejects.toThrow('PGlite is closed');
    await expect(sql`select 1`.execute(db)).rejects.toThrow('PGlite is closed');
  });

  it('is not ready without its database, answers all the same, and lives', async () => {
    const pglite = await PGlite.create();
    const service = await startService(world, { now, database: openDatabase({ pglite }) });
    expect((await health(service, '/readyz')).http).toBe(200);
    await pglite.close();
    const gone = {
      status: 'degraded',
      checks: { database: { ok: false }, promises: { ok: false }, chain: { ok: true } },
    };
    expect(await health(service, '/readyz')).toMatchObject({ ...gone, http: 503 });
    expect(await health(service)).toMatchObject({ ...gone, http: 200 });
    const refused = await service.get('/issuers');
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('5');
    const metrics = await (await service.monitor.request('/metrics')).text();
    expect(metrics).toContain('dpp_check_ok{check="database"} 0');
    // An old figure would be a false one.
    expect(metrics).not.toMatch(/^dpp_outbox_waiting /m);
    await service.close();
  });

  it('finds a store that does not keep what it was given', async () => {
    const service = await startService(world, { now });
    const [answer] = await service.submit([await issuer.sign()]);
    await service.until(answer?.id, 'final');
    expect(await health(service)).toMatchObject({ checks: { store: { ok: true } } });
    const folder = await mkdtemp(join(tmpdir(), 'dpp-other-'));
    const other = await createFileStore({ folder });
    const replica = await startService(world, { now, database: service.database, store: other });
    const found = await health(replica);
    expect(found).toMatchObject({ status: 'degraded', checks: { store: { ok: false } } });
    expect(found.checks.store?.detail).toMatch(/bafy\w+, is not pinned there$/);
    await replica.close();
    await service.close();
    await other.close();
    await rm(folder, { recursive: true });
  });

  it('notices a clock that is behind the chain', async () => {
    const service = await startService(world, { now });
    clock = -3_600_000;
    expect(await health(service)).toMatchObject({ status: 'degraded', checks: { clock: { ok: false } } });
    await service.close();
  });

  it('is not ready while it stops, which the monitor tells when nobody else is let in', async () => {
    const service = await startService(world, { now });
    const served = await serve({
      service: { ...service, start: async () => undefined },
      port: 0,
      monitor: { port: 0 },
    });
    expect((await fetch(`${served.monitorUrl}/readyz`)).status).toBe(200);
    await service.stop();
    const stopping = await fetch(`${served.monitorUrl}/readyz`);
    expect(stopping.status).toBe(503);
    expect(await stopping.json()).toMatchObject({ checks: { shutdown: { ok: false } } });
    await served.close();
    await service.close();
  });
});

/** Lines of the exposition format, by their name and labels. */
async function scrape(service: TestService): Promise<Map<string, number>> {
  clock += 1_001;
  const response = await service.monitor.request('/metrics');
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
}

describe('metrics', () => {
  it('count what was asked, accepted, batched and anchored, by labels of few values', async () => {
    const service = await startService(world, { now });
    const signed = await issuer.signMany(3);
    const [first] = await service.submit(signed);
    await service.submit(signed.slice(0, 1));
    await service.post('/passports', 'application/vc+jwt', 'a.b.c');
    await service.until(first?.id, 'final');
    await service.get(`/issuers/${encodeURIComponent(issuer.id)}`);
    await service.get('/nothing/here');
    const found = await scrape(service);
    expect(Object.fromEntries(found)).toMatchObject({
      'dpp_credentials_total{state="accepted",code=""}': 3,
      'dpp_credentials_total{state="duplicate",code=""}': 1,
      'dpp_credentials_total{state="refused",code="credential.jwt"}': 1,
      'dpp_http_requests_total{route="/passports",method="POST",status="200"}': 2,
      'dpp_http_requests_total{route="/passports",method="POST",status="422"}': 1,
      'dpp_http_requests_total{route="/issuers/:did",method="GET",status="200"}': 1,
      'dpp_http_requests_total{route="none",method="GET",status="404"}': 1,
      'dpp_batch_steps_total{step="formed"}': 1,
      'dpp_batch_steps_total{step="final"}': 1,
      'dpp_transactions_total{outcome="sent"}': 1,
      'dpp_transactions_total{outcome="replaced"}': 0,
      dpp_batch_final_seconds_count: 1,
      dpp_outbox_waiting: 0,
      dpp_outbox_open_batches: 0,
      dpp_outbox_overdue: 0,
      dpp_outbox_oldest_waiting_seconds: 0,
      dpp_promises_broken_total: 0,
      dpp_index_behind_blocks: 0,
      dpp_index_rollbacks_total: 0,
      dpp_leader: 1,
      dpp_ready: 1,
      'dpp_open{kind="receipts"}': 0,
      'dpp_check_ok{check="store"}': 1,
    });
    expect(found.get('dpp_index_block')).toBe(found.get('dpp_chain_block'));
    expect(found.get('dpp_account_balance_wei')).toBeGreaterThan(1e18);
    expect(found.get('dpp_engine_call_duration_seconds_count{engine="store"}')).toBeGreaterThan(0);
    // Nothing that a caller chooses.
    expect([...found.keys()].join('\n')).not.toMatch(/maker|nothing|here"/);
    expect((await service.get('/metrics')).status).toBe(404);
    await service.close();
  });

  it('tell one leader of several replicas, what waits, and what fails', async () => {
    const endpoint = await startEndpoint();
    const ledger = await connectLedger({ url: endpoint.url, pin: world.embedded.ledger, pollMs: 15 });
    const leader = await startService(world, { now, batch: { size: 10_000, ageMs: 3_600_000 } });
    const replica = await startService(world, { now, ledger, database: leader.database });
    await leader.submit(await issuer.signMany(2));
    clock += 60_000;
    await endpoint.leave();
    const [one, two] = [await scrape(leader), await scrape(replica)];
    expect([one.get('dpp_leader'), two.get('dpp_leader')]).toEqual([1, 0]);
    // Of the database, so that each tells the same.
    for (const found of [one, two]) {
      expect(found.get('dpp_outbox_waiting')).toBe(2);
      expect(found.get('dpp_outbox_oldest_waiting_seconds')).toBeGreaterThanOrEqual(60);
    }
    expect(two.get('dpp_engine_failures_total{engine="chain",code="ledger.unreachable"}')).toBeGreaterThan(0);
    expect(one.has('dpp_engine_failures_total{engine="chain",code="ledger.unreachable"}')).toBe(false);
    await replica.close();
    await leader.close();
  });
});

describe('the log', () => {
  it('has a line for each request and each step, with the ids by which they are joined', async () => {
    const lines: Record<string, unknown>[] = [];
    const log = createLog({
      write: (line) => lines.push(JSON.parse(line)),
      format: 'json',
      level: 'info',
      redact: createRedactor(),
    });
    const service = await startService(world, { log });
    const served = await serve({ service: { ...service, start: async () => undefined }, port: 0 });
    const [answer] = await service.submit([await issuer.sign()]);
    await service.until(answer?.id, 'final');
    const ask = async (id: string) =>
      (await fetch(`${served.url}/ledger?key=hunter2`, { headers: { 'x-request-id': id } })).headers.get(
        'x-request-id',
      );
    const ids = [await ask('mine-7'), await ask('not sane'), await ask('x'.repeat(500))];
    expect(ids[0]).toBe('mine-7');
    for (const id of ids.slice(1)) expect(id).toMatch(/^[0-9a-f-]{36}$/);
    await service.get('/readyz');
    await served.close();
    expect(lines.filter(({ route }) => route === '/ledger')).toMatchObject(
      ids.map((id) => ({
        ...{ level: 'info', message: 'answered', request: id, method: 'GET', path: '/ledger', status: 200 },
        ...{ ms: expect.any(Number), bytes: expect.any(Number), time: expect.stringMatching(/Z$/) },
      })),
    );
    const steps = lines.filter(({ batch }) => batch !== undefined);
    expect(steps.map(({ message }) => message)).toEqual(
      ['formed', 'stored', 'recorded', 'sent', 'final'].map((step) => `batch ${step}`),
    );
    expect(new Set(steps.map(({ batch }) => batch)).size).toBe(1);
    expect(lines).toContainEqual(
      expect.objectContaining({ message: 'index went on', block: expect.any(Number), end: expect.any(Number) }),
    );
    expect(lines).toContainEqual(expect.objectContaining({ message: 'this replica leads', term: expect.any(Number) }));
    // Asked every few seconds, and by nobody who matters.
    expect(lines.filter(({ route }) => route === '/readyz')).toEqual([]);
    expect(JSON.stringify(lines)).not.toContain('hunter2');
    await service.close();
  });

  it('tells problems with their code and cause, and the request that met them', async () => {
    const lines: string[] = [];
    const options = { write: (line: string) => lines.push(line), level: 'warn', redact: createRedactor() } as const;
    const pglite = await PGlite.create();
    const service = await startService(world, {
      database: openDatabase({ pglite }),
      log: createLog({ ...options, format: 'text' }),
    });
    await pglite.close();
    await service.get('/issuers', { 'x-request-id': 'unlucky' });
    const told = lines.find((line) => line.includes('request=unlucky') && line.includes('answer a request'));
    expect(told).toMatch(/^\d\d:\d\d:\d\d error could not answer a request request=unlucky error="/);
    expect(lines.find((line) => line.includes('status=503'))).toMatch(/ warn {2}answered request=unlucky method=GET /);
    await service.close();
  });
});

describe('redaction', () => {
  const url = 'postgres://dpp:s3cr%2Ft-pass@db.example/dpp?sslpassword=moresecret';
  const endpoint = 'https://mainnet.example/v3/0123456789abcdef0123456789abcdef?token=tiptoptoken';
  const redact = createRedactor({ urls: [url, endpoint], texts: [`0x${'5e'.repeat(32)}`] });

  it.each([
    ['a password, as it stands in the URL and as it is', `${url} and s3cr/t-pass`],
    ['a parameter', 'sslpassword=moresecret, token=tiptoptoken'],
    ['a key in a path', `POST ${endpoint} failed`],
    ['a private key', `invalid key ${'5e'.repeat(32)}`],
    ['a JWT', 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl'],
    ['an authorisation', 'authorization: Bearer abcdef123456'],
    ['a password in a URL that nobody knows of', 'http://user:other-pass@x.example/'],
  ])('hides %s', (_, text) => {
    const secrets = /s3cr|moresecret|0123456789abcdef|tiptoptoken|5e5e5e|eyJhbG|c2lnbmF0|abcdef123456|other-pass/;
    expect(text).toMatch(secrets);
    expect(redact(text)).not.toMatch(secrets);
  });

  it('takes errors as they are, also those whose message has no setter', () => {
    const errors = [new Error('s3cr/t-pass'), new DOMException('s3cr/t-pass', 'AbortError')];
    for (const error of errors) {
      redactError(error, redact);
      expect(error.message).toBe('[hidden]');
    }
    const aborted = AbortSignal.abort().reason as Error;
    const { message } = aborted;
    redactError(aborted, redact);
    expect(aborted.message).toBe(message);
  });

  it('leaves the rest as it is', () => {
    const text = 'could not store batch 7: https://mainnet.example/ answers 500 to did:web:maker.example';
    expect(redact(text)).toBe(text);
  });
});

describe('the client', () => {
  const behind = (trust: string, peer: string, forwarded?: string) =>
    clientBehind(trust)({
      env: { incoming: { socket: { remoteAddress: peer, remotePort: 1, remoteFamily: 'IPv4' } } },
      req: { header: () => forwarded },
    } as unknown as Parameters<ReturnType<typeof clientBehind>>[0]);

  it.each([
    ['1', '10.0.0.1', '203.0.113.7', '203.0.113.7'],
    ['1', '10.0.0.1', '1.1.1.1, 203.0.113.7', '203.0.113.7'],
    ['2', '10.0.0.1', '1.1.1.1, 203.0.113.7, 10.0.0.2', '203.0.113.7'],
    ['10.0.0.0/8', '10.0.0.1', '1.1.1.1, 203.0.113.7, 10.9.9.9', '203.0.113.7'],
    ['10.0.0.0/8', '198.51.100.1', '203.0.113.7', '198.51.100.1'],
    ['10.0.0.0/8,::1', '::1', '2001:db8::7', '2001:db8::7'],
    ['1', '10.0.0.1', undefined, '10.0.0.1'],
    ['1', '10.0.0.1', 'nonsense', '10.0.0.1'],
  ])('behind %s, connected from %s, said to be %s, is %s', (trust, peer, forwarded, client) => {
    expect(behind(trust, peer, forwarded)).toBe(client);
  });

  it.each(['0', 'x', '10.0.0.0/33', '10.0.0.0/8;::1'])('is not found by trusting "%s"', (trust) => {
    expect(() => clientBehind(trust)).toThrow(expect.objectContaining({ code: 'input.shape' }));
  });

  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:0:1:aaaa::1', '2001:db8:0:1::/64'],
    ['2001:0db8:0:1::2', '2001:db8:0:1::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('%s is one of %s', (address, group) => {
    expect(groupOf(address)).toBe(group);
  });
});
