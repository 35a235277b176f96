import { createHash } from 'node:crypto';
import { concatBytes, type Hex, type Report } from '@dpp-ledger/core';
import {
  type CosignatureSigner,
  createCosignatureSigner,
  generateCosignatureKey,
  type StateStatement,
  signStatement,
} from '@dpp-ledger/core/checkpoint';
import { type Evidence, parsePolicyFile, questionOf } from '@dpp-ledger/core/evidence';
import {
  createStateProof,
  encodePack,
  JOURNAL_SLOT,
  openPack,
  peakSlots,
  slotsOf,
  upstreamSlotsOf,
  verifyPack,
} from '@dpp-ledger/core/pack';
import { readPresented, verifyPresented } from '@dpp-ledger/core/verify';
import * as dagCbor from '@ipld/dag-cbor';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPublisher, startWitness as startRealWitness } from '../../witness/test/support.ts';
import { acts, calls, createStateReader, type StateReader } from '../src/ledger/index.ts';
import { packEvidence } from '../src/pack.ts';
import {
  anchorPallet,
  EVENTS,
  LIST,
  originOf,
  type Pallet,
  policyOf,
  policyText,
  type StatingWitness,
  startWitness,
  stateAt,
  tellStory,
} from './pallet.ts';
import { accredit, startLedger, type TestIssuer, type TestLedger } from './support.ts';

let ledger: TestLedger;
let issuer: TestIssuer;
let state: StateReader;
let pallet: Pallet;
let witnesses: StatingWitness[];
/** Keys of witnesses whose word a test writes itself. */
let signers: CosignatureSigner[];

const REVOKED = 3;
const SUPERSEDED = 5;

beforeAll(async () => {
  ledger = await startLedger();
  issuer = await accredit(ledger);
  await ledger.accreditor.send(calls.grantPrefix({ issuer: issuer.id, number: 1, prefix: 'gs1:9521234' }));
  pallet = await anchorPallet({ reader: ledger.reader, issuer, size: 10 });
  const change = (place: number) => ({
    list: LIST,
    reason: 'error' as const,
    words: [{ number: 0, bits: 1n << BigInt(place) }],
  });
  await issuer.writer.send(
    calls.act({ issuer: issuer.id, acts: [acts.revoke(change(REVOKED)), acts.supersede(change(SUPERSEDED))] }),
  );
  state = createStateReader({ urls: ['http://127.0.0.1:9', ledger.rpcUrl], address: ledger.reader.id.address });
  witnesses = await Promise.all(['ada', 'bob', 'eve'].map((name) => startWitness(name, ledger.reader)));
  signers = await Promise.all(
    ['ada', 'bob', 'eve'].map(async (name) => createCosignatureSigner(await generateCosignatureKey(name))),
  );
}, 60_000);
afterAll(async () => {
  await Promise.all(witnesses.map((witness) => witness.close()));
  await ledger.stop();
});

async function pack(places: readonly number[], options: { needed?: number; from?: Pallet } = {}) {
  const policy = await policyOf(ledger.reader, witnesses, options.needed ?? 2);
  const { size } = await ledger.reader.readTreeHead();
  const packed = await packEvidence({
    ledger: ledger.reader,
    state,
    witnesses: policy.witnesses ?? expect.unreachable(),
    log: { origin: originOf(ledger.reader), size },
    evidence: await (options.from ?? pallet).evidence(places),
  });
  return { ...packed, policy, bytes: concatBytes(...packed.chunks), now: packed.statement.block.time + 30 };
}

type Judging = Omit<Parameters<typeof verifyPack>[1], 'expected'>;
const judge = (bytes: Uint8Array, options: Judging) => Array.fromAsync(verifyPack(bytes, options));
const codes = ({ checks }: Report) => checks.map(({ code }) => code);

/** Packs a thousand of ten thousand, next to each other and spread, and has them within the bar. */
async function measure(what: string, large: Pallet): Promise<void> {
  const size = large.signed.length;
  for (const [title, places] of [
    ['next to each other', Array.from({ length: 1_000 }, (_, i) => 4_321 + i)],
    ['spread over the batch', Array.from({ length: 1_000 }, (_, i) => (i * 7_919) % size)],
  ] as const) {
    const { bytes, policy, now } = await pack(places, { from: large });
    const own = places.reduce((sum, place) => sum + (large.signed[place]?.jwt.length ?? 0), 0);
    const each = (bytes.length - own) / places.length;
    const started = performance.now();
    let valid = 0;
    for await (const { verdict } of verifyPack(bytes, { policy, now })) if (verdict === 'valid') valid += 1;
    const rate = Math.round(valid / ((performance.now() - started) / 1000));
    console.log(
      `pack of 1,000 devices of a batch of 10,000${what}, ${title}: ${each.toFixed(1)} bytes a passport beyond its own ${Math.round(own / places.length)}; ${rate} verified a second`,
    );
    expect(valid).toBe(1_000);
    expect(each).toBeLessThanOrEqual(400);
  }
}

