/** Which claims of a passport are attested: real credentials of real issuers, each verified by itself. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { CONTEXT_URL, parseCredential, UNTP_CONTEXT, VCDM_CONTEXT } from '../../src/credential/index.ts';
import { judgeClaims, type VerifiedAttestation } from '../../src/passport/index.ts';
import type { PaperLedger } from '../journal/paper-ledger.ts';
import { createPaperLedger, createParty, type Party, type Said } from './parties.ts';

const MODEL = 'https://id.gs1.org/01/09521234000013';
const ITEM = `${MODEL}/21/A7K2`;
const PLANT = 'https://maker.example/facilities/north';
const SOURCE = { url: 'https://maker.example/report.pdf' };
const PASSPORT = {
  granularity: 'item',
  gtin: '09521234000013',
  serial: 'A7K2',
  productionBatch: 'M26-31',
  name: 'Laptop 14',
  category: 'laptop',
  manufacturer: { name: 'Fictional Maker Ltd' },
  facility: { id: PLANT, name: 'North assembly', country: 'GB' },
  massKg: 1.4,
  carbon: { totalKgCO2e: 231, uncertaintyKgCO2e: 6, stages: { use: 40.1 }, source: SOURCE },
  repair: { euClass: 'B', sparePartsYears: 8, source: SOURCE },
  recycledContent: [
    { of: 'plastic', percent: 52, kind: 'postConsumer', atLeast: true, source: SOURCE },
    { of: 'aluminium', percent: 75, kind: 'preConsumer', source: SOURCE },
  ],
  materials: [{ name: 'Cobalt', massG: 12, country: 'CD', postConsumerPercent: 70 }],
};

const ATTESTATION = {
  id: 'https://certifier.example/attestations/1',
  name: 'Certificate 1',
  assessorLevel: '3rdParty',
  assessmentLevel: 'scheme-cab',
  attestationType: 'certification',
  issuedTo: { id: 'did:web:maker.example', name: 'Fictional Maker Ltd' },
  scheme: { id: 'https://certifier.example/schemes/1', name: 'Scheme 1' },
  validUntil: '2027-06-01',
};
const CARBON = {
  name: 'Carbon footprint',
  criteria: ['carbon'],
  date: '2025-05-20',
  products: [{ id: MODEL, name: 'Laptop 14' }],
  figures: [{ metric: 'carbon.totalKgCO2e', value: 231 }],
  conforms: true,
};
const PLASTIC = {
  ...CARBON,
  name: 'Recycled plastic',
  criteria: ['recycledContent'],
  figures: [{ metric: 'recycledContent.percent', value: 52 }],
  of: 'plastic',
};
/** Over and out long before the certificates' end. */
const LATER = Date.parse('2028-01-01T00:00:00Z') / 1000;

let ledger: PaperLedger;
let maker: Party;
let certifier: Party;
let passport: Said;

beforeAll(async () => {
  ledger = createPaperLedger();
  maker = await createParty(ledger, 'maker', ['manufacturer', 'certifier'], 'gs1:9521234');
  certifier = await createParty(ledger, 'certifier', ['certifier'], 'https://certifier.example/');
  passport = await maker.passport(PASSPORT);
});

const attest = (assessment: object, change: object = {}) =>
  certifier.attest({ ...ATTESTATION, ...change, assessments: [assessment] });

async function judge(attestations: readonly VerifiedAttestation[], of = passport, now?: number) {
  const { credential, report } = await of.verify(now === undefined ? {} : { now });
  if (credential === undefined) throw new TypeError('a passport that was built can be read');
  const { claims, attestations: found } = judgeClaims(credential, report, attestations);
  return {
    claims,
    standings: Object.fromEntries(claims.map(({ name, standing }) => [name, standing])),
    of: (name: string) => claims.find((claim) => claim.name === name),
    codes: claims.flatMap(({ bearings }) => bearings.map(({ code }) => code)),
    attestations: found,
  };
}

