/** An issuer at a place: accredited through the command line, issuing and acting through the SDK. */
import { createSigner, parseDid, type Signer } from '@dpp-ledger/core/credential';
import type { PassportInput } from '@dpp-ledger/core/passport';
import { type IssuedItem, issue, type Receipt, relayActs } from '@dpp-ledger/sdk';
import { type Act, acts, type LedgerReader } from '@dpp-ledger/sdk/ledger';
import { openRun, readKeyFile } from '@dpp-ledger/sdk/node';
import { expect, vi } from 'vitest';
import type { Place } from './place.ts';

export const ISSUER = parseDid('did:web:maker.example');
export const ISSUER_NAME = 'Fictional Maker Ltd';
export const GTIN = '09521234000013';
/** For what another process is to come to by itself, on a busy machine. */
export const PATIENT = { timeout: 120_000, interval: 200 };

interface MakerIssueOptions {
  readonly signer?: Signer;
  /** The first answer came. */
  readonly onBegin?: () => void;
}

export interface Maker {
  /** With every purpose. */
  readonly signer: Signer;
  /** New devices of one model. */
  makeDevices(count: number): PassportInput[];
  /** One run for each first device: called again with the same devices, it issues what is missing. */
  issue(inputs: readonly PassportInput[], options?: MakerIssueOptions): Promise<IssuedItem[]>;
  /** The receipts, each once its credential is final; fails with why one was refused. */
  untilFinal(issued: readonly IssuedItem[]): Promise<Receipt[]>;
  /** Signed, relayed by the service, and final. */
  relay(list: readonly Act[]): Promise<void>;
}

/** Has it accredited, with the service as its submitter. */
export async function createMaker(place: Place, ledger: LedgerReader): Promise<Maker> {
  await place.run(0, 'init', '--issuer', ISSUER, '--issuer-name', ISSUER_NAME);
  await place.run(0, 'apply', '--roles', 'manufacturer');
  await place.accreditor('accredit', 'application.json', '--grant', 'gs1:9521234');
  const signer = await createSigner({ issuer: ISSUER, jwk: await readKeyFile(place.path('keys', 'assert.jwk.json')) });
  await vi.waitFor(async () => expect((await fetch(`${place.url}/issuers/${ISSUER}`)).status).toBe(200), PATIENT);

  let serials = 0;
  const maker: Maker = {
    signer,
    makeDevices: (count) =>
      Array.from({ length: count }, () => ({
        granularity: 'item',
        gtin: GTIN,
        serial: `E${String(++serials).padStart(5, '0')}`,
        name: 'Laptop 14',
        category: 'laptop',
        manufacturer: { name: ISSUER_NAME },
      })),
    async issue(inputs, { onBegin, ...options } = {}) {
      const run = await openRun(place.path(`${inputs[0]?.serial}.dpp-run`), { ledger: ledger.id, issuer: ISSUER });
      const issued: IssuedItem[] = [];
      try {
        await issue({
          ...{ inputs, signer, issuerName: ISSUER_NAME, ledger: ledger.id, run, client: place.client, ...options },
          chunkSize: 100,
          onItem: (item) => {
            if (issued.push(item) === 1) onBegin?.();
          },
        });
      } finally {
        await run.close();
      }
      return issued;
    },
    untilFinal: (issued) =>
      Promise.all(
        // Some of each chunk, and the last: what is posted together is anchored together, and each stream is a connection.
        issued
          .filter((_, i) => i % 50 === 0 || i === issued.length - 1)
          .map(({ receipt }) => place.client.waitReceipt(receipt.id ?? '', 'final', { pollMs: 200 })),
      ),
    async relay(list) {
      const { id } = await relayActs(list, { signer, ledger: ledger.id, client: place.client, reader: ledger });
      await place.client.waitReceipt(id, 'final', { pollMs: 200 });
    },
  };
  const { service } = (await (await fetch(`${place.url}/ledger`)).json()) as { service: { account: `0x${string}` } };
  await maker.relay([acts.appointSubmitter(service.account)]);
  return maker;
}
