import { beforeAll, describe, expect, test } from 'vitest';
import { decodeBase64Url, encodeBase64Url, encodeHex } from '../../src/bytes.ts';
import { createCosignatureSigner, generateCosignatureKey, parseWitnessPolicy } from '../../src/checkpoint/index.ts';
import {
  createSigner,
  formatCid,
  formatKid,
  lowerS,
  parseDid,
  publicKeyOf,
  type Signer,
} from '../../src/credential/index.ts';
import {
  buildBatch,
  type Evidence,
  type Facts,
  type FactsProof,
  parsePolicy,
  questionOf,
} from '../../src/evidence/index.ts';
import type { Digest, SubjectId } from '../../src/ids.ts';
import { decodeEntry, encodeEntry } from '../../src/journal/index.ts';
import {
  CHECK_CODES,
  CHECKS,
  type CheckCode,
  type CheckName,
  FACTS_CHECKS,
  type FactsReason,
  type Report,
  type Verdict,
} from '../../src/report.ts';
import { type VerifyOptions, verify as verifyAny } from '../../src/verify/index.ts';
import {
  ACCREDITOR,
  ADMIN,
  accountOf,
  by,
  CONTROLLER,
  createKeyPair,
  issuerOf,
  keyAdded,
  MAKER,
  makerId,
  NOBODY,
} from '../journal/paper-ledger.ts';
import { type Anchored, createWorld, GRANT, ITEM, LIST, MODEL, passport, status, type World } from './world.ts';

function codeOf(report: Report, name: CheckName): CheckCode | undefined {
  return report.checks.find((check) => check.name === name)?.code;
}

function codesOf(report: Report): Readonly<Record<string, CheckCode>> {
  return Object.fromEntries(report.checks.map(({ name, code }) => [name, code]));
}

const GOOD: Readonly<Record<CheckName, CheckCode>> = {
  content: 'content.valid',
  schema: 'schema.valid',
  subject: 'subject.same',
  signature: 'signature.valid',
  key: 'key.valid',
  issuer: 'issuer.valid',
  anchor: 'anchor.proved',
  status: 'status.valid',
  period: 'period.valid',
  freshness: 'freshness.valid',
  provenance: 'provenance.no-lot',
};

/** Flips one bit of base64url text, at the byte. */
function flip(text: string, bit = 0): string {
  const bytes = Uint8Array.from(decodeBase64Url(text));
  bytes[(bit >> 3) % bytes.length] = (bytes[(bit >> 3) % bytes.length] ?? 0) ^ (1 << (bit & 7));
  return encodeBase64Url(bytes);
}

/** Whatever is found, each sentence of the report has its words filled in. */
async function verify(options: VerifyOptions): Promise<Report> {
  const report = await verifyAny(options);
  for (const { message } of report.checks) expect(message).not.toMatch(/\{\w+\}/);
  return report;
}

const item = ITEM as SubjectId;
let world: World;
let good: Anchored;
beforeAll(async () => {
  world = await createWorld();
  good = await world.issue(passport(world.ledger));
});

describe('a genuine passport', () => {
  test('is valid, check by check, in the order of the specification', async () => {
    const report = await verify(world.options(good.evidence(), { expected: { subject: item, current: true } }));
    expect(report.checks.map(({ name }) => name)).toEqual(CHECKS);
    expect(codesOf(report)).toEqual(GOOD);
    expect(report).toMatchObject({
      verdict: 'valid',
      current: true,
      provisional: false,
      cid: good.signed.cid,
      issuer: { id: MAKER, name: 'Fictional Maker Ltd' },
      subject: ITEM,
      answeredBy: undefined,
      voice: 'declared',
      anchoredAt: { entry: good.evidence().entry.index },
      asOf: { source: 'own node', blockNumber: world.ledger.block, time: world.ledger.time },
      trustBase: 'own node',
    });
  });

  test('is valid from JSON text too, and from text of bytes', async () => {
    const text = JSON.stringify(good.evidence());
    expect(await verify({ ...world.options(good.evidence()), evidence: text })).toMatchObject({ verdict: 'valid' });
    const bytes = new TextEncoder().encode(text);
    expect(await verify({ ...world.options(good.evidence()), evidence: bytes })).toMatchObject({ verdict: 'valid' });
  });

  test('says in each check what a person can read and what it stands on', async () => {
    const report = await verify(world.options(good.evidence()));
    for (const { message, basis, outcome, code } of report.checks) {
      expect(message).toMatch(/^[A-Z].*[^.]\.$/);
      expect(message).not.toContain('{');
      expect(basis.length).toBeGreaterThan(5);
      expect(CHECK_CODES[code].outcome).toBe(outcome);
    }
  });

  test('is valid when it was signed with Ed25519', async () => {
    const fresh = await createWorld();
    const pair = await createKeyPair('Ed25519');
    fresh.append(CONTROLLER, keyAdded(makerId, pair, 1));
    const signer = await createSigner({ issuer: parseDid(MAKER), jwk: pair.jwk });
    const anchored = await fresh.issue(passport(fresh.ledger), { signer });
    expect(await verify(fresh.options(anchored.evidence()))).toMatchObject({ verdict: 'valid' });
  });

  test.each([1, 2, 3, 8, 17])('is valid in a batch of %i', async (size) => {
    const fresh = await createWorld();
    const anchored = await fresh.issue(passport(fresh.ledger), { size });
    expect(await verify(fresh.options(anchored.evidence()))).toMatchObject({ verdict: 'valid' });
  });

  test.each(['submitter', 'key'] as const)('is valid when its batch was anchored by a %s', async (kind) => {
    const fresh = await createWorld();
    fresh.append(CONTROLLER, { kind: 'submitterAppointed', issuer: makerId, account: accountOf('service') });
    const actor = kind === 'key' ? by('key', fresh.keyPair.id) : by('submitter', 'service');
    const anchored = await fresh.issue(passport(fresh.ledger), { actor });
    expect(await verify(fresh.options(anchored.evidence()))).toMatchObject({ verdict: 'valid' });
  });

  test('is valid on a ledger that is paused, and cannot be decided by one that is closed', async () => {
    const fresh = await createWorld();
    const anchored = await fresh.issue(passport(fresh.ledger));
    fresh.append(ADMIN, { kind: 'paused' });
    expect(await verify(fresh.options(anchored.evidence()))).toMatchObject({ verdict: 'valid' });
    const closing = { chainId: 1n, successor: NOBODY, codeHash: makerId };
    fresh.append(ADMIN, { kind: 'closed', ...closing });
    const report = await verify(fresh.options(anchored.evidence()));
    expect(report.verdict).toBe('indeterminate');
    expect(codeOf(report, 'status')).toBe('status.ledger-closed');
  });

  test('of an http subject under the issuer’s own host is valid', async () => {
    const prefix = 'https://maker.example/';
    const fresh = await createWorld({ prefix });
    const credentialSubject = { type: ['Product'], id: 'https://maker.example/m/laptop-14', name: 'Laptop 14' };
    const anchored = await fresh.issue(passport(fresh.ledger, { credentialSubject }), { grant: { number: 1, prefix } });
    expect(await verify(fresh.options(anchored.evidence()))).toMatchObject({ verdict: 'valid' });
  });

  test('in the role of a data publisher is restated, and declared where a manufacturer signs', async () => {
    const publisher = await createWorld({ roles: 0b10 });
    const restated = await publisher.issue(passport(publisher.ledger));
    expect(await verify(publisher.options(restated.evidence()))).toMatchObject({ verdict: 'valid', voice: 'restated' });
    const both = await createWorld({ roles: 0b11 });
    const declared = await both.issue(passport(both.ledger));
    expect(await verify(both.options(declared.evidence()))).toMatchObject({ verdict: 'valid', voice: 'declared' });
  });
});

