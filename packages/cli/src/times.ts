/** Times on the command line. */
import { InvalidInputError } from '@dpp-ledger/core';

/** Seconds since 1970 of `now`, a whole number of seconds, or an ISO 8601 date or time with zone. Errors: `usage.command`. */
export function parseTime(text: string, now: number): number {
  if (text === 'now') return now;
  if (/^\d{1,12}$/.test(text)) return Number(text);
  const isDated = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/.test(text);
  const time = isDated ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) {
    throw new InvalidInputError(
      'usage.command',
      `"${text}" is no time: now, seconds since 1970, 2026-11-24 or 2026-11-24T09:30:00Z.`,
    );
  }
  return Math.floor(time / 1000);
}

export function formatInstant(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

export function nowInSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
