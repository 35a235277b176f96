/** The first steps of an issuer: a folder with settings and keys, the application to the accreditor, who may anchor. */
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import {
  createSigner,
  didWebUrl,
  encodeRoles,
  generateKey,
  hashKey,
  parseDid,
  publicKeyOf,
} from '@dpp-ledger/core/credential';
import { acts, signPossession } from '@dpp-ledger/sdk/ledger';
import { readKeyFile, writeKeyFile } from '@dpp-ledger/sdk/node';
import { relayActs } from '../acts.ts';
import { formatApplication } from '../application.ts';
import { defineCommand, usageError } from '../command.ts';
import { findLocal, findServiceUrl, formatPin, readPin, readVoice } from '../connection.ts';
import { writeNewFile } from '../files.ts';
import { CONFIG_FILE } from '../settings.ts';
import { formatInstant, nowInSeconds } from '../times.ts';
import { parseAccount } from './accreditor.ts';
import { parsePurposes } from './registered-keys.ts';

const init = defineCommand({
  name: 'init',
  summary: 'Make a folder ready for issuing: settings and a key.',
  description: `Writes ${CONFIG_FILE} (or the file that --config names) and, if it does not exist, the key file. The ledger is pinned from --ledger, or on the service's word: then compare the pin with the accreditor's.`,
  arguments: [],
  flags: {},
  settings: ['issuer', 'issuerName', 'voice', 'api', 'rpc', 'agree', 'ledger', 'key', 'data'],
  examples: [
    'dpp init --issuer did:web:maker.example --issuer-name "Maker Ltd" --api https://dpp.example --rpc https://node.example',
  ],
  makesConfiguration: true,
  async run(invocation) {
    const { settings, output } = invocation;
    const issuer = parseDid(settings.require('issuer'));
    const issuerName = settings.require('issuerName');
    const key = settings.require('key');
    const rpc = settings.find('rpc');
    const agree = settings.find('agree');
    const service = await findServiceUrl(settings);
    const isOnItsWord = settings.find('ledger') === undefined && (await findLocal(settings)) === undefined;
    const configuration = {
      issuer,
      issuerName,
      voice: readVoice(settings),
      api: service,
      ...(rpc === undefined ? {} : { rpc }),
      ...(agree === undefined ? {} : { agree }),
      ledger: formatPin(await readPin(invocation)),
      key,
    };
    const file = settings.named;
    await mkdir(dirname(resolve(file)), { recursive: true });
    await writeNewFile(file, `${JSON.stringify(configuration, undefined, 2)}\n`);
    await mkdir(dirname(resolve(key)), { recursive: true, mode: 0o700 });
    const thumbprint = await makeKeyUnlessThere(key);
    output.answer(
      { file, key, thumbprint, configuration },
      [
        `Wrote ${file}. Key ${key}, thumbprint ${thumbprint}.`,
        ...(file === CONFIG_FILE ? [] : [`Other commands read it with --config ${file}, or DPP_CONFIG.`]),
        ...(isOnItsWord
          ? [
              `The ledger was pinned on the word of ${service}: compare "ledger" in ${file} with what the accreditor says.`,
            ]
          : []),
        'Next:',
        `  dpp key backup ${key} ${key}.backup     keep it safe`,
        '  dpp apply --roles manufacturer          an application for the accreditor',
        '  dpp submitter appoint ACCOUNT           once accredited: let the service anchor for you;',
        `                                          ${service}/ledger names its account`,
        '  dpp template --out passports.csv        a spreadsheet to fill in',
      ].join('\n'),
    );
    return 0;
  },
});

async function makeKeyUnlessThere(path: string): Promise<string> {
  const jwk = await generateKey({ algorithm: 'ES256' });
  try {
    await writeKeyFile(path, jwk);
    return hashKey(jwk);
  } catch {
    // It is there: then it must be readable, or that is the error to show.
    return hashKey(await readKeyFile(path));
  }
}

