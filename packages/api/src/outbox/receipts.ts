/**
 * Receipts: what the service promises for what it was given, signed with its key, and what has become of it. A receipt is a JWT (`typ`
 * `dpp-receipt+jwt`); whoever holds one can show that the service accepted a credential, and until when it was to be anchored.
 */
import { type Digest, type ErrorCode, encodeBase64Url, encodeHex, type Hex } from '@dpp-ledger/core';
import { formatCid, formatKid, type Signer } from '@dpp-ledger/core/credential';
import { sql } from 'kysely';
import type { Db } from '../database/database.ts';
import type { RelayState } from '../database/schema.ts';

/** The answer to one credential. Times are ISO 8601, UTC. */
export interface Answer {
  readonly state: 'accepted' | 'duplicate' | 'refused';
  readonly cid: string;
  /** By which `GET /receipts/{id}` tells what became of it. */
  readonly id?: string;
  /** Latest time of anchoring. */
  readonly anchorBy?: string;
  /** Of a duplicate that the ledger already has: its anchor entry. */
  readonly entry?: number;
  readonly code?: ErrorCode;
  readonly detail?: string;
}

export type SignedAnswer = Answer & { readonly receipt: string };

const ascii = new TextEncoder();

/** Signs answers: the receipt says what the answer says, of which ledger, by whom and when. */
export function createReceiptSigner(options: {
  readonly signer: Signer;
  readonly ledger: string;
  readonly now: () => number;
}) {
  const { signer, ledger, now } = options;
  const kid = formatKid(signer.issuer, signer.keyId);
  const header = encodePart({ alg: signer.algorithm, typ: 'dpp-receipt+jwt', kid });
  return async (answer: Answer): Promise<SignedAnswer> => {
    const payload = { iss: signer.issuer, iat: Math.floor(now() / 1_000), ledger, ...answer };
    const signingInput = `${header}.${encodePart(payload)}`;
    const signature = await signer.sign(ascii.encode(signingInput));
    return { ...answer, receipt: `${signingInput}.${encodeBase64Url(signature)}` };
  };
}

function encodePart(value: object): string {
  return encodeBase64Url(ascii.encode(JSON.stringify(value)));
}

/** What has become of a credential or of relayed acts. */
export interface ReceiptStatus {
  readonly id: string;
  readonly kind: 'credential' | 'relay';
  readonly state: 'accepted' | 'stored' | 'anchored' | 'final' | 'refused';
  readonly acceptedAt: string;
  readonly cid?: string;
  readonly anchorBy?: string;
  readonly batch?: Hex;
  readonly entry?: number;
  readonly transaction?: string;
  readonly code?: string;
  readonly detail?: string;
}

/** `undefined`: no receipt of this service has the id. */
export async function findReceipt(db: Db, id: string): Promise<ReceiptStatus | undefined> {
  const name = id.toLowerCase();
  return (await findReceipts(db, [name])).get(name);
}

/** By their ids, in lower case; one that no receipt of this service has is left out. */
export async function findReceipts(db: Db, ids: readonly string[]): Promise<Map<string, ReceiptStatus>> {
  const found = await findCredentialReceipts(db, ids);
  const others = ids.filter((id) => !found.has(id));
  // Of many receipts nearly all are of credentials.
  if (others.length > 0) for (const [id, receipt] of await findRelayReceipts(db, others)) found.set(id, receipt);
  return found;
}

/** Nothing more becomes of it. */
export function isSettled({ state }: ReceiptStatus): boolean {
  return state === 'final' || state === 'refused';
}

async function findCredentialReceipts(db: Db, ids: readonly string[]): Promise<Map<string, ReceiptStatus>> {
  const { rows } = await sql<CredentialRow>`
    select i.receipt as id, i.digest, i.accepted_at, i.anchor_by, i.refusal_code, i.refusal_detail, b.state as batch_state, b.root,
           a.entry, a.transaction_hash, a.block_number, h.final_block_number
    from outbox.item i
    left join outbox.batch b on b.id = i.batch
    left join lateral (
      select entry, transaction_hash, block_number from ledger.batch a
      where a.root = b.root and a.issuer = b.issuer and a.manifest = b.manifest order by entry limit 1) a on true
    left join ledger.head h on true
    where i.receipt = any(${arrayOf(ids)}::uuid[])`.execute(db);
  return new Map(rows.map((row) => [row.id, credentialReceipt(row)]));
}

