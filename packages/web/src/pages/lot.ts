/** A lot: what it is, who holds it, what it was made of, and what was done to it. */
import { nameSubstance } from '@dpp-ledger/core/materials';
import { html } from 'hono/html';
import { describeEntry } from '../entries.ts';
import {
  type Content,
  code,
  externalLink,
  HOME,
  type Html,
  heading,
  link,
  page,
  pagination,
  paragraph,
  type Site,
  shortCode,
  shortTime,
  summaryList,
  table,
  tag,
  time,
} from '../layout.ts';
import { paths } from '../paths.ts';
import type { LotPage, Party } from '../reader.ts';
import { CUSTODY_WORDS, formatCountry, formatMass, ORIGIN_WORDS } from '../words.ts';

export function lotPage(site: Site, lot: LotPage): Html {
  const { id, period, changes, madeOf, next } = lot;
  const title = `Lot ${lot.label}`;
  return page(site, { title, section: 'journal', trail: [HOME, { text: 'Journal', href: paths.journal }] }, [
    html`<span class="govuk-caption-xl">Lot of ${nameSubstance(lot.substance)}</span>`,
    html`<h1 class="govuk-heading-xl dpp-uri">${lot.label}</h1>`,
    html`<p class="govuk-body-l">${formatMass(lot.registered)} of ${nameSubstance(lot.substance)}, ${ORIGIN_WORDS[lot.origin]}. ${stateOf(lot)}</p>`,
    paragraph(link(paths.trace(id), 'Where it came from, and where it went')),
    summaryList([
      ['Left in it', formatMass(lot.milligrams)],
      ['Origin', ORIGIN_WORDS[lot.origin]],
      ['Chain of custody', CUSTODY_WORDS[lot.custody]],
      ['Balance period', period && [time(period.from), ' to ', time(period.until)]],
      ['Holder', party(lot.holder)],
      ['Offered to', lot.offeredTo && party(lot.offeredTo)],
      ['Named by', party(lot.namedBy)],
      ['Country', lot.country && formatCountry(lot.country)],
      ['Facility', lot.facility && externalLink(lot.facility)],
      ['What happened, as a credential', lot.event && link(paths.passport(lot.event), shortCode(lot.event))],
      ['Made by', link(paths.entry(lot.entry), `journal entry ${lot.entry}`)],
      ['URI', code(lot.uri)],
    ]),
    heading(2, 'What it was made of'),
    madeOf.length === 0
      ? paragraph('It was registered: it is made of no other lot.')
      : table({
          caption: 'Taken from other lots by the entry that made it, for it and for whatever else the entry made',
          columns: [{ text: 'Lot' }, { text: 'Mass', numeric: true }],
          rows: madeOf.map(({ lot: source, milligrams }) => ({
            cells: [link(paths.lot(source), shortCode(source)), formatMass(milligrams)],
          })),
        }),
    heading(2, 'What was done to it'),
    changes.length === 0
      ? paragraph('Nothing since it was made.')
      : table({
          caption: 'In the order of the journal',
          columns: [
            { text: 'Entry' },
            { text: 'What happened' },
            { text: 'Taken from it', numeric: true },
            { text: 'Into' },
            { text: 'Time' },
          ],
          rows: changes.map(({ index, entry, by, milligrams, into }) => ({
            cells: [
              link(paths.entry(index), index),
              describeEntry(entry, by.name ?? by.id),
              milligrams === 0n ? 'nothing' : formatMass(milligrams),
              entry.kind === 'anchored'
                ? link(paths.batch(entry.root), 'the batch')
                : into.length === 0
                  ? 'no lot'
                  : into.map((made, i) => [i === 0 ? '' : ', ', link(paths.lot(made.lot), shortCode(made.lot))]),
              shortTime(entry.blockTime),
            ],
          })),
        }),
    pagination('What was done to it', { next: next === undefined ? undefined : paths.lot(id, next) }),
  ]);
}

function stateOf({ isVoid, offeredTo, milligrams }: LotPage): Content {
  if (isVoid) return tag('red', 'Declared void');
  if (offeredTo !== undefined) return tag('yellow', 'Offered, not accepted');
  return milligrams === 0n ? tag('grey', 'Used up') : tag('green', 'Held');
}

function party({ id, name }: Party): Content {
  return id.startsWith('did:') ? link(`/view/issuers/${encodeURIComponent(id)}`, name ?? id) : code(id);
}
