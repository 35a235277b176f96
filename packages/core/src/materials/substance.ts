/**
 * Substances: what is counted in lots is an element or a material, by its CAS number, never the compound that holds it; what has no CAS
 * number has a number of our own list.
 */
import { InvalidInputError } from '../errors.ts';

/** CAS Registry Number: the last digit is the sum of the others, each times its place from the right, modulo 10. */
export function isCas(text: string): boolean {
  if (!/^[1-9]\d{1,6}-\d\d-\d$/.test(text)) return false;
  let sum = 0;
  let place = 0;
  for (let i = text.length - 3; i >= 0; i--) if (text[i] !== '-') sum += ++place * Number(text[i]);
  return sum % 10 === Number(text.at(-1));
}

/** On the ledger our own numbers begin here; below are CAS numbers without their hyphens. */
const FIRST_OWN = 2 ** 39;

interface OwnSubstance {
  readonly code: string;
  readonly name: string;
  /** What it takes in. */
  readonly source: string;
}

/** In the order of their numbers, from 1; only ever added to. */
export const OWN_SUBSTANCES: readonly OwnSubstance[] = [
  { code: 'plastics', name: 'plastics', source: 'ISO 472:2013, 2.702: material that contains a high polymer' },
  { code: 'paperAndBoard', name: 'paper and board', source: 'ISO 4046-3:2016' },
  { code: 'steel', name: 'steel', source: 'EN 10020:2000: iron with less than 2 % carbon, by mass of the alloy' },
];

/** Elements that lots are usually of; others are shown by their number alone. Names: IUPAC. */
const CAS_NAMES: Readonly<Record<string, string>> = {
  '7429-90-5': 'aluminium',
  '7440-48-4': 'cobalt',
  '7440-50-8': 'copper',
  '7429-91-6': 'dysprosium',
  '7440-55-3': 'gallium',
  '7440-56-4': 'germanium',
  '7440-57-5': 'gold',
  '7782-42-5': 'graphite',
  '7440-74-6': 'indium',
  '7439-93-2': 'lithium',
  '7439-95-4': 'magnesium',
  '7439-96-5': 'manganese',
  '7440-00-8': 'neodymium',
  '7440-02-0': 'nickel',
  '7440-05-3': 'palladium',
  '7440-06-4': 'platinum',
  '7440-22-4': 'silver',
  '7440-25-7': 'tantalum',
  '7440-31-5': 'tin',
  '7440-33-7': 'tungsten',
};

/** The ledger's number of a CAS number, or of a code of our own list. Errors: `materials.substance`. */
export function parseSubstance(text: string): number {
  if (isCas(text)) return Number(text.replaceAll('-', ''));
  const own = OWN_SUBSTANCES.findIndex(({ code }) => code === text);
  if (own >= 0) return FIRST_OWN + own + 1;
  throw new InvalidInputError(
    'materials.substance',
    `"${text.slice(0, 40)}" is neither a CAS number with a valid check digit, such as 7440-48-4, nor ${OWN_SUBSTANCES.map(({ code }) => code).join(', ')}.`,
  );
}

/** As people type it: "cobalt", "Paper and board", or what `parseSubstance` takes. Errors: `materials.substance`. */
export function findSubstance(text: string): number {
  const name = text.trim().toLowerCase();
  const [cas] = Object.entries(CAS_NAMES).find(([, known]) => known === name) ?? [];
  const own = OWN_SUBSTANCES.find((one) => [one.code, one.name].some((word) => word.toLowerCase() === name));
  return parseSubstance(cas ?? own?.code ?? text.trim());
}

/** The inverse of `parseSubstance`. Numbers that the ledger took and nobody can name come back as digits. */
export function formatSubstance(number: number): string {
  const own = OWN_SUBSTANCES[number - FIRST_OWN - 1];
  if (own !== undefined) return own.code;
  const digits = String(number);
  const cas = `${digits.slice(0, -3)}-${digits.slice(-3, -1)}-${digits.slice(-1)}`;
  return isCas(cas) ? cas : digits;
}

/** For people: "cobalt", or the number where it has no name here. */
export function nameSubstance(number: number): string {
  return nameSubstanceCode(formatSubstance(number));
}

/** The same of what `formatSubstance` gave. */
export function nameSubstanceCode(code: string): string {
  return CAS_NAMES[code] ?? OWN_SUBSTANCES.find((own) => own.code === code)?.name ?? `substance ${code}`;
}
