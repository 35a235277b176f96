/** The service's interface as docs/openapi.json has it. Made by scripts/generate-interface.ts; do not edit. */

export type Evidence = { version: "dpp-evidence/1"; ledger: string; credential: string; key: { kty: "EC"; crv: "P-256"; x: string; y: string } | { kty: "OKP"; crv: "Ed25519"; x: string }; grant?: { number: number; prefix: string } | undefined; batch: { index: number; proof: Array<string> }; entry: { index: number; bytes: string; proof: Array<string> }; lots?: { entries: Array<{ index: number; bytes: string; proof: Array<string> }>; events: Array<string> } | undefined; earlier?: { credential: string; batch: { index: number; proof: Array<string> }; entry: { index: number; bytes: string; proof: Array<string> } } | undefined };

export type RelayRequest = { version: "dpp-relay/1"; ledger: string; issuer: string; key: { [name: string]: unknown }; acts: Array<{ kind: number; data: string }>; nonce: string; deadline: number; signature: string; credentials?: Array<string> | undefined };

export type EpcisDocument = { "@context": unknown; type: "EPCISDocument"; schemaVersion: string; creationDate: string; epcisBody: { eventList: Array<{ [name: string]: unknown }> } };

export type Problem = { type: string; title: string; status: number; code: ErrorCode; detail: string; instance: string };

export type ErrorCode = "audit.jwt" | "audit.mismatch" | "audit.signature" | "checkpoint.fork" | "checkpoint.key" | "checkpoint.note" | "checkpoint.not-included" | "checkpoint.origin" | "checkpoint.policy" | "checkpoint.quorum" | "checkpoint.request" | "checkpoint.shape" | "checkpoint.signature" | "checkpoint.statement" | "checkpoint.tlog-proof" | "credential.did" | "credential.grant" | "credential.issuer" | "credential.jwt" | "credential.kid" | "credential.shape" | "credential.signature" | "credential.status" | "embedded.chain" | "epcis.capture-off" | "epcis.document" | "epcis.event-id" | "epcis.full" | "event.input" | "event.shape" | "evidence.batch-size" | "evidence.manifest" | "evidence.pack" | "folder.locked" | "gs1.key" | "gs1.linkset" | "gs1.uri" | "input.encoding" | "input.json" | "input.shape" | "input.too-large" | "input.row" | "issuer.grant" | "issuer.not-submitter" | "issuer.role" | "issuer.suspended" | "issuer.unknown" | "issuer.withdrawn" | "journal.entry" | "journal.tile" | "journal.break" | "key.file" | "key.not-in-force" | "key.passphrase" | "key.purpose" | "key.readable-by-others" | "key.unknown" | "ledger.behind" | "ledger.closed" | "ledger.differs" | "ledger.no-funds" | "ledger.no-quorum" | "ledger.paused" | "ledger.pending" | "ledger.unreachable" | "ledger.mismatch" | "ledger.refused" | "mirror.not-found" | "mirror.unreachable" | "run.mismatch" | "service.busy" | "service.internal" | "service.media-type" | "service.method" | "service.not-acceptable" | "service.not-found" | "service.not-leading" | "service.not-ready" | "service.overdue" | "service.rate-limited" | "service.refused" | "service.timeout" | "service.unreachable" | "status.ledger" | "status.place-used" | "witness.behind" | "witness.not-final" | "witness.clock" | "witness.consistency" | "witness.size" | "witness.state" | "witness.too-old" | "witness.tree-head" | "witness.unknown-log" | "witness.too-few" | "materials.claim" | "materials.lot" | "materials.mass" | "materials.trace" | "materials.substance" | "materials.unallocated" | "passport.input" | "store.unreachable" | "store.not-found" | "store.mismatch" | "label.unreadable" | "usage.command" | "usage.configuration" | "witness.refused" | "witness.unreachable";

export type Answer = { state: "accepted" | "duplicate" | "refused"; cid: string; id?: string | undefined; anchorBy?: string | undefined; entry?: number | undefined; code?: ErrorCode | undefined; detail?: string | undefined; receipt: string };

export type Receipt = { id: string; kind: "credential" | "relay"; state: "accepted" | "stored" | "anchored" | "final" | "refused"; acceptedAt: string; cid?: string | undefined; anchorBy?: string | undefined; batch?: string | undefined; entry?: number | undefined; transaction?: string | undefined; code?: string | undefined; detail?: string | undefined };

