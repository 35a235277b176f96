/**
 * HTTP as RFC 9110 has it, once for every route: methods and reading across origins, what a client accepts, validators, content codings.
 * Routes say how long an answer may be kept and have nothing else to do with it.
 */
import { createHash } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import { promisify } from 'node:util';
import { brotliCompress, constants, createGunzip, gzip } from 'node:zlib';
import { InvalidInputError } from '@dpp-ledger/core';
import type { Context, Hono, MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { streamOf } from './lines.ts';
import { problem } from './problems.ts';

/** What pages of other origins may read of an answer besides what the Fetch standard always shows. */
const EXPOSED = [
  'accept-encoding',
  'allow',
  'content-disposition',
  'etag',
  'gs1-cbv-version',
  'gs1-epcis-capture-file-size-limit',
  'gs1-epcis-capture-limit',
  'gs1-epcis-max',
  'gs1-epcis-min',
  'gs1-epcis-version',
  'link',
  'location',
  'retry-after',
  'x-ipfs-path',
  'x-ipfs-roots',
  'x-request-id',
].join(', ');
const ALLOWED_HEADERS =
  'accept, content-encoding, content-type, gs1-capture-error-behaviour, gs1-epcis-version, if-none-match';
/** Below this a coding saves no packet. */
const LEAST_COMPRESSED = 1_024;
const COMPRESSIBLE =
  /^(?:text\/(?!event-stream)|application\/(?:(?:[\w.]+\+)?json|vc\+jwt|x-ndjson|javascript)$|image\/svg\+xml$)/;
/** Made as they are read: never held as a whole. */
const STREAMED = /^(?:application\/(?:x-ndjson|vnd\.ipld\.car)|text\/event-stream)$/;
/** How often its size a gzip body may grow to: like passports come to a tenth or so, a trap to a thousandth. */
const MOST_GROWTH = 100;
const FREE_GROWTH = 1024 * 1024;

const compressors = {
  br: (bytes: Uint8Array) =>
    promisify(brotliCompress)(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }),
  gzip: (bytes: Uint8Array) => promisify(gzip)(bytes, { level: 5 }),
};

// ---------------------------------------------------------------------------------------------------- methods and origins

/** The methods that a path has; none where there is nothing at it. */
function allowedMethods(app: Hono, path: string): string[] {
  const own = ['GET', 'POST'].filter((method) =>
    app.router.match(method, path)[0].some(([[, route]]) => route.method === method),
  );
  if (own.length === 0) return [];
  return [...own, ...(own.includes('GET') ? ['HEAD'] : []), 'OPTIONS'];
}

/**
 * Everything here is public and nothing goes by cookies, so any page may read, and may post what is signed by whoever wrote it. OPTIONS is
 * answered with what the path has.
 */
export function shareWithOrigins(app: Hono): MiddlewareHandler {
  return async (c, next) => {
    if (c.req.method !== 'OPTIONS') {
      await next();
      c.res.headers.set('access-control-allow-origin', '*');
      c.res.headers.set('access-control-expose-headers', EXPOSED);
      return undefined;
    }
    const methods = allowedMethods(app, c.req.path);
    if (methods.length === 0) {
      await next();
      return undefined;
    }
    const headers = new Headers({ allow: methods.join(', '), 'access-control-allow-origin': '*' });
    if (c.req.header('access-control-request-method') !== undefined) {
      headers.set('access-control-allow-methods', methods.join(', '));
      headers.set('access-control-allow-headers', ALLOWED_HEADERS);
      headers.set('access-control-max-age', '86400');
      headers.set('vary', 'access-control-request-method, access-control-request-headers');
    }
    return new Response(null, { status: 204, headers });
  };
}

/** For a path that nothing answered: a problem that tells an unknown path from a method that it does not have. */
export function answerNothing(app: Hono, c: Context): Response {
  const methods = allowedMethods(app, c.req.path);
  if (methods.length === 0) {
    return problem(404, 'service.not-found', `There is nothing at ${c.req.path}. See /docs.`, c.req.path);
  }
  const allow = methods.join(', ');
  return problem(405, 'service.method', `${c.req.path} takes ${allow}, not ${c.req.method}.`, c.req.path, { allow });
}

