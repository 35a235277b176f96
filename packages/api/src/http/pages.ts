/** What the pages for people read, over this service's index, store and ledger: the `Reader` of the web package. */
import {
  type BatchRoot,
  type CredentialCid,
  type Digest,
  DppError,
  decodeHex,
  encodeHex,
  type Hex,
  hashIssuer,
  type IssuerId,
  type SubjectId,
} from '@dpp-ledger/core';
import {
  credentialKind,
  decodeRoles,
  encodeKeyId,
  formatCid,
  isDid,
  parseCid,
  parseCredential,
  parseJwt,
} from '@dpp-ledger/core/credential';
import type { Policy } from '@dpp-ledger/core/evidence';
import { formatManifestCid } from '@dpp-ledger/core/evidence';
import type { Entry } from '@dpp-ledger/core/journal';
import { formatLot, readFlows } from '@dpp-ledger/core/materials';
import {
  formatDigitalLink,
  isDigitalLink,
  parseAttestation,
  parseDigitalLink,
  readPassport,
} from '@dpp-ledger/core/passport';
import type { LedgerReader } from '@dpp-ledger/sdk/ledger';
import { decodePurposes } from '@dpp-ledger/sdk/ledger';
import type {
  AnchorDetails,
  BatchSummary,
  IssuerSummary,
  PassportList,
  PassportPage,
  PassportSummary,
  PassportVersion,
  Reader,
} from '@dpp-ledger/web';
import type { Anchor, Catalogue, Found, Version } from '../ledger/catalogue.ts';
import { type Lots, readLotName } from '../ledger/lots.ts';
import type { Mirror } from '../ledger/mirror.ts';
import type { Prover } from '../ledger/prover.ts';
import type { Tracer } from '../ledger/tracer.ts';
import { readLink, type Scanned, type Verifier } from '../ledger/verifier.ts';
import type { Issuer, State } from '../outbox/door.ts';

