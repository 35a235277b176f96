/**
 * Sends transactions from one account: explicit nonces, each signed transaction handed over before it is sent, the same bytes sent
 * again after a crash, higher fees for what is stuck. It refuses to guess: an answer that never came leaves the nonce taken, so that
 * nothing is done twice.
 */
import { type Hex, isHex, RejectedError, UnavailableError } from '@dpp-ledger/core';
import { Transaction } from 'ethers';
import { pause } from '../http.ts';
import type { Account, Fees, UnsignedTransaction } from './account.ts';
import { describeRefusal } from './calls.ts';
import { decodeBigQuantity, decodeHash, decodeLog, decodeQuantity, ENTRY_TOPIC } from './codec.ts';
import type {
  CallOptions,
  LedgerCall,
  LedgerReader,
  LedgerWriter,
  Recovered,
  SendOptions,
  SignedTransaction,
  Submitted,
  TransactionReceipt,
} from './ledger.ts';
import { accept, createRpc, quantity, type Rpc, RpcError } from './rpc.ts';

export interface WriterOptions {
  readonly reader: LedgerReader;
  /** JSON-RPC endpoint that takes transactions; of the reader's chain. */
  readonly url: string;
  readonly account: Account;
  /**
   * Gas on top of the estimate; 60,000 by default. What an anchor costs depends on where in the tree it lands, and others may append
   * meanwhile. 210,000 where new state has its own price (EIP-8037).
   */
  readonly gasMargin?: number;
  /** Wei per gas that are never exceeded. */
  readonly feeCeiling?: bigint;
  /** After so long without a block the fees are raised; 60,000 ms by default. */
  readonly replaceAfterMs?: number;
  /** How often to ask for a receipt at the slowest; 1,000 ms by default. */
  readonly pollMs?: number;
  readonly timeLimitMs?: number;
  readonly fetch?: typeof globalThis.fetch;
}

/** Errors: `ledger.mismatch` where the URL is of another chain than the reader's. */
export async function createLedgerWriter(options: WriterOptions): Promise<LedgerWriter> {
  const { reader, account } = options;
  const rpc = createRpc(options);
  const chainId = decodeQuantity(await rpc.call('eth_chainId', []));
  if (chainId !== reader.id.chainId) {
    const message = `${rpc.source} is of chain ${chainId}, the ledger is on chain ${reader.id.chainId}. Give the URL of a node of that chain.`;
    throw new UnavailableError('ledger.mismatch', message);
  }
  const sender = createSender(rpc, options, chainId);
  const to = reader.id.address;

  const writer: LedgerWriter = {
    reader,
    account: account.address,
    submit: (call, sendOptions = {}) => sender.submit({ ...call, to }, sendOptions),
    async send(call, sendOptions) {
      return await (await writer.submit(call, sendOptions)).included;
    },
    check: (call, callOptions = {}) => sender.check({ ...call, to }, callOptions),
    recover: (transactions, callOptions = {}) => sender.recover(transactions, callOptions),
    forget: () => sender.forget(),
    wait: (transactions, sendOptions = {}) => sender.wait(transactions, sendOptions),

    async waitFinal(receipt, { signal } = {}) {
      for (let current = receipt; ; ) {
        const final = await reader.readFinalBlockNumber({ signal });
        const { found, isCertain } = await sender.findReceipt([receipt.hash], { signal });
        if (found === undefined && isCertain) return undefined;
        current = found?.receipt ?? current;
        if (found !== undefined && current.blockNumber <= final) return current;
        await pause(options.pollMs ?? 1_000, signal);
      }
    },
  };
  return writer;
}

/** A call with the contract it goes to; without one it creates a contract. */
export interface AddressedCall extends LedgerCall {
  readonly to: Hex | undefined;
}

interface FoundReceipt {
  readonly receipt: TransactionReceipt;
  readonly failed: boolean;
  readonly contractAddress: Hex | undefined;
}

