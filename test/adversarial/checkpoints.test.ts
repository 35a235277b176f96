/**
 * Attacks on checkpoints, cosignatures and proofs of the log: genuine ones of the real ledger's journal, with one thing wrong. What may
 * be believed is believed; everything else is refused with just this code.
 */
import { type ErrorCode, encodeBase64 } from '@dpp-ledger/core';
import {
  type CosignatureSigner,
  createCosignatureSigner,
  createNoteSigner,
  encodeCheckpoint,
  encodeNote,
  encodeTlogProof,
  formatOrigin,
  generateCosignatureKey,
  generateNoteKey,
  type NoteSigner,
  openCheckpoint,
  openTlogProof,
  parseNote,
  parseVerifierKey,
  parseWitnessPolicy,
  signNote,
} from '@dpp-ledger/core/checkpoint';
import { buildTree, hashLeaf, proveInclusion } from '@dpp-ledger/core/journal';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, need, type World } from './world.ts';

interface Log {
  readonly world: World;
  readonly origin: string;
  /** The log's key is named after it. */
  readonly signer: NoteSigner;
  /** Another key under the same name. */
  readonly thief: NoteSigner;
  /** The owner's key of another log. */
  readonly other: NoteSigner;
  readonly witnesses: readonly CosignatureSigner[];
  readonly text: string;
  /** Signed by the log, cosigned by all three. */
  readonly note: string;
  /** Of the passport's anchor. */
  readonly proof: string;
}

const TIME = 1_800_000_000;
let log: Log;
beforeAll(async () => {
  const world = await createWorld([]);
  const origin = formatOrigin(world.ledger, 1);
  const signerOf = async (name: string) => createNoteSigner(await generateNoteKey(name));
  const [signer, thief, other] = await Promise.all([origin, origin, formatOrigin(world.ledger, 2)].map(signerOf));
  const witnesses = await Promise.all(
    ['ada', 'bob', 'eve'].map(async (name) => createCosignatureSigner(await generateCosignatureKey(`${name}.example`))),
  );
  const tree = buildTree(world.entries.map(hashLeaf));
  const text = encodeCheckpoint({ origin, size: tree.size, root: tree.root, extensions: [] });
  const note = await cosigned(await signNote(text, need(signer)), witnesses);
  const index = world.genuine.passport.entry;
  const path = proveInclusion(index, tree.size, tree.readNode);
  const proof = encodeTlogProof({ index, path, extra: need(world.entries[index]), note });
  log = { world, origin, signer: need(signer), thief: need(thief), other: need(other), witnesses, text, note, proof };
});
afterAll(async () => {
  await log?.world.stop();
  console.log(`${CHECKPOINTS.length + PROOFS.length} attacks on checkpoints and proofs of the log`);
});

async function cosigned(note: string, witnesses: readonly CosignatureSigner[], time = TIME): Promise<string> {
  const { text, signatures } = parseNote(note);
  const more = await Promise.all(witnesses.map((witness) => witness.cosign(text, time)));
  return encodeNote({ text, signatures: [...signatures, ...more] });
}

const policyText = ({ signer, witnesses }: Pick<Log, 'signer' | 'witnesses'>, needed = 2) =>
  [
    `log ${signer.verifierKey}`,
    ...witnesses.map(({ verifierKey }, i) => `witness w${i} ${verifierKey}`),
    `group enough ${needed} w0 w1 w2`,
    'quorum enough',
    '',
  ].join('\n');

/** The code it is refused with; `undefined` where it is believed. */
async function codeOf(open: () => Promise<unknown>): Promise<unknown> {
  try {
    await open();
    return undefined;
  } catch (error) {
    return Reflect.get(error as object, 'code');
  }
}

type Attack = readonly [
  name: string,
  make: (log: Log) => string | Uint8Array | Promise<string | Uint8Array>,
  code?: ErrorCode,
];

/** The text of the note, signed by the log itself. */
const resigned = (change: (text: string, log: Log) => string) => async (it: Log) =>
  await signNote(change(it.text, it), it.signer);
/** The note, changed after it was signed. */
const damaged = (change: (note: string, log: Log) => string) => (it: Log) => change(it.note, it);
const line = (text: string, which: number, change: (line: string) => string) =>
  text
    .split('\n')
    .with(which, change(need(text.split('\n')[which])))
    .join('\n');

