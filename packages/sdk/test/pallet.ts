/** A batch of real passports on a real chain, and witnesses of it: what packs are made from. */
import { decodeHex, encodeHex, type Hex } from '@dpp-ledger/core';
import {
  createCosignatureSigner,
  formatOrigin,
  generateCosignatureKey,
  type StateStatement,
  signStatement,
} from '@dpp-ledger/core/checkpoint';
import {
  CONTEXT_URL,
  formatKid,
  formatLedger,
  publicKeyOf,
  type SignedCredential,
  signPayload,
  UNTP_CONTEXT,
  VCDM_CONTEXT,
} from '@dpp-ledger/core/credential';
import { buildEvent, type EventInput } from '@dpp-ledger/core/event';
import { type Batch, buildBatch, buildEvidence, type Evidence, parsePolicyFile } from '@dpp-ledger/core/evidence';
import {
  type Allocation,
  createCompactRange,
  decodeEntry,
  hashLeaf,
  type MaterialAct,
  provePeakPath,
} from '@dpp-ledger/core/journal';
import { formatLot, formatSubstance, hashLot, isMaking, type Origin } from '@dpp-ledger/core/materials';
import { acts, calls, type LedgerReader } from '../src/ledger/index.ts';
import type { LoggedEntry } from '../src/ledger/ledger.ts';
import { readBody, serve, type TestIssuer } from './support.ts';

export const GRANT = { number: 1, prefix: 'gs1:9521234' };
export const LIST = 0x1234n;

export interface Pallet {
  readonly signed: readonly SignedCredential[];
  readonly batch: Batch;
  readonly anchor: LoggedEntry;
  /** With paths to the journal as it is now. */
  evidence(places: Iterable<number>): Promise<Evidence[]>;
}

/** Signs so many passports and anchors them as one batch. */
export async function anchorPallet(options: {
  readonly reader: LedgerReader;
  readonly issuer: TestIssuer;
  readonly size: number;
  /** Of the first; each has the next place of the list. */
  readonly firstPlace?: number;
  /** What each of them takes of lots. */
  readonly story?: LotStory;
  /** They are new versions of these, which took it. */
  readonly before?: Pallet;
}): Promise<Pallet> {
  const { reader, issuer, size, firstPlace = 0, story, before } = options;
  const kid = formatKid(issuer.id, issuer.signer.keyId);
  const signed = await Promise.all(
    Array.from({ length: size }, (_, i) => {
      const payload = passport(reader, issuer, firstPlace + i, story?.materials);
      if (before !== undefined) Object.assign(payload, { credentialSubject: subjectOf(before.signed[i]?.jwt) });
      return signPayload(payload, kid, issuer.signer);
    }),
  );
  const batch = buildBatch(signed.map(({ digest }) => digest));
  const anchored = { root: batch.root, size, manifest: encodeHex(batch.manifest.digest) };
  const allocations = before === undefined ? (story?.taken ?? []) : [];
  const { entries } = await issuer.writer.send(
    allocations.length === 0
      ? calls.anchor({ issuer: issuer.id, ...anchored })
      : calls.act({ issuer: issuer.id, acts: [acts.anchor({ ...anchored, allocations })] }),
  );
  const [anchor] = entries;
  if (anchor === undefined) throw new Error('no entry');
  return {
    signed,
    batch,
    anchor,
    async evidence(places) {
      const nodes = new Map<string, Uint8Array>();
      const tree = createCompactRange();
      for await (const { bytes } of reader.readEntries()) {
        tree.append(hashLeaf(bytes), (level, index, hash) => nodes.set(`${level}/${index}`, hash));
      }
      const readNode = (level: number, index: number) => nodes.get(`${level}/${index}`) ?? new Uint8Array();
      const prove = ({ index, bytes }: LoggedEntry) => ({
        index,
        bytes,
        proof: provePeakPath(index, tree.size, readNode),
      });
      const entry = prove(anchor);
      const lots = story && { entries: story.makings.map(prove), events: story.events };
      const version = before && prove(before.anchor);
      return Array.from(places, (place) =>
        buildEvidence({
          ledger: reader.id,
          credential: signed[place]?.jwt ?? '',
          key: publicKeyOf(issuer.signer.key),
          grant: GRANT,
          batch: { index: place, proof: batch.prove(place) },
          ...{ entry, lots },
          earlier: before &&
            version && {
              credential: before.signed[place]?.jwt ?? '',
              ...{ batch: { index: place, proof: before.batch.prove(place) }, entry: version },
            },
        }),
      );
    },
  };
}

function subjectOf(jwt = ''): unknown {
  const { credentialSubject } = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());
  return credentialSubject;
}

