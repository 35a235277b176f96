/**
 * Accepting: credentials in, signed answers out, in order, once they are durable. One at a time or as a stream of any length: a chunk is
 * what has arrived while the one before it was written, so a lone credential does not wait and a flood is written in bulk. It owns the
 * outbox's items until the batcher takes them; it refuses at the door, never later what it could have known here.
 */
import { randomBytes } from 'node:crypto';
import {
  type Digest,
  DppError,
  type ErrorCode,
  equalBytes,
  type Hex,
  InvalidInputError,
  parseJson,
  parseShape,
  RejectedError,
  UnavailableError,
} from '@dpp-ledger/core';
import { formatCid, hashCredential, MAX_CREDENTIAL_BYTES } from '@dpp-ledger/core/credential';
import { sql } from 'kysely';
import { z } from 'zod';
import { pause } from '../bell.ts';
import type { Database, Trx } from '../database/database.ts';
import type { RateLimiter } from '../http/limits.ts';
import type { Line } from '../http/lines.ts';
import type { IndexHead, Mirror } from '../ledger/mirror.ts';
import { type Letter, openLetter } from './door.ts';
import { type Answer, formatTime, type SignedAnswer } from './receipts.ts';

export interface AcceptorOptions {
  readonly database: Database;
  readonly mirror: Mirror;
  /** CAIP-10 of the ledger. */
  readonly ledger: string;
  /** The account that anchors. */
  readonly account: Hex;
  readonly sign: (answer: Answer) => Promise<SignedAnswer>;
  /** Credentials per issuer. */
  readonly limiter: RateLimiter;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How long after acceptance a credential is anchored at the latest. */
  readonly promiseMs: number;
  /** Credentials that wait for a batch at most: beyond it none are taken in. */
  readonly mostWaiting: number;
}

export interface Acceptor {
  /** One credential. Errors: `service.rate-limited`, `service.busy`; what the door refuses is answered, not thrown. */
  accept(jwt: string): Promise<SignedAnswer>;
  /** Lines `{"credential": "<JWT>"}`. Waits where an issuer sends faster than its rate. */
  acceptLines(lines: readonly Line[], signal: AbortSignal): Promise<SignedAnswer[]>;
}

interface Opened {
  readonly opened: readonly (Letter | Refusal)[];
  /** The index that the issuers' rights were read from. */
  readonly head: IndexHead;
}

/** When letters of one chunk were accepted, in milliseconds, and against which state. */
interface Acceptance {
  readonly acceptedAt: number;
  readonly anchorBy: number;
  readonly head: IndexHead;
}

const lineSchema = z.strictObject({ credential: z.string() });
const utf8 = new TextEncoder();
/** How often the waiting are counted, at most. */
const COUNT_EVERY_MS = 500;

export function createAcceptor(options: AcceptorOptions): Acceptor {
  const { database, mirror, ledger, account, sign, limiter, now, promiseMs, mostWaiting } = options;
  let counted = { at: Number.NEGATIVE_INFINITY, waiting: 0 };

  async function assertRoom(): Promise<void> {
    if (performance.now() - counted.at > COUNT_EVERY_MS) {
      const { rows } = await sql<{ waiting: number }>`
        select count(*)::int as waiting from outbox.item where batch is null and refusal_code is null`.execute(
        database.db,
      );
      counted = { at: performance.now(), waiting: rows[0]?.waiting ?? 0 };
    }
    if (counted.waiting < mostWaiting) return;
    throw new UnavailableError(
      'service.busy',
      `${counted.waiting} credentials wait to be anchored, more are not taken in now. Send again in a minute.`,
    );
  }

  /** Opens each letter, writes the good ones down in one transaction, and says what became of each. */
  async function acceptLetters({ opened, head }: Opened): Promise<SignedAnswer[]> {
    const acceptedAt = now();
    const anchorBy = acceptedAt + promiseMs;
    const letters = opened.filter((one): one is Letter => 'jwt' in one);
    const known =
      letters.length === 0
        ? new Map<Letter, Known>()
        : await database.db
            .transaction()
            .execute((trx) => writeDown(database, trx, letters, { acceptedAt, anchorBy, head }));
    // One's own are known at once, those of other replicas at the next count.
    counted.waiting += [...known.values()].filter(({ how }) => how === 'new').length;
    const answers = opened.map((one): Answer => {
      if (!('jwt' in one)) return one;
      const cid = formatCid(one.digest);
      const earlier = known.get(one);
      if (earlier === undefined) throw new TypeError('a letter was neither written down nor found');
      if (earlier.how === 'place') return { ...describe(placeTaken(one)), cid };
      const id = earlier.receipt === undefined ? {} : { id: earlier.receipt };
      if (earlier.how === 'new') return { state: 'accepted', cid, ...id, anchorBy: formatTime(anchorBy) };
      return {
        state: 'duplicate',
        cid: formatCid(earlier.digest),
        ...id,
        ...(earlier.anchorBy === undefined ? {} : { anchorBy: formatTime(earlier.anchorBy) }),
        ...(earlier.entry === undefined ? {} : { entry: earlier.entry }),
      };
    });
    return await Promise.all(answers.map(sign));
  }

  async function open(texts: readonly (string | Refusal)[]): Promise<Opened> {
    const { state, head } = await mirror.read();
    const at = { state, ledger, account, time: Math.max(Math.floor(now() / 1_000), head.blockTime) };
    // Many in flight: signatures are checked on the platform's threads.
    const opened = await Promise.all(
      texts.map(async (text) => {
        if (typeof text !== 'string') return text;
        try {
          return await openLetter(text, at);
        } catch (error) {
          return { ...describe(error), cid: formatCid(hashCredential(utf8.encode(text))) };
        }
      }),
    );
    return { opened, head };
  }

  return {
    async accept(jwt) {
      await assertRoom();
      const letters = await open([jwt]);
      const [one] = letters.opened;
      if (one !== undefined && 'jwt' in one) {
        const wait = limiter.take(one.issuer);
        if (wait > 0) {
          throw new RateLimitedError(`${one.issuer} sends faster than it may. Send again in ${wait} ms.`, wait);
        }
      }
      const [answer] = await acceptLetters(letters);
      if (answer === undefined) throw new TypeError('one letter has one answer');
      return answer;
    },

    async acceptLines(lines, signal) {
      await assertRoom();
      const letters = await open(lines.map(readLine));
      const counts = Map.groupBy(
        letters.opened.filter((one): one is Letter => 'jwt' in one),
        ({ issuer }) => issuer,
      );
      for (const [issuer, { length }] of counts) {
        for (let wait = limiter.take(issuer, length); wait > 0; wait = limiter.take(issuer, length)) {
          await pause(wait, signal);
          signal.throwIfAborted();
        }
      }
      return await acceptLetters(letters);
    },
  };
}

