/** The page around every page, and the parts that pages are made of. Everything that is not markup of ours is escaped by `html`. */
import { html, raw } from 'hono/html';
import { paths } from './paths.ts';
import type { PassportSummary } from './reader.ts';
import { formatShortTime, formatTime, nameSubject, shorten } from './words.ts';

export type Html = ReturnType<typeof html>;
/** Text is escaped; markup comes from `html` only. */
export type Content = Html | string | number | undefined | readonly Content[];

export interface PageOptions {
  /** Without the service's name. */
  readonly title: string;
  /** Which part of the navigation the page belongs to. */
  readonly section?: 'home' | 'issuers' | 'batches' | 'journal' | 'how';
  /** From the home page down to the parent of this page. */
  readonly trail?: readonly { readonly text: string; readonly href: string }[];
}

/** File names of the assets; they carry digests, so they are known at start only. */
export interface Site {
  readonly name: string;
  readonly stylesheet: string;
  readonly icon: string;
  /** Path of the API's documentation page, if there is one. */
  readonly documentation: string | undefined;
}

const NAVIGATION = [
  { section: 'home', text: 'Find a passport', href: paths.home },
  { section: 'issuers', text: 'Issuers', href: paths.issuers },
  { section: 'batches', text: 'Batches', href: paths.batches },
  { section: 'journal', text: 'Journal', href: paths.journal },
  { section: 'how', text: 'How verification works', href: paths.how },
] as const;

export function page(site: Site, { title, section, trail }: PageOptions, main: Content): Html {
  return html`<!DOCTYPE html>
<html lang="en" class="govuk-template">
<head>
<meta charset="utf-8">
<title>${title} – ${site.name}</title>
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="theme-color" content="#12436d">
<link rel="icon" href="${paths.asset(site.icon)}" type="image/svg+xml">
<link rel="stylesheet" href="${paths.asset(site.stylesheet)}">
</head>
<body class="govuk-template__body">
<a href="#main-content" class="govuk-skip-link">Skip to main content</a>
<header class="dpp-header">
<div class="govuk-width-container"><a class="dpp-header__name" href="${paths.home}">${MARK}${site.name}</a></div>
</header>
<div class="govuk-service-navigation">
<div class="govuk-width-container">
<div class="govuk-service-navigation__container">
<nav aria-label="Menu" class="govuk-service-navigation__wrapper">
<ul class="govuk-service-navigation__list">${NAVIGATION.map((item) =>
    item.section === section
      ? html`<li class="govuk-service-navigation__item govuk-service-navigation__item--active"><a class="govuk-service-navigation__link" href="${item.href}" aria-current="true"><strong class="govuk-service-navigation__active-fallback">${item.text}</strong></a></li>`
      : html`<li class="govuk-service-navigation__item"><a class="govuk-service-navigation__link" href="${item.href}">${item.text}</a></li>`,
  )}</ul>
</nav>
</div>
</div>
</div>
<div class="govuk-width-container">
${trail === undefined ? '' : breadcrumbs(trail)}
<main class="govuk-main-wrapper" id="main-content">
${main}
</main>
</div>
<footer class="govuk-footer">
<div class="govuk-width-container">
<div class="govuk-footer__meta">
<div class="govuk-footer__meta-item govuk-footer__meta-item--grow">
<h2 class="govuk-visually-hidden">About this service</h2>
<ul class="govuk-footer__inline-list">
<li class="govuk-footer__inline-list-item"><a class="govuk-footer__link" href="${paths.how}">How verification works</a></li>
${
  site.documentation === undefined
    ? ''
    : html`<li class="govuk-footer__inline-list-item"><a class="govuk-footer__link" href="${site.documentation}">API documentation</a></li>`
}
</ul>
<p>Pages show what this server found. Nothing on them has to be believed: every passport can be checked without this server.</p>
</div>
</div>
</div>
</footer>
</body>
</html>
`;
}

function breadcrumbs(trail: NonNullable<PageOptions['trail']>): Html {
  return html`<nav class="govuk-breadcrumbs" aria-label="Breadcrumb"><ol class="govuk-breadcrumbs__list">${trail.map(
    (step) =>
      html`<li class="govuk-breadcrumbs__list-item"><a class="govuk-breadcrumbs__link" href="${step.href}">${step.text}</a></li>`,
  )}</ol></nav>`;
}

export function heading(level: 2 | 3, text: Content, id?: string): Html {
  const size = level === 2 ? 'l' : 'm';
  const identifier = id === undefined ? '' : html` id="${id}"`;
  return level === 2
    ? html`<h2 class="govuk-heading-${size}"${identifier}>${text}</h2>`
    : html`<h3 class="govuk-heading-${size}"${identifier}>${text}</h3>`;
}

export function paragraph(content: Content): Html {
  return html`<p class="govuk-body">${content}</p>`;
}

export function link(href: string, text: Content): Html {
  return html`<a class="govuk-link" href="${href}">${text}</a>`;
}

/**
 * A link to somewhere else, from text that others wrote: only http and https become links, everything else stays text, so that a source
 * named `javascript:...` runs nothing.
 */
export function externalLink(url: string, text?: string): Html {
  const label = text ?? url;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !['https:', 'http:'].includes(parsed.protocol)) {
    return html`<span class="dpp-uri">${label}${text === undefined || text === url ? '' : ` (${url})`}</span>`;
  }
  return html`<a class="govuk-link dpp-uri" href="${parsed.href}" rel="noopener noreferrer nofollow">${label}</a>`;
}

export function code(text: string): Html {
  return html`<code class="dpp-code">${text}</code>`;
}

/** Short on the page; the whole is one tooltip away, and in the page's text for who copies it. */
export function shortCode(text: string): Html {
  return html`<code class="dpp-code" title="${text}">${shorten(text)}</code>`;
}

