/** Checking: one passport, its evidence, or everything that the ledger ever did. */
import { type Hex, InvalidInputError, type LedgerId, parseJson, UnavailableError } from '@dpp-ledger/core';
import type { NoteVerifier } from '@dpp-ledger/core/checkpoint';
import { decodeEntry } from '@dpp-ledger/core/journal';
import { canonicalSubject, formatDigitalLink } from '@dpp-ledger/core/passport';
import {
  createUrlTiles,
  openLog,
  type ReplayResult,
  replay as replayAll,
  type TileSource,
  verify as verifyOne,
  type WhatToVerify,
} from '@dpp-ledger/sdk';
import type { LedgerReader } from '@dpp-ledger/sdk/ledger';
import { createFolderTiles } from '@dpp-ledger/sdk/node';
import { decodeLabel, describeEntry } from '@dpp-ledger/web';
import { defineCommand, type ExitStatus, type Invocation, usageError } from '../command.ts';
import {
  findLocal,
  openGateways,
  openLedger,
  openService,
  parsePin,
  readPublisher,
  readWholeNumber,
} from '../connection.ts';
import { exitStatusOfVerdict } from '../exit.ts';
import { readBytesFile, readTextFile, writeNewFile } from '../files.ts';
import { encodeJson, type Output } from '../output.ts';
import { formatReport } from '../report.ts';
import { formatInstant } from '../times.ts';

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
async function readWhat(what: string): Promise<WhatToVerify> {
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

function linkOf(what: WhatToVerify): { readonly link?: string } {
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

const DEPTHS = ['journal', 'batches', 'credentials'] as const;

const replayFlags = {
  depth: {
    type: 'string',
    value: 'DEPTH',
    summary:
      'journal (by default): the entries; batches: also every manifest; credentials: also every credential’s bytes.',
  },
  tiles: {
    type: 'string',
    value: 'WHERE',
    summary:
      'Read the entries from a mirror, a folder or a URL, and from the chain what that does not have. Without a chain the tree head is that of its checkpoint, which --publisher must have signed.',
  },
  from: { type: 'string', value: 'FILE', summary: 'Go on from a snapshot: your own word for everything before it.' },
  save: { type: 'string', value: 'FILE', summary: 'Write a snapshot to go on from.' },
  entries: { type: 'boolean', summary: 'Print every entry as it is read.' },
} as const;

const replay = defineCommand({
  name: 'replay',
  summary: 'Rebuild the ledger’s whole history from its entries, and meet the contract’s root.',
  description:
    'If the roots meet, nothing was hidden, altered or put in another order, whichever endpoint or mirror the entries came from. Exit status: 0 they meet, 1 they do not, 5 they meet and some batch could not be opened.',
  arguments: [],
  flags: replayFlags,
  settings: ['rpc', 'agree', 'ledger', 'data', 'api', 'gateways', 'confirmations', 'publisher'],
  examples: [
    'dpp replay --rpc https://node.example',
    'dpp replay --depth credentials --save audit.json',
    'dpp replay --tiles https://mirror.example/log --rpc https://node.example',
  ],
  async run(invocation) {
    const { values, settings, output, signal } = invocation;
    const depth = DEPTHS.find((known) => known === (values.depth ?? 'journal'));
    if (depth === undefined) throw usageError(replay, `--depth is ${DEPTHS.join(', ')}, not "${values.depth}".`);
    const history = await openHistory(invocation);
    const bar = output.progress('Replaying');
    let result: ReplayResult;
    try {
      result = await replayAll({
        ...history,
        depth: depth === 'journal' ? 'entries' : depth,
        ...(depth === 'journal' ? {} : { source: await openGateways(settings) }),
        ...(values.from === undefined ? {} : { from: parseJson(await readTextFile(values.from)) }),
        onProgress: ({ entries, of }) => bar.update(entries, of),
        signal,
      });
    } finally {
      bar.end();
    }
    if (values.entries === true) await printEntries(history, result.entries, output, signal);
    if (values.save !== undefined)
      await writeNewFile(values.save, `${encodeJson(result.snapshot)}\n`, { overwrite: true });
    output.answer(describeReplay(result), formatReplay(result, output));
    if (result.broken !== undefined) return 1;
    return result.findingCount > 0 ? 5 : (0 satisfies ExitStatus);
  },
});

interface History {
  readonly ledger?: LedgerReader;
  readonly mirror?: TileSource;
  readonly publisher?: NoteVerifier | undefined;
  readonly pin?: LedgerId;
}

/** Errors: `usage.configuration` where there is neither a chain nor a publisher's key to meet. */
async function openHistory(invocation: Invocation<typeof replayFlags>): Promise<History> {
  const { values, settings } = invocation;
  if (values.tiles === undefined) return { ledger: await openLedger(invocation) };
  const mirror = /^https?:\/\//i.test(values.tiles)
    ? createUrlTiles({ url: values.tiles })
    : createFolderTiles(values.tiles);
  const publisher = await readPublisher(settings);
  if (settings.find('rpc') !== undefined || (await findLocal(settings)) !== undefined) {
    return { ledger: await openLedger(invocation), mirror, publisher };
  }
  if (publisher === undefined) {
    throw new InvalidInputError(
      'usage.configuration',
      'Whose tree head is to be met? Give a chain endpoint (--rpc), or the key of the publisher who signed the checkpoint (--publisher).',
    );
  }
  const pin = settings.find('ledger');
  return { mirror, publisher, ...(pin === undefined ? {} : { pin: parsePin(pin) }) };
}

async function* readHistory({ ledger, mirror, publisher }: History, to: number, signal: AbortSignal) {
  let next = 0;
  if (mirror !== undefined) {
    const log = await openLog({ tiles: mirror, publisher, signal });
    for await (const { entries } of log.readBundles({ to, signal })) {
      for (const bytes of entries) yield { index: next++, bytes };
    }
  }
  if (ledger !== undefined && next < to) yield* ledger.readEntries({ from: next, to, signal });
}

async function printEntries(history: History, to: number, output: Output, signal: AbortSignal): Promise<void> {
  const dids = new Map<Hex, string>();
  for await (const { index, bytes } of readHistory(history, to, signal)) {
    const entry = decodeEntry(bytes);
    if (entry.kind === 'accredited') dids.set(entry.issuer, entry.did);
    const issuer = 'issuer' in entry ? dids.get(entry.issuer) : undefined;
    const place = `${String(index).padStart(8)}  ${formatInstant(entry.blockTime)}`;
    output.item({ index, did: issuer, ...entry }, `${place}  ${describeEntry(entry, issuer)}`);
  }
}

function describeReplay(result: ReplayResult) {
  const { ledger, source, entriesFrom, head, broken, entries, opened, findings, findingCount } = result;
  const { size, root, blockNumber, blockHash, blockTime } = head;
  return {
    ...{ meets: broken === undefined, ledger, source, entriesFrom, entries, opened, broken, findings, findingCount },
    head: { size, root, blockNumber, blockHash, blockTime },
  };
}

function formatReplay(result: ReplayResult, output: Output): string {
  const { broken, head, source, entriesFrom, entries, opened, findings, findingCount } = result;
  const unopened = `${findingCount} ${findingCount === 1 ? 'batch' : 'batches'}`;
  const lines = [
    broken === undefined
      ? output.style(
          'bold',
          `THE JOURNAL MEETS THE CONTRACT: all ${entries} entries, in order, unaltered${
            findingCount === 0 ? '' : `; BUT ${unopened.toUpperCase()} COULD NOT BE OPENED`
          }.`,
        )
      : output.style('bold', `THE JOURNAL DOES NOT MEET THE CONTRACT at entry ${broken.entry}.`),
    ...(broken === undefined ? [] : [`  Expected  ${broken.expected}`, `  Found     ${broken.found}`]),
    `  Root      ${head.root}`,
    head.blockNumber === undefined || head.blockTime === undefined
      ? `  Head      ${head.size} entries, on the word of ${source}`
      : `  Block     ${head.blockNumber} (${formatInstant(head.blockTime)}), on the word of ${source}`,
    `  Entries   from ${entriesFrom}`,
  ];
  if (opened.batches > 0 || findingCount > 0) {
    lines.push(
      `  Opened    ${opened.batches} batches, ${opened.credentials} credentials; ${unopened} could not be opened`,
    );
  }
  lines.push(...findings.map(({ entry, code, message }) => `  Entry ${entry}: ${message} (${code})`));
  if (findings.some(({ code }) => code === 'store.unreachable')) {
    lines.push(
      '  Batches are to be had elsewhere too: --gateways URLS (DPP_GATEWAYS), or a service, --api URL (DPP_API_URL).',
    );
  }
  return lines.join('\n');
}

export const VERIFY_COMMANDS = [verify, evidence, replay];
