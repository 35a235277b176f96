/** From settings to the service, the ledger and an account: what commands that go online begin with. */
import { InvalidInputError, type LedgerId, parseShape, RejectedError } from '@dpp-ledger/core';
import {
  type NoteVerifier,
  parseVerifierKey,
  parseWitnessPolicy,
  type WitnessPolicy,
} from '@dpp-ledger/core/checkpoint';
import { createSigner, parseDid, type Signer } from '@dpp-ledger/core/credential';
import type { Policy } from '@dpp-ledger/core/evidence';
import { type FoundEmbedded, findEmbedded } from '@dpp-ledger/embedded/find';
import { type Client, createClient } from '@dpp-ledger/sdk';
import {
  type Account,
  type ConnectOptions,
  connectLedger,
  connectLedgers,
  createAccount,
  createLedgerWriter,
  type Finality,
  type LedgerReader,
  type LedgerWriter,
} from '@dpp-ledger/sdk/ledger';
import { createPublicFetch, isReadableByOthers, readKeyFile } from '@dpp-ledger/sdk/node';
import { type BlockSource, createGatewayStore } from '@dpp-ledger/sdk/store';
import { z } from 'zod';
import { readTextFile } from './files.ts';
import type { Output } from './output.ts';
import { findService } from './running.ts';
import type { Settings } from './settings.ts';

export interface ConnectionOptions {
  readonly settings: Settings;
  readonly output: Output;
  readonly signal: AbortSignal;
}

/**
 * The service of the settings; where they name none, the one over the data folder. `link` is what evidence is asked for: evidence
 * proves itself, so a label's own host may be asked before a service that is only supposed. Anybody can print a label: its host is asked
 * only where it is a public one, or the service over the data folder.
 */
export async function openService(
  { settings }: Pick<ConnectionOptions, 'settings'>,
  options: { readonly link?: string | undefined } = {},
): Promise<Client> {
  const { link } = options;
  const host = link === undefined || settings.origin('api') !== 'default' ? undefined : hostOfLink(link);
  const own = await findServiceUrl(settings);
  if (host === undefined || host === new URL(own).origin) return createClient({ url: own });
  return createClient({ url: host, fetch: createPublicFetch() });
}

export async function findServiceUrl(settings: Settings): Promise<string> {
  const recorded = settings.origin('api') === 'default' ? await findService(settings.require('data')) : undefined;
  return recorded ?? settings.require('api');
}

/** `undefined` where the host is GS1's, which names devices and has no evidence. */
function hostOfLink(link: string): string | undefined {
  const { origin } = new URL(link);
  return origin === 'https://id.gs1.org' ? undefined : origin;
}

/** The embedded stack of this folder, where no chain is set: what runs beside one needs no settings. */
export async function findLocal(settings: Settings): Promise<FoundEmbedded | undefined> {
  return settings.find('rpc') === undefined ? await findEmbedded(settings.require('data')) : undefined;
}

/** The pinned ledger; without a pin, the service's word, and a note that says so. */
export async function readPin({ settings, output, signal }: ConnectionOptions): Promise<LedgerId> {
  const text = settings.find('ledger');
  if (text !== undefined) return parsePin(text);
  const local = await findLocal(settings);
  if (local !== undefined) return local.ledger;
  const client = await openService({ settings });
  const pin = formatPin(parseShape(ledgerIdSchema, await client.fetchLedger({ signal }), client.url));
  output.note(`No ledger is pinned: taking ${client.url}'s word for ${pin}. Set "ledger" to pin it.`);
  return parsePin(pin);
}

/** The chain endpoints of the settings; a URL may itself have commas. */
export function readEndpoints(settings: Settings): readonly string[] {
  return splitUrls(settings.require('rpc'));
}

/** The endpoint of what sends, serves or deploys. Errors: `usage.configuration` where there are several. */
export function readOneEndpoint(settings: Settings): string {
  const [url = '', ...more] = readEndpoints(settings);
  if (more.length === 0) return url;
  throw new InvalidInputError(
    'usage.configuration',
    'Several chain endpoints are for who reads; this command needs one, its own node: --rpc URL.',
  );
}

