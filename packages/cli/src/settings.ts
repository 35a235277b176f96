/**
 * Settings, in one place. A flag wins over an environment variable, which wins over dpp.config.json, which wins over the default. Secrets
 * are never flags: they would stand in the shell's history and in the list of processes. Each secret X may be given as X_FILE instead: the
 * name of a file that holds it, which is how container engines hand secrets over.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { InvalidInputError } from '@dpp-ledger/core';
import { z } from 'zod';

export interface Setting {
  readonly env: string;
  /** Without the dashes; `undefined` for secrets. */
  readonly flag?: string;
  /** What stands for the value in help. */
  readonly value: string;
  readonly summary: string;
  readonly fallback?: string;
  readonly secret?: true;
  /** Several values: the flag again and again, or commas between them; a list in the configuration. */
  readonly multiple?: true;
}

const TABLE = {
  api: {
    env: 'DPP_API_URL',
    flag: 'api',
    value: 'URL',
    summary: 'The service that takes in credentials and answers for them.',
    fallback: 'http://127.0.0.1:8080',
  },
  rpc: {
    env: 'DPP_RPC_URL',
    flag: 'rpc',
    value: 'URL',
    summary:
      'Chain endpoint, JSON-RPC over HTTP: whose word the facts are. Several of different operators, where none is to be believed alone: again, or with commas between them.',
    multiple: true,
  },
  agree: {
    env: 'DPP_AGREE',
    flag: 'agree',
    value: 'K',
    summary: 'How many of several chain endpoints must say the same. More than half of them where it is not set.',
  },
  ledger: {
    env: 'DPP_LEDGER',
    flag: 'ledger',
    value: 'PIN',
    summary:
      'The ledger that counts: chain id, hash of block 0, address and code hash, joined by colons. `dpp init` writes it down.',
  },
  gateways: {
    env: 'DPP_GATEWAYS',
    flag: 'gateways',
    value: 'URLS',
    summary: 'Trustless IPFS gateways to read from, comma-separated. What they send is always checked.',
    multiple: true,
  },
  issuer: { env: 'DPP_ISSUER', flag: 'issuer', value: 'DID', summary: 'In whose name: did:web:maker.example.' },
  issuerName: { env: 'DPP_ISSUER_NAME', flag: 'issuer-name', value: 'NAME', summary: 'The issuer’s name for people.' },
  voice: {
    env: 'DPP_VOICE',
    flag: 'voice',
    value: 'VOICE',
    summary: '"declared" for your own figures, "restated" for figures that others published.',
    fallback: 'declared',
  },
  key: {
    env: 'DPP_KEY_FILE',
    flag: 'key',
    value: 'FILE',
    summary: 'The key that signs: a private JWK that nobody else can read.',
    fallback: 'keys/assert.jwk.json',
  },
  account: {
    env: 'DPP_ACCOUNT_FILE',
    flag: 'account',
    value: 'FILE',
    summary: 'The chain account that sends transactions: a file with its private key in hex that nobody else can read.',
  },
  maxAge: {
    env: 'DPP_MAX_AGE',
    flag: 'max-age',
    value: 'SECONDS',
    summary: 'How old the ledger’s facts may be for a verdict.',
    fallback: '86400',
  },
  data: {
    env: 'DPP_DATA',
    flag: 'data',
    value: 'DIR',
    summary: 'Folder of the embedded chain, store and database.',
    fallback: '.dpp',
  },
  database: {
    env: 'DPP_DATABASE_URL',
    value: 'URL',
    summary: 'PostgreSQL; the embedded database where it is not set.',
    secret: true,
  },
  kubo: {
    env: 'DPP_KUBO_URL',
    flag: 'kubo',
    value: 'URL',
    summary: 'Kubo’s RPC endpoint; the embedded store where it is not set.',
  },
  serviceKey: {
    env: 'DPP_SERVICE_KEY_FILE',
    flag: 'service-key',
    value: 'FILE',
    summary:
      'The service’s own key, which signs receipts and status lists: one for all replicas. Where it is not set, the data folder keeps one.',
  },
  logKey: {
    env: 'DPP_LOG_KEY_FILE',
    flag: 'log-key',
    value: 'FILE',
    summary:
      'The key that signs checkpoints of the published journal: one for all replicas. Where it is not set, the data folder keeps one.',
  },
  logEpoch: {
    env: 'DPP_LOG_EPOCH',
    flag: 'log-epoch',
    value: 'N',
    summary:
      'Which log of the journal is published: the next number begins a new one, where the old can be continued no more.',
    fallback: '1',
  },
  publisher: {
    env: 'DPP_PUBLISHER',
    flag: 'publisher',
    value: 'KEY',
    summary:
      'The public key whose checkpoints are believed: name, hash and base64, joined by +. `dpp serve` prints it.',
  },
  witnessKey: {
    env: 'DPP_WITNESS_KEY_FILE',
    flag: 'witness-key',
    value: 'FILE',
    summary: 'The key that a witness signs with; `dpp key witness` makes it.',
  },
  witnessLogs: {
    env: 'DPP_WITNESS_LOGS',
    flag: 'logs',
    value: 'KEYS',
    summary: 'Public keys of the logs that a witness looks at, comma-separated. `dpp serve` prints its own.',
  },
  witnessMemory: {
    env: 'DPP_WITNESS_MEMORY',
    flag: 'memory',
    value: 'DIR',
    summary: 'Folder in which a witness writes down what it signs, before it does. It is never restored from a backup.',
    fallback: '.dpp-witness',
  },
  witnessPolicy: {
    env: 'DPP_WITNESS_POLICY',
    flag: 'witness-policy',
    value: 'FILE',
    summary:
      'A policy in the form of C2SP tlog-policy: the logs and witnesses that are believed, and how many of them. A service asks the witnesses that have a URL there to cosign its checkpoints.',
  },
  publicUrl: {
    env: 'DPP_PUBLIC_URL',
    flag: 'public-url',
    value: 'URL',
    summary: 'The URL under which others reach the service; labels carry it.',
  },
  host: {
    env: 'DPP_HOST',
    flag: 'host',
    value: 'ADDRESS',
    summary: 'Address to listen on; 0.0.0.0 for a phone on the same network.',
    fallback: '127.0.0.1',
  },
  port: { env: 'DPP_PORT', flag: 'port', value: 'PORT', summary: 'Port to listen on.', fallback: '8080' },
  confirmations: {
    env: 'DPP_CONFIRMATIONS',
    flag: 'confirmations',
    value: 'N',
    summary: 'Blocks after which an anchor is final, or "finalized" for the chain’s own word.',
    fallback: '0',
  },
  poll: {
    env: 'DPP_POLL_MS',
    flag: 'poll-ms',
    value: 'MS',
    summary: 'How often the chain that is not embedded is asked for a new block, in milliseconds.',
    fallback: '1000',
  },
  gasMargin: {
    env: 'DPP_GAS_MARGIN',
    flag: 'gas-margin',
    value: 'GAS',
    summary:
      'Gas on top of the estimate of each transaction: others may append to the journal first. 210000 where new state has its own price (EIP-8037).',
    fallback: '60000',
  },
  feeCeiling: {
    env: 'DPP_FEE_CEILING',
    flag: 'fee-ceiling',
    value: 'WEI',
    summary: 'What a unit of gas may cost at most, in wei: what costs more waits. No ceiling where it is not set.',
  },
  batchSize: {
    env: 'DPP_BATCH_SIZE',
    flag: 'batch-size',
    value: 'N',
    summary: 'Credentials that make a batch, 16384 at most.',
    fallback: '10000',
  },
  batchAge: {
    env: 'DPP_BATCH_AGE_MS',
    flag: 'batch-age-ms',
    value: 'MS',
    summary: 'How long a credential waits for others before its batch is made, in milliseconds.',
    fallback: '2000',
  },
  log: {
    env: 'DPP_LOG',
    flag: 'log',
    value: 'FORM',
    summary: 'Form of the log on standard error: json or text. Without it, text on a terminal and json elsewhere.',
  },
  logLevel: {
    env: 'DPP_LOG_LEVEL',
    flag: 'log-level',
    value: 'LEVEL',
    summary: 'What is logged: debug, info, warn or error, and what is worse.',
    fallback: 'info',
  },
  trustProxy: {
    env: 'DPP_TRUST_PROXY',
    flag: 'trust-proxy',
    value: 'PROXIES',
    summary:
      'Proxies whose X-Forwarded-For names the client: how many stand before the service, or their networks, comma-separated (10.0.0.0/8). Without it, the client is who connects.',
  },
  metricsPort: {
    env: 'DPP_METRICS_PORT',
    flag: 'metrics-port',
    value: 'PORT',
    summary: 'Port on which /metrics is served for Prometheus, and health beside it; without it, nowhere.',
  },
  metricsHost: {
    env: 'DPP_METRICS_HOST',
    flag: 'metrics-host',
    value: 'ADDRESS',
    summary: 'Address to serve metrics on. They are not for the public.',
    fallback: '127.0.0.1',
  },
  capturedEvents: {
    env: 'DPP_CAPTURED_EVENTS',
    flag: 'captured-events',
    value: 'N',
    summary:
      'EPCIS events of others that the service keeps, at most: whoever reaches it may capture so many (POST /epcis/capture), and all may read them. 0: nobody captures any.',
    fallback: '0',
  },
  passphrase: {
    env: 'DPP_PASSPHRASE',
    value: 'TEXT',
    summary: 'Passphrase of a key’s backup; asked for on a terminal where it is not set.',
    secret: true,
  },
} as const satisfies Readonly<Record<string, Setting>>;

