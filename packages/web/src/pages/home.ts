/** The way in: what this is, a search, what is newest, and how far the ledger has come. */
import { html } from 'hono/html';
import {
  bulletList,
  type Content,
  code,
  externalLink,
  HOME,
  type Html,
  heading,
  insetText,
  link,
  nameDevice,
  page,
  paragraph,
  type Site,
  searchForm,
  shortTime,
  statusTag,
  table,
  time,
  warning,
} from '../layout.ts';
import { paths } from '../paths.ts';
import type { BatchSummary, PassportList, PassportSummary, ServerFacts } from '../reader.ts';
import { CHECK_WORDS, formatAge, formatNumber, GRANULARITY_WORDS, plural } from '../words.ts';
import { batchTable } from './batch.ts';

export interface HomeContent {
  readonly server: ServerFacts;
  readonly passports: readonly PassportSummary[];
  readonly batches: readonly BatchSummary[];
  readonly now: number;
}

export function homePage(site: Site, { server, passports, batches, now }: HomeContent): Html {
  return page(site, { title: 'Find a passport', section: 'home' }, [
    html`<h1 class="govuk-heading-xl">What is this device made of, and who says so?</h1>`,
    html`<p class="govuk-body-l">Digital product passports for devices, signed by whoever stands behind their figures and anchored in a public ledger. Scan the code on a label, or search here.</p>`,
    searchForm(),
    server.closed
      ? warning('This ledger is closed: nothing new can be anchored. What it holds can still be verified.')
      : '',
    server.paused && !server.closed ? warning('New anchors are stopped for now. Verifying and revoking go on.') : '',
    html`<dl class="dpp-numbers">${[
      nameCount('passport', server.counts.passports),
      nameCount('issuer', server.counts.issuers),
      nameCount('batch', server.counts.batches),
      nameCount('journal entry', server.treeHead.size),
    ]}</dl>`,
    passportTable(passports, 'Newest passports of models, production batches and single devices'),
    batches.length === 0 ? '' : batchTable(batches, 'Newest batches'),
    batches.length === 0 ? '' : paragraph(link(paths.batches, 'All batches')),
    heading(2, 'The ledger now'),
    paragraph([
      `The journal has ${plural(server.treeHead.size, 'entry')}; its root is `,
      code(server.treeHead.root),
      `. This server has read up to block ${formatNumber(server.blockNumber)} (`,
      time(server.blockTime),
      `, ${formatAge(now - server.blockTime)}), on the word of ${server.source}.`,
    ]),
    paragraph([
      'The contract at ',
      code(server.ledger.address),
      ` on chain ${server.ledger.chainId} keeps the journal. Anyone can replay it and must get the same root: `,
      link(paths.how, 'how verification works'),
      '.',
    ]),
  ]);
}

function nameCount(noun: string, count: number): Html {
  const words = plural(count, noun);
  const [number = ''] = words.split(' ', 1);
  return html`<div><dt class="govuk-body govuk-!-margin-bottom-0">${words.slice(number.length + 1)}</dt><dd>${number}</dd></div>`;
}

export interface SearchContent {
  readonly text: string;
  /** `undefined` where nothing was searched for. */
  readonly found: PassportList | undefined;
}

export function searchPage(site: Site, { text, found }: SearchContent): Html {
  const results =
    found === undefined
      ? ''
      : found.passports.length === 0
        ? insetText([
            html`<p class="govuk-body">Nothing on this ledger matches “${text}”.</p>`,
            html`<p class="govuk-body govuk-!-margin-bottom-0">Try the whole link from the label, a GTIN of 8 to 14 digits, or the serial, or one word of the device’s name.</p>`,
          ])
        : passportTable(found.passports, `${countFound(found)} for “${text}”`);
  return page(site, { title: text === '' ? 'Search' : `Search for ${text}`, section: 'home', trail: [HOME] }, [
    html`<h1 class="govuk-heading-xl">Search</h1>`,
    searchForm(text),
    results,
  ]);
}

export interface BelowContent {
  /** The link or GTIN that was asked for. */
  readonly asked: string;
  readonly below: PassportList;
}

/** What a link leads to that has no passport itself, nor its model, where single devices of it have. */
export function belowPage(site: Site, { asked, below }: BelowContent): Html {
  const { passports, total } = below;
  const single = passports.every(({ granularity }) => granularity === 'item');
  const noun = single ? 'single device' : 'device or production batch';
  const count = total === undefined ? `More than 10,000 ${noun}s` : plural(total, noun);
  return page(site, { title: 'No passport of the model', section: 'home', trail: [HOME] }, [
    html`<h1 class="govuk-heading-xl">The model has no passport, its devices have</h1>`,
    html`<p class="govuk-body-l">${count} ${total === 1 ? 'carries' : 'carry'} this number. Search for the serial on the label to find the one in your hand.</p>`,
    insetText(html`<span class="dpp-uri">${asked}</span>`),
    searchForm(),
    passportTable(passports, countFound(below)),
  ]);
}

