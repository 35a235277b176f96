/**
 * EPCIS 2.0 documents in JSON: their shape, by the official JSON Schema field by field, and ours. What is accepted here is accepted by the
 * schema; beyond it, times need a zone and a day that exists, URIs the characters of RFC 3986, and lists an end.
 */
import { z } from 'zod';
import { NAMESPACE } from '../credential/context.ts';
import { instant } from '../credential/vcdm.ts';
import { InvalidInputError } from '../errors.ts';
import { parseShape } from '../shape.ts';
import {
  BIZ_STEPS,
  BIZ_TRANSACTION_TYPES,
  COMPONENTS,
  DISPOSITIONS,
  ERROR_REASONS,
  MEASUREMENTS,
  SENSOR_ALERTS,
  SOURCE_DESTINATION_TYPES,
} from './cbv.ts';
import type { EpcisObject } from './event-hash.ts';
import { expandName, readPrefixes } from './prefixes.ts';

export const EPCIS_CONTEXT = 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld';
/** The prefix of our extensions in EPCIS documents. */
export const PREFIX = 'dppl';
/** As many events as one document may have, and members as a list in one. */
export const MOST_EVENTS = 1000;
const MOST_MEMBERS = 10_000;

// ------------------------------------------------------------------------------------------------------------- values

const CHARACTER = `(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})`;
const AUTHORITY = `(?:(?:[A-Za-z0-9._~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})*@)?(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*(?::\\d*)?`;
const URI = new RegExp(
  `^[A-Za-z][A-Za-z0-9+.-]*:(?://${AUTHORITY}(?:/${CHARACTER}*)*|/?${CHARACTER}+(?:/${CHARACTER}*)*)` +
    `(?:\\?(?:${CHARACTER}|[/?])*)?(?:#(?:${CHARACTER}|[/?])*)?$`,
);

const isUri = (text: string) => text.length <= 2048 && URI.test(text);
const uri = z.string().refine(isUri, 'expected an absolute URI');
const time = instant;
const list = <T extends z.ZodType>(item: T) => z.array(item).max(MOST_MEMBERS);
const isUnique = (items: readonly unknown[]) => new Set(items).size === items.length;

/** A bare word of a vocabulary, or a URI that is none of the vocabulary's own. */
const word = (words: readonly string[]) => {
  const known = new Set(words);
  return z
    .string()
    .refine(
      (text) => known.has(text) || (isUri(text) && !/^(?:urn:epcglobal:cbv|https?:\/\/ns\.gs1\.org\/cbv\/)/.test(text)),
      {
        error: 'is no word of the vocabulary, nor a URI of another',
      },
    );
};
const measure = (words: readonly string[]) => {
  const known = new Set(words);
  return z
    .string()
    .refine((text) => known.has(text) || (isUri(text) && !/^https?:\/\/(?:www\.)?gs1\.org\/voc\//.test(text)), {
      error: 'is no word of the vocabulary, nor a URI of another',
    });
};

/** An object with the fields named, and extensions, whose names are URIs or prefixed. */
const open = <T extends z.ZodRawShape>(shape: T) =>
  z.looseObject(shape).superRefine((value, { addIssue }) => {
    for (const key of Object.keys(value)) {
      if (!(key in shape) && !isUri(key))
        addIssue({ code: 'custom', path: [key], message: 'is no field of it; an extension has a prefix' });
    }
  });

const contextEntry = z.union([uri, z.record(z.string(), z.unknown())]);
const context = z.union([
  contextEntry,
  z
    .array(contextEntry)
    .max(100)
    .refine((entries) => isUnique(entries.map((entry) => JSON.stringify(entry))), 'names a context twice'),
]);

// ------------------------------------------------------------------------------------------------------------- events

const epcs = list(uri).refine(isUnique, 'names a thing twice');
const quantity = z.strictObject({
  epcClass: uri,
  quantity: z.number().optional(),
  uom: z
    .string()
    .regex(/^[A-Z0-9]{2,3}$/, 'expected a UN/CEFACT Recommendation 20 code')
    .optional(),
});
const quantities = list(quantity);
const action = z.enum(['OBSERVE', 'ADD', 'DELETE']);
const bizStep = word(BIZ_STEPS);
const disposition = word(DISPOSITIONS);
const place = z.looseObject({ id: uri });
const words = z.array(disposition).min(1).max(100).refine(isUnique, 'names a disposition twice');
const partyType = word(SOURCE_DESTINATION_TYPES);