function passport({ id }: LedgerReader, issuer: TestIssuer, place: number, materials?: readonly object[]): object {
  return {
    '@context': [VCDM_CONTEXT, UNTP_CONTEXT, CONTEXT_URL],
    type: ['DigitalProductPassport', 'VerifiableCredential'],
    id: `urn:uuid:6f0e2c9e-3b0a-5c37-9a60-${place.toString(16).padStart(12, '0')}`,
    issuer: { type: ['CredentialIssuer'], id: issuer.id, name: 'Fictional Maker Ltd' },
    validFrom: '2025-01-15T00:00:00Z',
    name: 'Passport: Laptop 14',
    credentialStatus: {
      id: `${formatLedger(id)}#status-${LIST}-${place}`,
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: place,
      statusListCredential: 'https://maker.example/status/1',
    },
    credentialSubject: {
      type: ['Product'],
      id: `https://id.gs1.org/01/09521234000013/21/S${place}`,
      name: 'Laptop 14',
      ...(materials && { idGranularity: 'item', materialProvenance: materials }),
    },
  };
}

// ------------------------------------------------------------------------------------------------------------------------ lots

/** Cobalt of a mine and of the maker's own recycling, refined together; a part of what was recycled is drawn on, and of the pure. */
export interface LotStory {
  readonly lots: Readonly<Record<'ore' | 'shipped' | 'scrap' | 'pure' | 'recycled' | 'part', Hex>>;
  /** Entries that made them. */
  readonly makings: readonly LoggedEntry[];
  readonly events: readonly string[];
  /** Places in its issuer's `EVENTS` list of the events of ore, shipping, scrap and refining. */
  readonly places: Readonly<Record<'ore' | 'shipped' | 'scrap' | 'refined', number>>;
  /** Milligrams that each passport takes: 12 of the part, 3 of the pure. */
  readonly taken: readonly Allocation[];
  readonly materials: readonly object[];
}

/** The list in which events have their places. */
export const EVENTS = 0x77n;
const COBALT = 7_440_484;
const PLANT = { id: 'https://facility.example/1', name: 'A plant' };
const NO_LOSS = { primary: 0n, preConsumerRecycled: 0n, postConsumerRecycled: 0n, renewable: 0n };
type OmitEvent<A> = A extends MaterialAct ? Omit<A, 'event'> : never;

let stories = 0;

/** Told on the ledger anew each time, in lots of their own. `maker`: also refiner and recycler. */
export async function tellStory(reader: LedgerReader, mine: TestIssuer, maker: TestIssuer): Promise<LotStory> {
  const chapter = `${++stories}`;
  const makings: LoggedEntry[] = [];
  const events: string[] = [];
  const firstPlace = 10 * stories;

  async function act(issuer: TestIssuer, done: MaterialAct): Promise<void> {
    const { entries } = await issuer.writer.send(calls.act({ issuer: issuer.id, acts: [acts.material(done)] }));
    makings.push(...entries.filter(({ bytes }) => isMaking(decodeEntry(bytes))));
  }

  async function tell(issuer: TestIssuer, input: EventInput, done: OmitEvent<MaterialAct>): Promise<void> {
    const event = buildEvent(input, {
      issuer: { id: issuer.id, name: 'A party' },
      ledger: reader.id,
      status: { list: EVENTS, index: firstPlace + events.length },
      statusListCredential: 'https://dpp.example/status',
      validFrom: '2025-01-15T00:00:00Z',
    });
    const signed = await signPayload(event, formatKid(issuer.id, issuer.signer.keyId), issuer.signer);
    events.push(signed.jwt);
    await act(issuer, { ...done, event: encodeHex(signed.digest) } as MaterialAct);
  }

  const common = { name: 'What happened', date: '2026-05-04T10:00:00+02:00' };
  const [oreLabel, scrapLabel, pureLabel, recycledLabel] = ['ORE', 'SCRAP', 'PURE', 'RECYCLED'].map(
    (label) => `${label}-${chapter}`,
  ) as [string, string, string, string];
  const lots = {
    ore: hashLot(mine.hash, oreLabel),
    shipped: hashLot(mine.hash, `${oreLabel}/1`),
    scrap: hashLot(maker.hash, scrapLabel),
    pure: hashLot(maker.hash, pureLabel),
    recycled: hashLot(maker.hash, recycledLabel),
    part: hashLot(maker.hash, `${recycledLabel}/1`),
  };
  async function register(issuer: TestIssuer, lot: Hex, label: string, origin: Origin, milligrams: bigint) {
    const kind = { origin, custody: 'segregated', milligrams, label } as const;
    await tell(
      issuer,
      {
        ...{ kind: 'register', ...common, at: PLANT },
        outputs: [{ lot, name: 'Cobalt', substance: formatSubstance(COBALT), ...kind }],
      },
      {
        ...{ kind: 'lotRegistered', substance: COBALT, country: 'CD', facility: PLANT.id, ...kind },
        ...{ periodFrom: 0, periodUntil: 0 },
      },
    );
  }

  await register(mine, lots.ore, oreLabel, 'primary', 1_000_000_000n);
  const moved = { lot: lots.shipped, milligrams: 600_000_000n, name: 'Cobalt' };
  await tell(
    mine,
    {
      ...{ kind: 'transfer', ...common, step: 'offered', from: PLANT, to: PLANT },
      ...{ counterparty: { id: maker.id, name: 'A party' }, moved: [moved] },
    },
    {
      ...{ kind: 'transferOffered', receiver: maker.hash, lot: lots.ore, milligrams: moved.milligrams },
      label: `${oreLabel}/1`,
    },
  );
  await act(maker, {
    ...{ kind: 'transferAccepted', sender: mine.hash, lot: lots.shipped, event: `0x${'ac'.repeat(32)}` },
  });
  await register(maker, lots.scrap, scrapLabel, 'postConsumerRecycled', 500_000_000n);
  const inputs = [
    { lot: lots.shipped, milligrams: 600_000_000n },
    { lot: lots.scrap, milligrams: 500_000_000n },
  ].sort((a, b) => (a.lot < b.lot ? -1 : 1));
  const outputs = [
    { origin: 'primary', custody: 'massBalance', milligrams: 590_000_000n, label: pureLabel },
    { origin: 'postConsumerRecycled', custody: 'massBalance', milligrams: 490_000_000n, label: recycledLabel },
  ] as const;
  const lost = { ...NO_LOSS, primary: 10_000_000n, postConsumerRecycled: 10_000_000n };
  await tell(
    maker,
    {
      ...{ kind: 'transform', ...common, at: PLANT, process: 'refining' },
      inputs: inputs.map((input) => ({ ...input, name: 'Cobalt' })),
      outputs: outputs.map((output) => ({
        ...{ ...output, name: 'Cobalt', substance: formatSubstance(COBALT), lot: hashLot(maker.hash, output.label) },
      })),
    },
    { kind: 'transformed', process: 'refining', inputs, outputs, lost },
  );
  const part = { lot: lots.recycled, milligrams: 400_000_000n, label: `${recycledLabel}/1` };
  await act(maker, { kind: 'lotSplit', ...part });

  const taken = [
    { lot: lots.part, milligrams: 12n },
    { lot: lots.pure, milligrams: 3n },
  ].sort((a, b) => (a.lot < b.lot ? -1 : 1));
  return {
    ...{ lots, makings, events, taken },
    places: { ore: firstPlace, shipped: firstPlace + 1, scrap: firstPlace + 2, refined: firstPlace + 3 },
    materials: taken.map(({ lot, milligrams }) => ({
      ...{ type: ['Material'], name: 'Cobalt', lot: formatLot(formatLedger(reader.id), lot) },
      materialType: {
        code: formatSubstance(COBALT),
        name: 'Cobalt',
        schemeId: 'https://www.cas.org/cas-data/cas-registry',
      },
      originClass: lot === lots.part ? 'postConsumerRecycled' : 'primary',
      chainOfCustodyModel: 'massBalance',
      mass: { value: Number(milligrams) / 1_000, unit: 'GRM' },
    })),
  };
}

