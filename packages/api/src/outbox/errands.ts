/**
 * Errands: what was or is to be sent to the ledger, a batch or relayed acts, and what becomes of it. A transaction is written down before
 * it is sent; whether it is on the ledger is told by the index; what has become of one that is not is told by its nonce and its receipt,
 * and by nothing else. What no block has is sent again, the same bytes.
 */
import { DppError, type Hex, RejectedError, UnavailableError } from '@dpp-ledger/core';
import type { LedgerCall, LedgerWriter, Recovered, SignedTransaction } from '@dpp-ledger/sdk/ledger';
import { sql } from 'kysely';
import { type Database, isDatabaseGone, type Leadership, type Trx } from '../database/database.ts';
import type { View } from '../ledger/mirror.ts';
import type { Trouble } from '../operation/log.ts';

/** What has just been made durable, or done; or undone: `replaced` is sent anew, `dissolved` is formed anew of what is not refused. */
export type BatcherStep = 'formed' | 'stored' | 'recorded' | 'sent' | 'final' | 'replaced' | 'refused' | 'dissolved';

/** What is sent: a batch by its number, or a relayed request. */
export type Errand = { readonly batch: number } | { readonly relay: string };

export interface ErrandOptions {
  readonly database: Database;
  readonly writer: LedgerWriter;
  readonly leadership: Leadership;
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly report: (problem: Trouble) => void;
  readonly afterStep: ((step: BatcherStep, errand: Errand) => Promise<void> | void) | undefined;
  /** There may be something to do. */
  readonly ring: () => void;
}

export interface Errands {
  /** Runs `work` for an errand; a failure is written down and tried again later, and holds up nothing else. Returns the failure. */
  attempt(errand: Errand, what: string, work: () => Promise<void>): Promise<unknown>;
  /** Signs, writes down, sends. Errors: `ledger.refused` where nothing was written down; the writer's others. */
  send(errand: Errand, call: LedgerCall): Promise<void>;
  /** Ends relayed acts that the ledger does not want. */
  refuseRelay(id: string, reason: RejectedError): Promise<void>;
  /** Marks what is final, and asks after what was sent and is not on the ledger, though nobody waits for it. */
  settle(view: View): Promise<void>;
  /** What was sent before this process began is asked after before anything else is sent: nonces follow each other. */
  recoverAtStart(): Promise<void>;
  /** Once the index is at the head: what was final, and is on no block of it, is open again. */
  reopenLost(): Promise<void>;
}

const RETRY_MS = 1_000;
export const LONGEST_RETRY_MS = 60_000;