const DECLARED = {
  'Carbon footprint': 'selfDeclared',
  Repair: 'selfDeclared',
  'Recycled content: plastic': 'selfDeclared',
  'Recycled content: aluminium': 'selfDeclared',
  Cobalt: 'selfDeclared',
  'North assembly': 'selfDeclared',
};

test('without attestations each claim stands as its issuer’s own', async () => {
  expect((await judge([])).standings).toEqual(DECLARED);
});

test('what a data publisher says is restated', async () => {
  const publisher = await createParty(ledger, 'publisher', ['dataPublisher'], 'https://publisher.example/');
  const { gtin: _, ...input } = PASSPORT;
  const restated = await publisher.passport({ ...input, id: 'https://publisher.example/m/1' });
  const { claims } = await judge([], restated);
  expect(new Set(claims.map(({ standing }) => standing))).toEqual(new Set(['restated']));
});

test('of a passport whose anchor is not known to be valid, nobody is known to have claimed anything', async () => {
  const { credential, report } = await passport.verify({ facts: false });
  const attested = await (await attest(CARBON)).verify();
  if (credential === undefined) throw new TypeError('a passport that was built can be read');
  const { claims } = judgeClaims(credential, report, [attested]);
  expect(new Set(claims.map(({ standing }) => standing))).toEqual(new Set(['unknown']));
});