/** One who states what its own node says. */
export interface StatingWitness {
  readonly name: string;
  readonly verifierKey: string;
  readonly url: string;
  /** What it states instead, signed all the same; or `undefined` to answer nothing of use. */
  lie: ((truth: StateStatement) => StateStatement | undefined) | undefined;
  close(): Promise<void>;
}

export async function startWitness(name: string, reader: LedgerReader): Promise<StatingWitness> {
  const signer = await createCosignatureSigner(await generateCosignatureKey(`${name}.example`));
  const witness = { lie: undefined as StatingWitness['lie'] };
  const server = await serve(async (request, response) => {
    const { origin, blockNumber } = JSON.parse(await readBody(request)) as { origin: string; blockNumber: number };
    const statement = await stateAt(reader, blockNumber, origin);
    const stated = witness.lie === undefined ? statement : witness.lie(statement);
    if (stated === undefined) {
      response.writeHead(503, { 'content-type': 'application/problem+json' });
      response.end(JSON.stringify({ detail: 'my node is behind' }));
      return;
    }
    response.writeHead(200, { 'content-type': 'application/jwt' });
    response.end(await signStatement(stated, signer));
  });
  return Object.assign(witness, { name, verifierKey: signer.verifierKey, url: server.url, close: server.close });
}

/** What is true at a block. */
export async function stateAt(
  reader: LedgerReader,
  blockNumber: number,
  origin = originOf(reader),
): Promise<StateStatement> {
  const [block, head] = [await reader.readBlock(blockNumber), await reader.readTreeHead({ blockNumber })];
  if (block === undefined) throw new Error(`no block ${blockNumber}`);
  const { number, hash, stateRoot, time } = block;
  const root = decodeHex(head.root, 32);
  return {
    ledger: reader.id,
    origin,
    block: { number, hash, stateRoot, time },
    tree: { size: head.size, root },
    iat: time,
  };
}

export function originOf({ id }: LedgerReader): string {
  return formatOrigin(id, 1);
}

export function policyText(witnesses: readonly StatingWitness[], needed: number): string {
  return [
    ...witnesses.map(({ name, verifierKey, url }) => `witness ${name} ${verifierKey} ${url}`),
    `group enough ${needed} ${witnesses.map(({ name }) => name).join(' ')}`,
    'quorum enough',
    '',
  ].join('\n');
}

export async function policyOf(reader: LedgerReader, witnesses: readonly StatingWitness[], needed: number) {
  return await parsePolicyFile({ ledgers: [reader.id], witnessPolicy: policyText(witnesses, needed) });
}
