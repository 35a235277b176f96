/** A service that publishes, and a witness beside it, by the command line alone. */
import { stat } from 'node:fs/promises';
import {
  encodeAddCheckpoint,
  openCheckpoint,
  openCosignatures,
  openStatement,
  parseCosigner,
  parseVerifierKey,
} from '@dpp-ledger/core/checkpoint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorkplace, freePort, type Server, type Workplace } from './support.ts';

let place: Workplace;
let service: Server;
let url: string;
let publisher: string;
let checkpoint: string;
const running: Server[] = [];

beforeAll(async () => {
  place = await createWorkplace();
  const port = await freePort();
  service = await place.serve(['--port', String(port)]);
  url = `http://127.0.0.1:${port}`;
  checkpoint = await (await answered(`${url}/log/checkpoint`)).text();
  publisher = ((await (await fetch(`${url}/log`)).json()) as { key: string }).key;
}, 120_000);
afterAll(async () => {
  for (const server of running) await server.kill();
  await service?.stop();
}, 60_000);

/** The first checkpoint is signed once its block is saved. */
async function answered(address: string): Promise<Response> {
  for (;;) {
    const response = await fetch(address);
    if (response.ok) return response;
  }
}

const post = (at: string, path: string, body: string) => fetch(`${at}/${path}`, { method: 'POST', body });

describe('dpp key witness', () => {
  it('makes a key that nobody else can read, prints its public half again, and keeps its name', async () => {
    const made = await place.dpp(['key', 'witness', 'w.key', '--name', 'witness.example/w1', '--json']);
    expect(made.status, made.stderr).toBe(0);
    expect((await stat(place.path('w.key'))).mode & 0o077).toBe(0);
    expect((await place.dpp(['key', 'witness', 'w.key', '--json'])).stdout).toBe(made.stdout);
    const [{ witness }] = made.json() as [{ witness: string }];
    expect((await parseCosigner(witness)).name).toBe('witness.example/w1');
    for (const args of [
      ['w.key', '--name', 'another.example'],
      ['other.key', '--name', 'two words'],
      ['nowhere.key'],
    ]) {
      expect((await place.dpp(['key', 'witness', ...args])).status).toBe(2);
    }
  });
});

describe('dpp witness', () => {
  it('cosigns what the service published and states the chain’s state, before and after it is killed', async () => {
    const [{ witness }] = (
      await place.dpp(['key', 'witness', 'w.key', '--name', 'witness.example/w1', '--json'])
    ).json() as [{ witness: string }];
    const cosigner = await parseCosigner(witness);
    const port = String(await freePort());
    const at = `http://127.0.0.1:${port}`;
    const args = ['--witness-key', 'w.key', '--logs', publisher, '--port', port, '--memory', 'signed'];
    const first = await place.witness(args);
    running.push(first);
    const { origin, size } = await openCheckpoint(checkpoint, { verifiers: [await parseVerifierKey(publisher)] });
    const cosigned = await post(at, 'add-checkpoint', encodeAddCheckpoint({ oldSize: 0, proof: [], checkpoint }));
    const line = await cosigned.text();
    expect(cosigned.status, line).toBe(200);
    expect(await openCosignatures(`${checkpoint}${line}`, [cosigner])).toHaveLength(1);

    const health = (await (await fetch(`${at}/healthz`)).json()) as {
      logs: { final: { block: number; size: number } }[];
    };
    const blockNumber = health.logs[0]?.final.block;
    expect(health).toMatchObject({ status: 'ok', logs: [{ origin, size, final: { size } }] });
    const stated = await (await post(at, 'state-statement', JSON.stringify({ origin, blockNumber }))).text();
    expect((await openStatement(stated, [cosigner])).statement).toMatchObject({ origin, tree: { size } });

    const second = await place.dpp(['witness', ...args]);
    expect([second.status, second.stderr]).toEqual([1, expect.stringContaining('(folder.locked)')]);

    await first.kill();
    const again = await place.witness(args);
    running.push(again);
    const stale = await post(at, 'add-checkpoint', encodeAddCheckpoint({ oldSize: 0, proof: [], checkpoint }));
    expect([stale.status, await stale.text()]).toEqual([409, `${size}\n`]);
    const repeated = await post(at, 'add-checkpoint', encodeAddCheckpoint({ oldSize: size, proof: [], checkpoint }));
    expect(repeated.status).toBe(200);
    expect(await again.stop()).toBe(0);
  });

  it('asks which ledger and when a block is final where the chain is not a local one, and refuses keys that are none', async () => {
    const key = ['--witness-key', 'w.key'];
    await place.dpp(['key', 'witness', 'w.key', '--name', 'witness.example/w1']);
    const chain = ['witness', ...key, '--logs', publisher, '--rpc', 'http://127.0.0.1:9'];
    const unpinned = await place.dpp(chain);
    expect([unpinned.status, unpinned.stderr]).toEqual([2, expect.stringContaining('--ledger')]);
    const pin = ['--ledger', [1, `0x${'1'.repeat(64)}`, `0x${'2'.repeat(40)}`, `0x${'3'.repeat(64)}`].join(':')];
    const two = await place.dpp([...chain, ...pin, '--rpc', 'http://127.0.0.1:10', '--confirmations', '1']);
    expect([two.status, two.stderr]).toEqual([2, expect.stringContaining('its own node')]);
    const unsaid = await place.dpp([...chain, ...pin]);
    expect([unsaid.status, unsaid.stderr]).toEqual([2, expect.stringContaining('--confirmations')]);
    const none = await place.dpp(['witness', ...key]);
    expect([none.status, none.stderr]).toEqual([2, expect.stringContaining('--logs')]);
    expect((await place.dpp(['witness', ...key, '--logs', 'nonsense'])).stderr).toContain('(checkpoint.key)');
    expect((await place.dpp(['witness', '--logs', publisher])).stderr).toContain('--witness-key');
    const log = await place.dpp(['key', 'log', 'other.key', '--log-epoch', '2', '--json']);
    expect(log.status, log.stderr).toBe(0);
    // A log's key is no witness's.
    expect((await place.dpp(['witness', '--witness-key', 'other.key', '--logs', publisher])).stderr).toContain(
      '(checkpoint.key)',
    );
  });
});