export type Versions = { items: Array<Version>; next?: string | undefined };

export type Version = { cid: string; kind: "passport" | "event" | "conformity" | "facility" | "identityAnchor"; subject: string; granularity: "model" | "batch" | "item"; name: string; issuer: string; issuerName: string; revoked: boolean; superseded: boolean; list: string; index: number; entry: number; batch: string; position: number; anchoredAt: number };

export type Report = { verdict: "valid" | "invalid" | "indeterminate"; current?: boolean | undefined; provisional: boolean; checks: Array<{ name: "content" | "schema" | "subject" | "signature" | "key" | "issuer" | "anchor" | "status" | "period" | "freshness" | "provenance"; outcome: "valid" | "invalid" | "unknown" | "notApplicable"; code: string; message: string; basis: string }>; cid?: string | undefined; issuer?: { id: string; name: string } | undefined; subject?: string | undefined; answeredBy?: "item" | "batch" | "model" | undefined; voice?: "declared" | "restated" | undefined; anchoredAt?: { blockNumber: number; time: number; entry: number } | undefined; asOf?: { source: string; blockNumber: number; time: number } | undefined; trustBase: string; claims?: Array<Claim> | undefined; attestations?: Array<Attestation> | undefined; askedForAttestations?: boolean | undefined; unreadAttestations?: Array<{ cid: string; code: string; message: string }> | undefined; recycledContent?: RecycledContent | undefined };

export type Claim = { about: "claim" | "material" | "facility"; id: string; name: string; criteria: Array<{ id?: string | undefined; name?: string | undefined }>; figures: Array<{ name: string; value: number | string; unit?: string | undefined; attested: boolean }>; standing: "attested" | "contradicted" | "expired" | "selfDeclared" | "restated" | "unknown"; bearings: Array<{ cid?: string | undefined; issuer?: { id: string; name: string } | undefined; assessment: string; date?: string | undefined; effect: "attests" | "contradicts" | "expired" | "nothing"; code: string; message: string }> };

export type Attestation = { cid?: string | undefined; name?: string | undefined; issuer?: { id: string; name: string } | undefined; scheme?: string | undefined; validUntil?: string | undefined; counts: boolean; code: string; message: string };

export type RecycledContent = { materials: Array<{ name: string; cas?: string | undefined; massG?: number | undefined; content: { primary: PercentRange; recycled: PercentRange; preConsumer: PercentRange; postConsumer: PercentRange; renewable: PercentRange }; bookAndClaim?: { recycled: PercentRange; preConsumer: PercentRange; postConsumer: PercentRange; renewable: PercentRange } | undefined; onLedger?: { primary?: number | undefined; preConsumerRecycled?: number | undefined; postConsumerRecycled?: number | undefined; renewable?: number | undefined } | undefined }>; device?: { primary: PercentRange; recycled: PercentRange; preConsumer: PercentRange; postConsumer: PercentRange; renewable: PercentRange } | undefined; reason?: string | undefined; conditions: Array<string>; missing: Array<string>; masses?: { device: number; reused?: number | undefined; unspecified?: number | undefined } | undefined; bookAndClaim?: { recycled: PercentRange; preConsumer: PercentRange; postConsumer: PercentRange; renewable: PercentRange } | undefined; onLedger?: { primary?: number | undefined; preConsumerRecycled?: number | undefined; postConsumerRecycled?: number | undefined; renewable?: number | undefined } | undefined; comparisons: Array<{ field: string; of: string; kind: "recycled" | "preConsumer" | "postConsumer" | "renewable"; declared: number; atLeast: boolean; computed?: PercentRange | undefined; reason?: string | undefined; difference?: number | undefined; agrees?: boolean | undefined }> };

export type PercentRange = { atLeast: number; atMost: number };

export type Linkset = { linkset: Array<{ anchor: string; itemDescription: string }> };

export type Ledger = { id: { chainId: number; genesis: string; address: string; codeHash: string }; name: string; source: string; trustBase: string; finality: string; treeHead: { size: number; root: string }; blockNumber: number; blockTime: number; finalBlockNumber: number; paused: boolean; closed: boolean; service: { did: string; account: string } };

