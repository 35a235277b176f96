/** The whole story by the command line alone: from an empty folder to a journal that meets the contract. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findEmbedded } from '@dpp-ledger/embedded/find';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { proxy } from '../../sdk/test/support.ts';
import { createWorkplace, EXAMPLES, freePort, type Outcome, type Server, type Workplace } from './support.ts';

const LAPTOPS = join(EXAMPLES, 'laptops.csv');
const MAPPING = join(EXAMPLES, 'mappings', 'laptops.json');
const MODEL = 'https://id.gs1.org/01/09521234000013';

let place: Workplace;
let server: Server;
let port: number;
let rows: readonly string[];

/** With the settings of this place; a status other than the expected one shows what the program said. */
async function dpp(status: number, ...args: readonly string[]): Promise<Outcome> {
  const outcome = await place.dpp(args, { env: { DPP_API_URL: `http://127.0.0.1:${port}` } });
  expect(outcome.status, `dpp ${args.join(' ')}\n${outcome.stdout}\n${outcome.stderr}`).toBe(status);
  return outcome;
}

async function writeRows(name: string, which: readonly number[]): Promise<string> {
  await writeFile(place.path(name), [rows[0], ...which.map((i) => rows[i]), ''].join('\n'));
  return name;
}

const item = z.object({ row: z.number(), cid: z.string(), state: z.string(), before: z.boolean() });

/** CIDs by row. */
function issued(outcome: Outcome): Map<number, z.infer<typeof item>> {
  const items = outcome.json().flatMap((line) => item.safeParse(line).data ?? []);
  return new Map(items.map((each) => [each.row, each]));
}

async function issue(file: string, ...args: readonly string[]) {
  return issued(await dpp(0, 'issue', file, '--mapping', MAPPING, '--wait', '--json', ...args));
}

async function verdictOf(status: number, ...args: readonly string[]) {
  const [report] = (await dpp(status, 'verify', ...args, '--json')).json();
  return report as { verdict: string; current: boolean; checks: { name: string; outcome: string; code: string }[] };
}

const codesOf = (report: Awaited<ReturnType<typeof verdictOf>>) => report.checks.map(({ code }) => code);

beforeAll(async () => {
  place = await createWorkplace();
  rows = (await readFile(LAPTOPS, 'utf8')).split(/\r?\n/);
  port = await freePort();
  server = await place.serve(['--port', String(port)]);
}, 120_000);

afterAll(() => server?.stop(), 60_000);

