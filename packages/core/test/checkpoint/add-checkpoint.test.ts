import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeAddCheckpoint, LONGEST_REQUEST, parseAddCheckpoint } from '../../src/checkpoint/index.ts';

// From https://c2sp.org/tlog-witness.
const EXAMPLE = `old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
`;
const utf8 = new TextEncoder();
const refused = expect.objectContaining({ code: 'checkpoint.request' });

describe('requests to cosign a checkpoint', () => {
  it('of the specification are read, and written again to the byte', () => {
    const request = parseAddCheckpoint(utf8.encode(EXAMPLE));
    expect(request.oldSize).toBe(20_852_014);
    expect(request.proof.map((hash) => hash[0])).toEqual([0x3e, 0x8e, 0xe7, 0xff]);
    expect(request.checkpoint).toBe(EXAMPLE.slice(EXAMPLE.indexOf('example.com')));
    expect(encodeAddCheckpoint(request)).toBe(EXAMPLE);
  });

  it('come back as they were written, whatever sizes, proofs and notes', () => {
    const proof = fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 63 });
    fc.assert(
      fc.property(fc.maxSafeNat(), proof, fc.string({ unit: 'grapheme' }), (oldSize, hashes, checkpoint) => {
        const request = { oldSize, proof: hashes, checkpoint };
        expect(parseAddCheckpoint(utf8.encode(encodeAddCheckpoint(request)))).toEqual(request);
      }),
    );
  });

  it('are refused in any other spelling', () => {
    const hash = `${EXAMPLE.split('\n')[1]}\n`;
    for (const bad of [
      ...['', '\n', 'old 5', 'old 5\n', '\n\n', `${hash}\nnote`, EXAMPLE.replace('old', 'new')],
      ...[EXAMPLE.replace('old ', 'old  '), EXAMPLE.replace('old ', 'old 0'), EXAMPLE.replace('old ', 'old -')],
      ...[
        EXAMPLE.replace('old 20852014', 'old 99999999999999999'),
        EXAMPLE.replace('old 20852014', 'old 9007199254740993'),
      ],
      ...[EXAMPLE.replace('old 20852014\n', 'old 20852014\r\n'), EXAMPLE.replace('pkaw=', 'pkaw'), ` ${EXAMPLE}`],
      ...[EXAMPLE.replace('pkaw=', 'pkax='), EXAMPLE.replace('PlRN', 'P-RN'), EXAMPLE.replace('PlRNCrwH', '')],
      `old 1\n${hash.repeat(64)}\nnote`,
      `old 1\n\n${'x'.repeat(LONGEST_REQUEST)}`,
    ]) {
      expect(() => parseAddCheckpoint(utf8.encode(bad)), bad.slice(0, 60)).toThrow(refused);
    }
    expect(() => parseAddCheckpoint(Uint8Array.of(0xff, 0x0a, 0x0a))).toThrow(refused);
    expect(() => encodeAddCheckpoint({ oldSize: -1, proof: [], checkpoint: '' })).toThrow(refused);
    const many = Array.from({ length: 64 }, () => new Uint8Array(32));
    expect(() => encodeAddCheckpoint({ oldSize: 1, proof: many, checkpoint: '' })).toThrow(refused);
  });

  it('are nothing that arbitrary bytes make the reader throw anything else for', () => {
    const text = fc.array(fc.constantFrom('old ', '0', '7', '\n', '\n\n', 'A'.repeat(43), '=', '\r', ' '));
    const bytes = fc.oneof(
      fc.uint8Array(),
      text.map((parts) => utf8.encode(parts.join(''))),
    );
    fc.assert(
      fc.property(bytes, (body) => {
        try {
          expect(encodeAddCheckpoint(parseAddCheckpoint(body))).toBe(new TextDecoder().decode(body));
        } catch (error) {
          expect(error).toEqual(refused);
        }
      }),
    );
  });
});
