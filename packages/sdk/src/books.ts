/**
 * The books of an audit: what is counted, listed and grouped of acts, batches and credentials, and written down so that an audit goes on
 * where it was ended. It judges by all that the ledger has said by the end.
 */
import { type Digest, type Hex, parseShape } from '@dpp-ledger/core';
import {
  type AuditDepth,
  type AuditReport,
  createFindings,
  createReconciliation,
  createUpstream,
  type Findings,
  type Judgement,
  type MaterialBooks,
  restoreFindings,
  type Takedown,
} from '@dpp-ledger/core/audit';
import { encodeKeyId, formatCid } from '@dpp-ledger/core/credential';
import { decodeEntry, type Entry, type EntryOf, type PlainAnchor } from '@dpp-ledger/core/journal';
import { z } from 'zod';
import { isAct, readActs } from './acts.ts';
import { createDraws } from './draws.ts';
import type { History } from './history.ts';
import { createGrouping, type ReplayNotes } from './notes.ts';

export interface BooksOptions {
  readonly history: History;
  readonly depth: AuditDepth;
  readonly notes: ReplayNotes;
}

export type Audited = Pick<AuditReport, 'timeline' | 'takedowns' | 'findings' | 'materials'> & {
  readonly counts: AuditCounts;
  readonly distinct: number | undefined;
  readonly faults: number;
};

/** A batch, by its anchor. */
export interface OpenedBatch {
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly anchor: EntryOf<'anchored'>;
}

const STEPS = 48;
/** Records after which it says how many were compared. */
const COMPARED = 4_096;

const whole = z.int().nonnegative();
const counts = z.strictObject({
  batches: whole,
  credentials: whole,
  rebuilt: whole,
  judged: whole,
  valid: whole,
  revoked: whole,
  superseded: whole,
  kinds: z.record(z.string(), whole),
});
/** Counted as they are opened. */
export type AuditCounts = z.infer<typeof counts>;

const saved = z.strictObject({
  acts: whole,
  seen: z.strictObject({ acts: whole, batches: whole, credentials: whole }),
  counts,
  timeline: z.array(whole),
  takedowns: z.array(z.tuple([z.string(), whole, whole])),
  findings: z.unknown(),
  materials: z.unknown().optional(),
  digests: whole,
  places: whole,
  draws: whole,
  upstream: z.unknown().optional(),
});

export type Books = Awaited<ReturnType<typeof openBooks>>;

