/** The chain, the contract on it, the clock against both, and the account that pays. */
import { DppError, type Hex, hashIssuer, type LedgerId } from '@dpp-ledger/core';
import { decodeKeyId, hashKey, parseDid } from '@dpp-ledger/core/credential';
import { createClient } from '@dpp-ledger/sdk';
import type { Rpc } from '@dpp-ledger/sdk/ledger';
import { readKeyFile } from '@dpp-ledger/sdk/node';
import { z } from 'zod';
import { readAccountFile } from '../connection.ts';
import { amiss, type Finding, fine, reasonOf, unseen } from './finding.ts';
import { fetchJson, isThere, openedValue, type Scene } from './scene.ts';

/** How far clocks may be apart: blocks are dated by whoever made them, answers took a while. */
const CLOCK_SECONDS = 60;
/** After so long without a block a chain stands still. */
const STILL_SECONDS = 600;
/** What an anchor costs at most in the mean, under the rules where new state is dearest (`pnpm bench:gas`). */
const GAS_PER_ANCHOR = 60_000n;
/** Anchors below which an account is called empty, and low. */
const EMPTY = 20n;
const LOW = 2_000n;
/** Chains of developers, where the newest block is final. */
const LOCAL_CHAINS = [1337, 31337];

const quantity = z
  .string()
  .regex(/^0x[0-9a-f]+$/)
  .transform(BigInt);
const block = z.object({ hash: z.string() });

export async function examineChain(scene: Scene): Promise<readonly Finding[]> {
  if (scene.rpcs.length === 0) {
    return [amiss('chain.notSet', 'no endpoint is set', 'give --rpc, or DPP_RPC_URL')];
  }
  return (await Promise.all(scene.rpcs.map((rpc) => examineEndpoint(rpc, scene)))).flat();
}

async function examineEndpoint(rpc: Rpc, { rpcs, pin, settings, signal }: Scene): Promise<readonly Finding[]> {
  let chainId: number;
  let genesis: string;
  let isSyncing: boolean;
  try {
    const ask = (method: string, params: readonly unknown[]) => rpc.call(method, params, { signal });
    chainId = Number(quantity.parse(await ask('eth_chainId', [])));
    genesis = block.parse(await ask('eth_getBlockByNumber', ['0x0', false])).hash;
    isSyncing = (await ask('eth_syncing', [])) !== false;
  } catch (error) {
    signal.throwIfAborted();
    const code = rpcs.length === 1 ? 'chain.unreachable' : 'endpoints.unreachable';
    return [amiss(code, reasonOf(error), 'start the node, or give another: --rpc')];
  }
  if (pin !== undefined && pin.chainId !== chainId) {
    const found = `${rpc.source} is of chain ${chainId}; the ledger is on chain ${pin.chainId}`;
    return [amiss('chain.other', found, `give a node of chain ${pin.chainId}: --rpc`)];
  }
  if (pin !== undefined && pin.genesis !== genesis) {
    const found = `${rpc.source} has block 0 ${genesis}; the ledger's chain begins with ${pin.genesis}`;
    return [amiss('chain.otherGenesis', found, 'give a node of the chain that the pin names: --rpc')];
  }
  const findings = [fine(`${rpc.source}, chain ${chainId}`)];
  if (isSyncing) {
    findings.push(amiss('chain.syncing', `${rpc.source} has not caught up with its chain`, 'wait until it has'));
  }
  if (settings.require('confirmations') === '0' && !LOCAL_CHAINS.includes(chainId)) {
    findings.push(
      amiss('chain.finality', `chain ${chainId} counts as final at once`, '--confirmations finalized, or a number'),
    );
  }
  return findings;
}

/** Whether several endpoints say the same about the newest block that enough of them have. */
export async function examineEndpoints({ rpcs, ledger, signal }: Scene): Promise<readonly Finding[]> {
  if (rpcs.length < 2 || ledger === undefined) return [];
  const mend = 'give others, of other operators: --rpc';
  try {
    if ('error' in ledger) throw ledger.error;
    const { source } = await ledger.value.readFacts(NO_QUESTION, { signal });
    // Whether each answers at all, and for which chain, is said above.
    const told = ledger.value.findings.flatMap(({ code, message }) => {
      if (code === 'ledger.differs') return amiss('endpoints.differ', message.replace(/\.$/, ''), mend);
      return code === 'ledger.behind' ? amiss('endpoints.behind', message.replace(/\.$/, ''), mend) : [];
    });
    return [fine(source), ...told];
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof DppError) || error.code !== 'ledger.no-quorum') throw error;
    return [amiss('endpoints.noQuorum', reasonOf(error), mend)];
  }
}

