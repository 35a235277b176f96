import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeHex, sha256 } from '@dpp-ledger/core';
import {
  createSigner,
  generateKey,
  hashCid,
  parseCredential,
  parseDid,
  parseJwt,
  signCredential,
} from '@dpp-ledger/core/credential';
import type { Evidence } from '@dpp-ledger/core/evidence';
import { canonicalSubject, type PassportInput } from '@dpp-ledger/core/passport';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AmendOptions, revoke, supersede } from '../src/amend.ts';
import { type Client, createClient } from '../src/client.ts';
import { createGatherer } from '../src/gather.ts';
import { type IssuedItem, type IssueOptions, issue } from '../src/issue.ts';
import { acts, calls, connectLedger, connectLedgers } from '../src/ledger/index.ts';
import { createFileStore, openRun } from '../src/node/index.ts';
import { replay } from '../src/replay.ts';
import type { Store } from '../src/store/index.ts';
import { verify, verifyMany } from '../src/verify.ts';
import { startService, type TestService } from './service.ts';
import { accredit, proxy, startLedger, type TestIssuer, type TestLedger } from './support.ts';

let folder: string;
let ledger: TestLedger;
let issuer: TestIssuer;
let store: Store;
let service: TestService;
let client: Client;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpp-golden-'));
  ledger = await startLedger();
  issuer = await accredit(ledger);
  const relayer = await ledger.createAccount();
  await ledger.accreditor.send(calls.grantPrefix({ issuer: issuer.id, number: 1, prefix: 'gs1:9521234' }));
  await issuer.writer.send(calls.act({ issuer: issuer.id, acts: [acts.appointSubmitter(relayer.address)] }));
  store = await createFileStore({ folder: join(folder, 'store') });
  service = await startService({ writer: await ledger.createWriter(relayer), store });
  client = createClient({ url: service.url });
}, 60_000);
afterAll(async () => {
  await service.close();
  await store.close();
  await ledger.stop();
  await rm(folder, { recursive: true, force: true });
});

let serials = 0;
function devices(count: number): PassportInput[] {
  return Array.from({ length: count }, () => ({
    granularity: 'item',
    gtin: '09521234000013',
    serial: `S${serials++}`,
    name: 'Laptop 14',
    category: 'laptop',
    manufacturer: { name: 'Fictional Maker Ltd' },
  }));
}

const linkOf = (device: PassportInput) => `https://label.example/01/${device.gtin}/21/${device.serial}`;

let runs = 0;
async function issueAll(inputs: readonly PassportInput[], options: Partial<IssueOptions> & { file?: string } = {}) {
  const { file = `run-${runs++}`, ...rest } = options;
  const run = await openRun(join(folder, file), { ledger: ledger.reader.id, issuer: issuer.id });
  const items: IssuedItem[] = [];
  try {
    const counts = await issue({
      ...{
        inputs,
        signer: issuer.signer,
        issuerName: 'Fictional Maker Ltd',
        ledger: ledger.reader.id,
        run,
        client,
        chunkSize: 10,
      },
      onItem: (item) => void items.push(item),
      ...rest,
    });
    return { counts, items, file, known: await Array.fromAsync(run.items()) };
  } finally {
    await run.close();
  }
}

const amending = (): AmendOptions => ({
  signer: issuer.signer,
  ledger: ledger.reader.id,
  client,
  reader: ledger.reader,
});
const check = (uri: string, options: Partial<Parameters<typeof verify>[1]> = {}) =>
  verify({ uri }, { ledger: ledger.reader, source: client, ...options });
const failing = ({ report }: Awaited<ReturnType<typeof verify>>) =>
  report.checks.filter(({ outcome }) => outcome === 'invalid').map(({ name }) => name);

