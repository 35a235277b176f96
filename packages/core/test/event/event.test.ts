import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Credential, parseCredential } from '../../src/credential/index.ts';
import { InvalidInputError } from '../../src/errors.ts';
import { buildEvent, type EventInput, readEventMasses } from '../../src/event/index.ts';
import { readEvents } from '../../src/passport/index.ts';
import { CREDENTIAL } from '../credential/fixtures.ts';
import {
  ALLOCATION,
  BLACK_MASS,
  CATHODE_MAKER,
  EVENT_OPTIONS,
  LAPTOPS,
  LEDGER,
  lotId,
  lotUri,
  OFFERED,
  REFINER,
  REGISTER,
  TRANSFER,
  TRANSFORM,
} from './fixtures.ts';

const build = (input: EventInput) => buildEvent(input, EVENT_OPTIONS);
const refused = (code: string) => expect.objectContaining({ code }) as Error;

describe('an event about lots', () => {
  test('is the same document whenever it is built of the same input, and another of another', () => {
    expect(build(TRANSFORM)).toEqual(build(structuredClone(TRANSFORM)));
    expect(build(TRANSFORM).id).not.toBe(build({ ...TRANSFORM, name: 'Refine' }).id);
    // Its names stay though it is issued again at another time and place.
    const again = buildEvent(TRANSFORM, {
      ...EVENT_OPTIONS,
      status: { list: 8n, index: 0 },
      validFrom: '2026-03-01T00:00:00Z',
    });
    expect(again.id).toBe(build(TRANSFORM).id);
    expect(readEvents(again)[0]?.id).toBe(readEvents(build(TRANSFORM))[0]?.id);
  });

  test('of a register makes lots of nothing', () => {
    expect(readEvents(build(REGISTER))).toMatchObject([
      {
        kind: 'make',
        products: [{ part: 'output', id: lotUri('black-mass-41'), quantity: 1_000_000_000, unit: 'MGM' }],
        parties: [{ role: 'recycler', id: REFINER }],
        facility: { name: 'Refinery 1' },
      },
    ]);
  });

  test('of a transfer names both sides, whichever speaks', () => {
    const roles = (input: EventInput) => readEvents(build(input))[0]?.parties.map(({ role, id }) => [role, id]);
    expect(roles(TRANSFER)).toEqual([
      ['consignor', REFINER],
      ['consignee', CATHODE_MAKER],
    ]);
    expect(roles({ ...TRANSFER, step: 'accepted' })).toEqual([
      ['consignor', CATHODE_MAKER],
      ['consignee', REFINER],
    ]);
  });

  test('is on the way only where something is moved', () => {
    const disposition = (input: EventInput) => readEvents(build(input))[0]?.products[0]?.disposition;
    expect(disposition(TRANSFER)).toBe('inTransit');
    expect(disposition({ ...TRANSFER, to: TRANSFER.from })).toBe('active');
    expect(disposition({ ...TRANSFER, step: 'accepted' })).toBe('active');
  });

  test('says what the ledger counts', () => {
    expect(readEventMasses(build(TRANSFORM), LEDGER)).toEqual({
      inputs: [{ lot: lotId('black-mass-41'), milligrams: 1_000_000_000n }],
      outputs: [{ lot: lotId('sulphate-57'), milligrams: 980_000_000n }],
      moved: [],
    });
    expect(readEventMasses(build(TRANSFER), LEDGER).moved).toEqual([
      { lot: lotId('sulphate-57-a'), milligrams: 400_000_000n },
    ]);
    // The production batch that came out is no lot.
    expect(readEventMasses(build(ALLOCATION), LEDGER)).toEqual({
      inputs: [{ lot: lotId('sulphate-57-a'), milligrams: 12_000_000n }],
      outputs: [],
      moved: [],
    });
  });

  test.each<[string, EventInput]>([
    ['no mass', { ...REGISTER, outputs: [{ ...BLACK_MASS, milligrams: 0n }] }],
    ['more milligrams than JSON can count', { ...REGISTER, outputs: [{ ...BLACK_MASS, milligrams: 1n << 53n }] }],
    ['a lot twice', { ...REGISTER, outputs: [BLACK_MASS, BLACK_MASS] }],
    ['no lot', { ...TRANSFER, moved: [] }],
    ['a substance that nobody knows', { ...REGISTER, outputs: [{ ...BLACK_MASS, substance: '7440-48-5' }] }],
    ['a lot in capitals', { ...TRANSFER, moved: [{ ...OFFERED, lot: `0x${'AB'.repeat(32)}` }] }],
    ['a time without zone', { ...TRANSFER, date: '2026-01-12T08:00:00' }],
    ['a region as country', { ...REGISTER, at: { ...REGISTER.at, country: 'EU' } }],
    ['half a unit', { ...ALLOCATION, products: [{ ...LAPTOPS, units: 0.5 }] }],
    [
      'a counterparty without a DID',
      { ...TRANSFER, counterparty: { id: 'cathodes.example' as never, name: 'Cathodes' } },
    ],
  ])('is not built of %s', (_, input) => {
    expect(() => build(input)).toThrow(refused('event.input'));
  });

  test('holds the most that JSON can count exactly', () => {
    const milligrams = (1n << 53n) - 1n;
    const event = build({ ...TRANSFER, moved: [{ ...OFFERED, milligrams }] });
    expect(readEventMasses(JSON.parse(JSON.stringify(event)), LEDGER).moved[0]?.milligrams).toBe(milligrams);
  });
});

