/**
 * `pnpm bench:gas` (`--json`): what the ledger's operations cost on anvil, beside OpenAttestation's and the Ethereum Attestation Service's
 * own contracts, as their makers publish them, in the same run. Fails when a bar is missed. Means are over entries 256 to 1,279 of a
 * ledger of their own, so that they hold the cost of growing the tree, new levels included.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { AbiCoder, Interface, id, solidityPackedKeccak256, toQuantity } from 'ethers';
import { abi as ledgerAbi, bytecode as ledgerCode } from '../../packages/sdk/src/ledger/generated/PassportLedger.ts';
import {
  type Act,
  createTestKey,
  encodeAct,
  encodeTyped,
  POSSESSION_TYPES,
  RELAY_TYPES,
  sha256,
  type TestKey,
} from '../vectors/signing.ts';

const root = join(import.meta.dirname, '../..');
const peers = join(import.meta.dirname, 'peers');
const FIRST = 256;
const LAST = 1279;
const DID = 'did:web:maker.example';
const DEADLINE = 2 ** 40 - 1;
const FULL = (1n << 256n) - 1n;
const BATCH = 10_000;
/** Of anvil's 30 million, what a block of equal limits is filled to. */
const BLOCK_GAS = 25_000_000;
const CREATION_GAS = 14_000_000;

interface Row {
  readonly contract: string;
  readonly operation: string;
  readonly gas: number;
  readonly bar?: number;
}

// ---------------------------------------------------------------------------------------------------------------------- chain

interface Call {
  readonly from: string;
  /** None: a contract is made. */
  readonly to?: string;
  readonly data: string;
}

interface Sent {
  readonly gas: number;
  readonly created: string;
  readonly hash: string;
}

interface Chain {
  readonly accounts: readonly string[];
  readonly chainId: number;
  readonly hardfork: string;
  request<T>(method: string, params: readonly unknown[]): Promise<T>;
  /** Sends transactions of one account, in this order, many to a block; fails if one failed. */
  send(calls: readonly Call[], gasLimit?: number): Promise<Sent[]>;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  server.close();
  await once(server, 'close');
  return address.port;
}

