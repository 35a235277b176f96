/** The prover: evidence of credentials, and proofs about the journal, from what the index and the store hold. It is believed in nothing. */
import {
  type Digest,
  decodeHex,
  encodeHex,
  type Hex,
  hashIssuer,
  InvalidInputError,
  UnavailableError,
} from '@dpp-ledger/core';
import { formatCid } from '@dpp-ledger/core/credential';
import { buildEvidence, type Evidence, planFromSubtrees, proveFromSubtrees } from '@dpp-ledger/core/evidence';
import {
  assembleProof,
  decodeEntry,
  type Entry,
  foldPeaks,
  hashLeaf,
  type LotMass,
  type ProofPlan,
  planConsistency,
  planInclusion,
  planPeakPath,
  planPeaks,
} from '@dpp-ledger/core/journal';
import { collectMakings, isMaking } from '@dpp-ledger/core/materials';
import { fetchEvents, massesClaimed, type StoredMaking } from '@dpp-ledger/sdk';
import type { LedgerReader } from '@dpp-ledger/sdk/ledger';
import type { BlockSource } from '@dpp-ledger/sdk/store';
import { sql } from 'kysely';
import type { Db } from '../database/database.ts';
import { coveringGrants, findIssuer, formatKey, grantSubjects, type Issuer } from '../outbox/door.ts';
import type { Catalogue, Version } from './catalogue.ts';
import { readNodes } from './indexer.ts';
import type { Mirror } from './mirror.ts';

export interface JournalEntry {
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly leaf: Uint8Array;
  readonly entry: Entry;
  readonly transaction: Hex;
}

export interface Prover {
  /** The credential's bytes. Errors: `service.not-found`; the store's. */
  readCredential(digest: Uint8Array): Promise<string>;
  /** Errors: `service.not-found` where the credential is not anchored; the store's. */
  proveCredential(digest: Uint8Array): Promise<Evidence>;
  /** Entries from `from` on, in order. */
  readEntries(options: { readonly from: number; readonly limit: number }): Promise<readonly JournalEntry[]>;
  /** Root of the journal as it was at a size that the index has passed. Errors: `input.shape`. */
  rootAt(size: number): Promise<Uint8Array>;
  /** Peaks of the journal at that size. Errors: `input.shape`. */
  peaksAt(size: number): Promise<Uint8Array[]>;
  /** RFC 9162, 2.1.3. Errors: `input.shape` beyond what the index has. */
  proveInclusion(index: number, size: number): Promise<Uint8Array[]>;
  /** RFC 9162, 2.1.4. Errors: `input.shape`. */
  proveConsistency(first: number, second: number): Promise<Uint8Array[]>;
}

