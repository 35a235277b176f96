/**
 * A service in a process of its own, to be killed: the real one, over HTTP, on the engines that it is told. It speaks JSON lines: the first
 * line that it reads are its orders, further ones are commands; what happens it writes to standard output. When its parent is gone, it
 * goes too.
 */
import { flushCompileCache } from 'node:module';
import { createInterface } from 'node:readline';
import { type BatcherStep, createService, openDatabase, serve } from '@dpp-ledger/api';
import { DppError, type Hex, type LedgerId } from '@dpp-ledger/core';
import { createSigner, type PrivateJwk, parseDid } from '@dpp-ledger/core/credential';
import { connectLedger, createAccount, createLedgerWriter, type Finality } from '@dpp-ledger/sdk/ledger';
import { createFileStore } from '@dpp-ledger/sdk/node';
import { createKuboStore, type Store } from '@dpp-ledger/sdk/store';
import { PGlite } from '@electric-sql/pglite';
import { sql } from 'kysely';

export interface Orders {
  readonly rpcUrl: string;
  readonly ledger: LedgerId;
  readonly finality: Finality;
  /** Of the account that anchors. */
  readonly privateKey: Hex;
  /** Signs receipts. */
  readonly serviceKey: PrivateJwk;
  readonly database: { readonly folder: string } | { readonly url: string };
  readonly store: { readonly folder: string } | { readonly kuboUrl: string };
  readonly batch: { readonly size: number; readonly ageMs: number };
  readonly promiseMs?: number;
  /** After so long without a block fees are raised. */
  readonly replaceAfterMs?: number;
  /** Ends itself by SIGKILL when it has done this step so many times. */
  readonly dieAfter?: { readonly step: BatcherStep; readonly times: number };
}

export type Command =
  /** Moves the service's clock to so many milliseconds beside the machine's. */
  | { readonly do: 'clock'; readonly offsetMs: number }
  /** Says `settled` once all that was promised is final or refused. */
  | { readonly do: 'settle' }
  /** Ends as an operator ends it. */
  | { readonly do: 'stop' };

export type Happening =
  | { readonly is: 'ready'; readonly url: string }
  /** `isAgain`: the same errand had come to this step before. */
  | { readonly is: 'step'; readonly step: BatcherStep; readonly isAgain: boolean }
  | { readonly is: 'problem'; readonly what: string; readonly code: string | undefined; readonly message: string }
  | { readonly is: 'settled' };

export const SERVICE_DID = parseDid('did:web:dpp.example');

if (import.meta.main) await run();

async function run(): Promise<void> {
  // Whoever is killed writes nothing at its end.
  flushCompileCache();
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.done) return;
  const orders = JSON.parse(first.value) as Orders;
  const tell = (happening: Happening) => process.stdout.write(`${JSON.stringify(happening)}\n`);
  let offsetMs = 0;
  const now = () => Date.now() + offsetMs;

  const ledger = await connectLedger({ url: orders.rpcUrl, pin: orders.ledger, pollMs: 15, finality: orders.finality });
  const writer = await createLedgerWriter({
    reader: ledger,
    url: orders.rpcUrl,
    account: createAccount(orders.privateKey),
    pollMs: 20,
    ...(orders.replaceAfterMs === undefined ? {} : { replaceAfterMs: orders.replaceAfterMs }),
  });
  const pglite = 'folder' in orders.database ? await PGlite.create(orders.database.folder) : undefined;
  const database = openDatabase('url' in orders.database ? { url: orders.database.url } : { pglite: known(pglite) });
  const store = await openStore(orders.store);
  let left = orders.dieAfter?.times ?? 0;
  const reached = new Set<string>();
  const service = createService({
    ...{ ledger, writer, database, store, now },
    signer: await createSigner({ issuer: SERVICE_DID, jwk: orders.serviceKey }),
    publicUrl: 'https://dpp.example',
    batch: orders.batch,
    // One client here is many elsewhere.
    limits: { client: { perSecond: 1_000_000, burst: 1_000_000 } },
    ...(orders.promiseMs === undefined ? {} : { promiseMs: orders.promiseMs }),
    afterStep: (step, errand) => {
      const name = `${step} ${JSON.stringify(errand)}`;
      tell({ is: 'step', step, isAgain: reached.has(name) });
      reached.add(name);
      if (step === orders.dieAfter?.step && --left === 0) process.kill(process.pid, 'SIGKILL');
    },
    onProblem: ({ what, error }) =>
      tell({
        is: 'problem',
        what,
        code: error instanceof DppError ? error.code : undefined,
        message: error instanceof Error ? error.message : String(error),
      }),
  });
  const served = await serve({ service, port: 0 });
  tell({ is: 'ready', url: served.url });

  for await (const line of { [Symbol.asyncIterator]: () => lines }) {
    const command = JSON.parse(line) as Command;
    if (command.do === 'clock') offsetMs = command.offsetMs;
    else if (command.do === 'settle') void untilSettled().then(() => tell({ is: 'settled' }));
    else break;
  }
  await served.close();
  await store.close();
  await database.close();
  await pglite?.close();

  async function untilSettled(): Promise<void> {
    for (;;) {
      const { promise: rung, resolve } = Promise.withResolvers<void>();
      const stop = await database.listen('receipt', resolve);
      const { rows } = await sql<{ open: number }>`
        select count(*)::int as open from outbox.item i left join outbox.batch b on b.id = i.batch
        where i.refusal_code is null and b.state is distinct from 'final'`.execute(database.db);
      if (rows[0]?.open === 0) return await stop();
      await rung;
      await stop();
    }
  }
}

/** As the orders say. */
export async function openStore(store: Orders['store']): Promise<Store> {
  if ('folder' in store) return await createFileStore({ folder: store.folder });
  const { create } = await import('kubo-rpc-client');
  return createKuboStore({ client: create({ url: store.kuboUrl }), name: `Kubo at ${new URL(store.kuboUrl).origin}` });
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError('an engine is missing');
  return value;
}
