/**
 * The catalogue: what the index can be asked. It joins credentials with their anchors and with the state of the ledger, and knows which
 * of several answers is served: the earliest anchor, the issuer that may speak of the subject, the version that is current.
 * It is not a verdict: whoever relies on a credential verifies its evidence.
 */
import {
  type BatchRoot,
  type Digest,
  decodeHex,
  encodeHex,
  type Hex,
  hashIssuer,
  type IssuerId,
  RejectedError,
  type SubjectId,
} from '@dpp-ledger/core';
import { type CredentialKind, formatCid, grantCovers } from '@dpp-ledger/core/credential';
import { isDigitalLink, parseDigitalLink, walkUp } from '@dpp-ledger/core/passport';
import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../database/database.ts';
import { assertMayIssue, type State } from '../outbox/door.ts';
import type { Mirror, View } from './mirror.ts';

/** A credential in a batch on the ledger. Times are seconds since 1970. */
export interface Version {
  readonly cid: string;
  readonly digest: Digest;
  readonly kind: CredentialKind;
  readonly subject: SubjectId;
  readonly granularity: 'model' | 'batch' | 'item';
  readonly name: string;
  readonly issuer: { readonly id: IssuerId; readonly name: string };
  readonly key: Uint8Array;
  readonly list: string;
  readonly place: number;
  readonly revoked: boolean;
  readonly superseded: boolean;
  readonly anchor: Anchor;
  readonly position: number;
  /** `entitled`: the issuer might say this then. `doubtful`: its key or accreditation was ended from before then. `none`: it might not. */
  readonly standing: 'entitled' | 'doubtful' | 'none';
}

export interface Anchor {
  readonly entry: number;
  readonly issuer: Hex;
  readonly root: BatchRoot;
  readonly size: number;
  /** Digest of the manifest. */
  readonly manifest: Digest;
  readonly blockNumber: number;
  readonly time: number;
  readonly transaction: Hex;
}

/** A place in a list of versions: what comes after it is older. */
export interface Cursor {
  readonly entry: number;
  readonly position: number;
}

export interface VersionPage {
  readonly versions: readonly Version[];
  /** Where the next page begins after. */
  readonly next: Cursor | undefined;
}

interface Row {
  entry: number;
  position: number;
  digest: Uint8Array;
  key: Uint8Array;
  kind: CredentialKind;
  subject: string;
  granularity: string;
  name: string;
  issuer_name: string;
  issuer: Uint8Array;
  list: string;
  place: number;
  roles: number;
  root: Uint8Array;
  size: number;
  manifest: Uint8Array;
  block_number: number;
  block_time: number;
  transaction_hash: string;
}

const COLUMNS =
  sql.raw(`c.entry, c.position, c.digest, c.key, c.kind, c.subject, c.granularity, c.name, c.issuer_name, c.issuer,
  c.list, c.place, a.roles, a.root, a.size, a.manifest, a.block_number, a.block_time, a.transaction_hash`);
/** Anchoring again makes no second version. */
const IS_EARLIEST = sql.raw(`not exists (select from ledger.credential d
  where d.digest = c.digest and d.problem is null and (d.entry, d.position) < (c.entry, c.position))`);
/** A sum beyond this is not worth a person's wait. */
const COUNTED_TO = 10_000;
/** So many of the newest passports are gone through for those of one level. */
const GONE_THROUGH = 5_000;
/** So many versions are looked at to find the one that answers. */
const LOOKED_AT = 64;

/** The entry that so many passports are no older than. */
const OLDEST_GONE_THROUGH = sql.raw(`coalesce((select d.entry from ledger.credential d
  where d.kind = 'passport' and d.problem is null order by d.entry desc, d.position desc offset ${GONE_THROUGH} limit 1), 0)`);

