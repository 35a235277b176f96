/**
 * `pnpm bench:tiles`: how fast a journal is replayed from a mirror in a folder, on one core, beside the raw SHA-256 of the same entries.
 * Entries are those of a ledger with some issuers that anchor and nothing else, by controllers, submitters and keys, all rules folded.
 * `--json` prints one object. Rates are per second of processor time, reading included, so that what else the machine does counts little.
 */
import { hash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  createNoteSigner,
  encodeCheckpoint,
  formatOrigin,
  generateNoteKey,
  parseVerifierKey,
  signNote,
} from '@dpp-ledger/core/checkpoint';
import {
  createCompactRange,
  createTiler,
  encodeBundle,
  formatTilePath,
  hashEntries,
  TILE_WIDTH,
  type TileId,
} from '@dpp-ledger/core/journal';
import { openLog, replay } from '@dpp-ledger/sdk';
import { createFolderTiles } from '@dpp-ledger/sdk/node';
import {
  accreditMaker,
  anchored,
  by,
  createKeyPair,
  createPaperLedger,
  makerId,
} from '../../packages/core/test/journal/paper-ledger.ts';

const ENTRIES = 500_000;
const ROUNDS = 5;
const LEAST = 300_000;

const entries = await makeEntries(ENTRIES);
const folder = await mkdtemp(join(tmpdir(), 'dpp-bench-tiles-'));
try {
  const { publisher, bytes } = await publish(folder);
  const mirror = createFolderTiles(folder);
  const inputs = entries.map((entry) => Buffer.concat([Uint8Array.of(0), entry]));
  const raw = await rate(async () => {
    for (const input of inputs) hash('sha256', input, 'buffer');
  });
  const rawText = await rate(async () => {
    for (const input of inputs) hash('sha256', input, 'hex');
  });
  const tree = await rate(async () => {
    const log = await openLog({ tiles: mirror, publisher });
    const range = createCompactRange();
    for await (const { root, leaves } of log.readBundles({})) {
      if (root !== undefined) range.appendSubtree(Math.log2(TILE_WIDTH), root);
      else for (let at = 0; at < leaves.length; at += 32) range.append(leaves.subarray(at, at + 32));
    }
    if (!Buffer.from(range.root()).equals(log.checkpoint.root)) throw new Error('the tree is another');
  });
  const whole = await rate(async () => {
    const { broken, entries: folded } = await replay({ mirrors: [mirror], publisher });
    if (broken !== undefined || folded !== ENTRIES) throw new Error('the replay broke');
  });
  const result = {
    ...{ entries: ENTRIES, bytesEach: Math.round(bytes / ENTRIES) },
    ...{ rawSha256: raw, rawSha256AsText: rawText, tree, replay: whole },
    ...{ ratio: share(whole, raw), ratioToText: share(whole, rawText), bar: LEAST, met: whole >= LEAST },
  };
  const show = (value: number) => value.toLocaleString('en-GB').padStart(10);
  console.log(
    process.argv.includes('--json')
      ? JSON.stringify(result)
      : [
          `${ENTRIES.toLocaleString('en-GB')} entries of ${result.bytesEach} bytes; entries a second of one core, median of ${ROUNDS}`,
          `  raw SHA-256, each digest a buffer   ${show(raw)}`,
          `  raw SHA-256, each digest as hex     ${show(rawText)}`,
          `  read and checked under the root     ${show(tree)}`,
          `  replayed: checked and folded        ${show(whole)}   ${result.ratio} of the first, ${result.ratioToText} of the second`,
          `  at least ${LEAST.toLocaleString('en-GB')}: ${result.met ? 'met' : 'MISSED'}`,
        ].join('\n'),
  );
  if (!result.met) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Median of entries per second of processor time. */
async function rate(work: () => Promise<void>): Promise<number> {
  const rates: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    // The first round warms up.
    if (round > 0) rates.push((ENTRIES * 1_000_000) / (user + system));
  }
  return Math.round(rates.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0);
}

function share(part: number, whole: number): number {
  return Math.round((100 * part) / whole) / 100;
}

async function makeEntries(count: number): Promise<Uint8Array[]> {
  const ledger = createPaperLedger();
  const key = await createKeyPair();
  accreditMaker(ledger, key);
  const submitter = by('submitter', 'relayer');
  ledger.append(by('controller', 'maker'), {
    kind: 'submitterAppointed',
    issuer: makerId,
    account: submitter.id,
  });
  const made = [...ledger.entries];
  const actors = [submitter, by('controller', 'maker'), by('key', key.id)];
  const templates = actors.map((actor) => ledger.encode(actor, anchored({ root: `0x${'77'.repeat(32)}`, size: 100 })));
  while (made.length < count) {
    const entry = (templates[made.length % templates.length] as Uint8Array).slice();
    // Root and manifest of the batch.
    crypto.getRandomValues(entry.subarray(85, 117));
    crypto.getRandomValues(entry.subarray(119, 151));
    made.push(entry);
  }
  return made;
}

async function publish(folder: string) {
  const ledger = createPaperLedger();
  const signer = await createNoteSigner(await generateNoteKey(formatOrigin(ledger.id, 1)));
  const tiler = createTiler();
  let bytes = 0;
  const write = async (path: string, data: Uint8Array | string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), data);
  };
  for (let index = 0; index * TILE_WIDTH < entries.length; index++) {
    const part = entries.slice(TILE_WIDTH * index, TILE_WIDTH * (index + 1));
    const tile: TileId = { level: 'entries', index, width: part.length };
    const bundle = encodeBundle(part);
    bytes += bundle.length - 2 * part.length;
    await write(formatTilePath(tile), bundle);
    for (const filled of tiler.append(hashEntries(part))) await write(formatTilePath(filled.tile), filled.bytes);
  }
  for (const { tile, bytes } of tiler.edge()) await write(formatTilePath(tile), bytes);
  const text = encodeCheckpoint({ origin: signer.name, size: entries.length, root: tiler.root(), extensions: [] });
  await write('checkpoint', await signNote(text, signer));
  return { publisher: await parseVerifierKey(signer.verifierKey), bytes };
}
