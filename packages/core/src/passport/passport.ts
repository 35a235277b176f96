/** Builds a passport: UNTP 0.7.0 `DigitalProductPassport` from the plain input. Deterministic: the same input gives the same document. */
import { encodeHex, type Hex, sha256 } from '../bytes.ts';
import { CONTEXT_URL } from '../credential/context.ts';
import { type Credential, parseCredential, UNTP_CONTEXT, UNTP_TYPES } from '../credential/credential.ts';
import { didWebHome } from '../credential/did.ts';
import { buildStatus, formatLedger } from '../credential/status.ts';
import { hashUuidUrn } from '../credential/uuid.ts';
import { VCDM_CONTEXT } from '../credential/vcdm.ts';
import { InvalidInputError } from '../errors.ts';
import type { IssuerId, LedgerId, SubjectId } from '../ids.ts';
import { canonicalizeJson } from '../json.ts';
import { formatLot } from '../materials/lot.ts';
import type { Source } from './fields.ts';
import { formatDigitalLink } from './gs1.ts';
import type { PassportInput } from './input.ts';
import { countedSubstance } from './lots.ts';
import {
  CATEGORY_NAMES,
  CERTIFICATE_TERMS,
  CHARACTERISTICS,
  CLAIM_GROUPS,
  formatCriterion,
  formatDigestMultibase,
  formatMetric,
  fractionOf,
  type GroupName,
  PHASE_OUT_TERMS,
  SCHEMES,
  SUBSTANCE_TERMS,
  UNDISCLOSED_COUNTRY,
  UNDISCLOSED_FACILITY,
  type Unit,
} from './terms.ts';

export interface PassportOptions {
  readonly issuer: { readonly id: IssuerId; readonly name: string };
  readonly ledger: LedgerId;
  /** Place in a status list of the issuer on that ledger. */
  readonly status: { readonly list: bigint; readonly index: number };
  /** Where the published view of the list will be. */
  readonly statusListCredential: string;
  /** Date, time and zone. */
  readonly validFrom: string;
  /** Whether the issuer speaks of its own products or restates another maker's figures. */
  readonly voice: 'declared' | 'restated';
}

type Json = { readonly [key: string]: unknown };

/**
 * The subject of an input: a GS1 Digital Link at the level of its granularity, or its own id. Errors: `passport.input`, which a parsed
 * input does not cause.
 */
export function inputSubject(input: PassportInput): SubjectId {
  const { gtin, id, serial, productionBatch, granularity } = input;
  if (gtin === undefined) {
    if (id === undefined) throw new InvalidInputError('passport.input', 'gtin: give either a GTIN or an id.');
    return id as SubjectId;
  }
  const qualifier =
    granularity === 'item' && serial !== undefined
      ? { serial }
      : granularity === 'batch' && productionBatch !== undefined
        ? { batch: productionBatch }
        : {};
  return formatDigitalLink({ gtin, ...qualifier }) as SubjectId;
}

/**
 * Builds the passport of a parsed input. Its `id` is a UUIDv5 of issuer, subject and the input's digest: issuing the same thing again
 * can be noticed, though its signature and CID differ. Errors: `passport.input` if an id lies outside the issuer's did:web, or a lot on
 * another ledger.
 */
export function buildPassport(input: PassportInput, options: PassportOptions): Credential {
  const { issuer, ledger, status, statusListCredential, validFrom, voice } = options;
  assertOwnId(input, issuer.id);
  assertOwnLots(input, formatLedger(ledger));
  const subject = inputSubject(input);
  const id = hashPassportId(issuer.id, subject, input);
  return parseCredential({
    '@context': [VCDM_CONTEXT, UNTP_CONTEXT, CONTEXT_URL],
    type: [UNTP_TYPES.passport, 'VerifiableCredential'],
    id,
    issuer: { type: ['CredentialIssuer'], id: issuer.id, name: issuer.name },
    validFrom,
    name: `Passport: ${input.name}`,
    statementVoice: voice,
    credentialStatus: buildStatus({ ledger: formatLedger(ledger), ...status, statusListCredential }),
    credentialSubject: buildProduct(input, {
      id,
      subject,
      issuer,
      ledger: formatLedger(ledger),
      today: validFrom.slice(0, 10),
    }),
  });
}

// ------------------------------------------------------------------------------------------------------------- product