export interface Catalogue {
  /** Versions about just this subject, newest first, of issuers that may speak of it. */
  listVersions(options: {
    readonly subject: SubjectId;
    readonly kind?: CredentialKind | undefined;
    readonly before?: Cursor | undefined;
    readonly limit: number;
  }): Promise<VersionPage>;
  /** Attestations that assess a subject, what stands above it, or a facility, and records of it; newest first, of issuers that may. */
  listAttestations(options: {
    readonly subject: SubjectId;
    readonly before?: Cursor | undefined;
    readonly limit: number;
  }): Promise<VersionPage>;
  /** The passport that answers for a subject: its own current one, else its production batch's, else its model's. */
  resolve(subject: SubjectId): Promise<Version | undefined>;
  /** A credential by its digest, at the earliest anchor that counts. */
  findVersion(digest: Uint8Array): Promise<Version | undefined>;
  /** Several by their digests, as `findVersion` finds each; by the digest in hexadecimal. */
  findVersions(digests: readonly Uint8Array[]): Promise<ReadonlyMap<Hex, Version>>;
  /** Versions by one issuer about one subject, newest first. */
  listHistory(
    version: Pick<Version, 'subject' | 'issuer' | 'kind'>,
    options: { readonly before?: Cursor | undefined; readonly limit: number },
  ): Promise<VersionPage>;
  /** The newest passports, or those in whose names or numbers all the words begin a word. */
  findPassports(options: {
    readonly text?: string | undefined;
    readonly granularity?: Version['granularity'] | undefined;
    readonly limit: number;
  }): Promise<Found>;
  /** Passports of what a GTIN or production batch has below it, newest first; `total` counts subjects. */
  findBelow(subject: SubjectId, options: { readonly limit: number }): Promise<Found>;
  /** Anchors, newest first. */
  listAnchors(options: {
    readonly limit: number;
    readonly issuer?: Hex | undefined;
    readonly before?: number | undefined;
  }): Promise<readonly Anchor[]>;
  /** Every anchor of a root, earliest first. */
  findAnchors(root: Uint8Array): Promise<readonly Anchor[]>;
  /** Places of one anchored batch; `version` is missing where the bytes are not at hand or no sound credential. */
  listPlaces(
    entry: number,
    options: { readonly from: number; readonly limit: number },
  ): Promise<readonly { readonly position: number; readonly digest: Digest; readonly version: Version | undefined }[]>;
  /** Names by which issuers call themselves in their newest credentials. */
  nameIssuers(issuers: readonly Hex[]): Promise<ReadonlyMap<Hex, string>>;
  /** When and why a place was first revoked or superseded. */
  findStatusChanges(version: Pick<Version, 'issuer' | 'list' | 'place'>): Promise<{
    readonly revoked: StatusSetting | undefined;
    readonly superseded: StatusSetting | undefined;
  }>;
  /** Whether these bytes belong to this ledger: a credential or a manifest of a batch that is anchored or about to be. */
  knowsBlock(digest: Uint8Array): Promise<boolean>;
  /** A credential that was accepted and is not final yet. */
  findAccepted(digest: Uint8Array): Promise<string | undefined>;
}

export interface Found {
  readonly versions: readonly Version[];
  /**
   * `undefined` beyond 10,000, and where nothing was looked for. Where there are more than twice as many as were asked for, it also
   * counts what issuers say that may not.
   */
  readonly total: number | undefined;
}

export interface StatusSetting {
  readonly entry: number;
  readonly time: number;
  readonly reason: string;
}

