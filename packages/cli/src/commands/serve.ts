/** Running the service, and examining what it needs. */
import { once } from 'node:events';
import { access, readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DppError, hashIssuer, InvalidInputError } from '@dpp-ledger/core';
import { decodeKeyId, hashKey, parseDid } from '@dpp-ledger/core/credential';
import { LARGEST_BATCH } from '@dpp-ledger/core/evidence';
import type { LedgerReader } from '@dpp-ledger/sdk/ledger';
import { isReadableByOthers, readKeyFile } from '@dpp-ledger/sdk/node';
import { z } from 'zod';
import { defineCommand, type Flags, type Invocation } from '../command.ts';
import {
  findLocal,
  findServiceUrl,
  formatPin,
  openGateways,
  openLedger,
  parsePin,
  readAccountFile,
  readFinality,
  readSending,
  readWholeNumber,
} from '../connection.ts';
import type { DeploymentOptions } from '../deployment.ts';
import { readTextFile } from '../files.ts';
import type { Settings } from '../settings.ts';
import { nowInSeconds } from '../times.ts';

const serveFlags = {
  quiet: { type: 'boolean', summary: 'Do not print a line for every request.' },
} as const;

const serve = defineCommand({
  name: 'serve',
  summary: 'Run the service: API, pages, batcher and index.',
  description:
    'Every engine that no setting names is embedded, over the data folder: a local chain, a credential store, a database. Embedded engines are for trying and testing: what was accepted survives the death of the process, not always that of the machine.',
  arguments: [],
  flags: serveFlags,
  settings: [
    ...([
      'host',
      'port',
      'publicUrl',
      'data',
      'rpc',
      'ledger',
      'account',
      'confirmations',
      'database',
      'kubo',
    ] as const),
    ...(['poll', 'gasMargin', 'feeCeiling', 'batchSize', 'batchAge'] as const),
  ],
  examples: [
    'dpp serve',
    'dpp serve --host 0.0.0.0 --public-url http://192.168.1.20:8080',
    'DPP_DATABASE_URL=postgres://localhost/dpp dpp serve --rpc http://node:8545 --ledger PIN --account relayer.hex --kubo http://ipfs:5001',
  ],
  async run({ values, settings, output, signal }) {
    // Heavy, and needed by this command alone.
    const { startDeployment } = await import('../deployment.ts');
    const deployment = await startDeployment({
      ...(await readDeployment(settings)),
      onProblem: ({ what, error }) =>
        output.note(`Could not ${what}: ${error instanceof Error ? error.message : String(error)}`),
      ...(values.quiet === true
        ? {}
        : {
            onRequest: ({ method, path, status, ms }) =>
              output.item({ method, path, status, ms }, `${status} ${method} ${path} ${ms} ms`),
          }),
    });
    try {
      const { publicUrl, ledger, writer, embedded } = deployment;
      if (embedded?.setAside !== undefined) output.note(embedded.setAside);
      output.answer(
        {
          url: deployment.url,
          publicUrl,
          ledger: formatPin(ledger.id),
          account: writer.account,
          rpc: embedded?.rpcUrl,
        },
        [
          `Serving ${publicUrl} (API documentation: ${publicUrl}/docs)`,
          `  Ledger     ${formatPin(ledger.id)}`,
          `  Submitter  ${writer.account}`,
          ...(embedded === undefined ? [] : [`  Chain      ${embedded.rpcUrl} (embedded, in ${embedded.folder})`]),
          'Ctrl-C ends it.',
        ].join('\n'),
      );
      if (!signal.aborted) await once(signal, 'abort');
    } finally {
      await deployment.stop();
    }
    return 0;
  },
});

/** Errors: `usage.configuration` for a chain without its ledger or account. */
async function readDeployment(settings: Settings): Promise<DeploymentOptions> {
  const rpc = settings.find('rpc');
  const publicUrl = settings.find('publicUrl');
  const databaseUrl = settings.find('database');
  const kuboUrl = settings.find('kubo');
  return {
    dataDir: settings.require('data'),
    host: settings.require('host'),
    port: readWholeNumber(settings, 'port'),
    batch: readBatch(settings),
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    ...(kuboUrl === undefined ? {} : { kuboUrl }),
    ...(rpc === undefined
      ? {}
      : {
          chain: {
            url: rpc,
            ledger: parsePin(settings.require('ledger')),
            account: (await readTextFile(settings.require('account'))).trim(),
            finality: readFinality(settings),
            pollMs: readWholeNumber(settings, 'poll'),
            ...readSending(settings),
          },
        }),
  };
}

/** Errors: `usage.configuration`. */
function readBatch(settings: Settings): { size: number; ageMs: number } {
  const size = readWholeNumber(settings, 'batchSize');
  if (size >= 1 && size <= LARGEST_BATCH) return { size, ageMs: readWholeNumber(settings, 'batchAge') };
  throw new InvalidInputError('usage.configuration', `batchSize is 1 to ${LARGEST_BATCH}, not ${size}.`);
}

