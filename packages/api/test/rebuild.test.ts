/**
 * Delete the index, and every answer is as it was. All routes are asked: those of the interface's own description and those of the pages;
 * one that this file does not know fails it.
 */
import { type Digest, encodeHex, type Hex, sha256 } from '@dpp-ledger/core';
import { createNoteSigner, formatOrigin, generateNoteKey, type NoteSigner } from '@dpp-ledger/core/checkpoint';
import { formatCid, parseJwt, type SignedCredential, type Signer } from '@dpp-ledger/core/credential';
import { buildBatch, encodeManifest } from '@dpp-ledger/core/evidence';
import { createJournalFold } from '@dpp-ledger/core/journal';
import { acts, calls, connectLedger, wordsOf } from '@dpp-ledger/sdk/ledger';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { proxy } from '../../sdk/test/support.ts';
import { createBell } from '../src/bell.ts';
import { type Database, openDatabase, type ServiceOptions } from '../src/index.ts';
import { createRefinery } from './refinery.ts';
import {
  EVENT_TERMS,
  GTIN,
  MODEL,
  serviceSigner,
  startService,
  startWorld,
  type TestIssuer,
  type TestService,
  type World,
} from './support.ts';

let world: World;
let pglite: PGlite;
let database: Database;
let signer: Signer;
let logSigner: NoteSigner;
let things: Things;
/** The moment at which every answer is given: reports say how old facts are. */
let now: number;

/** What there is to ask for. */
interface Things {
  readonly issuers: readonly TestIssuer[];
  readonly lots: readonly Hex[];
  readonly credentials: readonly SignedCredential[];
  /** Manifests that are in the store. */
  readonly manifests: readonly string[];
  readonly roots: readonly string[];
  readonly receipts: readonly string[];
  readonly subjects: readonly string[];
  /** Of the journal. */
  readonly size: number;
}

const ITEM = `https://id.gs1.org/01/${GTIN}/21/A1`;
const BATCH = `https://id.gs1.org/01/${GTIN}/10/B7`;
const OF_BATCH = `${BATCH}/21/C3`;
const NEVER = new AbortController().signal;
const HTML = { accept: 'text/html' };

beforeAll(async () => {
  world = await startWorld();
  pglite = await PGlite.create();
  database = openDatabase({ pglite });
  signer = await serviceSigner();
  logSigner = await createNoteSigner(await generateNoteKey(formatOrigin(world.reader.id, 1)));
  things = await buildRichLedger();
  now = Date.now();
}, 300_000);
afterAll(async () => {
  await pglite.close();
  await world.stop();
});

