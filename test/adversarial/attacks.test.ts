import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readPresented } from '@dpp-ledger/core/verify';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Attack, differences, GOOD, judgeAttack, ordersOf, present } from './attack.ts';
import { ATTACKS, GROUPS } from './attacks.ts';
import { buildVectors } from './vectors.ts';
import { createWorld, need, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld(ordersOf(ATTACKS));
});
afterAll(async () => {
  await world?.stop();
  const count = (verdict: string) => ATTACKS.filter((attack) => attack.verdict === verdict).length;
  console.log(
    `${ATTACKS.length} attacks: ${count('invalid')} invalid, ${count('indeterminate')} indeterminate, ` +
      `and ${count('valid')} that must not be refused`,
  );
});

describe('the world', () => {
  test('has a passport that is valid, check by check', async () => {
    const genuine: Attack = { name: 'genuine', verdict: 'valid', codes: [] };
    const report = await judgeAttack(genuine, world);
    expect(Object.fromEntries(report.checks.map(({ name, code }) => [name, code]))).toEqual(GOOD);
  });

  test('answers from its entries what the contract answers', async () => {
    for (const credential of Object.values(world.genuine)) {
      const question = need(readPresented(world.evidence(credential)).question);
      const asked = await world.readers.ours.readFacts(question);
      expect(world.facts(question)).toEqual({ ...asked, source: 'own node' });
    }
  });

  test('answers from its entries what the contract answers about lots', async () => {
    for (const credential of Object.values(world.genuine)) {
      const presented = readPresented(world.evidence(credential));
      const questions = presented.upstream?.questions ?? [];
      if (questions.length === 0) continue;
      const facts = await world.readers.ours.readFacts(need(presented.question));
      const asked = await world.readers.ours.readUpstream(questions, facts);
      expect(asked.map(({ logged: _, ...about }) => about)).toEqual(world.upstream(questions));
    }
  });

  test('has a twin of our ledger, with the same chain id, address and code, that begins otherwise', () => {
    const { ledger, twin, theirs } = world;
    expect({ ...twin, genesis: ledger.genesis }).toEqual(ledger);
    expect(twin.genesis).not.toBe(ledger.genesis);
    expect(theirs).toMatchObject({ chainId: ledger.chainId, genesis: ledger.genesis });
    expect(theirs.address).not.toBe(ledger.address);
  });

  test('has names for its attacks that differ', () => {
    expect(new Set(ATTACKS.map(({ name }) => name)).size).toBe(ATTACKS.length);
  });
});

describe.each(GROUPS)('$title', ({ attacks }) => {
  test.each(attacks)('$name', async (attack) => {
    const report = await judgeAttack(attack, world);
    expect({ verdict: report.verdict, codes: differences(report) }).toEqual({
      verdict: attack.verdict,
      codes: attack.codes,
    });
  });
});

describe('vectors', () => {
  test('survive JSON, and hold every attack that JSON can carry', async () => {
    const { vectors, omitted } = await buildVectors(world);
    expect(vectors.length + omitted.length).toBe(ATTACKS.length);
    expect(JSON.parse(JSON.stringify(vectors))).toEqual(vectors);
    for (const { codes } of vectors) expect(codes).toHaveLength(11);
  });
});

describe('the verifier as browsers get it', () => {
  test('judges every attack as Node does, with its own hashing and decoding', async () => {
    const { verify: verifyAsInBrowsers } = await importForBrowsers();
    for (const attack of ATTACKS) {
      const { verdict, checks } = await verifyAsInBrowsers(present(attack, world));
      const codes = checks.map(({ code }) => code);
      const here = await judgeAttack(attack, world);
      expect({ verdict, codes }, attack.name).toEqual({
        verdict: here.verdict,
        codes: here.checks.map(({ code }) => code),
      });
    }
  });
});

/** The same source, bundled for a browser: what it takes from the platform is then the portable part. */
async function importForBrowsers(): Promise<typeof import('@dpp-ledger/core/verify')> {
  const folder = await mkdtemp(join(tmpdir(), 'dpp-browser-'));
  try {
    const outfile = join(folder, 'verify.mjs');
    const entry = join(import.meta.dirname, '../../packages/core/src/verify/index.ts');
    const { metafile } = await build({
      ...{ entryPoints: [entry], outfile, bundle: true, format: 'esm', platform: 'browser', metafile: true },
    });
    const files = Object.keys(metafile.inputs);
    expect(files.some((file) => file.endsWith('platform/portable.ts'))).toBe(true);
    expect(files.some((file) => file.endsWith('platform/node.ts'))).toBe(false);
    return await import(/* @vite-ignore */ pathToFileURL(outfile).href);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
