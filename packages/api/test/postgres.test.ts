/** The same service on PostgreSQL: run where DPP_TEST_POSTGRES names a server on which databases may be created. */
import { randomBytes } from 'node:crypto';
import {
  createNoteSigner,
  formatOrigin,
  generateNoteKey,
  parseVerifierKey,
  parseWitnessPolicy,
} from '@dpp-ledger/core/checkpoint';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBell } from '../src/bell.ts';
import { type Database, openDatabase } from '../src/index.ts';
import { type PlainWitness, startPlainWitness } from './plain-witness.ts';
import { dumpIndex, startService, startWorld, type TestIssuer, type World } from './support.ts';

const server = process.env.DPP_TEST_POSTGRES;

describe.skipIf(server === undefined)('on PostgreSQL', () => {
  const name = `dpp_test_${randomBytes(6).toString('hex')}`;
  const url = new URL(name, `${server ?? 'postgres://127.0.0.1'}/`).href;
  let world: World;
  let issuer: TestIssuer;
  let admin: pg.Client;
  const opened: Database[] = [];

  function open(): Database {
    const database = openDatabase({ url });
    opened.push(database);
    return database;
  }

  beforeAll(async () => {
    admin = new pg.Client({ connectionString: server });
    await admin.connect();
    await admin.query(`create database ${name}`);
    world = await startWorld();
    issuer = await world.createIssuer();
  });
  afterAll(async () => {
    await Promise.all(opened.map((database) => database.close()));
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
    await world.stop();
  });

  it('brings a stream of credentials from acceptance to finality, and rebuilds its index', async () => {
    const database = open();
    const service = await startService(world, { database });
    const answers = await service.submit(await issuer.signMany(300));
    expect(new Set(answers.map(({ state }) => state))).toEqual(new Set(['accepted']));
    expect(await service.until(answers.at(-1)?.id, 'final')).toMatchObject({ state: 'final' });
    const cid = String(answers[7]?.cid);
    expect(await service.getJson(`/evidence/${cid}`)).toMatchObject({ version: 'dpp-evidence/1' });
    expect(await service.getJson('/healthz')).toMatchObject({
      status: 'ok',
      checks: { database: { detail: 'postgresql' } },
    });
    const before = await dumpIndex(database);
    await service.stop();
    await database.deleteIndex();
    const again = await startService(world, { database });
    await again.inStep();
    await again.when(`/evidence/${cid}`);
    expect(await dumpIndex(database)).toEqual(before);
    await again.stop();
  });

  it('keeps what witnesses sign, and tells which of them does not', async () => {
    const signer = await createNoteSigner(await generateNoteKey(formatOrigin(world.reader.id, 1)));
    const log = await parseVerifierKey(signer.verifierKey);
    const [good, bad] = await Promise.all(['w.example/1', 'w.example/2'].map((each) => startPlainWitness(each, log)));
    if (good === undefined || bad === undefined) throw new TypeError('two were started');
    bad.mood = 'refusing';
    const lines = [good, bad].map(({ cosigner, url }, i) => `witness w${i + 1} ${cosigner.verifierKey} ${url}`);
    const policy = await parseWitnessPolicy([...lines, 'group both all w1 w2', 'quorum both', ''].join('\n'));
    const database = open();
    const told = createBell();
    const onProblem = () => told.ring();
    const service = await startService(world, { database, logSigner: signer, witnesses: { policy }, onProblem });
    const standing = async (witness: PlainWitness) =>
      await database.db
        .selectFrom('outbox.witness')
        .selectAll()
        .where('witness', '=', witness.cosigner.verifierKey)
        .executeTakeFirst();
    const never = new AbortController().signal;
    while ((await standing(bad))?.failure == null) await told.wait({ signal: never });
    const since = (await standing(bad))?.failing_since;
    bad.mood = 'forked';
    while (!(await standing(bad))?.failure?.includes('two histories')) await told.wait({ signal: never });
    // Since when it fails stays as it was, whatever it says now.
    expect(await standing(bad)).toMatchObject({ size: null, failing_since: since });
    bad.mood = 'well';
    const cosigned = createBell();
    const stop = await database.listen('log', cosigned.ring);
    while (!(await service.get('/log/cosigned')).ok) await cosigned.wait({ signal: never });
    await stop();
    const { size } = await world.reader.readTreeHead();
    expect(await standing(bad)).toMatchObject({ size, failure: null, failing_since: null });
    expect(await service.getJson('/log')).toMatchObject({ size, witnesses: { cosigned: size } });
    await service.stop();
    await Promise.all([good.close(), bad.close()]);
  });

  it('has one replica batch, and another take over when its connection is gone', async () => {
    const first = await startService(world, { database: open() });
    const second = await startService(world, { database: open() });
    const answers = (
      await Promise.all([first.submit(await issuer.signMany(3)), second.submit(await issuer.signMany(3))])
    ).flat();
    for (const { id } of answers) expect(await first.until(id, 'final')).toMatchObject({ state: 'final' });
    // Whoever holds the lock loses its connection, and with it the right to write.
    const { rowCount } = await admin.query(
      `select pg_terminate_backend(l.pid) from pg_locks l join pg_database d on d.oid = l.database
       where d.datname = $1 and l.locktype = 'advisory' and l.granted`,
      [name],
    );
    expect(rowCount).toBe(1);
    const [answer] = await second.submit([await issuer.sign()]);
    expect(await second.until(answer?.id, 'final')).toMatchObject({ state: 'final' });
    await Promise.all([first.stop(), second.stop()]);
  });

  it('takes the same credentials at two replicas, in opposite orders, each once', async () => {
    const first = await startService(world, { database: open() });
    const second = await startService(world, { database: open() });
    for (let round = 0; round < 3; round++) {
      const signed = await issuer.signMany(800);
      const answers = await Promise.all([first.submit(signed), second.submit(signed.toReversed())]);
      const states = answers.flat().map(({ state }) => state);
      expect(states.filter((state) => state === 'accepted')).toHaveLength(800);
      expect(states.filter((state) => state === 'duplicate')).toHaveLength(800);
    }
    await Promise.all([first.stop(), second.stop()]);
  });

  it('goes on after every connection was cut', async () => {
    const service = await startService(world, { database: open() });
    await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = $1`, [name]);
    const signed = await issuer.sign();
    // The pool notices a dead connection when it is used: the sender tries again.
    let answer: Record<string, unknown> | undefined;
    for (let attempt = 0; attempt < 20 && answer?.state !== 'accepted' && answer?.state !== 'duplicate'; attempt++) {
      [answer] = await service.submit([signed]);
    }
    expect(await service.until(answer?.id, 'final')).toMatchObject({ state: 'final' });
    await service.stop();
  });
});
