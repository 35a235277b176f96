/** Issuing, and what follows it: putting new versions in the place of old ones, revoking. */
import { type Hex, type LedgerId, RejectedError } from '@dpp-ledger/core';
import { parseDid } from '@dpp-ledger/core/credential';
import { formatMass, parseLot } from '@dpp-ledger/core/materials';
import { buildPassport, lotClaims, type PassportInput, sumClaims } from '@dpp-ledger/core/passport';
import {
  type Client,
  type IssueProgress,
  issue as issueAll,
  revoke as revokeAll,
  supersede as supersedeAll,
  waitIssued,
} from '@dpp-ledger/sdk';
import { openRun, type RunFile } from '@dpp-ledger/sdk/node';
import { defineCommand, type ExitStatus, type Invocation, usageError } from '../command.ts';
import { openService, openSigner, parsePin, readPin, readVoice } from '../connection.ts';
import { type InputLine, readInputs, readMapping } from '../inputs.ts';
import type { Output } from '../output.ts';

const INPUT_FILE = {
  name: 'FILE',
  summary: 'A spreadsheet (.csv, .xlsx), inputs as .json or .ndjson, or - for NDJSON on standard input.',
} as const;
const MAPPING_FLAG = {
  type: 'string',
  value: 'FILE',
  summary: 'How a spreadsheet with columns of its own is read; see docs/spreadsheets.md.',
} as const;
const ISSUE_SETTINGS = ['api', 'issuer', 'issuerName', 'voice', 'key', 'ledger', 'rpc', 'data'] as const;

const issueFlags = {
  'dry-run': { type: 'boolean', summary: 'Read and check everything; sign and send nothing.' },
  mapping: MAPPING_FLAG,
  run: {
    type: 'string',
    value: 'FILE',
    summary: 'What this run remembers, so that it can be gone on with; FILE.dpp-run beside the input by default.',
  },
  wait: { type: 'boolean', summary: 'Wait until everything is anchored.' },
} as const;

const issue = defineCommand({
  name: 'issue',
  summary: 'Sign passports here, and hand them to the service to be stored and anchored.',
  description:
    'The key never leaves this machine. Stop it at any time: the same command goes on where it was, and the same file twice issues nothing twice. Rows that make no passport are named with their reason. Passports that draw on lots are anchored with what they take, for which the key needs the purpose operate.',
  arguments: [INPUT_FILE],
  flags: issueFlags,
  settings: ISSUE_SETTINGS,
  examples: [
    'dpp issue passports.csv --dry-run',
    'dpp issue passports.csv --wait',
    'dpp issue boavizta-data-us.csv --mapping examples/mappings/boavizta.json --voice restated',
  ],
  async run(invocation) {
    const { words, values, output } = invocation;
    const [file = ''] = words;
    const lines = readInputs(file, await readMapping(values.mapping));
    return values['dry-run'] === true ? await tryOut(lines, invocation) : await issueLines(lines, invocation, output);
  },
});

/** Counts of what came of the rows. */
interface RowCounts {
  read: number;
  skipped: number;
  refused: number;
  noted: number;
}

/** Of a dry run, for people; JSON has them all. */
const ROWS_SHOWN = 20;

/** Reads and builds everything that would be signed. */
async function tryOut(
  lines: AsyncIterable<InputLine>,
  { settings, output, signal }: Invocation<typeof issueFlags>,
): Promise<ExitStatus> {
  const counts: RowCounts = { read: 0, skipped: 0, refused: 0, noted: 0 };
  const did = settings.find('issuer');
  const pin = settings.find('ledger');
  const issuer = did === undefined ? undefined : { id: parseDid(did), name: settings.find('issuerName') ?? did };
  const pinned = pin === undefined ? undefined : parsePin(pin);
  const taken = new Map<Hex, bigint>();
  for await (const line of watch(lines, counts, output)) {
    signal.throwIfAborted();
    if (issuer !== undefined) {
      const ledger = pinned ?? findLotLedger(line.input);
      const passport = buildPassport(line.input, {
        ...{ issuer, ledger, voice: readVoice(settings) },
        status: { list: 0n, index: 0 },
        statusListCredential: `${settings.require('api')}/status/0`,
        validFrom: '2026-01-01T00:00:00Z',
      });
      for (const { lot, milligrams } of sumClaims(lotClaims(passport))) {
        taken.set(lot, (taken.get(lot) ?? 0n) + milligrams);
      }
    }
    const { row, subject, notes } = line;
    output.item(
      { row, state: 'ready', subject, notes },
      counts.read <= ROWS_SHOWN ? `Row ${row}: ${subject}` : undefined,
    );
  }
  const more = counts.read > ROWS_SHOWN ? `... and ${counts.read - ROWS_SHOWN} more\n` : '';
  const takes = Array.from(taken, ([lot, milligrams]) => `They would take ${formatMass(milligrams)} of lot ${lot}.\n`);
  const text = `${more}${takes.join('')}Dry run: ${countPassports(counts.read)} could be issued; ${formatKeptBack(counts)}. Nothing was signed or sent.${
    issuer === undefined ? ' Set "issuer" to check also that you may name these subjects.' : ''
  }`;
  const takesOfLots = Array.from(taken, ([lot, milligrams]) => ({ lot, milligrams }));
  output.answer({ summary: { dryRun: true, ...counts, takesOfLots } }, text);
  return statusOf(counts);
}

