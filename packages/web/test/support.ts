/** A reader over fixed content, for pages; and the pages over it. */

import type { Digest } from '@dpp-ledger/core';
import {
  type BatchRoot,
  CHECKS,
  type CheckName,
  type CredentialCid,
  type Hex,
  type IssuerId,
  type Outcome,
  type Report,
  type SubjectId,
} from '@dpp-ledger/core';
import { formatCid, parseDid } from '@dpp-ledger/core/credential';
import type { Entry } from '@dpp-ledger/core/journal';
import {
  buildPassport,
  type ClaimFinding,
  computeRecycledContent,
  type PassportView,
  parsePassportInput,
  readPassport,
} from '@dpp-ledger/core/passport';
import { createPages } from '../src/app.ts';
import type { PassportClaims, PassportPage, PassportSummary, Reader } from '../src/reader.ts';
import { createLotPage, createTracePage } from './trace-pages.ts';

export const NOW = 1_795_510_800;

export function hex(byte: number, length = 32): Hex {
  return `0x${byte.toString(16).padStart(2, '0').repeat(length)}`;
}

export function cidOf(byte: number): CredentialCid {
  return formatCid(new Uint8Array(32).fill(byte) as Digest);
}

export const MAKER = parseDid('did:web:maker.example');
export const ROOT = hex(0xab) as BatchRoot;
export const ITEM = 'https://id.gs1.org/01/09521234000013/21/A7K2' as SubjectId;
export const MODEL = 'https://id.gs1.org/01/09521234000013' as SubjectId;

const SOURCE = { url: 'https://maker.example/reports/l14.pdf', title: 'Laptop 14 carbon report', published: '2026-05' };

/** A view as the core makes it of a credential that the core made of an input. */
export function createView(options: { readonly bare?: boolean; readonly model?: boolean } = {}): PassportView {
  const identity = {
    gtin: '09521234000013',
    name: 'Laptop 14 (test)',
    category: 'laptop',
    manufacturer: { name: 'Fictional Maker Ltd' },
    ...(options.model ? { granularity: 'model' } : { granularity: 'item', serial: 'A7K2' }),
  };
  const figures = {
    modelNumber: 'L14',
    countryOfProduction: 'CN',
    massKg: 1.36,
    carbon: {
      totalKgCO2e: 301,
      uncertaintyKgCO2e: 59,
      stages: { manufacturing: 242.6, distribution: 12.1, use: 44, endOfLife: 2.3 },
      lifetimeYears: 4,
      useLocation: 'EU',
      method: 'PAIA',
      source: SOURCE,
    },
    materials: [
      {
        name: 'Cobalt',
        cas: '7440-48-4',
        massG: 12,
        recycledPercent: 90,
        preConsumerPercent: 20,
        postConsumerPercent: 70,
        country: 'CD',
        custodyModel: 'segregated',
        critical: true,
        component: 'battery',
        source: SOURCE,
      },
    ],
    recycledContent: [{ of: 'plastic', percent: 52, kind: 'postConsumer', atLeast: true, source: SOURCE }],
    substancesOfConcern: [{ name: 'Lead', cas: '7439-92-1', percentWw: 0.14, location: 'hinge', source: SOURCE }],
    repair: { euClass: 'B', sparePartsYears: 7, replaceableBattery: true, source: SOURCE },
    durability: { warrantyMonths: 36, securityUpdateUntil: '2031-12-31', source: SOURCE },
    energy: { labelClass: 'C', tecKwhYear: 18.5, source: SOURCE },
    circularity: { recyclablePercent: 87, source: SOURCE },
    packaging: { massG: 310, plasticFree: true, source: SOURCE },
    certificates: [{ scheme: 'EPEAT', level: 'Gold', url: 'https://maker.example/epeat' }],
  };
  const credential = buildPassport(parsePassportInput(options.bare ? identity : { ...identity, ...figures }), {
    issuer: { id: MAKER, name: 'Fictional Maker Ltd' },
    ledger: { chainId: 31337, genesis: hex(1), address: hex(2, 20), codeHash: hex(3) },
    status: { list: 9223372036854775809n, index: 7 },
    statusListCredential: 'https://dpp.example/status/1',
    validFrom: '2026-11-23T09:00:00Z',
    voice: 'declared',
  });
  return readPassport(credential);
}

