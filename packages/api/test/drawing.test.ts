/** Acting on lots, and issuing passports that draw on them, through the service on a real chain. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hex } from '@dpp-ledger/core';
import { parseCredential, parseJwt, signCredential } from '@dpp-ledger/core/credential';
import { readEventMasses } from '@dpp-ledger/core/event';
import { foldJournal } from '@dpp-ledger/core/journal';
import { formatLot, parseSubstance } from '@dpp-ledger/core/materials';
import { buildPassport, type PassportInput } from '@dpp-ledger/core/passport';
import {
  actOnLots,
  type Client,
  createClient,
  type IssuedItem,
  issue,
  type LotAct,
  lotActs,
  lotOf,
} from '@dpp-ledger/sdk';
import { openRun } from '@dpp-ledger/sdk/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PUBLIC_URL, startService, startWorld, type TestIssuer, type TestService, type World } from './support.ts';

const COBALT = parseSubstance('7440-48-4');
const MINE = { id: 'https://mine.example/pit/1', name: 'Pit 1', country: 'CD' };
const REFINERY = { id: 'https://refiner.example/plant/1', name: 'Refinery 1', country: 'CN' };

let folder: string;
let world: World;
let service: TestService;
let client: Client;
let mine: TestIssuer;
let refiner: TestIssuer;
let maker: TestIssuer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpp-lots-'));
  world = await startWorld();
  mine = await world.createIssuer({ roles: ['extractor'], grants: [] });
  refiner = await world.createIssuer({ roles: ['refiner', 'recycler'], grants: [] });
  maker = await world.createIssuer({ roles: ['manufacturer'] });
  service = await startService(world);
  client = clientOf();
});
afterAll(async () => {
  await service.close();
  await world.stop();
  await rm(folder, { recursive: true, force: true });
});

/** `lose` is asked of every answer: whether it is lost on its way. */
function clientOf(lose: (path: string) => boolean = () => false): Client {
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const response = await service.app.request(String(input), init);
    if (lose(new URL(String(input)).pathname)) throw new TypeError('the connection broke');
    return response;
  };
  return createClient({ url: PUBLIC_URL, fetch });
}

/** What an issuer does together. */
async function act(issuer: TestIssuer, ...list: readonly LotAct[]) {
  const { id, signer } = issuer;
  return await actOnLots(list, { signer, ledger: world.reader.id, client, issuerName: `Fictional ${id}` });
}

async function fold() {
  return (await foldJournal(bytesOf(world.reader.readEntries()))).state;
}

async function* bytesOf(entries: AsyncIterable<{ readonly bytes: Uint8Array }>) {
  for await (const { bytes } of entries) yield bytes;
}

const stateOf = async (lot: Hex) => (await fold()).lots.get(lot);

let labels = 0;
const newLabel = (what: string) => `${what}-${labels++}`;

async function register(
  issuer: TestIssuer,
  milligrams: bigint,
  origin: 'primary' | 'postConsumerRecycled' = 'primary',
) {
  const label = newLabel('ore');
  const lot = {
    label,
    name: 'Cobalt hydroxide',
    substance: COBALT,
    origin,
    custody: 'segregated',
    milligrams,
  } as const;
  return await act(issuer, lotActs.register({ ...lot, at: MINE }));
}

/** A lot of the maker's, from the refiner. */
async function supply(milligrams: bigint): Promise<Hex> {
  const { lots } = await register(refiner, milligrams, 'postConsumerRecycled');
  const label = newLabel('delivery');
  const journey = { name: 'Cobalt', counterpartyName: 'The other side', from: REFINERY, to: MINE, milligrams };
  await act(refiner, lotActs.offer({ ...journey, lot: lots[0] as Hex, label, receiver: maker.id }));
  const lot = lotOf(refiner.id, label);
  await act(maker, lotActs.accept({ ...journey, lot, sender: refiner.id }));
  return lot;
}

