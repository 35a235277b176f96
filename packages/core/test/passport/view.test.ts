import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Credential, parseCredential, parseDid } from '../../src/credential/index.ts';
import {
  buildPassport,
  type PassportInput,
  type PassportOptions,
  type PassportView,
  readPassport,
} from '../../src/passport/index.ts';
import { anyInput } from './arbitraries.ts';

const options: PassportOptions = {
  issuer: { id: parseDid('did:web:maker.example'), name: 'Fictional Maker Ltd' },
  ledger: {
    chainId: 31337,
    genesis: `0x${'11'.repeat(32)}`,
    address: `0x${'ab'.repeat(20)}`,
    codeHash: `0x${'22'.repeat(32)}`,
  },
  status: { list: 1n, index: 0 },
  statusListCredential: 'https://dpp.example/status/1',
  validFrom: '2026-11-01T08:00:00Z',
  voice: 'restated',
};

/** What of a view comes from the input. */
function inputOf(view: PassportView): Partial<PassportInput> {
  const { subject, issuer, voice, validFrom, validUntil, id: _, categoryName, otherClaims, ...fields } = view;
  const given = Object.entries(fields).filter(([, value]) =>
    Array.isArray(value) ? value.length > 0 : value !== undefined,
  );
  return { ...Object.fromEntries(given), ...(fields.gtin === undefined ? { id: subject } : {}) };
}

/** A passport of somebody else: what UNTP asks for, and what the test adds. */
function foreign(product: object, root: object = {}): Credential {
  return parseCredential({
    '@context': ['https://www.w3.org/ns/credentials/v2', 'https://vocabulary.uncefact.org/untp/0.7.0/context/'],
    type: ['DigitalProductPassport', 'VerifiableCredential'],
    id: 'https://mine.example/dpp/1',
    issuer: { type: ['CredentialIssuer'], id: 'did:web:mine.example', name: 'Mine' },
    validFrom: '2025-03-01T00:00:00Z',
    name: 'Passport: copper concentrate',
    ...root,
    credentialSubject: { type: ['Product'], id: 'https://mine.example/product/1', ...product },
  });
}

describe('reading', () => {
  test('gives back what was put in, every group of it', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const passport = parseCredential(JSON.parse(JSON.stringify(buildPassport(input, options))));
        expect(inputOf(readPassport(passport))).toEqual(input);
      }),
      { numRuns: 300 },
    );
  });

  test('adds what only the credential knows', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const passport = buildPassport(input, options);
        expect(readPassport(passport)).toMatchObject({
          id: passport.id,
          issuer: options.issuer,
          voice: 'restated',
          validFrom: options.validFrom,
          otherClaims: [],
        });
      }),
    );
  });

  test('of what is no list, no object and no text does not fail', () => {
    const names = Object.keys(readPassport(foreign({})));
    const members = [
      ...['name', 'idScheme', 'idGranularity', 'productCategory', 'relatedParty', 'producedAtFacility', 'dimensions'],
      ...['countryOfProduction', 'packaging', 'materialProvenance', 'performanceClaim', 'characteristics'],
    ];
    const junk = fc.jsonValue({ maxDepth: 4 });
    const record = fc.dictionary(
      fc.constantFrom('id', 'name', 'type', 'metric', 'measure', 'value', 'unit', 'score', 'claimedPerformance'),
      junk,
    );
    const anything = fc.oneof(junk, record, fc.array(record));
    fc.assert(
      fc.property(fc.record(Object.fromEntries(members.map((name) => [name, anything]))), ({ name, ...product }) => {
        const view = readPassport(foreign({ ...product, ...(typeof name === 'string' ? { name } : {}) }));
        expect(Object.keys(view)).toEqual(expect.arrayContaining(names));
      }),
    );
  });
});

