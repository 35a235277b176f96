/** Every command, in the order of help: setting up, keys, issuing, labels, checking, running, the accreditor's. */
import type { Command } from '../command.ts';
import { ACCREDITOR_COMMANDS } from './accreditor.ts';
import { ISSUE_COMMANDS } from './issue.ts';
import { KEY_COMMANDS } from './keys.ts';
import { LABEL_COMMANDS } from './label.ts';
import { SERVE_COMMANDS } from './serve.ts';
import { SETUP_COMMANDS } from './setup.ts';
import { VERIFY_COMMANDS } from './verify.ts';

export interface CommandGroup {
  readonly title: string;
  readonly commands: readonly Command[];
}

export const COMMAND_GROUPS: readonly CommandGroup[] = [
  { title: 'Verify', commands: VERIFY_COMMANDS },
  { title: 'Set up an issuer', commands: SETUP_COMMANDS },
  { title: 'Issue', commands: ISSUE_COMMANDS },
  { title: 'Labels', commands: LABEL_COMMANDS },
  { title: 'Keys', commands: KEY_COMMANDS },
  { title: 'Run the service', commands: SERVE_COMMANDS },
  { title: 'For the accreditor', commands: ACCREDITOR_COMMANDS },
];

export const COMMANDS: readonly Command[] = COMMAND_GROUPS.flatMap(({ commands }) => commands);
