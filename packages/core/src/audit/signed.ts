/**
 * A report under its auditor's signature: a compact JWS (RFC 7515, typ `dpp-audit+jwt`) whose payload is the report and, beside it, what
 * belongs to this run alone. The key travels in the header for whoever wants to look; who trusts the report says which key it must be.
 */
import { z } from 'zod';
import { decodeBase64Url, encodeBase64Url } from '../bytes.ts';
import {
  algorithmOf,
  copyless,
  hashKey,
  importKey,
  type PublicJwk,
  parsePublicJwk,
  SIGNATURE_PARAMETERS,
  type Signer,
} from '../credential/keys.ts';
import { IntegrityError, InvalidInputError } from '../errors.ts';
import type { KeyId } from '../ids.ts';
import { canonicalizeJson, parseJson } from '../json.ts';
import { parseShape } from '../shape.ts';
import { type AuditReport, parseAuditReport } from './report.ts';

const count = z.int().nonnegative();
const auditRun = z.strictObject({
  startedAt: count.describe('Seconds since 1970, by the auditor’s clock.'),
  endedAt: count,
  /** Whose word the tree head is. */
  head: z.string(),
  sources: z.array(
    z.strictObject({
      name: z.string(),
      entries: count.describe('Entries that were taken from it.'),
      failure: z.strictObject({ code: z.string(), message: z.string() }).optional(),
    }),
  ),
  /** Who holds another journal than the one that was audited. */
  views: z.array(z.strictObject({ name: z.string(), code: z.string(), message: z.string() })),
});
/** What belongs to one run: when, on whose word, and which sources served or failed. */
export type AuditRun = z.infer<typeof auditRun>;

export interface SignedAudit {
  readonly report: AuditReport;
  readonly run: AuditRun;
  /** Who signed it: to be compared with the auditor's that one knows. */
  readonly key: PublicJwk;
  readonly keyId: KeyId;
}

const TYP = 'dpp-audit+jwt';
const header = z.strictObject({
  alg: z.enum(['ES256', 'Ed25519']),
  typ: z.literal(TYP),
  kid: z.string(),
  jwk: z.unknown(),
});
const payload = z.strictObject({ report: z.unknown(), run: auditRun });
/** Lists are bounded, and so is what they make. */
const LONGEST = 32 * 1024 * 1024;
const text = new TextEncoder();

export async function signAudit(
  { report, run }: Pick<SignedAudit, 'report' | 'run'>,
  signer: Pick<Signer, 'key' | 'keyId' | 'algorithm' | 'sign'>,
): Promise<string> {
  const head = { alg: signer.algorithm, typ: TYP, kid: signer.keyId, jwk: signer.key };
  const input = `${encodePart(head)}.${encodePart({ report, run })}`;
  return `${input}.${encodeBase64Url(await signer.sign(text.encode(input)))}`;
}

/**
 * Opens a signed report. `key`: whose it must be; without it the signature is checked and the caller learns who made it. Errors:
 * `audit.jwt` for what is no signed report, `input.shape`; IntegrityError `audit.signature`.
 */
export async function openAudit(
  jwt: string,
  options: { readonly key?: PublicJwk | undefined } = {},
): Promise<SignedAudit> {
  const parts = jwt.trim().split('.');
  const [head = '', body = '', tail = ''] = parts;
  if (parts.length !== 3 || jwt.length > LONGEST) throw notSigned('three parts of base64url with dots between them');
  const { alg, kid, jwk } = parseShape(header, decodePart(head), 'header of a signed audit', 'audit.jwt');
  const key = parsePublicJwk(jwk);
  const keyId = hashKey(key);
  if (kid !== keyId || alg !== algorithmOf(key)) throw notSigned('a header that names its own key and algorithm');
  if (options.key !== undefined && hashKey(options.key) !== keyId) {
    throw new IntegrityError(
      'audit.signature',
      `It is signed with the key ${keyId}, not with the auditor's ${hashKey(options.key)}.`,
    );
  }
  const isSigned = await crypto.subtle.verify(
    SIGNATURE_PARAMETERS[alg],
    await importKey(key, alg),
    copyless(decodeTail(tail)),
    text.encode(`${head}.${body}`),
  );
  if (!isSigned) throw new IntegrityError('audit.signature', 'The report was altered after it was signed.');
  const { report, run } = parseShape(payload, decodePart(body), 'signed audit', 'audit.jwt');
  return { report: parseAuditReport(report), run, key, keyId };
}

function encodePart(value: object): string {
  return encodeBase64Url(text.encode(canonicalizeJson(value)));
}

function decodePart(part: string): unknown {
  return parseJson(decodeTail(part));
}

function decodeTail(part: string): Uint8Array {
  try {
    return decodeBase64Url(part);
  } catch (cause) {
    throw new InvalidInputError('audit.jwt', 'A part of it is not base64url without padding or stray bits.', { cause });
  }
}

function notSigned(expected: string): InvalidInputError {
  return new InvalidInputError('audit.jwt', `This is no signed audit: expected ${expected}.`);
}