describe("somebody else's passport", () => {
  test('without anything but its subject has nothing but that, and the name of the credential', () => {
    const view = readPassport(foreign({}));
    expect(view).toMatchObject({
      subject: 'https://mine.example/product/1',
      name: 'Passport: copper concentrate',
      materials: [],
      otherClaims: [],
    });
    expect(view.voice).toBeUndefined();
    expect(view.manufacturer).toBeUndefined();
    expect(view.category).toBeUndefined();
    expect(view.carbon).toBeUndefined();
  });

  test('is read where UNTP has a place of its own, in our units', () => {
    const view = readPassport(
      foreign({
        name: 'Copper concentrate',
        idGranularity: 'batch',
        batchNumber: 'Q1',
        countryOfProduction: { countryCode: 'ZM' },
        dimensions: { weight: { value: 2.5, unit: 'TNE' }, height: { value: 4, unit: 'CMT' } },
        productCategory: [
          { code: '14110', name: 'Copper ores', schemeId: 'https://un.example/cpc', schemeName: 'CPC' },
        ],
        materialProvenance: [
          {
            name: 'Copper ore',
            originCountry: { countryCode: 'ZM' },
            materialType: { code: '14110', name: 'Copper ores', schemeId: 'https://un.example/cpc', schemeName: 'CPC' },
            massFraction: 0.3,
            mass: { value: 300, unit: 'KGM' },
            recycledMassFraction: 0,
          },
        ],
      }),
    );
    expect(view).toMatchObject({
      name: 'Copper concentrate',
      granularity: 'batch',
      productionBatch: 'Q1',
      categoryName: 'Copper ores',
      countryOfProduction: 'ZM',
      massKg: 2500,
      heightMm: 40,
      materials: [{ name: 'Copper ore', massPercent: 30, massG: 300_000, country: 'ZM', recycledPercent: 0 }],
    });
  });

  test('keeps claims in its own vocabulary as they are, and takes none of them for ours', () => {
    const performance = {
      metric: { id: 'https://vocabulary.uncefact.org/performance-metric/product-carbon-footprint', name: 'PCF' },
      measure: { value: 2.1, unit: 'KGM' },
    };
    const view = readPassport(
      foreign({
        performanceClaim: [
          {
            name: 'Footprint per tonne',
            claimDate: '2025-03-01',
            referenceCriteria: [{ id: 'https://scheme.example/ghg', name: 'GHG' }],
            claimedPerformance: [performance, { metric: { name: 'Grade' }, score: { code: 'A' } }],
          },
        ],
      }),
    );
    expect(view.carbon).toBeUndefined();
    expect(view.otherClaims).toEqual([
      {
        name: 'Footprint per tonne',
        date: '2025-03-01',
        criteria: ['GHG'],
        figures: [
          { name: 'PCF', value: 2.1, unit: 'KGM' },
          { name: 'Grade', value: 'A', unit: undefined },
        ],
        source: undefined,
      },
    ]);
  });

  test.each([
    ['a region for a country', { countryOfProduction: { countryCode: 'EU' } }, 'countryOfProduction'],
    ['the unknown country', { countryOfProduction: { countryCode: 'ZZ' } }, 'countryOfProduction'],
    ['a mass in pieces', { dimensions: { weight: { value: 1, unit: 'C62' } } }, 'massKg'],
    ['a negative mass', { dimensions: { weight: { value: -1, unit: 'KGM' } } }, 'massKg'],
    ['a mass in words', { dimensions: { weight: { value: '1.4', unit: 'KGM' } } }, 'massKg'],
    ['a month that does not exist', { productionDate: '2026-13-01' }, 'productionDate'],
  ] as const)('with %s has none', (_, product, field) => {
    expect(readPassport(foreign(product))[field]).toBeUndefined();
  });

  test('with lists of thousands, half of them broken, is read in one walk', () => {
    const materials = Array.from({ length: 5000 }, (_, i) => ({ name: i % 2 === 0 ? `Material ${i}` : i }));
    const begin = performance.now();
    expect(readPassport(foreign({ materialProvenance: materials })).materials).toHaveLength(2500);
    expect(performance.now() - begin).toBeLessThan(1000);
  });

  test('cannot bring a link that is not of the web to a page', () => {
    const input: PassportInput = {
      granularity: 'model',
      id: 'https://maker.example/m',
      name: 'M',
      category: 'laptop',
      manufacturer: { name: 'Maker' },
      repair: { euClass: 'A', manualUrl: 'https://maker.example/manual', source: { url: 'https://maker.example/r' } },
    };
    const text = JSON.stringify(buildPassport(input, options));
    const evil = text.replaceAll('https://maker.example/manual', 'javascript:alert(1)');
    expect(readPassport(parseCredential(JSON.parse(evil))).repair).toEqual({
      euClass: 'A',
      source: { url: 'https://maker.example/r' },
    });
    const evilSource = text.replaceAll('https://maker.example/r', 'javascript:alert(1)');
    expect(readPassport(parseCredential(JSON.parse(evilSource))).repair?.source).toBeUndefined();
  });
});
