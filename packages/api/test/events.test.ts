import { createClient } from '@dpp-ledger/sdk';
import { acts, wordsOf } from '@dpp-ledger/sdk/ledger';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, serve } from '../src/index.ts';
import { startService, startWorld, type TestIssuer, type TestService, type World } from './support.ts';

let world: World;
let issuer: TestIssuer;
let service: TestService;
beforeAll(async () => {
  world = await startWorld();
  issuer = await world.createIssuer();
  service = await startService(world);
});
afterAll(async () => {
  await service.close();
  await world.stop();
});

/** Forms no batch while a test runs, and leads nothing that is not its own. */
const NEVER = { size: 10_000, ageMs: 3_600_000 };

interface Event {
  readonly event?: string;
  readonly data?: Record<string, unknown>;
  readonly comment?: true;
}

/** Events as they come; leaving the loop hangs up. */
async function* read(response: Response): AsyncGenerator<Event, void> {
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  let rest = '';
  for await (const chunk of response.body ?? []) {
    const blocks = (rest + Buffer.from(chunk).toString()).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: ?(.*)/s)));
      if (block.startsWith(':')) yield { comment: true };
      else yield { event: fields.event, data: JSON.parse(fields.data) };
    }
  }
  expect(rest).toBe('');
}

async function collect(events: AsyncIterable<Event>): Promise<Event[]> {
  const all: Event[] = [];
  for await (const event of events) all.push(event);
  return all;
}

const path = (...ids: unknown[]) => `/receipts/events?${ids.map((id) => `id=${id}`).join('&')}`;

async function accept(by: TestService, count = 1): Promise<string[]> {
  return (await by.submit(await issuer.signMany(count))).map(({ id }) => String(id));
}