export async function examineContract({ rpcs, pin, ledger }: Scene): Promise<readonly Finding[]> {
  if (rpcs.length === 0) return [];
  if (ledger === undefined) return [unseen('nothing is pinned, and no service says which: --ledger')];
  if ('error' in ledger) {
    const { error } = ledger;
    if (!(error instanceof DppError) || error.code !== 'ledger.mismatch') return [unseen('the chain tells nothing')];
    return [amiss('contract.absent', reasonOf(error), 'compare "ledger" with what the accreditor published')];
  }
  const { id } = ledger.value;
  if (pin !== undefined && pin.codeHash !== id.codeHash) {
    const found = `${id.address} has code with the hash ${id.codeHash}; pinned is ${pin.codeHash}`;
    return [amiss('contract.otherCode', found, 'compare "ledger" with what the accreditor published')];
  }
  return [
    fine(pin === undefined ? `${id.address}, on the service’s word: pin it` : `${id.address}, with the pinned code`),
  ];
}

/** Against the chain's newest block, the service's and the database's clocks. */
export async function examineClock(scene: Scene): Promise<readonly Finding[]> {
  const { ledger, service, database, signal } = scene;
  const reader = openedValue(ledger);
  const newest = await reader?.readBlock('latest', { signal }).catch(() => undefined);
  const seen = openedValue(service);
  const kept = openedValue(database);
  const others = [
    { whose: `the service at ${seen?.url}`, ahead: seen?.ahead },
    { whose: 'the database', ahead: kept?.ahead },
  ];
  const findings: Finding[] = [];
  for (const { whose, ahead } of others) {
    if (ahead === undefined || Math.abs(ahead) <= CLOCK_SECONDS) continue;
    const found = `the clock of ${whose} is ${Math.abs(ahead)} s ${ahead > 0 ? 'ahead of' : 'behind'} this one`;
    findings.push(amiss('clock.differs', found, 'set both by a time server: timedatectl set-ntp true'));
  }
  if (newest !== undefined) {
    const age = Math.round(Date.now() / 1_000) - newest.time;
    if (age < -CLOCK_SECONDS) {
      const found = `the chain's newest block is ${-age} s in the future: this clock is behind`;
      findings.push(amiss('clock.behindChain', found, 'set the clock by a time server: timedatectl set-ntp true'));
    } else if (age > STILL_SECONDS) {
      const found = `the newest block, ${newest.number}, is ${age} s old`;
      const mend = 'a local chain makes blocks only for transactions; any other: look at the node, and at this clock';
      findings.push(amiss('chain.still', found, mend));
    }
  }
  if (findings.length > 0) return findings;
  const sources = [
    newest === undefined ? undefined : 'the chain',
    seen?.ahead === undefined ? undefined : 'the service',
    kept === undefined ? undefined : 'the database',
  ].filter((source) => source !== undefined);
  return sources.length === 0 ? [] : [fine(`agrees with ${new Intl.ListFormat('en-GB').format(sources)}`)];
}

export async function examineLedger({ ledger, signal }: Scene): Promise<readonly Finding[]> {
  const reader = openedValue(ledger);
  if (reader === undefined) return [];
  const { closed } = await reader.readFacts(NO_QUESTION, { signal });
  if (closed)
    return [amiss('ledger.closed', `${reader.name} is closed`, 'pin the successor that its last entry names')];
  if (await reader.isPaused({ signal })) {
    return [amiss('ledger.paused', `${reader.name} takes no new anchors`, 'ask the admin; nothing accepted is lost')];
  }
  return [fine('open, not paused')];
}

/** Whether the ledger takes what the issuer of the settings signs. */
export async function examineIssuer({ settings, ledger, signal }: Scene): Promise<readonly Finding[]> {
  const did = settings.find('issuer');
  const reader = openedValue(ledger);
  if (did === undefined || reader === undefined) return [];
  const issuer = parseDid(did);
  const path = settings.require('key');
  const key = (await isThere(path)) ? hashKey(await readKeyFile(path)) : undefined;
  const question = { ...NO_QUESTION, issuer: hashIssuer(issuer), key: key === undefined ? ZERO : decodeKeyId(key) };
  const facts = await reader.readFacts(question, { signal });
  if (facts.issuer === undefined) {
    return [amiss('issuer.unknown', `${issuer} is not accredited here`, 'dpp apply, and send it to the accreditor')];
  }
  if (facts.issuer.withdrawnSince !== undefined || facts.issuer.suspended) {
    const what = facts.issuer.withdrawnSince === undefined ? 'suspended' : 'withdrawn';
    return [amiss('issuer.ended', `${issuer} is ${what}`, 'ask the accreditor')];
  }
  if (key !== undefined && facts.key === undefined) {
    return [amiss('issuer.unknown', `the ledger does not know the key ${key}`, `dpp key add ${path}`)];
  }
  if (facts.key?.retiredAt !== undefined || facts.key?.compromisedSince !== undefined) {
    return [amiss('issuer.ended', `the key ${key} was ended`, 'use another one: --key')];
  }
  return [
    fine(`${issuer} is issuer number ${facts.issuer.number}${key === undefined ? '' : ', and its key is in force'}`),
  ];
}

