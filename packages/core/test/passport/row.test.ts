import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../src/errors.ts';
import type { SubjectId } from '../../src/ids.ts';
import { templateHeaders } from '../../src/passport/columns.ts';
import { parseRow, type RowOptions } from '../../src/passport/row.ts';
import { parsePassportInput } from '../../src/passport/rules.ts';

const model = {
  granularity: 'model',
  gtin: '09521234000013',
  name: 'Laptop 14',
  category: 'laptop',
  'manufacturer.name': 'Fictional Maker Ltd',
};
const footprint = { 'carbon.totalKgCO2e': '231', 'carbon.source.url': 'https://maker.example/pcf' };

function read(cells: Record<string, string>, options: Partial<RowOptions> = {}) {
  const row = parseRow({ ...model, ...cells }, { rowNumber: 2, ...options });
  if (row.state === 'skipped') throw new TypeError(row.reason);
  return row.input;
}

function refusal(cells: Record<string, string>, options: Partial<RowOptions> = {}): string {
  try {
    read(cells, options);
  } catch (error) {
    if (error instanceof InvalidInputError && error.code === 'input.row') return error.message;
    throw error;
  }
  throw new TypeError('the row was read');
}

describe('a row', () => {
  it('is the input that its dotted headers spell', () => {
    expect(read({ ...footprint, massKg: '1.42', 'carbon.stages.use': '0' })).toEqual(
      parsePassportInput({
        granularity: 'model',
        gtin: '09521234000013',
        name: 'Laptop 14',
        category: 'laptop',
        manufacturer: { name: 'Fictional Maker Ltd' },
        massKg: 1.42,
        carbon: { totalKgCO2e: 231, stages: { use: 0 }, source: { url: 'https://maker.example/pcf' } },
      }),
    );
  });

  it('takes an empty cell for missing and a zero for zero', () => {
    const { massKg, reusedComponentPercent } = read({ massKg: ' ', reusedComponentPercent: '0' });
    expect(massKg).toBeUndefined();
    expect(reusedComponentPercent).toBe(0);
  });

  it.each([
    ['yes', true],
    ['TRUE', true],
    ['no', false],
    ['False', false],
  ])('reads "%s" as %s', (cell, value) => {
    expect(read({ 'rohs.compliant': cell }).rohs).toEqual({ compliant: value });
  });

  it.each(['1,5', '1.234,5', '1 000', '12 kg', 'n/a', '0x10', 'Infinity', '.5'])(
    'refuses "%s" for a number, with row and column',
    (cell) => {
      expect(refusal({ massKg: cell })).toMatch(/^Row 2: column "massKg": .* is no number/);
    },
  );

  it('reads a percent sign only where the column says percent', () => {
    expect(read({ reusedComponentPercent: '12.5 %' }).reusedComponentPercent).toBe(12.5);
    expect(refusal({ massKg: '12 %' })).toContain('column "massKg"');
  });

  it('reads a choice in any case and lists the choices otherwise', () => {
    expect(read({ category: 'Laptop' }).category).toBe('laptop');
    expect(refusal({ category: 'toaster' })).toMatch(/column "category": "toaster" is none of laptop, desktop/);
  });

  it.each([
    ['carbon.totalKg', 'carbon.totalKgCO2e'],
    ['totalKgCO2e', 'carbon.totalKgCO2e'],
    ['Mass KG', 'massKg'],
    ['materials.3.recycledPercnt', 'materials.3.recycledPercent'],
  ])('refuses the unknown column "%s" and suggests "%s"', (header, meant) => {
    expect(refusal({ [header]: '1' })).toBe(
      `Row 2: column "${header}" is none that is known; did you mean "${meant}"?`,
    );
  });

  it.each([
    'colour of the lid',
    'materials.0.name',
    'materials.01.name',
    'materials.name',
    'carbon',
    '__proto__',
    'constructor.name',
  ])('refuses "%s", which names no field', (header) => {
    expect(refusal({ [header]: 'x' })).toContain(`column "${header}" is none that is known`);
  });

  it('closes up lists, and names a wrong cell by the number that the spreadsheet gives it', () => {
    const third = {
      'materials.3.name': 'Cobalt',
      'materials.3.massG': '12',
      'materials.7.name': 'Tin',
      'materials.7.massG': '3.6',
    };
    expect(read(third).materials?.map(({ name }) => name)).toEqual(['Cobalt', 'Tin']);
    expect(refusal({ ...third, 'materials.7.cas': '7440-31-9' })).toContain(
      'column "materials.7.cas": expected a CAS number',
    );
    expect(refusal({ ...third, 'materials.9.massG': '1' })).toContain(
      'column "materials.9.name": is needed, but empty',
    );
  });

  it('asks for the source of a group of figures by its column', () => {
    expect(refusal({ 'energy.idleW': '3.1' })).toBe('Row 2: column "energy.source.url": is needed, but empty');
    expect(refusal({ 'recycledContent.2.of': 'plastic', 'recycledContent.2.percent': '52' })).toContain(
      '"recycledContent.2.source.url"',
    );
  });

  it('says of every cell that is wrong where it stands', () => {
    const message = refusal({ massKg: 'heavy', memoryGB: 'much', 'rohs.compliant': 'maybe' });
    for (const header of ['massKg', 'memoryGB', 'rohs.compliant']) expect(message).toContain(`column "${header}"`);
  });

  it('applies the rules of the door: dates that exist, stages that add up, one identifier', () => {
    expect(refusal({ 'carbon.reportDate': '2026-13', ...footprint })).toContain('column "carbon.reportDate"');
    expect(refusal({ 'carbon.stages.use': '300', ...footprint })).toContain('column "carbon.stages"');
    expect(refusal({ id: 'https://maker.example/m/l14' })).toContain('column "gtin"');
  });

  it('refuses a subject that an earlier row has', () => {
    const seen = new Map<SubjectId, number>();
    read({}, { rowNumber: 2, seen });
    read({ granularity: 'item', serial: 'A1' }, { rowNumber: 3, seen });
    expect(refusal({ name: 'The same, called otherwise' }, { rowNumber: 4, seen })).toBe(
      'Row 4: speaks of https://id.gs1.org/01/09521234000013, as row 2 does',
    );
  });
});

