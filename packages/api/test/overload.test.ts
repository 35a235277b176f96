/** More than the service can do, or engines that do not answer: it says so in time, and goes on. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectLedger } from '@dpp-ledger/sdk/ledger';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createShedder } from '../src/http/limits.ts';
import { openDatabase, serve } from '../src/index.ts';
import { MODEL, startService, startWorld, type TestIssuer, type TestService, type World } from './support.ts';

let world: World;
let issuer: TestIssuer;
let service: TestService;
let cid: string;
beforeAll(async () => {
  world = await startWorld();
  issuer = await world.createIssuer();
  service = await startService(world);
  const [answer] = await service.submit([
    await issuer.sign({ credentialSubject: { type: ['Product'], id: MODEL, name: 'Laptop', idGranularity: 'model' } }),
  ]);
  cid = String(answer?.cid);
  await service.until(answer?.id, 'final');
});
afterAll(async () => {
  await service.close();
  await world.stop();
});

const VERIFY = `/verify?uri=${encodeURIComponent(MODEL)}`;

describe('requests', () => {
  it('are so many at a time, and whoever watches the service is answered all the same', async () => {
    const full = await startService(world, { database: service.database, limits: { requests: 0 } });
    expect(await (await full.get(`/passports/${cid}`)).json()).toMatchObject({ status: 503, code: 'service.busy' });
    const probes = await Promise.all(['/livez', '/readyz', '/healthz'].map((path) => full.get(path)));
    expect(probes.map(({ status }) => status)).toEqual([200, 200, 200]);
    await full.close();
  });
});

describe('verdicts', () => {
  it('are so many at a time, and the rest is answered all the same', async () => {
    const small = await startService(world, { database: service.database, limits: { verdicts: 0 } });
    const refused = await small.get(VERIFY);
    expect(await refused.json()).toMatchObject({ status: 503, code: 'service.busy' });
    expect(refused.headers.get('retry-after')).toBe('5');
    expect((await small.get(`/passports/${cid}`)).status).toBe(200);
    await small.close();
  });

  it('are not waited for where the chain keeps silent', async () => {
    let isSilent = false;
    const asked = Promise.withResolvers<void>();
    const endpoint = createServer(async (request, answer) => {
      if (isSilent) return asked.resolve();
      const body = await new Response(request as unknown as ReadableStream).text();
      const headers = { 'content-type': 'application/json' };
      answer.end(await (await fetch(world.embedded.rpcUrl, { method: 'POST', headers, body })).text());
    });
    endpoint.listen(0, '127.0.0.1');
    await once(endpoint, 'listening');
    const url = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}`;
    const ledger = await connectLedger({ url, pin: world.embedded.ledger });
    // It does not lead: what it asks of the chain is what it is asked.
    const patient = await startService(world, { database: service.database, ledger, limits: { answerMs: 200 } });
    isSilent = true;
    const response = patient.get(VERIFY);
    await asked.promise;
    expect(await (await response).json()).toMatchObject({ status: 503, code: 'service.busy' });
    endpoint.closeAllConnections();
    endpoint.close();
    await patient.close();
  });
});

describe('a turn of the event loop', () => {
  const block = (ms: number) => {
    for (const began = performance.now(); performance.now() - began < ms; );
  };
  const turn = () => new Promise((resolve) => setTimeout(resolve, 50));

  it('that takes too long with many requests in it turns the rest away, and the next begins anew', async () => {
    const ending = new AbortController();
    const shedder = createShedder(ending.signal);
    const take = (count: number) => Array.from({ length: count }, () => shedder.isTooMuch());
    expect(take(8)).not.toContain(true);
    block(1_050);
    expect(take(3)).toEqual([true, true, true]);
    await turn();
    expect(take(8)).not.toContain(true);
    block(1_050);
    expect(take(1)).toEqual([true]);
    ending.abort();
    expect(take(1)).toEqual([false]);
  });

  it('that takes long for one piece of work alone turns nobody away', () => {
    const ending = new AbortController();
    const shedder = createShedder(ending.signal);
    block(1_050);
    expect(Array.from({ length: 8 }, () => shedder.isTooMuch())).not.toContain(true);
    ending.abort();
  });
});

describe('the server', () => {
  it('reads no head that is longer than 16 KiB', async () => {
    const served = await serve({
      service: { ...service, start: async () => undefined, stop: async () => undefined },
      port: 0,
    });
    expect((await fetch(`${served.url}/ledger?${'x'.repeat(20_000)}`)).status).toBe(431);
    expect((await fetch(`${served.url}/ledger`, { headers: { 'x-long': 'y'.repeat(20_000) } })).status).toBe(431);
    expect((await fetch(`${served.url}/ledger?${'x'.repeat(8_000)}`)).status).toBe(200);
    await served.close();
  });
});

const server = process.env.DPP_TEST_POSTGRES;

describe.skipIf(server === undefined)('a pool of connections that is used up', () => {
  it('is told as such, and not waited for', async () => {
    const name = `dpp_test_${randomBytes(6).toString('hex')}`;
    const admin = new pg.Client({ connectionString: server });
    await admin.connect();
    await admin.query(`create database ${name}`);
    const url = new URL(name, `${server}/`).href;
    const database = openDatabase({ url, poolSize: 3 });
    const full = await startService(world, { database });
    const held = Promise.withResolvers<void>();
    const holding = Array.from({ length: 3 }, async () => {
      const taken = Promise.withResolvers<void>();
      const transaction = database.db.transaction().execute(async () => {
        taken.resolve();
        await held.promise;
      });
      await taken.promise;
      return { transaction };
    });
    const transactions = await Promise.all(holding);
    const refused = await full.get('/issuers');
    expect(await refused.json()).toMatchObject({ status: 503, code: 'service.not-ready' });
    held.resolve();
    for (const { transaction } of transactions) await transaction;
    expect((await full.get('/issuers')).status).toBe(200);
    await full.close();
    await database.close();
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  });
});
