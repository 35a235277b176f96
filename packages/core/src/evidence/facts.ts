/** Facts: what a named source said of the ledger at one block. */
import type { Hex } from '../bytes.ts';
import type { LedgerId } from '../ids.ts';

/** What was asked of the ledger for one credential; the answers below are about just this. */
export interface Question {
  /** SHA-256 of the DID. */
  readonly issuer: Hex;
  /** Thumbprint, 32 bytes. */
  readonly key: Hex;
  /** `hashGrant`, or 32 zero bytes. */
  readonly grant: Hex;
  readonly list: bigint;
  /** Number of the status word, 0 to 511. */
  readonly word: number;
}

/** Times are seconds since 1970; `undefined` stands for never. */
export interface Facts {
  /** Who said so, for the report: an endpoint's URL without credentials, or a witness. */
  readonly source: string;
  readonly ledger: LedgerId;
  readonly blockNumber: number;
  readonly blockTime: number;
  /** The newest block that the source holds final; an entry above it is provisional. */
  readonly finalBlockNumber: number;
  readonly closed: boolean;
  readonly treeHead: TreeHead;
  readonly question: Question;
  /** `undefined`: not accredited. */
  readonly issuer: IssuerFacts | undefined;
  /** `undefined`: not registered. */
  readonly key: KeyFacts | undefined;
  /** `undefined`: not granted. */
  readonly grant: { readonly from: number; readonly until: number | undefined } | undefined;
  readonly status: { readonly revoked: bigint; readonly superseded: bigint };
  /** The entry that the source returned as a log at the index and block that the evidence names, if it was asked and had it. */
  readonly logged?: { readonly index: number; readonly bytes: Uint8Array };
}

export interface TreeHead {
  readonly size: number;
  /** Roots of the perfect subtrees, largest (leftmost) first. */
  readonly peaks: readonly Uint8Array[];
}

export interface IssuerFacts {
  readonly number: number;
  readonly roles: number;
  readonly suspended: boolean;
  readonly withdrawnSince: number | undefined;
}

export interface KeyFacts {
  readonly purposes: number;
  readonly validFrom: number;
  readonly retiredAt: number | undefined;
  readonly compromisedSince: number | undefined;
}
