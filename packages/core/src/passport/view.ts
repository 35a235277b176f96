/**
 * Reads a passport, ours or anybody's in UNTP 0.7.0, into what a page or a report shows. Total: what is missing, undisclosed or of another
 * shape is `undefined`, never zero. Names are those of the input. Figures in other vocabularies are kept as `otherClaims`.
 */
import { z } from 'zod';
import { type Credential, credentialSubjects } from '../credential/credential.ts';
import { InvalidInputError } from '../errors.ts';
import type { IssuerId, SubjectId } from '../ids.ts';
import { type Source, source } from './fields.ts';
import { isDigitalLink, parseDigitalLink } from './gs1.ts';
import { passportInput } from './input.ts';
import {
  CATEGORY_NAMES,
  CERTIFICATE_TERMS,
  CHARACTERISTICS,
  CLAIM_GROUPS,
  formatCriterion,
  type GroupName,
  PHASE_OUT_TERMS,
  parseDigestMultibase,
  parseMetric,
  percentOf,
  SCHEMES,
  SOURCE_TERMS,
  SUBSTANCE_TERMS,
  UNDISCLOSED_FACILITY,
} from './terms.ts';
import { type Bag, bagOf, bagsOf, type Figure, figuresOf, measureOf, numberOf, textOf } from './values.ts';

const { shape } = passportInput;
const unsourced = { source: source.optional() };

/** The input, less strict: other issuers leave out what we ask for, and have lists of any length. */
const viewFields = passportInput.extend({
  name: shape.name.optional(),
  granularity: shape.granularity.optional(),
  category: shape.category.optional(),
  manufacturer: shape.manufacturer.optional(),
  carbon: shape.carbon.unwrap().extend(unsourced).optional(),
  materials: z.array(shape.materials.unwrap().element).optional(),
  recycledContent: z.array(shape.recycledContent.unwrap().element.extend(unsourced)).optional(),
  substancesOfConcern: z.array(shape.substancesOfConcern.unwrap().element).optional(),
  phaseOutPlan: z.array(shape.phaseOutPlan.unwrap().element).optional(),
  conformity: z.array(shape.conformity.unwrap().element).optional(),
  certificates: z.array(shape.certificates.unwrap().element).optional(),
  impacts: shape.impacts.unwrap().extend(unsourced).optional(),
  energy: shape.energy.unwrap().extend(unsourced).optional(),
  durability: shape.durability.unwrap().extend(unsourced).optional(),
  repair: shape.repair.unwrap().extend(unsourced).optional(),
  circularity: shape.circularity.unwrap().extend(unsourced).optional(),
});
type Fields = z.infer<typeof viewFields>;
type List<Name extends keyof Fields> = NonNullable<Fields[Name]>;

/** A claim in a vocabulary that is not ours. */
export interface OtherClaim {
  readonly name: string;
  /** Day of the claim. */
  readonly date: string | undefined;
  readonly criteria: readonly string[];
  readonly figures: readonly Figure[];
  readonly source: Source | undefined;
}

export interface PassportView extends Omit<Fields, 'id' | 'name'> {
  /** The credential's id. */
  readonly id: string;
  readonly subject: SubjectId;
  readonly issuer: { readonly id: IssuerId; readonly name: string };
  /** Whether the issuer speaks of its own products or restates another maker's figures; `undefined` where it does not say. */
  readonly voice: 'declared' | 'restated' | undefined;
  readonly validFrom: string;
  readonly validUntil: string | undefined;
  readonly name: string;
  /** The category in words, in whichever classification the issuer uses. */
  readonly categoryName: string | undefined;
  readonly materials: List<'materials'>;
  readonly recycledContent: List<'recycledContent'>;
  readonly substancesOfConcern: List<'substancesOfConcern'>;
  readonly phaseOutPlan: List<'phaseOutPlan'>;
  readonly conformity: List<'conformity'>;
  readonly certificates: List<'certificates'>;
  readonly otherClaims: readonly OtherClaim[];
}

