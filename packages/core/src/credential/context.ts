/**
 * Our JSON-LD context: every term and type that UNTP and W3C do not have. It comes third in `@context`. A URL with a version is never
 * given another content: a change of meaning is a new version.
 */

/** Where our terms live. The product has no domain of its own; `.example` can never be anybody's. */
export const NAMESPACE = 'https://dpp-ledger.example/ns/';
export const CONTEXT_URL = 'https://dpp-ledger.example/contexts/v1';
