/**
 * `pnpm bench:peers` (`--json`): issuing and verifying beside OpenAttestation and the Ethereum Attestation Service, each with its makers'
 * own libraries, on the same documents and the same chain, one after the other in one run. Their packages are installed by this command
 * alone. The exit status is 1 where a bar is missed.
 *
 * What is compared: **issue** is a document made ready for its anchor, per document of a batch of equal size: ours is built, signed and
 * put into the batch's tree, OpenAttestation's is wrapped (salted, hashed, put into a tree; it is not signed). **Verify** is the whole
 * check of one document against the chain: ours asks for key, issuer, status and anchor in one call; oa-verify checks the hash and asks
 * its document store, without identity, which it would look up in the DNS. Both are given 1, 16 or 128 documents at a time, and may put
 * their questions together: oa-verify by each provider of its own release of ethers, ours by `verifyMany`. The fastest of each counts. **Size** is what is handed to whoever verifies.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { encodeHex, type Report } from '@dpp-ledger/core';
import { parseJwt, type SignedCredential } from '@dpp-ledger/core/credential';
import { buildBatch, buildEvidence, type Evidence } from '@dpp-ledger/core/evidence';
import { buildTree, hashLeaf, provePeakPath } from '@dpp-ledger/core/journal';
import { verify, verifyMany } from '@dpp-ledger/sdk';
import { calls } from '@dpp-ledger/sdk/ledger';
import { z } from 'zod';
import { LAPTOP } from './laptop.ts';
import { type BenchStage, openBenchStage, signPassports } from './stage.ts';

const { values: options } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const BATCH = 1_000;
const ROUNDS = 9;
/** Documents that are verified in each round. */
const VERIFIED = 200;
const IN_FLIGHT = [1, 16, 128];
/** Four materials make a document of 4 kB. */
const DEVICE = {
  ...LAPTOP,
  materials: [
    ...LAPTOP.materials,
    { name: 'Aluminium', cas: '7429-90-5', massG: 410, country: 'NO', recycledPercent: 75 },
    { name: 'Gold', cas: '7440-57-5', massG: 0.2, country: 'CH', recycledPercent: 40 },
    { name: 'Tin', cas: '7440-31-5', massG: 3, country: 'ID', recycledPercent: 20 },
  ],
};

const measured = z.object({
  wrap: z.number(),
  verify: z.array(z.object({ name: z.string(), inFlight: z.number(), perSecond: z.number() })),
  easSign: z.number(),
  easVerify: z.number(),
  documentBytes: z.number(),
  wrappedBytes: z.number(),
  easBytes: z.number(),
});
type Measured = z.infer<typeof measured>;

const folder = await mkdtemp(join(tmpdir(), 'dpp-peers-'));
const libraries = join(import.meta.dirname, 'peer-libraries');
installPeers();
const stage = await openBenchStage(folder);
try {
  await run(stage);
} finally {
  await stage.stop();
  await rm(folder, { recursive: true, force: true });
}

