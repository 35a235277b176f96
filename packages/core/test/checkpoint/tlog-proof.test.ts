import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  createCosignatureSigner,
  createNoteSigner,
  encodeCheckpoint,
  encodeNote,
  encodeTlogProof,
  generateCosignatureKey,
  generateNoteKey,
  type NoteSigner,
  openTlogProof,
  parseNote,
  parseTlogProof,
  parseVerifierKey,
  parseWitnessPolicy,
  signNote,
} from '../../src/checkpoint/index.ts';
import { buildTree, hashLeaf } from '../../src/journal/index.ts';

const ORIGIN = 'dpp-ledger/eip155/31337/0123abcd/0x00/1';
const TIME = 1_700_000_000;
const utf8 = new TextEncoder();
const entries = Array.from({ length: 300 }, (_, i) => utf8.encode(`entry ${i}`));

let log: NoteSigner;
let logKey: string;
let witnesses: Awaited<ReturnType<typeof createCosignatureSigner>>[];

beforeAll(async () => {
  log = await createNoteSigner(await generateNoteKey(ORIGIN));
  logKey = log.verifierKey;
  witnesses = await Promise.all(
    ['w.example/1', 'w.example/2'].map(async (name) => createCosignatureSigner(await generateCosignatureKey(name))),
  );
});

/** Of the first `size` entries, cosigned by so many witnesses. */
async function prove(index: number, { size = 300, cosigners = 0, extra = true, signer = log, origin = ORIGIN } = {}) {
  const tree = buildTree(entries.slice(0, size).map(hashLeaf));
  const note = parseNote(await signNote(encodeCheckpoint({ origin, size, root: tree.root, extensions: [] }), signer));
  const cosigned = await Promise.all(witnesses.slice(0, cosigners).map((each) => each.cosign(note.text, TIME)));
  const whole = encodeNote({ ...note, signatures: [...note.signatures, ...cosigned] });
  const entry = entries[index] ?? new Uint8Array();
  return encodeTlogProof({ index, path: tree.prove(index), extra: extra ? entry : undefined, note: whole });
}

const policy = async (quorum: string) =>
  await parseWitnessPolicy(
    [
      `log ${logKey}`,
      ...witnesses.map(({ verifierKey }, i) => `witness w${i + 1} ${verifierKey}`),
      ...[`group both all w1 w2`, `quorum ${quorum}`, ''],
    ].join('\n'),
  );

