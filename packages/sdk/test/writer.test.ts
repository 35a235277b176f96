import { type Hex, hashIssuer } from '@dpp-ledger/core';
import { createSigner, decodeKeyId, encodeKeyId, generateKey, hashKey, parseDid } from '@dpp-ledger/core/credential';
import { decodeEntry } from '@dpp-ledger/core/journal';
import { Interface, Transaction } from 'ethers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { abi } from '../src/ledger/generated/PassportLedger.ts';
import {
  acts,
  calls,
  connectLedger,
  createLedgerWriter,
  decodeActs,
  decodePurposes,
  deployLedger,
  encodePurposes,
  type LoggedEntry,
  parseRelay,
  type SignedTransaction,
  signPossession,
  signRelay,
  verifyRelay,
  wordsOf,
} from '../src/ledger/index.ts';
import { accredit, batch, FUNDS, newAccount, proxy, startLedger, type TestIssuer, type TestLedger } from './support.ts';

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startLedger();
  // Mixed with a clock, as the embedded chain mines, it cannot be turned off; alone it can.
  await ledger.rpc.call('evm_setAutomine', [true]);
}, 60_000);
afterAll(() => ledger.stop());
// A test that fails must not leave the others a chain that mines nothing.
afterEach(() =>
  ledger.rpc.batch([
    { method: 'evm_setAutomine', params: [true] },
    { method: 'evm_mine', params: [] },
  ]),
);

const SOON = () => Math.floor(Date.now() / 1000) + 600;
const decoded = (entries: readonly LoggedEntry[]) => entries.map(({ bytes }) => decodeEntry(bytes));

/** Sends, and then does not watch over it: what waits for a block sends again what a node forgets. */
async function submitAndLeave(issuer: TestIssuer, seed: number): Promise<{ transaction: SignedTransaction }> {
  const over = new AbortController();
  const call = calls.anchor({ issuer: issuer.id, ...batch(seed) });
  const { transaction, included } = await issuer.writer.submit(call, { signal: over.signal });
  over.abort();
  await expect(included).rejects.toThrow();
  return { transaction };
}

async function relay(
  issuer: TestIssuer,
  list: Parameters<typeof signRelay>[0]['acts'],
  options: { nonce?: bigint } = {},
) {
  const nonce =
    options.nonce ?? (await ledger.reader.readKeyNonce(issuer.hash, decodeKeyId(issuer.signer.keyId))) ?? 0n;
  return await signRelay({ ledger: ledger.reader.id, signer: issuer.signer, acts: list, nonce, deadline: SOON() });
}

describe('acts', () => {
  it('are read back as they were written', async () => {
    const key = await generateKey({ algorithm: 'Ed25519' });
    const account: Hex = `0x${'ab'.repeat(20)}`;
    const lot: Hex = `0x${'cd'.repeat(32)}`;
    const words = wordsOf([0, 255, 256, 131_071]);
    const list = [
      acts.anchor({ ...batch(5), allocations: [{ lot, milligrams: 12n }] }),
      acts.revoke({ list: 2n ** 64n - 1n, reason: 'recall', words }),
      acts.supersede({ list: 7n, reason: 'error', words: wordsOf([9]) }),
      acts.addKey({ key, purposes: ['assert'], deadline: 99, proof: '0x' }),
      acts.retireKey({ key: hashKey(key), at: 1 }),
      acts.markCompromised({ key: hashKey(key), since: 2 }),
      acts.appointSubmitter(account),
      acts.dismissSubmitter(account),
      acts.proposeController(account),
      acts.material({ kind: 'lotRetired', lot, milligrams: 5n }),
      acts.material({ kind: 'transferOffered', receiver: lot, lot, milligrams: 5n, event: lot, label: 'A/1' }),
    ];
    const id = decodeKeyId(hashKey(key));
    expect(decodeActs(list)).toEqual([
      { kind: 'anchored', ...batch(5), allocations: [{ lot, milligrams: 12n }] },
      { kind: 'statusSet', status: 'revoked', list: 2n ** 64n - 1n, reason: 'recall', words },
      { kind: 'statusSet', status: 'superseded', list: 7n, reason: 'error', words: [{ number: 0, bits: 512n }] },
      { kind: 'keyAdded', key: { kty: 'OKP', crv: 'Ed25519', x: key.x }, purposes: 1, deadline: 99, proof: '0x' },
      { kind: 'keyRetired', key: id, at: 1 },
      { kind: 'keyCompromised', key: id, since: 2 },
      { kind: 'submitterAppointed', account },
      { kind: 'submitterDismissed', account },
      { kind: 'controllerProposed', account },
      { kind: 'lotRetired', lot, milligrams: 5n },
      { kind: 'transferOffered', receiver: lot, lot, milligrams: 5n, event: lot, label: 'A/1' },
    ]);
  });

  const appointing = acts.appointSubmitter(`0x${'ab'.repeat(20)}`);
  const revoking = acts.revoke({ list: 1n, reason: 'error', words: [] });
  it.each<[string, { kind: number; data: Hex }]>([
    ['an unknown kind', { kind: 0x10, data: '0x' }],
    ['no data', { kind: 0x20, data: '0x' }],
    ['something behind the data', { ...appointing, data: `${appointing.data}00` }],
    [
      'a status that is none',
      { ...revoking, data: revoking.data.replace(/^(0x.{64}).{64}/, `$1${'3'.padStart(64, '0')}`) as Hex },
    ],
  ])('are refused with %s', (_, act) => {
    expect(() => decodeActs([act])).toThrow(expect.objectContaining({ code: 'input.shape' }));
  });

  it('name places by words of 256 bits', () => {
    expect(wordsOf([257, 0, 256])).toEqual([
      { number: 0, bits: 1n },
      { number: 1, bits: 3n },
    ]);
    expect(() => wordsOf([131_072])).toThrow(TypeError);
  });

  it('name purposes by bits', () => {
    expect(encodePurposes(['assert', 'administer'])).toBe(9);
    expect(decodePurposes(6)).toEqual(['operate', 'revoke']);
  });
});

