/**
 * What a replay keeps of the journal to look at again: what was done in issuers' names and to lots, or every entry. One file that is appended
 * to: 6 bytes of an entry's index, 2 of its length, the entry.
 */
import { concatBytes } from '@dpp-ledger/core';
import { entryCode } from '@dpp-ledger/core/journal';
import type { ReplayNotes } from './notes.ts';

/** The file. */
export const ACTS = 'acts';
const RECORD_HEAD = 8;
/** Controllers, submitters and keys act for issuers: byte 18 of an entry. */
const LAST_ISSUER_ACTOR = 3;
const ANCHORED = entryCode('anchored');
/** The accreditor's, and yet it concerns a holder. */
const LOT_VOIDED = entryCode('lotVoided');
/** Of an anchor: how many credentials, 2 bytes. */
const SIZE_AT = 117;

/** An entry that was made in an issuer's name, or of a lot. */
export interface Act {
  readonly index: number;
  readonly bytes: Uint8Array;
}

export type Kept = 'acts' | 'entries';

/** Entries as they are written down, how many of them are acts, and how many credentials these anchor. */
export function encodeActs(
  first: number,
  entries: readonly Uint8Array[],
  kept: Kept,
): { readonly bytes: Uint8Array; readonly acts: number; readonly credentials: number } {
  let length = 0;
  let acts = 0;
  let credentials = 0;
  for (const bytes of entries) {
    const isOne = isAct(bytes);
    if (isOne) acts += 1;
    if (isOne && bytes[1] === ANCHORED) credentials += ((bytes[SIZE_AT] ?? 0) << 8) | (bytes[SIZE_AT + 1] ?? 0);
    if (isOne || kept === 'entries') length += RECORD_HEAD + bytes.length;
  }
  const out = new Uint8Array(length);
  const view = new DataView(out.buffer);
  let at = 0;
  for (const [i, bytes] of entries.entries()) {
    if (kept === 'acts' && !isAct(bytes)) continue;
    view.setUint16(at, Math.floor((first + i) / 2 ** 32));
    view.setUint32(at + 2, (first + i) % 2 ** 32);
    view.setUint16(at + 6, bytes.length);
    out.set(bytes, at + RECORD_HEAD);
    at += RECORD_HEAD + bytes.length;
  }
  return { bytes: out, acts, credentials };
}

export function isAct(bytes: Uint8Array): boolean {
  return (bytes[18] ?? 0) <= LAST_ISSUER_ACTOR || bytes[1] === LOT_VOIDED;
}

/** What was kept, in its order, from a place in the file on; some at a time, each with the place after it. */
export async function* readActs(
  notes: ReplayNotes,
  from: number,
): AsyncGenerator<readonly (Act & { readonly next: number })[]> {
  let rest = new Uint8Array();
  let next = from;
  for await (const piece of notes.readFrom(ACTS, from, 256 * 1024)) {
    const bytes = rest.length === 0 ? piece : concatBytes(rest, piece);
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const acts: (Act & { readonly next: number })[] = [];
    let at = 0;
    while (at + RECORD_HEAD <= bytes.length) {
      const end = at + RECORD_HEAD + view.getUint16(at + 6);
      if (end > bytes.length) break;
      const index = view.getUint16(at) * 2 ** 32 + view.getUint32(at + 2);
      next += end - at;
      acts.push({ index, bytes: bytes.subarray(at + RECORD_HEAD, end), next });
      at = end;
    }
    rest = bytes.slice(at);
    if (acts.length > 0) yield acts;
  }
}

/** Every entry of the journal as far as it was proven, from notes of a replay that kept them (`keep: 'entries'`). */
export async function* readEntries(notes: ReplayNotes): AsyncGenerator<Act> {
  for await (const acts of readActs(notes, 0)) for (const { index, bytes } of acts) yield { index, bytes };
}
