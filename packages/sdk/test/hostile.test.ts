/**
 * Servers on loopback that do what hostile ones do, and every client that asks over HTTP: a chain endpoint, a gateway, a mirror, a service,
 * and the host of a label. Whatever they meet, they end, soon, in an error of their own, and ask nobody else.
 */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { sha256 } from '@dpp-ledger/core';
import { formatCid } from '@dpp-ledger/core/credential';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../src/client.ts';
import { createRpc, RpcError } from '../src/ledger/index.ts';
import { createUrlTiles } from '../src/mirror.ts';
import { createPublicFetch, isPublicAddress } from '../src/node/index.ts';
import { createGatewayStore } from '../src/store/index.ts';
import { serve } from './support.ts';

const CID = formatCid(sha256(new TextEncoder().encode('what is asked for')) as Parameters<typeof formatCid>[0]);
const SOON = { timeLimitMs: 200 };
const PATIENT = { timeLimitMs: 60_000 };

/** Whoever is asked here was asked by mistake. */
let canary: { url: string; close(): Promise<void> };
let asked: (string | undefined)[] = [];
beforeAll(async () => {
  canary = await serve((request, response) => {
    asked.push(request.url);
    response.end('{"secret":"of this machine"}');
  });
});
afterAll(() => canary.close());
const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of opened.splice(0)) await server.close();
  asked = [];
});

type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;
async function hostile(behave: Behaviour): Promise<string> {
  const server = await serve(behave);
  opened.push(server);
  return server.url;
}

interface Limits {
  readonly timeLimitMs: number;
}
/** Every client, and by which code it tells that the other side is not to be used. */
const CLIENTS: readonly (readonly [
  name: string,
  code: string,
  ask: (url: string, limits: Limits) => Promise<unknown>,
])[] = [
  ['a chain endpoint', 'ledger.unreachable', (url, limits) => createRpc({ url, ...limits }).call('eth_chainId', [])],
  ['a gateway', 'store.unreachable', (url, limits) => createGatewayStore({ urls: [url], ...limits }).get(CID)],
  ['a mirror', 'mirror.unreachable', (url, limits) => createUrlTiles({ url, ...limits }).read('checkpoint')],
  [
    'a service',
    'service.unreachable',
    (url, limits) => createClient({ url, retries: 0, ...limits }).fetchEvidence(CID),
  ],
  [
    'the host of a label',
    'service.unreachable',
    (url, limits) => {
      const fetch = createPublicFetch({ isAllowed: () => true });
      return createClient({ url, retries: 0, fetch, ...limits }).fetchEvidence(CID);
    },
  ],
];

