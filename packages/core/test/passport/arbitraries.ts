/** Inputs of every shape that the schema allows, made from the schema: a field that is added there is tested here. */
import fc from 'fast-check';
import { z } from 'zod';
import { type PassportInput, passportInput } from '../../src/passport/index.ts';

/** Further values of fields that only few texts fit; all of them take their example. */
const MORE: Readonly<Record<string, readonly string[]>> = {
  gtin: ['09521234000020', '00012345678905'],
  serial: ['1', 'A-7/K.2', `!"%&'()*+,-./0:;<=>`],
  productionBatch: ['L1', '%41'],
  country: ['CD', 'NO', 'US'],
  countryOfProduction: ['CN', 'MX'],
  cas: ['7429-90-5', '65997-17-3'],
  published: ['2021', '2024-02', '2023-02', '2022-12-31'],
  reportDate: ['2019', '2024-02-29'],
  retrieved: ['2026-01-01'],
  url: ['http://maker.example/a%20b?c=d&e=%C3%A9#f'],
  ingressProtection: ['IPX4', 'IP69K'],
};

const shareOfPercent = fc.oneof(
  fc.integer({ min: 0, max: 1_000_000 }).map((n) => n / 10_000),
  fc.constantFrom(0, 100),
);
const figure = fc.tuple(fc.nat(1_000_000_000), fc.nat(6)).map(([n, places]) => n / 10 ** places);
const prose = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
  .map((text) => text.trim())
  .filter((text) => text !== '' && text.length <= 100);

function arbitraryOf(schema: unknown, field: string): fc.Arbitrary<unknown> {
  if (schema instanceof z.ZodOptional) return arbitraryOf(schema.unwrap(), field);
  if (schema instanceof z.ZodObject) {
    const members = Object.entries(schema.shape);
    return fc.record(Object.fromEntries(members.map(([name, member]) => [name, arbitraryOf(member, name)])), {
      requiredKeys: members.filter(([, member]) => !(member instanceof z.ZodOptional)).map(([name]) => name),
    });
  }
  if (schema instanceof z.ZodArray) return fc.array(arbitraryOf(schema.element, field), { minLength: 1, maxLength: 4 });
  if (schema instanceof z.ZodBoolean) return fc.boolean();
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options);
  if (schema instanceof z.ZodNumber) {
    const { minValue, maxValue, isInt } = schema;
    const min = Math.max(minValue ?? 0, 0);
    if (isInt) return fc.integer({ min, max: maxValue ?? 1_000_000 });
    if (maxValue === 100) return shareOfPercent;
    return maxValue !== null && maxValue < 100
      ? fc.integer({ min: min * 10, max: maxValue * 10 }).map((n) => n / 10)
      : figure;
  }
  if (!(schema instanceof z.ZodString)) throw new TypeError(`no values are known for the field ${field}`);
  if (schema.safeParse('any « text » at all').success) return prose;
  const examples = z.array(z.string()).parse(schema.meta()?.examples);
  const values = [...examples, ...(MORE[field] ?? [])];
  for (const value of values) schema.parse(value);
  return fc.constantFrom(...values);
}

/** Without groups and lists that hold nothing: they say what a missing one says. */
function dropEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dropEmpty);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).flatMap(([key, member]) => {
    const left = dropEmpty(member);
    return typeof left === 'object' && left !== null && Object.keys(left).length === 0 ? [] : [[key, left]];
  });
  return Object.fromEntries(kept);
}

/** As the rules of lots have it: a material that draws on one is a UNTP Material, and its lot is of the ledger that issues. */
function settleLots({ units, ...input }: PassportInput): PassportInput {
  const isBatch = input.granularity === 'batch';
  const materials = input.materials?.map(({ lot, ...material }) => {
    const draws = lot !== undefined && isBatch && material.country !== undefined && material.massPercent !== undefined;
    return draws ? { ...material, lot: `eip155:31337:0x${'ab'.repeat(20)}#lot-${'cd'.repeat(32)}` } : material;
  });
  return {
    ...input,
    ...(units !== undefined && isBatch ? { units } : {}),
    ...(materials === undefined ? {} : { materials }),
  };
}

/** As the rules of identity have it; the rules of sums do not concern building. */
function settleIdentity(input: PassportInput, hasGtin: boolean): PassportInput {
  const { gtin = '09521234000013', id = 'https://maker.example/m/l14', ...rest } = input;
  const settled: PassportInput = hasGtin ? { ...rest, gtin } : { ...rest, id };
  if (settled.granularity === 'model') {
    const { serial: _s, productionBatch: _b, productionDate: _d, ...model } = settled;
    return model;
  }
  if (settled.granularity === 'item') return { ...settled, serial: settled.serial ?? 'S1' };
  const { serial: _, ...batch } = settled;
  return { ...batch, productionBatch: settled.productionBatch ?? 'B1' };
}

export const anyInput: fc.Arbitrary<PassportInput> = fc
  .tuple(arbitraryOf(passportInput, ''), fc.boolean())
  .map(([value, hasGtin]) => settleIdentity(settleLots(passportInput.parse(dropEmpty(value))), hasGtin));
