/**
 * Cosigning: the witnesses that the operator's policy names are asked to cosign each checkpoint, with a proof that it continues the one
 * they cosigned last (C2SP tlog-witness). Each has a loop of its own with a time limit, so none holds up the publisher or another
 * witness. A cosignature is written down once it is checked, and served with its checkpoint; the publisher's own signature is never made
 * again. What it says is that the log only grew, as that witness saw it: no more.
 */
import { DppError, equalBytes, IntegrityError, UnavailableError } from '@dpp-ledger/core';
import { encodeSignature, type PolicyWitness, type WitnessPolicy } from '@dpp-ledger/core/checkpoint';
import { assembleProof, foldPeaks, planConsistency, planPeaks } from '@dpp-ledger/core/journal';
import { createWitnessClient, type WitnessAnswer, type WitnessClient } from '@dpp-ledger/sdk';
import { type Bell, createBell, pause } from '../bell.ts';
import type { Database, Db, Leadership, Trx } from '../database/database.ts';
import { readNodes } from '../ledger/indexer.ts';
import { type Published, readPublished } from './publisher.ts';

export interface CosigningOptions {
  readonly database: Database;
  /** The log's name. */
  readonly origin: string;
  readonly policy: WitnessPolicy;
  /** For each answer; 10,000 ms. */
  readonly timeLimitMs?: number | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Hides what no answer may show. */
  readonly redact: (text: string) => string;
  readonly asked: (witness: string, outcome: AskOutcome) => void;
  readonly report: (problem: { readonly what: string; readonly error: unknown }) => void;
}

type Cosigned = Extract<WitnessAnswer, { readonly time: number }>;
export type AskOutcome = 'cosigned' | 'refused' | 'unreachable';

export interface Cosigning {
  /** Runs until `signal` aborts or leadership is lost. */
  run(leadership: Leadership, signal: AbortSignal): Promise<void>;
  /** A checkpoint was signed. */
  ring(): void;
}

/** How a witness of the policy stands; witnesses that have no URL are not asked. */
export interface WitnessStanding {
  /** In the policy. */
  readonly name: string;
  readonly key: string;
  /** Entries of the checkpoint that it cosigned last, and when, in seconds since 1970, as it says. */
  readonly size: number | undefined;
  readonly time: number | undefined;
  /** Why it did not cosign when it was asked last, and since when it does not, in milliseconds since 1970. */
  readonly failure: string | undefined;
  readonly failingSince: number | undefined;
}

export interface CosignedCheckpoint {
  readonly size: number;
  readonly note: string;
}

/** A witness that failed is asked again after so long, then after twice as long, and so on up to the most. */
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;
/** Told where the witness really is, it may be elsewhere by then: so often. */
const ATTEMPTS = 3;
/** Checkpoints whose cosignatures are kept while too few have cosigned any newer one. */
const MOST_KEPT = 64;

