import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findSubstance, formatMass, parseMass, parseSubstance } from '../../src/materials/index.ts';

describe('a mass', () => {
  test.each([
    ['12 kg', 12_000_000n],
    ['12000000mg', 12_000_000n],
    ['0.5 g', 500n],
    ['1.250 kg', 1_250_000n],
    ['0.123456789 t', 123_456_789n],
    ['3.000 mg', 3n],
    [' 7 t ', 7_000_000_000n],
  ])('of %s is read exactly', (text, milligrams) => {
    expect(parseMass(text)).toBe(milligrams);
  });

  test.each([
    '',
    '12',
    'kg',
    '12 lb',
    '-1 g',
    '0 kg',
    '0.0 g',
    '0.1 mg',
    '1.0000001 kg',
    '1,5 kg',
    '1e3 g',
    '12 KG',
    '１ kg',
  ])('is not read from "%s"', (text) => {
    expect(() => parseMass(text)).toThrow(expect.objectContaining({ code: 'materials.mass' }));
  });

  test.each([
    [1n, '1 mg'],
    [999n, '999 mg'],
    [12_000n, '12 g'],
    [12_000_000n, '12 kg'],
    [1_234_567n, '1.234567 kg'],
    [1_000_000_001n, '1.000000001 t'],
    [0n, '0 mg'],
  ])('of %d mg is written in the largest unit', (milligrams, text) => {
    expect(formatMass(milligrams)).toBe(text);
  });

  test('is read back as it is written', () => {
    const held = fc.bigInt({ min: 1n, max: 2n ** 64n - 1n });
    fc.assert(fc.property(held, (milligrams) => parseMass(formatMass(milligrams)) === milligrams));
  });
});

describe('a substance as it is typed', () => {
  test.each([
    ['cobalt', '7440-48-4'],
    ['Cobalt', '7440-48-4'],
    ['7440-48-4', '7440-48-4'],
    ['Paper and board', 'paperAndBoard'],
    ['STEEL', 'steel'],
  ])('"%s" is found', (text, code) => {
    expect(findSubstance(text)).toBe(parseSubstance(code));
  });

  test.each(['cobalt sulphate', '', '7440-48-5'])('"%s" is not', (text) => {
    expect(() => findSubstance(text)).toThrow(expect.objectContaining({ code: 'materials.substance' }));
  });
});
