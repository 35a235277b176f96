import { formatLot, hashLot } from '@dpp-ledger/core/materials';
import { createClient, trace as traceByOneself } from '@dpp-ledger/sdk';
import { acts, calls } from '@dpp-ledger/sdk/ledger';
import { SaxesParser } from 'saxes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRefinery, type Refinery, UNITS } from './refinery.ts';
import { PUBLIC_URL, startService, startWorld, type TestService, type World } from './support.ts';

let world: World;
let service: TestService;
let story: Refinery;

beforeAll(async () => {
  world = await startWorld();
  story = await createRefinery(world);
  service = await startService(world);
  await service.eventually(async () => {
    const waiting = await service.database.db
      .selectFrom('ledger.batch')
      .select('entry')
      .where('indexed', '=', false)
      .execute();
    return waiting.length === 0;
  });
}, 180_000);
afterAll(async () => {
  await service.close();
  await world.stop();
});

const client = () =>
  createClient({
    url: PUBLIC_URL,
    fetch: async (url, init) => await service.app.request(String(url), init),
  });

describe('a trace by oneself', () => {
  const ledger = () => world.reader;
  const all = <T>(items: readonly T[]) => [...new Set(items)];

  it('proves every entry and verifies every event, from a passport and from a lot', async () => {
    const cid = String(story.passports[0]?.cid);
    const { graph, report, word } = await traceByOneself({ cid }, { source: client(), ledger: ledger() });
    expect(report?.verdict).toBe('valid');
    expect(word).toMatchObject({ by: 'ledger', trustBase: world.reader.trustBase });
    expect(all(graph.nodes.map(({ verdict }) => verdict))).toEqual(['valid']);
    const told = await trace(cid);
    expect(graph.nodes.map(({ id }) => id)).toEqual(told.nodes.map(({ id }) => id));
    expect(graph.edges.map(({ milligrams }) => String(milligrams))).toEqual(
      told.edges.map(({ milligrams }) => milligrams),
    );
    const lot = { lot: uri(story.lots.ore) };
    const found = await traceByOneself(lot, { source: client(), ledger: ledger(), direction: 'downstream' });
    expect(new Set(found.graph.gaps.map(({ node, code }) => `${node} ${code}`))).toEqual(
      new Set([`${uri(story.lots.open)} offer-open`, `${uri(story.lots.refused)} lot-void`]),
    );
  });

  it('is said to be the service’s word where no ledger is asked', async () => {
    const { graph, word } = await traceByOneself({ lot: story.lots.recycled }, { source: client(), ledger: undefined });
    expect(word.by).toBe('service');
    expect(all(graph.nodes.map(({ verdict }) => verdict))).toEqual(['indeterminate']);
    expect(all(graph.gaps.map(({ code }) => code))).toContain('entry-unproved');
  });

  it('refuses an entry that the journal does not have, and finds void what the service hides', async () => {
    const honest = client();
    const lying: typeof honest = {
      ...honest,
      async fetchEntry(index, options) {
        const answer = await honest.fetchEntry(index, options);
        return answer.kind === 'transformed' ? { ...answer, bytes: `${answer.bytes.slice(0, -2)}00` } : answer;
      },
    };
    await expect(
      traceByOneself({ lot: story.lots.recycled }, { source: lying, ledger: ledger() }),
    ).rejects.toMatchObject({ code: 'journal.break' });
    const hiding: typeof honest = {
      ...honest,
      async fetchTrace(of, options) {
        const answer = await honest.fetchTrace(of, options);
        const kinds = await Promise.all(answer.entries.map((index) => honest.fetchEntry(index)));
        return { ...answer, entries: kinds.filter(({ kind }) => kind !== 'lotVoided').map(({ index }) => index) };
      },
    };
    const { graph } = await traceByOneself({ lot: story.lots.refused }, { source: hiding, ledger: ledger() });
    expect(graph.gaps.map(({ code }) => code)).toContain('lot-void');
  });

  it('refuses a trace that leaves out the anchor, and names a source that is left out', async () => {
    const honest = client();
    const without = (wanted: string): typeof honest => ({
      ...honest,
      async fetchTrace(of, options) {
        const answer = await honest.fetchTrace(of, options);
        const kinds = await Promise.all(answer.entries.map((index) => honest.fetchEntry(index)));
        return { ...answer, entries: kinds.filter(({ kind }) => kind !== wanted).map(({ index }) => index) };
      },
    });
    const cid = String(story.passports[0]?.cid);
    await expect(traceByOneself({ cid }, { source: without('anchored'), ledger: ledger() })).rejects.toMatchObject({
      code: 'materials.trace',
    });
    const { graph } = await traceByOneself({ cid }, { source: without('lotRegistered'), ledger: ledger() });
    expect(new Set(graph.gaps.map(({ node, code }) => `${node} ${code}`))).toEqual(
      new Set([`${uri(story.lots.ore)} entry-missing`, `${uri(story.lots.scrap)} entry-missing`]),
    );
  });
});

