/**
 * `pnpm analyse:halmos [CHECK]`: proves the checks of test/symbolic for every value within their bounds. A check that was not explored to
 * its end, because a loop or a path was cut off, is not proved, whatever Halmos says of the rest.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installFromPyPI } from '../python.ts';
import { installForge, root } from './forge.ts';

/** Turns of a loop; the longest goes through the 24 leaves of a tree. */
const LOOP = '32';

const source = readFileSync(join(root, 'test/symbolic/Checks.sol'), 'utf8');
const wanted = process.argv[2] ?? 'check_';
const checks = [...source.matchAll(/function (check_\w+)\(/g)].filter(([, name]) => name?.startsWith(wanted));
const python = join(installFromPyPI('halmos', join(import.meta.dirname, 'halmos.txt')), 'python');
const { stdout, status } = spawnSync(
  python,
  [
    ...[join(import.meta.dirname, 'run_halmos.py'), '--root', root, '--forge-build-out', 'cache/symbolic/out'],
    ...[
      '--contract',
      'Checks',
      '--function',
      wanted,
      '--loop',
      LOOP,
      '--solver-timeout-assertion',
      '5m',
      '--no-status',
    ],
  ],
  {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...installForge(), FOUNDRY_PROFILE: 'symbolic', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 28,
  },
);
process.stdout.write(stdout);
const passed = Number(/^Symbolic test result: (\d+) passed;/m.exec(stdout)?.[1] ?? 0);
const whole = !stdout.includes('WARNING');
const proved = whole ? passed : 0;
console.log(`${proved} checks proved, ${checks.length - proved} not`);
process.exitCode = status === 0 && proved === checks.length ? 0 : 1;
