/** Replicas as processes of their own on one PostgreSQL: run where DPP_TEST_POSTGRES names a server on which databases may be created. */
import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Digest, decodeBase64Url, decodeHex, encodeHex } from '@dpp-ledger/core';
import { generateKey, parseJwt, type SignedCredential } from '@dpp-ledger/core/credential';
import { decodeManifest, formatManifestCid, parseEvidence } from '@dpp-ledger/core/evidence';
import { createCompactRange, decodeEntry, hashLeaf, verifyPeakPath } from '@dpp-ledger/core/journal';
import { acts, calls, wordsOf } from '@dpp-ledger/sdk/ledger';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBell } from '../src/bell.ts';
import { type BatcherStep, type Database, openDatabase } from '../src/index.ts';
import type { End, EndOrders, ReplicaOrders } from './replica-child.ts';
import { lendStore } from './shared-store.ts';
import { startWorld, type TestIssuer, type World } from './support.ts';

const server = process.env.DPP_TEST_POSTGRES;
const NEVER = new AbortController().signal;
/** Both superseded in one block, always. */
const PAIRS = 24;
const SUBJECT = 'https://id.gs1.org/01/09521234000013/21/PAIRS';

interface Replica {
  readonly name: string;
  readonly url: string;
  readonly child: ChildProcess;
}

