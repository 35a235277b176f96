/**
 * Mappings: how a spreadsheet that was not made for passports becomes one that was. A mapping is a JSON file that renames, translates,
 * multiplies and leaves out, and holds no code (docs/spreadsheets.md). What a mapping leaves out it says, cell by cell.
 */
import { z } from 'zod';
import { InvalidInputError } from '../errors.ts';
import { parseShape } from '../shape.ts';
import { findColumn, parseNumber, readCell, type Scalar, shorten, suggestHeader } from './columns.ts';

// ------------------------------------------------------------------------------------------------------------- format

const columnName = z.string().trim().min(1).max(200);
const target = z.string().superRefine((header, context) => {
  if (findColumn(header) !== undefined) return;
  const meant = suggestHeader(header);
  context.addIssue(
    `no field of a passport is named "${header}"${meant === undefined ? '' : `; did you mean "${meant}"?`}`,
  );
});
/** A text that may stand for a list with one member. */
function oneAsList(value: unknown, member: (text: string) => unknown = (text) => text): unknown {
  return typeof value === 'string' ? [member(value)] : value;
}

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const decimals = z.int().min(0).max(9);
const reason = z.string().trim().min(1);

const columnRule = z.strictObject({
  /** The field or fields that it fills. */
  to: z.preprocess((value) => oneAsList(value), z.array(target).min(1)),
  /** What stands for an empty cell; numbers by their value. */
  missing: z.array(z.string()).optional(),
  /** Translations; what is not among them stays as it is. */
  values: z.record(z.string(), scalar).optional(),
  /** `date`: "November 2020", "September 7 2022", "2022-2-6" or "26/07/2019" as YYYY-MM or YYYY-MM-DD. */
  read: z.literal('date').optional(),
  /** Least and greatest number that is believed, before it is multiplied. */
  between: z.tuple([z.number(), z.number()]).optional(),
  /** A factor, or the column that holds it. */
  times: z.union([z.number(), columnName]).optional(),
  decimals: decimals.optional(),
  /** What becomes of a cell that its field does not accept: the row is refused (as without a mapping), or the cell left out and noted. */
  otherwise: z.enum(['refuse', 'leaveOut']).optional(),
});
type ColumnRule = z.infer<typeof columnRule>;

const breakdown = z.strictObject({
  /** The column with the total. */
  total: columnName,
  /** Columns with shares of it, from 0 to 1, and the field of each one's part. */
  shares: z.record(columnName, target),
  /** How far from 1 a complete breakdown may add up to. */
  within: z.number().min(0).max(1),
  decimals: decimals.optional(),
});

type Breakdown = z.infer<typeof breakdown>;

const condition = z.record(columnName, z.union([z.array(z.string()).min(1), z.literal(true)]));
const alternative = z.strictObject({
  /** Text with `{column}`, `{column|slug}`, `{one+other|slug}` or `{column|first:8}` in it. */
  text: z.string().min(1),
  /** Only in rows where each of these columns has one of these values, or any value at all (`true`). */
  when: condition.optional(),
});
const texts = z.preprocess((value) => oneAsList(value, (text) => ({ text })), z.array(alternative).min(1));

const mappingFile = z.strictObject({
  format: z.literal('dpp-mapping/1'),
  about: z.string().optional(),
  /** Fields with the same value in every row, nested as in the input; a row's own cell comes first. */
  constants: z.record(z.string(), z.json()).optional(),
  columns: z
    .record(
      columnName,
      z.preprocess((value) => (typeof value === 'string' ? { to: value } : value), columnRule),
    )
    .optional(),
  breakdowns: z.array(breakdown).optional(),
  /** Fields made of several cells; the first alternative that holds, and has no empty cell in it, is taken. */
  texts: z.record(target, texts).optional(),
  /** Columns without which a row is skipped: empty, or left out. */
  required: z.array(columnName).optional(),
  /** Columns that no field holds, and why; `texts` may still use them. */
  ignored: z.record(columnName, reason).optional(),
});

