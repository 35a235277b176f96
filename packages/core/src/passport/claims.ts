/**
 * Whose word each claim of a passport is: its issuer's alone, or a certifier's as well. From a passport and from attestations that were each
 * verified by themselves; pure, and total on whatever they hold. The verdict on the passport does not depend on it.
 *
 * An attestation counts that is valid and current, comes from an issuer that was accredited as a certifier and is not the passport's own, and
 * says so itself. It bears on a claim where one of its assessments names the claim's criterion, and the passport's subject or what stands
 * above it; where the passport has several such claims, it must repeat the words that tell them apart. What cannot be compared is neither
 * attested nor contradicted.
 */
import { type Credential, credentialKind, credentialSubjects } from '../credential/credential.ts';
import { InvalidInputError } from '../errors.ts';
import type { CredentialCid, IssuerId, SubjectId } from '../ids.ts';
import type { Check, Report } from '../report.ts';
import {
  type Assessment,
  type Attestation,
  canonicalName,
  type Performance,
  parseAttestation,
  readScope,
  type Scope,
} from './attestation.ts';
import { isDigitalLink, parseDigitalLink, subjectLevel, walkUp } from './gs1.ts';
import { type NamedThing, readFacility } from './records.ts';
import {
  CLAIM_GROUPS,
  formatCriterion,
  formatMetric,
  percentOf,
  type ScopeField,
  UNDISCLOSED_FACILITY,
} from './terms.ts';
import { type Bag, bagOf, bagsOf, formatMeasure, measureOf, numberOf, textOf } from './values.ts';

/**
 * Of a claim: a certifier attests it, or says otherwise; only attestations whose time is over attest it; the issuer states its own figure, or
 * restates another's. `unknown`: it is not known who made the claim, because the passport's anchor is not valid.
 */
export const STANDINGS = ['attested', 'contradicted', 'expired', 'selfDeclared', 'restated', 'unknown'] as const;
export type Standing = (typeof STANDINGS)[number];

/** An attestation, or a record of a facility, with the report that `verify` gave of it. */
export interface VerifiedAttestation {
  /** `undefined` where it cannot be read. */
  readonly credential: Credential | undefined;
  readonly report: Report;
}

export interface ClaimFigure {
  readonly name: string;
  readonly value: number | string;
  /** UN/CEFACT code; `undefined` for a score. */
  readonly unit: string | undefined;
  /** An attestation that counts states the same. */
  readonly attested: boolean;
}

/** What one assessment says to one claim. */
export interface Bearing {
  readonly cid: CredentialCid | undefined;
  readonly issuer: { readonly id: IssuerId; readonly name: string } | undefined;
  readonly assessment: string;
  /** Day. */
  readonly date: string | undefined;
  readonly effect: 'attests' | 'contradicts' | 'expired' | 'nothing';
  readonly code: BearingCode;
  readonly message: string;
}

export interface ClaimFinding {
  readonly about: 'claim' | 'material' | 'facility';
  readonly id: string;
  readonly name: string;
  readonly criteria: readonly NamedThing[];
  readonly figures: readonly ClaimFigure[];
  readonly standing: Standing;
  readonly bearings: readonly Bearing[];
}

/** What became of an attestation, whether or not it bears on a claim. */
export interface AttestationFinding {
  readonly cid: CredentialCid | undefined;
  readonly name: string | undefined;
  readonly issuer: { readonly id: IssuerId; readonly name: string } | undefined;
  readonly scheme: string | undefined;
  readonly validUntil: string | undefined;
  readonly counts: boolean;
  readonly code: AttestationCode;
  readonly message: string;
}

export interface ClaimsReport {
  /** In the passport's order: its claims, its materials, its facility. */
  readonly claims: readonly ClaimFinding[];
  readonly attestations: readonly AttestationFinding[];
}

/** What is said of attestations, by code. Words in braces are filled in from the case at hand. */
export const ATTESTATION_CODES = {
  'attestation.in-force': 'It is valid and in force, by an accredited certifier.',
  'attestation.record': 'It is a valid record of the facility, which describes it and attests nothing.',
  'attestation.expired': 'It was valid until {until}.',
  'attestation.not-yet': 'It is valid from {from} only.',
  'attestation.revoked': 'It has been revoked.',
  'attestation.superseded': 'Its certifier has replaced it by a newer one.',
  'attestation.invalid': 'It is not valid: {reason}',
  'attestation.indeterminate': 'It cannot be decided whether it is valid: {reason}',
  'attestation.unreadable': 'It cannot be read as an attestation: {reason}',
  'attestation.other-kind': 'It is another kind of credential: {kind}.',
  'attestation.first-party': 'It is the word of whoever makes the claims.',
  'attestation.other-subject': 'It assesses something else.',
  'attestation.other-criterion': 'It assesses this product by criteria that none of its claims names.',
} as const;
export type AttestationCode = keyof typeof ATTESTATION_CODES;

