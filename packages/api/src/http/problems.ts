/** Problems: every failure as RFC 9457 problem details, with the code that the core's table explains. */
import {
  DppError,
  ERROR_CODES,
  type ErrorCode,
  IntegrityError,
  InvalidInputError,
  RejectedError,
  UnavailableError,
} from '@dpp-ledger/core';
import { z } from '@hono/zod-openapi';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { isDatabaseGone } from '../database/database.ts';
import { RateLimitedError } from '../outbox/accept.ts';

export const PROBLEM_TYPE = 'application/problem+json';

/** In the document by its own name. */
export const errorCode = z
  .enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]])
  .openapi('ErrorCode', { description: 'Stable; see docs/errors.md.', example: 'issuer.grant' });

export const problemSchema = z
  .object({
    type: z.string().openapi({ description: 'Leads to the sentence that explains the code.' }),
    title: z.string(),
    status: z.int(),
    code: errorCode,
    detail: z.string(),
    instance: z.string().openapi({ description: 'The path that was asked for.' }),
  })
  .openapi('Problem', {
    example: {
      type: '/problems/service.not-found',
      title: 'Nothing is known under this name.',
      status: 404,
      code: 'service.not-found',
      detail: 'No such credential is known here.',
      instance: '/passports/bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy',
    },
  });

/** By whom must act; some codes have a status of their own. */
const STATUS_OF_CODE: Partial<Record<ErrorCode, ContentfulStatusCode>> = {
  'epcis.capture-off': 403,
  'input.too-large': 413,
  'service.media-type': 415,
  'service.method': 405,
  'service.not-acceptable': 406,
  'service.not-found': 404,
  'store.not-found': 404,
  'service.rate-limited': 429,
  'service.timeout': 408,
  'ledger.paused': 503,
};

function statusOf(error: DppError): ContentfulStatusCode {
  const own = STATUS_OF_CODE[error.code];
  if (own !== undefined) return own;
  if (error instanceof InvalidInputError) return 400;
  if (error instanceof RejectedError) return 422;
  if (error instanceof IntegrityError) return 502;
  if (error instanceof UnavailableError) return 503;
  return 500;
}

/** The response to a failure. `onFault` is told of what is this service's doing. */
export function answerProblem(error: unknown, path: string, onFault: (error: unknown) => void): Response {
  if (error instanceof RateLimitedError) {
    const seconds = String(Math.ceil(error.retryAfterMs / 1_000));
    return problem(429, error.code, error.message, path, { 'retry-after': seconds });
  }
  if (error instanceof DppError) {
    const status = statusOf(error);
    if (status >= 500) onFault(error);
    return problem(status, error.code, error.message, path, status === 503 ? { 'retry-after': '5' } : {});
  }
  if (error instanceof HTTPException) {
    // The framework's own refusals: a body that is no JSON, a path that cannot be decoded.
    const code = error.status === 413 ? 'input.too-large' : error.status < 500 ? 'input.json' : 'service.internal';
    return problem(error.status, code, error.message || ERROR_CODES[code], path);
  }
  onFault(error);
  if (isDatabaseGone(error)) {
    return problem(503, 'service.not-ready', 'The database does not answer. Try again later.', path, {
      'retry-after': '5',
    });
  }
  return problem(
    500,
    'service.internal',
    'Something went wrong here. Try again; if it stays so, tell whoever runs this.',
    path,
  );
}

export function problem(
  status: ContentfulStatusCode,
  code: ErrorCode,
  detail: string,
  path: string,
  headers: Record<string, string> = {},
): Response {
  const body = { type: `/problems/${code}`, title: ERROR_CODES[code], status, code, detail, instance: path };
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': PROBLEM_TYPE, 'cache-control': 'no-store', ...headers },
  });
}
