/**
 * UNTP 0.7.0: what we issue validates against the official schemas and expands in JSON-LD safe mode, where a term that no context defines
 * is an error; what UNTP gives as samples is read.
 */
import { existsSync, readFileSync } from 'node:fs';
import {
  CONTEXT_DOCUMENT,
  CONTEXT_URL,
  type Credential,
  type CredentialKind,
  credentialKind,
  parseCredential,
  parseDid,
  UNTP_CONTEXT,
  VCDM_CONTEXT,
} from '@dpp-ledger/core/credential';
import { buildEvent } from '@dpp-ledger/core/event';
import {
  attestedSubjects,
  buildAttestation,
  buildPassport,
  type PassportInput,
  type PassportOptions,
  parseAttestation,
  parseAttestationInput,
  parseMapping,
  parsePassportInput,
  parseRow,
  readEvents,
  readFacility,
  readIdentityAnchor,
  readPassport,
  templateHeaders,
} from '@dpp-ledger/core/passport';
import { readSpreadsheet } from '@dpp-ledger/sdk/node';
import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import jsonld from 'jsonld';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { INPUTS as EVENT_INPUTS, EVENT_OPTIONS } from '../../packages/core/test/event/fixtures.ts';
import { dataPath, describeConformance, printCount, readMaterialJson, repositoryPath } from './material.ts';

const PUBLISHER: PassportOptions = {
  issuer: { id: parseDid('did:web:devices.dpp.example'), name: 'Fictional Data Publisher' },
  ledger: {
    chainId: 31337,
    genesis: `0x${'11'.repeat(32)}`,
    address: `0x${'5f'.repeat(20)}`,
    codeHash: `0x${'22'.repeat(32)}`,
  },
  status: { list: 7_000_000_000_000_000_003n, index: 417 },
  statusListCredential: 'https://dpp.example/status/7',
  validFrom: '2026-11-24T00:00:00Z',
  voice: 'restated',
};
const MAKER: PassportOptions = {
  ...PUBLISHER,
  issuer: { id: parseDid('did:web:fernhill.example'), name: 'Fernhill Computers (fictional)' },
  voice: 'declared',
};

const document = z.record(z.string(), z.unknown());

/** UNTP's own samples that lose terms to JSON-LD: they are read as JSON, as all are. */
const UNSAFE_SAMPLES: Readonly<Record<string, string>> = {
  DigitalIdentityAnchor_instance:
    "it writes `mediaQuery`, which UNTP's context does not define and its JSON Schema takes",
};

function compileSchema(name: string): ValidateFunction {
  // The schemas use `example`, which JSON Schema does not know.
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  return ajv.compile(document.parse(readMaterialJson(`untp-0.7.0/schema/${name}.json`)));
}

/** Expands without the network: the three contexts are at hand, any other is an error. */
function createExpander(): (credential: object) => Promise<object[]> {
  const contexts = new Map<string, object>([
    [VCDM_CONTEXT, document.parse(readMaterialJson('vcdm-2.0/contexts/credentials-v2.jsonld'))],
    [UNTP_CONTEXT, document.parse(readMaterialJson('untp-0.7.0/context/untp-context-0.7.0.jsonld'))],
    [CONTEXT_URL, CONTEXT_DOCUMENT],
  ]);
  const documentLoader = async (url: string) => {
    const known = contexts.get(url);
    if (known === undefined) throw new Error(`no context is known of ${url}`);
    return { documentUrl: url, document: known };
  };
  return (credential) => jsonld.expand({ ...credential }, { documentLoader, safe: true });
}

/** The template's own example row: of all that a passport can say, little is missing. */
function richInput(): PassportInput {
  const cells = Object.fromEntries(
    templateHeaders().flatMap(({ header, example }) => (example === undefined ? [] : [[header, example]])),
  );
  const row = parseRow(cells, { rowNumber: 2 });
  if (row.state !== 'read') throw new TypeError('without a mapping no row is skipped');
  return row.input;
}