describe('issuing', () => {
  it('turns inputs into passports that verify by what their labels say', async () => {
    const inputs = devices(25);
    const { counts, items } = await issueAll(inputs);
    expect(counts).toEqual({ read: 25, signed: 25, accepted: 25, refused: 0, before: 0, repeated: 0 });
    expect(items.map(({ position }) => position)).toEqual(inputs.map((_, i) => i));
    for (const [i, input] of inputs.entries()) {
      const { report } = await check(linkOf(input));
      expect(report).toMatchObject({
        verdict: 'valid',
        current: true,
        cid: items[i]?.cid,
        subject: canonicalSubject(linkOf(input)),
      });
    }
  });

  it('verifies many together as each by itself, good and bad', async () => {
    const { items } = await issueAll(devices(12));
    const evidences: unknown[] = await Promise.all(items.map(({ cid }) => client.fetchEvidence(cid)));
    const revoked = await client.fetchCredential(items[3]?.cid ?? '');
    await revoke([revoked], { ...amending(), reason: 'recall' });
    const [first] = evidences as { batch: object; credential: string }[];
    evidences.push(
      { ...first, batch: { ...first?.batch, index: 7 } },
      { ...first, credential: 'none' },
      'nothing',
      first,
    );
    const alone = await Promise.all(evidences.map((evidence) => verify({ evidence }, { ledger: ledger.reader })));
    const together = await Array.fromAsync(verifyMany(evidences, { ledger: ledger.reader }));
    const sum = ({ report }: (typeof together)[number]) => [
      report.verdict,
      ...report.checks.map(({ name, outcome, code }) => [name, outcome, code]),
    ];
    expect(together.map(sum)).toEqual(alone.map(sum));
    expect(together.map(({ report }) => report.verdict)).toEqual(
      [...Array(12).fill('valid'), 'invalid', 'invalid', 'invalid', 'valid'].toSpliced(3, 1, 'invalid'),
    );
    const unasked = await Array.fromAsync(verifyMany([first], { ledger: undefined }));
    expect(unasked.map(({ report }) => report.verdict)).toEqual(['indeterminate']);
  });

  it('issues nothing twice from the same file, in whatever order its rows stand', async () => {
    const inputs = devices(25);
    const first = await issueAll(inputs);
    const posted = service.posted;
    const again = await issueAll([...inputs.toReversed(), ...inputs.slice(0, 3)], { file: first.file });
    expect(again.counts).toEqual({ read: 28, signed: 0, accepted: 0, refused: 0, before: 25, repeated: 3 });
    expect(service.posted).toBe(posted);
    expect(again.items.every(({ before }) => before)).toBe(true);
    expect(new Set(again.items.map(({ cid }) => cid))).toEqual(new Set(first.items.map(({ cid }) => cid)));
  });

  it.each([0, 1, 9])(
    'goes on where the service broke off after %i answers, with the same credentials',
    async (lines) => {
      const inputs = devices(30);
      const file = `broken-${lines}`;
      const before = service.accepted.length;
      service.breakAfter = lines;
      await expect(issueAll(inputs, { file })).rejects.toMatchObject({ code: 'service.unreachable' });
      const { counts, known } = await issueAll(inputs, { file });
      expect(counts).toMatchObject({ read: 30, before: lines, accepted: 30 - lines });
      // What was signed before the break was not signed again: as many credentials as inputs.
      expect(service.accepted.length).toBe(before + 30);
      expect(known.every(({ receipt }) => receipt !== undefined)).toBe(true);
    },
  );

  it('posts again what was refused, once it may be issued', async () => {
    const inputs = devices(3);
    const subject = canonicalSubject(linkOf(inputs[1] as PassportInput));
    service.refused.add(subject);
    const first = await issueAll(inputs);
    expect(first.counts).toMatchObject({ accepted: 2, refused: 1 });
    expect(first.items[1]?.receipt).toMatchObject({ state: 'refused', code: 'issuer.grant' });
    service.refused.delete(subject);
    const second = await issueAll(inputs, { file: first.file });
    expect(second.counts).toMatchObject({ signed: 0, before: 2, accepted: 1, refused: 0 });
    const cidOf = ({ items }: typeof first) => items.find(({ position }) => position === 1)?.cid;
    expect(cidOf(second)).toBe(cidOf(first));
  });

  it('gives every credential a place of its own in a list of its run', async () => {
    const { known } = await issueAll(devices(25));
    expect(known.map(({ index }) => index)).toEqual(Array.from({ length: 25 }, (_, i) => i));
    expect(new Set(known.map(({ list }) => list)).size).toBe(1);
  });

  it('stops between chunks when the signal aborts', async () => {
    const over = new AbortController();
    const onProgress = () => over.abort(new Error('enough'));
    await expect(issueAll(devices(60), { signal: over.signal, onProgress })).rejects.toThrow('enough');
  });
});

