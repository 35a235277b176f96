/**
 * The way of cobalt, told on the ledger: mined and recycled, refined, made into cathodes, cells, packs and laptops, where those steps are
 * mostly done (docs/materials.md names the source); and what is refused on the way. Every step is done once: the ledger knows its lots, so
 * that a second start finds what is done.
 */
import { join } from 'node:path';
import { formatTrace } from '@dpp-ledger/cli';
import { DppError, encodeHex, type Hex } from '@dpp-ledger/core';
import { hashCredential, parseCredential, parseDid, parseJwt } from '@dpp-ledger/core/credential';
import { buildBatch } from '@dpp-ledger/core/evidence';
import { findSubstance, formatLot, formatMass } from '@dpp-ledger/core/materials';
import { lotClaims, type PassportInput, parsePassportInput, sumClaims } from '@dpp-ledger/core/passport';
import { actOnLots, issue, type LotAct, type LotPlace, lotActs, lotOf, trace, verify } from '@dpp-ledger/sdk';
import { acts } from '@dpp-ledger/sdk/ledger';
import { openRun } from '@dpp-ledger/sdk/node';
import { accreditIssuer, type Issuer, type Organisation, relay, type Stage } from './issuers.ts';
import type { Voice } from './voice.ts';

const COBALT = findSubstance('cobalt');
const ORIGINS = ['primary', 'postConsumerRecycled'] as const;
type ByOrigin<T> = Readonly<Record<(typeof ORIGINS)[number], T>>;
/** The recycler's, and of all that anything of it goes into. */
const CUSTODY = 'massBalance';

const kilograms = (primary: number, postConsumerRecycled: number): ByOrigin<bigint> => ({
  primary: BigInt(Math.round(primary * 1e6)),
  postConsumerRecycled: BigInt(Math.round(postConsumerRecycled * 1e6)),
});

interface Works extends Organisation {
  readonly at: LotPlace & { readonly country: string };
}

function works(slug: string, name: string, role: 'extractor' | 'recycler' | 'refiner', country: string): Works {
  const at = { id: `https://${slug}.example/works`, name: `Works of ${name}`, country };
  return { id: parseDid(`did:web:${slug}.example`), name: `${name} (fictional)`, roles: [role], slug, at };
}

const MINE = works('kisanga', 'Kisanga Ridge Mine', 'extractor', 'CD');
const RECYCLER = works('scheldt', 'Scheldt Battery Recycling', 'recycler', 'BE');
const REFINER = works('jaderiver', 'Jade River Refining', 'refiner', 'CN');

interface Step {
  readonly works: Works;
  readonly process: string;
  /** What holds the cobalt then. */
  readonly goods: string;
  readonly made: ByOrigin<bigint>;
  readonly lost: ByOrigin<bigint>;
  /** Of what was made, to the next. */
  readonly sold: ByOrigin<bigint>;
}

/** Of the recycled cobalt 100 g fall to primary in refining: the furnace cannot tell them any more. */
const STEPS: readonly Step[] = [
  {
    ...{ works: REFINER, process: 'hydrometallurgical refining (yield 95-99 %)', goods: 'cobalt sulphate' },
    ...{ made: kilograms(29.5, 5.8), lost: kilograms(0.6, 0.1), sold: kilograms(20, 5) },
  },
  {
    works: works('lotuspeak', 'Lotus Peak Cathodes', 'refiner', 'CN'),
    ...{ process: 'cathode synthesis', goods: 'cathode powder' },
    ...{ made: kilograms(19.8, 4.95), lost: kilograms(0.2, 0.05), sold: kilograms(18, 4.5) },
  },
  {
    works: works('brightvale', 'Brightvale Cells', 'refiner', 'CN'),
    ...{ process: 'cell assembly', goods: 'lithium-ion cells' },
    ...{ made: kilograms(17.9, 4.48), lost: kilograms(0.1, 0.02), sold: kilograms(10, 2.5) },
  },
  {
    works: works('tallharbour', 'Tall Harbour Packs', 'refiner', 'CN'),
    ...{ process: 'pack assembly', goods: 'battery packs' },
    ...{ made: kilograms(10, 2.5), lost: kilograms(0, 0), sold: kilograms(0.2, 0.1) },
  },
];

