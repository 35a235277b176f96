/**
 * What a witness signed, written down before it signs: one small file for each log, in a folder that one process owns. It keeps the last
 * checkpoint that was cosigned and the blocks that it spoke about, which is all that it takes to never contradict oneself.
 */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DppError,
  decodeHex,
  encodeHex,
  equalBytes,
  type Hex,
  IntegrityError,
  sha256,
  UnavailableError,
} from '@dpp-ledger/core';
import { type Checkpoint, parseCheckpoint, parseNote } from '@dpp-ledger/core/checkpoint';
import { foldPeaks, planPeaks, type TreeHead } from '@dpp-ledger/core/journal';
import { lockFolder, writeDurably } from '@dpp-ledger/sdk/node';
import { z } from 'zod';

export interface SeenBlock {
  readonly number: number;
  readonly hash: Hex;
}

export interface SeenTree {
  readonly size: number;
  readonly root: Hex;
}

/** Of one log. */
export interface Signed {
  readonly origin: string;
  /** Of the last checkpoint that was cosigned. */
  readonly head: TreeHead;
  /** The note itself: what the log signed. */
  readonly checkpoint: string;
  /** The final block at which the contract was asked. */
  readonly block: SeenBlock;
  /** The latest that stands in a signature, in seconds since 1970. */
  readonly time: number;
  /** Trees that were cosigned, this one last; the oldest may have been forgotten. */
  readonly cosigned: readonly SeenTree[];
  /** Those that state statements were signed about, in their order; the oldest may have been forgotten. */
  readonly stated: readonly SeenBlock[];
}

export interface Memory {
  find(origin: string): Signed | undefined;
  /** Resolves when it outlasts a power cut. Errors: UnavailableError `service.not-ready` once it is closed. */
  write(signed: Signed): Promise<void>;
  /** Lets another process have the folder, once what is being written is written. */
  close(): Promise<void>;
}

/** Of `writeDurably`, and of this folder's files. */
const LEFTOVER = /^[0-9a-f]{32}\.json\.[0-9a-f]+\.tmp$/;

const count = z.int().nonnegative();
const hash = z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{64}$/)]);
const block = z.strictObject({ number: count, hash });
const fileSchema = z.strictObject({
  origin: z.string().min(1),
  size: count,
  root: hash,
  peaks: z.array(hash),
  checkpoint: z.string(),
  block,
  time: count,
  cosigned: z.array(z.strictObject({ size: count, root: hash })),
  stated: z.array(block),
});

/**
 * Takes the folder for this process, and reads all that is in it: of a log that cannot be read nothing may be signed, and it is not known
 * which log that is. Errors: RejectedError `folder.locked`; IntegrityError `witness.state`.
 */
export async function openMemory(folder: string): Promise<Memory> {
  const { release } = await lockFolder(folder);
  try {
    const known = new Map<string, Signed>();
    let writing: Promise<unknown> = Promise.resolve();
    let isClosed = false;
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      // Begun by a process that died, and never part of the memory.
      if (LEFTOVER.test(name)) await rm(path, { force: true });
      if (!name.endsWith('.json')) continue;
      const signed = decodeFile(await readFile(path, 'utf8'), path);
      if (nameOf(signed.origin) !== name)
        refuse(path, `it is about ${signed.origin}, whose file is ${nameOf(signed.origin)}`);
      known.set(signed.origin, signed);
    }
    return {
      find: (origin) => known.get(origin),
      async write(signed) {
        // What is still being answered when the witness stops must not write beside the next process.
        if (isClosed) throw new UnavailableError('service.not-ready', 'The witness is stopping. Ask again.');
        const written = writeDurably(join(folder, nameOf(signed.origin)), encodeFile(signed));
        writing = Promise.allSettled([writing, written]);
        await written;
        known.set(signed.origin, signed);
      },
      async close() {
        isClosed = true;
        await writing;
        await release();
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}

/** Origins are URLs, and file names are not. */
function nameOf(origin: string): string {
  return `${encodeHex(sha256(new TextEncoder().encode(origin))).slice(2, 34)}.json`;
}

function encodeFile({ origin, head, checkpoint, block, time, cosigned, stated }: Signed): string {
  const file: z.infer<typeof fileSchema> = {
    origin,
    size: head.size,
    root: encodeHex(foldPeaks(head.peaks)),
    peaks: head.peaks.map(encodeHex),
    checkpoint,
    block,
    time,
    cosigned: [...cosigned],
    stated: [...stated],
  };
  return `${JSON.stringify(file, undefined, 2)}\n`;
}

function decodeFile(text: string, path: string): Signed {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    refuse(path, 'it is not JSON');
  }
  const file = fileSchema.safeParse(json);
  if (!file.success) refuse(path, z.prettifyError(file.error));
  const { origin, size, root, checkpoint, block, time, cosigned, stated } = file.data;
  const peaks = file.data.peaks.map((peak) => decodeHex(peak, 32));
  // The checkpoint itself says what was cosigned; what stands beside it saves reading it.
  const note = readCheckpoint(checkpoint, path);
  const isOf = note.origin === origin && note.size === size && equalBytes(note.root, decodeHex(root, 32));
  if (!isOf) refuse(path, 'its checkpoint is another');
  if (planPeaks(size).length !== peaks.length || !equalBytes(foldPeaks(peaks), note.root)) {
    refuse(path, 'its peaks do not fold to its root');
  }
  return { origin, head: { size, peaks }, checkpoint, block, time, cosigned, stated };
}

function readCheckpoint(note: string, path: string): Checkpoint {
  try {
    return parseCheckpoint(parseNote(note).text);
  } catch (cause) {
    if (!(cause instanceof DppError)) throw cause;
    return refuse(path, cause.message);
  }
}

function refuse(path: string, reason: string): never {
  throw new IntegrityError(
    'witness.state',
    `${path} says what was signed, and cannot be relied on: ${reason}. Nothing is signed without it. See docs/witness.md, "When the memory is lost".`,
  );
}
