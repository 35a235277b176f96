/** Lots: what there is to say of a quantity of one substance, in the ledger's terms (contracts/interfaces/IMaterials.sol). */
import { concatBytes, decodeHex, encodeHex, type Hex, sha256 } from '../bytes.ts';

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

/** Whether `model` claims no more than `than` does. */
export function isNoStricter(model: CustodyModel, than: CustodyModel): boolean {
  return CUSTODY_MODELS.indexOf(model) >= CUSTODY_MODELS.indexOf(than);
}