// ------------------------------------------------------------------------------------------------------------- negotiation

/** How much each media range or coding of a header is wanted, as it stands there. */
function parseQualities(header: string): { readonly name: string; readonly quality: number }[] {
  return header.split(',').flatMap((part) => {
    const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    const value = quality === undefined ? 1 : Number(quality);
    return name === '' ? [] : [{ name, quality: Number.isFinite(value) ? value : 0 }];
  });
}

/** How much a client wants a media type, 0 being not at all: the most specific range that names it decides (RFC 9110, 12.5.1). */
function qualityOf(header: string, mediaType: string): number {
  const ranges = parseQualities(header);
  const [family] = mediaType.split('/');
  for (const name of [mediaType, `${family}/*`, '*/*']) {
    const found = ranges.find((range) => range.name === name);
    if (found !== undefined) return found.quality;
  }
  return ranges.length === 0 ? 1 : 0;
}

function accepts(header: string, mediaType: string): boolean {
  return qualityOf(header, mediaType) > 0;
}

/** Of several forms the one that a client wants most; where it wants them alike, the first. */
export function preferred(header: string | undefined, offered: readonly [string, ...string[]]): string {
  const qualities = offered.map((mediaType) => qualityOf(header ?? '', mediaType));
  return offered[qualities.indexOf(Math.max(...qualities))] ?? offered[0];
}

const JSON_TYPE = 'application/json';

/**
 * Refuses with 406 what could only be answered in a type that the client does not take. `offers`: media types by method and routing path.
 * A `format` in the query is asked for by name and wins over the header. Many programs ask for JSON whatever they want: what has one form
 * and is no JSON, a credential or a checkpoint, is given to them as it is (RFC 9110, 12.5.1).
 */
export function negotiate(offers: ReadonlyMap<string, readonly string[]>): MiddlewareHandler {
  return async (c, next) => {
    const accept = c.req.header('accept');
    if (accept !== undefined && c.req.query('format') === undefined) {
      const method = c.req.method === 'HEAD' ? 'GET' : c.req.method;
      const offered = [...new Set(matchedRoutes(c).flatMap(({ path }) => offers.get(`${method} ${path}`) ?? []))];
      const isOneForm = offered.length === 1 && offered[0] !== JSON_TYPE;
      const isTaken = offered.some((type) => accepts(accept, type)) || (isOneForm && accepts(accept, JSON_TYPE));
      if (offered.length > 0 && !isTaken) {
        const detail = `This is given as ${offered.join(' or ')}, which the header "accept" leaves out.`;
        return problem(406, 'service.not-acceptable', detail, c.req.path, { vary: 'accept' });
      }
    }
    await next();
    return undefined;
  };
}

// --------------------------------------------------------------------------------------------------- validators and codings

