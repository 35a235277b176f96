/** A batch: an RFC 9162 tree whose leaves are the SHA-256 digests of credentials, in order. */
import { encodeHex } from '../bytes.ts';
import type { BatchRoot, Digest } from '../ids.ts';
import { buildTree, hashLeaf } from '../journal/tree.ts';
import { assertBatchSize, encodeManifest, type Manifest } from './manifest.ts';

export interface Batch {
  readonly root: BatchRoot;
  readonly size: number;
  readonly manifest: Manifest;
  /** RFC 9162, 2.1.3: the inclusion path of one credential. Errors: `RangeError` for an index beyond the batch. */
  prove(index: number): Uint8Array[];
}

/** Errors: `evidence.batch-size`. */
export function buildBatch(digests: readonly Digest[]): Batch {
  assertBatchSize(digests.length);
  const tree = buildTree(digests.map(hashLeaf));
  return {
    root: encodeHex(tree.root) as BatchRoot,
    size: tree.size,
    manifest: encodeManifest(digests),
    prove: tree.prove,
  };
}
