/** A chain of one geth under the Amsterdam rules: it makes a block a second, and its first account has the money. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { keepPort, keptPort, startChild } from './child.ts';
import { installFromSource } from './install.ts';

export interface Geth {
  /** Of its JSON-RPC. */
  readonly url: string;
  readonly about: string;
  stop(): Promise<void>;
}

/** Over this folder, which is made if it is not there: started again over it, the chain goes on, at the same address. */
export async function startGeth(folder: string): Promise<Geth> {
  const program = installFromSource('geth');
  mkdirSync(folder, { recursive: true });
  const child = await startChild({
    command: [
      program,
      ...['--datadir', join(folder, 'data'), '--ipcdisable'],
      // Without the override its development chain mixes rules as no network does.
      ...['--dev', '--dev.period', '1', '--override.amsterdam', '0'],
      ...['--dev.gaslimit', '200000000', '--miner.gaslimit', '200000000', '--rpc.txfeecap', '0'],
      ...[
        '--http',
        '--http.addr',
        '127.0.0.1',
        '--http.port',
        String(keptPort(folder) ?? 0),
        '--http.api',
        'eth,net,web3',
      ],
    ],
    log: join(folder, '..', 'geth.log'),
    ready: /HTTP server started\s+endpoint=127\.0\.0\.1:(\d+)/,
  });
  keepPort(folder, Number(child.ready[1]));
  const version = /^Version: (\S+)/m.exec(execFileSync(program, ['version'], { encoding: 'utf8' }))?.[1] ?? '';
  return { url: `http://127.0.0.1:${child.ready[1]}`, about: `geth ${version}`, stop: () => child.stop() };
}
