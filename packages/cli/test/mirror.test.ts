/** Mirrors of the journal by the command line alone. */

import { copyFile, cp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createWorkplace, freePort, type Outcome, type Server, type Workplace } from './support.ts';

let place: Workplace;
/** Where nobody has a chain or a service. */
let elsewhere: Workplace;
let server: Server;
let url: string;
let publisher: string;
let size: number;

async function dpp(at: Workplace, status: number, ...args: readonly string[]): Promise<Outcome> {
  const outcome = await at.dpp(args);
  expect(outcome.status, `dpp ${args.join(' ')}\n${outcome.stdout}\n${outcome.stderr}`).toBe(status);
  return outcome;
}

beforeAll(async () => {
  [place, elsewhere] = await Promise.all([createWorkplace(), createWorkplace()]);
  const port = await freePort();
  server = await place.serve(['--port', String(port)]);
  url = `http://127.0.0.1:${port}`;
  const log = z.object({ key: z.string(), size: z.int() });
  const published = await answered(`${url}/log`);
  ({ key: publisher, size } = log.parse(await published.json()));
}, 120_000);

afterAll(() => server?.stop(), 60_000);

/** The first checkpoint is signed once its block is saved. */
async function answered(address: string): Promise<Response> {
  for (;;) {
    const response = await fetch(address);
    if (response.ok) return response;
  }
}

describe('a mirror', () => {
  it('is made of the service, checked against the contract, and can be replayed', async () => {
    const [made] = (await dpp(place, 0, 'mirror', 'log', '--json')).json();
    expect(made).toMatchObject({ size, before: 0, contract: { blockNumber: expect.any(Number) } });
    expect((await dpp(place, 0, 'mirror', 'log')).stdout).toContain(`all ${size} entries, as before`);
    const [replayed] = (await dpp(place, 0, 'replay', '--tiles', 'log', '--json')).json();
    expect(replayed).toMatchObject({
      ...{ meets: true, entries: size },
      sources: [{ name: place.path('log'), entries: size }, { entries: 0 }],
    });
    const printed = await dpp(place, 0, 'replay', '--tiles', `${url}/log`, '--entries', '--json');
    expect(printed.json().filter((line) => 'kind' in line)).toHaveLength(size);
  });

  it('needs no chain for whoever believes the publisher', async () => {
    await cp(place.path('log'), elsewhere.path('log'), { recursive: true });
    await dpp(elsewhere, 2, 'replay', '--tiles', 'log');
    const outcome = await dpp(elsewhere, 0, 'replay', '--tiles', 'log', '--publisher', publisher);
    expect(outcome.stdout).toContain(publisher.split('+')[0]);
    const [copied] = (
      await dpp(elsewhere, 0, 'mirror', 'copy', '--from', `${url}/log`, '--publisher', publisher, '--json')
    ).json();
    expect(copied).toMatchObject({ size, written: 1 });
    expect(copied).not.toHaveProperty('contract');
  });

  it('shows what was altered, and is mended by mirroring again', async () => {
    const [bundle = ''] = await readdir(join(elsewhere.path('log'), 'tile', 'entries', '000.p'));
    const file = join(elsewhere.path('log'), 'tile', 'entries', '000.p', bundle);
    const bytes = await readFile(file);
    await writeFile(file, bytes.with(60, (bytes[60] ?? 0) ^ 1));
    const [found] = (await dpp(elsewhere, 1, 'replay', '--tiles', 'log', '--publisher', publisher, '--json')).json();
    expect(found).toMatchObject({ meets: false, broken: { entry: 0 } });
    await dpp(elsewhere, 0, 'mirror', 'log', '--from', `${url}/log`, '--publisher', publisher);
    await dpp(elsewhere, 0, 'replay', '--tiles', 'log', '--publisher', publisher);
  });

  it('is made of the chain under a key of one’s own, which nobody else can read', async () => {
    await dpp(place, 2, 'mirror', 'own', '--from', 'chain');
    const [made] = (await dpp(place, 0, 'mirror', 'own', '--from', 'chain', '--log-key', 'own.key', '--json')).json();
    expect(made).toMatchObject({ size });
    expect((await stat(place.path('own.key'))).mode & 0o077).toBe(0);
    await dpp(place, 0, 'replay', '--tiles', 'own');
    // Another publisher's checkpoint: the same log, and not the key that is believed.
    const [named] = (await dpp(place, 0, 'replay', '--tiles', 'own', '--publisher', publisher, '--json')).json();
    expect(named).toMatchObject({
      sources: [{ name: place.path('own'), failure: { code: 'checkpoint.signature' } }, { entries: size }],
    });
    await copyFile(join(place.path('log'), 'checkpoint'), join(place.path('own'), 'checkpoint'));
    await dpp(place, 0, 'replay', '--tiles', 'own', '--publisher', publisher);
    await dpp(place, 2, 'mirror', 'own', '--from', 'chain', '--log-key', 'own.key', '--log-epoch', '2');
  });
});
