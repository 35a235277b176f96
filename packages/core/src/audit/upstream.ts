/**
 * What stands behind the lots that passports draw on, for all of them at once: fed with the entries that made lots, in the journal's order,
 * it knows of each lot how much of it rests on what no longer holds. The rules are those of `verify` (verify/provenance.ts); only lots
 * that anything is held against are kept.
 */
import { z } from 'zod';
import { encodeHex, type Hex, sha256 } from '../bytes.ts';
import { formatLedger } from '../credential/status.ts';
import type { LedgerId } from '../ids.ts';
import type { LotMass } from '../journal/entry.ts';
import { answerQuestion, type JournalState, type Reading } from '../journal/state.ts';
import { readMakings } from '../materials/flows.ts';
import { type MakingEntry, sourcesOf } from '../materials/provenance.ts';
import { parseShape } from '../shape.ts';
import { isSet } from '../verify/case.ts';
import { attempt, readEvent } from '../verify/presented.ts';
import { saysWhatWasDone } from '../verify/provenance.ts';

export interface UpstreamOptions {
  /** What the whole journal folds to. */
  readonly state: Reading<JournalState>;
  readonly ledger: LedgerId;
}

/** An entry that names an event. */
export type DescribedEntry = Parameters<typeof saysWhatWasDone>[1];
export type EventVerdict = 'sound' | 'not-what-was-done' | 'revoked';

const text = new TextDecoder();

/**
 * The bytes that an entry names as the event which describes it; `accepted`: what was in a lot that was accepted, where it is known. Total:
 * what cannot be read says nothing of it.
 */
export function judgeEvent(
  bytes: Uint8Array,
  entry: DescribedEntry,
  { state, ledger, accepted }: UpstreamOptions & { readonly accepted?: bigint | undefined },
): EventVerdict {
  const home = formatLedger(ledger);
  const [event] = attempt(() => readEvent(text.decode(bytes), home));
  // What was named must be the credential itself: one behind a byte order mark has another hash.
  const isItself = event !== undefined && event.digest === encodeHex(sha256(bytes));
  if (!isItself || event.pointer === undefined || !saysWhatWasDone(event, entry, { ledger: home, accepted })) {
    return 'not-what-was-done';
  }
  const { list, index } = event.pointer;
  const question = { issuer: entry.issuer, key: NOBODY, grant: NOBODY, list, word: Math.floor(index / 256) };
  return isSet(answerQuestion(state, question).status.revoked, event.pointer) ? 'revoked' : 'sound';
}

const NOBODY: Hex = `0x${'00'.repeat(32)}`;

const lots = z.array(
  z.strictObject({
    lot: z.custom<Hex>((value) => typeof value === 'string'),
    isUnsound: z.boolean(),
    affected: z.string().transform((value) => BigInt(value)),
  }),
);
export type KeptUpstream = z.input<typeof lots>;

/** What is held against a lot. */
interface Doubt {
  /** All of it rests on what no longer holds. */
  readonly isUnsound: boolean;
  /** At most so much of it does, or may do so. */
  readonly affected: bigint;
}

export interface Upstream {
  /** The next entry that made lots; `hasFault`: its event says something else, or was revoked. */
  add(entry: MakingEntry, options: { readonly hasFault: boolean }): void;
  judge(claims: readonly LotMass[]): Doubt;
  snapshot(): KeptUpstream;
}

/** `kept`: a snapshot to go on from. Errors: `input.shape`. */
export function createUpstream({ state }: Pick<UpstreamOptions, 'state'>, kept?: unknown): Upstream {
  const doubts = new Map(
    kept === undefined
      ? []
      : parseShape(lots, kept, 'what stands behind lots').map(({ lot, ...doubt }) => [lot, doubt]),
  );
  const of = (lot: Hex): Doubt => doubts.get(lot) ?? { isUnsound: false, affected: 0n };

  return {
    add(entry, { hasFault }) {
      const { actor, blockTime: time } = entry;
      const issuer = state.issuers.get(entry.issuer);
      const key = actor.kind === 'key' ? issuer?.keys.get(actor.id) : undefined;
      const isTooLate = issuer?.withdrawnSince !== undefined && time >= issuer.withdrawnSince;
      const isStolen = key?.compromisedSince !== undefined && time >= key.compromisedSince;
      const sources = sourcesOf(entry).map((source) => ({ taken: source.milligrams, ...of(source.lot) }));
      const sum = sources.reduce((total, { taken, affected }) => total + least(taken, affected), 0n);
      const areUnsound = sources.length > 0 && sources.every(({ isUnsound }) => isUnsound);
      for (const { lot, milligrams } of readMakings(entry)) {
        const isUnsound = hasFault || isTooLate || state.lots.get(lot)?.isVoid === true;
        const affected = isUnsound || isStolen ? milligrams : least(milligrams, sum);
        if (affected > 0n) doubts.set(lot, { isUnsound: isUnsound || areUnsound, affected });
      }
    },
    judge: (claims) => ({
      isUnsound: claims.some(({ lot }) => of(lot).isUnsound),
      affected: claims.reduce((total, { lot, milligrams }) => total + least(of(lot).affected, milligrams), 0n),
    }),
    snapshot: () =>
      Array.from(doubts, ([lot, { isUnsound, affected }]) => ({ lot, isUnsound, affected: String(affected) })),
  };
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
