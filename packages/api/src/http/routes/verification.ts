/** Verdicts and labels: what is scanned is resolved, shown, verified. */
import { InvalidInputError, parseShape } from '@dpp-ledger/core';
import { parseDigitalLink } from '@dpp-ledger/core/passport';
import { labelPng, labelSvg } from '@dpp-ledger/web';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { BlankEnv } from 'hono/types';
import { type Judged, readLink } from '../../ledger/verifier.ts';
import type { Parts } from '../context.ts';
import { readBody } from '../lines.ts';
import { labelUri } from '../pages.ts';
import { bodyOf } from '../protocol.ts';
import { HEADERS, json, limit, linksetSchema, problems, reportSchema, unchanged } from '../wire.ts';
import { mediaTypeOf, notFound, wrongMediaType } from './request.ts';

/** Evidence: a credential of 1 MiB, proofs, and their JSON. */
const LONGEST_EVIDENCE = 1_200_000;
const uriParam = z.string().min(1).max(2_048).openapi({
  example: 'https://id.gs1.org/01/09521234000013/21/A7K2',
  description: "A label's link, a subject's URI, or a GTIN.",
});

const expectation = z.object({
  subject: z.string().max(2_048).optional().openapi({ description: 'What was scanned.' }),
  current: z
    .enum(['true', 'false'])
    .optional()
    .openapi({ description: 'Whether a superseded credential will not do.' }),
});

const getVerify = createRoute({
  operationId: 'getVerify',
  method: 'get',
  path: '/verify',
  tags: ['Verification'],
  summary: "This server's verdict on what a link leads to",
  description: 'All checks, each with what it stands on. To rely on nobody, take the evidence and verify it yourself.',
  request: { query: z.object({ uri: uriParam }) },
  responses: { 200: json(reportSchema, 'The report.'), ...problems(400, 404, 502) },
});

const postVerify = createRoute({
  operationId: 'postVerify',
  method: 'post',
  path: '/verify',
  tags: ['Verification'],
  summary: "This server's verdict on a credential or on evidence",
  request: {
    query: expectation,
    body: {
      required: true,
      content: {
        'application/vc+jwt': { schema: { type: 'string' } },
        'application/json': { schema: { $ref: '#/components/schemas/Evidence' } },
      },
    },
  },
  responses: {
    200: json(reportSchema, 'The report, however bad what was sent.'),
    ...problems(400, 408, 413, 415, 502),
  },
});

const getLabel = createRoute({
  operationId: 'getLabel',
  method: 'get',
  path: '/label',
  tags: ['Resolver'],
  summary: 'The label of a subject: a QR code of the link that leads here',
  request: {
    query: z.object({
      uri: uriParam,
      format: z.enum(['svg', 'png']).default('svg'),
      text: z.string().max(200).optional(),
      scale: limit(32, 8),
    }),
  },
  responses: {
    200: {
      description: 'The image.',
      content: { 'image/svg+xml': { schema: z.string() }, 'image/png': { schema: z.string() } },
    },
    ...unchanged,
    ...problems(400, 413),
  },
});

const linkQuery = z.object({
  linkType: z.string().max(200).optional().openapi({
    description: '"all" for the linkset, or a link type such as gs1:dpp.',
    example: 'all',
    pattern: '^(?:all|linkset|(?:gs1:|https://)[A-Za-z0-9./]+)$',
  }),
});
const linkAnswers = {
  200: {
    description: 'The linkset (RFC 9264), for linkType=all or Accept: application/linkset+json.',
    content: { 'application/linkset+json': { schema: linksetSchema } },
  },
  ...unchanged,
  307: {
    description: 'To the page, or to the credential for Accept: application/vc+jwt.',
    headers: { Location: HEADERS.location, Link: HEADERS.linkset },
  },
  ...problems(400, 404),
};
/** GS1's 82 characters, at most 20 of them. */
const GS1_CHARACTERS = '^[!"%&\'()*+,./0-9:;<=>?A-Z_a-z-]{1,20}$';
const gtin = z
  .string()
  .openapi({ example: '09521234000013', pattern: '^[0-9]{8,14}$', description: 'With its check digit.' });
const part = (example: string) => z.string().openapi({ example, pattern: GS1_CHARACTERS });

const getResolve = createRoute({
  operationId: 'getResolve',
  method: 'get',
  path: '/resolve',
  tags: ['Resolver'],
  summary: 'Resolve any subject by its URI',
  request: { query: linkQuery.extend({ uri: uriParam }) },
  responses: linkAnswers,
});

