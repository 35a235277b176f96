import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeBase64Url } from '../../src/bytes.ts';
import {
  ANCHOR_STANDINGS,
  buildEvidence,
  DEFAULT_MAX_AGE_SECONDS,
  DEFAULT_MAX_AHEAD_SECONDS,
  EVIDENCE_SCHEMA,
  type EvidenceParts,
  parseEvidence,
  parseFacts,
  parsePolicy,
  questionOf,
} from '../../src/evidence/index.ts';
import { createPaperLedger } from '../journal/paper-ledger.ts';
import { createWorld, passport } from '../verify/world.ts';

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const text32 = bytes32.map(encodeBase64Url);
const anyParts: fc.Arbitrary<EvidenceParts> = fc.record(
  {
    ledger: fc.record({ chainId: fc.integer({ min: 1 }), address: fc.constant(`0x${'ab'.repeat(20)}` as const) }),
    credential: fc.string({ minLength: 1 }),
    key: fc.oneof(
      fc.record({ kty: fc.constant('EC' as const), crv: fc.constant('P-256' as const), x: text32, y: text32 }),
      fc.record({ kty: fc.constant('OKP' as const), crv: fc.constant('Ed25519' as const), x: text32 }),
    ),
    grant: fc.record({ number: fc.nat(2 ** 32 - 1), prefix: fc.string({ minLength: 1, maxLength: 255 }) }),
    batch: fc.record({ index: fc.nat(16_383), proof: fc.array(bytes32, { maxLength: 14 }) }),
    entry: fc.record({
      index: fc.maxSafeNat(),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 500 }),
      proof: fc.array(bytes32, { maxLength: 52 }),
    }),
  },
  { requiredKeys: ['ledger', 'credential', 'key', 'batch', 'entry'] },
);

describe('evidence', () => {
  test('is read as it was written, as an object and as text', () => {
    fc.assert(
      fc.property(anyParts, (parts) => {
        const evidence = buildEvidence(parts);
        expect(parseEvidence(evidence)).toEqual(evidence);
        expect(parseEvidence(JSON.stringify(evidence))).toEqual(evidence);
      }),
    );
  });

  test('adds less than 1.5 kB to a passport of a batch of 200', async () => {
    const world = await createWorld();
    const issued = await world.issue(passport(world.ledger), { size: 200 });
    const { credential, ...rest } = issued.evidence();
    expect(credential.length).toBeGreaterThan(500);
    expect(JSON.stringify(rest).length).toBeLessThan(1500);
  });

  test('asks about the issuer, key, grant and place of status that it is about', async () => {
    const world = await createWorld();
    const { credentialStatus: _, ...payload } = passport(world.ledger) as { credentialStatus: unknown };
    const issued = await world.issue(payload);
    const { grant, ...evidence } = issued.evidence();
    expect(questionOf(evidence)).toMatchObject({ grant: `0x${'00'.repeat(32)}`, list: 0n, word: 0 });
    expect(grant).toBeDefined();
  });

  test('that holds no credential asks nothing', async () => {
    const world = await createWorld();
    const evidence = (await world.issue(passport(world.ledger))).evidence();
    expect(() => questionOf({ ...evidence, credential: 'x.y.z' })).toThrow(
      expect.objectContaining({ code: 'credential.jwt' }),
    );
  });

  test('has a JSON Schema that closes every object and bounds every list and text', () => {
    const visit = (schema: unknown): void => {
      if (typeof schema !== 'object' || schema === null) return;
      if ('type' in schema && schema.type === 'object') expect(schema).toHaveProperty('additionalProperties', false);
      if ('type' in schema && schema.type === 'array') expect(schema).toHaveProperty('maxItems');
      if ('type' in schema && schema.type === 'string') {
        expect('maxLength' in schema || 'pattern' in schema || 'const' in schema).toBe(true);
      }
      for (const part of Object.values(schema)) visit(part);
    };
    visit(EVIDENCE_SCHEMA);
  });
});

describe('policy', () => {
  const ledger = createPaperLedger().id;

  test('needs ledgers alone; the rest has defaults', () => {
    expect(parsePolicy({ ledgers: [ledger] })).toEqual({
      ledgers: [ledger],
      trustBase: 'own node',
      anchorStandings: ANCHOR_STANDINGS,
      maxAgeSeconds: DEFAULT_MAX_AGE_SECONDS,
      maxAheadSeconds: DEFAULT_MAX_AHEAD_SECONDS,
    });
    expect(DEFAULT_MAX_AGE_SECONDS).toBe(86_400);
  });

  test.each<[string, unknown]>([
    ['no ledger', { ledgers: [] }],
    ['nothing', undefined],
    ['a member that policies do not have', { ledgers: [ledger], trustEverybody: true }],
    ['a ledger without its code hash', { ledgers: [{ ...ledger, codeHash: undefined }] }],
    ['an address in upper case', { ledgers: [{ ...ledger, address: `0x${'AB'.repeat(20)}` }] }],
    ['an age of no seconds', { ledgers: [ledger], maxAgeSeconds: 0 }],
    ['an endless age', { ledgers: [ledger], maxAgeSeconds: Number.POSITIVE_INFINITY }],
    ['an unknown standing', { ledgers: [ledger], anchorStandings: ['believed'] }],
    ['no standing', { ledgers: [ledger], anchorStandings: [] }],
  ])('with %s is refused', (_, policy) => {
    expect(() => parsePolicy(policy)).toThrow(expect.objectContaining({ code: 'input.shape' }));
  });
});

test('facts are read as they were given', async () => {
  const world = await createWorld();
  const facts = world.facts((await world.issue(passport(world.ledger))).evidence());
  const { root: _, ...treeHead } = world.ledger.fold.treeHead();
  expect(parseFacts(facts)).toEqual({ ...facts, treeHead });
});

test('verification reaches no package but those that read, and no code of other folders than the core', () => {
  const packages = new Set<string>();
  const seen = new Set<string>();
  const visit = (url: URL): void => {
    if (seen.has(url.href)) return;
    seen.add(url.href);
    const source = readFileSync(url, 'utf8');
    // Type imports are erased.
    for (const [, what = '', from = ''] of source.matchAll(/^(?:import|export)\s+(type\s)?[^;]*?from '([^']+)';/gms)) {
      if (what !== '') continue;
      if (from.startsWith('.')) visit(new URL(from, url));
      else packages.add(from);
    }
  };
  visit(new URL('../../src/verify/index.ts', import.meta.url));
  expect([...packages].sort()).toEqual(['#platform', 'jose', 'multiformats/bases/base32', 'zod']);
  for (const href of seen) expect(href).toContain('/packages/core/src/');
});
