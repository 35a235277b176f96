/**
 * `pnpm bench:bulk`: a file of rows issued by `dpp issue` to a service in a process of its own, first a tenth of them (at least a thousand), then all of them
 * with both killed on the way: the issuer after a third, the service after two thirds. Afterwards every row is on the ledger once, and
 * neither process has needed more memory for ten times as many rows. The exit status is 1 where that is not so. (Memory is asked of `ps`.)
 *
 *     --count N     rows (100,000)
 *     --json        one object
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { type Digest, decodeHex } from '@dpp-ledger/core';
import { createSigner, formatCid, generateKey, parseDid } from '@dpp-ledger/core/credential';
import { decodeManifest, formatManifestCid } from '@dpp-ledger/core/evidence';
import { decodeEntry } from '@dpp-ledger/core/journal';
import { connectLedger } from '@dpp-ledger/sdk/ledger';
import { openRun, writeKeyFile } from '@dpp-ledger/sdk/node';
import { createGatewayStore } from '@dpp-ledger/sdk/store';
import { accredit, freePort, startService } from './scale-stage.ts';

const { values: options } = parseArgs({
  options: { count: { type: 'string', default: '100000' }, json: { type: 'boolean', default: false } },
});
const COUNT = Number(options.count);
if (!Number.isInteger(COUNT) || COUNT < 1_000) throw new TypeError('--count is a whole number of at least 1000');
/** After which a process has warmed up. */
const FEW = Math.max(1_000, Math.floor(COUNT / 10));
const DPP = join(import.meta.dirname, '../../packages/cli/src/main.ts');
/** Memory at most with all rows, to that with a tenth of them. */
const MOST_GROWTH = 1.5;
const LOOK_EVERY_MS = 200;

const folder = await mkdtemp(join(tmpdir(), 'dpp-bulk-'));
const orders = { dataDir: join(folder, 'data'), port: await freePort() };
let service = await startService(orders);
try {
  const issuer = parseDid('did:web:maker.example');
  const jwk = await generateKey({ algorithm: 'ES256' });
  await accredit(service, await createSigner({ issuer, jwk }));
  await writeKeyFile(join(folder, 'issuer.jwk.json'), jwk);
  await writeRows('few.csv', 'F', FEW);
  await writeRows('all.csv', 'A', COUNT);

  const few = await issueFile('few.csv');
  if (few.status !== 0 || few.accepted !== FEW) throw new Error(`few.csv: ${JSON.stringify(few)}`);
  note(`${FEW} rows: issuer ${Math.round(few.issuerMiB)} MiB, service ${Math.round(few.serviceMiB)} MiB at most`);

  const lives: Life[] = [];
  const began = performance.now();
  lives.push(await issueFile('all.csv', { after: Math.floor(COUNT / 3), kill: 'issuer' }));
  lives.push(await issueFile('all.csv', { after: Math.floor(COUNT / 3), kill: 'service' }));
  service = await startService(orders);
  lives.push(await issueFile('all.csv'));
  const seconds = (performance.now() - began) / 1_000;
  const [killed, cutOff, last] = lives as [Life, Life, Life];
  const again = await issueFile('all.csv', undefined, ['--wait']);

  const issued = new Set([...(await readRun('few.csv')), ...(await readRun('all.csv'))]);
  const anchored = await readAnchored();

  const issuerMiB = Math.max(...lives.map((life) => life.issuerMiB));
  const serviceMiB = Math.max(...lives.map((life) => life.serviceMiB));
  const claims = {
    'the issuer was killed': killed.signal === 'SIGKILL',
    'without the service it ended and said so': cutOff.status !== 0 && cutOff.signal === null,
    'gone on with, it came to the end': last.status === 0 && last.accepted + last.before === COUNT,
    'once more, it had nothing to do': again.status === 0 && again.before === COUNT && again.accepted === 0,
    'every row is on the ledger once': isSame(anchored, issued),
    "the issuer's memory is flat": issuerMiB <= MOST_GROWTH * few.issuerMiB,
    "the service's memory is flat": serviceMiB <= MOST_GROWTH * few.serviceMiB,
  };
  const memory = { issuerMiB: [few.issuerMiB, issuerMiB], serviceMiB: [few.serviceMiB, serviceMiB] };
  if (options.json)
    console.log(JSON.stringify({ rows: [FEW, COUNT], seconds, memory, anchored: anchored.length, claims }));
  else {
    console.log(
      `${COUNT} rows in ${Math.round(seconds)} s, with both killed on the way; ${anchored.length} on the ledger`,
    );
    console.log(
      `issuer at most ${Math.round(few.issuerMiB)} MiB for ${FEW} rows, ${Math.round(issuerMiB)} MiB for ${COUNT}`,
    );
    console.log(
      `service at most ${Math.round(few.serviceMiB)} MiB for ${FEW} rows, ${Math.round(serviceMiB)} MiB for ${COUNT}`,
    );
    for (const [claim, isSo] of Object.entries(claims)) console.log(`${isSo ? 'so    ' : 'NOT SO'} ${claim}`);
  }
  process.exitCode = Object.values(claims).every(Boolean) ? 0 : 1;
} finally {
  await service.stop();
  await rm(folder, { recursive: true, force: true });
}

