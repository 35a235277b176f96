/** Running the service. */
import { once } from 'node:events';
import type { LogOptions, Secrets } from '@dpp-ledger/api';
import { InvalidInputError } from '@dpp-ledger/core';
import type { WitnessPolicy } from '@dpp-ledger/core/checkpoint';
import { LARGEST_BATCH } from '@dpp-ledger/core/evidence';
import { defineCommand, type Flags, type Invocation } from '../command.ts';
import {
  formatPin,
  parsePin,
  readAccountKey,
  readFinality,
  readLogEpoch,
  readOneEndpoint,
  readSending,
  readWholeNumber,
  readWitnessPolicy,
} from '../connection.ts';
import type { DeploymentOptions } from '../deployment.ts';
import type { Settings } from '../settings.ts';

const serveFlags = {
  quiet: { type: 'boolean', summary: 'Log no requests and no progress, only what goes wrong.' },
} as const;

const serve = defineCommand({
  name: 'serve',
  summary: 'Run the service: API, pages, batcher and index.',
  description:
    'Every engine that no setting names is embedded, over the data folder: a local chain, a credential store, a database. Embedded engines are for trying and testing: what was accepted survives the death of the process, not always that of the machine.',
  arguments: [],
  flags: serveFlags,
  settings: [
    ...([
      'host',
      'port',
      'publicUrl',
      'data',
      'rpc',
      'ledger',
      'account',
      'confirmations',
      'database',
      'kubo',
      'serviceKey',
      'logKey',
      'logEpoch',
      'witnessPolicy',
    ] as const),
    ...(['poll', 'gasMargin', 'feeCeiling', 'batchSize', 'batchAge', 'capturedEvents'] as const),
    ...(['log', 'logLevel', 'trustProxy', 'metricsPort', 'metricsHost'] as const),
  ],
  examples: [
    'dpp serve',
    'dpp serve --host 0.0.0.0 --public-url http://192.168.1.20:8080',
    'DPP_DATABASE_URL=postgres://localhost/dpp dpp serve --rpc http://node:8545 --ledger PIN --account relayer.hex --kubo http://ipfs:5001',
  ],
  async run({ values, settings, output, signal }) {
    // Heavy, and needed by this command alone.
    const { startDeployment } = await import('../deployment.ts');
    const { createLog, createRedactor, LOG_LEVELS, redactError } = await import('@dpp-ledger/api');
    const chosen = await readDeployment(settings);
    const redact = createRedactor(secretsOf(chosen));
    const log = createLog({
      ...readLogging({ settings, output }, LOG_LEVELS, values.quiet === true ? 'warn' : undefined),
      redact,
    });
    const deployment = await startDeployment({ ...chosen, log, redact }).catch((error: unknown) => {
      // What an engine's client says of its address may have a key in it.
      redactError(error, redact);
      throw error;
    });
    try {
      const { publicUrl, ledger, writer, embedded } = deployment;
      if (embedded?.setAside !== undefined) output.note(embedded.setAside);
      output.answer(
        {
          url: deployment.url,
          publicUrl,
          ledger: formatPin(ledger.id),
          account: writer.account,
          rpc: embedded?.rpcUrl,
          metrics: deployment.monitorUrl,
          publisher: deployment.logKey,
        },
        [
          `Serving ${publicUrl} (API documentation: ${publicUrl}/docs)`,
          `  Ledger     ${formatPin(ledger.id)}`,
          `  Submitter  ${writer.account}`,
          ...(embedded === undefined ? [] : [`  Chain      ${embedded.rpcUrl} (embedded, in ${embedded.folder})`]),
          `  Journal    ${publicUrl}/log, signed by ${deployment.logKey}`,
          ...(chosen.witnesses === undefined ? [] : [`  Witnesses  ${chosen.witnesses.sentence}`]),
          ...(deployment.monitorUrl === undefined ? [] : [`  Metrics    ${deployment.monitorUrl}/metrics`]),
          'Ctrl-C ends it.',
        ].join('\n'),
      );
      if (!signal.aborted) await once(signal, 'abort');
      log('info', 'stopping: what is being answered is finished, what is open goes on at the next start');
    } finally {
      await deployment.stop();
    }
    log('info', 'stopped');
    return 0;
  },
});