/** The issuer or client must slow down. */
export class RateLimitedError extends UnavailableError {
  readonly retryAfterMs: number;

  constructor(message: string, retryAfterMs: number) {
    super('service.rate-limited', message);
    this.retryAfterMs = retryAfterMs;
  }
}

// ------------------------------------------------------------------------------------------------------------ refusals

/** An answer that is known before anything is written. */
type Refusal = Answer & { readonly state: 'refused' };

function describe(error: unknown): { readonly state: 'refused'; readonly code: ErrorCode; readonly detail: string } {
  // What does not answer is the sender's reason to try again, not the credential's fault: the whole chunk fails.
  if (!(error instanceof DppError) || error instanceof UnavailableError) throw error;
  return { state: 'refused', code: error.code, detail: error.message };
}

function placeTaken({ status }: Letter): RejectedError {
  return new RejectedError(
    'status.place-used',
    `Place ${status.index} of list ${status.list} belongs to another credential of this issuer: take one that is free.`,
  );
}

/** The JWT in a line, or why there is none. */
function readLine(line: Line): string | Refusal {
  try {
    if (line === 'too-long') {
      throw new InvalidInputError(
        'input.too-large',
        `A line holds one credential of at most ${MAX_CREDENTIAL_BYTES} bytes. This one was skipped.`,
      );
    }
    return parseShape(lineSchema, parseJson(line), 'line').credential;
  } catch (error) {
    return { ...describe(error), cid: formatCid(hashCredential(line === 'too-long' ? new Uint8Array() : line)) };
  }
}

// ------------------------------------------------------------------------------------------------------------ writing

/** How a letter is known once it was written down: as new, as one that was there, or its place as another's. */
interface Known {
  readonly how: 'new' | 'signed' | 'place';
  readonly digest: Digest;
  readonly receipt?: string;
  readonly anchorBy?: number;
  readonly entry?: number;
}

async function writeDown(
  database: Database,
  trx: Trx,
  letters: readonly Letter[],
  times: Acceptance,
): Promise<Map<Letter, Known>> {
  const known = await findKnown(trx, letters);
  // The place is signed: two that say the same have the same place, so that one look finds both kinds of twins.
  const taken = new Map<string, { readonly said: Uint8Array; readonly mine: Known }>();
  const fresh: (readonly [letter: Letter, receipt: string])[] = [];
  for (const letter of letters) {
    if (known.has(letter)) continue;
    const { issuer, list, place, signing_digest } = letter.described;
    const name = `${hex(issuer)}/${list}/${place}`;
    const twin = taken.get(name);
    if (twin === undefined) {
      const receipt = createReceiptId(times.acceptedAt);
      taken.set(name, { said: signing_digest, mine: { how: 'new', digest: letter.digest, receipt } });
      fresh.push([letter, receipt]);
    } else if (equalBytes(twin.said, signing_digest)) {
      known.set(letter, { ...twin.mine, how: 'signed', anchorBy: times.anchorBy });
    } else {
      known.set(letter, { how: 'place', digest: letter.digest });
    }
  }
  if (fresh.length === 0) return known;
  const written = await insert(trx, fresh, times);
  for (const [letter, receipt] of fresh) {
    if (written.has(receipt)) known.set(letter, { how: 'new', digest: letter.digest, receipt });
  }
  const missed = fresh.filter(([, receipt]) => !written.has(receipt)).map(([letter]) => letter);
  // Another replica, or another request, was faster: now it is found.
  if (missed.length > 0) for (const [letter, found] of await findKnown(trx, missed)) known.set(letter, found);
  if (written.size > 0) await database.notify(trx, 'outbox');
  return known;
}

