/** Cobalt of a mine and of a recycler, refined together and drawn on by a maker's passports: a real story for tests of lots. */
import { encodeHex, type Hex } from '@dpp-ledger/core';
import { formatLedger, type SignedCredential } from '@dpp-ledger/core/credential';
import { buildEvent, type EventInput } from '@dpp-ledger/core/event';
import { buildBatch } from '@dpp-ledger/core/evidence';
import type { Allocation, MaterialAct } from '@dpp-ledger/core/journal';
import { type CustodyModel, formatLot, formatSubstance, hashLot, type Origin } from '@dpp-ledger/core/materials';
import { acts, calls } from '@dpp-ledger/sdk/ledger';
import { MODEL, newSerial, type TestIssuer, type World } from './support.ts';

export const COBALT = 7_440_484;
/** The size of the batch that draws on the lots. */
export const UNITS = 5;
const CAS = 'https://www.cas.org/cas-data/cas-registry';
const NO_LOSS = { primary: 0n, preConsumerRecycled: 0n, postConsumerRecycled: 0n, renewable: 0n };

export interface Refinery {
  readonly mine: TestIssuer;
  readonly recycler: TestIssuer;
  readonly refiner: TestIssuer;
  readonly maker: TestIssuer;
  readonly lots: Readonly<
    Record<'ore' | 'oreSold' | 'scrap' | 'scrapSold' | 'pure' | 'recycled' | 'cells' | 'put' | 'open' | 'refused', Hex>
  >;
  /** Each takes 12,000 mg of the recycled cobalt and 3,000 mg of the pure. */
  readonly passports: readonly SignedCredential[];
  readonly root: Hex;
  /** The credentials that say what happened, by the label of the lot, or the process. */
  readonly events: ReadonlyMap<string, SignedCredential>;
}

type OmitEvent<A> = A extends MaterialAct ? Omit<A, 'event'> : never;

