/** What of an issuer's holdings a credential stands on: the key that it names, and the grant that covers what it speaks of. */
import { decodeHex, encodeBase64Url, type Hex } from '../bytes.ts';
import { type Credential, credentialSubjectIds } from '../credential/credential.ts';
import { grantCovers } from '../credential/grants.ts';
import type { PublicJwk } from '../credential/keys.ts';
import type { GrantState, KeyState, Reading } from '../journal/state.ts';

/**
 * The grant that covers all of the credential's subjects; one that was in force at the anchor before one that was not. Where none covers
 * them, one of those that the issuer has: then the verdict says what it may speak of. `undefined` where the kind needs none.
 */
export function findGrant(
  credential: Credential,
  grants: Iterable<Reading<GrantState>>,
  at: number,
): Reading<GrantState> | undefined {
  const subjects = credentialSubjectIds(credential);
  if (subjects.length === 0) return undefined;
  const all = [...grants];
  const covering = all.filter(({ prefix }) =>
    subjects.every((subject) => grantCovers(prefix, subject, credential.issuer.id)),
  );
  const held = covering.find(({ from, until }) => from <= at && (until === undefined || at < until));
  return held ?? covering[0] ?? all[0];
}

/** A registered key as verifiers take it. */
export function toPublicJwk({ algorithm, x, y }: Reading<KeyState>): PublicJwk {
  const spell = (part: Hex) => encodeBase64Url(decodeHex(part, 32));
  return algorithm === 'ES256'
    ? { kty: 'EC', crv: 'P-256', x: spell(x), y: spell(y) }
    : { kty: 'OKP', crv: 'Ed25519', x: spell(x) };
}
