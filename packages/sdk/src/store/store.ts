/**
 * Stores of credentials: blocks named by the SHA-256 of their bytes, so that no store needs to be believed. Three kinds of block exist:
 * a credential or a file (raw), a batch's manifest (DAG-CBOR) and a folder (DAG-PB). A batch goes in whole, as one, and is there for good
 * once `putBatch` returns.
 */

export interface StoreOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface Block {
  /** CIDv1, base32; raw for a credential or a file, dag-cbor for a manifest, dag-pb for a folder. */
  readonly cid: string;
  readonly bytes: Uint8Array;
}

/** A batch: its manifest, and the blocks that the manifest links to. */
export interface BatchBlocks {
  readonly manifest: Block;
  readonly credentials: Iterable<Block> | AsyncIterable<Block>;
}

/** A folder that grows: its root, and those blocks under it that the store may not have yet, the root among them. */
export interface FolderBlocks {
  /** CIDv1, dag-pb. */
  readonly root: string;
  readonly blocks: Iterable<Block> | AsyncIterable<Block>;
  /** What it takes the place of, and is kept no more. */
  readonly replaces?: string | undefined;
}

/** Where bytes can be had. */
export interface BlockSource {
  /** For messages and reports: "file store /data/blocks", "gateway https://ipfs.example". */
  readonly name: string;
  /**
   * The bytes behind a CID, checked against it. Errors: UnavailableError `store.not-found`, `store.unreachable`; IntegrityError
   * `store.mismatch`; InvalidInputError `input.encoding` for what is not a CID that this project uses.
   */
  get(cid: string, options?: StoreOptions): Promise<Uint8Array>;
  has(cid: string, options?: StoreOptions): Promise<boolean>;
}

export interface Store extends BlockSource {
  /**
   * Stores a batch, pinned under its manifest, durably as this store understands it. Putting the same batch again does nothing.
   * Errors: IntegrityError `store.mismatch` where a block does not hash to its CID (nothing is stored then), `store.unreachable`.
   */
  putBatch(batch: BatchBlocks, options?: StoreOptions): Promise<void>;
  /** Whether the batch of this manifest is wholly here and pinned. */
  hasBatch(manifest: string, options?: StoreOptions): Promise<boolean>;
  /**
   * Stores a folder, pinned by its root with all that is under it; what earlier versions of it brought need not come again. Errors:
   * IntegrityError `store.mismatch`, `store.unreachable`.
   */
  putFolder(folder: FolderBlocks, options?: StoreOptions): Promise<void>;
  /** Whether the folder of this root is wholly here and pinned. */
  hasFolder(root: string, options?: StoreOptions): Promise<boolean>;
  /** What an operator wants to know: is it there, does it keep what it is given. */
  describe(options?: StoreOptions): Promise<StoreDescription>;
  close(): Promise<void>;
}

export interface StoreDescription {
  readonly name: string;
  readonly reachable: boolean;
  /** Software and version, where known. */
  readonly software?: string;
  /** What survives what, in one sentence. */
  readonly durability: string;
  /** Number of blocks, where it is cheap to know. */
  readonly blocks?: number;
}

/** An IPFS block, and so a credential or manifest, has at most this many bytes. */
export const MAX_BLOCK_BYTES = 1024 * 1024;
