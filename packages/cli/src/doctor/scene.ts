/**
 * What is examined, opened once and looked at by many checks: the chain, the database, the service. Opening never fails: what could not be
 * opened says why, and the check that it belongs to tells of it.
 */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { type DatabaseReport, examineDatabase, openDatabase } from '@dpp-ledger/api';
import { type Hex, type LedgerId, parseJson, UnavailableError } from '@dpp-ledger/core';
import type { FoundEmbedded } from '@dpp-ledger/embedded/find';
import { fetchBytes } from '@dpp-ledger/sdk';
import { createRpc, type LedgerReader, type Rpc } from '@dpp-ledger/sdk/ledger';
import { z } from 'zod';
import {
  connectTo,
  findLocal,
  findServiceUrl,
  parsePin,
  readAgree,
  readEndpoints,
  readFinality,
} from '../connection.ts';
import { SERVICE_KEY } from '../running.ts';
import type { Settings } from '../settings.ts';
import { reasonOf } from './finding.ts';

/** `undefined` where the settings name none. */
export type Opened<T> = { readonly value: T } | { readonly error: unknown } | undefined;

export interface ServiceSeen {
  readonly url: string;
  readonly health: z.infer<typeof healthSchema>;
  /** `undefined` while its index is empty. */
  readonly ledger: z.infer<typeof ledgerSchema> | undefined;
  /** Seconds that its clock is ahead of this one, as far as its Date header tells. */
  readonly ahead: number | undefined;
}

export interface DatabaseSeen extends DatabaseReport {
  /** Seconds that its clock is ahead of this one. */
  readonly ahead: number;
}

export interface Scene {
  readonly settings: Settings;
  readonly signal: AbortSignal;
  readonly local: FoundEmbedded | undefined;
  /** Whether a service is meant to run here, rather than only commands. */
  readonly serves: boolean;
  /** Chain endpoints, in the order of the settings; the first is the one that sends. */
  readonly rpcs: readonly Rpc[];
  /** `undefined` where nothing is pinned. */
  readonly pin: LedgerId | undefined;
  readonly serviceUrl: string;
  /** The contract that is found at the pinned address, whatever its code. */
  readonly ledger: Opened<LedgerReader>;
  readonly database: Opened<DatabaseSeen>;
  readonly service: Opened<ServiceSeen>;
  readonly publicUrl: string | undefined;
}

const TIME_LIMIT_MS = 10_000;
const LONGEST_ANSWER = 4 * 1024 * 1024;
const healthSchema = z.looseObject({
  checks: z.record(z.string(), z.looseObject({ ok: z.boolean(), detail: z.string() })),
  outbox: z.looseObject({ waiting: z.number(), open: z.number(), overdue: z.number() }).optional(),
});
const hex = z.string().transform((text) => text as Hex);
const ledgerSchema = z.looseObject({
  id: z.looseObject({ chainId: z.number(), genesis: hex, address: hex, codeHash: hex }),
  blockNumber: z.number(),
  blockTime: z.number(),
  service: z.looseObject({ did: z.string(), account: hex }),
});

/** Errors: `usage.configuration` for a setting that cannot be read at all. */
export async function openScene(settings: Settings, signal: AbortSignal): Promise<Scene> {
  const local = await findLocal(settings);
  const urls = local !== undefined ? [local.rpcUrl] : settings.find('rpc') === undefined ? [] : readEndpoints(settings);
  const agree = readAgree(settings, urls);
  const pinned = settings.find('ledger');
  const pin = pinned === undefined ? local?.ledger : parsePin(pinned);
  const serviceUrl = await findServiceUrl(settings);
  const databaseUrl = settings.find('database');
  const [service, database] = await Promise.all([
    attempt(() => seeService(serviceUrl, signal)),
    databaseUrl === undefined ? undefined : attempt(() => seeDatabase(databaseUrl)),
  ]);
  const address = pin?.address ?? ('value' in service ? service.value.ledger?.id.address : undefined);
  const connecting = { finality: readFinality(settings), timeLimitMs: TIME_LIMIT_MS, signal };
  const ledger =
    urls.length === 0 || address === undefined
      ? undefined
      : await attempt(() => connectTo({ urls, agree }, { pin: { address }, ...connecting }));
  const rpcs = urls.map((each) => createRpc({ url: each, timeLimitMs: TIME_LIMIT_MS }));
  return { settings, signal, local, rpcs, pin, serviceUrl, ledger, database, service, ...(await readPlan(settings)) };
}

/** What the settings say of a service here. */
async function readPlan(settings: Settings): Promise<Pick<Scene, 'serves' | 'publicUrl'>> {
  const isNamed = (['database', 'kubo', 'publicUrl', 'serviceKey', 'host', 'port'] as const).some(
    (name) => settings.find(name) !== undefined && settings.origin(name) !== 'default',
  );
  const hasServed = await isThere(join(settings.require('data'), SERVICE_KEY));
  return { serves: isNamed || hasServed, publicUrl: settings.find('publicUrl') };
}

async function seeService(url: string, signal: AbortSignal): Promise<ServiceSeen> {
  const { value: health, date } = await fetchJson(url, '/healthz', healthSchema, signal);
  // Sent in whole seconds, and some time ago.
  const ahead = Number.isNaN(date) ? undefined : Math.round((date - Date.now()) / 1_000);
  const ledger = await fetchJson(url, '/ledger', ledgerSchema, signal).catch(() => undefined);
  return { url, ahead, health, ledger: ledger?.value };
}

/** What a URL answers, and when it says that it is. Errors: `service.unreachable`, also for what is no such answer. */
export async function fetchJson<T>(
  url: string,
  path: string,
  schema: z.ZodType<T>,
  signal: AbortSignal,
): Promise<{ readonly value: T; readonly date: number }> {
  try {
    const options = { fetch: globalThis.fetch, timeLimitMs: TIME_LIMIT_MS, limit: LONGEST_ANSWER, signal };
    const { ok, status, headers, bytes } = await fetchBytes(new URL(path, url), {}, options);
    if (!ok) throw new Error(`status ${status}`);
    return { value: schema.parse(parseJson(bytes)), date: Date.parse(headers.get('date') ?? '') };
  } catch (cause) {
    signal.throwIfAborted();
    const reason = cause instanceof z.ZodError ? 'an answer that is not of this interface' : reasonOf(cause);
    throw new UnavailableError('service.unreachable', `${new URL(path, url)}: ${reason}`, { cause });
  }
}

async function seeDatabase(url: string): Promise<DatabaseSeen> {
  const database = openDatabase({ url, poolSize: 1 });
  try {
    const now = Date.now();
    const report = await examineDatabase(database, { now });
    return { ...report, ahead: Math.round((report.time - now) / 1_000) };
  } finally {
    await database.close();
  }
}

async function attempt<T>(work: () => Promise<T>): Promise<{ readonly value: T } | { readonly error: unknown }> {
  try {
    return { value: await work() };
  } catch (error) {
    return { error };
  }
}

/** The value, where it was opened. */
export function openedValue<T>(opened: Opened<T>): T | undefined {
  return opened !== undefined && 'value' in opened ? opened.value : undefined;
}

export async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