export const BEARING_CODES = {
  'claim.attested': 'The certifier found that it conforms, and states no other value.',
  'claim.agreed': 'The certifier found, as the claim says itself, that it does not conform.',
  'claim.attested-within':
    '{name}: the certifier found {found}, {claimed} is claimed, which allows for it; it found that it conforms.',
  'claim.expired': 'The certifier found that it conforms; the attestation was valid until {until}.',
  'claim.not-conforming': 'The certifier found that it does not conform.',
  'claim.conforming': 'The certifier found that it conforms, and the claim says that it does not.',
  'claim.other-value': '{name}: the certifier found {found}, {claimed} is claimed.',
  'claim.other-country': 'The record of the facility says that it is in {found}, the passport says {claimed}.',
  'claim.recorded': 'A record of the facility describes it.',
  'claim.denied-once': 'The certifier said otherwise; the attestation was valid until {until}.',
  'claim.no-conclusion': 'The certifier does not say whether it conforms.',
  'claim.other-unit': '{name}: {found} and {claimed} cannot be compared.',
  'claim.not-told-apart':
    'The passport has several claims under this criterion, and the certifier does not say which is meant.',
} as const;
export type BearingCode = keyof typeof BEARING_CODES;

/** The standing of every claim of a passport; of another kind of credential there are none. */
export function judgeClaims(
  passport: Credential,
  report: Report,
  attestations: readonly VerifiedAttestation[],
): ClaimsReport {
  const product: Bag = credentialKind(passport) === 'passport' ? bagOf(credentialSubjects(passport)[0]) : {};
  const claims = readClaims(product, passport.id);
  const weighed = distinct(attestations).map((one) => weigh(one, passport));
  const asked = { claims, byCriterion: indexCriteria(claims), isOf: createComparison(product) };
  const said = weighed.map((one) => bear(one, asked));
  return {
    claims: claims.map(({ about, id, name, criteria, figures }, i) => {
      const bearings = said.flatMap(({ bearings }) => bearings.get(i) ?? []);
      const attested = new Set(said.flatMap(({ attested }) => [...(attested.get(i) ?? [])]));
      return {
        ...{ about, id, name, criteria },
        figures: figures.flatMap((figure) => toFigure(figure, attested.has(figure))),
        standing: standingOf(bearings, report),
        bearings,
      };
    }),
    attestations: weighed.map((one, i) => toFinding(one, said[i])),
  };
}

/** What attestations of a passport's claims can be about, besides what stands above it: its subject, and the facility where it was made. */
export function attestableSubjects(passport: Credential): SubjectId[] {
  const product: Bag = bagOf(credentialSubjects(passport)[0]);
  const facilities = readProducedAt(bagOf(product.producedAtFacility)).map(({ id }) => id as SubjectId);
  return [canonicalName(textOf(product.id) ?? ''), ...facilities];
}

function standingOf(bearings: readonly Bearing[], { voice }: Report): Standing {
  // Who made the claim comes first: what nobody is known to have said is not attested by chance.
  if (voice === undefined) return 'unknown';
  const has = (wanted: Bearing['effect']) => bearings.some(({ effect }) => effect === wanted);
  if (has('contradicts')) return 'contradicted';
  if (has('attests')) return 'attested';
  if (has('expired')) return 'expired';
  return voice === 'declared' ? 'selfDeclared' : 'restated';
}

function distinct(attestations: readonly VerifiedAttestation[]): VerifiedAttestation[] {
  const seen = new Set<string>();
  return attestations.filter(({ report: { cid } }) => {
    if (cid === undefined) return true;
    return !seen.has(cid) && seen.add(cid);
  });
}

// --------------------------------------------------------------------------------------------------- what is claimed

/** A claim as the passport has it. */
interface Claim extends Pick<ClaimFinding, 'about' | 'id' | 'name' | 'criteria'> {
  readonly figures: readonly Claimed[];
  readonly scope: Scope;
  /** Whether it says that it conforms; most claims say nothing of it, and mean that they do. */
  readonly conforms: boolean;
  /** "At least": more is found than claimed, and it stands. */
  readonly atLeast: boolean;
  /** Of a facility: the country that the passport says. */
  readonly country?: string | undefined;
}

