/** GS1 Digital Link: URI syntax vectors, and the linkset schema of its resolver standard. */
import {
  buildLinkset,
  canonicalSubject,
  escapePath,
  escapeQuery,
  formatElements,
  type Gs1Element,
  LINK_TYPES,
  parseElements,
  unescapePath,
  unescapeQuery,
} from '@dpp-ledger/core/passport';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { describeConformance, printCount, readMaterialJson } from './material.ts';

const vectors = z.object({
  test_URIescape: z.array(z.tuple([z.string(), z.string(), z.string()])),
  test_URIunescape: z.array(z.tuple([z.string(), z.string(), z.string()])),
  test_parseDLuri: z.array(z.tuple([z.enum(['true', 'false']), z.string(), z.string()])),
  test_testGenerateDLuri: z.array(z.tuple([z.enum(['true', 'false']), z.string(), z.string(), z.string()])),
});

/** Stands in the vectors twice, once to be accepted and once to be refused (with and without unknown identifiers, which we refuse). */
const EXCLUDED = 'https://example.com/01/09520123456788?99=XYZ&89=ABC123';

/** Elements as the vectors write them: "^" before the first and after each whose length is not predefined. */
function formatUnbracketed(elements: readonly Gs1Element[]): string {
  const isPredefined = (ai: string) => /^(?:0[0-4]|1[1-9]|20|3[1-6]|41)/.test(ai);
  return elements
    .map(({ ai, value }, i) => {
      const before = elements[i - 1];
      return `${before === undefined || !isPredefined(before.ai) ? '^' : ''}${ai}${value}`;
    })
    .join('');
}

function parseBracketed(text: string): Gs1Element[] {
  return [...text.matchAll(/\((\d+)\)([^(]*)/g)].map(([, ai = '', value = '']) => ({ ai, value }));
}

describeConformance('GS1 Digital Link', () => {
  const all = vectors.parse(readMaterialJson('gs1-digital-link/uri-vectors.json'));
  // Two vectors are for readers that are asked to know the names of version 1.0: those with "ser" in them.
  const parses = all.test_parseDLuri
    .filter(([, uri]) => uri !== EXCLUDED)
    .map(([accepted, uri, elements]) => ({
      accepted: accepted === 'true',
      uri,
      elements,
      convenienceNames: uri.includes('/ser/'),
    }));
  const generates = all.test_testGenerateDLuri.map(([accepted, stem, elements, uri]) => ({
    accepted: accepted === 'true',
    ...(stem === 'NULL' ? {} : { stem }),
    elements,
    uri,
  }));

  describe('escapes', () => {
    test.each(all.test_URIescape)('"%s" becomes "%s" in a path and "%s" in a query', (text, path, query) => {
      expect([escapePath(text), escapeQuery(text)]).toEqual([path, query]);
    });
    test.each(all.test_URIunescape)('"%s" is "%s" in a path and "%s" in a query', (text, path, query) => {
      expect([unescapePath(text), unescapeQuery(text)]).toEqual([path, query]);
    });
  });

  describe('reads', () => {
    test.each(parses)('$uri: $accepted', ({ accepted, uri, elements, convenienceNames }) => {
      const read = () => parseElements(uri, { convenienceNames });
      if (accepted) expect(formatUnbracketed(read())).toBe(elements);
      else expect(read).toThrow(expect.objectContaining({ code: 'gs1.uri' }));
    });
  });

  describe('writes', () => {
    test.each(generates)('$elements: $accepted', ({ accepted, stem, elements, uri }) => {
      const write = () => formatElements(parseBracketed(elements), stem);
      if (accepted) expect(write()).toBe(uri);
      else expect(write).toThrow(expect.objectContaining({ code: 'gs1.uri' }));
    });
  });

  describe('linksets', () => {
    const ajv = new Ajv({ strict: false });
    addFormats.default(ajv);
    const [gs1, untp] = ['gs1-digital-link/gs1-linkset-schema.json', 'untp-0.7.0/schema/LinksetSchema.json'].map(
      (path) => ajv.compile(z.record(z.string(), z.unknown()).parse(readMaterialJson(path))),
    );
    const basic = ajv.compile(
      z.record(z.string(), z.unknown()).parse(readMaterialJson('gs1-digital-link/linkset-schema.json')),
    );
    const linkset = buildLinkset(
      ['https://id.gs1.org/01/09521234000013/21/5Q3G8373S3H2', 'https://maker.example/m/l14'].map((uri) => ({
        subject: canonicalSubject(uri),
        description: 'Laptop 14',
        links: {
          [LINK_TYPES.default]: [
            { href: 'https://dpp.example/p', title: 'Passport', type: 'text/html', hreflang: ['en'] },
          ],
          [LINK_TYPES.passport]: [{ href: 'https://dpp.example/c', title: 'Credential', type: 'application/vc+jwt' }],
          [LINK_TYPES.verification]: [{ href: 'https://dpp.example/v', title: 'Verification' }],
        },
      })),
    );

    test("ours meet GS1's schema and UNTP's", () => {
      expect([gs1?.(linkset), untp?.(linkset)]).toEqual([true, true]);
    });
    test("the schema's own examples are judged as GS1 judges them", () => {
      expect(gs1?.(readMaterialJson('gs1-digital-link/valid-gs1-example.json'))).toBe(true);
      expect(gs1?.(readMaterialJson('gs1-digital-link/invalid-gs1-example.json'))).toBe(false);
      expect(basic(readMaterialJson('gs1-digital-link/valid-basic-example.json'))).toBe(true);
      expect(basic(readMaterialJson('gs1-digital-link/invalid-basic-example.json'))).toBe(false);
    });
    test("GS1's basic schema excludes what its own asks for, so that ours cannot meet both", () => {
      expect(basic(linkset)).toBe(false);
      expect(basic(readMaterialJson('gs1-digital-link/valid-gs1-example.json'))).toBe(false);
    });
  });

  test('all vectors but the contradictory one are run', () => {
    const count = all.test_URIescape.length + all.test_URIunescape.length + parses.length + generates.length;
    expect(count).toBe(84);
    printCount(`GS1 Digital Link: ${count} URI vectors, 6 linksets; left out: ${EXCLUDED} (both accepted and refused)`);
  });
});
