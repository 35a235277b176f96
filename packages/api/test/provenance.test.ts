import { encodeHex } from '@dpp-ledger/core';
import { formatCid, hashCredential, parseJwt } from '@dpp-ledger/core/credential';
import { buildBatch, type Evidence, parseEvidence } from '@dpp-ledger/core/evidence';
import { createGatherer, verify } from '@dpp-ledger/sdk';
import { acts, calls, connectLedgers, type LedgerReader } from '@dpp-ledger/sdk/ledger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRefinery, type Refinery, UNITS } from './refinery.ts';
import { startService, startWorld, type TestService, type World } from './support.ts';

let world: World;
let service: TestService;
let story: Refinery;
let quorum: LedgerReader;

beforeAll(async () => {
  world = await startWorld();
  story = await createRefinery(world);
  service = await startService(world);
  const url = world.embedded.rpcUrl;
  // The same node behind two names: both are asked, and must agree.
  quorum = await connectLedgers({
    urls: [url, url.replace('127.0.0.1', 'localhost')],
    agree: 2,
    pin: world.embedded.ledger,
    finality: { confirmations: 0 },
  });
}, 120_000);
afterAll(async () => {
  await service.close();
  await world.stop();
});

const hashOf = ({ credential }: Evidence) => formatCid(hashCredential(parseJwt(credential).bytes));
const evidenceOf = async (cid: string) => parseEvidence(await (await service.when(`/evidence/${cid}`)).text());

async function provenanceOf(evidence: Evidence, ledger: LedgerReader = world.reader) {
  const { report } = await verify({ evidence }, { ledger });
  const code = report.checks.find(({ name }) => name === 'provenance')?.code;
  return { code, verdict: report.verdict };
}

const VALID = { code: 'provenance.valid', verdict: 'valid' };

