/** Packing: evidence and the facts to judge it by, in one file that needs no network. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { InvalidInputError, joinBytes, UnavailableError } from '@dpp-ledger/core';
import { type Evidence, parseEvidence } from '@dpp-ledger/core/evidence';
import { verifyPack } from '@dpp-ledger/core/pack';
import {
  type Client,
  createUrlTiles,
  openCosignedLog,
  openLog,
  packEvidence,
  verify as verifyOne,
} from '@dpp-ledger/sdk';
import { createStateReader } from '@dpp-ledger/sdk/ledger';
import { readRunCids } from '@dpp-ledger/sdk/node';
import { defineCommand, type ExitStatus, type Invocation, usageError } from '../command.ts';
import { findEndpoints, findServiceUrl, openPinned, openService, readPublisher } from '../connection.ts';
import { openBytesFile, readTextFile, writeNewFile } from '../files.ts';
import { createTally, readPolicy } from '../packs.ts';
import { formatInstant, nowInSeconds } from '../times.ts';
import { linkOf, readName } from './verify.ts';

const packFlags = {
  out: { type: 'string', value: 'FILE', summary: 'The file to write: passport.pack.' },
  policy: {
    type: 'string',
    value: 'FILE',
    summary: 'Whose witnesses are asked, and how many must agree: docs/policy.md.',
  },
  log: {
    type: 'string',
    value: 'URL',
    summary: 'The log that the witnesses cosign; the service’s /log by default.',
  },
} as const;

const pack = defineCommand({
  name: 'pack',
  summary: 'Pack passports with all that a verifier needs, facts included, into one file.',
  description:
    'The policy’s witnesses are asked to state the chain’s state, at the block of the tree head that they cosigned last; the chain endpoint proves from it what the contract holds of issuers, keys, grants and status. Whoever has the file verifies it without a network: dpp verify FILE --policy FILE --offline. Pack again when it grows too old for the policy. Exit status: 0 all are valid, 5 some are not, which the file shows.',
  arguments: [
    {
      name: 'WHAT...',
      summary:
        'Labels’ links, GTINs, CIDs; files: of evidence, of a run (*.dpp-run), or with one of these a line; - for such lines on standard input.',
    },
  ],
  flags: packFlags,
  settings: ['api', 'rpc', 'agree', 'ledger', 'data', 'confirmations', 'publisher'],
  examples: [
    'dpp pack https://dpp.example/01/09521234000013/21/A7K2 --out passport.pack --policy policy.json',
    'dpp pack laptops.csv.dpp-run --out pallet.pack --policy policy.json --rpc https://node.example',
  ],
  async run(invocation) {
    const { words, values, settings, output, signal } = invocation;
    if (values.out === undefined) throw usageError(pack, '--out is missing: name the file to write.');
    if (values.policy === undefined) throw usageError(pack, '--policy is missing: it says whose witnesses are asked.');
    const policy = await readPolicy(values.policy);
    const { witnesses } = policy;
    if (witnesses === undefined) throw usageError(pack, `${values.policy} has no witnesses ("witnessPolicy").`);
    const ledger = await openPinned(invocation, policy);
    const { urls } = policy.endpoints ?? (await findEndpoints(settings));
    const tiles = createUrlTiles({ url: values.log ?? new URL('/log', await findServiceUrl(settings)).href });
    const common = { tiles, publisher: await readPublisher(settings), ledger: ledger.id, signal };
    const log = (await openCosignedLog(common)) ?? (await openLog(common));
    const bar = output.progress('Packing');
    let packed: Awaited<ReturnType<typeof packEvidence>>;
    try {
      packed = await packEvidence({
        ...{ ledger, witnesses, log: log.checkpoint, signal },
        state: createStateReader({ urls, address: ledger.id.address }),
        evidence: fetchAll(words, invocation),
        onProgress: ({ packed: count }) => bar.update(count),
      });
    } finally {
      bar.end();
    }
    const tally = createTally();
    for await (const report of verifyPack(packed.chunks, { policy, now: nowInSeconds() })) tally.add(report);
    const bytes = joinBytes(packed.chunks);
    await writeNewFile(values.out, bytes);
    const { counts } = tally;
    const { block } = packed.statement;
    for (const { name, reason } of packed.silent) output.note(`Without the witness ${name}: ${reason}.`);
    output.answer(
      {
        ...{ file: values.out, bytes: bytes.length, passports: packed.count, counts, block },
        ...{ witnesses: packed.vouching, without: packed.silent },
      },
      [
        `Wrote ${values.out}: ${packed.count} ${packed.count === 1 ? 'passport' : 'passports'}, ${bytes.length} bytes, as of block ${block.number} (${formatInstant(block.time)}), on the word of ${packed.vouching.join(', ')}.`,
        ...(counts.valid === packed.count
          ? []
          : [`Not all are valid. Invalid: ${counts.invalid}. Cannot be decided: ${counts.indeterminate}.`]),
        `Verify it: dpp verify ${values.out} --policy ${values.policy} --offline`,
      ].join('\n'),
    );
    return counts.valid === packed.count ? 0 : (5 satisfies ExitStatus);
  },
});

/** Asked for together. */
const TOGETHER = 16;

type Named = { readonly uri: string } | { readonly cid: string } | { readonly evidence: Evidence };

/** In their order, several on their way at a time. */
async function* fetchAll(words: readonly string[], invocation: Invocation<typeof packFlags>): AsyncGenerator<Evidence> {
  const waiting: Promise<Evidence>[] = [];
  for await (const named of readAllNames(words)) {
    const asked = fetchOne(named, invocation);
    // A failure is met in its turn.
    asked.catch(() => undefined);
    waiting.push(asked);
    if (waiting.length === TOGETHER) yield (await waiting.shift()) as Evidence;
  }
  for (const asked of waiting) yield await asked;
}

async function fetchOne(named: Named, invocation: Invocation<typeof packFlags>): Promise<Evidence> {
  if ('evidence' in named) return named.evidence;
  const source: Client = await openService(invocation, linkOf(named));
  const { evidence } = await verifyOne(named, { ledger: undefined, source, signal: invocation.signal });
  if (evidence !== undefined) return evidence;
  const name = 'uri' in named ? named.uri : named.cid;
  throw new UnavailableError('store.not-found', `The service has no evidence of ${name} that can be read.`);
}

async function* readAllNames(words: readonly string[]): AsyncGenerator<Named> {
  for (const word of words) {
    const name = readName(word);
    if (name !== undefined) yield name;
    else yield* readNamesFrom(word);
  }
}

/** From a file: of evidence, of a run, or of lines. Errors: `input.shape`, `run.mismatch`. */
async function* readNamesFrom(path: string): AsyncGenerator<Named> {
  if (path !== '-') {
    const { start } = await openBytesFile(path);
    const beginning = new TextDecoder().decode(start.subarray(0, 256)).trimStart();
    if (beginning.startsWith('{"run":')) {
      for await (const cid of readRunCids(path)) yield { cid };
      return;
    }
    if (beginning.startsWith('{')) {
      yield { evidence: parseEvidence(await readTextFile(path)) };
      return;
    }
  }
  let row = 0;
  const input = path === '-' ? process.stdin : createReadStream(path);
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    row += 1;
    const text = line.trim();
    if (text === '') continue;
    const name = readName(text);
    if (name === undefined) {
      throw new InvalidInputError('input.shape', `${path}, line ${row}: neither a link, nor a GTIN, nor a CID.`);
    }
    yield name;
  }
}

export const PACK_COMMANDS = [pack];
