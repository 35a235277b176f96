/**
 * `pnpm bench:gas` (`--json`): what the ledger's operations cost on anvil, beside OpenAttestation's and the Ethereum Attestation Service's
 * own contracts, as their makers publish them, in the same run; and all of it once more under the rules of Amsterdam, where DPP_TEST_GETH
 * names a geth that follows them (`scripts/engines` has one). Fails when a bar is missed. Means are over entries 256 to 1,279 of a ledger
 * of their own, so that they hold the cost of growing the tree, new levels included.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AbiCoder, Interface, id, solidityPackedKeccak256 } from 'ethers';
import { abi as ledgerAbi, bytecode as ledgerCode } from '../../packages/sdk/src/ledger/generated/PassportLedger.ts';
import {
  type Act,
  createTestKey,
  encodeAct,
  encodeTyped,
  lotId,
  POSSESSION_TYPES,
  RELAY_TYPES,
  sha256,
  type TestKey,
} from '../vectors/signing.ts';
import { type Call, type Chain, openGeth, type Sent, startAnvil } from './gas-chains.ts';

const root = join(import.meta.dirname, '../..');
const peers = join(import.meta.dirname, 'peers');
const FIRST = 256;
const LAST = 1279;
const DID = 'did:web:maker.example';
const DEADLINE = 2 ** 40 - 1;
const FULL = (1n << 256n) - 1n;
const BATCH = 10_000;

interface Rules {
  readonly bars: Readonly<Record<string, number>>;
  /** Limits of gas that the larger calls surely keep. */
  readonly limits: {
    readonly create: number;
    readonly register: number;
    readonly attest: number;
    readonly recall: number;
  };
}

const TODAY: Rules = {
  bars: {
    'anchor by controller': 46_500,
    'anchor by submitter': 49_000,
    'anchor relayed for a P-256 key': 77_000,
    'revoke a further bit of a word': 53_000,
    'revoke 256 bits of a fresh word, per bit': 280,
    'revoke 10,000 bits in one call, per bit': 107,
    'add a P-256 key': 84_000,
    'register a lot': 82_000,
    'offer a transfer': 88_000,
    'accept a transfer': 60_000,
    'anchor by controller, with three allocations': 75_000,
  },
  limits: { create: 14_000_000, register: 1_000_000, attest: 300_000, recall: 2_000_000 },
};
const AMSTERDAM: Rules = {
  bars: { 'anchor by controller': 55_500, 'anchor by submitter': 58_000 },
  limits: { create: 100_000_000, register: 5_000_000, attest: 1_500_000, recall: 10_000_000 },
};

interface Row {
  readonly contract: string;
  readonly operation: string;
  readonly gas: number;
  readonly bar?: number;
}

interface Measured {
  readonly chain: Pick<Chain, 'hardfork' | 'software'>;
  readonly p256Precompile: boolean;
  readonly rows: readonly Row[];
  /** Storage slots that the anchors took; `undefined` where the node is not asked to trace. */
  readonly newSlots: number | undefined;
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
  /** By default of the issuer and its controller. */
  possess(label: string, purposes: number, of?: string, by?: string): { readonly key: TestKey; readonly proof: string };
}

const digest = (label: string): string => sha256(Buffer.from(label));
const anchorArgs = (label: string) => [digest(label), BATCH, digest(`${label}: manifest`), []] as const;

async function create(chain: Chain, rules: Rules, data: string): Promise<string> {
  const [from = ''] = chain.accounts;
  const [sent] = await chain.send([{ from, data }], rules.limits.create);
  return sent?.created ?? '';
}

