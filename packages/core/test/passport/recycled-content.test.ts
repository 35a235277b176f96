/** Recycled content by hand, and by the code: each example's arithmetic stands beside it. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDid } from '../../src/credential/index.ts';
import { buildPassport, computeRecycledContent, parsePassportInput, readPassport } from '../../src/passport/index.ts';

const OPTIONS = {
  issuer: { id: parseDid('did:web:maker.example'), name: 'Fictional Maker Ltd' },
  ledger: {
    chainId: 31337,
    genesis: `0x${'11'.repeat(32)}`,
    address: `0x${'5f'.repeat(20)}`,
    codeHash: `0x${'22'.repeat(32)}`,
  },
  status: { list: 3n, index: 9 },
  statusListCredential: 'https://maker.example/status/3',
  validFrom: '2026-11-03T08:00:00Z',
  voice: 'declared',
} as const;
const SOURCE = { url: 'https://maker.example/report.pdf' };
const DEVICE = {
  granularity: 'item',
  gtin: '09521234000013',
  serial: 'A7K2',
  name: 'Laptop 14',
  category: 'laptop',
  manufacturer: { name: 'Fictional Maker Ltd' },
};

const readView = (input: object) => readPassport(buildPassport(parsePassportInput({ ...DEVICE, ...input }), OPTIONS));
const compute = (input: object, isProvenanceValid = false) =>
  computeRecycledContent(readView(input), { isProvenanceValid });
const exactly = (percent: number) => ({ atLeast: percent, atMost: percent });

describe('a device of 1,000 g', () => {
  const METAL = { name: 'Aluminium', massG: 400, preConsumerPercent: 10, postConsumerPercent: 50, country: 'NO' };
  const PLASTIC = { name: 'Plastic', massG: 300, preConsumerPercent: 0, postConsumerPercent: 20, country: 'DE' };
  const WHOLE = { massKg: 1, reusedComponentPercent: 0, unspecifiedMassG: 300, materials: [METAL, PLASTIC] };

  test('keeps its unspecified mass in the total, as primary', () => {
    //  before use   400 * 10 %                =  40 g   of 1,000 g   4 %
    //  after use    400 * 50 % + 300 * 20 %   = 260 g   of 1,000 g  26 %
    //  primary      what is left, with 300 g that nothing is known of:  70 %
    expect(compute(WHOLE)).toMatchObject({
      device: { recycled: exactly(30), preConsumer: exactly(4), postConsumer: exactly(26) },
      reason: undefined,
      conditions: [],
      missing: [],
      masses: { device: 1000, reused: 0, unspecified: 300 },
      bookAndClaim: undefined,
      onLedger: undefined,
    });
  });

  test.each([
    ['more recycled than there is', { preConsumerPercent: 80, postConsumerPercent: 80 }],
    [
      'less recycled than before and after use',
      { recycledPercent: 10, preConsumerPercent: 0, postConsumerPercent: 80 },
    ],
    [
      'more recycled than before and after use',
      { recycledPercent: 90, preConsumerPercent: 10, postConsumerPercent: 20 },
    ],
    ['more recycled and renewable than there is', { recycledPercent: 80, renewablePercent: 80 }],
  ])('of a material that is signed to hold %s, holds nothing for certain', (_, shares) => {
    const view = readView({ ...WHOLE, unspecifiedMassG: 0, materials: [{ name: 'Aluminium', massG: 1000 }] });
    const [material] = view.materials;
    if (material === undefined) throw new TypeError('it has a material');
    const { device } = computeRecycledContent(
      { ...view, materials: [{ ...material, ...shares }] },
      { isProvenanceValid: false },
    );
    const anything = { atLeast: 0, atMost: 100 };
    expect(device).toEqual({
      ...{ primary: anything, recycled: anything, preConsumer: anything, postConsumer: anything, renewable: anything },
    });
  });

  test('that is known to hold nothing renewable has 70 % primary', () => {
    const materials = [METAL, PLASTIC].map((material) => ({ ...material, renewablePercent: 0 }));
    expect(compute({ ...WHOLE, materials }).device).toMatchObject({ primary: exactly(70), renewable: exactly(0) });
  });

  test('counts what is left of its mass as unspecified where nobody says how much that is, and names the field', () => {
    const { unspecifiedMassG: _, ...silent } = WHOLE;
    expect(compute(silent)).toMatchObject({
      device: { recycled: exactly(30) },
      missing: ['unspecifiedMassG'],
      masses: { unspecified: 300 },
    });
  });

  test('of which nobody says whether parts are reused has its content on that condition', () => {
    const { reusedComponentPercent: _, ...silent } = WHOLE;
    expect(compute(silent)).toMatchObject({
      device: { recycled: exactly(30) },
      conditions: ['if no component is reused, which the passport does not say'],
      missing: ['reusedComponentPercent'],
      masses: { reused: undefined },
    });
  });

  test('leaves reused parts out above and below the line, where its materials are those of the new parts', () => {
    // 20 % is reused: 800 g count. Listed are 400 + 300 + 100 unspecified = 800 g: the new parts.
    //  recycled   300 g of 800 g = 37.5 %;   after use   260 g of 800 g = 32.5 %
    const found = compute({ ...WHOLE, reusedComponentPercent: 20, unspecifiedMassG: 100 });
    expect(found).toMatchObject({
      device: { recycled: exactly(37.5), postConsumer: exactly(32.5) },
      conditions: [],
      masses: { reused: 200 },
    });
  });

  test('whose reused parts may hold any of its materials has a range', () => {
    // 20 % is reused: 800 g count. Of 300 g recycled, between 0 and 200 g are in reused parts.
    //  at least 100 g of 800 g = 12.5 %, at most 300 g of 800 g = 37.5 %
    expect(compute({ ...WHOLE, reusedComponentPercent: 20 })).toMatchObject({
      device: { recycled: { atLeast: 12.5, atMost: 37.5 } },
      conditions: ['whichever of its materials are in the reused components'],
    });
  });

  test('with a material whose recycled share nobody publishes has a range, and names the fields', () => {
    // Plastic may be recycled by 0 to 100 %: 240 g to 240 + 300 g of 1,000 g.
    const { preConsumerPercent: _, postConsumerPercent: __, ...silent } = PLASTIC;
    expect(compute({ ...WHOLE, materials: [METAL, silent] })).toMatchObject({
      device: {
        recycled: { atLeast: 24, atMost: 54 },
        preConsumer: { atLeast: 4, atMost: 34 },
        postConsumer: { atLeast: 20, atMost: 50 },
      },
      missing: ['materials.2.preConsumerPercent', 'materials.2.postConsumerPercent'],
    });
  });

  test('with a recycled share that is not split knows the sum and not the parts', () => {
    const whole = { name: 'Plastic', massG: 300, recycledPercent: 20, country: 'DE' };
    expect(compute({ ...WHOLE, materials: [METAL, whole] })).toMatchObject({
      device: {
        recycled: exactly(30),
        postConsumer: { atLeast: 20, atMost: 26 },
        preConsumer: { atLeast: 4, atMost: 10 },
      },
      missing: ['materials.2.preConsumerPercent', 'materials.2.postConsumerPercent'],
    });
    // The whole and one part give the other.
    expect(compute({ ...WHOLE, materials: [METAL, { ...whole, postConsumerPercent: 5 }] })).toMatchObject({
      device: { postConsumer: exactly(21.5), preConsumer: exactly(8.5) },
      missing: [],
    });
  });

  test('keeps book and claim apart from what is in it', () => {
    // The metal's 240 g are claims: in the device are 60 g of recycled plastic, 6 %; claimed beside it are 24 %.
    const found = compute({ ...WHOLE, materials: [{ ...METAL, custodyModel: 'bookAndClaim' }, PLASTIC] });
    expect(found).toMatchObject({
      device: { recycled: exactly(6), postConsumer: exactly(6), preConsumer: exactly(0) },
      bookAndClaim: { recycled: exactly(24), postConsumer: exactly(20), preConsumer: exactly(4) },
    });
    expect(found.materials).toMatchObject([
      { content: { recycled: exactly(0) }, bookAndClaim: { recycled: exactly(60) } },
      { content: { recycled: exactly(20) }, bookAndClaim: undefined },
    ]);
  });

  test.each([
    ['no materials', { materials: undefined }, 'the passport lists no materials', ['materials']],
    ['no mass', { massKg: undefined, unspecifiedMassG: undefined }, 'the mass of the device is missing', ['massKg']],
    ['nothing new in it', { reusedComponentPercent: 100 }, 'all of it is reused', []],
  ])('with %s has no computed content, for a reason', (_, change, reason, missing) => {
    expect(compute({ ...WHOLE, ...change })).toMatchObject({ device: undefined, reason, missing });
  });

  test('whose materials are heavier than itself has none either', () => {
    const view = readView(WHOLE);
    const found = computeRecycledContent({ ...view, massKg: 0.6 }, { isProvenanceValid: false });
    expect([found.device, found.reason]).toEqual([
      undefined,
      'its materials add up to more than the mass of the device',
    ]);
  });

  test('with a material of unknown mass may have that much more', () => {
    // Nothing says how much of the 300 g that are left is gold, all of which is recycled: 30 % to 30 + 30 %.
    const gold = { name: 'Gold', postConsumerPercent: 100, preConsumerPercent: 0, recycledPercent: 100 };
    const view = readView({ ...WHOLE, unspecifiedMassG: undefined });
    const found = computeRecycledContent(
      { ...view, materials: [...view.materials, gold] },
      { isProvenanceValid: false },
    );
    expect(found).toMatchObject({
      device: { recycled: { atLeast: 30, atMost: 60 }, preConsumer: exactly(4) },
      missing: expect.arrayContaining(['materials.3.massG']),
    });
  });
});

test('without the device’s mass, what is listed and what is unspecified make the whole', () => {
  // 60 g of 100 + 50 g
  const materials = [
    { name: 'Steel', massG: 100, recycledPercent: 60, preConsumerPercent: 0, postConsumerPercent: 60 },
  ];
  const found = compute({ materials, unspecifiedMassG: 50, reusedComponentPercent: 0 });
  expect(found).toMatchObject({ device: { recycled: exactly(40) }, masses: { device: 150, unspecified: 50 } });
});

test('of shares alone the content is computed without grams', () => {
  // 40 % of 25 % and 100 % of 5 %: 10 + 5 %
  const materials = [
    { name: 'Steel', massPercent: 25, preConsumerPercent: 0, postConsumerPercent: 40 },
    { name: 'Tin', massPercent: 5, preConsumerPercent: 100, postConsumerPercent: 0 },
  ];
  expect(compute({ materials, reusedComponentPercent: 0 })).toMatchObject({
    device: { recycled: exactly(15), preConsumer: exactly(5), postConsumer: exactly(10) },
    masses: undefined,
  });
});

describe('materials that draw on lots', () => {
  const lot = (digit: string) => `0x${digit.repeat(64)}`;
  const COBALT = { name: 'Cobalt', cas: '7440-48-4', custodyModel: 'segregated', country: 'FI' };
  const materials = [
    { ...COBALT, massG: 8, lot: lot('a'), origin: 'postConsumerRecycled' },
    { ...COBALT, massG: 2, lot: lot('b'), origin: 'preConsumerRecycled', country: 'DE' },
    { ...COBALT, massG: 6, lot: lot('c'), origin: 'primary', country: 'CD' },
    { ...COBALT, massG: 4, recycledPercent: 0, preConsumerPercent: 0, postConsumerPercent: 0 },
  ];
  const PACK = { massKg: 0.1, reusedComponentPercent: 0, materials };

  test('are one substance: what stands on the ledger is apart from what is declared', () => {
    // 8 of 20 g after use, 2 before use; 16 g stand on lots
    const found = compute(PACK, true);
    expect(found.materials).toEqual([
      {
        name: 'Cobalt',
        cas: '7440-48-4',
        massG: 20,
        content: expect.objectContaining({
          recycled: exactly(50),
          postConsumer: exactly(40),
          preConsumer: exactly(10),
        }),
        bookAndClaim: undefined,
        onLedger: { postConsumerRecycled: 8, preConsumerRecycled: 2, primary: 6 },
      },
    ]);
    // of a device of 100 g: 10 %
    expect(found.device).toMatchObject({ recycled: exactly(10), postConsumer: exactly(8) });
    expect(found.onLedger).toEqual({ postConsumerRecycled: 8, preConsumerRecycled: 2, primary: 6 });
  });

  test('count as declared until their provenance is valid', () => {
    const found = compute(PACK, false);
    expect(found.onLedger).toBe(undefined);
    expect(found.device).toMatchObject({ recycled: exactly(10) });
  });
});

describe('declared and computed', () => {
  const WHOLE = {
    massKg: 1,
    reusedComponentPercent: 0,
    unspecifiedMassG: 500,
    materials: [
      { name: 'Steel', massG: 300, preConsumerPercent: 0, postConsumerPercent: 80, component: 'frame' },
      { name: 'Steel', massG: 200, preConsumerPercent: 10, postConsumerPercent: 20, component: 'hinge' },
    ],
  };
  // steel: 240 + 40 g after use, 20 g before use: 300 of 500 g = 60 %; of the device 30 %

  test('stand side by side with their difference', () => {
    const found = compute({
      ...WHOLE,
      circularity: { recycledContentPercent: 41, postConsumerPercent: 28, source: SOURCE },
    });
    expect(found.comparisons).toEqual([
      {
        field: 'circularity.recycledContentPercent',
        of: 'the whole device',
        kind: 'recycled',
        declared: 41,
        atLeast: false,
        computed: exactly(30),
        reason: undefined,
        difference: -11,
        agrees: false,
      },
      expect.objectContaining({
        kind: 'postConsumer',
        declared: 28,
        computed: exactly(28),
        difference: 0,
        agrees: true,
      }),
    ]);
  });

  test('of a material by its name, in all parts or in the one that is named', () => {
    const found = compute({
      ...WHOLE,
      recycledContent: [
        { of: 'steel', percent: 60, source: SOURCE },
        { of: 'Steel', component: 'Frame', percent: 75, atLeast: true, kind: 'postConsumer', source: SOURCE },
        { of: 'Steel', component: 'hinge', percent: 40, source: SOURCE },
        { of: 'plastic', percent: 52, source: SOURCE },
      ],
    });
    expect(found.comparisons).toMatchObject([
      { computed: exactly(60), difference: 0, agrees: true },
      { computed: exactly(80), difference: 5, agrees: true },
      { computed: exactly(30), difference: -10, agrees: false },
      { computed: undefined, reason: 'the passport lists no material of that name and part', agrees: undefined },
    ]);
  });

  test('a range says whether the declared value can be right, and gives no difference', () => {
    const [steel, hinge] = WHOLE.materials;
    const circularity = (percent: number) => ({ recycledContentPercent: percent, source: SOURCE });
    // 240 g and between 0 and 200 g: 24 to 44 %
    const materials = [steel, { ...hinge, preConsumerPercent: undefined, postConsumerPercent: undefined }];
    const [possible] = compute({ ...WHOLE, materials, circularity: circularity(41) }).comparisons;
    expect(possible).toMatchObject({ computed: { atLeast: 24, atMost: 44 }, difference: undefined, agrees: true });
    const [impossible] = compute({ ...WHOLE, materials, circularity: circularity(60) }).comparisons;
    expect(impossible).toMatchObject({ agrees: false });
  });

  test('what cannot be computed leaves the declared value alone, with the reason', () => {
    const found = compute({ circularity: { recycledContentPercent: 41, source: SOURCE } });
    expect(found.comparisons).toMatchObject([
      { declared: 41, computed: undefined, reason: 'the passport lists no materials', agrees: undefined },
    ]);
  });

  test('a declared renewable share names what it would take to compute it', () => {
    const circularity = { renewableContentPercent: 2, source: SOURCE };
    expect(compute({ ...WHOLE, circularity }).missing).toEqual([
      'materials.1.renewablePercent',
      'materials.2.renewablePercent',
    ]);
  });
});

test('the laptop of the examples holds 36.4 % recycled material, 23.8 % after use', () => {
  const mapping = new URL('../../../../examples/mappings/laptops.json', import.meta.url);
  const { constants } = JSON.parse(readFileSync(mapping, 'utf8')) as { constants: object };
  //                          before use                     after use
  //  aluminium  428    g    30 %  128.4                    46 %  196.88
  //  steel      131         25 %   32.75                   15 %   19.65
  //  copper      58.5       22 %   12.87                    0 %    0
  //  PC/ABS     212          0 %    0                      52 %  110.24
  //  cobalt      12         20 %    2.4                    70 %    8.4
  //  neodymium    1.1        0 %    0                     100 %    1.1
  //  tin          3.6       60 %    2.16                   40 %    1.44
  //  gold         0.09       0 %    0                     100 %    0.09
  //  of 1,420 g                   178.58  = 12.576056 %          337.8  = 23.788732 %
  const found = compute({ ...constants, serial: 'A7K2', productionBatch: 'M26-31' });
  expect(found).toMatchObject({
    device: { preConsumer: exactly(12.576056), postConsumer: exactly(23.788732), recycled: exactly(36.364789) },
    conditions: [],
    missing: [],
  });
});

test('whatever shares a passport has, what is certain is never more than what is possible, and nothing is thrown', () => {
  const view = readView({ materials: [{ name: 'Steel', massG: 100 }] });
  const percent = fc.option(fc.double({ min: 0, max: 100, noNaN: true }), { nil: undefined });
  const grams = fc.option(fc.double({ min: 0, max: 5000, noNaN: true }), { nil: undefined });
  const unsaid = {
    name: 'Steel' as const,
    massG: undefined,
    massPercent: 9.579284329270524e-6,
    recycledPercent: undefined,
    preConsumerPercent: undefined,
    postConsumerPercent: undefined,
    renewablePercent: 8.9e-7,
    custodyModel: 'segregated' as const,
  };
  const material = fc.record({
    name: fc.constantFrom('Steel', 'Tin', 'Gold'),
    massG: grams,
    massPercent: percent,
    recycledPercent: percent,
    preConsumerPercent: percent,
    postConsumerPercent: percent,
    renewablePercent: percent,
    custodyModel: fc.constantFrom('bookAndClaim' as const, 'segregated' as const, undefined),
  });
  fc.assert(
    fc.property(fc.array(material), grams, grams, percent, (materials, mass, unspecifiedMassG, reused) => {
      const massKg = mass === undefined ? undefined : mass / 1000;
      const found = computeRecycledContent(
        { ...view, materials, massKg, unspecifiedMassG, reusedComponentPercent: reused },
        { isProvenanceValid: false },
      );
      for (const content of [found.device, ...found.materials.map(({ content }) => content)]) {
        for (const { atLeast, atMost } of Object.values(content ?? {})) {
          expect(atLeast).toBeGreaterThanOrEqual(0);
          expect(atLeast).toBeLessThanOrEqual(atMost + 1e-6);
        }
      }
      expect(found.device === undefined).toBe(found.reason !== undefined);
    }),
    {
      examples: [
        [[], 2.475e-321, undefined, undefined],
        [[unsaid], undefined, undefined, 99.9999999999999],
      ],
    },
  );
});
