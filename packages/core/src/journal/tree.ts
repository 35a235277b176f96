/**
 * Merkle trees of RFC 9162 (section 2.1) over SHA-256: a batch's tree over its credentials, and the journal's over its entries.
 * A leaf is always given as its hash (`hashLeaf`). A node is named by its level, 0 for leaves, and its index within that level; only
 * roots of perfect subtrees are ever stored, because they never change again. Provers plan first which nodes a proof is made of, so
 * that a store can be asked for all of them at once. Verifiers answer false and never throw, whatever they are given.
 */
import { equalBytes, sha256 } from '../bytes.ts';

/** The root of the perfect subtree over the leaves from `index * 2^level` on, `2^level` of them. */
export interface NodeId {
  readonly level: number;
  readonly index: number;
}

export interface TreeHead {
  readonly size: number;
  /** Roots of the perfect subtrees, largest (leftmost) first. */
  readonly peaks: readonly Uint8Array[];
}

/** What a proof is made of: per element the perfect subtrees that it covers, largest (leftmost) first. */
export type ProofPlan = readonly (readonly NodeId[])[];

/** Gives a stored node, 32 bytes. */
export type NodeReader = (level: number, index: number) => Uint8Array;

/** RFC 9162, 2.1.1: the root of no leaves. */
export const EMPTY_ROOT: Uint8Array = sha256(new Uint8Array());

// -------------------------------------------------------------------------------------------------------------------- hashing

// One buffer each, since hashing is synchronous. The prefixes 0x00 and 0x01 keep a leaf from passing for a node (2.1.1).
const leafInput = new Uint8Array(8193);
const nodeInput = new Uint8Array(65);
nodeInput[0] = 0x01;

/** RFC 9162, 2.1.1: `SHA-256(0x00 || data)`. */
export function hashLeaf(data: Uint8Array): Uint8Array {
  const length = data.length + 1;
  const input = length <= leafInput.length ? leafInput.subarray(0, length) : new Uint8Array(length);
  input.set(data, 1);
  return sha256(input);
}

/** RFC 9162, 2.1.1: `SHA-256(0x01 || left || right)`. Both are 32 bytes. */
export function hashNode(left: Uint8Array, right: Uint8Array): Uint8Array {
  if (left.length !== 32 || right.length !== 32) throw new TypeError('A node of the tree has 32 bytes.');
  nodeInput.set(left, 1);
  nodeInput.set(right, 33);
  return sha256(nodeInput);
}

/** The root over neighbouring perfect subtrees, largest (leftmost) first: the right part of every split is joined first. */
export function foldPeaks(peaks: readonly Uint8Array[]): Uint8Array {
  return peaks.length === 0 ? EMPTY_ROOT : peaks.reduceRight((right, left) => hashNode(left, right));
}

// ----------------------------------------------------------------------------------------------------------------- building

/** A tree that only its peaks are kept of: appends in constant space, as the contract does. */
export interface CompactRange {
  readonly size: number;
  /** Roots of the perfect subtrees, largest (leftmost) first. */
  readonly peaks: readonly Uint8Array[];
  /** `onNode` is given every perfect subtree that the leaf completes, itself first: what a store keeps to prove from. */
  append(leaf: Uint8Array, onNode?: (level: number, index: number, hash: Uint8Array) => void): void;
  /** The next 2^level leaves by the root over them. Errors: `TypeError` where no perfect subtree of that level begins here. */
  appendSubtree(level: number, root: Uint8Array): void;
  root(): Uint8Array;
}

/** Empty, or resumed from a tree head. Errors: `TypeError` where the peaks are not those of the size. */
export function createCompactRange(head: TreeHead = { size: 0, peaks: [] }): CompactRange {
  const roots = planPeaks(head.size);
  if (roots.length !== head.peaks.length) {
    throw new TypeError(`A tree of ${head.size} leaves has ${roots.length} peaks, found ${head.peaks.length}.`);
  }
  // A merged peak is left where it is: a level is live while its bit of the size is set.
  const levels: Uint8Array[] = [];
  roots.forEach(({ level }, i) => {
    levels[level] = head.peaks[i] as Uint8Array;
  });
  let size = head.size;
  const peaks = () => planPeaks(size).map(({ level }) => levels[level] as Uint8Array);

  function add(
    from: number,
    root: Uint8Array,
    onNode?: (level: number, index: number, hash: Uint8Array) => void,
  ): void {
    let node = root;
    let level = from;
    let index = size / 2 ** from;
    onNode?.(level, index, node);
    while (index % 2 === 1) {
      node = hashNode(levels[level] as Uint8Array, node);
      level += 1;
      index = (index - 1) / 2;
      onNode?.(level, index, node);
    }
    levels[level] = node;
    size += 2 ** from;
  }

  return {
    get size() {
      return size;
    },
    get peaks() {
      return peaks();
    },
    append(leaf, onNode) {
      if (leaf.length !== 32) throw new TypeError('A leaf is given as its hash, 32 bytes.');
      add(0, leaf, onNode);
    },
    appendSubtree(level, root) {
      if (root.length !== 32 || size % 2 ** level !== 0) {
        throw new TypeError(`No perfect subtree of level ${level} begins at leaf ${size}.`);
      }
      add(level, root);
    },
    root: () => foldPeaks(peaks()),
  };
}

