/** Where the matter of a passport or lot came from, and where it went: a tree for people, and files for programs. */
import { UnavailableError } from '@dpp-ledger/core';
import {
  encodeTrace,
  formatGraphml,
  formatMass,
  nameSubstance,
  type TraceDirection,
  type TraceEdge,
  type TraceGraph,
  type TraceNode,
} from '@dpp-ledger/core/materials';
import { type Traced, trace as traceLots, type WhatToTrace } from '@dpp-ledger/sdk';
import type { LedgerReader } from '@dpp-ledger/sdk/ledger';
import { CUSTODY_WORDS, nameNode, ORIGIN_WORDS, traceSvg } from '@dpp-ledger/web';
import { defineCommand, type Invocation, usageError } from '../command.ts';
import { findLocal, openLedger, openService } from '../connection.ts';
import { writeNewFile } from '../files.ts';
import type { Output } from '../output.ts';
import { linkOf, readName } from './verify.ts';

const DIRECTIONS = ['both', 'upstream', 'downstream'] as const satisfies readonly TraceDirection[];
const DEEPEST = 64;

const flags = {
  direction: { type: 'string', value: 'WAY', summary: `One of ${DIRECTIONS.join(', ')}; both by default.` },
  depth: { type: 'string', value: 'N', summary: `Generations of lots each way, 1 to ${DEEPEST}; 16 by default.` },
  graphml: { type: 'string', value: 'FILE', summary: 'Write the graph as GraphML.' },
  svg: { type: 'string', value: 'FILE', summary: 'Write the picture of the flows.' },
} as const;

const trace = defineCommand({
  name: 'trace',
  summary: 'Trace a passport or a lot: where its matter came from, where it went, with a verdict on every step.',
  description:
    'The service says which entries there are, and is not believed: each is proved to stand in the tree head of the chain endpoint that you choose, each event is verified like any credential, and whether a lot is void the chain is asked. That nothing was left out downstream is the service’s word. Masses are those that the ledger moved. Without an endpoint nothing is proved, and every step says so.',
  arguments: [{ name: 'WHAT', summary: 'A label’s link, a GTIN, a CID of a passport, or a lot’s id or URI.' }],
  flags,
  settings: ['api', 'rpc', 'agree', 'ledger', 'data', 'confirmations'],
  examples: [
    'dpp trace https://dpp.example/01/09521234000013/21/A7K2 --rpc https://node.example',
    'dpp trace 0x6b86b273... --direction downstream --svg flows.svg',
  ],
  async run(invocation) {
    const { words, values, output, signal } = invocation;
    const what = readWhat(words[0] ?? '');
    const direction = DIRECTIONS.find((one) => one === (values.direction ?? 'both'));
    if (direction === undefined) throw usageError(trace, `--direction is one of ${DIRECTIONS.join(', ')}.`);
    const depth = Number(values.depth ?? 16);
    if (!Number.isInteger(depth) || depth < 1 || depth > DEEPEST) {
      throw usageError(trace, `--depth is a whole number from 1 to ${DEEPEST}.`);
    }
    const source = await openService(invocation, 'uri' in what ? linkOf(what) : {});
    const ledger = await openLedgerIfAny(invocation);
    const traced = await traceLots(what, { source, ledger, direction, depth, signal });
    const { graph, report, word } = traced;
    if (values.graphml !== undefined) await writeNewFile(values.graphml, formatGraphml(graph));
    if (values.svg !== undefined) await writeNewFile(values.svg, traceSvg(graph));
    output.answer({ ...(encodeTrace(graph) as object), report, word }, formatTrace(traced, output));
    return 0;
  },
});

function readWhat(text: string): WhatToTrace {
  if (/^(?:0x|eip155:)/.test(text)) return { lot: text };
  const named = readName(text);
  if (named === undefined) throw usageError(trace, 'WHAT is a link, a GTIN, a CID, or a lot’s id or URI.');
  return named;
}

/** Without an endpoint there is still a trace: it says that nothing is proved. */
async function openLedgerIfAny(invocation: Invocation<typeof flags>): Promise<LedgerReader | undefined> {
  const { settings, output } = invocation;
  if (settings.find('rpc') === undefined && (await findLocal(settings)) === undefined) {
    output.note('No chain endpoint is set (--rpc), so nothing is proved: all of it is the service’s word.');
    return undefined;
  }
  try {
    return await openLedger(invocation);
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    output.note(`${error.message} (${error.code}) Nothing is proved: all of it is the service’s word.`);
    return undefined;
  }
}

