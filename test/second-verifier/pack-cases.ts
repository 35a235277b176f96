/**
 * Packs of real passports on a real chain, whole and tampered with: what witnesses say, the file, the proofs, the policy. Statements are
 * signed by the witnesses' own keys, whatever they say.
 */

import * as dagCbor from '@ipld/dag-cbor';
import { concatBytes, encodeBase64Url, sha256 } from '../../packages/core/src/bytes.ts';
import {
  type CosignatureSigner,
  createCosignatureSigner,
  createNoteSigner,
  formatKeyId,
  generateCosignatureKey,
  generateNoteKey,
  type StateStatement,
  signStatement,
} from '../../packages/core/src/checkpoint/index.ts';
import { type Evidence, questionOf } from '../../packages/core/src/evidence/index.ts';
import type { SubjectId } from '../../packages/core/src/ids.ts';
import { encodePack, JOURNAL_SLOT, peakSlots, slotsOf, upstreamSlotsOf } from '../../packages/core/src/pack/index.ts';
import { readPresented } from '../../packages/core/src/verify/index.ts';
import { acts, calls, createStateReader } from '../../packages/sdk/src/ledger/index.ts';
import { anchorPallet, EVENTS, LIST, originOf, stateAt, tellStory } from '../../packages/sdk/test/pallet.ts';
import { accredit, type TestLedger } from '../../packages/sdk/test/support.ts';
import { createKit, FILES, type Kit, STATE, STATEMENTS, writeWitnessPolicy } from '../adversarial/packs.ts';
import { ITEM as ITEM_TEXT, type World } from '../adversarial/world.ts';
import { createRandom, type Random } from '../endurance/random.ts';
import { mutate, pick } from './mutants.ts';

export interface PackCase {
  readonly name: string;
  readonly pack: Uint8Array;
  /** As docs/policy.md has it. */
  readonly policy: object;
  readonly expected: { readonly subject?: SubjectId; readonly current?: boolean };
  readonly now: number;
}

const ITEM = ITEM_TEXT as SubjectId;
const [REVOKED, SUPERSEDED] = [3, 5];
/** Before the head: name, version, digest, length. */
const HEAD_AT = 45;

/**
 * The attacks of `test/adversarial/packs.ts`: files as they are, and what is wrong with statements, proofs, evidence and policies as a pack
 * of its own. Left out are those of which no pack can be written, and those whose policy was not written by the kit.
 */
export async function createPackAttacks(world: World): Promise<{ cases: PackCase[]; omitted: string[] }> {
  const kit = await createKit(world);
  const texts = new Map([[kit.policy.witnesses, writeWitnessPolicy(kit.witnesses, {})]]);
  const writing: Kit = {
    ...kit,
    async policyOf(options) {
      const policy = await kit.policyOf(options);
      texts.set(policy.witnesses, writeWitnessPolicy(kit.witnesses, options));
      return policy;
    },
  };
  const [cases, omitted]: [PackCase[], string[]] = [[], []];
  for (const { name, file } of FILES) {
    const policy = { ledgers: kit.policy.ledgers, witnessPolicy: texts.get(kit.policy.witnesses) };
    cases.push({ name, pack: await file(kit), policy, expected: {}, now: world.now });
  }
  for (const attack of [...STATEMENTS, ...STATE]) {
    const { name, of = 'passport', parts = () => ({}), policy = () => kit.policy, now = (it) => it } = attack;
    const { witnesses, ...rest } = await policy(writing);
    const text = texts.get(witnesses);
    const evidence = world.evidence(world.genuine[of]);
    const state = { ...kit.genuine, ...(await parts(kit.genuine, writing)) };
    try {
      const shown = attack.evidence?.(evidence, writing) ?? evidence;
      const pack = concatBytes(...encodePack({ statements: state.statements, nodes: state.nodes, evidence: [shown] }));
      if (witnesses !== undefined && text === undefined) omitted.push(name);
      else
        cases.push({
          name,
          pack,
          policy: { ...rest, witnessPolicy: text },
          expected: { subject: ITEM },
          now: now(world.now),
        });
    } catch {
      omitted.push(name);
    }
  }
  return { cases, omitted };
}

