/** A ledger on which everything has happened that an audit looks for, and who did it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeHex } from '@dpp-ledger/core';
import {
  createSigner,
  generateKey,
  type SignedCredential,
  type Signer,
  signCredential,
} from '@dpp-ledger/core/credential';
import { buildBatch, encodeManifest } from '@dpp-ledger/core/evidence';
import { buildPassport } from '@dpp-ledger/core/passport';
import { acts, calls, signRelay, wordsOf } from '../src/ledger/index.ts';
import { createFileStore } from '../src/node/index.ts';
import type { Store } from '../src/store/index.ts';
import { accredit, startLedger, type TestIssuer, type TestLedger } from './support.ts';

export interface Scene {
  readonly ledger: TestLedger;
  readonly store: Store;
  /** A folder for what a test writes. */
  path(name: string): string;
  sign(issuer: TestIssuer, options?: SignOptions): Promise<SignedCredential>;
  /** Stores a batch and anchors it; the anchor's index in the journal. */
  anchor(issuer: TestIssuer, credentials: readonly SignedCredential[], options?: AnchorOptions): Promise<number>;
  /** Lets at least a second pass on the chain; the time before and after it. */
  pass(): Promise<{ readonly before: number; readonly after: number }>;
  stop(): Promise<void>;
}

interface SignOptions {
  readonly gtin?: string;
  /** In list 1; the next one by default. */
  readonly place?: number;
  readonly signer?: Signer;
}

interface AnchorOptions {
  /** What the manifest lists instead. */
  readonly listed?: readonly SignedCredential[];
}

export async function createScene(): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'dpp-audit-'));
  const store = await createFileStore({ folder: join(folder, 'store') });
  const ledger = await startLedger();
  let made = 0;

  return {
    ledger,
    store,
    path: (name) => join(folder, name),

    async sign(issuer, { gtin = '09521234000013', place = made, signer = issuer.signer } = {}) {
      const serial = `S${made++}`;
      const input = { granularity: 'item', gtin, serial, name: 'Laptop 14', category: 'laptop' } as const;
      const passport = buildPassport(
        { ...input, manufacturer: { name: 'Fictional Maker Ltd' } },
        {
          issuer: { id: issuer.id, name: 'Fictional Maker Ltd' },
          ledger: ledger.reader.id,
          status: { list: 1n, index: place },
          statusListCredential: 'https://maker.example/status/1',
          ...{ validFrom: '2026-01-01T00:00:00Z', voice: 'declared' },
        },
      );
      return await signCredential(passport, signer);
    },

    async anchor(issuer, credentials, { listed = credentials } = {}) {
      const { root, size } = buildBatch(credentials.map(({ digest }) => digest));
      const manifest = encodeManifest(listed.map(({ digest }) => digest));
      await store.putBatch({ manifest, credentials: listed });
      const batch = { root, size, manifest: encodeHex(manifest.digest) };
      const { entries } = await issuer.writer.send(calls.anchor({ issuer: issuer.id, ...batch }));
      return entries[0]?.index ?? -1;
    },

    async pass() {
      const before = (await ledger.reader.readBlock('latest'))?.time ?? 0;
      await ledger.rpc.call('evm_increaseTime', [60]);
      await ledger.rpc.call('evm_mine', []);
      return { before, after: (await ledger.reader.readBlock('latest'))?.time ?? 0 };
    },

    async stop() {
      await store.close();
      await ledger.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Everything that has happened, by what it is for. */
export type Happened = Awaited<ReturnType<typeof letItHappen>>;

/** All that an audit looks for, once each. */
export async function letItHappen(scene: Scene) {
  const { ledger, sign, anchor, pass } = scene;
  const [maker, rival, bankrupt, careless] = [
    await accredit(ledger),
    await accredit(ledger),
    await accredit(ledger),
    await accredit(ledger),
  ];
  const grant = (issuer: TestIssuer, prefix: string) =>
    ledger.accreditor.send(calls.grantPrefix({ issuer: issuer.id, number: 1, prefix }));
  const signMany = async (issuer: TestIssuer, count: number) =>
    await Promise.all(Array.from({ length: count }, () => sign(issuer)));

  const early = { entry: await anchor(maker, await signMany(maker, 1)) };
  await pass();
  await grant(maker, 'gs1:9521234');
  await grant(rival, 'gs1:952123');
  await grant(bankrupt, 'gs1:9521234');
  await grant(careless, 'gs1:9521234');

  const sound = await signMany(maker, 6);
  const soundEntry = await anchor(maker, sound);
  const again = await anchor(maker, sound);
  const missing = await signMany(maker, 3);
  const missingEntry = await anchor(maker, missing);

  // Manifests that do not make the root: one shorter, one longer, one in another order.
  const listed = await signMany(maker, 4);
  const more = [...listed, ...(await signMany(maker, 1))];
  const misstated = {
    cut: await anchor(maker, listed, { listed: listed.slice(0, 3) }),
    padded: await anchor(maker, listed, { listed: more }),
    reordered: await anchor(maker, listed, { listed: listed.toReversed() }),
  };

  const stranger = await createSigner({ issuer: maker.id, jwk: await generateKey({ algorithm: 'ES256' }) });
  const forged = await sign(maker, { signer: stranger });
  const outside = await sign(maker, { gtin: '09529999000019' });
  const [one, other] = [await sign(maker, { place: 1_000 }), await sign(maker, { place: 1_000 })];
  const [revoked, superseded] = [await sign(maker, { place: 2_000 }), await sign(maker, { place: 2_001 })];
  const mixed = [forged, outside, one, other, revoked, superseded];
  const mixedEntry = await anchor(maker, mixed);
  const foreign = await sign(rival);
  const foreignEntry = await anchor(maker, [foreign]);
  const status = [
    acts.revoke({ list: 1n, reason: 'error', words: wordsOf([2_000]) }),
    acts.supersede({ list: 1n, reason: 'error', words: wordsOf([2_001]) }),
  ];
  await maker.writer.send(calls.act({ issuer: maker.id, acts: status }));

  const kept = await signMany(bankrupt, 2);
  await anchor(bankrupt, kept);
  const before = await signMany(careless, 2);
  await anchor(careless, before);
  const { after: since } = await pass();
  const [lost, stolen] = [await signMany(bankrupt, 2), await signMany(careless, 3)];
  const lostEntry = await anchor(bankrupt, lost);
  const stolenEntry = await anchor(careless, stolen);
  const relay = await signRelay({
    ledger: ledger.reader.id,
    signer: careless.signer,
    acts: [acts.appointSubmitter(ledger.admin.account)],
    ...{ nonce: 0n, deadline: 2 ** 40 },
  });
  const relayed = await ledger.admin.send(calls.relay(relay));
  await ledger.accreditor.send(calls.withdraw({ issuer: bankrupt.id, since }));
  const mark = acts.markCompromised({ key: careless.signer.keyId, since });
  await careless.writer.send(calls.act({ issuer: careless.id, acts: [mark] }));

  return {
    ...{ maker, rival, bankrupt, careless, since, early, sound, soundEntry, again, missing, missingEntry },
    ...{ listed, misstated, mixed, forged, outside, one, other, mixedEntry, foreign, foreignEntry },
    ...{ lost, lostEntry, stolen, stolenEntry, relayedEntry: relayed.entries[0]?.index },
  };
}
