/**
 * What each operation costs: gas, and the storage slots that it takes and did not have before. Every call is made in the same state of
 * the same ledger (66 entries, so that no new level of the tree is reached), at fixed addresses and times: the numbers are exact.
 */
import { createTestLedger, type TestLedger } from './ledger.ts';
import {
  createTestKey,
  encodeAct,
  encodeTransformation,
  lotId,
  POSSESSION_TYPES,
  RELAY_TYPES,
  sha256,
} from './signing.ts';

export interface Cost {
  readonly gas: number;
  readonly newSlots: number;
}

const DID = 'did:web:maker.example';
const ALL = (1n << 256n) - 1n;

export async function measureOperations(): Promise<Record<string, Cost>> {
  const ledger = await createTestLedger();
  const [admin = '', accreditor = '', controller = '', submitter = '', successor = '', relayer = ''] = ledger.accounts;
  const [role] = await ledger.read('ACCREDITOR_ROLE', []);
  const issuer = sha256(Buffer.from(DID));
  const deadline = ledger.nextTime() + 10_000_000;
  const costs: Record<string, Cost> = {};

  const prove = (label: string, of: string, controllerOf: string, purposes: number) => {
    const key = createTestKey(label);
    const message = { issuer: of, controller: controllerOf, purposes, deadline };
    return { key, proof: key.sign(ledger.encodeTyped(POSSESSION_TYPES, message).bytes) };
  };
  const first = prove('measure: first key', issuer, controller, 15);
  const digest = (label: string) => sha256(Buffer.from(label));
  const anchor = (label: string) => [issuer, digest(label), 10_000, digest(`${label}: manifest`), []] as const;
  const act = (kind: number, ...args: readonly unknown[]) => [issuer, [encodeAct(kind, ...args)]] as const;
  const words = (count: number) => Array.from({ length: count }, (_, number) => [number, ALL] as const);

  await ledger.send(admin, 'grantRole', [role, accreditor]);
  const accredit = [DID, 1, controller, first.key.publicKey, 15, deadline, first.proof] as const;
  await ledger.send(accreditor, 'accredit', accredit);
  await ledger.send(controller, 'act', act(25, submitter));
  for (let i = 6; i < 66; i++) await ledger.send(controller, 'anchor', anchor(`before ${i}`));

  /** Measures one call from the common state, and returns to it. */
  const measure = async (name: string, from: string, call: string, args: readonly unknown[]): Promise<void> => {
    const snapshot = await ledger.request('evm_snapshot', []);
    const { gasUsed, transactionHash } = await ledger.send(from, call, args);
    costs[name] = { gas: gasUsed, newSlots: await countNewSlots(ledger, transactionHash) };
    await ledger.request('evm_revert', [snapshot]);
  };
  /** Goes on from a state that some operations need. */
  const prepare = async (from: string, call: string, args: readonly unknown[]): Promise<void> => {
    await ledger.send(from, call, args);
  };
  const relay = (acts: ReturnType<typeof encodeAct>[], nonce: number) => {
    const message = { issuer, key: first.key.thumbprint, acts, nonce, deadline };
    const signature = first.key.sign(ledger.encodeTyped(RELAY_TYPES, message).bytes);
    return [issuer, first.key.publicKey, acts, nonce, deadline, signature] as const;
  };

  await measure('anchor by controller', controller, 'anchor', anchor('measured'));
  await measure('anchor by submitter', submitter, 'anchor', anchor('measured'));
  await measure('anchor by controller, as an act', controller, 'act', act(32, ...anchor('measured').slice(1)));
  await measure('anchor relayed', relayer, 'relay', relay([encodeAct(32, ...anchor('measured').slice(1))], 0));
  await measure('revoke first bit of a word', controller, 'act', act(48, 1n, 1, 1, [[0, 1n]]));
  await measure('revoke 256 bits of a fresh word', controller, 'act', act(48, 1n, 1, 1, words(1)));
  await measure('revoke 200 fresh words', controller, 'act', act(48, 1n, 1, 1, words(200)));
  await measure('revoke by authority', accreditor, 'revokeByAuthority', [issuer, 1n, [[0, 1n]]]);

  const second = prove('measure: second key', issuer, controller, 3);
  const another = [27, second.key.publicKey, 3, deadline, second.proof] as const;
  await measure('add P-256 key', controller, 'act', act(...another));
  const ed25519 = [2, digest('an Ed25519 key'), `0x${'00'.repeat(32)}`];
  await measure('add Ed25519 key', controller, 'act', act(27, ed25519, 1, deadline, '0x'));
  await measure('retire key', controller, 'act', act(28, first.key.thumbprint, deadline));
  await measure('mark key compromised', controller, 'act', act(29, first.key.thumbprint, ledger.nextTime() - 1));
  await measure('propose controller', controller, 'act', act(23, successor));
  await measure('appoint submitter', controller, 'act', act(25, relayer));
  await measure('dismiss submitter', controller, 'act', act(26, submitter));

  const other = sha256(Buffer.from('did:web:other.example'));
  const third = prove('measure: third key', other, controller, 15);
  const otherDid = ['did:web:other.example', 1, controller, third.key.publicKey, 15, deadline, third.proof];
  await measure('accredit', accreditor, 'accredit', otherDid);
  await measure('suspend', accreditor, 'suspend', [issuer]);
  await measure('withdraw', accreditor, 'withdraw', [issuer, ledger.nextTime()]);
  await measure('assign roles', accreditor, 'assignRoles', [issuer, 3]);
  await measure('grant prefix', accreditor, 'grantPrefix', [issuer, 1, 'gs1:952']);
  await measure('pause', admin, 'pause', []);
  await measure('close', admin, 'close', [1n, successor, digest('code')]);

  await prepare(controller, 'act', act(48, 1n, 1, 1, [[0, 1n]]));
  await prepare(accreditor, 'grantPrefix', [issuer, 1, 'gs1:952']);
  await measure('revoke further bit of a word', controller, 'act', act(48, 1n, 1, 1, [[0, 2n]]));
  await measure('take prefix back', accreditor, 'takeBackPrefix', [issuer, 1, 'gs1:952', ledger.nextTime()]);
  await prepare(controller, 'act', act(23, successor));
  await measure('accept controller', successor, 'acceptController', [issuer]);
  await prepare(accreditor, 'suspend', [issuer]);
  await measure('reinstate', accreditor, 'reinstate', [issuer]);
  await prepare(accreditor, 'reinstate', [issuer]);

  // Materials: a lot of a name and a facility of usual length, offered to another issuer.
  const lot = (label: string) => lotId(issuer, label);
  const event = digest('an event');
  const register = (label: string) =>
    encodeAct(64, 7_440_484, 3, 2, 10n ** 12n, event, 0, 0, '0x4742', label, 'https://maker.example/f/1');
  const offer = (label: string) => encodeAct(66, other, lot('LOT-2026-1'), 1_000n, event, label);
  await prepare(accreditor, 'assignRoles', [issuer, 0x25]);
  await prepare(accreditor, 'accredit', otherDid);
  await measure('register a lot', controller, 'act', [issuer, [register('LOT-2026-1')]]);
  await prepare(controller, 'act', [issuer, [1, 2, 3].map((number) => register(`LOT-2026-${number}`))]);
  await measure('split a lot', controller, 'act', act(65, lot('LOT-2026-1'), 5n, 'LOT-2026-1/a'));
  await measure('offer a transfer', controller, 'act', [issuer, [offer('LOT-2026-1/a')]]);
  await prepare(controller, 'act', [issuer, [offer('LOT-2026-1/a')]]);
  const accept = [other, [encodeAct(67, issuer, lot('LOT-2026-1/a'), event)]];
  await measure('accept a transfer', controller, 'act', accept);
  await measure('withdraw an offer', controller, 'act', act(69, lot('LOT-2026-1/a')));
  await measure('retire of a lot', controller, 'act', act(71, lot('LOT-2026-1'), 5n));
  const inOrder = ['LOT-2026-1', 'LOT-2026-2', 'LOT-2026-3'].map(lot).sort();
  const inputs = inOrder.slice(0, 2).map((id) => [id, 1_000n] as const);
  const outputs = [
    [3, 3, 1_900n, 'REFINED-2026-1'],
    [1, 3, 50n, 'REFINED-2026-2'],
  ] as const;
  const transform = encodeTransformation(event, [25n, 0n, 25n, 0n], 'hydrometallurgical refining', inputs, outputs);
  await measure('transform two lots into two', controller, 'act', [issuer, [transform]]);
  await measure('void a lot', accreditor, 'voidLot', [lot('LOT-2026-1')]);
  for (const count of [1, 3]) {
    const [of, root, batch, manifest] = anchor('measured');
    const allocations = inOrder.slice(0, count).map((id) => [id, 12_000n]);
    const name = `anchor by controller, with ${count} allocation${count === 1 ? '' : 's'}`;
    await measure(name, controller, 'anchor', [of, root, batch, manifest, allocations]);
  }

  // To the last entry before a new level: entry 127 makes the tree one of 128, for which there is no peak yet.
  const [size] = await ledger.read('treeHead', []);
  for (let i = Number(size); i < 127; i++) await ledger.send(controller, 'anchor', anchor(`up to ${i}`));
  await measure('anchor by controller, at a new level', controller, 'anchor', anchor('measured'));
  return costs;
}

