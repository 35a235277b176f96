/** What `npm start` runs, as a stranger would run it: the whole program as one process, over an empty folder and again over the same. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeLabel } from '@dpp-ledger/web';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const script = join(import.meta.dirname, '../../scripts/demo.ts');
let folder: string;
let port: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpp-demo-'));
  port = String(await findFreePort());
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the demonstration', () => {
  it('goes on after it was killed in the middle of issuing', async () => {
    const child = start('--once');
    await until(child, /2\. Passports are signed/);
    child.kill('SIGKILL');
    await once(child, 'close');
    const { output, status } = await finish(start('--once'));
    expect(output).toContain('200 laptops');
    // From the mine to the laptop, and no gram twice.
    expect(output).toMatch(/would take more than there is: the contract refuses, MassOutOfRange\(.*held: 100000\)/);
    expect(output).toMatch(/spend the same cobalt twice: the contract refuses, MassOutOfRange\(.*held: 0\)/);
    expect(output).toMatch(/4 kg that .* offered and .* never accepted/);
    expect(output).toMatch(
      /Where it came from[\s\S]*2\.5 kg .* from .*, did:web:tallharbour[\s\S]*SCRAP-1.*BE.*, did:web:scheldt\.example/,
    );
    expect(output).toContain('is contradicted: the certifier found 61 %');
    expect(output).not.toContain('UNEXPECTED');
    expect(status).toBe(0);
  });

  it('tells the same of the same passports at the next start, and issues nothing twice', async () => {
    const { output, status } = await finish(start('--once'));
    expect(output).toContain('Going on from the state of the last start');
    expect(output.match(/issued before, nothing to do/g)).toHaveLength(2);
    expect(output).not.toContain('UNEXPECTED');
    expect(output).toMatch(/meets the contract's tree head/);
    expect(status).toBe(0);
  });

  it('leaves a server running, whose label leads to a page, a credential and evidence', async () => {
    const child = start();
    await until(child, /The server is running/);
    try {
      const link = decodeLabel(await readFile(join(folder, 'demo/label.png')));
      const page = await fetch(link, { headers: { accept: 'text/html' } });
      const html = await page.text();
      expect(page.status).toBe(200);
      expect(html).toContain('Fernhill Meadow 14');
      const credential = await fetch(link, { headers: { accept: 'application/vc+jwt' } });
      expect(credential.headers.get('content-type')).toMatch(/^application\/vc\+jwt/);
      const linkset = await fetch(`${link}?linkType=all`, { headers: { accept: 'application/linkset+json' } });
      expect(linkset.status).toBe(200);
      const health = await fetch(new URL('/readyz', link));
      expect(health.status).toBe(200);
      // A laptop with cobalt of lots: the service's own verdict, and what is left of the lot that it drew on.
      const drawn = link.replace(/[^/]*$/, 'COBALT1');
      const asked = await fetch(new URL(`/verify?uri=${encodeURIComponent(drawn)}`, link));
      const report = (await asked.json()) as { verdict: string; checks: { name: string; outcome: string }[] };
      expect(report.verdict).toBe('valid');
      expect(report.checks).toContainEqual(expect.objectContaining({ name: 'provenance', outcome: 'valid' }));
      const held = await fetch(new URL('/lots?holder=did:web:fernhill.example', link));
      const { items } = (await held.json()) as { items: { milligrams: string; registered: string }[] };
      expect(items.map(({ registered, milligrams }) => [registered, milligrams]).sort()).toEqual([
        ['100000', '0'],
        ['200000', '0'],
      ]);
    } finally {
      child.kill('SIGTERM');
      await once(child, 'close');
    }
    expect(child.exitCode).toBe(0);
  });
});

function start(...flags: string[]): ChildProcess {
  return spawn(process.execPath, [script, '--data', folder, '--port', port, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function finish(child: ChildProcess): Promise<{ output: string; status: number | null }> {
  let output = '';
  child.stdout?.on('data', (text) => {
    output += text;
  });
  child.stderr?.on('data', (text) => {
    output += text;
  });
  await once(child, 'close');
  return { output, status: child.exitCode };
}

/** Resolves once the output matches; rejects if the process ends before. */
async function until(child: ChildProcess, pattern: RegExp): Promise<void> {
  let output = '';
  await new Promise<void>((resolve, reject) => {
    const look = (text: Buffer) => {
      output += text;
      if (pattern.test(output)) resolve();
    };
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    child.once('close', () => reject(new Error(`The demonstration ended before ${pattern}:\n${output}`)));
  });
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new TypeError('a listening server has an address');
  return address.port;
}
