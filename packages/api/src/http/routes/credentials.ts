/** Credentials in, and what is known of them out. */
import { DppError, type ErrorCode, parseJson, RejectedError } from '@dpp-ledger/core';
import { MAX_CREDENTIAL_BYTES, parseCid } from '@dpp-ledger/core/credential';
import { LARGEST_BATCH } from '@dpp-ledger/core/journal';
import { canonicalName, canonicalSubject } from '@dpp-ledger/core/passport';
import { parseRelay } from '@dpp-ledger/sdk/ledger';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { BlankEnv } from 'hono/types';
import type { Cursor, Version, VersionPage } from '../../ledger/catalogue.ts';
import { findReceipt } from '../../outbox/receipts.ts';
import type { Parts } from '../context.ts';
import { IMMUTABLE } from '../gateway.ts';
import { gatherLines, readBody, streamOf } from '../lines.ts';
import { bodyOf } from '../protocol.ts';
import {
  answerSchema,
  cid,
  cursor,
  HEADERS,
  json,
  limit,
  pageOf,
  problems,
  receiptSchema,
  unchanged,
  versionsSchema,
} from '../wire.ts';
import { busy, decodeCursor, encodeCursor, linkNext, mediaTypeOf, notFound, wrongMediaType } from './request.ts';

const JWT = 'application/vc+jwt';
const NDJSON = 'application/x-ndjson';
const cidParam = z.object({ cid });
/** JSON and the spelling of a line around a credential. */
const LONGEST_LINE = MAX_CREDENTIAL_BYTES + 1_024;
/** How long a relayed act is waited for before the answer is its receipt. */
const RELAY_PATIENCE_MS = 20_000;

const postPassports = createRoute({
  operationId: 'postPassports',
  method: 'post',
  path: '/passports',
  tags: ['Credentials'],
  summary: 'Have signed credentials anchored',
  description:
    'One credential (`application/vc+jwt`), or any number of them as NDJSON, one object `{"credential": "<JWT>"}` a line. A credential\'s signature is its authorisation. Each is answered in order, once it is durable: accepted with the latest time of its anchoring, duplicate, or refused with a code. Answers carry a receipt signed by the service.',
  request: {
    body: {
      required: true,
      content: {
        [JWT]: { schema: { type: 'string', example: 'eyJhbGciOiJFUzI1NiIsInR5cCI6InZjK2p3dCJ9…' } },
        [NDJSON]: { schema: { type: 'string', example: '{"credential":"eyJhbGciOiJFUzI1NiJ9…"}\n' } },
      },
    },
  },
  responses: {
    200: {
      description: 'One answer per credential; NDJSON where NDJSON was sent.',
      content: { 'application/json': { schema: answerSchema }, [NDJSON]: { schema: z.string() } },
    },
    202: json(answerSchema, 'The one credential was accepted.'),
    422: json(answerSchema, 'The one credential was refused.'),
    ...problems(400, 408, 413, 415),
  },
});

const postRelay = createRoute({
  operationId: 'postRelay',
  method: 'post',
  path: '/relay',
  tags: ['Credentials'],
  summary: 'Bring acts that a key has signed to the ledger',
  description:
    "Acts in an issuer's name (revoke, supersede, anchor, lots, keys), signed with one of its P-256 keys: `dpp-relay/1`, made by the SDK's `signRelay`. The service pays. It waits for the entry for a while; a receipt tells the rest. The same request again is answered with what has become of it.",
  request: {
    body: {
      required: true,
      content: { 'application/json': { schema: { $ref: '#/components/schemas/RelayRequest' } } },
    },
  },
  responses: {
    200: json(receiptSchema, 'The ledger has it.', { Location: HEADERS.location }),
    202: json(receiptSchema, 'It is written down and will be sent; ask for the receipt.', {
      Location: HEADERS.location,
    }),
    ...problems(400, 404, 408, 413, 415, 422, 502),
  },
});

const getReceipt = createRoute({
  operationId: 'getReceipt',
  method: 'get',
  path: '/receipts/{id}',
  tags: ['Credentials'],
  summary: 'What has become of a credential or of relayed acts',
  request: { params: z.object({ id: z.uuid().openapi({ example: '7f0c1f2e-6d0b-4b8e-9d3c-0d9a4b8f1c22' }) }) },
  responses: { 200: json(receiptSchema, 'Its state.'), ...problems(400, 404) },
});

