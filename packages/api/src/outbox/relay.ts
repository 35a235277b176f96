/**
 * Relaying: acts that an issuer's key has signed, brought to the ledger and paid for by this service. It writes a request down only after
 * the batches in it are stored and the contract has said that it would not refuse; the batcher sends it. Whether the key may do what it
 * signed is the contract's to say.
 */
import { randomUUID } from 'node:crypto';
import { type Digest, decodeHex, encodeHex, hashIssuer, InvalidInputError, RejectedError } from '@dpp-ledger/core';
import { formatCid } from '@dpp-ledger/core/credential';
import { buildBatch } from '@dpp-ledger/core/evidence';
import {
  calls,
  type DecodedAct,
  decodeActs,
  type LedgerWriter,
  type RelayRequest,
  verifyRelay,
} from '@dpp-ledger/sdk/ledger';
import type { Store } from '@dpp-ledger/sdk/store';
import { createBell } from '../bell.ts';
import type { Database } from '../database/database.ts';
import type { RateLimiter } from '../http/limits.ts';
import type { Mirror } from '../ledger/mirror.ts';
import { RateLimitedError } from './accept.ts';
import { assertMayIssue, assertSignature, findIssuer, type Letter, readLetter } from './door.ts';
import { findReceipt, type ReceiptStatus } from './receipts.ts';

export interface RelayerOptions {
  readonly database: Database;
  readonly mirror: Mirror;
  readonly writer: LedgerWriter;
  readonly store: Store;
  /** CAIP-10. */
  readonly ledger: string;
  /** Requests per issuer. */
  readonly limiter: RateLimiter;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface Relayer {
  /**
   * Takes a request in, and waits up to `patienceMs` for its entries. One that was taken in before is not taken in again: what has become
   * of it is the answer, so that who missed the answer can ask for it by sending the same again. Errors: `issuer.unknown`, `credential.signature` for a request
   * that its key did not sign for this ledger, `ledger.refused`, `service.rate-limited`; what the door says of its credentials;
   * `store.mismatch` where they are not the batch that is anchored.
   */
  relay(
    request: RelayRequest,
    options: { readonly patienceMs: number; readonly signal: AbortSignal },
  ): Promise<ReceiptStatus>;
}

export function createRelayer({ database, mirror, writer, store, ledger, limiter, now }: RelayerOptions): Relayer {
  const { db } = database;

  async function storeBatches(request: RelayRequest, acts: readonly DecodedAct[]): Promise<void> {
    const { state, head } = await mirror.read();
    const issuer = findIssuer(state, hashIssuer(request.issuer), request.issuer);
    const jwts = request.credentials ?? [];
    const time = Math.max(Math.floor(now() / 1_000), head.blockTime);
    let next = 0;
    for (const act of acts) {
      if (act.kind !== 'anchored') continue;
      const letters = jwts.slice(next, next + act.size).map(readLetter);
      next += act.size;
      if (letters.length !== act.size) {
        throw new InvalidInputError(
          'input.shape',
          `credentials: the acts anchor ${next}, ${jwts.length} came along. Send all of them.`,
        );
      }
      const batch = buildBatch(letters.map(({ digest }) => digest));
      if (batch.root !== act.root || encodeHex(batch.manifest.digest) !== act.manifest) {
        throw new InvalidInputError(
          'input.shape',
          `credentials: they are not those of the batch ${act.root}, or in another order.`,
        );
      }
      await Promise.all(letters.map((letter) => assertOwn(letter)));
      await store.putBatch({ manifest: batch.manifest, credentials: letters.map(toBlock) });
    }
    if (next !== jwts.length) {
      throw new InvalidInputError('input.shape', `credentials: the acts anchor ${next}, ${jwts.length} came along.`);
    }

    /** A batch holds its own issuer's credentials, about what it may speak of, with their status here. */
    async function assertOwn(letter: Letter): Promise<void> {
      if (letter.issuer !== request.issuer) {
        throw new RejectedError(
          'credential.issuer',
          `A credential of ${letter.issuer} is not anchored by ${request.issuer}.`,
        );
      }
      if (letter.status.ledger !== ledger) {
        throw new RejectedError(
          'status.ledger',
          `A credential's status stands on ${letter.status.ledger}, not on ${ledger}.`,
        );
      }
      const { key } = assertMayIssue(issuer, letter.described, { time, roles: issuer.roles });
      await assertSignature(letter, key);
    }
  }

  async function findTaken(written: string): Promise<string | undefined> {
    const taken = await db
      .selectFrom('outbox.relay')
      .select('id')
      .where('request', '=', written)
      .where('state', '<>', 'refused')
      .executeTakeFirst();
    return taken?.id;
  }

  async function takeIn(
    request: RelayRequest,
    acts: readonly DecodedAct[],
    { written, signal }: { readonly written: string; readonly signal: AbortSignal },
  ): Promise<string> {
    // Refused before anything is stored or paid for.
    const call = calls.relay(request);
    await writer.check(call, { signal });
    await storeBatches(request, acts);
    const id = randomUUID();
    await db.transaction().execute(async (trx) => {
      await trx
        .insertInto('outbox.relay')
        .values({
          id,
          issuer: decodeHex(hashIssuer(request.issuer)),
          request: written,
          purpose: call.purpose,
          state: 'accepted',
          accepted_at: now(),
          refusal_code: null,
          refusal_detail: null,
          failure: null,
        })
        .execute();
      await database.notify(trx, 'outbox');
    });
    return id;
  }

  return {
    async relay(request, { patienceMs, signal }) {
      const acts = decodeActs(request.acts);
      const { state } = await mirror.read();
      findIssuer(state, hashIssuer(request.issuer), request.issuer);
      if (!(await verifyRelay(request, writer.reader.id))) {
        throw new RejectedError('credential.signature', 'The key did not sign these acts for this ledger.');
      }
      const wait = limiter.take(request.issuer);
      if (wait > 0) throw new RateLimitedError(`${request.issuer} sends acts faster than it may.`, wait);
      const { credentials: _, ...kept } = request;
      const written = JSON.stringify(kept);
      const done = createBell();
      const stops = await Promise.all([database.listen('receipt', done.ring), database.listen('ledger', done.ring)]);
      try {
        const id = (await findTaken(written)) ?? (await takeIn(request, acts, { written, signal }));
        const deadline = performance.now() + patienceMs;
        for (;;) {
          const receipt = await findReceipt(db, id);
          if (receipt === undefined) throw new TypeError('a relay that was written down has a receipt');
          const left = deadline - performance.now();
          if (receipt.state !== 'accepted' && receipt.state !== 'stored') return receipt;
          if (left <= 0 || signal.aborted) return receipt;
          await done.wait({ signal, ms: left });
        }
      } finally {
        await Promise.all(stops.map((stop) => stop()));
      }
    },
  };
}

function toBlock({ digest, jwt }: Letter) {
  return { cid: formatCid(digest as Digest), bytes: new TextEncoder().encode(jwt.jwt) };
}
