import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { encodeHex, type Hex } from '../../src/bytes.ts';
import { hashGrant } from '../../src/ids.ts';
import {
  type Actor,
  answerQuestion,
  assertTreeHead,
  buildTree,
  createJournalFold,
  decodeEntry,
  type EntryBody,
  encodeEntry,
  foldJournal,
  hashLeaf,
  JournalBreakError,
  restoreJournalFold,
} from '../../src/journal/index.ts';
import {
  ACCREDITOR,
  ACCREDITOR_ROLE,
  ADMIN,
  ADMIN_ROLE,
  accountOf,
  accreditMaker,
  anchored,
  by,
  CONTROLLER,
  createKeyPair,
  createPaperLedger,
  issuerOf,
  type KeyPair,
  keyAdded,
  MAKER,
  makerId,
  NOBODY,
  type PaperLedger,
} from './paper-ledger.ts';

const root: Hex = `0x${'77'.repeat(32)}`;
const batch = anchored({ root, size: 10 });
const OTHER = 'did:web:other.example';
const otherId = issuerOf(OTHER);
const broken = expect.objectContaining({ code: 'journal.break' });

let first: KeyPair;
let second: KeyPair;
let verifier: KeyPair;
beforeAll(async () => {
  [first, second, verifier] = await Promise.all([createKeyPair(), createKeyPair(), createKeyPair('Ed25519')]);
});

function ledgerWithMaker(): PaperLedger {
  const ledger = createPaperLedger();
  accreditMaker(ledger, first);
  return ledger;
}

const set = (fields: Partial<Extract<EntryBody, { kind: 'statusSet' }>> = {}): EntryBody => ({
  kind: 'statusSet',
  issuer: makerId,
  list: 7n,
  status: 'revoked',
  reason: 'recall',
  words: [{ number: 0, bits: 0b100n }],
  ...fields,
});
const accreditOther = (number: number): EntryBody => ({
  kind: 'accredited',
  issuer: otherId,
  number,
  roles: 2,
  controller: NOBODY,
  did: OTHER,
});