interface Claimed {
  readonly metric: NamedThing;
  readonly measure: Performance['measure'];
  readonly score: string | undefined;
}

function readClaims(product: Bag, passport: string): Claim[] {
  return [
    ...bagsOf(product.performanceClaim).map(readClaim),
    ...bagsOf(product.materialProvenance).map((material, i) =>
      readMaterial(material, `${passport}#materials-${i + 1}`),
    ),
    ...readProducedAt(bagOf(product.producedAtFacility)),
  ];
}

function readClaim(claim: Bag): Claim {
  return {
    about: 'claim',
    id: textOf(claim.id) ?? '',
    name: textOf(claim.name) ?? 'Claim',
    criteria: readThings(claim.referenceCriteria),
    figures: bagsOf(claim.claimedPerformance).map(readPerformance),
    scope: readScope(claim),
    conforms: claim.conformsAsDeclared !== false,
    atLeast: claim.atLeast === true,
  };
}

function readThings(value: unknown): NamedThing[] {
  return bagsOf(value).map(({ id, name }) => ({ id: textOf(id), name: textOf(name) }));
}

function readPerformance({ metric, measure, score }: Bag): Claimed {
  const { value, unit, upperTolerance, lowerTolerance } = bagOf(measure);
  const amount = numberOf(value);
  const code = textOf(unit);
  return {
    metric: { id: textOf(bagOf(metric).id), name: textOf(bagOf(metric).name) },
    measure:
      amount === undefined || code === undefined
        ? undefined
        : {
            value: amount,
            unit: code,
            upperTolerance: numberOf(upperTolerance),
            lowerTolerance: numberOf(lowerTolerance),
          },
    score: textOf(bagOf(score).code),
  };
}

/** A UNTP Material says what a claim of material content says, in places of its own: it is attested under that claim's criterion. */
function readMaterial(material: Bag, id: string): Claim {
  const { metrics, criterion } = CLAIM_GROUPS.materials;
  const shares = {
    massPercent: material.massFractionFrom === 'mass' ? undefined : material.massFraction,
    recycledPercent: material.recycledMassFraction,
    preConsumerPercent: material.preConsumerRecycledMassFraction,
    postConsumerPercent: material.postConsumerRecycledMassFraction,
    renewablePercent: material.renewableMassFraction,
  };
  const values = Object.entries(shares).map(([field, value]): [string, number | undefined, string] => {
    const fraction = numberOf(value);
    return [field, fraction === undefined ? undefined : percentOf(fraction), 'P1'];
  });
  const figures = [['massG', measureOf(material.mass, 'GRM'), 'GRM'] as const, ...values];
  const name = textOf(material.name);
  const scope = readScope({ contentOf: name, componentName: material.componentName });
  return {
    about: 'material',
    id,
    name: name ?? 'Material',
    criteria: [{ id: formatCriterion('materials'), name: criterion }],
    figures: figures.flatMap(([field, value, unit]) => {
      if (value === undefined) return [];
      const metric = { id: formatMetric('materials', field), name: metrics[field]?.name };
      return [{ metric, measure: { value, unit }, score: undefined }];
    }),
    scope,
    conforms: true,
    atLeast: false,
  };
}

function readProducedAt(facility: Bag): Claim[] {
  const id = textOf(facility.id);
  if (id === undefined || id === UNDISCLOSED_FACILITY) return [];
  return [
    {
      about: 'facility',
      id: canonicalName(id),
      name: textOf(facility.name) ?? id,
      criteria: [],
      figures: [],
      scope: {},
      conforms: true,
      atLeast: false,
      country: textOf(bagOf(facility.countryOfOperation).countryCode),
    },
  ];
}

function toFigure({ metric, measure, score }: Claimed, attested: boolean): ClaimFigure[] {
  const name = metric.name ?? metric.id ?? 'Value';
  if (measure !== undefined) return [{ name, value: measure.value, unit: measure.unit, attested }];
  return score === undefined ? [] : [{ name, value: score, unit: undefined, attested }];
}

// ---------------------------------------------------------------------------------------------- which attestation counts

/** An attestation with what it is worth by itself. */
interface Weighed extends VerifiedAttestation {
  readonly code: AttestationCode;
  readonly slots: Readonly<Record<string, string>>;
  /** Only of those that count, or counted until their time was over. */
  readonly attestation?: Attestation;
  /** Present where its time is over. */
  readonly until?: string;
}

