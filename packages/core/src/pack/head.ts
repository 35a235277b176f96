/**
 * The head of a pack: all that its passports share, each thing once, and where each passport's own bytes belong. docs/packs.md has the
 * format. One spelling is read, and it is the one that is written.
 */
import * as dagCbor from '@ipld/dag-cbor';
import { z } from 'zod';
import { encodeHex, equalBytes, sha256 } from '../bytes.ts';
import { InvalidInputError } from '../errors.ts';
import { LONGEST_EVENT } from '../evidence/evidence.ts';
import { decodeEntry, type EntryOf, LARGEST_BATCH, LONGEST_ENTRY } from '../journal/entry.ts';
import { countOpenNodes } from '../journal/tree.ts';
import { MOST_MAKINGS } from '../materials/provenance.ts';
import { parseShape } from '../shape.ts';

export const LONGEST_HEAD = 32 * 1024 * 1024;
export const MOST_PASSPORTS = 100_000;
/** The densest there are, passports with a grant and lots of their own each, have 13 items in 55. */
const BYTES_PER_ITEM = 4;
const MOST_STATEMENTS = 64;
const LONGEST_STATEMENT = 4096;
/**
 * A shorter one stands within the node above it (Yellow Paper, D), and no root is: keys are hashes, of which a lone leaf has all. The
 * longest is a branch of 16 hashes. Each is hashed before anything is known of it, so that many tiny ones would be a bomb.
 */
const [SHORTEST_NODE, LONGEST_NODE] = [32, 576];

const bytesOf = (isRight: (length: number) => boolean) =>
  z.custom<Uint8Array>((value) => value instanceof Uint8Array && isRight(value.length), 'bytes of another length');
const bytes = (longest: number) => bytesOf((length) => length > 0 && length <= longest);
const hashes = (most: number) => bytesOf((length) => length % 32 === 0 && length <= 32 * most);
const bytes32 = bytesOf((length) => length === 32);
/** In a table; none is longer. */
const position = z.int().min(0).lt(MOST_PASSPORTS);
/** Many of them, 4 bytes each: as integers of CBOR they would be as tiny as what bombs are made of. */
const positions = bytesOf((length) => length % 4 === 0 && length <= 4 * MOST_MAKINGS);
const place = z.int().min(0).lt(LARGEST_BATCH);
/** Looked at up to the first item that is wrong: a head of 32 MiB holds as many of them, and none is worth a line of its own. */
const listOf = <T>(item: z.ZodType<T>, most = MOST_PASSPORTS) =>
  z.custom<readonly T[]>(
    (value) =>
      Array.isArray(value) && value.length <= most && value.every((each: unknown) => item.safeParse(each).success),
    'a list with an item that is wrong, or with too many',
  );
/** Passports of one batch: the position of its anchor, what its tree has besides, and of each passport place, digest, and more. */
const batchOf = <T>(passport: z.ZodType<T>) =>
  z.strictObject({ entry: position, nodes: hashes(LARGEST_BATCH), passports: listOf(passport, LARGEST_BATCH) });

const headShape = z.strictObject({
  ledger: z.string().max(80),
  statements: z.array(z.string().min(1).max(LONGEST_STATEMENT)).max(MOST_STATEMENTS),
  nodes: listOf(
    bytesOf((length) => length >= SHORTEST_NODE && length <= LONGEST_NODE),
    Number.POSITIVE_INFINITY,
  ),
  keys: listOf(
    z.discriminatedUnion('kty', [
      z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: bytes32, y: bytes32 }),
      z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: bytes32 }),
    ]),
  ),
  grants: listOf(z.tuple([z.int().min(0).max(0xffffffff), z.string().min(1).max(255)])),
  /** Of whatever kind: index, bytes, and the path to the peak. */
  entries: listOf(z.tuple([z.int().min(0), bytes(LONGEST_ENTRY), hashes(52)])),
  events: listOf(z.string().min(1).max(LONGEST_EVENT)),
  /** What stands behind a passport's lots: entries and events. */
  lots: listOf(z.tuple([positions, positions])),
  /** Batches of the earlier versions that passports need. */
  earlier: listOf(batchOf(z.tuple([place, bytes32]))),
  /** Place, digest, and the positions of key, grant, lots, and earlier version, counted over all of `earlier`. */
  anchors: listOf(
    batchOf(z.tuple([place, bytes32, position, position.nullable(), position.nullable(), position.nullable()])),
  ),
});
export type Head = z.infer<typeof headShape>;
export type Batch = Head['earlier'][number] | Head['anchors'][number];

export function encodeHead(head: Head): Uint8Array {
  const encoded = dagCbor.encode(head);
  // What is written can be read.
  decodeHead(encoded);
  return encoded;
}

/**
 * Refuses every spelling but the one that is written: nothing twice, nothing that is not used, everything in its order. Errors:
 * `evidence.pack`.
 */
export function decodeHead(encoded: Uint8Array): Head {
  if (encoded.length > LONGEST_HEAD) refuse(`its head has ${encoded.length} bytes where ${LONGEST_HEAD} are the most`);
  if (countItems(encoded) > encoded.length / BYTES_PER_ITEM) refuse('its head is made of too many tiny items');
  let decoded: unknown;
  try {
    decoded = dagCbor.decode(encoded);
  } catch (cause) {
    refuse('its head is not DAG-CBOR', cause);
  }
  const head = parseShape(headShape, decoded, 'pack', 'evidence.pack');
  if (!equalBytes(dagCbor.encode(head), encoded)) refuse('its head is not in the canonical spelling');
  const count = countPassports(head.anchors);
  if (count === 0 || count > MOST_PASSPORTS)
    refuse(`it has ${count} passports where 1 to ${MOST_PASSPORTS} are allowed`);
  assertRising(head.entries, ([index]) => index, 'its entries');
  assertBatches(head.earlier, head);
  assertBatches(head.anchors, head);
  assertUsed(head);
  return head;
}

