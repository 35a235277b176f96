/** Every entry that the ledger ever made, in order. */
import { html } from 'hono/html';
import { describeActor, describeEntry } from '../entries.ts';
import {
  type Content,
  code,
  type Html,
  link,
  page,
  pagination,
  paragraph,
  type Site,
  shortCode,
  table,
  time,
} from '../layout.ts';
import { paths } from '../paths.ts';
import type { JournalPage } from '../reader.ts';
import { formatNumber, plural, spellOut } from '../words.ts';
import { HOME } from './home.ts';

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
          columns: [
            { text: 'Entry' },
            { text: 'What happened' },
            { text: 'When' },
            { text: 'Block', numeric: true },
            { text: 'Done by' },
            { text: 'Leaf' },
          ],
          rows: entries.map(({ index, entry, issuer, leaf }) => ({
            id: `entry-${index}`,
            cells: [
              index,
              [
                html`<strong>${sentenceCase(spellOut(entry.kind))}.</strong> `,
                describeEntry(entry, issuer?.name ?? issuer?.id),
                more(entry, issuer),
              ],
              time(entry.blockTime),
              formatNumber(entry.blockNumber),
              describeActor(entry),
              shortCode(leaf),
            ],
          })),
        }),
    pagination('Entries', {
      previous: from > 0 ? paths.journalFrom(Math.max(0, from - perPage)) : undefined,
      next: last < treeHead.size && entries.length > 0 ? paths.journalFrom(last) : undefined,
    }),
  ]);
}

function more(
  entry: JournalPage['entries'][number]['entry'],
  issuer: JournalPage['entries'][number]['issuer'],
): Content {
  const links: Content[] = [];
  if (entry.kind === 'anchored') links.push(link(paths.batch(entry.root), 'The batch'));
  if (issuer !== undefined) links.push(link(paths.issuer(issuer.id), 'The issuer'));
  return links.map((each) => [' ', each]);
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
