/**
 * The EPCIS event hash (CBV 2.0, 8.9): a name of an event that follows from what it says, however its document spells it. Its text and
 * its published vectors disagree about the order of the last lists; the vectors are followed, as every implementation is held to them.
 */
import { encodeHex, sha256 } from '../bytes.ts';
import { cbvUri, type Vocabulary, vocabularyUri } from './cbv.ts';
import { canonicalEpc } from './epc.ts';
import { expandName, type Prefixes, readPrefixes } from './prefixes.ts';

/** An event as its document has it. */
export type EpcisObject = { readonly [key: string]: unknown };

export interface HashOptions {
  /** The document's `@context`: prefixes of extensions stand there. */
  readonly context?: unknown;
  /** Extensions that are left out at the top of an event, as the document spells them. */
  readonly ignore?: readonly string[];
}

const text = new TextEncoder();

/** `ni:///sha-256;...?ver=CBV2.0` (RFC 6920). Total, for whatever JSON. */
export function hashEpcisEvent(event: EpcisObject, options: HashOptions = {}): string {
  const digest = encodeHex(sha256(text.encode(prehashEpcisEvent(event, options)))).slice(2);
  return `ni:///sha-256;${digest}?ver=CBV2.0`;
}

/** What is hashed: the event's keys and values in one order and spelling, nothing between them. */
export function prehashEpcisEvent(event: EpcisObject, { context, ignore = [] }: HashOptions = {}): string {
  const prefixes = readPrefixes([context, event['@context']]);
  const kept = Object.fromEntries(Object.entries(event).filter(([key]) => !IGNORED.has(key) && !ignore.includes(key)));
  return `eventType=${textOf(event.type)}${writeFields(EVENT_FIELDS, kept, prefixes)}`;
}

// ------------------------------------------------------------------------------------------------------------ fields

/** How a field is written, its name included; '' if there is nothing to write. */
type Writer = (name: string, value: unknown, prefixes: Prefixes) => string;
type Fields = readonly (readonly [name: string, writer: Writer])[];

/** Not part of what happened. */
const IGNORED: ReadonlySet<string> = new Set(['@context', 'type', 'recordTime', 'eventID', 'errorDeclaration']);
const COMMENT = 'http://www.w3.org/2000/01/rdf-schema#comment';

const plain = scalar((value) => canonicalEpc(cbvUri(value)));
const time = scalar(canonicalTime);
/** A list under its own name, of the same field again and again. */
const epcs = list((value, prefixes) => plain('epc', value, prefixes));
const quantities = list((value, prefixes) => quantityElement('quantityElement', value, prefixes));
const words = (vocabulary: Vocabulary): Writer =>
  scalar((value, prefixes) => vocabularyUri(expandName(value, prefixes), vocabulary));
const disposition = words('disposition');
const measurement = words('measurement');
const quantityElement = object([
  ['epcClass', plain],
  ['quantity', plain],
  ['uom', plain],
]);
const place = object([['id', plain]]);
const party = (field: string) =>
  list((value, prefixes) =>
    writeFields(
      [
        ['type', words('sourceOrDestination')],
        [field, plain],
      ],
      objectOf(value),
      prefixes,
    ),
  );
const transactions = list((value, prefixes) =>
  writeFields(
    [
      ['type', words('bizTransactionType')],
      ['bizTransaction', plain],
    ],
    objectOf(value),
    prefixes,
  ),
);
const sensorMetadata = object([
  ['time', time],
  ['startTime', time],
  ['endTime', time],
  ['deviceID', plain],
  ['deviceMetadata', plain],
  ['rawData', plain],
  ['dataProcessingMethod', plain],
  ['bizRules', plain],
]);
const sensorReport = object([
  ['type', measurement],
  ['exception', measurement],
  ['deviceID', plain],
  ['deviceMetadata', plain],
  ['rawData', plain],
  ['dataProcessingMethod', plain],
  ['time', time],
  ['microorganism', plain],
  ['chemicalSubstance', plain],
  ['value', plain],
  ['component', words('component')],
  ['stringValue', plain],
  ['booleanValue', plain],
  ['hexBinaryValue', plain],
  ['uriValue', plain],
  ['minValue', plain],
  ['maxValue', plain],
  ['meanValue', plain],
  ['sDev', plain],
  ['percRank', plain],
  ['percValue', plain],
  ['uom', plain],
  ['coordinateReferenceSystem', plain],
]);
const sensorElement = object([
  ['sensorMetadata', sensorMetadata],
  ['sensorReport', sensorReport],
]);
const sensorElements = list((value, prefixes) => sensorElement('sensorElement', value, prefixes));

