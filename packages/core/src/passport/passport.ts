/** Builds a passport: UNTP 0.7.0 `DigitalProductPassport` from the plain input. Deterministic: the same input gives the same document. */
import { sha1 } from '@noble/hashes/legacy.js';
import { encodeHex, sha256 } from '../bytes.ts';
import { CONTEXT_URL, NAMESPACE } from '../credential/context.ts';
import { type Credential, parseCredential, UNTP_CONTEXT, UNTP_TYPES } from '../credential/credential.ts';
import { didWebPlace } from '../credential/did.ts';
import { buildStatus, formatLedger } from '../credential/status.ts';
import { VCDM_CONTEXT } from '../credential/vcdm.ts';
import { InvalidInputError } from '../errors.ts';
import type { IssuerId, LedgerId, SubjectId } from '../ids.ts';
import { canonicalizeJson } from '../json.ts';
import { formatDigitalLink } from './gs1.ts';
import type { PassportInput, Source } from './input.ts';
import {
  CATEGORY_NAMES,
  CERTIFICATE_TERMS,
  CHARACTERISTICS,
  CLAIM_GROUPS,
  type ClaimGroup,
  formatCriterion,
  formatMetric,
  type GroupName,
  SCHEMES,
  SOURCE_TERMS,
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
 * can be noticed, though its signature and CID differ. Errors: `passport.input` if an id lies outside the issuer's did:web.
 */
export function buildPassport(input: PassportInput, options: PassportOptions): Credential {
  const { issuer, ledger, status, statusListCredential, validFrom, voice } = options;
  assertOwnId(input, issuer.id);
  const subject = inputSubject(input);
  const id = hashPassportId(issuer.id, subject, input);
  const claims = buildClaims(input, { id, today: validFrom.slice(0, 10) });
  return parseCredential(
    prune({
      '@context': [VCDM_CONTEXT, UNTP_CONTEXT, CONTEXT_URL],
      type: [UNTP_TYPES.passport, 'VerifiableCredential'],
      id,
      issuer: { type: ['CredentialIssuer'], id: issuer.id, name: issuer.name },
      validFrom,
      name: `Passport: ${input.name}`,
      statementVoice: voice,
      credentialStatus: buildStatus({ ledger: formatLedger(ledger), ...status, statusListCredential }),
      credentialSubject: buildProduct(input, { id, subject, issuer, claims }),
    }),
  );
}

// ------------------------------------------------------------------------------------------------------------- product

function buildProduct(
  input: PassportInput,
  context: {
    readonly id: string;
    readonly subject: SubjectId;
    readonly issuer: PassportOptions['issuer'];
    readonly claims: readonly Json[];
  },
): Json {
  const { id, subject, issuer, claims } = context;
  return {
    type: ['Product'],
    id: subject,
    name: input.name,
    description: input.description,
    idScheme: buildIdScheme(input, issuer),
    modelNumber: input.modelNumber,
    batchNumber: input.productionBatch,
    itemNumber: input.serial,
    idGranularity: input.granularity,
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
    materialProvenance: unlessNone(input.materials?.flatMap((material) => buildMaterial(material, input.massKg) ?? [])),
    performanceClaim: unlessNone(claims),
    characteristics: buildCharacteristics(input),
  };
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
  const codes: [{ readonly id: string; readonly name: string }, string | undefined, string][] = [
    [SCHEMES.category, input.category, category?.name ?? input.category],
    [SCHEMES.cpc, category?.cpc?.[0], category?.cpc?.[1] ?? ''],
    [SCHEMES.taric, input.taricCode, `TARIC ${input.taricCode}`],
    [SCHEMES.unspsc, input.unspsc, `UNSPSC ${input.unspsc}`],
  ];
  return codes.flatMap(([scheme, code, name]) => (code === undefined ? [] : [classify(scheme, code, name)]));
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
  return {
    description: 'Packaging',
    dimensions: { weight: measure(packaging.massG, 'GRM') },
    materialUsed: [],
    packagingRecycledPercent: packaging.recycledPercent,
    plasticFree: packaging.plasticFree,
    figureSource: buildSource(packaging.source),
  };
}

function buildCharacteristics(input: PassportInput): Json | undefined {
  const { rohs, substancesOfConcern, certificates } = input;
  return unlessEmpty({
    ...rename(input, CHARACTERISTICS),
    rohsDeclaration: rohs && {
      rohsCompliant: rohs.compliant,
      rohsExemption: rohs.exemptions,
      figureSource: buildSource(rohs.source),
    },
    substanceOfConcern: substancesOfConcern?.map((substance) => ({
      ...rename(substance, SUBSTANCE_TERMS),
      figureSource: buildSource(substance.source),
    })),
    productCertificate: certificates?.map((certificate) => rename(certificate, CERTIFICATE_TERMS)),
  });
}

// ----------------------------------------------------------------------------------------------------------- materials

type Material = NonNullable<PassportInput['materials']>[number];

/** Share of the product's mass, and whether it was published or follows from the two masses. */
function findShare(material: Material, productKg: number | undefined): { fraction: number; from?: 'mass' } | undefined {
  if (material.massPercent !== undefined) return { fraction: fractionOf(material.massPercent) };
  if (material.massG === undefined || productKg === undefined || productKg === 0) return undefined;
  const fraction = Number((material.massG / (productKg * 1000)).toPrecision(6));
  return fraction <= 1 ? { fraction, from: 'mass' } : undefined;
}

/** UNTP's Material needs a share and an origin; what lacks one of them is a claim. */
function buildMaterial(material: Material, productKg: number | undefined): Json | undefined {
  const share = findShare(material, productKg);
  if (share === undefined || material.country === undefined) return undefined;
  const code = material.cas ?? material.name.toLowerCase();
  return {
    name: material.name,
    originCountry: buildCountry(material.country),
    materialType: classify(material.cas === undefined ? SCHEMES.material : SCHEMES.cas, code, material.name),
    massFraction: share.fraction,
    massFractionFrom: share.from,
    mass: measure(material.massG, 'GRM'),
    recycledMassFraction: fractionOf(material.recycledPercent),
    preConsumerRecycledMassFraction: fractionOf(material.preConsumerPercent),
    postConsumerRecycledMassFraction: fractionOf(material.postConsumerPercent),
    renewableMassFraction: fractionOf(material.renewablePercent),
    chainOfCustodyModel: material.custodyModel,
    hazardous: material.hazardous,
    criticalRawMaterial: material.critical,
    componentName: material.component,
    certificateReference: material.certificate,
    figureSource: buildSource(material.source),
  };
}

function fractionOf(percent: number): number;
function fractionOf(percent: number | undefined): number | undefined;
function fractionOf(percent: number | undefined): number | undefined {
  return percent === undefined ? undefined : Number((percent / 100).toPrecision(12));
}

// -------------------------------------------------------------------------------------------------------------- claims

interface ClaimContext {
  readonly id: string;
  /** Date of the claim where nothing else dates it. */
  readonly today: string;
}

function buildClaims(input: PassportInput, context: ClaimContext): Json[] {
  const single = (['carbon', 'energy', 'durability', 'repair', 'circularity'] as const).flatMap((group) => {
    const fields = input[group];
    return fields === undefined ? [] : [buildClaim(group, fields, context)];
  });
  const statements = (input.recycledContent ?? []).map((fields, i) =>
    buildClaim('recycledContent', fields, context, { name: fields.of, number: i + 1 }),
  );
  const materials = (input.materials ?? [])
    .filter((material) => buildMaterial(material, input.massKg) === undefined)
    .map((fields, i) => buildClaim('materials', fields, context, { name: fields.name, number: i + 1 }));
  return [...single, ...statements, ...materials];
}

function buildClaim(
  group: GroupName,
  fields: { readonly source?: Source | undefined; readonly [field: string]: unknown },
  context: ClaimContext,
  one?: { readonly name: string; readonly number: number },
): Json {
  const { name, criterion, topic, terms } = CLAIM_GROUPS[group];
  const values = flatten(fields);
  const date = values.get('reportDate') ?? fields.source?.published;
  const period = typeof date === 'string' ? datePeriod(date) : undefined;
  return {
    type: ['Claim'],
    id: `${context.id}#${group}${one === undefined ? '' : `-${one.number}`}`,
    name: one === undefined ? name : `${name}: ${one.name}`,
    referenceCriteria: [{ type: ['Criterion'], id: formatCriterion(group), name: criterion }],
    claimDate: period?.startDate ?? context.today,
    applicablePeriod: period === undefined || period.startDate === period.endDate ? undefined : period,
    claimedPerformance: buildPerformances(group, CLAIM_GROUPS[group], values),
    conformityTopic: topic === undefined ? [] : [{ type: ['ConformityTopic'], ...topic }],
    ...Object.fromEntries(Object.entries(terms).map(([path, term]) => [term, values.get(path)])),
    figureSource: buildSource(fields.source),
  };
}

function buildPerformances(group: GroupName, { metrics }: ClaimGroup, values: ReadonlyMap<string, unknown>): Json[] {
  return Object.entries(metrics).flatMap(([path, { name, unit }]): Json[] => {
    const value = values.get(path);
    if (value === undefined) return [];
    const metric = { type: ['PerformanceMetric'], id: formatMetric(group, path), name };
    if (unit === 'score') return [{ metric, score: { code: value } }];
    const tolerance = path === 'totalKgCO2e' ? values.get('uncertaintyKgCO2e') : undefined;
    return [{ metric, measure: { value, upperTolerance: tolerance, lowerTolerance: tolerance, unit } }];
  });
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
  return source && rename(source, SOURCE_TERMS);
}

function rename(fields: { readonly [field: string]: unknown }, terms: Readonly<Record<string, string>>): Json {
  return Object.fromEntries(Object.entries(terms).map(([field, term]) => [term, fields[field]]));
}

/** Nested fields by dotted path; lists and the source are left to others. */
function flatten(fields: { readonly [field: string]: unknown }, prefix = ''): Map<string, unknown> {
  const flat = new Map<string, unknown>();
  for (const [field, value] of Object.entries(fields)) {
    if (isPlainObject(value)) for (const [path, inner] of flatten(value, `${prefix}${field}.`)) flat.set(path, inner);
    else flat.set(`${prefix}${field}`, value);
  }
  return flat;
}

function isPlainObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The document without members that are `undefined`. */
function prune(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(prune);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => (member === undefined ? [] : [[key, prune(member)]])),
  );
}

