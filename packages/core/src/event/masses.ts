/** Which lots an event credential names, and how much of each: what an entry of the ledger is held against. */
import { z } from 'zod';
import { type Credential, credentialKind, credentialSubjects } from '../credential/credential.ts';
import { InvalidInputError } from '../errors.ts';
import type { EntryOf, LotMass } from '../journal/entry.ts';
import { readMakings } from '../materials/flows.ts';
import { parseLot } from '../materials/lot.ts';
import type { MakingEntry } from '../materials/provenance.ts';
import { parseShape } from '../shape.ts';

export interface EventMasses {
  readonly inputs: readonly LotMass[];
  readonly outputs: readonly LotMass[];
  readonly moved: readonly LotMass[];
}

/** Where each kind of event names products. What is modified keeps its mass. */
const PARTS: Readonly<Record<string, readonly { readonly term: string; readonly part: keyof EventMasses }[]>> = {
  MakeEvent: [
    { term: 'inputProduct', part: 'inputs' },
    { term: 'outputProduct', part: 'outputs' },
  ],
  MoveEvent: [{ term: 'movedProduct', part: 'moved' }],
  ModifyEvent: [],
};

const products = z
  .array(
    z.looseObject({
      product: z.looseObject({ id: z.string(), lot: z.string().optional() }),
      quantity: z.looseObject({ value: z.number(), unit: z.string() }).optional(),
    }),
  )
  // Ten times what fits into a credential of any use.
  .max(10_000);
type EventProduct = z.infer<typeof products>[number];

/**
 * The lots of `ledger` (CAIP-10, lower case) in an event credential with their milligrams, in its order; lots of another ledger and
 * products that are no lots are left out. An amount is an integer of milligrams (`MGM`) above zero that JSON holds exactly; a part names
 * a lot once, whatever number of events the credential has; a product's id is its lot's. What says otherwise is refused whole, so that
 * nothing is read by halves. Errors: `event.shape`, for whatever credential.
 */
export function readEventMasses(credential: Credential, ledger: string): EventMasses {
  if (credentialKind(credential) !== 'event') refuse('the credential', 'is not a traceability event');
  const masses = { inputs: new Map(), outputs: new Map(), moved: new Map() } satisfies Record<
    keyof EventMasses,
    Map<LotMass['lot'], LotMass>
  >;
  for (const [i, subject] of credentialSubjects(credential).entries()) {
    const kinds = Object.keys(PARTS).filter((kind) => subject.type?.includes(kind));
    const [kind] = kinds;
    if (kind === undefined || kinds.length > 1) {
      refuse(`credentialSubject[${i}].type`, `names not one of ${Object.keys(PARTS).join(', ')}`);
    }
    for (const { term, part } of PARTS[kind] ?? []) {
      const where = `credentialSubject[${i}].${term}`;
      for (const product of parseShape(products, subject[term], where, 'event.shape')) {
        const mass = readMass(product, ledger, where);
        if (mass === undefined) continue;
        if (masses[part].has(mass.lot)) refuse(where, `names the lot ${mass.lot} twice`);
        masses[part].set(mass.lot, mass);
      }
    }
  }
  return {
    inputs: [...masses.inputs.values()],
    outputs: [...masses.outputs.values()],
    moved: [...masses.moved.values()],
  };
}

/**
 * Whether an event names the very lots and masses of what was done: only then does it count. What is in a lot that is accepted its entry
 * does not say: `accepted`, where it is known.
 */
export function namesWhatWasDone(
  { inputs, outputs, moved }: EventMasses,
  entry: MakingEntry | EntryOf<'transferAccepted'>,
  accepted?: bigint,
): boolean {
  switch (entry.kind) {
    case 'lotRegistered':
      return inputs.length === 0 && isSame(outputs, readMakings(entry));
    case 'transferOffered':
      return isSame(moved, readMakings(entry));
    case 'transferAccepted': {
      const [first, ...others] = moved;
      const isAsMuch = accepted === undefined || first?.milligrams === accepted;
      return first?.lot === entry.lot && others.length === 0 && isAsMuch;
    }
    case 'transformed':
      return isSame(inputs, entry.inputs) && isSame(outputs, readMakings(entry));
    case 'lotSplit':
      return true;
  }
}

/** Whatever the order; a part names a lot once. */
function isSame(a: readonly LotMass[], b: readonly LotMass[]): boolean {
  const other = new Map(b.map(({ lot, milligrams }) => [lot, milligrams]));
  return a.length === b.length && a.every(({ lot, milligrams }) => other.get(lot) === milligrams);
}

function readMass({ product, quantity }: EventProduct, ledger: string, where: string): LotMass | undefined {
  if (product.lot === undefined) return undefined;
  const named = readLot(product.lot, where);
  if (product.id !== product.lot) refuse(where, `names the lot ${product.lot} as the product ${product.id}`);
  if (
    quantity === undefined ||
    quantity.unit !== 'MGM' ||
    !Number.isSafeInteger(quantity.value) ||
    quantity.value < 1
  ) {
    refuse(where, `says of the lot ${product.lot} no integer number of milligrams (MGM)`);
  }
  return named.ledger === ledger ? { lot: named.lot, milligrams: BigInt(quantity.value) } : undefined;
}

function readLot(uri: string, where: string): ReturnType<typeof parseLot> {
  try {
    return parseLot(uri);
  } catch (cause) {
    if (cause instanceof InvalidInputError) refuse(where, cause.message, cause);
    throw cause;
  }
}

function refuse(where: string, what: string, cause?: unknown): never {
  throw new InvalidInputError('event.shape', `${where.slice(0, 80)} ${what.slice(0, 300)}.`, { cause });
}
