/** Whether an endpoint serves the ledger that is pinned: the chain's id, its first block, the contract and its code. */
import { type Hex, IntegrityError, InvalidInputError, type LedgerId, UnavailableError } from '@dpp-ledger/core';
import { decodeBlock, decodeData, decodeLog, decodeQuantity, keccak } from './codec.ts';
import { logCall, need } from './questions.ts';
import { accept, quantity, type Rpc, RpcError } from './rpc.ts';

export interface Identified {
  readonly id: LedgerId;
  /** Number of the block that created the contract. */
  readonly firstBlock: number;
}

export interface IdentifyOptions {
  readonly pin: Partial<LedgerId> & Pick<LedgerId, 'address'>;
  readonly firstBlock?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The endpoint's chain and the contract there, compared with what is pinned. Errors: `ledger.mismatch`, `ledger.unreachable`,
 * InvalidInputError `input.shape` for the address.
 */
export async function identify(rpc: Rpc, options: IdentifyOptions): Promise<Identified> {
  const { pin, signal } = options;
  if (!/^0x[0-9a-f]{40}$/.test(pin.address)) {
    throw new InvalidInputError(
      'input.shape',
      `"${pin.address}" is not a contract's address: 0x and 40 lower-case hex digits.`,
    );
  }
  const [chainId, genesis, code, opened] = await rpc.batch(
    [
      { method: 'eth_chainId', params: [] },
      { method: 'eth_getBlockByNumber', params: ['0x0', false] },
      { method: 'eth_getCode', params: [pin.address, 'latest'] },
      logCall(pin.address, 0, 'earliest', 'latest'),
    ],
    { signal },
  );
  const bytecode = decodeData(accept(code), 'code');
  const found: LedgerId = {
    chainId: decodeQuantity(accept(chainId)),
    genesis: need(decodeBlock(accept(genesis)), 'block 0').hash,
    address: pin.address,
    codeHash: keccak(bytecode),
  };
  const mismatch = (what: string, pinned: unknown, there: unknown, advice: string) =>
    new IntegrityError('ledger.mismatch', `${rpc.source} has ${what} ${there}, pinned is ${pinned}. ${advice}`);
  if (pin.chainId !== undefined && pin.chainId !== found.chainId)
    throw mismatch('chain id', pin.chainId, found.chainId, 'Give the URL of a node of the pinned chain.');
  if (pin.genesis !== undefined && pin.genesis !== found.genesis)
    throw mismatch(
      'genesis block',
      pin.genesis,
      found.genesis,
      'It is another chain with the same id: give another URL.',
    );
  if (bytecode.length === 0) {
    const advice = 'Check the address, and that the node has caught up with its chain.';
    throw new IntegrityError('ledger.mismatch', `${rpc.source} has no contract at ${pin.address}. ${advice}`);
  }
  if (pin.codeHash !== undefined && pin.codeHash !== found.codeHash)
    throw mismatch(
      'code with the hash',
      pin.codeHash,
      found.codeHash,
      'It is another contract: check address and pin.',
    );
  const firstBlock = options.firstBlock ?? (await findFirstBlock(rpc, pin.address, opened, signal));
  return { id: found, firstBlock };
}

/** The block of entry 0; by bisection over the code's presence where a node refuses to search its whole history. */
async function findFirstBlock(
  rpc: Rpc,
  address: Hex,
  opened: unknown,
  signal: AbortSignal | undefined,
): Promise<number> {
  if (Array.isArray(opened) && opened.length > 0) return decodeLog(opened[0]).blockNumber;
  const advice = 'Give the number of the block that created the contract (firstBlock).';
  if (Array.isArray(opened)) {
    throw new IntegrityError(
      'ledger.mismatch',
      `${rpc.source} has no entry 0 of ${address}: it is no ledger, or its log is pruned. ${advice}`,
    );
  }
  let low = 0;
  let high = decodeQuantity(await rpc.call('eth_blockNumber', [], { signal }));
  try {
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const code = await rpc.call('eth_getCode', [address, quantity(middle)], { signal });
      if (decodeData(code, 'code').length === 0) low = middle + 1;
      else high = middle;
    }
  } catch (cause) {
    if (!(cause instanceof RpcError)) throw cause;
    throw new UnavailableError(
      'ledger.unreachable',
      `${rpc.source} does not tell when ${address} was created. ${advice}`,
      { cause },
    );
  }
  return low;
}
