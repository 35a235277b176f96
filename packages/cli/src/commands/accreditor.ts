/** What the accreditor does: admits issuers, says what they may speak of, and takes it back. Each is one transaction of its account. */
import { encodeHex, type Hex, InvalidInputError, type IssuerId, RejectedError } from '@dpp-ledger/core';
import {
  encodeRoles,
  formatLedger,
  parseCredential,
  parseDid,
  parseGrant,
  parseJwt,
  parseStatusPointer,
  ROLES,
  type Role,
} from '@dpp-ledger/core/credential';
import { calls, type LedgerCall, wordsOf } from '@dpp-ledger/sdk/ledger';
import { parseApplication } from '../application.ts';
import { defineCommand, type Flags, type Invocation, usageError } from '../command.ts';
import { formatPin, openService, openWriter } from '../connection.ts';
import { readTextFile } from '../files.ts';
import { formatInstant, nowInSeconds, parseTime } from '../times.ts';
import { findLot } from './lot.ts';

const DID = { name: 'DID', summary: 'The issuer, e.g. did:web:maker.example.' } as const;
const NUMBERS_SHOWN = 'The issuer’s page and `GET /issuers/DID` of the service show the numbers that were given.';
const SETTINGS = [
  ...(['rpc', 'agree', 'ledger', 'account', 'data', 'confirmations', 'api'] as const),
  ...(['gasMargin', 'feeCeiling'] as const),
] as const;

const accredit = defineCommand({
  name: 'accreditor accredit',
  summary: 'Admit an issuer by its application.',
  description:
    'Check first, by your own means, that the applicant is who it says and holds its DID. --roles and --grant say what you allow, not what was asked for.',
  arguments: [{ name: 'FILE', summary: 'What `dpp apply` wrote.' }],
  flags: {
    roles: { type: 'string', value: 'LIST', summary: 'Roles that you give; those of the application by default.' },
    grant: {
      type: 'string',
      value: 'PREFIX',
      multiple: true,
      summary: 'Grants that you give with it: gs1:9521234, or an https URI that ends in /.',
    },
  },
  settings: SETTINGS,
  examples: ['dpp accreditor accredit application.json --grant gs1:9521234 --grant https://maker.example/m/'],
  async run(invocation) {
    const { words, values, output, signal } = invocation;
    const [file = ''] = words;
    const application = parseApplication(await readTextFile(file), file);
    const roles = values.roles === undefined ? application.roles : parseRoles(values.roles);
    const prefixes = values.grant ?? [];
    for (const prefix of prefixes) parseGrant(prefix);
    const writer = await openWriter(invocation);
    if (application.ledger !== formatPin(writer.reader.id)) {
      throw new RejectedError(
        'ledger.mismatch',
        `${file} applies to ${application.ledger}, not to ${formatPin(writer.reader.id)}.`,
      );
    }
    const { issuer, controller, key, purposes, deadline, proof } = application;
    const receipt = await writer.send(calls.accredit({ issuer, roles, controller, key, purposes, deadline, proof }), {
      signal,
    });
    for (const [i, prefix] of prefixes.entries()) {
      await writer.send(calls.grantPrefix({ issuer, number: i + 1, prefix }), { signal });
    }
    output.answer(
      { issuer, roles, grants: prefixes, transaction: receipt.hash, block: receipt.blockNumber },
      `${issuer} is accredited as ${roles.join(', ')}${prefixes.length === 0 ? '; it may speak of nothing yet: dpp accreditor grant' : ` for ${prefixes.join(', ')}`}.`,
    );
    return 0;
  },
});

const grant = defineCommand({
  name: 'accreditor grant',
  summary: 'Let an issuer speak of subjects under a prefix.',
  arguments: [DID, { name: 'PREFIX', summary: 'gs1: and a GS1 company prefix, or an https URI that ends in /.' }],
  flags: {
    number: {
      type: 'string',
      value: 'N',
      summary: `Number of the grant; a number and prefix are used once. 1 by default. ${NUMBERS_SHOWN}`,
    },
  },
  settings: SETTINGS,
  examples: ['dpp accreditor grant did:web:maker.example gs1:9521234'],
  async run(invocation) {
    const { issuer, words, values } = readIssuer(invocation);
    const prefix = words[1] ?? '';
    parseGrant(prefix);
    const number = parseNumber(values.number ?? '1');
    return await send(invocation, calls.grantPrefix({ issuer, number, prefix }), `${issuer} may speak of ${prefix}.`);
  },
});

