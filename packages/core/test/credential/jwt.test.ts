import fc from 'fast-check';
import { compactVerify, importJWK } from 'jose';
import { describe, expect, test } from 'vitest';
import { decodeBase64Url, encodeBase64Url } from '../../src/bytes.ts';
import {
  generateKey,
  hashCid,
  isLowS,
  MAX_CREDENTIAL_BYTES,
  parseDid,
  parseJwt,
  publicKeyOf,
  signCredential,
  signMany,
  signPayload,
  verifySignature,
} from '../../src/credential/index.ts';
import { CREDENTIAL, MAKER, makeSigner } from './fixtures.ts';

const ALGORITHMS = ['ES256', 'Ed25519'] as const;
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

const encode = (value: unknown) =>
  encodeBase64Url(new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value)));
const refuse = (jwt: string, code = 'credential.jwt') =>
  expect(() => parseJwt(jwt)).toThrow(expect.objectContaining({ code }));

const HEADER = { alg: 'ES256', typ: 'vc+jwt', cty: 'vc', kid: 'did:web:maker.example#key' };
const LOW_S = encodeBase64Url(new Uint8Array(64).fill(1));
const withHeader = (header: unknown) => `${encode(header)}.${encode({})}.${LOW_S}`;

describe.each(ALGORITHMS)('a credential signed with %s', (algorithm) => {
  test('is read back, verifies, and its CID is the hash of its bytes', async () => {
    const signer = await makeSigner(algorithm);
    const signed = await signCredential(CREDENTIAL, signer);
    const jwt = parseJwt(signed.jwt);
    expect(jwt.header).toEqual({ alg: algorithm, typ: 'vc+jwt', cty: 'vc', kid: `${MAKER}#${signer.keyId}` });
    expect(jwt.payload).toEqual(JSON.parse(JSON.stringify(CREDENTIAL)));
    expect(await verifySignature(jwt, signer.key)).toBe(true);
    expect(signed.cid).toBe(hashCid(signed.bytes));
  });

  test('carries no claim of JWT: no iss, exp, iat, nbf', async () => {
    const { payload } = parseJwt((await signCredential(CREDENTIAL, await makeSigner(algorithm))).jwt);
    for (const claim of ['iss', 'exp', 'iat', 'nbf', 'sub', 'jti', 'vc']) expect(payload).not.toHaveProperty(claim);
  });

  test('verifies in another implementation', async () => {
    const signer = await makeSigner(algorithm);
    const { jwt } = await signCredential(CREDENTIAL, signer);
    await expect(compactVerify(jwt, await importJWK({ ...signer.key }, algorithm))).resolves.toBeDefined();
  });

  test('does not verify under another key, or with a byte changed anywhere', async () => {
    const signer = await makeSigner(algorithm);
    const other = await makeSigner(algorithm);
    const { jwt } = await signCredential(CREDENTIAL, signer);
    expect(await verifySignature(parseJwt(jwt), other.key)).toBe(false);
    await fc.assert(
      fc.asyncProperty(fc.nat(jwt.length - 1), fc.constantFrom(...'AZaz09-_.'), async (at, character) => {
        fc.pre(jwt[at] !== character);
        const altered = jwt.slice(0, at) + character + jwt.slice(at + 1);
        const isAccepted = async () => verifySignature(parseJwt(altered), signer.key);
        expect(await isAccepted().catch(() => false)).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});

describe('signing', () => {
  test("refuses a credential whose issuer is not the signer's", async () => {
    const signer = { ...(await makeSigner()), issuer: parseDid('did:web:other.example') };
    await expect(signCredential(CREDENTIAL, signer)).rejects.toMatchObject({ code: 'credential.issuer' });
  });

  test('lowers the s of a signer that does not', async () => {
    const signer = await makeSigner();
    const raise = async (bytes: Uint8Array) => {
      const signature = await signer.sign(bytes);
      const s = BigInt(`0x${Buffer.from(signature.subarray(32)).toString('hex')}`);
      return new Uint8Array([
        ...signature.subarray(0, 32),
        ...Buffer.from((ORDER - s).toString(16).padStart(64, '0'), 'hex'),
      ]);
    };
    const { jwt } = await signCredential(CREDENTIAL, { ...signer, sign: raise });
    expect(await verifySignature(parseJwt(jwt), signer.key)).toBe(true);
  });

  test('refuses what a signer gives that is no signature of 64 bytes, such as DER', async () => {
    const signer = { ...(await makeSigner()), sign: async () => new Uint8Array(70).fill(1) };
    await expect(signCredential(CREDENTIAL, signer)).rejects.toThrow(TypeError);
  });

  test('signs many in their order, and builds the last only once the first are on their way', async () => {
    const signer = await makeSigner();
    let asked = 0;
    const counting = {
      ...signer,
      sign: async (bytes: Uint8Array) => {
        asked += 1;
        return await signer.sign(bytes);
      },
    };
    const askedBefore: number[] = [];
    function* build() {
      for (let i = 0; i < 200; i++) {
        askedBefore.push(asked);
        yield { ...CREDENTIAL, name: `Passport ${i}` };
      }
    }
    const signed = await signMany(build(), counting);
    expect(signed.map(({ jwt }) => (parseJwt(jwt).payload as { name: string }).name)).toEqual(
      Array.from({ length: 200 }, (_, i) => `Passport ${i}`),
    );
    expect(askedBefore).toEqual(Array.from({ length: 200 }, (_, i) => i));
  });

  test('of many, the first failure of the signer or of what builds them is the answer', async () => {
    const signer = await makeSigner();
    const failing = { ...signer, sign: () => Promise.reject(new Error('the HSM is away')) };
    await expect(signMany(Array(200).fill(CREDENTIAL), failing)).rejects.toThrow('the HSM is away');
    function* build() {
      for (let i = 0; i < 100; i++) yield CREDENTIAL;
      throw new RangeError('row 101');
    }
    await expect(signMany(build(), signer)).rejects.toThrow('row 101');
  });

  test('refuses a credential of more than 1 MiB', async () => {
    const credential = { ...CREDENTIAL, name: 'x'.repeat(MAX_CREDENTIAL_BYTES) };
    await expect(signCredential(credential, await makeSigner())).rejects.toMatchObject({ code: 'input.too-large' });
  });
});

describe('a credential of 1 MiB', () => {
  // With another length of header no payload would fill it to the byte: base64url has no text of 4n + 1 characters.
  const KID = 'k';
  const head = encode({ alg: 'ES256', typ: 'vc+jwt', cty: 'vc', kid: KID }).length + 1;
  const tail = 1 + LOW_S.length;
  const fill = (characters: number) => ({ x: 'x'.repeat(Math.floor((characters * 3) / 4) - '{"x":""}'.length) });
  const signed = (characters: number) =>
    signPayload(fill(characters), KID, { algorithm: 'ES256', sign: async () => new Uint8Array(64).fill(1) });
  const largest = MAX_CREDENTIAL_BYTES - head - tail;

  test('to the byte is signed and read, and one of a byte more is neither', async () => {
    const { jwt } = await signed(largest);
    expect(jwt).toHaveLength(MAX_CREDENTIAL_BYTES);
    expect(parseJwt(jwt).bytes).toHaveLength(MAX_CREDENTIAL_BYTES);
    await expect(signed(largest + 2)).rejects.toMatchObject({ code: 'input.too-large' });
    refuse(`${jwt}A`, 'input.too-large');
  });
});

describe('one credential has one spelling', () => {
  test('the same signature with a high s is refused, though it verifies elsewhere', async () => {
    const signer = await makeSigner();
    const { jwt } = await signCredential(CREDENTIAL, signer);
    const [head, body, tail = ''] = jwt.split('.');
    const signature = decodeBase64Url(tail);
    expect(isLowS(signature)).toBe(true);
    const s = BigInt(`0x${Buffer.from(signature.subarray(32)).toString('hex')}`);
    const high = new Uint8Array([
      ...signature.subarray(0, 32),
      ...Buffer.from((ORDER - s).toString(16).padStart(64, '0'), 'hex'),
    ]);
    const flipped = `${head}.${body}.${encodeBase64Url(high)}`;
    await expect(compactVerify(flipped, await importJWK({ ...signer.key }, 'ES256'))).resolves.toBeDefined();
    refuse(flipped);
  });

  test.each([
    ['padding', (part: string) => `${part}=`],
    ['stray bits', (part: string) => `${part.slice(0, -1)}${part.endsWith('A') ? 'B' : 'x'}`],
    ['white space', (part: string) => ` ${part}`],
    ['the alphabet of base64', (part: string) => part.replace(/^./, '+')],
  ])('a signature with %s is refused', (_, respell) => {
    const head = encode(HEADER);
    refuse(`${head}.${encode({})}.${respell(LOW_S)}`);
  });

  test.each([
    ['two parts', `${encode(HEADER)}.${encode({})}`],
    ['four parts', `${encode(HEADER)}.${encode({})}.${LOW_S}.`],
    ['a signature of 63 bytes', `${encode(HEADER)}.${encode({})}.${encodeBase64Url(new Uint8Array(63))}`],
    ['a line break at its end', `${encode(HEADER)}.${encode({})}.${LOW_S}\n`],
  ])('%s are refused', (_, jwt) => refuse(jwt));

  test('a duplicate key is refused in the header and in the payload', () => {
    refuse(`${encode('{"alg":"ES256","alg":"ES256"}')}.${encode({})}.${LOW_S}`, 'input.json');
    refuse(`${encode(HEADER)}.${encode('{"id":"a","id":"b"}')}.${LOW_S}`, 'input.json');
  });

  test('more than 1 MiB is refused before anything is decoded', () => {
    refuse('A'.repeat(MAX_CREDENTIAL_BYTES + 1), 'input.too-large');
  });
});

describe('the protected header', () => {
  test.each([
    ['no algorithm', { ...HEADER, alg: undefined }],
    ['the algorithm none', { ...HEADER, alg: 'none' }],
    ['a symmetric algorithm', { ...HEADER, alg: 'HS256' }],
    ['an algorithm that is not on the list', { ...HEADER, alg: 'ES384' }],
    ['another media type', { ...HEADER, typ: 'JWT' }],
    ['another content type', { ...HEADER, cty: 'vp' }],
    ['no key', { ...HEADER, kid: undefined }],
    ['a key of its own', { ...HEADER, jwk: {} }],
    ['a link to a key', { ...HEADER, jku: 'https://x.example' }],
    ['a certificate', { ...HEADER, x5u: 'https://x.example' }],
    ['critical extensions', { ...HEADER, crit: ['b64'], b64: false }],
  ])('with %s is refused', (_, header) => refuse(withHeader(header)));

  test.each(['ES256', 'Ed25519', 'EdDSA'])('may name the algorithm %s', (alg) => {
    expect(parseJwt(withHeader({ ...HEADER, alg })).header.alg).toBe(alg);
  });
});

describe('the algorithm is the key’s', () => {
  test('EdDSA, the name that RFC 9864 deprecates, verifies under an Ed25519 key', async () => {
    const jwk = await generateKey({ algorithm: 'Ed25519' });
    const key = await importJWK({ ...jwk }, 'EdDSA');
    const { CompactSign } = await import('jose');
    const jwt = await new CompactSign(new TextEncoder().encode('{}'))
      .setProtectedHeader({ ...HEADER, alg: 'EdDSA' })
      .sign(key);
    expect(await verifySignature(parseJwt(jwt), publicKeyOf(jwk))).toBe(true);
  });

  test('an Ed25519 key’s own signature is not taken where the header names ES256', async () => {
    const signer = await makeSigner('Ed25519');
    let own: Uint8Array | undefined;
    const sign = async (bytes: Uint8Array) => {
      own = await signer.sign(bytes);
      return own;
    };
    // With another kind of s it would be altered, or refused as high, before its algorithm is looked at.
    let jwt = '';
    for (let i = 0; own === undefined || !isLowS(own); i++) {
      jwt = (await signPayload({ i }, 'kid', { algorithm: 'ES256', sign })).jwt;
    }
    expect(jwt.endsWith(encodeBase64Url(own))).toBe(true);
    expect(await verifySignature(parseJwt(jwt), signer.key)).toBe(false);
  });

  test('where the platform checks no signatures, that is an error and no verdict, also under a key not seen before', async () => {
    const signer = await makeSigner();
    const jwt = parseJwt((await signCredential(CREDENTIAL, signer)).jwt);
    const subtle = Object.getOwnPropertyDescriptor(Crypto.prototype, 'subtle') as PropertyDescriptor;
    try {
      Object.defineProperty(Crypto.prototype, 'subtle', { ...subtle, get: () => undefined });
      await expect(verifySignature(jwt, signer.key)).rejects.toThrow('no WebCrypto');
    } finally {
      Object.defineProperty(Crypto.prototype, 'subtle', subtle);
    }
    expect(await verifySignature(jwt, signer.key)).toBe(true);
  });

  test('a key that is no point of the curve has signed nothing', async () => {
    const { jwt } = await signCredential(CREDENTIAL, await makeSigner());
    const zero = encodeBase64Url(new Uint8Array(32));
    expect(await verifySignature(parseJwt(jwt), { kty: 'EC', crv: 'P-256', x: zero, y: zero })).toBe(false);
  });
});
