/**
 * The HTTP of the service: what every request passes before its route, and what becomes of failures. Requests are limited here, in number,
 * rate and time, so that whoever asks too much is told so at once and everybody else is answered.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { ServerResponse } from 'node:http';
import { createPages } from '@dpp-ledger/web';
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context, Hono, MiddlewareHandler } from 'hono';
import { requestId } from 'hono/request-id';
import { routePath } from 'hono/route';
import { secureHeaders } from 'hono/secure-headers';
import type { BlankEnv } from 'hono/types';
import { type Log, type LogLevel, redactError, requestScope } from '../operation/log.ts';
import type { Metrics } from '../operation/metrics.ts';
import { RateLimitedError } from '../outbox/accept.ts';
import type { Parts } from './context.ts';
import { createRateLimiter, createShedder, groupOf, type Limits } from './limits.ts';
import { offeredTypes } from './openapi.ts';
import { answerProblem, problem } from './problems.ts';
import { addVary, answerNothing, finishAnswers, negotiate, shareWithOrigins } from './protocol.ts';
import { routeCredentials } from './routes/credentials.ts';
import { routeEpcis } from './routes/epcis.ts';
import { routeEvents } from './routes/events.ts';
import { routeInterface } from './routes/interface.ts';
import { routeJournal } from './routes/journal.ts';
import { routeLedger } from './routes/ledger.ts';
import { routeLog } from './routes/log.ts';
import { routeLots } from './routes/lots.ts';
import { routeHealth, routeOperations } from './routes/operations.ts';
import { busy } from './routes/request.ts';
import { routeVerification } from './routes/verification.ts';

interface AppOptions {
  readonly limits: Limits;
  readonly name: string;
  readonly now: () => number;
  readonly log: Log;
  readonly metrics: Metrics;
  /** What is being answered now. */
  readonly open: { requests: number };
}

export function createApp(parts: Parts, { limits, name, now, log, metrics, open }: AppOptions): Hono {
  const { onFault, redact } = parts;
  const app = new OpenAPIHono<BlankEnv>({
    defaultHook: (result, c) => {
      if (result.success) return undefined;
      const [issue] = result.error.issues;
      const detail = `${result.target} ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'cannot be read'}`;
      return problem(400, 'input.shape', detail, c.req.path);
    },
  });
  const pages = createPages({
    reader: parts.pages,
    now: () => Math.floor(now() / 1_000),
    name,
    documentation: '/docs',
    onError: onFault,
  });

  app.use(requestId({ limitLength: 128 }));
  app.use(tellRequests(log, metrics));
  app.use(withDefaults);
  app.use(finishAnswers);
  app.use(shareWithOrigins(app));
  app.use(limitRequests(limits, open, createShedder(parts.stopping)));
  app.use(answerInTime(limits.answerMs));
  app.use(negotiate(offeredTypes()));

  // Before `/receipts/{id}`, which would take it for a receipt.
  routeEvents(app, parts);
  routeCredentials(app, parts);
  routeJournal(app, parts);
  routeLedger(app, parts);
  routeLots(app, parts);
  routeLog(app, parts);
  routeEpcis(app, parts);
  routeVerification(app, parts);
  routeOperations(app, parts);
  routeInterface(app);
  app.route('/', pages.app);

  app.onError(async (error, c) => {
    // Whatever an engine's client put into it, an address with a key say, ends here.
    redactError(error, redact);
    const answer = answerProblem(error, c.req.path, onFault);
    return forPeople(c, answer, async () => withRetry(await pages.fail(error, answer.status), answer));
  });
  app.notFound((c) => forPeople(c, answerNothing(app, c), pages.notFound));
  return app;
}

/** A person whose label leads nowhere gets a page, a program a problem: browsers ask for HTML by name, programs take what comes. */
async function forPeople(c: Context, answer: Response, page: () => Promise<Response>): Promise<Response> {
  const isPerson = /^(?:GET|HEAD)$/.test(c.req.method) && /\btext\/html\b/.test(c.req.header('accept') ?? '');
  const chosen = isPerson && answer.status !== 405 ? await page() : answer;
  addVary(chosen.headers, 'accept');
  return chosen;
}