export function createReport(
  changes: Partial<Report> = {},
  outcomes: Partial<Record<CheckName, Outcome>> = {},
): Report {
  return {
    verdict: 'valid',
    current: true,
    provisional: false,
    checks: CHECKS.map((name) => ({
      name,
      outcome: outcomes[name] ?? (name === 'provenance' ? 'notApplicable' : 'valid'),
      code: 'content.valid',
      message: `What was found of ${name}.`,
      basis: 'facts at block 812',
    })),
    cid: cidOf(1),
    issuer: { id: MAKER, name: 'Fictional Maker Ltd' },
    subject: ITEM,
    answeredBy: undefined,
    voice: 'declared',
    anchoredAt: { blockNumber: 800, time: NOW - 86_400, entry: 12 },
    asOf: { source: 'http://127.0.0.1:8545', blockNumber: 812, time: NOW - 30 },
    trustBase: 'one endpoint, http://127.0.0.1:8545',
    ...changes,
  };
}

/** One claim of each standing, with what a certifier said to it, and an attestation that counts for nothing. */
export function createClaims(view: PassportView = createView()): PassportClaims {
  const certifier = { id: parseDid('did:web:certifier.example'), name: 'Fictional Certifier' };
  const said = { cid: cidOf(7), issuer: certifier, assessment: 'Carbon footprint', date: '2026-11-02' };
  const claim = (name: string, standing: ClaimFinding['standing'], more: Partial<ClaimFinding> = {}): ClaimFinding => ({
    ...{ about: 'claim', id: `urn:x:${name}`, name, criteria: [], figures: [], standing, bearings: [] },
    ...more,
  });
  const bearing = (effect: 'attests' | 'contradicts' | 'expired', message: string) => [
    { ...said, effect, code: 'claim.attested' as const, message },
  ];
  const total = { name: 'Whole life, kg CO2e', value: 301, unit: 'KGM', attested: true };
  const use = { name: 'Use, kg CO2e', value: 44, unit: 'KGM', attested: false };
  const found = 'The certifier found that it conforms, and states no other value.';
  return {
    claims: [
      claim('Carbon footprint', 'attested', { figures: [total, use], bearings: bearing('attests', found) }),
      claim('Energy', 'contradicted', { bearings: bearing('contradicts', 'The certifier found 20 kWh.') }),
      claim('Repair', 'expired', { bearings: bearing('expired', 'It was valid until 2025.') }),
      claim('Durability', 'selfDeclared'),
      claim('Circularity', 'restated'),
      claim('Packaging', 'unknown'),
      claim('North assembly', 'selfDeclared', { about: 'facility' }),
    ],
    attestations: [
      {
        cid: cidOf(8),
        name: 'Certificate 8',
        issuer: certifier,
        scheme: 'Scheme',
        validUntil: undefined,
        counts: false,
        code: 'attestation.revoked',
        message: 'It has been revoked.',
      },
    ],
    unreadAttestations: [{ cid: cidOf(9) }],
    recycledContent: computeRecycledContent(view, { isProvenanceValid: false }),
  };
}