/** Everything that a journal can hold, by everybody who can do it. */
function fullJournal(): PaperLedger {
  const ledger = ledgerWithMaker();
  const append = ledger.append;
  append(CONTROLLER, batch);
  append(CONTROLLER, { kind: 'submitterAppointed', issuer: makerId, account: accountOf('service') });
  append(by('submitter', 'service'), batch);
  append(by('key', first.id), batch);
  append(by('key', first.id), keyAdded(makerId, second, 1));
  append(CONTROLLER, keyAdded(makerId, verifier, 1));
  append(by('key', first.id), set());
  append(CONTROLLER, set({ status: 'superseded', reason: 'error', words: [{ number: 0, bits: 0b110n }] }));
  append(ACCREDITOR, set({ reason: 'byAuthority', words: [{ number: 511, bits: 1n << 255n }] }));
  append(CONTROLLER, { kind: 'submitterDismissed', issuer: makerId, account: accountOf('service') });
  append(CONTROLLER, { kind: 'controllerProposed', issuer: makerId, account: accountOf('heir') });
  append(by('controller', 'heir'), { kind: 'controllerChanged', issuer: makerId, account: accountOf('heir') });
  append(ACCREDITOR, { kind: 'rolesAssigned', issuer: makerId, roles: 5 });
  append(ACCREDITOR, { kind: 'suspended', issuer: makerId });
  append(by('key', first.id), set({ words: [{ number: 1, bits: 1n }] }));
  append(by('controller', 'heir'), { kind: 'keyRetired', issuer: makerId, key: second.id, at: ledger.time + 500 });
  append(ACCREDITOR, { kind: 'reinstated', issuer: makerId });
  append(by('controller', 'heir'), { kind: 'keyRetired', issuer: makerId, key: second.id, at: ledger.time + 100 });
  append(by('key', first.id), { kind: 'keyCompromised', issuer: makerId, key: verifier.id, since: ledger.time - 50 });
  append(by('key', first.id), { kind: 'keyCompromised', issuer: makerId, key: verifier.id, since: ledger.time - 70 });
  append(ADMIN, { kind: 'paused' });
  append(by('key', first.id), set({ words: [{ number: 2, bits: 1n }] }));
  append(ADMIN, { kind: 'unpaused' });
  append(ACCREDITOR, accreditOther(2));
  append(ACCREDITOR, keyAdded(otherId, second, 15));
  append(by('key', second.id), { kind: 'controllerProposed', issuer: otherId, account: accountOf('owner') });
  const taken = { kind: 'prefixTakenBack', issuer: makerId, number: 1, prefix: 'gs1:0952' } as const;
  append(ACCREDITOR, { ...taken, since: ledger.time });
  append(ACCREDITOR, { ...taken, since: ledger.time - 90 });
  append(ACCREDITOR, { kind: 'withdrawn', issuer: makerId, since: ledger.time });
  append(ACCREDITOR, { kind: 'withdrawn', issuer: makerId, since: ledger.time - 200 });
  append(ACCREDITOR, { ...taken, since: ledger.time - 300 });
  append(ACCREDITOR, set({ reason: 'byAuthority', words: [{ number: 3, bits: 1n }] }));
  append(ADMIN, { kind: 'roleGranted', role: ACCREDITOR_ROLE, account: accountOf('deputy') });
  append(by('accreditor', 'deputy'), { kind: 'roleRevoked', role: ACCREDITOR_ROLE, account: accountOf('deputy') });
  append(ADMIN, { kind: 'adminDelayChangeBegun', delay: 60, effectFrom: ledger.time + 1000 });
  append(ADMIN, { kind: 'adminDelayChangeCancelled' });
  append(ADMIN, { kind: 'adminTransferBegun', account: accountOf('x'), acceptFrom: ledger.time + 5 });
  append(ADMIN, { kind: 'adminTransferCancelled' });
  append(ADMIN, { kind: 'adminTransferBegun', account: accountOf('next'), acceptFrom: ledger.time + 15 });
  append(by('admin', 'next'), { kind: 'roleRevoked', role: ADMIN_ROLE, account: ADMIN.id });
  append(by('admin', 'next'), { kind: 'roleGranted', role: ADMIN_ROLE, account: accountOf('next') });
  append(by('admin', 'next'), { kind: 'roleRevoked', role: ACCREDITOR_ROLE, account: ACCREDITOR.id });
  const successor = { successor: accountOf('successor'), chainId: 1n, codeHash: root };
  append(by('admin', 'next'), { kind: 'closed', ...successor });
  return ledger;
}

