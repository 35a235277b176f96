/** Pages for what went wrong: they say what happened and what to do. */
import { html } from 'hono/html';
import { code, HOME, type Html, insetText, link, page, paragraph, type Site, searchForm } from '../layout.ts';
import { paths } from '../paths.ts';

export interface ErrorContent {
  readonly title: string;
  readonly message: string;
  /** One of the core's error codes. */
  readonly code?: string | undefined;
}

export function errorPage(site: Site, error: ErrorContent): Html {
  return page(site, { title: error.title, trail: [HOME] }, [
    html`<h1 class="govuk-heading-xl">${error.title}</h1>`,
    paragraph(error.message),
    error.code === undefined ? '' : paragraph(['Code: ', code(error.code)]),
    paragraph(link(paths.home, 'Back to the start')),
    searchForm(),
  ]);
}

export function noPassportPage(site: Site, asked: string): Html {
  return page(site, { title: 'No passport found', section: 'home', trail: [HOME] }, [
    html`<h1 class="govuk-heading-xl">No passport found</h1>`,
    html`<p class="govuk-body-l">Nothing on this ledger speaks of what was asked for, nor of its production batch or model.</p>`,
    insetText(html`<span class="dpp-uri">${asked}</span>`),
    paragraph(
      'That says nothing about the device itself: its maker may publish its passport elsewhere, or not yet. Check that the link is complete.',
    ),
    searchForm(),
  ]);
}