describe('an assessment', () => {
  const carbon = (standing: string) => ({ ...DECLARED, 'Carbon footprint': standing });
  test.each<[string, object, object, string[]]>([
    ['of the model attests the item’s claim', CARBON, carbon('attested'), ['claim.attested']],
    [
      'of the item attests it',
      { ...CARBON, products: [{ id: ITEM, name: 'Laptop 14' }] },
      carbon('attested'),
      ['claim.attested'],
    ],
    [
      'under a label’s own host attests it',
      { ...CARBON, products: [{ id: 'https://dpp.example/01/09521234000013/21/A7K2', name: 'L' }] },
      carbon('attested'),
      ['claim.attested'],
    ],
    ['of another item says nothing', { ...CARBON, products: [{ id: `${MODEL}/21/OTHER`, name: 'L' }] }, DECLARED, []],
    [
      'of another model says nothing',
      { ...CARBON, products: [{ id: 'https://id.gs1.org/01/09521234000020', name: 'L' }] },
      DECLARED,
      [],
    ],
    ['by a criterion that no claim names says nothing', { ...CARBON, criteria: ['energy'] }, DECLARED, []],
    [
      'that found it not to conform contradicts',
      { ...CARBON, figures: [], conforms: false },
      carbon('contradicted'),
      ['claim.not-conforming'],
    ],
    [
      'that found another value contradicts',
      { ...CARBON, figures: [{ metric: 'carbon.totalKgCO2e', value: 262 }] },
      carbon('contradicted'),
      ['claim.other-value'],
    ],
    [
      'within the uncertainty that the claim states attests it',
      { ...CARBON, figures: [{ metric: 'carbon.totalKgCO2e', value: 236.9 }] },
      carbon('attested'),
      ['claim.attested-within'],
    ],
    [
      'a little outside of that uncertainty contradicts',
      { ...CARBON, figures: [{ metric: 'carbon.totalKgCO2e', value: 237.1 }] },
      carbon('contradicted'),
      ['claim.other-value'],
    ],
    [
      'in another unit of mass is converted',
      { ...CARBON, figures: [{ metric: metric('carbon/totalKgCO2e'), value: 0.231, unit: 'TNE' }] },
      carbon('attested'),
      ['claim.attested'],
    ],
    [
      'of the same number in tonnes contradicts',
      { ...CARBON, figures: [{ metric: metric('carbon/totalKgCO2e'), value: 231, unit: 'TNE' }] },
      carbon('contradicted'),
      ['claim.other-value'],
    ],
    [
      'in a unit of something else is neither',
      { ...CARBON, figures: [{ metric: metric('carbon/totalKgCO2e'), value: 231, unit: 'KWH' }] },
      DECLARED,
      ['claim.other-unit'],
    ],
    [
      'of a figure that is not claimed attests the criterion alone',
      { ...CARBON, figures: [{ metric: metric('carbon/lifetimeYears'), value: 4, unit: 'ANN' }] },
      carbon('attested'),
      ['claim.attested'],
    ],
    [
      'of one right figure and one wrong contradicts',
      { ...CARBON, figures: [...CARBON.figures, { metric: 'carbon.stages.use', value: 90 }] },
      carbon('contradicted'),
      ['claim.other-value'],
    ],
    [
      'of a class attests the same class',
      { ...CARBON, criteria: ['repair'], figures: [{ metric: 'repair.euClass', score: 'B' }] },
      { ...DECLARED, Repair: 'attested' },
      ['claim.attested'],
    ],
    [
      'of another class contradicts',
      { ...CARBON, criteria: ['repair'], figures: [{ metric: 'repair.euClass', score: 'C' }] },
      { ...DECLARED, Repair: 'contradicted' },
      ['claim.other-value'],
    ],
    [
      'of one of several claims under its criterion is about that one',
      PLASTIC,
      { ...DECLARED, 'Recycled content: plastic': 'attested' },
      ['claim.attested'],
    ],
    [
      'of more than "at least" attests it',
      { ...PLASTIC, figures: [{ metric: 'recycledContent.percent', value: 60 }] },
      { ...DECLARED, 'Recycled content: plastic': 'attested' },
      ['claim.attested-within'],
    ],
    [
      'of less than "at least" contradicts',
      { ...PLASTIC, figures: [{ metric: 'recycledContent.percent', value: 51 }] },
      { ...DECLARED, 'Recycled content: plastic': 'contradicted' },
      ['claim.other-value'],
    ],
    [
      'of more than was claimed exactly contradicts',
      { ...PLASTIC, of: 'Aluminium', figures: [{ metric: 'recycledContent.percent', value: 80 }] },
      { ...DECLARED, 'Recycled content: aluminium': 'contradicted' },
      ['claim.other-value'],
    ],
    [
      'that does not say which of several claims it means says nothing',
      { ...PLASTIC, of: undefined },
      DECLARED,
      ['claim.not-told-apart', 'claim.not-told-apart'],
    ],
    ['of another material than any claim is of says nothing', { ...PLASTIC, of: 'steel' }, DECLARED, []],
    [
      'of a material attests it by its name',
      {
        ...CARBON,
        criteria: ['materials'],
        of: 'cobalt',
        figures: [
          { metric: metric('materials/massG'), value: 0.012, unit: 'KGM' },
          { metric: 'materials.postConsumerPercent', value: 70 },
        ],
      },
      { ...DECLARED, Cobalt: 'attested' },
      ['claim.attested'],
    ],
    [
      'of a facility attests that facility',
      { ...CARBON, products: undefined, facilities: [{ id: PLANT, name: 'North' }], figures: [] },
      { ...DECLARED, 'North assembly': 'attested' },
      ['claim.attested'],
    ],
    [
      'of a facility that failed contradicts',
      { ...CARBON, products: undefined, facilities: [{ id: PLANT, name: 'North' }], figures: [], conforms: false },
      { ...DECLARED, 'North assembly': 'contradicted' },
      ['claim.not-conforming'],
    ],
    [
      'of another facility says nothing',
      { ...CARBON, products: undefined, facilities: [{ id: `${PLANT}2`, name: 'N' }], figures: [] },
      DECLARED,
      [],
    ],
  ])('%s', async (_, assessment, standings, codes) => {
    const found = await judge([await (await attest(assessment)).verify()]);
    expect(found.standings).toEqual(standings);
    expect(found.codes).toEqual(codes);
    expect(found.attestations).toHaveLength(1);
    if (codes.length > 0) expect(found.attestations[0]?.code).toBe('attestation.in-force');
  });

  test('agrees with a claim that says itself that it does not conform, or contradicts it', async () => {
    const criterion = 'Contains no mercury';
    const open = await maker.passport({ ...PASSPORT, serial: 'B1', conformity: [{ criterion, conforms: false }] });
    const assess = async (conforms: boolean) => {
      const found = { ...CARBON, criteria: ['conformity'], figures: [], statement: criterion, conforms };
      const judged = await judge([await (await attest(found)).verify()], open);
      return [judged.standings[`Conformity: ${criterion}`], judged.codes];
    };
    expect(await assess(false)).toEqual(['attested', ['claim.agreed']]);
    expect(await assess(true)).toEqual(['contradicted', ['claim.conforming']]);
  });

  test('marks the figures that it states, and those that it does not', async () => {
    const found = await judge([await (await attest(CARBON)).verify()]);
    expect(found.of('Carbon footprint')?.figures).toEqual([
      { name: 'Whole life, kg CO2e', value: 231, unit: 'KGM', attested: true },
      { name: 'Use, kg CO2e', value: 40.1, unit: 'KGM', attested: false },
    ]);
  });

  test('says in words what was found and what is claimed', async () => {
    const other = { ...CARBON, figures: [{ metric: 'carbon.totalKgCO2e', value: 262 }] };
    const found = await judge([await (await attest(other)).verify()]);
    expect(found.of('Carbon footprint')?.bearings).toEqual([
      {
        cid: expect.stringMatching(/^bafkrei/),
        issuer: { id: 'did:web:certifier.example', name: 'Fictional certifier' },
        assessment: 'Carbon footprint',
        date: '2025-05-20',
        effect: 'contradicts',
        code: 'claim.other-value',
        message: 'Whole life, kg CO2e: the certifier found 262 kg, 231 kg (+6, -6) is claimed.',
      },
    ]);
  });

  test('of a score and a measure of one metric has to agree in both', async () => {
    const { credential } = await attest({ ...CARBON, criteria: ['repair'], figures: [] });
    const standing = async (assessedPerformance: object[]) => {
      const document = structuredClone(credential) as never as {
        credentialSubject: { conformityAssessment: { assessedPerformance: object[] }[] };
      };
      Object.assign(document.credentialSubject.conformityAssessment[0] ?? {}, { assessedPerformance });
      return (await judge([await (await certifier.say(document)).verify()])).standings.Repair;
    };
    const spares = (value: number) => ({ metric: metric('repair/sparePartsYears'), measure: { value, unit: 'ANN' } });
    expect(await standing([{ ...spares(8), score: { code: 'long' } }])).toBe('attested');
    expect(await standing([{ ...spares(3), score: { code: 'long' } }])).toBe('contradicted');
    // Without a metric nothing says what is scored.
    expect(await standing([{ score: { code: 'C' } }])).toBe('attested');
  });

  test('of a model with an item’s or a production batch’s number beside it is of that one alone', async () => {
    const numbered = async (numbers: object) => {
      const { credential } = await attest(CARBON);
      const document = structuredClone(credential) as never as {
        credentialSubject: { conformityAssessment: { assessedProduct: { product: object }[] }[] };
      };
      const [assessment] = document.credentialSubject.conformityAssessment;
      if (assessment?.assessedProduct[0]) Object.assign(assessment.assessedProduct[0].product, numbers);
      return (await judge([await (await certifier.say(document)).verify()])).standings['Carbon footprint'];
    };
    expect(await numbered({ itemNumber: 'A7K2' })).toBe('attested');
    expect(await numbered({ itemNumber: 'OTHER' })).toBe('selfDeclared');
    expect(await numbered({ batchNumber: 'M26-31' })).toBe('attested');
    expect(await numbered({ batchNumber: 'M26-32' })).toBe('selfDeclared');
  });

  test.each([
    ['production batch', 'another', '/10/M26-31', { batchNumber: 'M26-32' }, { batchNumber: 'M26-31' }],
    ['item', 'another', '/21/A7K2', { itemNumber: 'OTHER' }, { itemNumber: 'A7K2' }],
    ['production batch', 'the whole model', '', { batchNumber: 'M26-32' }, {}],
    ['item', 'a whole production batch', '/10/M26-31', { itemNumber: 'A7K2' }, {}],
  ])('of one %s says nothing of a passport that is named after %s', async (_, _other, path, other, own) => {
    const subject = { ...passport.credential.credentialSubject, id: `${MODEL}${path}`, ...other };
    const named = await maker.say({ ...passport.credential, credentialSubject: subject });
    const standing = async (number: object) => {
      const said = structuredClone((await attest(CARBON)).credential) as never as {
        credentialSubject: { conformityAssessment: { assessedProduct: { product: object }[] }[] };
      };
      Object.assign(said.credentialSubject.conformityAssessment[0]?.assessedProduct[0]?.product ?? {}, number);
      return (await judge([await (await certifier.say(said)).verify()], named)).standings['Carbon footprint'];
    };
    expect(await standing(own)).toBe('attested');
    expect(await standing(other)).toBe('selfDeclared');
  });
});

