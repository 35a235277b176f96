/**
 * The plain input of a passport: what a manufacturer or a data publisher knows. A spreadsheet row is the same object, a column's header
 * the dotted path of a field ("carbon.totalKgCO2e", "materials.1.name": arrays count from 1). Missing stays missing, zero is a published
 * zero, and every group that carries figures names their source.
 *
 * The schema says what a field is; the rules say what the UNTP schemas let pass and a reader would stumble over.
 */
import { z } from 'zod';
import { CUSTODY_MODELS, ORIGINS } from '../materials/lot.ts';
import {
  CARBON_STANDARDS,
  CATEGORIES,
  cas,
  country,
  day,
  described,
  digest,
  FASTENERS,
  figure,
  gs1Text,
  isGtin,
  isLei,
  isLot,
  isOwnId,
  partialDate,
  percent,
  rating,
  SHA256_EXAMPLE,
  short,
  source,
  TOOLS,
  text,
  uri,
  url,
} from './fields.ts';

const material = z.strictObject({
  name: described(short, 'Substance, one per group of columns', 'Cobalt'),
  cas: described(cas, 'CAS number', '7440-48-4').optional(),
  massG: described(figure, 'Mass in the product, grams', 12).optional(),
  massPercent: described(percent, 'Share of the product, percent of its mass', 0.85).optional(),
  country: described(country, 'Country of origin', 'CD').optional(),
  recycledPercent: described(percent, 'Recycled share of this material, percent', 90).optional(),
  preConsumerPercent: described(percent, 'Of this material, recycled before it was ever used', 20).optional(),
  postConsumerPercent: described(percent, 'Of this material, recycled after use', 70).optional(),
  renewablePercent: described(percent, 'Renewable share of this material', 0).optional(),
  custodyModel: described(z.enum(CUSTODY_MODELS), 'Chain of custody model (ISO 22095)', 'segregated').optional(),
  lot: described(
    z.string().refine(isLot, 'expected the id of a lot, 0x and 64 digits in lower case, or its URI'),
    'Lot that it draws on, by id or URI; needs mass, CAS number or a substance of our list, origin, custody model, country',
    'eip155:31337:0x5fbdb2315678afecb367f032d93f642f64180aa3#lot-6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b',
  ).optional(),
  origin: described(
    z.enum(ORIGINS),
    'Where all of it came from (EN 45557), where one is enough to say; as the lot has it',
    'postConsumerRecycled',
  ).optional(),
  hazardous: described(z.boolean(), 'Is it hazardous', false).optional(),
  critical: described(z.boolean(), 'On the EU list of critical raw materials', true).optional(),
  euCriticalListYear: described(
    z.number().int().min(2011).max(2100),
    'Year of the EU list of critical raw materials that has it',
    2023,
  ).optional(),
  certificate: described(text, 'Certificate of the recycled share: number or URL', 'RC-2026-118').optional(),
  component: described(short, 'Part that holds it', 'battery').optional(),
  source: source.optional(),
});

const recycledContent = z.strictObject({
  of: described(short, 'What the share is of, as published: "plastic", "aluminium enclosure"', 'plastic'),
  percent: described(percent, 'Percent', 52),
  kind: described(
    z.enum(['preConsumer', 'postConsumer', 'recycled', 'renewable']),
    '"recycled" where it was not split',
    'postConsumer',
  ).optional(),
  atLeast: described(z.boolean(), 'Published as "at least"', true).optional(),
  component: described(short, 'Part', 'enclosure').optional(),
  certificate: described(text, 'Certificate: number or URL', 'RC-2026-119').optional(),
  source,
});

const substance = z.strictObject({
  name: described(short, 'Substance of concern', 'Lead'),
  cas: described(cas, 'CAS number', '7439-92-1').optional(),
  percentWw: described(percent, 'Concentration, percent by weight of the article', 0.14).optional(),
  location: described(text, 'Where in the product', 'brass inserts of the hinge').optional(),
  scip: described(short, 'SCIP notification number', '8a6b4c1e-0000-4000-8000-000000000001').optional(),
  rohsExemption: described(short, 'RoHS exemption it stands under', '6(c)').optional(),
  source: source.optional(),
});

const phaseOut = z.strictObject({
  name: described(short, 'Substance that is to go', 'Lead'),
  cas: described(cas, 'CAS number', '7439-92-1').optional(),
  status: described(z.enum(['planned', 'underWay', 'done']), 'How far it is', 'underWay'),
  target: described(partialDate, 'Gone by: YYYY, YYYY-MM or YYYY-MM-DD', '2028-12').optional(),
  source: source.optional(),
});

