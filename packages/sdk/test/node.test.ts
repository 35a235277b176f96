import { chmod, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { crc32, deflateRawSync } from 'node:zlib';
import type { LedgerId } from '@dpp-ledger/core';
import { createSigner, generateKey, hashKey, parseDid } from '@dpp-ledger/core/credential';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenRelay } from '../src/issue.ts';
import { acts, signRelay } from '../src/ledger/acts.ts';
import {
  backupKey,
  isReadableByOthers,
  openRun,
  readKeyFile,
  readSpreadsheet,
  restoreKey,
  writeKeyFile,
} from '../src/node/index.ts';
import { collect } from './support.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpp-node-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('key files', () => {
  it.each(['ES256', 'Ed25519'] as const)('keep a key (%s) that only its owner may read', async (algorithm) => {
    const jwk = await generateKey({ algorithm });
    const path = join(folder, `${algorithm}.jwk`);
    await writeKeyFile(path, jwk);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await isReadableByOthers(path)).toBe(false);
    expect(await readKeyFile(path)).toEqual(jwk);
    expect(JSON.parse(await readFile(path, 'utf8')).kid).toBe(hashKey(jwk));
  });

  it('are refused where others may read them', async () => {
    const path = join(folder, 'open.jwk');
    await writeKeyFile(path, await generateKey({ algorithm: 'ES256' }));
    await chmod(path, 0o640);
    await expect(readKeyFile(path)).rejects.toMatchObject({ code: 'key.readable-by-others' });
  });

  it('are never overwritten', async () => {
    const path = join(folder, 'once.jwk');
    const jwk = await generateKey({ algorithm: 'ES256' });
    await writeKeyFile(path, jwk);
    await expect(writeKeyFile(path, jwk)).rejects.toMatchObject({ code: 'key.file' });
    await expect(backupKey(path, jwk, 'correct horse battery')).rejects.toMatchObject({ code: 'key.file' });
    expect(await readKeyFile(path)).toEqual(jwk);
  });

  it('are refused where they hold no key, without showing what they hold', async () => {
    const path = join(folder, 'bad.jwk');
    await writeFile(path, '{"kty":"EC","crv":"P-256","d":"c2VjcmV0"', { mode: 0o600 });
    await expect(readKeyFile(path)).rejects.toMatchObject({ code: 'key.file' });
    await expect(readKeyFile(path)).rejects.toThrow(expect.not.stringContaining('c2VjcmV0'));
    await expect(readKeyFile(join(folder, 'none.jwk'))).rejects.toMatchObject({ code: 'key.file' });
  });
});

describe('backups', () => {
  it('give the key back to whoever knows the passphrase, and to nobody else', async () => {
    const jwk = await generateKey({ algorithm: 'ES256' });
    const path = join(folder, 'backup.jwe');
    await backupKey(path, jwk, 'correct horse battery');
    expect(await readFile(path, 'utf8')).not.toContain(jwk.d);
    expect(await restoreKey(path, 'correct horse battery')).toEqual(jwk);
    await expect(restoreKey(path, 'correct horse batterz')).rejects.toMatchObject({ code: 'key.passphrase' });
  });

  it('are not made under a short passphrase, nor read from what is none', async () => {
    const jwk = await generateKey({ algorithm: 'Ed25519' });
    await expect(backupKey(join(folder, 'short.jwe'), jwk, 'short')).rejects.toMatchObject({ code: 'key.passphrase' });
    const path = join(folder, 'none.jwe');
    await writeFile(path, 'nothing');
    await expect(restoreKey(path, 'correct horse battery')).rejects.toMatchObject({ code: 'key.file' });
  });
});

