/** Shapes on the wire: what requests may say and what answers look like, as Zod schemas that the OpenAPI document is made of. */
import { CHECKS } from '@dpp-ledger/core';
import { STATUS_LIST_PLACES } from '@dpp-ledger/core/credential';
import { CUSTODY_MODELS, GAP_CODES, ORIGINS } from '@dpp-ledger/core/materials';
import { STANDINGS } from '@dpp-ledger/core/passport';
import { z } from '@hono/zod-openapi';
import { errorCode, PROBLEM_TYPE, problemSchema } from './problems.ts';

export const CID_EXAMPLE = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy';
const SUBJECT_EXAMPLE = 'https://id.gs1.org/01/09521234000013/21/A7K2';
const ROOT_EXAMPLE = `0x${'5a'.repeat(32)}`;
const ID_EXAMPLE = '7f0c1f2e-6d0b-4b8e-9d3c-0d9a4b8f1c22';

/** Forms that the core checks, and with better words, stand in the document only: a pattern of Zod's would answer before it. */
export const cid = z.string().openapi({
  example: CID_EXAMPLE,
  pattern: '^bafkrei[a-h][a-z2-7]{50}[aeimquy4]$',
  description: 'CIDv1 of the credential: raw, sha2-256, base32.',
});
export const blockCid = z.string().openapi({
  example: CID_EXAMPLE,
  pattern: '^baf[ky]rei[a-h][a-z2-7]{50}[aeimquy4]$',
  description: 'CIDv1 of a credential (raw) or of a manifest (dag-cbor): sha2-256, base32.',
});
export const did = z.string().openapi({
  example: 'did:web:maker.example',
  pattern: '^did:[a-z0-9]+:[a-zA-Z0-9._-]{1,200}$',
  description: 'Lower-case DID, percent-encoded where the path asks for it.',
});
export const hex = z.string().regex(/^0x(?:[0-9a-f]{2})*$/);
export const digestHex = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/)
  .openapi({ example: ROOT_EXAMPLE });
const time = z.int().openapi({ description: 'Seconds since 1970.' });
const instant = z.string().openapi({ example: '2026-11-24T09:18:40.000Z', description: 'ISO 8601, UTC.' });
const kind = z.enum(['passport', 'event', 'conformity', 'facility', 'identityAnchor']);
/** A query or path parameter. Zod's own coercion takes the empty text for zero. */
const digits = z.string().regex(/^(?:0|[1-9][0-9]{0,14})$/, 'expected a whole number');
export const wholeNumber = digits
  .transform(Number)
  .openapi({ type: 'integer', minimum: 0, maximum: 999_999_999_999_999 });
export const limit = (most: number, usual: number) =>
  digits
    .transform(Number)
    .refine((value) => value >= 1 && value <= most, `expected 1 to ${most}`)
    .openapi({ type: 'integer', minimum: 1, maximum: most })
    .default(usual);

export const cursor = z.string().max(200).optional().openapi({
  description:
    'The `next` of the page before, for the page after it. A place in the list, so what is added meanwhile neither repeats nor hides anything.',
});
const next = z.string().optional().openapi({ description: '`cursor` of the next page; none where this is the last.' });
function page<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next });
}

// ------------------------------------------------------------------------------------------------------------ accepting

export const answerSchema = z
  .object({
    state: z.enum(['accepted', 'duplicate', 'refused']),
    cid,
    id: z.string().optional().openapi({ example: ID_EXAMPLE, description: 'Names the receipt.' }),
    anchorBy: instant.optional().openapi({ description: 'Anchored by then: the promise.' }),
    entry: z.int().optional().openapi({ description: 'Of a duplicate that the ledger already has.' }),
    code: errorCode.optional(),
    detail: z.string().optional(),
    receipt: z.string().openapi({ description: "All of this as a JWT signed by the service's key." }),
  })
  .openapi('Answer', {
    example: {
      state: 'accepted',
      cid: CID_EXAMPLE,
      id: ID_EXAMPLE,
      anchorBy: '2026-11-24T10:18:40.000Z',
      receipt: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImRwcC1yZWNlaXB0K2p3dCJ9…',
    },
  });

export const receiptSchema = z
  .object({
    id: z.string(),
    kind: z.enum(['credential', 'relay']),
    state: z.enum(['accepted', 'stored', 'anchored', 'final', 'refused']),
    acceptedAt: instant,
    cid: cid.optional(),
    anchorBy: instant.optional(),
    batch: digestHex.optional(),
    entry: z.int().optional(),
    transaction: z.string().optional(),
    code: z.string().optional(),
    detail: z.string().optional(),
  })
  .openapi('Receipt');

