/** The page that a label leads to: whose verdict, what the device is, and every figure with its source. Missing is said, never zero. */
import type { Report } from '@dpp-ledger/core';
import { html } from 'hono/html';
import {
  bulletList,
  type Content,
  code,
  HOME,
  type Html,
  heading,
  insetText,
  link,
  page,
  paragraph,
  type Site,
  shortCode,
  shortTime,
  statusTag,
  summaryList,
  table,
  tag,
  time,
  warning,
} from '../layout.ts';
import { paths } from '../paths.ts';
import type { PassportPage } from '../reader.ts';
import {
  CHECK_WORDS,
  formatAge,
  formatDate,
  formatNumber,
  OUTCOME_WORDS,
  plural,
  REASON_WORDS,
  VERDICT_WORDS,
} from '../words.ts';
import { describeAttestation } from './passport/attestation.ts';
import { recycledContent, standings } from './passport/claims.ts';
import { contents, describeDevice, describeLevel, identity } from './passport/device.ts';
import { carbon, materials } from './passport/figures.ts';
import { certificates, conformity, energyAndRest, otherClaims, repairAndLife } from './passport/life.ts';

export function passportPage(site: Site, found: PassportPage, now: number): Html {
  const { report, view, attestation } = found;
  if (attestation !== undefined) {
    return page(site, { title: attestation.name, section: 'home', trail: [HOME] }, [
      html`<span class="govuk-caption-xl">Attestation of a certifier</span>`,
      html`<h1 class="govuk-heading-xl">${attestation.name}</h1>`,
      verdict(found, now),
      describeAttestation(attestation),
      checks(report),
      versions(found),
      heading(2, 'What there is of it', 'same-link'),
      bulletList(documents(found)),
      anchored(found),
    ]);
  }
  return page(site, { title: view?.name ?? 'Passport', section: 'home', trail: [HOME] }, [
    html`<span class="govuk-caption-xl">${view === undefined ? 'Passport' : describeLevel(view)}</span>`,
    html`<h1 class="govuk-heading-xl">${view?.name ?? 'A passport that cannot be read'}</h1>`,
    view === undefined ? '' : lead(describeDevice(view)),
    fallback(found),
    verdict(found, now),
    view === undefined
      ? paragraph('The bytes cannot be read as a passport, so nothing in them is shown. The checks below say why.')
      : [
          contents(view, { hasStandings: (found.claims?.claims.length ?? 0) > 0 }),
          standings(found.claims),
          identity(view),
          carbon(view),
          materials(view, found.cid),
          recycledContent(found.claims?.recycledContent),
          repairAndLife(view),
          energyAndRest(view),
          conformity(view),
          certificates(view),
          otherClaims(view),
        ],
    checks(report),
    versions(found),
    sameLink(found),
  ]);
}

function lead(text: string | undefined): Content {
  return text === undefined ? '' : html`<p class="govuk-body-l">${text}</p>`;
}

// ----------------------------------------------------------------------------------------------------------- verdict

/** Says at once whether to rely on it, and on whose word. */
function verdict({ report, status, versions, cid, attestation }: PassportPage, now: number): Html {
  const what = attestation === undefined ? 'passport' : 'attestation';
  const { word, sign } = VERDICT_WORDS[report.verdict];
  const failed = report.checks.filter((check) => check.outcome === 'invalid');
  const unknown = report.checks.filter((check) => check.outcome === 'unknown');
  const newest = versions.find((version) => version.status === 'current');
  const superseded = report.current === false;
  const reasons = report.verdict === 'invalid' ? failed : report.verdict === 'indeterminate' ? unknown : ([] as const);
  return html`<section class="dpp-verdict dpp-verdict--${report.verdict}" aria-labelledby="verdict">
<h2 class="govuk-heading-l dpp-verdict__word" id="verdict"><span class="dpp-sign" aria-hidden="true">${sign}</span><span>${word}${superseded ? ', but superseded' : ''}${report.provisional ? ' (provisional)' : ''}</span></h2>
${
  status?.revoked === undefined
    ? ''
    : html`<p class="govuk-body"><strong>This ${what} was revoked</strong> for ${REASON_WORDS[status.revoked.reason]} on ${time(status.revoked.time)}. Do not rely on it.</p>`
}
${
  superseded
    ? html`<p class="govuk-body">The issuer replaced this version${status?.superseded === undefined ? '' : [' on ', time(status.superseded.time)]}. It was right when it was issued.${
        newest === undefined || newest.cid === cid
          ? ''
          : [' ', link(paths.passport(newest.cid), 'Go to the newest version'), '.']
      }</p>`
    : ''
}
${reasons.length === 0 ? '' : bulletList(reasons.map((check) => [html`<strong>${nameCheck(check.name)}</strong>: `, check.message]))}
${report.provisional ? paragraph('Its anchor is in a block that the chain may still reorder. Look again in a few minutes.') : ''}
<p class="govuk-body">${whoseWord(report)}</p>
<p class="govuk-body">This is this server’s verdict, ${
    report.asOf === undefined
      ? 'made without facts from the ledger'
      : html`on the word of ${report.trustBase} at block ${formatNumber(report.asOf.blockNumber)}, ${html`<time datetime="${new Date(report.asOf.time * 1000).toISOString()}">${formatAge(now - report.asOf.time)}</time>`}`
  }. <a class="govuk-link" href="#checks">See each check</a>, or <a class="govuk-link" href="#same-link">check it without this server</a>.</p>
</section>`;
}