/** One of everything that can happen on a ledger before it is closed, and its closing. */
async function buildRichLedger(): Promise<Things> {
  const service = await startService(world, { database, signer });
  const maker = await world.createIssuer();
  const publisher = await world.createIssuer({ roles: ['dataPublisher'] });
  const both = await world.createIssuer({
    roles: ['recycler', 'certifier', 'manufacturer'],
    grants: ['gs1:9521', 'gs1:9506000'],
  });
  const suspended = await world.createIssuer();
  const withdrawn = await world.createIssuer();
  const issuers = [maker, publisher, both, suspended, withdrawn];
  const credentials: SignedCredential[] = [];
  const manifests: string[] = [];
  const receipts: string[] = [];
  const { store } = world.embedded;
  const about = (id: string, idGranularity: string, name: string) => ({
    credentialSubject: { type: ['Product'], id, name, idGranularity },
  });

  async function accept(...signed: SignedCredential[]): Promise<void> {
    await service.inStep();
    const answers = await service.submit(signed);
    expect(answers.map(({ state, code }) => [state, code])).toEqual(signed.map(() => ['accepted', undefined]));
    for (const { id } of answers) {
      const { batch } = await service.until(id, 'final');
      const { manifest } = await service.getJson(`/batches/${batch}`);
      if (!manifests.includes(String(manifest))) manifests.push(String(manifest));
      receipts.push(String(id));
    }
    credentials.push(...signed);
  }
  const relay = async (issuer: TestIssuer, ...toDo: Parameters<TestIssuer['relay']>[0][number][]) =>
    await world.admin.send(calls.relay(await issuer.relay(toDo)));
  async function put(blocks: readonly { cid: string; digest: Digest; bytes: Uint8Array }[], isStored = true) {
    const batch = buildBatch(blocks.map(({ digest }) => digest));
    if (isStored) await store.putBatch({ manifest: batch.manifest, credentials: blocks });
    if (isStored) manifests.push(batch.manifest.cid);
    return { root: batch.root, size: blocks.length, manifest: encodeHex(batch.manifest.digest) };
  }

  const second = await maker.addKey();
  const stolen = await maker.addKey(['assert', 'operate']);
  await accept(
    await maker.sign(about(MODEL, 'model', 'Laptop 14, any')),
    await maker.sign(about(ITEM, 'item', 'Laptop 14')),
    await maker.sign(about(BATCH, 'batch', 'Laptop 14 of November'), { signer: second }),
    await maker.sign(about(OF_BATCH, 'item', 'Laptop 14 of November'), { signer: stolen }),
    ...(await maker.signMany(5)),
  );
  await accept(await publisher.sign(about(MODEL, 'model', 'Laptop 14, restated')), ...(await publisher.signMany(2)));
  await accept(await both.sign(about(ITEM, 'item', 'Laptop 14, refurbished')), ...(await suspended.signMany(2)));
  await accept(...(await withdrawn.signMany(2)));

  // Newer versions, what was taken back, and by whom.
  await accept(await maker.sign(about(ITEM, 'item', 'Laptop 14, corrected')));
  await relay(
    maker,
    acts.supersede({ list: maker.list, reason: 'error', words: wordsOf([1]) }),
    acts.revoke({ list: maker.list, reason: 'recall', words: wordsOf([5, 6, 300]) }),
  );
  await world.accreditor.send(calls.revokeByAuthority({ issuer: both.id, list: both.list, words: wordsOf([1, 900]) }));

  // Batches by others: sound, anchored twice, with what is no credential, with another's, misstated, missing.
  const own = await both.signMany(3);
  credentials.push(...own);
  await accept(await both.sign(EVENT_TERMS));
  const sound = await put(own);
  await relay(both, acts.anchor(sound));
  await relay(both, acts.anchor(sound), acts.anchor(await put(own.slice(0, 2))));
  const rubbish = new TextEncoder().encode('not a credential');
  const digest = sha256(rubbish) as Digest;
  const foreign = credentials[0] as SignedCredential;
  await relay(both, acts.anchor(await put([{ cid: formatCid(digest), digest, bytes: rubbish }, foreign])));
  const lie: Hex = `0x${'ab'.repeat(32)}`;
  await relay(
    both,
    acts.anchor({ root: lie, size: 2, manifest: encodeHex(encodeManifest([digest, foreign.digest]).digest) }),
  );
  const absent = await both.signMany(2);
  await relay(both, acts.anchor(await put(absent, false)));

  // Rights that end, and one batch after they did.
  await maker.retireKey(second.keyId);
  await relay(maker, acts.markCompromised({ key: stolen.keyId, since: Math.floor(Date.now() / 1_000) - 1_000_000 }));
  const { time = 0 } = (await world.reader.readBlock('latest')) ?? {};
  const prefix = { issuer: both.id, number: 2, prefix: 'gs1:9506000' };
  await world.accreditor.send(calls.takeBackPrefix({ ...prefix, since: time }));
  await world.accreditor.send(calls.assignRoles({ issuer: publisher.id, roles: ['dataPublisher', 'registrar'] }));
  await world.accreditor.send(calls.suspend({ issuer: suspended.id }));
  await world.accreditor.send(calls.withdraw({ issuer: withdrawn.id, since: time - 100 }));
  const late = await maker.sign({}, { signer: stolen });
  credentials.push(late);
  await relay(maker, acts.anchor(await put([late])));
  await relay(both, acts.proposeController(world.embedded.accounts.admin.address));
  await world.admin.send(calls.acceptController({ issuer: both.id }));
  const { lots } = await createRefinery(world);
  await world.admin.send(calls.pause());
  await world.admin.send(calls.unpause());
  await world.admin.send(
    calls.close({ chainId: 1n, address: `0x${'42'.repeat(20)}`, codeHash: `0x${'17'.repeat(32)}` }),
  );
  const { size } = (await service.inStep()) as { size: number };
  await settled(service);
  const { items } = await service.getJson('/batches?limit=1000');
  const roots = [...new Set((items as { root: string }[]).map(({ root }) => root))];
  await service.close();
  const subjects = [MODEL, ITEM, BATCH, OF_BATCH, `${MODEL}/21/NONE`];
  return { issuers, lots: Object.values(lots), credentials, manifests, roots, receipts, subjects, size };
}

