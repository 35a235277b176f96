/** What happens to a maker and its passports, one thing at a time: real keys, real signatures, a journal kept by the real fold. */
import { decodeBase64Url, decodeHex, encodeBase64Url, encodeHex } from '../../packages/core/src/bytes.ts';
import {
  createSigner,
  formatCid,
  hashCid,
  parseDid,
  publicKeyOf,
  UNTP_TYPES,
} from '../../packages/core/src/credential/index.ts';
import { buildBatch, type Evidence } from '../../packages/core/src/evidence/index.ts';
import type { Digest, SubjectId } from '../../packages/core/src/ids.ts';
import type { TreeHead } from '../../packages/core/src/journal/index.ts';
import type { VerifyOptions } from '../../packages/core/src/verify/index.ts';
import {
  ACCREDITOR,
  ADMIN,
  anchored,
  CONTROLLER,
  createKeyPair,
  keyAdded,
  MAKER,
  makerId,
  NOBODY,
} from '../../packages/core/test/journal/paper-ledger.ts';
import {
  createWorld,
  GRANT,
  ITEM,
  LIST,
  MODEL,
  passport,
  status,
  type World,
} from '../../packages/core/test/verify/world.ts';
import entryVectors from '../vectors/entries.json' with { type: 'json' };
import type { Case } from './cases.ts';

type Tell = (world: World) => Promise<Evidence>;
type Overrides = (world: World, evidence: Evidence) => Partial<VerifyOptions>;

const item = ITEM as SubjectId;

const issue = async (world: World, terms: object = {}, options: Parameters<World['issue']>[1] = {}) =>
  (await world.issue(passport(world.ledger, terms), options)).evidence();
const genuine: Tell = (world) => issue(world);
const about = (id: string) => ({ credentialSubject: { type: ['Product'], id, name: 'Laptop 14' } });

/** A passport after whose anchor something happens. */
const then =
  (happens: (world: World) => void): Tell =>
  async (world) => {
    const one = await world.issue(passport(world.ledger));
    happens(world);
    return one.evidence();
  };
/** A passport before whose anchor something happens. */
const after =
  (happens: (world: World) => void): Tell =>
  async (world) => {
    happens(world);
    return issue(world);
  };
const byAnotherKey =
  (algorithm: 'ES256' | 'Ed25519', purposes: number | undefined): Tell =>
  async (world) => {
    const pair = await createKeyPair(algorithm);
    if (purposes !== undefined) world.append(CONTROLLER, keyAdded(makerId, pair, purposes));
    return issue(world, {}, { signer: await createSigner({ issuer: parseDid(MAKER), jwk: pair.jwk }) });
  };
/** A passport whose peak was merged after its path was made. */
const outgrown: Tell = async (world) => {
  const evidence = await issue(world);
  for (let i = 0; i < 9; i++) await issue(world, {}, { size: 1 });
  return evidence;
};

function setStatus(world: World, status: 'revoked' | 'superseded', place = 417): void {
  const word = { number: Math.floor(place / 256), bits: 1n << BigInt(place % 256) };
  world.append(CONTROLLER, { kind: 'statusSet', issuer: makerId, list: LIST, status, reason: 'error', words: [word] });
}

/** Anchored a second time after it was revoked, alone in a batch. */
const anchoredAgain: Tell = async (world) => {
  const { signed, evidence } = await world.issue(passport(world.ledger));
  setStatus(world, 'revoked');
  const batch = buildBatch([signed.digest]);
  const fields = { root: batch.root, size: 1, manifest: encodeHex(batch.manifest.digest) };
  const index = world.append(CONTROLLER, anchored(fields));
  const bytes = encodeBase64Url(world.ledger.entries[index] ?? new Uint8Array());
  const proof = world.ledger.peakPath(index).map(encodeBase64Url);
  return { ...evidence(), batch: { index: 0, proof: [] }, entry: { index, bytes, proof } };
};

/** What ends a right from `seconds` after the last entry on. */
const ENDINGS: Readonly<Record<string, (world: World, seconds: number) => void>> = {
  'its key was compromised': ({ append, keyPair, ledger }, seconds) =>
    append(CONTROLLER, { kind: 'keyCompromised', issuer: makerId, key: keyPair.id, since: ledger.time + seconds }),
  'its issuer was withdrawn': ({ append, ledger }, seconds) =>
    append(ACCREDITOR, { kind: 'withdrawn', issuer: makerId, since: ledger.time + seconds }),
  'its grant was taken back': ({ append, ledger }, seconds) =>
    append(ACCREDITOR, { kind: 'prefixTakenBack', issuer: makerId, ...GRANT, since: ledger.time + seconds }),
};