describe('what was scanned', () => {
  test.each<[string, string, CheckCode, Report['answeredBy']]>([
    ['the item itself', ITEM, 'subject.same', undefined],
    ['another item of the model', `${MODEL}/21/OTHER`, 'subject.other', undefined],
    ['the model', MODEL, 'subject.other', undefined],
    ['another model', 'https://id.gs1.org/01/09521234000020', 'subject.other', undefined],
    [
      'the item on the label of some resolver',
      'https://maker.example/01/09521234000013/21/A7K2',
      'subject.same',
      undefined,
    ],
    ['text that is no identifier', 'javascript:alert(1)', 'subject.other', undefined],
    ['a homoglyph of the item', ITEM.replace('A7', '\u0410\u0037'), 'subject.other', undefined],
    ['a digital link with a wrong check digit', `${MODEL.slice(0, -1)}4`, 'subject.other', undefined],
    ['nothing', '', 'subject.other', undefined],
  ])('%s, shown the passport of an item', async (_, subject, code, level) => {
    const report = await verify(world.options(good.evidence(), { expected: { subject: subject as SubjectId } }));
    expect(codeOf(report, 'subject')).toBe(code);
    expect(report.answeredBy).toBe(level);
    expect(report.verdict).toBe(code === 'subject.same' ? 'valid' : 'invalid');
  });

  test.each<[string, string, 'model' | 'batch' | undefined]>([
    ['an item', MODEL, 'model'],
    ['an item of a production batch', `${MODEL}/10/LOT7`, 'batch'],
  ])('%s is answered for by its model or production batch, and the report says so', async (_, subject, level) => {
    const fresh = await createWorld();
    const credentialSubject = { type: ['Product'], id: subject, name: 'Laptop 14' };
    const anchored = await fresh.issue(passport(fresh.ledger, { credentialSubject }));
    const scanned = `${MODEL}/10/LOT7/21/A7K2` as SubjectId;
    const report = await verify(fresh.options(anchored.evidence(), { expected: { subject: scanned } }));
    expect(report).toMatchObject({ verdict: 'valid', answeredBy: level, subject });
    expect(codeOf(report, 'subject')).toBe('subject.wider');
  });

  test('nothing scanned is nothing compared, and no obstacle', async () => {
    const report = await verify(world.options(good.evidence()));
    expect(codeOf(report, 'subject')).toBe('subject.not-asked');
    expect(report.verdict).toBe('valid');
  });

  test('another credential, or another kind, than the one that was asked for is refused', async () => {
    const cid = formatCid(new Uint8Array(32) as Digest);
    const other = await verify(world.options(good.evidence(), { expected: { cid } }));
    expect(other.verdict).toBe('invalid');
    expect(codeOf(other, 'content')).toBe('content.other-credential');
    const kind = await verify(world.options(good.evidence(), { expected: { kind: 'conformity' } }));
    expect(kind.verdict).toBe('invalid');
    expect(codeOf(kind, 'schema')).toBe('schema.other-kind');
    const same = { kind: 'passport', cid: good.signed.cid } as const;
    expect(await verify(world.options(good.evidence(), { expected: same }))).toMatchObject({ verdict: 'valid' });
  });
});

// ------------------------------------------------------------------------------------------------- damaged and forged evidence

type Damage = (evidence: Evidence) => unknown;
const inHeader = (change: (header: Record<string, unknown>) => unknown): Damage => {
  return (evidence) => {
    const [head = '', ...rest] = evidence.credential.split('.');
    const header = JSON.parse(new TextDecoder().decode(decodeBase64Url(head)));
    const text = JSON.stringify(change(header));
    return { ...evidence, credential: [encodeBase64Url(new TextEncoder().encode(text)), ...rest].join('.') };
  };
};
const inPayload = (change: (text: string) => string): Damage => {
  return (evidence) => {
    const [head, body = '', tail] = evidence.credential.split('.');
    const text = change(new TextDecoder().decode(decodeBase64Url(body)));
    return { ...evidence, credential: [head, encodeBase64Url(new TextEncoder().encode(text)), tail].join('.') };
  };
};
const inCredential = (change: (jwt: string) => string): Damage => {
  return (evidence) => ({ ...evidence, credential: change(evidence.credential) });
};
const inEntry = (change: (bytes: Uint8Array) => Uint8Array): Damage => {
  return (evidence) => ({
    ...evidence,
    entry: {
      ...evidence.entry,
      bytes: encodeBase64Url(change(Uint8Array.from(decodeBase64Url(evidence.entry.bytes)))),
    },
  });
};
const inAnchor = (change: object): Damage =>
  inEntry((bytes) => encodeEntry({ ...decodeEntry(bytes), ...change } as never));
const inBatch = (change: (batch: Evidence['batch']) => object): Damage => {
  return (evidence) => ({ ...evidence, batch: { ...evidence.batch, ...change(evidence.batch) } });
};
const inPlace = (change: (entry: Evidence['entry']) => object): Damage => {
  return (evidence) => ({ ...evidence, entry: { ...evidence.entry, ...change(evidence.entry) } });
};
const withMember = (change: object): Damage => {
  return (evidence) => ({ ...evidence, ...change });
};
const asText = (change: (text: string) => string): Damage => {
  return (evidence) => change(JSON.stringify(evidence));
};
const setAt =
  (offset: number, ...values: number[]) =>
  (bytes: Uint8Array) => {
    bytes.set(values, offset);
    return bytes;
  };
const without = (...names: (keyof Evidence)[]): Damage => {
  return (evidence) =>
    Object.fromEntries(Object.entries(evidence).filter(([name]) => !names.some((gone) => gone === name)));
};
const zero32 = encodeBase64Url(new Uint8Array(32));
const other43 = encodeBase64Url(new Uint8Array(32).fill(7));
const unreadable: CheckCode = 'content.evidence-unreadable';
const notCanonical: CheckCode = 'content.not-canonical';