describe('what a journal folds to', () => {
  test('a journal of every kind folds, and its tree is the tree over its entries', () => {
    const ledger = fullJournal();
    const kinds = new Set(ledger.entries.map((bytes) => decodeEntry(bytes).kind));
    expect(kinds.size).toBe(26);
    const head = ledger.fold.treeHead();
    expect(head.size).toBe(ledger.entries.length);
    expect(head.root).toEqual(buildTree(ledger.entries.map(hashLeaf)).root);
  });

  test('the state is that of the contract', () => {
    const { state } = fullJournal().fold;
    expect(state.admin).toBe(accountOf('next'));
    expect([...state.accreditors]).toEqual([]);
    expect(state.successor).toEqual({ chainId: 1n, address: accountOf('successor'), codeHash: root });
    const maker = state.issuers.get(makerId);
    expect(maker).toMatchObject({ did: MAKER, number: 1, roles: 5, suspended: false, controller: accountOf('heir') });
    expect(maker).toMatchObject({ batches: 3, credentials: 30, proposedController: undefined });
    expect(maker?.submitters.size).toBe(0);
    expect(state.issuers.get(otherId)).toMatchObject({ controller: undefined, proposedController: accountOf('owner') });
  });

  test('questions are answered as the contract answers them', () => {
    const ledger = fullJournal();
    const grant = hashGrant({ number: 1, prefix: 'gs1:0952' });
    const question = { issuer: makerId, key: verifier.id, grant, list: 7n, word: 0 };
    const added = ledger.entries
      .map((bytes) => decodeEntry(bytes))
      .find((e) => e.kind === 'keyAdded' && e.key === verifier.id);
    const answer = answerQuestion(ledger.fold.state, question);
    expect(answer).toMatchObject({
      closed: true,
      question,
      issuer: { number: 1, roles: 5, suspended: false },
      key: { purposes: 1, validFrom: added?.blockTime, retiredAt: undefined },
      status: { revoked: 0b100n, superseded: 0b110n },
    });
    expect(answer.key?.compromisedSince).toBeGreaterThan(0);
    expect(answer.grant?.until).toBeLessThan(ledger.time);
    expect(answer.issuer?.withdrawnSince).toBeLessThan(ledger.time);
    expect(answerQuestion(ledger.fold.state, { ...question, word: 511 }).status.revoked).toBe(1n << 255n);
  });

  test('what was never asked for or never made has no answer', () => {
    const nothing = { issuer: root, key: root, grant: root, list: 0n, word: 0 };
    const { state } = ledgerWithMaker().fold;
    const none = { issuer: undefined, key: undefined, grant: undefined, status: { revoked: 0n, superseded: 0n } };
    expect(answerQuestion(state, nothing)).toMatchObject({ closed: false, ...none });
    expect(answerQuestion(state, { ...nothing, issuer: makerId, word: 512 })).toMatchObject({
      issuer: { number: 1, withdrawnSince: undefined },
      key: undefined,
      grant: undefined,
    });
  });

  test('anchors leave nothing behind but their number', () => {
    const ledger = ledgerWithMaker();
    const before = JSON.stringify(ledger.fold.snapshot()).length;
    for (let i = 0; i < 500; i++) ledger.append(CONTROLLER, batch);
    expect(JSON.stringify(ledger.fold.snapshot()).length).toBeLessThan(before + 1500);
    expect(ledger.fold.state.issuers.get(makerId)?.batches).toBe(500);
  });

  test('a stream of entries folds as entries one by one', async () => {
    const ledger = fullJournal();
    async function* stream() {
      yield* ledger.entries;
    }
    expect((await foldJournal(stream())).treeHead()).toEqual(ledger.fold.treeHead());
    expect((await foldJournal(ledger.entries)).state).toEqual(ledger.fold.state);
  });
});

describe('resuming', () => {
  test('a fold restored from its snapshot as JSON goes on as if it had never stopped, wherever it stopped', () => {
    const ledger = fullJournal();
    for (let stop = 0; stop <= ledger.entries.length; stop++) {
      const before = createJournalFold({ ledger: ledger.id });
      for (const entry of ledger.entries.slice(0, stop)) before.add(entry);
      const after = restoreJournalFold(JSON.parse(JSON.stringify(before.snapshot())), { ledger: ledger.id });
      for (const entry of ledger.entries.slice(stop)) after.add(entry);
      expect(() => assertTreeHead(after.treeHead(), ledger.fold.treeHead())).not.toThrow();
      expect(after.state).toEqual(ledger.fold.state);
    }
  });

  test('a snapshot of another ledger is a break at entry 0', () => {
    const snapshot = ledgerWithMaker().fold.snapshot();
    const ledger = { chainId: 1, address: accountOf('elsewhere') };
    expect(() => restoreJournalFold(snapshot, { ledger })).toThrow(
      expect.objectContaining({ code: 'journal.break', entry: 0 }),
    );
  });

  test.each([
    ['nothing', undefined],
    ['another version', { version: 'dpp-journal/3' }],
    ['a field more', { extra: 1 }],
    ['peaks that are not those of its size', { peaks: [] }],
    ['a size that is no number', { size: '7' }],
    ['an account in upper case', { admin: `0x${'AB'.repeat(20)}` }],
  ])('a snapshot with %s is refused', (_, damage) => {
    const snapshot = damage && { ...ledgerWithMaker().fold.snapshot(), ...damage };
    expect(() => restoreJournalFold(snapshot)).toThrow(expect.objectContaining({ code: 'input.shape' }));
  });
});

