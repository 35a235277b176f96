/** What hostile senders send to the doors of the service, and what it never does for them: ask elsewhere, unpack without end, fail. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { formatLedger } from '@dpp-ledger/core/credential';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Served, serve } from '../src/http/serve.ts';
import {
  GTIN,
  MODEL,
  newSerial,
  startService,
  startWorld,
  type TestIssuer,
  type TestService,
  type World,
} from './support.ts';

let world: World;
let issuer: TestIssuer;
let service: TestService;
let served: Served;
let canary: Server;
let canaryUrl: string;
/** Connections, not requests: whoever only looks has come already. */
let visitors = 0;

beforeAll(async () => {
  world = await startWorld();
  issuer = await world.createIssuer();
  service = await startService(world);
  served = await serve({ service, port: 0 });
  canary = createServer((_, response) => response.end('{}')).on('connection', () => {
    visitors += 1;
  });
  canary.listen(0, '127.0.0.1');
  await once(canary, 'listening');
  canaryUrl = `http://127.0.0.1:${(canary.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await served.close();
  canary.closeAllConnections();
  canary.close();
  await service.close();
  await world.stop();
});

const ask = (path: string, init?: RequestInit) => fetch(served.url + path, { redirect: 'manual', ...init });
const post = (path: string, type: string, body: BodyInit, headers: Record<string, string> = {}) =>
  ask(path, { method: 'POST', headers: { 'content-type': type, ...headers }, body });

/** A request as it is written, so that nothing on the way makes it polite; the status, or how the connection ended. */
async function write(text: string | Buffer): Promise<string> {
  const socket = connect(served.port, '127.0.0.1');
  socket.end(text);
  let answer = '';
  for await (const chunk of socket) answer += chunk;
  return answer.split('\r\n', 1)[0] ?? '';
}
const get = (target: string | Buffer) =>
  write(
    Buffer.concat([
      Buffer.from('GET '),
      Buffer.from(target),
      Buffer.from(' HTTP/1.1\r\nhost: dpp.example\r\nconnection: close\r\n\r\n'),
    ]),
  );

describe('a passport full of URLs', () => {
  it('is accepted, shown, resolved and verified without asking any of them', async () => {
    const url = (name: string) => `${canaryUrl}/${name}`;
    const { jwt, cid } = await issuer.sign({
      '@context': [
        'https://www.w3.org/ns/credentials/v2',
        'https://vocabulary.uncefact.org/untp/0.7.0/context/',
        url('context'),
      ],
      id: url('credential'),
      issuer: {
        ...{ type: ['CredentialIssuer'], id: issuer.id, name: 'Maker', url: url('issuer'), image: { id: url('logo') } },
        issuerAlsoKnownAs: [{ type: ['Party'], id: `did:web:127.0.0.1%3A${new URL(canaryUrl).port}`, name: 'Alias' }],
      },
      credentialSchema: { id: url('schema'), type: 'JsonSchema' },
      termsOfUse: { id: url('terms'), type: 'Terms' },
      evidence: { id: url('evidence'), type: 'Evidence' },
      refreshService: { id: url('refresh'), type: 'Refresh' },
      relatedResource: [{ id: url('resource'), digestSRI: 'sha384-x' }],
      renderMethod: [{ id: url('template'), type: 'WebRenderingTemplate2022', url: url('template') }],
      credentialStatus: {
        ...{ id: `${formatLedger(world.reader.id)}#status-${issuer.list}-77`, type: 'BitstringStatusListEntry' },
        ...{ statusPurpose: 'revocation', statusListIndex: 77, statusListCredential: url('status') },
      },
      credentialSubject: {
        ...{ type: ['Product'], id: `${MODEL}/21/${newSerial()}`, name: 'Laptop 14', idGranularity: 'item' },
        productImage: { id: url('image'), linkURL: url('image'), name: 'x' },
        description: `<img src="${url('img')}"><script src="${url('script')}"></script>`,
        relatedParty: [{ role: 'x', party: { id: url('party'), name: 'Party' } }],
        performanceClaim: [{ id: url('claim'), evidence: [{ linkURL: url('claim-evidence') }] }],
        characteristics: { documents: [{ href: url('document'), url: url('document') }] },
      },
    });
    const [answer] = (
      await (await post('/passports', 'application/x-ndjson', `${JSON.stringify({ credential: jwt })}\n`)).text()
    )
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answer, JSON.stringify(answer)).toMatchObject({ cid, state: 'accepted' });
    expect(await service.until(answer.id, 'final')).toMatchObject({ state: 'final' });
    await service.inStep();
    const { credentialSubject } = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());
    const { pathname } = new URL(credentialSubject.id);
    const paths = [
      `/passports/${cid}`,
      `/evidence/${cid}`,
      `/ipfs/${cid}`,
      pathname,
      `${pathname}?linkType=all`,
      `/resolve?uri=${encodeURIComponent(credentialSubject.id)}`,
      `/resolve?uri=${encodeURIComponent(url('resolve'))}`,
      `/verify?uri=${encodeURIComponent(credentialSubject.id)}`,
      `/verify?uri=${encodeURIComponent(url('verify'))}`,
      `/label?uri=${encodeURIComponent(url('label'))}`,
      `/status/${encodeURIComponent(issuer.id)}/${issuer.list}`,
      `/issuers/${encodeURIComponent(issuer.id)}`,
      `/issuers/${encodeURIComponent(`did:web:127.0.0.1%3A${new URL(canaryUrl).port}`)}`,
      `/passports?subject=${encodeURIComponent(credentialSubject.id)}`,
    ];
    for (const path of paths) {
      for (const accept of ['application/json', 'text/html', '*/*']) {
        const response = await ask(path, { headers: { accept } });
        expect(response.status, `${path} as ${accept}`).toBeLessThan(500);
        const location = response.headers.get('location');
        // Where it sends people is its own, whatever a passport names.
        if (location !== null) expect(new URL(location).origin).toBe('https://dpp.example');
        await response.arrayBuffer();
      }
    }
    const page = await ask(`/view/passports?uri=${encodeURIComponent(credentialSubject.id)}`, {
      headers: { accept: 'text/html' },
    });
    expect(await page.text()).not.toContain('<script src=');
    const evidence = await (await ask(`/evidence/${cid}`)).text();
    const verdict = await post('/verify', 'application/json', evidence);
    expect(await verdict.json()).toMatchObject({ verdict: 'valid' });
    expect(visitors).toBe(0);
    // The canary does sing.
    await fetch(canaryUrl);
    expect(visitors).toBe(1);
  });
});

