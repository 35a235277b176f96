/**
 * A mine, and the maker, who recycles, refines and makes devices: lots from both go into two lots, of which a batch of passports was
 * allocated its share. Everything is real but that the ledger is on paper.
 */
import { encodeBase64Url, encodeHex, type Hex } from '../../src/bytes.ts';
import {
  createSigner,
  formatLedger,
  hashCredential,
  parseDid,
  type SignedCredential,
  type Signer,
  signCredential,
} from '../../src/credential/index.ts';
import { buildEvent, type EventInput } from '../../src/event/index.ts';
import type { Evidence, Facts, UpstreamFacts } from '../../src/evidence/index.ts';
import { answerQuestion, decodeEntry, type EntryBody } from '../../src/journal/index.ts';
import { collectMakings, formatLot, hashLot, isMaking, lotsMadeBy, type Making } from '../../src/materials/index.ts';
import { readPresented, type VerifyOptions } from '../../src/verify/index.ts';
import {
  ACCREDITOR,
  accountOf,
  by,
  CONTROLLER,
  createKeyPair,
  issuerOf,
  keyAdded,
  MAKER,
  makerId,
} from '../journal/paper-ledger.ts';
import { type Anchored, createWorld, ITEM, LIST, passport, type World } from './world.ts';

export const ALL_ROLES = 0x3f;
export const MINE = 'did:web:mine.example';
export const mineId = issuerOf(MINE);
export const MINERS = by('controller', 'mine');
export const COBALT = 7_440_484;
export const NO_LOSS = { primary: 0n, preConsumerRecycled: 0n, postConsumerRecycled: 0n, renewable: 0n };

export const lotOf = {
  ore: hashLot(mineId, 'ore'),
  shipped: hashLot(mineId, 'ore/1'),
  scrap: hashLot(makerId, 'scrap'),
  primary: hashLot(makerId, 'P'),
  recycled: hashLot(makerId, 'R'),
  part: hashLot(makerId, 'R/1'),
} as const;

const FACILITY = { id: 'https://maker.example/facilities/1', name: 'Works' };
const DATE = '2025-01-15T08:00:00+01:00';

export interface LotsWorld extends World {
  readonly mine: Signer;
  /** Indices of the entries. */
  readonly at: Readonly<Record<'ore' | 'shipped' | 'scrap' | 'refined' | 'part', number>>;
  readonly events: ReadonlyMap<'ore' | 'shipped' | 'scrap' | 'refined', SignedCredential>;
  /** A passport with these materials, in a batch that was allocated these milligrams a credential. */
  issueWith(
    materials: readonly object[],
    allocations: Readonly<Partial<Record<keyof typeof lotOf, number>>>,
    product?: object,
  ): Promise<Anchored>;
  /** With what stands behind the lots. */
  evidenceOf(anchored: Anchored, lots: readonly Hex[], more?: Partial<Evidence>): Promise<Evidence>;
  factsWith(evidence: Evidence): Facts;
  optionsWith(evidence: Evidence, overrides?: Partial<VerifyOptions>): VerifyOptions;
}

/** What a passport says of 12 mg of `part`, or of another lot. */
export function material(world: World, lot: keyof typeof lotOf, terms: object = {}): object {
  return {
    ...{ name: 'Cobalt', originCountry: { countryCode: 'GB' }, massFraction: 0.001 },
    materialType: {
      code: '7440-48-4',
      name: 'Cobalt',
      schemeId: 'https://www.cas.org/cas-data/cas-registry',
      schemeName: 'CAS Registry Number',
    },
    mass: { value: 0.012, unit: 'GRM' },
    originClass: lot === 'primary' || lot === 'ore' || lot === 'shipped' ? 'primary' : 'postConsumerRecycled',
    chainOfCustodyModel: 'massBalance',
    lot: formatLot(formatLedger(world.ledger.id), lotOf[lot]),
    ...terms,
  };
}