/** Errors: `usage.configuration`. */
export function readLogging(
  { settings, output }: Pick<Invocation<Flags>, 'settings' | 'output'>,
  levels: readonly LogOptions['level'][],
  wanted: LogOptions['level'] | undefined,
): Pick<LogOptions, 'format' | 'level' | 'write'> {
  const format = settings.find('log') ?? (output.isTerminal ? 'text' : 'json');
  const name = wanted ?? settings.require('logLevel');
  const level = levels.find((each) => each === name);
  if (level !== undefined && (format === 'json' || format === 'text')) return { format, level, write: output.note };
  const wrong =
    level === undefined ? `"${name}" is no level: ${levels.join(', ')}` : `"${format}" is no form: json, text`;
  throw new InvalidInputError('usage.configuration', `The log: ${wrong}.`);
}

/** What this command was given and nobody else may see. */
function secretsOf({ databaseUrl, kuboUrl, chain }: DeploymentOptions): Secrets {
  const urls = [databaseUrl, kuboUrl, chain?.url].filter((url) => url !== undefined);
  return { urls, texts: chain === undefined ? [] : [chain.account] };
}

/** Errors: `usage.configuration` for a chain without its ledger or account. */
async function readDeployment(settings: Settings): Promise<DeploymentOptions> {
  const rpc = settings.find('rpc') === undefined ? undefined : readOneEndpoint(settings);
  const publicUrl = settings.find('publicUrl');
  const databaseUrl = settings.find('database');
  const kuboUrl = settings.find('kubo');
  const serviceKeyFile = settings.find('serviceKey');
  const trustProxy = settings.find('trustProxy');
  const logKeyFile = settings.find('logKey');
  const witnesses = await readWitnesses(settings);
  return {
    dataDir: settings.require('data'),
    host: settings.require('host'),
    port: readWholeNumber(settings, 'port'),
    batch: readBatch(settings),
    capturedEvents: readWholeNumber(settings, 'capturedEvents'),
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    ...(kuboUrl === undefined ? {} : { kuboUrl }),
    ...(serviceKeyFile === undefined ? {} : { serviceKeyFile }),
    logEpoch: readLogEpoch(settings),
    ...(logKeyFile === undefined ? {} : { logKeyFile }),
    ...(witnesses === undefined ? {} : { witnesses }),
    ...(trustProxy === undefined ? {} : { trustProxy }),
    ...(settings.find('metricsPort') === undefined
      ? {}
      : { monitor: { host: settings.require('metricsHost'), port: readWholeNumber(settings, 'metricsPort') } }),
    ...(rpc === undefined
      ? {}
      : {
          chain: {
            url: rpc,
            ledger: parsePin(settings.require('ledger')),
            account: await readAccountKey(settings.require('account')),
            finality: readFinality(settings),
            pollMs: readWholeNumber(settings, 'poll'),
            ...readSending(settings),
          },
        }),
  };
}

/** Errors: `usage.configuration`. */
function readBatch(settings: Settings): { size: number; ageMs: number } {
  const size = readWholeNumber(settings, 'batchSize');
  if (size >= 1 && size <= LARGEST_BATCH) return { size, ageMs: readWholeNumber(settings, 'batchAge') };
  throw new InvalidInputError('usage.configuration', `batchSize is 1 to ${LARGEST_BATCH}, not ${size}.`);
}

/** Errors: `checkpoint.policy`; `usage.configuration` where those that can be asked are too few for the quorum. */
async function readWitnesses(settings: Settings): Promise<WitnessPolicy | undefined> {
  const policy = await readWitnessPolicy(settings);
  const asked = policy?.witnesses.filter(({ url }) => url !== undefined).map(({ name }) => name) ?? [];
  if (policy === undefined || (asked.length > 0 && policy.meetsQuorum(asked))) return policy;
  throw new InvalidInputError(
    'usage.configuration',
    `The policy asks for ${policy.sentence}, and only ${asked.join(', ') || 'none'} can be asked: a line "witness" of one that is ends in its URL.`,
  );
}

export const SERVE_COMMANDS = [serve];
