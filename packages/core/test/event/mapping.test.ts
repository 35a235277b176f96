import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { credentialSubjects, parseCredential } from '../../src/credential/index.ts';
import {
  buildEpcisDocument,
  buildEvent,
  type EpcisObject,
  eventFromEpcis,
  eventToEpcis,
  parseEpcisDocument,
  readEventMasses,
  type UntpEvent,
} from '../../src/event/index.ts';
import { EVENT_OPTIONS, INPUTS, LEDGER, lotId, lotUri, REGISTER, TRANSFER, TRANSFORM } from './fixtures.ts';

const untp = (input: (typeof INPUTS)[number]): UntpEvent => ({
  ...credentialSubjects(buildEvent(input, EVENT_OPTIONS))[0],
});
const epcis = (input: (typeof INPUTS)[number]) => eventToEpcis(untp(input));
const isDocument = (event: EpcisObject) =>
  parseEpcisDocument(buildEpcisDocument([event], { creationDate: '2026-01-01T00:00:00Z' })).events[0];

describe('a UNTP event as EPCIS', () => {
  test('that makes something of nothing adds objects', () => {
    expect(epcis(REGISTER)).toMatchObject({
      type: 'ObjectEvent',
      action: 'ADD',
      bizStep: 'commissioning',
      disposition: 'https://dpp-ledger.example/ns/disposition/new',
      eventTime: '2026-01-08T09:30:00+02:00',
      eventTimeZoneOffset: '+02:00',
      readPoint: { id: 'https://refiner.example/facility/1' },
      quantityList: [{ epcClass: lotUri('black-mass-41'), quantity: 1_000_000_000, uom: 'MGM' }],
    });
  });

  test('that makes something of something transforms', () => {
    expect(epcis(TRANSFORM)).toMatchObject({
      type: 'TransformationEvent',
      inputQuantityList: [{ epcClass: lotUri('black-mass-41'), quantity: 1_000_000_000, uom: 'MGM' }],
      outputQuantityList: [{ epcClass: lotUri('sulphate-57'), quantity: 980_000_000, uom: 'MGM' }],
    });
  });

  test('that moves something says from where, to where, and who owned and owns it', () => {
    expect(epcis(TRANSFER)).toMatchObject({
      type: 'ObjectEvent',
      action: 'OBSERVE',
      bizStep: 'shipping',
      disposition: 'in_transit',
      readPoint: { id: 'https://refiner.example/facility/1' },
      sourceList: [
        { type: 'location', source: 'https://refiner.example/facility/1' },
        { type: 'owning_party', source: 'did:web:refiner.example' },
      ],
      destinationList: [
        { type: 'location', destination: 'https://cathodes.example/plant' },
        { type: 'owning_party', destination: 'did:web:cathodes.example' },
      ],
    });
    expect(epcis({ ...TRANSFER, step: 'accepted' })).toMatchObject({
      bizStep: 'accepting',
      disposition: 'active',
      readPoint: { id: 'https://cathodes.example/plant' },
      bizLocation: { id: 'https://cathodes.example/plant' },
    });
  });

  test.each(INPUTS.map((input) => [input.name, input] as const))(
    'is valid, and comes back the same: %s',
    (_, input) => {
      const event = epcis(input);
      expect(isDocument(event)).toEqual(event);
      expect(eventFromEpcis(event)).toStrictEqual(untp(input));
    },
  );

  test('leaves out what JSON-LD does not know', () => {
    const event = { ...untp(REGISTER), description: null };
    expect(eventFromEpcis(eventToEpcis(event))).toStrictEqual(untp(REGISTER));
  });

  test('without output keeps a name under which one may follow', () => {
    const event = eventToEpcis({ ...untp(TRANSFORM), outputProduct: [] });
    expect(event.transformationID).toBe(event.eventID);
    expect(isDocument(event)).toEqual(event);
  });

  test('at a place that nobody disclosed is at no place', () => {
    const madeAtFacility = {
      type: ['Facility'],
      id: 'https://dpp-ledger.example/ns/undisclosedFacility',
      name: 'Not disclosed',
    };
    const event = eventToEpcis({ ...untp(REGISTER), madeAtFacility });
    expect(event).not.toHaveProperty('readPoint');
    expect(eventFromEpcis(event)).toMatchObject({ madeAtFacility });
  });
});

