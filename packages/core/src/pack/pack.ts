/**
 * The file of a pallet: evidence of many credentials with the facts to judge it by, each thing once. docs/packs.md has the format. Reading
 * it believes nothing: it gives back the evidence that went in, one after the other, for `verify` to judge.
 */
import { concatBytes, decodeBase64Url, encodeBase64Url, equalBytes, joinBytes, sha256 } from '../bytes.ts';
import { hashCredential } from '../credential/cid.ts';
import type { PublicJwk } from '../credential/keys.ts';
import { decodeProof, type EarlierVersion, type Evidence, type EvidenceEntry } from '../evidence/evidence.ts';
import type { Digest } from '../ids.ts';
import { hashLeaf, joinPaths, splitPaths } from '../journal/tree.ts';
import { canonicalizeJson } from '../json.ts';
import {
  type Batch,
  countPassports,
  decodeAnchor,
  decodeHead,
  decodePositions,
  encodeHead,
  encodePositions,
  type Head,
  LONGEST_HEAD,
  refuse,
} from './head.ts';

/** "dpp-pack", and the version. */
const MAGIC = Uint8Array.of(...new TextEncoder().encode('dpp-pack'), 1);
const PREAMBLE = MAGIC.length + 32 + 4;
/** An IPFS block. */
const LONGEST_CREDENTIAL = 1024 * 1024;

export interface PackParts {
  /** One JWT each. */
  readonly statements: readonly string[];
  /** Of the tries of the state and of both storages, in any order. */
  readonly nodes: readonly Uint8Array[];
  /** All of one ledger, in any order; their entries' paths are to the tree head of the statements. */
  readonly evidence: readonly Evidence[];
}

/**
 * Writes a pack, in chunks. Errors: `evidence.pack` for evidence of several ledgers, the same credential twice, one entry in several ways,
 * paths that do not belong to one batch, or too much of anything.
 */
export function* encodePack({ statements, nodes, evidence }: PackParts): Generator<Uint8Array> {
  const [first] = evidence;
  if (first === undefined) refuse('it has no passport');
  if (evidence.some(({ ledger }) => ledger !== first.ledger)) refuse('its passports are of several ledgers');
  const batches = groupByAnchor(evidence);
  const entries = createEntries(evidence);
  const earlier = createVersions(evidence, entries);
  const keys = createTable<Head['keys'][number]>();
  const grants = createTable<Head['grants'][number]>();
  const events = createTable<string>();
  const lots = createTable<Head['lots'][number]>();
  function placeLots(behind: NonNullable<Evidence['lots']>): number {
    const row = [
      encodePositions(behind.entries.map(entries.placeOf)),
      encodePositions(behind.events.map((event) => events.place(event, () => event))),
    ] as const;
    return lots.place(row.map(encodeBase64Url).join(), () => [...row]);
  }
  const anchors = batches.map((together) => ({
    ...encodeBatch(together, entries),
    passports: together.map((one): Head['anchors'][number]['passports'][number] => [
      ...spellPlace(one),
      keys.place(canonicalizeJson(one.key), () => encodeKey(one.key)),
      placeIf(one.grant, (grant) => grants.place(canonicalizeJson(grant), () => [grant.number, grant.prefix])),
      placeIf(one.lots, placeLots),
      placeIf(one.earlier, earlier.placeOf),
    ]),
  }));
  const encoded = encodeHead({
    ...{ ledger: first.ledger, statements: [...statements], nodes: [...nodes] },
    ...{ keys: keys.items, grants: grants.items, entries: entries.rows, events: events.items, lots: lots.items },
    ...{ earlier: earlier.batches, anchors },
  });
  yield concatBytes(MAGIC, sha256(encoded), encodeLength(encoded.length));
  yield encoded;
  for (const { credential, earlier: version } of batches.flat()) {
    yield* encodeText(credential);
    // Again for each that has it, so that whoever reads it need not keep it.
    if (version !== undefined) yield* encodeText(version.credential);
  }
}

function* encodeText(credential: string): Generator<Uint8Array> {
  const text = ascii.encode(credential);
  yield encodeLength(text.length);
  yield text;
}

type Anchored = Pick<Evidence, 'credential' | 'batch' | 'entry'>;

/** Batch by batch, in the order of the journal, and each in its own. */
function groupByAnchor<T extends Anchored>(all: Iterable<T>): T[][] {
  const byAnchor = new Map<number, T[]>();
  for (const one of all) {
    const together = byAnchor.get(one.entry.index) ?? [];
    together.push(one);
    byAnchor.set(one.entry.index, together);
  }
  return [...byAnchor]
    .sort(([a], [b]) => a - b)
    .map(([, together]) => together.sort((a, b) => a.batch.index - b.batch.index));
}

function encodeBatch(together: readonly Anchored[], entries: Entries): Pick<Batch, 'entry' | 'nodes'> {
  const [{ entry }] = together as [Anchored];
  const at = entries.placeOf(entry);
  const paths = together.map(({ batch }) => ({ index: batch.index, proof: decodeProof(batch.proof) }));
  try {
    return { entry: at, nodes: concatBytes(...joinPaths(paths, decodeAnchor({ entries: entries.rows }, at).size)) };
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    return refuse(`the paths of entry ${entry.index} do not belong together`, cause);
  }
}

function spellPlace({ batch, credential }: Anchored): [place: number, digest: Uint8Array] {
  return [batch.index, hashCredential(ascii.encode(credential))];
}

type Entries = ReturnType<typeof createEntries>;

