/** A service on a port: on loopback unless told otherwise, and ended gracefully: what is being answered is finished first. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { UnavailableError } from '@dpp-ledger/core';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import type { Service } from './service.ts';

export interface ServeOptions {
  readonly service: Service;
  /** 0 takes a free one. */
  readonly port: number;
  /** 127.0.0.1 by default: only this machine. */
  readonly host?: string;
  /** How long what is being answered may still take when the server is told to end; 10,000 ms. */
  readonly graceMs?: number;
}

export interface Served {
  readonly url: string;
  readonly port: number;
  /** Takes no more requests, finishes what is being answered, and stops the service. */
  close(): Promise<void>;
}

const HEADERS_MS = 10_000;

/** Starts the service and serves it. Errors: `service.unreachable` where the port is taken. */
export async function serve({ service, port, host = '127.0.0.1', graceMs = 10_000 }: ServeOptions): Promise<Served> {
  const server = createHttpServer(service.app);
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (cause) {
    throw new UnavailableError(
      'service.unreachable',
      `Port ${port} on ${host} cannot be used: ${cause}. Choose another.`,
      { cause },
    );
  }
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('a listening server has an address');
  try {
    await service.start();
  } catch (error) {
    server.close();
    throw error;
  }
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    port: address.port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      // Streams that would go on for ever are cut; their senders know what was answered, and send the rest again.
      const cut = setTimeout(() => server.closeAllConnections(), graceMs);
      await Promise.all([closed, service.stop()]);
      clearTimeout(cut);
    },
  };
}

function createHttpServer(app: Hono): Server {
  // Bodies may be streams of any length: silence ends them (see `gatherLines`), not their duration.
  const server = createServer(
    { requestTimeout: 0, headersTimeout: HEADERS_MS, keepAliveTimeout: 5_000 },
    getRequestListener(app.fetch),
  );
  // A connection whose last answer ends after `close` is not kept for another.
  server.on('request', (_, response) => {
    response.once('close', () => {
      if (!server.listening) setImmediate(() => server.closeIdleConnections());
    });
  });
  return server;
}