export function createCosigning(options: CosigningOptions): Cosigning {
  const { database, origin, policy, timeLimitMs, now, redact, asked, report } = options;
  const { db } = database;
  const witnesses = policy.witnesses.flatMap((witness) => {
    const { url, cosigner } = witness;
    if (url === undefined) return [];
    const limit = timeLimitMs === undefined ? {} : { timeLimitMs };
    return [{ witness, client: createWitnessClient({ url, cosigner, ...limit }), bell: createBell() }];
  });

  async function follow(
    witness: PolicyWitness,
    client: WitnessClient,
    bell: Bell,
    leadership: Leadership,
    signal: AbortSignal,
  ): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    while (!signal.aborted) {
      try {
        await cosign(witness, client, leadership, signal);
        retryMs = FIRST_RETRY_MS;
        await bell.wait({ signal }).catch(() => undefined);
      } catch (error) {
        if (signal.aborted || (error instanceof DppError && error.code === 'service.not-leading')) return;
        report({ what: `have the checkpoint cosigned by ${witness.name}`, error });
        await pause(retryMs, signal);
        retryMs = Math.min(2 * retryMs, LAST_RETRY_MS);
      }
    }
  }

  /** Has the newest checkpoint cosigned, unless it is. */
  async function cosign(
    witness: PolicyWitness,
    client: WitnessClient,
    leadership: Leadership,
    signal: AbortSignal,
  ): Promise<void> {
    const { verifierKey } = witness.cosigner;
    const newest = await readPublished(db, origin);
    if (newest === undefined || (await hasCosigned(db, newest, verifierKey))) return;
    try {
      const { published, answer } = await ask(witness, client, newest, signal);
      await writeCosignature(leadership, published, verifierKey, answer);
      asked(witness.name, 'cosigned');
    } catch (error) {
      if (!signal.aborted && error instanceof DppError && /^(?:witness|checkpoint)\./.test(error.code)) {
        asked(witness.name, error instanceof UnavailableError ? 'unreachable' : 'refused');
        await writeFailure(leadership, verifierKey, error);
      }
      throw error;
    }
  }

  /** Asks from where the witness is known to be; if it is elsewhere, it says where, and is asked from there. Errors: the client's. */
  async function ask(
    { name, cosigner }: PolicyWitness,
    client: WitnessClient,
    newest: Published,
    signal: AbortSignal,
  ): Promise<{ readonly published: Published; readonly answer: Cosigned }> {
    let published = newest;
    let oldSize = (await readWitness(db, origin, cosigner.verifierKey))?.size ?? 0;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      if (oldSize > published.size) {
        throw new IntegrityError(
          'checkpoint.fork',
          `The witness ${name} has cosigned a checkpoint of ${oldSize} entries, and none of more than ${published.size} was signed here: somebody else has the log's key, or the database was restored from an older state.`,
        );
      }
      const proof = await prove(db, oldSize, published);
      const answer = await client.addCheckpoint({ oldSize, proof, checkpoint: published.signed }, { signal });
      if ('cosignature' in answer) return { published, answer };
      oldSize = answer.cosignedSize;
      // Another leader may have had it cosign what was published meanwhile.
      published = (await readPublished(db, origin)) ?? published;
    }
    throw new UnavailableError('witness.unreachable', `The witness ${name} names another size each time it is asked.`);
  }

  async function writeCosignature(
    leadership: Leadership,
    { size, signed }: Published,
    witness: string,
    { cosignature, time }: Cosigned,
  ): Promise<void> {
    const row = { note: signed, line: encodeSignature(cosignature) };
    const standing = { size, cosigned_at: time, failure: null, failing_since: null };
    await database.write(leadership, async (trx) => {
      await trx
        .insertInto('outbox.cosignature')
        .values({ origin, size, witness, ...row })
        .onConflict((conflict) => conflict.columns(['origin', 'size', 'witness']).doUpdateSet(row))
        .execute();
      await trx
        .insertInto('outbox.witness')
        .values({ origin, witness, ...standing })
        .onConflict((conflict) => conflict.columns(['origin', 'witness']).doUpdateSet(standing))
        .execute();
      await forgetOlder(trx);
      await database.notify(trx, 'log');
    });
  }

  async function writeFailure(leadership: Leadership, witness: string, error: unknown): Promise<void> {
    const failure = redact(error instanceof Error ? error.message : String(error));
    await database.write(leadership, async (trx) => {
      await trx
        .insertInto('outbox.witness')
        .values({ origin, witness, failure, failing_since: now() })
        .onConflict((conflict) =>
          conflict.columns(['origin', 'witness']).doUpdateSet(({ fn, ref, val }) => ({
            failure,
            failing_since: fn.coalesce(ref('outbox.witness.failing_since'), val(now())),
          })),
        )
        .execute();
    });
  }

  /** What nobody will ask for again: below the newest that enough cosigned, or long below the newest. */
  async function forgetOlder(trx: Trx): Promise<void> {
    const groups = await readGroups(trx, origin);
    const enough = groups.find(({ rows }) => isEnough(policy, rows))?.size;
    const oldest = enough ?? groups[MOST_KEPT - 1]?.size;
    if (oldest === undefined) return;
    await trx.deleteFrom('outbox.cosignature').where('origin', '=', origin).where('size', '<', oldest).execute();
  }

  return {
    ring() {
      for (const { bell } of witnesses) bell.ring();
    },
    async run(leadership, outer) {
      const signal = AbortSignal.any([outer, leadership.lost]);
      await Promise.all(
        witnesses.map(({ witness, client, bell }) => follow(witness, client, bell, leadership, signal)),
      );
    },
  };
}