const DAMAGED: readonly [title: string, damage: Damage, code: CheckCode, verdict?: Verdict][] = [
  // What was presented is no evidence.
  ['nothing', () => undefined, unreadable],
  ['null', () => null, unreadable],
  ['a number', () => Number.NaN, unreadable],
  ['an empty object', () => ({}), unreadable],
  ['an empty array', () => [], unreadable],
  ['empty text', () => '', notCanonical],
  ['text that is neither JSON nor JWT', () => 'Hello, world', notCanonical],
  ['JSON that is cut off', asText((text) => text.slice(0, -10)), unreadable],
  ['JSON with a duplicate key', asText((text) => text.replace('{', '{"ledger":"eip155:1:0x00",')), unreadable],
  ['JSON with __proto__', asText((text) => text.replace('{', '{"__proto__":{"admin":true},')), unreadable],
  ['JSON nested 100,000 deep', () => `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, unreadable],
  ['JSON of two megabytes', () => `{"a":"${'x'.repeat(2_000_000)}"}`, unreadable],
  ['an unknown version', withMember({ version: 'dpp-evidence/2' }), unreadable],
  ['a member that evidence does not have', withMember({ trusted: true }), unreadable],
  ['no key', without('key'), unreadable],
  ['no batch', without('batch'), unreadable],
  ['no entry', without('entry'), unreadable],
  ['no ledger', without('ledger'), unreadable],
  ['no credential', without('credential'), unreadable],
  [
    'a ledger in mixed case',
    withMember({ ledger: 'eip155:31337:0xEDedEDedEDedEDedEDedEDedEDedEDedEDedEDed' }),
    unreadable,
  ],
  ['a ledger with a path', withMember({ ledger: 'eip155:31337:0x00/../../etc/passwd' }), unreadable],
  ['a symmetric key', withMember({ key: { kty: 'oct', k: 'AAAA' } }), unreadable],
  ['a key on another curve', (e) => ({ ...e, key: { ...e.key, crv: 'P-384' } }), unreadable],
  ['a private key', (e) => ({ ...e, key: { ...e.key, d: zero32 } }), unreadable],
  ['a key with a use', (e) => ({ ...e, key: { ...e.key, use: 'sig' } }), unreadable],
  ['a key with stray bits', (e) => ({ ...e, key: { ...e.key, x: `${e.key.x.slice(0, -1)}B` } }), unreadable],
  ['a negative place in the batch', inBatch(() => ({ index: -1 })), unreadable],
  ['a place beyond every batch', inBatch(() => ({ index: 16_384 })), unreadable],
  ['half a place in the batch', inBatch(() => ({ index: 2.5 })), unreadable],
  ['a place that is no number', inBatch(() => ({ index: Number.NaN })), unreadable],
  ['a place as text', inBatch(() => ({ index: '2' })), unreadable],
  ['a batch proof longer than every batch', inBatch(() => ({ proof: new Array(15).fill(zero32) })), unreadable],
  [
    'a batch proof with a node of 31 bytes',
    inBatch(({ proof }) => ({ proof: [...proof.slice(1), 'AAAA'] })),
    unreadable,
  ],
  ['an entry index beyond 2^53', inPlace(() => ({ index: 2 ** 60 })), unreadable],
  ['a journal proof of 53 nodes', inPlace(() => ({ proof: new Array(53).fill(zero32) })), unreadable],
  ['entry bytes with padding', inPlace(({ bytes }) => ({ bytes: `${bytes}=` })), unreadable],
  ['a grant number beyond 32 bits', withMember({ grant: { number: 2 ** 32, prefix: 'gs1:9521234' } }), unreadable],

  // The JWT.
  ['a credential without a signature', inCredential((jwt) => jwt.slice(0, jwt.lastIndexOf('.'))), notCanonical],
  ['a credential with an empty signature', inCredential((jwt) => jwt.slice(0, jwt.lastIndexOf('.') + 1)), notCanonical],
  ['a credential of four parts', inCredential((jwt) => `${jwt}.e30`), notCanonical],
  ['a credential with padding', inCredential((jwt) => `${jwt}==`), notCanonical],
  ['a credential with a line break', inCredential((jwt) => `${jwt}\n`), notCanonical],
  [
    'a credential with stray bits',
    inCredential((jwt) => `${jwt.slice(0, -1)}${jwt.endsWith('A') ? 'B' : 'h'}`),
    notCanonical,
  ],
  ['a signature with high s', inCredential((jwt) => raiseS(jwt)), notCanonical],
  ['alg none', inHeader((header) => ({ ...header, alg: 'none' })), notCanonical],
  ['alg HS256', inHeader((header) => ({ ...header, alg: 'HS256' })), notCanonical],
  ['alg ES384', inHeader((header) => ({ ...header, alg: 'ES384' })), notCanonical],
  ['typ JWT', inHeader((header) => ({ ...header, typ: 'JWT' })), notCanonical],
  ['typ vp+jwt', inHeader((header) => ({ ...header, typ: 'vp+jwt' })), notCanonical],
  ['a critical extension', inHeader((header) => ({ ...header, crit: ['b64'], b64: false })), notCanonical],
  ['a key in the header', inHeader((header) => ({ ...header, jwk: {} })), notCanonical],
  ['a key URL in the header', inHeader((header) => ({ ...header, jku: 'https://evil.example/' })), notCanonical],
  ['a header that is a list', inHeader(() => []), notCanonical],
  ['a payload with a duplicate key', inPayload((text) => text.replace('{', '{"id":"urn:x",')), notCanonical],
  ['a payload with __proto__', inPayload((text) => text.replace('{', '{"__proto__":{},')), notCanonical],
  ['a payload with a number beyond doubles', inPayload((text) => text.replace('{', '{"n":1e999,')), notCanonical],
  ['a payload nested 60,000 deep', inPayload(() => '['.repeat(60_000) + ']'.repeat(60_000)), notCanonical],
  ['a payload that is not UTF-8', inCredential((jwt) => jwt.replace(/\.[^.]+\./, '._v__.')), notCanonical],
  ['a payload that is a list', inPayload(() => '[]'), 'schema.malformed'],
  ['a payload that is a word', inPayload(() => '"passport"'), 'schema.malformed'],
  [
    'a payload of another type',
    inPayload((text) => text.replace('DigitalProductPassport', 'Passport')),
    'schema.malformed',
  ],
  ['a payload with another name', inPayload((text) => text.replace('Laptop 14', 'Laptop 15')), 'signature.forged'],
  ['an altered subject', inPayload((text) => text.replace('A7K2', 'A7K3')), 'signature.forged'],
  ['an algorithm that is not the key’s', inHeader((header) => ({ ...header, alg: 'Ed25519' })), 'signature.forged'],
  [
    'a kid of another issuer',
    inHeader(({ kid, ...header }) => ({ ...header, kid: `did:web:evil.example#${String(kid).split('#')[1]}` })),
    'key.other-issuer',
  ],
  ['a kid of another key', inHeader((header) => ({ ...header, kid: `${MAKER}#${other43}` })), 'key.other-key'],
  [
    'a bare thumbprint as kid',
    inHeader(({ kid, ...header }) => ({ ...header, kid: String(kid).split('#')[1] })),
    'key.malformed-name',
  ],
  [
    'a kid with a fragment of its own',
    inHeader(({ kid, ...header }) => ({ ...header, kid: `${kid}#x` })),
    'key.malformed-name',
  ],

  // The batch.
  ['a place of its neighbour', inBatch(({ index }) => ({ index: index + 1 })), 'anchor.not-in-batch'],
  ['a place beyond the batch', inBatch(() => ({ index: 5 })), 'anchor.not-in-batch'],
  [
    'a batch proof that is too short',
    inBatch(({ proof }) => ({ proof: proof.slice(1) })),
    'anchor.batch-path-unfit',
    'indeterminate',
  ],
  [
    'a batch proof that is too long',
    inBatch(({ proof }) => ({ proof: [...proof, zero32] })),
    'anchor.batch-path-unfit',
    'indeterminate',
  ],
  ['an empty batch proof', inBatch(() => ({ proof: [] })), 'anchor.batch-path-unfit', 'indeterminate'],
  ['a batch proof in another order', inBatch(({ proof }) => ({ proof: proof.toReversed() })), 'anchor.not-in-batch'],
  [
    'a batch proof of another node',
    inBatch(({ proof }) => ({ proof: [flip(proof[0] ?? ''), ...proof.slice(1)] })),
    'anchor.not-in-batch',
  ],

  // The entry.
  ['an entry of one byte', inEntry(() => Uint8Array.of(1)), 'anchor.entry-unreadable'],
  ['an entry of another version', inEntry(setAt(0, 2)), 'anchor.entry-unreadable'],
  ['an entry of an unknown kind', inEntry(setAt(1, 0x7f)), 'anchor.entry-unreadable'],
  ['an entry with a byte more', inEntry((bytes) => Uint8Array.of(...bytes, 0)), 'anchor.entry-unreadable'],
  ['an entry of an actor that there is not', inEntry(setAt(18, 9)), 'anchor.entry-unreadable'],
  [
    'an entry that is not canonical base64url',
    inPlace(({ bytes }) => ({ bytes: `${bytes.slice(0, -1)}B` })),
    'anchor.entry-unreadable',
  ],
  [
    'an entry that says something else',
    inEntry(() => Uint8Array.from(world.ledger.entries[4] ?? [])),
    'anchor.no-anchor',
  ],
  ['an anchor of another issuer', inAnchor({ issuer: issuerOf('did:web:evil.example') }), 'anchor.other-issuer'],
  ['an anchor of another root', inAnchor({ root: makerId }), 'anchor.not-in-batch'],
  ['an anchor of another size', inAnchor({ size: 3 }), 'anchor.not-in-journal'],
  ['an anchor of no credential', inAnchor({ size: 0 }), 'anchor.not-in-batch'],
  ['an anchor with other roles', inAnchor({ roles: 0b1111111111 }), 'anchor.not-in-journal'],
  ['an anchor of another manifest', inAnchor({ manifest: makerId }), 'anchor.not-in-journal'],
  [
    'an anchor that draws on a lot',
    inAnchor({ allocations: [{ lot: makerId, milligrams: 1n }] }),
    'anchor.not-in-journal',
  ],
  ['an anchor by another account', inAnchor({ actor: { kind: 'controller', id: NOBODY } }), 'anchor.not-in-journal'],
  ['an anchor that is back-dated', inAnchor({ blockTime: 1_750_000_100 - 50 }), 'anchor.not-in-journal'],
  ['an anchor of an earlier block', inAnchor({ blockNumber: 1 }), 'anchor.not-in-journal'],
  ['an anchor of a block to come', inAnchor({ blockNumber: 2 ** 40 }), 'anchor.facts-before-anchor', 'indeterminate'],
  ['an anchor of a time to come', inAnchor({ blockTime: 2 ** 45 }), 'anchor.facts-before-anchor', 'indeterminate'],
  [
    'the place of another entry',
    inPlace(({ index }) => ({ index: index - 1 })),
    'anchor.proof-outdated',
    'indeterminate',
  ],
  ['a place beyond the journal', inPlace(() => ({ index: 99 })), 'anchor.ahead-of-facts', 'indeterminate'],
  [
    'a place at the end of numbers',
    inPlace(() => ({ index: Number.MAX_SAFE_INTEGER })),
    'anchor.ahead-of-facts',
    'indeterminate',
  ],
  [
    'a journal proof that is too long',
    inPlace(({ proof }) => ({ proof: [...proof, zero32] })),
    'anchor.proof-outdated',
    'indeterminate',
  ],

  // What the evidence says of itself.
  ['another key', withMember({ key: { kty: 'OKP', crv: 'Ed25519', x: zero32 } }), 'signature.forged'],
  ['a point that is not on the curve', (e) => ({ ...e, key: { ...e.key, y: other43 } }), 'signature.forged'],
  ['the point of zeros', (e) => ({ ...e, key: { ...e.key, x: zero32, y: zero32 } }), 'signature.forged'],
  ['another ledger', withMember({ ledger: `eip155:31337:0x${'ff'.repeat(20)}` }), 'status.other-ledger'],
  ['the same address on another chain', withMember({ ledger: `eip155:1:0x${'ed'.repeat(20)}` }), 'status.other-ledger'],
];

