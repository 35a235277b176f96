/** Books of material, of a real ledger on which lots moved. */
import { encodeHex, type Hex, sha256 } from '@dpp-ledger/core';
import { encodeAuditReport } from '@dpp-ledger/core/audit';
import type { MaterialAct } from '@dpp-ledger/core/journal';
import { hashLot, parseSubstance } from '@dpp-ledger/core/materials';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { acts, calls } from '../src/ledger/index.ts';
import { createNotes, type ReplayNotes } from '../src/notes.ts';
import { replay } from '../src/replay.ts';
import { accredit, batch, startLedger, type TestIssuer, type TestLedger } from './support.ts';

const EVENT: Hex = encodeHex(sha256(new TextEncoder().encode('event')));
const NO_LOSS = { primary: 0n, preConsumerRecycled: 0n, postConsumerRecycled: 0n, renewable: 0n };
let ledger: TestLedger;
let miner: TestIssuer;
let refiner: TestIssuer;
/** Entries of what is against a rule or not accepted. */
let blended: number;
let open: number;

beforeAll(async () => {
  ledger = await startLedger();
  [miner, refiner] = [await accredit(ledger), await accredit(ledger)];
  await ledger.accreditor.send(calls.assignRoles({ issuer: miner.id, roles: ['extractor'] }));
  await ledger.accreditor.send(
    calls.assignRoles({ issuer: refiner.id, roles: ['manufacturer', 'refiner', 'recycler'] }),
  );
  const does = async (party: TestIssuer, ...all: MaterialAct[]) => {
    const { entries } = await party.writer.send(calls.act({ issuer: party.id, acts: all.map(acts.material) }));
    return entries.at(-1)?.index ?? -1;
  };
  const cobalt = { kind: 'lotRegistered', substance: parseSubstance('7440-48-4'), event: EVENT } as const;
  const kind = { periodFrom: 0, periodUntil: 0, custody: 'segregated' } as const;
  const lot = (party: TestIssuer, label: string) => hashLot(party.hash, label);
  await does(
    miner,
    { ...cobalt, ...kind, origin: 'primary', country: 'CD', facility: 'a mine', label: 'ore', milligrams: 9_000_000n },
    {
      kind: 'transferOffered',
      receiver: refiner.hash,
      lot: lot(miner, 'ore'),
      milligrams: 5_000_000n,
      event: EVENT,
      label: 'sold',
    },
  );
  open = await does(miner, {
    ...{ kind: 'transferOffered', receiver: refiner.hash, lot: lot(miner, 'ore'), milligrams: 250n, event: EVENT },
    label: 'never accepted',
  });
  await does(refiner, { kind: 'transferAccepted', sender: miner.hash, lot: lot(miner, 'sold'), event: EVENT });
  await does(refiner, {
    ...{ ...cobalt, ...kind, origin: 'postConsumerRecycled', country: 'FI', facility: 'a works', label: 'black mass' },
    milligrams: 1_000_000n,
  });
  const inputs = [
    { lot: lot(miner, 'sold'), milligrams: 5_000_000n },
    { lot: lot(refiner, 'black mass'), milligrams: 1_000_000n },
  ].sort((a, b) => (a.lot < b.lot ? -1 : 1));
  blended = await does(refiner, {
    ...{ kind: 'transformed', event: EVENT, process: 'refining (yield 99-100 %)', inputs },
    lost: { ...NO_LOSS, primary: 100_000n },
    outputs: [
      { origin: 'primary', custody: 'segregated', milligrams: 4_900_000n, label: 'refined' },
      { origin: 'postConsumerRecycled', custody: 'massBalance', milligrams: 1_000_000n, label: 'refined, recycled' },
    ],
  });
  const anchor = { ...batch(1), allocations: [{ lot: lot(refiner, 'refined, recycled'), milligrams: 12n }] };
  await refiner.writer.send(calls.act({ issuer: refiner.id, acts: [acts.anchor(anchor)] }));
  await ledger.accreditor.send(calls.voidLot({ lot: lot(refiner, 'refined') }));
}, 120_000);
afterAll(() => ledger.stop());

it('are in the report, and close with what the contract has', async () => {
  const { report, faults, fold } = await replay({ ledger: ledger.reader });
  const { size } = batch(1);
  const period = expect.stringMatching(/^\d{4}-Q[1-4]$/);
  const cobalt = { substance: '7440-48-4', form: 'physical', period, opening: '0' };
  expect(report?.materials?.lines).toMatchObject({
    total: 3,
    items: [
      {
        ...cobalt,
        holder: miner.id,
        origin: 'primary',
        registered: '9000000',
        delivered: '5000000',
        closing: '4000000',
      },
      {
        ...cobalt,
        holder: refiner.id,
        origin: 'primary',
        received: '5000000',
        made: '4900000',
        voided: '4900000',
        closing: '0',
      },
      {
        ...{
          ...cobalt,
          holder: refiner.id,
          origin: 'postConsumerRecycled',
          registered: '1000000',
          consumed: '1000000',
        },
        ...{ made: '1000000', allocated: String(12 * size), closing: String(1_000_000 - 12 * size) },
      },
    ],
  });
  expect(report?.materials?.sums).toMatchObject([
    { origin: 'postConsumerRecycled', held: String(1_000_000 - 12 * size) },
    { origin: 'primary', held: '4000000', onOffer: '250', lost: '100000', voided: '4900000' },
  ]);
  const sold = hashLot(miner.hash, 'never accepted');
  expect(fold.state.lots.get(sold)?.offeredTo).toBe(refiner.hash);
  expect(report?.findings).toMatchObject({
    custodyBreaches: {
      total: 1,
      items: [{ entry: blended, rule: 'one-origin', lot: hashLot(refiner.hash, 'refined') }],
    },
    unacceptedTransfers: { total: 1, items: [{ entry: open, issuer: miner.id, receiver: refiner.id, lot: sold }] },
    yields: { total: 1, items: [{ entry: blended, yield: 983_333, low: 990_000, basis: 'declared' }] },
    periodBreaches: { total: 0 },
  });
  expect(faults).toBe(1);
});

it('are the same where the replay was ended anywhere on the way', async () => {
  const whole = await replay({ ledger: ledger.reader });
  const kept = createNotes();
  let steps = 0;
  let runs = 0;
  const ending: ReplayNotes = {
    ...kept,
    async save(name, value) {
      steps += 1;
      if (steps > runs) throw new Error('ended');
      await kept.save(name, value);
    },
  };
  for (runs = 2; ; runs++) {
    steps = 0;
    const result = await replay({ ledger: ledger.reader, notes: ending, saveEvery: 1 }).catch(
      (error: Error) => error.message,
    );
    if (result === 'ended') continue;
    if (typeof result === 'string') throw new Error(result);
    expect(result.report && encodeAuditReport(result.report)).toBe(whole.report && encodeAuditReport(whole.report));
    break;
  }
  // Each run that was ended had saved a little more.
  expect(runs).toBeGreaterThan(4);
});

it('are left out after a snapshot, since nobody knows what those lots were made of', async () => {
  const { snapshot } = await replay({ ledger: ledger.reader });
  const { report, broken } = await replay({ ledger: ledger.reader, from: snapshot });
  expect(broken).toBeUndefined();
  expect(report).not.toHaveProperty('materials');
});
