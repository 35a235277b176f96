/**
 * A service with its engines: embedded ones over a data folder, or real ones by configuration, each chosen by itself. Used by
 * `dpp serve`, by the demonstration and by tests, so that all three run the same thing.
 */
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  clientBehind,
  createService,
  openDatabase,
  type ServeOptions,
  type Service,
  type ServiceOptions,
  serve,
} from '@dpp-ledger/api';
import { InvalidInputError, type LedgerId } from '@dpp-ledger/core';
import { formatOrigin, type NoteSigner, type WitnessPolicy } from '@dpp-ledger/core/checkpoint';
import { createSigner, generateKey, type Signer } from '@dpp-ledger/core/credential';
import { type Embedded, startEmbedded } from '@dpp-ledger/embedded';
import {
  connectLedger,
  createAccount,
  createLedgerWriter,
  createRpc,
  type Finality,
  type LedgerNode,
  type LedgerWriter,
} from '@dpp-ledger/sdk/ledger';
import { loadLogSigner, readKeyFile, writeKeyFile } from '@dpp-ledger/sdk/node';
import { createKuboStore, type Store } from '@dpp-ledger/sdk/store';
import { recordService, SERVICE_KEY, serviceDid } from './running.ts';

export interface DeploymentOptions {
  /** Of the embedded engines, and of the service's own key. */
  readonly dataDir: string;
  /** 127.0.0.1 by default. */
  readonly host?: string;
  /** 0 by default: a free one. */
  readonly port?: number;
  /** Where people and labels reach the service; by default where it listens. */
  readonly publicUrl?: string;
  /** A chain that is not embedded, with its ledger and the account that anchors. */
  readonly chain?: {
    readonly url: string;
    readonly ledger: Partial<LedgerId> & Pick<LedgerId, 'address'>;
    /** Private key in hex. */
    readonly account: string;
    readonly finality: Finality;
    /** How often to ask for a new block; 1,000 ms by default. */
    readonly pollMs?: number;
    /** Of the writer: see WriterOptions. */
    readonly gasMargin?: number;
    readonly feeCeiling?: bigint;
  };
  /** PostgreSQL; the embedded database by default. */
  readonly databaseUrl?: string;
  /** Kubo's RPC; the embedded store by default. */
  readonly kuboUrl?: string;
  /** The service's own key, which all replicas share; by default one that the data folder keeps. */
  readonly serviceKeyFile?: string;
  /** Which log of the journal is published: the next number begins a new one. 1 by default. */
  readonly logEpoch?: number;
  /** The key that signs its checkpoints, which all replicas share; by default one that the data folder keeps. */
  readonly logKeyFile?: string;
  /** Who is asked to cosign its checkpoints. */
  readonly witnesses?: WitnessPolicy;
  readonly batch?: ServiceOptions['batch'];
  readonly capturedEvents?: ServiceOptions['capturedEvents'];
  readonly onProblem?: ServiceOptions['onProblem'];
  readonly log?: ServiceOptions['log'];
  readonly redact?: ServiceOptions['redact'];
  /** Proxies whose word on the client's address counts; see `clientBehind`. */
  readonly trustProxy?: string;
  /** Where metrics are served; nowhere by default. */
  readonly monitor?: ServeOptions['monitor'];
}

export interface Deployment {
  /** Where it listens. */
  readonly url: string;
  readonly publicUrl: string;
  readonly monitorUrl: string | undefined;
  readonly service: Service;
  readonly ledger: LedgerNode;
  /** Of the account that issuers appoint as their submitter. */
  readonly writer: LedgerWriter;
  readonly store: Store;
  /** The public half of the key that signs checkpoints. */
  readonly logKey: string;
  /** `undefined` where no engine is embedded. */
  readonly embedded: Embedded | undefined;
  /** Ends the service, then its engines. */
  stop(): Promise<void>;
}

