/** Prefixed names in JSON-LD, as far as EPCIS documents use them: a prefix and what it stands for. */

export type Prefixes = ReadonlyMap<string, string>;

/** Those of the EPCIS context, which every document may use. */
const EPCIS_PREFIXES: Prefixes = new Map([
  ['epcis', 'https://ref.gs1.org/epcis/'],
  ['cbv', 'https://ref.gs1.org/cbv/'],
  ['cbvmda', 'urn:epcglobal:cbv:mda:'],
  ['gs1', 'https://gs1.org/voc/'],
  ['rdfs', 'http://www.w3.org/2000/01/rdf-schema#'],
  ['owl', 'http://www.w3.org/2002/07/owl#'],
  ['xsd', 'http://www.w3.org/2001/XMLSchema#'],
  ['dcterms', 'http://purl.org/dc/terms/'],
]);

/** What prefixes stand for in a context, or in several, the last of them first; contexts by URL are not fetched. */
export function readPrefixes(context: unknown, known: Prefixes = EPCIS_PREFIXES): Prefixes {
  if (Array.isArray(context)) return context.reduce<Prefixes>((all, one) => readPrefixes(one, all), known);
  const more = Object.entries(typeof context === 'object' && context !== null ? context : {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return more.length === 0 ? known : new Map([...known, ...more]);
}

/** A prefixed name as a URI; one whose prefix nobody declared is one already. */
export function expandName(name: string, prefixes: Prefixes): string {
  const colon = name.indexOf(':');
  const stem = colon < 0 || name.startsWith('//', colon + 1) ? undefined : prefixes.get(name.slice(0, colon));
  return stem === undefined ? name : stem + name.slice(colon + 1);
}
