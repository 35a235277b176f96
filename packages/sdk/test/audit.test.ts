import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AuditReport, encodeAuditReport } from '@dpp-ledger/core/audit';
import { formatCid } from '@dpp-ledger/core/credential';
import { buildBatch, encodeManifest } from '@dpp-ledger/core/evidence';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalJudge } from '../src/judge.ts';
import { createThreadJudge, openReplayFolder } from '../src/node/index.ts';
import type { ReplayNotes } from '../src/notes.ts';
import { type ReplayOptions, type ReplayResult, replay } from '../src/replay.ts';
import { type BlockSource, createGatewayStore } from '../src/store/index.ts';
import { createScene, type Happened, letItHappen, type Scene } from './audit-scene.ts';

let scene: Scene;
let it_: Happened;
/** The store, of which one credential is gone, one is another's bytes, and one is not answered for. */
let source: BlockSource;
let result: ReplayResult;
let report: AuditReport;

beforeAll(async () => {
  scene = await createScene();
  it_ = await letItHappen(scene);
  const [gone, altered] = it_.missing.map(({ cid }): string => cid);
  const nowhere = formatCid(new Uint8Array(32) as Parameters<typeof formatCid>[0]);
  source = {
    ...scene.store,
    async get(cid, options) {
      const bytes = await scene.store.get(cid === gone ? nowhere : cid, options);
      return cid === altered ? bytes.with(100, (bytes[100] ?? 0) ^ 1) : bytes;
    },
  };
  result = await audit();
  report = reportOf(result);
}, 120_000);
afterAll(() => scene.stop());

const audit = (options: Partial<ReplayOptions> = {}) =>
  replay({ ledger: scene.ledger.reader, source, depth: 'credentials', ...options });

function reportOf(replayed: ReplayResult): AuditReport {
  if (replayed.report === undefined) throw new TypeError('no report');
  return replayed.report;
}

