/** The SDK's client against the service over HTTP, every answer held against the OpenAPI document too. */
import { type Hex, IntegrityError, type SubjectId } from '@dpp-ledger/core';
import { verifyConsistency, verifyInclusion } from '@dpp-ledger/core/journal';
import { formatLot, hashLot } from '@dpp-ledger/core/materials';
import { type Client, createClient } from '@dpp-ledger/sdk';
import { acts, calls } from '@dpp-ledger/sdk/ledger';
import Ajv, { type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeInterface } from '../src/http/openapi.ts';
import { type Served, serve } from '../src/http/serve.ts';
import { MODEL, startService, startWorld, type TestIssuer, type TestService, type World } from './support.ts';

let world: World;
let issuer: TestIssuer;
let service: TestService;
let served: Served;
let client: Client;
type Signed = Awaited<ReturnType<TestIssuer['sign']>>;
let first: Signed;
let second: Signed;
const ITEM = `${MODEL}/21/A7K2` as SubjectId;
/** Operations whose answers the document was asked about. */
const judged = new Set<string>();

beforeAll(async () => {
  world = await startWorld();
  issuer = await world.createIssuer();
  service = await startService(world, { start: false });
  served = await serve({ service, port: 0 });
  await service.caughtUp();
  client = createClient({ url: served.url, fetch: createJudge(globalThis.fetch) });
  const product = (name: string) => ({ credentialSubject: { type: ['Product'], id: ITEM, name } });
  first = await issuer.sign(product('Laptop 14'), { place: 100 });
  second = await issuer.sign(product('Laptop 14, corrected'), { place: 101 });
});
afterAll(async () => {
  await served.close();
  await service.close();
  await world.stop();
});

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** A `fetch` that fails where the document does not have an answer, or has it otherwise. */
function createJudge(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  const document = JSON.parse(JSON.stringify(describeInterface())) as {
    paths: Record<string, Record<string, { operationId: string; responses: Record<string, Answer> }>>;
  };
  type Answer = { $ref?: string; content?: Record<string, unknown> };
  const ajv = addFormats.default(new Ajv.default({ strict: false, allErrors: true }));
  ajv.addSchema(document, 'document');
  const compiled = new Map<string, ValidateFunction>();
  const inPointer = (text: string) => encodeURIComponent(text.replaceAll('~', '~0').replaceAll('/', '~1'));

  return async (input, init) => {
    const response = await fetch(input, init);
    const { pathname } = new URL(String(input));
    // The most literal template is meant: `/receipts/events` is no receipt.
    const [path = ''] = Object.keys(document.paths)
      .filter((template) => new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(pathname))
      .toSorted((a, b) => a.split('{').length - b.split('{').length);
    const method = (init?.method ?? 'GET').toLowerCase();
    const operation = document.paths[path]?.[method];
    const answer = operation?.responses[response.status];
    const type = response.headers.get('content-type')?.split(';')[0] ?? '';
    if (operation === undefined || answer === undefined) throw new Error(`${path} has no ${method} ${response.status}`);
    judged.add(operation.operationId);
    if (answer.$ref !== undefined) return response;
    if (answer.content?.[type] === undefined) throw new Error(`${operation.operationId} answers no ${type}`);
    if (!/json$/.test(type) || type === 'application/x-ndjson') return response;
    const pointer = `document#/paths/${inPointer(path)}/${method}/responses/${response.status}/content/${inPointer(type)}/schema`;
    const isRight = compiled.get(pointer) ?? ajv.compile({ $ref: pointer });
    compiled.set(pointer, isRight);
    if (!isRight(await response.clone().json()))
      throw new Error(`${operation.operationId}: ${ajv.errorsText(isRight.errors)}`);
    return response;
  };
}

