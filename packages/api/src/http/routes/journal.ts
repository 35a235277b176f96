/** The journal as the index has it: how far it has been read, its tree heads, its entries, and proofs of them. */
import { encodeHex, parseShape } from '@dpp-ledger/core';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { BlankEnv } from 'hono/types';
import type { IndexHead } from '../../ledger/mirror.ts';
import type { JournalEntry } from '../../ledger/prover.ts';
import type { Parts } from '../context.ts';
import { IMMUTABLE } from '../gateway.ts';
import { streamOf } from '../lines.ts';
import {
  HEADERS,
  journalEntrySchema,
  json,
  ledgerSchema,
  problems,
  treeHeadSchema,
  unchanged,
  wholeNumber,
} from '../wire.ts';
import { busy, notFound } from './request.ts';

const NDJSON = 'application/x-ndjson';
const ENTRIES_PER_READ = 1_000;
const NO_CACHE = { 'cache-control': 'no-cache' };
const FOR_EVER = { 'cache-control': IMMUTABLE };

const getLedger = createRoute({
  operationId: 'getLedger',
  method: 'get',
  path: '/ledger',
  tags: ['Ledger'],
  summary: 'Which ledger this service serves, and how far it has read',
  responses: { 200: json(ledgerSchema, 'The ledger.'), ...unchanged },
});

const getTreeHead = createRoute({
  operationId: 'getTreeHead',
  method: 'get',
  path: '/tree-head',
  tags: ['Ledger'],
  summary: "The journal's tree head, with a consistency proof from an earlier one if asked",
  request: {
    query: z.object({
      first: wholeNumber.optional().openapi({
        minimum: 1,
        description: 'Size of the tree head that you have.',
        example: 12,
      }),
      size: wholeNumber
        .optional()
        .openapi({ minimum: 1, description: 'Of the journal as it was; as it is now by default.' }),
    }),
  },
  responses: { 200: json(treeHeadSchema, 'The tree head.'), ...unchanged, ...problems(400) },
});

const journalRange = z.object({
  from: wholeNumber.default(0),
  limit: wholeNumber.optional().openapi({ description: 'All of them by default.' }),
});
const getJournal = createRoute({
  operationId: 'getJournal',
  method: 'get',
  path: '/journal',
  tags: ['Ledger'],
  summary: 'Entries of the journal as NDJSON, from an index on',
  request: { query: journalRange },
  responses: {
    200: {
      description: 'One entry a line, in order; where a limit left any out, Link names the rest.',
      headers: { Link: HEADERS.link },
      content: { [NDJSON]: { schema: { $ref: '#/components/schemas/JournalEntry' } } },
    },
    ...problems(400),
  },
});

const getEntry = createRoute({
  operationId: 'getEntry',
  method: 'get',
  path: '/journal/{index}',
  tags: ['Ledger'],
  summary: 'One entry with its inclusion proof',
  request: {
    params: z.object({ index: wholeNumber }),
    query: z.object({
      size: wholeNumber
        .optional()
        .openapi({ minimum: 1, description: 'Of the tree to prove it in; as it is now by default.' }),
    }),
  },
  responses: { 200: json(journalEntrySchema, 'The entry.'), ...unchanged, ...problems(400, 404) },
});

export const JOURNAL_ROUTES = [getLedger, getTreeHead, getJournal, getEntry];

export function routeJournal(app: OpenAPIHono<BlankEnv>, parts: Parts): void {
  const { mirror, reader, writer, signer, policy, prover, stopping } = parts;

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
    const [body, keep] = await mirror.ask(async ({ head, treeHead }) => {
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
      // Of a size that is asked for, nothing in the answer changes any more: not even where it says the journal stood.
      const reached = asked === undefined ? undefined : await readReached(size, head);
      const { blockNumber, blockTime } = reached?.block ?? head;
      const found = {
        size,
        root: encodeHex(root),
        peaks: peaks.map(encodeHex),
        blockNumber,
        blockTime,
        ...consistency,
      };
      return [found, reached?.isFinal ? FOR_EVER : NO_CACHE] as const;
    });
    return c.json(body, 200, keep);
  });

  /** The block that brought the journal to a size, and whether it stays. */
  async function readReached(size: number, head: IndexHead) {
    const [last] = size === 0 ? [] : await prover.readEntries({ from: size - 1, limit: 1 });
    if (last === undefined) return undefined;
    const { blockNumber, blockTime } = last.entry;
    return { block: { blockNumber, blockTime }, isFinal: blockNumber <= head.finalBlockNumber };
  }

  app.get(getJournal.getRoutingPath(), async (c) => {
    const { from, limit: most } = parseShape(journalRange, c.req.query(), 'query');
    const { head } = await mirror.read();
    const to = Math.min(head.size, from + (most ?? head.size));
    const isWhole = most === undefined || from + most > head.size;
    async function* lines() {
      for (let at = from; at < to && !stopping.aborted; ) {
        const entries = await prover.readEntries({ from: at, limit: Math.min(ENTRIES_PER_READ, to - at) });
        // What was sent is of another history than what would follow.
        if ((await mirror.read()).head.generation !== head.generation) throw busy('the chain has dropped blocks');
        yield entries.map((entry) => `${JSON.stringify(formatEntry(entry))}\n`).join('');
        at += entries.length;
      }
    }
    // A range that is named by both its ends and lies behind what is final stays what it is.
    const keep = !isWhole && to > from && (await readReached(to, head))?.isFinal ? FOR_EVER : NO_CACHE;
    const link = isWhole ? {} : { link: `<${c.req.path}?from=${to}&limit=${most}>; rel="next"` };
    return new Response(streamOf(lines()), { headers: { 'content-type': NDJSON, ...keep, ...link } });
  });

  app.openapi(getEntry, async (c) => {
    const { index } = c.req.valid('param');
    const asked = c.req.valid('query').size;
    const [body, keep] = await mirror.ask(async ({ head }) => {
      const size = asked ?? head.size;
      const [entry] = await prover.readEntries({ from: index, limit: 1 });
      if (entry === undefined || entry.index !== index) throw notFound(`The journal has no entry ${index} yet.`);
      const [root, proof] = await Promise.all([prover.rootAt(size), prover.proveInclusion(index, size)]);
      const inclusion = { size, root: encodeHex(root), proof: proof.map(encodeHex) };
      const isFixed = asked !== undefined && (await readReached(size, head))?.isFinal;
      return [{ ...formatEntry(entry), inclusion }, isFixed ? FOR_EVER : NO_CACHE] as const;
    });
    return c.json(body, 200, keep);
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