/** Only so that a passport can be built without one; nothing built with it is signed. */
const NO_LEDGER: LedgerId = {
  chainId: 1,
  genesis: `0x${'0'.repeat(64)}`,
  address: `0x${'0'.repeat(40)}`,
  codeHash: `0x${'0'.repeat(64)}`,
};

/** Where no ledger is set: the one whose lots are named. */
function findLotLedger({ materials = [] }: PassportInput): LedgerId {
  const uri = materials.find(({ lot }) => lot?.startsWith('eip155:'))?.lot;
  if (uri === undefined) return NO_LEDGER;
  const [, chainId, address] = parseLot(uri).ledger.split(':');
  return { ...NO_LEDGER, chainId: Number(chainId), address: address as Hex };
}

async function issueLines(
  lines: AsyncIterable<InputLine>,
  invocation: Invocation<typeof issueFlags>,
  output: Output,
): Promise<ExitStatus> {
  const { words, values, settings, signal } = invocation;
  const [file = ''] = words;
  const runPath = values.run ?? (file === '-' ? undefined : `${file}.dpp-run`);
  if (runPath === undefined) throw usageError(issue, '--run is missing: name a file in which this run is remembered.');
  const signer = await openSigner(invocation);
  const ledger = await readPin(invocation);
  const client = await openService(invocation);
  const run = await openRun(runPath, { ledger, issuer: signer.issuer });
  const counts: RowCounts = { read: 0, skipped: 0, refused: 0, noted: 0 };
  // Of those on their way: by position among the inputs.
  const rows = new Map<number, number>();
  const bar = output.progress('Issuing');
  let done: IssueProgress;
  let anchored: number | undefined;
  try {
    done = await issueAll({
      ...{ signer, ledger, run, client, signal },
      ...{ voice: readVoice(settings), issuerName: settings.require('issuerName') },
      inputs: inputsOf(watch(lines, counts, output), rows),
      onItem: ({ position, cid, receipt, before }) => {
        const { state, id, code, detail } = receipt;
        const row = rows.get(position);
        rows.delete(position);
        const text = state === 'refused' ? `Row ${row}: refused by the service (${code}): ${detail}` : undefined;
        output.item({ row, cid, state, id, code, detail, before }, text);
      },
      onProgress: ({ accepted, refused, before }) => bar.update(accepted + refused + before, counts.read),
    }).finally(() => bar.end());
    if (values.wait === true) anchored = await waitForAll(run, client, output, signal);
  } finally {
    await run.close();
  }
  output.answer(
    { summary: { ...counts, ...done, anchored, run: runPath } },
    [
      `${countPassports(done.accepted)} accepted, ${done.before} had been before, ${done.refused} refused by the service; ${formatKeptBack(counts)}.`,
      ...(done.accepted + done.before === 0
        ? []
        : anchored === undefined
          ? [`The service anchors them; what became of them: dpp issue ${file} --wait`]
          : [anchored === 1 ? 'It is anchored.' : `All ${anchored} are anchored.`]),
      `This run is remembered in ${runPath}: keep it.`,
    ].join('\n'),
  );
  return done.refused > 0 ? 5 : statusOf(counts);
}

async function waitForAll(run: RunFile, client: Client, output: Output, signal: AbortSignal): Promise<number> {
  const bar = output.progress('Anchoring');
  try {
    return await waitIssued({ items: run.items(), client, signal, onProgress: (anchored) => bar.update(anchored) });
  } finally {
    bar.end();
  }
}

type ReadLine = Extract<InputLine, { readonly input: PassportInput }>;

/** Counts lines and tells of those that make no passport. */
async function* watch(lines: AsyncIterable<InputLine>, counts: RowCounts, output: Output): AsyncIterable<ReadLine> {
  for await (const line of lines) {
    if ('input' in line) {
      counts.read += 1;
      if (line.notes.length > 0) {
        counts.noted += 1;
        output.item(
          { row: line.row, state: 'note', notes: line.notes },
          `Row ${line.row}: issued without ${line.notes.join('; ')}`,
        );
      }
      yield line;
    } else {
      counts[line.state] += 1;
      const text =
        line.state === 'skipped' ? `Row ${line.row}: kept back: ${line.reason}` : `Kept back: ${line.reason}`;
      output.item({ row: line.row, state: line.state, reason: line.reason }, text);
    }
  }
}

