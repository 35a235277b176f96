/**
 * A real PassportLedger on Hardhat's in-process chain, at fixed addresses and times, for vectors and tests: it sends calls and keeps what
 * the ledger emitted.
 */
import { Interface, type InterfaceAbi, type TypedDataField } from 'ethers';
import hre from 'hardhat';
import { encodeTyped } from './signing.ts';

export const START = 1_800_000_000;
const HARDFORK = 'osaka';

export interface LedgerEntry {
  readonly index: number;
  readonly issuer: string;
  readonly about: string;
  readonly bytes: string;
}

export interface Receipt {
  readonly gasUsed: number;
  readonly entries: readonly LedgerEntry[];
  readonly transactionHash: string;
}

export interface TestLedger {
  readonly address: string;
  readonly chainId: number;
  readonly accounts: readonly string[];
  readonly abi: Interface;
  /** Sends a call in a block of its own, `seconds` after the one before (10 unless told). Throws the error's name and values. */
  send(from: string, name: string, args: readonly unknown[], seconds?: number): Promise<Receipt>;
  read(name: string, args: readonly unknown[]): Promise<readonly unknown[]>;
  /** The time that the next block will have if `send` is not told another. */
  nextTime(): number;
  entries(): readonly LedgerEntry[];
  /** The EIP-712 bytes that a key signs, and their SHA-256. */
  encodeTyped(
    types: Record<string, TypedDataField[]>,
    value: Record<string, unknown>,
  ): { bytes: Uint8Array; digest: string };
  request(method: string, params: readonly unknown[]): Promise<unknown>;
}

/** Deployed by account 0, which is the admin too, with a delay of a day. `hardfork`: rules of the chain, today's unless told. */
export async function createTestLedger(options: { readonly hardfork?: string } = {}): Promise<TestLedger> {
  const connection = await hre.network.create({
    override: { initialDate: new Date(START * 1000), hardfork: options.hardfork ?? HARDFORK },
  });
  const artifact = await hre.artifacts.readArtifact('PassportLedger');
  const abi = new Interface(artifact.abi as unknown as InterfaceAbi);
  const request = (method: string, params: readonly unknown[]): Promise<unknown> =>
    connection.provider.request({ method, params: [...params] });

  const accounts = (await request('eth_accounts', [])) as string[];
  const chainId = Number(await request('eth_chainId', []));
  let time = START;
  const kept: LedgerEntry[] = [];

  async function transact(
    transaction: Record<string, string>,
    seconds: number,
  ): Promise<Receipt & { created: string }> {
    time += seconds;
    await request('evm_setNextBlockTimestamp', [time]);
    let hash: unknown;
    try {
      hash = await request('eth_sendTransaction', [{ gas: '0xe00000', ...transaction }]);
    } catch (cause) {
      throw explain(abi, cause);
    }
    const receipt = (await request('eth_getTransactionReceipt', [hash])) as {
      gasUsed: string;
      contractAddress: string;
      logs: { topics: string[]; data: string }[];
    };
    const entries = receipt.logs.flatMap((log) => {
      const parsed = abi.parseLog(log);
      if (parsed?.name !== 'Entry') return [];
      const [index, issuer, about, bytes] = parsed.args;
      return [{ index: Number(index), issuer, about, bytes }];
    });
    kept.push(...entries);
    const gasUsed = Number(receipt.gasUsed);
    return { gasUsed, entries, transactionHash: String(hash), created: receipt.contractAddress };
  }

  const from = accounts[0] ?? '';
  const data = artifact.bytecode + abi.encodeDeploy([86_400, from]).slice(2);
  const { created: address } = await transact({ from, data }, 10);

  return {
    address,
    chainId,
    accounts,
    abi,
    request,
    nextTime: () => time + 10,
    entries: () => kept,
    send: (sender, name, args, seconds = 10) =>
      transact({ from: sender, to: address, data: abi.encodeFunctionData(name, args) }, seconds),
    read: async (name, args) => {
      try {
        const answer = await request('eth_call', [{ to: address, data: abi.encodeFunctionData(name, args) }, 'latest']);
        return [...abi.decodeFunctionResult(name, String(answer))];
      } catch (cause) {
        throw explain(abi, cause);
      }
    },
    encodeTyped: (types, value) => encodeTyped({ chainId, verifyingContract: address }, types, value),
  };
}

/** Names the custom error in a failed call. */
function explain(abi: Interface, cause: unknown): Error {
  const data = findRevertData(cause);
  const parsed = data === undefined ? null : abi.parseError(data);
  if (parsed === null) return cause instanceof Error ? cause : new Error(String(cause));
  return new Error(`${parsed.name}(${parsed.args.join(', ')})`, { cause });
}

function findRevertData(cause: unknown): string | undefined {
  if (typeof cause !== 'object' || cause === null) return undefined;
  for (const value of Object.values(cause)) {
    if (typeof value === 'string' && /^0x[0-9a-f]{8,}$/.test(value)) return value;
    const found = findRevertData(value);
    if (found !== undefined) return found;
  }
  return undefined;
}
