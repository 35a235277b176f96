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
  type Hex,
  type IssuerId,
  RejectedError,
  UnavailableError,
} from '@dpp-ledger/core';
import { formatCid } from '@dpp-ledger/core/credential';
import { buildBatch, encodeManifest, LARGEST_BATCH } from '@dpp-ledger/core/evidence';
import {
  calls,
  type LedgerCall,
  type LedgerWriter,
  parseRelay,
  type Recovered,
  type SignedTransaction,
} from '@dpp-ledger/sdk/ledger';
import type { Block, Store } from '@dpp-ledger/sdk/store';
import { sql } from 'kysely';
import { type Bell, createBell } from './bell.ts';
import { type Database, isDatabaseGone, type Leadership, type Trx } from './database.ts';
import { assertMayAnchor, assertMayIssue, findIssuer, type Issuer } from './door.ts';
import type { Mirror, View } from './mirror.ts';

/** What has just been made durable, or done. */
export type BatcherStep = 'formed' | 'stored' | 'recorded' | 'sent' | 'final';

export interface BatcherOptions {
  readonly database: Database;
  readonly mirror: Mirror;
  readonly writer: LedgerWriter;
  readonly store: Store;
  /** A batch is formed of so many credentials, or when the oldest has waited so long. */
  readonly batch: { readonly size: number; readonly ageMs: number };
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly report: (problem: BatcherProblem) => void;
  /** For tests that end the process between two steps. */
  readonly afterStep?: ((step: BatcherStep) => Promise<void> | void) | undefined;
}

export interface BatcherProblem {
  readonly what: string;
  readonly error: unknown;
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

/** What was sent: a batch or relayed acts. */
type Errand = { readonly batch: number } | { readonly relay: string };

const RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;
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
  /** What this process waits for: `undefined` until it is in a block, then the block. */
  const watched = new Map<string, { block: number | undefined }>();
  const write = <T>(work: (trx: Trx) => Promise<T>): Promise<T> => database.write(leadership, work);
  /** Writes what receipts tell of. */
  const tell = (work: (trx: Trx) => Promise<void>): Promise<void> =>
    write(async (trx) => {
      await work(trx);
      await database.notify(trx, 'receipt');
    });

  /** Runs `work` unless it failed lately; a failure is written down and tried again later, and holds up nothing else. */
  async function attempt(errand: Errand, what: string, work: () => Promise<void>): Promise<void> {
    signal.throwIfAborted();
    try {
      await work();
    } catch (error) {
      if (signal.aborted || isDatabaseGone(error) || isNotLeading(error)) throw error;
      report({ what, error });
      const failure = error instanceof Error ? error.message : String(error);
      await write((trx) => postpone(trx, errand, failure, now()));
    }
  }

  // ------------------------------------------------------------------------------------------------------------ forming

  async function form(view: View): Promise<void> {
    const { rows } = await sql<{ issuer: Uint8Array; waiting: number; oldest: number }>`
      select issuer, count(*)::int as waiting, min(accepted_at) as oldest from outbox.item
      where batch is null and refusal_code is null group by issuer order by oldest`.execute(db);
    for (const { issuer, waiting, oldest } of rows) {
      let left = waiting;
      while (left >= limits.size || (left > 0 && oldest + limits.ageMs <= now())) {
        signal.throwIfAborted();
        left -= await formOne(view, issuer);
      }
    }
  }

