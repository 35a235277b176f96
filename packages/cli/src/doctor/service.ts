/** The engines that keep things, and the service over them as others reach it. */

import { join } from 'node:path';
import { DppError } from '@dpp-ledger/core';
import { hashKey } from '@dpp-ledger/core/credential';
import { readKeyFile } from '@dpp-ledger/sdk/node';
import { createGatewayStore, createKuboStore, type Store } from '@dpp-ledger/sdk/store';
import { z } from 'zod';
import { openGateways } from '../connection.ts';
import { SERVICE_KEY, serviceDid } from '../running.ts';
import { isSameLedger } from './chain.ts';
import { amiss, type Finding, fine, reasonOf, unseen } from './finding.ts';
import { fetchJson, isThere, openedValue, type Scene, type ServiceSeen } from './scene.ts';

/** An index is behind by more blocks than this and more of the chain's seconds, as /healthz has it. */
const BEHIND_BLOCKS = 5;
const BEHIND_SECONDS = 30;

export async function examineDatabase({ database, ledger, pin }: Scene): Promise<readonly Finding[]> {
  if (database === undefined) return [];
  if ('error' in database) {
    const mend = 'start PostgreSQL, or correct DPP_DATABASE_URL';
    return [amiss('database.unreachable', reasonOf(database.error), mend)];
  }
  const { isReadOnly, schemas, contents } = database.value;
  if (isReadOnly)
    return [amiss('database.readOnly', 'it is a standby, or read-only', 'name the primary in DPP_DATABASE_URL')];
  const ages = Object.entries(schemas);
  const newer = ages.filter(([, age]) => age === 'newer').map(([name]) => name);
  if (newer.length > 0) {
    return [
      amiss(
        'database.newer',
        `the schema ${newer.join(' and ')} is of a later release`,
        'run the release that made it',
      ),
    ];
  }
  const older = ages.filter(([, age]) => age === 'older').map(([name]) => name);
  if (older.length > 0) {
    const mend = 'pg_dump --format=custom --schema=outbox --file=outbox.dump DATABASE, then start the service';
    return [amiss('database.older', `the schema ${older.join(' and ')} is of an earlier release`, mend)];
  }
  const expected = pin ?? openedValue(ledger)?.id;
  if (contents?.ledger !== undefined && expected !== undefined && !isSameLedger(contents.ledger, expected)) {
    const found = `its promises are about the ledger ${contents.ledger.address} on chain ${contents.ledger.chainId}`;
    return [amiss('database.otherLedger', found, 'name another database, or the ledger that this one is of')];
  }
  return [
    fine(
      contents === undefined
        ? 'PostgreSQL, empty: the first start makes its schemas'
        : 'PostgreSQL, with this release’s schemas',
    ),
  ];
}

export async function examineLeader({ database, service }: Scene): Promise<readonly Finding[]> {
  const kept = openedValue(database);
  if (kept?.hasLeader === undefined || kept.contents === undefined) return [];
  if (kept.hasLeader) return [fine('one replica leads')];
  if (openedValue(service) === undefined) return [unseen('no replica leads, and none answers here')];
  const mend = 'wait some seconds; then look at the replicas’ logs for "lead", and restart one';
  return [amiss('leader.none', 'replicas answer, and none leads', mend)];
}

export async function examineIndex({ database, service, ledger, signal }: Scene): Promise<readonly Finding[]> {
  const indexed = openedValue(database)?.contents?.indexed ?? openedValue(service)?.ledger;
  const newest = await openedValue(ledger)
    ?.readBlock('latest', { signal })
    .catch(() => undefined);
  if (indexed === undefined) return openedValue(service) === undefined ? [] : [unseen('nothing is read yet')];
  if (newest === undefined) return [unseen(`block ${indexed.blockNumber}; the chain tells nothing`)];
  const blocks = Math.max(0, newest.number - indexed.blockNumber);
  const seconds = Math.max(0, newest.time - indexed.blockTime);
  const found = `block ${indexed.blockNumber}, ${blocks} blocks and ${seconds} s behind the chain`;
  // Chains differ in how often they make a block.
  if (blocks <= BEHIND_BLOCKS || seconds <= BEHIND_SECONDS) return [fine(found)];
  return [
    amiss('index.behind', found, 'if it does not catch up within minutes: look at the leader’s log and its node'),
  ];
}

