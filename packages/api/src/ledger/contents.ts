/**
 * The credentials of batches that are on the ledger, fetched as soon as a store has them, whoever anchored them. It believes no store:
 * manifests must make the anchored root, credentials hash to their CIDs, and signatures be of the issuer's key. What is wrong with one is
 * kept as a code, for ever; what is only missing is asked for again.
 */
import { type Digest, DppError, encodeHex, hashIssuer, IntegrityError, UnavailableError } from '@dpp-ledger/core';
import { formatCid } from '@dpp-ledger/core/credential';
import { buildBatch, decodeManifest, formatManifestCid } from '@dpp-ledger/core/evidence';
import type { BlockSource } from '@dpp-ledger/sdk/store';
import { sql } from 'kysely';
import type { Database, Leadership, Trx } from '../database/database.ts';
import { DESCRIBED, ROWS_PER_INSERT } from '../database/schema.ts';
import type { Trouble } from '../operation/log.ts';
import { assertSignature, type Letter, readLetter } from '../outbox/door.ts';
import { type Mirror, readHead, type View } from './mirror.ts';

export interface ContentOptions {
  readonly database: Database;
  readonly mirror: Mirror;
  readonly store: BlockSource;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly report: (trouble: Trouble) => void;
  /** Blocks of the store on their way at a time. */
  readonly concurrency?: number;
}

const RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 3_600_000;

interface WaitingBatch {
  readonly entry: number;
  readonly issuer: Uint8Array;
  readonly root: Uint8Array;
  readonly size: number;
  readonly manifest: Uint8Array;
  readonly block_time: number;
  readonly attempts: number;
}

/** Fetches what can be fetched now. Returns in how many milliseconds the next attempt is due; `undefined` if nothing waits. */
export async function fillBatches(
  options: ContentOptions,
  leadership: Leadership,
  signal: AbortSignal,
): Promise<number | undefined> {
  const { database, now } = options;
  for (;;) {
    signal.throwIfAborted();
    const batch = await database.db
      .selectFrom('ledger.batch')
      .select(['entry', 'issuer', 'root', 'size', 'manifest', 'block_time', 'attempts'])
      .where('indexed', '=', false)
      // What is put off for longer than ever was put off by a clock that has gone back since.
      .where(({ eb, or }) => or([eb('attempt_at', '<=', now()), eb('attempt_at', '>', now() + LONGEST_RETRY_MS)]))
      .orderBy('entry')
      .executeTakeFirst();
    if (batch === undefined) break;
    await fillBatch(options, leadership, batch, signal);
  }
  const { rows } = await sql<{ due: number | null }>`
    select min(attempt_at) as due from ledger.batch where not indexed`.execute(database.db);
  const due = rows[0]?.due ?? undefined;
  return due === undefined ? undefined : Math.min(Math.max(due - now(), 0), LONGEST_RETRY_MS);
}

async function fillBatch(
  { database, mirror, store, now, report, concurrency = 16 }: ContentOptions,
  leadership: Leadership,
  batch: WaitingBatch,
  signal: AbortSignal,
): Promise<void> {
  const name = `batch ${encodeHex(batch.root)} of entry ${batch.entry}`;
  const manifest = await readManifest(store, batch, signal).catch((error: unknown) => {
    if (error instanceof DppError) return error;
    throw error;
  });
  if (manifest instanceof UnavailableError) {
    report({ what: `fetch the manifest of ${name}`, error: manifest, entry: batch.entry });
    await database.write(leadership, (trx) => tryAgain(trx, batch, now()));
    return;
  }
  if (manifest instanceof DppError) {
    const { code } = manifest;
    await database.write(leadership, async (trx) => {
      await trx
        .updateTable('ledger.batch')
        .set({ indexed: true, problem: code })
        .where(({ and }) => and(same(batch)))
        .execute();
      await database.notify(trx, 'ledger');
    });
    return;
  }
  const { digests, subtrees } = manifest;
  const view = await mirror.read();
  const rows: CredentialRow[] = [];
  let missing: unknown;
  for (let from = 0; from < digests.length; from += concurrency) {
    const some = digests.slice(from, from + concurrency);
    const read = await Promise.all(
      some.map(async (digest, i): Promise<CredentialRow> => {
        const place = { position: from + i, digest: encodeHex(digest).slice(2) };
        try {
          const bytes = await store.get(formatCid(digest), { signal });
          return { ...place, ...(await readCredential(bytes, batch, view)) };
        } catch (error) {
          if (!(error instanceof DppError)) throw error;
          if (error instanceof UnavailableError) missing = error;
          return { ...place, problem: error.code };
        }
      }),
    );
    rows.push(...read);
    signal.throwIfAborted();
  }
  if (missing !== undefined) report({ what: `fetch credentials of ${name}`, error: missing, entry: batch.entry });
  await database.write(leadership, async (trx) => {
    // The chain may have dropped the entry, or a key, while the store was asked: then it is looked at again.
    if ((await readHead(trx))?.generation !== view.head.generation) return;
    const there = await trx
      .selectFrom('ledger.batch')
      .select('entry')
      .where(({ and }) => and(same(batch)))
      .forUpdate()
      .executeTakeFirst();
    if (there === undefined) return;
    await trx.deleteFrom('ledger.credential').where('entry', '=', batch.entry).execute();
    for (let from = 0; from < rows.length; from += ROWS_PER_INSERT) {
      await insertCredentials(trx, batch.entry, rows.slice(from, from + ROWS_PER_INSERT));
    }
    await trx.updateTable('ledger.batch').set({ subtrees }).where('entry', '=', batch.entry).execute();
    if (missing === undefined) {
      await trx.updateTable('ledger.batch').set({ indexed: true }).where('entry', '=', batch.entry).execute();
    } else {
      await tryAgain(trx, batch, now());
    }
    await database.notify(trx, 'ledger');
  });
}