describe('acting on lots', () => {
  it('registers one with the event that describes it, anchored in the same breath', async () => {
    const { lots, events, answer } = await register(mine, 5_000_000n);
    const [event] = events;
    expect(answer).toMatchObject({ state: 'final' });
    const [lot] = lots as [Hex];
    expect(await stateOf(lot)).toMatchObject({ milligrams: 5_000_000n, holder: mine.hash, origin: 'primary' });
    await service.when(`/evidence/${event?.cid}`);
    const fetched = await client.fetchCredential(event?.cid ?? '');
    expect(fetched).toBe(event?.jwt);
    expect(readEventMasses(parseCredential(parseJwt(fetched).payload), world.reader.name).outputs).toEqual([
      { lot, milligrams: 5_000_000n },
    ]);
    const evidence = await client.fetchEvidence(event?.cid ?? '');
    const report = await service.post('/verify', 'application/json', JSON.stringify(evidence));
    expect(await report.json()).toMatchObject({ verdict: 'valid' });
  });

  it('moves a lot only when both sides have signed', async () => {
    const [lot] = (await register(mine, 1_000n)).lots as [Hex];
    const journey = { name: 'Ore', counterpartyName: 'The other side', from: MINE, to: REFINERY, milligrams: 600n };
    const label = newLabel('offer');
    const offered = await act(mine, lotActs.offer({ ...journey, lot, label, receiver: refiner.id }));
    expect(offered.lots).toEqual([lotOf(mine.id, label)]);
    const [part] = offered.lots as [Hex];
    expect(await stateOf(part)).toMatchObject({ milligrams: 600n, holder: mine.hash, offeredTo: refiner.hash });
    expect(await stateOf(lot)).toMatchObject({ milligrams: 400n });
    await act(refiner, lotActs.accept({ ...journey, lot: part, sender: mine.id }));
    expect(await stateOf(part)).toMatchObject({ milligrams: 600n, holder: refiner.hash, offeredTo: undefined });
  });

  it('leaves a lot with its sender where an offer is refused or withdrawn', async () => {
    const [lot] = (await register(mine, 1_000n)).lots as [Hex];
    const journey = { name: 'Ore', counterpartyName: 'Refiner', from: MINE, to: REFINERY, lot, milligrams: 10n };
    for (const end of [
      (part: Hex) => act(refiner, lotActs.refuse(part)),
      (part: Hex) => act(mine, lotActs.withdraw(part)),
    ]) {
      const offer = { ...journey, label: newLabel('offer'), receiver: refiner.id };
      const [part] = (await act(mine, lotActs.offer(offer))).lots as [Hex];
      await end(part);
      expect(await stateOf(part)).toMatchObject({ holder: mine.hash, offeredTo: undefined, milligrams: 10n });
    }
  });

  it('transforms lots, with what was lost', async () => {
    const [a] = (await register(refiner, 500n, 'postConsumerRecycled')).lots as [Hex];
    const [b] = (await register(refiner, 300n, 'postConsumerRecycled')).lots as [Hex];
    const output = { origin: 'postConsumerRecycled', custody: 'massBalance', name: 'Cobalt sulphate' } as const;
    const { lots, events } = await act(
      refiner,
      lotActs.transform({
        ...{ process: 'hydrometallurgical refining', substance: COBALT, at: REFINERY },
        inputs: [
          { lot: b, milligrams: 300n },
          { lot: a, milligrams: 500n },
        ],
        outputs: [{ ...output, label: newLabel('sulphate'), milligrams: 780n }],
        lost: { postConsumerRecycled: 20n },
      }),
    );
    expect(await stateOf(lots[0] as Hex)).toMatchObject({ milligrams: 780n, custody: 'massBalance' });
    expect((await stateOf(a))?.milligrams).toBe(0n);
    const masses = readEventMasses(parseCredential(parseJwt(events[0]?.jwt ?? '').payload), world.reader.name);
    expect(masses.inputs).toHaveLength(2);
    expect(masses.outputs).toEqual([{ lot: lots[0], milligrams: 780n }]);
  });

  it('does several things together or none, each with its event', async () => {
    const [label, offered] = [newLabel('ore'), newLabel('offer')];
    const lot = lotOf(mine.id, label);
    const made = { label, substance: COBALT, origin: 'primary', custody: 'segregated', milligrams: 900n } as const;
    const journey = { name: 'Ore', counterpartyName: 'Refiner', from: MINE, to: REFINERY };
    const offer = (milligrams: bigint) =>
      lotActs.offer({ ...journey, lot, milligrams, label: offered, receiver: refiner.id });
    const register = lotActs.register({ ...made, at: MINE });
    await expect(act(mine, register, offer(901n))).rejects.toMatchObject({ code: 'service.refused' });
    expect(await stateOf(lot)).toBeUndefined();
    const { lots, events } = await act(mine, register, offer(400n));
    expect(lots).toEqual([lot, lotOf(mine.id, offered)]);
    expect(events).toHaveLength(2);
    expect(await stateOf(lot)).toMatchObject({ milligrams: 500n });
    for (const { cid } of events) {
      await service.when(`/evidence/${cid}`);
      const report = await service.post('/verify', 'application/json', JSON.stringify(await client.fetchEvidence(cid)));
      expect(await report.json()).toMatchObject({ verdict: 'valid' });
    }
  });

  it('splits, retires and writes off, without an event', async () => {
    const [lot] = (await register(mine, 100n)).lots as [Hex];
    const { lots, events } = await act(mine, lotActs.split({ lot, milligrams: 40n, label: newLabel('part') }));
    expect(events).toEqual([]);
    await act(
      mine,
      lotActs.retire({ lot: lots[0] as Hex, milligrams: 15n }),
      lotActs.writeOff({ lot, milligrams: 5n }),
    );
    expect((await stateOf(lots[0] as Hex))?.milligrams).toBe(25n);
    expect((await stateOf(lot))?.milligrams).toBe(55n);
  });

  it.each<[string, (lot: Hex) => Promise<unknown>]>([
    ['MassOutOfRange', (lot) => act(mine, lotActs.split({ lot, milligrams: 101n, label: newLabel('part') }))],
    ['LotNotHeld', (lot) => act(refiner, lotActs.retire({ lot, milligrams: 1n }))],
    ['LotUnknown', () => act(mine, lotActs.retire({ lot: `0x${'77'.repeat(32)}`, milligrams: 1n }))],
    ['RoleMissing', () => register(maker, 1n)],
  ])('is refused with the reason of the contract, %s, and costs nothing', async (reason, attempt) => {
    const [lot] = (await register(mine, 100n)).lots as [Hex];
    const before = await world.reader.readBalance(world.relayer.account);
    await expect(attempt(lot)).rejects.toMatchObject({
      code: 'service.refused',
      message: expect.stringMatching(new RegExp(`ledger\\.refused.*${reason}`)),
    });
    expect(await world.reader.readBalance(world.relayer.account)).toBe(before);
  });
});