describe('masses of an event', () => {
  const LOT = { product: { id: lotUri('a'), lot: lotUri('a') }, quantity: { value: 5, unit: 'MGM' } };
  const moving = (...movedProduct: unknown[]) => ({
    id: 'urn:x:1',
    type: ['MoveEvent', 'LifecycleEvent'],
    movedProduct,
  });
  const making = (more: object) => ({
    id: 'urn:x:1',
    type: ['MakeEvent'],
    inputProduct: [],
    outputProduct: [],
    ...more,
  });
  const read = (...credentialSubject: object[]) =>
    readEventMasses(parseCredential({ ...build(TRANSFER), credentialSubject }), LEDGER);

  test('leave out what is no lot, and lots of another ledger', () => {
    const elsewhere = lotUri('a').replace('31337', '1');
    expect(
      read(moving({ product: { id: 'urn:acid' } }, { ...LOT, product: { id: elsewhere, lot: elsewhere } }, LOT)),
    ).toEqual({
      inputs: [],
      outputs: [],
      moved: [{ lot: lotId('a'), milligrams: 5n }],
    });
  });

  test('are those of all events of a credential, and a modification has none', () => {
    const b = { ...LOT, product: { id: lotUri('b'), lot: lotUri('b') } };
    const modifying = { id: 'urn:x:2', type: ['ModifyEvent'], modifiedProduct: [LOT] };
    expect(read(moving(LOT), moving(b), modifying, making({ inputProduct: [LOT] }))).toEqual({
      inputs: [{ lot: lotId('a'), milligrams: 5n }],
      outputs: [],
      moved: [
        { lot: lotId('a'), milligrams: 5n },
        { lot: lotId('b'), milligrams: 5n },
      ],
    });
  });

  test.each<[string, object[]]>([
    ['another unit', [moving({ ...LOT, quantity: { value: 5, unit: 'KGM' } })]],
    ['no unit', [moving({ ...LOT, quantity: { value: 5 } })]],
    ['no quantity', [moving({ product: LOT.product })]],
    ['half a milligram', [moving({ ...LOT, quantity: { value: 0.5, unit: 'MGM' } })]],
    ['nothing', [moving({ ...LOT, quantity: { value: 0, unit: 'MGM' } })]],
    ['less than nothing', [moving({ ...LOT, quantity: { value: -5, unit: 'MGM' } })]],
    ['more than JSON can count', [moving({ ...LOT, quantity: { value: 2 ** 53, unit: 'MGM' } })]],
    ['digits as text', [moving({ ...LOT, quantity: { value: '5', unit: 'MGM' } })]],
    ['the same lot twice', [moving(LOT, LOT)]],
    ['the same lot twice in two events', [moving(LOT), moving(LOT)]],
    ['a lot in capitals', [moving({ ...LOT, product: { id: lotUri('a'), lot: lotUri('a').toUpperCase() } })]],
    ['a lot as another product', [moving({ ...LOT, product: { id: lotUri('b'), lot: lotUri('a') } })]],
    ['a product that is none', [moving(null)]],
    ['no products', [making({ outputProduct: undefined })]],
    ['no kind', [{ id: 'urn:x:1', type: ['LifecycleEvent'] }]],
    ['two kinds', [{ ...moving(), type: ['MoveEvent', 'ModifyEvent'] }]],
  ])('are not read of %s', (_, subjects) => {
    expect(() => read(...subjects)).toThrow(refused('event.shape'));
  });

  test('are not read of another kind of credential', () => {
    expect(() => readEventMasses(CREDENTIAL, LEDGER)).toThrow(refused('event.shape'));
  });

  test('are read or refused, whatever stands in the event', () => {
    const subject = fc.record(
      {
        id: fc.constant('urn:x:1'),
        type: fc.subarray(['MakeEvent', 'MoveEvent', 'ModifyEvent', 'LifecycleEvent'], { minLength: 1 }),
        inputProduct: fc.anything(),
        outputProduct: fc.oneof(fc.constant([]), fc.anything()),
        movedProduct: fc.oneof(
          fc.array(fc.record({ product: fc.oneof(fc.constant(LOT.product), fc.anything()), quantity: fc.anything() })),
          fc.anything(),
        ),
      },
      { requiredKeys: ['id', 'type'] },
    );
    const EVENT = build(TRANSFER);
    fc.assert(
      fc.property(fc.array(subject, { minLength: 1, maxLength: 3 }), (credentialSubject) => {
        try {
          const masses = readEventMasses({ ...EVENT, credentialSubject } as Credential, LEDGER);
          for (const { milligrams } of Object.values(masses).flat()) expect(milligrams > 0n).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidInputError);
        }
      }),
    );
  });
});