/** (r, n - s): verifies as well, and is another spelling. */
function raiseS(jwt: string): string {
  const at = jwt.lastIndexOf('.') + 1;
  const signature = Uint8Array.from(decodeBase64Url(jwt.slice(at)));
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  let s = order - BigInt(encodeHex(signature.subarray(32)));
  for (let i = 63; i >= 32; i--) {
    signature[i] = Number(s & 255n);
    s >>= 8n;
  }
  expect(lowerS(signature)).not.toEqual(signature);
  return jwt.slice(0, at) + encodeBase64Url(signature);
}

describe('damaged and forged evidence', () => {
  test.each(DAMAGED)('%s', async (_, damage, code, verdict = 'invalid') => {
    const evidence = good.evidence();
    const report = await verify({ ...world.options(evidence), evidence: damage(evidence) });
    expect(report.checks.map(({ code: found }) => found)).toContain(code);
    expect(report.verdict).toBe(verdict);
    expect(report.checks).toHaveLength(CHECKS.length);
  });

  test('is refused with facts that answer its own questions too', async () => {
    const evidence = good.evidence();
    for (const [title, damage] of DAMAGED) {
      const damaged = damage(evidence);
      let facts: Facts;
      try {
        facts = world.facts(damaged as Evidence);
      } catch {
        continue;
      }
      const { verdict } = await verify({ ...world.options(evidence), evidence: damaged, facts });
      expect(verdict, title).not.toBe('valid');
    }
  });
});

// ---------------------------------------------------------------------------------------------------------- facts and policies

describe('facts', () => {
  const at = (change: (facts: Facts) => unknown) => async () => {
    const evidence = good.evidence();
    const facts = change(world.facts(evidence));
    return verify({ ...world.options(evidence), facts: facts as Facts });
  };

  test('that nobody asked for leave five checks unknown', async () => {
    const report = await verify(world.options(good.evidence(), { facts: undefined }));
    expect(report).toMatchObject({
      verdict: 'indeterminate',
      current: undefined,
      asOf: undefined,
      anchoredAt: undefined,
    });
    expect(codesOf(report)).toMatchObject({
      content: 'content.valid',
      signature: 'signature.valid',
      key: 'key.no-facts',
      issuer: 'issuer.no-facts',
      anchor: 'anchor.no-facts',
      status: 'status.no-facts',
      freshness: 'freshness.no-facts',
      period: 'period.valid',
    });
  });

  test.each<[string, (facts: Facts) => unknown, string]>([
    ['of another chain', (facts) => ({ ...facts, ledger: { ...facts.ledger, chainId: 1 } }), 'facts-other-ledger'],
    [
      'of another genesis',
      (facts) => ({ ...facts, ledger: { ...facts.ledger, genesis: makerId } }),
      'facts-other-ledger',
    ],
    [
      'of another contract',
      (facts) => ({ ...facts, ledger: { ...facts.ledger, address: NOBODY } }),
      'facts-other-ledger',
    ],
    ['of other code', (facts) => ({ ...facts, ledger: { ...facts.ledger, codeHash: makerId } }), 'facts-other-ledger'],
    [
      'about another issuer',
      (facts) => ({ ...facts, question: { ...facts.question, issuer: `0x${'00'.repeat(32)}` } }),
      'facts-other-question',
    ],
    [
      'about another key',
      (facts) => ({ ...facts, question: { ...facts.question, key: makerId } }),
      'facts-other-question',
    ],
    [
      'about another grant',
      (facts) => ({ ...facts, question: { ...facts.question, grant: makerId } }),
      'facts-other-question',
    ],
    [
      'about another list',
      (facts) => ({ ...facts, question: { ...facts.question, list: 0n } }),
      'facts-other-question',
    ],
    ['about another word', (facts) => ({ ...facts, question: { ...facts.question, word: 2 } }), 'facts-other-question'],
    ['of a block before the anchor', (facts) => ({ ...facts, blockNumber: 100 }), 'facts-before-anchor'],
    ['of a time before the anchor', (facts) => ({ ...facts, blockTime: 1_750_000_000 }), 'facts-before-anchor'],
    ['that are no object', () => 7, 'facts-unreadable'],
    ['that are null', () => null, 'facts-unreadable'],
    ['that are empty', () => ({}), 'facts-unreadable'],
    ['with a time that is no number', (facts) => ({ ...facts, blockTime: Number.NaN }), 'facts-unreadable'],
    ['with an endless time', (facts) => ({ ...facts, blockTime: Number.POSITIVE_INFINITY }), 'facts-unreadable'],
    ['with a negative block', (facts) => ({ ...facts, blockNumber: -1 }), 'facts-unreadable'],
    [
      'with a final block that is no number',
      (facts) => ({ ...facts, finalBlockNumber: Number.NaN }),
      'facts-unreadable',
    ],
    ['with too few peaks', (facts) => ({ ...facts, treeHead: { ...facts.treeHead, peaks: [] } }), 'facts-unreadable'],
    [
      'with a peak of 31 bytes',
      (facts) => ({
        ...facts,
        treeHead: { ...facts.treeHead, peaks: facts.treeHead.peaks.map((peak) => peak.subarray(1)) },
      }),
      'facts-unreadable',
    ],
    [
      'with a word of 257 bits',
      (facts) => ({ ...facts, status: { revoked: 1n << 256n, superseded: 0n } }),
      'facts-unreadable',
    ],
    [
      'with a word that is a number',
      (facts) => ({ ...facts, status: { revoked: 0, superseded: 0 } }),
      'facts-unreadable',
    ],
    [
      'with a key that was compromised at no number',
      (facts) => ({ ...facts, key: { ...facts.key, compromisedSince: Number.NaN } }),
      'facts-unreadable',
    ],
    ['without status', ({ status: _, ...facts }) => facts, 'facts-unreadable'],
  ])('%s count for nothing', async (_, change, reason) => {
    const report = await at(change)();
    expect(report.verdict).toBe('indeterminate');
    expect(report.asOf).toBeUndefined();
    for (const name of ['key', 'issuer', 'anchor', 'status', 'freshness'] as const) {
      expect(codeOf(report, name)).toBe(`${name}.${reason}`);
    }
  });

  test('from a ledger that the policy does not pin count for nothing', async () => {
    const elsewhere = parsePolicy({ ledgers: [{ ...world.ledger.id, genesis: makerId }] });
    const report = await verify(world.options(good.evidence(), { policy: elsewhere }));
    expect(report.verdict).toBe('indeterminate');
    expect(codeOf(report, 'anchor')).toBe('anchor.facts-other-ledger');
  });

  test.each<[string, (facts: Facts) => unknown, CheckCode, Verdict]>([
    [
      'another tree head',
      (facts) => ({
        ...facts,
        treeHead: { ...facts.treeHead, peaks: facts.treeHead.peaks.map(() => new Uint8Array(32)) },
      }),
      'anchor.not-in-journal',
      'invalid',
    ],
    [
      'another tree head before finality',
      (facts) => ({
        ...facts,
        finalBlockNumber: 1,
        treeHead: { ...facts.treeHead, peaks: facts.treeHead.peaks.map(() => new Uint8Array(32)) },
      }),
      'anchor.not-final',
      'indeterminate',
    ],
    [
      'a shorter journal',
      (facts) => ({ ...facts, treeHead: { size: 0, peaks: [] } }),
      'anchor.ahead-of-facts',
      'indeterminate',
    ],
    [
      'that the issuer is not accredited',
      (facts) => ({ ...facts, issuer: undefined, key: undefined, grant: undefined }),
      'issuer.not-on-ledger',
      'indeterminate',
    ],
    ['that the issuer has no such key', (facts) => ({ ...facts, key: undefined }), 'key.not-registered', 'invalid'],
    ['that there is no such grant', (facts) => ({ ...facts, grant: undefined }), 'issuer.no-grant', 'invalid'],
    [
      'that the key has another purpose',
      (facts) => ({ ...facts, key: { ...facts.key, purposes: 14 } }),
      'key.no-assert',
      'invalid',
    ],
    [
      'that the block is not final',
      (facts) => ({ ...facts, finalBlockNumber: facts.blockNumber - 2 }),
      'anchor.provisional',
      'valid',
    ],
  ])('say %s', async (_, change, code, verdict) => {
    const report = await at(change)();
    expect(report.checks.map(({ code: found }) => found)).toContain(code);
    expect(report.verdict).toBe(verdict);
    expect(report.provisional).toBe(code === 'anchor.provisional');
  });

  test('of an issuer that is not on the ledger leave key, issuer and status unknown', async () => {
    const report = await at((facts) => ({ ...facts, issuer: undefined, key: undefined, grant: undefined }))();
    expect(codesOf(report)).toMatchObject({
      key: 'key.issuer-not-on-ledger',
      issuer: 'issuer.not-on-ledger',
      status: 'status.issuer-not-on-ledger',
    });
    expect(report.current).toBeUndefined();
  });
});