export type TreeHead = { size: number; root: string; peaks: Array<string>; blockNumber: number; blockTime: number; consistency?: { first: number; firstRoot: string; proof: Array<string> } | undefined };

export type JournalEntry = { index: number; kind: string; bytes: string; leaf: string; transaction: string; entry: { [name: string]: unknown }; inclusion?: { size: number; root: string; proof: Array<string> } | undefined };

export type Issuers = { items: Array<IssuerSummary>; next?: string | undefined };

export type IssuerSummary = { issuer: string; name?: string | undefined; number: number; roles: Array<string>; standing: "accredited" | "suspended" | "withdrawn"; credentials: number; batches: number };

export type Issuer = IssuerSummary & { withdrawnSince?: number | undefined; controller?: string | undefined; submitters: Array<string>; keys: Array<{ key: string; algorithm: "ES256" | "Ed25519"; jwk: { [name: string]: string }; purposes: Array<string>; validFrom: number; retiredAt?: number | undefined; compromisedSince?: number | undefined; nonce: string }>; grants: Array<{ number: number; prefix: string; from: number; until?: number | undefined }> };

export type Batches = { items: Array<Anchor & { root: string }>; next?: string | undefined };

export type Anchor = { entry: number; issuer: string; size: number; manifest: string; blockNumber: number; time: number; transaction: string };

export type Batch = { root: string; size: number; manifest: string; anchors: Array<Anchor>; credentials: Array<{ index: number; cid: string; version?: Version | undefined }>; next?: string | undefined };

export type Lots = { items: Array<Lot>; next?: string | undefined };

export type Lot = { lot: string; id: string; substance: string; name: string; origin: "primary" | "preConsumerRecycled" | "postConsumerRecycled" | "renewable"; custody: "identityPreserved" | "segregated" | "controlledBlending" | "massBalance" | "bookAndClaim"; holder: string; offeredTo?: string | undefined; milligrams: string; registered: string; void: boolean; entry: number; namedBy: string; label: string; event?: string | undefined; country?: string | undefined; facility?: string | undefined; period?: { from: number; until: number } | undefined };

export type LotHistory = Lot & { madeOf: Array<{ lot: string; milligrams: string }>; changes: Array<{ entry: number; kind: string; time: number; by: string; milligrams: string; into: Array<{ lot: string; milligrams: string }>; batch?: string | undefined }>; next?: string | undefined };

export type Trace = { ledger: string; start: string; direction: "upstream" | "downstream" | "both"; depth: number; nodes: Array<{ id: string; kind: "lot" | "transformation" | "batch" | "retired" | "lost" | "voided"; side: "start" | "upstream" | "downstream" | "beside"; entry?: number | undefined; time?: number | undefined; by?: string | undefined; events: Array<{ credential: string; verdict?: "valid" | "invalid" | "indeterminate" | "missing" | undefined }>; verdict?: "valid" | "invalid" | "indeterminate" | undefined; weakest?: "identityPreserved" | "segregated" | "controlledBlending" | "massBalance" | "bookAndClaim" | undefined; lot?: string | undefined; label?: string | undefined; substance?: string | undefined; name?: string | undefined; origin?: "primary" | "preConsumerRecycled" | "postConsumerRecycled" | "renewable" | undefined; custody?: "identityPreserved" | "segregated" | "controlledBlending" | "massBalance" | "bookAndClaim" | undefined; milligrams?: string | undefined; left?: string | undefined; holder?: string | undefined; offer?: "open" | "accepted" | "refused" | "withdrawn" | undefined; isVoid?: boolean | undefined; country?: string | undefined; facility?: string | undefined; process?: string | undefined; root?: string | undefined; size?: number | undefined }>; edges: Array<{ from: string; to: string; milligrams: string; origin?: "primary" | "preConsumerRecycled" | "postConsumerRecycled" | "renewable" | undefined; entry: number }>; entries: Array<number>; gaps: Array<{ node: string; code: "entry-missing" | "entry-unproved" | "lot-void" | "offer-open" | "event-missing" | "event-invalid" | "event-undecided" | "event-other"; message: string }>; cuts: Array<{ node: string; side: "upstream" | "downstream"; by: "depth" | "size" }>; passport?: { cid: string; subject: string; name: string; report: Report } | undefined; word: { by: "service"; trustBase: string; blockNumber: number; time: number } };

