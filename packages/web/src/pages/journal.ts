/** Every entry that the ledger ever made, in order. */
import { html } from 'hono/html';
import { describeActor, describeEntry } from '../entries.ts';
import {
  type Content,
  code,
  HOME,
  type Html,
  link,
  page,
  pagination,
  paragraph,
  type Site,
  shortCode,
  shortTime,
  table,
} from '../layout.ts';
import { paths } from '../paths.ts';
import type { JournalPage } from '../reader.ts';
import { formatNumber, plural, spellOut } from '../words.ts';

export function journalPage(site: Site, journal: JournalPage, perPage: number): Html {
  const { treeHead, from, entries } = journal;
  const last = from + entries.length;
  return page(site, { title: 'Journal', section: 'journal', trail: [HOME] }, [
    html`<h1 class="govuk-heading-xl">Journal</h1>`,
    html`<p class="govuk-body-l">Everything that ever happened on this ledger, in order. Nothing can be taken out or changed: every entry is a leaf of one tree, and the contract keeps its root.</p>`,
    paragraph([`${plural(treeHead.size, 'entry')}. Root: `, code(treeHead.root)]),
    paragraph(['To check it all yourself: ', code('dpp replay'), '.']),
    entries.length === 0
      ? paragraph('There are no entries from here on.')
      : table({
          caption: `Entries ${formatNumber(from)} to ${formatNumber(last - 1)}`,
          columns: [{ text: 'Entry' }, { text: 'What happened' }],
          rows: entries.map((row) => ({
            id: `entry-${row.index}`,
            cells: [row.index, describeRow(row)],
          })),
        }),
    pagination('Entries', {
      previous: from > 0 ? paths.journalFrom(Math.max(0, from - perPage)) : undefined,
      next: last < treeHead.size && entries.length > 0 ? paths.journalFrom(last) : undefined,
    }),
  ]);
}

function describeRow({ entry, issuer, leaf }: JournalPage['entries'][number]): Html {
  const links: Content[] = [];
  if (entry.kind === 'anchored') links.push(' ', link(paths.batch(entry.root), 'The batch'));
  if (issuer !== undefined) links.push(' ', link(paths.issuer(issuer.id), 'The issuer'));
  return html`<div class="dpp-uri"><strong>${sentenceCase(spellOut(entry.kind))}.</strong> ${describeEntry(entry, issuer?.name ?? issuer?.id)}${links}</div>
<div class="govuk-body-s govuk-!-margin-bottom-0 dpp-missing">${shortTime(entry.blockTime)}, block ${formatNumber(entry.blockNumber)}, by ${describeActor(entry)}; leaf ${shortCode(leaf)}</div>`;
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