export interface Tree {
  readonly root: Uint8Array;
  readonly size: number;
  /** RFC 9162, 2.1.3: the inclusion path of one leaf. Errors: `RangeError` for an index beyond the tree. */
  prove(index: number): Uint8Array[];
  /** Roots of its perfect subtrees. */
  readonly readNode: NodeReader;
}

/** A tree held whole, about 64 bytes a leaf. */
export function buildTree(leaves: readonly Uint8Array[]): Tree {
  const levels: (readonly Uint8Array[])[] = [leaves];
  for (let below = leaves; below.length > 1; ) {
    const level: Uint8Array[] = new Array(Math.floor(below.length / 2));
    for (let i = 0; i < level.length; i++)
      level[i] = hashNode(below[2 * i] as Uint8Array, below[2 * i + 1] as Uint8Array);
    levels.push(level);
    below = level;
  }
  const readNode: NodeReader = (level, index) => levels[level]?.[index] as Uint8Array;
  const size = leaves.length;
  return {
    root: foldPeaks(planPeaks(size).map(({ level, index }) => readNode(level, index))),
    size,
    prove: (index) => assembleProof(planInclusion(index, size), readNode),
    readNode,
  };
}

// ------------------------------------------------------------------------------------------------------------------ proving

/** The peaks of a tree, largest (leftmost) first. */
export function planPeaks(size: number): NodeId[] {
  assertCount(size, 'size');
  return cover(0, size);
}

/** RFC 9162, 2.1.3.1: PATH(index, D_size), from the leaf up. Errors: `RangeError` for an index beyond the tree. */
export function planInclusion(index: number, size: number): ProofPlan {
  assertIndex(index, size);
  const path: NodeId[][] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const split = splitOf(start, end);
    if (index < split) {
      path.push(cover(split, end));
      end = split;
    } else {
      path.push(cover(start, split));
      start = split;
    }
  }
  return path.reverse();
}

/** RFC 9162, 2.1.4.1: PROOF(first, D_second). Empty from nothing or to itself. Errors: `RangeError` where `first` is the larger. */
export function planConsistency(first: number, second: number): ProofPlan {
  assertCount(first, 'first');
  assertCount(second, 'second');
  if (first > second) throw new RangeError(`A tree of ${first} leaves cannot grow to ${second}.`);
  if (first === 0) return [];
  const path: NodeId[][] = [];
  let start = 0;
  let end = second;
  while (first !== end) {
    const split = splitOf(start, end);
    if (first <= split) {
      path.push(cover(split, end));
      end = split;
    } else {
      path.push(cover(start, split));
      start = split;
    }
  }
  // The verifier knows the first root: where the rest is that whole tree, it is left out (SUBPROOF's third argument).
  if (start !== 0) path.push(cover(start, end));
  return path.reverse();
}

/** The path from a leaf to the peak it stands under: the first part of its inclusion path, true until that peak is merged. */
export function planPeakPath(index: number, size: number): ProofPlan {
  const { level } = peakOver(index, size);
  return Array.from({ length: level }, (_, k) => [{ level: k, index: siblingOf(Math.floor(index / 2 ** k)) }]);
}

/** Turns a plan into a proof, reading every node of it once. A store that is asked in bulk reads `plan.flat()` beforehand. */
export function assembleProof(plan: ProofPlan, readNode: NodeReader): Uint8Array[] {
  return plan.map((nodes) => foldPeaks(nodes.map(({ level, index }) => readNode(level, index))));
}

/** RFC 9162, 2.1.3.1, from stored nodes. */
export function proveInclusion(index: number, size: number, readNode: NodeReader): Uint8Array[] {
  return assembleProof(planInclusion(index, size), readNode);
}

/** RFC 9162, 2.1.4.1, from stored nodes. */
export function proveConsistency(first: number, second: number, readNode: NodeReader): Uint8Array[] {
  return assembleProof(planConsistency(first, second), readNode);
}

/** From stored nodes; see `planPeakPath`. */
export function provePeakPath(index: number, size: number, readNode: NodeReader): Uint8Array[] {
  return assembleProof(planPeakPath(index, size), readNode);
}

/** A leaf's inclusion path. */
export interface LeafPath {
  readonly index: number;
  readonly proof: readonly Uint8Array[];
}