export type Log = { origin: string; key: string; size: number; root: string; url: string; pinned?: { cid: string; size: number } | undefined; witnesses?: { quorum: string; cosigned?: number | undefined; asked: Array<{ name: string; key: string; size?: number | undefined; time?: number | undefined }> } | undefined };

export type EpcisQueryDocument = { "@context": Array<unknown>; type: "EPCISQueryDocument"; schemaVersion: "2.0"; creationDate: string; epcisBody: { queryResults: { queryName: "SimpleEventQuery"; resultsBody: { eventList: Array<EpcisEvent> } } } };

export type EpcisEvent = { type: string; eventTime: string; eventTimeZoneOffset: string };

export type EpcisCaptureJob = { captureID: string; createdAt: string; finishedAt: string; running: false; success: true; captureErrorBehaviour: "rollback"; errors: Array<unknown>; eventIDs: Array<string> };

export type Health = { status: "ok" | "degraded"; checks: { [name: string]: { ok: boolean; detail: string } }; outbox?: { waiting: number; open: number; overdue: number } | undefined };

/** What each operation takes and answers when all is well. */
export interface Operations {
  /** Have signed credentials anchored. */
  postPassports: { path: Record<never, never>; query: Record<never, never>; answer: Answer | string };
  /** What is known of a subject, newest first. */
  listPassports: { path: Record<never, never>; query: { subject: string; kind?: "passport" | "event" | "conformity" | "facility" | "identityAnchor" | "all" | undefined; limit?: number | undefined; cursor?: string | undefined }; answer: Versions };
  /** Bring acts that a key has signed to the ledger. */
  postRelay: { path: Record<never, never>; query: Record<never, never>; answer: Receipt };
  /** What has become of a credential or of relayed acts. */
  getReceipt: { path: { id: string }; query: Record<never, never>; answer: Receipt };
  /** Attestations of a product or a facility, newest first. */
  listAttestations: { path: Record<never, never>; query: { subject: string; limit?: number | undefined; cursor?: string | undefined }; answer: Versions };
  /** A credential by its CID, as it was signed. */
  getPassport: { path: { cid: string }; query: Record<never, never>; answer: string };
  /** Every version by the same issuer about the same subject, newest first. */
  getVersions: { path: { cid: string }; query: { limit?: number | undefined; cursor?: string | undefined }; answer: Versions };
  /** What a verifier needs of a credential, and proves itself. */
  getEvidence: { path: { cid: string }; query: Record<never, never>; answer: Evidence };
  /** What becomes of receipts, as it happens. */
  getEvents: { path: Record<never, never>; query: { id: string | Array<string> }; answer: { event: "receipt" | "settled" | "stopping"; data: string; id?: string | undefined; retry?: number | undefined } };
  /** This server's verdict on what a link leads to. */
  getVerify: { path: Record<never, never>; query: { uri: string }; answer: Report };
  /** This server's verdict on a credential or on evidence. */
  postVerify: { path: Record<never, never>; query: { subject?: string | undefined; current?: "true" | "false" | undefined }; answer: Report };
  /** The label of a subject: a QR code of the link that leads here. */
  getLabel: { path: Record<never, never>; query: { uri: string; format?: "svg" | "png" | undefined; text?: string | undefined; scale?: number | undefined }; answer: string };
  /** Resolve any subject by its URI. */
  getResolve: { path: Record<never, never>; query: { linkType?: string | undefined; uri: string }; answer: Linkset };
  /** Resolve the label of a model. */
  resolveModel: { path: { gtin: string }; query: { linkType?: string | undefined }; answer: Linkset };
  /** Resolve the label of a production batch. */
  resolveBatch: { path: { gtin: string; batch: string }; query: { linkType?: string | undefined }; answer: Linkset };
  /** Resolve the label of an item. */
  resolveItem: { path: { gtin: string; serial: string }; query: { linkType?: string | undefined }; answer: Linkset };
  /** Resolve the label of an item of a production batch. */
  resolveBatchItem: { path: { gtin: string; batch: string; serial: string }; query: { linkType?: string | undefined }; answer: Linkset };
  /** What this resolver can do. */
  getDescription: { path: Record<never, never>; query: Record<never, never>; answer: { [name: string]: unknown } };
  /** Which ledger this service serves, and how far it has read. */
  getLedger: { path: Record<never, never>; query: Record<never, never>; answer: Ledger };
  /** The journal's tree head, with a consistency proof from an earlier one if asked. */
  getTreeHead: { path: Record<never, never>; query: { first?: number | undefined; size?: number | undefined }; answer: TreeHead };
  /** Entries of the journal as NDJSON, from an index on. */
  getJournal: { path: Record<never, never>; query: { from?: number | undefined; limit?: number | undefined }; answer: JournalEntry };
  /** One entry with its inclusion proof. */
  getEntry: { path: { index: number }; query: { size?: number | undefined }; answer: JournalEntry };
  /** Who may issue, in the order of accreditation. */
  listIssuers: { path: Record<never, never>; query: { limit?: number | undefined; cursor?: string | undefined }; answer: Issuers };
  /** One issuer: roles, keys, grants, submitters. */
  getIssuer: { path: { did: string }; query: Record<never, never>; answer: Issuer };
  /** The DID document that an issuer can publish. */
  getIssuerDocument: { path: { did: string }; query: Record<never, never>; answer: { [name: string]: unknown } };
  /** Anchors, newest first. */
  listBatches: { path: Record<never, never>; query: { issuer?: string | undefined; limit?: number | undefined; cursor?: string | undefined }; answer: Batches };
  /** A batch: every anchor of its root, and its credentials in order. */
  getBatch: { path: { root: string }; query: { limit?: number | undefined; cursor?: string | undefined }; answer: Batch };
  /** Revoked places of a list, as W3C Bitstring Status List. */
  getRevocations: { path: { did: string; list: string }; query: Record<never, never>; answer: string };
  /** Superseded places of a list: newer versions exist. */
  getSuperseded: { path: { did: string; list: string }; query: Record<never, never>; answer: string };
  /** Trustless Gateway: a credential or a manifest as raw block or CAR. */
  getBlock: { path: { cid: string }; query: { format?: "raw" | "car" | undefined; "dag-scope"?: "all" | "entity" | "block" | undefined }; answer: string };
  /** Lots, newest first. */
  listLots: { path: Record<never, never>; query: { holder?: string | undefined; offeredTo?: string | undefined; substance?: string | undefined; origin?: "primary" | "preConsumerRecycled" | "postConsumerRecycled" | "renewable" | undefined; limit?: number | undefined; cursor?: string | undefined }; answer: Lots };
  /** A lot: how it is now, what it was made of, and what was done to it. */
  getLot: { path: { id: string }; query: { limit?: number | undefined; cursor?: string | undefined }; answer: LotHistory };
  /** Where the matter of a passport or lot came from, and where it went. */
  getTrace: { path: { of: string }; query: { direction?: "upstream" | "downstream" | "both" | undefined; depth?: number | undefined; format?: "json" | "graphml" | "svg" | undefined }; answer: Trace | string };
  /** Which log is published here, and under which key. */
  getLog: { path: Record<never, never>; query: Record<never, never>; answer: Log };
  /** The newest published tree head, as a signed note (C2SP tlog-checkpoint), with the cosignatures that came. */
  getCheckpoint: { path: Record<never, never>; query: Record<never, never>; answer: string };
  /** The newest checkpoint that enough witnesses cosigned. */
  getCosignedCheckpoint: { path: Record<never, never>; query: Record<never, never>; answer: string };
  /** Events, newest first. */
  getEpcisEvents: { path: Record<never, never>; query: { eventType?: string | Array<string> | undefined; EQ_action?: string | Array<string> | undefined; EQ_eventID?: string | Array<string> | undefined; EQ_bizStep?: string | Array<string> | undefined; EQ_disposition?: string | Array<string> | undefined; EQ_readPoint?: string | Array<string> | undefined; EQ_bizLocation?: string | Array<string> | undefined; GE_eventTime?: string | undefined; LT_eventTime?: string | undefined; GE_recordTime?: string | undefined; LT_recordTime?: string | undefined; MATCH_epc?: string | Array<string> | undefined; MATCH_parentID?: string | Array<string> | undefined; MATCH_inputEPC?: string | Array<string> | undefined; MATCH_outputEPC?: string | Array<string> | undefined; MATCH_anyEPC?: string | Array<string> | undefined; MATCH_epcClass?: string | Array<string> | undefined; MATCH_inputEPCClass?: string | Array<string> | undefined; MATCH_outputEPCClass?: string | Array<string> | undefined; MATCH_anyEPCClass?: string | Array<string> | undefined; perPage?: number | undefined; nextPageToken?: string | undefined }; answer: EpcisQueryDocument };
  /** One event. */
  getEpcisEvent: { path: { eventID: string }; query: Record<never, never>; answer: EpcisEvent };
  /** Capture a document of events. */
  postEpcisCapture: { path: Record<never, never>; query: Record<never, never>; answer: EpcisCaptureJob };
  /** A document that was captured. */
  getEpcisCapture: { path: { captureID: string }; query: Record<never, never>; answer: EpcisCaptureJob };
  /** How the service is. */
  getHealth: { path: Record<never, never>; query: Record<never, never>; answer: Health };
  /** Whether the process lives. */
  getLife: { path: Record<never, never>; query: Record<never, never>; answer: { status: "alive" } };
  /** Whether requests can be answered. */
  getReadiness: { path: Record<never, never>; query: Record<never, never>; answer: Health };
  /** The key that signs receipts and status lists. */
  getKeys: { path: Record<never, never>; query: Record<never, never>; answer: { keys: Array<{ [name: string]: string }> } };
  /** The service's DID document. */
  getDid: { path: Record<never, never>; query: Record<never, never>; answer: { [name: string]: unknown } };
  /** The JSON-LD context of our terms. */
  getContext: { path: Record<never, never>; query: Record<never, never>; answer: { [name: string]: unknown } };
  /** What a code means. */
  getProblem: { path: { code: string }; query: Record<never, never>; answer: { code: string; sentence: string } };
  /** This document. */
  getInterface: { path: Record<never, never>; query: Record<never, never>; answer: { [name: string]: unknown } };
}

