/** Traces as documents: JSON, whose masses are decimal strings, and GraphML, which programs for graphs read. */
import type { Json } from '../json.ts';
import { formatSubstance, nameSubstance } from './substance.ts';
import type { TraceEdge, TraceGraph, TraceNode } from './trace.ts';

/** A graph as JSON: masses in decimal, substances by their CAS number and name, and nothing where nothing is known. */
export function encodeTrace(graph: TraceGraph): Json {
  const { nodes, ...rest } = graph;
  return toJson({ ...rest, nodes: nodes.map(describe) });
}

function describe(node: TraceNode): object {
  if (node.kind !== 'lot' || node.substance === undefined) return node;
  const { substance, ...rest } = node;
  return { ...rest, substance: formatSubstance(substance), name: nameSubstance(substance) };
}

function toJson(value: unknown): Json {
  return JSON.parse(
    JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part)),
  ) as Json;
}

// --------------------------------------------------------------------------------------------------------------------- GraphML

type Value = string | number | bigint | boolean | undefined;

/** What each element says, by the names that programs show. */
const NODE_DATA: Readonly<Record<string, (node: TraceNode) => Value>> = {
  kind: ({ kind }) => kind,
  label: (node) => (node.kind === 'lot' ? node.label : (node.process ?? node.root ?? node.kind)),
  side: ({ side }) => side,
  entry: ({ entry }) => entry,
  time: ({ time }) => (time === undefined ? undefined : new Date(time * 1_000).toISOString()),
  by: ({ by }) => by,
  verdict: ({ verdict }) => verdict,
  weakestCustody: ({ weakest }) => weakest,
  events: ({ events }) => (events.length === 0 ? undefined : events.map(({ credential }) => credential).join(' ')),
  substance: (node) =>
    node.kind === 'lot' && node.substance !== undefined ? formatSubstance(node.substance) : undefined,
  origin: (node) => (node.kind === 'lot' ? node.origin : undefined),
  custody: (node) => (node.kind === 'lot' ? node.custody : undefined),
  milligrams: (node) => (node.kind === 'lot' ? node.milligrams : undefined),
  left: (node) => (node.kind === 'lot' ? node.left : undefined),
  holder: (node) => (node.kind === 'lot' ? node.holder : undefined),
  offer: (node) => (node.kind === 'lot' ? node.offer : undefined),
  void: (node) => (node.kind === 'lot' ? node.isVoid : undefined),
  country: (node) => (node.kind === 'lot' ? node.country : undefined),
  facility: (node) => (node.kind === 'lot' ? node.facility : undefined),
  size: (node) => (node.kind === 'lot' ? undefined : node.size),
};
const EDGE_DATA: Readonly<Record<string, (edge: TraceEdge) => Value>> = {
  milligrams: ({ milligrams }) => milligrams,
  origin: ({ origin }) => origin,
  entry: ({ entry }) => entry,
};
/** GraphML's types; everything else is text. A mass may be more than its `long` holds. */
const TYPES: Readonly<Record<string, string>> = { entry: 'long', size: 'int', void: 'boolean' };

/** GraphML 1.0 (graphml.graphdrawing.org): gaps and cuts stand with the nodes that they are about. */
export function formatGraphml(graph: TraceGraph): string {
  const gaps = groupBy(
    graph.gaps,
    ({ node }) => node,
    ({ code }) => code,
  );
  const cuts = groupBy(
    graph.cuts,
    ({ node }) => node,
    ({ side, by }) => `${side} by ${by}`,
  );
  const keys = (element: 'node' | 'edge', names: readonly string[]) =>
    names.map(
      (name) =>
        `  <key id="${element}-${name}" for="${element}" attr.name="${name}" attr.type="${TYPES[name] ?? 'string'}"/>`,
    );
  const data = (element: 'node' | 'edge', name: string, value: Value) =>
    value === undefined ? [] : [`      <data key="${element}-${name}">${escapeXml(String(value))}</data>`];
  const nodes = graph.nodes.map((node) => {
    const lines = [
      ...Object.entries(NODE_DATA).flatMap(([name, read]) => data('node', name, read(node))),
      ...data('node', 'gaps', gaps.get(node.id)?.join(' ')),
      ...data('node', 'cut', cuts.get(node.id)?.join(', ')),
    ];
    return [`    <node id="${escapeXml(node.id)}">`, ...lines, '    </node>'].join('\n');
  });
  const edges = graph.edges.map((edge, i) => {
    const lines = Object.entries(EDGE_DATA).flatMap(([name, read]) => data('edge', name, read(edge)));
    const ends = `source="${escapeXml(edge.from)}" target="${escapeXml(edge.to)}"`;
    return [`    <edge id="edge-${i}" ${ends}>`, ...lines, '    </edge>'].join('\n');
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
    ...keys('node', [...Object.keys(NODE_DATA), 'gaps', 'cut']),
    ...keys('edge', Object.keys(EDGE_DATA)),
    '  <key id="graph-start" for="graph" attr.name="start" attr.type="string"/>',
    '  <graph id="trace" edgedefault="directed">',
    `    <data key="graph-start">${escapeXml(graph.start)}</data>`,
    ...nodes,
    ...edges,
    '  </graph>',
    '</graphml>',
    '',
  ].join('\n');
}

function groupBy<T>(items: readonly T[], key: (item: T) => string, text: (item: T) => string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), text(item)]);
  return groups;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text within XML 1.0. What may not stand there at all is replaced. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\u{fffd}')
    .replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}