function buildProduct(
  input: PassportInput,
  context: {
    readonly id: string;
    readonly subject: SubjectId;
    readonly issuer: PassportOptions['issuer'];
    /** CAIP-10 */
    readonly ledger: string;
    readonly today: string;
  },
): Json {
  const { id, subject, issuer, ledger } = context;
  const materials: Json[] = [];
  const statements: MaterialStatement[] = [];
  for (const [i, material] of (input.materials ?? []).entries()) {
    const built = buildMaterial(material, input.massKg, ledger);
    if (built === undefined) statements.push({ material, number: i + 1 });
    else materials.push(built);
  }
  return present({
    type: ['Product'],
    id: subject,
    name: input.name,
    description: input.description,
    idScheme: buildIdScheme(input, issuer),
    modelNumber: input.modelNumber,
    batchNumber: input.productionBatch,
    itemNumber: input.serial,
    idGranularity: input.granularity,
    unitCount: input.units,
    productCategory: buildCategories(input),
    relatedParty: buildParties(input, id),
    producedAtFacility: buildFacility(input.facility),
    productionDate: input.productionDate,
    countryOfProduction: buildCountry(input.countryOfProduction),
    dimensions: unlessEmpty({
      weight: measure(input.massKg, 'KGM'),
      height: measure(input.heightMm, 'MMT'),
      width: measure(input.widthMm, 'MMT'),
      length: measure(input.depthMm, 'MMT'),
      figureSource: buildSource(input.massSource),
    }),
    packaging: buildPackaging(input.packaging),
    materialProvenance: unlessNone(materials),
    performanceClaim: unlessNone(buildClaims(input, statements, context)),
    characteristics: buildCharacteristics(input),
  });
}

function buildIdScheme(input: PassportInput, issuer: PassportOptions['issuer']): Json {
  const type = ['IdentifierScheme'];
  if (input.gtin === undefined) return { type, id: issuer.id, name: `Identifiers of ${issuer.name}` };
  // GS1 keeps prefix 952 for demonstrations.
  const isDemonstration = input.gtin.slice(1).startsWith('952');
  return {
    type,
    ...SCHEMES.gtin,
    name: isDemonstration ? `${SCHEMES.gtin.name} (demonstration range 952)` : SCHEMES.gtin.name,
  };
}

function buildCategories(input: PassportInput): Json[] {
  const category = CATEGORY_NAMES[input.category];
  const categories = [classify(SCHEMES.category, input.category, category?.name ?? input.category)];
  if (input.cpcCode !== undefined) categories.push(classify(SCHEMES.cpc, input.cpcCode, `CPC ${input.cpcCode}`));
  else if (category?.cpc !== undefined) categories.push(classify(SCHEMES.cpc, ...category.cpc));
  if (input.taricCode !== undefined)
    categories.push(classify(SCHEMES.taric, input.taricCode, `TARIC ${input.taricCode}`));
  if (input.unspsc !== undefined) categories.push(classify(SCHEMES.unspsc, input.unspsc, `UNSPSC ${input.unspsc}`));
  return categories;
}

function classify(scheme: { readonly id: string; readonly name: string }, code: string, name: string): Json {
  return { code, name, schemeId: scheme.id, schemeName: scheme.name };
}

/** UNTP requires an id of every party; one that has none is named within the credential. */
function buildParties({ manufacturer, importer, takeBack }: PassportInput, credentialId: string): Json[] {
  const party = (role: string, name: string, more: Json) => ({
    role,
    party: { type: ['Party'], id: `${credentialId}#${role}`, name, ...more },
  });
  const { id, lei } = manufacturer;
  const roles = [
    party('manufacturer', manufacturer.name, { ...(id === undefined ? {} : { id }), ...registered(lei, SCHEMES.lei) }),
  ];
  if (importer !== undefined) roles.push(party('importer', importer.name, registered(importer.eori, SCHEMES.eori)));
  if (takeBack !== undefined) roles.push(party('recycler', takeBack.name, { organisationWebsite: takeBack.url }));
  return roles;
}

function registered(registeredId: string | undefined, scheme: { readonly id: string; readonly name: string }): Json {
  return registeredId === undefined ? {} : { registeredId, idScheme: { type: ['IdentifierScheme'], ...scheme } };
}