/** Reads the passport of a parsed credential. Never throws. */
export function readPassport(credential: Credential): PassportView {
  const product: Bag = bagOf(credentialSubjects(credential)[0]);
  const subject = (textOf(product.id) ?? '') as SubjectId;
  const categories = bagsOf(product.productCategory);
  const claims = bagsOf(product.performanceClaim).map(readClaim);
  const fields = salvage(viewFields, {
    ...readIdentity(subject, product, categories),
    ...readParties(bagsOf(product.relatedParty), credential.id),
    ...readProduction(product),
    ...readCharacteristics(bagOf(product.characteristics)),
    ...readFigures(product, claims),
  });
  const { statementVoice: voice, validFrom, validUntil } = credential;
  return {
    ...fields,
    id: credential.id,
    subject,
    issuer: { id: credential.issuer.id, name: credential.issuer.name },
    voice: voice === 'declared' || voice === 'restated' ? voice : undefined,
    validFrom,
    validUntil,
    name: fields?.name ?? credential.name,
    categoryName: textOf(categories[0]?.name),
    materials: fields?.materials ?? [],
    recycledContent: fields?.recycledContent ?? [],
    substancesOfConcern: fields?.substancesOfConcern ?? [],
    phaseOutPlan: fields?.phaseOutPlan ?? [],
    conformity: fields?.conformity ?? [],
    certificates: fields?.certificates ?? [],
    otherClaims: claims.flatMap(({ other }) => other ?? []),
  };
}

// ------------------------------------------------------------------------------------------------------------- product

function readIdentity(subject: string, product: Bag, categories: readonly Bag[]): Bag {
  const link = isDigitalLink(subject) ? salvageLink(subject) : undefined;
  return {
    gtin: link?.gtin,
    serial: product.itemNumber ?? link?.serial,
    productionBatch: product.batchNumber ?? link?.batch,
    granularity: product.idGranularity,
    units: product.unitCount,
    name: product.name,
    modelNumber: product.modelNumber,
    description: product.description,
    category: findCode(categories, SCHEMES.category.id),
    taricCode: findCode(categories, SCHEMES.taric.id),
    cpcCode: readCpc(categories),
    unspsc: findCode(categories, SCHEMES.unspsc.id),
  };
}

/** A foreign link may have a wrong check digit: then it names no GTIN. */
function salvageLink(subject: string): { gtin?: string; batch?: string; serial?: string } | undefined {
  try {
    return parseDigitalLink(subject);
  } catch (error) {
    if (error instanceof InvalidInputError) return undefined;
    throw error;
  }
}

function findCode(categories: readonly Bag[], scheme: string): unknown {
  return categories.find(({ schemeId }) => schemeId === scheme)?.code;
}

/** The code that follows from the category was not put in, and comes with the name that CPC gives it. */
function readCpc(categories: readonly Bag[]): unknown {
  const found = categories.find(({ schemeId }) => schemeId === SCHEMES.cpc.id);
  const derived = Object.values(CATEGORY_NAMES).some(({ cpc }) => cpc?.[0] === found?.code && cpc?.[1] === found?.name);
  return derived ? undefined : found?.code;
}

function readParties(roles: readonly Bag[], credentialId: string): Bag {
  const find = (role: string) => bagOf(roles.find((one) => one.role === role)?.party);
  const registered = (party: Bag, scheme: string) =>
    bagOf(party.idScheme).id === scheme ? party.registeredId : undefined;
  const manufacturer = find('manufacturer');
  const importer = find('importer');
  const takeBack = find('recycler');
  return {
    manufacturer: {
      name: manufacturer.name,
      // A party that has no id is named within the credential.
      id: textOf(manufacturer.id)?.startsWith(`${credentialId}#`) ? undefined : manufacturer.id,
      lei: registered(manufacturer, SCHEMES.lei.id),
    },
    importer: { name: importer.name, eori: registered(importer, SCHEMES.eori.id) },
    takeBack: { name: takeBack.name, url: takeBack.organisationWebsite },
  };
}

function readProduction(product: Bag): Bag {
  const facility = bagOf(product.producedAtFacility);
  const dimensions = bagOf(product.dimensions);
  const packaging = bagOf(product.packaging);
  return {
    facility:
      facility.id === UNDISCLOSED_FACILITY
        ? undefined
        : { id: facility.id, name: facility.name, country: countryOf(facility.countryOfOperation) },
    productionDate: product.productionDate,
    countryOfProduction: countryOf(product.countryOfProduction),
    massKg: measureOf(dimensions.weight, 'KGM'),
    heightMm: measureOf(dimensions.height, 'MMT'),
    widthMm: measureOf(dimensions.width, 'MMT'),
    depthMm: measureOf(dimensions.length, 'MMT'),
    massSource: readSource(dimensions.figureSource),
    packaging: {
      massG: measureOf(bagOf(packaging.dimensions).weight, 'GRM'),
      recycledPercent: packaging.packagingRecycledPercent,
      plasticFree: packaging.plasticFree,
      singleUsePlasticsG: packaging.singleUsePlasticsG,
      source: readSource(packaging.figureSource),
    },
  };
}