// -------------------------------------------------------------------------------------------------------------------- for people

const SIGNS = { valid: '✓ valid', invalid: '✗ not valid', indeterminate: '? cannot be decided' } as const;
const STYLES = { valid: 'green', invalid: 'red', indeterminate: 'yellow' } as const;

/** The tree from its start on each side, then what is missing, and whose word it is. */
export function formatTrace({ graph, word }: Traced, output: Pick<Output, 'style'>): string {
  const start = graph.nodes.find(({ id }) => id === graph.start);
  const lines = [start === undefined ? graph.start : describeNode(start, output)];
  if (graph.direction !== 'downstream' || start?.kind === 'batch') {
    lines.push('Where it came from', ...branches(graph, 'upstream', output));
  }
  if (graph.direction !== 'upstream' && start?.kind !== 'batch') {
    lines.push('Where it went', ...branches(graph, 'downstream', output));
  }
  const names = new Map(graph.nodes.map((node) => [node.id, nameNode(node)]));
  if (graph.gaps.length > 0) lines.push('What is missing or does not hold');
  for (const { node, message } of graph.gaps) lines.push(`  ${names.get(node) ?? node}: ${message}`);
  if (graph.cuts.length > 0) lines.push('Where it goes on, and was not followed');
  for (const { node, side, by } of graph.cuts) lines.push(`  ${names.get(node) ?? node}: ${side}, cut by ${by}`);
  lines.push(
    word.by === 'ledger'
      ? `${graph.entries.length} entries proved at block ${word.blockNumber}, on the word of ${word.trustBase}; that nothing is left out downstream is the service’s word.`
      : `All of it is the service’s word, which reads ${word.trustBase}, at block ${word.blockNumber}.`,
  );
  return lines.join('\n');
}

/** Each flow on its own line, under what it flowed into or out of; what was shown before is not shown again. */
function branches(graph: TraceGraph, side: 'upstream' | 'downstream', output: Pick<Output, 'style'>): string[] {
  const [here, there] = side === 'upstream' ? (['to', 'from'] as const) : (['from', 'to'] as const);
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const shown = new Set<string>();
  const lines: string[] = [];
  const walk = (id: string, indent: string): void => {
    const flows = graph.edges.filter((edge) => edge[here] === id);
    for (const [i, flow] of flows.entries()) {
      const isLast = i === flows.length - 1;
      const next = nodes.get(flow[there]);
      if (next === undefined) continue;
      const isAgain = shown.has(next.id) && graph.edges.some((edge) => edge[here] === next.id);
      const line = `${indent}${isLast ? '└─' : '├─'} ${describeFlow(flow)} ${side === 'upstream' ? 'from' : 'into'} ${describeNode(next, output)}`;
      lines.push(isAgain ? `${line} (above)` : line);
      if (!isAgain) {
        shown.add(next.id);
        walk(next.id, `${indent}${isLast ? '  ' : '│ '} `);
      }
    }
  };
  walk(graph.start, '  ');
  return lines.length === 0 ? ['  nothing'] : lines;
}

function describeFlow({ milligrams, origin }: TraceEdge): string {
  return `${formatMass(milligrams)}${origin === undefined ? '' : ` ${ORIGIN_WORDS[origin]}`}`;
}

function describeNode(node: TraceNode, output: Pick<Output, 'style'>): string {
  const verdict = node.verdict === undefined ? '' : `  ${output.style(STYLES[node.verdict], SIGNS[node.verdict])}`;
  const by = node.by === undefined ? '' : `, ${node.by}`;
  if (node.kind !== 'lot') return `${nameNode(node)}${by}${verdict}`;
  const { substance, country, custody, isVoid, offer } = node;
  const notes = [
    substance === undefined ? undefined : nameSubstance(substance),
    country,
    custody === undefined ? undefined : CUSTODY_WORDS[custody],
    isVoid ? 'void' : undefined,
    offer === 'open' ? 'never accepted' : undefined,
  ].filter((note) => note !== undefined);
  return `${nameNode(node)}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}${by}${verdict}`;
}

export const TRACE_COMMANDS = [trace];
