/**
 * Writes the documents that are made from the code: docs/errors.md (every code of errors and checks) and docs/evidence.schema.json.
 * With `--check` it writes nothing and fails where a committed one is not what the code says.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ERROR_CODES } from '../packages/core/src/errors.ts';
import { EVIDENCE_SCHEMA } from '../packages/core/src/evidence/index.ts';
import { CHECK_CODES, CHECKS, type CheckName, type Outcome } from '../packages/core/src/report.ts';

const folder = join(import.meta.dirname, '../docs');

const QUESTIONS: Readonly<Record<CheckName, string>> = {
  content: 'Do the bytes hash to the content identifier, in the one canonical spelling?',
  schema: 'Is it a W3C credential of a UNTP type?',
  subject: 'Is it about what was scanned: the item, or its production batch or model?',
  signature: "Do the bytes carry the key's signature?",
  key: "Was it this issuer's key for signing credentials at the anchor, and not compromised before?",
  issuer: 'Was the issuer accredited at the anchor, in a role for this kind, with a right to speak of the subject?',
  anchor: "Does it stand in the ledger's journal, and on what is that known?",
  status: 'Has it been revoked or superseded?',
  period: 'Is it within the time for which it was issued?',
  freshness: 'Are the facts recent enough for the policy?',
  provenance: 'Are its claims about material covered by lots that the ledger counts?',
};
const OUTCOMES: Readonly<Record<Outcome, string>> = {
  valid: 'valid',
  invalid: 'invalid',
  unknown: 'unknown',
  notApplicable: 'not applicable',
};

/** docs/errors.md. */
export function renderErrors(): string {
  const checks = CHECKS.map((name) => {
    const rows = Object.entries(CHECK_CODES)
      .filter(([code]) => code.startsWith(`${name}.`))
      .map(([code, { outcome, sentence }]) => `| \`${code}\` | ${OUTCOMES[outcome]} | ${sentence} |`);
    return `### ${name}\n\n${QUESTIONS[name]}\n\n| code | outcome | what it says |\n|---|---|---|\n${rows.join('\n')}`;
  });
  const errors = Object.entries(ERROR_CODES)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, sentence]) => `| \`${code}\` | ${sentence} |`);
  return `# Codes

Made by \`scripts/generate-docs.ts\` from the code; do not edit.

Codes are stable: programs, HTTP problems and exit statuses speak of codes, people read messages.

## Checks of a report

Verification answers with eleven checks, always all of them and in this order. One invalid check makes the verdict \`invalid\`; else one
unknown check makes it \`indeterminate\`; else it is \`valid\`. Words in braces are filled in from the case at hand.

${checks.join('\n\n')}

## Errors

| code | what it means |
|---|---|
${errors.join('\n')}
`;
}

/** docs/evidence.schema.json. */
export function renderEvidenceSchema(): string {
  return `${JSON.stringify(EVIDENCE_SCHEMA, null, 2)}\n`;
}

if (import.meta.main) {
  const isCheck = process.argv.includes('--check');
  const documents = { 'errors.md': renderErrors(), 'evidence.schema.json': renderEvidenceSchema() };
  for (const [name, text] of Object.entries(documents)) {
    const path = join(folder, name);
    if (!isCheck) await writeFile(path, text);
    else if ((await readFile(path, 'utf8').catch(() => '')) !== text) {
      console.error(`docs/${name} is not what the code says: run pnpm generate.`);
      process.exitCode = 1;
    }
  }
}
