import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CredentialKind, parseCredential, UNTP_TYPES } from '../../src/credential/index.ts';
import { readEvents, readFacility, readIdentityAnchor } from '../../src/passport/index.ts';
import { DOCUMENT } from '../credential/fixtures.ts';

const make = (kind: CredentialKind, credentialSubject: unknown) =>
  parseCredential({ ...DOCUMENT, type: ['VerifiableCredential', UNTP_TYPES[kind]], credentialSubject });

describe('an event', () => {
  test('that makes something says from what, where and by whom', () => {
    const [event] = readEvents(
      make('event', [
        {
          type: ['MakeEvent', 'LifecycleEvent'],
          id: 'urn:uuid:0b9f0f8e-0000-5000-8000-000000000001',
          name: 'Refine cobalt hydroxide',
          eventDate: '2026-01-09T14:00:00+08:00',
          activityType: { code: 'commissioning', name: 'Commissioning' },
          inputProduct: [
            {
              product: { id: 'urn:lot:41', name: 'Hydroxide' },
              quantity: { value: 10, unit: 'KGM' },
              disposition: 'consumed',
            },
          ],
          outputProduct: [{ product: { id: 'urn:lot:57', name: 'Sulphate' }, quantity: { value: 9.8, unit: 'KGM' } }],
          madeAtFacility: { id: 'https://refiner.example/f/1', name: 'Refinery 1' },
          relatedParty: [{ role: 'processor', party: { id: 'did:web:refiner.example', name: 'Refiner' } }],
        },
      ]),
    );
    expect(event).toEqual({
      id: 'urn:uuid:0b9f0f8e-0000-5000-8000-000000000001',
      kind: 'make',
      name: 'Refine cobalt hydroxide',
      date: '2026-01-09T14:00:00+08:00',
      activity: 'Commissioning',
      products: [
        { id: 'urn:lot:41', name: 'Hydroxide', part: 'input', quantity: 10, unit: 'KGM', disposition: 'consumed' },
        { id: 'urn:lot:57', name: 'Sulphate', part: 'output', quantity: 9.8, unit: 'KGM', disposition: undefined },
      ],
      facility: { id: 'https://refiner.example/f/1', name: 'Refinery 1' },
      toFacility: undefined,
      parties: [{ id: 'did:web:refiner.example', name: 'Refiner', role: 'processor' }],
    });
  });

  test('of no kind that we know is still an event', () => {
    expect(readEvents(make('event', { id: 'urn:x:1' }))).toMatchObject([
      { id: 'urn:x:1', kind: undefined, products: [] },
    ]);
  });
});

test('a facility record is read; a country that is none reads as missing', () => {
  const facility = {
    id: 'https://f.example/1',
    name: 'Mine',
    countryOfOperation: { countryCode: 'ZM' },
    processCategory: [{ name: 'Mining' }],
  };
  expect(readFacility(make('facility', facility))).toMatchObject({
    id: 'https://f.example/1',
    country: 'ZM',
    processes: ['Mining'],
  });
  expect(readFacility(make('facility', { ...facility, countryOfOperation: { countryCode: 'ZZ' } })).country).toBe(
    undefined,
  );
});

test('an identity anchor says whom which register knows', () => {
  const view = readIdentityAnchor(
    make('identityAnchor', {
      id: 'did:web:maker.example',
      registeredName: 'Fictional Maker Ltd',
      registeredId: '123',
      registerType: 'business',
      registrar: { id: 'https://register.example', name: 'Register' },
    }),
  );
  expect(view).toMatchObject({
    id: 'did:web:maker.example',
    registeredId: '123',
    registrar: { name: 'Register' },
    scheme: undefined,
  });
});

test('whatever a subject holds, nothing is thrown', () => {
  const terms = [
    'inputProduct',
    'outputProduct',
    'relatedParty',
    'activityType',
    'address',
    'countryOfOperation',
    'processCategory',
    'registrar',
    'idScheme',
    'quantity',
    'product',
    'name',
  ];
  const anything = fc.dictionary(fc.constantFrom(...terms), fc.jsonValue());
  fc.assert(
    fc.property(anything, anything, (inner, outer) => {
      const subject = { ...outer, inputProduct: [inner], id: 'urn:x:1', name: 'x' };
      readEvents(make('event', [subject]));
      readFacility(make('facility', subject));
      readIdentityAnchor(make('identityAnchor', subject));
    }),
  );
});
