import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Digest } from '@dpp-ledger/core';
import { encodeHex } from '@dpp-ledger/core';
import { parseCid } from '@dpp-ledger/core/credential';
import { decodeManifest, formatManifestCid } from '@dpp-ledger/core/evidence';
import { decodeEntry } from '@dpp-ledger/core/journal';
import { createFileStore } from '@dpp-ledger/sdk/node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Orders } from './crash-child.ts';
import { startWorld, type TestIssuer, type World } from './support.ts';

let world: World;
let issuer: TestIssuer;
let folder: string;
beforeAll(async () => {
  world = await startWorld();
  issuer = await world.createIssuer();
  folder = await mkdtemp(join(tmpdir(), 'dpp-crash-'));
});
afterAll(async () => {
  await world.stop();
  await rm(folder, { recursive: true, force: true });
});

/** One life of the service: what it answered, and how it ended. */
async function live(dieAfter: Orders['dieAfter'], credentials: readonly string[]) {
  const { rpcUrl, ledger, accounts } = world.embedded;
  const orders: Orders = { rpcUrl, ledger, privateKey: accounts.relayer.privateKey, folder, credentials, dieAfter };
  const child = spawn(process.execPath, [join(import.meta.dirname, 'crash-child.ts')], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let [output, complaints] = ['', ''];
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    complaints += chunk;
  });
  child.stdin.end(JSON.stringify(orders));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  const answers = output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { state: string; cid: string });
  return { code, signal, answers, complaints };
}

it('loses nothing and anchors nothing twice, killed after any step', async () => {
  const promised: string[] = [];
  const posted: string[] = [];
  for (const step of ['accepted', 'formed', 'stored', 'recorded', 'sent', 'final'] as const) {
    const credentials = await issuer.signMany(4);
    posted.push(...credentials.map(({ cid }) => cid));
    const { signal, answers, complaints } = await live(
      step,
      credentials.map(({ jwt }) => jwt),
    );
    expect({ step, signal, complaints }).toEqual({ step, signal: 'SIGKILL', complaints: '' });
    promised.push(...answers.filter(({ state }) => state === 'accepted').map(({ cid }) => cid));
  }
  const { code, complaints } = await live(
    undefined,
    (await issuer.signMany(1)).map(({ jwt, cid }) => {
      posted.push(cid);
      return jwt;
    }),
  );
  expect({ code, complaints }).toEqual({ code: 0, complaints: '' });

  // What is on the ledger, as anyone reads it: every credential once, its bytes in the store.
  const store = await createFileStore({ folder: join(folder, 'store') });
  const anchored: string[] = [];
  for await (const { bytes } of world.reader.readEntries()) {
    const entry = decodeEntry(bytes);
    if (entry.kind !== 'anchored') continue;
    const manifest = Buffer.from(entry.manifest.slice(2), 'hex');
    anchored.push(
      ...decodeManifest(await store.get(formatManifestCid(new Uint8Array(manifest) as Digest))).map(encodeHex),
    );
  }
  const digestOf = (cid: string) => encodeHex(parseCid(cid));
  expect(new Set(anchored).size).toBe(anchored.length);
  expect(anchored).toEqual(expect.arrayContaining(promised.map(digestOf)));
  expect(anchored.toSorted()).toEqual(posted.map(digestOf).toSorted());
  for (const cid of promised) expect(await store.has(cid)).toBe(true);
  await store.close();
}, 90_000);
