/** A report for a terminal: the verdict, on whose word, and every check. */
import { type Check, formatAge, type Outcome, type Report, type Verdict } from '@dpp-ledger/core';
import { wrap } from './command.ts';
import { type Output, oneLine, type Style } from './output.ts';
import { formatInstant } from './times.ts';

const OUTCOMES: Readonly<Record<Outcome, { readonly word: string; readonly style: Style }>> = {
  valid: { word: 'passed', style: 'green' },
  invalid: { word: 'FAILED', style: 'red' },
  unknown: { word: 'unknown', style: 'yellow' },
  notApplicable: { word: 'does not apply', style: 'dim' },
};

export const VERDICTS: Readonly<Record<Verdict, string>> = {
  valid: 'VALID',
  invalid: 'NOT VALID',
  indeterminate: 'CANNOT BE DECIDED',
};

/** `now` in seconds since 1970: what the age of the facts is told by. */
export function formatReport(report: Report, output: Output, { now }: { readonly now: number }): string {
  const lines = [
    output.style('bold', formatVerdict(report, now)),
    ...(report.subject === undefined ? [] : [`  Subject   ${report.subject}`]),
    ...(report.cid === undefined ? [] : [`  CID       ${report.cid}`]),
    ...(report.issuer === undefined
      ? []
      : [`  Issuer    ${oneLine(report.issuer.name)} (${report.issuer.id})${voiceOf(report)}`]),
    ...(report.anchoredAt === undefined
      ? []
      : [
          `  Anchored  ${formatInstant(report.anchoredAt.time)}, journal entry ${report.anchoredAt.entry}, block ${report.anchoredAt.blockNumber}`,
        ]),
    `  On the word of ${
      report.asOf === undefined
        ? 'nobody: no facts were had from the ledger'
        : `${report.asOf.source} at block ${report.asOf.blockNumber} (${formatInstant(report.asOf.time)}, ${formatAge(now - report.asOf.time)})`
    }; trust base: ${report.trustBase}`,
    '',
    ...report.checks.map((check) => formatCheck(check, output)),
  ];
  return lines.join('\n');
}

function formatVerdict({ verdict, current, provisional, answeredBy, asOf, checks }: Report, now: number): string {
  // What witnesses vouch for was so at their block; whoever asks a node knows that it is so now.
  const isWitnessed = checks.some(({ code }) => code === 'anchor.witnessed');
  return [
    `${VERDICTS[verdict]}${isWitnessed ? formatAsOf(asOf, now) : ''}`,
    ...(current === false ? ['superseded: it was right, and is no longer current'] : []),
    ...(provisional ? ['provisional: its block is not final yet'] : []),
    ...(answeredBy === 'batch' || answeredBy === 'model' ? [`answered by the ${answeredBy}'s passport`] : []),
  ].join('; ');
}

/** ", as of block 812, 2026-11-24T15:00:00Z, 3 hours ago". */
export function formatAsOf(asOf: Report['asOf'], now: number): string {
  if (asOf === undefined) return '';
  return `, as of block ${asOf.blockNumber}, ${formatInstant(asOf.time)}, ${formatAge(now - asOf.time)}`;
}

function voiceOf({ voice }: Report): string {
  if (voice === undefined) return '';
  return voice === 'declared' ? ', declares its own figures' : ', restates what the manufacturer published';
}

function formatCheck({ name, outcome, message, basis, code }: Check, output: Output): string {
  const { word, style } = OUTCOMES[outcome];
  const room = Math.max(40, output.width - INDENT);
  const [first = '', ...more] = wrap(oneLine(message), room);
  return [
    `  ${name.padEnd(11)} ${output.style(style, word.padEnd(14))} ${first}`,
    ...more.map((line) => ' '.repeat(INDENT) + line),
    ...wrap(`${code}; stands on ${basis}`, room).map((line) => ' '.repeat(INDENT) + output.style('dim', line)),
  ].join('\n');
}

const INDENT = 29;