/**
 * Many leaves' paths as one: the roots of the largest subtrees that hold none of these leaves, from left to right. All that the paths have
 * besides follows from the leaves themselves. `paths` are in the order of their indices, each index once. Errors: `RangeError` for an
 * index or a path that is not of a tree of that size.
 */
export function joinPaths(paths: readonly LeafPath[], size: number): Uint8Array[] {
  const nodes: Uint8Array[] = [];
  // From the root down, so that what stands beside depth d is the element of the path that is d from its end.
  const take = ({ proof }: LeafPath, depth: number) => {
    const node = proof[proof.length - 1 - depth];
    if (node === undefined) throw new RangeError(`A path is not of a tree of ${size} leaves.`);
    nodes.push(node);
  };
  walkLeaves(
    paths.map(({ index }) => index),
    size,
    (depth, from) => take(paths[from] as LeafPath, depth),
  );
  return nodes;
}

/** How many nodes the joined paths of these leaves have. `indices` rise. Errors: `RangeError`. */
export function countOpenNodes(indices: readonly number[], size: number): number {
  let count = 0;
  walkLeaves(indices, size, () => {
    count += 1;
  });
  return count;
}

/**
 * The paths that were joined, in the order of the leaves: `indices` rise, `leaves` are their hashes. `undefined` where there are more or
 * fewer nodes than such leaves leave open. Nothing is checked: a wrong leaf or node makes paths that lead elsewhere.
 */
export function splitPaths(options: {
  readonly indices: readonly number[];
  readonly leaves: readonly Uint8Array[];
  readonly size: number;
  readonly nodes: readonly Uint8Array[];
}): Uint8Array[][] | undefined {
  const { indices, leaves, size, nodes } = options;
  if (countOpenNodes(indices, size) !== nodes.length) return undefined;
  const paths: Uint8Array[][] = indices.map(() => []);
  let next = 0;
  // As deep as the tree is high.
  function fold(start: number, end: number, from: number, to: number): Uint8Array {
    if (from === to) return nodes[next++] as Uint8Array;
    if (end - start === 1) return leaves[from] as Uint8Array;
    const split = splitOf(start, end);
    const middle = firstFrom(indices, split, from, to);
    const left = fold(start, split, from, middle);
    const right = fold(split, end, middle, to);
    for (let i = from; i < middle; i++) paths[i]?.push(right);
    for (let i = middle; i < to; i++) paths[i]?.push(left);
    return hashNode(left, right);
  }
  fold(0, size, 0, indices.length);
  return paths;
}

/** Visits, from left to right, the largest subtrees that hold none of the indices: how deep the split above each is, and one beside it. */
function walkLeaves(indices: readonly number[], size: number, visit: (depth: number, beside: number) => void): void {
  indices.forEach((index, i) => {
    assertIndex(index, size);
    if (i > 0 && index <= (indices[i - 1] as number)) throw new RangeError('Indices rise, each once.');
  });
  function walk(start: number, end: number, from: number, to: number, depth: number): void {
    if (from === to || end - start === 1) return;
    const split = splitOf(start, end);
    const middle = firstFrom(indices, split, from, to);
    // What is empty on the left comes before what is on the right, and what is empty on the right after what is on the left.
    if (middle === from) visit(depth, from);
    walk(start, split, from, middle, depth + 1);
    walk(split, end, middle, to, depth + 1);
    if (middle === to) visit(depth, from);
  }
  walk(0, size, 0, indices.length, 0);
}

