/** Checking one passport, and fetching its evidence. */
import { InvalidInputError, UnavailableError } from '@dpp-ledger/core';
import { canonicalSubject, formatDigitalLink } from '@dpp-ledger/core/passport';
import { verify as verifyOne, type WhatToVerify } from '@dpp-ledger/sdk';
import type { LedgerReader } from '@dpp-ledger/sdk/ledger';
import { decodeLabel } from '@dpp-ledger/web';
import { defineCommand, type Invocation, usageError } from '../command.ts';
import { findLocal, openLedger, openService, readWholeNumber } from '../connection.ts';
import { exitStatusOfVerdict } from '../exit.ts';
import { readBytesFile, writeNewFile } from '../files.ts';
import { encodeJson } from '../output.ts';
import { formatReport } from '../report.ts';

const verifyFlags = {
  scanned: {
    type: 'string',
    value: 'URI',
    summary: 'What was scanned, where a file is verified: the passport must be about it.',
  },
  current: { type: 'boolean', summary: 'A superseded passport will not do.' },
} as const;

const verify = defineCommand({
  name: 'verify',
  summary: 'Verify a passport: each check, what it stands on, and the verdict.',
  description:
    'Evidence proves itself; facts come from the chain endpoint that you choose, and nothing that the service says is believed. Without an endpoint no verdict can be "valid"; of several, so many must agree as --agree says, and whoever does not is named. Where no service is set, a link’s own host is asked for the evidence. Exit status: 0 valid, 1 invalid, 3 cannot be decided.',
  arguments: [
    {
      name: 'WHAT',
      summary:
        'A label’s link, a GTIN, a CID, or a file (- for standard input): evidence, a credential as a JWT, or a PNG of the label.',
    },
  ],
  flags: verifyFlags,
  settings: ['api', 'rpc', 'agree', 'ledger', 'data', 'maxAge', 'confirmations'],
  examples: [
    'dpp verify https://dpp.example/01/09521234000013/21/A7K2 --rpc https://node.example',
    'dpp verify evidence.json --rpc https://a.example --rpc https://b.example --rpc https://c.example --agree 2',
    'dpp verify evidence.json --scanned https://dpp.example/01/09521234000013/21/A7K2',
  ],
  async run(invocation) {
    const { words, values, settings, output, signal } = invocation;
    const what = await readWhat(words[0] ?? '');
    const asked = await openLedgerIfAny(invocation);
    const { ledger } = asked;
    const { report, unanswered = asked.unanswered } = await verifyOne(what, {
      ledger,
      source: await openService(invocation, linkOf(what)),
      policy: { maxAgeSeconds: readWholeNumber(settings, 'maxAge') },
      expected: {
        ...(values.scanned === undefined ? {} : { subject: canonicalSubject(values.scanned) }),
        ...(values.current === true ? { current: true } : {}),
      },
      signal,
    });
    const endpoints = describeEndpoints(ledger, unanswered);
    if (unanswered !== undefined) output.note(`${unanswered.message} (${unanswered.code})`);
    output.answer(
      { ...report, ...endpoints },
      [formatReport(report, output), ...formatEndpoints(endpoints)].join('\n'),
    );
    return exitStatusOfVerdict(report.verdict);
  },
});

const KINDS =
  'a label’s link (https://...), a GTIN (8, 12, 13 or 14 digits), a CID (bafkrei...), a credential as a JWT, or a file of evidence, of a credential or with a PNG of the label';

