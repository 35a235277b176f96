import { type Digest, decodeHex, encodeHex, type Hex, type SubjectId } from '@dpp-ledger/core';
import type { SignedCredential } from '@dpp-ledger/core/credential';
import { buildBatch, decodeManifest, formatManifestCid } from '@dpp-ledger/core/evidence';
import { decodeEntry } from '@dpp-ledger/core/journal';
import { hashLot } from '@dpp-ledger/core/materials';
import {
  acts,
  calls,
  connectLedger,
  createAccount,
  createLedgerWriter,
  type Finality,
  wordsOf,
} from '@dpp-ledger/sdk/ledger';
import type { Store } from '@dpp-ledger/sdk/store';
import { createClient, verify } from '@dpp-ledger/sdk/verify';
import { PGlite } from '@electric-sql/pglite';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { behind, proxy } from '../../sdk/test/support.ts';
import { type BatcherStep, type Database, openDatabase, type ServiceOptions } from '../src/index.ts';
import { createMirror } from '../src/ledger/mirror.ts';
import {
  dumpIndex,
  PUBLIC_URL,
  startService,
  startWorld,
  type TestIssuer,
  type TestService,
  type World,
} from './support.ts';

let world: World;
let issuer: TestIssuer;
let service: TestService;
let database: Database;
/** Another index of the same chain, built anew whenever two are compared. */
let fresh: Database;
const opened: PGlite[] = [];

beforeAll(async () => {
  opened.push(await PGlite.create(), await PGlite.create());
  const [one, other] = opened as [PGlite, PGlite];
  database = openDatabase({ pglite: one });
  fresh = openDatabase({ pglite: other });
  world = await startWorld();
});
beforeEach(async () => {
  issuer = await world.createIssuer();
});
afterEach(() => service.close());
afterAll(async () => {
  for (const pglite of opened) await pglite.close();
  await world.stop();
});

const mine = (blocks: number) => world.rpc.call('anvil_mine', [`0x${blocks.toString(16)}`]);
/** Replaces the newest blocks by as many others, which hold these transactions and nothing else. */
const reorganise = (depth: number, transactions: readonly [raw: Hex, block: number][] = []) =>
  world.rpc.call('anvil_reorg', [depth, transactions]);
const height = async () => (await world.reader.readBlock('latest'))?.number ?? 0;

async function start(finality: Finality, options: Partial<ServiceOptions> = {}): Promise<void> {
  service = await startService(world, { database, ledger: await world.connect(finality), ...options });
}

/** The index holds just what one that is built from nothing holds. */
async function assertAsFresh(): Promise<void> {
  const isFilled = async ({ db }: Database) =>
    (
      await db
        .selectFrom('ledger.batch')
        .select('entry')
        .where(({ eb, or }) => or([eb('indexed', '=', false), eb('events_read', '=', false)]))
        .execute()
    ).length === 0;
  for (;;) {
    const before = await world.reader.readTreeHead();
    await service.inStep();
    await service.eventually(() => isFilled(database));
    await fresh.deleteIndex();
    const other = await startService(world, { database: fresh });
    await other.inStep();
    await other.eventually(() => isFilled(fresh));
    const [here, there, told] = [
      await dumpIndex(database),
      await dumpIndex(fresh),
      await service.getJson('/tree-head'),
    ];
    await other.close();
    const { size, root } = await world.reader.readTreeHead();
    // The service anchors again what fell out: what was read while the journal grew is of two moments.
    if (before.root !== root) continue;
    expect(here).toEqual(there);
    expect(told).toMatchObject({ size, root });
    return;
  }
}

