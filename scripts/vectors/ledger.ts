/**
 * A real PassportLedger on Hardhat's in-process chain, at fixed addresses and times, for vectors and tests: it sends calls, keeps what the
 * ledger emitted, and signs as an issuer's P-256 keys do.
 */
import { createHash } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { AbiCoder, Interface, type InterfaceAbi, TypedDataEncoder, type TypedDataField } from 'ethers';
import hre from 'hardhat';

export const START = 1_800_000_000;
const HARDFORK = 'osaka';
const coder = AbiCoder.defaultAbiCoder();

export const RELAY_TYPES: Record<string, TypedDataField[]> = {
  Relay: [
    { name: 'issuer', type: 'bytes32' },
    { name: 'key', type: 'bytes32' },
    { name: 'acts', type: 'Act[]' },
    { name: 'nonce', type: 'uint64' },
    { name: 'deadline', type: 'uint64' },
  ],
  Act: [
    { name: 'kind', type: 'uint8' },
    { name: 'data', type: 'bytes' },
  ],
};

export const POSSESSION_TYPES: Record<string, TypedDataField[]> = {
  KeyPossession: [
    { name: 'issuer', type: 'bytes32' },
    { name: 'controller', type: 'address' },
    { name: 'purposes', type: 'uint16' },
    { name: 'deadline', type: 'uint64' },
  ],
};

export interface Act {
  readonly kind: number;
  readonly data: string;
}

/** Arguments of an act, by the number of the entry it makes. */
const ACT_ARGUMENTS: Readonly<Record<number, readonly string[]>> = {
  23: ['address'],
  25: ['address'],
  26: ['address'],
  27: ['tuple(uint8,bytes32,bytes32)', 'uint16', 'uint64', 'bytes'],
  28: ['bytes32', 'uint64'],
  29: ['bytes32', 'uint64'],
  32: ['bytes32', 'uint256', 'bytes32', 'tuple(bytes32,uint64)[]'],
  48: ['uint64', 'uint8', 'uint8', 'tuple(uint16,uint256)[]'],
};

export function encodeAct(kind: number, ...args: readonly unknown[]): Act {
  const types = ACT_ARGUMENTS[kind];
  if (types === undefined) throw new TypeError(`no act makes entries of kind ${kind}`);
  return { kind, data: coder.encode(types, args) };
}

export function sha256(...parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return `0x${hash.digest('hex')}`;
}

function fromHex(hex: string): Uint8Array {
  return Buffer.from(hex.replace(/^0x/, ''), 'hex');
}

export function toHex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString('hex')}`;
}

/** A P-256 key whose private scalar is SHA-256 of a label: for tests only, since everybody knows it. */
export interface TestKey {
  readonly secret: Uint8Array;
  readonly jwk: { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string };
  /** As the contract takes it: algorithm, x, y. */
  readonly publicKey: readonly [1, string, string];
  readonly thumbprint: string;
  /** ES256 over SHA-256 of `message`, r and s, low s. */
  sign(message: Uint8Array): string;
}

export function createTestKey(label: string): TestKey {
  const secret = fromHex(sha256(Buffer.from(label)));
  const point = p256.getPublicKey(secret, false);
  const x = Buffer.from(point.subarray(1, 33));
  const y = Buffer.from(point.subarray(33, 65));
  const jwk = { kty: 'EC', crv: 'P-256', x: x.toString('base64url'), y: y.toString('base64url') } as const;
  return {
    secret,
    jwk,
    publicKey: [1, toHex(x), toHex(y)],
    thumbprint: sha256(Buffer.from(`{"crv":"P-256","kty":"EC","x":"${jwk.x}","y":"${jwk.y}"}`)),
    sign: (message) => toHex(p256.sign(message, secret, { lowS: true, prehash: true })),
  };
}

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
  const domain = { name: 'PassportLedger', version: '1', chainId, verifyingContract: address };

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
    encodeTyped: (types, value) => {
      const bytes = fromHex(TypedDataEncoder.encode(domain, types, value));
      return { bytes, digest: sha256(bytes) };
    },
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
