import { createPublicKey, verify } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeBase64Url, sha256 } from '../../src/bytes.ts';
import {
  type CosignatureSigner,
  type Cosigner,
  createCosignatureSigner,
  createNoteSigner,
  encodeNote,
  encodeSignature,
  generateCosignatureKey,
  generateNoteKey,
  openCosignatures,
  parseCosigner,
  parseNote,
  parseSignatures,
  parseVerifierKey,
  signNote,
} from '../../src/checkpoint/index.ts';

const TEXT = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
const TIME = 1_679_315_147;
const utf8 = new TextEncoder();

let signer: CosignatureSigner;
let cosigner: Cosigner;

beforeAll(async () => {
  signer = await createCosignatureSigner(await generateCosignatureKey('witness.example.com/w1'));
  cosigner = await parseCosigner(signer.verifierKey);
});

async function cosigned(time = TIME): Promise<string> {
  const log = await createNoteSigner(await generateNoteKey('example.com/behind-the-sofa'));
  return `${await signNote(TEXT, log)}${encodeSignature(await signer.cosign(TEXT, time))}`;
}

describe('cosignatures', () => {
  it('are a big-endian time and Ed25519 over header, time and checkpoint, as the specification has them', async () => {
    const { signature } = await signer.cosign(TEXT, TIME);
    expect(signature).toHaveLength(72);
    expect(Buffer.from(signature).readBigUInt64BE()).toBe(BigInt(TIME));
    const message = `cosignature/v1\ntime 1679315147\n${TEXT}`;
    const x = encodeBase64Url(cosigner.publicKey);
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    expect(verify(null, Buffer.from(message), key, signature.subarray(8))).toBe(true);
  });

  it('name their key by SHA-256 over name, newline, 0x04 and the public key', () => {
    const hashed = sha256(Buffer.concat([Buffer.from('witness.example.com/w1\n\x04'), cosigner.publicKey]));
    expect(cosigner.keyId).toBe(Buffer.from(hashed).readUInt32BE());
    expect(cosigner.verifierKey).toMatch(/^witness\.example\.com\/w1\+[0-9a-f]{8}\+B/);
  });

  it('are read from a checkpoint beside the signatures of keys that are not known, with their time', async () => {
    const note = await cosigned();
    expect(await openCosignatures(note, [cosigner])).toEqual([{ cosigner, time: TIME }]);
    const other = await parseCosigner((await createCosignatureSigner(await generateCosignatureKey('w2'))).verifierKey);
    expect(await openCosignatures(note, [other])).toEqual([]);
    expect(await openCosignatures(note, [])).toEqual([]);
  });

  it('of one witness count once, by the latest', async () => {
    const note = `${await cosigned(TIME)}${encodeSignature(await signer.cosign(TEXT, TIME + 5))}${encodeSignature(await signer.cosign(TEXT, TIME - 5))}`;
    expect(await openCosignatures(note, [cosigner])).toEqual([{ cosigner, time: TIME + 5 }]);
  });

  it('are false with any bit of text, time or signature altered', async () => {
    const { signature } = await signer.cosign(TEXT, TIME);
    const text = utf8.encode(TEXT);
    expect(await cosigner.verify(text, signature)).toBe(true);
    const flip = (bytes: Uint8Array, bit: number) =>
      bytes.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
    for (let bit = 0; bit < 8 * signature.length; bit++) {
      expect(await cosigner.verify(text, flip(signature, bit)), `bit ${bit} of the signature`).toBe(false);
    }
    for (let bit = 0; bit < 8 * text.length; bit += 7) {
      expect(await cosigner.verify(flip(text, bit), signature), `bit ${bit} of the text`).toBe(false);
    }
    const note = (await cosigned()).replace('20852163', '20852164');
    await expect(openCosignatures(note, [cosigner])).rejects.toMatchObject({ code: 'checkpoint.signature' });
  });

  it('of another length than 72 bytes are false', async () => {
    const { name, keyId, signature } = await signer.cosign(TEXT, TIME);
    for (const cut of [signature.subarray(0, 71), signature.subarray(8), Buffer.concat([signature, Buffer.of(0)])]) {
      expect(await cosigner.verify(utf8.encode(TEXT), cut)).toBe(false);
      const note = encodeNote({ text: TEXT, signatures: [{ name, keyId, signature: cut }] });
      await expect(openCosignatures(note, [cosigner])).rejects.toMatchObject({ code: 'checkpoint.signature' });
    }
  });

  it('are not signatures of the note itself: neither kind of key reads as the other', async () => {
    const { verifierKey } = await createNoteSigner(await generateNoteKey('log'));
    await expect(parseCosigner(verifierKey)).rejects.toMatchObject({ code: 'checkpoint.key' });
    await expect(parseVerifierKey(signer.verifierKey)).rejects.toMatchObject({ code: 'checkpoint.key' });
    await expect(createCosignatureSigner(await generateNoteKey('log'))).rejects.toMatchObject({
      code: 'checkpoint.key',
    });
    await expect(createNoteSigner(await generateCosignatureKey('w'))).rejects.toMatchObject({ code: 'checkpoint.key' });
  });

  it('come back from a witness as lines that are appended to a checkpoint', async () => {
    const signature = await signer.cosign(TEXT, TIME);
    const line = encodeSignature(signature);
    expect(parseSignatures(line)).toEqual([signature]);
    expect(parseNote(`${TEXT}\n${line}`).signatures).toEqual([signature]);
    for (const bad of ['', '\n', line.trimEnd(), `${line}\n`, `x${line}`]) {
      expect(() => parseSignatures(bad), JSON.stringify(bad)).toThrow(
        expect.objectContaining({ code: 'checkpoint.note' }),
      );
    }
  });

  it('are never signed as a statement', async () => {
    const message = utf8.encode(`cosignature/v1\ntime ${TIME}\n${TEXT}`);
    await expect(signer.signStatement(message)).rejects.toThrow(TypeError);
  });

  it('take any whole second for their time and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.maxSafeNat(), async (time) => {
        const note = await cosigned(time);
        expect(await openCosignatures(note, [cosigner])).toEqual([{ cosigner, time }]);
      }),
      { numRuns: 30 },
    );
    for (const time of [-1, 0.5, Number.NaN, 2 ** 53]) {
      await expect(signer.cosign(TEXT, time)).rejects.toThrow(TypeError);
    }
  });
});
