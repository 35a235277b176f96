/**
 * The batcher: takes accepted credentials from the outbox to a final anchor, and relayed acts to a final entry. It is one loop over what
 * the database says is open; every step is written down before the next begins, so that a process that dies at any moment is gone on
 * with by the next one. One replica runs it. It never anchors what is not stored, never sends what is not written down, and asks the
 * index, not its memory, whether something is on the ledger.
 *
 *     accepted -> formed -> stored -> sent -> (anchored: the index has the entry) -> final
 */
import {
  type Digest,
  DppError,
  decodeHex,
  encodeHex,
  type IssuerId,
  RejectedError,
  UnavailableError,
} from '@dpp-ledger/core';
import { formatCid } from '@dpp-ledger/core/credential';
import { buildBatch, encodeManifest, LARGEST_BATCH } from '@dpp-ledger/core/evidence';
import { calls, type LedgerCall, type LedgerWriter, parseRelay } from '@dpp-ledger/sdk/ledger';
import type { Block, Store } from '@dpp-ledger/sdk/store';
import { sql } from 'kysely';
import { type Bell, createBell } from '../bell.ts';
import { type Database, isDatabaseGone, type Leadership, type Trx } from '../database/database.ts';
import { CHANGES_STANDING } from '../database/schema.ts';
import type { Mirror, View } from '../ledger/mirror.ts';
import type { Trouble } from '../operation/log.ts';
import { assertMayAnchor, assertMayIssue, findIssuer, type Issuer } from './door.ts';
import {
  type BatcherStep,
  createErrands,
  type Errand,
  isDue,
  isNotLeading,
  LONGEST_RETRY_MS,
  postpone,
  setState,
} from './errands.ts';

export interface BatcherOptions {
  readonly database: Database;
  readonly mirror: Mirror;
  readonly writer: LedgerWriter;
  readonly store: Store;
  /** A batch is formed of so many credentials, or when the oldest has waited so long. */
  readonly batch: { readonly size: number; readonly ageMs: number };
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly report: (problem: Trouble) => void;
  /** For tests that end the process between two steps. */
  readonly afterStep?: ((step: BatcherStep, errand: Errand) => Promise<void> | void) | undefined;
}

export interface Batcher {
  /** Runs until `signal` aborts, between steps, or leadership is lost. */
  run(leadership: Leadership, signal: AbortSignal): Promise<void>;
  /** There may be something to do. */
  ring(): void;
}

interface OpenBatch {
  readonly id: number;
  readonly issuer: Uint8Array;
  readonly root: Uint8Array;
  readonly size: number;
  readonly manifest: Uint8Array;
}

const RETRY_MS = 1_000;
const JWTS_PER_READ = 500;

export function createBatcher(options: BatcherOptions): Batcher {
  const bell = createBell();
  return {
    ring: () => bell.ring(),
    run: (leadership, signal) => runBatcher(options, bell, leadership, AbortSignal.any([signal, leadership.lost])),
  };
}

