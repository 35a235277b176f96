/**
 * Anchors read from their bytes, without decoding all of them: nearly every entry of a journal is one, and this is several times faster.
 */
import { encodeHex, type Hex } from '../bytes.ts';
import { ACTOR_KINDS, type Actor, entryCode } from './entry.ts';

/** Of an anchor without allocations: what the rules and an audit look at. */
export interface PlainAnchor {
  readonly kind: 'anchored';
  readonly blockNumber: number;
  /** Seconds since 1970. */
  readonly blockTime: number;
  readonly actor: Actor;
  readonly issuer: Hex;
  readonly roles: number;
  readonly size: number;
}

const ANCHORED = entryCode('anchored');
const LENGTH = 152;

/** `undefined` where the bytes are not plainly an anchor without allocations; `decodeEntry` then says what they are. */
export function readPlainAnchor(bytes: Uint8Array): PlainAnchor | undefined {
  if (bytes[1] !== ANCHORED || bytes[0] !== 1 || bytes.length !== LENGTH || bytes[151] !== 0) return undefined;
  const kind = ACTOR_KINDS[(bytes[18] ?? 0) - 1];
  const blockNumber = readUint(bytes, 2, 8);
  const blockTime = readUint(bytes, 10, 8);
  if (kind === undefined || !Number.isSafeInteger(blockNumber) || !Number.isSafeInteger(blockTime)) return undefined;
  if (kind !== 'key' && readUint(bytes, 19, 6) + readUint(bytes, 25, 6) !== 0) return undefined;
  if (readUint(bytes, 119, 6) === 0) return undefined;
  return {
    kind: 'anchored',
    blockNumber,
    blockTime,
    actor: { kind, id: spellOnce(bytes, kind === 'key' ? 19 : 31, 51) },
    issuer: spellOnce(bytes, 51, 83),
    roles: readUint(bytes, 83, 2),
    size: readUint(bytes, 117, 2),
  };
}

/** Names that were spelt lately, by their first bytes: a journal names few issuers and actors, again and again. */
const SPELT: { readonly bytes: Uint8Array; readonly hex: Hex }[] = [];
const MOST_SPELT = 1024;

/** `encodeHex` of a part, several times faster for a name that was spelt before. */
function spellOnce(bytes: Uint8Array, start: number, end: number): Hex {
  const slot = (((bytes[start] ?? 0) << 8) | (bytes[start + 1] ?? 0)) % MOST_SPELT;
  const kept = SPELT[slot];
  if (kept?.bytes.length === end - start) {
    let same = 0;
    while (same < kept.bytes.length && kept.bytes[same] === bytes[start + same]) same += 1;
    if (same === kept.bytes.length) return kept.hex;
  }
  const own = bytes.slice(start, end);
  const hex = encodeHex(own);
  SPELT[slot] = { bytes: own, hex };
  return hex;
}

function readUint(bytes: Uint8Array, offset: number, length: number): number {
  let value = 0;
  for (let i = offset; i < offset + length; i++) value = value * 256 + (bytes[i] ?? 0);
  return value;
}
