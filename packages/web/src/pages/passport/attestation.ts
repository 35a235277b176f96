/** What a certifier attests: who asked for it, under which scheme, and each assessment with what was found of what. */
import { type Assessment, type Attestation, formatMeasure } from '@dpp-ledger/core/passport';
import { html } from 'hono/html';
import { type Content, code, heading, link, summaryList, table } from '../../layout.ts';
import { paths } from '../../paths.ts';
import { formatDate, plural, spellOut } from '../../words.ts';

export function describeAttestation(attestation: Attestation): Content {
  const { id, assessorLevel, assessmentLevel, attestationType, issuedToParty, referenceScheme, assessments } =
    attestation;
  return [
    heading(2, 'What it attests', 'attestation'),
    summaryList([
      ['Given to', issuedToParty.name ?? issuedToParty.id],
      ['Scheme', referenceScheme.name ?? referenceScheme.id],
      ['Kind', attestationType],
      ['Assessed by', LEVELS[assessorLevel]],
      ['On whose authority', spellOut(assessmentLevel).replaceAll('-', ' ')],
      ['Name', code(id)],
    ]),
    table({
      caption: plural(assessments.length, 'assessment'),
      columns: [{ text: 'What' }, { text: 'Criteria' }, { text: 'Of' }, { text: 'Found' }, { text: 'Conforms' }],
      rows: assessments.map((assessment) => ({
        cells: [
          [assessment.name, html`<br><span class="govuk-!-font-weight-regular">${formatDate(assessment.date)}</span>`],
          assessment.criteria.map(({ id, name }) => name ?? id).join('; '),
          subjects(assessment),
          figures(assessment),
          assessment.conforms === undefined ? 'not said' : assessment.conforms ? 'Yes' : 'No',
        ],
      })),
    }),
  ];
}

function subjects({ products, facilities, scope }: Assessment): Content {
  const named = [
    ...products.map(({ id, name, batchNumber, itemNumber }) => {
      const words = [name ?? id, batchNumber, itemNumber].filter((part) => part !== undefined).join(', ');
      return /^https?:/.test(id) ? link(paths.scanned(id), words) : words;
    }),
    ...facilities.map(({ id, name }) => name ?? id),
  ];
  const which = Object.values(scope).join(', ');
  return [named.map((one, i) => [i === 0 ? '' : '; ', one]), which === '' ? '' : `: ${which}`];
}

function figures({ performances }: Assessment): Content {
  return performances
    .map(({ metric, measure, score }) => {
      const amount = [measure && formatMeasure(measure.value, measure.unit), score?.code].filter(Boolean).join(', ');
      return `${metric?.name ?? metric?.id ?? 'Score'}: ${amount}`;
    })
    .join('; ');
}

/** UNTP's assessor levels, in words. */
const LEVELS: Readonly<Record<Attestation['assessorLevel'], string>> = {
  self: 'whoever makes the claims',
  commercial: 'a party with a commercial interest',
  buyer: 'a buyer',
  membership: 'an association of its members',
  unspecified: 'not said by whom',
  '3rdParty': 'an independent third party',
  hybrid: 'several kinds of assessors',
};
