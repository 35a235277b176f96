import type { RequestListener } from 'node:http';
import type { SubjectId } from '@dpp-ledger/core';
import { parseDid } from '@dpp-ledger/core/credential';
import { describe, expect, it } from 'vitest';
import { type Client, createClient } from '../src/client.ts';
import { collect, serve } from './support.ts';

async function against<T>(listener: RequestListener, work: (client: Client, url: string) => Promise<T>): Promise<T> {
  const server = await serve(listener);
  try {
    return await work(createClient({ url: `${server.url}/`, timeLimitMs: 200, retries: 0 }), server.url);
  } finally {
    await server.close();
  }
}

const line = (index: number) => JSON.stringify({ state: 'accepted', cid: `cid${index}`, id: `id${index}`, more: 1 });

describe('posting credentials', () => {
  it('sends them as lines and gives the answers in order, as they come', async () => {
    await against(
      async (request, response) => {
        let body = '';
        for await (const chunk of request) body += chunk;
        expect(body).toBe('{"credential":"a.b.c"}\n{"credential":"d.e.f"}\n');
        // In pieces that do not end where lines do.
        response.write(line(0).slice(0, 10));
        response.write(`${line(0).slice(10)}\n\n${line(1)}`);
        response.end();
      },
      async (client) => {
        const answers = await collect(client.postCredentials(['a.b.c', 'd.e.f']));
        expect(answers.map(({ id }) => id)).toEqual(['id0', 'id1']);
      },
    );
  });

  it('asks nobody where there is nothing to post', async () => {
    expect(await collect(createClient({ url: 'http://127.0.0.1:9' }).postCredentials([]))).toEqual([]);
  });

  it.each<[string, RequestListener]>([
    ['fewer answers than credentials', (_, response) => response.end(`${line(0)}\n`)],
    ['an answer that breaks off', (_, response) => void response.write(`${line(0)}\n{"sta`, () => response.destroy())],
    ['an answer that stops coming', (_, response) => void response.write(`${line(0)}\n`)],
    ['an answer that is not of the interface', (_, response) => response.end(`${line(0)}\n{"state":"perhaps"}\n`)],
    ['a line without end', (_, response) => response.end(`${line(0)}\n${'x'.repeat(100_000)}`)],
  ])('gives what was answered before %s', async (_, listener) => {
    await against(listener, async (client) => {
      const answers: string[] = [];
      const posting = (async () => {
        for await (const { id } of client.postCredentials(['a.b.c', 'd.e.f'])) answers.push(id ?? '');
      })();
      await expect(posting).rejects.toMatchObject({ code: 'service.unreachable' });
      expect(answers).toEqual(['id0']);
    });
  });
});

