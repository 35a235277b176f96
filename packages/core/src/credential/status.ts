/**
 * Where a credential's status stands on the ledger: one `credentialStatus` entry (W3C Bitstring Status List 1.0, as UNTP closes it),
 * whose `id` points to ledger, list and index. It is signed, so anchoring again does not bring a revoked credential back (design D6).
 */
import { z } from 'zod';
import { InvalidInputError } from '../errors.ts';
import type { LedgerId } from '../ids.ts';
import { parseShape } from '../shape.ts';
import type { Credential } from './credential.ts';

/** Bitstring Status List (4.2): the smallest list there may be, and the only size of ours. */
export const STATUS_LIST_PLACES = 131_072;

export interface StatusPointer {
  /** CAIP-10 account id of the contract, lower case: `eip155:31337:0x5fbd...`. */
  readonly ledger: string;
  /** 64 bits. */
  readonly list: bigint;
  /** 0 to 131,071. */
  readonly index: number;
}

/** A status entry as UNTP writes it: closed, integer index. */
export interface StatusEntry {
  readonly id: string;
  readonly type: 'BitstringStatusListEntry';
  readonly statusPurpose: 'revocation';
  readonly statusListIndex: number;
  readonly statusListCredential: string;
}

/** CAIP-10 of a ledger, lower case. */
export function formatLedger(ledger: Pick<LedgerId, 'chainId' | 'address'>): string {
  return `eip155:${ledger.chainId}:${ledger.address.toLowerCase()}`;
}

/** Errors: `credential.status` for a list beyond 64 bits or an index beyond 131,071. */
export function buildStatus(options: StatusPointer & { readonly statusListCredential: string }): StatusEntry {
  const { ledger, list, index, statusListCredential } = options;
  if (list < 0n || list >= 1n << 64n || !Number.isInteger(index) || index < 0 || index >= STATUS_LIST_PLACES) {
    throw new InvalidInputError(
      'credential.status',
      `List ${list}, index ${index}: a list has 64 bits and 131,072 places.`,
    );
  }
  return {
    id: `${ledger.toLowerCase()}#status-${list}-${index}`,
    type: 'BitstringStatusListEntry',
    statusPurpose: 'revocation',
    statusListIndex: index,
    statusListCredential,
  };
}

const POINTER = /^(eip155:[1-9][0-9]{0,15}:0x[0-9a-fA-F]{40})#status-(0|[1-9][0-9]{0,19})-(0|[1-9][0-9]{0,5})$/;

const statusEntry = z.object({
  id: z.string().regex(POINTER, 'expected eip155:<chain>:<address>#status-<list>-<index>'),
  type: z.literal('BitstringStatusListEntry').or(z.tuple([z.literal('BitstringStatusListEntry')])),
  statusPurpose: z.literal('revocation'),
  // UNTP has an integer, W3C a string.
  statusListIndex: z
    .int()
    .nonnegative()
    .or(z.string().regex(/^(?:0|[1-9][0-9]{0,5})$/)),
  statusListCredential: z.string(),
});

/**
 * The place of a credential's status. Errors: `credential.status` if there is none, or none on a ledger, or if it contradicts itself:
 * zero means good, so a credential without status cannot be told from one that nobody revoked.
 */
export function parseStatusPointer(credential: Pick<Credential, 'credentialStatus'>): StatusPointer {
  const entry = parseShape(statusEntry, credential.credentialStatus, 'credentialStatus', 'credential.status');
  const [, ledger = '', list = '', index = ''] = POINTER.exec(entry.id) ?? [];
  const pointer = { ledger: ledger.toLowerCase(), list: BigInt(list), index: Number(index) };
  if (pointer.list >= 1n << 64n || pointer.index >= STATUS_LIST_PLACES) {
    throw new InvalidInputError(
      'credential.status',
      `credentialStatus.id: no such place: list ${list}, index ${index}.`,
    );
  }
  if (pointer.index !== Number(entry.statusListIndex)) {
    throw new InvalidInputError(
      'credential.status',
      `credentialStatus: the id says index ${index}, statusListIndex says ${entry.statusListIndex}.`,
    );
  }
  return pointer;
}