/** Whatever a store has is in the index; what it lacks was asked for. */
async function settled(service: TestService): Promise<void> {
  const { db } = service.database;
  await service.eventually(async () => {
    const waiting = await db.selectFrom('ledger.batch').select(['attempts']).where('indexed', '=', false).execute();
    const unread = db
      .selectFrom('ledger.batch')
      .select('entry')
      .where('indexed', '=', true)
      .where('events_read', '=', false);
    if ((await unread.executeTakeFirst()) !== undefined) return false;
    return waiting.length === 1 && waiting.every(({ attempts }) => attempts > 0);
  });
}

// ------------------------------------------------------------------------------------------------------------- asking

interface Ask {
  readonly path: string;
  readonly headers?: Record<string, string>;
}

/** What is asked of each route; of pages, and by `*` of what the paths of labels begin with. */
function asksOf({
  issuers,
  lots,
  credentials,
  manifests,
  roots,
  receipts,
  subjects,
  size,
}: Things): Record<string, Ask[]> {
  const uris = subjects.map((subject) => encodeURIComponent(subject));
  const cids = [...credentials.map(({ cid }) => cid), formatCid(sha256(new Uint8Array([1])) as Digest)];
  const dids = issuers.map(({ id }) => id);
  const lists = issuers.flatMap(({ id, list }) => [`${id}/${list}`, `${id}/0`]);
  const all = (paths: readonly string[], headers?: Record<string, string>): Ask[] =>
    paths.map((path) => (headers === undefined ? { path } : { path, headers }));
  const labels = (path: string) => [
    ...all([path, `${path}?linkType=all`, `${path}?linkType=gs1:dpp`]),
    ...all([path], { accept: 'application/vc+jwt' }),
    ...all([path], HTML),
  ];
  return {
    '/passports': all(
      uris.flatMap((uri) =>
        ['passport', 'all', 'event'].flatMap((kind) => [
          `/passports?subject=${uri}&kind=${kind}`,
          `/passports?subject=${uri}&kind=${kind}&limit=1`,
        ]),
      ),
    ),
    '/attestations': all(
      uris.flatMap((uri) => [`/attestations?subject=${uri}`, `/attestations?subject=${uri}&limit=1`]),
    ),
    '/passports/:cid': all(cids.map((cid) => `/passports/${cid}`)),
    '/passports/:cid/versions': all(
      cids.flatMap((cid) => [`/passports/${cid}/versions`, `/passports/${cid}/versions?limit=1`]),
    ),
    '/evidence/:cid': all(cids.map((cid) => `/evidence/${cid}`)),
    '/receipts/:id': all(receipts.map((id) => `/receipts/${id}`)),
    '/receipts/events': all([
      `/receipts/events?${receipts
        .slice(0, 50)
        .map((id) => `id=${id}`)
        .join('&')}`,
    ]),
    '/ledger': all(['/ledger']),
    '/tree-head': all([
      '/tree-head',
      ...[1, 2, 3, 7, size - 1, size, size + 1].flatMap((n) => [
        `/tree-head?first=${n}`,
        `/tree-head?size=${n}&first=1`,
      ]),
    ]),
    '/journal': all(['/journal', '/journal?from=3&limit=5', `/journal?from=${size}`]),
    '/journal/:index': all(Array.from({ length: size + 1 }, (_, i) => `/journal/${i}`)),
    '/issuers': all(['/issuers', '/issuers?limit=2']),
    '/issuers/:did/did.json': all([...dids, 'did:web:nobody.example'].map((did) => `/issuers/${did}/did.json`)),
    '/issuers/:did': all([...dids, 'did:web:nobody.example'].map((did) => `/issuers/${did}`)),
    '/batches': all(['/batches', '/batches?limit=3', ...dids.map((did) => `/batches?issuer=${did}`)]),
    '/batches/:root': all(roots.flatMap((root) => [`/batches/${root}`, `/batches/${root}?limit=1`])),
    '/lots': all([
      '/lots',
      '/lots?limit=3',
      '/lots?substance=7440-48-4&origin=primary&limit=2',
      '/lots?holder=did:web:nobody',
    ]),
    '/lots/:id': all(lots.flatMap((lot) => [`/lots/${lot}`, `/lots/${lot}?limit=1`])),
    '/trace/:of': all(
      [...lots, ...cids.slice(-8)].flatMap((of) => [`/trace/${of}`, `/trace/${of}?format=graphml&depth=2`]),
    ),
    '/status/:did/:list': all(lists.map((list) => `/status/${list}`)),
    '/status/:did/:list/superseded': all(lists.map((list) => `/status/${list}/superseded`)),
    '/ipfs/:cid': all(
      [...cids, ...manifests].flatMap((cid) => [`/ipfs/${cid}`, `/ipfs/${cid}?format=car&dag-scope=block`]),
    ),
    '/epcis/events': all([
      '/epcis/events',
      '/epcis/events?perPage=1',
      `/epcis/events?MATCH_epc=${encodeURIComponent(ITEM)}`,
      '/epcis/events?EQ_bizStep=shipping',
    ]),
    '/epcis/events/:eventID': all(
      [EVENT_TERMS.credentialSubject[0]?.id, 'urn:nothing'].map(
        (id) => `/epcis/events/${encodeURIComponent(id ?? '')}`,
      ),
    ),
    '/epcis/capture/:captureID': all(['/epcis/capture/7f0c1f2e-6d0b-4b8e-9d3c-0d9a4b8f1c22']),
    '/verify': all([...uris, GTIN].map((uri) => `/verify?uri=${uri}`)),
    '/label': all(uris.flatMap((uri) => [`/label?uri=${uri}`, `/label?uri=${uri}&format=png&text=Laptop&scale=4`])),
    '/resolve': uris.flatMap((uri) => all([`/resolve?uri=${uri}`, `/resolve?uri=${uri}&linkType=all`])),
    '/01/*': subjects.flatMap((subject) => labels(new URL(subject).pathname)),
    '/414/*': labels('/414/9521234000013'),
    '/417/*': labels('/417/9521234000013'),
    '/8003/*': labels('/8003/09521234000013'),
    '/8004/*': labels('/8004/9521234ABC'),
    '/.well-known/gs1resolver': all(['/.well-known/gs1resolver']),
    '/.well-known/jwks.json': all(['/.well-known/jwks.json']),
    '/.well-known/did.json': all(['/.well-known/did.json']),
    '/contexts/v1': all(['/contexts/v1']),
    '/problems/:code': all(['/problems/issuer.grant', '/problems/nothing']),
    '/openapi.json': all(['/openapi.json']),
    '/livez': all(['/livez']),
    '/healthz': all(['/healthz']),
    '/readyz': all(['/readyz']),
    '/log': all(['/log']),
    '/log/checkpoint': all(['/log/checkpoint']),
    '/log/cosigned': all(['/log/cosigned']),
    '/log/tile/*': all(['/log/tile/0/000', `/log/tile/0/000.p/${size}`, `/log/tile/entries/000.p/${size}`]),
    '/docs': all(['/docs']),
    '/docs/start.js': all(['/docs/start.js']),
    '/docs/swagger-ui.css': all(['/docs/swagger-ui.css']),
    '/docs/swagger-ui-bundle.js': all(['/docs/swagger-ui-bundle.js']),
    '/': all(['/'], HTML),
    '/view/passport': all(
      [...uris, GTIN, 'nothing'].map((uri) => `/view/passport?uri=${uri}`),
      HTML,
    ),
    '/view/passport/:cid': all(
      cids.map((cid) => `/view/passport/${cid}`),
      HTML,
    ),
    '/view/search': all(
      ['laptop', 'laptop 14', 'refurb', GTIN, ITEM, dids[0], roots[0], cids[0], 'zzz', ''].map(
        (text) => `/view/search?q=${encodeURIComponent(text ?? '')}`,
      ),
      HTML,
    ),
    '/view/issuers': all(['/view/issuers'], HTML),
    '/view/issuers/:did': all(
      [...dids, 'did:web:nobody.example'].map((did) => `/view/issuers/${did}`),
      HTML,
    ),
    '/view/batches': all(['/view/batches'], HTML),
    '/view/batches/:root': all(
      roots.map((root) => `/view/batches/${root}`),
      HTML,
    ),
    '/view/lots/:lot': all(
      lots.flatMap((lot) => [`/view/lots/${lot}`, `/view/lots/${lot}?from=100`]),
      HTML,
    ),
    '/view/trace/:of': all(
      [...lots, ...cids.slice(-6)].flatMap((of) => [
        `/view/trace/${of}`,
        `/view/trace/${of}?direction=upstream&depth=1`,
      ]),
      HTML,
    ),
    '/view/journal': all(['/view/journal', '/view/journal?from=20'], HTML),
    '/view/how-verification-works': all(['/view/how-verification-works'], HTML),
    '/view/assets/:file': all(['/view/assets/nothing.css']),
    '/view/*': all(['/view/nothing'], HTML),
  };
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Told by every answer: of the moment or of the connection, not of the ledger. */
const OF_THE_MOMENT = ['x-request-id', 'date'];

/** Every route's answers, and the pages that follow them. */
async function askAll(service: TestService): Promise<Map<string, Answer>> {
  const asks = asksOf(things);
  const served = new Set(service.app.routes.filter(({ method }) => method === 'GET').map(({ path }) => path));
  expect(Object.keys(asks).toSorted()).toEqual([...served].toSorted());
  const { paths } = (await service.getJson('/openapi.json')) as { paths: Record<string, { get?: unknown }> };
  for (const [path, { get }] of Object.entries(paths)) {
    const route = path.replaceAll(/\{(\w+)\}/g, ':$1');
    if (get !== undefined) expect(served.has(route) || served.has(`/${route.split('/')[1]}/*`), path).toBe(true);
  }
  const answers = new Map<string, Answer>();
  const queue = Object.values(asks).flat();
  for (const { path, headers = {} } of queue) {
    const response = await service.get(path, headers);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const body = toComparable(path, bytes);
    const kept = [...response.headers].filter(
      ([name]) => !OF_THE_MOMENT.includes(name) && !(isSigned(path) && name === 'etag'),
    );
    answers.set(`${path} ${headers.accept ?? ''}`, {
      status: response.status,
      headers: Object.fromEntries(kept),
      body,
    });
    const next = /"next":("[^"]*"|\d+)/.exec(body)?.[1];
    if (next !== undefined && path.includes('?')) {
      const more = `${path.replace(/&cursor=[^&]*/, '')}&cursor=${encodeURIComponent(JSON.parse(next))}`;
      queue.push({ path: more, headers });
    }
  }
  return answers;
}

const isSigned = (path: string) => path.startsWith('/status/');
const isHealth = (path: string) => path === '/healthz' || path === '/readyz';

/**
 * What must be the same. Not so: a signature, which is another one each time that the same is signed with ES256; and what the service
 * failed at within the last minute, such as asking the store for what it lacks.
 */
function toComparable(path: string, bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('utf8');
  if (isSigned(path) && text.split('.').length === 3) {
    const { header, payload } = parseJwt(text);
    return JSON.stringify([header, payload]);
  }
  if (isHealth(path)) {
    const { status: _, checks, ...rest } = JSON.parse(text) as { status: string; checks: Record<string, unknown> };
    return JSON.stringify({ ...rest, checks: { ...checks, work: undefined } });
  }
  return Buffer.from(text, 'utf8').equals(bytes) ? text : Buffer.from(bytes).toString('base64');
}

async function published(service: TestService): Promise<void> {
  const bell = createBell();
  const stop = await service.database.listen('log', bell.ring);
  for (;;) {
    const log = await service.get('/log');
    if (log.ok && ((await log.json()) as { size: number }).size === things.size) break;
    await bell.wait({ signal: NEVER });
  }
  await stop();
}

/** All answers of a service over this database, which builds what the index lacks. */
async function answersOf(on: Database, options: Partial<ServiceOptions> = {}): Promise<Map<string, Answer>> {
  const service = await startService(world, { database: on, signer, logSigner, now: () => now, ...options });
  await service.inStep();
  await settled(service);
  await published(service);
  const answers = await askAll(service);
  await service.close();
  return answers;
}

function assertSame(found: Map<string, Answer>, expected: Map<string, Answer>): void {
  expect([...found.keys()]).toEqual([...expected.keys()]);
  const different = [...expected].filter(
    ([name, answer]) => JSON.stringify(found.get(name)) !== JSON.stringify(answer),
  );
  expect(different.map(([name]) => ({ name, answer: found.get(name) }))).toEqual(
    different.map(([name, answer]) => ({ name, answer })),
  );
}

/** What a service promised is no one else's to tell. */
function withoutPromises(answers: Map<string, Answer>): Map<string, Answer> {
  return new Map([...answers].filter(([name]) => !/^\/(?:receipts|healthz|readyz)/.test(name)));
}

describe('an index that was deleted', { timeout: 300_000 }, () => {
  let before: Map<string, Answer>;
  beforeAll(async () => {
    before = await answersOf(database);
  }, 300_000);

  it('is rebuilt, and every answer of every route is the same', async () => {
    await database.deleteIndex();
    assertSame(await answersOf(database), before);
    const statuses = [...before.values()].map(({ status }) => status);
    const count = (status: number) => statuses.filter((one) => one === status).length;
    console.info(`${before.size} answers compared: ${count(200)} of 200, ${count(307)} of 307, ${count(404)} of 404`);
    // Much of it is there, or this shows nothing.
    expect(count(200)).toBeGreaterThan(300);
    expect(count(307)).toBeGreaterThan(5);
    expect(statuses.every((status) => status < 500)).toBe(true);
  });

  it('gives the same answers built block by block by another database', async () => {
    const other = await PGlite.create();
    const oneByOne = await proxy(world.embedded.rpcUrl, async ({ method, params }, answer) => {
      const [range] = params as [{ fromBlock: string; toBlock: string }];
      if (method === 'eth_getLogs' && range.fromBlock !== range.toBlock) throw new Error('one block at a time');
      return await answer();
    });
    const { id, firstBlock } = world.reader;
    const ledger = await connectLedger({
      url: oneByOne.url,
      pin: id,
      firstBlock,
      pollMs: 15,
      source: world.reader.source,
    });
    const found = await answersOf(openDatabase({ pglite: other }), { ledger });
    assertSame(withoutPromises(found), withoutPromises(before));
    await other.close();
    await oneByOne.close();
  });

  it('gives the same answers where a replica begins with a snapshot of the state', async () => {
    const fold = createJournalFold({ ledger: world.reader.id });
    for await (const { index, bytes } of world.reader.readEntries()) {
      fold.add(bytes);
      // In the middle of what is answered for, and where no key is awaited.
      if (index >= things.size - 8 && fold.state.awaitingKey === undefined) break;
    }
    const { size } = fold.state;
    await database.db
      .insertInto('ledger.snapshot')
      .values({ size, state: JSON.stringify(fold.snapshot()) })
      .execute();
    assertSame(await answersOf(database), before);
  });

  const server = process.env.DPP_TEST_POSTGRES;
  it.skipIf(server === undefined)('gives the same answers on PostgreSQL (DPP_TEST_POSTGRES)', async () => {
    const name = `dpp_test_${crypto.randomUUID().replaceAll('-', '')}`;
    const admin = new pg.Client({ connectionString: server });
    await admin.connect();
    await admin.query(`create database ${name}`);
    const other = openDatabase({ url: new URL(name, `${server}/`).href });
    assertSame(withoutPromises(await answersOf(other)), withoutPromises(before));
    await other.close();
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  });
});