describe('the template', () => {
  it('has one column for each field, each with a description', () => {
    const headers = templateHeaders().map(({ header }) => header);
    expect(new Set(headers).size).toBe(headers.length);
    expect(headers).toEqual(
      expect.arrayContaining(['granularity', 'carbon.stages.use', 'materials.1.name', 'rohs.exemptions.1']),
    );
    for (const { description } of templateHeaders()) expect(description).not.toBe('');
  });

  it('has an example row that is read', () => {
    const cells = templateHeaders().flatMap(({ header, example }) =>
      example === undefined ? [] : [[header, example]],
    );
    const row = parseRow(Object.fromEntries(cells), { rowNumber: 2 });
    expect(row.state).toBe('read');
    // All but an id, which it has a GTIN for, and what only a passport with a lot has.
    const empty = templateHeaders().filter(({ example }) => example === undefined);
    expect(empty.map(({ header }) => header)).toEqual(['id', 'units', 'materials.1.lot', 'materials.1.origin']);
  });

  it('says what is needed: always, or with the other columns of its group', () => {
    const needed = new Map(templateHeaders().map((column) => [column.header, column.needed]));
    expect([...needed].filter(([, when]) => when === 'always').map(([header]) => header)).toEqual([
      'granularity',
      'name',
      'category',
      'manufacturer.name',
    ]);
    expect(needed.get('carbon.source.url')).toBe('withGroup');
    expect(needed.get('carbon.lifetimeYears')).toBe('no');
  });
});
