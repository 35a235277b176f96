/**
 * Evidence: what a verifier needs of one credential that proves itself. A JSON object, version "dpp-evidence/1"; byte strings are
 * base64url. It names a ledger but is believed in nothing: every part is checked against another part or against facts.
 */

/** A public key as a JWK, with the members of RFC 7638 and no others. */
export type PublicJwk =
  | { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string }
  | { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string };

export interface Evidence {
  readonly version: 'dpp-evidence/1';
  /** CAIP-10 of the ledger, lower case: `eip155:<chain id>:<address>`. */
  readonly ledger: string;
  /** The credential's bytes: a compact JWT. */
  readonly credential: string;
  /** The key that signed it. */
  readonly key: PublicJwk;
  /** The grant under which the issuer speaks of the subject; absent where the kind of credential needs none. */
  readonly grant?: { readonly number: number; readonly prefix: string };
  /** Place in the batch and RFC 9162 (2.1.3) inclusion path to the root in `entry`, which also says the size. */
  readonly batch: { readonly index: number; readonly proof: readonly string[] };
  /**
   * The anchor entry: its index in the journal, its bytes, and the path from its leaf to the peak it stands under: the first part of
   * its RFC 9162 inclusion path, which stays true until that peak is merged into a larger one.
   */
  readonly entry: { readonly index: number; readonly bytes: string; readonly proof: readonly string[] };
}
