/**
 * The published log's files (C2SP tlog-tiles), made from the index when they are asked for, up to the size of the last checkpoint. They
 * are cached for ever by whoever asked, so none is given unless the index has, at that moment, just what was published.
 */
import { equalBytes, UnavailableError } from '@dpp-ledger/core';
import type { WitnessPolicy } from '@dpp-ledger/core/checkpoint';
import { encodeBundle, foldPeaks, planPeaks, type TileId, tileWidth } from '@dpp-ledger/core/journal';
import { sql } from 'kysely';
import type { Db } from '../database/database.ts';
import { type CosignedCheckpoint, readCosigned, readStandings, type WitnessStanding } from './cosigning.ts';
import { type Published, readPublished } from './publisher.ts';

export interface Tiles {
  /** Errors: `service.not-found` where nothing is published. */
  readCheckpoint(): Promise<Published>;
  findCheckpoint(): Promise<Published | undefined>;
  /** The newest checkpoint that enough of the policy's witnesses cosigned. Errors: `service.not-found` where there is none. */
  readCosigned(): Promise<CosignedCheckpoint>;
  /** What becomes of asking the witnesses; `undefined` where none are asked. */
  readWitnesses(): Promise<Witnesses | undefined>;
  /** Errors: `service.not-found` beyond what is published, `service.not-ready` while the index is elsewhere. */
  readTile(tile: TileId): Promise<Uint8Array>;
}

export interface Witnesses {
  readonly policy: WitnessPolicy;
  readonly standings: readonly WitnessStanding[];
  readonly cosigned: CosignedCheckpoint | undefined;
}

/** Hashes of a tile are this many levels of the tree above those of the tile below. */
const TILE_HEIGHT = 8;

export interface TilesOptions {
  readonly db: Db;
  /** The log's name; nothing is published without. */
  readonly origin: string | undefined;
  /** Whom the publisher asks to cosign. */
  readonly policy: WitnessPolicy | undefined;
}

export function createTiles({ db, origin, policy }: TilesOptions): Tiles {
  async function findCheckpoint(): Promise<Published | undefined> {
    return origin === undefined ? undefined : await readPublished(db, origin);
  }

  async function readCheckpoint(): Promise<Published> {
    const published = await findCheckpoint();
    if (published !== undefined) return published;
    throw new UnavailableError('service.not-found', 'No checkpoint of the journal is published here, or not yet.');
  }

  async function readWitnesses(): Promise<Witnesses | undefined> {
    if (origin === undefined || policy === undefined) return undefined;
    const [standings, cosigned] = await Promise.all([
      readStandings(db, origin, policy),
      readCosigned(db, origin, policy),
    ]);
    return { policy, standings, cosigned };
  }

  return {
    findCheckpoint,
    readCheckpoint,
    readWitnesses,

    async readCosigned() {
      const cosigned = (await readWitnesses())?.cosigned;
      if (cosigned !== undefined) return cosigned;
      throw new UnavailableError(
        'service.not-found',
        'No checkpoint here is cosigned by enough witnesses, or not yet.',
      );
    },

    async readTile(tile) {
      const { size, root } = await readCheckpoint();
      // Any width that was ever published, and those between: what they hold never changes.
      if (tile.width > tileWidth(tile, size)) {
        throw new UnavailableError('service.not-found', `The log has ${size} entries, and no such tile.`);
      }
      const { parts, peaks } = await readParts(db, tile, size);
      if (parts.length !== tile.width || !equalBytes(foldPeaks(peaks), root)) {
        throw new UnavailableError(
          'service.not-ready',
          'The index does not have what is published: it is being rebuilt.',
        );
      }
      return tile.level === 'entries' ? encodeBundle(parts) : Buffer.concat(parts);
    },
  };
}

/** What the tile is made of, and the peaks of the published tree, by one statement: they are of the same moment. */
async function readParts(db: Db, { level, index, width }: TileId, size: number) {
  const first = 256 * index;
  const source =
    level === 'entries'
      ? sql`select index as place, bytes from ledger.entry where index >= ${first} and index < ${first + width}`
      : sql`select index as place, hash as bytes from ledger.node
          where level = ${TILE_HEIGHT * level} and index >= ${first} and index < ${first + width}`;
  const wanted = JSON.stringify(planPeaks(size).map((node, n) => ({ n, ...node })));
  const { rows } = await sql<{ peak: boolean; place: number; bytes: Uint8Array }>`
    select false as peak, t.place, t.bytes from (${source}) t
    union all
    select true, w.n, o.hash from json_to_recordset(${wanted}::json) as w(n integer, level smallint, index bigint)
      join ledger.node o on o.level = w.level and o.index = w.index
    order by 1, 2`.execute(db);
  const of = (isPeak: boolean) => rows.filter(({ peak }) => peak === isPeak).map(({ bytes }) => new Uint8Array(bytes));
  return { parts: of(false), peaks: of(true) };
}
