import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  CONTEXT_DOCUMENT,
  CONTEXT_URL,
  parseCredential,
  parseDid,
  parseStatusPointer,
  UNTP_CONTEXT,
  VCDM_CONTEXT,
} from '../../src/credential/index.ts';
import {
  buildPassport,
  formatMetric,
  inputSubject,
  type PassportInput,
  type PassportOptions,
  UNDISCLOSED_FACILITY,
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
  status: { list: 2n ** 63n, index: 417 },
  statusListCredential: 'https://dpp.example/status/1',
  validFrom: '2026-11-01T08:00:00Z',
  voice: 'declared',
};

const bare: PassportInput = {
  granularity: 'model',
  gtin: '09521234000013',
  name: 'Laptop 14',
  category: 'laptop',
  manufacturer: { name: 'Fictional Maker Ltd' },
};
const source = { url: 'https://maker.example/reports/pcf.pdf' };

/** As it is signed: through JSON, which has no `undefined`. */
function build(more: Partial<PassportInput> = {}, changed: Partial<PassportOptions> = {}) {
  return JSON.parse(JSON.stringify(buildPassport({ ...bare, ...more }, { ...options, ...changed })));
}

const claims = z.array(z.looseObject({ id: z.string() }));
function findClaim(passport: ReturnType<typeof build>, name: string) {
  return claims.parse(passport.credentialSubject.performanceClaim).find(({ id }) => id.endsWith(`#${name}`));
}

describe('a passport', () => {
  test('is a credential under the three contexts, with our place of status', () => {
    const passport = build();
    expect(passport['@context']).toEqual([VCDM_CONTEXT, UNTP_CONTEXT, CONTEXT_URL]);
    expect(passport.type).toEqual(['DigitalProductPassport', 'VerifiableCredential']);
    expect(parseStatusPointer(parseCredential(passport))).toEqual({
      ledger: `eip155:31337:0x${'ab'.repeat(20)}`,
      list: 2n ** 63n,
      index: 417,
    });
  });

  test('of a model, a production batch or an item is about the label form of that level', () => {
    const gtin = { gtin: '09521234000013' };
    expect(inputSubject({ ...bare, ...gtin })).toBe('https://id.gs1.org/01/09521234000013');
    expect(inputSubject({ ...bare, ...gtin, granularity: 'batch', productionBatch: 'B/1' })).toBe(
      'https://id.gs1.org/01/09521234000013/10/B%2F1',
    );
    expect(inputSubject({ ...bare, ...gtin, granularity: 'item', serial: 'S1', productionBatch: 'B1' })).toBe(
      'https://id.gs1.org/01/09521234000013/21/S1',
    );
  });

  test('without a GTIN is about its own id, in the scheme of the issuer', () => {
    const { gtin: _, ...rest } = bare;
    const passport = buildPassport({ ...rest, id: 'https://maker.example/m/l14' }, options);
    expect(passport.credentialSubject).toMatchObject({
      id: 'https://maker.example/m/l14',
      idScheme: { id: 'did:web:maker.example' },
    });
  });

  test.each(['https://other.example/m/l14', 'https://maker.example.evil.example/m/l14'])(
    'is not about %s, which is not under the host of its issuer',
    (id) => {
      const { gtin: _, ...rest } = bare;
      expect(() => buildPassport({ ...rest, id }, options)).toThrow(
        expect.objectContaining({ code: 'passport.input' }),
      );
    },
  );

  test('has the same id whenever it is issued again, and another one for another issuer, subject or figure', () => {
    const { id } = build();
    expect(id).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(build({}, { validFrom: '2027-01-01T00:00:00Z', status: { list: 1n, index: 2 } }).id).toBe(id);
    const others = [
      build({}, { issuer: { ...options.issuer, id: parseDid('did:web:other.example') } }),
      build({ granularity: 'item', serial: 'S1' }),
      build({ massKg: 1.4 }),
    ];
    expect(new Set([id, ...others.map((other) => other.id)]).size).toBe(4);
  });

  test('has the same id whatever the order in which its input was written', () => {
    const { name, ...rest } = bare;
    expect(buildPassport({ ...rest, name }, options).id).toBe(build().id);
  });

  test('names the maker whose figures a data publisher restates, and says that it restates', () => {
    const passport = build(
      { manufacturer: { name: 'Maker', id: 'https://maker.example/', lei: 'DEMO00FICTIONAL00038' } },
      { issuer: { id: parseDid('did:web:publisher.example'), name: 'Publisher' }, voice: 'restated' },
    );
    expect(passport.statementVoice).toBe('restated');
    expect(passport.credentialSubject.relatedParty).toEqual([
      {
        role: 'manufacturer',
        party: expect.objectContaining({
          type: ['Party'],
          id: 'https://maker.example/',
          name: 'Maker',
          registeredId: 'DEMO00FICTIONAL00038',
        }),
      },
    ]);
  });
});