describe('spreadsheets', () => {
  async function read(name: string, content: string | Uint8Array) {
    const path = join(folder, name);
    await writeFile(path, content);
    return await collect(readSpreadsheet(path));
  }

  it.each([
    ['commas', 'name,carbon.totalKgCO2e,note\nA,1,"x, ""y"""\n\nB,,\nC,3\n'],
    ['semicolons and a byte order mark', '\ufeffname;carbon.totalKgCO2e;note\r\nA;1;"x, ""y"""\r\n\r\nB;;\r\nC;3\r\n'],
    ['tabs', 'name\tcarbon.totalKgCO2e\tnote\nA\t1\t"x, ""y"""\n\nB\t\t\nC\t3'],
  ])('are read from CSV with %s, empty cells left out', async (_, text) => {
    const rows = await read('a.csv', text);
    expect(rows.map(({ cells }) => cells)).toEqual([
      { name: 'A', 'carbon.totalKgCO2e': '1', note: 'x, "y"' },
      { name: 'B' },
      { name: 'C', 'carbon.totalKgCO2e': '3' },
    ]);
  });

  it('count rows as the program shows them', async () => {
    const rows = await read('count.csv', 'a,b\n1,2\n"3\n3",4\n,\n5,6\n');
    expect(rows).toEqual([
      { rowNumber: 2, cells: { a: '1', b: '2' } },
      { rowNumber: 3, cells: { a: '3\n3', b: '4' } },
      { rowNumber: 5, cells: { a: '5', b: '6' } },
    ]);
  });

  it.each([
    ['a column named twice', 'a,b,a\n1,2,3\n', 'input.row'],
    ['a value without a column', 'a,b\n1,2,3\n', 'input.row'],
    ['a column that is no name', '__proto__,b\n1,2\n', 'input.row'],
    ['a quote that never ends', 'a,b\n1,"2\n', 'input.row'],
    ['nothing in it', '', 'input.shape'],
  ])('are refused with %s', async (_, text, code) => {
    await expect(read('bad.csv', text)).rejects.toMatchObject({ code });
  });

  it('are refused where there are none', async () => {
    for (const name of ['none.csv', 'none.xlsx']) {
      await expect(collect(readSpreadsheet(join(folder, name)))).rejects.toMatchObject({ code: 'input.shape' });
    }
    await expect(read('text.xlsx', 'no zip')).rejects.toMatchObject({ code: 'input.shape' });
  });

  it('are read from XLSX: stored values, formulas never evaluated', async () => {
    const rows = await read('book.xlsx', makeXlsx());
    expect(rows).toEqual([
      { rowNumber: 2, cells: { name: 'Laptop', mass: '1.25', formula: '999', flag: 'true' } },
      { rowNumber: 4, cells: { name: 'Monitor & stand', formula: 'text' } },
    ]);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '=HYPERLINK("http://x")', '=cmd|calc!A0'])(
    'hold %j as the text that it is',
    async (text) => {
      const [row] = await read('formula.csv', `name,note\nA,"${text.replaceAll('"', '""')}"\n`);
      expect(row?.cells.note).toBe(text.trim());
    },
  );

  it('are refused where little unpacks to much, whatever the archive says of its sizes', async () => {
    const padded = { ...sheetFiles(), 'xl/media/image1.bin': ' '.repeat(300 * 1024 * 1024) };
    await expect(read('bomb.xlsx', zip(padded, deflateRawSync))).rejects.toMatchObject({ code: 'input.too-large' });
  });

  it.each(['XFD1048576', 'A1048576000', '&#88;FD1', 'ZZZZ1'])(
    'are refused where a cell stands at %s',
    async (place) => {
      const name = 'xl/worksheets/sheet1.xml';
      const files = { ...sheetFiles(), [name]: (sheetFiles()[name] ?? '').replace('r="C4"', `r="${place}"`) };
      await expect(read('far.xlsx', zip(files, deflateRawSync))).rejects.toMatchObject({ code: 'input.too-large' });
    },
  );

  it('are refused where the archive hides files from its directory', async () => {
    const whole = Buffer.from(makeXlsx());
    const hidden = Buffer.from(zip({ 'xl/worksheets/sheet1.xml': '<sheetData/>' }));
    const directory = whole.indexOf('PK\x01\x02');
    const end = Buffer.from(whole.subarray(whole.length - 22));
    end.writeUInt32LE(directory + hidden.indexOf('PK\x01\x02'), 16);
    const bytes = Buffer.concat([
      whole.subarray(0, directory),
      hidden.subarray(0, hidden.indexOf('PK\x01\x02')),
      whole.subarray(directory, whole.length - 22),
      end,
    ]);
    await expect(read('hidden.xlsx', bytes)).rejects.toMatchObject({ code: 'input.shape' });
  });

  it('stream: what is read first is there before the end is', async () => {
    const path = join(folder, 'long.csv');
    await writeFile(path, `a,b\n${'1,2\n'.repeat(200_000)}"never ends`);
    let count = 0;
    const reading = (async () => {
      for await (const { cells } of readSpreadsheet(path)) if (cells.a === '1') count += 1;
    })();
    await expect(reading).rejects.toMatchObject({ code: 'input.row' });
    expect(count).toBe(200_000);
  });
});

