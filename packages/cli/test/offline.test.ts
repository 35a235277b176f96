import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { COMMAND_GROUPS } from '../src/commands/index.ts';
import { renderReference } from '../src/reference.ts';
import { createWorkplace, EXAMPLES, type Workplace } from './support.ts';

const ITEM = 'https://id.gs1.org/01/09521234000013/21/A7K2';

let place: Workplace;
beforeAll(async () => {
  place = await createWorkplace();
});

describe('the command line', () => {
  it('lists every command with the exit statuses, and says how each is used', async () => {
    const overview = await place.dpp(['help']);
    expect(overview.status).toBe(0);
    for (const name of ['verify', 'issue', 'key new', 'accreditor accredit', 'replay', 'doctor', 'Exit status']) {
      expect(overview.stdout).toContain(name);
    }
    const help = await place.dpp(['issue', '--help']);
    expect(help.status).toBe(0);
    expect(help.stdout).toContain('--dry-run');
    expect(help.stdout).toContain('DPP_KEY_FILE');
    expect((await place.dpp(['help', 'key', 'new'])).stdout).toContain('dpp key new FILE');
  });

  it('finds every command by its name, and has no other', async () => {
    for (const { names, load } of COMMAND_GROUPS) {
      expect((await load()).map(({ name }) => name)).toEqual(names);
    }
  });

  it('is documented as it is', async () => {
    const document = await readFile(join(import.meta.dirname, '../../../docs/cli.md'), 'utf8');
    expect(document, 'docs/cli.md is not what the code says: run pnpm generate').toBe(await renderReference());
  });

  it.each([
    [[], 2, ''],
    [['verif'], 2, 'There is no command "verif"'],
    [['key'], 2, 'needs one more word'],
    [['label'], 2, 'LINK is missing'],
    [['label', ITEM, 'more'], 2, '"more" is one argument too many'],
    [['label', ITEM, '--colour'], 2, "Unknown option '--colour'"],
    [['label', ITEM, '--out'], 2, "Option '--out <value>' argument missing"],
    [['revoke', 'bafkrei'], 2, '--reason is missing'],
    [['accreditor', 'withdraw', 'did:web:maker.example'], 2, 'add --yes'],
    [['replay', '--depth', 'deep'], 2, '--depth is journal, batches, credentials'],
  ])('refuses %j with status %i and a way to mend it', async (args, status, sentence) => {
    const outcome = await place.dpp(args);
    expect(outcome.status).toBe(status);
    expect(outcome.stderr).toContain(sentence);
    if (args.length > 0) expect(outcome.stderr).toContain('(usage.command)');
  });

  it('prints an error as JSON and nothing else when asked for JSON', async () => {
    const outcome = await place.dpp(['label', 'no link', '--json']);
    expect(outcome.status).toBe(2);
    expect(outcome.json()).toEqual([{ error: { code: 'gs1.uri', message: expect.stringContaining('no link') } }]);
    expect(outcome.stderr).toBe('');
  });

  it('answers 4 where the service does not answer', async () => {
    const outcome = await place.dpp(['evidence', ITEM, '--api', 'http://127.0.0.1:9']);
    expect(outcome.status).toBe(4);
    expect(outcome.stderr).toContain('(service.unreachable)');
    expect(outcome.stderr).toContain('--api URL, or DPP_API_URL');
  });

  it('has no colour where it is not asked for, and none under NO_COLOR', async () => {
    const args = ['label', ITEM];
    expect((await place.dpp(args)).stdout).not.toContain('\u001b');
    expect((await place.dpp(args, { env: { FORCE_COLOR: '1' } })).stdout).toContain('\u001b');
    expect((await place.dpp(args, { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stdout).not.toContain('\u001b');
  });
});

describe('settings', () => {
  it('take a flag before a variable before the file before the default', async () => {
    const there = await createWorkplace();
    const api = async (args: readonly string[], env: Record<string, string> = {}) =>
      (await there.dpp(['evidence', ITEM, ...args], { env })).stderr;
    // Not by asking there: something of this machine might answer.
    expect((await there.dpp(['evidence', '--help'])).stdout).toContain('http://127.0.0.1:8080 by default');
    await mkdir(there.path('.dpp'));
    await writeFile(there.path('.dpp', 'service.json'), JSON.stringify({ url: 'http://127.0.0.1:8' }));
    expect(await api([])).toContain('http://127.0.0.1:8 ');
    await writeFile(there.path('dpp.config.json'), JSON.stringify({ api: 'http://127.0.0.1:9' }));
    expect(await api([])).toContain('http://127.0.0.1:9 ');
    expect(await api([], { DPP_API_URL: 'http://127.0.0.1:10' })).toContain('http://127.0.0.1:10 ');
    expect(await api(['--api', 'http://127.0.0.1:11'], { DPP_API_URL: 'http://127.0.0.1:10' })).toContain(
      '127.0.0.1:11 ',
    );
  });

  it('refuse a file with what is no setting, secrets above all', async () => {
    const there = await createWorkplace();
    for (const [content, sentence] of [
      ['{"apii": "x"}', '"apii" is no setting of this file'],
      ['{"passphrase": "x"}', '"passphrase" is no setting of this file'],
      ['{', 'it is no JSON'],
    ] as const) {
      await writeFile(there.path('dpp.config.json'), content);
      const outcome = await there.dpp(['doctor']);
      expect(outcome.status).toBe(2);
      expect(outcome.stderr).toContain(sentence);
      expect(outcome.stderr).toContain('(usage.configuration)');
    }
    const missing = await there.dpp(['doctor', '--config', 'nowhere.json']);
    expect(missing.stderr).toContain('nowhere.json cannot be read');
  });

  it.each([
    ['DPP_BATCH_SIZE', '0', 'batchSize is 1 to 16384, not 0'],
    ['DPP_BATCH_SIZE', '16385', 'batchSize is 1 to 16384, not 16385'],
    ['DPP_BATCH_AGE_MS', '2 s', 'batchAge is a whole number, not "2 s"'],
  ])('refuse to serve with %s=%s', async (name, value, sentence) => {
    const outcome = await place.dpp(['serve'], { env: { [name]: value } });
    expect(outcome.status).toBe(2);
    expect(outcome.stderr).toContain(sentence);
  });

  it('take a secret from a file that X_FILE names, and not from two places', async () => {
    const there = await createWorkplace();
    await there.dpp(['key', 'new', 'a.jwk.json']);
    await writeFile(there.path('passphrase'), 'correct horse battery\n', { mode: 0o600 });
    const env = { DPP_PASSPHRASE_FILE: 'passphrase' };
    expect((await there.dpp(['key', 'backup', 'a.jwk.json', 'a.backup'], { env })).status).toBe(0);
    const restored = await there.dpp(['key', 'restore', 'a.backup', 'b.jwk.json'], {
      env: { DPP_PASSPHRASE: 'correct horse battery' },
    });
    expect(restored.status, restored.stderr).toBe(0);
    const twice = await there.dpp(['doctor'], { env: { ...env, DPP_PASSPHRASE: 'x' } });
    expect(twice.status).toBe(2);
    expect(twice.stderr).toContain('DPP_PASSPHRASE and DPP_PASSPHRASE_FILE are both set');
    const missing = await there.dpp(['key', 'backup', 'a.jwk.json', 'c.backup'], {
      env: { DPP_PASSPHRASE_FILE: 'nowhere' },
    });
    expect(missing.stderr).toContain('DPP_PASSPHRASE_FILE cannot be read');
  });

  it('say by which three ways a missing one can be given', async () => {
    const outcome = await place.dpp(['apply', '--roles', 'manufacturer']);
    expect(outcome.status).toBe(2);
    expect(outcome.stderr).toContain('give --issuer or DPP_ISSUER or "issuer" in dpp.config.json');
  });
});

describe('keys', () => {
  it('are written for their owner alone, shown without their secret, and never overwritten', async () => {
    const made = await place.dpp(['key', 'new', 'a.jwk.json', '--json']);
    expect(made.status).toBe(0);
    const [{ thumbprint } = {}] = made.json();
    expect((await stat(place.path('a.jwk.json'))).mode & 0o777).toBe(0o600);
    const [shown] = (await place.dpp(['key', 'show', 'a.jwk.json', '--json'])).json();
    expect(shown).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256', kid: thumbprint });
    expect(shown).not.toHaveProperty('d');
    expect((await place.dpp(['key', 'thumbprint', 'a.jwk.json'])).stdout.trim()).toBe(thumbprint);
    const again = await place.dpp(['key', 'new', 'a.jwk.json']);
    expect(again.status).toBe(1);
    expect(again.stderr).toContain('never overwritten');
  });

  it('come back from a backup with its passphrase, and not with another', async () => {
    await place.dpp(['key', 'new', 'b.jwk.json', '--algorithm', 'Ed25519']);
    const env = { DPP_PASSPHRASE: 'correct horse battery' };
    expect((await place.dpp(['key', 'backup', 'b.jwk.json', 'b.backup'], { env })).status).toBe(0);
    expect(await readFile(place.path('b.backup'), 'utf8')).not.toContain('"d"');
    const wrong = await place.dpp(['key', 'restore', 'b.backup', 'c.jwk.json'], {
      env: { DPP_PASSPHRASE: 'wrong horse battery' },
    });
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain('(key.passphrase)');
    expect((await place.dpp(['key', 'restore', 'b.backup', 'c.jwk.json'], { env })).status).toBe(0);
    expect((await place.dpp(['key', 'thumbprint', 'c.jwk.json'])).stdout).toBe(
      (await place.dpp(['key', 'thumbprint', 'b.jwk.json'])).stdout,
    );
  });

  it('ask for a variable where there is no terminal to ask on', async () => {
    await place.dpp(['key', 'new', 'd.jwk.json']);
    const outcome = await place.dpp(['key', 'backup', 'd.jwk.json', 'd.backup']);
    expect(outcome.status).toBe(2);
    expect(outcome.stderr).toContain('Set DPP_PASSPHRASE');
  });

  it('are refused where others may read them', async () => {
    await place.dpp(['key', 'new', 'open.jwk.json']);
    await chmod(place.path('open.jwk.json'), 0o644);
    const outcome = await place.dpp(['key', 'show', 'open.jwk.json']);
    expect(outcome.status).toBe(1);
    expect(outcome.stderr).toContain('chmod 600');
  });
});

describe('labels', () => {
  it('are drawn as PNG and SVG on the public host, and read back', async () => {
    const drawn = await place.dpp([
      'label',
      ITEM,
      '--public-url',
      'https://dpp.example',
      '--out',
      'label.png',
      '--json',
    ]);
    expect(drawn.json()).toEqual([{ file: 'label.png', uri: 'https://dpp.example/01/09521234000013/21/A7K2' }]);
    expect((await place.dpp(['label', 'read', 'label.png', '--json'])).json()).toEqual([
      { uri: 'https://dpp.example/01/09521234000013/21/A7K2', subject: ITEM },
    ]);
    await place.dpp(['label', ITEM, '--out', 'label.svg']);
    expect(await readFile(place.path('label.svg'), 'utf8')).toContain('<svg');
    expect((await place.dpp(['label', ITEM, '--out', 'label.gif'])).status).toBe(2);
  });

  it('refuse a picture without a code', async () => {
    await writeFile(place.path('no.png'), 'no picture');
    const outcome = await place.dpp(['label', 'read', 'no.png']);
    expect(outcome.status).toBe(2);
    expect(outcome.stderr).toContain('(input.encoding)');
  });
});

describe('template and dry run', () => {
  it('the template’s example row makes a passport', async () => {
    expect((await place.dpp(['template', '--out', 'template.csv'])).status).toBe(0);
    // Programs take cells that begin so for formulas.
    expect(await readFile(place.path('template.csv'), 'utf8')).not.toMatch(/(?:^|,)"?[=+\-@\t\r]/m);
    const outcome = await place.dpp(['issue', 'template.csv', '--dry-run', '--json']);
    expect(outcome.status).toBe(0);
    expect(outcome.json().at(-1)).toMatchObject({ summary: { dryRun: true, read: 1, refused: 0 } });
    const again = await place.dpp(['template', '--out', 'template.csv']);
    expect(again.status).toBe(2);
    expect(again.stderr).toContain('template.csv exists');
    expect((await place.dpp(['template', '--out', 'template.xlsx'])).status).toBe(2);
  });

  it('the columns are explained', async () => {
    const { stdout } = await place.dpp(['template', '--columns']);
    expect(stdout).toMatch(/carbon\.totalKgCO2e +Carbon footprint/);
  });

  it('every example device makes a passport', async () => {
    const args = ['issue', join(EXAMPLES, 'devices.csv'), '--dry-run', '--json', '--voice', 'restated'];
    const outcome = await place.dpp([...args, '--issuer', 'did:web:devices.dpp.example']);
    expect(outcome.status).toBe(0);
    expect(outcome.json().at(-1)).toMatchObject({ summary: { refused: 0, skipped: 0 } });
  });

  it('names row and column of what cannot be read, goes on with the others, and answers 5', async () => {
    await writeFile(
      place.path('mixed.csv'),
      'granularity,gtin,serial,name,category,manufacturer.name,massKg\n' +
        'item,09521234000013,A1,Laptop,laptop,Maker,1.2\n' +
        'item,09521234000014,A2,Laptop,laptop,Maker,1.2\n' +
        'item,09521234000013,A3,Laptop,laptop,Maker,heavy\n',
    );
    const outcome = await place.dpp(['issue', 'mixed.csv', '--dry-run', '--json']);
    expect(outcome.status).toBe(5);
    const lines = outcome.json();
    expect(lines).toContainEqual(
      expect.objectContaining({ row: 3, state: 'refused', reason: expect.stringContaining('"gtin"') }),
    );
    expect(lines).toContainEqual(
      expect.objectContaining({ row: 4, state: 'refused', reason: expect.stringContaining('"massKg"') }),
    );
    expect(lines.at(-1)).toMatchObject({ summary: { read: 1, refused: 2 } });
  });

  it('reads inputs as NDJSON from standard input and as JSON from a file', async () => {
    const input = {
      granularity: 'model',
      gtin: '09521234000013',
      name: 'L',
      category: 'laptop',
      manufacturer: { name: 'M' },
    };
    const piped = await place.dpp(['issue', '-', '--dry-run', '--json'], { input: `${JSON.stringify(input)}\n{}\n` });
    expect(piped.status).toBe(5);
    expect(piped.json().at(-1)).toMatchObject({ summary: { read: 1, refused: 1 } });
    await writeFile(place.path('one.json'), JSON.stringify([input]));
    const people = await place.dpp(['issue', 'one.json', '--dry-run']);
    expect(people.status).toBe(0);
    expect(people.stdout).toContain(
      'Row 1: https://id.gs1.org/01/09521234000013\nDry run: 1 passport could be issued;',
    );
  });

  it('refuses a subject outside the issuer’s own host', async () => {
    const input = {
      granularity: 'model',
      id: 'https://other.example/m/1',
      name: 'L',
      category: 'laptop',
      manufacturer: { name: 'M' },
    };
    await writeFile(place.path('other.json'), JSON.stringify(input));
    const outcome = await place.dpp(['issue', 'other.json', '--dry-run', '--issuer', 'did:web:maker.example']);
    expect(outcome.status).toBe(2);
    expect(outcome.stderr).toContain('(passport.input)');
  });

  it('refuses a file whose kind cannot be told, and one that is not there', async () => {
    expect((await place.dpp(['issue', 'passports.doc', '--dry-run'])).stderr).toContain('.csv, .xlsx, .json, .ndjson');
    expect((await place.dpp(['issue', 'nowhere.csv', '--dry-run'])).status).toBe(2);
    expect((await place.dpp(['issue', 'one.json', '--dry-run', '--mapping', 'x.json'])).status).toBe(2);
  });
});

describe('verifying without a chain', () => {
  it('says what is not known, and answers 3', async () => {
    await writeFile(place.path('bad.json'), '{"version":"dpp-evidence/1"}');
    const outcome = await place.dpp(['verify', 'bad.json', '--json', '--api', 'http://127.0.0.1:9']);
    expect([1, 3]).toContain(outcome.status);
    expect(outcome.json()[0]).toHaveProperty('checks');
    expect(outcome.stderr).toContain('No chain endpoint is set');
  });

  it('asks the host of a label’s link where no service is set', async () => {
    const link = 'http://127.0.0.1:9/01/09521234000013';
    const unset = await place.dpp(['evidence', link]);
    // Anybody can print a label: it must not make this machine ask what only this machine can reach.
    expect(unset.stderr).toContain('http://127.0.0.1:9 does not answer as it should: 127.0.0.1 is no public address');
    expect(unset.stderr).toContain('--api URL');
    const set = await place.dpp(['evidence', link], { env: { DPP_API_URL: 'http://127.0.0.1:10' } });
    expect(set.stderr).toContain('http://127.0.0.1:10 does not answer');
  });

  it('takes a bare GTIN for its model, and says what it takes where a word is nothing of it', async () => {
    const gtin = await place.dpp(['verify', '9521234000013', '--api', 'http://127.0.0.1:9']);
    expect(gtin.stderr).toContain('(service.unreachable)');
    expect((await place.dpp(['verify', '9521234000014'])).stderr).toContain('(gs1.key)');
    const word = await place.dpp(['verify', 'A7K2']);
    expect(word.status).toBe(2);
    expect(word.stderr).toContain('a GTIN (8, 12, 13 or 14 digits)');
  });

  it.each([
    ['notes.txt', 'hello'],
    ['package.json', '{"version":"1.0.0"}'],
    ['photo.jpg', '\u00ff\u00d8'],
  ])('refuses %s, which claims to be nothing that can be verified', async (name, content) => {
    await writeFile(place.path(name), content);
    const outcome = await place.dpp(['verify', name]);
    expect(outcome.status).toBe(2);
    expect(outcome.stderr).toContain(
      `${name} is neither evidence, nor a credential, nor a label's picture. (input.shape)`,
    );
  });

  it('examines this machine in words', async () => {
    const outcome = await place.dpp(['doctor', '--json']);
    const found = Object.fromEntries(outcome.json().map(({ check, state }) => [check, state]));
    expect(found).toMatchObject({ Node: 'ok', Chain: 'unknown', Service: 'unknown' });
    expect(outcome.json().at(-1)).toMatchObject({ wrong: 0, unknown: 2 });
    expect(outcome.status).toBe(0);
  });
});
