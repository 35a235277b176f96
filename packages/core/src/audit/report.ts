/**
 * The audit report: what a replay of one ledger to one block found. It says nothing of when, by whom, how fast or from where it was made,
 * so that two replays of the same content write the same bytes; what belongs to one run stands beside it (`signed.ts`).
 */
import { z } from 'zod';
import { type Hex, isHex } from '../bytes.ts';
import { ledgerId } from '../evidence/policy.ts';
import { canonicalizeJson, parseJson } from '../json.ts';
import { parseShape } from '../shape.ts';
import { findingsShape } from './findings.ts';
import { materialBooks } from './reconciliation.ts';

/** How deep: every entry; every batch rebuilt from its manifest; every credential judged. */
export const AUDIT_DEPTHS = ['journal', 'batches', 'credentials'] as const;
export type AuditDepth = (typeof AUDIT_DEPTHS)[number];

const count = z.int().nonnegative();
const seconds = count.describe('Seconds since 1970.');
const digest = z
  .custom<Hex>((value) => typeof value === 'string' && value.length === 66 && isHex(value))
  .meta({
    type: 'string',
    pattern: '^0x[0-9a-f]{64}$',
  });

const takedown = z.strictObject({
  cause: z.enum(['key', 'withdrawal']),
  issuer: z.string().describe('The DID.'),
  key: z.string().optional().describe('Thumbprint (RFC 7638).'),
  since: seconds,
  batches: count.describe('Anchored since; of a key, those in which it signed.'),
  credentials: count,
});

const auditReport = z
  .strictObject({
    version: z.literal('dpp-audit/2'),
    ledger: ledgerId.describe('Whose journal: chain, hash of block 0, address and code hash.'),
    depth: z.enum(AUDIT_DEPTHS),
    from: z
      .strictObject({ entries: count, root: digest })
      .describe('What was taken on trust: a snapshot’s entries. 0 where the replay began with the ledger.'),
    head: z
      .strictObject({
        size: count,
        root: digest,
        block: z.strictObject({ number: count, hash: digest, time: seconds }).optional(),
      })
      .describe('The tree head that had to be met, and at which block the contract has it; no block for a checkpoint.'),
    outcome: z.enum(['sound', 'faults', 'broken']),
    broken: z
      .strictObject({ entry: count, block: count, expected: z.string(), found: z.string() })
      .optional()
      .describe('The first break: the entry, the block by which it shows, what was expected and what was found.'),
    counts: z.strictObject({
      entries: z.record(z.string(), count).describe('By kind; those after `from`.'),
      issuers: count,
      batches: z.strictObject({ anchored: count, rebuilt: count }),
      credentials: z.strictObject({
        anchored: count.describe('Places in batches.'),
        distinct: count.optional().describe('Different bytes; where batches were rebuilt.'),
        judged: count,
        valid: count,
        revoked: count,
        superseded: count,
      }),
      kinds: z.record(z.string(), count).describe('Judged credentials by kind.'),
    }),
    timeline: z
      .strictObject({ from: seconds, width: count.min(1), anchored: z.array(count).max(60) })
      .describe('Credentials anchored, in steps of `width` seconds.'),
    takedowns: z.array(takedown).describe('Each compromised key and withdrawn issuer, and what went with it.'),
    materials: materialBooks
      .optional()
      .describe('Absent where the books have no beginning: after a snapshot, or where the journal breaks.'),
    findings: findingsShape,
  })
  .meta({ title: 'Audit report', description: 'What a replay of one ledger to one block found.' });

export type AuditReport = z.infer<typeof auditReport>;
export type Takedown = z.infer<typeof takedown>;

/** JSON Schema 2020-12; committed as docs/audit.schema.json. */
export const AUDIT_SCHEMA = z.toJSONSchema(auditReport, { unrepresentable: 'any' });

/** The one spelling of a report: RFC 8785, with a line feed at its end. */
export function encodeAuditReport(report: AuditReport): string {
  return `${canonicalizeJson(report)}\n`;
}

/** Errors: `input.json`, `input.shape`. */
export function parseAuditReport(value: unknown): AuditReport {
  return parseShape(auditReport, typeof value === 'string' ? parseJson(value) : value, 'audit report');
}