/** When to come again is said to both. */
function withRetry(page: Response, { headers }: Response): Response {
  const retryAfter = headers.get('retry-after');
  if (retryAfter !== null) page.headers.set('retry-after', retryAfter);
  return page;
}

const strict = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
  },
  crossOriginResourcePolicy: 'cross-origin',
  referrerPolicy: 'no-referrer',
  // A label is scanned over plain HTTP on a local network too; whoever terminates TLS sets this one.
  strictTransportSecurity: false,
});

/** Security headers, wherever an answer has no policy of its own. */
const withDefaults: MiddlewareHandler = async (c, next) => {
  await next();
  if (!c.res.headers.has('content-security-policy')) await strict(c, async () => undefined);
};

/** Asked every few seconds by whoever watches the service. */
const PROBES: readonly string[] = ['/livez', '/readyz', '/healthz'];

function limitRequests(
  { client, requests, clientOf }: Limits,
  open: { requests: number },
  shedder: ReturnType<typeof createShedder>,
): MiddlewareHandler {
  const limiter = createRateLimiter(client);
  return async (c, next) => {
    const address = clientOf(c);
    const wait = address === undefined ? 0 : limiter.take(groupOf(address));
    if (wait > 0) throw new RateLimitedError(`Too many requests from ${address}. Wait ${wait} ms.`, wait);
    // Whoever watches the service is answered: what is busy is not to be started again.
    if (PROBES.includes(c.req.path)) return await next();
    if (open.requests >= requests) throw busy(`${open.requests} requests are being answered`);
    if (c.env?.incoming !== undefined && shedder.isTooMuch()) throw busy('more is asked of it than it can answer');
    open.requests += 1;
    try {
      await next();
    } finally {
      open.requests -= 1;
    }
  };
}

/** An answer begins within its time, whatever it waits for; a stream then takes as long as it likes. */
function answerInTime(ms: number): MiddlewareHandler {
  return async (_, next) => {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(busy(`this was not answered within ${ms} ms`)), ms);
    try {
      await Promise.race([next(), late.promise]);
    } finally {
      clearTimeout(timer);
    }
  };
}

/** Counts each request, and tells of it once its last byte is sent. */
function tellRequests(log: Log, metrics: Metrics): MiddlewareHandler {
  return (c, next) =>
    requestScope.run({ request: c.get('requestId') }, async () => {
      const began = performance.now();
      const sinceThen = () => Math.round((performance.now() - began) * 10) / 10;
      // A request that was made without a server has no bindings.
      const outgoing: ServerResponse | undefined = c.env?.outgoing;
      const sentBefore = outgoing?.socket?.bytesWritten ?? 0;
      const { socket } = outgoing ?? {};
      await next();
      const { status } = c.res;
      const request = { method: c.req.method, route: routeOf(c), status };
      metrics.answered({ ...request, ms: performance.now() - began });
      const tell = () => {
        const bytes = socket ? { bytes: socket.bytesWritten - sentBefore } : {};
        const cut = outgoing?.writableFinished === false ? { cut: true } : {};
        log(levelOf(request), 'answered', { ...request, path: c.req.path, ms: sinceThen(), ...bytes, ...cut });
      };
      if (outgoing === undefined) tell();
      else outgoing.once('close', AsyncLocalStorage.bind(tell));
    });
}

/** The pattern, not the path: of these there are only as many as routes. */
function routeOf(c: Context): string {
  const route = routePath(c);
  return route === '*' || route === '/*' ? 'none' : route;
}

function levelOf({ route, status }: { readonly route: string; readonly status: number }): LogLevel {
  if (status >= 500 && status !== 503) return 'error';
  if (status === 503 || status === 429) return 'warn';
  return PROBES.includes(route) ? 'debug' : 'info';
}

/** What the operator's own tools ask, on an address of its own: metrics, and health while the public one takes no more connections. */
export function createMonitor(parts: Pick<Parts, 'health'>, metrics: Metrics): Hono {
  const monitor = new OpenAPIHono<BlankEnv>();
  routeHealth(monitor, parts);
  monitor.get('/metrics', async (c) => c.body(await metrics.render(), 200, { 'content-type': metrics.contentType }));
  return monitor;
}
