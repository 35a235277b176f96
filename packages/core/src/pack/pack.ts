/**
 * The file of a pallet: evidence of many credentials with the facts to judge it by, each thing once. docs/packs.md has the format. Reading
 * it believes nothing: it gives back the evidence that went in, one after the other, for `verify` to judge.
 */
import * as dagCbor from '@ipld/dag-cbor';
import { z } from 'zod';
import { concatBytes, decodeBase64Url, encodeBase64Url, encodeHex, equalBytes, joinBytes, sha256 } from '../bytes.ts';
import { hashCredential } from '../credential/cid.ts';
import type { PublicJwk } from '../credential/keys.ts';
import { InvalidInputError } from '../errors.ts';
import { decodeProof, type Evidence } from '../evidence/evidence.ts';
import type { Digest } from '../ids.ts';
import { decodeEntry, type EntryOf, LARGEST_BATCH, LONGEST_ENTRY } from '../journal/entry.ts';
import { countOpenNodes, hashLeaf, joinPaths, splitPaths } from '../journal/tree.ts';
import { canonicalizeJson } from '../json.ts';
import { parseShape } from '../shape.ts';

/** "dpp-pack", and the version. */
const MAGIC = Uint8Array.of(...new TextEncoder().encode('dpp-pack'), 1);
const PREAMBLE = MAGIC.length + 32 + 4;
const LONGEST_HEAD = 32 * 1024 * 1024;
/** An IPFS block. */
const LONGEST_CREDENTIAL = 1024 * 1024;
export const MOST_PASSPORTS = 100_000;
/** A passport and a grant of its own, the densest there is, have 8 items in 42. */
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
const position = z.int().min(0).lt(MOST_PASSPORTS);
/** Looked at up to the first item that is wrong: a head of 32 MiB holds as many of them, and none is worth a line of its own. */
const listOf = <T>(item: z.ZodType<T>, most = Number.POSITIVE_INFINITY) =>
  z.custom<readonly T[]>(
    (value) =>
      Array.isArray(value) && value.length <= most && value.every((each: unknown) => item.safeParse(each).success),
    'a list with an item that is wrong, or with too many',
  );

const headShape = z.strictObject({
  ledger: z.string().max(80),
  statements: z.array(z.string().min(1).max(LONGEST_STATEMENT)).max(MOST_STATEMENTS),
  nodes: listOf(bytesOf((length) => length >= SHORTEST_NODE && length <= LONGEST_NODE)),
  keys: listOf(
    z.discriminatedUnion('kty', [
      z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: bytes32, y: bytes32 }),
      z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: bytes32 }),
    ]),
    MOST_PASSPORTS,
  ),
  grants: listOf(z.tuple([z.int().min(0).max(0xffffffff), z.string().min(1).max(255)]), MOST_PASSPORTS),
  anchors: listOf(
    z.strictObject({
      index: z.int().min(0),
      entry: bytes(LONGEST_ENTRY),
      path: hashes(52),
      nodes: hashes(LARGEST_BATCH),
      passports: listOf(
        z.tuple([
          z
            .int()
            .min(0)
            .max(LARGEST_BATCH - 1),
          bytes32,
          position,
          position.nullable(),
        ]),
        LARGEST_BATCH,
      ),
    }),
    MOST_PASSPORTS,
  ),
});
type Head = z.infer<typeof headShape>;

export interface PackParts {
  /** One JWT each. */
  readonly statements: readonly string[];
  /** Of the state's and the storage's trie, in any order. */
  readonly nodes: readonly Uint8Array[];
  /** All of one ledger, in any order; their entries' paths are to the tree head of the statements. */
  readonly evidence: readonly Evidence[];
}

/**
 * Writes a pack, in chunks. Errors: `evidence.pack` for evidence of several ledgers, the same credential twice, paths that do not belong
 * to one batch, or too much of anything.
 */
