/**
 * Evidence: what a verifier needs of one credential that proves itself. A JSON object, version "dpp-evidence/1"; byte strings are
 * base64url. It names a ledger but is believed in nothing: every part is checked against another part or against facts.
 */
import { z } from 'zod';
import { decodeBase64UrlLoosely } from '#platform';
import { encodeBase64Url, encodeHex } from '../bytes.ts';
import { type Credential, parseCredential } from '../credential/credential.ts';
import { parseJwt } from '../credential/jwt.ts';
import { decodeKeyId, hashKey, type PublicJwk } from '../credential/keys.ts';
import { formatLedger, parseStatusPointer, type StatusPointer } from '../credential/status.ts';
import { InvalidInputError } from '../errors.ts';
import { hashGrant, hashIssuer, type LedgerId } from '../ids.ts';
import { LARGEST_BATCH, LONGEST_ENTRY } from '../journal/entry.ts';
import { parseJson } from '../json.ts';
import { MOST_MAKINGS } from '../materials/provenance.ts';
import { parseShape } from '../shape.ts';
import { askAbout, type Question } from './facts.ts';

export interface Evidence {
  readonly version: 'dpp-evidence/1';
  /** CAIP-10 of the ledger, lower case: `eip155:<chain id>:<address>`. */
  readonly ledger: string;
  /** The credential's bytes: a compact JWT. */
  readonly credential: string;
  /** The key that signed it. */
  readonly key: PublicJwk;
  /** The grant under which the issuer speaks of the subject; absent where the kind of credential needs none. */
  readonly grant?: { readonly number: number; readonly prefix: string } | undefined;
  /** Place in the batch and RFC 9162 (2.1.3) inclusion path to the root in `entry`, which also says the size. */
  readonly batch: { readonly index: number; readonly proof: readonly string[] };
  /**
   * The anchor entry: its index in the journal, its bytes, and the path from its leaf to the peak it stands under: the first part of
   * its RFC 9162 inclusion path, which stays true until that peak is merged into a larger one.
   */
  readonly entry: EvidenceEntry;
  /** What stands behind the lots of material that a passport draws on. */
  readonly lots?: LotEvidence | undefined;
  /** An earlier version about the same subject, in whose anchor the lots were allocated. */
  readonly earlier?: EarlierVersion | undefined;
}

/** An entry of the journal, and the path from its leaf to the peak it stands under. */
export interface EvidenceEntry {
  readonly index: number;
  readonly bytes: string;
  readonly proof: readonly string[];
}

export interface LotEvidence {
  /** The entries that made the lots and their ancestors; at most 64. */
  readonly entries: readonly EvidenceEntry[];
  /** The credentials that those entries name as their events: compact JWTs. */
  readonly events: readonly string[];
}

export interface EarlierVersion {
  readonly credential: string;
  readonly batch: { readonly index: number; readonly proof: readonly string[] };
  readonly entry: EvidenceEntry;
}

/** An IPFS block. */
const LONGEST_CREDENTIAL = 1024 * 1024;
/** In evidence of what an event made; longer ones are left out of it. */
export const LONGEST_EVENT = 64 * 1024;
/** The credential, an earlier one, what stands behind their lots, and some. */
const LONGEST_EVIDENCE = 4 * LONGEST_CREDENTIAL;
/** 2^14 credentials, and indices up to 2^53: no path is longer. */
const [LONGEST_BATCH_PROOF, LONGEST_PEAK_PATH] = [14, 52];

/** The last of 43 characters carries 4 bits of 32 bytes; its 2 stray bits are zero. */
const bytes32 = z.string().regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/, 'expected 32 bytes as base64url');

const batchPlace = z.strictObject({
  index: z
    .int()
    .min(0)
    .max(LARGEST_BATCH - 1),
  proof: z.array(bytes32).max(LONGEST_BATCH_PROOF),
});

const entryShape = z.strictObject({
  index: z.int().min(0),
  bytes: z
    .string()
    .min(1)
    .max(Math.ceil((LONGEST_ENTRY * 4) / 3))
    .regex(/^[A-Za-z0-9_-]+$/, 'expected base64url'),
  proof: z.array(bytes32).max(LONGEST_PEAK_PATH),
});

