/** EPCIS 2.0: events of credentials and events of others, asked for as the standard asks. */
import { UnavailableError } from '@dpp-ledger/core';
import { CONTEXT_URL, UNTP_CONTEXT, VCDM_CONTEXT } from '@dpp-ledger/core/credential';
import {
  buildEpcisDocument,
  buildEvent,
  type EpcisObject,
  type EventInput,
  parseEpcisDocument,
} from '@dpp-ledger/core/event';
import { hashLot } from '@dpp-ledger/core/materials';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../src/index.ts';
import { PUBLIC_URL, startService, startWorld, type TestIssuer, type TestService, type World } from './support.ts';

let world: World;
let pglite: PGlite;
let service: TestService;
let refiner: TestIssuer;
/** CIDs of the anchored events, by the name of each. */
const cids = new Map<string, string>();

const FACILITY = { id: 'https://refiner.example/facility/1', name: 'Refinery 1' };
const lot = (label: string) => ({ lot: hashLot(refiner.hash, label), label, milligrams: 1_000n, name: label });
const newLot = (label: string) =>
  ({ ...lot(label), substance: '7440-48-4', origin: 'primary', custody: 'segregated' }) as const;
const lotUri = (label: string) => {
  const { chainId, address } = world.reader.id;
  return `eip155:${chainId}:${address.toLowerCase()}#lot-${hashLot(refiner.hash, label).slice(2)}`;
};

beforeAll(async () => {
  world = await startWorld();
  pglite = await PGlite.create();
  service = await startService(world, { database: openDatabase({ pglite }), capturedEvents: 20 });
  refiner = await world.createIssuer({ roles: ['refiner'], grants: [] });
  await service.inStep();
  await anchor(
    { kind: 'register', name: 'Mine', date: '2026-01-01T08:00:00+08:00', at: FACILITY, outputs: [newLot('ore')] },
    {
      ...{ kind: 'transform', name: 'Refine', date: '2026-01-02T08:00:00+08:00', at: FACILITY, process: 'leaching' },
      ...{ inputs: [lot('ore')], outputs: [newLot('sulphate')] },
    },
    {
      ...{ kind: 'transfer', step: 'offered', name: 'Ship', date: '2026-01-03T08:00:00+08:00', from: FACILITY },
      ...{ to: { id: 'https://cathodes.example/plant', name: 'Plant' }, moved: [lot('sulphate')] },
      counterparty: { id: refiner.id, name: 'Cathodes' },
    },
  );
}, 300_000);
afterAll(async () => {
  await service.close();
  await pglite.close();
  await world.stop();
});

/** Signs an event by the issuer of the tests, which hands out the place of its status. */
async function sign(input: EventInput) {
  const event = buildEvent(input, {
    issuer: { id: refiner.id, name: 'Refiner' },
    ledger: world.reader.id,
    status: { list: 1n, index: 0 },
    statusListCredential: 'https://refiner.example/status/1',
    validFrom: '2026-01-05T00:00:00Z',
  });
  const { credentialStatus: _, ...terms } = event;
  return await refiner.sign(terms);
}

async function anchor(...inputs: EventInput[]): Promise<void> {
  const signed = await Promise.all(inputs.map(sign));
  const answers = await service.submit(signed);
  expect(answers.map(({ state, code }) => [state, code])).toEqual(inputs.map(() => ['accepted', undefined]));
  for (const { id } of answers) await service.until(id, 'final');
  await service.caughtUp();
  for (const [i, { cid }] of signed.entries()) cids.set(inputs[i]?.name ?? '', cid);
}

interface Page {
  readonly events: EpcisObject[];
  readonly next: string | undefined;
  readonly response: Response;
}

async function ask(query: string): Promise<Page> {
  const response = await service.get(query.startsWith('/') ? query : `/epcis/events${query}`);
  const body = (await response.json()) as {
    epcisBody: { queryResults: { resultsBody: { eventList: EpcisObject[] } } };
  };
  expect([query, response.status, response.status === 200 ? '' : body]).toEqual([query, 200, '']);
  const next = /^<([^>]+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1];
  return { events: body.epcisBody.queryResults.resultsBody.eventList, next, response };
}

