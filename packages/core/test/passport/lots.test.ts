import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Credential, credentialSubjects, parseCredential, parseDid } from '../../src/credential/index.ts';
import { InvalidInputError } from '../../src/errors.ts';
import type { SubjectId } from '../../src/ids.ts';
import {
  buildPassport,
  checkPassportInput,
  lotClaims,
  parsePassportInput,
  readPassport,
} from '../../src/passport/index.ts';

const address = `0x${'ab'.repeat(20)}` as const;
const LEDGER = `eip155:31337:${address}`;
const LOT = `0x${'cd'.repeat(32)}` as const;
const OTHER = `0x${'0e'.repeat(32)}` as const;
const options = {
  issuer: { id: parseDid('did:web:maker.example'), name: 'Fictional Maker Ltd' },
  ledger: { chainId: 31337, genesis: `0x${'11'.repeat(32)}`, address, codeHash: `0x${'22'.repeat(32)}` },
  status: { list: 1n, index: 0 },
  statusListCredential: 'https://dpp.example/status/1',
  validFrom: '2026-11-01T08:00:00Z',
  voice: 'declared',
} as const;

const cobalt = {
  name: 'Cobalt',
  cas: '7440-48-4',
  massG: 12,
  country: 'CD',
  custodyModel: 'massBalance',
  origin: 'postConsumerRecycled',
  lot: LOT,
} as const;
const item = {
  granularity: 'item',
  gtin: '09521234000013',
  serial: 'S1',
  name: 'Laptop 14',
  category: 'laptop',
  massKg: 1.5,
  manufacturer: { name: 'Fictional Maker Ltd' },
  materials: [cobalt],
} as const;
const { serial: _, ...unnamed } = item;
const productionBatch = { ...unnamed, granularity: 'batch', productionBatch: 'M26', units: 500 } as const;

function issuesOf(input: object) {
  const result = checkPassportInput(input);
  return 'issues' in result ? result.issues.map(({ path }) => path) : [];
}

/** As it is signed and read: through JSON. */
function build(input: object): Credential {
  return parseCredential(JSON.parse(JSON.stringify(buildPassport(parsePassportInput(input), options))));
}

describe('an input that draws on a lot', () => {
  test('is an item, or a production batch with its units', () => {
    expect(issuesOf(item)).toEqual([]);
    expect(issuesOf(productionBatch)).toEqual([]);
    const { units: _units, ...uncounted } = productionBatch;
    expect(issuesOf(uncounted)).toEqual(['units']);
    expect(issuesOf({ ...unnamed, granularity: 'model' })).toEqual(['materials.1.lot']);
    expect(issuesOf({ ...item, units: 2 })).toEqual(['units']);
  });

  test.each(['massG', 'origin', 'custodyModel', 'country'] as const)('says its %s', (field) => {
    const { [field]: _gone, ...rest } = cobalt;
    const share = { massPercent: 0.8 };
    expect(issuesOf({ ...item, materials: [{ ...rest, ...share }] })).toEqual([`materials.1.${field}`]);
  });

  test('is of a substance with a CAS number, or of our own list by name', () => {
    const { cas: _cas, ...nameless } = cobalt;
    expect(issuesOf({ ...item, materials: [nameless] })).toEqual(['materials.1.cas']);
    expect(issuesOf({ ...item, materials: [{ ...nameless, name: 'Paper and board' }] })).toEqual([]);
  });

  test.each([0.0001, 1.0005, 0, 12.00000001])('is not of %d g: lots are counted in whole milligrams', (massG) => {
    expect(issuesOf({ ...item, materials: [{ ...cobalt, massG }] })).toEqual(['materials.1.massG']);
  });

  test('may have any mass that is written with three decimals', () => {
    const grams = fc.integer({ min: 1, max: 1_500_000 }).map((milligrams) => milligrams / 1000);
    fc.assert(
      fc.property(grams, (massG) => {
        expect(issuesOf({ ...item, materials: [{ ...cobalt, massG }] })).toEqual([]);
      }),
    );
  });

  test('says its share of the product, or what the product weighs, without which UNTP has no Material', () => {
    const { massKg: _mass, ...weightless } = item;
    expect(issuesOf(weightless)).toEqual(['materials.1.massPercent']);
    expect(issuesOf({ ...item, massKg: 0.01195 })).toEqual(['materials.1.massPercent']);
    expect(issuesOf({ ...weightless, materials: [{ ...cobalt, massPercent: 0.8 }] })).toEqual([]);
  });

  test('names a lot by its id or URI, of the ledger that it is issued on', () => {
    expect(build({ ...item, materials: [{ ...cobalt, lot: `${LEDGER}#lot-${'cd'.repeat(32)}` }] })).toMatchObject({
      credentialSubject: { materialProvenance: [{ lot: `${LEDGER}#lot-${'cd'.repeat(32)}` }] },
    });
    expect(issuesOf({ ...item, materials: [{ ...cobalt, lot: LOT.toUpperCase() }] })).toEqual(['materials.1.lot']);
    const elsewhere = { ...cobalt, lot: `eip155:1:${address}#lot-${'cd'.repeat(32)}` };
    expect(() => build({ ...item, materials: [cobalt, elsewhere] })).toThrow(
      /^materials\.2\.lot: .*#lot-.* is not a lot of/,
    );
  });
});