interface Looked {
  readonly found: FoundReceipt | undefined;
  /** Whether the node answered for every hash: one that cannot say yet has not said no. */
  readonly isCertain: boolean;
}

/** How many transactions are remembered, to be sent again if the chain loses their blocks. */
const REMEMBERED = 128;
/** After so long without a trace of it a node has forgotten a transaction. */
const FORGOTTEN_AFTER_MS = 2_000;
/** Nodes take a replacement only if it pays an eighth more. */
const raise = (fee: bigint) => (fee * 9n) / 8n + 1n;

/** The reader is asked what is final, before anything is given up. */
export function createSender(
  rpc: Rpc,
  options: Omit<WriterOptions, 'reader' | 'url'> & { readonly reader?: LedgerReader },
  chainId: number,
) {
  const { account, reader, gasMargin = 60_000, feeCeiling, replaceAfterMs = 60_000, pollMs = 1_000 } = options;
  const remembered = new Map<number, SignedTransaction[]>();
  let nextNonce = 0;
  let turn: Promise<unknown> = Promise.resolve();

  /** One after the other: a nonce is taken only when the one before it is. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return mine;
  }

  function remember(transaction: SignedTransaction): void {
    const variants = remembered.get(transaction.nonce) ?? [];
    remembered.set(transaction.nonce, [...variants, transaction]);
    const oldest = remembered.keys().next();
    if (remembered.size > REMEMBERED && !oldest.done) remembered.delete(oldest.value);
  }

  /** What is given up is never sent again, whatever the chain loses. */
  function giveUp(transactions: readonly SignedTransaction[]): void {
    for (const { nonce, hash } of transactions) {
      const left = (remembered.get(nonce) ?? []).filter((variant) => variant.hash !== hash);
      if (left.length > 0) remembered.set(nonce, left);
      else remembered.delete(nonce);
    }
  }

  async function submit(call: AddressedCall, sendOptions: SendOptions): Promise<Submitted> {
    const transaction = await inTurn(() => prepareAndSend(call, sendOptions));
    const included = wait([transaction], sendOptions);
    // Whoever only submits need not listen.
    included.catch(() => undefined);
    return { transaction, included };
  }

  async function prepareAndSend(call: AddressedCall, { record, signal }: SendOptions): Promise<SignedTransaction> {
    const request = { from: account.address, ...(call.to === undefined ? {} : { to: call.to }), data: call.data };
    const [gas, pendingCount, ...feeAnswers] = await rpc.batch(
      [
        // On top of what waits already, so that a call may build on the one before it.
        { method: 'eth_estimateGas', params: [request, 'pending'] },
        { method: 'eth_getTransactionCount', params: [account.address, 'pending'] },
        ...FEE_CALLS,
      ],
      { signal },
    );
    if (gas instanceof RpcError) throw refusal(gas, call.purpose);
    const nonce = await chooseNonce(decodeQuantity(accept(pendingCount)), signal);
    const gasLimit = decodeBigQuantity(gas) + BigInt(gasMargin);
    const transaction = await sign(
      { chainId, nonce, to: call.to, data: call.data, gasLimit, fees: chooseFees(feeAnswers) },
      call.purpose,
    );
    signal?.throwIfAborted();
    await record?.(transaction);
    // From here on it may reach a node in whatever way: the nonce is taken, until a node says plainly that it refuses it.
    remember(transaction);
    nextNonce = nonce + 1;
    try {
      await broadcast(transaction);
    } catch (error) {
      if (error instanceof RpcError) {
        remembered.delete(nonce);
        nextNonce = nonce;
        throw refusal(error, call.purpose);
      }
      if (!(error instanceof UnavailableError)) throw error;
      // No answer: `wait` asks whether it arrived, and sends it again.
    }
    return transaction;
  }

  /** The next nonce, after seeing to it that the node has everything before it. */
  async function chooseNonce(pendingCount: number, signal: AbortSignal | undefined): Promise<number> {
    if (pendingCount >= nextNonce) return pendingCount;
    // The node lost transactions: its memory, or blocks. What is remembered goes in again; the first that is not is free.
    for (let nonce = pendingCount; nonce < nextNonce; nonce++) {
      signal?.throwIfAborted();
      const last = remembered.get(nonce)?.at(-1);
      if (last === undefined) return nonce;
      try {
        await broadcast(last);
      } catch (error) {
        if (!(error instanceof RpcError)) throw error;
        // It is of the one before, and says nothing of the call that waits for its turn.
        const { code, message } = refusal(error, last.purpose);
        throw new UnavailableError(code === 'ledger.no-funds' ? code : 'ledger.pending', message, { cause: error });
      }
    }
    return nextNonce;
  }

  async function sign(unsigned: UnsignedTransaction, purpose: string): Promise<SignedTransaction> {
    const raw = await account.signTransaction(unsigned);
    const { hash } = Transaction.from(raw);
    return { raw, hash: decodeHash(hash), from: account.address, nonce: unsigned.nonce, purpose };
  }

  /** Errors: RpcError where a node refuses the transaction, UnavailableError `ledger.unreachable`. */
  async function broadcast(transaction: SignedTransaction): Promise<void> {
    try {
      await rpc.call('eth_sendRawTransaction', [transaction.raw]);
    } catch (error) {
      if (error instanceof RpcError && /already (known|imported)|known transaction|already exists/i.test(error.message))
        return;
      // Mined meanwhile, or by an earlier sending of the same bytes: the receipt tells.
      if (error instanceof RpcError && /nonce too low|nonce is too low|old nonce/i.test(error.message)) {
        const { found, isCertain } = await findReceipt([transaction.hash], {});
        if (found !== undefined || !isCertain) return;
      }
      throw error;
    }
  }

  async function wait(
    transactions: readonly SignedTransaction[],
    { record, signal }: SendOptions,
  ): Promise<TransactionReceipt> {
    return (await waitFound(transactions, record, signal)).receipt;
  }

  async function waitFound(
    transactions: readonly SignedTransaction[],
    record: SendOptions['record'],
    signal: AbortSignal | undefined,
  ): Promise<FoundReceipt> {
    const variants = [...transactions];
    const newest = () => variants.at(-1) ?? fail('wait needs a transaction');
    const { nonce, purpose, from } = newest();
    let lastSent = performance.now();
    let lastSeen = lastSent;
    let isPoor = false;
    for (let round = 0; ; round++) {
      const [count, there] = await rpc.batch(
        [
          { method: 'eth_getTransactionCount', params: [from, 'latest'] },
          { method: 'eth_getTransactionByHash', params: [newest().hash] },
        ],
        { signal },
      );
      // After the count, so that a nonce seen as used has its receipt already.
      const { found, isCertain } = await findReceipt(
        variants.map(({ hash }) => hash),
        { signal },
      );
      if (found?.failed) throw await refusalInBlock(newest(), found.receipt, signal);
      if (found !== undefined) return found;
      if (decodeQuantity(accept(count)) > nonce && there === null && isCertain) {
        const message = `Another transaction of ${from} took the place of the one to ${purpose}. One account serves one program: find the other one.`;
        throw new UnavailableError('ledger.pending', message);
      }
      // What lacks money lacks more of it with higher fees.
      if (from === account.address && !isPoor && performance.now() - lastSent > replaceAfterMs) {
        lastSent = performance.now();
        const replacement = await inTurn(() => replace(newest(), record, signal));
        if (replacement !== undefined) {
          variants.push(replacement);
          isPoor = await lacksMoney(replacement);
        }
      } else if (there !== null) {
        lastSeen = performance.now();
        isPoor = false;
      } else if (performance.now() - lastSeen > FORGOTTEN_AFTER_MS) {
        // Not at once: on its way from pool to block a transaction is for a moment in neither.
        lastSeen = performance.now();
        isPoor = await lacksMoney(newest());
        if (isPoor) lastSent = lastSeen;
      }
      await pause(Math.min(pollMs, 10 * 1.5 ** round), signal);
    }
  }

  /** Sends what waits, and returns whether there is not enough money for it. What else a node says of it, the next round sees. */
  async function lacksMoney(transaction: SignedTransaction): Promise<boolean> {
    try {
      await broadcast(transaction);
    } catch (error) {
      if (error instanceof RpcError) {
        return refusal(error, transaction.purpose, transaction.from).code === 'ledger.no-funds';
      }
      if (!(error instanceof UnavailableError)) throw error;
    }
    return false;
  }

  /**
   * The same call with the same nonce and higher fees, to be sent; `undefined` where the ceiling is reached. If a node refuses it (the one
   * before is mined meanwhile, or it is still too little) both stand.
   */
  async function replace(
    transaction: SignedTransaction,
    record: SendOptions['record'],
    signal: AbortSignal | undefined,
  ): Promise<SignedTransaction | undefined> {
    const { nonce, to, data, gasLimit, gasPrice, maxFeePerGas, maxPriorityFeePerGas } = Transaction.from(
      transaction.raw,
    );
    const current = chooseFees(await rpc.batch(FEE_CALLS, { signal }));
    const larger = (a: bigint, b: bigint | null) => (b !== null && raise(b) > a ? raise(b) : a);
    const fees: Fees =
      'gasPrice' in current
        ? { gasPrice: larger(current.gasPrice, gasPrice) }
        : {
            maxFeePerGas: larger(current.maxFeePerGas, maxFeePerGas),
            maxPriorityFeePerGas: larger(current.maxPriorityFeePerGas, maxPriorityFeePerGas),
          };
    const highest = 'gasPrice' in fees ? fees.gasPrice : fees.maxFeePerGas;
    if (feeCeiling !== undefined && highest > feeCeiling) return undefined;
    const target = to === null ? undefined : (to.toLowerCase() as Hex);
    const replacement = await sign(
      { chainId, nonce, to: target, data: data as Hex, gasLimit, fees },
      transaction.purpose,
    );
    await record?.(replacement);
    remember(replacement);
    return replacement;
  }

  function chooseFees(answers: readonly unknown[]): Fees {
    const [block, priority, price] = answers;
    const base =
      typeof block === 'object' && block !== null && 'baseFeePerGas' in block ? block.baseFeePerGas : undefined;
    const capped = (fee: bigint) => (feeCeiling !== undefined && fee > feeCeiling ? feeCeiling : fee);
    if (base === undefined || base === null) return { gasPrice: capped(decodeBigQuantity(accept(price))) };
    // A node that has no opinion on tips gets the usual one, 1 gwei.
    const tip = priority instanceof RpcError ? 1_000_000_000n : decodeBigQuantity(priority);
    const maxFeePerGas = capped(2n * decodeBigQuantity(base) + tip);
    return { maxFeePerGas, maxPriorityFeePerGas: tip < maxFeePerGas ? tip : maxFeePerGas };
  }

  async function check(call: AddressedCall, { signal }: CallOptions): Promise<void> {
    const [answer] = await rpc.batch(
      [{ method: 'eth_call', params: [{ from: account.address, to: call.to, data: call.data }, 'latest'] }],
      { signal },
    );
    if (answer instanceof RpcError) throw refusal(answer, call.purpose);
  }

  async function recover(
    transactions: readonly SignedTransaction[],
    { signal }: CallOptions,
  ): Promise<Map<Hex, Recovered>> {
    const byNonce = Map.groupBy(transactions, ({ nonce }) => nonce);
    const outcomes = new Map<Hex, Recovered>();
    await inTurn(async () => {
      // In the order of nonces: a node keeps a transaction waiting until it has the one before it.
      for (const nonce of [...byNonce.keys()].sort((a, b) => a - b)) {
        const outcome = await recoverOne(byNonce.get(nonce) ?? [], signal);
        for (const [hash, state] of outcome) outcomes.set(hash, state);
      }
    });
    return outcomes;
  }

  /** All that was written down with one nonce. */
  async function recoverOne(
    transactions: readonly SignedTransaction[],
    signal: AbortSignal | undefined,
  ): Promise<Map<Hex, Recovered>> {
    const newest = transactions.at(-1) ?? fail('recover needs a transaction');
    // In this order, so that a nonce seen as used has its receipt already.
    const [count, finalCount, final] = await countSent(newest.from, signal);
    const { found, isCertain } = await findReceipt(
      transactions.map(({ hash }) => hash),
      { signal },
    );
    const mined = transactions.find(({ hash }) => hash === found?.receipt.hash);
    const isUsed = count > newest.nonce;
    // What a reorganisation could bring back is not given up: sent anew, it might be done twice.
    const isUndecided =
      found === undefined
        ? !isCertain || finalCount <= newest.nonce
        : found.failed && found.receipt.blockNumber > final;
    if (isUsed && isUndecided) {
      const message = `The nonce of the transaction to ${newest.purpose} is used in a block that is not final, or that the node cannot show yet. When it is final it is known whether to send anew.`;
      throw new UnavailableError('ledger.pending', message);
    }
    // A nonce may have been given to another call, after a node had refused the first: what is said of one is not said of the other.
    const [chosen, outcome] =
      found !== undefined && mined !== undefined
        ? [mined, await describeFound(mined, found, signal)]
        : [newest, isUsed ? REPLACED : await sendAgain(transactions, newest)];
    const isGivenUp = outcome.state === 'replaced' || outcome.state === 'refused';
    if (isGivenUp && newest.from === account.address) giveUp(transactions);
    const { to, data } = Transaction.from(chosen.raw);
    return new Map(
      transactions.map((transaction) => {
        const other = Transaction.from(transaction.raw);
        return [transaction.hash, other.to === to && other.data === data ? outcome : REPLACED];
      }),
    );
  }

  /** How many transactions of an account are in blocks, how many of them in final ones, and the newest final block. */
  async function countSent(from: Hex, signal: AbortSignal | undefined): Promise<[number, number, number]> {
    if (reader === undefined) throw new TypeError('what became of a transaction is asked of a ledger');
    const final = await reader.readFinalBlockNumber({ signal });
    const counts = await rpc.batch(
      ['latest', quantity(final)].map((block) => ({
        method: 'eth_getTransactionCount',
        params: [from, block],
      })),
      { signal },
    );
    const [count = 0, finalCount = 0] = counts.map((answer) => decodeQuantity(accept(answer)));
    return [count, finalCount, final];
  }

  async function describeFound(
    transaction: SignedTransaction,
    { receipt, failed }: FoundReceipt,
    signal: AbortSignal | undefined,
  ): Promise<Recovered> {
    if (!failed) return { state: 'included', receipt };
    const { message } = await refusalInBlock(transaction, receipt, signal);
    return { state: 'refused', receipt, reason: message };
  }

  async function sendAgain(transactions: readonly SignedTransaction[], newest: SignedTransaction): Promise<Recovered> {
    // One of another account, that served before this one, is sent by anybody; only its fees cannot be raised.
    if (newest.from === account.address) {
      for (const transaction of transactions) remember(transaction);
      nextNonce = Math.max(nextNonce, newest.nonce + 1);
    }
    try {
      await broadcast(newest);
      return { state: 'sent' };
    } catch (error) {
      // It keeps its nonce and waits: for money, say. `wait` sends it again.
      if (error instanceof RpcError)
        return { state: 'sent', refusal: refusal(error, newest.purpose, newest.from).message };
      throw error;
    }
  }

  async function findReceipt(hashes: readonly Hex[], { signal }: CallOptions): Promise<Looked> {
    const calls = hashes.map((hash) => ({ method: 'eth_getTransactionReceipt', params: [hash] }));
    const answers = await rpc.batch(calls, { signal });
    // A refusal is "not yet" (geth: "transaction indexing is in progress"): the next round asks again.
    const isCertain = answers.every((answer) => !(answer instanceof RpcError));
    const answer = answers.find((one) => one !== null && !(one instanceof RpcError));
    return { found: answer === undefined ? undefined : decodeReceipt(answer), isCertain };
  }

  /** Why a transaction failed in its block: the same call, asked again on that block's state. */
  async function refusalInBlock(
    transaction: SignedTransaction,
    receipt: TransactionReceipt,
    signal: AbortSignal | undefined,
  ): Promise<RejectedError> {
    const { to, data } = Transaction.from(transaction.raw);
    const block = `0x${receipt.blockNumber.toString(16)}`;
    const call = { from: transaction.from, to, data };
    const [answer] = await rpc.batch([{ method: 'eth_call', params: [call, block] }], { signal });
    const reason = answer instanceof RpcError ? describeRefusal(answer) : undefined;
    const said = reason ?? 'it ran out of gas, or the ledger changed in that very block';
    return new RejectedError(
      'ledger.refused',
      `The ledger refused to ${transaction.purpose} in block ${receipt.blockNumber}: ${said}.`,
    );
  }

  function refusal(error: RpcError, purpose: string, from: Hex = account.address): RejectedError | UnavailableError {
    const reason = describeRefusal(error);
    if (reason !== undefined)
      return new RejectedError('ledger.refused', `The ledger refuses to ${purpose}: ${reason}.`, { cause: error });
    if (/insufficient funds|upfront cost|balance too low|insufficient balance/i.test(error.message)) {
      const message = `${from} has not enough money to ${purpose}. Send it some; what waits is then sent.`;
      return new UnavailableError('ledger.no-funds', message, { cause: error });
    }
    return new UnavailableError(
      'ledger.unreachable',
      `The node refuses the transaction to ${purpose}: ${error.message}.`,
      { cause: error },
    );
  }

  function forget(): void {
    remembered.clear();
    nextNonce = 0;
  }

  return { submit, check, recover, forget, wait, waitFound, findReceipt };
}

