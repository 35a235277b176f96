/** The whole service, end to end: the same suite on the embedded engines and, where the environment names them, on the real ones. */
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { decodeHex } from '@dpp-ledger/core';
import { createSigner, generateKey, parseCredential, parseJwt, parseStatusPointer } from '@dpp-ledger/core/credential';
import { parsePolicyFile } from '@dpp-ledger/core/evidence';
import { decodeEntry } from '@dpp-ledger/core/journal';
import { verifyPack } from '@dpp-ledger/core/pack';
import { canonicalSubject, type PassportInput } from '@dpp-ledger/core/passport';
import { type IssuedItem, revoke, supersede, verify } from '@dpp-ledger/sdk';
import { acts, type LedgerReader, signPossession } from '@dpp-ledger/sdk/ledger';
import { createGatewayStore } from '@dpp-ledger/sdk/store';
import { decodeLabel } from '@dpp-ledger/web';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { packWithWitnesses } from '../support/packing.ts';
import { createMaker, GTIN, ISSUER, ISSUER_NAME, type Maker, PATIENT } from './maker.ts';
import { createPlace, ENGINES_OF_ENVIRONMENT, nameEngines, type Place } from './place.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 180_000 });

let place: Place;
let ledger: LedgerReader;
let maker: Maker;
/** The first issue of the suite, in its order. */
let devices: PassportInput[];
let items: IssuedItem[];

beforeAll(async () => {
  place = await createPlace(ENGINES_OF_ENVIRONMENT);
  await place.start();
  ledger = await place.connect();
}, 180_000);
afterAll(() => place?.close(), 60_000);

const linkOf = ({ serial }: PassportInput) => `${place.url}/01/${GTIN}/21/${serial}`;
const cidOf = (index: number) => items[index]?.cid ?? 'not issued';
const deviceAt = (index: number) => devices[index] ?? (maker.makeDevices(1)[0] as PassportInput);
const asIssuer = () => ({ signer: maker.signer, ledger: ledger.id, client: place.client, reader: ledger });
const now = () => Math.floor(Date.now() / 1_000);

const check = (uri: string) => verify({ uri }, { ledger, source: place.client });
const get = (path: string, accept = 'application/json') =>
  fetch(new URL(path, place.url), { headers: { accept }, redirect: 'follow' });

/** What the service says of the ledger, without the block that is the newest at the moment. */
async function answers(): Promise<[path: string, status: number, body: string][]> {
  const paths = [
    ...[0, 1, 2].flatMap((i) => [`/passports/${cidOf(i)}`, `/passports/${cidOf(i)}/versions`, `/evidence/${cidOf(i)}`]),
    `/passports?subject=${encodeURIComponent(canonicalSubject(linkOf(deviceAt(1))))}`,
    `${linkOf(deviceAt(1))}?linkType=all`,
    '/journal',
    '/journal/5',
    '/issuers',
    `/issuers/${ISSUER}`,
    '/batches',
    '/view/batches',
    '/view/journal',
    '/view/issuers',
  ];
  return await Promise.all(
    paths.map(async (path) => {
      const response = await get(path, '*/*');
      return [path, response.status, await response.text()] as [string, number, string];
    }),
  );
}

