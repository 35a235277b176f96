/** The program: finds the command, reads its line, runs it, and turns whatever happens into an exit status. */
import { DppError, InvalidInputError, UnavailableError } from '@dpp-ledger/core';
import { type Command, formatHelp, formatRow, readLine } from './command.ts';
import { COMMAND_GROUPS, loadGroups } from './commands/index.ts';
import { EXIT_STATUSES, exitStatusOfError } from './exit.ts';
import { createOutput, type Output, type Terminal } from './output.ts';
import { CONFIG_FILE, readSettings, SETTINGS } from './settings.ts';

export interface Surroundings extends Terminal {
  readonly cwd: string;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Runs `dpp` with what follows its name; resolves with the exit status. */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const output = createOutput(surroundings, args.includes('--json'));
  try {
    return await runLine(args, surroundings, output);
  } catch (error) {
    return tell(error, output, surroundings);
  }
}

async function runLine(args: readonly string[], surroundings: Surroundings, output: Output): Promise<number> {
  const [first] = args;
  if (first === undefined || first === '--help' || first === '-h' || (first === 'help' && args.length === 1)) {
    output.raw(await formatOverview(output.width));
    return first === undefined ? 2 : 0;
  }
  const { command, rest } = await findCommand(first === 'help' ? args.slice(1) : args);
  const { values, words } = readLine(command, first === 'help' ? ['--help'] : rest);
  if (values.help === true) {
    output.raw(formatHelp(command, output.width));
    return 0;
  }
  const { env, cwd, signal } = surroundings;
  const settings = readSettings(values, env, cwd, { mayBeMissing: command.makesConfiguration === true });
  try {
    return await command.run({ values, words, settings, output, signal });
  } catch (error) {
    throw command.settings.includes('api') ? adviseOnService(error) : error;
  }
}

/** Whoever has never set a service must learn where to. */
function adviseOnService(error: unknown): unknown {
  if (!(error instanceof UnavailableError) || error.code !== 'service.unreachable') return error;
  const { flag, env } = SETTINGS.api;
  const message = `${error.message} Another service: --${flag} URL, or ${env}.`;
  return new UnavailableError(error.code, message, { cause: error });
}

/** The longest name wins: `label read` before `label`. Errors: `usage.command`. */
async function findCommand(args: readonly string[]): Promise<{ command: Command; rest: readonly string[] }> {
  for (const length of [2, 1]) {
    const name = args.slice(0, length).join(' ');
    const group = COMMAND_GROUPS.find(({ names }) => names.includes(name));
    const command = (await group?.load())?.find((candidate) => candidate.name === name);
    if (command !== undefined) return { command, rest: args.slice(length) };
  }
  const [first = ''] = args;
  const family = COMMAND_GROUPS.flatMap(({ names }) => names).filter((name) => name.startsWith(`${first} `));
  throw new InvalidInputError(
    'usage.command',
    family.length > 0
      ? `\`dpp ${first}\` needs one more word: ${family.map((name) => `dpp ${name}`).join(', ')}.`
      : `There is no command "${first}". \`dpp help\` lists them all.`,
  );
}

async function formatOverview(width: number): Promise<string> {
  const groups = (await loadGroups()).map(
    ({ title, commands }) =>
      `${title}\n${commands.map(({ name, summary }) => formatRow(name, summary, width)).join('\n')}`,
  );
  const statuses = EXIT_STATUSES.map(([status, meaning]) => formatRow(String(status), meaning, width)).join('\n');
  return [
    'dpp: digital product passports, signed, anchored, verified without trusting a server.',
    ...groups,
    `Exit status\n${statuses}`,
    `dpp help COMMAND says more. Settings come from flags, environment variables and ${CONFIG_FILE}, in this order.\n`,
  ].join('\n\n');
}

function tell(error: unknown, output: Output, { signal }: Surroundings): number {
  if (signal.aborted) {
    output.note('Stopped.');
    return 130;
  }
  const status = exitStatusOfError(error);
  if (status !== undefined && error instanceof DppError) {
    const { code, message } = error;
    if (output.json) output.answer({ error: { code, message } }, '');
    else output.note(`${message} (${code})`);
    return status;
  }
  if (output.json)
    output.answer({ error: { code: 'program', message: error instanceof Error ? error.message : String(error) } }, '');
  output.note(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return 70;
}
