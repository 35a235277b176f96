/**
 * The audit after a campaign: what clients were promised against what the ledger, the store and the index say, each read anew. It believes
 * no count of the service: batches are opened from the chain's entries, and the index is deleted and rebuilt.
 */
import { isDeepStrictEqual } from 'node:util';
import { createService, type Database, openDatabase } from '@dpp-ledger/api';
import { decodeHex, encodeHex } from '@dpp-ledger/core';
import { createSigner, formatCid } from '@dpp-ledger/core/credential';
import { decodeManifest, formatManifestCid } from '@dpp-ledger/core/evidence';
import { decodeEntry } from '@dpp-ledger/core/journal';
import { createClient, replay } from '@dpp-ledger/sdk';
import type { Store } from '@dpp-ledger/sdk/store';
import { PGlite } from '@electric-sql/pglite';
import { sql } from 'kysely';
import { dumpIndex, type World } from '../../packages/api/test/support.ts';
import type { Books } from './books.ts';
import type { Orders } from './service.ts';
import { SERVICE_DID } from './service.ts';

export interface Findings {
  /** Credentials that the client has a signed promise for. */
  readonly acknowledged: number;
  /** Credentials in batches on the ledger, and those that are there more than once. */
  readonly anchored: number;
  readonly duplicates: number;
  /** Acknowledged and not on the ledger, or without their bytes in the store, or with a receipt that does not say final. */
  readonly lost: number;
  /** Anchored after the time that the receipt promised. */
  readonly late: number;
  readonly refused: number;
  /** Anchors whose transaction was not written down before it was sent. */
  readonly unrecorded: number;
  readonly batches: number;
  readonly entries: number;
  /** Replay meets the contract's tree head, opens every batch, and makes the same entries as the index. */
  readonly replays: boolean;
  /** Tables of the index that differ from those of an index built anew. */
  readonly differs: readonly string[];
}

/** Whether nothing is lost, late or there twice, and everything agrees. */
export function isSound(found: Findings): boolean {
  const { acknowledged, duplicates, lost, late, refused, unrecorded, replays, differs } = found;
  const wrong = duplicates + lost + late + refused + unrecorded + differs.length;
  return acknowledged > 0 && wrong === 0 && replays;
}

const AT_ONCE = 32;

/** Receipts that do not say `final`, asked of the service itself. */
export async function askReceipts(url: string, books: Books): Promise<Set<string>> {
  const open = new Set<string>();
  const client = createClient({ url });
  const all = [...books.promised.values()];
  for (let from = 0; from < all.length; from += AT_ONCE) {
    await Promise.all(
      all.slice(from, from + AT_ONCE).map(async ({ id, cid }) => {
        // One that was a duplicate of something final has no receipt of its own.
        if (id !== '' && (await client.fetchReceipt(id)).state !== 'final') open.add(cid);
      }),
    );
  }
  return open;
}

/** After the service has ended. */
export async function audit(options: {
  readonly world: World;
  readonly orders: Orders;
  readonly store: Store;
  readonly books: Books;
  readonly notFinal: ReadonlySet<string>;
}): Promise<Findings> {
  const { world, orders, store, books, notFinal } = options;
  const pglite = 'folder' in orders.database ? await PGlite.create(orders.database.folder) : undefined;
  const database = pglite === undefined ? openUrl(orders) : openDatabase({ pglite });
  try {
    const { rows: recorded } = await sql<{ hash: string }>`select hash from outbox.transaction`.execute(database.db);
    const hashes = new Set(recorded.map(({ hash }) => hash));
    const anchors = new Map<string, { count: number; time: number }>();
    const entries: string[] = [];
    let [batches, unrecorded] = [0, 0];
    for await (const { bytes, transactionHash } of world.reader.readEntries()) {
      entries.push(encodeHex(bytes));
      const entry = decodeEntry(bytes);
      if (entry.kind !== 'anchored') continue;
      batches += 1;
      if (!hashes.has(transactionHash)) unrecorded += 1;
      const manifest = formatManifestCid(decodeHex(entry.manifest, 32) as Parameters<typeof formatManifestCid>[0]);
      for (const digest of decodeManifest(await store.get(manifest))) {
        const cid = formatCid(digest);
        const before = anchors.get(cid);
        anchors.set(cid, { count: (before?.count ?? 0) + 1, time: before?.time ?? entry.blockTime });
      }
    }
    let [lost, late] = [0, 0];
    const utf8 = new TextDecoder();
    for (const { cid, jwt, anchorBy } of books.promised.values()) {
      const anchor = anchors.get(cid);
      const bytes = await store.get(cid).catch(() => undefined);
      if (anchor === undefined || notFinal.has(cid) || bytes === undefined || utf8.decode(bytes) !== jwt) lost += 1;
      else if (anchor.time * 1_000 > anchorBy) late += 1;
    }
    const replayed = await replay({ ledger: world.reader, source: store, depth: 'credentials' });
    const index = await dump(database);
    const indexed = (index.entry as { bytes: Uint8Array }[]).map(({ bytes }) => encodeHex(new Uint8Array(bytes)));
    const rebuilt = await rebuild(world, orders, store, database);
    return {
      acknowledged: books.promised.size,
      anchored: anchors.size,
      duplicates: [...anchors.values()].filter(({ count }) => count > 1).length,
      ...{ lost, late, refused: books.refused.length, unrecorded, batches, entries: entries.length },
      replays:
        replayed.broken === undefined &&
        replayed.faults === 0 &&
        replayed.opened.credentials >= anchors.size &&
        replayed.entries === entries.length &&
        isDeepStrictEqual(indexed, entries),
      differs: Object.keys(index).filter((table) => !isDeepStrictEqual(index[table], rebuilt[table])),
    };
  } finally {
    await database.close();
    await pglite?.close();
  }
}

function openUrl({ database }: Orders): Database {
  if ('url' in database) return openDatabase({ url: database.url });
  throw new TypeError('a database has a folder or a URL');
}

/** The index as it is built from nothing but the chain and the store. */
async function rebuild(world: World, { serviceKey, privateKey: _ }: Orders, store: Store, database: Database) {
  await database.deleteIndex();
  const service = createService({
    ...{ ledger: world.reader, writer: world.relayer, store, database },
    signer: await createSigner({ issuer: SERVICE_DID, jwk: serviceKey }),
    publicUrl: 'https://dpp.example',
  });
  await service.start();
  await service.caughtUp();
  await service.stop();
  return await dump(database);
}

/** How often a store was asked in vain is no part of what the index says. */
async function dump(database: Database): Promise<Record<string, unknown[]>> {
  const tables = await dumpIndex(database);
  return {
    ...tables,
    batch: (tables.batch as Record<string, unknown>[]).map(({ attempts: _, attempt_at: __, ...row }) => row),
  };
}
