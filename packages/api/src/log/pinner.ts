/**
 * The pinner: the published log in the store as a folder, so that any IPFS gateway serves its files by path, and whoever pins the folder
 * mirrors it. Pinned after its checkpoint, and again with the cosignatures that came later, at most so often; a new version brings what is
 * new and takes the old one's place.
 */
import { DppError } from '@dpp-ledger/core';
import { formatTilePath, planEdge, TILE_WIDTH, type TileId } from '@dpp-ledger/core/journal';
import { type Block, createFolderTree, type FolderTree, type Store } from '@dpp-ledger/sdk/store';
import { createBell, pause } from '../bell.ts';
import type { Database, Leadership } from '../database/database.ts';
import type { Published } from './publisher.ts';
import type { Tiles } from './tiles.ts';

export interface PinnerOptions {
  readonly database: Database;
  readonly tiles: Tiles;
  readonly store: Store;
  /** Between two versions, at least. */
  readonly everyMs: number;
  readonly report: (problem: { readonly what: string; readonly error: unknown }) => void;
}

export interface Pinner {
  /** Runs until `signal` aborts or leadership is lost. */
  run(leadership: Leadership, signal: AbortSignal): Promise<void>;
  /** A checkpoint was signed, or cosigned. */
  ring(): void;
}

const RETRY_MS = 5_000;

export function createPinner({ database, tiles, store, everyMs, report }: PinnerOptions): Pinner {
  const bell = createBell();

  return {
    ring: bell.ring,

    async run(leadership, outer) {
      const signal = AbortSignal.any([outer, leadership.lost]);
      let folder = createLogFolder(tiles);
      while (!signal.aborted) {
        let again: number | undefined;
        try {
          const published = await tiles.findCheckpoint();
          if (published !== undefined && published.pinnedNote !== published.note) {
            await pin(published, folder, leadership, signal);
            await pause(everyMs, signal);
            again = 0;
          }
        } catch (error) {
          if (signal.aborted || (error instanceof DppError && error.code === 'service.not-leading')) return;
          report({ what: 'pin the published journal', error });
          // What it had ready may have come into the store in part: all of it is looked at again.
          folder = createLogFolder(tiles);
          again = RETRY_MS;
        }
        await bell.wait({ signal, ms: again }).catch(() => undefined);
      }
    },
  };

  async function pin(
    published: Published,
    folder: LogFolder,
    leadership: Leadership,
    signal: AbortSignal,
  ): Promise<void> {
    const { origin, size, note, pinned, pinnedSize } = published;
    const isKept = pinned !== undefined && (await store.hasFolder(pinned, { signal }));
    const { root, blocks } = await folder.grow(published, isKept ? (pinnedSize ?? 0) : 0, signal);
    await store.putFolder({ root, blocks, replaces: pinned }, { signal });
    await database.write(leadership, async (trx) => {
      await trx
        .updateTable('outbox.checkpoint')
        .set({ pinned: root, pinned_size: size, pinned_note: note })
        .where('origin', '=', origin)
        .execute();
      await database.notify(trx, 'log');
    });
  }
}

interface LogFolder {
  /** The log at this checkpoint; the blocks are those that a store lacks which has it up to `keptSize`. */
  grow(published: Published, keptSize: number, signal: AbortSignal): Promise<{ root: string; blocks: Block[] }>;
}

function createLogFolder(tiles: Tiles): LogFolder {
  const tree: FolderTree = createFolderTree();
  /** Entries whose full tiles and bundles the tree has. */
  let full = 0;
  let edge: readonly TileId[] = [];

  async function put(tile: TileId): Promise<Block[]> {
    return tree.putFile(formatTilePath(tile), await tiles.readTile(tile));
  }

  return {
    async grow({ size, note }, keptSize, signal) {
      const blocks: Block[] = [];
      for (const tile of planFull(full, size)) {
        signal.throwIfAborted();
        const own = await put(tile);
        if (spanOf(tile) > keptSize) blocks.push(...own);
      }
      full = size - (size % TILE_WIDTH);
      for (const { level, index } of edge) tree.remove(`${formatTilePath({ level, index, width: TILE_WIDTH })}.p`);
      edge = planEdge(size).flatMap((tile): TileId[] =>
        tile.level === 0 ? [tile, { ...tile, level: 'entries' }] : [tile],
      );
      for (const tile of edge) blocks.push(...(await put(tile)));
      blocks.push(...tree.putFile('checkpoint', new TextEncoder().encode(note)));
      const built = tree.build();
      return { root: built.root.cid, blocks: [...blocks, ...built.blocks] };
    },
  };
}

/** Full tiles and bundles that a log of `size` entries has, and one of `before` had not. */
function* planFull(before: number, size: number): Iterable<TileId> {
  for (let level = 0, span = TILE_WIDTH; span <= size; level++, span *= TILE_WIDTH) {
    for (let index = Math.floor(before / span); (index + 1) * span <= size; index++) {
      yield { level, index, width: TILE_WIDTH };
      if (level === 0) yield { level: 'entries', index, width: TILE_WIDTH };
    }
  }
}

/** Entries up to the end of a full tile. */
function spanOf({ level, index }: TileId): number {
  return (index + 1) * TILE_WIDTH ** (level === 'entries' ? 1 : level + 1);
}
