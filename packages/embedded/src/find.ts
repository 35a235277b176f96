/** What others on the same machine may know of a data folder: where its chain listens, its ledger and its accounts. Starts nothing. */
import { join, resolve } from 'node:path';
import { type Hex, InvalidInputError, type LedgerId } from '@dpp-ledger/core';
import { readIfPresent } from '@dpp-ledger/sdk/node';
import { z } from 'zod';
import { type KeptAccounts, loadAccounts } from './folder.ts';

export interface FoundEmbedded {
  readonly folder: string;
  readonly rpcUrl: string;
  readonly ledger: LedgerId;
  readonly accounts: KeptAccounts;
}

const hexSchema = z
  .string()
  .regex(/^0x(?:[0-9a-f]{2})+$/)
  .transform((text) => text as Hex);
export const ledgerSchema = z.object({
  chainId: z.number().int(),
  genesis: hexSchema,
  address: hexSchema,
  codeHash: hexSchema,
});

/** `undefined` where no stack was ever started. Whether it runs now, its endpoint tells. Errors: `input.shape` for a damaged folder. */
export async function findEmbedded(dataDir: string): Promise<FoundEmbedded | undefined> {
  const folder = resolve(dataDir);
  const [port, ledger] = await Promise.all([
    readIfPresent(join(folder, 'chain', 'port')),
    readIfPresent(join(folder, 'chain', 'ledger.json')),
  ]);
  if (port === undefined || ledger === undefined) return undefined;
  const parsed = ledgerSchema.safeParse(JSON.parse(ledger));
  if (!parsed.success) {
    throw new InvalidInputError('input.shape', `${join(folder, 'chain', 'ledger.json')} does not name a ledger.`);
  }
  return {
    folder,
    rpcUrl: `http://127.0.0.1:${Number(port)}`,
    ledger: parsed.data,
    accounts: await loadAccounts(folder),
  };
}