describe('a run file', () => {
  const ledger: LedgerId = { chainId: 1, genesis: '0x00', address: `0x${'ab'.repeat(20)}`, codeHash: '0x00' };
  const issuer = parseDid('did:web:maker.example');
  const owner = { ledger, issuer };
  let count = 0;
  const path = () => join(folder, `run-${count++}.ndjson`);

  function item(run: { takePlace(): { list: bigint; index: number } }, input: string) {
    return { input, ...run.takePlace(), cid: `cid-${input}`, jwt: `jwt-${input}` };
  }

  it('remembers what was signed and what was answered', async () => {
    const file = path();
    const first = await openRun(file, owner);
    await first.record([item(first, 'a'), item(first, 'b')]);
    await first.settle([{ input: 'a', receipt: { state: 'accepted', id: 'r1', code: 'left-out' } }]);
    await first.close();
    const second = await openRun(file, owner);
    expect((await second.find('a'))?.receipt).toEqual({ state: 'accepted', id: 'r1' });
    expect(await second.find('b')).toMatchObject({ cid: 'cid-b', receipt: undefined });
    expect(await second.find('c')).toBeUndefined();
    expect(await second.readJwt('b')).toBe('jwt-b');
    await second.record([item(second, 'c')]);
    const items = await Array.fromAsync(second.items());
    expect(items.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(new Set(items.map(({ list }) => list)).size).toBe(1);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await second.close();
  });

  it('remembers the relay that is open, until it is not', async () => {
    const signer = await createSigner({ issuer, jwk: await generateKey({ algorithm: 'ES256' }) });
    const request = await signRelay({
      ledger,
      signer,
      acts: [acts.appointSubmitter(`0x${'12'.repeat(20)}`)],
      nonce: 3n,
      deadline: 9,
    });
    const open: OpenRelay = { root: `0x${'34'.repeat(32)}`, inputs: ['a', 'b'], request };
    const file = path();
    const first = await openRun(file, owner);
    expect(first.findOpenRelay()).toBeUndefined();
    await first.record([item(first, 'a'), item(first, 'b')]);
    await first.openRelay(open);
    await first.close();
    const second = await openRun(file, owner);
    expect(second.findOpenRelay()).toEqual(open);
    await second.openRelay(undefined);
    await second.close();
    const third = await openRun(file, owner);
    expect(third.findOpenRelay()).toBeUndefined();
    expect(await third.readJwt('b')).toBe('jwt-b');
    await third.close();
  });

  it('records and settles at once', async () => {
    const file = path();
    const run = await openRun(file, owner);
    await run.record([item(run, 'first')]);
    const inputs = Array.from({ length: 50 }, (_, i) => `input-${i}`);
    await Promise.all(
      inputs.flatMap((input) => [
        run.record([item(run, input)]),
        run.settle([{ input: 'first', receipt: { state: 'duplicate', id: input } }]),
      ]),
    );
    for (const input of inputs) expect(await run.readJwt(input)).toBe(`jwt-${input}`);
    await run.close();
    const again = await openRun(file, owner);
    for (const input of inputs) expect(await again.readJwt(input)).toBe(`jwt-${input}`);
    await again.close();
  });

  it('keeps few bytes of each credential in memory, and all of them in the file', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const alive = async () => {
      // Buffers go with the second collection: the first one ends what held them.
      collect();
      await new Promise((resolve) => setImmediate(resolve));
      collect();
      const { heapUsed, external } = process.memoryUsage();
      return heapUsed + external;
    };
    const file = path();
    const run = await openRun(file, owner);
    const addThousand = async (thousand: number) => {
      const items = Array.from({ length: 1_000 }, (_, i) => ({
        ...item(run, `${thousand}-${i}`),
        jwt: 'j'.repeat(2_000),
      }));
      await run.record(items);
      await run.settle(
        items.map(({ input, cid }) => ({
          input,
          receipt: { state: 'accepted' as const, cid, id: `id-${input}`, receipt: 'r'.repeat(700) },
        })),
      );
    };
    for (let thousand = 0; thousand < 5; thousand++) await addThousand(thousand);
    const before = await alive();
    for (let thousand = 5; thousand < 25; thousand++) await addThousand(thousand);
    // A receipt alone has 700 bytes.
    expect(((await alive()) - before) / 20_000).toBeLessThan(300);
    expect((await run.find('24-999'))?.receipt).toMatchObject({ id: 'id-24-999', receipt: 'r'.repeat(700) });
    await run.close();
    const again = await openRun(file, owner);
    expect((await Array.fromAsync(again.items())).length).toBe(25_000);
    await again.close();
  });

  it('takes another random list for each run, and where one is full', async () => {
    const [run, other] = [await openRun(path(), owner), await openRun(path(), owner)];
    const { list } = run.takePlace();
    expect(other.takePlace().list).not.toBe(list);
    for (let index = 1; index < 131_072; index++) expect(run.takePlace().index).toBe(index);
    const next = run.takePlace();
    expect(next.index).toBe(0);
    expect(next.list).not.toBe(list);
    await run.record([{ input: 'x', ...next, cid: 'c', jwt: 'j' }]);
    await Promise.all([run.close(), other.close()]);
  });

  it('forgets a last line that is not whole, at whichever byte it was cut', async () => {
    const whole = path();
    const first = await openRun(whole, owner);
    await first.record([item(first, 'a')]);
    const before = (await stat(whole)).size;
    await first.record([item(first, 'b')]);
    await first.close();
    const bytes = await readFile(whole);
    for (let size = before; size < bytes.length; size += 7) {
      const cut = path();
      await writeFile(cut, bytes);
      await truncate(cut, size);
      const run = await openRun(cut, owner);
      expect(await run.find('a')).toBeDefined();
      expect(await run.find('b')).toBeUndefined();
      await run.record([item(run, 'b')]);
      await run.close();
      const again = await openRun(cut, owner);
      expect((await Array.fromAsync(again.items())).map(({ input, index }) => [input, index])).toEqual([
        ['a', 0],
        ['b', 1],
      ]);
      expect(await again.readJwt('b')).toBe('jwt-b');
      await again.close();
    }
  });

  it.each([
    ['another issuer', { ledger, issuer: parseDid('did:web:other.example') }],
    ['another ledger', { ledger: { ...ledger, chainId: 2 }, issuer }],
  ])('is refused to %s', async (_, other) => {
    const file = path();
    const run = await openRun(file, owner);
    await run.record([item(run, 'a')]);
    await run.close();
    await expect(openRun(file, other)).rejects.toMatchObject({ code: 'run.mismatch' });
  });

  it('is refused where it is damaged, or no run', async () => {
    const file = path();
    const run = await openRun(file, owner);
    await run.record([item(run, 'a'), item(run, 'b')]);
    await run.close();
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('"index":0', '"index":-1'));
    await expect(openRun(file, owner)).rejects.toMatchObject({ code: 'run.mismatch' });
    await writeFile(file, 'name,carbon\nA,1\n');
    await expect(openRun(file, owner)).rejects.toMatchObject({ code: 'run.mismatch' });
  });
});

