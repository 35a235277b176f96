/** Kubo with a repository of its own, offline: RPC and gateway on loopback, no peers. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startChild } from './child.ts';
import { installFromSource } from './install.ts';

export interface Kubo {
  /** Of its RPC. */
  readonly url: string;
  readonly gateway: string;
  readonly about: string;
  stop(): Promise<void>;
  /** As the loss of power would. */
  kill(): Promise<void>;
}

/** Over this folder, which is made if it is not there: started again over it, everything is still there, at the same addresses. */
export async function startKubo(folder: string): Promise<Kubo> {
  const program = installFromSource('kubo');
  const repository = join(folder, 'repository');
  const env = { IPFS_PATH: repository };
  const ipfs = (...args: string[]) =>
    execFileSync(program, args, {
      env: { ...process.env, ...env },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  if (!existsSync(join(repository, 'config'))) {
    mkdirSync(repository, { recursive: true });
    ipfs('init', '--profile=test');
    for (const [name, value] of [
      ['AutoConf.Enabled', 'false'],
      ['AutoTLS.Enabled', 'false'],
      ['Addresses.Swarm', '[]'],
      ['Addresses.API', '"/ip4/127.0.0.1/tcp/0"'],
      ['Addresses.Gateway', '"/ip4/127.0.0.1/tcp/0"'],
    ] as const) {
      ipfs('config', '--json', name, value);
    }
  }
  const child = await startChild({
    command: [program, 'daemon', '--offline'],
    log: join(folder, '..', 'kubo.log'),
    ready: /Daemon is ready/,
    env,
  });
  const [, port] = /\/tcp\/(\d+)/.exec(readFileSync(join(repository, 'api'), 'utf8')) ?? [];
  const gateway = readFileSync(join(repository, 'gateway'), 'utf8').trim();
  ipfs('config', 'Addresses.API', `/ip4/127.0.0.1/tcp/${port}`);
  ipfs('config', 'Addresses.Gateway', `/ip4/127.0.0.1/tcp/${new URL(gateway).port}`);
  return {
    url: `http://127.0.0.1:${port}`,
    gateway,
    about: `Kubo ${ipfs('version', '--number').trim()}`,
    stop: () => child.stop(),
    kill: () => child.kill(),
  };
}