describe('an audit', () => {
  it('meets the tree head, and counts what it saw', () => {
    expect(report).toMatchObject({
      ...{ version: 'dpp-audit/2', ledger: scene.ledger.reader.id, depth: 'credentials', outcome: 'faults' },
      head: { size: result.head.size, root: result.head.root, block: { number: result.head.blockNumber } },
      from: { entries: 0 },
      counts: {
        issuers: 4,
        entries: { opened: 1, accredited: 4, anchored: 13, statusSet: 2, withdrawn: 1, keyCompromised: 1 },
        batches: { anchored: 13, rebuilt: 10 },
        credentials: { anchored: 44, judged: 30, revoked: 1, superseded: 1 },
      },
    });
    const anchored = report.timeline.anchored.reduce((sum, count) => sum + count, 0);
    expect(anchored).toBe(report.counts.credentials.anchored);
  });

  it('lists what is missing and what was altered, by CID', () => {
    const [gone, altered] = it_.missing;
    expect(report.findings.missing).toEqual({
      total: 1,
      items: [{ entry: it_.missingEntry, position: 0, cid: gone?.cid }],
    });
    expect(report.findings.altered).toEqual({
      total: 1,
      items: [{ entry: it_.missingEntry, position: 1, cid: altered?.cid }],
    });
  });

  it('lists a manifest that is missing, or that nobody answered for, as what it is', async () => {
    const manifest = encodeManifest(it_.sound.map(({ digest }) => digest)).cid;
    const dead: BlockSource = {
      ...scene.store,
      async get(cid, options) {
        if (cid === manifest) return await scene.store.get(formatCid(new Uint8Array(32) as never), options);
        return await scene.store.get(cid, options);
      },
    };
    const { findings } = reportOf(await audit({ source: dead, depth: 'batches' }));
    expect(findings.missing.items).toEqual([
      { entry: it_.soundEntry, cid: manifest },
      { entry: it_.again, cid: manifest },
    ]);
  });

  it('lists what no source answered for as not read, by CID, and not as missing', async () => {
    const [unread] = it_.sound;
    const manifest = encodeManifest(it_.missing.map(({ digest }) => digest)).cid;
    const nobody = createGatewayStore({ urls: ['http://127.0.0.1:9'] });
    const deaf: BlockSource = {
      ...scene.store,
      get: async (cid, options) => await (cid === unread?.cid || cid === manifest ? nobody : source).get(cid, options),
    };
    const replayed = await audit({ source: deaf });
    const { findings, outcome, counts } = reportOf(replayed);
    const places = [it_.soundEntry, it_.again].map((entry) => ({ entry, position: 0, cid: unread?.cid }));
    expect(findings.unread).toEqual({ total: 3, items: [...places, { entry: it_.missingEntry, cid: manifest }] });
    expect(findings.missing.total + findings.altered.total).toBe(0);
    expect({ outcome, broken: replayed.broken }).toEqual({ outcome: 'faults', broken: undefined });
    expect(counts.credentials.judged).toBe(report.counts.credentials.judged - 3);
  });

  it('lists manifests that misstate their batch: cut, padded, in another order', () => {
    const { root } = buildBatch(it_.listed.map(({ digest }) => digest));
    const expected = { size: 4, root };
    expect(report.findings.misstated).toMatchObject({
      total: 3,
      items: [
        { entry: it_.misstated.cut, expected, found: { size: 3 } },
        { entry: it_.misstated.padded, expected, found: { size: 5 } },
        { entry: it_.misstated.reordered, expected, found: { size: 4 } },
      ],
    });
  });

  it('lists credentials that nobody will take, with the code of the check that failed first', () => {
    expect(report.findings.invalid).toEqual({
      total: 2,
      items: [
        { entry: it_.mixedEntry, position: 0, cid: it_.forged.cid, code: 'key.not-registered' },
        { entry: it_.foreignEntry, position: 0, cid: it_.foreign.cid, code: 'anchor.other-issuer' },
      ],
    });
  });

  it('lists credentials outside their issuer’s grants: of other subjects, and anchored before there was one', () => {
    const place = { issuer: it_.maker.id };
    expect(report.findings.outsideGrants).toMatchObject({
      total: 2,
      items: [
        { ...place, entry: it_.early.entry, position: 0, code: 'issuer.grant-not-yet' },
        { ...place, entry: it_.mixedEntry, position: 1, cid: it_.outside.cid, code: 'issuer.other-grant' },
      ],
    });
  });

  it('lists status places used twice, and not those of one credential that was anchored twice', () => {
    expect(report.findings.placesUsedTwice).toEqual({
      total: 1,
      items: [
        {
          ...{ issuer: it_.maker.id, list: '1', index: 1_000, credentials: 2 },
          first: { entry: it_.mixedEntry, position: 2, cid: it_.one.cid },
          second: { entry: it_.mixedEntry, position: 3, cid: it_.other.cid },
        },
      ],
    });
  });

  it('lists credentials anchored twice', () => {
    const { total, items } = report.findings.anchoredTwice;
    expect(total).toBe(6);
    expect(items).toEqual(
      it_.sound.map(({ cid }, position) => ({
        ...{ cid, anchors: 2 },
        first: { entry: it_.soundEntry, position },
        second: { entry: it_.again, position },
      })),
    );
    expect(report.counts.credentials.distinct).toBe(32 - 6);
  });

  it('lists overlapping grants of different issuers', () => {
    const { total, items } = report.findings.overlappingGrants;
    const pairs = items.map(({ wider, narrower }) => [wider.issuer, narrower.issuer]);
    expect(total).toBe(6);
    expect(pairs).toContainEqual([it_.rival.id, it_.maker.id]);
    expect(items.every(({ wider, narrower }) => narrower.prefix.startsWith(wider.prefix))).toBe(true);
  });

  it('lists what a withdrawal and a compromised key take down, and nothing from before', () => {
    const { since } = it_;
    const key = it_.careless.signer.keyId;
    expect(report.takedowns).toEqual([
      { cause: 'key', issuer: it_.careless.id, key, since, batches: 1, credentials: 3 },
      { cause: 'withdrawal', issuer: it_.bankrupt.id, since, batches: 1, credentials: 2 },
    ]);
    expect(report.findings.takenDown).toEqual({
      total: 5,
      items: [
        ...it_.lost.map(({ cid }, position) => ({
          ...{ entry: it_.lostEntry, position, cid, issuer: it_.bankrupt.id, cause: 'withdrawal', since },
        })),
        ...it_.stolen.map(({ cid }, position) => ({
          ...{ entry: it_.stolenEntry, position, cid, issuer: it_.careless.id, key, cause: 'key', since },
        })),
      ],
    });
  });

  it('lists acts by a key after it was compromised, and in the name of a withdrawn issuer', () => {
    const { total, items } = report.findings.actsAfterEnd;
    expect(total).toBe(2);
    expect(items).toMatchObject([
      { entry: it_.lostEntry, act: 'anchored', issuer: it_.bankrupt.id, cause: 'withdrawal', since: it_.since },
      {
        ...{ entry: it_.relayedEntry, act: 'submitterAppointed', issuer: it_.careless.id, cause: 'key' },
        key: it_.careless.signer.keyId,
      },
    ]);
  });

  it('counts as faults what is somebody’s, and not what the ledger does', () => {
    expect(result.faults).toBe(1 + 1 + 3 + 2 + 2 + 1);
  });
});

