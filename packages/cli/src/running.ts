/**
 * Where the service over a data folder listens: `service.json`, written when it starts and removed when it stops. A hint for commands
 * beside it, and no more than that: a service that was killed leaves its record behind.
 */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type IssuerId, parseJson, parseShape } from '@dpp-ledger/core';
import { parseDid } from '@dpp-ledger/core/credential';
import { z } from 'zod';

/** Where a data folder keeps the service's own key. */
export const SERVICE_KEY = 'service.jwk.json';
const FILE = 'service.json';
const recordSchema = z.object({ url: z.url({ protocol: /^https?$/ }) });

/** `url` as it was listened on: every address is written down as this machine's. Resolves with what removes the record. */
export async function recordService(dataDir: string, url: string): Promise<() => Promise<void>> {
  const path = join(dataDir, FILE);
  const reached = url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
  const record = `${JSON.stringify({ url: reached })}\n`;
  // Whole or not at all: others read it at any time.
  await writeFile(`${path}.${process.pid}`, record);
  await rename(`${path}.${process.pid}`, path);
  return async () => {
    // Another service over the same folder may have written its own since.
    if ((await readIfPresent(path)) === record) await rm(path, { force: true });
  };
}

/** `undefined` where none is recorded. Whether it runs, only asking tells. Errors: `input.json`, `input.shape` for a damaged record. */
export async function findService(dataDir: string): Promise<string | undefined> {
  const path = join(dataDir, FILE);
  const text = await readIfPresent(path);
  return text === undefined ? undefined : parseShape(recordSchema, parseJson(text), path).url;
}

/** The service's own DID: the did:web of where it is reached. */
export function serviceDid(publicUrl: string): IssuerId {
  return parseDid(`did:web:${new URL(publicUrl).host.replace(':', '%3A')}`);
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