const LAPTOPS = 25;
/** Grams in a laptop: 25 of them take all that there is of both. */
const IN_A_LAPTOP: ByOrigin<number> = { primary: 8, postConsumerRecycled: 4 };

export interface CobaltOptions {
  readonly stage: Stage;
  readonly voice: Voice;
  readonly maker: Issuer;
  /** A laptop whose like are made. */
  readonly like: PassportInput;
}

export async function tellCobalt({ stage, voice, maker, like }: CobaltOptions): Promise<void> {
  const { deployment, client } = stage;
  const { ledger } = deployment;
  voice.chapter('Cobalt goes from a mine and a recycler into laptops, and nobody counts it twice');
  const mine = await accreditIssuer(stage, MINE);
  const recycler = await accreditIssuer(stage, RECYCLER);
  const makers: Issuer[] = [];
  for (const step of STEPS) makers.push(await accreditIssuer(stage, step.works));

  // --------------------------------------------------------------------------------------------------- from ground to pack
  const ore = send({ from: mine, label: 'ORE-1', at: MINE.at, goods: 'cobalt hydroxide' }, makers[0], REFINER.at);
  const scrap = send({ from: recycler, label: 'SCRAP-1', at: RECYCLER.at, goods: 'black mass' }, makers[0], REFINER.at);
  const registered = { substance: COBALT, name: 'cobalt hydroxide', at: MINE.at };
  await once(stage, mine, [
    lotActs.register({
      ...{ ...registered, label: 'ORE-1', origin: 'primary', custody: 'segregated', milligrams: 40_000_000n },
    }),
    ore.offer('ORE-1/A', 30_000_000n),
    ore.offer('ORE-1/B', 4_000_000n),
  ]);
  await once(stage, recycler, [
    lotActs.register({
      ...{ substance: COBALT, name: 'black mass', at: RECYCLER.at, label: 'SCRAP-1', origin: 'postConsumerRecycled' },
      ...{ custody: CUSTODY, milligrams: 6_000_000n, period: yearAround(Date.now()) },
    }),
    scrap.offer('SCRAP-1/A', 6_000_000n),
  ]);
  voice.say(`${mine.name} registers 40 kg, ${recycler.name} 6 kg out of old batteries; each names the event`);

  let parcels: ByOrigin<Parcel> = {
    primary: ore.parcel('ORE-1/A', 30_000_000n),
    postConsumerRecycled: scrap.parcel('SCRAP-1/A', 6_000_000n),
  };
  for (const [i, step] of STEPS.entries()) {
    const [by, next = maker] = makers.slice(i);
    if (by === undefined) throw new TypeError('each step has somebody who does it');
    const [at, to] = [step.works.at, STEPS[i + 1]?.works.at ?? placeOf(like)];
    const sending = (origin: keyof typeof parcels) =>
      send({ from: by, label: `1/${origin}`, at, goods: step.goods }, next, to);
    await once(stage, by, [
      ...ORIGINS.map((origin) => lotActs.accept(parcels[origin])),
      lotActs.transform({
        ...{ process: step.process, substance: COBALT, at, lost: step.lost },
        inputs: ORIGINS.map((origin) => parcels[origin]),
        outputs: ORIGINS.map((origin) => ({
          ...{ label: `1/${origin}`, name: step.goods, origin, custody: CUSTODY, milligrams: step.made[origin] },
        })),
      }),
      ...ORIGINS.map((origin) => sending(origin).offer(`1/${origin}/A`, step.sold[origin])),
    ]);
    const sold = (origin: keyof typeof parcels) => sending(origin).parcel(`1/${origin}/A`, step.sold[origin]);
    parcels = { primary: sold('primary'), postConsumerRecycled: sold('postConsumerRecycled') };
    voice.say(`${by.name}: ${step.process}, ${describe(step.made)} of cobalt come out as ${step.goods}`);
  }
  if ((await client.fetchLot(parcels.primary.lot)).holder !== maker.id) {
    await act(
      stage,
      maker,
      ORIGINS.map((origin) => lotActs.accept(parcels[origin])),
    );
  }
  voice.say(
    `${maker.name} accepts ${describe({ primary: parcels.primary.milligrams, postConsumerRecycled: parcels.postConsumerRecycled.milligrams })}: both sides signed every transfer`,
  );

  // --------------------------------------------------------------------------------------------------------- what is refused
  const inputs = (count: number) => laptopsLike(like, parcels, ledger.name, count);
  const greedy = await issueAll(stage, maker, inputs(LAPTOPS + 5), 'cobalt-more');
  voice.check(
    greedy.refused === LAPTOPS + 5 && /MassOutOfRange/.test(greedy.refusal ?? ''),
    `${LAPTOPS + 5} laptops would take more than there is: the contract refuses, ${reasonIn(greedy.refusal)}`,
  );
  const issued = await issueAll(stage, maker, inputs(LAPTOPS), 'cobalt');
  voice.say(
    `${LAPTOPS} laptops take ${IN_A_LAPTOP.primary} g of primary and ${IN_A_LAPTOP.postConsumerRecycled} g of recycled cobalt each, all that there is: anchored`,
  );
  const genuine = await verify({ cid: issued.cids[0] ?? '' }, { ledger, source: client });
  const provenance = genuine.report.checks.find(({ name }) => name === 'provenance');
  voice.expect(genuine.report, { verdict: 'valid' }, `One of them (${(provenance?.message ?? '').replace(/\.$/, '')})`);
  const twice = await spendAgain(stage, maker, issued.cids);
  voice.check(
    /MassOutOfRange/.test(twice ?? ''),
    `Anchoring them again would spend the same cobalt twice: the contract refuses, ${reasonIn(twice)}`,
  );
  const open = await Array.fromAsync(client.listLots({ offeredTo: REFINER.id }));
  voice.check(
    open.length === 1 && open[0]?.milligrams === 4_000_000n,
    `${open.map(({ milligrams }) => formatMass(milligrams)).join()} that ${mine.name} offered and ${REFINER.name} never accepted are seen as such, and nobody can use them`,
  );

  // -------------------------------------------------------------------------------------------------------------- following
  voice.say(
    'A buyer traces the cobalt of one laptop back to the mine and the recycler (`dpp trace`), each step proved and judged:',
  );
  const traced = await trace({ cid: issued.cids[0] ?? '' }, { source: client, ledger, direction: 'upstream' });
  voice.print(formatTrace(traced, { style: (_, text) => text }));
  const origins = traced.graph.nodes.flatMap((node) => (node.kind === 'lot' ? [node.country] : []));
  voice.check(
    traced.graph.gaps.length === 0 && [MINE, RECYCLER].every(({ at }) => origins.includes(at.country)),
    'Nothing is missing on the way',
  );
  voice.say(`The same as a picture: ${deployment.publicUrl}/view/trace/${issued.cids[0]}`);
}

