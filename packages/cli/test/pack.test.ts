/** Packs by the command line: a real service, real witnesses, and then nothing of either. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { encodeAddCheckpoint, parseCheckpoint, parseNote } from '@dpp-ledger/core/checkpoint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createWorkplace, EXAMPLES, freePort, type Outcome, type Server, type Workplace } from './support.ts';

const ROWS = 12;
const SCANNED = 'https://id.gs1.org/01/09521234000013/21/';

let place: Workplace;
let service: Server | undefined;
const witnesses: Server[] = [];
let url: string;
let cids: string[];

/** A status other than the expected one shows what the program said. */
async function dpp(status: number, args: readonly string[], input?: string): Promise<Outcome> {
  const options = { env: { DPP_API_URL: url }, ...(input === undefined ? {} : { input }) };
  const outcome = await place.dpp(args, options);
  expect(outcome.status, `dpp ${args.join(' ')}\n${outcome.stdout}\n${outcome.stderr}`).toBe(status);
  return outcome;
}

beforeAll(async () => {
  place = await createWorkplace();
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  service = await place.serve(['--port', String(port)]);
  await dpp(0, ['init', '--issuer', 'did:web:maker.example', '--issuer-name', 'Fictional Maker Ltd']);
  await dpp(0, ['apply', '--roles', 'manufacturer']);
  await dpp(0, ['accreditor', 'accredit', 'application.json', '--grant', 'gs1:9521234']);
  const answer = z
    .object({ service: z.object({ account: z.string() }) })
    .parse(await (await fetch(`${url}/ledger`)).json());
  await dpp(0, ['submitter', 'appoint', answer.service.account]);
  const rows = (await readFile(join(EXAMPLES, 'laptops.csv'), 'utf8')).split(/\r?\n/).slice(0, ROWS + 1);
  await writeFile(place.path('laptops.csv'), `${rows.join('\n')}\n`);
  const mapping = join(EXAMPLES, 'mappings', 'laptops.json');
  const issued = await dpp(0, ['issue', 'laptops.csv', '--mapping', mapping, '--wait', '--json']);
  cids = issued
    .json()
    .flatMap((line) => z.object({ row: z.number(), cid: z.string() }).safeParse(line).data?.cid ?? []);
  expect(cids).toHaveLength(ROWS);
  await startWitnesses(await writePolicy());
}, 300_000);
afterAll(async () => {
  for (const server of witnesses) await server.kill();
  await service?.stop();
}, 60_000);

const ports: number[] = [];

/** Of three witnesses, two of which must agree. */
async function writePolicy(): Promise<readonly string[]> {
  const names = ['w1', 'w2', 'w3'];
  const lines: string[] = [];
  for (const name of names) {
    const key = await dpp(0, ['key', 'witness', `${name}.key`, '--name', `witness.example/${name}`, '--json']);
    const [{ witness }] = key.json() as [{ witness: string }];
    const port = await freePort();
    ports.push(port);
    lines.push(`witness ${name} ${witness} http://127.0.0.1:${port}`);
  }
  const { ledger } = JSON.parse(await readFile(place.path('dpp.config.json'), 'utf8')) as { ledger: string };
  const [chainId, genesis, address, codeHash] = ledger.split(':');
  const witnessPolicy = [...lines, 'group enough 2 w1 w2 w3', 'quorum enough', ''].join('\n');
  const policy = { ledgers: [{ chainId: Number(chainId), genesis, address, codeHash }], witnessPolicy };
  await writeFile(place.path('policy.json'), JSON.stringify(policy));
  return names;
}

/** Two of the three; each cosigns the service's checkpoint once it has everything that was issued. */
async function startWitnesses(names: readonly string[]): Promise<void> {
  const { key } = z.object({ key: z.string() }).parse(await (await fetch(`${url}/log`)).json());
  const { entry } = z
    .object({ entry: z.object({ index: z.number() }) })
    .parse(await (await fetch(`${url}/evidence/${cids.at(-1)}`)).json());
  let checkpoint = '';
  // From outside a process it can only be asked for what it has published.
  while (checkpoint === '' || parseCheckpoint(parseNote(checkpoint).text).size <= entry.index) {
    const response = await fetch(`${url}/log/checkpoint`);
    const text = await response.text();
    if (response.ok) checkpoint = text;
    await delay(100);
  }
  for (const [i, name] of names.slice(0, 2).entries()) {
    const args = [
      '--witness-key',
      `${name}.key`,
      '--logs',
      key,
      '--port',
      String(ports[i]),
      '--memory',
      `${name}.memory`,
    ];
    witnesses.push(await place.witness(args));
    const body = encodeAddCheckpoint({ oldSize: 0, proof: [], checkpoint });
    const answer = await fetch(`http://127.0.0.1:${ports[i]}/add-checkpoint`, { method: 'POST', body });
    expect(answer.status, await answer.text()).toBe(200);
  }
}

const packing = (...what: readonly string[]) => ['pack', ...what, '--policy', 'policy.json'];
const offline = (file: string) => ['verify', file, '--policy', 'policy.json', '--offline'];

