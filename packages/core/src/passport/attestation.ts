/**
 * Attestations: what a certifier found of a product or a facility, as UNTP 0.7.0 `DigitalConformityCredential`. Built from a plain input,
 * as passports are, and read strictly, since claims stand on it: where one part of an attestation has another shape than UNTP's, the whole
 * cannot be read, and attests nothing.
 */
import { z } from 'zod';
import { encodeHex, sha256 } from '../bytes.ts';
import { CONTEXT_URL } from '../credential/context.ts';
import {
  type Credential,
  credentialKind,
  credentialSubjects,
  parseCredential,
  UNTP_CONTEXT,
  UNTP_TYPES,
} from '../credential/credential.ts';
import { didWebHome } from '../credential/did.ts';
import { buildStatus, formatLedger } from '../credential/status.ts';
import { hashUuidUrn } from '../credential/uuid.ts';
import { VCDM_CONTEXT } from '../credential/vcdm.ts';
import { InvalidInputError } from '../errors.ts';
import type { SubjectId } from '../ids.ts';
import { canonicalizeJson } from '../json.ts';
import { parseShape } from '../shape.ts';
import { day, described, isOwnId, short, text, uri } from './fields.ts';
import { canonicalSubject } from './gs1.ts';
import type { PassportOptions } from './passport.ts';
import { CLAIM_GROUPS, formatCriterion, formatMetric, type GroupName, SCOPE_TERMS, type ScopeField } from './terms.ts';

// -------------------------------------------------------------------------------------------------------------- shared

/** UNTP 0.7.0: who assessed, on whose authority, and by what kind of activity (ISO/IEC 17000). */
export const ASSESSOR_LEVELS = [
  'self',
  'commercial',
  'buyer',
  'membership',
  'unspecified',
  '3rdParty',
  'hybrid',
] as const;
const ASSESSMENT_LEVELS = [
  'authority-benchmark',
  'authority-mandate',
  'authority-globalmra',
  'authority-peer',
  'authority-extended-mra',
  'scheme-self',
  'scheme-cab',
  'no-endorsement',
] as const;
const ATTESTATION_TYPES = [
  'certification',
  'declaration',
  'inspection',
  'testing',
  'verification',
  'validation',
  'calibration',
] as const;

/** Which of several claims under one criterion is meant: by the words with which the claims themselves tell one another apart. */
export type Scope = { readonly [Field in ScopeField]?: string };

// -------------------------------------------------------------------------------------------------------------- reading

const named = z.object({ id: z.string().min(1).max(2048), name: z.string().optional() });
const number = z.number().refine(Number.isFinite);
/** UNTP closes these three, and a value must not hide in a member that is not looked at. */
const measure = z.strictObject({
  value: number,
  unit: z.string().min(1),
  upperTolerance: number.nonnegative().optional(),
  lowerTolerance: number.nonnegative().optional(),
});
const score = z.strictObject({
  code: z.string().min(1),
  rank: z.int().optional(),
  definition: z.string().optional(),
});
const performance = z.strictObject({
  metric: named.optional(),
  measure: measure.optional(),
  score: score.optional(),
});
/** No attestation that serves a purpose is longer; a credential of 1 MiB would keep a verifier busy for long. */
const listOf = <T extends z.ZodType>(item: T) => z.array(item).max(200);
const MOST_ASSESSED = 1_000;
const scopeTerms = Object.fromEntries(Object.values(SCOPE_TERMS).map((term) => [term, z.string().optional()]));

const product = named.extend({ batchNumber: z.string().optional(), itemNumber: z.string().optional() });
const assessment = z.object({
  ...scopeTerms,
  id: z.string().min(1),
  name: z.string(),
  assessmentCriteria: listOf(named),
  assessmentDate: day,
  assessedPerformance: listOf(performance),
  assessedProduct: listOf(z.object({ product })).default([]),
  assessedFacility: listOf(z.object({ facility: named })).default([]),
  conformance: z.boolean().optional(),
});
const attestation = z.object({
  id: z.string().min(1),
  name: z.string(),
  assessorLevel: z.enum(ASSESSOR_LEVELS),
  assessmentLevel: z.enum(ASSESSMENT_LEVELS),
  attestationType: z.enum(ATTESTATION_TYPES),
  issuedToParty: named,
  referenceScheme: named,
  conformityAssessment: listOf(assessment)
    .default([])
    .refine(
      (all) =>
        all.reduce((sum, one) => sum + one.assessedProduct.length + one.assessedFacility.length, 0) <= MOST_ASSESSED,
      `assess at most ${MOST_ASSESSED} products and facilities in all`,
    ),
});

