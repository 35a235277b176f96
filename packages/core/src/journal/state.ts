/** What the journal folds to: all that the contract keeps, and of the batches only their number. */

import type { Hex } from '../bytes.ts';
import { IntegrityError } from '../errors.ts';
import type { Facts, Question } from '../evidence/facts.ts';
import type { LotState } from '../materials/lot.ts';
import type { KeyAlgorithm } from './entry.ts';

/** Accounts are 20 bytes; issuers, keys and grants 32. Times are seconds since 1970; `undefined` is never, or nobody. */
export interface JournalState {
  /** Number of entries folded. */
  size: number;
  /** Of the last entry. */
  blockNumber: number;
  blockTime: number;
  ledger: { readonly chainId: bigint; readonly address: Hex } | undefined;
  paused: boolean;
  /** Present once the ledger is closed. */
  successor: { readonly chainId: bigint; readonly address: Hex; readonly codeHash: Hex } | undefined;
  admin: Hex | undefined;
  /** Who may take the admin's role after that time. */
  pendingAdmin: { readonly account: Hex; readonly acceptFrom: number } | undefined;
  pendingDelay: { readonly delay: number; readonly effectFrom: number } | undefined;
  readonly accreditors: Set<Hex>;
  /** An issuer just admitted, whose first key is the next entry. */
  awaitingKey: Hex | undefined;
  readonly issuers: Map<Hex, IssuerState>;
  /** All that were ever named, the empty ones too. */
  readonly lots: Map<Hex, LotState>;
}

export interface IssuerState {
  readonly id: Hex;
  readonly did: string;
  /** Counted from 1 in the order of accreditation. */
  readonly number: number;
  roles: number;
  suspended: boolean;
  withdrawnSince: number | undefined;
  controller: Hex | undefined;
  proposedController: Hex | undefined;
  readonly submitters: Set<Hex>;
  readonly keys: Map<Hex, KeyState>;
  /** By `hashGrant`. */
  readonly grants: Map<Hex, GrantState>;
  /** By list, then by word. */
  readonly lists: Map<bigint, Map<number, StatusBits>>;
  batches: number;
  credentials: number;
}

export interface KeyState {
  readonly algorithm: KeyAlgorithm;
  readonly x: Hex;
  readonly y: Hex;
  readonly purposes: number;
  readonly validFrom: number;
  retiredAt: number | undefined;
  compromisedSince: number | undefined;
}

export interface GrantState {
  readonly number: number;
  readonly prefix: string;
  readonly from: number;
  until: number | undefined;
}

/** 256 places of a status list, as the contract keeps them. */
export interface StatusBits {
  revoked: bigint;
  superseded: bigint;
}

/** To be read and not changed: only a fold does that. */
export type Reading<T> =
  T extends Map<infer K, infer V>
    ? ReadonlyMap<K, Reading<V>>
    : T extends Set<infer V>
      ? ReadonlySet<V>
      : T extends object
        ? { readonly [Name in keyof T]: Reading<T[Name]> }
        : T;

/** Bits of a key's purposes. */
export const PURPOSES = { assert: 1, operate: 2, revoke: 4, administer: 8 } as const;
export type KeyPurpose = keyof typeof PURPOSES;

export function createState(): JournalState {
  return {
    size: 0,
    blockNumber: 0,
    blockTime: 0,
    ledger: undefined,
    paused: false,
    successor: undefined,
    admin: undefined,
    pendingAdmin: undefined,
    pendingDelay: undefined,
    accreditors: new Set(),
    awaitingKey: undefined,
    issuers: new Map(),
    lots: new Map(),
  };
}

/** The ledger's answer to a verifier's question. */
export type Answer = Pick<Facts, 'closed' | 'question' | 'issuer' | 'key' | 'grant' | 'status'>;

/** What the contract's `facts` gives after the last entry that was folded. Zero and unknown have no answer, as there. */
export function answerQuestion(state: Reading<JournalState>, question: Question): Answer {
  const issuer = state.issuers.get(question.issuer);
  const key = issuer?.keys.get(question.key);
  const grant = issuer?.grants.get(question.grant);
  const bits = issuer?.lists.get(question.list)?.get(question.word);
  return {
    closed: state.successor !== undefined,
    question,
    issuer: issuer && {
      number: issuer.number,
      roles: issuer.roles,
      suspended: issuer.suspended,
      withdrawnSince: issuer.withdrawnSince,
    },
    key: key && {
      purposes: key.purposes,
      validFrom: key.validFrom,
      retiredAt: key.retiredAt,
      compromisedSince: key.compromisedSince,
    },
    grant: grant && { from: grant.from, until: grant.until },
    status: { revoked: bits?.revoked ?? 0n, superseded: bits?.superseded ?? 0n },
  };
}

/** The first entry that does not follow from those before it. */
export class JournalBreakError extends IntegrityError {
  readonly entry: number;
  readonly expected: string;
  readonly found: string;

  constructor(entry: number, expected: string, found: string, options?: { readonly cause?: unknown }) {
    super('journal.break', `The journal breaks at entry ${entry}: expected ${expected}, found ${found}.`, options);
    this.entry = entry;
    this.expected = expected;
    this.found = found;
  }
}
