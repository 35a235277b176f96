/**
 * Notes, checkpoints, trees, proofs, cosignatures and tlog-proofs before Go's packages: `golang.org/x/mod/sumdb/{note,tlog}`, which check
 * what Go downloads, and `transparency-dev/formats`. They verify ours, and ours verify theirs. Installed by
 * `scripts/engines/with-engines.ts`.
 */

import { encodeBase64 } from '@dpp-ledger/core';
import {
  createCosignatureSigner,
  createNoteSigner,
  encodeCheckpoint,
  encodeNote,
  encodeTlogProof,
  generateCosignatureKey,
  generateNoteKey,
  openCosignatures,
  openNote,
  openTlogProof,
  parseCheckpoint,
  parseCosigner,
  parseNote,
  parseTlogProof,
  parseVerifierKey,
  parseWitnessPolicy,
  signNote,
} from '@dpp-ledger/core/checkpoint';
import {
  buildTree,
  createCompactRange,
  hashLeaf,
  proveConsistency,
  proveInclusion,
  type Tree,
  verifyConsistency,
  verifyInclusion,
} from '@dpp-ledger/core/journal';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Judge, JudgedError, startJudge } from './judge.ts';

const JUDGE = process.env.DPP_TEST_JUDGE;
const ORIGIN = 'dpp-ledger/eip155/31337/0123abcd/0x8f/1';
const LARGEST = 70;
const utf8 = new TextEncoder();
const entryOf = (i: number) => utf8.encode(`entry ${i}${'.'.repeat(i % 50)}`);
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));
const flipped = (hash: Uint8Array) => hash.with(31, (hash[31] ?? 0) ^ 1);

let judge: Judge;
beforeAll(() => {
  if (JUDGE !== undefined) judge = startJudge(JUDGE);
});
afterAll(async () => {
  await judge?.stop();
});

interface Opened {
  readonly text: string;
  readonly signedBy: readonly string[];
}

