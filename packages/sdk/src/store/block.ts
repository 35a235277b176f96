/** Blocks and their names: the three kinds of CID that this project uses, and the check that makes every store untrusted. */
import { concatBytes, equalBytes, IntegrityError, InvalidInputError, sha256 } from '@dpp-ledger/core';
import { decodeManifest } from '@dpp-ledger/core/evidence';
import { base32 } from 'multiformats/bases/base32';
import { type BatchBlocks, type Block, type FolderBlocks, MAX_BLOCK_BYTES } from './store.ts';

/** CIDv1 with sha2-256: version, codec, multihash code, length. */
const HEADS = {
  raw: Uint8Array.of(0x01, 0x55, 0x12, 0x20),
  'dag-cbor': Uint8Array.of(0x01, 0x71, 0x12, 0x20),
  'dag-pb': Uint8Array.of(0x01, 0x70, 0x12, 0x20),
} as const;
export type Codec = keyof typeof HEADS;

/** Errors: InvalidInputError `input.encoding` for anything but a CIDv1 in lower-case base32, raw, dag-cbor or dag-pb, under sha2-256. */
export function parseBlockCid(cid: string): {
  readonly codec: Codec;
  readonly digest: Uint8Array;
  readonly bytes: Uint8Array;
} {
  const bytes = decodeBase32(cid);
  for (const codec of ['raw', 'dag-cbor', 'dag-pb'] as const) {
    const isThis = bytes.length === 36 && HEADS[codec].every((byte, i) => bytes[i] === byte);
    if (isThis) return { codec, digest: bytes.subarray(4), bytes };
  }
  throw new InvalidInputError(
    'input.encoding',
    `"${cid.slice(0, 80)}" is not the CID of a credential, of a batch's manifest or of a folder.`,
  );
}

/** Base32 of 36 bytes after the multibase letter; anything else gives no bytes. */
function decodeBase32(cid: string): Uint8Array {
  if (!/^b[a-z2-7]{58}$/.test(cid)) return new Uint8Array();
  try {
    return base32.decode(cid);
  } catch {
    // The last character has two bits to spare, and they are not zero.
    return new Uint8Array();
  }
}

export function formatBlockCid(codec: Codec, digest: Uint8Array): string {
  return base32.encode(concatBytes(HEADS[codec], digest));
}

/** Errors: IntegrityError `store.mismatch`, naming who gave the bytes. */
export function assertBlock(
  block: Block,
  from: string,
): { readonly digest: Uint8Array; readonly cidBytes: Uint8Array } {
  const { digest, bytes: cidBytes } = parseBlockCid(block.cid);
  if (block.bytes.length > MAX_BLOCK_BYTES || !equalBytes(sha256(block.bytes), digest)) {
    throw new IntegrityError(
      'store.mismatch',
      `${from} gave ${block.bytes.length} bytes for ${block.cid} that do not hash to it. Do not rely on that copy.`,
    );
  }
  return { digest, cidBytes };
}

export interface CheckedBlock extends Block {
  readonly digest: Uint8Array;
  readonly cidBytes: Uint8Array;
}

/**
 * The batch's blocks, manifest first, each checked, and the credentials just those that the manifest links to, in its order: what is
 * stored under a manifest is all that anyone will need of it. Errors: IntegrityError `store.mismatch`; `evidence.manifest`.
 */
export async function* checkBatch({ manifest, credentials }: BatchBlocks): AsyncIterable<CheckedBlock> {
  yield { ...manifest, ...assertBlock(manifest, 'The batch') };
  const links = decodeManifest(manifest.bytes);
  let next = 0;
  for await (const block of credentials) {
    const checked = assertBlock(block, 'The batch');
    const link = links[next];
    if (link === undefined || !equalBytes(link, checked.digest))
      throw disagrees(manifest, `block ${next} is ${block.cid}`);
    next += 1;
    yield { ...block, ...checked };
  }
  if (next !== links.length) throw disagrees(manifest, `it has ${links.length} links and came with ${next} blocks`);
}

/** A folder's new blocks, each checked. Errors: IntegrityError `store.mismatch`. */
export async function* checkFolder({ blocks }: FolderBlocks): AsyncIterable<CheckedBlock> {
  for await (const block of blocks) yield { ...block, ...assertBlock(block, 'The folder') };
}

function disagrees(manifest: Block, what: string): IntegrityError {
  return new IntegrityError('store.mismatch', `The manifest ${manifest.cid} is not of these credentials: ${what}.`);
}