/** How many endpoints must agree; `undefined`: more than half. Errors: `usage.configuration`. */
export function readAgree(settings: Settings, urls: readonly string[]): number | undefined {
  if (settings.find('agree') === undefined) return undefined;
  const agree = readWholeNumber(settings, 'agree');
  if (agree >= 1 && agree <= urls.length) return agree;
  throw new InvalidInputError(
    'usage.configuration',
    `agree is 1 to ${urls.length}, as many as there are chain endpoints, not ${agree}.`,
  );
}

function splitUrls(text: string): readonly string[] {
  return text.split(/,(?=\s*https?:)|,\s*$/i).flatMap((url) => url.trim() || []);
}

/** Errors: `usage.configuration` where no endpoint is set; those of `connectLedger`, of several those of `connectLedgers`. */
export async function openLedger(options: ConnectionOptions): Promise<LedgerReader> {
  const { settings, signal } = options;
  const local = await findLocal(settings);
  const endpoints = await findEndpoints(settings);
  const pin = local?.ledger ?? (await readPin(options));
  return await connectTo(endpoints, { pin, finality: readFinality(settings), signal });
}

/** To one endpoint, or to several of which enough must agree. Errors: those of `connectLedger` and `connectLedgers`. */
export async function connectTo(
  { urls, agree }: EndpointsNamed,
  options: Omit<ConnectOptions, 'url'>,
): Promise<LedgerReader> {
  const [url = '', ...more] = urls;
  if (more.length === 0) return await connectLedger({ url, ...options });
  return await connectLedgers({ urls, ...options, ...(agree === undefined ? {} : { agree }) });
}

export interface EndpointsNamed {
  readonly urls: readonly string[];
  /** `undefined`: more than half. */
  readonly agree?: number | undefined;
}

/**
 * The ledger that a policy pins, at its endpoints where it names some, else at those of the settings. Errors: `usage.configuration` where
 * it pins several and none is set; those of `openLedger`.
 */
export async function openPinned(options: ConnectionOptions, policy: Policy): Promise<LedgerReader> {
  const { settings, signal } = options;
  const endpoints = policy.endpoints ?? (await findEndpoints(settings));
  return await connectTo(endpoints, { pin: pinOf(settings, policy), finality: readFinality(settings), signal });
}

/** Of the settings, or the embedded stack's. */
export async function findEndpoints(settings: Settings): Promise<EndpointsNamed> {
  const local = await findLocal(settings);
  if (local !== undefined) return { urls: [local.rpcUrl] };
  const urls = readEndpoints(settings);
  return { urls, agree: readAgree(settings, urls) };
}

function pinOf(settings: Settings, { ledgers }: Policy): LedgerId {
  const text = settings.find('ledger');
  const [only, ...more] = text === undefined ? ledgers : [parsePin(text)];
  if (only !== undefined && more.length === 0) return only;
  throw new InvalidInputError('usage.configuration', 'The policy pins several ledgers: say which one, --ledger PIN.');
}

/** A writer for the account of the settings; of an embedded stack, its accreditor. Of several endpoints the first sends. */
export async function openWriter(options: ConnectionOptions): Promise<LedgerWriter> {
  const { settings } = options;
  const reader = await openLedger(options);
  const local = await findLocal(settings);
  const url = local?.rpcUrl ?? readEndpoints(settings)[0] ?? settings.require('rpc');
  const file = settings.find('account');
  const account =
    file === undefined && local !== undefined
      ? createAccount(local.accounts.accreditor.privateKey)
      : await readAccountFile(settings.require('account'));
  return await createLedgerWriter({ reader, url, account, ...readSending(settings) });
}

/** How transactions are sent. Errors: `usage.configuration`. */
export function readSending(settings: Settings): { readonly gasMargin: number; readonly feeCeiling?: bigint } {
  const gasMargin = readWholeNumber(settings, 'gasMargin');
  if (settings.find('feeCeiling') === undefined) return { gasMargin };
  return { gasMargin, feeCeiling: BigInt(readWholeNumber(settings, 'feeCeiling')) };
}