/** Where each operation is. */
export const PATHS = {
  postPassports: "/passports",
  listPassports: "/passports",
  postRelay: "/relay",
  getReceipt: "/receipts/{id}",
  listAttestations: "/attestations",
  getPassport: "/passports/{cid}",
  getVersions: "/passports/{cid}/versions",
  getEvidence: "/evidence/{cid}",
  getEvents: "/receipts/events",
  getVerify: "/verify",
  postVerify: "/verify",
  getLabel: "/label",
  getResolve: "/resolve",
  resolveModel: "/01/{gtin}",
  resolveBatch: "/01/{gtin}/10/{batch}",
  resolveItem: "/01/{gtin}/21/{serial}",
  resolveBatchItem: "/01/{gtin}/10/{batch}/21/{serial}",
  getDescription: "/.well-known/gs1resolver",
  getLedger: "/ledger",
  getTreeHead: "/tree-head",
  getJournal: "/journal",
  getEntry: "/journal/{index}",
  listIssuers: "/issuers",
  getIssuer: "/issuers/{did}",
  getIssuerDocument: "/issuers/{did}/did.json",
  listBatches: "/batches",
  getBatch: "/batches/{root}",
  getRevocations: "/status/{did}/{list}",
  getSuperseded: "/status/{did}/{list}/superseded",
  getBlock: "/ipfs/{cid}",
  listLots: "/lots",
  getLot: "/lots/{id}",
  getTrace: "/trace/{of}",
  getLog: "/log",
  getCheckpoint: "/log/checkpoint",
  getCosignedCheckpoint: "/log/cosigned",
  getEpcisEvents: "/epcis/events",
  getEpcisEvent: "/epcis/events/{eventID}",
  postEpcisCapture: "/epcis/capture",
  getEpcisCapture: "/epcis/capture/{captureID}",
  getHealth: "/healthz",
  getLife: "/livez",
  getReadiness: "/readyz",
  getKeys: "/.well-known/jwks.json",
  getDid: "/.well-known/did.json",
  getContext: "/contexts/v1",
  getProblem: "/problems/{code}",
  getInterface: "/openapi.json",
} as const satisfies Record<keyof Operations, string>;