/** PACT Technical Specifications 3.0, CarbonFootprint: cradle to gate, per declared unit, which is a piece. */
const pact = z.strictObject({
  declaredUnitAmount: described(figure, 'Pieces that the amounts are for', 1),
  periodStart: described(day, 'First day of the data: YYYY-MM-DD', '2025-01-01').optional(),
  periodEnd: described(day, 'Last day of the data: YYYY-MM-DD', '2025-12-31').optional(),
  excludingBiogenicUptakeKgCO2e: described(figure, 'Cradle to gate without biogenic uptake, kg CO2e', 180.4),
  includingBiogenicUptakeKgCO2e: described(
    z.number().min(-1e12).max(1e12),
    'Cradle to gate with biogenic uptake, kg CO2e',
    179.8,
  ).optional(),
  fossilKgCO2e: described(figure, 'Of it: fossil greenhouse gases, kg CO2e', 176.2).optional(),
  fossilCarbonContentKg: described(figure, 'Fossil carbon in the product, kg', 0.31).optional(),
  characterizationFactors: z
    .array(described(z.string().regex(/^AR[5-9]$/, 'expected an assessment report such as AR6'), 'IPCC report', 'AR6'))
    .min(1)
    .max(5)
    .optional(),
  crossSectoralStandards: z
    .array(described(z.enum(CARBON_STANDARDS), 'Cross-sectoral accounting standard', 'ISO14067'))
    .min(1)
    .max(20)
    .optional(),
  exemptedEmissionsPercent: described(
    z.number().min(0).max(5),
    'Emissions left out, percent, at most 5',
    1.2,
  ).optional(),
  technologicalRating: described(rating, 'Data quality: technology, 1 to 5, 1 is best', 1.8).optional(),
  geographicalRating: described(rating, 'Data quality: geography, 1 to 5', 2.1).optional(),
  temporalRating: described(rating, 'Data quality: time, 1 to 5', 1.5).optional(),
});

const carbon = z.strictObject({
  totalKgCO2e: described(figure, 'Carbon footprint over the stated life, kg CO2e per device', 231),
  uncertaintyKgCO2e: described(figure, 'Plus or minus, kg CO2e', 46).optional(),
  stages: z
    .strictObject({
      manufacturing: described(figure, 'Of the total: raw material and manufacturing, kg CO2e', 178.2).optional(),
      distribution: described(figure, 'Of the total: transport, kg CO2e', 11.4).optional(),
      use: described(figure, 'Of the total: use, kg CO2e', 40.1).optional(),
      endOfLife: described(figure, 'Of the total: end of life, kg CO2e', 1.3).optional(),
    })
    .optional(),
  lifetimeYears: described(figure, 'Years of use that the footprint assumes', 5).optional(),
  useLocation: described(short, 'Country or region of use that it assumes', 'EU').optional(),
  yearlyTecKwh: described(figure, 'Yearly energy that it assumes, kWh', 18.5).optional(),
  gridFactorKgPerKwh: described(figure, 'Grid factor that it assumes, kg CO2e per kWh', 0.275).optional(),
  method: described(z.enum(['PAIA', 'LCA', 'EPD', 'estimate']), 'Method', 'LCA').optional(),
  reportDate: described(partialDate, 'Date of the report: YYYY, YYYY-MM or YYYY-MM-DD', '2026-05').optional(),
  primaryDataPercent: described(percent, 'Share of primary data', 38).optional(),
  verification: z
    .strictObject({
      level: described(short, 'Assurance: "none", "limited", "reasonable"', 'limited'),
      provider: described(short, 'Who verified', 'Fictional Verifier').optional(),
      standard: described(short, 'By which standard', 'ISO 14067').optional(),
      boundary: described(short, 'What was verified: "gate to gate", "cradle to gate"', 'cradle to gate').optional(),
      completed: described(partialDate, 'When: YYYY, YYYY-MM or YYYY-MM-DD', '2026-04-30').optional(),
    })
    .optional(),
  pact: pact.optional(),
  source,
});

