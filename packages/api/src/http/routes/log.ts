/** The journal as a public log of static files, for mirrors, monitors and witnesses: C2SP tlog-tiles. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { encodeHex } from '@dpp-ledger/core';
import { parseTilePath } from '@dpp-ledger/core/journal';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { BlankEnv } from 'hono/types';
import type { Witnesses } from '../../log/tiles.ts';
import type { Parts } from '../context.ts';
import { IMMUTABLE } from '../gateway.ts';
import { json, problems, unchanged } from '../wire.ts';
import { notFound } from './request.ts';

const compress = promisify(gzip);

const logSchema = z
  .object({
    origin: z.string().openapi({ description: "The log's name, in every checkpoint." }),
    key: z.string().openapi({ description: "The publisher's key: name, hash and base64, joined by +." }),
    size: z.int().openapi({ description: 'Entries that are published.' }),
    root: z.string(),
    url: z.string().openapi({ description: 'What the paths of tiles follow.' }),
    pinned: z
      .object({ cid: z.string(), size: z.int() })
      .optional()
      .openapi({ description: 'The newest version on IPFS: a folder with the same paths.' }),
    witnesses: z
      .object({
        quorum: z.string().openapi({ description: 'Who has to cosign a checkpoint, in words.' }),
        cosigned: z
          .int()
          .optional()
          .openapi({ description: 'Entries of the newest checkpoint that enough cosigned: /log/cosigned.' }),
        asked: z.array(
          z.object({
            name: z.string(),
            key: z.string(),
            size: z.int().optional().openapi({ description: 'Entries of the checkpoint that it cosigned last.' }),
            time: z.int().optional().openapi({ description: 'When, as it says, in seconds since 1970.' }),
          }),
        ),
      })
      .optional()
      .openapi({
        description:
          'Witnesses that are asked to cosign. A cosignature says that the log only grew, as that witness saw it: nothing of what is in it, and nothing of the contract.',
      }),
  })
  .openapi('Log');

const getLog = createRoute({
  operationId: 'getLog',
  method: 'get',
  path: '/log',
  tags: ['Log'],
  summary: 'Which log is published here, and under which key',
  description:
    'The journal as C2SP tlog-tiles: /log/checkpoint, /log/tile/{level}/{index} with 256 hashes each, /log/tile/entries/{index} with 256 entries each, and .p/{width} after those at the right edge that are not full. Only final blocks are in it.',
  responses: { 200: json(logSchema, 'The log.'), ...unchanged, ...problems(404) },
});

const getCheckpoint = createRoute({
  operationId: 'getCheckpoint',
  method: 'get',
  path: '/log/checkpoint',
  tags: ['Log'],
  summary: 'The newest published tree head, as a signed note (C2SP tlog-checkpoint), with the cosignatures that came',
  responses: {
    200: { description: 'The note.', content: { 'text/plain': { schema: z.string() } } },
    ...unchanged,
    ...problems(404),
  },
});

const getCosigned = createRoute({
  operationId: 'getCosignedCheckpoint',
  method: 'get',
  path: '/log/cosigned',
  tags: ['Log'],
  summary: 'The newest checkpoint that enough witnesses cosigned',
  description:
    'It may be older than the newest one: witnesses take their time. Cosignatures (C2SP tlog-cosignature) say that the log only grew, as each witness saw it, and no more.',
  responses: {
    200: { description: 'The note.', content: { 'text/plain': { schema: z.string() } } },
    ...unchanged,
    ...problems(404),
  },
});

export const LOG_ROUTES = [getLog, getCheckpoint, getCosigned];

const NOTE_HEADERS = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache' };

function describeWitnesses({ policy, standings, cosigned }: Witnesses) {
  return {
    quorum: policy.sentence,
    ...(cosigned === undefined ? {} : { cosigned: cosigned.size }),
    asked: standings.map(({ name, key, size, time }) => ({
      ...{ name, key },
      ...(size === undefined || time === undefined ? {} : { size, time }),
    })),
  };
}

export function routeLog(app: OpenAPIHono<BlankEnv>, { tiles, publicUrl }: Parts): void {
  app.openapi(getLog, async (c) => {
    const { origin, key, size, root, pinned, pinnedSize } = await tiles.readCheckpoint();
    const witnesses = await tiles.readWitnesses();
    const log = {
      ...{ origin, key, size, root: encodeHex(root), url: `${publicUrl}/log` },
      ...(pinned === undefined || pinnedSize === undefined ? {} : { pinned: { cid: pinned, size: pinnedSize } }),
      ...(witnesses === undefined ? {} : { witnesses: describeWitnesses(witnesses) }),
    };
    return c.json(log, 200, { 'cache-control': 'no-cache' });
  });

  app.openapi(getCheckpoint, async (c) => {
    const { note } = await tiles.readCheckpoint();
    return c.text(note, 200, NOTE_HEADERS);
  });

  app.openapi(getCosigned, async (c) => {
    const { note } = await tiles.readCosigned();
    return c.text(note, 200, NOTE_HEADERS);
  });

  // A tile's path has slashes of its own, which OpenAPI cannot say.
  app.get('/log/tile/*', async (c) => {
    const tile = parseTilePath(c.req.path.slice('/log/'.length));
    if (tile === undefined) throw notFound('This is not the path of a tile.');
    const bytes = await tiles.readTile(tile);
    const headers = { 'content-type': 'application/octet-stream', 'cache-control': IMMUTABLE };
    // Hashes do not compress.
    if (tile.level !== 'entries') return c.body(new Uint8Array(bytes), 200, headers);
    const isGzip = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(c.req.header('accept-encoding') ?? '');
    const body = isGzip ? await compress(bytes) : bytes;
    const encoding = isGzip ? { 'content-encoding': 'gzip' } : {};
    return c.body(new Uint8Array(body), 200, { ...headers, ...encoding, vary: 'accept-encoding' });
  });
}
