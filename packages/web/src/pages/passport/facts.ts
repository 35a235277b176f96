/** How a passport’s facts are written: what is disclosed, what is not, and where a figure comes from. */
import type { PassportView } from '@dpp-ledger/core/passport';
import { html } from 'hono/html';
import { type Content, externalLink, type Html, paragraph, shortCode, summaryList } from '../../layout.ts';
import { formatDate, formatNumber } from '../../words.ts';

/** What a fact has no sense for at this level: neither shown nor missed. */
export const NOT_ASKED = Symbol('not asked');

/** What is disclosed as a list; the rest by name, so that nobody takes it for zero. */
export function facts(rows: readonly (readonly [name: string, value: Content | typeof NOT_ASKED])[]): Content {
  const asked = rows.filter((row): row is readonly [string, Content] => row[1] !== NOT_ASKED);
  const absent = asked.filter(([, value]) => value === undefined).map(([name]) => name);
  return [
    summaryList(asked),
    absent.length === 0 ? '' : html`<p class="govuk-body dpp-missing">Not disclosed: ${absent.join('; ')}.</p>`,
  ];
}

type Source = NonNullable<PassportView['massSource']>;

export function source(from: Source | undefined, of: string): Content {
  if (from === undefined) return '';
  return paragraph([
    `Source (${of.toLowerCase()}): `,
    externalLink(from.url, from.title),
    from.published === undefined ? '' : `, published ${formatDate(from.published)}`,
    from.retrieved === undefined ? '' : `, read ${formatDate(from.retrieved)}`,
    '.',
  ]);
}

export function distinctSources(sources: readonly (Source | undefined)[]): Content[] {
  const byUrl = new Map(sources.filter((each) => each !== undefined).map((each) => [each.url, each]));
  return [...byUrl.values()].map((each) => source(each, 'Materials'));
}

export function missing(): Html {
  return html`<span class="dpp-missing">not disclosed</span>`;
}

export function notDisclosed(): Html {
  return paragraph(missing());
}

export function withUnit(value: number | undefined, unit: string): string | undefined {
  if (value === undefined) return undefined;
  return unit === '%' ? `${formatNumber(value)}%` : `${formatNumber(value)}\u00a0${unit}`;
}

export function numeral(value: number | undefined): string | undefined {
  return value === undefined ? undefined : formatNumber(value);
}

/** Figures of any size: what three decimals would round to zero keeps its digits. */
export function small(value: number | undefined, unit: string): string | undefined {
  if (value === undefined || value === 0 || value >= 0.1) return withUnit(value, unit);
  return `${Number(value.toPrecision(3))}\u00a0${unit}`;
}

export function digestOf(hex: string | undefined): Content {
  return hex === undefined ? undefined : shortCode(hex);
}

/** A document, with its digest where the maker gave one. */
export function file(url: string | undefined, sha256: string | undefined, title?: string): Content {
  if (url === undefined) return undefined;
  const linked = externalLink(url, title);
  return sha256 === undefined ? linked : [linked, ' (SHA-256 ', shortCode(sha256), ')'];
}

export function date(text: string | undefined): string | undefined {
  return text === undefined ? undefined : formatDate(text);
}

export function yesNo(value: boolean | undefined): string | undefined {
  return value === undefined ? undefined : value ? 'Yes' : 'No';
}

export function outOfTen(value: number | undefined): string | undefined {
  return value === undefined ? undefined : `${formatNumber(value)} out of 10`;
}