describe('what nobody published', () => {
  test('is one of two named values where UNTP requires one, and absent elsewhere', () => {
    const { credentialSubject } = build();
    expect(credentialSubject.producedAtFacility.id).toBe(UNDISCLOSED_FACILITY);
    expect(credentialSubject.countryOfProduction.countryCode).toBe('ZZ');
    expect(Object.keys(credentialSubject)).toEqual(
      expect.not.arrayContaining(['dimensions', 'materialProvenance', 'performanceClaim', 'characteristics']),
    );
  });

  test('is never a number', () => {
    const numbers: unknown[] = [];
    const collect = (value: unknown): void => {
      if (typeof value === 'number') numbers.push(value);
      else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect);
    };
    collect(build().credentialSubject);
    expect(numbers).toEqual([]);
  });

  test('is not taken for a published zero', () => {
    const passport = build({ carbon: { totalKgCO2e: 300, stages: { use: 0 }, source } });
    expect(findClaim(passport, 'carbon')?.claimedPerformance).toEqual([
      expect.objectContaining({ measure: { value: 300, unit: 'KGM' } }),
      expect.objectContaining({ measure: { value: 0, unit: 'KGM' } }),
    ]);
  });
});

describe('a carbon footprint', () => {
  const carbon = {
    totalKgCO2e: 301,
    uncertaintyKgCO2e: 59,
    stages: { manufacturing: 242.6, distribution: 12, use: 45, endOfLife: 1.4 },
    reportDate: '2024-02',
    source: { ...source, title: 'Report', published: '2024-03-05' },
  };

  test('has one performance a stage, each with a metric of its own, and its uncertainty as tolerances', () => {
    const performances = z
      .array(z.object({ metric: z.looseObject({ id: z.string() }), measure: z.looseObject({}) }))
      .parse(findClaim(build({ carbon }), 'carbon')?.claimedPerformance);
    expect(performances.map(({ metric, measure }) => [metric.id, measure])).toEqual([
      [formatMetric('carbon', 'totalKgCO2e'), { value: 301, unit: 'KGM', upperTolerance: 59, lowerTolerance: 59 }],
      [formatMetric('carbon', 'stages.manufacturing'), { value: 242.6, unit: 'KGM' }],
      [formatMetric('carbon', 'stages.distribution'), { value: 12, unit: 'KGM' }],
      [formatMetric('carbon', 'stages.use'), { value: 45, unit: 'KGM' }],
      [formatMetric('carbon', 'stages.endOfLife'), { value: 1.4, unit: 'KGM' }],
    ]);
  });

  test.each([
    ['2024-02', '2024-02-01', { startDate: '2024-02-01', endDate: '2024-02-29' }],
    ['2023-02', '2023-02-01', { startDate: '2023-02-01', endDate: '2023-02-28' }],
    ['2023', '2023-01-01', { startDate: '2023-01-01', endDate: '2023-12-31' }],
    ['2023-05-06', '2023-05-06', undefined],
  ])('of %s is claimed on its first day, with the month or year as its period', (reportDate, claimDate, period) => {
    const claim = findClaim(build({ carbon: { ...carbon, reportDate } }), 'carbon');
    expect(claim).toMatchObject({ claimDate, reportDate });
    expect(claim?.applicablePeriod).toEqual(period);
  });

  test('without a date is claimed when its source was published, else when the passport begins', () => {
    const { reportDate: _, ...undated } = carbon;
    expect(findClaim(build({ carbon: undated }), 'carbon')?.claimDate).toBe('2024-03-05');
    expect(findClaim(build({ carbon: { ...undated, source } }), 'carbon')?.claimDate).toBe('2026-11-01');
  });

  test('names its source', () => {
    expect(findClaim(build({ carbon }), 'carbon')?.figureSource).toEqual({
      sourceUrl: source.url,
      sourceTitle: 'Report',
      sourcePublished: '2024-03-05',
    });
  });
});

