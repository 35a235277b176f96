/** Giving attestations: a certifier's inputs become conformity credentials, signed here and posted as passports are. */
import { parseJson } from '@dpp-ledger/core';
import { type AttestationInput, parseAttestationInput } from '@dpp-ledger/core/passport';
import { issue as issueAll, waitIssued } from '@dpp-ledger/sdk';
import { openRun } from '@dpp-ledger/sdk/node';
import { defineCommand, usageError } from '../command.ts';
import { openService, openSigner, readPin } from '../connection.ts';
import { readTextFile } from '../files.ts';

const attest = defineCommand({
  name: 'attest',
  summary: 'Attest claims of passports, or facilities, as an accredited certifier.',
  description:
    'Makes UNTP conformity credentials of JSON (docs/claims.md), signs them here and hands them to the service to be stored and anchored. As with issue, the same file twice attests nothing twice, and `dpp revoke` takes back.',
  arguments: [{ name: 'FILE', summary: 'An attestation or a list of them, as JSON; - for standard input.' }],
  flags: {
    'dry-run': { type: 'boolean', summary: 'Read and check everything; sign and send nothing.' },
    run: {
      type: 'string',
      value: 'FILE',
      summary: 'What this run remembers, so that it can be gone on with; FILE.dpp-run beside the input by default.',
    },
    wait: { type: 'boolean', summary: 'Wait until everything is anchored.' },
  },
  settings: ['api', 'issuer', 'issuerName', 'key', 'ledger', 'rpc', 'data'],
  examples: ['dpp attest certificate.json --dry-run', 'dpp attest certificate.json --wait'],
  async run(invocation) {
    const { words, values, settings, output, signal } = invocation;
    const [file = ''] = words;
    const inputs = readAttestations(await readTextFile(file), file);
    if (values['dry-run'] === true) {
      for (const { id, name } of inputs) output.item({ state: 'ready', id, name }, `${id}: ${name}`);
      output.answer(
        { summary: { dryRun: true, read: inputs.length } },
        `Dry run: ${count(inputs.length)} could be given. Nothing was signed or sent.`,
      );
      return 0;
    }
    const runPath = values.run ?? (file === '-' ? undefined : `${file}.dpp-run`);
    if (runPath === undefined)
      throw usageError(attest, '--run is missing: name a file in which this run is remembered.');
    const signer = await openSigner(invocation);
    const ledger = await readPin(invocation);
    const client = await openService(invocation);
    const run = await openRun(runPath, { ledger, issuer: signer.issuer });
    try {
      const done = await issueAll({
        ...{ inputs, signer, ledger, run, client, signal, issuerName: settings.require('issuerName') },
        onItem: ({ position, cid, receipt: { state, code, detail }, before }) => {
          const id = inputs[position]?.id;
          const said = state === 'refused' ? `refused by the service (${code}): ${detail}` : cid;
          output.item({ id, cid, state, code, detail, before }, `${id}: ${said}`);
        },
      });
      const anchored = values.wait === true ? await waitIssued({ items: run.items(), client, signal }) : undefined;
      output.answer(
        { summary: { ...done, anchored, run: runPath } },
        [
          `${count(done.accepted)} accepted, ${done.before} had been before, ${done.refused} refused by the service${anchored === undefined ? '' : `; ${anchored} anchored`}.`,
          `This run is remembered in ${runPath}: keep it.`,
        ].join('\n'),
      );
      return done.refused > 0 ? 5 : 0;
    } finally {
      await run.close();
    }
  },
});

/** Errors: `input.json`, `input.shape`. */
function readAttestations(text: string, path: string): AttestationInput[] {
  const document = parseJson(text);
  const list: readonly unknown[] = Array.isArray(document) ? document : [document];
  return list.map((value, i) => parseAttestationInput(value, list.length === 1 ? path : `${path}, item ${i + 1}`));
}

function count(attestations: number): string {
  return `${attestations} ${attestations === 1 ? 'attestation' : 'attestations'}`;
}

export const ATTEST_COMMANDS = [attest];
