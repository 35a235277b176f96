/** Zod at the door: one way from unknown to a type, and one kind of error with the path of the field. */
import type { z } from 'zod';
import { type ErrorCode, InvalidInputError } from './errors.ts';

/**
 * Reads `value` by `schema`. Errors: `code` (default `input.shape`); the message names the first fields that are wrong, by path.
 * `where` comes first in the message: a file, a row, a parameter.
 */
export function parseShape<T>(schema: z.ZodType<T>, value: unknown, where: string, code: ErrorCode = 'input.shape'): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.slice(0, 3).map(({ path, message }) => {
    const field = formatPath(path);
    return field === '' ? message : `${field}: ${message}`;
  });
  const more = result.error.issues.length - issues.length;
  throw new InvalidInputError(code, `${where}: ${issues.join('; ')}${more > 0 ? `; and ${more} more` : ''}`);
}

/** `['materials', 0, 'name']` as `materials[0].name`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}
