/**
 * EPCIS 2.0 and CBV 2.0: the event hash of the reference implementation's vectors; documents that the official schema judges as our door
 * does; and what we make of UNTP events.
 */
import { InvalidInputError } from '@dpp-ledger/core';
import { credentialSubjects, parseCredential } from '@dpp-ledger/core/credential';
import {
  buildEpcisDocument,
  buildEpcisQueryDocument,
  buildEvent,
  eventFromEpcis,
  eventToEpcis,
  hashEpcisEvent,
  parseEpcisDocument,
  prehashEpcisEvent,
} from '@dpp-ledger/core/event';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { INPUTS as EVENT_INPUTS, EVENT_OPTIONS } from '../../packages/core/test/event/fixtures.ts';
import { describeConformance, listMaterial, printCount, readMaterial, readMaterialJson } from './material.ts';

const document = z.record(z.string(), z.unknown());
const eventDocument = z.looseObject({
  '@context': z.unknown(),
  epcisBody: z.looseObject({
    eventList: z.array(document).optional(),
    queryResults: z.looseObject({ resultsBody: z.looseObject({ eventList: z.array(document) }) }).optional(),
  }),
});

/** The events of a document, what its prefixes stand for, and which extensions it says are left out of the hash. */
function readVector(value: unknown): { events: Record<string, unknown>[]; context: unknown; ignore: string[] } {
  const read = eventDocument.parse(value);
  const { queryResults } = read.epcisBody;
  const ignored = [read, queryResults].flatMap((holder) =>
    Object.entries(holder ?? {}).flatMap(([key, names]) =>
      key.endsWith(':ignoreFields') ? z.array(z.string()).parse(names) : [],
    ),
  );
  return {
    events: read.epcisBody.eventList ?? queryResults?.resultsBody.eventList ?? [],
    context: read['@context'],
    ignore: ignored,
  };
}

/** Vectors that are no JSON, and so are none of ours. */
const NOT_IN_JSON = 'only as XML, and our door takes EPCIS in JSON';
/** Prehash lines that do not hash to the hash beside them: the hash holds, the line is an old one. */
const STALE_PREHASHES = new Set([
  'epcisDocWithAllGS1Keys',
  'epcisDocWithCustomSchemaInContext',
  'epcisDocWithDefaultSchemaInContext',
]);

describeConformance('CBV 2.0 event hash', () => {
  const folder = 'epcis-event-hash/tests/examples';
  const files = listMaterial(folder);
  const names = files.filter((file) => file.endsWith('.hashes')).map((file) => file.slice(0, -'.hashes'.length));
  const inJson = names.filter((name) => files.includes(`${name}.jsonld`));
  const lines = (file: string) =>
    readMaterial(`${folder}/${file}`)
      .split(/\r?\n/)
      .filter((line) => line.trim() !== '');

  test.each(inJson)('%s', (name) => {
    const { events, context, ignore } = readVector(readMaterialJson(`${folder}/${name}.jsonld`));
    expect(events.map((one) => hashEpcisEvent(one, { context, ignore }))).toEqual(lines(`${name}.hashes`));
    if (!files.includes(`${name}.prehashes`) || STALE_PREHASHES.has(name)) return;
    expect(events.map((one) => prehashEpcisEvent(one, { context, ignore }))).toEqual(lines(`${name}.prehashes`));
  });

  test('an event is the same in another document', () => {
    const { events, context } = readVector(
      readMaterialJson('epcis-event-hash/tests/expected_equal/ReferenceEventHashAlgorithm.json'),
    );
    const hashes = new Set(events.map((one) => hashEpcisEvent(one, { context })));
    expect([...hashes]).toEqual(lines('ReferenceEventHashAlgorithm.hashes'));
  });

  test('the vectors that do not apply are counted', () => {
    const equal = listMaterial('epcis-event-hash/tests/expected_equal').filter((file) => file.endsWith('.xml'));
    const others = [...names.filter((name) => !inJson.includes(name)), ...equal];
    // Nothing else is left out: what is there is JSON and ran above, or is one of these.
    expect(others.every((name) => name.endsWith('.xml') || files.includes(`${name}.xml`))).toBe(true);
    const hashes = inJson.reduce((sum, name) => sum + lines(`${name}.hashes`).length, 0);
    printCount(`CBV 2.0 event hash: ${hashes} hashes of ${inJson.length} documents hold`);
    printCount(`CBV 2.0 event hash: not applicable, ${NOT_IN_JSON}: ${others.join(', ')}`);
    printCount('CBV 2.0 event hash: not applicable, its document is not there: epcisDocHavingTooManyUserExtensions');
  });
});

