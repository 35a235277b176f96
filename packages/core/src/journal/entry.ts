/**
 * The journal's entries. Their bytes are specified in contracts/interfaces/IPassportLedger.sol.
 */
import type { Hex } from '../bytes.ts';

export type ActorKind = 'controller' | 'submitter' | 'key' | 'accreditor' | 'admin';

/** Who acted: an account (20 bytes), or a key's thumbprint (32 bytes). */
export interface Actor {
  readonly kind: ActorKind;
  readonly id: Hex;
}

/** What only the contract can say of an entry. Times are seconds since 1970. */
export interface EntryHeader {
  readonly blockNumber: number;
  readonly blockTime: number;
  readonly actor: Actor;
}

export interface Allocation {
  /** 32 bytes. */
  readonly lot: Hex;
  /** Per credential of the batch. */
  readonly milligrams: bigint;
}

/** 256 places of a status list; place `256 * number + i` is bit `i` from the least significant. */
export interface StatusWord {
  readonly number: number;
  readonly bits: bigint;
}

export type StatusPurpose = 'revoked' | 'superseded';
export type StatusReason = 'error' | 'recall' | 'keyCompromise' | 'withdrawn' | 'byAuthority';
export type KeyAlgorithm = 'ES256' | 'Ed25519';

/** What happened. `issuer` is SHA-256 of the DID; `key` a thumbprint, 32 bytes; accounts are 20 bytes. */
export type EntryBody =
  | { readonly kind: 'opened'; readonly chainId: bigint; readonly ledger: Hex }
  | { readonly kind: 'roleGranted' | 'roleRevoked'; readonly role: Hex; readonly account: Hex }
  | { readonly kind: 'adminTransferBegun'; readonly account: Hex; readonly acceptFrom: number }
  | { readonly kind: 'adminTransferCancelled' | 'adminDelayChangeCancelled' | 'paused' | 'unpaused' }
  | { readonly kind: 'adminDelayChangeBegun'; readonly delay: number; readonly effectFrom: number }
  | { readonly kind: 'closed'; readonly chainId: bigint; readonly successor: Hex; readonly codeHash: Hex }
  | {
      readonly kind: 'accredited';
      readonly issuer: Hex;
      readonly number: number;
      readonly roles: number;
      readonly controller: Hex;
      readonly did: string;
    }
  | { readonly kind: 'suspended' | 'reinstated'; readonly issuer: Hex }
  | { readonly kind: 'withdrawn'; readonly issuer: Hex; readonly since: number }
  | { readonly kind: 'rolesAssigned'; readonly issuer: Hex; readonly roles: number }
  | { readonly kind: 'prefixGranted'; readonly issuer: Hex; readonly number: number; readonly prefix: string }
  | {
      readonly kind: 'prefixTakenBack';
      readonly issuer: Hex;
      readonly number: number;
      readonly prefix: string;
      readonly since: number;
    }
  | {
      readonly kind: 'controllerProposed' | 'controllerChanged' | 'submitterAppointed' | 'submitterDismissed';
      readonly issuer: Hex;
      readonly account: Hex;
    }
  | {
      readonly kind: 'keyAdded';
      readonly issuer: Hex;
      readonly key: Hex;
      readonly algorithm: KeyAlgorithm;
      readonly purposes: number;
      readonly x: Hex;
      readonly y: Hex;
    }
  | { readonly kind: 'keyRetired'; readonly issuer: Hex; readonly key: Hex; readonly at: number }
  | { readonly kind: 'keyCompromised'; readonly issuer: Hex; readonly key: Hex; readonly since: number }
  | {
      readonly kind: 'anchored';
      readonly issuer: Hex;
      readonly roles: number;
      readonly root: Hex;
      readonly size: number;
      readonly manifest: Hex;
      readonly allocations: readonly Allocation[];
    }
  | {
      readonly kind: 'statusSet';
      readonly issuer: Hex;
      readonly list: bigint;
      readonly status: StatusPurpose;
      readonly reason: StatusReason;
      readonly words: readonly StatusWord[];
    };

export type EntryKind = EntryBody['kind'];
export type Entry = EntryHeader & EntryBody;
export type EntryOf<K extends EntryKind> = EntryHeader & Extract<EntryBody, { readonly kind: K }>;