export function createCatalogue({ db, mirror }: { readonly db: Db; readonly mirror: Mirror }): Catalogue {
  async function select(
    view: View,
    where: RawBuilder<unknown>,
    order: RawBuilder<unknown>,
    limit: number,
  ): Promise<Version[]> {
    const { rows } = await sql<Row>`
      select ${COLUMNS} from ledger.credential c join ledger.batch a on a.entry = c.entry
      where c.problem is null and c.entry < ${view.head.size} and ${where} order by ${order} limit ${limit}`.execute(
      db,
    );
    return rows.flatMap((row) => readRow(view.state, row) ?? []);
  }

  const newestFirst = sql`c.entry desc, c.position desc`;

  /** Versions older than a place, newest first. */
  async function selectPage(
    view: View,
    where: RawBuilder<unknown>,
    { before, limit }: { readonly before?: Cursor | undefined; readonly limit: number },
  ): Promise<VersionPage> {
    const older = before === undefined ? sql`true` : sql`(c.entry, c.position) < (${before.entry}, ${before.position})`;
    const found = await select(view, sql`${where} and ${older} and ${IS_EARLIEST}`, newestFirst, limit + 1);
    const last = found.length > limit ? found[limit - 1] : undefined;
    return { versions: found.slice(0, limit), next: last && { entry: last.anchor.entry, position: last.position } };
  }

  /** Passports about just this subject, by issuers that may speak of it, newest first. */
  async function candidates(view: View, subject: SubjectId): Promise<Version[]> {
    const aboutIt = sql`c.subject = ${subject} and c.kind = 'passport' and ${IS_EARLIEST}`;
    const newest = await select(view, aboutIt, newestFirst, LOOKED_AT);
    const entitled = newest.filter(({ standing }) => standing !== 'none');
    if (entitled.length > 0 || newest.length < LOOKED_AT) return entitled;
    // A heap of statements by issuers that may not speak of the subject must not hide those of one that may.
    const issuers = entitledIssuers(view.state, subject);
    if (issuers.length === 0) return [];
    const ids = sql`(select decode(hex, 'hex') from unnest(${`{${issuers.map((id) => id.slice(2)).join(',')}}`}::text[]) as i(hex))`;
    const found = await select(view, sql`${aboutIt} and c.issuer in ${ids}`, newestFirst, LOOKED_AT);
    return found.filter(({ standing }) => standing !== 'none');
  }

  /** The newest passports that `where` picks, and how many versions or subjects there are. */
  async function find(
    view: View,
    where: RawBuilder<unknown>,
    { limit, count }: { readonly limit: number; readonly count: 'versions' | 'subjects' | 'nothing' },
  ): Promise<Found> {
    const picked = sql`c.kind = 'passport' and ${where} and ${IS_EARLIEST}`;
    const newest = await select(view, picked, newestFirst, limit * 2);
    const mayBeSaid = newest.filter(({ standing }) => standing !== 'none');
    const versions = mayBeSaid.slice(0, limit);
    if (count === 'nothing') return { versions, total: undefined };
    if (newest.length < limit * 2) {
      const subjects = new Set(mayBeSaid.map(({ subject }) => subject));
      return { versions, total: count === 'subjects' ? subjects.size : mayBeSaid.length };
    }
    const counted = count === 'subjects' ? sql`c.subject` : sql`c.entry, c.position`;
    const { rows } = await sql<{ total: string }>`
      select count(*) as total from (select distinct ${counted} from ledger.credential c
      where c.problem is null and c.entry < ${view.head.size} and ${picked} limit ${COUNTED_TO + 1}) as counted`.execute(
      db,
    );
    const total = Number(rows[0]?.total ?? 0);
    return { versions, total: total > COUNTED_TO ? undefined : total };
  }

  return {
    async listVersions({ subject, kind, before, limit }) {
      const ofKind = kind === undefined ? sql`true` : sql`c.kind = ${kind}`;
      const where = sql`c.subject = ${subject} and ${ofKind}`;
      const { versions, next } = await mirror.ask((view) => selectPage(view, where, { before, limit }));
      return { versions: versions.filter(({ standing }) => standing !== 'none'), next };
    },

    async listAttestations({ subject, before, limit }) {
      const names = isDigitalLink(subject) ? walkUp(subject) : [subject];
      const where = sql`((c.kind = 'conformity' and c.assessed && ${names}::text[])
        or (c.kind = 'facility' and c.subject = any(${names}::text[])))`;
      const { versions, next } = await mirror.ask((view) => selectPage(view, where, { before, limit }));
      return { versions: versions.filter(({ standing }) => standing !== 'none'), next };
    },

    resolve: (subject) =>
      mirror.ask(async (view) => {
        for (const level of walkUp(subject)) {
          const found = chooseVersion(await candidates(view, level));
          if (found !== undefined) return found;
        }
        return undefined;
      }),

    async findVersion(digest) {
      const found = await mirror.ask((view) =>
        select(view, sql`c.digest = ${digest}`, sql`c.entry, c.position`, LOOKED_AT),
      );
      return found.find(({ standing }) => standing === 'entitled') ?? found[0];
    },

    async findVersions(digests) {
      if (digests.length === 0) return new Map();
      const wanted = sql`(select decode(hex, 'hex') from unnest(${`{${digests.map((one) => encodeHex(one).slice(2)).join(',')}}`}::text[]) as i(hex))`;
      const most = digests.length * LOOKED_AT;
      const found = await mirror.ask((view) =>
        select(view, sql`c.digest in ${wanted}`, sql`c.entry, c.position`, most),
      );
      const chosen = new Map<Hex, Version>();
      for (const version of found) {
        const digest = encodeHex(version.digest);
        const earlier = chosen.get(digest);
        const isBetter = earlier?.standing !== 'entitled' && version.standing === 'entitled';
        if (earlier === undefined || isBetter) chosen.set(digest, version);
      }
      return chosen;
    },

    async listHistory({ subject, issuer, kind }, options) {
      const id = decodeHex(hashIssuer(issuer.id));
      const where = sql`c.subject = ${subject} and c.kind = ${kind} and c.issuer = ${id}`;
      return await mirror.ask((view) => selectPage(view, where, options));
    },

    async findPassports({ text, granularity, limit }) {
      const words = text === undefined ? undefined : searchQuery(text);
      if (words === '') return { versions: [], total: 0 };
      const matches = words === undefined ? sql`true` : matchesWords(words);
      const ofLevel =
        granularity === undefined
          ? sql`true`
          : sql`c.granularity = ${granularity} and c.entry >= ${OLDEST_GONE_THROUGH}`;
      const count = text === undefined ? 'nothing' : 'versions';
      return await mirror.ask((view) => find(view, sql`${matches} and ${ofLevel}`, { limit, count }));
    },

    async findBelow(subject, { limit }) {
      // Words rather than the subject's own index: a prefix is found in that one in the C collation only.
      const words = searchQuery(isDigitalLink(subject) ? (parseDigitalLink(subject).gtin ?? '') : '');
      if (words === '') return { versions: [], total: 0 };
      const below = sql`${matchesWords(words)} and starts_with(c.subject, ${`${subject}/`})`;
      return await mirror.ask((view) => find(view, below, { limit, count: 'subjects' }));
    },

    async listAnchors({ limit, issuer, before }) {
      const rows = await db
        .selectFrom('ledger.batch')
        .selectAll()
        .$if(issuer !== undefined, (query) => query.where('issuer', '=', decodeHex(issuer ?? '0x')))
        .$if(before !== undefined, (query) => query.where('entry', '<', before ?? 0))
        .orderBy('entry', 'desc')
        .limit(limit)
        .execute();
      return rows.map(readAnchor);
    },

    async findAnchors(root) {
      const rows = await db.selectFrom('ledger.batch').selectAll().where('root', '=', root).orderBy('entry').execute();
      return rows.map(readAnchor);
    },

    listPlaces: (entry, { from, limit }) =>
      mirror.ask(async ({ state }) => {
        const { rows } = await sql<Row & { problem: string | null }>`
          select ${COLUMNS}, c.problem from ledger.credential c join ledger.batch a on a.entry = c.entry
          where c.entry = ${entry} and c.position >= ${from}::bigint order by c.position limit ${limit}`.execute(db);
        return rows.map((row) => ({
          position: row.position,
          digest: new Uint8Array(row.digest) as Digest,
          version: row.problem === null ? readRow(state, row) : undefined,
        }));
      }),

    async nameIssuers(issuers) {
      const { rows } = await sql<{ hex: string; issuer_name: string }>`
        select i.hex, c.issuer_name from unnest(${`{${issuers.map((id) => id.slice(2)).join(',')}}`}::text[]) as i(hex)
        join lateral (select issuer_name from ledger.credential c where c.issuer = decode(i.hex, 'hex') and c.problem is null
          order by c.entry desc, c.position desc limit 1) c on true`.execute(db);
      return new Map(rows.map(({ hex, issuer_name }) => [`0x${hex}` as Hex, issuer_name]));
    },

    async findStatusChanges({ issuer, list, place }) {
      const rows = await db
        .selectFrom('ledger.status_change')
        .select(['entry', 'status', 'reason', 'bits', 'block_time'])
        .where('issuer', '=', decodeHex(hashIssuer(issuer.id)))
        .where('list', '=', list)
        .where('word', '=', Math.floor(place / 256))
        .orderBy('entry')
        .execute();
      const first = (wanted: 'revoked' | 'superseded') => {
        const row = rows.find(({ status, bits }) => status === wanted && isBitSet(BigInt(encodeHex(bits)), place));
        return row && { entry: row.entry, time: row.block_time, reason: row.reason };
      };
      return { revoked: first('revoked'), superseded: first('superseded') };
    },

    async knowsBlock(digest) {
      const { rows } = await sql<{ known: boolean }>`select
        exists (select from ledger.credential where digest = ${digest}) or exists (select from ledger.batch where manifest = ${digest})
        or exists (select from outbox.item i join outbox.batch b on b.id = i.batch where i.digest = ${digest} and b.state <> 'formed')
        as known`.execute(db);
      return rows[0]?.known ?? false;
    },

    async findAccepted(digest) {
      const row = await db
        .selectFrom('outbox.item')
        .select('jwt')
        .where('digest', '=', digest)
        .where('refusal_code', 'is', null)
        .executeTakeFirst();
      return row?.jwt ?? undefined;
    },
  };
}

