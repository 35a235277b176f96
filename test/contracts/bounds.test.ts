import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import hre from 'hardhat';
import { renderGasSnapshot } from '../../scripts/gas-snapshot.ts';
import { createTestLedger } from '../../scripts/vectors/ledger.ts';
import { createTestKey, encodeAct, POSSESSION_TYPES, RELAY_TYPES, sha256 } from '../../scripts/vectors/signing.ts';

for (const [name, most] of [
  ['PassportLedger', 22_000],
  ['Materials', 6_500],
] as const) {
  test(`${name} is at most ${most} bytes, of the 24,576 that a contract may have`, async () => {
    const { deployedBytecode } = await hre.artifacts.readArtifact(name);
    const size = (deployedBytecode.length - 2) / 2;
    assert.ok(size <= most, `${size} bytes`);
  });
}

test('gas and new slots of each operation are those of the committed snapshot', async () => {
  assert.equal(await readFile(join(import.meta.dirname, 'gas.json'), 'utf8'), await renderGasSnapshot());
});

test('a lot takes one new slot, and an allocation none', async () => {
  const snapshot = JSON.parse(await readFile(join(import.meta.dirname, 'gas.json'), 'utf8')) as Record<
    string,
    { newSlots: number }
  >;
  const slots = (name: string) => snapshot[name]?.newSlots;
  assert.equal(slots('register a lot'), 1);
  assert.equal(slots('split a lot'), 1);
  assert.equal(slots('offer a transfer'), 1);
  assert.equal(slots('accept a transfer'), 0);
  assert.equal(slots('transform two lots into two'), 2);
  assert.equal(slots('anchor by controller, with 3 allocations'), 0);
});

test('an anchor takes a new slot only where the tree gains a level', async () => {
  const snapshot = JSON.parse(await readFile(join(import.meta.dirname, 'gas.json'), 'utf8')) as Record<
    string,
    { newSlots: number }
  >;
  for (const [name, { newSlots }] of Object.entries(snapshot)) {
    if (name.startsWith('anchor')) assert.equal(newSlots, name.endsWith('new level') ? 1 : 0, name);
  }
});

for (const hardfork of ['prague', 'osaka'] as const) {
  const precompile = hardfork === 'osaka' ? 'with the P-256 precompile' : 'without the P-256 precompile';
  test(`keys are proved and relayed calls accepted ${precompile}`, async () => {
    const ledger = await createTestLedger({ hardfork });
    const [admin = '', accreditor = '', relayer = ''] = ledger.accounts;
    const [role] = await ledger.read('ACCREDITOR_ROLE', []);
    await ledger.send(admin, 'grantRole', [role, accreditor]);
    const did = 'did:web:maker.example';
    const issuer = sha256(Buffer.from(did));
    const deadline = ledger.nextTime() + 1000;
    const key = createTestKey('bounds: a key');
    const nobody = `0x${'00'.repeat(20)}`;
    const possession = ledger.encodeTyped(POSSESSION_TYPES, { issuer, controller: nobody, purposes: 15, deadline });
    const proof = key.sign(possession.bytes);
    const accredit = (signature: string) =>
      ledger.send(accreditor, 'accredit', [did, 1, nobody, key.publicKey, 15, deadline, signature]);
    for (const [name, signature] of respell(proof)) {
      await assert.rejects(accredit(signature), /SignatureInvalid/, name);
    }
    await accredit(proof);

    const acts = [encodeAct(32, sha256(Buffer.from('root')), 1, sha256(Buffer.from('manifest')), [])];
    const message = { issuer, key: key.thumbprint, acts, nonce: 0, deadline };
    const signature = key.sign(ledger.encodeTyped(RELAY_TYPES, message).bytes);
    await assert.rejects(
      ledger.send(relayer, 'relay', [issuer, key.publicKey, acts, 0, deadline, proof]),
      /SignatureInvalid/,
    );
    for (const [name, respelt] of respell(signature)) {
      const call = ledger.send(relayer, 'relay', [issuer, key.publicKey, acts, 0, deadline, respelt]);
      await assert.rejects(call, /SignatureInvalid/, name);
    }
    const { entries, gasUsed } = await ledger.send(relayer, 'relay', [
      issuer,
      key.publicKey,
      acts,
      0,
      deadline,
      signature,
    ]);
    assert.equal(entries.length, 1);
    // Which of the two verified it shows in the gas: the Solidity of the fallback takes more than the whole call otherwise does.
    assert.equal(gasUsed > 200_000, hardfork === 'prague', `${gasUsed} gas`);
  });
}

/** What a signature must not be taken for, though s of the first verifies elsewhere. */
function respell(signature: string): readonly (readonly [name: string, signature: string])[] {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const word = (value: bigint) => value.toString(16).padStart(64, '0');
  const [r, s] = [BigInt(signature.slice(0, 66)), BigInt(`0x${signature.slice(66)}`)];
  return [
    ['high s', `0x${word(r)}${word(order - s)}`],
    ['r is zero', `0x${word(0n)}${word(s)}`],
    ['s is zero', `0x${word(r)}${word(0n)}`],
    ['both are zero', `0x${word(0n)}${word(0n)}`],
    ['r is the order', `0x${word(order)}${word(s)}`],
    ['s is the order', `0x${word(r)}${word(order)}`],
    ['r and s exchanged', `0x${word(s)}${word(r)}`],
    ['a byte less', signature.slice(0, -2)],
    ['a byte more', `${signature}00`],
    ['nothing', '0x'],
  ];
}