/** Everything that is counted, listed and grouped. */
export async function openBooks({ history, depth, notes }: BooksOptions) {
  const { state } = history.fold;
  const value = await notes.read('audit');
  const kept = value === undefined ? undefined : parseShape(saved, value, 'state of an audit', 'audit.mismatch');
  const findings: Findings = kept === undefined ? createFindings() : restoreFindings(kept.findings);
  const counted = kept?.counts ?? {
    ...{ batches: 0, credentials: 0, rebuilt: 0, judged: 0, valid: 0, revoked: 0, superseded: 0 },
    kinds: {},
  };
  // Without the journal's beginning nobody knows what a lot was made of.
  const materials =
    history.from.entries > 0
      ? undefined
      : createReconciliation(
          { nameIssuer: (id) => state.issuers.get(id)?.did ?? id, onFinding: (kind, item) => findings.add(kind, item) },
          kept?.materials,
        );
  let materialBooks: MaterialBooks | undefined;
  const digests = createGrouping(notes, { file: 'digests', length: 40, key: 32 });
  const places = createGrouping(notes, { file: 'places', length: 58, key: 18 });
  await digests.restore(kept?.digests ?? 0);
  await places.restore(kept?.places ?? 0);
  const draws = createDraws(notes);
  await draws.restore(kept?.draws ?? 0);
  const upstream = createUpstream({ state }, kept?.upstream);
  const takedowns = new Map(listEnded(state).map((row) => [nameEnd(row.cause, row.issuer, row.key), row]));
  for (const [name, batches, credentials] of kept?.takedowns ?? []) {
    const row = takedowns.get(name);
    if (row !== undefined) takedowns.set(name, { ...row, batches, credentials });
  }
  const timeline = kept?.timeline ?? [];
  const seen = { ...(kept?.seen ?? { acts: 0, batches: 0, credentials: 0 }) };
  const dids = new Map(Array.from(state.issuers.values(), ({ number, did }) => [number, did]));
  const start = await firstTime(notes, state.blockTime);
  const width = Math.max(1, Math.ceil((state.blockTime - start + 1) / STEPS));
  let distinct = 0;

  function takeDown(
    cause: Takedown['cause'],
    issuer: string,
    key: string | undefined,
    batches: number,
    credentials: number,
  ) {
    const name = nameEnd(cause, issuer, key);
    const row = takedowns.get(name);
    if (row === undefined) return;
    takedowns.set(name, { ...row, batches: row.batches + batches, credentials: row.credentials + credentials });
  }

  return {
    acts: kept?.acts ?? 0,
    /** What was looked at so far, whatever came of it. */
    seen,
    counts: counted,
    findings,
    /** What stands behind the lots that passports draw on. */
    upstream,
    materials,

    /** An act, and what it shows by itself. */
    noteAct(index: number, entry: Entry | PlainAnchor): void {
      // A plain anchor takes nothing from any lot.
      if (!isPlain(entry)) materials?.add(index, entry);
      if (!('issuer' in entry)) return;
      const issuer = state.issuers.get(entry.issuer);
      if (issuer === undefined) return;
      const { actor, blockTime: time } = entry;
      const place = { entry: index, block: entry.blockNumber, time, act: entry.kind, issuer: issuer.did };
      const key = actor.kind === 'key' ? issuer.keys.get(actor.id) : undefined;
      if (key?.compromisedSince !== undefined && time >= key.compromisedSince) {
        findings.add('actsAfterEnd', {
          ...place,
          key: encodeKeyId(actor.id),
          cause: 'key',
          since: key.compromisedSince,
        });
      }
      const isAfter = issuer.withdrawnSince !== undefined && time >= issuer.withdrawnSince;
      if (isAfter) findings.add('actsAfterEnd', { ...place, cause: 'withdrawal', since: issuer.withdrawnSince ?? 0 });
      if (entry.kind !== 'anchored') return;
      counted.batches += 1;
      counted.credentials += entry.size;
      if (isAfter) takeDown('withdrawal', issuer.did, undefined, 1, entry.size);
      const step = Math.max(0, Math.floor((time - start) / width));
      while (timeline.length <= step) timeline.push(0);
      timeline[step] = (timeline[step] ?? 0) + entry.size;
    },

    /** A batch that its manifest makes. */
    async noteBatch(index: number, found: readonly Digest[]): Promise<void> {
      counted.rebuilt += 1;
      for (const [position, digest] of found.entries()) {
        const record = new Uint8Array(40);
        record.set(digest);
        writePlace(record, 32, index, position);
        await digests.add(record);
      }
    },

    /** A credential that was judged, in every list in which it stands. */
    async noteJudgement({ index, anchor }: OpenedBatch, position: number, digest: Digest, judgement: Judgement) {
      const issuer = state.issuers.get(anchor.issuer);
      const did = issuer?.did ?? anchor.issuer;
      const { codes, kind, place, isRevoked, isSuperseded } = judgement;
      counted.judged += 1;
      if (codes.length === 0) counted.valid += 1;
      if (isRevoked) counted.revoked += 1;
      if (isSuperseded) counted.superseded += 1;
      if (kind !== undefined) counted.kinds[kind] = (counted.kinds[kind] ?? 0) + 1;
      const where = { entry: index, position, cid: formatCid(digest) };
      for (const [list, item] of sortCodes(judgement, did)) {
        if (list === 'invalid') findings.add(list, { ...where, ...item });
        else if (list === 'outsideGrants') findings.add(list, { ...where, ...item });
        else {
          const key = judgement.key === undefined ? undefined : issuer?.keys.get(judgement.key);
          const since = (item.cause === 'key' ? key?.compromisedSince : issuer?.withdrawnSince) ?? 0;
          findings.add(list, { ...where, ...item, since });
          if (item.cause === 'key') takeDown('key', did, item.key, 0, 1);
        }
      }
      if (judgement.draws !== undefined) {
        const { claims } = judgement.draws;
        const { isUnsound, affected } = upstream.judge(claims);
        if (affected > 0n && !isUnsound) {
          const milligrams = String(claims.reduce((sum, claim) => sum + claim.milligrams, 0n));
          findings.add('inDoubt', { ...where, issuer: did, affected: String(affected), milligrams });
        }
        const isListed = sortCodes(judgement, did).some(([list]) => list === 'invalid');
        const passport = { entry: index, position, digest, isValid: codes.length === 0, isListed };
        await draws.add(passport, judgement.draws, { anchor, isUnsound });
      }
      if (place !== undefined && issuer !== undefined) {
        await places.add(encodePlace(issuer.number, place, { entry: index, position, digest }));
      }
    },

    /** A key that signed in a batch after it was compromised. */
    noteKeyInBatch(issuer: Hex, keys: ReadonlySet<Hex>): void {
      const held = state.issuers.get(issuer);
      for (const key of keys) if (held !== undefined) takeDown('key', held.did, encodeKeyId(key), 1, 0);
    },

    async save(acts: number): Promise<void> {
      const sizes = { digests: await digests.flush(), places: await places.flush(), draws: await draws.flush() };
      const rows = Array.from(takedowns, ([name, { batches, credentials }]) => [name, batches, credentials]);
      const lists = findings.lists();
      const kept = { acts, seen, materials: materials?.snapshot(), upstream: upstream.snapshot() };
      await notes.save('audit', { ...kept, counts: counted, timeline, takedowns: rows, findings: lists, ...sizes });
    },

    /** Which bytes stand in several places, and which places belong to several credentials. */
    async group(onProgress: (done: number, of: number) => void): Promise<void> {
      materialBooks = materials?.close(state.lots);
      if (depth === 'journal') return;
      const of = (await digests.count()) + (await places.count()) + (await draws.count());
      let compared = 0;
      const compare = (group: readonly Uint8Array[]) => {
        compared += group.length;
        if (compared % COMPARED < group.length) onProgress(compared, of);
      };
      for await (const group of digests.groups()) {
        compare(group);
        distinct += 1;
        const [first, second] = group.map((record) => readPlace(record, 32));
        if (first === undefined || second === undefined) continue;
        const cid = formatCid((group[0] ?? new Uint8Array()).slice(0, 32) as Digest);
        findings.add('anchoredTwice', { cid, anchors: group.length, first, second });
      }
      for await (const group of places.groups()) {
        compare(group);
        const uses = new Map<string, { readonly entry: number; readonly position: number; readonly cid: string }>();
        for (const record of group) {
          const cid = formatCid(record.slice(26, 58) as Digest);
          if (!uses.has(cid)) uses.set(cid, { ...readPlace(record, 18), cid });
        }
        const [first, second] = [...uses.values()];
        if (first === undefined || second === undefined) continue;
        const { issuer, list, index } = readKey(group[0] ?? new Uint8Array(18));
        findings.add('placesUsedTwice', {
          ...{ issuer: dids.get(issuer) ?? '', list: String(list), index, credentials: uses.size, first, second },
        });
      }
      for await (const { entry, position, digest, isValid, isListed, code } of draws.uncovered(compare)) {
        if (isValid) counted.valid -= 1;
        if (!isListed) findings.add('invalid', { entry, position, cid: formatCid(digest), code });
      }
    },

    result(): Audited {
      const rows = [...takedowns.values()].sort((a, b) =>
        nameEnd(a.cause, a.issuer, a.key) < nameEnd(b.cause, b.issuer, b.key) ? -1 : 1,
      );
      return {
        ...{ counts: counted, takedowns: rows, findings: findings.lists(), faults: findings.faults },
        timeline: { from: start, width, anchored: timeline },
        distinct: depth === 'journal' ? undefined : distinct,
        ...(materialBooks === undefined ? {} : { materials: materialBooks }),
      };
    },
  };
}

