/** Credentials anchored together. */
import { html } from 'hono/html';
import {
  type Content,
  code,
  HOME,
  type Html,
  heading,
  link,
  nameDevice,
  page,
  pagination,
  paragraph,
  type Site,
  shortCode,
  shortTime,
  statusTag,
  summaryList,
  table,
} from '../layout.ts';
import { paths } from '../paths.ts';
import type { BatchDetails, BatchSummary } from '../reader.ts';
import { formatNumber, GRANULARITY_WORDS, plural } from '../words.ts';

export function batchTable(batches: readonly BatchSummary[], caption: string): Html {
  return table({
    caption,
    columns: [
      { text: 'Batch' },
      { text: 'Issuer' },
      { text: 'Credentials', numeric: true },
      { text: 'Anchored' },
      { text: 'Journal entry', numeric: true },
    ],
    rows: batches.map((batch) => ({
      cells: [
        link(paths.batch(batch.root), shortCode(batch.root)),
        link(paths.issuer(batch.issuer.id), batch.issuer.name ?? batch.issuer.id),
        formatNumber(batch.size),
        shortTime(batch.time),
        link(paths.entry(batch.entry), batch.entry),
      ],
    })),
  });
}

export function batchesPage(site: Site, batches: readonly BatchSummary[]): Html {
  return page(site, { title: 'Batches', section: 'batches', trail: [HOME] }, [
    html`<h1 class="govuk-heading-xl">Batches</h1>`,
    html`<p class="govuk-body-l">Credentials are anchored together: one entry of the journal stands for up to 16,384 of them.</p>`,
    batches.length === 0 ? paragraph('Nothing has been anchored yet.') : batchTable(batches, 'The newest anchors'),
  ]);
}

export function batchPage(site: Site, batch: BatchDetails, perPage: number): Html {
  const last = batch.from + batch.credentials.length;
  const issuer = batch.issuer.name ?? batch.issuer.id;
  return page(
    site,
    { title: `Batch of ${issuer}`, section: 'batches', trail: [HOME, { text: 'Batches', href: paths.batches }] },
    [
      html`<span class="govuk-caption-xl">Batch</span>`,
      html`<h1 class="govuk-heading-xl">${plural(batch.size, 'credential')} of ${issuer}</h1>`,
      summaryList([
        ['Root', code(batch.root)],
        ['Issuer', link(paths.issuer(batch.issuer.id), issuer)],
        ['Credentials', formatNumber(batch.size)],
        ['Manifest', code(batch.manifest)],
      ]),
      heading(2, 'Anchors'),
      paragraph('A batch may be anchored more than once; the earliest anchor that holds is the one that counts.'),
      table({
        caption: 'Anchors of this batch, earliest first',
        columns: [
          { text: 'Journal entry' },
          { text: 'Block', numeric: true },
          { text: 'Time' },
          { text: 'Transaction' },
        ],
        rows: batch.anchors.map((anchor) => ({
          cells: [
            link(paths.entry(anchor.entry), anchor.entry),
            formatNumber(anchor.blockNumber),
            shortTime(anchor.time),
            anchor.transaction === undefined ? missing('Not known to this server') : shortCode(anchor.transaction),
          ],
        })),
      }),
      heading(2, 'Credentials'),
      table({
        caption:
          batch.credentials.length === 0
            ? 'No credentials from this place on'
            : `Places ${formatNumber(batch.from + 1)} to ${formatNumber(last)} of ${formatNumber(batch.size)}`,
        columns: [{ text: 'Place' }, { text: 'Passport' }, { text: 'Speaks of' }, { text: 'State' }, { text: 'CID' }],
        rows: batch.credentials.map(({ index, cid, passport }) => ({
          cells: [
            formatNumber(index + 1),
            passport === undefined ? link(paths.passport(cid), 'Credential') : nameDevice(passport),
            passport === undefined ? missing('Not read here') : GRANULARITY_WORDS[passport.granularity],
            statusTag(passport?.status ?? 'unknown'),
            shortCode(cid),
          ],
        })),
      }),
      pagination('Places in this batch', {
        previous: batch.from > 0 ? paths.batch(batch.root, Math.max(0, batch.from - perPage)) : undefined,
        next: last < batch.size && batch.credentials.length > 0 ? paths.batch(batch.root, last) : undefined,
      }),
    ],
  );
}

function missing(text: string): Content {
  return html`<span class="dpp-missing">${text}</span>`;
}
