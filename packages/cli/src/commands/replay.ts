/** Checking everything that the ledger ever did, and what others report of having done so. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IndexComparison } from '@dpp-ledger/api';
import { InvalidInputError, type LedgerId, parseJson } from '@dpp-ledger/core';
import {
  AUDIT_DEPTHS,
  type AuditReport,
  encodeAuditReport,
  FINDING_KINDS,
  FINDINGS,
  openAudit,
  signAudit,
} from '@dpp-ledger/core/audit';
import type { NoteVerifier } from '@dpp-ledger/core/checkpoint';
import { createKeySigner, parsePublicJwk } from '@dpp-ledger/core/credential';
import { decodeEntry } from '@dpp-ledger/core/journal';
import {
  createUrlTiles,
  describeRun,
  type ReplayNotes,
  type ReplayProgress,
  type ReplayResult,
  readEntries,
  replay as replayAll,
  type TileSource,
} from '@dpp-ledger/sdk';
import { connectLedger, type LedgerReader } from '@dpp-ledger/sdk/ledger';
import { createFolderTiles, createThreadJudge, openReplayFolder, readKeyFile } from '@dpp-ledger/sdk/node';
import { auditPage, describeEntry } from '@dpp-ledger/web';
import { defineCommand, type ExitStatus, type Invocation, usageError } from '../command.ts';
import {
  findLocal,
  openGateways,
  openLedger,
  parsePin,
  readEndpoints,
  readFinality,
  readPublisher,
} from '../connection.ts';
import { readTextFile, writeNewFile } from '../files.ts';
import { encodeJson, type Output, type Progress } from '../output.ts';
import { formatInstant } from '../times.ts';

const replayFlags = {
  depth: {
    type: 'string',
    value: 'DEPTH',
    summary:
      'journal (by default): the entries; batches: also every manifest, every root rebuilt; credentials: also every credential judged, on all cores.',
  },
  tiles: {
    type: 'string',
    value: 'WHERE',
    multiple: true,
    summary:
      'Read the entries from a mirror, a folder or a URL; may be given several times. One that fails or lies is named, and the next is asked, the chain last. Without a chain the tree head is the largest checkpoint’s, which --publisher must have signed.',
  },
  from: { type: 'string', value: 'FILE', summary: 'Go on from a snapshot: your own word for everything before it.' },
  save: { type: 'string', value: 'FILE', summary: 'Write a snapshot to go on from.' },
  resume: {
    type: 'string',
    value: 'DIR',
    summary: 'Keep what is written down on the way in this folder: the same command goes on where it was ended.',
  },
  report: {
    type: 'string',
    value: 'DIR',
    summary:
      'Write the audit report: report.json, the same for whoever replays to this block; report.html for people; report.jwt, signed, where --key names a key.',
  },
  entries: { type: 'boolean', summary: 'Print every entry that was read and proven, before the answer.' },
} as const;

const replay = defineCommand({
  name: 'replay',
  summary: 'Rebuild the ledger’s whole history from its entries, meet the contract’s root, and audit what it anchors.',
  description:
    'If the roots meet, nothing was hidden, altered or put in another order, whichever endpoints or mirrors the entries came from. docs/audit.md says what may be concluded. Exit status: 0 they meet and nothing is at fault, 1 they do not, or somebody holds another journal, 5 they meet and something behind the journal is at fault.',
  arguments: [],
  flags: replayFlags,
  settings: ['rpc', 'agree', 'ledger', 'data', 'api', 'gateways', 'confirmations', 'publisher', 'key'],
  examples: [
    'dpp replay --rpc https://node.example',
    'dpp replay --depth credentials --resume audit.work --report audit --key keys/auditor.jwk.json',
    'dpp replay --tiles https://mirror.example/log --tiles /srv/log --rpc https://node.example',
  ],
  async run(invocation) {
    const { values, settings, output, signal } = invocation;
    const depth = AUDIT_DEPTHS.find((known) => known === (values.depth ?? 'journal'));
    if (depth === undefined) throw usageError(replay, `--depth is ${AUDIT_DEPTHS.join(', ')}, not "${values.depth}".`);
    const history = await openHistory(invocation);
    if (
      history.ledger === undefined &&
      history.pin === undefined &&
      (depth !== 'journal' || values.report !== undefined)
    ) {
      throw new InvalidInputError('usage.configuration', 'Say which ledger it must be: --ledger PIN.');
    }
    const startedAt = seconds();
    const bar = showProgress(output);
    const work = values.resume ?? (await mkdtemp(join(tmpdir(), 'dpp-replay-')));
    const notes = await openReplayFolder(work);
    let result: ReplayResult;
    try {
      result = await replayAll({
        ...{ ...history, depth, notes, signal, createJudge: createThreadJudge },
        ...(depth === 'journal' ? {} : { source: await openGateways(settings) }),
        ...(values.from === undefined ? {} : { from: parseJson(await readTextFile(values.from)) }),
        ...(values.entries === true ? { keep: 'entries' } : {}),
        onProgress: bar.update,
      });
      bar.end();
      if (values.entries === true) await printEntries(notes, result, output, signal);
    } finally {
      bar.end();
      await notes.close();
      if (values.resume === undefined) await rm(work, { recursive: true });
    }
    if (values.save !== undefined)
      await writeNewFile(values.save, `${encodeJson(result.snapshot)}\n`, { overwrite: true });
    const files = values.report === undefined ? [] : await writeReport(values.report, result, startedAt, invocation);
    output.answer({ ...describeReplay(result), files }, formatReplay(result, files, output));
    if (result.broken !== undefined || result.views.length > 0) return 1;
    return result.faults > 0 ? 5 : (0 satisfies ExitStatus);
  },
});

interface History {
  readonly ledger?: LedgerReader;
  readonly endpoints?: readonly LedgerReader[];
  readonly mirrors: readonly TileSource[];
  readonly publisher?: NoteVerifier | undefined;
  readonly pin?: LedgerId;
}

/** Errors: `usage.configuration` where there is neither a chain nor a publisher's key to meet. */
async function openHistory(invocation: Invocation<typeof replayFlags>): Promise<History> {
  const { values, settings } = invocation;
  const mirrors = (values.tiles ?? []).map((where) =>
    /^https?:\/\//i.test(where) ? createUrlTiles({ url: where }) : createFolderTiles(where),
  );
  const publisher = await readPublisher(settings);
  const local = await findLocal(settings);
  if (settings.find('rpc') !== undefined || local !== undefined || mirrors.length === 0) {
    const ledger = await openLedger(invocation);
    const urls = local === undefined ? readEndpoints(settings) : [];
    const endpoints = urls.length > 1 ? await openEach(urls, ledger.id, invocation) : [];
    return { ledger, endpoints, mirrors, publisher };
  }
  if (publisher === undefined) {
    throw new InvalidInputError(
      'usage.configuration',
      'Whose tree head is to be met? Give a chain endpoint (--rpc), or the key of the publisher who signed the checkpoint (--publisher).',
    );
  }
  const pin = settings.find('ledger');
  return { mirrors, publisher, ...(pin === undefined ? {} : { pin: parsePin(pin) }) };
}

