import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalizeJson, parseJson } from '../src/json.ts';

const refused = (text: string | Uint8Array) =>
  expect(() => parseJson(text)).toThrow(expect.objectContaining({ code: 'input.json' }));

describe('parseJson (RFC 8259, strict)', () => {
  test('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        fc.pre(!text.includes('__proto__'));
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test.each([
    ['at the top', '{"a":1,"a":1}'],
    ['deep inside', '{"a":[{"b":{"c":1,"c":2}}]}'],
    ['spelled with an escape', '{"a":1,"\\u0061":2}'],
    ['of digits', '{"1":1,"1":2}'],
    ['beside a text full of colons and quotes', '{"a":"\\":{\\"","b":1,"b":":"}'],
  ])('refuses the same key twice, %s', (_, text) => refused(text));

  test('refuses any object whose members are written twice', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { minKeys: 1 }), (object) => {
        const text = JSON.stringify(object);
        refused(`{${text.slice(1, -1)},${text.slice(1, -1)}}`);
      }),
    );
  });

  test('takes colons, quotes and backslashes in texts for what they are', () => {
    const value = { 'a:"\\': ':\\":{', b: ['\\', '"', ':'] };
    expect(parseJson(JSON.stringify(value))).toEqual(value);
  });

  test.each([
    ['a key that JavaScript takes for a prototype', '{"__proto__":{"admin":true}}'],
    ['a number beyond every double', '[1e400]'],
    ['a comment', '{"a":1}//'],
    ['a byte order mark', '\ufeff{}'],
    ['33 levels', `${'['.repeat(33)}${']'.repeat(33)}`],
  ])('refuses %s', (_, text) => refused(text));

  test('accepts 32 levels', () => {
    expect(() => parseJson(`${'['.repeat(32)}${']'.repeat(32)}`)).not.toThrow();
  });

  test.each([
    ['as an escape', '["\\ud83d"]'],
    ['as an escape in capitals', '["\\uDBFF"]'],
    ['its halves exchanged', '["\\udcbb\\ud83d"]'],
    ['in a key', '{"a":[{"\\udcbb":1}]}'],
    ['as it is', '["\ud83d"]'],
  ])('refuses half a surrogate pair, %s', (_, text) => refused(text));

  test('takes a whole surrogate pair for its character, and an escaped backslash for itself', () => {
    expect(parseJson('["\\ud83d\\udcbb","\\\\ud83d"]')).toEqual(['\u{1f4bb}', '\\ud83d']);
  });

  test('refuses bytes that are not UTF-8', () => refused(Uint8Array.of(0x22, 0xff, 0x22)));
});

describe('canonicalizeJson (RFC 8785)', () => {
  test("gives the RFC's own example", () => {
    const value = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(canonicalizeJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  test('sorts members by UTF-16 code units', () => {
    const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u0080': 5, '\ud83d\ude02': 6, '\u00f6': 7 };
    expect([...canonicalizeJson(value).matchAll(/:(\d)/g)].map(([, digit]) => digit).join('')).toBe('2457163');
  });

  test('says the same whatever the order of members, and JSON.parse reads it back', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const reversed = Object.fromEntries(Object.entries(object).reverse());
        expect(canonicalizeJson(reversed)).toBe(canonicalizeJson(object));
        expect(JSON.parse(canonicalizeJson(object))).toEqual(JSON.parse(JSON.stringify(object)));
      }),
    );
  });

  test('leaves out members that are undefined, and refuses what JSON cannot say', () => {
    expect(canonicalizeJson({ b: undefined, a: 1 })).toBe('{"a":1}');
    for (const value of [Number.NaN, 1n, undefined, [() => 1]])
      expect(() => canonicalizeJson(value)).toThrow(TypeError);
  });
});