/** The other indicators of a life-cycle assessment, whole life, per device. */
const impacts = z.strictObject({
  adpeKgSbEq: described(figure, 'Abiotic depletion of elements (ADPe), kg Sb eq', 0.021).optional(),
  adpfMJ: described(figure, 'Abiotic depletion of fossil resources (ADPf), MJ', 2950).optional(),
  waterM3: described(figure, 'Water use (WU), m3 world eq', 61).optional(),
  particulateMatterIncidence: described(figure, 'Particulate matter (PM), disease incidence', 0.0000112).optional(),
  acidificationMolHEq: described(figure, 'Acidification (AP), mol H+ eq', 1.3).optional(),
  ecotoxicityCtue: described(figure, 'Ecotoxicity of freshwater, CTUe', 3200).optional(),
  method: described(short, 'Method of impact assessment', 'EF 3.1').optional(),
  source,
});

const reference = (what: string, id: string, name: string) =>
  z.strictObject({ id: described(uri, `${what}, a URI`, id), name: described(text, 'Its name', name) });

const statement = z.strictObject({
  criterion: described(text, 'What it is said to meet', 'Contains no mercury above 0.1 % by weight'),
  topic: described(short, 'Topic', 'hazardous substances').optional(),
  standard: reference('Standard', 'https://maker.example/standards/en-iec-63000', 'EN IEC 63000:2018').optional(),
  regulation: reference('Regulation', 'http://data.europa.eu/eli/dir/2011/65/oj', 'Directive 2011/65/EU').optional(),
  declaredValue: described(short, 'Value as declared, with its unit', '< 0.01 %').optional(),
  conforms: described(z.boolean(), 'Does it conform', true),
  evidence: z
    .strictObject({
      url: described(url, 'Evidence that everybody may read', 'https://maker.example/declarations/l14.pdf'),
      title: described(text, 'Its title', 'EU declaration of conformity'),
      sha256: described(digest, 'Its SHA-256, hexadecimal', SHA256_EXAMPLE).optional(),
    })
    .optional(),
  source: source.optional(),
});

const sparePart = z.strictObject({
  part: described(short, 'Spare part', 'Battery'),
  sku: described(short, 'Its stock keeping unit', 'L14-SP-BAT').optional(),
  priceGBP: described(figure, 'Its price without tax, GBP', 64.9).optional(),
  availableUntil: described(partialDate, 'Available until: YYYY, YYYY-MM or YYYY-MM-DD', '2034-12').optional(),
  deliveryDays: described(figure, 'Delivery, working days', 5).optional(),
});

const party = z.strictObject({
  name: described(
    short,
    "Maker's name; for a data publisher, the maker whose figures are restated",
    'Fictional Maker Ltd',
  ),
  id: described(uri, "Maker's identifier, a URI", 'https://maker.example/').optional(),
  lei: described(
    z.string().refine(isLei, 'expected a legal entity identifier with valid check digits'),
    'LEI',
    'DEMO00FICTIONAL00038',
  ).optional(),
});

