/**
 * What passports draw on lots, held against what was allocated to them: in their own anchor, or in an earlier one of the same issuer whose
 * batch has another version of the same passport. A record for each passport and lot; all versions of a passport are found together at
 * the end, so that it does not matter in which order they were judged.
 */
import { type Digest, decodeHex, encodeHex, type Hex } from '@dpp-ledger/core';
import type { LotDraws } from '@dpp-ledger/core/audit';
import type { EntryOf } from '@dpp-ledger/core/journal';
import { createGrouping, type Grouping, type ReplayNotes } from './notes.ts';

/** A passport, and what was already found of it. */
interface DrawingPassport {
  readonly entry: number;
  readonly position: number;
  readonly digest: Digest;
  /** No check failed. */
  readonly isValid: boolean;
  /** It is listed as invalid. */
  readonly isListed: boolean;
}

/** A passport that no verifier will take for what it says of lots. */
export interface UncoveredPassport extends DrawingPassport {
  readonly code:
    | 'provenance.not-allocated'
    | 'provenance.over-claimed'
    | 'provenance.misdescribed'
    | 'provenance.unsound';
}

export interface Draws extends Pick<Grouping, 'flush' | 'restore' | 'count'> {
  /** `isUnsound`: all of a lot comes from what no longer holds. */
  add(
    passport: DrawingPassport,
    draws: LotDraws,
    options: { readonly anchor: EntryOf<'anchored'>; readonly isUnsound: boolean },
  ): Promise<void>;
  uncovered(onRecords: (records: readonly Uint8Array[]) => void): AsyncIterable<UncoveredPassport>;
}

/** 32 bytes of what it is about, 6 of the entry, 2 of the position, 32 of the lot, 8 claimed, 8 allocated, 32 of the digest, 1 of flags. */
const LENGTH = 121;
const FLAGS = ['isValid', 'isListed', 'isMisdescribed', 'isUnsound'] as const;
type Flags = Record<(typeof FLAGS)[number], boolean>;
/** A claim beyond this was never allocated. */
const MOST = 2n ** 64n - 1n;

export function createDraws(notes: ReplayNotes): Draws {
  const grouping = createGrouping(notes, { file: 'draws', length: LENGTH, key: 32 });
  return {
    flush: grouping.flush,
    restore: grouping.restore,
    count: grouping.count,

    async add(
      { entry, position, digest, isValid, isListed },
      { claims, about, isMisdescribed },
      { anchor, isUnsound },
    ) {
      const claimed = new Map(claims.map(({ lot, milligrams }) => [lot, milligrams]));
      const allocated = new Map(anchor.allocations.map(({ lot, milligrams }) => [lot, milligrams]));
      for (const lot of new Set([...claimed.keys(), ...allocated.keys()])) {
        const masses = { claimed: claimed.get(lot) ?? 0n, allocated: allocated.get(lot) ?? 0n };
        const flags = { isValid, isListed, isMisdescribed, isUnsound };
        await grouping.add(encodeRecord(about, { entry, position, digest, lot, ...masses, flags }));
      }
    },

    async *uncovered(onRecords) {
      for await (const group of grouping.groups()) {
        onRecords(group);
        const records = group.map(decodeRecord);
        /** By anchor, what each passport of its batch was allocated. */
        const versions = new Map<number, Map<Hex, bigint>>();
        for (const { entry, lot, allocated } of records) {
          const version = versions.get(entry) ?? new Map<Hex, bigint>();
          versions.set(entry, version.set(lot, allocated));
        }
        for (const passport of Map.groupBy(records, ({ entry, position }) => `${entry} ${position}`).values()) {
          const code = judge(passport, versions);
          const [first] = passport;
          if (code === undefined || first === undefined) continue;
          const { entry, position, digest, flags } = first;
          yield { entry, position, digest, isValid: flags.isValid, isListed: flags.isListed, code };
        }
      }
    },
  };
}

function judge(
  passport: readonly Drawn[],
  versions: ReadonlyMap<number, ReadonlyMap<Hex, bigint>>,
): UncoveredPassport['code'] | undefined {
  const lacking = passport.filter(({ claimed, allocated }) => claimed > allocated);
  const isCovered =
    lacking.length === 0 ||
    [...versions].some(([entry, earlier]) =>
      lacking.every((one) => entry < one.entry && one.claimed <= one.allocated + (earlier.get(one.lot) ?? 0n)),
    );
  if (!isCovered)
    return lacking.some(({ allocated }) => allocated === 0n) ? 'provenance.not-allocated' : 'provenance.over-claimed';
  if (passport.some(({ flags }) => flags.isMisdescribed)) return 'provenance.misdescribed';
  return passport.some(({ flags }) => flags.isUnsound) ? 'provenance.unsound' : undefined;
}

interface Drawn {
  readonly entry: number;
  readonly position: number;
  readonly lot: Hex;
  readonly claimed: bigint;
  readonly allocated: bigint;
  readonly digest: Digest;
  readonly flags: Flags;
}

function encodeRecord(about: Hex, { entry, position, lot, claimed, allocated, digest, flags }: Drawn): Uint8Array {
  const record = new Uint8Array(LENGTH);
  const view = new DataView(record.buffer);
  record.set(decodeHex(about, 32));
  view.setUint16(32, Math.floor(entry / 2 ** 32));
  view.setUint32(34, entry % 2 ** 32);
  view.setUint16(38, position);
  record.set(decodeHex(lot, 32), 40);
  view.setBigUint64(72, claimed > MOST ? MOST : claimed);
  view.setBigUint64(80, allocated);
  record.set(digest, 88);
  record[120] = FLAGS.reduce((bits, flag, i) => bits | (flags[flag] ? 1 << i : 0), 0);
  return record;
}

function decodeRecord(record: Uint8Array): Drawn {
  const view = new DataView(record.buffer, record.byteOffset);
  const bits = record[120] ?? 0;
  return {
    entry: view.getUint16(32) * 2 ** 32 + view.getUint32(34),
    position: view.getUint16(38),
    lot: encodeHex(record.slice(40, 72)),
    claimed: view.getBigUint64(72),
    allocated: view.getBigUint64(80),
    digest: record.slice(88, 120) as Digest,
    flags: Object.fromEntries(FLAGS.map((flag, i) => [flag, (bits & (1 << i)) !== 0])) as Flags,
  };
}