describe('verifying', () => {
  let device: PassportInput;
  let cid: string;
  let jwt: string;
  beforeAll(async () => {
    [device] = devices(1) as [PassportInput];
    const { items } = await issueAll([device]);
    cid = items[0]?.cid ?? '';
    jwt = await client.fetchCredential(cid);
  });

  it('takes a URI, a CID, a JWT or evidence', async () => {
    const { evidence } = await check(linkOf(device));
    const options = { ledger: ledger.reader, source: client };
    for (const what of [{ cid }, { jwt }, { evidence }, { evidence: JSON.stringify(evidence) }]) {
      expect((await verify(what, options)).report).toMatchObject({ verdict: 'valid', cid });
    }
  });

  it('asks the ledger once', async () => {
    let requests = 0;
    const counting: typeof fetch = (...args) => {
      requests += 1;
      return fetch(...args);
    };
    const reader = await connectLedger({ url: ledger.rpcUrl, pin: ledger.reader.id, fetch: counting });
    requests = 0;
    await check(linkOf(device), { ledger: reader });
    expect(requests).toBe(1);
  });

  it('answers for an item without a passport of its own by its model', async () => {
    const model: PassportInput = { ...device, granularity: 'model', gtin: '09521234000020' };
    delete model.serial;
    await issueAll([model]);
    const { report } = await check('https://label.example/01/09521234000020/10/B7/21/X1');
    expect(report).toMatchObject({ verdict: 'valid', answeredBy: 'model' });
  });

  it('is invalid for what was altered, and for what is about something else', async () => {
    const { evidence } = await check(linkOf(device));
    const [head, payload = '', signature] = jwt.split('.');
    const altered = [
      head,
      btoa(atob(payload.replaceAll('-', '+').replaceAll('_', '/')).replace('Laptop', 'Laptup')),
      signature,
    ].join('.');
    const spelled = altered.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
    const options = { ledger: ledger.reader, source: client };
    const changed = await verify({ evidence: { ...evidence, credential: spelled } }, options);
    expect(changed.report.verdict).toBe('invalid');
    expect(failing(changed)).toContain('signature');
    const elsewhere = await verify(
      { evidence },
      { ...options, expected: { subject: canonicalSubject('https://id.gs1.org/01/09521234000037') } },
    );
    expect(elsewhere.report.verdict).toBe('invalid');
    expect(failing(elsewhere)).toEqual(['subject']);
  });

  it('is indeterminate without facts: no ledger, or one that does not answer', async () => {
    expect((await check(linkOf(device), { ledger: undefined })).report.verdict).toBe('indeterminate');
    let silent = false;
    const dead: typeof fetch = (...args) => (silent ? Promise.reject(new TypeError('fetch failed')) : fetch(...args));
    const reader = await connectLedger({ url: ledger.rpcUrl, pin: ledger.reader.id, fetch: dead });
    silent = true;
    const { report, facts } = await check(linkOf(device), { ledger: reader });
    expect(facts).toBeUndefined();
    expect(report.verdict).toBe('indeterminate');
  });

  it('is indeterminate, and says why, where too few endpoints agree; a minority decides nothing', async () => {
    const honest = () => proxy(ledger.rpcUrl, (_, answer) => answer());
    const mute = () =>
      proxy(ledger.rpcUrl, ({ params }, answer) => {
        if (typeof params[1] === 'object') throw new Error('no state');
        return answer();
      });
    const servers = await Promise.all([honest(), mute(), mute()]);
    const reader = await connectLedgers({ urls: servers.map(({ url }) => url), pin: ledger.reader.id });
    const { report, facts, unanswered } = await check(linkOf(device), { ledger: reader });
    expect(facts).toBeUndefined();
    expect(unanswered).toMatchObject({ code: 'ledger.no-quorum' });
    expect(report.verdict).toBe('indeterminate');
    for (const server of servers) await server.close();
  });

  it('is never valid for a bare credential, or for what cannot be read', async () => {
    const options = { ledger: ledger.reader };
    expect((await verify({ jwt }, options)).report.verdict).toBe('indeterminate');
    expect((await verify({ evidence: { version: 'dpp-evidence/0' } }, options)).report.verdict).not.toBe('valid');
    const never = await createSigner({ issuer: issuer.id, jwk: await generateKey({ algorithm: 'ES256' }) });
    const unanchored = await signCredential(parseCredential(parseJwt(jwt).payload), never);
    expect((await verify({ jwt: unanchored.jwt }, { ...options, source: client })).report.verdict).not.toBe('valid');
  });

  it('answers for a label by a passport, and never by an event about the same thing', async () => {
    const { id, signer } = await accredit(ledger);
    const passport = parseCredential(parseJwt(jwt).payload);
    const event = parseCredential({
      ...passport,
      type: ['DigitalTraceabilityEvent', 'VerifiableCredential'],
      issuer: { ...passport.issuer, id },
    });
    const { jwt: signed } = await signCredential(event, signer);
    const genuine = (await check(linkOf(device))).evidence;
    if (genuine === undefined) throw new TypeError('the device has evidence');
    const { grant: _, ...rest } = genuine;
    const evidence: Evidence = { ...rest, credential: signed, key: signer.key };
    const eventCid = hashCid(new TextEncoder().encode(signed));
    const source = {
      ...client,
      findCredentials: async () => [{ cid: eventCid }],
      fetchEvidence: async () => evidence,
    };
    const { report } = await check(linkOf(device), { source });
    expect(report.verdict).toBe('invalid');
    expect(report.checks.map(({ code }) => code)).toContain('schema.other-kind');
  });

  it('passes over a current credential that is invalid, for one that is valid', async () => {
    const thief = await createSigner({ issuer: issuer.id, jwk: await generateKey({ algorithm: 'ES256' }) });
    const { jwt: forged } = await signCredential(parseCredential(parseJwt(jwt).payload), thief);
    const genuine = await client.fetchEvidence(cid);
    const forgedCid = hashCid(new TextEncoder().encode(forged));
    const source = {
      ...client,
      findCredentials: async () => [{ cid: forgedCid }, { cid }],
      fetchEvidence: async (asked: string) => (asked === forgedCid ? { ...genuine, credential: forged } : genuine),
    };
    expect((await check(linkOf(device), { source })).report).toMatchObject({ verdict: 'valid', cid });
  });

  it('does not let an older version hide that the newest was revoked', async () => {
    const known = [
      { cid: 'newest', revoked: true },
      { cid, superseded: true },
    ];
    const asked: string[] = [];
    const source = {
      ...client,
      findCredentials: async () => known,
      fetchEvidence: async (wanted: string) => {
        asked.push(wanted);
        return await client.fetchEvidence(cid);
      },
    };
    await expect(check(linkOf(device), { source })).rejects.toMatchObject({ code: 'store.mismatch' });
    expect(asked).toEqual(['newest']);
  });

  it('says that nothing is known of a subject, and refuses what is none', async () => {
    await expect(check('https://id.gs1.org/01/09521234000044')).rejects.toMatchObject({ code: 'store.not-found' });
    await expect(check('mailto:someone')).rejects.toMatchObject({ code: 'gs1.uri' });
  });

  it('refuses evidence of another credential than was asked for', async () => {
    const { evidence } = await check(linkOf(device));
    const lying = { ...client, fetchEvidence: async () => evidence as NonNullable<typeof evidence> };
    const [other] = devices(1) as [PassportInput];
    const { items } = await issueAll([other]);
    const asking = verify({ cid: items[0]?.cid ?? '' }, { ledger: ledger.reader, source: lying });
    await expect(asking).rejects.toMatchObject({ code: 'store.mismatch' });
  });
});

