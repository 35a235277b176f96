/**
 * Writes what each operation of the ledger costs to test/contracts/gas.json, which is committed: a change of gas or of new storage slots
 * shows in review. `--check` writes nothing and fails when the contracts cost anything else.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { measureOperations } from './vectors/measure.ts';

const path = join(import.meta.dirname, '../test/contracts/gas.json');

export async function renderGasSnapshot(): Promise<string> {
  const lines = Object.entries(await measureOperations()).map(
    ([name, { gas, newSlots }]) => `  ${JSON.stringify(name)}: { "gas": ${gas}, "newSlots": ${newSlots} }`,
  );
  return `{\n${lines.join(',\n')}\n}\n`;
}

if (import.meta.main) {
  const wanted = await renderGasSnapshot();
  if (!process.argv.includes('--check')) await writeFile(path, wanted);
  else if ((await readFile(path, 'utf8').catch(() => '')) !== wanted) {
    console.error(
      `${path} is not what the contracts cost: run \`pnpm gas:update\`, look at the difference and commit it`,
    );
    process.exitCode = 1;
  }
}
