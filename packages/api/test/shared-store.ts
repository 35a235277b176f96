/** A store that several processes use: this process's, lent over HTTP. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { UnavailableError } from '@dpp-ledger/core';
import type { Block, Store } from '@dpp-ledger/sdk/store';
import { z } from 'zod';

const block = z.object({ cid: z.string(), bytes: z.base64() });
const batch = z.object({ manifest: block, credentials: z.array(block) });
const folder = z.object({ root: z.string(), blocks: z.array(block) });

const spell = ({ cid, bytes }: Block) => ({ cid, bytes: Buffer.from(bytes).toString('base64') });
const read = ({ cid, bytes }: z.infer<typeof block>): Block => ({
  cid,
  bytes: new Uint8Array(Buffer.from(bytes, 'base64')),
});

export async function lendStore(store: Store): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const cid = request.url?.slice(1) ?? '';
    try {
      if (request.method === 'POST') {
        let body = '';
        for await (const chunk of request) body += chunk;
        const sent = z.union([batch, folder]).parse(JSON.parse(body));
        if ('root' in sent) await store.putFolder({ root: sent.root, blocks: sent.blocks.map(read) });
        else await store.putBatch({ manifest: read(sent.manifest), credentials: sent.credentials.map(read) });
        response.writeHead(204).end();
      } else {
        response.writeHead(200).end(await store.get(cid));
      }
    } catch (error) {
      response.writeHead(error instanceof UnavailableError ? 404 : 500).end(String(error));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export function connectSharedStore(url: string): Store {
  const name = `shared store ${url}`;
  async function ask(path: string, init: RequestInit): Promise<Response> {
    const response = await fetch(`${url}/${path}`, init);
    if (response.ok) return response;
    throw new UnavailableError(
      response.status === 404 ? 'store.not-found' : 'store.unreachable',
      `${name}: ${await response.text()}`,
    );
  }
  const store: Store = {
    name,
    get: async (cid, { signal = null } = {}) => new Uint8Array(await (await ask(cid, { signal })).arrayBuffer()),
    has: (cid, options) =>
      store.get(cid, options).then(
        () => true,
        () => false,
      ),
    hasBatch: (manifest, options) => store.has(manifest, options),
    async putBatch({ manifest, credentials }, { signal = null } = {}) {
      const blocks = [];
      for await (const one of credentials) blocks.push(spell(one));
      const body = JSON.stringify({ manifest: spell(manifest), credentials: blocks });
      await ask('', { method: 'POST', body, signal });
    },
    hasFolder: (root, options) => store.has(root, options),
    async putFolder({ root, blocks }, { signal = null } = {}) {
      const sent = [];
      for await (const one of blocks) sent.push(spell(one));
      await ask('', { method: 'POST', body: JSON.stringify({ root, blocks: sent }), signal });
    },
    describe: async () => ({ name, reachable: true, durability: 'as the lender has it' }),
    close: async () => undefined,
  };
  return store;
}
