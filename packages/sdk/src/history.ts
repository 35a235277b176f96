/**
 * The journal read from several sources, none of them believed. Entries are folded until they make a subtree that the head to be met has
 * too: up to there they are proven, whoever gave them. A source that breaks the journal is named and what it gave since then is forgotten;
 * one that only fails is named, and the next goes on where it stopped.
 */
import { concatBytes, DppError, encodeHex, type Hex, type LedgerId, parseShape } from '@dpp-ledger/core';
import {
  assertTreeHead,
  createJournalFold,
  ENTRY_KINDS,
  entryCode,
  HEADER_LENGTH,
  JournalBreakError,
  type JournalFold,
  planPeaks,
  restoreJournalFold,
  type TreeHead,
} from '@dpp-ledger/core/journal';
import { z } from 'zod';
import type { ReplayHead, View } from './heads.ts';
import type { LedgerReader } from './ledger/ledger.ts';
import type { OpenLog } from './mirror.ts';
import type { ReplayNotes } from './notes.ts';

/** Entries in a row, as a source gives them; a whole bundle of a mirror with the hashes that are known of it. */
interface Chunk {
  readonly first: number;
  readonly entries: readonly Uint8Array[];
  readonly leaves?: Uint8Array;
  readonly root?: Uint8Array | undefined;
}

export interface EntrySource {
  readonly name: string;
  /** Errors: `journal.break` for entries that cannot be the journal's; others where it fails. */
  read(from: { readonly size: number; readonly blockNumber: number }, signal?: AbortSignal): AsyncIterable<Chunk>;
}

/** What became of a source. */
export interface SourceAccount {
  readonly name: string;
  /** Entries that were taken from it. */
  readonly entries: number;
  /** Why no more was, and where it broke the journal, if that is why. */
  readonly failure?: { readonly code: string; readonly message: string; readonly broken?: Break };
}

type Failure = NonNullable<SourceAccount['failure']>;

/** The first break: the entry, the block by which it shows, what was expected and what was found. */
export interface Break {
  readonly entry: number;
  readonly block: number;
  readonly expected: string;
  readonly found: string;
}