async function* inputsOf(lines: AsyncIterable<ReadLine>, rows: Map<number, number>): AsyncIterable<PassportInput> {
  let position = 0;
  for await (const { row, input } of lines) {
    rows.set(position++, row);
    yield input;
  }
}

function countPassports(count: number): string {
  return `${count} ${count === 1 ? 'passport' : 'passports'}`;
}

function formatKeptBack({ skipped, refused, noted }: RowCounts): string {
  const keptBack = skipped + refused;
  const rows = `${keptBack} ${keptBack === 1 ? 'row' : 'rows'} kept back (${refused} cannot be read)`;
  return noted === 0 ? rows : `${rows}, cells left out in ${noted}`;
}

function statusOf({ skipped, refused }: RowCounts): ExitStatus {
  return skipped + refused > 0 ? 5 : 0;
}

// ---------------------------------------------------------------------------------------------------- what follows it

const REASONS = ['error', 'recall', 'keyCompromise', 'withdrawn'] as const;
type Reason = (typeof REASONS)[number];
const REASON_FLAG = {
  type: 'string',
  value: 'REASON',
  summary: `Why, for everyone to see: ${REASONS.join(', ')}; required.`,
} as const;

const supersede = defineCommand({
  name: 'supersede',
  summary: 'Issue new versions in the place of current ones, about the same subjects.',
  description:
    'For each row the current passport about the same subject is found; the new one is anchored and the old one marked superseded in one step. The key needs the purposes assert and operate.',
  arguments: [INPUT_FILE],
  flags: { reason: REASON_FLAG, mapping: MAPPING_FLAG },
  settings: ISSUE_SETTINGS,
  examples: ['dpp supersede corrected.csv --reason error'],
  async run(invocation) {
    const { words, values, settings, output, signal } = invocation;
    const reason = parseReason(values.reason, supersede);
    const client = await openService(invocation);
    const signer = await openSigner(invocation);
    const ledger = await readPin(invocation);
    const counts: RowCounts = { read: 0, skipped: 0, refused: 0, noted: 0 };
    const successors: { input: PassportInput; previous: string; cid: string }[] = [];
    for await (const line of watch(readInputs(words[0] ?? '', await readMapping(values.mapping)), counts, output)) {
      const known = await client.findCredentials(line.subject, { signal });
      const current = known.find(({ superseded, revoked }) => superseded !== true && revoked !== true);
      if (current === undefined) {
        throw new RejectedError(
          'service.not-found',
          `Row ${line.row}: there is no current passport of ${line.subject} to supersede. Issue it: dpp issue`,
        );
      }
      successors.push({
        input: line.input,
        previous: await client.fetchCredential(current.cid, { signal }),
        cid: current.cid,
      });
    }
    if (successors.length === 0)
      throw new RejectedError('input.row', 'No row makes a passport: nothing is superseded.');
    const { credentials, answer } = await supersedeAll(successors, {
      ...{
        signer,
        ledger,
        client,
        signal,
        reason,
        voice: readVoice(settings),
        issuerName: settings.require('issuerName'),
      },
    });
    const settled = await client.waitReceipt(answer.id, 'anchored', { signal });
    const replaced = successors.map(({ cid }, i) => ({ previous: cid, cid: credentials[i]?.cid }));
    output.answer(
      { state: settled.state, id: answer.id, replaced },
      replaced.map(({ previous, cid }) => `${previous} is superseded by ${cid}`).join('\n'),
    );
    return statusOf(counts);
  },
});

const revoke = defineCommand({
  name: 'revoke',
  summary: 'Revoke passports: they are not to be relied on any more. This cannot be undone.',
  description: 'The key needs the purpose revoke. Anchoring a revoked passport again does not bring it back.',
  arguments: [{ name: 'CID...', summary: 'The passports, by their CIDs.' }],
  flags: { reason: REASON_FLAG },
  settings: ['api', 'issuer', 'key', 'ledger', 'rpc', 'data'],
  examples: ['dpp revoke bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy --reason recall'],
  async run(invocation) {
    const { words, values, output, signal } = invocation;
    const reason = parseReason(values.reason, revoke);
    const client = await openService(invocation);
    const signer = await openSigner(invocation);
    const ledger = await readPin(invocation);
    const jwts = await Promise.all(words.map((cid) => client.fetchCredential(cid, { signal })));
    const answer = await revokeAll(jwts, { signer, ledger, client, reason, signal });
    const settled = await client.waitReceipt(answer.id, 'anchored', { signal });
    output.answer({ state: settled.state, id: answer.id, revoked: words }, `Revoked: ${words.join(', ')}.`);
    return 0;
  },
});

export const ISSUE_COMMANDS = [issue, supersede, revoke];

function parseReason(text: string | undefined, command: Parameters<typeof usageError>[0]): Reason {
  const reason = REASONS.find((known) => known === text);
  if (reason !== undefined) return reason;
  throw usageError(
    command,
    text === undefined ? '--reason is missing.' : `"${text}" is no reason: ${REASONS.join(', ')}.`,
  );
}
