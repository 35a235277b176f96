/** What an event about lots is made of: plain values, in the words of the ledger (docs/materials.md). Masses are milligrams. */
import { z } from 'zod';
import { isDid } from '../credential/did.ts';
import { instant } from '../credential/vcdm.ts';
import type { IssuerId } from '../ids.ts';
import { CUSTODY_MODELS, ORIGINS } from '../materials/lot.ts';
import { parseSubstance } from '../materials/substance.ts';
import { country, text, uri } from '../passport/fields.ts';

/** JSON has exact integers up to here: 9,007 tonnes. More than that is registered as several lots. */
const MOST_MILLIGRAMS = BigInt(Number.MAX_SAFE_INTEGER);
/** As many lots as one act on the ledger can name (contracts/interfaces/IMaterials.sol). */
const MOST_LOTS = 255;
/** An event is one IPFS block of at most 1 MiB. */
const MOST_PRODUCTS = 1000;

const facility = z.strictObject({ id: uri, name: text, country: country.optional() });

const lot = z.strictObject({
  /** Its id on the ledger. */
  lot: z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{64}$/)]),
  milligrams: z.bigint().positive().max(MOST_MILLIGRAMS),
  /** Of what is in it: "Cobalt hydroxide". */
  name: text,
  /** The label that its issuer chose for it. */
  label: text.optional(),
  substance: z.string().refine(isSubstance, 'expected a CAS number or a code of our own list').optional(),
  origin: z.enum(ORIGINS).optional(),
  custody: z.enum(CUSTODY_MODELS).optional(),
});

/** A lot that comes to be says what it is. */
const newLot = lot.required({ label: true, substance: true, origin: true, custody: true });

const lots = <T extends z.ZodType<{ readonly lot: string }>>(one: T) =>
  z.array(one).min(1).max(MOST_LOTS).refine(isEachOnce, 'name each lot once');

const common = {
  /** "Refine cobalt hydroxide to sulphate". */
  name: text,
  description: text.optional(),
  /** Date, time and zone; the zone is the place's own, which EPCIS asks for. */
  date: instant,
};

export const eventInput = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('register'), ...common, at: facility, outputs: lots(newLot) }),
  z.strictObject({
    kind: z.literal('transfer'),
    ...common,
    /** The sender offers, the receiver accepts: each says so in an event of its own. */
    step: z.enum(['offered', 'accepted']),
    from: facility,
    /** The same as `from` where only the title changes hands. */
    to: facility,
    /** The other side: who is to receive what is offered, or who sent what is accepted. */
    counterparty: z.strictObject({
      id: z.custom<IssuerId>((value) => typeof value === 'string' && isDid(value), 'expected a DID'),
      name: text,
    }),
    /** As the transfer's entry names them: the lots that are offered, not those that they were parts of. */
    moved: lots(lot),
  }),
  z.strictObject({
    kind: z.literal('transform'),
    ...common,
    at: facility,
    /** As the entry on the ledger names it: "hydrometallurgical refining". */
    process: text,
    inputs: lots(lot),
    outputs: lots(newLot),
  }),
  z.strictObject({
    kind: z.literal('allocation'),
    ...common,
    at: facility,
    /** What is taken in all: milligrams per credential, times the credentials of the batch. */
    inputs: lots(lot),
    /** What it went into. */
    products: z
      .array(
        z.strictObject({
          id: uri,
          name: text,
          granularity: z.enum(['batch', 'item']),
          /** Units of a production batch. */
          units: z.int().positive().optional(),
        }),
      )
      .min(1)
      .max(MOST_PRODUCTS),
  }),
]);

export type EventInput = z.infer<typeof eventInput>;
export type EventLot = z.infer<typeof lot>;

function isSubstance(code: string): boolean {
  try {
    parseSubstance(code);
    return true;
  } catch {
    return false;
  }
}

function isEachOnce(all: readonly { readonly lot: string }[]): boolean {
  return new Set(all.map((one) => one.lot)).size === all.length;
}