/** Of two batches, of ten passports and of three: one is revoked, one superseded. `count` are made of each sort that is random. */
export async function createPackCases(ledger: TestLedger, seed: number, count: number): Promise<PackCase[]> {
  const { reader } = ledger;
  const issuer = await accredit(ledger);
  await ledger.accreditor.send(calls.grantPrefix({ issuer: issuer.id, number: 1, prefix: 'gs1:9521234' }));
  const pallet = await anchorPallet({ reader, issuer, size: 10 });
  const second = await anchorPallet({ reader, issuer, size: 3, firstPlace: 100 });
  const before = await reader.readFinalBlockNumber();
  const change = (place: number) => ({
    ...{ list: LIST, reason: 'error' as const },
    words: [{ number: 0, bits: 1n << BigInt(place) }],
  });
  await issuer.writer.send(
    calls.act({ issuer: issuer.id, acts: [acts.revoke(change(REVOKED)), acts.supersede(change(SUPERSEDED))] }),
  );
  const truth = await stateAt(reader, await reader.readFinalBlockNumber());
  const earlier = await stateAt(reader, before);
  const signers = await Promise.all(
    ['ada', 'bob', 'eve', 'mallory'].map(async (name) =>
      createCosignatureSigner(await generateCosignatureKey(`${name}.example`)),
    ),
  );
  const [ada, bob, eve, mallory] = signers as [
    CosignatureSigner,
    CosignatureSigner,
    CosignatureSigner,
    CosignatureSigner,
  ];

  const state = createStateReader({ urls: [ledger.rpcUrl], address: reader.id.address });
  const all = [...(await pallet.evidence(Array.from({ length: 10 }, (_, i) => i))), ...(await second.evidence([0, 2]))];
  async function readNodes(of: readonly Evidence[], at: StateStatement): Promise<readonly Uint8Array[]> {
    const slots = of.flatMap((one) => Object.values(slotsOf(questionOf(one))));
    const asked = [...new Set([JOURNAL_SLOT, ...peakSlots(at.tree.size), ...slots])];
    return (await state.readProofs(asked, { blockNumber: at.block.number })).nodes;
  }
  const write = (parts: Parameters<typeof encodePack>[0]) => concatBytes(...encodePack(parts));

  const three = [all[1], all[REVOKED], all[SUPERSEDED]] as Evidence[];
  const nodes = await readNodes(three, truth);
  const statements = await Promise.all([ada, bob].map((signer) => signStatement(truth, signer)));
  const good = { evidence: three, nodes, statements };

  const line = (name: string, { verifierKey }: { readonly verifierKey: string }) => `witness ${name} ${verifierKey}`;
  const known = [line('ada', ada), line('bob', bob), line('eve', eve)];
  const quorumOf = (needed: number | string) => [...known, `group enough ${needed} ada bob eve`, 'quorum enough'];
  const policyWith = (lines: readonly string[] | undefined, rest: object = {}) => ({
    ledgers: [reader.id],
    ...(lines && { witnessPolicy: `${lines.join('\n')}\n` }),
    ...rest,
  });

  const cases: PackCase[] = [];
  const start = { pack: write(good), policy: policyWith(quorumOf(2)), expected: {}, now: truth.block.time + 30 };
  const add = (name: string, changed: Partial<PackCase> = {}) => cases.push({ ...start, ...changed, name });
  const stated = async (name: string, ...jwts: readonly (string | Promise<string>)[]) =>
    add(name, { pack: write({ ...good, statements: await Promise.all(jwts) }) });

  // ---- the whole of it
  add('three passports');
  add('all passports', { pack: write({ ...good, evidence: all, nodes: await readNodes(all, truth) }) });
  for (const one of all.slice(0, 2)) {
    add('one passport', { pack: write({ ...good, evidence: [one], nodes: await readNodes([one], truth) }) });
  }
  const subject = 'https://id.gs1.org/01/09521234000013/21/S1' as SubjectId;
  add('of what was scanned', { expected: { subject } });
  add('where the current one is asked for', { expected: { current: true } });
  for (const age of [-61, -60, 86_400, 86_401]) add(`${age} s old`, { now: truth.block.time + age });
  add('older than a policy of a week allows', {
    now: truth.block.time + 604_801,
    policy: policyWith(quorumOf(2), { maxAgeSeconds: 604_800 }),
  });

  // ---- the policy
  for (const needed of [1, 2, 3, 'any', 'all'])
    add(`where ${needed} of three are enough`, { policy: policyWith(quorumOf(needed)) });
  add('without witnesses in the policy', { policy: policyWith(undefined) });
  add('where nobody is enough', { policy: policyWith([...known, 'quorum none']) });
  add('where one is enough', { policy: policyWith([...known, 'quorum bob']) });
  add('where another one is asked for', { policy: policyWith([...known, 'quorum eve']) });
  const nested = [
    '# two parties',
    'group one any ada bob',
    'group other any eve',
    'group both all one other',
    'quorum both',
  ];
  add('where both of two groups are asked for', { policy: policyWith([...known, ...nested]) });
  for (const standing of ['proved', 'witnessed']) {
    add(`where only ${standing} will do`, { policy: policyWith(quorumOf(2), { anchorStandings: [standing] }) });
  }
  const log = await createNoteSigner(await generateNoteKey(originOf(reader)));
  const otherLog = await createNoteSigner(await generateNoteKey(originOf(reader).replace(/1$/, '2')));
  add('of the log that the policy names', { policy: policyWith([`log ${log.verifierKey}`, ...quorumOf(2)]) });
  add('of another log than the policy names', { policy: policyWith([`log ${otherLog.verifierKey}`, ...quorumOf(2)]) });
  const elsewhere = { ...reader.id, codeHash: `0x${'12'.repeat(32)}` };
  add('of a ledger that is not pinned', { policy: policyWith(quorumOf(2), { ledgers: [elsewhere] }) });

  // ---- what witnesses say
  const say = (changed: Partial<StateStatement>, signer: CosignatureSigner) =>
    signStatement({ ...truth, ...changed }, signer);
  const [byAda, byBob] = statements as [string, string];
  await stated('without statements');
  await stated('with one statement', byAda);
  await stated('with one statement twice', byAda, byAda);
  await stated('with that of a stranger beside', byAda, byBob, say({}, mallory));
  await stated('with one of a stranger in place of a witness', byAda, say({}, mallory));
  await stated('with a stranger that lies', byAda, byBob, say({ block: { ...truth.block, number: 1 } }, mallory));
  await stated('signed at different times', byAda, say({ iat: truth.iat + 100 }, bob));
  await stated(
    'with the signature of another',
    byAda,
    [...byBob.split('.').slice(0, 2), byAda.split('.')[2]].join('.'),
  );
  await stated('with what is no statement', byAda, byBob, 'nonsense');
  await stated('with a credential in place of a statement', byAda, (all[0] as Evidence).credential.slice(0, 4096));
  for (const [what, changed] of Object.entries({
    number: { block: { ...truth.block, number: truth.block.number + 1 } },
    hash: { block: { ...truth.block, hash: elsewhere.codeHash } },
    time: { block: { ...truth.block, time: truth.block.time + 1 } },
    root: { block: { ...truth.block, stateRoot: elsewhere.codeHash } },
    size: { tree: { ...truth.tree, size: truth.tree.size + 1 } },
    tree: { tree: { ...truth.tree, root: sha256(new Uint8Array()) } },
    code: { ledger: elsewhere },
    epoch: { origin: originOf(reader).replace(/1$/, '2') },
  } as Readonly<Record<string, Partial<StateStatement>>>)) {
    await stated(`where one witness states another ${what}`, byAda, say(changed, bob));
    await stated(`where both state another ${what}`, say(changed, ada), say(changed, bob));
  }
  await stated('of an earlier block', signStatement(earlier, ada), signStatement(earlier, bob));
  const past = { evidence: await atTree(all.slice(0, 1), earlier), nodes: await readNodes(all.slice(0, 1), earlier) };
  add('of an earlier block, with its proofs', {
    pack: write({ ...past, statements: [await signStatement(earlier, ada), await signStatement(earlier, bob)] }),
  });
  const kidOf = ({ name, keyId }: CosignatureSigner) => `${name}+${formatKeyId(keyId)}`;
  const spelled = async (header: unknown, payload: unknown, signer: CosignatureSigner) => {
    const part = (value: unknown) => encodeBase64Url(new TextEncoder().encode(JSON.stringify(value)));
    const input = `${part(header)}.${part(payload)}`;
    return `${input}.${encodeBase64Url(await signer.signStatement(new TextEncoder().encode(input)))}`;
  };
  const [header, payload] = byBob
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));
  for (const kid of [
    bob.name,
    `${bob.name}+`,
    `${bob.name}+00000000`,
    kidOf(bob).toUpperCase(),
    `${kidOf(bob)}+`,
    kidOf(ada),
  ]) {
    await stated(
      `under the name ${kid.replace(/[0-9a-f]{8}$/, 'hash')}`,
      byAda,
      spelled({ ...header, kid }, payload, bob),
    );
  }

  const otherTree = { tree: { ...truth.tree, root: sha256(new Uint8Array()) } };
  const bothSay = [await say(otherTree, ada), await say(otherTree, bob)];
  for (const [i] of nodes.entries()) {
    add(`of another tree, and without node ${i}`, {
      pack: write({ ...good, statements: bothSay, nodes: nodes.toSpliced(i, 1) }),
    });
    add(`without node ${i}`, { pack: write({ ...good, nodes: nodes.toSpliced(i, 1) }) });
  }

  // ---- at random
  const random = createRandom(seed);
  for (let i = 0; i < count; i++) {
    const [changedPayload, atPayload] = mutate(payload, random);
    await stated(`statement${atPayload}`, byAda, spelled(header, changedPayload, bob));
    const [changedHeader, atHeader] = mutate(header, random);
    await stated(`header${atHeader}`, byAda, spelled(changedHeader, payload, bob));

    const flipped = start.pack.slice();
    const at = random.below(flipped.length);
    flipped[at] = (flipped[at] ?? 0) ^ (1 << random.below(8));
    add(`byte ${at} flipped`, { pack: flipped });
    add(`cut at byte ${at}`, { pack: start.pack.slice(0, at) });

    // A head that says that it is whole: what is wrong with it has to be found by reading.
    const head = flipHead(start.pack, random.below(headLength(start.pack)), random.below(256));
    add(`head with a byte changed, ${i}`, { pack: head });

    const [changedHead, atMember] = mutateHead(dagCbor.decode(encodedHead(start.pack)), random);
    add(`head${atMember}`, { pack: withHead(start.pack, dagCbor.encode(changedHead)) });

    const place = random.below(nodes.length);
    const node = (nodes[place] as Uint8Array).slice();
    node[random.below(node.length)] = random.below(256);
    add(`with another node ${place}`, { pack: write({ ...good, nodes: nodes.with(place, node) }) });

    const which = random.below(three.length);
    const [damaged, where] = mutate(three[which], random);
    try {
      add(`passport ${which}${where}`, { pack: write({ ...good, evidence: three.with(which, damaged as Evidence) }) });
    } catch {
      // What no pack can be written of is not a case.
    }
  }
  add('with a node that proves nothing', { pack: write({ ...good, nodes: [...nodes, pick(random, nodes).slice(1)] }) });
  add('followed by something', { pack: concatBytes(start.pack, Uint8Array.of(0)) });
  add('of another version', { pack: Uint8Array.from(start.pack, (byte, i) => (i === 8 ? 2 : byte)) });
  add('that is empty', { pack: new Uint8Array() });
  return cases;
}