export interface Attestation extends Omit<z.infer<typeof attestation>, 'conformityAssessment'> {
  readonly assessments: readonly Assessment[];
}

/** What was found of some products and facilities under some criteria. */
export interface Assessment {
  readonly name: string;
  readonly criteria: readonly z.infer<typeof named>[];
  /** Day. */
  readonly date: string;
  /** A model, or of it one production batch or item where the number says so. */
  readonly products: readonly z.infer<typeof product>[];
  readonly facilities: readonly z.infer<typeof named>[];
  readonly performances: readonly Performance[];
  /** `undefined` where the certifier does not say. */
  readonly conforms: boolean | undefined;
  readonly scope: Scope;
}

/** A measured or scored performance, claimed or assessed (UNTP Performance). */
export type Performance = z.infer<typeof performance>;

/** Reads a conformity credential's attestation. Errors: `credential.shape`, for another kind of credential as well. */
export function parseAttestation(credential: Credential): Attestation {
  if (credentialKind(credential) !== 'conformity') {
    throw new InvalidInputError('credential.shape', `This is no ${UNTP_TYPES.conformity}.`);
  }
  const [subject] = credentialSubjects(credential);
  const { conformityAssessment, ...rest } = parseShape(attestation, subject, 'attestation', 'credential.shape');
  return {
    ...rest,
    assessments: conformityAssessment.map((one) => ({
      name: one.name,
      criteria: one.assessmentCriteria,
      date: one.assessmentDate,
      products: one.assessedProduct.map(({ product }) => product),
      facilities: one.assessedFacility.map(({ facility }) => facility),
      performances: one.assessedPerformance,
      conforms: one.conformance,
      scope: readScope(one),
    })),
  };
}

/** The words of a claim, or of an assessment, that tell it from others under its criterion. */
export function readScope(bag: { readonly [term: string]: unknown }): Scope {
  return Object.fromEntries(
    Object.entries(SCOPE_TERMS).flatMap(([field, term]) => {
      const value = bag[term];
      return typeof value === 'string' && value !== '' ? [[field, value]] : [];
    }),
  );
}

/**
 * The products and facilities that a conformity credential assesses, each once, by the names under which they are looked for. Total: none
 * of what cannot be read, and of another kind of credential.
 */
export function attestedSubjects(credential: Credential): SubjectId[] {
  try {
    const { assessments } = parseAttestation(credential);
    const named = assessments.flatMap(({ products, facilities }) => [...products, ...facilities]);
    return [...new Set(named.map(({ id }) => canonicalName(id)))];
  } catch (error) {
    if (error instanceof InvalidInputError) return [];
    throw error;
  }
}

/** The canonical subject where it is one, else the name as it is: facilities and foreign products have URIs of any kind. Total. */
export function canonicalName(id: string): SubjectId {
  try {
    return canonicalSubject(id);
  } catch (error) {
    if (error instanceof InvalidInputError) return id as SubjectId;
    throw error;
  }
}

// ------------------------------------------------------------------------------------------------------------- building

const GROUP_NAMES = Object.keys(CLAIM_GROUPS) as GroupName[];
const METRIC_NAMES = new Map(
  GROUP_NAMES.flatMap((group) =>
    Object.entries(CLAIM_GROUPS[group].metrics).map(([path, metric]) => [
      `${group}.${path}`,
      { id: formatMetric(group, path), ...metric },
    ]),
  ),
);

const reference = (what: string, id: string, name: string) =>
  z.strictObject({ id: described(uri, `${what}, a URI`, id), name: described(text, 'Its name', name) });

