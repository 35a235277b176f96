/** What the journal adds up to, as the index has it: issuers, batches, status lists, blocks. */
import { type BatchRoot, decodeHex, type Hex, hashIssuer, type IssuerId } from '@dpp-ledger/core';
import { buildDidDocument, decodeRoles, encodeKeyId, formatCid, parseDid } from '@dpp-ledger/core/credential';
import { formatManifestCid } from '@dpp-ledger/core/evidence';
import { LARGEST_BATCH, PURPOSES } from '@dpp-ledger/core/journal';
import { decodePurposes } from '@dpp-ledger/sdk/ledger';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { BlankEnv } from 'hono/types';
import type { Anchor } from '../../ledger/catalogue.ts';
import { formatKey, type Issuer, type State } from '../../outbox/door.ts';
import type { Parts } from '../context.ts';
import { standingOf } from '../pages.ts';
import {
  batchesSchema,
  batchSchema,
  blockCid,
  cursor,
  did,
  digestHex,
  issuerSchema,
  issuersSchema,
  json,
  limit,
  pageOf,
  problems,
  unchanged,
} from '../wire.ts';
import { formatVersion } from './credentials.ts';
import { decodeCursor, encodeCursor, linkNext, notFound } from './request.ts';

const JWT = 'application/vc+jwt';
const NO_CACHE = { 'cache-control': 'no-cache' };
/** Keys whose nonce is asked of the contract in one answer. */
const MOST_NONCES = 64;

const listIssuers = createRoute({
  operationId: 'listIssuers',
  method: 'get',
  path: '/issuers',
  tags: ['Ledger'],
  summary: 'Who may issue, in the order of accreditation',
  request: { query: z.object({ limit: limit(1_000, 100), cursor }) },
  responses: { 200: pageOf(issuersSchema, 'A page of issuers.'), ...unchanged, ...problems(400) },
});

const getIssuer = createRoute({
  operationId: 'getIssuer',
  method: 'get',
  path: '/issuers/{did}',
  tags: ['Ledger'],
  summary: 'One issuer: roles, keys, grants, submitters',
  request: { params: z.object({ did }) },
  responses: { 200: json(issuerSchema, 'The issuer.'), ...unchanged, ...problems(400, 404) },
});

const getIssuerDocument = createRoute({
  operationId: 'getIssuerDocument',
  method: 'get',
  path: '/issuers/{did}/did.json',
  tags: ['Ledger'],
  summary: 'The DID document that an issuer can publish',
  description:
    'Made of the keys for credentials that the ledger has of it, for the place where its did:web is looked up. Keys that were retired stay, since what they signed before still holds; keys that are compromised do not.',
  request: { params: z.object({ did }) },
  responses: { 200: json(z.record(z.string(), z.unknown()), 'The document.'), ...unchanged, ...problems(400, 404) },
});

const listBatches = createRoute({
  operationId: 'listBatches',
  method: 'get',
  path: '/batches',
  tags: ['Ledger'],
  summary: 'Anchors, newest first',
  request: {
    query: z.object({
      issuer: did.optional(),
      limit: limit(1_000, 100),
      cursor,
    }),
  },
  responses: { 200: pageOf(batchesSchema, 'A page of anchors.'), ...unchanged, ...problems(400) },
});

const getBatch = createRoute({
  operationId: 'getBatch',
  method: 'get',
  path: '/batches/{root}',
  tags: ['Ledger'],
  summary: 'A batch: every anchor of its root, and its credentials in order',
  request: {
    params: z.object({ root: digestHex }),
    query: z.object({ limit: limit(1_000, 100), cursor }),
  },
  responses: { 200: pageOf(batchSchema, 'A page of the batch.'), ...unchanged, ...problems(400, 404) },
});

const statusParams = z.object({
  did,
  list: z.string().openapi({
    example: '9223372036854775808',
    pattern: '^(?:0|[1-9][0-9]{0,18})$',
    description: '64 bits, in decimal.',
  }),
});
const statusAnswer = {
  200: {
    description: 'A BitstringStatusListCredential as a JWT, signed by the service.',
    content: { [JWT]: { schema: z.string() } },
  },
  ...unchanged,
  ...problems(400, 404),
};
const getRevocations = createRoute({
  operationId: 'getRevocations',
  method: 'get',
  path: '/status/{did}/{list}',
  tags: ['Status'],
  summary: 'Revoked places of a list, as W3C Bitstring Status List',
  request: { params: statusParams },
  responses: statusAnswer,
});
const getSuperseded = createRoute({
  operationId: 'getSuperseded',
  method: 'get',
  path: '/status/{did}/{list}/superseded',
  tags: ['Status'],
  summary: 'Superseded places of a list: newer versions exist',
  request: { params: statusParams },
  responses: statusAnswer,
});

