/** Where on a chain the lots of a ledger are kept. */
import { keccak_256 } from '@noble/hashes/sha3.js';
import { decodeHex, encodeHex, type Hex } from '../bytes.ts';

/**
 * The address of the ledger's Materials: the first contract that it created, in its constructor (EIP-161 counts a contract's creations from
 * 1). Keccak-256 of the RLP of the ledger's address and 1.
 */
export function materialsOf(ledger: Hex): Hex {
  const list = Uint8Array.from([0xd6, 0x94, ...decodeHex(ledger, 20), 0x01]);
  return encodeHex(keccak_256(list).subarray(12));
}