export function* encodePack(parts: PackParts): Generator<Uint8Array> {
  const { evidence } = parts;
  const [first] = evidence;
  if (first === undefined) refuse('it has no passport');
  if (evidence.some(({ ledger }) => ledger !== first.ledger)) refuse('its passports are of several ledgers');
  const byAnchor = new Map<number, Evidence[]>();
  for (const one of evidence) {
    const together = byAnchor.get(one.entry.index) ?? [];
    together.push(one);
    byAnchor.set(one.entry.index, together);
  }
  const sorted = [...byAnchor]
    .sort(([a], [b]) => a - b)
    .map(([, together]) => together.sort((a, b) => a.batch.index - b.batch.index));
  const keys = createTable(({ key }: Evidence) => key);
  const grants = createTable(({ grant }: Evidence) => grant);
  const anchors = sorted.map((together) => encodeAnchor(together, keys.place, grants.place));
  const head: Head = {
    ledger: first.ledger,
    statements: [...parts.statements],
    nodes: [...parts.nodes],
    keys: keys.items.map(encodeKey),
    grants: grants.items.map((grant) => [grant?.number ?? 0, grant?.prefix ?? '']),
    anchors,
  };
  const encoded = dagCbor.encode(head);
  // What is written can be read.
  decodeHead(encoded);
  yield concatBytes(MAGIC, sha256(encoded), encodeLength(encoded.length));
  yield encoded;
  for (const { credential } of sorted.flat()) {
    const text = ascii.encode(credential);
    yield encodeLength(text.length);
    yield text;
  }
}

function encodeAnchor(
  together: readonly Evidence[],
  placeOfKey: (evidence: Evidence) => number | null,
  placeOfGrant: (evidence: Evidence) => number | null,
): Head['anchors'][number] {
  const [{ entry }] = together as [Evidence];
  const encoded = decodeBase64Url(entry.bytes);
  const { size } = decodeAnchor(encoded);
  const isSame = ({ entry: other }: Evidence) =>
    other.bytes === entry.bytes && other.proof.join() === entry.proof.join();
  if (!together.every(isSame)) refuse(`entry ${entry.index} is given in several ways`);
  const paths = together.map(({ batch }) => ({ index: batch.index, proof: decodeProof(batch.proof) }));
  let nodes: Uint8Array[];
  try {
    nodes = joinPaths(paths, size);
  } catch (cause) {
    return refuse(`the paths of entry ${entry.index} do not belong together`, cause);
  }
  return {
    index: entry.index,
    entry: encoded,
    path: concatBytes(...decodeProof(entry.proof)),
    nodes: concatBytes(...nodes),
    passports: together.map((one) => [
      one.batch.index,
      hashCredential(ascii.encode(one.credential)),
      placeOfKey(one) ?? refuse('a passport has no key'),
      placeOfGrant(one),
    ]),
  };
}

/** Each value once, in the order of its first use. */
function createTable<T>(find: (evidence: Evidence) => T | undefined) {
  const places = new Map<string, number>();
  const items: T[] = [];
  return {
    items,
    place(evidence: Evidence): number | null {
      const value = find(evidence);
      if (value === undefined) return null;
      const name = canonicalizeJson(value);
      const known = places.get(name);
      if (known !== undefined) return known;
      places.set(name, items.length);
      return items.push(value) - 1;
    },
  };
}

// --------------------------------------------------------------------------------------------------------------------- reading

export interface Pack {
  /** CAIP-10, as the pack says. */
  readonly ledger: string;
  readonly count: number;
  readonly statements: readonly string[];
  readonly nodes: readonly Uint8Array[];
  /** The evidence, in the order of entry and place, read as it is asked for. Errors: `evidence.pack` for a file that is cut or damaged. */
  readEvidence(): AsyncGenerator<Evidence>;
}

/** Bytes as they come. */
export type ByteSource = Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

export function isPack(start: Uint8Array): boolean {
  return equalBytes(start.subarray(0, MAGIC.length - 1), MAGIC.subarray(0, -1));
}

