/**
 * The ledger over JSON-RPC: read, written, deployed. Only this folder knows ethers, and of it only what writes; who verifies imports
 * `@dpp-ledger/sdk/verify` and gets none of it.
 */

export { type Account, createAccount, type Fees, type UnsignedTransaction } from './account.ts';
export * from './acts.ts';
export { calls } from './calls.ts';
export { ENTRY_TOPIC } from './codec.ts';
export { type DeployOptions, deployLedger, LEDGER_RELEASE } from './deploy.ts';
export * from './ledger.ts';
export { connectLedgers, type QuorumOptions } from './quorum.ts';
export { type ConnectOptions, connectLedger } from './reader.ts';
export { createRpc, type Rpc, RpcError } from './rpc.ts';
export { createStateReader, type StateReader } from './state.ts';
export { createLedgerWriter, type WriterOptions } from './writer.ts';