describe('a service', () => {
  const problem =
    (status: number, body: object): RequestListener =>
    (_, response) =>
      void response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(body));

  it.each([
    ['refuses', 403, 'service.refused'],
    ['does not have it', 404, 'store.not-found'],
    ['is busy', 429, 'service.unreachable'],
    ['is broken', 500, 'service.unreachable'],
  ])('that %s (%i) is told apart, with its own sentence', async (_, status, code) => {
    await against(problem(status, { code: 'issuer.grant', detail: 'no grant covers it' }), async (client) => {
      const asking = client.fetchReceipt('x');
      await expect(asking).rejects.toMatchObject({ code });
      await expect(asking).rejects.toThrow('no grant covers it');
    });
  });

  it.each<[string, RequestListener]>([
    ['does not answer', () => undefined],
    ['redirects', (_, response) => response.writeHead(302, { location: '/elsewhere' }).end()],
    ['answers no JSON', (_, response) => response.end('<html>')],
    ['answers JSON of another shape', (_, response) => response.end('{"id":1}')],
    ['answers without end', (_, response) => void endless(response)],
  ])('that %s is no service', async (_, listener) => {
    await against(listener, async (client) => {
      await expect(client.fetchReceipt('x')).rejects.toMatchObject({ code: 'service.unreachable' });
      await expect(client.fetchEvidence('x')).rejects.toMatchObject({ code: 'service.unreachable' });
    });
  });

  it('is asked by paths that names cannot break out of', async () => {
    const asked: string[] = [];
    const listener: RequestListener = (request, response) => {
      asked.push(request.url ?? '');
      response.end(JSON.stringify({ items: [] }));
    };
    await against(listener, async (client, url) => {
      await client.findCredentials('https://id.gs1.org/01/09521234000013?a=b#c' as SubjectId);
      await client.fetchReceipt('../x').catch(() => undefined);
      expect(asked).toEqual([
        '/passports?subject=https%3A%2F%2Fid.gs1.org%2F01%2F09521234000013%3Fa%3Db%23c',
        '/receipts/..%2Fx',
      ]);
      expect(client.statusListUrl(parseDid('did:web:maker.example'), 7n)).toBe(
        `${url}/status/did%3Aweb%3Amaker.example/7`,
      );
    });
  });

  const event = (state: string) => `event: receipt\ndata: ${JSON.stringify({ id: 'x', cid: 'c', state })}\n\n`;

  it('tells what becomes of a receipt as it happens, in pieces that do not end where events do', async () => {
    const text = `${event('accepted')}:\n\n${event('anchored')}${event('final')}event: settled\nid: settled\ndata: {}\n\n`;
    const asked: string[] = [];
    const listener: RequestListener = (request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(text.slice(0, 20));
      response.end(text.slice(20));
    };
    await against(listener, async (client) => {
      const receipts = await collect(client.watchReceipts(['x', 'y']));
      expect(receipts.map(({ state }) => state)).toEqual(['accepted', 'anchored', 'final']);
      expect(await client.waitReceipt('x', 'anchored')).toMatchObject({ state: 'anchored' });
      expect(asked).toEqual(['/receipts/events?id=x&id=y', '/receipts/events?id=x']);
    });
  });

  it.each([
    ['has none', ''],
    ['breaks off', event('accepted')],
    ['ends with its service', `${event('stored')}event: stopping\nretry: 1000\ndata: {}\n\n`],
  ])('is asked for a receipt where its stream %s', async (_, stream) => {
    const states = ['stored', 'final'];
    const listener: RequestListener = (request, response) => {
      if (request.url?.startsWith('/receipts/events') !== true) {
        response.end(JSON.stringify({ id: 'x', cid: 'c', state: states.shift() }));
      } else if (stream === '') response.writeHead(404).end('{}');
      else response.write(stream, () => response.destroy());
    };
    await against(listener, async (client) => {
      expect(await client.waitReceipt('x', 'anchored', { pollMs: 5 })).toMatchObject({ state: 'final' });
      await expect(collect(client.watchReceipts(['x']))).rejects.toMatchObject({ code: expect.any(String) });
    });
  });

  it('is waited for until a receipt says anchored, or refused', async () => {
    const states = ['accepted', 'stored', 'anchored', 'refused'];
    const listener: RequestListener = (request, response) => {
      if (request.url?.startsWith('/receipts/events') === true) return void response.writeHead(404).end('{}');
      response.end(
        JSON.stringify({ id: 'x', cid: 'c', state: states.shift(), code: 'issuer.suspended', detail: 'suspended' }),
      );
    };
    await against(listener, async (client) => {
      expect(await client.waitReceipt('x', 'anchored', { pollMs: 5 })).toMatchObject({ state: 'anchored' });
      await expect(client.waitReceipt('x', 'final', { pollMs: 5 })).rejects.toThrow('issuer.suspended');
    });
  });

  it.each(['nonsense', 'ftp://a.example', 'https://a.example/?key=1'])('is not named by "%s"', (url) => {
    expect(() => createClient({ url })).toThrow(expect.objectContaining({ code: 'input.shape' }));
  });
});