describe('two audits of one content', () => {
  it('write the same bytes, on threads, from a folder, at another speed', async () => {
    const notes = await openReplayFolder(scene.path('same'));
    const slow: BlockSource = {
      ...source,
      async get(cid, options) {
        // Every other block comes after those that were asked for later.
        if (cid.charCodeAt(20) % 2 === 0) await new Promise((resolve) => setImmediate(resolve));
        return await source.get(cid, options);
      },
    };
    const other = await audit({
      notes,
      source: slow,
      createJudge: (terms) => createThreadJudge(terms, { threads: 3 }),
    });
    await notes.close();
    expect(encodeAuditReport(reportOf(other))).toBe(encodeAuditReport(report));
  });

  it('judge the bytes that were anchored, and not a credential that can be found in them', async () => {
    const [sound] = it_.sound;
    const [anchor] = await Array.fromAsync(
      scene.ledger.reader.readEntries({ from: it_.soundEntry, to: it_.soundEntry + 1 }),
    );
    if (sound === undefined || anchor === undefined) throw new TypeError('a scene without a sound batch');
    const ledger = scene.ledger.reader.id;
    const judge = await createLocalJudge({ ledger, snapshot: result.snapshot });
    const place = { index: 0, proof: [] };
    const evidence = JSON.stringify({
      ...{ version: 'dpp-evidence/1', ledger: `eip155:${ledger.chainId}:${ledger.address}`, credential: sound.jwt },
      ...{ key: it_.maker.signer.key, batch: place, entry: { ...place, bytes: '' } },
    });
    const spellings = [sound.jwt, `\ufeff${sound.jwt}`, evidence].map((spelling) => new TextEncoder().encode(spelling));
    const judged = await judge.judge(spellings, anchor.bytes);
    expect(judged.map(({ codes }) => codes)).toEqual([[], ['content.not-canonical'], ['content.not-canonical']]);
  });

  it('at lower depths say less, and nothing else', async () => {
    const batches = reportOf(await audit({ depth: 'batches' }));
    expect(batches.findings.misstated).toEqual(report.findings.misstated);
    expect(batches.findings.anchoredTwice).toEqual(report.findings.anchoredTwice);
    expect(batches.findings.invalid.total).toBe(0);
    const journal = reportOf(await replay({ ledger: scene.ledger.reader }));
    expect(journal.findings.actsAfterEnd).toEqual(report.findings.actsAfterEnd);
    expect(journal.findings.overlappingGrants).toEqual(report.findings.overlappingGrants);
    expect(journal.takedowns.find(({ cause }) => cause === 'withdrawal')).toMatchObject({ batches: 1, credentials: 2 });
    expect(journal.outcome).toBe('sound');
  });
});

