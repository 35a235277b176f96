/**
 * What happens to passports that draw on lots, one thing at a time, and hundreds of cases more that differ from a genuine one in one thing:
 * in what evidence shows of lots, or in what a source says of them.
 */
import { encodeBase64Url, type Hex } from '../../packages/core/src/bytes.ts';
import type { Evidence, Facts } from '../../packages/core/src/evidence/index.ts';
import { formatLot } from '../../packages/core/src/materials/index.ts';
import { ACCREDITOR, anchored, by, CONTROLLER, makerId } from '../../packages/core/test/journal/paper-ledger.ts';
import {
  createLotsWorld,
  type LotsWorld,
  type LotsWorldOptions,
  lotOf,
  MINERS,
  material,
  mineId,
} from '../../packages/core/test/verify/lots-world.ts';
import { LIST, MODEL } from '../../packages/core/test/verify/world.ts';
import { createRandom } from '../endurance/random.ts';
import type { Case } from './cases.ts';
import { mutate, mutateFacts, pick } from './mutants.ts';

type Shown = NonNullable<Evidence['lots']>;
const grams = (value: unknown, unit = 'GRM') => ({ mass: { value, unit } });
const type = (code: unknown, schemeId: unknown) => ({ materialType: { code, schemeId, name: 'x', schemeName: 'x' } });
const CAS = 'https://www.cas.org/cas-data/cas-registry';
const OWN = 'https://dpp-ledger.example/ns/substance';
const BATCH = { id: `${MODEL}/10/B7`, idGranularity: 'batch' };
const ELSEWHERE = { type: ['Product'], id: 'https://maker.example/devices/1', name: 'Device' };

/** Terms of a material that draws on 12 mg of `part`, and of its product. */
const CLAIMS: Readonly<Record<string, readonly [terms: object, product?: object]>> = {
  'as allocated': [{}],
  'of less': [grams(0.011)],
  'of more': [grams(0.013)],
  'of a part of a milligram': [grams(0.0125)],
  'of nearly a milligram': [grams(0.0119999999999)],
  'of nothing': [grams(0)],
  'of less than nothing': [grams(-0.012)],
  'of the largest number': [grams(Number.MAX_VALUE)],
  'of text': [grams('0.012')],
  'in another unit': [grams(12, 'MGM')],
  'without a mass': [{ mass: undefined }],
  'with a mass that is a list': [{ mass: [{ value: 0.012, unit: 'GRM' }] }],
  'of a weaker custody': [{ chainOfCustodyModel: 'bookAndClaim' }],
  'of a stricter custody': [{ chainOfCustodyModel: 'segregated' }],
  'of no custody': [{ chainOfCustodyModel: undefined }],
  'of another origin': [{ originClass: 'preConsumerRecycled' }],
  'of primary': [{ originClass: 'primary' }],
  'of an origin that there is not': [{ originClass: 'recycled' }],
  'of nickel': [type('7440-02-0', CAS)],
  'of a wrong check digit': [type('7440-48-5', CAS)],
  'of a CAS number in other digits': [type('٧440-48-4', CAS)],
  'of a CAS number under our scheme': [type('7440-48-4', OWN)],
  'of steel': [type('steel', OWN)],
  'of steel under the scheme of CAS': [type('steel', CAS)],
  'of a substance of no list': [type('iron', OWN)],
  'of a code that is a number': [type(7440484, CAS)],
  'of no substance': [{ materialType: undefined }],
  'by the id alone': [{ lot: lotOf.part }],
  'by no text': [{ lot: null }],
  'of an item that says one unit': [{}, { unitCount: 1 }],
  'of an item that says two units': [{}, { unitCount: 2 }],
  'of an item that says nothing of units': [{}, { unitCount: null }],
  'of a batch of four': [grams(0.003), { ...BATCH, unitCount: 4 }],
  'of a batch of five': [grams(0.003), { ...BATCH, unitCount: 5 }],
  'of a batch of none': [grams(0.003), { ...BATCH, unitCount: 0 }],
  'of a batch of half a unit': [grams(0.003), { ...BATCH, unitCount: 0.5 }],
  'of a batch that counts nothing': [grams(0.003), BATCH],
  'of a batch that says it is an item': [grams(0.003), { ...BATCH, idGranularity: 'item' }],
  'of a model': [{}, { id: MODEL, idGranularity: 'model' }],
  'of a model that says it is an item': [{}, { id: MODEL }],
  'of an item that is no Digital Link': [{}, { ...ELSEWHERE, idGranularity: 'item' }],
  'of a batch that is no Digital Link': [grams(0.003), { ...ELSEWHERE, idGranularity: 'batch', unitCount: 4 }],
  'of what says no level': [{}, { ...ELSEWHERE, idGranularity: undefined }],
  'of a wrong GTIN': [{}, { id: 'https://id.gs1.org/01/09521234000014/21/A7K2' }],
  'of another key of GS1': [{}, { id: 'https://id.gs1.org/8004/9521234A' }],
};

