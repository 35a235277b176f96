/**
 * The chains that gas is measured on: anvil with the rules of today, and geth with Amsterdam's, where new state has a price of its own
 * (EIP-8037). Both take the same transactions, signed here, of the same five accounts.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { computeAddress, id, SigningKey, Transaction, toQuantity } from 'ethers';
import { freePort } from '../engines/child.ts';

export interface Call {
  readonly from: string;
  /** None: a contract is made. */
  readonly to?: string;
  readonly data: string;
}

export interface Sent {
  readonly gas: number;
  readonly created: string;
  readonly hash: string;
}

export interface Chain {
  /** The rules that it follows. */
  readonly hardfork: string;
  readonly software: string;
  readonly chainId: number;
  readonly accounts: readonly string[];
  request<T>(method: string, params: readonly unknown[]): Promise<T>;
  /** Sends transactions of one account, in this order, many to a block; fails if one failed. `gas`: the limit of each. */
  send(calls: readonly Call[], gas?: number): Promise<Sent[]>;
  /** Ends what was started. */
  stop(): Promise<void>;
}

/** What differs between the two. */
interface Node {
  readonly hardfork: string;
  readonly software: string;
  /** Limits of transactions that are sent to one block. */
  readonly blockGas: number;
  /** The usual limit of one. */
  readonly callGas: number;
  fund(account: string): Promise<void>;
  /** Resolves once what was sent is in blocks. */
  mine(lastHash: string): Promise<void>;
  stop(): Promise<void>;
}

const KEYS = ['admin', 'accreditor', 'controller', 'submitter', 'relayer'].map(
  (name) => new SigningKey(id(`bench: ${name}`)),
);
const RICH = 10n ** 24n;
const FEES = { type: 2, maxFeePerGas: 100n * 10n ** 9n, maxPriorityFeePerGas: 10n ** 9n } as const;