// ----------------------------------------------------------------------------------------------------------------- lots

/** A part of a lot on its way. */
interface Parcel {
  readonly lot: Hex;
  readonly milligrams: bigint;
  readonly name: string;
  readonly sender: Issuer['id'];
  readonly counterpartyName: string;
  readonly from: LotPlace;
  readonly to: LotPlace;
}

/** What one offers of a lot to another, and what that is to the other. */
function send(
  of: { readonly from: Issuer; readonly label: string; readonly at: LotPlace; readonly goods: string },
  receiver: Issuer | undefined,
  to: LotPlace,
) {
  if (receiver === undefined) throw new TypeError('somebody receives it');
  const { from: sender, at: from, goods: name } = of;
  return {
    offer: (label: string, milligrams: bigint): LotAct =>
      lotActs.offer({
        ...{ lot: lotOf(sender.id, of.label), label, milligrams, receiver: receiver.id },
        ...{ counterpartyName: receiver.name, name, from, to },
      }),
    parcel: (label: string, milligrams: bigint): Parcel => ({
      ...{ lot: lotOf(sender.id, label), milligrams, name, sender: sender.id },
      ...{ counterpartyName: sender.name, from, to },
    }),
  };
}

async function act(stage: Stage, issuer: Issuer, list: readonly LotAct[]): Promise<void> {
  const { deployment, client } = stage;
  const { answer } = await actOnLots(list, {
    ...{ signer: issuer.operate, credentialSigner: issuer.assert, issuerName: issuer.name },
    ...{ ledger: deployment.ledger.id, client, reader: deployment.ledger },
  });
  await client.waitReceipt(answer.id, 'final', { pollMs: 50 });
}

