import { expect, test } from 'vitest';
import { parseDid } from '../../src/credential/index.ts';
import {
  attestedSubjects,
  buildAttestation,
  parseAttestation,
  parseAttestationInput,
} from '../../src/passport/index.ts';
import { CREDENTIAL } from '../credential/fixtures.ts';

const MODEL = 'https://id.gs1.org/01/09521234000013';
const OPTIONS = {
  issuer: { id: parseDid('did:web:certifier.example'), name: 'Fictional Certifier' },
  ledger: {
    chainId: 31337,
    genesis: `0x${'11'.repeat(32)}`,
    address: `0x${'5f'.repeat(20)}`,
    codeHash: `0x${'22'.repeat(32)}`,
  },
  status: { list: 3n, index: 9 },
  statusListCredential: 'https://certifier.example/status/3',
  validFrom: '2026-11-03T08:00:00Z',
} as const;
const ASSESSMENT = {
  name: 'Recycled plastic',
  criteria: ['recycledContent'],
  date: '2026-11-02',
  products: [{ id: 'https://dpp.example/01/09521234000013', name: 'Laptop 14' }],
  figures: [
    { metric: 'recycledContent.percent', value: 52 },
    { metric: 'repair.euClass', score: 'B' },
    { metric: { id: 'https://certifier.example/metrics/1', name: 'Intensity' }, value: 1.5, unit: 'KGM' },
  ],
  of: 'plastic',
  conforms: true,
};
const INPUT = {
  id: 'https://certifier.example/attestations/1',
  name: 'Certificate 1',
  assessorLevel: '3rdParty',
  assessmentLevel: 'scheme-cab',
  attestationType: 'certification',
  issuedTo: { id: 'did:web:maker.example', name: 'Fictional Maker Ltd' },
  scheme: { id: 'https://certifier.example/schemes/1', name: 'Scheme 1' },
  validUntil: '2029-11-02',
  assessments: [ASSESSMENT],
};
const build = (change: object = {}, options = OPTIONS) =>
  buildAttestation(parseAttestationInput({ ...INPUT, ...change }), options);

test('what is built is read back', () => {
  expect(parseAttestation(build())).toEqual({
    id: INPUT.id,
    name: INPUT.name,
    assessorLevel: '3rdParty',
    assessmentLevel: 'scheme-cab',
    attestationType: 'certification',
    issuedToParty: INPUT.issuedTo,
    referenceScheme: INPUT.scheme,
    assessments: [
      {
        name: 'Recycled plastic',
        criteria: [
          { id: 'https://dpp-ledger.example/ns/criterion/recycledContent', name: 'Recycled content (EN 45557)' },
        ],
        date: '2026-11-02',
        products: [{ id: MODEL, name: 'Laptop 14' }],
        facilities: [],
        performances: [
          {
            metric: {
              id: 'https://dpp-ledger.example/ns/recycledContent/percent',
              name: 'Recycled or renewable share',
            },
            measure: { value: 52, unit: 'P1' },
          },
          {
            metric: {
              id: 'https://dpp-ledger.example/ns/repair/euClass',
              name: 'Repairability class (EU 2023/1669)',
            },
            score: { code: 'B' },
          },
          {
            metric: { id: 'https://certifier.example/metrics/1', name: 'Intensity' },
            measure: { value: 1.5, unit: 'KGM' },
          },
        ],
        conforms: true,
        scope: { of: 'plastic' },
      },
    ],
  });
});

test('it holds until the end of its last day, and from when it is signed or from the day that is named', () => {
  expect(build()).toMatchObject({ validFrom: '2026-11-03T08:00:00Z', validUntil: '2029-11-02T23:59:59Z' });
  expect(build({ validFrom: '2026-12-01', validUntil: undefined }).validFrom).toBe('2026-12-01T00:00:00Z');
  expect(build({ validUntil: undefined }).validUntil).toBe(undefined);
});

test('the same input makes the same name, whatever its place and time; another makes another', () => {
  const later = { ...OPTIONS, status: { list: 3n, index: 10 }, validFrom: '2027-01-01T00:00:00Z' } as const;
  expect(build({}, later as never).id).toBe(build().id);
  expect(build({ name: 'Certificate 2' }).id).not.toBe(build().id);
});

test.each<[string, object, RegExp]>([
  ['a name under somebody else’s host', { id: 'https://other.example/attestations/1' }, /^id: .* is not under/],
  ['an end before its beginning', { validUntil: '2026-11-02' }, /^validUntil: 2026-11-02 is before/],
  ['no assessments', { assessments: [] }, /assessments/],
  ['a field that it does not have', { colour: 'red' }, /colour/],
  ['neither products nor facilities', { assessments: [{ ...ASSESSMENT, products: undefined }] }, /products or facil/],
  [
    'a figure that no passport has',
    { assessments: [{ ...ASSESSMENT, figures: [{ metric: 'a.b', value: 1 }] }] },
    /figures/,
  ],
  [
    'a foreign figure without unit',
    { assessments: [{ ...ASSESSMENT, figures: [{ metric: { id: 'urn:x:1', name: 'x' }, value: 1 }] }] },
    /the unit is missing/,
  ],
  [
    'a number where the figure is a class',
    { assessments: [{ ...ASSESSMENT, figures: [{ metric: 'repair.euClass', value: 2 }] }] },
    /this figure is a score/,
  ],
  [
    'a class where the figure is a number',
    { assessments: [{ ...ASSESSMENT, figures: [{ metric: 'carbon.totalKgCO2e', score: 'B' }] }] },
    /this figure is a number/,
  ],
  [
    'a value and a score at once',
    { assessments: [{ ...ASSESSMENT, figures: [{ metric: 'repair.euClass', score: 'B', value: 1 }] }] },
    /either a value or a score/,
  ],
  ['a day that does not exist', { assessments: [{ ...ASSESSMENT, date: '2026-02-30' }] }, /date/],
])('an input with %s is refused', (_, change, message) => {
  expect(() => build(change)).toThrow(
    expect.objectContaining({ code: 'input.shape', message: expect.stringMatching(message) }),
  );
});

test('another kind of credential is no attestation, and assesses nothing', () => {
  expect(() => parseAttestation(CREDENTIAL)).toThrow(expect.objectContaining({ code: 'credential.shape' }));
  expect(attestedSubjects(CREDENTIAL)).toEqual([]);
});

test('the subjects that it assesses are named once, as they are looked for', () => {
  const facilities = [{ id: 'urn:facility:1', name: 'F' }];
  const twice = build({ assessments: [ASSESSMENT, { ...ASSESSMENT, facilities }] });
  expect(attestedSubjects(twice)).toEqual([MODEL, 'urn:facility:1']);
});
