/** The ledger as the index has it: journal, proofs, issuers, batches, status lists, blocks. */
import {
  type BatchRoot,
  decodeHex,
  encodeHex,
  type Hex,
  hashIssuer,
  type IssuerId,
  parseShape,
} from '@dpp-ledger/core';
import { decodeRoles, encodeKeyId, formatCid, parseDid } from '@dpp-ledger/core/credential';
import { formatManifestCid } from '@dpp-ledger/core/evidence';
import { decodePurposes } from '@dpp-ledger/sdk/ledger';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { BlankEnv } from 'hono/types';
import type { Anchor } from '../catalogue.ts';
import type { Parts } from '../context.ts';
import { formatKey, type Issuer, type State } from '../door.ts';
import { streamOf } from '../lines.ts';
import { standingOf } from '../pages.ts';
import type { JournalEntry } from '../prover.ts';
import {
  batchesSchema,
  batchSchema,
  digestHex,
  issuerSchema,
  issuerSummarySchema,
  journalEntrySchema,
  json,
  ledgerSchema,
  limit,
  problems,
  treeHeadSchema,
  wholeNumber,
} from '../wire.ts';
import { formatVersion } from './credentials.ts';
import { busy, notFound } from './request.ts';

const JWT = 'application/vc+jwt';
const NDJSON = 'application/x-ndjson';
const ENTRIES_PER_READ = 1_000;
const NO_CACHE = { 'cache-control': 'no-cache' };
/** Keys whose nonce is asked of the contract in one answer. */
const MOST_NONCES = 64;

const getLedger = createRoute({
  method: 'get',
  path: '/ledger',
  tags: ['Ledger'],
  summary: 'Which ledger this service serves, and how far it has read',
  responses: { 200: json(ledgerSchema, 'The ledger.'), ...problems(503) },
});

const getTreeHead = createRoute({
  method: 'get',
  path: '/tree-head',
  tags: ['Ledger'],
  summary: "The journal's tree head, with a consistency proof from an earlier one if asked",
  request: {
    query: z.object({
      first: wholeNumber.optional().openapi({ description: 'Size of the tree head that you have.', example: 12 }),
      size: wholeNumber.optional().openapi({ description: 'Of the journal as it was; as it is now by default.' }),
    }),
  },
  responses: { 200: json(treeHeadSchema, 'The tree head.'), ...problems(400, 503) },
});

const journalRange = z.object({
  from: wholeNumber.default(0),
  limit: wholeNumber.optional().openapi({ description: 'All of them by default.' }),
});
const getJournal = createRoute({
  method: 'get',
  path: '/journal',
  tags: ['Ledger'],
  summary: 'Entries of the journal as NDJSON, from an index on',
  request: { query: journalRange },
  responses: {
    200: {
      description: 'One entry a line, in order.',
      content: { [NDJSON]: { schema: { $ref: '#/components/schemas/JournalEntry' } } },
    },
    ...problems(400, 503),
  },
});

const getEntry = createRoute({
  method: 'get',
  path: '/journal/{index}',
  tags: ['Ledger'],
  summary: 'One entry with its inclusion proof',
  request: {
    params: z.object({ index: wholeNumber }),
    query: z.object({
      size: wholeNumber.optional().openapi({ description: 'Of the tree to prove it in; as it is now by default.' }),
    }),
  },
  responses: { 200: json(journalEntrySchema, 'The entry.'), ...problems(400, 404, 503) },
});

const listIssuers = createRoute({
  method: 'get',
  path: '/issuers',
  tags: ['Ledger'],
  summary: 'Who may issue',
  responses: { 200: json(z.object({ items: z.array(issuerSummarySchema) }), 'The issuers.'), ...problems(503) },
});

const getIssuer = createRoute({
  method: 'get',
  path: '/issuers/{did}',
  tags: ['Ledger'],
  summary: 'One issuer: roles, keys, grants, submitters',
  request: { params: z.object({ did: z.string().openapi({ example: 'did:web:maker.example' }) }) },
  responses: { 200: json(issuerSchema, 'The issuer.'), ...problems(400, 404, 503) },
});

