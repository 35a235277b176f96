/**
 * The contract's answers and events as bytes, without ethers: the fixed layout of `facts`, `treeHead` and `Entry` in
 * contracts/interfaces/IPassportLedger.sol, in the Solidity ABI. A node is believed in nothing here: every decoder refuses what has
 * another length or shape. Errors: UnavailableError `ledger.unreachable` (the node answered nonsense: look elsewhere).
 */
import { encodeHex, type Hex, UnavailableError } from '@dpp-ledger/core';
import type { Facts, Question } from '@dpp-ledger/core/evidence';
import { keccak_256 } from '@noble/hashes/sha3.js';
import type { BlockRef, LoggedEntry } from './ledger.ts';

const text = new TextEncoder();

export function keccak(data: Uint8Array | string): Hex {
  return encodeHex(keccak_256(typeof data === 'string' ? text.encode(data) : data));
}

function selector(signature: string): Hex {
  return keccak(signature).slice(0, 10) as Hex;
}

const FACTS = selector('facts((bytes32,bytes32,bytes32,uint64,uint16))');
const IS_SUBMITTER = selector('isSubmitter(bytes32,address)');
const PROPOSED_CONTROLLER = selector('proposedController(bytes32)');
const LOT = selector('lot(bytes32)');
const HAS_ROLE = selector('hasRole(bytes32,address)');
export const ACCREDITOR_ROLE = keccak('ACCREDITOR_ROLE');
/** Topic 0 of the one event there is. */
export const ENTRY_TOPIC = keccak('Entry(uint64,bytes32,bytes32,bytes)');

// ----------------------------------------------------------------------------------------------------------- questions

export function encodeFactsCall(question: Question): Hex {
  return `${FACTS}${bare(question.issuer, 32)}${bare(question.key, 32)}${bare(question.grant, 32)}${word(question.list)}${word(BigInt(question.word))}`;
}

export function encodeIsSubmitterCall(issuer: Hex, account: Hex): Hex {
  return `${IS_SUBMITTER}${bare(issuer, 32)}${bare(account, 20).padStart(64, '0')}`;
}

export function encodeProposedControllerCall(issuer: Hex): Hex {
  return `${PROPOSED_CONTROLLER}${bare(issuer, 32)}`;
}

/** To be asked of `materialsOf` the ledger. */
export function encodeLotCall(lot: Hex): Hex {
  return `${LOT}${bare(lot, 32)}`;
}

export function encodeHasRoleCall(role: Hex, account: Hex): Hex {
  return `${HAS_ROLE}${bare(role, 32)}${bare(account, 20).padStart(64, '0')}`;
}

function word(value: bigint): string {
  return value.toString(16).padStart(64, '0');
}

function bare(hex: Hex, length: number): string {
  if (hex.length !== 2 + 2 * length) throw new TypeError(`expected ${length} bytes of hex, found "${hex}"`);
  return hex.slice(2);
}

// ------------------------------------------------------------------------------------------------------------- answers

/** What `facts` answers, before it has a source. */
export type FactsAnswer = Omit<Facts, 'source' | 'ledger' | 'finalBlockNumber' | 'question' | 'logged'> & {
  readonly paused: boolean;
  readonly keyNonce: bigint | undefined;
  readonly controller: Hex | undefined;
};

const HEAD_WORDS = 20;

export function decodeFacts(answer: unknown): FactsAnswer {
  const data = decodeData(answer, 'facts');
  const words = wordsOf(data, 'facts');
  const at = (i: number) => words.number(1 + i);
  const time = (i: number) => at(i) || undefined;
  words.expect(0, 0x20);
  words.expect(1 + 5, HEAD_WORDS * 32);
  const peaks = words.array(1 + HEAD_WORDS);
  const controller = words.bytes(1 + 10);
  const purposes = at(11);
  return {
    blockNumber: at(0),
    blockTime: at(1),
    paused: words.flag(1 + 2),
    closed: words.flag(1 + 3),
    treeHead: { size: at(4), peaks },
    issuer:
      at(6) === 0 ? undefined : { number: at(6), roles: at(7), suspended: words.flag(1 + 8), withdrawnSince: time(9) },
    controller: controller.every((byte) => byte === 0) ? undefined : encodeHex(controller.subarray(12)),
    key: purposes === 0 ? undefined : { purposes, validFrom: at(12), retiredAt: time(13), compromisedSince: time(14) },
    keyNonce: purposes === 0 ? undefined : words.integer(1 + 15),
    grant: at(16) === 0 ? undefined : { from: at(16), until: time(17) },
    status: { revoked: words.integer(1 + 18), superseded: words.integer(1 + 19) },
  };
}

/** What verifiers ask of a lot. `undefined`: it was never named. */
export function decodeLot(answer: unknown): { readonly isVoid: boolean } | undefined {
  const words = wordsOf(decodeData(answer, 'a lot'), 'a lot');
  return words.number(1) === 0 ? undefined : { isVoid: words.flag(6) };
}

export function decodeFlag(answer: unknown): boolean {
  return wordsOf(decodeData(answer, 'flag'), 'flag').flag(0);
}

export function decodeAddress(answer: unknown): Hex | undefined {
  const bytes = wordsOf(decodeData(answer, 'address'), 'address').bytes(0);
  return bytes.every((byte) => byte === 0) ? undefined : encodeHex(bytes.subarray(12));
}

