import { ED25519_TORSION_SUBGROUP } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { calculateJwkThumbprint } from 'jose';
import { describe, expect, test } from 'vitest';
import { decodeHex, encodeBase64Url } from '../../src/bytes.ts';
import {
  createSigner,
  decodeKeyId,
  encodeKeyId,
  formatCid,
  generateKey,
  hashCid,
  hashKey,
  isLowS,
  lowerS,
  type PublicJwk,
  parseCid,
  parsePrivateJwk,
  parsePublicJwk,
  publicKeyOf,
} from '../../src/credential/index.ts';
import { isSmallOrder } from '../../src/credential/keys.ts';
import { MAKER, makeSigner } from './fixtures.ts';

describe.each(['ES256', 'Ed25519'] as const)('a key for %s', (algorithm) => {
  test('has the thumbprint of RFC 7638', async () => {
    const jwk = await generateKey({ algorithm });
    expect(hashKey(jwk)).toBe(await calculateJwkThumbprint({ ...publicKeyOf(jwk) }, 'sha256'));
  });

  test('has a thumbprint that the ledger spells in hex', async () => {
    const id = hashKey(await generateKey({ algorithm }));
    expect(encodeKeyId(decodeKeyId(id))).toBe(id);
  });

  test('is read with members beside that say nothing of it', async () => {
    const jwk = publicKeyOf(await generateKey({ algorithm }));
    expect(parsePublicJwk({ ...jwk, kid: 'x', alg: algorithm, use: 'sig' })).toEqual(jwk);
  });

  test('is refused where a public key is expected and the private half is there', async () => {
    const jwk = await generateKey({ algorithm });
    expect(() => parsePublicJwk(jwk)).toThrow(expect.objectContaining({ code: 'input.shape' }));
  });

  test('makes no signer out of two halves that do not belong together', async () => {
    const [one, other] = await Promise.all([generateKey({ algorithm }), generateKey({ algorithm })]);
    await expect(createSigner({ issuer: MAKER, jwk: { ...one, d: other.d } })).rejects.toMatchObject({
      code: 'input.shape',
    });
  });
});

test.each([
  ['another curve', { kty: 'EC', crv: 'P-384', x: 'A'.repeat(43), y: 'A'.repeat(43) }],
  ['a short coordinate', { kty: 'EC', crv: 'P-256', x: 'AQ', y: 'A'.repeat(43) }],
  ['stray bits', { kty: 'OKP', crv: 'Ed25519', x: `${'A'.repeat(42)}B` }],
  ['no key at all', null],
])('a JWK with %s is refused', (_, jwk) => {
  expect(() => parsePublicJwk(jwk)).toThrow(expect.objectContaining({ code: 'input.shape' }));
  expect(() => parsePrivateJwk(jwk)).toThrow(expect.objectContaining({ code: 'input.shape' }));
});

test('an ES256 signer gives low s, whatever WebCrypto gives', async () => {
  const signer = await makeSigner('ES256');
  const signatures = await Promise.all(Array.from({ length: 64 }, (_, i) => signer.sign(Uint8Array.of(i))));
  expect(signatures.every(isLowS)).toBe(true);
});

test('lowering is idempotent and keeps r', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), (signature) => {
      // Any s of 256 bits below the order.
      fc.pre((signature[32] ?? 0) < 0xff);
      const lowered = lowerS(signature);
      expect(isLowS(lowered)).toBe(true);
      expect(lowerS(lowered)).toEqual(lowered);
      expect(lowered.subarray(0, 32)).toEqual(signature.subarray(0, 32));
    }),
  );
});

describe('keys of small order, under which anybody can sign', () => {
  const keyOf = (hex: string): PublicJwk => ({
    kty: 'OKP',
    crv: 'Ed25519',
    x: encodeBase64Url(decodeHex(`0x${hex}`)),
  });
  const negated = (hex: string) =>
    hex.replace(/..$/, (last) => (Number.parseInt(last, 16) ^ 0x80).toString(16).padStart(2, '0'));
  const unreduced = [`ed${'ff'.repeat(30)}7f`, `ee${'ff'.repeat(30)}7f`];

  test.each([...ED25519_TORSION_SUBGROUP, ...unreduced])('%s is one, on either side', (hex) => {
    expect(isSmallOrder(keyOf(hex))).toBe(true);
    expect(isSmallOrder(keyOf(negated(hex)))).toBe(true);
  });

  test.each(['ES256', 'Ed25519'] as const)('one that was generated for %s is none', async (algorithm) => {
    expect(isSmallOrder(publicKeyOf(await generateKey({ algorithm })))).toBe(false);
  });
});

describe('CIDs (version 1, raw, sha2-256, base32)', () => {
  test('are those that IPFS gives', () => {
    // `ipfs add --cid-version 1 --raw-leaves` of "hello\n".
    expect(hashCid(new TextEncoder().encode('hello\n'))).toBe(
      'bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am',
    );
  });

  test('are read back', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const cid = hashCid(bytes);
        expect(formatCid(parseCid(cid))).toBe(cid);
      }),
    );
  });

  test.each([
    ['version 0', 'QmZULkCELmmk5XNfCgTnCyFgAVxBRBXyDHGGMVoLFLiXEN'],
    ['another codec', 'bafyreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am'],
    ['capital letters', 'BAFKREICYSG23KIWV34EG2D7QWEIPXWOSDO2PY4LDV42NBAUGULUEN5V6AM'],
    ['stray bits', 'bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6an'],
    ['one letter less', 'bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6a'],
    ['nothing', ''],
  ])('with %s are refused', (_, text) => {
    expect(() => parseCid(text)).toThrow(expect.objectContaining({ code: 'input.encoding' }));
  });
});