export interface HistoryOptions {
  readonly head: ReplayHead;
  readonly pin: LedgerId | undefined;
  readonly sources: readonly EntrySource[];
  /** Whose checkpoints must be the journal's own at their sizes. */
  readonly logs: readonly OpenLog[];
  readonly notes: ReplayNotes;
  /** Entries after which it saves. */
  readonly saveEvery: number;
  readonly from?: unknown;
  readonly onEntries?: (size: number) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface History {
  readonly fold: JournalFold;
  /** How many of each kind were read. */
  readonly kinds: ReadonlyMap<string, number>;
  /** Where no source went on to the head as it is. */
  readonly broken: Break | undefined;
  readonly accounts: readonly SourceAccount[];
  readonly views: readonly View[];
  /** What was taken on trust. */
  readonly from: { readonly entries: number; readonly root: Hex };
}

/** File of the acts in issuers' names, anchors among them: 6 bytes of index, 2 of length, the entry. */
export const ACTS = 'acts';
const RECORD_HEAD = 8;
/** Controllers, submitters and keys act for issuers: byte 18 of an entry. */
const LAST_ISSUER_ACTOR = 3;
/** Somebody's word too, for what came before. */
const SNAPSHOT = 'a snapshot';

const standing = z.strictObject({
  snapshot: z.unknown(),
  /** How many of each kind, by its code. */
  kinds: z.array(z.tuple([z.int(), z.int()])),
  /** Bytes of the acts. */
  acts: z.int().nonnegative(),
  /** The journal's root at each mark that was passed. */
  roots: z.array(z.tuple([z.int(), z.custom<Hex>((value) => typeof value === 'string')])),
});
/** All that reading changes at one size of the journal. */
type Standing = z.infer<typeof standing>;

const saved = z.strictObject({
  from: z.strictObject({ entries: z.int(), root: z.custom<Hex>((value) => typeof value === 'string') }),
  proven: standing,
  now: standing,
  /** Who gave what since it was proven, and before. */
  given: z.array(z.tuple([z.string(), z.int()])),
  taken: z.array(z.tuple([z.string(), z.int()])),
});

/** Errors: those of the last source where none could be read to the end; `journal.break`, `input.shape` of a snapshot. */
export async function readHistory(options: HistoryOptions): Promise<History> {
  const { head, sources, onEntries, signal } = options;
  const reading = await openReading(options);
  const failures = new Map<string, Failure>();
  let worst: Break | undefined;
  let unread: unknown;

  for (const source of sources) {
    // Once more where others gave a part of what broke: if what it gives alone is proven, the fault was theirs.
    let suspicion: Suspicion | undefined;
    for (let isOver = false; !isOver && reading.size < head.size; ) {
      try {
        for await (const chunk of source.read(reading, signal)) {
          await reading.take(chunk, source.name);
          onEntries?.(reading.size);
        }
        isOver = true;
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof DppError)) throw error;
        const broken = describeBreak(error, reading.blockNumber);
        const failure = { code: error.code, message: error.message, ...(broken && { broken }) };
        if (broken === undefined) unread = error;
        else if (worst === undefined || broken.entry > worst.entry) worst = broken;
        const others = broken === undefined ? [] : await reading.goBack(source.name);
        isOver = suspicion !== undefined || others.length === 0;
        if (isOver) failures.set(source.name, failure);
        else suspicion = { others, failure, proofs: reading.proofs };
      }
    }
    if (suspicion !== undefined && reading.proofs > suspicion.proofs) {
      for (const other of suspicion.others) failures.set(other, suspicion.failure);
    }
  }
  await reading.save();
  for (const [name, failure] of reading.notCompared()) if (!failures.has(name)) failures.set(name, failure);
  const unmet = reading.unmet();
  if (unmet !== undefined && worst === undefined && unread !== undefined) throw unread;
  return {
    ...reading.result(),
    accounts: [SNAPSHOT, ...sources.map(({ name }) => name)].flatMap((name): SourceAccount[] => {
      const [entries, failure] = [reading.givenBy(name), failures.get(name)];
      return name === SNAPSHOT && entries === 0 ? [] : [{ name, entries, ...(failure && { failure }) }];
    }),
    broken: unmet && (worst ?? unmet),
  };
}

/** Of whom a part was that broke, and how much was proven then. */
interface Suspicion {
  readonly others: readonly string[];
  readonly failure: Failure;
  readonly proofs: number;
}

