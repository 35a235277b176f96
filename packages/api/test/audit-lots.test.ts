/** An audit and a verifier never disagree about what passports draw on lots: over the refinery's story, and what goes wrong in it. */
import { encodeHex } from '@dpp-ledger/core';
import { type AuditReport, encodeAuditReport } from '@dpp-ledger/core/audit';
import { formatLedger, type SignedCredential } from '@dpp-ledger/core/credential';
import { buildBatch } from '@dpp-ledger/core/evidence';
import type { Allocation } from '@dpp-ledger/core/journal';
import { formatLot } from '@dpp-ledger/core/materials';
import { createGatherer, createNotes, replay, verify } from '@dpp-ledger/sdk';
import { acts, calls } from '@dpp-ledger/sdk/ledger';
import { createThreadJudge } from '@dpp-ledger/sdk/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRefinery, type Refinery } from './refinery.ts';
import { startWorld, type World } from './support.ts';

let world: World;
let story: Refinery;

beforeAll(async () => {
  world = await startWorld();
  story = await createRefinery(world);
}, 120_000);
afterAll(() => world.stop());

async function audit(options: Partial<Parameters<typeof replay>[0]> = {}): Promise<AuditReport> {
  const { report } = await replay({
    ...{ ledger: world.reader, source: world.embedded.store, depth: 'credentials' },
    ...options,
  });
  if (report === undefined) throw new TypeError('no report');
  return report;
}

/** What a verifier says of a passport's lots, and whether it takes the passport. */
async function verdictOf(jwt: string, earlier?: string) {
  const gatherer = createGatherer({ ledger: world.reader, source: world.embedded.store });
  await gatherer.refresh();
  const evidence = await gatherer.gather(jwt, earlier === undefined ? {} : { earlier });
  const { report } = await verify({ evidence }, { ledger: world.reader });
  return { code: report.checks.find(({ name }) => name === 'provenance')?.code, verdict: report.verdict };
}

const subjectOf = ({ jwt }: { readonly jwt: string }) =>
  JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()).credentialSubject;

/** Stores and anchors a batch of the maker's, with what is allocated to each credential of it. */
async function anchor(credentials: readonly SignedCredential[], allocations: readonly Allocation[] = []) {
  const { root, size, manifest } = buildBatch(credentials.map(({ digest }) => digest));
  await world.embedded.store.putBatch({ manifest, credentials });
  const act = acts.anchor({ root, size, manifest: encodeHex(manifest.digest), allocations });
  await world.admin.send(calls.relay(await story.maker.relay([act])));
}

/** The first passport's materials, changed, in another device's passport. */
async function signDrawing(serial: string, change: (material: Record<string, unknown>) => object = (same) => same) {
  const [first] = story.passports;
  if (first === undefined) throw new TypeError('the story has passports');
  const subject = subjectOf(first);
  const materialProvenance = subject.materialProvenance.map(change);
  return await story.maker.sign({
    credentialSubject: { ...subject, id: subject.id.replace(/21\/.*/, `21/${serial}`), materialProvenance },
  });
}

const codesOf = (report: AuditReport, cids: readonly string[]) =>
  cids.map((cid) => report.findings.invalid.items.find((item) => item.cid === cid)?.code);

