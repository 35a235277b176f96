/** For operators and integrators: health, the interface's own description, the service's keys, what codes mean. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ERROR_CODES } from '@dpp-ledger/core';
import { CONTEXT_DOCUMENT, CONTEXT_URL, formatKid } from '@dpp-ledger/core/credential';
import { EVIDENCE_SCHEMA } from '@dpp-ledger/core/evidence';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { BlankEnv } from 'hono/types';
import type { Parts } from '../context.ts';
import { PROBLEM_TYPE } from '../problems.ts';
import { healthSchema, json, problems } from '../wire.ts';
import { notFound } from './request.ts';

const getHealth = createRoute({
  method: 'get',
  path: '/healthz',
  tags: ['Operations'],
  summary: 'How the service is',
  description: 'Every check, good or bad, asked now and answered within 4 seconds; what does not work is named.',
  responses: { 200: json(healthSchema, 'All checks, good or bad.') },
});

const getLife = createRoute({
  method: 'get',
  path: '/livez',
  tags: ['Operations'],
  summary: 'Whether the process lives',
  description:
    'Asks nothing of anybody: for whoever would start the process again. What it needs may be away all the same.',
  responses: { 200: json(z.object({ status: z.literal('alive') }), 'It does.') },
});

const getReadiness = createRoute({
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
  method: 'get',
  path: '/.well-known/jwks.json',
  tags: ['Operations'],
  summary: 'The key that signs receipts and status lists',
  responses: { 200: json(z.object({ keys: z.array(z.record(z.string(), z.string())) }), 'A JWK set.') },
});

const getDid = createRoute({
  method: 'get',
  path: '/.well-known/did.json',
  tags: ['Operations'],
  summary: "The service's DID document",
  responses: { 200: json(z.record(z.string(), z.unknown()), 'The document.') },
});

const getContext = createRoute({
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
  },
});

const getProblem = createRoute({
  method: 'get',
  path: '/problems/{code}',
  tags: ['Operations'],
  summary: 'What a code means',
  request: { params: z.object({ code: z.string().openapi({ example: 'issuer.grant' }) }) },
  responses: { 200: json(z.object({ code: z.string(), sentence: z.string() }), 'The sentence.'), ...problems(404) },
});

const DESCRIPTION = `Digital product passports for devices: signed by their makers, anchored in a transparency log kept by a contract.

Nobody needs to believe this service. Credentials carry their issuer's signature, evidence proves itself, and what the ledger says can be asked of any node of its chain. A credential's signature is its authorisation: there are no accounts and no keys to request.

Every failure is RFC 9457 problem details with a stable code.`;

const RELAY_SCHEMA = {
  type: 'object' as const,
  required: ['version', 'ledger', 'issuer', 'key', 'acts', 'nonce', 'deadline', 'signature'],
  properties: {
    version: { const: 'dpp-relay/1' },
    ledger: { type: 'string' as const, description: 'CAIP-10, lower case.' },
    issuer: { type: 'string' as const, description: "The issuer's DID." },
    key: { type: 'object' as const, description: 'The P-256 public key, as a JWK.' },
    acts: {
      type: 'array' as const,
      items: {
        type: 'object' as const,
        required: ['kind', 'data'],
        properties: { kind: { type: 'integer' as const }, data: { type: 'string' as const } },
      },
    },
    nonce: { type: 'string' as const, description: 'Decimal; see /issuers/{did}.' },
    deadline: { type: 'integer' as const, description: 'Seconds since 1970.' },
    signature: { type: 'string' as const, description: 'r and s, base64url.' },
    credentials: {
      type: 'array' as const,
      items: { type: 'string' as const },
      description: 'The credentials of the batches that the acts anchor, in their order.',
    },
  },
};

export function routeHealth(app: OpenAPIHono<BlankEnv>, { health }: Pick<Parts, 'health'>): void {
  app.openapi(getLife, (c) => c.json({ status: 'alive' as const }, 200, { 'cache-control': 'no-store' }));
  app.openapi(getHealth, async (c) => c.json(toHealth(await health.examine()), 200, { 'cache-control': 'no-store' }));
  app.openapi(getReadiness, async (c) => {
    const report = await health.examine();
    return c.json(toHealth(report), report.ready ? 200 : 503, { 'cache-control': 'no-store' });
  });
}

export function routeOperations(app: OpenAPIHono<BlankEnv>, parts: Parts): void {
  const { signer, publicUrl } = parts;
  const kid = formatKid(signer.issuer, signer.keyId);

  routeHealth(app, parts);
  app.openapi(getKeys, (c) => {
    const key = { ...signer.key, kid, use: 'sig', alg: signer.algorithm };
    return c.json({ keys: [key] }, 200, { 'cache-control': 'public, max-age=300' });
  });
  app.openapi(getDid, (c) => {
    const method = { id: kid, type: 'JsonWebKey', controller: signer.issuer, publicKeyJwk: signer.key };
    const document = {
      '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/jwk/v1'],
      id: signer.issuer,
      verificationMethod: [method],
      assertionMethod: [kid],
    };
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

  const { $schema: _, ...evidence } = EVIDENCE_SCHEMA;
  app.openAPIRegistry.registerComponent('schemas', 'Evidence', evidence as object);
  app.openAPIRegistry.registerComponent('schemas', 'RelayRequest', RELAY_SCHEMA);
  let document: string | undefined;
  app.get('/openapi.json', (c) => {
    document ??= JSON.stringify(
      withProblems(
        app.getOpenAPI31Document({
          openapi: '3.1.0',
          info: {
            title: 'DPP Ledger',
            version: '0.1.0',
            description: DESCRIPTION,
            license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
          },
          servers: [{ url: publicUrl }],
        }),
      ),
    );
    return c.body(document, 200, { 'content-type': 'application/json', 'cache-control': 'no-cache' });
  });
  routeDocs(app);
}

/** What any route may answer with besides: too many requests, a database that is away, a failure. */
function withProblems(document: ReturnType<OpenAPIHono['getOpenAPI31Document']>): typeof document {
  const problem = {
    description: 'Problem details (RFC 9457).',
    content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  for (const path of Object.values(document.paths ?? {})) {
    for (const operation of [path.get, path.post]) if (operation?.responses) operation.responses.default = problem;
  }
  return document;
}

function toHealth({ status, checks, outbox }: Awaited<ReturnType<Parts['health']['examine']>>) {
  return { status, checks, ...(outbox === undefined ? {} : { outbox }) };
}

// ----------------------------------------------------------------------------------------------------------------- docs

/** Swagger UI from its npm package: nothing is loaded from another host. */
const DOCS_FILES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css',
  'swagger-ui-bundle.js': 'text/javascript',
};
const DOCS_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>DPP Ledger: interface</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="interface"></div>
<noscript>The interface is described at <a href="/openapi.json">/openapi.json</a>.</noscript>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;
const DOCS_START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#interface', deepLinking: true, validatorUrl: null, supportedSubmitMethods: ['get', 'post'] });
`;
/** Swagger UI styles its elements as it goes, and has its icons in the stylesheet. */
const DOCS_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

function routeDocs(app: OpenAPIHono<BlankEnv>): void {
  const require = createRequire(import.meta.url);
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const read = (file: string) => {
    const bytes = files.get(file) ?? new Uint8Array(readFileSync(require.resolve(`swagger-ui-dist/${file}`)));
    files.set(file, bytes);
    return bytes;
  };
  const policy = { 'content-security-policy': DOCS_POLICY };
  app.get('/docs', (c) => c.html(DOCS_PAGE, 200, { ...policy, 'cache-control': 'no-cache' }));
  app.get('/docs/start.js', (c) =>
    c.body(DOCS_START, 200, { 'content-type': 'text/javascript', 'cache-control': 'no-cache' }),
  );
  for (const [file, type] of Object.entries(DOCS_FILES)) {
    app.get(`/docs/${file}`, (c) =>
      c.body(read(file), 200, { 'content-type': type, 'cache-control': 'public, max-age=86400' }),
    );
  }
}
