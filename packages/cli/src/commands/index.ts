/**
 * Every command, in the order of help. Each group's file is loaded when one of its commands runs, or for help: drawing a label must not
 * wait for a chain client to load.
 */
import type { Command } from '../command.ts';

export interface CommandGroup {
  readonly title: string;
  /** The names, so that a command is found without loading the others. */
  readonly names: readonly string[];
  load(): Promise<readonly Command[]>;
}

export const COMMAND_GROUPS: readonly CommandGroup[] = [
  {
    title: 'Verify',
    names: ['verify', 'evidence', 'trace', 'pack', 'replay', 'audit verify', 'audit index'],
    load: async () => [
      ...(await import('./verify.ts')).VERIFY_COMMANDS,
      ...(await import('./trace.ts')).TRACE_COMMANDS,
      ...(await import('./pack.ts')).PACK_COMMANDS,
      ...(await import('./replay.ts')).REPLAY_COMMANDS,
    ],
  },
  {
    title: 'Set up an issuer',
    names: ['init', 'apply', 'submitter appoint', 'submitter dismiss'],
    load: async () => (await import('./setup.ts')).SETUP_COMMANDS,
  },
  {
    title: 'Fill in a spreadsheet',
    names: ['template'],
    load: async () => (await import('./template.ts')).TEMPLATE_COMMANDS,
  },
  {
    title: 'Issue',
    names: ['issue', 'supersede', 'revoke', 'attest'],
    load: async () => [
      ...(await import('./issue.ts')).ISSUE_COMMANDS,
      ...(await import('./attest.ts')).ATTEST_COMMANDS,
    ],
  },
  {
    title: 'Lots of material',
    names: [
      'lot register',
      'lot split',
      'lot offer',
      'lot accept',
      'lot refuse',
      'lot withdraw',
      'lot transform',
      'lot retire',
      'lot write-off',
      'lot show',
      'lot list',
    ],
    load: async () => (await import('./lot.ts')).LOT_COMMANDS,
  },
  {
    title: 'Labels',
    names: ['label', 'label read'],
    load: async () => (await import('./label.ts')).LABEL_COMMANDS,
  },
  {
    title: 'Key files',
    names: ['key new', 'key show', 'key thumbprint', 'key backup', 'key restore', 'key log', 'key witness'],
    load: async () => (await import('./keys.ts')).KEY_COMMANDS,
  },
  {
    title: 'Keys on the ledger',
    names: ['key add', 'key retire', 'key revoke'],
    load: async () => (await import('./registered-keys.ts')).REGISTERED_KEY_COMMANDS,
  },
  {
    title: 'Run the service',
    names: ['serve', 'doctor', 'deploy'],
    load: async () => [
      ...(await import('./serve.ts')).SERVE_COMMANDS,
      ...(await import('./doctor.ts')).DOCTOR_COMMANDS,
      ...(await import('./deploy.ts')).DEPLOY_COMMANDS,
    ],
  },
  {
    title: 'Mirror the journal',
    names: ['mirror'],
    load: async () => (await import('./mirror.ts')).MIRROR_COMMANDS,
  },
  {
    title: 'Prove entries of the public log',
    names: ['log proof', 'log verify-proof'],
    load: async () => (await import('./log.ts')).LOG_COMMANDS,
  },
  {
    title: 'Witness the journal',
    names: ['witness'],
    load: async () => (await import('./witness.ts')).WITNESS_COMMANDS,
  },
  {
    title: 'For the accreditor',
    names: [
      'accreditor accredit',
      'accreditor grant',
      'accreditor take-back',
      'accreditor roles',
      'accreditor suspend',
      'accreditor reinstate',
      'accreditor withdraw',
      'accreditor revoke',
      'accreditor void-lot',
    ],
    load: async () => (await import('./accreditor.ts')).ACCREDITOR_COMMANDS,
  },
];

/** Groups with their commands loaded. */
export async function loadGroups(): Promise<
  readonly { readonly title: string; readonly commands: readonly Command[] }[]
> {
  return await Promise.all(COMMAND_GROUPS.map(async ({ title, load }) => ({ title, commands: await load() })));
}
