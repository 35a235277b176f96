/** Attestations at the service: found by what they assess, judged in every verdict, and the same after the index is read anew. */
import {
  type AttestationInput,
  buildAttestation,
  buildPassport,
  parseAttestationInput,
  parsePassportInput,
} from '@dpp-ledger/core/passport';
import { verify, verifyClaims } from '@dpp-ledger/sdk';
import { calls } from '@dpp-ledger/sdk/ledger';
import { PGlite } from '@electric-sql/pglite';
import { Migrator } from 'kysely/migration';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../../sdk/src/client.ts';
import { LEDGER_MIGRATIONS } from '../src/database/schema.ts';
import { compareIndex, type Database, openDatabase } from '../src/index.ts';
import {
  GTIN,
  MODEL,
  PUBLIC_URL,
  startService,
  startWorld,
  type TestIssuer,
  type TestService,
  type World,
} from './support.ts';

const SOURCE = { url: 'https://maker.example/report.pdf' };
const ITEM = `${MODEL}/21/A7K2`;
const PLANT = 'urn:facility:north';
const ASSESSMENT = {
  name: 'Carbon footprint',
  criteria: ['carbon'],
  date: '2026-11-02',
  products: [{ id: MODEL, name: 'Laptop 14' }],
  figures: [{ metric: 'carbon.totalKgCO2e', value: 231 }],
  conforms: true,
};

let world: World;
let maker: TestIssuer;
let certifier: TestIssuer;
let service: TestService;
let pglite: PGlite;
let database: Database;
let home: string;
let places = 0;

type Signed = Awaited<ReturnType<TestIssuer['sign']>> & { readonly place: number };

const optionsOf = ({ id, list }: TestIssuer, index: number) => ({
  issuer: { id, name: 'Fictional issuer' },
  ledger: world.reader.id,
  status: { list, index },
  statusListCredential: `${PUBLIC_URL}/status/${id}/${list}`,
  validFrom: '2025-01-15T00:00:00Z',
});

async function attest(name: string, assessments: readonly object[], change: object = {}): Promise<Signed> {
  const input: AttestationInput = parseAttestationInput({
    id: `${home}attestations/${name}`,
    name: `Certificate ${name}`,
    assessorLevel: '3rdParty',
    assessmentLevel: 'scheme-cab',
    attestationType: 'certification',
    issuedTo: { id: maker.id, name: 'Fictional Maker Ltd' },
    scheme: { id: `${home}schemes/1`, name: 'Scheme 1' },
    validUntil: '2090-01-01',
    assessments,
    ...change,
  });
  const place = places++;
  return { ...(await certifier.sign({ ...buildAttestation(input, optionsOf(certifier, place)) })), place };
}

async function accept(...signed: Signed[]): Promise<void> {
  const answers = await service.submit(signed);
  expect(answers.map(({ state, detail }) => [state, detail])).toEqual(signed.map(() => ['accepted', undefined]));
  for (const { id } of answers) await service.until(id, 'final');
}

/** CIDs of the attestations of a subject. */
async function find(subject: string, query = ''): Promise<string[]> {
  const { items } = await service.getJson(`/attestations?subject=${encodeURIComponent(subject)}${query}`);
  return (items as { cid: string }[]).map(({ cid }) => cid);
}

interface Claims {
  readonly claims: {
    readonly name: string;
    readonly standing: string;
    readonly bearings: { readonly cid: string }[];
  }[];
  readonly attestations: { readonly cid: string; readonly code: string }[];
  readonly recycledContent: object;
}
const readClaims = async () =>
  (await service.getJson(`/verify?uri=${encodeURIComponent(ITEM)}`)) as unknown as Claims & { verdict: string };
const standingOf = ({ claims }: Claims, name: string) => claims.find((claim) => claim.name === name)?.standing;

let passport: Signed;
let ofModel: Signed;
let ofPlant: Signed;
let ofOther: Signed;

