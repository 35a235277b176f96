/**
 * Recycled content, computed from what a passport says of its materials, beside what it declares. The rules are those of EN 45557 as this
 * project states them (its text is not quoted, and no section is named):
 *
 *     content = recycled mass / (mass of the device - mass of its reused components), in percent; before and after use (pre- and
 *     post-consumer) each by itself as well
 *
 * - mass that no material accounts for is unspecified: it counts as primary, and stays in the mass below the line;
 * - reused components are left out above and below the line: reuse is not recycling;
 * - renewable material is not recycled material, and is counted by itself;
 * - book and claim moves a claim and no material: such mass is physically unknown, counts as primary, and what is claimed of it stands apart.
 *
 * A figure that is missing is named and never taken for zero: the value is then a range, from what is certain to what is possible; or it
 * holds on a condition that is named; or it is not computed, with the reason.
 */
import { CUSTODY_MODELS, type CustodyModel, type Origin } from '../materials/lot.ts';
import type { PassportView } from './view.ts';

/** Percent. The two are equal where nothing is missing. */
export interface PercentRange {
  readonly atLeast: number;
  readonly atMost: number;
}

/** Of a material or of the device. `recycled` is the sum of before and after use, also where a passport does not split it. */
export type ContentKind = 'recycled' | 'preConsumer' | 'postConsumer' | 'renewable';
type Content = { readonly [Kind in ContentKind]: PercentRange };
/** Primary is what is neither recycled nor renewable. */
export type OriginContent = Content & { readonly primary: PercentRange };

/** Grams by origin. */
export type OriginMasses = { readonly [O in Origin]?: number };

/** One substance, of all the parts and lots that a passport has of it. */
export interface MaterialContent {
  readonly name: string;
  readonly cas: string | undefined;
  /** `undefined` where a mass is missing. */
  readonly massG: number | undefined;
  /** Physical content: book and claim is left out. */
  readonly content: OriginContent;
  /** What is claimed by book and claim, in percent of the material; `undefined`: nothing. */
  readonly bookAndClaim: Content | undefined;
  /** Grams that stand on lots of the ledger; the others are declared. `undefined`: none. */
  readonly onLedger: OriginMasses | undefined;
}

/** A declared value with the computed one beside it. */
export interface ContentComparison {
  /** `circularity.recycledContentPercent`, `recycledContent.1.percent`. */
  readonly field: string;
  readonly of: string;
  readonly kind: ContentKind;
  readonly declared: number;
  /** Declared as "at least". */
  readonly atLeast: boolean;
  readonly computed: PercentRange | undefined;
  /** Why nothing is computed. */
  readonly reason: string | undefined;
  /** Computed less declared, in percentage points; `undefined` where nothing or only a range is computed. */
  readonly difference: number | undefined;
  /** Whether both can be true, each rounded to a whole percent; `undefined` where nothing is computed. */
  readonly agrees: boolean | undefined;
}

export interface RecycledContent {
  readonly materials: readonly MaterialContent[];
  /** Of the whole device; `undefined`: it cannot be computed, for `reason`. */
  readonly device: OriginContent | undefined;
  readonly reason: string | undefined;
  /** What the device's values hold on, in sentences. */
  readonly conditions: readonly string[];
  /** Fields that would make them exact. */
  readonly missing: readonly string[];
  /** Grams; `undefined` where the passport gives shares only. */
  readonly masses:
    | { readonly device: number; readonly reused: number | undefined; readonly unspecified: number | undefined }
    | undefined;
  /** What is claimed by book and claim, in percent of the device: beside its physical content, never in it. */
  readonly bookAndClaim: Content | undefined;
  /** Grams of the device that stand on lots of the ledger, by origin. */
  readonly onLedger: OriginMasses | undefined;
  readonly comparisons: readonly ContentComparison[];
}

export interface RecycledContentOptions {
  /** The provenance check is valid: lots that the passport names cover what it says of them. */
  readonly isProvenanceValid: boolean;
}

/** Sums of figures that are each rounded may be off by this part. */
const MASS_TOLERANCE = 0.005;
/** Two shares that are each rounded to a whole percent may differ by this much. */
const ROUNDING_PERCENT = 1;
const KINDS: readonly ContentKind[] = ['recycled', 'preConsumer', 'postConsumer', 'renewable'];
const NOTHING: Content = mapContent(() => ({ atLeast: 0, atMost: 0 }));