/** Every entry that any evidence has, whatever for, in the order of the journal. */
function createEntries(evidence: readonly Evidence[]) {
  const byIndex = new Map<number, EvidenceEntry>();
  for (const { entry, lots, earlier } of evidence) {
    for (const one of [entry, ...(lots?.entries ?? []), ...(earlier ? [earlier.entry] : [])]) {
      const known = byIndex.get(one.index) ?? one;
      const isSame = one === known || (one.bytes === known.bytes && one.proof.join() === known.proof.join());
      if (!isSame) refuse(`entry ${one.index} is given in several ways`);
      byIndex.set(one.index, known);
    }
  }
  const sorted = [...byIndex.values()].sort((a, b) => a.index - b.index);
  const places = new Map(sorted.map(({ index }, i) => [index, i]));
  return {
    rows: sorted.map(({ index, bytes, proof }): Head['entries'][number] => [
      index,
      decodeBase64Url(bytes),
      concatBytes(...decodeProof(proof)),
    ]),
    placeOf: ({ index }: EvidenceEntry): number => places.get(index) ?? refuse(`entry ${index} is not in it`),
  };
}

/** Every earlier version that any evidence has, batch by batch. */
function createVersions(evidence: readonly Evidence[], entries: Entries) {
  const nameOf = ({ batch, entry }: EarlierVersion) => `${entry.index} ${batch.index}`;
  const byName = new Map<string, EarlierVersion>();
  for (const { earlier } of evidence) {
    if (earlier === undefined) continue;
    const known = byName.get(nameOf(earlier)) ?? earlier;
    const isSame = known.credential === earlier.credential && known.batch.proof.join() === earlier.batch.proof.join();
    if (!isSame) refuse(`an earlier version in entry ${earlier.entry.index} is given in several ways`);
    byName.set(nameOf(earlier), known);
  }
  const batches = groupByAnchor(byName.values());
  const places = new Map(batches.flat().map((version, i) => [nameOf(version), i]));
  return {
    batches: batches.map((together) => ({ ...encodeBatch(together, entries), passports: together.map(spellPlace) })),
    placeOf: (version: EarlierVersion): number => places.get(nameOf(version)) ?? refuse('a version is not in it'),
  };
}

/** Each value once, in the order of its first use. */
function createTable<T>() {
  const places = new Map<string, number>();
  const items: T[] = [];
  return {
    items,
    place(name: string, spell: () => T): number {
      const known = places.get(name);
      if (known !== undefined) return known;
      places.set(name, items.length);
      return items.push(spell()) - 1;
    },
  };
}

function placeIf<T>(value: T | undefined, place: (value: T) => number): number | null {
  return value === undefined ? null : place(value);
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
    count: countPassports(head.anchors),
    statements: head.statements,
    nodes: head.nodes,
    readEvidence: () => readEvidence(head, input),
  };
}

async function* readEvidence(head: Head, input: Input): AsyncGenerator<Evidence> {
  const keys = head.keys.map(decodeKey);
  const grants = head.grants.map(([number, prefix]) => ({ number, prefix }));
  const entries = head.entries.map(([index, bytes, path]) => ({
    ...{ index, bytes: encodeBase64Url(bytes), proof: splitHashes(path).map(encodeBase64Url) },
  }));
  const versions = head.earlier.flatMap((batch) => openBatch(batch, head));
  const pick = <T>(table: readonly T[], at: number): T => table[at] ?? refuse('something in it is missing');
  function readLots([some, described]: Head['lots'][number]): Evidence['lots'] {
    return {
      entries: decodePositions(some).map((at) => pick(entries, at)),
      events: decodePositions(described).map((at) => pick(head.events, at)),
    };
  }
  async function readVersion(at: number): Promise<EarlierVersion> {
    const { entry, path, row } = pick(versions, at);
    const [index, digest] = row;
    const credential = await readCredential(input, digest);
    return { credential, batch: { index, proof: path.map(encodeBase64Url) }, entry: pick(entries, entry) };
  }
  for (const anchor of head.anchors) {
    for (const { path, row } of openBatch(anchor, head)) {
      const [index, digest, key, grant, lots, version] = row;
      yield {
        version: 'dpp-evidence/1',
        ledger: head.ledger,
        credential: await readCredential(input, digest),
        key: pick(keys, key),
        ...(grant !== null && { grant: pick(grants, grant) }),
        batch: { index, proof: path.map(encodeBase64Url) },
        entry: pick(entries, anchor.entry),
        ...(lots !== null && { lots: readLots(pick(head.lots, lots)) }),
        ...(version !== null && { earlier: await readVersion(version) }),
      };
    }
  }
  if (!(await input.isOver())) refuse('something follows its last passport');
}

/** Each passport of it with its path; a node that is wrong makes paths that lead elsewhere. */
function openBatch<R extends readonly [place: number, digest: Uint8Array, ...rest: unknown[]]>(
  { entry, nodes, passports }: { readonly entry: number; readonly nodes: Uint8Array; readonly passports: readonly R[] },
  head: Head,
): { readonly entry: number; readonly path: readonly Uint8Array[]; readonly row: R }[] {
  const paths = splitPaths({
    indices: passports.map(([place]) => place),
    leaves: passports.map(([, digest]) => hashLeaf(digest)),
    size: decodeAnchor(head, entry).size,
    nodes: splitHashes(nodes),
  });
  return passports.map((row, i) => ({ entry, path: paths?.[i] ?? [], row }));
}

async function readCredential(input: Input, digest: Uint8Array): Promise<string> {
  const length = decodeLength(await input.take(4));
  if (length > LONGEST_CREDENTIAL) refuse(`a passport has ${length} bytes where ${LONGEST_CREDENTIAL} are the most`);
  const credential = await input.take(length);
  if (!equalBytes(hashCredential(credential), digest as Digest)) refuse('a passport in it is damaged');
  return decodeText(credential);
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
