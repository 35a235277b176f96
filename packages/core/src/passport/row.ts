/**
 * A spreadsheet's row as the input of a passport. Headers are dotted paths (columns.ts), or what a mapping turns into them (mapping.ts).
 * A cell that cannot be read is refused with its row and column; nothing is guessed and nothing is dropped without a word.
 */
import { InvalidInputError } from '../errors.ts';
import type { SubjectId } from '../ids.ts';
import { findNeededHeader, findPlace, parseHeader, readCell, type Scalar, suggestHeader } from './columns.ts';
import type { PassportInput } from './input.ts';
import { applyMapping, type KeptBack, type Mapping, type PlacedCell, type PlacedRow } from './mapping.ts';
import { inputSubject } from './passport.ts';
import { checkPassportInput, formatColumn, type InputIssue, MISSING } from './rules.ts';

export type Row =
  | { readonly state: 'read'; readonly input: PassportInput; readonly keptBack: readonly KeptBack[] }
  /** By the mapping: what it requires is missing. */
  | { readonly state: 'skipped'; readonly reason: string; readonly keptBack: readonly KeptBack[] };

/** Whose row had a subject. A `Map` is one. */
export interface SeenSubjects {
  get(subject: SubjectId): number | undefined;
  set(subject: SubjectId, rowNumber: number): unknown;
}

export interface RowOptions {
  /** As the spreadsheet's program shows it; the header is row 1. */
  readonly rowNumber: number;
  readonly mapping?: Mapping;
  /** Subjects of the rows before, with their numbers: given the same one for each row, a subject that comes twice is refused. */
  readonly seen?: SeenSubjects;
}

/**
 * Reads a row, by header; empty cells are missing. Errors: `input.row`; the message names the row and, of each cell that is wrong, its
 * column.
 */
export function parseRow(cells: Readonly<Record<string, string>>, options: RowOptions): Row {
  const { mapping, rowNumber, seen } = options;
  const placed = mapping === undefined ? placeAsIs(cells) : applyMapping(mapping, cells);
  if (placed.skipped !== undefined) return { state: 'skipped', reason: placed.skipped, keptBack: placed.keptBack };

  const { fields, problems: unreadable } = readFields(placed.cells, mapping);
  const problems = [...placed.problems, ...unreadable];
  const checked = problems.length > 0 ? { issues: [] } : checkPassportInput(assemble(fields));
  if (!('input' in checked))
    throw refuse(rowNumber, [...problems, ...checked.issues.map((issue) => explain(issue, fields))]);

  const subject = inputSubject(checked.input);
  const before = seen?.get(subject);
  if (before !== undefined) throw refuse(rowNumber, [`speaks of ${subject}, as row ${before} does`]);
  seen?.set(subject, rowNumber);
  return { state: 'read', input: checked.input, keptBack: placed.keptBack };
}

function placeAsIs(cells: Readonly<Record<string, string>>): PlacedRow {
  const given = Object.entries(cells).filter(([, value]) => value.trim() !== '');
  return {
    cells: new Map(given.map(([header, value]) => [header, { value, from: `column "${header}"` }])),
    problems: [],
    keptBack: [],
    skipped: undefined,
  };
}

/** A cell that was read, with its path in the input. */
interface Field {
  readonly path: readonly (string | number)[];
  readonly value: Scalar;
  readonly from: string;
}

function readFields(
  cells: ReadonlyMap<string, PlacedCell>,
  mapping: Mapping | undefined,
): { fields: Field[]; problems: string[] } {
  const fields: Field[] = [];
  const problems: string[] = [];
  for (const [header, { value, from }] of cells) {
    const place = findPlace(header);
    if (place === undefined) {
      const meant = suggestHeader(header, mapping?.columnNames);
      problems.push(`${from} is none that is known${meant === undefined ? '' : `; did you mean "${meant}"?`}`);
      continue;
    }
    const read = readCell(place.column, value);
    if ('problem' in read) problems.push(`${from}: ${read.problem}`);
    else fields.push({ path: place.path, value: read.value, from });
  }
  return { fields, problems };
}

/**
 * Fields as one object. Members of a list close up where the spreadsheet leaves some empty: the third of three groups of columns may be
 * the only one that is filled.
 */
function assemble(fields: readonly Field[]): Branch {
  const root: Branch = {};
  for (const { path, value } of fields) {
    let node: Branch | Node[] = root;
    for (const [i, part] of path.entries()) {
      const isLast = i === path.length - 1;
      const inner: Node = isLast ? value : (readMember(node, part) ?? (typeof path[i + 1] === 'number' ? [] : {}));
      if (Array.isArray(node)) node[Number(part)] = inner;
      else node[part] = inner;
      if (typeof inner === 'object') node = inner;
    }
  }
  closeUp(root);
  return root;
}

type Node = Scalar | Branch | Node[];
interface Branch {
  [name: string]: Node;
}

function readMember(node: Branch | Node[], part: string | number): Node | undefined {
  return Array.isArray(node) ? node[Number(part)] : node[part];
}

function closeUp(node: Branch): void {
  for (const [name, inner] of Object.entries(node)) {
    if (typeof inner !== 'object') continue;
    // Holes are no members, so that a filter passes over them.
    const closed = Array.isArray(inner) ? inner.filter(() => true) : inner;
    node[name] = closed;
    for (const member of Array.isArray(closed) ? closed : [closed]) {
      if (typeof member === 'object' && !Array.isArray(member)) closeUp(member);
    }
  }
}

/** The header of a path of the input: members of lists as the spreadsheet numbers them. */
function findHeader(path: string, fields: readonly Field[]): string {
  const header: (string | number)[] = [];
  for (const part of parseHeader(path)) {
    if (typeof part === 'string') header.push(part);
    else {
      const used = fields
        .filter((field) => header.every((one, i) => field.path[i] === one))
        .map((field) => Number(field.path[header.length]));
      header.push([...new Set(used)].sort((a, b) => a - b)[part] ?? part);
    }
  }
  return formatColumn(header);
}

/** An issue in the spreadsheet's words. A group that is needed as a whole is asked for by its first column that is needed. */
function explain({ path, message }: InputIssue, fields: readonly Field[]): string {
  if (path === '') return message;
  const asked = message === MISSING ? (findNeededHeader(path) ?? path) : path;
  const header = findHeader(asked, fields);
  const field = fields.find((one) => formatColumn(one.path) === header);
  return `${field?.from ?? `column "${header}"`}: ${message}`;
}

function refuse(rowNumber: number, problems: readonly string[]): InvalidInputError {
  const shown = problems.slice(0, 5).join('; ');
  const more = problems.length - 5;
  return new InvalidInputError('input.row', `Row ${rowNumber}: ${shown}${more > 0 ? `; and ${more} more` : ''}`);
}
