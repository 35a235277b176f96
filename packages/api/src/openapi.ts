/** The OpenAPI document: every route that programs use, with everything it may answer. Made of the routes alone, so that it needs no service. */
import { EVIDENCE_SCHEMA } from '@dpp-ledger/core/evidence';
import { OpenAPIHono } from '@hono/zod-openapi';
import { problemSchema } from './problems.ts';
import { CREDENTIAL_ROUTES } from './routes/credentials.ts';
import { EVENT_ROUTES } from './routes/events.ts';
import { LEDGER_ROUTES } from './routes/ledger.ts';
import { OPERATION_ROUTES } from './routes/operations.ts';
import { VERIFICATION_ROUTES } from './routes/verification.ts';
import { HEADERS } from './wire.ts';

const ROUTES = [...CREDENTIAL_ROUTES, ...EVENT_ROUTES, ...VERIFICATION_ROUTES, ...LEDGER_ROUTES, ...OPERATION_ROUTES];

type Document = ReturnType<OpenAPIHono['getOpenAPI31Document']>;
type Responses = Record<string, { headers?: Record<string, unknown>; content?: Record<string, unknown> }>;

const DESCRIPTION = `Digital product passports for devices: signed by their makers, anchored in a transparency log kept by a contract.

Nobody needs to believe this service. Credentials carry their issuer's signature, evidence proves itself, and what the ledger says can be asked of any node of its chain. A credential's signature is its authorisation: there are no accounts and no keys to request.

Every failure is RFC 9457 problem details with a stable code. HEAD is answered wherever GET is, OPTIONS everywhere; another method is answered with 405 and Allow. Bodies may be sent as gzip, and are answered as gzip or brotli. Pages of any origin may read and post.

Lists come by pages: \`next\` of one is \`cursor\` of the next, and the same link stands in the header Link. What is named by its content never changes and may be kept for ever; what may change carries a validator.`;

const RELAY_SCHEMA = {
  type: 'object' as const,
  additionalProperties: false,
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

/** The document. Its server is wherever the document was got from. */
export function describeInterface(): Document {
  const { openAPIRegistry, getOpenAPI31Document } = new OpenAPIHono();
  const { $schema: _, ...evidence } = EVIDENCE_SCHEMA;
  openAPIRegistry.registerComponent('schemas', 'Evidence', evidence as object);
  openAPIRegistry.registerComponent('schemas', 'RelayRequest', RELAY_SCHEMA);
  openAPIRegistry.register('Problem', problemSchema);
  for (const route of ROUTES) openAPIRegistry.registerPath(route);
  const document = getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'DPP Ledger',
      version: '0.1.0',
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: '/' }],
    tags: TAGS,
    // Nobody needs a credential of any service to use this one.
    security: [],
  });
  for (const path of Object.values(document.paths ?? {})) {
    for (const operation of [path.get, path.post]) {
      if (operation !== undefined) addCommonAnswers(operation.responses as Responses);
    }
  }
  return document;
}

const TAGS = [
  { name: 'Credentials', description: 'Passports and other credentials in, and what is known of them out.' },
  { name: 'Verification', description: 'Evidence to verify by oneself, and the verdict of this server.' },
  { name: 'Resolver', description: 'What the link on a label leads to (GS1 Digital Link).' },
  { name: 'Ledger', description: 'The journal with its proofs, issuers, and batches.' },
  { name: 'Status', description: 'Revoked and superseded places, as W3C Bitstring Status Lists.' },
  { name: 'Store', description: 'Blocks of this ledger (IPFS Trustless Gateway).' },
  { name: 'Operations', description: 'For operators and integrators.' },
];

/** What any route may answer with: a type the client refuses, too many requests, a failure, a database that is away. */
function addCommonAnswers(responses: Responses): void {
  const problem = (description: string, headers = {}) => ({
    description,
    headers,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  });
  const again = { 'Retry-After': HEADERS.retryAfter };
  const isRedirect = Object.keys(responses).some((status) => status.startsWith('30') && status !== '304');
  if (responses[200]?.content !== undefined && !isRedirect) {
    responses[406] = problem('The header Accept takes none of the media types that this is given in.');
  }
  responses[429] = problem('Too many requests of this client, or credentials of this issuer.', again);
  responses[431] = problem('The request line and headers are too long.');
  responses[500] = problem('The service failed.');
  responses[503] ??= problem('The service is busy or starting, or what it needs does not answer.', again);
  if (responses[304] !== undefined && responses[200] !== undefined) {
    responses[200].headers = { ...responses[200].headers, ETag: HEADERS.etag };
  }
}

/** Media types that a route may answer with, by method and routing path; redirects suit every client. */
export function offeredTypes(): ReadonlyMap<string, readonly string[]> {
  return new Map(
    ROUTES.flatMap((route) => {
      const responses = route.responses as Responses;
      const isRedirect = Object.keys(responses).some((status) => /^30[1-378]$/.test(status));
      const types = Object.entries(responses).flatMap(([status, { content = {} }]) =>
        status.startsWith('2') ? Object.keys(content) : [],
      );
      return isRedirect ? [] : [[`${route.method.toUpperCase()} ${route.getRoutingPath()}`, types] as const];
    }),
  );
}