const BARE = parsePassportInput({
  granularity: 'model',
  id: 'https://fernhill.example/m/bare',
  name: 'Bare',
  category: 'monitor',
  manufacturer: { name: 'Fernhill Computers (fictional)' },
});

/** A production batch whose materials draw on lots: by a CAS number, and by a substance of our own list. */
const DRAWING = parsePassportInput({
  granularity: 'batch',
  gtin: '09521234000013',
  productionBatch: 'M26-31',
  units: 500,
  name: 'Laptop 14',
  category: 'laptop',
  massKg: 1.42,
  manufacturer: { name: 'Fernhill Computers (fictional)' },
  materials: [
    ['Cobalt', '7440-48-4', 12, 'postConsumerRecycled'] as const,
    ['Steel', undefined, 131.25, 'primary'] as const,
  ].map(([name, cas, massG, origin]) => ({
    ...{ name, massG, origin, country: 'CN', custodyModel: 'massBalance', lot: `0x${'5a'.repeat(32)}` },
    ...(cas === undefined ? {} : { cas }),
  })),
});

async function readInputs(path: string, mappingPath?: string): Promise<PassportInput[]> {
  const mapping =
    mappingPath === undefined
      ? {}
      : { mapping: parseMapping(JSON.parse(readFileSync(repositoryPath(mappingPath), 'utf8')), mappingPath) };
  const inputs: PassportInput[] = [];
  const seen = new Map();
  for await (const { rowNumber, cells } of readSpreadsheet(path)) {
    const row = parseRow(cells, { rowNumber, seen, ...mapping });
    if (row.state === 'read') inputs.push(row.input);
  }
  return inputs;
}

/** Documents that together have every member, at every place, that any of them has: expansion is slow, and looks at nothing else. */
function coverTerms(documents: readonly Credential[]): Credential[] {
  const covered = new Set<string>();
  return documents.filter((one) => {
    const before = covered.size;
    for (const place of placesOf(one)) covered.add(place);
    return covered.size > before;
  });
}

function* placesOf(value: unknown, place = ''): Iterable<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    const inner = Array.isArray(value) ? place : `${place}/${name}`;
    yield inner;
    yield* placesOf(member, inner);
  }
}