const namesOf = ({ events }: Page) =>
  events.map((event) => {
    const cid = event['dppl:credential'];
    return [...cids].find(([, known]) => known === cid)?.[0] ?? event.eventID;
  });

const document = (...events: EpcisObject[]) => buildEpcisDocument(events, { creationDate: '2026-01-04T00:00:00Z' });
const observation = (more: EpcisObject = {}): EpcisObject => ({
  type: 'ObjectEvent',
  eventTime: '2025-12-01T00:00:00Z',
  eventTimeZoneOffset: '+00:00',
  action: 'OBSERVE',
  bizStep: 'inspecting',
  epcList: ['urn:epc:id:sgtin:0614141.107346.2017'],
  readPoint: { id: 'urn:epc:id:sgln:0614141.07346.0' },
  ...more,
});
const capture = (body: unknown, on = service) =>
  on.post('/epcis/capture', 'application/json', typeof body === 'string' ? body : JSON.stringify(body));

describe('events of credentials', () => {
  it('are there as EPCIS, newest first, with the credential that they are verified by', async () => {
    const page = await ask('?EQ_bizStep=commissioning,shipping');
    expect(namesOf(page)).toEqual(['Ship', 'Refine', 'Mine']);
    expect(page.response.headers.get('gs1-epcis-version')).toBe('2.0.0');
    const [shipped] = page.events;
    const cid = cids.get('Ship');
    expect(shipped).toMatchObject({
      type: 'ObjectEvent',
      bizStep: 'shipping',
      'dppl:standing': 'anchored',
      'dppl:credential': cid,
      'dppl:issuer': refiner.id,
      'dppl:verification': `${PUBLIC_URL}/evidence/${cid}`,
    });
    // What it leads to is there.
    expect((await service.get(`/evidence/${cid}`)).status).toBe(200);
    // Without what this service says of them, they could be captured elsewhere.
    const plain = page.events.map((event) =>
      Object.fromEntries(
        Object.entries(event).filter(([name]) => !/^dppl:(standing|credential|issuer|verification)$/.test(name)),
      ),
    );
    expect(parseEpcisDocument(document(...plain)).events).toHaveLength(3);
  });

  it.each([
    ['eventType=TransformationEvent', ['Refine']],
    ['eventType=ObjectEvent&EQ_action=ADD', ['Mine']],
    ['EQ_bizStep=https://ref.gs1.org/cbv/BizStep-shipping', ['Ship']],
    ['EQ_bizStep=urn:epcglobal:cbv:bizstep:shipping', ['Ship']],
    ['EQ_disposition=in_transit', ['Ship']],
    ['EQ_readPoint=https://refiner.example/facility/1', ['Ship', 'Refine', 'Mine']],
    ['EQ_bizLocation=https://refiner.example/facility/1', ['Refine', 'Mine']],
    ['GE_eventTime=2026-01-02T00:00:00Z&LT_eventTime=2026-01-03T00:00:00Z', ['Refine']],
    ['LT_recordTime=2020-01-01T00:00:00Z', []],
    ['GE_recordTime=2020-01-01T00:00:00Z&EQ_bizStep=shipping', ['Ship']],
    ['MATCH_epc=urn:nothing', []],
    // No text of these can be in a database.
    ['EQ_action=%00&EQ_eventID=a%00&MATCH_epc=%00', []],
  ])('are found by %s', async (query, names) => {
    expect(namesOf(await ask(`?${query}`))).toEqual(names);
  });

  it('are found by the lots that they are about', async () => {
    const uri = (label: string) => encodeURIComponent(lotUri(label));
    expect(namesOf(await ask(`?MATCH_anyEPCClass=${uri('ore')}`))).toEqual(['Refine', 'Mine']);
    expect(namesOf(await ask(`?MATCH_inputEPCClass=${uri('ore')}`))).toEqual(['Refine']);
    expect(namesOf(await ask(`?MATCH_outputEPCClass=${uri('sulphate')}`))).toEqual(['Refine']);
    expect(namesOf(await ask(`?MATCH_epcClass=${uri('sulphate')}&MATCH_epcClass=${uri('ore')}`))).toEqual([
      'Ship',
      'Mine',
    ]);
  });

  it('come page by page, each once', async () => {
    const first = await ask('?perPage=2&EQ_bizStep=commissioning,shipping');
    const second = await ask(first.next ?? '');
    expect([first, second].map(namesOf)).toEqual([['Ship', 'Refine'], ['Mine']]);
    expect(second.next).toBe(undefined);
  });

  it('are found by their id', async () => {
    const { events } = await ask('?EQ_bizStep=shipping');
    const response = await service.get(`/epcis/events/${encodeURIComponent(String(events[0]?.eventID))}`);
    expect(await response.json()).toMatchObject({
      ...events[0],
      '@context': expect.arrayContaining([{ dppl: expect.any(String) }]),
    });
    expect((await service.get('/epcis/events/urn%3Anothing')).status).toBe(404);
  });

  it('that were revoked say so as EPCIS does', async () => {
    const at = { kind: 'register', name: 'Wrong', date: '2026-01-01T00:00:00Z', at: FACILITY } as const;
    await anchor({ ...at, outputs: [newLot('wrong')] });
    await refiner.revoke([3]);
    await service.inStep();
    const { events } = await ask(`?MATCH_epcClass=${encodeURIComponent(lotUri('wrong'))}`);
    expect(events).toMatchObject([{ errorDeclaration: { reason: 'https://dpp-ledger.example/ns/revoked/recall' } }]);
  });

  it('that EPCIS cannot say are left out, and stop nothing', async () => {
    const strange = await refiner.sign({
      '@context': [VCDM_CONTEXT, UNTP_CONTEXT, CONTEXT_URL],
      type: ['DigitalTraceabilityEvent', 'VerifiableCredential'],
      credentialSubject: [
        { id: 'urn:x:strange', type: ['MakeEvent'], eventDate: 'once upon a time', outputProduct: 7 },
        {
          id: 'urn:x:stranger',
          type: ['MoveEvent'],
          eventDate: '2026-01-01T00:00:00Z',
          epcisFields: {
            set: { type: 'urn:x:type', action: 'A\u0000B', bizStep: '\u0000', readPoint: { id: 'urn:x:1' } },
          },
        },
      ],
    });
    const [answer] = await service.submit([strange]);
    await service.until(answer?.id, 'final');
    await service.caughtUp();
    expect(namesOf(await ask('?EQ_eventID=urn:x:strange'))).toEqual([]);
    expect(service.problems.filter(({ what }) => what === 'read events')).toEqual([]);
  });

  it('wait for their own credential alone where the store lost one', async () => {
    const { store } = world.embedded;
    const lost = cids.get('Mine');
    let asked = 0;
    let isBack = false;
    const forgetful: typeof store = {
      ...store,
      // Once it has it, for the index; and then no more, until it is found again.
      get: (cid, options) => {
        if (cid === lost && ++asked > 1 && !isBack) throw new UnavailableError('store.not-found', 'It is lost.');
        return store.get(cid, options);
      },
    };
    const mine = await PGlite.create();
    const other = await startService(world, { database: openDatabase({ pglite: mine }), store: forgetful });
    const idsOf = async () =>
      await (
        await other.get('/epcis/events?eventType=ObjectEvent&EQ_readPoint=https://refiner.example/facility/1')
      ).text();
    await anchor({
      kind: 'register',
      name: 'Later',
      date: '2026-02-01T00:00:00Z',
      at: FACILITY,
      outputs: [newLot('later')],
    });
    await other.eventually(async () => (await idsOf()).includes(cids.get('Later') ?? ''));
    expect(await idsOf()).not.toContain(lost);
    expect(other.problems.some(({ what }) => what === 'read events')).toBe(true);
    isBack = true;
    await other.eventually(async () => (await idsOf()).includes(lost ?? ''));
    await other.close();
    await mine.close();
  });

  it('are there again when the index was deleted, and so is what was captured', async () => {
    const mine = await PGlite.create();
    const database = openDatabase({ pglite: mine });
    const before = await startService(world, { database, capturedEvents: 5 });
    expect((await capture(document(observation()), before)).status).toBe(202);
    const pageOf = async (on: TestService) => await (await on.get('/epcis/events?perPage=100')).text();
    const expected = await pageOf(before);
    await before.close();
    await database.deleteIndex();
    const after = await startService(world, { database, capturedEvents: 5 });
    expect(await pageOf(after)).toBe(expected);
    expect(expected).toContain('"dppl:standing":"captured"');
    expect(expected).toContain('"dppl:standing":"anchored"');
    await after.close();
    await mine.close();
  });
});

