/**
 * The journal's entries and their bytes, as contracts/interfaces/IPassportLedger.sol specifies them. The codec refuses every byte string
 * that the contract could not have made, so that one entry has one spelling; whether an entry may follow the others is fold.ts's question.
 */
import { concatBytes, decodeHex, encodeHex, type Hex } from '../bytes.ts';
import { InvalidInputError } from '../errors.ts';
import { CUSTODY_MODELS, type CustodyModel, ORIGINS, type Origin } from '../materials/lot.ts';

export type ActorKind = 'controller' | 'submitter' | 'key' | 'accreditor' | 'admin';

/** Who acted: an account (20 bytes), or a key's thumbprint (32 bytes). */
export interface Actor {
  readonly kind: ActorKind;
  readonly id: Hex;
}

/** What only the contract can say of an entry. Times are seconds since 1970. */
export interface EntryHeader {
  readonly blockNumber: number;
  readonly blockTime: number;
  readonly actor: Actor;
}

export interface Allocation {
  /** 32 bytes. */
  readonly lot: Hex;
  /** Per credential of the batch. */
  readonly milligrams: bigint;
}

/** 256 places of a status list; place `256 * number + i` is bit `i` from the least significant. */
export interface StatusWord {
  readonly number: number;
  readonly bits: bigint;
}

export type StatusPurpose = 'revoked' | 'superseded';
export type StatusReason = 'error' | 'recall' | 'keyCompromise' | 'withdrawn' | 'byAuthority';
export type KeyAlgorithm = 'ES256' | 'Ed25519';

/** What happened. `issuer` is SHA-256 of the DID; `key` a thumbprint, 32 bytes; accounts are 20 bytes. */
export type EntryBody =
  | { readonly kind: 'opened'; readonly chainId: bigint; readonly ledger: Hex }
  | { readonly kind: 'roleGranted' | 'roleRevoked'; readonly role: Hex; readonly account: Hex }
  | { readonly kind: 'adminTransferBegun'; readonly account: Hex; readonly acceptFrom: number }
  | { readonly kind: 'adminTransferCancelled' | 'adminDelayChangeCancelled' | 'paused' | 'unpaused' }
  | { readonly kind: 'adminDelayChangeBegun'; readonly delay: number; readonly effectFrom: number }
  | { readonly kind: 'closed'; readonly chainId: bigint; readonly successor: Hex; readonly codeHash: Hex }
  | {
      readonly kind: 'accredited';
      readonly issuer: Hex;
      readonly number: number;
      readonly roles: number;
      readonly controller: Hex;
      readonly did: string;
    }
  | { readonly kind: 'suspended' | 'reinstated'; readonly issuer: Hex }
  | { readonly kind: 'withdrawn'; readonly issuer: Hex; readonly since: number }
  | { readonly kind: 'rolesAssigned'; readonly issuer: Hex; readonly roles: number }
  | { readonly kind: 'prefixGranted'; readonly issuer: Hex; readonly number: number; readonly prefix: string }
  | {
      readonly kind: 'prefixTakenBack';
      readonly issuer: Hex;
      readonly number: number;
      readonly prefix: string;
      readonly since: number;
    }
  | {
      readonly kind: 'controllerProposed' | 'controllerChanged' | 'submitterAppointed' | 'submitterDismissed';
      readonly issuer: Hex;
      readonly account: Hex;
    }
  | {
      readonly kind: 'keyAdded';
      readonly issuer: Hex;
      readonly key: Hex;
      readonly algorithm: KeyAlgorithm;
      readonly purposes: number;
      readonly x: Hex;
      readonly y: Hex;
    }
  | { readonly kind: 'keyRetired'; readonly issuer: Hex; readonly key: Hex; readonly at: number }
  | { readonly kind: 'keyCompromised'; readonly issuer: Hex; readonly key: Hex; readonly since: number }
  | {
      readonly kind: 'anchored';
      readonly issuer: Hex;
      readonly roles: number;
      readonly root: Hex;
      readonly size: number;
      readonly manifest: Hex;
      readonly allocations: readonly Allocation[];
    }
  | {
      readonly kind: 'statusSet';
      readonly issuer: Hex;
      readonly list: bigint;
      readonly status: StatusPurpose;
      readonly reason: StatusReason;
      readonly words: readonly StatusWord[];
    }
  | MaterialBody;

