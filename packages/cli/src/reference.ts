/** docs/cli.md, made from the table of commands: what `dpp help` says, on a page. */
import { formatUsage, helpParts } from './command.ts';
import { loadGroups } from './commands/index.ts';
import { EXIT_STATUSES } from './exit.ts';
import { CONFIG_FILE, SETTING_NAMES, SETTINGS } from './settings.ts';

export async function renderReference(): Promise<string> {
  const groups = (await loadGroups()).map(({ title, commands }) =>
    [
      `## ${title}`,
      ...commands.map((command) =>
        [
          `### dpp ${command.name}`,
          command.summary,
          ...(command.description === undefined ? [] : [command.description]),
          fence(formatUsage(command)),
          ...helpParts(command)
            .filter((part) => part.title === 'Arguments' || part.title === 'Options')
            .map(({ title: name, rows }) =>
              table(
                [name.replace(/s$/, ''), 'Meaning'],
                rows.map(([term, text]) => [`\`${term}\``, text]),
              ),
            ),
          ...(command.settings.length === 0
            ? []
            : [`Settings: ${command.settings.map((name) => `[\`${name}\`](#settings)`).join(', ')}.`]),
          ...(command.examples.length === 0 ? [] : [fence(command.examples.join('\n'))]),
        ].join('\n\n'),
      ),
    ].join('\n\n'),
  );
  const settings = SETTING_NAMES.map((name) => {
    const { flag, env, fallback, secret, summary } = SETTINGS[name];
    return [
      `\`${name}\``,
      flag === undefined ? '' : `\`--${flag}\``,
      `\`${env}\``,
      secret === true ? 'never' : 'yes',
      fallback === undefined ? '' : `\`${fallback}\``,
      summary,
    ];
  });
  return `${[
    '# The command line',
    'Made by `scripts/generate-docs.ts` from the code; do not edit.',
    'Every command takes `--json` (standard output is then JSON and nothing else: one object, or one a line where there are many), `--config FILE` and `--help`. Progress and warnings go to standard error. `NO_COLOR` is obeyed; colour never means anything by itself.',
    ...groups,
    '## Settings',
    `A flag wins over an environment variable, which wins over \`${CONFIG_FILE}\` in the current folder (or \`--config\`, or \`DPP_CONFIG\`), which wins over the default. Secrets are never flags and never in that file; each may be given as the name of a file that holds it, with \`_FILE\` after the variable's name.`,
    table(['Setting', 'Flag', 'Variable', `In ${CONFIG_FILE}`, 'Default', 'Meaning'], settings),
    'Where no chain endpoint is set, commands use the embedded stack of the `data` folder if there is one: beside a running `dpp serve` nothing needs to be set. So with the service: where none is set, the one that runs over the `data` folder is used, before the default.',
    '## Exit status',
    table(
      ['Status', 'Meaning'],
      EXIT_STATUSES.map(([status, meaning]) => [String(status), meaning]),
    ),
  ].join('\n\n')}\n`;
}

function fence(text: string): string {
  return `\`\`\`\n${text}\n\`\`\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}