/** Errors: those of the engines; `service.unreachable` where the port is taken; `input.shape` for a public URL that is none. */
export async function startDeployment(options: DeploymentOptions): Promise<Deployment> {
  const { dataDir, host = '127.0.0.1', databaseUrl, kuboUrl, chain } = options;
  const ending: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (let end = ending.pop(); end !== undefined; end = ending.pop()) await end();
  };
  try {
    const needsEmbedded = chain === undefined || databaseUrl === undefined || kuboUrl === undefined;
    const embedded = needsEmbedded ? await startEmbedded({ dataDir }) : undefined;
    if (embedded !== undefined) ending.push(() => embedded.stop());

    const { ledger, writer } = await openLedger(chain, embedded);
    const store = kuboUrl === undefined ? known(embedded).store : await openKubo(kuboUrl);
    if (kuboUrl !== undefined) ending.push(() => store.close());
    const database = openDatabase(
      databaseUrl === undefined ? { pglite: known(embedded).database } : { url: databaseUrl },
    );
    ending.push(() => database.close());

    // The address is in links, so it is settled before the service is made.
    const port = options.port ?? 0;
    if (port === 0 && options.publicUrl === undefined) {
      throw new InvalidInputError('input.shape', 'A service on any free port needs a public URL: labels carry it.');
    }
    const publicUrl = options.publicUrl ?? `http://${host}:${port}`;
    const logSigner = await loadLogKey(options, ledger.id);
    const service = createService({
      ...{ ledger, writer, store, database, publicUrl, logSigner },
      // A local chain may lose its last blocks, however final.
      ...(chain === undefined ? { durableBlock: async () => known(embedded).savedBlock() } : {}),
      signer: await loadServiceSigner(options, publicUrl),
      ...(options.witnesses === undefined ? {} : { witnesses: { policy: options.witnesses } }),
      ...(options.batch === undefined ? {} : { batch: options.batch }),
      ...(options.capturedEvents === undefined ? {} : { capturedEvents: options.capturedEvents }),
      ...(options.onProblem === undefined ? {} : { onProblem: options.onProblem }),
      ...(options.log === undefined ? {} : { log: options.log }),
      ...(options.redact === undefined ? {} : { redact: options.redact }),
      ...(options.trustProxy === undefined ? {} : { limits: { clientOf: clientBehind(options.trustProxy) } }),
    });
    const { monitor } = options;
    const served = await serve({ service, host, port, ...(monitor === undefined ? {} : { monitor }) });
    ending.push(() => served.close());
    ending.push(await recordService(dataDir, served.url));
    const { url, monitorUrl } = served;
    return {
      url,
      publicUrl,
      monitorUrl,
      service,
      ledger,
      writer,
      store,
      embedded,
      logKey: logSigner.verifierKey,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function openLedger(
  chain: DeploymentOptions['chain'],
  embedded: Embedded | undefined,
): Promise<{ ledger: LedgerNode; writer: LedgerWriter }> {
  if (chain === undefined) {
    const { rpcUrl, ledger: pin, accounts } = known(embedded);
    // What was kept may be days old, and verdicts ask for fresh facts.
    await createRpc({ url: rpcUrl }).call('evm_mine', []);
    // Nobody else mines on a local chain: looking often costs nothing.
    const ledger = await connectLedger({ url: rpcUrl, pin, pollMs: 200 });
    const account = createAccount(accounts.relayer.privateKey);
    return { ledger, writer: await createLedgerWriter({ reader: ledger, url: rpcUrl, account, pollMs: 200 }) };
  }
  const { ledger: pin, finality, account, ...sending } = chain;
  const ledger = await connectLedger({ ...sending, pin, finality });
  return { ledger, writer: await createLedgerWriter({ ...sending, reader: ledger, account: createAccount(account) }) };
}

async function openKubo(url: string): Promise<Store> {
  // Heavy, and needed only where a Kubo is used.
  const { create } = await import('kubo-rpc-client');
  return createKuboStore({ client: create({ url }), name: `Kubo at ${new URL(url).origin}` });
}

/** The service's own key, for receipts and status lists, under the did:web of where it is reached. */
async function loadServiceSigner(
  { dataDir, serviceKeyFile }: Pick<DeploymentOptions, 'dataDir' | 'serviceKeyFile'>,
  publicUrl: string,
): Promise<Signer> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const path = serviceKeyFile ?? join(dataDir, SERVICE_KEY);
  // A key that was named must be there: each replica would otherwise make one of its own, under one DID.
  if (serviceKeyFile === undefined && !(await exists(path))) {
    await writeKeyFile(path, await generateKey({ algorithm: 'ES256' }));
  }
  return await createSigner({ issuer: serviceDid(publicUrl), jwk: await readKeyFile(path) });
}

/** The key that signs checkpoints. One that was named must be there: replicas with keys of their own would spoil the log. */
async function loadLogKey(
  { dataDir, logEpoch = 1, logKeyFile }: Pick<DeploymentOptions, 'dataDir' | 'logEpoch' | 'logKeyFile'>,
  ledger: LedgerId,
): Promise<NoteSigner> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const path = logKeyFile ?? join(dataDir, `log-${ledger.genesis.slice(2, 10)}-${logEpoch}.key`);
  return await loadLogSigner(path, formatOrigin(ledger, logEpoch), { make: logKeyFile === undefined });
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

function known(embedded: Embedded | undefined): Embedded {
  if (embedded === undefined) throw new TypeError('an engine is embedded unless all of them are given');
  return embedded;
}