const getBlock = createRoute({
  operationId: 'getBlock',
  method: 'get',
  path: '/ipfs/{cid}',
  tags: ['Store'],
  summary: 'Trustless Gateway: a credential or a manifest as raw block or CAR',
  request: {
    params: z.object({ cid: blockCid }),
    query: z.object({
      format: z.enum(['raw', 'car']).optional(),
      'dag-scope': z.enum(['all', 'entity', 'block']).optional(),
    }),
  },
  responses: {
    200: {
      description: 'Bytes to be checked against the CID.',
      content: {
        'application/vnd.ipld.raw': { schema: z.string() },
        'application/vnd.ipld.car': { schema: z.string() },
      },
    },
    ...unchanged,
    ...problems(400, 404, 502),
  },
});

export const LEDGER_ROUTES = [
  listIssuers,
  getIssuer,
  getIssuerDocument,
  listBatches,
  getBatch,
  getRevocations,
  getSuperseded,
  getBlock,
];

export function routeLedger(app: OpenAPIHono<BlankEnv>, parts: Parts): void {
  const { mirror, reader, catalogue, statusLists, gateway } = parts;

  app.openapi(listIssuers, async (c) => {
    const { limit: most, cursor: after } = c.req.valid('query');
    const [last = -1] = after === undefined ? [] : decodeCursor('issuers', after, [Number.MAX_SAFE_INTEGER]);
    const body = await mirror.ask(async ({ state }) => {
      // In the order of their numbers, as the ledger gave them.
      const rest = [...state.issuers.values()].filter(({ number }) => number > last);
      const issuers = rest.slice(0, most);
      const next = rest.length > most ? encodeCursor('issuers', [issuers.at(-1)?.number ?? 0]) : undefined;
      const names = await catalogue.nameIssuers(issuers.map(({ id }) => id));
      return { items: issuers.map((issuer) => formatIssuer(issuer, names.get(issuer.id))), ...defined({ next }) };
    });
    return c.json(body, 200, { ...NO_CACHE, ...linkNext(c, body.next) });
  });

  app.openapi(getIssuer, async (c) => {
    const did = parseDid(c.req.valid('param').did);
    const body = await mirror.ask(async ({ state }) => {
      const issuer = state.issuers.get(hashIssuer(did));
      if (issuer === undefined) throw notFound(`${did} is not accredited on this ledger.`);
      const names = await catalogue.nameIssuers([issuer.id]);
      return {
        ...formatIssuer(issuer, names.get(issuer.id)),
        ...defined({ withdrawnSince: issuer.withdrawnSince, controller: issuer.controller }),
        submitters: [...issuer.submitters],
        keys: await readKeys(issuer),
        grants: Array.from(issuer.grants.values(), ({ number, prefix, from, until }) => ({
          number,
          prefix,
          from,
          ...defined({ until }),
        })),
      };
    });
    return c.json(body, 200, NO_CACHE);
  });

  app.openapi(getIssuerDocument, async (c) => {
    const id = parseDid(c.req.valid('param').did);
    const { state } = await mirror.read();
    const issuer = state.issuers.get(hashIssuer(id));
    if (issuer === undefined) throw notFound(`${id} is not accredited on this ledger.`);
    const keys = [...issuer.keys].filter(
      ([, { purposes, compromisedSince }]) => (purposes & PURPOSES.assert) !== 0 && compromisedSince === undefined,
    );
    const document = buildDidDocument(
      id,
      keys.map(([key, registered]) => ({ id: encodeKeyId(key), jwk: formatKey(registered) })),
    );
    return c.json({ ...document }, 200, NO_CACHE);
  });

  /** The contract alone knows the nonces: they are no entries. */
  async function readKeys(issuer: Issuer) {
    return await Promise.all(
      Array.from(issuer.keys, async ([id, key], i) => {
        const { algorithm, purposes, validFrom, retiredAt, compromisedSince } = key;
        const canRelay = algorithm === 'ES256' && (purposes & ~1) !== 0 && i < MOST_NONCES;
        const nonce = canRelay ? await reader.readKeyNonce(issuer.id, id) : 0n;
        return {
          key: encodeKeyId(id),
          algorithm,
          jwk: { ...formatKey(key) },
          purposes: decodePurposes(purposes),
          validFrom,
          ...defined({ retiredAt, compromisedSince }),
          nonce: String(nonce ?? 0n),
        };
      }),
    );
  }

  app.openapi(listBatches, async (c) => {
    const { issuer, limit: most, cursor: after } = c.req.valid('query');
    const id = issuer === undefined ? undefined : hashIssuer(parseDid(issuer));
    const [before] = after === undefined ? [] : decodeCursor('anchors', after, [Number.MAX_SAFE_INTEGER]);
    const body = await mirror.ask(async ({ state }) => {
      const anchors = await catalogue.listAnchors({ limit: most + 1, issuer: id, before });
      const page = anchors.slice(0, most);
      const next = anchors.length > most ? encodeCursor('anchors', [page.at(-1)?.entry ?? 0]) : undefined;
      return {
        items: page.map((anchor) => ({ ...formatAnchor(state, anchor), root: anchor.root })),
        ...defined({ next }),
      };
    });
    return c.json(body, 200, { ...NO_CACHE, ...linkNext(c, body.next) });
  });

  app.openapi(getBatch, async (c) => {
    const root = c.req.valid('param').root as BatchRoot;
    const { limit: most, cursor: after } = c.req.valid('query');
    const [from = 0] = after === undefined ? [] : decodeCursor('places', after, [LARGEST_BATCH]);
    const body = await mirror.ask(async ({ state }) => {
      const anchors = await catalogue.findAnchors(decodeHex(root, 32));
      const [first] = anchors;
      if (first === undefined) throw notFound(`No batch with the root ${root} is anchored on this ledger.`);
      const places = await catalogue.listPlaces(first.entry, { from, limit: most });
      const end = from + places.length;
      const next = end < first.size && places.length > 0 ? encodeCursor('places', [end]) : undefined;
      return {
        root,
        size: first.size,
        manifest: formatManifestCid(first.manifest),
        anchors: anchors.map((anchor) => formatAnchor(state, anchor)),
        credentials: places.map(({ position, digest, version }) => ({
          index: position,
          cid: formatCid(digest),
          ...(version === undefined ? {} : { version: formatVersion(version) }),
        })),
        ...defined({ next }),
      };
    });
    return c.json(body, 200, { ...NO_CACHE, ...linkNext(c, body.next) });
  });

  const answerStatus = async (did: string, list: string, name: 'revocation' | 'superseded') => {
    const jwt = await statusLists.sign({ issuer: parseDid(did), list, name });
    return new Response(jwt, { headers: { 'content-type': JWT, 'cache-control': 'public, max-age=60' } });
  };
  app.openapi(getRevocations, (c) => {
    const { did, list } = c.req.valid('param');
    return answerStatus(did, list, 'revocation');
  });
  app.openapi(getSuperseded, (c) => {
    const { did, list } = c.req.valid('param');
    return answerStatus(did, list, 'superseded');
  });

  app.openapi(getBlock, (c) => {
    const query = c.req.valid('query');
    return gateway.answer({
      cid: c.req.valid('param').cid,
      accept: c.req.header('accept'),
      format: query.format,
      scope: query['dag-scope'],
      ifNoneMatch: c.req.header('if-none-match'),
    });
  });
}

function formatIssuer(issuer: Issuer, name: string | undefined) {
  return {
    issuer: issuer.did,
    ...defined({ name }),
    number: issuer.number,
    roles: decodeRoles(issuer.roles) as string[],
    standing: standingOf(issuer),
    credentials: issuer.credentials,
    batches: issuer.batches,
  };
}

function formatAnchor(state: State, { entry, issuer, size, manifest, blockNumber, time, transaction }: Anchor) {
  const did = state.issuers.get(issuer)?.did ?? issuer;
  return {
    entry,
    issuer: did as IssuerId,
    size,
    manifest: formatManifestCid(manifest),
    blockNumber,
    time,
    transaction: transaction as Hex,
  };
}

/** Without the members that are `undefined`: JSON has none. */
function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