function buildFacility(facility: PassportInput['facility']): Json {
  const type = ['Facility'];
  if (facility === undefined) return { type, id: UNDISCLOSED_FACILITY, name: 'Not disclosed' };
  return { type, id: facility.id, name: facility.name, countryOfOperation: buildCountry(facility.country) };
}

function buildCountry(code: string | undefined): Json {
  return code === undefined
    ? { countryCode: UNDISCLOSED_COUNTRY, countryName: 'Not disclosed' }
    : { countryCode: code };
}

function buildPackaging(packaging: PassportInput['packaging']): Json | undefined {
  if (packaging === undefined) return undefined;
  return present({
    description: 'Packaging',
    dimensions: present({ weight: measure(packaging.massG, 'GRM') }),
    materialUsed: [],
    packagingRecycledPercent: packaging.recycledPercent,
    plasticFree: packaging.plasticFree,
    singleUsePlasticsG: packaging.singleUsePlasticsG,
    figureSource: buildSource(packaging.source),
  });
}

function buildCharacteristics(input: PassportInput): Json | undefined {
  const { rohs, substancesOfConcern, phaseOutPlan, certificates } = input;
  return unlessEmpty({
    ...rename(input, CHARACTERISTICS),
    rohsDeclaration:
      rohs &&
      present({
        rohsCompliant: rohs.compliant,
        rohsExemption: rohs.exemptions,
        figureSource: buildSource(rohs.source),
      }),
    substanceOfConcern: unlessNone(
      substancesOfConcern?.map((substance) =>
        present({ ...rename(substance, SUBSTANCE_TERMS), figureSource: buildSource(substance.source) }),
      ),
    ),
    substancePhaseOut: unlessNone(
      phaseOutPlan?.map((plan) =>
        present({ ...rename(plan, PHASE_OUT_TERMS), figureSource: buildSource(plan.source) }),
      ),
    ),
    productCertificate: unlessNone(certificates?.map((certificate) => rename(certificate, CERTIFICATE_TERMS))),
  });
}

// ----------------------------------------------------------------------------------------------------------- materials

type Material = NonNullable<PassportInput['materials']>[number];

/** A material that is no UNTP Material, with its place in the input's list, from 1: the list is read back in its order. */
interface MaterialStatement {
  readonly material: Material;
  readonly number: number;
}

/** Share of the product's mass, and whether it was published or follows from the two masses. */
function findShare(material: Material, productKg: number | undefined): { fraction: number; from?: 'mass' } | undefined {
  if (material.massPercent !== undefined) return { fraction: fractionOf(material.massPercent) };
  if (material.massG === undefined || productKg === undefined || productKg === 0) return undefined;
  const exact = material.massG / (productKg * 1000);
  if (exact > 1) return undefined;
  return { fraction: Math.round(exact * 1e8) / 1e8 || exact, from: 'mass' };
}

/** UNTP's Material needs a share and an origin; what lacks one of them is a claim. */
function buildMaterial(material: Material, productKg: number | undefined, ledger: string): Json | undefined {
  const share = findShare(material, productKg);
  if (share === undefined || material.country === undefined) return undefined;
  const { cas, name, lot } = material;
  const counted = lot === undefined ? undefined : countedSubstance(material);
  return present({
    name,
    originCountry: { countryCode: material.country },
    materialType:
      counted !== undefined
        ? classify(counted.scheme, counted.code, name)
        : cas === undefined
          ? classify(SCHEMES.material, name.toLowerCase(), name)
          : classify(SCHEMES.cas, cas, name),
    massFraction: share.fraction,
    massFractionFrom: share.from,
    mass: measure(material.massG, 'GRM'),
    recycledMassFraction: fractionOf(material.recycledPercent),
    preConsumerRecycledMassFraction: fractionOf(material.preConsumerPercent),
    postConsumerRecycledMassFraction: fractionOf(material.postConsumerPercent),
    renewableMassFraction: fractionOf(material.renewablePercent),
    chainOfCustodyModel: material.custodyModel,
    originClass: material.origin,
    lot: lot && locateLot(lot, ledger),
    hazardous: material.hazardous,
    criticalRawMaterial: material.critical,
    euCriticalListYear: material.euCriticalListYear,
    componentName: material.component,
    certificateReference: material.certificate,
    figureSource: buildSource(material.source),
  });
}

// -------------------------------------------------------------------------------------------------------------- claims

