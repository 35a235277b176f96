/**
 * What single fields of an input may hold: lists of words, numbers, dates, identifiers, and the source that figures name. Each schema here
 * knows one value; what values say together is the rules' business.
 */
import { z } from 'zod';
import { isCalendarDay } from '../credential/vcdm.ts';
import { parseLot } from '../materials/lot.ts';
import { isCas } from '../materials/substance.ts';
import { isDigitalLink, isPlainUri, parseGtin } from './gs1.ts';

export const CATEGORIES = [
  'laptop',
  'desktop',
  'monitor',
  'smartphone',
  'tablet',
  'thinClient',
  'server',
  'printer',
  'network',
  'peripheral',
  'storage',
  'workstation',
  'connectedDevice',
  'consumerElectronics',
] as const;
/** As PACT's methodology names them; an amount per piece has any of several. */
export const CARBON_STANDARDS = [
  'GHGP-Product',
  'ISO14067',
  'ISO14044',
  'ISO14083',
  'PEF',
  'PACT-1.0',
  'PACT-2.0',
  'PACT-3.0',
] as const;
/** How a fastener and a tool fare when a part is exchanged (EU 2023/1669, EN 45554). */
export const FASTENERS = ['reusable', 'resupplied', 'removable', 'neither'] as const;
export const TOOLS = [
  'none',
  'basic',
  'suppliedWithPart',
  'suppliedWithProduct',
  'commerciallyAvailable',
  'proprietary',
] as const;

/** ISO 3166-1 alpha-2, all 249 (as in the IANA time zone database's iso3166.tab, 2025). */
const COUNTRIES: ReadonlySet<string> = new Set(
  (
    'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH ' +
    'CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN ' +
    'GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI ' +
    'LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM ' +
    'PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD ' +
    'TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW'
  ).split(' '),
);

export function isCountry(code: string): boolean {
  return COUNTRIES.has(code);
}

/** A description for the template and the documentation, and an example for its one example row. */
export function described<T extends z.ZodType>(schema: T, description: string, example: string | number | boolean): T {
  return schema.meta({ description, examples: [example] });
}

export const text = z.string().trim().min(1).max(500);
export const short = z.string().trim().min(1).max(120);
export const figure = z.number().nonnegative().max(1e12);
export const percent = z.number().min(0).max(100);
/** RFC 3986: without brackets, which only literal IP addresses need. */
const URI_CHARACTERS = `(?:[A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})`;
const URI = new RegExp(`^[A-Za-z][A-Za-z0-9+.-]*:${URI_CHARACTERS}+(?:#${URI_CHARACTERS}*)?$`);
const WEB_URL = /^https?:\/\/[A-Za-z0-9]/;
export const uri = z.string().max(2048).regex(URI, 'expected an absolute URI');
/** What a page may link to: http or https. Letters outside ASCII and the like are escaped, as UNTP's schemas ask. */
export const url = z
  .string()
  .trim()
  .overwrite(escapeUrl)
  .max(2048)
  .refine((text) => WEB_URL.test(text) && URI.test(text), 'expected an http or https URL');
export const country = z
  .string()
  .refine(isCountry, 'expected an ISO 3166-1 alpha-2 code such as GB; leave it empty for a region');
export const day = z.string().refine(isDay, 'expected a day that exists, YYYY-MM-DD');
export const partialDate = z.string().refine(isPartialDate, 'expected YYYY, YYYY-MM or YYYY-MM-DD');
/** GS1 AI 10 and AI 21: up to 20 characters of GS1's set 82. */
export const gs1Text = z
  .string()
  .regex(/^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}$/, 'expected 1 to 20 characters of the GS1 set, no spaces');
export const SHA256_EXAMPLE = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
export const digest = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits in lower case');
/** PACT's data quality ratings: 1 is the best. */
export const rating = z.number().min(1).max(5);
export const cas = z.string().refine(isCas, 'expected a CAS number with a valid check digit, such as 7440-48-4');

export const source = z.strictObject({
  url: described(url, 'Where the figures are published', 'https://maker.example/reports/pcf.pdf'),
  title: described(text, 'Title of that publication', 'Product carbon footprint').optional(),
  published: described(partialDate, 'When it was published: YYYY, YYYY-MM or YYYY-MM-DD', '2026-05').optional(),
  retrieved: described(day, 'When it was looked up: YYYY-MM-DD', '2026-11-01').optional(),
});
export type Source = z.infer<typeof source>;

function escapeUrl(text: string): string {
  if (URI.test(text) || !URL.canParse(text)) return text;
  return new URL(text).href.replace(/[[\]{}|\\^`]/g, (character) => encodeURIComponent(character));
}

function isDay(value: string): boolean {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(value) ?? [];
  return year !== undefined && isCalendarDay(Number(year), Number(month), Number(date));
}

function isPartialDate(value: string): boolean {
  return /^\d{4}(?:-(?:0[1-9]|1[0-2]))?$/.test(value) || isDay(value);
}

export function isGtin(value: string): boolean {
  try {
    parseGtin(value);
    return true;
  } catch {
    return false;
  }
}

export function isOwnId(value: string): boolean {
  return isPlainUri(value) && !isDigitalLink(value);
}

/** A lot's id, or its URI. */
export function isLot(value: string): boolean {
  if (/^0x[0-9a-f]{64}$/.test(value)) return true;
  try {
    parseLot(value);
    return true;
  } catch {
    return false;
  }
}

/** ISO 17442 (4.2) with the check of ISO/IEC 7064, MOD 97-10. */
export function isLei(value: string): boolean {
  if (!/^[A-Z0-9]{18}\d\d$/.test(value)) return false;
  return BigInt([...value].map((character) => Number.parseInt(character, 36)).join('')) % 97n === 1n;
}
