/**
 * Who gave which entries. What nothing proves yet may be anybody's lie: where a journal breaks in the hands of one source, it may have been
 * another before it that lied. Of what is forgotten then one hash a part is kept, until somebody proves what stands there: who gave the
 * same is cleared, and who gave anything else is named. Nobody is blamed for what was not compared.
 */
import { decodeHex, encodeHex, type Hex } from '@dpp-ledger/core';
import { type CompactRange, createCompactRange, hashLeaf, JournalBreakError } from '@dpp-ledger/core/journal';
import { z } from 'zod';

const hex = z.custom<Hex>((value) => typeof value === 'string');
const whole = z.int().nonnegative();
const counts = z.array(z.tuple([z.string(), whole]));

const part = z.strictObject({
  name: z.string(),
  from: whole,
  to: whole,
  /** Over these entries alone; `isOfAll`: the journal's own, up to `to`, of which all before `from` is proven. */
  root: hex,
  isOfAll: z.boolean(),
});
/** Entries in a row that one source gave. */
type Part = z.infer<typeof part>;

const range = z.strictObject({ size: whole, peaks: z.array(hex) });

export const keptGivers = z.strictObject({
  /** Who gave what since it was proven, and before. */
  given: counts,
  taken: counts,
  parts: z.array(part),
  open: z.strictObject({ name: z.string(), from: whole, own: range.optional() }).optional(),
  suspects: z.array(z.strictObject({ part, own: range.optional(), found: hex.optional() })),
});
export type KeptGivers = z.infer<typeof keptGivers>;

/** Somebody who gave other entries than the journal has. */
export interface Liar {
  readonly name: string;
  readonly broken: JournalBreakError;
}

/** Entries as they are given. */
interface Given {
  readonly name: string;
  readonly first: number;
  readonly entries: readonly Uint8Array[];
  /** Their leaf hashes, where they are known. */
  readonly leaves?: Uint8Array | undefined;
}

export interface Givers {
  /** Sizes at which entries have to be cut, so that parts are compared at their ends. */
  edges(): readonly number[];
  /** Before they are folded; `root`: the journal's, of all that was. */
  offer(given: Given, root: () => Uint8Array): void;
  /** So many of them were folded, up to this size. */
  accept(
    folded: { readonly name: string; readonly count: number; readonly size: number },
    root: () => Uint8Array,
  ): void;
  /** All that was given is the journal's own. Who gave something else, before it was forgotten. */
  prove(): readonly Liar[];
  /** Who beside `name` gave a part of what is not proven. */
  others(name: string): readonly string[];
  /** What is not proven is forgotten; what each gave is compared once somebody proves what stands there. */
  forget(): void;
  /** Entries that were taken from a source. */
  count(name: string): number;
  keep(): KeptGivers;
}

interface Suspect {
  readonly part: Part;
  /** Over what stands there now, so far. */
  own: CompactRange;
  found: Hex | undefined;
}

/** `trusted`: whose entries come before all others, and how many. */
export function createGivers(kept: KeptGivers | undefined, trusted: readonly [name: string, entries: number]): Givers {
  let given = new Map(kept?.given);
  const taken = new Map(kept?.taken ?? [trusted]);
  let parts = [...(kept?.parts ?? [])];
  let open = kept?.open && { ...kept.open, own: kept.open.own && decodeRange(kept.open.own) };
  let suspects = (kept?.suspects ?? []).map(
    (one): Suspect => ({ part: one.part, own: decodeRange(one.own), found: one.found }),
  );

  function close(to: number, root: () => Uint8Array): void {
    if (open === undefined) return;
    const { name, from, own } = open;
    parts.push({
      name,
      from,
      to,
      root: encodeHex(own === undefined ? root() : own.root()),
      isOfAll: own === undefined,
    });
    open = undefined;
  }

  return {
    edges: () => suspects.flatMap(({ part: { from, to } }) => [from, to]),

    offer({ name, first, entries, leaves }, root) {
      if (open?.name !== name) {
        close(first, root);
        // The first part since the proof is known by the journal's root at its end: most journals have no other, and cost no hash more.
        open = { name, from: first, own: parts.length === 0 ? undefined : createCompactRange() };
      }
      const ranges = suspects
        .filter(({ part: { from, to, isOfAll } }) => !isOfAll && from <= first && first < to)
        .map(({ own }) => own);
      if (open.own !== undefined) ranges.push(open.own);
      if (ranges.length === 0) return;
      for (const [i, bytes] of entries.entries()) {
        const leaf = leaves?.slice(32 * i, 32 * (i + 1)) ?? hashLeaf(bytes);
        for (const one of ranges) one.append(leaf);
      }
    },

    accept({ name, count, size }, root) {
      given.set(name, (given.get(name) ?? 0) + count);
      for (const suspect of suspects) {
        const { part, own } = suspect;
        if (part.to === size) suspect.found = encodeHex(part.isOfAll ? root() : own.root());
      }
    },

    prove() {
      for (const [name, count] of given) taken.set(name, (taken.get(name) ?? 0) + count);
      const liars = suspects.flatMap(({ part: { name, from, to, root, isOfAll }, found }) => {
        if (found === undefined || found === root) return [];
        const over = `entries ${isOfAll ? 0 : from} to ${to - 1}`;
        return [{ name, broken: new JournalBreakError(from, `the root ${found} over ${over}`, root) }];
      });
      given = new Map();
      parts = [];
      open = undefined;
      suspects = [];
      return liars;
    },

    others: (name) => [
      ...new Set(
        [...parts, ...(open === undefined ? [] : [open])].map((one) => one.name).filter((other) => other !== name),
      ),
    ],

    forget() {
      // Who alone gave what broke is at fault, and needs no comparison.
      if (open?.own !== undefined) close(open.from + open.own.size, () => new Uint8Array());
      const all = [...suspects.map(({ part }) => part), ...parts];
      suspects = all.map((part): Suspect => ({ part, own: createCompactRange(), found: undefined }));
      given = new Map();
      parts = [];
      open = undefined;
    },

    count: (name) => (taken.get(name) ?? 0) + (given.get(name) ?? 0),

    keep: () => ({
      given: [...given],
      taken: [...taken],
      parts,
      open: open && { ...open, own: open.own && encodeRange(open.own) },
      suspects: suspects.map(({ part, own, found }) => ({ part, own: encodeRange(own), found })),
    }),
  };
}

function encodeRange({ size, peaks }: CompactRange): z.infer<typeof range> {
  return { size, peaks: peaks.map(encodeHex) };
}

function decodeRange(kept: z.infer<typeof range> | undefined): CompactRange {
  return createCompactRange(kept && { size: kept.size, peaks: kept.peaks.map((peak) => decodeHex(peak, 32)) });
}