describe('a replay that is ended', () => {
  /** Notes that last for so many steps: then whatever is written down is left as it is. */
  function ending(notes: ReplayNotes, after: number): ReplayNotes {
    let steps = 0;
    const step = () => {
      steps += 1;
      if (steps > after) throw new Ended('the process is gone');
    };
    return {
      ...notes,
      size: notes.size,
      async append(file, bytes) {
        step();
        await notes.append(file, bytes);
      },
      async save(name, value) {
        step();
        await notes.save(name, value);
      },
    };
  }
  class Ended extends Error {}

  it('goes on where it saved, as often as it is ended, to the same report', async () => {
    let runs = 0;
    let whole: ReplayResult | undefined;
    // Each run gets a little further than the one before it.
    for (let steps = 3; whole === undefined && steps < 100; steps += 1) {
      const notes = await openReplayFolder(scene.path('ended'));
      runs += 1;
      whole = await audit({ notes: ending(notes, steps), saveEvery: 5 }).catch((error: unknown) => {
        if (error instanceof Ended) return undefined;
        throw error;
      });
      await notes.close();
    }
    expect(runs).toBeGreaterThan(4);
    expect(whole && encodeAuditReport(reportOf(whole))).toBe(encodeAuditReport(report));
  });

  it('asks for nothing again that it has folded and judged', async () => {
    const asked: string[] = [];
    const watched: BlockSource = {
      ...source,
      async get(cid, options) {
        asked.push(cid);
        return await source.get(cid, options);
      },
    };
    const options = { source: watched, saveEvery: 5 };
    const first = await openReplayFolder(scene.path('twice'));
    await expect(audit({ ...options, notes: ending(first, 10) })).rejects.toThrow(Ended);
    await first.close();
    const before = asked.length;
    const second = await openReplayFolder(scene.path('twice'));
    await audit({ ...options, notes: second });
    await second.close();
    expect(before).toBeGreaterThan(10);
    // What was under way when it ended, at most, is asked for twice; the batch that was anchored twice is, by itself.
    const again = asked.slice(before).filter((cid) => asked.slice(0, before).includes(cid));
    expect(again.length).toBeLessThan(before / 2);
  });

  it('begins in a folder that a process left before it had made it its own', async () => {
    for (const left of [
      `dpp-replay.json.${'ab'.repeat(6)}.tmp`,
      'lock.0123456789ab',
      `lock.0123456789ab.${'cd'.repeat(6)}.tmp`,
    ]) {
      const folder = scene.path(left);
      await mkdir(folder);
      await writeFile(join(folder, left), '{"fold');
      const notes = await openReplayFolder(folder);
      await notes.save('audit', { begun: true });
      await notes.close();
      const again = await openReplayFolder(folder);
      expect(await again.read('audit')).toEqual({ begun: true });
      await again.close();
    }
    // What only looks like it is somebody's own.
    const folder = scene.path('somebody’s');
    await mkdir(folder);
    await writeFile(join(folder, 'dpp-replay.json.tmp'), '');
    await expect(openReplayFolder(folder)).rejects.toMatchObject({ code: 'audit.mismatch' });
  });

  it('refuses the folder of another depth, and one that is none', async () => {
    const notes = await openReplayFolder(scene.path('other'));
    await expect(audit({ notes: ending(notes, 4), saveEvery: 5 })).rejects.toThrow(Ended);
    await expect(audit({ notes, depth: 'batches' })).rejects.toMatchObject({ code: 'audit.mismatch' });
    await notes.close();
    await expect(openReplayFolder(scene.path('store'))).rejects.toMatchObject({ code: 'audit.mismatch' });
  });
});
