import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../src/errors.ts';
import { parseMapping } from '../../src/passport/mapping.ts';
import { parseRow } from '../../src/passport/row.ts';

const base = {
  format: 'dpp-mapping/1',
  constants: {
    granularity: 'model',
    category: 'laptop',
    manufacturer: { name: 'Fictional Maker Ltd' },
    gtin: '09521234000013',
  },
  columns: { Model: 'name' },
};

function map(mapping: object, cells: Record<string, string>) {
  return parseRow({ Model: 'Laptop 14', ...cells }, { rowNumber: 7, mapping: parseMapping({ ...base, ...mapping }) });
}

function read(mapping: object, cells: Record<string, string>) {
  const row = map(mapping, cells);
  if (row.state === 'skipped') throw new TypeError(row.reason);
  return row;
}

function messageOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof InvalidInputError) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new TypeError('nothing was refused');
}

const carbon = {
  constants: { ...base.constants, carbon: { source: { url: 'https://maker.example/pcf' } } },
};

describe('a mapping', () => {
  it('renames columns and lets headers that are fields already through', () => {
    const { input } = read(
      { columns: { ...base.columns, Kilograms: 'massKg' } },
      { Kilograms: '1.42', screenInch: '14' },
    );
    expect(input).toMatchObject({ name: 'Laptop 14', massKg: 1.42, screenInch: 14 });
  });

  it('has constants nested as in the input, which a cell of the row comes before', () => {
    const constants = {
      ...base.constants,
      materials: [{ name: 'Tin', massG: 3.6 }],
      rohs: { compliant: true, exemptions: ['6(c)'] },
    };
    const { input } = read({ constants }, { category: 'tablet', 'materials.1.massG': '4' });
    expect(input).toMatchObject({
      category: 'tablet',
      materials: [{ name: 'Tin', massG: 4 }],
      rohs: { compliant: true, exemptions: ['6(c)'] },
    });
  });

  it('translates values, and keeps those that have no translation', () => {
    const columns = { ...base.columns, Kind: { to: 'category', values: { Notebook: 'laptop' } } };
    expect(read({ columns }, { Kind: 'Notebook' }).input.category).toBe('laptop');
    expect(read({ columns }, { Kind: 'monitor' }).input.category).toBe('monitor');
    expect(messageOf(() => map({ columns }, { Kind: 'constructor' }))).toContain(
      'column "Kind": "constructor" is none of',
    );
  });

  it('multiplies by a number or by another column, to so many decimals', () => {
    const columns = {
      ...base.columns,
      Grams: { to: 'massKg', times: 0.001 },
      Total: 'carbon.totalKgCO2e',
      Error: { to: 'carbon.uncertaintyKgCO2e', times: 'Total', decimals: 1 },
    };
    const { input } = read({ ...carbon, columns }, { Grams: '1420', Total: '231', Error: '0.1992' });
    expect(input.massKg).toBe(1.42);
    expect(input.carbon?.uncertaintyKgCO2e).toBe(46);
  });

  it.each([
    ['November 2020', '2020-11'],
    ['Feb 2021', '2021-02'],
    ['September 7 2022', '2022-09-07'],
    ['7 Sept. 2022', '2022-09-07'],
    ['2022-2-6', '2022-02-06'],
    ['26/07/2019', '2019-07-26'],
    ['2019', '2019'],
  ])('reads the date "%s" as %s', (cell, date) => {
    const columns = { ...base.columns, Date: { to: 'carbon.reportDate', read: 'date' } };
    const { input } = read({ ...carbon, columns }, { Date: cell, 'carbon.totalKgCO2e': '231' });
    expect(input.carbon?.reportDate).toBe(date);
  });

  it.each(['06/07/2019', 'Q3 2020', 'Nevember 2020', 'February 30 2020', '2020-13'])(
    'does not guess at the date "%s"',
    (cell) => {
      const columns = { ...base.columns, Date: { to: 'carbon.reportDate', read: 'date', otherwise: 'leaveOut' } };
      const row = read({ ...carbon, columns }, { Date: cell, 'carbon.totalKgCO2e': '231' });
      expect(row.input.carbon).not.toHaveProperty('reportDate');
      expect(row.keptBack).toMatchObject([{ columns: ['Date'] }]);
      const strict = { ...base.columns, Date: { to: 'carbon.reportDate', read: 'date' } };
      expect(messageOf(() => map({ ...carbon, columns: strict }, { Date: cell, 'carbon.totalKgCO2e': '231' }))).toMatch(
        /^input.row: Row 7: column "Date"/,
      );
    },
  );

  it('leaves out what its field does not accept, and says so: a region is no country', () => {
    const columns = {
      ...base.columns,
      Place: { to: 'countryOfProduction', values: { China: 'CN' }, otherwise: 'leaveOut' },
    };
    expect(read({ columns }, { Place: 'China' })).toMatchObject({ input: { countryOfProduction: 'CN' }, keptBack: [] });
    const { input, keptBack } = read({ columns }, { Place: 'Asia' });
    expect(input).not.toHaveProperty('countryOfProduction');
    expect(keptBack).toEqual([
      { columns: ['Place'], reason: expect.stringMatching(/^"Asia": expected an ISO 3166-1/) },
    ]);
  });

  it('takes a placeholder for an empty cell, numbers by their value', () => {
    const columns = { ...base.columns, Screen: { to: 'screenInch', missing: ['0', 'none'] } };
    for (const cell of ['0', '0.00', 'none']) {
      const { input, keptBack } = read({ columns }, { Screen: cell });
      expect(input).not.toHaveProperty('screenInch');
      expect(keptBack).toHaveLength(1);
    }
  });

  it('never uses a number beyond its bounds, multiplied or not', () => {
    const columns = { ...base.columns, Grams: { to: 'massKg', between: [1, 100000], times: 0.001 } };
    expect(messageOf(() => map({ columns }, { Grams: '1420000' }))).toContain('column "Grams": 1420000 is not between');
  });

  describe('with a breakdown', () => {
    const breakdowns = [
      {
        total: 'Total',
        shares: {
          Make: 'carbon.stages.manufacturing',
          Ship: 'carbon.stages.distribution',
          Use: 'carbon.stages.use',
          End: 'carbon.stages.endOfLife',
        },
        within: 0.02,
        decimals: 1,
      },
    ];
    const mapping = { ...carbon, columns: { ...base.columns, Total: 'carbon.totalKgCO2e' }, breakdowns };

    it('gives each stage its part of the total', () => {
      const { input } = read(mapping, { Total: '231', Make: '0.77', Ship: '0.05', Use: '0.17', End: '0.01' });
      expect(input.carbon?.stages).toEqual({ manufacturing: 177.9, distribution: 11.6, use: 39.3, endOfLife: 2.3 });
    });

    it('keeps an incomplete breakdown: what is missing stays missing', () => {
      expect(read(mapping, { Total: '231', Use: '0.17' }).input.carbon?.stages).toEqual({ use: 39.3 });
    });

    it.each([
      { Make: '0.7', Ship: '0.05', Use: '0.17', End: '0.01' },
      { Make: '0.97', Use: '0.17' },
      { Make: '-0.1', Use: '0.17' },
      { Make: 'most', Use: '0.17' },
    ])('keeps the total and notes the breakdown that does not add up: %o', (shares) => {
      const { input, keptBack } = read(mapping, { Total: '231', ...shares });
      expect(input.carbon).toMatchObject({ totalKgCO2e: 231 });
      expect(input.carbon).not.toHaveProperty('stages');
      expect(keptBack).toEqual([
        { columns: Object.keys(shares), reason: expect.stringContaining('the total stands alone') },
      ]);
    });
  });

  describe('with texts', () => {
    const { gtin: _, ...constants } = base.constants;
    const texts = {
      id: [
        { when: { Model: ['Watch'] }, text: 'https://maker.example/m/{Maker+Model|slug}-{Report|first:4}' },
        { text: 'https://maker.example/m/{Maker+Model|slug}' },
      ],
      description: [{ when: { Screen: true }, text: 'Screen of {Screen} inches, {Colour}' }],
    };
    const mapping = {
      constants,
      columns: { ...base.columns, Maker: 'manufacturer.name' },
      texts,
      ignored: { Report: 'x', Screen: 'x', Colour: 'x' },
    };

    it('makes an id of slugs, a plus as a word and no word twice in a row', () => {
      const { input } = read(mapping, { Maker: 'Tablet', Model: 'Tablet Pro 7+ (Élite)' });
      expect(input.id).toBe('https://maker.example/m/tablet-pro-7-plus-elite');
    });

    it('tells apart names that stand twice', () => {
      const { input } = read(mapping, { Maker: 'M', Model: 'Watch', Report: 'abcdef' });
      expect(input.id).toBe('https://maker.example/m/m-watch-abcd');
    });

    it('leaves a text out if a cell in it is empty or its condition does not hold', () => {
      const describe_ = (cells: Record<string, string>) => read(mapping, { Maker: 'M', ...cells }).input.description;
      expect(describe_({ Screen: '14', Colour: 'grey' })).toBe('Screen of 14 inches, grey');
      expect(describe_({ Screen: '14' })).toBeUndefined();
      expect(describe_({ Colour: 'grey' })).toBeUndefined();
    });
  });

  it('skips a row without what is required, and says why', () => {
    const columns = { ...base.columns, Total: { to: 'carbon.totalKgCO2e', otherwise: 'leaveOut' } };
    const mapping = { ...carbon, columns, required: ['Total'] };
    expect(map(mapping, {})).toMatchObject({ state: 'skipped', reason: 'there is nothing usable in "Total"' });
    expect(map(mapping, { Total: 'low' })).toMatchObject({
      state: 'skipped',
      reason: expect.stringContaining('"low" is no number'),
    });
    expect(map(mapping, { Total: '231' }).state).toBe('read');
  });

  it('refuses a column that neither it nor the passport knows, and suggests one of either', () => {
    const mapping = { ignored: { 'Added by': 'about the row' } };
    expect(read(mapping, { 'Added by': 'somebody' }).keptBack).toEqual([]);
    expect(messageOf(() => map(mapping, { 'Addedby.': 'somebody' }))).toContain('did you mean "Added by"?');
    expect(messageOf(() => map(mapping, { Modell: 'x' }))).toContain('did you mean "Model"?');
  });
});

describe('a mapping file is refused', () => {
  it.each([
    ['a field that does not exist', { columns: { Total: 'carbon.total' } }, '"carbon.totalKgCO2e"?'],
    ['a constant of no field', { constants: { carbon: { totalKg: 1 } } }, 'carbon.totalKg'],
    ['a constant that is a group', { constants: { carbon: 12 } }, '"carbon"'],
    ['a share of a field that does not exist', { breakdowns: [{ total: 'T', shares: { a: 'x' }, within: 0 }] }, 'x'],
    ['a member that it does not know', { colums: {} }, 'colums'],
    ['another format', { format: 'dpp-mapping/2' }, 'format'],
    ['a column that is used and ignored', { ignored: { Model: 'x' } }, '"Model"'],
  ])('for %s', (_, change, named) => {
    const message = messageOf(() => parseMapping({ ...base, ...change }, 'mine.json'));
    expect(message).toMatch(/^input.shape: mine.json/);
    expect(message).toContain(named);
  });
});