const listPassports = createRoute({
  operationId: 'listPassports',
  method: 'get',
  path: '/passports',
  tags: ['Credentials'],
  summary: 'What is known of a subject, newest first',
  description:
    'Credentials about just this subject by issuers that may speak of it. Verify what you rely on: see /evidence.',
  request: {
    query: z.object({
      subject: z.string().min(1).max(2_048).openapi({ example: 'https://id.gs1.org/01/09521234000013/21/A7K2' }),
      kind: z.enum(['passport', 'event', 'conformity', 'facility', 'identityAnchor', 'all']).default('passport'),
      limit: limit(1_000, 100),
      cursor,
    }),
  },
  responses: { 200: pageOf(versionsSchema, 'A page of versions.'), ...unchanged, ...problems(400) },
});

const listAttestations = createRoute({
  operationId: 'listAttestations',
  method: 'get',
  path: '/attestations',
  tags: ['Credentials'],
  summary: 'Attestations of a product or a facility, newest first',
  description:
    'Conformity credentials of certifiers that assess just this subject, its production batch or its model, or this facility, and records of the facility. What they attest is judged by `dpp verify`, or by the SDK: docs/claims.md.',
  request: {
    query: z.object({
      subject: z.string().min(1).max(2_048).openapi({ example: 'https://id.gs1.org/01/09521234000013/21/A7K2' }),
      limit: limit(1_000, 100),
      cursor,
    }),
  },
  responses: { 200: pageOf(versionsSchema, 'A page of versions.'), ...unchanged, ...problems(400) },
});

const getPassport = createRoute({
  operationId: 'getPassport',
  method: 'get',
  path: '/passports/{cid}',
  tags: ['Credentials'],
  summary: 'A credential by its CID, as it was signed',
  request: { params: cidParam },
  responses: {
    200: { description: 'The JWT.', content: { [JWT]: { schema: z.string() } } },
    ...unchanged,
    ...problems(400, 404, 502),
  },
});

const getVersions = createRoute({
  operationId: 'getVersions',
  method: 'get',
  path: '/passports/{cid}/versions',
  tags: ['Credentials'],
  summary: 'Every version by the same issuer about the same subject, newest first',
  request: { params: cidParam, query: z.object({ limit: limit(1_000, 100), cursor }) },
  responses: { 200: pageOf(versionsSchema, 'A page of versions.'), ...unchanged, ...problems(400, 404) },
});

const getEvidence = createRoute({
  operationId: 'getEvidence',
  method: 'get',
  path: '/evidence/{cid}',
  tags: ['Verification'],
  summary: 'What a verifier needs of a credential, and proves itself',
  request: { params: cidParam },
  responses: {
    200: {
      description: 'Evidence; docs/evidence.schema.json.',
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Evidence' } } },
    },
    ...unchanged,
    ...problems(400, 404, 502),
  },
});

export const CREDENTIAL_ROUTES = [
  postPassports,
  postRelay,
  getReceipt,
  listPassports,
  listAttestations,
  getPassport,
  getVersions,
  getEvidence,
];

