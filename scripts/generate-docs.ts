/**
 * Writes the documents that are made from the code: docs/errors.md (every code of errors and checks), docs/cli.md
 * (every command and setting), docs/audit.schema.json, docs/evidence.schema.json,
 * docs/passport-format.md (where each field of a passport stands, and who may issue what), docs/ict-fields.md (what the list of ICT
 * passport fields asks for, and where it is put in), docs/context-v1.jsonld, docs/openapi.json with the types of the SDK's client,
 * and the tables within docs/operations.md and docs/verification.md.
 * With `--check` it writes nothing and fails where a committed one is not what the code says.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FINDING_CODES } from '../packages/cli/src/doctor/finding.ts';
import { renderReference } from '../packages/cli/src/reference.ts';
import { SETTING_NAMES, SETTINGS } from '../packages/cli/src/settings.ts';
import { AUDIT_SCHEMA } from '../packages/core/src/audit/index.ts';
import { CONTEXT_DOCUMENT, CONTEXT_URL, NAMESPACE } from '../packages/core/src/credential/context.ts';
import { ROLE_RULES, ROLES } from '../packages/core/src/credential/roles.ts';
import { ERROR_CODES } from '../packages/core/src/errors.ts';
import { EVIDENCE_SCHEMA } from '../packages/core/src/evidence/index.ts';
import { ATTESTATION_CODES, BEARING_CODES } from '../packages/core/src/passport/claims.ts';
import { IDENTIFIER_TABLE } from '../packages/core/src/passport/gs1-identifiers.ts';
import {
  CLAIM_GROUPS,
  formatCriterion,
  formatMetric,
  type GroupName,
  UNDISCLOSED_COUNTRY,
  UNDISCLOSED_FACILITY,
} from '../packages/core/src/passport/terms.ts';
import { CHECK_CODES, CHECKS, type CheckName, type Outcome } from '../packages/core/src/report.ts';
import { renderOpenApi } from './generate-interface.ts';
import { ICT_FIELDS } from './ict-fields.ts';

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

## Claims and their attestations

[claims.md](claims.md) says when each is said. What became of an attestation:

${codeTable(ATTESTATION_CODES)}

What one assessment says to one claim:

${codeTable(BEARING_CODES)}

## Errors

| code | what it means |
|---|---|
${errors.join('\n')}
`;
}

function codeTable(codes: Readonly<Record<string, string>>): string {
  const rows = Object.entries(codes).map(([code, sentence]) => `| \`${code}\` | ${sentence} |`);
  return `| code | what it says |\n|---|---|\n${rows.join('\n')}`;
}

/** docs/evidence.schema.json. */
export function renderEvidenceSchema(): string {
  return `${JSON.stringify(EVIDENCE_SCHEMA, null, 2)}\n`;
}

/** docs/audit.schema.json. */
export function renderAuditSchema(): string {
  return `${JSON.stringify(AUDIT_SCHEMA, null, 2)}\n`;
}

/** docs/context-v1.jsonld: what stands at the context's URL. */
export function renderContext(): string {
  return `${JSON.stringify(CONTEXT_DOCUMENT, null, 2)}\n`;
}