/** Shape only: `parsePassportInput` also applies the rules. */
export const passportInput = z.strictObject({
  granularity: described(
    z.enum(['model', 'batch', 'item']),
    'What the passport is about: a model, a production batch or one item',
    'item',
  ),
  gtin: described(
    z.string().refine(isGtin, 'expected 8, 12, 13 or 14 digits with a valid check digit'),
    'GTIN',
    '09521234000013',
  ).optional(),
  id: described(
    z.string().refine(isOwnId, 'expected a plain https URI, no port, query or escapes, that is no GS1 Digital Link'),
    "Identifier under the issuer's own host, where no GTIN is published",
    'https://maker.example/m/l14',
  ).optional(),
  serial: described(
    gs1Text,
    'Random serial of the label (GS1 AI 21), never the chassis serial; with granularity item',
    '5Q3G8373S3H2',
  ).optional(),
  productionBatch: described(gs1Text, 'Production batch (GS1 AI 10)', 'M26-31').optional(),
  units: described(
    z.number().int().min(1).max(1_000_000_000),
    'Pieces in the production batch; needed where it draws on lots, which takes the mass of each piece times the pieces',
    500,
  ).optional(),
  name: described(text, 'Name of the model', 'Laptop 14'),
  modelNumber: described(short, 'Model number', 'L14-2').optional(),
  sku: described(short, 'Stock keeping unit', 'L14-2-16-512').optional(),
  description: described(z.string().trim().min(1).max(2000), 'Description', 'A 14-inch laptop').optional(),
  category: described(z.enum(CATEGORIES), 'Category', 'laptop'),
  taricCode: described(
    z.string().regex(/^\d{6}(?:\d{2}){0,2}$/, 'expected 6, 8 or 10 digits'),
    'TARIC code',
    '8471300000',
  ).optional(),
  cpcCode: described(
    z.string().regex(/^\d{3,5}$/, 'expected 3 to 5 digits'),
    'UN CPC 2.1 code, where another than that of the category fits',
    '45221',
  ).optional(),
  chassisId: described(
    digest,
    "SHA3-256 of the chassis' component identifiers, sorted, in hexadecimal; for an item",
    'a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a',
  ).optional(),
  hardwareConfigId: described(
    digest,
    'SHA3-256 of all its component identifiers, sorted, in hexadecimal; for an item',
    '3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532',
  ).optional(),
  unspsc: described(z.string().regex(/^\d{8}$/, 'expected 8 digits'), 'UNSPSC code', '43211503').optional(),
  manufacturer: party,
  importer: z
    .strictObject({
      name: described(short, 'Importer', 'Fictional Imports BV'),
      eori: described(
        z.string().regex(/^[A-Z]{2}[A-Z0-9]{1,15}$/, 'expected an EORI number'),
        'EORI number',
        'NL123456789',
      ).optional(),
    })
    .optional(),
  takeBack: z
    .strictObject({
      name: described(short, 'Responsible recycler or take-back operator', 'Fictional Take-back'),
      url: described(url, 'Its page', 'https://maker.example/take-back'),
    })
    .optional(),
  facility: z
    .strictObject({
      id: described(uri, 'Facility, a URI', 'https://maker.example/facilities/north'),
      name: described(short, 'Its name', 'North assembly'),
      country: described(country, 'Its country', 'GB'),
    })
    .optional(),
  productionDate: described(day, 'Day of production; not for a model', '2026-07-30').optional(),
  countryOfProduction: described(country, 'Country of production', 'GB').optional(),
  massKg: described(figure, 'Mass without packaging, kg', 1.42).optional(),
  heightMm: described(figure, 'Height, mm', 16.4).optional(),
  widthMm: described(figure, 'Width, mm', 312).optional(),
  depthMm: described(figure, 'Depth, mm', 221).optional(),
  screenInch: described(figure, 'Screen diagonal, inches', 14).optional(),
  memoryGB: described(figure, 'Memory, GB', 16).optional(),
  storage: described(short, 'Storage', 'SSD 512 GB').optional(),
  massSource: source.optional(),
  packaging: z
    .strictObject({
      massG: described(figure, 'Mass of the packaging, g', 310).optional(),
      recycledPercent: described(percent, 'Recycled share of the packaging', 95).optional(),
      plasticFree: described(z.boolean(), 'Is the packaging free of plastic', true).optional(),
      singleUsePlasticsG: described(figure, 'Single-use plastics that come with the device, g', 0).optional(),
      source: source.optional(),
    })
    .optional(),
  carbon: carbon.optional(),
  impacts: impacts.optional(),
  materials: z.array(material).max(200).optional(),
  recycledContent: z.array(recycledContent).max(50).optional(),
  unspecifiedMassG: described(
    figure,
    'Mass that no material accounts for, g; counts as primary (EN 45557)',
    283.2,
  ).optional(),
  reusedComponentPercent: described(percent, 'Reused components, percent of mass (EN 45556)', 0).optional(),
  substancesOfConcern: z.array(substance).max(100).optional(),
  phaseOutPlan: z.array(phaseOut).max(100).optional(),
  rohs: z
    .strictObject({
      compliant: described(z.boolean(), 'Does it comply with RoHS', true),
      exemptions: z
        .array(described(short, 'RoHS exemption', '6(c)'))
        .min(1)
        .max(50)
        .optional(),
      source: source.optional(),
    })
    .optional(),
  energy: z
    .strictObject({
      labelClass: described(z.string().regex(/^[A-G]$/, 'expected A to G'), 'EU energy label class', 'C').optional(),
      tecKwhYear: described(figure, 'Typical energy consumption, kWh a year', 18.5).optional(),
      standbyW: described(figure, 'Standby power, W', 0.4).optional(),
      idleW: described(figure, 'Idle power, W', 3.1).optional(),
      source,
    })
    .optional(),
  durability: z
    .strictObject({
      expectedLifetimeYears: described(figure, 'Expected lifetime, years', 7).optional(),
      warrantyMonths: described(figure, 'Warranty, months', 36).optional(),
      batteryCyclesTo80Percent: described(figure, 'Battery cycles until 80 % of its capacity', 1000).optional(),
      batteryRuntimeHours: described(figure, 'Battery runtime, hours', 11).optional(),
      freeFallClass: described(
        z.string().regex(/^[A-E]$/, 'expected A to E'),
        'Free fall reliability class (EU 2023/1669)',
        'B',
      ).optional(),
      ingressProtection: described(
        z.string().regex(/^IP[0-6X][0-9X]K?$/, 'expected a code such as IP68'),
        'Ingress protection',
        'IP53',
      ).optional(),
      securityUpdateUntil: described(partialDate, 'Security updates until', '2034-12-31').optional(),
      osSupportUntil: described(partialDate, 'Operating system upgrades until', '2032-12-31').optional(),
      firmwareUpdateUntil: described(partialDate, 'Firmware updates until', '2034-12-31').optional(),
      securityUpdateYears: described(figure, 'Years of security updates', 8).optional(),
      source,
    })
    .optional(),
  repair: z
    .strictObject({
      euClass: described(z.enum(['A', 'B', 'C', 'D', 'E']), 'EU repairability class', 'B').optional(),
      euIndex: described(z.number().min(0).max(5), 'EU repairability index, 0 to 5', 3.9).optional(),
      frenchIndex: described(z.number().min(0).max(10), 'French indice de reparabilite, 0 to 10', 8.9).optional(),
      ifixitScore: described(z.number().min(0).max(10), 'iFixit score, 0 to 10', 9).optional(),
      sparePartsYears: described(figure, 'Years of spare parts', 8).optional(),
      sparePartsPublic: described(z.boolean(), 'Are spare parts sold to everybody', true).optional(),
      manualUrl: described(url, 'Repair manual', 'https://maker.example/repair/l14').optional(),
      manualSha256: described(digest, 'SHA-256 of the manual, hexadecimal', SHA256_EXAMPLE).optional(),
      disassemblyUrl: described(url, 'Disassembly instructions', 'https://maker.example/disassembly/l14').optional(),
      disassemblySha256: described(digest, 'SHA-256 of the instructions, hexadecimal', SHA256_EXAMPLE).optional(),
      diagnosticToolsUrl: described(url, 'Diagnostic tools', 'https://maker.example/diagnostics').optional(),
      diagnosticToolsSha256: described(digest, 'SHA-256 of the tools, hexadecimal', SHA256_EXAMPLE).optional(),
      disassemblySteps: described(figure, 'Disassembly depth: steps to the part that takes most', 7).optional(),
      fasteners: described(z.enum(FASTENERS), 'The worst fastener of a priority part', 'reusable').optional(),
      tools: described(z.enum(TOOLS), 'The worst tool that a priority part needs', 'basic').optional(),
      spareParts: z.array(sparePart).min(1).max(200).optional(),
      upgradeableMemory: described(z.boolean(), 'Can memory be upgraded', true).optional(),
      upgradeableStorage: described(z.boolean(), 'Can storage be upgraded', true).optional(),
      replaceableBattery: described(z.boolean(), 'Can its user replace the battery', true).optional(),
      source,
    })
    .optional(),
  circularity: z
    .strictObject({
      recyclablePercent: described(percent, 'Recyclable share, percent of mass', 87).optional(),
      recycledContentPercent: described(percent, 'Recycled content of the whole device, percent', 41).optional(),
      postConsumerPercent: described(percent, 'Of the whole device, recycled after use', 29).optional(),
      renewableContentPercent: described(percent, 'Renewable content of the whole device', 2).optional(),
      materialCircularityIndicator: described(z.number().min(0).max(1), 'Material circularity, 0 to 1', 0.4).optional(),
      utilityFactor: described(figure, "Utility: life and use over the industry's average", 1.3).optional(),
      ituL1023: z
        .strictObject({
          durabilityPercent: described(percent, 'ITU-T L.1023: durability', 72).optional(),
          equipmentPercent: described(percent, 'ITU-T L.1023: repair, reuse, upgrade, equipment', 68).optional(),
          manufacturerPercent: described(percent, 'ITU-T L.1023: the same, manufacturer', 81).optional(),
        })
        .optional(),
      source,
    })
    .optional(),
  conformity: z.array(statement).max(100).optional(),
  certificates: z
    .array(
      z.strictObject({
        scheme: described(short, 'Scheme: EPEAT, TCO Certified, ENERGY STAR', 'EPEAT'),
        level: described(short, 'Level', 'Gold').optional(),
        id: described(short, 'Number of the certificate', 'C-2026-77').optional(),
        url: described(url, 'Page of the registration', 'https://maker.example/certificates/epeat'),
      }),
    )
    .max(50)
    .optional(),
  condition: described(
    z.enum(['new', 'refurbished', 'remanufactured', 'redeployed']),
    'Condition (BS 8887)',
    'new',
  ).optional(),
});
export type PassportInput = z.infer<typeof passportInput>;
