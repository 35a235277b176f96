import { describe, expect, test } from 'vitest';
import { createCosignatureSigner, generateCosignatureKey } from '../../src/checkpoint/index.ts';
import { parsePolicyFile } from '../../src/evidence/index.ts';

const ledger = {
  chainId: 31337,
  genesis: `0x${'9e'.repeat(32)}`,
  address: `0x${'ed'.repeat(20)}`,
  codeHash: `0x${'c0'.repeat(32)}`,
};

describe('a policy file', () => {
  test('needs its ledgers alone: a day is then the oldest that facts may be, and nobody is a witness', async () => {
    expect(await parsePolicyFile({ ledgers: [ledger] })).toEqual({
      ledgers: [ledger],
      trustBase: 'own node',
      anchorStandings: ['proved', 'logged', 'witnessed'],
      maxAgeSeconds: 86_400,
      maxAheadSeconds: 60,
    });
  });

  test('names witnesses by the text of a tlog-policy, and endpoints with how many must agree', async () => {
    const { verifierKey } = await createCosignatureSigner(await generateCosignatureKey('ada.example'));
    const policy = await parsePolicyFile({
      ledgers: [ledger],
      maxAgeSeconds: 3600,
      witnessPolicy: `witness ada ${verifierKey} https://ada.example\nquorum ada\n`,
      endpoints: { urls: ['https://a.example', 'https://b.example'], agree: 2 },
    });
    expect(policy).toMatchObject({ maxAgeSeconds: 3600, endpoints: { agree: 2 } });
    expect(policy.witnesses?.sentence).toBe('the witness ada');
    expect(policy.witnesses?.meetsQuorum(['ada'])).toBe(true);
  });

  test.each([
    ['no ledgers', {}, 'input.shape'],
    ['an unknown member', { ledgers: [ledger], witness: '' }, 'input.shape'],
    ['an address in capitals', { ledgers: [{ ...ledger, address: `0x${'ED'.repeat(20)}` }] }, 'input.shape'],
    ['an age of nothing', { ledgers: [ledger], maxAgeSeconds: 0 }, 'input.shape'],
    ['a standing that is none', { ledgers: [ledger], anchorStandings: ['promised'] }, 'input.shape'],
    [
      'more that must agree than there are',
      { ledgers: [ledger], endpoints: { urls: ['https://a.example'], agree: 2 } },
      'input.shape',
    ],
    [
      'one endpoint twice',
      { ledgers: [ledger], endpoints: { urls: Array(2).fill('https://a.example'), agree: 1 } },
      'input.shape',
    ],
    [
      'an endpoint that is a file',
      { ledgers: [ledger], endpoints: { urls: ['file:///etc/passwd'], agree: 1 } },
      'input.shape',
    ],
    ['a witness policy without a quorum', { ledgers: [ledger], witnessPolicy: '\n' }, 'checkpoint.policy'],
  ])('is refused with %s', async (_, value, code) => {
    await expect(parsePolicyFile(value)).rejects.toMatchObject({ code });
  });
});
