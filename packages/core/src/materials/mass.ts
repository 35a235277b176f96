/** Masses as people write them; inside they are integers of milligrams, because sums must come out exactly. */
import { InvalidInputError } from '../errors.ts';

/** Milligrams in each unit, from the largest. */
const UNITS = [
  ['t', 9],
  ['kg', 6],
  ['g', 3],
  ['mg', 0],
] as const;

/** "12 kg", "0.5g", "12000000 mg": milligrams, exactly. Errors: `materials.mass`, also for parts of a milligram and for nothing. */
export function parseMass(text: string): bigint {
  const [, whole, fraction = '', unit] = /^\s*(\d{1,18})(?:\.(\d{1,9}))?\s*(t|kg|g|mg)\s*$/.exec(text) ?? [];
  const zeros = UNITS.find(([name]) => name === unit)?.[1];
  const decimals = fraction.replace(/0+$/, '');
  if (whole !== undefined && zeros !== undefined && decimals.length <= zeros) {
    const milligrams = BigInt(whole + decimals.padEnd(zeros, '0'));
    if (milligrams > 0n) return milligrams;
  }
  throw new InvalidInputError(
    'materials.mass',
    `"${text.slice(0, 40)}" is no mass: expected whole milligrams, at least one, such as 12 kg, 0.5 g or 250 mg.`,
  );
}

/** The inverse of `parseMass`, in the largest unit of which there is one or more; exact. */
export function formatMass(milligrams: bigint): string {
  const digits = String(milligrams);
  const [unit, zeros] = UNITS.find(([, exponent]) => digits.length > exponent) ?? ['mg', 0];
  const whole = digits.slice(0, digits.length - zeros);
  const fraction = digits.slice(digits.length - zeros).replace(/0+$/, '');
  return `${whole}${fraction === '' || zeros === 0 ? '' : `.${fraction}`} ${unit}`;
}
