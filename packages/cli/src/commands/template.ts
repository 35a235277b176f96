/** The spreadsheet that people fill in. */
import { templateHeaders } from '@dpp-ledger/core/passport';
import { defineCommand, usageError } from '../command.ts';
import { writeNewFile } from '../files.ts';

const template = defineCommand({
  name: 'template',
  summary: 'Write a spreadsheet to fill in: every column, and one example row.',
  description:
    'Leave empty what you do not know: missing stays missing, and 0 means a published zero. Lists count from 1: materials.1.name, materials.2.name.',
  arguments: [],
  flags: {
    out: { type: 'string', value: 'FILE', summary: 'A .csv file to write; standard output by default.' },
    columns: { type: 'boolean', summary: 'List the columns with what they mean instead.' },
  },
  settings: [],
  examples: ['dpp template --out passports.csv', 'dpp template --columns'],
  async run({ values, output }) {
    const columns = templateHeaders();
    if (values.columns === true) {
      for (const { header, description, example } of columns) {
        output.item(
          { header, description, example },
          `${header.padEnd(36)} ${description}${example === undefined ? '' : ` (e.g. ${example})`}`,
        );
      }
      return 0;
    }
    const csv = [columns.map(({ header }) => header), columns.map(({ example }) => String(example ?? ''))]
      .map((row) => `${row.map(quoteCell).join(',')}\r\n`)
      .join('');
    if (values.out !== undefined && !/\.csv$/i.test(values.out)) {
      throw usageError(template, `Only CSV is written: --out ends in .csv, and "${values.out}" does not.`);
    }
    if (values.out === undefined) output.raw(csv);
    else {
      await writeNewFile(values.out, csv);
      output.answer(
        { file: values.out, columns: columns.length },
        `Wrote ${values.out}: ${columns.length} columns, one example row to replace.`,
      );
    }
    return 0;
  },
});

/** RFC 4180. */
function quoteCell(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

export const TEMPLATE_COMMANDS = [template];