/** The one that answers: of issuers beyond doubt if there are any, current ones before superseded and revoked, newest first. */
export function chooseVersion(newestFirst: readonly Version[]): Version | undefined {
  const entitled = newestFirst.filter(({ standing }) => standing === 'entitled');
  const choice = entitled.length > 0 ? entitled : newestFirst;
  return choice.find(({ revoked, superseded }) => !revoked && !superseded) ?? choice[0];
}

function entitledIssuers(state: State, subject: SubjectId): Hex[] {
  return [...state.issuers.values()]
    .filter(({ did, grants }) =>
      [...grants.values()].some(({ prefix }) => grantCovers(prefix, subject, did as IssuerId)),
    )
    .map(({ id }) => id);
}

function readRow(state: State, row: Row): Version | undefined {
  const anchor = readAnchor(row);
  const issuer = state.issuers.get(anchor.issuer);
  if (issuer === undefined) return undefined;
  const bits = issuer.lists.get(BigInt(row.list))?.get(Math.floor(row.place / 256));
  const digest = new Uint8Array(row.digest) as Digest;
  return {
    cid: formatCid(digest),
    digest,
    kind: row.kind,
    subject: row.subject as SubjectId,
    granularity: row.granularity as Version['granularity'],
    name: row.name,
    issuer: { id: issuer.did as IssuerId, name: row.issuer_name },
    key: row.key,
    list: row.list,
    place: row.place,
    revoked: bits !== undefined && isBitSet(bits.revoked, row.place),
    superseded: bits !== undefined && isBitSet(bits.superseded, row.place),
    anchor,
    position: row.position,
    standing: standingOf(state, row, anchor),
  };
}

