import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { renderVectors } from '../../scripts/generate-vectors.ts';

const folder = join(import.meta.dirname, '../vectors');

interface SignedMessage {
  readonly jwk: { readonly kty: string; readonly crv: string; readonly x: string; readonly y: string };
  readonly signed: string;
  readonly signature: string;
}

async function readVectors<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(join(folder, file), 'utf8')) as T;
}

test('the committed vectors are what the contract emits and accepts today', async () => {
  for (const [file, wanted] of await renderVectors()) {
    assert.equal(await readFile(join(folder, file), 'utf8'), wanted, `${file}: run \`pnpm generate\``);
  }
});

test('every kind of entry has a vector', async () => {
  const source = await readFile(join(folder, '../../contracts/interfaces/IPassportLedger.sol'), 'utf8');
  const library = source.slice(source.indexOf('library Kind'), source.indexOf('library ActorKind'));
  const kinds = [...library.matchAll(/= (0x[0-9a-f]{2});/g)].map((match) => Number(match[1]));
  const vectors = await readVectors<{ kind: number }[]>('entries.json');
  assert.equal(kinds.length, 36);
  assert.deepEqual(
    [...new Set(vectors.map(({ kind }) => kind))].sort((a, b) => a - b),
    kinds,
  );
});

test('the vectors are one journal, without a gap', async () => {
  const vectors = await readVectors<{ index: number }[]>('entries.json');
  const { size } = await readVectors<{ size: number }>('journal.json');
  assert.deepEqual(
    vectors.map(({ index }) => index),
    Array.from({ length: size }, (_, index) => index),
  );
});

test('the platform verifies the signatures that the contract took', async () => {
  const { keyPossession, relay } = await readVectors<{ keyPossession: SignedMessage[]; relay: SignedMessage[] }>(
    'possession.json',
  );
  assert.equal(keyPossession.length, 3);
  assert.equal(relay.length, 5);
  for (const { jwk, signed, signature } of [...keyPossession, ...relay]) {
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const bytes = Buffer.from(signed.slice(2), 'hex');
    const ieee = Buffer.from(signature.slice(2), 'hex');
    assert.ok(verify('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }, ieee));
  }
});
