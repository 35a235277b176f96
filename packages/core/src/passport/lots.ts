/**
 * Passports that draw on lots: what a material must say so that the ledger can count it, and what each credential takes of each lot.
 * Written and read by the same rules, so that what is issued is what is verified.
 */
import type { Hex } from '../bytes.ts';
import { type Credential, credentialSubjects } from '../credential/credential.ts';
import { InvalidInputError } from '../errors.ts';
import type { SubjectId } from '../ids.ts';
import type { LotMass } from '../journal/entry.ts';
import { CUSTODY_MODELS, type CustodyModel, ORIGINS, type Origin, parseLot } from '../materials/lot.ts';
import { OWN_SUBSTANCES, parseSubstance } from '../materials/substance.ts';
import { subjectLevel } from './gs1.ts';
import { SCHEMES } from './terms.ts';
import { type Bag, bagOf, bagsOf, textOf } from './values.ts';

/** What each credential takes of a lot for one of its materials. */
export interface LotClaim {
  readonly lot: Hex;
  /** CAIP-10 of the ledger that has the lot. */
  readonly ledger: string;
  /** Of all units of the product. */
  readonly milligrams: bigint;
  /** The ledger's number. */
  readonly substance: number;
  readonly origin: Origin;
  readonly custody: CustodyModel;
}

/**
 * What a passport claims of lots, material by material; nothing where no material names a lot. Errors: `materials.lot`,
 * `materials.substance`, `materials.claim`, and `gs1.key` of its subject; no other, whatever somebody signed.
 */
export function lotClaims(credential: Credential): LotClaim[] {
  return credentialSubjects(credential).flatMap((subject) => {
    const product = bagOf(subject);
    const { materialProvenance: some } = product;
    // JSON-LD takes one thing for a list of it, and so might whoever reads the passport.
    const materials = bagsOf(Array.isArray(some) ? some : [some]).filter(({ lot }) => lot !== undefined);
    if (materials.length === 0) return [];
    const units = countUnits(product);
    return materials.map((material) => readClaim(material, units));
  });
}

/** What claims come to for each lot, in the ledger's order: what the anchor allocates for each credential. */
export function sumClaims(claims: readonly LotClaim[]): LotMass[] {
  const masses = new Map<Hex, bigint>();
  for (const { lot, milligrams } of claims) masses.set(lot, (masses.get(lot) ?? 0n) + milligrams);
  return Array.from(masses, ([lot, milligrams]) => ({ lot, milligrams })).sort((a, b) => (a.lot < b.lot ? -1 : 1));
}

function readClaim(material: Bag, units: bigint): LotClaim {
  const { lot, originClass, chainOfCustodyModel, mass, materialType } = material;
  if (typeof lot !== 'string') return refuse('a lot is named by its URI');
  const { value, unit } = bagOf(mass);
  const milligrams = unit === 'GRM' && typeof value === 'number' ? wholeMilligrams(value) : undefined;
  if (milligrams === undefined) {
    return refuse(`of lot ${shown(lot)}, mass needs a value in GRM that is 1 or more whole milligrams`);
  }
  const origin = ORIGINS.find((one) => one === originClass);
  const custody = CUSTODY_MODELS.find((one) => one === chainOfCustodyModel);
  if (origin === undefined) return refuse(`originClass is none of ${ORIGINS.join(', ')}`);
  if (custody === undefined) return refuse(`chainOfCustodyModel is none of ${CUSTODY_MODELS.join(', ')}`);
  return {
    ...parseLot(lot),
    milligrams: BigInt(milligrams) * units,
    substance: readSubstance(bagOf(materialType)),
    origin,
    custody,
  };
}

function readSubstance({ schemeId, code }: Bag): number {
  const text = textOf(code) ?? '';
  const isOwn = OWN_SUBSTANCES.some((own) => own.code === text);
  if (schemeId !== (isOwn ? SCHEMES.substance : SCHEMES.cas).id) {
    return refuse('materialType is neither a CAS number nor of our own list of substances, each under its scheme');
  }
  return parseSubstance(text);
}

/** A model's passport answers for every device ever made, which no mass is enough for. */
function countUnits({ id, idGranularity, unitCount }: Bag): bigint {
  const granularity = subjectLevel((textOf(id) ?? '') as SubjectId) ?? idGranularity;
  if (granularity !== idGranularity) {
    return refuse(`idGranularity says ${shown(idGranularity)}, ${shown(id)} names something else`);
  }
  if (granularity === 'item' && (unitCount === undefined || unitCount === 1)) return 1n;
  if (granularity === 'batch' && typeof unitCount === 'number' && Number.isSafeInteger(unitCount) && unitCount >= 1) {
    return BigInt(unitCount);
  }
  return refuse('only a passport of one item, or of a production batch with its unitCount, may draw on a lot');
}

function refuse(found: string): never {
  throw new InvalidInputError('materials.claim', `A material names a lot, but ${found}.`);
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `"${value.slice(0, 140)}"` : `a ${typeof value}`;
}

// -------------------------------------------------------------------------------------------------------------- input

/** Grams as milligrams; `undefined` unless they are 1 or more whole ones. Exact: only the double next to n/1000 is equal to it. */
export function wholeMilligrams(grams: number): number | undefined {
  const milligrams = Math.round(grams * 1000);
  return Number.isSafeInteger(milligrams) && milligrams >= 1 && milligrams / 1000 === grams ? milligrams : undefined;
}

/** Code and scheme of a material that lots are counted of: by its CAS number, or a name of our own list; else `undefined`. */
export function countedSubstance({
  cas,
  name,
}: {
  readonly cas?: string | undefined;
  readonly name: string;
}): { readonly code: string; readonly scheme: (typeof SCHEMES)['cas' | 'substance'] } | undefined {
  if (cas !== undefined) return { code: cas, scheme: SCHEMES.cas };
  const own = OWN_SUBSTANCES.find((one) =>
    [one.code, one.name].some((word) => word.toLowerCase() === name.toLowerCase()),
  );
  return own && { code: own.code, scheme: SCHEMES.substance };
}
