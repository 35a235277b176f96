/**
 * Kubo, or an IPFS Cluster, over its RPC: a batch goes in as one CAR and is pinned by its manifest. Any client of that interface will
 * do, kubo-rpc-client or its predecessor ipfs-http-client: it is handed in, so that nobody who uses another store installs it.
 */
import { DppError, UnavailableError } from '@dpp-ledger/core';
import { CID } from 'multiformats/cid';
import { withinTime } from '../http.ts';
import { assertBlock, type CheckedBlock, checkBatch, checkFolder, parseBlockCid } from './block.ts';
import { encodeCarFrame, encodeCarHeader } from './car.ts';
import type { Store, StoreOptions } from './store.ts';

interface KuboCallOptions {
  readonly signal?: AbortSignal;
  readonly timeout?: number;
}

/** What is used of the client. */
export interface KuboClient {
  readonly dag: {
    import(
      source: AsyncIterable<Uint8Array>,
      options?: KuboCallOptions & { readonly pinRoots?: boolean },
    ): AsyncIterable<{ readonly root: { readonly cid: { toString(): string }; readonly pinErrorMsg?: string } }>;
  };
  readonly block: { get(cid: CID, options?: KuboCallOptions): Promise<Uint8Array> };
  readonly pin: {
    ls(
      options: KuboCallOptions & { readonly paths: CID; readonly type: 'recursive' },
    ): AsyncIterable<{ readonly cid: { toString(): string } }>;
    rm(cid: CID, options?: KuboCallOptions & { readonly recursive?: boolean }): Promise<unknown>;
  };
  version(options?: KuboCallOptions): Promise<{ readonly version: string }>;
}

export interface KuboOptions {
  readonly client: KuboClient;
  /** For messages: "Kubo at http://127.0.0.1:5001". */
  readonly name: string;
  /** For small questions; 10,000 by default. A batch has six times as long. */
  readonly timeLimitMs?: number;
}

export function createKuboStore(options: KuboOptions): Store {
  const { client, name, timeLimitMs = 10_000 } = options;
  const under = new Map<string, Promise<void>>();

  async function asking<T>(
    work: (call: KuboCallOptions) => Promise<T>,
    { signal }: StoreOptions,
    limit = timeLimitMs,
  ): Promise<T> {
    try {
      return await withinTime(limit, signal, (limited) => work({ signal: limited }));
    } catch (cause) {
      signal?.throwIfAborted();
      if (cause instanceof DppError) throw cause;
      const message = cause instanceof Error ? cause.message : String(cause);
      if (/not found|could not find|no link named/i.test(message)) {
        throw new UnavailableError('store.not-found', `${name}: ${message}.`, { cause });
      }
      throw new UnavailableError('store.unreachable', `${name} does not do what it is asked: ${message}.`, { cause });
    }
  }

  async function isPinned(manifest: string, call: KuboCallOptions): Promise<boolean> {
    try {
      for await (const pin of client.pin.ls({ ...call, paths: CID.parse(manifest), type: 'recursive' })) {
        if (pin.cid.toString() === manifest) return true;
      }
      return false;
    } catch (error) {
      if (error instanceof Error && /not pinned/i.test(error.message)) return false;
      throw error;
    }
  }

  async function isKept(root: string, storeOptions: StoreOptions = {}): Promise<boolean> {
    parseBlockCid(root);
    // A recursive pin holds the root and all that is under it.
    return await asking((call) => isPinned(root, call), storeOptions);
  }

  async function importPinned(
    root: string,
    blocks: AsyncIterable<CheckedBlock>,
    storeOptions: StoreOptions,
  ): Promise<void> {
    if (await isKept(root, storeOptions)) return;
    const car = encodeChecked(root, blocks);
    await asking(
      async (call) => {
        try {
          for await (const { root: imported } of client.dag.import(car.chunks, { ...call, pinRoots: true })) {
            if (imported.pinErrorMsg) throw new Error(`pinning ${imported.cid}: ${imported.pinErrorMsg}`);
          }
        } catch (error) {
          // A client says only that its request failed; a bad block is why.
          throw car.failure() ?? error;
        }
        // What it was asked to keep it says that it keeps.
        if (!(await isPinned(root, call))) throw new Error(`${root} is not pinned after the import`);
      },
      storeOptions,
      6 * timeLimitMs,
    );
  }

  /** Two imports of one root at once make Kubo lose the pin for a moment: the same goes in once at a time. */
  async function putOnce(root: string, blocks: AsyncIterable<CheckedBlock>, storeOptions: StoreOptions): Promise<void> {
    const before = under.get(root) ?? Promise.resolve();
    const mine = before.catch(() => undefined).then(() => importPinned(root, blocks, storeOptions));
    under.set(root, mine);
    try {
      await mine;
    } finally {
      if (under.get(root) === mine) under.delete(root);
    }
  }

  const store: Store = {
    name,

    async get(cid, storeOptions = {}) {
      parseBlockCid(cid);
      const bytes = await asking((call) => client.block.get(CID.parse(cid), call), storeOptions);
      assertBlock({ cid, bytes }, name);
      return bytes;
    },

    async has(cid, storeOptions) {
      try {
        await store.get(cid, storeOptions);
        return true;
      } catch (error) {
        if (error instanceof DppError && error.code === 'store.not-found') return false;
        throw error;
      }
    },

    hasBatch: isKept,
    hasFolder: isKept,

    putBatch: (batch, storeOptions = {}) => putOnce(batch.manifest.cid, checkBatch(batch), storeOptions),

    async putFolder(folder, storeOptions = {}) {
      const { root, replaces } = folder;
      await putOnce(root, checkFolder(folder), storeOptions);
      if (replaces === undefined || replaces === root || !(await isKept(replaces, storeOptions))) return;
      await asking((call) => client.pin.rm(CID.parse(replaces), { ...call, recursive: true }), storeOptions);
    },

    async describe(storeOptions = {}) {
      const durability = 'What Kubo pins, it keeps: its own datastore says what survives a power cut.';
      try {
        const { version } = await asking((call) => client.version(call), storeOptions);
        return { name, reachable: true, software: `Kubo ${version}`, durability };
      } catch (error) {
        if (error instanceof UnavailableError) return { name, reachable: false, durability };
        throw error;
      }
    },

    async close() {},
  };
  return store;
}

/** Blocks under a root as a CAR, checked as it goes: a bad block ends the stream, and the import with it, before anything is pinned. */
function encodeChecked(
  root: string,
  blocks: AsyncIterable<CheckedBlock>,
): { readonly chunks: AsyncIterable<Uint8Array>; failure(): unknown } {
  let failure: unknown;
  async function* encode(): AsyncIterable<Uint8Array> {
    try {
      yield encodeCarHeader(root);
      for await (const { bytes, cidBytes } of blocks) {
        yield encodeCarFrame(cidBytes, bytes.length);
        yield bytes;
      }
    } catch (error) {
      failure = error;
      throw error;
    }
  }
  return { chunks: encode(), failure: () => failure };
}
