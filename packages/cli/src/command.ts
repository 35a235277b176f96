/** What a command is, how its line is read, and how its help is printed: one table for the program, `--help` and docs/cli.md. */
import { parseArgs } from 'node:util';
import { InvalidInputError } from '@dpp-ledger/core';
import type { Output } from './output.ts';
import { SETTINGS, type SettingName, type Settings } from './settings.ts';

/** 0 done or valid, 1 invalid or refused, 2 usage or input, 3 cannot be decided, 4 unavailable, 5 done in part. */
export type ExitStatus = 0 | 1 | 2 | 3 | 4 | 5;

export interface Flag {
  readonly type: 'boolean' | 'string';
  /** What stands for the value in help: `FILE`. */
  readonly value?: string;
  readonly summary: string;
  /** May be given several times. */
  readonly multiple?: true;
}

export type Flags = Readonly<Record<string, Flag>>;

export type FlagValue = string | boolean | readonly string[] | undefined;

export type FlagValues<F extends Flags> = string extends keyof F
  ? Readonly<Record<string, FlagValue>>
  : {
      readonly [Name in keyof F]?: F[Name]['type'] extends 'boolean'
        ? boolean
        : F[Name] extends { readonly multiple: true }
          ? readonly string[]
          : string;
    };

export interface Invocation<F extends Flags> {
  readonly values: FlagValues<F>;
  readonly words: readonly string[];
  readonly settings: Settings;
  readonly output: Output;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

export interface Argument {
  /** As in help: `FILE`; one that may be left out in brackets: `[DIR]`. */
  readonly name: string;
  readonly summary: string;
}

export interface Command<F extends Flags = Flags> {
  /** One or two words: `verify`, `key new`. */
  readonly name: string;
  readonly summary: string;
  /** More, for `dpp help NAME`. */
  readonly description?: string;
  readonly arguments: readonly Argument[];
  readonly flags: F;
  /** Which settings it reads; each is a flag as well. */
  readonly settings: readonly SettingName[];
  readonly examples: readonly string[];
  /** It writes the configuration file, which need not be there. */
  readonly makesConfiguration?: true;
  run(invocation: Invocation<F>): Promise<ExitStatus>;
}

export function defineCommand<const F extends Flags>(command: Command<F>): Command {
  // Only `run` sees the values, and it sees those that `readLine` made from the same flags.
  return command as unknown as Command;
}

/** Flags of every command. */
export const COMMON_FLAGS = {
  json: { type: 'boolean', summary: 'Print JSON: one object, or one a line where there are many.' },
  config: { type: 'string', value: 'FILE', summary: 'Read settings from FILE instead of dpp.config.json.' },
  help: { type: 'boolean', summary: 'Print how the command is used.' },
} as const satisfies Flags;

export interface Line {
  readonly values: Readonly<Record<string, FlagValue>>;
  readonly words: readonly string[];
}

/** Reads what follows the command's name. Errors: `usage.command`. */
export function readLine(command: Command, args: readonly string[]): Line {
  const flags = allFlags(command);
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => [
      name,
      flag.multiple ? { type: flag.type, multiple: true } : { type: flag.type },
    ]),
  );
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
    const words = positionals;
    if (values.help !== true) checkWords(command, words);
    return {
      values: Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, Array.isArray(value) ? value.map(String) : value]),
      ),
      words,
    };
  } catch (cause) {
    if (cause instanceof InvalidInputError) throw cause;
    const reason = cause instanceof Error ? cause.message.split('. ')[0] : String(cause);
    throw usageError(command, `${reason}.`, cause);
  }
}

export function usageError(command: Pick<Command, 'name'>, message: string, cause?: unknown): InvalidInputError {
  return new InvalidInputError('usage.command', `${message} See \`dpp help ${command.name}\`.`, { cause });
}

function checkWords(command: Command, words: readonly string[]): void {
  const needed = command.arguments.filter((argument) => !argument.name.startsWith('['));
  if (words.length < needed.length) {
    throw usageError(command, `${needed[words.length]?.name} is missing.`);
  }
  if (words.length > command.arguments.length && !command.arguments.at(-1)?.name.includes('...')) {
    throw usageError(command, `"${words[command.arguments.length]}" is one argument too many.`);
  }
}

/** The command's own flags, its settings as flags, and those that all have. */
function allFlags(command: Command): Flags {
  const settings = command.settings.flatMap((name) => {
    const { flag, value, summary, multiple } = SETTINGS[name];
    const given = { type: 'string', value, summary, ...(multiple === undefined ? {} : { multiple }) } satisfies Flag;
    return flag === undefined ? [] : [[flag, given] as const];
  });
  return { ...command.flags, ...Object.fromEntries(settings), ...COMMON_FLAGS };
}

/** `dpp issue FILE [--dry-run] ...`. */
export function formatUsage(command: Command): string {
  const words = command.arguments.map((argument) => argument.name);
  return ['dpp', command.name, ...words, '[OPTIONS]'].join(' ');
}

export interface HelpPart {
  readonly title: string;
  readonly rows: readonly (readonly [term: string, text: string])[];
}

export function helpParts(command: Command): HelpPart[] {
  const row = (name: string, flag: Flag): [string, string] => [
    `--${name}${flag.value === undefined ? '' : ` ${flag.value}`}`,
    flag.summary,
  ];
  const settings = command.settings.map((name): [string, string] => {
    const { flag, value, summary, env, secret, fallback } = SETTINGS[name];
    const or = flag === undefined ? env : `--${flag} ${value}`;
    const file = secret === true ? '' : `, "${name}" in the configuration`;
    const otherwise = fallback === undefined ? '' : `; ${fallback} by default`;
    return [or, `${summary} (${env}${file}${otherwise})`];
  });
  return [
    { title: 'Arguments', rows: command.arguments.map(({ name, summary }): [string, string] => [name, summary]) },
    { title: 'Options', rows: Object.entries(command.flags).map(([name, flag]) => row(name, flag)) },
    { title: 'Settings', rows: settings },
    { title: 'Always', rows: Object.entries(COMMON_FLAGS).map(([name, flag]) => row(name, flag)) },
  ].filter((part) => part.rows.length > 0);
}

export function formatHelp(command: Command, width: number): string {
  const parts = helpParts(command).map(
    ({ title, rows }) => `${title}\n${rows.map(([term, text]) => formatRow(term, text, width)).join('\n')}`,
  );
  return [
    `${command.summary}\n\n  ${formatUsage(command)}`,
    ...(command.description === undefined ? [] : [wrap(command.description, width).join('\n')]),
    ...parts,
    ...(command.examples.length === 0
      ? []
      : [`Examples\n${command.examples.map((example) => `  ${example}`).join('\n')}`]),
  ]
    .join('\n\n')
    .concat('\n');
}

/** A term and its text, hanging. */
export function formatRow(term: string, text: string, width: number): string {
  const indent = 26;
  const lines = wrap(text, Math.max(20, width - indent));
  const head = `  ${term}`;
  const first = head.length < indent - 1 ? `${head.padEnd(indent)}${lines.shift() ?? ''}` : head;
  return [first, ...lines.map((line) => `${' '.repeat(indent)}${line}`)].join('\n');
}

/** Lines of at most `width` characters, where words allow it. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}
