/**
 * Grants: under which prefix an issuer may speak of subjects (design D14). A prefix is `gs1:` and a GS1 company prefix, or an https URI
 * ending in "/" on the host and path of the issuer's own did:web. Both sides of every comparison have one spelling, so that no
 * escape, case or look-alike letter compares equal to something it is not.
 */
import { InvalidInputError } from '../errors.ts';
import type { IssuerId, SubjectId } from '../ids.ts';
import { companyDigits, isDigitalLink, isPlainUri } from '../passport/gs1.ts';
import { didWebHome } from './did.ts';

export type Grant =
  /** 4 to 12 digits; a U.P.C. company prefix has its leading 0. */
  | { readonly scheme: 'gs1'; readonly companyPrefix: string }
  /** Ends in "/". */
  | { readonly scheme: 'https'; readonly base: string };

const GS1_GRANT = /^gs1:([0-9]{4,12})$/;

/** Errors: `credential.grant` for anything that is neither. */
export function parseGrant(prefix: string): Grant {
  const grant = readGrant(prefix);
  if (grant === undefined) {
    throw new InvalidInputError(
      'credential.grant',
      `Expected "gs1:" and 4 to 12 digits, or an https URI with lower-case host that ends in "/", found "${prefix.slice(0, 100)}".`,
    );
  }
  return grant;
}

function readGrant(prefix: string): Grant | undefined {
  const companyPrefix = GS1_GRANT.exec(prefix)?.[1];
  if (companyPrefix !== undefined) return { scheme: 'gs1', companyPrefix };
  // The ledger holds prefixes of up to 255 bytes; a plain URI is ASCII.
  const isBase = prefix.length <= 255 && prefix.endsWith('/') && isPlainUri(`${prefix}x`);
  return isBase && !prefix.startsWith('https://id.gs1.org/') ? { scheme: 'https', base: prefix } : undefined;
}

/** Whether `prefix` lets `issuer` speak of `subject`. Total: what cannot be read covers nothing. */
export function grantCovers(prefix: string, subject: SubjectId, issuer: IssuerId): boolean {
  const grant = readGrant(prefix);
  if (grant === undefined) return false;
  if (grant.scheme === 'gs1') return companyDigits(subject)?.startsWith(grant.companyPrefix) ?? false;
  const home = didWebHome(issuer);
  if (home === undefined) return false;
  // A URI that reads as a GS1 Digital Link speaks of the GS1 key in it, whatever its host.
  return (
    grant.base.startsWith(home) && subject.startsWith(grant.base) && isPlainUri(subject) && !isDigitalLink(subject)
  );
}
