/** Thousands of cases that differ from a genuine one in one thing. What is random follows from a seed, so that a run can be repeated. */
import { decodeBase64Url, encodeBase64Url } from '../../packages/core/src/bytes.ts';
import { formatKid, signPayload } from '../../packages/core/src/credential/index.ts';
import { type Evidence, type Facts, questionOf } from '../../packages/core/src/evidence/index.ts';
import type { SubjectId } from '../../packages/core/src/ids.ts';
import { createWorld, ITEM, passport } from '../../packages/core/test/verify/world.ts';
import { createRandom, type Random } from '../endurance/random.ts';
import type { Case } from './cases.ts';

export const pick = <T>(random: Random, items: readonly T[]): T => items[random.below(items.length)] as T;
const chance = (random: Random, percent: number): boolean => random.below(100) < percent;

/** Values of every type of JSON, and such as are nearly right. */
const STRANGE: readonly unknown[] = [
  ...[null, true, false, 0, 1, -1, 0.5, 417, 2 ** 31, 2 ** 53 - 1, 2 ** 53, 1e300, '', ' ', 'x', '\u0000', '\ud800'],
  ...['😀'.repeat(200), [], {}, [[]], [''], ['x', 'x'], { id: 'x' }, { type: 'x' }, { type: ['x'], id: 'urn:x' }],
  ...[
    [{ type: 'x' }],
    { '@value': 'x' },
    { '@value': 'x', '@direction': 'up' },
    [{ '@value': 'x', '@language': 'en' }],
  ],
  ...['2026-02-29T00:00:00Z', '0000-02-29T00:00:00Z', '2024-02-29T23:59:59.9999+14:59', '2025-01-15T00:00:00'],
  ...['2025-01-15T24:00:00Z', '2025-01-15T00:00:60Z', '2025-01-15t00:00:00z', '9999-12-31T23:59:59-14:59'],
  ...[
    '2025-01-15T00:00:00+15:00',
    '٢025-01-15T00:00:00Z',
    '2025-01-14T23:59:59.999Z',
    'urn:x',
    'urn:x\n',
    'urn:x\u00a0',
  ],
  ...[
    'urn:x\u0085',
    'urn:',
    ':x',
    '1:x',
    'é:x',
    'urn:é',
    'did:web:a',
    'did:web:a:',
    'did:web:%4a',
    'did:web:%4A',
    'DID:web:a',
  ],
  ...[`did:web:${'a'.repeat(255)}`, 'did:web:maker.example\n', '0', '00', '131071', '417', '0417', '417\n'],
];
const NAMES = ['x', 'exp', 'iss', 'vc', 'description', 'evidence', 'proof', 'crit', 'validUntil', 'credentialSchema'];
const SPELLINGS = ['', 'A', 'a', '/', '.', '%41', '\n', ' ', '-', '0', '=', '#', 'é', '"'];

/** A copy in which one thing is another, is not there, or is there besides. */
export function mutate(value: unknown, random: Random, path = ''): [changed: unknown, where: string] {
  if (typeof value === 'object' && value !== null && Object.keys(value).length > 0 && chance(random, 85)) {
    const copy = Array.isArray(value) ? [...value] : { ...value };
    const name = pick(random, Object.keys(copy));
    if (chance(random, 10)) {
      if (Array.isArray(copy)) copy.splice(Number(name), 1);
      else Reflect.deleteProperty(copy, name);
      return [copy, `${path}.${name} left out`];
    }
    if (chance(random, 7)) {
      const more = pick(random, STRANGE);
      const besides = Array.isArray(copy) ? copy.length : pick(random, NAMES);
      Reflect.set(copy, besides, more);
      return [copy, `${path}.${besides} is ${JSON.stringify(more)}`];
    }
    const [changed, where] = mutate(Reflect.get(copy, name), random, `${path}.${name}`);
    Reflect.set(copy, name, changed);
    return [copy, where];
  }
  if (typeof value === 'string' && chance(random, 50)) {
    const at = random.below(value.length + 1);
    const changed = value.slice(0, at) + pick(random, SPELLINGS) + value.slice(at + random.below(2));
    return [changed, `${path} is ${JSON.stringify(changed.slice(Math.max(0, at - 40), at + 40))}`];
  }
  const changed = pick(random, STRANGE);
  return [changed, `${path} is ${JSON.stringify(changed)}`];
}

