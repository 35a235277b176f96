/** Lots by the command line alone: from the mine and the recycler to a laptop, and what is refused on the way. */
import { readFile, writeFile } from 'node:fs/promises';
import { hashIssuer, type IssuerId } from '@dpp-ledger/core';
import { hashLot } from '@dpp-ledger/core/materials';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createWorkplace, freePort, type Outcome, type Server, type Workplace } from './support.ts';

let place: Workplace;
let server: Server;
let api: string;

/** In the name of one of the parties; `accreditor` is nobody's. */
async function dpp(who: string, status: number, ...args: readonly string[]): Promise<Outcome> {
  const config = who === 'accreditor' ? [] : ['--config', `${who}.json`];
  const outcome = await place.dpp([...args, ...config], { env: { DPP_API_URL: api } });
  expect(outcome.status, `dpp ${args.join(' ')}\n${outcome.stdout}\n${outcome.stderr}`).toBe(status);
  return outcome;
}

const lotOf = (who: string, label: string) => hashLot(hashIssuer(`did:web:${who}.example` as IssuerId), label);

async function show(lot: string) {
  const [found] = (await dpp('mine', 0, 'lot', 'show', lot, '--json')).json();
  return found as { milligrams: string; holder: string; offeredTo?: string; changes: { kind: string }[] };
}

beforeAll(async () => {
  place = await createWorkplace();
  const port = await freePort();
  api = `http://127.0.0.1:${port}`;
  server = await place.serve(['--port', String(port)]);
  for (const [who, roles] of [
    ['mine', 'extractor'],
    ['recycler', 'recycler'],
    ['refiner', 'refiner'],
    ['maker', 'manufacturer'],
  ] as const) {
    const own = ['--issuer', `did:web:${who}.example`, '--issuer-name', `Fictional ${who}`, '--key', `${who}.jwk.json`];
    await dpp(who, 0, 'init', ...own);
    await dpp(who, 0, 'apply', '--roles', roles, '--out', `${who}.application.json`);
    const grant = who === 'maker' ? ['--grant', 'gs1:9521234'] : [];
    await dpp('accreditor', 0, 'accreditor', 'accredit', `${who}.application.json`, ...grant);
  }
});
afterAll(() => server?.stop());

const ORE = ['--substance', 'cobalt', '--country', 'CD', '--place', 'https://mine.example/pit/1'];

