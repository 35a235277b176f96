/** For operators and integrators: health, the interface's own description, the service's keys, what codes mean. */
import { ERROR_CODES } from '@dpp-ledger/core';
import { buildDidDocument, CONTEXT_DOCUMENT, CONTEXT_URL, formatKid } from '@dpp-ledger/core/credential';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { BlankEnv } from 'hono/types';
import type { Parts } from '../context.ts';
import { healthSchema, json, problems, unchanged } from '../wire.ts';
import { notFound } from './request.ts';

const getHealth = createRoute({
  operationId: 'getHealth',
  method: 'get',
  path: '/healthz',
  tags: ['Operations'],
  summary: 'How the service is',
  description: 'Every check, good or bad, asked now and answered within 4 seconds; what does not work is named.',
  responses: { 200: json(healthSchema, 'All checks, good or bad.') },
});

const getLife = createRoute({
  operationId: 'getLife',
  method: 'get',
  path: '/livez',
  tags: ['Operations'],
  summary: 'Whether the process lives',
  description:
    'Asks nothing of anybody: for whoever would start the process again. What it needs may be away all the same.',
  responses: { 200: json(z.object({ status: z.literal('alive') }), 'It does.') },
});

const getReadiness = createRoute({
  operationId: 'getReadiness',
  method: 'get',
  path: '/readyz',
  tags: ['Operations'],
  summary: 'Whether requests can be answered',
  description:
    'For whoever sends requests here or elsewhere. A replica that does not lead is as ready as the one that does.',
  responses: {
    200: json(healthSchema, 'They can.'),
    503: json(healthSchema, 'They cannot: no database, no chain for a while, an index that is behind, or a shutdown.'),
  },
});

const getKeys = createRoute({
  operationId: 'getKeys',
  method: 'get',
  path: '/.well-known/jwks.json',
  tags: ['Operations'],
  summary: 'The key that signs receipts and status lists',
  responses: { 200: json(z.object({ keys: z.array(z.record(z.string(), z.string())) }), 'A JWK set.'), ...unchanged },
});

const getDid = createRoute({
  operationId: 'getDid',
  method: 'get',
  path: '/.well-known/did.json',
  tags: ['Operations'],
  summary: "The service's DID document",
  responses: { 200: json(z.record(z.string(), z.unknown()), 'The document.'), ...unchanged },
});

const getContext = createRoute({
  operationId: 'getContext',
  method: 'get',
  path: '/contexts/v1',
  tags: ['Operations'],
  summary: 'The JSON-LD context of our terms',
  description: `The document that passports name as ${CONTEXT_URL}. A version never changes.`,
  responses: {
    200: {
      description: 'The context.',
      content: { 'application/ld+json': { schema: z.record(z.string(), z.unknown()) } },
    },
    ...unchanged,
  },
});

export const getInterface = createRoute({
  operationId: 'getInterface',
  method: 'get',
  path: '/openapi.json',
  tags: ['Operations'],
  summary: 'This document',
  responses: { 200: json(z.record(z.string(), z.unknown()), 'OpenAPI 3.1.'), ...unchanged },
});

const getProblem = createRoute({
  operationId: 'getProblem',
  method: 'get',
  path: '/problems/{code}',
  tags: ['Operations'],
  summary: 'What a code means',
  request: { params: z.object({ code: z.string().openapi({ example: 'issuer.grant' }) }) },
  responses: {
    200: json(z.object({ code: z.string(), sentence: z.string() }), 'The sentence.'),
    ...unchanged,
    ...problems(404),
  },
});

export const OPERATION_ROUTES = [
  getHealth,
  getLife,
  getReadiness,
  getKeys,
  getDid,
  getContext,
  getProblem,
  getInterface,
];

export function routeHealth(app: OpenAPIHono<BlankEnv>, { health }: Pick<Parts, 'health'>): void {
  app.openapi(getLife, (c) => c.json({ status: 'alive' as const }, 200, { 'cache-control': 'no-store' }));
  app.openapi(getHealth, async (c) => c.json(toHealth(await health.examine()), 200, { 'cache-control': 'no-store' }));
  app.openapi(getReadiness, async (c) => {
    const report = await health.examine();
    return c.json(toHealth(report), report.ready ? 200 : 503, { 'cache-control': 'no-store' });
  });
}

export function routeOperations(app: OpenAPIHono<BlankEnv>, parts: Parts): void {
  const { signer } = parts;
  const kid = formatKid(signer.issuer, signer.keyId);

  routeHealth(app, parts);
  app.openapi(getKeys, (c) => {
    const key = { ...signer.key, kid, use: 'sig', alg: signer.algorithm };
    return c.json({ keys: [key] }, 200, { 'cache-control': 'public, max-age=300' });
  });
  app.openapi(getDid, (c) => {
    const document = { ...buildDidDocument(signer.issuer, [{ id: signer.keyId, jwk: signer.key }]) };
    return c.json(document, 200, { 'cache-control': 'public, max-age=300' });
  });
  app.openapi(getContext, (c) =>
    c.json(CONTEXT_DOCUMENT, 200, {
      'Content-Type': 'application/ld+json',
      'cache-control': 'public, max-age=31536000, immutable',
    }),
  );
  app.openapi(getProblem, (c) => {
    const { code } = c.req.valid('param');
    const sentence = Object.entries(ERROR_CODES).find(([known]) => known === code)?.[1];
    if (sentence === undefined) throw notFound(`There is no code "${code.slice(0, 100)}".`);
    return c.json({ code, sentence }, 200, { 'cache-control': 'public, max-age=3600' });
  });
}

function toHealth({ status, checks, outbox }: Awaited<ReturnType<Parts['health']['examine']>>) {
  return { status, checks, ...(outbox === undefined ? {} : { outbox }) };
}