describe('the first break', () => {
  test('names the entry, what was expected and what was found', () => {
    const ledger = ledgerWithMaker();
    const bytes = ledger.encode(by('submitter', 'thief'), batch);
    expect(() => ledger.fold.add(bytes)).toThrow(JournalBreakError);
    expect(() => ledger.fold.add(bytes)).toThrow(
      expect.objectContaining({
        code: 'journal.break',
        entry: 6,
        expected: `a submitter of issuer ${makerId}`,
        found: accountOf('thief'),
      }),
    );
  });

  test('changes nothing', () => {
    const ledger = ledgerWithMaker();
    const before = JSON.stringify(ledger.fold.snapshot());
    for (const [, actor, body] of forbidden()) {
      expect(() => ledger.fold.add(ledger.encode(actor, body))).toThrow(broken);
      expect(JSON.stringify(ledger.fold.snapshot())).toBe(before);
    }
  });

  test('is where bytes are no entry', () => {
    const ledger = ledgerWithMaker();
    const bytes = ledger.encode(CONTROLLER, batch);
    for (const damaged of [new Uint8Array(), bytes.subarray(1), bytes.subarray(0, -1), Uint8Array.of(...bytes, 0)]) {
      expect(() => ledger.fold.add(damaged)).toThrow(expect.objectContaining({ code: 'journal.break', entry: 6 }));
    }
  });

  type Forbidden = readonly [title: string, actor: Actor, body: EntryBody];
  /** After the maker was accredited, with the first key and a grant. */
  function forbidden(): readonly Forbidden[] {
    const key = by('key', first.id);
    const retired = (at: number): EntryBody => ({ kind: 'keyRetired', issuer: makerId, key: first.id, at });
    const now = 1_750_000_060;
    return [
      ['a second opening', ADMIN, { kind: 'opened', chainId: 31337n, ledger: `0x${'ed'.repeat(20)}` }],
      ['a second admin', ADMIN, { kind: 'roleGranted', role: ADMIN_ROLE, account: accountOf('x') }],
      ['a role that the ledger does not know', ADMIN, { kind: 'roleGranted', role: root, account: accountOf('x') }],
      ['a role granted by an accreditor', ACCREDITOR, { kind: 'roleGranted', role: ACCREDITOR_ROLE, account: NOBODY }],
      ['an accreditor twice', ADMIN, { kind: 'roleGranted', role: ACCREDITOR_ROLE, account: ACCREDITOR.id }],
      ['the end of a role that was not held', ADMIN, { kind: 'roleRevoked', role: ACCREDITOR_ROLE, account: NOBODY }],
      ['an admin who leaves without notice', ADMIN, { kind: 'roleRevoked', role: ADMIN_ROLE, account: ADMIN.id }],
      ['an admin deposed', by('admin', 'x'), { kind: 'roleRevoked', role: ADMIN_ROLE, account: ADMIN.id }],
      ['the end of another admin', ADMIN, { kind: 'roleRevoked', role: ADMIN_ROLE, account: accountOf('x') }],
      [
        'an accreditor ended by another',
        by('accreditor', 'x'),
        { kind: 'roleRevoked', role: ACCREDITOR_ROLE, account: ACCREDITOR.id },
      ],
      [
        'a transfer begun by a stranger',
        by('admin', 'x'),
        { kind: 'adminTransferBegun', account: NOBODY, acceptFrom: now },
      ],
      ['the cancelling of no transfer', ADMIN, { kind: 'adminTransferCancelled' }],
      ['the cancelling of no delay', ADMIN, { kind: 'adminDelayChangeCancelled' }],
      ['a pause by an accreditor', ACCREDITOR, { kind: 'paused' }],
      ['the end of no pause', ADMIN, { kind: 'unpaused' }],
      ['a closing by a controller', CONTROLLER, { kind: 'closed', chainId: 1n, successor: NOBODY, codeHash: root }],
      ['an issuer accredited by the admin', ADMIN, accreditOther(2)],
      ['an issuer with another number', ACCREDITOR, accreditOther(3)],
      ['an issuer that is not the hash of its DID', ACCREDITOR, { ...accreditOther(2), issuer: root } as EntryBody],
      ['an issuer with no DID', ACCREDITOR, { ...accreditOther(2), did: '' } as EntryBody],
      ['an issuer accredited twice', ACCREDITOR, { ...accreditOther(2), did: MAKER, issuer: makerId } as EntryBody],
      ['the reinstatement of an issuer in good standing', ACCREDITOR, { kind: 'reinstated', issuer: makerId }],
      ['a suspension by the issuer', CONTROLLER, { kind: 'suspended', issuer: makerId }],
      ['the suspension of nobody', ACCREDITOR, { kind: 'suspended', issuer: otherId }],
      ['a withdrawal since the future', ACCREDITOR, { kind: 'withdrawn', issuer: makerId, since: now + 1 }],
      ['a withdrawal since never', ACCREDITOR, { kind: 'withdrawn', issuer: makerId, since: 0 }],
      ['the same roles again', ACCREDITOR, { kind: 'rolesAssigned', issuer: makerId, roles: 1 }],
      ['a grant made twice', ACCREDITOR, { kind: 'prefixGranted', issuer: makerId, number: 1, prefix: 'gs1:0952' }],
      ['a grant of nothing', ACCREDITOR, { kind: 'prefixGranted', issuer: makerId, number: 2, prefix: '' }],
      [
        'a grant of 256 bytes',
        ACCREDITOR,
        { kind: 'prefixGranted', issuer: makerId, number: 2, prefix: 'ä'.repeat(128) },
      ],
      [
        'a grant taken back that was not made',
        ACCREDITOR,
        { kind: 'prefixTakenBack', issuer: makerId, number: 2, prefix: 'gs1:0952', since: now },
      ],
      [
        'a grant taken back in the future',
        ACCREDITOR,
        { kind: 'prefixTakenBack', issuer: makerId, number: 1, prefix: 'gs1:0952', since: now + 1 },
      ],
      ['a successor named by a key', key, { kind: 'controllerProposed', issuer: makerId, account: accountOf('x') }],
      ['no proposal taken back', CONTROLLER, { kind: 'controllerProposed', issuer: makerId, account: NOBODY }],
      [
        'a controller whom nobody proposed',
        by('controller', 'x'),
        { kind: 'controllerChanged', issuer: makerId, account: accountOf('x') },
      ],
      [
        'a submitter dismissed who was none',
        CONTROLLER,
        { kind: 'submitterDismissed', issuer: makerId, account: NOBODY },
      ],
      [
        'a submitter appointed by a stranger',
        by('controller', 'x'),
        { kind: 'submitterAppointed', issuer: makerId, account: NOBODY },
      ],
      ['a key reopened', CONTROLLER, keyAdded(makerId, first, 1)],
      ['a later key added by the accreditor', ACCREDITOR, keyAdded(makerId, second, 1)],
      ['a key without a purpose', CONTROLLER, keyAdded(makerId, second, 0)],
      ['a key with a purpose that is kept', CONTROLLER, keyAdded(makerId, second, 16)],
      ['an Ed25519 key that operates', CONTROLLER, keyAdded(makerId, verifier, 3)],
      ['a key under another thumbprint', CONTROLLER, { ...keyAdded(makerId, second, 1), key: root } as EntryBody],
      ['a key of another issuer', by('key', second.id), keyAdded(makerId, second, 1)],
      ['a key retired in the past', CONTROLLER, retired(now - 1)],
      ['a key retired beyond all time', CONTROLLER, retired(2 ** 40)],
      ['an unknown key retired', CONTROLLER, { kind: 'keyRetired', issuer: makerId, key: root, at: now }],
      [
        'a key compromised in the future',
        CONTROLLER,
        { kind: 'keyCompromised', issuer: makerId, key: first.id, since: now + 1 },
      ],
      ['an unknown key compromised', CONTROLLER, { kind: 'keyCompromised', issuer: makerId, key: root, since: now }],
      ['an anchor of an issuer that is not accredited', CONTROLLER, anchored({ root, size: 1, issuer: otherId })],
      ['an anchor by a stranger', by('controller', 'x'), batch],
      ['an anchor by a submitter whom nobody appointed', by('submitter', 'x'), batch],
      ['an anchor by an unknown key', by('key', second.id), batch],
      ['an anchor by the accreditor', ACCREDITOR, batch],
      ['an anchor with other roles', CONTROLLER, anchored({ root, size: 1, roles: 3 })],
      ['an anchor of no credential', CONTROLLER, anchored({ root, size: 0 })],
      ['an anchor of too many credentials', CONTROLLER, anchored({ root, size: 16_385 })],
      ['an anchor without a manifest', CONTROLLER, anchored({ root, size: 1, manifest: `0x${'00'.repeat(32)}` })],
      [
        'an anchor that draws on a lot',
        CONTROLLER,
        anchored({ root, size: 1, allocations: [{ lot: root, milligrams: 1n }] }),
      ],
      ['a revocation without bits', CONTROLLER, set({ words: [{ number: 0, bits: 0n }] })],
      ['a revocation without words', CONTROLLER, set({ words: [] })],
      [
        'words out of order',
        CONTROLLER,
        set({
          words: [
            { number: 1, bits: 1n },
            { number: 0, bits: 1n },
          ],
        }),
      ],
      [
        'a word twice',
        CONTROLLER,
        set({
          words: [
            { number: 1, bits: 1n },
            { number: 1, bits: 2n },
          ],
        }),
      ],
      ['an issuer with the reason of authorities', CONTROLLER, set({ reason: 'byAuthority' })],
      ['an accreditor with a reason of issuers', ACCREDITOR, set()],
      ['an accreditor who supersedes', ACCREDITOR, set({ status: 'superseded', reason: 'byAuthority' })],
      ['a revocation by a submitter', by('submitter', 'x'), set()],
      ['a status of nobody', ACCREDITOR, set({ issuer: otherId, reason: 'byAuthority' })],
    ];
  }

  test('is each of the things that the contract refuses', () => {
    const ledger = ledgerWithMaker();
    for (const [title, actor, body] of forbidden()) {
      expect(() => ledger.fold.add(ledger.encode(actor, body)), title).toThrow(broken);
    }
    expect(() => ledger.append(CONTROLLER, batch)).not.toThrow();
  });

  test('is an entry 0 that does not open the ledger that is pinned', () => {
    const ledger = createPaperLedger();
    const [opening, granting] = ledger.entries as [Uint8Array, Uint8Array];
    const chainId = 31337;
    expect(() => createJournalFold().add(granting)).toThrow(broken);
    expect(() => createJournalFold({ ledger: { chainId: 1, address: ledger.id.address } }).add(opening)).toThrow(
      broken,
    );
    expect(() => createJournalFold({ ledger: { chainId, address: NOBODY } }).add(opening)).toThrow(broken);
    expect(() => createJournalFold({ ledger: { chainId, address: ledger.id.address } }).add(opening)).not.toThrow();
    expect(() => createJournalFold().add(opening)).not.toThrow();
  });

  test('is a block or time that falls, and not one that stays', () => {
    const ledger = ledgerWithMaker();
    const at = (blockNumber: number, blockTime: number) =>
      encodeEntry({ ...batch, actor: CONTROLLER, blockNumber, blockTime });
    expect(() => ledger.fold.add(at(ledger.block - 1, ledger.time))).toThrow(broken);
    expect(() => ledger.fold.add(at(ledger.block, ledger.time - 1))).toThrow(broken);
    expect(() => ledger.fold.add(at(ledger.block, ledger.time))).not.toThrow();
  });

  test('is anything after the closing', () => {
    const ledger = fullJournal();
    expect(() => ledger.append(by('admin', 'next'), { kind: 'paused' })).toThrow(broken);
    expect(() => ledger.append(by('key', second.id), anchored({ root, size: 1, issuer: otherId, roles: 2 }))).toThrow(
      broken,
    );
  });

  test('is anything between an accreditation and its first key', () => {
    const ledger = ledgerWithMaker();
    ledger.append(ACCREDITOR, accreditOther(2));
    expect(() => ledger.append(CONTROLLER, batch)).toThrow(broken);
    expect(() => ledger.append(ACCREDITOR, keyAdded(makerId, second, 1))).toThrow(broken);
    expect(() => ledger.append(ACCREDITOR, keyAdded(otherId, verifier, 1))).toThrow(broken);
    expect(() => ledger.append(ACCREDITOR, keyAdded(otherId, second, 1))).not.toThrow();
  });

  test('is what a paused, suspended or withdrawn one may not do', () => {
    const ledger = ledgerWithMaker();
    ledger.append(CONTROLLER, { kind: 'submitterAppointed', issuer: makerId, account: accountOf('service') });
    ledger.append(CONTROLLER, { kind: 'controllerProposed', issuer: makerId, account: accountOf('heir') });
    const refuses = (...entries: readonly (readonly [Actor, EntryBody])[]) => {
      for (const [actor, body] of entries) expect(() => ledger.append(actor, body), body.kind).toThrow(broken);
    };
    const supersede = set({ status: 'superseded', words: [{ number: 9, bits: 1n }] });
    const heir = { kind: 'controllerChanged', issuer: makerId, account: accountOf('heir') } as const;

    ledger.append(ADMIN, { kind: 'paused' });
    refuses([CONTROLLER, batch], [by('submitter', 'service'), batch], [ADMIN, { kind: 'paused' }]);
    ledger.append(ADMIN, { kind: 'unpaused' });

    ledger.append(ACCREDITOR, { kind: 'suspended', issuer: makerId });
    refuses(
      [CONTROLLER, batch],
      [by('submitter', 'service'), batch],
      [by('key', first.id), batch],
      [CONTROLLER, supersede],
    );
    refuses(
      [by('controller', 'heir'), heir],
      [CONTROLLER, keyAdded(makerId, second, 1)],
      [ACCREDITOR, { kind: 'suspended', issuer: makerId }],
    );
    ledger.append(CONTROLLER, set());

    ledger.append(ACCREDITOR, { kind: 'withdrawn', issuer: makerId, since: ledger.time });
    refuses([CONTROLLER, batch], [CONTROLLER, set({ words: [{ number: 5, bits: 1n }] })]);
    refuses(
      [ACCREDITOR, { kind: 'reinstated', issuer: makerId }],
      [ACCREDITOR, { kind: 'rolesAssigned', issuer: makerId, roles: 9 }],
    );
    refuses([ACCREDITOR, { kind: 'prefixGranted', issuer: makerId, number: 3, prefix: 'gs1:4012' }]);
    refuses([ACCREDITOR, { kind: 'withdrawn', issuer: makerId, since: ledger.time }]);
    ledger.append(ACCREDITOR, set({ reason: 'byAuthority', words: [{ number: 5, bits: 1n }] }));
  });

  test('is what a key may not do: without the purpose, after its end, or once it was compromised', () => {
    const ledger = ledgerWithMaker();
    ledger.append(CONTROLLER, keyAdded(makerId, second, 4));
    expect(() => ledger.append(by('key', second.id), batch)).toThrow(broken);
    ledger.append(by('key', second.id), set());
    expect(() => ledger.append(by('key', second.id), set())).toThrow(broken);
    ledger.append(CONTROLLER, { kind: 'keyRetired', issuer: makerId, key: second.id, at: ledger.time + 20 });
    expect(() => ledger.append(by('key', second.id), set({ words: [{ number: 1, bits: 1n }] }))).toThrow(broken);
    expect(() =>
      ledger.append(CONTROLLER, { kind: 'keyRetired', issuer: makerId, key: second.id, at: ledger.time + 90 }),
    ).toThrow(broken);
    ledger.append(CONTROLLER, { kind: 'keyCompromised', issuer: makerId, key: first.id, since: ledger.time });
    expect(() => ledger.append(by('key', first.id), batch)).toThrow(broken);
    expect(() =>
      ledger.append(CONTROLLER, { kind: 'keyCompromised', issuer: makerId, key: first.id, since: ledger.time }),
    ).toThrow(broken);
  });

  test('is an admin who takes over early, or a change of delay cancelled after it came', () => {
    const ledger = createPaperLedger();
    ledger.append(ADMIN, { kind: 'adminTransferBegun', account: accountOf('next'), acceptFrom: ledger.time + 30 });
    expect(() =>
      ledger.append(by('admin', 'next'), { kind: 'roleRevoked', role: ADMIN_ROLE, account: ADMIN.id }),
    ).toThrow(broken);
    ledger.append(ADMIN, { kind: 'adminDelayChangeBegun', delay: 1, effectFrom: ledger.time + 5 });
    expect(() => ledger.append(ADMIN, { kind: 'adminDelayChangeCancelled' })).toThrow(broken);
  });

  test('is not an admin who leaves as announced, after whom there is none', () => {
    const ledger = createPaperLedger();
    ledger.append(ADMIN, { kind: 'adminTransferBegun', account: NOBODY, acceptFrom: ledger.time + 5 });
    ledger.append(ADMIN, { kind: 'roleRevoked', role: ADMIN_ROLE, account: ADMIN.id });
    expect(ledger.fold.state.admin).toBeUndefined();
    expect(() => ledger.append(ADMIN, { kind: 'paused' })).toThrow(broken);
    expect(() => ledger.append(ADMIN, { kind: 'roleGranted', role: ADMIN_ROLE, account: ADMIN.id })).toThrow(broken);
  });
});

