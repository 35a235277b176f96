/** Every entry that the ledger ever made, in order. */
import type { Entry } from '@dpp-ledger/core/journal';
import { readFlows } from '@dpp-ledger/core/materials';
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
import { formatNumber, plural, shorten, spellOut } from '../words.ts';

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
  return html`<div class="dpp-uri"><strong>${sentenceCase(spellOut(entry.kind))}.</strong> ${linkNames({ entry, issuer })}</div>
<div class="govuk-body-s govuk-!-margin-bottom-0 dpp-missing">${shortTime(entry.blockTime)}, block ${formatNumber(entry.blockNumber)}, by ${describeActor(entry)}; leaf ${shortCode(leaf)}${lotLinks(entry)}</div>`;
}

/** To the lots that it concerns. */
function lotLinks(entry: Entry): Content {
  const lots = readFlows(entry).map(({ lot }) => link(paths.lot(lot), shortCode(lot)));
  return lots.length === 0 ? '' : ['; lots ', lots.map((one, i) => [i === 0 ? '' : ', ', one])];
}

/** The sentence with the issuer's name and the batch as links. The name is put in last: it is other people's text. */
function linkNames({ entry, issuer }: Pick<JournalPage['entries'][number], 'entry' | 'issuer'>): Content {
  if (issuer === undefined) return describeEntry(entry);
  const mark = entry.kind === 'accredited' ? entry.did : ISSUER_MARK;
  const name = entry.kind === 'accredited' ? entry.did : (issuer.name ?? issuer.id);
  const [before = '', after = ''] = splitAt(describeEntry(entry, ISSUER_MARK), mark);
  const batch = entry.kind === 'anchored' ? shorten(entry.root) : undefined;
  const [between, rest] = batch === undefined ? [after] : splitAt(after, batch);
  return [
    before,
    link(paths.issuer(issuer.id), name),
    between,
    entry.kind === 'anchored' ? [link(paths.batch(entry.root), batch), rest] : '',
  ];
}

/** Stands where the issuer's name goes; no entry holds it. */
const ISSUER_MARK = '\u0000';

/** Before and after where `mark` is first. */
function splitAt(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + mark.length)];
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