/** What was folded so far, and how to go back to where it was proven. */
async function openReading({ head, pin, logs, notes, from, saveEvery }: HistoryOptions) {
  const known = pin === undefined ? {} : { ledger: pin };
  const kept = await readSaved(notes);
  const begin = kept?.now.snapshot ?? from;
  let fold = begin === undefined ? createJournalFold(known) : restoreJournalFold(begin, known);
  let kinds = countsFrom(kept?.now.kinds ?? []);
  let roots = new Map(kept?.now.roots);
  await notes.truncate(ACTS, kept?.now.acts ?? 0);
  const begun = fold.state.size;
  const trusted = kept?.from ?? { entries: fold.state.size, root: encodeHex(fold.treeHead().root) };
  let proven = kept?.proven ?? stand();
  let given = new Map(kept?.given);
  const taken = new Map(kept?.taken ?? [[SNAPSHOT, trusted.entries]]);
  let proofs = 0;
  const marks = [...new Set([...sharedSizes(head), ...logs.map(({ checkpoint }) => checkpoint.size)])].sort(
    (a, b) => a - b,
  );
  let unsaved = 0;

  function stand(): Standing {
    return { snapshot: fold.snapshot(), kinds: listCounts(kinds), acts: notes.size(ACTS), roots: [...roots] };
  }

  /** At a mark: is this what the head has? */
  function look(): void {
    const { size, root, peaks } = fold.treeHead();
    roots.set(size, encodeHex(root));
    if (!sharedSizes(head).includes(size)) return;
    assertTreeHead({ size, peaks }, { size, peaks: head.peaks.slice(0, peaks.length) });
    for (const [name, count] of given) taken.set(name, (taken.get(name) ?? 0) + count);
    given = new Map();
    proven = stand();
    proofs += 1;
  }

  /** Checkpoints that are not the journal's own at their sizes; by proven entries alone, since others make a liar of anybody. */
  function findForks(): View[] {
    const own = new Map(proven.roots);
    return logs.flatMap(({ name, checkpoint: { size, root }, isSigned }) => {
      const ours = own.get(size);
      if (!isSigned || ours === undefined || ours === encodeHex(root)) return [];
      const message = `Its checkpoint has the root ${encodeHex(root)} over ${size} entries, of which the journal makes ${ours}.`;
      return [{ name, code: 'checkpoint.fork', message }];
    });
  }

  async function save(): Promise<void> {
    unsaved = 0;
    await notes.save('journal', { from: trusted, proven, now: stand(), given: [...given], taken: [...taken] });
  }

  return {
    save,
    get size() {
      return fold.state.size;
    },
    /** How often entries were proven. */
    get proofs() {
      return proofs;
    },
    get blockNumber() {
      return fold.state.blockNumber;
    },

    /** What all that was folded lacks of the head; `undefined`: nothing. */
    unmet(): Break | undefined {
      try {
        assertTreeHead(fold.treeHead(), head);
        return undefined;
      } catch (error) {
        if (!(error instanceof JournalBreakError)) throw error;
        const { entry, expected, found } = error;
        return { entry, block: fold.state.blockNumber, expected, found };
      }
    },
    /** Signed checkpoints of sizes that were passed before, by a snapshot or by a run that did not know of them. */
    notCompared: (): (readonly [name: string, failure: Failure])[] =>
      logs
        .filter(({ checkpoint: { size }, isSigned }) => isSigned && size > 0 && size <= begun && !roots.has(size))
        .map(({ name, checkpoint: { size } }) => {
          const message = `Its checkpoint of ${size} entries was not compared: this replay went on from ${begun}. Replay from the beginning.`;
          return [name, { code: 'checkpoint.not-compared', message }];
        }),
    givenBy: (name: string) => (taken.get(name) ?? 0) + (given.get(name) ?? 0),
    result: () => ({
      ...{ fold, from: trusted, views: findForks() },
      kinds: new Map(ENTRY_KINDS.map((kind) => [kind, kinds[entryCode(kind)] ?? 0])),
    }),

    async take(chunk: Chunk, name: string): Promise<void> {
      for (const part of cutAt(chunk, marks)) {
        const { first, entries, leaves, root } = part;
        try {
          if (leaves === undefined) for (const bytes of entries) fold.add(bytes);
          else fold.addBundle({ entries: [...entries], leaves, root });
          for (const bytes of entries) kinds[bytes[1] ?? 0] = (kinds[bytes[1] ?? 0] ?? 0) + 1;
          await notes.append(ACTS, encodeActs(first, entries));
          given.set(name, (given.get(name) ?? 0) + entries.length);
          if (marks.includes(fold.state.size)) look();
        } catch (error) {
          if (!(error instanceof JournalBreakError)) throw error;
          throw new BreakAtBlock(error, blockOf(entries[error.entry - first]) ?? fold.state.blockNumber);
        }
        unsaved += entries.length;
      }
      if (unsaved >= saveEvery) await save();
    },

    /** To where it was proven. Who beside `name` gave a part of what is forgotten. */
    async goBack(name: string): Promise<readonly string[]> {
      const others = [...given.keys()].filter((other) => other !== name);
      fold = restoreJournalFold(proven.snapshot, known);
      kinds = countsFrom(proven.kinds);
      roots = new Map(proven.roots);
      await notes.truncate(ACTS, proven.acts);
      given = new Map();
      return others;
    },
  };
}

/** How many of each kind, by its code: one byte. */
function countsFrom(counted: Iterable<readonly [code: number, count: number]>): number[] {
  const counts = new Array<number>(256).fill(0);
  for (const [code, count] of counted) counts[code] = count;
  return counts;
}

function listCounts(counts: readonly number[]): [code: number, count: number][] {
  return counts.flatMap((count, code) => (count > 0 ? [[code, count] as [number, number]] : []));
}