const apply = defineCommand({
  name: 'apply',
  summary: 'Write the application to the accreditor: who you are, your first key, and proof that you hold it.',
  description:
    'The accreditor checks who you are by its own means, then runs `dpp accreditor accredit FILE`. The application holds no secret.',
  arguments: [],
  flags: {
    roles: {
      type: 'string',
      value: 'LIST',
      summary: 'Comma-separated, e.g. manufacturer; see docs/passport-format.md.',
    },
    purposes: {
      type: 'string',
      value: 'LIST',
      summary: 'What the first key may do; assert,operate,revoke,administer by default.',
    },
    controller: {
      type: 'string',
      value: 'ACCOUNT',
      summary: 'A chain account that controls the issuer, if you have one.',
    },
    days: { type: 'string', value: 'N', summary: 'How long the application holds; 14 by default.' },
    out: { type: 'string', value: 'FILE', summary: 'The file to write; application.json by default.' },
  },
  settings: ['issuer', 'issuerName', 'key', 'api', 'rpc', 'ledger', 'data'],
  examples: ['dpp apply --roles manufacturer'],
  async run(invocation) {
    const { values, settings, output } = invocation;
    const issuer = parseDid(settings.require('issuer'));
    const roles = (values.roles ?? '').split(',').filter((role) => role !== '');
    if (roles.length === 0) throw usageError(apply, '--roles is missing: which roles do you apply for?');
    encodeRoles(roles);
    const days = Number(values.days ?? '14');
    if (!Number.isInteger(days) || days < 1 || days > 365) throw usageError(apply, '--days is 1 to 365.');
    const purposes = parsePurposes(values.purposes ?? 'assert,operate,revoke,administer');
    const controller = values.controller === undefined ? undefined : parseAccount(values.controller);
    const jwk = await readKeyFile(settings.require('key'));
    const signer = await createSigner({ issuer, jwk });
    const deadline = nowInSeconds() + days * 86_400;
    const ledger = await readPin(invocation);
    const proof = await signPossession({ ledger, signer, controller, purposes, deadline });
    const application = formatApplication({
      ...{ ledger: formatPin(ledger), issuer, name: settings.require('issuerName'), roles, purposes, deadline, proof },
      ...(controller === undefined ? {} : { controller }),
      key: publicKeyOf(jwk),
    });
    const file = values.out ?? 'application.json';
    await writeNewFile(file, application);
    output.answer(
      { file, issuer, roles, purposes, deadline },
      `Wrote ${file}. It holds until ${formatInstant(deadline)}. Send it to the accreditor.${
        issuer.startsWith('did:web:') ? `\nPublish your DID document at ${didWebUrl(issuer)}.` : ''
      }`,
    );
    return 0;
  },
});

const submitterArguments = [{ name: 'ACCOUNT', summary: 'A chain account, 0x and 40 hex digits.' }] as const;
const ACT_SETTINGS = ['api', 'rpc', 'ledger', 'data', 'issuer', 'key'] as const;

const submitterAppoint = defineCommand({
  name: 'submitter appoint',
  summary: 'Let an account anchor for you, and nothing else: the service’s, so that it can batch.',
  description:
    'Signed by the key of the settings, which needs the purpose administer. `GET /ledger` of the service names its account.',
  arguments: submitterArguments,
  flags: {},
  settings: ACT_SETTINGS,
  examples: ['dpp submitter appoint 0x5fbdb2315678afecb367f032d93f642f64180aa3'],
  async run(invocation) {
    const account = parseAccount(invocation.words[0] ?? '');
    const answer = await relayActs(invocation, [acts.appointSubmitter(account)]);
    invocation.output.answer({ account, ...answer }, `${account} may anchor for you.`);
    return 0;
  },
});

const submitterDismiss = defineCommand({
  name: 'submitter dismiss',
  summary: 'Let an account no longer anchor for you.',
  arguments: submitterArguments,
  flags: {},
  settings: ACT_SETTINGS,
  examples: ['dpp submitter dismiss 0x5fbdb2315678afecb367f032d93f642f64180aa3'],
  async run(invocation) {
    const account = parseAccount(invocation.words[0] ?? '');
    const answer = await relayActs(invocation, [acts.dismissSubmitter(account)]);
    invocation.output.answer({ account, ...answer }, `${account} may no longer anchor for you.`);
    return 0;
  },
});

export const SETUP_COMMANDS = [init, apply, submitterAppoint, submitterDismiss];
