/** Accounts: who pays for transactions, and signs them. A private key in software, or anything else that signs, such as a KMS. */
import { type Hex, InvalidInputError } from '@dpp-ledger/core';
import { Wallet } from 'ethers';

/** A transaction as an account signs it. */
export interface UnsignedTransaction {
  readonly chainId: number;
  readonly nonce: number;
  /** `undefined` creates a contract. */
  readonly to: Hex | undefined;
  readonly data: Hex;
  readonly gasLimit: bigint;
  readonly fees: Fees;
}

/** Wei per gas: of EIP-1559, or one price where a chain has no base fee. */
export type Fees =
  | { readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint }
  | { readonly gasPrice: bigint };

/** Signs transactions: a key in software, or a KMS. */
export interface Account {
  /** Lower case. */
  readonly address: Hex;
  /** The raw signed transaction. */
  signTransaction(transaction: UnsignedTransaction): Promise<Hex>;
}

/** An account by its private key. Errors: InvalidInputError `input.shape`. */
export function createAccount(privateKey: string): Account {
  let wallet: Wallet;
  try {
    wallet = new Wallet(privateKey);
  } catch {
    // Without the cause: it would carry the key into logs.
    throw new InvalidInputError('input.shape', 'Not the private key of an account: expected 0x and 64 hex digits.');
  }
  return {
    address: wallet.address.toLowerCase() as Hex,
    async signTransaction({ chainId, nonce, to, data, gasLimit, fees }) {
      const type = 'gasPrice' in fees ? 0 : 2;
      return (await wallet.signTransaction({ type, chainId, nonce, to: to ?? null, data, gasLimit, ...fees })) as Hex;
    },
  };
}
