/**
 * The shapes of the service's answers, as the SDK takes them: each must take every answer that the interface's document allows, which the
 * compiler checks against the types made from it, and asks for no more than is used.
 */
import { ledgerId } from '@dpp-ledger/core/evidence';
import { CUSTODY_MODELS, ORIGINS } from '@dpp-ledger/core/materials';
import { z } from 'zod';
import type {
  Answer,
  Batch,
  Batches,
  Issuer,
  IssuerSummary,
  JournalEntry,
  Ledger,
  Linkset,
  Lot,
  LotHistory,
  Receipt as ReceiptOfDocument,
  Report,
  Trace,
  TreeHead,
  Version,
} from './generated/interface.ts';

/** A schema that takes every answer that the service's interface allows; one that would refuse any is no program. */
const answers =
  <Allowed>() =>
  <S extends z.ZodType>(schema: [Allowed] extends [z.input<S>] ? S : never): S =>
    schema;

export const receiptLine = answers<Answer>()(
  z.object({
    state: z.enum(['accepted', 'duplicate', 'refused']),
    cid: z.string().optional(),
    /** Names the receipt. */
    id: z.string().optional(),
    /** The service's signed promise, a JWT. */
    receipt: z.string().optional(),
    /** The promise: anchored by then. */
    anchorBy: z.string().optional(),
    /** Why refused. */
    code: z.string().optional(),
    detail: z.string().optional(),
  }),
);
/** What the service said of one credential. */
export type ReceiptLine = z.infer<typeof receiptLine>;

export const receipt = answers<ReceiptOfDocument>()(
  z.looseObject({
    id: z.string(),
    /** Of a credential; a relay has none. */
    cid: z.string().optional(),
    state: z.enum(['accepted', 'stored', 'anchored', 'final', 'refused']),
    anchorBy: z.string().optional(),
    entry: z.number().optional(),
    transaction: z.string().optional(),
    code: z.string().optional(),
    detail: z.string().optional(),
  }),
);
export type Receipt = z.infer<typeof receipt>;

export const version = answers<Version>()(
  z.looseObject({
    cid: z.string(),
    subject: z.string(),
    revoked: z.boolean().optional(),
    superseded: z.boolean().optional(),
  }),
);
/** A credential that the service knows of a subject. */
export type KnownCredential = z.infer<typeof version>;

export const ledgerAnswer = answers<Ledger>()(z.looseObject({ id: ledgerId }));

export const treeHead = answers<TreeHead>()(
  z.object({
    size: z.number(),
    root: z.string(),
    /** Left to right. */
    peaks: z.array(z.string()),
    blockNumber: z.number(),
    blockTime: z.number(),
    /** That the tree of `first` entries is the beginning of this one (RFC 9162, 2.1.4). */
    consistency: z.object({ first: z.number(), firstRoot: z.string(), proof: z.array(z.string()) }).optional(),
  }),
);
/** Hashes in hex. To be compared with the contract's, and the proof to be verified with the core's `verifyConsistency`. */
export type TreeHeadAnswer = z.infer<typeof treeHead>;

export const journalEntry = answers<JournalEntry>()(
  z.object({
    index: z.number(),
    kind: z.string(),
    /** As the contract made them. */
    bytes: z.string(),
    leaf: z.string(),
    transaction: z.string(),
    entry: z.record(z.string(), z.unknown()),
    /** That the entry stands in the tree of `size` entries (RFC 9162, 2.1.3). */
    inclusion: z.object({ size: z.number(), root: z.string(), proof: z.array(z.string()) }).optional(),
  }),
);
export type JournalEntryAnswer = z.infer<typeof journalEntry>;

export const issuerSummary = answers<IssuerSummary>()(
  z.looseObject({
    issuer: z.string(),
    name: z.string().optional(),
    number: z.number(),
    roles: z.array(z.string()),
    standing: z.enum(['accredited', 'suspended', 'withdrawn']),
    credentials: z.number(),
    batches: z.number(),
  }),
);
export type IssuerSummaryAnswer = z.infer<typeof issuerSummary>;

export const issuerAnswer = answers<Issuer>()(
  z.looseObject({
    issuer: z.string(),
    keys: z.array(
      z.looseObject({
        key: z.string(),
        purposes: z.array(z.string()),
        nonce: z.string().regex(/^(?:0|[1-9][0-9]{0,19})$/),
      }),
    ),
    submitters: z.array(z.string()),
  }),
);
export type IssuerAnswer = z.infer<typeof issuerAnswer>;

