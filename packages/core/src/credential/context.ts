/**
 * Our JSON-LD context: every term that UNTP and W3C do not have. It comes third in `@context`. A URL with a version is never given
 * another content: a change of meaning is a new version. No name here is one that UNTP or W3C define or scope anywhere, so that all
 * three contexts agree in any order.
 */

/** Where our terms live. The product has no domain of its own; `.example` can never be anybody's. */
export const NAMESPACE = 'https://dpp-ledger.example/ns/';
export const CONTEXT_URL = 'https://dpp-ledger.example/contexts/v1';

const XSD = 'http://www.w3.org/2001/XMLSchema#';

/** Terms by the type of their values. */
const TEXTS = [
  // root: whose figures these are, "declared" or "restated"
  'statementVoice',
  // a source: title, and its date as far as it is known (YYYY, YYYY-MM or YYYY-MM-DD)
  'sourceTitle',
  'sourcePublished',
  // a product's characteristics
  'sku',
  'chassisId',
  'hardwareConfigId',
  'storageCapacity',
  'productCondition',
  'rohsExemption',
  'substanceName',
  'casNumber',
  'locationInProduct',
  'scipNumber',
  'phaseOutStatus',
  'phaseOutTarget',
  'certificateScheme',
  'certificateLevel',
  'certificateNumber',
  // a statement of conformity
  'criterionMet',
  'statementTopic',
  // a material, a claim about one, a lot of it, or a product that consists of it
  'chainOfCustodyModel',
  'originClass',
  'componentName',
  'certificateReference',
  'massFractionFrom',
  'originCountryCode',
  'contentOf',
  'contentKind',
  // an event about lots: what a lot is of, and the process that it went through
  'substanceCode',
  'materialProcess',
  // a carbon footprint's assumptions
  'useLocation',
  'footprintMethod',
  'reportDate',
  'verificationLevel',
  'verificationProvider',
  'verificationStandard',
  'verificationBoundary',
  'verificationCompleted',
  // its cradle-to-gate part as PACT has it
  'ipccCharacterizationFactors',
  'crossSectoralStandard',
  // the other impacts
  'impactMethod',
  // support, each date as far as it is known
  'securityUpdateUntil',
  'osSupportUntil',
  'firmwareUpdateUntil',
  // repair: documents' digests in hexadecimal, and each spare part
  'manualSha256',
  'disassemblySha256',
  'diagnosticToolsSha256',
  'fastenerKind',
  'toolKind',
  'sparePartName',
  'availableUntil',
] as const;

const DOUBLES = [
  'screenInch',
  'memoryGB',
  'unspecifiedMassG',
  'reusedComponentPercent',
  'percentByWeight',
  'preConsumerRecycledMassFraction',
  'postConsumerRecycledMassFraction',
  'renewableMassFraction',
  'gridFactorKgPerKwh',
  'packagingRecycledPercent',
  'singleUsePlasticsG',
  'priceGBP',
  'deliveryDays',
] as const;

const INTEGERS = ['euCriticalListYear', 'unitCount'] as const;

const BOOLEANS = [
  'rohsCompliant',
  'conformsAsDeclared',
  'criticalRawMaterial',
  'hazardousMaterial',
  'atLeast',
  'plasticFree',
  'sparePartsPublic',
  'upgradeableMemory',
  'upgradeableStorage',
  'replaceableBattery',
] as const;

const LINKS = ['sourceUrl', 'certificateUrl', 'manualUrl', 'disassemblyUrl', 'diagnosticToolsUrl', 'lot'] as const;

const OBJECTS = [
  'figureSource',
  'rohsDeclaration',
  'substanceOfConcern',
  'substancePhaseOut',
  'sparePart',
  'productCertificate',
] as const;

/** Whatever JSON: what an event's EPCIS document says beyond it. */
const JSON_VALUES = ['epcisFields'] as const;

const DAYS = ['sourceRetrieved', 'referencePeriodStart', 'referencePeriodEnd'] as const;

function define(names: readonly string[], type?: string): [string, object][] {
  return names.map((name) => [name, { '@id': `dppl:${name}`, ...(type === undefined ? {} : { '@type': type }) }]);
}

/** The document at `CONTEXT_URL`. */
export const CONTEXT_DOCUMENT = {
  '@context': {
    '@version': 1.1,
    '@protected': true,
    dppl: NAMESPACE,
    ...Object.fromEntries([
      ...define(TEXTS, `${XSD}string`),
      ...define(DOUBLES, `${XSD}double`),
      ...define(INTEGERS, `${XSD}integer`),
      ...define(BOOLEANS, `${XSD}boolean`),
      ...define(LINKS, '@id'),
      ...define(OBJECTS),
      ...define(JSON_VALUES, '@json'),
      ...define(DAYS, `${XSD}date`),
    ]),
  },
};