describe.skipIf(server === undefined)('replicas of the service, as processes', { timeout: 300_000 }, () => {
  const name = `dpp_test_${randomBytes(6).toString('hex')}`;
  const databaseUrl = new URL(name, `${server ?? 'postgres://127.0.0.1'}/`).href;
  const replicas: Replica[] = [];
  let world: World;
  let issuer: TestIssuer;
  let admin: pg.Client;
  let database: Database;
  let lent: Awaited<ReturnType<typeof lendStore>>;
  let orders: ReplicaOrders;

  beforeAll(async () => {
    admin = new pg.Client({ connectionString: server });
    await admin.connect();
    await admin.query(`create database ${name}`);
    database = openDatabase({ url: databaseUrl });
    await database.migrate();
    world = await startWorld();
    issuer = await world.createIssuer();
    lent = await lendStore(world.embedded.store);
    const { rpcUrl, ledger, accounts } = world.embedded;
    const jwk = await generateKey({ algorithm: 'ES256' });
    orders = { rpcUrl, ledger, privateKey: accounts.relayer.privateKey, databaseUrl, storeUrl: lent.url, jwk };
  });
  afterAll(async () => {
    for (const { child } of replicas) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await database.close();
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
    await lent.close();
    await world.stop();
  });

  async function startReplica(): Promise<Replica> {
    const replicaName = `replica-${replicas.length}`;
    const child = fork(join(import.meta.dirname, 'replica-child.ts'), {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let complaints = '';
    child.stderr?.on('data', (chunk) => {
      complaints += chunk;
    });
    const died = once(child, 'exit').then(([code, signal]) => {
      throw new Error(`${replicaName} ended with ${signal ?? code}: ${complaints}`);
    });
    died.catch(() => undefined);
    child.send({ ...orders, databaseUrl: `${databaseUrl}?application_name=${replicaName}` } satisfies ReplicaOrders);
    const [{ url }] = (await Promise.race([once(child, 'message'), died])) as [{ url: string }];
    const replica = { name: replicaName, url, child };
    replicas.push(replica);
    return replica;
  }

  /** Who holds the lock. */
  async function leaderNow(): Promise<string | undefined> {
    const { rows } = await admin.query(
      `select a.application_name from pg_locks l join pg_database d on d.oid = l.database
       join pg_stat_activity a on a.pid = l.pid where d.datname = $1 and l.locktype = 'advisory' and l.granted`,
      [name],
    );
    expect(rows.length).toBeLessThanOrEqual(1);
    return rows[0]?.application_name;
  }

  /** Asked anew whenever a replica has told of something. */
  async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
    const bell = createBell();
    const stops = await Promise.all([database.listen('receipt', bell.ring), database.listen('ledger', bell.ring)]);
    try {
      for (;;) {
        const answer = await ask();
        if (answer !== undefined) return answer;
        await bell.wait({ signal: NEVER });
      }
    } finally {
      for (const stop of stops) await stop();
    }
  }

  async function submit({ url }: Replica, credentials: readonly SignedCredential[]): Promise<{ id: string }[]> {
    const body = credentials.map(({ jwt }) => `${JSON.stringify({ credential: jwt })}\n`).join('');
    const headers = { 'content-type': 'application/x-ndjson' };
    const response = await fetch(`${url}/passports`, { method: 'POST', headers, body });
    const answers = (await response.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.map(({ state }) => state)).toEqual(credentials.map(() => 'accepted'));
    return answers;
  }

  async function untilFinal({ url }: Replica, answers: readonly { id: string }[]): Promise<void> {
    for (const { id } of answers) {
      const receipt = await eventually(async () => {
        const found = await (await fetch(`${url}/receipts/${id}`)).json();
        return found.state === 'final' || found.state === 'refused' ? found : undefined;
      });
      expect(receipt).toMatchObject({ state: 'final' });
    }
  }

  it('one batches, another takes over within seconds, a frozen one that wakes writes nothing, and no answer is half a block', async () => {
    let [first, second] = [await startReplica(), await startReplica()] as [Replica, Replica];
    const posted: SignedCredential[] = [];
    const sign = async (count: number, terms?: Record<string, unknown>) => {
      const signed = await Promise.all(Array.from({ length: count }, () => issuer.sign(terms)));
      posted.push(...signed);
      return signed;
    };
    const product = { type: ['Product'], id: SUBJECT, name: 'Laptop 14', idGranularity: 'item' };
    const pairs = await sign(PAIRS * 2, { credentialSubject: product });
    await untilFinal(second, await submit(second, pairs));

    // Readers that never stop asking, and somebody who changes two things in every block.
    const seen = new Map<string, string>();
    const over = new AbortController();
    const paths = [
      '/tree-head',
      `/evidence/${pairs[0]?.cid}`,
      `/passports?subject=${encodeURIComponent(SUBJECT)}&limit=100`,
      `/status/${issuer.id}/${issuer.list}/superseded`,
    ];
    async function keepReading(replica: Replica): Promise<void> {
      while (!over.signal.aborted && replica.child.signalCode === null) {
        for (const path of paths) {
          try {
            const response = await fetch(`${replica.url}${path}`, { signal: over.signal });
            const text = await response.text();
            // The database's connections may just be cut; and whoever is killed answers no more.
            if (response.status !== 503) seen.set(`${path}\n${text}`, `${response.status}`);
          } catch {
            if (replica.child.signalCode !== null) return;
          }
        }
      }
    }
    const readers = [keepReading(first), keepReading(second)];
    let pair = 0;
    const supersedePair = async () => {
      const supersede = (place: number) =>
        acts.supersede({ list: issuer.list, reason: 'error', words: wordsOf([place]) });
      const both = [supersede(2 * pair), supersede(2 * pair + 1)];
      pair += 1;
      await world.admin.send(calls.relay(await issuer.relay(both)));
    };

    const rounds: readonly (readonly [after: BatcherStep | 'idle', by: NonNullable<End['by']> | 'cut'])[] = [
      ['recorded', 'SIGKILL'],
      ['sent', 'SIGKILL'],
      ['formed', 'SIGSTOP'],
      ['recorded', 'SIGSTOP'],
      ['sent', 'SIGSTOP'],
      ['idle', 'cut'],
    ];
    const report: string[] = [];
    for (const [after, by] of rounds) {
      await supersedePair();
      const signed = await sign(3);
      let began = performance.now();
      let answers: { id: string }[];
      let leader = await leaderNow();
      if (after === 'idle' || by === 'cut') {
        await admin.query(
          `select pg_terminate_backend(a.pid) from pg_stat_activity a where a.datname = $1 and a.application_name = $2`,
          [name, leader],
        );
        answers = await submit(leader === first.name ? second : first, signed);
      } else {
        // The one that batches comes to the step, and ends there.
        const reached = Promise.race(
          [first, second].map(async (replica) => [await once(replica.child, 'message'), replica] as const),
        );
        for (const { child } of [first, second]) child.send({ after } satisfies EndOrders);
        answers = await submit(second, signed);
        const [, ended] = await reached;
        if (ended === second) [first, second] = [second, first];
        leader = first.name;
        began = performance.now();
        first.child.send({ by } satisfies End);
        // The other, when it comes there, goes on.
        second.child.once('message', () => second.child.send({ by: undefined } satisfies End));
      }
      await supersedePair();
      await untilFinal(second, answers);
      report.push(`${after} ${by}: final ${((performance.now() - began) / 1_000).toFixed(1)} s after`);
      if (by !== 'cut') expect(await leaderNow()).not.toBe(leader);
      if (by === 'SIGSTOP') {
        first.child.kill('SIGCONT');
        // Awake, it answers and accepts like any other.
        await untilFinal(first, await submit(first, await sign(2)));
      } else if (by === 'SIGKILL') {
        first = await startReplica();
        readers.push(keepReading(first));
      }
      second.child.removeAllListeners('message');
      await supersedePair();
    }
    over.abort();
    await Promise.all(readers);
    console.info(`${report.join('\n')}\n${seen.size} different answers read`);

    // What the ledger says: all of it, once, and a state after each block.
    const range = createCompactRange();
    const heads = new Map<number, { root: string; size: number; peaks: readonly Uint8Array[]; superseded: number }>();
    const anchored: string[] = [];
    let superseded = 0;
    let blockNumber = -1;
    for await (const { bytes, blockNumber: number } of world.reader.readEntries()) {
      const note = () =>
        heads.set(blockNumber, {
          size: range.size,
          peaks: [...range.peaks],
          root: encodeHex(range.root()),
          superseded,
        });
      if (number !== blockNumber && range.size > 0) note();
      blockNumber = number;
      range.append(hashLeaf(bytes));
      const entry = decodeEntry(bytes);
      if (entry.kind === 'statusSet') superseded += 1;
      if (entry.kind === 'anchored') {
        const manifest = formatManifestCid(decodeHex(entry.manifest, 32) as Digest);
        anchored.push(...decodeManifest(await world.embedded.store.get(manifest)).map(encodeHex));
      }
      note();
    }
    expect(anchored.toSorted()).toEqual(posted.map(({ digest }) => encodeHex(digest)).toSorted());
    const { rows } = await sql<{ nonces: number; batches: number }>`select
      (select count(distinct nonce)::int from outbox.transaction) as nonces,
      (select count(*)::int from outbox.batch where state = 'final') as batches`.execute(database.db);
    // Nothing was sent twice: as many nonces as batches.
    expect(rows[0]?.nonces).toBe(rows[0]?.batches);

    const bySize = new Map([...heads.values()].map((head) => [head.size, head]));
    const kinds = new Map<string, number>();
    for (const [key, status] of seen) {
      const [path = '', text = ''] = key.split('\n');
      expect({ path, status, text: status === '200' ? '' : text }).toEqual({ path, status: '200', text: '' });
      kinds.set(path, (kinds.get(path) ?? 0) + 1);
      if (path === '/tree-head') {
        const { size, root } = JSON.parse(text);
        expect(bySize.get(size)?.root).toBe(root);
      } else if (path.startsWith('/evidence/')) {
        const { entry } = parseEvidence(text);
        const leaf = hashLeaf(decodeBase64Url(entry.bytes));
        const proof = entry.proof.map((hash) => decodeBase64Url(hash));
        const proves = [...bySize.values()].filter(
          (head) => verifyPeakPath({ leaf, index: entry.index, proof, head }) === 'proved',
        );
        expect(proves.length).toBeGreaterThan(0);
      } else if (path.startsWith('/passports')) {
        const { items } = JSON.parse(text) as { items: { superseded: boolean }[] };
        expect(items).toHaveLength(PAIRS * 2);
        expect(items.filter((item) => item.superseded).length % 2).toBe(0);
      } else {
        const { payload } = parseJwt(text) as unknown as {
          payload: { description: string; credentialSubject: { encodedList: string } };
        };
        const asOf = Number(/block (\d+)/.exec(payload.description)?.[1]);
        const newest = Math.max(...[...heads.keys()].filter((number) => number <= asOf));
        const bits = gunzipSync(decodeBase64Url(payload.credentialSubject.encodedList.slice(1)));
        const count = bits.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);
        expect(count).toBe(heads.get(newest)?.superseded);
      }
    }
    // Each was read in several states, or this shows nothing.
    for (const path of paths) expect(kinds.get(path)).toBeGreaterThan(1);
  });
});