const CHECKPOINTS: readonly Attack[] = [
  ['a checkpoint as it was signed', ({ note }) => note],
  ['a checkpoint without cosignatures', resigned((text) => text)],
  ['a checkpoint with lines of others after its root', resigned((text) => `${text}of others\n`)],
  [
    'a checkpoint of another size',
    damaged((note) => line(note, 1, (size) => `${Number(size) + 1}`)),
    'checkpoint.signature',
  ],
  [
    'a checkpoint of another root',
    damaged((note) => line(note, 2, () => encodeBase64(new Uint8Array(32)))),
    'checkpoint.signature',
  ],
  [
    'a checkpoint of another log, its text altered',
    damaged((note) => line(note, 0, (origin) => origin.replace(/1$/, '2'))),
    'checkpoint.signature',
  ],
  [
    'a checkpoint of another log, signed by this one',
    resigned((text) => line(text, 0, (origin) => origin.replace(/1$/, '2'))),
    'checkpoint.origin',
  ],
  [
    'a checkpoint of another ledger, signed by this log',
    resigned((text, { world }) => line(text, 0, () => formatOrigin(world.theirs, 1))),
    'checkpoint.origin',
  ],
  [
    'a checkpoint by another key of the same name',
    async ({ text, thief }) => await signNote(text, thief),
    'checkpoint.signature',
  ],
  [
    'a checkpoint by witnesses alone',
    async ({ text, witnesses }) =>
      encodeNote({ text, signatures: await Promise.all(witnesses.map((each) => each.cosign(text, TIME))) }),
    'checkpoint.signature',
  ],
  [
    'a checkpoint with a stranger’s signature beside the log’s',
    async ({ text, signer, thief }) => await signNote(text, thief, signer),
  ],
  [
    'a checkpoint with a false signature before the true one',
    async ({ text, signer }) => {
      const { signatures } = parseNote(await signNote(text, signer));
      const [good] = signatures;
      return encodeNote({ text, signatures: [{ ...need(good), signature: new Uint8Array(64) }, need(good)] });
    },
    'checkpoint.signature',
  ],
  [
    'a checkpoint with the stranger’s signature under the log’s key id',
    async ({ text, signer, thief }) => {
      const { signatures } = parseNote(await signNote(text, thief));
      return encodeNote({ text, signatures: signatures.map((each) => ({ ...each, keyId: signer.keyId })) });
    },
    'checkpoint.signature',
  ],
  [
    'a cosignature in the place of the log’s signature',
    async ({ text, signer, witnesses }) => {
      const { signature } = await need(witnesses[0]).cosign(text, TIME);
      return encodeNote({
        text,
        signatures: [{ name: signer.name, keyId: signer.keyId, signature: signature.subarray(8) }],
      });
    },
    'checkpoint.signature',
  ],
  [
    'a checkpoint with a leading zero in its size',
    resigned((text) => line(text, 1, (size) => `0${size}`)),
    'checkpoint.shape',
  ],
  [
    'a checkpoint of a size beyond 2^53',
    resigned((text) => line(text, 1, () => '9999999999999999')),
    'checkpoint.shape',
  ],
  ['a checkpoint of a size below zero', resigned((text) => line(text, 1, () => '-1')), 'checkpoint.shape'],
  ['a checkpoint of a size in hexadecimal', resigned((text) => line(text, 1, () => '0x10')), 'checkpoint.shape'],
  [
    'a checkpoint of a size in digits of another script',
    resigned((text) => line(text, 1, () => '\u0661')),
    'checkpoint.shape',
  ],
  [
    'a checkpoint with a root of 31 bytes',
    resigned((text) => line(text, 2, () => encodeBase64(new Uint8Array(31)))),
    'checkpoint.shape',
  ],
  [
    'a checkpoint with a root in base64url',
    resigned((text) => line(text, 2, () => `${'_'.repeat(42)}8`)),
    'checkpoint.shape',
  ],
  [
    'a checkpoint with stray bits in its root',
    resigned((text) => line(text, 2, (root) => `${root.slice(0, -2)}${root.at(-2) === 'B' ? 'C' : 'B'}=`)),
    'checkpoint.shape',
  ],
  ['a checkpoint of two lines', resigned((text) => `${text.split('\n').slice(0, 2).join('\n')}\n`), 'checkpoint.shape'],
  ['a checkpoint with a carriage return', damaged((note) => note.replace('\n', '\r\n')), 'checkpoint.note'],
  ['a checkpoint without the empty line', damaged((note) => note.replace('\n\n', '\n')), 'checkpoint.note'],
  ['a checkpoint without signatures', damaged((note) => note.slice(0, note.indexOf('\n\n') + 2)), 'checkpoint.note'],
  ['a checkpoint that does not end in a newline', damaged((note) => note.slice(0, -1)), 'checkpoint.note'],
  [
    'a checkpoint with another dash before a signature',
    damaged((note) => note.replaceAll('\u2014 ', '- ')),
    'checkpoint.note',
  ],
  ['a checkpoint with a byte order mark', damaged((note) => `\ufeff${note}`), 'checkpoint.signature'],
  ['a checkpoint with half a surrogate pair', damaged((note) => `\ud800${note}`), 'checkpoint.note'],
  [
    'a checkpoint that is not UTF-8',
    ({ note }) => Uint8Array.of(0xff, ...new TextEncoder().encode(note)),
    'checkpoint.note',
  ],
  [
    'a checkpoint with 101 signatures',
    damaged((note) => note + need(note.split('\n').at(-2)).concat('\n').repeat(100)),
    'checkpoint.note',
  ],
  ['a checkpoint of a megabyte', damaged((note) => note.repeat(2_000)), 'checkpoint.note'],
  ['no checkpoint', () => '', 'checkpoint.note'],
];

