/** GS1 EPCIS 2.0 (12, REST): events out, in the standard's own shapes and under its own names, and events of others in. */
import { InvalidInputError, parseJson } from '@dpp-ledger/core';
import { parseInstant } from '@dpp-ledger/core/credential';
import {
  buildEpcisQueryDocument,
  type EpcisObject,
  MOST_EVENTS,
  OUR_CONTEXT,
  parseEpcisDocument,
} from '@dpp-ledger/core/event';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { BlankEnv } from 'hono/types';
import type { Part } from '../../epcis/columns.ts';
import type { CaptureJob, EventQuery, Place } from '../../epcis/repository.ts';
import { formatTime } from '../../outbox/receipts.ts';
import type { Parts } from '../context.ts';
import { groupOf } from '../limits.ts';
import { readBody } from '../lines.ts';
import { bodyOf } from '../protocol.ts';
import { HEADERS, json, limit, problems, unchanged } from '../wire.ts';
import { decodeCursor, encodeCursor, mediaTypeOf, notFound, wrongMediaType } from './request.ts';

/** Of the standard; its newest release. */
const VERSION = '2.0.0';
const VERSION_HEADERS = {
  'gs1-epcis-version': VERSION,
  'gs1-epcis-min': VERSION,
  'gs1-epcis-max': VERSION,
  'gs1-cbv-version': VERSION,
};
const text = { type: 'string' as const };
const DOCUMENTED = {
  'GS1-EPCIS-Version': { description: `The version of EPCIS that is spoken: ${VERSION}.`, schema: text },
  'GS1-CBV-Version': { description: `The version of its vocabulary: ${VERSION}.`, schema: text },
};
const LIMITS = {
  'GS1-EPCIS-Capture-Limit': {
    description: 'Events that one document may have.',
    schema: { type: 'integer' as const },
  },
  'GS1-EPCIS-Capture-File-Size-Limit': { description: 'Bytes of a document.', schema: { type: 'integer' as const } },
};

/** Milliseconds from the first day that a time may name to 1970: places in the list are written without a sign. */
const FIRST_DAY = 62_167_219_200_000;
const ALL_DAYS = 315_569_519_999_999;

const eventSchema = z
  .looseObject({ type: z.string(), eventTime: z.string(), eventTimeZoneOffset: z.string() })
  .openapi('EpcisEvent', {
    description:
      'An event as EPCIS 2.0 has it, and with it `dppl:standing`: "anchored" for one of a credential on this ledger, which `dppl:credential` names and whose evidence `dppl:verification` leads to; "captured" for one that somebody sent here, unsigned, of which nothing is known but that.',
  });
const queryDocumentSchema = z
  .object({
    '@context': z.array(z.unknown()),
    type: z.literal('EPCISQueryDocument'),
    schemaVersion: z.literal('2.0'),
    creationDate: z.string(),
    epcisBody: z.object({
      queryResults: z.object({
        queryName: z.literal('SimpleEventQuery'),
        resultsBody: z.object({ eventList: z.array(eventSchema) }),
      }),
    }),
  })
  .openapi('EpcisQueryDocument');
const captureSchema = z
  .object({
    captureID: z.uuid(),
    createdAt: z.string(),
    finishedAt: z.string(),
    running: z.literal(false),
    success: z.literal(true),
    captureErrorBehaviour: z.literal('rollback'),
    errors: z.array(z.unknown()),
    eventIDs: z
      .array(z.string())
      .openapi({ description: 'Of its events, in its order: theirs, or the hash of each that came without.' }),
  })
  .openapi('EpcisCaptureJob');

// ------------------------------------------------------------------------------------------------------------ questions

/** A parameter of several values, given again and again; words also with commas between them. As many as a request line holds. */
const several = (description: string, example?: string) =>
  z
    .union([z.string().min(1).max(1_024), z.array(z.string().min(1).max(1_024)).max(20)])
    .optional()
    .openapi({
      description: `${description} Any of several, 20 at most: again and again, words with commas between them.`,
      example,
    });
const instant = (description: string) =>
  z.string().max(64).optional().openapi({ description, format: 'date-time', example: '2026-01-15T00:00:00Z' });

/** What of an event each of these looks at. */
const MATCHES = {
  MATCH_epc: ['epc'],
  MATCH_parentID: ['parent'],
  MATCH_inputEPC: ['input'],
  MATCH_outputEPC: ['output'],
  MATCH_anyEPC: ['epc', 'parent', 'input', 'output'],
  MATCH_epcClass: ['epcClass'],
  MATCH_inputEPCClass: ['inputClass'],
  MATCH_outputEPCClass: ['outputClass'],
  MATCH_anyEPCClass: ['epcClass', 'inputClass', 'outputClass'],
} as const satisfies Readonly<Record<string, readonly Part[]>>;
type Match = keyof typeof MATCHES;

