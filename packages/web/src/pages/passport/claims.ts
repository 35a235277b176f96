/** Whose word each claim is, and recycled content as it is computed, beside what is declared. */
import type {
  AttestationFinding,
  ClaimFinding,
  ContentComparison,
  MaterialContent,
  OriginMasses,
  PercentRange,
  RecycledContent,
} from '@dpp-ledger/core/passport';
import { formatMeasure, isExactRange } from '@dpp-ledger/core/passport';
import { html } from 'hono/html';
import {
  bulletList,
  type Content,
  code,
  heading,
  link,
  paragraph,
  summaryList,
  type TagColour,
  table,
  tag,
} from '../../layout.ts';
import { paths } from '../../paths.ts';
import type { PassportClaims } from '../../reader.ts';
import { CONTENT_WORDS, formatDate, formatNumber, ORIGIN_WORDS, plural, STANDING_WORDS } from '../../words.ts';
import { missing, withUnit } from './facts.ts';

const COLOURS: Readonly<Record<ClaimFinding['standing'], TagColour>> = {
  attested: 'green',
  contradicted: 'red',
  expired: 'yellow',
  selfDeclared: 'blue',
  restated: 'blue',
  unknown: 'grey',
};

export function standings(found: PassportClaims | undefined): Content {
  if (found === undefined || found.claims.length === 0) return '';
  const { claims, attestations, unreadAttestations } = found;
  const idle = attestations.filter(({ counts }) => !counts);
  return [
    heading(2, 'Whose word the claims are', 'standings'),
    paragraph(
      'A certifier can attest a claim, or contradict it. The verdict above does not depend on it: it says whose passport this is.',
    ),
    table({
      caption: plural(claims.length, 'claim'),
      columns: [{ text: 'Claim' }, { text: 'Whose word' }, { text: 'By' }],
      rows: claims.map((claim) => ({
        cells: [
          [
            claim.about === 'facility' ? `Made at ${claim.name}` : claim.name,
            claim.figures.length === 0 ? '' : html`<br>${figures(claim)}`,
          ],
          tag(COLOURS[claim.standing], STANDING_WORDS[claim.standing]),
          bearings(claim),
        ],
      })),
    }),
    idle.length === 0
      ? ''
      : [
          paragraph(html`<strong>Attestations that attest nothing here</strong>`),
          bulletList(idle.map(idleAttestation)),
        ],
    unreadAttestations.length === 0
      ? ''
      : paragraph(`${plural(unreadAttestations.length, 'attestation')} could not be fetched, so more may be known.`),
  ];
}

/** What a certificate states itself is marked: the rest of the claim stands as the issuer's. */
function figures({ standing, figures: all }: ClaimFinding): Content {
  const isPartly =
    standing === 'attested' && all.some(({ attested }) => attested) && !all.every(({ attested }) => attested);
  return html`<span class="govuk-!-font-weight-regular">${all
    .map(({ name, value, unit, attested }) => {
      const amount = typeof value === 'number' ? formatMeasure(value, unit ?? '') : value;
      return `${name}: ${amount}${isPartly && !attested ? ' (not in the certificate)' : ''}`;
    })
    .join('; ')}</span>`;
}

function bearings({ bearings: all, standing }: ClaimFinding): Content {
  if (all.length === 0) return standing === 'restated' ? 'Repeats what somebody else published.' : '';
  return all.map(
    ({ cid, issuer, assessment, date, message }, i) =>
      html`${i === 0 ? '' : html`<br>`}${issuer?.name ?? 'Somebody'}: ${cid === undefined ? assessment : link(paths.passport(cid), assessment)}${date === undefined ? '' : `, ${formatDate(date)}`}. ${message}`,
  );
}

function idleAttestation({ cid, name, issuer, message, code: why }: AttestationFinding): Content {
  const title = name ?? 'An attestation';
  return [
    cid === undefined ? title : link(paths.passport(cid), title),
    issuer === undefined ? '' : `, by ${issuer.name}`,
    `: ${message} `,
    html`<span class="dpp-missing">${code(why)}</span>`,
  ];
}

// ------------------------------------------------------------------------------------------------------- recycled content