function isPlain(entry: Entry | PlainAnchor): entry is PlainAnchor {
  return entry.kind === 'anchored' && !('allocations' in entry);
}

/** Each withdrawn issuer and compromised key, nothing counted yet. */
function listEnded(state: History['fold']['state']): Takedown[] {
  return Array.from(state.issuers.values()).flatMap(({ did, withdrawnSince, keys }) => [
    ...(withdrawnSince === undefined
      ? []
      : [{ cause: 'withdrawal', issuer: did, since: withdrawnSince, batches: 0, credentials: 0 } as const]),
    ...Array.from(keys).flatMap(([id, { compromisedSince: since }]) =>
      since === undefined
        ? []
        : [{ cause: 'key', issuer: did, key: encodeKeyId(id), since, batches: 0, credentials: 0 } as const],
    ),
  ]);
}

function nameEnd(cause: Takedown['cause'], issuer: string, key: string | undefined): string {
  return [cause, issuer, key ?? ''].join(' ');
}

type Sorted =
  | readonly ['takenDown', { readonly issuer: string; readonly key?: string; readonly cause: 'key' | 'withdrawal' }]
  | readonly ['outsideGrants', { readonly issuer: string; readonly code: string }]
  | readonly ['invalid', { readonly code: string }];

const OUTSIDE_GRANTS: ReadonlySet<string> = new Set([
  'issuer.no-grant',
  'issuer.grant-not-shown',
  'issuer.other-grant',
  'issuer.grant-not-yet',
  'issuer.grant-ended',
]);