const inProof = (change: (proof: string, log: Log) => string) => (it: Log) => change(it.proof, it);
/** With that note instead of its own. */
const withNote = (make: (log: Log) => string | Promise<string>) => async (it: Log) =>
  it.proof.slice(0, it.proof.indexOf('\n\n') + 2) + (await make(it));
const entryLine = (change: (line: string) => string) => inProof((proof) => line(proof, 1, change));

const PROOFS: readonly Attack[] = [
  ['a proof as it was written', ({ proof }) => proof],
  [
    'a proof cosigned by two of three',
    withNote(async ({ text, signer, witnesses }) => cosigned(await signNote(text, signer), witnesses.slice(1))),
  ],
  [
    'a proof cosigned by one of three',
    withNote(async ({ text, signer, witnesses }) => cosigned(await signNote(text, signer), witnesses.slice(2))),
    'checkpoint.quorum',
  ],
  [
    'a proof cosigned by one of three, thrice',
    withNote(async ({ text, signer, witnesses }) =>
      cosigned(
        await cosigned(await signNote(text, signer), witnesses.slice(2)),
        [need(witnesses[2]), need(witnesses[2])],
        TIME + 1,
      ),
    ),
    'checkpoint.quorum',
  ],
  [
    'a proof that nobody cosigned',
    withNote(async ({ text, signer }) => await signNote(text, signer)),
    'checkpoint.quorum',
  ],
  [
    'a proof with the cosignatures of another checkpoint',
    withNote(async ({ text, signer, witnesses, note }) => {
      const smaller = line(text, 1, (size) => `${Number(size) - 1}`);
      const stolen = parseNote(await cosigned(await signNote(smaller, signer), witnesses)).signatures.slice(1);
      return encodeNote({ text, signatures: [need(parseNote(note).signatures[0]), ...stolen] });
    }),
    'checkpoint.signature',
  ],
  [
    'a proof with a cosignature of another time',
    withNote(({ note }) => {
      const { text, signatures } = parseNote(note);
      const altered = signatures.map((each, i) => (i === 0 ? each : { ...each, signature: each.signature.with(7, 1) }));
      return encodeNote({ text, signatures: altered });
    }),
    'checkpoint.signature',
  ],
  [
    'a proof with a cosignature without its time',
    withNote(({ note }) => {
      const { text, signatures } = parseNote(note);
      return encodeNote({
        text,
        signatures: signatures.map((each, i) => (i === 0 ? each : { ...each, signature: each.signature.subarray(8) })),
      });
    }),
    'checkpoint.signature',
  ],
  [
    'a proof under another key of the log’s name',
    withNote(async ({ text, thief, witnesses }) => cosigned(await signNote(text, thief), witnesses)),
    'checkpoint.signature',
  ],
  [
    'a proof under the key of another log of the owner’s',
    withNote(async ({ text, other, witnesses }) => cosigned(await signNote(text, other), witnesses)),
    'checkpoint.origin',
  ],
  [
    'a proof of another log, signed by this one',
    withNote(async ({ text, signer, witnesses, world }) =>
      cosigned(
        await signNote(
          line(text, 0, () => formatOrigin(world.theirs, 1)),
          signer,
        ),
        witnesses,
      ),
    ),
    'checkpoint.origin',
  ],
  [
    'a proof to a smaller tree, which the log signs',
    withNote(async ({ text, signer, witnesses }) =>
      cosigned(
        await signNote(
          line(text, 1, () => '40'),
          signer,
        ),
        witnesses,
      ),
    ),
    'checkpoint.not-included',
  ],
  [
    'a proof to a tree that ends before it',
    withNote(async ({ text, signer, witnesses }) =>
      cosigned(
        await signNote(
          line(text, 1, () => '3'),
          signer,
        ),
        witnesses,
      ),
    ),
    'checkpoint.tlog-proof',
  ],
  [
    'a proof of another place',
    inProof((proof) => proof.replace(/index (\d+)/, (_, index) => `index ${Number(index) + 1}`)),
    'checkpoint.not-included',
  ],
  ['a proof of place -1', inProof((proof) => proof.replace(/index \d+/, 'index -1')), 'checkpoint.tlog-proof'],
  [
    'a proof of a place with a leading zero',
    inProof((proof) => proof.replace('index ', 'index 0')),
    'checkpoint.tlog-proof',
  ],
  [
    'a proof of a place beyond 2^53',
    inProof((proof) => proof.replace(/index \d+/, 'index 9999999999999999')),
    'checkpoint.tlog-proof',
  ],
  [
    'a proof of another entry',
    entryLine(() => `extra ${encodeBase64(Uint8Array.of(1, 8))}`),
    'checkpoint.not-included',
  ],
  [
    'a proof of a node, for an entry',
    inProof((proof) => {
      const lines = proof.split('\n');
      return lines.with(1, `extra ${need(lines[3])}`).join('\n');
    }),
    'checkpoint.not-included',
  ],
  [
    'a proof of an entry with a byte more',
    entryLine((it) => `extra ${encodeBase64(Uint8Array.of(...Buffer.from(it.slice(6), 'base64'), 0))}`),
    'checkpoint.not-included',
  ],
  ['a proof without its entry', inProof((proof) => proof.replace(/extra .*\n/, '')), 'checkpoint.tlog-proof'],
  ['a proof with its entry twice', inProof((proof) => proof.replace(/extra .*\n/, '$&$&')), 'checkpoint.tlog-proof'],
  [
    'a proof with a hash altered',
    inProof((proof) => line(proof, 3, () => encodeBase64(new Uint8Array(32)))),
    'checkpoint.not-included',
  ],
  [
    'a proof with a hash of 31 bytes',
    inProof((proof) => line(proof, 3, () => encodeBase64(new Uint8Array(31)))),
    'checkpoint.tlog-proof',
  ],
  [
    'a proof with a hash too few',
    inProof((proof) => proof.split('\n').toSpliced(3, 1).join('\n')),
    'checkpoint.not-included',
  ],
  [
    'a proof with a hash too many',
    inProof((proof) =>
      proof
        .split('\n')
        .toSpliced(3, 0, encodeBase64(new Uint8Array(32)))
        .join('\n'),
    ),
    'checkpoint.not-included',
  ],
  [
    'a proof of 64 hashes',
    inProof((proof) =>
      proof
        .split('\n')
        .toSpliced(3, 0, ...new Array(64).fill(encodeBase64(new Uint8Array(32))))
        .join('\n'),
    ),
    'checkpoint.tlog-proof',
  ],
  ['a proof of another version', inProof((proof) => proof.replace('@v1', '@v2')), 'checkpoint.tlog-proof'],
  ['a proof with carriage returns', inProof((proof) => proof.replaceAll('\n', '\r\n')), 'checkpoint.tlog-proof'],
  ['a proof with a byte order mark', inProof((proof) => `\ufeff${proof}`), 'checkpoint.tlog-proof'],
  ['a proof without its checkpoint', inProof((proof) => proof.slice(0, proof.indexOf('\n\n') + 2)), 'checkpoint.note'],
  ['a proof of a megabyte', inProof((proof) => proof.padEnd(1_000_000, '\n')), 'checkpoint.tlog-proof'],
];

const named = (attacks: readonly Attack[]) => attacks.map(([name, make, code]) => ({ name, make, code }));

describe('checkpoints', () => {
  test.each(named(CHECKPOINTS))('$name', async ({ make, code }) => {
    const verifiers = [await parseVerifierKey(log.signer.verifierKey)];
    const note = await make(log);
    expect(await codeOf(() => openCheckpoint(note, { verifiers, origin: log.origin }))).toBe(code);
  });
});

describe('proofs of the log', () => {
  test.each(named(PROOFS))('$name', async ({ make, code }) => {
    const policy = await parseWitnessPolicy(policyText(log));
    // Its owner's other log is known, too.
    const logs = [await parseVerifierKey(log.other.verifierKey)];
    const proof = await make(log);
    expect(await codeOf(() => openTlogProof(proof, { policy, logs }))).toBe(code);
  });
});
