/** Who may issue: everyone whom the accreditor admitted, and what they may speak of with which keys. */
import { html } from 'hono/html';
import {
  code,
  HOME,
  type Html,
  heading,
  link,
  page,
  paragraph,
  type Site,
  shortCode,
  shortTime,
  summaryList,
  table,
  tag,
  time,
  warning,
} from '../layout.ts';
import { paths } from '../paths.ts';
import type { BatchSummary, IssuerDetails, IssuerStanding, IssuerSummary } from '../reader.ts';
import { formatNumber, plural, spellOut } from '../words.ts';
import { batchTable } from './batch.ts';

export function issuersPage(site: Site, issuers: readonly IssuerSummary[]): Html {
  return page(site, { title: 'Issuers', section: 'issuers', trail: [HOME] }, [
    html`<h1 class="govuk-heading-xl">Issuers</h1>`,
    html`<p class="govuk-body-l">Organisations that the accreditor admitted to this ledger. The ledger knows them by their DID; names are their own.</p>`,
    issuers.length === 0
      ? paragraph('Nobody is accredited yet.')
      : table({
          caption: plural(issuers.length, 'issuer'),
          columns: [
            { text: 'Issuer' },
            { text: 'DID' },
            { text: 'Roles' },
            { text: 'Standing' },
            { text: 'Since' },
            { text: 'Passports', numeric: true },
          ],
          rows: issuers.map((issuer) => ({
            cells: [
              link(paths.issuer(issuer.id), issuer.name ?? issuer.id),
              code(issuer.id),
              issuer.roles.map(spellOut).join(', '),
              standingTag(issuer.standing),
              shortTime(issuer.accreditedAt),
              formatNumber(issuer.passports),
            ],
          })),
        }),
  ]);
}

export function issuerPage(site: Site, issuer: IssuerDetails, batches: readonly BatchSummary[]): Html {
  const name = issuer.name ?? issuer.id;
  return page(site, { title: name, section: 'issuers', trail: [HOME, { text: 'Issuers', href: paths.issuers }] }, [
    html`<span class="govuk-caption-xl">Issuer ${issuer.number}</span>`,
    html`<h1 class="govuk-heading-xl">${name}</h1>`,
    issuer.standing === 'withdrawn' && issuer.withdrawnSince !== undefined
      ? warning([
          'This accreditation was withdrawn. What was anchored since ',
          time(issuer.withdrawnSince),
          ' does not count.',
        ])
      : '',
    issuer.standing === 'suspended'
      ? warning('This issuer is suspended: it can anchor nothing new. What it anchored before still stands.')
      : '',
    summaryList([
      ['Standing', standingTag(issuer.standing)],
      ['DID', code(issuer.id)],
      ['Roles', issuer.roles.map(spellOut).join(', ')],
      ['Accredited', time(issuer.accreditedAt)],
      ['Passports', formatNumber(issuer.passports)],
      ['Controller', issuer.controller === undefined ? 'None: it acts by its keys alone' : code(issuer.controller)],
      [
        'May anchor for it',
        issuer.submitters.length === 0
          ? 'Nobody besides'
          : issuer.submitters.map((account) => html`<div>${code(account)}</div>`),
      ],
    ]),
    heading(2, 'What it may speak of'),
    issuer.grants.length === 0
      ? paragraph('Nothing yet: it has no grant.')
      : table({
          caption: 'Grants',
          columns: [{ text: 'Prefix' }, { text: 'Number', numeric: true }, { text: 'From' }, { text: 'Until' }],
          rows: issuer.grants.map((grant) => ({
            cells: [
              code(grant.prefix),
              grant.number,
              shortTime(grant.from),
              grant.until === undefined ? 'In force' : shortTime(grant.until),
            ],
          })),
        }),
    heading(2, 'Keys'),
    issuer.keys.length === 0
      ? paragraph('No keys.')
      : table({
          caption: 'A credential holds if its key was in force when it was anchored, so a retired key breaks nothing',
          columns: [{ text: 'Key' }, { text: 'Algorithm' }, { text: 'Purposes' }, { text: 'From' }, { text: 'State' }],
          rows: issuer.keys.map((key) => ({
            cells: [
              shortCode(key.id),
              key.algorithm,
              key.purposes.join(', '),
              shortTime(key.validFrom),
              key.compromisedSince !== undefined
                ? [tag('red', 'Compromised'), ' since ', shortTime(key.compromisedSince)]
                : key.retiredAt !== undefined
                  ? [tag('grey', 'Retired'), ' at ', shortTime(key.retiredAt)]
                  : tag('green', 'In force'),
            ],
          })),
        }),
    batches.length === 0 ? '' : [heading(2, 'What it anchored'), batchTable(batches, 'Its newest batches')],
  ]);
}

function standingTag(standing: IssuerStanding): Html {
  switch (standing) {
    case 'accredited':
      return tag('green', 'Accredited');
    case 'suspended':
      return tag('yellow', 'Suspended');
    case 'withdrawn':
      return tag('red', 'Withdrawn');
  }
}
