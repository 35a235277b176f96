/** Lots: what there is to say of a quantity of one substance, in the ledger's terms (contracts/interfaces/IMaterials.sol). */
import { concatBytes, decodeHex, encodeHex, type Hex, sha256 } from '../bytes.ts';
import { InvalidInputError } from '../errors.ts';

/** Where matter came from (EN 45557), in the order of the ledger's numbers, from 1. It never changes but to primary. */
export const ORIGINS = ['primary', 'preConsumerRecycled', 'postConsumerRecycled', 'renewable'] as const;
export type Origin = (typeof ORIGINS)[number];

/** Chain-of-custody models (ISO 22095), from the strictest to the weakest, in the order of the ledger's numbers, from 1. */
export const CUSTODY_MODELS = [
  'identityPreserved',
  'segregated',
  'controlledBlending',
  'massBalance',
  'bookAndClaim',
] as const;
export type CustodyModel = (typeof CUSTODY_MODELS)[number];

/** What is kept of a lot. Issuers are their ids on the ledger, 32 bytes. */
export interface LotState {
  /** What is left in it. */
  readonly milligrams: bigint;
  readonly holder: Hex;
  /** Who may accept it; `undefined`: it is offered to nobody. */
  readonly offeredTo: Hex | undefined;
  readonly substance: number;
  readonly origin: Origin;
  readonly custody: CustodyModel;
  /** Taken out of circulation by the accreditor. */
  readonly isVoid: boolean;
}

const ascii = new TextEncoder();

/** A lot's id: SHA-256 of the issuer that named it and the label it chose. */
export function hashLot(issuer: Hex, label: string): Hex {
  return encodeHex(sha256(concatBytes(decodeHex(issuer, 32), ascii.encode(label))));
}

/** The URI of a lot on a ledger (CAIP-10, lower case): `eip155:31337:0x5fbd...#lot-<64 hexadecimal digits>`. */
export function formatLot(ledger: string, lot: Hex): string {
  return `${ledger}#lot-${lot.slice(2)}`;
}

const LOT_URI = /^(eip155:[1-9][0-9]{0,15}:0x[0-9a-f]{40})#lot-([0-9a-f]{64})$/;

/** The inverse of `formatLot`; one spelling only, so that one lot is never taken for two. Errors: `materials.lot`. */
export function parseLot(uri: string): { readonly ledger: string; readonly lot: Hex } {
  const [, ledger, digits] = LOT_URI.exec(uri) ?? [];
  if (ledger === undefined || digits === undefined) {
    const message = `"${uri.slice(0, 140)}" names no lot: expected eip155:<chain id>:<address>#lot-<64 digits>, in lower case.`;
    throw new InvalidInputError('materials.lot', message);
  }
  return { ledger, lot: `0x${digits}` };
}

/** Whether `model` claims no more than `than` does. */
export function isNoStricter(model: CustodyModel, than: CustodyModel): boolean {
  return CUSTODY_MODELS.indexOf(model) >= CUSTODY_MODELS.indexOf(than);
}