describe('borders', () => {
  const at = () => decodeEntry(decodeBase64Url(good.evidence().entry.bytes)).blockTime;
  const judged = (change: (facts: Facts, at: number) => object, policy = world.policy) => {
    const facts = world.facts(good.evidence());
    return verify(world.options(good.evidence(), { policy, facts: { ...facts, ...change(facts, at()) } as Facts }));
  };

  test.each<[string, (facts: Facts, at: number) => object, CheckCode]>([
    ['a key holds from its first second', ({ key }, validFrom) => ({ key: { ...key, validFrom } }), 'key.valid'],
    ['a key is retired in its last', ({ key }, retiredAt) => ({ key: { ...key, retiredAt } }), 'key.retired'],
    ['a grant holds from its first second', (_, from) => ({ grant: { from, until: undefined } }), 'issuer.valid'],
    ['a grant has ended in its last', ({ grant }, until) => ({ grant: { ...grant, until } }), 'issuer.grant-ended'],
  ])('%s', async (_, change, code) => {
    expect((await judged(change)).checks.map(({ code: found }) => found)).toContain(code);
  });

  test('a passport is valid from the very second of its validFrom', async () => {
    const now = Date.parse('2025-01-15T00:00:00Z') / 1000;
    expect(codeOf(await verify(world.options(good.evidence(), { now })), 'period')).toBe('period.valid');
  });

  test('a ledger is pinned by all that names it, and one of several pins is enough', async () => {
    const { id } = world.ledger;
    for (const other of [{ chainId: 1 }, { address: NOBODY }, { genesis: makerId }, { codeHash: makerId }]) {
      const elsewhere = { ...id, ...other };
      const report = await judged(() => ({}), parsePolicy({ ledgers: [elsewhere] }));
      expect(codeOf(report, 'anchor')).toBe('anchor.facts-other-ledger');
      expect(await judged(() => ({}), parsePolicy({ ledgers: [elsewhere, id] }))).toMatchObject({ verdict: 'valid' });
    }
  });

  test('facts of one pinned ledger say nothing about evidence of another', async () => {
    const elsewhere = { ...world.ledger.id, address: NOBODY };
    const report = await judged(() => ({ ledger: elsewhere }), parsePolicy({ ledgers: [elsewhere, world.ledger.id] }));
    expect(codeOf(report, 'anchor')).toBe('anchor.facts-other-ledger');
  });

  test('a policy that says nothing of standings accepts none', async () => {
    const policy = { ...world.policy, anchorStandings: undefined as never };
    expect(codeOf(await judged(() => ({}), policy), 'anchor')).toBe('anchor.standing-not-accepted');
  });
});