/** A chain of its own, which makes a block when it is told to. */
export async function startAnvil(): Promise<Chain> {
  const port = await freePort();
  const binary = join(import.meta.dirname, '../../node_modules/.bin/anvil');
  const child = spawn(binary, ['--host', '127.0.0.1', '--port', String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  await untilListening(child, exited);
  const rpc = createRpc(`http://127.0.0.1:${port}`);
  const { hardFork } = await rpc.request<{ hardFork: string }>('anvil_nodeInfo', []);
  await rpc.request('evm_setAutomine', [false]);
  return await createChain(rpc, {
    ...{ hardfork: hardFork, software: 'anvil', blockGas: 25_000_000, callGas: 300_000 },
    fund: (account) => rpc.request('anvil_setBalance', [account, toQuantity(RICH)]),
    mine: () => rpc.request('evm_mine', []),
    async stop() {
      child.kill();
      await exited;
    },
  });
}

/** The chain of a geth that runs already, whose first account has the money; see `scripts/engines`. */
export async function openGeth(url: string): Promise<Chain> {
  const rpc = createRpc(url);
  const head = await rpc.request<Record<string, unknown>>('eth_getBlockByNumber', ['latest', false]);
  // Block access lists (EIP-7928) came with Amsterdam: without them the figures would be of other rules.
  if (typeof head.blockAccessListHash !== 'string')
    throw new Error(`The chain at ${url} does not follow Amsterdam's rules.`);
  const [rich] = await rpc.request<string[]>('eth_accounts', []);
  const software = (await rpc.request<string>('web3_clientVersion', [])).split('/').slice(0, 2).join(' ');
  const untilSaid = async (question: () => Promise<boolean>) => {
    while (!(await question())) await delay(50);
  };
  return await createChain(rpc, {
    ...{ hardfork: 'Amsterdam', software, blockGas: 180_000_000, callGas: 600_000 },
    async fund(account) {
      await rpc.request('eth_sendTransaction', [{ from: rich, to: account, value: toQuantity(RICH) }]);
      await untilSaid(async () => (await rpc.request('eth_getBalance', [account, 'latest'])) !== '0x0');
    },
    mine: (lastHash) =>
      untilSaid(async () => {
        // Of a young transaction geth says that it is still indexing.
        const [answer] = await rpc.ask([{ method: 'eth_getTransactionReceipt', params: [lastHash] }]);
        return answer?.error === undefined && answer?.result !== null;
      }),
    async stop() {},
  });
}

async function createChain(rpc: Rpc, node: Node): Promise<Chain> {
  const keys = new Map(KEYS.map((key) => [computeAddress(key).toLowerCase(), key]));
  const chainId = Number(await rpc.request<string>('eth_chainId', []));
  for (const account of keys.keys()) await node.fund(account);

  function sign(call: Call, nonce: number, gasLimit: number): string {
    const key = keys.get(call.from);
    if (key === undefined) throw new TypeError(`${call.from} is one of the chain's accounts`);
    const { to = null, data } = call;
    const transaction = Transaction.from({ ...FEES, chainId, nonce, gasLimit, to, data });
    transaction.signature = key.sign(transaction.unsignedHash);
    return transaction.serialized;
  }

  /** As many as a block surely holds. */
  async function sendChunk(calls: readonly Call[], gas: number): Promise<Sent[]> {
    const nonce = Number(await rpc.request<string>('eth_getTransactionCount', [calls[0]?.from, 'latest']));
    const hashes = await rpc.requestAll<string>(
      calls.map((call, i) => ({ method: 'eth_sendRawTransaction', params: [sign(call, nonce + i, gas)] })),
    );
    await node.mine(hashes.at(-1) ?? '');
    const receipts = await rpc.requestAll<{ status: string; gasUsed: string; contractAddress: string } | null>(
      hashes.map((hash) => ({ method: 'eth_getTransactionReceipt', params: [hash] })),
    );
    return receipts.map((receipt, i) => {
      const hash = hashes[i] ?? '';
      if (receipt?.status !== '0x1') throw new Error(`transaction ${hash} failed`);
      return { gas: Number(receipt.gasUsed), created: receipt.contractAddress, hash };
    });
  }

  return {
    ...{ hardfork: node.hardfork, software: node.software, chainId, accounts: [...keys.keys()] },
    request: rpc.request,
    async send(calls, gas = node.callGas) {
      const chunk = Math.max(1, Math.floor(node.blockGas / gas));
      const sent: Sent[] = [];
      for (let i = 0; i < calls.length; i += chunk) sent.push(...(await sendChunk(calls.slice(i, i + chunk), gas)));
      return sent;
    },
    stop: node.stop,
  };
}

// ------------------------------------------------------------------------------------------------------------------ JSON-RPC

interface Request {
  readonly method: string;
  readonly params: readonly unknown[];
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

type Rpc = ReturnType<typeof createRpc>;

function createRpc(url: string) {
  let last = 0;
  async function ask(requests: readonly Request[]): Promise<Answer[]> {
    const body = JSON.stringify(requests.map((request) => ({ jsonrpc: '2.0', id: ++last, ...request })));
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return ((await response.json()) as Answer[]).sort((a, b) => a.id - b.id);
  }
  async function requestAll<T>(requests: readonly Request[]): Promise<T[]> {
    return (await ask(requests)).map(({ result, error }, i) => {
      if (error !== undefined) throw new Error(`${requests[i]?.method}: ${error.message}`);
      return result as T;
    });
  }
  const request = async <T>(method: string, params: readonly unknown[]): Promise<T> => {
    const [answer] = await requestAll<T>([{ method, params }]);
    return answer as T;
  };
  return { ask, request, requestAll };
}

async function untilListening(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  if (child.stdout === null) throw new TypeError('anvil is started with a pipe');
  // anvil logs every request: what is not read would fill the pipe.
  const lines = createInterface({ input: child.stdout });
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      if (line.startsWith('Listening on')) resolve();
    });
    exited.then(() => reject(new Error('anvil ended before it listened')), reject);
  });
}
