/** Entries of every kind with every field drawn from its whole range. */
import fc from 'fast-check';
import { encodeHex } from '../../src/bytes.ts';
import type { Entry } from '../../src/journal/entry.ts';
import { CUSTODY_MODELS, ORIGINS } from '../../src/materials/index.ts';

const hex = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map(encodeHex);
const digest = hex(32);
const account = hex(20);
const seconds = fc.maxSafeNat();
const bits16 = fc.nat(65_535);
const number = fc.nat(2 ** 32 - 1);
const text = fc.string({ unit: 'binary', maxLength: 255 });
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const uint256 = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });

const header = {
  blockNumber: seconds,
  blockTime: seconds,
  actor: fc.oneof(
    fc.record({ kind: fc.constantFrom('controller', 'submitter', 'accreditor', 'admin'), id: account }),
    fc.record({ kind: fc.constant('key' as const), id: digest }),
  ),
};
const kind = <K extends string>(...kinds: readonly K[]) => fc.constantFrom(...kinds);

const byIssuer = { ...header, issuer: digest, roles: bits16 };
const origin = fc.constantFrom(...ORIGINS);
const custody = fc.constantFrom(...CUSTODY_MODELS);

export const anyEntry: fc.Arbitrary<Entry> = fc.oneof(
  fc.record({ ...header, kind: kind('opened'), chainId: uint256, ledger: account }),
  fc.record({ ...header, kind: kind('roleGranted', 'roleRevoked'), role: digest, account }),
  fc.record({ ...header, kind: kind('adminTransferBegun'), account, acceptFrom: seconds }),
  fc.record({
    ...header,
    kind: kind('adminTransferCancelled', 'adminDelayChangeCancelled', 'paused', 'unpaused'),
  }),
  fc.record({ ...header, kind: kind('adminDelayChangeBegun'), delay: seconds, effectFrom: seconds }),
  fc.record({ ...header, kind: kind('closed'), chainId: uint256, successor: account, codeHash: digest }),
  fc.record({
    ...header,
    kind: kind('accredited'),
    issuer: digest,
    number,
    roles: bits16,
    controller: account,
    did: text,
  }),
  fc.record({ ...header, kind: kind('suspended', 'reinstated'), issuer: digest }),
  fc.record({ ...header, kind: kind('withdrawn'), issuer: digest, since: seconds }),
  fc.record({ ...header, kind: kind('rolesAssigned'), issuer: digest, roles: bits16 }),
  fc.record({ ...header, kind: kind('prefixGranted'), issuer: digest, number, prefix: text }),
  fc.record({ ...header, kind: kind('prefixTakenBack'), issuer: digest, number, prefix: text, since: seconds }),
  fc.record({
    ...header,
    kind: kind('controllerProposed', 'controllerChanged', 'submitterAppointed', 'submitterDismissed'),
    issuer: digest,
    account,
  }),
  fc.record({
    ...header,
    kind: kind('keyAdded'),
    issuer: digest,
    key: digest,
    algorithm: fc.constantFrom('ES256', 'Ed25519'),
    purposes: bits16,
    x: digest,
    y: digest,
  }),
  fc.record({ ...header, kind: kind('keyRetired'), issuer: digest, key: digest, at: seconds }),
  fc.record({ ...header, kind: kind('keyCompromised'), issuer: digest, key: digest, since: seconds }),
  fc.record({
    ...header,
    kind: kind('anchored'),
    issuer: digest,
    roles: bits16,
    root: digest,
    size: bits16,
    manifest: digest,
    allocations: fc.array(fc.record({ lot: digest, milligrams: uint64 }), { maxLength: 20 }),
  }),
  fc.record({
    ...header,
    kind: kind('statusSet'),
    issuer: digest,
    list: uint64,
    status: fc.constantFrom('revoked', 'superseded'),
    reason: fc.constantFrom('error', 'recall', 'keyCompromise', 'withdrawn', 'byAuthority'),
    words: fc.array(fc.record({ number: fc.nat(511), bits: uint256 }), { maxLength: 20 }),
  }),
  fc.record({
    ...byIssuer,
    kind: kind('lotRegistered'),
    substance: fc.nat(2 ** 40 - 1),
    ...{ origin, custody, milligrams: uint64, event: digest, periodFrom: seconds, periodUntil: seconds },
    country: fc.string({ unit: 'grapheme-ascii', minLength: 2, maxLength: 2 }),
    ...{ label: text, facility: text },
  }),
  fc.record({ ...byIssuer, kind: kind('lotSplit'), lot: digest, milligrams: uint64, label: text }),
  fc.record({
    ...byIssuer,
    kind: kind('transferOffered'),
    ...{ receiver: digest, lot: digest, milligrams: uint64, event: digest, label: text },
  }),
  fc.record({ ...byIssuer, kind: kind('transferAccepted'), sender: digest, lot: digest, event: digest }),
  fc.record({ ...byIssuer, kind: kind('transferRefused', 'transferWithdrawn'), lot: digest }),
  fc.record({
    ...byIssuer,
    kind: kind('transformed'),
    event: digest,
    lost: fc.record({
      primary: uint64,
      preConsumerRecycled: uint64,
      postConsumerRecycled: uint64,
      renewable: uint64,
    }),
    process: text,
    inputs: fc.array(fc.record({ lot: digest, milligrams: uint64 }), { maxLength: 16 }),
    outputs: fc.array(fc.record({ origin, custody, milligrams: uint64, label: text }), { maxLength: 16 }),
  }),
  fc.record({ ...byIssuer, kind: kind('lotRetired', 'lotLost'), lot: digest, milligrams: uint64 }),
  fc.record({ ...header, kind: kind('lotVoided'), lot: digest, milligrams: uint64 }),
);
