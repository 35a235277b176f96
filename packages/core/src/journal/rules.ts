/**
 * The contract's rules, kind by kind: what each entry asks of the state before it, and what it changes. They repeat the contract's
 * checks and add none: what the contract allows must never break a replay.
 */
import { encodeHex, type Hex, sha256 } from '../bytes.ts';
import { hashGrant } from '../ids.ts';
import { type Actor, type Entry, type EntryKind, type EntryOf, LARGEST_BATCH } from './entry.ts';
import {
  accredited,
  broken,
  describe,
  describeActor,
  expectAccreditor,
  expectAccreditorRole,
  expectActor,
  expectAdmin,
  expectIssuerActs,
  expectPastAndEarlier,
  expectPendingAdmin,
  expectStatusActor,
  expectText,
  hashCoordinates,
  NO_ACCOUNT,
  someone,
  standing,
} from './expectations.ts';
import { applyAllocations, MATERIAL_RULES } from './material-rules.ts';
import { readPlainAnchor } from './plain-anchor.ts';
import { type IssuerState, type JournalState, PURPOSES, type StatusBits } from './state.ts';

/** The ledger that entry 0 must name. */
export interface ExpectedLedger {
  readonly chainId: number | bigint;
  readonly address: Hex;
}

const DEFAULT_ADMIN_ROLE: Hex = `0x${'00'.repeat(32)}`;
/** The contract keeps times in 40 bits. */
const LATEST_TIME = 2 ** 40 - 1;
/** The contract's bound, so that an entry stays within the journal's longest. */
const MOST_WORDS = 200;

const utf8 = new TextEncoder();

/** Changes the state by one decoded entry. Errors: `journal.break`, and the state is as before. */
export function applyEntry(state: JournalState, entry: Entry, ledger: ExpectedLedger | undefined): void {
  checkOrder(state, entry.kind, entry.blockNumber, entry.blockTime);
  if (entry.kind === 'opened') checkLedger(state, entry, ledger);
  if (state.awaitingKey !== undefined && (entry.kind !== 'keyAdded' || entry.issuer !== state.awaitingKey)) {
    broken(state, `the first key of issuer ${state.awaitingKey}`, describe(entry));
  }
  applyRule(entry.kind, state, entry);
  state.blockNumber = entry.blockNumber;
  state.blockTime = entry.blockTime;
}

/** Safe: a rule is found by its entry's own kind. */
function applyRule<K extends EntryKind>(kind: K, state: JournalState, entry: Entry): void {
  RULES[kind](state, entry as EntryOf<K>);
}

/** What holds for every entry, whatever its kind. */
function checkOrder(state: JournalState, kind: EntryKind, blockNumber: number, blockTime: number): void {
  if ((state.size === 0) !== (kind === 'opened')) {
    broken(state, state.size === 0 ? 'the ledger to be opened' : 'a ledger that is open already', `the kind ${kind}`);
  }
  if (state.successor !== undefined) broken(state, 'nothing after the ledger was closed', `the kind ${kind}`);
  if (blockNumber < state.blockNumber) broken(state, `block ${state.blockNumber} or later`, `block ${blockNumber}`);
  if (blockTime < state.blockTime) broken(state, `time ${state.blockTime} or later`, `time ${blockTime}`);
}

function checkLedger(state: JournalState, entry: EntryOf<'opened'>, ledger: ExpectedLedger | undefined): void {
  if (ledger === undefined) return;
  if (entry.chainId !== BigInt(ledger.chainId)) broken(state, `chain ${ledger.chainId}`, `chain ${entry.chainId}`);
  if (entry.ledger !== ledger.address) broken(state, `ledger ${ledger.address}`, `ledger ${entry.ledger}`);
}

// ----------------------------------------------------------------------------------------------------------------------- rules