/** Reads the head; the rest is read, once, as it is asked for. Errors: `evidence.pack`. */
export async function openPack(source: ByteSource): Promise<Pack> {
  const input = createInput(source);
  const preamble = await input.take(PREAMBLE);
  if (!isPack(preamble)) refuse('it does not begin as one does');
  if (preamble[MAGIC.length - 1] !== MAGIC.at(-1)) refuse('it is of another version');
  const digest = preamble.slice(MAGIC.length, MAGIC.length + 32);
  const length = decodeLength(preamble.subarray(-4));
  if (length > LONGEST_HEAD) refuse(`its head has ${length} bytes where ${LONGEST_HEAD} are the most`);
  const encoded = await input.take(length);
  if (!equalBytes(sha256(encoded), digest)) refuse('its head is damaged');
  const head = decodeHead(encoded);
  return {
    ledger: head.ledger,
    count: countPassports(head),
    statements: head.statements,
    nodes: head.nodes,
    readEvidence: () => readEvidence(head, input),
  };
}

async function* readEvidence(head: Head, input: Input): AsyncGenerator<Evidence> {
  const keys = head.keys.map(decodeKey);
  const grants = head.grants.map(([number, prefix]) => ({ number, prefix }));
  for (const anchor of head.anchors) {
    const entry = {
      index: anchor.index,
      bytes: encodeBase64Url(anchor.entry),
      proof: splitHashes(anchor.path).map(encodeBase64Url),
    };
    const paths = splitPaths({
      indices: anchor.passports.map(([place]) => place),
      leaves: anchor.passports.map(([, digest]) => hashLeaf(digest)),
      size: decodeAnchor(anchor.entry).size,
      nodes: splitHashes(anchor.nodes),
    });
    for (const [i, [index, digest, key, grant]] of anchor.passports.entries()) {
      const length = decodeLength(await input.take(4));
      if (length > LONGEST_CREDENTIAL)
        refuse(`a passport has ${length} bytes where ${LONGEST_CREDENTIAL} are the most`);
      const credential = await input.take(length);
      if (!equalBytes(hashCredential(credential), digest as Digest)) refuse('a passport in it is damaged');
      yield {
        version: 'dpp-evidence/1',
        ledger: head.ledger,
        credential: decodeText(credential),
        key: keys[key] as PublicJwk,
        ...(grant !== null && { grant: grants[grant] as NonNullable<Evidence['grant']> }),
        batch: { index, proof: (paths?.[i] ?? []).map(encodeBase64Url) },
        entry,
      };
    }
  }
  if (!(await input.isOver())) refuse('something follows its last passport');
}

