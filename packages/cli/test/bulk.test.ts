/** Bulk in its short form; the long one is `pnpm bench:bulk`. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('issues thousands of rows once each in flat memory, though issuer and service are killed on the way', () => {
  const script = join(import.meta.dirname, '../../../scripts/bench/bulk.ts');
  const { stdout, stderr } = spawnSync(process.execPath, [script, '--count', '4000', '--json'], { encoding: 'utf8' });
  expect(stdout, stderr).not.toBe('');
  const { claims, anchored } = JSON.parse(stdout) as { claims: Record<string, boolean>; anchored: number };
  expect(anchored).toBe(5_000);
  expect(Object.keys(claims)).toHaveLength(7);
  expect(Object.entries(claims).filter(([, isSo]) => !isSo)).toEqual([]);
}, 300_000);