// ----------------------------------------------------------------------------------------------------------- credentials

export const versionSchema = z
  .object({
    cid,
    kind,
    subject: z.string().openapi({ example: SUBJECT_EXAMPLE }),
    granularity: z.enum(['model', 'batch', 'item']),
    name: z.string(),
    issuer: z.string().openapi({ example: 'did:web:maker.example' }),
    issuerName: z.string(),
    revoked: z.boolean(),
    superseded: z.boolean(),
    list: z.string(),
    index: z.int().max(STATUS_LIST_PLACES),
    entry: z.int(),
    batch: digestHex,
    position: z.int(),
    anchoredAt: time,
  })
  .openapi('Version');

export const versionsSchema = page(versionSchema).openapi('Versions');

const named = z.object({ id: z.string(), name: z.string() });
const percentRange = z.object({ atLeast: z.number(), atMost: z.number() }).openapi('PercentRange');
const contents = {
  recycled: percentRange,
  preConsumer: percentRange,
  postConsumer: percentRange,
  renewable: percentRange,
};
const originMasses = z
  .object({
    primary: z.number().optional(),
    preConsumerRecycled: z.number().optional(),
    postConsumerRecycled: z.number().optional(),
    renewable: z.number().optional(),
  })
  .openapi({ description: 'Grams that stand on lots of the ledger, by origin.' });

const claimSchema = z
  .object({
    about: z.enum(['claim', 'material', 'facility']),
    id: z.string(),
    name: z.string(),
    criteria: z.array(z.object({ id: z.string().optional(), name: z.string().optional() })),
    figures: z.array(
      z.object({
        name: z.string(),
        value: z.union([z.number(), z.string()]),
        unit: z.string().optional(),
        attested: z.boolean().openapi({ description: 'An attestation that counts states the same.' }),
      }),
    ),
    standing: z.enum(STANDINGS),
    bearings: z.array(
      z.object({
        cid: z.string().optional(),
        issuer: named.optional(),
        assessment: z.string(),
        date: z.string().optional(),
        effect: z.enum(['attests', 'contradicts', 'expired', 'nothing']),
        code: z.string(),
        message: z.string(),
      }),
    ),
  })
  .openapi('Claim', { description: 'Whose word a claim of the passport is: docs/claims.md.' });

const attestationSchema = z
  .object({
    cid: z.string().optional(),
    name: z.string().optional(),
    issuer: named.optional(),
    scheme: z.string().optional(),
    validUntil: z.string().optional(),
    counts: z.boolean(),
    code: z.string(),
    message: z.string(),
  })
  .openapi('Attestation', { description: 'What became of an attestation.' });

const recycledContentSchema = z
  .object({
    materials: z.array(
      z.object({
        name: z.string(),
        cas: z.string().optional(),
        massG: z.number().optional(),
        content: z.object({ primary: percentRange, ...contents }),
        bookAndClaim: z.object(contents).optional(),
        onLedger: originMasses.optional(),
      }),
    ),
    device: z.object({ primary: percentRange, ...contents }).optional(),
    reason: z.string().optional().openapi({ description: 'Why nothing is computed of the whole device.' }),
    conditions: z.array(z.string()),
    missing: z.array(z.string()),
    masses: z
      .object({ device: z.number(), reused: z.number().optional(), unspecified: z.number().optional() })
      .optional(),
    bookAndClaim: z.object(contents).optional(),
    onLedger: originMasses.optional(),
    comparisons: z.array(
      z.object({
        field: z.string(),
        of: z.string(),
        kind: z.enum(['recycled', 'preConsumer', 'postConsumer', 'renewable']),
        declared: z.number(),
        atLeast: z.boolean(),
        computed: percentRange.optional(),
        reason: z.string().optional(),
        difference: z.number().optional(),
        agrees: z.boolean().optional(),
      }),
    ),
  })
  .openapi('RecycledContent', {
    description: 'Computed by the rules of EN 45557, beside what is declared: docs/claims.md.',
  });

