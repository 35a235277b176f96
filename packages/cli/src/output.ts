/**
 * What a command says. With `--json`, standard output carries JSON and nothing else; without, text for people. Progress and warnings go to
 * standard error. Colour is decoration: every meaning is in words, and NO_COLOR is obeyed (https://no-color.org). What passports, nodes and
 * services say is printed as text and never obeyed: a terminal takes control characters for commands, and could be made to show a verdict
 * that nobody gave.
 */
import type { Writable } from 'node:stream';
import { styleText } from 'node:util';

export interface Terminal {
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly env: Readonly<Record<string, string | undefined>>;
}

export type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan';

export interface Progress {
  /** `total` may be known only on the way. */
  update(done: number, total?: number): void;
  end(): void;
}

export interface Output {
  readonly json: boolean;
  readonly width: number;
  /** Colour may be used on standard output. */
  readonly colour: boolean;
  /** Whether people read standard error as it is written. */
  readonly isTerminal: boolean;
  /** The command's answer: `data` as one JSON object, or `text` for people. */
  answer(data: unknown, text: string): void;
  /** One of many answers: a line of JSON each, or a line of text. */
  item(data: unknown, text?: string): void;
  /** For people only: standard error, so that it never mixes with an answer. */
  note(text: string): void;
  /** Bytes or text as they are, for pipes. */
  raw(data: string | Uint8Array): void;
  style(style: Style, text: string): string;
  /** A bar on a terminal; nothing elsewhere. */
  progress(what: string): Progress;
}

export function createOutput({ stdout, stderr, env }: Terminal, json: boolean): Output {
  const colour = usesColour(stdout.isTTY === true, env) && !json;
  const print = (text: string) => stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  const printText = (text: string) => print(harmless(text, colour));
  return {
    json,
    colour,
    isTerminal: stderr.isTTY === true,
    width: Math.min(stdout.columns ?? 100, 120),
    answer: (data, text) => (json ? print(encodeJson(data)) : printText(text)),
    item: (data, text) => {
      if (json) print(encodeJson(data));
      else if (text !== undefined) printText(text);
    },
    note: (text) => stderr.write(`${harmless(text, false)}\n`),
    raw: (data) => stdout.write(data),
    style: (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text),
    progress: (what) => createProgress(stderr, what),
  };
}

/** JSON in which integers beyond 2^53 are decimal strings, and what a terminal would obey is escaped. */
export function encodeJson(data: unknown): string {
  const text = JSON.stringify(data, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
  return text.replace(COMMANDS, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Controls (C0 but tab and line feed, DEL, C1), and what turns the direction of text. */
const COMMANDS = /(?![\t\n])[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
/** The styles that `style` gives, and their ends. */
const STYLED = new RegExp(`(${String.fromCharCode(0x1b)}\\[(?:1|2|22|31|32|33|36|39)m)`);

/** Text without what a terminal would obey, other than our own styles. */
function harmless(text: string, colour: boolean): string {
  const mask = (part: string) => part.replace(COMMANDS, '\ufffd');
  if (!colour) return mask(text);
  return text
    .split(STYLED)
    .map((part) => (STYLED.test(part) ? part : mask(part)))
    .join('');
}

/** In one line, so that a name cannot look like a line of ours. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

export function usesColour(isTerminal: boolean, env: Terminal['env']): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '') return env.FORCE_COLOR !== '0';
  return isTerminal && env.TERM !== 'dumb';
}

/** Redraws at most ten times a second, on its own line. */
function createProgress(stderr: Terminal['stderr'], what: string): Progress {
  if (stderr.isTTY !== true) return { update: () => {}, end: () => {} };
  const started = performance.now();
  let drawnAt = Number.NEGATIVE_INFINITY;
  let last: [number, number | undefined] = [0, undefined];
  const draw = () => {
    drawnAt = performance.now();
    stderr.write(`\r\u001b[2K${formatProgress(what, last[0], last[1], (drawnAt - started) / 1000)}`);
  };
  return {
    update: (done, total) => {
      last = [done, total];
      if (performance.now() - drawnAt >= 100) draw();
    },
    end: () => {
      draw();
      stderr.write('\n');
    },
  };
}

/** "Signing [##########          ] 600/1,200 50 %, 1,200/s". */
export function formatProgress(what: string, done: number, total: number | undefined, seconds: number): string {
  const number = (value: number) => Math.round(value).toLocaleString('en-GB');
  const rate = seconds > 0.5 ? `, ${number(done / seconds)}/s` : '';
  if (total === undefined || total === 0) return `${what} ${number(done)}${rate}`;
  const share = Math.min(1, done / total);
  const bar = '#'.repeat(Math.round(share * 20)).padEnd(20);
  return `${what} [${bar}] ${number(done)}/${number(total)} ${Math.floor(share * 100)} %${rate}`;
}
