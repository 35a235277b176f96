/** A witness in a process of its own, which dies where its parent says: the signer is the port at which it can. */
import { once } from 'node:events';
import type { LedgerId } from '@dpp-ledger/core';
import { type CosignatureSigner, createCosignatureSigner, parseVerifierKey } from '@dpp-ledger/core/checkpoint';
import { connectLedger } from '@dpp-ledger/sdk/ledger';
import { createWitness, openMemory, serveWitness } from '../src/index.ts';

export interface ChildOrders {
  readonly rpcUrl: string;
  readonly ledger: LedgerId;
  readonly publisher: string;
  readonly folder: string;
  /** The secret text. */
  readonly key: string;
  /** SIGKILL itself at this moment: when all is written down and nothing is signed, or signed and not answered. */
  readonly dieAt: 'before signing' | 'after signing' | undefined;
}

const [orders] = (await once(process, 'message')) as [ChildOrders];
// Without its parent it has no purpose.
process.on('disconnect', () => process.exit(1));
const signer = await createCosignatureSigner(orders.key);

async function dying<T>(sign: () => Promise<T>): Promise<T> {
  if (orders.dieAt === 'before signing') process.kill(process.pid, 'SIGKILL');
  const signature = await sign();
  if (orders.dieAt === 'after signing') process.kill(process.pid, 'SIGKILL');
  return signature;
}
const mortal: CosignatureSigner = {
  ...signer,
  cosign: (text, time) => dying(() => signer.cosign(text, time)),
  signStatement: (signingInput) => dying(() => signer.signStatement(signingInput)),
};

try {
  const witness = createWitness({
    reader: await connectLedger({ url: orders.rpcUrl, pin: orders.ledger }),
    publishers: [await parseVerifierKey(orders.publisher)],
    signer: mortal,
    memory: await openMemory(orders.folder),
  });
  const { url } = await serveWitness({ witness, port: 0 });
  process.send?.({ url });
} catch (error) {
  process.send?.({ code: error instanceof Error && 'code' in error ? error.code : String(error) });
}