/** The head of a pack as it stands there. */
// biome-ignore lint/suspicious/noExplicitAny: tests look at it, and change it in ways that its type forbids
function readHead(bytes: Uint8Array): any {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(41);
  return dagCbor.decode(bytes.slice(45, 45 + length));
}

/** The head changed, and its digest made anew: what only its own rules can find. */
// biome-ignore lint/suspicious/noExplicitAny: a head is changed in ways that its type forbids
async function withHead(bytes: Uint8Array, change: (head: any) => void): Promise<Uint8Array> {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(41);
  const head = readHead(bytes);
  change(head);
  const encoded = dagCbor.encode(head);
  const preamble = bytes.slice(0, 45);
  preamble.set(new Uint8Array(await crypto.subtle.digest('SHA-256', encoded as BufferSource)), 9);
  new DataView(preamble.buffer).setUint32(41, encoded.length);
  return concatBytes(preamble, encoded, bytes.subarray(45 + length));
}

describe('a pack', () => {
  it('of passports is valid without a network, on the word of witnesses', async () => {
    const { bytes, policy, now, statement } = await pack([1, 4, 7]);
    const reports = await judge(bytes, { policy, now });
    expect(reports.map(({ verdict }) => verdict)).toEqual(['valid', 'valid', 'valid']);
    expect(reports[0]).toMatchObject({
      trustBase: '2 of 3 witnesses: ada, bob, eve',
      provisional: false,
      asOf: { source: 'the witnesses ada, bob, eve', blockNumber: statement.block.number, time: statement.block.time },
    });
    expect(reports[0]?.checks.find(({ name }) => name === 'anchor')).toMatchObject({ code: 'anchor.witnessed' });
    expect(reports[0]?.checks.find(({ name }) => name === 'freshness')?.message).toContain('30 seconds ago');
  });

  it('shows what was revoked and what was superseded by then, and no more', async () => {
    const { bytes, policy, now } = await pack([REVOKED, 4, SUPERSEDED]);
    const reports = await judge(bytes, { policy, now });
    expect(reports.map(({ verdict, current }) => [verdict, current])).toEqual([
      ['invalid', true],
      ['valid', true],
      ['valid', false],
    ]);
    expect(reports.map((report) => codes(report).find((code) => code.startsWith('status.')))).toEqual([
      'status.revoked',
      'status.valid',
      'status.valid-superseded',
    ]);
  });

  it('gives the evidence back that went in, in the order of the journal and the batch', async () => {
    const second = await anchorPallet({ reader: ledger.reader, issuer, size: 5, firstPlace: 600 });
    const evidence = [...(await second.evidence([4, 0])), ...(await pallet.evidence([9, 2, 3]))];
    const { statements, nodes } = await openPack((await pack([0])).bytes);
    const bytes = [...encodePack({ statements, nodes, evidence })];
    const opened = await openPack(bytes);
    expect(opened.count).toBe(5);
    expect(await Array.fromAsync(opened.readEvidence())).toEqual([
      ...(await pallet.evidence([2, 3, 9])),
      ...(await second.evidence([0, 4])),
    ]);
  });

  it('is read byte by byte as it is whole', async () => {
    const { bytes, policy, now } = await pack([1, 4]);
    const reports = await judge(bytes, { policy, now });
    const single = Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
    expect(await Array.fromAsync(verifyPack(single, { policy, now }))).toEqual(reports);
  });

  it('is as good as its block is young', async () => {
    const { bytes, policy, statement } = await pack([1]);
    const at = async (age: number) => {
      const [report] = await judge(bytes, {
        policy: { ...policy, maxAgeSeconds: 3600 },
        now: statement.block.time + age,
      });
      return [report?.verdict, report?.checks.find(({ name }) => name === 'freshness')?.code];
    };
    expect(await at(3600)).toEqual(['valid', 'freshness.valid']);
    expect(await at(3601)).toEqual(['indeterminate', 'freshness.stale']);
    expect(await at(-61)).toEqual(['indeterminate', 'freshness.ahead']);
  });

  it('stands on no more than the policy accepts', async () => {
    const { bytes, policy, now } = await pack([1]);
    const [report] = await judge(bytes, { policy: { ...policy, anchorStandings: ['proved', 'logged'] }, now });
    expect(report?.verdict).toBe('indeterminate');
    expect(report && codes(report)).toContain('anchor.standing-not-accepted');
  });

  it('takes at most 400 bytes a passport beyond its own, for 1,000 devices of a batch of 10,000', async () => {
    await measure('', await anchorPallet({ reader: ledger.reader, issuer, size: 10_000, firstPlace: 1_000 }));
  }, 120_000);
});