/** What happens to lots (contracts/interfaces/IMaterials.sol): `issuer` acts, `roles` are its roles then, `event` is a credential's digest. */
export type MaterialBody =
  | {
      readonly kind: 'lotRegistered';
      readonly issuer: Hex;
      readonly roles: number;
      /** See `parseSubstance`. */
      readonly substance: number;
      readonly origin: Origin;
      readonly custody: CustodyModel;
      readonly milligrams: bigint;
      readonly event: Hex;
      /** The balance period of mass balance; zero for the others. */
      readonly periodFrom: number;
      readonly periodUntil: number;
      /** ISO 3166-1 alpha-2. */
      readonly country: string;
      readonly label: string;
      readonly facility: string;
    }
  | {
      readonly kind: 'lotSplit';
      readonly issuer: Hex;
      readonly roles: number;
      readonly lot: Hex;
      readonly milligrams: bigint;
      /** Of the new lot. */
      readonly label: string;
    }
  | {
      readonly kind: 'transferOffered';
      readonly issuer: Hex;
      readonly roles: number;
      readonly receiver: Hex;
      readonly lot: Hex;
      readonly milligrams: bigint;
      readonly event: Hex;
      /** Of the new lot, which is offered. */
      readonly label: string;
    }
  | {
      readonly kind: 'transferAccepted';
      readonly issuer: Hex;
      readonly roles: number;
      readonly sender: Hex;
      readonly lot: Hex;
      readonly event: Hex;
    }
  | {
      readonly kind: 'transferRefused' | 'transferWithdrawn';
      readonly issuer: Hex;
      readonly roles: number;
      readonly lot: Hex;
    }
  | {
      readonly kind: 'transformed';
      readonly issuer: Hex;
      readonly roles: number;
      readonly event: Hex;
      readonly lost: MassByOrigin;
      readonly process: string;
      readonly inputs: readonly LotMass[];
      readonly outputs: readonly LotOutput[];
    }
  | {
      readonly kind: 'lotRetired' | 'lotLost';
      readonly issuer: Hex;
      readonly roles: number;
      readonly lot: Hex;
      readonly milligrams: bigint;
    }
  | { readonly kind: 'lotVoided'; readonly lot: Hex; readonly milligrams: bigint };

/** What an issuer does to lots. */
export type MaterialAct = WithoutIssuer<Exclude<MaterialBody, { readonly kind: 'lotVoided' }>>;
type WithoutIssuer<B> = B extends MaterialBody ? Omit<B, 'issuer' | 'roles'> : never;

export interface LotMass {
  readonly lot: Hex;
  readonly milligrams: bigint;
}

export interface LotOutput {
  readonly origin: Origin;
  readonly custody: CustodyModel;
  readonly milligrams: bigint;
  readonly label: string;
}

/** In milligrams. */
export type MassByOrigin = { readonly [origin in Origin]: bigint };

export type EntryKind = EntryBody['kind'];
export type Entry = EntryHeader & EntryBody;
export type EntryOf<K extends EntryKind> = EntryHeader & BodyOf<K>;

type BodyOf<K extends EntryKind, B = EntryBody> = B extends { readonly kind: infer Kinds }
  ? K extends Kinds
    ? B & { readonly kind: K }
    : never
  : never;

/** The longest entry, in bytes. */
export const LONGEST_ENTRY = 8192;
/** The most credentials that one anchor can stand for, so that a manifest of them is one IPFS block. */
export const LARGEST_BATCH = 16_384;
/** Version, kind, block's number and time, actor: the same for every kind. */
export const HEADER_LENGTH = 51;

/** Byte 18 of an entry, by its number. */
export const ACTOR_KINDS = [
  'controller',
  'submitter',
  'key',
  'accreditor',
  'admin',
] as const satisfies readonly ActorKind[];

// --------------------------------------------------------------------------------------------------------------------- fields

/** Where in an entry's bytes the reader stands. */
interface Cursor {
  readonly bytes: Uint8Array;
  offset: number;
}

/** How one field stands in an entry. Writers append to `out`. */
interface Field<T> {
  readonly read: (from: Cursor) => T;
  readonly write: (out: number[], value: T) => void;
}

function refuse(message: string): never {
  throw new InvalidInputError('journal.entry', `These bytes are not an entry: ${message}.`);
}

function take(from: Cursor, length: number): Uint8Array {
  const end = from.offset + length;
  if (end > from.bytes.length) refuse(`they end after ${from.bytes.length} bytes, inside a field`);
  const part = from.bytes.subarray(from.offset, end);
  from.offset = end;
  return part;
}