/** "3 passports", or "The first 50 of 206 passports": no list ends in silence. */
function countFound({ passports, total }: PassportList): string {
  if (total === undefined) return `The first ${passports.length} of more than 10,000 passports`;
  return total > passports.length
    ? `The first ${passports.length} of ${plural(total, 'passport')}`
    : plural(passports.length, 'passport');
}

export function passportTable(passports: readonly PassportSummary[], caption: string): Content {
  if (passports.length === 0) return '';
  return table({
    caption,
    columns: [{ text: 'Device' }, { text: 'Speaks of' }, { text: 'Issuer' }, { text: 'Anchored' }, { text: 'State' }],
    rows: passports.map((passport) => ({
      cells: [
        nameDevice(passport),
        GRANULARITY_WORDS[passport.granularity],
        link(paths.issuer(passport.issuer.id), passport.issuer.name),
        passport.anchoredAt === undefined ? 'Not yet' : shortTime(passport.anchoredAt),
        statusTag(passport.status),
      ],
    })),
  });
}

/** Plain words about how a verdict comes about; nothing here depends on this server's state. */
export function howPage(site: Site): Html {
  return page(site, { title: 'How verification works', section: 'how', trail: [HOME] }, [
    html`<h1 class="govuk-heading-xl">How verification works</h1>`,
    html`<p class="govuk-body-l">A passport is a signed statement. A verdict says whether the statement is what was signed, by whom, when, and whether it still holds. It does not say that the figures are true: that is the issuer’s word, and you see whose it is.</p>`,
    heading(2, 'What happens to a passport'),
    html`<ol class="govuk-list govuk-list--number govuk-list--spaced"><li>The issuer (a manufacturer, or a publisher who restates a manufacturer’s figures) signs the passport with its own key. The key never leaves it.</li><li>The signed bytes are stored on IPFS. Their address is their hash, so they cannot be changed without changing the address.</li><li>Many passports are put together into a batch, a tree of hashes, and its root becomes an entry of the ledger’s journal. A contract keeps the journal: it can be added to, and never rewritten.</li><li>The label on the device carries a link. Scanning it asks this server, or any other, for the newest passport about that device.</li></ol>`,
    heading(2, 'What each check asks'),
    table({
      caption: 'The eleven checks of a verdict, in their order',
      columns: [{ text: 'Check' }, { text: 'Asks' }, { text: 'Judged at' }],
      rows: CHECK_WORDS.map(({ name, asks, at }) => ({ cells: [name, asks, at] })),
    }),
    heading(2, 'What the verdicts mean'),
    bulletList([
      html`<strong>Valid</strong>: every check that must pass did pass.`,
      html`<strong>Not valid</strong>: at least one check failed. Do not rely on the passport.`,
      html`<strong>Cannot be decided</strong>: nothing failed, but something is not known, for example because the chain did not answer. Unknown is never counted as valid.`,
      html`<strong>Superseded</strong>: the passport was right when it was issued; its issuer has since replaced it.`,
      html`<strong>Provisional</strong>: the chain may still reorder the block that holds the anchor. Look again in a few minutes.`,
    ]),
    heading(2, 'Whose verdict a page shows'),
    paragraph(
      'A page shows this server’s verdict. It names the source of its facts, the block they are from and their age. You need not take its word:',
    ),
    bulletList([
      [
        'take the ',
        html`<strong>evidence</strong>`,
        ' that every passport’s page links to, and check it on your own machine: ',
        code('dpp verify evidence.json'),
        '. The evidence proves itself; only the facts come from a chain endpoint that you choose.',
      ],
      [
        'replay the whole journal: ',
        code('dpp replay'),
        '. It meets the contract’s root, or names the first entry that does not fit.',
      ],
    ]),
    heading(2, 'Where figures come from'),
    paragraph(
      '“Declared by” means that the issuer states its own figures. “Restated by” means that a data publisher repeats what a manufacturer published, with the source beside each figure. “Not disclosed” means that nobody published the figure: it is not zero.',
    ),
    paragraph([
      'Passports follow the ',
      externalLink('https://uncefact.github.io/spec-untp/', 'UN Transparency Protocol 0.7.0'),
      ' and are W3C Verifiable Credentials; links follow GS1 Digital Link; the journal is an RFC 9162 tree.',
    ]),
  ]);
}