describe('what issuers do', () => {
  it('anchors as controller, as submitter, and as a key whose acts anyone relays', async () => {
    const issuer = await accredit(ledger);
    const submitter = await ledger.createAccount();
    const byController = await issuer.writer.send(calls.anchor({ issuer: issuer.id, ...batch(1) }));
    expect(decoded(byController.entries)).toMatchObject([
      { kind: 'anchored', actor: { kind: 'controller', id: issuer.controller.address } },
    ]);

    await issuer.writer.send(calls.act({ issuer: issuer.id, acts: [acts.appointSubmitter(submitter.address)] }));
    expect(await ledger.reader.isSubmitter(issuer.hash, submitter.address)).toBe(true);
    const bySubmitter = await (await ledger.createWriter(submitter)).send(
      calls.anchor({ issuer: issuer.id, ...batch(2) }),
    );
    expect(decoded(bySubmitter.entries)).toMatchObject([
      { kind: 'anchored', actor: { kind: 'submitter', id: submitter.address } },
    ]);

    const request = await relay(issuer, [
      acts.anchor(batch(3)),
      acts.supersede({ list: 9n, reason: 'error', words: wordsOf([1, 2]) }),
    ]);
    const relayed = await ledger.admin.send(calls.relay(request));
    const actor = { kind: 'key', id: decodeKeyId(issuer.signer.keyId) };
    expect(decoded(relayed.entries)).toMatchObject([
      { kind: 'anchored', actor, root: batch(3).root },
      { kind: 'statusSet', actor, list: 9n, words: [{ number: 0, bits: 6n }] },
    ]);
    expect(await ledger.reader.readKeyNonce(issuer.hash, decodeKeyId(issuer.signer.keyId))).toBe(1n);
  });

  it('adds, retires and marks keys, P-256 with a proof and Ed25519 without', async () => {
    const issuer = await accredit(ledger);
    const next = await createSigner({ issuer: issuer.id, jwk: await generateKey({ algorithm: 'ES256' }) });
    const plain = await createSigner({ issuer: issuer.id, jwk: await generateKey({ algorithm: 'Ed25519' }) });
    const terms = { purposes: ['assert', 'operate'] as const, deadline: SOON() };
    const prove = (signer: typeof next) =>
      signPossession({ ledger: ledger.reader.id, signer, controller: issuer.controller.address, ...terms });
    const list = [
      acts.addKey({ key: next.key, ...terms, proof: await prove(next) }),
      acts.addKey({ key: plain.key, purposes: ['assert'], deadline: terms.deadline, proof: await prove(plain) }),
      acts.markCompromised({ key: issuer.signer.keyId, since: 1_700_000_000 }),
    ];
    const receipt = await ledger.admin.send(calls.relay(await relay(issuer, list)));
    expect(decoded(receipt.entries).map(({ kind }) => kind)).toEqual(['keyAdded', 'keyAdded', 'keyCompromised']);
    expect(decoded(receipt.entries)[0]).toMatchObject({ key: decodeKeyId(next.keyId), purposes: 3 });
    await expect(
      relay(issuer, [acts.anchor(batch(1))]).then((request) => ledger.admin.send(calls.relay(request))),
    ).rejects.toMatchObject({ code: 'ledger.refused' });
    expect(encodeKeyId(decodeKeyId(next.keyId))).toBe(next.keyId);
  });

  it('changes its controller in two steps', async () => {
    const issuer = await accredit(ledger);
    const heir = await ledger.createAccount();
    await issuer.writer.send(calls.act({ issuer: issuer.id, acts: [acts.proposeController(heir.address)] }));
    expect(await ledger.reader.proposedController(issuer.hash)).toBe(heir.address);
    await (await ledger.createWriter(heir)).send(calls.acceptController({ issuer: issuer.id }));
    expect(await ledger.reader.proposedController(issuer.hash)).toBeUndefined();
    await expect(issuer.writer.send(calls.anchor({ issuer: issuer.id, ...batch(1) }))).rejects.toMatchObject({
      code: 'ledger.refused',
    });
  });
});