/** Errors: RejectedError `key.readable-by-others`; InvalidInputError `input.shape`. */
export async function readAccountFile(path: string): Promise<Account> {
  return createAccount(await readAccountKey(path));
}

/** An account's private key in hex. Errors: as `readAccountFile`. */
export async function readAccountKey(path: string): Promise<string> {
  const text = await readTextFile(path);
  if ((await isReadableByOthers(path)) === true) {
    throw new RejectedError('key.readable-by-others', `Others may read the account in ${path}. Run: chmod 600 ${path}`);
  }
  return text.trim();
}

/** The issuer's signer from the key file of the settings. */
export async function openSigner({ settings }: Pick<ConnectionOptions, 'settings'>): Promise<Signer> {
  const issuer = parseDid(settings.require('issuer'));
  return await createSigner({ issuer, jwk: await readKeyFile(settings.require('key')) });
}

/** Where batches are opened from: the gateways of the settings, else the service's own. */
export async function openGateways(settings: Settings): Promise<BlockSource> {
  return createGatewayStore({ urls: splitUrls(settings.find('gateways') ?? (await findServiceUrl(settings))) });
}

/** Errors: `usage.configuration`. */
export function readFinality(settings: Settings): Finality {
  const text = settings.require('confirmations');
  if (text === 'finalized') return 'finalized';
  return { confirmations: readWholeNumber(settings, 'confirmations') };
}

/** Errors: `usage.configuration`. */
export function readWholeNumber(
  settings: Settings,
  name:
    | 'agree'
    | 'confirmations'
    | 'maxAge'
    | 'port'
    | 'poll'
    | 'gasMargin'
    | 'feeCeiling'
    | 'batchSize'
    | 'batchAge'
    | 'capturedEvents'
    | 'metricsPort'
    | 'logEpoch',
): number {
  const text = settings.require(name);
  // Up to 15 digits: all of them are exact, and a fee is in wei.
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidInputError('usage.configuration', `${name} is a whole number, not "${text}".`);
}

/** Errors: `usage.configuration`. */
export function readLogEpoch(settings: Settings): number {
  const epoch = readWholeNumber(settings, 'logEpoch');
  if (epoch > 0) return epoch;
  throw new InvalidInputError('usage.configuration', 'Epochs of the log are counted from 1.');
}

/** The key whose checkpoints are believed. Errors: `checkpoint.key`. */
export async function readPublisher(settings: Settings): Promise<NoteVerifier | undefined> {
  const text = settings.find('publisher');
  return text === undefined ? undefined : await parseVerifierKey(text);
}

/** The logs and witnesses that are believed. Errors: `checkpoint.policy`; those of reading the file. */
export async function readWitnessPolicy(settings: Settings): Promise<WitnessPolicy | undefined> {
  const file = settings.find('witnessPolicy');
  return file === undefined ? undefined : await parseWitnessPolicy(await readTextFile(file));
}

export function readVoice(settings: Settings): 'declared' | 'restated' {
  const voice = settings.require('voice');
  if (voice === 'declared' || voice === 'restated') return voice;
  throw new InvalidInputError('usage.configuration', `voice is "declared" or "restated", not "${voice}".`);
}

// ------------------------------------------------------------------------------------------------------------------ pins

export function formatPin({ chainId, genesis, address, codeHash }: LedgerId): string {
  return [chainId, genesis, address, codeHash].join(':');
}

const hash = z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{64}$/)]);
const ledgerIdSchema = z.object({
  chainId: z.int().positive(),
  genesis: hash,
  address: z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{40}$/)]),
  codeHash: hash,
});

/** Errors: `usage.configuration`. */
export function parsePin(text: string): LedgerId {
  const [chainId, genesis, address, codeHash, ...more] = text.split(':');
  const pin = ledgerIdSchema.safeParse({ chainId: Number(chainId), genesis, address, codeHash });
  if (pin.success && more.length === 0) return pin.data;
  throw new InvalidInputError(
    'usage.configuration',
    `"${text}" is no pin of a ledger: chain id, hash of block 0, address and code hash, joined by colons, in lower case.`,
  );
}