const listBatches = createRoute({
  method: 'get',
  path: '/batches',
  tags: ['Ledger'],
  summary: 'Anchors, newest first',
  request: {
    query: z.object({
      issuer: z.string().optional(),
      limit: limit(1_000, 100),
      before: wholeNumber.optional().openapi({ description: 'Index of an anchor entry: older ones follow.' }),
    }),
  },
  responses: { 200: json(batchesSchema, 'A page of anchors.'), ...problems(400, 503) },
});

const getBatch = createRoute({
  method: 'get',
  path: '/batches/{root}',
  tags: ['Ledger'],
  summary: 'A batch: every anchor of its root, and its credentials in order',
  request: {
    params: z.object({ root: digestHex }),
    query: z.object({ from: wholeNumber.default(0), limit: limit(1_000, 100) }),
  },
  responses: { 200: json(batchSchema, 'The batch.'), ...problems(400, 404, 503) },
});

const statusParams = z.object({
  did: z.string().openapi({ example: 'did:web:maker.example' }),
  list: z.string().openapi({ example: '9223372036854775808', description: '64 bits, in decimal.' }),
});
const statusAnswer = {
  200: {
    description: 'A BitstringStatusListCredential as a JWT, signed by the service.',
    content: { [JWT]: { schema: z.string() } },
  },
  ...problems(400, 404, 503),
};
const getRevocations = createRoute({
  method: 'get',
  path: '/status/{did}/{list}',
  tags: ['Status'],
  summary: 'Revoked places of a list, as W3C Bitstring Status List',
  request: { params: statusParams },
  responses: statusAnswer,
});
const getSuperseded = createRoute({
  method: 'get',
  path: '/status/{did}/{list}/superseded',
  tags: ['Status'],
  summary: 'Superseded places of a list: newer versions exist',
  request: { params: statusParams },
  responses: statusAnswer,
});

