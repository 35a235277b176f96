/** Claims of a passport for a terminal: whose word each is, and recycled content as it is computed. */
import {
  type ClaimFinding,
  type ContentComparison,
  formatMeasure,
  isExactRange,
  type PercentRange,
  type RecycledContent,
  type Standing,
} from '@dpp-ledger/core/passport';
import type { VerifiedClaims } from '@dpp-ledger/sdk';
import { wrap } from './command.ts';
import { type Output, oneLine, type Style } from './output.ts';

const STANDINGS: Readonly<Record<Standing, { readonly word: string; readonly style: Style }>> = {
  attested: { word: 'attested', style: 'green' },
  contradicted: { word: 'CONTRADICTED', style: 'red' },
  expired: { word: 'expired', style: 'yellow' },
  selfDeclared: { word: 'self-declared', style: 'dim' },
  restated: { word: 'restated', style: 'dim' },
  unknown: { word: 'not known', style: 'yellow' },
};

const INDENT = 17;

/** Below a report. Empty where there is nothing to say. */
export function formatClaims(found: VerifiedClaims, output: Output): readonly string[] {
  const { claims, attestations, unreadAttestations, askedForAttestations, recycledContent } = found;
  if (claims.length === 0) return [];
  const idle = attestations.filter(({ counts }) => !counts);
  return [
    '',
    output.style('bold', `Claims: ${sumOf(claims)}`),
    ...(askedForAttestations ? [] : ['  No service was asked for attestations: only those at hand are known.']),
    ...claims.flatMap((claim) => formatClaim(claim, output)),
    ...idle.map(
      ({ name, issuer, message, code }) =>
        `  Not counted: ${oneLine(name ?? 'an attestation')}${issuer === undefined ? '' : ` by ${oneLine(issuer.name)}`}: ${oneLine(message)} (${code})`,
    ),
    ...unreadAttestations.map(({ cid, code }) => `  Not fetched: ${cid} (${code})`),
    ...formatContent(recycledContent, output),
  ];
}

function sumOf(claims: readonly ClaimFinding[]): string {
  const counts = Map.groupBy(claims, ({ standing }) => standing);
  return Object.entries(STANDINGS)
    .flatMap(([standing, { word }]) => {
      const all = counts.get(standing as Standing);
      return all === undefined ? [] : [`${all.length} ${word}`];
    })
    .join(', ');
}

function formatClaim(claim: ClaimFinding, output: Output): string[] {
  const { word, style } = STANDINGS[claim.standing];
  const room = Math.max(40, output.width - INDENT);
  const title = claim.about === 'facility' ? `Made at ${claim.name}` : claim.name;
  const hang = (text: string) => wrap(oneLine(text), room).map((line) => ' '.repeat(INDENT) + line);
  const [first = '', ...more] = wrap(oneLine(title), room);
  const said = claim.bearings.flatMap(({ issuer, assessment, date, message, code }) =>
    hang(`${issuer?.name ?? 'Somebody'}: ${assessment}${date === undefined ? '' : `, ${date}`}. ${message} (${code})`),
  );
  const open = claim.figures.filter(({ attested }) => !attested);
  const partly =
    claim.standing !== 'attested' || open.length === 0 || open.length === claim.figures.length
      ? []
      : hang(
          `Not in the certificate: ${open.map(({ name, value, unit }) => `${name}: ${typeof value === 'number' ? formatMeasure(value, unit ?? '') : value}`).join('; ')}`,
        );
  return [
    `  ${output.style(style, word.padEnd(INDENT - 3))} ${first}`,
    ...more.map((line) => ' '.repeat(INDENT) + line),
    ...said,
    ...partly.map((line) => output.style('dim', line)),
  ];
}

function formatContent(content: RecycledContent, output: Output): string[] {
  const { device, reason, conditions, missing, bookAndClaim, comparisons, materials } = content;
  if (materials.length === 0 && comparisons.length === 0) return [];
  const lines =
    device === undefined
      ? [`  Cannot be computed: ${reason}.`]
      : [
          `  Whole device   ${formatRange(device.recycled)} recycled: ${formatRange(device.postConsumer)} after use, ${formatRange(device.preConsumer)} before`,
          ...(bookAndClaim === undefined
            ? []
            : [
                `  Beside it      ${formatRange(bookAndClaim.recycled)} claimed by book and claim, not known to be in it`,
              ]),
          ...conditions.map((condition) => `  This holds     ${condition}`),
        ];
  return [
    '',
    output.style('bold', 'Recycled content by EN 45557, computed'),
    ...lines,
    ...comparisons.map(formatComparison),
    ...(missing.length === 0 ? [] : [`  Missing        ${missing.join(', ')}`]),
  ];
}

function formatComparison({
  of,
  kind,
  declared,
  atLeast,
  computed,
  reason,
  difference,
  agrees,
}: ContentComparison): string {
  const said = `  Declared       ${oneLine(of)}, ${KIND_WORDS[kind]}: ${atLeast ? 'at least ' : ''}${percent(declared)}`;
  if (computed === undefined) return `${said}; cannot be computed: ${reason}`;
  const verdict = agrees === true ? 'agrees' : 'DIFFERS';
  const by = difference === undefined ? '' : ` by ${Math.round(difference * 10) / 10} points`;
  return `${said}; computed ${formatRange(computed)}: ${verdict}${agrees === true ? '' : by}`;
}

const KIND_WORDS = {
  recycled: 'recycled',
  preConsumer: 'recycled before use',
  postConsumer: 'recycled after use',
  renewable: 'renewable',
} as const;

function formatRange(range: PercentRange): string {
  return isExactRange(range) ? percent(range.atLeast) : `${percent(range.atLeast)} to ${percent(range.atMost)}`;
}

function percent(value: number): string {
  return `${Math.round(value * 10) / 10} %`;
}
