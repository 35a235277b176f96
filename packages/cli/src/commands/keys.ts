/** Key files: made, shown, kept safe. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { InvalidInputError } from '@dpp-ledger/core';
import { formatOrigin } from '@dpp-ledger/core/checkpoint';
import { algorithmOf, generateKey, hashKey, publicKeyOf } from '@dpp-ledger/core/credential';
import {
  backupKey,
  loadLogSigner,
  loadWitnessSigner,
  readKeyFile,
  restoreKey,
  writeKeyFile,
} from '@dpp-ledger/sdk/node';
import { defineCommand, usageError } from '../command.ts';
import { readPin, readWholeNumber } from '../connection.ts';

const FILE = { name: 'FILE', summary: 'The key file: a private JWK, readable by its owner only.' } as const;

const keyNew = defineCommand({
  name: 'key new',
  summary: 'Make a key.',
  description:
    'Writes a new private key as a JWK, mode 0600. Nothing is overwritten. ES256 for everything; Ed25519 signs credentials only.',
  arguments: [FILE],
  flags: { algorithm: { type: 'string', value: 'NAME', summary: 'ES256 (by default) or Ed25519.' } },
  settings: [],
  examples: ['dpp key new keys/assert.jwk.json'],
  async run({ words: [file = ''], values, output }) {
    const algorithm = values.algorithm ?? 'ES256';
    if (algorithm !== 'ES256' && algorithm !== 'Ed25519') {
      throw usageError(keyNew, `--algorithm is ES256 or Ed25519, not "${algorithm}".`);
    }
    const jwk = await generateKey({ algorithm });
    await writeKeyFile(file, jwk);
    const thumbprint = hashKey(jwk);
    output.answer(
      { file, algorithm, thumbprint },
      `Wrote ${file}: ${algorithm}, thumbprint ${thumbprint}\nMake a backup: dpp key backup ${file} ${file}.backup`,
    );
    return 0;
  },
});

const keyShow = defineCommand({
  name: 'key show',
  summary: 'Print a key’s public half.',
  arguments: [FILE],
  flags: {},
  settings: [],
  examples: ['dpp key show keys/assert.jwk.json'],
  async run({ words: [file = ''], output }) {
    const jwk = publicKeyOf(await readKeyFile(file));
    const shown = { ...jwk, alg: algorithmOf(jwk), kid: hashKey(jwk) };
    output.answer(shown, JSON.stringify(shown, undefined, 2));
    return 0;
  },
});

const keyThumbprint = defineCommand({
  name: 'key thumbprint',
  summary: 'Print a key’s thumbprint, by which the ledger knows it.',
  description: 'RFC 7638, base64url: what stands after the # in a credential’s "kid".',
  arguments: [FILE],
  flags: {},
  settings: [],
  examples: ['dpp key thumbprint keys/assert.jwk.json'],
  async run({ words: [file = ''], output }) {
    const thumbprint = hashKey(await readKeyFile(file));
    output.answer({ thumbprint }, thumbprint);
    return 0;
  },
});

const keyBackup = defineCommand({
  name: 'key backup',
  summary: 'Write an encrypted backup of a key.',
  description: 'A JWE under a passphrase of at least 12 characters (PBES2), which any JOSE library can open.',
  arguments: [FILE, { name: 'BACKUP', summary: 'The file to write.' }],
  flags: {},
  settings: ['passphrase'],
  examples: ['dpp key backup keys/assert.jwk.json assert.backup'],
  async run({ words: [file = '', backup = ''], settings, output, signal }) {
    const jwk = await readKeyFile(file);
    await backupKey(backup, jwk, settings.find('passphrase') ?? (await askPassphrase(signal)));
    output.answer({ file: backup, thumbprint: hashKey(jwk) }, `Wrote ${backup}. Keep the passphrase somewhere else.`);
    return 0;
  },
});

const keyRestore = defineCommand({
  name: 'key restore',
  summary: 'Write a key file from its backup.',
  arguments: [{ name: 'BACKUP', summary: 'What `dpp key backup` wrote.' }, FILE],
  flags: {},
  settings: ['passphrase'],
  examples: ['dpp key restore assert.backup keys/assert.jwk.json'],
  async run({ words: [backup = '', file = ''], settings, output, signal }) {
    const jwk = await restoreKey(backup, settings.find('passphrase') ?? (await askPassphrase(signal)));
    await writeKeyFile(file, jwk);
    const thumbprint = hashKey(jwk);
    output.answer({ file, thumbprint }, `Wrote ${file}, thumbprint ${thumbprint}`);
    return 0;
  },
});

const keyLog = defineCommand({
  name: 'key log',
  summary: 'Make the key that signs checkpoints of the published journal, or print the public half of one.',
  description:
    'A key signs the log of one ledger and one epoch. All replicas of a service share it: DPP_LOG_KEY_FILE. What is printed is what others believe checkpoints by: DPP_PUBLISHER.',
  arguments: [{ name: 'FILE', summary: 'The key file; made, mode 0600, where it is not there.' }],
  flags: {},
  settings: ['ledger', 'data', 'api', 'logEpoch'],
  examples: ['dpp key log secrets/log.key --ledger PIN'],
  async run(invocation) {
    const [file = ''] = invocation.words;
    const origin = formatOrigin(await readPin(invocation), readWholeNumber(invocation.settings, 'logEpoch'));
    const { verifierKey } = await loadLogSigner(file, origin, { make: true });
    invocation.output.answer(
      { file, origin, publisher: verifierKey },
      `${file} signs ${origin}. Its public half:\n${verifierKey}`,
    );
    return 0;
  },
});

const keyWitness = defineCommand({
  name: 'key witness',
  summary: 'Make the key that a witness signs with, or print the public half of one.',
  description:
    'A key of Ed25519 for cosignatures (C2SP tlog-cosignature) and state statements: DPP_WITNESS_KEY_FILE. One witness has one key under one name. What is printed is what policies name the witness by.',
  arguments: [{ name: 'FILE', summary: 'The key file; made, mode 0600, where it is not there and --name is given.' }],
  flags: {
    name: {
      type: 'string',
      value: 'NAME',
      summary: 'The witness’s name: a URL without its scheme, by custom, without spaces and +.',
    },
  },
  settings: [],
  examples: ['dpp key witness secrets/witness.key --name witness.example/w1', 'dpp key witness secrets/witness.key'],
  async run({ words: [file = ''], values: { name }, output }) {
    const signer = await loadWitnessSigner(file, name === undefined ? {} : { make: name });
    output.answer(
      { file, name: signer.name, witness: signer.verifierKey },
      `${file} is the key of the witness ${signer.name}. Its public half:\n${signer.verifierKey}`,
    );
    return 0;
  },
});

export const KEY_COMMANDS = [keyNew, keyShow, keyThumbprint, keyBackup, keyRestore, keyLog, keyWitness];

/** Asked on the terminal without echo. Errors: `usage.configuration` where there is none. */
async function askPassphrase(signal: AbortSignal): Promise<string> {
  if (process.stdin.isTTY !== true) {
    throw new InvalidInputError('usage.configuration', 'Set DPP_PASSPHRASE: there is no terminal to ask on.');
  }
  process.stderr.write('Passphrase (is not shown): ');
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await terminal.question('', { signal });
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
