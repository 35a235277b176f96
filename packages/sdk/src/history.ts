/**
 * The journal read from several sources, none of them believed. Entries are folded until they make a subtree that the head to be met has
 * too: up to there they are proven, whoever gave them. A source that breaks the journal is named and what it gave since then is forgotten;
 * one that only fails is named, and the next goes on where it stopped.
 */
import { DppError, encodeHex, type Hex, type LedgerId, parseShape, RejectedError } from '@dpp-ledger/core';
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
import { ACTS, encodeActs, type Kept } from './acts.ts';
import { createGivers, keptGivers } from './givers.ts';
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
  /** What is written down of the journal. */
  readonly keep: Kept;
  /** Entries after which it saves. */
  readonly saveEvery: number;
  readonly from?: unknown;
  readonly onEntries?: (size: number) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface History {
  /** Of all that was proven. */
  readonly fold: JournalFold;
  /** How many of each kind were read. */
  readonly kinds: ReadonlyMap<string, number>;
  /** What is there to be looked at again, and how many credentials it anchors. */
  readonly acts: { readonly count: number; readonly credentials: number };
  /** Where no source went on to the head as it is. */
  readonly broken: Break | undefined;
  readonly accounts: readonly SourceAccount[];
  readonly views: readonly View[];
  /** What was taken on trust. */
  readonly from: { readonly entries: number; readonly root: Hex };
}

/** Somebody's word too, for what came before. */
const SNAPSHOT = 'a snapshot';

const whole = z.int().nonnegative();
const standing = z.strictObject({
  snapshot: z.unknown(),
  /** How many of each kind, by its code. */
  kinds: z.array(z.tuple([z.int(), z.int()])),
  acts: z.strictObject({ bytes: whole, count: whole, credentials: whole }),
  /** The journal's root at each mark that was passed. */
  roots: z.array(z.tuple([z.int(), z.custom<Hex>((value) => typeof value === 'string')])),
});
/** All that reading changes at one size of the journal. */
type Standing = z.infer<typeof standing>;

const saved = z.strictObject({
  keep: z.enum(['acts', 'entries']),
  from: z.strictObject({ entries: z.int(), root: z.custom<Hex>((value) => typeof value === 'string') }),
  proven: standing,
  now: standing,
  givers: keptGivers,
});

/** Errors: those of the last source where none could be read to the end; `journal.break`, `input.shape` of a snapshot. */
export async function readHistory(options: HistoryOptions): Promise<History> {
  const { head, sources, onEntries, signal } = options;
  const reading = await openReading(options);
  const failures = new Map<string, Failure>();
  /** How far a source came by itself from the entry up to which all is proven. */
  const alone = new Map<string, Attempt>();
  let unread: unknown;

  /** Reads on from where others stopped; and once more by itself, where others gave a part of what broke. */
  async function readOn(source: EntrySource): Promise<void> {
    const others = await readFrom(source);
    if (others.length > 0) await readFrom(source);
  }

  /** Who else gave a part of what broke. */
  async function readFrom(source: EntrySource): Promise<readonly string[]> {
    let broken: Break | undefined;
    let others: readonly string[] = [];
    let failure: Failure | undefined;
    try {
      for await (const chunk of source.read(reading, signal)) {
        await reading.take(chunk, source.name);
        onEntries?.(reading.size);
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof DppError)) throw error;
      broken = describeBreak(error, reading.blockNumber);
      const doubt =
        broken !== undefined && reading.isOnTrust()
          ? ' It is at fault, unless the snapshot is of another journal.'
          : '';
      failure = { code: error.code, message: `${error.message}${doubt}`, ...(broken && { broken }) };
      if (broken === undefined) unread = error;
    }
    const { size, blockNumber: block } = reading;
    const isAlone = reading.isOnlyOf(source.name);
    if (broken !== undefined) others = await reading.goBack(source.name);
    if (failure !== undefined && others.length === 0) failures.set(source.name, failure);
    if (isAlone) alone.set(source.name, { from: reading.proven, size, block, broken, isRead: failure === undefined });
    return others;
  }

  // Who lied of one part may be the only one who has another: as long as anything more is proven, all are asked again.
  for (let before = -1; reading.size < head.size && reading.proven > before; ) {
    before = reading.proven;
    for (const source of sources) if (reading.size < head.size) await readOn(source);
    if (reading.size === head.size || reading.proven > before) continue;
    // What breaks is told by what each gives by itself, so that it is the same in whatever order they were asked.
    for (const source of sources) {
      if (alone.get(source.name)?.from === before) continue;
      await reading.goBack(source.name);
      await readFrom(source);
    }
  }
  if (reading.size < head.size) await reading.goBack('');
  await reading.save();
  for (const [name, failure] of [...reading.liars(), ...reading.notCompared()]) {
    if (!failures.has(name)) failures.set(name, failure);
  }
  const unmet = reading.unmet();
  const broken = unmet && findBreak([...alone.values()], reading.proven, head);
  if (unmet !== undefined && broken === undefined && unread !== undefined) throw unread;
  return {
    ...reading.result(),
    accounts: [SNAPSHOT, ...sources.map(({ name }) => name)].flatMap((name): SourceAccount[] => {
      const [entries, failure] = [reading.givenBy(name), failures.get(name)];
      return name === SNAPSHOT && entries === 0 ? [] : [{ name, entries, ...(failure && { failure }) }];
    }),
    broken: broken ?? unmet,
  };
}