const metadata = {
  time: time.optional(),
  deviceID: uri.optional(),
  deviceMetadata: uri.optional(),
  rawData: uri.optional(),
  dataProcessingMethod: uri.optional(),
  bizRules: uri.optional(),
};
const number = z.number().optional();
const sensorElement = open({
  sensorMetadata: open({ ...metadata, startTime: time.optional(), endTime: time.optional() }).optional(),
  sensorReport: list(
    open({
      ...metadata,
      type: measure(MEASUREMENTS),
      exception: measure(SENSOR_ALERTS).optional(),
      microorganism: uri.optional(),
      chemicalSubstance: uri.optional(),
      coordinateReferenceSystem: uri.optional(),
      component: word(COMPONENTS).optional(),
      stringValue: z.string().optional(),
      booleanValue: z.boolean().optional(),
      hexBinaryValue: z
        .string()
        .regex(/^[A-Fa-f0-9]+$/)
        .optional(),
      uriValue: uri.optional(),
      ...{ value: number, minValue: number, maxValue: number, meanValue: number },
      ...{ sDev: number, percRank: number, percValue: number },
      uom: z.string().optional(),
    }),
  ).min(1),
});

const every = {
  '@context': context.optional(),
  eventTime: time,
  recordTime: time.optional(),
  eventTimeZoneOffset: z.string().regex(/^[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00)$/, 'expected an offset such as +01:00'),
  eventID: uri.optional(),
  certificationInfo: z.union([uri, list(uri)]).optional(),
  errorDeclaration: open({
    declarationTime: time,
    reason: word(ERROR_REASONS).optional(),
    correctiveEventIDs: list(uri).optional(),
  }).optional(),
};
const business = {
  bizStep: bizStep.optional(),
  disposition: disposition.optional(),
  readPoint: place.optional(),
  bizLocation: place.optional(),
  bizTransactionList: list(
    z.strictObject({ type: word(BIZ_TRANSACTION_TYPES).optional(), bizTransaction: uri }),
  ).optional(),
  sourceList: list(z.strictObject({ type: partyType, source: uri })).optional(),
  destinationList: list(z.strictObject({ type: partyType, destination: uri })).optional(),
  sensorElementList: list(sensorElement).optional(),
};
const lasting = {
  persistentDisposition: z
    .strictObject({ set: words.optional(), unset: words.optional() })
    .refine(({ set, unset }) => set !== undefined || unset !== undefined, 'sets nothing and unsets nothing')
    .optional(),
  /** Names of its members are URIs; nothing is said of their values. */
  ilmd: open({}).optional(),
};
const children = {
  parentID: uri.optional(),
  childEPCs: list(uri).optional(),
  childQuantityList: quantities.optional(),
  action,
};
const isThere = (items: readonly unknown[] | undefined) => items !== undefined && items.length > 0;
const namesChildren = (event: {
  action: string;
  childEPCs?: unknown[] | undefined;
  childQuantityList?: unknown[] | undefined;
}) => event.action === 'DELETE' || isThere(event.childEPCs) || isThere(event.childQuantityList);

const OBJECT_EVENT = open({
  ...every,
  ...business,
  ...lasting,
  type: z.literal('ObjectEvent'),
  action,
  epcList: epcs.optional(),
  quantityList: quantities.optional(),
})
  .refine(
    ({ epcList, quantityList, sensorElementList, readPoint }) =>
      epcList !== undefined || isThere(quantityList) || (isThere(sensorElementList) && readPoint !== undefined),
    'names neither epcList nor quantityList, nor what was sensed where',
  )
  .refine((event) => event.ilmd === undefined || event.action === 'ADD', {
    path: ['ilmd'],
    error: 'belongs to action ADD',
  });

const EVENTS: ReadonlyMap<string, z.ZodType<EpcisObject>> = new Map<string, z.ZodType<EpcisObject>>([
  ['ObjectEvent', OBJECT_EVENT],
  [
    'AggregationEvent',
    open({ ...every, ...business, ...children, type: z.literal('AggregationEvent') }).refine(
      namesChildren,
      'names no children',
    ),
  ],
  [
    'AssociationEvent',
    open({ ...every, ...business, ...children, parentID: uri, type: z.literal('AssociationEvent') }).refine(
      namesChildren,
      'names no children',
    ),
  ],
  [
    'TransactionEvent',
    open({
      ...every,
      ...business,
      bizTransactionList: business.bizTransactionList.unwrap().min(1),
      type: z.literal('TransactionEvent'),
      action,
      parentID: uri.optional(),
      epcList: list(uri).optional(),
      quantityList: quantities.optional(),
    }).refine(
      (event) => event.action === 'DELETE' || event.epcList !== undefined || isThere(event.quantityList),
      'names neither epcList nor quantityList',
    ),
  ],
  [
    'TransformationEvent',
    open({
      ...every,
      ...business,
      ...lasting,
      type: z.literal('TransformationEvent'),
      transformationID: uri.optional(),
      inputEPCList: epcs.optional(),
      inputQuantityList: quantities.optional(),
      outputEPCList: epcs.optional(),
      outputQuantityList: quantities.optional(),
    }).refine((event) => {
      const hasInput = isThere(event.inputEPCList) || isThere(event.inputQuantityList);
      const hasOutput = isThere(event.outputEPCList) || isThere(event.outputQuantityList);
      return event.transformationID === undefined ? hasInput && hasOutput : hasInput || hasOutput;
    }, 'needs inputs and outputs, or a transformationID and one of them'),
  ],
]);
/** Events of other types are allowed; nothing more is known of them. */
const OTHER_EVENT: z.ZodType<EpcisObject> = z.looseObject({ ...every, type: uri });

