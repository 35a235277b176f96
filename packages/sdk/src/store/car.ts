/** CAR files, version 1 (https://ipld.io/specs/transport/car/carv1/): a root, then blocks, one after the other. Written, not read. */
import { concatBytes } from '@dpp-ledger/core';
import { assertBlock, parseBlockCid } from './block.ts';
import type { Block } from './store.ts';

const ascii = new TextEncoder();

/** The header with one root: DAG-CBOR of { roots: [root], version: 1 }, with its length before it. */
export function encodeCarHeader(root: string): Uint8Array {
  const { bytes } = parseBlockCid(root);
  const header = concatBytes(
    Uint8Array.of(0xa2, 0x65),
    ascii.encode('roots'),
    // A list of one link: tag 42 over a byte string of 37, the CID after the multibase prefix 0x00.
    Uint8Array.of(0x81, 0xd8, 0x2a, 0x58, 0x25, 0x00),
    bytes,
    Uint8Array.of(0x67),
    ascii.encode('version'),
    Uint8Array.of(0x01),
  );
  return concatBytes(encodeVarint(header.length), header);
}

/** What stands before a block's bytes: the length of CID and bytes, and the CID. */
export function encodeCarFrame(cidBytes: Uint8Array, length: number): Uint8Array {
  return concatBytes(encodeVarint(cidBytes.length + length), cidBytes);
}

/** A CAR as a stream of chunks, in bounded memory; every block is checked. Errors: IntegrityError `store.mismatch`. */
export async function* encodeCar(car: {
  readonly root: string;
  readonly blocks: Iterable<Block> | AsyncIterable<Block>;
}): AsyncIterable<Uint8Array> {
  yield encodeCarHeader(car.root);
  for await (const block of car.blocks) {
    const { cidBytes } = assertBlock(block, 'The source of the CAR');
    yield encodeCarFrame(cidBytes, block.bytes.length);
    yield block.bytes;
  }
}

/** Unsigned LEB128. */
export function encodeVarint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return Uint8Array.of(...bytes, rest);
}
