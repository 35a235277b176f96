/** A fold's state as plain JSON, so that a replay goes on where it stopped. It is one's own word: nothing in it proves itself. */
import { z } from 'zod';
import { decodeHex, encodeHex, type Hex, isHex } from '../bytes.ts';
import { InvalidInputError } from '../errors.ts';
import { hashGrant } from '../ids.ts';
import { CUSTODY_MODELS, ORIGINS } from '../materials/lot.ts';
import { parseShape } from '../shape.ts';
import type { IssuerState, JournalState, StatusBits } from './state.ts';
import { planPeaks, type TreeHead } from './tree.ts';

const hexOf = (length: number) =>
  z.custom<Hex>((value) => typeof value === 'string' && value.length === 2 + 2 * length && isHex(value));
const account = hexOf(20);
const digest = hexOf(32);
const count = z.int().nonnegative();
const decimal = z.string().regex(/^(?:0|[1-9][0-9]{0,77})$/);

const key = z.strictObject({
  id: digest,
  algorithm: z.enum(['ES256', 'Ed25519']),
  x: digest,
  y: digest,
  purposes: count,
  validFrom: count,
  retiredAt: count.optional(),
  compromisedSince: count.optional(),
});
const grant = z.strictObject({ number: count, prefix: z.string(), from: count, until: count.optional() });
const word = z.strictObject({ list: decimal, number: count, revoked: digest, superseded: digest });
const issuer = z.strictObject({
  id: digest,
  did: z.string(),
  number: count,
  roles: count,
  suspended: z.boolean(),
  withdrawnSince: count.optional(),
  controller: account.optional(),
  proposedController: account.optional(),
  submitters: z.array(account),
  keys: z.array(key),
  grants: z.array(grant),
  words: z.array(word),
  batches: count,
  credentials: count,
});
const lot = z.strictObject({
  id: digest,
  milligrams: decimal,
  holder: digest,
  offeredTo: digest.optional(),
  substance: count,
  origin: z.enum(ORIGINS),
  custody: z.enum(CUSTODY_MODELS),
  isVoid: z.boolean(),
});
const snapshot = z.strictObject({
  version: z.literal('dpp-journal/2'),
  size: count,
  peaks: z.array(digest),
  blockNumber: count,
  blockTime: count,
  ledger: z.strictObject({ chainId: decimal, address: account }).optional(),
  paused: z.boolean(),
  successor: z.strictObject({ chainId: decimal, address: account, codeHash: digest }).optional(),
  admin: account.optional(),
  pendingAdmin: z.strictObject({ account, acceptFrom: count }).optional(),
  pendingDelay: z.strictObject({ delay: count, effectFrom: count }).optional(),
  accreditors: z.array(account),
  awaitingKey: digest.optional(),
  issuers: z.array(issuer),
  lots: z.array(lot),
});

export type JournalSnapshot = z.infer<typeof snapshot>;

/** What is absent is `undefined` here, and left out by JSON. */
export function encodeSnapshot(state: JournalState, peaks: readonly Uint8Array[]): JournalSnapshot {
  const { ledger, successor } = state;
  return {
    version: 'dpp-journal/2',
    ...state,
    peaks: peaks.map(encodeHex),
    ledger: ledger && { ...ledger, chainId: String(ledger.chainId) },
    successor: successor && { ...successor, chainId: String(successor.chainId) },
    accreditors: [...state.accreditors],
    issuers: Array.from(state.issuers.values(), ({ lists, ...issuer }) => ({
      ...issuer,
      submitters: [...issuer.submitters],
      keys: Array.from(issuer.keys, ([id, key]) => ({ id, ...key })),
      grants: [...issuer.grants.values()].map((grant) => ({ ...grant })),
      words: Array.from(lists, ([list, words]) =>
        Array.from(words, ([number, { revoked, superseded }]) => ({
          list: String(list),
          number,
          revoked: encodeWord(revoked),
          superseded: encodeWord(superseded),
        })),
      ).flat(),
    })),
    lots: Array.from(state.lots, ([id, lot]) => ({ id, ...lot, milligrams: String(lot.milligrams) })),
  };
}

/** Errors: `input.shape`. */
export function decodeSnapshot(value: unknown): { readonly state: JournalState; readonly head: TreeHead } {
  const { version, peaks, issuers, lots, ...rest } = parseShape(snapshot, value, 'journal snapshot');
  if (peaks.length !== planPeaks(rest.size).length) {
    throw new InvalidInputError('input.shape', `journal snapshot: a journal of ${rest.size} entries has other peaks.`);
  }
  const state: JournalState = {
    size: rest.size,
    blockNumber: rest.blockNumber,
    blockTime: rest.blockTime,
    ledger: rest.ledger && { ...rest.ledger, chainId: BigInt(rest.ledger.chainId) },
    paused: rest.paused,
    successor: rest.successor && { ...rest.successor, chainId: BigInt(rest.successor.chainId) },
    admin: rest.admin,
    pendingAdmin: rest.pendingAdmin,
    pendingDelay: rest.pendingDelay,
    accreditors: new Set(rest.accreditors),
    awaitingKey: rest.awaitingKey,
    issuers: new Map(issuers.map((issuer) => [issuer.id, decodeIssuer(issuer)])),
    lots: new Map(
      lots.map(({ id, ...lot }) => [id, { ...lot, milligrams: BigInt(lot.milligrams), offeredTo: lot.offeredTo }]),
    ),
  };
  return { state, head: { size: rest.size, peaks: peaks.map((peak) => decodeHex(peak, 32)) } };
}

function decodeIssuer({ words, ...issuer }: JournalSnapshot['issuers'][number]): IssuerState {
  const lists: IssuerState['lists'] = new Map();
  for (const { list, number, revoked, superseded } of words) {
    const held: Map<number, StatusBits> = lists.get(BigInt(list)) ?? new Map();
    held.set(number, { revoked: BigInt(revoked), superseded: BigInt(superseded) });
    lists.set(BigInt(list), held);
  }
  return {
    ...issuer,
    withdrawnSince: issuer.withdrawnSince,
    controller: issuer.controller,
    proposedController: issuer.proposedController,
    submitters: new Set(issuer.submitters),
    keys: new Map(
      issuer.keys.map(({ id, ...key }) => [
        id,
        { ...key, retiredAt: key.retiredAt, compromisedSince: key.compromisedSince },
      ]),
    ),
    grants: new Map(issuer.grants.map((grant) => [hashGrant(grant), { ...grant, until: grant.until }])),
    lists,
  };
}

function encodeWord(bits: bigint): Hex {
  return `0x${bits.toString(16).padStart(64, '0')}`;
}
