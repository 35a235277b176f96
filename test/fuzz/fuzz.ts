/**
 * Fuzzes the API from its own OpenAPI document: a service with real data on a port of its own, and Schemathesis with every check that
 * has a meaning here. The seed and the number of examples are fixed, so that a run can be repeated. The last line counts operations.
 *
 * Schemathesis is a Python program: it is installed, with everything it needs pinned by its hash, into a virtual environment in the
 * user's cache folder the first time. `DPP_FUZZ_EXAMPLES` cases are made for each operation and phase (50), from `DPP_FUZZ_SEED` (1).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { installFromPyPI } from '../../scripts/python.ts';
import { type Fuzzed, startFuzzed } from './deployment.ts';

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
const HOOKS = join(import.meta.dirname, 'hooks.py');
const EXAMPLES = process.env.DPP_FUZZ_EXAMPLES ?? '50';
const SEED = process.env.DPP_FUZZ_SEED ?? '1';

/** Which of the names a parameter takes. */
const NAMED: Readonly<Record<string, keyof Fuzzed['names']>> = {
  ...{ cid: 'cid', did: 'did', issuer: 'did', root: 'root', subject: 'subject', uri: 'subject', gtin: 'gtin' },
  ...{ batch: 'batch', serial: 'serial', list: 'list', id: 'receipt', index: 'index', size: 'size', first: 'size' },
  ...{ eventID: 'event', captureID: 'capture' },
};

/**
 * Operations with a rule that no schema states (a check digit, a signature, a cursor that was given, a size that the journal has): what
 * fits the schema may still be refused as bad.
 */
const RULES_BEYOND_SCHEMA = [
  ...['listPassports', 'getVersions', 'listIssuers', 'listBatches', 'getBatch', 'getTreeHead', 'getEntry', 'getLabel'],
  ...['getVerify', 'getResolve', 'resolveModel', 'resolveBatch', 'resolveItem', 'resolveBatchItem'],
  ...['postRelay', 'getRevocations', 'getSuperseded'],
  ...['listAttestations', 'listLots', 'getLot', 'getTrace', 'postEpcisCapture'],
];
const MAY_REFUSE = 'checks.positive_data_acceptance.expected-statuses = ["2xx", "3xx", "400", "404", "422"]';
/** The same, with names and lists of them so long that the request line may be refused before anybody looks at what is in it. */
const LONG_LINES = ['getEpcisEvents', 'getEpcisEvent'];
/** Operations that answer whatever is sent to them: with a report, or with an answer to each line. */
const TOTAL = ['postVerify', 'postPassports'];

const document = z.looseObject({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        operationId: z.string(),
        parameters: z.array(z.looseObject({ name: z.string(), in: z.string() })).optional(),
        requestBody: z.looseObject({ content: z.record(z.string(), z.looseObject({})) }).optional(),
      }),
    ),
  ),
});
const summary = z.looseObject({
  operations: z.looseObject({ selected: z.number(), tested: z.number() }),
  test_cases: z.looseObject({
    generated: z.number(),
    with_failures: z.number(),
  }),
  failures: z.array(z.looseObject({ operations: z.array(z.unknown()) })),
  errors: z.array(z.looseObject({ count: z.number() })),
});