export type SettingName = keyof typeof TABLE;
export const SETTINGS: Readonly<Record<SettingName, Setting>> = TABLE;
export const SETTING_NAMES = Object.keys(TABLE) as readonly SettingName[];

export interface Settings {
  /** Errors: `usage.configuration` where it is not set and has no default. */
  require(name: SettingName): string;
  find(name: SettingName): string | undefined;
  /** Where the value comes from, for people. */
  origin(name: SettingName): string;
  /** The configuration file that was read, if there is one. */
  readonly file: string | undefined;
  /** The configuration file as it was named, there or not. */
  readonly named: string;
  /** The files that hold secrets, as X_FILE names them. */
  readonly secretFiles: readonly string[];
}

export const CONFIG_FILE = 'dpp.config.json';

const configuration = z
  .record(
    z.string(),
    z.union([z.string(), z.number(), z.array(z.string()).transform((list) => list.join(','))]).transform(String),
  )
  .superRefine((content, context) => {
    for (const name of Object.keys(content)) {
      if (name === '$schema' || SETTING_NAMES.some((known) => known === name && SETTINGS[known].secret !== true))
        continue;
      context.addIssue(`"${name}" is no setting of this file`);
    }
  });

/** Errors: `usage.configuration` for a file that cannot be read or holds what is no setting. */
export function readSettings(
  flags: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
  options: { readonly mayBeMissing?: boolean } = {},
): Settings {
  const { config } = flags;
  const given = typeof config === 'string' ? config : env.DPP_CONFIG;
  const named = given ?? CONFIG_FILE;
  const isRequired = given !== undefined && options.mayBeMissing !== true;
  const { file, content } = readConfiguration(resolve(cwd, named), isRequired);
  const secretFiles = findSecretFiles(env, cwd);
  const look = (name: SettingName): { value: string; origin: string } | undefined => {
    const setting = SETTINGS[name];
    const flag = setting.flag === undefined ? undefined : flags[setting.flag];
    const given = Array.isArray(flag) ? flag.join(',') : flag;
    if (typeof given === 'string') return { value: given, origin: `--${setting.flag}` };
    const fromEnv = env[setting.env];
    if (fromEnv !== undefined && fromEnv !== '') return { value: fromEnv, origin: setting.env };
    const secretFile = secretFiles.get(name);
    if (secretFile !== undefined) return { value: readSecret(secretFile, setting.env), origin: `${setting.env}_FILE` };
    const fromFile = content[name];
    if (fromFile !== undefined) return { value: fromFile, origin: file ?? CONFIG_FILE };
    return setting.fallback === undefined ? undefined : { value: setting.fallback, origin: 'default' };
  };
  return {
    file,
    named,
    secretFiles: [...secretFiles.values()],
    find: (name) => look(name)?.value,
    origin: (name) => look(name)?.origin ?? 'not set',
    require: (name) => {
      const found = look(name);
      if (found !== undefined) return found.value;
      const { env: variable, flag, secret } = SETTINGS[name];
      const inFile = secret === true ? undefined : `"${name}" in ${CONFIG_FILE}`;
      const asFile = secret === true ? `${variable}_FILE` : undefined;
      const ways = [flag === undefined ? undefined : `--${flag}`, variable, asFile, inFile];
      throw new InvalidInputError(
        'usage.configuration',
        `${SETTINGS[name].summary} It is not set: give ${ways.filter((way) => way !== undefined).join(' or ')}.`,
      );
    },
  };
}