describe("a material's origin", () => {
  test('fills in the shares that follow from it', () => {
    const [read] = parsePassportInput(item).materials ?? [];
    expect(read).toMatchObject({ recycledPercent: 100, postConsumerPercent: 100 });
    const [primary] = parsePassportInput({ ...item, materials: [{ ...cobalt, origin: 'primary' }] }).materials ?? [];
    expect(primary).toMatchObject({ recycledPercent: 0 });
  });

  test('is refused beside shares that say otherwise', () => {
    expect(issuesOf({ ...item, materials: [{ ...cobalt, postConsumerPercent: 70 }] })).toContain(
      'materials.1.postConsumerPercent',
    );
    expect(issuesOf({ ...item, materials: [{ ...cobalt, origin: 'primary', preConsumerPercent: 20 }] })).toContain(
      'materials.1.recycledPercent',
    );
  });

  test('is read back without a lot too, from a Material and from a claim', () => {
    const { lot: _lot, ...declared } = cobalt;
    const { country: _country, ...claimed } = declared;
    const { materials } = readPassport(build({ ...item, materials: [declared, claimed] }));
    expect(materials.map(({ origin, lot }) => [origin, lot])).toEqual([
      ['postConsumerRecycled', undefined],
      ['postConsumerRecycled', undefined],
    ]);
  });
});

describe('what a passport claims of lots', () => {
  const claim = {
    lot: LOT,
    ledger: LEDGER,
    milligrams: 12_000n,
    substance: 7440484,
    origin: 'postConsumerRecycled',
    custody: 'massBalance',
  };

  test('of an item is the mass of each of its materials that names one', () => {
    const { cas: _cas, ...steel } = { ...cobalt, name: 'Steel', lot: OTHER, massG: 0.123, origin: 'primary' } as const;
    const { lot: _lot, ...declared } = cobalt;
    expect(lotClaims(build({ ...item, materials: [cobalt, steel, declared, cobalt] }))).toEqual([
      claim,
      { ...claim, lot: OTHER, milligrams: 123n, substance: 2 ** 39 + 3, origin: 'primary' },
      claim,
    ]);
  });

  test('of a production batch is that times its units', () => {
    expect(lotClaims(build(productionBatch))).toEqual([{ ...claim, milligrams: 6_000_000n }]);
  });

  test('is nothing where no lot is named', () => {
    const { lot: _lot, ...declared } = cobalt;
    expect(lotClaims(build({ ...item, materials: [declared] }))).toEqual([]);
  });

  const genuine = build(productionBatch);
  const [product = { id: '' as SubjectId }] = credentialSubjects(genuine);
  const [only] = z.array(z.looseObject({})).parse(product.materialProvenance);
  const alter = (changed: object, material: object = {}): Credential => ({
    ...genuine,
    credentialSubject: { ...product, materialProvenance: [{ ...only, ...material }], ...changed },
  });

  test('of a production batch is that of its one material, in a list or not', () => {
    expect(lotClaims(alter({ materialProvenance: only }))).toEqual(lotClaims(genuine));
  });

  test.each([
    ['a lot that is no text', alter({}, { lot: 5 }), 'materials.claim'],
    ['a lot that is no URI', alter({}, { lot: LOT }), 'materials.lot'],
    ['a mass in kilograms', alter({}, { mass: { value: 0.012, unit: 'KGM' } }), 'materials.claim'],
    ['part of a milligram', alter({}, { mass: { value: 0.0121, unit: 'GRM' } }), 'materials.claim'],
    ['a negative mass', alter({}, { mass: { value: -12, unit: 'GRM' } }), 'materials.claim'],
    ['a mass beyond numbers', alter({}, { mass: { value: 1e300, unit: 'GRM' } }), 'materials.claim'],
    ['no mass', alter({}, { mass: undefined }), 'materials.claim'],
    ['an origin nobody knows', alter({}, { originClass: 'recycled' }), 'materials.claim'],
    ['no custody model', alter({}, { chainOfCustodyModel: undefined }), 'materials.claim'],
    ['a material by name', alter({}, { materialType: { code: 'cobalt', schemeId: 'x' } }), 'materials.claim'],
    [
      'a CAS number that is none',
      alter({}, { materialType: { code: '7440-48-5', schemeId: 'https://www.cas.org/cas-data/cas-registry' } }),
      'materials.substance',
    ],
    ['a production batch without units', alter({ unitCount: undefined }), 'materials.claim'],
    ['half a unit', alter({ unitCount: 0.5 }), 'materials.claim'],
    ['no units', alter({ unitCount: 0 }), 'materials.claim'],
    ['a model', alter({ id: 'https://maker.example/m/1', idGranularity: 'model' }), 'materials.claim'],
    [
      'the link of a model under the word item',
      alter({ id: 'https://id.gs1.org/01/09521234000013', idGranularity: 'item' }),
      'materials.claim',
    ],
    [
      'an item of several units',
      alter({ id: 'https://maker.example/i/1', idGranularity: 'item', unitCount: 2 }),
      'materials.claim',
    ],
  ])('is refused of %s', (_what, credential, code) => {
    expect(() => lotClaims(credential)).toThrow(expect.objectContaining({ code }));
  });

  test('fails with an error of ours alone, whatever was signed', () => {
    const junk = fc.jsonValue({ maxDepth: 3 });
    const fields = ['lot', 'mass', 'materialType', 'originClass', 'chainOfCustodyModel', 'value', 'unit', 'code'];
    const near = fc.oneof(junk, fc.dictionary(fc.constantFrom(...fields), junk));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...fields, 'idGranularity', 'unitCount', 'id'), near), (changed) => {
        try {
          lotClaims(alter(changed, changed));
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidInputError);
        }
      }),
    );
  });
});
