/**
 * The ledger as the rest of the project sees it: what can be read of it (no ethers, runs in browsers) and what can be done to it.
 * Everything is read from one pinned contract on one pinned chain; what an endpoint says is its word, and is named so in facts.
 */
import type { Hex, LedgerId } from '@dpp-ledger/core';
import type { Facts, Question, UpstreamFacts, UpstreamQuestion } from '@dpp-ledger/core/evidence';
import type { TreeHead } from '@dpp-ledger/core/journal';

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** A block, as much of it as following a chain, and proving its state, needs. `time` in seconds since 1970. */
export interface BlockRef {
  readonly number: number;
  readonly hash: Hex;
  readonly parentHash: Hex;
  /** What `eth_getProof` proves against. */
  readonly stateRoot: Hex;
  readonly time: number;
}

/** An entry as a node returned it: the bytes are the contract's, the place is the node's word. */
export interface LoggedEntry {
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly blockNumber: number;
  readonly blockHash: Hex;
  readonly transactionHash: Hex;
  readonly logIndex: number;
}

/** When a block counts as final: so many blocks on top of it (0: at once), or when the chain itself says so. */
export type Finality = { readonly confirmations: number } | 'finalized';

export interface TreeHeadAt extends TreeHead {
  readonly root: Hex;
  readonly blockNumber: number;
  readonly blockHash: Hex;
  readonly blockTime: number;
}

/** What following the chain yields. Apply each step whole, in one transaction with the place it leaves you at. */
export type LedgerStep =
  | {
      readonly kind: 'forward';
      /** Entries of the blocks after the last step's block up to and including `through`, in order. May be empty. */
      readonly entries: readonly LoggedEntry[];
      readonly through: BlockRef;
      /** The newest final block. */
      readonly finalBlockNumber: number;
      /** Whether `through` was the chain's head when this was read. */
      readonly atHead: boolean;
    }
  /** The chain dropped blocks: undo everything above `to`. `undefined`: undo everything. */
  | { readonly kind: 'back'; readonly to: BlockRef | undefined };

export interface FollowOptions extends CallOptions {
  /** Where to go on: the last block applied. `undefined` starts at the contract's first block. */
  readonly after?: { readonly number: number; readonly hash: Hex } | undefined;
  /**
   * Hash of an applied block, newest at or below `number`: how the way back is found after a reorganisation. Without it, a
   * reorganisation leads back to the contract's first block.
   */
  readonly applied?: (number: number) => Promise<{ readonly number: number; readonly hash: Hex } | undefined>;
  /** Stop at the head instead of waiting for new blocks. */
  readonly untilHead?: boolean;
}

export interface ReadEntriesOptions extends CallOptions {
  /** Index of the first entry wanted; 0 by default. */
  readonly from?: number;
  /** Index after the last; by default the contract's size at `toBlock`. */
  readonly to?: number;
  /** First block worth asking; by default the contract's first. */
  readonly fromBlock?: number;
  /** Last block; by default the head when reading begins. */
  readonly toBlock?: number;
}

/** Reads. Errors everywhere: `ledger.unreachable` where no endpoint answers in time. */
export interface LedgerReader {
  readonly id: LedgerId;
  /** CAIP-10, lower case: `eip155:<chain id>:<address>`. */
  readonly name: string;
  /** The endpoint without credentials; what facts name as their source. */
  readonly source: string;
  readonly finality: Finality;
  /** Number of the block that created the contract (the one that holds entry 0). */
  readonly firstBlock: number;
  /** Whom it is read from, in words, for reports. */
  readonly trustBase: string;
  /** What was found amiss with one of several endpoints since they were connected; nothing where there is one. */
  readonly findings: readonly EndpointFinding[];

  /** All that a verifier asks, from one block, in one round trip; with `logged` also the entry's event at the block it names. */
  readFacts(
    question: Question,
    options?: CallOptions & { readonly logged?: { readonly index: number; readonly blockNumber: number } | undefined },
  ): Promise<Facts>;
  /** Many questions in one round trip, each answered from the same head as far as the endpoint keeps still. */
  readManyFacts(questions: readonly Question[], options?: CallOptions): Promise<Facts[]>;
  /**
   * What is asked of the entries behind a passport's lots, in the same order, at the block that `facts` are of. Errors also
   * `ledger.unreachable` where the chain has another block there by now: ask for facts anew.
   */
  readUpstream(
    questions: readonly UpstreamQuestion[],
    facts: Pick<Facts, 'blockNumber' | 'blockTime' | 'treeHead'>,
    options?: CallOptions,
  ): Promise<UpstreamFacts[]>;
  /** The nonce of a key's next relayed call. `undefined`: not registered. */
  readKeyNonce(issuer: Hex, key: Hex, options?: CallOptions): Promise<bigint | undefined>;
  readTreeHead(options?: CallOptions & { readonly blockNumber?: number }): Promise<TreeHeadAt>;
  isSubmitter(issuer: Hex, account: Hex, options?: CallOptions): Promise<boolean>;
  isAccreditor(account: Hex, options?: CallOptions): Promise<boolean>;
  /** Whether the admin has stopped new anchors. */
  isPaused(options?: CallOptions): Promise<boolean>;
  proposedController(issuer: Hex, options?: CallOptions): Promise<Hex | undefined>;

