/** Acts of the issuer of the settings, signed by its key and relayed by the service. */
import { UnavailableError } from '@dpp-ledger/core';
import type { Receipt } from '@dpp-ledger/sdk';
import { type Act, signRelay } from '@dpp-ledger/sdk/ledger';
import { type ConnectionOptions, openService, openSigner, readPin } from './connection.ts';
import { nowInSeconds } from './times.ts';

const SECONDS_TO_RELAY = 600;

/** Errors: `store.not-found` for a key that the ledger does not know; those of the service. */
export async function relayActs(options: ConnectionOptions, list: readonly Act[]): Promise<Receipt> {
  const { signal } = options;
  const signer = await openSigner(options);
  const ledger = await readPin(options);
  const client = await openService(options);
  const known = (await client.fetchIssuer(signer.issuer, { signal })).keys.find(({ key }) => key === signer.keyId);
  if (known === undefined) {
    throw new UnavailableError(
      'store.not-found',
      `The key ${signer.keyId} is not registered for ${signer.issuer}: add it with a key that may administer.`,
    );
  }
  const request = await signRelay({
    ...{ ledger, signer, acts: list, nonce: BigInt(known.nonce) },
    deadline: nowInSeconds() + SECONDS_TO_RELAY,
  });
  const answer = await client.postRelay(request, { signal });
  const settled = await client.waitReceipt(answer.id, 'anchored', { signal });
  return { ...answer, state: settled.state };
}