/** A link, a GTIN or a CID as they are; else a file by its content. Errors: `gs1.key`, `input.shape`, `label.unreadable`. */
export async function readWhat(what: string): Promise<WhatToVerify> {
  if (/^https?:\/\//i.test(what)) return { uri: what };
  if (/^\d{8,14}$/.test(what)) return { uri: formatDigitalLink({ gtin: what }) };
  if (/^bafkrei[a-z2-7]{52}$/.test(what)) return { cid: what };
  if (/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(what)) return { jwt: what };
  const bytes = await readNamed(what);
  if (bytes[0] === 0x89) return { uri: decodeLabel(bytes) };
  const text = new TextDecoder().decode(bytes).trim();
  // Only what it means to be is told here: whatever claims to be evidence gets a report, however bad it is.
  if (text.startsWith('{') && /"version"\s*:\s*"dpp-evidence\//.test(text)) return { evidence: text };
  if (/^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)) return { jwt: text };
  throw new InvalidInputError('input.shape', `${what} is neither evidence, nor a credential, nor a label's picture.`);
}

async function readNamed(what: string): Promise<Uint8Array> {
  try {
    return await readBytesFile(what);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    throw new InvalidInputError(error.code, `${error.message} What is accepted: ${KINDS}.`, { cause: error });
  }
}

export function linkOf(what: WhatToVerify): { readonly link?: string } {
  return 'uri' in what && /^https?:/i.test(what.uri) && URL.canParse(what.uri) ? { link: what.uri } : {};
}

interface Asked {
  readonly ledger: LedgerReader | undefined;
  readonly unanswered?: UnavailableError;
}

/** Without an endpoint, or one that does not answer, there is still a report: it says what is not known. */
async function openLedgerIfAny(invocation: Invocation<typeof verifyFlags>): Promise<Asked> {
  const { settings, output } = invocation;
  if (settings.find('rpc') === undefined && (await findLocal(settings)) === undefined) {
    output.note('No chain endpoint is set (--rpc), so nothing is asked of the ledger.');
    return { ledger: undefined };
  }
  try {
    return { ledger: await openLedger(invocation) };
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    return { ledger: undefined, unanswered: error };
  }
}

/** What was found amiss with endpoints, and why there are no facts: beside the report, which is about the passport alone. */
function describeEndpoints(ledger: LedgerReader | undefined, unanswered: UnavailableError | undefined) {
  return {
    endpoints: ledger?.findings ?? [],
    ...(unanswered === undefined ? {} : { unanswered: { code: unanswered.code, message: unanswered.message } }),
  };
}

function formatEndpoints({ endpoints }: ReturnType<typeof describeEndpoints>): readonly string[] {
  return endpoints.map(({ code, message }) => `  Endpoint  ${message} (${code})`);
}

const evidence = defineCommand({
  name: 'evidence',
  summary: 'Fetch the evidence of a passport: all that a verifier needs of it, in one file.',
  description: 'A file that proves itself: keep it with the device’s papers, verify it later with `dpp verify FILE`.',
  arguments: [{ name: 'WHAT', summary: 'A label’s link, a GTIN, or a CID.' }],
  flags: { out: { type: 'string', value: 'FILE', summary: 'The file to write; standard output by default.' } },
  settings: ['api', 'data'],
  examples: ['dpp evidence https://dpp.example/01/09521234000013/21/A7K2 --out evidence.json'],
  async run(invocation) {
    const { words, values, output, signal } = invocation;
    const what = await readWhat(words[0] ?? '');
    if (!('uri' in what) && !('cid' in what)) throw usageError(evidence, 'WHAT is a link, a GTIN or a CID.');
    const source = await openService(invocation, linkOf(what));
    const { evidence: found } = await verifyOne(what, { ledger: undefined, source, signal });
    if (found === undefined)
      throw new UnavailableError('store.not-found', 'The service has no evidence that can be read.');
    if (values.out === undefined) output.raw(`${encodeJson(found)}\n`);
    else {
      await writeNewFile(values.out, `${encodeJson(found)}\n`);
      output.answer(
        { file: values.out, entry: found.entry.index },
        `Wrote ${values.out}. Verify it: dpp verify ${values.out}`,
      );
    }
    return 0;
  },
});

export const VERIFY_COMMANDS = [verify, evidence];
