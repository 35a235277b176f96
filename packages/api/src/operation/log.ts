/**
 * What the service says to its operator: one line for each thing that happened, as JSON for machines or as text for people, with the ids
 * by which lines are joined. It owns redaction: no password, key of an endpoint, token or private key leaves the process in words,
 * whoever put it there; logs, health and problems all pass through the same function.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { DppError } from '@dpp-ledger/core';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Says that `message` has happened. Fields are ids, numbers and short texts; an `error` is told with its code and causes. */
export type Log = (level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>) => void;

/** What could not be done, and is not a caller's doing; with what it concerns. */
export interface Trouble {
  readonly what: string;
  readonly error: unknown;
  readonly batch?: number;
  readonly relay?: string;
  readonly entry?: number;
}

/** Which request is being answered: its id stands in every line that is written meanwhile. */
export const requestScope = new AsyncLocalStorage<{ readonly request: string }>();

export interface LogOptions {
  /** Takes one line, without its end. */
  readonly write: (line: string) => void;
  readonly format: 'json' | 'text';
  /** What is less important is left out. */
  readonly level: LogLevel;
  readonly redact: (text: string) => string;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

export function createLog({ write, format, level, redact, now = Date.now }: LogOptions): Log {
  const least = LOG_LEVELS.indexOf(level);
  return (of, message, fields = {}) => {
    if (LOG_LEVELS.indexOf(of) < least) return;
    const { error, ...rest } = fields;
    const told = { ...requestScope.getStore(), ...rest, ...(error === undefined ? {} : describeError(error)) };
    const time = new Date(now()).toISOString();
    write(
      redact(
        format === 'json' ? encodeLine({ time, level: of, message, ...told }) : formatLine(time, of, message, told),
      ),
    );
  };
}

/** Code, message and causes; the stack only of what nobody foresaw. */
function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: String(error) };
  const causes: string[] = [];
  for (let { cause } = error; cause instanceof Error && causes.length < 5; { cause } = cause)
    causes.push(nameOf(cause));
  return {
    ...(error instanceof DppError ? { code: error.code } : {}),
    error: error instanceof DppError ? error.message : nameOf(error),
    ...(causes.length === 0 ? {} : { causes }),
    ...(error instanceof DppError ? {} : { stack: error.stack }),
  };
}

function nameOf({ name, message }: Error): string {
  return `${name}: ${message}`;
}

function encodeLine(line: Record<string, unknown>): string {
  return JSON.stringify(line, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}

/** `12:04:31 warn  could not store batch 7 batch=7 code=store.unreachable`. */
function formatLine(
  time: string,
  level: LogLevel,
  message: string,
  { stack, ...fields }: Record<string, unknown>,
): string {
  const pairs = Object.entries(fields).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const text = typeof value === 'string' ? value : encodeLine(value as Record<string, unknown>);
    return [` ${name}=${/^[^\s"]+$/.test(text) ? text : JSON.stringify(text)}`];
  });
  const trace = typeof stack === 'string' ? `\n${stack}` : '';
  return `${time.slice(11, 19)} ${level.padEnd(5)} ${message}${pairs.join('')}${trace}`;
}

// ------------------------------------------------------------------------------------------------------------- redaction

export interface Secrets {
  /** Addresses of engines: of each only scheme and host may be shown, and short parts of the path that name no key. */
  readonly urls?: readonly string[];
  /** Keys and passphrases. */
  readonly texts?: readonly string[];
}

const HIDDEN = '[hidden]';
/** Shorter ones would hide words that only look the same; a key has more. */
const SHORTEST_SECRET = 6;

/** What looks like a secret wherever it came from: a JWT, what follows `Bearer`, a password in a URL. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, HIDDEN],
  [/\b(bearer|basic)(\s+)[\w.~+/=-]{6,}/gi, `$1$2${HIDDEN}`],
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/@"'\\]+@/gi, `$1${HIDDEN}@`],
];

/** Hides the secrets in a text, in every spelling in which they may stand there. */
export function createRedactor({ urls = [], texts = [] }: Secrets = {}): (text: string) => string {
  const secrets = new Set<string>();
  for (const text of [...urls.flatMap(secretsOfUrl), ...texts]) {
    const bare = text.trim().replace(/^0x/i, '');
    if (bare.length < SHORTEST_SECRET) continue;
    for (const spelling of [bare, encodeURIComponent(bare), JSON.stringify(bare).slice(1, -1)]) secrets.add(spelling);
  }
  // The longest first: one may be part of another.
  const known = [...secrets].toSorted((a, b) => b.length - a.length);
  return (text) => {
    let safe = text;
    for (const secret of known) safe = safe.replaceAll(secret, HIDDEN);
    for (const [pattern, instead] of PATTERNS) safe = safe.replace(pattern, instead);
    return safe;
  };
}

/** User, password, query and the longer segments of the path: where hosted engines have their keys. */
/** Hides the secrets in an error's message. Of some errors, such as an abort's, it has no setter. */
export function redactError(error: unknown, redact: (text: string) => string): void {
  if (!(error instanceof Error)) return;
  const message = redact(error.message);
  if (message !== error.message) Object.defineProperty(error, 'message', { value: message, configurable: true });
}

function secretsOfUrl(text: string): string[] {
  if (!URL.canParse(text)) return [text];
  const { username, password, pathname, search, searchParams, hash } = new URL(text);
  const segments = pathname.split('/').filter((segment) => segment.length >= 12);
  return [
    password,
    ...(password === '' ? [username] : []),
    ...segments,
    search.slice(1),
    ...searchParams.values(),
    hash.slice(1),
  ].flatMap((part) => [part, decode(part)]);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