export async function examinePromises({ database, service }: Scene): Promise<readonly Finding[]> {
  const outbox = openedValue(database)?.contents?.outbox ?? openedValue(service)?.health.outbox;
  if (outbox === undefined) return [];
  const { waiting, open, overdue } = outbox;
  const found = `${waiting} waiting for a batch, ${open} batches not final, ${overdue} overdue`;
  if (overdue === 0) return [fine(found)];
  return [
    amiss('promises.overdue', found, 'mend what else is wrong here: what is overdue is anchored as soon as it can be'),
  ];
}

/** Whether the store is there, and has what was anchored last. */
export async function examineStore(scene: Scene): Promise<readonly Finding[]> {
  const { settings, service, signal } = scene;
  const url = settings.find('kubo');
  const seen = openedValue(service);
  if (url === undefined && seen === undefined) return [];
  const manifests = openedValue(scene.database)?.contents?.manifests ?? (await listManifests(seen, signal));
  const has = url === undefined ? throughService(seen?.url ?? '', signal) : undefined;
  let name = `the service's store`;
  const missing: string[] = [];
  try {
    const store = url === undefined ? undefined : await openKubo(url);
    if (store !== undefined) {
      const { reachable, software } = await store.describe({ signal });
      name = `${store.name}${software === undefined ? '' : ` (${software})`}`;
      if (!reachable)
        return [amiss('store.unreachable', `${store.name} does not answer`, 'start it, or give another: --kubo')];
    }
    for (const manifest of manifests) {
      const isKept = await (store?.hasBatch(manifest, { signal }) ?? has?.(manifest));
      if (isKept !== true) missing.push(manifest);
    }
  } catch (error) {
    signal.throwIfAborted();
    return [amiss('store.unreachable', reasonOf(error), 'start it, or give another: --kubo')];
  }
  if (missing.length === 0) {
    return [fine(manifests.length === 0 ? name : `${name}, which keeps the newest batches`)];
  }
  const found = `${name} does not keep ${missing.join(', ')}`;
  const mend =
    url === undefined
      ? 'restore the store from its back-up'
      : `where another node has it: ipfs pin add ${missing.join(' ')}`;
  return [amiss('store.unpinned', found, mend)];
}

async function openKubo(url: string): Promise<Store> {
  // Heavy, and needed only where a Kubo is used.
  const { create } = await import('kubo-rpc-client');
  return createKuboStore({ client: create({ url }), name: `Kubo at ${new URL(url).origin}` });
}

function throughService(url: string, signal: AbortSignal): (cid: string) => Promise<boolean> {
  const gateway = createGatewayStore({ urls: [url] });
  return (cid) => gateway.has(cid, { signal });
}

const batchesSchema = z.looseObject({ items: z.array(z.looseObject({ manifest: z.string() })) });

async function listManifests(service: ServiceSeen | undefined, signal: AbortSignal): Promise<readonly string[]> {
  if (service === undefined) return [];
  const found = await fetchJson(service.url, '/batches?limit=3', batchesSchema, signal).catch(() => undefined);
  return found?.value.items.map(({ manifest }) => manifest) ?? [];
}

export async function examineService({
  settings,
  service,
  serviceUrl,
  serves,
  local,
}: Scene): Promise<readonly Finding[]> {
  const seen = openedValue(service);
  if (seen === undefined) {
    const reason = service !== undefined && 'error' in service ? reasonOf(service.error) : '';
    const isExpected = serves || settings.origin('api') !== 'default' || local !== undefined;
    if (!isExpected)
      return [amiss('service.notSet', `none is set, and none is at ${serviceUrl}`, 'give --api, or DPP_API_URL')];
    return [
      amiss(
        'service.unreachable',
        `${serviceUrl} does not answer: ${reason}`,
        'start it: dpp serve; or give another: --api',
      ),
    ];
  }
  const bad = Object.entries(seen.health.checks).filter(([, { ok }]) => !ok);
  if (bad.length === 0) return [fine(`${seen.url}, and finds nothing wrong itself`)];
  return bad.map(([name, { detail }]) =>
    amiss('service.degraded', `${seen.url}: ${name}: ${detail}`, 'mend what is named; its log says more'),
  );
}

