/** Puts a ledger on a chain. Each ledger is a new one: nothing is upgraded or imported. */
import { type Hex, InvalidInputError, type LedgerId, UnavailableError } from '@dpp-ledger/core';
import { AbiCoder } from 'ethers';
import type { Account } from './account.ts';
import { calls } from './calls.ts';
import { decodeQuantity, keccak } from './codec.ts';
import { bytecode } from './generated/PassportLedger.ts';
import { connectLedger } from './reader.ts';
import { createRpc } from './rpc.ts';
import { createLedgerWriter, createSender, type WriterOptions } from './writer.ts';

/** Names the contract's code as this release has it: keccak256 of what creates it. */
export const LEDGER_RELEASE: Hex = keccak(bytecode);

export interface DeployOptions extends Omit<WriterOptions, 'reader'> {
  /** Pays; becomes the admin if `admin` is its own address. */
  readonly account: Account;
  /** Who names accreditors: a multisig or timelock in production. */
  readonly admin: Hex;
  /** Seconds between naming a new admin and its accepting; 0 by default, days in production. */
  readonly adminDelay?: number;
  /** Appointed at once; only where the paying account is the admin. */
  readonly accreditors?: readonly Hex[];
  readonly signal?: AbortSignal | undefined;
}

/** Errors: as a writer's `send`; InvalidInputError `input.shape` for accreditors that the account cannot appoint. */
export async function deployLedger(options: DeployOptions): Promise<LedgerId> {
  const { account, admin, adminDelay = 0, accreditors = [], signal } = options;
  const sendOptions = { signal };
  if (accreditors.length > 0 && admin !== account.address) {
    throw new InvalidInputError(
      'input.shape',
      `Only the admin appoints accreditors, and ${account.address} is not ${admin}: let the admin appoint them later.`,
    );
  }
  const rpc = createRpc(options);
  const sender = createSender(rpc, options, decodeQuantity(await rpc.call('eth_chainId', [], sendOptions)));
  const parameters = AbiCoder.defaultAbiCoder().encode(['uint48', 'address'], [adminDelay, admin]);
  const data: Hex = `${bytecode}${parameters.slice(2)}` as Hex;
  const { transaction } = await sender.submit({ to: undefined, data, purpose: 'deploy a ledger' }, sendOptions);
  const { contractAddress } = await sender.waitFound([transaction], undefined, signal);
  if (contractAddress === undefined)
    throw new UnavailableError('ledger.unreachable', 'The node does not name the contract it created.');
  const reader = await connectLedger({ ...options, pin: { address: contractAddress } });
  const writer = await createLedgerWriter({ ...options, reader });
  for (const accreditor of accreditors) await writer.send(calls.appointAccreditor(accreditor), sendOptions);
  return reader.id;
}
