import { createSigner, formatKid, generateKey, parseDid } from '@dpp-ledger/core/credential';
import { buildBatch } from '@dpp-ledger/core/evidence';
import { calls } from '@dpp-ledger/sdk/ledger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  MODEL,
  newSerial,
  startService,
  startWorld,
  type TestIssuer,
  type TestService,
  type World,
} from './support.ts';

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

/** What the door says to each text. */
async function answersTo(...texts: string[]): Promise<Record<string, unknown>[]> {
  await service.caughtUp();
  return await service.submit(texts.map((jwt) => ({ jwt })));
}

async function codeOf(text: string): Promise<unknown> {
  const [answer] = await answersTo(text);
  expect(answer).toMatchObject({
    state: 'refused',
    cid: expect.stringMatching(/^bafkrei/),
    receipt: expect.any(String),
  });
  expect(answer?.id).toBeUndefined();
  return answer?.code;
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('what cannot be read', () => {
  it('refuses text that is no JWT', async () => {
    expect(await codeOf('one.two')).toBe('credential.jwt');
  });
  it('refuses a second spelling of a JWT', async () => {
    const { jwt } = await issuer.sign();
    expect(await codeOf(`${jwt}=`)).toBe('credential.jwt');
  });
  it('refuses a header that is not JSON', async () => {
    const { jwt } = await issuer.sign();
    expect(await codeOf(`${Buffer.from('{').toString('base64url')}.${jwt.split('.').slice(1).join('.')}`)).toBe(
      'input.json',
    );
  });
  it('refuses a JWT of another media type', async () => {
    const { jwt } = await issuer.sign();
    const header = encode({ alg: 'ES256', typ: 'JWT', kid: formatKid(issuer.id, issuer.signer.keyId) });
    expect(await codeOf(`${header}.${jwt.split('.').slice(1).join('.')}`)).toBe('credential.jwt');
  });
  it('refuses what is no credential of a known kind', async () => {
    const { jwt } = await issuer.sign({ type: ['VerifiableCredential'] });
    expect(await codeOf(jwt)).toBe('credential.shape');
  });
  it('refuses a key that is not named by issuer and thumbprint', async () => {
    const { jwt } = await issuer.sign({}, { kid: 'key-1' });
    expect(await codeOf(jwt)).toBe('credential.kid');
  });
  it('refuses a credential that names another issuer than its key', async () => {
    const { jwt } = await issuer.sign({
      issuer: { type: ['CredentialIssuer'], id: 'did:web:other.example', name: 'Other' },
    });
    expect(await codeOf(jwt)).toBe('credential.issuer');
  });
  it('refuses a credential without a place for its status', async () => {
    const { jwt } = await issuer.sign({ credentialStatus: undefined });
    expect(await codeOf(jwt)).toBe('credential.status');
  });
  it('refuses more bytes than an IPFS block holds', async () => {
    const line = `${JSON.stringify({ credential: 'a'.repeat(1024 * 1024 + 1) })}\n`;
    const response = await service.post('/passports', 'application/x-ndjson', line);
    expect(JSON.parse(await response.text())).toMatchObject({ state: 'refused', code: 'input.too-large' });
    const single = await service.post('/passports', 'application/vc+jwt', 'a'.repeat(1024 * 1024 + 1));
    expect(single.status).toBe(413);
    expect(await single.json()).toMatchObject({ code: 'input.too-large' });
  });
  it('keeps what a database cannot hold out of it, and accepts the credential', async () => {
    const signed = await issuer.sign({ name: 'a nul \u0000' });
    const [answer] = await answersTo(signed.jwt);
    expect(answer).toMatchObject({ state: 'accepted' });
  });
  it('refuses text with half a surrogate pair, in which two readers see two documents', async () => {
    const signed = await issuer.sign({ name: 'half a pair \ud800' });
    const [answer] = await answersTo(signed.jwt);
    expect(answer).toMatchObject({ state: 'refused', code: 'input.json' });
  });
  it('refuses a GTIN with a wrong check digit', async () => {
    const id = 'https://id.gs1.org/01/09521234000014';
    const { jwt } = await issuer.sign({ credentialSubject: { type: ['Product'], id, name: 'Misprinted' } });
    expect(await codeOf(jwt)).toBe('gs1.key');
  });
  it('refuses a subject that no index holds', async () => {
    const subject = { type: ['Product'], id: `https://maker.example/${'a'.repeat(2_010)}`, name: 'Long' };
    expect(await codeOf((await issuer.sign({ credentialSubject: subject })).jwt)).toBe('input.too-large');
  });
});

describe('what is not the issuer’s to say', () => {
  it('refuses an issuer that is not on the ledger', async () => {
    const stranger = await createSigner({
      issuer: parseDid('did:web:stranger.example'),
      jwk: await generateKey({ algorithm: 'ES256' }),
    });
    const { jwt } = await issuer.sign(
      { issuer: { type: ['CredentialIssuer'], id: stranger.issuer, name: 'Stranger' } },
      { signer: stranger, kid: formatKid(stranger.issuer, stranger.keyId) },
    );
    expect(await codeOf(jwt)).toBe('issuer.unknown');
  });
  it('refuses a key that is not registered', async () => {
    const other = await createSigner({ issuer: issuer.id, jwk: await generateKey({ algorithm: 'ES256' }) });
    expect(await codeOf((await issuer.sign({}, { signer: other })).jwt)).toBe('key.unknown');
  });
  it('refuses a key that may not sign credentials', async () => {
    const operator = await issuer.addKey(['operate']);
    expect(await codeOf((await issuer.sign({}, { signer: operator })).jwt)).toBe('key.purpose');
  });
  it('accepts another key of the issuer until it is retired', async () => {
    const second = await issuer.addKey(['assert']);
    const [before] = await answersTo((await issuer.sign({}, { signer: second })).jwt);
    expect(before).toMatchObject({ state: 'accepted' });
    await issuer.retireKey(second.keyId);
    await world.pass(6);
    expect(await codeOf((await issuer.sign({}, { signer: second })).jwt)).toBe('key.not-in-force');
  });
  it('refuses a signature that another key made', async () => {
    const other = await createSigner({ issuer: issuer.id, jwk: await generateKey({ algorithm: 'ES256' }) });
    const { jwt } = await issuer.sign({}, { signer: other, kid: formatKid(issuer.id, issuer.signer.keyId) });
    expect(await codeOf(jwt)).toBe('credential.signature');
  });
  it('refuses altered bytes', async () => {
    const { jwt } = await issuer.sign();
    const [header, payload = '', signature] = jwt.split('.');
    const altered = JSON.parse(Buffer.from(payload, 'base64url').toString());
    altered.name = 'Better';
    expect(await codeOf(`${header}.${encode(altered)}.${signature}`)).toBe('credential.signature');
  });
  it('refuses a kind that the issuer’s roles do not issue', async () => {
    const { jwt } = await issuer.sign({
      type: ['DigitalIdentityAnchor', 'VerifiableCredential'],
      credentialSubject: { id: 'did:web:other.example', type: ['RegisteredIdentity'], name: 'Other' },
    });
    expect(await codeOf(jwt)).toBe('issuer.role');
  });
  it('refuses a subject that no grant covers', async () => {
    const id = 'https://id.gs1.org/01/09529999000019';
    const { jwt } = await issuer.sign({ credentialSubject: { type: ['Product'], id, name: 'Somebody else’s' } });
    expect(await codeOf(jwt)).toBe('issuer.grant');
  });
  it('refuses a subject once its grant was taken back', async () => {
    const briefly = await world.createIssuer();
    await answersTo((await briefly.sign()).jwt);
    const { time = 0 } = (await world.reader.readBlock('latest')) ?? {};
    await world.accreditor.send(
      calls.takeBackPrefix({ issuer: briefly.id, number: 1, prefix: 'gs1:9521234', since: time }),
    );
    expect(await codeOf((await briefly.sign()).jwt)).toBe('issuer.grant');
  });
  it('refuses a status that stands on another ledger', async () => {
    const { jwt } = await issuer.sign({}, { ledger: `eip155:1:0x${'12'.repeat(20)}` });
    expect(await codeOf(jwt)).toBe('status.ledger');
  });
  it('refuses an issuer that did not appoint the service’s account, and names the account', async () => {
    const alone = await world.createIssuer({ submitter: false });
    const [answer] = await answersTo((await alone.sign()).jwt);
    expect(answer).toMatchObject({
      code: 'issuer.not-submitter',
      detail: expect.stringContaining(world.relayer.account),
    });
  });
  it('refuses a suspended issuer until it is reinstated', async () => {
    const other = await world.createIssuer();
    await world.accreditor.send(calls.suspend({ issuer: other.id }));
    expect(await codeOf((await other.sign()).jwt)).toBe('issuer.suspended');
    await world.accreditor.send(calls.reinstate({ issuer: other.id }));
    expect(await answersTo((await other.sign()).jwt)).toMatchObject([{ state: 'accepted' }]);
  });
  it('refuses a withdrawn issuer', async () => {
    const other = await world.createIssuer();
    const { time = 0 } = (await world.reader.readBlock('latest')) ?? {};
    await world.accreditor.send(calls.withdraw({ issuer: other.id, since: time }));
    expect(await codeOf((await other.sign()).jwt)).toBe('issuer.withdrawn');
  });
});

describe('what is there already', () => {
  it('calls the same credential a duplicate, with the receipt it was first given', async () => {
    const { jwt, cid } = await issuer.sign();
    const [first] = await answersTo(jwt);
    const [second] = await answersTo(jwt);
    expect(second).toMatchObject({ state: 'duplicate', cid, id: first?.id, anchorBy: first?.anchorBy });
    await service.until(first?.id, 'final');
    expect(await answersTo(jwt)).toMatchObject([{ state: 'duplicate', cid, id: first?.id, entry: expect.any(Number) }]);
  });
  it('calls the same credential signed again a duplicate of the first', async () => {
    const terms = {
      credentialSubject: { type: ['Product'], id: `${MODEL}/21/${newSerial()}`, name: 'Twice' },
      id: 'urn:uuid:1',
    };
    const first = await issuer.sign(terms, { place: 70_001 });
    const again = await issuer.sign(terms, { place: 70_001 });
    expect(again.jwt).not.toBe(first.jwt);
    const answers = await answersTo(first.jwt, again.jwt, again.jwt);
    expect(answers).toMatchObject([
      { state: 'accepted', cid: first.cid },
      { state: 'duplicate', cid: first.cid },
      { state: 'duplicate', cid: first.cid },
    ]);
  });
  it('refuses a place that another credential has, in one chunk, in the outbox and on the ledger', async () => {
    const first = await issuer.sign({}, { place: 70_002 });
    const second = await issuer.sign({}, { place: 70_002 });
    const third = await issuer.sign({}, { place: 70_002 });
    const [accepted, refused] = await answersTo(first.jwt, second.jwt);
    expect(accepted).toMatchObject({ state: 'accepted' });
    expect(refused).toMatchObject({ state: 'refused', code: 'status.place-used' });
    await service.until(accepted?.id, 'final');
    expect(await codeOf(third.jwt)).toBe('status.place-used');
  });
  it('knows a credential that its issuer anchored without this service', async () => {
    const signed = await issuer.sign();
    const batch = buildBatch([signed.digest]);
    await world.embedded.store.putBatch({ manifest: batch.manifest, credentials: [signed] });
    const manifest = `0x${Buffer.from(batch.manifest.digest).toString('hex')}` as const;
    await world.relayer.send(calls.anchor({ issuer: issuer.id, root: batch.root, size: 1, manifest }));
    await service.when(`/evidence/${signed.cid}`);
    expect(await answersTo(signed.jwt)).toMatchObject([
      { state: 'duplicate', cid: signed.cid, entry: expect.any(Number) },
    ]);
  });
});

describe('a ledger that takes no anchors', () => {
  it('answers while paused that it is, and accepts again afterwards', async () => {
    await world.admin.send(calls.pause());
    expect(await codeOf((await issuer.sign()).jwt)).toBe('ledger.paused');
    await world.admin.send(calls.unpause());
    expect(await answersTo((await issuer.sign()).jwt)).toMatchObject([{ state: 'accepted' }]);
  });
  it('refuses once the ledger is closed', async () => {
    await world.admin.send(
      calls.close({ chainId: 1n, address: `0x${'34'.repeat(20)}`, codeHash: `0x${'56'.repeat(32)}` }),
    );
    expect(await codeOf((await issuer.sign()).jwt)).toBe('ledger.closed');
  });
});

it('signs what it answers with the key that it publishes', async () => {
  const [answer] = await answersTo('one.two');
  const { keys } = (await service.getJson('/.well-known/jwks.json')) as { keys: (JsonWebKey & { kid: string })[] };
  const [header = '', payload = '', signature = ''] = String(answer?.receipt).split('.');
  const jwk = keys[0];
  if (jwk === undefined) throw new Error('no key');
  expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({
    alg: 'ES256',
    typ: 'dpp-receipt+jwt',
    kid: jwk.kid,
  });
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['verify']);
  const signed = Buffer.from(`${header}.${payload}`);
  expect(await crypto.subtle.verify(algorithm, key, Buffer.from(signature, 'base64url'), signed)).toBe(true);
  expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({
    state: 'refused',
    code: 'credential.jwt',
  });
});
