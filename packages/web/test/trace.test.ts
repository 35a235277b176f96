import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { traceSvg } from '../src/sankey.ts';
import { createTestPages } from './support.ts';
import { createGraph, createLotPage, createTracePage, lotOf } from './trace-pages.ts';

const PATH = `/view/trace/${lotOf('RECYCLED-1')}`;

async function words(
  path: string,
  changes: Parameters<typeof createTestPages>[0] = {},
): Promise<{ text: string; words: string }> {
  const text = await (await createTestPages(changes).app.request(path)).text();
  const shown = text
    .replace(/<svg.*?<\/svg>/gs, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');
  return { text, words: shown };
}

function parse(svg: string) {
  const elements: { name: string; attributes: Record<string, string>; text: string }[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => void elements.push({ name, attributes, text: '' }));
  parser.on('text', (text) => {
    const last = elements.at(-1);
    if (last !== undefined) last.text += text;
  });
  parser.write(svg).close();
  return elements;
}

describe('the picture of a trace', () => {
  it('is the same for the same trace, well-formed, with a title and every flow in words', () => {
    const graph = createGraph();
    const svg = traceSvg(graph);
    expect(traceSvg(createGraph())).toBe(svg);
    const elements = parse(svg);
    const [root] = elements;
    expect(root?.attributes).toMatchObject({ role: 'img', 'aria-labelledby': 'trace-title trace-description' });
    const described = elements.find(({ name }) => name === 'desc')?.text ?? '';
    expect(described).toContain('Lot “SCRAP-1” to Refining: 500 g, recycled after use.');
    expect(described.split('.').length - 1).toBeGreaterThanOrEqual(graph.edges.length);
  });

  it('draws each flow as wide as its mass, inside the picture', () => {
    const graph = createGraph();
    const elements = parse(traceSvg(graph));
    const thickness = (d: string) => {
      const [from, to] = [/^M\S+ (\S+?)C/.exec(d)?.[1], / (\S+)Z$/.exec(d)?.[1]];
      return Number(to) - Number(from);
    };
    const paths = elements.filter(
      ({ name, attributes }) => name === 'path' && attributes['fill-opacity'] !== undefined,
    );
    expect(paths).toHaveLength(graph.edges.length);
    const perGram = paths.map(
      ({ attributes }, i) => thickness(attributes.d ?? '') / Number(graph.edges[i]?.milligrams),
    );
    const wide = perGram.filter((_, i) => Number(graph.edges[i]?.milligrams) > 50_000);
    for (const one of wide) expect(one).toBeCloseTo(wide[0] ?? 0, 6);
    const { width, height } = (elements[0] ?? { attributes: {} as Record<string, string> }).attributes;
    for (const { attributes } of elements.filter(({ name }) => name === 'rect').slice(1)) {
      if (attributes.x === undefined) continue;
      expect(Number(attributes.x) + Number(attributes.width)).toBeLessThanOrEqual(Number(width));
      expect(Number(attributes.y) + Number(attributes.height)).toBeLessThanOrEqual(Number(height));
    }
  });

  it('looks at each of very many flows a few times only', () => {
    const graph = createGraph();
    const [node, edge] = [graph.nodes.find(({ kind }) => kind === 'lot'), graph.edges[0]];
    if (node === undefined || edge === undefined) throw new TypeError('the story has lots and flows');
    let reads = 0;
    const ids = Array.from({ length: 2_000 }, (_, i) => `${node.id}${i}`);
    const edges = ids.slice(1).map((to) => ({
      ...edge,
      to,
      get from() {
        reads++;
        return ids[0] ?? '';
      },
    }));
    traceSvg({ ...graph, start: ids[0] ?? '', nodes: ids.map((id) => ({ ...node, id })), edges });
    expect(reads).toBeLessThan(10 * edges.length);
  });

  it('takes other people’s words as text', () => {
    const svg = traceSvg(createGraph({ label: (text) => `</text><script>${text}&"'` }));
    expect(svg).not.toContain('<script');
    expect(parse(svg).map(({ name }) => name)).not.toContain('script');
  });
});

describe('the page of a trace', () => {
  it('says whose word it is, and in tables what the picture says', async () => {
    const { words: shown, text } = await words(PATH, { trace: async () => createTracePage() });
    expect(shown).toContain('This is this server’s word, on that of one endpoint, http://127.0.0.1:8545, at block 812');
    expect(shown).toMatch(/Lot “SCRAP-1” Refining 500 g recycled after use 42/);
    expect(shown).toMatch(/Refining Lost 10 g primary/);
    expect(shown).toMatch(/Lot “RECYCLED-1” Batch of 25 credentials 300 g/);
    expect(text).toContain('role="img"');
    expect(text).toContain(`href="/view/lots/${lotOf('SCRAP-1')}"`);
    expect(text).toContain('format=graphml');
  });

  it('names gaps, and colours no verdict without its word', async () => {
    const { words: shown } = await words(PATH, { trace: async () => createTracePage() });
    expect(shown).toContain('Lot “ORE-1” : The credential that says what happened does not hold.');
    expect(shown).toContain('Lot “SCRAP-1” : The credential that says what happened is not to be found.');
    expect(shown).toMatch(/Lot “ORE-1” ✗ Not valid/);
    expect(shown).toMatch(/Lot “RECYCLED-1” \(start\) ✓ Valid/);
    expect(shown).toMatch(/Lot “PURE-1” \(beside the way\)/);
  });

  it('says where it goes on, and leads there', async () => {
    const { words: shown, text } = await words(`${PATH}?depth=1`, {
      trace: async (_, { depth }) =>
        createTracePage({
          ...createGraph({ depth: 1 }),
          depth,
          cuts: [{ node: createGraph().start, side: 'upstream', by: 'depth' }],
        }),
    });
    expect(shown).toContain('Where it goes on');
    expect(text).toContain('depth=2');
  });

  it('is 404 where nothing is known and 400 where nothing can be meant', async () => {
    const status = async (path: string) =>
      (await createTestPages({ trace: async () => undefined, readLot: async () => undefined }).app.request(path))
        .status;
    expect(await status(PATH)).toBe(404);
    expect(await status(`${PATH}?direction=sideways`)).toBe(400);
    expect(await status(`${PATH}?depth=0`)).toBe(400);
    expect(await status(`/view/lots/${lotOf('RECYCLED-1')}`)).toBe(404);
  });
});

describe('the page of a lot', () => {
  it('says what it is, who has it, what it was made of and where it went', async () => {
    const { words: shown, text } = await words(`/view/lots/${lotOf('RECYCLED-1')}`, {
      readLot: async () => createLotPage({ next: 45 }),
    });
    expect(shown).toContain('400 g of cobalt, recycled after use. Held');
    expect(shown).toMatch(/Left in it 100 g/);
    expect(shown).toContain('Refiner Ltd anchored a batch of 25 credentials');
    expect(text).toContain(`href="/view/lots/${lotOf('ORE-1')}"`);
    expect(text).toContain(`href="/view/trace/${lotOf('RECYCLED-1')}"`);
    expect(text).toContain('?from=45"');
  });

  it.each([
    [{ isVoid: true }, 'Declared void'],
    [{ offeredTo: { id: 'did:web:a.example', name: undefined } }, 'Offered, not accepted'],
    [{ milligrams: 0n }, 'Used up'],
  ])('says of one that is %o: %s', async (changes, said) => {
    const { words: shown } = await words(`/view/lots/${lotOf('RECYCLED-1')}`, {
      readLot: async () => createLotPage(changes),
    });
    expect(shown).toContain(said);
  });
});
