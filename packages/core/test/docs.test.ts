import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  renderAuditSchema,
  renderContext,
  renderErrors,
  renderEvidenceSchema,
  renderIctFields,
  renderPassportFormat,
  renderVerification,
} from '../../../scripts/generate-docs.ts';

const read = (name: string) => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');

test('docs/errors.md says what the code says', () => {
  expect(read('errors.md'), 'run pnpm generate').toBe(renderErrors());
});

test('docs/audit.schema.json is the schema that audit reports are read by', () => {
  expect(read('audit.schema.json'), 'run pnpm generate').toBe(renderAuditSchema());
});

test('docs/evidence.schema.json is the schema that evidence is read by', () => {
  expect(read('evidence.schema.json'), 'run pnpm generate').toBe(renderEvidenceSchema());
});

test('docs/passport-format.md says where the code puts each field', () => {
  expect(read('passport-format.md'), 'run pnpm generate').toBe(renderPassportFormat());
});

test('docs/ict-fields.md says which columns carry what the list of ICT passport fields asks for', () => {
  expect(read('ict-fields.md'), 'run pnpm generate').toBe(renderIctFields());
});

test('docs/context-v1.jsonld is the context that passports name', () => {
  expect(read('context-v1.jsonld'), 'run pnpm generate').toBe(renderContext());
});

test('docs/verification.md has the roles and the application identifiers that the code has', () => {
  const text = read('verification.md');
  expect(text, 'run pnpm generate').toBe(renderVerification(text));
});

test('docs/threat-model.md names tests that there are', () => {
  const named = new Set(read('threat-model.md').match(/(?:packages|test)\/[\w./-]+\.(?:test\.ts|t\.sol)/g));
  expect(named.size).toBeGreaterThan(30);
  const missing = [...named].filter((file) => !existsSync(new URL(`../../../${file}`, import.meta.url)));
  expect(missing).toEqual([]);
});
