/** An audit report for people: one file that needs nothing else, to be read, printed and kept. */
import {
  type AuditReport,
  type AuditRun,
  FINDING_KINDS,
  FINDINGS,
  type FindingKind,
  type MaterialLine,
} from '@dpp-ledger/core/audit';
import { ENTRY_KINDS, type EntryKind } from '@dpp-ledger/core/journal';
import { type CustodyModel, nameSubstanceCode } from '@dpp-ledger/core/materials';
import { html, raw } from 'hono/html';
import { bars, steps } from '../chart.ts';
import {
  bulletList,
  type Content,
  code,
  type Html,
  heading,
  insetText,
  paragraph,
  shortCode,
  summaryList,
  table,
  tag,
  time,
  warning,
} from '../layout.ts';
import { buildStylesheet } from '../stylesheet.ts';
import { CUSTODY_WORDS, ENTRY_WORDS, formatMass, formatNumber, ORIGIN_WORDS, plural, spellOut } from '../words.ts';

export interface AuditPageOptions {
  readonly report: AuditReport;
  /** What belongs to the run that made it. */
  readonly run: AuditRun;
  /** Thumbprint of the auditor's key, where the report is signed. */
  readonly signedBy?: string | undefined;
}

/** Items of a list that are shown; the report has up to a thousand. */
const SHOWN = 100;

const OUTCOMES: Readonly<
  Record<AuditReport['outcome'], { readonly title: string; readonly colour: 'green' | 'yellow' | 'red' }>
> = {
  sound: { title: 'Sound', colour: 'green' },
  faults: { title: 'Faults', colour: 'yellow' },
  broken: { title: 'Broken', colour: 'red' },
};

/** The whole page, its style included. No scripts, and nothing is loaded. */
export function auditPage({ report, run, signedBy }: AuditPageOptions): string {
  const { ledger, outcome } = report;
  const { title, colour } = OUTCOMES[outcome];
  const name = `Audit of the ledger ${ledger.address}`;
  const page = html`<!DOCTYPE html>
<html lang="en" class="govuk-template">
<head>
<meta charset="utf-8">
<title>${name}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>${raw(new TextDecoder().decode(buildStylesheet().body).replaceAll('</', '<\\/'))}</style>
</head>
<body class="govuk-template__body">
<div class="govuk-width-container">
<main class="govuk-main-wrapper" id="main-content">
<span class="govuk-caption-xl">Ledger ${ledger.address} on chain ${ledger.chainId}</span>
<h1 class="govuk-heading-xl">Audit report</h1>
<p class="govuk-body-l">${tag(colour, title)} ${sentence(report)}</p>
${brokenPart(report)}
${viewsPart(run)}
${scopePart(report, run, signedBy)}
${picturesPart(report)}
${materialsPart(report)}
${findingsPart(report)}
${takedownsPart(report)}
${sourcesPart(run)}
</main>
</div>
</body>
</html>
`;
  return String(page);
}

function sentence({ outcome, head, depth, counts, broken }: AuditReport): string {
  const all = plural(head.size, 'entry');
  if (broken !== undefined)
    return `The journal does not meet the tree head: it breaks at entry ${formatNumber(broken.entry)}.`;
  const met = `The journal meets the tree head: all ${all}, in order, unaltered.`;
  if (depth === 'journal') return `${met} The batches behind it were not opened.`;
  const { batches, credentials } = counts;
  const opened = `${formatNumber(batches.rebuilt)} of ${plural(batches.anchored, 'batch')} were rebuilt`;
  const judged =
    depth === 'batches'
      ? ''
      : `, ${formatNumber(credentials.valid)} of ${plural(credentials.anchored, 'credential')} are valid`;
  return `${met} ${opened}${judged}. ${outcome === 'sound' ? 'Nothing is at fault.' : 'What is at fault is listed below.'}`;
}

function brokenPart({ broken }: AuditReport): Content {
  if (broken === undefined) return '';
  return [
    warning('Nothing that follows this entry can be relied upon, whoever gave it.'),
    summaryList([
      ['Entry', formatNumber(broken.entry)],
      ['Block', formatNumber(broken.block)],
      ['Expected', code(broken.expected)],
      ['Found', code(broken.found)],
    ]),
  ];
}

function viewsPart({ views }: AuditRun): Content {
  if (views.length === 0) return '';
  return [
    warning('Somebody holds another journal than the one that was audited.'),
    bulletList(views.map(({ name, message }) => html`<strong>${name}</strong>: ${message}`)),
  ];
}