/** Errors: the store's; `evidence.manifest` or `store.mismatch` where the manifest is not of this batch. */
export async function readManifest(
  store: BlockSource,
  batch: Pick<WaitingBatch, 'manifest' | 'size' | 'root'>,
  signal: AbortSignal | undefined,
): Promise<{ readonly digests: readonly Digest[]; readonly subtrees: Uint8Array }> {
  const digests = decodeManifest(await store.get(formatManifestCid(batch.manifest as Digest), { signal }));
  const { size, root, subtrees } = buildBatch(digests);
  if (size !== batch.size || root !== encodeHex(batch.root)) {
    throw new IntegrityError(
      'store.mismatch',
      'The manifest lists other credentials than the batch that was anchored.',
    );
  }
  return { digests, subtrees };
}

export type CredentialRow = { position: number; digest: string; problem: string | null } & Partial<
  Record<keyof Letter['described'], string | number | readonly string[] | null>
>;

/** What the index keeps of a credential: its description, or the code of what is wrong with it, for ever. */
export async function readCredential(
  bytes: Uint8Array,
  batch: Pick<WaitingBatch, 'issuer' | 'block_time'>,
  { state }: Pick<View, 'state'>,
): Promise<Omit<CredentialRow, 'position' | 'digest'>> {
  let letter: Letter;
  try {
    letter = readLetter(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof DppError) return { problem: error.code };
    if (error instanceof TypeError) return { problem: 'credential.jwt' };
    throw error;
  }
  const { described } = letter;
  const columns = {
    ...described,
    signing_digest: encodeHex(described.signing_digest).slice(2),
    issuer: encodeHex(described.issuer).slice(2),
    key: encodeHex(described.key).slice(2),
  };
  if (hashIssuer(letter.issuer) !== encodeHex(batch.issuer)) return { ...columns, problem: 'credential.issuer' };
  const key = state.issuers.get(encodeHex(batch.issuer))?.keys.get(letter.key);
  // A key that came later signed nothing that counts; so the answer does not depend on when the index asks.
  if (key === undefined || key.validFrom > batch.block_time) return { ...columns, problem: 'key.unknown' };
  try {
    await assertSignature(letter, key);
  } catch (error) {
    if (error instanceof IntegrityError) return { ...columns, problem: error.code };
    throw error;
  }
  return { ...columns, problem: null };
}

async function insertCredentials(trx: Trx, entry: number, rows: readonly CredentialRow[]): Promise<void> {
  await sql`insert into ledger.credential (entry, position, digest, problem, ${DESCRIBED})
    select ${entry}::bigint, position, decode(digest, 'hex'), problem, decode(signing_digest, 'hex'), decode(issuer, 'hex'),
           decode(key, 'hex'), kind, subject, granularity, name, issuer_name, list, place, search, assessed
    from json_to_recordset(${JSON.stringify(rows)}::json) as c(
      position integer, digest text, problem text, signing_digest text, issuer text, key text, kind text, subject text,
      granularity text, name text, issuer_name text, list text, place integer, search text, assessed text[])`.execute(
    trx,
  );
}

/** The chain may have put another batch in its entry since. */
function same({ entry, issuer, root, size, manifest }: WaitingBatch) {
  return { entry, issuer, root, size, manifest };
}

async function tryAgain(trx: Trx, batch: WaitingBatch, now: number): Promise<void> {
  const { attempts } = batch;
  await trx
    .updateTable('ledger.batch')
    .set({
      attempts: attempts + 1,
      attempt_at: now + Math.min(LONGEST_RETRY_MS, RETRY_MS * 2 ** Math.min(attempts, 20)),
    })
    .where(({ and }) => and(same(batch)))
    .execute();
}
