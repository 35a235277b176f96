import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createNoteSigner,
  formatOrigin,
  generateNoteKey,
  type NoteSigner,
  openCheckpoint,
  openCosignatures,
  parseNote,
  parseVerifierKey,
  parseWitnessPolicy,
  type WitnessPolicy,
} from '@dpp-ledger/core/checkpoint';
import { createUrlTiles, replay } from '@dpp-ledger/sdk';
import { acts, calls } from '@dpp-ledger/sdk/ledger';
import { mirrorLog } from '@dpp-ledger/sdk/node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startWitness } from '../../witness/test/support.ts';
import { createBell } from '../src/bell.ts';
import { type Mood, type PlainWitness, startPlainWitness } from './plain-witness.ts';
import { PUBLIC_URL, startService, startWorld, type TestIssuer, type TestService, type World } from './support.ts';

let world: World;
let issuer: TestIssuer;
let base: string;
let signer: NoteSigner;
let witnesses: PlainWitness[];
let epoch = 0;
const NEVER = new AbortController().signal;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'dpp-cosigning-'));
  world = await startWorld();
  issuer = await world.createIssuer();
});
afterAll(async () => {
  await world.stop();
  await rm(base, { recursive: true, force: true });
});

/** A log of its own, since witnesses remember; ends its witnesses. */
async function beginLog(): Promise<() => Promise<void>> {
  epoch += 1;
  signer = await createNoteSigner(await generateNoteKey(formatOrigin(world.reader.id, epoch)));
  const log = await parseVerifierKey(signer.verifierKey);
  witnesses = await Promise.all(['w.example/1', 'w.example/2'].map((name) => startPlainWitness(name, log)));
  return async () => {
    await Promise.all(witnesses.map((witness) => witness.close()));
  };
}

async function policyOf(quorum: 'any' | 'all'): Promise<WitnessPolicy> {
  const lines = witnesses.map(({ cosigner, url }, i) => `witness w${i + 1} ${cosigner.verifierKey} ${url}/`);
  return await parseWitnessPolicy([...lines, `group both ${quorum} w1 w2`, 'quorum both', ''].join('\n'));
}

