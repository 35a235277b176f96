/**
 * Asking hosts that somebody else names: the host of a label that was scanned. Public addresses only, so that no label makes this machine
 * ask what only this machine can reach. A name is resolved once and the connection goes to just those addresses, so that a name server
 * cannot answer otherwise between the look and the call; nothing is followed, and nothing is unpacked. For Node.
 */
import { lookup } from 'node:dns/promises';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net';
import { Readable } from 'node:stream';

export interface PublicFetchOptions {
  /** Addresses of a host's name; the system's resolver by default. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
  /** Which addresses may be asked; `isPublicAddress` by default. */
  readonly isAllowed?: (address: string) => boolean;
}

/** IANA's special-purpose registry for IPv4 (RFC 6890): what is not reached over the internet, or not by one host. */
const SPECIAL = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const;

/** Of IPv6 only global unicast is public, and of that not what carries an IPv4 address or is for documents and protocols. */
const GLOBAL = [['2000::', 3]] as const;
const SPECIAL_V6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;

const special = listOf(SPECIAL, 'ipv4');
const global = listOf(GLOBAL, 'ipv6');
const specialV6 = listOf(SPECIAL_V6, 'ipv6');

function listOf(subnets: readonly (readonly [string, number])[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const [network, bits] of subnets) list.addSubnet(network, bits, family);
  return list;
}

/** Whether an IP address is one of the internet's: not loopback, private, link-local, mapped, translated or of a cloud's own services. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !special.check(address, 'ipv4');
  return isIPv6(address) && global.check(address, 'ipv6') && !specialV6.check(address, 'ipv6');
}

/**
 * As `fetch`, for text sent and anything received; of the options it takes method, headers, body and signal. Errors: `TypeError` whose
 * cause says why, as `fetch` has it: for an address that is not allowed, a redirect, a coded body.
 */
export function createPublicFetch(options: PublicFetchOptions = {}): typeof globalThis.fetch {
  const { isAllowed = isPublicAddress } = options;
  const resolve = options.resolve ?? resolveName;

  async function allowedAddresses(host: string): Promise<readonly string[]> {
    const literal = host.replace(/^\[|\]$/g, '');
    const addresses = isIP(literal) === 0 ? await resolve(host) : [literal];
    const other = addresses.find((address) => !isAllowed(address));
    // One that is not allowed among others is a trap: nobody has such a name by mistake.
    if (addresses.length > 0 && other === undefined) return addresses;
    const is = other === undefined || other === literal ? '' : ` is ${other}, which`;
    throw new Error(other === undefined ? `${host} has no address` : `${host}${is} is no public address`);
  }

  return async (input, init = {}) => {
    try {
      const url = new URL(typeof input === 'string' || input instanceof URL ? input : input.url);
      if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new Error(`${url.protocol} is not asked`);
      return await exchange(url, await allowedAddresses(url.hostname), init);
    } catch (cause) {
      init.signal?.throwIfAborted();
      throw new TypeError('fetch failed', { cause });
    }
  };
}

async function resolveName(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

function exchange(url: URL, addresses: readonly string[], init: RequestInit): Promise<Response> {
  const known = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  const lookUp: LookupFunction = (_, { all }, answer) => {
    const [first] = known;
    if (all === true) answer(null, [...known]);
    else answer(null, first?.address ?? '', first?.family);
  };
  const headers = { ...Object.fromEntries(new Headers(init.headers)), 'accept-encoding': 'identity' };
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  const { method = 'GET', body, signal } = init;
  return new Promise((resolve, reject) => {
    // A connection of its own: one that is kept was made to an address of another look.
    const asked = request(url, { agent: false, method, headers, lookup: lookUp, ...(signal ? { signal } : {}) });
    asked.once('error', reject);
    asked.once('response', (incoming) => {
      const status = incoming.statusCode ?? 0;
      const answered = new Headers(
        Object.entries(incoming.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
      );
      const coding = answered.get('content-encoding') ?? 'identity';
      const isFollowed = status >= 300 && status < 400 && status !== 304;
      if (isFollowed || coding !== 'identity' || status < 200 || status > 599) {
        asked.destroy(
          new Error(isFollowed ? 'it leads elsewhere, which is not followed' : `status ${status}, ${coding}`),
        );
        return;
      }
      const isEmpty = [204, 205, 304].includes(status) || method === 'HEAD';
      if (isEmpty) incoming.resume();
      const stream = isEmpty ? null : (Readable.toWeb(incoming) as ReadableStream<Uint8Array<ArrayBuffer>>);
      resolve(new Response(stream, { status, headers: answered }));
    });
    asked.end(typeof body === 'string' ? body : undefined);
  });
}