describe('from an empty folder', () => {
  let first: Map<number, { cid: string; before: boolean }>;
  const cidOf = (row: number) => first.get(row)?.cid ?? 'not issued';

  it('an issuer sets itself up, applies and is accredited', async () => {
    await dpp(0, 'init', '--issuer', 'did:web:maker.example', '--issuer-name', 'Fictional Maker Ltd');
    expect(JSON.parse(await readFile(place.path('dpp.config.json'), 'utf8'))).toMatchObject({
      issuer: 'did:web:maker.example',
      ledger: expect.stringMatching(/^31337:0x/),
    });
    const other = await dpp(
      0,
      'init',
      '--config',
      'more/other.json',
      '--issuer',
      'did:web:maker.example',
      '--issuer-name',
      'M',
    );
    expect(other.stdout).toContain('dpp submitter appoint');
    expect(await readFile(place.path('more', 'other.json'), 'utf8')).toContain('"issuerName": "M"');
    await dpp(2, 'init', '--issuer', 'did:web:maker.example', '--issuer-name', 'M');
    await dpp(0, 'apply', '--roles', 'manufacturer');
    expect(await readFile(place.path('application.json'), 'utf8')).not.toContain('"d"');
    const before = await dpp(1, 'doctor');
    expect(before.stdout).toContain('is not accredited here');
    await dpp(0, 'accreditor', 'accredit', 'application.json', '--grant', 'gs1:9521234');
    await dpp(1, 'accreditor', 'accredit', 'application.json');
  });

  it('is refused at the door until it lets the service anchor for it', async () => {
    const file = await writeRows('early.csv', [1]);
    const refused = await dpp(5, 'issue', file, '--mapping', MAPPING, '--json');
    expect(refused.json()).toContainEqual(expect.objectContaining({ state: 'refused', code: 'issuer.not-submitter' }));
    const { service } = z
      .object({ service: z.object({ account: z.string() }) })
      .parse(await (await fetch(`http://127.0.0.1:${port}/ledger`)).json());
    await dpp(0, 'submitter', 'appoint', service.account);
    const again = await issue(file);
    expect([...again.values()].map(({ state }) => state)).toEqual(['accepted']);
  });

  it('issues a spreadsheet once, however often the command is given', async () => {
    const file = await writeRows('laptops.csv', [2, 3, 4, 5, 6]);
    first = await issue(file);
    expect(first.size).toBe(5);
    const again = await issue(file);
    expect([...again.values()].every(({ before }) => before)).toBe(true);
    expect([...again.values()].map(({ cid }) => cid)).toEqual([...first.values()].map(({ cid }) => cid));
  });

  it('verifies a label’s link, a CID, evidence and a picture of the label, all to the same verdict', async () => {
    const [serial = ''] = (rows[2] ?? '').split(',');
    const link = `http://127.0.0.1:${port}/01/09521234000013/21/${serial}`;
    expect((await verdictOf(0, link)).checks.find(({ name }) => name === 'subject')?.code).toBe('subject.same');
    expect(await verdictOf(0, cidOf(2))).toMatchObject({ verdict: 'valid', current: true });
    await dpp(0, 'evidence', link, '--out', 'evidence.json');
    expect(await verdictOf(0, 'evidence.json', '--scanned', link)).toMatchObject({ verdict: 'valid' });
    await dpp(0, 'label', link, '--out', 'scan.png');
    expect(await verdictOf(0, 'scan.png')).toMatchObject({ verdict: 'valid' });
    const people = await dpp(0, 'verify', link);
    expect(people.stdout).toContain('VALID');
    expect(people.stdout).toContain('On the word of http://127.0.0.1');
  });

  it('proves the anchor of a passport by the public log alone, as a file that stands alone', async () => {
    const log = z.object({ key: z.string(), size: z.int() });
    const { entry } = z
      .object({ entry: z.object({ index: z.int() }) })
      .parse(JSON.parse(await readFile(place.path('evidence.json'), 'utf8')));
    // An entry is published once its block is saved.
    let published = { key: '', size: 0 };
    while (published.size <= entry.index) {
      const response = await fetch(`http://127.0.0.1:${port}/log`);
      if (response.ok) published = log.parse(await response.json());
      else await response.body?.cancel();
    }
    const verifyProof = ['log', 'verify-proof', 'anchor.tlog-proof', '--publisher', published.key];
    for (const what of [cidOf(2), 'evidence.json']) {
      const { stdout } = await dpp(0, 'log', 'proof', what);
      await writeFile(place.path('anchor.tlog-proof'), stdout);
      expect((await dpp(0, ...verifyProof, '--json')).json()[0]).toMatchObject({ index: entry.index, cosigned: [] });
    }
    expect((await dpp(0, ...verifyProof)).stdout).toMatch(/anchored/);
    // Evidence that names another entry than it is proved by is found out.
    const evidence = JSON.parse(await readFile(place.path('evidence.json'), 'utf8'));
    const moved = { ...evidence, entry: { ...evidence.entry, index: entry.index - 1 } };
    await writeFile(place.path('moved.json'), JSON.stringify(moved));
    expect((await dpp(1, 'log', 'proof', 'moved.json')).stderr).toContain('checkpoint.not-included');
  });

  it('refuses an altered passport, and one about something else than was scanned', async () => {
    const evidence = z
      .looseObject({ credential: z.string() })
      .parse(JSON.parse(await readFile(place.path('evidence.json'), 'utf8')));
    const [header = '', payload = '', signature = ''] = evidence.credential.split('.');
    const altered = Buffer.from(payload, 'base64url').toString().replace('"value":231', '"value":23');
    const credential = [header, Buffer.from(altered).toString('base64url'), signature].join('.');
    await writeFile(place.path('altered.json'), JSON.stringify({ ...evidence, credential }));
    const report = await verdictOf(1, 'altered.json');
    expect(report.checks.find(({ name }) => name === 'signature')?.outcome).toBe('invalid');
    expect(codesOf(await verdictOf(1, 'evidence.json', '--scanned', `${MODEL}/21/OTHER`))).toContain('subject.other');
  });

  it('leaves a verdict open where the chain does not answer', async () => {
    const outcome = await dpp(3, 'verify', 'evidence.json', '--rpc', 'http://127.0.0.1:9', '--json');
    expect(outcome.json()[0]).toMatchObject({ verdict: 'indeterminate' });
    expect(outcome.stderr).toContain('(ledger.unreachable)');
  });

  it('believes several endpoints only as far as enough of them agree, and names who differs', async () => {
    const local = await findEmbedded(place.path('.dpp'));
    if (local === undefined) throw new TypeError('the service runs over an embedded chain');
    const honest: Parameters<typeof proxy>[1] = (_, answer) => answer();
    // The word of revoked bits, all of them set.
    const revoking: typeof honest = async ({ method }, answer) => {
      const result = await answer();
      const isFacts = method === 'eth_call' && typeof result === 'string' && result.length > 2 + 64 * 20;
      return isFacts ? `${result.slice(0, 2 + 64 * 19)}${'f'.repeat(64)}${result.slice(2 + 64 * 20)}` : result;
    };
    const servers = await Promise.all([honest, revoking, honest].map((change) => proxy(local.rpcUrl, change)));
    try {
      const urls = servers.map(({ url }) => url);
      const rpc = urls.flatMap((url) => ['--rpc', url]);
      const outcome = await dpp(0, 'verify', 'evidence.json', ...rpc, '--json');
      expect(outcome.json()[0]).toMatchObject({
        verdict: 'valid',
        trustBase: '2 of 3 endpoints that agree',
        asOf: { source: `2 of 3 endpoints: ${urls[0]}, ${urls[2]}` },
        endpoints: [{ endpoint: urls[1], code: 'ledger.differs' }],
      });
      const people = await dpp(0, 'verify', 'evidence.json', '--rpc', urls.join(','));
      expect(people.stdout).toMatch(new RegExp(`Endpoint +${urls[1]} says otherwise .*ledger.differs`));
      const all = await dpp(3, 'verify', 'evidence.json', ...rpc, '--agree', '3', '--json');
      expect(all.json()[0]).toMatchObject({ verdict: 'indeterminate', unanswered: { code: 'ledger.no-quorum' } });
      expect(all.stderr).toContain(`${urls[0]}, ${urls[2]} against ${urls[1]}`);
      await dpp(2, 'verify', 'evidence.json', ...rpc, '--agree', '4');
      await dpp(2, 'serve', ...rpc);
      const doctor = await dpp(1, 'doctor', ...rpc, '--json');
      expect(doctor.json()).toContainEqual(
        expect.objectContaining({
          check: 'Endpoints',
          code: 'endpoints.differ',
          found: expect.stringContaining(`${urls[1]}`),
        }),
      );
      await dpp(0, 'replay', ...rpc);
    } finally {
      for (const server of servers) await server.close();
    }
  });

  it('supersedes: the old version was right, and is no longer current', async () => {
    await writeFile(
      place.path('corrected.csv'),
      `${rows[0]}\n${(rows[2] ?? '').replace(/\d{4}-\d{2}-\d{2}$/, '2026-07-01')}\n`,
    );
    await dpp(0, 'supersede', 'corrected.csv', '--mapping', MAPPING, '--reason', 'error');
    expect(await verdictOf(0, cidOf(2))).toMatchObject({ verdict: 'valid', current: false });
    expect(codesOf(await verdictOf(1, cidOf(2), '--current'))).toContain('status.superseded');
  });

  it('revokes, for good, by the issuer and by authority', async () => {
    await dpp(0, 'revoke', cidOf(3), '--reason', 'recall');
    expect(codesOf(await verdictOf(1, cidOf(3)))).toContain('status.revoked');
    await dpp(1, 'revoke', cidOf(3), '--reason', 'recall');
    await dpp(0, 'accreditor', 'revoke', cidOf(4));
    expect(codesOf(await verdictOf(1, cidOf(4)))).toContain('status.revoked');
  });

  it('rotates a key without breaking anything, and disowns one from a time on', async () => {
    await dpp(0, 'key', 'new', 'keys/second.jwk.json');
    await dpp(0, 'key', 'add', 'keys/second.jwk.json', '--purposes', 'assert');
    const second = (await dpp(0, 'key', 'thumbprint', 'keys/second.jwk.json')).stdout.trim();
    const file = await writeRows('second.csv', [7]);
    const [only] = [...(await issue(file, '--key', 'keys/second.jwk.json')).values()];
    const cid = only?.cid ?? 'not issued';
    await dpp(0, 'key', 'retire', second);
    expect(await verdictOf(0, cid)).toMatchObject({ verdict: 'valid' });
    await dpp(0, 'key', 'revoke', second, '--since', '2026-01-01');
    expect(codesOf(await verdictOf(1, cid))).toContain('key.compromised-before-anchor');
    expect(await verdictOf(0, cidOf(5))).toMatchObject({ verdict: 'valid' });
    await dpp(1, 'key', 'retire', second, '--at', '1');
  });

  it('gives and takes back, suspends and reinstates', async () => {
    const did = 'did:web:maker.example';
    await dpp(0, 'accreditor', 'grant', did, 'https://maker.example/m/', '--number', '2');
    await dpp(0, 'accreditor', 'take-back', did, 'https://maker.example/m/', '--number', '2');
    await dpp(0, 'accreditor', 'roles', did, 'manufacturer,recycler');
    await dpp(0, 'accreditor', 'suspend', did);
    await dpp(1, 'accreditor', 'suspend', did);
    await dpp(0, 'accreditor', 'reinstate', did);
    await dpp(2, 'accreditor', 'grant', did, 'gs1:12');
  });

  it('meets the contract’s root by replay, down to every credential, and from a snapshot', async () => {
    const whole = await dpp(0, 'replay', '--depth', 'credentials', '--save', 'snapshot.json', '--json');
    expect(whole.json()[0]).toMatchObject({ meets: true, faults: 0, opened: { credentials: 8 } });
    const unopened = await dpp(5, 'replay', '--depth', 'batches', '--gateways', 'http://127.0.0.1:9');
    expect(unopened.stdout).toMatch(/MEETS THE CONTRACT: .*; BUT \d+ THINGS ARE AT FAULT BEHIND IT/);
    expect(unopened.stdout).toMatch(/Not read: \d+/);
    const people = await dpp(0, 'replay', '--from', 'snapshot.json');
    expect(people.stdout).toContain('THE JOURNAL MEETS THE CONTRACT');
    const entries = await dpp(0, 'replay', '--entries');
    expect(entries.stdout).toMatch(/did:web:maker.example anchored (?:a )?batch/);
    await writeFile(place.path('snapshot.json'), (await readFile(place.path('snapshot.json'), 'utf8')).slice(1));
    await dpp(2, 'replay', '--from', 'snapshot.json');
  });

  it('writes an audit report that is the same again, signed and for people, and checks it', async () => {
    await dpp(0, 'key', 'new', 'auditor.jwk.json');
    const shown = await dpp(0, 'key', 'show', 'auditor.jwk.json');
    await writeFile(place.path('auditor.pub.json'), shown.stdout);
    const audit = (folder: string, ...more: string[]) =>
      dpp(0, 'replay', '--depth', 'credentials', '--report', folder, '--key', 'auditor.jwk.json', ...more);
    const first = await audit('audit');
    expect(first.stdout).toContain('8 credentials judged');
    await audit('again', '--resume', 'audit.work');
    const [report, again] = [
      await readFile(place.path('audit', 'report.json'), 'utf8'),
      await readFile(place.path('again', 'report.json'), 'utf8'),
    ];
    expect(again).toBe(report);
    const page = await readFile(place.path('audit', 'report.html'), 'utf8');
    expect(page).toContain('Nothing is at fault');
    expect(page).not.toMatch(/<script|https?:\/\/[^"<]*\.(?:js|css)/);

    const jwt = place.path('audit', 'report.jwt');
    const checked = await dpp(
      0,
      'audit',
      'verify',
      jwt,
      '--auditor',
      'auditor.pub.json',
      '--report',
      'again/report.json',
    );
    expect(checked.stdout).toContain('the same, byte for byte');
    expect((await dpp(3, 'audit', 'verify', jwt)).stdout).toContain('compare it with the auditor’s');
  });

  it('refuses a second service over the same folder, and goes on where the first ended', async () => {
    const second = await place.dpp(['serve', '--port', '0', '--public-url', 'http://127.0.0.1']);
    expect(second.status).toBe(1);
    expect(second.stderr).toContain('(folder.locked)');
    const record = place.path('.dpp', 'service.json');
    expect(JSON.parse(await readFile(record, 'utf8'))).toEqual({ url: `http://127.0.0.1:${port}` });
    expect(await server.stop()).toBe(0);
    await expect(readFile(record)).rejects.toThrow('ENOENT');
    server = await place.serve(['--port', String(port), '--quiet']);
    expect(await verdictOf(0, cidOf(5))).toMatchObject({ verdict: 'valid', current: true });
    expect((await dpp(0, 'doctor')).stdout).toContain('Nothing is wrong.');
  });

  it('ends an issuer for good, and only when told so twice', async () => {
    await dpp(2, 'accreditor', 'withdraw', 'did:web:maker.example');
    await dpp(0, 'accreditor', 'withdraw', 'did:web:maker.example', '--since', '2026-01-01', '--yes');
    expect(codesOf(await verdictOf(1, cidOf(5)))).toContain('issuer.withdrawn');
  });
});