/** Once, by their own lockfile; none of their scripts is run. */
function installPeers(): void {
  const words = ['install', '--dir', libraries, '--ignore-workspace', '--ignore-scripts', '--frozen-lockfile'];
  const { status, stdout, stderr } = spawnSync('pnpm', words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the libraries to compare with were not installed:\n${stdout}${stderr}`);
}

async function run(stage: BenchStage): Promise<void> {
  await signBatch(stage, 'WARM');
  const rates: number[] = [];
  let signed: SignedCredential[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    signed = await signBatch(stage, `ROUND${round}N`);
    rates.push(BATCH / ((performance.now() - began) / 1_000));
  }
  const issue = rates.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
  const evidences = await anchor(stage, signed);
  const verified = await measureVerify(stage, evidences);
  const document = parseJwt(signed[0]?.jwt ?? '').payload as object;
  print({ issue, verified, peers: measurePeers(stage, document), bytes: JSON.stringify(evidences[0]).length });
}

/** From plain inputs to what is anchored. */
async function signBatch(stage: BenchStage, prefix: string): Promise<SignedCredential[]> {
  const signed = await signPassports(stage, { of: DEVICE, count: BATCH, prefix });
  buildBatch(signed.map(({ digest }) => digest));
  return signed;
}

async function anchor(stage: BenchStage, signed: readonly SignedCredential[]): Promise<Evidence[]> {
  const { reader, relayer, signer, grant } = stage;
  const { root, size, manifest, prove } = buildBatch(signed.map(({ digest }) => digest));
  const call = calls.anchor({ issuer: signer.issuer, root, size, manifest: encodeHex(manifest.digest) });
  const [entry] = (await relayer.send(call)).entries;
  if (entry === undefined) throw new TypeError('an anchor makes an entry');
  const leaves: Uint8Array[] = [];
  for await (const { bytes } of reader.readEntries()) leaves.push(hashLeaf(bytes));
  const path = provePeakPath(entry.index, leaves.length, buildTree(leaves).readNode);
  return signed.map(({ jwt }, index) =>
    buildEvidence({
      ...{ ledger: reader.id, credential: jwt, key: signer.key, grant },
      batch: { index, proof: prove(index) },
      entry: { index: entry.index, bytes: entry.bytes, proof: path },
    }),
  );
}

interface Rate {
  readonly name: string;
  readonly perSecond: number;
}

/** Per second: each with its own question to the chain, so many in flight, and many with what they ask put together. */
async function measureVerify({ reader }: BenchStage, evidences: readonly Evidence[]): Promise<Rate[]> {
  const rates: Rate[] = [];
  const measure = async (name: string, work: (some: readonly Evidence[]) => Promise<void>) => {
    await work(evidences.slice(0, VERIFIED));
    const began = performance.now();
    await work(evidences);
    rates.push({ name, perSecond: evidences.length / ((performance.now() - began) / 1_000) });
  };
  const assertValid = ({ report }: { report: Report }) => {
    if (report.verdict !== 'valid') throw new Error(`not valid: ${JSON.stringify(report.checks)}`);
  };
  for (const inFlight of IN_FLIGHT) {
    await measure(`${inFlight} at a time, each with its own call`, async (some) => {
      let next = 0;
      const one = async () => {
        for (let i = next++; i < some.length; i = next++) {
          assertValid(await verify({ evidence: some[i] as Evidence }, { ledger: reader }));
        }
      };
      await Promise.all(Array.from({ length: inFlight }, one));
    });
  }
  await measure('many together', async (some) => {
    for await (const verified of verifyMany(some, { ledger: reader })) assertValid(verified);
  });
  return rates;
}

/** In a process of its own, with packages of its own. */
function measurePeers({ rpcUrl }: BenchStage, document: object): Measured {
  const orders = JSON.stringify({ rpcUrl, document, batch: BATCH, rounds: ROUNDS, verified: VERIFIED });
  const words = [join(libraries, 'measure.mjs'), orders];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(`the peers were not measured: ${stderr}`);
  return measured.parse(JSON.parse(stdout));
}

// ---------------------------------------------------------------------------------------------------------------- output

interface Results {
  readonly issue: number;
  readonly verified: readonly Rate[];
  /** Of our evidence. */
  readonly bytes: number;
  readonly peers: Measured;
}

function print({ issue, verified, bytes, peers }: Results): void {
  const [ours, theirs] = [verified, peers.verify].map((rates) =>
    Math.max(...rates.map(({ perSecond }) => perSecond)),
  ) as [number, number];
  const bars = [
    { name: "issue / OpenAttestation's wrap", ratio: issue / peers.wrap, atLeast: 8 },
    {
      name: 'verify with all facts of the chain / oa-verify, each at its best',
      ratio: ours / theirs,
      atLeast: 20,
    },
    {
      name: "OpenAttestation's wrapped document / our evidence, in bytes",
      ratio: peers.wrappedBytes / bytes,
      atLeast: 1,
    },
  ];
  const missed = bars.filter(({ ratio, atLeast }) => !(ratio > atLeast));
  const machine = { processor: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version };
  process.exitCode = missed.length === 0 ? 0 : 1;
  if (options.json) {
    console.log(JSON.stringify({ machine, batch: BATCH, issue, verified, evidenceBytes: bytes, peers, bars }));
    return;
  }
  console.log(
    `${machine.cores} x ${machine.processor}, Node ${machine.node}; batches of ${BATCH}, ${peers.documentBytes} bytes of JSON each`,
  );
  const line = (value: number, unit: string, name: string) =>
    console.log(`${Math.round(value).toLocaleString('en-GB').padStart(8)} ${unit.padEnd(6)} ${name}`);
  line(issue, 'per s', 'issue: built, signed, in the tree of its batch');
  line(peers.wrap, 'per s', "OpenAttestation's wrap: salted, hashed, in the tree of its batch");
  line(peers.easSign, 'per s', 'EAS, signed off chain');
  for (const { name, perSecond } of verified) line(perSecond, 'per s', `verify, ${name}`);
  for (const { name, inFlight, perSecond } of peers.verify)
    line(perSecond, 'per s', `oa-verify, ${name}, ${inFlight} at a time`);
  line(peers.easVerify, 'per s', 'EAS, signature verified, nothing asked of the chain');
  line(bytes, 'bytes', 'our evidence');
  line(peers.wrappedBytes, 'bytes', "OpenAttestation's wrapped document");
  line(peers.easBytes, 'bytes', 'EAS, attestation off chain');
  for (const { name, ratio, atLeast } of bars) {
    console.log(`${ratio > atLeast ? 'met   ' : 'MISSED'} ${name}: ${ratio.toFixed(2)} (bar ${atLeast})`);
  }
}
