/** Packs on the command line: judged as they are read, one line a passport where there are many. */
import { InvalidInputError, parseJson, type Report, type Verdict } from '@dpp-ledger/core';
import { type Policy, parsePolicyFile } from '@dpp-ledger/core/evidence';
import { type ByteSource, type VerifyPackOptions, verifyPack } from '@dpp-ledger/core/pack';
import type { ExitStatus } from './command.ts';
import { exitStatusOfVerdict } from './exit.ts';
import { readTextFile } from './files.ts';
import type { Output } from './output.ts';
import { formatAsOf, formatReport, VERDICTS } from './report.ts';

/** Errors: `input.json`, `input.shape`, `checkpoint.policy`; the message names the file. */
export async function readPolicy(path: string): Promise<Policy> {
  const text = await readTextFile(path);
  try {
    return await parsePolicyFile(parseJson(text));
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    throw new InvalidInputError(error.code, `${path}: ${error.message}`, { cause: error });
  }
}

export interface PackVerdict {
  readonly passports: number;
  readonly counts: Readonly<Record<Verdict, number>>;
  readonly asOf: Report['asOf'];
  readonly trustBase: string;
}

/** Prints the report of the one passport in it, or a line for each of many and their sum. */
export async function verifyPackFile(
  source: ByteSource,
  options: VerifyPackOptions,
  output: Output,
): Promise<ExitStatus> {
  const tally = createTally();
  const bar = output.progress('Verifying');
  let first: Report | undefined;
  try {
    for await (const report of verifyPack(source, options)) {
      if (tally.passports === 1 && first !== undefined) printLine(first, output);
      if (tally.passports === 0) first = report;
      else printLine(report, output);
      tally.add(report);
      bar.update(tally.passports);
    }
  } finally {
    bar.end();
  }
  const { passports, counts, asOf, trustBase } = tally;
  if (passports === 1 && first !== undefined) output.answer(first, formatReport(first, output, options));
  else output.answer({ summary: { passports, counts, asOf, trustBase } }, formatSum(tally, options.now, output));
  return exitStatusOfVerdict(tally.verdict());
}

export function createTally(): PackVerdict & { add(report: Report): void; verdict(): Verdict } {
  const counts = { valid: 0, invalid: 0, indeterminate: 0 };
  return {
    passports: 0,
    counts,
    asOf: undefined,
    trustBase: 'nobody',
    add(report) {
      counts[report.verdict] += 1;
      Object.assign(this, {
        passports: this.passports + 1,
        asOf: this.asOf ?? report.asOf,
        trustBase: report.trustBase,
      });
    },
    verdict() {
      if (counts.invalid > 0 || this.passports === 0) return 'invalid';
      return counts.indeterminate > 0 ? 'indeterminate' : 'valid';
    },
  };
}

function printLine(report: Report, output: Output): void {
  const problems = report.checks.filter(({ outcome }) => outcome === 'invalid' || outcome === 'unknown');
  const superseded = report.current === false ? 'superseded' : '';
  const why = [superseded, ...problems.slice(0, 2).map(({ code }) => code), problems.length > 2 ? '...' : ''];
  const line = `${VERDICTS[report.verdict].padEnd(18)} ${report.subject ?? report.cid ?? '-'}  ${why.filter(Boolean).join(', ')}`;
  output.item(report, line.trimEnd());
}

/** "1,000 passports: 999 VALID, 1 NOT VALID, as of block 812, ...". */
function formatSum({ passports, counts, asOf, trustBase }: PackVerdict, now: number, output: Output): string {
  const verdicts = (['valid', 'invalid', 'indeterminate'] as const).filter((verdict) => counts[verdict] > 0);
  const sum = verdicts.map((verdict) => `${counts[verdict].toLocaleString('en-GB')} ${VERDICTS[verdict]}`).join(', ');
  return [
    output.style('bold', `${passports.toLocaleString('en-GB')} passports: ${sum}${formatAsOf(asOf, now)}`),
    `  On the word of ${asOf?.source ?? 'nobody: no facts are proved'}; trust base: ${trustBase}`,
  ].join('\n');
}