/** "36.4%", "between 24% and 54%". */
export function formatRange(range: PercentRange): string {
  const { atLeast, atMost } = range;
  return isExactRange(range) ? percent(atLeast) : `between ${percent(atLeast)} and ${percent(atMost)}`;
}

function percent(value: number): string {
  return `${formatNumber(Math.round(value * 10) / 10)}%`;
}

export function recycledContent(content: RecycledContent | undefined): Content {
  if (content === undefined || (content.materials.length === 0 && content.comparisons.length === 0)) return '';
  const {
    device,
    reason,
    conditions,
    missing: absent,
    masses,
    bookAndClaim,
    onLedger,
    comparisons,
    materials,
  } = content;
  return [
    heading(3, 'Recycled content by EN 45557, computed', 'recycled-content'),
    paragraph(
      'Recycled mass over the mass of the device. What nothing is known of counts as primary and stays in the total; reused parts are left out of both.',
    ),
    device === undefined
      ? paragraph([html`<strong>Whole device</strong>: cannot be computed: ${reason}.`])
      : [
          summaryList([
            ['Recycled, whole device', formatRange(device.recycled)],
            ['Of it after use', formatRange(device.postConsumer)],
            ['Of it before use', formatRange(device.preConsumer)],
            ['Unspecified, counted as primary', withUnit(masses?.unspecified, 'g')],
            ['Reused, left out', withUnit(masses?.reused, 'g')],
            ['Claimed by book and claim, not known to be in it', bookAndClaim && formatRange(bookAndClaim.recycled)],
            ['On lots of the ledger', onLedger && formatMasses(onLedger)],
          ]),
          conditions.length === 0 ? '' : paragraph(`This holds ${conditions.join('; ')}.`),
        ],
    absent.length === 0
      ? ''
      : html`<p class="govuk-body dpp-missing">Missing for an exact value: ${absent.join('; ')}.</p>`,
    comparisons.length === 0 ? '' : comparisonTable(comparisons),
    materials.length === 0 ? '' : contentTable(materials),
  ];
}

function comparisonTable(comparisons: readonly ContentComparison[]): Content {
  return table({
    caption: 'Declared and computed',
    columns: [
      { text: 'Of' },
      { text: 'Declared', numeric: true },
      { text: 'Computed', numeric: true },
      { text: 'Difference, points', numeric: true },
    ],
    rows: comparisons.map(({ of, kind, declared, atLeast, computed, reason, difference, agrees }) => ({
      cells: [
        `${of}, ${CONTENT_WORDS[kind]}`,
        `${atLeast ? 'at least ' : ''}${percent(declared)}`,
        computed === undefined ? `cannot be computed: ${reason}` : formatRange(computed),
        difference === undefined
          ? agrees === undefined
            ? missing()
            : agrees
              ? 'within the range'
              : 'outside the range'
          : formatNumber(Math.round(difference * 10) / 10),
      ],
    })),
  });
}

function contentTable(materials: readonly MaterialContent[]): Content {
  const hasBooked = materials.some(({ bookAndClaim }) => bookAndClaim !== undefined);
  const hasLots = materials.some(({ onLedger }) => onLedger !== undefined);
  return table({
    caption: 'By material',
    columns: [
      { text: 'Material' },
      { text: 'Mass', numeric: true },
      { text: 'After use', numeric: true },
      { text: 'Before use', numeric: true },
      ...(hasBooked ? [{ text: 'Book and claim', numeric: true }] : []),
      ...(hasLots ? [{ text: 'On lots of the ledger' }] : []),
    ],
    rows: materials.map(({ name, massG, content, bookAndClaim, onLedger }) => ({
      cells: [
        name,
        withUnit(massG, 'g') ?? missing(),
        formatRange(content.postConsumer),
        formatRange(content.preConsumer),
        ...(hasBooked ? [bookAndClaim === undefined ? '' : formatRange(bookAndClaim.recycled)] : []),
        ...(hasLots ? [onLedger === undefined ? 'declared' : formatMasses(onLedger)] : []),
      ],
    })),
  });
}

/** "8 g recycled after use, 6 g primary". */
function formatMasses(masses: OriginMasses): string {
  return Object.entries(masses)
    .map(([origin, grams]) => `${formatNumber(grams)} g ${ORIGIN_WORDS[origin as keyof OriginMasses]}`)
    .join(', ');
}
