/** PostgreSQL with a data folder of its own, on loopback, open to whoever is on this machine: for tests alone. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Child, ChildError, freePort, keepPort, keptPort, startChild } from './child.ts';
import { installPostgres } from './install.ts';

export interface Postgres {
  /** Of the server: databases may be created on it. Without a slash at its end. */
  readonly url: string;
  readonly about: string;
  stop(): Promise<void>;
  /** As the loss of power would. */
  kill(): Promise<void>;
}

/** Over this folder, which is made if it is not there: started again over it, everything is still there, at the same address. */
export async function startPostgres(folder: string): Promise<Postgres> {
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
  const { child, port } = await serve(join(programs, 'postgres'), data, folder, user);
  keepPort(folder, port);
  const version = execFileSync(join(programs, 'postgres'), ['--version'], { encoding: 'utf8' }).split(' ')[2] ?? '';
  return {
    ...{ url: `postgres://postgres@127.0.0.1:${port}`, about: `PostgreSQL ${version}` },
    stop: () => child.stop(),
    kill: () => child.kill(),
  };
}

async function serve(
  program: string,
  data: string,
  folder: string,
  user: ReturnType<typeof findUser>,
): Promise<{ child: Child; port: number }> {
  const kept = keptPort(folder);
  for (;;) {
    const port = kept ?? (await freePort());
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
      // Another program took the port that was free; or of a server that was killed, a last process has not noticed yet.
      if (!(error instanceof ChildError && /already in use|still in use|already exists/.test(error.said))) throw error;
      if (kept !== undefined) await delay(200);
    }
  }
}

/** PostgreSQL refuses to run as root: then it runs as the user that its package made. */
function findUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
