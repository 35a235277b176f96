/**
 * What pages read. The service implements it over its index, its store and the ledger; tests implement it over fixtures. Every answer is
 * already decided: a page shows a report, it never makes one. Times are seconds since 1970.
 */
import type { BatchRoot, CredentialCid, Hex, IssuerId, LedgerId, Report, SubjectId } from '@dpp-ledger/core';
import type { Entry, KeyAlgorithm, LotMass } from '@dpp-ledger/core/journal';
import type { CustodyModel, Origin, TraceDirection, TraceGraph } from '@dpp-ledger/core/materials';
import type { Attestation, ClaimsReport, PassportView, RecycledContent } from '@dpp-ledger/core/passport';

export interface Reader {
  /** Whose word this server's verdicts are, and how far it has read. */
  readServer(): Promise<ServerFacts>;
  /**
   * What answers for a link that was scanned, a GTIN or a subject's URI: its own newest passport, else its production batch's, else its
   * model's. `undefined`: nothing is known of it. Errors: `input.shape` where the text is no link at all.
   */
  scan(link: string): Promise<PassportPage | undefined>;
  /** One version of a passport by its CID. */
  readPassport(cid: CredentialCid): Promise<PassportPage | undefined>;
  /** The newest passports, or those in whose name, model number, GTIN or serial every word of the text begins a word; of one level. */
  findPassports(options: {
    readonly text?: string;
    readonly granularity?: PassportSummary['granularity'];
    readonly limit: number;
  }): Promise<PassportList>;
  /** Passports of the devices and production batches below a link or GTIN; `total` counts those, not their versions. Errors: as `scan`. */
  findBelow(link: string, options: { readonly limit: number }): Promise<PassportList>;
  readIssuers(): Promise<readonly IssuerSummary[]>;
  readIssuer(issuer: IssuerId): Promise<IssuerDetails | undefined>;
  /** The newest anchors, newest first. */
  readBatches(options: { readonly limit: number; readonly issuer?: IssuerId }): Promise<readonly BatchSummary[]>;
  /** One batch with its credentials from place `from` on. */
  readBatch(
    root: BatchRoot,
    options: { readonly from: number; readonly limit: number },
  ): Promise<BatchDetails | undefined>;
  /** Entries from index `from` on, in ascending order. */
  readJournal(options: { readonly from: number; readonly limit: number }): Promise<JournalPage>;
  /** A lot by its id or URI, with what was done to it from entry `from` on. Errors: `materials.lot`. */
  readLot(name: string, options: { readonly from: number; readonly limit: number }): Promise<LotPage | undefined>;
  /** Where the matter of a passport (CID, subject or link) or of a lot came from, and where it went. Errors: as `readLot` and `scan`. */
  trace(
    of: string,
    options: { readonly direction: TraceDirection; readonly depth: number },
  ): Promise<TracePage | undefined>;
}

export interface LotPage {
  readonly id: Hex;
  readonly uri: string;
  readonly label: string;
  readonly substance: number;
  readonly origin: Origin;
  readonly custody: CustodyModel;
  readonly holder: Party;
  readonly offeredTo: Party | undefined;
  readonly namedBy: Party;
  /** Left in it, and what was in it at first. */
  readonly milligrams: bigint;
  readonly registered: bigint;
  readonly isVoid: boolean;
  /** That made it. */
  readonly entry: number;
  /** The credential that says how it came to be. */
  readonly event: CredentialCid | undefined;
  readonly country: string | undefined;
  readonly facility: string | undefined;
  readonly period: { readonly from: number; readonly until: number } | undefined;
  readonly madeOf: readonly LotMass[];
  readonly changes: readonly {
    readonly index: number;
    readonly entry: Entry;
    readonly by: Party;
    readonly milligrams: bigint;
    readonly into: readonly LotMass[];
  }[];
  /** The entry from which the next page goes on. */
  readonly next: number | undefined;
}

/** An issuer by its DID, with the name that it calls itself by; or the accreditor's account. */
export interface Party {
  readonly id: string;
  readonly name: string | undefined;
}

export interface TracePage {
  readonly graph: TraceGraph;
  /** Names by which the parties of the graph call themselves. */
  readonly names: ReadonlyMap<string, string>;
  /** Where it began with a passport. */
  readonly passport: { readonly cid: CredentialCid; readonly name: string; readonly report: Report } | undefined;
  readonly trustBase: string;
  readonly blockNumber: number;
  readonly blockTime: number;
}

export interface ServerFacts {
  readonly ledger: LedgerId;
  /** "own node", "2 of 3 endpoints". */
  readonly trustBase: string;
  /** The endpoint's URL without credentials. */
  readonly source: string;
  /** Newest block that the index has read, and its time. */
  readonly blockNumber: number;
  readonly blockTime: number;
  readonly treeHead: { readonly size: number; readonly root: Hex };
  readonly counts: { readonly passports: number; readonly issuers: number; readonly batches: number };
  /** New anchors are stopped. */
  readonly paused: boolean;
  readonly closed: boolean;
}