/** Refuses every spelling but the one that is written: nothing twice, nothing that is not used, everything in its order. */
function decodeHead(encoded: Uint8Array): Head {
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
  const count = countPassports(head);
  if (count === 0 || count > MOST_PASSPORTS)
    refuse(`it has ${count} passports where 1 to ${MOST_PASSPORTS} are allowed`);
  assertRising(head.anchors, ({ index }) => index, 'its entries');
  const [keys, grants] = [createUse('keys', head.keys.length), createUse('grants', head.grants.length)];
  for (const { index, entry, nodes, passports } of head.anchors) {
    if (passports.length === 0) refuse(`entry ${index} has no passport`);
    assertRising(passports, ([place]) => place, `the passports of entry ${index}`);
    const { size } = decodeAnchor(entry);
    const [last] = passports.at(-1) ?? [0];
    if (last >= size) refuse(`entry ${index} has no passport ${last}`);
    assertNodes(index, passports, size, nodes);
    for (const [, , key, grant] of passports) {
      keys.see(key);
      if (grant !== null) grants.see(grant);
    }
  }
  keys.assertAll();
  grants.assertAll();
  return head;
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

function assertNodes(
  entry: number,
  passports: Head['anchors'][number]['passports'],
  size: number,
  nodes: Uint8Array,
): void {
  const wanted = countOpenNodes(
    passports.map(([place]) => place),
    size,
  );
  if (nodes.length !== 32 * wanted) refuse(`entry ${entry} has other nodes than its passports need`);
}

/** Places of a table, each used, in the order of first use. */
function createUse(what: string, length: number) {
  let seen = 0;
  return {
    see(place: number): void {
      if (place > seen || place >= length) refuse(`its ${what} are not in the order of their use`);
      if (place === seen) seen += 1;
    },
    assertAll(): void {
      if (seen !== length) refuse(`some of its ${what} are not used`);
    },
  };
}

function assertRising<T>(items: readonly T[], rank: (item: T) => number, what: string): void {
  items.forEach((item, i) => {
    if (i > 0 && rank(item) <= rank(items[i - 1] as T)) refuse(`${what} are not in order, each once`);
  });
}

function decodeAnchor(entry: Uint8Array): EntryOf<'anchored'> {
  let decoded: ReturnType<typeof decodeEntry>;
  try {
    decoded = decodeEntry(entry);
  } catch (cause) {
    return refuse('an entry in it cannot be read', cause);
  }
  return decoded.kind === 'anchored' ? decoded : refuse('an entry in it is no anchor');
}

function countPassports({ anchors }: Head): number {
  return anchors.reduce((sum, { passports }) => sum + passports.length, 0);
}

// ----------------------------------------------------------------------------------------------------------------------- bytes

const ascii = new TextEncoder();
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

interface Input {
  /** Exactly so many bytes. Errors: `evidence.pack` where there are fewer. */
  take(length: number): Promise<Uint8Array>;
  isOver(): Promise<boolean>;
}

/** Holds what was read and not yet taken. */
function createInput(source: ByteSource): Input {
  const chunks = (source instanceof Uint8Array ? [source] : source) as AsyncIterable<Uint8Array>;
  const iterator = (chunks[Symbol.asyncIterator] ?? Reflect.get(chunks, Symbol.iterator)).call(chunks) as
    | AsyncIterator<Uint8Array>
    | Iterator<Uint8Array>;
  let held: Uint8Array = new Uint8Array();

  async function readMore(): Promise<boolean> {
    const { value, done } = await iterator.next();
    if (done === true) return false;
    held = held.length === 0 ? value : concatBytes(held, value);
    return true;
  }

  return {
    async take(length) {
      const parts: Uint8Array[] = [];
      let missing = length;
      while (missing > 0) {
        if (held.length === 0 && !(await readMore())) refuse('it is cut');
        const part = held.subarray(0, missing);
        held = held.subarray(part.length);
        missing -= part.length;
        parts.push(part);
      }
      return parts.length === 1 ? (parts[0] as Uint8Array) : joinBytes(parts);
    },
    async isOver() {
      while (held.length === 0) if (!(await readMore())) return true;
      return false;
    },
  };
}

function encodeLength(length: number): Uint8Array {
  const encoded = new Uint8Array(4);
  new DataView(encoded.buffer).setUint32(0, length);
  return encoded;
}

function decodeLength(encoded: Uint8Array): number {
  return new DataView(encoded.buffer, encoded.byteOffset).getUint32(0);
}

function splitHashes(joined: Uint8Array): Uint8Array[] {
  return Array.from({ length: joined.length / 32 }, (_, i) => joined.subarray(32 * i, 32 * (i + 1)));
}

function encodeKey(key: PublicJwk): Head['keys'][number] {
  const x = decodeBase64Url(key.x, 32);
  return key.kty === 'EC'
    ? { kty: key.kty, crv: key.crv, x, y: decodeBase64Url(key.y, 32) }
    : { kty: key.kty, crv: key.crv, x };
}

function decodeKey(key: Head['keys'][number]): PublicJwk {
  const x = encodeBase64Url(key.x);
  return key.kty === 'EC'
    ? { kty: key.kty, crv: key.crv, x, y: encodeBase64Url(key.y) }
    : { kty: key.kty, crv: key.crv, x };
}

function decodeText(credential: Uint8Array): string {
  try {
    return strictUtf8.decode(credential);
  } catch (cause) {
    return refuse('a passport in it is no text', cause);
  }
}

function refuse(message: string, cause?: unknown): never {
  throw new InvalidInputError('evidence.pack', `This is not a pack: ${message}.`, { cause });
}
