/**
 * `pnpm analyse:mutation:contracts [--most N] [FILE...]`: changes the contracts one small way at a time and runs the Solidity tests on each
 * change; a change that no test notices is a survivor, and must be explained in `survivors.json`. Resumable: what has been judged, for the
 * same contracts, is read from `coverage/`, so that new tests meet the survivors alone (`--again` judges those again). Several may run at
 * once, of other files. The order is that of a hash: the first N are a fair sample.
 *
 * A mutant is compiled in this process, and its bytecode put in the place of the original's in forge's output, from where the tests deploy
 * it: so a mutant takes three or four seconds, most of them the compiler's, and the tests are compiled once. The tests of the changed file
 * come first, then all others, then the invariants, and the first that fails is the last. The harness is compiled only where tests need it.
 * A mutant whose bytecode is the original's is no mutant.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { installForge, root } from './forge.ts';
import { reportUnexplained } from './survivors.ts';

interface Mutant {
  readonly file: string;
  readonly line: number;
  /** Offsets in the file's bytes. */
  readonly start: number;
  readonly end: number;
  readonly from: string;
  readonly to: string;
}

interface Node {
  readonly nodeType: string;
  readonly src: string;
  readonly [key: string]: unknown;
}

const judgement = z.tuple([z.string(), z.enum(['killed', 'survived', 'same', 'invalid'])]);
type Verdict = z.infer<typeof judgement>[1];

const SOLC = z.object({ compile: z.custom<(input: string, callbacks: object) => string>() });
const solc = SOLC.parse(createRequire(import.meta.url)('solc'));
interface Contract {
  readonly file: string;
  readonly name: string;
}
const LEDGER: Contract = { file: 'contracts/PassportLedger.sol', name: 'PassportLedger' };
const HARNESS: Contract = { file: 'test/contracts/support/LedgerHarness.sol', name: 'LedgerHarness' };
/** What a binary operator becomes. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  ...{ '==': ['!='], '!=': ['=='], '<': ['<=', '>='], '<=': ['<', '>'], '>': ['>=', '<='], '>=': ['>', '<'] },
  ...{ '&&': ['||'], '||': ['&&'], '&': ['|'], '|': ['&'], '<<': ['>>'], '>>': ['<<'] },
  ...{ '+': ['-'], '-': ['+'], '*': ['+'], '/': ['*'], '%': ['+'] },
};
const YUL: Readonly<Record<string, string>> = {
  add: 'sub',
  sub: 'add',
  shl: 'shr',
  shr: 'shl',
  mul: 'add',
  and: 'or',
  not: 'iszero',
};

const output = z.object({
  errors: z.array(z.looseObject({ severity: z.string() })).optional(),
  sources: z.record(z.string(), z.object({ ast: z.custom<Node>().optional() })).optional(),
  contracts: z
    .record(
      z.string(),
      z.record(z.string(), z.object({ evm: z.object({ bytecode: z.object({ object: z.string() }) }) })),
    )
    .optional(),
});

/** Compiles some, with the text of one file replaced. */
function compile(
  contracts: readonly Contract[],
  replaced?: { readonly file: string; readonly text: string },
  ast = false,
): z.infer<typeof output> {
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(contracts.map(({ file }) => [file, { urls: [file] }])),
    settings: {
      optimizer: { enabled: true, runs: 200 },
      evmVersion: 'osaka',
      // The digest of the sources would make every mutant's bytecode another.
      metadata: { bytecodeHash: 'none' },
      remappings: ['@openzeppelin/=node_modules/@openzeppelin/'],
      outputSelection: {
        ...Object.fromEntries(contracts.map(({ file, name }) => [file, { [name]: ['evm.bytecode.object'] }])),
        ...(ast ? { '*': { '': ['ast'] } } : {}),
      },
    },
  };
  const read = (path: string) => ({
    contents: replaced?.file === path ? replaced.text : readFileSync(join(folder, path), 'utf8'),
  });
  return output.parse(JSON.parse(solc.compile(JSON.stringify(input), { import: read })));
}

/** `undefined` if it does not compile. */
function bytecodeOf(compiled: z.infer<typeof output>, { file, name }: Contract): string | undefined {
  if (compiled.errors?.some(({ severity }) => severity === 'error')) return undefined;
  return compiled.contracts?.[file]?.[name]?.evm.bytecode.object;
}