const takeBack = defineCommand({
  name: 'accreditor take-back',
  summary: 'Take a grant back, since a time.',
  arguments: [DID, { name: 'PREFIX', summary: 'Of the grant.' }],
  flags: {
    number: { type: 'string', value: 'N', summary: `Number of the grant; 1 by default. ${NUMBERS_SHOWN}` },
    since: { type: 'string', value: 'TIME', summary: 'Since when; now by default. Never in the future.' },
  },
  settings: SETTINGS,
  examples: ['dpp accreditor take-back did:web:maker.example gs1:9521234 --since 2026-11-20'],
  async run(invocation) {
    const { issuer, words, values } = readIssuer(invocation);
    const prefix = words[1] ?? '';
    const number = parseNumber(values.number ?? '1');
    const since = await parseSince(invocation, values.since);
    return await send(
      invocation,
      calls.takeBackPrefix({ issuer, number, prefix, since }),
      `${issuer} may not speak of ${prefix} since ${formatInstant(since)}.`,
    );
  },
});

const roles = defineCommand({
  name: 'accreditor roles',
  summary: 'Give an issuer other roles.',
  arguments: [DID, { name: 'ROLES', summary: 'Comma-separated; these and no others.' }],
  flags: {},
  settings: SETTINGS,
  examples: ['dpp accreditor roles did:web:maker.example manufacturer,recycler'],
  async run(invocation) {
    const { issuer, words } = readIssuer(invocation);
    const given = parseRoles(words[1] ?? '');
    return await send(
      invocation,
      calls.assignRoles({ issuer, roles: given }),
      `${issuer} has the roles ${given.join(', ')}.`,
    );
  },
});

const suspend = defineCommand({
  name: 'accreditor suspend',
  summary: 'Suspend an issuer: it anchors nothing new, and can still revoke.',
  arguments: [DID],
  flags: {},
  settings: SETTINGS,
  examples: ['dpp accreditor suspend did:web:maker.example'],
  async run(invocation) {
    const { issuer } = readIssuer(invocation);
    return await send(invocation, calls.suspend({ issuer }), `${issuer} is suspended.`);
  },
});

const reinstate = defineCommand({
  name: 'accreditor reinstate',
  summary: 'End an issuer’s suspension.',
  arguments: [DID],
  flags: {},
  settings: SETTINGS,
  examples: ['dpp accreditor reinstate did:web:maker.example'],
  async run(invocation) {
    const { issuer } = readIssuer(invocation);
    return await send(invocation, calls.reinstate({ issuer }), `${issuer} is reinstated.`);
  },
});

const withdraw = defineCommand({
  name: 'accreditor withdraw',
  summary: 'End an issuer for good: what it anchored since a time does not count.',
  arguments: [DID],
  flags: {
    since: { type: 'string', value: 'TIME', summary: 'Since when; now by default. Can be moved earlier, never later.' },
    yes: { type: 'boolean', summary: 'Required: this cannot be undone.' },
  },
  settings: SETTINGS,
  examples: ['dpp accreditor withdraw did:web:maker.example --since 2026-11-20 --yes'],
  async run(invocation) {
    const { issuer, values } = readIssuer(invocation);
    if (values.yes !== true) throw usageError(withdraw, 'Withdrawing cannot be undone: add --yes.');
    const since = await parseSince(invocation, values.since);
    return await send(
      invocation,
      calls.withdraw({ issuer, since }),
      `${issuer} is withdrawn since ${formatInstant(since)}.`,
    );
  },
});