  /** Number of items that no longer wait. */
  async function formOne(view: View, issuer: Uint8Array): Promise<number> {
    const items = await db
      .selectFrom('outbox.item')
      .select(['id', 'digest', 'key', 'kind', 'subject', 'checked', 'accepted_at'])
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
    await tell(async (trx) => {
      await refuse(trx, refusals);
      if (batch === undefined) return;
      const { id } = await trx
        .insertInto('outbox.batch')
        .values({
          issuer,
          root: decodeHex(batch.root),
          size: batch.size,
          manifest: batch.manifest.digest,
          state: 'formed',
          formed_at: now(),
          failure: null,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      const ids = `{${good.map((item) => item.id).join(',')}}`;
      await sql`update outbox.item i set batch = ${id}, position = n.position - 1, checked = ${view.head.size}
        from unnest(${ids}::bigint[]) with ordinality as n(id, position) where i.id = n.id`.execute(trx);
    });
    if (batch !== undefined) await afterStep?.('formed');
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
      where issuer = ${issuer} and kind not in ('anchored', 'statusSet')`.execute(db);
    return rows[0]?.index ?? -1;
  }

  // ------------------------------------------------------------------------------------------------------------ storing

  async function storeFormed(): Promise<void> {
    for (const batch of await openBatches('formed')) {
      await attempt({ batch: batch.id }, `store batch ${encodeHex(batch.root)}`, async () => {
        const rows = await db
          .selectFrom('outbox.item')
          .select('digest')
          .where('batch', '=', batch.id)
          .orderBy('position')
          .execute();
        const { cid, bytes } = encodeManifest(rows.map(({ digest }) => digest as Digest));
        await store.putBatch({ manifest: { cid, bytes }, credentials: readBlocks(batch) }, { signal });
        await tell((trx) => setState(trx, batch.id, 'stored'));
        await afterStep?.('stored');
      });
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
      .select(['id', 'key', 'kind', 'subject', 'checked', 'accepted_at'])
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
    try {
      await send({ batch: batch.id }, calls.anchor({ issuer, root, size: batch.size, manifest }));
    } catch (error) {
      // The contract knows something that the index does not yet, or never will.
      if (!(error instanceof RejectedError) || !(await isIndexAtHead(view))) throw error;
      await dissolve(batch, new Map(items.map(({ id }) => [id, error])));
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
    bell.ring();
  }

  async function sendRelays(): Promise<void> {
    const relays = await db
      .selectFrom('outbox.relay')
      .select(['id', 'request', 'purpose'])
      .where('state', '=', 'accepted')
      .where('attempt_at', '<=', now())
      .orderBy('accepted_at')
      .execute();
    for (const relay of relays) {
      await attempt({ relay: relay.id }, relay.purpose, async () => {
        try {
          await send({ relay: relay.id }, calls.relay(parseRelay(JSON.parse(relay.request))));
        } catch (error) {
          if (!(error instanceof RejectedError)) throw error;
          await refuseRelay(relay.id, error);
        }
      });
    }
  }

  async function refuseRelay(id: string, { code, message }: RejectedError): Promise<void> {
    await tell(async (trx) => {
      await trx
        .updateTable('outbox.relay')
        .set({ state: 'refused', refusal_code: code, refusal_detail: message })
        .where('id', '=', id)
        .execute();
    });
  }

  async function send(errand: Errand, call: LedgerCall): Promise<void> {
    let isRecorded = false;
    try {
      const { included } = await writer.submit(call, {
        signal,
        record: async (signed) => {
          await record(errand, signed);
          isRecorded = true;
          await afterStep?.('recorded');
        },
      });
      watch(errand, included);
    } catch (error) {
      if (!isRecorded || !(error instanceof RejectedError)) throw error;
      // Written down, it may yet be included: its fate is told by its nonce, not by what one node says of it now.
      throw new UnavailableError('ledger.pending', error.message, { cause: error });
    }
    await afterStep?.('sent');
  }

  async function record(errand: Errand, { hash, from, nonce, raw, purpose }: SignedTransaction): Promise<void> {
    const owner = 'batch' in errand ? { batch: errand.batch, relay: null } : { batch: null, relay: errand.relay };
    await tell(async (trx) => {
      await trx
        .insertInto('outbox.transaction')
        .values({ hash, ...owner, account: from, nonce, raw, purpose, recorded_at: now() })
        .execute();
      await setErrandSent(trx, errand);
    });
  }

  // ----------------------------------------------------------------------------------------------------------- settling

  function watch(errand: Errand, included: Promise<{ readonly blockNumber: number }>): void {
    const name = nameOf(errand);
    const waiting: { block: number | undefined } = { block: undefined };
    watched.set(name, waiting);
    included.then(
      ({ blockNumber }) => {
        waiting.block = blockNumber;
        bell.ring();
      },
      (error: unknown) => {
        // Refused in its block, replaced, or nobody answers: `recover` finds out which.
        watched.delete(name);
        if (!signal.aborted) report({ what: `wait for ${name}`, error });
        bell.ring();
      },
    );
  }

  /** Marks what is final, and asks after what was sent and is not on the ledger, though nobody waits for it. */
  async function settle(view: View): Promise<void> {
    const { rows } = await sql<{
      batch: number | null;
      relay: string | null;
      block_number: number | null;
      attempt_at: number;
    }>`
      select b.id as batch, null::uuid as relay, a.block_number, b.attempt_at from outbox.batch b
      left join lateral (
        select block_number from ledger.batch a
        where a.root = b.root and a.issuer = b.issuer and a.manifest = b.manifest order by entry limit 1) a on true
      where b.state = 'sent'
      union all
      select null, r.id, e.block_number, r.attempt_at from outbox.relay r
      left join lateral (
        select e.block_number from outbox.transaction t join ledger.entry e on e.transaction_hash = t.hash
        where t.relay = r.id order by e.index limit 1) e on true
      where r.state = 'sent'`.execute(db);
    const lost: Errand[] = [];
    for (const row of rows) {
      const errand: Errand = row.batch === null ? { relay: row.relay ?? '' } : { batch: row.batch };
      if (row.block_number !== null) {
        if (row.block_number <= view.head.finalBlockNumber) await finish(errand);
        continue;
      }
      const waiting = watched.get(nameOf(errand));
      const isPassed = waiting?.block !== undefined && waiting.block <= view.head.blockNumber;
      if ((waiting === undefined || isPassed) && row.attempt_at <= now()) lost.push(errand);
    }
    if (lost.length > 0) await recover(lost);
  }

  async function finish(errand: Errand): Promise<void> {
    await tell(async (trx) => {
      if ('batch' in errand) {
        await setState(trx, errand.batch, 'final');
        // The store keeps the bytes; what is promised is kept.
        await trx.updateTable('outbox.item').set({ jwt: null }).where('batch', '=', errand.batch).execute();
      } else {
        await trx.updateTable('outbox.relay').set({ state: 'final' }).where('id', '=', errand.relay).execute();
      }
    });
    watched.delete(nameOf(errand));
    await afterStep?.('final');
  }

  /** Asks after transactions that were written down. What no block has is sent again, the same bytes. */
  async function recover(errands: readonly Errand[]): Promise<void> {
    const transactions = await db
      .selectFrom('outbox.transaction')
      .selectAll()
      .where('replaced', '=', false)
      .where((eb) =>
        eb.or([
          eb('batch', 'in', [-1, ...errands.flatMap((errand) => ('batch' in errand ? [errand.batch] : []))]),
          eb('relay', 'in', [NO_RELAY, ...errands.flatMap((errand) => ('relay' in errand ? [errand.relay] : []))]),
        ]),
      )
      .orderBy('nonce')
      .orderBy('recorded_at')
      .execute();
    const variantsOf = (errand: Errand) =>
      transactions
        .filter((row) => ('batch' in errand ? row.batch === errand.batch : row.relay === errand.relay))
        .map(
          (row): SignedTransaction => ({
            raw: row.raw as Hex,
            hash: row.hash as Hex,
            from: row.account as Hex,
            nonce: row.nonce,
            purpose: row.purpose,
          }),
        );
    const byNonce = errands.toSorted((a, b) => (variantsOf(a)[0]?.nonce ?? 0) - (variantsOf(b)[0]?.nonce ?? 0));
    for (const errand of byNonce) {
      await attempt(errand, `ask after ${nameOf(errand)}`, async () => {
        const variants = variantsOf(errand);
        const newest = variants.at(-1);
        // Without a transaction it was on the ledger by another's hand, and fell out again.
        if (newest === undefined) return await sendAnew(errand, []);
        const outcomes = await writer.recover(variants, { signal });
        await settleRecovered(errand, variants, outcomes.get(newest.hash));
      });
    }
  }

  async function settleRecovered(
    errand: Errand,
    variants: readonly SignedTransaction[],
    outcome: Recovered | undefined,
  ): Promise<void> {
    switch (outcome?.state) {
      case 'included':
        // The index will meet it; until then there is nothing to do.
        watched.set(nameOf(errand), { block: outcome.receipt.blockNumber });
        return;
      case 'sent':
        watch(errand, writer.wait(variants, { signal, record: (signed) => record(errand, signed) }));
        return;
      case 'refused':
        if ('relay' in errand)
          return await refuseRelay(errand.relay, new RejectedError('ledger.refused', outcome.reason));
        return await sendAnew(errand, variants);
      default:
        return await sendAnew(errand, variants);
    }
  }

  /** The nonce went to another transaction, or to a refusal: these can never be included, and the errand is open again. */
  async function sendAnew(errand: Errand, variants: readonly SignedTransaction[]): Promise<void> {
    watched.delete(nameOf(errand));
    await write(async (trx) => {
      for (const { hash } of variants) {
        await trx.updateTable('outbox.transaction').set({ replaced: true }).where('hash', '=', hash).execute();
      }
      if ('batch' in errand) await setState(trx, errand.batch, 'stored');
      else await trx.updateTable('outbox.relay').set({ state: 'accepted' }).where('id', '=', errand.relay).execute();
    });
    bell.ring();
  }

  // ------------------------------------------------------------------------------------------------------------ reading

  async function openBatches(state: 'formed' | 'stored'): Promise<OpenBatch[]> {
    return await db
      .selectFrom('outbox.batch')
      .select(['id', 'issuer', 'root', 'size', 'manifest'])
      .where('state', '=', state)
      .where('attempt_at', '<=', now())
      .orderBy('id')
      .execute();
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

  async function isIndexAtHead({ head }: View): Promise<boolean> {
    return (await writer.reader.readTreeHead({ signal })).size === head.size;
  }

  /** Milliseconds until a batch is old enough or a failed attempt is due; `undefined`: only a ring brings work. */
  async function untilDue(): Promise<number | undefined> {
    const { rows } = await sql<{ due: number | null }>`
      select min(due) as due from (
        select min(accepted_at) + ${limits.ageMs}::bigint as due from outbox.item where batch is null and refusal_code is null
        union all select min(attempt_at) from outbox.batch where state not in ('final', 'dissolved') and attempt_at > ${now()}
        union all select min(attempt_at) from outbox.relay where state in ('accepted', 'sent') and attempt_at > ${now()}) d`.execute(
      db,
    );
    const due = rows[0]?.due ?? undefined;
    return due === undefined ? undefined : Math.max(due - now(), 0);
  }

  /** What was sent before this process began is asked after before anything else is sent: nonces follow each other. */
  async function recoverAtStart(): Promise<void> {
    const batches = await db.selectFrom('outbox.batch').select('id').where('state', '=', 'sent').execute();
    const relays = await db.selectFrom('outbox.relay').select('id').where('state', '=', 'sent').execute();
    await recover([...batches.map(({ id }) => ({ batch: id })), ...relays.map(({ id }) => ({ relay: id }))]);
  }

  let isRecovered = false;
  while (!signal.aborted) {
    let wait: number | undefined;
    try {
      if (!isRecovered) await recoverAtStart();
      isRecovered = true;
      const view = await mirror.read();
      await settle(view);
      if (!view.state.paused) await form(view);
      await storeFormed();
      await sendStored();
      await sendRelays();
      wait = await untilDue();
      // What waits is due, and stays so until the pause is over.
      if (view.state.paused) wait = Math.max(wait ?? 0, RETRY_MS);
    } catch (error) {
      if (signal.aborted || isNotLeading(error)) return;
      // Before the index has read anything there is nothing to go by; it rings when it has.
      const isEarly = error instanceof DppError && error.code === 'service.not-ready';
      if (!isEarly) report({ what: 'go on with the outbox', error });
      wait = RETRY_MS;
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
}

/** No relay has it. */
const NO_RELAY = '00000000-0000-0000-0000-000000000000';

function nameOf(errand: Errand): string {
  return 'batch' in errand ? `batch ${errand.batch}` : `relay ${errand.relay}`;
}

function isNotLeading(error: unknown): boolean {
  return error instanceof DppError && error.code === 'service.not-leading';
}

/** The loop's condition looks at the signal. */
function ignoreAbort(): void {}

async function setState(trx: Trx, batch: number, state: 'stored' | 'sent' | 'final' | 'dissolved'): Promise<void> {
  await trx
    .updateTable('outbox.batch')
    .set({ state, failure: null, attempts: 0, attempt_at: 0 })
    .where('id', '=', batch)
    .execute();
}

async function setErrandSent(trx: Trx, errand: Errand): Promise<void> {
  if ('batch' in errand) await setState(trx, errand.batch, 'sent');
  else await trx.updateTable('outbox.relay').set({ state: 'sent' }).where('id', '=', errand.relay).execute();
}

async function refuse(trx: Trx, refusals: ReadonlyMap<number, DppError>): Promise<void> {
  if (refusals.size === 0) return;
  const rows = JSON.stringify(Array.from(refusals, ([id, { code, message }]) => ({ id, code, message })));
  await sql`update outbox.item i set refusal_code = r.code, refusal_detail = r.message, batch = null, position = null
    from json_to_recordset(${rows}::json) as r(id bigint, code text, message text) where i.id = r.id`.execute(trx);
}

/** Twice as long each time, up to a minute. */
async function postpone(trx: Trx, errand: Errand, failure: string, now: number): Promise<void> {
  const set = sql`set failure = ${failure}, attempts = attempts + 1,
    attempt_at = ${now}::bigint + least(${LONGEST_RETRY_MS}, ${RETRY_MS} * power(2, least(attempts, 10)))::bigint`;
  if ('batch' in errand) await sql`update outbox.batch ${set} where id = ${errand.batch}`.execute(trx);
  else await sql`update outbox.relay ${set} where id = ${errand.relay}`.execute(trx);
}