describe('an EPCIS event of somebody else', () => {
  const common = { eventID: 'urn:uuid:1', eventTime: '2026-01-01T00:00:00.000Z', eventTimeZoneOffset: '+01:00' };

  test('names lots whose masses are read as those of our own events', () => {
    const event = eventFromEpcis({
      ...common,
      type: 'ObjectEvent',
      action: 'OBSERVE',
      bizStep: 'shipping',
      quantityList: [{ epcClass: lotUri('a'), quantity: 5, uom: 'MGM' }],
      sourceList: [{ type: 'location', source: 'https://refiner.example/facility/1' }],
    });
    const credential = parseCredential({ ...buildEvent(TRANSFER, EVENT_OPTIONS), credentialSubject: [event] });
    expect(readEventMasses(credential, LEDGER).moved).toEqual([{ lot: lotId('a'), milligrams: 5n }]);
  });

  test.each<[string, EpcisObject]>([
    [
      'an inspection with a sensor and a transaction',
      {
        ...common,
        type: 'ObjectEvent',
        action: 'OBSERVE',
        bizStep: 'inspecting',
        recordTime: '2026-01-02T00:00:00Z',
        epcList: ['urn:epc:id:sgtin:0614141.107346.2017'],
        bizTransactionList: [{ type: 'po', bizTransaction: 'https://maker.example/po/1' }],
        sensorElementList: [{ sensorReport: [{ type: 'Temperature', value: 26, uom: 'CEL' }] }],
        'example:note': { 'example:deep': [1, null, 'x'] },
      },
    ],
    [
      'one that decommissions',
      { ...common, type: 'ObjectEvent', action: 'DELETE', epcList: ['urn:epc:id:sgtin:0614141.107346.2017'] },
    ],
    [
      'a step of another vocabulary',
      {
        ...common,
        type: 'ObjectEvent',
        action: 'ADD',
        epcList: [],
        bizStep: 'https://maker.example/step/7',
        ilmd: { 'a:b': 1 },
      },
    ],
    [
      'a transformation without input',
      {
        ...common,
        type: 'TransformationEvent',
        transformationID: 'urn:x:t',
        outputEPCList: ['urn:x:1'],
        disposition: 'unknown',
      },
    ],
  ])('comes back the same: %s', (_, event) => {
    const mapped = eventFromEpcis(event);
    expect(mapped).toBeDefined();
    expect(eventToEpcis(mapped ?? {})).toStrictEqual(event);
  });

  test('of another type stays EPCIS', () => {
    expect(eventFromEpcis({ ...common, type: 'AggregationEvent', action: 'ADD', childEPCs: ['urn:x:1'] })).toBe(
      undefined,
    );
  });
});

// ------------------------------------------------------------------------------------------------ there and back, generated

const word = fc.stringMatching(/^[a-z]{1,8}$/);
const uri = word.map((name) => `https://maker.example/${name}`);
/** JSON without null, which JSON-LD does not know. */
const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 3 }),
  ),
})).value;
const extended = <T extends object>(base: fc.Arbitrary<T>) =>
  fc.tuple(base, fc.dictionary(word, anything, { maxKeys: 2 })).map(([object, more]) => ({ ...more, ...object }));

const product = extended(
  fc.record(
    {
      product: extended(
        fc.record({
          type: fc.constant(['Product']),
          id: fc.oneof(uri, fc.constant(lotUri('a'))),
          name: fc.string(),
          idGranularity: fc.constantFrom('model', 'batch', 'item'),
        }),
      ),
      quantity: fc.record({ value: fc.integer(), unit: fc.constantFrom('MGM', 'C62', 'KGM', 'P1', 'grams') }),
      disposition: fc.constantFrom(
        'new',
        'inTransit',
        'active',
        'repaired',
        'recalled',
        'expired',
        'consumed',
        'recycled',
        'disposed',
      ),
    },
    { requiredKeys: ['product'] },
  ),
);
const products = fc.array(product, { maxLength: 3 });
const facility = extended(fc.record({ type: fc.constant(['Facility']), id: uri, name: fc.string() }));
const activity = fc.record({
  code: fc.oneof(fc.constantFrom('commissioning', 'shipping', 'accepting', 'void_shipping'), word),
  name: fc.string(),
  schemeId: fc.oneof(fc.constant('https://ref.gs1.org/cbv/BizStep'), uri),
  schemeName: fc.string(),
});
const parties = fc.array(
  fc.record({
    role: fc.constantFrom('consignor', 'consignee', 'owner', 'processor'),
    party: extended(fc.record({ type: fc.constant(['Party']), id: uri, name: fc.string() })),
  }),
  { maxLength: 3 },
);
const anyUntpEvent: fc.Arbitrary<UntpEvent> = fc
  .record(
    {
      id: uri,
      name: fc.string(),
      eventDate: fc.constantFrom(
        '2026-01-09T14:00:00+08:00',
        '2026-01-09T14:00:00Z',
        '2026-01-09T14:00:00.123456-03:30',
      ),
      activityType: activity,
      relatedParty: parties,
      consignmentId: uri,
    },
    { requiredKeys: ['id', 'name', 'eventDate', 'activityType'] },
  )
  .chain((common) =>
    extended(
      fc.oneof(
        fc.record({ inputProduct: products, outputProduct: products, madeAtFacility: facility }).map((parts) => ({
          type: ['MakeEvent', 'LifecycleEvent'],
          ...common,
          ...parts,
        })),
        fc.record({ movedProduct: products, fromFacility: facility, toFacility: facility }).map((parts) => ({
          type: ['MoveEvent', 'LifecycleEvent'],
          ...common,
          ...parts,
        })),
        fc.record({ modifiedProduct: products, modifiedAtFacility: facility }).map((parts) => ({
          type: ['ModifyEvent', 'LifecycleEvent'],
          ...common,
          ...parts,
        })),
      ),
    ),
  );

