/**
 * Writes the contract's ABI and creation code, as Hardhat built them, to where the SDK reads them, and the layout of its storage and of
 * Materials' to where the core derives from them what a storage proof must be of.
 * `--check` writes nothing and fails when what is committed is not what the contracts say.
 */
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');

interface Artifact {
  readonly abi: readonly unknown[];
  readonly bytecode: string;
  readonly buildInfoId: string;
}

interface BuildInfo {
  readonly solcLongVersion: string;
  readonly input: { readonly settings: { readonly optimizer: unknown; readonly evmVersion?: string } };
}

interface Placed {
  readonly label: string;
  readonly offset: number;
  readonly slot: string;
  readonly type: string;
}

interface BuildOutput {
  readonly output: {
    readonly contracts: Readonly<
      Record<string, Readonly<Record<string, { readonly storageLayout: StorageLayout } | undefined>> | undefined>
    >;
  };
}

interface StorageLayout {
  readonly storage: readonly Placed[];
  readonly types: Readonly<
    Record<string, { readonly label: string; readonly numberOfBytes: string; readonly members?: readonly Placed[] }>
  >;
}

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, 'utf8')) as T;
}

/** What is written, by its path. */
async function render(): Promise<ReadonlyMap<string, string>> {
  const artifact = await readJson<Artifact>(join(root, 'artifacts/contracts/PassportLedger.sol/PassportLedger.json'));
  // What Materials refuses comes back through the ledger.
  const materials = await readJson<Artifact>(
    join(root, 'artifacts/contracts/interfaces/IMaterials.sol/IMaterials.json'),
  );
  const refusals = materials.abi.filter((item) => (item as { readonly type: string }).type === 'error');
  const builds = await readdir(join(root, 'artifacts/build-info'));
  const build = builds.find((name) => name === `${artifact.buildInfoId}.json`);
  if (build === undefined) throw new Error(`no build info ${artifact.buildInfoId}: run \`hardhat build --force\``);
  const info = await readJson<BuildInfo>(join(root, 'artifacts/build-info', build));
  const { output } = await readJson<BuildOutput>(
    join(root, 'artifacts/build-info', `${artifact.buildInfoId}.output.json`),
  );
  const layoutOf = (name: string) => {
    const layout = output.contracts[`project/contracts/${name}.sol`]?.[name]?.storageLayout;
    if (layout === undefined) throw new Error('the compiler was not asked for the storage layout');
    return layout;
  };
  return new Map([
    [
      join(root, 'packages/sdk/src/ledger/generated/PassportLedger.ts'),
      renderAbi([...artifact.abi, ...refusals], artifact.bytecode, info),
    ],
    [
      join(root, 'packages/core/src/pack/generated/storage-layout.ts'),
      renderLayouts(layoutOf('PassportLedger'), layoutOf('Materials'), info.solcLongVersion),
    ],
  ]);
}

function renderAbi(abi: readonly unknown[], bytecode: string, info: BuildInfo): string {
  const compiler = { version: info.solcLongVersion, optimizer: info.input.settings.optimizer };
  return [
    '// Written by scripts/generate-abi.ts from contracts/PassportLedger.sol.',
    '',
    `export const compiler = ${JSON.stringify(compiler, null, 2)} as const;`,
    '',
    `export const abi = ${JSON.stringify(abi, null, 2)} as const;`,
    '',
    `export const bytecode = '${bytecode}';`,
    '',
  ].join('\n');
}

/** Without the compiler's numbers of syntax nodes, which change with every line of the contracts. */
function renderLayouts(ledger: StorageLayout, materials: StorageLayout, compiler: string): string {
  const placeIn =
    ({ types }: StorageLayout) =>
    ({ slot, offset, type }: Placed) => {
      const { label, numberOfBytes } = types[type] ?? { label: type, numberOfBytes: '32' };
      return `{ slot: ${slot}, offset: ${offset}, bytes: ${numberOfBytes}, type: ${JSON.stringify(label)} }`;
    };
  const renderAll = (layout: StorageLayout) =>
    layout.storage.map((variable) => `  ${variable.label}: ${placeIn(layout)(variable)},`);
  const place = placeIn(ledger);
  const structs = Object.values(ledger.types)
    .flatMap(({ label, members }) => (members === undefined ? [] : [{ name: label.replace(/^.*\./, ''), members }]))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return [
    `// Written by scripts/generate-abi.ts from the contracts: where solc ${compiler} keeps it.`,
    '',
    '/** Of PassportLedger. */',
    'export const variables = {',
    ...renderAll(ledger),
    '} as const;',
    '',
    '/** Of Materials. */',
    'export const materials = {',
    ...renderAll(materials),
    '} as const;',
    '',
    '/** Of PassportLedger. */',
    'export const structs = {',
    ...structs.flatMap(({ name, members }) => [
      `  ${name}: {`,
      ...members.map((member) => `    ${member.label}: ${place(member)},`),
      '  },',
    ]),
    '} as const;',
    '',
  ].join('\n');
}

const built = spawnSync(join(root, 'node_modules/.bin/hardhat'), ['build', '--quiet'], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
});
if (built.status !== 0) throw new Error('hardhat build failed');
for (const [target, wanted] of await render()) {
  if (process.argv.includes('--check')) {
    const found = await readFile(target, 'utf8').catch(() => '');
    if (found === wanted) continue;
    console.error(`${target} is not what the contracts say: run \`pnpm generate\` and commit it`);
    process.exitCode = 1;
  } else {
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, wanted);
  }
}