/** All of it is done or nothing, so the last lot that it makes tells whether it was done before. */
async function once(stage: Stage, issuer: Issuer, list: readonly LotAct[]): Promise<void> {
  const last = list.at(-1)?.(issuer.id).lots.at(-1);
  if (last === undefined || !(await isKnown(stage, last))) await act(stage, issuer, list);
}

async function isKnown({ client }: Stage, lot: Hex): Promise<boolean> {
  try {
    await client.fetchLot(lot);
    return true;
  } catch (error) {
    if (error instanceof DppError && error.code === 'store.not-found') return false;
    throw error;
  }
}

// ------------------------------------------------------------------------------------------------------------- passports

/** Laptops whose cobalt is drawn from the parcels. */
function laptopsLike(like: PassportInput, parcels: ByOrigin<Parcel>, ledger: string, count: number): PassportInput[] {
  const { materials = [], ...device } = like;
  const isCobalt = ({ cas }: { readonly cas?: string | undefined }) => cas === '7440-48-4';
  const { name = 'Cobalt', component, source } = materials.find(isCobalt) ?? {};
  const cobalt = ORIGINS.map((origin) => ({
    ...{ name, cas: '7440-48-4', component, source, origin, massG: IN_A_LAPTOP[origin], custodyModel: CUSTODY },
    ...{ critical: true, lot: formatLot(ledger, parcels[origin].lot) },
    country: origin === 'primary' ? MINE.at.country : RECYCLER.at.country,
  }));
  return Array.from({ length: count }, (_, i) =>
    parsePassportInput(
      JSON.parse(
        JSON.stringify({
          ...device,
          serial: `COBALT${i + 1}`,
          materials: [...materials.filter((one) => !isCobalt(one)), ...cobalt],
        }),
      ),
    ),
  );
}

async function issueAll(stage: Stage, issuer: Issuer, inputs: readonly PassportInput[], name: string) {
  const { deployment, client, folder } = stage;
  const run = await openRun(join(folder, `${name}.run`), { ledger: deployment.ledger.id, issuer: issuer.id });
  let refusal: string | undefined;
  try {
    const { refused } = await issue({
      ...{ inputs, signer: issuer.assert, actSigner: issuer.operate, issuerName: issuer.name, client, run },
      ...{ ledger: deployment.ledger.id, reader: deployment.ledger },
      onItem: ({ receipt }) => {
        if (receipt.state === 'refused') refusal = receipt.detail;
      },
    });
    await deployment.service.caughtUp();
    return { refused, refusal, cids: (await Array.fromAsync(run.items())).map(({ cid }) => cid) };
  } finally {
    await run.close();
  }
}

/** Brings the same batch, with the same takings, to the ledger once more; what that was refused with. */
async function spendAgain(stage: Stage, issuer: Issuer, cids: readonly string[]): Promise<string | undefined> {
  const jwts = await Promise.all(cids.map((cid) => stage.client.fetchCredential(cid)));
  const { root, size, manifest } = buildBatch(jwts.map((jwt) => hashCredential(new TextEncoder().encode(jwt))));
  const allocations = sumClaims(lotClaims(parseCredential(parseJwt(jwts[0] ?? '').payload)));
  const batch = acts.anchor({ root, size, manifest: encodeHex(manifest.digest), allocations });
  try {
    await relay(stage, issuer.operate, [batch], jwts);
    return undefined;
  } catch (error) {
    if (error instanceof DppError && error.code === 'service.refused') return error.message;
    throw error;
  }
}

// ----------------------------------------------------------------------------------------------------------------- words

function describe({ primary, postConsumerRecycled }: ByOrigin<bigint>): string {
  return `${formatMass(primary)} primary and ${formatMass(postConsumerRecycled)} recycled`;
}

/** The contract's own words in a refusal. */
function reasonIn(refusal: string | undefined): string {
  return /\w+\(.*\)/.exec(refusal?.replace(/^.*relay \d+ act\(s\) of \S+: /, '') ?? '')?.[0] ?? `with ${refusal}`;
}

/** A balance period that has begun, and is not soon over. */
function yearAround(milliseconds: number): { readonly from: number; readonly until: number } {
  const day = Math.floor(milliseconds / 86_400_000);
  return { from: (day - 30) * 86_400, until: (day + 335) * 86_400 };
}

function placeOf({ facility }: PassportInput): LotPlace {
  return facility === undefined ? { id: 'https://fernhill.example/works', name: 'Works of Fernhill' } : facility;
}