const figureInput = z
  .strictObject({
    metric: z.union([
      described(
        z
          .string()
          .refine((name) => METRIC_NAMES.has(name), 'expected a figure of a passport, such as carbon.totalKgCO2e'),
        'A figure of a passport by its field',
        'recycledContent.percent',
      ),
      reference('Metric', 'https://certifier.example/metrics/1', 'Emissions intensity'),
    ]),
    value: described(z.number(), 'What was found', 52).optional(),
    unit: described(
      z.string().regex(/^[A-Z0-9]{2,3}$/, 'expected a UN/CEFACT Rec 20 code such as P1 or KGM'),
      'Its unit; a figure of a passport has its own',
      'P1',
    ).optional(),
    score: described(short, 'The letter or code, where it is a score', 'B').optional(),
  })
  .check(({ value: figure, issues }) => {
    const complain = (message: string) => issues.push({ code: 'custom', input: figure, message });
    const own = typeof figure.metric === 'string' ? METRIC_NAMES.get(figure.metric)?.unit : undefined;
    if ((figure.value === undefined) === (figure.score === undefined)) complain('give either a value or a score');
    else if (own === 'score' && figure.score === undefined) complain('this figure is a score');
    else if (own !== undefined && own !== 'score' && figure.value === undefined) complain('this figure is a number');
    else if (figure.value !== undefined && own === undefined && figure.unit === undefined)
      complain('the unit is missing');
  });

const assessmentInput = z
  .strictObject({
    name: described(text, 'What was assessed', 'Recycled plastic of the enclosure'),
    criteria: z
      .array(
        z.union([
          described(z.enum(GROUP_NAMES), "A group of a passport's claims", 'recycledContent'),
          reference('Criterion', 'https://certifier.example/criteria/7', 'Conflict-free tin'),
        ]),
      )
      .min(1)
      .max(50),
    date: described(day, 'Day of the assessment', '2026-11-02'),
    products: z
      .array(
        reference(
          'Product: a GS1 Digital Link of a model, production batch or item, or its URI',
          'https://id.gs1.org/01/09521234000013',
          'Laptop 14',
        ),
      )
      .min(1)
      .max(200)
      .optional(),
    facilities: z
      .array(reference('Facility', 'https://maker.example/facilities/north', 'North assembly'))
      .min(1)
      .max(200)
      .optional(),
    figures: z.array(figureInput).max(200).optional(),
    topics: z
      .array(
        reference(
          'Topic of the UN vocabulary',
          'https://vocabulary.uncefact.org/conformity-topic/product-circularity',
          'Product Circularity',
        ),
      )
      .max(20)
      .optional(),
    of: described(
      short,
      "The claim's own words for what it is of, where a passport has several claims",
      'plastic',
    ).optional(),
    kind: described(short, "The claim's kind", 'postConsumer').optional(),
    component: described(short, "The claim's part", 'enclosure').optional(),
    statement: described(
      text,
      'The statement of conformity that is meant, word for word',
      'Contains no mercury',
    ).optional(),
    conforms: described(z.boolean(), 'Was it found to conform', true),
  })
  .refine(
    ({ products, facilities }) => products !== undefined || facilities !== undefined,
    'name products or facilities',
  );

/** What a certifier knows of an attestation that it gives. */
export const attestationInput = z.strictObject({
  id: described(
    z.string().refine(isOwnId, 'expected a plain https URI under your own host'),
    'Name of the attestation under your own host',
    'https://certifier.example/attestations/2026-118',
  ),
  name: described(text, 'Title', 'Certificate of recycled content 2026-118'),
  description: described(
    z.string().trim().min(1).max(2000),
    'More about it',
    'By audit of the moulding shop',
  ).optional(),
  assessorLevel: described(z.enum(ASSESSOR_LEVELS), 'Who assessed', '3rdParty'),
  assessmentLevel: described(z.enum(ASSESSMENT_LEVELS), 'On whose authority', 'scheme-cab'),
  attestationType: described(z.enum(ATTESTATION_TYPES), 'By what activity', 'certification'),
  issuedTo: reference('Whom it was given to', 'did:web:maker.example', 'Fictional Maker Ltd'),
  scheme: reference('Scheme', 'https://certifier.example/schemes/rc', 'Recycled content scheme'),
  validFrom: described(day, 'First day of its validity; by default from when it is signed', '2026-11-03').optional(),
  validUntil: described(day, 'Last day of its validity', '2029-11-02').optional(),
  assessments: z.array(assessmentInput).min(1).max(200),
});
export type AttestationInput = z.infer<typeof attestationInput>;

/** Reads a certifier's input. Errors: `input.shape`; the message names the field. */
export function parseAttestationInput(value: unknown, where = 'attestation'): AttestationInput {
  return parseShape(attestationInput, value, where);
}

