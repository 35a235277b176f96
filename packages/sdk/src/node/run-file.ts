/**
 * Runs of issuing, kept in a file of lines that is only ever appended to. A credential is in it, fsynced, before it is posted; a last line
 * that is not whole was never acted upon and is cut off. One file belongs to one issuer and one ledger. In memory there is only where
 * each line lies, about 80 bytes a credential: a run may have millions.
 */
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type IssuerId, type LedgerId, RejectedError } from '@dpp-ledger/core';
import { formatLedger, STATUS_LIST_PLACES } from '@dpp-ledger/core/credential';
import { z } from 'zod';
import type { ReceiptLine } from '../answers.ts';
import type { IssueRun, OpenRelay, RunItem } from '../issue.ts';
import { parseRelay } from '../ledger/acts.ts';
import { createNumbering } from '../numbering.ts';

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
  z.strictObject({
    relay: z
      .strictObject({
        root: z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{64}$/)]),
        inputs: z.array(z.string()),
        request: z.unknown().transform(parseRelay),
      })
      .nullable(),
  }),
]);

export interface RunFile extends IssueRun {
  readonly path: string;
  /** In the order in which they were signed. */
  items(): AsyncIterable<RunItem>;
  close(): Promise<void>;
}

/** Where a line lies. */
interface Place {
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

/**
 * The CIDs of a run, in the order in which they were signed, without those that a service refused. Whose it is is not asked, and nothing of
 * it is changed. Errors: RejectedError `run.mismatch` for a file that is no run, or damaged.
 */
export async function* readRunCids(path: string): AsyncGenerator<string> {
  const cids = new Map<string, string>();
  for await (const { text, offset } of readWholeLines(path)) {
    const read = (offset === 0 ? header : line).safeParse(parseLine(text));
    if (!read.success) throw new RejectedError('run.mismatch', `${path} is no run, or is damaged at byte ${offset}.`);
    const { data } = read;
    if ('cid' in data) cids.set(data.input, data.cid);
    else if ('settled' in data && data.receipt.state === 'refused') cids.delete(data.settled);
  }
  yield* cids.values();
}

async function readRun(path: string, file: FileHandle, expected: z.infer<typeof header>): Promise<RunFile> {
  const numbers = createNumbering();
  const lines = createPlaces();
  const receipts = createPlaces();
  let size = 0;
  let list: bigint | undefined;
  let nextIndex = 0;
  let open: OpenRelay | undefined;
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
      const settled = numbers.find(data.settled);
      if (settled === undefined) throw damaged(`byte ${offset}`);
      receipts.set(settled, { offset, length });
    } else if ('relay' in data) {
      open = data.relay ?? undefined;
    } else if ('input' in data) {
      lines.set(numbers.find(data.input) ?? numbers.add(data.input), { offset, length });
      if (BigInt(data.list) === list) nextIndex = Math.max(nextIndex, data.index + 1);
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
  function append(values: readonly object[]): Promise<Place[]> {
    const mine = turn.then(() => appendNow(values));
    turn = mine.catch(() => undefined);
    return mine;
  }

  async function appendNow(values: readonly object[]): Promise<Place[]> {
    const places: Place[] = [];
    let at = size;
    const bytes = values.map((value) => {
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

  async function readLine({ offset, length }: Place): Promise<z.infer<typeof line>> {
    const bytes = new Uint8Array(length);
    await file.read(bytes, 0, length, offset);
    const read = line.safeParse(parseLine(new TextDecoder().decode(bytes)));
    if (!read.success) throw damaged(`byte ${offset}`);
    return read.data;
  }

  async function readSigned(number: number) {
    const place = lines.get(number);
    const data = place && (await readLine(place));
    if (data === undefined || !('jwt' in data)) throw damaged(`byte ${place?.offset}`);
    return data;
  }

  async function readItem(number: number): Promise<RunItem> {
    const { input, list, index, cid } = await readSigned(number);
    const place = receipts.get(number);
    const settled = place && (await readLine(place));
    const receipt = settled && 'settled' in settled ? compact(settled.receipt) : undefined;
    return { input, list: BigInt(list), index, cid, receipt };
  }

  /** Lines to be written before the next items. */
  let beginning: readonly object[] = size === 0 ? [expected] : [];

  return {
    path,

    async find(input) {
      const number = numbers.find(input);
      return number === undefined ? undefined : await readItem(number);
    },

    async readJwt(input) {
      const number = numbers.find(input);
      if (number === undefined) throw new TypeError(`no such item: ${input}`);
      return (await readSigned(number)).jwt;
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
      const values = items.map((item) => ({ ...item, list: String(item.list) }));
      const places = await append([...opening, ...values]).catch((error: unknown) => {
        beginning = [...opening, ...beginning];
        throw error;
      });
      places.splice(0, opening.length);
      for (const [i, { input }] of items.entries()) {
        lines.set(numbers.find(input) ?? numbers.add(input), places[i] as Place);
      }
    },

    async settle(answers) {
      if (answers.length === 0) return;
      const places = await append(answers.map(({ input, receipt }) => ({ settled: input, receipt: compact(receipt) })));
      answers.forEach(({ input }, i) => {
        const number = numbers.find(input);
        if (number !== undefined) receipts.set(number, places[i] as Place);
      });
    },

    async openRelay(relay) {
      await append([{ relay: relay ?? null }]);
      open = relay;
    },

    findOpenRelay: () => open,

    async *items() {
      for (let number = 0; number < numbers.size; number++) yield await readItem(number);
    },

    async close() {
      await turn;
      await file.close();
    },
  };
}

/** Places by number, 12 bytes each. */
function createPlaces() {
  let offsets = new Float64Array(1 << 10);
  let lengths = new Uint32Array(1 << 10);
  return {
    get(number: number): Place | undefined {
      const length = lengths[number] ?? 0;
      return length === 0 ? undefined : { offset: offsets[number] ?? 0, length };
    },
    set(number: number, { offset, length }: Place): void {
      if (number >= lengths.length) {
        const [before, lengthsBefore] = [offsets, lengths];
        offsets = new Float64Array(2 * number);
        lengths = new Uint32Array(2 * number);
        offsets.set(before);
        lengths.set(lengthsBefore);
      }
      offsets[number] = offset;
      lengths[number] = length;
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
