/** Audits by the command line, over a chain, a store and an index that a service made. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../api/src/index.ts';
import { startService, startWorld, type World } from '../../api/test/support.ts';
import { proxy, serve } from '../../sdk/test/support.ts';
import { formatPin } from '../src/connection.ts';
import { createWorkplace, type Running, type Workplace } from './support.ts';

const CREDENTIALS = 60;
let world: World;
let place: Workplace;
let pglite: PGlite;
let database: { readonly url: string; close(): Promise<void> };
/** Every request to the chain and to the gateway, in its order. */
let asked: string[];
let watched: readonly { readonly url: string; close(): Promise<void> }[];
let settings: Readonly<Record<string, string>>;
/** Ends it as it asks for this. */
let ending: { readonly at: (request: string) => boolean; readonly running: () => Running } | undefined;

beforeAll(async () => {
  place = await createWorkplace();
  world = await startWorld();
  const issuer = await world.createIssuer();
  pglite = await PGlite.create();
  const service = await startService(world, { database: openDatabase({ pglite }), batch: { size: 40, ageMs: 20 } });
  const answers = await service.submit(await issuer.signMany(CREDENTIALS));
  await Promise.all(answers.map(({ id }) => service.until(id, 'final')));
  await issuer.revoke([2]);
  await service.inStep();
  await service.close();
  database = await servePGlite(pglite);
  const note = (request: string) => {
    asked.push(request);
    if (ending?.at(request)) ending.running().kill();
  };
  const chain = await proxy(world.embedded.rpcUrl, ({ method, params }, answer) => {
    const filter = params[0] as { readonly topics?: readonly unknown[] };
    note(method === 'eth_getLogs' && filter.topics?.length === 1 ? 'entries' : method);
    return answer();
  });
  const gateway = await serve(async ({ url = '' }, response) => {
    const cid = url.replace(/^\/ipfs\/|\?.*$/g, '');
    note(cid);
    const bytes = await world.embedded.store.get(cid).catch(() => undefined);
    response.writeHead(bytes === undefined ? 404 : 200).end(bytes);
  });
  watched = [chain, gateway];
  settings = { DPP_RPC_URL: chain.url, DPP_LEDGER: formatPin(world.reader.id), DPP_GATEWAYS: gateway.url };
  asked = [];
}, 240_000);

afterAll(async () => {
  for (const server of [database, ...watched]) await server.close();
  await pglite.close();
  await world.stop();
});

const audit = (name: string) => ['replay', '--depth', 'credentials', '--report', name];

it('goes on after it was killed, wherever that was, to the report that nobody disturbed', async () => {
  const whole = await place.dpp(audit('whole'), { env: settings });
  expect(whole.status, whole.stderr).toBe(0);
  expect(whole.stdout).toContain(`${CREDENTIALS} credentials judged`);

  const args = [...audit('resumed'), '--resume', 'work'];
  const [manifests, credentials] = [/^bafyrei/, /^bafkrei/];
  for (const at of [
    (one: string) => one === 'entries',
    (one: string) => manifests.test(one),
    (one: string) => credentials.test(one),
  ]) {
    const running = place.begin(args, { env: settings });
    ending = { at, running: () => running };
    expect((await running.outcome).status).toBeNull();
    ending = undefined;
  }
  asked = [];
  const resumed = await place.dpp(args, { env: settings });
  expect(resumed.status, resumed.stderr).toBe(0);
  // What was proven before it was killed is not asked for again.
  expect(asked).not.toContain('entries');
  expect(asked.filter((one) => credentials.test(one))).toHaveLength(CREDENTIALS);
  expect(await readFile(place.path('resumed', 'report.json'), 'utf8')).toBe(
    await readFile(place.path('whole', 'report.json'), 'utf8'),
  );
});

