/** Proofs of the public log that stand alone: made from a mirror, verified from the file. */
import {
  decodeBase64Url,
  encodeHex,
  equalBytes,
  IntegrityError,
  InvalidInputError,
  UnavailableError,
} from '@dpp-ledger/core';
import { openTlogProof, type ProvedEntry, parseOrigin } from '@dpp-ledger/core/checkpoint';
import { type Evidence, parseEvidence } from '@dpp-ledger/core/evidence';
import { decodeEntry } from '@dpp-ledger/core/journal';
import { createUrlTiles, proveEntry, type TileSource, verify as verifyOne } from '@dpp-ledger/sdk';
import { createFolderTiles } from '@dpp-ledger/sdk/node';
import { describeEntry } from '@dpp-ledger/web';
import { defineCommand, type Flags, type Invocation, usageError } from '../command.ts';
import { findServiceUrl, openService, parsePin, readPublisher, readWitnessPolicy } from '../connection.ts';
import { readBytesFile, writeNewFile } from '../files.ts';
import type { Output } from '../output.ts';
import { formatInstant } from '../times.ts';
import { linkOf, readWhat } from './verify.ts';

const proofFlags = {
  entry: { type: 'string', value: 'N', summary: 'The index of an entry, from 0, instead of WHAT.' },
  from: {
    type: 'string',
    value: 'WHERE',
    summary: 'A log or a mirror of it, a URL or a folder; the service’s /log by default.',
  },
  out: { type: 'string', value: 'FILE', summary: 'The file to write; standard output by default.' },
} as const;

const proof = defineCommand({
  name: 'log proof',
  summary: 'Write the proof that an entry stands in the public log: a file that stands alone.',
  description:
    'A C2SP tlog-proof: the entry, its inclusion path and a checkpoint, with the cosignatures of witnesses where there are enough. Who knows the log’s key checks it without asking anybody: `dpp log verify-proof`.',
  arguments: [
    {
      name: '[WHAT]',
      summary: 'Whose anchor: a label’s link, a GTIN, a CID, or a file of evidence. Left out where --entry is given.',
    },
  ],
  flags: proofFlags,
  settings: ['api', 'data', 'ledger', 'publisher'],
  examples: [
    'dpp log proof https://dpp.example/01/09521234000013/21/A7K2 --out anchor.tlog-proof',
    'dpp log proof --entry 812 --from https://mirror.example/log --publisher KEY',
  ],
  async run(invocation) {
    const { words, values, settings, output, signal } = invocation;
    const pin = settings.find('ledger');
    const [what] = words;
    if ((what === undefined) === (values.entry === undefined)) {
      throw usageError(proof, 'Give WHAT or --entry, one of the two.');
    }
    const anchor = what === undefined ? undefined : await findAnchor(invocation, what);
    const { file, entry, checkpoint } = await proveEntry({
      tiles: await openTiles(invocation, values.from),
      index: anchor?.index ?? readIndex(values.entry ?? ''),
      publisher: await readPublisher(settings),
      ledger: pin === undefined ? undefined : parsePin(pin),
      signal,
    });
    if (anchor !== undefined && !equalBytes(anchor.bytes, entry)) {
      throw new IntegrityError(
        'checkpoint.not-included',
        `The log has another entry at index ${anchor.index} than the evidence names as its anchor.`,
      );
    }
    if (values.out === undefined) output.raw(file);
    else {
      await writeNewFile(values.out, file);
      const { origin, size } = checkpoint;
      output.answer(
        { file: values.out, entry: encodeHex(entry), origin, size },
        `Wrote ${values.out}. Verify it: dpp log verify-proof ${values.out} --publisher KEY`,
      );
    }
    return 0;
  },
});

/** The entry that evidence names; whether the log has it there is seen when it is proved. */
async function findAnchor(
  invocation: Invocation<typeof proofFlags>,
  text: string,
): Promise<{ readonly index: number; readonly bytes: Uint8Array }> {
  const what = await readWhat(text);
  if ('jwt' in what) throw usageError(proof, 'WHAT is a link, a GTIN, a CID or a file of evidence.');
  if ('evidence' in what) return anchorOf(parseEvidence(what.evidence).entry);
  const source = await openService(invocation, linkOf(what));
  const { evidence } = await verifyOne(what, { ledger: undefined, source, signal: invocation.signal });
  if (evidence !== undefined) return anchorOf(evidence.entry);
  throw new UnavailableError('store.not-found', 'The service has no evidence that can be read.');
}