function readCharacteristics(characteristics: Bag): Bag {
  const rohs = bagOf(characteristics.rohsDeclaration);
  return {
    ...rename(characteristics, CHARACTERISTICS),
    rohs: { compliant: rohs.rohsCompliant, exemptions: rohs.rohsExemption, source: readSource(rohs.figureSource) },
    substancesOfConcern: bagsOf(characteristics.substanceOfConcern).map((substance) => ({
      ...rename(substance, SUBSTANCE_TERMS),
      source: readSource(substance.figureSource),
    })),
    phaseOutPlan: bagsOf(characteristics.substancePhaseOut).map((plan) => ({
      ...rename(plan, PHASE_OUT_TERMS),
      source: readSource(plan.figureSource),
    })),
    certificates: bagsOf(characteristics.productCertificate).map((certificate) =>
      rename(certificate, CERTIFICATE_TERMS),
    ),
  };
}

function readMaterial(material: Bag): Bag {
  const type = bagOf(material.materialType);
  return {
    name: material.name,
    cas: type.schemeId === SCHEMES.cas.id ? type.code : undefined,
    massG: measureOf(material.mass, 'GRM'),
    // A share that follows from the masses was not published.
    massPercent: material.massFractionFrom === 'mass' ? undefined : shareOf(material.massFraction),
    country: countryOf(material.originCountry),
    recycledPercent: shareOf(material.recycledMassFraction),
    preConsumerPercent: shareOf(material.preConsumerRecycledMassFraction),
    postConsumerPercent: shareOf(material.postConsumerRecycledMassFraction),
    renewablePercent: shareOf(material.renewableMassFraction),
    custodyModel: material.chainOfCustodyModel,
    lot: material.lot,
    origin: material.originClass,
    hazardous: material.hazardous,
    critical: material.criticalRawMaterial,
    euCriticalListYear: material.euCriticalListYear,
    component: material.componentName,
    certificate: material.certificateReference,
    source: readSource(material.figureSource),
  };
}

// -------------------------------------------------------------------------------------------------------------- claims

interface ReadClaim {
  /** Present where a metric of ours says so: the group and its fields. */
  readonly ours?: { readonly group: GroupName; readonly number: number | undefined; readonly fields: Bag };
  readonly other?: OtherClaim;
}

function readClaim(claim: Bag): ReadClaim {
  const performances = bagsOf(claim.claimedPerformance).map((performance) => {
    const metric = bagOf(performance.metric);
    const { measure, score } = performance;
    return { measure, score, place: parseMetric(textOf(metric.id) ?? '') };
  });
  const group = performances.find(({ place }) => place !== undefined)?.place?.group ?? groupOfClaim(claim);
  if (group === undefined) return { other: readOtherClaim(claim) };
  const values = new Map<string, unknown>();
  for (const { place, measure, score } of performances) {
    if (place?.group !== group) continue;
    const metric = CLAIM_GROUPS[group].metrics[place.path];
    const isScore = metric?.unit === 'score';
    values.set(place.path, isScore ? bagOf(score).code : measureOf(measure, metric?.unit));
    const { upperTolerance, lowerTolerance } = bagOf(measure);
    if (place.path === 'totalKgCO2e' && upperTolerance === lowerTolerance)
      values.set('uncertaintyKgCO2e', upperTolerance);
  }
  const { terms, lists = {} } = CLAIM_GROUPS[group];
  for (const [path, term] of Object.entries(terms)) values.set(path, claim[term]);
  for (const [path, { term, members }] of Object.entries(lists)) {
    const list = bagsOf(claim[term]).map((member) => rename(member, members));
    if (list.length > 0) values.set(path, list);
  }
  if (group === 'conformity') {
    for (const [path, value] of readReferences(claim)) values.set(path, value);
  }
  // The place of a statement in its list ends the claim's id.
  const [, number] = /#\w+-([1-9]\d{0,2})$/.exec(textOf(claim.id) ?? '') ?? [];
  return {
    ours: {
      group,
      number: number === undefined ? undefined : Number(number),
      fields: { ...unflatten(values), source: readSource(claim.figureSource) },
    },
  };
}