export async function examinePublicUrl({ publicUrl, service, signal }: Scene): Promise<readonly Finding[]> {
  if (publicUrl === undefined) return [];
  const seen = openedValue(service);
  const url = new URL(publicUrl);
  const findings: Finding[] = [];
  try {
    await fetchJson(publicUrl, '/healthz', z.looseObject({}), signal);
    // A service that has read nothing yet does not say.
    const served = await fetchJson(publicUrl, '/ledger', ledgerIdSchema, signal).catch(() => undefined);
    const id = served?.value.id;
    const ours = seen?.ledger?.id;
    if (id !== undefined && ours !== undefined && (id.address !== ours.address || id.genesis !== ours.genesis)) {
      return [
        amiss(
          'publicUrl.otherService',
          `${publicUrl} serves the ledger ${id.address}`,
          'correct the proxy or the name',
        ),
      ];
    }
  } catch (error) {
    signal.throwIfAborted();
    if (seen === undefined) return [unseen(`${publicUrl}: the service does not run`)];
    const found = `${reasonOf(error)}`;
    findings.push(amiss('publicUrl.unreachable', found, 'look at name server, certificate and proxy, in this order'));
  }
  if (url.protocol !== 'https:' && !/^(?:localhost|127\.|\[::1\])/.test(url.hostname)) {
    findings.push(amiss('publicUrl.insecure', `${publicUrl} is not https`, 'put a proxy with a certificate before it'));
  }
  return findings.length === 0 ? [fine(publicUrl)] : findings;
}

const ledgerIdSchema = z.looseObject({ id: z.looseObject({ address: z.string(), genesis: z.string() }) });
/** Where a did:web of a host has its document. */
const DOCUMENT = '/.well-known/did.json';
const documentSchema = z.looseObject({
  id: z.string(),
  verificationMethod: z.array(z.looseObject({ id: z.string() })),
});

/** Whether receipts can be checked by whoever only knows their DID. */
export async function examineDid({ settings, publicUrl, service, signal }: Scene): Promise<readonly Finding[]> {
  const seen = openedValue(service);
  if (publicUrl === undefined || seen === undefined) return [];
  const did = serviceDid(publicUrl);
  let methods: readonly string[];
  try {
    const document = (await fetchJson(publicUrl, DOCUMENT, documentSchema, signal)).value;
    if (document.id !== did) throw new Error(`it is the document of ${document.id}`);
    methods = document.verificationMethod.map(({ id }) => id);
  } catch (error) {
    signal.throwIfAborted();
    return [amiss('did.unresolved', `${did}: ${reasonOf(error)}`, 'let the proxy pass /.well-known/ on')];
  }
  const path = settings.find('serviceKey') ?? join(settings.require('data'), SERVICE_KEY);
  if (!(await isThere(path))) return [fine(did)];
  try {
    const key = hashKey(await readKeyFile(path));
    if (methods.some((id) => id.endsWith(`#${key}`))) return [fine(`${did}, with the key in ${path}`)];
    const found = `${did} has another key than ${path}, whose thumbprint is ${key}`;
    return [amiss('did.otherKey', found, 'give every replica the same file: DPP_SERVICE_KEY_FILE')];
  } catch (error) {
    if (!(error instanceof DppError)) throw error;
    return [amiss('key.unusable', reasonOf(error), `restore ${path} from its back-up: dpp key restore`)];
  }
}

export async function examineGateways({ settings }: Scene): Promise<readonly Finding[]> {
  if (settings.find('gateways') === undefined) return [];
  try {
    return [fine((await openGateways(settings)).name)];
  } catch (error) {
    if (!(error instanceof DppError)) throw error;
    return [amiss('gateways.unusable', reasonOf(error), 'give URLs with commas between them: --gateways')];
  }
}
