/** This machine: the program's runtime, its files and who may read them, room on the disk, the port. */
import { constants } from 'node:fs';
import { access, readdir, stat, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { hashKey, parseDid } from '@dpp-ledger/core/credential';
import { isReadableByOthers, readKeyFile } from '@dpp-ledger/sdk/node';
import { readWholeNumber } from '../connection.ts';
import { amiss, type Finding, fine, reasonOf } from './finding.ts';
import { isThere, openedValue, type Scene } from './scene.ts';

const OLDEST_NODE = 24;
/** Whatever the disk's size: a day of a busy service, and room to vacuum. */
const LEAST_FREE_BYTES = 2 * 1024 ** 3;

export async function examineNode(): Promise<Finding> {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= OLDEST_NODE) return fine(process.version);
  return amiss('node.old', `${process.version} runs this`, `install Node ${OLDEST_NODE} or newer`);
}

export async function examineSettings({ settings: { file } }: Scene): Promise<Finding> {
  if (file === undefined) return fine('flags, environment and defaults; there is no dpp.config.json here');
  if (process.platform !== 'win32' && ((await stat(file)).mode & 0o022) !== 0) {
    return amiss('settings.writable', `others can write ${file}`, `chmod go-w ${file}`);
  }
  return fine(file);
}

/** Every file that holds a secret, whether it is used now or not. */
export async function examineKeyFiles({ settings }: Scene): Promise<Finding> {
  const data = settings.require('data');
  const keys = dirname(resolve(settings.require('key')));
  const siblings = (await readdir(keys).catch(() => [])).filter((name) => name.endsWith('.jwk.json'));
  const named = [
    settings.find('account'),
    settings.find('serviceKey'),
    settings.find('logKey'),
    settings.require('key'),
  ];
  const kept = (await readdir(data).catch(() => [])).filter((name) =>
    /^(?:accounts\.json|.+\.jwk\.json|log-.+\.key)$/.test(name),
  );
  const candidates = [
    ...siblings.map((name) => join(keys, name)),
    ...named.filter((path) => path !== undefined).map((path) => resolve(path)),
    ...kept.map((name) => resolve(data, name)),
    ...settings.secretFiles,
  ];
  const open: string[] = [];
  let count = 0;
  for (const path of new Set(candidates)) {
    if (!(await isThere(path))) continue;
    count += 1;
    if ((await isReadableByOthers(path)) === true) open.push(path);
  }
  if (open.length > 0)
    return amiss('key.readable', `others can read ${open.join(', ')}`, `chmod 600 ${open.join(' ')}`);
  return fine(count === 0 ? 'there are none yet' : `only you can read the ${count} that are here`);
}

/** The issuer's own key, which only issuing needs. */
export async function examineKey({ settings }: Scene): Promise<readonly Finding[]> {
  const path = settings.require('key');
  const isNamed = settings.origin('key') !== 'default';
  if (!isNamed && !(await isThere(path))) return [];
  try {
    const issuer = settings.find('issuer');
    const of = issuer === undefined ? '' : `, of ${parseDid(issuer)}`;
    return [fine(`${path}, thumbprint ${hashKey(await readKeyFile(path))}${of}`)];
  } catch (error) {
    return [amiss('key.unusable', reasonOf(error), `give another with --key, or make one: dpp key new ${path}`)];
  }
}

export async function examineData({ settings, serves }: Scene): Promise<readonly Finding[]> {
  const folder = resolve(settings.require('data'));
  if (!(await isThere(folder))) return serves ? [fine(`${folder} will be made`)] : [];
  if (process.platform !== 'win32' && ((await stat(folder)).mode & 0o077) !== 0) {
    return [amiss('data.readable', `others can look into ${folder}`, `chmod 700 ${folder}`)];
  }
  try {
    await access(folder, constants.W_OK);
  } catch {
    return [amiss('data.unwritable', `this user cannot write ${folder}`, `chown -R ${process.getuid?.()} ${folder}`)];
  }
  return [fine(folder)];
}

export async function examineDisk({ settings }: Scene): Promise<Finding> {
  let folder = resolve(settings.require('data'));
  while (!(await isThere(folder))) folder = dirname(folder);
  const { bavail, bsize, blocks } = await statfs(folder);
  const free = bavail * bsize;
  const share = Math.round((100 * bavail) / Math.max(1, blocks));
  const found = `${formatBytes(free)} free where ${folder} is (${share} %)`;
  if (free < LEAST_FREE_BYTES) return amiss('disk.low', found, 'make room, or move the folder and give --data');
  return fine(found);
}

export async function examinePort({ settings, serves, service }: Scene): Promise<readonly Finding[]> {
  if (!serves) return [];
  const host = settings.require('host');
  const port = readWholeNumber(settings, 'port');
  const seen = openedValue(service);
  if (seen !== undefined && Number(new URL(seen.url).port) === port) {
    return [fine(`${port} on ${host} is the running service's`)];
  }
  const failure = await tryToListen(host, port);
  if (failure === undefined) return [fine(`${port} on ${host} is free`)];
  const who = failure === 'EADDRINUSE' ? `another program uses it; see who: ss -ltnp 'sport = :${port}'` : failure;
  return [amiss('port.unusable', `${port} on ${host}: ${who}`, 'end that program, or choose another: --port')];
}

async function tryToListen(host: string, port: number): Promise<string | undefined> {
  const server = createServer();
  const { promise, resolve: settle } = Promise.withResolvers<string | undefined>();
  server.once('error', (error: NodeJS.ErrnoException) => settle(error.code ?? error.message));
  server.listen(port, host, () => server.close(() => settle(undefined)));
  return await promise;
}

/** "1.5 GiB". */
function formatBytes(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${Number((bytes / 1024 ** power).toFixed(1))} ${units[power]}`;
}