/** Errors: `input.shape`: the folder is damaged. */
async function readSaved(notes: ReplayNotes): Promise<z.infer<typeof saved> | undefined> {
  const value = await notes.read('journal');
  return value === undefined ? undefined : parseShape(saved, value, 'state of a replay', 'audit.mismatch');
}

/** Where the journal's tree over its first entries is a part of the head's: up to each of its peaks. */
function sharedSizes({ size }: TreeHead): number[] {
  let sum = 0;
  return planPeaks(size).map(({ level }) => {
    sum += 2 ** level;
    return sum;
  });
}

/** In parts that end at the marks; whole, with its hashes, where none lies inside. */
function* cutAt(chunk: Chunk, marks: readonly number[]): Generator<Chunk> {
  const { first, entries } = chunk;
  const inside = marks.filter((mark) => mark > first && mark < first + entries.length);
  if (inside.length === 0) return void (yield chunk);
  let from = first;
  for (const mark of [...inside, first + entries.length]) {
    yield { first: from, entries: entries.slice(from - first, mark - first) };
    from = mark;
  }
}

/** A break in what was folded, with the block by which it shows. */
class BreakAtBlock extends JournalBreakError {
  readonly block: number;

  constructor({ entry, expected, found }: JournalBreakError, block: number) {
    super(entry, expected, found);
    this.block = block;
  }
}

function describeBreak(error: DppError, lastBlock: number): Break | undefined {
  if (!(error instanceof JournalBreakError)) return undefined;
  const { entry, expected, found } = error;
  return { entry, block: error instanceof BreakAtBlock ? error.block : lastBlock, expected, found };
}

/** What the bytes say of themselves, where they say it. */
function blockOf(bytes: Uint8Array | undefined): number | undefined {
  if (bytes === undefined || bytes.length < HEADER_LENGTH) return undefined;
  const block = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(2);
  return block <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(block) : undefined;
}

// ------------------------------------------------------------------------------------------------------------------------ acts

/** An entry that was made in an issuer's name. */
export interface Act {
  readonly index: number;
  readonly bytes: Uint8Array;
}

function encodeActs(first: number, entries: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const bytes of entries) if (isAct(bytes)) length += RECORD_HEAD + bytes.length;
  const out = new Uint8Array(length);
  const view = new DataView(out.buffer);
  let at = 0;
  for (const [i, bytes] of entries.entries()) {
    if (!isAct(bytes)) continue;
    view.setUint16(at, Math.floor((first + i) / 2 ** 32));
    view.setUint32(at + 2, (first + i) % 2 ** 32);
    view.setUint16(at + 6, bytes.length);
    out.set(bytes, at + RECORD_HEAD);
    at += RECORD_HEAD + bytes.length;
  }
  return out;
}

function isAct(bytes: Uint8Array): boolean {
  return (bytes[18] ?? 0) <= LAST_ISSUER_ACTOR;
}

/** Acts in their order from a place in the file on, some at a time, each with the place after it. */
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

// --------------------------------------------------------------------------------------------------------------------- sources

/** A mirror's bundles, up to the head or as far as it has come. */
export function entriesOfLog(log: OpenLog, head: TreeHead): EntrySource {
  return {
    name: log.name,
    read: ({ size }, signal) => log.readBundles({ from: size, to: head.size, signal }),
  };
}

/** A node's logs, up to the head's block. */
export function entriesOfLedger(ledger: LedgerReader, head: ReplayHead): EntrySource {
  return {
    name: ledger.source,
    async *read({ size, blockNumber }, signal) {
      const fromBlock = size > 0 ? { fromBlock: blockNumber } : {};
      const toBlock = head.blockNumber === undefined ? {} : { toBlock: head.blockNumber };
      const range = { from: size, to: head.size, ...toBlock, ...fromBlock, signal };
      for await (const page of ledger.readEntryPages(range)) {
        const [first] = page;
        if (first !== undefined) yield { first: first.index, entries: page.map(({ bytes }) => bytes) };
      }
    },
  };
}