/**
 * Of two passports that draw on lots, and of new versions of them: as they were made, as less and less of what stands behind them holds, and
 * changed in one thing. `count` are made of each sort that is random.
 */
export async function createLotPackCases(ledger: TestLedger, seed: number, count: number): Promise<PackCase[]> {
  const { reader } = ledger;
  const mine = await accredit(ledger, undefined, ['extractor']);
  const maker = await accredit(ledger, undefined, ['manufacturer', 'recycler', 'refiner']);
  await ledger.accreditor.send(calls.grantPrefix({ issuer: maker.id, number: 1, prefix: 'gs1:9521234' }));
  const story = await tellStory(reader, mine, maker);
  const before = await anchorPallet({ reader, issuer: maker, size: 3, story });
  const after = await anchorPallet({ reader, issuer: maker, size: 3, firstPlace: 100, story, before });
  const signer = await createCosignatureSigner(await generateCosignatureKey('ada.example'));
  const policy = { ledgers: [reader.id], witnessPolicy: `witness ada ${signer.verifierKey}\nquorum ada\n` };
  const state = createStateReader({ urls: [ledger.rpcUrl], address: reader.id.address });
  const cases: PackCase[] = [];

  /** With all the proofs that the evidence needs, as it is shown. */
  async function take(show: (one: Evidence) => Evidence = (one) => one) {
    const truth = await stateAt(reader, await reader.readFinalBlockNumber());
    const evidence = [...(await before.evidence([0, 2])), ...(await after.evidence([0, 1]))].map(show);
    const upstream = evidence.flatMap((one) => readPresented(one).upstream?.questions ?? []).map(upstreamSlotsOf);
    const slots = [
      ...[JOURNAL_SLOT, ...peakSlots(truth.tree.size)],
      ...evidence.flatMap((one) => Object.values(slotsOf(questionOf(one)))),
      ...upstream.flatMap((of) => of.ledger),
    ];
    const materials = [...new Set(upstream.flatMap((of) => of.materials))];
    const { nodes } = await state.readProofs([...new Set(slots)], { blockNumber: truth.block.number, materials });
    return { truth, evidence, nodes, statements: [await signStatement(truth, signer)] };
  }
  type Taken = Awaited<ReturnType<typeof take>>;
  const write = ({ truth: _, ...parts }: Taken) => concatBytes(...encodePack(parts));
  const add = (name: string, { truth }: Taken, pack: Uint8Array) =>
    cases.push({ name, pack, policy, expected: {}, now: truth.block.time + 30 });
  const addNow = async (name: string, show?: Parameters<typeof take>[0]) => {
    const taken = await take(show);
    add(name, taken, write(taken));
  };

  const good = await take();
  const start = write(good);
  add('with lots', good, start);
  for (const [i] of good.nodes.entries()) {
    add(`with lots, without node ${i}`, good, write({ ...good, nodes: good.nodes.toSpliced(i, 1) }));
  }
  const showing = (lots: (shown: NonNullable<Evidence['lots']>) => Evidence['lots']) => (one: Evidence) => {
    return { ...one, lots: one.lots && lots(one.lots) };
  };
  await addNow('with lots, without earlier versions', (one) => ({ ...one, earlier: undefined }));
  await addNow(
    'without what stands behind lots',
    showing(() => undefined),
  );
  await addNow(
    'without an entry behind lots',
    showing(({ entries, events }) => ({ entries: entries.slice(1), events })),
  );
  await addNow(
    'without events',
    showing(({ entries }) => ({ entries, events: [] })),
  );
  await addNow(
    'with entries behind lots in another order',
    showing((shown) => ({ ...shown, entries: shown.entries.toReversed() })),
  );
  await addNow(
    'with all behind lots twice',
    showing(({ entries, events }) => ({ entries: [...entries, ...entries], events: [...events, ...events] })),
  );
  const head = dagCbor.decode<{ lots: unknown[]; earlier: unknown[]; entries: unknown[]; events: unknown[] }>(
    encodedHead(start),
  );
  const random = createRandom(seed);
  for (let i = 0; i < count; i++) {
    for (const member of ['lots', 'earlier', 'entries', 'events', 'anchors'] as const) {
      const [changed, where] = mutateHead(Reflect.get(head, member), random);
      const encoded = dagCbor.encode({ ...head, [member]: changed });
      add(`head with lots.${member}${where}, ${i}`, good, withHead(start, encoded));
    }
    const flipped = flipHead(start, random.below(headLength(start)), random.below(256));
    add(`head with lots, and a byte changed, ${i}`, good, flipped);
    const at = HEAD_AT + headLength(start) + random.below(start.length - HEAD_AT - headLength(start));
    add(`with lots, byte ${at} flipped`, good, start.with(at, (start[at] ?? 0) ^ 1));
    const which = random.below(good.evidence.length);
    const [damaged, where] = mutate(good.evidence[which], random);
    try {
      const evidence = good.evidence.with(which, damaged as Evidence);
      add(`with lots, passport ${which}${where}`, good, write({ ...good, evidence }));
    } catch {
      // What no pack can be written of is not a case.
    }
  }

  await ledger.accreditor.send(calls.voidLot({ lot: story.lots.ore }));
  await addNow('with a void lot upstream');
  const bits = 1n << BigInt(story.places.refined % 256);
  const words = [{ number: Math.floor(story.places.refined / 256), bits }];
  const revoked = acts.revoke({ list: EVENTS, reason: 'error', words });
  await maker.writer.send(calls.act({ issuer: maker.id, acts: [revoked] }));
  await addNow('with an event that was revoked');
  await ledger.accreditor.send(calls.voidLot({ lot: story.lots.part }));
  await addNow('with an allocated lot that is void');
  const { time: since } = (await reader.readBlock(1)) ?? { time: 1 };
  await ledger.accreditor.send(calls.withdraw({ issuer: mine.id, since }));
  await addNow('with a mine that was withdrawn');
  return cases;
}