/** One by one, so that entries are taken from each by itself, and the one that lies is named. Who does not answer is left to the quorum. */
async function openEach(
  urls: readonly string[],
  pin: LedgerId,
  { settings, output, signal }: Invocation<typeof replayFlags>,
): Promise<LedgerReader[]> {
  const finality = readFinality(settings);
  const opened = await Promise.allSettled(urls.map((url) => connectLedger({ url, pin, finality, signal })));
  signal.throwIfAborted();
  return opened.flatMap((one) => {
    if (one.status === 'fulfilled') return [one.value];
    output.note(one.reason instanceof Error ? one.reason.message : String(one.reason));
    return [];
  });
}

/** The proven ones: of a journal that breaks, those before. */
async function printEntries(
  notes: ReplayNotes,
  { fold }: ReplayResult,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  for await (const { index, bytes } of readEntries(notes)) {
    signal.throwIfAborted();
    const entry = decodeEntry(bytes);
    const issuer = 'issuer' in entry ? fold.state.issuers.get(entry.issuer)?.did : undefined;
    const place = `${String(index).padStart(8)}  ${formatInstant(entry.blockTime)}`;
    output.item({ index, did: issuer, ...entry }, `${place}  ${describeEntry(entry, issuer)}`);
  }
}

const STEPS: Readonly<Record<ReplayProgress['step'], string>> = {
  entries: 'Reading entries',
  acts: 'Looking at acts',
  batches: 'Rebuilding batches',
  credentials: 'Judging credentials',
  records: 'Comparing',
};

/** One bar for each thing that is done, below each other. */
export function showProgress(output: Pick<Output, 'progress'>): {
  update(progress: ReplayProgress): void;
  end(): void;
} {
  let bar: Progress | undefined;
  let shown: ReplayProgress['step'] | undefined;
  function end(): void {
    bar?.end();
    bar = undefined;
    shown = undefined;
  }
  return {
    update({ step, done, of }) {
      if (step !== shown) {
        end();
        bar = output.progress(STEPS[step]);
        shown = step;
      }
      bar?.update(done, of);
    },
    end,
  };
}

// --------------------------------------------------------------------------------------------------------------------- report

