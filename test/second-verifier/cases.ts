/** A case for two verifiers, and how it is written down for the one that is no TypeScript: as a vector of test/adversarial/README.md. */
import { decodeBase64Url, encodeBase64Url, encodeHex } from '../../packages/core/src/bytes.ts';
import type { VerifyOptions } from '../../packages/core/src/verify/index.ts';
import { readAsText, writeAsBytes } from '../adversarial/vectors.ts';

export interface Case extends VerifyOptions {
  readonly name: string;
}

/** What is asked of a verifier; `facts` as JSON whatever they are. */
export interface Vector {
  readonly name: string;
  readonly presented: string;
  readonly facts: unknown;
  readonly policy: object;
  readonly expected: object;
  readonly now: number | null;
}

/** `undefined` where JSON cannot carry what is presented, or would make other facts of these. */
export function writeVector({ name, evidence, facts, policy, expected = {}, now }: Case): Vector | undefined {
  const presented = writeAsBytes(evidence);
  const written = writeFacts(facts);
  if (presented === undefined || written === undefined) return undefined;
  const time = Number.isFinite(now) ? now : null;
  return { name, presented: encodeBase64Url(presented), facts: written, policy, expected, now: time };
}

/** The same case, of what is presented as it was written down. */
export function readCase(one: Case, { presented }: Vector): Case {
  const bytes = decodeBase64Url(presented);
  return { ...one, evidence: readAsText(bytes) ?? bytes };
}

/** Facts that may be of no shape at all: bytes in hexadecimal, large integers in decimal, and `null` for nothing, so for nothing else. */
function writeFacts(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return encodeHex(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  // Decimal text would be read as the integer that it is not.
  if (typeof value === 'string') return /^[0-9]+$/.test(value) ? undefined : value;
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'object' || value === null) return undefined;
  const members = Object.entries(value).map(([name, member]) => [name, writeFacts(member)] as const);
  if (members.some(([, member]) => member === undefined)) return undefined;
  return Array.isArray(value) ? members.map(([, member]) => member) : Object.fromEntries(members);
}