/** docs/passport-format.md. */
export function renderPassportFormat(): string {
  const groups = Object.entries(CLAIM_GROUPS).map(([key, { name, metrics, terms, lists = {} }]) => {
    const group = key as GroupName;
    const figures = Object.entries(metrics).map(
      ([path, metric]) =>
        `| \`${group}.${path}\` | ${metric.name} | \`${formatMetric(group, path)}\` | ${metric.unit} |`,
    );
    const named = [...Object.entries(terms), ...Object.entries(lists).map(([path, { term }]) => [path, term] as const)];
    const others = named.map(([path, term]) => `\`${group}.${path}\` in \`${term}\``);
    const beside = others.length === 0 ? '' : `\n\nBeside the figures: ${others.join(', ')}.`;
    return `### ${name}\n\nCriterion \`${formatCriterion(group)}\`.\n\n| field | metric | its id | unit |\n|---|---|---|---|\n${figures.join('\n')}${beside}`;
  });
  const terms = Object.entries(CONTEXT_DOCUMENT['@context'])
    .filter(([term, definition]) => typeof definition === 'object' && !term.startsWith('@'))
    .map(([term, definition]) => {
      const type = typeof definition === 'object' && '@type' in definition ? String(definition['@type']) : undefined;
      const kind = type === undefined ? 'object' : type === '@id' ? 'URI' : type.replace(/^.*#/, '');
      return `| \`${term}\` | ${kind} |`;
    });
  const roles = ROLES.map(
    (role) => `| ${role} | ${ROLE_RULES[role].kinds.join(', ')} | ${ROLE_RULES[role].sentence} |`,
  );
  return `# What a passport looks like

Made by \`scripts/generate-docs.ts\` from the code; do not edit. The fields that can be put in, and their columns, are in
[spreadsheets.md](spreadsheets.md); which of them carry what the UK's list of ICT passport fields asks for is in
[ict-fields.md](ict-fields.md).

A passport is a W3C Verifiable Credential 2.0 of UNTP 0.7.0's type \`DigitalProductPassport\`, secured as a JWT (\`typ\` vc+jwt, \`cty\`
vc, \`kid\` the issuer's DID, \`#\` and the key's thumbprint). Its \`@context\` has three entries: W3C's, UNTP's, and ours,
\`${CONTEXT_URL}\`, which is [context-v1.jsonld](context-v1.jsonld). All three are needed to
read it as JSON-LD, none of them to verify it.

What UNTP has a place for stands there: names, numbers, parties, facility, countries, dimensions, materials, packaging. Every other
figure is a performance of a claim, with a metric named after the field. What is no figure (dates, yes and no) is one of our terms.
Every group of figures names its source in \`figureSource\`.

**Missing stays missing.** Where UNTP requires what nobody published, one of two named values stands: the facility
\`${UNDISCLOSED_FACILITY}\` and the country \`${UNDISCLOSED_COUNTRY}\`. They are read back as missing and are never counted. A material without
a share of the product or without an origin is a claim, because UNTP's Material needs both.

**Whose figures.** \`statementVoice\` is "declared" where a maker speaks of its own product, "restated" where a data publisher repeats
what others published; then the maker is the \`relatedParty\` with the role manufacturer, not the issuer.

**Dates.** A report that is dated by month or year has a \`claimDate\` of its first day, an \`applicablePeriod\` of the whole month or year,
and the date as published in \`reportDate\`.

## Claims

Units are codes of UN/CEFACT Recommendation 20; "score" is a letter or a code. CO2e is in kilograms (KGM). A footprint's uncertainty is
the upper and lower tolerance of its total. What attests a claim: [claims.md](claims.md).

${groups.join('\n\n')}

## Our terms

In the namespace \`${NAMESPACE}\`. None of these names is one that UNTP or W3C use anywhere.

| term | value |
|---|---|
${terms.join('\n')}

## Who may issue what

An issuer is accredited in one or more roles, and may issue what any of them may.

| role | may issue | |
|---|---|---|
${roles.join('\n')}
`;
}

/** docs/ict-fields.md. */
export function renderIctFields(): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  const rows = ICT_FIELDS.map(({ group, name, access, columns, note }) => {
    const where = [columns.map((column) => `\`${column}\``).join(', '), note ?? ''].filter((part) => part !== '');
    return `| ${group} | ${cell(name)} | ${cell(access)} | ${where.join('; ')} |`;
  });
  return `# The fields of an ICT passport

Made by \`scripts/generate-docs.ts\` from the code; do not edit.

What the UK's list of ICT passport fields asks for, in its words, and the columns of the input ([spreadsheets.md](spreadsheets.md)) that
carry it. A passport is public and says what a manufacturer can know at production: what the list restricts, and what is known only later,
is not in it, or only where the note says so.

| group | field | access | column |
|---|---|---|---|
${rows.join('\n')}
`;
}

/** docs/operations.md as it is, with its tables made anew: the text around them is written by hand. */
export function renderOperations(current: string): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  const settings = SETTING_NAMES.map((name) => {
    const { env, flag, fallback, summary } = SETTINGS[name];
    const or = flag === undefined ? '' : `\`--${flag}\``;
    return `| \`${env}\` | ${or} | ${fallback === undefined ? '' : `\`${fallback}\``} | ${cell(summary)} |`;
  });
  const findings = Object.entries(FINDING_CODES).map(
    ([code, [state, why]]) => `| \`${code}\` | ${state} | ${cell(why)} |`,
  );
  const tables: Readonly<Record<string, string>> = {
    settings: ['| variable | flag | default | meaning |', '|---|---|---|---|', ...settings].join('\n'),
    findings: ['| code | state | why it matters |', '|---|---|---|', ...findings].join('\n'),
  };
  return replaceTables(current, tables);
}

/** docs/verification.md as it is, with its tables made anew. */
export function renderVerification(current: string): string {
  const roles = ROLES.map((role, bit) => `| ${bit} | ${role} | ${ROLE_RULES[role].kinds.join(', ')} |`);
  return replaceTables(current, {
    roles: ['| bit | role | may issue |', '|---|---|---|', ...roles].join('\n'),
    gs1: `\`\`\`\n${IDENTIFIER_TABLE.trim()}\n\`\`\``,
  });
}

function replaceTables(text: string, tables: Readonly<Record<string, string>>): string {
  return text.replace(
    /(<!-- generated: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, begin: string, name: string, end: string) => `${begin}\n${tables[name] ?? ''}\n\n${end}`,
  );
}

if (import.meta.main) {
  const isCheck = process.argv.includes('--check');
  const { document, types } = renderOpenApi();
  const documents = {
    'openapi.json': document,
    '../packages/sdk/src/generated/interface.ts': types,
    'cli.md': await renderReference(),
    'errors.md': renderErrors(),
    'audit.schema.json': renderAuditSchema(),
    'evidence.schema.json': renderEvidenceSchema(),
    'passport-format.md': renderPassportFormat(),
    'ict-fields.md': renderIctFields(),
    'context-v1.jsonld': renderContext(),
    'operations.md': renderOperations(await readFile(join(folder, 'operations.md'), 'utf8')),
    'verification.md': renderVerification(await readFile(join(folder, 'verification.md'), 'utf8')),
  };
  for (const [name, text] of Object.entries(documents)) {
    const path = join(folder, name);
    if (!isCheck) await writeFile(path, text);
    else if ((await readFile(path, 'utf8').catch(() => '')) !== text) {
      console.error(`docs/${name} is not what the code says: run pnpm generate.`);
      process.exitCode = 1;
    }
  }
}