interface ClaimContext {
  readonly id: string;
  /** Date of the claim where nothing else dates it. */
  readonly today: string;
}

const SINGLE_GROUPS = ['carbon', 'impacts', 'energy', 'durability', 'repair', 'circularity'] as const;

function buildClaims(input: PassportInput, materials: readonly MaterialStatement[], context: ClaimContext): Json[] {
  const claims: Json[] = [];
  for (const group of SINGLE_GROUPS) {
    const fields = input[group];
    if (fields !== undefined) claims.push(buildClaim(group, fields, context));
  }
  for (const [i, fields] of (input.recycledContent ?? []).entries()) {
    claims.push(buildClaim('recycledContent', fields, context, { name: fields.of, number: i + 1 }));
  }
  for (const [i, fields] of (input.conformity ?? []).entries()) {
    const claim = buildClaim('conformity', fields, context, { name: fields.criterion, number: i + 1 });
    claims.push({ ...claim, ...buildReferences(fields) });
  }
  for (const { material, number } of materials) {
    claims.push(buildClaim('materials', material, context, { name: material.name, number }));
  }
  return claims;
}

function buildReferences({ standard, regulation, evidence }: NonNullable<PassportInput['conformity']>[number]): Json {
  return present({
    referenceStandard: standard && [{ type: ['Standard'], ...standard }],
    referenceRegulation: regulation && [{ type: ['Regulation'], ...regulation }],
    evidence: evidence && [
      present({
        linkURL: evidence.url,
        linkName: evidence.title,
        digestMultibase: evidence.sha256 && formatDigestMultibase(evidence.sha256),
      }),
    ],
  });
}

function buildClaim(
  group: GroupName,
  fields: Fields & { readonly source?: Source | undefined },
  context: ClaimContext,
  one?: { readonly name: string; readonly number: number },
): Json {
  const { name, parts, metrics, terms, lists } = CLAIM_PLANS[group];
  const date = fields.reportDate ?? fields.source?.published;
  const period = typeof date === 'string' ? datePeriod(date) : undefined;
  const claim: Record<string, unknown> = {
    type: ['Claim'],
    id: `${context.id}#${group}${one === undefined ? '' : `-${one.number}`}`,
    name: one === undefined ? name : `${name}: ${one.name}`,
    ...parts,
    claimDate: period?.startDate ?? context.today,
    claimedPerformance: buildPerformances(metrics, fields),
  };
  if (period !== undefined && period.startDate !== period.endDate) claim.applicablePeriod = period;
  for (const { path, term } of terms) {
    const value = fieldAt(fields, path);
    if (value !== undefined) claim[term] = value;
  }
  for (const { field, term, members } of lists) {
    const list = fields[field];
    if (Array.isArray(list)) claim[term] = list.map((member) => rename(member, members));
  }
  if (fields.source !== undefined) claim.figureSource = buildSource(fields.source);
  return claim;
}

function buildPerformances(metrics: ClaimPlan['metrics'], fields: Fields): Json[] {
  const performances: Json[] = [];
  for (const { path, metric, unit } of metrics) {
    const value = fieldAt(fields, path);
    if (value === undefined) continue;
    if (unit === 'score') performances.push({ metric, score: { code: value } });
    else if (path[0] === 'totalKgCO2e' && fields.uncertaintyKgCO2e !== undefined) {
      const tolerance = fields.uncertaintyKgCO2e;
      performances.push({ metric, measure: { value, upperTolerance: tolerance, lowerTolerance: tolerance, unit } });
    } else performances.push({ metric, measure: { value, unit } });
  }
  return performances;
}

type Fields = { readonly [field: string]: unknown };
type Path = readonly string[];

/** A group of claims with all that is the same in each of them. */
interface ClaimPlan {
  readonly name: string;
  readonly parts: Json;
  readonly metrics: readonly { readonly path: Path; readonly metric: Json; readonly unit: Unit | 'score' }[];
  readonly terms: readonly { readonly path: Path; readonly term: string }[];
  readonly lists: readonly {
    readonly field: string;
    readonly term: string;
    readonly members: Readonly<Record<string, string>>;
  }[];
}

