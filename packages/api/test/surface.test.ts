/** HTTP as clients, caches and other programs rely on it. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { acts, calls } from '@dpp-ledger/sdk/ledger';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeInterface } from '../src/http/openapi.ts';
import { serve } from '../src/http/serve.ts';
import {
  GTIN,
  MODEL,
  PUBLIC_URL,
  startService,
  startWorld,
  type TestIssuer,
  type TestService,
  type World,
} from './support.ts';

let world: World;
let issuer: TestIssuer;
let others: TestIssuer[];
let service: TestService;
type Signed = Awaited<ReturnType<TestIssuer['sign']>>;
let first: Signed;
let item: string;

beforeAll(async () => {
  world = await startWorld();
  issuer = await world.createIssuer();
  others = [await world.createIssuer(), await world.createIssuer()];
  service = await startService(world);
  first = await issuer.sign();
  item = (JSON.parse(Buffer.from(first.jwt.split('.')[1] ?? '', 'base64url').toString()) as Claims).credentialSubject
    .id;
  for (const batch of [[first, ...(await issuer.signMany(4))], await issuer.signMany(2), await issuer.signMany(2)]) {
    const answers = await service.submit(batch);
    await Promise.all(answers.map(({ id }) => service.until(id, 'final')));
  }
  await service.inStep();
});
afterAll(async () => {
  await service.close();
  await world.stop();
});

interface Claims {
  readonly credentialSubject: { readonly id: string };
}
interface Page {
  readonly items: readonly Record<string, unknown>[];
  readonly next?: string;
}

const ask = (path: string, init?: RequestInit) => service.app.request(`${PUBLIC_URL}${path}`, init);

describe('methods', () => {
  it.each([
    ['DELETE', '/passports', 'GET, POST, HEAD, OPTIONS'],
    ['PUT', '/ledger', 'GET, HEAD, OPTIONS'],
    ['GET', '/relay', 'POST, OPTIONS'],
    ['HEAD', '/relay', 'POST, OPTIONS'],
    ['POST', `/01/${GTIN}/21/A7K2`, 'GET, HEAD, OPTIONS'],
    ['PATCH', '/view/journal', 'GET, HEAD, OPTIONS'],
  ])('answers %s %s with 405 and what there is', async (method, path, allow) => {
    const response = await ask(path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe(allow);
    if (method !== 'HEAD') expect(await response.json()).toMatchObject({ code: 'service.method', status: 405 });
  });

  it('answers OPTIONS with what there is, and 404 where there is nothing', async () => {
    const options = await ask('/verify', { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, POST, HEAD, OPTIONS']);
    expect((await ask('/nowhere', { method: 'OPTIONS' })).status).toBe(404);
    expect((await ask('/nowhere', { method: 'DELETE' })).status).toBe(404);
  });

  it('answers HEAD as GET, without the body', async () => {
    for (const path of [
      '/ledger',
      `/passports/${first.cid}`,
      `/ipfs/${first.cid}`,
      `/01/${GTIN}/21/NONE?linkType=all`,
      '/journal',
      '/nowhere',
    ]) {
      const [get, head] = [await ask(path), await ask(path, { method: 'HEAD' })];
      const compared = ({ status, headers }: Response) => [status, headers.get('etag'), headers.get('content-type')];
      expect(compared(head)).toEqual(compared(get));
      expect(await head.text()).toBe('');
      await get.body?.cancel();
    }
  });

  it('lets pages of any origin read and post, and says what they may read of an answer', async () => {
    const preflight = await ask('/passports', {
      method: 'OPTIONS',
      headers: {
        origin: 'https://elsewhere.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect(preflight.headers.get('access-control-allow-methods')).toContain('POST');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('content-type');
    for (const path of ['/ledger', '/nowhere']) {
      const answer = await ask(path, { headers: { origin: 'https://elsewhere.example' } });
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      expect(answer.headers.get('access-control-expose-headers')).toContain('etag');
    }
  });
});

describe('negotiation', () => {
  it.each([
    ['/ledger', 'text/csv', 406],
    ['/ledger', 'application/json;q=0, text/csv', 406],
    ['/ledger', 'application/*', 200],
    ['/ledger', 'text/html, */*;q=0.1', 200],
    ['/ledger', 'application/json;q=0, */*', 406],
    ['/passports/{cid}', 'application/vc+jwt', 200],
    ['/passports/{cid}', 'application/json', 200],
    ['/passports/{cid}', 'text/csv', 406],
    ['/ipfs/{cid}', 'application/json', 406],
    [`/label?uri=${GTIN}&format=png`, 'text/csv', 200],
    [`/01/${GTIN}/21/NONE`, 'text/csv', 404],
  ])('gives %s to who accepts "%s": %i', async (path, accept, status) => {
    const response = await ask(path.replace('{cid}', first.cid), { headers: { accept } });
    expect(response.status).toBe(status);
    if (path === '/passports/{cid}' && status === 200)
      expect(response.headers.get('content-type')).toBe('application/vc+jwt');
    if (status === 406) expect(await response.json()).toMatchObject({ code: 'service.not-acceptable' });
  });

  it('gives the linkset to who asks for it by its name, whatever they accept', async () => {
    const path = new URL(item).pathname;
    for (const [query, accept] of [
      ['?linkType=all', 'application/json'],
      ['?linkType=linkset', 'text/html'],
      ['', 'application/linkset+json'],
    ]) {
      const response = await ask(`${path}${query}`, { headers: { accept: String(accept) } });
      expect(response.headers.get('content-type')).toBe('application/linkset+json');
      expect(await response.json()).toMatchObject({ linkset: [{ anchor: expect.any(String) }] });
    }
  });

  it('says that a resolver’s answer depends on what is accepted', async () => {
    const path = new URL(item).pathname;
    for (const accept of ['*/*', 'application/linkset+json', 'application/vc+jwt']) {
      expect((await ask(path, { headers: { accept } })).headers.get('vary')).toMatch(/\baccept\b(?!-)/);
    }
  });
});

