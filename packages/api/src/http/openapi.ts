/** The OpenAPI document: every route that programs use, with everything it may answer. Made of the routes alone, so that it needs no service. */
import { MOST_EVENTS } from '@dpp-ledger/core/event';
import { EVIDENCE_SCHEMA } from '@dpp-ledger/core/evidence';
import { OpenAPIHono } from '@hono/zod-openapi';
import { PROBLEM_TYPE, problemSchema } from './problems.ts';
import { CREDENTIAL_ROUTES } from './routes/credentials.ts';
import { EPCIS_ROUTES } from './routes/epcis.ts';
import { EVENT_ROUTES } from './routes/events.ts';
import { JOURNAL_ROUTES } from './routes/journal.ts';
import { LEDGER_ROUTES } from './routes/ledger.ts';
import { LOG_ROUTES } from './routes/log.ts';
import { LOT_ROUTES } from './routes/lots.ts';
import { OPERATION_ROUTES } from './routes/operations.ts';
import { VERIFICATION_ROUTES } from './routes/verification.ts';
import { HEADERS } from './wire.ts';

const ROUTES = [
  ...CREDENTIAL_ROUTES,
  ...EVENT_ROUTES,
  ...VERIFICATION_ROUTES,
  ...JOURNAL_ROUTES,
  ...LEDGER_ROUTES,
  ...LOT_ROUTES,
  ...LOG_ROUTES,
  ...EPCIS_ROUTES,
  ...OPERATION_ROUTES,
];

type Document = ReturnType<OpenAPIHono['getOpenAPI31Document']>;
type Responses = Record<
  string,
  { $ref?: string; headers?: Record<string, unknown>; content?: Record<string, unknown> }
>;

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

/** Read by the core, field by field as the official schema does: this is what a client needs to send one. */
const EPCIS_DOCUMENT_SCHEMA = {
  type: 'object' as const,
  description: 'https://ref.gs1.org/standards/epcis/ 2.0, in JSON.',
  required: ['@context', 'type', 'schemaVersion', 'creationDate', 'epcisBody'],
  properties: {
    '@context': { description: "The standard's, and what prefixes of extensions stand for." },
    type: { const: 'EPCISDocument' },
    schemaVersion: { type: 'string' as const },
    creationDate: { type: 'string' as const, format: 'date-time' },
    epcisBody: {
      type: 'object' as const,
      required: ['eventList'],
      properties: {
        eventList: {
          type: 'array' as const,
          maxItems: MOST_EVENTS,
          items: { type: 'object' as const, required: ['type', 'eventTime', 'eventTimeZoneOffset'] },
        },
      },
    },
  },
};

/** The document. Its server is wherever the document was got from. */
export function describeInterface(): Document {
  const { openAPIRegistry, getOpenAPI31Document } = new OpenAPIHono();
  const { $schema: _, ...evidence } = EVIDENCE_SCHEMA;
  openAPIRegistry.registerComponent('schemas', 'Evidence', evidence as object);
  openAPIRegistry.registerComponent('schemas', 'RelayRequest', RELAY_SCHEMA);
  openAPIRegistry.registerComponent('schemas', 'EpcisDocument', EPCIS_DOCUMENT_SCHEMA);
  openAPIRegistry.register('Problem', problemSchema);
  for (const [name, response] of Object.entries(describeProblems())) {
    openAPIRegistry.registerComponent('responses', name, response);
  }
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
      if (operation !== undefined) completeAnswers(operation.responses as Responses);
    }
  }
  return document;
}

const TAGS = [
  { name: 'Credentials', description: 'Passports and other credentials in, and what is known of them out.' },
  { name: 'Verification', description: 'Evidence to verify by oneself, and the verdict of this server.' },
  { name: 'Resolver', description: 'What the link on a label leads to (GS1 Digital Link).' },
  { name: 'Ledger', description: 'The journal with its proofs, issuers, and batches.' },
  { name: 'Materials', description: 'Lots: who holds what, what it was made of, and where it went.' },
  { name: 'Log', description: 'The journal as a public log of static files (C2SP tlog-tiles).' },
  {
    name: 'EPCIS',
    description: 'Events as GS1 EPCIS 2.0 has them: those that are anchored, and those that others captured.',
  },
  { name: 'Status', description: 'Revoked and superseded places, as W3C Bitstring Status Lists.' },
  { name: 'Store', description: 'Blocks of this ledger (IPFS Trustless Gateway).' },
  { name: 'Operations', description: 'For operators and integrators.' },
];

const again = { 'Retry-After': HEADERS.retryAfter };
/** Problems by status; those from 406 on are what any route may answer with. */
const PROBLEMS = {
  400: { name: 'Bad', description: 'What was asked cannot be read: the code and the sentence say what.' },
  403: { name: 'NotHere', description: 'This service does not do it: its operator has not turned it on.' },
  404: { name: 'NotFound', description: 'Nothing is known under this name.' },
  408: { name: 'Silent', description: 'Nothing was sent for too long.' },
  413: { name: 'TooLarge', description: 'More was sent than is taken.' },
  415: { name: 'MediaType', description: 'The body is in a media type or coding that is not taken here.' },
  422: { name: 'Refused', description: 'It can be read, and a rule refuses it.' },
  502: { name: 'Disagree', description: 'A store gave what its name does not fit, or sources disagree.' },
  406: { name: 'NotAcceptable', description: 'The header Accept takes none of the media types that this is given in.' },
  429: { name: 'TooMany', description: 'Too many requests of this client, or of this issuer.', headers: again },
  431: { name: 'TooLong', description: 'The request line and headers are too long.' },
  500: { name: 'Failed', description: 'The service failed.' },
  503: {
    name: 'Unavailable',
    description: 'It is busy or starting, or what it needs does not answer.',
    headers: again,
  },
};
const PROBLEM = { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } };
const EVERYWHERE = ['429', '431', '500', '503'];

function describeProblems() {
  return Object.fromEntries(Object.values(PROBLEMS).map(({ name, ...rest }) => [name, { ...rest, content: PROBLEM }]));
}

/** Names the problems that stand there, and adds those of every route. */
function completeAnswers(responses: Responses): void {
  const isRedirect = Object.keys(responses).some((status) => /^30[1-378]$/.test(status));
  const isNegotiated = responses[200]?.content !== undefined && !isRedirect;
  for (const [status, { name }] of Object.entries(PROBLEMS)) {
    const own = responses[status];
    const isOwn = own !== undefined && !Object.keys(own.content ?? {}).includes(PROBLEM_TYPE);
    const isCommon = EVERYWHERE.includes(status) || (status === '406' && isNegotiated);
    // An answer of the route's own kind may have such a status too.
    if (isOwn && isCommon) own.content = { ...own.content, ...PROBLEM };
    else if (!isOwn && (own !== undefined || isCommon)) responses[status] = { $ref: `#/components/responses/${name}` };
  }
  for (const response of Object.values(responses)) {
    if (Object.keys(response.headers ?? {}).length === 0) delete response.headers;
  }
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
