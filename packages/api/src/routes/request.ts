/** Reading requests: media types, validators, cursors; and the refusals that only HTTP has. */
import { InvalidInputError, UnavailableError } from '@dpp-ledger/core';
import type { Cursor } from '../catalogue.ts';

/** Without parameters, lower case; empty where there is none. */
export function mediaTypeOf(header: string | undefined): string {
  return header?.split(';')[0]?.trim().toLowerCase() ?? '';
}

/** RFC 9110, 13.1.2: whether the client has this already. */
export function isMatch(ifNoneMatch: string | undefined, etag: string): boolean {
  return ifNoneMatch?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag.replace(/^W\//, '')) ?? false;
}

export function encodeCursor({ entry, position }: Cursor): string {
  return `${entry}.${position}`;
}

/** Errors: `input.shape`. */
export function decodeCursor(text: string): Cursor {
  const match = /^(\d{1,15})\.(\d{1,5})$/.exec(text);
  if (match === null)
    throw new InvalidInputError('input.shape', 'cursor: not one that this service gave. Begin without one.');
  return { entry: Number(match[1]), position: Number(match[2]) };
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