export async function examineAccount(scene: Scene): Promise<readonly Finding[]> {
  const { signal } = scene;
  const [rpc] = scene.rpcs;
  let account: Hex | undefined;
  try {
    account = await findAccount(scene);
  } catch (error) {
    return [amiss('account.unusable', reasonOf(error), 'give the file that holds its private key: --account')];
  }
  if (account === undefined || rpc === undefined) return [];
  const ask = async (method: string, params: readonly unknown[]) =>
    quantity.parse(await rpc.call(method, params, { signal }));
  const balance = await ask('eth_getBalance', [account, 'latest']);
  const price = await ask('eth_gasPrice', []);
  const anchors = price === 0n ? undefined : balance / (GAS_PER_ANCHOR * price);
  const found = `${account} has ${formatEther(balance)}${anchors === undefined ? '' : `: ${anchors} anchors at today's ${formatGwei(price)}`}`;
  const mend = `send ${formatEther(LOW * GAS_PER_ANCHOR * price)} to it, for ${LOW} anchors`;
  if (balance === 0n || (anchors !== undefined && anchors < EMPTY)) return [amiss('account.empty', found, mend)];
  if (anchors !== undefined && anchors < LOW) return [amiss('account.low', found, mend)];
  return [fine(found)];
}

/** Whether anybody lets the service's account anchor. */
export async function examineSubmitter(scene: Scene): Promise<readonly Finding[]> {
  const { settings, ledger, service, database, signal } = scene;
  const seen = openedValue(service);
  const account =
    seen?.ledger?.service.account ?? (scene.serves ? await findAccount(scene).catch(() => undefined) : undefined);
  const reader = openedValue(ledger);
  if (account === undefined || reader === undefined) return [];
  const did = settings.find('issuer');
  const mend = `each issuer: dpp submitter appoint ${account}`;
  if (did !== undefined) {
    const isAppointed = await reader.isSubmitter(hashIssuer(parseDid(did)), account, { signal });
    if (isAppointed) return [fine(`${did} lets ${account} anchor`)];
    return [amiss('submitter.missing', `${did} does not let ${account} anchor`, mend)];
  }
  const counted = openedValue(database)?.contents?.submitters.get(account);
  const count = counted ?? (seen === undefined ? undefined : await countAppointing(seen.url, account, signal));
  if (count === undefined) return [];
  if (count > 0) return [fine(`${count} issuer${count === 1 ? ' lets' : 's let'} ${account} anchor`)];
  return [amiss('submitter.missing', `no issuer lets ${account} anchor`, mend)];
}

const MOST_ASKED = 100;
const issuersSchema = z.looseObject({ items: z.array(z.looseObject({ issuer: z.string() })) });

/** By the service's word, of its first issuers. */
async function countAppointing(url: string, account: Hex, signal: AbortSignal): Promise<number> {
  const { items } = (await fetchJson(url, '/issuers', issuersSchema, signal)).value;
  const client = createClient({ url });
  let count = 0;
  for (const { issuer } of items.slice(0, MOST_ASKED)) {
    const { submitters } = await client.fetchIssuer(parseDid(issuer), { signal });
    if (submitters.includes(account)) count += 1;
  }
  return count;
}

/** The account of the settings; else the embedded stack's; else what the service names. */
async function findAccount({ settings, local, service }: Scene): Promise<Hex | undefined> {
  const file = settings.find('account');
  if (file !== undefined) return (await readAccountFile(file)).address;
  return local?.accounts.relayer.address ?? openedValue(service)?.ledger?.service.account;
}

const ZERO: Hex = `0x${'0'.repeat(64)}`;
const NO_QUESTION = { issuer: ZERO, key: ZERO, grant: ZERO, list: 0n, word: 0 };

/** In ether, cut to six decimals. */
function formatEther(wei: bigint): string {
  const millionths = (wei / 10n ** 12n).toString().padStart(7, '0');
  return `${millionths.slice(0, -6)}.${millionths.slice(-6)} ether`;
}

function formatGwei(wei: bigint): string {
  return `${Number((Number(wei) / 1e9).toPrecision(3))} gwei`;
}

export function isSameLedger(a: LedgerId, b: LedgerId): boolean {
  return a.chainId === b.chainId && a.genesis === b.genesis && a.address === b.address && a.codeHash === b.codeHash;
}
