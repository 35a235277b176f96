/**
 * The standards' own schemas, samples and vectors. They are not part of this repository: `DPP_CONFORMANCE` names their folder, by default
 * `../shared/conformance` beside the repository. Where they are not there, the suites are skipped and say so.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseJson } from '@dpp-ledger/core';
import { describe } from 'vitest';

const REPOSITORY = resolve(fileURLToPath(import.meta.url), '../../..');
const FOLDER = resolve(REPOSITORY, process.env.DPP_CONFORMANCE ?? '../shared/conformance');
const IS_THERE = existsSync(FOLDER);

/** A suite over the material; without it, skipped with a printed line. */
export function describeConformance(standard: string, suite: () => void): void {
  if (!IS_THERE)
    process.stdout.write(`conformance: ${standard} was NOT run: there is no ${FOLDER}; set DPP_CONFORMANCE\n`);
  describe.skipIf(!IS_THERE)(standard, () => {
    // A suite that is skipped is still collected, and would read what is not there.
    if (IS_THERE) suite();
    else describe.todo('its material is not here');
  });
}

/** Prints what a suite counted. */
export function printCount(line: string): void {
  process.stdout.write(`conformance: ${line}\n`);
}

export function readMaterial(path: string): string {
  return readFileSync(resolve(FOLDER, path), 'utf8');
}

export function readMaterialJson(path: string): unknown {
  return parseJson(readMaterial(path));
}

export function listMaterial(folder: string): string[] {
  return IS_THERE ? readdirSync(resolve(FOLDER, folder)).sort() : [];
}

/** A file of this repository. */
export function repositoryPath(path: string): string {
  return resolve(REPOSITORY, path);
}

/** A file of the public data sets, which lie beside the conformance material or in `DPP_DATA`. */
export function dataPath(path: string): string {
  return resolve(REPOSITORY, process.env.DPP_DATA ?? resolve(FOLDER, '../data'), path);
}
