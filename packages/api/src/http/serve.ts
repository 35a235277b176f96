/** A service on a port: on loopback unless told otherwise, and ended gracefully: what is being answered is finished first. */
import { once } from 'node:events';
import { createServer, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { UnavailableError } from '@dpp-ledger/core';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import type { Service } from '../service.ts';
import { problem } from './problems.ts';

export interface ServeOptions {
  readonly service: Service;
  /** 0 takes a free one. */
  readonly port: number;
  /** 127.0.0.1 by default: only this machine. */
  readonly host?: string;
  /** Where the operator's own tools ask for metrics and health; nowhere by default. Port 0 takes a free one. */
  readonly monitor?: { readonly host?: string; readonly port: number };
  /** How long what is being answered may still take when the server is told to end; 10,000 ms. */
  readonly graceMs?: number;
}

export interface Served {
  readonly url: string;
  readonly port: number;
  readonly monitorUrl: string | undefined;
  /** Takes no more requests, finishes what is being answered, and stops the service. */
  close(): Promise<void>;
}

/** A request's head is small, and comes at once. */
const HEADERS_MS = 10_000;
const LONGEST_HEAD = 16 * 1024;
/** Beyond so many, connections are closed as they come: each has its buffers. */
const MOST_CONNECTIONS = 4_096;
/** On a connection that somebody waits for, something is sent more often: heartbeats, answers, lines. */
const SILENT_MS = 120_000;

/** Starts the service and serves it. Errors: `service.unreachable` where the port is taken. */
export async function serve(options: ServeOptions): Promise<Served> {
  const { service, port, host = '127.0.0.1', monitor, graceMs = 10_000 } = options;
  const server = createHttpServer(service.app);
  const own = monitor && createHttpServer(service.monitor);
  const close = async (which: Server | undefined) => {
    if (which?.listening !== true) return;
    const closed = once(which, 'close');
    which.close();
    which.closeIdleConnections();
    // Streams that would go on for ever are cut; their senders know what was answered, and send the rest again.
    const cut = setTimeout(() => which.closeAllConnections(), graceMs);
    await closed;
    clearTimeout(cut);
  };
  let url: string;
  let monitorUrl: string | undefined;
  try {
    url = await listen(server, host, port);
    monitorUrl = own && (await listen(own, monitor.host ?? '127.0.0.1', monitor.port));
    if (own !== undefined) service.metrics.addProcess();
    await service.start();
  } catch (error) {
    await Promise.all([close(server), close(own)]);
    throw error;
  }
  return {
    url,
    port: Number(new URL(url).port),
    monitorUrl,
    async close() {
      await Promise.all([close(server), service.stop()]);
      // Until then it tells that requests are to be sent elsewhere.
      await close(own);
    },
  };
}

/** Where it listens then. Errors: `service.unreachable`. */
async function listen(server: Server, host: string, port: number): Promise<string> {
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (cause) {
    const message = `Port ${port} on ${host} cannot be used: ${cause}. Choose another.`;
    throw new UnavailableError('service.unreachable', message, { cause });
  }
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('a listening server has an address');
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}

function createHttpServer(app: Hono): Server {
  const server = createServer(
    // Bodies may be streams of any length: silence ends them (see `gatherLines`), not their duration.
    { requestTimeout: 0, headersTimeout: HEADERS_MS, keepAliveTimeout: 5_000, maxHeaderSize: LONGEST_HEAD },
    getRequestListener(app.fetch),
  );
  server.maxConnections = MOST_CONNECTIONS;
  server.timeout = SILENT_MS;
  // A connection whose last answer ends after `close` is not kept for another.
  server.on('request', (_, response) => {
    response.once('close', () => {
      if (!server.listening) setImmediate(() => server.closeIdleConnections());
    });
  });
  return server.on('clientError', refuseUnread);
}

/** What cannot be read as a request never comes to a route: it is refused here, and in the same form. */
function refuseUnread(error: Error & { code?: string }, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const refusal =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? problem(431, 'input.too-large', `The request line and headers have more than ${LONGEST_HEAD} bytes.`, '')
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? problem(408, 'service.timeout', `The headers took longer than ${HEADERS_MS} ms.`, '')
        : problem(400, 'input.encoding', 'This is not HTTP as RFC 9112 has it.', '');
  void refusal.text().then((body) => {
    const head = [
      `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}`,
      `content-type: ${refusal.headers.get('content-type')}`,
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  });
}
