/**
 * Where each field of a passport stands in UNTP 0.7.0: one table that building and reading share, so that what is written is what is
 * read back. UNTP's own places come first; a figure that has none is a performance of a claim whose metric is named after the field; what
 * is neither (dates, yes and no) is one of our terms (see credential/context.ts).
 */
import { NAMESPACE } from '../credential/context.ts';

/** Named values for what UNTP requires and nobody published. They read back as missing, are shown as "not disclosed", never counted. */
export const UNDISCLOSED_FACILITY = `${NAMESPACE}undisclosedFacility`;
export const UNDISCLOSED_COUNTRY = 'ZZ';

/** UN/CEFACT Recommendation 20 (3B megajoule, MTQ m3, C34 mole). CO2e is in kilograms: the metric says of what. */
export type Unit = 'KGM' | 'GRM' | 'MMT' | 'KWH' | 'WTT' | '3B' | 'MTQ' | 'C34' | 'ANN' | 'MON' | 'HUR' | 'P1' | 'C62';

export interface Metric {
  readonly name: string;
  /** A number with a unit, or a score: a letter or a code. */
  readonly unit: Unit | 'score';
}

export type GroupName =
  | 'carbon'
  | 'impacts'
  | 'energy'
  | 'durability'
  | 'repair'
  | 'circularity'
  | 'recycledContent'
  | 'conformity'
  | 'materials';

export interface ClaimGroup {
  readonly name: string;
  /** Short name of the criterion that a certificate can attest. */
  readonly criterion: string;
  readonly topic?: { readonly id: string; readonly name: string };
  /** Figures, by their path within the group. */
  readonly metrics: Readonly<Record<string, Metric>>;
  /** Fields that are no figures, with our term for each. */
  readonly terms: Readonly<Record<string, string>>;
  /** Fields that are lists of objects, with our term for each and for their members. */
  readonly lists?: Readonly<
    Record<string, { readonly term: string; readonly members: Readonly<Record<string, string>> }>
  >;
}

const GREENHOUSE_GASES = {
  id: 'https://vocabulary.uncefact.org/conformity-topic/greenhouse-gas-emissions',
  name: 'Greenhouse Gas Emissions',
};

