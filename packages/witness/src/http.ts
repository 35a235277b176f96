/**
 * The witness over HTTP: `tlog-witness`, state statements, and what its operator and those who would trust it want to see. It is open to
 * all, so a request is small, soon read, and one of few.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import {
  DppError,
  ERROR_CODES,
  type ErrorCode,
  InvalidInputError,
  parseJson,
  parseShape,
  RejectedError,
  UnavailableError,
} from '@dpp-ledger/core';
import { LONGEST_REQUEST, SIZE_TYPE } from '@dpp-ledger/core/checkpoint';
import { getRequestListener } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import { type Log, SizeConflictError, type Witness } from './witness.ts';

export interface ServeOptions {
  readonly witness: Witness;
  readonly log?: Log;
  /** 0 takes a free one. */
  readonly port: number;
  /** 127.0.0.1 by default: only this machine. */
  readonly host?: string;
}

export interface Served {
  readonly url: string;
  /** Takes no more requests and finishes what is being answered. */
  close(): Promise<void>;
}

/** What tlog-witness asks for, and what else has a status of its own. */
const STATUS_OF_CODE: Partial<Record<ErrorCode, ContentfulStatusCode>> = {
  'witness.unknown-log': 404,
  'checkpoint.signature': 403,
  'witness.size': 409,
  'input.too-large': 413,
  'service.not-found': 404,
  'service.method': 405,
};
const LONGEST_QUESTION = 1_024;
const BODY_MS = 30_000;
const HEADERS_MS = 10_000;
const MOST_REQUESTS = 64;
const MOST_CONNECTIONS = 512;
const GRACE_MS = 10_000;
const RETRY_SECONDS = '5';

const questionSchema = z.strictObject({ origin: z.string().min(1), blockNumber: z.int().nonnegative() });

export function createApp({ witness, log = () => undefined }: Pick<ServeOptions, 'witness' | 'log'>): Hono {
  const app = new Hono();
  let open = 0;
  // Where the witness's node is, is for its operator alone.
  const hide = (text: string) => text.replaceAll(witness.reader.source, 'its node');

  app.use(async (c, next) => {
    const began = performance.now();
    await next();
    c.header('cache-control', 'no-store');
    c.header('x-content-type-options', 'nosniff');
    const ms = Math.round(performance.now() - began);
    log(c.req.method === 'POST' ? 'info' : 'debug', 'answered', {
      ...{ method: c.req.method, path: c.req.path, status: c.res.status, ms },
    });
  });
  app.use(async (_, next) => {
    if (open >= MOST_REQUESTS) throw new UnavailableError('service.busy', `${open} requests are being answered.`);
    open += 1;
    try {
      await next();
    } finally {
      open -= 1;
    }
  });

  app.post('/add-checkpoint', limitBody(LONGEST_REQUEST), async (c) => {
    const lines = await witness.addCheckpoint(new Uint8Array(await c.req.arrayBuffer()));
    return c.body(lines, 200, { 'content-type': 'text/plain; charset=utf-8' });
  });

  app.post('/state-statement', limitBody(LONGEST_QUESTION), async (c) => {
    const question = parseJson(new Uint8Array(await c.req.arrayBuffer()));
    const jwt = await witness.signState(parseShape(questionSchema, question, 'the question'));
    return c.body(jwt, 200, { 'content-type': 'application/jwt' });
  });

  app.get('/', (c) => c.text(describe(witness)));

  app.get('/healthz', async (c) => {
    const { ok, logs } = await witness.examine();
    const told = logs.map(({ problem, ...log }) => ({
      ...log,
      ...(problem === undefined ? {} : { problem: { ...problem, message: hide(problem.message) } }),
    }));
    return c.json({ status: ok ? 'ok' : 'failing', witness: witness.signer.verifierKey, logs: told }, ok ? 200 : 503);
  });

  app.notFound((c) => {
    const methods = { '/add-checkpoint': 'POST', '/state-statement': 'POST', '/': 'GET', '/healthz': 'GET' } as const;
    const allowed = Object.entries(methods).find(([path]) => path === c.req.path)?.[1];
    if (allowed === undefined)
      return problem(c, 'service.not-found', `There is nothing at ${c.req.path.slice(0, 80)}.`);
    c.header('allow', allowed);
    return problem(c, 'service.method', `${c.req.path} is asked by ${allowed}.`);
  });

  app.onError((error, c) => {
    if (error instanceof SizeConflictError) return c.body(`${error.size}\n`, 409, { 'content-type': SIZE_TYPE });
    if (!(error instanceof DppError)) {
      log('error', 'failed', { error });
      return problem(c, 'service.internal', 'Something went wrong here. Try again.', 500);
    }
    const status = statusOf(error);
    if (status >= 500) log(error instanceof UnavailableError ? 'warn' : 'error', 'could not sign', { error });
    else log('info', 'refused', { error });
    if (error instanceof UnavailableError) c.header('retry-after', RETRY_SECONDS);
    return problem(c, error.code, hide(error.message), status);
  });
  return app;
}

/** Serves it. Errors: `service.unreachable` where the port is taken. */
export async function serveWitness(options: ServeOptions): Promise<Served> {
  const { port, host = '127.0.0.1' } = options;
  const server = createServer(
    { requestTimeout: BODY_MS, headersTimeout: HEADERS_MS, keepAliveTimeout: 65_000, maxHeaderSize: 8 * 1024 },
    getRequestListener(createApp(options).fetch),
  );
  server.maxConnections = MOST_CONNECTIONS;
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (cause) {
    const message = `Port ${port} on ${host} cannot be used: ${cause}. Choose another.`;
    throw new UnavailableError('service.unreachable', message, { cause });
  }
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('a listening server has an address');
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), GRACE_MS);
      await closed;
      clearTimeout(cut);
    },
  };
}

function limitBody(maxSize: number) {
  return bodyLimit({
    maxSize,
    onError: (c) => problem(c, 'input.too-large', `A body has at most ${maxSize} bytes here.`, 413),
  });
}

function statusOf(error: DppError): ContentfulStatusCode {
  const own = STATUS_OF_CODE[error.code];
  if (own !== undefined) return own;
  if (error instanceof InvalidInputError) return 400;
  if (error instanceof RejectedError) return 422;
  // The node does not answer, or contradicts what was signed: nothing that the caller can mend.
  return 503;
}

/** RFC 9457. */
function problem(c: Context, code: ErrorCode, detail: string, status = STATUS_OF_CODE[code] ?? 500): Response {
  const body = { type: `/problems/${code}`, title: ERROR_CODES[code], status, code, detail, instance: c.req.path };
  return c.body(JSON.stringify(body), status, { 'content-type': 'application/problem+json' });
}

/** The page that says whom one would trust. */
function describe({ signer, reader, origins }: Witness): string {
  return `${[
    `This is the witness ${signer.name} of the ledger ${reader.name}.`,
    '',
    'It cosigns checkpoints (https://c2sp.org/tlog-witness) that are the contract’s tree head at a final block of its own node, and',
    'signs state statements about such blocks. Its line in a policy (https://c2sp.org/tlog-policy):',
    '',
    `    witness ${signer.name} ${signer.verifierKey}`,
    '',
    'Logs:',
    ...origins.map((origin) => `    ${origin}`),
    '',
    'POST /add-checkpoint    POST /state-statement    GET /healthz',
  ].join('\n')}\n`;
}
