/**
 * Acts: what is done in an issuer's name, encoded as the contract reads it, and signed so that anyone may relay it. It owns the ABI of
 * acts, the EIP-712 messages `Relay` and `KeyPossession`, and the JSON of a relay request; which purposes an act needs is in the
 * interface, contracts/interfaces/IPassportLedger.sol.
 */
import {
  decodeBase64Url,
  decodeHex,
  encodeBase64Url,
  encodeHex,
  type Hex,
  hashIssuer,
  InvalidInputError,
  type IssuerId,
  type KeyId,
  type LedgerId,
  parseShape,
} from '@dpp-ledger/core';
import {
  decodeKeyId,
  formatLedger,
  hashKey,
  isLowS,
  type PublicJwk,
  parseDid,
  parsePublicJwk,
  type Signer,
  STATUS_LIST_PLACES,
} from '@dpp-ledger/core/credential';
import {
  type Allocation,
  decodeMaterialAct,
  encodeMaterialAct,
  entryCode,
  type KeyPurpose,
  type MaterialAct,
  PURPOSES,
  type StatusPurpose,
  type StatusReason,
  type StatusWord,
} from '@dpp-ledger/core/journal';
import { AbiCoder, TypedDataEncoder } from 'ethers';
import { z } from 'zod';

/** As the contract takes it: the kind of the entry it makes, and its arguments, ABI-encoded. */
export interface Act {
  readonly kind: number;
  readonly data: Hex;
}

export type Purpose = KeyPurpose;
const PURPOSE_NAMES = Object.keys(PURPOSES) as Purpose[];

export function encodePurposes(purposes: readonly Purpose[]): number {
  return purposes.reduce((bits, purpose) => bits | PURPOSES[purpose], 0);
}

export function decodePurposes(bits: number): Purpose[] {
  return PURPOSE_NAMES.filter((purpose) => (bits & PURPOSES[purpose]) !== 0);
}

// ---------------------------------------------------------------------------------------------------------------- acts

export interface BatchToAnchor {
  readonly root: Hex;
  readonly size: number;
  /** SHA-256 of the manifest. */
  readonly manifest: Hex;
  readonly allocations?: readonly Allocation[];
}

export interface StatusChange {
  readonly list: bigint;
  readonly reason: Exclude<StatusReason, 'byAuthority'>;
  readonly words: readonly StatusWord[];
}

/** What an act says, as `decodeActs` reads it back. */
export type DecodedAct =
  | ({ readonly kind: 'anchored' } & Required<BatchToAnchor>)
  | ({ readonly kind: 'statusSet'; readonly status: StatusPurpose } & StatusChange)
  | {
      readonly kind: 'keyAdded';
      readonly key: PublicJwk;
      readonly purposes: number;
      readonly deadline: number;
      readonly proof: Hex;
    }
  | { readonly kind: 'keyRetired'; readonly key: Hex; readonly at: number }
  | { readonly kind: 'keyCompromised'; readonly key: Hex; readonly since: number }
  | { readonly kind: 'controllerProposed' | 'submitterAppointed' | 'submitterDismissed'; readonly account: Hex }
  | MaterialAct;

const abi = AbiCoder.defaultAbiCoder();
const PUBLIC_KEY = '(uint8 algorithm, bytes32 x, bytes32 y)';
/** Per kind of entry: its number, and the types of the act's arguments. */
const ACTS = {
  controllerProposed: { kind: 0x17, types: ['address'] },
  submitterAppointed: { kind: 0x19, types: ['address'] },
  submitterDismissed: { kind: 0x1a, types: ['address'] },
  keyAdded: { kind: 0x1b, types: [PUBLIC_KEY, 'uint16', 'uint64', 'bytes'] },
  keyRetired: { kind: 0x1c, types: ['bytes32', 'uint64'] },
  keyCompromised: { kind: 0x1d, types: ['bytes32', 'uint64'] },
  anchored: { kind: 0x20, types: ['bytes32', 'uint256', 'bytes32', '(bytes32 lot, uint64 milligrams)[]'] },
  statusSet: { kind: 0x30, types: ['uint64', 'uint8', 'uint8', '(uint16 number, uint256 bits)[]'] },
} as const;
const STATUS: Readonly<Record<StatusPurpose, number>> = { revoked: 1, superseded: 2 };
const REASON: Readonly<Record<StatusChange['reason'], number>> = {
  error: 1,
  recall: 2,
  keyCompromise: 3,
  withdrawn: 4,
};