describe('an audit of passports that draw on lots', () => {
  it('finds nothing at fault where the events say what was done and the lots were allocated', async () => {
    const report = await audit();
    const { misstatedEvents, missing, invalid, inDoubt, unacceptedTransfers, custodyBreaches } = report.findings;
    for (const { total } of [misstatedEvents, missing, inDoubt, custodyBreaches]) expect(total).toBe(0);
    expect(
      codesOf(
        report,
        story.passports.map(({ cid }) => cid),
      ).every((code) => code === undefined),
    ).toBe(true);
    expect(invalid.items).toEqual([]);
    expect(unacceptedTransfers.items.map(({ lot }) => lot)).toEqual([story.lots.open]);
    expect(report.materials?.sums).toMatchObject([{ fallen: '95000' }, { fallen: '-95000' }]);
    expect(report.outcome).toBe('sound');
  });

  it('says of what was claimed of lots just what a verifier says, in whatever order things were judged', async () => {
    const { lots, passports } = story;
    const ledger = formatLedger(world.reader.id);
    const [before] = passports as [SignedCredential];
    const again = await story.maker.sign({ credentialSubject: { ...subjectOf(before), name: 'Described anew' } });
    const unallocated = await signDrawing('UNALLOCATED');
    const more = await signDrawing('MORE', (material) => ({ ...material, mass: { value: 12.001, unit: 'GRM' } }));
    const primary = await signDrawing('PRIMARY', (material) => ({ ...material, originClass: 'preConsumerRecycled' }));
    const malformed = await signDrawing('MALFORMED', (material) => ({ ...material, mass: { value: 1, unit: 'KGM' } }));
    const other = await signDrawing('OTHER', (material) => ({
      ...material,
      lot: formatLot(ledger.replace(/0x..../, '0x1111'), lots.cells),
    }));
    const enough = [
      { lot: lots.cells, milligrams: 12_000n },
      { lot: lots.put, milligrams: 3_000n },
    ].sort((a, b) => (a.lot < b.lot ? -1 : 1));
    await anchor([again, unallocated, malformed, other]);
    await anchor([more, primary], enough);

    const cases = [again, unallocated, more, primary, malformed, other];
    const found = codesOf(
      await audit(),
      cases.map(({ cid }) => cid),
    );
    expect(found).toEqual([
      undefined,
      'provenance.not-allocated',
      'provenance.over-claimed',
      'provenance.misdescribed',
      'provenance.malformed',
      'provenance.other-ledger',
    ]);
    const verified = await Promise.all(
      cases.map(async ({ jwt }) => await verdictOf(jwt, jwt === again.jwt ? before.jwt : undefined)),
    );
    expect(verified.map(({ code }) => code)).toEqual(['provenance.valid', ...found.slice(1)]);
    const report = await audit();
    expect(report.counts.credentials.judged - report.counts.credentials.valid).toBe(found.length - 1);

    const threads = await audit({ createJudge: (terms) => createThreadJudge(terms, { threads: 2 }), saveEvery: 3 });
    expect(encodeAuditReport(threads)).toBe(encodeAuditReport(report));
  });

  it('is the same where it was ended on the way, what stands behind the lots included', async () => {
    const whole = encodeAuditReport(await audit());
    const notes = createNotes();
    const over = new AbortController();
    const onProgress = ({ step, done }: { readonly step: string; readonly done: number }) =>
      step === 'credentials' && done >= 16 && over.abort(new Error('ended'));
    await expect(audit({ notes, saveEvery: 1, onProgress, signal: over.signal })).rejects.toThrow('ended');
    expect(encodeAuditReport(await audit({ notes, saveEvery: 1 }))).toBe(whole);
  });

  it('finds an event that was revoked, one that says something else and one that is gone, and what rests on them', async () => {
    const [first] = story.passports as [SignedCredential];
    const sold = story.events.get('SCRAP-1/A');
    if (sold === undefined) throw new TypeError('the story has events');
    const withheld = {
      ...world.embedded.store,
      get: async (cid: string, options?: { readonly signal?: AbortSignal | undefined }) =>
        await world.embedded.store.get(cid === sold.cid ? formatNobody() : cid, options),
    };
    const gone = await audit({ source: withheld });
    // The entry that names it, and the anchor of the batch that it stands in.
    expect(gone.findings.missing.items.filter(({ cid }) => cid === sold.cid).map(({ position }) => position)).toEqual(
      expect.arrayContaining([undefined, 0]),
    );
    expect(gone.findings.inDoubt.total).toBe(0);

    // A lot that another lot's event is said to describe.
    const label = 'SCRAP-2';
    const scrap = encodeHex((story.events.get('SCRAP-1') as SignedCredential).digest);
    const registered = acts.material({
      ...{ kind: 'lotRegistered', substance: 7_440_484, origin: 'postConsumerRecycled', custody: 'segregated' },
      ...{ milligrams: 5n, event: scrap, periodFrom: 0, periodUntil: 0, country: 'BE', label, facility: 'a works' },
    });
    await world.admin.send(calls.relay(await story.recycler.relay([registered])));
    const misstated = await audit();
    expect(misstated.findings.misstatedEvents.items).toMatchObject([
      { issuer: story.recycler.id, rule: 'not-what-was-done', cid: story.events.get('SCRAP-1')?.cid },
    ]);

    // Who accepts with the sender's event says nothing of its own.
    const { open } = story.lots;
    const offered = encodeHex((story.events.get('ORE-1/B') as SignedCredential).digest);
    const accepted = acts.material({ kind: 'transferAccepted', sender: story.mine.hash, lot: open, event: offered });
    await world.admin.send(calls.relay(await story.refiner.relay([accepted])));
    const borrowed = await audit();
    expect(borrowed.findings.unacceptedTransfers.total).toBe(0);
    expect(borrowed.findings.misstatedEvents.items).toContainEqual(
      expect.objectContaining({
        issuer: story.refiner.id,
        rule: 'not-what-was-done',
        cid: story.events.get('ORE-1/B')?.cid,
      }),
    );

    // The recycler takes back what it said of its lot: a part of each passport's cobalt came from it.
    const place = JSON.parse(Buffer.from(sold.jwt.split('.')[1] ?? '', 'base64url').toString()).credentialStatus;
    await story.recycler.revoke([Number(place.statusListIndex)]);
    const revoked = await audit();
    expect(revoked.findings.misstatedEvents.items.map(({ rule, cid }) => [rule, cid])).toContainEqual([
      'revoked',
      sold.cid,
    ]);
    expect(await verdictOf(first.jwt)).toMatchObject({ code: 'provenance.in-doubt' });
    expect(revoked.findings.inDoubt.items).toContainEqual(
      expect.objectContaining({ cid: first.cid, issuer: story.maker.id, milligrams: '15000' }),
    );
    expect(codesOf(revoked, [first.cid])).toEqual([undefined]);

    // The lot itself.
    await world.accreditor.send(calls.voidLot({ lot: story.lots.cells }));
    expect(await verdictOf(first.jwt)).toMatchObject({ code: 'provenance.unsound', verdict: 'invalid' });
    const voided = await audit();
    expect(codesOf(voided, [first.cid])).toEqual(['provenance.unsound']);
    expect(voided.findings.inDoubt.items.some(({ cid }) => cid === first.cid)).toBe(false);
  });
});

/** A CID that nobody has. */
function formatNobody(): string {
  return 'bafkreiaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
}
