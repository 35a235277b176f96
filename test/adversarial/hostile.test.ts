/** Objects that change, throw or never end while they are looked at: what structured clones, workers and embedding code can hand over. */
import type { Report } from '@dpp-ledger/core';
import { CHECKS } from '@dpp-ledger/core';
import type { Evidence, Facts } from '@dpp-ledger/core/evidence';
import { verify } from '@dpp-ledger/core/verify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { honestFacts } from './attack.ts';
import { createWorld, need, type World } from './world.ts';

let world: World;
let evidence: Evidence;
let facts: Facts;
beforeAll(async () => {
  world = await createWorld([]);
  evidence = world.evidence(world.genuine.passport);
  facts = need(honestFacts(evidence, world));
});
afterAll(() => world?.stop());

const judge = async (presented: unknown, given: unknown = facts): Promise<Report> => {
  // Safe: what is no evidence or no facts is what is tried.
  const report = await verify({ evidence: presented, facts: given as Facts, policy: world.policy, now: world.now });
  expect(report.checks.map(({ name }) => name)).toEqual(CHECKS);
  return report;
};

/** Gives one value, then others. */
const changing = <T>(...values: readonly T[]) => {
  let i = 0;
  return () => values[Math.min(i++, values.length - 1)];
};
const withGetter = (target: object, name: string, get: () => unknown): object =>
  Object.defineProperty({ ...target }, name, { enumerable: true, get });
const cyclic = (): object => {
  const it: Record<string, unknown> = {};
  it.it = it;
  return it;
};
const nested = (depth: number): object => {
  let it: object = {};
  for (let i = 0; i < depth; i++) it = i % 2 === 0 ? { it } : [it];
  return it;
};
const throwing = (): object =>
  new Proxy(
    {},
    new Proxy(
      {},
      {
        get: () => () => {
          throw null;
        },
      },
    ),
  );
