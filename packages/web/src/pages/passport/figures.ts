/** Carbon and other impacts of the device, and what it is made of. */
import type { CredentialCid } from '@dpp-ledger/core';
import type { PassportView } from '@dpp-ledger/core/passport';
import { html } from 'hono/html';
import { type Part, shareBar, swatch } from '../../chart.ts';
import { type Content, externalLink, type Html, heading, link, paragraph, table } from '../../layout.ts';
import { paths } from '../../paths.ts';
import { formatCountry, formatDate, formatNumber, formatRegion, plural, spellOut } from '../../words.ts';
import { date, distinctSources, facts, missing, notDisclosed, numeral, small, source, withUnit } from './facts.ts';

const STAGES = [
  ['manufacturing', 'Making it'],
  ['distribution', 'Transport'],
  ['use', 'Use'],
  ['endOfLife', 'End of life'],
] as const;

/** The total less the stages that are known. */
const NOT_BROKEN_DOWN = 'Not broken down';

export function carbon(view: PassportView): Content {
  const figures = view.carbon;
  if (figures === undefined) return [heading(2, 'Carbon footprint', 'carbon'), notDisclosed()];
  const stages = STAGES.map(([key, name]) => ({ name, value: figures.stages?.[key] }));
  const known = stages.flatMap(({ name, value }): Part[] => (value === undefined ? [] : [{ name, value }]));
  const rest = figures.totalKgCO2e - known.reduce((sum, stage) => sum + stage.value, 0);
  // Published stages are rounded: only what a missing stage can explain is a rest.
  const hasRest = known.length < stages.length && rest > figures.totalKgCO2e * 0.005;
  const parts = hasRest ? [...known, { name: NOT_BROKEN_DOWN, value: rest }] : known;
  return [
    heading(2, 'Carbon footprint', 'carbon'),
    html`<p class="govuk-body"><span class="dpp-big-number">${formatNumber(figures.totalKgCO2e)} kg CO₂e</span>${
      figures.uncertaintyKgCO2e === undefined
        ? ' (uncertainty not disclosed)'
        : ` ± ${formatNumber(figures.uncertaintyKgCO2e)} kg`
    } for one device over its stated life.</p>`,
    known.length === 0
      ? paragraph(html`<span class="dpp-missing">By life-cycle stage: not disclosed.</span>`)
      : [
          shareBar('Carbon by life-cycle stage', parts, 'kg CO₂e'),
          table({
            caption: 'Carbon by life-cycle stage',
            columns: [{ text: 'Stage' }, { text: 'kg CO₂e', numeric: true }, { text: 'Share of total', numeric: true }],
            rows: [...stages, ...(hasRest ? [{ name: NOT_BROKEN_DOWN, value: rest }] : [])].map(({ name, value }) => ({
              cells: [
                value === undefined ? name : [swatch(parts.findIndex((part) => part.name === name)), name],
                value === undefined ? missing() : formatNumber(value),
                value === undefined || figures.totalKgCO2e <= 0
                  ? missing()
                  : `${Math.round((value / figures.totalKgCO2e) * 100)}%`,
              ],
            })),
          }),
        ],
    heading(3, 'What the figure assumes'),
    facts([
      ['Lifetime', figures.lifetimeYears === undefined ? undefined : plural(figures.lifetimeYears, 'year')],
      ['Used in', figures.useLocation === undefined ? undefined : formatRegion(figures.useLocation)],
      ['Electricity a year', withUnit(figures.yearlyTecKwh, 'kWh')],
      ['Carbon of electricity', withUnit(figures.gridFactorKgPerKwh, 'kg CO₂e per kWh')],
      ['Method', figures.method],
      ['Report', date(figures.reportDate)],
      ['Primary data', withUnit(figures.primaryDataPercent, '%')],
      [
        'Verified',
        figures.verification === undefined
          ? undefined
          : [
              figures.verification.level,
              figures.verification.boundary,
              figures.verification.provider,
              figures.verification.standard,
              date(figures.verification.completed),
            ]
              .filter((part) => part !== undefined)
              .join(', '),
      ],
    ]),
    cradleToGate(figures.pact),
    source(figures.source, 'Carbon footprint'),
    impacts(view.impacts),
  ];
}