// ---------------------------------------------------------------------------------------------------------- documents

const epcisDocument = open({
  '@context': context,
  id: uri.optional(),
  type: z.literal('EPCISDocument'),
  schemaVersion: z.string().regex(/^2\.\d+(?:\.\d+)*$/, 'expected 2.0'),
  creationDate: time,
  instanceIdentifier: z.string().max(2048).optional(),
  sender: z.string().max(2048).optional(),
  receiver: z.string().max(2048).optional(),
  // Master data is not kept: it is looked at no further than the schema goes.
  epcisHeader: open({
    epcisMasterData: z
      .looseObject({
        vocabularyList: list(
          z.looseObject({
            type: uri,
            vocabularyElementList: list(
              z.looseObject({
                id: uri,
                attributes: list(
                  z.looseObject({
                    id: uri,
                    attribute: z.union([z.number(), z.string(), z.record(z.string(), z.unknown())]).optional(),
                  }),
                ).optional(),
                children: list(uri).optional(),
              }),
            ).optional(),
          }),
        ).optional(),
      })
      .optional(),
  }).optional(),
  epcisBody: z.looseObject({ eventList: z.array(z.looseObject({ type: z.string() })).max(MOST_EVENTS) }),
});

export interface EpcisDocument {
  readonly context: unknown;
  readonly events: readonly EpcisObject[];
}

/**
 * Reads a document that somebody captures. Errors: `epcis.document`, for the whole of it; the message names the event and the field.
 */
export function parseEpcisDocument(value: unknown): EpcisDocument {
  const read = parseShape(epcisDocument, value, 'EPCIS document', 'epcis.document');
  const events = read.epcisBody.eventList.map((event, i) => {
    const where = `epcisBody.eventList[${i}]`;
    return parseShape(EVENTS.get(event.type) ?? OTHER_EVENT, event, where, 'epcis.document');
  });
  for (const [i, event] of events.entries())
    assertNotOurs([read['@context'], event['@context']], event, `epcisBody.eventList[${i}]`);
  return { context: read['@context'], events };
}

/** Whether an event could stand in a document. */
export function isEpcisEvent(event: EpcisObject): boolean {
  return (EVENTS.get(String(event.type)) ?? OTHER_EVENT).safeParse(event).success;
}

/**
 * Our extensions say which credential an event was anchored in. Nobody else may say that, nor give our prefix or namespace another
 * meaning.
 */
function assertNotOurs(contexts: readonly unknown[], event: EpcisObject, where: string): void {
  const refuse = (what: string): never => {
    throw new InvalidInputError('epcis.document', `${where}: ${what}`);
  };
  const prefixes = readPrefixes(contexts);
  if ((prefixes.get(PREFIX) ?? NAMESPACE) !== NAMESPACE) refuse(`the prefix ${PREFIX} stands for ${NAMESPACE} alone.`);
  const kept = new Set(Object.values(STANDING).flatMap((term) => [term, term.replace(`${PREFIX}:`, NAMESPACE)]));
  for (const key of Object.keys(event)) {
    if (kept.has(key) || kept.has(expandName(key, prefixes))) {
      refuse(`${key} is what a service says of what it serves: leave it out.`);
    }
  }
}

/** What a service says of an event that it serves. */
export const STANDING = {
  /** "anchored" or "captured". */
  standing: `${PREFIX}:standing`,
  credential: `${PREFIX}:credential`,
  issuer: `${PREFIX}:issuer`,
  verification: `${PREFIX}:verification`,
} as const;

/** A document of events of ours. */
export function buildEpcisDocument(
  events: readonly EpcisObject[],
  options: { readonly creationDate: string },
): EpcisObject {
  return {
    '@context': OUR_CONTEXT,
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: options.creationDate,
    epcisBody: { eventList: events },
  };
}

/** What a query for events answers. */
export function buildEpcisQueryDocument(
  events: readonly EpcisObject[],
  options: { readonly creationDate: string },
): EpcisObject {
  return {
    '@context': OUR_CONTEXT,
    type: 'EPCISQueryDocument',
    schemaVersion: '2.0',
    creationDate: options.creationDate,
    epcisBody: { queryResults: { queryName: 'SimpleEventQuery', resultsBody: { eventList: events } } },
  };
}

export const OUR_CONTEXT: readonly unknown[] = [EPCIS_CONTEXT, { [PREFIX]: NAMESPACE }];