const REPLACED: Recovered = { state: 'replaced' };

const FEE_CALLS = [
  { method: 'eth_getBlockByNumber', params: ['latest', false] },
  { method: 'eth_maxPriorityFeePerGas', params: [] },
  { method: 'eth_gasPrice', params: [] },
];

function decodeReceipt(answer: unknown): FoundReceipt {
  if (typeof answer !== 'object' || answer === null) {
    throw new UnavailableError(
      'ledger.unreachable',
      'The chain endpoint answered with something that is not a receipt.',
    );
  }
  const fields: Record<string, unknown> = { ...answer };
  const logs: readonly unknown[] = Array.isArray(fields.logs) ? fields.logs : [];
  const created = fields.contractAddress;
  return {
    failed: decodeQuantity(fields.status) === 0,
    contractAddress:
      typeof created === 'string' && isHex(created.toLowerCase()) ? (created.toLowerCase() as Hex) : undefined,
    receipt: {
      hash: decodeHash(fields.transactionHash),
      blockNumber: decodeQuantity(fields.blockNumber),
      blockHash: decodeHash(fields.blockHash),
      gasUsed: decodeBigQuantity(fields.gasUsed),
      entries: logs.filter(isEntryLog).map(decodeLog),
    },
  };
}

function isEntryLog(log: unknown): boolean {
  return (
    typeof log === 'object' &&
    log !== null &&
    'topics' in log &&
    Array.isArray(log.topics) &&
    log.topics[0] === ENTRY_TOPIC
  );
}

function fail(message: string): never {
  throw new TypeError(message);
}
