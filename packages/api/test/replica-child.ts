/** A replica of the service in a process of its own. Its parent tells it what to do, and when to freeze, by messages. */
import { once } from 'node:events';
import type { Hex, LedgerId } from '@dpp-ledger/core';
import { createSigner, type PrivateJwk, parseDid } from '@dpp-ledger/core/credential';
import { connectLedger, createAccount, createLedgerWriter } from '@dpp-ledger/sdk/ledger';
import { type BatcherStep, createService, openDatabase, serve } from '../src/index.ts';
import { connectSharedStore } from './shared-store.ts';

export interface ReplicaOrders {
  readonly rpcUrl: string;
  readonly ledger: LedgerId;
  readonly privateKey: Hex;
  readonly databaseUrl: string;
  readonly storeUrl: string;
  readonly jwk: PrivateJwk;
}

/** Whoever comes to this step says so, and waits to be told how to end there. */
export interface EndOrders {
  readonly after: BatcherStep;
}

/** Freeze, die, or go on. */
export interface End {
  readonly by: 'SIGSTOP' | 'SIGKILL' | undefined;
}

const tell = (message: unknown) => new Promise<void>((resolve) => process.send?.(message, () => resolve()));

const [orders] = (await once(process, 'message')) as [ReplicaOrders];
const ledger = await connectLedger({ url: orders.rpcUrl, pin: orders.ledger, pollMs: 15 });
const account = createAccount(orders.privateKey);
let after: BatcherStep | undefined;
let told = Promise.withResolvers<End>();
process.on('message', (message: EndOrders | End) => {
  if ('after' in message) after = message.after;
  else told.resolve(message);
});
// Without its parent it has no purpose.
process.on('disconnect', () => process.exit(1));
const service = createService({
  ledger,
  writer: await createLedgerWriter({ reader: ledger, url: orders.rpcUrl, account, pollMs: 20 }),
  database: openDatabase({ url: orders.databaseUrl }),
  store: connectSharedStore(orders.storeUrl),
  signer: await createSigner({ issuer: parseDid('did:web:dpp.example'), jwk: orders.jwk }),
  publicUrl: 'https://dpp.example',
  batch: { size: 1_000, ageMs: 20 },
  limits: { client: { perSecond: 100_000, burst: 100_000 } },
  afterStep: async (step) => {
    if (after !== step) return;
    after = undefined;
    told = Promise.withResolvers();
    await tell({ reached: step });
    const { by } = await told.promise;
    if (by !== undefined) process.kill(process.pid, by);
  },
});
const served = await serve({ service, port: 0 });
await service.caughtUp();
await tell({ url: served.url });
