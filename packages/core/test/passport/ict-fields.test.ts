/** What the list of ICT passport fields asks for, and what the door asks of the fields that carry it. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ICT_FIELDS } from '../../../../scripts/ict-fields.ts';
import { checkPassportInput, templateHeaders } from '../../src/passport/index.ts';

const DATA = process.env.DPP_DATA ?? new URL('../../../../../shared/data', import.meta.url).pathname;
const LIST = `${DATA}/uk/ict_passport_fields.csv`;
if (!existsSync(LIST)) console.warn(`The list of ICT passport fields: NOT COMPARED, no ${LIST} (set DPP_DATA).`);

describe('the list of ICT passport fields', () => {
  test.each(ICT_FIELDS.map(({ name, columns }) => [name, columns] as const))(
    '%s names columns that exist',
    (_, columns) => {
      const headers = templateHeaders().map(({ header }) => header);
      expect(columns).toEqual(columns.filter((column) => headers.includes(column)));
    },
  );

  test('has a column for every public field that is known at production and not made by issuing', () => {
    const without = ICT_FIELDS.filter(({ access, columns }) => access.includes('public') && columns.length === 0);
    expect(without.map(({ name }) => name.split('(')[0])).toEqual(['passportId', 'lifecycleState']);
  });

  test('says of every field that has no column why', () => {
    for (const { columns, note } of ICT_FIELDS) expect(columns.length > 0 || note !== undefined).toBe(true);
  });

  test.skipIf(!existsSync(LIST))('is complete', () => {
    const lines = readFileSync(LIST, 'utf8').trim().split(/\r?\n/).slice(1);
    expect(ICT_FIELDS).toHaveLength(lines.length);
    for (const [i, { group, name }] of ICT_FIELDS.entries())
      expect(lines[i]?.startsWith(`${group},${name},`)).toBe(true);
  });
});

describe('the door', () => {
  const source = { url: 'https://maker.example/reports' };
  const model = {
    granularity: 'model',
    gtin: '09521234000013',
    name: 'Laptop 14',
    category: 'laptop',
    manufacturer: { name: 'Fictional Maker Ltd' },
  };
  const pact = { declaredUnitAmount: 1, excludingBiogenicUptakeKgCO2e: 180 };
  const carbon = (more: object) => ({ carbon: { totalKgCO2e: 231, pact: { ...pact, ...more }, source } });
  const digest = 'ab'.repeat(32);

  test.each([
    ['an identifier of a chassis that no item has', { chassisId: digest }, 'chassisId'],
    [
      'a list of critical materials with one that is not',
      { materials: [{ name: 'Tin', massG: 1, euCriticalListYear: 2023 }] },
      'materials.1.euCriticalListYear',
    ],
    ['more fossil gases than all of them', carbon({ fossilKgCO2e: 181 }), 'carbon.pact.fossilKgCO2e'],
    ['uptake that adds', carbon({ includingBiogenicUptakeKgCO2e: 181 }), 'carbon.pact.includingBiogenicUptakeKgCO2e'],
    ['figures for no piece', carbon({ declaredUnitAmount: 0 }), 'carbon.pact.declaredUnitAmount'],
    [
      'more left out than PACT allows',
      carbon({ exemptedEmissionsPercent: 5.1 }),
      'carbon.pact.exemptedEmissionsPercent',
    ],
    [
      'a period that ends first',
      carbon({ periodStart: '2025-02-01', periodEnd: '2025-01-01' }),
      'carbon.pact.periodEnd',
    ],
    [
      'more recycled after use than recycled',
      { circularity: { recycledContentPercent: 20, postConsumerPercent: 22, source } },
      'circularity.postConsumerPercent',
    ],
    [
      'more than all of it recycled or renewable',
      { circularity: { recycledContentPercent: 60, renewableContentPercent: 42, source } },
      'circularity.renewableContentPercent',
    ],
    [
      'plastic where there is none',
      { packaging: { plasticFree: true, singleUsePlasticsG: 2 } },
      'packaging.singleUsePlasticsG',
    ],
    ['a digest of no document', { repair: { manualSha256: digest, source } }, 'repair.manualUrl'],
    [
      'a digest in other letters',
      { repair: { manualUrl: source.url, manualSha256: digest.toUpperCase(), source } },
      'repair.manualSha256',
    ],
  ])('refuses %s', (_, more, path) => {
    const checked = checkPassportInput({ ...model, ...more });
    expect('issues' in checked ? checked.issues.map((issue) => issue.path) : []).toEqual([path]);
  });

  test('lets uptake outweigh what is emitted', () => {
    expect(checkPassportInput({ ...model, ...carbon({ includingBiogenicUptakeKgCO2e: -3 }) })).toHaveProperty('input');
  });
});
