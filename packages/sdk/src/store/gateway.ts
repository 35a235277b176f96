/**
 * Trustless Gateways (https://specs.ipfs.tech/http-gateways/trustless-gateway/): bytes by CID over HTTP from anyone, believed in
 * nothing. Read only. Refuses redirects, answers that are too long or too late, and bytes that do not hash to the CID.
 */
import { DppError, InvalidInputError, UnavailableError } from '@dpp-ledger/core';
import { describeFailure, fetchPatiently } from '../http.ts';
import { assertBlock, parseBlockCid } from './block.ts';
import { type BlockSource, MAX_BLOCK_BYTES, type StoreOptions } from './store.ts';

export interface GatewayOptions {
  /** Bases such as `https://ipfs.example`; asked in this order. */
  readonly urls: readonly string[];
  /** For each gateway; 10,000 by default. */
  readonly timeLimitMs?: number;
  readonly fetch?: typeof globalThis.fetch;
}

/** How often a gateway that has too much to do is asked: who reads everything asks more at once than most serve. */
const ATTEMPTS = 6;

/** Errors: InvalidInputError `input.shape` for a URL that is none, or none at all. */
export function createGatewayStore(options: GatewayOptions): BlockSource {
  const { timeLimitMs = 10_000 } = options;
  const fetch = options.fetch ?? globalThis.fetch;
  const bases = options.urls.map(parseBase);
  if (bases.length === 0) throw new InvalidInputError('input.shape', 'Name at least one gateway.');
  const name = `gateway ${bases.join(', ')}`;

  async function ask(base: string, cid: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
    try {
      const init = { headers: { accept: 'application/vnd.ipld.raw' } };
      const options = { fetch, timeLimitMs, limit: MAX_BLOCK_BYTES, signal, attempts: ATTEMPTS };
      const { ok, status, bytes } = await fetchPatiently(`${base}/ipfs/${cid}?format=raw`, init, options);
      if (status === 404 || status === 410) {
        throw new UnavailableError('store.not-found', `${base} does not have ${cid}.`);
      }
      if (!ok) throw new UnavailableError('store.unreachable', `${base} answered ${status} for ${cid}.`);
      assertBlock({ cid, bytes }, base);
      return bytes;
    } catch (cause) {
      signal?.throwIfAborted();
      if (cause instanceof DppError) throw cause;
      throw new UnavailableError('store.unreachable', `${base} does not give ${cid}: ${describeFailure(cause)}.`, {
        cause,
      });
    }
  }

  async function get(cid: string, { signal }: StoreOptions = {}): Promise<Uint8Array> {
    parseBlockCid(cid);
    const failures: DppError[] = [];
    for (const base of bases) {
      try {
        return await ask(base, cid, signal);
      } catch (error) {
        if (!(error instanceof DppError)) throw error;
        failures.push(error);
      }
    }
    throw gravest(failures);
  }

  return {
    name,
    get,
    async has(cid, storeOptions) {
      try {
        await get(cid, storeOptions);
        return true;
      } catch (error) {
        if (error instanceof DppError && error.code === 'store.not-found') return false;
        throw error;
      }
    },
  };
}

/** Of several failures the one that says most: wrong bytes before no answer before not there. */
export function gravest(failures: readonly DppError[]): DppError {
  const order: readonly string[] = ['store.mismatch', 'store.unreachable', 'store.not-found'];
  const [first] = [...failures].sort((a, b) => order.indexOf(a.code) - order.indexOf(b.code));
  return first ?? new UnavailableError('store.not-found', 'No store was asked.');
}

function parseBase(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new InvalidInputError(
      'input.shape',
      `"${text}" is not a gateway's URL: expected https://host, with nothing after a ? or #.`,
    );
  }
  return url.href.replace(/\/(?:ipfs\/?)?$/, '');
}
