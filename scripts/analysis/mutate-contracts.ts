/**
 * `pnpm analyse:mutation:contracts [--most N] [FILE...]`: changes the contracts one small way at a time and runs the Solidity tests on each
 * change; a change that no test notices is a survivor, and must be explained in `survivors.json`. Resumable: what has been judged, for the
 * same contracts, is read from `coverage/`, so that new tests meet the survivors alone (`--again` judges those again). The order is that of
 * a hash: the first N are a fair sample.
 *
 * A mutant is compiled in this process, and its bytecode put in the place of the ledger's and of the harness's in forge's output, from
 * where the tests deploy them: so a mutant takes seconds and the tests are compiled once. A mutant whose bytecode is the original's is no
 * mutant. The invariants run only on what survives everything else.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
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
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { installForge, root } from './forge.ts';

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

const survivor = z.object({ file: z.string(), line: z.string(), from: z.string(), to: z.string(), why: z.string() });
const verdicts = z.record(z.string(), z.enum(['killed', 'survived', 'same', 'invalid']));
type Verdict = z.infer<typeof verdicts>[string];

const SOLC = z.object({ compile: z.custom<(input: string, callbacks: object) => string>() });
const solc = SOLC.parse(createRequire(import.meta.url)('solc'));
const LEDGER = { file: 'contracts/PassportLedger.sol', name: 'PassportLedger' };
const HARNESS = { file: 'test/contracts/support/LedgerHarness.sol', name: 'LedgerHarness' };
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

/** Compiles both, with the text of one file replaced. */
function compile(replaced?: { readonly file: string; readonly text: string }, ast = false): z.infer<typeof output> {
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries([LEDGER, HARNESS].map(({ file }) => [file, { urls: [file] }])),
    settings: {
      optimizer: { enabled: true, runs: 200 },
      evmVersion: 'osaka',
      // The digest of the sources would make every mutant's bytecode another.
      metadata: { bytecodeHash: 'none' },
      remappings: ['@openzeppelin/=node_modules/@openzeppelin/'],
      outputSelection: {
        ...Object.fromEntries([LEDGER, HARNESS].map(({ file, name }) => [file, { [name]: ['evm.bytecode.object'] }])),
        ...(ast ? { '*': { '': ['ast'] } } : {}),
      },
    },
  };
  const read = (path: string) => ({
    contents: replaced?.file === path ? replaced.text : readFileSync(join(root, path), 'utf8'),
  });
  return output.parse(JSON.parse(solc.compile(JSON.stringify(input), { import: read })));
}

function bytecodes(compiled: z.infer<typeof output>): readonly string[] | undefined {
  if (compiled.errors?.some(({ severity }) => severity === 'error')) return undefined;
  return [LEDGER, HARNESS].map(({ file, name }) => compiled.contracts?.[file]?.[name]?.evm.bytecode.object ?? '');
}