let serials = 0;
function laptops(count: number, takes: readonly (readonly [lot: Hex, massG: number])[]): PassportInput[] {
  const materials = takes.map(([lot, massG]) => ({
    ...{ name: 'Cobalt', cas: '7440-48-4', massG, country: 'CD' },
    ...({ custodyModel: 'segregated', origin: 'postConsumerRecycled' } as const),
    recycledPercent: 100,
    postConsumerPercent: 100,
    lot: formatLot(world.reader.name, lot),
  }));
  return Array.from({ length: count }, () => ({
    granularity: 'item',
    gtin: '09521234000013',
    serial: `L${serials++}`,
    name: 'Laptop 14',
    category: 'laptop',
    massKg: 1.5,
    manufacturer: { name: 'Fictional Maker Ltd' },
    ...(materials.length === 0 ? {} : { materials }),
  }));
}

async function issueAll(inputs: readonly PassportInput[], file: string, through: Client = client) {
  const run = await openRun(join(folder, file), { ledger: world.reader.id, issuer: maker.id });
  const items: IssuedItem[] = [];
  try {
    const counts = await issue({
      ...{ inputs, signer: maker.signer, issuerName: 'Fictional Maker Ltd', ledger: world.reader.id },
      ...{ run, client: through, onItem: (item: IssuedItem) => void items.push(item) },
    });
    return { counts, items, known: await Array.fromAsync(run.items()) };
  } finally {
    await run.close();
  }
}

/** Entries of batches that allocate from a lot, with their sizes. */
async function allocationsOf(lot: Hex) {
  const found: { size: unknown; milligrams: unknown }[] = [];
  for await (const { entry } of client.listEntries()) {
    if (entry.kind !== 'anchored') continue;
    const { size, allocations } = entry as { size: unknown; allocations: { lot: string; milligrams: unknown }[] };
    for (const one of allocations) if (one.lot === lot) found.push({ size, milligrams: String(one.milligrams) });
  }
  return found;
}