export const reportSchema = z
  .object({
    verdict: z.enum(['valid', 'invalid', 'indeterminate']),
    current: z.boolean().optional(),
    provisional: z.boolean(),
    checks: z.array(
      z.object({
        name: z.enum(CHECKS),
        outcome: z.enum(['valid', 'invalid', 'unknown', 'notApplicable']),
        code: z.string(),
        message: z.string(),
        basis: z.string(),
      }),
    ),
    cid: z.string().optional(),
    issuer: z.object({ id: z.string(), name: z.string() }).optional(),
    subject: z.string().optional(),
    answeredBy: z.enum(['item', 'batch', 'model']).optional(),
    voice: z.enum(['declared', 'restated']).optional(),
    anchoredAt: z.object({ blockNumber: z.int(), time, entry: z.int() }).optional(),
    asOf: z.object({ source: z.string(), blockNumber: z.int(), time }).optional(),
    trustBase: z.string(),
    claims: z.array(claimSchema).optional(),
    attestations: z.array(attestationSchema).optional(),
    askedForAttestations: z.boolean().optional(),
    unreadAttestations: z.array(z.object({ cid: z.string(), code: z.string(), message: z.string() })).optional(),
    recycledContent: recycledContentSchema.optional(),
  })
  .openapi('Report');

export const linksetSchema = z
  .object({
    linkset: z.array(
      z.looseObject({ anchor: z.string(), itemDescription: z.string() }).openapi({
        description: 'What is known of one subject; every other member is a link type with its links.',
      }),
    ),
  })
  .openapi('Linkset', { description: 'RFC 9264, as GS1 resolvers give it.' });

// ---------------------------------------------------------------------------------------------------------------- ledger

const ledgerIdSchema = z.object({ chainId: z.int(), genesis: digestHex, address: hex, codeHash: digestHex });

export const ledgerSchema = z
  .object({
    id: ledgerIdSchema,
    name: z.string().openapi({ example: 'eip155:31337:0x5fbdb2315678afecb367f032d93f642f64180aa3' }),
    source: z.string(),
    trustBase: z.string(),
    finality: z.string().openapi({ example: 'finalized', description: 'Confirmations, or "finalized".' }),
    treeHead: z.object({ size: z.int(), root: digestHex }),
    blockNumber: z.int(),
    blockTime: time,
    finalBlockNumber: z.int(),
    paused: z.boolean(),
    closed: z.boolean(),
    service: z.object({
      did: z.string(),
      account: z.string().openapi({ description: 'Anchors and relays: what an issuer appoints as its submitter.' }),
    }),
  })
  .openapi('Ledger');

export const treeHeadSchema = z
  .object({
    size: z.int(),
    root: digestHex,
    peaks: z.array(digestHex),
    blockNumber: z.int(),
    blockTime: time,
    consistency: z
      .object({ first: z.int(), firstRoot: digestHex, proof: z.array(digestHex) })
      .optional()
      .openapi({ description: 'RFC 9162, 2.1.4: the tree of `first` entries is the beginning of this one.' }),
  })
  .openapi('TreeHead');

export const journalEntrySchema = z
  .object({
    index: z.int(),
    kind: z.string(),
    bytes: hex.openapi({
      description: 'As the contract made them; contracts/interfaces/IPassportLedger.sol specifies them.',
    }),
    leaf: digestHex,
    transaction: z.string(),
    entry: z
      .record(z.string(), z.unknown())
      .openapi({ description: 'The same, decoded. Large numbers are decimal strings.' }),
    inclusion: z
      .object({ size: z.int(), root: digestHex, proof: z.array(digestHex) })
      .optional()
      .openapi({ description: 'RFC 9162, 2.1.3.' }),
  })
  .openapi('JournalEntry');

export const issuerSummarySchema = z
  .object({
    issuer: z.string(),
    name: z.string().optional(),
    number: z.int(),
    roles: z.array(z.string()),
    standing: z.enum(['accredited', 'suspended', 'withdrawn']),
    credentials: z.int(),
    batches: z.int(),
  })
  .openapi('IssuerSummary');

export const issuerSchema = issuerSummarySchema
  .extend({
    withdrawnSince: time.optional(),
    controller: hex.optional(),
    submitters: z.array(hex),
    keys: z.array(
      z.object({
        key: z.string().openapi({ description: 'RFC 7638 thumbprint.' }),
        algorithm: z.enum(['ES256', 'Ed25519']),
        jwk: z.record(z.string(), z.string()),
        purposes: z.array(z.string()),
        validFrom: time,
        retiredAt: time.optional(),
        compromisedSince: time.optional(),
        nonce: z.string().openapi({ description: "Of the key's next relayed acts." }),
      }),
    ),
    grants: z.array(z.object({ number: z.int(), prefix: z.string(), from: time, until: time.optional() })),
  })
  .openapi('Issuer');