async function writeReport(
  folder: string,
  result: ReplayResult,
  startedAt: number,
  { settings }: Invocation<typeof replayFlags>,
): Promise<string[]> {
  const { report } = result;
  if (report === undefined) throw new TypeError('a report names its ledger');
  const run = describeRun(result, { startedAt, endedAt: seconds() });
  const signer =
    settings.origin('key') === 'default'
      ? undefined
      : await createKeySigner(await readKeyFile(settings.require('key')));
  const files: (readonly [name: string, text: string])[] = [
    ['report.json', encodeAuditReport(report)],
    ['report.html', auditPage({ report, run, signedBy: signer?.keyId })],
    ...(signer === undefined ? [] : [['report.jwt', `${await signAudit({ report, run }, signer)}\n`] as const]),
  ];
  await mkdir(folder, { recursive: true });
  for (const [name, text] of files) await writeNewFile(join(folder, name), text, { overwrite: true });
  return files.map(([name]) => join(folder, name));
}

function describeReplay({
  ledger,
  source,
  sources,
  views,
  head,
  broken,
  entries,
  opened,
  faults,
  report,
}: ReplayResult) {
  const { size, root, blockNumber, blockHash, blockTime } = head;
  return {
    ...{ meets: broken === undefined, ledger, source, sources, views, entries, opened, broken, faults },
    head: { size, root, blockNumber, blockHash, blockTime },
    findings: report && Object.fromEntries(FINDING_KINDS.map((kind) => [kind, report.findings[kind].total])),
  };
}

function formatReplay(result: ReplayResult, files: readonly string[], output: Output): string {
  const { broken, head, source, sources, views, entries, opened, faults, report } = result;
  const found = report === undefined ? [] : FINDING_KINDS.filter((kind) => report.findings[kind].total > 0);
  const behind = faults === 0 ? '' : `; BUT ${faults} ${faults === 1 ? 'THING IS' : 'THINGS ARE'} AT FAULT BEHIND IT`;
  return [
    output.style(
      'bold',
      broken === undefined
        ? `THE JOURNAL MEETS THE CONTRACT: all ${entries} entries, in order, unaltered${behind}.`
        : `THE JOURNAL DOES NOT MEET THE CONTRACT at entry ${broken.entry}.`,
    ),
    ...(broken === undefined
      ? []
      : [`  Block     ${broken.block}`, `  Expected  ${broken.expected}`, `  Found     ${broken.found}`]),
    `  Root      ${head.root}`,
    head.blockNumber === undefined || head.blockTime === undefined
      ? `  Head      ${head.size} entries, on the word of ${source}`
      : `  Block     ${head.blockNumber} (${formatInstant(head.blockTime)}), on the word of ${source}`,
    ...views.map(({ name, message }) => `  OTHER     ${name}: ${message}`),
    ...sources.map(
      ({ name, entries: given, failure }) =>
        `  Entries   ${given} from ${name}${failure === undefined ? '' : `: ${failure.message} (${failure.code})`}`,
    ),
    ...(opened.batches > 0 ? [`  Opened    ${opened.batches} batches, ${opened.credentials} credentials judged`] : []),
    ...(report?.materials === undefined || report.materials.lines.total === 0
      ? []
      : [`  Material  ${report.materials.lines.total} lines of books, which close: --report DIR lists them`]),
    ...found.flatMap((kind) => formatFindings(kind, report)),
    ...(report !== undefined && report.findings.unread.total > 0
      ? [
          '  Batches are to be had elsewhere too: --gateways URLS (DPP_GATEWAYS), or a service, --api URL (DPP_API_URL).',
        ]
      : []),
    ...files.map((file) => `  Wrote     ${file}`),
  ].join('\n');
}

/** Of each kind, so many are told on the terminal. */
const TOLD = 5;

function formatFindings(kind: (typeof FINDING_KINDS)[number], report: AuditReport | undefined): string[] {
  const list = report?.findings[kind];
  if (list === undefined) return [];
  const more = list.total > TOLD ? [`    and ${list.total - TOLD} more: --report DIR lists them`] : [];
  return [
    `  ${FINDINGS[kind].title}: ${list.total}`,
    ...list.items.slice(0, TOLD).map((item) => `    ${encodeJson(item)}`),
    ...more,
  ];
}

function seconds(): number {
  return Math.floor(Date.now() / 1_000);
}

// --------------------------------------------------------------------------------------------------------------------- audits