describe('what is kept', () => {
  it.each([
    [() => `/passports/${first.cid}`, 'immutable'],
    [() => `/ipfs/${first.cid}`, 'immutable'],
    [() => '/journal/2?size=5', 'immutable'],
    [() => '/journal?from=2&limit=3', 'immutable'],
    [() => '/tree-head?size=5&first=2', 'immutable'],
    [() => '/contexts/v1', 'immutable'],
    [() => '/journal/2', 'no-cache'],
    [() => '/journal?from=2', 'no-cache'],
    [() => '/tree-head', 'no-cache'],
    [() => '/ledger', 'no-cache'],
    [() => `/evidence/${first.cid}`, 'no-cache'],
    [() => `/verify?uri=${encodeURIComponent(item)}`, 'no-store'],
    [() => '/healthz', 'no-store'],
    [() => '/nowhere', 'no-store'],
  ])('%o may be kept: %s', async (path, how) => {
    const response = await ask(path());
    expect(response.headers.get('cache-control')).toContain(how);
    await response.body?.cancel();
  });

  it('keeps no answer about a size that a reorganisation may still take back', async () => {
    const early = await startService(world, { ledger: await world.connect({ confirmations: 10_000 }) });
    expect((await early.get('/journal/2?size=5')).headers.get('cache-control')).toBe('no-cache');
    expect((await early.get('/tree-head?size=5')).headers.get('cache-control')).toBe('no-cache');
    await early.close();
  });

  it('says nothing that moves of a size that was asked for', async () => {
    const before = await (await ask('/tree-head?size=5')).json();
    await issuer.revoke([9]);
    await service.inStep();
    expect(await (await ask('/tree-head?size=5')).json()).toEqual(before);
  });

  it('is not sent again to who has it', async () => {
    const { headers } = await ask('/ledger');
    const etag = headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]+"$/);
    for (const match of [etag, `W/${etag}`, `"other", W/${etag}`, '*', `"a,b" , ${etag}`]) {
      const again = await ask('/ledger', { headers: { 'if-none-match': match } });
      expect([match, again.status, await again.text()]).toEqual([match, 304, '']);
      expect(again.headers.get('etag')).toBe(etag);
      expect(again.headers.get('cache-control')).toBe('no-cache');
    }
    for (const match of ['"other"', etag.slice(0, -2), '']) {
      expect((await ask('/ledger', { headers: { 'if-none-match': match } })).status).toBe(200);
    }
    const missing = await ask('/problems/no-such-code', { headers: { 'if-none-match': '*' } });
    expect(missing.status).toBe(404);
  });
});

