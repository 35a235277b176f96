import { describe, expect, it } from 'vitest';
import type { DppError } from '../../src/index.ts';
import { formatLot, parseLot } from '../../src/materials/index.ts';

const LEDGER = 'eip155:31337:0x5fbdb2315678afecb367f032d93f642f64180aa3';
const LOT = `0x${'ab'.repeat(32)}` as const;

describe("a lot's URI", () => {
  it('names the ledger and the lot, and reads back', () => {
    const uri = formatLot(LEDGER, LOT);
    expect(uri).toBe(`${LEDGER}#lot-${'ab'.repeat(32)}`);
    expect(parseLot(uri)).toEqual({ ledger: LEDGER, lot: LOT });
  });

  it.each([
    ['upper case', `${LEDGER}#lot-${'AB'.repeat(32)}`],
    ['an address with a checksum', `eip155:31337:0x5FbDB2315678afecb367f032d93F642f64180aa3#lot-${'ab'.repeat(32)}`],
    ['0x before the id', `${LEDGER}#lot-0x${'ab'.repeat(32)}`],
    ['too few digits', `${LEDGER}#lot-${'ab'.repeat(31)}`],
    ['another fragment', `${LEDGER}#status-1-2`],
    ['something after it', `${LEDGER}#lot-${'ab'.repeat(32)}/x`],
    ['a line break', `${LEDGER}#lot-${'ab'.repeat(32)}\n`],
  ])('has one spelling: not with %s', (_, uri) => {
    expect(() => parseLot(uri)).toThrow(expect.objectContaining({ code: 'materials.lot' }) as DppError);
  });

  it('is quoted in a refusal as far as a URI may go', () => {
    const refusal = (uri: string) => {
      try {
        parseLot(uri);
      } catch (error) {
        return (error as DppError).message;
      }
      return '';
    };
    expect(refusal('x'.repeat(140))).toContain(`"${'x'.repeat(140)}"`);
    expect(refusal('x'.repeat(100_000))).toContain(`"${'x'.repeat(140)}"`);
  });
});