/** Every mutant of a file, in the order of the text. */
function findMutants(file: string, ast: Node): readonly Mutant[] {
  const bytes = readFileSync(join(folder, file));
  const found = new Map<string, Mutant>();
  const textOf = (node: Node) => {
    const [start = 0, length = 0] = node.src.split(':').map(Number);
    return { start, end: start + length, text: bytes.subarray(start, start + length).toString() };
  };
  const put = (start: number, end: number, to: string) => {
    const from = bytes.subarray(start, end).toString();
    const line = bytes.subarray(0, start).toString().split('\n').length;
    if (from !== to) found.set(`${start}:${end}:${to}`, { file, line, start, end, from, to });
  };
  const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'nodeType' in value;
  const visit = (node: Node) => {
    const { start, end, text } = textOf(node);
    switch (node.nodeType) {
      case 'BinaryOperation': {
        const [left, right] = [node.leftExpression, node.rightExpression].filter(isNode);
        if (left === undefined || right === undefined) break;
        const [from, to] = [textOf(left).end, textOf(right).start];
        const operator = String(node.operator);
        const at = bytes.subarray(from, to).toString().indexOf(operator);
        if (at < 0) break;
        for (const other of OTHERS[operator] ?? []) put(from + at, from + at + operator.length, other);
        break;
      }
      case 'UnaryOperation':
        if (node.operator === '!' || node.operator === '~') put(start, start + 1, '');
        if (node.operator === '++') put(start, end, text.replace('++', '--'));
        break;
      case 'IfStatement':
      case 'Conditional':
        if (isNode(node.condition)) {
          const condition = textOf(node.condition);
          put(condition.start, condition.end, 'true');
          put(condition.start, condition.end, 'false');
        }
        break;
      case 'Literal':
        if (node.kind === 'number') put(start, end, `(${text} + 1)`);
        if (node.kind === 'bool') put(start, end, text === 'true' ? 'false' : 'true');
        break;
      case 'Assignment':
        if (node.operator === '|=') put(start, end, text.replace('|=', '='));
        break;
      case 'ExpressionStatement':
      case 'EmitStatement':
        put(start, end, text.endsWith(';') ? '{}' : '{}//');
        break;
      case 'Continue':
        put(start, end, 'break');
        break;
      case 'YulLiteral':
        if (node.kind === 'number') put(start, end, `${BigInt(text) + 1n}`);
        break;
      case 'YulFunctionCall': {
        const name = isNode(node.functionName) ? textOf(node.functionName) : undefined;
        const other = YUL[name?.text ?? ''];
        if (name !== undefined && other !== undefined) put(name.start, name.end, other);
        break;
      }
      case 'YulExpressionStatement':
        put(start, end, '{}');
        break;
      default:
    }
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child);
    }
  };
  visit(ast);
  return [...found.values()].sort((a, b) => a.start - b.start || a.end - b.end);
}

/** What becomes of the text of one file in place of its own. */
function judge(file: string, text: string): Verdict {
  const name = basename(file, '.sol');
  const own = readdirSync(join(folder, 'test/contracts')).filter((one) => one.startsWith(name));
  // A suite that deploys the harness needs it at once.
  const isOfHarness = own.some((one) =>
    readFileSync(join(folder, 'test/contracts', one), 'utf8').includes(HARNESS.name),
  );
  const first = compile(isOfHarness ? [LEDGER, HARNESS] : [LEDGER], { file, text });
  const code = bytecodeOf(first, LEDGER);
  if (code === undefined) return 'invalid';
  const harness = () => bytecodeOf(isOfHarness ? first : compile([HARNESS], { file, text }), HARNESS);
  if (code === originals.ledger && harness() === originals.harness) return 'same';
  deploy(LEDGER, code);
  if (isOfHarness) deploy(HARNESS, harness());
  const ofOwn = ['--match-path', `test/contracts/${name}*.t.sol`, '--no-match-contract', 'Invariants'];
  if (own.length > 0 && fails(...ofOwn)) return 'killed';
  deploy(HARNESS, harness());
  return failsAny() ? 'killed' : 'survived';
}

/** Puts a bytecode where the tests deploy it from. */
function deploy({ name }: Contract, code: string | undefined): void {
  if (code === undefined) throw new Error(`${name} has no bytecode.`);
  const path = join(folder, `cache/forge/out/${name}.sol/${name}.json`);
  const artifact = JSON.parse(readFileSync(path, 'utf8')) as { bytecode: { object: string } };
  artifact.bytecode.object = `0x${code}`;
  writeFileSync(path, JSON.stringify(artifact));
}

function failsAny(): boolean {
  return fails('--no-match-contract', 'Invariants') || fails('--match-contract', 'Invariants');
}

function fails(...which: readonly string[]): boolean {
  const { status, stdout } = runForge(['test', '--fail-fast', '--threads', '1', ...which], 120_000);
  // One that never ends is noticed too; one that forge compiled anew would have been the original.
  if (stdout.includes('Compiling')) throw new Error('forge compiled the sources again: nothing was tested');
  return status !== 0;
}

