/** Our mirrors before a judge of others: `fsck` of Tessera, which reads C2SP tlog-tiles. Installed by `scripts/engines/with-engines.ts`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createNoteSigner,
  encodeCheckpoint,
  formatOrigin,
  generateNoteKey,
  type NoteSigner,
  parseVerifierKey,
  signNote,
} from '@dpp-ledger/core/checkpoint';
import { createTiler, encodeBundle, formatTilePath, hashEntries } from '@dpp-ledger/core/journal';
import type { TileSource } from '@dpp-ledger/sdk';
import { acts, calls } from '@dpp-ledger/sdk/ledger';
import { mirrorChain, mirrorLog } from '@dpp-ledger/sdk/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accredit, batch, startLedger } from '../../packages/sdk/test/support.ts';

const FSCK = process.env.DPP_TEST_FSCK;
const ENTRIES = 3_000;
/** More than 256 tiles of leaves, so that there are tiles of three levels. */
const MANY = 66_000;
const LIMIT_MS = 30_000;

let base: string;
let signer: NoteSigner;
let keyFile: string;
/** Made from a real chain. */
let mirror: string;

beforeAll(async () => {
  if (FSCK === undefined) return;
  base = await mkdtemp(join(tmpdir(), 'dpp-fsck-'));
  const ledger = await startLedger();
  try {
    const issuer = await accredit(ledger);
    for (let done = 0; done < ENTRIES; done += 200) {
      const anchors = Array.from({ length: 200 }, (_, i) => acts.anchor(batch(done + i)));
      await issuer.writer.send(calls.act({ issuer: issuer.id, acts: anchors }));
    }
    signer = await createNoteSigner(await generateNoteKey(formatOrigin(ledger.reader.id, 1)));
    keyFile = join(base, 'key.pub');
    await writeFile(keyFile, signer.verifierKey);
    mirror = join(base, 'mirror');
    await mirrorChain({ folder: mirror, ledger: ledger.reader, signer, epoch: 1 });
  } finally {
    await ledger.stop();
  }
});
afterAll(async () => {
  if (base !== undefined) await rm(base, { recursive: true, force: true });
});

/**
 * What it says in the end. Its exit status is 0 even where it failed, and on a wrong range it may never end: then it is ended as soon as it
 * has said so.
 */
async function fsck(folder: string): Promise<{ verdict: 'passed' | 'failed' | 'invalid'; said: string }> {
  const args = ['-storage_url', `file://${folder}/`, '-public_key', keyFile, '-ui=false', '-v', '2'];
  const child = spawn(FSCK ?? '', args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: LIMIT_MS });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes(':Invalid')) child.kill();
    });
  }
  const [status] = await once(child, 'close');
  if (said.includes(':Invalid')) return { verdict: 'invalid', said };
  const [, ranges = ''] = said.split('Completed ranges:');
  const isAllOk = /:OK/.test(ranges) && !/:(?!OK)[A-Z]/.test(ranges);
  return { verdict: status === 0 && !said.includes('fsck failed') && isAllOk ? 'passed' : 'failed', said };
}

async function alter(path: string, at: number): Promise<string> {
  const folder = await mkdtemp(join(base, 'altered-'));
  await cp(mirror, folder, { recursive: true });
  const bytes = await readFile(join(folder, path));
  await writeFile(join(folder, path), bytes.with(at, (bytes[at] ?? 0) ^ 1));
  return folder;
}

/** A log of made-up entries in memory. */
async function paperLog(size: number): Promise<TileSource> {
  const files = new Map<string, Uint8Array>();
  const tiler = createTiler();
  for (let index = 0; index * 256 < size; index++) {
    const width = Math.min(256, size - 256 * index);
    const entries = Array.from({ length: width }, (_, i) => new TextEncoder().encode(`entry ${256 * index + i}`));
    files.set(formatTilePath({ level: 'entries', index, width }), encodeBundle(entries));
    for (const { tile, bytes } of tiler.append(hashEntries(entries))) files.set(formatTilePath(tile), bytes);
  }
  for (const { tile, bytes } of tiler.edge()) files.set(formatTilePath(tile), bytes);
  const text = encodeCheckpoint({ origin: signer.name, size, root: tiler.root(), extensions: [] });
  files.set('checkpoint', new TextEncoder().encode(await signNote(text, signer)));
  return { name: 'paper', read: async (path) => files.get(path) ?? Promise.reject(new Error(`no ${path}`)) };
}

describe.skipIf(FSCK === undefined)('fsck of Tessera (DPP_TEST_FSCK names the program)', () => {
  it(`passes on our mirror of ${ENTRIES} entries of a real ledger`, async () => {
    const { verdict, said } = await fsck(mirror);
    expect(verdict, said).toBe('passed');
  });

  it(`passes on our mirror of ${MANY} entries, with tiles of three levels`, async () => {
    const folder = join(base, 'many');
    const publisher = await parseVerifierKey(signer.verifierKey);
    await mirrorLog({ folder, tiles: await paperLog(MANY), publisher });
    const { verdict, said } = await fsck(folder);
    expect(verdict, said).toBe('passed');
  });

  it.each([
    ['an entry', 'tile/entries/004', 1_000, 'invalid'],
    ['a tile of hashes', 'tile/0/004', 1_000, 'invalid'],
    ['the part of a tile at the right edge', `tile/0/011.p/${(ENTRIES + 5) % 256}`, 1_000, 'invalid'],
    ['the checkpoint', 'checkpoint', 80, 'failed'],
  ])('does not pass where one bit of %s is another', async (_, path, at, expected) => {
    const { verdict, said } = await fsck(await alter(path, at));
    expect(verdict, said).toBe(expected);
  });
});