export interface LotsWorldOptions {
  /** Other bodies than the story has. */
  readonly change?: Partial<Record<'ore' | 'shipped' | 'scrap' | 'refined' | 'part', object>>;
  /** Other events. */
  readonly tell?: Partial<Record<'ore' | 'shipped' | 'scrap' | 'refined', Partial<EventInput>>>;
  /** Who signs the event of a step. */
  readonly teller?: Partial<Record<'ore' | 'shipped' | 'scrap' | 'refined', 'mine' | 'maker'>>;
}

export async function createLotsWorld({
  change = {},
  tell = {},
  teller = {},
}: LotsWorldOptions = {}): Promise<LotsWorld> {
  const world = await createWorld({ roles: ALL_ROLES });
  const { ledger, signer } = world;
  const mineKey = await createKeyPair();
  const controller = accountOf('mine');
  ledger.append(ACCREDITOR, { kind: 'accredited', issuer: mineId, number: 2, roles: ALL_ROLES, controller, did: MINE });
  ledger.append(ACCREDITOR, keyAdded(mineId, mineKey, 15));
  const mine = await createSigner({ issuer: parseDid(MINE), jwk: mineKey.jwk });
  const events = new Map<'ore' | 'shipped' | 'scrap' | 'refined', SignedCredential>();
  const at: Record<string, number> = {};

  async function step(
    name: 'ore' | 'shipped' | 'scrap' | 'refined',
    who: 'mine' | 'maker',
    input: EventInput,
    body: (event: Hex) => EntryBody,
  ): Promise<void> {
    const says = teller[name] ?? who;
    const credential = buildEvent({ ...input, ...tell[name] } as EventInput, {
      issuer: { id: parseDid(says === 'mine' ? MINE : MAKER), name: says },
      ledger: ledger.id,
      status: { list: LIST, index: 1000 + events.size },
      statusListCredential: 'https://maker.example/status/1',
      validFrom: '2025-01-15T00:00:00Z',
    });
    const signed = await signCredential(credential, says === 'mine' ? mine : signer);
    events.set(name, signed);
    const entry = { ...body(encodeHex(signed.digest)), ...change[name] } as EntryBody;
    at[name] = ledger.append(who === 'mine' ? MINERS : CONTROLLER, entry);
  }

  const common = { name: 'what happened', date: DATE };
  const ofMine = { issuer: mineId, roles: ALL_ROLES };
  const ofMaker = { issuer: makerId, roles: ALL_ROLES };
  const kind = { substance: '7440-48-4', custody: 'segregated' } as const;
  await step(
    'ore',
    'mine',
    {
      ...{ kind: 'register', ...common, at: FACILITY },
      outputs: [{ lot: lotOf.ore, milligrams: 1000n, name: 'Ore', label: 'ore', origin: 'primary', ...kind }],
    },
    (event) => ({
      ...{ kind: 'lotRegistered', ...ofMine, substance: COBALT, origin: 'primary', custody: 'segregated', event },
      ...{ milligrams: 1000n, periodFrom: 0, periodUntil: 0, country: 'CD', label: 'ore', facility: 'a mine' },
    }),
  );
  await step(
    'shipped',
    'mine',
    {
      ...{ kind: 'transfer', ...common, step: 'offered', from: FACILITY, to: FACILITY },
      counterparty: { id: parseDid(MAKER), name: 'Maker' },
      moved: [{ lot: lotOf.shipped, milligrams: 600n, name: 'Ore' }],
    },
    (event) => ({
      ...{ kind: 'transferOffered', ...ofMine, receiver: makerId, lot: lotOf.ore, milligrams: 600n, event },
      label: 'ore/1',
    }),
  );
  ledger.append(CONTROLLER, {
    ...{ kind: 'transferAccepted', ...ofMaker, sender: mineId, lot: lotOf.shipped, event: `0x${'ac'.repeat(32)}` },
  });
  await step(
    'scrap',
    'maker',
    {
      ...{ kind: 'register', ...common, at: FACILITY },
      outputs: [
        {
          ...{ lot: lotOf.scrap, milligrams: 500n, name: 'Scrap', label: 'scrap', ...kind },
          origin: 'postConsumerRecycled',
        },
      ],
    },
    (event) => ({
      ...{ kind: 'lotRegistered', ...ofMaker, substance: COBALT, origin: 'postConsumerRecycled', event },
      ...{ custody: 'segregated', milligrams: 500n, periodFrom: 0, periodUntil: 0, country: 'GB', label: 'scrap' },
      facility: 'a yard',
    }),
  );
  const inputs = [
    { lot: lotOf.shipped, milligrams: 600n },
    { lot: lotOf.scrap, milligrams: 500n },
  ].sort((a, b) => (a.lot < b.lot ? -1 : 1));
  const outputs = [
    { origin: 'primary', custody: 'massBalance', milligrams: 590n, label: 'P' },
    { origin: 'postConsumerRecycled', custody: 'massBalance', milligrams: 490n, label: 'R' },
  ] as const;
  await step(
    'refined',
    'maker',
    {
      ...{ kind: 'transform', ...common, at: FACILITY, process: 'refining' },
      inputs: inputs.map((input) => ({ ...input, name: 'Cobalt' })),
      outputs: outputs.map(({ label, ...output }) => ({
        ...{ ...output, label, name: 'Cobalt', substance: '7440-48-4', lot: hashLot(makerId, label) },
      })),
    },
    (event) => ({
      ...{ kind: 'transformed', ...ofMaker, event, process: 'refining', inputs, outputs },
      lost: { ...NO_LOSS, primary: 10n, postConsumerRecycled: 10n },
    }),
  );
  const part: EntryBody = { kind: 'lotSplit', ...ofMaker, lot: lotOf.recycled, milligrams: 120n, label: 'R/1' };
  at.part = ledger.append(CONTROLLER, { ...part, ...change.part } as EntryBody);

  function makings(): ReadonlyMap<Hex, Making> {
    const made = new Map<Hex, Making>();
    for (const [index, bytes] of ledger.entries.entries()) {
      const entry = decodeEntry(bytes);
      if (isMaking(entry)) for (const lot of lotsMadeBy(entry)) made.set(lot, { index, entry });
    }
    return made;
  }

  const lots: LotsWorld = {
    ...world,
    mine,
    events,
    at: at as LotsWorld['at'],
    issueWith: (materials, allocated, product = {}) => {
      const allocations = Object.entries(allocated)
        .map(([name, milligrams]) => ({ lot: lotOf[name as keyof typeof lotOf], milligrams: BigInt(milligrams) }))
        .sort((a, b) => (a.lot < b.lot ? -1 : 1));
      const subject = {
        ...{ type: ['Product'], id: ITEM, name: 'Laptop 14', idGranularity: 'item' },
        ...{ materialProvenance: materials, ...product },
      };
      return world.issue(passport(ledger, { credentialSubject: subject }), { entry: { allocations } });
    },
    async evidenceOf(anchored, behind, more = {}) {
      const found = (await collectMakings(behind, () => makings())) ?? [];
      const digests = new Set(found.map(({ entry }) => ('event' in entry ? entry.event : '')));
      return {
        ...anchored.evidence(),
        lots: {
          entries: found.map(({ index }) => ({
            ...{ index, bytes: encodeBase64Url(ledger.entries[index] ?? new Uint8Array()) },
            proof: ledger.peakPath(index).map(encodeBase64Url),
          })),
          events: [...events.values()].filter(({ digest }) => digests.has(encodeHex(digest))).map(({ jwt }) => jwt),
        },
        ...more,
      };
    },
    factsWith(evidence) {
      const { state } = ledger.fold;
      const upstream = readPresented(evidence).upstream?.questions.map(({ question, lots: asked }): UpstreamFacts => {
        const { issuer, key, status } = answerQuestion(state, question);
        const about = asked.map((lot) => ({ lot, isVoid: state.lots.get(lot)?.isVoid ?? false }));
        return { question, issuer, key, status, lots: about };
      });
      return { ...world.facts(evidence), ...(upstream && { upstream }) };
    },
    optionsWith: (evidence, overrides = {}) => ({
      ...world.options(evidence),
      facts: lots.factsWith(evidence),
      ...overrides,
    }),
  };
  return lots;
}

export function digestOf(jwt: string): Hex {
  return encodeHex(hashCredential(new TextEncoder().encode(jwt)));
}
