#!/usr/bin/env node
// The npm compiler as the `solc` that forge calls: its version, and standard JSON from standard input to standard output.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';

const solc = createRequire(import.meta.url)('solc');
if (process.argv.includes('--version')) {
  console.log(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}`);
} else {
  const input = JSON.parse(await text(process.stdin));
  // For coverage forge switches the optimizer off; OpenZeppelin's P256 then needs more stack than there is, unless the compiler may
  // move variables of its assembly. Nothing is merged or left out by that.
  if (input.settings.optimizer?.enabled !== true) {
    input.settings.optimizer = {
      enabled: false,
      details: { yul: true, yulDetails: { stackAllocation: true, optimizerSteps: ':' } },
    };
  }
  // What the input names and does not bring is read from where it was called: forge brings all, slither names all.
  process.stdout.write(
    solc.compile(JSON.stringify(input), { import: (path) => ({ contents: readFileSync(path, 'utf8') }) }),
  );
}