export interface Mapping {
  readonly about: string | undefined;
  readonly constants: ReadonlyMap<string, Scalar>;
  readonly columns: ReadonlyMap<string, ColumnRule>;
  readonly breakdowns: readonly Breakdown[];
  readonly texts: ReadonlyMap<string, z.infer<typeof texts>>;
  readonly required: readonly string[];
  /** Why each is ignored: worth saying once per file. */
  readonly ignored: ReadonlyMap<string, string>;
  /** Every column that the mapping knows. */
  readonly columnNames: readonly string[];
}

/** Reads a mapping (parsed JSON). Errors: `input.shape`; the message names the place in the file. */
export function parseMapping(value: unknown, where = 'mapping'): Mapping {
  const file = parseShape(mappingFile, value, where);
  const constants = new Map(flatten(file.constants ?? {}, '', where));
  const columns = new Map(Object.entries(file.columns ?? {}));
  const breakdowns = file.breakdowns ?? [];
  const ignored = new Map(Object.entries(file.ignored ?? {}));
  const shares = breakdowns.flatMap((one) => Object.keys(one.shares));
  const twice = [...columns.keys(), ...shares].find((name) => ignored.has(name));
  if (twice !== undefined)
    throw new InvalidInputError('input.shape', `${where}: "${twice}" is used and ignored at once.`);
  return {
    about: file.about,
    constants,
    columns,
    breakdowns,
    texts: new Map(Object.entries(file.texts ?? {})),
    required: file.required ?? [],
    ignored,
    columnNames: [...columns.keys(), ...shares, ...ignored.keys()],
  };
}

/** Nested constants as headers: members of lists count from 1. */
function* flatten(value: unknown, header: string, where: string): Iterable<[string, Scalar]> {
  if (typeof value === 'object' && value !== null) {
    const at = (part: string) => (header === '' ? part : `${header}.${part}`);
    const members = Array.isArray(value)
      ? value.map((item, i): [string, unknown] => [at(String(i + 1)), item])
      : Object.entries(value).map(([name, item]): [string, unknown] => [at(name), item]);
    for (const [inner, item] of members) yield* flatten(item, inner, where);
    return;
  }
  const column = findColumn(header);
  const parsed = scalar.safeParse(value);
  if (column === undefined || !parsed.success) {
    const meant = suggestHeader(header);
    const advice = column === undefined && meant !== undefined ? `; did you mean "${meant}"?` : '';
    throw new InvalidInputError('input.shape', `${where}: constants: "${header}" is no field that takes this${advice}`);
  }
  yield [header, parsed.data];
}

// ---------------------------------------------------------------------------------------------------------- application

/** Cells that were not used, and why: what a row's report says. */
export interface KeptBack {
  readonly columns: readonly string[];
  readonly reason: string;
}

export interface PlacedCell {
  readonly value: Scalar;
  /** For messages: the column it stands in, or the mapping. */
  readonly from: string;
}

export interface PlacedRow {
  /** By header. */
  readonly cells: ReadonlyMap<string, PlacedCell>;
  /** What cannot be used and may not be left out, with its column. */
  readonly problems: readonly string[];
  readonly keptBack: readonly KeptBack[];
  /** Why the row makes no passport. */
  readonly skipped: string | undefined;
}

