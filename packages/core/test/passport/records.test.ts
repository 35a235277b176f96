import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CredentialKind, parseCredential, UNTP_TYPES } from '../../src/credential/index.ts';
import type { SubjectId } from '../../src/ids.ts';
import { attests, readConformity, readEvents, readFacility, readIdentityAnchor } from '../../src/passport/index.ts';
import { DOCUMENT } from '../credential/fixtures.ts';

const make = (kind: CredentialKind, credentialSubject: unknown) =>
  parseCredential({ ...DOCUMENT, type: ['VerifiableCredential', UNTP_TYPES[kind]], credentialSubject });

const MODEL = 'https://id.gs1.org/01/09521234000013' as SubjectId;
const ITEM = `${MODEL}/21/A7K2` as SubjectId;
const CRITERION = 'https://dpp-ledger.example/ns/criterion/recycledContent';

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

describe('a certificate', () => {
  const certificate = (change: object = {}) =>
    readConformity(
      make('conformity', {
        id: 'https://certifier.example/att/1',
        name: 'Recycled content',
        referenceScheme: { id: 'https://certifier.example/scheme', name: 'Scheme' },
        issuedToParty: { id: 'did:web:maker.example', name: 'Fictional Maker Ltd' },
        conformityAssessment: [
          {
            assessmentCriteria: [{ id: CRITERION, name: 'EN 45557' }],
            assessmentDate: '2026-01-11',
            assessedPerformance: [{ metric: { name: 'Post-consumer share' }, measure: { value: 52, unit: 'P1' } }],
            assessedProduct: [{ product: { id: MODEL, name: 'Laptop 14' } }],
            conformance: true,
            ...change,
          },
        ],
      }),
    );

  test('is read with its scheme, criteria, products and figures', () => {
    expect(certificate()).toMatchObject({
      scheme: { name: 'Scheme' },
      issuedTo: { id: 'did:web:maker.example' },
      assessments: [
        { conforms: true, date: '2026-01-11', figures: [{ name: 'Post-consumer share', value: 52, unit: 'P1' }] },
      ],
    });
  });

  test.each([
    ['the model', MODEL],
    ['an item of the model', ITEM],
    ['the same model under another host', 'https://maker.example/labels/01/09521234000013' as SubjectId],
  ])('attests a claim about %s that names its criterion', (_, subject) => {
    expect(attests(certificate(), { criteria: [CRITERION], subject })).toBe(true);
  });

  test.each([
    ['names no criterion', {}, [], MODEL],
    ['names another criterion', {}, ['https://dpp-ledger.example/ns/criterion/carbon'], MODEL],
    ['is about another product', {}, [CRITERION], 'https://id.gs1.org/01/09521234000020'],
    ['was found not to conform', { conformance: false }, [CRITERION], MODEL],
    ['was not judged', { conformance: undefined }, [CRITERION], MODEL],
    [
      'is about the model, where one item was assessed',
      { assessedProduct: [{ product: { id: ITEM } }] },
      [CRITERION],
      MODEL,
    ],
    ['is about a link with a wrong check digit', {}, [CRITERION], 'https://id.gs1.org/01/09521234000014'],
  ])('does not attest a claim that %s', (_, change, criteria, subject) => {
    expect(attests(certificate(change), { criteria, subject: subject as SubjectId })).toBe(false);
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
    'conformityAssessment',
    'assessedProduct',
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
      const subject = { ...outer, conformityAssessment: [inner], inputProduct: [inner], id: 'urn:x:1', name: 'x' };
      readEvents(make('event', [subject]));
      readConformity(make('conformity', subject));
      readFacility(make('facility', subject));
      readIdentityAnchor(make('identityAnchor', subject));
    }),
  );
});
