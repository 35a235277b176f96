/** A real browser verifies a scanned label by itself: it asks the service for evidence and the chain for facts, and decides on its own. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Deployment, startDeployment } from '@dpp-ledger/cli';
import { connectLedger, createClient, verify } from '@dpp-ledger/sdk/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bundle, bundlePackVerifier, bundleVerifier } from '../support/bundle.ts';
import { packWithWitnesses } from '../support/packing.ts';

const chromium = process.env.DPP_CHROMIUM ?? 'chromium';
const script = join(import.meta.dirname, '../../scripts/demo.ts');
const PORT = 18_479;
const SCANNED = `http://127.0.0.1:${PORT}/01/09521234000013/21/5Q3G8373S3H2`;

let folder: string;
let deployment: Deployment;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dpp-browser-'));
  const demo = spawn(process.execPath, [script, '--data', folder, '--port', String(PORT), '--once'], {
    stdio: 'ignore',
  });
  await once(demo, 'close');
  expect(demo.exitCode).toBe(0);
  deployment = await startDeployment({ dataDir: folder, port: PORT });
  await deployment.service.caughtUp();
});
afterAll(async () => {
  await deployment?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('in a browser', () => {
  it('a genuine label is valid, and the same evidence with a bit changed is not', async () => {
    const report = await runInBrowser(`
      const ledger = await connectLedger({ url: ${JSON.stringify(deployment.embedded?.rpcUrl)}, pin: ${JSON.stringify(deployment.ledger.id)} });
      const source = createClient({ url: ${JSON.stringify(deployment.url)} });
      const genuine = await verify({ uri: ${JSON.stringify(SCANNED)} }, { ledger, source });
      const last = genuine.evidence.credential.at(-1);
      const credential = genuine.evidence.credential.slice(0, -1) + (last === 'A' ? 'Q' : 'A');
      const altered = await verify({ evidence: { ...genuine.evidence, credential } }, { ledger });
      return { genuine: genuine.report.verdict, altered: altered.report.verdict };`);
    expect(report).toEqual({ genuine: 'valid', altered: 'invalid' });
  });

  it('a pack is valid with nobody asked, and with a bit changed it is not', async () => {
    const { ledger, embedded, url } = deployment;
    const chainUrl = embedded?.rpcUrl ?? expect.unreachable();
    const reader = await connectLedger({ url: chainUrl, pin: ledger.id });
    const { evidence } = await verify({ uri: SCANNED }, { ledger: reader, source: createClient({ url }) });
    const packed = await packWithWitnesses({
      ...{ reader, chainUrl, serviceUrl: url, evidence: evidence === undefined ? [] : [evidence] },
    });
    const text = Buffer.from(packed.bytes).toString('base64');
    const report = await runInBrowser(
      `
      const bytes = Uint8Array.from(atob(${JSON.stringify(text)}), (letter) => letter.charCodeAt(0));
      const policy = await parsePolicyFile(${JSON.stringify(packed.policy)});
      const judge = async (file) => {
        const verdicts = [];
        for await (const { verdict } of verifyPack(file, { policy, now: ${packed.time + 1} })) verdicts.push(verdict);
        return verdicts;
      };
      const genuine = await judge(bytes);
      bytes[bytes.length - 1] ^= 1;
      return { genuine, altered: await judge(bytes) };`,
      await bundlePackVerifier(),
    );
    expect(report).toEqual({ genuine: ['valid'], altered: ['invalid'] });
  });

  it('shows the page behind the label, without a script', async () => {
    const html = await open(SCANNED);
    expect(html).toContain('Fernhill Meadow 14');
    expect(html).not.toMatch(/<script/);
  });
});

/** Runs a script with the verifier in a browser, and resolves with what it posts back. */
async function runInBrowser(body: string, bundle?: Bundle): Promise<unknown> {
  const { text } = bundle ?? (await bundleVerifier());
  const page = `<!doctype html><title>verify</title><script type="module">
    import * as verifier from '/verify.js';
    Object.assign(globalThis, verifier);
    const run = async () => { ${body} };
    const result = await run().catch((error) => ({ failed: String(error.stack) }));
    await fetch('/result', { method: 'POST', body: JSON.stringify(result) });
  </script>`;
  const posted = Promise.withResolvers<string>();
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      let answer = '';
      request.on('data', (part) => {
        answer += part;
      });
      request.on('end', () => posted.resolve(answer));
    }
    const isScript = request.url === '/verify.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? text : page);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('a listening server has an address');
  const ending = new AbortController();
  const browser = launch([`http://127.0.0.1:${address.port}/`, '--remote-debugging-port=0'], ending.signal);
  browser.catch(() => undefined);
  try {
    return JSON.parse(await Promise.race([posted.promise, browser]));
  } finally {
    ending.abort();
    server.closeAllConnections();
    server.close();
  }
}

/** The page's document, once it has come to rest. */
async function open(url: string): Promise<string> {
  return await launch(['--virtual-time-budget=20000', '--dump-dom', url]);
}

/** Resolves with what the browser printed when it ends. */
async function launch(args: readonly string[], signal?: AbortSignal): Promise<string> {
  const profile = await mkdtemp(join(tmpdir(), 'dpp-profile-'));
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'];
  const quiet = ['--disable-background-networking', '--disable-component-update', `--user-data-dir=${profile}`];
  try {
    const options = { timeout: 60_000, maxBuffer: 1 << 26, ...(signal === undefined ? {} : { signal }) };
    return (await promisify(execFile)(chromium, [...flags, ...quiet, ...args], options)).stdout;
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