describe.skipIf(JUDGE === undefined)("Go's packages for logs (DPP_TEST_JUDGE names the program)", () => {
  it('open the notes that we sign, whatever their text', async () => {
    const signer = await createNoteSigner(await generateNoteKey(ORIGIN));
    const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/\p{Cc}/gu, ''));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 6 }), async (lines) => {
        const text = `${lines.join('\n')}\n`;
        const note = await signNote(text, signer);
        expect(await judge.ask<Opened>('open', { note, keys: [signer.verifierKey] })).toEqual({
          ...{ text, signedBy: [ORIGIN] },
        });
      }),
    );
  });

  it('sign notes that we open, under keys that they made', async () => {
    const key = await judge.ask<{ private: string; public: string }>('generateKey', { name: ORIGIN });
    const text = 'first\n\nthird, after an empty line\n';
    const note = await judge.ask<string>('sign', { key: key.private, text });
    expect((await openNote(note, [await parseVerifierKey(key.public)])).text).toBe(text);
    expect(await signNote(text, await createNoteSigner(key.private))).toBe(note);
  });

  it('and ours refuse the same notes', async () => {
    const signer = await createNoteSigner(await generateNoteKey(ORIGIN));
    const verifier = await parseVerifierKey(signer.verifierKey);
    const good = utf8.encode(await signNote('one\ntwo\n', signer));
    const keys = [signer.verifierKey];
    // The last letter of 68 bytes in base64 has two bits that say nothing: Go reads past them, and ours takes one spelling only.
    const stray = good.length - '=\n'.length - 1;
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const other = letters.charCodeAt(letters.indexOf(String.fromCharCode(good[stray] ?? 0)) + 1);
    const spelled = new TextDecoder().decode(good.with(stray, other));
    expect(await judge.ask<Opened>('open', { note: spelled, keys })).toMatchObject({ signedBy: [ORIGIN] });
    await expect(openNote(spelled, [verifier])).rejects.toMatchObject({ code: 'checkpoint.note' });
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.nat(127), async (at, byte) => {
        // In ASCII: what is no UTF-8 could not be asked about in JSON.
        if ((good[at] ?? 0) > 127 || good[at] === byte || at === stray) return;
        const note = new TextDecoder().decode(good.with(at, byte));
        await expect(openNote(note, [verifier])).rejects.toHaveProperty('code');
        await expect(judge.ask('open', { note, keys })).rejects.toThrow(JudgedError);
      }),
    );
  });

  it('read the checkpoints that we write, and refuse the ones that we refuse', async () => {
    const root = new Uint8Array(32).fill(7);
    for (const size of [0, 1, 20_852_163, Number.MAX_SAFE_INTEGER]) {
      const text = encodeCheckpoint({ origin: ORIGIN, size, root, extensions: [] });
      expect(await judge.ask('parseCheckpoint', { text })).toEqual({ size, root: encodeBase64(root) });
    }
    const good = encodeCheckpoint({ origin: ORIGIN, size: 12, root, extensions: [] });
    for (const bad of [
      ...[good.replace('\n12\n', '\n012\n'), good.replace('\n12\n', '\n-12\n'), good.replace('\n12\n', '\n\n')],
      ...[good.slice(0, -1), good.replace('Bw', 'B-'), good.replace('=\n', '\n')],
    ]) {
      expect(() => parseCheckpoint(bad), bad).toThrow(expect.objectContaining({ code: 'checkpoint.shape' }));
      await expect(judge.ask('parseCheckpoint', { text: bad }), bad).rejects.toThrow(JudgedError);
    }
  });

  describe(`of a tree of up to ${LARGEST} entries`, () => {
    let trees: Tree[];
    beforeAll(async () => {
      const entries = Array.from({ length: LARGEST }, (_, i) => entryOf(i));
      const leaves = entries.map(hashLeaf);
      trees = Array.from({ length: LARGEST + 1 }, (_, size) => buildTree(leaves.slice(0, size)));
      const roots = await judge.ask<string[]>('grow', { entries: entries.map(encodeBase64) });
      // Each of them: a tree that differs at one size differs in every proof of it.
      const range = createCompactRange();
      roots.forEach((root, i) => {
        range.append(leaves[i] as Uint8Array);
        expect(root).toBe(encodeBase64(trees[i + 1]?.root ?? new Uint8Array()));
        expect(root).toBe(encodeBase64(range.root()));
      });
    });
    const treeOf = (size: number) => trees[size] as Tree;

    it('make the inclusion proofs that we make, check ours, and refuse them for another leaf, place or root', async () => {
      for (let size = 1; size <= LARGEST; size++) {
        const { root, readNode } = treeOf(size);
        for (let index = 0; index < size; index++) {
          const ours = proveInclusion(index, size, readNode);
          const theirs = (await judge.ask<string[] | null>('proveInclusion', { size, index })) ?? [];
          expect(theirs).toEqual(ours.map(encodeBase64));
          const leaf = hashLeaf(entryOf(index));
          expect(verifyInclusion({ leaf, index, size, proof: theirs.map(bytesOf), root })).toBe(true);
          const question = { size, index, leaf: encodeBase64(leaf), root: encodeBase64(root), proof: theirs };
          expect(await judge.ask('checkInclusion', question)).toBe(true);
          for (const lie of [
            { leaf: encodeBase64(flipped(leaf)) },
            { root: encodeBase64(flipped(root)) },
            { index: (index + 1) % size },
            { proof: [...theirs, encodeBase64(leaf)] },
          ]) {
            const asked = { ...question, ...lie };
            const says = verifyInclusion({
              ...{ leaf: bytesOf(asked.leaf), index: asked.index, size, root: bytesOf(asked.root) },
              proof: asked.proof.map(bytesOf),
            });
            const judged = await judge.ask('checkInclusion', asked).then(
              () => true,
              () => false,
            );
            expect([says, judged]).toEqual(size === 1 && 'index' in lie ? [true, true] : [false, false]);
          }
        }
      }
    });

    it('make the consistency proofs that we make, check ours, and refuse them for another root or size', async () => {
      for (let size = 1; size <= LARGEST; size++) {
        const { root, readNode } = treeOf(size);
        for (let old = 1; old <= size; old++) {
          const ours = proveConsistency(old, size, readNode);
          const theirs = (await judge.ask<string[] | null>('proveConsistency', { size, old })) ?? [];
          expect(theirs).toEqual(ours.map(encodeBase64));
          const oldRoot = treeOf(old).root;
          const roots = { root: encodeBase64(root), oldRoot: encodeBase64(oldRoot) };
          const question = { size, old, ...roots, proof: theirs };
          expect(await judge.ask('checkConsistency', question)).toBe(true);
          for (const lie of [
            { root: encodeBase64(flipped(root)) },
            { oldRoot: encodeBase64(flipped(oldRoot)) },
            { proof: [...theirs, roots.root] },
          ]) {
            const asked = { ...question, ...lie };
            const says = verifyConsistency({
              ...{ first: old, second: size, proof: asked.proof.map(bytesOf) },
              ...{ firstRoot: bytesOf(asked.oldRoot), secondRoot: bytesOf(asked.root) },
            });
            expect(says).toBe(false);
            await expect(judge.ask('checkConsistency', asked)).rejects.toThrow(JudgedError);
          }
        }
      }
    });

    it('read the tlog-proofs that we write, cosignatures and all, and write such as we read', async () => {
      const log = await createNoteSigner(await generateNoteKey(ORIGIN));
      const witness = await createCosignatureSigner(await generateCosignatureKey('witness.example/w1'));
      const size = LARGEST;
      const { root, readNode } = treeOf(size);
      const signed = parseNote(await signNote(encodeCheckpoint({ origin: ORIGIN, size, root, extensions: [] }), log));
      const cosignature = await witness.cosign(signed.text, 1_700_000_000);
      const note = encodeNote({ ...signed, signatures: [...signed.signatures, cosignature] });
      const keys = { keys: [log.verifierKey], cokey: [witness.verifierKey] };
      const policy = await parseWitnessPolicy(`log ${log.verifierKey}\nwitness w1 ${witness.verifierKey}\nquorum w1\n`);
      for (let index = 0; index < size; index++) {
        const extra = entryOf(index);
        const ours = encodeTlogProof({ index, path: proveInclusion(index, size, readNode), extra, note });
        expect(await judge.ask('unmarshalTlogProof', { file: ours, ...keys })).toEqual({
          ...{ index, extra: encodeBase64(extra), signedBy: [ORIGIN, 'witness.example/w1'] },
        });
        const theirs = await judge.ask<string>('marshalTlogProof', { size, index, note, extra: encodeBase64(extra) });
        expect(theirs).toBe(ours);
        expect(parseTlogProof(theirs)).toMatchObject({ index });
        expect(await openTlogProof(theirs, { policy })).toMatchObject({
          ...{ index, entry: extra, cosigned: [{ name: 'w1', time: 1_700_000_000 }] },
        });
      }
    });
  });

  it('cosign our checkpoints with cosignatures that we open, and open the ones that ours make', async () => {
    const log = await createNoteSigner(await generateNoteKey(ORIGIN));
    const key = await generateCosignatureKey('witness.example/w1');
    const witness = await createCosignatureSigner(key);
    const text = encodeCheckpoint({ origin: ORIGIN, size: 3, root: new Uint8Array(32).fill(7), extensions: [] });
    const note = await signNote(text, log);
    const keys = [log.verifierKey];

    const theirs = await judge.ask<string>('cosign', { note, keys, key });
    expect(theirs.startsWith(note)).toBe(true);
    const [opened] = await openCosignatures(theirs, [await parseCosigner(witness.verifierKey)]);
    expect(opened?.cosigner.name).toBe('witness.example/w1');
    expect(Math.abs((opened?.time ?? 0) - Date.now() / 1_000)).toBeLessThan(86_400);

    const parsed = parseNote(note);
    const cosignature = await witness.cosign(text, opened?.time ?? 0);
    const ours = encodeNote({ ...parsed, signatures: [...parsed.signatures, cosignature] });
    // Of one time, they are the same to the byte.
    expect(ours).toBe(theirs);
    expect(await judge.ask<Opened>('open', { note: ours, keys, cokey: [witness.verifierKey] })).toEqual({
      ...{ text, signedBy: [ORIGIN, 'witness.example/w1'] },
    });
    const late = await witness.cosign(text, (opened?.time ?? 0) + 1);
    const [head = new Uint8Array(), tail = new Uint8Array()] = [
      late.signature.subarray(0, 8),
      cosignature.signature.subarray(8),
    ];
    const moved = { ...cosignature, signature: Uint8Array.from([...head, ...tail]) };
    const false_ = encodeNote({ ...parsed, signatures: [...parsed.signatures, moved] });
    await expect(judge.ask('open', { note: false_, keys, cokey: [witness.verifierKey] })).rejects.toThrow(JudgedError);
    await expect(openCosignatures(false_, [await parseCosigner(witness.verifierKey)])).rejects.toMatchObject({
      code: 'checkpoint.signature',
    });
  });
});