async function start(
  quorum: 'any' | 'all' = 'all',
  options: Parameters<typeof startService>[1] & { readonly timeLimitMs?: number } = {},
): Promise<TestService> {
  const { timeLimitMs, ...rest } = options;
  const limit = timeLimitMs === undefined ? {} : { timeLimitMs };
  return await startService(world, {
    ...{ logSigner: signer, pinEveryMs: 0, witnesses: { policy: await policyOf(quorum), ...limit }, ...rest },
  });
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

/** Resolves once it is so, asked anew whenever a checkpoint was signed, cosigned or pinned. */
async function until(service: TestService, isSo: () => Promise<boolean>): Promise<void> {
  const bell = createBell();
  const stop = await service.database.listen('log', bell.ring);
  try {
    while (!(await isSo())) await bell.wait({ signal: NEVER });
  } finally {
    await stop();
  }
}

async function noteAt(service: TestService, path = '/log/checkpoint'): Promise<string | undefined> {
  const response = await service.get(path);
  return response.ok ? await response.text() : undefined;
}

/** The names of who cosigned the checkpoint with so many entries; none while another one is served. */
async function cosignersOf(service: TestService, size: number, path = '/log/checkpoint'): Promise<string[]> {
  const note = await noteAt(service, path);
  if (note === undefined || !parseNote(note).text.includes(`\n${size}\n`)) return [];
  await openCheckpoint(note, { verifiers: [await parseVerifierKey(signer.verifierKey)], origin: signer.name });
  const opened = await openCosignatures(
    note,
    witnesses.map(({ cosigner }) => cosigner),
  );
  return opened.map(({ cosigner }) => cosigner.name).sort();
}

/** Resolves once so many of them cosigned it; who. */
async function untilCosigned(service: TestService, size: number, count: number): Promise<string[]> {
  let names: string[] = [];
  await until(service, async () => {
    names = await cosignersOf(service, size);
    return names.length >= count;
  });
  return names;
}

describe('witnesses of the published journal', () => {
  beforeEach(beginLog);

  it('cosign each checkpoint as it comes, with a proof that it continues the one before', async () => {
    const size = (await world.reader.readTreeHead()).size;
    const service = await start();
    expect(await untilCosigned(service, size, 2)).toEqual(['w.example/1', 'w.example/2']);
    const more = await append(3);
    await untilCosigned(service, more, 2);
    for (const { asked } of witnesses) {
      expect(asked).toEqual([
        { oldSize: 0, status: 200 },
        { oldSize: size, status: 200 },
      ]);
    }
    const log = await service.getJson('/log');
    expect(log).toMatchObject({
      witnesses: { quorum: '2 of 2 witnesses: w1, w2', cosigned: more, asked: [{ name: 'w1', size: more }, {}] },
    });
    expect((await service.getJson('/healthz')).checks).toMatchObject({ witnesses: { ok: true } });
    await service.close();
  });

  it('leave the publisher’s own signature as it was made, and their own are kept with it', async () => {
    const service = await start();
    const { size } = await world.reader.readTreeHead();
    await untilCosigned(service, size, 2);
    const note = (await noteAt(service)) ?? '';
    const row = await service.database.db.selectFrom('outbox.checkpoint').selectAll().executeTakeFirstOrThrow();
    expect(note.startsWith(row.note)).toBe(true);
    expect(parseNote(note).signatures.map(({ name }) => name)).toEqual([
      ...[signer.name, 'w.example/1', 'w.example/2'].sort(
        (a, b) => Number(b === signer.name) - Number(a === signer.name),
      ),
    ]);
    await service.stop();
    // Another process: it asks nobody again, and serves what was kept.
    const asked = witnesses.map((witness) => witness.asked.length);
    const again = await start('all', { database: service.database });
    expect(await noteAt(again)).toBe(note);
    const more = await append(1);
    await untilCosigned(again, more, 2);
    expect(witnesses.map((witness) => witness.asked.length)).toEqual(asked.map((count) => count + 1));
    await again.stop();
    await service.close();
  });

  it('are carried by mirrors and by the folder in the store, and every reader takes them', async () => {
    const service = await start();
    const { size } = await world.reader.readTreeHead();
    await untilCosigned(service, size, 2);
    const tiles = createUrlTiles({
      url: `${PUBLIC_URL}/log`,
      fetch: async (input, init) => await service.app.request(String(input), init),
    });
    const folder = join(base, 'mirror');
    const publisher = await parseVerifierKey(signer.verifierKey);
    const mirrored = await mirrorLog({
      ...{ folder, tiles, publisher, ledger: world.reader, witnesses: await policyOf('all') },
    });
    expect(mirrored.cosigned.map(({ name }) => name).sort()).toEqual(['w1', 'w2']);
    expect(await readFile(join(folder, 'checkpoint'), 'utf8')).toBe(await noteAt(service));
    expect(await replay({ ledger: world.reader, mirrors: [tiles], publisher })).toMatchObject({ broken: undefined });
    const { db } = service.database;
    await until(service, async () => {
      const row = await db.selectFrom('outbox.checkpoint').select('pinned_note').executeTakeFirst();
      return row?.pinned_note === (await noteAt(service));
    });
    await service.close();
  });

  it('are served with the newest checkpoint that enough of them cosigned, where one lags', async () => {
    const [, slow] = witnesses as [PlainWitness, PlainWitness];
    const service = await start();
    const { size } = await world.reader.readTreeHead();
    await untilCosigned(service, size, 2);
    const release = Promise.withResolvers<void>();
    slow.before = () => release.promise;
    const first = await append(1);
    await untilCosigned(service, first, 1);
    const second = await append(1);
    await untilCosigned(service, second, 1);
    expect(await cosignersOf(service, size, '/log/cosigned')).toHaveLength(2);
    release.resolve();
    await untilCosigned(service, second, 2);
    expect(await cosignersOf(service, second, '/log/cosigned')).toHaveLength(2);
    // What was older than that is gone.
    const rows = await service.database.db.selectFrom('outbox.cosignature').select('size').distinct().execute();
    expect(rows.map((row) => row.size)).toEqual([second]);
    await service.close();
  });

  it('that cosigned this log before are asked from where they are', async () => {
    const first = await start();
    const { size } = await world.reader.readTreeHead();
    await untilCosigned(first, size, 2);
    await first.close();
    const more = await append(2);
    // Another database: what they cosigned is not known there.
    const second = await start();
    await untilCosigned(second, more, 2);
    expect(witnesses[0]?.asked.slice(1)).toEqual([
      { oldSize: 0, status: 409 },
      { oldSize: size, status: 200 },
    ]);
    await second.close();
  });

  it('may be ones that ask the contract on a node of their own', async () => {
    const own = await startWitness({
      ...{ reader: world.reader, publishers: [await parseVerifierKey(signer.verifierKey)] },
    });
    const policy = await parseWitnessPolicy(`witness own ${own.cosigner.verifierKey} ${own.url}\nquorum own\n`);
    const service = await startService(world, { logSigner: signer, witnesses: { policy } });
    for (const count of [1, 3]) {
      const size = await append(count);
      await until(service, async () => (await noteAt(service, '/log/cosigned'))?.includes(`\n${size}\n`) === true);
      const opened = await openCosignatures((await noteAt(service, '/log/cosigned')) ?? '', [own.cosigner]);
      expect(opened.map(({ cosigner }) => cosigner.name)).toEqual(['witness.example/w1']);
    }
    await service.close();
    await own.stop();
  });

  it('that never answer do not keep the service from stopping', async () => {
    const asked = new Set<PlainWitness>();
    const bell = createBell();
    for (const witness of witnesses) {
      witness.mood = 'silent';
      witness.before = async () => {
        asked.add(witness);
        bell.ring();
      };
    }
    const service = await start('all', { timeLimitMs: 3_600_000 });
    while (asked.size < witnesses.length) await bell.wait({ signal: NEVER });
    await service.close();
    expect(service.problems.filter(({ what }) => what.includes('cosigned'))).toEqual([]);
  });
});

describe('a witness that fails', () => {
  let service: TestService;
  let problems: unknown[] = [];
  /** Health is asked anew, not told as it was a second ago. */
  let ahead = 0;
  const told = createBell();
  beforeAll(async () => {
    const end = await beginLog();
    service = await start('all', {
      timeLimitMs: 2_000,
      now: () => Date.now() + ahead,
      onProblem: ({ what, error }) => {
        if (!what.endsWith('cosigned by w2')) return;
        problems.push(error);
        told.ring();
      },
    });
    await untilCosigned(service, (await world.reader.readTreeHead()).size, 2);
    return async () => {
      await service.close();
      await end();
    };
  });

  async function examine(): Promise<{ readonly ok: boolean; readonly detail: string } | undefined> {
    ahead += 2_000;
    const response = await service.get('/healthz');
    const { checks } = (await response.json()) as { checks: Record<string, { ok: boolean; detail: string }> };
    return checks.witnesses;
  }

  it.each<[Mood, string, RegExp]>([
    ['away', 'witness.unreachable', /503: back soon/],
    ['silent', 'witness.unreachable', /no answer within/],
    ['refusing', 'witness.refused', /404/],
    ['lying', 'checkpoint.signature', /false/],
    ['strangers', 'witness.unreachable', /its own key/],
    ['forked', 'checkpoint.fork', /two histories/],
    ['ahead', 'checkpoint.fork', /none of more than/],
  ])('because it is %s is told, holds up nobody, and is asked again', async (mood, code, said) => {
    const [good, bad] = witnesses as [PlainWitness, PlainWitness];
    const before = (await world.reader.readTreeHead()).size;
    problems = [];
    bad.mood = mood;
    const first = await append(1);
    // The other witness and the publisher go on.
    expect(await untilCosigned(service, first, 1)).toEqual([good.cosigner.name]);
    const second = await append(1);
    expect(await untilCosigned(service, second, 1)).toEqual([good.cosigner.name]);
    while (problems.length === 0) await told.wait({ signal: NEVER });
    expect(problems[0]).toMatchObject({ code, message: expect.stringMatching(said) });
    const detail = expect.stringMatching(/2 of 2 witnesses: w1, w2: .*; w2 does not cosign since/);
    expect(await examine()).toEqual({ ok: false, detail });
    ahead += 2_000;
    const metrics = await service.metrics.render();
    expect(metrics).toContain(`dpp_log_entries ${second}`);
    expect(metrics).toContain(`dpp_witness_entries{witness="w1"} ${second}`);
    expect(metrics).toContain(`dpp_witness_entries{witness="w2"} ${before}`);
    expect(metrics).toContain('dpp_witness_ok{witness="w1"} 1');
    expect(metrics).toContain('dpp_witness_ok{witness="w2"} 0');
    expect(metrics).toMatch(/dpp_witness_requests_total\{witness="w2",outcome="(?:refused|unreachable)"\} \d/);
    expect(await cosignersOf(service, before, '/log/cosigned')).toHaveLength(2);

    bad.mood = 'well';
    await untilCosigned(service, second, 2);
    expect(await cosignersOf(service, second, '/log/cosigned')).toHaveLength(2);
    expect(await examine()).toMatchObject({ ok: true });
  });
});