/** Every mutant of a file, in the order of the text. */
function findMutants(file: string, ast: Node): readonly Mutant[] {
  const bytes = readFileSync(join(root, file));
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

/** Whether a test fails, in the copy at `folder`. */
function isKilled(folder: string, codes: readonly string[]): boolean {
  for (const [i, { name }] of [LEDGER, HARNESS].entries()) {
    const path = join(folder, `cache/forge/out/${name}.sol/${name}.json`);
    const artifact = JSON.parse(readFileSync(path, 'utf8')) as { bytecode: { object: string } };
    artifact.bytecode.object = `0x${codes[i]}`;
    writeFileSync(path, JSON.stringify(artifact));
  }
  const fails = (...which: readonly string[]) => {
    const { status, stdout } = forgeIn(folder, ['test', '--fail-fast', '--threads', '1', ...which], 120_000);
    // One that never ends is noticed too; one that forge compiled anew would have been the original.
    if (stdout.includes('Compiling')) throw new Error('forge compiled the sources again: nothing was tested');
    return status !== 0;
  };
  return fails('--no-match-contract', 'Invariants') || fails('--match-contract', 'Invariants');
}

function forgeIn(
  folder: string,
  args: readonly string[],
  timeout = 600_000,
): { status: number | null; stdout: string } {
  const env = {
    ...process.env,
    ...environment,
    FOUNDRY_CONFIG: join(folder, 'scripts/analysis/forge/foundry.toml'),
    // The tests then deploy what stands in forge's output.
    FOUNDRY_DYNAMIC_TEST_LINKING: 'true',
  };
  return spawnSync('forge', args, { cwd: folder, encoding: 'utf8', env, timeout, maxBuffer: 1 << 28 });
}

function identify({ file, start, end, to }: Mutant): string {
  return `${file}:${start}:${end}:${to}`;
}

function hashTree(...folders: readonly string[]): string {
  const hash = createHash('sha256');
  for (const folder of folders) {
    for (const file of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).sort()) {
      if (file.endsWith('.sol')) hash.update(file).update(readFileSync(join(root, folder, file)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}

const environment = installForge();
const original = compile(undefined, true);
const originals = bytecodes(original);
if (originals === undefined) throw new Error('The contracts do not compile.');
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
const memory = join(root, 'coverage', `mutation-contracts-${hashTree('contracts')}.json`);
const judged = existsSync(memory) ? verdicts.parse(JSON.parse(readFileSync(memory, 'utf8'))) : {};

const folder = mkdtempSync(join(tmpdir(), 'dpp-mutants-'));
try {
  for (const part of ['contracts', 'test/contracts', 'test/vectors', 'scripts/analysis/forge']) {
    cpSync(join(root, part), join(folder, part), { recursive: true, filter: (path) => !path.endsWith('node_modules') });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  if (forgeIn(folder, ['build']).status !== 0) throw new Error('forge could not build the tests.');
  if (isKilled(folder, originals)) throw new Error('The tests fail without any mutant.');

  for (const [i, mutant] of mutants.entries()) {
    const { file, line, start, end, from, to } = mutant;
    const id = identify(mutant);
    if (judged[id] !== undefined && !(values.again && judged[id] === 'survived')) continue;
    const bytes = readFileSync(join(root, file));
    const text = Buffer.concat([bytes.subarray(0, start), Buffer.from(to), bytes.subarray(end)]).toString();
    const codes = bytecodes(compile({ file, text }));
    let verdict: Verdict;
    if (codes === undefined) verdict = 'invalid';
    else if (codes.every((code, at) => code === originals[at])) verdict = 'same';
    else verdict = isKilled(folder, codes) ? 'killed' : 'survived';
    judged[id] = verdict;
    writeFileSync(memory, JSON.stringify(judged));
    console.log(
      `${i + 1} of ${mutants.length} ${verdict} ${file}:${line} ${JSON.stringify(from)} -> ${JSON.stringify(to)}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

// ------------------------------------------------------------------------------------------------------------- the score

const known = z.array(survivor).parse(JSON.parse(readFileSync(join(import.meta.dirname, 'survivors.json'), 'utf8')));
const count = (verdict: Verdict, of: readonly Mutant[]) =>
  of.filter((mutant) => judged[identify(mutant)] === verdict).length;
for (const file of [...new Set(all.map((mutant) => mutant.file)), 'all']) {
  const of = file === 'all' ? mutants : mutants.filter((mutant) => mutant.file === file);
  const [killed, survived] = [count('killed', of), count('survived', of)];
  const score = ((100 * killed) / Math.max(1, killed + survived)).toFixed(1);
  console.log(
    `${file}: ${killed} of ${killed + survived} mutants killed, ${score}%; ` +
      `${count('same', of)} with the same bytecode, ${count('invalid', of)} that do not compile`,
  );
}
const survivors = mutants.filter((mutant) => judged[identify(mutant)] === 'survived');
const unexplained = survivors.filter(({ file, line, from, to }) => {
  const text = readFileSync(join(root, file), 'utf8').split('\n')[line - 1]?.trim();
  return !known.some((one) => one.file === file && one.line === text && one.from === from && one.to === to);
});
for (const { file, line, from, to } of unexplained) {
  console.error(`${file}:${line}: ${JSON.stringify(from)} -> ${JSON.stringify(to)} survives, unexplained`);
}
console.log(
  `${mutants.length} of ${all.length} mutants; ${survivors.length} survive, ${unexplained.length} of them unexplained`,
);
if (unexplained.length > 0) process.exitCode = 1;
