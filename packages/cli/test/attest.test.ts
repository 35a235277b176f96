/** A maker issues a passport, a certifier attests it, and whoever verifies sees whose word each claim is: by the command line alone. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createWorkplace, EXAMPLES, freePort, type Outcome, type Server, type Workplace } from './support.ts';

const CERTIFIER = ['--config', 'certifier.json'];
const claimsAnswer = z.looseObject({
  verdict: z.string(),
  askedForAttestations: z.boolean(),
  claims: z.array(z.looseObject({ name: z.string(), standing: z.string() })),
  attestations: z.array(z.looseObject({ cid: z.string(), code: z.string() })),
  recycledContent: z.looseObject({ device: z.looseObject({ recycled: z.object({ atLeast: z.number() }) }) }),
});

let place: Workplace;
let server: Server;
let port: number;
let link: string;
let certificate: Record<string, unknown> & { assessments: Record<string, unknown>[] };

async function dpp(status: number, ...args: readonly string[]): Promise<Outcome> {
  const outcome = await place.dpp(args, { env: { DPP_API_URL: `http://127.0.0.1:${port}` } });
  expect(outcome.status, `dpp ${args.join(' ')}\n${outcome.stdout}\n${outcome.stderr}`).toBe(status);
  return outcome;
}

async function readClaims(...args: readonly string[]) {
  const answer = claimsAnswer.parse((await dpp(0, 'verify', ...args, '--json')).json()[0]);
  return { ...answer, standings: Object.fromEntries(answer.claims.map(({ name, standing }) => [name, standing])) };
}

/** Attests what `change` makes of the example; its CID. */
async function attest(name: string, change: object): Promise<string> {
  const id = `https://certifier.example/attestations/${name}`;
  await writeFile(place.path(`${name}.json`), JSON.stringify({ ...certificate, id, ...change }));
  const outcome = await dpp(0, 'attest', `${name}.json`, '--wait', '--json', ...CERTIFIER);
  return z.looseObject({ cid: z.string() }).parse(outcome.json()[0]).cid;
}

beforeAll(async () => {
  place = await createWorkplace();
  port = await freePort();
  server = await place.serve(['--port', String(port)]);
  certificate = JSON.parse(await readFile(join(EXAMPLES, 'attestation.json'), 'utf8'));
  const { service } = z
    .object({ service: z.object({ account: z.string() }) })
    .parse(await (await fetch(`http://127.0.0.1:${port}/ledger`)).json());
  const setUp = async (did: string, role: string, grant: string, config: readonly string[]) => {
    await dpp(0, 'init', '--issuer', did, '--issuer-name', `Fictional ${role}`, ...config);
    await dpp(0, 'apply', '--roles', role, '--out', `${role}.application.json`, ...config);
    await dpp(0, 'accreditor', 'accredit', `${role}.application.json`, '--grant', grant, ...config);
    await dpp(0, 'submitter', 'appoint', service.account, ...config);
  };
  await setUp('did:web:fernhill.example', 'manufacturer', 'gs1:9521234', []);
  await setUp('did:web:certifier.example', 'certifier', 'https://certifier.example/', CERTIFIER);
  const [head, row = ''] = (await readFile(join(EXAMPLES, 'laptops.csv'), 'utf8')).split(/\r?\n/);
  await writeFile(place.path('one.csv'), [head, row, ''].join('\n'));
  await dpp(0, 'issue', 'one.csv', '--mapping', join(EXAMPLES, 'mappings', 'laptops.json'), '--wait');
  link = `http://127.0.0.1:${port}/01/09521234000013/21/${row.split(',')[0]}`;
});

afterAll(() => server?.stop(), 60_000);

