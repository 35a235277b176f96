/** How the demonstration speaks: a line or two a step, for a person; and whether what it said came out so. */
import type { Report } from '@dpp-ledger/core';

export interface Expectation {
  readonly verdict: Report['verdict'];
  /** With what the code of the check that decides begins. */
  readonly code?: string;
  readonly current?: boolean;
  readonly cid?: string;
}

export interface Voice {
  readonly surprises: number;
  chapter(title: string): void;
  say(line: string): void;
  print(text: string): void;
  /** Every check of a report. */
  report(report: Report): void;
  /** Says what a report must say, and whether it does. */
  expect(report: Report, expected: Expectation, line: string): void;
  check(isSo: boolean, line: string): void;
}

const MARKS = { valid: 'yes', invalid: 'NO ', unknown: '?  ', notApplicable: '-  ' } as const;

export function createVoice(write: (text: string) => void): Voice {
  let chapters = 0;
  let surprises = 0;
  const say = (line: string) => write(`   ${line}\n`);
  const judge = (isSo: boolean, line: string, otherwise: string) => {
    if (!isSo) surprises += 1;
    say(isSo ? line : `UNEXPECTED: ${line}. ${otherwise}`);
  };
  return {
    get surprises() {
      return surprises;
    },
    chapter: (title) => write(`\n${++chapters}. ${title}\n`),
    say,
    print: (text) => write(`\n${text.replace(/^/gm, '   ').trimEnd()}\n\n`),
    report(report) {
      for (const { name, outcome, message } of report.checks) say(`  ${MARKS[outcome]} ${name.padEnd(10)} ${message}`);
      say(`  Verdict: ${report.verdict}, on the word of ${report.trustBase}.`);
    },
    expect(report, { verdict, code, current, cid }, line) {
      const decisive = report.checks.find(({ outcome }) => outcome === 'invalid' || outcome === 'unknown');
      const isSo =
        report.verdict === verdict &&
        (code === undefined ||
          report.checks.some((check) => check.outcome === 'invalid' && check.code.startsWith(code))) &&
        (current === undefined || report.current === current) &&
        (cid === undefined || report.cid === cid);
      const because = decisive === undefined ? '' : ` (${decisive.code})`;
      const standing = report.current === false ? ', superseded' : '';
      judge(
        isSo,
        `${line}: ${report.verdict}${standing}${because}`,
        `Expected ${verdict}${code ? ` by ${code}` : ''}.`,
      );
    },
    check: (isSo, line) => judge(isSo, line, 'It is not so.'),
  };
}
