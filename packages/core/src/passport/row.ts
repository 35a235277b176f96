/**
 * A spreadsheet's row as the input of a passport. Headers are dotted paths (columns.ts), or what a mapping turns into them (mapping.ts).
 * A cell that cannot be read is refused with its row and column; nothing is guessed and nothing is dropped without a word.
 */
import { InvalidInputError } from '../errors.ts';
import type { SubjectId } from '../ids.ts';
import { findColumn, findNeededHeader, parseHeader, readCell, type Scalar, suggestHeader } from './columns.ts';
import { checkPassportInput, formatColumn, type InputIssue, MISSING, type PassportInput } from './input.ts';
import { applyMapping, type KeptBack, type Mapping, type PlacedCell, type PlacedRow } from './mapping.ts';
import { inputSubject } from './passport.ts';

export type Row =
  | { readonly state: 'read'; readonly input: PassportInput; readonly keptBack: readonly KeptBack[] }
  /** By the mapping: what it requires is missing. */
  | { readonly state: 'skipped'; readonly reason: string; readonly keptBack: readonly KeptBack[] };

export interface RowOptions {
  /** As the spreadsheet's program shows it; the header is row 1. */
  readonly rowNumber: number;
  readonly mapping?: Mapping;
  /** Subjects of the rows before, with their numbers: given the same map for each row, a subject that comes twice is refused. */
  readonly seen?: Map<SubjectId, number>;
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
  const { value, sourceOf } = assemble(fields);
  const checked = problems.length > 0 ? { issues: [] } : checkPassportInput(value);
  if (!('input' in checked))
    throw refuse(rowNumber, [...problems, ...checked.issues.map((issue) => explain(issue, sourceOf))]);

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
    const column = findColumn(header);
    if (column === undefined) {
      const meant = suggestHeader(header, mapping?.columnNames);
      problems.push(`${from} is none that is known${meant === undefined ? '' : `; did you mean "${meant}"?`}`);
      continue;
    }
    const read = readCell(column, value);
    if ('problem' in read) problems.push(`${from}: ${read.problem}`);
    else fields.push({ path: parseHeader(header), value: read.value, from });
  }
  return { fields, problems };
}

interface Assembled {
  readonly value: unknown;
  /** What a path of the input came from: the column, or the group as the spreadsheet numbers it. */
  sourceOf(path: string): string;
}

/**
 * Fields as one object. Members of a list close up where the spreadsheet leaves some empty: the third of three groups of columns may be
 * the only one that is filled.
 */
function assemble(fields: readonly Field[]): Assembled {
  const root: Tree = new Map();
  for (const { path, value } of fields) {
    let node = root;
    for (const part of path.slice(0, -1)) {
      const inner = node.get(part);
      const next: Tree = inner instanceof Map ? inner : new Map();
      node.set(part, next);
      node = next;
    }
    node.set(path.at(-1) ?? '', value);
  }
  const originals = new Map<string, string>();
  const value = close(root, [], [], originals);
  const sources = new Map(fields.map(({ path, from }) => [formatColumn(path), from]));
  return {
    value,
    sourceOf: (path) => {
      const parts = path.split('.');
      for (let length = parts.length; length > 0; length--) {
        const original = originals.get(parts.slice(0, length).join('.'));
        if (original === undefined) continue;
        const full = [original, ...parts.slice(length)].join('.');
        return sources.get(full) ?? `column "${full}"`;
      }
      return `column "${path}"`;
    },
  };
}

type Tree = Map<string | number, Tree | Scalar>;

/** `originals` learns, for each path of the result, the spreadsheet's. */
function close(
  node: Tree | Scalar,
  path: readonly PropertyKey[],
  original: readonly PropertyKey[],
  originals: Map<string, string>,
): unknown {
  originals.set(formatColumn(path), formatColumn(original));
  if (!(node instanceof Map)) return node;
  const isList = [...node.keys()].every((key) => typeof key === 'number');
  if (!isList || node.size === 0) {
    return Object.fromEntries(
      [...node].map(([key, inner]) => [key, close(inner, [...path, key], [...original, key], originals)]),
    );
  }
  const members = [...node].sort(([a], [b]) => Number(a) - Number(b));
  return members.map(([key, inner], i) => close(inner, [...path, i], [...original, key], originals));
}

/** An issue in the spreadsheet's words. A group that is needed as a whole is asked for by its first column that is needed. */
function explain({ path, message }: InputIssue, sourceOf: Assembled['sourceOf']): string {
  if (path === '') return message;
  const asked = message === MISSING ? (findNeededHeader(path) ?? path) : path;
  return `${sourceOf(asked)}: ${message}`;
}

function refuse(rowNumber: number, problems: readonly string[]): InvalidInputError {
  const shown = problems.slice(0, 5).join('; ');
  const more = problems.length - 5;
  return new InvalidInputError('input.row', `Row ${rowNumber}: ${shown}${more > 0 ? `; and ${more} more` : ''}`);
}
