import { describe, expect, test } from 'vitest';
import { decodeBase64Url } from '../../src/bytes.ts';
import { createSigner, parseDid, publicKeyOf, signPayload } from '../../src/credential/index.ts';
import { type Evidence, questionOf } from '../../src/evidence/index.ts';
import { answerQuestion, decodeEntry, type EntryBody } from '../../src/journal/index.ts';
import type { Check, CheckCode } from '../../src/report.ts';
import { checkInPlace, type InPlace, readPresented, verify } from '../../src/verify/index.ts';
import {
  ACCREDITOR,
  ADMIN,
  by,
  CONTROLLER,
  createKeyPair,
  issuerOf,
  keyAdded,
  MAKER,
  makerId,
  NOBODY,
} from '../journal/paper-ledger.ts';
import { createWorld, GRANT, LIST, passport, status, type World } from './world.ts';

const PLACE = 417;
const setBit = (kind: 'revoked' | 'superseded'): EntryBody => ({
  ...{ kind: 'statusSet', issuer: makerId, list: LIST, status: kind, reason: 'recall' },
  words: [{ number: Math.floor(PLACE / 256), bits: 1n << BigInt(PLACE % 256) }],
});

function placeOf(world: World, evidence: Evidence): InPlace {
  const anchor = decodeEntry(decodeBase64Url(evidence.entry.bytes));
  if (anchor.kind !== 'anchored') throw new Error('This entry is no anchor.');
  return {
    anchor,
    key: evidence.key,
    grant: evidence.grant,
    ledger: world.ledger.id,
    answer: answerQuestion(world.ledger.fold.state, questionOf(evidence)),
    block: { number: world.ledger.block, time: world.ledger.time },
  };
}

const inPlace = async (world: World, evidence: Evidence) =>
  checkInPlace(readPresented(evidence.credential), placeOf(world, evidence));
const codes = (checks: readonly Check[]) => checks.map(({ code }) => code);

type Story = (world: World) => Promise<Evidence>;
const genuine: Story = async (world) => (await world.issue(passport(world.ledger))).evidence();
const thenAppended =
  (...appended: (readonly [actor: typeof ADMIN, body: (world: World, anchoredAt: number) => EntryBody])[]): Story =>
  async (world) => {
    const anchored = await world.issue(passport(world.ledger));
    const { time } = world.ledger;
    for (const [actor, body] of appended) world.append(actor, body(world, time));
    return anchored.evidence();
  };

const STORIES: readonly [title: string, code: CheckCode | undefined, story: Story][] = [
  ['a genuine passport', undefined, genuine],
  ['a passport that was revoked', 'status.revoked', thenAppended([CONTROLLER, () => setBit('revoked')])],
  ['a passport that was superseded', 'status.valid-superseded', thenAppended([CONTROLLER, () => setBit('superseded')])],
  [
    'a passport whose key was compromised at its anchor',
    'key.compromised-before-anchor',
    thenAppended([
      CONTROLLER,
      ({ keyPair }, since) => ({ kind: 'keyCompromised', issuer: makerId, key: keyPair.id, since }),
    ]),
  ],
  [
    'a passport whose issuer was withdrawn since its anchor',
    'issuer.withdrawn',
    thenAppended([ACCREDITOR, (_, since) => ({ kind: 'withdrawn', issuer: makerId, since })]),
  ],
  [
    'a passport whose issuer was suspended later',
    'issuer.valid-suspended-now',
    thenAppended([ACCREDITOR, () => ({ kind: 'suspended', issuer: makerId })]),
  ],
  [
    'a passport on a ledger that is closed',
    'status.ledger-closed',
    thenAppended([ADMIN, () => ({ kind: 'closed', chainId: 1n, successor: NOBODY, codeHash: makerId })]),
  ],
  [
    'a passport of a key that is not registered',
    'key.not-registered',
    async (world) => {
      const signer = await createSigner({ issuer: parseDid(MAKER), jwk: (await createKeyPair()).jwk });
      return (await world.issue(passport(world.ledger), { signer })).evidence();
    },
  ],
  [
    'a passport that somebody else signed under the maker’s key',
    'signature.forged',
    async (world) => {
      const thief = await createSigner({ issuer: parseDid(MAKER), jwk: (await createKeyPair()).jwk });
      const { credential } = (await world.issue(passport(world.ledger))).evidence();
      const kid = JSON.parse(new TextDecoder().decode(decodeBase64Url(credential.split('.')[0] ?? ''))).kid;
      const key = publicKeyOf(world.signer.key);
      return (await world.issue(passport(world.ledger), { signer: thief, kid, key })).evidence();
    },
  ],
  [
    'a passport that another issuer anchored',
    'anchor.other-issuer',
    async (world) => {
      const did = 'did:web:evil.example';
      const pair = await createKeyPair();
      const issuer = issuerOf(did);
      world.append(ACCREDITOR, { kind: 'accredited', issuer, number: 2, roles: 1, controller: NOBODY, did });
      world.append(ACCREDITOR, keyAdded(issuer, pair, 15));
      return (await world.issue(passport(world.ledger), { entry: { issuer }, actor: by('key', pair.id) })).evidence();
    },
  ],
  [
    'a passport under a grant that nobody gave',
    'issuer.no-grant',
    async (world) => (await world.issue(passport(world.ledger), { grant: { ...GRANT, number: 9 } })).evidence(),
  ],
  [
    'a passport whose status is kept on another ledger',
    'status.other-ledger',
    async (world) => {
      const credentialStatus = status(world.ledger, LIST, PLACE, `eip155:1:${world.ledger.id.address}`);
      return (await world.issue(passport(world.ledger, { credentialStatus }))).evidence();
    },
  ],
];

describe('a credential in its place is judged as a verifier with all the evidence judges it', () => {
  test.each(STORIES)('%s', async (_, code, story) => {
    const world = await createWorld();
    const evidence = await story(world);
    const checks = await inPlace(world, evidence);
    const report = await verify(world.options(evidence));
    const names = new Set(checks.map(({ name }) => name));
    const isOthers = code === 'anchor.other-issuer';
    expect(codes(checks)).toEqual(codes(report.checks.filter(({ name }) => names.has(name))));
    expect([...names]).toEqual([
      ...['content', 'schema', 'signature', 'key', 'issuer'],
      ...(isOthers ? ['anchor', 'status'] : ['status']),
    ]);
    if (code === undefined) expect(checks.every(({ outcome }) => outcome === 'valid')).toBe(true);
    else expect(codes(checks)).toContain(code);
  });

  test('and what is no credential is no exception', async () => {
    const world = await createWorld();
    const place = placeOf(world, await genuine(world));
    const { jwt } = await signPayload({}, 'kid', world.signer);
    expect(codes(await checkInPlace(readPresented(jwt), place))).toContain('schema.malformed');
    expect(codes(await checkInPlace(readPresented('no credential'), place))).toEqual([
      ...['content.not-canonical', 'schema.not-reached', 'signature.not-reached'],
      ...['key.not-reached', 'issuer.not-reached', 'status.not-reached'],
    ]);
  });
});