/** Other stories of the lots than the genuine one. */
const OTHER = { lot: `0x${'77'.repeat(32)}` as Hex, milligrams: 1000n, name: 'Ore', label: 'other' };
const WORLDS: Readonly<Record<string, LotsWorldOptions>> = {
  'the mine registers more than its event says': { change: { ore: { milligrams: 1001n } } },
  'the mine tells of another lot': {
    tell: {
      ore: { outputs: [{ ...OTHER, substance: '7440-48-4', origin: 'primary', custody: 'segregated' }] } as never,
    },
  },
  'somebody else tells what the mine did': { teller: { ore: 'maker' } },
  'somebody else tells what the refiner did': { teller: { refined: 'mine' } },
  'the transfer moves something else': { tell: { shipped: { moved: [OTHER] } as never } },
  'the refiner takes in more than its event says': {
    tell: { refined: { inputs: [{ lot: lotOf.shipped, milligrams: 600n, name: 'Cobalt' }] } as never },
  },
};

async function tell(options?: LotsWorldOptions): Promise<{ readonly world: LotsWorld; readonly evidence: Evidence }> {
  const world = await createLotsWorld(options);
  const materials = [material(world, 'part'), material(world, 'primary', grams(0.02))];
  const issued = await world.issueWith(materials, { part: 12, primary: 20 });
  return { world, evidence: await world.evidenceOf(issued, [lotOf.part, lotOf.primary]) };
}

/** With the paths that its entries have by now. */
function refresh(world: LotsWorld, evidence: Evidence): Evidence {
  const fresh = <T extends Evidence['entry']>(entry: T): T => {
    return { ...entry, proof: world.ledger.peakPath(entry.index).map(encodeBase64Url) };
  };
  const { lots, earlier, entry } = evidence;
  return {
    ...evidence,
    entry: fresh(entry),
    ...(lots && { lots: { ...lots, entries: lots.entries.map(fresh) } }),
    ...(earlier && { earlier: { ...earlier, entry: fresh(earlier.entry) } }),
  };
}

function revoke(world: LotsWorld, issuer: Hex, place: number): void {
  world.append(issuer === mineId ? MINERS : CONTROLLER, {
    ...{ kind: 'statusSet', issuer, list: LIST, status: 'revoked', reason: 'error' },
    words: [{ number: Math.floor(place / 256), bits: 1n << BigInt(place % 256) }],
  });
}