/** A fresh ledger with one issuer, its controller, submitter and key, filled up to entry 255. */
async function createLedger(chain: Chain, rules: Rules): Promise<Ledger> {
  const [admin = '', accreditor = '', controller = '', submitter = '', relayer = ''] = chain.accounts;
  const codec = new Interface(JSON.stringify(ledgerAbi));
  const address = await create(chain, rules, ledgerCode + codec.encodeDeploy([86_400, admin]).slice(2));
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
    possess: (label, purposes, of = issuer, by = controller) => {
      const key = createTestKey(label);
      const message = { issuer: of, controller: by, purposes, deadline: DEADLINE };
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

async function measureLedger(chain: Chain, rules: Rules): Promise<{ rows: Row[]; newSlots: number | undefined }> {
  const [, , controller = '', submitter = ''] = chain.accounts;
  const entries = range(FIRST, LAST + 1);
  const rows: Row[] = [];
  const add = (operation: string, gas: number) => {
    const bar = rules.bars[operation];
    rows.push({ contract: 'PassportLedger', operation, gas, ...(bar === undefined ? {} : { bar }) });
  };
  const anchorBy = (from: string) => (i: number) =>
    ledger.call(from, 'anchor', [ledger.issuer, ...anchorArgs(`anchored ${i}`)]);

  let ledger = await createLedger(chain, rules);
  const anchors = await chain.send(entries.map(anchorBy(controller)));
  add('anchor by controller', mean(anchors));
  const newSlots = rules === TODAY ? await countNewSlots(chain, ledger.address, anchors) : undefined;

  ledger = await createLedger(chain, rules);
  add('anchor by submitter', mean(await chain.send(entries.map(anchorBy(submitter)))));

  ledger = await createLedger(chain, rules);
  const relayed = entries.map((i) => ledger.relay([encodeAct(32, ...anchorArgs(`anchored ${i}`))], i - FIRST));
  add('anchor relayed for a P-256 key', mean(await chain.send(relayed)));

  // The first bit of five words, then their further bits, word by word in turn.
  ledger = await createLedger(chain, rules);
  const [firstBits, furtherBits] = [entries.slice(0, 5), entries.slice(5)];
  const revoke = (list: number, words: readonly (readonly [number, bigint])[]) => ledger.act(48, list, 1, 1, words);
  add('revoke the first bit of a word', mean(await chain.send(firstBits.map((_, i) => revoke(1, [[i, 1n]])))));
  const further = furtherBits.map((_, i) => revoke(1, [[i % 5, 1n << BigInt(1 + Math.floor(i / 5))]]));
  add('revoke a further bit of a word', mean(await chain.send(further)));

  ledger = await createLedger(chain, rules);
  const full = entries.map((i) => revoke(Math.floor(i / 512), [[i % 512, FULL]]));
  add('revoke 256 bits of a fresh word, per bit', mean(await chain.send(full)) / 256);
  // 39 full words and 16 bits.
  const recall = range(0, 40).map((word) => [word, word < 39 ? FULL : 0xffffn] as const);
  const recalls = await chain.send(
    range(0, 32).map((i) => revoke(1000 + i, recall)),
    rules.limits.recall,
  );
  add('revoke 10,000 bits in one call, per bit', mean(recalls) / 10_000);

  ledger = await createLedger(chain, rules);
  const keys = entries.map((i) => {
    const { key, proof } = ledger.possess(`bench: key ${i}`, 3);
    return ledger.act(27, key.publicKey, 3, DEADLINE, proof);
  });
  add('add a P-256 key', mean(await chain.send(keys)));
  const retired = entries.map((i) => ledger.act(28, createTestKey(`bench: key ${i}`).thumbprint, DEADLINE));
  add('retire a key', mean(await chain.send(retired)));

  ledger = await createLedger(chain, rules);
  await measureLots(chain, rules, ledger, add);
  return { rows, newSlots };
}

/** A quarter of the entries each: registered, offered, accepted by another issuer, and drawn on. */
async function measureLots(
  chain: Chain,
  rules: Rules,
  ledger: Ledger,
  add: (operation: string, gas: number) => void,
): Promise<void> {
  const [, accreditor = '', controller = '', , receiver = ''] = chain.accounts;
  const { call, issuer } = ledger;
  const other = digest('did:web:other.example');
  const { key, proof } = ledger.possess('bench: key of another issuer', 15, other, receiver);
  await chain.send([call(accreditor, 'assignRoles', [issuer, 0x25])]);
  const accredit = ['did:web:other.example', 1, receiver, key.publicKey, 15, DEADLINE, proof];
  await chain.send([call(accreditor, 'accredit', accredit)], rules.limits.register);
  const some = range(0, (LAST + 1 - FIRST) / 4);
  const lot = (i: number) => lotId(issuer, `LOT-2026-${i}`);
  const event = digest('an event');
  const facility = 'https://maker.example/f/1';
  const register = some.map((i) =>
    ledger.act(64, 7_440_484, 3, 2, 10n ** 12n, event, 0, 0, '0x4742', `LOT-2026-${i}`, facility),
  );
  add('register a lot', mean(await chain.send(register)));
  const offers = some.map((i) => ledger.act(66, other, lot(i), 1_000n, event, `OFFER-${i}`));
  add('offer a transfer', mean(await chain.send(offers)));
  const accepted = some.map((i) =>
    call(receiver, 'act', [other, [encodeAct(67, issuer, lotId(issuer, `OFFER-${i}`), event)]]),
  );
  add('accept a transfer', mean(await chain.send(accepted)));
  const anchors = some.map((i) => {
    const lots = [0, 1, 2].map((step) => lot((i + step) % some.length)).sort();
    const [root, size, manifest] = anchorArgs(`consuming ${i}`);
    return call(controller, 'anchor', [issuer, root, size, manifest, lots.map((id) => [id, 12_000n])]);
  });
  add('anchor by controller, with three allocations', mean(await chain.send(anchors)));
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

async function measureOpenAttestation(chain: Chain, rules: Rules): Promise<Row[]> {
  const file = 'dist/contracts/factories/contracts/DocumentStore__factory.js';
  const source = readFileSync(join(peers, 'node_modules/@govtechsg/document-store', file), 'utf8');
  const code = /_bytecode = "(0x[0-9a-f]+)"/.exec(source)?.[1];
  if (code === undefined) throw new Error(`no bytecode in ${file}`);
  const [from = ''] = chain.accounts;
  const codec = new Interface(['constructor(string name, address owner)', 'function issue(bytes32 document)']);
  const to = await create(chain, rules, code + codec.encodeDeploy(['Store', from]).slice(2));
  const calls = range(0, 65).map((i) => ({
    from,
    to,
    data: codec.encodeFunctionData('issue', [digest(`issued ${i}`)]),
  }));
  const issued = await chain.send(calls);
  return [{ contract: 'OpenAttestation DocumentStore 3.0.0', operation: 'issue', gas: mean(issued.slice(1)) }];
}

async function measureEas(chain: Chain, rules: Rules): Promise<Row[]> {
  const folder = join(peers, 'node_modules/@ethereum-attestation-service/eas-contracts/artifacts/contracts');
  const read = (name: string) =>
    JSON.parse(readFileSync(join(folder, `${name}.sol/${name}.json`), 'utf8')) as { abi: []; bytecode: string };
  const [from = ''] = chain.accounts;
  const [registryArtifact, easArtifact] = [read('SchemaRegistry'), read('EAS')];
  const [registryCodec, easCodec] = [new Interface(registryArtifact.abi), new Interface(easArtifact.abi)];
  const registry = await create(chain, rules, registryArtifact.bytecode);
  const eas = await create(chain, rules, easArtifact.bytecode + easCodec.encodeDeploy([registry]).slice(2));

  // What an anchor says, as far as a schema can: the ledger adds issuer, roles and time by itself, and so does EAS sender and time.
  const nobody = `0x${'00'.repeat(20)}`;
  const schema = 'bytes32 root,uint16 size,bytes32 manifest';
  const register = registryCodec.encodeFunctionData('register', [schema, nobody, true]);
  await chain.send([{ from, to: registry, data: register }], rules.limits.register);
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
  const attested = await chain.send(range(0, 65).map(attest), rules.limits.attest);
  return [
    { contract: 'EAS 1.9.0', operation: 'timestamp', gas: mean(stamped.slice(1)) },
    { contract: 'EAS 1.9.0', operation: 'attest (root, size, manifest)', gas: mean(attested.slice(1)) },
  ];
}

// ----------------------------------------------------------------------------------------------------------------------- main

/** Entries 511 and 1,023 complete trees of 512 and 1,024: a level each, and nothing else, takes a slot. */
const NEW_LEVELS = [511, 1023].length;

async function measure(chain: Chain, rules: Rules): Promise<Measured> {
  try {
    const p256Precompile = await hasP256Precompile(chain);
    const { rows, newSlots } = await measureLedger(chain, rules);
    rows.push(...(await measureOpenAttestation(chain, rules)), ...(await measureEas(chain, rules)));
    return { chain: { hardfork: chain.hardfork, software: chain.software }, p256Precompile, rows, newSlots };
  } finally {
    await chain.stop();
  }
}

function meetsBars({ rows, newSlots }: Measured): boolean {
  return rows.every(({ gas, bar }) => bar === undefined || gas <= bar) && (newSlots ?? NEW_LEVELS) === NEW_LEVELS;
}

function show({ chain, p256Precompile, rows, newSlots }: Measured): void {
  const precompile = p256Precompile ? 'present' : 'absent';
  console.log(`${chain.software}, rules of ${chain.hardfork}, P-256 precompile ${precompile}`);
  console.log(`gas per call unless said otherwise; the ledger's are means of entries ${FIRST} to ${LAST}\n`);
  const format = (gas: number) => gas.toLocaleString('en-GB', { maximumFractionDigits: gas < 1000 ? 1 : 0 });
  for (const { contract, operation, gas, bar } of rows) {
    const verdict = bar === undefined ? '' : `${gas <= bar ? 'within' : 'MISSES'} ${format(bar)}`;
    console.log(`${contract.padEnd(37)}${operation.padEnd(42)}${format(gas).padStart(10)}  ${verdict}`.trimEnd());
  }
  if (newSlots === undefined) return;
  const verdict = newSlots === NEW_LEVELS ? 'one for each new level of the tree' : `MISSES: ${NEW_LEVELS} new levels`;
  console.log(`\n${LAST - FIRST + 1} anchors took ${newSlots} new storage slots: ${verdict}`);
}

installPeers();
const geth = process.env.DPP_TEST_GETH;
const measured = [await measure(await startAnvil(), TODAY)];
if (geth !== undefined) measured.push(await measure(await openGeth(geth), AMSTERDAM));
const passed = measured.every(meetsBars);
if (process.argv.includes('--json')) console.log(JSON.stringify({ measured, newLevels: NEW_LEVELS, passed }, null, 2));
else {
  for (const each of measured) {
    show(each);
    console.log();
  }
  if (geth === undefined) console.log('Not measured under the rules of Amsterdam: DPP_TEST_GETH names no chain.');
}
if (!passed) process.exitCode = 1;