/** How many passports the batches have. */
export function countPassports(batches: readonly Batch[]): number {
  return batches.reduce((sum, { passports }) => sum + passports.length, 0);
}

/** The anchor of a batch. Errors: `evidence.pack` where the position is that of nothing, or of an entry of another kind. */
export function decodeAnchor({ entries }: Pick<Head, 'entries'>, at: number): EntryOf<'anchored'> {
  const [, encoded] = entries[at] ?? refuse('it has no entry for a batch');
  let decoded: ReturnType<typeof decodeEntry>;
  try {
    decoded = decodeEntry(encoded);
  } catch (cause) {
    return refuse('an entry in it cannot be read', cause);
  }
  return decoded.kind === 'anchored' ? decoded : refuse('an entry in it is no anchor');
}

export function encodePositions(all: readonly number[]): Uint8Array {
  const encoded = new Uint8Array(4 * all.length);
  const view = new DataView(encoded.buffer);
  for (const [i, one] of all.entries()) view.setUint32(4 * i, one);
  return encoded;
}

export function decodePositions(encoded: Uint8Array): number[] {
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  return Array.from({ length: encoded.length / 4 }, (_, i) => view.getUint32(4 * i));
}

export function refuse(message: string, cause?: unknown): never {
  throw new InvalidInputError('evidence.pack', `This is not a pack: ${message}.`, { cause });
}

/**
 * Of CBOR (RFC 8949, 3), without making anything of them: 32 MiB of empty maps take gigabytes to decode, and no program survives that.
 * What is malformed is not counted on from there: the decoder comes no further either.
 */
function countItems(encoded: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < encoded.length; count++) {
    const first = encoded[at] as number;
    const [major, info] = [first >> 5, first & 0x1f];
    const start = at + 1;
    at = info < 24 ? start : start + 2 ** (info - 24);
    // Bytes and texts follow their length; all other items are their head alone.
    if (major !== 2 && major !== 3) continue;
    if (at > encoded.length) break;
    at += info < 24 ? info : Number(encodeHex(encoded.subarray(start, at)));
  }
  return count;
}

/** Batches in the order of their anchors, each once; passports in the order of their places; and just the nodes that they leave open. */
function assertBatches(batches: readonly Batch[], head: Head): void {
  assertRising(batches, ({ entry }) => entry, 'its batches');
  for (const { entry, nodes, passports } of batches) {
    const places = passports.map(([at]) => at);
    const last = places.at(-1) ?? refuse('a batch in it has no passport');
    assertRising(places, (at) => at, 'the passports of a batch');
    const { size } = decodeAnchor(head, entry);
    if (last >= size) refuse(`a batch has no passport ${last}`);
    if (nodes.length !== 32 * countOpenNodes(places, size)) refuse('a batch has other nodes than its passports need');
  }
}

function assertUsed(head: Head): void {
  const keys = createUse('keys', head.keys);
  const grants = createUse('grants', head.grants);
  const lots = createUse('lots', head.lots);
  const events = createUse('events', head.events);
  // These two have an order of their own.
  const entries = new Set([...head.earlier, ...head.anchors].map(({ entry }) => entry));
  const versions = new Set<number>();
  for (const { passports } of head.anchors) {
    for (const [, , key, grant, behind, version] of passports) {
      keys.see(key);
      if (grant !== null) grants.see(grant);
      if (behind !== null) lots.see(behind);
      if (version !== null) versions.add(version);
    }
  }
  for (const [some, described] of head.lots) {
    for (const at of decodePositions(some)) entries.add(at);
    for (const at of decodePositions(described)) events.see(at);
  }
  for (const use of [keys, grants, lots, events]) use.assertAll();
  assertAll('entries', entries, head.entries.length);
  assertAll('earlier versions', versions, countPassports(head.earlier));
}

function assertAll(what: string, used: ReadonlySet<number>, length: number): void {
  for (const at of used) if (at >= length) refuse(`it does not have all the ${what} that it names`);
  if (used.size !== length) refuse(`some of its ${what} are not used`);
}

/** Of a table: no two items alike, each used, in the order of first use. */
function createUse(what: string, table: readonly unknown[]) {
  const names = new Set(table.map((item) => encodeHex(sha256(dagCbor.encode(item)))));
  if (names.size !== table.length) refuse(`some of its ${what} stand twice`);
  let seen = 0;
  return {
    see(at: number): void {
      if (at > seen || at >= table.length) refuse(`its ${what} are not in the order of their use`);
      if (at === seen) seen += 1;
    },
    assertAll(): void {
      if (seen !== table.length) refuse(`some of its ${what} are not used`);
    },
  };
}

function assertRising<T>(items: readonly T[], rank: (item: T) => number, what: string): void {
  items.forEach((item, i) => {
    if (i > 0 && rank(item) <= rank(items[i - 1] as T)) refuse(`${what} are not in order, each once`);
  });
}
