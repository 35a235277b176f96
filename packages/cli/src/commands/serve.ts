/** Running the service. */
import { once } from 'node:events';
import { InvalidInputError } from '@dpp-ledger/core';
import { LARGEST_BATCH } from '@dpp-ledger/core/evidence';
import { defineCommand } from '../command.ts';
import { formatPin, parsePin, readAccountKey, readFinality, readSending, readWholeNumber } from '../connection.ts';
import type { DeploymentOptions } from '../deployment.ts';
import type { Settings } from '../settings.ts';

const serveFlags = {
  quiet: { type: 'boolean', summary: 'Do not print a line for every request.' },
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
    ] as const),
    ...(['poll', 'gasMargin', 'feeCeiling', 'batchSize', 'batchAge'] as const),
  ],
  examples: [
    'dpp serve',
    'dpp serve --host 0.0.0.0 --public-url http://192.168.1.20:8080',
    'DPP_DATABASE_URL=postgres://localhost/dpp dpp serve --rpc http://node:8545 --ledger PIN --account relayer.hex --kubo http://ipfs:5001',
  ],
  async run({ values, settings, output, signal }) {
    // Heavy, and needed by this command alone.
    const { startDeployment } = await import('../deployment.ts');
    const deployment = await startDeployment({
      ...(await readDeployment(settings)),
      onProblem: ({ what, error }) =>
        output.note(`Could not ${what}: ${error instanceof Error ? error.message : String(error)}`),
      ...(values.quiet === true
        ? {}
        : {
            onRequest: ({ method, path, status, ms }) =>
              output.item({ method, path, status, ms }, `${status} ${method} ${path} ${ms} ms`),
          }),
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
        },
        [
          `Serving ${publicUrl} (API documentation: ${publicUrl}/docs)`,
          `  Ledger     ${formatPin(ledger.id)}`,
          `  Submitter  ${writer.account}`,
          ...(embedded === undefined ? [] : [`  Chain      ${embedded.rpcUrl} (embedded, in ${embedded.folder})`]),
          'Ctrl-C ends it.',
        ].join('\n'),
      );
      if (!signal.aborted) await once(signal, 'abort');
    } finally {
      await deployment.stop();
    }
    return 0;
  },
});

/** Errors: `usage.configuration` for a chain without its ledger or account. */
async function readDeployment(settings: Settings): Promise<DeploymentOptions> {
  const rpc = settings.find('rpc');
  const publicUrl = settings.find('publicUrl');
  const databaseUrl = settings.find('database');
  const kuboUrl = settings.find('kubo');
  const serviceKeyFile = settings.find('serviceKey');
  return {
    dataDir: settings.require('data'),
    host: settings.require('host'),
    port: readWholeNumber(settings, 'port'),
    batch: readBatch(settings),
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    ...(kuboUrl === undefined ? {} : { kuboUrl }),
    ...(serviceKeyFile === undefined ? {} : { serviceKeyFile }),
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

export const SERVE_COMMANDS = [serve];
