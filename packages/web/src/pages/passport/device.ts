/** What the device is: its kind and maker, its numbers and its size. */
import type { PassportView } from '@dpp-ledger/core/passport';
import { html } from 'hono/html';
import { type Content, code, externalLink, type Html, heading, link, paragraph } from '../../layout.ts';
import { formatCountry, formatNumber } from '../../words.ts';
import { date, digestOf, facts, NOT_ASKED, source, withUnit } from './facts.ts';

export function describeLevel({ granularity }: PassportView): string {
  return granularity === undefined ? 'Passport' : LEVEL_WORDS[granularity];
}

export function describeDevice(view: PassportView): string | undefined {
  if (view.description !== undefined) return view.description;
  const kind = nameCategory(view);
  if (kind === undefined) return view.manufacturer === undefined ? undefined : `Made by ${view.manufacturer.name}.`;
  return view.manufacturer === undefined ? `${kind}.` : `${kind} by ${view.manufacturer.name}.`;
}

/** Our own word, or whatever the issuer calls it. */
function nameCategory({ category, categoryName }: PassportView): string | undefined {
  return category === undefined ? categoryName : CATEGORY_WORDS[category];
}

export function contents({ otherClaims }: PassportView, { hasStandings }: { readonly hasStandings: boolean }): Html {
  const items = [
    ...(hasStandings ? [['standings', 'Whose word the claims are'] as const] : []),
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

export function identity(view: PassportView): Content {
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

const CONDITION_WORDS = {
  new: 'New',
  refurbished: 'Refurbished',
  remanufactured: 'Remanufactured',
  redeployed: 'Redeployed',
} as const;
