/**
 * The columns that a spreadsheet of passports may have: one for each field of the input, found in its schema, so that the template, the
 * reader and the schema cannot disagree. A header is the dotted path of the field; members of a list count from 1.
 */
import { z } from 'zod';
import { passportInput } from './input.ts';

/** What a cell may hold before it is a field: text as typed, or a mapping's constant. */
export type Scalar = string | number | boolean;

export interface Column {
  /** With 1 as the number of every list: `materials.1.name`. */
  readonly header: string;
  readonly kind: 'text' | 'number' | 'boolean' | 'choice';
  readonly description: string;
  /** Of the template's example row; `undefined` where that row leaves the cell empty. */
  readonly example: string | undefined;
  /** Whether the field is needed always, once another field of its group is given, or never. */
  readonly needed: 'always' | 'withGroup' | 'no';
  /** What a `choice` chooses from. */
  readonly choices: readonly string[];
  readonly schema: z.core.$ZodType;
}

/** The example row names its item by a GTIN, where a passport has that or an id, and draws on no lot, because nobody has its lot. */
const NOT_IN_EXAMPLE: ReadonlySet<string> = new Set(['id', 'units', 'materials.1.lot', 'materials.1.origin']);

const COLUMNS: ReadonlyMap<string, Column> = new Map(
  [...walk(passportInput, [], 'always')].map((column) => [column.header, column]),
);

/** Every column once, in the schema's order; lists with their first member: for `dpp template` and the documentation. */
export function templateHeaders(): readonly Column[] {
  return [...COLUMNS.values()];
}

const MEMBER_NUMBER = /\.[1-9]\d{0,2}(?=\.|$)/g;

/** Where a header's cells go: the column, and the path with the number of the list's member, from 0. */
export interface Place {
  readonly column: Column;
  readonly path: readonly (string | number)[];
}

/** Every row of a file has the same headers. Only known columns are kept, so that there are only so many. */
const places = new Map<string, Place>();

/** `undefined` for a header that names no field. */
export function findPlace(header: string): Place | undefined {
  const known = places.get(header);
  if (known !== undefined) return known;
  const column = COLUMNS.get(header.replaceAll(MEMBER_NUMBER, '.1'));
  if (column === undefined) return undefined;
  const place = { column, path: parseHeader(header) };
  places.set(header, place);
  return place;
}

/** The column of a header, whatever the number of its list's member. */
export function findColumn(header: string): Column | undefined {
  return findPlace(header)?.column;
}

/** The first column of a group that the group needs: `carbon.source` needs `carbon.source.url`. */
export function findNeededHeader(group: string): string | undefined {
  const prefix = `${group.replaceAll(MEMBER_NUMBER, '.1')}.`;
  const found = [...COLUMNS.values()].find(({ header, needed }) => header.startsWith(prefix) && needed !== 'no');
  return found && `${group}.${found.header.slice(prefix.length)}`;
}

/** `materials.2.name` as `['materials', 1, 'name']`. */
export function parseHeader(header: string): (string | number)[] {
  return header.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) - 1 : part));
}

/** The header that was probably meant: the same field without its group, the one that begins like it, or one with a few letters changed. */
export function suggestHeader(unknown: string, alsoKnown: readonly string[] = []): string | undefined {
  const [number] = /(?<=\.)[1-9]\d{0,2}(?=\.|$)/.exec(unknown) ?? [];
  const headers = [...alsoKnown, ...COLUMNS.keys()].map((header) =>
    number === undefined ? header : header.replace(/\.1(?=\.|$)/, `.${number}`),
  );
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9.]/g, '');
  const wanted = plain(unknown);
  const sameField = headers.filter((header) => plain(header).split('.').at(-1) === wanted);
  if (sameField.length === 1) return sameField[0];
  const longer = headers.filter((header) => wanted.length > 3 && plain(header).startsWith(wanted));
  if (longer.length === 1) return longer[0];
  const allowed = Math.max(1, Math.floor(wanted.length / 4));
  let best: string | undefined;
  let bestDistance = allowed + 1;
  for (const header of headers) {
    const distance = editDistance(wanted, plain(header), bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [header, distance];
  }
  return best;
}

/** A cell as a value of the column's kind, or why it is none. The field's own rules come after. */
export function readCell(column: Column, cell: Scalar): { readonly value: Scalar } | { readonly problem: string } {
  if (typeof cell !== 'string') return { value: cell };
  const text = cell.replaceAll(/\s+/g, ' ').trim();
  switch (column.kind) {
    case 'number': {
      const figure = column.header.endsWith('Percent') ? text.replace(/ ?%$/, '') : text;
      const value = parseNumber(figure);
      if (value !== undefined) return { value };
      return {
        problem: `"${shorten(text)}" is no number: write it with a point and no other separators, such as 1234.5`,
      };
    }
    case 'boolean': {
      const value = BOOLEANS.get(text.toLowerCase());
      return value === undefined ? { problem: `"${shorten(text)}" is neither yes nor no` } : { value };
    }
    case 'choice': {
      const choice = column.choices.find((one) => one.toLowerCase() === text.toLowerCase());
      if (choice !== undefined) return { value: choice };
      return { problem: `"${shorten(text)}" is none of ${column.choices.join(', ')}` };
    }
    default:
      return { value: text };
  }
}

/** A plain decimal number; `undefined` for anything else, separators of thousands and decimal commas too: 1,234 means two things. */
export function parseNumber(text: string): number | undefined {
  if (!/^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

export function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['yes', true],
  ['true', true],
  ['no', false],
  ['false', false],
]);

function* walk(schema: z.core.$ZodType, path: readonly string[], needed: Column['needed']): Iterable<Column> {
  if (schema instanceof z.ZodOptional) {
    yield* walk(schema.unwrap(), path, 'no');
  } else if (schema instanceof z.ZodObject) {
    // What is needed in an optional group is needed once the group is there.
    const inside = needed === 'always' ? 'always' : 'withGroup';
    for (const [name, member] of Object.entries<z.core.$ZodType>(schema.shape))
      yield* walk(member, [...path, name], inside);
  } else if (schema instanceof z.ZodArray) {
    yield* walk(schema.element, [...path, '1'], 'withGroup');
  } else {
    yield describeLeaf(schema, path.join('.'), needed);
  }
}

function describeLeaf(schema: z.core.$ZodType, header: string, needed: Column['needed']): Column {
  const { description, examples } = z.globalRegistry.get(schema) ?? {};
  if (description === undefined) throw new TypeError(`the field ${header} has no description`);
  const [example] = Array.isArray(examples) ? examples : [];
  return {
    header,
    kind: kindOf(schema),
    description,
    example: example === undefined || NOT_IN_EXAMPLE.has(header) ? undefined : String(example),
    needed,
    choices: schema instanceof z.ZodEnum ? schema.options.map(String) : [],
    schema,
  };
}

function kindOf(schema: z.core.$ZodType): Column['kind'] {
  if (schema instanceof z.ZodNumber) return 'number';
  if (schema instanceof z.ZodBoolean) return 'boolean';
  return schema instanceof z.ZodEnum ? 'choice' : 'text';
}

/** Levenshtein's, given up once it cannot be less than `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const changed = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    if (Math.min(...next) >= limit) return limit;
    row = next;
  }
  return row.at(-1) ?? limit;
}