export function createPage(changes: Partial<PassportPage> = {}): PassportPage {
  return {
    asked: ITEM,
    report: createReport(),
    view: undefined,
    claims: undefined,
    attestation: undefined,
    cid: cidOf(1),
    anchor: {
      entry: 12,
      batch: ROOT,
      batchSize: 200,
      index: 7,
      blockNumber: 800,
      time: NOW - 86_400,
      transaction: hex(0xcd),
    },
    status: { revoked: undefined, superseded: undefined, list: '9223372036854775809', index: 7 },
    versions: [
      { cid: cidOf(1), anchoredAt: NOW - 86_400, status: 'current' },
      { cid: cidOf(2), anchoredAt: NOW - 186_400, status: 'superseded' },
    ],
    links: {
      label: 'https://dpp.example/01/09521234000013/21/A7K2',
      here: undefined,
      credential: `/passports/${cidOf(1)}`,
      evidence: `/evidence/${cidOf(1)}`,
      linkset: '/01/09521234000013/21/A7K2?linkType=all',
      labelSvg: '/label?uri=x&format=svg',
      labelPng: '/label?uri=x&format=png',
    },
    ...changes,
  };
}

export const SUMMARY: PassportSummary = {
  cid: cidOf(1),
  subject: ITEM,
  name: 'Laptop 14',
  issuer: { id: MAKER, name: 'Fictional Maker Ltd' },
  granularity: 'item',
  anchoredAt: NOW - 86_400,
  status: 'current',
};

const HEADER = { blockNumber: 800, blockTime: NOW - 86_400, actor: { kind: 'accreditor', id: hex(3, 20) } } as const;

/** One entry of every kind that there is. */
export const ENTRIES: readonly Entry[] = (
  [
    { kind: 'opened', chainId: 31337n, ledger: hex(1, 20) },
    { kind: 'roleGranted', role: hex(0), account: hex(2, 20) },
    { kind: 'roleRevoked', role: hex(9), account: hex(2, 20) },
    { kind: 'adminTransferBegun', account: hex(2, 20), acceptFrom: NOW },
    { kind: 'adminTransferCancelled' },
    { kind: 'adminDelayChangeBegun', delay: 1, effectFrom: NOW },
    { kind: 'adminDelayChangeCancelled' },
    { kind: 'paused' },
    { kind: 'unpaused' },
    { kind: 'accredited', issuer: hex(4), number: 1, roles: 3, controller: hex(0, 20), did: MAKER },
    { kind: 'suspended', issuer: hex(4) },
    { kind: 'reinstated', issuer: hex(4) },
    { kind: 'rolesAssigned', issuer: hex(4), roles: 0 },
    { kind: 'prefixGranted', issuer: hex(4), number: 1, prefix: 'gs1:9521234' },
    { kind: 'prefixTakenBack', issuer: hex(4), number: 1, prefix: 'gs1:9521234', since: NOW },
    { kind: 'controllerProposed', issuer: hex(4), account: hex(5, 20) },
    { kind: 'controllerChanged', issuer: hex(4), account: hex(5, 20) },
    { kind: 'submitterAppointed', issuer: hex(4), account: hex(5, 20) },
    { kind: 'submitterDismissed', issuer: hex(4), account: hex(5, 20) },
    { kind: 'keyAdded', issuer: hex(4), key: hex(6), algorithm: 'ES256', purposes: 15, x: hex(7), y: hex(8) },
    { kind: 'keyRetired', issuer: hex(4), key: hex(6), at: NOW },
    { kind: 'keyCompromised', issuer: hex(4), key: hex(6), since: NOW },
    { kind: 'anchored', issuer: hex(4), roles: 1, root: ROOT, size: 200, manifest: hex(9), allocations: [] },
    {
      kind: 'statusSet',
      issuer: hex(4),
      list: 9223372036854775809n,
      status: 'revoked',
      reason: 'recall',
      words: [{ number: 0, bits: 0b101n }],
    },
    { kind: 'withdrawn', issuer: hex(4), since: NOW },
    { kind: 'closed', chainId: 1n, successor: hex(5, 20), codeHash: hex(6) },
  ] as const
).map((body) => ({ ...HEADER, ...body }));