/** How often each credential is on the chain, as anyone reads it. */
async function countAnchors(): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for await (const { bytes } of world.reader.readEntries()) {
    const entry = decodeEntry(bytes);
    if (entry.kind !== 'anchored') continue;
    const manifest = formatManifestCid(decodeHex(entry.manifest, 32) as Digest);
    for (const digest of decodeManifest(await world.embedded.store.get(manifest))) {
      const name = encodeHex(digest);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return counts;
}

async function assertAnchoredOnce(credentials: readonly SignedCredential[]): Promise<void> {
  const counts = await countAnchors();
  expect(credentials.map(({ digest }) => counts.get(encodeHex(digest)) ?? 0)).toEqual(credentials.map(() => 1));
}

/** Brings credentials to the ledger. Their receipts. */
async function anchor(count: number) {
  const credentials = await issuer.signMany(count);
  const answers = await service.submit(credentials);
  const receipts = await Promise.all(answers.map(({ id }) => service.until(id, 'anchored')));
  return { credentials, ids: answers.map(({ id }) => String(id)), receipts };
}

/** Once it is on the chain that there is now, and so many blocks were made on top. */
async function untilFinal(ids: readonly unknown[], blocks: number): Promise<Record<string, unknown>[]> {
  await service.inStep();
  for (const id of ids) await service.eventually(async () => isOnLedger(await service.getJson(`/receipts/${id}`)));
  if (blocks > 0) await mine(blocks);
  const receipts = await Promise.all(ids.map((id) => service.until(id, 'final')));
  expect(receipts.map(({ state }) => state)).toEqual(ids.map(() => 'final'));
  return receipts;
}

const isOnLedger = ({ state }: Record<string, unknown>) => state === 'anchored' || state === 'final';

/** Stores a batch. The act that anchors it. */
async function storeBatch(credentials: readonly SignedCredential[]) {
  const batch = buildBatch(credentials.map(({ digest }) => digest));
  await world.embedded.store.putBatch({ manifest: batch.manifest, credentials });
  return acts.anchor({ root: batch.root, size: credentials.length, manifest: encodeHex(batch.manifest.digest) });
}

/** Brings acts to the ledger by another hand than the service's; one that remembers nothing that the chain has dropped. */
async function relayByOther(toDo: Parameters<TestIssuer['relay']>[0]): Promise<void> {
  const { rpcUrl, accounts } = world.embedded;
  const account = createAccount(accounts.admin.privateKey);
  const writer = await createLedgerWriter({ reader: world.reader, url: rpcUrl, account, pollMs: 20 });
  await writer.send(calls.relay(await issuer.relay(toDo)));
}

/** A batch of the issuer's that somebody else anchors. */
async function anchorByOther(count: number): Promise<SignedCredential[]> {
  const credentials = await issuer.signMany(count);
  await relayByOther([await storeBatch(credentials)]);
  return credentials;
}

const status = (kind: 'revoke' | 'supersede', places: readonly number[]) =>
  acts[kind]({ list: issuer.list, reason: 'error', words: wordsOf(places) });

describe('a batch that falls out', () => {
  it.each([1, 2, 5])('is anchored again, once, when %i blocks are replaced', async (depth) => {
    await start({ confirmations: 8 });
    if (depth > 1) await mine(1);
    const { credentials, ids } = await anchor(3);
    await mine(depth - 1);
    await reorganise(depth);
    await untilFinal(ids, 9);
    await assertAnchoredOnce(credentials);
    await assertAsFresh();
  });

  it.each<BatcherStep>(['formed', 'stored', 'recorded', 'sent'])(
    'is anchored once when blocks are replaced right after it was %s',
    async (step) => {
      let isDone = false;
      const afterStep = async (reached: BatcherStep) => {
        if (reached !== step || isDone) return;
        isDone = true;
        await reorganise(1);
      };
      await start({ confirmations: 2 }, { afterStep });
      // The block that is replaced has an entry too.
      await anchorByOther(1);
      const credentials = await issuer.signMany(3);
      const answers = await service.submit(credentials);
      await untilFinal(
        answers.map(({ id }) => id),
        3,
      );
      expect(isDone).toBe(true);
      await assertAnchoredOnce(credentials);
      await assertAsFresh();
    },
  );

  it('stays anchored once when the same transaction is in another block', async () => {
    await start({ confirmations: 3 });
    await mine(1);
    const { credentials, ids, receipts } = await anchor(2);
    const { raw } = await database.db
      .selectFrom('outbox.transaction')
      .select('raw')
      .where('hash', '=', String(receipts[0]?.transaction))
      .executeTakeFirstOrThrow();
    await mine(1);
    await reorganise(3, [[raw as Hex, 2]]);
    await mine(1);
    await service.inStep();
    const [final] = await untilFinal(ids, 4);
    expect(final?.transaction).toBe(receipts[0]?.transaction);
    await assertAnchoredOnce(credentials);
    await assertAsFresh();
  });

  it('has all its credentials again, also those that a restored outbox knows nothing of', async () => {
    await start({ confirmations: 4 }, { batch: { size: 3, ageMs: 3_600_000 } });
    const credentials = await issuer.signMany(3);
    const early = await service.submit(credentials.slice(0, 2));
    const backUp = await opened[0]?.dumpDataDir('none');
    const [late] = await service.submit(credentials.slice(2));
    const { transaction } = await service.until(late?.id, 'anchored');
    const { raw } = await database.db
      .selectFrom('outbox.transaction')
      .select('raw')
      .where('hash', '=', String(transaction))
      .executeTakeFirstOrThrow();
    await service.close();
    const restored = await PGlite.create(backUp === undefined ? {} : { loadDataDir: backUp });
    opened.push(restored);
    const other = openDatabase({ pglite: restored });
    service = await startService(world, { database: other, ledger: await world.connect({ confirmations: 4 }) });
    for (const { id } of early) await service.until(id, 'anchored');
    await reorganise(1, [[raw as Hex, 0]]);
    await service.inStep();
    const readBatch = () =>
      sql<{ indexed: boolean; there: number }>`
        select b.indexed, (select count(*)::int from ledger.credential c where c.entry = b.entry) as there
        from ledger.batch b where b.transaction_hash = ${transaction}`.execute(other.db);
    await service.eventually(async () => (await readBatch()).rows[0]?.indexed === true);
    expect((await readBatch()).rows).toEqual([{ indexed: true, there: 3 }]);
  });

  it('is sent anew when another transaction of the account has its nonce', async () => {
    await start({ confirmations: 3 });
    const { credentials, ids, receipts } = await anchor(2);
    const account = createAccount(world.embedded.accounts.relayer.privateKey);
    const { nonce } = await database.db
      .selectFrom('outbox.transaction')
      .select('nonce')
      .where('hash', '=', String(receipts[0]?.transaction))
      .executeTakeFirstOrThrow();
    const raw = await account.signTransaction({
      chainId: world.reader.id.chainId,
      nonce,
      to: account.address,
      data: '0x',
      gasLimit: 21_000n,
      fees: { maxFeePerGas: 100n * 10n ** 9n, maxPriorityFeePerGas: 10n ** 9n },
    });
    await reorganise(1, [[raw, 0]]);
    await mine(1);
    await service.inStep();
    const [final] = await untilFinal(ids, 4);
    expect(final?.transaction).not.toBe(receipts[0]?.transaction);
    await assertAnchoredOnce(credentials);
    await assertAsFresh();
  });

  it('is anchored again although it was called final, when a chain of its own loses blocks', async () => {
    await start({ confirmations: 0 });
    const snapshot = await world.rpc.call('evm_snapshot', []);
    const credentials = await issuer.signMany(3);
    const answers = await service.submit(credentials);
    const ids = answers.map(({ id }) => id);
    const [before] = await untilFinal(ids, 0);
    const bytes = await (await service.get(`/passports/${credentials[0]?.cid}`)).text();
    await world.rpc.call('evm_revert', [snapshot]);
    await service.inStep();
    const [after] = await untilFinal(ids, 0);
    expect(after?.batch).toBe(before?.batch);
    expect(await (await service.get(`/passports/${credentials[0]?.cid}`)).text()).toBe(bytes);
    await assertAnchoredOnce(credentials);
    await assertAsFresh();
  });

  it('is anchored again although the chain had called it finalized', async () => {
    await start('finalized');
    const before = await height();
    const { credentials, ids } = await anchor(2);
    expect(await service.getJson(`/receipts/${ids[0]}`)).toMatchObject({ state: 'anchored' });
    await mine(80);
    await untilFinal(ids, 0);
    await reorganise((await height()) - before);
    await untilFinal(ids, 80);
    await assertAnchoredOnce(credentials);
    await assertAsFresh();
  });
});

describe('an index', () => {
  it('goes back and forward over 64 blocks of everything, twice in a row', async () => {
    await start({ confirmations: 3 });
    const kept = await anchor(2);
    const from = await height();
    let dropped = issuer.signer;
    while ((await height()) < from + 64) {
      const i = (await height()) - from;
      // Several entries a block: bits, an anchor; and between them keys and rights.
      const anchorAct = await storeBatch([await issuer.sign({}, { signer: dropped })]);
      const several = [status('revoke', [300 + i]), status('supersede', [400 + i]), anchorAct];
      await relayByOther(several);
      if (i % 10 === 0) {
        dropped = await issuer.addKey();
        await world.accreditor.send(
          calls.grantPrefix({ issuer: issuer.id, number: 100 + i, prefix: `gs1:952${1000 + i}` }),
        );
        await world.accreditor.send(calls.suspend({ issuer: issuer.id }));
        await world.accreditor.send(calls.reinstate({ issuer: issuer.id }));
      }
    }
    const before = Number(((await service.inStep()) as { size: number }).size);
    expect((await service.getJson(`/issuers/${issuer.id}`)).keys).not.toHaveLength(1);
    await reorganise((await height()) - from);
    await reorganise(40);
    const after = Number(((await service.inStep()) as { size: number }).size);
    expect(after).toBeLessThan(before - 64);
    const { keys, grants } = await service.getJson(`/issuers/${issuer.id}`);
    expect([keys, grants]).toMatchObject([{ length: 1 }, { length: 1 }]);
    // What was dropped is forgotten: its key signs nothing any more.
    const [refused] = await service.submit([await issuer.sign({}, { signer: dropped })]);
    expect(refused).toMatchObject({ state: 'refused', code: 'key.unknown' });
    await anchorByOther(1);
    await untilFinal(kept.ids, 4);
    await assertAnchoredOnce(kept.credentials);
    await assertAsFresh();
  });

  it('takes back what was done to lots, and the lots that were made', async () => {
    issuer = await world.createIssuer({ roles: ['extractor'] });
    const event: Hex = `0x${'e1'.repeat(32)}`;
    const [ore, part, sold] = ['ORE', 'ORE/1', 'ORE/2'].map((label) => hashLot(issuer.hash, label)) as [Hex, Hex, Hex];
    const stateOf = async (lot: Hex) => {
      const response = await service.get(`/lots/${lot}`);
      const { milligrams, offeredTo, holder } = (await response.json()) as Record<string, unknown>;
      return response.ok ? [milligrams, offeredTo, holder] : response.status;
    };
    await start({ confirmations: 4 });
    await relayByOther([
      acts.material({
        ...{ kind: 'lotRegistered', event, substance: 7_440_484, origin: 'primary', custody: 'segregated' },
        ...{ milligrams: 1_000n, country: 'CD', label: 'ORE', facility: 'a mine', periodFrom: 0, periodUntil: 0 },
      }),
      acts.material({ kind: 'lotSplit', lot: ore, milligrams: 100n, label: 'ORE/1' }),
    ]);
    await relayByOther([
      acts.material({ kind: 'lotRetired', lot: part, milligrams: 40n }),
      acts.material({
        kind: 'transferOffered',
        event,
        receiver: issuer.hash,
        lot: ore,
        milligrams: 300n,
        label: 'ORE/2',
      }),
    ]);
    await service.inStep();
    expect(await Promise.all([ore, part, sold].map(stateOf))).toEqual([
      ['600', undefined, issuer.id],
      ['60', undefined, issuer.id],
      ['300', issuer.id, issuer.id],
    ]);
    await reorganise(1);
    await service.inStep();
    expect(await Promise.all([ore, part, sold].map(stateOf))).toEqual([
      ['900', undefined, issuer.id],
      ['100', undefined, issuer.id],
      404,
    ]);
    await assertAsFresh();
    // One deeper, where the lots were made, and something else in their place.
    await reorganise(2);
    await anchorByOther(1);
    await service.inStep();
    expect(await Promise.all([ore, part].map(stateOf))).toEqual([404, 404]);
    await assertAsFresh();
  });

  it('says of no batch what is wrong with the one that had its entry before', async () => {
    const [listed, said, sound] = [await issuer.signMany(1), await issuer.signMany(1), await issuer.signMany(2)];
    await storeBatch(listed);
    const { digest } = buildBatch(listed.map((one) => one.digest)).manifest;
    const { root } = buildBatch(said.map((one) => one.digest));
    const asked = Promise.withResolvers<void>();
    const isBack = Promise.withResolvers<void>();
    const { store } = world.embedded;
    const slow: Store = {
      ...store,
      async get(cid, options) {
        if (cid === formatManifestCid(digest)) {
          asked.resolve();
          await isBack.promise;
        }
        return await store.get(cid, options);
      },
    };
    await start({ confirmations: 4 }, { store: slow });
    await relayByOther([acts.anchor({ root, size: 1, manifest: encodeHex(digest) })]);
    await asked.promise;
    const { index } = await database.db
      .selectFrom('ledger.batch')
      .select('entry as index')
      .where('root', '=', decodeHex(root))
      .executeTakeFirstOrThrow();
    await reorganise(1);
    await relayByOther([await storeBatch(sound)]);
    await service.inStep();
    isBack.resolve();
    const cid = String(sound[0]?.cid);
    expect(await (await service.when(`/evidence/${cid}`)).json()).toMatchObject({ entry: { index } });
    await assertAsFresh();
  });

  it('takes no page that the chain changed under', async () => {
    let isArmed = false;
    const shifting = await proxy(world.embedded.rpcUrl, async ({ method }, answer) => {
      const logs = await answer();
      if (isArmed && method === 'eth_getLogs' && Array.isArray(logs) && logs.length > 0) {
        isArmed = false;
        await reorganise(2);
      }
      return logs;
    });
    const ledger = await connectLedger({ url: shifting.url, pin: world.reader.id, pollMs: 15 });
    service = await startService(world, { database, ledger });
    await service.stop();
    await anchorByOther(2);
    await anchorByOther(2);
    isArmed = true;
    service = await startService(world, { database, ledger });
    expect(isArmed).toBe(false);
    await assertAsFresh();
    await shifting.close();
  });

  it('reads again what a node that was behind has left out', async () => {
    let hidden: number | undefined;
    // Each question of a batch to another node, and the logs from one that is behind: the worst that a balancer can do.
    const balancer = await proxy(world.embedded.rpcUrl, (call, answer) =>
      hidden !== undefined && call.method === 'eth_getLogs' ? behind(call, answer, hidden) : answer(),
    );
    const ledger = await connectLedger({ url: balancer.url, pin: world.reader.id, pollMs: 15 });
    service = await startService(world, { database, ledger });
    const goodSize = (await service.getJson('/tree-head')).size;
    await service.stop();
    hidden = await height();
    await anchorByOther(1);
    // So far that the index passes over the block, of which the node knows nothing, before it comes to the head.
    await mine(40);
    await anchorByOther(1);
    const told = Promise.withResolvers<{ readonly error: unknown }>();
    service = await startService(world, { database, ledger, start: false, onProblem: told.resolve });
    await service.start();
    expect((await told.promise).error).toMatchObject({ code: 'journal.break' });
    expect((await service.getJson('/tree-head')).size).toBe(goodSize);
    hidden = undefined;
    await assertAsFresh();
    await balancer.close();
  });

  it('that was deleted and read anew is not taken for the one before it', async () => {
    await start({ confirmations: 0 });
    await service.stop();
    const mirror = createMirror({ db: database.db, ledger: world.reader.id });
    await relayByOther([status('revoke', [7])]);
    await start({ confirmations: 0 });
    const before = await mirror.read();
    await service.stop();
    await database.deleteIndex();
    await reorganise(1);
    await anchorByOther(1);
    await anchorByOther(1);
    await start({ confirmations: 0 });
    const after = await mirror.read();
    expect(after.head.size).toBeGreaterThan(before.head.size);
    const { root } = await world.reader.readTreeHead();
    expect(encodeHex(after.treeHead.root)).toBe(root);
    expect(after.state.issuers.get(issuer.hash)?.lists.get(issuer.list)).toBeUndefined();
  });
});

describe('a question', () => {
  it.each([
    ['moved on', async () => void (await anchorByOther(1))],
    ['went back', async () => void (await reorganise(1))],
  ])('is put again where the index %s meanwhile', async (_, happen) => {
    await start({ confirmations: 0 });
    await anchorByOther(1);
    await service.inStep();
    const mirror = createMirror({ db: database.db, ledger: world.reader.id });
    const { generation, size } = (await mirror.read()).head;
    const sizes: number[] = [];
    const found = await mirror.ask(async ({ state, head }) => {
      const said = head.size;
      if (sizes.push(said) === 1) {
        await happen();
        await service.inStep();
        // Somebody else's question moves the state on under this one.
        await mirror.read();
      }
      const [entries] = (await sql<{ n: number }>`select count(*)::int as n from ledger.entry`.execute(database.db))
        .rows;
      return { said, entries: entries?.n, state: state.size };
    });
    expect(sizes).toHaveLength(2);
    const { head } = await mirror.read();
    expect([head.generation, head.size]).not.toEqual([generation, size]);
    expect(found).toEqual({ said: head.size, entries: head.size, state: head.size });
  });
});

describe('a verdict before finality', () => {
  it('says so, in JSON, on the page and from the SDK, until its block is final', async () => {
    const ledger = await world.connect({ confirmations: 3 });
    await start({ confirmations: 3 });
    const { credentials, ids } = await anchor(1);
    const payload = String(credentials[0]?.jwt).split('.')[1] ?? '';
    const subject: SubjectId = JSON.parse(Buffer.from(payload, 'base64url').toString()).credentialSubject.id;
    const uri = encodeURIComponent(subject);
    const source = createClient({
      url: PUBLIC_URL,
      fetch: async (input, init) => await service.app.request(String(input), init),
    });
    const look = async () => {
      const json = await service.getJson(`/verify?uri=${uri}`);
      const page = await (await service.get(`/view/passport?uri=${uri}`, { accept: 'text/html' })).text();
      const { report } = await verify({ uri: subject }, { ledger, source });
      return {
        json: [json.verdict, json.provisional],
        page: [page.includes('(provisional)'), page.includes('may still reorder')],
        sdk: [report.verdict, report.provisional],
        receipt: (await service.getJson(`/receipts/${ids[0]}`)).state,
      };
    };
    expect(await look()).toEqual({
      json: ['valid', true],
      page: [true, true],
      sdk: ['valid', true],
      receipt: 'anchored',
    });
    await untilFinal(ids, 3);
    expect(await look()).toEqual({
      json: ['valid', false],
      page: [false, false],
      sdk: ['valid', false],
      receipt: 'final',
    });
  });
});

describe('any sequence of events', { timeout: 300_000 }, () => {
  type Event =
    | { readonly kind: 'accept' | 'anchor by another' | 'revoke' | 'mine'; readonly count: number }
    | { readonly kind: 'reorganise'; readonly depth: number };
  const event: fc.Arbitrary<Event> = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('accept' as const), count: fc.integer({ min: 1, max: 4 }) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('anchor by another' as const), count: fc.integer({ min: 1, max: 3 }) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('revoke' as const), count: fc.integer({ min: 1, max: 3 }) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('mine' as const), count: fc.integer({ min: 1, max: 4 }) }) },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('reorganise' as const), depth: fc.integer({ min: 1, max: 9 }) }),
    },
  );

  it('leaves the index as one that is built from nothing, and every credential anchored once', async () => {
    await start({ confirmations: 3 });
    let events = 0;
    const property = fc.asyncProperty(fc.array(event, { minLength: 4, maxLength: 10 }), async (sequence) => {
      issuer = await world.createIssuer();
      const base = await height();
      const accepted: SignedCredential[] = [];
      const ids: unknown[] = [];
      for (const one of sequence) {
        events += 1;
        if (one.kind === 'reorganise') {
          const depth = Math.min(one.depth, (await height()) - base);
          if (depth > 0) await reorganise(depth);
          // A chain that goes on: blocks are replaced by more, not by none.
          await mine(1);
          if (depth > 0) await assertAsFresh();
        } else if (one.kind === 'mine') await mine(one.count);
        else if (one.kind === 'anchor by another') await anchorByOther(one.count);
        else if (one.kind === 'revoke') {
          const places = Array.from({ length: one.count }, (_, i) => 1_000 + events * 8 + i);
          await relayByOther(places.map((place) => status('revoke', [place])));
        } else {
          const credentials = await issuer.signMany(one.count);
          await service.inStep();
          const answers = await service.submit(credentials);
          expect(answers.map(({ state }) => state)).toEqual(credentials.map(() => 'accepted'));
          accepted.push(...credentials);
          ids.push(...answers.map(({ id }) => id));
        }
      }
      await untilFinal(ids, 4);
      await assertAnchoredOnce(accepted);
      await assertAsFresh();
    });
    await fc.assert(property, { seed: 20_261_124, numRuns: 6, endOnFailure: true });
    console.info(`${events} events`);
  });
});