/** Of what never ends: as fast as it is taken, until the other side has had enough. */
const endless: Behaviour = (_, response) => {
  const chunk = Buffer.alloc(64 * 1024, '[');
  const write = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', write);
  write();
};
const ZEROS = Buffer.alloc(128 * 1024 * 1024);
const bombs = {
  gzip: gzipSync(ZEROS),
  br: brotliCompressSync(ZEROS, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
};
const bomb =
  (coding: keyof typeof bombs): Behaviour =>
  (_, response) =>
    void response.writeHead(200, { 'content-encoding': coding, 'content-type': 'application/json' }).end(bombs[coding]);

describe.each(CLIENTS)('%s', (name, code, ask) => {
  it.each<[string, Behaviour]>([
    ['never answers', () => undefined],
    ['answers with a head and nothing more', (_, response) => response.flushHeaders()],
    [
      'sends a byte now and then, for ever',
      (_, response) => {
        const timer = setInterval(() => response.write('['), 20);
        response.on('close', () => clearInterval(timer));
      },
    ],
  ])('is given up in time where it %s', async (_, behave) => {
    await expect(ask(await hostile(behave), SOON)).rejects.toMatchObject({ code, name: 'UnavailableError' });
  });

  it.each<[string, Behaviour]>([
    ['never ends', endless],
    ['unpacks from gzip to a thousand times its size', bomb('gzip')],
    ['unpacks from brotli to a thousand times its size', bomb('br')],
    [
      'says that it will be long',
      (_, response) => void response.writeHead(200, { 'content-length': 2 ** 40 }).flushHeaders(),
    ],
    [
      'has no end of headers',
      (_, response) => void response.writeHead(200, { 'x-long': 'y'.repeat(1 << 20) }).end('{}'),
    ],
    [
      'ends before its length',
      (_, response) => void response.writeHead(200, { 'content-length': 999 }).write('{}', () => response.destroy()),
    ],
    [
      'claims a coding that it does not have',
      (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end('{}'),
    ],
    [
      'is of another kind',
      (_, response) => void response.writeHead(500, { 'content-type': 'text/html' }).end('<html>'),
    ],
  ])('is refused where its answer %s', async (_, behave) => {
    await expect(ask(await hostile(behave), PATIENT)).rejects.toMatchObject({ code, name: 'UnavailableError' });
  });

  it.each([301, 302, 303, 307, 308])('leads nowhere else by a redirect (%s)', async (status) => {
    for (const location of [
      `${canary.url}/latest/meta-data/`,
      'file:///etc/passwd',
      'http://169.254.169.254/',
      '/again',
    ]) {
      const url = await hostile((_, response) => void response.writeHead(status, { location }).end());
      await expect(ask(url, PATIENT)).rejects.toMatchObject({ code });
    }
    expect(asked).toEqual([]);
  });

  it('is refused where what answers speaks no HTTP', async () => {
    const server = createServer((socket) => socket.resume().end('220 smtp.example ESMTP\r\n'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    await expect(ask(`http://127.0.0.1:${port}`, PATIENT)).rejects.toMatchObject({ code });
    server.close();
    await once(server, 'close');
  });

  if (name !== 'a gateway' && name !== 'a mirror') {
    it.each([
      ['HTML', '<!doctype html><p>Sign in to the network'],
      ['JSON of another kind', '{"ok":true}'],
      ['nesting without end', '['.repeat(500_000) + ']'.repeat(500_000)],
      ['objects without end', `${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`],
      ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
      ['a number larger than any', '1e999'],
      ['nothing', ''],
    ])('is refused where it answers with %s', async (_, body) => {
      const url = await hostile((_, response) => void response.end(body));
      await expect(ask(url, PATIENT)).rejects.toMatchObject({ code, name: 'UnavailableError' });
    });
  }
});

it('a chain endpoint that has much to say is heard in its first sentences only', async () => {
  const url = await hostile((_, response) => {
    response.end(JSON.stringify({ id: 1, error: { code: -32000, message: 'no '.repeat(1_000_000) } }));
  });
  const error: unknown = await createRpc({ url })
    .call('eth_chainId', [])
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(RpcError);
  expect(String(error).length).toBeLessThan(1_100);
});

describe('a gateway', () => {
  const gateway = async (bytes: string | Buffer) =>
    createGatewayStore({ urls: [await hostile((_, response) => void response.end(bytes))] });

  it('that sends other bytes is caught, whatever it says that they are', async () => {
    for (const bytes of ['other bytes', '', Buffer.alloc(1024 * 1024)]) {
      await expect((await gateway(bytes)).get(CID)).rejects.toMatchObject({ code: 'store.mismatch' });
    }
    expect(await (await gateway('what is asked for')).get(CID)).toEqual(new TextEncoder().encode('what is asked for'));
  });

  it.each([
    ['another codec', 'bagaaiera'.padEnd(59, 'a')],
    ['another version', 'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG'],
    ['another hash', 'bafkrgq'.padEnd(59, 'a')],
    ['an identity hash', 'bafkqabtimvwgy3yk'],
    ['another base', `z${CID.slice(1)}`],
    ['upper case', CID.toUpperCase()],
    ['stray bits at its end', `${CID.slice(0, -1)}b`.replace(CID, `${CID.slice(0, -1)}c`)],
    ['a path after it', `${CID}/../../../etc/passwd`],
    ['a path before it', `../${CID}`],
    ['a query after it', `${CID}?format=car`],
    ['a coded slash', `${CID}%2f..`],
    ['a line break', `${CID}\r\nhost: other.example`],
    ['a null', `${CID}\0`],
    ['nothing', ''],
  ])('is not even asked for a CID with %s', async (_, cid) => {
    const store = createGatewayStore({ urls: [canary.url] });
    await expect(store.get(cid)).rejects.toMatchObject({ code: 'input.encoding' });
    expect(asked).toEqual([]);
  });

  it.each([
    'file:///etc/passwd',
    'ftp://host.example/',
    'data:,x',
    'javascript:alert(1)',
    '//host.example',
    'gopher://x/',
    '',
  ])('is none at %s', (url) => {
    expect(() => createGatewayStore({ urls: [url] })).toThrow(expect.objectContaining({ code: 'input.shape' }));
  });
});

describe('the host of a label', () => {
  it.each([
    ['loopback', '127.0.0.1'],
    ['all of loopback', '127.255.0.9'],
    ['this host', '0.0.0.0'],
    ['private, 10', '10.1.2.3'],
    ['private, 172.16', '172.31.255.255'],
    ['private, 192.168', '192.168.0.1'],
    ['a carrier', '100.64.0.1'],
    ['link-local', '169.254.1.1'],
    ['a cloud’s metadata', '169.254.169.254'],
    ['for tests', '198.18.0.1'],
    ['for documents', '203.0.113.9'],
    ['multicast', '224.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['loopback, IPv6', '::1'],
    ['unspecified, IPv6', '::'],
    ['mapped', '::ffff:127.0.0.1'],
    ['mapped, in hex', '::ffff:7f00:1'],
    ['compatible', '::127.0.0.1'],
    ['link-local, IPv6', 'fe80::1'],
    ['unique local', 'fd00:ec2::254'],
    ['site-local', 'fec0::1'],
    ['multicast, IPv6', 'ff02::1'],
    ['translated (NAT64)', '64:ff9b::7f00:1'],
    ['6to4', '2002:7f00:1::'],
    ['Teredo', '2001:0:7f00:1::'],
    ['for documents, IPv6', '2001:db8::1'],
    ['no address', 'localhost'],
  ])('is not public where it is %s', (_, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['1.1.1.1', '8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450::1'])(
    'is public at %s',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  const portOf = (url: string) => new URL(url).port;

  it.each([
    '127.0.0.1',
    'localhost',
    '127.1',
    '0x7f000001',
    '2130706433',
    '0177.0.0.1',
    '0',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::]',
  ])('is not asked where it is spelled %s', async (host) => {
    const url = `http://${host}:${portOf(canary.url)}/`;
    await expect(createPublicFetch()(url)).rejects.toThrow(TypeError);
    expect(asked).toEqual([]);
  });

  it.each(['file:///etc/passwd', 'data:application/json,{}', 'ftp://host.example/'])(
    'is not asked by %s',
    async (url) => {
      await expect(createPublicFetch()(url)).rejects.toThrow(TypeError);
    },
  );

  it('is not asked where one of its addresses is private', async () => {
    const fetch = createPublicFetch({ resolve: async () => ['1.1.1.1', '127.0.0.1'] });
    await expect(fetch(`http://label.example:${portOf(canary.url)}/`)).rejects.toThrow(TypeError);
    expect(asked).toEqual([]);
  });

  it('is asked at just the addresses that its name was found to have, however the name is answered next', async () => {
    const allowed = await hostile((_, response) => void response.end('from the address that was looked at'));
    let looks = 0;
    const fetch = createPublicFetch({
      // A name server that answers with one address for the look and another one for the call.
      resolve: async () => [looks++ === 0 ? '127.0.0.1' : '127.0.0.2'],
      isAllowed: (address) => address === '127.0.0.1',
    });
    const response = await fetch(`http://rebinding.example:${portOf(allowed)}/`);
    expect(await response.text()).toBe('from the address that was looked at');
    expect(looks).toBe(1);
    await expect(fetch(`http://rebinding.example:${portOf(allowed)}/`)).rejects.toThrow(TypeError);
  });

  it('is told the name that was asked for, and asked for no coding', async () => {
    let headers: IncomingMessage['headers'] = {};
    const url = await hostile((request, response) => {
      headers = request.headers;
      response.end('{}');
    });
    const fetch = createPublicFetch({ resolve: async () => ['127.0.0.1'], isAllowed: () => true });
    await fetch(`http://label.example:${portOf(url)}/`, { headers: { accept: 'application/json' } });
    expect(headers).toMatchObject({
      host: `label.example:${portOf(url)}`,
      accept: 'application/json',
      'accept-encoding': 'identity',
    });
  });

  it('is given up when whoever asks gives up', async () => {
    const fetch = createPublicFetch({ isAllowed: () => true });
    const over = new AbortController();
    const url = await hostile(() => over.abort(new Error('enough')));
    await expect(fetch(url, { signal: over.signal })).rejects.toThrow('enough');
  });
});
