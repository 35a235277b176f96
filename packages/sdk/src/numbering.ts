/**
 * Numbers texts in the order in which they first come, in 24 to 48 bytes of memory each, however long they are: of each it keeps the
 * first 128 bits of its SHA-256. That two of a million were taken for one has a chance of 1 in 10^27.
 */
import { sha256 } from '@dpp-ledger/core';

export interface Numbering {
  readonly size: number;
  /** Its number, from 0, or `undefined`. */
  find(text: string): number | undefined;
  /** Gives it the next number; it must have none. */
  add(text: string): number;
}

const utf8 = new TextEncoder();
const WORDS = 4;

export function createNumbering(): Numbering {
  let size = 0;
  let keys = new Uint32Array(WORDS << 10);
  // Open addressing: a number plus one, or 0 where there is none; twice as many as there may be keys.
  let slots = new Uint32Array(2 << 10);

  function hash(text: string): Uint32Array {
    const digest = sha256(utf8.encode(text));
    const view = new DataView(digest.buffer, digest.byteOffset);
    return Uint32Array.from({ length: WORDS }, (_, i) => view.getUint32(4 * i));
  }

  function isAt(number: number, key: Uint32Array): boolean {
    return key.every((word, i) => keys[WORDS * number + i] === word);
  }

  /** Where it is, or where it would be. */
  function slotOf(key: Uint32Array): number {
    let slot = (key[0] ?? 0) & (slots.length - 1);
    for (let taken = slots[slot] ?? 0; taken !== 0 && !isAt(taken - 1, key); taken = slots[slot] ?? 0) {
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }

  function grow(): void {
    const larger = new Uint32Array(2 * keys.length);
    larger.set(keys);
    keys = larger;
    slots = new Uint32Array(2 * slots.length);
    for (let number = 0; number < size; number++) {
      slots[slotOf(keys.subarray(WORDS * number, WORDS * (number + 1)))] = number + 1;
    }
  }

  return {
    get size() {
      return size;
    },
    find(text) {
      const taken = slots[slotOf(hash(text))] ?? 0;
      return taken === 0 ? undefined : taken - 1;
    },
    add(text) {
      const key = hash(text);
      if (WORDS * size === keys.length) grow();
      const slot = slotOf(key);
      if (slots[slot] !== 0) throw new TypeError(`"${text}" has a number already`);
      keys.set(key, WORDS * size);
      size += 1;
      slots[slot] = size;
      return size - 1;
    },
  };
}
