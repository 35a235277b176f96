import {
  createNoteSigner,
  formatOrigin,
  generateNoteKey,
  type NoteSigner,
  openCosignatures,
  openStatement,
  parseNote,
  parseVerifierKey,
  parseWitnessPolicy,
  type WitnessPolicy,
} from '@dpp-ledger/core/checkpoint';
import { acts, calls } from '@dpp-ledger/sdk/ledger';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createBell } from '../../api/src/bell.ts';
import { startService, startWorld, type TestIssuer, type TestService, type World } from '../../api/test/support.ts';
import { startWitness, type TestWitness } from './support.ts';

let world: World;
let issuer: TestIssuer;
let log: NoteSigner;
let witnesses: TestWitness[];
let services: TestService[];
const NEVER = new AbortController().signal;

beforeAll(async () => {
  world = await startWorld();
  issuer = await world.createIssuer();
});
afterAll(() => world.stop());
beforeEach(async () => {
  services = [];
  log = await signerOf(1);
  const publishers = [await parseVerifierKey(log.verifierKey)];
  witnesses = await Promise.all(
    // Each has a node of its own, as far as it knows.
    [1, 2, 3].map(async () => startWitness({ reader: await world.connect(), publishers })),
  );
});
afterEach(async () => {
  for (const service of services) await service.close();
  for (const witness of witnesses) await witness.stop();
});

async function signerOf(epoch: number): Promise<NoteSigner> {
  return await createNoteSigner(await generateNoteKey(formatOrigin(world.reader.id, epoch)));
}

async function policy(): Promise<WitnessPolicy> {
  const lines = witnesses.map(({ cosigner, url }, i) => `witness w${i + 1} ${cosigner.verifierKey} ${url}`);
  return await parseWitnessPolicy([...lines, 'group g 2 w1 w2 w3', 'quorum g', ''].join('\n'));
}

/** A service of its own, that asks the witnesses; `faults` resolves with the code of what it could not have cosigned. */
async function publish(logSigner: NoteSigner) {
  const bell = createBell();
  const codes: unknown[] = [];
  const service = await startService(world, {
    ...{ logSigner, witnesses: { policy: await policy() } },
    onProblem({ error }) {
      codes.push(error instanceof Error && 'code' in error ? error.code : error);
      bell.ring();
    },
  });
  services.push(service);
  return {
    service,
    async untilFault(code: string) {
      while (!codes.includes(code)) await bell.wait({ signal: NEVER });
    },
  };
}

/** The newest checkpoint that a quorum cosigned, once it has so many entries. */
async function untilCosigned(service: TestService, size: number): Promise<string> {
  const bell = createBell();
  const stop = await service.database.listen('log', bell.ring);
  try {
    for (;;) {
      const response = await service.get('/log/cosigned');
      const note = response.ok ? await response.text() : undefined;
      if (note !== undefined && parseNote(note).text.includes(`\n${size}\n`)) return note;
      await bell.wait({ signal: NEVER });
    }
  } finally {
    await stop();
  }
}

let appointed = 0;
async function append(count: number): Promise<number> {
  const toDo = Array.from({ length: count }, () => {
    appointed += 1;
    return acts.appointSubmitter(`0x${appointed.toString(16).padStart(40, '0')}`);
  });
  await world.relayer.send(calls.relay(await issuer.relay(toDo)));
  return (await world.reader.readTreeHead()).size;
}

let grants = 100;
/** One entry, by another account: what the first one sent before the chain lost it may be included again. */
async function appendOther(): Promise<number> {
  grants += 1;
  const prefix = `gs1:${952_100_000 + grants}`;
  await world.accreditor.send(calls.grantPrefix({ issuer: issuer.id, number: grants, prefix }));
  return (await world.reader.readTreeHead()).size;
}

it('a service has its checkpoints cosigned, and as many witnesses as the policy asks for state the same of one block', async () => {
  const { service } = await publish(log);
  await untilCosigned(service, await append(3));
  // One of three can write nothing down any more, and signs nothing: two are enough.
  const [gone] = witnesses;
  const url = gone?.url;
  await gone?.memory.close();
  const more = await append(2);
  const note = await untilCosigned(service, more);
  const cosigners = witnesses.map(({ cosigner }) => cosigner);
  expect((await openCosignatures(note, cosigners)).length).toBeGreaterThanOrEqual(2);

  const { number = 0 } = (await world.reader.readBlock('latest')) ?? {};
  const statements = [];
  for (const witness of witnesses.filter((each) => each.url !== url)) {
    const { body } = await witness.state({ origin: log.name, blockNumber: number });
    const { statement } = await openStatement(body, [witness.cosigner]);
    statements.push({ ...statement, iat: 0 });
  }
  expect(statements[0]).toEqual(statements[1]);
  expect(statements[0]).toMatchObject({ block: { number }, tree: { size: more } });
});

it('a chain that lost what was cosigned gets no witness’s signature again, until the log has a new epoch', async () => {
  const place = await world.rpc.call('evm_snapshot', []);
  const before = await publish(log);
  const lost = await append(2);
  await untilCosigned(before.service, lost);
  await before.service.stop();
  await world.rpc.call('evm_revert', [place]);
  await world.pass(60);

  while ((await appendOther()) < lost + 1);
  await world.pass(60);
  // A service that remembers nothing: its database was lost with the blocks, or somebody else has the key.
  const forgetful = await publish(log);
  await forgetful.untilFault('checkpoint.fork');
  expect((await forgetful.service.get('/log/cosigned')).status).toBe(404);
  for (const { memory } of witnesses) expect(memory.find(log.name)?.head.size).toBeLessThanOrEqual(lost);

  const next = await signerOf(2);
  const publishers = await Promise.all([log, next].map(({ verifierKey }) => parseVerifierKey(verifierKey)));
  witnesses = await Promise.all(witnesses.map((witness) => witness.restart({ publishers })));
  const anew = await publish(next);
  const { size } = await world.reader.readTreeHead();
  const note = await untilCosigned(anew.service, size);
  expect(parseNote(note).text.split('\n')[0]).toBe(next.name);
});
