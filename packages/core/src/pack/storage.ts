/**
 * Where the contract keeps what facts are made of, and how it reads: slots by Solidity's rules from the compiler's own layout, words
 * unpacked. Whoever verifies a storage proof derives its slot here; no slot is ever taken from what is to be verified.
 */
import { keccak_256 } from '@noble/hashes/sha3.js';
import { concatBytes, decodeHex, encodeHex, type Hex } from '../bytes.ts';
import type { Facts, Question, UpstreamQuestion } from '../evidence/facts.ts';
import { planPeaks } from '../journal/tree.ts';
import { materials, structs, variables } from './generated/storage-layout.ts';

/** Of size, pause and closing: one slot. */
export const JOURNAL_SLOT: Hex = encodeWord(BigInt(variables._size.slot));

/** Where the answer to a question stands; an answer that is absent there was never given. */
export interface QuestionSlots {
  readonly issuer: Hex;
  readonly key: Hex;
  readonly grant: Hex;
  readonly revoked: Hex;
  readonly superseded: Hex;
}

/** A status place is list (64 bits) | status (1) | word (9): see StatusLists.sol. */
const SUPERSEDED = 512n;

/** Slots as `eth_getProof` takes them: 32 bytes in hex, an even number of digits whatever the node. */
export function slotsOf({ issuer, key, grant, list, word }: Question): QuestionSlots {
  const place = (list << 10n) | BigInt(word);
  return {
    issuer: slotIn(variables._issuers, issuer),
    key: slotIn(variables._keys, issuer, key),
    grant: slotIn(variables._grants, issuer, grant),
    revoked: slotIn(variables._words, issuer, encodeWord(place)),
    superseded: slotIn(variables._words, issuer, encodeWord(place | SUPERSEDED)),
  };
}

/** Where the answers about an entry behind a passport's lots stand: slots of the ledger, and of its Materials. */
export function upstreamSlotsOf({ question, lots }: UpstreamQuestion): {
  readonly ledger: readonly Hex[];
  readonly materials: readonly Hex[];
} {
  const { issuer, key, revoked, superseded } = slotsOf(question);
  return { ledger: [issuer, key, revoked, superseded], materials: lots.map(lotSlot) };
}

/** Of the storage of Materials. */
export function lotSlot(lot: Hex): Hex {
  return slotIn(materials._lots, lot);
}

/** Of the peaks of a journal of that size, largest (leftmost) first. A peak of level k is element k of a fixed array. */
export function peakSlots(size: number): Hex[] {
  return planPeaks(size).map(({ level }) => encodeWord(BigInt(variables._peaks.slot + level)));
}

/** Solidity's layout of mappings: `keccak256(key . slot)`, the outer key first. */
function slotIn(mapping: { readonly slot: number }, ...keys: readonly Hex[]): Hex {
  return keys.reduce<Hex>(
    (slot, key) => encodeHex(keccak_256(concatBytes(decodeHex(key, 32), decodeHex(slot, 32)))),
    encodeWord(BigInt(mapping.slot)),
  );
}

export function encodeWord(value: bigint): Hex {
  return `0x${value.toString(16).padStart(64, '0')}`;
}

export function decodeJournal(word: bigint): { readonly size: number; readonly closed: boolean } {
  return { size: number(word, variables._size), closed: number(word, variables._closed) !== 0 };
}

/** What the words of `slotsOf` say; 0 is what was never written. */
export function decodeAnswers(
  words: Readonly<Record<keyof QuestionSlots, bigint>>,
): Pick<Facts, 'issuer' | 'key' | 'grant' | 'status'> {
  const { issuer, key, grant, revoked, superseded } = words;
  const { IssuerFacts, KeyFacts, GrantFacts } = structs;
  return {
    issuer: isZero(issuer, IssuerFacts.number)
      ? undefined
      : {
          number: number(issuer, IssuerFacts.number),
          roles: number(issuer, IssuerFacts.roles),
          suspended: !isZero(issuer, IssuerFacts.suspended),
          withdrawnSince: time(issuer, IssuerFacts.withdrawnSince),
        },
    key: isZero(key, KeyFacts.purposes)
      ? undefined
      : {
          purposes: number(key, KeyFacts.purposes),
          validFrom: number(key, KeyFacts.validFrom),
          retiredAt: time(key, KeyFacts.retiredAt),
          compromisedSince: time(key, KeyFacts.compromisedSince),
        },
    grant: isZero(grant, GrantFacts.from)
      ? undefined
      : { from: number(grant, GrantFacts.from), until: time(grant, GrantFacts.until) },
    status: { revoked, superseded },
  };
}

/** A lot is packed by hand, and the compiler knows nothing of it: see `VOID_BIT` of Materials.sol. */
const VOID_BIT = 1n << 184n;

/** What the word of `lotSlot` says; a lot that was never named is 0, and not void. */
export function decodeIsVoid(word: bigint): boolean {
  return (word & VOID_BIT) !== 0n;
}

interface Packed {
  /** From the word's right end. */
  readonly offset: number;
  readonly bytes: number;
}

/** None that is read so has more than 64 bits; what is beyond 2^53 `parseFacts` refuses. */
function number(word: bigint, { offset, bytes }: Packed): number {
  return Number((word >> BigInt(8 * offset)) & ((1n << BigInt(8 * bytes)) - 1n));
}

function isZero(word: bigint, field: Packed): boolean {
  return number(word, field) === 0;
}

/** 0 stands for never. */
function time(word: bigint, field: Packed): number | undefined {
  return number(word, field) || undefined;
}