describe('a stream of receipts', () => {
  it('tells each its state at once and every change, and ends by itself when all are settled', async () => {
    // This one does not lead: what becomes of receipts is done by the other.
    const replica = await startService(world, { database: service.database });
    const ids = await accept(service, 3);
    const told = new Map<unknown, unknown[]>();
    let last: Event = {};
    for await (const event of read(await replica.get(path(...ids, ids[0]?.toUpperCase())))) {
      last = event;
      if (event.event === 'receipt') told.set(event.data?.id, [...(told.get(event.data?.id) ?? []), event.data?.state]);
    }
    expect(last).toEqual({ event: 'settled', data: {} });
    expect([...told.keys()].toSorted()).toEqual(ids.toSorted());
    const order = ['accepted', 'stored', 'anchored', 'final'];
    for (const states of told.values()) {
      expect(states.at(-1)).toBe('final');
      // What a state is known of may change within it: `accepted` has its batch once that is formed.
      expect([...new Set(states)]).toEqual(order.filter((state) => states.includes(state)));
    }
    // Whoever comes later is told how it ended.
    const again = await collect(read(await replica.get(path(ids[0]))));
    expect(again).toMatchObject([{ data: { state: 'final', entry: expect.any(Number) } }, { event: 'settled' }]);
    await replica.close();
  });

  it('tells of refusals, and of relayed acts', async () => {
    const strict = await startService(world, { batch: NEVER });
    const [id] = await accept(strict);
    const events = read(await strict.get(path(id)));
    expect((await events.next()).value).toMatchObject({ data: { state: 'accepted' } });
    await strict.database.db
      .updateTable('outbox.item')
      .set({ refusal_code: 'issuer.suspended', refusal_detail: 'suspended' })
      .execute();
    await strict.database.notify(strict.database.db, 'receipt');
    expect(await collect(events)).toMatchObject([
      { data: { state: 'refused', code: 'issuer.suspended' } },
      { event: 'settled' },
    ]);
    await strict.close();
    const revocation = await issuer.relay([acts.revoke({ list: issuer.list, reason: 'error', words: wordsOf([200]) })]);
    const answer = await service.post('/relay', 'application/json', JSON.stringify(revocation));
    const { id: relayed } = (await answer.json()) as { id: string };
    expect((await collect(read(await service.get(path(relayed))))).slice(-2)).toMatchObject([
      { data: { kind: 'relay', state: 'final', entry: expect.any(Number) } },
      { event: 'settled' },
    ]);
  });

  it('says that it lives while nothing changes, ends when it is left, and is one of so many', async () => {
    const small = await startService(world, { batch: NEVER, limits: { watchers: 1, heartbeatMs: 1 } });
    const [id] = await accept(small);
    const events = read(await small.get(path(id)));
    expect((await events.next()).value).toMatchObject({ data: { state: 'accepted' } });
    expect((await events.next()).value).toEqual({ comment: true });
    const turnedAway = await small.get(path(id));
    expect(await turnedAway.json()).toMatchObject({ status: 503, code: 'service.busy' });
    await events.return();
    const next = read(await small.get(path(id)));
    expect((await next.next()).value).toMatchObject({ data: { state: 'accepted' } });
    await next.return();
    await small.close();
  });

  it('is not left open where its receipts were found after its client was turned away', async () => {
    const found = Promise.withResolvers<void>();
    const slow = await startService(world, {
      ...{ batch: NEVER, limits: { answerMs: 50 } },
      onProblem: ({ error }) => {
        if (error instanceof Error && /too late/.test(error.message)) found.resolve();
      },
    });
    const [id] = await accept(slow);
    const holding = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const held = slow.database.db.transaction().execute(async () => {
      holding.resolve();
      await released.promise;
    });
    await holding.promise;
    expect(await (await slow.get(path(id))).json()).toMatchObject({ status: 503, code: 'service.busy' });
    released.resolve();
    await held;
    await found.promise;
    expect(await slow.metrics.render()).toContain('dpp_open{kind="receipts"} 0');
    await slow.close();
  });

  it('ends with a last event that says so when the service stops', async () => {
    const ending = await startService(world, { batch: NEVER });
    const served = await serve({ service: { ...ending, start: async () => undefined }, port: 0 });
    const [id] = await accept(ending);
    const events = read(await fetch(served.url + path(id)));
    expect((await events.next()).value).toMatchObject({ data: { state: 'accepted' } });
    const closing = served.close();
    expect(await collect(events)).toMatchObject([{ event: 'stopping' }]);
    await closing;
    await ending.close();
  });

  it('looks at the database once for each signal, however many watch', async () => {
    const pglite = await PGlite.create();
    let looks = 0;
    const counted = new Proxy(pglite, {
      get(target, name) {
        const value = Reflect.get(target, name, target);
        if (name !== 'query') return typeof value === 'function' ? value.bind(target) : value;
        return (text: string, ...rest: unknown[]) => {
          if (text.includes('i.receipt = any')) looks += 1;
          return value.call(target, text, ...rest);
        };
      },
    });
    const busy = await startService(world, { database: openDatabase({ pglite: counted }), batch: NEVER });
    const ids = await accept(busy, 2);
    const streams = await Promise.all(Array.from({ length: 40 }, async () => read(await busy.get(path(...ids)))));
    for (const stream of streams) for (const _ of ids) await stream.next();
    // The look that opening them asked for comes before any that follows.
    const before = looks;
    for (const [i, state] of (['formed', 'stored', 'sent'] as const).entries()) {
      await busy.database.db
        .updateTable('outbox.item')
        .set({ anchor_by: Date.now() + i })
        .execute();
      await busy.database.notify(busy.database.db, 'receipt');
      for (const stream of streams) {
        for (const _ of ids) expect((await stream.next()).value, state).toMatchObject({ data: { state: 'accepted' } });
      }
    }
    expect(looks - before).toBeGreaterThanOrEqual(3);
    expect(looks - before).toBeLessThanOrEqual(8);
    await Promise.all(streams.map((stream) => stream.return()));
    await busy.close();
    await pglite.close();
  });

  it('is of receipts that were given, of 200 at most, and told once to whoever comes back', async () => {
    const stranger = '7f0c1f2e-6d0b-4b8e-9d3c-0d9a4b8f1c22';
    const unknown = await service.get(path(stranger));
    expect(await unknown.json()).toMatchObject({ status: 404, code: 'service.not-found' });
    expect((await service.get('/receipts/events')).status).toBe(400);
    expect((await service.get(path('x'))).status).toBe(400);
    expect((await service.get(path(...Array(201).fill(stranger)))).status).toBe(400);
    expect((await service.get(path(stranger), { 'last-event-id': 'settled' })).status).toBe(204);
  });

  it('is what the client waits with', async () => {
    const served = await serve({ service: { ...service, start: async () => undefined }, port: 0 });
    const asked: string[] = [];
    const client = createClient({
      url: served.url,
      fetch: (input, init) => {
        asked.push(new URL(String(input)).pathname);
        return fetch(input, init);
      },
    });
    const [id] = await accept(service);
    expect(await client.waitReceipt(String(id), 'final')).toMatchObject({ state: 'final' });
    expect(asked).toEqual(['/receipts/events']);
    await served.close();
  });
});
