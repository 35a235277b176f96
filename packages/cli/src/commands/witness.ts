/** Running a witness. */
import { once } from 'node:events';
import { InvalidInputError } from '@dpp-ledger/core';
import { type NoteVerifier, parseVerifierKey } from '@dpp-ledger/core/checkpoint';
import { loadWitnessSigner } from '@dpp-ledger/sdk/node';
import { defineCommand } from '../command.ts';
import { findLocal, formatPin, openLedger, readOneEndpoint, readWholeNumber } from '../connection.ts';
import type { Settings } from '../settings.ts';
import { readLogging } from './serve.ts';

const witness = defineCommand({
  name: 'witness',
  summary: 'Run a witness: cosign checkpoints that are the contract’s, and state what the chain has.',
  description:
    'Speaks C2SP tlog-witness, and unlike an ordinary witness looks at its own node before it signs: --rpc is a node that you run yourself, and --confirmations says when a block there is final. See docs/witness.md.',
  arguments: [],
  flags: {},
  settings: [
    ...(['witnessKey', 'witnessLogs', 'witnessMemory', 'rpc', 'ledger', 'confirmations', 'data'] as const),
    ...(['host', 'port', 'log', 'logLevel'] as const),
  ],
  examples: [
    'dpp witness --witness-key secrets/witness.key --logs KEY --rpc http://127.0.0.1:8545 --ledger PIN --confirmations finalized',
  ],
  async run({ settings, output, signal }) {
    const rpc = await readOwnNode(settings);
    const publishers = await readLogs(settings);
    const signer = await loadWitnessSigner(settings.require('witnessKey'));
    // Heavy, and needed by this command alone.
    const { createWitness, openMemory, serveWitness } = await import('@dpp-ledger/witness');
    const { createLog, createRedactor, LOG_LEVELS } = await import('@dpp-ledger/api');
    const reader = await openLedger({ settings, output, signal });
    const redact = createRedactor({ urls: rpc === undefined ? [] : [rpc] });
    const log = createLog({ ...readLogging({ settings, output }, LOG_LEVELS, undefined), redact });
    const memory = await openMemory(settings.require('witnessMemory'));
    try {
      const served = await serveWitness({
        witness: createWitness({ reader, publishers, signer, memory, log }),
        ...{ log, host: settings.require('host'), port: readWholeNumber(settings, 'port') },
      });
      try {
        const logs = publishers.map(({ name }) => name);
        output.answer(
          { url: served.url, witness: signer.verifierKey, ledger: formatPin(reader.id), logs },
          [
            `Witnessing at ${served.url} as ${signer.verifierKey}`,
            `  Ledger     ${formatPin(reader.id)}`,
            ...logs.map((name) => `  Log        ${name}`),
            'Ctrl-C ends it.',
          ].join('\n'),
        );
        if (!signal.aborted) await once(signal, 'abort');
        log('info', 'stopping: what is being answered is finished');
      } finally {
        await served.close();
      }
    } finally {
      await memory.close();
    }
    return 0;
  },
});

/**
 * The node's URL; `undefined` for the embedded chain of the data folder. Of any other chain, which ledger is witnessed and when a block is
 * final must be said: nobody's word is taken for the one, and the default of the other suits a local chain alone. Errors:
 * `usage.configuration`.
 */
async function readOwnNode(settings: Settings): Promise<string | undefined> {
  if ((await findLocal(settings)) !== undefined) return undefined;
  settings.require('ledger');
  const url = readOneEndpoint(settings);
  if (settings.origin('confirmations') !== 'default') return url;
  throw new InvalidInputError(
    'usage.configuration',
    'A witness signs what can never be taken back: say when a block of this chain is final, by --confirmations (DPP_CONFIRMATIONS).',
  );
}

/** Errors: `usage.configuration`, `checkpoint.key`. */
async function readLogs(settings: Settings): Promise<NoteVerifier[]> {
  const keys = settings.require('witnessLogs').split(',');
  return await Promise.all(keys.map((key) => parseVerifierKey(key.trim())));
}

export const WITNESS_COMMANDS = [witness];