/** Puts a row's cells where the mapping has them go. Columns that it does not know stay under their own header. */
export function applyMapping(mapping: Mapping, row: Readonly<Record<string, string>>): PlacedRow {
  const cells = new Map<string, string>();
  for (const [name, text] of Object.entries(row)) {
    const plain = text.replaceAll(/\s+/g, ' ').trim();
    if (plain !== '') cells.set(name, plain);
  }
  const placed = new Map<string, PlacedCell>();
  for (const [header, value] of mapping.constants)
    placed.set(header, { value, from: `the mapping's constant "${header}"` });
  const problems: string[] = [];
  const keptBack: KeptBack[] = [];
  const keepBack = (columns: readonly string[], why: string) => {
    if (columns.length === 0) return;
    keptBack.push({ columns, reason: why });
    for (const name of columns) cells.delete(name);
  };
  const own = new Map<string, PlacedCell>();
  const shareNames = new Set(mapping.breakdowns.flatMap(({ shares }) => Object.keys(shares)));

  for (const [name, text] of [...cells]) {
    const from = `column "${name}"`;
    if (mapping.ignored.has(name)) continue;
    const rule = mapping.columns.get(name);
    if (rule !== undefined) {
      const used = applyRule(rule, text, cells);
      if ('unusable' in used) keepBack([name], used.unusable);
      else if ('problem' in used) problems.push(`${from}: ${used.problem}`);
      else for (const header of rule.to) own.set(header, { value: used.value, from });
    } else if (!shareNames.has(name)) own.set(name, { value: text, from });
  }
  for (const one of mapping.breakdowns) {
    const read = readBreakdown(one, cells);
    if ('reason' in read) keepBack(read.columns, read.reason);
    else for (const { name, header, value } of read.parts) own.set(header, { value, from: `column "${name}"` });
  }
  for (const [header, alternatives] of mapping.texts) {
    const text = alternatives.map((one) => fillText(one, cells)).find((filled) => filled !== undefined);
    if (text !== undefined) placed.set(header, { value: text, from: `the mapping's text "${header}"` });
  }
  for (const [header, cell] of own) placed.set(header, cell);
  return { cells: placed, problems, keptBack, skipped: findMissing(mapping.required, cells, keptBack) };
}

function applyRule(
  rule: ColumnRule,
  text: string,
  cells: ReadonlyMap<string, string>,
): { readonly value: Scalar } | { readonly unusable: string } | { readonly problem: string } {
  const number = parseNumber(text);
  const standsForNothing = rule.missing?.some(
    (one) => one === text || (number !== undefined && parseNumber(one) === number),
  );
  if (standsForNothing) return { unusable: `"${shorten(text)}" counts as empty in this column` };
  const translated = rule.values !== undefined && Object.hasOwn(rule.values, text) ? rule.values[text] : undefined;
  const converted = convert(rule, translated ?? text, cells);
  if ('unusable' in converted) return rule.otherwise === 'leaveOut' ? converted : { problem: converted.unusable };
  if (rule.otherwise !== 'leaveOut') return converted;
  const problem = rule.to.map((header) => findProblem(header, converted.value)).find((found) => found !== undefined);
  return problem === undefined ? converted : { unusable: problem };
}

function convert(
  rule: ColumnRule,
  value: Scalar,
  cells: ReadonlyMap<string, string>,
): { readonly value: Scalar } | { readonly unusable: string } {
  if (rule.read === 'date') {
    const date = readDate(String(value));
    return date === undefined
      ? { unusable: `"${shorten(String(value))}" is no date that can be read` }
      : { value: date };
  }
  if (rule.between === undefined && rule.times === undefined && rule.decimals === undefined) return { value };
  const number = parseNumber(String(value));
  if (number === undefined) return { unusable: `"${shorten(String(value))}" is no number` };
  const [least, most] = rule.between ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  if (number < least || number > most) return { unusable: `${number} is not between ${least} and ${most}` };
  const factor = typeof rule.times === 'string' ? parseNumber(cells.get(rule.times) ?? '') : (rule.times ?? 1);
  if (factor === undefined) return { unusable: `there is no number in "${rule.times}" to multiply it with` };
  return { value: round(number * factor, rule.decimals) };
}

function findProblem(header: string, value: Scalar): string | undefined {
  const column = findColumn(header);
  if (column === undefined) return `there is no field "${header}"`;
  const read = readCell(column, value);
  if ('problem' in read) return read.problem;
  const checked = z.safeParse(column.schema, read.value);
  return checked.success
    ? undefined
    : `"${shorten(String(value))}": ${checked.error.issues[0]?.message ?? 'is not accepted'}`;
}