const CLAIM_PLANS: Readonly<Record<GroupName, ClaimPlan>> = {
  carbon: planClaims('carbon'),
  impacts: planClaims('impacts'),
  energy: planClaims('energy'),
  durability: planClaims('durability'),
  repair: planClaims('repair'),
  circularity: planClaims('circularity'),
  recycledContent: planClaims('recycledContent'),
  conformity: planClaims('conformity'),
  materials: planClaims('materials'),
};

function planClaims(group: GroupName): ClaimPlan {
  const { name, criterion, topic, metrics, terms, lists = {} } = CLAIM_GROUPS[group];
  return {
    name,
    parts: {
      referenceCriteria: [{ type: ['Criterion'], id: formatCriterion(group), name: criterion }],
      conformityTopic: topic === undefined ? [] : [{ type: ['ConformityTopic'], ...topic }],
    },
    metrics: Object.entries(metrics).map(([path, { name, unit }]) => ({
      path: path.split('.'),
      metric: { type: ['PerformanceMetric'], id: formatMetric(group, path), name },
      unit,
    })),
    terms: Object.entries(terms).map(([path, term]) => ({ path: path.split('.'), term })),
    lists: Object.entries(lists).map(([field, list]) => ({ field, ...list })),
  };
}

function fieldAt(fields: Fields, path: Path): unknown {
  let value: unknown = fields;
  for (const name of path) value = isPlainObject(value) ? value[name] : undefined;
  return value;
}

/** A month or year as its first and last day; a day as itself twice. */
function datePeriod(date: string): { readonly startDate: string; readonly endDate: string } {
  const [year = '', month, day] = date.split('-');
  if (day !== undefined) return { startDate: date, endDate: date };
  if (month === undefined) return { startDate: `${year}-01-01`, endDate: `${year}-12-31` };
  const last = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return { startDate: `${date}-01`, endDate: `${date}-${last}` };
}

// -------------------------------------------------------------------------------------------------------------- shared

function measure(value: number | undefined, unit: Unit): Json | undefined {
  return value === undefined ? undefined : { value, unit };
}

function buildSource(source: Source | undefined): Json | undefined {
  if (source === undefined) return undefined;
  const { url, title, published, retrieved } = source;
  return present({ sourceUrl: url, sourceTitle: title, sourcePublished: published, sourceRetrieved: retrieved });
}

function rename(fields: Fields, terms: Readonly<Record<string, string>>): Record<string, unknown> {
  const renamed: Record<string, unknown> = {};
  for (const field in terms) {
    const value = fields[field];
    const term = terms[field];
    if (term !== undefined && value !== undefined) renamed[term] = value;
  }
  return renamed;
}

function isPlainObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object without members that are `undefined`: JSON-LD and schemas tell "there and undefined" from "absent". */
function present(object: Json): Json {
  const kept: Record<string, unknown> = {};
  for (const key in object) if (object[key] !== undefined) kept[key] = object[key];
  return kept;
}

function unlessEmpty(object: Json): Json | undefined {
  const kept = present(object);
  for (const _ in kept) return kept;
  return undefined;
}

function unlessNone<T>(items: readonly T[] | undefined): readonly T[] | undefined {
  return items?.length === 0 ? undefined : items;
}

function assertOwnId(input: PassportInput, issuer: IssuerId): void {
  const home = didWebHome(issuer);
  if (input.id === undefined || home === undefined) return;
  if (!input.id.startsWith(home)) {
    throw new InvalidInputError(
      'passport.input',
      `id: ${input.id} is not under ${home}, where ${issuer} may name things.`,
    );
  }
}

function locateLot(lot: string, ledger: string): string {
  return lot.startsWith('0x') ? formatLot(ledger, lot as Hex) : lot;
}

function assertOwnLots({ materials = [] }: PassportInput, ledger: string): void {
  for (const [i, { lot }] of materials.entries()) {
    if (lot === undefined || locateLot(lot, ledger).startsWith(`${ledger}#`)) continue;
    throw new InvalidInputError(
      'passport.input',
      `materials.${i + 1}.lot: ${lot} is not a lot of ${ledger}, the ledger that this passport is issued on.`,
    );
  }
}

const text = new TextEncoder();

function hashPassportId(issuer: IssuerId, subject: SubjectId, input: PassportInput): string {
  const digest = encodeHex(sha256(text.encode(canonicalizeJson(input))));
  return hashUuidUrn('passport', `${issuer}\n${subject}\n${digest}`);
}
