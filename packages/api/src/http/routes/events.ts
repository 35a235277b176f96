/** Receipts as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { BlankEnv } from 'hono/types';
import type { WatchEvent } from '../../outbox/watch.ts';
import type { Parts } from '../context.ts';
import { streamOf } from '../lines.ts';
import { problems } from '../wire.ts';
import { busy } from './request.ts';

const EVENT_STREAM = 'text/event-stream';
/** As many as fit in a request line of 8 KiB, which is what proxies take. */
const MOST_IDS = 200;
/** The last event's id: a browser that comes again with it is told to stay away. */
const SETTLED = 'settled';

/** The fields of an event, as text. */
const eventSchema = z.object({
  event: z.enum(['receipt', 'settled', 'stopping']),
  data: z.string().openapi({ description: 'JSON: of a receipt, what `/receipts/{id}` says.' }),
  id: z.string().optional(),
  retry: z.int().optional(),
});

const getEvents = createRoute({
  operationId: 'getEvents',
  method: 'get',
  path: '/receipts/events',
  tags: ['Credentials'],
  summary: 'What becomes of receipts, as it happens',
  description: `Server-sent events: for each receipt its state at once, then each change, as \`event: receipt\` with the JSON of \`/receipts/{id}\`. It ends by itself with \`event: settled\` once every receipt is final or refused, or with \`event: stopping\` where this server ends and another is to be asked. A reader that is slow is told the newest state only. Comments keep the connection alive.`,
  request: {
    query: z.object({
      id: z
        .union([z.uuid(), z.array(z.uuid()).min(1).max(MOST_IDS)])
        .openapi({ description: `Up to ${MOST_IDS} receipts: \`?id=…&id=…\`.` }),
    }),
  },
  responses: {
    200: { description: 'The events, each of this shape.', content: { [EVENT_STREAM]: { schema: eventSchema } } },
    204: { description: 'You were told all (`Last-Event-ID: settled`): browsers do not connect again.' },
    ...problems(400, 404),
  },
});

export const EVENT_ROUTES = [getEvents];

export function routeEvents(app: OpenAPIHono<BlankEnv>, { watch }: Parts): void {
  app.openapi(getEvents, async (c) => {
    if (c.req.header('last-event-id') === SETTLED) return c.body(null, 204);
    const { id } = c.req.valid('query');
    const { events, close } = await watch.open([id].flat());
    if (c.finalized) {
      // The database took so long that the client was told to come again: nobody reads this.
      close();
      throw busy('receipts were found too late');
    }
    const headers = { 'content-type': EVENT_STREAM, 'cache-control': 'no-store', 'x-accel-buffering': 'no' };
    return new Response(streamOf(formatEvents(events), close), { headers });
  });
}

async function* formatEvents(events: AsyncIterable<WatchEvent>): AsyncIterable<string> {
  for await (const event of events) {
    switch (event.kind) {
      case 'receipt':
        yield `event: receipt\ndata: ${JSON.stringify(event.receipt)}\n\n`;
        break;
      case 'heartbeat':
        yield ':\n\n';
        break;
      case 'settled':
        yield `event: settled\nid: ${SETTLED}\ndata: {}\n\n`;
        break;
      case 'stopping':
        yield 'event: stopping\nretry: 1000\ndata: {}\n\n';
        break;
    }
  }
}
