/** Shares of a whole as one bar, each with its own pattern beside its colour; amounts as bars, and over time as columns. */
import { html } from 'hono/html';
import type { Html } from './layout.ts';
import { formatNumber } from './words.ts';

export interface Part {
  readonly name: string;
  readonly value: number;
}

/** Parts of 0 or less take no room. */
export function shareBar(title: string, parts: readonly Part[], unit: string): Html {
  const whole = parts.reduce((sum, part) => sum + Math.max(0, part.value), 0);
  if (whole <= 0) return html``;
  const description = parts.map((part) => `${part.name} ${formatNumber(part.value)} ${unit}`).join(', ');
  let left = 0;
  return html`<figure class="dpp-figure"><svg role="img" aria-label="${`${title}: ${description}`}" viewBox="0 0 1000 56" preserveAspectRatio="none" xmlns="http://www.w3.org/2000/svg">${patterns('bar')}${parts.map(
    (part, i) => {
      const width = (Math.max(0, part.value) / whole) * 1000;
      const x = left;
      left += width;
      if (width === 0) return '';
      return html`<rect x="${round(x)}" y="0" width="${round(Math.max(1, width - 3))}" height="56" fill="${COLOURS[i % COLOURS.length]}"></rect><rect x="${round(x)}" y="0" width="${round(Math.max(1, width - 3))}" height="56" fill="${`url(#bar-${i % COLOURS.length})`}"></rect>`;
    },
  )}</svg></figure>`;
}

/** The key to a part of the bar, for the table's row. */
export function swatch(index: number): Html {
  const i = index % COLOURS.length;
  return html`<svg class="dpp-swatch" aria-hidden="true" focusable="false" viewBox="0 0 24 16" xmlns="http://www.w3.org/2000/svg">${patterns(`swatch-${index}`)}<rect width="24" height="16" fill="${COLOURS[i]}"></rect><rect width="24" height="16" fill="${`url(#swatch-${index}-${i})`}"></rect></svg>`;
}

/** Told apart by everybody only with their patterns. */
export const COLOURS = ['#12436d', '#28a197', '#f46a25', '#a285d1', '#b1b4b6'] as const;

/** One pattern for each colour: plain, rising lines, dots, upright lines, level lines. */
export function patterns(prefix: string): Html {
  const mark = { stroke: '#fff', width: 2 } as const;
  return html`<defs><pattern id="${`${prefix}-0`}" width="8" height="8" patternUnits="userSpaceOnUse"></pattern><pattern id="${`${prefix}-1`}" width="8" height="8" patternUnits="userSpaceOnUse"><path d="M0 8L8 0" stroke="${mark.stroke}" stroke-width="${mark.width}"></path></pattern><pattern id="${`${prefix}-2`}" width="8" height="8" patternUnits="userSpaceOnUse"><circle cx="4" cy="4" r="1.5" fill="${mark.stroke}"></circle></pattern><pattern id="${`${prefix}-3`}" width="6" height="8" patternUnits="userSpaceOnUse"><path d="M3 0V8" stroke="${mark.stroke}" stroke-width="${mark.width}"></path></pattern><pattern id="${`${prefix}-4`}" width="8" height="6" patternUnits="userSpaceOnUse"><path d="M0 3H8" stroke="${mark.stroke}" stroke-width="${mark.width}"></path></pattern></defs>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

// ------------------------------------------------------------------------------------------------------------------- amounts

export interface Amount {
  readonly name: string;
  readonly value: number;
  /** The whole, where it is a part of something: that is its full length. Else the largest amount is. */
  readonly of?: number;
}

/** Amounts as bars below each other, each with its name and number. */
export function bars(title: string, amounts: readonly Amount[]): Html {
  const largest = Math.max(1, ...amounts.map(({ value }) => value));
  const description = amounts.map((amount) => `${amount.name} ${tell(amount)}`).join(', ');
  return html`<figure class="dpp-figure dpp-figure--amounts"><svg role="img" aria-label="${`${title}: ${description}`}" viewBox="0 0 1000 ${amounts.length * 34}" xmlns="http://www.w3.org/2000/svg" font-size="19">${amounts.map(
    (amount, i) => {
      const y = i * 34;
      const length = round((LENGTH * amount.value) / Math.max(1, amount.of ?? largest));
      const whole =
        amount.of === undefined
          ? ''
          : html`<rect x="260" y="${y + 4}" width="${LENGTH}" height="22" fill="#dee0e2"></rect>`;
      const bar =
        amount.value === 0
          ? ''
          : html`<rect x="260" y="${y + 4}" width="${Math.max(2, length)}" height="22" fill="${COLOURS[0]}"></rect>`;
      const end = 270 + (amount.of === undefined ? length : LENGTH);
      return html`<text x="250" y="${y + 22}" text-anchor="end">${amount.name}</text>${whole}${bar}<text x="${end}" y="${y + 22}">${tell(amount)}</text>`;
    },
  )}</svg></figure>`;
}

/** Of a whole bar. */
const LENGTH = 500;

function tell({ value, of }: Amount): string {
  return of === undefined ? formatNumber(value) : `${formatNumber(value)} of ${formatNumber(of)}`;
}

/** Numbers of equal steps of time as columns beside each other. */
export function steps(title: string, values: readonly number[]): Html {
  const largest = Math.max(1, ...values);
  const width = 1000 / Math.max(1, values.length);
  const description = `${formatNumber(values.reduce((sum, value) => sum + value, 0))} in all, ${formatNumber(largest)} in the busiest of ${values.length} steps`;
  return html`<figure class="dpp-figure dpp-figure--amounts"><svg role="img" aria-label="${`${title}: ${description}`}" viewBox="0 0 1000 120" xmlns="http://www.w3.org/2000/svg">${values.map(
    (value, i) => {
      const height = value === 0 ? 0 : Math.max(2, (110 * value) / largest);
      return html`<rect x="${round(i * width)}" y="${round(115 - height)}" width="${round(Math.max(1, width - 2))}" height="${round(height)}" fill="${COLOURS[1]}"></rect>`;
    },
  )}<path d="M0 116H1000" stroke="#0b0c0c" stroke-width="2"></path></svg></figure>`;
}