export function createPageReader(options: {
  readonly catalogue: Catalogue;
  readonly mirror: Mirror;
  readonly prover: Prover;
  readonly lots: Lots;
  readonly tracer: Tracer;
  readonly verifier: Verifier;
  readonly reader: LedgerReader;
  readonly policy: Policy;
  readonly publicUrl: string;
}): Reader {
  const { catalogue, mirror, prover, lots, tracer, verifier, reader, policy, publicUrl } = options;

  async function toPage({ asked, version, report, evidence, claims }: Scanned): Promise<PassportPage> {
    const [changes, { versions }] = await mirror.ask(() =>
      Promise.all([catalogue.findStatusChanges(version), catalogue.listHistory(version, { limit: 1_000 })]),
    );
    return {
      asked,
      report,
      ...readContent(evidence.credential),
      claims,
      cid: version.cid as CredentialCid,
      anchor: { ...toAnchorDetails(version.anchor), index: version.position },
      status: {
        revoked: toChange(changes.revoked),
        superseded: toChange(changes.superseded),
        list: version.list,
        index: version.place,
      },
      versions: versions.map(toVersion),
      links: linksOf(version, publicUrl),
    };
  }

  async function toBatchSummaries(state: State, anchors: readonly Anchor[]): Promise<BatchSummary[]> {
    const names = await catalogue.nameIssuers([...new Set(anchors.map(({ issuer }) => issuer))]);
    return anchors.flatMap((anchor) => {
      const issuer = state.issuers.get(anchor.issuer);
      if (issuer === undefined) return [];
      const { root, size, entry, blockNumber, time } = anchor;
      return [
        {
          root,
          size,
          entry,
          blockNumber,
          time,
          issuer: { id: issuer.did as IssuerId, name: names.get(anchor.issuer) },
        },
      ];
    });
  }

  async function toIssuerSummaries(issuers: readonly Issuer[]): Promise<IssuerSummary[]> {
    const names = await catalogue.nameIssuers(issuers.map(({ id }) => id));
    return issuers.map((issuer) => ({
      id: issuer.did as IssuerId,
      name: names.get(issuer.id),
      number: issuer.number,
      roles: decodeRoles(issuer.roles),
      standing: standingOf(issuer),
      accreditedAt: Math.min(...[...issuer.keys.values()].map(({ validFrom }) => validFrom)),
      passports: issuer.credentials,
    }));
  }

  return {
    async readServer() {
      const { state, head, treeHead } = await mirror.read();
      const issuers = [...state.issuers.values()];
      const sum = (count: (issuer: Issuer) => number) => issuers.reduce((total, issuer) => total + count(issuer), 0);
      return {
        ledger: reader.id,
        trustBase: policy.trustBase,
        source: reader.source,
        blockNumber: head.blockNumber,
        blockTime: head.blockTime,
        treeHead: { size: treeHead.size, root: encodeHex(treeHead.root) },
        counts: {
          passports: sum(({ credentials }) => credentials),
          issuers: issuers.length,
          batches: sum(({ batches }) => batches),
        },
        paused: state.paused,
        closed: state.successor !== undefined,
      };
    },

    async scan(link) {
      const scanned = await verifier.scan(link);
      return scanned && (await toPage(scanned));
    },

    async readPassport(cid) {
      const version = await catalogue.findVersion(parseCid(cid));
      if (version === undefined) return undefined;
      return await toPage({ asked: version.subject, ...(await verifier.verifyVersion(version)) });
    },

    async findPassports(query) {
      return toList(await catalogue.findPassports(query));
    },

    async findBelow(link, { limit }) {
      return toList(await catalogue.findBelow(readLink(link), { limit }));
    },

    readIssuers: () => mirror.ask(({ state }) => toIssuerSummaries([...state.issuers.values()])),

    readIssuer: (did) =>
      mirror.ask(async ({ state }) => {
        const issuer = state.issuers.get(hashIssuer(did));
        if (issuer === undefined) return undefined;
        const [summary] = await toIssuerSummaries([issuer]);
        if (summary === undefined) return undefined;
        return {
          ...summary,
          withdrawnSince: issuer.withdrawnSince,
          controller: issuer.controller,
          submitters: [...issuer.submitters],
          grants: [...issuer.grants.values()],
          keys: Array.from(issuer.keys, ([id, { algorithm, purposes, validFrom, retiredAt, compromisedSince }]) => ({
            id: encodeKeyId(id),
            algorithm,
            purposes: decodePurposes(purposes),
            validFrom,
            retiredAt,
            compromisedSince,
          })),
        };
      }),

    readBatches: ({ limit, issuer }) =>
      mirror.ask(async ({ state }) => {
        const id = issuer === undefined ? undefined : hashIssuer(issuer);
        return await toBatchSummaries(state, await catalogue.listAnchors({ limit, issuer: id }));
      }),

    readBatch: (root, { from, limit }) =>
      mirror.ask(async ({ state }) => {
        const anchors = await catalogue.findAnchors(decodeHex(root));
        const [first] = anchors;
        const [summary] = await toBatchSummaries(state, anchors.slice(0, 1));
        if (first === undefined || summary === undefined) return undefined;
        const places = await catalogue.listPlaces(first.entry, { from, limit });
        return {
          root: first.root,
          issuer: summary.issuer,
          size: first.size,
          manifest: formatManifestCid(first.manifest),
          anchors: anchors.filter(({ issuer }) => issuer === first.issuer).map(toAnchorOnly),
          from,
          credentials: places.map(({ position, digest, version }) => ({
            index: position,
            cid: formatCid(digest),
            passport: version?.kind === 'passport' ? toSummary(version) : undefined,
          })),
        };
      }),

    readLot: (name, { from, limit }) =>
      mirror.ask(async ({ state }) => {
        const lot = await lots.find(readLotName(reader.name, name));
        if (lot === undefined) return undefined;
        const [making] = await lots.listChanges(lot.id, { from: lot.entry, limit: 1 });
        const changes = await lots.listChanges(lot.id, { from: Math.max(from, lot.entry + 1), limit: limit + 1 });
        const page = changes.slice(0, limit);
        const actors = page.flatMap(({ entry }) => ('issuer' in entry ? [entry.issuer] : []));
        const parties = [lot.holder, lot.namedBy, ...(lot.offeredTo === undefined ? [] : [lot.offeredTo]), ...actors];
        const names = await catalogue.nameIssuers([...new Set(parties)]);
        const party = (id: Hex) => ({ id: state.issuers.get(id)?.did ?? id, name: names.get(id) });
        const flowsOf = (entry: Entry, way: 'in' | 'out') => readFlows(entry).filter((flow) => flow.way === way);
        const { holder, namedBy, offeredTo, event, ...rest } = lot;
        return {
          ...rest,
          ...{ uri: formatLot(reader.name, lot.id), holder: party(holder), namedBy: party(namedBy) },
          offeredTo: offeredTo && party(offeredTo),
          event: event && formatCid(decodeHex(event, 32) as Digest),
          madeOf: making === undefined ? [] : flowsOf(making.entry, 'out'),
          changes: page.map(({ index, entry, milligrams }) => ({
            ...{ index, entry, milligrams, into: flowsOf(entry, 'in') },
            by: 'issuer' in entry ? party(entry.issuer) : { id: entry.actor.id, name: undefined },
          })),
          next: changes[limit]?.index,
        };
      }),

    async trace(of, asked) {
      const traced = await tracer.trace(of, asked);
      if (traced === undefined) return undefined;
      const { graph, passport, blockNumber, blockTime } = traced;
      const dids = [...new Set(graph.nodes.map(({ by }) => by))].filter((by) => by !== undefined && isDid(by));
      const names = await catalogue.nameIssuers(dids.map((did) => hashIssuer(did as IssuerId)));
      return {
        graph,
        names: new Map(dids.map((did) => [did as string, names.get(hashIssuer(did as IssuerId)) ?? (did as string)])),
        passport: passport && {
          ...{ cid: passport.version.cid as CredentialCid, name: passport.version.name, report: passport.report },
        },
        ...{ trustBase: policy.trustBase, blockNumber, blockTime },
      };
    },

    readJournal: ({ from, limit }) =>
      mirror.ask(async ({ state, treeHead }) => {
        const entries = await prover.readEntries({ from, limit });
        const concerned = entries.flatMap(({ entry }) => ('issuer' in entry ? [entry.issuer] : []));
        const names = await catalogue.nameIssuers([...new Set(concerned)]);
        const nameOf = (id: Hex) => {
          const issuer = state.issuers.get(id);
          return issuer && { id: issuer.did as IssuerId, name: names.get(id) };
        };
        return {
          treeHead: { size: treeHead.size, root: encodeHex(treeHead.root) },
          from,
          entries: entries.map(({ index, leaf, entry }) => ({
            index,
            leaf: encodeHex(leaf),
            entry,
            issuer: 'issuer' in entry ? nameOf(entry.issuer) : undefined,
          })),
        };
      }),
  };
}

