import { decodeBase64Url, decodeHex, encodeBase64Url, encodeHex, InvalidInputError } from '@dpp-ledger/core';
import {
  formatCid,
  formatKid,
  hashCid,
  parseCid,
  parseGrant,
  parseJwt,
  parseKid,
  signPayload,
} from '@dpp-ledger/core/credential';
import { decodeManifest, type Evidence, encodeManifest, type Facts, parseEvidence } from '@dpp-ledger/core/evidence';
import { decodeEntry, encodeEntry } from '@dpp-ledger/core/journal';
import { canonicalSubject } from '@dpp-ledger/core/passport';
import { type Presented, readPresented, verify, verifyPresented } from '@dpp-ledger/core/verify';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ordersOf, present } from './attack.ts';
import { ATTACKS } from './attacks.ts';
import { createWorld, type GenuineName, need, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld(ordersOf(ATTACKS));
});
afterAll(() => world?.stop());

/** As `world.facts` and `world.upstream`, of which there are few. */
function createOracle() {
  const known = new Map<string, Facts>();
  const spell = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
  return ({ question, upstream }: Presented): Facts | undefined => {
    if (question === undefined) return undefined;
    const asked = upstream?.questions ?? [];
    const name = JSON.stringify([question, asked], spell);
    const facts = known.get(name) ?? { ...world.facts(question), upstream: world.upstream(asked) };
    known.set(name, facts);
    return facts;
  };
}

const utf8 = new TextEncoder();
const text = new TextDecoder();

describe('no bit of valid evidence is without meaning', () => {
  test.each<GenuineName>(['passport', 'signed with Ed25519', 'alone in its batch', 'with lots'])(
    'each bit of "%s", flipped, makes evidence that is not valid, whatever an honest ledger answers to it',
    async (name) => {
      const ask = createOracle();
      const bytes = utf8.encode(JSON.stringify(world.evidence(world.genuine[name])));
      const stillValid: string[] = [];
      const judgeFlipped = async (bit: number) => {
        const flipped = bytes.slice();
        flipped[bit >> 3] = need(flipped[bit >> 3]) ^ (1 << (bit & 7));
        const presented = readPresented(flipped);
        const facts = ask(presented);
        const { verdict } = await verifyPresented(presented, { facts, policy: world.policy, now: world.now });
        if (verdict === 'valid')
          stillValid.push(`bit ${bit}: ${text.decode(flipped.subarray((bit >> 3) - 20, (bit >> 3) + 20))}`);
      };
      const bits = Array.from({ length: bytes.length * 8 }, (_, bit) => bit);
      // Many in flight: signatures are checked by the platform's threads.
      for (let at = 0; at < bits.length; at += 256) await Promise.all(bits.slice(at, at + 256).map(judgeFlipped));
      expect(stillValid).toEqual([]);
      console.log(`${bits.length} bits of "${name}" flipped, one at a time`);
    },
  );
});

describe('parse and encode are inverse', () => {
  const bytes = fc.uint8Array({ maxLength: 80 });
  /** What can be read is written back as it stood. */
  const same = <In, Out>(read: (given: In) => Out, write: (value: Out) => unknown, given: In): void => {
    let value: Out;
    try {
      value = read(given);
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidInputError);
      return;
    }
    expect(write(value)).toEqual(given);
  };

  test('for every entry that the contract made', () => {
    for (const entry of world.entries) expect(encodeEntry(decodeEntry(entry))).toEqual(entry);
  });

  test('for entries with any bytes overwritten, cut or appended: one entry has one spelling', () => {
    const entry = fc.nat(world.entries.length - 1).map((i) => need(world.entries[i]));
    const edit = fc.record({ at: fc.nat(300), put: bytes, keep: fc.boolean() });
    fc.assert(
      fc.property(entry, fc.array(edit, { minLength: 1, maxLength: 3 }), (start, edits) => {
        const damaged = edits.reduce((it, { at, put, keep }) => {
          const from = at % (it.length + 1);
          return Uint8Array.from([...it.subarray(0, from), ...put, ...it.subarray(keep ? from + put.length : from)]);
        }, start);
        same(decodeEntry, encodeEntry, damaged);
      }),
      { numRuns: 2_000 },
    );
  });

  test('for evidence of every genuine credential, as an object and as text', () => {
    for (const credential of Object.values(world.genuine)) {
      const evidence = world.evidence(credential);
      expect(parseEvidence(evidence)).toEqual(evidence);
      expect(parseEvidence(JSON.stringify(evidence))).toEqual(evidence);
      expect(JSON.stringify(parseEvidence(JSON.stringify(evidence)))).toBe(JSON.stringify(evidence));
      expect(text.decode(parseJwt(credential.jwt).bytes)).toBe(credential.jwt);
    }
  });

  test('for content identifiers, base64url, hexadecimal, manifests and names of keys, from any text', () => {
    const cid = hashCid(utf8.encode('x'));
    const near = fc.oneof(
      fc.string(),
      fc.constant(cid),
      fc
        .tuple(fc.nat(60), fc.string({ maxLength: 2 }))
        .map(([at, put]) => cid.slice(0, at) + put + cid.slice(at + put.length)),
    );
    fc.assert(
      fc.property(near, bytes, (given, some) => {
        same(parseCid, formatCid, given);
        same((it: string) => decodeBase64Url(it), encodeBase64Url, given);
        same((it: string) => decodeHex(it), encodeHex, given);
        same(parseKid, ({ issuer, key }) => formatKid(issuer, key), given);
        same(decodeManifest, (digests) => Uint8Array.from(encodeManifest(digests).bytes), some);
        expect(Uint8Array.from(decodeBase64Url(encodeBase64Url(some)))).toEqual(some);
        expect(decodeHex(encodeHex(some))).toEqual(some);
      }),
      { numRuns: 2_000 },
    );
  });

  test('for subjects: what is canonical stays as it is', () => {
    const value = fc.string({ maxLength: 20, unit: fc.constantFrom(...'%/A7a-_.~+!&=25'.split('')) });
    fc.assert(
      fc.property(value, (serial) => {
        const uri = `https://dpp.example/01/09521234000013/21/${serial}`;
        let subject: string;
        try {
          subject = canonicalSubject(uri);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidInputError);
          return;
        }
        expect(canonicalSubject(subject)).toBe(subject);
      }),
      { numRuns: 2_000 },
    );
  });

  test('for grants: a prefix says itself', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^gs1:[0-9]{3,13}$/)), (given) => {
        same(parseGrant, (grant) => (grant.scheme === 'gs1' ? `gs1:${grant.companyPrefix}` : grant.base), given);
      }),
    );
  });
});