interface CredentialRow {
  id: string;
  digest: Uint8Array;
  accepted_at: number;
  anchor_by: number;
  refusal_code: string | null;
  refusal_detail: string | null;
  batch_state: string | null;
  root: Uint8Array | null;
  entry: number | null;
  transaction_hash: string | null;
  block_number: number | null;
  final_block_number: number | null;
}

function credentialReceipt(row: CredentialRow): ReceiptStatus {
  const base = {
    id: row.id,
    kind: 'credential' as const,
    acceptedAt: formatTime(row.accepted_at),
    cid: formatCid(row.digest as Digest),
    anchorBy: formatTime(row.anchor_by),
  };
  if (row.refusal_code !== null) {
    return { ...base, state: 'refused', code: row.refusal_code, detail: row.refusal_detail ?? '' };
  }
  const batch = row.root === null ? {} : { batch: encodeHex(row.root) };
  const anchor = row.entry === null ? {} : { entry: row.entry, transaction: row.transaction_hash ?? '' };
  const isFinal =
    row.batch_state === 'final' ||
    (row.block_number !== null && row.final_block_number !== null && row.block_number <= row.final_block_number);
  if (isFinal) return { ...base, ...batch, ...anchor, state: 'final' };
  if (row.entry !== null) return { ...base, ...batch, ...anchor, state: 'anchored' };
  const isStored = row.batch_state === 'stored' || row.batch_state === 'sent';
  return { ...base, ...batch, state: isStored ? 'stored' : 'accepted' };
}

async function findRelayReceipts(db: Db, ids: readonly string[]): Promise<Map<string, ReceiptStatus>> {
  const { rows } = await sql<RelayRow>`
    select distinct on (r.id) r.id, r.state, r.accepted_at, r.refusal_code, r.refusal_detail, t.hash, e.index as entry, e.block_number,
           h.final_block_number
    from outbox.relay r
    left join outbox.transaction t on t.relay = r.id
    left join lateral (
      select index, block_number from ledger.entry e where e.transaction_hash = t.hash order by index limit 1) e on true
    left join ledger.head h on true
    where r.id = any(${arrayOf(ids)}::uuid[]) order by r.id, e.index nulls last, t.recorded_at desc`.execute(db);
  return new Map(rows.map((row) => [row.id, relayReceipt(row)]));
}

interface RelayRow {
  id: string;
  state: RelayState;
  accepted_at: number;
  refusal_code: string | null;
  refusal_detail: string | null;
  hash: string | null;
  entry: number | null;
  block_number: number | null;
  final_block_number: number | null;
}

function relayReceipt(row: RelayRow): ReceiptStatus {
  const base = { id: row.id, kind: 'relay' as const, acceptedAt: formatTime(row.accepted_at) };
  if (row.state === 'refused') {
    return { ...base, state: 'refused', code: row.refusal_code ?? '', detail: row.refusal_detail ?? '' };
  }
  const isFinal =
    row.state === 'final' ||
    (row.block_number !== null && row.final_block_number !== null && row.block_number <= row.final_block_number);
  const state = isFinal ? 'final' : row.entry !== null ? 'anchored' : row.state === 'sent' ? 'stored' : 'accepted';
  return {
    ...base,
    state,
    ...(row.hash === null ? {} : { transaction: row.hash }),
    ...(row.entry === null ? {} : { entry: row.entry }),
  };
}

/** An array as PostgreSQL spells it; ids are UUIDs, which need no quotes. */
function arrayOf(ids: readonly string[]): string {
  return `{${ids.join(',')}}`;
}

/** Milliseconds since 1970 as ISO 8601. */
export function formatTime(ms: number): string {
  return new Date(ms).toISOString();
}