/** Computes what a passport's materials give. Pure, and total on every view. */
export function computeRecycledContent(view: PassportView, options: RecycledContentOptions): RecycledContent {
  const whole = findWhole(view);
  const asksRenewable = view.circularity?.renewableContentPercent !== undefined;
  const rows = view.materials.map((material, i) => readRow(material, i + 1, { ...whole, ...options, asksRenewable }));
  const device = computeDevice(view, whole, rows);
  const physical = 'content' in device ? device.content : undefined;
  return {
    materials: groupRows(rows),
    device: physical && withPrimary(physical),
    reason: 'reason' in device ? device.reason : undefined,
    conditions: 'conditions' in device ? device.conditions : [],
    missing: [...new Set([...('missing' in device ? device.missing : []), ...rows.flatMap(({ missing }) => missing)])],
    masses: 'masses' in device ? device.masses : undefined,
    bookAndClaim: 'bookAndClaim' in device ? device.bookAndClaim : undefined,
    onLedger: sumOrigins(rows),
    comparisons: [
      ...compareDevice(view, physical, 'reason' in device ? device.reason : undefined),
      ...compareStatements(view, rows),
    ],
  };
}

// -------------------------------------------------------------------------------------------------------------- materials

type Material = PassportView['materials'][number];

interface Row {
  readonly material: Material;
  /** In the unit of the whole; `undefined`: missing. */
  readonly mass: number | undefined;
  /** As claimed, whatever its custody model. */
  readonly claimed: Content;
  readonly isBookAndClaim: boolean;
  /** Milligrams on the ledger are of one origin. */
  readonly onLedger: { readonly origin: Origin; readonly massG: number } | undefined;
  readonly missing: readonly string[];
}

function readRow(
  material: Material,
  number: number,
  context: Whole & RecycledContentOptions & { readonly asksRenewable: boolean },
): Row {
  const { origin, lot, massG, massPercent, custodyModel } = material;
  const at = (field: string) => `materials.${number}.${field}`;
  const shares = origin === undefined ? material : SHARES[origin];
  const claimed = readShares(shares);
  const isSplit = KINDS.every((kind) => kind === 'renewable' || isExactRange(claimed[kind]));
  const mass =
    massG !== undefined && context.unit !== 'percent'
      ? massG
      : massPercent === undefined || context.total === undefined
        ? undefined
        : (massPercent * context.total) / 100;
  const lacking = [
    ...(isSplit ? [] : (['preConsumerPercent', 'postConsumerPercent'] as const)),
    ...(context.asksRenewable ? (['renewablePercent'] as const) : []),
  ].filter((field) => shares[field] === undefined);
  return {
    material,
    mass,
    claimed,
    isBookAndClaim: custodyModel === BOOK_AND_CLAIM,
    onLedger:
      context.isProvenanceValid && lot !== undefined && origin !== undefined && massG !== undefined
        ? { origin, massG }
        : undefined,
    missing: [...(mass === undefined ? [at('massG')] : []), ...lacking.map(at)],
  };
}

const BOOK_AND_CLAIM: CustodyModel = CUSTODY_MODELS[4];

type Shares = Pick<Material, 'recycledPercent' | 'preConsumerPercent' | 'postConsumerPercent' | 'renewablePercent'>;

/** Of a material that is all of one origin. */
const SHARES: Readonly<Record<Origin, Required<Shares>>> = {
  primary: sharesOf(0, 0, 0),
  preConsumerRecycled: sharesOf(100, 0, 0),
  postConsumerRecycled: sharesOf(0, 100, 0),
  renewable: sharesOf(0, 0, 100),
};

function sharesOf(preConsumerPercent: number, postConsumerPercent: number, renewablePercent: number): Required<Shares> {
  return {
    recycledPercent: preConsumerPercent + postConsumerPercent,
    preConsumerPercent,
    postConsumerPercent,
    renewablePercent,
  };
}

/**
 * What is certain and what is possible: a share that is not published may be all that the others leave. Shares that contradict one
 * another, which nobody can be kept from signing, make nothing certain.
 */
