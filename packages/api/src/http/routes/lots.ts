/** Lots as the index has them: who holds what, what it was made of, and where it went. */
import { type Digest, decodeHex, type Hex, hashIssuer } from '@dpp-ledger/core';
import { formatCid, parseDid } from '@dpp-ledger/core/credential';
import type { Entry } from '@dpp-ledger/core/journal';
import {
  encodeTrace,
  formatGraphml,
  formatLot,
  formatSubstance,
  nameSubstance,
  parseSubstance,
  readFlows,
} from '@dpp-ledger/core/materials';
import { traceSvg } from '@dpp-ledger/web';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { BlankEnv } from 'hono/types';
import { type IndexedLot, type LotChange, readLotName } from '../../ledger/lots.ts';
import type { State } from '../../outbox/door.ts';
import type { Parts } from '../context.ts';
import { preferred } from '../protocol.ts';
import {
  CID_EXAMPLE,
  cursor,
  did,
  limit,
  lotHistorySchema,
  lotName,
  lotsSchema,
  origin,
  pageOf,
  problems,
  substance,
  traceSchema,
  unchanged,
} from '../wire.ts';
import { decodeCursor, encodeCursor, linkNext, notFound } from './request.ts';
import { formatReport } from './verification.ts';

const NO_CACHE = { 'cache-control': 'no-cache' };
/** Lots that one entry makes, at most. */
const MOST_MADE = 16;

const listLots = createRoute({
  operationId: 'listLots',
  method: 'get',
  path: '/lots',
  tags: ['Materials'],
  summary: 'Lots, newest first',
  request: {
    query: z.object({
      holder: did.optional(),
      offeredTo: did.optional(),
      substance: substance.optional(),
      origin: origin.optional(),
      limit: limit(1_000, 100),
      cursor,
    }),
  },
  responses: { 200: pageOf(lotsSchema, 'A page of lots.'), ...unchanged, ...problems(400) },
});

const getLot = createRoute({
  operationId: 'getLot',
  method: 'get',
  path: '/lots/{id}',
  tags: ['Materials'],
  summary: 'A lot: how it is now, what it was made of, and what was done to it',
  request: { params: z.object({ id: lotName }), query: z.object({ limit: limit(1_000, 100), cursor }) },
  responses: { 200: pageOf(lotHistorySchema, 'A page of its history.'), ...unchanged, ...problems(400, 404) },
});

const GRAPHML = 'application/graphml+xml';
const SVG = 'image/svg+xml';
const FORMATS = { json: 'application/json', graphml: GRAPHML, svg: SVG } as const;
/** Generations of lots that a trace may go, each way. */
const DEEPEST = 64;

const getTrace = createRoute({
  operationId: 'getTrace',
  method: 'get',
  path: '/trace/{of}',
  tags: ['Materials'],
  summary: 'Where the matter of a passport or lot came from, and where it went',
  description:
    'A passport is traced upstream: what its batch drew on, back to where it was registered. A lot is traced both ways. At most 256 entries, and 64 events verified; what was cut and what is missing is named. All is this server’s word: the entries are named, so that anyone can look them up.',
  request: {
    params: z.object({
      of: z.string().openapi({
        example: CID_EXAMPLE,
        description: 'CID of a passport, id or URI of a lot, or the subject or link of a passport.',
      }),
    }),
    query: z.object({
      direction: z.enum(['upstream', 'downstream', 'both']).default('both'),
      depth: limit(DEEPEST, 16),
      format: z.enum(['json', 'graphml', 'svg']).optional().openapi({ description: 'Instead of the header Accept.' }),
    }),
  },
  responses: {
    200: {
      description: 'The trace.',
      content: {
        'application/json': { schema: traceSchema },
        [GRAPHML]: { schema: z.string() },
        [SVG]: { schema: z.string() },
      },
    },
    ...unchanged,
    ...problems(400, 404, 502),
  },
});

export const LOT_ROUTES = [listLots, getLot, getTrace];