describe('a service that is busy', () => {
  const refuse = (response: Parameters<RequestListener>[1], status: number, headers: Record<string, string>) =>
    void response.writeHead(status, headers).end(JSON.stringify({ detail: 'too much to do' }));
  const good = JSON.stringify({ id: 'x', state: 'final' });

  async function count(listener: RequestListener, work: (client: Client) => Promise<void>, retries = 3) {
    let asked = 0;
    const server = await serve((request, response) => {
      asked += 1;
      listener(request, response);
    });
    try {
      await work(createClient({ url: server.url, retries }));
    } finally {
      await server.close();
    }
    return asked;
  }

  it.each([429, 503])('is asked again after %i, as often as was allowed', async (status) => {
    const answers = [status, status, 200];
    const asked = await count(
      (_, response) => {
        const next = answers.shift();
        if (next === 200) response.end(good);
        else refuse(response, status, { 'retry-after': '0' });
      },
      async (client) => expect(await client.fetchReceipt('x')).toMatchObject({ state: 'final' }),
    );
    expect(asked).toBe(3);
    const given = await count(
      (_, response) => refuse(response, status, { 'retry-after': new Date(0).toUTCString() }),
      async (client) => {
        await expect(client.fetchReceipt('x')).rejects.toThrow('too much to do');
      },
    );
    expect(given).toBe(4);
  });

  it('is asked again with what was posted', async () => {
    const bodies: string[] = [];
    await count(
      async (request, response) => {
        let body = '';
        for await (const chunk of request) body += chunk;
        bodies.push(body);
        if (bodies.length === 1) refuse(response, 503, { 'retry-after': '0' });
        else response.end(`${line(0)}\n`);
      },
      async (client) => expect(await collect(client.postCredentials(['a.b.c']))).toHaveLength(1),
    );
    expect(bodies).toEqual([bodies[1], bodies[1]]);
  });

  it.each([
    [500, { 'retry-after': '0' }],
    [400, {}],
    [503, { 'retry-after': '3600' }],
  ])('is not asked again after %i with %o', async (status, headers: Record<string, string>) => {
    const asked = await count(
      (_, response) => refuse(response, status, headers),
      async (client) => {
        await expect(client.fetchReceipt('x')).rejects.toThrow('too much to do');
      },
    );
    expect(asked).toBe(1);
  });

  it('is not waited for by who no longer wants to', async () => {
    const over = new AbortController();
    await count(
      (_, response) => {
        refuse(response, 503, { 'retry-after': '20' });
        response.once('close', () => over.abort(new Error('enough')));
      },
      async (client) => {
        await expect(client.fetchReceipt('x', { signal: over.signal })).rejects.toThrow('enough');
      },
    );
  });
});

describe('a list', () => {
  it('is read page by page, and no page before it is wanted', async () => {
    const asked: string[] = [];
    const listener: RequestListener = (request, response) => {
      asked.push(request.url ?? '');
      const page = asked.length;
      const items = [
        { cid: `a${page}`, subject: 's' },
        { cid: `b${page}`, subject: 's' },
      ];
      response.end(JSON.stringify({ items, ...(page < 3 ? { next: `n+${page}` } : {}) }));
    };
    await against(listener, async (client) => {
      const cids: string[] = [];
      for await (const { cid } of client.listVersions('x')) {
        cids.push(cid);
        if (cids.length === 2) expect(asked).toHaveLength(1);
      }
      expect(cids).toEqual(['a1', 'b1', 'a2', 'b2', 'a3', 'b3']);
      expect(asked[1]).toBe('/passports/x/versions?limit=1000&cursor=n%2B1');
    });
  });

  it('that does not go on is no list', async () => {
    await against(
      (_, response) => void response.end(JSON.stringify({ items: [], next: 'again' })),
      async (client) => {
        await expect(collect(client.listIssuers())).rejects.toMatchObject({ code: 'service.unreachable' });
      },
    );
  });
});

function endless(response: Parameters<RequestListener>[1]): void {
  response.on('error', () => undefined);
  const more = () => {
    if (response.destroyed) return;
    if (response.write('x'.repeat(65_536))) setImmediate(more);
    else response.once('drain', more);
  };
  more();
}