/** How far one source came by itself. */
interface Attempt {
  readonly from: number;
  readonly size: number;
  readonly block: number;
  readonly broken: Break | undefined;
  /** It gave all that it has. */
  readonly isRead: boolean;
}

/** The break that comes nearest to the head; or that no source has more, if all could be read. */
function findBreak(attempts: readonly Attempt[], proven: number, head: TreeHead): Break | undefined {
  const last = attempts.filter(({ from }) => from === proven);
  const breaks = last.flatMap(({ broken }) => (broken === undefined ? [] : [broken]));
  const ends = last.every(({ isRead }) => isRead)
    ? last.map(({ size, block }): Break => {
        return { entry: size, block, expected: `a journal of ${head.size} entries`, found: `one of ${size}` };
      })
    : [];
  return (breaks.length > 0 ? breaks : ends).sort(compareBreaks)[0];
}

function compareBreaks(a: Break, b: Break): number {
  const tell = ({ block, expected, found }: Break) => JSON.stringify([block, expected, found]);
  return a.entry !== b.entry ? b.entry - a.entry : tell(a) < tell(b) ? -1 : 1;
}

/** What was folded so far, and how to go back to where it was proven. */
async function openReading({ head, pin, logs, notes, keep, from, saveEvery }: HistoryOptions) {
  const known = pin === undefined ? {} : { ledger: pin };
  const kept = await readSaved(notes, keep);
  const begin = kept?.now.snapshot ?? from;
  let fold = begin === undefined ? createJournalFold(known) : restoreJournalFold(begin, known);
  let kinds = countsFrom(kept?.now.kinds ?? []);
  let roots = new Map(kept?.now.roots);
  let [acts, credentials] = [kept?.now.acts.count ?? 0, kept?.now.acts.credentials ?? 0];
  await notes.truncate(ACTS, kept?.now.acts.bytes ?? 0);
  const begun = fold.state.size;
  const trusted = kept?.from ?? { entries: begun, root: encodeHex(rootNow()) };
  let proven = kept?.proven ?? stand();
  let provenSize = kept === undefined ? begun : restoreJournalFold(proven.snapshot, known).state.size;
  const givers = createGivers(kept?.givers, [SNAPSHOT, trusted.entries]);
  const liars = new Map<string, Failure>();
  const marks = [...sharedSizes(head), ...logs.map(({ checkpoint }) => checkpoint.size)];
  let unsaved = 0;

  function rootNow(): Uint8Array {
    return fold.treeHead().root;
  }

  function stand(): Standing {
    return {
      ...{ snapshot: fold.snapshot(), kinds: listCounts(kinds), roots: [...roots] },
      acts: { bytes: notes.size(ACTS), count: acts, credentials },
    };
  }

  /** At a mark: is this what the head has? */
  function look(): void {
    const { size, root, peaks } = fold.treeHead();
    if (!marks.includes(size)) return;
    roots.set(size, encodeHex(root));
    if (!sharedSizes(head).includes(size)) return;
    assertTreeHead({ size, peaks }, { size, peaks: head.peaks.slice(0, peaks.length) });
    for (const { name, broken } of givers.prove()) {
      const described = describeBreak(broken, fold.state.blockNumber);
      liars.set(name, { code: broken.code, message: broken.message, ...(described && { broken: described }) });
    }
    proven = stand();
    provenSize = size;
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
    await notes.save('journal', { keep, from: trusted, proven, now: stand(), givers: givers.keep() });
  }

  return {
    save,
    get size() {
      return fold.state.size;
    },
    /** Up to here it is proven. */
    get proven() {
      return provenSize;
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
        return describeBreak(error, fold.state.blockNumber);
      }
    },
    /** Whether nothing is proven but by the snapshot that was taken on trust. */
    isOnTrust: () => trusted.entries > 0 && provenSize === trusted.entries,
    /** Whether nobody else gave anything that is not proven. */
    isOnlyOf: (name: string) => givers.others(name).length === 0,
    /** Who gave other entries than the journal has, and was not the one in whose hands it broke. */
    liars: () => [...liars],
    /** Signed checkpoints of sizes that were passed before, by a snapshot or by a run that did not know of them. */
    notCompared: (): (readonly [name: string, failure: Failure])[] =>
      logs
        .filter(({ checkpoint: { size }, isSigned }) => isSigned && size > 0 && size <= begun && !roots.has(size))
        .map(({ name, checkpoint: { size } }) => {
          const message = `Its checkpoint of ${size} entries was not compared: this replay went on from ${begun}. Replay from the beginning.`;
          return [name, { code: 'checkpoint.not-compared', message }];
        }),
    givenBy: (name: string) => givers.count(name),
    result: () => ({
      ...{ fold, from: trusted, views: findForks(), acts: { count: acts, credentials } },
      kinds: new Map(ENTRY_KINDS.map((kind) => [kind, kinds[entryCode(kind)] ?? 0])),
    }),

    async take(chunk: Chunk, name: string): Promise<void> {
      for (const part of cutAt(chunk, [...marks, ...givers.edges()])) {
        const { first, entries, leaves, root } = part;
        givers.offer({ name, first, entries, leaves }, rootNow);
        try {
          if (leaves === undefined) for (const bytes of entries) fold.add(bytes);
          else fold.addBundle({ entries: [...entries], leaves, root });
          for (const bytes of entries) kinds[bytes[1] ?? 0] = (kinds[bytes[1] ?? 0] ?? 0) + 1;
          const encoded = encodeActs(first, entries, keep);
          acts += encoded.acts;
          credentials += encoded.credentials;
          await notes.append(ACTS, encoded.bytes);
          givers.accept({ name, count: entries.length, size: fold.state.size }, rootNow);
          look();
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
      const others = givers.others(name);
      fold = restoreJournalFold(proven.snapshot, known);
      kinds = countsFrom(proven.kinds);
      roots = new Map(proven.roots);
      ({ count: acts, credentials } = proven.acts);
      await notes.truncate(ACTS, proven.acts.bytes);
      givers.forget();
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

/** Errors: `audit.mismatch`: the folder is damaged, or has less of the journal than is asked for. */
async function readSaved(notes: ReplayNotes, keep: Kept): Promise<z.infer<typeof saved> | undefined> {
  const value = await notes.read('journal');
  if (value === undefined) return undefined;
  const kept = parseShape(saved, value, 'state of a replay', 'audit.mismatch');
  if (kept.keep === keep) return kept;
  const message = `It keeps ${kept.keep === 'acts' ? 'only acts' : 'every entry'} of the journal, unlike this replay. Go on as it was begun, or give another folder.`;
  throw new RejectedError('audit.mismatch', message);
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
  for (const mark of [...[...new Set(inside)].sort((a, b) => a - b), first + entries.length]) {
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
