/** A credential of the smallest kind, and a signer for it. */
import {
  createSigner,
  generateKey,
  parseCredential,
  parseDid,
  type SignatureAlgorithm,
  type Signer,
} from '../../src/credential/index.ts';

export const MAKER = parseDid('did:web:maker.example');

export const DOCUMENT = {
  '@context': ['https://www.w3.org/ns/credentials/v2', 'https://vocabulary.uncefact.org/untp/0.7.0/context/'],
  type: ['DigitalProductPassport', 'VerifiableCredential'],
  id: 'urn:uuid:6f0e2c9e-3b0a-5c37-9a60-2f8f8f7f3a01',
  issuer: { type: ['CredentialIssuer'], id: MAKER, name: 'Fictional Maker Ltd' },
  validFrom: '2026-01-15T00:00:00Z',
  name: 'Passport: Laptop 14',
  credentialStatus: {
    id: 'eip155:31337:0x5fbdb2315678afecb367f032d93f642f64180aa3#status-3-417',
    type: 'BitstringStatusListEntry',
    statusPurpose: 'revocation',
    statusListIndex: 417,
    statusListCredential: 'https://dpp.example/status/maker/3',
  },
  credentialSubject: { type: ['Product'], id: 'https://id.gs1.org/01/09521234000013', name: 'Laptop 14' },
};
export const CREDENTIAL = parseCredential(DOCUMENT);

export async function makeSigner(algorithm: SignatureAlgorithm = 'ES256'): Promise<Signer> {
  return createSigner({ issuer: MAKER, jwk: await generateKey({ algorithm }) });
}
