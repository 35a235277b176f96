/** Files that people name on the command line. */
import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { InvalidInputError } from '@dpp-ledger/core';

/** `-` is standard input. Errors: `input.shape` where it cannot be read. */
export async function readTextFile(path: string): Promise<string> {
  return new TextDecoder().decode(await readBytesFile(path));
}

export async function readBytesFile(path: string): Promise<Uint8Array> {
  if (path === '-') return await readStandardInput();
  try {
    return await readFile(path);
  } catch (cause) {
    throw new InvalidInputError('input.shape', `Cannot read ${path}: ${reasonOf(cause)}.`, { cause });
  }
}

/** A file as it is read, its beginning known. Errors: `input.shape` where it cannot be read. */
export async function openBytesFile(path: string): Promise<{
  readonly start: Uint8Array;
  /** All of it, once. */
  readonly chunks: AsyncIterable<Uint8Array>;
}> {
  const stream: AsyncIterable<Uint8Array> = path === '-' ? process.stdin : createReadStream(path);
  const iterator = stream[Symbol.asyncIterator]();
  const first = await iterator.next().catch((cause: unknown) => {
    throw new InvalidInputError('input.shape', `Cannot read ${path}: ${reasonOf(cause)}.`, { cause });
  });
  const start = first.done === true ? new Uint8Array() : first.value;
  async function* readAll(): AsyncGenerator<Uint8Array> {
    yield start;
    for await (const chunk of { [Symbol.asyncIterator]: () => iterator }) yield chunk;
  }
  return { start, chunks: readAll() };
}

/** Never overwrites unless it is told to. Errors: `usage.command`. */
export async function writeNewFile(
  path: string,
  data: string | Uint8Array,
  options: { readonly overwrite?: boolean } = {},
): Promise<void> {
  try {
    await writeFile(path, data, { flag: options.overwrite === true ? 'w' : 'wx' });
  } catch (cause) {
    const exists = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    throw new InvalidInputError(
      'usage.command',
      exists ? `${path} exists: choose another name.` : `Cannot write ${path}: ${reasonOf(cause)}.`,
      { cause },
    );
  }
}

async function readStandardInput(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    ? 'there is no such file'
    : cause instanceof Error
      ? cause.message
      : String(cause);
}