/** CIDs of what a run has signed. */
async function readRun(name: string): Promise<string[]> {
  const { ledger } = service;
  const run = await openRun(join(folder, `${name}.dpp-run`), { ledger, issuer: parseDid('did:web:maker.example') });
  try {
    return (await Array.fromAsync(run.items())).map(({ cid }) => cid);
  } finally {
    await run.close();
  }
}

/** CIDs of all that was ever anchored, as anyone reads them: from the chain's entries and the manifests that they name. */
async function readAnchored(): Promise<string[]> {
  const ledger = await connectLedger({ url: service.rpcUrl, pin: service.ledger });
  const store = createGatewayStore({ urls: [service.url] });
  const cids: string[] = [];
  for await (const { bytes } of ledger.readEntries()) {
    const entry = decodeEntry(bytes);
    if (entry.kind !== 'anchored') continue;
    const manifest = await store.get(formatManifestCid(decodeHex(entry.manifest) as Digest));
    cids.push(...decodeManifest(manifest).map(formatCid));
  }
  return cids;
}

/** Whether all of them were issued, and all that were issued are there, each once. */
function isSame(anchored: readonly string[], issued: ReadonlySet<string>): boolean {
  const distinct = new Set(anchored).size;
  return distinct === FEW + COUNT && anchored.length === distinct && anchored.every((cid) => issued.has(cid));
}

async function writeRows(name: string, prefix: string, count: number): Promise<void> {
  const file = createWriteStream(join(folder, name));
  file.write('granularity,gtin,serial,name,modelNumber,category,manufacturer.name,countryOfProduction,massKg\n');
  for (let row = 0; row < count; row++) {
    const line = `item,09521234000013,${prefix}${row},Bench 14,B14,laptop,Bench Maker,GB,1.42\n`;
    if (!file.write(line)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
}

interface End {
  readonly after: number;
  readonly kill: 'issuer' | 'service';
}

interface Life {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly accepted: number;
  /** Rows that an earlier life had a receipt for. */
  readonly before: number;
  readonly issuerMiB: number;
  readonly serviceMiB: number;
}

/** One life of `dpp issue`, until it ends or, after so many rows, one of the two is killed. */
async function issueFile(name: string, end?: End, flags: readonly string[] = []): Promise<Life> {
  const { chainId, genesis, address, codeHash } = service.ledger;
  const settings = {
    DPP_API_URL: service.url,
    DPP_LEDGER: [chainId, genesis, address, codeHash].join(':'),
    DPP_RPC_URL: service.rpcUrl,
    DPP_ISSUER: 'did:web:maker.example',
    DPP_ISSUER_NAME: 'Bench Maker',
    DPP_KEY_FILE: join(folder, 'issuer.jwk.json'),
  };
  const child = spawn(process.execPath, [DPP, 'issue', name, '--json', ...flags], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-2_000);
  });
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const peak = { issuer: 0, service: 0 };
  const looking = setInterval(() => {
    peak.issuer = Math.max(peak.issuer, residentMiB(child.pid));
    peak.service = Math.max(peak.service, residentMiB(service.pid));
  }, LOOK_EVERY_MS);
  let [accepted, before] = [0, 0];
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const said = JSON.parse(line) as { state?: string; before?: boolean };
      if (said.state !== 'accepted' && said.state !== 'duplicate') continue;
      if (said.before === true) before += 1;
      else accepted += 1;
      if (accepted === end?.after) {
        if (end.kill === 'issuer') child.kill('SIGKILL');
        else await service.kill();
      }
    }
    const [status, signal] = await closed;
    if (status !== 0 && end === undefined) note(`dpp issue ${name} ended with ${status}: ${complaints}`);
    return { status, signal, accepted, before, issuerMiB: peak.issuer, serviceMiB: peak.service };
  } finally {
    clearInterval(looking);
  }
}

/** Of a process that may be gone: then 0. */
function residentMiB(pid: number | undefined): number {
  const { stdout } = spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' });
  return Number(stdout.trim()) / 1_024;
}

function note(text: string): void {
  if (!options.json) console.error(text);
}