/** The canonical order. */
const EVENT_FIELDS: Fields = [
  ['eventTime', time],
  ['eventTimeZoneOffset', plain],
  ['certificationInfo', plain],
  ['epcList', epcs],
  ['parentID', plain],
  ['inputEPCList', epcs],
  ['childEPCs', epcs],
  ['quantityList', quantities],
  ['childQuantityList', quantities],
  ['inputQuantityList', quantities],
  ['outputEPCList', epcs],
  ['outputQuantityList', quantities],
  ['action', plain],
  ['transformationID', plain],
  ['bizStep', words('bizStep')],
  ['disposition', disposition],
  [
    'persistentDisposition',
    object([
      ['set', disposition],
      ['unset', disposition],
    ]),
  ],
  ['readPoint', place],
  ['bizLocation', place],
  ['sensorElementList', sensorElements],
  ['bizTransactionList', transactions],
  ['destinationList', party('destination')],
  ['ilmd', object([])],
  ['sourceList', party('source')],
];

/** The fields in their order, then extensions, sorted. */
function writeFields(fields: Fields, value: EpcisObject, prefixes: Prefixes): string {
  let written = '';
  const rest = new Set(Object.keys(value));
  for (const [name, writer] of fields) {
    rest.delete(name);
    written += writer(name, value[name], prefixes);
  }
  return written + sorted([...rest].map((key) => writeExtension(key, value[key], prefixes)));
}

function writeExtension(key: string, value: unknown, prefixes: Prefixes): string {
  if (key === '@context' || expandName(key, prefixes) === COMMENT) return '';
  const name = extensionName(key, prefixes);
  if (Array.isArray(value)) return sorted(value.map((one) => writeExtension(key, one, prefixes)));
  // Whether a text is a prefixed name only its own context could say: one that begins with a known prefix is taken for one.
  if (typeof value === 'string' && !/\s/.test(value)) return plain(name, expandName(value, prefixes), prefixes) || name;
  if (typeof value !== 'object' || value === null) return plain(name, value, prefixes) || name;
  return name + sorted(Object.entries(value).map(([inner, one]) => writeExtension(inner, one, prefixes)));
}

/** `example:myField` as `{https://ns.example.com/epcis/}myField`. */
function extensionName(key: string, prefixes: Prefixes): string {
  const colon = key.indexOf(':');
  const stem = colon < 0 ? undefined : prefixes.get(key.slice(0, colon));
  if (stem !== undefined) return `{${stem}}${key.slice(colon + 1)}`;
  const [, namespace, local] = /^(.*[/#:])([^/#:]+)$/.exec(key) ?? [];
  return namespace === undefined ? key : `{${namespace}}${local}`;
}

function scalar(canonical: (value: string, prefixes: Prefixes) => string): Writer {
  const write: Writer = (name, value, prefixes) => {
    if (Array.isArray(value)) return sorted(value.map((one) => write(name, one, prefixes)));
    const found = textOf(value);
    return found === '' ? '' : `${name}=${typeof value === 'string' ? canonical(found, prefixes) : found}`;
  };
  return write;
}

function list(item: (value: unknown, prefixes: Prefixes) => string): Writer {
  return (name, value, prefixes) => {
    const items = sorted((Array.isArray(value) ? value : []).map((one) => item(one, prefixes)));
    return items === '' ? '' : name + items;
  };
}

/** Several objects of a name are written one after the other, sorted. */
function object(fields: Fields): Writer {
  const write: Writer = (name, value, prefixes) => {
    if (Array.isArray(value)) return sorted(value.map((one) => write(name, one, prefixes)));
    const inner = writeFields(fields, objectOf(value), prefixes);
    return inner === '' ? '' : name + inner;
  };
  return write;
}

// ------------------------------------------------------------------------------------------------------------ values

function sorted(parts: readonly string[]): string {
  return [...parts].sort(byCodePoints).join('');
}

/** The order of UTF-8, which that of UTF-16 is not. */
function byCodePoints(a: string, b: string): number {
  for (let i = 0; ; ) {
    const [one, other] = [a.codePointAt(i), b.codePointAt(i)];
    if (one === undefined || other === undefined) return Number(one !== undefined) - Number(other !== undefined);
    if (one !== other) return one - other;
    i += one > 0xffff ? 2 : 1;
  }
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number') return decimal(value);
  return typeof value === 'boolean' ? String(value) : '';
}

/** Without exponent. */
function decimal(value: number): string {
  const [, sign = '', first = '', rest = '', exponent] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
  if (exponent === undefined) return String(value);
  const power = Number(exponent);
  if (power < 0) return `${sign}0.${'0'.repeat(-power - 1)}${first}${rest}`;
  return sign + first + rest.padEnd(power, '0');
}

/** UTC to the millisecond, the fourth decimal rounded; what is no time as it is. */
function canonicalTime(value: string): string {
  const [, seconds, fraction = '', zone] = /^(.+T\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(value) ?? [];
  const instant = Date.parse(`${seconds}${zone}`);
  if (Number.isNaN(instant)) return value;
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0')) + Number((fraction[3] ?? '0') >= '5');
  return new Date(instant + milliseconds).toISOString();
}

function objectOf(value: unknown): EpcisObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as EpcisObject) : {};
}