export function routeCredentials(app: OpenAPIHono<BlankEnv>, parts: Parts): void {
  const { acceptor, relayer, catalogue, prover, database, bodies, streams, stopping } = parts;

  app.post(postPassports.getRoutingPath(), async (c) => {
    const type = mediaTypeOf(c.req.header('content-type'));
    if (type === JWT) {
      const body = await readBody(bodyOf(c), { most: MAX_CREDENTIAL_BYTES, silenceMs: bodies.silenceMs });
      // A file's last line break is not the credential's.
      const answer = await acceptor.accept(Buffer.from(body).toString('latin1').trimEnd());
      const status = { accepted: 202, duplicate: 200, refused: 422 } as const;
      return c.json(answer, status[answer.state]);
    }
    if (type !== NDJSON) throw wrongMediaType(type, `${JWT} or ${NDJSON}`);
    const sent = bodyOf(c);
    if (streams.open >= streams.most) throw busy(`${streams.open} streams are being read`);
    streams.open += 1;
    const answers = answerLines(parts, sent, c.req.raw.signal);
    const body = streamOf(answers, () => {
      streams.open -= 1;
    });
    return new Response(body, { headers: { 'content-type': NDJSON, 'cache-control': 'no-store' } });
  });

  app.openapi(postRelay, async (c) => {
    const type = mediaTypeOf(c.req.header('content-type'));
    if (type !== 'application/json') throw wrongMediaType(type, 'application/json');
    const body = await readBody(bodyOf(c), { most: bodies.relayBytes, silenceMs: bodies.silenceMs });
    const signal = AbortSignal.any([c.req.raw.signal, stopping]);
    const receipt = await relayer.relay(parseRelay(parseJson(body)), { patienceMs: RELAY_PATIENCE_MS, signal });
    if (receipt.state === 'refused') throw new RejectedError('ledger.refused', receipt.detail ?? 'The ledger refused.');
    return c.json(receipt, receipt.state === 'anchored' || receipt.state === 'final' ? 200 : 202, {
      location: `/receipts/${receipt.id}`,
    });
  });

  app.openapi(getReceipt, async (c) => {
    const { id } = c.req.valid('param');
    const receipt = await findReceipt(database.db, id);
    if (receipt === undefined) throw notFound(`This service gave no receipt ${id}.`);
    return c.json(receipt, 200, { 'cache-control': 'no-store' });
  });

  app.openapi(listPassports, async (c) => {
    const { subject, kind, limit: most, cursor: after } = c.req.valid('query');
    const page = await catalogue.listVersions({
      subject: canonicalSubject(subject),
      kind: kind === 'all' ? undefined : kind,
      before: readVersionCursor(after),
      limit: most,
    });
    return answerVersions(c, page);
  });

  app.openapi(listAttestations, async (c) => {
    const { subject, limit: most, cursor: after } = c.req.valid('query');
    const before = readVersionCursor(after);
    return answerVersions(
      c,
      await catalogue.listAttestations({ subject: canonicalName(subject), before, limit: most }),
    );
  });

  app.openapi(getPassport, async (c) => {
    const digest = parseCid(c.req.valid('param').cid);
    // The name is the content's hash: whoever has it has it for ever. Whether it is known here is asked all the same.
    const jwt = await prover.readCredential(digest);
    const headers = { 'content-type': JWT, etag: `"${c.req.param('cid')}"`, 'cache-control': IMMUTABLE };
    return new Response(jwt, { headers });
  });

  app.openapi(getVersions, async (c) => {
    const digest = parseCid(c.req.valid('param').cid);
    const version = await catalogue.findVersion(digest);
    if (version === undefined) throw notFound('No such credential is anchored on this ledger, or not yet.');
    const { limit: most, cursor: after } = c.req.valid('query');
    return answerVersions(c, await catalogue.listHistory(version, { before: readVersionCursor(after), limit: most }));
  });

  app.get(getEvidence.getRoutingPath(), async (c) => {
    const evidence = await prover.proveCredential(parseCid(c.req.param('cid')));
    // Proofs grow with the journal: what is kept may be outdated, which is the verifier's to notice and to ask again.
    return c.json(evidence, 200, { 'cache-control': 'no-cache' });
  });
}

/**
 * Answers as lines, each chunk once it is durable. A failure of the service, or its end, ends the stream with a last line that says so:
 * what has no answer is to be sent again.
 */
async function* answerLines(
  { acceptor, bodies, stopping, onFault, redact }: Parts,
  body: ReadableStream<Uint8Array> | null,
  client: AbortSignal,
): AsyncIterable<string> {
  if (body === null) return;
  const options = {
    longestLine: LONGEST_LINE,
    most: bodies.chunk,
    ahead: 4 * 1024 * 1024,
    silenceMs: bodies.silenceMs,
    // The chunk at hand is finished; no further line is read.
    signal: AbortSignal.any([client, stopping]),
  };
  try {
    for await (const lines of gatherLines(body, options)) {
      const answers = await acceptor.acceptLines(lines, client);
      yield answers.map((answer) => `${JSON.stringify(answer)}\n`).join('');
    }
  } catch (failure) {
    if (client.aborted) throw failure;
    const error = stopping.aborted ? busy('it is being stopped') : failure;
    const known = error instanceof DppError ? error : undefined;
    if (known === undefined) onFault(error);
    const code: ErrorCode = known?.code ?? 'service.internal';
    yield `${JSON.stringify({ state: 'failed', code, detail: redact(known?.message ?? 'The service failed. Send the rest again.') })}\n`;
  }
}

function readVersionCursor(text: string | undefined): Cursor | undefined {
  if (text === undefined) return undefined;
  const [entry = 0, position = 0] = decodeCursor('versions', text, [Number.MAX_SAFE_INTEGER, LARGEST_BATCH]);
  return { entry, position };
}

function answerVersions(c: Context, { versions, next }: VersionPage) {
  const cursorOfNext = next && encodeCursor('versions', [next.entry, next.position]);
  const body = { items: versions.map(formatVersion), ...(cursorOfNext === undefined ? {} : { next: cursorOfNext }) };
  return c.json(body, 200, { 'cache-control': 'no-cache', ...linkNext(c, cursorOfNext) });
}

export function formatVersion({ cid, kind, subject, granularity, name, issuer, ...rest }: Version) {
  const { revoked, superseded, list, place, anchor, position } = rest;
  return {
    cid,
    kind,
    subject,
    granularity,
    name,
    issuer: issuer.id,
    issuerName: issuer.name,
    revoked,
    superseded,
    list,
    index: place,
    entry: anchor.entry,
    batch: anchor.root,
    position,
    anchoredAt: anchor.time,
  };
}