describeConformance('EPCIS 2.0', () => {
  const isEpcis = compileEpcis();
  const folder = 'epcis-2.0/examples';
  const examples = listMaterial(folder).map(
    (file) => [file, document.parse(readMaterialJson(`${folder}/${file}`))] as const,
  );
  const captured = examples.filter(([, { type }]) => type === 'EPCISDocument');

  function expectEpcis(value: unknown): void {
    expect({ valid: isEpcis(value), errors: isEpcis.errors?.slice(0, 3) ?? [] }).toEqual({ valid: true, errors: [] });
  }

  test.each(captured)('%s is taken as it is, and its events come back the same from UNTP', (_, example) => {
    expectEpcis(example);
    const { events } = parseEpcisDocument(example);
    expect(events).toEqual(readVector(example).events);
    for (const [i, event] of events.entries()) {
      const { type } = event;
      const named = { ...event, eventID: event.eventID ?? `urn:x:${i}` };
      const untp = eventFromEpcis(named);
      if (type === 'ObjectEvent' || type === 'TransformationEvent') {
        expect(eventToEpcis(untp ?? {})).toStrictEqual(named);
      } else expect(untp).toBe(undefined);
    }
  });

  test('what our door takes is what the schema takes, wherever one value of an example is another', () => {
    const counts = { taken: 0, refused: 0 };
    for (const [file, example] of captured) {
      for (const [place, variant] of variantsOf(example)) {
        const isTaken = isEpcis(variant);
        const refusal = refusalOf(variant);
        expect(refusal === undefined, `${file} ${place}: ${refusal ?? isEpcis.errors?.[0]?.message}`).toBe(isTaken);
        counts[isTaken ? 'taken' : 'refused']++;
      }
    }
    expect(counts.taken).toBeGreaterThan(5000);
    expect(counts.refused).toBeGreaterThan(10_000);
    printCount(
      `EPCIS 2.0: door and schema agree on ${captured.length} examples with one value changed: both take ${counts.taken} and both ` +
        `refuse ${counts.refused}`,
    );
  });

  describe('what we make of UNTP events', () => {
    const creationDate = '2026-01-01T00:00:00Z';
    const ours = EVENT_INPUTS.map((input) => [input.name, buildEvent(input, EVENT_OPTIONS)] as const);
    const sample = parseCredential(readMaterialJson('untp-0.7.0/samples/DigitalTraceabilityEvent_instance.json'));

    test.each([...ours, ["UNTP's sample", sample] as const])('%s', (_, credential) => {
      const subjects = credentialSubjects(credential);
      const events = subjects.map((subject) => eventToEpcis(subject));
      expectEpcis(buildEpcisDocument(events, { creationDate }));
      expectEpcis(buildEpcisQueryDocument(events, { creationDate }));
      expect(events.map((event) => eventFromEpcis(event))).toEqual(subjects);
    });
  });
});

function compileEpcis(): ValidateFunction {
  const ajv = new Ajv({ strict: false });
  addFormats.default(ajv);
  return ajv.compile(document.parse(readMaterialJson('epcis-2.0/EPCIS-JSON-Schema.json')));
}

function refusalOf(value: unknown): string | undefined {
  try {
    parseEpcisDocument(value);
    return undefined;
  } catch (error) {
    if (error instanceof InvalidInputError) return error.message;
    throw error;
  }
}

const OTHERS: readonly unknown[] = [
  null,
  true,
  0,
  -1.5,
  '',
  'x',
  'urn:x:1',
  'https://a.example/b?c#d',
  '2026-02-30T00:00:00Z',
  [],
  ['urn:x:1', 'urn:x:1'],
  {},
  { id: 'urn:x:1' },
];

/** A document with each of its values, one at a time, left out or replaced by something else. */
function* variantsOf(value: unknown, place = ''): Iterable<readonly [string, unknown]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    const here = `${place}/${name}`;
    const withMember = (other: unknown): unknown =>
      Array.isArray(value) ? value.map((item, i) => (String(i) === name ? other : item)) : { ...value, [name]: other };
    yield [here, Array.isArray(value) ? value.filter((_, i) => String(i) !== name) : omit(value, name)];
    for (const other of OTHERS) yield [here, withMember(other)];
    if (!Array.isArray(value)) yield [`${here}+`, { ...value, unprefixed: 1 }];
    for (const [inner, variant] of variantsOf(member, here)) yield [inner, withMember(variant)];
  }
}

function omit(value: object, name: string): object {
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));
}
