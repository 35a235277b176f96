/** Processes by id: whether one is alive, and whether it is still the same one, since ids are used again. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** When the process started, in whatever spelling the system has; `undefined`: there is none; `unknown`: the system does not tell. */
export async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const status = await readProc(pid, 'stat');
    if (status === undefined) return undefined;
    // Field 3 is the state and 22 the start time; the command's name before them may hold anything, but ends with the last parenthesis.
    const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  }
  if (!isAlive(pid)) return undefined;
  return (await ask('lstart', pid)) ?? 'unknown';
}

/** The process's command line; `undefined`: there is no such process, or the system does not tell. */
export async function commandOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') return (await readProc(pid, 'cmdline'))?.replaceAll('\0', ' ').trim() || undefined;
  return await ask('command', pid);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function readProc(pid: number, file: string): Promise<string | undefined> {
  return await readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => undefined);
}

async function ask(field: string, pid: number): Promise<string | undefined> {
  if (process.platform === 'win32') return undefined;
  const answer = await promisify(execFile)('ps', ['-o', `${field}=`, '-p', String(pid)]).catch(() => undefined);
  return answer?.stdout.trim() || undefined;
}
