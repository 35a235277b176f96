import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SubjectId } from '../../src/ids.ts';
import {
  canonicalSubject,
  formatDigitalLink,
  gtinCheckDigit,
  parseDigitalLink,
  parseGtin,
  subjectLevel,
  walkUp,
} from '../../src/passport/gs1.ts';

const refuse = (read: () => unknown, code: string) => expect(read).toThrow(expect.objectContaining({ code }));

describe('check digits (GS1 General Specifications 7.9)', () => {
  test.each([
    ['629104150021', '3'],
    ['0952123400001', '3'],
    ['9638507', '4'],
  ])('%s is closed by %s', (digits, expected) => expect(gtinCheckDigit(digits)).toBe(expected));

  test.each([
    ['96385074', '00000096385074'],
    ['614141123452', '00614141123452'],
    ['9521234000013', '09521234000013'],
    ['09521234000013', '09521234000013'],
  ])('GTIN %s is %s', (short, long) => expect(parseGtin(short)).toBe(long));

  test.each(['09521234000014', '123', 'abcdefgh', '0952123400001３', ''])('"%s" is no GTIN', (text) => {
    refuse(() => parseGtin(text), 'gs1.key');
  });

  test('one wrong digit is always found', () => {
    const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 13, maxLength: 13 });
    fc.assert(
      fc.property(digits, fc.nat(13), fc.integer({ min: 1, max: 9 }), (body, at, change) => {
        const gtin = body.join('') + gtinCheckDigit(body.join(''));
        const wrong = [...gtin].map((digit, i) => (i === at ? (Number(digit) + change) % 10 : digit)).join('');
        refuse(() => parseGtin(wrong), 'gs1.key');
      }),
    );
  });
});

describe('a label', () => {
  test.each([
    ['https://dpp.example/01/09521234000013', 'https://id.gs1.org/01/09521234000013', 'model'],
    ['https://dpp.example/x/y/01/9521234000013', 'https://id.gs1.org/01/09521234000013', 'model'],
    ['https://dpp.example/01/09521234000013/10/M26-31', 'https://id.gs1.org/01/09521234000013/10/M26-31', 'batch'],
    [
      'https://dpp.example/01/09521234000013/21/A7K2?linkType=all',
      'https://id.gs1.org/01/09521234000013/21/A7K2',
      'item',
    ],
    ['https://dpp.example/01/09521234000013/21/A%2FB', 'https://id.gs1.org/01/09521234000013/21/A%2FB', 'item'],
    ['https://dpp.example/01/09521234000013/21/%41', 'https://id.gs1.org/01/09521234000013/21/A', 'item'],
  ])('%s stands for %s', (label, subject, level) => {
    expect(canonicalSubject(label)).toBe(subject);
    expect(subjectLevel(canonicalSubject(label))).toBe(level);
  });

  test("of an identifier under an issuer's own host stands for itself", () => {
    expect(canonicalSubject('https://maker.example/m/l14')).toBe('https://maker.example/m/l14');
    expect(subjectLevel(canonicalSubject('https://maker.example/m/l14'))).toBe(undefined);
  });

  test.each([
    ['with a wrong check digit', 'https://dpp.example/01/09521234000014', 'gs1.key'],
    ['with capitals in its host and no key', 'https://Maker.example/m/l14', 'gs1.uri'],
    ['over http without a key', 'http://maker.example/m/l14', 'gs1.uri'],
    ['with a query and no key', 'https://maker.example/m/l14?x=1', 'gs1.uri'],
    ['that is no URI', 'hello', 'gs1.uri'],
    ['that runs code', 'javascript:alert(1)', 'gs1.uri'],
  ])('%s is refused', (_, label, code) => refuse(() => canonicalSubject(label), code));

  test('is written for a resolver, and read back, whatever the serial', () => {
    const serials = fc.string({ unit: fc.constantFrom(...'AZaz09-_./%&\'()*+,:;<=>?!"'), minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(serials, serials, (batch, serial) => {
        const link = { gtin: '09521234000013', batch, serial };
        const label = formatDigitalLink(link, 'https://dpp.example/');
        expect(parseDigitalLink(label)).toMatchObject(link);
        expect(canonicalSubject(canonicalSubject(label))).toBe(canonicalSubject(label));
      }),
    );
  });
});

describe('where to look for a passport', () => {
  const MODEL = 'https://id.gs1.org/01/09521234000013';
  test.each([
    [MODEL, [MODEL]],
    [`${MODEL}/10/M26`, [`${MODEL}/10/M26`, MODEL]],
    [`${MODEL}/21/A7`, [`${MODEL}/21/A7`, MODEL]],
    [`${MODEL}/10/M26/21/A7`, [`${MODEL}/10/M26/21/A7`, `${MODEL}/21/A7`, `${MODEL}/10/M26`, MODEL]],
    ['https://maker.example/m/l14', ['https://maker.example/m/l14']],
    ['https://id.gs1.org/414/9521234000006', ['https://id.gs1.org/414/9521234000006']],
  ])('of %s: %j', (subject, levels) => expect(walkUp(subject as SubjectId)).toEqual(levels));
});