function wordsOf(data: Uint8Array, what: string) {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  function bytes(i: number): Uint8Array {
    if (32 * (i + 1) > data.length) throw nonsense(what, `${data.length} bytes`);
    return data.subarray(32 * i, 32 * (i + 1));
  }
  function integer(i: number): bigint {
    bytes(i);
    let value = 0n;
    for (let part = 0; part < 4; part++) value = (value << 64n) | view.getBigUint64(32 * i + 8 * part);
    return value;
  }
  function number(i: number): number {
    const value = integer(i);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw nonsense(what, `the number ${value}`);
    return Number(value);
  }
  return {
    bytes,
    integer,
    number,
    flag(i: number): boolean {
      const value = number(i);
      if (value > 1) throw nonsense(what, `the flag ${value}`);
      return value === 1;
    },
    expect(i: number, expected: number): void {
      if (number(i) !== expected) throw nonsense(what, `an offset of ${number(i)} where ${expected} is`);
    },
    array(i: number): Uint8Array[] {
      const length = number(i);
      if (length > 64 || data.length !== 32 * (i + 1 + length)) throw nonsense(what, `an array of ${length}`);
      return Array.from({ length }, (_, k) => bytes(i + 1 + k).slice());
    },
  };
}

// -------------------------------------------------------------------------------------------------------- logs, blocks

/** Offset 0x20: what stands before the length of `bytes entry`, the event's only data. */
const DATA_HEAD = `0x${'20'.padStart(64, '0')}`;
/** What precedes the last 8 digits of a small number in a word. */
const SMALL = '0'.repeat(56);

/** One log of `eth_getLogs` or of a receipt. */
export function decodeLog(log: unknown): LoggedEntry {
  if (!isRecord(log)) throw nonsense('a log', JSON.stringify(log));
  const { topics, data } = log;
  if (!Array.isArray(topics) || topics.length !== 4 || topics[0] !== ENTRY_TOPIC)
    throw nonsense('a log', 'other topics');
  if (typeof data !== 'string' || !data.startsWith(DATA_HEAD) || !data.startsWith(SMALL, 66)) {
    throw nonsense('a log', 'data of another layout');
  }
  const length = Number.parseInt(data.slice(122, 130), 16);
  // The bytes, and zeroes up to a whole word.
  if (data.length !== 130 + 64 * Math.ceil(length / 32)) throw nonsense('a log', 'data of another length');
  return {
    index: decodeQuantity(topics[1]),
    bytes: hexBytes(data, 130, 130 + 2 * length),
    blockNumber: decodeQuantity(log.blockNumber),
    blockHash: decodeHash(log.blockHash),
    transactionHash: decodeHash(log.transactionHash),
    logIndex: decodeQuantity(log.logIndex),
  };
}

/** `undefined` where the node knows no such block. */
export function decodeBlock(block: unknown): BlockRef | undefined {
  if (block === null) return undefined;
  if (!isRecord(block)) throw nonsense('a block', JSON.stringify(block));
  return {
    number: decodeQuantity(block.number),
    hash: decodeHash(block.hash),
    parentHash: decodeHash(block.parentHash),
    stateRoot: decodeHash(block.stateRoot),
    time: decodeQuantity(block.timestamp),
  };
}

export function decodeHash(value: unknown): Hex {
  if (typeof value !== 'string' || value.length !== 66 || !HASH.test(value)) throw nonsense('a hash', String(value));
  return value as Hex;
}

const HASH = /^0x[0-9a-f]{64}$/;

/** A quantity, or a number in a topic, up to 2^53. */
export function decodeQuantity(value: unknown): number {
  if (typeof value !== 'string' || !value.startsWith('0x')) throw nonsense('a quantity', String(value));
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw nonsense('a quantity', value);
  return number;
}

export function decodeBigQuantity(value: unknown): bigint {
  if (typeof value !== 'string' || !/^0x[0-9a-f]+$/i.test(value)) throw nonsense('a quantity', String(value));
  return BigInt(value);
}

/** Any bytes that a node gives as hex. */
export function decodeData(value: unknown, what: string): Uint8Array {
  if (typeof value !== 'string' || value.length % 2 !== 0 || !value.startsWith('0x'))
    throw nonsense(what, String(value));
  return hexBytes(value, 2, value.length);
}

// By table: a long history is mostly this loop.
function hexBytes(hex: string, from: number, to: number): Uint8Array {
  const bytes = new Uint8Array((to - from) / 2);
  for (let i = 0, at = from; i < bytes.length; i++, at += 2) {
    const high = NIBBLES[hex.charCodeAt(at)] ?? -1;
    const low = NIBBLES[hex.charCodeAt(at + 1)] ?? -1;
    if ((high | low) < 0) throw nonsense('hex', hex.slice(at, at + 2));
    bytes[i] = (high << 4) | low;
  }
  return bytes;
}

const NIBBLES = new Int8Array(128).fill(-1);
for (let i = 0; i < 16; i++) {
  NIBBLES[i.toString(16).charCodeAt(0)] = i;
  NIBBLES[i.toString(16).toUpperCase().charCodeAt(0)] = i;
}

function nonsense(what: string, found: string): UnavailableError {
  return new UnavailableError(
    'ledger.unreachable',
    `The chain endpoint answered with something that is not ${what} of the ledger: ${found.slice(0, 80)}. Ask another endpoint.`,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