const matches = Object.fromEntries(
  Object.entries(MATCHES).map(([name, parts]) => [
    name,
    several(`What stands in the event as ${parts.join(', ')}, by whatever spelling.`),
  ]),
) as Record<Match, ReturnType<typeof several>>;

const querySchema = z.strictObject({
  eventType: several('Type of event.', 'TransformationEvent'),
  EQ_action: several('OBSERVE, ADD or DELETE.'),
  EQ_eventID: several('Id of the event.'),
  EQ_bizStep: several('Business step: a word of CBV, or a URI.', 'commissioning'),
  EQ_disposition: several('Disposition: a word of CBV, or a URI.'),
  EQ_readPoint: several('Where it was seen.'),
  EQ_bizLocation: several('Where things are since.'),
  GE_eventTime: instant('Happened then or later.'),
  LT_eventTime: instant('Happened before.'),
  GE_recordTime: instant('Anchored or captured then or later.'),
  LT_recordTime: instant('Anchored or captured before.'),
  ...matches,
  perPage: limit(100, 30),
  nextPageToken: z
    .string()
    .max(200)
    .optional()
    .openapi({ description: 'From the link "next" of the page before, which leads there.' }),
});

const getEpcisEvents = createRoute({
  operationId: 'getEpcisEvents',
  method: 'get',
  path: '/epcis/events',
  tags: ['EPCIS'],
  summary: 'Events, newest first',
  description:
    "EPCIS 2.0's SimpleEventQuery with these of its parameters; one that is not listed is refused. All that are given must be met. A page may hold fewer events than were asked for.",
  request: { query: querySchema },
  responses: {
    200: json(queryDocumentSchema, 'A page of events.', { Link: HEADERS.link, ...DOCUMENTED }),
    ...unchanged,
    ...problems(400),
  },
});

const getEpcisEvent = createRoute({
  operationId: 'getEpcisEvent',
  method: 'get',
  path: '/epcis/events/{eventID}',
  tags: ['EPCIS'],
  summary: 'One event',
  request: { params: z.object({ eventID: z.string().min(1).max(2_048).openapi({ description: 'Percent-encoded.' }) }) },
  responses: { 200: json(eventSchema, 'The event.', DOCUMENTED), ...unchanged, ...problems(400, 404) },
});

const postCapture = createRoute({
  operationId: 'postEpcisCapture',
  method: 'post',
  path: '/epcis/capture',
  tags: ['EPCIS'],
  summary: 'Capture a document of events',
  description:
    'An EPCISDocument in JSON, taken whole or not at all: that is `GS1-Capture-Error-Behaviour: rollback`, and there is no other. What is captured is shown to everybody, as captured. Only where the operator allows it.',
  request: {
    body: {
      required: true,
      content: {
        'application/json': { schema: { $ref: '#/components/schemas/EpcisDocument' } },
        'application/ld+json': { schema: { $ref: '#/components/schemas/EpcisDocument' } },
      },
    },
  },
  responses: {
    202: json(captureSchema, 'It is captured.', { Location: HEADERS.location, ...DOCUMENTED, ...LIMITS }),
    ...problems(400, 403, 408, 413, 415, 422),
  },
});

const getCapture = createRoute({
  operationId: 'getEpcisCapture',
  method: 'get',
  path: '/epcis/capture/{captureID}',
  tags: ['EPCIS'],
  summary: 'A document that was captured',
  request: { params: z.object({ captureID: z.uuid() }) },
  responses: { 200: json(captureSchema, 'Its job, which is done.', DOCUMENTED), ...unchanged, ...problems(400, 404) },
});

export const EPCIS_ROUTES = [getEpcisEvents, getEpcisEvent, postCapture, getCapture];

export function routeEpcis(app: OpenAPIHono<BlankEnv>, { epcis, bodies, clientOf, mirror }: Parts): void {
  const headers = { ...VERSION_HEADERS, 'cache-control': 'no-cache' };

  app.openapi(getEpcisEvents, async (c) => {
    const query = readQuery(c.req.valid('query'));
    const { events, next } = await epcis.query(query);
    // Of the ledger as it is read: the same question is answered by the same bytes until something happens.
    const { head } = await mirror.read();
    const document = buildEpcisQueryDocument(events, { creationDate: formatTime(head.blockTime * 1000) });
    return c.json(document as z.infer<typeof queryDocumentSchema>, 200, { ...headers, ...linkNext(c, next) });
  });

  app.openapi(getEpcisEvent, async (c) => {
    const { eventID } = c.req.valid('param');
    const event = await epcis.findEvent(eventID);
    if (event === undefined) throw notFound('No event has this id here.');
    return c.json(withContext(event) as z.infer<typeof eventSchema>, 200, headers);
  });

  app.openapi(postCapture, async (c) => {
    const type = mediaTypeOf(c.req.header('content-type'));
    if (type !== 'application/json' && type !== 'application/ld+json') throw wrongMediaType(type, 'application/json');
    assertAsked(c);
    const body = await readBody(bodyOf(c), { most: bodies.captureBytes, silenceMs: bodies.silenceMs });
    const address = clientOf(c);
    const job = await epcis.capture(
      parseEpcisDocument(parseJson(body)),
      address === undefined ? undefined : groupOf(address),
    );
    return c.json(formatJob(job), 202, {
      ...VERSION_HEADERS,
      location: `/epcis/capture/${job.id}`,
      'gs1-epcis-capture-limit': String(MOST_EVENTS),
      'gs1-epcis-capture-file-size-limit': String(bodies.captureBytes),
    });
  });

  app.openapi(getCapture, async (c) => {
    const { captureID } = c.req.valid('param');
    const job = await epcis.findCapture(captureID);
    if (job === undefined) throw notFound(`No document was captured here as ${captureID}.`);
    return c.json(formatJob(job), 200, headers);
  });
}

