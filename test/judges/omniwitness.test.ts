/**
 * The published log before a witness of others: Go's `omniwitness`, as many run it. Our publisher asks it to cosign the checkpoints of a
 * real ledger, and its cosignatures are opened with ours. Installed by `scripts/engines/with-engines.ts`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  createCosignatureSigner,
  createNoteSigner,
  formatOrigin,
  generateCosignatureKey,
  generateNoteKey,
  type NoteSigner,
  openTlogProof,
  parseCosigner,
  parseWitnessPolicy,
  signNote,
  type WitnessPolicy,
} from '@dpp-ledger/core/checkpoint';
import { createUrlTiles, createWitnessClient, proveEntry } from '@dpp-ledger/sdk';
import { acts, calls } from '@dpp-ledger/sdk/ledger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBell } from '../../packages/api/src/bell.ts';
import {
  PUBLIC_URL,
  startService,
  startWorld,
  type TestIssuer,
  type TestService,
  type World,
} from '../../packages/api/test/support.ts';
import { freePort } from '../../scripts/engines/child.ts';
import { type Judge, startJudge } from './judge.ts';

const OMNIWITNESS = process.env.DPP_TEST_OMNIWITNESS;
const JUDGE = process.env.DPP_TEST_JUDGE ?? '';
const NAME = 'witness.example/omni';
const NEVER = new AbortController().signal;

let base: string;
let world: World;
let issuer: TestIssuer;
let service: TestService;
let log: NoteSigner;
let witnessKey: string;
let policy: WitnessPolicy;
let judge: Judge;
let witness: { readonly url: string; readonly child: ChildProcess };

/** Its port must be known beforehand: it is written into the policy. Over one file, so that it remembers. */
async function startOmniwitness(port: number): Promise<typeof witness> {
  const args = [
    ...['-listen', `127.0.0.1:${port}`, '-metrics_listen', ''],
    ...['-db_file', join(base, 'witness.sqlite'), '-private_key_path', join(base, 'witness.key')],
    ...['-additional_logs', join(base, 'logs.yaml'), '-logtostderr'],
  ];
  const child = spawn(OMNIWITNESS ?? '', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  // It says nothing when it listens, so it is asked; what it said is shown where it ended instead.
  const said: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => said.push(line));
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`omniwitness ended with ${child.exitCode}:\n${said.join('\n')}`);
    const isThere = await fetch(url).then(
      () => true,
      () => false,
    );
    if (isThere) return { url, child };
  }
}

async function stopOmniwitness(): Promise<void> {
  const ended = once(witness.child, 'close');
  witness.child.kill('SIGKILL');
  await ended;
}

let appointed = 0;
async function append(count: number): Promise<number> {
  const toDo = Array.from({ length: count }, () => {
    appointed += 1;
    return acts.appointSubmitter(`0x${appointed.toString(16).padStart(40, '0')}`);
  });
  await world.relayer.send(calls.relay(await issuer.relay(toDo)));
  return (await world.reader.readTreeHead()).size;
}

/** Resolves with the checkpoint of so many entries once the policy's quorum cosigned it. */
async function untilCosigned(size: number): Promise<string> {
  const bell = createBell();
  const stop = await service.database.listen('log', bell.ring);
  try {
    for (;;) {
      const response = await service.get('/log/cosigned');
      const note = response.ok ? await response.text() : '';
      if (note.startsWith(`${log.name}\n${size}\n`)) return note;
      await bell.wait({ signal: NEVER });
    }
  } finally {
    await stop();
  }
}

