/** What is fuzzed: a service on a port of its own, over a real chain, store and database, that has something to say at every path. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { buildEpcisDocument } from '@dpp-ledger/core/event';
import { acts } from '@dpp-ledger/sdk/ledger';
import { serve } from '../../packages/api/src/index.ts';
import { EVENT_TERMS, startService, startWorld, type TestIssuer } from '../../packages/api/test/support.ts';

const KINDS = [
  'cid',
  'block',
  'did',
  'root',
  'subject',
  'gtin',
  'batch',
  'serial',
  'list',
  'receipt',
  'index',
  'size',
  'event',
  'capture',
] as const;

export interface Fuzzed {
  readonly url: string;
  /** Of what the service has, by what they name. */
  readonly names: Readonly<Record<(typeof KINDS)[number], readonly (string | number)[]>>;
  /** That the service takes, by operation and media type. */
  readonly bodies: Readonly<Record<string, readonly unknown[]>>;
  /** What went wrong that is not a caller's doing. */
  readonly problems: readonly { readonly what: string; readonly error: unknown }[];
  stop(): Promise<void>;
}

const GTIN = '09521234000013';
/** Known by its items alone. */
const ORPHAN = '09521234000020';
const product = (id: string) => ({ credentialSubject: { type: ['Product'], id, name: 'Laptop 14' } });
const at = (path: string) => `https://id.gs1.org/01/${path}`;
const SUBJECTS = [
  at(GTIN),
  at(`${GTIN}/10/B1`),
  at(`${GTIN}/10/B1/21/A1`),
  at(`${GTIN}/21/A7K2`),
  at(`${ORPHAN}/21/ONLY`),
];

/** Three issuers; of each, batches of passports, of which some are superseded and some revoked. */
export async function startFuzzed(): Promise<Fuzzed> {
  const world = await startWorld();
  const port = await findPort();
  const url = `http://127.0.0.1:${port}`;
  const service = await startService(world, {
    ...{ start: false, publicUrl: url, capturedEvents: 1_000 },
    // What is fuzzed is not the rate.
    limits: { capture: { perSecond: 1e6, burst: 1e6 } },
  });
  const served = await serve({ service, port });
  await service.caughtUp();

  const issuers: TestIssuer[] = [];
  for (let i = 0; i < 3; i++) issuers.push(await world.createIssuer({ roles: ['manufacturer', 'certifier'] }));
  await service.inStep();
  const [first] = issuers;
  if (first === undefined) throw new TypeError('there are issuers');

  const cids: string[] = [];
  const receipts: string[] = [];
  for (const issuer of issuers) {
    for (const subjects of [SUBJECTS, SUBJECTS.slice(3)]) {
      const signed = await Promise.all([...subjects.map(product), EVENT_TERMS].map((terms) => issuer.sign(terms)));
      const answers = await service.submit([...signed, ...(await issuer.signMany(20))]);
      await Promise.all(answers.map(({ id }) => service.until(id, 'final')));
      cids.push(...signed.map(({ cid }) => cid));
      receipts.push(...answers.slice(0, 2).map(({ id }) => String(id)));
    }
    await issuer.supersede([0, 3]);
    await issuer.revoke([1]);
  }
  await service.inStep();
  await service.caughtUp();
  const response = await service.post(
    '/epcis/capture',
    'application/json',
    JSON.stringify(documentOf('urn:uuid:captured')),
  );
  const { captureID } = (await response.json()) as { captureID: string };

  const { items } = (await service.getJson('/batches')) as { items: { root: string; manifest: string }[] };
  const { size } = (await service.getJson('/tree-head')) as { size: number };
  const evidence = await service.getJson(`/evidence/${cids[0]}`);
  const fresh = await Promise.all([first.sign(), first.sign(), first.sign()]);
  const [one, ...rest] = fresh.map(({ jwt }) => jwt);
  const relayed = await first.relay([acts.appointSubmitter(world.admin.account)]);
  return {
    url,
    names: {
      cid: cids,
      block: [...cids.slice(0, 2), ...items.map(({ manifest }) => manifest)],
      did: issuers.map(({ id }) => id),
      root: items.map(({ root }) => root),
      subject: SUBJECTS,
      gtin: [GTIN, ORPHAN],
      batch: ['B1'],
      serial: ['A7K2', 'A1', 'ONLY'],
      list: issuers.map(({ list }) => String(list)),
      receipt: receipts,
      index: [0, 1, size - 1],
      size: [size, size - 1, 12],
      event: ['urn:uuid:captured', ...EVENT_TERMS.credentialSubject.map(({ id }) => id)],
      capture: [captureID],
    },
    bodies: {
      'postPassports application/vc+jwt': [one],
      'postPassports application/x-ndjson': [rest.map((credential) => `${JSON.stringify({ credential })}\n`).join('')],
      'postRelay application/json': [relayed],
      'postEpcisCapture application/json': [documentOf('urn:uuid:another')],
      'postVerify application/json': [evidence],
      'postVerify application/vc+jwt': [one],
    },
    problems: service.problems,
    async stop() {
      await served.close();
      await service.close();
      await world.stop();
    },
  };
}

/** An EPCIS document of one event. */
function documentOf(eventID: string) {
  const event = {
    ...{ type: 'ObjectEvent', eventID, eventTime: '2026-01-01T00:00:00Z', eventTimeZoneOffset: '+00:00' },
    ...{ action: 'OBSERVE', bizStep: 'inspecting', epcList: [SUBJECTS[3]] },
  };
  return buildEpcisDocument([event], { creationDate: '2026-01-01T00:00:00Z' });
}

/** One that was free just now. */
async function findPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new TypeError('a listening server has an address');
  return address.port;
}
