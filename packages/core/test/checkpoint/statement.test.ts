import fc from 'fast-check';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeBase64Url, encodeBase64Url } from '../../src/bytes.ts';
import {
  type CosignatureSigner,
  type Cosigner,
  createCosignatureSigner,
  formatOrigin,
  generateCosignatureKey,
  openStatement,
  parseCosigner,
  parseStatement,
  type StateStatement,
  signStatement,
} from '../../src/checkpoint/index.ts';

const ledger = {
  chainId: 31_337,
  genesis: `0x${'1a'.repeat(32)}`,
  address: `0x${'2b'.repeat(20)}`,
  codeHash: `0x${'3c'.repeat(32)}`,
} as const;
const statement: StateStatement = {
  ledger,
  origin: formatOrigin(ledger, 2),
  block: { number: 7_321, hash: `0x${'4d'.repeat(32)}`, stateRoot: `0x${'5e'.repeat(32)}`, time: 1_790_000_000 },
  tree: { size: 42, root: new Uint8Array(32).fill(0x6f) },
  iat: 1_790_000_012,
};

let signer: CosignatureSigner;
let cosigner: Cosigner;
let jwt: string;

beforeAll(async () => {
  signer = await createCosignatureSigner(await generateCosignatureKey('witness.example/w1'));
  cosigner = await parseCosigner(signer.verifierKey);
  jwt = await signStatement(statement, signer);
});

const encode = (value: unknown) => encodeBase64Url(new TextEncoder().encode(JSON.stringify(value)));
const read = (part: string | undefined): Record<string, unknown> =>
  JSON.parse(new TextDecoder().decode(decodeBase64Url(part ?? '')));
/** The JWT with another header and payload under the same signature. */
function altered(change: { readonly header?: object; readonly payload?: object }): string {
  const [head, body, tail] = jwt.split('.');
  return [encode({ ...read(head), ...change.header }), encode({ ...read(body), ...change.payload }), tail].join('.');
}
const refused = expect.objectContaining({ code: 'checkpoint.statement' });