/** A workbook as programs write it, small: shared strings, numbers, a formula with its stored value, a boolean, an empty row. */
function makeXlsx(): Uint8Array {
  return zip(sheetFiles());
}

function sheetFiles(): Record<string, string> {
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const relation = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`;
  const relations = (items: string) =>
    `${head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${items}</Relationships>`;
  const strings = ['name', 'mass', 'formula', 'flag', 'Laptop', 'Monitor &amp; stand'];
  const cell = (place: string, index: number) => `<c r="${place}" t="s"><v>${index}</v></c>`;
  return {
    '[Content_Types].xml': `${head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>`,
    '_rels/.rels': relations(relation('rId1', 'officeDocument', 'xl/workbook.xml')),
    'xl/workbook.xml': `${head}<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="Devices" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations(
      relation('rId1', 'worksheet', 'worksheets/sheet1.xml') +
        relation('rId2', 'sharedStrings', 'sharedStrings.xml') +
        relation('rId3', 'styles', 'styles.xml'),
    ),
    'xl/styles.xml': `${head}<styleSheet xmlns="${main}"><cellXfs count="1"><xf numFmtId="0"/></cellXfs></styleSheet>`,
    'xl/sharedStrings.xml': `${head}<sst xmlns="${main}">${strings.map((text) => `<si><t>${text}</t></si>`).join('')}</sst>`,
    'xl/worksheets/sheet1.xml':
      `${head}<worksheet xmlns="${main}"><sheetData>` +
      `<row r="1">${['A1', 'B1', 'C1', 'D1'].map((place, i) => cell(place, i)).join('')}</row>` +
      `<row r="2">${cell('A2', 4)}<c r="B2"><v>1.25</v></c><c r="C2"><f>1+1</f><v>999</v></c><c r="D2" t="b"><v>1</v></c></row>` +
      `<row r="4">${cell('A4', 5)}<c r="C4" t="str"><f>CONCAT("a")</f><v>text</v></c></row>` +
      '</sheetData></worksheet>',
  };
}

/** A ZIP archive, without compression unless it is given one. */
function zip(files: Record<string, string>, pack?: (data: Buffer) => Buffer): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const [path, plain] = [Buffer.from(name), Buffer.from(text)];
    const data = pack?.(plain) ?? plain;
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(pack === undefined ? 0 : 8, 4);
    fields.writeUInt32LE(crc32(plain), 10);
    fields.writeUInt32LE(data.length, 14);
    fields.writeUInt32LE(plain.length, 18);
    fields.writeUInt16LE(path.length, 22);
    parts.push(Buffer.from('PK\x03\x04'), fields, path, data);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), fields, tail, path);
    offset += 30 + path.length + data.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(Object.keys(files).length, 4);
  end.writeUInt16LE(Object.keys(files).length, 6);
  end.writeUInt32LE(entries.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, entries, Buffer.from('PK\x05\x06'), end]);
}