/** Parts of a total. A breakdown that does not add up says nothing about which part is wrong, so all of it is left out. */
function readBreakdown(
  { total, shares, within, decimals: places }: Breakdown,
  cells: ReadonlyMap<string, string>,
):
  | { readonly parts: readonly { readonly name: string; readonly header: string; readonly value: number }[] }
  | KeptBack {
  const given = Object.entries(shares).filter(([name]) => cells.has(name));
  const columns = given.map(([name]) => name);
  const whole = parseNumber(cells.get(total) ?? '');
  const fractions = columns.map((name) => parseNumber(cells.get(name) ?? '') ?? Number.NaN);
  if (whole === undefined) return { columns, reason: `there is no number in "${total}" that they could be shares of` };
  if (!fractions.every((fraction) => fraction >= 0)) {
    return { columns, reason: 'not all of them are shares, so the total stands alone' };
  }
  const sum = fractions.reduce((one, other) => one + other, 0);
  const isComplete = given.length === Object.keys(shares).length;
  if (sum > 1 + within || (isComplete && sum < 1 - within)) {
    return { columns, reason: `they add up to ${round(sum, 4)}, not to 1, so the total stands alone` };
  }
  return {
    parts: given.map(([name, header], i) => ({ name, header, value: round((fractions[i] ?? 0) * whole, places) })),
  };
}

function fillText({ text, when }: z.infer<typeof alternative>, cells: ReadonlyMap<string, string>): string | undefined {
  for (const [name, wanted] of Object.entries(when ?? {})) {
    const value = cells.get(name);
    if (value === undefined || (wanted !== true && !wanted.includes(value))) return undefined;
  }
  let isComplete = true;
  const filled = text.replaceAll(
    /\{([^{}|]+)(?:\|(slug|first:(\d+)))?\}/g,
    (_, names: string, filter?: string, count?: string) => {
      const values = names.split('+').map((name) => cells.get(name));
      if (values.includes(undefined)) isComplete = false;
      const value = values.join(' ');
      if (filter === 'slug') return formatSlug(value);
      return count === undefined ? value : value.slice(0, Number(count));
    },
  );
  return isComplete ? filled : undefined;
}

/** Lower-case words with hyphens between; a word that follows itself once ("Apple Apple Watch"), a plus as a word. */
function formatSlug(text: string): string {
  const words = text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('+', ' plus ')
    .replaceAll('&', ' and ')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  return words.filter((word, i) => word !== words[i - 1]).join('-');
}

function findMissing(
  required: readonly string[],
  cells: ReadonlyMap<string, string>,
  keptBack: readonly KeptBack[],
): string | undefined {
  const name = required.find((one) => !cells.has(one));
  if (name === undefined) return undefined;
  const why = keptBack.find(({ columns }) => columns.includes(name))?.reason;
  return `there is nothing usable in "${name}"${why === undefined ? '' : `: ${why}`}`;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Dates as publications write them. Slashes are read only where day and month cannot be confused. */
function readDate(text: string): string | undefined {
  const pad = (digits: string | number) => String(digits).padStart(2, '0');
  if (/^\d{4}$/.test(text)) return text;
  const numeric = /^(\d{4})-(\d{1,2})(?:-(\d{1,2}))?$/.exec(text);
  if (numeric !== null) {
    const [, year = '', month = '', day] = numeric;
    return [year, pad(month), ...(day === undefined ? [] : [pad(day)])].join('-');
  }
  const slashed = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text);
  if (slashed !== null) {
    const [, first = '', second = '', year = ''] = slashed;
    if (Number(first) > 12) return `${year}-${pad(second)}-${pad(first)}`;
    return Number(second) > 12 ? `${year}-${pad(first)}-${pad(second)}` : undefined;
  }
  const worded =
    /^([A-Za-z]{3,9})\.? (?:(\d{1,2}),? )?(\d{4})$/.exec(text) ?? /^(\d{1,2}) ([A-Za-z]{3,9})\.? (\d{4})$/.exec(text);
  if (worded === null) return undefined;
  const [, first = '', second, year = ''] = worded;
  const [name, day] = /^\d/.test(first) ? [second ?? '', first] : [first, second];
  const month = MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;
  if (month === 0) return undefined;
  return [year, pad(month), ...(day === undefined ? [] : [pad(day)])].join('-');
}

/** To so many decimals; without, free of the dust of binary fractions. */
function round(value: number, places?: number): number {
  return places === undefined ? Number(value.toPrecision(12)) : Number(value.toFixed(places));
}