function standingOf(state: State, row: Row, anchor: Anchor): Version['standing'] {
  const issuer = state.issuers.get(anchor.issuer);
  if (issuer === undefined) return 'none';
  try {
    assertMayIssue(issuer, row, { time: anchor.time, roles: row.roles });
  } catch (error) {
    if (!(error instanceof RejectedError)) throw error;
    return error.code === 'key.not-in-force' ? 'doubtful' : 'none';
  }
  return issuer.withdrawnSince !== undefined && issuer.withdrawnSince <= anchor.time ? 'doubtful' : 'entitled';
}

function readAnchor(row: {
  entry: number;
  issuer: Uint8Array;
  root: Uint8Array;
  size: number;
  manifest: Uint8Array;
  block_number: number;
  block_time: number;
  transaction_hash: string;
}): Anchor {
  return {
    entry: row.entry,
    issuer: encodeHex(row.issuer),
    root: encodeHex(row.root) as BatchRoot,
    size: row.size,
    manifest: new Uint8Array(row.manifest) as Digest,
    blockNumber: row.block_number,
    time: row.block_time,
    transaction: row.transaction_hash as Hex,
  };
}

/** Place `i` is bit `i % 256`, from the least significant, of its word (the interface, "Entries"). */
function isBitSet(word: bigint, place: number): boolean {
  return ((word >> BigInt(place % 256)) & 1n) === 1n;
}

function matchesWords(words: string): RawBuilder<unknown> {
  return sql`to_tsvector('simple', c.search) @@ to_tsquery('simple', ${words})`;
}

/** Each word as the beginning of a word, all of them. */
function searchQuery(text: string): string {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words
    .slice(0, 8)
    .map((word) => `${word.slice(0, 64)}:*`)
    .join(' & ');
}