const RULES: { readonly [K in EntryKind]: (state: JournalState, entry: EntryOf<K>) => void } = {
  opened(state, entry) {
    expectActor(state, entry.actor, 'admin');
    state.ledger = { chainId: entry.chainId, address: entry.ledger };
    // Entry 1 gives the first admin its role, at once.
    state.pendingAdmin = { account: entry.actor.id, acceptFrom: 0 };
  },

  roleGranted(state, entry) {
    const { role, account, actor } = entry;
    if (role === DEFAULT_ADMIN_ROLE) {
      if (state.admin !== undefined) broken(state, `${state.admin} to give up being admin first`, account);
      expectActor(state, actor, 'admin', account);
      expectPendingAdmin(state, account, entry.blockTime);
      state.admin = account;
      state.pendingAdmin = undefined;
      return;
    }
    expectAccreditorRole(state, role);
    expectAdmin(state, actor);
    if (state.accreditors.has(account)) broken(state, 'a new accreditor', `${account}, who is one already`);
    state.accreditors.add(account);
  },

  roleRevoked(state, entry) {
    const { role, account, actor } = entry;
    if (role === DEFAULT_ADMIN_ROLE) {
      if (account !== state.admin) broken(state, `the admin ${state.admin ?? 'nobody'}`, account);
      // Either the successor takes over, who is then the actor, or the admin leaves and nobody follows.
      const isLeaving = state.pendingAdmin?.account === NO_ACCOUNT;
      expectActor(state, actor, 'admin', isLeaving ? account : actor.id);
      expectPendingAdmin(state, isLeaving ? NO_ACCOUNT : actor.id, entry.blockTime);
      state.admin = undefined;
      if (isLeaving) state.pendingAdmin = undefined;
      return;
    }
    expectAccreditorRole(state, role);
    if (!state.accreditors.has(account)) broken(state, 'one of the accreditors', account);
    if (actor.kind === 'accreditor') expectActor(state, actor, 'accreditor', account);
    else expectAdmin(state, actor);
    state.accreditors.delete(account);
  },

  adminTransferBegun(state, { actor, account, acceptFrom }) {
    expectAdmin(state, actor);
    state.pendingAdmin = { account, acceptFrom };
  },

  adminTransferCancelled(state, { actor }) {
    expectAdmin(state, actor);
    if (state.pendingAdmin === undefined) broken(state, 'a transfer to cancel', 'none');
    state.pendingAdmin = undefined;
  },

  adminDelayChangeBegun(state, { actor, delay, effectFrom }) {
    expectAdmin(state, actor);
    state.pendingDelay = { delay, effectFrom };
  },

  adminDelayChangeCancelled(state, { actor, blockTime }) {
    expectAdmin(state, actor);
    if (state.pendingDelay === undefined || state.pendingDelay.effectFrom < blockTime) {
      broken(state, 'a change of delay to cancel', 'none that is still to come');
    }
    state.pendingDelay = undefined;
  },

  paused(state, { actor }) {
    expectAdmin(state, actor);
    if (state.paused) broken(state, 'a ledger that is not paused', 'a second pause');
    state.paused = true;
  },

  unpaused(state, { actor }) {
    expectAdmin(state, actor);
    if (!state.paused) broken(state, 'a ledger that is paused', 'the end of a pause');
    state.paused = false;
  },

  closed(state, { actor, chainId, successor, codeHash }) {
    expectAdmin(state, actor);
    state.successor = { chainId, address: successor, codeHash };
  },

  accredited(state, { actor, issuer, number, roles, controller, did }) {
    expectAccreditor(state, actor);
    const bytes = utf8.encode(did);
    expectText(state, bytes.length);
    const hash = encodeHex(sha256(bytes));
    if (issuer !== hash) broken(state, `issuer ${hash}, the hash of ${did}`, `issuer ${issuer}`);
    if (state.issuers.has(issuer)) broken(state, 'an issuer that is not accredited yet', `issuer ${issuer} again`);
    if (number !== state.issuers.size + 1) broken(state, `issuer number ${state.issuers.size + 1}`, `number ${number}`);
    state.issuers.set(issuer, {
      id: issuer,
      did,
      number,
      roles,
      suspended: false,
      withdrawnSince: undefined,
      controller: someone(controller),
      proposedController: undefined,
      submitters: new Set(),
      keys: new Map(),
      grants: new Map(),
      lists: new Map(),
      batches: 0,
      credentials: 0,
    });
    state.awaitingKey = issuer;
  },

  suspended(state, { actor, issuer: id }) {
    expectAccreditor(state, actor);
    const issuer = standing(state, id);
    if (issuer.suspended) broken(state, `issuer ${id} not to be suspended`, 'a second suspension');
    issuer.suspended = true;
  },

  reinstated(state, { actor, issuer: id }) {
    expectAccreditor(state, actor);
    const issuer = standing(state, id);
    if (!issuer.suspended) broken(state, `issuer ${id} to be suspended`, 'its reinstatement');
    issuer.suspended = false;
  },

  withdrawn(state, { actor, issuer: id, since, blockTime }) {
    expectAccreditor(state, actor);
    const issuer = accredited(state, id);
    expectPastAndEarlier(state, since, issuer.withdrawnSince, blockTime);
    issuer.withdrawnSince = since;
  },

  rolesAssigned(state, { actor, issuer: id, roles }) {
    expectAccreditor(state, actor);
    const issuer = standing(state, id);
    if (issuer.roles === roles) broken(state, `roles other than ${roles}`, 'the same roles again');
    issuer.roles = roles;
  },

  prefixGranted(state, { actor, issuer: id, number, prefix, blockTime }) {
    expectAccreditor(state, actor);
    const issuer = standing(state, id);
    expectText(state, utf8.encode(prefix).length);
    const grant = hashGrant({ number, prefix });
    if (issuer.grants.has(grant)) broken(state, 'a new grant', `grant ${number} of ${prefix} again`);
    issuer.grants.set(grant, { number, prefix, from: blockTime, until: undefined });
  },

  prefixTakenBack(state, { actor, issuer: id, number, prefix, since, blockTime }) {
    expectAccreditor(state, actor);
    const grant = accredited(state, id).grants.get(hashGrant({ number, prefix }));
    if (grant === undefined) broken(state, 'a grant that was made', `grant ${number} of ${prefix}`);
    expectPastAndEarlier(state, since, grant.until, blockTime);
    grant.until = since;
  },

  controllerProposed(state, { actor, issuer: id, account, blockTime }) {
    const issuer = expectIssuerActs(state, actor, id, 'administer', blockTime);
    if (issuer.controller !== undefined && actor.kind !== 'controller') {
      broken(state, `the controller ${issuer.controller} to name its successor`, describeActor(actor));
    }
    const proposed = someone(account);
    if (proposed === issuer.proposedController) {
      broken(state, 'a new proposal', `${account} again`);
    }
    issuer.proposedController = proposed;
  },

  controllerChanged(state, { actor, issuer: id, account }) {
    const issuer = standing(state, id);
    if (issuer.suspended) broken(state, `issuer ${id} not to be suspended`, 'a change of its controller');
    if (account !== issuer.proposedController) {
      broken(state, `the proposed controller ${issuer.proposedController ?? 'nobody'}`, account);
    }
    expectActor(state, actor, 'controller', account);
    issuer.proposedController = undefined;
    issuer.controller = account;
  },

  submitterAppointed(state, { actor, issuer: id, account, blockTime }) {
    const issuer = expectIssuerActs(state, actor, id, 'administer', blockTime);
    if (issuer.submitters.has(account)) broken(state, 'a new submitter', `${account}, who is one already`);
    issuer.submitters.add(account);
  },

  submitterDismissed(state, { actor, issuer: id, account, blockTime }) {
    const issuer = expectIssuerActs(state, actor, id, 'administer', blockTime);
    if (!issuer.submitters.has(account)) broken(state, 'one of the submitters', account);
    issuer.submitters.delete(account);
  },

  keyAdded(state, { actor, issuer: id, key, algorithm, purposes, x, y, blockTime }) {
    const isFirst = state.awaitingKey === id;
    if (isFirst) expectAccreditor(state, actor);
    const issuer = isFirst ? accredited(state, id) : expectIssuerActs(state, actor, id, 'administer', blockTime);
    if (isFirst && algorithm !== 'ES256') broken(state, 'a first key for ES256', algorithm);
    const allowed = algorithm === 'ES256' ? 0b1111 : PURPOSES.assert;
    if (purposes === 0 || (purposes & ~allowed) !== 0) broken(state, `purposes within ${allowed}`, `${purposes}`);
    const thumbprint = hashCoordinates(algorithm, x, y);
    if (key !== thumbprint) broken(state, `key ${thumbprint}, the thumbprint of its coordinates`, `key ${key}`);
    if (algorithm === 'Ed25519' && !/^0x0+$/.test(y)) broken(state, 'no y for Ed25519', y);
    if (issuer.keys.has(key)) broken(state, 'a new key', `key ${key} again`);
    issuer.keys.set(key, {
      algorithm,
      x,
      y,
      purposes,
      validFrom: blockTime,
      retiredAt: undefined,
      compromisedSince: undefined,
    });
    state.awaitingKey = undefined;
  },

  keyRetired(state, { actor, issuer: id, key: keyId, at, blockTime }) {
    const issuer = expectIssuerActs(state, actor, id, 'administer', blockTime, 'even suspended');
    const key = issuer.keys.get(keyId) ?? broken(state, `a key of issuer ${id}`, `key ${keyId}`);
    const latest = key.retiredAt === undefined ? LATEST_TIME : key.retiredAt - 1;
    if (at < blockTime || at > latest) broken(state, `an end from ${blockTime} to ${latest}`, `${at}`);
    key.retiredAt = at;
  },

  keyCompromised(state, { actor, issuer: id, key: keyId, since, blockTime }) {
    const issuer = expectIssuerActs(state, actor, id, 'administer', blockTime, 'even suspended');
    const key = issuer.keys.get(keyId) ?? broken(state, `a key of issuer ${id}`, `key ${keyId}`);
    expectPastAndEarlier(state, since, key.compromisedSince, blockTime);
    key.compromisedSince = since;
  },

  anchored(state, { actor, issuer: id, roles, size, manifest, allocations, blockTime }) {
    const issuer = expectAnchorer(state, actor, id, blockTime);
    checkBatch(state, issuer, roles, size);
    if (/^0x0+$/.test(manifest)) broken(state, 'the digest of a manifest', 'zero');
    applyAllocations(state, id, allocations, size);
    issuer.batches += 1;
    issuer.credentials += size;
  },

  statusSet(state, { actor, issuer: id, list, status, reason, words, blockTime }) {
    const issuer = expectStatusActor(state, actor, id, status, reason, blockTime);
    if (words.length === 0 || words.length > MOST_WORDS) broken(state, `1 to ${MOST_WORDS} words`, `${words.length}`);
    const held: Map<number, StatusBits> = issuer.lists.get(list) ?? new Map();
    let previous = -1;
    for (const { number, bits } of words) {
      if (number <= previous) broken(state, `a word after ${previous}`, `word ${number}`);
      previous = number;
      const present = held.get(number)?.[status] ?? 0n;
      if (bits === 0n || (bits & present) !== 0n) {
        broken(state, `bits of list ${list}, word ${number} that are not set yet`, `0x${bits.toString(16)}`);
      }
    }
    issuer.lists.set(list, held);
    for (const { number, bits } of words) {
      const word = held.get(number) ?? { revoked: 0n, superseded: 0n };
      word[status] |= bits;
      held.set(number, word);
    }
  },

  ...MATERIAL_RULES,
};