const revokeByAuthority = defineCommand({
  name: 'accreditor revoke',
  summary: 'Revoke an issuer’s credentials by authority: where it cannot, or will not.',
  arguments: [{ name: 'CID...', summary: 'The credentials, all of one issuer.' }],
  flags: {},
  settings: SETTINGS,
  examples: ['dpp accreditor revoke bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy'],
  async run(invocation) {
    const { words, output, signal } = invocation;
    const writer = await openWriter(invocation);
    const client = await openService(invocation);
    const places = await Promise.all(
      words.map(async (cid) => {
        const credential = parseCredential(parseJwt(await client.fetchCredential(cid, { signal })).payload);
        const { ledger, list, index } = parseStatusPointer(credential);
        if (ledger !== formatLedger(writer.reader.id)) {
          throw new RejectedError('status.ledger', `${cid} has its status on ${ledger}, not on ${writer.reader.name}.`);
        }
        return { issuer: credential.issuer.id, list, index };
      }),
    );
    for (const [, ofList] of Map.groupBy(places, ({ issuer, list }) => `${issuer} ${list}`)) {
      const [first] = ofList;
      if (first === undefined) continue;
      const words256 = wordsOf(ofList.map(({ index }) => index));
      await writer.send(calls.revokeByAuthority({ issuer: first.issuer, list: first.list, words: words256 }), {
        signal,
      });
    }
    output.answer({ revoked: words }, `Revoked by authority: ${words.join(', ')}.`);
    return 0;
  },
});

const voidLot = defineCommand({
  name: 'accreditor void-lot',
  summary: 'Take a lot out of circulation, with all that is in it.',
  description:
    'No mass comes back. Passports and lots that were made of it before are judged by their sources from now on: see docs/materials.md.',
  arguments: [{ name: 'LOT', summary: 'Its id (0x...) or its URI.' }],
  flags: { yes: { type: 'boolean', summary: 'Required: this cannot be undone.' } },
  settings: SETTINGS,
  examples: ['dpp accreditor void-lot 0x6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b --yes'],
  async run(invocation) {
    if (invocation.values.yes !== true) throw usageError(voidLot, 'Voiding cannot be undone: add --yes.');
    const lot = findLot({ ledger: (await openWriter(invocation)).reader.id }, invocation.words[0]);
    return await send(invocation, calls.voidLot({ lot }), `Lot ${lot} is void.`);
  },
});

export const ACCREDITOR_COMMANDS = [
  ...[accredit, grant, takeBack, roles, suspend, reinstate, withdraw, revokeByAuthority],
  voidLot,
];

function readIssuer<F extends Flags>(invocation: Invocation<F>) {
  const issuer: IssuerId = parseDid(invocation.words[0] ?? '');
  return { issuer, words: invocation.words, values: invocation.values };
}

async function send<F extends Flags>(invocation: Invocation<F>, call: LedgerCall, sentence: string): Promise<0> {
  const { output, signal } = invocation;
  const writer = await openWriter(invocation);
  const receipt = await writer.send(call, { signal });
  output.answer(
    {
      done: call.purpose,
      transaction: receipt.hash,
      block: receipt.blockNumber,
      entries: receipt.entries.map(({ index }) => index),
    },
    `${sentence} Block ${receipt.blockNumber}, transaction ${receipt.hash}.`,
  );
  return 0;
}

/** Times since when are never in the future of the chain, whose clock may be behind ours. */
async function parseSince<F extends Flags>(invocation: Invocation<F>, text: string | undefined): Promise<number> {
  const now = nowInSeconds();
  if (text !== undefined && text !== 'now') return parseTime(text, now);
  const block = await (await openWriter(invocation)).reader.readBlock('latest', { signal: invocation.signal });
  return Math.min(now, block?.time ?? now);
}

/** Errors: `usage.command`. */
export function parseAccount(text: string): Hex {
  if (!/^0x[0-9a-f]{40}$/i.test(text)) {
    throw new InvalidInputError('usage.command', `"${text}" is no account: 0x and 40 hex digits.`);
  }
  return encodeHex(Buffer.from(text.slice(2), 'hex'));
}

function parseRoles(text: string): Role[] {
  const names = text.split(',').map((name) => name.trim());
  encodeRoles(names);
  return ROLES.filter((role) => names.includes(role));
}

function parseNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidInputError('usage.command', `--number is a whole number, not "${text}".`);
}
