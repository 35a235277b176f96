/** Rate limits: token buckets, one for each issuer or client, in this replica's memory. */
import { BlockList, isIP, isIPv6 } from 'node:net';
import { InvalidInputError, UnavailableError } from '@dpp-ledger/core';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';

export interface Rate {
  /** Tokens that come back in a second. */
  readonly perSecond: number;
  /** Tokens there are at most. */
  readonly burst: number;
}

/** What one replica takes on. */
export interface Limits {
  /** Credentials of one issuer. */
  readonly issuer: Rate;
  /** Relayed requests of one issuer. */
  readonly relay: Rate;
  /** Requests of one client address, and EPCIS events that it captures. */
  readonly client: Rate;
  readonly capture: Rate;
  /** Credentials that wait for a batch. */
  readonly waiting: number;
  /** Requests that are being answered, and streams of credentials among them. */
  readonly requests: number;
  readonly streams: number;
  /** Verdicts that are being come to, each with its questions to the chain. */
  readonly verdicts: number;
  /** Streams of receipts that are open, and how long such a stream may be silent. */
  readonly watchers: number;
  readonly heartbeatMs: number;
  /** Within this time an answer begins. */
  readonly answerMs: number;
  readonly relayBytes: number;
  readonly captureBytes: number;
  /** How long a client may send nothing within a body. */
  readonly silenceMs: number;
  /** The client's address: by default the connection's; see `clientBehind`. */
  readonly clientOf: (context: Context) => string | undefined;
}

export interface RateLimiter {
  /** Takes `count` tokens and returns 0, or takes none and returns after how many milliseconds they will be there. */
  take(key: string, count?: number): number;
}

/** Full buckets need not be remembered, so memory grows only with who is busy; beyond this many the oldest is forgotten. */
const MOST_BUCKETS = 10_000;

/** `now` in milliseconds, of a clock that never goes back. */
export function createRateLimiter(
  { perSecond, burst }: Rate,
  now: () => number = () => performance.now(),
): RateLimiter {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    take(key, count = 1) {
      const at = now();
      const bucket = buckets.get(key) ?? { tokens: burst, at };
      const tokens = Math.min(burst, bucket.tokens + ((at - bucket.at) * perSecond) / 1_000);
      // More than a bucket holds can never be there at once: it is let through when the bucket is full, and leaves it in debt.
      const missing = Math.min(count, burst) - tokens;
      buckets.delete(key);
      buckets.set(key, { tokens: missing > 0 ? tokens : tokens - count, at });
      const [oldest] = buckets.keys();
      if (buckets.size > MOST_BUCKETS && oldest !== undefined) buckets.delete(oldest);
      return missing > 0 ? Math.ceil((missing * 1_000) / perSecond) : 0;
    },
  };
}

/** The address at the other end of the connection; `undefined` where there is no connection. */
export function connectionAddress(context: Context): string | undefined {
  // A request that was made without a server has no bindings.
  return context.env?.incoming === undefined ? undefined : getConnInfo(context).remote.address;
}

export const DEFAULT_LIMITS: Limits = {
  issuer: { perSecond: 5_000, burst: 20_000 },
  relay: { perSecond: 5, burst: 50 },
  client: { perSecond: 500, burst: 2_000 },
  capture: { perSecond: 20, burst: 2_000 },
  waiting: 500_000,
  requests: 256,
  streams: 32,
  verdicts: 64,
  watchers: 256,
  heartbeatMs: 15_000,
  answerMs: 60_000,
  relayBytes: 16 * 1024 * 1024,
  captureBytes: 4 * 1024 * 1024,
  silenceMs: 30_000,
  clientOf: connectionAddress,
};

/** A turn of the event loop may last so long, with so many requests in it, before what is left of it is turned away. */
const LONGEST_TURN_MS = 150;
const FEW_REQUESTS = 8;
/** While that lasts, and a moment longer, turns are kept shorter, so that whoever is turned away is told so soon. */
const SHORT_TURN_MS = 30;
const CAUTIOUS_MS = 2_000;
const TICK_MS = 20;

/**
 * Whether requests come faster than they are answered where that costs this process's own time: they then wait unread in their connections,
 * where no count of what is open sees them. What was read late, after many others in the same turn, is one of too many; one long piece of
 * work alone is not. Ends with `stopping`.
 */
export function createShedder(stopping: AbortSignal): { isTooMuch(): boolean } {
  let turnedAt = performance.now();
  let taken = 0;
  let cautiousUntil = 0;
  const timer = setInterval(() => {
    turnedAt = performance.now();
    taken = 0;
  }, TICK_MS).unref();
  stopping.addEventListener('abort', () => clearInterval(timer), { once: true });
  return {
    isTooMuch() {
      const now = performance.now();
      const longest = now < cautiousUntil ? SHORT_TURN_MS : LONGEST_TURN_MS;
      if (stopping.aborted || now - turnedAt <= longest || taken < FEW_REQUESTS) {
        taken += 1;
        return false;
      }
      cautiousUntil = now + CAUTIOUS_MS;
      return true;
    },
  };
}

/** Runs so many works at once, and refuses what comes beyond. Errors: `service.busy`. */
export function createGate(most: number, what: string): <T>(work: () => Promise<T>) => Promise<T> {
  let open = 0;
  return async (work) => {
    if (open >= most) {
      throw new UnavailableError('service.busy', `The service is busy: ${open} ${what}. Try again in a moment.`);
    }
    open += 1;
    try {
      return await work();
    } finally {
      open -= 1;
    }
  };
}

/**
 * The client's address behind proxies that are trusted: so many of them, or those of certain networks (`10.0.0.0/8,::1`). What stands in
 * X-Forwarded-For before them was written by the client itself, and counts for nothing. Errors: `input.shape`.
 */
export function clientBehind(proxies: string): Limits['clientOf'] {
  const isTrusted = parseTrust(proxies);
  return (context) => {
    const peer = connectionAddress(context);
    if (peer === undefined) return undefined;
    // Every proxy adds at the end by whom it was asked.
    const hops = (context.req.header('x-forwarded-for') ?? '').split(',').map((hop) => hop.trim());
    let client = peer;
    for (let near = 0; isTrusted(client, near); near += 1) {
      const before = hops.pop();
      if (before === undefined || isIP(before) === 0) break;
      client = before;
    }
    return client;
  };
}

function parseTrust(proxies: string): (address: string, near: number) => boolean {
  if (/^[1-9][0-9]?$/.test(proxies.trim())) return (_, near) => near < Number(proxies);
  const networks = new BlockList();
  for (const text of proxies.split(',')) {
    const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text.trim()) ?? [];
    const most = isIPv6(address) ? 128 : 32;
    const prefix = bits === undefined ? most : Number(bits);
    if (isIP(address) === 0 || prefix > most) {
      throw new InvalidInputError(
        'input.shape',
        `"${proxies}" says of no proxies that they are trusted: give their number, or their networks such as 10.0.0.0/8.`,
      );
    }
    networks.addSubnet(address, prefix, isIPv6(address) ? 'ipv6' : 'ipv4');
  }
  return (address) => networks.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** Addresses that one client has: of IPv6 a whole network of 64 bits is given to each. */
export function groupOf(address: string): string {
  if (!isIPv6(address)) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped !== null) return mapped[1] ?? address;
  const [before = '', after] = address.replace(/%.*$/, '').split('::');
  const head = before === '' ? [] : before.split(':');
  const tail = after === undefined || after === '' ? [] : after.split(':');
  const groups = [...head, ...Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0'), ...tail];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
