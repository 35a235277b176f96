/**
 * The demonstration that `npm start` runs: starts the embedded stack over `.dpp/`, tells the main job step by step, and leaves the server
 * running. `--once` ends it after the story; the exit status says whether everything came out as told.
 */
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startDeployment } from '@dpp-ledger/cli';
import { DppError, type LedgerId } from '@dpp-ledger/core';
import { createClient } from '@dpp-ledger/sdk';
import { openChronicle } from './demo/chronicle.ts';
import { tellStory } from './demo/story.ts';
import { createVoice } from './demo/voice.ts';

const HELP = `npm start -- [--host 0.0.0.0] [--port 8080] [--public-url URL] [--data .dpp] [--once]

Runs the demonstration and leaves its server running. For a phone on the same network: --host 0.0.0.0, which puts this machine's
address into the labels; --public-url puts another one there. --data names another folder for its state. --once ends after the story.`;

const values = readOptions();
if (typeof values === 'string') {
  console.error(`${values}\n\n${HELP}`);
  process.exitCode = 2;
} else if (values.help) {
  console.log(HELP);
} else {
  process.exitCode = await run(values).catch((error: unknown) => {
    if (!(error instanceof DppError)) throw error;
    console.error(`\n${error.message} (${error.code})`);
    if (error.code === 'folder.locked') console.error('If it is this demonstration, its server is running already.');
    return 1;
  });
}

/** The options, or what is wrong with them. */
function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        data: { type: 'string', default: '.dpp' },
        host: { type: 'string', default: '127.0.0.1' },
        port: { type: 'string', default: '8080' },
        'public-url': { type: 'string' },
        once: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      return `--port takes a number from 1 to 65535, not "${values.port}".`;
    return { ...values, port };
  } catch (error) {
    // npm keeps options for itself that stand before the two dashes, and hands on what follows them.
    return `${error instanceof Error ? error.message.split('. ')[0] : error}. Options stand after two dashes: npm start -- --port 8199`;
  }
}

async function run(values: Exclude<ReturnType<typeof readOptions>, string>): Promise<number> {
  const began = performance.now();
  const dataDir = resolve(values.data);
  const { port } = values;
  const publicUrl = values['public-url'] ?? `http://${reachableHost(values.host)}:${port}`;
  const folder = join(dataDir, 'demo');
  await mkdir(folder, { recursive: true, mode: 0o700 });

  const ending = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => ending.abort());

  const deployment = await startDeployment({
    ...{ dataDir, host: values.host, port, publicUrl },
    batch: { size: 10_000, ageMs: 500 },
    onProblem: ({ what, error }) => console.error(`   The service could not ${what}: ${error}`),
  });
  try {
    const voice = createVoice((text) => process.stdout.write(text));
    const chronicle = await openChronicle(join(folder, 'chronicle.json'));
    const { embedded, ledger } = deployment;
    if (embedded?.setAside !== undefined) voice.say(embedded.setAside);
    const start = chronicle.isContinued ? 'Going on from the state of the last start' : 'A new ledger';
    voice.say(
      `${start}: ${ledger.id.address} on the local chain ${ledger.id.chainId}, with store, database and service.`,
    );

    const client = createClient({ url: deployment.url });
    const { label, surprises } = await tellStory({ stage: { deployment, client, folder }, chronicle, voice });
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    voice.say(surprises === 0 ? `All as told, in ${seconds} s.` : `${surprises} statements did not come out as told.`);
    if (values.once) return surprises === 0 ? 0 : 1;

    console.log(`
The server is running. Try:
   ${label}   the page behind the label
   ${publicUrl}/   devices, issuers, batches, the journal
   ${publicUrl}/docs   the API
   npm run -s dpp -- verify ${label} --api ${publicUrl} --rpc ${embedded?.rpcUrl ?? ''} --ledger ${pinOf(ledger.id)}
   npm run -s dpp -- help   everything else
Ctrl-C ends it; the next \`npm start\` goes on from here.`);
    if (!ending.signal.aborted) await once(ending.signal, 'abort');
    return 0;
  } finally {
    await deployment.stop();
  }
}

/** What goes into labels where the server listens on every address: this machine's own on its network. */
function reachableHost(host: string): string {
  if (host !== '0.0.0.0' && host !== '::') return host;
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}

function pinOf({ chainId, genesis, address, codeHash }: LedgerId): string {
  return [chainId, genesis, address, codeHash].join(':');
}
