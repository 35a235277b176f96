/**
 * A trace as a picture: lots and what they went into from left to right, each flow as wide as its mass. The layout is the same for the same
 * trace. Origins are told apart by pattern beside colour, and everything that is drawn is said in words too.
 */
import {
  escapeXml,
  ORIGINS,
  type Origin,
  type TraceEdge,
  type TraceGraph,
  type TraceNode,
} from '@dpp-ledger/core/materials';
import { COLOURS, patterns } from './chart.ts';
import { formatMass, ORIGIN_WORDS, plural, VERDICT_WORDS } from './words.ts';

const COLUMN = 210;
const NODE_WIDTH = 14;
const HEIGHT = 340;
/** Room for two lines of text at each node. */
const LEAST_ROOM = 46;
const GAP = 14;
const MARGIN = 16;
/** What characters a line has room for. */
const LINE = 25;

interface Box {
  readonly node: TraceNode;
  readonly layer: number;
  readonly height: number;
  x: number;
  y: number;
}

/** A picture by itself: SVG that needs nothing else. */
export function traceSvg(graph: TraceGraph): string {
  const flows = groupFlows(graph);
  const boxes = place(graph, flows);
  const width = MARGIN * 2 + COLUMN * (1 + Math.max(0, ...boxes.map(({ layer }) => layer)));
  const height = MARGIN * 2 + Math.max(LEAST_ROOM, ...boxes.map((box) => box.y + Math.max(box.height, LEAST_ROOM)));
  const used = [...new Set(graph.edges.map(({ origin }) => originIndex(origin)))].sort();
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="trace-title trace-description" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="14">`,
    `<title id="trace-title">${escapeXml(titleOf(graph))}</title>`,
    `<desc id="trace-description">${escapeXml(describeTrace(graph))}</desc>`,
    `<rect width="${width}" height="${height}" fill="#fff"></rect>`,
    String(patterns('trace')),
    ...drawLinks(graph, flows, boxes, used),
    ...boxes.map(drawBox),
    '</svg>',
  ].join('');
}

/** Which pattern stands for an origin; one more for what is not known. */
export function originIndex(origin: Origin | undefined): number {
  return origin === undefined ? ORIGINS.length : ORIGINS.indexOf(origin);
}

/** In words, as tables and descriptions have it. */
export function nameNode(node: TraceNode): string {
  switch (node.kind) {
    case 'lot':
      return node.label === undefined ? `Lot ${node.lot.slice(2, 10)}…` : `Lot “${node.label}”`;
    case 'transformation':
      return node.process === undefined ? 'Transformation' : capitalise(node.process);
    case 'batch':
      return `Batch of ${plural(node.size ?? 0, 'credential')}`;
    case 'retired':
      return 'Retired';
    case 'lost':
      return 'Lost';
    case 'voided':
      return 'Declared void';
  }
}

export function titleOf({ nodes, start, direction }: TraceGraph): string {
  const begin = nodes.find(({ id }) => id === start);
  const way = { upstream: 'What went into', downstream: 'What became of', both: 'What went into, and what became of,' };
  return `${way[direction]} ${begin === undefined ? start : decapitalise(nameNode(begin))}`;
}

/** Every flow in a sentence. */
export function describeTrace({ nodes, edges }: TraceGraph): string {
  const names = new Map(nodes.map((node) => [node.id, nameNode(node)]));
  const flows = edges.map(
    ({ from, to, milligrams, origin }) =>
      `${names.get(from)} to ${names.get(to)}: ${formatMass(milligrams)}${origin === undefined ? '' : `, ${ORIGIN_WORDS[origin]}`}.`,
  );
  return flows.length === 0 ? 'Nothing flowed into it or out of it.' : flows.join(' ');
}

// ---------------------------------------------------------------------------------------------------------------------- layout

/** By the nodes that they lead to and from: a trace may have thousands of each. */
interface Flows {
  readonly into: ReadonlyMap<string, readonly TraceEdge[]>;
  readonly out: ReadonlyMap<string, readonly TraceEdge[]>;
}

function groupFlows({ edges }: TraceGraph): Flows {
  return { into: Map.groupBy(edges, ({ to }) => to), out: Map.groupBy(edges, ({ from }) => from) };
}

function place(graph: TraceGraph, flows: Flows): readonly Box[] {
  const layers = findLayers(graph, flows);
  const amounts = new Map(graph.nodes.map((node) => [node.id, amountOf(flows, node)]));
  const sums: number[] = [];
  for (const { id } of graph.nodes) {
    const layer = layers.get(id) ?? 0;
    sums[layer] = (sums[layer] ?? 0) + (amounts.get(id) ?? 0);
  }
  const scale = HEIGHT / Math.max(1, ...sums.map((sum) => sum ?? 0));
  const boxes = graph.nodes.map((node): Box => {
    const height = Math.max(3, (amounts.get(node.id) ?? 0) * scale);
    return { node, layer: layers.get(node.id) ?? 0, height, x: 0, y: 0 };
  });
  const byId = new Map(boxes.map((box) => [box.node.id, box]));
  const columns = Math.max(0, ...boxes.map(({ layer }) => layer)) + 1;
  for (let layer = 0; layer < columns; layer++) {
    const column = boxes.filter((box) => box.layer === layer);
    // Beside what they are made of; what is made of nothing keeps the journal's order.
    const wish = new Map(column.map((box, i) => [box, middleOfSources(flows, box, byId) ?? i * LEAST_ROOM]));
    column.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0));
    let y = 0;
    for (const box of column) {
      box.x = MARGIN + layer * COLUMN;
      box.y = y;
      y += Math.max(box.height, LEAST_ROOM) + GAP;
    }
  }
  return boxes;
}

/** The longest way to each node from what is made of nothing. Nodes come after what they are made of: there are no cycles. */
function findLayers({ nodes }: TraceGraph, { into, out }: Flows): ReadonlyMap<string, number> {
  const layers = new Map<string, number>();
  const layerOf = (id: string): number => {
    const known = layers.get(id);
    if (known !== undefined) return known;
    const layer = Math.max(-1, ...(into.get(id) ?? []).map(({ from }) => layerOf(from))) + 1;
    layers.set(id, layer);
    return layer;
  };
  for (const { id } of nodes) layerOf(id);
  // What is made of nothing stands right before what is made of it.
  for (const { id } of nodes) {
    if (into.has(id)) continue;
    const next = (out.get(id) ?? []).map(({ to }) => layers.get(to) ?? 1);
    if (next.length > 0) layers.set(id, Math.min(...next) - 1);
  }
  return layers;
}

/** In milligrams: what flows through it, and what a lot had at first. */
function amountOf({ into, out }: Flows, node: TraceNode): number {
  const sum = (flows: readonly TraceEdge[] = []) =>
    flows.reduce((total, { milligrams }) => total + Number(milligrams), 0);
  return Math.max(
    sum(into.get(node.id)),
    sum(out.get(node.id)),
    node.kind === 'lot' ? Number(node.milligrams ?? 0n) : 0,
  );
}

function middleOfSources({ into }: Flows, { node }: Box, boxes: ReadonlyMap<string, Box>): number | undefined {
  const sources = (into.get(node.id) ?? []).map(({ from }) => boxes.get(from));
  const middles = sources.flatMap((box) => (box === undefined ? [] : [box.y + box.height / 2]));
  return middles.length === 0 ? undefined : middles.reduce((sum, y) => sum + y, 0) / middles.length;
}

// --------------------------------------------------------------------------------------------------------------------- drawing

function drawLinks(graph: TraceGraph, { into, out }: Flows, boxes: readonly Box[], used: readonly number[]): string[] {
  const byId = new Map(boxes.map((box) => [box.node.id, box]));
  const names = new Map(graph.nodes.map((node) => [node.id, nameNode(node)]));
  const thickness = new Map<TraceEdge, number>();
  const [starts, ends] = [new Map<TraceEdge, number>(), new Map<TraceEdge, number>()];
  for (const box of boxes) {
    const per = box.height / Math.max(1, amountOf({ into, out }, box.node));
    // Flows leave and arrive in the order of where they come from and go to, so that few of them cross.
    for (const [flows, other, places] of [
      [out.get(box.node.id) ?? [], 'to', starts],
      [into.get(box.node.id) ?? [], 'from', ends],
    ] as const) {
      let y = box.y + MARGIN;
      for (const edge of flows.toSorted((a, b) => (byId.get(a[other])?.y ?? 0) - (byId.get(b[other])?.y ?? 0))) {
        const width = Math.max(1.5, Number(edge.milligrams) * per);
        thickness.set(edge, Math.min(thickness.get(edge) ?? width, width));
        places.set(edge, y);
        y += width;
      }
    }
  }
  return graph.edges.flatMap((edge) => {
    const [source, target] = [byId.get(edge.from), byId.get(edge.to)];
    if (source === undefined || target === undefined) return [];
    const width = thickness.get(edge) ?? 1.5;
    const [x1, x2] = [source.x + NODE_WIDTH, target.x];
    const [y1, y2] = [starts.get(edge) ?? 0, ends.get(edge) ?? 0];
    const bend = (x1 + x2) / 2;
    const [a, b] = [round(y1), round(y2)];
    const [c, d] = [round(y1 + width), round(y2 + width)];
    const path = `M${x1} ${a}C${bend} ${a} ${bend} ${b} ${x2} ${b}V${d}C${bend} ${d} ${bend} ${c} ${x1} ${c}Z`;
    const index = originIndex(edge.origin);
    const said = `${names.get(edge.from)} to ${names.get(edge.to)}: ${formatMass(edge.milligrams)}`;
    const pattern = used.length > 1 || index > 0 ? `<path d="${path}" fill="url(#trace-${index})"></path>` : '';
    return [
      `<g><title>${escapeXml(said)}</title><path d="${path}" fill="${COLOURS[index]}" fill-opacity="0.6"></path>${pattern}</g>`,
    ];
  });
}

function drawBox({ node, x, y, height }: Box): string {
  const colour = node.kind === 'lot' ? (COLOURS[originIndex(node.origin)] ?? '#0b0c0c') : '#0b0c0c';
  const [textX, textY] = [x + NODE_WIDTH + 6, y + MARGIN + 15];
  const lines = [fit(nameNode(node)), noteOf(node)];
  // A white edge keeps the words readable on whatever flows below them.
  const text = lines.map(
    (line, i) =>
      `<text x="${textX}" y="${round(textY + i * 18)}" fill="#0b0c0c" stroke="#fff" stroke-width="4" stroke-linejoin="round" paint-order="stroke"${i === 0 ? ' font-weight="700"' : ''}>${escapeXml(line)}</text>`,
  );
  return `<g><rect x="${x}" y="${round(y + MARGIN)}" width="${NODE_WIDTH}" height="${round(height)}" fill="${colour}" stroke="#0b0c0c"></rect>${text.join('')}</g>`;
}

function noteOf(node: TraceNode): string {
  const sign = node.verdict === undefined ? '' : ` ${VERDICT_WORDS[node.verdict].sign}`;
  if (node.kind !== 'lot')
    return node.kind === 'batch' || node.kind === 'transformation' ? `entry ${node.entry}${sign}` : '';
  const mass = node.milligrams === undefined ? 'mass not known' : formatMass(node.milligrams);
  const where = node.country === undefined ? '' : `, ${node.country}`;
  const state = node.isVoid ? ', void' : node.offer === 'open' ? ', not accepted' : '';
  return `${mass}${where}${state}${sign}`;
}

function fit(text: string): string {
  return text.length <= LINE ? text : `${text.slice(0, LINE - 1)}…`;
}

function capitalise(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function decapitalise(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