export const CLAIM_GROUPS: Readonly<Record<GroupName, ClaimGroup>> = {
  carbon: {
    name: 'Carbon footprint',
    criterion: 'Product carbon footprint',
    topic: GREENHOUSE_GASES,
    metrics: {
      totalKgCO2e: { name: 'Whole life, kg CO2e', unit: 'KGM' },
      'stages.manufacturing': { name: 'Raw material and manufacturing, kg CO2e', unit: 'KGM' },
      'stages.distribution': { name: 'Distribution, kg CO2e', unit: 'KGM' },
      'stages.use': { name: 'Use, kg CO2e', unit: 'KGM' },
      'stages.endOfLife': { name: 'End of life, kg CO2e', unit: 'KGM' },
      lifetimeYears: { name: 'Assumed years of use', unit: 'ANN' },
      yearlyTecKwh: { name: 'Assumed yearly energy', unit: 'KWH' },
      primaryDataPercent: { name: 'Share of primary data', unit: 'P1' },
      'pact.declaredUnitAmount': { name: 'Pieces that the cradle-to-gate figures are for', unit: 'C62' },
      'pact.excludingBiogenicUptakeKgCO2e': { name: 'Cradle to gate without biogenic uptake, kg CO2e', unit: 'KGM' },
      'pact.includingBiogenicUptakeKgCO2e': { name: 'Cradle to gate with biogenic uptake, kg CO2e', unit: 'KGM' },
      'pact.fossilKgCO2e': { name: 'Cradle to gate, fossil, kg CO2e', unit: 'KGM' },
      'pact.fossilCarbonContentKg': { name: 'Fossil carbon in the product', unit: 'KGM' },
      'pact.exemptedEmissionsPercent': { name: 'Emissions left out', unit: 'P1' },
      'pact.technologicalRating': { name: 'Data quality rating: technology, 1 to 5', unit: 'C62' },
      'pact.geographicalRating': { name: 'Data quality rating: geography, 1 to 5', unit: 'C62' },
      'pact.temporalRating': { name: 'Data quality rating: time, 1 to 5', unit: 'C62' },
    },
    terms: {
      useLocation: 'useLocation',
      gridFactorKgPerKwh: 'gridFactorKgPerKwh',
      method: 'footprintMethod',
      reportDate: 'reportDate',
      'verification.level': 'verificationLevel',
      'verification.provider': 'verificationProvider',
      'verification.standard': 'verificationStandard',
      'verification.boundary': 'verificationBoundary',
      'verification.completed': 'verificationCompleted',
      'pact.periodStart': 'referencePeriodStart',
      'pact.periodEnd': 'referencePeriodEnd',
      'pact.characterizationFactors': 'ipccCharacterizationFactors',
      'pact.crossSectoralStandards': 'crossSectoralStandard',
    },
  },
  impacts: {
    name: 'Other environmental impacts',
    criterion: 'Life-cycle impacts other than carbon',
    metrics: {
      adpeKgSbEq: { name: 'Abiotic depletion of elements (ADPe), kg Sb eq', unit: 'KGM' },
      adpfMJ: { name: 'Abiotic depletion of fossil resources (ADPf)', unit: '3B' },
      waterM3: { name: 'Water use (WU), m3 world eq', unit: 'MTQ' },
      particulateMatterIncidence: { name: 'Particulate matter (PM), disease incidence', unit: 'C62' },
      acidificationMolHEq: { name: 'Acidification (AP), mol H+ eq', unit: 'C34' },
      ecotoxicityCtue: { name: 'Ecotoxicity of freshwater, CTUe', unit: 'C62' },
    },
    terms: { method: 'impactMethod' },
  },
  energy: {
    name: 'Energy',
    criterion: 'Energy in use',
    metrics: {
      labelClass: { name: 'EU energy label class', unit: 'score' },
      tecKwhYear: { name: 'Typical energy consumption a year', unit: 'KWH' },
      standbyW: { name: 'Standby power', unit: 'WTT' },
      idleW: { name: 'Idle power', unit: 'WTT' },
    },
    terms: {},
  },
  durability: {
    name: 'Durability and support',
    criterion: 'Durability',
    metrics: {
      expectedLifetimeYears: { name: 'Expected lifetime', unit: 'ANN' },
      warrantyMonths: { name: 'Warranty', unit: 'MON' },
      batteryCyclesTo80Percent: { name: 'Battery cycles until 80 % of capacity', unit: 'C62' },
      batteryRuntimeHours: { name: 'Battery runtime', unit: 'HUR' },
      freeFallClass: { name: 'Free fall reliability class (EU 2023/1669)', unit: 'score' },
      ingressProtection: { name: 'Ingress protection', unit: 'score' },
      securityUpdateYears: { name: 'Years of security updates', unit: 'ANN' },
    },
    terms: {
      securityUpdateUntil: 'securityUpdateUntil',
      osSupportUntil: 'osSupportUntil',
      firmwareUpdateUntil: 'firmwareUpdateUntil',
    },
  },
  repair: {
    name: 'Repair',
    criterion: 'Repairability',
    metrics: {
      euClass: { name: 'Repairability class (EU 2023/1669)', unit: 'score' },
      euIndex: { name: 'Repairability index (EU 2023/1669), 0 to 5', unit: 'C62' },
      frenchIndex: { name: 'Indice de réparabilité (France), 0 to 10', unit: 'C62' },
      ifixitScore: { name: 'iFixit score, 0 to 10', unit: 'C62' },
      sparePartsYears: { name: 'Years of spare parts', unit: 'ANN' },
      disassemblySteps: { name: 'Disassembly depth, steps', unit: 'C62' },
    },
    terms: {
      sparePartsPublic: 'sparePartsPublic',
      manualUrl: 'manualUrl',
      manualSha256: 'manualSha256',
      disassemblyUrl: 'disassemblyUrl',
      disassemblySha256: 'disassemblySha256',
      diagnosticToolsUrl: 'diagnosticToolsUrl',
      diagnosticToolsSha256: 'diagnosticToolsSha256',
      fasteners: 'fastenerKind',
      tools: 'toolKind',
      upgradeableMemory: 'upgradeableMemory',
      upgradeableStorage: 'upgradeableStorage',
      replaceableBattery: 'replaceableBattery',
    },
    lists: {
      spareParts: {
        term: 'sparePart',
        members: {
          part: 'sparePartName',
          sku: 'sku',
          priceGBP: 'priceGBP',
          availableUntil: 'availableUntil',
          deliveryDays: 'deliveryDays',
        },
      },
    },
  },
  circularity: {
    name: 'Circularity',
    criterion: 'Circularity',
    metrics: {
      recyclablePercent: { name: 'Recyclable share of mass', unit: 'P1' },
      recycledContentPercent: { name: 'Recycled content of the whole device', unit: 'P1' },
      postConsumerPercent: { name: 'Of the whole device, recycled after use', unit: 'P1' },
      renewableContentPercent: { name: 'Renewable content of the whole device', unit: 'P1' },
      materialCircularityIndicator: { name: 'Material circularity indicator, 0 to 1', unit: 'C62' },
      utilityFactor: { name: 'Utility factor', unit: 'C62' },
      'ituL1023.durabilityPercent': { name: 'ITU-T L.1023: durability', unit: 'P1' },
      'ituL1023.equipmentPercent': { name: 'ITU-T L.1023: repair, reuse and upgrade, equipment', unit: 'P1' },
      'ituL1023.manufacturerPercent': { name: 'ITU-T L.1023: repair, reuse and upgrade, manufacturer', unit: 'P1' },
    },
    terms: {},
  },
  // One claim per statement.
  recycledContent: {
    name: 'Recycled content',
    criterion: 'Recycled content (EN 45557)',
    metrics: { percent: { name: 'Recycled or renewable share', unit: 'P1' } },
    terms: {
      of: 'contentOf',
      kind: 'contentKind',
      atLeast: 'atLeast',
      component: 'componentName',
      certificate: 'certificateReference',
    },
  },
  // One claim per statement; standard, regulation and evidence stand where UNTP has them.
  conformity: {
    name: 'Conformity',
    criterion: 'Conformity as declared',
    metrics: { declaredValue: { name: 'Declared value', unit: 'score' } },
    terms: { criterion: 'criterionMet', topic: 'statementTopic', conforms: 'conformsAsDeclared' },
  },
  // One claim per material that has no share of the product or no origin: UNTP's Material needs both.
  materials: {
    name: 'Material',
    criterion: 'Material content',
    metrics: {
      massG: { name: 'Mass in the product', unit: 'GRM' },
      massPercent: { name: 'Share of the product', unit: 'P1' },
      recycledPercent: { name: 'Recycled share of the material', unit: 'P1' },
      preConsumerPercent: { name: 'Of the material, recycled before use', unit: 'P1' },
      postConsumerPercent: { name: 'Of the material, recycled after use', unit: 'P1' },
      renewablePercent: { name: 'Renewable share of the material', unit: 'P1' },
    },
    terms: {
      name: 'contentOf',
      cas: 'casNumber',
      country: 'originCountryCode',
      custodyModel: 'chainOfCustodyModel',
      origin: 'originClass',
      hazardous: 'hazardousMaterial',
      critical: 'criticalRawMaterial',
      euCriticalListYear: 'euCriticalListYear',
      component: 'componentName',
      certificate: 'certificateReference',
    },
  },
};

