import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { encodeBase64Url } from '../../src/bytes.ts';
import { isLowS, type PublicJwk, parseJwt, signPayload, verifySignature } from '../../src/credential/index.ts';
import { makeSigner } from './fixtures.ts';

interface EcdsaCase {
  readonly name: string;
  readonly message: string;
  readonly x: string;
  readonly y: string;
  readonly r: string;
  readonly s: string;
  readonly valid: boolean;
  readonly low: boolean;
}

const cases = JSON.parse(
  readFileSync(new URL('../../../../test/vectors/ecdsa.json', import.meta.url), 'utf8'),
) as readonly EcdsaCase[];

describe('the edge cases of ECDSA that the contract meets too', () => {
  test('are 48', () => {
    expect(cases).toHaveLength(48);
  });

  test.each(cases)('$name', async ({ message, x, y, r, s, valid, low }) => {
    const key: PublicJwk = { kty: 'EC', crv: 'P-256', x: encodeBase64Url(fromHex(x)), y: encodeBase64Url(fromHex(y)) };
    const signature = new Uint8Array([...fromHex(r), ...fromHex(s)]);
    const bytes = new TextEncoder().encode(message);
    const jwt = { ...parsed(new Uint8Array(64).fill(1)), signature, bytes, signingInput: message };
    expect(await verifySignature(jwt, key)).toBe(valid);
    expect(isLowS(signature)).toBe(low);
    // Whatever else is wrong with it, a high s has no spelling here.
    if (low) expect([...parsed(signature).signature]).toEqual([...signature]);
    else expect(() => parsed(signature)).toThrow(expect.objectContaining({ code: 'credential.jwt' }));
  });
});

function parsed(signature: Uint8Array) {
  const part = (value: object) => encodeBase64Url(new TextEncoder().encode(JSON.stringify(value)));
  const header = { alg: 'ES256', typ: 'vc+jwt', cty: 'vc', kid: `did:web:maker.example#${'A'.repeat(43)}` };
  return parseJwt(`${part(header)}.${part({})}.${encodeBase64Url(signature)}`);
}

function fromHex(hex: string): Uint8Array {
  return Buffer.from(hex.slice(2), 'hex');
}

test('a key’s own signature is not taken where the header names another algorithm', async () => {
  const signer = await makeSigner('ES256');
  const kid = `did:web:maker.example#${signer.keyId}`;
  const { jwt } = await signPayload({}, kid, { algorithm: 'Ed25519', sign: signer.sign });
  expect(await verifySignature(parseJwt(jwt), signer.key)).toBe(false);
  const same = await signPayload({}, kid, signer);
  expect(await verifySignature(parseJwt(same.jwt), signer.key)).toBe(true);
});
