/** The verifier as a browser gets it: one module, with the packages that went into it. */
import { join, sep } from 'node:path';
import { build } from 'esbuild';

export interface Bundle {
  readonly text: string;
  /** Names of the npm packages that are in it. */
  readonly packages: readonly string[];
  /** Files of this project that are in it, from `packages/`. */
  readonly files: readonly string[];
}

const root = join(import.meta.dirname, '../..');

/** Bundles `@dpp-ledger/sdk/verify` for browsers. */
export function bundleVerifier(): Promise<Bundle> {
  return bundle("export * from './packages/sdk/src/verify.ts';");
}

/** What judges a pack, which asks nobody. */
export function bundlePackVerifier(): Promise<Bundle> {
  return bundle(
    "export { verifyPack } from './packages/core/src/pack/index.ts'; export { parsePolicyFile } from './packages/core/src/evidence/index.ts';",
  );
}

async function bundle(contents: string): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    ...{ stdin: { contents, resolveDir: root, loader: 'ts' }, bundle: true, format: 'esm', platform: 'browser' },
    ...{ target: 'es2022', minify: true, metafile: true, write: false, logLevel: 'silent', absWorkingDir: root },
  });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const used = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path.split(sep).join('/'));
  return {
    text: outputFiles[0]?.text ?? '',
    packages: [...new Set(used.flatMap((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []))].sort(),
    files: used.filter((path) => !path.includes('node_modules')).sort(),
  };
}
