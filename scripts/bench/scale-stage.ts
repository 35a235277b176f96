/** A service in a process of its own, and an issuer that it knows, for scale.ts and bulk.ts. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Signer } from '@dpp-ledger/core/credential';
import { createClient } from '@dpp-ledger/sdk';
import {
  acts,
  calls,
  connectLedger,
  createAccount,
  createLedgerWriter,
  signPossession,
  signRelay,
} from '@dpp-ledger/sdk/ledger';
import type { Orders, Started, Usage } from './scale-service.ts';

export interface RunningService extends Started {
  readonly pid: number;
  usage(): Promise<Usage>;
  stop(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

/** Resolves once it answers and its index is at the chain's head. */
export async function startService(orders: Orders): Promise<RunningService> {
  const child = fork(join(import.meta.dirname, 'scale-service.ts'), [JSON.stringify(orders)]);
  const ended = once(child, 'exit');
  const started = (await answerOf(child, ended)) as Started;
  return {
    ...started,
    pid: child.pid ?? 0,
    async usage() {
      const answer = answerOf(child, ended);
      child.send('usage');
      return (await answer) as Usage;
    },
    async stop() {
      if (child.connected) child.send('stop');
      await ended;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function answerOf(child: ChildProcess, ended: Promise<unknown>): Promise<unknown> {
  const [message] = await Promise.race([
    once(child, 'message'),
    ended.then(() => Promise.reject(new Error('the service ended'))),
  ]);
  return message;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('a listening server has an address');
  server.close();
  await once(server, 'close');
  return address.port;
}

/** Makes the issuer known to the ledger, with the service as its submitter, and waits until the service knows it. */
export async function accredit(service: RunningService, signer: Signer): Promise<void> {
  const { rpcUrl, ledger, accounts, relayer, url } = service;
  const { issuer } = signer;
  const reader = await connectLedger({ url: rpcUrl, pin: ledger, pollMs: 20 });
  const account = createAccount(accounts.accreditor.privateKey);
  const accreditor = await createLedgerWriter({ reader, url: rpcUrl, account, pollMs: 20 });
  const terms = { purposes: ['assert', 'operate', 'administer'], deadline: 2 ** 40 } as const;
  const proof = await signPossession({ ledger, signer, ...terms });
  await accreditor.send(calls.accredit({ issuer, roles: ['manufacturer'], key: signer.key, proof, ...terms }));
  await accreditor.send(calls.grantPrefix({ issuer, number: 0, prefix: 'gs1:9521234' }));
  const appointment = await signRelay({
    ...{ ledger, signer, nonce: 0n, deadline: 2 ** 40 },
    acts: [acts.appointSubmitter(relayer)],
  });
  // Whoever sends it pays; the service's own account is the service's alone.
  await accreditor.send(calls.relay(appointment));
  const client = createClient({ url });
  for (;;) {
    const known = await client.fetchIssuer(issuer).catch(() => undefined);
    if (known !== undefined && known.submitters.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