/** Where the first index from `limit` on stands among those from `from` up to `to`. */
function firstFrom(indices: readonly number[], limit: number, from: number, to: number): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((indices[middle] as number) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

// ---------------------------------------------------------------------------------------------------------------- verifying

/** RFC 9162, 2.1.3.2, steps 1 to 4: the root that the path leads to, or `undefined` where it is not a path of that tree. */
export function rootFromInclusion(options: {
  readonly leaf: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly proof: readonly Uint8Array[];
}): Uint8Array | undefined {
  const { leaf, index, size, proof } = options;
  if (!isIndex(index, size) || !isHash(leaf) || !proof.every(isHash)) return undefined;
  let fn = index;
  let sn = size - 1;
  let root = leaf;
  for (const sibling of proof) {
    if (sn === 0) return undefined;
    if (fn % 2 === 1 || fn === sn) {
      root = hashNode(sibling, root);
      while (fn !== 0 && fn % 2 === 0) {
        fn /= 2;
        sn = Math.floor(sn / 2);
      }
    } else {
      root = hashNode(root, sibling);
    }
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  return sn === 0 ? root : undefined;
}

/** RFC 9162, 2.1.3.2: whether the leaf stands at that index in the tree of that size and root. */
export function verifyInclusion(options: {
  readonly leaf: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}): boolean {
  const root = rootFromInclusion(options);
  return root !== undefined && equalBytes(root, options.root);
}

/** RFC 9162, 2.1.4.2: whether the second tree begins with all of the first, in order and unaltered. */
export function verifyConsistency(options: {
  readonly first: number;
  readonly second: number;
  readonly firstRoot: Uint8Array;
  readonly secondRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}): boolean {
  const { first, second, firstRoot, secondRoot, proof } = options;
  if (!isCount(first) || !isCount(second) || first > second || !proof.every(isHash)) return false;
  if (first === 0) return proof.length === 0 && equalBytes(firstRoot, EMPTY_ROOT);
  if (first === second) return proof.length === 0 && equalBytes(firstRoot, secondRoot);
  let fn = first - 1;
  let sn = second - 1;
  while (fn % 2 === 1) {
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  // fn is 0 where `first` is a power of two: then its root is itself the first node of the path (step 2).
  const [seed, ...rest] = fn === 0 ? [firstRoot, ...proof] : proof;
  if (seed === undefined || !isHash(seed) || proof.length === 0) return false;
  let fr = seed;
  let sr = seed;
  for (const node of rest) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      fr = hashNode(node, fr);
      sr = hashNode(node, sr);
      while (fn !== 0 && fn % 2 === 0) {
        fn /= 2;
        sn = Math.floor(sn / 2);
      }
    } else {
      sr = hashNode(sr, node);
    }
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  return sn === 0 && equalBytes(fr, firstRoot) && equalBytes(sr, secondRoot);
}

/**
 * - `proved`: the path leads to the peak over this leaf in `head`.
 * - `stale`: the path has the length of another tree size; what it says of `head` cannot be told.
 * - `mismatch`: the path has the right length and leads elsewhere: this leaf is not there.
 * - `beyond`: `head` has no leaf at this index.
 */
export type PeakPathStanding = 'proved' | 'stale' | 'mismatch' | 'beyond';

/** Checks a path made by `planPeakPath` against a tree head of the same size or a later one. */
export function verifyPeakPath(options: {
  readonly leaf: Uint8Array;
  readonly index: number;
  readonly proof: readonly Uint8Array[];
  readonly head: TreeHead;
}): PeakPathStanding {
  const { leaf, index, proof, head } = options;
  if (!isIndex(index, head.size)) return 'beyond';
  const { level, ordinal } = peakOver(index, head.size);
  if (proof.length !== level) return 'stale';
  const peak = head.peaks[ordinal];
  if (peak === undefined || !isHash(leaf) || !proof.every(isHash)) return 'mismatch';
  let node = leaf;
  proof.forEach((sibling, k) => {
    node = Math.floor(index / 2 ** k) % 2 === 1 ? hashNode(sibling, node) : hashNode(node, sibling);
  });
  return equalBytes(node, peak) ? 'proved' : 'mismatch';
}

// --------------------------------------------------------------------------------------------------------------- arithmetic
// Sizes go up to 2^53, so no bit operators: those of JavaScript stop at 32 bits.

/** The perfect subtrees that make up the leaves from `start` up to `end`; `start` is a multiple of the largest one's width. */
function cover(start: number, end: number): NodeId[] {
  const nodes: NodeId[] = [];
  for (let from = start; from < end; ) {
    const level = floorLog2(end - from);
    const width = 2 ** level;
    nodes.push({ level, index: from / width });
    from += width;
  }
  return nodes;
}

function peakOver(index: number, size: number): { readonly level: number; readonly ordinal: number } {
  assertIndex(index, size);
  let start = 0;
  for (let ordinal = 0; ; ordinal++) {
    const level = floorLog2(size - start);
    start += 2 ** level;
    if (index < start) return { level, ordinal };
  }
}

/** RFC 9162, 2.1.1: where a tree of more than one leaf splits, after the largest power of two smaller than its size. */
function splitOf(start: number, end: number): number {
  return start + 2 ** floorLog2(end - start - 1);
}

function siblingOf(index: number): number {
  return index % 2 === 0 ? index + 1 : index - 1;
}

function floorLog2(count: number): number {
  return count < 2 ** 32 ? 31 - Math.clz32(count) : 63 - Math.clz32(Math.floor(count / 2 ** 32));
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function isIndex(index: number, size: number): boolean {
  return isCount(index) && isCount(size) && index < size;
}

function isHash(value: Uint8Array): boolean {
  return value.length === 32;
}

function assertCount(value: number, name: string): void {
  if (!isCount(value)) throw new RangeError(`The tree's ${name} is a whole number, found ${value}.`);
}

function assertIndex(index: number, size: number): void {
  if (!isIndex(index, size)) throw new RangeError(`A tree of ${size} leaves has no leaf ${index}.`);
}