describe('dpp pack', () => {
  it('writes a pallet of what was issued, and of what is named by link, CID and list', async () => {
    const pallet = await dpp(0, [...packing('laptops.csv.dpp-run'), '--out', 'pallet.pack', '--json']);
    expect(pallet.json()[0]).toMatchObject({
      passports: ROWS,
      counts: { valid: ROWS, invalid: 0, indeterminate: 0 },
      witnesses: ['w1', 'w2'],
      without: [{ name: 'w3' }],
    });
    const one = await dpp(0, [...packing(cids[0] ?? ''), '--out', 'one.pack']);
    expect(one.stderr).toContain('Without the witness w3');
    await dpp(0, ['evidence', cids[1] ?? '', '--out', 'evidence.json']);
    const asked = await dpp(0, ['verify', 'evidence.json', '--policy', 'policy.json']);
    expect(asked.stdout).toContain('trust base: one endpoint');
    await dpp(0, [...packing('evidence.json', '-'), '--out', 'list.pack'], `${cids[2]}\n\n${cids[3]}\n`);
  });

  it('says what is missing: a policy, its witnesses, a file’s name, the passport, enough witnesses', async () => {
    await dpp(2, ['pack', cids[0] ?? '', '--out', 'x.pack']);
    await dpp(2, packing(cids[0] ?? ''));
    await writeFile(place.path('no-witnesses.json'), JSON.stringify({ ledgers: [] }));
    await dpp(2, ['pack', cids[0] ?? '', '--out', 'x.pack', '--policy', 'no-witnesses.json']);
    await dpp(4, [...packing(`bafkrei${'a'.repeat(52)}`), '--out', 'x.pack']);
    const policy = JSON.parse(await readFile(place.path('policy.json'), 'utf8')) as { witnessPolicy: string };
    const all = { ...policy, witnessPolicy: policy.witnessPolicy.replace('enough 2', 'enough 3') };
    await writeFile(place.path('all.json'), JSON.stringify(all));
    const few = await dpp(4, ['pack', cids[0] ?? '', '--out', 'x.pack', '--policy', 'all.json']);
    expect(few.stderr).toContain('(witness.too-few)');
    await dpp(2, [...packing(cids[0] ?? ''), '--out', 'one.pack']);
  });
});

describe('dpp verify of a pack, with the service, the chain and the witnesses gone', () => {
  beforeAll(async () => {
    for (const server of witnesses.splice(0)) await server.kill();
    await service?.stop();
    service = undefined;
  });

  it('says valid as of a block, and how long ago that was', async () => {
    const { stdout } = await dpp(0, offline('one.pack'));
    expect(stdout).toMatch(/^VALID, as of block \d+, \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ, (just now|\d+ \w+ ago)/);
    expect(stdout).toContain('trust base: 2 of 3 witnesses: w1, w2, w3');
    expect(stdout).toContain('anchor.witnessed');
    const [report] = (await dpp(0, [...offline('one.pack'), '--json'])).json();
    expect(report).toMatchObject({ verdict: 'valid', trustBase: '2 of 3 witnesses: w1, w2, w3', cid: cids[0] });
  });

  it('prints a line for each of many, and counts them', async () => {
    const { stdout } = await dpp(0, offline('pallet.pack'));
    const lines = stdout.trimEnd().split('\n');
    expect(lines.filter((line) => line.startsWith(`VALID              ${SCANNED}`))).toHaveLength(ROWS);
    expect(lines.at(-2)).toMatch(new RegExp(`^${ROWS} passports: ${ROWS} VALID, as of block \\d+, `));
    const found = (await dpp(0, [...offline('pallet.pack'), '--json'])).json();
    expect(found).toHaveLength(ROWS + 1);
    expect(found.at(-1)).toMatchObject({ summary: { passports: ROWS, counts: { valid: ROWS } } });
    expect(
      (await dpp(0, [...offline('list.pack'), '--json']))
        .json()
        .slice(0, -1)
        .map(({ cid }) => cid)
        .sort(),
    ).toEqual(cids.slice(1, 4).sort());
  });

  it('reads standard input, and asks for a policy', async () => {
    await dpp(2, ['verify', 'one.pack', '--offline']);
    await dpp(2, ['verify', cids[0] ?? '', '--offline']);
    await dpp(3, ['verify', 'evidence.json', '--offline']);
  });

  it('does not take a pack for valid that is damaged, of nobody’s witnesses, of another subject, or on what the policy does not accept', async () => {
    const policy = JSON.parse(await readFile(place.path('policy.json'), 'utf8')) as object;
    const judged = async (status: number, file: string, change: object, ...more: readonly string[]) => {
      await writeFile(place.path('changed.json'), JSON.stringify({ ...policy, ...change }));
      const [report] = (
        await dpp(status, ['verify', file, '--policy', 'changed.json', '--offline', '--json', ...more])
      ).json();
      return (report as { checks: { code: string }[] }).checks.map(({ code }) => code);
    };
    expect(await judged(3, 'one.pack', { witnessPolicy: undefined })).toContain('anchor.no-witnesses');
    const bytes = await readFile(place.path('one.pack'));
    bytes[bytes.length - 9] = (bytes[bytes.length - 9] ?? 0) ^ 1;
    await writeFile(place.path('damaged.pack'), bytes);
    expect(await judged(1, 'damaged.pack', {})).toContain('content.evidence-unreadable');
    expect(await judged(1, 'one.pack', {}, '--scanned', `${SCANNED}OTHER`)).toContain('subject.other');
    expect(await judged(3, 'one.pack', { anchorStandings: ['proved'] })).toContain('anchor.standing-not-accepted');
  });
});
