/** PostgreSQL with a data folder of its own, on loopback, open to whoever is on this machine: for tests alone. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Child, ChildError, freePort, startChild } from './child.ts';
import { installPostgres } from './install.ts';

export interface Postgres {
  /** Of the server: databases may be created on it. Without a slash at its end. */
  readonly url: string;
  readonly about: string;
  stop(): Promise<void>;
}

/** Over this folder, which is made if it is not there: started again over it, everything is still there. */
export async function startPostgres(folder: string, options: { readonly port?: number } = {}): Promise<Postgres> {
  const programs = installPostgres();
  const user = findUser();
  const data = join(folder, 'data');
  mkdirSync(folder, { recursive: true });
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const initdb = join(programs, 'initdb');
  const isThere = spawnSync('test', ['-e', join(data, 'PG_VERSION')]).status === 0;
  if (!isThere) {
    const how = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'];
    execFileSync(initdb, ['-D', data, ...how], { ...user, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  }
  const { child, port } = await serve(join(programs, 'postgres'), data, folder, user, options.port);
  const version = execFileSync(join(programs, 'postgres'), ['--version'], { encoding: 'utf8' }).split(' ')[2] ?? '';
  return { url: `postgres://postgres@127.0.0.1:${port}`, about: `PostgreSQL ${version}`, stop: () => child.stop() };
}

async function serve(
  program: string,
  data: string,
  folder: string,
  user: ReturnType<typeof findUser>,
  wanted: number | undefined,
): Promise<{ child: Child; port: number }> {
  for (;;) {
    const port = wanted ?? (await freePort());
    try {
      const child = await startChild({
        command: [program, '-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', ''],
        log: join(folder, '..', 'postgres.log'),
        ready: /database system is ready to accept connections/,
        user,
        // Its "fast" shutdown: SIGTERM would wait for its clients to go.
        endBy: 'INT',
      });
      return { child, port };
    } catch (error) {
      // It cannot choose a port by itself, and another program took the one that was free.
      if (wanted === undefined && error instanceof ChildError && /Address already in use/.test(error.said)) continue;
      throw error;
    }
  }
}

/** PostgreSQL refuses to run as root: then it runs as the user that its package made. */
function findUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