function weigh(one: VerifiedAttestation, passport: Credential): Weighed {
  const { credential, report } = one;
  const without = (code: AttestationCode, slots: Weighed['slots'] = {}): Weighed => ({ ...one, code, slots });
  const failed = report.checks.filter(({ outcome }) => outcome === 'invalid');
  const open = report.checks.filter(({ outcome }) => outcome === 'unknown');
  const reason = (checks: readonly Check[]) => ({ reason: checks[0]?.message ?? 'it has no checks.' });
  if (credential === undefined) return without('attestation.unreadable', reason(failed));
  const kind = credentialKind(credential);
  if (kind !== 'conformity' && kind !== 'facility') return without('attestation.other-kind', { kind });

  const isOnly = (code: Check['code']) => failed.length === 1 && failed[0]?.code === code && open.length === 0;
  if (failed.some(({ code }) => code === 'status.revoked')) return without('attestation.revoked');
  if (isOnly('period.not-yet')) return without('attestation.not-yet', { from: credential.validFrom });
  const isOver = isOnly('period.over');
  const settled = failed.filter(({ code }) => code !== 'period.over' && code !== 'period.not-yet');
  if (settled.length > 0) return without('attestation.invalid', reason(settled));
  if (report.verdict !== 'valid' && !isOver) return without('attestation.indeterminate', reason(open));
  if (report.current !== true) return without('attestation.superseded');
  const until = isOver ? (credential.validUntil ?? '') : undefined;
  if (kind === 'facility') {
    return isOver ? without('attestation.expired', { until: until ?? '' }) : without('attestation.record');
  }

  let attestation: Attestation;
  try {
    attestation = parseAttestation(credential);
  } catch (error) {
    if (error instanceof InvalidInputError) return without('attestation.unreadable', { reason: error.message });
    throw error;
  }
  if (credential.issuer.id === passport.issuer.id || attestation.assessorLevel === 'self') {
    return without('attestation.first-party');
  }
  return until === undefined
    ? { ...without('attestation.in-force'), attestation }
    : { ...without('attestation.expired', { until }), attestation, until };
}

// --------------------------------------------------------------------------------------------------- what it says to a claim

/** By the claims' places. */
interface Said {
  readonly bearings: ReadonlyMap<number, readonly Bearing[]>;
  readonly attested: ReadonlyMap<number, ReadonlySet<Claimed>>;
  readonly isAboutIt: boolean;
}

/** What is looked up for each assessment: attestations and passports can be long, and whoever signs them may mean harm. */
interface Asked {
  readonly claims: readonly Claim[];
  /** Places of the claims that name a criterion, by its id. */
  readonly byCriterion: ReadonlyMap<string, readonly number[]>;
  readonly isOf: (assessed: Assessment['products'][number]) => boolean;
}

function indexCriteria(claims: readonly Claim[]): Asked['byCriterion'] {
  const places = new Map<string, number[]>();
  for (const [place, { criteria }] of claims.entries()) {
    for (const id of new Set(criteria.map((criterion) => criterion.id))) {
      if (id !== undefined) places.set(id, [...(places.get(id) ?? []), place]);
    }
  }
  return places;
}

function bear(one: Weighed, { claims, byCriterion, isOf }: Asked): Said {
  const bearings = new Map<number, Bearing[]>();
  const attested = new Map<number, Set<Claimed>>();
  let isAboutIt = false;
  const say = (
    place: number,
    outcome: Outcome,
    assessment: { readonly name: string; readonly date: string | undefined },
  ) => {
    const { report, until } = one;
    const { code, effect, slots } = until === undefined ? outcome : afterwards(outcome, until);
    const bearing = { cid: report.cid, issuer: report.issuer, assessment: assessment.name, date: assessment.date };
    const message = fill(BEARING_CODES[code], slots);
    bearings.set(place, [...(bearings.get(place) ?? []), { ...bearing, effect, code, message }]);
    if (effect === 'attests') attested.set(place, new Set([...(attested.get(place) ?? []), ...outcome.equal]));
  };

  for (const assessment of one.attestation?.assessments ?? []) {
    const about = assessment.facilities.map(({ id }) => canonicalName(id));
    for (const [place, claim] of claims.entries()) {
      if (claim.about !== 'facility' || !about.some((id) => id === claim.id)) continue;
      isAboutIt = true;
      say(place, concludeFacility(assessment), assessment);
    }
    if (!assessment.products.some(isOf)) continue;
    isAboutIt = true;
    const meant = findMeant(assessment, byCriterion, claims);
    const [only] = meant.length === 1 ? meant : [];
    if (only !== undefined) say(only, conclude(claims[only] as Claim, assessment), assessment);
    else for (const place of meant) if (!bearings.has(place)) say(place, nothing('claim.not-told-apart'), assessment);
  }
  if (one.code === 'attestation.record' && one.credential !== undefined) {
    const { id, name, country } = readFacility(one.credential);
    const place = claims.findIndex((claim) => claim.about === 'facility' && claim.id === canonicalName(id));
    const claimed = claims[place]?.country;
    if (place >= 0) {
      isAboutIt = true;
      const isElsewhere = country !== undefined && claimed !== undefined && country !== claimed;
      const outcome = isElsewhere
        ? contradiction('claim.other-country', { found: country, claimed })
        : nothing('claim.recorded');
      say(place, outcome, { name: name ?? id, date: undefined });
    }
  }
  return { bearings, attested, isAboutIt };
}