export const anchor = answers<Batches['items'][number]>()(
  z.object({
    root: z.string(),
    entry: z.number(),
    issuer: z.string(),
    size: z.number(),
    /** CID of the ordered list of the batch. */
    manifest: z.string(),
    blockNumber: z.number(),
    time: z.number(),
    transaction: z.string(),
  }),
);
/** One anchoring of a batch. */
export type AnchorAnswer = z.infer<typeof anchor>;

export const place = answers<Batch['credentials'][number]>()(
  z.object({ index: z.number(), cid: z.string(), version: version.optional() }),
);
/** A place in a batch; `version` is missing where the service has not the bytes, or they are no sound credential. */
export type PlaceAnswer = z.infer<typeof place>;

const milligrams = z
  .string()
  .regex(/^(?:0|[1-9][0-9]{0,19})$/)
  .transform(BigInt);

export const lot = answers<Lot>()(
  z.looseObject({
    /** Its URI. */
    lot: z.string(),
    id: z.string(),
    /** CAS number, or a code of the ledger's own list. */
    substance: z.string(),
    name: z.string(),
    origin: z.enum(ORIGINS),
    custody: z.enum(CUSTODY_MODELS),
    holder: z.string(),
    offeredTo: z.string().optional(),
    /** Left in it. */
    milligrams,
    /** In it at first. */
    registered: milligrams,
    void: z.boolean(),
    entry: z.number(),
    label: z.string(),
    /** CID of the credential that says how it came to be. */
    event: z.string().optional(),
  }),
);
/** A lot as the service's index has it. */
export type LotAnswer = z.infer<typeof lot>;

const lotMass = z.object({ lot: z.string(), milligrams });
export type LotMassAnswer = z.infer<typeof lotMass>;
const lotChange = z.object({
  entry: z.number(),
  kind: z.string(),
  time: z.number(),
  by: z.string(),
  milligrams,
  into: z.array(lotMass),
  batch: z.string().optional(),
});
export type LotChangeAnswer = z.infer<typeof lotChange>;

export const lotHistory = answers<LotHistory>()(
  lot.extend({ madeOf: z.array(lotMass), changes: z.array(lotChange), next: z.string().optional() }),
);

export const trace = answers<Trace>()(
  z.looseObject({
    ledger: z.string(),
    entries: z.array(z.number()),
    cuts: z.array(
      z.object({ node: z.string(), side: z.enum(['upstream', 'downstream']), by: z.enum(['depth', 'size']) }),
    ),
    word: z.object({ trustBase: z.string(), blockNumber: z.number() }),
  }),
);
/** A trace in the service's own words: whoever relies on nobody looks its entries up, and calls `trace`. */
export type TraceAnswer = z.infer<typeof trace>;

export const report = answers<Report>()(
  z.looseObject({
    verdict: z.enum(['valid', 'invalid', 'indeterminate']),
    current: z.boolean().optional(),
    provisional: z.boolean(),
    checks: z.array(
      z.looseObject({
        name: z.string(),
        outcome: z.enum(['valid', 'invalid', 'unknown', 'notApplicable']),
        code: z.string(),
        message: z.string(),
      }),
    ),
    trustBase: z.string(),
    /** Of a passport: whose word each of its claims is. */
    claims: z
      .array(
        z.looseObject({
          name: z.string(),
          standing: z.enum(['attested', 'contradicted', 'expired', 'selfDeclared', 'restated', 'unknown']),
        }),
      )
      .optional(),
    attestations: z.array(z.looseObject({ counts: z.boolean(), code: z.string(), message: z.string() })).optional(),
  }),
);
/** A verdict in the service's own words: whoever relies on nobody takes the evidence and calls `verify`. */
export type ReportAnswer = z.infer<typeof report>;

export const linkset = answers<Linkset>()(z.object({ linkset: z.array(z.looseObject({ anchor: z.string() })) }));
/** RFC 9264, as GS1 resolvers give it. */
export type LinksetAnswer = z.infer<typeof linkset>;

export const batch = answers<Batch>()(
  z.object({
    anchors: z.array(anchor.omit({ root: true })),
    credentials: z.array(place),
    next: z.string().optional(),
  }),
);
export const pageOf = <S extends z.ZodType>(item: S) => z.object({ items: z.array(item), next: z.string().optional() });

/** A page of a list in the interface. */
export interface PageOf<T> {
  readonly items: T[];
  readonly next?: string | undefined;
}