function readShares({ recycledPercent, preConsumerPercent, postConsumerPercent, renewablePercent }: Shares): Content {
  const known = (preConsumerPercent ?? 0) + (postConsumerPercent ?? 0);
  const isSummed = preConsumerPercent !== undefined && postConsumerPercent !== undefined;
  const least = Math.max(known, recycledPercent ?? 0);
  const most = Math.min(isSummed ? known : 100, recycledPercent ?? 100, 100 - (renewablePercent ?? 0));
  if (least > most + ROUNDING_PERCENT) return mapContent(() => between(0, 100));
  const recycled =
    recycledPercent !== undefined
      ? exactly(recycledPercent)
      : isSummed
        ? exactly(known)
        : between(known, 100 - (renewablePercent ?? 0));
  const part = (own: number | undefined, other: number | undefined): PercentRange => {
    if (own !== undefined) return exactly(own);
    const most = recycled.atMost - (other ?? 0);
    // The whole and one part give the other.
    return isExactRange(recycled) && other !== undefined ? exactly(Math.max(0, most)) : between(0, most);
  };
  return {
    recycled,
    preConsumer: part(preConsumerPercent, postConsumerPercent),
    postConsumer: part(postConsumerPercent, preConsumerPercent),
    renewable: renewablePercent === undefined ? between(0, 100 - recycled.atLeast) : exactly(renewablePercent),
  };
}

/** Rows of one substance together, in the order in which they first stand. */
function groupRows(rows: readonly Row[]): MaterialContent[] {
  const groups = Map.groupBy(rows, ({ material: { cas, name } }) => cas ?? name.toLowerCase());
  return [...groups.values()].map((group) => {
    const [first] = group as [Row, ...Row[]];
    const grams = group.map(({ material }) => material.massG);
    const claims = group.some(({ isBookAndClaim }) => isBookAndClaim);
    return {
      name: first.material.name,
      cas: first.material.cas,
      massG: grams.every((mass) => mass !== undefined) ? round(sum(grams)) : undefined,
      content: withPrimary(mapContent((kind) => blend(group, (row) => physicalOf(row)[kind]))),
      bookAndClaim: claims ? mapContent((kind) => roundRange(blend(group, (row) => bookedOf(row)[kind]))) : undefined,
      onLedger: sumOrigins(group),
    };
  });
}

/** By mass; where a mass is missing, anything between the least and the most of any row. */
function blend(rows: readonly Row[], share: (row: Row) => PercentRange): PercentRange {
  const total = sum(rows.map(({ mass }) => mass ?? 0));
  if (rows.some(({ mass }) => mass === undefined) || total === 0) {
    const shares = rows.map(share);
    return {
      atLeast: Math.min(...shares.map(({ atLeast }) => atLeast)),
      atMost: Math.max(...shares.map(({ atMost }) => atMost)),
    };
  }
  const weigh = (end: keyof PercentRange) => sum(rows.map((row) => (row.mass ?? 0) * share(row)[end])) / total;
  return { atLeast: weigh('atLeast'), atMost: weigh('atMost') };
}

/** What is in the device: of book and claim nothing is known to be, and it counts as primary. */
function physicalOf({ claimed, isBookAndClaim }: Row): Content {
  return isBookAndClaim ? NOTHING : claimed;
}

function bookedOf({ claimed, isBookAndClaim }: Row): Content {
  return isBookAndClaim ? claimed : NOTHING;
}

function sumOrigins(rows: readonly Row[]): OriginMasses | undefined {
  const masses: { [O in Origin]?: number } = {};
  for (const { onLedger } of rows) {
    if (onLedger !== undefined) masses[onLedger.origin] = round((masses[onLedger.origin] ?? 0) + onLedger.massG);
  }
  return Object.keys(masses).length === 0 ? undefined : masses;
}

// ----------------------------------------------------------------------------------------------------------- whole device

/** What all masses are measured against: the device in grams, or in percent where the passport gives shares only. */
interface Whole {
  readonly unit: 'grams' | 'percent';
  /** `undefined`: nothing tells. */
  readonly total: number | undefined;
}