/**
 * Who has the place of each in the outbox and on the ledger, and whether it says the same. Each is looked up by itself (`lateral`, one row):
 * a planner without statistics would otherwise read the tables whole.
 */
async function findKnown(trx: Trx, letters: readonly Letter[]): Promise<Map<Letter, Known>> {
  const wanted = JSON.stringify(
    letters.map(({ described: { signing_digest, issuer, list, place } }, n) => ({
      n,
      s: hex(signing_digest),
      i: hex(issuer),
      l: list,
      p: place,
    })),
  );
  const { rows } = await sql<{
    n: number;
    same: boolean;
    digest: Uint8Array;
    receipt: string | null;
    anchor_by: number | null;
    entry: number | null;
  }>`
    with wanted as (select n, decode(s, 'hex') as s, decode(i, 'hex') as i, l, p
                    from json_to_recordset(${wanted}::json) as w(n integer, s text, i text, l text, p integer))
    select w.n, o.signing_digest = w.s as same, o.digest, o.receipt, o.anchor_by, null::bigint as entry
      from wanted w cross join lateral (select signing_digest, digest, receipt, anchor_by from outbox.item
        where list = w.l and place = w.p and issuer = w.i and refusal_code is null limit 1) o
    union all
    select w.n, c.same, c.digest, null, null, c.entry
      from wanted w cross join lateral (select signing_digest = w.s as same, digest, entry from ledger.credential
        where list = w.l and place = w.p and issuer = w.i and problem is null
        order by signing_digest = w.s desc, entry, position limit 1) c`.execute(trx);
  const known = new Map<Letter, Known>();
  for (const row of rows) {
    const letter = letters[row.n];
    if (letter === undefined) throw new TypeError('an answer without a question');
    const before = known.get(letter);
    // The same credential is what counts, wherever it is known.
    if (before?.how === 'signed' && !row.same) continue;
    known.set(letter, {
      how: row.same ? 'signed' : 'place',
      digest: row.digest as Digest,
      ...(before?.how === 'signed' ? before : {}),
      ...(row.receipt === null || !row.same ? {} : { receipt: row.receipt }),
      ...(row.anchor_by === null || !row.same ? {} : { anchorBy: row.anchor_by }),
      ...(row.entry === null || !row.same ? {} : { entry: row.entry }),
    });
  }
  return known;
}

/** Receipts of those that were written; the others met a unique index. */
async function insert(
  trx: Trx,
  fresh: readonly (readonly [Letter, string])[],
  { acceptedAt, anchorBy, head }: Acceptance,
): Promise<Set<string>> {
  const items = JSON.stringify(
    fresh.map(([{ digest, jwt, described }, receipt], n) => ({
      n,
      receipt,
      digest: hex(digest),
      jwt: jwt.jwt,
      ...described,
      signing_digest: hex(described.signing_digest),
      issuer: hex(described.issuer),
      key: hex(described.key),
    })),
  );
  // Numbered as they came, which is the order of their batch. Written in the order of their places, which is one order for all: two that
  // take the same ones at once wait for each other, and never both.
  const { rows } = await sql<{ receipt: string }>`
    with numbered as materialized (
      select n, nextval('outbox.item_id_seq') as id from generate_series(0, ${fresh.length - 1}::integer) as n)
    insert into outbox.item (id, receipt, digest, jwt, accepted_at, anchor_by, checked, generation, signing_digest, issuer, key, kind, subject,
                             granularity, name, issuer_name, list, place, search, assessed)
    overriding system value
    select id, receipt::uuid, decode(digest, 'hex'), jwt, ${acceptedAt}::bigint, ${anchorBy}::bigint, ${head.size}::bigint, ${head.generation}::bigint,
           decode(signing_digest, 'hex'),
           decode(issuer, 'hex'), decode(key, 'hex'), kind, subject, granularity, name, issuer_name, list, place, search, assessed
    from json_to_recordset(${items}::json) as i(
      n integer, receipt text, digest text, jwt text, signing_digest text, issuer text, key text, kind text, subject text,
      granularity text, name text, issuer_name text, list text, place integer, search text, assessed text[])
    join numbered using (n) order by i.list collate "C", i.place, i.issuer collate "C"
    on conflict do nothing returning receipt`.execute(trx);
  return new Set(rows.map(({ receipt }) => receipt));
}

/** A UUID of version 7 (RFC 9562, 5.7): in order of time, so that the index of receipts grows at one end; 74 bits cannot be guessed. */
function createReceiptId(ms: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(ms, 0, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