describe('a material', () => {
  const cobalt = { name: 'Cobalt', cas: '7440-48-4', country: 'CD', recycledPercent: 90, source };

  test('with a share and an origin is a UNTP Material', () => {
    const { credentialSubject } = build({ materials: [{ ...cobalt, massPercent: 0.85, preConsumerPercent: 20 }] });
    expect(credentialSubject.materialProvenance).toEqual([
      {
        name: 'Cobalt',
        originCountry: { countryCode: 'CD' },
        materialType: expect.objectContaining({ code: '7440-48-4' }),
        massFraction: 0.0085,
        recycledMassFraction: 0.9,
        preConsumerRecycledMassFraction: 0.2,
        figureSource: { sourceUrl: source.url },
      },
    ]);
  });

  test('whose share follows from the masses says so', () => {
    const { credentialSubject } = build({ massKg: 1.5, materials: [{ ...cobalt, massG: 12 }] });
    expect(credentialSubject.materialProvenance).toEqual([
      expect.objectContaining({ massFraction: 0.008, massFractionFrom: 'mass', mass: { value: 12, unit: 'GRM' } }),
    ]);
  });

  test.each([
    ['origin', { massKg: 1.5, materials: [{ name: 'Cobalt', massG: 12 }] }],
    ['share', { materials: [{ ...cobalt, massG: 12 }] }],
    ['share, its product having no mass', { massKg: 0, materials: [{ ...cobalt, massG: 12 }] }],
    ['share, being heavier than its product', { massKg: 0.01, materials: [{ ...cobalt, massG: 12 }] }],
  ])('without %s is a claim', (_, more) => {
    const passport = build(more);
    expect(passport.credentialSubject.materialProvenance).toBeUndefined();
    expect(findClaim(passport, 'materials-1')).toMatchObject({
      name: 'Material: Cobalt',
      contentOf: 'Cobalt',
      claimedPerformance: expect.arrayContaining([expect.objectContaining({ measure: { value: 12, unit: 'GRM' } })]),
    });
  });
});

// ------------------------------------------------------------------------------------------------------- every passport

/** Terms of the W3C and UNTP 0.7.0 contexts that a passport of ours writes. */
const THEIR_TERMS = new Set(
  (
    'id type name description issuer validFrom credentialStatus credentialSubject statusPurpose statusListIndex ' +
    'statusListCredential idScheme modelNumber batchNumber itemNumber idGranularity productCategory code schemeId schemeName ' +
    'relatedParty role party registeredId organisationWebsite producedAtFacility countryOfOperation productionDate ' +
    'countryOfProduction countryCode countryName dimensions weight height width length value unit upperTolerance lowerTolerance ' +
    'packaging materialUsed materialProvenance originCountry materialType massFraction mass recycledMassFraction hazardous ' +
    'performanceClaim referenceCriteria claimDate applicablePeriod startDate endDate claimedPerformance metric measure score ' +
    'conformityTopic characteristics referenceStandard referenceRegulation evidence linkURL linkName digestMultibase'
  ).split(' '),
);
/** Which object needs which type, by the member that holds it: JSON-LD reads their terms by it. */
const TYPES: Readonly<Record<string, string>> = {
  issuer: 'CredentialIssuer',
  credentialSubject: 'Product',
  idScheme: 'IdentifierScheme',
  party: 'Party',
  producedAtFacility: 'Facility',
  performanceClaim: 'Claim',
  referenceCriteria: 'Criterion',
  conformityTopic: 'ConformityTopic',
  referenceStandard: 'Standard',
  referenceRegulation: 'Regulation',
  metric: 'PerformanceMetric',
};

function visit(value: unknown, seen: (object: object, holder: string) => void, holder = ''): void {
  if (Array.isArray(value)) for (const item of value) visit(item, seen, holder);
  else if (typeof value === 'object' && value !== null) {
    seen(value, holder);
    for (const [key, member] of Object.entries(value)) visit(member, seen, key);
  }
}

describe('every passport', () => {
  test('writes only terms that a context defines, none undefined, and the types by which they are read', () => {
    const ours = new Set(Object.keys(CONTEXT_DOCUMENT['@context']));
    fc.assert(
      fc.property(anyInput, (input) => {
        const { '@context': _, ...passport } = buildPassport(input, options);
        visit(passport, (object, holder) => {
          for (const [key, member] of Object.entries(object)) {
            expect(ours.has(key) !== THEIR_TERMS.has(key), key).toBe(true);
            expect(member, key).toBeDefined();
          }
          const type = TYPES[holder];
          if (type !== undefined) expect(object).toMatchObject({ type: [type] });
        });
      }),
    );
  });

  test('measures in units of UN/CEFACT Recommendation 20', () => {
    const units = new Set(['KGM', 'GRM', 'MMT', 'KWH', 'WTT', '3B', 'MTQ', 'C34', 'ANN', 'MON', 'HUR', 'P1', 'C62']);
    fc.assert(
      fc.property(anyInput, (input) => {
        visit(buildPassport(input, options), (object) => {
          if ('unit' in object) expect(units).toContain(object.unit);
        });
      }),
    );
  });

  test('has claims whose ids are distinct and begin with its own', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const { id, credentialSubject } = buildPassport(input, options);
        const ids = claims
          .parse(Array.isArray(credentialSubject) ? [] : (credentialSubject.performanceClaim ?? []))
          .map((claim) => claim.id);
        expect(new Set(ids).size).toBe(ids.length);
        for (const claim of ids) expect(claim.startsWith(`${id}#`)).toBe(true);
      }),
    );
  });
});