/** Terms that tell one claim from others under the same criterion; an assessment of it repeats them, by the fields of its input. */
export const SCOPE_TERMS = {
  of: 'contentOf',
  kind: 'contentKind',
  component: 'componentName',
  statement: 'criterionMet',
} as const;
export type ScopeField = keyof typeof SCOPE_TERMS;

/** `carbon` and `stages.use`: `https://dpp-ledger.example/ns/carbon/stages/use`. */
export function formatMetric(group: GroupName, path: string): string {
  return `${NAMESPACE}${group}/${path.replaceAll('.', '/')}`;
}

/** The criterion of a group's claims: what a certificate attests. */
export function formatCriterion(group: GroupName): string {
  return `${NAMESPACE}criterion/${group}`;
}

/** Group and path of one of our metrics; `undefined` for anybody else's. */
export function parseMetric(id: string): { readonly group: GroupName; readonly path: string } | undefined {
  return METRICS.get(id);
}

const METRICS = new Map(
  Object.entries(CLAIM_GROUPS).flatMap(([group, { metrics }]) =>
    Object.keys(metrics).map((path) => {
      const place = { group: group as GroupName, path };
      return [formatMetric(place.group, path), place] as const;
    }),
  ),
);

/** A share as UNTP writes it. Percents of up to ten decimals come back exactly: integers up to 1e12 and powers of ten are exact. */
export function fractionOf(percent: number): number;
export function fractionOf(percent: number | undefined): number | undefined;
export function fractionOf(percent: number | undefined): number | undefined {
  if (percent === undefined) return undefined;
  const fraction = Math.round(percent * 1e10) / 1e12;
  return percentOf(fraction) === percent ? fraction : percent / 100;
}

export function percentOf(fraction: number): number {
  const percent = Math.round(fraction * 1e12) / 1e10;
  // What has more decimals was not written by us, or is smaller than any share of a product.
  return Math.abs(percent / 100 - fraction) <= fraction * 1e-12 ? percent : fraction * 100;
}