  /** Entries in order, indices contiguous (else IntegrityError `journal.break`), read ahead by one page, in bounded memory. */
  readEntries(options?: ReadEntriesOptions): AsyncIterable<LoggedEntry>;
  /** The same by pages, for who writes in bulk. */
  readEntryPages(options?: ReadEntriesOptions): AsyncIterable<readonly LoggedEntry[]>;

  readBlock(which: number | 'latest' | 'final', options?: CallOptions): Promise<BlockRef | undefined>;
  /** The newest final block's number. */
  readFinalBlockNumber(options?: CallOptions): Promise<number>;
  /** Resolves with the head once it is above `number`. */
  waitForBlock(number: number, options?: CallOptions): Promise<BlockRef>;
  readBalance(account: Hex, options?: CallOptions): Promise<bigint>;
}

/** A reader of one endpoint, which can also be followed. */
export interface LedgerNode extends LedgerReader {
  /** Forward and, where the chain reorganised, back: see LedgerStep. */
  follow(options?: FollowOptions): AsyncIterable<LedgerStep>;
}

/** Why an endpoint is not among those that agree. */
export interface EndpointFinding {
  /** Without credentials. */
  readonly endpoint: string;
  /**
   * - `ledger.differs`: it says otherwise than those that agree, about the same block.
   * - `ledger.behind`: it does not have the block that they have.
   * - `ledger.mismatch`: it serves another chain, contract or code than the one that is pinned.
   * - `ledger.unreachable`: it does not answer, or not in time, or nonsense.
   */
  readonly code: 'ledger.differs' | 'ledger.behind' | 'ledger.mismatch' | 'ledger.unreachable';
  readonly message: string;
}

// ------------------------------------------------------------------------------------------------------------ writing

/** What a call does, encoded: made by the builders in acts.ts and calls.ts. */
export interface LedgerCall {
  readonly data: Hex;
  /** For people, after "to": "anchor batch 0x12ab… of did:web:maker.example". */
  readonly purpose: string;
}

/** A signed transaction, written down before it is sent. All of it is JSON. */
export interface SignedTransaction {
  readonly raw: Hex;
  readonly hash: Hex;
  readonly from: Hex;
  readonly nonce: number;
  readonly purpose: string;
}

export interface TransactionReceipt {
  readonly hash: Hex;
  readonly blockNumber: number;
  readonly blockHash: Hex;
  readonly gasUsed: bigint;
  /** The journal's entries that it made, in order. */
  readonly entries: readonly LoggedEntry[];
}

export interface SendOptions extends CallOptions {
  /**
   * Called with every signed transaction before it is sent: the first, and each replacement with higher fees (same nonce). What it
   * throws stops the sending. Write it down durably here; after a crash hand what was written to `recover`.
   */
  readonly record?: (transaction: SignedTransaction) => Promise<void> | void;
}

/** What became of a transaction that was written down. */
export type Recovered =
  | { readonly state: 'included'; readonly receipt: TransactionReceipt }
  /** It is in a block and did nothing: the contract refused it. */
  | { readonly state: 'refused'; readonly receipt: TransactionReceipt; readonly reason: string }
  /** It was sent again, the same bytes, and waits for a block; or for what `refusal` says: money, say. */
  | { readonly state: 'sent'; readonly refusal?: string }
  /** Another transaction of the account took its nonce: it can never be included, what it should do may be sent anew. */
  | { readonly state: 'replaced' };

/**
 * Sends transactions from one account, which must be used by this writer alone. Errors: RejectedError `ledger.refused` where the
 * contract refuses (its error's name and arguments in the message), UnavailableError `ledger.no-funds`, `ledger.unreachable`.
 */
export interface LedgerWriter {
  readonly reader: LedgerReader;
  /** The account, lower case. */
  readonly account: Hex;
  /**
   * Estimates, signs, records, sends. Returns as soon as a node has taken it; `included` resolves when it is in a block (replacing it
   * with higher fees if it is stuck), and rejects with `ledger.refused` if it failed there.
   */
  submit(call: LedgerCall, options?: SendOptions): Promise<Submitted>;
  /** `submit` and wait until it is in a block. */
  send(call: LedgerCall, options?: SendOptions): Promise<TransactionReceipt>;
  /** Whether the contract would refuse now, without sending. Errors: as `send`. */
  check(call: LedgerCall, options?: CallOptions): Promise<void>;
  /**
   * After a start, before anything else is sent: asks after transactions that were written down, and sends those again that no block
   * has. Give everything that was written down with one nonce together, in the order in which it was. What a block that is not final
   * took the place of is not given up: `ledger.pending`, ask again later. They may be of an account that served before this one.
   */
  recover(transactions: readonly SignedTransaction[], options?: CallOptions): Promise<Map<Hex, Recovered>>;
  /** Before `recover`, where another program has sent from the account since: what this writer remembers may be long undone. */
  forget(): void;
  /** Waits until one of the transactions (variants of one nonce) is in a block. */
  wait(transactions: readonly SignedTransaction[], options?: SendOptions): Promise<TransactionReceipt>;
  /** Resolves once the block of the receipt is final; `undefined` if it fell out of the chain instead. */
  waitFinal(receipt: TransactionReceipt, options?: CallOptions): Promise<TransactionReceipt | undefined>;
}

export interface Submitted {
  readonly transaction: SignedTransaction;
  readonly included: Promise<TransactionReceipt>;
}
