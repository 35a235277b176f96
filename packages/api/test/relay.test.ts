import { encodeHex } from '@dpp-ledger/core';
import { buildBatch } from '@dpp-ledger/core/evidence';
import { acts, type RelayRequest, wordsOf } from '@dpp-ledger/sdk/ledger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startService, startWorld, type TestIssuer, type TestService, type World } from './support.ts';

let world: World;
let issuer: TestIssuer;
let service: TestService;
beforeAll(async () => {
  world = await startWorld();
  issuer = await world.createIssuer();
  service = await startService(world);
});
afterAll(async () => {
  await service.close();
  await world.stop();
});

async function post(request: RelayRequest | object): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await service.post('/relay', 'application/json', JSON.stringify(request));
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const revoke = (place: number) => acts.revoke({ list: issuer.list, reason: 'error', words: wordsOf([place]) });

describe('acts that a key has signed', () => {
  it('are brought to the ledger, paid for, and answered with their entry', async () => {
    const { status, body } = await post(await issuer.relay([revoke(7_001)]));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      kind: 'relay',
      state: 'final',
      entry: expect.any(Number),
      transaction: expect.any(String),
    });
    expect(await service.getJson(`/receipts/${body.id}`)).toMatchObject({ state: 'final', entry: body.entry });
    expect(await service.getJson(`/journal/${body.entry}`)).toMatchObject({ kind: 'statusSet' });
  });

  it('are brought there once, though they are sent again, which gives the answer that was missed', async () => {
    const request = await issuer.relay([revoke(7_002)]);
    const [first, second] = [await post(request), await post(request)];
    expect(second).toEqual(first);
    expect(await service.getJson('/tree-head')).toMatchObject({ size: Number(first.body.entry) + 1 });
  });

  it('anchor a batch whose credentials are stored first, and revoke a place in the same breath', async () => {
    const signed = await issuer.signMany(3);
    const batch = buildBatch(signed.map(({ digest }) => digest));
    const anchor = acts.anchor({ root: batch.root, size: 3, manifest: encodeHex(batch.manifest.digest) });
    const request = await issuer.relay([anchor, revoke(90)], { credentials: signed.map(({ jwt }) => jwt) });
    expect(await post(request)).toMatchObject({ status: 200, body: { state: 'final' } });
    const evidence = await service.when(`/evidence/${signed[1]?.cid}`);
    expect(evidence.ok).toBe(true);
    const report = await service.post('/verify', 'application/vc+jwt', signed[1]?.jwt ?? '');
    expect(await report.json()).toMatchObject({ verdict: 'valid' });
  });
});

describe('what is refused before it is paid for', () => {
  it('acts that nobody’s key signed', async () => {
    const request = await issuer.relay([revoke(2)]);
    expect(await post({ ...request, nonce: '99' })).toMatchObject({
      status: 422,
      body: { code: 'credential.signature' },
    });
  });
  it('acts for another ledger', async () => {
    const request = await issuer.relay([revoke(2)]);
    expect(await post({ ...request, ledger: `eip155:1:0x${'12'.repeat(20)}` })).toMatchObject({
      status: 422,
      body: { code: 'credential.signature' },
    });
  });
  it('an issuer that is not on the ledger', async () => {
    const request = await issuer.relay([revoke(2)]);
    expect(await post({ ...request, issuer: 'did:web:nobody.example' })).toMatchObject({
      status: 422,
      body: { code: 'issuer.unknown' },
    });
  });
  it('acts that the contract refuses, with its reason', async () => {
    const used = await issuer.relay([revoke(2)], { nonce: 0n });
    expect(await post(used)).toMatchObject({
      status: 422,
      body: { code: 'ledger.refused', detail: expect.stringContaining('NonceUnexpected') },
    });
  });
  it('a batch without its credentials, or with others', async () => {
    const signed = await issuer.signMany(2);
    const batch = buildBatch(signed.map(({ digest }) => digest));
    const anchor = acts.anchor({ root: batch.root, size: 2, manifest: encodeHex(batch.manifest.digest) });
    for (const credentials of [[], signed.slice(1), signed.toReversed(), [...signed, ...(await issuer.signMany(1))]]) {
      const request = await issuer.relay([anchor], { credentials: credentials.map(({ jwt }) => jwt) });
      expect(await post(request)).toMatchObject({ status: 400, body: { code: 'input.shape' } });
    }
  });
  it('a batch with somebody else’s credential', async () => {
    const other = await world.createIssuer();
    await service.inStep();
    const [theirs] = await other.signMany(1);
    if (theirs === undefined) throw new Error('nothing signed');
    const batch = buildBatch([theirs.digest]);
    const anchor = acts.anchor({ root: batch.root, size: 1, manifest: encodeHex(batch.manifest.digest) });
    const request = await issuer.relay([anchor], { credentials: [theirs.jwt] });
    expect(await post(request)).toMatchObject({ status: 422, body: { code: 'credential.issuer' } });
  });
  it('what is no request', async () => {
    expect(await post({})).toMatchObject({ status: 400, body: { code: 'input.shape' } });
    const twice = await service.post('/relay', 'application/json', '{"version":"a","version":"b"}');
    expect(await twice.json()).toMatchObject({ code: 'input.json' });
    const text = await service.post('/relay', 'text/plain', '{}');
    expect(await text.json()).toMatchObject({ code: 'service.media-type' });
  });
  it('more than an issuer may have paid for', async () => {
    const limited = await startService(world, {
      database: service.database,
      limits: { relay: { perSecond: 0.001, burst: 1 } },
    });
    const requestOf = async (place: number) => JSON.stringify(await issuer.relay([revoke(place)]));
    expect((await limited.post('/relay', 'application/json', await requestOf(11))).status).toBe(200);
    const second = await limited.post('/relay', 'application/json', await requestOf(12));
    expect(second.headers.get('retry-after')).toBeTruthy();
    expect(await second.json()).toMatchObject({ status: 429, code: 'service.rate-limited' });
    await limited.close();
  });
});