describe('an attestation', () => {
  async function standing(attestations: readonly VerifiedAttestation[], now?: number) {
    const found = await judge(attestations, passport, now);
    return { standing: found.standings['Carbon footprint'], codes: found.attestations.map(({ code }) => code) };
  }

  test('counts while it is in force', async () => {
    expect(await standing([await (await attest(CARBON)).verify()])).toEqual({
      standing: 'attested',
      codes: ['attestation.in-force'],
    });
  });

  test('over its time leaves the claim expired; one in force beside it attests', async () => {
    const short = await attest(CARBON, { validUntil: '2025-06-10', id: `${ATTESTATION.id}a` });
    const long = await attest(CARBON, { validUntil: '2030-06-10', id: `${ATTESTATION.id}b` });
    expect(await standing([await short.verify()])).toEqual({ standing: 'expired', codes: ['attestation.expired'] });
    expect((await standing([await short.verify(), await long.verify()])).standing).toBe('attested');
    expect(await standing([await long.verify({ now: LATER })], LATER)).toMatchObject({ standing: 'attested' });
  });

  test('over its time, and not known or not valid in anything else, is not even expired', async () => {
    const change = { validUntil: '2025-06-10' };
    const unknown = await (await attest(CARBON, change)).verify({ facts: false });
    expect(await standing([unknown])).toEqual({ standing: 'selfDeclared', codes: ['attestation.indeterminate'] });
    const grocer = await createParty(ledger, 'grocer', ['grower'], 'https://grocer.example/');
    const id = 'https://grocer.example/attestations/1';
    const invalid = await (await grocer.attest({ ...ATTESTATION, ...change, id, assessments: [CARBON] })).verify();
    expect(await standing([invalid])).toEqual({ standing: 'selfDeclared', codes: ['attestation.invalid'] });
  });

  test('over its time contradicts nothing any more', async () => {
    const failed = await attest({ ...CARBON, conforms: false }, { validUntil: '2025-06-10' });
    const found = await judge([await failed.verify()]);
    expect(found.standings).toEqual(DECLARED);
    expect(found.codes).toEqual(['claim.denied-once']);
  });

  test('before its time attests nothing', async () => {
    const early = await attest(CARBON, { validFrom: '2026-01-01' });
    expect(await standing([await early.verify()])).toEqual({
      standing: 'selfDeclared',
      codes: ['attestation.not-yet'],
    });
  });

  test.each([
    ['that was revoked', 'revoked', 'attestation.revoked'],
    ['that its certifier superseded', 'superseded', 'attestation.superseded'],
  ] as const)('%s attests nothing', async (_, status, code) => {
    const said = await attest(CARBON);
    said.set(status);
    expect(await standing([await said.verify()])).toEqual({ standing: 'selfDeclared', codes: [code] });
  });

  test('of which nothing is known of the ledger attests nothing', async () => {
    const said = await attest(CARBON);
    const { standing: found, codes } = await standing([await said.verify({ facts: false })]);
    expect([found, codes]).toEqual(['selfDeclared', ['attestation.indeterminate']]);
  });

  test('by an issuer that is no certifier attests nothing', async () => {
    const trader = await createParty(ledger, 'trader', ['manufacturer'], 'https://trader.example/');
    const id = 'https://trader.example/attestations/1';
    const said = await trader.attest({ ...ATTESTATION, id, assessments: [CARBON] });
    expect(await standing([await said.verify()])).toEqual({
      standing: 'selfDeclared',
      codes: ['attestation.invalid'],
    });
  });

  test('of the passport’s own issuer attests nothing, though it is a certifier as well', async () => {
    const both = await createParty(ledger, 'both', ['manufacturer', 'certifier'], 'https://both.example/');
    const own = await both.passport({ ...PASSPORT, gtin: undefined, id: 'https://both.example/m/1' });
    const products = [{ id: 'https://both.example/m/1', name: 'L' }];
    const said = await both.attest({
      ...ATTESTATION,
      id: 'https://both.example/a/1',
      assessments: [{ ...CARBON, products }],
    });
    const found = await judge([await said.verify()], own);
    expect([found.standings['Carbon footprint'], found.attestations[0]?.code]).toEqual([
      'selfDeclared',
      'attestation.first-party',
    ]);
    // Another certifier's does.
    const other = await (await attest({ ...CARBON, products })).verify();
    expect((await judge([other], own)).standings['Carbon footprint']).toBe('attested');
  });

  test('that calls itself a self-assessment attests nothing', async () => {
    const said = await attest(CARBON, { assessorLevel: 'self' });
    expect((await standing([await said.verify()])).codes).toEqual(['attestation.first-party']);
  });

  test('with a part that has not UNTP’s shape attests nothing, though the rest is sound', async () => {
    const { credential } = await attest(CARBON);
    const document = structuredClone(credential) as never as {
      credentialSubject: { conformityAssessment: { assessedPerformance: { measure: object }[] }[] };
    };
    const [figure] = document.credentialSubject.conformityAssessment[0]?.assessedPerformance ?? [];
    Object.assign(figure?.measure ?? {}, { value: '262' });
    const said = await certifier.say(document);
    expect(await standing([await said.verify()])).toEqual({
      standing: 'selfDeclared',
      codes: ['attestation.unreadable'],
    });
  });

  test('as long as a credential can be is refused or judged at once', async () => {
    const { credential } = await attest(CARBON);
    const { conformityAssessment, ...rest } = (
      credential as never as { credentialSubject: { conformityAssessment: object[] } }
    ).credentialSubject;
    const [assessment] = conformityAssessment;
    const say = async (change: object, count: number) => {
      const many = Array.from({ length: count }, () => ({ ...assessment, ...change }));
      return await (
        await certifier.say({ ...credential, credentialSubject: { ...rest, conformityAssessment: many } })
      ).verify();
    };
    const products = Array.from({ length: 6 }, (_, i) => ({ product: { id: `urn:x:${i}`, name: 'x' } }));
    expect((await standing([await say({}, 201)])).codes).toEqual(['attestation.unreadable']);
    expect((await standing([await say({ assessedProduct: products }, 200)])).codes).toEqual(['attestation.unreadable']);
    const vague = {
      assessmentCriteria: [{ id: 'https://dpp-ledger.example/ns/criterion/recycledContent', name: 'x' }],
    };
    const found = await judge([await say(vague, 200)]);
    expect(found.codes).toEqual(['claim.not-told-apart', 'claim.not-told-apart']);
  });

  test('that says otherwise outweighs one that attests', async () => {
    const yes = await attest(CARBON, { id: `${ATTESTATION.id}y` });
    const no = await attest({ ...CARBON, conforms: false }, { id: `${ATTESTATION.id}n` });
    expect((await standing([await yes.verify(), await no.verify()])).standing).toBe('contradicted');
  });

  test('given twice counts once', async () => {
    const one = await (await attest(CARBON)).verify();
    const found = await judge([one, one]);
    expect([found.codes, found.attestations.length]).toEqual([['claim.attested'], 1]);
  });

  test('that is a passport, or of another criterion or subject, is listed with why', async () => {
    const others = [
      passport,
      await attest({ ...CARBON, criteria: ['energy'] }, { id: `${ATTESTATION.id}c` }),
      await attest({ ...CARBON, products: [{ id: `${MODEL}/21/OTHER`, name: 'L' }] }, { id: `${ATTESTATION.id}s` }),
    ];
    expect(await standing(await Promise.all(others.map((said) => said.verify())))).toEqual({
      standing: 'selfDeclared',
      codes: ['attestation.other-kind', 'attestation.other-criterion', 'attestation.other-subject'],
    });
  });
});

