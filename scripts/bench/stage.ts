/** A chain, a ledger, a store and one issuer, for benchmarks. */
import { join } from 'node:path';
import {
  type Credential,
  createSigner,
  generateKey,
  parseDid,
  type SignedCredential,
  type Signer,
  signMany,
} from '@dpp-ledger/core/credential';
import { buildPassport, parsePassportInput } from '@dpp-ledger/core/passport';
import { startEmbedded } from '@dpp-ledger/embedded';
import {
  type Act,
  acts,
  calls,
  connectLedger,
  createAccount,
  createLedgerWriter,
  type LedgerReader,
  type LedgerWriter,
  type RelayRequest,
  signPossession,
  signRelay,
} from '@dpp-ledger/sdk/ledger';
import type { Store } from '@dpp-ledger/sdk/store';

/** Passports of so many items of one device, from plain inputs to what is anchored. */
export async function signPassports(
  { reader, signer }: Pick<BenchStage, 'reader' | 'signer'>,
  devices: { readonly of: object; readonly count: number; readonly prefix: string; readonly list?: bigint },
): Promise<SignedCredential[]> {
  const { of, count, prefix, list = 7n } = devices;
  function* build(): Iterable<Credential> {
    for (let index = 0; index < count; index++) {
      yield buildPassport(parsePassportInput({ ...of, serial: `${prefix}${index}` }), {
        ...{ issuer: { id: signer.issuer, name: 'Bench Maker' }, ledger: reader.id, voice: 'declared' },
        ...{ status: { list, index }, statusListCredential: `https://dpp.example/status/maker/${list}` },
        validFrom: '2026-01-01T00:00:00Z',
      });
    }
  }
  return await signMany(build(), signer);
}

export interface BenchStage {
  readonly rpcUrl: string;
  readonly reader: LedgerReader;
  /** Submitter of the issuer. */
  readonly relayer: LedgerWriter;
  /** Of the relayer's account, in hex. */
  readonly relayerKey: string;
  readonly store: Store;
  /** With every purpose. */
  readonly signer: Signer;
  readonly grant: { readonly number: number; readonly prefix: string };
  /** Acts signed with the next nonce. */
  signRelayed(list: readonly Act[]): Promise<RelayRequest>;
  stop(): Promise<void>;
}

export async function openBenchStage(folder: string): Promise<BenchStage> {
  const embedded = await startEmbedded({ dataDir: join(folder, 'data'), saveEveryMs: 600_000 });
  const { rpcUrl, ledger, accounts, store } = embedded;
  const reader = await connectLedger({ url: rpcUrl, pin: ledger, pollMs: 20 });
  const open = (privateKey: string) =>
    createLedgerWriter({ reader, url: rpcUrl, account: createAccount(privateKey), pollMs: 20 });
  const [accreditor, relayer] = await Promise.all([
    open(accounts.accreditor.privateKey),
    open(accounts.relayer.privateKey),
  ]);

  const issuer = parseDid('did:web:maker.example');
  const signer = await createSigner({ issuer, jwk: await generateKey({ algorithm: 'ES256' }) });
  const terms = { purposes: ['assert', 'operate', 'revoke', 'administer'], deadline: 2 ** 40 } as const;
  const proof = await signPossession({ ledger, signer, ...terms });
  await accreditor.send(calls.accredit({ issuer, roles: ['manufacturer'], key: signer.key, proof, ...terms }));
  const grant = { number: 0, prefix: 'gs1:9521234' };
  await accreditor.send(calls.grantPrefix({ issuer, ...grant }));

  let nonce = 0n;
  const signRelayed = (list: readonly Act[]) =>
    signRelay({ ledger, signer, acts: list, nonce: nonce++, deadline: 2 ** 40 });
  await relayer.send(calls.relay(await signRelayed([acts.appointSubmitter(relayer.account)])));
  const relayerKey = accounts.relayer.privateKey;
  return { rpcUrl, reader, relayer, relayerKey, store, signer, grant, signRelayed, stop: () => embedded.stop() };
}
