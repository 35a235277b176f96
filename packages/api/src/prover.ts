/** The prover: evidence of credentials, and proofs about the journal, from what the index and the store hold. It is believed in nothing. */
import { type Digest, encodeHex, type Hex, hashIssuer, InvalidInputError, UnavailableError } from '@dpp-ledger/core';
import { formatCid } from '@dpp-ledger/core/credential';
import {
  type Batch,
  buildBatch,
  buildEvidence,
  decodeManifest,
  type Evidence,
  formatManifestCid,
} from '@dpp-ledger/core/evidence';
import {
  assembleProof,
  decodeEntry,
  type Entry,
  foldPeaks,
  hashLeaf,
  type ProofPlan,
  planConsistency,
  planInclusion,
  planPeakPath,
  planPeaks,
} from '@dpp-ledger/core/journal';
import type { LedgerReader } from '@dpp-ledger/sdk/ledger';
import type { BlockSource } from '@dpp-ledger/sdk/store';
import type { Catalogue, Version } from './catalogue.ts';
import type { Db } from './database.ts';
import { coveringGrants, findIssuer, formatKey, grantSubjects, type Issuer } from './door.ts';
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

/** Batches' trees that are kept, of at most 16,384 leaves and about 1 MiB each. */
const KEPT_TREES = 32;
const utf8 = new TextDecoder('utf-8', { fatal: true });

export function createProver(options: {
  readonly db: Db;
  readonly mirror: Mirror;
  readonly catalogue: Catalogue;
  readonly reader: LedgerReader;
  readonly store: BlockSource;
}): Prover {
  const { db, mirror, catalogue, reader, store } = options;
  const trees = new Map<string, Promise<Batch>>();

  function readTree({ anchor }: Version): Promise<Batch> {
    const name = formatManifestCid(anchor.manifest);
    const kept = trees.get(name) ?? store.get(name).then((bytes) => buildBatch(decodeManifest(bytes)));
    trees.delete(name);
    trees.set(name, kept);
    // What could not be read now may be there later.
    kept.catch(() => trees.delete(name));
    const [oldest] = trees.keys();
    if (trees.size > KEPT_TREES && oldest !== undefined) trees.delete(oldest);
    return kept;
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
      // What the ledger says is of one moment; what the store has is named by its hash, and may take its time.
      const { version, key, grant, bytes, proof } = await mirror.ask(async ({ state, head }) => {
        const version = await catalogue.findVersion(digest);
        if (version === undefined) throw notFound('No such credential is anchored on this ledger, or not yet.');
        const { anchor } = version;
        const [entry, proof] = await Promise.all([
          db.selectFrom('ledger.entry').select('bytes').where('index', '=', anchor.entry).executeTakeFirst(),
          prove(planPeakPath(anchor.entry, head.size)),
        ]);
        const issuer = findIssuer(state, hashIssuer(version.issuer.id));
        const key = issuer.keys.get(encodeHex(version.key));
        if (entry === undefined || key === undefined) throw notFound('No such credential is anchored on this ledger.');
        return { version, key: formatKey(key), grant: grantOf(version, issuer), bytes: entry.bytes, proof };
      });
      const { anchor, position } = version;
      const [credential, batch] = await Promise.all([readCredential(digest), readTree(version)]);
      return buildEvidence({
        ledger: reader.id,
        credential,
        key,
        grant,
        batch: { index: position, proof: batch.prove(position) },
        entry: { index: anchor.entry, bytes, proof },
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

/** A covering grant that held at the anchor, else any that covers, else any: verification says what is wrong with it. */
function grantOf({ kind, subject, anchor }: Version, issuer: Issuer) {
  if (grantSubjects({ kind, subject }).length === 0) return undefined;
  const covering = coveringGrants(issuer, { kind, subject });
  const held = covering.find(({ from, until }) => from <= anchor.time && (until === undefined || anchor.time < until));
  return held ?? covering[0] ?? [...issuer.grants.values()][0];
}

function notFound(message: string): UnavailableError {
  return new UnavailableError('service.not-found', message);
}