function unlessEmpty(object: Json): Json | undefined {
  return Object.values(object).every((value) => value === undefined) ? undefined : object;
}

function unlessNone<T>(items: readonly T[] | undefined): readonly T[] | undefined {
  return items === undefined || items.length === 0 ? undefined : items;
}

function assertOwnId(input: PassportInput, issuer: IssuerId): void {
  const place = didWebPlace(issuer);
  if (input.id === undefined || place === undefined) return;
  const home = `https://${[place.host, ...place.segments].join('/')}/`;
  if (!input.id.startsWith(home)) {
    throw new InvalidInputError(
      'passport.input',
      `id: ${input.id} is not under ${home}, where ${issuer} may name things.`,
    );
  }
}

const text = new TextEncoder();

/** UUIDv5 (RFC 9562, 5.5) under our namespace. */
function hashPassportId(issuer: IssuerId, subject: SubjectId, input: PassportInput): string {
  const digest = encodeHex(sha256(text.encode(canonicalizeJson(input))));
  return `urn:uuid:${hashUuid(PASSPORT_IDS, `${issuer}\n${subject}\n${digest}`)}`;
}

/** The namespace of URLs in RFC 9562 (6.6), as 16 bytes. */
const URL_IDS = Uint8Array.of(
  0x6b,
  0xa7,
  0xb8,
  0x11,
  0x9d,
  0xad,
  0x11,
  0xd1,
  0x80,
  0xb4,
  0x00,
  0xc0,
  0x4f,
  0xd4,
  0x30,
  0xc8,
);
const PASSPORT_IDS = uuidBytes(URL_IDS, `${NAMESPACE}passport`);

function uuidBytes(namespace: Uint8Array, name: string): Uint8Array {
  const bytes = sha1(Uint8Array.of(...namespace, ...text.encode(name))).slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes;
}

function hashUuid(namespace: Uint8Array, name: string): string {
  const hex = encodeHex(uuidBytes(namespace, name)).slice(2);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
