/**
 * The ledger as a witness sees it: on its own node, at the newest final block, and nothing that contradicts what it saw before. A node of
 * another chain, one that is behind, and a chain that lost final blocks are each told apart and refused.
 */
import { encodeHex, equalBytes, type Hex, IntegrityError, RejectedError, UnavailableError } from '@dpp-ledger/core';
import type { Checkpoint } from '@dpp-ledger/core/checkpoint';
import { createCompactRange, foldPeaks, hashLeaf, type TreeHead } from '@dpp-ledger/core/journal';
import type { LedgerReader } from '@dpp-ledger/sdk/ledger';
import type { SeenBlock, Signed } from './memory.ts';

/** A final block and the contract's tree head there. */
export interface ChainState {
  readonly block: SeenBlock & { readonly stateRoot: Hex; readonly time: number };
  readonly head: TreeHead;
}

export interface Contract {
  /**
   * At the newest final block. `last`: what must still be there. Errors: UnavailableError `witness.not-final`, `ledger.unreachable`;
   * IntegrityError `checkpoint.fork`, `ledger.mismatch`.
   */
  readFinal(last: Signed | undefined): Promise<ChainState>;
  /** At a block that is final. Errors: as above. */
  readAt(number: number): Promise<ChainState>;
  /** Errors: IntegrityError `checkpoint.fork` where the node has another block; UnavailableError `witness.not-final` where it has none. */
  assertKept(block: SeenBlock): Promise<void>;
  /**
   * The peaks of the checkpoint's tree, where the contract's journal begins with it. Errors: RejectedError `witness.tree-head`;
   * UnavailableError `witness.not-final`; IntegrityError `journal.break` where the node's entries do not fold to the contract's tree head.
   */
  findHead(
    checkpoint: Pick<Checkpoint, 'size' | 'root'>,
    final: ChainState,
    last: Signed | undefined,
  ): Promise<TreeHead>;
}

export function createContract(reader: LedgerReader): Contract {
  async function readAt(number: number): Promise<ChainState> {
    const [head, block] = await Promise.all([reader.readTreeHead({ blockNumber: number }), reader.readBlock(number)]);
    if (block === undefined || block.hash !== head.blockHash) {
      throw new UnavailableError('witness.not-final', `${reader.source} changed its mind about block ${number}.`);
    }
    const { hash, stateRoot, time } = block;
    return { block: { number, hash, stateRoot, time }, head: { size: head.size, peaks: head.peaks } };
  }

  async function assertKept({ number, hash }: SeenBlock): Promise<void> {
    const found = await reader.readBlock(number);
    if (found?.hash === hash) return;
    if (found === undefined) {
      throw new UnavailableError(
        'witness.not-final',
        `${reader.source} does not have block ${number}, which something was signed about: it is behind, or keeps no old blocks.`,
      );
    }
    throw new IntegrityError(
      'checkpoint.fork',
      `The chain lost a block that was final: something was signed about block ${number}, ${hash}, and ${reader.source} has ${found.hash}. Nothing more is signed. If the node is wrong, give the right one; if the block is lost for good, the log needs a new epoch in its origin.`,
    );
  }

  return {
    readAt,
    assertKept,

    async readFinal(last) {
      const [genesis, number] = await Promise.all([reader.readBlock(0), reader.readFinalBlockNumber()]);
      if (genesis?.hash !== reader.id.genesis) {
        throw new IntegrityError(
          'ledger.mismatch',
          `${reader.source} is a node of another chain: its block 0 is ${genesis?.hash}, pinned is ${reader.id.genesis}.`,
        );
      }
      const needed = Math.max(reader.firstBlock, last?.block.number ?? 0);
      if (number < needed) {
        throw new UnavailableError(
          'witness.not-final',
          `${reader.source} is behind: block ${number} is its newest final one, and block ${needed} was final before.`,
        );
      }
      if (last !== undefined) await assertKept(last.block);
      return await readAt(number);
    },

    async findHead({ size, root }, { block, head }, last) {
      if (size > head.size) {
        throw new UnavailableError(
          'witness.not-final',
          `The checkpoint has ${size} entries, and at block ${block.number}, the newest final one here, the contract has ${head.size}. Ask again when its block is final.`,
        );
      }
      const from = last?.head ?? { size: 0, peaks: [] };
      const found = size === head.size ? head : await foldEntries(from, size, { block, head });
      if (equalBytes(foldPeaks(found.peaks), root)) return found;
      throw new RejectedError(
        'witness.tree-head',
        `The checkpoint's tree of ${size} entries has the root ${encodeHex(root)}, and the contract's has ${encodeHex(foldPeaks(found.peaks))}.`,
      );
    },
  };

  /**
   * The contract keeps one tree head, so what it was at a smaller size is folded from the node's entries: from what was cosigned last, on
   * through that size, to the contract's own tree head, which they must meet.
   */
  async function foldEntries(from: TreeHead, size: number, { block, head }: ChainState): Promise<TreeHead> {
    const range = createCompactRange(from);
    let found = range.size === size ? from : undefined;
    const pages = reader.readEntryPages({ from: from.size, to: head.size, toBlock: block.number });
    for await (const page of pages) {
      for (const { bytes } of page) {
        range.append(hashLeaf(bytes));
        if (range.size === size) found = { size, peaks: range.peaks };
      }
    }
    if (found !== undefined && range.size === head.size && equalBytes(range.root(), foldPeaks(head.peaks)))
      return found;
    throw new IntegrityError(
      'journal.break',
      `The entries from ${from.size} on that ${reader.source} has fold to ${encodeHex(range.root())} at ${range.size} entries, and the contract's tree head at block ${block.number} is ${encodeHex(foldPeaks(head.peaks))} at ${head.size}. The node's log is incomplete or false: nothing is signed by it.`,
    );
  }
}
