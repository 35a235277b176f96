/** Shares of a whole as one horizontal bar. Each part has its own pattern beside its colour; the table beside the bar says the numbers. */
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
  return html`<figure class="dpp-figure"><svg role="img" aria-label="${`${title}: ${description}`}" viewBox="0 0 1000 56" preserveAspectRatio="none" xmlns="http://www.w3.org/2000/svg">${defs('bar')}${parts.map(
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
  return html`<svg class="dpp-swatch" aria-hidden="true" focusable="false" viewBox="0 0 24 16" xmlns="http://www.w3.org/2000/svg">${defs(`swatch-${index}`)}<rect width="24" height="16" fill="${COLOURS[i]}"></rect><rect width="24" height="16" fill="${`url(#swatch-${index}-${i})`}"></rect></svg>`;
}

const COLOURS = ['#12436d', '#28a197', '#f46a25', '#a285d1', '#b1b4b6'] as const;

/** One pattern for each colour: plain, rising lines, dots, upright lines, level lines. */
function defs(prefix: string): Html {
  const mark = { stroke: '#fff', width: 2 } as const;
  return html`<defs><pattern id="${`${prefix}-0`}" width="8" height="8" patternUnits="userSpaceOnUse"></pattern><pattern id="${`${prefix}-1`}" width="8" height="8" patternUnits="userSpaceOnUse"><path d="M0 8L8 0" stroke="${mark.stroke}" stroke-width="${mark.width}"></path></pattern><pattern id="${`${prefix}-2`}" width="8" height="8" patternUnits="userSpaceOnUse"><circle cx="4" cy="4" r="1.5" fill="${mark.stroke}"></circle></pattern><pattern id="${`${prefix}-3`}" width="6" height="8" patternUnits="userSpaceOnUse"><path d="M3 0V8" stroke="${mark.stroke}" stroke-width="${mark.width}"></path></pattern><pattern id="${`${prefix}-4`}" width="8" height="6" patternUnits="userSpaceOnUse"><path d="M0 3H8" stroke="${mark.stroke}" stroke-width="${mark.width}"></path></pattern></defs>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