function whoseWord(report: Report): Content {
  const issuer = report.issuer === undefined ? 'its issuer' : link(paths.issuer(report.issuer.id), report.issuer.name);
  const anchored =
    report.anchoredAt === undefined ? '' : [' It has been on the ledger since ', time(report.anchoredAt.time), '.'];
  if (report.voice === 'restated') {
    return [
      html`<strong>Restated by ${issuer}</strong> from what the manufacturer published; the manufacturer did not sign it.`,
      anchored,
    ];
  }
  if (report.voice === 'declared') return [html`<strong>Declared by ${issuer}</strong>, in its own name.`, anchored];
  return [html`Names ${issuer} as its issuer; on whose behalf it speaks is not known.`, anchored];
}

function fallback({ asked, report }: PassportPage): Content {
  if (report.answeredBy === undefined || report.subject === undefined || report.subject === asked) return '';
  const level = report.answeredBy === 'batch' ? 'production batch' : report.answeredBy;
  return insetText([
    html`<p class="govuk-body"><strong>This ${asked.includes('/21/') ? 'item' : 'production batch'} has no passport of its own.</strong> What follows is the passport of its ${level}.</p>`,
    html`<p class="govuk-body govuk-!-margin-bottom-0 dpp-uri">Asked for: ${asked}</p>`,
  ]);
}

function checks(report: Report): Content {
  return [
    heading(2, 'Each check', 'checks'),
    html`<dl class="govuk-summary-list">${report.checks.map((check) => {
      const { word, sign } = OUTCOME_WORDS[check.outcome];
      return html`<div class="govuk-summary-list__row"><dt class="govuk-summary-list__key">${nameCheck(check.name)}<br><span class="dpp-outcome dpp-outcome--${check.outcome}"><span class="dpp-sign" aria-hidden="true">${sign}</span>${word}</span></dt><dd class="govuk-summary-list__value">${check.message}<br><span class="dpp-missing">Stands on: ${check.basis}. Code: ${code(check.code)}</span></dd></div>`;
    })}</dl>`,
    paragraph(link(paths.how, 'What each check asks')),
  ];
}

function nameCheck(name: string): string {
  return CHECK_WORDS.find(({ check }) => check === name)?.name ?? name;
}

// ---------------------------------------------------------------------------------------------- versions and links

function versions({ versions: all, cid }: PassportPage): Content {
  return [
    heading(2, 'Versions', 'versions'),
    table({
      caption: plural(all.length, 'version'),
      columns: [{ text: 'Anchored' }, { text: 'State' }, { text: 'CID' }],
      rows: all.map((version) => ({
        cells: [
          version.anchoredAt === undefined ? 'Not yet' : shortTime(version.anchoredAt),
          [statusTag(version.status), version.cid === cid ? [' ', tag('blue', 'This one')] : ''],
          version.cid === cid ? shortCode(version.cid) : link(paths.passport(version.cid), shortCode(version.cid)),
        ],
      })),
    }),
  ];
}

function sameLink(found: PassportPage): Content {
  const { links } = found;
  return [
    heading(2, 'What the same link gives', 'same-link'),
    paragraph('People get this page; software asks the same link for another form.'),
    bulletList([
      ...documents(found),
      [
        link(links.linkset, 'The linkset'),
        ': everything that is known under this link, ',
        code('application/linkset+json'),
      ],
    ]),
    paragraph(['Check it on your own machine: ', code(`dpp verify ${links.label}`)]),
    html`<p class="govuk-body"><img class="dpp-label" src="${links.labelSvg}" alt="QR code of this passport’s label" width="240" height="280"></p>`,
    paragraph([
      link(links.labelSvg, 'Label as SVG'),
      ', ',
      link(links.labelPng, 'label as PNG'),
      '. It carries ',
      html`<span class="dpp-uri">${links.label}</span>`,
      '.',
    ]),
    links.here === undefined
      ? ''
      : paragraph([
          'That link is the issuer’s own: it leads to its site, not to this server. This server shows the passport at ',
          html`<a class="govuk-link dpp-uri" href="${links.here}">${links.here}</a>`,
          '.',
        ]),
    anchored(found),
  ];
}

function documents({ links }: PassportPage): Content[] {
  return [
    [link(links.credential, 'The credential'), ': the signed bytes, ', code('application/vc+jwt')],
    [link(links.evidence, 'The evidence'), ': all that is needed to check it without this server'],
  ];
}

function anchored({ anchor, status, cid, report, view }: PassportPage): Content {
  return [
    heading(3, 'Where it is anchored'),
    anchor === undefined
      ? warning('It is not on the ledger yet.')
      : summaryList([
          ['CID', code(cid)],
          ['Batch', link(paths.batch(anchor.batch), shortCode(anchor.batch))],
          ['Place in the batch', `${formatNumber(anchor.index + 1)} of ${plural(anchor.batchSize, 'credential')}`],
          ['Journal entry', link(paths.entry(anchor.entry), anchor.entry)],
          ['Block', formatNumber(anchor.blockNumber)],
          ['Time', time(anchor.time)],
          ['Transaction', anchor.transaction === undefined ? undefined : code(anchor.transaction)],
          ['Place in the status list', status === undefined ? undefined : `${status.index} of list ${status.list}`],
          ['Issuer', report.issuer === undefined ? undefined : code(report.issuer.id)],
          ['Holds from', view === undefined ? undefined : formatDate(view.validFrom)],
          ['Holds until', view?.validUntil === undefined ? undefined : formatDate(view.validUntil)],
        ]),
  ];
}
