/** Keys on the ledger: registered, ended, disowned. */
import { decodeHex, type Hex, InvalidInputError, type KeyId } from '@dpp-ledger/core';
import { createSigner, decodeKeyId, parseDid, publicKeyOf } from '@dpp-ledger/core/credential';
import { acts, type Purpose, signPossession } from '@dpp-ledger/sdk/ledger';
import { readKeyFile } from '@dpp-ledger/sdk/node';
import { relayActs } from '../acts.ts';
import { defineCommand, usageError } from '../command.ts';
import { type ConnectionOptions, openService, openSigner, readPin } from '../connection.ts';
import { formatInstant, nowInSeconds, parseTime } from '../times.ts';

const ACT_SETTINGS = ['api', 'rpc', 'ledger', 'data', 'issuer', 'key'] as const;

const keyAdd = defineCommand({
  name: 'key add',
  summary: 'Register another key of the issuer on the ledger.',
  description:
    'Signed by the key of the settings, which needs the purpose administer, and relayed by the service. The new key proves its possession.',
  arguments: [{ name: 'FILE', summary: 'The new key’s file.' }],
  flags: {
    purposes: {
      type: 'string',
      value: 'LIST',
      summary:
        'Comma-separated: assert signs credentials, operate supersedes, revoke revokes, administer adds and ends keys.',
    },
  },
  settings: ACT_SETTINGS,
  examples: ['dpp key add keys/assert-2.jwk.json --purposes assert --key keys/admin.jwk.json'],
  async run(invocation) {
    const { words, values, settings, output } = invocation;
    const [file = ''] = words;
    const purposes = parsePurposes(values.purposes ?? 'assert');
    const jwk = await readKeyFile(file);
    const ledger = await readPin(invocation);
    const signer = await createSigner({ issuer: parseDid(settings.require('issuer')), jwk });
    const deadline = nowInSeconds() + 600;
    const proof = await signPossession({
      ...{ ledger, signer, purposes, deadline },
      controller: await findController(invocation),
    });
    const answer = await relayActs(invocation, [acts.addKey({ key: publicKeyOf(jwk), purposes, deadline, proof })]);
    output.answer(
      { thumbprint: signer.keyId, purposes, ...answer },
      `Key ${signer.keyId} is registered: ${purposes.join(', ')}.`,
    );
    return 0;
  },
});

const keyRetire = defineCommand({
  name: 'key retire',
  summary: 'End a key. What it signed and was anchored before stays valid.',
  arguments: [{ name: 'THUMBPRINT', summary: 'Of the key that ends.' }],
  flags: {
    at: {
      type: 'string',
      value: 'TIME',
      summary: 'From when on; now by default. Never in the past, never moved later.',
    },
  },
  settings: ACT_SETTINGS,
  examples: ['dpp key retire NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs --key keys/admin.jwk.json'],
  async run(invocation) {
    const { words, values, output } = invocation;
    const key = parseKeyId(words[0] ?? '');
    // The block's time is what counts; a little later is never in its past.
    const now = nowInSeconds();
    const at = values.at === undefined || values.at === 'now' ? now + 60 : parseTime(values.at, now);
    const answer = await relayActs(invocation, [acts.retireKey({ key, at })]);
    output.answer({ thumbprint: key, at, ...answer }, `Key ${key} retires at ${formatInstant(at)}.`);
    return 0;
  },
});

const keyRevoke = defineCommand({
  name: 'key revoke',
  summary: 'Say that a key is in wrong hands since a time: what was anchored with it since then does not count.',
  arguments: [{ name: 'THUMBPRINT', summary: 'Of the key that is compromised.' }],
  flags: {
    since: { type: 'string', value: 'TIME', summary: 'Since when; required. It can be moved earlier, never later.' },
  },
  settings: ACT_SETTINGS,
  examples: ['dpp key revoke NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs --since 2026-11-20 --key keys/admin.jwk.json'],
  async run(invocation) {
    const { words, values, output } = invocation;
    if (values.since === undefined)
      throw usageError(keyRevoke, '--since is missing: since when is the key in wrong hands?');
    const key = parseKeyId(words[0] ?? '');
    const since = parseTime(values.since, nowInSeconds());
    const answer = await relayActs(invocation, [acts.markCompromised({ key, since })]);
    output.answer(
      { thumbprint: key, since, ...answer },
      `Key ${key} is compromised since ${formatInstant(since)}. Issue anew what was anchored with it since then.`,
    );
    return 0;
  },
});

export const REGISTERED_KEY_COMMANDS = [keyAdd, keyRetire, keyRevoke];

const PURPOSE_NAMES: readonly Purpose[] = ['assert', 'operate', 'revoke', 'administer'];

/** Errors: `usage.command`. */
export function parsePurposes(text: string): Purpose[] {
  return text.split(',').map((part) => {
    const purpose = PURPOSE_NAMES.find((name) => name === part.trim());
    if (purpose !== undefined) return purpose;
    throw new InvalidInputError('usage.command', `"${part}" is no purpose: ${PURPOSE_NAMES.join(', ')}.`);
  });
}

/** Errors: `usage.command`. */
function parseKeyId(text: string): KeyId {
  try {
    return checked(text as KeyId);
  } catch (cause) {
    throw new InvalidInputError('usage.command', `"${text}" is no thumbprint: 43 characters of base64url.`, { cause });
  }
}

function checked(key: KeyId): KeyId {
  decodeHex(decodeKeyId(key), 32);
  return key;
}

/** The contract compares the proof with the controller that the issuer has. */
async function findController(invocation: Pick<ConnectionOptions, 'settings' | 'signal'>): Promise<Hex | undefined> {
  const { settings, signal } = invocation;
  const { issuer } = await openSigner(invocation);
  const client = await openService({ settings });
  const answer = await client.fetchIssuer(issuer, { signal });
  const { controller } = answer;
  return typeof controller === 'string' && /^0x[0-9a-f]{40}$/.test(controller) ? (controller as Hex) : undefined;
}