describe.skipIf(OMNIWITNESS === undefined)('omniwitness (DPP_TEST_OMNIWITNESS names the program)', () => {
  let port: number;
  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), 'dpp-omniwitness-'));
    world = await startWorld();
    issuer = await world.createIssuer();
    log = await createNoteSigner(await generateNoteKey(formatOrigin(world.reader.id, 1)));
    const privateKey = await generateCosignatureKey(NAME);
    witnessKey = (await createCosignatureSigner(privateKey)).verifierKey;
    await writeFile(join(base, 'witness.key'), privateKey, { mode: 0o600 });
    const entry = [`Origin: ${log.name}`, `PublicKey: ${log.verifierKey}`, `URL: ${PUBLIC_URL}/log`, 'Feeder: none'];
    await writeFile(join(base, 'logs.yaml'), `Logs:\n  - ${entry.join('\n    ')}\n`);
    port = await freePort();
    witness = await startOmniwitness(port);
    policy = await parseWitnessPolicy(
      `log ${log.verifierKey}\nwitness omni ${witnessKey} ${witness.url}\nquorum omni\n`,
    );
    judge = startJudge(JUDGE);
    service = await startService(world, { logSigner: log, witnesses: { policy } });
  });
  afterAll(async () => {
    await service?.close();
    await judge?.stop();
    if (witness !== undefined) await stopOmniwitness();
    await world?.stop();
    if (base !== undefined) await rm(base, { recursive: true, force: true });
  });

  it("cosigns our publisher's checkpoints, one after the other, and Go's packages and ours open what it signs", async () => {
    const { size } = await world.reader.readTreeHead();
    await untilCosigned(size);
    // Beyond one tile, so that the proofs are not all of one shape.
    for (const count of [1, 2, 100, 100, 100]) {
      const note = await untilCosigned(await append(count));
      const opened = await judge.ask('open', { note, keys: [log.verifierKey], cokey: [witnessKey] });
      expect(opened).toMatchObject({ signedBy: [log.name, NAME] });
    }
    const { witnesses } = (await service.getJson('/log')) as { witnesses: { asked: { time: number }[] } };
    expect(Math.abs((witnesses.asked[0]?.time ?? 0) - Date.now() / 1_000)).toBeLessThan(86_400);
    expect(service.problems).toEqual([]);
  });

  it("stands behind proofs of entries that are verified without anybody, by ours and by Go's packages", async () => {
    const { size } = await world.reader.readTreeHead();
    await untilCosigned(size);
    const tiles = createUrlTiles({
      url: `${PUBLIC_URL}/log`,
      fetch: async (input, init) => await service.app.request(String(input), init),
    });
    for (const index of [0, 1, 255, 256, size - 1]) {
      const { file, entry } = await proveEntry({ tiles, index });
      expect(await openTlogProof(file, { policy })).toMatchObject({ index, entry, cosigned: [{ name: 'omni' }] });
      const keys = { keys: [log.verifierKey], cokey: [witnessKey] };
      expect(await judge.ask('unmarshalTlogProof', { file, ...keys })).toMatchObject({
        ...{ index, signedBy: [log.name, NAME] },
      });
    }
  });

  it('is asked from where it is after it was killed, and after our database was lost', async () => {
    await stopOmniwitness();
    const away = await append(1);
    await service.eventually(async () => (await service.getJson('/tree-head')).size === away);
    witness = await startOmniwitness(port);
    await untilCosigned(away);
    await service.close();
    service = await startService(world, { logSigner: log, witnesses: { policy } });
    await untilCosigned(await append(1));
  });

  it('does not cosign another history, which we say is one, nor a log that it was not told of', async () => {
    const { size } = await world.reader.readTreeHead();
    await untilCosigned(size);
    const client = createWitnessClient({ url: witness.url, cosigner: await parseCosigner(witnessKey) });
    const lie = (name: string, entries: number) => `${name}\n${entries}\n${Buffer.alloc(32, 7).toString('base64')}\n`;
    const same = { oldSize: size, proof: [], checkpoint: await signNote(lie(log.name, size), log) };
    await expect(client.addCheckpoint(same)).rejects.toMatchObject({ code: 'checkpoint.fork' });
    const next = { oldSize: size, proof: [Buffer.alloc(32)], checkpoint: await signNote(lie(log.name, size + 1), log) };
    await expect(client.addCheckpoint(next)).rejects.toMatchObject({ code: 'checkpoint.fork' });
    // Over its database it answers 500 to both, where the specification has 404 and 403: no cosignature in any case.
    const no = { code: expect.stringMatching(/^witness\.(?:refused|unreachable)$/) };
    const other = { oldSize: 0, proof: [], checkpoint: await signNote(lie('unknown.example/log', 1), log) };
    await expect(client.addCheckpoint(other)).rejects.toMatchObject(no);
    const stranger = await createNoteSigner(await generateNoteKey(log.name));
    const forged = { oldSize: size, proof: [], checkpoint: await signNote(lie(log.name, size), stranger) };
    await expect(client.addCheckpoint(forged)).rejects.toMatchObject(no);
    expect(await client.addCheckpoint({ ...same, oldSize: 0 })).toEqual({ cosignedSize: size });
  });
});
