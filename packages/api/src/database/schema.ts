/**
 * The database's two halves. `ledger` is the index: everything in it can be rebuilt from chain and store, and it may be deleted at any
 * time. `outbox` holds the service's promises: what was accepted and what has been done about it; it is what must be backed up.
 * Digests, issuers and keys are 32 bytes; times on the ledger are seconds, the service's own are milliseconds since 1970.
 */
import type { CredentialKind } from '@dpp-ledger/core/credential';
import type { CustodyModel, Flow, Origin } from '@dpp-ledger/core/materials';
import { type ColumnType, type Generated, type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export interface Schema {
  'ledger.head': HeadTable;
  'ledger.block': BlockTable;
  'ledger.entry': EntryTable;
  'ledger.node': NodeTable;
  'ledger.batch': AnchorTable;
  'ledger.credential': CredentialTable;
  'ledger.status_change': StatusChangeTable;
  'ledger.lot': LotTable;
  'ledger.flow': FlowTable;
  'ledger.event': EventTable;
  'ledger.snapshot': SnapshotTable;
  'outbox.lease': LeaseTable;
  'outbox.item': ItemTable;
  'outbox.batch': OutboxBatchTable;
  'outbox.relay': RelayTable;
  'outbox.transaction': TransactionTable;
  'outbox.checkpoint': CheckpointTable;
  'outbox.cosignature': CosignatureTable;
  'outbox.witness': WitnessTable;
  'outbox.capture': CaptureTable;
  'outbox.captured_event': CapturedEventTable;
}

/** Integers that PostgreSQL may give beyond 32 bits; all of ours stay below 2^53. */
type Count = number;
type Bytes = ColumnType<Uint8Array, Uint8Array, Uint8Array>;

/** How far the index has come. One row. */
export interface HeadTable {
  one: Generated<boolean>;
  /** JSON of the LedgerId that is indexed. */
  ledger_id: string;
  /** Number of entries. */
  size: Count;
  block_number: Count;
  block_hash: string;
  block_time: Count;
  final_block_number: Count;
  /** Counts roll-backs, so that who has read ahead notices. */
  generation: Count;
}

/** Blocks that made entries, and so where a reorganisation can be led back to. */
export interface BlockTable {
  number: Count;
  hash: string;
  time: Count;
}

export interface EntryTable {
  index: Count;
  block_number: Count;
  transaction_hash: string;
  kind: string;
  issuer: Uint8Array | null;
  bytes: Bytes;
}

/** Roots of perfect subtrees of the journal (RFC 9162), level 0 being the leaves. */
export interface NodeTable {
  level: number;
  index: Count;
  hash: Bytes;
}

/** One anchor of a batch. Its credentials are there once `indexed`. */
export interface AnchorTable {
  entry: Count;
  issuer: Bytes;
  roles: number;
  root: Bytes;
  size: number;
  manifest: Bytes;
  block_number: Count;
  block_time: Count;
  transaction_hash: string;
  indexed: boolean;
  /** Whether the events among its credentials were read. */
  events_read: Generated<boolean>;
  /** Roots of its subtrees (`Batch.subtrees` of the core), once its manifest was read. */
  subtrees: Uint8Array | null;
  /** Why there are none: the manifest is not of this batch. */
  problem: string | null;
  /** How often the store was asked in vain, and when it is asked again. */
  attempts: Generated<number>;
  attempt_at: Generated<Count>;
}

/** What the index knows of a credential from its bytes alone. */
export interface Described {
  signing_digest: Uint8Array;
  issuer: Uint8Array;
  key: Uint8Array;
  kind: CredentialKind;
  subject: string;
  granularity: string;
  name: string;
  issuer_name: string;
  list: string;
  place: number;
  /** Words by which people look for it. */
  search: string;
  /** Of an attestation: the products and facilities that it assesses. */
  assessed: readonly string[] | null;
}

/** The columns of `Described`, in one order everywhere. */
export const DESCRIBED = sql.raw(
  'signing_digest, issuer, key, kind, subject, granularity, name, issuer_name, list, place, search, assessed',
);
/**
 * Picks entries that may change what an issuer may do, as the index `entry_issuer` has them: neither what it issues and takes back, nor what it
 * does to lots, of which there is no end.
 */
const STANDING = `kind not in ('anchored', 'statusSet', 'lotRegistered', 'lotSplit', 'transferOffered', 'transferAccepted',
  'transferRefused', 'transferWithdrawn', 'transformed', 'lotRetired', 'lotLost', 'lotVoided')`;
export const CHANGES_STANDING = sql.raw(STANDING);
/** Rows that one statement inserts at most: its parameter stays a few hundred kilobytes. */
export const ROWS_PER_INSERT = 1_000;

/** A place in a batch. Where `problem` names a code, the bytes are missing or no sound credential of the batch's issuer. */
export type CredentialTable = { entry: Count; position: number; digest: Bytes; problem: string | null } & {
  [Column in keyof Described]: Described[Column] | null;
};

/** 256 places that one entry set. */
export interface StatusChangeTable {
  entry: Count;
  issuer: Bytes;
  list: string;
  word: number;
  status: 'revoked' | 'superseded';
  reason: string;
  bits: Bytes;
  block_time: Count;
}

/**
 * A lot that was ever named. What does not change is of the entry that made it; its holder, what it is offered to, what is left of it and
 * whether it is void are as the ledger has them now.
 */
export interface LotTable {
  id: Bytes;
  entry: Count;
  /** Among the lots that the entry made. */
  position: number;
  substance: Count;
  origin: Origin;
  custody: CustodyModel;
  /** Decimal: 64 bits are more than a bigint of the database's holds. */
  registered: string;
  named_by: Bytes;
  label: string;
  /** Digest of the credential that describes what happened. */
  event: Uint8Array | null;
  country: string | null;
  facility: string | null;
  period_from: Count | null;
  period_until: Count | null;
  holder: Bytes;
  offered_to: Uint8Array | null;
  milligrams: string;
  is_void: boolean;
}

/** What one entry did to one lot (`Flow` of the core). */
export interface FlowTable {
  entry: Count;
  lot: Bytes;
  way: Flow['way'];
  milligrams: string;
}

/** An EPCIS event with what it is looked for by. */
export interface EpcisColumns {
  event_id: string;
  type: string;
  action: string | null;
  /** Milliseconds since 1970, which may be before. */
  event_time: Count;
  biz_step: string | null;
  disposition: string | null;
  read_point: string | null;
  biz_location: string | null;
  /** What it is about, each after its part in it: `input https://id.gs1.org/...`. */
  things: string[];
  /** JSON, and text because a database's JSON does not hold every character. */
  event: string;
}

/** An event of an event credential, as EPCIS has it. It follows from the credential's bytes alone. */
export interface EventTable extends EpcisColumns {
  /** Of the credential. */
  digest: Bytes;
  /** Among the events of the credential. */
  position: number;
}

/** The fold's state at a final block, so that a start need not fold everything. */
export interface SnapshotTable {
  size: Count;
  state: ColumnType<unknown, string, never>;
}

/** Who writes: each leader takes the next term, and what an older one still tries fails. One row. */
export interface LeaseTable {
  one: Generated<boolean>;
  term: Count;
  /** JSON of the LedgerId that the promises are about; set by the first leader. */
  ledger_id: string | null;
}

/** A credential that a receipt was given for. */
export interface ItemTable extends Described {
  id: Generated<Count>;
  receipt: string;
  digest: Bytes;
  /** The credential itself, until its batch is final: then the store alone has it. */
  jwt: string | null;
  accepted_at: Count;
  anchor_by: Count;
  /** Size of the journal against which its issuer's rights were last checked, and in which of its histories. */
  checked: Count;
  generation: Count;
  batch: Count | null;
  position: number | null;
  refusal_code: string | null;
  refusal_detail: string | null;
}

export type BatchState = 'formed' | 'stored' | 'sent' | 'final' | 'dissolved';

export interface OutboxBatchTable {
  id: Generated<Count>;
  issuer: Bytes;
  root: Bytes;
  size: number;
  manifest: Bytes;
  /** Roots of its subtrees (`Batch.subtrees` of the core). */
  subtrees: Bytes;
  state: BatchState;
  formed_at: Count;
  /** What went wrong last, and when it is tried again. */
  failure: string | null;
  attempts: Generated<number>;
  attempt_at: Generated<Count>;
}

export type RelayState = 'accepted' | 'sent' | 'final' | 'refused';

export interface RelayTable {
  id: string;
  issuer: Bytes;
  /** JSON of the request as it was verified. */
  request: string;
  purpose: string;
  state: RelayState;
  accepted_at: Count;
  refusal_code: string | null;
  refusal_detail: string | null;
  failure: string | null;
  attempts: Generated<number>;
  attempt_at: Generated<Count>;
}

/** A signed transaction, written down before it is sent. Variants of one nonce differ in their fees. */
export interface TransactionTable {
  hash: string;
  batch: Count | null;
  relay: string | null;
  account: string;
  nonce: Count;
  raw: string;
  purpose: string;
  recorded_at: Count;
  /** Another transaction took the nonce: this one can never be included. */
  replaced: Generated<boolean>;
}

/** The newest checkpoint that was signed of a log: what follows must continue it. */
export interface CheckpointTable {
  origin: string;
  /** The public half of the key. */
  key: string;
  size: Count;
  root: Bytes;
  note: string;
  signed_at: Count;
  /** CID of the log as a folder in the store, and how many entries it has. */
  pinned: string | null;
  pinned_size: Count | null;
  /** The note in that folder, which may have come to more cosignatures since. */
  pinned_note: string | null;
}

/** A witness's signature under a checkpoint, checked before it was written down. Old ones go once enough witnesses cosigned a newer one. */
export interface CosignatureTable {
  origin: string;
  size: Count;
  /** The public half of the witness's key. */
  witness: string;
  /** The checkpoint with its publisher's signature alone. */
  note: string;
  /** The signature as a line of the note. */
  line: string;
}

/** How each witness of a log stands. */
export interface WitnessTable {
  origin: string;
  witness: string;
  /** Of the checkpoint that it cosigned last, and when, as it says, in seconds. */
  size: Count | null;
  cosigned_at: Count | null;
  /** Why it did not cosign when it was asked last, and since when it does not. */
  failure: string | null;
  failing_since: Count | null;
}

/** A document of events that somebody captured. */
export interface CaptureTable {
  id: string;
  captured_at: Count;
  /** JSON: ids of its events, in its order. */
  event_ids: string;
}

/** An event that somebody captured: nothing but this table has it, so it is kept when the index is deleted. */
export interface CapturedEventTable extends EpcisColumns {
  id: Generated<Count>;
  capture: string;
  captured_at: Count;
  /** Of what happened (CBV 2.0, 8.9). */
  hash: string;
  /** Whether it declares that the event of the same id was an error. */
  is_error: boolean;
}

// ---------------------------------------------------------------------------------------------------------- migrations
// Plain SQL: it is what PostgreSQL and PGlite both run, and what an operator reads. A JWT does not compress: it is not tried.

const described = (orNull: '' | 'not null') => `
  signing_digest bytea ${orNull}, issuer bytea ${orNull}, key bytea ${orNull}, kind text ${orNull}, subject text ${orNull},
  granularity text ${orNull}, name text ${orNull}, issuer_name text ${orNull}, list text ${orNull}, place integer ${orNull},
  search text ${orNull}`;

const LOTS = script(`
  create table ledger.lot (
    id bytea primary key, entry bigint not null, position smallint not null, substance bigint not null, origin text not null,
    custody text not null, registered numeric(20) not null, named_by bytea not null, label text not null, event bytea, country text,
    facility text, period_from bigint, period_until bigint, holder bytea not null, offered_to bytea, milligrams numeric(20) not null,
    is_void boolean not null);
  create unique index lot_entry on ledger.lot (entry, position);
  create index lot_holder on ledger.lot (holder, entry, position);
  create index lot_offered on ledger.lot (offered_to, entry, position) where offered_to is not null;
  create index lot_substance on ledger.lot (substance, entry, position);
  create table ledger.flow (
    entry bigint, lot bytea, way text not null, milligrams numeric(20) not null, primary key (entry, lot));
  create index flow_lot on ledger.flow (lot, entry);
  drop index ledger.entry_issuer;
  create index entry_issuer on ledger.entry (issuer, index) where ${STANDING}`);

const ASSESSED = script(`
  alter table ledger.credential add column assessed text[];
  create index credential_assessed on ledger.credential using gin (assessed) where kind = 'conformity'`);

const epcisColumns = `
  event_id text not null, type text not null, action text, event_time bigint not null, biz_step text, disposition text,
  read_point text, biz_location text, things text[] not null, event text not null`;

export const LEDGER_MIGRATIONS: Record<string, Migration> = {
  '0001_index': script(`
    create table ledger.head (
      one boolean primary key default true check (one), ledger_id text not null, size bigint not null,
      block_number bigint not null, block_hash text not null, block_time bigint not null,
      final_block_number bigint not null, generation bigint not null);
    create table ledger.block (number bigint primary key, hash text not null, time bigint not null);
    create table ledger.entry (
      index bigint primary key, block_number bigint not null, transaction_hash text not null, kind text not null,
      issuer bytea, bytes bytea not null);
    create index entry_issuer on ledger.entry (issuer, index) where kind not in ('anchored', 'statusSet');
    create index entry_transaction on ledger.entry (transaction_hash);
    create table ledger.node (level smallint, index bigint, hash bytea not null, primary key (level, index));
    create table ledger.batch (
      entry bigint primary key, issuer bytea not null, roles integer not null, root bytea not null, size integer not null,
      manifest bytea not null, block_number bigint not null, block_time bigint not null, transaction_hash text not null,
      indexed boolean not null, subtrees bytea, problem text, attempts integer not null default 0, attempt_at bigint not null default 0);
    create index batch_root on ledger.batch (root, issuer);
    create index batch_issuer on ledger.batch (issuer, entry);
    create index batch_waiting on ledger.batch (attempt_at) where not indexed;
    create table ledger.credential (
      entry bigint, position integer, digest bytea not null, problem text, ${described('')},
      primary key (entry, position));
    create index credential_digest on ledger.credential (digest, entry, position);
    create index credential_subject on ledger.credential (subject, entry, position);
    create index credential_place on ledger.credential (list, place, issuer);
    create index credential_issuer on ledger.credential (issuer, entry, position);
    create index credential_kind on ledger.credential (kind, entry, position) where problem is null;
    create index credential_search on ledger.credential using gin (to_tsvector('simple', search)) where kind = 'passport';
    create table ledger.status_change (
      entry bigint not null, issuer bytea not null, list text not null, word integer not null, status text not null,
      reason text not null, bits bytea not null, block_time bigint not null, primary key (entry, word));
    create index status_change_place on ledger.status_change (list, word, issuer, status, entry);
    create table ledger.snapshot (size bigint primary key, state json not null)`),
  '0002_lot': {
    async up(db: Kysely<unknown>) {
      // An index that has read of lots already, and kept nothing of them, is built anew.
      const { rows } = await sql`select from ledger.entry where kind = 'lotRegistered' limit 1`.execute(db);
      if (rows.length > 0) await emptyIndex(db);
      await LOTS.up(db);
    },
  },
  '0003_assessed': {
    async up(db: Kysely<unknown>) {
      // The same of attestations, of which it kept nothing of what they assess.
      const { rows } = await sql`select from ledger.credential where kind = 'conformity' limit 1`.execute(db);
      if (rows.length > 0) await emptyIndex(db, 'ledger.lot, ledger.flow');
      await ASSESSED.up(db);
    },
  },
  '0004_event': script(`
    alter table ledger.batch add column events_read boolean not null default false;
    create index batch_unread on ledger.batch (entry) where indexed and not events_read;
    create table ledger.event (digest bytea, position integer, ${epcisColumns}, primary key (digest, position));
    create index event_id on ledger.event (event_id);
    create index event_time on ledger.event (event_time);
    create index event_things on ledger.event using gin (things)`),
};

/** What the first migration made, and tables of later ones. */
async function emptyIndex(db: Kysely<unknown>, later?: string): Promise<void> {
  await sql`truncate ledger.head, ledger.block, ledger.entry, ledger.node, ledger.batch, ledger.credential,
    ledger.status_change, ledger.snapshot${sql.raw(later === undefined ? '' : `, ${later}`)}`.execute(db);
}

export const OUTBOX_MIGRATIONS: Record<string, Migration> = {
  '0001_outbox': script(`
    create table outbox.lease (one boolean primary key default true check (one), term bigint not null, ledger_id text);
    insert into outbox.lease (term) values (0);
    create table outbox.batch (
      id bigint generated always as identity primary key, issuer bytea not null, root bytea not null, size integer not null,
      manifest bytea not null, subtrees bytea not null, state text not null, formed_at bigint not null, failure text,
      attempts integer not null default 0, attempt_at bigint not null default 0);
    create index batch_open on outbox.batch (id) where state not in ('final', 'dissolved');
    create index batch_root on outbox.batch (root, issuer);
    create table outbox.item (
      id bigint generated always as identity primary key, receipt uuid not null unique, digest bytea not null, jwt text,
      accepted_at bigint not null, anchor_by bigint not null, checked bigint not null, generation bigint not null, batch bigint references outbox.batch, position integer,
      refusal_code text, refusal_detail text, ${described('not null')}) with (fillfactor = 50);
    alter table outbox.item alter column jwt set storage external;
    create index item_digest on outbox.item (digest) where refusal_code is null;
    create unique index item_place on outbox.item (list, place, issuer) where refusal_code is null;
    create index item_waiting on outbox.item (issuer, id) where batch is null and refusal_code is null;
    create index item_batch on outbox.item (batch, position) where batch is not null;
    create table outbox.relay (
      id uuid primary key, issuer bytea not null, request text not null, purpose text not null, state text not null,
      accepted_at bigint not null, refusal_code text, refusal_detail text, failure text, attempts integer not null default 0,
      attempt_at bigint not null default 0);
    create index relay_open on outbox.relay (accepted_at) where state in ('accepted', 'sent');
    create table outbox.transaction (
      hash text primary key, batch bigint references outbox.batch, relay uuid references outbox.relay, account text not null,
      nonce bigint not null, raw text not null, purpose text not null, recorded_at bigint not null,
      replaced boolean not null default false);
    create index transaction_batch on outbox.transaction (batch) where batch is not null;
    create index transaction_relay on outbox.transaction (relay) where relay is not null`),
  '0002_checkpoint': script(`
    create table outbox.checkpoint (
      origin text primary key, key text not null, size bigint not null, root bytea not null, note text not null,
      signed_at bigint not null, pinned text, pinned_size bigint)`),
  '0003_witness': script(`
    create table outbox.cosignature (
      origin text, size bigint, witness text, note text not null, line text not null, primary key (origin, size, witness));
    create table outbox.witness (
      origin text, witness text, size bigint, cosigned_at bigint, failure text, failing_since bigint,
      primary key (origin, witness));
    alter table outbox.checkpoint add column pinned_note text`),
  '0004_relay': script('create index relay_request on outbox.relay using hash (request)'),
  '0005_assessed': script(`alter table outbox.item add column assessed text[]`),
  '0006_capture': script(`
    create table outbox.capture (id uuid primary key, captured_at bigint not null, event_ids text not null);
    create table outbox.captured_event (
      id bigint generated always as identity primary key, capture uuid not null references outbox.capture,
      captured_at bigint not null, hash text not null, is_error boolean not null, ${epcisColumns},
      unique (event_id, is_error));
    create index captured_event_time on outbox.captured_event (event_time);
    create index captured_event_things on outbox.captured_event using gin (things)`),
};

function script(text: string): Migration {
  return {
    async up(db: Kysely<unknown>) {
      for (const statement of text.split(';')) await sql.raw(statement).execute(db);
    },
  };
}