async function runBatcher(
  { database, mirror, writer, store, batch: limits, now, report, afterStep }: BatcherOptions,
  bell: Bell,
  leadership: Leadership,
  signal: AbortSignal,
): Promise<void> {
  const { db } = database;
  const write = <T>(work: (trx: Trx) => Promise<T>): Promise<T> => database.write(leadership, work);
  /** Writes what receipts tell of. */
  const tell = <T>(work: (trx: Trx) => Promise<T>): Promise<T> =>
    write(async (trx) => {
      const done = await work(trx);
      await database.notify(trx, 'receipt');
      return done;
    });

  const errands = createErrands({ database, writer, leadership, signal, now, report, afterStep, ring: bell.ring });
  const { attempt } = errands;

  // ------------------------------------------------------------------------------------------------------------ forming

  /** Whether something was in the way. */
  async function form(view: View): Promise<boolean> {
    let isHindered = false;
    const { rows } = await sql<{ issuer: Uint8Array; waiting: number; oldest: number }>`
      select issuer, count(*)::int as waiting, min(accepted_at) as oldest from outbox.item
      where batch is null and refusal_code is null group by issuer order by oldest`.execute(db);
    for (const { issuer, waiting, oldest } of rows) {
      let left = waiting;
      // One that was accepted in the future was accepted before the clock went back.
      const isOldEnough = oldest + limits.ageMs <= now() || oldest > now();
      try {
        if (!(await adopt(issuer))) {
          isHindered = true;
          continue;
        }
        while (left >= limits.size || (left > 0 && isOldEnough)) {
          signal.throwIfAborted();
          const taken = await formOne(view, issuer);
          if (taken === 0) break;
          left -= taken;
        }
      } catch (error) {
        if (signal.aborted || isDatabaseGone(error) || isNotLeading(error)) throw error;
        // What is wrong with one issuer's credentials holds up nobody else's.
        report({ what: `form a batch of ${encodeHex(issuer)}`, error });
        isHindered = true;
      }
    }
    return isHindered;
  }

  /** Number of items that no longer wait. */
  async function formOne(view: View, issuer: Uint8Array): Promise<number> {
    const items = await db
      .selectFrom('outbox.item')
      .select(['id', 'digest', 'key', 'kind', 'subject', 'checked', 'generation', 'accepted_at'])
      .where('issuer', '=', issuer)
      .where('batch', 'is', null)
      .where('refusal_code', 'is', null)
      .orderBy('id')
      .limit(Math.min(limits.size, LARGEST_BATCH))
      .execute();
    const refusals = await recheck(view, issuer, items);
    if (refusals === 'paused') return items.length;
    const good = items.filter(({ id }) => !refusals.has(id));
    const batch = good.length === 0 ? undefined : buildBatch(good.map(({ digest }) => digest as Digest));
    const formed = await tell(async (trx) => {
      await refuse(trx, refusals);
      if (batch === undefined) return undefined;
      const { id } = await trx
        .insertInto('outbox.batch')
        .values({
          issuer,
          root: decodeHex(batch.root),
          size: batch.size,
          manifest: batch.manifest.digest,
          subtrees: batch.subtrees,
          state: 'formed',
          formed_at: now(),
          failure: null,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      const ids = `{${good.map((item) => item.id).join(',')}}`;
      await sql`update outbox.item i set batch = ${id}, position = n.position - 1, checked = ${view.head.size}, generation = ${view.head.generation}
        from unnest(${ids}::bigint[]) with ordinality as n(id, position) where i.id = n.id`.execute(trx);
      return id;
    });
    if (formed !== undefined) await afterStep?.('formed', { batch: formed });
    return items.length;
  }

  /** Whom the ledger would no longer believe: the key was retired meanwhile, the issuer suspended, a grant taken back. */
  async function recheck(
    { state, head }: View,
    issuerId: Uint8Array,
    items: readonly Checkable[],
  ): Promise<Map<number, DppError> | 'paused'> {
    const all = (error: DppError) => new Map(items.map(({ id }) => [id, error]));
    let issuer: Issuer;
    try {
      issuer = findIssuer(state, issuerId);
      assertMayAnchor(state, issuer, writer.account);
    } catch (error) {
      if (!(error instanceof RejectedError)) throw error;
      return error.code === 'ledger.paused' ? 'paused' : all(error);
    }
    // Only an entry about the issuer, or a retirement that was announced, takes a right away: without one since, they were checked.
    const changed = await lastChange(issuerId);
    const time = Math.max(Math.floor(now() / 1_000), head.blockTime);
    const isStale = (item: Checkable) =>
      item.generation !== head.generation ||
      changed >= item.checked ||
      [...issuer.keys.values()].some(({ retiredAt }) => retiredAt !== undefined && retiredAt <= time);
    const refusals = new Map<number, DppError>();
    for (const item of items.filter(isStale)) {
      try {
        assertMayIssue(issuer, item, { time, roles: issuer.roles });
      } catch (error) {
        if (!(error instanceof RejectedError)) throw error;
        refusals.set(item.id, error);
      }
    }
    return refusals;
  }

  async function lastChange(issuer: Uint8Array): Promise<number> {
    const { rows } = await sql<{ index: number | null }>`
      select max(index) as index from ledger.entry
      where issuer = ${issuer} and ${CHANGES_STANDING}`.execute(db);
    return rows[0]?.index ?? -1;
  }

  // ------------------------------------------------------------------------------------------------------------ storing

  async function storeFormed(): Promise<void> {
    for (const batch of await openBatches('formed')) {
      const failure = await attempt({ batch: batch.id }, `store batch ${encodeHex(batch.root)}`, async () => {
        const rows = await db
          .selectFrom('outbox.item')
          .select('digest')
          .where('batch', '=', batch.id)
          .orderBy('position')
          .execute();
        const { cid, bytes } = encodeManifest(rows.map(({ digest }) => digest as Digest));
        await store.putBatch({ manifest: { cid, bytes }, credentials: readBlocks(batch) }, { signal });
        await tell((trx) => setState(trx, batch.id, 'stored'));
        await afterStep?.('stored', { batch: batch.id });
      });
      // A store that does not answer would be waited for once a batch, and what is stored waits meanwhile.
      if (failure instanceof DppError && failure.code === 'store.unreachable') return;
    }
  }

  /** The batch's credentials in order, in bounded memory. */
  async function* readBlocks({ id, size }: OpenBatch): AsyncIterable<Block> {
    const ascii = new TextEncoder();
    for (let from = 0; from < size; from += JWTS_PER_READ) {
      const rows = await db
        .selectFrom('outbox.item')
        .select(['digest', 'jwt'])
        .where('batch', '=', id)
        .where('position', '>=', from)
        .where('position', '<', from + JWTS_PER_READ)
        .orderBy('position')
        .execute();
      for (const { digest, jwt } of rows) {
        const cid = formatCid(digest as Digest);
        // One that was final before the chain lost it: only the store has its bytes.
        yield { cid, bytes: jwt === null ? await store.get(cid, { signal }) : ascii.encode(jwt) };
      }
    }
  }

  // ------------------------------------------------------------------------------------------------------------ sending

  async function sendStored(): Promise<void> {
    for (const batch of await openBatches('stored')) {
      await attempt({ batch: batch.id }, `anchor batch ${encodeHex(batch.root)}`, () => sendBatch(batch));
    }
  }

  async function sendBatch(batch: OpenBatch): Promise<void> {
    // Somebody may have anchored it already; then there is nothing to send.
    if ((await findAnchor(batch)) !== undefined) {
      await tell((trx) => setState(trx, batch.id, 'sent'));
      return;
    }
    const view = await mirror.read();
    const items = await db
      .selectFrom('outbox.item')
      .select(['id', 'key', 'kind', 'subject', 'checked', 'generation', 'accepted_at'])
      .where('batch', '=', batch.id)
      .execute();
    const refusals = await recheck(view, batch.issuer, items);
    if (refusals === 'paused') {
      await write((trx) => postpone(trx, { batch: batch.id }, 'new anchors are paused', now()));
      return;
    }
    if (refusals.size > 0) return await dissolve(batch, refusals);
    const issuer = findIssuer(view.state, batch.issuer).did as IssuerId;
    const { root, manifest } = { root: encodeHex(batch.root), manifest: encodeHex(batch.manifest) };
    const call = calls.anchor({ issuer, root, size: batch.size, manifest });
    try {
      await errands.send({ batch: batch.id }, call);
    } catch (error) {
      // What waits for a block, a pause perhaps, refuses nothing yet; or the contract knows something that the index does not.
      if (!(error instanceof RejectedError) || !(await isRefused(call)) || !(await isIndexAtHead(view))) throw error;
      await dissolve(batch, new Map(items.map(({ id }) => [id, error])));
    }
  }

  /** Whether the ledger refuses as it stands, without what waits for a block. */
  async function isRefused(call: LedgerCall): Promise<boolean> {
    try {
      await writer.check(call, { signal });
      return false;
    } catch (error) {
      if (error instanceof RejectedError) return true;
      throw error;
    }
  }

  /** Undoes the forming: what is refused stays so, the others wait for their next batch. */
  async function dissolve(batch: OpenBatch, refusals: Map<number, DppError>): Promise<void> {
    await tell(async (trx) => {
      await refuse(trx, refusals);
      await sql`update outbox.item set batch = null, position = null
        where batch = ${batch.id} and refusal_code is null`.execute(trx);
      await setState(trx, batch.id, 'dissolved');
    });
    await afterStep?.('dissolved', { batch: batch.id });
    bell.ring();
  }

  async function sendRelays(): Promise<void> {
    const relays = await db
      .selectFrom('outbox.relay')
      .select(['id', 'request', 'purpose', 'attempt_at'])
      .where('state', '=', 'accepted')
      .orderBy('accepted_at')
      .execute();
    for (const relay of relays.filter(({ attempt_at }) => isDue(attempt_at, now()))) {
      await attempt({ relay: relay.id }, relay.purpose, async () => {
        try {
          await errands.send({ relay: relay.id }, calls.relay(parseRelay(JSON.parse(relay.request))));
        } catch (error) {
          if (!(error instanceof RejectedError)) throw error;
          await errands.refuseRelay(relay.id, error);
        }
      });
    }
  }

  // ------------------------------------------------------------------------------------------------------------ reading

  /** Those whose attempt is due; what has failed before comes after what has not. */
  async function openBatches(state: 'formed' | 'stored'): Promise<OpenBatch[]> {
    const rows = await db
      .selectFrom('outbox.batch')
      .select(['id', 'issuer', 'root', 'size', 'manifest', 'attempt_at'])
      .where('state', '=', state)
      .orderBy('attempts')
      .orderBy('id')
      .execute();
    return rows.filter(({ attempt_at }) => isDue(attempt_at, now()));
  }

  async function findAnchor({ issuer, root, manifest }: OpenBatch): Promise<number | undefined> {
    const row = await db
      .selectFrom('ledger.batch')
      .select('entry')
      .where('root', '=', root)
      .where('issuer', '=', issuer)
      .where('manifest', '=', manifest)
      .orderBy('entry')
      .executeTakeFirst();
    return row?.entry;
  }

  async function isIndexAtHead({ treeHead }: View): Promise<boolean> {
    const { size, root } = await writer.reader.readTreeHead({ signal });
    return size === treeHead.size && root === encodeHex(treeHead.root);
  }

  /**
   * Milliseconds until a batch is old enough or a failed attempt is due: one that a round of `since` has found due was made then, and
   * what has become due in the meantime is due now. It is looked again before long in any case: a clock may go back, and a signal be lost
   * with its connection.
   */
  async function untilDue(since: number): Promise<number> {
    const { rows } = await sql<{ due: number | null }>`
      select min(due) as due from (
        select min(accepted_at) + ${limits.ageMs}::bigint as due from outbox.item where batch is null and refusal_code is null
        union all select min(attempt_at) from outbox.batch where state not in ('final', 'dissolved') and attempt_at > ${since}
        union all select min(attempt_at) from outbox.relay where state in ('accepted', 'sent') and attempt_at > ${since}) d`.execute(
      db,
    );
    const due = rows[0]?.due ?? Number.POSITIVE_INFINITY;
    return Math.min(Math.max(due - now(), 0), LONGEST_RETRY_MS);
  }

  /** Once the index is at the chain's head it tells what was called final and is not there. A chain that does not answer is asked again. */
  async function compare(view: View): Promise<boolean> {
    try {
      if (!(await isIndexAtHead(view))) return false;
    } catch (error) {
      if (error instanceof UnavailableError) return false;
      throw error;
    }
    await errands.reopenLost();
    return true;
  }

  let isRecovered = false;
  let isCompared = false;
  let isCaughtUp = false;
  /** The journal's size when this term began, or soon after. */
  let sizeThen: number | undefined;
  /** Issuers of whom nothing waits that was on the ledger then. */
  const adopted = new Set<string>();

  /** Whether the index has all that was on the ledger when this term began. */
  async function hasCaughtUp({ treeHead }: View): Promise<boolean> {
    try {
      // A chain that lost blocks may be shorter than it was: then the comparison is what tells.
      if (isCompared) sizeThen = treeHead.size;
      sizeThen ??= (await writer.reader.readTreeHead({ signal })).size;
    } catch (error) {
      if (error instanceof UnavailableError) return false;
      throw error;
    }
    return treeHead.size >= sizeThen;
  }

  /**
   * What an earlier term or a back-up left waiting, or was accepted while the index was read anew, may be on the ledger without this outbox
   * knowing: nothing of an issuer is batched before the index has caught up and each of the issuer's batches in it was opened or asked for.
   * What is found goes with the batch that has it. False where it is too early.
   */
  async function adopt(issuer: Uint8Array): Promise<boolean> {
    const name = encodeHex(issuer);
    if (adopted.has(name)) return true;
    if (!isCaughtUp) return false;
    const { rows } = await sql<{ unopened: boolean }>`
      select exists (select from ledger.batch
        where not indexed and attempts = 0 and issuer = ${issuer} and entry < ${sizeThen}::bigint) as unopened`.execute(
      db,
    );
    if (rows[0]?.unopened !== false) return false;
    const { numAffectedRows } = await tell(
      async (trx) =>
        await sql`
        with found as (
          select distinct on (i.id) i.id, c.position, b.entry from outbox.item i
          join ledger.credential c on c.digest = i.digest and c.problem is null
          join ledger.batch b on b.entry = c.entry and b.issuer = i.issuer and b.subtrees is not null
          where i.issuer = ${issuer} and i.batch is null and i.refusal_code is null order by i.id, b.entry),
        made as (
          insert into outbox.batch (issuer, root, size, manifest, subtrees, state, formed_at)
          select issuer, root, size, manifest, subtrees, 'sent', ${now()}::bigint from ledger.batch
          where entry in (select entry from found) returning id, root)
        update outbox.item i set batch = made.id, position = found.position
        from found join ledger.batch b on b.entry = found.entry join made on made.root = b.root
        where i.id = found.id`.execute(trx),
    );
    adopted.add(name);
    // It may be final.
    if (numAffectedRows !== 0n) bell.ring();
    return true;
  }

  while (!signal.aborted) {
    let wait = RETRY_MS;
    try {
      const since = now();
      if (!isRecovered) await errands.recoverAtStart();
      isRecovered = true;
      const view = await mirror.read();
      if (!isCompared) isCompared = await compare(view);
      if (!isCaughtUp) isCaughtUp = await hasCaughtUp(view);
      await errands.settle(view);
      const isHindered = view.state.paused || (await form(view));
      await storeFormed();
      // By an index that has not caught up nothing is known to be on the ledger: after a back-up it would be sent a second time.
      if (isCaughtUp) {
        await sendStored();
        await sendRelays();
      }
      // What is in the way, a pause or an index that is behind, is looked at again before long.
      if (isCaughtUp && !isHindered) wait = await untilDue(since);
    } catch (error) {
      if (signal.aborted || isNotLeading(error)) return;
      // Before the index has read anything there is nothing to go by; it rings when it has.
      const isEarly = error instanceof DppError && error.code === 'service.not-ready';
      if (!isEarly) report({ what: 'go on with the outbox', error });
    }
    await bell.wait({ signal, ms: wait }).catch(ignoreAbort);
  }
}

interface Checkable {
  readonly id: number;
  readonly key: Uint8Array;
  readonly kind: Parameters<typeof assertMayIssue>[1]['kind'];
  readonly subject: string;
  readonly checked: number;
  readonly generation: number;
}

/** The loop's condition looks at the signal. */
function ignoreAbort(): void {}

async function refuse(trx: Trx, refusals: ReadonlyMap<number, DppError>): Promise<void> {
  if (refusals.size === 0) return;
  const rows = JSON.stringify(Array.from(refusals, ([id, { code, message }]) => ({ id, code, message })));
  await sql`update outbox.item i set refusal_code = r.code, refusal_detail = r.message, batch = null, position = null
    from json_to_recordset(${rows}::json) as r(id bigint, code text, message text) where i.id = r.id`.execute(trx);
}