export function createReader(changes: Partial<Reader> = {}): Reader {
  const issuer = { id: MAKER as IssuerId, name: 'Fictional Maker Ltd' };
  return {
    readServer: async () => ({
      ledger: { chainId: 31337, genesis: hex(1), address: hex(2, 20), codeHash: hex(3) },
      trustBase: 'own node',
      source: 'http://127.0.0.1:8545',
      blockNumber: 812,
      blockTime: NOW - 30,
      treeHead: { size: 126, root: hex(0xee) },
      counts: { passports: 1241, issuers: 2, batches: 9 },
      paused: false,
      closed: false,
    }),
    readLot: async () => createLotPage(),
    trace: async () => createTracePage(),
    scan: async () => createPage(),
    readPassport: async () => createPage(),
    findPassports: async () => ({
      passports: [SUMMARY, { ...SUMMARY, granularity: 'model', status: 'revoked', anchoredAt: undefined }],
      total: 2,
    }),
    findBelow: async () => ({ passports: [], total: 0 }),
    readIssuers: async () => [
      { ...issuer, number: 1, roles: ['manufacturer'], standing: 'accredited', accreditedAt: NOW, passports: 200 },
      {
        id: parseDid('did:web:devices.dpp.example'),
        name: undefined,
        number: 2,
        roles: ['dataPublisher'],
        standing: 'suspended',
        accreditedAt: NOW,
        passports: 0,
      },
    ],
    readIssuer: async (id) =>
      id !== MAKER
        ? undefined
        : {
            ...issuer,
            number: 1,
            roles: ['manufacturer', 'facilityOperator'],
            standing: 'withdrawn',
            accreditedAt: NOW - 1000,
            passports: 200,
            withdrawnSince: NOW,
            controller: undefined,
            submitters: [hex(5, 20)],
            grants: [
              { number: 1, prefix: 'gs1:9521234', from: NOW - 900, until: undefined },
              { number: 2, prefix: 'https://maker.example/m/', from: NOW - 900, until: NOW },
            ],
            keys: [
              {
                id: 'A'.repeat(43),
                algorithm: 'ES256',
                purposes: ['assert', 'operate'],
                validFrom: NOW - 900,
                retiredAt: undefined,
                compromisedSince: undefined,
              },
              {
                id: 'B'.repeat(43),
                algorithm: 'Ed25519',
                purposes: ['assert'],
                validFrom: NOW - 900,
                retiredAt: NOW,
                compromisedSince: undefined,
              },
              {
                id: 'C'.repeat(43),
                algorithm: 'ES256',
                purposes: ['assert'],
                validFrom: NOW - 900,
                retiredAt: NOW,
                compromisedSince: NOW - 100,
              },
            ],
          },
    readBatches: async () => [{ root: ROOT, issuer, size: 200, entry: 12, blockNumber: 800, time: NOW - 86_400 }],
    readBatch: async (root, { from }) =>
      root !== ROOT
        ? undefined
        : {
            root: ROOT,
            issuer,
            size: 200,
            manifest: 'bafyreimanifest',
            anchors: [
              { entry: 12, blockNumber: 800, time: NOW - 86_400, transaction: hex(0xcd) },
              { entry: 19, blockNumber: 805, time: NOW - 80_000, transaction: undefined },
            ],
            from,
            credentials: [
              { index: from, cid: cidOf(1), passport: SUMMARY },
              { index: from + 1, cid: cidOf(2), passport: undefined },
            ],
          },
    readJournal: async ({ from }) => ({
      treeHead: { size: 126, root: hex(0xee) },
      from,
      entries: ENTRIES.map((entry, i) => ({
        index: from + i,
        leaf: hex(i),
        entry,
        issuer: 'issuer' in entry ? issuer : undefined,
      })),
    }),
    ...changes,
  };
}

export function createTestPages(changes: Partial<Reader> = {}) {
  const problems: unknown[] = [];
  const { app, notFound, fail } = createPages({
    reader: createReader(changes),
    now: () => NOW,
    documentation: '/docs',
    onError: (error) => problems.push(error),
  });
  return { app, notFound, fail, problems };
}
