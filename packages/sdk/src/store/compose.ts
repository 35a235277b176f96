/** Stores put together: a store that falls back on other sources, and many blocks read at once. */
import { DppError } from '@dpp-ledger/core';
import { gravest } from './gateway.ts';
import type { Block, BlockSource, Store, StoreOptions } from './store.ts';

/** Writes to `store`; reads from it first, then from each source in order. Errors: the gravest of all that were asked. */
export function readThrough(store: Store, ...sources: readonly BlockSource[]): Store {
  const all: readonly BlockSource[] = [store, ...sources];
  const get = (cid: string, options?: StoreOptions) => firstOf(all, (source) => source.get(cid, options));
  const name = all.map((source) => source.name).join(', then ');
  return {
    ...store,
    name,
    get,
    describe: async (options) => ({ ...(await store.describe(options)), name }),
    async has(cid, options) {
      for (const source of all) if (await source.has(cid, options)) return true;
      return false;
    },
  };
}

async function firstOf<T>(sources: readonly BlockSource[], ask: (source: BlockSource) => Promise<T>): Promise<T> {
  const failures: DppError[] = [];
  for (const source of sources) {
    try {
      return await ask(source);
    } catch (error) {
      if (!(error instanceof DppError)) throw error;
      failures.push(error);
    }
  }
  throw gravest(failures);
}

/** Blocks in the order of their CIDs, `concurrency` (16) of them on their way at a time. Errors: as `get`. */
export async function* fetchBlocks(
  source: BlockSource,
  cids: Iterable<string> | AsyncIterable<string>,
  options: StoreOptions & { readonly concurrency?: number } = {},
): AsyncIterable<Block> {
  const { concurrency = 16, ...storeOptions } = options;
  const under: Promise<Block>[] = [];
  const begin = async (cid: string): Promise<Block> => ({ cid, bytes: await source.get(cid, storeOptions) });
  for await (const cid of cids) {
    const block = begin(cid);
    // Its failure is met when its turn comes.
    block.catch(() => undefined);
    under.push(block);
    if (under.length >= concurrency) yield await (under.shift() as Promise<Block>);
  }
  for (const block of under) yield await block;
}