export async function createLotStories(): Promise<Case[]> {
  const cases: Case[] = [];
  const add = (name: string, world: LotsWorld, evidence: Evidence, change = (facts: Facts): Facts => facts) => {
    const options = world.optionsWith(evidence);
    cases.push({ name: `lots: ${name}`, ...options, facts: change(options.facts as Facts) });
  };

  const { world, evidence } = await tell();
  add('genuine', world, evidence);
  const shown = evidence.lots as Shown;
  for (const left of shown.entries.keys()) {
    add(`without entry ${left}`, world, {
      ...evidence,
      lots: { ...shown, entries: shown.entries.filter((_, i) => i !== left) },
    });
    const wrong = shown.entries.map((entry, i) => {
      return i === left ? { ...entry, proof: entry.proof.map(() => 'A'.repeat(43)) } : entry;
    });
    const forged = { ...evidence, lots: { ...shown, entries: wrong } };
    add(`with another path of entry ${left}`, world, forged);
    add(`with another path of entry ${left}, not final`, world, forged, (facts) => ({
      ...facts,
      finalBlockNumber: 50,
    }));
    const twice = { ...evidence, lots: { ...shown, entries: [...shown.entries, shown.entries[left]] } as Shown };
    add(`with entry ${left} twice`, world, twice);
  }
  for (const left of shown.events.keys()) {
    const events = shown.events.filter((_, i) => i !== left);
    add(`without event ${left}`, world, { ...evidence, lots: { ...shown, events } });
    add(`with the passport for event ${left}`, world, {
      ...evidence,
      lots: { ...shown, events: [...events, evidence.credential, 'no.credential.at-all'] },
    });
  }
  const { lots: _, ...bare } = evidence;
  add('without anything behind them', world, bare);
  cases.push({ ...world.optionsWith(evidence), name: 'lots: as a bare credential', evidence: evidence.credential });
  cases.push({ ...world.optionsWith(evidence), name: 'lots: without facts', facts: undefined });
  add('of which nobody asked', world, evidence, ({ upstream: _, ...facts }) => facts);
  add('of which an answer is missing', world, evidence, (facts) => ({ ...facts, upstream: facts.upstream?.slice(1) }));
  add('with facts that cannot be read', world, evidence, (facts) => ({ ...facts, blockTime: -1 }));
  add('with facts of before the anchor', world, evidence, (facts) => ({ ...facts, blockNumber: 1 }));
  add('with facts of another ledger', world, evidence, (facts) => ({
    ...facts,
    ledger: { ...facts.ledger, codeHash: makerId },
  }));
  add('with facts about another key', world, evidence, (facts) => ({
    ...facts,
    question: { ...facts.question, key: mineId },
  }));
  const compromised = { purposes: 15, validFrom: 0, retiredAt: undefined, compromisedSince: 1 };
  for (const one of shown.entries.keys()) {
    add(`of which entry ${one} was made by a stolen key`, world, evidence, (facts) => ({
      ...facts,
      upstream: facts.upstream?.map((about, i) => (i === one ? { ...about, key: compromised } : about)),
    }));
  }
  const stale = { ...evidence, lots: { ...shown, entries: shown.entries.map((entry) => ({ ...entry, proof: [] })) } };
  const logged = (flaw?: Uint8Array) => (facts: Facts) => ({
    ...facts,
    upstream: facts.upstream?.map((about, i) => {
      const index = stale.lots.entries[i]?.index ?? 0;
      return { ...about, logged: { index, bytes: flaw ?? world.ledger.entries[index] ?? new Uint8Array() } };
    }),
  });
  add('whose paths the journal has outgrown', world, stale);
  add('with such paths, and the log', world, stale, logged());
  add('with such paths, and other entries in the log', world, stale, logged(Uint8Array.of(1)));
  cases.push({
    ...{ ...world.optionsWith(stale), name: 'lots: with such paths, where only proofs will do' },
    ...{ facts: logged()(world.factsWith(stale)), policy: { ...world.policy, anchorStandings: ['proved'] } },
  });
  add('of a source that lags', world, evidence, (facts) => {
    const { size, peaks } = facts.treeHead;
    return { ...facts, treeHead: { size: 8, peaks: peaks.slice(0, 1) }, ...(size < 8 && { closed: true }) };
  });

  for (const [name, options] of Object.entries(WORLDS)) {
    const other = await tell(options);
    add(name, other.world, other.evidence);
  }
  for (const name of Object.keys(lotOf) as (keyof typeof lotOf)[]) {
    const story = await tell();
    const milligrams = story.world.ledger.fold.state.lots.get(lotOf[name])?.milligrams ?? 0n;
    story.world.append(ACCREDITOR, { kind: 'lotVoided', lot: lotOf[name], milligrams });
    add(`of which ${name} is void`, story.world, refresh(story.world, story.evidence));
  }
  for (const [issuer, place] of [1000, 1001, 1002, 1003].flatMap((at) => [
    [mineId, at] as const,
    [makerId, at] as const,
  ])) {
    const story = await tell();
    revoke(story.world, issuer, place);
    const who = issuer === mineId ? 'mine' : 'maker';
    add(`where place ${place} of the ${who} is revoked`, story.world, refresh(story.world, story.evidence));
  }
  for (const ago of [1000, 60, 0]) {
    const story = await tell();
    story.world.append(ACCREDITOR, { kind: 'withdrawn', issuer: mineId, since: story.world.ledger.time - ago });
    add(`of a mine withdrawn ${ago} s ago`, story.world, refresh(story.world, story.evidence));
  }

  for (const [name, [terms, product]] of Object.entries(CLAIMS)) {
    const claims = await createLotsWorld();
    for (const allocated of [{ part: 12 }, { primary: 12 }]) {
      const issued = await claims.issueWith([material(claims, 'part', terms)], allocated, product);
      const some = Object.keys(allocated).join();
      add(`a claim ${name}, allocated of ${some}`, claims, await claims.evidenceOf(issued, [lotOf.part]));
    }
  }
  const claims = await createLotsWorld();
  const twice = [5, 4].map((milligrams) => material(claims, 'part', grams(milligrams / 1000)));
  for (const part of [9, 8] as const) {
    add(
      `two claims on ${part} mg`,
      claims,
      await claims.evidenceOf(await claims.issueWith(twice, { part }), [lotOf.part]),
    );
  }
  const versions = await createLotsWorld();
  const foreign = material(versions, 'part', { lot: formatLot(`eip155:1:${versions.ledger.id.address}`, lotOf.part) });
  const issued = await versions.issueWith([foreign], { part: 12 });
  add("a claim on another ledger's lot", versions, await versions.evidenceOf(issued, [lotOf.part]));

  const first = await versions.issueWith([material(versions, 'part')], { part: 12 });
  for (const [name, terms, product] of [
    ['', {}, {}],
    [' that claims more', grams(0.013), {}],
    [' of another device', {}, { id: `${MODEL}/21/B8L3` }],
  ] as const) {
    const second = await versions.issueWith([material(versions, 'part', terms)], {}, product);
    const without = await versions.evidenceOf(second, [lotOf.part]);
    add(`a new version${name}, alone`, versions, without);
    const { credential, batch, entry } = first.evidence();
    add(`a new version${name}`, versions, { ...without, earlier: { credential, batch, entry } });
    const swapped = { credential: second.signed.jwt, batch, entry };
    add(`a new version${name}, with itself as the earlier`, versions, { ...without, earlier: swapped });
    const moved = { ...entry, proof: entry.proof.map(() => 'A'.repeat(43)) };
    add(`a new version${name}, with another path`, versions, {
      ...without,
      earlier: { credential, batch, entry: moved },
    });
    const claimed = { root: `0x${'11'.repeat(32)}` as Hex, size: 1, roles: 0x3f };
    const other = versions.ledger.encode(by('controller', 'maker'), anchored({ ...claimed, allocations: [] }));
    const bytes = encodeBase64Url(other);
    add(`a new version${name}, with another anchor`, versions, {
      ...without,
      earlier: { credential, batch, entry: { ...entry, bytes } },
    });
  }
  return cases;
}