/** RFC 9110, 13.1.2: whether the client has this already, compared weakly. Whoever asks has found that there is something. */
export function isMatch(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  const opaque = etag.replace(/^W\//, '');
  return Array.from(ifNoneMatch.matchAll(/"[^"]*"/g), String).includes(opaque);
}

/**
 * Finishes an answer: a validator for what may be kept, 304 for who has it, a coding for what is worth one. What is made as it is read
 * is not held to be hashed, and a stream that answers a stream is not coded either: its lines are waited for one by one.
 */
export const finishAnswers: MiddlewareHandler = async (c, next) => {
  await next();
  const { status, headers } = c.res;
  const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  const isRead = c.req.method === 'GET' || c.req.method === 'HEAD';
  const isStream = STREAMED.test(type);
  const isCompressible = COMPRESSIBLE.test(type) && !headers.has('content-encoding');
  if (isCompressible) addVary(headers, 'accept-encoding');
  const isKept = isRead && status === 200 && !/\bno-store\b/.test(headers.get('cache-control') ?? '');
  const acceptEncoding = isCompressible ? c.req.header('accept-encoding') : undefined;

  if (isStream) {
    // Nobody reads the body of an answer to HEAD, and what would make it must not wait for a reader.
    if (c.req.method === 'HEAD') await c.res.body?.cancel();
    else if (isRead && c.res.body !== null && chooseCoding(acceptEncoding, ['gzip']) !== undefined) {
      const coded = c.res.body.pipeThrough(new CompressionStream('gzip'));
      replace(c, coded, status, { ...plain(headers), 'content-encoding': 'gzip' });
    }
    return;
  }
  const coding = chooseCoding(acceptEncoding, ['br', 'gzip']);
  if (!isKept && coding === undefined) return;
  if (c.res.body === null) return;

  const bytes = new Uint8Array(await c.res.arrayBuffer());
  if (isKept && !headers.has('etag')) {
    headers.set('etag', `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"`);
  }
  const etag = headers.get('etag');
  if (isKept && etag !== null && isMatch(c.req.header('if-none-match'), etag)) {
    for (const name of ['content-type', 'content-length', 'content-disposition']) headers.delete(name);
    return replace(c, null, 304, plain(headers));
  }
  if (coding === undefined || bytes.length < LEAST_COMPRESSED) {
    return replace(c, bytes, status, { ...plain(headers), 'content-length': String(bytes.length) });
  }
  const coded = await compressors[coding](bytes);
  replace(c, new Uint8Array(coded), status, {
    ...plain(headers),
    'content-encoding': coding,
    'content-length': String(coded.length),
    // Other bytes, the same content: a strong validator would call them equal.
    ...(etag === null ? {} : { etag: etag.startsWith('W/') ? etag : `W/${etag}` }),
  });
};

/** Hono adds an answer's old headers to the new one, unless there is none. */
function replace(c: Context, body: BodyInit | null, status: number, headers: Record<string, string>): void {
  c.res = undefined;
  c.res = new Response(body, { status, headers });
}

function plain(headers: Headers): Record<string, string> {
  return Object.fromEntries(headers);
}

export function addVary(headers: Headers, name: string): void {
  const known = headers.get('vary')?.split(/\s*,\s*/) ?? [];
  if (!known.includes('*') && !known.includes(name)) headers.set('vary', [...known, name].join(', '));
}

/** The coding of these that is wanted most, the first of them where they are wanted alike. */
function chooseCoding<T extends string>(acceptEncoding: string | undefined, known: readonly T[]): T | undefined {
  const codings = parseQualities(acceptEncoding ?? '');
  const wanted = known.map((name) => {
    const found = codings.find((coding) => coding.name === name) ?? codings.find((coding) => coding.name === '*');
    return { name, quality: found?.quality ?? 0 };
  });
  const [best] = wanted.filter(({ quality }) => quality > 0).toSorted((a, b) => b.quality - a.quality);
  return best?.name;
}

/**
 * A request's body without its content coding, read no faster than it is taken. Errors: `service.media-type` for another coding than gzip;
 * while reading, `input.encoding` for what is not gzip, `input.too-large` for what grows as only a trap does.
 */
export function bodyOf(c: Context): ReadableStream<Uint8Array> | null {
  const coding = c.req.header('content-encoding')?.trim().toLowerCase() ?? 'identity';
  const { body } = c.req.raw;
  if (coding === 'identity' || body === null) return body;
  if (coding !== 'gzip' && coding !== 'x-gzip') {
    throw new InvalidInputError(
      'service.media-type',
      `Send the body as it is or coded as gzip; content-encoding is "${coding.slice(0, 40)}" now.`,
    );
  }
  const gunzip = createGunzip();
  // A failure of the body ends the decoder, where it is met.
  pipeline(Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]), gunzip, () => undefined);
  return streamOf(inflate(gunzip), () => gunzip.destroy());
}

async function* inflate(gunzip: ReturnType<typeof createGunzip>): AsyncIterable<Uint8Array> {
  let size = 0;
  try {
    for await (const chunk of gunzip as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > FREE_GROWTH + gunzip.bytesWritten * MOST_GROWTH) {
        throw new InvalidInputError('input.too-large', `The body grows to more than ${MOST_GROWTH} times its size.`);
      }
      yield chunk;
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))) throw error;
    throw new InvalidInputError(
      'input.encoding',
      `The body is not the gzip that content-encoding says: ${error.message}.`,
      {
        cause: error,
      },
    );
  }
}