type Pact = NonNullable<PassportView['carbon']>['pact'];

/** The maker's part of the footprint, as PACT has it. */
function cradleToGate(pact: Pact): Content {
  const title = heading(3, 'Cradle to gate (PACT)');
  if (pact === undefined) return [title, notDisclosed()];
  const period = [pact.periodStart, pact.periodEnd].map((day) => (day === undefined ? '…' : formatDate(day)));
  const ratings = [
    ['technology', pact.technologicalRating],
    ['geography', pact.geographicalRating],
    ['time', pact.temporalRating],
  ].flatMap(([of, rating]) => (typeof rating === 'number' ? [`${of} ${formatNumber(rating)}`] : []));
  return [
    title,
    facts([
      ['For', plural(pact.declaredUnitAmount, 'piece')],
      ['Without biogenic uptake', withUnit(pact.excludingBiogenicUptakeKgCO2e, 'kg CO₂e')],
      ['With biogenic uptake', withUnit(pact.includingBiogenicUptakeKgCO2e, 'kg CO₂e')],
      ['Fossil', withUnit(pact.fossilKgCO2e, 'kg CO₂e')],
      ['Fossil carbon in the device', withUnit(pact.fossilCarbonContentKg, 'kg')],
      ['Period', pact.periodStart === undefined && pact.periodEnd === undefined ? undefined : period.join(' to ')],
      ['Warming factors (IPCC)', pact.characterizationFactors?.join(', ')],
      ['Accounting standards', pact.crossSectoralStandards?.join(', ')],
      ['Emissions left out', withUnit(pact.exemptedEmissionsPercent, '%')],
      ['Data quality, 1 is best', ratings.length === 0 ? undefined : ratings.join(', ')],
    ]),
  ];
}

function impacts(all: PassportView['impacts']): Content {
  const title = heading(3, 'Other environmental impacts');
  if (all === undefined) return [title, notDisclosed()];
  return [
    title,
    facts([
      ['Depletion of elements (ADPe)', small(all.adpeKgSbEq, 'kg Sb eq')],
      ['Depletion of fossil resources (ADPf)', small(all.adpfMJ, 'MJ')],
      ['Water use (WU)', small(all.waterM3, 'm³')],
      ['Particulate matter (PM)', small(all.particulateMatterIncidence, 'cases of disease')],
      ['Acidification (AP)', small(all.acidificationMolHEq, 'mol H⁺ eq')],
      ['Ecotoxicity of freshwater', small(all.ecotoxicityCtue, 'CTUe')],
      ['Method', all.method],
    ]),
    source(all.source, 'Other impacts'),
  ];
}

// -------------------------------------------------------------------------------------------------------- materials

export function materials(view: PassportView, cid: CredentialCid): Content {
  const { circularity } = view;
  return [
    heading(2, 'Materials and recycled content', 'materials'),
    view.materials.length === 0
      ? paragraph([html`<strong>Materials by mass</strong>: `, missing()])
      : [
          materialTable(view.materials),
          view.materials.some(({ lot }) => lot !== undefined)
            ? paragraph(link(paths.trace(cid), 'Where what it draws on came from: a trace through the lots'))
            : '',
          ...distinctSources(view.materials.map((material) => material.source)),
        ],
    view.recycledContent.length === 0
      ? paragraph([html`<strong>Recycled content as the maker states it</strong>: `, missing()])
      : [
          table({
            caption: 'Recycled content as the maker states it',
            columns: [{ text: 'Of' }, { text: 'Share', numeric: true }, { text: 'Kind' }, { text: 'Source' }],
            rows: view.recycledContent.map((claim) => ({
              cells: [
                [claim.of, claim.component === undefined ? '' : `, ${claim.component}`],
                `${claim.atLeast === true ? 'at least ' : ''}${formatNumber(claim.percent)}%`,
                claim.kind === undefined ? missing() : RECYCLED_WORDS[claim.kind],
                claim.source === undefined ? missing() : externalLink(claim.source.url, claim.source.title),
              ],
            })),
          }),
        ],
    facts([
      ['Mass of unspecified material', withUnit(view.unspecifiedMassG, 'g')],
      ['Reused components', withUnit(view.reusedComponentPercent, '%')],
      ['Recycled, of the whole device', withUnit(circularity?.recycledContentPercent, '%')],
      ['Recycled after use, of the whole device', withUnit(circularity?.postConsumerPercent, '%')],
      ['Renewable, of the whole device', withUnit(circularity?.renewableContentPercent, '%')],
      ['Can be recycled', withUnit(circularity?.recyclablePercent, '%')],
      ['Material circularity, 0 to 1', numeral(circularity?.materialCircularityIndicator)],
      ['Utility factor', numeral(circularity?.utilityFactor)],
      ['ITU-T L.1023: durability', withUnit(circularity?.ituL1023?.durabilityPercent, '%')],
      ['ITU-T L.1023: repair and reuse, device', withUnit(circularity?.ituL1023?.equipmentPercent, '%')],
      ['ITU-T L.1023: repair and reuse, maker', withUnit(circularity?.ituL1023?.manufacturerPercent, '%')],
    ]),
    source(circularity?.source, 'Circularity'),
  ];
}

