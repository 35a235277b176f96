/**
 * Credentials: signed statements of issuers. This folder owns keys and signatures, the one spelling of a JWT, content identifiers, the
 * shape of the five UNTP kinds, who may issue which and about what, and where a status stands. It refuses every second spelling.
 */
export * from './cid.ts';
export { CONTEXT_DOCUMENT, CONTEXT_URL, NAMESPACE } from './context.ts';
export {
  type Credential,
  type CredentialKind,
  credentialKind,
  credentialSubjectIds,
  credentialSubjects,
  parseCredential,
  type Subject,
  UNTP_CONTEXT,
  UNTP_TYPES,
} from './credential.ts';
export { buildDidDocument, type DidDocument, didWebUrl, formatKid, isDid, parseDid, parseKid } from './did.ts';
export { type Grant, grantCovers, parseGrant } from './grants.ts';
export {
  type JwtHeader,
  MAX_CREDENTIAL_BYTES,
  type ParsedJwt,
  parseJwt,
  type SignedCredential,
  signCredential,
  signMany,
  signPayload,
  verifySignature,
} from './jwt.ts';
export {
  algorithmOf,
  createKeySigner,
  createSigner,
  decodeKeyId,
  encodeKeyId,
  generateKey,
  hashKey,
  isLowS,
  lowerS,
  type PrivateJwk,
  type PublicJwk,
  parsePrivateJwk,
  parsePublicJwk,
  publicKeyOf,
  type SignatureAlgorithm,
  type Signer,
} from './keys.ts';
export * from './roles.ts';
export * from './status.ts';
export { assertVerifiableCredential, isUri, parseInstant, VCDM_CONTEXT } from './vcdm.ts';