/** In which lists a credential stands that failed. One list each, and `invalid` once: with what failed first. */
function sortCodes({ codes, key }: Judgement, issuer: string): Sorted[] {
  const sorted: Sorted[] = [];
  for (const code of codes) {
    if (code === 'key.compromised-before-anchor') {
      sorted.push(['takenDown', { issuer, ...(key && { key: encodeKeyId(key) }), cause: 'key' }]);
    } else if (code === 'issuer.withdrawn') sorted.push(['takenDown', { issuer, cause: 'withdrawal' }]);
    else if (OUTSIDE_GRANTS.has(code)) sorted.push(['outsideGrants', { issuer, code }]);
    else if (!sorted.some(([list]) => list === 'invalid')) sorted.push(['invalid', { code }]);
  }
  return sorted;
}

async function firstTime(notes: ReplayNotes, otherwise: number): Promise<number> {
  for await (const kept of readActs(notes, 0)) {
    const first = kept.find(({ bytes }) => isAct(bytes));
    if (first !== undefined) return decodeEntry(first.bytes).blockTime;
  }
  return otherwise;
}

// --------------------------------------------------------------------------------------------------------------------- records

/** 6 bytes of the anchor's index, 2 of the position. */
function writePlace(record: Uint8Array, at: number, entry: number, position: number): void {
  const view = new DataView(record.buffer, record.byteOffset);
  view.setUint16(at, Math.floor(entry / 2 ** 32));
  view.setUint32(at + 2, entry % 2 ** 32);
  view.setUint16(at + 6, position);
}

function readPlace(record: Uint8Array, at: number): { readonly entry: number; readonly position: number } {
  const view = new DataView(record.buffer, record.byteOffset);
  return { entry: view.getUint16(at) * 2 ** 32 + view.getUint32(at + 2), position: view.getUint16(at + 6) };
}

/** The key: 2 bytes that spread places evenly, the issuer's number, list, index. Then the credential's place and digest. */
function encodePlace(
  issuer: number,
  { list, index }: NonNullable<Judgement['place']>,
  credential: { readonly entry: number; readonly position: number; readonly digest: Digest },
): Uint8Array {
  const record = new Uint8Array(58);
  const view = new DataView(record.buffer);
  // 40503 is odd: the places of a list fall on all 65,536 numbers in turn.
  view.setUint16(0, (index * 40_503 + Number(list & 0xffffn) + issuer) % 65_536);
  view.setUint32(2, issuer);
  view.setBigUint64(6, list);
  view.setUint32(14, index);
  writePlace(record, 18, credential.entry, credential.position);
  record.set(credential.digest, 26);
  return record;
}

function readKey(record: Uint8Array): { readonly issuer: number; readonly list: bigint; readonly index: number } {
  const view = new DataView(record.buffer, record.byteOffset);
  return { issuer: view.getUint32(2), list: view.getBigUint64(6), index: view.getUint32(14) };
}