function readReferences(claim: Bag): [string, unknown][] {
  const [standard, regulation] = [bagsOf(claim.referenceStandard)[0], bagsOf(claim.referenceRegulation)[0]];
  const { linkURL, linkName, digestMultibase } = bagsOf(claim.evidence)[0] ?? {};
  return [
    ['standard', { id: standard?.id, name: standard?.name }],
    ['regulation', { id: regulation?.id, name: regulation?.name }],
    ['evidence', { url: linkURL, title: linkName, sha256: parseDigestMultibase(textOf(digestMultibase)) }],
  ];
}

/** A claim of ours may hold terms and no figure: "supported until". Its criterion tells. */
function groupOfClaim(claim: Bag): GroupName | undefined {
  const criteria = bagsOf(claim.referenceCriteria).map(({ id }) => textOf(id));
  const names = Object.keys(CLAIM_GROUPS) as GroupName[];
  return names.find((name) => criteria.includes(formatCriterion(name)));
}

function readOtherClaim(claim: Bag): OtherClaim {
  const evidence = bagsOf(claim.evidence).find(({ linkURL }) => textOf(linkURL) !== undefined);
  return {
    name: textOf(claim.name) ?? 'Claim',
    date: textOf(claim.claimDate),
    criteria: bagsOf(claim.referenceCriteria).flatMap(({ name }) => textOf(name) ?? []),
    figures: figuresOf(claim.claimedPerformance),
    source: salvage(source, { url: evidence?.linkURL, title: evidence?.linkName }),
  };
}

function readFigures(product: Bag, claims: readonly ReadClaim[]): Bag {
  const all = (group: GroupName) => claims.flatMap(({ ours }) => (ours?.group === group ? [ours] : []));
  const first = (group: GroupName) => all(group)[0]?.fields;
  const materials = bagsOf(product.materialProvenance).map(readMaterial);
  for (const { number, fields } of all('materials')) materials.splice((number ?? materials.length + 1) - 1, 0, fields);
  return {
    carbon: first('carbon'),
    impacts: first('impacts'),
    energy: first('energy'),
    durability: first('durability'),
    repair: first('repair'),
    circularity: first('circularity'),
    recycledContent: all('recycledContent').map(({ fields }) => fields),
    conformity: all('conformity').map(({ fields }) => fields),
    materials,
  };
}

// -------------------------------------------------------------------------------------------------------------- values

/**
 * What of `value` has the schema's shape: members that have not are left out, and with them what cannot be without. `undefined` where
 * nothing is left. One walk, whatever somebody signed.
 */
function salvage<T>(schema: z.ZodType<T>, value: unknown): T | undefined {
  return schema.safeParse(sift(schema, value)).data;
}

function sift(schema: z.core.$ZodType, value: unknown): unknown {
  if (value === undefined) return undefined;
  if (schema instanceof z.ZodOptional) return sift(schema.unwrap(), value);
  if (schema instanceof z.ZodObject) return siftMembers(schema, bagOf(value));
  const kept =
    schema instanceof z.ZodArray && Array.isArray(value)
      ? value.map((item) => sift(schema.element, item)).filter((item) => item !== undefined)
      : value;
  return z.safeParse(schema, kept).data;
}

function siftMembers(schema: z.ZodObject, bag: Bag): Bag | undefined {
  const kept: Record<string, unknown> = {};
  let isEmpty = true;
  for (const [name, member] of Object.entries(schema.shape)) {
    const value = sift(member, bag[name]);
    if (value !== undefined) {
      kept[name] = value;
      isEmpty = false;
    } else if (!(member instanceof z.ZodOptional)) return undefined;
  }
  return isEmpty ? undefined : kept;
}

function unflatten(values: ReadonlyMap<string, unknown>): Bag {
  const bag: Record<string, unknown> = {};
  for (const [path, value] of values) {
    const [outer = '', inner] = path.split('.');
    bag[outer] = inner === undefined ? value : { ...bagOf(bag[outer]), [inner]: value };
  }
  return bag;
}

function rename(bag: Bag, terms: Readonly<Record<string, string>>): Bag {
  return Object.fromEntries(Object.entries(terms).map(([field, term]) => [field, bag[term]]));
}

function readSource(value: unknown): Bag {
  return rename(bagOf(value), SOURCE_TERMS);
}

function shareOf(fraction: unknown): number | undefined {
  const value = numberOf(fraction);
  return value === undefined ? undefined : percentOf(value);
}

/** ZZ and what is no country read as missing: the schema refuses them. */
function countryOf(value: unknown): unknown {
  return bagOf(value).countryCode;
}