/** As `mutate`, of facts: each value stays one that a vector can tell from the others. */
export function mutateFacts(value: object, random: Random, path = ''): [changed: object, where: string] {
  const copy = Array.isArray(value) ? [...value] : { ...value };
  const name = pick(random, Object.keys(copy));
  const current: unknown = Reflect.get(copy, name);
  if (typeof current === 'object' && current !== null && !(current instanceof Uint8Array) && chance(random, 85)) {
    const [changed, where] = mutateFacts(current, random, `${path}.${name}`);
    Reflect.set(copy, name, changed);
    return [copy, where];
  }
  const changed = pick(random, candidatesFor(current));
  Reflect.set(copy, name, changed);
  return [copy, `${path}.${name} is ${typeof changed === 'bigint' ? changed : JSON.stringify(changed)}`];
}

function candidatesFor(value: unknown): readonly unknown[] {
  const others = [undefined, true, {}, []];
  if (typeof value === 'bigint')
    return [...others, 1, 'x', -1n, value + 1n, value ^ (1n << 161n), 1n << 64n, 1n << 256n];
  if (value instanceof Uint8Array)
    return [...others, 1, 'x', value.slice(1), value.map((byte) => byte ^ 1), new Uint8Array()];
  if (typeof value === 'string') return [...others, 1, '', `${value}0`, value.toUpperCase(), value.replace(/.$/, 'f')];
  if (typeof value === 'number')
    return [...others, 'x', -1, 0, value + 0.5, value - 1, value + 1, value + 1000, 2 ** 53];
  return [...others, 0, 1, 'x', 1_749_999_999, 1_750_000_070, 1_750_000_071, 1_760_000_000];
}

/** Parts of identifiers, right and nearly right. */
const STEMS = [
  ...[
    'https://id.gs1.org',
    'https://maker.example',
    'http://id.gs1.org',
    'HTTPS://ID.GS1.ORG',
    'https://id.gs1.org:443',
  ],
  ...[
    'Https://a',
    'https://maker.example/x/y',
    'https://u@id.gs1.org',
    'ftp://id.gs1.org',
    'https://[::1]',
    'https://a.b/m',
  ],
];
const ITEMS = ['01/09521234000013', '01/9521234000013', '01/09521234000013/21/A7K2', '414/9521234000006'];
const ELEMENTS = [
  ...[
    '01/09521234000014',
    '01/0952123400001',
    '01/00000095212346',
    '01/95212346',
    '1/09521234000013',
    '21/A7K2',
    '10/LOT7',
  ],
  ...[
    '22/2A',
    '235/X1',
    '21/A%2F7',
    '21/A+7',
    '21/',
    '21/A%20',
    '21/%41',
    '21/A~',
    '21/123456789012345678901',
    '21/é',
    '21/a%',
  ],
  ...['414/9521234000007', '254/1', '7040/1ABC', '417/9521234000006', '8003/09521234000013X', '8003/19521234000013'],
  ...['8004/9521234X', '00/395212340000000018', '8006/095212340000130102', '253/9521234000006X', '255/9521234000006'],
  ...[
    '401/9521234',
    '402/95212340000000012',
    '8010/9521234-A',
    '8011/12',
    '8013/952X',
    '8017/952123400000000017',
    '8019/1',
  ],
  ...['8020/R', '415/9521234000006', '99/X', '15/260101', 'x/y', 'gtin/09521234000013', '.', '..', 'm'],
];
const QUERIES = [
  ...[
    '?',
    '?15=260101',
    '?99=a%20b',
    '?21=X',
    '?12=1',
    '?linkType=all',
    '?15=260101&15=260102',
    '?17',
    '?3103=000100;11=260101',
  ],
  ...[
    '?11=260101;x=1',
    '?1=1',
    '?98=',
    '?00=395212340000000018',
    '?02=09521234000013',
    '?02=09521234000014',
    '?99=a=b+c',
    '?٢٢=1',
  ],
];
const ENDS = ['/', '#x', '//', '/..', '\n', '%', '#\n', '?#'];
const PREFIXES = [
  ...[
    'gs1:9521234',
    'gs1:952',
    'gs1:0952',
    'gs1:9521',
    'gs1:3952',
    'gs1:95212340000',
    'gs1:9521234000013',
    'gs1:9521234\n',
  ],
  ...['https://maker.example/', 'https://maker.example/x/', 'https://maker.example/m', 'https://id.gs1.org/', '\ud800'],
  ...[
    'https://maker.example//',
    'https://maker.example/./',
    'https://Maker.example/',
    'https://maker.example:1/',
    'gs1:',
  ],
];

