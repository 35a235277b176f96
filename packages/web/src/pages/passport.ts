/** The page that a label leads to: whose verdict, what the device is, and every figure with its source. Missing is said, never zero. */
import type { Report } from '@dpp-ledger/core';
import type { PassportView } from '@dpp-ledger/core/passport';
import { html } from 'hono/html';
import { type Part, shareBar, swatch } from '../chart.ts';
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
  formatCountry,
  formatDate,
  formatNumber,
  formatRegion,
  OUTCOME_WORDS,
  plural,
  REASON_WORDS,
  spellOut,
  VERDICT_WORDS,
} from '../words.ts';

export function passportPage(site: Site, found: PassportPage, now: number): Html {
  const { report, view } = found;
  return page(site, { title: view?.name ?? 'Passport', section: 'home', trail: [HOME] }, [
    html`<span class="govuk-caption-xl">${view === undefined ? 'Passport' : describeLevel(view)}</span>`,
    html`<h1 class="govuk-heading-xl">${view?.name ?? 'A passport that cannot be read'}</h1>`,
    view === undefined ? '' : lead(describeDevice(view)),
    fallback(found),
    verdict(found, now),
    view === undefined
      ? paragraph('The bytes cannot be read as a passport, so nothing in them is shown. The checks below say why.')
      : [
          contents(view),
          identity(view),
          carbon(view),
          materials(view),
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

// ----------------------------------------------------------------------------------------------------------- verdict

/** Says at once whether to rely on it, and on whose word. */
function verdict({ report, status, versions, cid }: PassportPage, now: number): Html {
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
    : html`<p class="govuk-body"><strong>This passport was revoked</strong> for ${REASON_WORDS[status.revoked.reason]} on ${time(status.revoked.time)}. Do not rely on it.</p>`
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

// ------------------------------------------------------------------------------------------------------- the device

function describeLevel({ granularity }: PassportView): string {
  return granularity === undefined ? 'Passport' : LEVEL_WORDS[granularity];
}

function describeDevice(view: PassportView): string | undefined {
  if (view.description !== undefined) return view.description;
  const kind = nameCategory(view);
  if (kind === undefined) return view.manufacturer === undefined ? undefined : `Made by ${view.manufacturer.name}.`;
  return view.manufacturer === undefined ? `${kind}.` : `${kind} by ${view.manufacturer.name}.`;
}

/** Our own word, or whatever the issuer calls it. */
function nameCategory({ category, categoryName }: PassportView): string | undefined {
  return category === undefined ? categoryName : CATEGORY_WORDS[category];
}

function contents({ otherClaims }: PassportView): Html {
  const items = [
    ['identity', 'What it is'],
    ['carbon', 'Carbon footprint'],
    ['materials', 'Materials and recycled content'],
    ['repair', 'Repair, durability and support'],
    ['energy', 'Energy, substances and packaging'],
    ['conformity', 'Conformity'],
    ['certificates', 'Certificates'],
    ...(otherClaims.length === 0 ? [] : [['claims', 'Other claims'] as const]),
    ['checks', 'Each check'],
    ['versions', 'Versions'],
    ['same-link', 'What the same link gives'],
  ] as const;
  return html`<nav aria-label="On this page" class="dpp-no-print"><ul class="govuk-list dpp-contents">${items.map(([id, text]) => html`<li>${link(`#${id}`, text)}</li>`)}</ul></nav>`;
}

function identity(view: PassportView): Content {
  return [
    heading(2, 'What it is', 'identity'),
    facts([
      ['Kind', nameCategory(view)],
      ['Manufacturer', view.manufacturer?.name],
      ['Model number', view.modelNumber],
      ['Stock number', view.sku],
      ['GTIN', view.gtin],
      ['Serial on the label', view.granularity === 'item' ? view.serial : NOT_ASKED],
      ['Production batch', view.granularity === 'model' ? NOT_ASKED : view.productionBatch],
      ['Made in', view.countryOfProduction === undefined ? undefined : formatCountry(view.countryOfProduction)],
      [
        'Facility',
        view.facility === undefined ? undefined : `${view.facility.name}, ${formatCountry(view.facility.country)}`,
      ],
      ['Made on', view.granularity === 'model' ? NOT_ASKED : date(view.productionDate)],
      ['Mass', withUnit(view.massKg, 'kg')],
      ['Height, width, depth', dimensions(view)],
      ['Screen', withUnit(view.screenInch, 'inches')],
      ['Memory', withUnit(view.memoryGB, 'GB')],
      ['Storage', view.storage],
      ['Customs code (TARIC)', view.taricCode],
      ['UNSPSC', view.unspsc],
      ['UN product class (CPC)', view.cpcCode ?? NOT_ASKED],
      ['Chassis identifier', view.granularity === 'item' ? digestOf(view.chassisId) : NOT_ASKED],
      ['Hardware configuration', view.granularity === 'item' ? digestOf(view.hardwareConfigId) : NOT_ASKED],
      ['Condition', view.condition === undefined ? undefined : CONDITION_WORDS[view.condition]],
      ['Importer', view.importer?.name],
      ['Take-back', view.takeBack === undefined ? undefined : externalLink(view.takeBack.url, view.takeBack.name)],
    ]),
    source(view.massSource, 'Mass and size'),
    paragraph(['Subject: ', code(view.subject)]),
  ];
}

// ----------------------------------------------------------------------------------------------------------- carbon

const STAGES = [
  ['manufacturing', 'Making it'],
  ['distribution', 'Transport'],
  ['use', 'Use'],
  ['endOfLife', 'End of life'],
] as const;

/** The total less the stages that are known. */
const NOT_BROKEN_DOWN = 'Not broken down';

function carbon(view: PassportView): Content {
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

function materials(view: PassportView): Content {
  const { circularity } = view;
  return [
    heading(2, 'Materials and recycled content', 'materials'),
    view.materials.length === 0
      ? paragraph([html`<strong>Materials by mass</strong>: `, missing()])
      : [materialTable(view.materials), ...distinctSources(view.materials.map((material) => material.source))],
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
    material.hazardous === true ? 'hazardous' : undefined,
    material.critical === true ? 'critical raw material' : undefined,
    material.euCriticalListYear === undefined ? undefined : `EU list of ${material.euCriticalListYear}`,
    material.certificate,
  ].filter((note) => note !== undefined);
  return notes.join('; ');
}

// ------------------------------------------------------------------------------------------------- repair, and rest

function repairAndLife(view: PassportView): Content {
  const { repair, durability } = view;
  return [
    heading(2, 'Repair, durability and support', 'repair'),
    heading(3, 'Repair'),
    facts([
      ['EU repairability class', repair?.euClass],
      ['EU repairability index', repair?.euIndex === undefined ? undefined : formatNumber(repair.euIndex)],
      ['French repairability index', outOfTen(repair?.frenchIndex)],
      ['iFixit score', outOfTen(repair?.ifixitScore)],
      ['Spare parts for', repair?.sparePartsYears === undefined ? undefined : plural(repair.sparePartsYears, 'year')],
      ['Spare parts for everyone', yesNo(repair?.sparePartsPublic)],
      ['Repair manual', file(repair?.manualUrl, repair?.manualSha256)],
      ['Disassembly', file(repair?.disassemblyUrl, repair?.disassemblySha256)],
      [
        'Disassembly depth',
        repair?.disassemblySteps === undefined ? undefined : plural(repair.disassemblySteps, 'step'),
      ],
      ['Fasteners', repair?.fasteners === undefined ? undefined : FASTENER_WORDS[repair.fasteners]],
      ['Tools', repair?.tools === undefined ? undefined : TOOL_WORDS[repair.tools]],
      ['Diagnostic tools', file(repair?.diagnosticToolsUrl, repair?.diagnosticToolsSha256)],
      ['Memory can be upgraded', yesNo(repair?.upgradeableMemory)],
      ['Storage can be upgraded', yesNo(repair?.upgradeableStorage)],
      ['Battery can be replaced', yesNo(repair?.replaceableBattery)],
    ]),
    spareParts(repair?.spareParts ?? []),
    source(repair?.source, 'Repair'),
    heading(3, 'Durability and support'),
    facts([
      [
        'Expected lifetime',
        durability?.expectedLifetimeYears === undefined ? undefined : plural(durability.expectedLifetimeYears, 'year'),
      ],
      ['Warranty', durability?.warrantyMonths === undefined ? undefined : plural(durability.warrantyMonths, 'month')],
      ['Battery cycles to 80%', durability?.batteryCyclesTo80Percent],
      ['Battery runtime', withUnit(durability?.batteryRuntimeHours, 'hours')],
      ['Free-fall class', durability?.freeFallClass],
      ['Protection against dust and water', durability?.ingressProtection],
      ['Security updates until', date(durability?.securityUpdateUntil)],
      ['System supported until', date(durability?.osSupportUntil)],
      ['Firmware updates until', date(durability?.firmwareUpdateUntil)],
      [
        'Security updates for',
        durability?.securityUpdateYears === undefined ? undefined : plural(durability.securityUpdateYears, 'year'),
      ],
    ]),
    source(durability?.source, 'Durability and support'),
  ];
}

const POUNDS = new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'GBP' });

type SparePart = NonNullable<NonNullable<PassportView['repair']>['spareParts']>[number];

function spareParts(parts: readonly SparePart[]): Content {
  if (parts.length === 0) return paragraph([html`<strong>Spare parts by name and price</strong>: `, missing()]);
  return table({
    caption: 'Spare parts',
    columns: [
      { text: 'Part' },
      { text: 'Stock number' },
      { text: 'Price without tax', numeric: true },
      { text: 'Available until' },
      { text: 'Delivery' },
    ],
    rows: parts.map(({ part, sku, priceGBP, availableUntil, deliveryDays }) => ({
      cells: [
        part,
        sku ?? missing(),
        priceGBP === undefined ? missing() : POUNDS.format(priceGBP),
        date(availableUntil) ?? missing(),
        deliveryDays === undefined ? missing() : plural(deliveryDays, 'working day'),
      ],
    })),
  });
}

function energyAndRest(view: PassportView): Content {
  const { energy, rohs, packaging } = view;
  return [
    heading(2, 'Energy, substances and packaging', 'energy'),
    heading(3, 'Energy'),
    facts([
      ['Energy label', energy?.labelClass],
      ['Typical electricity a year', withUnit(energy?.tecKwhYear, 'kWh')],
      ['Power in standby', withUnit(energy?.standbyW, 'W')],
      ['Power when idle', withUnit(energy?.idleW, 'W')],
    ]),
    source(energy?.source, 'Energy'),
    view.substancesOfConcern.length === 0
      ? [heading(3, 'Substances of concern'), paragraph(missing())]
      : table({
          caption: 'Substances of concern',
          columns: [
            { text: 'Substance' },
            { text: 'CAS' },
            { text: 'Share by weight', numeric: true },
            { text: 'Where' },
            { text: 'SCIP' },
          ],
          rows: view.substancesOfConcern.map((substance) => ({
            cells: [
              substance.name,
              substance.cas ?? missing(),
              withUnit(substance.percentWw, '%') ?? missing(),
              substance.location ?? missing(),
              substance.scip ?? missing(),
            ],
          })),
        }),
    view.phaseOutPlan.length === 0
      ? paragraph([html`<strong>Plan to phase substances out</strong>: `, missing()])
      : table({
          caption: 'Plan to phase substances out',
          columns: [{ text: 'Substance' }, { text: 'CAS' }, { text: 'State' }, { text: 'Gone by' }],
          rows: view.phaseOutPlan.map(({ name, cas, status, target }) => ({
            cells: [name, cas ?? missing(), spellOut(status), date(target) ?? missing()],
          })),
        }),
    facts([
      ['RoHS', rohs === undefined ? undefined : rohs.compliant ? 'Stated as compliant' : 'Stated as not compliant'],
      ['RoHS exemptions', rohs?.exemptions?.join(', ')],
    ]),
    source(rohs?.source, 'RoHS'),
    heading(3, 'Packaging'),
    facts([
      ['Mass', withUnit(packaging?.massG, 'g')],
      ['Recycled', withUnit(packaging?.recycledPercent, '%')],
      ['Free of plastic', yesNo(packaging?.plasticFree)],
      ['Single-use plastics', withUnit(packaging?.singleUsePlasticsG, 'g')],
    ]),
    source(packaging?.source, 'Packaging'),
  ];
}

function conformity(view: PassportView): Content {
  return [
    heading(2, 'Conformity', 'conformity'),
    view.conformity.length === 0
      ? notDisclosed()
      : table({
          caption: 'As the issuer declares it',
          columns: [{ text: 'What' }, { text: 'Value' }, { text: 'Conforms' }, { text: 'By' }, { text: 'Evidence' }],
          rows: view.conformity.map(
            ({ criterion, topic, declaredValue, conforms, standard, regulation, evidence }) => ({
              cells: [
                topic === undefined ? criterion : `${criterion} (${topic})`,
                declaredValue ?? missing(),
                yesNo(conforms),
                [standard?.name, regulation?.name].filter((name) => name !== undefined).join('; ') || missing(),
                evidence === undefined ? missing() : file(evidence.url, evidence.sha256, evidence.title),
              ],
            }),
          ),
        }),
  ];
}

function certificates(view: PassportView): Content {
  return [
    heading(2, 'Certificates', 'certificates'),
    view.certificates.length === 0
      ? paragraph(missing())
      : [
          bulletList(
            view.certificates.map((certificate) => [
              externalLink(certificate.url, [certificate.scheme, certificate.level].filter(Boolean).join(' ')),
              certificate.id === undefined ? '' : ` (${certificate.id})`,
            ]),
          ),
          paragraph('Named by the issuer. This page does not check them with whoever gave them.'),
        ],
  ];
}

/** Figures in vocabularies that are not ours: shown as they are, compared with nothing. */
function otherClaims({ otherClaims: claims }: PassportView): Content {
  if (claims.length === 0) return '';
  return [
    heading(2, 'Other claims', 'claims'),
    ...claims.map((claim) => [
      table({
        caption: claim.date === undefined ? claim.name : `${claim.name}, ${formatDate(claim.date)}`,
        columns: [{ text: 'What' }, { text: 'Value', numeric: true }, { text: 'Unit' }],
        rows: claim.figures.map((figure) => ({
          cells: [
            figure.name ?? missing(),
            typeof figure.value === 'number' ? formatNumber(figure.value) : figure.value,
            figure.unit ?? '',
          ],
        })),
      }),
      source(claim.source, claim.name),
    ]),
  ];
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

function sameLink({ links, anchor, status, cid, report, view }: PassportPage): Content {
  return [
    heading(2, 'What the same link gives', 'same-link'),
    paragraph('People get this page; software asks the same link for another form.'),
    bulletList([
      [link(links.credential, 'The credential'), ': the signed bytes, ', code('application/vc+jwt')],
      [link(links.evidence, 'The evidence'), ': all that is needed to check it without this server'],
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

// ------------------------------------------------------------------------------------------------------------ parts

/** What a fact has no sense for at this level: neither shown nor missed. */
const NOT_ASKED = Symbol('not asked');

/** What is disclosed as a list; the rest by name, so that nobody takes it for zero. */
function facts(rows: readonly (readonly [name: string, value: Content | typeof NOT_ASKED])[]): Content {
  const asked = rows.filter((row): row is readonly [string, Content] => row[1] !== NOT_ASKED);
  const absent = asked.filter(([, value]) => value === undefined).map(([name]) => name);
  return [
    summaryList(asked),
    absent.length === 0 ? '' : html`<p class="govuk-body dpp-missing">Not disclosed: ${absent.join('; ')}.</p>`,
  ];
}

type Source = NonNullable<PassportView['massSource']>;

function source(from: Source | undefined, of: string): Content {
  if (from === undefined) return '';
  return paragraph([
    `Source (${of.toLowerCase()}): `,
    externalLink(from.url, from.title),
    from.published === undefined ? '' : `, published ${formatDate(from.published)}`,
    from.retrieved === undefined ? '' : `, read ${formatDate(from.retrieved)}`,
    '.',
  ]);
}

function distinctSources(sources: readonly (Source | undefined)[]): Content[] {
  const byUrl = new Map(sources.filter((each) => each !== undefined).map((each) => [each.url, each]));
  return [...byUrl.values()].map((each) => source(each, 'Materials'));
}

function lead(text: string | undefined): Content {
  return text === undefined ? '' : html`<p class="govuk-body-l">${text}</p>`;
}

function missing(): Html {
  return html`<span class="dpp-missing">not disclosed</span>`;
}

function notDisclosed(): Html {
  return paragraph(missing());
}

function withUnit(value: number | undefined, unit: string): string | undefined {
  if (value === undefined) return undefined;
  return unit === '%' ? `${formatNumber(value)}%` : `${formatNumber(value)}\u00a0${unit}`;
}

function numeral(value: number | undefined): string | undefined {
  return value === undefined ? undefined : formatNumber(value);
}

/** Figures of any size: what three decimals would round to zero keeps its digits. */
function small(value: number | undefined, unit: string): string | undefined {
  if (value === undefined || value === 0 || value >= 0.1) return withUnit(value, unit);
  return `${Number(value.toPrecision(3))}\u00a0${unit}`;
}

function digestOf(hex: string | undefined): Content {
  return hex === undefined ? undefined : shortCode(hex);
}

/** A document, with its digest where the maker gave one. */
function file(url: string | undefined, sha256: string | undefined, title?: string): Content {
  if (url === undefined) return undefined;
  const linked = externalLink(url, title);
  return sha256 === undefined ? linked : [linked, ' (SHA-256 ', shortCode(sha256), ')'];
}

function date(text: string | undefined): string | undefined {
  return text === undefined ? undefined : formatDate(text);
}

function yesNo(value: boolean | undefined): string | undefined {
  return value === undefined ? undefined : value ? 'Yes' : 'No';
}

function outOfTen(value: number | undefined): string | undefined {
  return value === undefined ? undefined : `${formatNumber(value)} out of 10`;
}

function dimensions(view: PassportView): string | undefined {
  const sides = [view.heightMm, view.widthMm, view.depthMm];
  if (sides.every((side) => side === undefined)) return undefined;
  return `${sides.map((side) => (side === undefined ? 'not disclosed' : formatNumber(side))).join(' × ')} mm`;
}

const LEVEL_WORDS = {
  item: 'Passport of one device',
  batch: 'Passport of a production batch',
  model: 'Passport of a model',
} as const;

const CATEGORY_WORDS = {
  laptop: 'Laptop',
  desktop: 'Desktop computer',
  monitor: 'Monitor',
  smartphone: 'Smartphone',
  tablet: 'Tablet',
  thinClient: 'Thin client',
  server: 'Server',
  printer: 'Printer',
  network: 'Network equipment',
  peripheral: 'Peripheral',
  storage: 'Storage',
  workstation: 'Workstation',
  connectedDevice: 'Connected device',
  consumerElectronics: 'Consumer electronics',
} as const;

const FASTENER_WORDS = {
  reusable: 'Reusable',
  resupplied: 'Supplied again with the part',
  removable: 'Removable, not reusable',
  neither: 'Neither removable nor reusable',
} as const;

const TOOL_WORDS = {
  none: 'None needed',
  basic: 'Basic tools',
  suppliedWithPart: 'Supplied with the spare part',
  suppliedWithProduct: 'Supplied with the device',
  commerciallyAvailable: 'Commercially available',
  proprietary: 'Proprietary',
} as const;

const CONDITION_WORDS = {
  new: 'New',
  refurbished: 'Refurbished',
  remanufactured: 'Remanufactured',
  redeployed: 'Redeployed',
} as const;

const RECYCLED_WORDS = {
  preConsumer: 'pre-consumer recycled',
  postConsumer: 'post-consumer recycled',
  recycled: 'recycled (not split)',
  renewable: 'renewable',
} as const;
