/** A service in a process of its own, which ends itself the hard way after a step. Told what to do by one JSON line on standard input. */

import type { Hex, LedgerId } from '@dpp-ledger/core';
import { createSigner, generateKey, parseDid } from '@dpp-ledger/core/credential';
import { connectLedger, createAccount, createLedgerWriter } from '@dpp-ledger/sdk/ledger';
import { createFileStore } from '@dpp-ledger/sdk/node';
import { PGlite } from '@electric-sql/pglite';
import { sql } from 'kysely';
import { type BatcherStep, createService, openDatabase } from '../src/index.ts';

export interface Orders {
  readonly rpcUrl: string;
  readonly ledger: LedgerId;
  readonly privateKey: Hex;
  /** Of database and store. */
  readonly folder: string;
  readonly credentials: readonly string[];
  /** `undefined`: live until all is final. */
  readonly dieAfter: BatcherStep | 'accepted' | undefined;
}

const orders = JSON.parse(await new Response(process.stdin as unknown as BodyInit).text()) as Orders;
const { rpcUrl, ledger: pin, privateKey, folder, credentials, dieAfter } = orders;
const ledger = await connectLedger({ url: rpcUrl, pin, pollMs: 15 });
const writer = await createLedgerWriter({
  reader: ledger,
  url: rpcUrl,
  account: createAccount(privateKey),
  pollMs: 20,
});
const database = openDatabase({ pglite: await PGlite.create(`${folder}/database`) });
let isArmed = false;
const service = createService({
  ledger,
  writer,
  database,
  store: await createFileStore({ folder: `${folder}/store` }),
  signer: await createSigner({
    issuer: parseDid('did:web:dpp.example'),
    jwk: await generateKey({ algorithm: 'ES256' }),
  }),
  publicUrl: 'https://dpp.example',
  batch: { size: credentials.length, ageMs: 50 },
  afterStep: (step) => {
    if (isArmed && step === dieAfter) process.kill(process.pid, 'SIGKILL');
  },
  onProblem: ({ what, error }) => console.error(what, error),
});
await service.start();
await service.caughtUp();

/** What earlier lives had promised comes first. */
async function untilAllFinal(): Promise<void> {
  const { promise: rung, resolve } = Promise.withResolvers<void>();
  const stop = await database.listen('receipt', resolve);
  const { rows } = await sql<{ open: number }>`
    select count(*)::int as open from outbox.item i left join outbox.batch b on b.id = i.batch
    where i.refusal_code is null and b.state is distinct from 'final'`.execute(database.db);
  const isDone = rows[0]?.open === 0;
  if (!isDone) await rung;
  await stop();
  if (!isDone) await untilAllFinal();
}

await untilAllFinal();
isArmed = true;
const body = credentials.map((credential) => `${JSON.stringify({ credential })}\n`).join('');
const headers = { 'content-type': 'application/x-ndjson' };
const response = await service.app.request('/passports', { method: 'POST', headers, body });
const answers = await response.text();
process.stdout.write(answers);
if (dieAfter === 'accepted') process.kill(process.pid, 'SIGKILL');
await untilAllFinal();
await service.stop();
process.exit(0);
