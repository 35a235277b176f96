import { DppError, UnavailableError } from '@dpp-ledger/core';
import { acts, calls, createAccount, createLedgerWriter, type LedgerNode, wordsOf } from '@dpp-ledger/sdk/ledger';
import type { Store } from '@dpp-ledger/sdk/store';
import { PGlite } from '@electric-sql/pglite';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type BatcherStep, openDatabase, type ServiceOptions } from '../src/index.ts';
import { createMirror } from '../src/ledger/mirror.ts';
import { createErrands } from '../src/outbox/errands.ts';
import { startService, startWorld, type TestIssuer, type TestService, type World } from './support.ts';

let world: World;
let pglite: PGlite;
let issuer: TestIssuer;
let service: TestService;
beforeAll(async () => {
  [world, pglite] = await Promise.all([startWorld(), PGlite.create()]);
});
// One database for all, as over a service's life; an issuer for each, so that nobody's leftovers fill another's batch.
beforeEach(async () => {
  issuer = await world.createIssuer();
});
afterEach(() => service.close());
afterAll(async () => {
  await pglite.close();
  await world.stop();
});

const start = (options: Partial<ServiceOptions> = {}) =>
  startService(world, { database: openDatabase({ pglite }), ...options });

/** Waits for more than there will be: a batch is formed when it is full. */
const whenFull = (size: number) => ({ size, ageMs: 3_600_000 });

/** Does something once, right after a step. */
function once(step: BatcherStep, work: () => Promise<unknown>): NonNullable<ServiceOptions['afterStep']> {
  let isDone = false;
  return async (reached) => {
    if (reached !== step || isDone) return;
    isDone = true;
    await work();
  };
}