/** Of the genuine one, one thing of what stands behind its lots, or of what the source says of them, is another. */
export async function createLotMutants(seed: number, count: number): Promise<Case[]> {
  const random = createRandom(seed);
  const { world, evidence } = await tell();
  const earlier = await createLotsWorld();
  const first = await earlier.issueWith([material(earlier, 'part')], { part: 12 });
  const second = await earlier.issueWith([material(earlier, 'part')], {});
  const { credential, batch, entry } = first.evidence();
  const version = await earlier.evidenceOf(second, [lotOf.part], { earlier: { credential, batch, entry } });
  return Array.from({ length: count }, (_, i): Case[] => {
    const [changed, where] = mutate(pick(random, [{ lots: evidence.lots }]), random);
    const shown = { ...evidence, ...(changed as object) } as Evidence;
    const [other, at] = mutate({ earlier: version.earlier, lots: version.lots }, random);
    const options = { ...world.optionsWith(evidence) };
    const [upstream, of] = mutateFacts({ upstream: (options.facts as Facts).upstream }, random);
    return [
      { ...options, name: `lots ${i}: evidence${where}`, evidence: shown },
      {
        ...earlier.optionsWith(version),
        ...{ name: `lots ${i}: a new version${at}`, evidence: { ...version, ...(other as object) } as Evidence },
      },
      { ...options, name: `lots ${i}: facts${of}`, facts: { ...(options.facts as Facts), ...upstream } },
    ];
  }).flat();
}