function scopePart(
  { ledger, depth, from, head, counts }: AuditReport,
  run: AuditRun,
  signedBy: string | undefined,
): Content {
  return [
    heading(2, 'What was audited'),
    summaryList([
      ['Ledger', code(ledger.address)],
      ['Chain', `${ledger.chainId}, whose block 0 is ${ledger.genesis}`],
      ['Tree head', html`${plural(head.size, 'entry')}, root ${code(head.root)}`],
      ['At block', head.block && html`${formatNumber(head.block.number)}, ${time(head.block.time)}`],
      ['On the word of', run.head],
      ['Depth', depth],
      [
        'Taken on trust',
        from.entries === 0 ? undefined : `The first ${plural(from.entries, 'entry')}, from a snapshot`,
      ],
      ['Issuers', formatNumber(counts.issuers)],
      [
        'Different credentials',
        counts.credentials.distinct === undefined ? undefined : formatNumber(counts.credentials.distinct),
      ],
      ['Revoked', depth === 'credentials' ? formatNumber(counts.credentials.revoked) : undefined],
      ['Superseded', depth === 'credentials' ? formatNumber(counts.credentials.superseded) : undefined],
      ['Made', html`${time(run.startedAt)} to ${time(run.endedAt)}, by the auditor’s clock`],
      ['Signed with', signedBy === undefined ? 'Not signed' : html`${code(signedBy)}, in report.jwt`],
    ]),
  ];
}

function picturesPart({ counts, timeline, depth }: AuditReport): Content {
  const { batches, credentials } = counts;
  const kinds = ENTRY_KINDS.flatMap((kind) => {
    const value = counts.entries[kind];
    return value === undefined ? [] : [{ name: ENTRY_WORDS[kind], value }];
  });
  const coverage = [
    { name: 'Batches rebuilt', value: batches.rebuilt, of: batches.anchored },
    { name: 'Credentials judged', value: credentials.judged, of: credentials.anchored },
    { name: 'Credentials valid', value: credentials.valid, of: credentials.anchored },
  ];
  const shown = depth === 'journal' ? [] : coverage.slice(0, depth === 'batches' ? 1 : 3);
  return [
    shown.length === 0 ? '' : [heading(3, 'How much of it was seen'), bars('How much was seen', shown)],
    heading(3, 'Entries by kind'),
    bars('Entries by kind', kinds),
    credentials.anchored === 0
      ? ''
      : [
          heading(3, 'Credentials anchored over time'),
          steps('Credentials anchored', timeline.anchored),
          paragraph([time(timeline.from), ` onwards, each bar ${plural(timeline.width, 'second')}.`]),
        ],
  ];
}

/** Of the columns those in which anything stands; a quarter in which nothing moved has no row. */
function materialsPart({ materials }: AuditReport): Content {
  if (materials === undefined || materials.lines.total === 0) return '';
  const { lines, sums } = materials;
  const accounts = Map.groupBy(lines.items, ({ holder, substance, form }) => [holder, substance, form].join(' '));
  return [
    heading(2, 'Books of material'),
    paragraph(
      'By holder, substance and quarter (UTC): what was there, what came, what went and what is left. They were kept from the entries alone, and close with what the ledger has. To three decimals here; report.json has milligrams.',
    ),
    lines.total > lines.items.length
      ? paragraph(`The first ${formatNumber(lines.items.length)} of ${formatNumber(lines.total)} lines.`)
      : '',
    Array.from(accounts.values(), accountPart),
    heading(3, 'All holders'),
    table({
      caption: 'Registered is held, allocated, retired, lost, voided and fallen to primary',
      columns: [{ text: 'Substance and origin' }, ...SUMS.map(({ text }) => ({ text, numeric: true }))],
      rows: sums.map((row) => ({
        cells: [
          `${nameSubstanceCode(row.substance)}, ${ORIGIN_WORDS[row.origin]}`,
          ...SUMS.map(({ name }) => mass(row[name])),
        ],
      })),
    }),
  ];
}

const SUMS = [
  { name: 'registered', text: 'Registered' },
  { name: 'held', text: 'Held' },
  { name: 'onOffer', text: 'of it on offer' },
  { name: 'allocated', text: 'Allocated' },
  { name: 'retired', text: 'Retired' },
  { name: 'lost', text: 'Lost' },
  { name: 'voided', text: 'Voided' },
  { name: 'fallen', text: 'Fallen to primary' },
] as const;

const MOVEMENTS = [
  { name: 'opening', text: 'Opening' },
  { name: 'registered', text: '+ registered' },
  { name: 'received', text: '+ received' },
  { name: 'made', text: '+ made' },
  { name: 'delivered', text: '− delivered' },
  { name: 'consumed', text: '− consumed' },
  { name: 'lost', text: '(of it lost)' },
  { name: 'allocated', text: '− allocated' },
  { name: 'retired', text: '− retired' },
  { name: 'writtenOff', text: '− written off' },
  { name: 'voided', text: '− voided' },
  { name: 'closing', text: '= closing' },
] as const;

/** Of one holder, substance and form. */
function accountPart(lines: readonly MaterialLine[]): Content {
  const [first] = lines;
  if (first === undefined) return '';
  const shown = MOVEMENTS.filter(
    ({ name }) => name === 'opening' || name === 'closing' || lines.some((line) => line[name] !== '0'),
  );
  const apart =
    first.form === 'bookAndClaim' ? ', book and claim: certificates apart from what is physically there' : '';
  return [
    heading(3, `${nameSubstanceCode(first.substance)} of ${first.holder}`),
    table({
      caption: `${first.substance}${apart}`,
      columns: [{ text: 'Quarter' }, { text: 'Origin' }, ...shown.map(({ text }) => ({ text, numeric: true }))],
      rows: lines.map((line) => ({
        cells: [
          line.period.replace('-', ' '),
          ORIGIN_WORDS[line.origin],
          ...shown.map(({ name }) =>
            line[name] === '0' && name !== 'closing' && name !== 'opening' ? '' : mass(line[name]),
          ),
        ],
      })),
    }),
  ];
}

