/**
 * What an XLSX file would cost before anything reads it: it is a ZIP archive, in which a megabyte may unpack to gigabytes, and a sheet in
 * which one cell may stand so far off that the table up to it has billions. Unpacked once here, piece by piece and without keeping any, it
 * is refused where it grows or reaches too far, and where readers of archives could see different files in it.
 */
import { readFile } from 'node:fs/promises';
import { createInflateRaw } from 'node:zlib';
import { InvalidInputError } from '@dpp-ledger/core';

/** Of all its files together, unpacked. */
const MOST_UNPACKED = 256 * 1024 * 1024;
/** Rows times columns, up to the last cell of a sheet. */
const MOST_CELLS = 20_000_000;
const LONGEST_COMMENT = 0xffff;
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const STORED = 0;
const DEFLATED = 8;
/** Behind a file's data its sizes may stand once more. */
const LONGEST_DESCRIPTOR = 24;

interface Packed {
  readonly name: string;
  readonly method: number;
  readonly data: Buffer;
}

/** The bytes of a workbook within these bounds. Errors: InvalidInputError `input.too-large`; `input.shape` for no plain ZIP archive. */
export async function readWorkbook(path: string): Promise<Buffer> {
  const bytes = await readFile(path);
  const refuse = (why: string) =>
    new InvalidInputError('input.shape', `${path} is not an XLSX file that can be read: ${why}.`);
  let left = MOST_UNPACKED;
  for (const file of listFiles(bytes, refuse)) {
    const sheet = createSheetScan();
    for await (const piece of unpack(file, refuse)) {
      left -= piece.length;
      sheet.push(piece.toString('latin1'));
      if (left >= 0 && sheet.cells() <= MOST_CELLS) continue;
      const what =
        left < 0
          ? `unpacks to more than ${MOST_UNPACKED} bytes`
          : `has a cell so far off that ${MOST_CELLS} lie before it`;
      throw new InvalidInputError('input.too-large', `${path} ${what}: save it as CSV.`);
    }
  }
  return bytes;
}

/** All files, one right after the other from the first byte on: a reader that follows the directory and one that does not see the same. */
function listFiles(bytes: Buffer, refuse: (why: string) => InvalidInputError): readonly Packed[] {
  const at = (place: number, length: number) => {
    if (place < 0 || place + length > bytes.length) throw refuse('it is cut off');
    return place;
  };
  const end = findEnd(bytes);
  if (end < 0) throw refuse('it is no ZIP archive');
  const count = bytes.readUInt16LE(end + 10);
  let entry = bytes.readUInt32LE(end + 16);
  const directory = entry;
  let next = 0;
  const files: Packed[] = [];
  for (let i = 0; i < count; i++) {
    at(entry, 46);
    const method = bytes.readUInt16LE(entry + 10);
    const size = bytes.readUInt32LE(entry + 20);
    const nameLength = bytes.readUInt16LE(entry + 28);
    const local = bytes.readUInt32LE(entry + 42);
    const name = bytes.toString('utf8', entry + 46, at(entry + 46, nameLength) + nameLength);
    const gap = local - next;
    at(local, 30);
    const isHere = bytes.readUInt32LE(entry) === CENTRAL && bytes.readUInt32LE(local) === LOCAL;
    const isSame = bytes.readUInt16LE(local + 8) === method && bytes.readUInt16LE(local + 26) === nameLength;
    const begin = local + 30 + nameLength + bytes.readUInt16LE(local + 28);
    const isNamed = bytes.toString('utf8', local + 30, local + 30 + nameLength) === name;
    if (!isHere || !isSame || !isNamed || gap < 0 || gap > LONGEST_DESCRIPTOR)
      throw refuse('its directory and its files differ');
    if (method !== STORED && method !== DEFLATED)
      throw refuse(`"${name.slice(0, 80)}" is packed in a way that XLSX has not`);
    files.push({ name, method, data: bytes.subarray(begin, at(begin, size) + size) });
    next = begin + size;
    entry += 46 + nameLength + bytes.readUInt16LE(entry + 30) + bytes.readUInt16LE(entry + 32);
  }
  if (directory < next || directory - next > LONGEST_DESCRIPTOR) throw refuse('its directory and its files differ');
  return files;
}

function findEnd(bytes: Buffer): number {
  for (let place = bytes.length - 22; place >= Math.max(0, bytes.length - 22 - LONGEST_COMMENT); place--) {
    if (bytes.readUInt32LE(place) === END) return place;
  }
  return -1;
}

async function* unpack({ method, data }: Packed, refuse: (why: string) => InvalidInputError): AsyncIterable<Buffer> {
  if (method === STORED) {
    yield data;
    return;
  }
  const inflate = createInflateRaw();
  inflate.end(data);
  try {
    for await (const piece of inflate) yield piece;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && String(cause.code).startsWith('Z_')) throw refuse(cause.message);
    throw cause;
  }
  // What follows the packed data within its size would be a file of its own to whoever looks for one there.
  if (inflate.bytesWritten !== data.length) throw refuse('something stands behind a packed file');
}

/** How far a sheet's cells reach, by their own references and those of its rows. */
function createSheetScan() {
  let rest = '';
  let isSheet = false;
  let [rows, columns] = [0, 0];
  return {
    push(text: string) {
      const whole = rest + text;
      isSheet ||= whole.includes('sheetData');
      for (const [, , value = ''] of whole.matchAll(/\sr\s*=\s*(["'])([^"']*)\1/g)) {
        const [, letters = '', digits = ''] = /^([A-Za-z]{0,3})(\d{1,7})$/.exec(value) ?? [];
        // What is no reference as programs write it is taken for the farthest.
        rows = Math.max(rows, digits === '' ? Number.POSITIVE_INFINITY : Number(digits));
        columns = Math.max(columns, columnOf(letters));
      }
      // An attribute may be cut in two by the pieces.
      rest = whole.slice(-64);
    },
    cells: () => (isSheet ? rows * Math.max(1, columns) : 0),
  };
}

function columnOf(letters: string): number {
  return Array.from(letters.toUpperCase()).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
}
