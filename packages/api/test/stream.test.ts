import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRateLimiter } from '../src/http/limits.ts';
import { streamOf } from '../src/http/lines.ts';
import { type Limits, type Served, serve } from '../src/index.ts';
import { startService, startWorld, type TestIssuer, type TestService, type World } from './support.ts';

let world: World;
let issuer: TestIssuer;
let service: TestService;
let served: Served;
beforeAll(async () => {
  world = await startWorld();
  issuer = await world.createIssuer();
  service = await startService(world, { start: false, batch: { size: 10_000, ageMs: 50 } });
  served = await serve({ service, port: 0 });
  await service.caughtUp();
});
afterAll(async () => {
  await served.close();
  await service.close();
  await world.stop();
});

/** Serves one that is started already. */
const listen = (started: TestService) => serve({ service: { ...started, start: async () => undefined }, port: 0 });

/** Another one on the same database: what is accepted here is anchored by the first. */
const replica = (limits: Partial<Limits> = {}) => startService(world, { database: service.database, limits });

const lineOf = (credential: string) => `${JSON.stringify({ credential })}\n`;

/** Posts a body as it comes, over a real connection; the answers as they come. */
async function* post(
  body: AsyncIterable<string> | Iterable<string>,
  url = served.url,
): AsyncIterable<Record<string, unknown>> {
  async function* lines() {
    yield* body;
  }
  const response = await fetch(`${url}/passports`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: streamOf(lines()),
    duplex: 'half',
  } as RequestInit);
  expect(response.headers.get('content-type')).toBe('application/x-ndjson');
  let rest = '';
  for await (const chunk of response.body ?? []) {
    const lines = (rest + Buffer.from(chunk).toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as Record<string, unknown>;
  }
  expect(rest).toBe('');
}

describe('one credential', () => {
  it('goes from its signature to a verdict', async () => {
    const signed = await issuer.sign();
    const response = await service.post('/passports', 'application/vc+jwt', `${signed.jwt}\n`);
    expect(response.status).toBe(202);
    const answer = (await response.json()) as Record<string, unknown>;
    expect(answer).toMatchObject({ state: 'accepted', cid: signed.cid, anchorBy: expect.stringMatching(/Z$/) });
    expect(await service.until(answer.id, 'final')).toMatchObject({ state: 'final', cid: signed.cid });
    const report = await service.post('/verify', 'application/vc+jwt', signed.jwt);
    expect(await report.json()).toMatchObject({ verdict: 'valid', cid: signed.cid, current: true });
    expect((await service.post('/passports', 'application/vc+jwt', signed.jwt)).status).toBe(200);
    expect((await service.post('/passports', 'application/vc+jwt', 'a.b.c')).status).toBe(422);
  });
});