function anchorOf({ index, bytes }: Evidence['entry']) {
  return { index, bytes: decodeBase64Url(bytes) };
}

async function openTiles(
  { settings }: Pick<Invocation<Flags>, 'settings'>,
  from: string | undefined,
): Promise<TileSource> {
  const where = from ?? new URL('/log', await findServiceUrl(settings)).href;
  return /^https?:\/\//i.test(where) ? createUrlTiles({ url: where }) : createFolderTiles(where);
}

/** Errors: `usage.command`. */
function readIndex(text: string): number {
  if (/^(?:0|[1-9]\d{0,14})$/.test(text)) return Number(text);
  throw usageError(proof, `--entry is a whole number, not "${text}".`);
}

const verifyProof = defineCommand({
  name: 'log verify-proof',
  summary: 'Verify a proof of the public log from its file alone.',
  description:
    'Nobody is asked. It is believed under the log’s key (--publisher, or a line "log" of the policy) and, with a policy, under the cosignatures of its quorum. Cosignatures say that the log only grew, as each witness saw it, and no more: whether an entry is the contract’s, `dpp replay` finds, and `dpp verify` what it means for a passport.',
  arguments: [{ name: 'FILE', summary: 'The proof (- for standard input).' }],
  flags: {},
  settings: ['publisher', 'witnessPolicy', 'ledger'],
  examples: [
    'dpp log verify-proof anchor.tlog-proof --publisher KEY',
    'dpp log verify-proof anchor.tlog-proof --witness-policy policy.txt',
  ],
  async run({ words, settings, output }) {
    const publisher = await readPublisher(settings);
    const policy = await readWitnessPolicy(settings);
    const logs = publisher === undefined ? [] : [publisher];
    if (logs.length + (policy?.logs.length ?? 0) === 0) {
      throw new InvalidInputError(
        'usage.configuration',
        'Whose log is it? Give its key (--publisher), or a policy with a line "log" (--witness-policy).',
      );
    }
    const proved = await openTlogProof(await readBytesFile(words[0] ?? ''), {
      logs,
      ...(policy === undefined ? {} : { policy }),
    });
    const { index, entry, cosigned } = proved;
    const { origin, size, root } = proved.checkpoint;
    const pin = settings.find('ledger');
    if (pin !== undefined && parseOrigin(origin, parsePin(pin)) === undefined) {
      throw new IntegrityError(
        'checkpoint.origin',
        `This is a proof for the log ${origin}, which is not the pinned ledger's.`,
      );
    }
    output.answer(
      {
        ...{ index, entry: encodeHex(entry), origin, size, root: encodeHex(root), quorum: policy?.sentence },
        cosigned: cosigned.map(({ name, time }) => ({ name, time })),
      },
      formatProved(proved, output, policy?.sentence),
    );
    return 0;
  },
});

function formatProved(
  { index, entry, checkpoint: { origin, size, root }, cosigned }: ProvedEntry,
  output: Output,
  quorum: string | undefined,
): string {
  const decoded = decodeEntry(entry);
  const witnesses = cosigned.map(({ name, time }) => `${name} at ${formatInstant(time)}`).join(', ');
  return [
    output.style('bold', `ENTRY ${index} STANDS IN THE LOG, unaltered, of ${size} entries.`),
    `  Entry     ${formatInstant(decoded.blockTime)}  ${describeEntry(decoded)}`,
    `  Log       ${origin}`,
    `  Root      ${encodeHex(root)}, signed with the log's key`,
    ...(quorum === undefined ? [] : [`  Policy    ${quorum}`]),
    ...(cosigned.length === 0
      ? ['  Cosigned  by no witness that you named: another reader may be shown another log']
      : [
          `  Cosigned  by ${witnesses}`,
          '            A cosignature says that the log only grew, as that witness saw it: you are shown what it was shown.',
          '            It says nothing of the contract, nor of what the entries mean.',
        ]),
  ].join('\n');
}

export const LOG_COMMANDS = [proof, verifyProof];
