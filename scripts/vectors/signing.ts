/**
 * What issuers' keys sign, and acts encoded: for vectors, tests and benchmarks, which share keys that everybody knows.
 */
import { createHash } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { AbiCoder, concat, solidityPacked, TypedDataEncoder, type TypedDataField } from 'ethers';

const coder = AbiCoder.defaultAbiCoder();

export const RELAY_TYPES: Record<string, TypedDataField[]> = {
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

export const POSSESSION_TYPES: Record<string, TypedDataField[]> = {
  KeyPossession: [
    { name: 'issuer', type: 'bytes32' },
    { name: 'controller', type: 'address' },
    { name: 'purposes', type: 'uint16' },
    { name: 'deadline', type: 'uint64' },
  ],
};

export interface Act {
  readonly kind: number;
  readonly data: string;
}

/** Arguments of an act, by the number of the entry it makes. */
const ACT_ARGUMENTS: Readonly<Record<number, readonly string[]>> = {
  23: ['address'],
  25: ['address'],
  26: ['address'],
  27: ['tuple(uint8,bytes32,bytes32)', 'uint16', 'uint64', 'bytes'],
  28: ['bytes32', 'uint64'],
  29: ['bytes32', 'uint64'],
  32: ['bytes32', 'uint256', 'bytes32', 'tuple(bytes32,uint64)[]'],
  48: ['uint64', 'uint8', 'uint8', 'tuple(uint16,uint256)[]'],
};

/** Acts on lots are packed as their entries are (contracts/interfaces/IMaterials.sol); a string comes after its length. */
const PACKED_ARGUMENTS: Readonly<Record<number, readonly string[]>> = {
  64: ['uint40', 'uint8', 'uint8', 'uint64', 'bytes32', 'uint64', 'uint64', 'bytes2', 'string', 'string'],
  65: ['bytes32', 'uint64', 'string'],
  66: ['bytes32', 'bytes32', 'uint64', 'bytes32', 'string'],
  67: ['bytes32', 'bytes32', 'bytes32'],
  68: ['bytes32'],
  69: ['bytes32'],
  71: ['bytes32', 'uint64'],
  72: ['bytes32', 'uint64'],
};

function encodePacked(types: readonly string[], args: readonly unknown[]): string {
  const [packedTypes, values]: [string[], unknown[]] = [[], []];
  for (const [i, type] of types.entries()) {
    if (type === 'string') {
      packedTypes.push('uint16');
      values.push(Buffer.byteLength(String(args[i])));
    }
    packedTypes.push(type);
    values.push(args[i]);
  }
  return solidityPacked(packedTypes, values);
}

/** A transformation: event, what is lost of each origin, process, inputs (lot, milligrams), outputs (origin, custody, milligrams, label). */
export function encodeTransformation(
  event: string,
  lost: readonly bigint[],
  process: string,
  inputs: readonly (readonly [string, bigint])[],
  outputs: readonly (readonly [number, number, bigint, string])[],
): Act {
  const parts = [
    encodePacked(['bytes32', 'uint64', 'uint64', 'uint64', 'uint64', 'string'], [event, ...lost, process]),
    encodePacked(['uint8'], [inputs.length]),
    ...inputs.map((input) => encodePacked(['bytes32', 'uint64'], input)),
    encodePacked(['uint8'], [outputs.length]),
    ...outputs.map((output) => encodePacked(['uint8', 'uint8', 'uint64', 'string'], output)),
  ];
  return { kind: 70, data: concat(parts) };
}

/** A lot's id: the issuer that named it, and its label. */
export function lotId(issuer: string, label: string): string {
  return sha256(fromHex(issuer), Buffer.from(label));
}

export function encodeAct(kind: number, ...args: readonly unknown[]): Act {
  const packed = PACKED_ARGUMENTS[kind];
  if (packed !== undefined) return { kind, data: encodePacked(packed, args) };
  const types = ACT_ARGUMENTS[kind];
  if (types === undefined) throw new TypeError(`no act makes entries of kind ${kind}`);
  return { kind, data: coder.encode(types, args) };
}

export function sha256(...parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return `0x${hash.digest('hex')}`;
}

function fromHex(hex: string): Uint8Array {
  return Buffer.from(hex.replace(/^0x/, ''), 'hex');
}

export function toHex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString('hex')}`;
}

/** A P-256 key whose private scalar is SHA-256 of a label: for tests only, since everybody knows it. */
export interface TestKey {
  readonly secret: Uint8Array;
  readonly jwk: { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string };
  /** As the contract takes it: algorithm, x, y. */
  readonly publicKey: readonly [1, string, string];
  readonly thumbprint: string;
  /** ES256 over SHA-256 of `message`, r and s, low s. */
  sign(message: Uint8Array): string;
}

export function createTestKey(label: string): TestKey {
  const secret = fromHex(sha256(Buffer.from(label)));
  const point = p256.getPublicKey(secret, false);
  const x = Buffer.from(point.subarray(1, 33));
  const y = Buffer.from(point.subarray(33, 65));
  const jwk = { kty: 'EC', crv: 'P-256', x: x.toString('base64url'), y: y.toString('base64url') } as const;
  return {
    secret,
    jwk,
    publicKey: [1, toHex(x), toHex(y)],
    thumbprint: sha256(Buffer.from(`{"crv":"P-256","kty":"EC","x":"${jwk.x}","y":"${jwk.y}"}`)),
    sign: (message) => toHex(p256.sign(message, secret, { lowS: true, prehash: true })),
  };
}

export interface LedgerDomain {
  readonly chainId: number;
  readonly verifyingContract: string;
}

/** The EIP-712 bytes that a key signs, and their SHA-256. */
export function encodeTyped(
  domain: LedgerDomain,
  types: Record<string, TypedDataField[]>,
  value: Record<string, unknown>,
): { readonly bytes: Uint8Array; readonly digest: string } {
  const bytes = fromHex(TypedDataEncoder.encode({ name: 'PassportLedger', version: '1', ...domain }, types, value));
  return { bytes, digest: sha256(bytes) };
}