function mass(milligrams: string): string {
  const value = BigInt(milligrams);
  return value < 0n ? `−${formatMass(-value)}` : formatMass(value);
}

function findingsPart({ findings, broken }: AuditReport): Content {
  if (broken !== undefined) return '';
  return [
    heading(2, 'Findings'),
    table({
      caption: 'All that was looked for',
      columns: [{ text: 'Kind' }, { text: 'Found', numeric: true }, { text: 'What it means' }],
      rows: FINDING_KINDS.map((kind) => ({
        cells: [FINDINGS[kind].title, foundTag(kind, findings[kind].total), FINDINGS[kind].sentence],
      })),
    }),
    FINDING_KINDS.filter((kind) => findings[kind].total > 0).map((kind) => listPart(kind, findings[kind])),
  ];
}

function foundTag(kind: FindingKind, total: number): Html {
  if (total === 0) return tag('green', '0');
  return tag(FINDINGS[kind].weight === 'fault' ? 'red' : 'yellow', formatNumber(total));
}

function listPart(
  kind: FindingKind,
  { total, items }: { readonly total: number; readonly items: readonly object[] },
): Content {
  const columns = [...new Set(items.slice(0, SHOWN).flatMap((item) => Object.keys(item)))];
  return [
    heading(3, FINDINGS[kind].title),
    table({
      caption:
        total > SHOWN
          ? `The first ${SHOWN} of ${formatNumber(total)}; more are in report.json`
          : plural(total, 'finding'),
      columns: columns.map((column) => ({ text: nameField(column) })),
      rows: items.slice(0, SHOWN).map((item) => ({
        cells: columns.map((column) => cell(column, Reflect.get(item, column))),
      })),
    }),
  ];
}

const FIELD_WORDS: Readonly<Record<string, string>> = {
  milligrams: 'Mass',
  cid: 'CID',
  index: 'Place',
  position: 'Position in batch',
};
const TIMES: ReadonlySet<string> = new Set(['time', 'since', 'from', 'until']);
const SHARES: ReadonlySet<string> = new Set(['yield', 'low', 'high']);

function nameField(field: string): string {
  const words = spellOut(field);
  return FIELD_WORDS[field] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

/** Long names are shortened; what is made of parts is told part by part. */
function cell(field: string, value: unknown): Content {
  if (value === undefined) return '';
  if (typeof value === 'number') {
    if (TIMES.has(field)) return time(value);
    return SHARES.has(field) ? `${formatNumber(value / 10_000)} %` : formatNumber(value);
  }
  if (field === 'act') return ENTRY_WORDS[value as EntryKind];
  if (field === 'custody') return CUSTODY_WORDS[value as CustodyModel];
  if (typeof value === 'string') {
    if (field === 'milligrams') return mass(value);
    if (field === 'substance') return nameSubstanceCode(value);
    if (field === 'pattern' || field === 'rule' || field === 'basis') return value.replaceAll('-', ' ');
    return value.length > 40 ? shortCode(value) : value;
  }
  return Object.entries(value ?? {}).map(
    ([name, part], i) => html`${i === 0 ? '' : ', '}${spellOut(name)} ${cell(name, part)}`,
  );
}

function takedownsPart({ takedowns }: AuditReport): Content {
  if (takedowns.length === 0) return '';
  return [
    heading(2, 'What ended keys and issuers took down'),
    paragraph('Credentials anchored after a key was compromised, or after an accreditation ended, are not valid.'),
    table({
      caption: 'By cause',
      columns: [
        { text: 'Issuer' },
        { text: 'Cause' },
        { text: 'Since' },
        { text: 'Batches', numeric: true },
        { text: 'Credentials', numeric: true },
      ],
      rows: takedowns.map(({ issuer, cause, key, since, batches, credentials }) => ({
        cells: [
          issuer,
          cause === 'key' ? html`key ${shortCode(key ?? '')}` : 'withdrawal',
          time(since),
          formatNumber(batches),
          formatNumber(credentials),
        ],
      })),
    }),
  ];
}

function sourcesPart({ sources }: AuditRun): Content {
  return [
    heading(2, 'Where the entries came from'),
    table({
      caption: 'Nobody here had to be believed: entries prove themselves by the tree head',
      columns: [{ text: 'Source' }, { text: 'Entries', numeric: true }, { text: 'What became of it' }],
      rows: sources.map(({ name, entries, failure }) => ({
        cells: [
          name,
          formatNumber(entries),
          failure === undefined ? 'Nothing against it' : `${failure.message} (${failure.code})`,
        ],
      })),
    }),
    insetText(
      'The findings are the same for whoever replays this ledger to this block; only this part, the times and the signature are of one run.',
    ),
  ];
}