export const acts = {
  anchor: ({ root, size, manifest, allocations = [] }: BatchToAnchor): Act =>
    encode('anchored', [root, size, manifest, allocations]),
  revoke: (change: StatusChange): Act => encodeStatus('revoked', change),
  supersede: (change: StatusChange): Act => encodeStatus('superseded', change),
  /** `proof` from `signPossession`, with the same purposes and deadline, and the issuer's controller of the time. */
  addKey: (options: { key: PublicJwk; purposes: readonly Purpose[]; deadline: number; proof: Hex }): Act =>
    encode('keyAdded', [encodeKey(options.key), encodePurposes(options.purposes), options.deadline, options.proof]),
  /** From `at` on (seconds since 1970) the key is not in force; not in the past. */
  retireKey: ({ key, at }: { key: KeyId; at: number }): Act => encode('keyRetired', [decodeKeyId(key), at]),
  /** What the key did at `since` or later does not count. May be said again only for an earlier time. */
  markCompromised: ({ key, since }: { key: KeyId; since: number }): Act =>
    encode('keyCompromised', [decodeKeyId(key), since]),
  appointSubmitter: (account: Hex): Act => encode('submitterAppointed', [account]),
  dismissSubmitter: (account: Hex): Act => encode('submitterDismissed', [account]),
  proposeController: (account: Hex): Act => encode('controllerProposed', [account]),
  /** Registers, splits, offers, accepts, transforms lots and the like. Errors: `journal.entry` for values that do not fit. */
  material: (act: MaterialAct): Act => ({ kind: entryCode(act.kind), data: encodeHex(encodeMaterialAct(act)) }),
} as const;

function encode(name: keyof typeof ACTS, values: readonly unknown[]): Act {
  const { kind, types } = ACTS[name];
  return { kind, data: abi.encode(types, values) as Hex };
}

function encodeStatus(status: StatusPurpose, { list, reason, words }: StatusChange): Act {
  return encode('statusSet', [list, STATUS[status], REASON[reason], words]);
}

/** The words of a list in which the bits of these places are set. Errors: `TypeError` for a place beyond the list. */
export function wordsOf(places: Iterable<number>): StatusWord[] {
  const words = new Map<number, bigint>();
  for (const place of places) {
    if (!Number.isInteger(place) || place < 0 || place >= STATUS_LIST_PLACES)
      throw new TypeError(`No place ${place} in a list.`);
    const number = Math.floor(place / 256);
    words.set(number, (words.get(number) ?? 0n) | (1n << BigInt(place % 256)));
  }
  return [...words].sort(([a], [b]) => a - b).map(([number, bits]) => ({ number, bits }));
}

/** What the contract takes for a public key. */
export function encodeKey(key: PublicJwk): { algorithm: number; x: Hex; y: Hex } {
  const x = encodeHex(decodeBase64Url(key.x, 32));
  return key.kty === 'EC'
    ? { algorithm: 1, x, y: encodeHex(decodeBase64Url(key.y, 32)) }
    : { algorithm: 2, x, y: `0x${'0'.repeat(64)}` };
}

const decoders: { readonly [K in keyof typeof ACTS]: (values: readonly unknown[]) => DecodedAct } = {
  anchored: ([root, size, manifest, allocations]) => ({
    kind: 'anchored',
    root: asHex(root),
    size: Number(size),
    manifest: asHex(manifest),
    allocations: asList(allocations).map((item) => {
      const [lot, milligrams] = asList(item);
      return { lot: asHex(lot), milligrams: asBigint(milligrams) };
    }),
  }),
  statusSet: ([list, status, reason, words]) => ({
    kind: 'statusSet',
    list: asBigint(list),
    status: nameOf(STATUS, Number(status)),
    reason: nameOf(REASON, Number(reason)),
    words: asList(words).map((item) => {
      const [number, bits] = asList(item);
      return { number: Number(number), bits: asBigint(bits) };
    }),
  }),
  keyAdded: ([key, purposes, deadline, proof]) => {
    const [algorithm, x, y] = asList(key);
    const spell = (part: unknown) => encodeBase64Url(decodeHex(asHex(part)));
    const jwk =
      Number(algorithm) === 1
        ? { kty: 'EC', crv: 'P-256', x: spell(x), y: spell(y) }
        : { kty: 'OKP', crv: 'Ed25519', x: spell(x) };
    return {
      kind: 'keyAdded',
      key: parsePublicJwk(jwk),
      purposes: Number(purposes),
      deadline: Number(deadline),
      proof: asHex(proof),
    };
  },
  keyRetired: ([key, at]) => ({ kind: 'keyRetired', key: asHex(key), at: Number(at) }),
  keyCompromised: ([key, since]) => ({ kind: 'keyCompromised', key: asHex(key), since: Number(since) }),
  controllerProposed: ([account]) => ({ kind: 'controllerProposed', account: asHex(account) }),
  submitterAppointed: ([account]) => ({ kind: 'submitterAppointed', account: asHex(account) }),
  submitterDismissed: ([account]) => ({ kind: 'submitterDismissed', account: asHex(account) }),
};

