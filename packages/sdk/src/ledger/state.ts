/**
 * The chain's state with its proofs: `eth_getProof` (EIP-1186) of the accounts of the ledger and of its Materials and of slots in them, at
 * one block. Any one endpoint will do, since what it gives proves itself from the block's state root. A node keeps old state for a short
 * while only.
 */
import { decodeHex, type Hex, UnavailableError } from '@dpp-ledger/core';
import { materialsOf } from '@dpp-ledger/core/materials';
import { z } from 'zod';
import { decodeBlock } from './codec.ts';
import type { BlockRef, CallOptions } from './ledger.ts';
import { blockCall, need } from './questions.ts';
import { accept, createRpc, quantity, type Rpc, type RpcOptions } from './rpc.ts';

export interface StateReader {
  /**
   * Nodes of the state's and of the storage's trie that lead to the ledger's account and to these slots of it, and those for the slots of
   * its Materials, if there are any: each once; and the block that they are of.
   */
  readProofs(
    slots: readonly Hex[],
    options: CallOptions & { readonly blockNumber: number; readonly materials?: readonly Hex[] | undefined },
  ): Promise<{ readonly block: BlockRef; readonly nodes: readonly Uint8Array[] }>;
}

/** geth answers for a thousand at a time; so many proofs are a few megabytes. */
const SLOTS_PER_CALL = 256;
const CALLS_PER_EXCHANGE = 4;

const node = z.custom<Hex>((value) => typeof value === 'string' && /^0x(?:[0-9a-f]{2})+$/.test(value));
const proofAnswer = z.object({
  accountProof: z.array(node),
  storageProof: z.array(z.object({ proof: z.array(node) })),
});

/**
 * `urls`: asked one after the other, until one answers. Errors of its questions: UnavailableError `ledger.unreachable`, also where no
 * endpoint has the block's state any more.
 */
export function createStateReader(
  options: Omit<RpcOptions, 'url'> & { readonly urls: readonly string[]; readonly address: Hex },
): StateReader {
  const { urls, address } = options;
  const readers = urls.map((url) => createOneReader(createRpc({ ...options, url }), address));
  return {
    async readProofs(slots, asking) {
      let refusal = new UnavailableError('ledger.unreachable', 'No chain endpoint was named.');
      for (const reader of readers) {
        try {
          return await reader.readProofs(slots, asking);
        } catch (error) {
          if (!(error instanceof UnavailableError)) throw error;
          refusal = error;
        }
      }
      throw refusal;
    },
  };
}

function createOneReader(rpc: Rpc, address: Hex): StateReader {
  return {
    async readProofs(slots, { blockNumber, materials = [], signal }) {
      const callsFor = (account: Hex, of: readonly Hex[]) =>
        groupsOf(of, SLOTS_PER_CALL).map((group) => ({
          method: 'eth_getProof',
          params: [account, group, quantity(blockNumber)],
        }));
      const calls = [...callsFor(address, slots), ...callsFor(materialsOf(address), materials)];
      const nodes = new Set<Hex>();
      let block: BlockRef | undefined;
      for (const together of groupsOf(calls, CALLS_PER_EXCHANGE)) {
        const [head, ...answers] = await rpc.batch([blockCall(blockNumber), ...together], { signal });
        block = need(decodeBlock(accept(head)), `block ${blockNumber}`);
        for (const answer of answers) {
          const { accountProof, storageProof } = readAnswer(accept(answer));
          for (const each of accountProof) nodes.add(each);
          for (const { proof } of storageProof) for (const each of proof) nodes.add(each);
        }
      }
      return { block: need(block, `block ${blockNumber}`), nodes: Array.from(nodes, (each) => decodeHex(each)) };
    },
  };

  function readAnswer(answer: unknown): z.infer<typeof proofAnswer> {
    const proofs = proofAnswer.safeParse(answer);
    if (proofs.success) return proofs.data;
    throw new UnavailableError('ledger.unreachable', `${rpc.source} answers eth_getProof with what is no proof.`);
  }
}

function groupsOf<T>(items: readonly T[], size: number): (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