function runForge(args: readonly string[], timeout = 600_000): { status: number | null; stdout: string } {
  const env = {
    ...process.env,
    ...environment,
    FOUNDRY_CONFIG: join(folder, 'scripts/analysis/forge/foundry.toml'),
    // The tests then deploy what stands in forge's output.
    FOUNDRY_DYNAMIC_TEST_LINKING: 'true',
    SOLC_MEMORY: join(folder, 'solc'),
  };
  return spawnSync('forge', args, { cwd: folder, encoding: 'utf8', env, timeout, maxBuffer: 1 << 28 });
}

function identify({ file, start, end, to }: Mutant): string {
  return `${file}:${start}:${end}:${to}`;
}

function hashContracts(): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(join(folder, 'contracts'), { recursive: true, encoding: 'utf8' }).sort()) {
    if (file.endsWith('.sol')) hash.update(file).update(readFileSync(join(folder, 'contracts', file)));
  }
  return hash.digest('hex').slice(0, 16);
}

// A copy, so that a change of the sources while this runs is none of what is tested.
const folder = mkdtempSync(join(tmpdir(), 'dpp-mutants-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const part of ['contracts', 'test/contracts', 'test/vectors', 'scripts/analysis/forge']) {
  cpSync(join(root, part), join(folder, part), { recursive: true, filter: (path) => !path.endsWith('node_modules') });
}
symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
mkdirSync(join(folder, 'solc'));
const environment = installForge();
const original = compile([LEDGER, HARNESS], undefined, true);
const originals = { ledger: bytecodeOf(original, LEDGER), harness: bytecodeOf(original, HARNESS) };
if (originals.ledger === undefined) throw new Error('The contracts do not compile.');
const { values, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { most: { type: 'string' }, again: { type: 'boolean', default: false } },
});
const all = Object.entries(original.sources ?? {})
  .filter(([file]) => file.startsWith('contracts/') && !file.includes('interfaces/'))
  .filter(([file]) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .flatMap(([file, { ast }]) => (ast === undefined ? [] : findMutants(file, ast)));
const rank = (mutant: Mutant) => createHash('sha256').update(identify(mutant)).digest('hex');
const order = all.map((mutant) => [rank(mutant), mutant] as const).sort(([a], [b]) => (a < b ? -1 : 1));
const mutants = order.slice(0, Number(values.most ?? all.length)).map(([, mutant]) => mutant);

mkdirSync(join(root, 'coverage'), { recursive: true });
// A line for each judgement; the last of a mutant counts.
const memory = join(root, 'coverage', `mutation-contracts-${hashContracts()}.jsonl`);
appendFileSync(memory, '');
const lines = readFileSync(memory, 'utf8').split('\n').filter(Boolean);
const judged = new Map<string, Verdict>(lines.map((line) => judgement.parse(JSON.parse(line))));

const left = mutants.filter((mutant) => {
  const known = judged.get(identify(mutant));
  return known === undefined || (values.again && known === 'survived');
});
if (left.length > 0) {
  if (runForge(['build']).status !== 0) throw new Error('forge could not build the tests.');
  if (failsAny()) throw new Error('The tests fail without any mutant.');
}
for (const [i, mutant] of left.entries()) {
  const { file, line, start, end, from, to } = mutant;
  const bytes = readFileSync(join(folder, file));
  const text = Buffer.concat([bytes.subarray(0, start), Buffer.from(to), bytes.subarray(end)]).toString();
  const verdict = judge(file, text);
  judged.set(identify(mutant), verdict);
  appendFileSync(memory, `${JSON.stringify([identify(mutant), verdict])}\n`);
  console.log(`${i + 1} of ${left.length} ${verdict} ${file}:${line} ${JSON.stringify(from)} -> ${JSON.stringify(to)}`);
}

// ------------------------------------------------------------------------------------------------------------- the score

const count = (verdict: Verdict, of: readonly Mutant[]) =>
  of.filter((mutant) => judged.get(identify(mutant)) === verdict).length;
for (const file of [...new Set(all.map((mutant) => mutant.file)), 'all']) {
  const of = all.filter((mutant) => file === 'all' || mutant.file === file);
  const [killed, survived] = [count('killed', of), count('survived', of)];
  const score = ((100 * killed) / Math.max(1, killed + survived)).toFixed(1);
  const open = of.filter((mutant) => !judged.has(identify(mutant))).length;
  console.log(
    `${file}: ${of.length} mutants; ${killed} of ${killed + survived} killed, ${score}%; ` +
      `${count('same', of)} with the same bytecode, ${count('invalid', of)} that do not compile, ${open} not judged`,
  );
}
const survivors = all.filter((mutant) => judged.get(identify(mutant)) === 'survived');
const unexplained = reportUnexplained(
  survivors.map(({ file, line: number, from, to }) => {
    const line = readFileSync(join(folder, file), 'utf8').split('\n')[number - 1]?.trim() ?? '';
    return { file, line, number, from, to };
  }),
);
console.log(`${survivors.length} survive, ${unexplained} of them unexplained`);
if (unexplained > 0) process.exitCode = 1;
