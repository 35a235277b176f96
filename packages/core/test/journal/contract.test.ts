import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeHex, encodeHex, type Hex } from '../../src/bytes.ts';
import {
  ACTOR_KINDS,
  answerQuestion,
  assertTreeHead,
  createJournalFold,
  decodeEntry,
  type Entry,
  encodeEntry,
  entryCode,
} from '../../src/journal/index.ts';
import { CUSTODY_MODELS, ORIGINS } from '../../src/materials/index.ts';

/** Made by a real PassportLedger; see scripts/generate-vectors.ts. */
interface EntryVector {
  readonly name: string;
  readonly kind: number;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly bytes: Hex;
}
interface JournalVector {
  readonly chainId: number;
  readonly ledger: Hex;
  readonly size: number;
  readonly peaks: readonly Hex[];
  readonly root: Hex;
}

function readVectors<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../../../test/vectors/${name}.json`, import.meta.url), 'utf8'));
}

const entries = readVectors<readonly EntryVector[]>('entries');
const journal = readVectors<JournalVector>('journal');

const STATUSES = ['revoked', 'superseded'];
const REASONS = ['error', 'recall', 'keyCompromise', 'withdrawn', 'byAuthority'];
const ALGORITHMS = ['ES256', 'Ed25519'];

/** An entry in the terms of the vectors: choices as their numbers, wide integers as decimal text. */
function inTermsOfVectors({ kind, blockNumber, blockTime, actor, ...body }: Entry): Record<string, unknown> {
  const choices: Record<string, readonly string[]> = {
    ...{ status: STATUSES, reason: REASONS, algorithm: ALGORITHMS, origin: ORIGINS, custody: CUSTODY_MODELS },
  };
  const plain = (value: unknown, name: string): unknown => {
    if (typeof value === 'bigint') return name === 'bits' ? `0x${value.toString(16).padStart(64, '0')}` : String(value);
    if (Array.isArray(value)) {
      return value.map((item: object) =>
        Object.fromEntries(Object.entries(item).map(([key, part]) => [key, plain(part, key)])),
      );
    }
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part, key)]));
    }
    const names = choices[name];
    return names === undefined ? value : names.indexOf(String(value)) + 1;
  };
  return {
    version: 1,
    kind: entryCode(kind),
    blockNumber,
    blockTime,
    actorKind: ACTOR_KINDS.indexOf(actor.kind) + 1,
    actor: actor.kind === 'key' ? actor.id : `0x${'00'.repeat(12)}${actor.id.slice(2)}`,
    ...Object.fromEntries(Object.entries(body).map(([name, value]) => [name, plain(value, name)])),
  };
}

describe("the contract's own entries", () => {
  test.each(entries)('$name: decodes to its fields and encodes to its bytes', ({ bytes, fields, kind }) => {
    const entry = decodeEntry(decodeHex(bytes));
    expect(entryCode(entry.kind)).toBe(kind);
    expect(inTermsOfVectors(entry)).toEqual(fields);
    expect(encodeHex(encodeEntry(entry))).toBe(bytes);
  });

  test('are of every kind', () => {
    expect(new Set(entries.map(({ kind }) => kind)).size).toBe(36);
  });
});

describe("the contract's own journal", () => {
  const peaks = journal.peaks.map((peak) => decodeHex(peak));

  test('folds entry by entry and meets the tree head', () => {
    const fold = createJournalFold({ ledger: { chainId: journal.chainId, address: journal.ledger } });
    for (const { bytes } of entries) fold.add(decodeHex(bytes));
    expect(encodeHex(fold.treeHead().root)).toBe(journal.root);
    expect(() => assertTreeHead(fold.treeHead(), { size: journal.size, peaks })).not.toThrow();
    expect(fold.state.successor).toMatchObject({ chainId: 1n });
  });

  test('breaks wherever an entry is left out, repeated or put before its turn', () => {
    const all = entries.map(({ bytes }) => decodeHex(bytes));
    const meets = (some: readonly Uint8Array[]) => {
      const fold = createJournalFold();
      for (const bytes of some) fold.add(bytes);
      assertTreeHead(fold.treeHead(), { size: journal.size, peaks });
    };
    const broken = expect.objectContaining({ code: 'journal.break' });
    expect(() => meets(all)).not.toThrow();
    all.forEach((entry, i) => {
      expect(() => meets(all.toSpliced(i, 1)), `without ${i}`).toThrow(broken);
      expect(() => meets(all.toSpliced(i, 0, entry)), `${i} twice`).toThrow(broken);
      const next = all[i + 1];
      if (next) expect(() => meets(all.toSpliced(i, 2, next, entry)), `${i} after ${i + 1}`).toThrow(broken);
    });
  });

  test('answers questions about what it was told', () => {
    const fold = createJournalFold();
    let withdrawnSince: number | undefined;
    for (const { bytes } of entries) {
      fold.add(decodeHex(bytes));
      const entry = decodeEntry(decodeHex(bytes));
      if (entry.kind === 'withdrawn') withdrawnSince = entry.since;
    }
    const [issuer] = fold.state.issuers.keys();
    const nothing: Hex = `0x${'00'.repeat(32)}`;
    const question = { issuer: issuer ?? nothing, key: nothing, grant: nothing, list: 0x1122334455667788n, word: 511 };
    expect(answerQuestion(fold.state, question)).toMatchObject({
      closed: true,
      issuer: { number: 1, roles: 0x0025, suspended: false, withdrawnSince },
      key: undefined,
      grant: undefined,
      status: { revoked: (1n << 256n) - 1n, superseded: 0n },
    });
  });
});
