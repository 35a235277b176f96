/** How the device lives: repair, durability and support, energy, substances and packaging, and what it conforms to. */
import type { PassportView } from '@dpp-ledger/core/passport';
import { html } from 'hono/html';
import { bulletList, type Content, externalLink, heading, paragraph, table } from '../../layout.ts';
import { formatDate, formatNumber, plural, spellOut } from '../../words.ts';
import { date, facts, file, missing, notDisclosed, outOfTen, source, withUnit, yesNo } from './facts.ts';

export function repairAndLife(view: PassportView): Content {
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

export function energyAndRest(view: PassportView): Content {
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

export function conformity(view: PassportView): Content {
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

export function certificates(view: PassportView): Content {
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
export function otherClaims({ otherClaims: claims }: PassportView): Content {
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
