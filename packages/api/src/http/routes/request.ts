/** Reading requests: media types and cursors; and the refusals that only HTTP has. */
import { decodeBase64Url, encodeBase64Url, InvalidInputError, UnavailableError } from '@dpp-ledger/core';
import type { Context } from 'hono';

const utf8 = new TextEncoder();

/** Without parameters, lower case; empty where there is none. */
export function mediaTypeOf(header: string | undefined): string {
  return header?.split(';')[0]?.trim().toLowerCase() ?? '';
}

/** A list's cursor: the place that its next page begins after. It names what anyone may ask for, so it is opaque and not secret. */
export function encodeCursor(list: string, place: readonly number[]): string {
  return encodeBase64Url(utf8.encode(`${list}:${place.join('.')}`));
}

/**
 * The numbers of a cursor of this list, each at most so large. Errors: `input.shape` for a cursor of another list, or one that was altered.
 */
export function decodeCursor(list: string, text: string, most: readonly number[]): number[] {
  const match = /^([a-z]+):(\d{1,15}(?:\.\d{1,15})*)$/.exec(decodeText(text));
  const place = match?.[2]?.split('.').map(Number) ?? [];
  const isInside = place.length === most.length && place.every((number, i) => number <= (most[i] ?? 0));
  if (match?.[1] === list && isInside && encodeCursor(list, place) === text) return place;
  throw new InvalidInputError('input.shape', 'cursor: not one that this list gave. Begin without one.');
}

function decodeText(text: string): string {
  try {
    return new TextDecoder('latin1').decode(decodeBase64Url(text));
  } catch (error) {
    if (error instanceof InvalidInputError) return '';
    throw error;
  }
}

/** The next page as a link (RFC 8288), for who does not read the body's `next`. */
export function linkNext(c: Context, next: string | undefined): Record<string, string> {
  if (next === undefined) return {};
  const query = new URL(c.req.url).searchParams;
  query.set('cursor', next);
  return { link: `<${c.req.path}?${query}>; rel="next"` };
}

export function notFound(message: string): UnavailableError {
  return new UnavailableError('service.not-found', message);
}

export function busy(why: string): UnavailableError {
  return new UnavailableError('service.busy', `The service is busy: ${why}. Try again in a moment.`);
}

export function wrongMediaType(found: string, expected: string): InvalidInputError {
  return new InvalidInputError(
    'service.media-type',
    `Send ${expected} and say so in content-type, which is "${found.slice(0, 100)}" now.`,
  );
}
