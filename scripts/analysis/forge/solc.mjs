#!/usr/bin/env node
// The npm compiler as the `solc` that forge calls: its version, and standard JSON from standard input to standard output.
// SOLC_MEMORY names a folder in which answers are kept: forge asks the same at each of its starts.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const require = createRequire(import.meta.url);
if (process.argv.includes('--version')) {
  // The compiler itself takes a second to load.
  const { version } = JSON.parse(readFileSync(require.resolve('solc/package.json'), 'utf8'));
  console.log(`solc, the solidity compiler commandline interface\nVersion: ${version}`);
} else {
  const asked = await text(process.stdin);
  const memory = process.env.SOLC_MEMORY;
  const kept = memory && join(memory, `${createHash('sha256').update(asked).digest('hex')}.json`);
  const answer = kept && existsSync(kept) ? readFileSync(kept, 'utf8') : compile(JSON.parse(asked));
  if (kept && !existsSync(kept)) writeFileSync(kept, answer);
  process.stdout.write(answer);
}

function compile(input) {
  // For coverage forge switches the optimizer off; OpenZeppelin's P256 then needs more stack than there is, unless the compiler may
  // move variables of its assembly. Nothing is merged or left out by that.
  if (input.settings.optimizer?.enabled !== true) {
    input.settings.optimizer = {
      enabled: false,
      details: { yul: true, yulDetails: { stackAllocation: true, optimizerSteps: ':' } },
    };
  }
  // What the input names and does not bring is read from where it was called: forge brings all, slither names all.
  return require('solc').compile(JSON.stringify(input), {
    import: (path) => ({ contents: readFileSync(path, 'utf8') }),
  });
}
