import { concatBytes } from '@dpp-ledger/core';
import { verifyPack } from '@dpp-ledger/core/pack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calls, createStateReader, type StateReader } from '../src/ledger/index.ts';
import { packEvidence } from '../src/pack.ts';
import { anchorPallet, originOf, type Pallet, policyOf, type StatingWitness, startWitness } from './pallet.ts';
import { accredit, startLedger, type TestIssuer, type TestLedger } from './support.ts';

let ledger: TestLedger;
let issuer: TestIssuer;
let state: StateReader;
let pallet: Pallet;
let witnesses: StatingWitness[];

beforeAll(async () => {
  ledger = await startLedger();
  issuer = await accredit(ledger);
  await ledger.accreditor.send(calls.grantPrefix({ issuer: issuer.id, number: 1, prefix: 'gs1:9521234' }));
  pallet = await anchorPallet({ reader: ledger.reader, issuer, size: 10 });
  state = createStateReader({ url: ledger.rpcUrl, address: ledger.reader.id.address });
  witnesses = await Promise.all(['ada', 'bob', 'eve'].map((name) => startWitness(name, ledger.reader)));
}, 60_000);
afterAll(async () => {
  await Promise.all(witnesses.map((witness) => witness.close()));
  await ledger.stop();
});

async function pack(places: readonly number[], needed = 2) {
  const policy = await policyOf(ledger.reader, witnesses, needed);
  const { size } = await ledger.reader.readTreeHead();
  const packed = await packEvidence({
    ledger: ledger.reader,
    state,
    witnesses: policy.witnesses ?? expect.unreachable(),
    log: { origin: originOf(ledger.reader), size },
    evidence: await pallet.evidence(places),
  });
  return { ...packed, policy, bytes: concatBytes(...packed.chunks), now: packed.statement.block.time + 30 };
}

describe('a pack', () => {
  it('of passports is valid without a network, on the word of witnesses', async () => {
    const { bytes, policy, now, statement } = await pack([1, 4, 7]);
    const reports = await Array.fromAsync(verifyPack(bytes, { policy, now }));
    expect(reports.map(({ verdict }) => verdict)).toEqual(['valid', 'valid', 'valid']);
    expect(reports[0]).toMatchObject({
      trustBase: '2 of 3 witnesses: ada, bob, eve',
      asOf: { source: 'the witnesses ada, bob, eve', blockNumber: statement.block.number },
    });
    expect(reports[0]?.checks.find(({ name }) => name === 'anchor')).toMatchObject({ code: 'anchor.witnessed' });
  });
});