describe('a relay request', () => {
  it('survives JSON and is verified at the door', async () => {
    const issuer = await accredit(ledger);
    const request = parseRelay(JSON.parse(JSON.stringify(await relay(issuer, [acts.anchor(batch(1))]))));
    expect(await verifyRelay(request, ledger.reader.id)).toBe(true);
    const others = [
      { ...request, nonce: '1' },
      { ...request, deadline: request.deadline + 1 },
      { ...request, acts: [acts.anchor(batch(2))] },
      { ...request, issuer: parseDid('did:web:somebody.example') },
      { ...request, ledger: `eip155:1:${ledger.reader.id.address}` },
      { ...request, key: (await accredit(ledger)).signer.key },
    ];
    for (const other of others) expect(await verifyRelay(other, ledger.reader.id)).toBe(false);
    expect(await verifyRelay(request, { ...ledger.reader.id, address: `0x${'11'.repeat(20)}` })).toBe(false);
  });

  it.each([
    ['no acts', { acts: [] }],
    ['a private key', { key: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', d: 'd' } }],
    ['a negative nonce', { nonce: '-1' }],
    ['a short signature', { signature: 'AAAA' }],
    ['a member too many', { more: true }],
  ])('is refused with %s', async (_, change) => {
    const request = await relay(await accredit(ledger), [acts.anchor(batch(1))]);
    expect(() => parseRelay({ ...request, ...change })).toThrow(expect.objectContaining({ code: 'input.shape' }));
  });

  it('cannot be signed by a key that the contract cannot check', async () => {
    const signer = await createSigner({
      issuer: parseDid('did:web:a.example'),
      jwk: await generateKey({ algorithm: 'Ed25519' }),
    });
    const signing = signRelay({
      ledger: ledger.reader.id,
      signer,
      acts: [acts.anchor(batch(1))],
      nonce: 0n,
      deadline: SOON(),
    });
    await expect(signing).rejects.toMatchObject({ code: 'input.shape' });
  });
});

describe('what accreditors and the admin do', () => {
  it('makes the entries that each is for', async () => {
    const issuer = await accredit(ledger);
    const who = { issuer: issuer.id };
    const since = 1_700_000_000;
    const steps = [
      calls.suspend(who),
      calls.reinstate(who),
      calls.assignRoles({ ...who, roles: ['recycler', 'certifier'] }),
      calls.grantPrefix({ ...who, number: 1, prefix: 'gs1:9521234' }),
      calls.revokeByAuthority({ ...who, list: 1n, words: wordsOf([3]) }),
    ];
    const kinds: string[] = [];
    for (const step of steps)
      kinds.push(...decoded((await ledger.accreditor.send(step)).entries).map(({ kind }) => kind));
    const takeBack = calls.takeBackPrefix({
      ...who,
      number: 1,
      prefix: 'gs1:9521234',
      since: Math.floor(Date.now() / 1000) - 1,
    });
    // The grant began in a block of this very second or later: it ends no earlier than it began.
    await ledger.rpc.call('evm_increaseTime', [100]);
    await ledger.rpc.call('evm_mine', []);
    const block = await ledger.reader.readBlock('latest');
    expect(takeBack.purpose).toContain('gs1:9521234');
    kinds.push(
      ...decoded(
        (
          await ledger.accreditor.send(
            calls.takeBackPrefix({ ...who, number: 1, prefix: 'gs1:9521234', since: block?.time ?? 0 }),
          )
        ).entries,
      ).map(({ kind }) => kind),
      ...decoded((await ledger.accreditor.send(calls.withdraw({ ...who, since: block?.time ?? since }))).entries).map(
        ({ kind }) => kind,
      ),
    );
    expect(kinds).toEqual([
      'suspended',
      'reinstated',
      'rolesAssigned',
      'prefixGranted',
      'statusSet',
      'prefixTakenBack',
      'withdrawn',
    ]);
  });

  it('pauses, appoints and dismisses', async () => {
    const other = await ledger.createAccount();
    const kinds: string[] = [];
    for (const step of [calls.pause(), calls.unpause(), calls.appointAccreditor(other.address)])
      kinds.push(...decoded((await ledger.admin.send(step)).entries).map(({ kind }) => kind));
    expect(await ledger.reader.isAccreditor(other.address)).toBe(true);
    await ledger.admin.send(calls.dismissAccreditor(other.address));
    expect(await ledger.reader.isAccreditor(other.address)).toBe(false);
    expect(kinds).toEqual(['paused', 'unpaused', 'roleGranted']);
  });

  it('closes a ledger for good', async () => {
    const account = await ledger.createAccount();
    const id = await deployLedger({ url: ledger.rpcUrl, account, admin: account.address });
    const reader = await connectLedger({ url: ledger.rpcUrl, pin: id });
    const writer = await createLedgerWriter({ reader, url: ledger.rpcUrl, account });
    await writer.send(calls.close({ chainId: 1n, address: `0x${'11'.repeat(20)}`, codeHash: `0x${'22'.repeat(32)}` }));
    await expect(writer.send(calls.pause())).rejects.toThrow('LedgerClosed');
  });

  it('cannot be handed to an account that is not the admin', async () => {
    const account = await ledger.createAccount();
    const deploying = deployLedger({
      url: ledger.rpcUrl,
      account,
      admin: newAccount().address,
      accreditors: [account.address],
    });
    await expect(deploying).rejects.toMatchObject({ code: 'input.shape' });
  });
});

describe('a refusal', () => {
  it("carries the contract's error and its arguments", async () => {
    const id = parseDid('did:web:nobody.example');
    const refused = ledger.admin.send(calls.anchor({ issuer: id, ...batch(1) }));
    await expect(refused).rejects.toMatchObject({ code: 'ledger.refused' });
    await expect(refused).rejects.toThrow(`IssuerUnknown(issuer: ${hashIssuer(id)})`);
    await expect(ledger.admin.check(calls.suspend({ issuer: id }))).rejects.toMatchObject({ code: 'ledger.refused' });
  });

  it('has a name for every error of the contract', () => {
    const named = new Interface(abi).fragments.filter(({ type }) => type === 'error');
    expect(named.length).toBeGreaterThan(30);
  });

  it('is told from an account without money', async () => {
    const poor = await ledger.createWriter(newAccount());
    await expect(poor.send(calls.pause())).rejects.toMatchObject({ code: 'ledger.refused' });
    const issuer = await accredit(ledger);
    await ledger.rpc.call('anvil_setBalance', [issuer.controller.address, '0x1']);
    await expect(issuer.writer.send(calls.anchor({ issuer: issuer.id, ...batch(1) }))).rejects.toMatchObject({
      code: 'ledger.no-funds',
    });
    await ledger.rpc.call('anvil_setBalance', [issuer.controller.address, FUNDS]);
    await issuer.writer.send(calls.anchor({ issuer: issuer.id, ...batch(1) }));
  });

  it('in a block is told with its reason', async () => {
    const issuer = await accredit(ledger);
    await ledger.rpc.call('evm_setAutomine', [false]);
    const { transaction } = await submitAndLeave(issuer, 1);
    await ledger.rpc.call('anvil_dropTransaction', [transaction.hash]);
    await ledger.accreditor.submit(calls.suspend({ issuer: issuer.id }));
    await ledger.rpc.call('evm_mine', []);
    await ledger.rpc.call('eth_sendRawTransaction', [transaction.raw]);
    await ledger.rpc.call('evm_mine', []);
    const waiting = issuer.writer.wait([transaction]);
    await expect(waiting).rejects.toMatchObject({ code: 'ledger.refused' });
    await expect(waiting).rejects.toThrow('IssuerSuspended');
    const outcomes = await issuer.writer.recover([transaction]);
    expect(outcomes.get(transaction.hash)).toMatchObject({ state: 'refused' });
  });
});

describe('sending', () => {
  it('gives many transactions at once their nonces in order, each written down before it is sent', async () => {
    const issuer = await accredit(ledger);
    const recorded: SignedTransaction[] = [];
    const receipts = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        issuer.writer.send(calls.anchor({ issuer: issuer.id, ...batch(i) }), {
          record: async (transaction) => {
            expect(await ledger.rpc.call('eth_getTransactionByHash', [transaction.hash])).toBeNull();
            recorded.push(transaction);
          },
        }),
      ),
    );
    expect(recorded.map(({ nonce }) => nonce)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(receipts.map(({ hash }) => hash)).toEqual(recorded.map(({ hash }) => hash));
  });

  it('takes no nonce where writing down fails', async () => {
    const issuer = await accredit(ledger);
    const call = calls.anchor({ issuer: issuer.id, ...batch(1) });
    const failing = issuer.writer.submit(call, { record: () => Promise.reject(new Error('disk full')) });
    await expect(failing).rejects.toThrow('disk full');
    expect((await issuer.writer.submit(call)).transaction.nonce).toBe(0);
  });

  it('sends the same bytes again after a crash, and so does nothing twice', async () => {
    const issuer = await accredit(ledger);
    const recorded: SignedTransaction[] = [];
    const record = (transaction: SignedTransaction) => void recorded.push(transaction);
    await ledger.rpc.call('evm_setAutomine', [false]);
    for (let i = 0; i < 3; i++)
      await issuer.writer.submit(calls.anchor({ issuer: issuer.id, ...batch(i) }), { record });
    // The node forgets the second and with it what waits behind; the process is gone too: another writer of the same account.
    await ledger.rpc.call('anvil_dropAllTransactions', []);
    const writer = await ledger.createWriter(issuer.controller);
    const outcomes = await writer.recover(recorded);
    expect([...outcomes.values()]).toEqual([{ state: 'sent' }, { state: 'sent' }, { state: 'sent' }]);
    const more = await writer.submit(calls.anchor({ issuer: issuer.id, ...batch(3) }));
    expect(more.transaction.nonce).toBe(3);
    await ledger.rpc.call('evm_setAutomine', [true]);
    await ledger.rpc.call('evm_mine', []);
    const receipts = await Promise.all(recorded.map((transaction) => writer.wait([transaction])));
    expect(receipts.map(({ hash }) => hash)).toEqual(recorded.map(({ hash }) => hash));
    const again = await writer.recover(recorded);
    expect([...again.values()].map(({ state }) => state)).toEqual(['included', 'included', 'included']);
    expect((await more.included).entries).toHaveLength(1);
  });

  it('tells apart two calls that were written down with one nonce', async () => {
    const issuer = await accredit(ledger);
    const recorded: SignedTransaction[] = [];
    const record = (transaction: SignedTransaction) => void recorded.push(transaction);
    const send = (seed: number) => issuer.writer.send(calls.anchor({ issuer: issuer.id, ...batch(seed) }), { record });
    // The node refuses the first: its nonce goes to the next call.
    await ledger.rpc.call('anvil_setBalance', [issuer.controller.address, '0x1']);
    const sending = send(1);
    await expect(sending).rejects.toMatchObject({ code: 'ledger.no-funds' });
    await ledger.rpc.call('anvil_setBalance', [issuer.controller.address, FUNDS]);
    await send(2);
    const outcomes = await issuer.writer.recover(recorded);
    expect(recorded.map(({ hash }) => outcomes.get(hash)?.state)).toEqual(
      recorded.length === 2 ? ['replaced', 'included'] : ['included'],
    );
    const [first] = recorded as [SignedTransaction];
    const raw = await issuer.controller.signTransaction({
      ...{ chainId: 31337, nonce: 0, to: ledger.reader.id.address, gasLimit: 200_000n },
      ...{ data: calls.anchor({ issuer: issuer.id, ...batch(3) }).data, fees: { gasPrice: 2_000_000_000n } },
    });
    const other = { ...first, raw, hash: Transaction.from(raw).hash as Hex };
    const both = await issuer.writer.recover([other, ...recorded]);
    expect(both.get(other.hash)).toEqual({ state: 'replaced' });
    expect(both.get(recorded.at(-1)?.hash as Hex)).toMatchObject({ state: 'included' });
  });

  it('sends again what the node forgot', async () => {
    const issuer = await accredit(ledger);
    let sendings = 0;
    const again = Promise.withResolvers<void>();
    const watched = await proxy(ledger.rpcUrl, async ({ method }, answer) => {
      const result = await answer();
      if (method === 'eth_sendRawTransaction' && ++sendings === 2) again.resolve();
      return result;
    });
    const { reader } = ledger;
    const writer = await createLedgerWriter({ reader, url: watched.url, account: issuer.controller, pollMs: 50 });
    await ledger.rpc.call('evm_setAutomine', [false]);
    const { transaction, included } = await writer.submit(calls.anchor({ issuer: issuer.id, ...batch(1) }));
    await ledger.rpc.call('anvil_dropTransaction', [transaction.hash]);
    await again.promise;
    await ledger.rpc.call('evm_mine', []);
    expect((await included).hash).toBe(transaction.hash);
    await watched.close();
  }, 20_000);

  it('sees that another program took the nonce', async () => {
    const issuer = await accredit(ledger);
    await ledger.rpc.call('evm_setAutomine', [false]);
    const { transaction } = await submitAndLeave(issuer, 1);
    await ledger.rpc.call('anvil_dropTransaction', [transaction.hash]);
    const other = await ledger.createWriter(issuer.controller);
    const taken = await other.submit(calls.anchor({ issuer: issuer.id, ...batch(2) }));
    expect(taken.transaction.nonce).toBe(transaction.nonce);
    await ledger.rpc.call('evm_mine', []);
    await expect(issuer.writer.wait([transaction])).rejects.toMatchObject({ code: 'ledger.pending' });
    expect((await issuer.writer.recover([transaction])).get(transaction.hash)).toEqual({ state: 'replaced' });
  });

  /** A transaction that a node dropped, and another of the account in a block with its nonce. */
  async function takePlace(issuer: TestIssuer): Promise<SignedTransaction> {
    await ledger.rpc.call('evm_setAutomine', [false]);
    const { transaction } = await submitAndLeave(issuer, 1);
    await ledger.rpc.call('anvil_dropTransaction', [transaction.hash]);
    const other = await ledger.createWriter(issuer.controller);
    await other.submit(calls.anchor({ issuer: issuer.id, ...batch(2) }));
    await ledger.rpc.call('evm_mine', []);
    await ledger.rpc.call('evm_setAutomine', [true]);
    return transaction;
  }

  it('gives up what another transaction took the place of only when that is final', async () => {
    const issuer = await accredit(ledger);
    const transaction = await takePlace(issuer);
    const reader = await connectLedger({ url: ledger.rpcUrl, pin: ledger.reader.id, finality: { confirmations: 2 } });
    const writer = await createLedgerWriter({ reader, url: ledger.rpcUrl, account: issuer.controller });
    await expect(writer.recover([transaction])).rejects.toMatchObject({ code: 'ledger.pending' });
    await ledger.rpc.call('anvil_mine', ['0x2']);
    expect((await writer.recover([transaction])).get(transaction.hash)).toEqual({ state: 'replaced' });
  });

  it('never sends again what it gave up, even where the chain loses the blocks that it was given up for', async () => {
    const issuer = await accredit(ledger);
    const snapshot = await ledger.rpc.call('evm_snapshot', []);
    const transaction = await takePlace(issuer);
    expect((await issuer.writer.recover([transaction])).get(transaction.hash)).toEqual({ state: 'replaced' });
    await issuer.writer.send(calls.anchor({ issuer: issuer.id, ...batch(1) }));
    await ledger.rpc.call('evm_revert', [snapshot]);
    // Before this one what was sent instead goes in again, and nothing else.
    await issuer.writer.send(calls.anchor({ issuer: issuer.id, ...batch(3) }));
    const anchored: unknown[] = [];
    for await (const { bytes } of ledger.reader.readEntries()) {
      const entry = decodeEntry(bytes);
      if (entry.kind === 'anchored' && entry.issuer === issuer.hash) anchored.push(entry.root);
    }
    expect(anchored.filter((root) => root === batch(1).root).length).toBeLessThan(2);
    expect(anchored).toContain(batch(3).root);
  });

  it('brings to its end what another account had begun', async () => {
    const issuer = await accredit(ledger);
    await ledger.rpc.call('evm_setAutomine', [false]);
    const { transaction } = await submitAndLeave(issuer, 1);
    await ledger.rpc.call('anvil_dropTransaction', [transaction.hash]);
    const successor = await ledger.createWriter(await ledger.createAccount(), { replaceAfterMs: 1 });
    expect((await successor.recover([transaction])).get(transaction.hash)).toEqual({ state: 'sent' });
    const waiting = successor.wait([transaction]);
    await ledger.rpc.call('evm_setAutomine', [true]);
    await ledger.rpc.call('evm_mine', []);
    expect((await waiting).hash).toBe(transaction.hash);
    expect((await successor.recover([transaction])).get(transaction.hash)).toMatchObject({ state: 'included' });
    // Its own nonces are its own.
    expect(await successor.submit(calls.pause()).catch((error: unknown) => error)).toMatchObject({
      code: 'ledger.refused',
    });
  });

  it('does not give up what a node cannot show yet', async () => {
    const issuer = await accredit(ledger);
    const recorded: SignedTransaction[] = [];
    const record = (transaction: SignedTransaction) => void recorded.push(transaction);
    await issuer.writer.send(calls.anchor({ issuer: issuer.id, ...batch(1) }), { record });
    const indexing = await proxy(ledger.rpcUrl, ({ method }, answer) => {
      if (method === 'eth_getTransactionReceipt') throw new Error('transaction indexing is in progress');
      return answer();
    });
    const { reader } = ledger;
    const writer = await createLedgerWriter({ reader, url: indexing.url, account: issuer.controller });
    await expect(writer.recover(recorded)).rejects.toMatchObject({ code: 'ledger.pending' });
    await indexing.close();
    expect([...(await issuer.writer.recover(recorded)).values()]).toMatchObject([{ state: 'included' }]);
  });

  it('says of a call that waits for its turn nothing that was said of the one before it', async () => {
    const issuer = await accredit(ledger);
    await ledger.rpc.call('evm_setAutomine', [false]);
    const first = await submitAndLeave(issuer, 1);
    await ledger.rpc.call('anvil_dropTransaction', [first.transaction.hash]);
    let isPoor = true;
    const poor = await proxy(ledger.rpcUrl, ({ method }, answer) => {
      if (method === 'eth_sendRawTransaction' && isPoor) throw new Error('execution reverted');
      return answer();
    });
    const { reader } = ledger;
    const writer = await createLedgerWriter({ reader, url: poor.url, account: issuer.controller });
    await writer.recover([first.transaction]);
    const second = calls.anchor({ issuer: issuer.id, ...batch(2) });
    await expect(writer.submit(second)).rejects.toMatchObject({ code: 'ledger.pending' });
    isPoor = false;
    await ledger.rpc.call('evm_setAutomine', [true]);
    expect((await writer.send(second)).entries).toHaveLength(1);
    await poor.close();
  });

  it('pays more for what is stuck, with the same nonce and written down too', async () => {
    const issuer = await accredit(ledger);
    const writer = await ledger.createWriter(issuer.controller, { replaceAfterMs: 100 });
    const recorded: SignedTransaction[] = [];
    const second = Promise.withResolvers<void>();
    await ledger.rpc.call('evm_setAutomine', [false]);
    const sending = writer.send(calls.anchor({ issuer: issuer.id, ...batch(1) }), {
      record: (transaction) => {
        recorded.push(transaction);
        if (recorded.length === 2) second.resolve();
      },
    });
    await second.promise;
    await ledger.rpc.call('evm_setAutomine', [true]);
    await ledger.rpc.call('evm_mine', []);
    const receipt = await sending;
    const hashes = recorded.map(({ hash }) => hash);
    expect(new Set(recorded.map(({ nonce }) => nonce)).size).toBe(1);
    expect(hashes).toContain(receipt.hash);
    const entries = await ledger.reader.readEntries();
    let anchors = 0;
    for await (const entry of entries) if (hashes.includes(entry.transactionHash)) anchors += 1;
    expect(anchors).toBe(1);
    expect([...(await writer.recover(recorded)).values()].every(({ state }) => state === 'included')).toBe(true);
  });

  it('does not raise the fees of what only lacks money, and sends it when there is some', async () => {
    const issuer = await accredit(ledger);
    let rounds = 0;
    const late = Promise.withResolvers<void>();
    const watched = await proxy(ledger.rpcUrl, ({ method }, answer) => {
      if (method === 'eth_getTransactionReceipt' && ++rounds === 12) late.resolve();
      return answer();
    });
    const writer = await createLedgerWriter({
      ...{ reader: ledger.reader, url: watched.url, account: issuer.controller },
      ...{ replaceAfterMs: 1, pollMs: 20 },
    });
    const recorded: SignedTransaction[] = [];
    const record = (transaction: SignedTransaction) => void recorded.push(transaction);
    await ledger.rpc.call('anvil_setBalance', [issuer.controller.address, '0x1']);
    await expect(writer.submit(calls.anchor({ issuer: issuer.id, ...batch(1) }), { record })).rejects.toMatchObject({
      code: 'ledger.no-funds',
    });
    const waiting = writer.wait([...recorded], { record });
    await late.promise;
    // The first replacement tells what is missing.
    expect(recorded).toHaveLength(2);
    await ledger.rpc.call('anvil_setBalance', [issuer.controller.address, FUNDS]);
    expect(recorded.map(({ hash }) => hash)).toContain((await waiting).hash);
    await watched.close();
  });

  it('never pays more than the ceiling', async () => {
    const issuer = await accredit(ledger);
    const feeCeiling = 3_000_000_000n;
    const recorded: SignedTransaction[] = [];
    const record = (transaction: SignedTransaction) => void recorded.push(transaction);
    let rounds = 0;
    const late = Promise.withResolvers<void>();
    const watched = await proxy(ledger.rpcUrl, ({ method }, answer) => {
      // Rounds of waiting are at least 50 ms apart by now, and the fees would be raised after 10 ms.
      if (method === 'eth_getTransactionReceipt' && ++rounds === 8) late.resolve();
      return answer();
    });
    const writer = await createLedgerWriter({
      ...{ reader: ledger.reader, url: watched.url, account: issuer.controller },
      ...{ replaceAfterMs: 10, pollMs: 50, feeCeiling },
    });
    await ledger.rpc.call('evm_setAutomine', [false]);
    const sending = writer.send(calls.anchor({ issuer: issuer.id, ...batch(1) }), { record });
    await late.promise;
    await ledger.rpc.call('evm_setAutomine', [true]);
    await ledger.rpc.call('evm_mine', []);
    await sending;
    for (const { raw } of recorded) expect(Transaction.from(raw).maxFeePerGas).toBeLessThanOrEqual(feeCeiling);
    await watched.close();
  });

  it('goes on where the answer to a sending is lost', async () => {
    const issuer = await accredit(ledger);
    let lose = true;
    const lossy = await proxy(ledger.rpcUrl, async ({ method }, answer) => {
      const result = await answer();
      if (method !== 'eth_sendRawTransaction' || !lose) return result;
      lose = false;
      return await new Promise(() => undefined);
    });
    const writer = await createLedgerWriter({
      reader: ledger.reader,
      url: lossy.url,
      account: issuer.controller,
      timeLimitMs: 300,
    });
    const receipt = await writer.send(calls.anchor({ issuer: issuer.id, ...batch(1) }));
    expect(receipt.entries).toHaveLength(1);
    await lossy.close();
  });

  it('waits until a block is final, and sees when it is dropped instead', async () => {
    const issuer = await accredit(ledger);
    const snapshot = await ledger.rpc.call('evm_snapshot', []);
    const receipt = await issuer.writer.send(calls.anchor({ issuer: issuer.id, ...batch(1) }));
    expect(await issuer.writer.waitFinal(receipt)).toEqual(receipt);
    await ledger.rpc.call('evm_revert', [snapshot]);
    expect(await issuer.writer.waitFinal(receipt)).toBeUndefined();
    // The account's writer remembers what the chain lost, and sends it again before anything new.
    const next = await issuer.writer.send(calls.anchor({ issuer: issuer.id, ...batch(2) }));
    expect(decoded(next.entries)).toMatchObject([{ root: batch(2).root }]);
    expect((await issuer.writer.waitFinal(receipt))?.hash).toBe(receipt.hash);
  });

  it('ends at once when the signal aborts', async () => {
    const issuer = await accredit(ledger);
    await ledger.rpc.call('evm_setAutomine', [false]);
    const over = new AbortController();
    const { included } = await issuer.writer.submit(calls.anchor({ issuer: issuer.id, ...batch(1) }), {
      signal: over.signal,
    });
    over.abort(new Error('enough'));
    await expect(included).rejects.toThrow('enough');
    await ledger.rpc.call('evm_setAutomine', [true]);
    await ledger.rpc.call('evm_mine', []);
  });
});
