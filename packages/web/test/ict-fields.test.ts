/** The passport page of the example laptop, of which about all is disclosed that a passport can carry. */
import { readFileSync } from 'node:fs';
import { buildPassport, parsePassportInput, readPassport } from '@dpp-ledger/core/passport';
import { HtmlValidate } from 'html-validate/node';
import { expect, it } from 'vitest';
import { createPage, createTestPages, hex, ITEM, MAKER } from './support.ts';

const EXAMPLE = new URL('../../../examples/mappings/laptops.json', import.meta.url);

async function renderExample(more: object = {}): Promise<{ text: string; words: string }> {
  const { constants } = JSON.parse(readFileSync(EXAMPLE, 'utf8'));
  const input = parsePassportInput({ ...constants, serial: 'A7K2', ...more });
  const view = readPassport(
    buildPassport(input, {
      issuer: { id: MAKER, name: 'Fictional Maker Ltd' },
      ledger: { chainId: 31337, genesis: hex(1), address: hex(2, 20), codeHash: hex(3) },
      status: { list: 1n, index: 7 },
      statusListCredential: 'https://dpp.example/status/1',
      validFrom: '2026-11-23T09:00:00Z',
      voice: 'declared',
    }),
  );
  const { app } = createTestPages({ scan: async () => createPage({ view }) });
  const text = await (await app.request(`/view/passport?uri=${encodeURIComponent(ITEM)}`)).text();
  return { text, words: text.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ') };
}

it.each([
  ['the cradle-to-gate footprint', 'Without biogenic uptake 186.1 kg CO₂e'],
  ['its standards', 'Accounting standards ISO14067, PACT-3.0'],
  ['other impacts', 'Depletion of elements (ADPe) 0.021 kg Sb eq'],
  ['the list that has a critical material', 'EU list of 2023'],
  ['each spare part with its price', 'Battery FM14-SP-BAT £64.90'],
  ['how it comes apart', 'Disassembly depth 7 steps Fasteners Reusable Tools Basic tools'],
  ['what is to be phased out', 'Lead 7439-92-1 under way'],
  ['circularity by ITU-T L.1023', 'ITU-T L.1023: durability 72%'],
  ['conformity, with its evidence', 'Restricted substances within their limits not disclosed Yes'],
  ['a published zero', 'Single-use plastics 0 g'],
])('shows %s', async (_, words) => {
  expect((await renderExample()).words).toContain(words);
});

it('shows no figure as zero that is only small', async () => {
  const source = { url: 'https://maker.example/lca' };
  const { words } = await renderExample({ impacts: { particulateMatterIncidence: 0.0000112, source } });
  expect(words).toContain('Particulate matter (PM) 0.0000112 cases of disease');
  expect(words).toContain('Not disclosed: Depletion of elements (ADPe);');
});

it('is valid HTML', async () => {
  const { text } = await renderExample();
  const report = await new HtmlValidate({ extends: ['html-validate:standard', 'html-validate:a11y'] }).validateString(
    text,
  );
  expect(
    report.results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`)),
  ).toEqual([]);
});