export function time(seconds: number): Html {
  return html`<time datetime="${new Date(seconds * 1000).toISOString()}">${formatTime(seconds)}</time>`;
}

/** For tables. */
export function shortTime(seconds: number): Html {
  return html`<time datetime="${new Date(seconds * 1000).toISOString()}">${formatShortTime(seconds)}</time>`;
}

/** A list of names and values; a value that is `undefined` is left out. */
export function summaryList(rows: readonly (readonly [name: string, value: Content])[]): Html {
  const present = rows.filter(([, value]) => value !== undefined);
  if (present.length === 0) return html``;
  return html`<dl class="govuk-summary-list">${present.map(
    ([name, value]) =>
      html`<div class="govuk-summary-list__row"><dt class="govuk-summary-list__key">${name}</dt><dd class="govuk-summary-list__value">${value}</dd></div>`,
  )}</dl>`;
}

export interface TableOptions {
  readonly caption: Content;
  readonly columns: readonly { readonly text: string; readonly numeric?: boolean }[];
  /** The first cell of a row is its header. */
  readonly rows: readonly { readonly id?: string; readonly cells: readonly Content[] }[];
}

/** A table that scrolls by itself where a screen is too narrow for it. */
export function table({ caption, columns, rows }: TableOptions): Html {
  const label = columns.map((column) => column.text).join(', ');
  return html`<div class="dpp-scroll" role="group" aria-label="${`Table: ${label}`}" tabindex="0"><table class="govuk-table"><caption class="govuk-table__caption govuk-table__caption--s">${caption}</caption><thead class="govuk-table__head"><tr class="govuk-table__row">${columns.map(
    (column) =>
      html`<th scope="col" class="govuk-table__header${column.numeric ? ' govuk-table__header--numeric' : ''}">${column.text}</th>`,
  )}</tr></thead><tbody class="govuk-table__body">${rows.map(
    (row) =>
      html`<tr class="govuk-table__row"${row.id === undefined ? '' : html` id="${row.id}"`}>${row.cells.map(
        (cell, i) => {
          const numeric = columns[i]?.numeric === true;
          return i === 0
            ? html`<th scope="row" class="govuk-table__header">${cell}</th>`
            : html`<td class="govuk-table__cell${numeric ? ' govuk-table__cell--numeric' : ''}">${cell}</td>`;
        },
      )}</tr>`,
  )}</tbody></table></div>`;
}

export type TagColour = 'green' | 'red' | 'yellow' | 'blue' | 'grey';

export function tag(colour: TagColour, text: string): Html {
  return html`<strong class="govuk-tag govuk-tag--${colour}">${text}</strong>`;
}

export function insetText(content: Content): Html {
  return html`<div class="govuk-inset-text">${content}</div>`;
}

export function warning(content: Content): Html {
  return html`<div class="govuk-warning-text"><span class="govuk-warning-text__icon" aria-hidden="true">!</span><strong class="govuk-warning-text__text"><span class="govuk-visually-hidden">Warning</span> ${content}</strong></div>`;
}

export function bulletList(items: readonly Content[]): Html {
  return html`<ul class="govuk-list govuk-list--bullet">${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

export function searchForm(text = ''): Html {
  return html`<form class="dpp-search govuk-!-margin-bottom-6 dpp-no-print" action="${paths.search()}" method="get" role="search"><div class="govuk-form-group"><label class="govuk-label govuk-label--s" for="search">Find a passport</label><div class="govuk-hint" id="search-hint">A label’s link, a serial, a GTIN, a device’s name, a CID or an issuer’s DID</div><input class="govuk-input" id="search" name="q" type="search" value="${text}" maxlength="600" autocomplete="off" spellcheck="false" aria-describedby="search-hint"></div><button type="submit" class="govuk-button">Search</button></form>`;
}

/** Links to the part before and the part after. */
export function pagination(
  label: string,
  { previous, next }: { readonly previous?: string | undefined; readonly next?: string | undefined },
): Html {
  if (previous === undefined && next === undefined) return html``;
  return html`<nav class="govuk-pagination" aria-label="${label}">${
    previous === undefined
      ? ''
      : html`<div class="govuk-pagination__prev"><a class="govuk-link govuk-pagination__link" href="${previous}" rel="prev"><span class="govuk-pagination__link-title">Previous</span></a></div>`
  }${
    next === undefined
      ? ''
      : html`<div class="govuk-pagination__next"><a class="govuk-link govuk-pagination__link" href="${next}" rel="next"><span class="govuk-pagination__link-title">Next</span></a></div>`
  }</nav>`;
}

const MARK = raw(
  '<svg aria-hidden="true" focusable="false" viewBox="0 0 32 32"><path d="M4 4h10v10H4zM18 18h10v10H18zM18 4h10v4h-6v6h-4zM4 18h4v6h6v4H4z" fill="currentColor"/></svg>',
);

export const HOME = { text: 'Home', href: paths.home } as const;

/** The name with what tells it from others of the same name. */
export function nameDevice({ cid, name, subject }: PassportSummary): Html {
  return html`${link(paths.passport(cid), name)}<br><span class="dpp-missing dpp-uri govuk-!-font-weight-regular">${nameSubject(subject)}</span>`;
}

export function statusTag(status: PassportSummary['status']): Html {
  switch (status) {
    case 'current':
      return tag('green', 'Current');
    case 'superseded':
      return tag('yellow', 'Superseded');
    case 'revoked':
      return tag('red', 'Revoked');
    case 'doubtful':
      return tag('red', 'Do not rely on it');
    case 'unknown':
      return tag('grey', 'Not known');
  }
}
