/** Checking one passport, and fetching its evidence. */
import { InvalidInputError, joinBytes, UnavailableError } from '@dpp-ledger/core';
import type { Policy } from '@dpp-ledger/core/evidence';
import { isPack } from '@dpp-ledger/core/pack';
import { canonicalSubject, formatDigitalLink } from '@dpp-ledger/core/passport';
import { verifyClaims, verify as verifyOne, type WhatToVerify } from '@dpp-ledger/sdk';
import type { LedgerReader } from '@dpp-ledger/sdk/ledger';
import { decodeLabel } from '@dpp-ledger/web';
import { formatClaims } from '../claims.ts';
import { defineCommand, type Invocation, usageError } from '../command.ts';
import { findLocal, openLedger, openPinned, openService, readWholeNumber } from '../connection.ts';
import { exitStatusOfVerdict } from '../exit.ts';
import { openBytesFile, readTextFile, writeNewFile } from '../files.ts';
import { encodeJson } from '../output.ts';
import { readPolicy, verifyPackFile } from '../packs.ts';
import { formatReport } from '../report.ts';
import { nowInSeconds } from '../times.ts';

const verifyFlags = {
  scanned: {
    type: 'string',
    value: 'URI',
    summary: 'What was scanned, where a file is verified: the passport must be about it.',
  },
  current: { type: 'boolean', summary: 'A superseded passport will not do.' },
  policy: {
    type: 'string',
    value: 'FILE',
    summary: 'Whom to believe, and how old facts may be: docs/policy.md. A pack is judged by nothing else.',
  },
  offline: { type: 'boolean', summary: 'Ask nobody: WHAT is a file, and a pack if the verdict is to be "valid".' },
  attestation: {
    type: 'string',
    value: 'FILE',
    multiple: true,
    summary: 'Evidence of an attestation at hand, besides those that the service knows; may be given several times.',
  },
  'no-attestations': { type: 'boolean', summary: 'Ask no service for attestations: only those at hand are judged.' },
} as const;

const verify = defineCommand({
  name: 'verify',
  summary: 'Verify a passport: each check, what it stands on, and the verdict.',
  description:
    'Evidence proves itself; facts come from the chain endpoint that you choose, and nothing that the service says is believed. Without an endpoint no verdict can be "valid"; of several, so many must agree as --agree says, and whoever does not is named. Where no service is set, a link’s own host is asked for the evidence. Each claim is shown with whose word it is (docs/claims.md), on which the verdict does not depend. Exit status: 0 valid, 1 invalid, 3 cannot be decided.',
  arguments: [
    {
      name: 'WHAT',
      summary:
        'A label’s link, a GTIN, a CID, or a file (- for standard input): a pack, evidence, a credential as a JWT, or a PNG of the label.',
    },
  ],
  flags: verifyFlags,
  settings: ['api', 'rpc', 'agree', 'ledger', 'data', 'maxAge', 'confirmations'],
  examples: [
    'dpp verify https://dpp.example/01/09521234000013/21/A7K2 --rpc https://node.example',
    'dpp verify evidence.json --rpc https://a.example --rpc https://b.example --rpc https://c.example --agree 2',
    'dpp verify evidence.json --scanned https://dpp.example/01/09521234000013/21/A7K2',
    'dpp verify evidence.json --attestation certificate.evidence.json',
    'dpp verify passport.pack --policy policy.json --offline',
  ],
  async run(invocation) {
    const { words, values, settings, output, signal } = invocation;
    const now = nowInSeconds();
    const policy = values.policy === undefined ? undefined : await readPolicy(values.policy);
    const expected = {
      ...(values.scanned === undefined ? {} : { subject: canonicalSubject(values.scanned) }),
      ...(values.current === true ? { current: true } : {}),
    };
    const what = await readWhatOrPack(words[0] ?? '');
    if ('pack' in what) {
      if (policy === undefined) {
        throw usageError(verify, 'A pack is judged by a policy, which says whose witnesses count: --policy FILE.');
      }
      if (values.attestation !== undefined) {
        throw usageError(
          verify,
          'A pack is judged by what is in it, and --attestation goes with a passport by itself.',
        );
      }
      return await verifyPackFile(what.pack, { policy, expected, now }, output);
    }
    const isOffline = values.offline === true;
    if (isOffline && ('uri' in what || 'cid' in what)) {
      throw usageError(verify, '--offline asks nobody, so WHAT is a file of a pack, of evidence or of a credential.');
    }
    const asked: Asked = isOffline ? { ledger: undefined } : await openLedgerIfAny(invocation, policy);
    const { ledger } = asked;
    const judging = {
      ...{ ledger, now, signal },
      policy: policy === undefined ? { maxAgeSeconds: readWholeNumber(settings, 'maxAge') } : judgedBy(policy),
    };
    const asking = isOffline ? {} : { source: await openService(invocation, linkOf(what)) };
    const attestations = await Promise.all((values.attestation ?? []).map(readTextFile));
    const verified = await verifyOne(what, { ...judging, ...asking, expected });
    const { report, unanswered = asked.unanswered } = verified;
    const claims = await verifyClaims(verified, {
      ...{ ...judging, attestations },
      ...(values['no-attestations'] === true ? {} : asking),
    });
    const endpoints = describeEndpoints(ledger, unanswered);
    if (unanswered !== undefined) output.note(`${unanswered.message} (${unanswered.code})`);
    output.answer(
      { ...report, ...endpoints, ...claims },
      [
        formatReport(report, output, { now }),
        ...formatEndpoints(endpoints),
        ...(claims === undefined ? [] : formatClaims(claims, output)),
      ].join('\n'),
    );
    return exitStatusOfVerdict(report.verdict);
  },
});