describe('evidence of a passport that draws on lots', () => {
  it('has the entries behind its lots back to the mine and the recycler, and their events, and is valid', async () => {
    const evidence = await evidenceOf(story.passports[0]?.cid ?? '');
    // Two registrations, two sales to the refiner, the refining, a split, and two sales to the maker.
    expect(evidence.lots?.entries).toHaveLength(8);
    expect(evidence.lots?.events).toHaveLength(7);
    expect(await provenanceOf(evidence)).toEqual(VALID);
    expect(await provenanceOf(evidence, quorum)).toEqual(VALID);
  });

  it('is judged so by the service itself', async () => {
    const { jwt } = story.passports[1] as { jwt: string };
    const answer = await service.post('/verify', 'application/vc+jwt', jwt);
    // What stands on lots is apart from what is declared; of a device without a mass no share is computed.
    expect(await answer.json()).toMatchObject({
      verdict: 'valid',
      recycledContent: {
        materials: [{ name: 'Cobalt', onLedger: { postConsumerRecycled: 12, primary: 3 } }],
        reason: 'the mass of the device is missing',
      },
    });
  });

  it('is the same where it is collected from the chain and the store alone', async () => {
    const gatherer = createGatherer({ ledger: world.reader, source: world.embedded.store });
    await gatherer.refresh();
    const gathered = await gatherer.gather(story.passports[2]?.jwt ?? '');
    expect(await provenanceOf(gathered)).toEqual(VALID);
    expect(gathered).toEqual(await evidenceOf(story.passports[2]?.cid ?? ''));
  });

  it('of a new version has the earlier one, to which the lots were allocated', async () => {
    const [before] = story.passports;
    const { maker } = story;
    const subject = JSON.parse(Buffer.from(before?.jwt.split('.')[1] ?? '', 'base64url').toString()).credentialSubject;
    const version = await maker.sign({ credentialSubject: { ...subject, name: 'Laptop 14, described anew' } });
    const batch = buildBatch([version.digest]);
    await world.embedded.store.putBatch({ manifest: batch.manifest, credentials: [version] });
    const anchor = acts.anchor({ root: batch.root, size: 1, manifest: encodeHex(batch.manifest.digest) });
    await world.admin.send(calls.relay(await maker.relay([anchor])));
    await service.inStep();
    const evidence = await evidenceOf(version.cid);
    expect(evidence.earlier?.credential).toBe(before?.jwt);
    expect(await provenanceOf(evidence)).toEqual(VALID);
    const { earlier: _, ...alone } = evidence;
    expect(await provenanceOf(alone)).toMatchObject({ code: 'provenance.not-allocated', verdict: 'invalid' });
    const gatherer = createGatherer({ ledger: world.reader, source: world.embedded.store });
    await gatherer.refresh();
    expect(await gatherer.gather(version.jwt, { earlier: before?.jwt })).toEqual(evidence);
  });

  it('of a new version has the earlier one that with what itself was allocated covers it, not the newest of them', async () => {
    const [, before] = story.passports;
    const { maker, lots } = story;
    const subject = JSON.parse(Buffer.from(before?.jwt.split('.')[1] ?? '', 'base64url').toString()).credentialSubject;
    const materials = subject.materialProvenance as { originClass: string; mass: object }[];
    const primary = materials.filter(({ originClass }) => originClass === 'primary');
    const recycled = materials.filter(({ originClass }) => originClass !== 'primary');
    async function anchorVersion(grams: number, milligrams: bigint, others = primary) {
      const drawn = recycled.map((material) => ({ ...material, mass: { ...material.mass, value: grams } }));
      const materialProvenance = [...others, ...drawn];
      const version = await maker.sign({ credentialSubject: { ...subject, materialProvenance } });
      const { root, manifest } = buildBatch([version.digest]);
      await world.embedded.store.putBatch({ manifest, credentials: [version] });
      const allocations = milligrams === 0n ? [] : [{ lot: lots.cells, milligrams }];
      const anchor = acts.anchor({ root, size: 1, manifest: encodeHex(manifest.digest), allocations });
      await world.admin.send(calls.relay(await maker.relay([anchor])));
      await service.inStep();
      return await evidenceOf(version.cid);
    }
    const more = await anchorVersion(14, 2_000n);
    expect(more.earlier?.credential).toBe(before?.jwt);
    expect(await provenanceOf(more)).toEqual(VALID);
    const recycledAlone = await anchorVersion(14, 2_000n, []);
    expect(recycledAlone.earlier?.credential).toBe(before?.jwt);
    expect(await provenanceOf(recycledAlone)).toEqual(VALID);
    const less = await anchorVersion(11, 0n);
    expect(less.earlier?.credential).toBe(before?.jwt);
    expect(await provenanceOf(less)).toEqual(VALID);
    const tooMuch = await anchorVersion(15, 2_000n);
    expect(await provenanceOf(tooMuch)).toMatchObject({ code: 'provenance.over-claimed', verdict: 'invalid' });
    // What the new version was allocated by itself is traced as well as what the earlier one was.
    const traced = (await service.getJson(`/trace/${hashOf(more)}`)) as unknown as {
      start: string;
      edges: { from: string; to: string; milligrams: string }[];
    };
    const taken = traced.edges.filter(({ to }) =>
      [more.entry, more.earlier?.entry].some((at) => to === `entry-${at?.index}`),
    );
    expect(taken.map(({ to, milligrams }) => `${to} ${milligrams}`).toSorted()).toEqual(
      [
        `entry-${more.earlier?.entry.index} ${12_000 * UNITS}`,
        `entry-${more.earlier?.entry.index} ${3_000 * UNITS}`,
        `entry-${more.entry.index} 2000`,
      ].toSorted(),
    );
    expect(traced.start).toBe(`entry-${more.entry.index}`);
  });

  it('stays valid when the journal has grown past its paths: the node has logged the entries', async () => {
    const evidence = await evidenceOf(story.passports[3]?.cid ?? '');
    const sizes = evidence.entry.proof.length;
    // Until the peak over the anchor was merged into a larger one.
    let place = 90_000;
    for (let merged = false; !merged; ) {
      await story.maker.revoke([place++]);
      await service.inStep();
      merged = (await evidenceOf(story.passports[3]?.cid ?? '')).entry.proof.length > sizes;
    }
    expect(await provenanceOf(evidence)).toEqual(VALID);
    expect(await provenanceOf(evidence, quorum)).toEqual(VALID);
  }, 120_000);

  it('is in doubt once a lot upstream is void, and invalid once what was allocated is', async () => {
    const cid = story.passports[4]?.cid ?? '';
    await world.accreditor.send(calls.voidLot({ lot: story.lots.scrap }));
    await service.inStep();
    expect(await provenanceOf(await evidenceOf(cid))).toEqual({
      ...{ code: 'provenance.in-doubt', verdict: 'indeterminate' },
    });
    await world.accreditor.send(calls.voidLot({ lot: story.lots.cells }));
    await service.inStep();
    for (const ledger of [world.reader, quorum]) {
      const judged = await provenanceOf(await evidenceOf(cid), ledger);
      expect(judged).toEqual({ code: 'provenance.unsound', verdict: 'invalid' });
    }
  });
});