describeConformance('UNTP 0.7.0', () => {
  const isPassport = compileSchema('DigitalProductPassport');
  const expandSafely = createExpander();

  function expectValid(credential: Credential): void {
    expect({ valid: isPassport(credential), errors: isPassport.errors?.slice(0, 3) ?? [] }).toEqual({
      valid: true,
      errors: [],
    });
  }

  describe('passports that we issue', () => {
    test.each([
      ['with everything', richInput(), MAKER],
      ['with nothing but what is needed', BARE, MAKER],
      ['with materials of lots', DRAWING, MAKER],
    ])('%s', async (_, input, options) => {
      const credential = buildPassport(input, options);
      expectValid(credential);
      const quads = await expandSafely(credential);
      // Terms that land in a catch-all namespace of the UN were defined by nobody.
      expect(JSON.stringify(quads)).not.toMatch(/"https:\/\/vocabulary\.uncefact\.org\/untp\/\w+#\w+":/);
    });

    test.for<[string, string, string | undefined, PassportOptions, number]>([
      ['examples/devices.csv', repositoryPath('examples/devices.csv'), undefined, PUBLISHER, 68],
      ['examples/laptops.csv', repositoryPath('examples/laptops.csv'), 'examples/mappings/laptops.json', MAKER, 200],
      [
        'boavizta-data-us.csv',
        dataPath('devices/boavizta-data-us.csv'),
        'examples/mappings/boavizta.json',
        PUBLISHER,
        1200,
      ],
    ])('from %s', async ([name, path, mapping, options, least], { skip }) => {
      if (!existsSync(path)) {
        printCount(`UNTP 0.7.0: passports from ${name} were NOT checked: there is no ${path}; set DPP_DATA`);
        return skip();
      }
      const inputs = await readInputs(path, mapping);
      expect(inputs.length).toBeGreaterThanOrEqual(least);
      const credentials = inputs.map((input) => buildPassport(input, options));
      for (const credential of credentials) expectValid(credential);
      const sample = coverTerms(credentials);
      for (const credential of sample) await expandSafely(credential);
      printCount(
        `UNTP 0.7.0: ${inputs.length} passports from ${name} are valid; ${sample.length} that use every term of them expand in safe mode`,
      );
    });
  });

  test.each(EVENT_INPUTS.map((input) => [input.name, input] as const))('event that we issue: %s', async (_, input) => {
    const credential = buildEvent(input, EVENT_OPTIONS);
    const isEvent = compileSchema('DigitalTraceabilityEvent');
    expect({ valid: isEvent(credential), errors: isEvent.errors ?? [] }).toEqual({ valid: true, errors: [] });
    const quads = JSON.stringify(await expandSafely(credential));
    expect(quads).not.toMatch(/"https:\/\/vocabulary\.uncefact\.org\/untp\/\w+#\w+":/);
    expect(quads).toContain('https://dpp-ledger.example/ns/lot');
  });

  test('attestations that we issue', async () => {
    const isAttestation = compileSchema('ConformityCredential');
    const whole = {
      id: 'https://certifier.example/attestations/2026-118',
      name: 'Certificate of recycled content 2026-118',
      description: 'By audit of the moulding shop.',
      assessorLevel: '3rdParty',
      assessmentLevel: 'scheme-cab',
      attestationType: 'certification',
      issuedTo: { id: 'did:web:fernhill.example', name: 'Fernhill Computers (fictional)' },
      scheme: { id: 'https://certifier.example/schemes/rc', name: 'Recycled content scheme' },
      validUntil: '2029-11-02',
      assessments: [
        {
          name: 'Recycled plastic of the enclosure',
          criteria: ['recycledContent', { id: 'https://certifier.example/criteria/7', name: 'Criterion 7' }],
          date: '2026-11-02',
          products: [{ id: 'https://dpp.example/01/09521234000013', name: 'Laptop 14' }],
          facilities: [{ id: 'https://maker.example/facilities/north', name: 'North assembly' }],
          figures: [
            { metric: 'recycledContent.percent', value: 52 },
            { metric: { id: 'https://certifier.example/metrics/1', name: 'Grade' }, score: 'A' },
          ],
          topics: [
            {
              id: 'https://vocabulary.uncefact.org/conformity-topic/product-circularity',
              name: 'Product Circularity',
            },
          ],
          ...{ of: 'plastic', kind: 'postConsumer', component: 'enclosure', statement: 'As declared' },
          conforms: true,
        },
      ],
    };
    const { description: _, validUntil: __, ...less } = whole;
    const bare = {
      ...less,
      assessments: [
        {
          name: 'A',
          criteria: ['carbon'],
          date: '2026-11-02',
          products: [{ id: 'https://maker.example/m/1', name: 'L' }],
          conforms: false,
        },
      ],
    };
    const issuer = { id: parseDid('did:web:certifier.example'), name: 'Fictional Certifier' };
    for (const input of [whole, bare]) {
      const credential = buildAttestation(parseAttestationInput(input), { ...MAKER, issuer });
      expect({ valid: isAttestation(credential), errors: isAttestation.errors ?? [] }).toEqual({
        valid: true,
        errors: [],
      });
      const quads = await expandSafely(credential);
      expect(JSON.stringify(quads)).not.toMatch(/"https:\/\/vocabulary\.uncefact\.org\/untp\/\w+#\w+":/);
      expect(parseAttestation(credential).assessments).toHaveLength(1);
    }
    printCount('UNTP 0.7.0: attestations with everything, and with nothing but what is needed, are valid and expand');
  });

  test('no term of ours is one that UNTP or W3C define or scope anywhere', () => {
    const theirs = new Set<string>();
    const collect = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [key, inner] of Object.entries(value)) {
        theirs.add(key);
        collect(inner);
      }
    };
    collect(readMaterialJson('vcdm-2.0/contexts/credentials-v2.jsonld'));
    collect(readMaterialJson('untp-0.7.0/context/untp-context-0.7.0.jsonld'));
    const ours = Object.keys(CONTEXT_DOCUMENT['@context']).filter((key) => !key.startsWith('@'));
    expect(ours.filter((term) => theirs.has(term))).toEqual([]);
  });

  describe('samples that UNTP gives', () => {
    const samples: [string, string, CredentialKind][] = [
      ['DigitalProductPassport_instance', 'DigitalProductPassport', 'passport'],
      ['DigitalTraceabilityEvent_instance', 'DigitalTraceabilityEvent', 'event'],
      ['ConformityCredential_instance', 'ConformityCredential', 'conformity'],
      ['DigitalFacilityRecord_instance', 'DigitalFacilityRecord', 'facility'],
      ['DigitalIdentityAnchor_instance', 'DigitalIdentityAnchor', 'identityAnchor'],
    ];

    test.each(samples)('%s', (file, schema, kind) => {
      const sample = readMaterialJson(`untp-0.7.0/samples/${file}.json`);
      // The schema agrees that this is one, so that reading it is worth something.
      expect(compileSchema(schema)(sample)).toBe(true);
      expect(credentialKind(parseCredential(sample))).toBe(kind);
    });

    test.each(samples)('%s expands in safe mode, unless it is known not to', async (file) => {
      const expanding = expandSafely(document.parse(readMaterialJson(`untp-0.7.0/samples/${file}.json`)));
      if (file in UNSAFE_SAMPLES) await expect(expanding).rejects.toThrow('Safe mode');
      else expect(await expanding).not.toEqual([]);
    });

    test('the other four kinds are read into what a page shows', () => {
      const read = (file: string) => parseCredential(readMaterialJson(`untp-0.7.0/samples/${file}_instance.json`));
      expect(readEvents(read('DigitalTraceabilityEvent'))).toMatchObject([
        {
          kind: 'move',
          facility: { name: 'Sample Copper Mine' },
          toFacility: { name: 'Sample Copper Refinery' },
          products: [{ part: 'moved', quantity: 100_000, unit: 'KGM' }],
        },
      ]);
      const certificate = read('ConformityCredential');
      expect(parseAttestation(certificate)).toMatchObject({
        referenceScheme: { name: 'Coppermark' },
        issuedToParty: { name: 'Sample Copper Mine Pty Ltd' },
        assessments: [
          { conforms: true, performances: [{ measure: { value: 45_000, unit: 'TNE' } }] },
          { conforms: true, name: expect.stringContaining('Forced Labor') },
          { conforms: true, performances: [{ measure: { value: 2.1, unit: 'MTQ' } }] },
        ],
      });
      expect(attestedSubjects(certificate)).toEqual(['https://facility-register.example.com/fac-001']);
      expect(readFacility(read('DigitalFacilityRecord'))).toMatchObject({ country: 'ZM', locality: 'Solwezi' });
      expect(readIdentityAnchor(read('DigitalIdentityAnchor'))).toMatchObject({ registeredId: '123456789' });
    });

    test("the passport's figures are read, in its own vocabulary", () => {
      const view = readPassport(
        parseCredential(readMaterialJson('untp-0.7.0/samples/DigitalProductPassport_instance.json')),
      );
      expect(view).toMatchObject({
        name: 'Copper Concentrate (Cu 30%)',
        granularity: 'model',
        countryOfProduction: 'ZM',
        massKg: 1000,
        materials: [{ name: 'Copper ore', massPercent: 30, recycledPercent: 0, massG: 300_000 }],
      });
      expect(view.carbon).toBe(undefined);
      expect(view.otherClaims.map(({ name, figures }) => [name, figures[0]?.value])).toEqual([
        ['Product Carbon Footprint — Copper Concentrate', 2.1],
        ['Water Intensity — Copper Concentrate', 15],
      ]);
      printCount(
        `UNTP 0.7.0: ${samples.length} samples are read; not expanded: ${Object.keys(UNSAFE_SAMPLES).join(', ')}, for a stated reason`,
      );
    });
  });
});