const epcList = fc.uniqueArray(uri, { minLength: 1, maxLength: 3 });
const quantityList = fc.array(
  fc.record(
    {
      epcClass: fc.oneof(uri, fc.constant('urn:epc:class:lgtin:4012345.012345.998877')),
      quantity: fc.integer(),
      uom: fc.constantFrom('KGM', 'C62'),
    },
    { requiredKeys: ['epcClass'] },
  ),
  { minLength: 1, maxLength: 3 },
);
const place = fc.record({ id: uri });
const partyList = (field: string) =>
  fc.array(fc.record({ type: fc.constantFrom('owning_party', 'possessing_party', 'location'), [field]: uri }), {
    minLength: 1,
    maxLength: 4,
  });
const step = {
  bizStep: fc.oneof(fc.constantFrom('shipping', 'receiving', 'other', 'commissioning'), uri),
  disposition: fc.constantFrom('in_transit', 'active', 'stolen', 'https://dpp-ledger.example/ns/disposition/new'),
  readPoint: place,
  bizLocation: place,
  sourceList: partyList('source'),
  destinationList: partyList('destination'),
  recordTime: fc.constant('2026-01-02T00:00:00Z'),
  'example:note': fc.jsonValue(),
};
const when = {
  eventID: uri,
  eventTime: fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000+02:00'),
  eventTimeZoneOffset: fc.constantFrom('+00:00', '+02:00'),
};
const required = ['type', 'eventID', 'eventTime', 'eventTimeZoneOffset'] as const;
const anyEpcisEvent: fc.Arbitrary<EpcisObject> = fc.oneof(
  fc.record(
    {
      type: fc.constant('ObjectEvent'),
      ...when,
      action: fc.constantFrom('OBSERVE', 'ADD', 'DELETE'),
      epcList,
      quantityList,
      ...step,
    },
    { requiredKeys: [...required, 'action', 'epcList'] },
  ),
  fc.record(
    {
      type: fc.constant('TransformationEvent'),
      ...when,
      transformationID: uri,
      inputEPCList: epcList,
      inputQuantityList: quantityList,
      outputEPCList: epcList,
      outputQuantityList: quantityList,
      ...step,
    },
    { requiredKeys: [...required, 'transformationID', 'outputEPCList'] },
  ),
);

/** As a parser of JSON makes it: generated objects have no prototype. */
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value));

describe('there and back', () => {
  test('a UNTP event is the same', () => {
    fc.assert(
      fc.property(anyUntpEvent.map(plain), (event) => {
        expect(eventFromEpcis(eventToEpcis(event))).toStrictEqual(event);
      }),
      { numRuns: 500 },
    );
  });

  test('an EPCIS event is the same, and what stands between is read as UNTP', () => {
    fc.assert(
      fc.property(anyEpcisEvent.map(plain), (event) => {
        expect(isDocument(event)).toEqual(event);
        const mapped = eventFromEpcis(event);
        expect(mapped).toBeDefined();
        expect(eventToEpcis(mapped ?? {})).toStrictEqual(event);
      }),
      { numRuns: 500 },
    );
  });

  test('what comes out of whatever event never throws', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('id', 'type', 'outputProduct', 'epcisFields', 'eventDate', 'relatedParty'),
          fc.jsonValue(),
        ),
        (event) => {
          eventFromEpcis(eventToEpcis(event));
          eventFromEpcis({ ...event, type: 'ObjectEvent', eventID: 'urn:x:1', quantityList: event.outputProduct });
        },
      ),
    );
  });
});
