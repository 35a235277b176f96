/**
 * JSON, read strictly and written canonically. A reader that forgives duplicate keys lets two programs see two documents in one
 * signed text, so none are forgiven; depth is bounded before anything walks the value.
 */
import { InvalidInputError } from './errors.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** UNTP nests a dozen levels; this leaves room and keeps every later walk off the end of the stack. */
const MAX_DEPTH = 32;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads JSON (RFC 8259). Errors: `input.json` for malformed text or UTF-8, a byte order mark, a duplicate key, a key `__proto__`, half a
 * surrogate pair, a number beyond double precision's range, or more than 32 levels.
 */
export function parseJson(text: string | Uint8Array): Json {
  let source: string;
  let value: Json;
  try {
    source = typeof text === 'string' ? text : utf8.decode(text);
    value = JSON.parse(source);
  } catch (cause) {
    throw new InvalidInputError('input.json', `Not JSON: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
  // JSON.parse keeps one of two members of the same name, however they are spelled: so each duplicate makes the tree one member
  // smaller than the text. Counting both is a single scan and a single walk.
  if (countMembers(value, 0) !== countColons(source)) {
    throw new InvalidInputError('input.json', 'An object has the same key twice: leave one of them out.');
  }
  if (!source.isWellFormed() || (SURROGATE_ESCAPE.test(source) && !isWellFormed(value))) {
    throw new InvalidInputError('input.json', 'Text has half a surrogate pair, which is no character.');
  }
  return value;
}

/**
 * RFC 7493 (2.1): UTF-8 cannot carry half a surrogate pair, but an escape can write it. One reader keeps it and another puts U+FFFD in its
 * place, and they would see two documents. The depth is bounded by then.
 */
function isWellFormed(value: Json): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, member]) => key.isWellFormed() && isWellFormed(member));
}

const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;

function countMembers(value: Json, depth: number): number {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new InvalidInputError('input.json', 'A number is larger than any double.');
  }
  if (typeof value !== 'object' || value === null) return 0;
  if (depth === MAX_DEPTH) {
    throw new InvalidInputError('input.json', `Nested more than ${MAX_DEPTH} levels deep.`);
  }
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) count += countMembers(item, depth + 1);
    return count;
  }
  for (const key of Object.keys(value)) {
    // Own and harmless as JSON.parse made it, but not after the next spread or assignment.
    if (key === '__proto__') throw new InvalidInputError('input.json', 'The key "__proto__" is not accepted.');
    count += 1 + countMembers(Reflect.get(value, key), depth + 1);
  }
  return count;
}

/** Colons outside strings: one for each member. `source` is valid JSON. */
function countColons(source: string): number {
  let count = 0;
  for (let i = 0; i < source.length; i++) {
    const code = source.charCodeAt(i);
    if (code === COLON) count++;
    else if (code === QUOTE) i = endOfString(source, i);
  }
  return count;
}

function endOfString(source: string, start: number): number {
  for (let end = source.indexOf('"', start + 1); ; end = source.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (source.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
}

/**
 * RFC 8785 canonical JSON: members sorted by UTF-16 code units, no white space, numbers as ECMAScript writes them. Members that are
 * `undefined` are left out. Errors: `TypeError` for what JSON cannot say.
 */
export function canonicalizeJson(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError('JSON has no infinity and no NaN');
    return `${value}`;
  }
  if (value === null || typeof value === 'boolean') return `${value}`;
  if (typeof value !== 'object') throw new TypeError(`JSON has no ${typeof value}`);
  // Concatenation, because each passport that is issued passes here twice: arrays of parts take three times as long.
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += `${text === '' ? '' : ','}${canonicalizeJson(item)}`;
    return `[${text}]`;
  }
  for (const key of Object.keys(value).sort()) {
    const member: unknown = Reflect.get(value, key);
    if (member !== undefined) text += `${text === '' ? '' : ','}${quote(key)}:${canonicalizeJson(member)}`;
  }
  return `{${text}}`;
}

/** Nothing here that JSON escapes: controls, quote, backslash, lone surrogates. */
const NEEDS_NO_ESCAPE = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/;

function quote(text: string): string {
  return NEEDS_NO_ESCAPE.test(text) ? `"${text}"` : JSON.stringify(text);
}
