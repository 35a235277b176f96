import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeBase64, encodeBase64 } from '../../src/bytes.ts';
import {
  createCosignatureSigner,
  createNoteSigner,
  formatKeyId,
  generateCosignatureKey,
  generateNoteKey,
  hashNoteKey,
  parseWitnessPolicy,
} from '../../src/checkpoint/index.ts';

let log: string;
let keys: string[];

beforeAll(async () => {
  log = (await createNoteSigner(await generateNoteKey('example.com/log'))).verifierKey;
  keys = await Promise.all(
    Array.from({ length: 6 }, async (_, i) => {
      const key = await generateCosignatureKey(`witness.example/w${i + 1}`);
      return (await createCosignatureSigner(key)).verifierKey;
    }),
  );
});

/** The same public key under another name. */
function renamed(verifierKey: string, name: string): string {
  const data = decodeBase64(verifierKey.slice(verifierKey.indexOf('+', verifierKey.indexOf('+') + 1) + 1));
  return `${name}+${formatKeyId(hashNoteKey(name, data[0] ?? 0, data.subarray(1)))}+${encodeBase64(data)}`;
}

describe('policies for logs', () => {
  it('of the specification: two of one house and one of another', async () => {
    const policy = await parseWitnessPolicy(
      [
        `log ${log}`,
        '',
        ...[1, 2, 3].map((n) => `witness X${n} ${keys[n - 1]}`),
        'group X-witnesses 2 X1 X2 X3',
        '',
        ...[1, 2, 3].map((n) => `witness Y${n} ${keys[n + 2]}`),
        'group Y-witnesses any Y1 Y2 Y3',
        '',
        'group X-and-Y all X-witnesses Y-witnesses',
        'quorum X-and-Y',
        '',
      ].join('\n'),
    );
    expect(policy.logs.map(({ verifier }) => verifier.name)).toEqual(['example.com/log']);
    expect(policy.witnesses.map(({ name, cosigner }) => [name, cosigner.name])).toEqual([
      ...[1, 2, 3].map((n) => [`X${n}`, `witness.example/w${n}`]),
      ...[1, 2, 3].map((n) => [`Y${n}`, `witness.example/w${n + 3}`]),
    ]);
    for (const [names, isMet] of [
      [['X1', 'X2', 'Y3'], true],
      [['X1', 'X2', 'X3'], false],
      [['X1', 'Y1', 'Y2', 'Y3'], false],
      [['X3', 'X1', 'Y1', 'Y2', 'unknown'], true],
      [['X1', 'X1', 'Y1'], false],
      [['X-and-Y', 'X-witnesses', 'Y-witnesses'], false],
      [[], false],
    ] as const) {
      expect(policy.meetsQuorum(names), names.join()).toBe(isMet);
    }
    expect(policy.sentence).toBe(
      '2 of 2: X-witnesses (2 of 3 witnesses: X1, X2, X3), Y-witnesses (1 of 3 witnesses: Y1, Y2, Y3)',
    );
  });

  it('may have tabs, comments, URLs, and any name but "none"', async () => {
    const text = `  # whom we believe — today\n\n\twitness\tБюро#1 ${keys[0]} https://w1.example/sub \n witness log ${keys[1]}\ngroup  g 1 Бюро#1\tlog\nquorum g\n`;
    const policy = await parseWitnessPolicy(text);
    expect(policy.witnesses.map(({ name, url }) => [name, url])).toEqual([
      ['Бюро#1', 'https://w1.example/sub'],
      ['log', undefined],
    ]);
    expect(policy.sentence).toBe('1 of 2 witnesses: Бюро#1, log');
    expect(policy.meetsQuorum(new Set(['log']))).toBe(true);
  });

  it('may ask for one witness, or for none', async () => {
    const one = await parseWitnessPolicy(`witness w ${keys[0]}\nquorum w\n`);
    expect([one.sentence, one.meetsQuorum(['w']), one.meetsQuorum(['v'])]).toEqual(['the witness w', true, false]);
    const none = await parseWitnessPolicy('quorum none\n');
    expect([none.sentence, none.meetsQuorum([]), none.witnesses]).toEqual(['no witness', true, []]);
  });

  it('are refused, with the line, for whatever the specification does not allow', async () => {
    const [w1 = '', w2 = ''] = keys;
    const two = `witness a ${w1}\nwitness b ${w2}\n`;
    for (const [text, line] of [
      ['', 'newline'],
      ['quorum none', 'newline'],
      [two, 'no line "quorum"'],
      ['quorum none\nquorum none\n', 'line 2'],
      ['quorum a\n', 'line 1'],
      [`quorum a\nwitness a ${w1}\n`, 'line 1'],
      [`${two}quorum a b\n`, 'line 3'],
      [`witness none ${w1}\nquorum none\n`, 'line 1'],
      [`${two}group none 1 a\nquorum none\n`, 'line 3'],
      [`${two}group g 1 none\nquorum g\n`, 'line 3'],
      [`${two}group g 1 a c\nquorum g\n`, 'line 3'],
      [`${two}group g 1 g\nquorum g\n`, 'line 3'],
      [`${two}group g 1 a a\nquorum g\n`, 'line 3'],
      [`${two}group g 1 a\ngroup h 1 a b\nquorum h\n`, 'line 4'],
      [`${two}group a 1 b\nquorum a\n`, 'line 3'],
      [`${two}group g 0 a\nquorum g\n`, 'line 3'],
      [`${two}group g 3 a b\nquorum g\n`, 'line 3'],
      [`${two}group g 01 a b\nquorum g\n`, 'line 3'],
      [`${two}group g +1 a b\nquorum g\n`, 'line 3'],
      [`${two}group g some a b\nquorum g\n`, 'line 3'],
      [`${two}group g any\nquorum g\n`, 'line 3'],
      [`${two}group g\nquorum g\n`, 'line 3'],
      [`witness a ${w1}\nwitness a ${w2}\nquorum a\n`, 'line 2'],
      [`witness a ${w1}\nwitness b ${renamed(w1, 'other.example')}\nquorum a\n`, 'line 2'],
      [`log ${log}\nlog ${renamed(log, 'other.example/log')}\nquorum none\n`, 'line 2'],
      [`log ${w1}\nquorum none\n`, 'line 1'],
      [`witness a ${log}\nquorum a\n`, 'line 1'],
      [`witness a ${w1} ftp://x.example\nquorum a\n`, 'line 1'],
      [`witness a ${w1} https://x.example more\nquorum a\n`, 'line 1'],
      [`log\nquorum none\n`, 'line 1'],
      [`log ${log} https://x.example more\nquorum none\n`, 'line 1'],
      ['Quorum none\n', 'line 1'],
      ['quorum\n', 'line 1'],
      ['quorum none\nbogus\n', 'line 2'],
      ['quorum none\r\n', 'control'],
      ['quorum none\u007f\n', 'control'],
      ['# \ud800\nquorum none\n', 'surrogate'],
      [`quorum none\n${'#\n'.repeat(5000)}`, 'lines'],
      [`quorum none\n#${'x'.repeat(300_000)}\n`, 'characters'],
    ]) {
      const refusal: unknown = await parseWitnessPolicy(text ?? '').catch((error: unknown) => error);
      expect(refusal, text).toMatchObject({ code: 'checkpoint.policy' });
      expect(String(refusal)).toContain(line);
    }
  });

  it('are met by those sets of witnesses that have enough members of every group, whatever the tree of groups', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const witnesses = names.map((name, i) => `witness ${name} ${keys[i]}`).join('\n');
    const threshold = fc.nat(2);
    await fc.assert(
      fc.asyncProperty(threshold, threshold, fc.nat(1), fc.subarray(names), async (left, right, top, present) => {
        const text = `${witnesses}\ngroup l ${left + 1} a b c\ngroup r ${right + 1} d e f\ngroup q ${top + 1} l r\nquorum q\n`;
        const { meetsQuorum } = await parseWitnessPolicy(text);
        const has = (some: readonly string[]) => present.filter((name) => some.includes(name)).length;
        const met = Number(has(['a', 'b', 'c']) > left) + Number(has(['d', 'e', 'f']) > right);
        expect(meetsQuorum(present)).toBe(met > top);
      }),
      { numRuns: 60 },
    );
  });

  it('are nothing that arbitrary lines make the reader throw anything else for', async () => {
    const word = fc.oneof(
      fc.constantFrom('log', 'witness', 'group', 'quorum', 'none', 'any', 'all', '1', 'a', 'b', '#'),
      fc.string(),
    );
    const text = fc
      .array(fc.array(word).map((words) => words.join(' ')))
      .map((lines) => lines.map((line) => `${line}\n`).join(''));
    await fc.assert(
      fc.asyncProperty(text, async (arbitrary) => {
        const outcome: unknown = await parseWitnessPolicy(arbitrary).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'checkpoint.policy' });
        else expect(outcome).toHaveProperty('sentence');
      }),
    );
  });
});