const auditVerify = defineCommand({
  name: 'audit verify',
  summary: 'Check a signed audit report: who signed it, that nothing was altered, and what it says.',
  description:
    'Exit status: 0 signed by the auditor whose key is given, and nothing is at fault; 1 another key, altered or another report, or it says that the journal is broken or that somebody holds another one; 3 nothing is at fault, but without --auditor only you can say whose key it is; 5 it lists faults, whoever signed it.',
  arguments: [{ name: 'FILE', summary: 'report.jwt, as `dpp replay --report` wrote it.' }],
  flags: {
    auditor: { type: 'string', value: 'FILE', summary: 'The auditor’s public key, as `dpp key show` prints it.' },
    report: {
      type: 'string',
      value: 'FILE',
      summary: 'A report.json that must be the signed one, byte for byte: your own of the same block, say.',
    },
  },
  settings: [],
  examples: [
    'dpp audit verify report.jwt --auditor auditor.jwk.json',
    'dpp audit verify report.jwt --report mine/report.json',
  ],
  async run({ words: [file = ''], values, output }) {
    const key =
      values.auditor === undefined ? undefined : parsePublicJwk(parseJson(await readTextFile(values.auditor)));
    const { report, run, keyId } = await openAudit(await readTextFile(file), { key });
    const isSame =
      values.report === undefined ? undefined : (await readTextFile(values.report)) === encodeAuditReport(report);
    const { ledger, depth, outcome, head, findings } = report;
    const totals = Object.fromEntries(FINDING_KINDS.map((kind) => [kind, findings[kind].total]));
    const found = FINDING_KINDS.filter((kind) => findings[kind].total > 0);
    output.answer(
      { keyId, isKnown: key !== undefined, isSame, ledger, depth, outcome, head, findings: totals, run },
      [
        output.style(
          'bold',
          `SIGNED with the key ${keyId}${key === undefined ? ': compare it with the auditor’s' : ', the auditor’s'}.`,
        ),
        `  Says      ${outcome.toUpperCase()}, at depth ${depth}`,
        `  Ledger    ${ledger.address} on chain ${ledger.chainId}`,
        `  Head      ${head.size} entries${head.block === undefined ? '' : ` at block ${head.block.number} (${formatInstant(head.block.time)})`}`,
        `  Made      ${formatInstant(run.endedAt)}, on the word of ${run.head}`,
        ...found.map((kind) => `  ${FINDINGS[kind].title}: ${findings[kind].total}`),
        ...(isSame === undefined
          ? []
          : [`  Compared  ${values.report} is ${isSame ? 'the same, byte for byte' : 'ANOTHER REPORT'}`]),
      ].join('\n'),
    );
    if (isSame === false || outcome === 'broken' || run.views.length > 0) return 1;
    // A fault is worth a look whoever tells of it; that nothing is at fault is worth as much as who says so.
    if (outcome === 'faults') return 5;
    return key === undefined ? 3 : 0;
  },
});

const auditIndex = defineCommand({
  name: 'audit index',
  summary: 'Compare a service’s index with the ledger, row by row.',
  description:
    'Reads the database of DPP_DATABASE_URL, all of one moment, whether or not a service runs on it, and changes nothing. Each entry, node, anchor, status and credential is held against what the chain and the store make of it. Exit status: 0 nothing differs, 1 something does: delete the index, and the service builds it anew.',
  arguments: [],
  flags: {
    entries: { type: 'boolean', summary: 'Only what entries say: no credentials are read.' },
  },
  settings: ['database', 'rpc', 'agree', 'ledger', 'data', 'api', 'gateways', 'confirmations'],
  examples: ['dpp audit index --rpc https://node.example --gateways https://ipfs.example'],
  async run(invocation) {
    const { values, settings, output, signal } = invocation;
    const ledger = await openLedger(invocation);
    const source = values.entries === true ? undefined : await openGateways(settings);
    const { compareIndex, openDatabase } = await import('@dpp-ledger/api');
    const database = openDatabase({ url: settings.require('database'), poolSize: 1 });
    const bar = output.progress('Comparing');
    try {
      const compared = await compareIndex(database, {
        ledger,
        source,
        signal,
        onProgress: (done, of) => bar.update(done, of),
      });
      output.answer(compared, formatComparison(compared, output));
      return compared.total === 0 ? 0 : 1;
    } finally {
      bar.end();
      await database.close();
    }
  },
});

function formatComparison(
  { blockNumber, entries, credentials, unread, differences, total }: IndexComparison,
  output: Output,
): string {
  return [
    output.style(
      'bold',
      total === 0
        ? `THE INDEX IS WHAT THE LEDGER MAKES: ${entries} entries at block ${blockNumber}, ${credentials} credentials.`
        : `THE INDEX DIFFERS FROM THE LEDGER in ${total} ${total === 1 ? 'place' : 'places'}, at block ${blockNumber}.`,
    ),
    ...differences.map(
      ({ table, row, column, expected, found }) => `  ${table}, ${row}: ${column} is ${found}, expected ${expected}`,
    ),
    ...(total > differences.length ? [`  and ${total - differences.length} more`] : []),
    ...(unread === 0 ? [] : [`  ${unread} blocks could not be read: nothing is said of their rows`]),
  ].join('\n');
}

export const REPLAY_COMMANDS = [replay, auditVerify, auditIndex];