describe('amending', () => {
  it('revokes, and a revoked passport stays revoked when it is anchored again', async () => {
    const [device, other] = devices(2) as [PassportInput, PassportInput];
    const { items } = await issueAll([device, other]);
    const jwt = await client.fetchCredential(items[0]?.cid ?? '');
    await revoke([jwt], { ...amending(), reason: 'recall' });
    expect(failing(await check(linkOf(device)))).toEqual(['status']);
    expect((await check(linkOf(other))).report.verdict).toBe('valid');
    const root = encodeHex(sha256(new Uint8Array(1)));
    await issuer.writer.send(calls.anchor({ issuer: issuer.id, root, size: 1, manifest: root }));
    expect(failing(await check(linkOf(device)))).toEqual(['status']);
    // Twice does nothing twice.
    await expect(revoke([jwt], { ...amending(), reason: 'recall' })).rejects.toMatchObject({ code: 'service.refused' });
  });

  it('puts a new version in the place of an old one, at once or not at all', async () => {
    const [device] = devices(1) as [PassportInput];
    const { items } = await issueAll([device]);
    const previous = await client.fetchCredential(items[0]?.cid ?? '');
    const options = { ...amending(), issuerName: 'Fictional Maker Ltd', reason: 'error' as const };
    const input = { ...device, description: 'Now with a description' };
    const { credentials } = await supersede([{ input, previous }], options);
    const now = await check(linkOf(device));
    expect(now.report).toMatchObject({ verdict: 'valid', current: true, cid: credentials[0]?.cid });
    const old = await verify({ jwt: previous }, { ledger: ledger.reader, source: client });
    expect(old.report).toMatchObject({ verdict: 'valid', current: false });
    const size = (await ledger.reader.readTreeHead()).size;
    await expect(supersede([{ input, previous }], options)).rejects.toMatchObject({ code: 'service.refused' });
    expect((await ledger.reader.readTreeHead()).size).toBe(size);
  });

  it("refuses another issuer's credential, and a successor about something else", async () => {
    const [device, other] = devices(2) as [PassportInput, PassportInput];
    const { items } = await issueAll([device]);
    const previous = await client.fetchCredential(items[0]?.cid ?? '');
    const stranger = await accredit(ledger);
    const asStranger = { ...amending(), signer: stranger.signer, reason: 'error' as const };
    await expect(revoke([previous], asStranger)).rejects.toMatchObject({ code: 'credential.issuer' });
    const options = { ...amending(), issuerName: 'Fictional Maker Ltd', reason: 'error' as const };
    await expect(supersede([{ input: other, previous }], options)).rejects.toMatchObject({ code: 'input.shape' });
  });

  it('needs a key that is registered', async () => {
    const [device] = devices(1) as [PassportInput];
    const { items } = await issueAll([device]);
    const jwt = await client.fetchCredential(items[0]?.cid ?? '');
    const signer = await createSigner({ issuer: issuer.id, jwk: await generateKey({ algorithm: 'ES256' }) });
    await expect(revoke([jwt], { ...amending(), signer, reason: 'error' })).rejects.toMatchObject({
      code: 'store.not-found',
    });
  });
});