function findWhole({ massKg, materials, unspecifiedMassG }: PassportView): Whole {
  // A mass that rounds to nothing measures nothing.
  const whole = round((massKg ?? 0) * 1000);
  if (whole > 0) return { unit: 'grams', total: whole };
  const grams = materials.map(({ massG }) => massG);
  // Nothing is left out where the issuer says how much no material accounts for.
  if (unspecifiedMassG !== undefined && grams.every((mass) => mass !== undefined)) {
    const total = round(sum(grams) + unspecifiedMassG);
    if (total > 0) return { unit: 'grams', total };
  }
  const hasShares = materials.length > 0 && materials.every(({ massPercent }) => massPercent !== undefined);
  return hasShares ? { unit: 'percent', total: 100 } : { unit: 'grams', total: undefined };
}

type Device =
  | { readonly reason: string; readonly missing: readonly string[] }
  | {
      readonly content: Content;
      readonly conditions: readonly string[];
      readonly missing: readonly string[];
      readonly masses: RecycledContent['masses'];
      readonly bookAndClaim: Content | undefined;
    };

function computeDevice(view: PassportView, { unit, total }: Whole, rows: readonly Row[]): Device {
  const { unspecifiedMassG, reusedComponentPercent: reused } = view;
  if (rows.length === 0) return { reason: 'the passport lists no materials', missing: ['materials'] };
  if (total === undefined) return { reason: 'the mass of the device is missing', missing: ['massKg'] };
  if (reused !== undefined && reused >= 100) return { reason: 'all of it is reused', missing: [] };
  const listed = sum(rows.map(({ mass }) => mass ?? 0));
  const stated = unit === 'grams' ? (unspecifiedMassG ?? 0) : 0;
  if (listed + stated > total * (1 + MASS_TOLERANCE)) {
    return { reason: 'its materials add up to more than the mass of the device', missing: [] };
  }

  const conditions: string[] = [];
  const missing: string[] = [];
  const rest = Math.max(0, total - listed - stated);
  const unweighed = rows.filter(({ mass }) => mass === undefined);
  // Materials without a mass are somewhere in the rest.
  const content = mapContent((kind) => addUp(rows, (row) => physicalOf(row)[kind], rest));
  const booked = mapContent((kind) => addUp(rows, (row) => bookedOf(row)[kind], rest));

  let counted = total;
  let reusedMass = 0;
  if (reused === undefined) {
    conditions.push('if no component is reused, which the passport does not say');
    missing.push('reusedComponentPercent');
  } else if (reused > 0) {
    reusedMass = (total * reused) / 100;
    counted = total - reusedMass;
    const listsNewPartsOnly = Math.abs(listed + stated - counted) <= total * MASS_TOLERANCE && unweighed.length === 0;
    if (listsNewPartsOnly) reusedMass = 0;
    else conditions.push('whichever of its materials are in the reused components');
  }
  const share = ({ atLeast, atMost }: PercentRange): PercentRange => ({
    atLeast: (Math.min(counted, Math.max(0, atLeast - reusedMass)) / counted) * 100,
    atMost: (Math.min(atMost, counted) / counted) * 100,
  });
  if (unit === 'grams' && unspecifiedMassG === undefined && rest > total * MASS_TOLERANCE) {
    missing.push('unspecifiedMassG');
  }
  return {
    content: mapContent((kind) => share(content[kind])),
    conditions,
    missing,
    masses:
      unit === 'percent'
        ? undefined
        : {
            device: total,
            reused: reused === undefined ? undefined : round((total * reused) / 100),
            unspecified: unweighed.length > 0 ? unspecifiedMassG : round(stated + rest),
          },
    bookAndClaim: rows.some(({ isBookAndClaim }) => isBookAndClaim)
      ? mapContent((kind) => roundRange(share(booked[kind])))
      : undefined,
  };
}

/** Mass of a kind; of what has no mass of its own, at most all that the others leave. */
function addUp(rows: readonly Row[], shareOf: (row: Row) => PercentRange, rest: number): PercentRange {
  const weighed = rows.filter((row) => row.mass !== undefined);
  const most = Math.max(0, ...rows.filter((row) => row.mass === undefined).map((row) => shareOf(row).atMost));
  return {
    atLeast: sum(weighed.map((row) => ((row.mass ?? 0) * shareOf(row).atLeast) / 100)),
    atMost: sum(weighed.map((row) => ((row.mass ?? 0) * shareOf(row).atMost) / 100)) + (rest * most) / 100,
  };
}