describe(`the service on ${nameEngines(ENGINES_OF_ENVIRONMENT)}`, () => {
  it('uses the engines that it was told to use', async () => {
    const health = (await (await get('/healthz')).json()) as {
      status: string;
      checks: Record<string, { detail: string }>;
    };
    expect(health.status).toBe('ok');
    expect(health.checks.database?.detail).toBe(place.named.database);
    expect(health.checks.store?.detail).toMatch(place.named.store);
  });

  it('has an issuer accredited, who appoints it by a relayed act', async () => {
    maker = await createMaker(place, ledger);
    const known = await place.client.fetchIssuer(ISSUER);
    expect(known).toMatchObject({
      issuer: ISSUER,
      submitters: [expect.stringMatching(/^0x/)],
      keys: [{ key: maker.signer.keyId }],
    });
  });

  it('brings a stream of passports from acceptance to finality, within what it promised', async () => {
    devices = maker.makeDevices(300);
    items = await maker.issue(devices);
    expect(items).toHaveLength(300);
    expect(new Set(items.map(({ receipt }) => receipt.state))).toEqual(new Set(['accepted']));
    const receipts = await maker.untilFinal(items);
    expect(receipts).toHaveLength(7);
    for (const { state, anchorBy, entry } of receipts) {
      expect(state).toBe('final');
      const { bytes } = (await (await get(`/journal/${entry}`)).json()) as { bytes: `0x${string}` };
      expect(decodeEntry(decodeHex(bytes)).blockTime * 1_000).toBeLessThan(Date.parse(anchorBy ?? ''));
    }
  });

  it('has what it issued packed, on the word of witnesses with a node, and verified with nobody asked', async () => {
    const evidence = await Promise.all([0, 1, 2, 299].map((i) => place.client.fetchEvidence(cidOf(i))));
    const chain = { reader: ledger, chainUrl: await place.chainUrl() };
    const { bytes, policy, time } = await packWithWitnesses({ ...chain, serviceUrl: place.url, evidence });
    const reports = await Array.fromAsync(verifyPack(bytes, { policy: await parsePolicyFile(policy), now: time + 1 }));
    expect(reports.map(({ verdict }) => verdict)).toEqual(['valid', 'valid', 'valid', 'valid']);
    expect(new Set(reports.map(({ cid }) => cid))).toEqual(new Set([0, 1, 2, 299].map(cidOf)));
  });

  it('leads a label to page, credential and linkset', async () => {
    const link = linkOf(deviceAt(0));
    const image = await get(`/label?uri=${encodeURIComponent(link)}&format=png`, 'image/png');
    expect(decodeLabel(new Uint8Array(await image.arrayBuffer()))).toBe(link);
    const page = await get(link, 'text/html');
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('Laptop 14');
    const credential = await get(link, 'application/vc+jwt');
    expect(await credential.text()).toBe(await place.client.fetchCredential(cidOf(0)));
    expect((await get(link, 'application/linkset+json')).headers.get('content-type')).toContain('linkset+json');
  });

  it('gives evidence that is valid by what the chain itself says', async () => {
    const { report, evidence } = await check(linkOf(deviceAt(1)));
    expect(report).toMatchObject({ verdict: 'valid', current: true, provisional: false, cid: cidOf(1) });
    expect(report.checks.find(({ name }) => name === 'subject')?.code).toBe('subject.same');
    const [header, payload = '', signature] = (evidence?.credential ?? '').split('.');
    const altered = Buffer.from(payload, 'base64url').toString().replace('Laptop 14', 'Laptop 15');
    const credential = [header, Buffer.from(altered).toString('base64url'), signature].join('.');
    const forged = await verify({ evidence: { ...evidence, credential } }, { ledger });
    expect(forged.report.verdict).toBe('invalid');
  });

  it('has stored what it anchored where any IPFS gateway finds it', async () => {
    const bytes = await createGatewayStore({ urls: [place.gateway] }).get(cidOf(299));
    expect(new TextDecoder().decode(bytes)).toBe(await place.client.fetchCredential(cidOf(299)));
    const raw = await get(`/ipfs/${cidOf(299)}?format=raw`, 'application/vnd.ipld.raw');
    const digest = createHash('sha256')
      .update(new Uint8Array(await raw.arrayBuffer()))
      .digest();
    expect(digest).toEqual(createHash('sha256').update(bytes).digest());
  });

  it('supersedes: the old version was true, the label leads to the new one', async () => {
    const previous = await place.client.fetchCredential(cidOf(2));
    const { credentials, answer } = await supersede([{ input: { ...deviceAt(2), name: 'Laptop 14 G2' }, previous }], {
      ...asIssuer(),
      ...{ issuerName: ISSUER_NAME, reason: 'error' },
    });
    await place.client.waitReceipt(answer.id, 'final', { pollMs: 200 });
    const old = await verify({ cid: cidOf(2) }, { ledger, source: place.client });
    expect(old.report).toMatchObject({ verdict: 'valid', current: false });
    await vi.waitFor(async () => {
      expect((await check(linkOf(deviceAt(2)))).report).toMatchObject({
        ...{ verdict: 'valid', current: true, cid: credentials[0]?.cid },
      });
    }, PATIENT);
  });

  it('revokes: the verdict is another one, and the W3C status list says so', async () => {
    const jwt = await place.client.fetchCredential(cidOf(3));
    expect((await check(linkOf(deviceAt(3)))).report.verdict).toBe('valid');
    const { id } = await revoke([jwt], { ...asIssuer(), reason: 'recall' });
    await place.client.waitReceipt(id, 'final', { pollMs: 200 });
    const { report } = await check(linkOf(deviceAt(3)));
    expect(report.verdict).toBe('invalid');
    expect(report.checks.find(({ name }) => name === 'status')?.code).toBe('status.revoked');
    // The ledger does not take the same bit twice.
    await expect(revoke([jwt], { ...asIssuer(), reason: 'recall' })).rejects.toMatchObject({ code: 'service.refused' });

    const { list, index } = parseStatusPointer(parseCredential(parseJwt(jwt).payload));
    const statusList = parseJwt(await (await get(`/status/${ISSUER}/${list}`, 'application/vc+jwt')).text());
    const { encodedList } = (statusList.payload as { credentialSubject: { encodedList: string } }).credentialSubject;
    const bits = gunzipSync(Buffer.from(encodedList.slice(1), 'base64url'));
    const isSet = (at: number) => ((bits[Math.floor(at / 8)] ?? 0) & (0x80 >> (at % 8))) !== 0;
    expect([isSet(index), isSet(index + 1)]).toEqual([true, false]);
  });

  it('lets a key be added and retired: what it signed holds, what it signs is refused', async () => {
    const second = await createSigner({ issuer: ISSUER, jwk: await generateKey({ algorithm: 'ES256' }) });
    const terms = { purposes: ['assert'], deadline: now() + 600 } as const;
    const proof = await signPossession({ ledger: ledger.id, signer: second, ...terms });
    await maker.relay([acts.addKey({ key: second.key, ...terms, proof })]);
    const [device] = maker.makeDevices(1) as [PassportInput];
    await maker.untilFinal(await maker.issue([device], { signer: second }));
    const head = await ledger.readBlock('latest');
    // Not in the past when it comes to the contract, however busy the machine is.
    const at = Math.max(now(), head?.time ?? 0) + 10;
    await maker.relay([acts.retireKey({ key: second.keyId, at })]);
    // A time on the clock can only be waited for.
    await delay(Math.max(0, (at + 1) * 1_000 - Date.now()));
    const [late] = await maker.issue(maker.makeDevices(1), { signer: second });
    expect(late?.receipt).toMatchObject({ state: 'refused', code: 'key.not-in-force' });
    expect((await check(linkOf(device))).report).toMatchObject({ verdict: 'valid', current: true });
  });

  it('is met by a replay of the chain, down to every credential’s bytes', async () => {
    const outcome = await place.run(0, 'replay', '--depth', 'credentials', '--gateways', place.gateway, '--json');
    const [result] = outcome.json();
    expect(result).toMatchObject({ meets: true, faults: 0, opened: { credentials: 302 } });
  });

  it('is found in order by doctor', async () => {
    expect((await place.run(0, 'doctor')).stdout).toContain('Nothing is wrong');
  });

  it('loses nothing when it is stopped, and nothing of its index when that is deleted', async () => {
    const before = await answers();
    expect(before.map(([, status]) => status)).toEqual(before.map(() => 200));
    expect(await place.stop()).toBe(0);
    await place.start();
    await vi.waitFor(async () => expect(await answers()).toEqual(before), PATIENT);
    await place.stop();
    await place.deleteIndex();
    await place.start();
    await vi.waitFor(async () => expect(await answers()).toEqual(before), PATIENT);
    const { report } = await check(linkOf(deviceAt(1)));
    expect(report).toMatchObject({ verdict: 'valid', current: true });
    expect(await place.client.fetchReceipt(items[0]?.receipt.id ?? '')).toMatchObject({ state: 'final' });
  });

  it('keeps its promises when it is killed at once after they were given', async () => {
    const inputs = maker.makeDevices(120);
    const promised = await maker.issue(inputs);
    await place.kill();
    await place.start();
    const receipts = await maker.untilFinal(promised);
    expect(new Set(receipts.map(({ state }) => state))).toEqual(new Set(['final']));
    for (const i of [0, 60, 119]) {
      const { report } = await check(linkOf(inputs[i] ?? deviceAt(0)));
      expect(report).toMatchObject({ verdict: 'valid', provisional: false, cid: promised[i]?.cid });
    }
    const outcome = await place.run(0, 'replay', '--depth', 'credentials', '--gateways', place.gateway, '--json');
    expect(outcome.json()[0]).toMatchObject({ meets: true, faults: 0, opened: { credentials: 422 } });
  });
});
