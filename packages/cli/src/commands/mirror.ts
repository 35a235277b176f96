/** Mirroring the journal: static files that anybody can serve, and anybody can check. */

import { formatOrigin } from '@dpp-ledger/core/checkpoint';
import { createUrlTiles } from '@dpp-ledger/sdk';
import type { LedgerReader } from '@dpp-ledger/sdk/ledger';
import { loadLogSigner, type Mirrored, mirrorChain, mirrorLog } from '@dpp-ledger/sdk/node';
import { defineCommand, type Flags, type Invocation } from '../command.ts';
import {
  findLocal,
  findServiceUrl,
  openLedger,
  readLogEpoch,
  readPublisher,
  readWitnessPolicy,
} from '../connection.ts';
import type { Output } from '../output.ts';
import { formatInstant } from '../times.ts';

const mirror = defineCommand({
  name: 'mirror',
  summary: 'Mirror the journal into a folder, as static files that any web server can serve.',
  description:
    'The files are those of C2SP tlog-tiles: bundles of 256 entries, tiles of 256 hashes, and a signed checkpoint. Everything is checked against the checkpoint, that against the contract where a chain is set, and both against what the folder has already: run it again to go on, and to mend what was damaged. Without --publisher the checkpoint is believed as far as the contract agrees.',
  arguments: [{ name: 'DIR', summary: 'The folder; made where it is not there.' }],
  flags: {
    from: {
      type: 'string',
      value: 'URL',
      summary:
        'A log or another mirror of it; the service’s /log by default. "chain": from the chain’s own logs, signed with your key (--log-key).',
    },
  },
  settings: [
    'api',
    'rpc',
    'agree',
    'ledger',
    'data',
    'confirmations',
    'publisher',
    'witnessPolicy',
    'logKey',
    'logEpoch',
  ],
  examples: [
    'dpp mirror /srv/www/log --from https://dpp.example/log --rpc https://node.example',
    'dpp mirror log --from chain --rpc https://node.example --log-key keys/log.key',
  ],
  async run(invocation) {
    const { words, values, settings, output, signal } = invocation;
    const folder = words[0] ?? '';
    const bar = output.progress('Mirroring');
    const common = {
      ...{ folder, signal },
      onProgress: ({ entries, of }: { entries: number; of: number }) => bar.update(entries, of),
    };
    let mirrored: Mirrored;
    try {
      if (values.from === 'chain') {
        const ledger = await openLedger(invocation);
        const epoch = readLogEpoch(settings);
        const signer = await loadLogSigner(settings.require('logKey'), formatOrigin(ledger.id, epoch), { make: true });
        mirrored = await mirrorChain({ ...common, ledger, signer, epoch });
      } else {
        const url = values.from ?? new URL('/log', await findServiceUrl(settings)).href;
        const ledger = await openLedgerIfSet(invocation);
        mirrored = await mirrorLog({
          ...common,
          ...{ ledger, tiles: createUrlTiles({ url }), publisher: await readPublisher(settings) },
          witnesses: await readWitnessPolicy(settings),
        });
      }
    } finally {
      bar.end();
    }
    output.answer(mirrored, formatMirrored(mirrored, output));
    return 0;
  },
});

async function openLedgerIfSet(invocation: Invocation<Flags>): Promise<LedgerReader | undefined> {
  const { settings, output } = invocation;
  if (settings.find('rpc') !== undefined || (await findLocal(settings)) !== undefined)
    return await openLedger(invocation);
  output.note('No chain endpoint is set (--rpc), so no contract is asked.');
  return undefined;
}

function formatMirrored(
  { folder, origin, size, root, before, written, source, contract, cosigned }: Mirrored,
  output: Output,
): string {
  return [
    output.style(
      'bold',
      `${folder} has all ${size} entries${before === size ? ', as before' : `, ${size - before} more than before`}.`,
    ),
    `  Log       ${origin}`,
    `  Root      ${root}`,
    `  Written   ${written} bundles of entries`,
    contract === undefined
      ? `  Word      the checkpoint of ${source}; no contract was asked`
      : `  Word      the contract's journal at block ${contract.blockNumber} begins with it, says ${contract.source}`,
    ...cosigned.map(({ name, time }) => {
      return `  Cosigned  by ${name} at ${formatInstant(time)}: the log only grew, as that witness saw it, and no more`;
    }),
  ].join('\n');
}

export const MIRROR_COMMANDS = [mirror];