describe('a certifier', () => {
  it('tries an attestation out without sending anything, and is told what is wrong with one', async () => {
    const tried = await dpp(0, 'attest', join(EXAMPLES, 'attestation.json'), '--dry-run', ...CERTIFIER);
    expect(tried.stdout).toContain('1 attestation could be given. Nothing was signed or sent.');
    await writeFile(place.path('bad.json'), JSON.stringify({ ...certificate, assessorLevel: 'mine' }));
    expect((await dpp(2, 'attest', 'bad.json', ...CERTIFIER)).stderr).toContain('assessorLevel');
    await writeFile(place.path('theirs.json'), JSON.stringify({ ...certificate, id: 'https://other.example/a/1' }));
    expect((await dpp(2, 'attest', 'theirs.json', ...CERTIFIER)).stderr).toContain('is not under');
  });

  it('finds a passport with its claims self-declared, and leaves them attested', async () => {
    const before = await readClaims(link);
    expect(before.standings).toMatchObject({ 'Carbon footprint': 'selfDeclared', Cobalt: 'selfDeclared' });
    expect(before.askedForAttestations).toBe(true);
    // 178.58 g and 337.8 g of 1,420 g
    expect(before.recycledContent.device.recycled.atLeast).toBeCloseTo(36.364789, 6);

    const cid = await attest('2026-118', {});
    const after = await readClaims(link);
    expect(after.verdict).toBe('valid');
    expect(after.standings).toMatchObject({
      'Carbon footprint': 'attested',
      'Recycled content: plastic': 'attested',
      Cobalt: 'selfDeclared',
      'Fernhill North assembly (fictional)': 'selfDeclared',
    });
    expect(after.attestations).toMatchObject([{ cid, code: 'attestation.in-force' }]);
  });

  it('attests nothing twice with the same file', async () => {
    const again = await dpp(0, 'attest', '2026-118.json', '--json', ...CERTIFIER);
    expect(again.json()[0]).toMatchObject({ before: true });
  });

  it('is shown to people in words, with what its certificate does not state', async () => {
    const { stdout } = await dpp(0, 'verify', link);
    expect(stdout).toMatch(/^Claims: 2 attested, \d+ self-declared$/m);
    expect(stdout).toMatch(/^ {2}attested +Carbon footprint$/m);
    expect(stdout).toContain('Fictional certifier: Carbon footprint of the laptop, 2026-11-02.');
    expect(stdout).toContain('Not in the certificate: Raw material and manufacturing, kg CO2e: 178.2 kg');
    expect(stdout).toMatch(/^ {2}Whole device +36.4 % recycled: 23.8 % after use, 12.6 % before$/m);
    expect(stdout).toMatch(/^ {2}Declared +plastic, recycled after use: 52 %; cannot be computed/m);
  });

  it('attests by its evidence alone where no service is asked, and nothing where none is at hand', async () => {
    const [{ cid = '' } = {}] = (await readClaims(link)).attestations;
    await dpp(0, 'evidence', cid, '--out', 'certificate.evidence.json');
    await dpp(0, 'evidence', link, '--out', 'passport.evidence.json');
    const alone = await readClaims('passport.evidence.json', '--no-attestations');
    expect([alone.askedForAttestations, alone.standings['Carbon footprint']]).toEqual([false, 'selfDeclared']);
    const attested = await readClaims(
      ...['passport.evidence.json', '--no-attestations', '--attestation', 'certificate.evidence.json'],
    );
    expect(attested.standings['Carbon footprint']).toBe('attested');
    const offline = await dpp(3, 'verify', 'passport.evidence.json', '--offline', '--json');
    const { claims } = claimsAnswer.parse(offline.json()[0]);
    expect(new Set(claims.map(({ standing }) => standing))).toEqual(new Set(['unknown']));
  });

  it('contradicts a claim with what it found, and takes an attestation back', async () => {
    const [carbon] = certificate.assessments;
    const cid = await attest('2026-119', {
      assessments: [{ ...carbon, figures: [{ metric: 'carbon.totalKgCO2e', value: 310 }] }],
    });
    const { stdout } = await dpp(0, 'verify', link);
    expect(stdout).toMatch(/^ {2}CONTRADICTED +Carbon footprint$/m);
    expect(stdout).toContain('the certifier found 310 kg, 231 kg (+46, -46) is claimed.');
    await dpp(0, 'revoke', cid, '--reason', 'error', ...CERTIFIER);
    const after = await readClaims(link);
    expect(after.standings['Carbon footprint']).toBe('attested');
    expect(after.attestations.map(({ code }) => code).sort()).toEqual(['attestation.in-force', 'attestation.revoked']);
  });
});