type Material = PassportView['materials'][number];

/** Mass and share say the same in two ways: a column that no row fills is left out, unless that leaves neither. */
function materialTable(all: readonly Material[]): Html {
  const hasMass = all.some(({ massG }) => massG !== undefined);
  const hasShare = all.some(({ massPercent }) => massPercent !== undefined);
  const amounts = [
    ...(hasMass || !hasShare ? [{ text: 'Mass', of: ({ massG }: Material) => withUnit(massG, 'g') }] : []),
    ...(hasShare ? [{ text: 'Share of device', of: ({ massPercent }: Material) => withUnit(massPercent, '%') }] : []),
  ];
  return table({
    caption: 'Materials',
    columns: [
      { text: 'Material' },
      ...amounts.map(({ text }) => ({ text, numeric: true })),
      { text: 'Recycled or renewable' },
      { text: 'From' },
      { text: 'Notes' },
    ],
    rows: all.map((material) => ({
      cells: [
        material.name,
        ...amounts.map(({ of }) => of(material) ?? missing()),
        recycled(material),
        material.country === undefined ? missing() : formatCountry(material.country),
        materialNotes(material),
      ],
    })),
  });
}

/** "90% (70% post-consumer, 20% pre-consumer)". */
function recycled(material: Material): Content {
  const { recycledPercent, postConsumerPercent, preConsumerPercent, renewablePercent } = material;
  const share = (percent: number | undefined, word: string) =>
    percent === undefined ? [] : [`${formatNumber(percent)}% ${word}`];
  const parts = [...share(postConsumerPercent, 'post-consumer'), ...share(preConsumerPercent, 'pre-consumer')];
  const renewable = share(renewablePercent, 'renewable');
  if (recycledPercent === undefined) {
    const known = [...parts, ...renewable];
    return known.length === 0 ? missing() : known.join(', ');
  }
  // Of nothing there are no parts.
  const detail = parts.length === 0 || recycledPercent === 0 ? '' : ` (${parts.join(', ')})`;
  return [`${formatNumber(recycledPercent)}%${detail}`, ...renewable].join(', ');
}

function materialNotes(material: Material): Content {
  const notes = [
    material.cas === undefined ? undefined : `CAS ${material.cas}`,
    material.component,
    material.custodyModel === undefined ? undefined : spellOut(material.custodyModel),
    material.lot === undefined
      ? 'declared'
      : link(paths.lot(material.lot), `from lot ${material.lot.slice(-64, -52)}…`),
    material.hazardous === true ? 'hazardous' : undefined,
    material.critical === true ? 'critical raw material' : undefined,
    material.euCriticalListYear === undefined ? undefined : `EU list of ${material.euCriticalListYear}`,
    material.certificate,
  ].filter((note) => note !== undefined);
  return notes.map((note, i) => [i === 0 ? '' : '; ', note]);
}

const RECYCLED_WORDS = {
  preConsumer: 'pre-consumer recycled',
  postConsumer: 'post-consumer recycled',
  recycled: 'recycled (not split)',
  renewable: 'renewable',
} as const;