beforeAll(async () => {
  world = await startWorld();
  maker = await world.createIssuer();
  certifier = await world.createIssuer({ roles: ['certifier'], grants: [] });
  home = `https://${certifier.id.slice('did:web:'.length)}/`;
  await world.accreditor.send(calls.grantPrefix({ issuer: certifier.id, number: 1, prefix: home }));
  pglite = await PGlite.create();
  database = openDatabase({ pglite });
  service = await startService(world, { database });
  const input = parsePassportInput({
    granularity: 'item',
    gtin: GTIN,
    serial: 'A7K2',
    name: 'Laptop 14',
    category: 'laptop',
    manufacturer: { name: 'Fictional Maker Ltd' },
    facility: { id: PLANT, name: 'North assembly', country: 'GB' },
    massKg: 1,
    reusedComponentPercent: 0,
    unspecifiedMassG: 500,
    materials: [{ name: 'Steel', massG: 500, country: 'SE', preConsumerPercent: 0, postConsumerPercent: 40 }],
    carbon: { totalKgCO2e: 231, source: SOURCE },
    circularity: { recycledContentPercent: 20, source: SOURCE },
  });
  const built = buildPassport(input, { ...optionsOf(maker, 900), voice: 'declared' });
  passport = { ...(await maker.sign({ ...built })), place: 900 };
  ofModel = await attest('model', [ASSESSMENT]);
  const figures = { products: undefined, figures: [] };
  ofPlant = await attest('plant', [{ ...ASSESSMENT, ...figures, facilities: [{ id: PLANT, name: 'North' }] }]);
  ofOther = await attest('other', [{ ...ASSESSMENT, products: [{ id: `${MODEL}/21/OTHER`, name: 'L' }] }]);
  await accept(passport, ofModel, ofPlant, ofOther);
}, 240_000);
afterAll(async () => {
  await service.close();
  await pglite.close();
  await world.stop();
});

describe('attestations', () => {
  it('are found by the item, by its model, by a label of any host, and by the facility', async () => {
    expect(await find(ITEM)).toEqual([ofModel.cid]);
    expect(await find(MODEL)).toEqual([ofModel.cid]);
    expect(await find(`https://dpp.example/01/${GTIN}/10/M1/21/A7K2`)).toEqual([ofModel.cid]);
    expect(await find(PLANT)).toEqual([ofPlant.cid]);
    expect(new Set(await find(`${MODEL}/21/OTHER`))).toEqual(new Set([ofModel.cid, ofOther.cid]));
    expect(await find('https://nobody.example/x')).toEqual([]);
    expect(await find('{"a,b}\\')).toEqual([]);
  });

  it('are given by pages', async () => {
    const page = await service.getJson(`/attestations?subject=${encodeURIComponent(`${MODEL}/21/OTHER`)}&limit=1`);
    const [first] = page.items as { cid: string }[];
    const rest = await find(`${MODEL}/21/OTHER`, `&limit=1&cursor=${page.next}`);
    expect(new Set([first?.cid, ...rest])).toEqual(new Set([ofModel.cid, ofOther.cid]));
  });

  it('are judged in a verdict, which does not depend on them', async () => {
    const report = await readClaims();
    expect(report.verdict).toBe('valid');
    expect(report).toMatchObject({ askedForAttestations: true, unreadAttestations: [] });
    expect(report.claims.map(({ name, standing }) => [name, standing])).toEqual([
      ['Carbon footprint', 'attested'],
      ['Circularity', 'selfDeclared'],
      ['Steel', 'selfDeclared'],
      ['North assembly', 'attested'],
    ]);
    expect(report.claims[0]?.bearings.map(({ cid }) => cid)).toEqual([ofModel.cid]);
    // 40 % of 500 g, of 1,000 g
    expect(report.recycledContent).toMatchObject({
      device: { postConsumer: { atLeast: 20, atMost: 20 } },
      comparisons: [{ declared: 20, computed: { atLeast: 20, atMost: 20 }, difference: 0, agrees: true }],
    });
  });

  it('are judged the same of evidence that somebody sends', async () => {
    const evidence = await (await service.get(`/evidence/${passport.cid}`)).text();
    const answer = await service.post('/verify', 'application/json', evidence);
    expect(standingOf((await answer.json()) as Claims, 'Carbon footprint')).toBe('attested');
  });

  it('have no claims of their own: a verdict on one names none', async () => {
    const evidence = await (await service.get(`/evidence/${ofModel.cid}`)).text();
    const answer = (await (await service.post('/verify', 'application/json', evidence)).json()) as object;
    expect(answer).toMatchObject({ verdict: 'valid' });
    expect(answer).not.toHaveProperty('claims');
  });

  it('are judged by a client that believes the service in nothing', async () => {
    const client = createClient({
      url: PUBLIC_URL,
      fetch: async (input, init) => await service.app.request(String(input), init),
    });
    const options = { ledger: world.reader, source: client };
    const verified = await verify({ uri: ITEM }, options);
    const claims = await verifyClaims(verified, options);
    expect(claims?.claims[0]).toMatchObject({ name: 'Carbon footprint', standing: 'attested' });
    // Nobody asked: what is at hand is all that counts.
    const { evidence: at } = await verify({ cid: ofModel.cid }, options);
    const alone = { ledger: world.reader, attestations: [at, JSON.stringify(at)] };
    const offline = await verifyClaims(verified, alone);
    expect(offline).toMatchObject({ askedForAttestations: false, attestations: [{ cid: ofModel.cid }] });
    expect(offline?.claims[0]?.standing).toBe('attested');
    expect((await verifyClaims(verified, { ledger: world.reader }))?.claims[0]?.standing).toBe('selfDeclared');
    // One whose evidence does not come is named, and the rest stands.
    const broken = {
      ...client,
      fetchEvidence: (cid: string) => client.fetchEvidence(cid === ofModel.cid ? ofPlant.cid : cid),
    };
    const partly = await verifyClaims(verified, { ledger: world.reader, source: broken });
    expect(partly).toMatchObject({ unreadAttestations: [{ cid: ofModel.cid, code: 'store.mismatch' }] });
    expect(partly?.claims.map(({ standing }) => standing)).toEqual([
      'selfDeclared',
      'selfDeclared',
      'selfDeclared',
      'attested',
    ]);
  });

  it('are in the index as the ledger and the store make it', async () => {
    const compared = await compareIndex(database, { ledger: world.reader, source: world.embedded.store });
    expect(compared).toMatchObject({ total: 0, differences: [] });
    const { rows } = await pglite.query<{ assessed: string[] | null }>(
      'select assessed from ledger.credential order by entry, position',
    );
    expect(rows.map(({ assessed }) => assessed)).toEqual(
      expect.arrayContaining([null, [MODEL], [PLANT], [`${MODEL}/21/OTHER`]]),
    );
  });
});