const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
const detached = (length: number): Uint8Array => {
  const bytes = new Uint8Array(length);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
};
/** Bytes whose length is what it likes, then an exception. */
class LyingBytes extends Uint8Array {
  #asked = 0;
  override get length(): number {
    if (this.#asked++ > 1) throw new Error('asked too often');
    return 32;
  }
}

const STRANGE: readonly (readonly [name: string, make: () => unknown])[] = [
  ['an object that contains itself', cyclic],
  ['an object nested 100,000 deep', () => nested(100_000)],
  ['a list of 2^32 - 1 places, none of them filled', () => new Array(2 ** 32 - 1)],
  ['a list of a million texts', () => new Array(1_000_000).fill('x')],
  ['a list that says it is endless', () => new Proxy([], { get: (_, name) => (name === 'length' ? 2 ** 53 : 'x') })],
  ['a proxy that throws whatever it is asked', throwing],
  ['a proxy that was revoked', revoked],
  ['bytes whose buffer was taken away', () => detached(32)],
  ['bytes that lie about their length', () => new LyingBytes(7)],
  ['bytes of a shared buffer', () => new Uint8Array(new SharedArrayBuffer(32))],
  ['a view of numbers', () => new Float64Array(4)],
  ['a promise', () => Promise.resolve({})],
  ['a map', () => new Map([['version', 'dpp-evidence/1']])],
  ['a date that is none', () => new Date(Number.NaN)],
  ['an object that throws when it is turned into text', () => ({ [Symbol.toPrimitive]: () => throwing() })],
  ['a function', () => () => throwing()],
  ['a symbol', () => Symbol('x')],
  ['a large integer', () => 2n ** 4096n],
  ['an object without a prototype', () => Object.create(null)],
];

describe('whatever stands in their place, there is a report and no exception', () => {
  test.each(STRANGE)('%s instead of evidence, its parts, and theirs', async (_, make) => {
    expect((await judge(make())).verdict).toBe('invalid');
    for (const name of Object.keys(evidence)) {
      expect((await judge({ ...evidence, [name]: make() })).verdict, name).toBe('invalid');
      const part = Reflect.get(evidence, name);
      if (typeof part !== 'object') continue;
      for (const inner of Object.keys(part)) {
        const presented = { ...evidence, [name]: { ...part, [inner]: make() } };
        expect((await judge(presented)).verdict, `${name}.${inner}`).toBe('invalid');
      }
    }
    for (const node of ['batch', 'entry'] as const) {
      const presented = {
        ...evidence,
        [node]: { ...evidence[node], proof: evidence[node].proof.with(0, make() as string) },
      };
      expect((await judge(presented)).verdict, node).toBe('invalid');
    }
  });

  test.each(STRANGE)('%s instead of facts and their parts', async (_, make) => {
    expect((await judge(evidence, make())).verdict).toBe('indeterminate');
    for (const name of Object.keys(facts)) {
      const verdict = (await judge(evidence, { ...facts, [name]: make() })).verdict;
      expect(verdict, name).toBe('indeterminate');
    }
    const peaks = facts.treeHead.peaks.map(() => make());
    // Bytes are bytes wherever they are kept, and these lead nowhere.
    expect((await judge(evidence, { ...facts, treeHead: { ...facts.treeHead, peaks } })).verdict).not.toBe('valid');
  });

  test.each(['evidence', 'facts'] as const)('every member of %s throws when it is read', async (which) => {
    const target: object = { evidence, facts }[which];
    for (const name of Object.keys(target)) {
      const hostile = withGetter(target, name, () => {
        throw undefined;
      });
      const report = which === 'evidence' ? await judge(hostile) : await judge(evidence, hostile);
      expect(report.verdict, name).toBe(which === 'evidence' ? 'invalid' : 'indeterminate');
    }
  });
});

describe('what is judged was read once', () => {
  test('a credential that is another when it is read again changes nothing', async () => {
    const other = world.genuine.model.jwt;
    const hostile = withGetter(evidence, 'credential', changing(evidence.credential, other));
    const report = await judge(hostile);
    expect(report).toMatchObject({ verdict: 'valid', cid: (await judge(evidence)).cid });
  });

  test('no member of evidence that becomes another one makes what is forged valid', async () => {
    const good = evidence;
    const forged = world.evidence(world.genuine['by a key that is not registered']);
    for (const name of Object.keys(good)) {
      const pair = [Reflect.get(forged, name), Reflect.get(good, name)];
      for (const values of [pair, pair.toReversed()]) {
        const hostile = withGetter(forged, name, changing(...values));
        for (const given of [facts, need(honestFacts(forged, world))]) {
          const { verdict } = await judge(hostile, given);
          expect(verdict, name).not.toBe('valid');
        }
      }
    }
  });

  test('a kind of key that becomes another one is refused or judged by what was read', async () => {
    for (const values of [
      ['EC', 'OKP'],
      ['OKP', 'EC'],
      ['EC', 'EC', 'OKP'],
      ['oct', 'EC'],
    ] as const) {
      const key = withGetter(evidence.key, 'kty', changing<string>(...values));
      const { verdict } = await judge({ ...evidence, key });
      expect(['valid', 'invalid']).toContain(verdict);
    }
  });

  test('bytes of evidence that are overwritten while it is verified change nothing', async () => {
    const bytes = new TextEncoder().encode(JSON.stringify(evidence));
    const reporting = judge(bytes);
    bytes.fill(0);
    expect(await reporting).toMatchObject({ verdict: 'valid' });
  });

  test('peaks and logs that are overwritten while the signature is checked change nothing', async () => {
    const { index } = evidence.entry;
    const peaks = facts.treeHead.peaks.map((peak) => Uint8Array.from(peak));
    const log = Uint8Array.from(need(world.entries[index]));
    const mine = { ...facts, treeHead: { ...facts.treeHead, peaks }, logged: { index, bytes: log } };
    const reporting = judge(evidence, mine);
    for (const bytes of [...peaks, log]) bytes.fill(0);
    expect(await reporting).toMatchObject({ verdict: 'valid' });

    // And the other way round: what was false when it was given does not become true.
    const zeros = facts.treeHead.peaks.map(() => new Uint8Array(32));
    const judging = judge(evidence, { ...facts, treeHead: { ...facts.treeHead, peaks: zeros } });
    zeros.forEach((peak, i) => {
      peak.set(need(facts.treeHead.peaks[i]));
    });
    expect(await judging).toMatchObject({ verdict: 'invalid' });
  });

  test('a prototype that was polluted gives evidence nothing that it lacks', async () => {
    const { grant, ...rest } = evidence;
    const polluted = Object.prototype as { grant?: unknown };
    try {
      polluted.grant = grant;
      expect((await judge(JSON.stringify(rest))).verdict).not.toBe('valid');
    } finally {
      delete polluted.grant;
    }
  });
});

describe('a platform that lacks what it should have', () => {
  test('says nothing of signatures without WebCrypto, and remembers nothing of that', async () => {
    // A world of its own, so that none of its keys was imported before.
    const fresh = await createWorld([]);
    try {
      const presented = fresh.evidence(fresh.genuine.passport);
      const options = {
        evidence: presented,
        facts: honestFacts(presented, fresh),
        policy: fresh.policy,
        now: fresh.now,
      };
      const signatureOf = async () => (await verify(options)).checks.find(({ name }) => name === 'signature')?.code;
      const there = need(Object.getOwnPropertyDescriptor(Crypto.prototype, 'subtle'));
      try {
        Object.defineProperty(Crypto.prototype, 'subtle', { ...there, get: () => undefined });
        expect(await signatureOf()).toBe('signature.not-checked');
      } finally {
        Object.defineProperty(Crypto.prototype, 'subtle', there);
      }
      expect(await signatureOf()).toBe('signature.valid');
    } finally {
      await fresh.stop();
    }
  });
});