describe('a pack of passports that draw on lots', () => {
  let mine: TestIssuer;
  let maker: TestIssuer;
  beforeAll(async () => {
    mine = await accredit(ledger, undefined, ['extractor']);
    maker = await accredit(ledger, undefined, ['manufacturer', 'recycler', 'refiner']);
    await ledger.accreditor.send(calls.grantPrefix({ issuer: maker.id, number: 1, prefix: 'gs1:9521234' }));
  });

  /** Lots told anew, and passports that draw on them. */
  async function draw(size: number, by = mine) {
    const story = await tellStory(ledger.reader, by, maker);
    const from = await anchorPallet({ reader: ledger.reader, issuer: maker, size, story });
    return { story, from };
  }

  const provenanceOf = ({ checks }: Report) => checks.find(({ name }) => name === 'provenance')?.code;

  async function judgedAs(from: Pallet, places: readonly number[] = [0]) {
    const { bytes, policy, now } = await pack(places, { from });
    return (await judge(bytes, { policy, now })).map((report) => [report.verdict, provenanceOf(report)]);
  }

  it('is valid without a network: what stands behind their lots is in it, proved from the same state', async () => {
    const { from } = await draw(3);
    expect(await judgedAs(from, [0, 1, 2])).toEqual(Array(3).fill(['valid', 'provenance.valid']));
  });

  it('gives back the evidence that went in, with entries, events and earlier versions, each of which stands in it once', async () => {
    const { story, from } = await draw(4);
    const later = await anchorPallet({
      reader: ledger.reader,
      issuer: maker,
      size: 4,
      firstPlace: 50,
      story,
      before: from,
    });
    const evidence = [...(await from.evidence([1, 2])), ...(await later.evidence([0, 1, 3]))];
    const { statements, nodes } = await openPack((await pack([0])).bytes);
    const bytes = concatBytes(...encodePack({ statements, nodes, evidence: evidence.toReversed() }));
    expect(await Array.fromAsync((await openPack(bytes)).readEvidence())).toEqual(evidence);
    const { entries, events, lots, earlier, anchors } = readHead(bytes);
    // Five makings and two anchors.
    expect([entries.length, events.length, lots.length, anchors.length]).toEqual([7, 4, 1, 2]);
    expect(earlier.map(({ passports }: { passports: unknown[] }) => passports.length)).toEqual([3]);
  });

  it('is valid of new versions, whose lots were allocated to the ones before', async () => {
    const { story, from } = await draw(3);
    const later = await anchorPallet({
      reader: ledger.reader,
      issuer: maker,
      size: 3,
      firstPlace: 60,
      story,
      before: from,
    });
    expect(await judgedAs(later, [0, 2])).toEqual(Array(2).fill(['valid', 'provenance.valid']));
    const without = {
      ...later,
      evidence: async (places: Iterable<number>) => (await later.evidence(places)).map(alone),
    };
    const alone = ({ earlier: _, ...rest }: Evidence): Evidence => rest;
    expect(await judgedAs(without)).toEqual([['invalid', 'provenance.not-allocated']]);
  });

  it('shows that a lot upstream was declared void, and that an allocated one was', async () => {
    const { story, from } = await draw(1);
    await ledger.accreditor.send(calls.voidLot({ lot: story.lots.scrap }));
    expect(await judgedAs(from)).toEqual([['indeterminate', 'provenance.in-doubt']]);
    await ledger.accreditor.send(calls.voidLot({ lot: story.lots.part }));
    expect(await judgedAs(from)).toEqual([['invalid', 'provenance.unsound']]);
  });

  it('shows that an event was revoked', async () => {
    const { story, from } = await draw(1);
    const revoke = async (issuer: TestIssuer, place: number) => {
      const words = [{ number: Math.floor(place / 256), bits: 1n << BigInt(place % 256) }];
      const revoked = acts.revoke({ list: EVENTS, reason: 'error', words });
      await issuer.writer.send(calls.act({ issuer: issuer.id, acts: [revoked] }));
    };
    await revoke(mine, story.places.ore);
    expect(await judgedAs(from)).toEqual([['indeterminate', 'provenance.in-doubt']]);
    await revoke(maker, story.places.refined);
    expect(await judgedAs(from)).toEqual([['invalid', 'provenance.unsound']]);
  });

  it('shows that who made a lot was withdrawn since before', async () => {
    const fraud = await accredit(ledger, undefined, ['extractor']);
    const { from } = await draw(1, fraud);
    const { time: since } = (await ledger.reader.readBlock(1)) ?? expect.unreachable();
    await ledger.accreditor.send(calls.withdraw({ issuer: fraud.id, since }));
    expect(await judgedAs(from)).toEqual([['indeterminate', 'provenance.in-doubt']]);
  });

  it('has of lots what the node itself answers, void or not, and of one that was never named that it is not', async () => {
    const { story, from } = await draw(1);
    await ledger.accreditor.send(calls.voidLot({ lot: story.lots.shipped }));
    const [evidence] = (await from.evidence([0])) as [Evidence];
    const questions = readPresented(evidence).upstream?.questions ?? [];
    const { reader } = ledger;
    const facts = await reader.readFacts(questionOf(evidence));
    const answered = await reader.readUpstream(questions, facts);
    const { bytes, policy } = await pack([0], { from });
    const { facts: proved } = await createStateProof(await openPack(bytes)).prove(questionOf(evidence), policy, {
      upstream: questions,
    });
    expect(proved?.upstream).toEqual(answered.map(({ logged: _, ...rest }) => rest));
    const voided = proved?.upstream?.flatMap(({ lots }) => lots.filter(({ isVoid }) => isVoid).map(({ lot }) => lot));
    expect(voided).toEqual([story.lots.shipped]);

    const unnamed = { ...(questions[0] ?? expect.unreachable()), lots: [`0x${'5a'.repeat(32)}` as Hex] };
    const slots = upstreamSlotsOf(unnamed);
    const { size, blockNumber } = await reader.readTreeHead();
    const all = [JOURNAL_SLOT, ...peakSlots(size), ...Object.values(slotsOf(questionOf(evidence))), ...slots.ledger];
    const { nodes } = await state.readProofs(all, { blockNumber, materials: slots.materials });
    const { statements } = await openPack((await pack([0], { from })).bytes);
    const absent = await createStateProof({ statements, nodes }).prove(questionOf(evidence), policy, {
      upstream: [unnamed],
    });
    expect(absent.facts?.upstream?.[0]?.lots).toEqual([{ lot: unnamed.lots[0], isVoid: false }]);
  });

  it('proves nothing without a node that leads to Materials or within it', async () => {
    const { from } = await draw(1);
    const { bytes, policy, now } = await pack([0], { from });
    const all = readHead(bytes).nodes.length;
    for (let i = 0; i < all; i++) {
      const [report, ...more] = await judge(await withHead(bytes, (head) => head.nodes.splice(i, 1)), { policy, now });
      expect([report?.verdict, report && provenanceOf(report), more]).toEqual([
        'indeterminate',
        'provenance.state-not-proved',
        [],
      ]);
    }
  });

  it('is not valid, whichever byte is altered, and every 23rd of its head even with its digest made anew', async () => {
    const { story, from } = await draw(1);
    const later = await anchorPallet({
      reader: ledger.reader,
      issuer: maker,
      size: 1,
      firstPlace: 70,
      story,
      before: from,
    });
    // Of all three witnesses, since one that is not known is passed over.
    const { bytes, policy, now } = await pack([0], { from: later, needed: 3 });
    const end = 45 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(41);
    const stillValid: number[] = [];
    const isValid = async (file: Uint8Array) =>
      (await judge(file, { policy, now })).every(({ verdict }) => verdict === 'valid');
    for (let at = 0; at < bytes.length; at++) {
      const altered = bytes.with(at, (bytes[at] ?? 0) ^ (1 << (at % 8)));
      if (await isValid(altered)) stillValid.push(at);
      // What only proofs and signatures can find takes its time.
      if (at < 45 || at >= end || at % 23 > 0) continue;
      altered.set(createHash('sha256').update(altered.subarray(45, end)).digest(), 9);
      if (await isValid(altered)) stillValid.push(at);
    }
    expect(stillValid).toEqual([]);
    console.log(`${bytes.length} bytes of a pack with lots and an earlier version altered, one at a time`);
  }, 120_000);

  it.each([
    ['an event twice', (head) => head.events.push(head.events[0])],
    ['an event that nobody names', (head) => head.events.push('e30')],
    ['an event that is too long', (head) => head.events.splice(0, 1, 'e'.repeat(65_537))],
    [
      'events in another order than they are named in',
      (head) => head.lots[0][1].copyWithin(0, 4, 8).set([0, 0, 0, 0], 4),
    ],
    ['lots twice', (head) => head.lots.push(head.lots[0])],
    ['lots that nobody draws on', (head) => head.lots.push([new Uint8Array(), new Uint8Array()])],
    ['lots that are not there', (head) => head.anchors[0].passports[0].splice(4, 1, 1)],
    ['an entry that lots name and that is not there', (head) => head.lots[0].splice(0, 1, Uint8Array.of(0, 0, 0, 9))],
    ['an event that lots name and that is not there', (head) => head.lots[0].splice(1, 1, Uint8Array.of(0, 0, 0, 9))],
    ['half a position', (head) => head.lots[0].splice(0, 1, head.lots[0][0].slice(0, -2))],
    ['65 positions', (head) => head.lots[0].splice(0, 1, new Uint8Array(4 * 65))],
    ['an entry that is not named any more', (head) => head.lots[0].splice(0, 1, head.lots[0][0].slice(4))],
    ['an earlier version that is not there', (head) => head.anchors[0].passports[0].splice(5, 1, 1)],
    ['an earlier version that nobody needs', (head) => head.anchors[0].passports[0].splice(5, 1, null)],
    ['an earlier version of no batch', (head) => Object.assign(head.earlier[0], { entry: 0 })],
    ['an earlier version beyond its batch', (head) => head.earlier[0].passports[0].splice(0, 1, 2)],
    ['an earlier batch without passports', (head) => Object.assign(head.earlier[0], { passports: [] })],
    ['an earlier batch with a node less', (head) => Object.assign(head.earlier[0], { nodes: new Uint8Array() })],
    ['an earlier batch twice', (head) => head.earlier.push(head.earlier[0])],
    // biome-ignore lint/suspicious/noExplicitAny: as above
  ] as const satisfies readonly (readonly [string, (head: any) => unknown])[])(
    'is refused whole with %s',
    async (_, change) => {
      const { bytes, policy, now } = await small();
      const [only, ...more] = await judge(await withHead(bytes, change), { policy, now });
      expect([only?.verdict, only && codes(only)[0], more]).toEqual(['invalid', 'content.evidence-unreadable', []]);
    },
  );

  /** One new version of two, made once. */
  let made: ReturnType<typeof pack> | undefined;
  function small(): ReturnType<typeof pack> {
    const make = async () => {
      const { story, from } = await draw(2);
      const before = from;
      return await pack([1], {
        from: await anchorPallet({ reader: ledger.reader, issuer: maker, size: 2, firstPlace: 80, story, before }),
      });
    };
    made ??= make();
    return made;
  }

  it('takes at most 400 bytes a passport beyond its own, for 1,000 devices of a batch of 10,000', async () => {
    const { from } = await draw(10_000);
    await measure(' that draws on lots', from);
  }, 120_000);
});