describe('on the passport’s page', () => {
  it('each claim says whose word it is, with a link to the attestation', async () => {
    const page = await (await service.get(`/view/passport?uri=${encodeURIComponent(ITEM)}`)).text();
    expect(page).toContain('Whose word the claims are');
    expect(page).toContain(`href="/view/passport/${ofModel.cid}"`);
    expect(page).toContain('Recycled content by EN 45557');
    const certificate = await (await service.get(`/view/passport/${ofModel.cid}`)).text();
    expect(certificate).toContain('Attestation of a certifier');
  });
});

describe('an attestation that is taken back', () => {
  it('attests nothing any more, and is still listed with why', async () => {
    await certifier.revoke([ofModel.place]);
    await service.inStep();
    const report = await readClaims();
    expect(report.verdict).toBe('valid');
    expect(standingOf(report, 'Carbon footprint')).toBe('selfDeclared');
    expect(report.attestations.find(({ cid }) => cid === ofModel.cid)?.code).toBe('attestation.revoked');
  });

  it('is outweighed by one that says otherwise', async () => {
    await accept(await attest('again', [ASSESSMENT]));
    expect(standingOf(await readClaims(), 'Carbon footprint')).toBe('attested');
    await accept(await attest('denial', [{ ...ASSESSMENT, figures: [{ metric: 'carbon.totalKgCO2e', value: 262 }] }]));
    const report = await readClaims();
    expect(report.verdict).toBe('valid');
    expect(standingOf(report, 'Carbon footprint')).toBe('contradicted');
  });
});

it.each([
  ['conformity', 0],
  ['passport', 1],
])(
  'an index that was read before attestations were kept, with a credential of kind %s, keeps %i of it',
  async (kind, kept) => {
    const old = await PGlite.create();
    const { db, migrate, close } = openDatabase({ pglite: old });
    const before = Object.fromEntries(Object.entries(LEDGER_MIGRATIONS).filter(([name]) => name < '0003_assessed'));
    const provider = { getMigrations: async () => before };
    const { error } = await new Migrator({ db, provider, migrationTableSchema: 'ledger' }).migrateToLatest();
    expect(error).toBe(undefined);
    await old.query(`insert into ledger.credential (entry, position, digest, kind) values (1, 0, '\\x00', $1)`, [kind]);
    await migrate();
    const { rows } = await old.query<{ assessed: null }>('select assessed from ledger.credential');
    expect(rows).toEqual(Array.from({ length: kept }, () => ({ assessed: null })));
    await close();
    await old.close();
  },
);