/** Reads acts back. Errors: InvalidInputError `input.shape` for a kind that is no act, or data that is not its one encoding. */
export function decodeActs(encoded: readonly Act[]): DecodedAct[] {
  return encoded.map(({ kind, data }, i) => {
    const name = ACT_NAMES.find((candidate) => ACTS[candidate].kind === kind);
    try {
      if (name === undefined) return decodeMaterialAct(kind, decodeHex(data));
      const values = abi.decode(ACTS[name].types, data).toArray(true);
      if (abi.encode(ACTS[name].types, values) !== data) throw new TypeError('not the canonical encoding');
      return decoders[name](values);
    } catch (cause) {
      const what = name === undefined ? `an act on lots of kind ${kind}` : name;
      throw new InvalidInputError('input.shape', `acts[${i}].data are not the arguments of ${what}.`, { cause });
    }
  });
}

const ACT_NAMES = Object.keys(ACTS) as (keyof typeof ACTS)[];

function nameOf<T extends string>(numbers: Readonly<Record<T, number>>, number: number): T {
  for (const name in numbers) if (numbers[name] === number) return name;
  throw new TypeError(`no name for ${number}`);
}

function asHex(value: unknown): Hex {
  if (typeof value !== 'string') throw new TypeError('not hex');
  return value.toLowerCase() as Hex;
}

function asBigint(value: unknown): bigint {
  if (typeof value !== 'bigint') throw new TypeError('not a number');
  return value;
}

function asList(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError('not a list');
  return value;
}

// ------------------------------------------------------------------------------------------------------- signed messages

const RELAY_TYPES = {
  Relay: [
    { name: 'issuer', type: 'bytes32' },
    { name: 'key', type: 'bytes32' },
    { name: 'acts', type: 'Act[]' },
    { name: 'nonce', type: 'uint64' },
    { name: 'deadline', type: 'uint64' },
  ],
  Act: [
    { name: 'kind', type: 'uint8' },
    { name: 'data', type: 'bytes' },
  ],
};
const POSSESSION_TYPES = {
  KeyPossession: [
    { name: 'issuer', type: 'bytes32' },
    { name: 'controller', type: 'address' },
    { name: 'purposes', type: 'uint16' },
    { name: 'deadline', type: 'uint64' },
  ],
};
const NO_ACCOUNT: Hex = `0x${'0'.repeat(40)}`;

type Ledger = Pick<LedgerId, 'chainId' | 'address'>;

/** The bytes that are signed: 0x1901, domain separator, struct hash (EIP-712); the digest is their SHA-256. */
function encodeTyped(
  ledger: Ledger,
  types: Record<string, { name: string; type: string }[]>,
  message: Record<string, unknown>,
): Uint8Array {
  const domain = { name: 'PassportLedger', version: '1', chainId: ledger.chainId, verifyingContract: ledger.address };
  return decodeHex(TypedDataEncoder.encode(domain, types, message));
}

/**
 * Proves that the signer holds its key and wants it registered for just this: r and s, 64 bytes, for `accredit` and `addKey`.
 * Ed25519 keys have no such proof (the contract cannot check it): theirs is empty.
 */
export async function signPossession(options: {
  readonly ledger: Ledger;
  readonly signer: Signer;
  /** The issuer's controller at that time, if it has one. */
  readonly controller?: Hex | undefined;
  readonly purposes: readonly Purpose[];
  /** Seconds since 1970. */
  readonly deadline: number;
}): Promise<Hex> {
  const { ledger, signer, controller = NO_ACCOUNT, purposes, deadline } = options;
  if (signer.algorithm !== 'ES256') return '0x';
  const message = { issuer: hashIssuer(signer.issuer), controller, purposes: encodePurposes(purposes), deadline };
  return encodeHex(await signer.sign(encodeTyped(ledger, POSSESSION_TYPES, message)));
}