/** The rule of `anchored`, quickly. False, and nothing is done, where the bytes are not plainly an anchor or the rule is another's. */
export function applyAnchor(state: JournalState, bytes: Uint8Array): boolean {
  const anchor = state.awaitingKey === undefined ? readPlainAnchor(bytes) : undefined;
  if (anchor === undefined) return false;
  const { blockNumber, blockTime, actor, size } = anchor;
  checkOrder(state, 'anchored', blockNumber, blockTime);
  const issuer = expectAnchorer(state, actor, anchor.issuer, blockTime);
  checkBatch(state, issuer, anchor.roles, size);
  issuer.batches += 1;
  issuer.credentials += size;
  state.blockNumber = blockNumber;
  state.blockTime = blockTime;
  return true;
}

function expectAnchorer(state: JournalState, actor: Actor, id: Hex, time: number): IssuerState {
  if (state.paused) broken(state, 'no anchor while the ledger is paused', `an anchor of issuer ${id}`);
  if (actor.kind !== 'submitter') return expectIssuerActs(state, actor, id, 'operate', time);
  const issuer = standing(state, id);
  if (issuer.suspended) broken(state, `issuer ${id} not to be suspended`, 'an anchor of its submitter');
  if (!issuer.submitters.has(actor.id)) broken(state, `a submitter of issuer ${id}`, actor.id);
  return issuer;
}

function checkBatch(state: JournalState, issuer: IssuerState, roles: number, size: number): void {
  if (roles !== issuer.roles) broken(state, `the roles ${issuer.roles} of issuer ${issuer.id}`, `${roles}`);
  if (size < 1 || size > LARGEST_BATCH) broken(state, `1 to ${LARGEST_BATCH} credentials`, `${size}`);
}