/** What a client says of versions and failures must be what is done here. Errors: `input.shape`. */
function assertAsked(c: Context): void {
  const behaviour = c.req.header('gs1-capture-error-behaviour');
  if (behaviour !== undefined && behaviour.toLowerCase() !== 'rollback') {
    throw new InvalidInputError(
      'input.shape',
      'GS1-Capture-Error-Behaviour: a document is taken whole or not at all, which is "rollback".',
    );
  }
  const version = c.req.header('gs1-epcis-version');
  if (version !== undefined && !/^2\.0(?:\.\d+)?$/.test(version)) {
    throw new InvalidInputError('input.shape', `GS1-EPCIS-Version: this is EPCIS ${VERSION}.`);
  }
}

function readQuery(given: z.infer<typeof querySchema>): EventQuery {
  return {
    types: listOf(given.eventType),
    actions: listOf(given.EQ_action),
    eventIds: listOf(given.EQ_eventID),
    bizSteps: listOf(given.EQ_bizStep),
    dispositions: listOf(given.EQ_disposition),
    readPoints: listOf(given.EQ_readPoint),
    bizLocations: listOf(given.EQ_bizLocation),
    eventTime: { from: timeOf('GE_eventTime', given.GE_eventTime), before: timeOf('LT_eventTime', given.LT_eventTime) },
    recordTime: {
      from: timeOf('GE_recordTime', given.GE_recordTime),
      before: timeOf('LT_recordTime', given.LT_recordTime),
    },
    things: Object.entries(MATCHES).flatMap(([name, parts]) => {
      const names = listOf(given[name as Match]);
      return names === undefined ? [] : [{ parts, names }];
    }),
    limit: given.perPage,
    after: readPlace(given.nextPageToken),
  };
}

/** Words may be joined by commas; a URI may have commas of its own. */
function listOf(given: string | readonly string[] | undefined): string[] | undefined {
  if (given === undefined) return undefined;
  return [given].flat().flatMap((one) => (one.includes(':') ? [one] : one.split(',').filter((word) => word !== '')));
}

/** Errors: `input.shape`. */
function timeOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = parseInstant(text);
  if (time === undefined)
    throw new InvalidInputError('input.shape', `${name}: expected date, time and zone, such as 2026-01-15T00:00:00Z.`);
  return time;
}

function readPlace(token: string | undefined): Place | undefined {
  if (token === undefined) return undefined;
  const most = [ALL_DAYS, 1, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
  const [time = 0, source = 0, first = 0, second = 0, third = 0] = decodeCursor('epcis', token, most);
  return [time - FIRST_DAY, source, first, second, third];
}

function linkNext(c: Context, next: Place | undefined): Record<string, string> {
  if (next === undefined) return {};
  const [time, ...rest] = next;
  const query = new URL(c.req.url).searchParams;
  query.set('nextPageToken', encodeCursor('epcis', [time + FIRST_DAY, ...rest]));
  return { link: `<${c.req.path}?${query}>; rel="next"` };
}

/** An event by itself needs what a document says for all of its events. */
function withContext(event: EpcisObject): EpcisObject {
  const own = [event['@context']].flat().filter((one) => one !== undefined);
  const known = new Set(OUR_CONTEXT.map((one) => JSON.stringify(one)));
  return { ...event, '@context': [...OUR_CONTEXT, ...own.filter((one) => !known.has(JSON.stringify(one)))] };
}

function formatJob({ id, capturedAt, eventIds }: CaptureJob): z.infer<typeof captureSchema> {
  return {
    captureID: id,
    createdAt: capturedAt,
    finishedAt: capturedAt,
    running: false,
    success: true,
    captureErrorBehaviour: 'rollback',
    errors: [],
    eventIDs: [...eventIds],
  };
}
