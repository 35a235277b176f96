/**
 * The Containerfile's steps, done in a folder: what it copies, installed as it installs it, is the whole program. An import of what only
 * development has, or a file that is not copied, ends it here.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const runFile = promisify(execFile);

let root: string;
let containerfile: string;
let serving: ChildProcess | undefined;
/** As in a container: nothing of the surroundings. */
const env = { PATH: process.env.PATH, NODE_ENV: 'production' };
const main = () => join(root, 'packages/cli/src/main.ts');

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'dpp-image-'));
  containerfile = await readFile(join(ROOT, 'Containerfile'), 'utf8');
  const [stage = ''] = containerfile.split('\nFROM ').filter((part) => part.includes(' AS install'));
  for (const [, list = ''] of stage.matchAll(/^COPY (.+)$/gm)) {
    const names = list.split(' ');
    const to = names.pop() ?? '';
    for (const name of names) {
      const into = names.length > 1 || to.endsWith('/') ? join(to, name.split('/').at(-1) ?? '') : to;
      await cp(join(ROOT, name), join(root, into), { recursive: true });
    }
  }
  const [, args = ''] = /^RUN npx --yes pnpm@[\d.]+ (install .+)$/m.exec(stage) ?? [];
  const words = args.replaceAll('"', '').split(' ');
  await runFile('pnpm', [...words, '--prefer-offline'], { cwd: root });
});
afterAll(async () => {
  if (serving?.exitCode === null) {
    serving.kill('SIGTERM');
    await once(serving, 'close');
  }
  await rm(root, { recursive: true, force: true });
});

describe('what the Containerfile installs', () => {
  it('loads every command', async () => {
    const { stdout } = await runFile(process.execPath, [main(), 'help'], { cwd: root, env });
    expect(stdout).toContain('accreditor revoke');
  });

  it('serves, and is ready', async () => {
    const data = join(root, 'data');
    const args = [main(), 'serve', '--data', data, '--port', '0', '--public-url', 'http://127.0.0.1'];
    serving = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    const { promise: begun, resolve } = Promise.withResolvers<void>();
    for (const stream of [serving.stdout, serving.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (said.includes('Ctrl-C ends it.')) resolve();
      });
    }
    const ended = once(serving, 'close').then(() => {
      throw new Error(`dpp serve ended:\n${said}`);
    });
    await Promise.race([begun, ended]);
    ended.catch(() => undefined);
    const { url } = JSON.parse(await readFile(join(data, 'service.json'), 'utf8'));
    await expect.poll(async () => (await fetch(`${url}/readyz`)).status, { timeout: 60_000 }).toBe(200);
    const page = await fetch(`${url}/docs`);
    expect(page.status).toBe(200);
  });

  it('finds no Kubo where none is, having its client', async () => {
    const args = [main(), 'doctor', '--json', '--kubo', 'http://127.0.0.1:9'];
    const { stdout } = await runFile(process.execPath, args, { cwd: root, env }).catch((error) => error);
    expect(stdout).toContain('"code":"store.unreachable"');
  });

  it('is made by the release of pnpm that the project itself uses', async () => {
    const bootstrap = await readFile(join(ROOT, 'scripts/bootstrap.mjs'), 'utf8');
    expect(/pnpm@([\d.]+)/.exec(containerfile)?.[1]).toBe(/pnpm@([\d.]+)/.exec(bootstrap)?.[1]);
    expect(/node:(\d+\.\d+\.\d+)/.exec(containerfile)?.[1]).toBe(/node@([\d.]+)/.exec(bootstrap)?.[1]);
  });
});