it('prints the entries that were proven, of a journal that breaks those before, and no other', async () => {
  const lines = (await place.dpp(['replay', '--entries', '--json'], { env: settings })).json();
  const entries = lines.slice(0, -1);
  expect(lines.at(-1)).toMatchObject({ meets: true, entries: entries.length });
  expect(entries.map(({ index }) => index)).toEqual(entries.map((_, i) => i));

  const hiding = await proxy(world.embedded.rpcUrl, async ({ method, params }, answer) => {
    const logs = await answer();
    const filter = params[0] as { readonly topics?: readonly unknown[] };
    if (method !== 'eth_getLogs' || filter.topics?.length !== 1) return logs;
    return (logs as { readonly topics: readonly string[] }[]).filter(
      ({ topics }) => Number(topics[1]) !== entries.length - 1,
    );
  });
  const broken = await place.dpp(['replay', '--entries', '--json'], { env: { ...settings, DPP_RPC_URL: hiding.url } });
  await hiding.close();
  const printed = broken.json();
  const { entries: proven } = printed.at(-1) as { readonly entries: number };
  expect(printed.at(-1)).toMatchObject({ meets: false, broken: { entry: entries.length - 1 } });
  expect(proven).toBeLessThan(entries.length);
  expect(printed.slice(0, -1)).toEqual(entries.slice(0, proven));
  expect(broken.status).toBe(1);
});

it('says that faults are listed, whoever signed the report', async () => {
  await place.dpp(['key', 'new', 'auditor.jwk.json']);
  const { status } = await place.dpp([...audit('faulty'), '--key', 'auditor.jwk.json'], {
    env: { ...settings, DPP_GATEWAYS: 'http://127.0.0.1:9' },
  });
  expect(status).toBe(5);
  const checked = await place.dpp(['audit', 'verify', 'faulty/report.jwt']);
  expect(checked.status, checked.stderr).toBe(5);
  expect(checked.stdout).toContain('compare it with the auditor’s');
});

it('compares the index with the ledger row by row, and says which row somebody changed', async () => {
  const env = { ...settings, DPP_DATABASE_URL: database.url };
  const same = await place.dpp(['audit', 'index', '--json'], { env });
  expect(same.status, same.stderr).toBe(0);
  const { size } = await world.reader.readTreeHead();
  expect(same.json()[0]).toMatchObject({ total: 0, entries: size, credentials: CREDENTIALS, unread: 0 });

  await pglite.query("update ledger.entry set kind = 'suspended' where index = 4");
  const changed = await place.dpp(['audit', 'index', '--entries'], { env });
  expect(changed.status, changed.stderr).toBe(1);
  expect(changed.stdout).toContain('THE INDEX DIFFERS FROM THE LEDGER in 1 place');
  expect(changed.stdout).toMatch(/entry, index 4: kind is suspended, expected \w+/);
});

/** PGlite behind PostgreSQL's own protocol, for one client at a time. It leaves the beginning of a connection to others. */
async function servePGlite(engine: PGlite): Promise<{ url: string; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let isOpen = false;
    let rest = Buffer.alloc(0);
    let turn: Promise<unknown> = Promise.resolve();
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (data) => {
      rest = Buffer.concat([rest, data]);
      for (;;) {
        // The first message has no kind; all begin with their length, which counts itself.
        const length =
          (isOpen ? 1 : 0) + (rest.length < 5 ? Number.POSITIVE_INFINITY : rest.readUInt32BE(isOpen ? 1 : 0));
        if (rest.length < length) return;
        const message = rest.subarray(0, length);
        rest = rest.subarray(length);
        if (!isOpen) {
          isOpen = message.readUInt32BE(4) === 196_608;
          // Authenticated, and ready; or no encryption.
          socket.write(isOpen ? Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]) : 'N');
        } else if (message[0] === 0x58) socket.end();
        else turn = turn.then(async () => socket.write(await engine.execProtocolRaw(message)));
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  return {
    url: `postgres://postgres@127.0.0.1:${address.port}/postgres`,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