/** The shape of evidence; schema.ts makes its JSON Schema. */
export const evidenceShape: z.ZodType<Evidence> = z
  .strictObject({
    version: z.literal('dpp-evidence/1'),
    ledger: z
      .string()
      .regex(/^eip155:[1-9][0-9]{0,15}:0x[0-9a-f]{40}$/, 'expected eip155:<chain id>:<address>, lower case')
      .describe('CAIP-10 account id of the ledger, lower case.'),
    credential: z
      .string()
      .min(1)
      .max(LONGEST_CREDENTIAL)
      .describe('The credential: a compact JWT, the bytes that the CID hashes.'),
    key: z
      .discriminatedUnion('kty', [
        z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: bytes32, y: bytes32 }),
        z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: bytes32 }),
      ])
      .describe('The public key that signed it, as a JWK with the members of RFC 7638 and no others.'),
    grant: z
      .strictObject({ number: z.int().min(0).max(0xffffffff), prefix: z.string().min(1).max(255) })
      .optional()
      .describe(
        'The grant under which the issuer speaks of the subject; absent where the kind of credential needs none.',
      ),
    batch: batchPlace.describe(
      "Place in the batch, and RFC 9162 inclusion path from the credential's CID digest to the root in the entry.",
    ),
    entry: entryShape.describe(
      "The anchor entry: its index in the journal, its bytes, and the path from its leaf to the journal's peak above it.",
    ),
    lots: z
      .strictObject({
        entries: z.array(entryShape).max(MOST_MAKINGS),
        events: z.array(z.string().min(1).max(LONGEST_EVENT)).max(MOST_MAKINGS),
      })
      .optional()
      .describe(
        'What stands behind the lots that a passport draws on: the entries that made them and their ancestors, and the events that those entries name, as compact JWTs.',
      ),
    earlier: z
      .strictObject({ credential: z.string().min(1).max(LONGEST_CREDENTIAL), batch: batchPlace, entry: entryShape })
      .optional()
      .describe('An earlier version about the same subject, in whose anchor the lots were allocated.'),
  })
  .meta({ title: 'Evidence', description: 'What a verifier needs of one credential that proves itself.' });

/**
 * Reads evidence: an object, or JSON text of at most 4 MiB. Errors: `input.shape`; for text also `input.json`,
 * `input.too-large`.
 */
export function parseEvidence(value: unknown): Evidence {
  const isText = typeof value === 'string' || value instanceof Uint8Array;
  if (isText && value.length > LONGEST_EVIDENCE) {
    throw new InvalidInputError('input.too-large', `Evidence has at most ${LONGEST_EVIDENCE} bytes.`);
  }
  return parseShape(evidenceShape, isText ? parseJson(value) : value, 'evidence');
}

/** What evidence is made of, as bytes. */
export interface EvidenceParts {
  readonly ledger: Pick<LedgerId, 'chainId' | 'address'>;
  readonly credential: string;
  readonly key: PublicJwk;
  readonly grant?: { readonly number: number; readonly prefix: string } | undefined;
  readonly batch: BatchParts;
  readonly entry: EntryParts;
  readonly lots?: { readonly entries: readonly EntryParts[]; readonly events: readonly string[] } | undefined;
  readonly earlier?:
    | { readonly credential: string; readonly batch: BatchParts; readonly entry: EntryParts }
    | undefined;
}

interface BatchParts {
  readonly index: number;
  readonly proof: readonly Uint8Array[];
}

export interface EntryParts {
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** Writes evidence down; `parseEvidence` reads it. */
export function buildEvidence(parts: EvidenceParts): Evidence {
  const { ledger, credential, key, grant, batch, entry, lots, earlier } = parts;
  return {
    version: 'dpp-evidence/1',
    ledger: formatLedger(ledger),
    credential,
    key,
    ...(grant && { grant: { number: grant.number, prefix: grant.prefix } }),
    batch: spellBatch(batch),
    entry: spellEntry(entry),
    ...(lots && { lots: { entries: lots.entries.map(spellEntry), events: [...lots.events] } }),
    ...(earlier && {
      earlier: {
        credential: earlier.credential,
        batch: spellBatch(earlier.batch),
        entry: spellEntry(earlier.entry),
      },
    }),
  };
}

function spellBatch({ index, proof }: BatchParts): Evidence['batch'] {
  return { index, proof: proof.map(encodeBase64Url) };
}

function spellEntry({ index, bytes, proof }: EntryParts): EvidenceEntry {
  return { index, bytes: encodeBase64Url(bytes), proof: proof.map(encodeBase64Url) };
}

/**
 * What has to be asked of the ledger to judge this evidence. Nothing of the evidence is checked. Errors: those of `parseJwt` and
 * `parseCredential`.
 */
export function questionOf(evidence: Evidence): Question {
  const credential = parseCredential(parseJwt(evidence.credential).payload);
  return questionAbout(evidence, credential, readPointer(credential));
}

/** The question, from parts that are already read. */
export function questionAbout(
  evidence: Pick<Evidence, 'key' | 'grant'>,
  credential: Pick<Credential, 'issuer'>,
  pointer: Pick<StatusPointer, 'list' | 'index'> | undefined,
): Question {
  const whom = {
    issuer: hashIssuer(credential.issuer.id),
    key: decodeKeyId(hashKey(evidence.key)),
    grant: evidence.grant ? hashGrant(evidence.grant) : encodeHex(new Uint8Array(32)),
  };
  return askAbout(whom, pointer);
}

function readPointer(credential: Credential): StatusPointer | undefined {
  try {
    return parseStatusPointer(credential);
  } catch (error) {
    if (error instanceof InvalidInputError) return undefined;
    throw error;
  }
}

/** Of `batch.proof` and `entry.proof`, which `parseEvidence` has seen to be in the one spelling of 32 bytes. */
export function decodeProof(proof: readonly string[]): Uint8Array[] {
  return proof.map(decodeBase64UrlLoosely);
}