describe('a tlog-proof', () => {
  it('is read as the specification has it', async () => {
    const root = 'sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=';
    const note = await signNote(`${ORIGIN}\n109482\n${root}\n`, log);
    const path = [
      'gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=',
      'B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=',
      'EKNzoDWG8LGC0Yp9o+sv3qllpMP9uHQ9B20KNL+Q1zs=',
    ];
    const file = `c2sp.org/tlog-proof@v1\nextra YWdlLXYxLjIuMS1kYXJ3aW4=\nindex 73894\n${path.join('\n')}\n\n${note}`;
    const proof = parseTlogProof(file);
    expect(proof).toMatchObject({ index: 73_894, note });
    expect(new TextDecoder().decode(proof.extra)).toBe('age-v1.2.1-darwin');
    expect(proof.path).toHaveLength(3);
    expect(encodeTlogProof(proof)).toBe(file);
    expect(parseTlogProof(utf8.encode(file))).toEqual(proof);
  });

  it('comes back as it was written', async () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const extra = fc.option(fc.uint8Array({ minLength: 1 }), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(
        fc.maxSafeNat().filter((size) => size > 0),
        fc.maxSafeNat(),
        fc.array(hash, { maxLength: 63 }),
        extra,
        async (size, at, path, extra) => {
          const root = new Uint8Array(32);
          const note = await signNote(encodeCheckpoint({ origin: ORIGIN, size, root, extensions: [] }), log);
          const proof = { index: at % size, path, extra, note };
          expect(parseTlogProof(encodeTlogProof(proof))).toEqual(proof);
        },
      ),
    );
  });

  it('is refused in any other spelling', async () => {
    const good = await prove(5, { size: 7 });
    const hash = parseTlogProof(good).path.length;
    expect(hash).toBe(3);
    const [head = '', note = ''] = [good.slice(0, good.indexOf('\n\n')), good.slice(good.indexOf('\n\n') + 2)];
    const lines = head.split('\n');
    for (const bad of [
      ...['', head, `${head}\n`, note, `\n${good}`, good.replaceAll('\n', '\r\n')],
      ...[good.replace('@v1', '@v2'), good.replace('index 5', 'index 05'), good.replace('index 5', 'index -1')],
      ...[good.replace('index 5', 'index  5'), good.replace('index 5', 'index 5 '), good.replace('index 5', 'index')],
      ...[good.replace('index 5', 'index 7'), good.replace('index 5', 'index 9007199254740993')],
      ...[good.replace('index 5', 'Index 5'), good.replace(/extra .*\n/, 'extra \n'), good.replace(/extra /, 'extra')],
      // Twice, out of order, one hash too short, in another alphabet, without padding.
      good.replace(/(extra .*\n)/, '$1$1'),
      good.replace(/(extra .*\n)(index 5\n)/, '$2$1'),
      ...['AAAA', '_'.repeat(43), 'A'.repeat(43), `${'A'.repeat(42)}B=`].map((line) =>
        [...lines.slice(0, -1), line].join('\n').concat('\n\n', note),
      ),
      [...lines, ...Array<string>(61).fill(lines.at(-1) ?? '')].join('\n').concat('\n\n', note),
    ]) {
      expect(() => parseTlogProof(bad), bad).toThrow(expect.objectContaining({ code: 'checkpoint.tlog-proof' }));
    }
    expect(() => parseTlogProof(Uint8Array.of(0xff))).toThrow(
      expect.objectContaining({ code: 'checkpoint.tlog-proof' }),
    );
    for (const cut of [good.slice(0, -1), `${head}\n\n`]) {
      expect(() => parseTlogProof(cut)).toThrow(expect.objectContaining({ code: 'checkpoint.note' }));
    }
    const shapeless = `${head}\n\n${await signNote('hello\n', log)}`;
    expect(() => parseTlogProof(shapeless)).toThrow(expect.objectContaining({ code: 'checkpoint.shape' }));
  });

  it('proves each entry of each log, by the entry that it holds or that is asked about', async () => {
    const logs = [await parseVerifierKey(logKey)];
    for (const [index, size] of [
      [0, 1],
      [0, 2],
      [2, 3],
      [255, 256],
      [256, 257],
      [299, 300],
    ] as const) {
      const proved = await openTlogProof(await prove(index, { size }), { logs });
      expect(proved).toMatchObject({
        index,
        entry: entries[index],
        checkpoint: { origin: ORIGIN, size },
        cosigned: [],
      });
      const bare = await prove(index, { size, extra: false });
      await expect(openTlogProof(bare, { logs })).rejects.toMatchObject({ code: 'checkpoint.tlog-proof' });
      expect(await openTlogProof(bare, { logs, entry: entries[index] as Uint8Array })).toMatchObject({ index });
      const other = utf8.encode('another entry');
      await expect(openTlogProof(bare, { logs, entry: other })).rejects.toMatchObject({
        code: 'checkpoint.not-included',
      });
    }
  });

  it("is believed under a log's own key and the quorum of a policy, and names who cosigned and when", async () => {
    const two = await prove(7, { cosigners: 2 });
    const proved = await openTlogProof(two, { policy: await policy('both') });
    expect(proved.cosigned.map(({ name, time }) => [name, time])).toEqual([
      ['w1', TIME],
      ['w2', TIME],
    ]);
    const one = await prove(7, { cosigners: 1 });
    expect(await openTlogProof(one, { policy: await policy('w1') })).toMatchObject({ cosigned: [{ name: 'w1' }] });
    for (const quorum of ['both', 'w2']) {
      await expect(openTlogProof(one, { policy: await policy(quorum) })).rejects.toMatchObject({
        code: 'checkpoint.quorum',
      });
    }
    expect(await openTlogProof(await prove(7), { policy: await policy('none') })).toMatchObject({ cosigned: [] });
    await expect(openTlogProof(two, {})).rejects.toMatchObject({ code: 'checkpoint.signature' });
  });

  it("is not believed of a log that is not the key's own", async () => {
    const file = await prove(7, { origin: 'another.example/log' });
    await expect(openTlogProof(file, { logs: [await parseVerifierKey(logKey)] })).rejects.toMatchObject({
      code: 'checkpoint.origin',
    });
  });

  it('proves nothing once any of its bytes is another', async () => {
    const good = utf8.encode(await prove(7, { cosigners: 2 }));
    const believed = await policy('both');
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const bad = good.with(at, (good[at] ?? 0) ^ change);
        await expect(openTlogProof(bad, { policy: believed })).rejects.toHaveProperty('code');
      }),
      { numRuns: 1_000 },
    );
  });
});
