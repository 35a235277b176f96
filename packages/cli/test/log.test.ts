/** Proofs of the public log by the command line alone, cosigned by a witness that the service was told of. */
import { readFile, writeFile } from 'node:fs/promises';
import { parseVerifierKey } from '@dpp-ledger/core/checkpoint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { freePort } from '../../../scripts/engines/child.ts';
import { type PlainWitness, startPlainWitness } from '../../api/test/plain-witness.ts';
import { createWorkplace, type Outcome, type Server, type Workplace } from './support.ts';

let place: Workplace;
/** Where nobody has a chain or a service. */
let elsewhere: Workplace;
let server: Server;
let witness: PlainWitness;
let url: string;
let publisher: string;

async function dpp(at: Workplace, status: number, ...args: readonly string[]): Promise<Outcome> {
  const outcome = await at.dpp(args);
  expect(outcome.status, `dpp ${args.join(' ')}\n${outcome.stdout}\n${outcome.stderr}`).toBe(status);
  return outcome;
}

/** Asked until it is there: a checkpoint is signed once its block is saved, and cosigned after that. */
async function answered(address: string): Promise<Response> {
  for (;;) {
    const response = await fetch(address);
    if (response.ok) return response;
    await response.body?.cancel();
  }
}

const policyOf = (quorum: string) =>
  [`log ${publisher}`, `witness w1 ${witness.cosigner.verifierKey} ${witness.url}`, `quorum ${quorum}`, ''].join('\n');

beforeAll(async () => {
  [place, elsewhere] = await Promise.all([createWorkplace(), createWorkplace()]);
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  // The witness has to know the log's key, which the first start makes.
  server = await place.serve(['--port', String(port)]);
  ({ key: publisher } = z.object({ key: z.string() }).parse(await (await answered(`${url}/log`)).json()));
  await server.stop();
  witness = await startPlainWitness('w.example/1', await parseVerifierKey(publisher));
  await writeFile(place.path('policy.txt'), policyOf('w1'));
  server = await place.serve(['--port', String(port), '--witness-policy', 'policy.txt']);
  await answered(`${url}/log/cosigned`);
}, 120_000);

afterAll(async () => {
  await server?.stop();
  await witness?.close();
}, 60_000);

describe('a proof of the log', () => {
  it('is made of the service, cosigned, and verified where there is nothing but the file', async () => {
    await dpp(place, 0, 'log', 'proof', '--entry', '0', '--out', 'first.tlog-proof');
    const file = await readFile(place.path('first.tlog-proof'), 'utf8');
    expect(file).toMatch(/^c2sp\.org\/tlog-proof@v1\nextra \S+\nindex 0\n/);
    await writeFile(elsewhere.path('first.tlog-proof'), file);
    await writeFile(elsewhere.path('policy.txt'), policyOf('w1'));
    const args = ['log', 'verify-proof', 'first.tlog-proof', '--witness-policy', 'policy.txt'];
    const { stdout } = await dpp(elsewhere, 0, ...args);
    expect(stdout).toMatch(/^ENTRY 0 STANDS IN THE LOG, unaltered/);
    expect(stdout).toMatch(/The ledger 0x[0-9a-f]{40} was opened on chain/);
    expect(stdout).toMatch(/Cosigned {2}by w1 at \d{4}-/);
    expect(stdout).toContain('the log only grew, as that witness saw it');
    const [answer] = (await dpp(elsewhere, 0, ...args, '--json')).json();
    expect(answer).toMatchObject({ index: 0, quorum: 'the witness w1', cosigned: [{ name: 'w1' }] });
    // Under the log's key alone nobody vouches that all are shown one log, and it says so.
    const alone = await dpp(elsewhere, 0, 'log', 'verify-proof', 'first.tlog-proof', '--publisher', publisher);
    expect(alone.stdout).toContain('by no witness that you named');
  });

  it('is made of a folder or another mirror as well', async () => {
    const mirrored = await dpp(place, 0, 'mirror', 'log', '--from', `${url}/log`, '--witness-policy', 'policy.txt');
    expect(mirrored.stdout).toMatch(/Cosigned {2}by w1 at .*: the log only grew, as that witness saw it, and no more/);
    const { stdout } = await dpp(place, 0, 'log', 'proof', '--entry', '1', '--from', 'log');
    await writeFile(place.path('second.tlog-proof'), stdout);
    await dpp(place, 0, 'log', 'verify-proof', 'second.tlog-proof', '--witness-policy', 'policy.txt');
  });

  it('is refused where it was altered, where the log is another one, and where too few cosigned', async () => {
    const file = await readFile(place.path('first.tlog-proof'), 'utf8');
    await writeFile(place.path('cut.tlog-proof'), file.slice(0, 80));
    await dpp(place, 2, 'log', 'verify-proof', 'cut.tlog-proof', '--publisher', publisher);
    const [, extra = ''] = /^extra (\S+)$/m.exec(file) ?? [];
    const entry = Buffer.from(extra, 'base64');
    const altered = Buffer.from(entry.with(entry.length - 1, (entry.at(-1) ?? 0) ^ 1)).toString('base64');
    await writeFile(place.path('altered.tlog-proof'), file.replace(extra, altered));
    const said = await dpp(place, 1, 'log', 'verify-proof', 'altered.tlog-proof', '--publisher', publisher);
    expect(said.stderr).toContain('checkpoint.not-included');
    await writeFile(place.path('bare.tlog-proof'), `${file.split('\n').slice(0, -2).join('\n')}\n`);
    const few = await dpp(place, 1, 'log', 'verify-proof', 'bare.tlog-proof', '--witness-policy', 'policy.txt');
    expect(few.stderr).toContain('checkpoint.quorum');
    const pin = `31337:0x${'0'.repeat(64)}:0x${'0'.repeat(40)}:0x${'0'.repeat(64)}`;
    const other = ['log', 'verify-proof', 'first.tlog-proof', '--publisher', publisher, '--ledger', pin];
    expect((await dpp(place, 1, ...other)).stderr).toContain('checkpoint.origin');
    await dpp(place, 2, 'log', 'verify-proof', 'first.tlog-proof');
  });

  it('is of an entry that is published, named in one way', async () => {
    await dpp(place, 4, 'log', 'proof', '--entry', '100000');
    await dpp(place, 2, 'log', 'proof');
    await dpp(place, 2, 'log', 'proof', '--entry', '1e3');
    await dpp(place, 2, 'log', 'proof', '09521234000013', '--entry', '1');
  });
});

describe('a service with witnesses', () => {
  it('does not start where those that it can ask are too few for its policy', async () => {
    await writeFile(elsewhere.path('deaf.txt'), policyOf('w1').replace(` ${witness.url}`, ''));
    const { stderr } = await dpp(elsewhere, 2, 'serve', '--witness-policy', 'deaf.txt');
    expect(stderr).toContain('none can be asked');
  });
});