/** The newest checkpoint that enough witnesses cosigned, with their signatures. It may be older than the newest one. */
export async function readCosigned(
  db: Db,
  origin: string,
  policy: WitnessPolicy,
): Promise<CosignedCheckpoint | undefined> {
  const found = (await readGroups(db, origin)).find(({ rows }) => isEnough(policy, rows));
  return found && { size: found.size, note: (found.rows[0]?.note ?? '') + found.rows.map(({ line }) => line).join('') };
}

export async function readStandings(db: Db, origin: string, policy: WitnessPolicy): Promise<WitnessStanding[]> {
  const rows = await db.selectFrom('outbox.witness').selectAll().where('origin', '=', origin).execute();
  return policy.witnesses
    .filter(({ url }) => url !== undefined)
    .map(({ name, cosigner: { verifierKey: key } }) => {
      const row = rows.find(({ witness }) => witness === key);
      return {
        ...{ name, key, size: row?.size ?? undefined, time: row?.cosigned_at ?? undefined },
        ...{ failure: row?.failure ?? undefined, failingSince: row?.failing_since ?? undefined },
      };
    });
}

interface Group {
  readonly size: number;
  readonly rows: readonly { readonly witness: string; readonly note: string; readonly line: string }[];
}

/** Newest first. */
async function readGroups(db: Db | Trx, origin: string): Promise<Group[]> {
  const rows = await db
    .selectFrom('outbox.cosignature')
    .selectAll()
    .where('origin', '=', origin)
    .orderBy('size', 'desc')
    .orderBy('witness')
    .execute();
  return Array.from(
    Map.groupBy(rows, ({ size }) => size),
    ([size, group]) => ({ size, rows: group }),
  );
}

function isEnough({ witnesses, meetsQuorum }: WitnessPolicy, rows: Group['rows']): boolean {
  const keys = new Set(rows.map(({ witness }) => witness));
  return meetsQuorum(witnesses.filter(({ cosigner }) => keys.has(cosigner.verifierKey)).map(({ name }) => name));
}

async function hasCosigned(db: Db, { origin, size, signed }: Published, witness: string): Promise<boolean> {
  const row = await db
    .selectFrom('outbox.cosignature')
    .select('size')
    .where('origin', '=', origin)
    .where('size', '=', size)
    .where('witness', '=', witness)
    .where('note', '=', signed)
    .executeTakeFirst();
  return row !== undefined;
}

async function readWitness(db: Db, origin: string, witness: string) {
  return await db
    .selectFrom('outbox.witness')
    .select('size')
    .where('origin', '=', origin)
    .where('witness', '=', witness)
    .executeTakeFirst();
}

/** From that size to what is published. Errors: UnavailableError `service.not-ready` while the index has something else. */
async function prove(db: Db, oldSize: number, { size, root }: Published): Promise<Uint8Array[]> {
  const [peaks, plan] = [planPeaks(size), planConsistency(oldSize, size)];
  const nodes = await readNodes(db, [...peaks, ...plan.flat()]);
  if (!equalBytes(foldPeaks(nodes.slice(0, peaks.length)), root)) {
    throw new UnavailableError('service.not-ready', 'The index does not have what is published: it is being rebuilt.');
  }
  // A plan is read in its own order.
  const planned = nodes.slice(peaks.length).values();
  return assembleProof(plan, () => planned.next().value as Uint8Array);
}