/** The forms of a label; every other Digital Link path is answered too. */
const LABELS = [
  { name: 'Model', path: '/01/{gtin}', params: { gtin }, what: 'a model' },
  {
    name: 'Batch',
    path: '/01/{gtin}/10/{batch}',
    params: { gtin, batch: part('B2026-11') },
    what: 'a production batch',
  },
  { name: 'Item', path: '/01/{gtin}/21/{serial}', params: { gtin, serial: part('A7K2') }, what: 'an item' },
  {
    name: 'BatchItem',
    path: '/01/{gtin}/10/{batch}/21/{serial}',
    params: { gtin, batch: part('B2026-11'), serial: part('A7K2') },
    what: 'an item of a production batch',
  },
].map(({ name, path, params, what }) =>
  createRoute({
    operationId: `resolve${name}`,
    method: 'get',
    path,
    tags: ['Resolver'],
    summary: `Resolve the label of ${what}`,
    request: { params: z.object(params), query: linkQuery },
    responses: linkAnswers,
  }),
);
/** GS1 keys that subjects may have besides: places, parties, assets. */
const OTHER_KEYS = ['01', '414', '417', '8003', '8004'];

const getDescription = createRoute({
  operationId: 'getDescription',
  method: 'get',
  path: '/.well-known/gs1resolver',
  tags: ['Resolver'],
  summary: 'What this resolver can do',
  responses: { 200: json(z.record(z.string(), z.unknown()), 'The resolver description file.'), ...unchanged },
});

export const VERIFICATION_ROUTES = [getVerify, postVerify, getLabel, getResolve, ...LABELS, getDescription];

export function routeVerification(app: OpenAPIHono<BlankEnv>, parts: Parts): void {
  const { verifier, resolver, bodies, publicUrl } = parts;

  app.openapi(getVerify, async (c) => {
    const scanned = await verifier.scan(c.req.valid('query').uri);
    if (scanned === undefined) throw notFound('No passport is known of it, nor of its production batch or model.');
    return c.json(formatReport(scanned), 200, { 'cache-control': 'no-store' });
  });

  app.post(postVerify.getRoutingPath(), async (c) => {
    const { subject, current } = parseShape(expectation, c.req.query(), 'query');
    const type = mediaTypeOf(c.req.header('content-type'));
    if (type !== 'application/vc+jwt' && type !== 'application/json') {
      throw wrongMediaType(type, 'application/vc+jwt or application/json');
    }
    const body = await readBody(bodyOf(c), { most: LONGEST_EVIDENCE, silenceMs: bodies.silenceMs });
    const judged = await verifier.verifyPresented(decodeText(body), {
      subject: subject === undefined ? undefined : readLink(subject),
      current: current === undefined ? undefined : current === 'true',
    });
    return c.json(formatReport(judged), 200, { 'cache-control': 'no-store' });
  });

  app.openapi(getLabel, async (c) => {
    const { uri, format, text, scale } = c.req.valid('query');
    const link = labelUri(readLink(uri), publicUrl);
    const headers = { 'cache-control': 'public, max-age=86400' };
    const options = { text, scale };
    if (format === 'svg')
      return new Response(labelSvg(link, options), { headers: { ...headers, 'content-type': 'image/svg+xml' } });
    return new Response(new Uint8Array(labelPng(link, options)), {
      headers: { ...headers, 'content-type': 'image/png' },
    });
  });

  const resolve = (c: Context, uri: string) => {
    const query = new URL(c.req.url).searchParams;
    const linkType = query.get('linkType') ?? undefined;
    query.delete('linkType');
    query.delete('uri');
    return resolver.answer({ uri, linkType, accept: c.req.header('accept') ?? '', query });
  };
  /** The host by which this request came does not matter: the path names the subject. */
  const resolvePath = (c: Context) => {
    const { pathname, search } = new URL(c.req.url);
    const uri = `${publicUrl}${pathname.replace(/\/+$/, '')}${search}`;
    // Under these paths nothing else is meant: what is no Digital Link is a bad one.
    parseDigitalLink(uri);
    return resolve(c, uri);
  };

  app.openapi(getResolve, (c) => resolve(c, c.req.valid('query').uri));
  for (const key of OTHER_KEYS) app.get(`/${key}/*`, resolvePath);

  app.openapi(getDescription, (c) =>
    c.json({ ...resolver.describe() }, 200, { 'cache-control': 'public, max-age=3600' }),
  );
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new InvalidInputError('input.encoding', 'The body is not UTF-8.', { cause });
  }
}

/** As JSON has it: what is not known is left out. */
export function formatReport({ report, claims }: Judged): z.infer<typeof reportSchema> {
  return JSON.parse(JSON.stringify({ ...report, ...claims })) as z.infer<typeof reportSchema>;
}