describe('the tree head', () => {
  test('is met by the whole journal, and by no part or other of it', () => {
    const ledger = fullJournal();
    const head = ledger.fold.treeHead();
    expect(() => assertTreeHead(head, head)).not.toThrow();
    const part = createJournalFold();
    for (const entry of ledger.entries.slice(0, -1)) part.add(entry);
    expect(() => assertTreeHead(part.treeHead(), head)).toThrow(
      expect.objectContaining({ code: 'journal.break', entry: ledger.entries.length - 1 }),
    );
    expect(() => assertTreeHead({ size: head.size, peaks: [] }, head)).toThrow(broken);
  });

  test('names the entries among which one was altered', () => {
    const ledger = ledgerWithMaker();
    for (let i = 0; i < 5; i++) ledger.append(CONTROLLER, batch);
    const altered = createJournalFold();
    ledger.entries.forEach((entry, i) => {
      const other = { ...decodeEntry(entry), ...anchored({ root, size: 11 }) };
      altered.add(i === 9 ? encodeEntry(other) : entry);
    });
    expect(() => assertTreeHead(altered.treeHead(), ledger.fold.treeHead())).toThrow(
      expect.objectContaining({ entry: 8, expected: expect.stringContaining('entries 8 to 9') }),
    );
  });

  test('differs wherever a bit of the journal is flipped, if it folds at all', () => {
    const ledger = ledgerWithMaker();
    for (let i = 0; i < 8; i++) ledger.append(CONTROLLER, batch);
    const expected = ledger.fold.treeHead();
    fc.assert(
      fc.property(fc.nat(ledger.entries.length - 1), fc.nat(), (index, at) => {
        const found = createJournalFold({ ledger: ledger.id });
        expect(() => {
          ledger.entries.forEach((entry, i) => {
            const bytes = Uint8Array.from(entry);
            const bit = at % (8 * bytes.length);
            if (i === index) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
            found.add(bytes);
          });
          assertTreeHead(found.treeHead(), expected);
        }).toThrow(broken);
      }),
      { numRuns: 500 },
    );
  });
});

test('the quick reading of anchors agrees with the full one on any bytes', () => {
  const ledger = ledgerWithMaker();
  const genuine = ledger.encode(CONTROLLER, batch);
  fc.assert(
    fc.property(fc.nat(genuine.length - 1), fc.nat(255), (offset, value) => {
      const bytes = Uint8Array.from(genuine);
      bytes[offset] = value;
      const quick = restoreJournalFold(ledger.fold.snapshot());
      let isEntry = true;
      try {
        encodeHex(encodeEntry(decodeEntry(bytes)));
      } catch {
        isEntry = false;
      }
      if (!isEntry) expect(() => quick.add(bytes)).toThrow(broken);
    }),
    { numRuns: 1000 },
  );
});