// --------------------------------------------------------------------------------------------------------------- doctor

interface Finding {
  readonly what: string;
  readonly state: 'ok' | 'wrong' | 'warning' | 'notSet';
  readonly detail: string;
}

type DoctorInvocation = Invocation<Flags>;

/** How far a chain's newest block may lie back, and what an account should have left (in wei), before doctor speaks of it. */
const OLD_BLOCK_SECONDS = 600;
const LITTLE_MONEY = 10n ** 16n;
const healthSchema = z.object({ checks: z.record(z.string(), z.object({ ok: z.boolean(), detail: z.string() })) });

const doctor = defineCommand({
  name: 'doctor',
  summary: 'Examine what this machine needs to issue, verify and serve, in plain words.',
  description: 'Changes nothing. Exit status 0 where nothing is wrong, 1 otherwise.',
  arguments: [],
  flags: {},
  settings: ['api', 'rpc', 'ledger', 'data', 'issuer', 'key', 'account', 'gateways', 'confirmations'],
  examples: ['dpp doctor'],
  async run(invocation) {
    const findings: Finding[] = [];
    for (const examine of [examineRuntime, examineKeys, examineChain, examineService, examineStore]) {
      findings.push(...(await examine(invocation)));
    }
    const { output } = invocation;
    const marks = {
      ok: ['ok', 'green'],
      wrong: ['WRONG', 'red'],
      warning: ['look', 'yellow'],
      notSet: ['not set', 'dim'],
    } as const;
    for (const { what, state, detail } of findings) {
      const [mark, style] = marks[state];
      output.item({ what, state, detail }, `${output.style(style, mark.padEnd(8))} ${what.padEnd(16)} ${detail}`);
    }
    const wrong = findings.filter(({ state }) => state === 'wrong').length;
    const warnings = findings.filter(({ state }) => state === 'warning').length;
    output.answer({ wrong, warnings }, formatFindings(wrong, warnings));
    return wrong === 0 ? 0 : 1;
  },
});

function formatFindings(wrong: number, warnings: number): string {
  const looks = warnings === 0 ? '' : `; ${warnings} to look at`;
  if (wrong === 0) return `Nothing is wrong${looks}.`;
  return `${wrong} of these ${wrong === 1 ? 'is' : 'are'} wrong${looks}: begin with the first.`;
}

/** In ether, cut to three decimals. */
function formatEther(wei: bigint): string {
  const thousandths = (wei / 10n ** 15n).toString().padStart(4, '0');
  return `${thousandths.slice(0, -3)}.${thousandths.slice(-3)} ether`;
}

async function examineRuntime({ settings }: DoctorInvocation): Promise<Finding[]> {
  const major = Number(process.versions.node.split('.')[0]);
  return [
    {
      what: 'Node',
      state: major >= 24 ? 'ok' : 'wrong',
      detail: major >= 24 ? process.version : `${process.version}: version 24 or newer is needed`,
    },
    {
      what: 'Settings',
      state: settings.file === undefined ? 'notSet' : 'ok',
      detail: settings.file ?? 'no dpp.config.json here; flags, environment and defaults are used',
    },
  ];
}

async function examineKeys({ settings }: DoctorInvocation): Promise<Finding[]> {
  const path = settings.require('key');
  const issuer = settings.find('issuer');
  const named: Finding[] =
    issuer === undefined
      ? [{ what: 'Issuer', state: 'notSet', detail: 'needed to issue only: --issuer' }]
      : [await attempt('Issuer', async () => parseDid(issuer))];
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    const state = settings.origin('key') === 'default' ? 'notSet' : 'wrong';
    return [...named, { what: 'Key', state, detail: `there is no ${path}; needed to issue only` }];
  }
  const key = await attempt('Key', async () => `${path}, thumbprint ${hashKey(await readKeyFile(path))}`);
  const folder = dirname(resolve(path));
  const open: string[] = [];
  for (const name of await readdir(folder)) {
    if (name.endsWith('.jwk.json') && (await isReadableByOthers(join(folder, name))) === true) open.push(name);
  }
  const modes: Finding =
    open.length === 0
      ? { what: 'Key files', state: 'ok', detail: `only you can read the keys in ${folder}` }
      : { what: 'Key files', state: 'wrong', detail: `others can read ${open.join(', ')}: chmod 600` };
  return [...named, key, modes];
}