describe('state statements', () => {
  it('come back as they were signed, with the witness that signed them', async () => {
    expect(await openStatement(jwt, [cosigner])).toEqual({ statement, witness: cosigner });
    expect(parseStatement(jwt)).toMatchObject({
      statement,
      kid: `witness.example/w1+${cosigner.verifierKey.split('+')[1]}`,
    });
  });

  it('are JWTs that another library verifies, of a type that is no credential', async () => {
    const key = { kty: 'OKP', crv: 'Ed25519', x: encodeBase64Url(cosigner.publicKey) };
    const { payload } = await jwtVerify(jwt, key, {
      typ: 'dpp-state+jwt',
      algorithms: ['Ed25519'],
      currentDate: new Date(0),
    });
    expect(payload).toEqual({
      ledger: `eip155:31337:${ledger.address}`,
      genesis: ledger.genesis,
      codeHash: ledger.codeHash,
      origin: statement.origin,
      block: statement.block,
      tree: { size: 42, root: encodeBase64Url(statement.tree.root) },
      iat: statement.iat,
    });
    expect(decodeProtectedHeader(jwt).typ).toBe('dpp-state+jwt');
  });

  it('are believed of the witnesses that are named, and of no other', async () => {
    const others = await Promise.all(
      ['witness.example/w1', 'witness.example/w2'].map(async (name) =>
        parseCosigner((await createCosignatureSigner(await generateCosignatureKey(name))).verifierKey),
      ),
    );
    await expect(openStatement(jwt, others)).rejects.toMatchObject({ code: 'checkpoint.signature' });
    await expect(openStatement(jwt, [])).rejects.toMatchObject({ code: 'checkpoint.signature' });
    expect((await openStatement(jwt, [...others, cosigner])).witness).toBe(cosigner);
  });

  it('are false with another figure in them', async () => {
    for (const payload of [
      { iat: 1 },
      { tree: { size: 43, root: encodeBase64Url(statement.tree.root) } },
      { block: { ...statement.block, number: 1 } },
      { block: { ...statement.block, stateRoot: `0x${'00'.repeat(32)}` } },
      { codeHash: `0x${'00'.repeat(32)}` },
      { origin: formatOrigin(ledger, 3) },
    ]) {
      await expect(openStatement(altered({ payload }), [cosigner])).rejects.toMatchObject({
        code: 'checkpoint.signature',
      });
    }
  });

  it('are not signed for a log of another ledger', async () => {
    const origin = formatOrigin({ ...ledger, chainId: 1 }, 2);
    await expect(signStatement({ ...statement, origin }, signer)).rejects.toEqual(refused);
    expect(() => parseStatement(altered({ payload: { origin } }))).toThrow(refused);
    expect(() => parseStatement(altered({ payload: { genesis: `0x${'00'.repeat(32)}` } }))).toThrow(refused);
  });

  it('are refused in any other shape or spelling', () => {
    const [head = '', body = '', tail = ''] = jwt.split('.');
    for (const bad of [
      ...['', '.', '..', `${head}.${body}`, `${jwt}.`, `${jwt}=`, ` ${jwt}`, `${head}=.${body}.${tail}`],
      ...[`${head}.${body}.${tail.slice(0, -2)}`, `${head}.${body}.`, `${jwt}${'A'.repeat(5_000)}`],
      ...[{ alg: 'none' }, { alg: 'ES256' }, { alg: 'EdDSA' }, { typ: 'vc+jwt' }, { typ: 'JWT' }, { kid: '' }].map(
        (header) => altered({ header }),
      ),
      ...[{ crit: ['b64'] }, { jwk: {} }].map((header) => altered({ header })),
      ...[
        { extra: 1 },
        { iat: -1 },
        { iat: 1.5 },
        { iat: '1' },
        { ledger: `eip155:31337:${'0x2B'.padEnd(42, '0')}` },
      ].map((payload) => altered({ payload })),
      ...[{ ledger: 'eip155:031337:0x' }, { genesis: '0x12' }, { tree: { size: 42, root: 'AA' } }].map((payload) =>
        altered({ payload }),
      ),
      ...[{ block: { ...statement.block, gas: 1 } }, { tree: null }, { block: [] }].map((payload) =>
        altered({ payload }),
      ),
      `${head}.${encodeBase64Url(new TextEncoder().encode(`{"iat":1,${new TextDecoder().decode(decodeBase64Url(body)).slice(1)}`))}.${tail}`,
    ]) {
      expect(() => parseStatement(bad), bad.slice(0, 200)).toThrow();
      try {
        parseStatement(bad);
      } catch (error) {
        expect(error).toEqual(refused);
      }
    }
  });

  it('are nothing that arbitrary text makes the reader throw anything else for', () => {
    const part = fc.oneof(
      fc.json().map((json) => encodeBase64Url(new TextEncoder().encode(json))),
      fc.string(),
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(part, { minLength: 3, maxLength: 3 }).map((parts) => parts.join('.')),
    );
    fc.assert(
      fc.property(text, (bad) => {
        expect(() => parseStatement(bad)).toThrow(refused);
      }),
    );
  });

  it('with any character altered are never believed', async () => {
    const alphabet = 'ABab01-_.=';
    await fc.assert(
      fc.asyncProperty(fc.nat(jwt.length - 1), fc.constantFrom(...alphabet), async (i, character) => {
        fc.pre(jwt[i] !== character);
        const forged = jwt.slice(0, i) + character + jwt.slice(i + 1);
        await expect(openStatement(forged, [cosigner])).rejects.toMatchObject({
          code: expect.stringMatching(/^checkpoint\.(statement|signature)$/),
        });
      }),
      { numRuns: 300 },
    );
  });
});