async function anchorsOf(root: unknown): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from ledger.batch where root = decode(${String(root).slice(2)}, 'hex')`.execute(
    service.database.db,
  );
  return rows[0]?.n ?? 0;
}

describe('batching', () => {
  it('forms a batch when it is full, in the order of acceptance, and anchors it once', async () => {
    service = await start({ batch: whenFull(5) });
    const credentials = await issuer.signMany(12);
    const answers = await service.submit(credentials);
    expect(answers.map(({ state }) => state)).toEqual(Array(12).fill('accepted'));
    const first = await service.until(answers[0]?.id, 'final');
    const tenth = await service.until(answers[9]?.id, 'final');
    expect(await service.getJson(`/receipts/${answers[10]?.id}`)).toMatchObject({ state: 'accepted' });
    expect(first.batch).not.toBe(tenth.batch);
    const batch = (await service.getJson(`/batches/${first.batch}`)) as {
      credentials: { cid: string }[];
      anchors: unknown[];
    };
    expect(batch.credentials.map(({ cid }) => cid)).toEqual(credentials.slice(0, 5).map(({ cid }) => cid));
    expect(batch.anchors).toHaveLength(1);
  });

  it('forms a batch when its oldest credential is old enough', async () => {
    let now = Date.now();
    service = await start({ batch: { size: 100, ageMs: 60_000 }, now: () => now });
    const [answer] = await service.submit([await issuer.sign()]);
    expect(await service.getJson(`/receipts/${answer?.id}`)).toMatchObject({ state: 'accepted' });
    now += 61_000;
    // The next one brings a look at the clock.
    await service.submit([await issuer.sign()]);
    expect(await service.until(answer?.id, 'final')).toMatchObject({ state: 'final' });
  });

  it('keeps issuers apart', async () => {
    const other = await world.createIssuer();
    service = await start({ batch: whenFull(2) });
    const mine = await issuer.signMany(2);
    const theirs = await other.signMany(2);
    const answers = await service.submit([mine[0], theirs[0], theirs[1], mine[1]].flatMap((one) => one ?? []));
    const batches = await Promise.all(answers.map(async ({ id }) => (await service.until(id, 'final')).batch));
    expect(batches[0]).toBe(batches[3]);
    expect(batches[1]).toBe(batches[2]);
    expect(batches[0]).not.toBe(batches[1]);
  });
});

describe('what changes between acceptance and anchoring', () => {
  it('refuses what a key signed that was retired meanwhile, and anchors the others', async () => {
    const key = await issuer.addKey();
    service = await start({ batch: whenFull(3) });
    const [bad, ...good] = await service.submit([
      await issuer.sign({}, { signer: key }),
      ...(await issuer.signMany(1)),
    ]);
    await issuer.retireKey(key.keyId);
    await world.pass(6);
    await service.caughtUp();
    // The third makes the batch; what is left after the refusal is anchored as it is.
    good.push(...(await service.submit(await issuer.signMany(1))));
    expect(await service.until(bad?.id, 'final')).toMatchObject({ state: 'refused', code: 'key.not-in-force' });
    const receipts = await Promise.all(good.map(({ id }) => service.until(id, 'final')));
    expect(receipts.map(({ state }) => state)).toEqual(['final', 'final']);
  });

  it('refuses all of an issuer that was suspended while its batch was being stored', async () => {
    const other = await world.createIssuer();
    const afterStep = once('stored', async () => {
      await world.accreditor.send(calls.suspend({ issuer: other.id }));
    });
    service = await start({ batch: whenFull(2), afterStep });
    const answers = await service.submit(await other.signMany(2));
    for (const { id } of answers) {
      expect(await service.until(id, 'final')).toMatchObject({ state: 'refused', code: 'issuer.suspended' });
    }
    // Reinstated, it may send them again.
    await world.accreditor.send(calls.reinstate({ issuer: other.id }));
    await service.caughtUp();
  });

  it('forms the rest anew when a part was refused after storing', async () => {
    const key = await issuer.addKey();
    const afterStep = once('stored', async () => {
      await issuer.retireKey(key.keyId);
      await world.pass(6);
      await service.caughtUp();
    });
    service = await start({ batch: { size: 2, ageMs: 20 }, afterStep });
    const [bad, good] = await service.submit([await issuer.sign({}, { signer: key }), await issuer.sign()]);
    expect(await service.until(bad?.id, 'final')).toMatchObject({ state: 'refused', code: 'key.not-in-force' });
    expect(await service.until(good?.id, 'final')).toMatchObject({ state: 'final' });
  });

  it('waits while new anchors are paused', async () => {
    const paused = Promise.withResolvers<void>();
    const afterStep = once('stored', async () => {
      await world.admin.send(calls.pause());
      await service.caughtUp();
      paused.resolve();
    });
    service = await start({ batch: whenFull(1), afterStep });
    const [answer] = await service.submit([await issuer.sign()]);
    await paused.promise;
    expect(await service.getJson(`/receipts/${answer?.id}`)).toMatchObject({ state: 'stored' });
    await world.admin.send(calls.unpause());
    expect(await service.until(answer?.id, 'final')).toMatchObject({ state: 'final' });
  });

  it('refuses nothing for a pause that is in no block yet', async () => {
    const afterStep = once('stored', async () => {
      // Mixed with a clock, as the embedded chain mines, it cannot be turned off; alone it can.
      await world.rpc.call('evm_setAutomine', [true]);
      await world.rpc.call('evm_setAutomine', [false]);
      await world.admin.submit(calls.pause());
    });
    const refused = Promise.withResolvers<void>();
    service = await start({
      ...{ batch: whenFull(1), afterStep },
      onProblem: ({ error }) => {
        if (error instanceof DppError && error.code === 'ledger.refused') refused.resolve();
      },
    });
    const [answer] = await service.submit([await issuer.sign()]);
    await refused.promise;
    await world.rpc.call('evm_setAutomine', [true]);
    await world.rpc.call('evm_mine', []);
    await service.caughtUp();
    expect(await service.getJson(`/receipts/${answer?.id}`)).toMatchObject({ state: 'stored' });
    await world.admin.send(calls.unpause());
    expect(await service.until(answer?.id, 'final')).toMatchObject({ state: 'final' });
  });

  it('does not send what somebody else anchored first', async () => {
    const [one] = await issuer.signMany(1);
    const afterStep = once('stored', async () => {
      const { rows } = await sql<{
        root: Uint8Array;
        manifest: Uint8Array;
      }>`select root, manifest from outbox.batch`.execute(service.database.db);
      const hex = (bytes: Uint8Array | undefined) => `0x${Buffer.from(bytes ?? []).toString('hex')}` as const;
      const act = acts.anchor({ root: hex(rows[0]?.root), size: 1, manifest: hex(rows[0]?.manifest) });
      await world.relayer.send(calls.relay(await issuer.relay([act])));
      await service.caughtUp();
    });
    service = await start({ batch: whenFull(1), afterStep });
    const [answer] = await service.submit(one === undefined ? [] : [one]);
    const receipt = await service.until(answer?.id, 'final');
    expect(receipt).toMatchObject({ state: 'final' });
    expect(await anchorsOf(receipt.batch)).toBe(1);
  });
});

describe('what does not answer', () => {
  it('keeps its promise when the store comes back', async () => {
    let isDown = true;
    const tried = Promise.withResolvers<void>();
    const { store } = world.embedded;
    const flaky: Store = {
      ...store,
      async putBatch(batch) {
        tried.resolve();
        if (isDown) throw new UnavailableError('store.unreachable', 'The store is away.');
        await store.putBatch(batch);
      },
    };
    let now = Date.now();
    service = await start({ store: flaky, batch: whenFull(1), now: () => now });
    const [answer] = await service.submit([await issuer.sign()]);
    await tried.promise;
    expect(await service.getJson(`/receipts/${answer?.id}`)).toMatchObject({ state: 'accepted' });
    isDown = false;
    now += 120_000;
    // Any signal brings the next look at what is due.
    const [next] = await service.submit([await issuer.sign()]);
    expect(await service.until(next?.id, 'final')).toMatchObject({ state: 'final' });
    expect(await service.until(answer?.id, 'final')).toMatchObject({ state: 'final' });
    expect(service.problems.map(({ error }) => (error as UnavailableError).code)).toContain('store.unreachable');
  });

  it('raises an alarm when a promise is broken, once, and counts it', async () => {
    const raised = Promise.withResolvers<unknown>();
    const alarms: unknown[] = [];
    const isAway = Promise.withResolvers<void>();
    const { store } = world.embedded;
    // Hangs, and fails nobody: the batcher itself has nothing to say.
    const hanging: Store = {
      ...store,
      async putBatch(batch, options) {
        await isAway.promise;
        await store.putBatch(batch, options);
      },
    };
    service = await start({
      ...{ store: hanging, batch: whenFull(2), promiseMs: 50 },
      onProblem: ({ error }) => {
        if (!(error instanceof DppError) || error.code !== 'service.overdue') return;
        alarms.push(error);
        raised.resolve(error);
      },
    });
    const [first] = await service.submit(await issuer.signMany(2));
    expect(await raised.promise).toMatchObject({ message: expect.stringContaining(String(first?.anchorBy)) });
    expect(await service.getJson('/healthz')).toMatchObject({ status: 'degraded', outbox: { overdue: 2 } });
    isAway.resolve();
    expect(await service.until(first?.id, 'final')).toMatchObject({ state: 'final' });
    expect(alarms).toHaveLength(1);
  });

  it('goes on at once when its clock has gone back', async () => {
    const { store } = world.embedded;
    let ahead = 86_400_000;
    const failed = Promise.withResolvers<void>();
    const flaky: Store = {
      ...store,
      async putBatch(batch, options) {
        if (ahead > 0) throw new UnavailableError('store.unreachable', 'The store is away.');
        await store.putBatch(batch, options);
      },
    };
    service = await start({
      ...{ store: flaky, batch: { size: 2, ageMs: 20 }, now: () => Date.now() + ahead },
      onProblem: () => failed.resolve(),
    });
    const answers = await service.submit(await issuer.signMany(2));
    await failed.promise;
    // Accepted, and put off, a day from now.
    const [late] = await service.submit([await issuer.sign()]);
    ahead = 0;
    await service.submit([await issuer.sign()]);
    for (const id of [late?.id, answers[0]?.id]) {
      expect(await service.until(id, 'final')).toMatchObject({ state: 'final' });
    }
  });

  it('sends what waits for the ledger although the store has stopped answering', async () => {
    const { store } = world.embedded;
    const asked: ((error: Error) => void)[] = [];
    const first = Promise.withResolvers<void>();
    const silent: Store = {
      ...store,
      putBatch(_, { signal } = {}) {
        const { promise, reject } = Promise.withResolvers<never>();
        signal?.addEventListener('abort', () => reject(signal.reason));
        asked.push(reject);
        first.resolve();
        return promise;
      },
    };
    const now = Date.now();
    service = await start({ store: silent, batch: whenFull(1), now: () => now });
    const { db } = service.database;
    await service.submit(await issuer.signMany(3));
    await first.promise;
    const written = Promise.withResolvers<void>();
    const stop = await service.database.listen('outbox', written.resolve);
    const request = await issuer.relay([acts.revoke({ list: issuer.list, reason: 'recall', words: wordsOf([9]) })]);
    const relayed = service.post('/relay', 'application/json', JSON.stringify(request));
    await written.promise;
    await stop();
    asked[0]?.(new UnavailableError('store.unreachable', 'It took too long.'));
    expect((await relayed).status).toBe(200);
    // It is asked for the next one only in the next round.
    expect(asked.length).toBeLessThanOrEqual(2);
    await service.close();
    await sql`delete from outbox.item where batch in (select id from outbox.batch where state = 'formed')`.execute(db);
    await sql`delete from outbox.batch where state = 'formed'`.execute(db);
  });

  it('batches the others when the credentials of one issuer cannot be', async () => {
    const other = await world.createIssuer();
    service = await start({ batch: whenFull(2) });
    const { db } = service.database;
    const [broken] = await service.submit([await other.sign()]);
    await sql`update outbox.item set digest = '\\x00' where receipt = ${broken?.id}`.execute(db);
    await service.submit([await other.sign()]);
    const [answer] = await service.submit(await issuer.signMany(2));
    expect(await service.until(answer?.id, 'final')).toMatchObject({ state: 'final' });
    await sql`delete from outbox.item where batch is null`.execute(db);
  });

  it('sends less and less often what is refused in its block', async () => {
    const writer = await createLedgerWriter({
      ...{ reader: world.reader, url: world.embedded.rpcUrl, pollMs: 20 },
      account: createAccount(world.embedded.accounts.relayer.privateKey),
      // Less than it needs: it runs out of gas in the block.
      gasMargin: -8_000,
    });
    const now = Date.now();
    service = await start({ writer, batch: whenFull(1), now: () => now });
    const { db } = service.database;
    const refused = async () =>
      await sql<{ id: number; attempts: number; sent: number }>`
        select b.id, b.attempts, count(t.hash)::int as sent from outbox.batch b join outbox.transaction t on t.batch = b.id
        where b.state = 'stored' and b.attempt_at > ${now} group by b.id order by b.id`.execute(db);
    const answers: Record<string, unknown>[] = [];
    for (const count of [1, 2]) {
      answers.push(...(await service.submit(await issuer.signMany(1))));
      await service.eventually(async () => (await refused()).rows.length === count);
    }
    expect((await refused()).rows).toMatchObject([
      { attempts: 1, sent: 1 },
      { attempts: 1, sent: 1 },
    ]);
    await service.close();
    service = await start({ now: () => now + 5_000 });
    for (const { id } of answers) expect(await service.until(id, 'final')).toMatchObject({ state: 'final' });
  });

  it('goes on with what becomes due while it is busy, though nothing happens any more', async () => {
    const { address } = world.embedded.accounts.relayer;
    const poor = Promise.withResolvers<void>();
    let now = Date.now();
    service = await start({
      ...{ batch: whenFull(1), now: () => now },
      onProblem: ({ error }) => {
        if (error instanceof DppError && error.code === 'ledger.no-funds') poor.resolve();
      },
      // The last thing that happens: the batch that was put off has just been looked at.
      afterStep: once('final', async () => {
        now += 5_000;
      }),
    });
    await world.rpc.call('anvil_setBalance', [address, '0x1']);
    const [first] = await service.submit([await issuer.sign()]);
    await poor.promise;
    await world.rpc.call('anvil_setBalance', [address, `0x${(10n ** 24n).toString(16)}`]);
    // Takes the nonce that the first had.
    const [second] = await service.submit([await issuer.sign()]);
    expect(await service.until(second?.id, 'final')).toMatchObject({ state: 'final' });
    expect(await service.until(first?.id, 'final')).toMatchObject({ state: 'final' });
  });

  it('says in its health that a promise is broken', async () => {
    let now = Date.now();
    const away: Store = {
      ...world.embedded.store,
      putBatch: async () => {
        throw new UnavailableError('store.unreachable', 'The store is away.');
      },
    };
    service = await start({ store: away, batch: whenFull(1), promiseMs: 1_000, now: () => now });
    await service.submit([await issuer.sign()]);
    now += 5_000;
    const { status, outbox } = await service.getJson('/healthz');
    expect({ status, outbox }).toMatchObject({ status: 'degraded', outbox: { overdue: 1 } });
  });
});

describe('the chain goes back', () => {
  const confirmed = () => world.connect({ confirmations: 2 });
  const mine = async (blocks: number) => {
    for (let i = 0; i < blocks; i++) await world.rpc.call('evm_mine', []);
  };

  async function anchored(ledger: LedgerNode, state = 'anchored') {
    service = await start({ ledger, batch: whenFull(3) });
    const snapshot = await world.rpc.call('evm_snapshot', []);
    const answers = await service.submit(await issuer.signMany(3));
    const receipt = await service.until(answers[0]?.id, state);
    expect(receipt.state).toBe(state);
    const back = async () => {
      expect(await world.rpc.call('evm_revert', [snapshot])).toBe(true);
      await mine(2);
    };
    return { answers, receipt, back };
  }

  it('anchors a batch again that fell out, with the same transaction and once', async () => {
    const { answers, receipt, back } = await anchored(await confirmed());
    await back();
    // Gone from the index, then there again: the same bytes were sent again.
    await service.inStep();
    await service.until(answers[0]?.id, 'anchored');
    await service.inStep();
    await mine(3);
    const final = await service.until(answers[2]?.id, 'final');
    expect(final).toMatchObject({ state: 'final', batch: receipt.batch, transaction: receipt.transaction });
    expect(await anchorsOf(receipt.batch)).toBe(1);
    expect((await service.getJson('/tree-head')).root).toBe((await world.reader.readTreeHead()).root);
  });

  it('anchors again what the last block had, though the chain makes no other', async () => {
    service = await start({ ledger: await confirmed(), batch: whenFull(3) });
    const snapshot = await world.rpc.call('evm_snapshot', []);
    const answers = await service.submit(await issuer.signMany(3));
    const receipt = await service.until(answers[0]?.id, 'anchored');
    expect(await world.rpc.call('evm_revert', [snapshot])).toBe(true);
    await service.eventually(async () => (await anchorsOf(receipt.batch)) === 0);
    expect(await service.until(answers[0]?.id, 'anchored')).toMatchObject({ transaction: receipt.transaction });
    await mine(2);
    expect(await service.until(answers[0]?.id, 'final')).toMatchObject({ batch: receipt.batch });
    expect(await anchorsOf(receipt.batch)).toBe(1);
  });

  it('calls nothing final by what the index has undone since', async () => {
    const { answers } = await anchored(await confirmed());
    await service.close();
    await mine(3);
    const { database } = service;
    const leadership = await database.lead(new AbortController().signal);
    const errands = createErrands({
      ...{ database, leadership, writer: world.relayer, now: Date.now },
      ...{ signal: new AbortController().signal, afterStep: undefined },
      report: () => undefined,
      ring: () => undefined,
    });
    const view = await createMirror({ db: database.db, ledger: world.reader.id }).read();
    const finalBlockNumber = view.head.blockNumber;
    const state = async () =>
      (
        await sql<{ state: string }>`select b.state from outbox.batch b join outbox.item i on i.batch = b.id
          where i.receipt = ${answers[0]?.id}::uuid`.execute(database.db)
      ).rows[0]?.state;
    await errands.settle({ ...view, head: { ...view.head, finalBlockNumber, generation: view.head.generation - 1 } });
    expect(await state()).toBe('sent');
    await errands.settle({ ...view, head: { ...view.head, finalBlockNumber } });
    expect(await state()).toBe('final');
    await leadership.release();
  });

  it('anchors again what the chain lost while there was no index to tell of it', async () => {
    const { answers, receipt, back } = await anchored(world.reader, 'final');
    await service.close();
    await back();
    const database = openDatabase({ pglite });
    await database.deleteIndex();
    service = await start();
    await service.eventually(async () => (await anchorsOf(receipt.batch)) === 1);
    expect(await service.until(answers[0]?.id, 'final')).toMatchObject({ state: 'final', batch: receipt.batch });
  });

  it('sends anew, with another nonce, what another transaction took the place of', async () => {
    const ledger = await confirmed();
    const { answers, receipt, back } = await anchored(ledger);
    await service.close();
    await back();
    // While the service is away somebody uses its account, and with it the nonce of the anchor.
    const account = createAccount(world.embedded.accounts.relayer.privateKey);
    const intruder = await createLedgerWriter({
      reader: world.reader,
      url: world.embedded.rpcUrl,
      account,
      pollMs: 20,
    });
    await intruder.send(calls.relay(await issuer.relay([acts.appointSubmitter(`0x${'77'.repeat(20)}`)])));
    // What took its place may fall out as well: only when it is final is the batch sent anew.
    await mine(2);
    service = await start({ ledger, writer: intruder, batch: whenFull(3) });
    await service.until(answers[0]?.id, 'anchored');
    await mine(3);
    const again = await service.until(answers[0]?.id, 'final');
    expect(again).toMatchObject({ state: 'final', batch: receipt.batch });
    expect(again.transaction).not.toBe(receipt.transaction);
    expect(await anchorsOf(receipt.batch)).toBe(1);
  });

  it('tells of a verdict before finality that it is provisional', async () => {
    const { answers } = await anchored(await confirmed());
    const cid = String(answers[0]?.cid);
    const jwt = await (await service.get(`/passports/${cid}`)).text();
    const report = await (await service.post('/verify', 'application/vc+jwt', jwt)).json();
    expect(report).toMatchObject({ verdict: 'valid', provisional: true });
    await mine(3);
    const later = await (await service.post('/verify', 'application/vc+jwt', jwt)).json();
    expect(later).toMatchObject({ verdict: 'valid', provisional: false });
  });
});

describe('a back-up', () => {
  it('does not anchor a second time what is sent again before the index has come so far', async () => {
    service = await start({ batch: whenFull(2) });
    const backUp = await pglite.dumpDataDir('none');
    const credentials = await issuer.signMany(2);
    const [before] = await service.submit(credentials);
    await service.until(before?.id, 'final');
    await service.close();

    const restored = await PGlite.create({ loadDataDir: backUp });
    const isReleased = Promise.withResolvers<void>();
    const held: LedgerNode = {
      ...world.reader,
      async *follow(options) {
        options?.signal?.addEventListener('abort', () => isReleased.resolve());
        await isReleased.promise;
        yield* world.reader.follow(options);
      },
    };
    // It asks how far the index should be in each round until it is there: the second time it has gone round with what was sent again.
    let rounds = Number.NEGATIVE_INFINITY;
    const hasGoneRound = Promise.withResolvers<void>();
    const reader: LedgerNode = {
      ...world.reader,
      readTreeHead: async (options) => {
        if (++rounds === 2) hasGoneRound.resolve();
        return await world.reader.readTreeHead(options);
      },
    };
    service = await startService(world, {
      ...{ database: openDatabase({ pglite: restored }), ledger: held, writer: { ...world.relayer, reader } },
      // Another cut, so that it is another batch.
      ...{ batch: whenFull(1), start: false },
    });
    await service.start();
    const [again] = await service.submit(credentials.slice(0, 1));
    expect(again).toMatchObject({ state: 'accepted' });
    rounds = 0;
    await hasGoneRound.promise;
    isReleased.resolve();
    await service.until(again?.id, 'final');
    await service.inStep();
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from ledger.credential
      where digest = ${credentials[0]?.digest}`.execute(service.database.db);
    expect(rows).toEqual([{ n: 1 }]);
    await service.close();
    await restored.close();
  });

  it('that was made before a batch was sent does not send it a second time', async () => {
    const copy = Promise.withResolvers<Blob | File>();
    const afterStep = once('stored', async () => copy.resolve(await pglite.dumpDataDir('none')));
    service = await start({ batch: whenFull(2), afterStep });
    const answers = await service.submit(await issuer.signMany(2));
    const receipt = await service.until(answers[0]?.id, 'final');
    await service.close();
    const restored = await PGlite.create({ loadDataDir: await copy.promise });
    service = await start({ database: openDatabase({ pglite: restored }) });
    expect(await service.until(answers[0]?.id, 'final')).toMatchObject({ state: 'final', batch: receipt.batch });
    await service.inStep();
    expect(await anchorsOf(receipt.batch)).toBe(1);
    await service.close();
    await restored.close();
  });
});
