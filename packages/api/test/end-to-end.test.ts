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

describe('from a signed credential to a verdict', () => {
  it('accepts, anchors and verifies one credential', async () => {
    const signed = await issuer.sign();
    const response = await service.post('/passports', 'application/vc+jwt', signed.jwt);
    expect(response.status).toBe(202);
    const answer = (await response.json()) as Record<string, string>;
    expect(answer).toMatchObject({ state: 'accepted', cid: signed.cid });
    const receipt = await service.until(answer.id, 'final');
    expect(receipt).toMatchObject({ state: 'final', cid: signed.cid });
    const report = await service.post('/verify', 'application/vc+jwt', signed.jwt);
    expect(await report.json()).toMatchObject({ verdict: 'valid', cid: signed.cid, current: true });
  });
});