export function routeLots(app: OpenAPIHono<BlankEnv>, { mirror, lots, tracer, reader, policy }: Parts): void {
  app.openapi(getTrace, async (c) => {
    const { of } = c.req.valid('param');
    const { format, ...asked } = c.req.valid('query');
    const traced = await tracer.trace(of, asked);
    if (traced === undefined) throw notFound(`Nothing is known of ${of.slice(0, 200)}.`);
    const { graph, passport, blockNumber, blockTime } = traced;
    const type =
      format === undefined ? preferred(c.req.header('accept'), [FORMATS.json, GRAPHML, SVG]) : FORMATS[format];
    // A verdict is as old as its facts.
    const headers = { 'cache-control': 'no-store', vary: 'accept' };
    if (type === GRAPHML || type === SVG) {
      const body = type === SVG ? traceSvg(graph) : formatGraphml(graph);
      return new Response(body, { headers: { ...headers, 'content-type': `${type}; charset=utf-8` } });
    }
    const word = { by: 'service' as const, trustBase: policy.trustBase, blockNumber, time: blockTime };
    const about = passport && {
      ...{ cid: passport.version.cid, subject: passport.version.subject, name: passport.version.name },
      report: formatReport(passport),
    };
    const body = { ...(encodeTrace(graph) as object), ...(about === undefined ? {} : { passport: about }), word };
    return c.json(traceSchema.parse(body), 200, headers);
  });

  app.openapi(listLots, async (c) => {
    const { holder, offeredTo, limit: most, cursor: after, ...asked } = c.req.valid('query');
    const idOf = (name: string | undefined) => (name === undefined ? undefined : hashIssuer(parseDid(name)));
    const places = after === undefined ? [] : decodeCursor('lots', after, [Number.MAX_SAFE_INTEGER, MOST_MADE]);
    const [entry, position = 0] = places;
    const filter = {
      ...{ holder: idOf(holder), offeredTo: idOf(offeredTo), origin: asked.origin },
      substance: asked.substance === undefined ? undefined : parseSubstance(asked.substance),
      before: entry === undefined ? undefined : { entry, position },
    };
    const body = await mirror.ask(async ({ state }) => {
      const found = await lots.list({ ...filter, limit: most + 1 });
      const page = found.slice(0, most);
      const last = found.length > most ? page.at(-1) : undefined;
      return {
        items: page.map((lot) => formatIndexedLot(reader.name, state, lot)),
        ...(last === undefined ? {} : { next: encodeCursor('lots', [last.entry, last.position]) }),
      };
    });
    return c.json(body, 200, { ...NO_CACHE, ...linkNext(c, body.next) });
  });

  app.openapi(getLot, async (c) => {
    const id = readLotName(reader.name, c.req.valid('param').id);
    const { limit: most, cursor: after } = c.req.valid('query');
    const [from] = after === undefined ? [] : decodeCursor('changes', after, [Number.MAX_SAFE_INTEGER]);
    const body = await mirror.ask(async ({ state }) => {
      const lot = await lots.find(id);
      if (lot === undefined) throw notFound(`The ledger has no lot ${id}.`);
      const [making] = await lots.listChanges(id, { from: lot.entry, limit: 1 });
      const changes = await lots.listChanges(id, { from: from ?? lot.entry + 1, limit: most + 1 });
      const beyond = changes[most];
      return {
        ...formatIndexedLot(reader.name, state, lot),
        madeOf: making === undefined ? [] : massesOf(reader.name, making.entry, 'out'),
        changes: changes.slice(0, most).map((change) => formatChange(reader.name, state, change)),
        ...(beyond === undefined ? {} : { next: encodeCursor('changes', [beyond.index]) }),
      };
    });
    return c.json(body, 200, { ...NO_CACHE, ...linkNext(c, body.next) });
  });
}

export function formatIndexedLot(ledger: string, state: State, lot: IndexedLot) {
  const { id, substance, origin, custody, holder, offeredTo, milligrams, registered, isVoid, event, period } = lot;
  return {
    ...{ lot: formatLot(ledger, id), id, substance: formatSubstance(substance), name: nameSubstance(substance) },
    ...{ origin, custody, holder: didOf(state, holder) },
    ...(offeredTo === undefined ? {} : { offeredTo: didOf(state, offeredTo) }),
    ...{ milligrams: String(milligrams), registered: String(registered), void: isVoid },
    ...{ entry: lot.entry, namedBy: didOf(state, lot.namedBy), label: lot.label },
    ...(event === undefined ? {} : { event: formatCid(decodeHex(event, 32) as Digest) }),
    ...(lot.country === undefined ? {} : { country: lot.country }),
    ...(lot.facility === undefined ? {} : { facility: lot.facility }),
    ...(period === undefined ? {} : { period }),
  };
}

function formatChange(ledger: string, state: State, { index, entry, milligrams }: LotChange) {
  return {
    entry: index,
    kind: entry.kind,
    time: entry.blockTime,
    by: 'issuer' in entry ? didOf(state, entry.issuer) : entry.actor.id,
    milligrams: String(milligrams),
    into: massesOf(ledger, entry, 'in'),
    ...(entry.kind === 'anchored' ? { batch: entry.root } : {}),
  };
}

function massesOf(ledger: string, entry: Entry, way: 'in' | 'out') {
  return readFlows(entry).flatMap((flow) =>
    flow.way === way ? [{ lot: formatLot(ledger, flow.lot), milligrams: String(flow.milligrams) }] : [],
  );
}

function didOf(state: State, issuer: Hex): string {
  return state.issuers.get(issuer)?.did ?? issuer;
}
