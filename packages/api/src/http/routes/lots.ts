/** Lots as the index has them: who holds what, what it was made of, and where it went. */
import { type Digest, decodeHex, type Hex, hashIssuer } from '@dpp-ledger/core';
import { formatCid, parseDid } from '@dpp-ledger/core/credential';
import type { Entry } from '@dpp-ledger/core/journal';
import {
  formatLot,
  formatSubstance,
  nameSubstance,
  parseLot,
  parseSubstance,
  readFlows,
} from '@dpp-ledger/core/materials';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { BlankEnv } from 'hono/types';
import type { IndexedLot, LotChange } from '../../ledger/lots.ts';
import type { State } from '../../outbox/door.ts';
import type { Parts } from '../context.ts';
import {
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
  unchanged,
} from '../wire.ts';
import { decodeCursor, encodeCursor, linkNext, notFound } from './request.ts';

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

export const LOT_ROUTES = [listLots, getLot];

export function routeLots(app: OpenAPIHono<BlankEnv>, { mirror, lots, reader }: Parts): void {
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

/** Errors: `materials.lot`; `service.not-found` for a lot of another ledger. */
export function readLotName(ledger: string, name: string): Hex {
  if (/^0x[0-9a-f]{64}$/.test(name)) return name as Hex;
  const named = parseLot(name);
  if (named.ledger !== ledger) throw notFound(`This service serves ${ledger}, and ${name} is a lot of another ledger.`);
  return named.lot;
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