/** Tells the story on the ledger: every act with its event, which is anchored before it. */
export async function createRefinery(world: World): Promise<Refinery> {
  const mine = await world.createIssuer({ roles: ['extractor'] });
  const recycler = await world.createIssuer({ roles: ['recycler'] });
  const refiner = await world.createIssuer({ roles: ['refiner'] });
  const maker = await world.createIssuer();
  const events = new Map<string, SignedCredential>();
  const { store } = world.embedded;
  const place = { id: 'https://facility.example/1', name: 'A plant' };

  const relay = async (issuer: TestIssuer, ...toDo: Parameters<TestIssuer['relay']>[0][number][]) =>
    void (await world.admin.send(calls.relay(await issuer.relay(toDo))));

  async function putBatch(credentials: readonly SignedCredential[]) {
    const batch = buildBatch(credentials.map(({ digest }) => digest));
    await store.putBatch({ manifest: batch.manifest, credentials });
    return { root: batch.root, size: credentials.length, manifest: encodeHex(batch.manifest.digest) };
  }

  /** What an issuer says happened, and the act that names it. */
  async function act(issuer: TestIssuer, about: string, event: EventInput, done: OmitEvent<MaterialAct>) {
    const { credentialStatus: _, ...said } = buildEvent(event, {
      issuer: { id: issuer.id, name: 'A party' },
      ledger: world.reader.id,
      status: { list: issuer.list, index: 0 },
      statusListCredential: 'https://dpp.example/status',
      validFrom: '2025-01-15T00:00:00Z',
    }) as unknown as Record<string, unknown>;
    const signed = await issuer.sign(said);
    events.set(about, signed);
    const digest = encodeHex(signed.digest);
    await relay(
      issuer,
      acts.anchor(await putBatch([signed])),
      acts.material({ ...done, event: digest } as MaterialAct),
    );
  }

  const newLot = (issuer: TestIssuer, label: string, milligrams: bigint, origin: Origin, custody: CustodyModel) => ({
    ...{ lot: hashLot(issuer.hash, label), milligrams, name: 'Cobalt', label, origin, custody },
    substance: formatSubstance(COBALT),
  });
  const day = '2026-05-04T10:00:00+02:00';

  async function register(issuer: TestIssuer, label: string, milligrams: bigint, origin: Origin, country: string) {
    const custody = origin === 'primary' ? 'segregated' : 'massBalance';
    const lot = newLot(issuer, label, milligrams, origin, custody);
    await act(
      issuer,
      label,
      { kind: 'register', name: `Register ${label}`, date: day, at: place, outputs: [lot] },
      {
        ...{
          kind: 'lotRegistered',
          substance: COBALT,
          origin,
          custody,
          milligrams,
          country,
          label,
          facility: place.id,
        },
        ...(custody === 'massBalance' ? { periodFrom: 1, periodUntil: 2 ** 31 } : { periodFrom: 0, periodUntil: 0 }),
      },
    );
    return lot.lot;
  }

  async function offer(from: TestIssuer, to: TestIssuer, lot: Hex, milligrams: bigint, label: string) {
    const moved = [{ lot: hashLot(from.hash, label), milligrams, name: 'Cobalt' }];
    const counterparty = { id: to.id, name: 'A party' };
    await act(
      from,
      label,
      { kind: 'transfer', step: 'offered', name: label, date: day, from: place, to: place, counterparty, moved },
      { kind: 'transferOffered', receiver: to.hash, lot, milligrams, label },
    );
    return hashLot(from.hash, label);
  }

  async function sell(from: TestIssuer, to: TestIssuer, lot: Hex, milligrams: bigint, label: string) {
    const offered = await offer(from, to, lot, milligrams, label);
    const moved = [{ lot: offered, milligrams, name: 'Cobalt' }];
    const counterparty = { id: from.id, name: 'A party' };
    await act(
      to,
      `${label}, accepted`,
      { kind: 'transfer', step: 'accepted', name: label, date: day, from: place, to: place, counterparty, moved },
      { kind: 'transferAccepted', sender: from.hash, lot: offered },
    );
    return offered;
  }

  const ore = await register(mine, 'ORE-1', 1_000_000n, 'primary', 'CD');
  const scrap = await register(recycler, 'SCRAP-1', 500_000n, 'postConsumerRecycled', 'BE');
  const oreSold = await sell(mine, refiner, ore, 600_000n, 'ORE-1/A');
  const scrapSold = await sell(recycler, refiner, scrap, 500_000n, 'SCRAP-1/A');
  const open = await offer(mine, refiner, ore, 100_000n, 'ORE-1/B');
  const refused = await offer(mine, refiner, ore, 50_000n, 'ORE-1/C');
  await relay(refiner, acts.material({ kind: 'transferRefused', lot: refused }));
  const withdrawn = await offer(mine, refiner, ore, 10_000n, 'ORE-1/D');
  await relay(mine, acts.material({ kind: 'transferWithdrawn', lot: withdrawn }));
  await world.accreditor.send(calls.voidLot({ lot: refused }));

  // 95,000 mg of what was recycled fall to primary.
  const inputs = [
    { lot: oreSold, milligrams: 600_000n },
    { lot: scrapSold, milligrams: 500_000n },
  ].sort((a, b) => (a.lot < b.lot ? -1 : 1));
  const outputs = [
    { origin: 'primary', custody: 'massBalance', milligrams: 685_000n, label: 'PURE-1' },
    { origin: 'postConsumerRecycled', custody: 'massBalance', milligrams: 400_000n, label: 'RECYCLED-1' },
  ] as const;
  await act(
    refiner,
    'refining',
    {
      ...{ kind: 'transform', name: 'Refine', date: day, at: place, process: 'refining' },
      inputs: inputs.map((input) => ({ ...input, name: 'Cobalt' })),
      outputs: outputs.map(({ label, milligrams, origin, custody }) =>
        newLot(refiner, label, milligrams, origin, custody),
      ),
    },
    {
      kind: 'transformed',
      ...{ process: 'refining', inputs, outputs, lost: { ...NO_LOSS, primary: 10_000n, postConsumerRecycled: 5_000n } },
    },
  );
  const [pure, recycled] = [hashLot(refiner.hash, 'PURE-1'), hashLot(refiner.hash, 'RECYCLED-1')];
  await relay(
    refiner,
    acts.material({ kind: 'lotSplit', lot: pure, milligrams: 250_000n, label: 'PURE-1/1' }),
    acts.material({ kind: 'lotRetired', lot: pure, milligrams: 1_000n }),
    acts.material({ kind: 'lotLost', lot: pure, milligrams: 2_000n }),
  );
  const cells = await sell(refiner, maker, recycled, 300_000n, 'CELLS-1');
  const put = await sell(refiner, maker, hashLot(refiner.hash, 'PURE-1/1'), 200_000n, 'CELLS-2');

  const taken: readonly Allocation[] = [
    { lot: cells, milligrams: 12_000n },
    { lot: put, milligrams: 3_000n },
  ].sort((a, b) => (a.lot < b.lot ? -1 : 1));
  const passports = await Promise.all(Array.from({ length: UNITS }, () => maker.sign(laptop(world, taken))));
  const batch = await putBatch(passports);
  await relay(maker, acts.anchor({ ...batch, allocations: taken }));
  return {
    ...{ mine, recycler, refiner, maker, events, passports, root: batch.root },
    lots: { ore, oreSold, scrap, scrapSold, pure, recycled, cells, put, open, refused },
  };
}

/** An item that draws on lots. */
function laptop(world: World, taken: readonly Allocation[]): Record<string, unknown> {
  return {
    credentialSubject: {
      type: ['Product'],
      ...{ id: `${MODEL}/21/${newSerial()}`, name: 'Laptop 14', idGranularity: 'item' },
      materialProvenance: taken.map(({ lot, milligrams }) => ({
        ...{ type: ['Material'], name: 'Cobalt', lot: formatLot(formatLedger(world.reader.id), lot) },
        materialType: { code: formatSubstance(COBALT), name: 'Cobalt', schemeId: CAS },
        originClass: milligrams === 12_000n ? 'postConsumerRecycled' : 'primary',
        chainOfCustodyModel: 'massBalance',
        mass: { value: Number(milligrams) / 1_000, unit: 'GRM' },
      })),
    },
  };
}
