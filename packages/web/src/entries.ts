/** What an entry of the journal says, in a sentence. */
import { decodeRoles, encodeKeyId } from '@dpp-ledger/core/credential';
import type { Entry, EntryHeader } from '@dpp-ledger/core/journal';
import { nameSubstance } from '@dpp-ledger/core/materials';
import {
  CUSTODY_WORDS,
  formatMass,
  formatTime,
  ORIGIN_WORDS,
  plural,
  REASON_WORDS,
  shorten,
  spellOut,
} from './words.ts';

/** Plain text, for a page or a terminal. `issuer` is whom the entry concerns, by name or DID. */
export function describeEntry(entry: Entry, issuer = 'an issuer'): string {
  switch (entry.kind) {
    case 'opened':
      return `The ledger ${entry.ledger} was opened on chain ${entry.chainId}.`;
    case 'roleGranted':
      return `${nameRole(entry.role)} was granted to ${entry.account}.`;
    case 'roleRevoked':
      return `${nameRole(entry.role)} was taken from ${entry.account}.`;
    case 'adminTransferBegun':
      return `The admin proposed ${entry.account} as its successor, who may accept after ${formatTime(entry.acceptFrom)}.`;
    case 'adminTransferCancelled':
      return 'The proposed change of admin was cancelled.';
    case 'adminDelayChangeBegun':
      return `The waiting time for a change of admin becomes ${plural(entry.delay, 'second')} after ${formatTime(entry.effectFrom)}.`;
    case 'adminDelayChangeCancelled':
      return 'The change of the waiting time for a change of admin was cancelled.';
    case 'paused':
      return 'New anchors were stopped.';
    case 'unpaused':
      return 'New anchors are possible again.';
    case 'closed':
      return `The ledger was closed; its successor is ${entry.successor} on chain ${entry.chainId}.`;
    case 'accredited':
      return `${entry.did} was accredited as issuer number ${entry.number}: ${list(decodeRoles(entry.roles))}.`;
    case 'suspended':
      return `${issuer} was suspended.`;
    case 'reinstated':
      return `${issuer} was reinstated.`;
    case 'withdrawn':
      return `The accreditation of ${issuer} was withdrawn since ${formatTime(entry.since)}.`;
    case 'rolesAssigned':
      return `${issuer} now has the roles ${list(decodeRoles(entry.roles))}.`;
    case 'prefixGranted':
      return `${issuer} may speak of subjects under ${entry.prefix} (grant ${entry.number}).`;
    case 'prefixTakenBack':
      return `Grant ${entry.number} of ${issuer}, ${entry.prefix}, was taken back since ${formatTime(entry.since)}.`;
    case 'controllerProposed':
      return `${issuer} proposed ${entry.account} as its controller.`;
    case 'controllerChanged':
      return `${entry.account} became the controller of ${issuer}.`;
    case 'submitterAppointed':
      return `${issuer} lets ${entry.account} anchor for it.`;
    case 'submitterDismissed':
      return `${entry.account} may no longer anchor for ${issuer}.`;
    case 'keyAdded':
      return `${issuer} got the ${entry.algorithm} key ${shorten(encodeKeyId(entry.key))} to ${list(namePurposes(entry.purposes))}.`;
    case 'keyRetired':
      return `The key ${shorten(encodeKeyId(entry.key))} of ${issuer} retires at ${formatTime(entry.at)}.`;
    case 'keyCompromised':
      return `The key ${shorten(encodeKeyId(entry.key))} of ${issuer} is compromised since ${formatTime(entry.since)}.`;
    case 'anchored':
      return `${issuer} anchored a batch of ${plural(entry.size, 'credential')}, ${shorten(entry.root)}.`;
    case 'lotRegistered':
      return `${issuer} registered the lot “${entry.label}”: ${formatMass(entry.milligrams)} of ${nameSubstance(entry.substance)}, ${ORIGIN_WORDS[entry.origin]}, ${CUSTODY_WORDS[entry.custody]}, from ${entry.facility} (${entry.country}).`;
    case 'lotSplit':
      return `${issuer} split ${formatMass(entry.milligrams)} off lot ${shorten(entry.lot)} as “${entry.label}”.`;
    case 'transferOffered':
      return `${issuer} offered ${formatMass(entry.milligrams)} of lot ${shorten(entry.lot)} as “${entry.label}” to issuer ${shorten(entry.receiver)}.`;
    case 'transferAccepted':
      return `${issuer} accepted lot ${shorten(entry.lot)} from issuer ${shorten(entry.sender)}.`;
    case 'transferRefused':
      return `${issuer} refused lot ${shorten(entry.lot)}.`;
    case 'transferWithdrawn':
      return `${issuer} took its offer of lot ${shorten(entry.lot)} back.`;
    case 'transformed':
      return `${issuer} transformed ${plural(entry.inputs.length, 'lot')} into ${plural(entry.outputs.length, 'lot')}: ${entry.process}.`;
    case 'lotRetired':
      return `${issuer} retired ${formatMass(entry.milligrams)} of lot ${shorten(entry.lot)}.`;
    case 'lotLost':
      return `${issuer} wrote ${formatMass(entry.milligrams)} of lot ${shorten(entry.lot)} off as lost.`;
    case 'lotVoided':
      return `Lot ${shorten(entry.lot)} was declared void, with ${formatMass(entry.milligrams)} in it.`;
    case 'statusSet': {
      const places = entry.words.reduce((sum, word) => sum + countBits(word.bits), 0);
      return `${issuer}: ${plural(places, 'credential')} ${entry.status} for ${REASON_WORDS[entry.reason]} (list ${entry.list}).`;
    }
  }
}

/** "its controller 0x…", "the accreditor 0x…". */
export function describeActor({ actor }: EntryHeader): string {
  // A key by its thumbprint, as credentials name it; an account by its address.
  return `${ACTOR_WORDS[actor.kind]} ${shorten(actor.kind === 'key' ? encodeKeyId(actor.id) : actor.id)}`;
}

/** Names of a key's purposes, in the ledger's order. */
export function namePurposes(bits: number): string[] {
  return PURPOSES.filter((_, bit) => (bits & (1 << bit)) !== 0);
}

const PURPOSES = ['assert', 'operate', 'revoke', 'administer'] as const;

const ACTOR_WORDS = {
  controller: 'the issuer’s controller',
  submitter: 'the issuer’s submitter',
  key: 'the issuer’s key',
  accreditor: 'the accreditor',
  admin: 'the admin',
} as const;

const ROLE_WORDS: Readonly<Record<string, string>> = {
  // OpenZeppelin's DEFAULT_ADMIN_ROLE, and keccak256("ACCREDITOR_ROLE").
  [`0x${'00'.repeat(32)}`]: 'The admin’s role',
  '0xb7dd0da17e548d887873c37efb78b7f3dd17f1447207989a953d673244d7f144': 'The accreditor’s role',
};

function nameRole(role: string): string {
  return ROLE_WORDS[role] ?? `The role ${shorten(role)}`;
}

function list(words: readonly string[]): string {
  return words.length === 0 ? 'none' : words.map(spellOut).join(', ');
}

function countBits(bits: bigint): number {
  return bits.toString(2).replaceAll('0', '').length;
}
