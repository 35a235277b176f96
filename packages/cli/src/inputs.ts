/** Passports' inputs from files: rows of a spreadsheet, or JSON. Each comes with its place in the file, read or with what kept it back. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { DppError, InvalidInputError, parseJson, type SubjectId } from '@dpp-ledger/core';
import {
  inputSubject,
  type Mapping,
  type PassportInput,
  parseMapping,
  parsePassportInput,
  parseRow,
  type SeenSubjects,
} from '@dpp-ledger/core/passport';
import { createNumbering } from '@dpp-ledger/sdk';
import { readSpreadsheet } from '@dpp-ledger/sdk/node';
import { readTextFile } from './files.ts';

export interface ReadInput {
  /** The row as the spreadsheet's program shows it, or the line of a JSON file. */
  readonly row: number;
  readonly subject: SubjectId;
  readonly input: PassportInput;
  /** Cells that were left out, in sentences. */
  readonly notes: readonly string[];
}

/** A row that makes no passport: `skipped` by the mapping, or `refused` because it cannot be read. */
export interface KeptBackInput {
  readonly row: number;
  readonly state: 'skipped' | 'refused';
  readonly reason: string;
}

export type InputLine = ReadInput | KeptBackInput;

export async function readMapping(path: string | undefined): Promise<Mapping | undefined> {
  return path === undefined ? undefined : parseMapping(parseJson(await readTextFile(path)), path);
}

/**
 * By the file's name: .csv and .xlsx are spreadsheets, .json an input or a list of them, .ndjson and `-` (standard input) one input a line.
 * Errors: `input.shape` for another name or a file that cannot be read at all; a row that cannot be read is a line like the others.
 */
export async function* readInputs(path: string, mapping: Mapping | undefined): AsyncIterable<InputLine> {
  if (/\.(csv|tsv|txt|xlsx)$/i.test(path)) yield* readRows(path, mapping);
  else if (mapping !== undefined) {
    throw new InvalidInputError('input.shape', `A mapping is for spreadsheets (.csv, .xlsx), and ${path} is none.`);
  } else if (path === '-' || /\.(ndjson|jsonl)$/i.test(path)) yield* readLines(path);
  else if (/\.json$/i.test(path)) yield* readDocument(path);
  else {
    throw new InvalidInputError(
      'input.shape',
      `What ${path} holds cannot be told from its name: .csv, .xlsx, .json, .ndjson, or - for NDJSON on standard input.`,
    );
  }
}

async function* readRows(path: string, mapping: Mapping | undefined): AsyncIterable<InputLine> {
  const seen = createSeen();
  for await (const { rowNumber: row, cells } of readSpreadsheet(path)) {
    yield keepBackRefused(row, () => {
      const read = parseRow(cells, { rowNumber: row, seen, ...(mapping === undefined ? {} : { mapping }) });
      if (read.state === 'skipped') return { row, state: 'skipped', reason: read.reason };
      return {
        row,
        subject: inputSubject(read.input),
        input: read.input,
        notes: read.keptBack.map(({ columns, reason }) => `${columns.join(', ')}: ${reason}`),
      };
    });
  }
}

/** In few bytes a row: a file may have millions. */
function createSeen(): SeenSubjects {
  const numbers = createNumbering();
  const rows: number[] = [];
  return {
    get: (subject) => rows[numbers.find(subject) ?? -1],
    set: (subject, row) => {
      rows[numbers.add(subject)] = row;
    },
  };
}

async function* readLines(path: string): AsyncIterable<InputLine> {
  const stream = path === '-' ? process.stdin : createReadStream(path);
  let row = 0;
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    row += 1;
    if (line.trim() !== '') yield keepBackRefused(row, () => toInput(row, parseJson(line), `line ${row}`));
  }
}

async function* readDocument(path: string): AsyncIterable<InputLine> {
  const document = parseJson(await readTextFile(path));
  const list: readonly unknown[] = Array.isArray(document) ? document : [document];
  for (const [i, value] of list.entries()) {
    yield keepBackRefused(i + 1, () => toInput(i + 1, value, list.length === 1 ? path : `${path}, item ${i + 1}`));
  }
}

function toInput(row: number, value: unknown, where: string): ReadInput {
  const input = parsePassportInput(value, where);
  return { row, subject: inputSubject(input), input, notes: [] };
}

function keepBackRefused(row: number, read: () => InputLine): InputLine {
  try {
    return read();
  } catch (error) {
    if (error instanceof DppError) return { row, state: 'refused', reason: error.message };
    throw error;
  }
}