export function createErrands(options: ErrandOptions): Errands {
  const { database, writer, leadership, signal, now, report, afterStep, ring } = options;
  const { db } = database;
  /** What this process waits for: `undefined` until it is in a block, then the block. */
  const watched = new Map<string, { block: number | undefined }>();
  /** The history of the index in which those blocks were. */
  let generation: number | undefined;
  const write = <T>(work: (trx: Trx) => Promise<T>): Promise<T> => database.write(leadership, work);
  /** Writes what receipts tell of. */
  const tell = <T>(work: (trx: Trx) => Promise<T>): Promise<T> =>
    write(async (trx) => {
      const done = await work(trx);
      await database.notify(trx, 'receipt');
      return done;
    });

  async function attempt(errand: Errand, what: string, work: () => Promise<void>): Promise<unknown> {
    signal.throwIfAborted();
    try {
      await work();
      return undefined;
    } catch (error) {
      if (signal.aborted || isDatabaseGone(error) || isNotLeading(error)) throw error;
      report({ what, error, ...errand });
      const failure = error instanceof Error ? error.message : String(error);
      await write((trx) => postpone(trx, errand, failure, now()));
      return error;
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
    await afterStep?.('refused', { relay: id });
  }

  async function send(errand: Errand, call: LedgerCall): Promise<void> {
    let isRecorded = false;
    try {
      const { included } = await writer.submit(call, {
        signal,
        record: async (signed) => {
          await record(errand, signed);
          isRecorded = true;
          await afterStep?.('recorded', errand);
        },
      });
      watch(errand, included);
    } catch (error) {
      if (!isRecorded || !(error instanceof RejectedError)) throw error;
      // Written down, it may yet be included: its fate is told by its nonce, not by what one node says of it now.
      throw new UnavailableError('ledger.pending', error.message, { cause: error });
    }
    await afterStep?.('sent', errand);
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

  function watch(errand: Errand, included: Promise<{ readonly blockNumber: number }>): void {
    const name = nameOf(errand);
    const waiting: { block: number | undefined } = { block: undefined };
    watched.set(name, waiting);
    included.then(
      ({ blockNumber }) => {
        waiting.block = blockNumber;
        ring();
      },
      (error: unknown) => {
        // Refused in its block, replaced, or nobody answers: `recover` finds out which.
        watched.delete(name);
        if (!signal.aborted) report({ what: `wait for ${name}`, error, ...errand });
        ring();
      },
    );
  }

  async function settle(view: View): Promise<void> {
    if (generation !== undefined && generation !== view.head.generation) {
      // The index went back: a block that is gone is waited for in vain, and there may be no other for long.
      for (const [name, { block }] of watched) if (block !== undefined) watched.delete(name);
    }
    generation = view.head.generation;
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
        if (row.block_number <= view.head.finalBlockNumber) await finish(errand, view);
        continue;
      }
      const waiting = watched.get(nameOf(errand));
      const isPassed = waiting?.block !== undefined && waiting.block <= view.head.blockNumber;
      if ((waiting === undefined || isPassed) && isDue(row.attempt_at, now())) lost.push(errand);
    }
    if (lost.length > 0) await recover(lost);
  }

  async function finish(errand: Errand, { head }: View): Promise<void> {
    const isDone = await tell(async (trx) => {
      // The index opens again what it undoes and was final; what it has undone since it was read does not become so.
      const { rows } = await sql<{ generation: number }>`select generation from ledger.head for share`.execute(trx);
      if (rows[0]?.generation !== head.generation) return false;
      if ('batch' in errand) {
        await setState(trx, errand.batch, 'final');
        // The store keeps the bytes; what is promised is kept.
        await trx.updateTable('outbox.item').set({ jwt: null }).where('batch', '=', errand.batch).execute();
      } else {
        await trx.updateTable('outbox.relay').set({ state: 'final' }).where('id', '=', errand.relay).execute();
      }
      return true;
    });
    if (!isDone) return;
    watched.delete(nameOf(errand));
    await afterStep?.('final', errand);
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
        if (newest === undefined) return await sendAnew(errand, [], 'replaced');
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
        return await sendAnew(errand, variants, 'refused');
      default:
        return await sendAnew(errand, variants, 'replaced');
    }
  }

  /** The nonce went to another transaction, or to a refusal: these can never be included, and the errand is open again. */
  async function sendAnew(
    errand: Errand,
    variants: readonly SignedTransaction[],
    why: 'replaced' | 'refused',
  ): Promise<void> {
    watched.delete(nameOf(errand));
    await tell(async (trx) => {
      for (const { hash } of variants) {
        await trx.updateTable('outbox.transaction').set({ replaced: true }).where('hash', '=', hash).execute();
      }
      if ('batch' in errand) {
        await trx
          .updateTable('outbox.batch')
          .set({ state: 'stored', failure: null, attempt_at: 0 })
          .where('id', '=', errand.batch)
          .execute();
      } else await trx.updateTable('outbox.relay').set({ state: 'accepted' }).where('id', '=', errand.relay).execute();
      // What a block has refused once it may refuse again, and each time costs money.
      if (why === 'refused') await postpone(trx, errand, 'refused in its block', now());
    });
    if (variants.length > 0) await afterStep?.('replaced', errand);
    ring();
  }

  async function recoverAtStart(): Promise<void> {
    // Another replica may have led, and sent, since this one did.
    writer.forget();
    const batches = await db.selectFrom('outbox.batch').select('id').where('state', '=', 'sent').execute();
    const relays = await db.selectFrom('outbox.relay').select('id').where('state', '=', 'sent').execute();
    await recover([...batches.map(({ id }) => ({ batch: id })), ...relays.map(({ id }) => ({ relay: id }))]);
  }

  /** A chain may have lost final blocks while there was no index to go back: it was deleted, or is another copy. */
  async function reopenLost(): Promise<void> {
    await tell(async (trx) => {
      await sql`update outbox.batch b set state = 'sent' where state = 'final' and not exists (
        select from ledger.batch a where a.root = b.root and a.issuer = b.issuer and a.manifest = b.manifest)`.execute(
        trx,
      );
      await sql`update outbox.relay r set state = 'sent' where state = 'final' and not exists (
        select from outbox.transaction t join ledger.entry e on e.transaction_hash = t.hash where t.relay = r.id)`.execute(
        trx,
      );
    });
  }

  return { attempt, send, refuseRelay, settle, recoverAtStart, reopenLost };
}

/** No relay has it. */
const NO_RELAY = '00000000-0000-0000-0000-000000000000';

function nameOf(errand: Errand): string {
  return 'batch' in errand ? `batch ${errand.batch}` : `relay ${errand.relay}`;
}

export function isNotLeading(error: unknown): boolean {
  return error instanceof DppError && error.code === 'service.not-leading';
}

export async function setState(
  trx: Trx,
  batch: number,
  state: 'stored' | 'sent' | 'final' | 'dissolved',
): Promise<void> {
  await trx
    .updateTable('outbox.batch')
    // Sending is counted on: what is refused in its block again and again comes less and less often.
    .set({ state, failure: null, attempt_at: 0, ...(state === 'sent' ? {} : { attempts: 0 }) })
    .where('id', '=', batch)
    .execute();
}

/** Whether an attempt is due. One that lies further ahead than any is put off was written by a clock that has gone back since. */
export function isDue(attemptAt: number, now: number): boolean {
  return attemptAt <= now || attemptAt > now + LONGEST_RETRY_MS;
}

async function setErrandSent(trx: Trx, errand: Errand): Promise<void> {
  if ('batch' in errand) await setState(trx, errand.batch, 'sent');
  else await trx.updateTable('outbox.relay').set({ state: 'sent' }).where('id', '=', errand.relay).execute();
}

/** Twice as long each time, up to a minute. */
export async function postpone(trx: Trx, errand: Errand, failure: string, now: number): Promise<void> {
  const set = sql`set failure = ${failure}, attempts = attempts + 1,
    attempt_at = ${now}::bigint + least(${LONGEST_RETRY_MS}, ${RETRY_MS} * power(2, least(attempts, 10)))::bigint`;
  if ('batch' in errand) await sql`update outbox.batch ${set} where id = ${errand.batch}`.execute(trx);
  else await sql`update outbox.relay ${set} where id = ${errand.relay}`.execute(trx);
}