export interface PassportPage {
  /** Canonical URI of what was asked for. */
  readonly asked: SubjectId;
  readonly report: Report;
  /** `undefined` where the bytes cannot be read as a passport: the report says why. */
  readonly view: PassportView | undefined;
  /** Whose word its claims are; `undefined` where it is no passport. */
  readonly claims: PassportClaims | undefined;
  /** Where the credential is a certifier's attestation; then there is no view. */
  readonly attestation: Attestation | undefined;
  readonly cid: CredentialCid;
  readonly anchor: AnchorDetails | undefined;
  /** Why and when it was revoked or superseded, if it was. */
  readonly status: StatusDetails | undefined;
  /** All versions about the same subject by the same issuer, this one included, newest first. */
  readonly versions: readonly PassportVersion[];
  readonly links: PassportLinks;
}

export interface PassportClaims extends ClaimsReport {
  /** Attestations that are known of and could not be fetched. */
  readonly unreadAttestations: readonly { readonly cid: string }[];
  readonly recycledContent: RecycledContent;
}

export interface AnchorDetails {
  readonly entry: number;
  readonly batch: BatchRoot;
  readonly batchSize: number;
  /** Place in the batch, from 0. */
  readonly index: number;
  readonly blockNumber: number;
  readonly time: number;
  readonly transaction: Hex | undefined;
}

export interface StatusDetails {
  readonly revoked: StatusChange | undefined;
  readonly superseded: StatusChange | undefined;
  /** List number in decimal and place. */
  readonly list: string;
  readonly index: number;
}

export interface StatusChange {
  readonly entry: number;
  readonly time: number;
  readonly reason: 'error' | 'recall' | 'keyCompromise' | 'withdrawn' | 'byAuthority';
}

export interface PassportVersion {
  readonly cid: CredentialCid;
  readonly anchoredAt: number | undefined;
  /** `doubtful`: its issuer may not say this, or no longer; its verdict is not valid. */
  readonly status: 'current' | 'superseded' | 'revoked' | 'doubtful' | 'unknown';
}

/** Paths or absolute URLs; the same link with another media type gives these. */
export interface PassportLinks {
  /** The label's URI, on this server where it resolves here. */
  readonly label: string;
  /** Where this server shows the passport, absolute, if the label's link leads to another host. */
  readonly here: string | undefined;
  readonly credential: string;
  readonly evidence: string;
  readonly linkset: string;
  readonly labelSvg: string;
  readonly labelPng: string;
}

export interface PassportSummary {
  readonly cid: CredentialCid;
  readonly subject: SubjectId;
  readonly name: string;
  readonly issuer: { readonly id: IssuerId; readonly name: string };
  readonly granularity: 'model' | 'batch' | 'item';
  readonly anchoredAt: number | undefined;
  readonly status: PassportVersion['status'];
}

export interface PassportList {
  /** Newest first, as many as were asked for. */
  readonly passports: readonly PassportSummary[];
  /** How many there are; `undefined` beyond 10,000, and where no text was looked for. */
  readonly total: number | undefined;
}

export type IssuerStanding = 'accredited' | 'suspended' | 'withdrawn';

export interface IssuerSummary {
  readonly id: IssuerId;
  /** From its newest credential; the ledger knows the DID only. */
  readonly name: string | undefined;
  readonly number: number;
  readonly roles: readonly string[];
  readonly standing: IssuerStanding;
  readonly accreditedAt: number;
  readonly passports: number;
}

export interface IssuerDetails extends IssuerSummary {
  readonly withdrawnSince: number | undefined;
  readonly controller: Hex | undefined;
  readonly submitters: readonly Hex[];
  readonly grants: readonly {
    readonly number: number;
    readonly prefix: string;
    readonly from: number;
    readonly until: number | undefined;
  }[];
  readonly keys: readonly {
    readonly id: string;
    readonly algorithm: KeyAlgorithm;
    readonly purposes: readonly string[];
    readonly validFrom: number;
    readonly retiredAt: number | undefined;
    readonly compromisedSince: number | undefined;
  }[];
}

export interface BatchSummary {
  readonly root: BatchRoot;
  readonly issuer: { readonly id: IssuerId; readonly name: string | undefined };
  readonly size: number;
  readonly entry: number;
  readonly blockNumber: number;
  readonly time: number;
}

export interface BatchDetails {
  readonly root: BatchRoot;
  readonly issuer: { readonly id: IssuerId; readonly name: string | undefined };
  readonly size: number;
  /** CID of the manifest. */
  readonly manifest: string;
  /** Every anchor of this root by this issuer, earliest first. */
  readonly anchors: readonly Omit<AnchorDetails, 'batch' | 'batchSize' | 'index'>[];
  readonly from: number;
  readonly credentials: readonly {
    readonly index: number;
    readonly cid: CredentialCid;
    /** `undefined` where the bytes are not at hand or are no passport. */
    readonly passport: PassportSummary | undefined;
  }[];
}

export interface JournalPage {
  readonly treeHead: { readonly size: number; readonly root: Hex };
  readonly from: number;
  readonly entries: readonly {
    readonly index: number;
    /** RFC 9162 leaf hash of the entry. */
    readonly leaf: Hex;
    readonly entry: Entry;
    /** Whom it concerns, if it concerns an issuer. */
    readonly issuer: { readonly id: IssuerId; readonly name: string | undefined } | undefined;
  }[];
}