/** What was said until the attestation's time was over. */
function afterwards(outcome: Outcome, until: string): Outcome {
  if (outcome.effect === 'attests') return { ...outcome, effect: 'expired', code: 'claim.expired', slots: { until } };
  return outcome.effect === 'contradicts' ? nothing('claim.denied-once', { until }) : outcome;
}

/** Whether what was assessed is the passport's subject, or its production batch or model, which answer for it. */
function createComparison(product: Bag): Asked['isOf'] {
  const subject = canonicalName(textOf(product.id) ?? '');
  const { levels, level = product.idGranularity, batch, serial } = readLevels(subject);
  // A model's name with a number beside it is one production batch or item of the model. The passport's own number says which one it is
  // of where its subject's name does not, and none makes a passport of many out of what was found of one.
  const ofBatch = batch ?? (level === 'batch' || level === 'item' ? product.batchNumber : undefined);
  const ofItem = serial ?? (level === 'item' ? product.itemNumber : undefined);
  return ({ id, batchNumber, itemNumber }) =>
    (levels.includes(id) || levels.includes(canonicalName(id))) &&
    (batchNumber === undefined || batchNumber === ofBatch) &&
    (itemNumber === undefined || itemNumber === ofItem);
}

/** The subject and what stands above it, and what its name tells. A link with a wrong check digit is a name like any other. */
function readLevels(subject: SubjectId): {
  readonly levels: readonly string[];
  readonly level?: ReturnType<typeof subjectLevel>;
  readonly batch?: string;
  readonly serial?: string;
} {
  try {
    const named = isDigitalLink(subject) ? parseDigitalLink(subject) : {};
    return { ...named, levels: walkUp(subject), level: subjectLevel(subject) };
  } catch (error) {
    if (error instanceof InvalidInputError) return { levels: [subject] };
    throw error;
  }
}

/** Places of the claims under its criteria that have the words which it repeats. */
function findMeant(
  assessment: Assessment,
  byCriterion: Asked['byCriterion'],
  claims: readonly Claim[],
): readonly number[] {
  const places = new Set(assessment.criteria.flatMap(({ id }) => byCriterion.get(id) ?? []));
  const said = Object.entries(assessment.scope) as [ScopeField, string][];
  return [...places].filter((place) =>
    said.every(([field, words]) => fold(claims[place]?.scope[field]) === fold(words)),
  );
}

function fold(words: string | undefined): string | undefined {
  return words?.trim().toLowerCase();
}

interface Outcome {
  readonly effect: Bearing['effect'];
  readonly code: BearingCode;
  readonly slots: Readonly<Record<string, string>>;
  /** Figures of the claim that are confirmed. */
  readonly equal: readonly Claimed[];
}

function nothing(code: BearingCode, slots: Outcome['slots'] = {}): Outcome {
  return { effect: 'nothing', code, slots, equal: [] };
}

function contradiction(code: BearingCode, slots: Outcome['slots'] = {}): Outcome {
  return { effect: 'contradicts', code, slots, equal: [] };
}

function concludeFacility({ conforms }: Assessment): Outcome {
  if (conforms === undefined) return nothing('claim.no-conclusion');
  if (!conforms) return contradiction('claim.not-conforming');
  return { effect: 'attests', code: 'claim.attested', slots: {}, equal: [] };
}