describe('capturing', () => {
  it('is done at once, and what was captured is never more than captured', async () => {
    const response = await capture(document(observation(), observation({ eventID: 'urn:uuid:mine', 'example:a': 1 })));
    expect(response.status).toBe(202);
    const job = (await response.json()) as { captureID: string; eventIDs: string[] };
    expect(job).toMatchObject({ running: false, success: true, errors: [] });
    expect(job.eventIDs[1]).toBe('urn:uuid:mine');
    expect(job.eventIDs[0]).toMatch(/^ni:\/\/\/sha-256;[0-9a-f]{64}\?ver=CBV2\.0$/);
    expect(await (await service.get(response.headers.get('location') ?? '')).json()).toEqual(job);
    const { events } = await ask('?EQ_eventID=urn:uuid:mine');
    expect(events).toMatchObject([{ 'dppl:standing': 'captured', 'example:a': 1 }]);
    expect(events[0]).not.toHaveProperty('dppl:credential');
    const named = await service.get(`/epcis/events/${encodeURIComponent(job.eventIDs[0] ?? '')}`);
    expect(await named.json()).toMatchObject({ 'dppl:standing': 'captured', bizStep: 'inspecting' });
  });

  it('finds things by whatever spelling of their names', async () => {
    const link = encodeURIComponent('https://shop.example/01/10614141073464/21/2017');
    const { events } = await ask(`?MATCH_anyEPC=${link}&EQ_readPoint=https://id.gs1.org/414/0614141073467`);
    expect(events.length).toBeGreaterThan(0);
    expect((await ask(`?MATCH_inputEPC=${link}`)).events).toEqual([]);
  });

  it('takes the same event once, and no other under its id', async () => {
    const event = observation({ eventID: 'urn:uuid:once', bizStep: 'storing' });
    expect((await capture(document(event))).status).toBe(202);
    expect((await capture(document(event))).status).toBe(202);
    expect((await ask('?EQ_eventID=urn:uuid:once')).events).toHaveLength(1);
    const other = await capture(document({ ...event, bizStep: 'picking' }));
    expect([other.status, await other.json()]).toMatchObject([422, { code: 'epcis.event-id' }]);
    // That it was an error is said under its own id, and shown instead of it.
    const errorDeclaration = { declarationTime: '2026-01-04T00:00:00Z', reason: 'incorrect_data' };
    expect((await capture(document({ ...event, errorDeclaration }))).status).toBe(202);
    const shown = await service.get('/epcis/events/urn%3Auuid%3Aonce');
    expect(await shown.json()).toMatchObject({ errorDeclaration });
  });

  it('does not take the id of an event on the ledger', async () => {
    const { events } = await ask('?EQ_bizStep=shipping');
    const eventID = events[0]?.eventID;
    const response = await capture(document(observation({ eventID })));
    expect([response.status, await response.json()]).toMatchObject([422, { code: 'epcis.event-id' }]);
  });

  it.each<[string, unknown, number, string]>([
    ['no JSON', '{', 400, 'input.json'],
    ['another document', { type: 'EPCISQueryDocument' }, 400, 'epcis.document'],
    [
      'one bad event among good ones',
      document(observation({ eventID: 'urn:x:good' }), observation({ action: 'MOVE' })),
      400,
      'epcis.document',
    ],
    [
      'an event that calls itself anchored',
      document(observation({ 'dppl:standing': 'anchored' })),
      400,
      'epcis.document',
    ],
    [
      'more than is kept',
      document(...Array.from({ length: 21 }, (_, i) => observation({ eventID: `urn:x:${i}` }))),
      422,
      'epcis.full',
    ],
  ])('refuses %s whole', async (_, body, status, code) => {
    const response = await capture(body);
    expect([response.status, await response.json()]).toMatchObject([status, { code }]);
    expect((await ask('?EQ_eventID=urn:x:good&EQ_eventID=urn:x:0')).events).toEqual([]);
  });

  it('refuses what it does not do', async () => {
    const post = (headers: Record<string, string>, body = JSON.stringify(document(observation()))) =>
      service.app.request(`${PUBLIC_URL}/epcis/capture`, { method: 'POST', headers, body });
    const type = { 'content-type': 'application/json' };
    expect((await post({ ...type, 'gs1-capture-error-behaviour': 'proceed' })).status).toBe(400);
    expect((await post({ ...type, 'gs1-epcis-version': '1.2' })).status).toBe(400);
    expect((await post({ 'content-type': 'application/xml' }, '<a/>')).status).toBe(415);
    expect((await post(type, ' '.repeat(5 * 1024 * 1024))).status).toBe(413);
  });

  it('shows large events page by page, whatever was asked for at once', async () => {
    const roomy = await startService(world, { capturedEvents: 5 });
    const note = 'x'.repeat(3_500_000);
    for (const n of [1, 2, 3, 4]) {
      const event = observation({
        eventID: `urn:uuid:large-${n}`,
        eventTime: `2024-01-0${n}T00:00:00Z`,
        'ex:note': note,
      });
      expect((await capture(document(event), roomy)).status).toBe(202);
    }
    const idsOf = async (path: string) => {
      const response = await roomy.get(path);
      const next = /^<([^>]+)>/.exec(response.headers.get('link') ?? '')?.[1];
      return { ids: [...(await response.text()).matchAll(/large-(\d)/g)].map(([, n]) => Number(n)), next };
    };
    const first = await idsOf('/epcis/events?EQ_bizStep=inspecting&LT_eventTime=2025-01-01T00:00:00Z');
    const second = await idsOf(first.next ?? '');
    expect([first.ids, second.ids, second.next]).toEqual([[4, 3, 2], [1], undefined]);
    await roomy.close();
  });

  it('is off unless the operator turned it on', async () => {
    const closed = await startService(world);
    const response = await capture(document(observation()), closed);
    expect([response.status, await response.json()]).toMatchObject([403, { code: 'epcis.capture-off' }]);
    await closed.close();
  });

  it('lets nobody bring more than others', async () => {
    const limits = { clientOf: () => '192.0.2.1', capture: { perSecond: 0.001, burst: 2 } };
    const slow = await startService(world, { capturedEvents: 20, limits });
    expect((await capture(document(observation(), observation({ bizStep: 'storing' })), slow)).status).toBe(202);
    const response = await capture(document(observation({ bizStep: 'picking' })), slow);
    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    await slow.close();
  });
});

it.each([
  '?EQ_color=red',
  '?perPage=0',
  '?perPage=101',
  '?GE_eventTime=yesterday',
  '?nextPageToken=abc',
  '?EQ_bizStep=',
])('refuses the question %s', async (query) => {
  const response = await service.get(`/epcis/events${query}`);
  expect([response.status, await response.json()]).toMatchObject([400, { code: 'input.shape' }]);
});