/** What the ledger's endpoints say is on their word, whatever the file calls it. */
function judgedBy({ trustBase: _, ...policy }: Policy): Partial<Policy> {
  return policy;
}

const KINDS =
  'a label’s link (https://...), a GTIN (8, 12, 13 or 14 digits), a CID (bafkrei...), a credential as a JWT, or a file: a pack, evidence, a credential or a PNG of the label';

/** A link, a GTIN or a CID. Errors: `gs1.key`. */
export function readName(what: string): { readonly uri: string } | { readonly cid: string } | undefined {
  if (/^https?:\/\//i.test(what)) return { uri: what };
  if (/^\d{8,14}$/.test(what)) return { uri: formatDigitalLink({ gtin: what }) };
  if (/^bafkrei[a-z2-7]{52}$/.test(what)) return { cid: what };
  return undefined;
}

/** One passport: a link, a GTIN or a CID as they are; else a file by its content. Errors: `gs1.key`, `input.shape`, `label.unreadable`. */
export async function readWhat(what: string): Promise<WhatToVerify> {
  const found = await readWhatOrPack(what);
  if (!('pack' in found)) return found;
  throw new InvalidInputError('input.shape', `${what} is a pack, and one passport is expected here.`);
}

async function readWhatOrPack(what: string): Promise<WhatToVerify | { readonly pack: AsyncIterable<Uint8Array> }> {
  const name = readName(what);
  if (name !== undefined) return name;
  if (/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(what)) return { jwt: what };
  const { start, chunks } = await openNamed(what);
  if (isPack(start)) return { pack: chunks };
  const bytes = joinBytes(await Array.fromAsync(chunks));
  if (bytes[0] === 0x89) return { uri: decodeLabel(bytes) };
  const text = new TextDecoder().decode(bytes).trim();
  // Only what it means to be is told here: whatever claims to be evidence gets a report, however bad it is.
  if (text.startsWith('{') && /"version"\s*:\s*"dpp-evidence\//.test(text)) return { evidence: text };
  if (/^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)) return { jwt: text };
  throw new InvalidInputError('input.shape', `${what} is neither evidence, nor a credential, nor a label's picture.`);
}

async function openNamed(what: string): ReturnType<typeof openBytesFile> {
  try {
    return await openBytesFile(what);
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
async function openLedgerIfAny(invocation: Invocation<typeof verifyFlags>, policy: Policy | undefined): Promise<Asked> {
  const { settings, output } = invocation;
  if (
    policy?.endpoints === undefined &&
    settings.find('rpc') === undefined &&
    (await findLocal(settings)) === undefined
  ) {
    output.note('No chain endpoint is set (--rpc), so nothing is asked of the ledger.');
    return { ledger: undefined };
  }
  try {
    return { ledger: policy === undefined ? await openLedger(invocation) : await openPinned(invocation, policy) };
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
    const what = readName(words[0] ?? '');
    if (what === undefined) throw usageError(evidence, 'WHAT is a link, a GTIN or a CID.');
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