describe('issuing passports that draw on lots', () => {
  it('anchors those together that take the same, with what each takes, and the others as always', async () => {
    const [a, b] = [await supply(100_000n), await supply(100_000n)];
    const both = laptops(2, [
      [a, 10],
      [a, 2],
      [b, 0.5],
    ]);
    const { counts, known } = await issueAll([...laptops(1, []), ...both, ...laptops(3, [[a, 5]])], 'mixed');
    expect(counts).toMatchObject({ read: 6, signed: 6, accepted: 6, refused: 0 });
    expect(await allocationsOf(a)).toEqual([
      { size: 2, milligrams: '12000' },
      { size: 3, milligrams: '5000' },
    ]);
    expect(await allocationsOf(b)).toEqual([{ size: 2, milligrams: '500' }]);
    expect((await stateOf(a))?.milligrams).toBe(100_000n - 24_000n - 15_000n);
    expect(known.every(({ receipt }) => receipt?.state === 'accepted')).toBe(true);
  });

  it('takes the mass of a production batch times its pieces, once', async () => {
    const lot = await supply(6_000_000n);
    const [input] = laptops(1, [[lot, 12]]) as [PassportInput];
    const { serial: _, ...unnamed } = input;
    const batch: PassportInput = { ...unnamed, granularity: 'batch', productionBatch: 'M26', units: 500 };
    await issueAll([batch], 'pieces');
    expect(await allocationsOf(lot)).toEqual([{ size: 1, milligrams: '6000000' }]);
    expect((await stateOf(lot))?.milligrams).toBe(0n);
  });

  it('refuses more than there is with the reason of the contract, and goes on once the file is mended', async () => {
    const lot = await supply(30_000n);
    const rows = laptops(3, [[lot, 12]]);
    const refused = await issueAll(rows, 'over-claim');
    expect(refused.counts).toMatchObject({ accepted: 0, refused: 3 });
    expect(refused.items[0]?.receipt).toMatchObject({
      state: 'refused',
      detail: expect.stringMatching(/MassOutOfRange\(lot: 0x.*, milligrams: 36000, held: 30000\)/),
    });
    expect((await stateOf(lot))?.milligrams).toBe(30_000n);
    const mended = await issueAll(rows.slice(0, 2), 'over-claim');
    expect(mended.counts).toMatchObject({ signed: 0, accepted: 2, refused: 0 });
    expect(await allocationsOf(lot)).toEqual([{ size: 2, milligrams: '12000' }]);
  });

  it.each([
    ['of its batch', '/relay'],
    ['about its receipt', '/receipts/events'],
  ])('allocates once where the answer %s is lost, and signs nothing again', async (_, path) => {
    const lot = await supply(100_000n);
    const rows = laptops(4, [[lot, 12]]);
    const file = `lost-${path.length}`;
    let isLost = false;
    const losing = clientOf((asked) => {
      const lose = !isLost && asked === path;
      isLost ||= lose;
      return lose;
    });
    if (path === '/relay') {
      await expect(issueAll(rows, file, losing)).rejects.toMatchObject({ code: 'service.unreachable' });
    } else await issueAll(rows, file, losing);
    const { counts } = await issueAll(rows, file);
    expect(isLost).toBe(true);
    expect(counts).toMatchObject({ read: 4, signed: 0, before: 4, accepted: 0 });
    expect(await allocationsOf(lot)).toEqual([{ size: 4, milligrams: '12000' }]);
    expect((await stateOf(lot))?.milligrams).toBe(52_000n);
  });

  it('allocates once where the service that took it in is no more, and another answers', async () => {
    const lot = await supply(100_000n);
    const rows = laptops(2, [[lot, 12]]);
    const losing = clientOf((asked) => asked === '/relay');
    await expect(issueAll(rows, 'moved', losing)).rejects.toMatchObject({ code: 'service.unreachable' });
    await service.inStep();
    const first = service;
    // On a database of its own: nobody there knows of the relay.
    service = await startService(world);
    try {
      const { counts } = await issueAll(rows, 'moved');
      expect(counts).toMatchObject({ signed: 0, before: 2, accepted: 0 });
      expect(await allocationsOf(lot)).toEqual([{ size: 2, milligrams: '12000' }]);
    } finally {
      await service.close();
      service = first;
    }
  });

  it('is not done by posting them as those without lots: the door says what to do', async () => {
    const [input] = laptops(1, [[await supply(12_000n), 12]]) as [PassportInput];
    const passport = buildPassport(input, {
      ...{ issuer: { id: maker.id, name: 'Fictional Maker Ltd' }, ledger: world.reader.id, voice: 'declared' },
      ...{ status: { list: maker.list, index: 77 }, statusListCredential: `${PUBLIC_URL}/status/1` },
      validFrom: '2026-01-01T00:00:00Z',
    });
    const { jwt } = await signCredential(passport, maker.signer);
    expect(await client.postCredential(jwt)).toMatchObject({ state: 'refused', code: 'materials.unallocated' });
  });

  it('posts what was signed and never sent', async () => {
    const lot = await supply(100_000n);
    const rows = laptops(2, [[lot, 12]]);
    const broken = createClient({
      url: PUBLIC_URL,
      fetch: async (input, init) => {
        if (new URL(String(input)).pathname === '/relay') throw new TypeError('no route to host');
        return await service.app.request(String(input), init);
      },
    });
    await expect(issueAll(rows, 'unsent', broken)).rejects.toMatchObject({ code: 'service.unreachable' });
    expect(await allocationsOf(lot)).toEqual([]);
    expect((await issueAll(rows, 'unsent')).counts).toMatchObject({ signed: 0, before: 2 });
    expect(await allocationsOf(lot)).toEqual([{ size: 2, milligrams: '12000' }]);
  });

  it('goes on beside another run of the same key', async () => {
    const lot = await supply(100_000n);
    const [one, other] = [laptops(2, [[lot, 3]]), laptops(2, [[lot, 4]])];
    await Promise.all([issueAll(one, 'one'), issueAll(other, 'other')]);
    for (const [rows, file] of [
      [one, 'one'],
      [other, 'other'],
    ] as const) {
      const { counts } = await issueAll(rows, file);
      expect(counts.accepted + counts.before).toBe(2);
    }
    expect((await stateOf(lot))?.milligrams).toBe(100_000n - 14_000n);
  });
});
