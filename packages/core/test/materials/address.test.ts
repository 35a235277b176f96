import { expect, test } from 'vitest';
import { materialsOf } from '../../src/materials/index.ts';

test('Materials is where the ledger’s first creation went', () => {
  // ethers: getCreateAddress({ from, nonce: 1 }).
  expect(materialsOf('0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0')).toBe('0x343c43a37d37dff08ae8c4a11544c718abb4fcf8');
});
