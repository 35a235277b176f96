import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createNoteSigner,
  encodeCheckpoint,
  formatOrigin,
  generateNoteKey,
  openCheckpoint,
  parseCheckpoint,
  parseOrigin,
  parseVerifierKey,
  signNote,
} from '../../src/checkpoint/index.ts';

const ledger = {
  chainId: 31337,
  genesis: `0x0123abcd${'ef'.repeat(28)}`,
  address: `0x${'ab'.repeat(20)}`,
} as const;
const root = new Uint8Array(32).fill(7);

describe('a checkpoint', () => {
  it('is read as the specification has it', () => {
    const text = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
    const checkpoint = parseCheckpoint(text);
    expect(checkpoint).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163, extensions: [] });
    expect(encodeCheckpoint(checkpoint)).toBe(text);
    expect(parseCheckpoint(`${text}extension\n`).extensions).toEqual(['extension']);
  });

  it('comes back as it was written', () => {
    const line = fc.stringMatching(/^[!-~ ]{1,40}$/);
    const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(line, fc.maxSafeNat(), bytes, fc.array(line, { maxLength: 3 }), (origin, size, root, extensions) => {
        const checkpoint = { origin, size, root, extensions };
        expect(parseCheckpoint(encodeCheckpoint(checkpoint))).toEqual(checkpoint);
      }),
    );
  });

  it('is refused in any other spelling', () => {
    const good = encodeCheckpoint({ origin: 'a/b', size: 12, root, extensions: [] });
    for (const bad of [
      ...['', 'a/b\n', 'a/b\n12\n', good.slice(0, -1), `${good}\n`, `\n${good}`],
      ...[good.replace('12', '012'), good.replace('12', '-1'), good.replace('12', '1e3'), good.replace('12', '')],
      ...[good.replace('12', '9007199254740993'), good.replace('=', ''), good.replace('Bw', 'B-')],
    ]) {
      expect(() => parseCheckpoint(bad), bad).toThrow(expect.objectContaining({ code: 'checkpoint.shape' }));
    }
  });

  it('is believed of the log that is asked for, under a key that is known', async () => {
    const origin = formatOrigin(ledger, 1);
    const signer = await createNoteSigner(await generateNoteKey(origin));
    const verifiers = [await parseVerifierKey(signer.verifierKey)];
    const note = await signNote(encodeCheckpoint({ origin, size: 3, root, extensions: [] }), signer);
    expect(await openCheckpoint(note, { verifiers, origin })).toMatchObject({ size: 3, root });
    const next = formatOrigin(ledger, 2);
    await expect(openCheckpoint(note, { verifiers, origin: next })).rejects.toMatchObject({
      code: 'checkpoint.origin',
    });
    const stranger = await signNote('hello\n', signer);
    await expect(openCheckpoint(stranger, { verifiers })).rejects.toMatchObject({ code: 'checkpoint.shape' });
  });
});

describe("a log's name", () => {
  it("holds chain, block 0, ledger and epoch, and is no other ledger's", () => {
    const origin = formatOrigin(ledger, 2);
    expect(origin).toBe(`dpp-ledger/eip155/31337/0123abcd/${ledger.address}/2`);
    expect(parseOrigin(origin, ledger)).toBe(2);
    for (const bad of [
      '',
      'rome.ct.example.com/tevere',
      origin.slice(0, -2),
      `${origin}/`,
      origin.replace(/2$/, '0'),
    ]) {
      expect(parseOrigin(bad, ledger), bad).toBeUndefined();
    }
    const others = [
      { chainId: 1 },
      { genesis: `0x${'0'.repeat(64)}` as const },
      { address: `0x${'ac'.repeat(20)}` as const },
    ];
    for (const other of others) expect(parseOrigin(origin, { ...ledger, ...other })).toBeUndefined();
  });
});
