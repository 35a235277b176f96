/** Rate limits: token buckets, one for each issuer or client, in this replica's memory. */
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';

export interface Rate {
  /** Tokens that come back in a second. */
  readonly perSecond: number;
  /** Tokens there are at most. */
  readonly burst: number;
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