/** Acts signed by a key, for anyone to bring to the ledger. JSON; the body of `POST /relay`. */
export interface RelayRequest {
  readonly version: 'dpp-relay/1';
  /** CAIP-10, lower case. */
  readonly ledger: string;
  readonly issuer: IssuerId;
  readonly key: PublicJwk;
  readonly acts: readonly Act[];
  /** Decimal. */
  readonly nonce: string;
  /** Seconds since 1970. A reverted relay keeps its nonce, so keep this short. */
  readonly deadline: number;
  /** r and s, base64url. */
  readonly signature: string;
  /** The credentials of the batches that the acts anchor, in their order: the relayer stores them first. Not signed: their root is. */
  readonly credentials?: readonly string[] | undefined;
}

export async function signRelay(options: {
  readonly ledger: Ledger;
  readonly signer: Signer;
  readonly acts: readonly Act[];
  readonly nonce: bigint;
  readonly deadline: number;
  readonly credentials?: readonly string[];
}): Promise<RelayRequest> {
  const { ledger, signer, nonce, deadline, credentials } = options;
  if (signer.algorithm !== 'ES256') {
    throw new InvalidInputError(
      'input.shape',
      'The ledger checks P-256 signatures only: sign relayed acts with an ES256 key.',
    );
  }
  const unsigned = {
    version: 'dpp-relay/1',
    ledger: formatLedger(ledger),
    issuer: signer.issuer,
    key: signer.key,
    acts: options.acts,
    nonce: String(nonce),
    deadline,
  } as const;
  const signature = encodeBase64Url(await signer.sign(encodeRelay(unsigned, ledger)));
  return { ...unsigned, signature, ...(credentials === undefined ? {} : { credentials }) };
}

function encodeRelay(request: Omit<RelayRequest, 'signature' | 'credentials'>, ledger: Ledger): Uint8Array {
  return encodeTyped(ledger, RELAY_TYPES, {
    issuer: hashIssuer(request.issuer),
    key: decodeKeyId(hashKey(request.key)),
    acts: request.acts,
    nonce: request.nonce,
    deadline: request.deadline,
  });
}

const relaySchema = z.strictObject({
  version: z.literal('dpp-relay/1'),
  ledger: z
    .string()
    .regex(/^eip155:[1-9][0-9]{0,15}:0x[0-9a-f]{40}$/, 'expected eip155:<chain id>:<address>, lower case'),
  issuer: z.string().max(255),
  key: z.unknown(),
  acts: z
    .array(
      z.strictObject({
        kind: z.int().min(0).max(255),
        data: z
          .string()
          .max(2 + 2 * 65_536)
          .regex(/^0x(?:[0-9a-f]{2})*$/, 'expected lower-case hex'),
      }),
    )
    .min(1)
    .max(256),
  nonce: z.string().regex(/^(?:0|[1-9][0-9]{0,19})$/, 'expected a decimal number'),
  deadline: z.int().nonnegative(),
  signature: z.string().length(86),
  credentials: z.array(z.string().max(1_048_576)).max(16_384).optional(),
});

/** Errors: `input.shape`, `input.encoding`, `credential.did`. Whether the signature holds, `verifyRelay` tells. */
export function parseRelay(value: unknown): RelayRequest {
  const { acts: parsed, credentials, ...shape } = parseShape(relaySchema, value, 'relay request');
  decodeBase64Url(shape.signature, 64);
  return {
    ...shape,
    issuer: parseDid(shape.issuer),
    key: parsePublicJwk(shape.key),
    acts: parsed.map(({ kind, data }) => ({ kind, data: data as Hex })),
    ...(credentials === undefined ? {} : { credentials }),
  };
}

/** Whether the request is for this ledger and its key signed it. Whether the key may is for the contract to say. */
export async function verifyRelay(request: RelayRequest, ledger: Ledger): Promise<boolean> {
  const signature = decodeBase64Url(request.signature, 64);
  if (request.ledger !== formatLedger(ledger) || request.key.kty !== 'EC' || !isLowS(signature)) return false;
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const key = await crypto.subtle
    .importKey('jwk', { ...request.key }, algorithm, false, ['verify'])
    .catch(() => undefined);
  if (key === undefined) return false;
  const bytes = encodeRelay(request, ledger);
  return await crypto.subtle.verify(algorithm, key, new Uint8Array(signature), new Uint8Array(bytes));
}