// ------------------------------------------------------------------------------------------------------------- comparisons

const DEVICE_FIGURES = [
  ['recycledContentPercent', 'recycled'],
  ['postConsumerPercent', 'postConsumer'],
  ['renewableContentPercent', 'renewable'],
] as const;

function compareDevice(
  { circularity }: PassportView,
  content: Content | undefined,
  reason: string | undefined,
): ContentComparison[] {
  return DEVICE_FIGURES.flatMap(([field, kind]) => {
    const declared = circularity?.[field];
    if (declared === undefined) return [];
    const named = { field: `circularity.${field}`, of: 'the whole device', kind, declared, atLeast: false };
    return [compare(named, content?.[kind], reason)];
  });
}

const STATED_KINDS = {
  preConsumer: 'preConsumer',
  postConsumer: 'postConsumer',
  recycled: 'recycled',
  renewable: 'renewable',
} as const satisfies Record<NonNullable<PassportView['recycledContent'][number]['kind']>, ContentKind>;

/** A statement about "cobalt" is compared with the materials of that name, in the part that it names. */
function compareStatements({ recycledContent }: PassportView, rows: readonly Row[]): ContentComparison[] {
  const fold = (text: string | undefined) => text?.trim().toLowerCase();
  return recycledContent.map(({ of, component, percent, kind = 'recycled', atLeast = false }, i) => {
    const own = rows.filter(({ material }) => fold(material.name) === fold(of));
    const inPart = own.filter(
      ({ material }) => component === undefined || fold(material.component) === fold(component),
    );
    const named = {
      field: `recycledContent.${i + 1}.percent`,
      of,
      kind: STATED_KINDS[kind],
      declared: percent,
      atLeast,
    };
    if (inPart.length === 0) return compare(named, undefined, 'the passport lists no material of that name and part');
    return compare(
      named,
      blend(inPart, (row) => physicalOf(row)[named.kind]),
      undefined,
    );
  });
}

function compare(
  named: Pick<ContentComparison, 'field' | 'of' | 'kind' | 'declared' | 'atLeast'>,
  found: PercentRange | undefined,
  reason: string | undefined,
): ContentComparison {
  if (found === undefined) return { ...named, computed: undefined, reason, difference: undefined, agrees: undefined };
  const computed = roundRange(found);
  const isEnough = computed.atMost >= named.declared - ROUNDING_PERCENT;
  return {
    ...named,
    computed,
    reason: undefined,
    difference: isExactRange(computed) ? round(computed.atLeast - named.declared) : undefined,
    agrees: isEnough && (named.atLeast || computed.atLeast <= named.declared + ROUNDING_PERCENT),
  };
}

// ------------------------------------------------------------------------------------------------------------------ numbers

function exactly(percent: number): PercentRange {
  return { atLeast: percent, atMost: percent };
}

function between(atLeast: number, atMost: number): PercentRange {
  return { atLeast, atMost: Math.max(atLeast, atMost) };
}

export function isExactRange({ atLeast, atMost }: PercentRange): boolean {
  return atMost - atLeast < 1e-6;
}

function mapContent(rangeOf: (kind: ContentKind) => PercentRange): Content {
  return {
    recycled: rangeOf('recycled'),
    preConsumer: rangeOf('preConsumer'),
    postConsumer: rangeOf('postConsumer'),
    renewable: rangeOf('renewable'),
  };
}

function withPrimary(content: Content): OriginContent {
  const { recycled, renewable } = content;
  const primary = between(
    Math.max(0, 100 - recycled.atMost - renewable.atMost),
    Math.max(0, 100 - recycled.atLeast - renewable.atLeast),
  );
  return { primary: roundRange(primary), ...mapContent((kind) => roundRange(content[kind])) };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Without the dust of binary fractions, and to what any scale can tell. */
function round(value: number): number {
  return Number(value.toFixed(6));
}

function roundRange({ atLeast, atMost }: PercentRange): PercentRange {
  return { atLeast: round(atLeast), atMost: round(atMost) };
}
