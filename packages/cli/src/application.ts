/** An issuer's application to the accreditor: a JSON file that holds all that `accredit` needs, and no secret. */
import { type Hex, type IssuerId, parseJson, parseShape } from '@dpp-ledger/core';
import { encodeRoles, type PublicJwk, parseDid, parsePublicJwk, ROLES, type Role } from '@dpp-ledger/core/credential';
import type { Purpose } from '@dpp-ledger/sdk/ledger';
import { z } from 'zod';

export interface Application {
  /** Pin of the ledger. */
  readonly ledger: string;
  readonly issuer: IssuerId;
  readonly name: string;
  readonly roles: readonly string[];
  readonly controller?: Hex;
  readonly key: PublicJwk;
  readonly purposes: readonly Purpose[];
  /** Seconds since 1970. */
  readonly deadline: number;
  readonly proof: Hex;
}

const schema = z.strictObject({
  version: z.literal('dpp-application/1'),
  ledger: z.string().max(300),
  issuer: z.string().max(255),
  name: z.string().max(255),
  roles: z.array(z.enum(ROLES)).min(1),
  controller: z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{40}$/)]).optional(),
  key: z.unknown(),
  purposes: z.array(z.enum(['assert', 'operate', 'revoke', 'administer'])).min(1),
  deadline: z.int().positive(),
  proof: z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{128}$/)]),
});

export function formatApplication(application: Application): string {
  encodeRoles(application.roles);
  return `${JSON.stringify({ version: 'dpp-application/1', ...application }, undefined, 2)}\n`;
}

/** Errors: `input.json`, `input.shape`, `credential.did`. */
export function parseApplication(text: string, where: string): Application & { readonly roles: readonly Role[] } {
  const { version: _, controller, ...read } = parseShape(schema, parseJson(text), where);
  return {
    ...read,
    issuer: parseDid(read.issuer),
    key: parsePublicJwk(read.key),
    ...(controller === undefined ? {} : { controller }),
  };
}
