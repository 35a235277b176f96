/**
 * Values of UNTP documents that nobody has checked: each is read as what it should be, or not at all.
 */

/** An object with whatever members. */
export type Bag = { readonly [key: string]: unknown };

/** How many of the wanted unit one of the other is. */
const CONVERSIONS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  KGM: { GRM: 0.001, MGM: 0.000001, TNE: 1000 },
  GRM: { KGM: 1000, MGM: 0.001, TNE: 1_000_000 },
  MMT: { CMT: 10, MTR: 1000, INH: 25.4 },
};

/** The value of a UNTP Measure in `unit`; `undefined` in a unit that cannot be converted to it. */
export function measureOf(value: unknown, unit: string | undefined): number | undefined {
  const measure = bagOf(value);
  const amount = numberOf(measure.value);
  if (amount === undefined || measure.unit === unit) return amount;
  const factor = CONVERSIONS[unit ?? '']?.[textOf(measure.unit) ?? ''];
  return factor === undefined ? undefined : Number((amount * factor).toPrecision(12));
}

export function bagOf(value: unknown): Bag {
  return isBag(value) ? value : {};
}

function isBag(value: unknown): value is Bag {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function bagsOf(value: unknown): readonly Bag[] {
  return Array.isArray(value) ? value.map(bagOf) : [];
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** A performance that was measured or scored. */
export interface Figure {
  readonly name: string | undefined;
  readonly value: number | string;
  /** UN/CEFACT code; `undefined` for a score. */
  readonly unit: string | undefined;
}

/** Measured or scored performances (UNTP Performance). */
export function figuresOf(performances: unknown): Figure[] {
  return bagsOf(performances).flatMap(({ metric, measure, score }) => {
    const value = numberOf(bagOf(measure).value) ?? textOf(bagOf(score).code);
    return value === undefined ? [] : [{ name: textOf(bagOf(metric).name), value, unit: textOf(bagOf(measure).unit) }];
  });
}

/** UN/CEFACT Recommendation 20, as people write it; other codes stand for themselves. */
const UNIT_WORDS: Readonly<Record<string, string>> = {
  P1: '%',
  KGM: 'kg',
  GRM: 'g',
  MGM: 'mg',
  TNE: 't',
  KWH: 'kWh',
  '3B': 'MJ',
  MTQ: 'm³',
  C34: 'mol',
  MMT: 'mm',
  WTT: 'W',
  ANN: 'years',
  MON: 'months',
  HUR: 'hours',
  C62: '',
};

/** "52 %", "1.2 kg", "7". */
export function formatMeasure(value: number, unit: string): string {
  return `${value} ${UNIT_WORDS[unit] ?? unit}`.trimEnd();
}
