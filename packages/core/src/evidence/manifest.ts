/**
 * A batch's manifest: DAG-CBOR, the ordered list of its credentials' CIDs as links, 41 bytes each. With it anyone who has the anchor
 * entry can fetch and rebuild the batch.
 */
import * as dagCbor from '@ipld/dag-cbor';
import { CID } from 'multiformats/cid';
import * as raw from 'multiformats/codecs/raw';
import * as multihash from 'multiformats/hashes/digest';
import { equalBytes, sha256 } from '../bytes.ts';
import { InvalidInputError } from '../errors.ts';
import type { Digest } from '../ids.ts';
import { LARGEST_BATCH } from '../journal/entry.ts';

export { LARGEST_BATCH };

/** The array's head, then 41 bytes a link. */
const LARGEST_MANIFEST = 3 + 41 * LARGEST_BATCH;
/** Multihash code of sha2-256. */
const SHA2_256 = 0x12;

export interface Manifest {
  readonly bytes: Uint8Array;
  /** CIDv1, dag-cbor, sha2-256, base32: the root of the batch's CAR. */
  readonly cid: string;
  /** SHA-256 of the bytes: what the anchor entry carries. */
  readonly digest: Digest;
}

/** Takes the SHA-256 of each credential's bytes, in the batch's order. Errors: `evidence.batch-size`. */
export function encodeManifest(digests: readonly Digest[]): Manifest {
  assertBatchSize(digests.length);
  const bytes = dagCbor.encode(digests.map((digest) => CID.createV1(raw.code, multihash.create(SHA2_256, digest))));
  const digest = sha256(bytes) as Digest;
  return { bytes, cid: formatManifestCid(digest), digest };
}

/** Errors: `evidence.manifest` for any bytes that `encodeManifest` does not give; `evidence.batch-size`. */
export function decodeManifest(bytes: Uint8Array): Digest[] {
  if (bytes.length > LARGEST_MANIFEST) refuse(`${bytes.length} bytes where ${LARGEST_MANIFEST} is the most`);
  let links: unknown;
  try {
    links = dagCbor.decode(bytes);
  } catch (cause) {
    refuse('they are not DAG-CBOR', cause);
  }
  if (!Array.isArray(links)) refuse('they are not a list');
  assertBatchSize(links.length);
  const digests = links.map((link: unknown, i): Digest => {
    const cid = CID.asCID(link) ?? refuse(`item ${i} is not a link`);
    const { code, digest } = cid.multihash;
    if (cid.version !== 1 || cid.code !== raw.code || code !== SHA2_256 || digest.length !== 32) {
      refuse(`item ${i} is not the CID of a raw block by its SHA-256`);
    }
    return digest as Digest;
  });
  // CBOR has several spellings of a length; the digest in the anchor entry is of the one that encoding gives back.
  if (!equalBytes(encodeManifest(digests).bytes, bytes)) refuse('they are not the canonical spelling');
  return digests;
}

/** The CID of a manifest, from the digest that the anchor entry carries. */
export function formatManifestCid(digest: Digest): string {
  return CID.createV1(dagCbor.code, multihash.create(SHA2_256, digest)).toString();
}

export function assertBatchSize(size: number): void {
  if (size < 1 || size > LARGEST_BATCH) {
    throw new InvalidInputError(
      'evidence.batch-size',
      `A batch has 1 to ${LARGEST_BATCH} credentials, found ${size}. Split it.`,
    );
  }
}

function refuse(message: string, cause?: unknown): never {
  throw new InvalidInputError('evidence.manifest', `These bytes are not a batch's manifest: ${message}.`, { cause });
}