/** Paths cut to those of an earlier tree: the entry's peak was smaller then. */
async function atTree(evidence: readonly Evidence[], { tree }: StateStatement): Promise<Evidence[]> {
  return evidence.map((one) => {
    let [start, level] = [0, 0];
    for (; ; start += 2 ** level) {
      level = Math.floor(Math.log2(tree.size - start));
      if (one.entry.index < start + 2 ** level) break;
    }
    return { ...one, entry: { ...one.entry, proof: one.entry.proof.slice(0, level) } };
  });
}

function encodedHead(pack: Uint8Array): Uint8Array {
  return pack.subarray(HEAD_AT, HEAD_AT + headLength(pack));
}

/** The same passports after another head, with its digest and its length. */
function withHead(pack: Uint8Array, head: Uint8Array): Uint8Array {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, head.length);
  const passports = pack.subarray(HEAD_AT + headLength(pack));
  return concatBytes(pack.subarray(0, 9), sha256(head), length, head, passports);
}

/** A copy in which one thing is another, is not there, or is there besides. */
function mutateHead(value: unknown, random: Random, path = ''): [changed: unknown, where: string] {
  const isLeaf = typeof value !== 'object' || value === null || value instanceof Uint8Array;
  if (!isLeaf && Object.keys(value).length > 0) {
    const copy = Array.isArray(value) ? [...value] : { ...value };
    const name = pick(random, Object.keys(copy));
    if (Array.isArray(copy) && random.below(4) === 0) {
      const other = random.below(copy.length);
      const how = random.below(4);
      if (how === 0) copy.splice(Number(name), 1);
      else if (how === 1) copy.splice(other, 0, copy[Number(name)]);
      else if (how === 2) copy.length = 0;
      else [copy[Number(name)], copy[other]] = [copy[other], copy[Number(name)]];
      return [copy, `${path}: ${['without', 'twice', 'none of', 'exchanged'][how]} ${name}`];
    }
    if (random.below(12) === 0) {
      Reflect.set(copy, 'more', 1);
      return [copy, `${path}.more`];
    }
    const [changed, where] = mutateHead(Reflect.get(copy, name), random, `${path}.${name}`);
    Reflect.set(copy, name, changed);
    return [copy, where];
  }
  const changed = pick(random, candidatesFor(value));
  return [changed, `${path} is ${changed instanceof Uint8Array ? `${changed.length} bytes` : JSON.stringify(changed)}`];
}

function candidatesFor(value: unknown): readonly unknown[] {
  const others = [null, true, 0, 1, -1, 0.5, 'x', '', [], {}, new Uint8Array(32)];
  if (value instanceof Uint8Array) {
    const flipped = value.map((byte, i) => (i === value.length >> 1 ? byte ^ 1 : byte));
    return [
      ...others,
      flipped,
      flipped,
      value.subarray(1),
      value.subarray(32),
      concatBytes(value, value.subarray(-32)),
    ];
  }
  if (typeof value === 'number') return [...others, value + 1, value - 1, value + 10, 16_384, 2 ** 53 - 1];
  if (typeof value === 'string') return [...others, `${value}x`, value.slice(1), value.toUpperCase()];
  return others;
}

function headLength(pack: Uint8Array): number {
  return new DataView(pack.buffer, pack.byteOffset).getUint32(HEAD_AT - 4);
}

/** With another byte in the head, and the digest that this head has. */
function flipHead(pack: Uint8Array, at: number, byte: number): Uint8Array {
  const changed = pack.slice();
  changed[HEAD_AT + at] = byte;
  changed.set(sha256(changed.subarray(HEAD_AT, HEAD_AT + headLength(pack))), 9);
  return changed;
}
