/** Putting a new ledger on a chain: once in the life of a deployment. */
import { LEDGER_RELEASE } from '@dpp-ledger/sdk/ledger';
import { defineCommand, usageError } from '../command.ts';
import { formatPin, readAccountFile, readFinality, readOneEndpoint, readSending } from '../connection.ts';
import { parseAccount } from './accreditor.ts';

const deploy = defineCommand({
  name: 'deploy',
  summary: 'Put a new ledger on a chain, and print its pin.',
  description:
    'The account of the settings pays and is nothing afterwards, unless it is the admin itself. The admin appoints accreditors and nothing else can: a multisig or a timelock in production. A ledger is never upgraded: another one follows it.',
  arguments: [],
  flags: {
    admin: { type: 'string', value: 'ACCOUNT', summary: 'Who appoints accreditors, pauses and closes.' },
    'admin-delay': {
      type: 'string',
      value: 'SECONDS',
      summary: 'Between naming a new admin and its accepting; 432000, five days, by default.',
    },
    accreditor: {
      type: 'string',
      value: 'ACCOUNT',
      multiple: true,
      summary:
        'Who admits issuers. Appointed at once where the paying account is the admin; else the call is printed for it.',
    },
  },
  settings: ['rpc', 'account', 'confirmations', 'gasMargin', 'feeCeiling'],
  examples: ['dpp deploy --rpc http://node:8545 --account deployer.hex --admin 0xMULTISIG --accreditor 0xACCREDITOR'],
  async run({ values, settings, output, signal }) {
    if (values.admin === undefined) throw usageError(deploy, '--admin is missing: who appoints accreditors?');
    const admin = parseAccount(values.admin);
    const accreditors = (values.accreditor ?? []).map(parseAccount);
    const adminDelay = Number(values['admin-delay'] ?? '432000');
    if (!Number.isInteger(adminDelay) || adminDelay < 0 || adminDelay > 2_592_000) {
      throw usageError(deploy, '--admin-delay is 0 to 2592000 seconds.');
    }
    const { calls, connectLedger, deployLedger } = await import('@dpp-ledger/sdk/ledger');
    const url = readOneEndpoint(settings);
    const account = await readAccountFile(settings.require('account'));
    const isAdmin = account.address === admin;
    const id = await deployLedger({
      ...{ url, account, admin, adminDelay, signal },
      ...readSending(settings),
      accreditors: isAdmin ? accreditors : [],
    });
    const reader = await connectLedger({ url, pin: id, finality: readFinality(settings), signal });
    const toDo = isAdmin
      ? []
      : accreditors.map((accreditor) => ({
          accreditor,
          to: id.address,
          data: calls.appointAccreditor(accreditor).data,
        }));
    output.answer(
      { ledger: formatPin(id), release: LEDGER_RELEASE, admin, adminDelay, firstBlock: reader.firstBlock, toDo },
      [
        'A new ledger. Its pin, for everybody who is to trust it:',
        `  ${formatPin(id)}`,
        `Admin ${admin}, delay ${adminDelay} s, first block ${reader.firstBlock}.`,
        ...toDo.map(({ accreditor, to, data }) => `To appoint ${accreditor}, the admin sends to ${to}:\n  ${data}`),
      ].join('\n'),
    );
    return 0;
  },
});

export const DEPLOY_COMMANDS = [deploy];