interface Traced {
  start: string;
  nodes: Record<string, unknown>[];
  edges: { from: string; to: string; milligrams: string; origin?: string }[];
  gaps: { node: string; code: string }[];
  cuts: { node: string; side: string; by: string }[];
  entries: number[];
  passport?: { cid: string; report: { verdict: string } };
  word: { by: string; trustBase: string; blockNumber: number };
}
const trace = async (of: string, query = '') =>
  (await service.getJson(`/trace/${encodeURIComponent(of)}${query}`)) as unknown as Traced;
const uri = (lot: `0x${string}`) => formatLot(world.reader.name, lot);
const labels = ({ nodes }: Traced) => new Set(nodes.map(({ kind, label }) => label ?? kind));
const sum = (edges: Traced['edges']) => edges.reduce((total, { milligrams }) => total + BigInt(milligrams), 0n);

describe('a trace by the service', () => {
  it('leads from a passport to the mine and the recycler, with masses that add up and a verdict on every node', async () => {
    const [passport] = story.passports;
    const traced = await trace(String(passport?.cid));
    expect(labels(traced)).toEqual(
      new Set([
        ...['ORE-1', 'ORE-1/A', 'SCRAP-1', 'SCRAP-1/A', 'transformation', 'lost'],
        ...['PURE-1', 'PURE-1/1', 'RECYCLED-1', 'CELLS-1', 'CELLS-2', 'batch'],
      ]),
    );
    const step = traced.nodes.find(({ kind }) => kind === 'transformation')?.id;
    expect(sum(traced.edges.filter(({ to }) => to === step))).toBe(1_100_000n);
    expect(sum(traced.edges.filter(({ from }) => from === step))).toBe(1_100_000n);
    const into = traced.edges.filter(({ to }) => to === traced.start);
    expect(new Set(into.map(({ from, milligrams, origin }) => `${from} ${milligrams} ${origin}`))).toEqual(
      new Set([
        `${uri(story.lots.cells)} ${12_000 * UNITS} postConsumerRecycled`,
        `${uri(story.lots.put)} ${3_000 * UNITS} primary`,
      ]),
    );
    expect(traced.passport).toMatchObject({ cid: passport?.cid, report: { verdict: 'valid' } });
    expect(traced.gaps).toEqual([]);
    expect(traced.nodes.map(({ verdict }) => verdict)).toEqual(traced.nodes.map(() => 'valid'));
    const ore = traced.nodes.find(({ label }) => label === 'ORE-1');
    expect(ore).toMatchObject({
      ...{ by: story.mine.id, holder: story.mine.id, country: 'CD', custody: 'segregated', weakest: 'massBalance' },
      events: [{ credential: story.events.get('ORE-1')?.cid, verdict: 'valid' }],
    });
    expect(traced.word).toMatchObject({ by: 'service', trustBase: expect.stringContaining('one endpoint') });
  });

  it('leads from a lot both ways, and names offers that were never accepted and what is void', async () => {
    const traced = await trace(story.lots.ore, '?direction=downstream');
    expect(traced.nodes.find(({ kind }) => kind === 'batch')).toMatchObject({ root: story.root, size: UNITS });
    expect(new Set(traced.gaps.map(({ node, code }) => `${node} ${code}`))).toEqual(
      new Set([`${uri(story.lots.open)} offer-open`, `${uri(story.lots.refused)} lot-void`]),
    );
    expect(traced.nodes.find(({ label }) => label === 'ORE-1/C')).toMatchObject({
      offer: 'refused',
      verdict: 'invalid',
    });
    expect(labels(await trace(uri(story.lots.recycled)))).toContain('SCRAP-1');
    expect(labels(await trace(uri(story.lots.recycled)))).toContain('batch');
    expect(labels(await trace(uri(story.lots.recycled), '?direction=upstream'))).not.toContain('batch');
  });

  it('is found by what a label says', async () => {
    const { passports } = story;
    const { subject } = (await service
      .getJson(`/passports/${passports[0]?.cid}/versions`)
      .then(({ items }) => (items as { subject: string }[])[0])) as { subject: string };
    const { passport, ...rest } = await trace(subject);
    const { passport: _, ...same } = await trace(String(passports[0]?.cid));
    expect(rest).toEqual(same);
    expect(passport).toMatchObject({ cid: passports[0]?.cid, report: { verdict: 'valid' } });
  });

  it('is bounded, and says where it goes on', async () => {
    const traced = await trace(String(story.passports[0]?.cid), '?depth=1');
    expect(labels(traced)).toEqual(new Set(['batch', 'CELLS-1', 'CELLS-2', 'RECYCLED-1', 'PURE-1/1']));
    expect(traced.cuts.map(({ side, by }) => `${side} ${by}`)).toEqual(['upstream depth', 'upstream depth']);
  });

  it('is cut where more was taken from a lot than a trace has room for', async () => {
    const mine = await world.createIssuer({ roles: ['extractor'] });
    const event = `0x${'e1'.repeat(32)}` as const;
    const registered = { substance: 7_440_484, origin: 'primary', custody: 'segregated', milligrams: 1_000n } as const;
    const place = { country: 'CD', label: 'MANY', facility: 'a mine', periodFrom: 0, periodUntil: 0 } as const;
    const lot = hashLot(mine.hash, 'MANY');
    await world.relayer.send(
      calls.relay(await mine.relay([acts.material({ kind: 'lotRegistered', event, ...registered, ...place })])),
    );
    for (let sent = 0; sent < 270; sent += 90) {
      const retire = acts.material({ kind: 'lotRetired', lot, milligrams: 1n });
      await world.relayer.send(calls.relay(await mine.relay(Array.from({ length: 90 }, () => retire))));
    }
    await service.inStep();
    const traced = await trace(lot);
    expect(traced.entries).toHaveLength(256);
    expect(traced.cuts).toEqual([{ node: uri(lot), side: 'downstream', by: 'size' }]);
    expect(traced.gaps).toMatchObject([{ node: uri(lot), code: 'event-missing' }]);
  });

  it('says so where the event of a source was revoked', async () => {
    const { recycler, lots, passports } = story;
    await recycler.revoke([0]);
    await service.inStep();
    const traced = await trace(String(passports[1]?.cid));
    expect(traced.gaps.map(({ node, code }) => [node, code])).toEqual([[uri(lots.scrap), 'event-invalid']]);
    expect(traced.passport?.report.verdict).not.toBe('valid');
  });

  it('is GraphML and SVG too, each well-formed, by Accept or by format', async () => {
    const path = `/trace/${story.passports[0]?.cid}`;
    for (const [format, type, root] of [
      ['graphml', 'application/graphml+xml', 'graphml'],
      ['svg', 'image/svg+xml', 'svg'],
    ] as const) {
      const response = await service.get(path, { accept: type });
      expect(response.headers.get('content-type')).toBe(`${type}; charset=utf-8`);
      const text = await response.text();
      expect(await (await service.get(`${path}?format=${format}`)).text()).toBe(text);
      const names: string[] = [];
      const parser = new SaxesParser();
      parser.on('error', (error) => {
        throw error;
      });
      parser.on('opentag', ({ name }) => void names.push(name));
      parser.write(text).close();
      expect(names[0]).toBe(root);
      expect(names.length).toBeGreaterThan(50);
    }
    expect((await service.get(path, { accept: 'text/csv' })).status).toBe(406);
    const both = await service.get(path, { accept: 'image/svg+xml;q=0.2, application/json' });
    expect(both.headers.get('content-type')).toBe('application/json');
  });

  it('answers 404 for what nobody knows and 400 for what nothing is called', async () => {
    const code = async (path: string) => {
      const response = await service.get(path);
      return [response.status, ((await response.json()) as { code: string }).code];
    };
    expect(await code(`/trace/0x${'00'.repeat(32)}`)).toEqual([404, 'service.not-found']);
    expect(await code('/trace/0x12')).toEqual([400, 'materials.lot']);
    expect(await code('/trace/nonsense')).toEqual([400, 'gs1.uri']);
    expect(await code(`/trace/${encodeURIComponent('https://nobody.example/1')}`)).toEqual([404, 'service.not-found']);
    expect(await code(`/trace/${story.lots.ore}?depth=65`)).toEqual([400, 'input.shape']);
  });
});