export const issuersSchema = page(issuerSummarySchema).openapi('Issuers');

const anchorSchema = z
  .object({
    entry: z.int(),
    issuer: z.string(),
    size: z.int(),
    manifest: z.string().openapi({ description: 'CID of the manifest: the ordered list of the batch.' }),
    blockNumber: z.int(),
    time,
    transaction: z.string(),
  })
  .openapi('Anchor');

export const batchSchema = z
  .object({
    root: digestHex,
    size: z.int(),
    manifest: z.string(),
    anchors: z.array(anchorSchema),
    credentials: z.array(z.object({ index: z.int(), cid, version: versionSchema.optional() })),
    next,
  })
  .openapi('Batch');

export const batchesSchema = page(anchorSchema.extend({ root: digestHex })).openapi('Batches');

// ------------------------------------------------------------------------------------------------------------- materials

const LOT_EXAMPLE = `eip155:31337:0x5fbdb2315678afecb367f032d93f642f64180aa3#lot-${'5a'.repeat(32)}`;
export const lotName = z.string().openapi({
  example: ROOT_EXAMPLE,
  pattern: '^(?:0x|eip155:[0-9]+:0x[0-9a-f]{40}#lot-)[0-9a-f]{64}$',
  description: 'Its id, 32 bytes in hex, or its URI.',
});
const lotUri = z.string().openapi({ example: LOT_EXAMPLE, description: 'As passports and events name it.' });
export const substance = z.string().openapi({
  example: '7440-48-4',
  description: 'CAS number of the element or material, or a code of the ledger’s own list.',
});
export const origin = z.enum(ORIGINS);
const milligrams = z.string().openapi({
  example: '12000000',
  pattern: '^(?:0|[1-9][0-9]{0,19})$',
  description: 'Integer milligrams, in decimal.',
});

export const lotSchema = z
  .object({
    lot: lotUri,
    id: digestHex,
    substance,
    name: z.string().openapi({ example: 'cobalt', description: 'Of the substance, for people.' }),
    origin,
    custody: z.enum(CUSTODY_MODELS).openapi({ description: 'Chain-of-custody model (ISO 22095).' }),
    holder: z.string().openapi({ example: 'did:web:refiner.example' }),
    offeredTo: z.string().optional().openapi({ description: 'Who may accept it.' }),
    milligrams: milligrams.openapi({ description: 'Left in it.' }),
    registered: milligrams.openapi({ description: 'In it at first.' }),
    void: z.boolean().openapi({ description: 'Taken out of circulation by the accreditor.' }),
    entry: z.int().openapi({ description: 'That made it.' }),
    namedBy: z.string(),
    label: z.string(),
    event: cid.optional().openapi({ description: 'Of the credential that says how it came to be.' }),
    country: z.string().optional(),
    facility: z.string().optional(),
    period: z.object({ from: time, until: time }).optional().openapi({ description: 'Of mass balance.' }),
  })
  .openapi('Lot');

export const lotsSchema = page(lotSchema).openapi('Lots');

const lotMass = z.object({ lot: lotUri, milligrams });
export const lotHistorySchema = lotSchema
  .extend({
    madeOf: z.array(lotMass).openapi({ description: 'What the entry that made it took, from which lots.' }),
    changes: z
      .array(
        z.object({
          entry: z.int(),
          kind: z.string(),
          time,
          by: z.string().openapi({ description: 'An issuer, or the accreditor’s account.' }),
          milligrams: milligrams.openapi({ description: 'Taken from the lot.' }),
          into: z.array(lotMass).openapi({ description: 'The lots that the entry made.' }),
          batch: digestHex.optional().openapi({ description: 'Root of the batch that it was allocated to.' }),
        }),
      )
      .openapi({ description: 'What was done to it since, in the journal’s order.' }),
    next,
  })
  .openapi('LotHistory');

