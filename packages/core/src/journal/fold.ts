/**
 * The journal's state machine: folds entries, one after the other, to the state that the contract has. It keeps what the contract keeps
 * and no entry, so memory does not grow with the number of batches. It refuses the first entry that the contract could not have made
 * after those before it, and says what it expected and what it found; what is refused changes nothing. That the entries are the ledger's
 * own, and all of them, is shown by the tree head alone: see `assertTreeHead`.
 */
import { encodeHex, equalBytes } from '../bytes.ts';
import { InvalidInputError } from '../errors.ts';
import { decodeEntry, type Entry } from './entry.ts';
import { applyAnchor, applyEntry, type ExpectedLedger } from './rules.ts';
import { decodeSnapshot, encodeSnapshot, type JournalSnapshot } from './snapshot.ts';
import { createState, JournalBreakError, type JournalState, type Reading } from './state.ts';
import { type CheckedBundle, TILE_WIDTH } from './tiles.ts';
import { createCompactRange, hashLeaf, planPeaks, type TreeHead } from './tree.ts';

export interface JournalFold {
  readonly state: Reading<JournalState>;
  /** Folds the next entry. `decodeEntry` says what it is; folding needs to know less. Errors: `journal.break`. */
  add(entry: Uint8Array): void;
  /** Folds the entries of a bundle that was checked (`TileTree.check`), whose hashes are known already. Errors: `journal.break`. */
  addBundle(bundle: Pick<CheckedBundle, 'entries' | 'leaves' | 'root'>): void;
  /** The head of the tree over all that was folded. */
  treeHead(): TreeHead & { readonly root: Uint8Array };
  /** All of the fold as plain JSON, for `restoreJournalFold`. */
  snapshot(): JournalSnapshot;
}

export interface FoldOptions {
  /** The ledger that entry 0 must name. */
  readonly ledger?: ExpectedLedger;
}

/** A fold that has seen nothing. */
export function createJournalFold(options: FoldOptions = {}): JournalFold {
  return foldFrom(createState(), { size: 0, peaks: [] }, options);
}

/** Goes on where a snapshot was taken. Errors: `input.shape`; `journal.break` where it is another ledger's. */
export function restoreJournalFold(snapshot: unknown, options: FoldOptions = {}): JournalFold {
  const { state, head } = decodeSnapshot(snapshot);
  const [expected, found] = [options.ledger, state.ledger];
  if (expected && found && (BigInt(expected.chainId) !== found.chainId || expected.address !== found.address)) {
    const name = (ledger: ExpectedLedger) => `ledger ${ledger.address} on chain ${ledger.chainId}`;
    throw new JournalBreakError(0, name(expected), name(found));
  }
  return foldFrom(state, head, options);
}

/** Folds a whole journal, or the part that follows what `onto` has seen. Errors: `journal.break`. */
export async function foldJournal(
  entries: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  onto: JournalFold = createJournalFold(),
): Promise<JournalFold> {
  for await (const entry of entries) onto.add(entry);
  return onto;
}

/** Errors: `journal.break`, naming the first entries in which the two trees differ. */
export function assertTreeHead(found: TreeHead, expected: TreeHead): void {
  if (found.size !== expected.size) {
    const common = Math.min(found.size, expected.size);
    throw new JournalBreakError(common, `a journal of ${expected.size} entries`, `one of ${found.size}`);
  }
  const nameOf = (peak: Uint8Array | undefined) => (peak === undefined ? 'none' : encodeHex(peak));
  planPeaks(expected.size).forEach(({ level, index }, i) => {
    const [here, there] = [found.peaks[i], expected.peaks[i]];
    if (here !== undefined && there !== undefined && equalBytes(here, there)) return;
    const first = index * 2 ** level;
    const range = level === 0 ? `entry ${first}` : `entries ${first} to ${first + 2 ** level - 1}`;
    throw new JournalBreakError(first, `the root ${nameOf(there)} over ${range}`, nameOf(here));
  });
}

function foldFrom(state: JournalState, head: TreeHead, options: FoldOptions): JournalFold {
  const range = createCompactRange(head);
  function apply(bytes: Uint8Array): void {
    if (!applyAnchor(state, bytes)) applyEntry(state, decodeNext(state, bytes), options.ledger);
    state.size += 1;
  }

  return {
    state,
    add(bytes) {
      apply(bytes);
      range.append(hashLeaf(bytes));
    },
    addBundle({ entries, leaves, root }) {
      const isWhole = root !== undefined && range.size % TILE_WIDTH === 0;
      try {
        for (const bytes of entries) apply(bytes);
        if (isWhole) range.appendSubtree(Math.log2(TILE_WIDTH), root);
      } finally {
        // Where a bundle is in part, or breaks: the leaves of as many as were folded.
        for (let i = 0; range.size < state.size; i++) range.append(leaves.slice(32 * i, 32 * (i + 1)));
      }
    },
    treeHead: () => ({ size: range.size, peaks: range.peaks, root: range.root() }),
    snapshot: () => encodeSnapshot(state, range.peaks),
  };
}

function decodeNext(state: JournalState, bytes: Uint8Array): Entry {
  try {
    return decodeEntry(bytes);
  } catch (cause) {
    if (!(cause instanceof InvalidInputError)) throw cause;
    throw new JournalBreakError(state.size, 'the bytes of an entry', cause.message, { cause });
  }
}