describe('the client', () => {
  it('posts one credential, and waits for it', async () => {
    const answer = await client.postCredential(first.jwt);
    expect(answer).toMatchObject({ state: 'accepted', cid: first.cid });
    expect(await client.waitReceipt(String(answer.id), 'final')).toMatchObject({ state: 'final', cid: first.cid });
    expect(await client.postCredential(first.jwt)).toMatchObject({ state: 'duplicate' });
    const stranger = await issuer.sign({ issuer: { type: ['CredentialIssuer'], id: 'did:web:a.example', name: 'A' } });
    expect(await client.postCredential(stranger.jwt)).toMatchObject({ state: 'refused', code: 'credential.issuer' });
  });

  it('posts many, and reads what became of them', async () => {
    const more = await issuer.signMany(3);
    const answers = await collect(client.postCredentials([second, ...more].map(({ jwt }) => jwt)));
    expect(answers.map(({ state }) => state)).toEqual(['accepted', 'accepted', 'accepted', 'accepted']);
    const last = new Map(
      (await collect(client.watchReceipts(answers.map(({ id }) => String(id))))).map((one) => [one.id, one]),
    );
    expect([...last.values()].map(({ state }) => state)).toEqual(['final', 'final', 'final', 'final']);
    expect(await client.fetchReceipt(String(answers[0]?.id))).toMatchObject({ kind: 'credential', cid: second.cid });
  });

  it('relays acts', async () => {
    const request = await issuer.relay([acts.appointSubmitter(world.admin.account)]);
    const { id } = await client.postRelay(request);
    expect(await client.waitReceipt(id, 'anchored')).toMatchObject({ kind: 'relay' });
    await service.inStep();
    expect((await client.fetchIssuer(issuer.id)).submitters).toContain(world.admin.account);
  });

  it('reads credentials, their versions and their evidence', async () => {
    expect(await client.fetchCredential(first.cid)).toBe(first.jwt);
    const cids = (all: readonly { cid: string }[]) => all.map(({ cid }) => cid);
    expect(cids(await client.findCredentials(ITEM))).toEqual([second.cid, first.cid]);
    expect(cids(await collect(client.listCredentials(ITEM)))).toEqual([second.cid, first.cid]);
    expect(cids(await collect(client.listVersions(first.cid)))).toEqual([second.cid, first.cid]);
    expect((await client.fetchEvidence(first.cid)).credential).toBe(first.jwt);
    expect(await client.fetchReport(ITEM)).toMatchObject({ verdict: 'valid', cid: second.cid });
    const { linkset } = await client.fetchLinkset(ITEM);
    expect(linkset[0]).toMatchObject({ anchor: ITEM });
  });

  it('reads the journal, and proofs that hold', async () => {
    const now = await client.fetchTreeHead({ first: 4 });
    expect(now).toMatchObject(await world.reader.readTreeHead().then(({ size, root }) => ({ size, root })));
    const { consistency, size } = now;
    if (consistency === undefined) throw new IntegrityError('journal.break', 'no proof');
    const roots = { firstRoot: toBytes(consistency.firstRoot), secondRoot: toBytes(now.root) };
    const proof = consistency.proof.map(toBytes);
    expect(verifyConsistency({ first: 4, second: size, ...roots, proof })).toBe(true);

    const entry = await client.fetchEntry(2, { size });
    const leaf = { leaf: toBytes(entry.leaf), index: 2, size, root: toBytes(now.root) };
    expect(verifyInclusion({ ...leaf, proof: (entry.inclusion?.proof ?? []).map(toBytes) })).toBe(true);

    const entries = await collect(client.listEntries());
    expect(entries.map(({ index }) => index)).toEqual(Array.from({ length: size }, (_, i) => i));
    expect(await collect(client.listEntries({ from: 2, limit: 1 }))).toMatchObject([{ index: 2, bytes: entry.bytes }]);
  });

  it('reads issuers and batches', async () => {
    expect(await client.fetchLedger()).toEqual(world.reader.id);
    expect(await collect(client.listIssuers())).toMatchObject([{ issuer: issuer.id, standing: 'accredited' }]);
    const anchors = await collect(client.listBatches({ issuer: issuer.id }));
    const places = (await Promise.all(anchors.map(({ root }) => collect(client.listPlaces(root))))).flat();
    expect(places.map(({ cid }) => cid)).toEqual(expect.arrayContaining([first.cid, second.cid]));
    expect(places).toHaveLength(5);
  });

  it('reads lots', async () => {
    const mine = await world.createIssuer({ roles: ['extractor'] });
    const lot = { substance: 7_440_484, origin: 'primary', custody: 'segregated', milligrams: 2n ** 63n } as const;
    const place = { country: 'CD', label: 'ORE-1', facility: 'a mine', periodFrom: 0, periodUntil: 0 } as const;
    const id = hashLot(mine.hash, 'ORE-1');
    await world.relayer.send(
      calls.relay(
        await mine.relay([
          acts.material({ kind: 'lotRegistered', event: `0x${'e1'.repeat(32)}`, ...lot, ...place }),
          acts.material({ kind: 'lotRetired', lot: id, milligrams: 5n }),
        ]),
      ),
    );
    await service.inStep();
    const expected = { id, registered: 2n ** 63n, milligrams: 2n ** 63n - 5n, holder: mine.id, madeOf: [] };
    expect(await client.fetchLot(formatLot(world.reader.name, id))).toMatchObject(expected);
    const { madeOf: _, ...listed } = expected;
    expect(await collect(client.listLots({ holder: mine.id, substance: '7440-48-4' }))).toMatchObject([listed]);
    expect(await collect(client.listLots({ offeredTo: mine.id }))).toEqual([]);
    expect(await collect(client.listLotChanges(id))).toMatchObject([{ kind: 'lotRetired', milligrams: 5n, into: [] }]);
    const traced = await client.fetchTrace(id, { direction: 'downstream', depth: 2 });
    expect(traced).toMatchObject({ start: formatLot(world.reader.name, id), cuts: [] });
    expect(traced.entries).toHaveLength(2);
    await expect(client.fetchLot(`0x${'00'.repeat(32)}`)).rejects.toMatchObject({ code: 'store.not-found' });
  });

  it('tells what there is not from what is refused', async () => {
    await expect(client.fetchReceipt(crypto.randomUUID())).rejects.toMatchObject({ code: 'store.not-found' });
    await expect(client.fetchReport('nonsense')).rejects.toMatchObject({ code: 'service.refused' });
  });

  it('was judged by the document at every operation that it uses', () => {
    expect([...judged].toSorted()).toEqual([
      ...['getBatch', 'getEntry', 'getEvents', 'getEvidence', 'getIssuer', 'getJournal', 'getLedger', 'getLot'],
      ...[
        'getPassport',
        'getReceipt',
        'getResolve',
        'getTrace',
        'getTreeHead',
        'getVerify',
        'getVersions',
        'listBatches',
      ],
      ...['listIssuers', 'listLots', 'listPassports', 'postPassports', 'postRelay'],
    ]);
  });
});

function toBytes(hex: string): Uint8Array {
  return Buffer.from((hex as Hex).slice(2), 'hex');
}
