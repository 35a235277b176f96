/**
 * Spreadsheets as rows of named cells: CSV as a stream, XLSX as a bounded whole. Cells are text; formulas are never evaluated (the value
 * that the program stored is read). It refuses a header that names a column twice, and files beyond its bounds.
 */
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { InvalidInputError } from '@dpp-ledger/core';
import { CsvError, parse } from 'csv-parse';
import { readSheet } from 'read-excel-file/node';
import { readWorkbook } from './workbook.ts';

export interface SpreadsheetRow {
  /** As the program shows it: the header is row 1. */
  readonly rowNumber: number;
  /** By the header's text; empty cells are left out. */
  readonly cells: Readonly<Record<string, string>>;
}

const LARGEST_XLSX = 32 * 1024 * 1024;
const LONGEST_RECORD = 1024 * 1024;

/** By the file's name: .xlsx, else CSV (comma, semicolon or tab). Errors: InvalidInputError `input.row`, `input.too-large`, `input.shape`. */
export async function* readSpreadsheet(path: string): AsyncIterable<SpreadsheetRow> {
  const records = /\.xlsx$/i.test(path) ? readXlsx(path) : readCsv(path);
  let header: readonly string[] | undefined;
  for await (const { rowNumber, values } of records) {
    if (header === undefined) {
      header = readHeader(values, path);
      continue;
    }
    const cells: Record<string, string> = {};
    for (const [i, value] of values.entries()) {
      if (value === '') continue;
      const name = header[i];
      if (!name)
        throw new InvalidInputError(
          'input.row',
          `${path}, row ${rowNumber}: column ${i + 1} has a value but no name in row 1.`,
        );
      cells[name] = value;
    }
    if (Object.keys(cells).length > 0) yield { rowNumber, cells };
  }
  if (header === undefined)
    throw new InvalidInputError('input.shape', `${path} is empty: row 1 must name the columns.`);
}

function readHeader(values: readonly string[], path: string): string[] {
  const names = values.map((value) => value.trim());
  names.forEach((name, i) => {
    if (name !== '' && names.indexOf(name) !== i) {
      throw new InvalidInputError('input.row', `${path}, row 1: two columns are named "${name}".`);
    }
    // Such a key would not be a cell but the object's own parent.
    if (name === '__proto__')
      throw new InvalidInputError('input.row', `${path}, row 1: a column cannot be named "${name}".`);
  });
  return names;
}

interface SheetRecord {
  readonly rowNumber: number;
  readonly values: readonly string[];
}

async function* readCsv(path: string): AsyncIterable<SheetRecord> {
  const parser = parse({
    bom: true,
    delimiter: await guessDelimiter(path),
    max_record_size: LONGEST_RECORD,
    // Programs leave out empty cells at the end of a row.
    relax_column_count: true,
    info: true,
  });
  const input = createReadStream(path);
  input.on('error', (error) => parser.destroy(error));
  try {
    let rowNumber = 0;
    for await (const item of input.pipe(parser)) {
      const record: unknown = item.record;
      rowNumber += 1;
      if (Array.isArray(record)) yield { rowNumber, values: record.map((value) => String(value).trim()) };
    }
  } catch (cause) {
    if (cause instanceof CsvError) throw new InvalidInputError('input.row', `${path}: ${cause.message}.`, { cause });
    if (cause instanceof Error && 'code' in cause)
      throw new InvalidInputError('input.shape', `Cannot read ${path}: ${cause.message}.`, { cause });
    throw cause;
  } finally {
    input.destroy();
  }
}

/** The separator that stands most often in the header outside quotes. */
async function guessDelimiter(path: string): Promise<string> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new InvalidInputError(
      'input.shape',
      `Cannot read ${path}: ${cause instanceof Error ? cause.message : cause}.`,
      { cause },
    );
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64 * 1024), 0, 64 * 1024, 0);
    const header = (buffer.toString('utf8', 0, bytesRead).split(/\r?\n/, 1)[0] ?? '').replaceAll(/"[^"]*"/g, '');
    const count = (delimiter: string) => header.split(delimiter).length;
    return [',', ';', '\t'].reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
  } finally {
    await file.close();
  }
}

async function* readXlsx(path: string): AsyncIterable<SheetRecord> {
  const size = (await stat(path).catch(() => undefined))?.size;
  if (size === undefined) throw new InvalidInputError('input.shape', `Cannot read ${path}.`);
  if (size > LARGEST_XLSX) {
    throw new InvalidInputError(
      'input.too-large',
      `${path} has ${size} bytes, ${LARGEST_XLSX} is the most for XLSX: save it as CSV.`,
    );
  }
  let rows: readonly (readonly unknown[])[];
  try {
    rows = await readSheet(await readWorkbook(path));
  } catch (cause) {
    if (cause instanceof InvalidInputError) throw cause;
    throw new InvalidInputError(
      'input.shape',
      `${path} is not an XLSX file that can be read: ${cause instanceof Error ? cause.message : cause}.`,
      { cause },
    );
  }
  for (const [i, row] of rows.entries()) yield { rowNumber: i + 1, values: row.map(formatCell) };
}

function formatCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) {
    const text = value.toISOString();
    return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text;
  }
  return String(value).trim();
}