describe('bodies', () => {
  const BOMB = gzipSync(Buffer.alloc(64 * 1024 * 1024));

  it.each(['/passports', '/verify', '/relay'])(
    'that unpack to a thousand times their size are refused at %s',
    async (path) => {
      const types = path === '/passports' ? ['application/x-ndjson', 'application/vc+jwt'] : ['application/json'];
      for (const type of types) {
        const response = await post(path, type, BOMB, { 'content-encoding': 'gzip' });
        const text = await response.text();
        expect([200, 413]).toContain(response.status);
        expect(text).toContain('input.too-large');
      }
    },
  );

  it.each(['br', 'deflate', 'zstd', 'gzip, gzip', 'compress'])('coded as %s are refused unread', async (coding) => {
    for (const path of ['/passports', '/verify', '/relay']) {
      const type = path === '/passports' ? 'application/vc+jwt' : 'application/json';
      const response = await post(path, type, brotliCompressSync(Buffer.from('{}')), { 'content-encoding': coding });
      expect([response.status, (await response.json()).code]).toEqual([415, 'service.media-type']);
    }
  });

  const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
  const JSONS: readonly (readonly [what: string, body: string | Buffer])[] = [
    ['nesting without end', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['objects without end', deep(100_000)],
    ['a number larger than any', '{"credential":1e999}'],
    ['a number of a million digits', `{"credential":${'9'.repeat(1_000_000)}}`],
    ['the same key twice', '{"credential":"a","credential":"b"}'],
    ['the key of all objects', '{"__proto__":{"credential":"a"}}'],
    ['their constructor', '{"constructor":{"prototype":{"credential":"a"}}}'],
    ['bytes that are no UTF-8', Buffer.from('7b2263726564656e7469616c223a22fffe227d', 'hex')],
    ['half of a character', Buffer.from('7b2263726564656e7469616c223a22c3227d', 'hex')],
    ['an overlong slash', Buffer.from('7b2263726564656e7469616c223a22c0af227d', 'hex')],
    ['half of a surrogate pair', '{"credential":"\\ud800"}'],
    ['a null in a text', '{"credential":"a\\u0000b"}'],
    ['a mark of byte order', '\ufeff{"credential":"a"}'],
    ['a list', '[]'],
    ['null', 'null'],
    ['nothing', ''],
  ];

  it.each(JSONS)('with %s are refused, by a code, at every door', async (_, body) => {
    for (const path of ['/verify', '/relay']) {
      const response = await post(path, 'application/json', body as BodyInit);
      expect(response.status, path).toBeGreaterThanOrEqual(path === '/verify' ? 200 : 400);
      expect(response.status, path).toBeLessThan(500);
      const answer = await response.json();
      if (response.status < 300) expect(answer.verdict).not.toBe('valid');
      else expect(answer.code).toMatch(/^(?:input|service|credential)\./);
    }
    const lines = await (
      await post('/passports', 'application/x-ndjson', Buffer.concat([Buffer.from(body), Buffer.from('\n')]))
    ).text();
    for (const line of lines.split('\n').filter((each) => each !== '')) {
      expect(JSON.parse(line)).toMatchObject({
        state: 'refused',
        code: expect.stringMatching(/^(?:input|credential)\./),
      });
    }
    const bare = await post('/passports', 'application/vc+jwt', body as BodyInit);
    expect([bare.status >= 400, bare.status < 500]).toEqual([true, true]);
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('credential');
  });
});

describe('paths', () => {
  let cid: string;
  beforeAll(async () => {
    cid = (await issuer.sign()).cid;
  });

  it.each([
    '/ipfs/../../../../etc/passwd',
    '/ipfs/%2e%2e/%2e%2e/etc/passwd',
    '/ipfs/..%2f..%2fetc%2fpasswd',
    '/ipfs/..%5c..%5cetc%5cpasswd',
    '/passports/..%2f..%2fetc%2fpasswd',
    '/passports/%00',
    '/evidence/%252e%252e%252fetc',
    '/log/..%2f..%2fservice.jwk.json',
    '/log/tile/../../../service.jwk.json',
    '/log/tile/entries/..%2f..%2f..',
    '/log/tile/0/x000/../../..',
    '/docs/..%2f..%2fpackage.json',
    '/docs/%2e%2e/%2e%2e/package.json',
    '//etc/passwd',
    '/%c0%ae%c0%ae/etc/passwd',
    '/%ff%fe',
    '/%',
    '/%zz',
    `/01/${GTIN}/21/..%2f..%2fetc`,
    `/01/${GTIN}/21/%00`,
    `/01/${GTIN}/21/${'A'.repeat(3_000)}`,
    'http://169.254.169.254/latest/meta-data/',
    '*',
  ])('%s leads to nothing, and breaks nothing', async (path) => {
    const status = await get(path);
    expect(status).toMatch(/^HTTP\/1\.1 (?:400|404|405)/);
  });

  it.each([
    ['another codec', () => `bagaaiera${'a'.repeat(50)}`],
    ['another version', () => 'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG'],
    ['an identity hash', () => 'bafkqabtimvwgy3yk'],
    ['another base', () => `z${cid.slice(1)}`],
    ['upper case', () => cid.toUpperCase()],
    ['a letter that looks the same', () => `${cid.slice(0, 9)}а${cid.slice(10)}`],
    ['a full-width letter', () => cid.replace('b', 'ｂ')],
    ['a space after it', () => `${cid} `],
    ['a null after it', () => `${cid}\0`],
  ])('a CID with %s is none', async (_, spell) => {
    for (const door of ['/passports/', '/evidence/', '/ipfs/']) {
      const response = await ask(door + encodeURIComponent(spell()));
      expect([response.status, (await response.json()).code]).toEqual([400, 'input.encoding']);
    }
  });

  it.each([
    ['a Cyrillic letter in a host', 'https://maker.exаmple/m/1'],
    ['a full-width digit', 'https://id.gs1.org/０１/09521234000013'],
    ['Arabic digits', 'https://id.gs1.org/01/٠٩٥٢١٢٣٤٠٠٠٠١٣'],
    ['a space of no width', 'https://id.gs1.org/01/09521234000013/21/A\u200b7'],
    ['letters from right to left', 'https://id.gs1.org/01/09521234000013/21/A\u202e7'],
    ['a letter with a mark of its own', 'https://id.gs1.org/01/09521234000013/21/e\u0301'],
    ['a user before its host', 'https://id.gs1.org@evil.example/01/09521234000013'],
    ['a port', 'https://maker.example:8443/m/1'],
    ['a fragment', 'https://maker.example/m/1#x'],
    ['dots', 'https://maker.example/m/../n/1'],
    ['coded dots', 'https://maker.example/m/%2e%2e/n/1'],
    ['a backslash', 'https://maker.example\\@evil.example/'],
    ['a line break', 'https://maker.example/m/1\r\nset-cookie: a=b'],
    ['another scheme', 'file:///etc/passwd'],
    ['a script', 'javascript:alert(1)'],
    ['data', 'data:text/html,<script>'],
  ])('a subject with %s is never another one', async (_, uri) => {
    for (const path of [
      `/resolve?uri=${encodeURIComponent(uri)}`,
      `/verify?uri=${encodeURIComponent(uri)}`,
      `/label?uri=${encodeURIComponent(uri)}`,
      `/passports?subject=${encodeURIComponent(uri)}`,
    ]) {
      const response = await ask(path);
      expect([400, 404], path).toContain(response.status);
      expect(response.headers.get('set-cookie')).toBeNull();
    }
  });

  it.each([
    ['a Cyrillic letter', 'did:web:mаker.example'],
    ['upper case', 'did:web:Maker.example'],
    ['a port that is coded twice', 'did:web:maker.example%253A80'],
    ['a path that climbs', 'did:web:maker.example:..:..'],
    ['a full stop of another script', 'did:web:maker。example'],
    ['a user', 'did:web:user@maker.example'],
    ['another method', 'did:key:z6Mk'],
    ['a null', 'did:web:maker.example\0'],
  ])('an issuer with %s is none', async (_, did) => {
    const response = await ask(`/issuers/${encodeURIComponent(did)}`);
    expect([400, 404]).toContain(response.status);
    expect((await response.json()).code).toMatch(/^(?:credential.did|service.not-found)$/);
  });
});

it('gives up a body that comes a byte at a time, however long it goes on', async () => {
  const impatient = await startService(world, { limits: { answerMs: 300 } });
  const door = await serve({ service: impatient, port: 0, graceMs: 100 });
  const socket = connect(door.port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('POST /verify HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n');
  const drip = setInterval(() => socket.write(' '), 20);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 503/);
  clearInterval(drip);
  socket.destroy();
  await door.close();
  await impatient.close();
});

describe('requests that are none', () => {
  it.each([
    ['two lengths', 'POST /verify HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}'],
    [
      'a length and chunks',
      'POST /verify HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a header without a name', 'GET / HTTP/1.1\r\nhost: a\r\n: b\r\n\r\n'],
    ['a folded header', 'GET / HTTP/1.1\r\nhost: a\r\nx: b\r\n c\r\n\r\n'],
    ['a null in a header', 'GET / HTTP/1.1\r\nhost: a\r\nx: b\0c\r\n\r\n'],
    ['no host', 'GET / HTTP/1.1\r\n\r\n'],
    ['another protocol', '\x16\x03\x01\x02\x00\x01\x00'],
  ])('with %s are refused', async (_, text) => {
    expect(await write(text)).toMatch(/^HTTP\/1\.1 400/);
  });

  it('with a head that is too long are refused', async () => {
    expect(await write(`GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431/);
    expect(await get(`/${'a'.repeat(20_000)}`)).toMatch(/^HTTP\/1\.1 431/);
  });
});

it('has failed at none of it', async () => {
  expect(service.problems).toEqual([]);
  expect((await ask('/readyz')).status).toBe(200);
});