describe('a stream of credentials', () => {
  it('is answered in order, one answer a line, and anchored', async () => {
    const credentials = await issuer.signMany(600);
    const answers: Record<string, unknown>[] = [];
    for await (const answer of post(credentials.map(({ jwt }) => lineOf(jwt)))) answers.push(answer);
    expect(answers.map(({ cid }) => cid)).toEqual(credentials.map(({ cid }) => cid));
    expect(new Set(answers.map(({ state }) => state))).toEqual(new Set(['accepted']));
    const last = await service.until(answers.at(-1)?.id, 'final');
    expect(last.state).toBe('final');
  });

  it('is answered while it is still being sent', async () => {
    const [first, second] = await issuer.signMany(2);
    const answered = Promise.withResolvers<void>();
    async function* lines() {
      yield lineOf(first?.jwt ?? '');
      // The second is sent only once the first was answered.
      await answered.promise;
      yield lineOf(second?.jwt ?? '');
    }
    const cids: unknown[] = [];
    for await (const { cid } of post(lines())) {
      cids.push(cid);
      answered.resolve();
    }
    expect(cids).toEqual([first?.cid, second?.cid]);
  });

  it('goes on after lines that cannot be read, whatever they are cut into', async () => {
    const [good] = await issuer.signMany(1);
    const text = `\n{"credential":1}\nnonsense\n${lineOf(good?.jwt ?? '')}${lineOf('x'.repeat(1_100_000))}{"credential":"a","credential":"b"}\r\n${lineOf(good?.jwt ?? '').trim()}`;
    function* pieces() {
      for (let at = 0; at < text.length; at += 60_001) yield text.slice(at, at + 60_001);
    }
    const answers: Record<string, unknown>[] = [];
    for await (const answer of post(pieces())) answers.push(answer);
    expect(answers.map(({ state, code }) => code ?? state)).toEqual([
      'input.shape',
      'input.json',
      'accepted',
      'input.too-large',
      'input.json',
      'duplicate',
    ]);
  });

  it('of nothing is answered with nothing', async () => {
    for await (const answer of post([''])) throw new Error(`an answer to nothing: ${answer.cid}`);
  });

  it('is closed, with a last line that says so, when the sender falls silent', async () => {
    const impatient = await replica({ silenceMs: 50 });
    const there = await listen(impatient);
    const [good] = await issuer.signMany(1);
    const silence = Promise.withResolvers<void>();
    async function* lines() {
      yield lineOf(good?.jwt ?? '');
      await silence.promise;
    }
    const answers: Record<string, unknown>[] = [];
    for await (const answer of post(lines(), there.url)) {
      answers.push(answer);
      if (answer.state === 'failed') silence.resolve();
    }
    expect(answers).toMatchObject([{ state: 'accepted' }, { state: 'failed', code: 'service.timeout' }]);
    await there.close();
    await impatient.close();
  });

  it('waits where the issuer is faster than its rate', async () => {
    const slow = await replica({ issuer: { perSecond: 100, burst: 4 } });
    const [first, second] = [await issuer.signMany(14), await issuer.signMany(2)];
    await slow.submit(first);
    const began = performance.now();
    expect((await slow.submit(second)).map(({ state }) => state)).toEqual(['accepted', 'accepted']);
    expect(performance.now() - began).toBeGreaterThan(80);
    await slow.close();
  });

  it('one by one waits itself, as it is told', async () => {
    const slow = await replica({ issuer: { perSecond: 0.01, burst: 1 } });
    const [first, second] = await issuer.signMany(2);
    expect((await slow.post('/passports', 'application/vc+jwt', first?.jwt ?? '')).status).toBe(202);
    const refused = await slow.post('/passports', 'application/vc+jwt', second?.jwt ?? '');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(1);
    expect(await refused.json()).toMatchObject({ status: 429, code: 'service.rate-limited' });
    await slow.close();
  });

  it('is turned away at once where too much waits', async () => {
    // Its own database, where no batch is formed: what is accepted goes on waiting.
    const full = await startService(world, { limits: { waiting: 2 }, batch: { size: 10_000, ageMs: 3_600_000 } });
    const accepted = await full.submit(await issuer.signMany(2));
    expect(accepted.map(({ state }) => state)).toEqual(['accepted', 'accepted']);
    const [single] = await issuer.signMany(1);
    const response = await full.post('/passports', 'application/vc+jwt', single?.jwt ?? '');
    expect(await response.json()).toMatchObject({ status: 503, code: 'service.busy' });
    expect(await full.submit(await issuer.signMany(1))).toMatchObject([{ state: 'failed', code: 'service.busy' }]);
    await full.close();
  });

  it('is ended, with a last line that says so, when the service is stopped', async () => {
    const ending = await replica();
    const there = await listen(ending);
    const [good] = await issuer.signMany(1);
    const stopped = Promise.withResolvers<void>();
    async function* lines() {
      yield lineOf(good?.jwt ?? '');
      await stopped.promise;
    }
    const answers: Record<string, unknown>[] = [];
    let closing: Promise<void> | undefined;
    for await (const answer of post(lines(), there.url)) {
      answers.push(answer);
      if (answer.state === 'accepted') closing = there.close();
      else stopped.resolve();
    }
    expect(answers).toMatchObject([{ state: 'accepted' }, { state: 'failed', code: 'service.busy' }]);
    await closing;
  });

  it('is one of so many, and no more', async () => {
    const few = await replica({ streams: 0 });
    const response = await few.post('/passports', 'application/x-ndjson', '');
    expect(await response.json()).toMatchObject({ status: 503, code: 'service.busy' });
    await few.close();
  });
});

describe('the server', () => {
  it('finishes what is being answered before it ends', async () => {
    const ending = await replica();
    const there = await listen(ending);
    const [good] = await issuer.signMany(1);
    const begun = Promise.withResolvers<void>();
    const answer = new Promise<string>((resolve, reject) => {
      const req = request(
        `${there.url}/passports`,
        { method: 'POST', headers: { 'content-type': 'application/vc+jwt' } },
        async (res) => {
          let body = '';
          for await (const chunk of res) body += chunk;
          resolve(body);
        },
      );
      req.on('error', reject);
      req.write(good?.jwt.slice(0, 100) ?? '', () => begun.resolve());
      begun.promise.then(() => {
        const closing = there.close();
        req.end(good?.jwt.slice(100));
        return closing;
      }, reject);
    });
    expect(JSON.parse(await answer)).toMatchObject({ state: 'accepted' });
    await ending.close();
  });

  it('answers loopback only, unless told otherwise', () => {
    expect(new URL(served.url).hostname).toBe('127.0.0.1');
  });

  it('says which port it cannot have', async () => {
    const other = await replica();
    await expect(serve({ service: other, port: served.port })).rejects.toMatchObject({ code: 'service.unreachable' });
    await other.close();
  });
});

describe('too many requests', () => {
  it('of one client are told to wait', async () => {
    const strict = await replica({ client: { perSecond: 0.01, burst: 2 }, clientOf: (c) => c.req.header('x-client') });
    const statuses: number[] = [];
    for (const client of ['a', 'a', 'a', 'b'])
      statuses.push((await strict.get('/ledger', { 'x-client': client })).status);
    expect(statuses).toEqual([200, 200, 429, 200]);
    await strict.close();
  });

  it('at once are turned away quickly', async () => {
    const small = await replica({ requests: 1 });
    const answers = await Promise.all([small.get('/issuers'), small.get('/issuers'), small.get('/issuers')]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 503, 503]);
    expect(await answers.find(({ status }) => status === 503)?.json()).toMatchObject({ code: 'service.busy' });
    await small.close();
  });
});

describe('a rate', () => {
  it('lets bursts through and then so many a second', () => {
    let now = 0;
    const limiter = createRateLimiter({ perSecond: 10, burst: 5 }, () => now);
    expect(limiter.take('a', 5)).toBe(0);
    expect(limiter.take('a')).toBe(100);
    expect(limiter.take('b')).toBe(0);
    now += 100;
    expect(limiter.take('a')).toBe(0);
    now += 10_000;
    // More than a bucket holds is let through once it is full, and paid for afterwards.
    expect(limiter.take('a', 8)).toBe(0);
    expect(limiter.take('a')).toBe(400);
  });
});
