/**
 * Names of things in EPCIS events: EPC URNs (EPC Tag Data Standard 2.0) and GS1 Digital Link URIs in one spelling, the one that the event
 * hash asks for (CBV 2.0, 8.9): on id.gs1.org, without query, and with the finest level of identification alone.
 */
import { InvalidInputError } from '../errors.ts';
import { CANONICAL_STEM, gtinCheckDigit, parseElements, unescapePath } from '../passport/gs1.ts';

interface Scheme {
  /** Application identifier of the key. */
  readonly ai: string;
  /** Digits of company prefix and reference together, which a check digit follows; none where the reference is text. */
  readonly digits?: number;
  /** The reference's first digit, or a zero, stands before the company prefix. */
  readonly lead?: 'reference' | 'zero';
  /** Parts between reference and serial that belong to the key. */
  readonly more?: number;
  /** The serial belongs to the key (''), or is a qualifier; none: it has no serial. */
  readonly serial?: string;
}

const SCHEMES = new Map<string, Scheme>(
  Object.entries({
    'id:sgtin': { ai: '01', digits: 13, lead: 'reference', serial: '21' },
    'id:upui': { ai: '01', digits: 13, lead: 'reference', serial: '235' },
    'class:lgtin': { ai: '01', digits: 13, lead: 'reference', serial: '10' },
    'id:itip': { ai: '8006', digits: 13, lead: 'reference', more: 2, serial: '21' },
    'id:sscc': { ai: '00', digits: 17, lead: 'reference' },
    'id:sgln': { ai: '414', digits: 12, serial: '254' },
    'id:pgln': { ai: '417', digits: 12 },
    'id:grai': { ai: '8003', digits: 12, lead: 'zero', serial: '' },
    'id:giai': { ai: '8004' },
    'id:gsrn': { ai: '8018', digits: 17 },
    'id:gsrnp': { ai: '8017', digits: 17 },
    'id:gdti': { ai: '253', digits: 12, serial: '' },
    'id:sgcn': { ai: '255', digits: 12, serial: '' },
    'id:cpi': { ai: '8010', serial: '8011' },
    'id:ginc': { ai: '401' },
    'id:gsin': { ai: '402', digits: 16 },
  } satisfies Record<string, Scheme>),
);

/** Of a key with several qualifiers, the first of these that is there is the finest level. */
const FINEST: Readonly<Record<string, readonly string[]>> = {
  '01': ['21', '235', '10'],
  '414': ['254'],
  '8006': ['21', '10'],
  '8010': ['8011'],
};

/** The one spelling of a name; what is neither an EPC URN nor a Digital Link stays as it is. */
export function canonicalEpc(uri: string): string {
  if (uri.startsWith('urn:epc:')) return linkOfUrn(uri) ?? uri;
  return /^https?:\/\//i.test(uri) ? (linkOfLink(uri) ?? uri) : uri;
}

function linkOfUrn(urn: string): string | undefined {
  const [, kind = '', name = '', body = ''] = /^urn:epc:(id|class|idpat):([a-z]+):(.+)$/.exec(urn) ?? [];
  const isPattern = kind === 'idpat';
  const scheme = SCHEMES.get(`${isPattern ? 'id' : kind}:${name}`);
  if (scheme === undefined || (isPattern && scheme.serial === undefined)) return undefined;
  const { ai, digits, lead, more = 0, serial } = scheme;
  const parts = splitParts(body, 2 + more + (serial === undefined ? 0 : 1));
  if (parts === undefined || (isPattern && parts.at(-1) !== '*')) return undefined;
  const [prefix = '', reference = ''] = parts;
  const number = serial === undefined || isPattern ? undefined : parts[2 + more];
  if (!/^\d{6,12}$/.test(prefix) || number === '' || (digits === undefined && reference === '')) return undefined;
  let key = prefix + reference;
  if (digits !== undefined) {
    if (!/^\d*$/.test(reference) || key.length !== digits) return undefined;
    if (lead === 'reference') key = reference.slice(0, 1) + prefix + reference.slice(1);
    if (lead === 'zero') key = `0${key}`;
    key += gtinCheckDigit(key);
  }
  key += parts.slice(2, 2 + more).join('');
  // An extension "0" of a place says that there is none.
  if (number === undefined || serial === undefined || (serial === '254' && number === '0')) return formatLink(ai, key);
  return serial === '' ? formatLink(ai, key + number) : formatLink(ai, key, serial, number);
}

/** The last part may hold dots, as serials do. */
function splitParts(body: string, count: number): readonly string[] | undefined {
  const parts = body.split('.');
  if (parts.length < count) return undefined;
  return [...parts.slice(0, count - 1), parts.slice(count - 1).join('.')];
}

function linkOfLink(uri: string): string | undefined {
  try {
    const [key, ...rest] = parseElements(uri, { convenienceNames: true });
    if (key === undefined) return undefined;
    const finest = FINEST[key.ai]
      ?.map((ai) => rest.find((element) => element.ai === ai))
      .find((one) => one !== undefined);
    return formatLink(key.ai, key.value, finest?.ai, finest?.value);
  } catch (error) {
    if (error instanceof InvalidInputError) return undefined;
    throw error;
  }
}

function formatLink(ai: string, key: string, qualifier?: string, value?: string): string {
  const link = `${CANONICAL_STEM}/${ai}/${escapeValue(key)}`;
  return qualifier === undefined || value === undefined ? link : `${link}/${qualifier}/${escapeValue(value)}`;
}

/** What a path segment may hold unescaped, less what the Digital Link standard escapes all the same (table 7-1). */
function escapeValue(value: string): string {
  return unescapePath(value).replace(
    /[^A-Za-z0-9._~'=;-]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
