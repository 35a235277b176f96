import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createNoteSigner,
  encodeNote,
  generateNoteKey,
  openNote,
  parseNote,
  parseVerifierKey,
  signNote,
} from '../../src/checkpoint/index.ts';

// From the documentation of golang.org/x/mod/sumdb/note.
const PRIVATE = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
const PUBLIC = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const NOTE = `${TEXT}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;
const utf8 = new TextEncoder();

const refused = { code: 'checkpoint.note' };

describe('signed notes', () => {
  it("are those of Go's package, to the byte", async () => {
    const signer = await createNoteSigner(PRIVATE);
    expect(signer).toMatchObject({ name: 'PeterNeumann', keyId: 0xc74f20a3, verifierKey: PUBLIC });
    expect(await signNote(TEXT, signer)).toBe(NOTE);
    const { text, signedBy } = await openNote(utf8.encode(NOTE), [await parseVerifierKey(PUBLIC)]);
    expect(text).toBe(TEXT);
    expect(signedBy.map(({ name }) => name)).toEqual(['PeterNeumann']);
  });

  it('come back as they were written, whatever the text', async () => {
    const signer = await createNoteSigner(PRIVATE);
    const verifier = await parseVerifierKey(PUBLIC);
    const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/\p{Cc}/gu, ''));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1 }), async (lines) => {
        const text = `${lines.join('\n')}\n`;
        const note = await signNote(text, signer);
        expect((await openNote(note, [verifier])).text).toBe(text);
        expect(encodeNote(parseNote(note))).toBe(note);
      }),
    );
  });

  it('keep signatures of keys that are not known, and are believed for those that are', async () => {
    const witness = await createNoteSigner(await generateNoteKey('witness.example/w1'));
    const note = await signNote(TEXT, witness, await createNoteSigner(PRIVATE));
    expect(parseNote(note).signatures.map(({ name }) => name)).toEqual(['witness.example/w1', 'PeterNeumann']);
    expect((await openNote(note, [await parseVerifierKey(PUBLIC)])).signedBy).toHaveLength(1);
    const both = [await parseVerifierKey(PUBLIC), await parseVerifierKey(witness.verifierKey)];
    expect((await openNote(note, both)).signedBy).toHaveLength(2);
    const other = await parseVerifierKey((await createNoteSigner(await generateNoteKey('PeterNeumann'))).verifierKey);
    await expect(openNote(note, [other])).rejects.toMatchObject({ code: 'checkpoint.signature' });
    await expect(openNote(note, [])).rejects.toMatchObject({ code: 'checkpoint.signature' });
  });

  it('are refused where one character of the text, or one bit of the signature, is another', async () => {
    const verifier = await parseVerifierKey(PUBLIC);
    await fc.assert(
      fc.asyncProperty(fc.nat(TEXT.length - 2), async (i) => {
        const altered = `${NOTE.slice(0, i)}${NOTE[i] === 'x' ? 'y' : 'x'}${NOTE.slice(i + 1)}`;
        await expect(openNote(altered, [verifier])).rejects.toMatchObject({ code: 'checkpoint.signature' });
      }),
    );
    const { text, signatures } = parseNote(NOTE);
    const [first] = signatures;
    if (first === undefined) throw new TypeError('the note is signed');
    const signature = first.signature.slice();
    signature[40] = (signature[40] ?? 0) ^ 1;
    const altered = encodeNote({ text, signatures: [{ ...first, signature }] });
    await expect(openNote(altered, [verifier])).rejects.toMatchObject({ code: 'checkpoint.signature' });
  });

  it('have at least one signature, an empty line before it and no control characters', () => {
    const signature = NOTE.slice(TEXT.length + 1);
    const long = signature.repeat(101);
    for (const bad of [
      ...['', '\n', TEXT, `${TEXT}\n`, `${TEXT}${signature}`, NOTE.slice(0, -1), `${NOTE}\n`, `${NOTE}${TEXT}`],
      ...[NOTE.replace('think', 'th\tink'), NOTE.replace('think', 'th\r\nink'), NOTE.replace('— ', '- ')],
      ...[NOTE.replace('PeterNeumann', 'Peter+Neumann'), NOTE.replace('PeterNeumann', 'Peter\u00a0Neumann')],
      ...[NOTE.replace('nAM=', 'nAM'), NOTE.replace('nAM=', 'nAN='), `${TEXT}\n— PeterNeumann x08gow==\n`],
      ...[`${TEXT}\n${long}`, `${'x'.repeat(300_000)}\n\n${signature}`, '\ud800\n\n'],
    ]) {
      expect(() => parseNote(bad), bad.slice(0, 60)).toThrow(expect.objectContaining(refused));
    }
    expect(() => parseNote(Uint8Array.of(0xff, 0x0a))).toThrow(expect.objectContaining(refused));
  });

  it('are nothing that arbitrary bytes make it throw anything else for', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.string().map((text) => utf8.encode(text)),
        ),
        (bytes) => {
          try {
            parseNote(bytes);
          } catch (error) {
            expect(error).toMatchObject(refused);
          }
        },
      ),
    );
  });
});

describe("keys' texts", () => {
  it('name a key that is made anew', async () => {
    const text = await generateNoteKey('dpp-ledger/eip155/1/0xab/1');
    const { name, verifierKey } = await createNoteSigner(text);
    expect(name).toBe('dpp-ledger/eip155/1/0xab/1');
    expect((await parseVerifierKey(verifierKey)).name).toBe(name);
    await expect(generateNoteKey('two words')).rejects.toMatchObject(refused);
  });

  it('are refused in any other form, and the private one is never quoted', async () => {
    const secret = PRIVATE.slice(-20);
    for (const bad of [PUBLIC, `${PRIVATE}x`, PRIVATE.replace('c74f20a3', 'c74f20a4'), PRIVATE.replace('+AY', '+BY')]) {
      const error: unknown = await createNoteSigner(bad).catch((refusal: unknown) => refusal);
      expect(error).toMatchObject({ code: 'checkpoint.key' });
      expect(String(error)).not.toContain(secret);
    }
    for (const bad of [
      PRIVATE,
      `${PUBLIC}=`,
      PUBLIC.replace('c7', 'C7'),
      PUBLIC.replace('PeterNeumann', 'Peter'),
      '',
    ]) {
      await expect(parseVerifierKey(bad)).rejects.toMatchObject({ code: 'checkpoint.key' });
    }
  });
});