describe('a pack that was tampered with', () => {
  it('is not valid, whichever bit is flipped', async () => {
    const { bytes, policy, now } = await pack([2, 6]);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 8 * bytes.length - 1 }), async (bit) => {
        const flipped = bytes.slice();
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const reports = await judge(flipped, { policy, now });
        expect(reports.some(({ verdict }) => verdict !== 'valid')).toBe(true);
        expect(reports.filter(({ verdict }) => verdict === 'valid').length).toBeLessThan(2);
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it.each([
    ['nothing', () => new Uint8Array()],
    ['another file', () => new TextEncoder().encode('{"version":"dpp-evidence/1"}'.padEnd(80))],
    ['cut in its head', (bytes: Uint8Array) => bytes.subarray(0, 100)],
    ['cut in its last passport', (bytes: Uint8Array) => bytes.subarray(0, -1)],
    ['longer', (bytes: Uint8Array) => concatBytes(bytes, Uint8Array.of(0))],
    [
      'of another version',
      (bytes: Uint8Array) => concatBytes(bytes.subarray(0, 8), Uint8Array.of(2), bytes.subarray(9)),
    ],
  ])('ends in a report, and never throws: %s', async (_, change) => {
    const { bytes, policy, now } = await pack([2, 6]);
    const last = (await judge(change(bytes), { policy, now })).at(-1);
    expect(last?.verdict).toBe('invalid');
    expect(last && codes(last)[0]).toBe('content.evidence-unreadable');
  });

  it.each([
    ['a member more', (head) => Object.assign(head, { more: 1 })],
    ['no anchors', (head) => Object.assign(head, { anchors: [] })],
    ['a key twice', (head) => head.keys.push(head.keys[0])],
    ['a grant that nobody uses', (head) => head.grants.push([2, 'gs1:1234'])],
    ['a key that is not there', (head) => head.anchors[0].passports[0].splice(2, 1, 1)],
    ['places in another order', (head) => head.anchors[0].passports.reverse()],
    ['a place twice', (head) => head.anchors[0].passports[1].splice(0, 1, 2)],
    ['a place beyond the batch', (head) => head.anchors[0].passports[1].splice(0, 1, 10)],
    ['a node of the batch less', (head) => Object.assign(head.anchors[0], { nodes: head.anchors[0].nodes.slice(32) })],
    ['an entry that is none', (head) => head.entries[0].splice(1, 1, Uint8Array.of(1, 2))],
    ['an entry that is not there', (head) => Object.assign(head.anchors[0], { entry: 1 })],
    ['an entry that nobody uses', (head) => head.entries.push([2 ** 40, Uint8Array.of(1, 2), new Uint8Array()])],
    ['half a hash', (head) => head.entries[0].splice(2, 1, new Uint8Array(31))],
    ['a number for a statement', (head) => head.statements.push(7)],
    // biome-ignore lint/suspicious/noExplicitAny: as above
  ] as const satisfies readonly (readonly [string, (head: any) => unknown])[])(
    'is refused whole: %s',
    async (_, change) => {
      const { bytes, policy, now } = await pack([2, 6]);
      const [only, ...more] = await judge(await withHead(bytes, change), { policy, now });
      expect([only?.verdict, only && codes(only)[0], more]).toEqual(['invalid', 'content.evidence-unreadable', []]);
    },
  );

  it('finds a node that proves nothing, once everything was asked', async () => {
    const { bytes, policy, now } = await pack([2, 6]);
    const changed = await withHead(bytes, (head) => head.nodes.push(new Uint8Array(32)));
    const reports = await judge(changed, { policy, now });
    expect(reports.map(({ verdict }) => verdict)).toEqual(['valid', 'valid', 'invalid']);
  });

  it('does not pass with a node of the batch, of the journal or of the credential list altered', async () => {
    const { bytes, policy, now } = await pack([2, 6]);
    const flip = (value: Uint8Array) => {
      value[0] = (value[0] ?? 0) ^ 1;
    };
    const alter = async (change: Parameters<typeof withHead>[1]) =>
      (await judge(await withHead(bytes, change), { policy, now })).map(codes);
    for (const found of await alter((head) => flip(head.anchors[0].nodes)))
      expect(found).toContain('anchor.not-in-batch');
    for (const found of await alter((head) => flip(head.entries[0][2])))
      expect(found).toContain('anchor.not-in-journal');
    const [digests] = await alter((head) => flip(head.anchors[0].passports[0][1]));
    expect(digests?.[0]).toBe('content.evidence-unreadable');
  });
});

describe('facts from a pack', () => {
  /** Evidence, and statements that the test's own witnesses sign, with the state's nodes at a block. */
  async function material(options: { blockNumber?: number; slots?: (all: Hex[]) => Hex[] } = {}) {
    const [evidence] = (await pallet.evidence([4])) as [Evidence];
    const head = await ledger.reader.readTreeHead();
    const blockNumber = options.blockNumber ?? head.blockNumber;
    const { size } = await ledger.reader.readTreeHead({ blockNumber });
    const all = [JOURNAL_SLOT, ...peakSlots(size), ...Object.values(slotsOf(questionOf(evidence)))];
    const { nodes } = await state.readProofs(options.slots?.(all) ?? all, { blockNumber });
    return { evidence, nodes, truth: await stateAt(ledger.reader, blockNumber) };
  }

  const policy = async (needed = 2, text = (lines: string) => lines) =>
    await parsePolicyFile({
      ledgers: [ledger.reader.id],
      witnessPolicy: text(
        policyText(
          signers.map(
            ({ name, verifierKey }) => ({ name, verifierKey, url: 'https://unused.example' }) as StatingWitness,
          ),
          needed,
        ),
      ),
    });

  const sign = (statement: StateStatement, by = signers) =>
    Promise.all(by.map((signer) => signStatement(statement, signer)));

  async function check(options: {
    readonly statements: readonly string[];
    readonly nodes: readonly Uint8Array[];
    readonly evidence: Evidence;
    readonly truth: StateStatement;
    readonly policy?: Awaited<ReturnType<typeof policy>>;
  }) {
    const { statements, nodes, evidence, truth } = options;
    const report = await verifyPresented(readPresented(evidence), {
      facts: createStateProof({ statements, nodes }),
      policy: options.policy ?? (await policy()),
      now: truth.block.time,
    });
    return { verdict: report.verdict, key: report.checks.find(({ name }) => name === 'key')?.code };
  }

  it('are the contract’s own answer, to the last field', async () => {
    const { evidence, nodes, truth } = await material();
    const proved = await createStateProof({ statements: await sign(truth), nodes }).prove(
      questionOf(evidence),
      await policy(),
    );
    const { source: _, ...answered } = await ledger.reader.readFacts(questionOf(evidence));
    expect(proved.facts).toEqual({ ...answered, source: 'the witnesses ada, bob, eve' });
  });

  it('say absent of what the trie proves absent', async () => {
    const { evidence, truth } = await material();
    const nobody = { ...questionOf(evidence), issuer: `0x${'77'.repeat(32)}` as Hex };
    const slots = [JOURNAL_SLOT, ...peakSlots(truth.tree.size), ...Object.values(slotsOf(nobody))];
    const { nodes } = await state.readProofs(slots, { blockNumber: truth.block.number });
    const { facts } = await createStateProof({ statements: await sign(truth), nodes }).prove(nobody, await policy());
    expect(facts).toMatchObject({ issuer: undefined, key: undefined, grant: undefined, status: { revoked: 0n } });
  });

  it('are not taken for absent where it is the proof that is absent', async () => {
    const { nodes: all } = await material();
    let proofs = 0;
    for (let left = 1; left <= 5; left++) {
      const { evidence, nodes, truth } = await material({ slots: (slots) => slots.toSpliced(-left, 1) });
      // What the other slots' paths prove besides needs no node of its own.
      if (nodes.length === all.length) continue;
      proofs += 1;
      const { verdict, key } = await check({ statements: await sign(truth), nodes, evidence, truth });
      expect([verdict, key]).toEqual(['indeterminate', 'key.state-not-proved']);
    }
    expect(proofs).toBeGreaterThanOrEqual(3);
  });

  it('need every one of their nodes, unaltered', async () => {
    const { evidence, nodes, truth } = await material();
    const statements = await sign(truth);
    for (const [i, node] of nodes.entries()) {
      const altered = node.slice();
      altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1;
      for (const changed of [nodes.toSpliced(i, 1), nodes.toSpliced(i, 1, altered)]) {
        const { verdict, key } = await check({ statements, nodes: changed, evidence, truth });
        expect([verdict, key]).toEqual(['indeterminate', 'key.state-not-proved']);
      }
    }
  });

  it('of two blocks are refused, however they are mixed', async () => {
    const older = (await ledger.reader.readTreeHead()).blockNumber;
    const before = await material({ blockNumber: older });
    await anchorPallet({ reader: ledger.reader, issuer, size: 1, firstPlace: 2_000 });
    const after = await material();
    expect(after.truth.block.number).toBeGreaterThan(before.truth.block.number);
    const [ada, bob] = signers as [CosignatureSigner, CosignatureSigner];
    const cases = [
      [
        'statement of the one, state of the other',
        { statements: await sign(after.truth), nodes: before.nodes },
        'key.state-not-proved',
      ],
      ['the other way round', { statements: await sign(before.truth), nodes: after.nodes }, 'key.state-not-proved'],
      [
        'a statement of each',
        {
          statements: [await signStatement(after.truth, ada), await signStatement(before.truth, bob)],
          nodes: [...before.nodes, ...after.nodes],
        },
        'key.statements-disagree',
      ],
      [
        'one witness’s of both',
        {
          statements: [await signStatement(after.truth, ada), ...(await sign(before.truth))],
          nodes: [...before.nodes, ...after.nodes],
        },
        'key.statements-disagree',
      ],
      [
        'the block of the one with the state of the other',
        {
          statements: await sign({
            ...after.truth,
            block: { ...after.truth.block, stateRoot: before.truth.block.stateRoot },
          }),
          nodes: before.nodes,
        },
        'key.state-other-tree',
      ],
      [
        'the tree of the one with the state of the other',
        { statements: await sign({ ...after.truth, tree: before.truth.tree }), nodes: after.nodes },
        'key.state-other-tree',
      ],
    ] as const;
    for (const [title, changed, code] of cases) {
      const { verdict, key } = await check({ ...after, ...changed });
      expect([verdict, key], title).toEqual(['indeterminate', code]);
    }
  });

  it('stand on as many witnesses as the policy asks for, and on theirs alone', async () => {
    const { truth, ...rest } = await material();
    const [ada, bob] = signers as [CosignatureSigner, CosignatureSigner];
    const stranger = await createCosignatureSigner(await generateCosignatureKey('ada'));
    const by = async (...some: CosignatureSigner[]) => check({ ...rest, truth, statements: await sign(truth, some) });
    expect(await by(ada, bob)).toMatchObject({ verdict: 'valid' });
    expect(await by(ada, bob, stranger)).toMatchObject({ verdict: 'valid' });
    for (const few of [[], [ada], [ada, ada], [ada, stranger], [stranger]]) {
      expect(await by(...few)).toMatchObject({ verdict: 'indeterminate', key: 'key.too-few-witnesses' });
    }
    const forged = (await signStatement(truth, bob))
      .split('.')
      .with(2, (await signStatement(truth, ada)).split('.')[2] ?? '');
    for (const [statements, code] of [
      [[...(await sign(truth, [ada])), forged.join('.')], 'key.statement-forged'],
      [[...(await sign(truth)), 'no.statement.here'], 'key.statement-unreadable'],
    ] as const) {
      expect(await check({ ...rest, truth, statements })).toMatchObject({ verdict: 'indeterminate', key: code });
    }
  });

  it('are nobody’s where the policy has no witnesses, or asks for none', async () => {
    const { truth, ...rest } = await material();
    const statements = await sign(truth);
    const { witnesses: _, ...without } = await policy();
    const none = await policy(2, (text) => text.replace('quorum enough', 'quorum none'));
    for (const each of [without, none]) {
      const found = await check({ ...rest, truth, statements, policy: each });
      expect(found).toMatchObject({ verdict: 'indeterminate', key: 'key.no-witnesses' });
    }
  });

  it.each([
    ['chain id', (id) => ({ ...id, chainId: 1 })],
    ['genesis', (id) => ({ ...id, genesis: `0x${'11'.repeat(32)}` as Hex })],
    ['code hash', (id) => ({ ...id, codeHash: `0x${'11'.repeat(32)}` as Hex })],
    ['address', (id) => ({ ...id, address: `0x${'11'.repeat(20)}` as Hex })],
  ] as const satisfies readonly (readonly [string, (id: StateStatement['ledger']) => StateStatement['ledger']])[])(
    'are of the pinned ledger: not of one with another %s',
    async (_, change) => {
      const { truth, ...rest } = await material();
      const pinned = { ...(await policy()), ledgers: [change(ledger.reader.id)] };
      const found = await check({ ...rest, truth, statements: await sign(truth), policy: pinned });
      expect(found).toMatchObject({ verdict: 'indeterminate', key: 'key.facts-other-ledger' });
    },
  );

  it('are those of the code that is pinned, whatever witnesses say of it', async () => {
    const { truth, ...rest } = await material();
    const codeHash: Hex = `0x${'11'.repeat(32)}`;
    const id = { ...ledger.reader.id, codeHash };
    const statements = await sign({ ...truth, ledger: id });
    const found = await check({ ...rest, truth, statements, policy: { ...(await policy()), ledgers: [id] } });
    expect(found).toMatchObject({ verdict: 'indeterminate', key: 'key.state-other-code' });
  });

  it('are of a log that the policy names, where it names one', async () => {
    const { truth, ...rest } = await material();
    const publisher = await createPublisher(ledger.reader, { epoch: 2 });
    const named = await policy(2, (text) => `log ${publisher.verifierKey}\n${text}`);
    const found = await check({ ...rest, truth, statements: await sign(truth), policy: named });
    expect(found).toMatchObject({ verdict: 'indeterminate', key: 'key.statements-other-log' });
    const right = await sign({ ...truth, origin: publisher.origin });
    expect(await check({ ...rest, truth, statements: right, policy: named })).toMatchObject({ verdict: 'valid' });
  });

  it('do not reach back before the anchor', async () => {
    const [evidence] = (await pallet.evidence([4])) as [Evidence];
    const first = await material();
    const entry = first.evidence.entry.index;
    let blockNumber = 0;
    for await (const logged of ledger.reader.readEntries({ from: entry, to: entry + 1 }))
      blockNumber = logged.blockNumber - 1;
    const { truth, nodes } = await material({ blockNumber });
    const found = await check({ statements: await sign(truth), nodes, evidence, truth });
    expect(found).toMatchObject({ verdict: 'indeterminate', key: 'key.facts-before-anchor' });
  });
});

describe('packing', () => {
  it('goes on without a witness that lies, is behind or is gone, while enough agree, and names it', async () => {
    const [, , eve] = witnesses as [StatingWitness, StatingWitness, StatingWitness];
    for (const [lie, reason] of [
      [
        (truth) => ({ ...truth, block: { ...truth.block, stateRoot: `0x${'66'.repeat(32)}` } }),
        'it states another state than the others',
      ],
      [() => undefined, 'it answers 503: my node is behind'],
      [
        (truth) => ({ ...truth, block: { ...truth.block, number: 1 } }),
        'it states something else than it was asked for',
      ],
    ] satisfies [NonNullable<StatingWitness['lie']>, string][]) {
      eve.lie = lie;
      const { silent, vouching, bytes, policy, now } = await pack([1]);
      expect([vouching, silent]).toEqual([['ada', 'bob'], [{ name: 'eve', reason }]]);
      expect((await judge(bytes, { policy, now })).map(({ verdict }) => verdict)).toEqual(['valid']);
      await expect(pack([1], { needed: 3 })).rejects.toMatchObject({ code: 'witness.too-few' });
    }
    eve.lie = undefined;
  });

  it('says that witnesses have not seen the anchor yet', async () => {
    const policy = await policyOf(ledger.reader, witnesses, 2);
    const [evidence] = (await pallet.evidence([1])) as [Evidence];
    const log = { origin: originOf(ledger.reader), size: evidence.entry.index };
    const options = { ledger: ledger.reader, state, witnesses: policy.witnesses ?? expect.unreachable(), log };
    await expect(packEvidence({ ...options, evidence: [evidence] })).rejects.toMatchObject({ code: 'witness.behind' });
  });

  it('takes the block at which the journal had just the entries that witnesses cosigned', async () => {
    const { size, blockNumber } = await ledger.reader.readTreeHead();
    const evidence = await pallet.evidence([1]);
    await anchorPallet({ reader: ledger.reader, issuer, size: 1, firstPlace: 3_000 });
    const policy = await policyOf(ledger.reader, witnesses, 2);
    const packed = await packEvidence({
      ...{ ledger: ledger.reader, state, witnesses: policy.witnesses ?? expect.unreachable() },
      ...{ log: { origin: originOf(ledger.reader), size }, evidence },
    });
    expect(packed.statement.block.number).toBe(blockNumber);
    const reports = await judge(concatBytes(...packed.chunks), { policy, now: packed.statement.block.time });
    expect(reports.map(({ verdict }) => verdict)).toEqual(['valid']);
  });

  it('asks real witnesses, who look at their own node', async () => {
    const { reader } = ledger;
    const publisher = await createPublisher(reader);
    const real = await Promise.all(
      ['w1', 'w2'].map(async (name) =>
        startRealWitness(
          { reader, publishers: [publisher.verifier] },
          { signer: await createCosignatureSigner(await generateCosignatureKey(`witness.example/${name}`)) },
        ),
      ),
    );
    try {
      const leaves = await publisher.leaves();
      for (const witness of real)
        expect(await witness.send(await publisher.ask(0, leaves))).toMatchObject({ status: 200 });
      const named = real.map(
        ({ signer, url }, i) => ({ name: `w${i + 1}`, verifierKey: signer.verifierKey, url }) as StatingWitness,
      );
      const policy = await policyOf(reader, named, 2);
      const packed = await packEvidence({
        ...{ ledger: reader, state, witnesses: policy.witnesses ?? expect.unreachable() },
        ...{ log: { origin: publisher.origin, size: leaves.length }, evidence: await pallet.evidence([1, 2]) },
      });
      const reports = await judge(concatBytes(...packed.chunks), { policy, now: packed.statement.block.time });
      expect(reports.map(({ verdict }) => verdict)).toEqual(['valid', 'valid']);
    } finally {
      for (const witness of real) await witness.stop();
    }
  });
});