async function examineChain(invocation: DoctorInvocation): Promise<Finding[]> {
  const { settings, signal } = invocation;
  if (settings.find('rpc') === undefined && (await findLocal(settings)) === undefined) {
    return [
      { what: 'Chain', state: 'notSet', detail: 'no endpoint: nothing can be verified or replayed without --rpc' },
    ];
  }
  let ledger: LedgerReader;
  try {
    ledger = await openLedger(invocation);
  } catch (error) {
    return [wrong('Chain', error)];
  }
  const block = await ledger.readBlock('latest', { signal });
  const age = block === undefined ? undefined : nowInSeconds() - block.time;
  const findings: Finding[] = [
    {
      what: 'Chain',
      state: 'ok',
      detail: `${ledger.source}, chain ${ledger.id.chainId}: the pinned ledger, with the pinned code`,
    },
    {
      what: 'Clock',
      state: age !== undefined && age < -60 ? 'wrong' : age !== undefined && age > OLD_BLOCK_SECONDS ? 'warning' : 'ok',
      detail:
        age === undefined
          ? 'the chain has no block'
          : age < -60
            ? `the newest block is ${-age} s ahead: this machine's clock is behind`
            : `the newest block is ${age} s old${age > OLD_BLOCK_SECONDS ? ': the chain stands still (a quiet local chain may), or this clock is ahead' : ''}`,
    },
    await examineIssuer(invocation, ledger),
    ...(await examineAccount(invocation, ledger)),
  ];
  return findings;
}

async function examineAccount({ settings, signal }: DoctorInvocation, ledger: LedgerReader): Promise<Finding[]> {
  const path = settings.find('account');
  if (path === undefined) return [];
  try {
    const { address } = await readAccountFile(path);
    const balance = await ledger.readBalance(address, { signal });
    const detail = `${address} has ${formatEther(balance)}${balance < LITTLE_MONEY ? ': too little to send transactions' : ''}`;
    return [{ what: 'Account', state: balance < LITTLE_MONEY ? 'wrong' : 'ok', detail }];
  } catch (error) {
    return [wrong('Account', error)];
  }
}

/** Whether the ledger knows the issuer's key for signing. */
async function examineIssuer({ settings, signal }: DoctorInvocation, ledger: LedgerReader): Promise<Finding> {
  const did = settings.find('issuer');
  if (did === undefined) return { what: 'Accreditation', state: 'notSet', detail: 'needed to issue only' };
  try {
    const issuer = parseDid(did);
    const key = hashKey(await readKeyFile(settings.require('key')));
    const zero = `0x${'0'.repeat(64)}` as const;
    const question = { issuer: hashIssuer(issuer), key: decodeKeyId(key), grant: zero, list: 0n, word: 0 };
    const facts = await ledger.readFacts(question, { signal });
    if (facts.issuer === undefined) {
      return {
        what: 'Accreditation',
        state: 'wrong',
        detail: `${issuer} is not accredited here: dpp apply, and send it to the accreditor`,
      };
    }
    if (facts.issuer.withdrawnSince !== undefined || facts.issuer.suspended) {
      return {
        what: 'Accreditation',
        state: 'wrong',
        detail: `${issuer} is ${facts.issuer.suspended ? 'suspended' : 'withdrawn'}`,
      };
    }
    if (facts.key === undefined) {
      return { what: 'Accreditation', state: 'wrong', detail: `the ledger does not know the key ${key}: dpp key add` };
    }
    const ended = facts.key.retiredAt !== undefined || facts.key.compromisedSince !== undefined;
    return ended
      ? { what: 'Accreditation', state: 'wrong', detail: `the key ${key} was ended: use another one` }
      : {
          what: 'Accreditation',
          state: 'ok',
          detail: `${issuer} is issuer number ${facts.issuer.number}, and its key is in force`,
        };
  } catch (error) {
    return wrong('Accreditation', error);
  }
}

/** The service says itself how far behind its index is and what its account has left. */
async function examineService({ settings, signal }: DoctorInvocation): Promise<Finding[]> {
  const url = await findServiceUrl(settings);
  try {
    const response = await fetch(new URL('/healthz', url), {
      signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
    });
    const report: unknown = await response.json();
    const { checks } = healthSchema.parse(report);
    return Object.entries(checks).map(([name, { ok, detail }]) => ({
      what: 'Service',
      state: ok ? 'ok' : 'wrong',
      // Of the account, in wei.
      detail: `${name}: ${detail.replace(/(\d+) wei/, (_, wei: string) => formatEther(BigInt(wei)))}`,
    }));
  } catch (error) {
    signal.throwIfAborted();
    // Nobody needs a service at the default address who has named none and has none of their own.
    const isExpected = settings.origin('api') !== 'default' || (await findLocal(settings)) !== undefined;
    const state = isExpected ? 'wrong' : 'warning';
    return [
      {
        what: 'Service',
        state,
        detail: `${url} does not answer: ${error instanceof Error ? error.message : String(error)}. Another: --api or DPP_API_URL`,
      },
    ];
  }
}

async function examineStore({ settings }: DoctorInvocation): Promise<Finding[]> {
  if (settings.find('gateways') === undefined) return [];
  return [await attempt('Gateways', async () => (await openGateways(settings)).name)];
}

async function attempt(what: string, work: () => Promise<string>): Promise<Finding> {
  try {
    return { what, state: 'ok', detail: await work() };
  } catch (error) {
    return wrong(what, error);
  }
}

function wrong(what: string, error: unknown): Finding {
  if (!(error instanceof DppError)) throw error;
  return { what, state: 'wrong', detail: `${error.message} (${error.code})` };
}

export const SERVE_COMMANDS = [serve, doctor];