describe('what the report says', () => {
  test('names the time of the anchor and of the facts, to the second, and how old they are', async () => {
    const report = await verify(world.options(good.evidence()));
    const messageOf = (name: CheckName) => report.checks.find((check) => check.name === name)?.message;
    const spelt = (seconds = 0) => `${new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
    expect(messageOf('anchor')).toContain(spelt(report.anchoredAt?.time));
    expect(messageOf('freshness')).toContain(spelt(world.ledger.time));
    expect(messageOf('freshness')).toContain('30 seconds ago');
  });

  test('of what is no credential is about no subject', async () => {
    expect((await verify({ ...world.options(good.evidence()), evidence: 'Hello' })).subject).toBeUndefined();
  });

  test('that a signature was not checked where the platform cannot, and not that it is forged', async () => {
    const fresh = await createWorld();
    const options = fresh.options((await fresh.issue(passport(fresh.ledger))).evidence());
    const subtle = Object.getOwnPropertyDescriptor(Crypto.prototype, 'subtle') as PropertyDescriptor;
    try {
      Object.defineProperty(Crypto.prototype, 'subtle', { ...subtle, get: () => undefined });
      const report = await verify(options);
      expect(codeOf(report, 'signature')).toBe('signature.not-checked');
      expect(report.verdict).toBe('indeterminate');
    } finally {
      Object.defineProperty(Crypto.prototype, 'subtle', subtle);
    }
  });

  test('a publisher’s other role, which may not issue passports, does not make its word a declaration', async () => {
    const both = await createWorld({ roles: 0b10 | (1 << 7) });
    const restated = await both.issue(passport(both.ledger));
    expect(await verify(both.options(restated.evidence()))).toMatchObject({ verdict: 'valid', voice: 'restated' });
    const none = await createWorld({ roles: 1 << 7 });
    const anchored = await none.issue(passport(none.ledger));
    expect(await verify(none.options(anchored.evidence()))).toMatchObject({ verdict: 'invalid', voice: 'declared' });
  });
});

describe('an event that answers for what was scanned', () => {
  const type = ['DigitalTraceabilityEvent', 'VerifiableCredential'];
  test.each([
    ['the item', ITEM],
    ['its model', MODEL],
  ])('as %s needs a grant for it, and a grant of another prefix does not serve', async (_, id) => {
    const fresh = await createWorld();
    fresh.append(ACCREDITOR, { kind: 'prefixGranted', issuer: makerId, number: 2, prefix: 'gs1:4012345' });
    const event = passport(fresh.ledger, { type, credentialSubject: [{ type: ['MakeEvent'], id }] });
    const anchored = await fresh.issue(event);
    const { grant: _grant, ...bare } = anchored.evidence();
    const expected = { subject: item };
    expect(await verify(fresh.options(anchored.evidence(), { expected }))).toMatchObject({ verdict: 'valid' });
    expect(codeOf(await verify(fresh.options(bare, { expected })), 'issuer')).toBe('issuer.grant-not-shown');
    const other = { ...bare, grant: { number: 2, prefix: 'gs1:4012345' } };
    expect(codeOf(await verify(fresh.options(other, { expected })), 'issuer')).toBe('issuer.other-grant');
    expect(codeOf(await verify(fresh.options(bare)), 'issuer')).toBe('issuer.valid');
    const scanned = { subject: 'https://id.gs1.org/01/09521234000020' as SubjectId };
    expect(codeOf(await verify(fresh.options(bare, { expected: scanned })), 'issuer')).toBe('issuer.valid');
  });
});

describe('facts that prove themselves', () => {
  const proving = (prove: FactsProof['prove']) => verify(world.options(good.evidence(), { facts: { prove } }));

  test('make an anchor witnessed, and the report rests on the witnesses and not on a source', async () => {
    const facts = world.facts(good.evidence());
    const key = await createCosignatureSigner(await generateCosignatureKey('witness.example/w1'));
    const witnesses = await parseWitnessPolicy(`witness W1 ${key.verifierKey}\nquorum W1\n`);
    const options = world.options(good.evidence(), { facts: { prove: async () => ({ facts }) } });
    const report = await verify({ ...options, policy: { ...world.policy, witnesses } });
    expect(report.verdict).toBe('valid');
    expect(codeOf(report, 'anchor')).toBe('anchor.witnessed');
    expect(report.trustBase).toBe(witnesses.sentence);
    expect(witnesses.sentence).toContain('W1');
    expect(await verify(options)).toMatchObject({ verdict: 'valid', trustBase: 'no witness' });
  });

  test('are asked what the evidence is about, by the policy of who verifies', async () => {
    const asked: unknown[] = [];
    await proving(async (...given) => {
      asked.push(...given);
      return { reason: 'no-facts' };
    });
    expect(asked).toEqual([questionOf(good.evidence()), world.policy, { upstream: [] }]);
  });

  test.each<[string, FactsProof['prove'], FactsReason]>([
    ['that fail say why', async () => ({ reason: 'facts-other-ledger' }), 'facts-other-ledger'],
    ['that throw are unreadable', () => Promise.reject(new Error('broken')), 'facts-unreadable'],
    [
      'are looked at like anybody’s',
      async () => ({ facts: { ...world.facts(good.evidence()), blockNumber: 100 } }),
      'facts-before-anchor',
    ],
  ])('%s', async (_, prove, reason) => {
    const report = await proving(prove);
    expect(report.verdict).toBe('indeterminate');
    // It draws on no lot, of which facts would have to tell.
    const asked = FACTS_CHECKS.filter((name) => name !== 'provenance');
    for (const name of asked) expect(codeOf(report, name)).toBe(`${name}.${reason}`);
  });

  test('are not asked about what is no evidence', async () => {
    let isAsked = false;
    const prove: FactsProof['prove'] = async () => {
      isAsked = true;
      return { reason: 'no-facts' };
    };
    const report = await verify({ ...world.options(good.evidence()), evidence: good.signed.jwt, facts: { prove } });
    expect(codeOf(report, 'freshness')).toBe('freshness.facts-other-question');
    expect(isAsked).toBe(false);
  });
});

describe('freshness and period', () => {
  test.each<[string, (time: number) => Partial<VerifyOptions>, CheckCode, Verdict]>([
    ['facts a day old are fresh', (time) => ({ now: time + 86_400 }), 'freshness.valid', 'valid'],
    ['facts a day and a second old are stale', (time) => ({ now: time + 86_401 }), 'freshness.stale', 'indeterminate'],
    ['facts a minute ahead are fresh', (time) => ({ now: time - 60 }), 'freshness.valid', 'valid'],
    ['facts two minutes ahead are not', (time) => ({ now: time - 120 }), 'freshness.ahead', 'indeterminate'],
    ['no clock, no freshness', () => ({ now: Number.NaN }), 'freshness.no-clock', 'indeterminate'],
    ['no clock, no period', () => ({ now: Number.NaN }), 'period.no-clock', 'indeterminate'],
    ['an endless clock is none', () => ({ now: Number.POSITIVE_INFINITY }), 'period.no-clock', 'indeterminate'],
    [
      'before validFrom it is not valid yet',
      () => ({ now: Date.parse('2025-01-14T23:59:59Z') / 1000 }),
      'period.not-yet',
      'invalid',
    ],
  ])('%s', async (_, change, code, verdict) => {
    const report = await verify(world.options(good.evidence(), change(world.ledger.time)));
    expect(report.checks.map(({ code: found }) => found)).toContain(code);
    expect(report.verdict).toBe(verdict);
  });

  test('a policy can ask for fresher facts', async () => {
    const policy = parsePolicy({ ledgers: [world.ledger.id], maxAgeSeconds: 10 });
    const report = await verify(world.options(good.evidence(), { policy }));
    expect(codeOf(report, 'freshness')).toBe('freshness.stale');
  });

  test('a passport whose time is over is not valid, and one in its last second is', async () => {
    const fresh = await createWorld();
    const validUntil = new Date((fresh.ledger.time + 40) * 1000).toISOString();
    const anchored = await fresh.issue(passport(fresh.ledger, { validUntil }), {});
    const end = Date.parse(validUntil) / 1000;
    expect(await verify(fresh.options(anchored.evidence(), { now: end }))).toMatchObject({ verdict: 'valid' });
    const over = await verify(fresh.options(anchored.evidence(), { now: end + 1 }));
    expect(codeOf(over, 'period')).toBe('period.over');
    expect(over.verdict).toBe('invalid');
  });
});

// -------------------------------------------------------------------------------------------------------------- stories in time

describe('keys', () => {
  test('a rotated key breaks nothing that it signed, and signs nothing more', async () => {
    const fresh = await createWorld();
    const before = await fresh.issue(passport(fresh.ledger));
    fresh.append(CONTROLLER, {
      kind: 'keyRetired',
      issuer: makerId,
      key: fresh.keyPair.id,
      at: fresh.ledger.time + 10,
    });
    const after = await fresh.issue(passport(fresh.ledger));
    expect(await verify(fresh.options(before.evidence()))).toMatchObject({ verdict: 'valid' });
    const late = await verify(fresh.options(after.evidence()));
    expect(late.verdict).toBe('invalid');
    expect(codeOf(late, 'key')).toBe('key.retired');
  });

  test('a key compromised since a time takes down what came at that time or after, and nothing before', async () => {
    const fresh = await createWorld();
    const before = await fresh.issue(passport(fresh.ledger));
    const after = await fresh.issue(passport(fresh.ledger));
    const since = decodeEntry(fresh.ledger.entries.at(-1) ?? new Uint8Array()).blockTime;
    fresh.append(CONTROLLER, { kind: 'keyCompromised', issuer: makerId, key: fresh.keyPair.id, since });
    expect(await verify(fresh.options(before.evidence()))).toMatchObject({ verdict: 'valid' });
    const stolen = await verify(fresh.options(after.evidence()));
    expect(stolen.verdict).toBe('invalid');
    expect(codeOf(stolen, 'key')).toBe('key.compromised-before-anchor');
  });

  test('a key registered after the anchor does not cover it', async () => {
    const fresh = await createWorld();
    const pair = await createKeyPair();
    const signer = await createSigner({ issuer: parseDid(MAKER), jwk: pair.jwk });
    const early = await fresh.issue(passport(fresh.ledger), { signer });
    fresh.append(CONTROLLER, keyAdded(makerId, pair, 1));
    const report = await verify(fresh.options(early.evidence()));
    expect(report.verdict).toBe('invalid');
    expect(codeOf(report, 'key')).toBe('key.not-yet-valid');
  });

  test('a key that is not registered, or not for signing credentials, is refused', async () => {
    const fresh = await createWorld();
    const pair = await createKeyPair();
    const signer = await createSigner({ issuer: parseDid(MAKER), jwk: pair.jwk });
    const unregistered = await fresh.issue(passport(fresh.ledger), { signer });
    expect(codeOf(await verify(fresh.options(unregistered.evidence())), 'key')).toBe('key.not-registered');
    fresh.append(CONTROLLER, keyAdded(makerId, pair, 2));
    const purposeless = await fresh.issue(passport(fresh.ledger), { signer });
    expect(codeOf(await verify(fresh.options(purposeless.evidence())), 'key')).toBe('key.no-assert');
  });

  test('another issuer’s key does not sign in the maker’s name', async () => {
    const fresh = await createWorld();
    const pair = await createKeyPair();
    const evil = parseDid('did:web:evil.example');
    const thief = await createSigner({ issuer: evil, jwk: pair.jwk });
    const accredited = { number: 2, roles: 1, controller: NOBODY, did: evil } as const;
    fresh.append(ACCREDITOR, { kind: 'accredited', issuer: issuerOf(evil), ...accredited });
    fresh.append(ACCREDITOR, keyAdded(issuerOf(evil), pair, 15));
    const own = await fresh.issue(passport(fresh.ledger), { signer: thief });
    expect(codeOf(await verify(fresh.options(own.evidence())), 'key')).toBe('key.other-issuer');
    const claimed = await fresh.issue(passport(fresh.ledger), {
      signer: thief,
      kid: formatKid(parseDid(MAKER), thief.keyId),
    });
    expect(codeOf(await verify(fresh.options(claimed.evidence())), 'key')).toBe('key.not-registered');
    const entry = { issuer: issuerOf(evil) };
    const anchored = await fresh.issue(passport(fresh.ledger), { signer: thief, entry, actor: by('key', pair.id) });
    const report = await verify(fresh.options(anchored.evidence()));
    expect(codeOf(report, 'anchor')).toBe('anchor.other-issuer');
    expect(report.verdict).toBe('invalid');
  });

  test('the maker’s registered key does not make a thief’s signature good', async () => {
    const fresh = await createWorld();
    const pair = await createKeyPair();
    const thief: Signer = await createSigner({ issuer: parseDid(MAKER), jwk: pair.jwk });
    const kid = formatKid(parseDid(MAKER), fresh.signer.keyId);
    const forged = await fresh.issue(passport(fresh.ledger), {
      signer: thief,
      kid,
      key: publicKeyOf(fresh.signer.key),
    });
    const report = await verify(fresh.options(forged.evidence()));
    expect(report.verdict).toBe('invalid');
    expect(codeOf(report, 'signature')).toBe('signature.forged');
    expect(codeOf(report, 'key')).toBe('key.valid');
  });
});

describe('issuers', () => {
  test('a suspended issuer’s earlier passports stand, and the report says so', async () => {
    const fresh = await createWorld();
    const anchored = await fresh.issue(passport(fresh.ledger));
    fresh.append(ACCREDITOR, { kind: 'suspended', issuer: makerId });
    const report = await verify(fresh.options(anchored.evidence()));
    expect(report.verdict).toBe('valid');
    expect(codeOf(report, 'issuer')).toBe('issuer.valid-suspended-now');
  });

  test('a withdrawal takes down what was anchored at its time or after, and nothing before', async () => {
    const fresh = await createWorld();
    const before = await fresh.issue(passport(fresh.ledger));
    const after = await fresh.issue(passport(fresh.ledger));
    const since = decodeEntry(fresh.ledger.entries.at(-1) ?? new Uint8Array()).blockTime;
    fresh.append(ACCREDITOR, { kind: 'withdrawn', issuer: makerId, since });
    const stands = await verify(fresh.options(before.evidence()));
    expect(stands.verdict).toBe('valid');
    expect(codeOf(stands, 'issuer')).toBe('issuer.valid-withdrawn-later');
    const falls = await verify(fresh.options(after.evidence()));
    expect(falls.verdict).toBe('invalid');
    expect(codeOf(falls, 'issuer')).toBe('issuer.withdrawn');
  });

  test('a role that may not issue this kind is refused, as it was at the anchor', async () => {
    const fresh = await createWorld({ roles: 1 << 7 });
    const anchored = await fresh.issue(passport(fresh.ledger));
    fresh.append(ACCREDITOR, { kind: 'rolesAssigned', issuer: makerId, roles: 1 });
    const report = await verify(fresh.options(anchored.evidence()));
    expect(report.verdict).toBe('invalid');
    expect(codeOf(report, 'issuer')).toBe('issuer.wrong-role');
  });

  test.each<[string, Evidence['grant'], string, CheckCode]>([
    ['another prefix', { number: 2, prefix: 'gs1:4012345' }, ITEM, 'issuer.other-grant'],
    ['a prefix that nobody granted', { number: 9, prefix: 'gs1:9521234' }, ITEM, 'issuer.no-grant'],
    ['somebody else’s subject', GRANT, 'https://id.gs1.org/01/04012345000009', 'issuer.other-grant'],
    ['a subject on another host', GRANT, 'https://evil.example/m/laptop-14', 'issuer.other-grant'],
    ['a subject that is not canonical', GRANT, `${MODEL}/21/%41`, 'issuer.other-grant'],
  ])('a grant of %s does not serve', async (_, grant, id, code) => {
    const fresh = await createWorld();
    fresh.append(ACCREDITOR, { kind: 'prefixGranted', issuer: makerId, number: 2, prefix: 'gs1:4012345' });
    const credentialSubject = { type: ['Product'], id, name: 'Laptop 14' };
    const anchored = await fresh.issue(passport(fresh.ledger, { credentialSubject }), { grant });
    const report = await verify(fresh.options(anchored.evidence()));
    expect(report.verdict).toBe('invalid');
    expect(codeOf(report, 'issuer')).toBe(code);
  });

  test('evidence without a grant does not show the right to speak of a product, and accuses nobody', async () => {
    const { grant: _, ...evidence } = good.evidence();
    const report = await verify(world.options(evidence));
    expect(report.verdict).toBe('indeterminate');
    expect(codeOf(report, 'issuer')).toBe('issuer.grant-not-shown');
  });

  test('a limit that is no number lets no facts pass, and no standing accepted accepts none', async () => {
    const { policy, ...options } = world.options(good.evidence());
    const unlimited = await verify({ ...options, policy: { ...policy, maxAgeSeconds: Number.NaN } });
    expect(codeOf(unlimited, 'freshness')).toBe('freshness.stale');
    const none = await verify({ ...options, policy: { ...policy, anchorStandings: [] } });
    expect(codeOf(none, 'anchor')).toBe('anchor.standing-not-accepted');
  });

  test('a grant holds from its start until its end, and neither before nor after', async () => {
    const fresh = await createWorld();
    const prefix = 'gs1:95212340';
    const early = await fresh.issue(passport(fresh.ledger), { grant: { number: 7, prefix } });
    fresh.append(ACCREDITOR, { kind: 'prefixGranted', issuer: makerId, number: 7, prefix });
    const within = await fresh.issue(passport(fresh.ledger), { grant: { number: 7, prefix } });
    fresh.append(ACCREDITOR, {
      kind: 'prefixTakenBack',
      issuer: makerId,
      number: 7,
      prefix,
      since: fresh.ledger.time + 5,
    });
    const late = await fresh.issue(passport(fresh.ledger), { grant: { number: 7, prefix } });
    expect(codeOf(await verify(fresh.options(early.evidence())), 'issuer')).toBe('issuer.grant-not-yet');
    expect(await verify(fresh.options(within.evidence()))).toMatchObject({ verdict: 'valid' });
    expect(codeOf(await verify(fresh.options(late.evidence())), 'issuer')).toBe('issuer.grant-ended');
  });

  test('an event needs no grant, and a manufacturer’s is valid', async () => {
    const fresh = await createWorld();
    const type = ['DigitalTraceabilityEvent', 'VerifiableCredential'];
    const credentialSubject = [{ type: ['MakeEvent'], id: 'urn:uuid:3f0e2c9e-3b0a-5c37-9a60-2f8f8f7f3a02' }];
    const anchored = await fresh.issue(passport(fresh.ledger, { type, credentialSubject }));
    const { grant: _, ...evidence } = anchored.evidence();
    expect(await verify(fresh.options(evidence))).toMatchObject({ verdict: 'valid' });
  });
});

describe('status', () => {
  const set = (status: 'revoked' | 'superseded', place: number, list = LIST) =>
    ({
      kind: 'statusSet',
      issuer: makerId,
      list,
      status,
      reason: 'recall',
      words: [{ number: Math.floor(place / 256), bits: 1n << BigInt(place % 256) }],
    }) as const;

  test('a revoked passport is invalid, and stays so when it is anchored again', async () => {
    const fresh = await createWorld();
    const anchored = await fresh.issue(passport(fresh.ledger));
    fresh.append(CONTROLLER, set('revoked', 417));
    const report = await verify(fresh.options(anchored.evidence()));
    expect(report.verdict).toBe('invalid');
    expect(codeOf(report, 'status')).toBe('status.revoked');
    const batch = buildBatch([anchored.signed.digest]);
    const root = { root: batch.root, size: 1, manifest: encodeHex(batch.manifest.digest) };
    const index = fresh.append(CONTROLLER, { kind: 'anchored', issuer: makerId, roles: 1, allocations: [], ...root });
    const again: Evidence = {
      ...anchored.evidence(),
      batch: { index: 0, proof: [] },
      entry: {
        index,
        bytes: encodeBase64Url(fresh.ledger.entries[index] ?? new Uint8Array()),
        proof: fresh.ledger.peakPath(index).map(encodeBase64Url),
      },
    };
    const second = await verify(fresh.options(again));
    expect(codeOf(second, 'anchor')).toBe('anchor.proved');
    expect(codeOf(second, 'status')).toBe('status.revoked');
    expect(second.verdict).toBe('invalid');
  });

  test('a superseded passport is valid and not current, unless the current one is asked for', async () => {
    const fresh = await createWorld();
    const anchored = await fresh.issue(passport(fresh.ledger));
    fresh.append(CONTROLLER, set('superseded', 417));
    const report = await verify(fresh.options(anchored.evidence()));
    expect(report).toMatchObject({ verdict: 'valid', current: false });
    expect(codeOf(report, 'status')).toBe('status.valid-superseded');
    const current = await verify(fresh.options(anchored.evidence(), { expected: { current: true } }));
    expect(current).toMatchObject({ verdict: 'invalid', current: false });
    expect(codeOf(current, 'status')).toBe('status.superseded');
  });

  test('only its own bit counts, whatever stands around it', async () => {
    for (const place of [0, 255, 256, 417, 131_071]) {
      const fresh = await createWorld();
      const anchored = await fresh.issue(passport(fresh.ledger, {}, place));
      for (const near of [place - 1, place + 1]) {
        if (near >= 0 && near < 131_072) fresh.append(CONTROLLER, set('revoked', near));
      }
      fresh.append(CONTROLLER, set('revoked', place, LIST + 1n));
      expect(await verify(fresh.options(anchored.evidence()))).toMatchObject({ verdict: 'valid' });
      fresh.append(CONTROLLER, set('revoked', place));
      expect(codeOf(await verify(fresh.options(anchored.evidence())), 'status')).toBe('status.revoked');
    }
  });

  test.each<[string, (fresh: World) => unknown, CheckCode]>([
    ['no status', () => undefined, 'status.missing'],
    [
      'a status on another ledger',
      ({ ledger }) => status(ledger, LIST, 1, `eip155:31337:0x${'aa'.repeat(20)}`),
      'status.other-ledger',
    ],
    [
      'a status on another chain',
      ({ ledger }) => status(ledger, LIST, 1, `eip155:1:${ledger.id.address}`),
      'status.other-ledger',
    ],
    ['a place beyond the list', ({ ledger }) => status(ledger, LIST, 131_072), 'status.malformed'],
    ['a list beyond 64 bits', ({ ledger }) => status(ledger, 2n ** 64n, 1), 'status.malformed'],
    [
      'two places that differ',
      ({ ledger }) => ({ ...status(ledger, LIST, 1), statusListIndex: 2 }),
      'status.malformed',
    ],
    [
      'another purpose',
      ({ ledger }) => ({ ...status(ledger, LIST, 1), statusPurpose: 'suspension' }),
      'status.malformed',
    ],
    [
      'a status somewhere on the web',
      ({ ledger }) => ({ ...status(ledger, LIST, 1), id: 'https://evil.example/1' }),
      'status.malformed',
    ],
  ])('a passport that names %s is invalid', async (_, credentialStatus, code) => {
    const fresh = await createWorld();
    const anchored = await fresh.issue(passport(fresh.ledger, { credentialStatus: credentialStatus(fresh) }));
    const report = await verify(fresh.options(anchored.evidence()));
    expect(report.verdict).toBe('invalid');
    expect(codeOf(report, 'status')).toBe(code);
    expect(report.current).toBeUndefined();
  });
});

describe('anchors', () => {
  test('a proof serves while its peak stands, and then the ledger’s log does', async () => {
    const fresh = await createWorld();
    const anchored = await fresh.issue(passport(fresh.ledger));
    const evidence = anchored.evidence();
    const seen = new Set<CheckCode | undefined>();
    for (let i = 0; i < 10; i++) {
      const code = codeOf(await verify(fresh.options(evidence)), 'anchor');
      seen.add(code);
      await fresh.issue(passport(fresh.ledger));
    }
    expect([...seen]).toEqual(['anchor.proved', 'anchor.proof-outdated']);
    expect(await verify(fresh.options(evidence))).toMatchObject({ verdict: 'indeterminate' });

    const facts = fresh.facts(evidence);
    const logged = { index: evidence.entry.index, bytes: decodeBase64Url(evidence.entry.bytes) };
    const report = await verify(fresh.options(evidence, { facts: { ...facts, logged } }));
    expect(report.verdict).toBe('valid');
    expect(codeOf(report, 'anchor')).toBe('anchor.logged');

    const elsewhere = { ...facts, logged: { ...logged, index: logged.index + 1 } };
    expect(codeOf(await verify(fresh.options(evidence, { facts: elsewhere })), 'anchor')).toBe('anchor.proof-outdated');
    const other = { ...facts, logged: { ...logged, bytes: fresh.ledger.entries[3] ?? new Uint8Array() } };
    expect(codeOf(await verify(fresh.options(evidence, { facts: other })), 'anchor')).toBe('anchor.not-in-journal');

    const policy = parsePolicy({ ledgers: [fresh.ledger.id], anchorStandings: ['proved'] });
    const strict = await verify(fresh.options(evidence, { policy, facts: { ...facts, logged } }));
    expect(strict.verdict).toBe('indeterminate');
    expect(codeOf(strict, 'anchor')).toBe('anchor.standing-not-accepted');

    expect(await verify(fresh.options(anchored.evidence()))).toMatchObject({ verdict: 'valid' });
  });

  test('a policy that takes the log’s word alone is content with a proof only if it says so', async () => {
    const policy = parsePolicy({ ledgers: [world.ledger.id], anchorStandings: ['logged'] });
    expect(codeOf(await verify(world.options(good.evidence(), { policy })), 'anchor')).toBe(
      'anchor.standing-not-accepted',
    );
  });

  test('another batch’s proof does not carry over', async () => {
    const fresh = await createWorld();
    const first = (await fresh.issue(passport(fresh.ledger))).evidence();
    const second = (await fresh.issue(passport(fresh.ledger, {}, 3))).evidence();
    const swapped: readonly Evidence[] = [
      { ...first, batch: second.batch },
      { ...first, entry: second.entry },
      { ...first, batch: second.batch, entry: second.entry },
      { ...first, credential: second.credential },
    ];
    for (const evidence of swapped) {
      const report = await verify(fresh.options(evidence));
      expect(report.verdict).toBe('invalid');
      expect(codeOf(report, 'anchor')).toBe('anchor.not-in-batch');
    }
  });
});

describe('a bare credential', () => {
  test('is indeterminate at best, from whomever it is', async () => {
    const report = await verify({ ...world.options(good.evidence()), evidence: good.signed.jwt, facts: undefined });
    expect(report.verdict).toBe('indeterminate');
    expect(codesOf(report)).toMatchObject({
      content: 'content.valid',
      schema: 'schema.valid',
      signature: 'signature.no-key',
      key: 'key.no-evidence',
      issuer: 'issuer.no-evidence',
      anchor: 'anchor.no-evidence',
      status: 'status.no-evidence',
      period: 'period.valid',
    });
    expect(report.cid).toBe(good.signed.cid);
  });

  test('is no better with facts about it', async () => {
    const report = await verify({ ...world.options(good.evidence()), evidence: good.signed.jwt });
    expect(report.verdict).toBe('indeterminate');
    expect(report.asOf).toBeUndefined();
  });
});