/** Where a credential stands in its batch. */
interface Placed {
  readonly anchor: Pick<Version['anchor'], 'entry' | 'size'>;
  readonly position: number;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

export function createProver(options: {
  readonly db: Db;
  readonly mirror: Mirror;
  readonly catalogue: Catalogue;
  readonly reader: LedgerReader;
  readonly store: BlockSource;
}): Prover {
  const { db, mirror, catalogue, reader, store } = options;

  /** The credential's inclusion path in its batch. The batch is not read whole: it may have thousands of credentials. */
  async function proveInBatch({ anchor: { entry, size }, position: index }: Placed): Promise<Uint8Array[]> {
    const ranges = planFromSubtrees(index, size);
    const digestsOf = ({
      from,
      to,
    }: (typeof ranges)[number]) => sql`(select string_agg(digest, ''::bytea order by position)
      from ledger.credential where entry = ${entry} and position >= ${from}::integer and position < ${to}::integer)`;
    const { rows } = await sql<{ subtrees: Uint8Array | null; joined: Uint8Array | null }>`
      select subtrees, ${sql.join(ranges.map(digestsOf), sql` || `)} as joined from ledger.batch where entry = ${entry}`.execute(
      db,
    );
    const { subtrees, joined } = rows[0] ?? { subtrees: null, joined: null };
    const places = ranges.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i));
    if (subtrees === null || joined?.length !== 32 * places.length) throw gone();
    const digests = new Map(places.map((place, i) => [place, joined.subarray(32 * i, 32 * (i + 1)) as Digest]));
    return proveFromSubtrees({ index, size, subtrees, digests });
  }

  async function readBytes(index: number): Promise<Uint8Array> {
    const row = await db.selectFrom('ledger.entry').select('bytes').where('index', '=', index).executeTakeFirst();
    if (row === undefined) throw gone();
    return row.bytes;
  }

  /** The entries that made these lots. */
  async function readMakings(lots: readonly Hex[]): Promise<ReadonlyMap<Hex, StoredMaking>> {
    const rows = await db
      .selectFrom('ledger.lot as l')
      .innerJoin('ledger.entry as e', 'e.index', 'l.entry')
      .select(['l.id', 'e.index', 'e.bytes'])
      .where(
        'l.id',
        'in',
        [...lots].map((lot) => decodeHex(lot)),
      )
      .execute();
    return new Map(
      rows.flatMap(({ id, index, bytes }) => {
        const entry = decodeEntry(bytes);
        return isMaking(entry) ? [[encodeHex(id), { index, bytes, entry }]] : [];
      }),
    );
  }

  /**
   * A version before this one, of the same issuer and about the same, to which what is lacking was allocated: the newest of those that
   * have the most lots of it in full.
   */
  async function findEarlier({ subject, anchor }: Version, missing: readonly LotMass[]) {
    if (missing.length === 0) return undefined;
    const lots = missing.map(({ lot }) => decodeHex(lot));
    const enough = missing.map(
      ({ lot, milligrams }) =>
        sql`(f.lot = ${decodeHex(lot)} and f.milligrams >= ${String(milligrams)}::numeric * b.size)`,
    );
    const { rows } = await sql<{ entry: number; position: number; digest: Digest; size: number }>`
      select c.entry, c.position, c.digest, b.size
      from ledger.credential c join ledger.batch b on b.entry = c.entry
      join lateral (select count(*) as found, count(*) filter (where ${sql.join(enough, sql` or `)}) as covered
        from ledger.flow f where f.entry = c.entry and f.way = 'out' and f.lot in (${sql.join(lots)})) a on a.found > 0
      where c.subject = ${subject} and c.kind = 'passport' and c.issuer = ${decodeHex(anchor.issuer)} and c.entry < ${anchor.entry}
      order by a.covered desc, c.entry desc, c.position limit 1`.execute(db);
    const [found] = rows;
    return (
      found && { digest: found.digest, position: found.position, anchor: { entry: found.entry, size: found.size } }
    );
  }

  async function prove(plan: ProofPlan): Promise<Uint8Array[]> {
    const wanted = plan.flat();
    const nodes = await readNodes(db, wanted);
    const byName = new Map(wanted.map(({ level, index }, i) => [`${level}/${index}`, nodes[i] as Uint8Array]));
    return assembleProof(plan, (level, index) => byName.get(`${level}/${index}`) as Uint8Array);
  }

  async function assertSize(size: number): Promise<void> {
    const { head } = await mirror.read();
    if (size < 1 || size > head.size) {
      throw new InvalidInputError(
        'input.shape',
        `The journal has ${head.size} entries: a size is 1 to ${head.size}, not ${size}.`,
      );
    }
  }

  async function peaksAt(size: number): Promise<Uint8Array[]> {
    await assertSize(size);
    return await readNodes(db, planPeaks(size));
  }

  async function readCredential(digest: Uint8Array): Promise<string> {
    const accepted = await catalogue.findAccepted(digest);
    if (accepted !== undefined) return accepted;
    if (!(await catalogue.knowsBlock(digest))) throw notFound('No such credential is known here.');
    return utf8.decode(await store.get(formatCid(digest as Digest)));
  }

  return {
    readCredential,

    async proveCredential(digest) {
      const credential = await readCredential(digest);
      const claimed = massesClaimed(credential);
      // What the ledger says is of one moment; what the store has is named by its hash, and may take its time.
      const { key, grant, place, makings, earlier } = await mirror.ask(async ({ state, head }) => {
        const version = await catalogue.findVersion(digest);
        if (version === undefined) throw notFound('No such credential is anchored on this ledger, or not yet.');
        const proveEntry = async ({ index, bytes }: { readonly index: number; readonly bytes: Uint8Array }) => {
          return { index, bytes, proof: await prove(planPeakPath(index, head.size)) };
        };
        const placeOf = async (of: Placed) => {
          const [bytes, proof] = await Promise.all([readBytes(of.anchor.entry), proveInBatch(of)]);
          const entry = await proveEntry({ index: of.anchor.entry, bytes });
          return { batch: { index: of.position, proof }, entry };
        };
        const place = await placeOf(version);
        const before = await findEarlier(version, lacking(claimed, place.entry.bytes));
        const lots = claimed.map(({ lot }) => lot);
        const makings = lots.length === 0 ? undefined : await collectMakings(lots, readMakings);
        const issuer = findIssuer(state, hashIssuer(version.issuer.id));
        const key = issuer.keys.get(encodeHex(version.key));
        if (key === undefined) throw notFound('No such credential is anchored on this ledger.');
        return {
          ...{ key: formatKey(key), grant: grantOf(version, issuer), place },
          makings: makings && (await Promise.all(makings.map(async (one) => ({ ...one, ...(await proveEntry(one)) })))),
          earlier: before && { digest: before.digest, place: await placeOf(before) },
        };
      });
      return buildEvidence({
        ...{ ledger: reader.id, credential, key, grant, ...place },
        lots: makings && { entries: makings, events: await fetchEvents(makings, store) },
        earlier: earlier && { credential: await readCredential(earlier.digest), ...earlier.place },
      });
    },

    async readEntries({ from, limit }) {
      const rows = await db
        .selectFrom('ledger.entry')
        .select(['index', 'bytes', 'transaction_hash'])
        .where('index', '>=', from)
        .orderBy('index')
        .limit(limit)
        .execute();
      return rows.map(({ index, bytes, transaction_hash }) => ({
        index,
        bytes,
        leaf: hashLeaf(bytes),
        entry: decodeEntry(bytes),
        transaction: transaction_hash as Hex,
      }));
    },

    peaksAt,

    async rootAt(size) {
      return foldPeaks(await peaksAt(size));
    },

    async proveInclusion(index, size) {
      await assertSize(size);
      if (index >= size) throw new InvalidInputError('input.shape', `A tree of ${size} entries has no entry ${index}.`);
      return await prove(planInclusion(index, size));
    },

    async proveConsistency(first, second) {
      await assertSize(second);
      if (first > second)
        throw new InvalidInputError('input.shape', `A tree of ${first} entries cannot grow to ${second}.`);
      return await prove(planConsistency(first, second));
    },
  };
}

