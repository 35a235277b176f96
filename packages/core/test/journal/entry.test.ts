import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes, decodeHex, encodeHex } from '../../src/bytes.ts';
import { DppError } from '../../src/errors.ts';
import { decodeEntry, type Entry, type EntryOf, encodeEntry, LONGEST_ENTRY } from '../../src/journal/entry.ts';
import { anyEntry } from './arbitraries.ts';

const account = `0x${'a1'.repeat(20)}` as const;
const digest = `0x${'d2'.repeat(32)}` as const;
const header = { blockNumber: 0x0102, blockTime: 0x0304, actor: { kind: 'controller', id: account } } as const;
const refused = expect.objectContaining({ code: 'journal.entry' });

const anchored: EntryOf<'anchored'> = {
  ...header,
  kind: 'anchored',
  issuer: digest,
  roles: 3,
  root: digest,
  size: 16_384,
  manifest: digest,
  allocations: [],
};
const statusSet: EntryOf<'statusSet'> = {
  ...header,
  kind: 'statusSet',
  issuer: digest,
  list: 7n,
  status: 'revoked',
  reason: 'recall',
  words: [{ number: 511, bits: 1n }],
};
const accredited: EntryOf<'accredited'> = {
  ...header,
  kind: 'accredited',
  issuer: digest,
  number: 1,
  roles: 1,
  controller: account,
  did: 'did:web:maker.example',
};

function replaced(entry: Entry, offset: number, hex: string): Uint8Array {
  const bytes = encodeEntry(entry);
  bytes.set(decodeHex(`0x${hex}`), offset);
  return bytes;
}

describe('the bytes of an entry', () => {
  test('are those of the specification', () => {
    const d = digest.slice(2);
    expect(encodeHex(encodeEntry(anchored))).toBe(
      `0x01200000000000000102000000000000030401${'00'.repeat(12)}${account.slice(2)}${d}0003${d}4000${d}00`,
    );
    expect(encodeHex(encodeEntry({ ...statusSet, actor: { kind: 'key', id: digest } }))).toBe(
      `0x01300000000000000102000000000000030403${d}${d}0000000000000007010201` + `01ff${'0'.repeat(63)}1`,
    );
    expect(encodeHex(encodeEntry(accredited)).slice(2 + 102)).toBe(
      `${d}000000010001${account.slice(2)}0015${encodeHex(new TextEncoder().encode(accredited.did)).slice(2)}`,
    );
  });

  test('decode to what was encoded, whatever the kind', () => {
    fc.assert(
      fc.property(anyEntry, (entry) => {
        expect(decodeEntry(encodeEntry(entry))).toEqual(entry);
      }),
    );
  });

  test('have one spelling: any bytes are refused or encode to themselves', () => {
    fc.assert(
      fc.property(anyEntry, fc.nat(400), fc.nat(255), (entry, offset, value) => {
        const bytes = encodeEntry(entry);
        bytes[offset % bytes.length] = value;
        let decoded: Entry;
        try {
          decoded = decodeEntry(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(DppError);
          expect(error).toEqual(refused);
          return;
        }
        expect(encodeEntry(decoded)).toEqual(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  test('are refused where they end early, wherever that is, and where bytes follow', () => {
    fc.assert(
      fc.property(anyEntry, fc.nat(), (entry, at) => {
        const bytes = encodeEntry(entry);
        expect(() => decodeEntry(bytes.subarray(0, at % bytes.length))).toThrow(refused);
        expect(() => decodeEntry(concatBytes(bytes, Uint8Array.of(0)))).toThrow(refused);
      }),
    );
  });

  test.each<[string, Uint8Array]>([
    ['no bytes', new Uint8Array()],
    ['an unknown version', replaced(anchored, 0, '02')],
    ['an unknown kind', replaced(anchored, 1, '21')],
    ['a kind that is kept for materials', replaced(anchored, 1, '40')],
    ['kind 0', replaced(anchored, 1, '00')],
    ['an actor of kind 0', replaced(anchored, 18, '00')],
    ['an actor of kind 6', replaced(anchored, 18, '06')],
    ['an account that is not padded with zeros', replaced(anchored, 30, '01')],
    ['a block number above 2^53', replaced(anchored, 2, '0020000000000000')],
    ['a block time above 2^53', replaced(anchored, 10, 'ffffffffffffffff')],
    ['a status of neither bit', replaced(statusSet, 51 + 40, '03')],
    ['an unknown reason', replaced(statusSet, 51 + 41, '06')],
    ['reason 0', replaced(statusSet, 51 + 41, '00')],
    ['a word beyond the list', replaced(statusSet, 51 + 43, '0200')],
    ['more words than there are', replaced(statusSet, 51 + 42, '02')],
    ['fewer words than there are', replaced(statusSet, 51 + 42, '00')],
    ['text that is not UTF-8', replaced(accredited, 51 + 32 + 4 + 2 + 20 + 2, 'ff')],
    ['text that is longer than the entry', replaced(accredited, 51 + 32 + 4 + 2 + 20, 'ffff')],
    ['more bytes than the longest entry', new Uint8Array(LONGEST_ENTRY + 1).fill(1)],
  ])('are refused: %s', (_, bytes) => {
    expect(() => decodeEntry(bytes)).toThrow(refused);
  });

  test('keep a byte order mark in text, so that the DID hashes to its issuer', () => {
    const did = '\u{feff}did:web:maker.example';
    expect(decodeEntry(encodeEntry({ ...accredited, did }))).toHaveProperty('did', did);
  });
});

describe('a value that does not fit', () => {
  test.each<[string, Entry]>([
    ['a size of 65,536', { ...anchored, size: 65_536 }],
    ['a negative time', { ...anchored, blockTime: -1 }],
    ['half a second', { ...anchored, blockTime: 0.5 }],
    ['a list of 65 bits', { ...statusSet, list: 2n ** 64n }],
    ['a negative list', { ...statusSet, list: -1n }],
    ['256 words', { ...statusSet, words: new Array(256).fill({ number: 0, bits: 1n }) }],
    ['more words than fit an entry', { ...statusSet, words: new Array(255).fill({ number: 0, bits: 1n }) }],
    ['half a surrogate pair', { ...accredited, did: '\ud800' }],
  ])('%s is refused', (_, entry) => {
    expect(() => encodeEntry(entry)).toThrow(refused);
  });

  test('an account of 32 bytes is refused', () => {
    expect(() => encodeEntry({ ...accredited, controller: digest })).toThrow(
      expect.objectContaining({ code: 'input.encoding' }),
    );
  });
});