const traceNode = z.object({
  id: z.string().openapi({ description: 'A lot’s URI, or `entry-` and an index.' }),
  kind: z.enum(['lot', 'transformation', 'batch', 'retired', 'lost', 'voided']),
  side: z.enum(['start', 'upstream', 'downstream', 'beside']),
  entry: z.int().optional(),
  time: time.optional(),
  by: z.string().optional(),
  events: z.array(
    z.object({
      credential: cid,
      verdict: z.enum(['valid', 'invalid', 'indeterminate', 'missing']).optional(),
    }),
  ),
  verdict: z.enum(['valid', 'invalid', 'indeterminate']).optional(),
  weakest: z
    .enum(CUSTODY_MODELS)
    .optional()
    .openapi({ description: 'The weakest custody model on any way between it and the start.' }),
  lot: digestHex.optional(),
  label: z.string().optional(),
  substance: substance.optional(),
  name: z.string().optional(),
  origin: origin.optional(),
  custody: z.enum(CUSTODY_MODELS).optional(),
  milligrams: milligrams.optional(),
  left: milligrams.optional(),
  holder: z.string().optional(),
  offer: z.enum(['open', 'accepted', 'refused', 'withdrawn']).optional(),
  isVoid: z.boolean().optional(),
  country: z.string().optional(),
  facility: z.string().optional(),
  process: z.string().optional(),
  root: digestHex.optional(),
  size: z.int().optional(),
});
export const traceSchema = z
  .object({
    ledger: z.string(),
    start: z.string().openapi({ description: 'Id of the node that it began with.' }),
    direction: z.enum(['upstream', 'downstream', 'both']),
    depth: z.int(),
    nodes: z.array(traceNode),
    edges: z.array(
      z.object({ from: z.string(), to: z.string(), milligrams, origin: origin.optional(), entry: z.int() }),
    ),
    entries: z.array(z.int()).openapi({ description: 'Indices of the entries that it stands on.' }),
    gaps: z
      .array(z.object({ node: z.string(), code: z.enum(GAP_CODES), message: z.string() }))
      .openapi({ description: 'What is missing or does not hold.' }),
    cuts: z
      .array(z.object({ node: z.string(), side: z.enum(['upstream', 'downstream']), by: z.enum(['depth', 'size']) }))
      .openapi({ description: 'Where it goes on and was not followed.' }),
    passport: z.object({ cid, subject: z.string(), name: z.string(), report: reportSchema }).optional(),
    word: z
      .object({ by: z.literal('service'), trustBase: z.string(), blockNumber: z.int(), time })
      .openapi({ description: 'Whose word all of this is, and of when.' }),
  })
  .openapi('Trace');

// ------------------------------------------------------------------------------------------------------------- operations

export const healthSchema = z
  .object({
    status: z.enum(['ok', 'degraded']),
    checks: z.record(z.string(), z.object({ ok: z.boolean(), detail: z.string() })),
    outbox: z
      .object({
        waiting: z.int().openapi({ description: 'Credentials without a batch.' }),
        open: z.int().openapi({ description: 'Batches that are not final.' }),
        overdue: z.int().openapi({ description: 'Promises that are broken: not anchored by their time.' }),
      })
      .optional(),
  })
  .openapi('Health');

// ---------------------------------------------------------------------------------------------------------------- helpers

type Header = { description: string; schema: { type: 'string' | 'integer'; minimum?: number } };
const text = { type: 'string' as const };
/** Headers of answers, as the document names them. */
export const HEADERS = {
  etag: { description: 'Validator for If-None-Match; weak where the body is compressed.', schema: text },
  link: { description: 'The next page, `rel="next"` (RFC 8288).', schema: text },
  linkset: { description: 'All links of the subject, `rel="linkset"`.', schema: text },
  location: { description: 'Where to go, or to ask next.', schema: text },
  retryAfter: { description: 'Seconds after which to try again.', schema: { type: 'integer' as const, minimum: 0 } },
};

/** A JSON answer for the OpenAPI document. */
export function json<T extends z.ZodType>(schema: T, description: string, headers: Record<string, Header> = {}) {
  return { description, headers, content: { 'application/json': { schema } } };
}

/** A page of a list. */
export function pageOf<T extends z.ZodType>(schema: T, description: string) {
  return json(schema, description, { Link: HEADERS.link });
}

/** For answers with a validator. */
export const unchanged = {
  304: { description: 'What the client has is still so.', headers: { ETag: HEADERS.etag } },
};

/** The problems that a route may answer with, besides those of every route. */
export function problems<const S extends number>(...statuses: readonly S[]) {
  const entry = { description: 'Problem details (RFC 9457).', content: { [PROBLEM_TYPE]: { schema: problemSchema } } };
  return Object.fromEntries(statuses.map((status) => [status, entry])) as Record<S, typeof entry>;
}