/** What the anchor allocates less of than is claimed, and how much less. */
function lacking(claimed: readonly LotMass[], anchor: Uint8Array): readonly LotMass[] {
  const entry = claimed.length === 0 ? undefined : decodeEntry(anchor);
  const allocations = entry?.kind === 'anchored' ? entry.allocations : [];
  const allocated = new Map(allocations.map(({ lot, milligrams }) => [lot, milligrams]));
  return claimed.flatMap(({ lot, milligrams }) => {
    const less = milligrams - (allocated.get(lot) ?? 0n);
    return less > 0n ? [{ lot, milligrams: less }] : [];
  });
}

/** A covering grant that held at the anchor, else any that covers, else any: verification says what is wrong with it. */
function grantOf({ kind, subject, anchor }: Version, issuer: Issuer) {
  if (grantSubjects({ kind, subject }).length === 0) return undefined;
  const covering = coveringGrants(issuer, { kind, subject });
  const held = covering.find(({ from, until }) => from <= anchor.time && (until === undefined || anchor.time < until));
  return held ?? covering[0] ?? [...issuer.grants.values()][0];
}

/** What was there a moment ago: the chain has dropped it. */
function gone(): UnavailableError {
  return notFound('No such credential is anchored on this ledger any more. Ask again in a moment.');
}

function notFound(message: string): UnavailableError {
  return new UnavailableError('service.not-found', message);
}