async function startChain(): Promise<Chain> {
  const port = await freePort();
  const child = spawn(join(root, 'node_modules/.bin/anvil'), ['--host', '127.0.0.1', '--port', String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  // anvil logs every request: what is not read would fill the pipe.
  const lines = createInterface({ input: child.stdout });
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      if (line.startsWith('Listening on')) resolve();
    });
    exited.then(() => reject(new Error('anvil ended before it listened')), reject);
  });

  let last = 0;
  const ask = async <T>(requests: readonly { method: string; params: readonly unknown[] }[]): Promise<T[]> => {
    const response = await fetch(`http://127.0.0.1:${port}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(requests.map((request) => ({ jsonrpc: '2.0', id: ++last, ...request }))),
    });
    const answers = (await response.json()) as { id: number; result?: T; error?: { message: string } }[];
    return answers
      .sort((a, b) => a.id - b.id)
      .map(({ result, error }, i) => {
        if (error !== undefined) throw new Error(`${requests[i]?.method}: ${error.message}`);
        return result as T;
      });
  };
  const request = async <T>(method: string, params: readonly unknown[]): Promise<T> => {
    const [answer] = await ask<T>([{ method, params }]);
    return answer as T;
  };
  const info = await request<{ hardFork: string }>('anvil_nodeInfo', []);
  await request('evm_setAutomine', [false]);

  /** As many as a block surely holds. */
  const sendChunk = async (calls: readonly Call[], gasLimit: number): Promise<Sent[]> => {
    const [nonce = '0x0'] = await ask<string>([
      { method: 'eth_getTransactionCount', params: [calls[0]?.from, 'latest'] },
    ]);
    const hashes = await ask<string>(
      calls.map((call, i) => {
        const transaction = { ...call, nonce: toQuantity(BigInt(nonce) + BigInt(i)), gas: toQuantity(gasLimit) };
        return { method: 'eth_sendTransaction', params: [transaction] };
      }),
    );
    await request('evm_mine', []);
    const receipts = await ask<{ status: string; gasUsed: string; contractAddress: string } | null>(
      hashes.map((hash) => ({ method: 'eth_getTransactionReceipt', params: [hash] })),
    );
    return receipts.map((receipt, i) => {
      const hash = hashes[i] ?? '';
      if (receipt?.status !== '0x1') throw new Error(`transaction ${hash} failed`);
      return { gas: Number(receipt.gasUsed), created: receipt.contractAddress, hash };
    });
  };
  return {
    accounts: await request<string[]>('eth_accounts', []),
    chainId: Number(await request<string>('eth_chainId', [])),
    hardfork: info.hardFork,
    request,
    send: async (calls, gasLimit = 300_000) => {
      const chunk = Math.max(1, Math.floor(BLOCK_GAS / gasLimit));
      const sent: Sent[] = [];
      for (let i = 0; i < calls.length; i += chunk)
        sent.push(...(await sendChunk(calls.slice(i, i + chunk), gasLimit)));
      return sent;
    },
    stop: async () => {
      child.kill();
      await exited;
      lines.close();
    },
  };
}

/** Asks the precompile of EIP-7951 about a signature known to be good (Wycheproof, as in OpenZeppelin's P256). */
async function hasP256Precompile(chain: Chain): Promise<boolean> {
  const data = [
    'bb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023',
    '0000000000000000000000000000000000000000000000000000000000000005',
    '0000000000000000000000000000000000000000000000000000000000000001',
    'a71af64de5126a4a4e02b7922d66ce9415ce88a4c9d25514d91082c8725ac957',
    '5d47723c8fbe580bb369fec9c2665d8e30a435b9932645482e7c9f11e872296b',
  ];
  const to = '0x0000000000000000000000000000000000000100';
  const answer = await chain.request<string>('eth_call', [{ to, data: `0x${data.join('')}` }, 'latest']);
  return answer !== '0x' && BigInt(answer) === 1n;
}

// --------------------------------------------------------------------------------------------------------------------- ledger

interface Ledger {
  readonly address: string;
  readonly issuer: string;
  call(from: string, name: string, args: readonly unknown[]): Call;
  act(kind: number, ...args: readonly unknown[]): Call;
  relay(acts: readonly Act[], nonce: number): Call;
  possess(label: string, purposes: number): { readonly key: TestKey; readonly proof: string };
}

const digest = (label: string): string => sha256(Buffer.from(label));
const anchorArgs = (label: string) => [digest(label), BATCH, digest(`${label}: manifest`), []] as const;

async function create(chain: Chain, data: string): Promise<string> {
  const [from = ''] = chain.accounts;
  const [sent] = await chain.send([{ from, data }], CREATION_GAS);
  return sent?.created ?? '';
}

/** A fresh ledger with one issuer, its controller, submitter and key, filled up to entry 255. */
async function createLedger(chain: Chain): Promise<Ledger> {
  const [admin = '', accreditor = '', controller = '', submitter = '', relayer = ''] = chain.accounts;
  const codec = new Interface(JSON.stringify(ledgerAbi));
  const address = await create(chain, ledgerCode + codec.encodeDeploy([86_400, admin]).slice(2));
  const issuer = digest(DID);
  const domain = { chainId: chain.chainId, verifyingContract: address };
  const first = createTestKey('bench: first key');
  const call = (from: string, name: string, args: readonly unknown[]): Call => ({
    from,
    to: address,
    data: codec.encodeFunctionData(name, args),
  });
  const ledger: Ledger = {
    address,
    issuer,
    call,
    act: (kind, ...args) => call(controller, 'act', [issuer, [encodeAct(kind, ...args)]]),
    relay: (acts, nonce) => {
      const message = { issuer, key: first.thumbprint, acts, nonce, deadline: DEADLINE };
      const signature = first.sign(encodeTyped(domain, RELAY_TYPES, message).bytes);
      return call(relayer, 'relay', [issuer, first.publicKey, acts, nonce, DEADLINE, signature]);
    },
    possess: (label, purposes) => {
      const key = createTestKey(label);
      const message = { issuer, controller, purposes, deadline: DEADLINE };
      return { key, proof: key.sign(encodeTyped(domain, POSSESSION_TYPES, message).bytes) };
    },
  };
  await chain.send([call(admin, 'grantRole', [id('ACCREDITOR_ROLE'), accreditor])]);
  const { proof } = ledger.possess('bench: first key', 15);
  await chain.send([call(accreditor, 'accredit', [DID, 1, controller, first.publicKey, 15, DEADLINE, proof])]);
  await chain.send([ledger.act(25, submitter)]);
  // Six entries so far: opened, the admin's role, the accreditor's, accredited, its key, the submitter.
  await chain.send(range(6, FIRST).map((i) => call(controller, 'anchor', [issuer, ...anchorArgs(`before ${i}`)])));
  return ledger;
}

/** From `start` to before `end`. */
function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, i) => start + i);
}

function mean(sent: readonly Sent[]): number {
  return sent.reduce((total, { gas }) => total + gas, 0) / sent.length;
}

async function measureLedger(chain: Chain): Promise<{ rows: Row[]; newSlots: number }> {
  const [, , controller = '', submitter = ''] = chain.accounts;
  const entries = range(FIRST, LAST + 1);
  const rows: Row[] = [];
  const add = (operation: string, gas: number, bar?: number) =>
    rows.push({ contract: 'PassportLedger', operation, gas, ...(bar === undefined ? {} : { bar }) });
  const anchorBy = (from: string) => (i: number) =>
    ledger.call(from, 'anchor', [ledger.issuer, ...anchorArgs(`anchored ${i}`)]);

  let ledger = await createLedger(chain);
  const anchors = await chain.send(entries.map(anchorBy(controller)));
  add('anchor by controller', mean(anchors), 46_500);
  const newSlots = await countNewSlots(chain, ledger.address, anchors);

  ledger = await createLedger(chain);
  add('anchor by submitter', mean(await chain.send(entries.map(anchorBy(submitter)))), 49_000);

  ledger = await createLedger(chain);
  const relayed = entries.map((i) => ledger.relay([encodeAct(32, ...anchorArgs(`anchored ${i}`))], i - FIRST));
  add('anchor relayed for a P-256 key', mean(await chain.send(relayed)), 77_000);

  // The first bit of five words, then their further bits, word by word in turn.
  ledger = await createLedger(chain);
  const [firstBits, furtherBits] = [entries.slice(0, 5), entries.slice(5)];
  const revoke = (list: number, words: readonly (readonly [number, bigint])[]) => ledger.act(48, list, 1, 1, words);
  add('revoke the first bit of a word', mean(await chain.send(firstBits.map((_, i) => revoke(1, [[i, 1n]])))));
  const further = furtherBits.map((_, i) => revoke(1, [[i % 5, 1n << BigInt(1 + Math.floor(i / 5))]]));
  add('revoke a further bit of a word', mean(await chain.send(further)), 53_000);

  ledger = await createLedger(chain);
  const full = entries.map((i) => revoke(Math.floor(i / 512), [[i % 512, FULL]]));
  add('revoke 256 bits of a fresh word, per bit', mean(await chain.send(full)) / 256, 280);
  // 39 full words and 16 bits.
  const recall = range(0, 40).map((word) => [word, word < 39 ? FULL : 0xffffn] as const);
  const recalls = await chain.send(
    range(0, 32).map((i) => revoke(1000 + i, recall)),
    2_000_000,
  );
  add('revoke 10,000 bits in one call, per bit', mean(recalls) / 10_000, 107);

  ledger = await createLedger(chain);
  const keys = entries.map((i) => {
    const { key, proof } = ledger.possess(`bench: key ${i}`, 3);
    return ledger.act(27, key.publicKey, 3, DEADLINE, proof);
  });
  add('add a P-256 key', mean(await chain.send(keys)), 84_000);
  const retired = entries.map((i) => ledger.act(28, createTestKey(`bench: key ${i}`).thumbprint, DEADLINE));
  add('retire a key', mean(await chain.send(retired)));
  return { rows, newSlots };
}

/** Storage slots of the ledger that these transactions found empty and left full. */
async function countNewSlots(chain: Chain, ledger: string, sent: readonly Sent[]): Promise<number> {
  type Storage = Readonly<Record<string, { readonly storage?: Readonly<Record<string, string>> }>>;
  let count = 0;
  for (const { hash } of sent) {
    const options = { tracer: 'prestateTracer', tracerConfig: { diffMode: true } };
    const { pre, post } = await chain.request<{ pre: Storage; post: Storage }>('debug_traceTransaction', [
      hash,
      options,
    ]);
    const [before = {}, after = {}] = [pre[ledger]?.storage, post[ledger]?.storage];
    for (const [slot, value] of Object.entries(after)) {
      if (BigInt(value) !== 0n && BigInt(before[slot] ?? '0x0') === 0n) count++;
    }
  }
  return count;
}

// ---------------------------------------------------------------------------------------------------------------------- peers

/** Installs them, once, by their own lockfile; neither runs a script. */
function installPeers(): void {
  const installed = spawnSync('pnpm', ['install', '--dir', peers, '--ignore-scripts', '--frozen-lockfile'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (installed.status !== 0)
    throw new Error(`the contracts to compare with were not installed:\n${installed.stdout}${installed.stderr}`);
}

async function measureOpenAttestation(chain: Chain): Promise<Row[]> {
  const file = 'dist/contracts/factories/contracts/DocumentStore__factory.js';
  const source = readFileSync(join(peers, 'node_modules/@govtechsg/document-store', file), 'utf8');
  const code = /_bytecode = "(0x[0-9a-f]+)"/.exec(source)?.[1];
  if (code === undefined) throw new Error(`no bytecode in ${file}`);
  const [from = ''] = chain.accounts;
  const codec = new Interface(['constructor(string name, address owner)', 'function issue(bytes32 document)']);
  const to = await create(chain, code + codec.encodeDeploy(['Store', from]).slice(2));
  const calls = range(0, 65).map((i) => ({
    from,
    to,
    data: codec.encodeFunctionData('issue', [digest(`issued ${i}`)]),
  }));
  const issued = await chain.send(calls);
  return [{ contract: 'OpenAttestation DocumentStore 3.0.0', operation: 'issue', gas: mean(issued.slice(1)) }];
}

async function measureEas(chain: Chain): Promise<Row[]> {
  const folder = join(peers, 'node_modules/@ethereum-attestation-service/eas-contracts/artifacts/contracts');
  const read = (name: string) =>
    JSON.parse(readFileSync(join(folder, `${name}.sol/${name}.json`), 'utf8')) as { abi: []; bytecode: string };
  const [from = ''] = chain.accounts;
  const [registryArtifact, easArtifact] = [read('SchemaRegistry'), read('EAS')];
  const [registryCodec, easCodec] = [new Interface(registryArtifact.abi), new Interface(easArtifact.abi)];
  const registry = await create(chain, registryArtifact.bytecode);
  const eas = await create(chain, easArtifact.bytecode + easCodec.encodeDeploy([registry]).slice(2));

  // What an anchor says, as far as a schema can: the ledger adds issuer, roles and time by itself, and so does EAS sender and time.
  const nobody = `0x${'00'.repeat(20)}`;
  const schema = 'bytes32 root,uint16 size,bytes32 manifest';
  const register = registryCodec.encodeFunctionData('register', [schema, nobody, true]);
  await chain.send([{ from, to: registry, data: register }], 1_000_000);
  const schemaId = solidityPackedKeccak256(['string', 'address', 'bool'], [schema, nobody, true]);
  const attest = (i: number): Call => {
    const [batchRoot, size, manifest] = anchorArgs(`attested ${i}`);
    const data = AbiCoder.defaultAbiCoder().encode(['bytes32', 'uint16', 'bytes32'], [batchRoot, size, manifest]);
    const request = [schemaId, [nobody, 0, true, `0x${'00'.repeat(32)}`, data, 0]];
    return { from, to: eas, data: easCodec.encodeFunctionData('attest', [request]) };
  };
  const timestamp = (i: number): Call => ({
    from,
    to: eas,
    data: easCodec.encodeFunctionData('timestamp', [digest(`stamped ${i}`)]),
  });
  const stamped = await chain.send(range(0, 65).map(timestamp));
  const attested = await chain.send(range(0, 65).map(attest));
  return [
    { contract: 'EAS 1.9.0', operation: 'timestamp', gas: mean(stamped.slice(1)) },
    { contract: 'EAS 1.9.0', operation: 'attest (root, size, manifest)', gas: mean(attested.slice(1)) },
  ];
}

// ----------------------------------------------------------------------------------------------------------------------- main

installPeers();
const chain = await startChain();
try {
  const p256Precompile = await hasP256Precompile(chain);
  const { rows, newSlots } = await measureLedger(chain);
  rows.push(...(await measureOpenAttestation(chain)), ...(await measureEas(chain)));
  // Entries 511 and 1,023 complete trees of 512 and 1,024: a level each, and nothing else, takes a slot.
  const newLevels = [511, 1023].length;
  const passed = rows.every(({ gas, bar }) => bar === undefined || gas <= bar) && newSlots === newLevels;

  if (process.argv.includes('--json')) {
    console.log(
      JSON.stringify({ hardfork: chain.hardfork, p256Precompile, rows, newSlots, newLevels, passed }, null, 2),
    );
  } else {
    console.log(`anvil, rules of ${chain.hardfork}, P-256 precompile ${p256Precompile ? 'present' : 'absent'}`);
    console.log(`gas per call unless said otherwise; the ledger's are means of entries ${FIRST} to ${LAST}\n`);
    const show = (gas: number) => gas.toLocaleString('en-GB', { maximumFractionDigits: gas < 1000 ? 1 : 0 });
    for (const { contract, operation, gas, bar } of rows) {
      const verdict = bar === undefined ? '' : `${gas <= bar ? 'within' : 'MISSES'} ${show(bar)}`;
      console.log(`${contract.padEnd(37)}${operation.padEnd(42)}${show(gas).padStart(10)}  ${verdict}`.trimEnd());
    }
    const verdict = newSlots === newLevels ? 'one for each new level of the tree' : `MISSES: ${newLevels} new levels`;
    console.log(`\n${LAST - FIRST + 1} anchors took ${newSlots} new storage slots: ${verdict}`);
  }
  if (!passed) process.exitCode = 1;
} finally {
  await chain.stop();
}