describe('from a mine and a recycler to a laptop', () => {
  it('lots are registered by who may, in readable masses', async () => {
    const kind = ['--origin', 'primary', '--custody', 'segregated'];
    const told = await dpp('mine', 0, 'lot', 'register', 'ORE-1', ...ORE, ...kind, '--mass', '40 kg');
    expect(told.stdout).toMatch(
      /^Registered 40 kg of cobalt\.\nLot eip155:31337:0x.*#lot-[0-9a-f]{64}\nIts event is bafk/,
    );
    const scrap = ['--substance', '7440-48-4', '--country', 'BE', '--place', 'https://recycler.example/yard'];
    const recycled = ['--origin', 'postConsumerRecycled', '--custody', 'massBalance'];
    const period = ['--period', '2026-01-01/2026-12-31'];
    await dpp('recycler', 0, 'lot', 'register', 'SCRAP-1', ...scrap, ...recycled, ...period, '--mass', '5000000mg');
    // An extractor recycles nothing.
    const refused = await dpp('mine', 1, 'lot', 'register', 'X', ...ORE, ...recycled, ...period, '--mass', '1 kg');
    expect(refused.stderr).toContain('RoleMissing');
    expect((await dpp('mine', 2, 'lot', 'register', 'X', ...ORE, ...kind, '--mass', '0.1 mg')).stderr).toContain(
      'whole milligrams',
    );
  });

  it('change hands when both sides have said so, and an offer that nobody took is seen', async () => {
    const to = ['--to', 'did:web:refiner.example', '--destination', 'https://refiner.example/plant'];
    await dpp('mine', 0, 'lot', 'offer', 'ORE-1', ...to, '--mass', '25 kg', '--label', 'ORE-1/A');
    await dpp('mine', 0, 'lot', 'offer', 'ORE-1', ...to, '--mass', '5 kg', '--label', 'ORE-1/B');
    await dpp('recycler', 0, 'lot', 'offer', 'SCRAP-1', ...to, '--mass', '5 kg', '--label', 'SCRAP-1/A');
    const offered = await dpp('refiner', 0, 'lot', 'list', '--offered-to', 'did:web:refiner.example', '--json');
    expect(offered.json()).toHaveLength(3);
    await dpp('refiner', 0, 'lot', 'accept', lotOf('mine', 'ORE-1/A'));
    await dpp('refiner', 0, 'lot', 'accept', lotOf('recycler', 'SCRAP-1/A'));
    expect(await show(lotOf('mine', 'ORE-1/A'))).toMatchObject({
      holder: 'did:web:refiner.example',
      milligrams: '25000000',
    });
    expect((await dpp('maker', 0, 'lot', 'list', '--offered-to', 'did:web:refiner.example')).stdout).toContain(
      'offered by did:web:mine.example to did:web:refiner.example',
    );
    // What is on offer can be spent by nobody.
    const spent = await dpp('mine', 1, 'lot', 'retire', 'ORE-1/B', '--mass', '1 kg');
    expect(spent.stderr).toContain('LotOffered');
  });

  it('are transformed without a milligram more than went in', async () => {
    const [ore, scrap] = [lotOf('mine', 'ORE-1/A'), lotOf('recycler', 'SCRAP-1/A')];
    const inputs = ['--input', `${ore}=25 kg`, '--input', `${scrap}=5 kg`];
    const at = [
      '--process',
      'hydrometallurgical refining',
      '--place',
      'https://refiner.example/plant',
      '--goods',
      'cobalt sulphate',
    ];
    const outputs = ['--output', 'PURE-1=24.5 kg primary', '--output', 'GREEN-1=4.9 kg postConsumerRecycled'];
    const lost = ['--lost', '500 g primary', '--lost', '100 g postConsumerRecycled'];
    const more = await dpp(
      'refiner',
      1,
      'lot',
      'transform',
      ...at,
      ...inputs,
      ...outputs,
      '--output',
      'MORE=1 g primary',
      ...lost,
    );
    expect(more.stderr).toContain('MassNotConserved');
    await dpp('refiner', 0, 'lot', 'transform', ...at, ...inputs, ...outputs, ...lost);
    const shown = await dpp('refiner', 0, 'lot', 'show', 'GREEN-1');
    expect(shown.stdout).toContain('4.9 kg of 4.9 kg left, cobalt, postConsumerRecycled, massBalance');
    expect(shown.stdout).toContain('Made of');
  });

  it('go into passports, and no more of them than there is', async () => {
    const to = ['--to', 'did:web:maker.example', '--place', 'https://refiner.example/plant'];
    await dpp('refiner', 0, 'lot', 'offer', 'GREEN-1', ...to, '--mass', '30 g', '--label', 'GREEN-1/A');
    const lot = lotOf('refiner', 'GREEN-1/A');
    await dpp('maker', 0, 'lot', 'accept', lot);
    const header =
      'granularity,gtin,serial,name,category,manufacturer.name,massKg,materials.1.name,materials.1.cas,materials.1.massG,materials.1.country,materials.1.custodyModel,materials.1.origin,materials.1.lot';
    const row = (serial: string) =>
      `item,09521234000013,${serial},Laptop 14,laptop,Fictional maker,1.4,Cobalt,7440-48-4,12,CD,massBalance,postConsumerRecycled,${lot}`;
    await writeFile(place.path('three.csv'), [header, row('A1'), row('A2'), row('A3'), ''].join('\n'));
    expect((await dpp('maker', 0, 'issue', 'three.csv', '--dry-run')).stdout).toContain(`take 36 g of lot ${lot}`);
    const refused = await dpp('maker', 5, 'issue', 'three.csv');
    expect(refused.stdout).toMatch(/MassOutOfRange\(lot: .*milligrams: 36000, held: 30000\)/);
    await writeFile(place.path('two.csv'), [header, row('A1'), row('A2'), ''].join('\n'));
    await dpp('maker', 0, 'issue', 'two.csv', '--wait');
    expect(await show(lot)).toMatchObject({ milligrams: '6000' });
    // Again, in another run: the same passports would need the same mass a second time.
    const twice = await dpp('maker', 5, 'issue', 'two.csv', '--run', 'second.run');
    expect(twice.stdout).toContain('MassOutOfRange');
    expect((await dpp('maker', 0, 'lot', 'show', lot)).stdout).toContain('allocated to a batch of passports, 24 g');
  });

  it('are traced from the laptop to mine and recycler, each step proved and verified', async () => {
    const files = ['--svg', 'flows.svg', '--graphml', 'flows.graphml'];
    const laptop = 'https://id.gs1.org/01/09521234000013/21/A1';
    const { stdout } = await dpp('maker', 0, 'trace', laptop, ...files);
    expect(stdout).toMatch(/^Batch of 2 credentials, did:web:maker\.example {2}✓ valid$/m);
    expect(stdout).toMatch(/└─ 24 g recycled after use from Lot “GREEN-1\/A” .*did:web:refiner\.example {2}✓ valid$/m);
    expect(stdout).toMatch(/├─ 25 kg primary from Lot “ORE-1\/A” \(cobalt, segregated\), did:web:mine\.example/);
    expect(stdout).toMatch(/from Lot “SCRAP-1” \(cobalt, \w\w, .*\), did:web:recycler\.example/);
    expect(stdout).toMatch(/\d+ entries proved at block \d+/);
    expect(await readFile(place.path('flows.svg'), 'utf8')).toContain('Batch of 2 credentials');
    expect(await readFile(place.path('flows.graphml'), 'utf8')).toContain('<graphml');
    const [json] = (
      await dpp('mine', 0, 'trace', lotOf('mine', 'ORE-1'), '--direction', 'downstream', '--json')
    ).json();
    expect(json).toMatchObject({ direction: 'downstream', word: { by: 'ledger' } });
    expect((json as { nodes: { kind: string; size?: number }[] }).nodes).toContainEqual(
      expect.objectContaining({ kind: 'batch', size: 2 }),
    );
    expect((await dpp('mine', 2, 'trace', laptop, '--direction', 'sideways')).stderr).toContain('--direction');
    await dpp('mine', 2, 'trace', 'nonsense');
  });

  it('are split, retired, written off, refused, withdrawn, and voided by the accreditor', async () => {
    await dpp('refiner', 0, 'lot', 'refuse', lotOf('mine', 'ORE-1/B'));
    await dpp('mine', 0, 'lot', 'split', 'ORE-1/B', '--mass', '2 kg', '--label', 'ORE-1/C');
    await dpp('mine', 0, 'lot', 'retire', 'ORE-1/C', '--mass', '500 g');
    await dpp('mine', 0, 'lot', 'write-off', 'ORE-1/C', '--mass', '300 g');
    await dpp(
      'mine',
      0,
      'lot',
      'offer',
      'ORE-1/C',
      '--to',
      'did:web:refiner.example',
      '--place',
      'https://mine.example/pit/1',
      '--mass',
      '200 g',
      '--label',
      'ORE-1/D',
    );
    await dpp('mine', 0, 'lot', 'withdraw', 'ORE-1/D');
    expect(await show('ORE-1/C')).toMatchObject({ milligrams: '1000000' });
    await dpp('accreditor', 2, 'accreditor', 'void-lot', lotOf('mine', 'ORE-1/C'));
    await dpp('accreditor', 0, 'accreditor', 'void-lot', lotOf('mine', 'ORE-1/C'), '--yes');
    const [voided] = z
      .array(z.object({ void: z.boolean(), milligrams: z.string() }))
      .parse((await dpp('mine', 0, 'lot', 'show', 'ORE-1/C', '--json')).json());
    expect(voided).toEqual({ void: true, milligrams: '0' });
  });
});
