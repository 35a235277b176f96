/** What of a deployment is wrong, why it matters, and how to mend it: a table of checks over what is opened once. */
import { UnavailableError } from '@dpp-ledger/core';
import { defineCommand } from '../command.ts';
import {
  examineAccount,
  examineChain,
  examineClock,
  examineContract,
  examineEndpoints,
  examineIssuer,
  examineLedger,
  examineSubmitter,
} from '../doctor/chain.ts';
import { type Finding, reasonOf, unseen } from '../doctor/finding.ts';
import {
  examineData,
  examineDisk,
  examineKey,
  examineKeyFiles,
  examineNode,
  examinePort,
  examineSettings,
} from '../doctor/machine.ts';
import { openScene, type Scene } from '../doctor/scene.ts';
import {
  examineDatabase,
  examineDid,
  examineGateways,
  examineIndex,
  examineLeader,
  examinePromises,
  examinePublicUrl,
  examineService,
  examineStore,
} from '../doctor/service.ts';
import type { Output } from '../output.ts';

/** In the order in which things depend on each other: the first that is wrong is where to begin. */
const CHECKS: readonly (readonly [name: string, examine: (scene: Scene) => Promise<Finding | readonly Finding[]>])[] = [
  ['Node', examineNode],
  ['Settings', examineSettings],
  ['Key files', examineKeyFiles],
  ['Key', examineKey],
  ['Data folder', examineData],
  ['Disk', examineDisk],
  ['Port', examinePort],
  ['Chain', examineChain],
  ['Endpoints', examineEndpoints],
  ['Contract', examineContract],
  ['Clock', examineClock],
  ['Ledger', examineLedger],
  ['Issuer', examineIssuer],
  ['Account', examineAccount],
  ['Database', examineDatabase],
  ['Store', examineStore],
  ['Service', examineService],
  ['Leader', examineLeader],
  ['Index', examineIndex],
  ['Promises', examinePromises],
  ['Submitter', examineSubmitter],
  ['Public URL', examinePublicUrl],
  ['DID', examineDid],
  ['Gateways', examineGateways],
];

const MARKS = {
  ok: ['ok', 'green'],
  wrong: ['WRONG', 'red'],
  warning: ['look', 'yellow'],
  unknown: ['unknown', 'dim'],
} as const;

const doctor = defineCommand({
  name: 'doctor',
  summary: 'Tell what is wrong here with issuing, verifying or serving, why it matters, and how to mend it.',
  description:
    'Changes nothing. It looks at the engines itself, as the settings name them, and at the service through its interface. Exit status 0 where nothing is wrong, 1 otherwise. docs/operations.md lists the codes.',
  arguments: [],
  flags: {},
  settings: [
    'api',
    'rpc',
    'agree',
    'ledger',
    'data',
    'issuer',
    'key',
    'account',
    'gateways',
    'confirmations',
    'database',
    'kubo',
    'serviceKey',
    'logKey',
    'publicUrl',
    'host',
    'port',
  ],
  examples: ['dpp doctor', 'dpp doctor --json'],
  async run({ settings, output, signal }) {
    const scene = await openScene(settings, signal);
    const looked = await Promise.all(
      CHECKS.map(async ([check, examine]) => {
        const found = await examine(scene).catch((error: unknown) => failed(error, signal));
        return [found].flat().map((finding) => ({ check, ...finding }));
      }),
    );
    const findings = looked.flat();
    for (const finding of findings) output.item(finding, formatFinding(finding, output));
    const count = (state: Finding['state']) => findings.filter((finding) => finding.state === state).length;
    const [wrong, warnings, unknown] = [count('wrong'), count('warning'), count('unknown')];
    output.answer({ wrong, warnings, unknown }, formatSum(wrong, warnings));
    return wrong === 0 ? 0 : 1;
  },
});

/** Something that answered when the scene was opened does not any more. */
function failed(error: unknown, signal: AbortSignal): Finding {
  signal.throwIfAborted();
  if (error instanceof UnavailableError) return unseen(reasonOf(error));
  throw error;
}

function formatFinding(
  { check, state, found, why, mend }: Finding & { readonly check: string },
  output: Output,
): string {
  const [mark, style] = MARKS[state];
  const indent = ' '.repeat(22);
  return [
    `${output.style(style, mark.padEnd(8))} ${check.padEnd(12)} ${found}`,
    ...(why === undefined ? [] : [`${indent}Why: ${why}`]),
    ...(mend === undefined ? [] : [`${indent}Mend: ${mend}`]),
  ].join('\n');
}

function formatSum(wrong: number, warnings: number): string {
  const looks = warnings === 0 ? '' : `; ${warnings} to look at`;
  if (wrong === 0) return `Nothing is wrong${looks}.`;
  return `${wrong} of these ${wrong === 1 ? 'is' : 'are'} wrong${looks}: begin with the first.`;
}

export const DOCTOR_COMMANDS = [doctor];