/** The tree head of another journal of the same size. */
function otherHead({ ledger }: World): TreeHead {
  const { size, peaks } = ledger.fold.treeHead();
  return { size, peaks: peaks.map(() => new Uint8Array(32)) };
}

export async function createStories(): Promise<Case[]> {
  const cases: Case[] = [];
  async function story(name: string, tell: Tell, overrides: Overrides = () => ({}), roles = 1): Promise<void> {
    const world = await createWorld({ roles });
    const evidence = await tell(world);
    cases.push({ name, ...world.options(evidence, overrides(world, evidence)) });
  }

  await story('a genuine passport', genuine);
  await story('of the item that was scanned', genuine, () => ({ expected: { subject: item, current: true } }));
  await story(
    'of the model of what was scanned',
    (world) => issue(world, about(MODEL)),
    () => ({ expected: { subject: item } }),
  );
  for (const size of [1, 2, 3, 7, 8, 1000]) await story(`in a batch of ${size}`, (world) => issue(world, {}, { size }));
  await story('signed with Ed25519', byAnotherKey('Ed25519', 1));
  await story('of a key that was never registered', byAnotherKey('ES256', undefined));
  await story('of a key that may not sign credentials', byAnotherKey('ES256', 14));
  for (const roles of [0, 1, 2, 4, 1 << 6, 1 << 7, 1 << 9, 0xfc00, 0xffff]) {
    for (const [kind, type] of Object.entries(UNTP_TYPES)) {
      const tell: Tell = (world) => issue(world, { type: [type, 'VerifiableCredential'] });
      await story(`${kind} in the roles ${roles}`, tell, undefined, roles);
      await story(`${kind} in the roles ${roles}, scanned`, tell, () => ({ expected: { subject: item } }), roles);
    }
  }

  const bit = (name: 'revoked' | 'superseded', place?: number) => then((world) => setStatus(world, name, place));
  await story('revoked', bit('revoked'));
  await story('superseded', bit('superseded'));
  await story('superseded, where the current one is asked for', bit('superseded'), () => ({
    expected: { current: true },
  }));
  await story('of a place beside one that is revoked', bit('revoked', 416));
  await story('anchored again after it was revoked', anchoredAgain);
  await story(
    'suspended afterwards',
    then((world) => world.append(ACCREDITOR, { kind: 'suspended', issuer: makerId })),
  );
  for (const [what, end] of Object.entries(ENDINGS)) {
    for (const seconds of [-1, 0, 1]) {
      await story(
        `${what} from ${seconds} s after the anchor on`,
        then((world) => end(world, seconds)),
      );
    }
  }
  for (const seconds of [1, 10, 11, 1000]) {
    const retire = (world: World) => {
      const at = world.ledger.time + 10 + seconds;
      world.append(CONTROLLER, { kind: 'keyRetired', issuer: makerId, key: world.keyPair.id, at });
    };
    await story(`anchored when its key was to be retired ${seconds} s later`, after(retire));
  }
  await story('of an issuer that is not accredited', async (world) => {
    const id = parseDid('did:web:other.example');
    return issue(
      world,
      { issuer: { id, name: 'Other' } },
      { signer: await createSigner({ issuer: id, jwk: world.keyPair.jwk }) },
    );
  });
  const closed = { kind: 'closed', chainId: 1n, successor: NOBODY, codeHash: makerId } as const;
  await story(
    'on a ledger that was closed',
    then((world) => world.append(ADMIN, closed)),
  );

  const log =
    (bytes: Uint8Array | undefined): Overrides =>
    (world, evidence) => ({
      facts: {
        ...world.facts(evidence),
        logged: { index: evidence.entry.index, bytes: bytes ?? decodeBase64Url(evidence.entry.bytes) },
      },
    });
  await story('with a path that the journal has outgrown', outgrown);
  await story('with such a path, and the log', outgrown, log(undefined));
  await story('with such a path, and another entry in the log', outgrown, log(new Uint8Array(200)));
  await story('in a block that is not final', genuine, (world, evidence) => ({
    facts: { ...world.facts(evidence), finalBlockNumber: world.ledger.block - 1 },
  }));
  await story('whose entry the chain has undone', genuine, (world, evidence) => ({
    facts: {
      ...{ ...world.facts(evidence), finalBlockNumber: world.ledger.block - 1 },
      treeHead: otherHead(world),
    },
  }));
  await story('without facts', genuine, () => ({ facts: undefined }));
  await story('as a bare credential', genuine, (_, evidence) => ({ evidence: evidence.credential }));
  await story('as text', genuine, (_, evidence) => ({ evidence: ` \n${JSON.stringify(evidence)}` }));
  await story('as bytes', genuine, (_, evidence) => ({ evidence: new TextEncoder().encode(JSON.stringify(evidence)) }));
  for (const age of [-61, -60, -59.5, 0, 86_400, 86_400.5, 86_401]) {
    await story(`with facts that are ${age} s old`, genuine, (world) => ({ now: world.ledger.time + age }));
  }
  await story('without a clock', genuine, () => ({ now: Number.NaN }));
  for (const standing of ['proved', 'logged', 'witnessed'] as const) {
    const policy = (world: World) => ({ ...world.policy, anchorStandings: [standing] });
    await story(`where only ${standing} will do`, genuine, (world) => ({ policy: policy(world) }));
    await story(`where only ${standing} will do, by the log`, outgrown, (world, evidence) => ({
      ...{ ...log(undefined)(world, evidence), policy: policy(world) },
    }));
  }
  await story('where another credential is expected', genuine, () => ({
    expected: { cid: formatCid(new Uint8Array(32) as Digest) },
  }));
  await story('where this credential is expected', genuine, (_, { credential }) => ({
    expected: { cid: hashCid(new TextEncoder().encode(credential)) },
  }));
  await story('where another kind is expected', genuine, () => ({ expected: { kind: 'event' } }));
  const lots = { credentialSubject: { id: ITEM, materialProvenance: [{ name: 'cobalt' }, { lot: '0x01' }] } };
  await story('that names a lot', (world) => issue(world, lots));
  for (const validFrom of [0, 1, 2]) {
    const at = (seconds: number) => `${new Date(seconds * 1000).toISOString().slice(0, 19)}.001Z`;
    const begins = (world: World) => issue(world, { validFrom: at(world.ledger.time + 40 - 1 + validFrom) });
    await story(`that begins ${validFrom - 1} s and a bit from now`, begins);
    const ends = (world: World) => issue(world, { validUntil: at(world.ledger.time + 40 - 1 + validFrom) });
    await story(`that ends ${validFrom - 1} s and a bit from now`, ends);
  }
  await story('with the key of another', async (world) => ({
    ...{ ...(await issue(world)), key: publicKeyOf((await createKeyPair()).jwk) },
  }));
  await story('of a grant that was made afterwards', genuine, (world, evidence) => ({
    facts: { ...world.facts(evidence), grant: { from: world.ledger.time + 1, until: undefined } },
  }));
  await story('without a status', (world) => issue(world, { credentialStatus: undefined }));
  const elsewhere = `eip155:1:0x${'ab'.repeat(20)}`;
  await story('whose status stands on another ledger', (world) =>
    issue(world, { credentialStatus: status(world.ledger, LIST, 417, elsewhere) }),
  );
  await story('of another ledger than its facts', async (world) => ({ ...(await issue(world)), ledger: elsewhere }));
  await story('of a ledger that the policy does not pin', genuine, (world) => ({
    policy: { ...world.policy, ledgers: [{ ...world.ledger.id, codeHash: makerId }] },
  }));
  await story('of which the evidence shows no grant', async (world) => ({ ...(await issue(world)), grant: undefined }));
  const never = { number: 7, prefix: GRANT.prefix };
  await story('of a grant that was never made', async (world) => ({ ...(await issue(world)), grant: never }));
  await story('with an entry that is no anchor', async (world) => {
    const evidence = await issue(world);
    const bytes = encodeBase64Url(world.ledger.entries[4] ?? new Uint8Array());
    return { ...evidence, entry: { ...evidence.entry, index: 4, bytes } };
  });
  for (const { name, bytes } of entryVectors) {
    await story(`with the entry "${name}"`, async (world) => {
      const evidence = await issue(world);
      return { ...evidence, entry: { ...evidence.entry, bytes: encodeBase64Url(decodeHex(bytes)) } };
    });
  }
  await story('about what nobody granted', (world) => issue(world, about('https://id.gs1.org/01/04012345123456')));
  return cases;
}