/** Up to 8 bytes as a number. What would not be exact is refused: no block, time or count comes near 2^53. */
function uint(length: number, largest = Math.min(2 ** (8 * length) - 1, Number.MAX_SAFE_INTEGER)): Field<number> {
  return {
    read: (from) => {
      let value = 0;
      for (const byte of take(from, length)) value = value * 256 + byte;
      return value <= largest ? value : refuse(`${value} where ${largest} is the largest`);
    },
    write: (out, value) => {
      if (!Number.isInteger(value) || value < 0 || value > largest) refuse(`${value} where 0 to ${largest} is allowed`);
      for (let shift = length - 1; shift >= 0; shift--) out.push(Math.floor(value / 256 ** shift) % 256);
    },
  };
}

function bigUint(length: number): Field<bigint> {
  return {
    read: (from) => BigInt(encodeHex(take(from, length))),
    write: (out, value) => {
      if (value < 0n || value >= 1n << BigInt(8 * length)) refuse(`${value} does not fit ${length} bytes`);
      out.push(...decodeHex(`0x${value.toString(16).padStart(2 * length, '0')}`));
    },
  };
}

function hex(length: number): Field<Hex> {
  return {
    read: (from) => encodeHex(take(from, length)),
    write: (out, value) => void out.push(...decodeHex(value, length)),
  };
}

/** One byte that stands for one of `names`, counted from 1. */
function choice<Name extends string>(names: readonly Name[]): Field<Name> {
  return {
    read: (from) => {
      const number = byte.read(from);
      return names[number - 1] ?? refuse(`${number} where 1 to ${names.length} is known`);
    },
    write: (out, value) => {
      const number = names.indexOf(value) + 1;
      if (number === 0) refuse(`"${value}" where ${names.join(', ')} are known`);
      out.push(number);
    },
  };
}

/** So many characters of ASCII. */
function ascii(length: number): Field<string> {
  return {
    read: (from) => {
      const bytes = take(from, length);
      return bytes.every((code) => code < 0x80) ? decoder.decode(bytes) : refuse('text is not ASCII');
    },
    write: (out, value) => {
      const bytes = encoder.encode(value);
      if (value.length !== length || bytes.length !== length) refuse(`"${value}" is not ${length} characters of ASCII`);
      out.push(...bytes);
    },
  };
}

/** Fields that belong together. */
function part<T>(fields: FieldsOf<T>): Field<T> {
  const [read, write] = record(fields);
  return { read, write };
}

/** One byte of count, then the items. */
function list<T>(fields: FieldsOf<T>): Field<readonly T[]> {
  const [read, write] = record(fields);
  return {
    read: (from) => Array.from({ length: byte.read(from) }, () => read(from)),
    write: (out, items) => {
      byte.write(out, items.length);
      for (const item of items) write(out, item);
    },
  };
}

type FieldsOf<T> = { readonly [Name in keyof T]: Field<T[Name]> };