/** Characteristics that are one value each: the input's field and our term. */
export const CHARACTERISTICS: Readonly<Record<string, string>> = {
  sku: 'sku',
  chassisId: 'chassisId',
  hardwareConfigId: 'hardwareConfigId',
  screenInch: 'screenInch',
  memoryGB: 'memoryGB',
  storage: 'storageCapacity',
  condition: 'productCondition',
  unspecifiedMassG: 'unspecifiedMassG',
  reusedComponentPercent: 'reusedComponentPercent',
};

/** Lists of objects in the characteristics: field by field. */
export const SUBSTANCE_TERMS: Readonly<Record<string, string>> = {
  name: 'substanceName',
  cas: 'casNumber',
  percentWw: 'percentByWeight',
  location: 'locationInProduct',
  scip: 'scipNumber',
  rohsExemption: 'rohsExemption',
};
export const PHASE_OUT_TERMS: Readonly<Record<string, string>> = {
  name: 'substanceName',
  cas: 'casNumber',
  status: 'phaseOutStatus',
  target: 'phaseOutTarget',
};
export const CERTIFICATE_TERMS: Readonly<Record<string, string>> = {
  scheme: 'certificateScheme',
  level: 'certificateLevel',
  id: 'certificateNumber',
  url: 'certificateUrl',
};
export const SOURCE_TERMS: Readonly<Record<string, string>> = {
  url: 'sourceUrl',
  title: 'sourceTitle',
  published: 'sourcePublished',
  retrieved: 'sourceRetrieved',
};

/** Schemes of the codes in `productCategory` and of identifiers. */
export const SCHEMES = {
  category: { id: `${NAMESPACE}category`, name: 'DPP Ledger device categories' },
  cpc: {
    id: 'https://unstats.un.org/unsd/classifications/Econ/cpc/',
    name: 'UN Central Product Classification (CPC) 2.1',
  },
  taric: { id: 'https://taxation-customs.ec.europa.eu/taric', name: 'TARIC' },
  unspsc: { id: 'https://www.unspsc.org/', name: 'UNSPSC' },
  cas: { id: 'https://www.cas.org/cas-data/cas-registry', name: 'CAS Registry Number' },
  material: { id: `${NAMESPACE}material`, name: 'Material by name' },
  substance: { id: `${NAMESPACE}substance`, name: 'Substances that lots are counted of' },
  gtin: { id: 'https://ref.gs1.org/ai/01', name: 'GS1 GTIN' },
  lei: { id: 'https://www.gleif.org/lei', name: 'Legal Entity Identifier (ISO 17442)' },
  eori: { id: 'https://taxation-customs.ec.europa.eu/eori', name: 'EORI number' },
} as const;

/** Names of the categories, and the UN CPC 2.1 code where one fits without doubt. */
export const CATEGORY_NAMES: Readonly<
  Record<string, { readonly name: string; readonly cpc?: readonly [string, string] }>
> = {
  laptop: {
    name: 'Laptop',
    cpc: ['45220', 'Portable automatic data processing machines weighing not more than 10 kg'],
  },
  desktop: { name: 'Desktop computer' },
  monitor: { name: 'Monitor' },
  smartphone: { name: 'Smartphone' },
  tablet: {
    name: 'Tablet',
    cpc: ['45220', 'Portable automatic data processing machines weighing not more than 10 kg'],
  },
  thinClient: { name: 'Thin client' },
  server: { name: 'Server' },
  printer: { name: 'Printer' },
  network: { name: 'Network equipment' },
  peripheral: { name: 'Peripheral' },
  storage: { name: 'Storage unit', cpc: ['4527', 'Storage units'] },
  workstation: { name: 'Workstation' },
  connectedDevice: { name: 'Connected device: watch, speaker, camera, sensor' },
  consumerElectronics: { name: 'Consumer electronics: game console, media player' },
};

/** A SHA-256 as UNTP's links carry it: a multihash (0x12, 0x20) in multibase 16. */
const SHA256_MULTIBASE = 'f1220';

export function formatDigestMultibase(hex: string): string {
  return `${SHA256_MULTIBASE}${hex}`;
}

/** The hexadecimal digits of a SHA-256; `undefined` for any other digest or spelling. */
export function parseDigestMultibase(text: string | undefined): string | undefined {
  return text?.startsWith(SHA256_MULTIBASE) ? text.slice(SHA256_MULTIBASE.length) : undefined;
}