function conclude(claim: Claim, { conforms, performances }: Assessment): Outcome {
  const compared = performances.flatMap((assessed) =>
    claim.figures
      // Scores without a metric are told apart by nothing.
      .filter(({ metric }) => metric.id !== undefined && metric.id === assessed.metric?.id)
      .map((claimed) => ({ claimed, assessed, result: compare(claimed, assessed, claim.atLeast) })),
  );
  const words = (pair: (typeof compared)[number] | undefined) => ({
    name: pair?.claimed.metric.name ?? pair?.assessed.metric?.name ?? 'Value',
    found: formatPerformance(pair?.assessed.measure, pair?.assessed.score?.code),
    claimed: formatPerformance(pair?.claimed.measure, pair?.claimed.score),
  });
  if (conforms === !claim.conforms) return contradiction(conforms ? 'claim.conforming' : 'claim.not-conforming');
  const differs = compared.find(({ result }) => result === 'differs');
  if (differs !== undefined) return contradiction('claim.other-value', words(differs));
  if (conforms === undefined) return nothing('claim.no-conclusion');
  const open = compared.find(({ result }) => result === 'incomparable');
  if (open !== undefined) return nothing('claim.other-unit', words(open));
  const equal = compared.map(({ claimed }) => claimed);
  if (!conforms) return { effect: 'attests', code: 'claim.agreed', slots: {}, equal };
  const within = compared.find(({ result }) => result === 'within');
  return within === undefined
    ? { effect: 'attests', code: 'claim.attested', slots: {}, equal }
    : { effect: 'attests', code: 'claim.attested-within', slots: words(within), equal };
}

type Compared = 'equal' | 'within' | 'differs' | 'incomparable';

/** Of one metric: all that both state. */
function compare(claimed: Claimed, assessed: Performance, atLeast: boolean): Compared {
  const parts: Compared[] = [];
  if (assessed.score !== undefined && claimed.score !== undefined) {
    parts.push(assessed.score.code === claimed.score ? 'equal' : 'differs');
  }
  if (assessed.measure !== undefined && claimed.measure !== undefined) {
    parts.push(compareMeasures(claimed.measure, assessed.measure, atLeast));
  }
  if (parts.length === 0) return 'incomparable';
  return (['differs', 'incomparable', 'within'] as const).find((worst) => parts.includes(worst)) ?? 'equal';
}

type Measure = NonNullable<Performance['measure']>;

/** In whatever unit of the same quantity; `within`: another value, which the tolerances or "at least" allow for. */
function compareMeasures(claimed: Measure, assessed: Measure, atLeast: boolean): Compared {
  const { value, unit, upperTolerance = 0, lowerTolerance = 0 } = claimed;
  const inUnit = (amount: number | undefined) => measureOf({ value: amount ?? 0, unit: assessed.unit }, unit);
  const found = inUnit(assessed.value);
  if (found === undefined) return 'incomparable';
  const dust = Math.max(Math.abs(value), Math.abs(found)) * 1e-9;
  if (Math.abs(found - value) <= dust) return 'equal';
  const most = value + upperTolerance + (inUnit(assessed.lowerTolerance) ?? 0) + dust;
  const least = value - lowerTolerance - (inUnit(assessed.upperTolerance) ?? 0) - dust;
  return found >= least && (atLeast || found <= most) ? 'within' : 'differs';
}

// ------------------------------------------------------------------------------------------------------------------ words

function toFinding(
  { credential, report, code, slots, attestation }: Weighed,
  said: Said | undefined,
): AttestationFinding {
  const bears = (said?.bearings.size ?? 0) > 0;
  const stated = code !== 'attestation.in-force' && code !== 'attestation.record';
  const final =
    stated || bears ? code : said?.isAboutIt === true ? 'attestation.other-criterion' : 'attestation.other-subject';
  return {
    cid: report.cid,
    name: credential?.name,
    issuer: report.issuer,
    scheme: attestation?.referenceScheme.name,
    validUntil: credential?.validUntil,
    counts: final === 'attestation.in-force',
    code: final,
    message: fill(ATTESTATION_CODES[final], slots),
  };
}

function fill(sentence: string, slots: Readonly<Record<string, string>>): string {
  return sentence.replace(/\{(\w+)\}/g, (brace, slot: string) => slots[slot] ?? brace);
}

function formatPerformance(measure: Performance['measure'], score: string | undefined): string {
  if (measure === undefined) return score ?? 'nothing';
  const { value, unit, upperTolerance = 0, lowerTolerance = 0 } = measure;
  const amount = formatMeasure(value, unit);
  return upperTolerance === 0 && lowerTolerance === 0 ? amount : `${amount} (+${upperTolerance}, -${lowerTolerance})`;
}