export function standingOf({ withdrawnSince, suspended }: Issuer): IssuerSummary['standing'] {
  if (withdrawnSince !== undefined) return 'withdrawn';
  return suspended ? 'suspended' : 'accredited';
}

/** Where a label's link leads on this server: a Digital Link to its own path, any other subject to itself. */
export function labelUri(subject: SubjectId, publicUrl: string): string {
  if (!isDigitalLink(subject)) return subject;
  const { gtin, variant, batch, serial } = parseDigitalLink(subject);
  if (gtin === undefined) return subject;
  return formatDigitalLink(
    {
      gtin,
      ...(variant === undefined ? {} : { variant }),
      ...(batch === undefined ? {} : { batch }),
      ...(serial === undefined ? {} : { serial }),
    },
    publicUrl,
  );
}

function linksOf({ cid, subject }: Version, publicUrl: string): PassportPage['links'] {
  const label = labelUri(subject, publicUrl);
  const uri = encodeURIComponent(label);
  const leadsHere = URL.canParse(label) && new URL(label).host === new URL(publicUrl).host;
  return {
    label,
    here: leadsHere ? undefined : new URL(`/view/passport?uri=${uri}`, publicUrl).href,
    credential: `/passports/${cid}`,
    evidence: `/evidence/${cid}`,
    linkset: leadsHere ? `${label}?linkType=all` : `/resolve?uri=${uri}&linkType=all`,
    labelSvg: `/label?uri=${uri}&format=svg`,
    labelPng: `/label?uri=${uri}&format=png`,
  };
}

/** Bytes that are no passport have no view: the report says why. */
function readContent(jwt: string): Pick<PassportPage, 'view' | 'attestation'> {
  try {
    const credential = parseCredential(parseJwt(jwt).payload);
    return credentialKind(credential) === 'conformity'
      ? { view: undefined, attestation: parseAttestation(credential) }
      : { view: readPassport(credential), attestation: undefined };
  } catch (error) {
    if (error instanceof DppError) return { view: undefined, attestation: undefined };
    throw error;
  }
}

function toAnchorOnly({ entry, blockNumber, time, transaction }: Anchor) {
  return { entry, blockNumber, time, transaction };
}

function toAnchorDetails(anchor: Anchor): Omit<AnchorDetails, 'index'> {
  return { ...toAnchorOnly(anchor), batch: anchor.root as BatchRoot, batchSize: anchor.size };
}

type Change = NonNullable<NonNullable<PassportPage['status']>['revoked']>;

function toChange(change: { entry: number; time: number; reason: string } | undefined): Change | undefined {
  return change && { ...change, reason: change.reason as Change['reason'] };
}

function toVersion(version: Version): PassportVersion {
  return { cid: version.cid as CredentialCid, anchoredAt: version.anchor.time, status: statusOf(version) };
}

function statusOf({ revoked, superseded, standing }: Version): PassportVersion['status'] {
  if (revoked) return 'revoked';
  if (standing !== 'entitled') return 'doubtful';
  return superseded ? 'superseded' : 'current';
}

function toList({ versions, total }: Found): PassportList {
  return { passports: versions.map(toSummary), total };
}

function toSummary(version: Version): PassportSummary {
  return {
    cid: version.cid as CredentialCid,
    subject: version.subject,
    name: version.name,
    issuer: version.issuer,
    granularity: version.granularity,
    anchoredAt: version.anchor.time,
    status: statusOf(version),
  };
}