const scratch = await mkdtemp(join(tmpdir(), 'dpp-fuzz-'));
const schemathesis = join(installFromPyPI('schemathesis', REQUIREMENTS), 'schemathesis');
const fuzzed = await startFuzzed();
let failed: number;
try {
  const described = await describeWithNames(fuzzed);
  const config = join(scratch, 'schemathesis.toml');
  const report = join(scratch, 'report.json');
  await writeFile(config, configure(fuzzed));
  const status = await run(schemathesis, [
    ...['--config-file', config, 'run', described, '--url', fuzzed.url, '--checks', 'all'],
    ...['--seed', SEED, '--max-examples', EXAMPLES, '--generation-database', 'none', '--continue-on-failure'],
    ...['--report', 'json', '--report-json-path', report, '--no-color', '--request-timeout', '60'],
  ]);
  const { operations, test_cases: cases, failures, errors } = summary.parse(JSON.parse(await readFile(report, 'utf8')));
  for (const { what, error } of fuzzed.problems) console.error(`The service could not ${what}:`, error);
  const bad = new Set(failures.flatMap(({ operations: names }) => names.map((name) => JSON.stringify(name)))).size;
  // Whatever else went wrong counts too: an error of the run, an operation that was left out, a fault that the service has told of.
  const other =
    errors.reduce((sum, { count }) => sum + count, 0) +
    (operations.selected - operations.tested) +
    fuzzed.problems.length;
  failed = Math.max(bad + other, status === 0 ? 0 : 1);
  console.log(
    `\n${operations.tested} operations in ${cases.generated} cases, of which ${cases.with_failures} failed; seed ${SEED}`,
  );
  console.log(`${operations.tested - bad} passed, ${failed} failed, 0 skipped`);
} finally {
  await fuzzed.stop();
  await rm(scratch, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;

/** The served document, in which names of what this service has stand as examples: so every operation is also asked for what there is. */
async function describeWithNames({ url, names, bodies }: Fuzzed): Promise<string> {
  const response = await fetch(`${url}/openapi.json`);
  const served = document.parse(await response.json());
  for (const operations of Object.values(served.paths)) {
    for (const { operationId, parameters = [], requestBody } of Object.values(operations)) {
      for (const parameter of parameters) {
        const known = names[nameOf(operationId, parameter.name) ?? 'cid'];
        if (nameOf(operationId, parameter.name) === undefined) continue;
        const examples = known.slice(0, 4).map((value, i) => [`known${i}`, { value }] as const);
        Object.assign(parameter, { examples: Object.fromEntries(examples) });
      }
      for (const [type, media] of Object.entries(requestBody?.content ?? {})) {
        const known = bodies[`${operationId} ${type}`] ?? [];
        const examples = known.map((value, i) => [`known${i}`, { value }] as const);
        if (examples.length > 0) Object.assign(media, { examples: Object.fromEntries(examples) });
      }
    }
  }
  const path = join(scratch, 'openapi.json');
  await writeFile(path, JSON.stringify(served));
  return path;
}

function nameOf(operation: string, parameter: string): keyof Fuzzed['names'] | undefined {
  return operation === 'getBlock' && parameter === 'cid' ? 'block' : NAMED[parameter];
}

function configure({ names }: Fuzzed): string {
  const quote = (value: unknown) => JSON.stringify(value);
  const bind = (name: string) => `{ dictionary = ${quote(name)}, probability = 0.6 }`;
  return [
    `hooks = ${quote(HOOKS)}`,
    'warnings = false',
    ...Object.entries(names).map(([name, values]) => `[dictionaries.${name}]\nvalues = ${quote(values)}`),
    '[parameters]',
    ...Object.entries(NAMED).map(([parameter, name]) => `${parameter} = ${bind(name)}`),
    '[[operations]]\ninclude-operation-id = "getBlock"',
    `parameters = { cid = ${bind('block')} }`,
    `[[operations]]\ninclude-operation-id = ${quote(RULES_BEYOND_SCHEMA)}`,
    MAY_REFUSE,
    `[[operations]]\ninclude-operation-id = ${quote(LONG_LINES)}`,
    MAY_REFUSE,
    'checks.negative_data_rejection.expected-statuses = ["400", "404", "405", "406", "431"]',
    `[[operations]]\ninclude-operation-id = ${quote(TOTAL)}`,
    MAY_REFUSE,
    'checks.negative_data_rejection.expected-statuses = ["200", "202", "400", "404", "415", "422"]',
    '',
  ].join('\n');
}

async function run(command: string, args: readonly string[]): Promise<number> {
  const [status] = await once(spawn(command, args, { stdio: 'inherit', cwd: scratch }), 'close');
  return status ?? 1;
}