const flipDigit = (hex: string, at: number) => hex.slice(0, at) + (hex[at] === '0' ? '1' : '0') + hex.slice(at + 1);

describe('evidence from chain and store alone', () => {
  it('is as good as what a service gives', async () => {
    const [device] = devices(1) as [PassportInput];
    const { items } = await issueAll([device]);
    const jwt = await client.fetchCredential(items[0]?.cid ?? '');
    const gatherer = createGatherer({ ledger: ledger.reader, source: store });
    await gatherer.refresh();
    const evidence = await gatherer.gather(jwt);
    const { report } = await verify({ evidence }, { ledger: ledger.reader, policy: { anchorStandings: ['proved'] } });
    expect(report.verdict).toBe('valid');
  });

  it('is never made of entries that an endpoint altered, and is made again once others give them', async () => {
    let alteredFrom = Number.POSITIVE_INFINITY;
    // A byte of an anchor's root: whoever folds the entries sees nothing amiss in it.
    const at = 2 + 2 * (32 + 32 + 90);
    const altering = await proxy(ledger.rpcUrl, async ({ method }, answer) => {
      const logs = await answer();
      if (method !== 'eth_getLogs') return logs;
      return (logs as { topics: string[]; data: string }[]).map((log) =>
        Number(log.topics[1]) < alteredFrom ? log : { ...log, data: flipDigit(log.data, at) },
      );
    });
    const pin = ledger.reader.id;
    const reader = await connectLedgers({ urls: [altering.url, ledger.rpcUrl], agree: 1, pin });
    const gatherer = createGatherer({ ledger: reader, source: store });
    await gatherer.refresh();
    const [device] = devices(1) as [PassportInput];
    const { items } = await issueAll([device]);
    const jwt = await client.fetchCredential(items[0]?.cid ?? '');
    alteredFrom = (await ledger.reader.readTreeHead()).size - 1;
    await expect(gatherer.refresh()).rejects.toMatchObject({ code: 'journal.break' });
    await expect(gatherer.gather(jwt)).rejects.toMatchObject({ code: 'ledger.unreachable' });
    // Who gave them is asked last now.
    await gatherer.refresh();
    const evidence = await gatherer.gather(jwt);
    const { report } = await verify({ evidence }, { ledger: ledger.reader, policy: { anchorStandings: ['proved'] } });
    expect(report.verdict).toBe('valid');
    await altering.close();
  });

  it('does not exist of what was never anchored, or of an issuer that is not on the ledger', async () => {
    const [device] = devices(1) as [PassportInput];
    const { items } = await issueAll([device]);
    const credential = parseCredential(parseJwt(await client.fetchCredential(items[0]?.cid ?? '')).payload);
    const again = await signCredential(credential, issuer.signer);
    const gatherer = createGatherer({ ledger: ledger.reader, source: store });
    await gatherer.refresh();
    await expect(gatherer.gather(again.jwt)).rejects.toMatchObject({ code: 'store.not-found' });
    const id = parseDid('did:web:nobody.example');
    const nobody = await createSigner({ issuer: id, jwk: await generateKey({ algorithm: 'ES256' }) });
    const foreign = await signCredential({ ...credential, issuer: { ...credential.issuer, id } }, nobody);
    await expect(gatherer.gather(foreign.jwt)).rejects.toMatchObject({ code: 'store.not-found' });
  });

  it('shows the grant that was in force at the anchor, though it was taken back and given anew since', async () => {
    const [device] = devices(1) as [PassportInput];
    const { items } = await issueAll([device]);
    const jwt = await client.fetchCredential(items[0]?.cid ?? '');
    const anchoredAt = (await check(linkOf(device))).report.anchoredAt?.time ?? 0;
    await ledger.rpc.call('evm_increaseTime', [2]);
    const grant = { issuer: issuer.id, prefix: 'gs1:9521234' };
    await ledger.accreditor.send(calls.takeBackPrefix({ ...grant, number: 1, since: anchoredAt + 1 }));
    await ledger.accreditor.send(calls.grantPrefix({ ...grant, number: 2 }));
    const gatherer = createGatherer({ ledger: ledger.reader, source: store });
    await gatherer.refresh();
    const evidence = await gatherer.gather(jwt);
    expect(evidence.grant?.number).toBe(1);
    expect((await verify({ evidence }, { ledger: ledger.reader })).report.verdict).toBe('valid');
  });
});

describe('all of it', () => {
  it('replays to the tree head, every credential in its place', async () => {
    const result = await replay({ ledger: ledger.reader, source: store, depth: 'credentials' });
    expect(result.broken).toBeUndefined();
    // One batch was anchored by its root alone.
    expect(result).toMatchObject({ faults: 1, report: { findings: { missing: { total: 1 } } } });
    expect(result.opened.credentials).toBeGreaterThan(100);
  });
});
