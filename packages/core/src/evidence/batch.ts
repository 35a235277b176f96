/** A batch: an RFC 9162 tree whose leaves are the SHA-256 digests of credentials, in order. */
import { concatBytes, encodeHex } from '../bytes.ts';
import type { BatchRoot, Digest } from '../ids.ts';
import { assembleProof, buildTree, hashLeaf, hashNode, planInclusion } from '../journal/tree.ts';
import { assertBatchSize, encodeManifest, type Manifest } from './manifest.ts';

export interface Batch {
  readonly root: BatchRoot;
  readonly size: number;
  readonly manifest: Manifest;
  /** RFC 9162, 2.1.3: the inclusion path of one credential. Errors: `RangeError` for an index beyond the batch. */
  prove(index: number): Uint8Array[];
  /** Roots of its perfect subtrees of 128 leaves, 32 bytes each: what `proveFromSubtrees` asks for. */
  readonly subtrees: Uint8Array;
}

/** Of the subtrees whose roots are kept: 4 kB of them for the largest batch, and a hundred leaves to prove one from. */
const SUBTREE_LEVEL = 7;
const SUBTREE_LEAVES = 2 ** SUBTREE_LEVEL;

/** Errors: `evidence.batch-size`. */
export function buildBatch(digests: readonly Digest[]): Batch {
  assertBatchSize(digests.length);
  const tree = buildTree(digests.map(hashLeaf));
  const subtrees = Array.from({ length: Math.floor(tree.size / SUBTREE_LEAVES) }, (_, i) =>
    tree.readNode(SUBTREE_LEVEL, i),
  );
  return {
    root: encodeHex(tree.root) as BatchRoot,
    size: tree.size,
    manifest: encodeManifest(digests),
    prove: tree.prove,
    subtrees: concatBytes(...subtrees),
  };
}

/** Which places' digests `proveFromSubtrees` asks for: those of its own subtree, and those after the last whole one. */
export function planFromSubtrees(
  index: number,
  size: number,
): readonly { readonly from: number; readonly to: number }[] {
  const startOf = (place: number) => place - (place % SUBTREE_LEAVES);
  const starts = new Set([startOf(index), startOf(size)]);
  return [...starts]
    .map((from) => ({ from, to: Math.min(from + SUBTREE_LEAVES, size) }))
    .filter(({ from, to }) => from < to);
}

/** As `Batch.prove`, of a batch that is not held whole. Errors: `RangeError` for an index beyond the batch. */
export function proveFromSubtrees(options: {
  readonly index: number;
  readonly size: number;
  readonly subtrees: Uint8Array;
  /** Of the places that were planned. */
  readonly digests: ReadonlyMap<number, Digest>;
}): Uint8Array[] {
  const { index, size, subtrees, digests } = options;
  const readNode = (level: number, i: number): Uint8Array => {
    if (level === SUBTREE_LEVEL) return subtrees.subarray(32 * i, 32 * (i + 1));
    if (level > 0) return hashNode(readNode(level - 1, 2 * i), readNode(level - 1, 2 * i + 1));
    const digest = digests.get(i);
    if (digest === undefined) throw new TypeError(`The digest of place ${i} is missing.`);
    return hashLeaf(digest);
  };
  return assembleProof(planInclusion(index, size), readNode);
}