function anyIdentifier(random: Random): string {
  const elements = Array.from({ length: random.below(4) }, (_, i) =>
    pick(random, i === 0 && chance(random, 70) ? ITEMS : ELEMENTS),
  );
  const stem = pick(random, chance(random, 60) ? STEMS.slice(0, 2) : STEMS);
  const query = chance(random, 25) ? pick(random, QUERIES) : '';
  return [stem, ...elements].join('/') + query + (chance(random, 10) ? pick(random, ENDS) : '');
}

/** `count` cases of each sort: payload, header, evidence, its text, its entry, facts, identifiers. */
export async function createMutants(seed: number, count: number): Promise<Case[]> {
  const random = createRandom(seed);
  const world = await createWorld();
  const { ledger, signer } = world;
  const validUntil = '2035-01-15T00:00:00Z';
  const payload = { ...passport(ledger), validUntil };
  const evidence = (await world.issue(payload)).evidence();
  const options = world.options(evidence, { expected: { subject: ITEM as SubjectId } });
  const kid = formatKid(signer.issuer, signer.keyId);
  const sign = async (changed: unknown) => (await signPayload({ ...options, toJSON: () => changed }, kid, signer)).jwt;
  const write = (value: unknown) => encodeBase64Url(new TextEncoder().encode(JSON.stringify(value)));
  const text = JSON.stringify(evidence);

  const cases: Case[] = [];
  const add = (name: string, changed: Partial<Case>) => cases.push({ ...options, ...changed, name });
  for (let i = 0; i < count; i++) {
    const [claims, atClaim] = mutate(payload, random);
    add(`payload${atClaim}`, { evidence: { ...evidence, credential: await sign(claims) } });

    const [, body, signature] = evidence.credential.split('.');
    const [header, atHeader] = mutate({ alg: 'ES256', typ: 'vc+jwt', cty: 'vc', kid }, random);
    const credential = [write(header), body, signature].join('.');
    add(`header${atHeader}`, { evidence: { ...evidence, credential } });
    add(`bare, header${atHeader}`, { evidence: credential });

    const [changed, atMember] = mutate(evidence, random);
    add(`evidence${atMember}`, { evidence: changed });

    const at = random.below(text.length);
    const put = pick(random, ['', '"', '}', '{', ',', '1', '\\', '\ufeff', '"x":1,', ' ', '\u0007', '[[', '\u00a0']);
    const spelled = text.slice(0, at) + put + text.slice(at + random.below(2));
    add(`text with ${JSON.stringify(put)} at ${at}`, { evidence: spelled });

    const bytes = Uint8Array.from(decodeBase64Url(evidence.entry.bytes));
    const byte = random.below(bytes.length);
    bytes[byte] = (bytes[byte] ?? 0) ^ (1 << random.below(8));
    add(`entry with another byte ${byte}`, {
      evidence: { ...evidence, entry: { ...evidence.entry, bytes: encodeBase64Url(bytes) } },
    });

    const [facts, atFact] = mutateFacts(world.facts(evidence), random);
    // What a source says is unknown until it is read.
    add(`facts${atFact}`, { facts: facts as Facts });

    const subject = anyIdentifier(random);
    const scanned = chance(random, 50) ? subject : anyIdentifier(random);
    const grant = { number: 1, prefix: pick(random, PREFIXES) };
    const terms = { credentialSubject: { type: ['Product'], id: subject, name: 'Laptop 14' } };
    const shown: Evidence = { ...evidence, grant, credential: await sign({ ...passport(ledger, terms), validUntil }) };
    add(`${subject}, scanned as ${scanned}, under ${grant.prefix}`, {
      evidence: shown,
      facts: {
        ...world.facts(evidence),
        question: questionOf(evidenceAbout(shown, evidence)),
        grant: { from: 1, until: undefined },
      },
      expected: { subject: scanned as SubjectId },
    });
  }
  return cases;
}

/** Of a credential whose subject is no URI there is no question; the other one's serves as well. */
function evidenceAbout(shown: Evidence, evidence: Evidence): Evidence {
  return { ...evidence, grant: shown.grant };
}
