/** A maker, its keys and its ledger, and credentials of its that are signed, batched and anchored: real keys, real signatures. */
import { encodeHex } from '../../src/bytes.ts';
import {
  CONTEXT_URL,
  createSigner,
  formatKid,
  formatLedger,
  type PublicJwk,
  parseDid,
  publicKeyOf,
  type SignedCredential,
  type Signer,
  signPayload,
  UNTP_CONTEXT,
  VCDM_CONTEXT,
} from '../../src/credential/index.ts';
import {
  buildBatch,
  buildEvidence,
  type Evidence,
  type Facts,
  type Policy,
  parsePolicy,
  questionOf,
} from '../../src/evidence/index.ts';
import type { Actor, EntryBody } from '../../src/journal/index.ts';
import type { VerifyOptions } from '../../src/verify/index.ts';
import {
  accreditMaker,
  anchored,
  CONTROLLER,
  createKeyPair,
  createPaperLedger,
  type KeyPair,
  MAKER,
  type PaperLedger,
} from '../journal/paper-ledger.ts';

export const MODEL = 'https://id.gs1.org/01/09521234000013';
export const ITEM = `${MODEL}/21/A7K2`;
export const LIST = 0x1234n;
export const GRANT = { number: 1, prefix: 'gs1:9521234' };

/** A passport's payload; `terms` replace its own. */
export function passport(ledger: PaperLedger, terms: object = {}, place = 417): object {
  return {
    '@context': [VCDM_CONTEXT, UNTP_CONTEXT, CONTEXT_URL],
    type: ['DigitalProductPassport', 'VerifiableCredential'],
    id: 'urn:uuid:6f0e2c9e-3b0a-5c37-9a60-2f8f8f7f3a01',
    issuer: { type: ['CredentialIssuer'], id: MAKER, name: 'Fictional Maker Ltd' },
    validFrom: '2025-01-15T00:00:00Z',
    name: 'Passport: Laptop 14',
    credentialStatus: status(ledger, LIST, place),
    credentialSubject: { type: ['Product'], id: ITEM, name: 'Laptop 14' },
    ...terms,
  };
}

export function status(ledger: PaperLedger, list: bigint, place: number, address = formatLedger(ledger.id)): object {
  return {
    id: `${address}#status-${list}-${place}`,
    type: 'BitstringStatusListEntry',
    statusPurpose: 'revocation',
    statusListIndex: place,
    statusListCredential: 'https://maker.example/status/1',
  };
}

export interface Anchored {
  readonly signed: SignedCredential;
  /** With proofs to the journal as it is when this is called. */
  evidence(): Evidence;
}

export interface World {
  readonly ledger: PaperLedger;
  readonly keyPair: KeyPair;
  readonly signer: Signer;
  readonly policy: Policy;
  append(actor: Actor, body: EntryBody): number;
  /** Signs what is given, among others in one batch of `size`, and anchors it. */
  issue(
    payload: object,
    options?: {
      readonly kid?: string;
      readonly signer?: Signer;
      readonly key?: PublicJwk;
      readonly grant?: Evidence['grant'];
      readonly size?: number;
      readonly actor?: Actor;
      readonly entry?: Partial<Extract<EntryBody, { kind: 'anchored' }>>;
    },
  ): Promise<Anchored>;
  /** What the ledger answers about this evidence now. */
  facts(evidence: Evidence): Facts;
  /** Everything `verify` needs, now. */
  options(evidence: Evidence, overrides?: Partial<VerifyOptions>): VerifyOptions;
}

export async function createWorld(options: { readonly prefix?: string; readonly roles?: number } = {}): Promise<World> {
  const { prefix = GRANT.prefix, roles = 1 } = options;
  const ledger = createPaperLedger();
  const keyPair = await createKeyPair();
  accreditMaker(ledger, keyPair, { prefix, roles });
  const signer = await createSigner({ issuer: parseDid(MAKER), jwk: keyPair.jwk });
  const policy = parsePolicy({ ledgers: [ledger.id] });

  const world: World = {
    ledger,
    keyPair,
    signer,
    policy,
    append: ledger.append,
    async issue(payload, overrides = {}) {
      const { signer: by = signer, size = 5, actor = CONTROLLER, grant = GRANT, entry = {} } = overrides;
      const kid = overrides.kid ?? formatKid(by.issuer, by.keyId);
      const signed = await signPayload(payload, kid, by);
      const others = await Promise.all(Array.from({ length: size - 1 }, (_, i) => signPayload({ filler: i }, kid, by)));
      const index = Math.floor(size / 2);
      const digests = others.map(({ digest }) => digest).toSpliced(index, 0, signed.digest);
      const batch = buildBatch(digests);
      const manifest = encodeHex(batch.manifest.digest);
      const at = ledger.append(actor, anchored({ root: batch.root, size, manifest, roles, ...entry }));
      return {
        signed,
        evidence: () =>
          buildEvidence({
            ledger: ledger.id,
            credential: signed.jwt,
            key: overrides.key ?? publicKeyOf(by.key),
            grant,
            batch: { index, proof: batch.prove(index) },
            entry: { index: at, bytes: ledger.entries[at] ?? new Uint8Array(), proof: ledger.peakPath(at) },
          }),
      };
    },
    facts: (evidence) => ledger.facts(questionOf(evidence)),
    options: (evidence, overrides = {}) => ({
      evidence,
      facts: world.facts(evidence),
      policy,
      now: ledger.time + 30,
      ...overrides,
    }),
  };
  return world;
}
