/**
 * Runs of issuing, kept in a file of lines that is only ever appended to. A credential is in it, fsynced, before it is posted; a last line
 * that is not whole was never acted upon and is cut off. One file belongs to one issuer and one ledger.
 */
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type IssuerId, type LedgerId, RejectedError } from '@dpp-ledger/core';
import { formatLedger, STATUS_LIST_PLACES } from '@dpp-ledger/core/credential';
import { z } from 'zod';
import type { ReceiptLine } from '../client.ts';
import type { InputDigest, IssueRun, RunItem } from '../issue.ts';

const decimal = z.string().regex(/^(?:0|[1-9][0-9]{0,19})$/);
const header = z.strictObject({ run: z.literal('dpp-run/1'), ledger: z.string(), issuer: z.string() });
const line = z.union([
  z.strictObject({ list: decimal }),
  z.strictObject({ input: z.string(), list: decimal, index: z.int().nonnegative(), cid: z.string(), jwt: z.string() }),
  z.strictObject({
    settled: z.string(),
    receipt: z.object({
      state: z.enum(['accepted', 'duplicate', 'refused']),
      cid: z.string().optional(),
      id: z.string().optional(),
      receipt: z.string().optional(),
      anchorBy: z.string().optional(),
    }),
  }),
]);

export interface RunFile extends IssueRun {
  readonly path: string;
  /** In the order in which they were signed. */
  items(): Iterable<RunItem>;
  close(): Promise<void>;
}

interface Kept {
  item: RunItem;
  /** Where its line lies. */
  readonly offset: number;
  readonly length: number;
}

/** Opens a run, or begins one. Errors: RejectedError `run.mismatch` for another issuer's or ledger's file, or a damaged one. */
export async function openRun(
  path: string,
  owner: { readonly ledger: LedgerId; readonly issuer: IssuerId },
): Promise<RunFile> {
  const file = await open(path, 'a+', 0o600);
  try {
    return await readRun(path, file, { run: 'dpp-run/1', ledger: formatLedger(owner.ledger), issuer: owner.issuer });
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readRun(path: string, file: FileHandle, expected: z.infer<typeof header>): Promise<RunFile> {
  const kept = new Map<InputDigest, Kept>();
  let size = 0;
  let list: bigint | undefined;
  let nextIndex = 0;
  const damaged = (where: string) =>
    new RejectedError(
      'run.mismatch',
      `${path} is damaged at ${where}. Move it away only if you know which credentials it issued.`,
    );

  function apply(text: string, offset: number, length: number): void {
    const read = line.safeParse(parseLine(text));
    if (!read.success) throw damaged(`byte ${offset}`);
    const { data } = read;
    if ('settled' in data) {
      const settled = kept.get(data.settled);
      if (settled === undefined) throw damaged(`byte ${offset}`);
      settled.item = { ...settled.item, receipt: compact(data.receipt) };
    } else if ('input' in data) {
      const item: RunItem = {
        input: data.input,
        list: BigInt(data.list),
        index: data.index,
        cid: data.cid,
        receipt: undefined,
      };
      kept.set(item.input, { item, offset, length });
      if (item.list === list) nextIndex = Math.max(nextIndex, item.index + 1);
    } else {
      list = BigInt(data.list);
      nextIndex = 0;
    }
  }

  for await (const { text, offset, length } of readWholeLines(path)) {
    if (offset > 0) apply(text, offset, length);
    else {
      const found = header.safeParse(parseLine(text));
      if (!found.success) throw damaged('its first line');
      const { ledger, issuer } = found.data;
      if (ledger !== expected.ledger || issuer !== expected.issuer) {
        const message = `${path} is a run of ${issuer} on ${ledger}, not of ${expected.issuer} on ${expected.ledger}. Choose another file.`;
        throw new RejectedError('run.mismatch', message);
      }
    }
    size = offset + length;
  }
  await file.truncate(size);

  let turn: Promise<unknown> = Promise.resolve();

  /** One after the other: what is signed next is recorded while what was signed before is answered. */
  function append(lines: readonly object[]): Promise<{ offset: number; length: number }[]> {
    const mine = turn.then(() => appendNow(lines));
    turn = mine.catch(() => undefined);
    return mine;
  }

  async function appendNow(lines: readonly object[]): Promise<{ offset: number; length: number }[]> {
    const places: { offset: number; length: number }[] = [];
    let at = size;
    const bytes = lines.map((value) => {
      const text = Buffer.from(`${JSON.stringify(value)}\n`);
      places.push({ offset: at, length: text.length });
      at += text.length;
      return text;
    });
    try {
      await file.appendFile(Buffer.concat(bytes));
      await file.datasync();
    } catch (error) {
      // A full disk: what was written in part must not stand before what is written next.
      await file.truncate(size);
      throw error;
    }
    size = at;
    return places;
  }

  /** Lines to be written before the next items. */
  let beginning: readonly object[] = size === 0 ? [expected] : [];

  return {
    path,
    find: (input) => kept.get(input)?.item,

    async readJwt(input) {
      const place = kept.get(input);
      if (place === undefined) throw new TypeError(`no such item: ${input}`);
      const bytes = new Uint8Array(place.length);
      await file.read(bytes, 0, place.length, place.offset);
      const read = line.safeParse(parseLine(new TextDecoder().decode(bytes)));
      if (!read.success || !('jwt' in read.data)) throw damaged(`byte ${place.offset}`);
      return read.data.jwt;
    },

    takePlace() {
      if (list === undefined || nextIndex === STATUS_LIST_PLACES) {
        // 64 random bits: nobody has to be asked, and no two runs meet.
        list = crypto.getRandomValues(new BigUint64Array(1))[0] ?? 0n;
        nextIndex = 0;
        beginning = [...beginning, { list: String(list) }];
      }
      return { list, index: nextIndex++ };
    },

    async record(items) {
      if (items.length === 0) return;
      const opening = beginning;
      beginning = [];
      const lines = items.map((item) => ({ ...item, list: String(item.list) }));
      const places = await append([...opening, ...lines]).catch((error: unknown) => {
        beginning = [...opening, ...beginning];
        throw error;
      });
      places.splice(0, opening.length);
      items.forEach(({ jwt: _, ...item }, i) => {
        const place = places[i];
        if (place !== undefined) kept.set(item.input, { item: { ...item, receipt: undefined }, ...place });
      });
    },

    async settle(receipts) {
      if (receipts.length === 0) return;
      await append(receipts.map(({ input, receipt }) => ({ settled: input, receipt: compact(receipt) })));
      for (const { input, receipt } of receipts) {
        const settled = kept.get(input);
        if (settled !== undefined) settled.item = { ...settled.item, receipt: compact(receipt) };
      }
    },

    *items() {
      for (const { item } of kept.values()) yield item;
    },

    async close() {
      await turn;
      await file.close();
    },
  };
}

/** What is worth keeping of a receipt. */
function compact({ code: _, detail: __, ...kept }: ReceiptLine): ReceiptLine {
  return kept;
}

/** Lines that end, each with its place, one at a time in memory. */
async function* readWholeLines(path: string): AsyncIterable<{ text: string; offset: number; length: number }> {
  let offset = 0;
  let rest = Buffer.alloc(0);
  for await (const chunk of createReadStream(path)) {
    rest = Buffer.concat([rest, chunk]);
    let from = 0;
    for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a, from)) {
      const length = end + 1 - from;
      yield { text: rest.toString('utf8', from, end), offset, length };
      offset += length;
      from = end + 1;
    }
    rest = rest.subarray(from);
  }
}

function parseLine(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
