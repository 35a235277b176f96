/** A case for two verifiers, and how it is written down for the one that is no TypeScript. */
import { encodeHex } from '../../packages/core/src/bytes.ts';
import type { VerifyOptions } from '../../packages/core/src/verify/index.ts';

export interface Case extends VerifyOptions {
  readonly name: string;
}

/** One line of JSON: bytes as hex, integers of 64 and 256 bits as decimal text, and evidence that is bytes under a name of its own. */
export function formatCase({ evidence, ...rest }: Case): string {
  const presented = evidence instanceof Uint8Array ? { evidenceBytes: evidence } : { evidence };
  return JSON.stringify(toJson({ ...rest, ...presented }));
}

function toJson(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return encodeHex(value);
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toJson(member)]));
}