interface TraceStep {
  readonly op: string;
  readonly depth: number;
  readonly stack: readonly string[];
}

/** Slots of the ledger and of Materials that were zero before the transaction and are not after it. */
async function countNewSlots(ledger: TestLedger, transactionHash: string): Promise<number> {
  const options = { disableMemory: true, disableStorage: true };
  const trace = (await ledger.request('debug_traceTransaction', [transactionHash, options])) as {
    structLogs: readonly TraceStep[];
  };
  // What runs deeper is Materials: the ledger calls nothing else that writes.
  const [materials] = (await ledger.read('materials', [])) as [string];
  const written = new Set(
    trace.structLogs
      .filter((step) => step.op === 'SSTORE')
      .map((step) => `${step.depth > 1 ? materials : ledger.address} 0x${toWord(step.stack.at(-1)).toString(16)}`),
  );
  const block = Number(await ledger.request('eth_blockNumber', []));
  let count = 0;
  for (const place of written) {
    const at = async (number: number) =>
      BigInt(String(await ledger.request('eth_getStorageAt', [...place.split(' '), `0x${number.toString(16)}`])));
    if ((await at(block - 1)) === 0n && (await at(block)) !== 0n) count++;
  }
  return count;
}

function toWord(hex = '0'): bigint {
  return BigInt(`0x${hex.replace(/^0x/, '')}`);
}