describe('a record of the facility', () => {
  const record = async (country: string) => {
    const operator = await createParty(ledger, `operator${country.toLowerCase()}`, ['facilityOperator'], 'gs1:9521234');
    return await operator.say({
      '@context': [VCDM_CONTEXT, UNTP_CONTEXT, CONTEXT_URL],
      type: ['DigitalFacilityRecord', 'VerifiableCredential'],
      id: 'urn:uuid:6f0e2c9e-3b0a-5c37-9a60-2f8f8f7f3a09',
      issuer: { type: ['CredentialIssuer'], id: operator.did, name: 'Operator' },
      validFrom: '2025-06-01T00:00:00Z',
      name: 'Record',
      credentialStatus: {
        id: `eip155:31337:${ledger.id.address}#status-5-1`,
        type: 'BitstringStatusListEntry',
        statusPurpose: 'revocation',
        statusListIndex: 1,
        statusListCredential: 'https://operator.example/status/5',
      },
      credentialSubject: {
        type: ['Facility'],
        id: 'https://id.gs1.org/414/9521234000013',
        name: 'North',
        countryOfOperation: { countryCode: country },
      },
    });
  };
  const facility = { id: 'https://id.gs1.org/414/9521234000013', name: 'North assembly', country: 'GB' };

  test('describes it and attests nothing; one that says another country contradicts the passport', async () => {
    const there = await maker.passport({ ...PASSPORT, facility });
    const same = await judge([await (await record('GB')).verify()], there);
    expect([same.standings['North assembly'], same.codes, same.attestations[0]?.code]).toEqual([
      'selfDeclared',
      ['claim.recorded'],
      'attestation.record',
    ]);
    const other = await judge([await (await record('CN')).verify()], there);
    expect([other.standings['North assembly'], other.codes]).toEqual(['contradicted', ['claim.other-country']]);
  });
});

test('whatever a passport claims, nothing is thrown', async () => {
  const { credential, report } = await passport.verify();
  const attested = await (await attest(CARBON)).verify();
  const anything = fc.dictionary(
    fc.constantFrom(
      'id',
      'name',
      'referenceCriteria',
      'claimedPerformance',
      'metric',
      'measure',
      'value',
      'unit',
      'mass',
    ),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(anything, fc.jsonValue())), fc.jsonValue(), fc.webUrl(), (list, value, id) => {
      const product = { id, performanceClaim: list, materialProvenance: list, producedAtFacility: value };
      const other = parseCredential({ ...credential, credentialSubject: product });
      judgeClaims(other, report, [attested, { credential: undefined, report }]);
    }),
  );
});

function metric(path: string) {
  return { id: `https://dpp-ledger.example/ns/${path}`, name: path };
}
