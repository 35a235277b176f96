import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { renderErrors, renderEvidenceSchema } from '../../../scripts/generate-docs.ts';

const read = (name: string) => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');

test('docs/errors.md says what the code says', () => {
  expect(read('errors.md'), 'run pnpm generate').toBe(renderErrors());
});

test('docs/evidence.schema.json is the schema that evidence is read by', () => {
  expect(read('evidence.schema.json'), 'run pnpm generate').toBe(renderEvidenceSchema());
});