/** Errors: `usage.configuration` where a secret is given twice: which of the two counts must not be guessed. */
function findSecretFiles(
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): ReadonlyMap<SettingName, string> {
  const files = new Map<SettingName, string>();
  for (const name of SETTING_NAMES) {
    const { env: variable, secret } = SETTINGS[name];
    const file = secret === true ? env[`${variable}_FILE`] : undefined;
    if (file === undefined || file === '') continue;
    if (env[variable] !== undefined && env[variable] !== '') {
      throw new InvalidInputError('usage.configuration', `${variable} and ${variable}_FILE are both set: give one.`);
    }
    files.set(name, resolve(cwd, file));
  }
  return files;
}

function readSecret(path: string, variable: string): string {
  try {
    // Editors end a file with a line break; a secret has none.
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InvalidInputError('usage.configuration', `${variable}_FILE cannot be read: ${reason}.`, { cause });
  }
}

function readConfiguration(
  file: string,
  isRequired: boolean,
): { file: string | undefined; content: Readonly<Record<string, string | undefined>> } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    if (!isRequired) return { file: undefined, content: {} };
    throw new InvalidInputError('usage.configuration', `The configuration file ${file} cannot be read.`, { cause });
  }
  try {
    return { file, content: configuration.parse(JSON.parse(text)) };
  } catch (cause) {
    const reason =
      cause instanceof z.ZodError
        ? cause.issues.map((issue) => [issue.path.join('.'), issue.message].filter(Boolean).join(': ')).join('; ')
        : 'it is no JSON';
    throw new InvalidInputError(
      'usage.configuration',
      `${file}: ${reason}. Settings are ${SETTING_NAMES.join(', ')}; secrets belong in environment variables.`,
      { cause },
    );
  }
}