describe('content codings', () => {
  it('codes what is long and text, and says that it did', async () => {
    const whole = await (await ask('/openapi.json')).text();
    for (const [accept, coding, decode] of [
      ['gzip', 'gzip', gunzipSync],
      ['gzip, deflate, br', 'br', brotliDecompressSync],
      ['br;q=0, gzip;q=0.5', 'gzip', gunzipSync],
      ['*', 'br', brotliDecompressSync],
    ] as const) {
      const response = await ask('/openapi.json', { headers: { 'accept-encoding': accept } });
      expect(response.headers.get('content-encoding')).toBe(coding);
      expect(response.headers.get('vary')).toContain('accept-encoding');
      const bytes = Buffer.from(await response.arrayBuffer());
      expect(response.headers.get('content-length')).toBe(String(bytes.length));
      expect(bytes.length).toBeLessThan(whole.length / 3);
      expect(decode(bytes).toString()).toBe(whole);
      // Other bytes than the whole's: only weakly the same.
      const etag = response.headers.get('etag') ?? '';
      expect(etag).toMatch(/^W\//);
      expect((await ask('/openapi.json', { headers: { 'if-none-match': etag } })).status).toBe(304);
    }
  });

  it.each([
    [() => '/problems/issuer.grant', 'gzip', 'short'],
    [() => `/label?uri=${GTIN}&format=png&scale=32`, 'gzip', 'compressed already'],
    [() => `/ipfs/${first.cid}`, 'gzip', 'to be checked byte by byte'],
    [() => '/openapi.json', 'gzip;q=0', 'not wanted so'],
    [() => '/openapi.json', 'zstd', 'in no coding that is known here'],
  ])('leaves %o as it is for "%s": it is %s', async (path, accept) => {
    const response = await ask(path(), { headers: { 'accept-encoding': accept } });
    expect([response.status, response.headers.get('content-encoding')]).toEqual([200, null]);
    await response.body?.cancel();
  });

  it('codes the journal as it is read', async () => {
    const whole = await (await ask('/journal')).text();
    const response = await ask('/journal', { headers: { 'accept-encoding': 'gzip, br' } });
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(gunzipSync(Buffer.from(await response.arrayBuffer())).toString()).toBe(whole);
  });

  it('takes credentials as gzip, and answers their lines uncoded', async () => {
    const credentials = await issuer.signMany(3);
    const lines = credentials.map(({ jwt }) => `${JSON.stringify({ credential: jwt })}\n`).join('');
    const post = (body: Uint8Array<ArrayBuffer>, type: string, coding = 'gzip') =>
      ask('/passports', {
        method: 'POST',
        headers: { 'content-type': type, 'content-encoding': coding, 'accept-encoding': 'gzip' },
        body,
      });
    const response = await post(new Uint8Array(gzipSync(lines)), 'application/x-ndjson');
    expect(response.headers.get('content-encoding')).toBeNull();
    const answers = (await response.text()).trim().split('\n');
    expect(answers.map((line) => JSON.parse(line))).toMatchObject([1, 2, 3].map(() => ({ state: 'accepted' })));
    const one = await post(new Uint8Array(gzipSync(credentials[0]?.jwt ?? '')), 'application/vc+jwt');
    expect(await one.json()).toMatchObject({ state: 'duplicate' });

    const bad = await post(new TextEncoder().encode('not gzip'), 'application/vc+jwt');
    expect(await bad.json()).toMatchObject({ status: 400, code: 'input.encoding' });
    const other = await post(new TextEncoder().encode(lines), 'application/x-ndjson', 'zstd');
    expect(await other.json()).toMatchObject({ status: 415, code: 'service.media-type' });
  });

  it('reads no body that grows as only a trap does', async () => {
    const trap = new Uint8Array(gzipSync(Buffer.alloc(64 * 1024 * 1024, 'a')));
    const headers = { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' };
    const response = await ask('/passports', { method: 'POST', headers, body: trap });
    const last = (await response.text()).trim().split('\n').at(-1) ?? '';
    expect(JSON.parse(last)).toMatchObject({ state: 'failed', code: 'input.too-large' });
    const single = await ask('/passports', {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/vc+jwt' },
      body: trap,
    });
    expect(await single.json()).toMatchObject({ status: 413, code: 'input.too-large' });
  });
});

describe('lists', () => {
  async function readAll(path: string): Promise<Record<string, unknown>[]> {
    const all: Record<string, unknown>[] = [];
    for (let at: string | undefined = path; at !== undefined; ) {
      const response = await ask(at);
      const { items, next } = (await response.json()) as Page;
      all.push(...items);
      const link = /^<([^>]+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1];
      expect(link === undefined).toBe(next === undefined);
      at = link;
    }
    return all;
  }

  it('goes through every list page by page, to the same as at once', async () => {
    for (const path of ['/issuers', '/batches', `/batches?issuer=${encodeURIComponent(issuer.id)}`]) {
      const at = (limit: number) => `${path}${path.includes('?') ? '&' : '?'}limit=${limit}`;
      const whole = (await service.getJson(at(1_000))) as unknown as Page;
      expect(whole.items.length).toBeGreaterThan(2);
      expect(await readAll(at(1))).toEqual(whole.items);
      expect(await readAll(at(2))).toEqual(whole.items);
    }
    expect((await readAll('/issuers?limit=2')).map((one) => one.issuer)).toEqual(
      [issuer, ...others].map(({ id }) => id),
    );
  });

  it('neither repeats nor hides anything where something is added meanwhile', async () => {
    const page = (await service.getJson('/batches?limit=2')) as unknown as Page;
    const before = (await service.getJson('/batches?limit=1000')) as unknown as Page;
    const [answer] = await service.submit([await issuer.sign()]);
    await service.until(answer?.id, 'final');
    await service.inStep();
    expect(await readAll(`/batches?limit=2&cursor=${page.next}`)).toEqual(before.items.slice(2));
  });

  it('refuses a cursor that it did not give', async () => {
    const { next } = (await service.getJson('/batches?limit=1')) as unknown as Page;
    const encode = (text: string) => Buffer.from(text).toString('base64url');
    for (const cursor of [
      'x',
      '***',
      '',
      `${next}A`,
      String(next).toLowerCase(),
      encode('anchors:'),
      encode('anchors:-1'),
      encode('anchors:01'),
      encode('anchors:9999999999999999'),
      encode('anchors:1.1'),
      encode('issuers:1'),
      encode("anchors:1' or true"),
    ]) {
      const response = await ask(`/batches?cursor=${encodeURIComponent(cursor)}`);
      expect([cursor, response.status]).toEqual([cursor, 400]);
      expect(await response.json()).toMatchObject({ code: 'input.shape' });
    }
    const beyond = `/passports?subject=${encodeURIComponent(MODEL)}&cursor=${encode('versions:1.99999999999')}`;
    expect((await ask(beyond)).status).toBe(400);
  });
});

describe('an issuer’s DID document', () => {
  it('has the keys that sign its credentials, and none that is compromised', async () => {
    const added = await issuer.addKey(['assert']);
    await issuer.addKey(['operate']);
    const stolen = await issuer.addKey(['assert']);
    const marked = await issuer.relay([acts.markCompromised({ key: stolen.keyId, since: 1 })]);
    await world.relayer.send(calls.relay(marked));
    await service.inStep();
    const document = await service.getJson(`/issuers/${encodeURIComponent(issuer.id)}/did.json`);
    const named = [issuer.signer, added].map(({ keyId }) => `${issuer.id}#${keyId}`);
    expect(document).toMatchObject({
      id: issuer.id,
      verificationMethod: [
        { id: named[0], type: 'JsonWebKey', controller: issuer.id, publicKeyJwk: { kty: 'EC', crv: 'P-256' } },
        { id: named[1], publicKeyJwk: { kty: added.key.kty, x: added.key.x } },
      ],
      assertionMethod: named,
    });
    expect(document.verificationMethod).toHaveLength(2);
    expect((await ask('/issuers/did:web:nobody.example/did.json')).status).toBe(404);
  });
});

describe('the document', () => {
  it('is what is served, and names every path that programs use', async () => {
    const document = describeInterface();
    expect(await service.getJson('/openapi.json')).toEqual(JSON.parse(JSON.stringify(document)));
    const routed = service.app.routes
      .filter(({ method, path }) => /^(?:GET|POST)$/.test(method) && !/^\/(?:$|view\/|docs)|\*/.test(path))
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)(?:\{[^}]*\})?/g, '{$1}')}`);
    const described = Object.entries(document.paths ?? {}).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    // Labels are resolved by what stands for every Digital Link.
    expect(new Set(described.filter((name) => !name.startsWith('GET /01/')))).toEqual(new Set(routed));
  });

  it('is a valid one, and the committed one', async () => {
    const document = JSON.parse(JSON.stringify(describeInterface())) as Record<string, unknown>;
    expect(await new Validator().validate(structuredClone(document))).toMatchObject({ valid: true });
    const committed = await readFile(new URL('../../../docs/openapi.json', import.meta.url), 'utf8');
    expect(JSON.parse(committed)).toEqual(document);
  });

  it('says the shape of every line of the journal', async () => {
    const ajv = addFormats.default(new Ajv.default({ strict: false }));
    ajv.addSchema({ ...describeInterface(), $id: 'https://dpp.example/openapi' });
    const isEntry = ajv.compile({ $ref: 'https://dpp.example/openapi#/components/schemas/JournalEntry' });
    const lines = (await (await ask('/journal')).text()).trim().split('\n');
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) expect([isEntry(JSON.parse(line)), isEntry.errors]).toEqual([true, null]);
  });
});

describe('what is no request', () => {
  it('is refused in the same form', async () => {
    const other = await startService(world, { start: false });
    const served = await serve({ service: other, port: 0 });
    const send = async (text: string) => {
      const socket = connect(served.port, '127.0.0.1');
      socket.end(text);
      let answer = '';
      socket.setEncoding('utf8').on('data', (chunk: string) => {
        answer += chunk;
      });
      await once(socket, 'close');
      return answer;
    };
    const long = await send(`GET /ledger?x=${'x'.repeat(20_000)} HTTP/1.1\r\nhost: a\r\n\r\n`);
    expect(long).toMatch(/^HTTP\/1\.1 431 /);
    expect(long).toContain('"code":"input.too-large"');
    const rubbish = await send('rubbish\r\n\r\n');
    expect(rubbish).toMatch(/^HTTP\/1\.1 400 /);
    expect(rubbish).toContain('application/problem+json');
    await served.close();
    await other.close();
  });
});