/** Fields one after the other, in the order in which they are written down. */
function record<T>(fields: FieldsOf<T>): [read: (from: Cursor) => T, write: (out: number[], value: T) => void] {
  const names = Object.keys(fields) as (keyof T)[];
  return [
    (from) => {
      const value: Partial<T> = {};
      for (const name of names) value[name] = fields[name].read(from);
      // Complete: FieldsOf has a field for every name of T.
      return value as T;
    },
    (out, value) => {
      for (const name of names) fields[name].write(out, value[name]);
    },
  ];
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

const byte = uint(1);
const number = uint(4);
const bits16 = uint(2);
const seconds = uint(8);
const account = hex(20);
const digest = hex(32);
const word256 = bigUint(32);
const text: Field<string> = {
  read: (from) => {
    const bytes = take(from, bits16.read(from));
    try {
      return decoder.decode(bytes);
    } catch {
      return refuse('text is not UTF-8');
    }
  },
  write: (out, value) => {
    if (!value.isWellFormed()) refuse('text has half a surrogate pair, which UTF-8 cannot carry');
    const bytes = encoder.encode(value);
    bits16.write(out, bytes.length);
    out.push(...bytes);
  },
};
const actor: Field<Actor> = {
  read: (from) => {
    const kind = actorKind.read(from);
    const bytes = take(from, 32);
    if (kind === 'key') return { kind, id: encodeHex(bytes) };
    if (bytes.subarray(0, 12).some((padding) => padding !== 0)) refuse('an account is not padded with zeros');
    return { kind, id: encodeHex(bytes.subarray(12)) };
  },
  write: (out, { kind, id }) => {
    actorKind.write(out, kind);
    if (kind !== 'key') out.push(...new Uint8Array(12));
    (kind === 'key' ? digest : account).write(out, id);
  },
};
const actorKind = choice(ACTOR_KINDS);

// --------------------------------------------------------------------------------------------------------------------- bodies

type BodyFields<K extends EntryKind> = FieldsOf<Omit<BodyOf<K>, 'kind'>>;

const roleChange = { role: digest, account };
const ofIssuer = { issuer: digest };
const issuerAccount = { issuer: digest, account };
const byIssuer = { issuer: digest, roles: bits16 };
const BY_ISSUER = 34;
const NOBODY: Hex = `0x${'00'.repeat(32)}`;
const milligrams = bigUint(8);
const origin = choice(ORIGINS);
const custody = choice(CUSTODY_MODELS);

/** Every kind: its number, and its body in the order of the bytes. */
const BODIES: { readonly [K in EntryKind]: readonly [code: number, fields: BodyFields<K>] } = {
  opened: [0x01, { chainId: word256, ledger: account }],
  roleGranted: [0x02, roleChange],
  roleRevoked: [0x03, roleChange],
  adminTransferBegun: [0x04, { account, acceptFrom: seconds }],
  adminTransferCancelled: [0x05, {}],
  adminDelayChangeBegun: [0x06, { delay: seconds, effectFrom: seconds }],
  adminDelayChangeCancelled: [0x07, {}],
  paused: [0x08, {}],
  unpaused: [0x09, {}],
  closed: [0x0a, { chainId: word256, successor: account, codeHash: digest }],
  accredited: [0x10, { issuer: digest, number, roles: bits16, controller: account, did: text }],
  suspended: [0x11, ofIssuer],
  reinstated: [0x12, ofIssuer],
  withdrawn: [0x13, { issuer: digest, since: seconds }],
  rolesAssigned: [0x14, { issuer: digest, roles: bits16 }],
  prefixGranted: [0x15, { issuer: digest, number, prefix: text }],
  prefixTakenBack: [0x16, { issuer: digest, number, prefix: text, since: seconds }],
  controllerProposed: [0x17, issuerAccount],
  controllerChanged: [0x18, issuerAccount],
  submitterAppointed: [0x19, issuerAccount],
  submitterDismissed: [0x1a, issuerAccount],
  keyAdded: [
    0x1b,
    { issuer: digest, key: digest, algorithm: choice(['ES256', 'Ed25519']), purposes: bits16, x: digest, y: digest },
  ],
  keyRetired: [0x1c, { issuer: digest, key: digest, at: seconds }],
  keyCompromised: [0x1d, { issuer: digest, key: digest, since: seconds }],
  anchored: [
    0x20,
    {
      issuer: digest,
      roles: bits16,
      root: digest,
      size: bits16,
      manifest: digest,
      allocations: list<Allocation>({ lot: digest, milligrams }),
    },
  ],
  statusSet: [
    0x30,
    {
      issuer: digest,
      list: bigUint(8),
      status: choice(['revoked', 'superseded']),
      reason: choice(['error', 'recall', 'keyCompromise', 'withdrawn', 'byAuthority']),
      words: list<StatusWord>({ number: uint(2, 511), bits: word256 }),
    },
  ],
  lotRegistered: [
    0x40,
    {
      ...byIssuer,
      ...{ substance: uint(5), origin, custody, milligrams, event: digest, periodFrom: seconds, periodUntil: seconds },
      ...{ country: ascii(2), label: text, facility: text },
    },
  ],
  lotSplit: [0x41, { ...byIssuer, lot: digest, milligrams, label: text }],
  transferOffered: [0x42, { ...byIssuer, receiver: digest, lot: digest, milligrams, event: digest, label: text }],
  transferAccepted: [0x43, { ...byIssuer, sender: digest, lot: digest, event: digest }],
  transferRefused: [0x44, { ...byIssuer, lot: digest }],
  transferWithdrawn: [0x45, { ...byIssuer, lot: digest }],
  transformed: [
    0x46,
    {
      ...byIssuer,
      event: digest,
      lost: part<MassByOrigin>({
        primary: milligrams,
        preConsumerRecycled: milligrams,
        postConsumerRecycled: milligrams,
        renewable: milligrams,
      }),
      process: text,
      inputs: list<LotMass>({ lot: digest, milligrams }),
      outputs: list<LotOutput>({ origin, custody, milligrams, label: text }),
    },
  ],
  lotRetired: [0x47, { ...byIssuer, lot: digest, milligrams }],
  lotLost: [0x48, { ...byIssuer, lot: digest, milligrams }],
  lotVoided: [0x49, { lot: digest, milligrams }],
};

interface BodyCodec {
  readonly kind: EntryKind;
  readonly code: number;
  readonly read: (from: Cursor) => object;
  readonly write: (out: number[], entry: Entry) => void;
}

const CODECS = (Object.keys(BODIES) as EntryKind[]).map(<K extends EntryKind>(kind: K): BodyCodec => {
  const [code, fields] = BODIES[kind];
  const [read, write] = record<Omit<BodyOf<K>, 'kind'>>(fields);
  // Safe: encodeEntry finds a codec by the entry's own kind.
  return { kind, code, read, write: (out, entry) => write(out, entry as unknown as BodyOf<K>) };
});
const CODEC_BY_CODE: readonly (BodyCodec | undefined)[] = Array.from({ length: 256 }, (_, code) =>
  CODECS.find((codec) => codec.code === code),
);
const CODEC_BY_KIND = new Map(CODECS.map((codec) => [codec.kind, codec]));

/** Every kind, in the order of their codes. */
export const ENTRY_KINDS: readonly EntryKind[] = CODECS.map(({ kind }) => kind);

/** Byte 1 of an entry of that kind. */
export function entryCode(kind: EntryKind): number {
  return BODIES[kind][0];
}

/** Errors: `journal.entry` for anything but the bytes of exactly one entry: unknown version or kind, bad UTF-8, trailing bytes. */
export function decodeEntry(bytes: Uint8Array): Entry {
  if (bytes.length > LONGEST_ENTRY) refuse(`${bytes.length} bytes where ${LONGEST_ENTRY} is the longest`);
  const from: Cursor = { bytes, offset: 0 };
  const version = byte.read(from);
  if (version !== 1) refuse(`version ${version} is unknown`);
  const code = byte.read(from);
  const codec = CODEC_BY_CODE[code] ?? refuse(`kind 0x${code.toString(16).padStart(2, '0')} is unknown`);
  const header: EntryHeader = {
    blockNumber: seconds.read(from),
    blockTime: seconds.read(from),
    actor: actor.read(from),
  };
  const body = codec.read(from);
  if (from.offset !== bytes.length) refuse(`${bytes.length - from.offset} bytes follow its end`);
  // Safe: BODIES gives every kind the fields of its type.
  return { kind: codec.kind, ...header, ...body } as Entry;
}

/**
 * What an issuer signs to do something to lots: the entry's body without the issuer and its roles, which the contract puts before it.
 * Errors: those of `encodeEntry`.
 */
export function encodeMaterialAct(act: MaterialAct): Uint8Array {
  const codec = CODEC_BY_KIND.get(act.kind) ?? refuse(`kind "${act.kind}" is unknown`);
  const out: number[] = [];
  // Safe: the fields of the issuer stand for those that are cut off again.
  codec.write(out, { ...act, issuer: NOBODY, roles: 0 } as unknown as Entry);
  return Uint8Array.from(out.slice(BY_ISSUER));
}

/** The inverse of `encodeMaterialAct`. Errors: `journal.entry`. */
export function decodeMaterialAct(code: number, data: Uint8Array): MaterialAct {
  const codec = CODEC_BY_CODE[code];
  if (codec === undefined || code < BODIES.lotRegistered[0] || code > BODIES.lotLost[0]) {
    refuse(`kind ${code} is no act on lots`);
  }
  const from: Cursor = { bytes: concatBytes(new Uint8Array(BY_ISSUER), data), offset: 0 };
  const { issuer, roles, ...act } = codec.read(from) as { issuer: Hex; roles: number };
  if (from.offset !== from.bytes.length) refuse(`${from.bytes.length - from.offset} bytes follow its end`);
  return { kind: codec.kind, ...act } as MaterialAct;
}

/** The inverse of `decodeEntry`. Errors: `journal.entry` for values that do not fit, `input.encoding` for hex of another length. */
export function encodeEntry(entry: Entry): Uint8Array {
  const codec = CODEC_BY_KIND.get(entry.kind) ?? refuse(`kind "${entry.kind}" is unknown`);
  const out = [1, codec.code];
  seconds.write(out, entry.blockNumber);
  seconds.write(out, entry.blockTime);
  actor.write(out, entry.actor);
  codec.write(out, entry);
  if (out.length > LONGEST_ENTRY) refuse(`${out.length} bytes where ${LONGEST_ENTRY} is the longest`);
  return Uint8Array.from(out);
}
