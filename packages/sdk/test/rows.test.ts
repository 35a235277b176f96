import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { InvalidInputError, type SubjectId } from '@dpp-ledger/core';
import { type Mapping, parseMapping, parseRow, type Row } from '@dpp-ledger/core/passport';
import { describe, expect, it } from 'vitest';
import { readSpreadsheet } from '../src/node/index.ts';

const EXAMPLES = new URL('../../../examples/', import.meta.url);
const DATA = process.env.DPP_DATA ?? new URL('../../../../shared/data', import.meta.url).pathname;
const BOAVIZTA = `${DATA}/devices/boavizta-data-us.csv`;
if (!existsSync(BOAVIZTA)) console.warn(`Rows of Boavizta's data: NOT RUN, no ${BOAVIZTA} (set DPP_DATA).`);

async function readMapping(name: string): Promise<Mapping> {
  return parseMapping(JSON.parse(await readFile(new URL(`mappings/${name}`, EXAMPLES), 'utf8')), name);
}

/** Every row, and the refusals by message; a subject that comes twice is one. */
async function readRows(path: string, mapping?: Mapping): Promise<{ rows: Row[]; refused: string[] }> {
  const rows: Row[] = [];
  const refused: string[] = [];
  const seen = new Map<SubjectId, number>();
  for await (const { rowNumber, cells } of readSpreadsheet(path)) {
    try {
      rows.push(parseRow(cells, { rowNumber, seen, ...(mapping === undefined ? {} : { mapping }) }));
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      refused.push(error.message);
    }
  }
  return { rows, refused };
}

function inputsOf(rows: readonly Row[]) {
  return rows.flatMap((row) => (row.state === 'read' ? [row.input] : []));
}

describe('the examples', () => {
  it('all 68 real devices are read', async () => {
    const { rows, refused } = await readRows(new URL('devices.csv', EXAMPLES).pathname);
    expect(refused).toEqual([]);
    expect(inputsOf(rows)).toHaveLength(68);
  });

  it('all 200 laptops are read, with what is the same for all in the mapping', async () => {
    const { rows, refused } = await readRows(
      new URL('laptops.csv', EXAMPLES).pathname,
      await readMapping('laptops.json'),
    );
    expect(refused).toEqual([]);
    const inputs = inputsOf(rows);
    expect(inputs).toHaveLength(200);
    for (const { granularity, gtin, materials } of inputs) {
      expect({ granularity, gtin, materials: materials?.length }).toEqual({
        granularity: 'item',
        gtin: '09521234000013',
        materials: 14,
      });
    }
  });
});

describe.skipIf(!existsSync(BOAVIZTA))("Boavizta's data", async () => {
  const { rows, refused } = existsSync(BOAVIZTA)
    ? await readRows(BOAVIZTA, await readMapping('boavizta.json'))
    : { rows: [], refused: [] };
  const inputs = inputsOf(rows);
  const notes = rows.flatMap(({ keptBack }) => keptBack);

  it('makes a model of at least 1,200 of its 1,226 rows, no subject twice', () => {
    console.info(
      `Rows of Boavizta's data: ${rows.length + refused.length}, passports: ${inputs.length}, notes: ${notes.length}.`,
    );
    expect(refused).toEqual([]);
    expect(rows).toHaveLength(1226);
    expect(inputs.length).toBeGreaterThanOrEqual(1200);
    expect(new Set(inputs.map(({ id }) => id)).size).toBe(inputs.length);
  });

  it("names the report behind each row's figures, and a place under the publisher's own host", () => {
    for (const { granularity, id, carbon } of inputs) {
      expect(granularity).toBe('model');
      expect(id).toMatch(/^https:\/\/devices\.dpp\.example\/m\/[a-z0-9-]+$/);
      expect(carbon?.source.url).toMatch(/^https?:\/\//);
    }
  });

  it('notes the 112 complete breakdowns that do not add up, and keeps their totals', () => {
    const uneven = rows.filter(({ keptBack }) => keptBack.some(({ columns }) => columns.includes('gwp_eol_ratio')));
    expect(uneven).toHaveLength(112);
    for (const row of uneven) {
      expect(row.state === 'read' && row.input.carbon?.totalKgCO2e).toBeGreaterThan(0);
      expect(row.state === 'read' && row.input.carbon?.stages).toBe(undefined);
    }
  });

  it('makes a country of nothing but countries, and notes the regions', () => {
    const regions = notes.filter(({ columns }) => columns.includes('assembly_location'));
    expect(regions).toHaveLength(153 + 24 + 2 + 2);
    expect(inputs.filter(({ countryOfProduction }) => countryOfProduction !== undefined)).toHaveLength(467 + 362 + 7);
  });
});
