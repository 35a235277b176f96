/** A real chain with a real ledger on it, and a real issuer, for tests. */

import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeHex, encodeHex, type Hex, hashIssuer, type IssuerId, sha256 } from '@dpp-ledger/core';
import { createSigner, generateKey, parseDid, type Role, type Signer } from '@dpp-ledger/core/credential';
import { startChain } from '../../embedded/src/chain.ts';
import {
  type Account,
  calls,
  connectLedger,
  createAccount,
  createLedgerWriter,
  deployLedger,
  type LedgerNode,
  type LedgerWriter,
  type Purpose,
  type Rpc,
  signPossession,
} from '../src/ledger/index.ts';

export interface TestLedger {
  readonly rpcUrl: string;
  readonly rpc: Rpc;
  readonly chainPid: number;
  readonly reader: LedgerNode;
  readonly admin: LedgerWriter;
  readonly accreditor: LedgerWriter;
  /** A funded account that is nobody yet. */
  createAccount(): Promise<Account>;
  createWriter(account: Account, options?: { replaceAfterMs?: number; feeCeiling?: bigint }): Promise<LedgerWriter>;
  stop(): Promise<void>;
}

export const FUNDS = `0x${(10n ** 21n).toString(16)}`;

export async function startLedger(): Promise<TestLedger> {
  const folder = await mkdtemp(join(tmpdir(), 'dpp-sdk-'));
  const [admin, accreditor] = [newAccount(), newAccount()];
  const chain = await startChain(join(folder, 'chain'), {
    fund: [admin.address, accreditor.address],
    saveEveryMs: 60_000,
  });
  const ledger = await deployLedger({
    url: chain.rpcUrl,
    account: admin,
    admin: admin.address,
    accreditors: [accreditor.address],
  });
  const reader = await connectLedger({ url: chain.rpcUrl, pin: ledger, pollMs: 10 });
  const createWriter: TestLedger['createWriter'] = (account, options = {}) =>
    createLedgerWriter({ reader, url: chain.rpcUrl, account, pollMs: 50, ...options });
  return {
    rpcUrl: chain.rpcUrl,
    rpc: chain.rpc,
    chainPid: chain.pid,
    reader,
    admin: await createWriter(admin),
    accreditor: await createWriter(accreditor),
    async createAccount() {
      const account = newAccount();
      await chain.rpc.call('anvil_setBalance', [account.address, FUNDS]);
      return account;
    },
    createWriter,
    async stop() {
      await chain.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function newAccount(): Account {
  return createAccount(encodeHex(crypto.getRandomValues(new Uint8Array(32))));
}

export interface TestIssuer {
  readonly id: IssuerId;
  readonly hash: Hex;
  readonly signer: Signer;
  readonly controller: Account;
  readonly writer: LedgerWriter;
}

let issuers = 0;

export async function accredit(
  ledger: TestLedger,
  purposes: readonly Purpose[] = ['assert', 'operate', 'revoke', 'administer'],
  roles: readonly Role[] = ['manufacturer'],
): Promise<TestIssuer> {
  const id = parseDid(`did:web:maker${issuers++}.example`);
  const signer = await createSigner({ issuer: id, jwk: await generateKey({ algorithm: 'ES256' }) });
  const controller = await ledger.createAccount();
  const terms = { controller: controller.address, purposes, deadline: 2 ** 40 };
  const proof = await signPossession({ ledger: ledger.reader.id, signer, ...terms });
  const call = calls.accredit({ issuer: id, roles, key: signer.key, proof, ...terms });
  await ledger.accreditor.send(call);
  return { id, hash: hashIssuer(id), signer, controller, writer: await ledger.createWriter(controller) };
}

/** A batch that nobody could open: enough for what only counts entries. */
export function batch(seed: number) {
  const root = encodeHex(sha256(decodeHex(`0x${seed.toString(16).padStart(8, '0')}`)));
  return { root, size: 1 + (seed % 16_384), manifest: root };
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** A local HTTP server that may misbehave; `close` ends it. */
export async function serve(listener: RequestListener): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}

/** A JSON-RPC endpoint in front of another that may change questions and answers. */
export async function proxy(
  rpcUrl: string,
  change: (call: { method: string; params: unknown[] }, answer: () => Promise<unknown>) => unknown | Promise<unknown>,
) {
  async function answerOne(call: { id: number; method: string; params: unknown[] }) {
    const answer = async () => {
      const response = await fetch(rpcUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: call.method, params: call.params }),
      });
      const { result, error } = (await response.json()) as { result?: unknown; error?: { message: string } };
      if (error !== undefined) throw new Error(error.message);
      return result;
    };
    try {
      return { jsonrpc: '2.0', id: call.id, result: await change(call, answer) };
    } catch (error) {
      return {
        jsonrpc: '2.0',
        id: call.id,
        error: { code: -32005, message: error instanceof Error ? error.message : 'refused' },
      };
    }
  }
  return await serve(async (request, response) => {
    const question = JSON.parse(await readBody(request));
    const answer = Array.isArray(question) ? await Promise.all(question.map(answerOne)) : await answerOne(question);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer));
  });
}

/** What a node says that has no block above `height` yet: nothing of those, and of logs those that it has. */
export async function behind(
  call: { method: string; params: unknown[] },
  answer: () => Promise<unknown>,
  height: number,
): Promise<unknown> {
  const newest = `0x${height.toString(16)}`;
  const isMissing = (block: unknown) => typeof block === 'string' && block.startsWith('0x') && Number(block) > height;
  switch (call.method) {
    case 'eth_getBlockByNumber':
      if (isMissing(call.params[0])) return null;
      if (call.params[0] === 'latest') call.params[0] = newest;
      break;
    case 'eth_call':
      if (isMissing(call.params[1])) throw new Error('header not found');
      if (call.params[1] === 'latest') call.params[1] = newest;
      break;
    case 'eth_getLogs': {
      const filter = call.params[0] as { fromBlock: string; toBlock: string };
      if (isMissing(filter.fromBlock)) return [];
      if (isMissing(filter.toBlock)) call.params[0] = { ...filter, toBlock: newest };
      break;
    }
  }
  return await answer();
}
