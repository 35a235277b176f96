/** Several issuers on one ledger on paper, each with a key, whose credentials are signed, anchored and verified for real. */
import { encodeHex } from '../../src/bytes.ts';
import {
  type Credential,
  createSigner,
  encodeRoles,
  formatKid,
  parseCredential,
  parseDid,
  publicKeyOf,
  signPayload,
} from '../../src/credential/index.ts';
import { buildBatch, buildEvidence, type Evidence, parsePolicy, questionOf } from '../../src/evidence/index.ts';
import type { StatusPurpose } from '../../src/journal/index.ts';
import {
  type AttestationInput,
  buildAttestation,
  buildPassport,
  type PassportInput,
  parseAttestationInput,
  parsePassportInput,
  type VerifiedAttestation,
} from '../../src/passport/index.ts';
import type { Report } from '../../src/report.ts';
import { verify } from '../../src/verify/index.ts';
import {
  ACCREDITOR,
  anchored,
  by,
  createKeyPair,
  createPaperLedger,
  issuerOf,
  keyAdded,
  type PaperLedger,
} from '../journal/paper-ledger.ts';

export interface Said {
  readonly credential: Credential;
  evidence(): Evidence;
  /** As the ledger is now. `facts: false` asks nobody. */
  verify(options?: {
    readonly now?: number;
    readonly facts?: boolean;
  }): Promise<VerifiedAttestation & { report: Report }>;
  set(status: StatusPurpose): void;
}

export interface Party {
  readonly did: string;
  passport(input: unknown): Promise<Said>;
  attest(input: unknown): Promise<Said>;
  say(credential: object, place?: number): Promise<Said>;
}

let places = 0;
const LIST = 77n;

export async function createParty(
  ledger: PaperLedger,
  name: string,
  roles: readonly string[],
  prefix: string,
): Promise<Party> {
  const did = `did:web:${name}.example`;
  const id = issuerOf(did);
  const controller = by('controller', name);
  const bits = encodeRoles(roles);
  const keyPair = await createKeyPair();
  const number = ledger.fold.state.issuers.size + 1;
  ledger.append(ACCREDITOR, { kind: 'accredited', issuer: id, number, roles: bits, controller: controller.id, did });
  ledger.append(ACCREDITOR, keyAdded(id, keyPair, 15));
  ledger.append(ACCREDITOR, { kind: 'prefixGranted', issuer: id, number: 1, prefix });
  const signer = await createSigner({ issuer: parseDid(did), jwk: keyPair.jwk });

  async function say(document: object, place: number): Promise<Said> {
    const signed = await signPayload(document, formatKid(signer.issuer, signer.keyId), signer);
    const batch = buildBatch([signed.digest]);
    const manifest = encodeHex(batch.manifest.digest);
    const at = ledger.append(controller, anchored({ issuer: id, root: batch.root, size: 1, manifest, roles: bits }));
    const credential = parseCredential(document);
    const evidence = () =>
      buildEvidence({
        ledger: ledger.id,
        credential: signed.jwt,
        key: publicKeyOf(signer.key),
        grant: { number: 1, prefix },
        batch: { index: 0, proof: batch.prove(0) },
        entry: { index: at, bytes: ledger.entries[at] ?? new Uint8Array(), proof: ledger.peakPath(at) },
      });
    return {
      credential,
      evidence,
      async verify({ now = ledger.time + 30, facts = true } = {}) {
        const policy = { ...parsePolicy({ ledgers: [ledger.id] }), maxAgeSeconds: 1e12 };
        const said = facts ? ledger.facts(questionOf(evidence())) : undefined;
        return { credential, report: await verify({ evidence: evidence(), facts: said, policy, now }) };
      },
      set: (status) => {
        const words = [{ number: Math.floor(place / 256), bits: 1n << BigInt(place % 256) }];
        ledger.append(controller, { kind: 'statusSet', issuer: id, list: LIST, status, reason: 'error', words });
      },
    };
  }

  const options = () => ({
    issuer: { id: parseDid(did), name: `Fictional ${name}` },
    ledger: ledger.id,
    status: { list: LIST, index: ++places },
    statusListCredential: `https://${name}.example/status/77`,
    validFrom: '2025-06-01T00:00:00Z',
  });
  return {
    did,
    say: (document, place = 0) => say(document, place),
    async passport(input) {
      const voice = roles.includes('dataPublisher') ? 'restated' : 'declared';
      const built = buildPassport(parsePassportInput(input) as PassportInput, { ...options(), voice });
      return await say(built, places);
    },
    attest: async (input) =>
      await say(buildAttestation(parseAttestationInput(input) as AttestationInput, options()), places),
  };
}

export { createPaperLedger };