describe('nothing makes verify throw, and nothing that is not genuine is valid', () => {
  const junk = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
  });

  test('anything at all, as evidence, facts, and what was scanned', async () => {
    await fc.assert(
      fc.asyncProperty(junk, junk, fc.string(), async (presented, facts, subject) => {
        const report = await verify({
          evidence: presented,
          facts: facts as never,
          policy: world.policy,
          expected: { subject: subject as never },
          now: world.now,
        });
        expect(report.verdict).not.toBe('valid');
      }),
      { numRuns: 500 },
    );
  });

  test('whatever an issuer signs in any place of a passport', async () => {
    const genuine = world.genuine.passport;
    const payload = JSON.parse(Buffer.from(need(genuine.jwt.split('.')[1]), 'base64url').toString());
    const paths = pathsOf(payload);
    const kid = formatKid(genuine.signer.issuer, genuine.signer.keyId);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), fc.jsonValue(), async (path, value) => {
        const changed = replaceAt(payload, path, value);
        if (typeof changed !== 'object' || changed === null) return;
        const { jwt } = await signPayload(changed, kid, genuine.signer);
        const evidence: Evidence = { ...world.evidence(genuine), credential: jwt };
        const presented = readPresented(evidence);
        const facts = presented.question && world.facts(presented.question);
        const { verdict } = await verifyPresented(presented, { facts, policy: world.policy, now: world.now });
        expect(verdict).not.toBe('valid');
      }),
      { numRuns: 500 },
    );
  });

  test('evidence of one attack with parts of another is valid only where it is genuine again', async () => {
    const own = [...Object.values(world.genuine), ...world.signed.values()].map((it) => world.evidence(it));
    // Any grant that covers the subject will do.
    const identify = ({ ledger, credential, key, batch, entry }: Evidence) =>
      JSON.stringify([ledger, credential, key, batch, entry]);
    const genuine = new Set(own.map(identify));
    const presented = ATTACKS.map((attack) => present(attack, world).evidence);
    const any = fc.constantFrom<unknown>(...presented, ...own);
    const part = fc.constantFrom('ledger', 'credential', 'key', 'grant', 'batch', 'entry', 'lots', 'earlier');
    const ask = createOracle();
    await fc.assert(
      fc.asyncProperty(any, any, part, async (one, other, name) => {
        fc.pre([one, other].every((it) => typeof it === 'object' && it !== null));
        const mixed = readPresented({ ...(one as object), [name]: Reflect.get(other as object, name) });
        const facts = ask(mixed);
        const { verdict } = await verifyPresented(mixed, { facts, policy: world.policy, now: world.now });
        if (verdict === 'valid') expect(genuine).toContain(identify(need(mixed.evidence)));
      }),
      { numRuns: 5_000 },
    );
  });
});

type Path = readonly (string | number)[];

function pathsOf(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  const entries = Array.isArray(value) ? value.map((item, i) => [i, item] as const) : Object.entries(value);
  return [at, ...entries.flatMap(([name, member]) => pathsOf(member, [...at, name]))];
}

function replaceAt(value: unknown, [name, ...rest]: Path, by: unknown): unknown {
  if (name === undefined) return by;
  const copy = structuredClone(value) as Record<string, unknown>;
  copy[name] = replaceAt(copy[name], rest, by);
  return copy;
}