const getBlock = createRoute({
  method: 'get',
  path: '/ipfs/{cid}',
  tags: ['Store'],
  summary: 'Trustless Gateway: a credential or a manifest as raw block or CAR',
  request: {
    params: z.object({
      cid: z.string().openapi({ example: 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy' }),
    }),
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
    304: { description: 'You have it.' },
    ...problems(400, 404, 502, 503),
  },
});

export function routeLedger(app: OpenAPIHono<BlankEnv>, parts: Parts): void {
  const { mirror, reader, writer, signer, policy, prover, catalogue, statusLists, gateway, stopping } = parts;

  app.openapi(getLedger, async (c) => {
    const { state, head, treeHead } = await mirror.read();
    const { finality } = reader;
    const body = {
      id: reader.id,
      name: reader.name,
      source: reader.source,
      trustBase: policy.trustBase,
      finality: finality === 'finalized' ? finality : `${finality.confirmations} confirmations`,
      treeHead: { size: treeHead.size, root: encodeHex(treeHead.root) },
      blockNumber: head.blockNumber,
      blockTime: head.blockTime,
      finalBlockNumber: head.finalBlockNumber,
      paused: state.paused,
      closed: state.successor !== undefined,
      service: { did: signer.issuer, account: writer.account },
    };
    return c.json(body, 200, NO_CACHE);
  });

  app.openapi(getTreeHead, async (c) => {
    const { first, size: asked } = c.req.valid('query');
    const body = await mirror.ask(async ({ head, treeHead }) => {
      const size = asked ?? treeHead.size;
      const isNow = size === treeHead.size;
      const root = isNow ? treeHead.root : await prover.rootAt(size);
      const consistency =
        first === undefined
          ? {}
          : {
              consistency: {
                first,
                firstRoot: encodeHex(await prover.rootAt(first)),
                proof: (await prover.proveConsistency(first, size)).map(encodeHex),
              },
            };
      const peaks = isNow ? treeHead.peaks : await prover.peaksAt(size);
      const place = { blockNumber: head.blockNumber, blockTime: head.blockTime };
      return { size, root: encodeHex(root), peaks: peaks.map(encodeHex), ...place, ...consistency };
    });
    return c.json(body, 200, NO_CACHE);
  });

  app.openAPIRegistry.registerPath(getJournal);
  app.get(getJournal.getRoutingPath(), async (c) => {
    const { from, limit: most } = parseShape(journalRange, c.req.query(), 'query');
    const { head } = await mirror.read();
    const to = Math.min(head.size, from + (most ?? head.size));
    async function* lines() {
      for (let at = from; at < to && !stopping.aborted; ) {
        const entries = await prover.readEntries({ from: at, limit: Math.min(ENTRIES_PER_READ, to - at) });
        // What was sent is of another history than what would follow.
        if ((await mirror.read()).head.generation !== head.generation) throw busy('the chain has dropped blocks');
        yield entries.map((entry) => `${JSON.stringify(formatEntry(entry))}\n`).join('');
        at += entries.length;
      }
    }
    return new Response(streamOf(lines()), { headers: { 'content-type': NDJSON, ...NO_CACHE } });
  });

  app.openapi(getEntry, async (c) => {
    const { index } = c.req.valid('param');
    const body = await mirror.ask(async ({ head }) => {
      const size = c.req.valid('query').size ?? head.size;
      const [entry] = await prover.readEntries({ from: index, limit: 1 });
      if (entry === undefined || entry.index !== index) throw notFound(`The journal has no entry ${index} yet.`);
      const [root, proof] = await Promise.all([prover.rootAt(size), prover.proveInclusion(index, size)]);
      return { ...formatEntry(entry), inclusion: { size, root: encodeHex(root), proof: proof.map(encodeHex) } };
    });
    return c.json(body, 200, NO_CACHE);
  });

  app.openapi(listIssuers, async (c) => {
    const items = await mirror.ask(async ({ state }) => {
      const issuers = [...state.issuers.values()];
      const names = await catalogue.nameIssuers(issuers.map(({ id }) => id));
      return issuers.map((issuer) => formatIssuer(issuer, names.get(issuer.id)));
    });
    return c.json({ items }, 200, NO_CACHE);
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
    const { issuer, limit: most, before } = c.req.valid('query');
    const id = issuer === undefined ? undefined : hashIssuer(parseDid(issuer));
    const body = await mirror.ask(async ({ state }) => {
      const anchors = await catalogue.listAnchors({ limit: most + 1, issuer: id, before });
      const page = anchors.slice(0, most);
      const next = anchors.length > most ? page.at(-1)?.entry : undefined;
      return {
        items: page.map((anchor) => ({ ...formatAnchor(state, anchor), root: anchor.root })),
        ...defined({ next }),
      };
    });
    return c.json(body, 200, NO_CACHE);
  });

  app.openapi(getBatch, async (c) => {
    const root = c.req.valid('param').root as BatchRoot;
    const { from, limit: most } = c.req.valid('query');
    const body = await mirror.ask(async ({ state }) => {
      const anchors = await catalogue.findAnchors(decodeHex(root, 32));
      const [first] = anchors;
      if (first === undefined) throw notFound(`No batch with the root ${root} is anchored on this ledger.`);
      const places = await catalogue.listPlaces(first.entry, { from, limit: most });
      const next = from + places.length < first.size && places.length > 0 ? from + places.length : undefined;
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
    return c.json(body, 200, NO_CACHE);
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

function formatEntry({ index, bytes, leaf, entry, transaction }: JournalEntry) {
  return {
    index,
    kind: entry.kind,
    bytes: encodeHex(bytes),
    leaf: encodeHex(leaf),
    transaction,
    entry: JSON.parse(
      JSON.stringify(entry, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    ) as Record<string, unknown>,
  };
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
