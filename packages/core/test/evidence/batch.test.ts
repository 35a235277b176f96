import * as dagCbor from '@ipld/dag-cbor';
import { CID } from 'multiformats/cid';
import * as multihash from 'multiformats/hashes/digest';
import { describe, expect, test } from 'vitest';
import { concatBytes, decodeHex, encodeHex, sha256 } from '../../src/bytes.ts';
import {
  buildBatch,
  decodeManifest,
  encodeManifest,
  formatManifestCid,
  LARGEST_BATCH,
  planFromSubtrees,
  proveFromSubtrees,
} from '../../src/evidence/index.ts';
import type { Digest } from '../../src/ids.ts';
import { hashLeaf, verifyInclusion } from '../../src/journal/tree.ts';

function digestsOf(size: number): Digest[] {
  return Array.from({ length: size }, (_, i) => sha256(Uint8Array.of(i >> 8, i & 255)) as Digest);
}

describe('batch', () => {
  test('each credential is proved under the root by its digest', () => {
    const digests = digestsOf(300);
    const batch = buildBatch(digests);
    digests.forEach((digest, index) => {
      const proof = batch.prove(index);
      const claim = { leaf: hashLeaf(digest), index, size: batch.size, proof, root: decodeHex(batch.root) };
      expect(verifyInclusion(claim)).toBe(true);
    });
  });

  test('a credential is proved from the roots of subtrees and the few leaves that are planned', () => {
    for (const size of [1, 2, 127, 128, 129, 255, 256, 257, 300, 1_000, LARGEST_BATCH - 1, LARGEST_BATCH]) {
      const digests = digestsOf(size);
      const { prove, subtrees } = buildBatch(digests);
      expect(subtrees.length).toBe(32 * Math.floor(size / 128));
      const indexes = size <= 1_000 ? digests.keys() : [0, 127, 128, 9_999, size - 1];
      for (const index of indexes) {
        const planned = planFromSubtrees(index, size).flatMap(({ from, to }) =>
          digests.slice(from, to).map((digest, i) => [from + i, digest] as const),
        );
        expect(planned.length).toBeLessThan(256);
        expect(proveFromSubtrees({ index, size, subtrees, digests: new Map(planned) })).toEqual(prove(index));
      }
    }
    const one = { index: 1, size: 1, subtrees: new Uint8Array(), digests: new Map<number, Digest>() };
    expect(() => proveFromSubtrees(one)).toThrow(RangeError);
  });

  test('has 1 to 16,384 credentials', () => {
    expect(() => buildBatch([])).toThrow(expect.objectContaining({ code: 'evidence.batch-size' }));
    expect(() => buildBatch(digestsOf(LARGEST_BATCH + 1))).toThrow(
      expect.objectContaining({ code: 'evidence.batch-size' }),
    );
    expect(buildBatch(digestsOf(LARGEST_BATCH)).manifest.bytes.length).toBeLessThanOrEqual(1_048_576);
  });
});

describe('manifest', () => {
  const digests = digestsOf(3);
  const manifest = encodeManifest(digests);
  const [first] = digests as [Digest];
  const link = (codec: number, hash: number, bytes: Uint8Array) => CID.createV1(codec, multihash.create(hash, bytes));

  test('is a list of links, 41 bytes each', () => {
    const one = encodeHex(encodeManifest([first]).bytes);
    expect(one).toBe(`0x81d82a58250001551220${encodeHex(first).slice(2)}`);
    expect(manifest.bytes).toHaveLength(1 + 3 * 41);
  });

  test('is named by the SHA-256 of its bytes', () => {
    expect(manifest.digest).toEqual(sha256(manifest.bytes));
    expect(manifest.cid).toBe(formatManifestCid(manifest.digest));
    expect(CID.parse(manifest.cid).code).toBe(dagCbor.code);
  });

  test.each([1, 23, 24, 255, 256, 4000])('of %i credentials decodes to what was encoded', (size) => {
    const some = digestsOf(size);
    expect(decodeManifest(encodeManifest(some).bytes).map(encodeHex)).toEqual(some.map(encodeHex));
  });

  test.each([
    ['no bytes', new Uint8Array()],
    ['bytes that are no CBOR', Uint8Array.of(0xff, 0xff)],
    ['a cut list', manifest.bytes.subarray(0, -1)],
    ['a padded list', concatBytes(manifest.bytes, Uint8Array.of(0))],
    ['a length in a longer spelling', concatBytes(Uint8Array.of(0x98, 3), manifest.bytes.subarray(1))],
    ['a list of unknown length', concatBytes(Uint8Array.of(0x9f), manifest.bytes.subarray(1), Uint8Array.of(0xff))],
    ['an object', dagCbor.encode({ links: [link(0x55, 0x12, first)] })],
    ['a list of bytes', dagCbor.encode([first])],
    ['a link to another codec', dagCbor.encode([link(0x71, 0x12, first)])],
    ['a link by another hash', dagCbor.encode([link(0x55, 0x16, first)])],
    ['a link by an identity hash', dagCbor.encode([link(0x55, 0x00, first)])],
    ['a link by a short digest', dagCbor.encode([link(0x55, 0x12, first.subarray(1))])],
    [
      'a link of version 0',
      dagCbor.encode([CID.createV0(multihash.create(0x12, first) as multihash.Digest<0x12, 32>)]),
    ],
    ['more bytes than the largest batch has', new Uint8Array(700_000)],
  ])('%s is refused', (_, bytes) => {
    expect(() => decodeManifest(bytes)).toThrow(expect.objectContaining({ code: 'evidence.manifest' }));
  });

  test('an empty list is refused', () => {
    expect(() => decodeManifest(Uint8Array.of(0x80))).toThrow(expect.objectContaining({ code: 'evidence.batch-size' }));
  });
});
