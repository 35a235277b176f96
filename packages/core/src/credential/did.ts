/** Decentralised identifiers: how issuers are named, and where a did:web has its document. */
import { InvalidInputError } from '../errors.ts';
import type { IssuerId, KeyId } from '../ids.ts';
import type { PublicJwk } from './keys.ts';

/** W3C DID 1.0 (3.1), without path, query and fragment. The ledger holds DIDs of up to 255 bytes. */
const DID = /^did:[a-z0-9]+:(?:[A-Za-z0-9._-]|%[0-9A-F]{2})+(?::(?:[A-Za-z0-9._-]|%[0-9A-F]{2})+)*$/;
/** Lower case, at least two labels, no port: one spelling per host. */
const HOST = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const SEGMENT = /^(?!\.{1,2}$)[A-Za-z0-9._~-]+$/;
const THUMBPRINT = /^[A-Za-z0-9_-]{43}$/;

/** Errors: `credential.did` for anything but a DID of at most 255 characters. */
export function parseDid(text: string): IssuerId {
  if (!isDid(text)) {
    throw new InvalidInputError(
      'credential.did',
      `Expected a DID such as did:web:maker.example, found "${clip(text)}".`,
    );
  }
  return text;
}

export function isDid(text: string): text is IssuerId {
  return text.length <= 255 && DID.test(text);
}

/** A key's absolute name in a `kid` header: the issuer's DID, `#`, and the key's RFC 7638 thumbprint. */
export function formatKid(issuer: IssuerId, key: KeyId): string {
  return `${issuer}#${key}`;
}

/** Errors: `credential.kid` for anything but `did#thumbprint`. */
export function parseKid(kid: string): { readonly issuer: IssuerId; readonly key: KeyId } {
  const hash = kid.indexOf('#');
  const issuer = kid.slice(0, Math.max(hash, 0));
  const key = kid.slice(hash + 1);
  if (hash < 0 || !isDid(issuer) || !THUMBPRINT.test(key)) {
    throw new InvalidInputError(
      'credential.kid',
      `Expected a DID, "#" and the key's 43-character thumbprint, found "${clip(kid)}".`,
    );
  }
  return { issuer, key: key as KeyId };
}

/**
 * Host and path of a did:web in its one spelling: lower-case host, no port, no percent-escape, no dot segment. `undefined` for
 * other methods and other spellings, which no https grant and no subject can stand on (design D14).
 */
export function didWebPlace(did: string): { readonly host: string; readonly segments: readonly string[] } | undefined {
  if (!did.startsWith('did:web:')) return undefined;
  const [host = '', ...segments] = did.slice('did:web:'.length).split(':');
  if (!HOST.test(host) || !segments.every((segment) => SEGMENT.test(segment))) return undefined;
  return { host, segments };
}

/** Under which URI a did:web in its one spelling may name things: its host and path, with a slash at the end. */
export function didWebHome(did: string): string | undefined {
  const place = didWebPlace(did);
  return place && `https://${[place.host, ...place.segments].join('/')}/`;
}

/** Where a did:web publishes its document (did:web method, 3.2). Errors: `credential.did` for another method or spelling. */
export function didWebUrl(did: string): string {
  const place = didWebPlace(did);
  if (place === undefined) {
    throw new InvalidInputError(
      'credential.did',
      `Expected a did:web with a lower-case host and no port or escapes, found "${clip(did)}".`,
    );
  }
  const path = place.segments.length === 0 ? '.well-known' : place.segments.join('/');
  return `https://${place.host}/${path}/did.json`;
}

/** A DID document as a did:web publishes it (W3C DID 1.0, 5; JWKs as Controlled Identifiers 1.0 has them). */
export interface DidDocument {
  readonly '@context': readonly string[];
  readonly id: IssuerId;
  readonly verificationMethod: readonly {
    readonly id: string;
    readonly type: 'JsonWebKey';
    readonly controller: IssuerId;
    readonly publicKeyJwk: PublicJwk;
  }[];
  readonly assertionMethod: readonly string[];
}

/** The document that says these keys sign credentials of the DID, each under the name that a `kid` has. */
export function buildDidDocument(
  did: IssuerId,
  keys: readonly { readonly id: KeyId; readonly jwk: PublicJwk }[],
): DidDocument {
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/jwk/v1'],
    id: did,
    verificationMethod: keys.map(({ id, jwk }) => ({
      id: formatKid(did, id),
      type: 'JsonWebKey',
      controller: did,
      publicKeyJwk: jwk,
    })),
    assertionMethod: keys.map(({ id }) => formatKid(did, id)),
  };
}

function clip(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
