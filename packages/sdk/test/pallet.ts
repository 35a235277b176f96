/** A batch of real passports on a real chain, and witnesses of it: what packs are made from. */
import { decodeHex, encodeHex } from '@dpp-ledger/core';
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
import { buildBatch, buildEvidence, type Evidence, parsePolicyFile } from '@dpp-ledger/core/evidence';
import { createCompactRange, hashLeaf, provePeakPath } from '@dpp-ledger/core/journal';
import { calls, type LedgerReader } from '../src/ledger/index.ts';
import { readBody, serve, type TestIssuer } from './support.ts';

export const GRANT = { number: 1, prefix: 'gs1:9521234' };
export const LIST = 0x1234n;

export interface Pallet {
  readonly signed: readonly SignedCredential[];
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
}): Promise<Pallet> {
  const { reader, issuer, size, firstPlace = 0 } = options;
  const kid = formatKid(issuer.id, issuer.signer.keyId);
  const signed = await Promise.all(
    Array.from({ length: size }, (_, i) => signPayload(passport(reader, issuer, firstPlace + i), kid, issuer.signer)),
  );
  const batch = buildBatch(signed.map(({ digest }) => digest));
  const { entries } = await issuer.writer.send(
    calls.anchor({ issuer: issuer.id, root: batch.root, size, manifest: encodeHex(batch.manifest.digest) }),
  );
  const [anchor] = entries;
  if (anchor === undefined) throw new Error('no entry');
  return {
    signed,
    async evidence(places) {
      const nodes = new Map<string, Uint8Array>();
      const tree = createCompactRange();
      for await (const { bytes } of reader.readEntries()) {
        tree.append(hashLeaf(bytes), (level, index, hash) => nodes.set(`${level}/${index}`, hash));
      }
      const readNode = (level: number, index: number) => nodes.get(`${level}/${index}`) ?? new Uint8Array();
      const proof = provePeakPath(anchor.index, tree.size, readNode);
      return Array.from(places, (place) =>
        buildEvidence({
          ledger: reader.id,
          credential: signed[place]?.jwt ?? '',
          key: publicKeyOf(issuer.signer.key),
          grant: GRANT,
          batch: { index: place, proof: batch.prove(place) },
          entry: { index: anchor.index, bytes: anchor.bytes, proof },
        }),
      );
    },
  };
}

function passport({ id }: LedgerReader, issuer: TestIssuer, place: number): object {
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
    },
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
