/** What an entry may expect of the state before it: who may act, and small rules. Errors everywhere: `journal.break`. */
import { decodeHex, encodeBase64Url, type Hex } from '../bytes.ts';
import { decodeKeyId, hashKey } from '../credential/keys.ts';
import type { Actor, Entry, EntryOf, KeyAlgorithm } from './entry.ts';
import { type IssuerState, JournalBreakError, type JournalState, type KeyPurpose, PURPOSES } from './state.ts';

/** keccak256("ACCREDITOR_ROLE"). */
const ACCREDITOR_ROLE: Hex = '0xb7dd0da17e548d887873c37efb78b7f3dd17f1447207989a953d673244d7f144';
export const NO_ACCOUNT: Hex = `0x${'00'.repeat(20)}`;
const LONGEST_TEXT = 255;

// ---------------------------------------------------------------------------------------------------------------- who may do it

export function expectActor(state: JournalState, actor: Actor, kind: Actor['kind'], id = actor.id): void {
  if (actor.kind !== kind || actor.id !== id) broken(state, `${kind} ${id}`, describeActor(actor));
}

export function expectAdmin(state: JournalState, actor: Actor): void {
  if (actor.kind !== 'admin' || actor.id !== state.admin) {
    broken(state, `the admin ${state.admin ?? 'nobody'}`, describeActor(actor));
  }
}

export function expectPendingAdmin(state: JournalState, account: Hex, time: number): void {
  const pending = state.pendingAdmin;
  if (pending?.account !== account) broken(state, `the next admin ${pending?.account ?? 'nobody'}`, account);
  if (pending.acceptFrom >= time) broken(state, `a new admin after ${pending.acceptFrom}`, `time ${time}`);
}

export function expectAccreditorRole(state: JournalState, role: Hex): void {
  if (role !== ACCREDITOR_ROLE) broken(state, `the admin's or the accreditor's role`, role);
}

export function expectAccreditor(state: JournalState, actor: Actor): void {
  if (actor.kind !== 'accreditor' || !state.accreditors.has(actor.id)) {
    broken(state, 'one of the accreditors', describeActor(actor));
  }
}

export function accredited(state: JournalState, id: Hex): IssuerState {
  return state.issuers.get(id) ?? broken(state, 'an accredited issuer', `issuer ${id}`);
}

/** A withdrawal is final: nothing about such an issuer changes any more but an earlier `since`. */
export function standing(state: JournalState, id: Hex): IssuerState {
  const issuer = accredited(state, id);
  if (issuer.withdrawnSince !== undefined) broken(state, 'an issuer that is not withdrawn', `issuer ${id}`);
  return issuer;
}

/** The issuer, by its controller or by one of its keys that has the purpose and is in force. */
export function expectIssuerActs(
  state: JournalState,
  actor: Actor,
  id: Hex,
  purpose: KeyPurpose,
  time: number,
  suspension: 'not suspended' | 'even suspended' = 'not suspended',
): IssuerState {
  const issuer = standing(state, id);
  if (issuer.suspended && suspension === 'not suspended') {
    broken(state, `issuer ${id} not to be suspended`, describeActor(actor));
  }
  if (actor.kind === 'controller' && actor.id === issuer.controller) return issuer;
  const key = actor.kind === 'key' ? issuer.keys.get(actor.id) : undefined;
  if (key === undefined) broken(state, `the controller or a key of issuer ${id}`, describeActor(actor));
  const isInForce = (key.retiredAt === undefined || time < key.retiredAt) && key.compromisedSince === undefined;
  if (!isInForce) broken(state, 'a key in force', `key ${actor.id}, which has ended`);
  if ((key.purposes & PURPOSES[purpose]) === 0) broken(state, `a key with the purpose ${purpose}`, `key ${actor.id}`);
  return issuer;
}

export function expectStatusActor(
  state: JournalState,
  actor: Actor,
  id: Hex,
  status: EntryOf<'statusSet'>['status'],
  reason: EntryOf<'statusSet'>['reason'],
  time: number,
): IssuerState {
  if ((reason === 'byAuthority') !== (actor.kind === 'accreditor')) {
    broken(
      state,
      'the reason byAuthority from accreditors, and from no other',
      `${reason} from ${describeActor(actor)}`,
    );
  }
  if (actor.kind !== 'accreditor') {
    return status === 'revoked'
      ? expectIssuerActs(state, actor, id, 'revoke', time, 'even suspended')
      : expectIssuerActs(state, actor, id, 'operate', time);
  }
  expectAccreditor(state, actor);
  if (status !== 'revoked') broken(state, 'accreditors to revoke', 'a superseded bit');
  // A withdrawn issuer's accreditor revokes in its place.
  return accredited(state, id);
}

// ------------------------------------------------------------------------------------------------------------------- small rules

export function expectPastAndEarlier(
  state: JournalState,
  since: number,
  present: number | undefined,
  time: number,
): void {
  const latest = present === undefined ? time : present - 1;
  if (since < 1 || since > latest) broken(state, `a time from 1 to ${latest}`, `${since}`);
}

export function expectText(state: JournalState, length: number): void {
  if (length < 1 || length > LONGEST_TEXT) broken(state, `1 to ${LONGEST_TEXT} bytes of text`, `${length}`);
}

export function someone(account: Hex): Hex | undefined {
  return account === NO_ACCOUNT ? undefined : account;
}

export function hashCoordinates(algorithm: KeyAlgorithm, x: Hex, y: Hex): Hex {
  const [encodedX, encodedY] = [encodeBase64Url(decodeHex(x, 32)), encodeBase64Url(decodeHex(y, 32))];
  return decodeKeyId(
    hashKey(
      algorithm === 'ES256'
        ? { kty: 'EC', crv: 'P-256', x: encodedX, y: encodedY }
        : { kty: 'OKP', crv: 'Ed25519', x: encodedX },
    ),
  );
}

export function describe(entry: Entry): string {
  return `an entry of kind ${entry.kind} by ${describeActor(entry.actor)}`;
}

export function describeActor({ kind, id }: Actor): string {
  return `${kind} ${id}`;
}

export function broken(state: JournalState, expected: string, found: string): never {
  throw new JournalBreakError(state.size, expected, found);
}