/**
 * Builds the unsigned credential of an attestation. Its `id` follows from issuer, attestation and input, as a passport's does. Errors:
 * `input.shape` if its name lies outside the issuer's did:web, or it would end before it begins.
 */
export function buildAttestation(input: AttestationInput, options: Omit<PassportOptions, 'voice'>): Credential {
  const { issuer, ledger, status, statusListCredential } = options;
  const home = didWebHome(issuer.id);
  if (home !== undefined && !input.id.startsWith(home)) {
    throw new InvalidInputError(
      'input.shape',
      `id: ${input.id} is not under ${home}, where ${issuer.id} may name things.`,
    );
  }
  const validFrom = input.validFrom === undefined ? options.validFrom : `${input.validFrom}T00:00:00Z`;
  const validUntil = input.validUntil && `${input.validUntil}T23:59:59Z`;
  if (validUntil !== undefined && Date.parse(validUntil) < Date.parse(validFrom)) {
    throw new InvalidInputError(
      'input.shape',
      `validUntil: ${input.validUntil} is before ${validFrom}, when it begins.`,
    );
  }
  const digest = encodeHex(sha256(new TextEncoder().encode(canonicalizeJson(input))));
  return parseCredential({
    '@context': [VCDM_CONTEXT, UNTP_CONTEXT, CONTEXT_URL],
    type: [UNTP_TYPES.conformity, 'VerifiableCredential'],
    id: hashUuidUrn('attestation', `${issuer.id}\n${input.id}\n${digest}`),
    issuer: { type: ['CredentialIssuer'], id: issuer.id, name: issuer.name },
    validFrom,
    ...(validUntil === undefined ? {} : { validUntil }),
    name: input.name,
    credentialStatus: buildStatus({ ledger: formatLedger(ledger), ...status, statusListCredential }),
    credentialSubject: {
      type: ['ConformityAttestation'],
      id: input.id,
      name: input.name,
      ...(input.description === undefined ? {} : { description: input.description }),
      assessorLevel: input.assessorLevel,
      assessmentLevel: input.assessmentLevel,
      attestationType: input.attestationType,
      issuedToParty: { type: ['Party'], ...input.issuedTo },
      referenceScheme: { type: ['ConformityScheme'], ...input.scheme },
      conformityAssessment: input.assessments.map((one, i) => buildAssessment(one, `${input.id}#${i + 1}`)),
    },
  });
}

type Json = { readonly [key: string]: unknown };

function buildAssessment(input: AttestationInput['assessments'][number], id: string): Json {
  const { name, criteria, date, products, facilities, figures = [], topics = [], conforms } = input;
  const scope = Object.entries(SCOPE_TERMS).flatMap(([field, term]) => {
    const value = input[field as ScopeField];
    return value === undefined ? [] : [[term, value]];
  });
  return {
    type: ['ConformityAssessment'],
    id,
    name,
    ...Object.fromEntries(scope),
    assessmentCriteria: criteria.map((criterion) =>
      typeof criterion === 'string'
        ? { type: ['Criterion'], id: formatCriterion(criterion), name: CLAIM_GROUPS[criterion].criterion }
        : { type: ['Criterion'], ...criterion },
    ),
    assessmentDate: date,
    assessedPerformance: figures.map(buildFigure),
    ...(products && {
      assessedProduct: products.map((product) => ({
        product: { type: ['Product'], id: canonicalName(product.id), name: product.name },
      })),
    }),
    ...(facilities && {
      assessedFacility: facilities.map((facility) => ({
        facility: { type: ['Facility'], id: canonicalName(facility.id), name: facility.name },
      })),
    }),
    conformityTopic: topics.map((topic) => ({ type: ['ConformityTopic'], ...topic })),
    conformance: conforms,
  };
}

function buildFigure({ metric, value, unit, score }: z.infer<typeof figureInput>): Json {
  const ours = typeof metric === 'string' ? METRIC_NAMES.get(metric) : undefined;
  const { id, name } = typeof metric === 'string' ? (ours ?? { id: metric, name: metric }) : metric;
  return {
    metric: { type: ['PerformanceMetric'], id, name },
    ...(score === undefined ? { measure: { value, unit: unit ?? ours?.unit } } : { score: { code: score } }),
  };
}
