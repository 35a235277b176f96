/**
 * The same without killing the service: each of its engines fails and comes back while a client posts, and the service has to go on by
 * itself. After each fault everything that was promised becomes final; after all of them the audit is the campaign's.
 */
import { spawnSync } from 'node:child_process';
import { rename, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { acts, calls, createAccount, createLedgerWriter } from '@dpp-ledger/sdk/ledger';
import type { Findings } from './audit.ts';
import { type Ground, startGround } from './campaign.ts';
import { createLife, type Life, type Problem } from './life.ts';
import { createWire, type Wire } from './proxy.ts';
import type { Happening, Orders } from './service.ts';

export interface FaultsOptions {
  readonly seed: number;
  readonly postgresql?: string | undefined;
  /** URL of a Kubo's RPC; the file store by default. */
  readonly kubo?: string | undefined;
  readonly onProgress?: (fault: string) => void;
}

export interface FaultsResult extends Findings {
  readonly database: 'pglite' | 'postgresql';
  readonly store: 'files' | 'kubo';
  readonly seed: number;
  /** What was survived, and how many credentials were acknowledged meanwhile; or why it was not tried. */
  readonly faults: Readonly<Record<string, number | string>>;
  readonly posted: number;
  readonly seconds: number;
}

interface Scene {
  readonly ground: Ground;
  readonly life: Life;
  /** To the engines that are elsewhere. */
  readonly wires: Wires;
  /** So many steps of this kind from now on. */
  steps(step: Extract<Happening, { is: 'step' }>['step'], count?: number): Promise<void>;
  /** A problem that is so, from now on. */
  problem(isSo: (problem: Problem) => boolean): Promise<void>;
  rpc(method: string, ...params: unknown[]): Promise<unknown>;
}

interface Wires {
  readonly database: Wire | undefined;
  readonly store: Wire | undefined;
}

type Fault = (scene: Scene) => Promise<void>;

/** Big enough for a database, small enough to be filled. */
const DISK_BYTES = 160 * 1024 * 1024;
const DAY_MS = 86_400_000;
const RICH = `0x${(10n ** 24n).toString(16)}`;

/** Nothing goes into blocks by itself. */
async function withoutMining({ rpc }: Scene, work: () => Promise<void>): Promise<void> {
  // Mixed with a clock, as the embedded chain mines, it cannot be turned off; alone it can.
  await rpc('evm_setAutomine', true);
  await rpc('evm_setAutomine', false);
  try {
    await work();
  } finally {
    await rpc('evm_setAutomine', true);
    await rpc('evm_mine');
  }
}

const FAULTS: Readonly<Record<string, Fault>> = {
  async 'the disk is full'({ ground, problem, steps }) {
    const filler = join(ground.folder, 'filler');
    const { bavail, bsize } = await statfs(ground.folder);
    // Database and store are on it: whichever notices first.
    const full = problem(({ message }) => /no space left|ENOSPC/i.test(message));
    // The service takes some of the room meanwhile: then the file is as long as there was room for.
    await writeFile(filler, new Uint8Array(bavail * bsize)).catch(() => undefined);
    await full;
    await rm(filler);
    await steps('final');
  },

  async 'the store goes away'({ ground, wires, problem, steps }) {
    const [there, away] = [join(ground.folder, 'store'), join(ground.folder, 'store-away')];
    const gone = problem(({ code }) => code === 'store.unreachable');
    await (wires.store === undefined ? rename(there, away) : wires.store.cut());
    await gone;
    await (wires.store === undefined ? rename(away, there) : wires.store.mend());
    await steps('stored');
  },

  async 'the database goes away'({ wires, problem, steps }) {
    const gone = problem(({ code }) => code === undefined);
    await wires.database?.cut();
    await gone;
    await wires.database?.mend();
    await steps('final');
  },

  async 'a transaction is stuck, and the price of gas rises'(scene) {
    const { life, rpc, steps } = scene;
    await withoutMining(scene, async () => {
      await steps('sent');
      // What it offers is too little now: the next block does not take it.
      await rpc('anvil_setNextBlockBaseFeePerGas', `0x${(300n * 10n ** 9n).toString(16)}`);
      await rpc('evm_mine');
      // Written down again, with the same nonce and more to pay.
      await life.until((happening) => happening.is === 'step' && happening.step === 'recorded' && happening.isAgain);
    });
    await steps('final');
  },

  async 'the node forgets transactions'(scene) {
    const { rpc, steps } = scene;
    await withoutMining(scene, async () => {
      await steps('sent');
      await rpc('anvil_dropAllTransactions');
    });
    await steps('final');
  },

  async "another program takes the account's nonce"(scene) {
    const { ground, life, rpc, steps } = scene;
    const { world, issuers } = ground;
    const replaced = steps('replaced');
    await withoutMining(scene, async () => {
      await steps('sent');
      // Frozen, so that it cannot send again first.
      life.signal('SIGSTOP');
      await rpc('anvil_dropAllTransactions');
      const intruder = await createLedgerWriter({
        reader: world.reader,
        url: ground.orders.rpcUrl,
        account: createAccount(ground.orders.privateKey),
      });
      const [issuer] = issuers;
      if (issuer === undefined) throw new TypeError('a ground has an issuer');
      await intruder.submit(calls.relay(await issuer.relay([acts.appointSubmitter(`0x${'77'.repeat(20)}`)])));
    });
    life.signal('SIGCONT');
    await replaced;
    await steps('final');
  },

  async 'the account has no money'({ ground, rpc, problem, steps }) {
    const { address } = ground.world.embedded.accounts.relayer;
    const poor = problem(({ code }) => code === 'ledger.no-funds');
    await rpc('anvil_setBalance', address, '0x0');
    await poor;
    await rpc('anvil_setBalance', address, RICH);
    await steps('final');
  },

  async "the service's clock jumps"({ life, steps }) {
    for (const offsetMs of [3_600_000, -DAY_MS, 0]) {
      life.tell({ do: 'clock', offsetMs });
      await steps('final', 2);
    }
  },

  async 'the chain is killed and loses its last blocks'({ ground, problem, steps }) {
    const { world } = ground;
    await steps('final', 3);
    const before = await world.reader.readBlock('latest');
    const gone = problem(({ code }) => code === 'ledger.unreachable');
    process.kill(ground.chain.embedded.chainPid, 'SIGKILL');
    await ground.chain.embedded.chainEnded;
    await gone;
    await ground.chain.restart();
    const after = await world.reader.readBlock('latest');
    if ((before?.number ?? 0) <= (after?.number ?? 0)) throw new Error('The chain was to lose blocks, and lost none.');
    await steps('final', 3);
  },

  async "the chain's clock runs ahead"({ rpc, steps }) {
    await rpc('evm_increaseTime', 7_200);
    await rpc('evm_mine');
    await steps('final', 2);
  },
};

/** Errors: an Error where the service ends, or a chain that was to lose blocks does not. A service that does not go on is waited for. */
export async function runFaults(options: FaultsOptions): Promise<FaultsResult> {
  const began = performance.now();
  const wires = { database: await wireTo(options.postgresql, 5432), store: await wireTo(options.kubo, 5001) };
  const ground = await startGround(options);
  const { books, world } = ground;
  const faults: Record<string, number | string> = {};
  const life = createLife();
  try {
    const isSmall = mountSmall(ground.folder);
    // A save point: what comes later is lost with the chain's process.
    await ground.chain.restart();
    // A day back and two hours ahead: by whose clock a promise is late is not what is tried here.
    const url = await life.begin({
      ...ground.orders,
      ...through(ground.orders, wires),
      promiseMs: 4 * DAY_MS,
      replaceAfterMs: 300,
    });
    const scene: Scene = {
      ...{ ground, life, wires },
      async steps(step, count = 1) {
        let left = count;
        await life.until((happening) => happening.is === 'step' && happening.step === step && --left === 0);
      },
      async problem(isSo) {
        await life.until((happening) => happening.is === 'problem' && isSo(happening));
      },
      rpc: (method, ...params) => world.rpc.call(method, params),
    };
    for (const [name, fault] of Object.entries(FAULTS)) {
      const obstacle = whyNot(name, isSmall, wires);
      options.onProgress?.(obstacle === undefined ? name : `${name}: ${obstacle}`);
      faults[name] = obstacle ?? (await survive(scene, fault, url));
    }
    const found = await ground.finish(life, url);
    return {
      database: options.postgresql === undefined ? 'pglite' : 'postgresql',
      store: options.kubo === undefined ? 'files' : 'kubo',
      ...{ seed: options.seed, faults, posted: books.posted.size, ...found },
      seconds: Math.round((performance.now() - began) / 1_000),
    };
  } finally {
    if (!life.hasEnded) life.kill();
    await life.ended;
    for (const wire of [wires.database, wires.store]) await wire?.cut();
    spawnSync('umount', ['--lazy', ground.folder]);
    await ground.stop();
  }

  /** Number of credentials that were acknowledged meanwhile, all of them final now. */
  async function survive(scene: Scene, fault: Fault, url: string): Promise<number> {
    const before = books.promised.size;
    const over = new AbortController();
    const posting = books.post(url, over.signal);
    try {
      await fault(scene);
    } finally {
      over.abort();
      await posting;
    }
    await books.postAgain(url);
    await scene.life.settle();
    return books.promised.size - before;
  }
}

function whyNot(name: string, isSmall: boolean, wires: Wires): string | undefined {
  if (name === 'the disk is full' && !isSmall) return 'not tried: only root mounts a disk that is small enough';
  if (name === 'the disk is full' && wires.database !== undefined && wires.store !== undefined) {
    return 'not tried: nothing of the service is on it';
  }
  if (name === 'the database goes away' && wires.database === undefined) {
    return 'not tried: the embedded database is of the same process';
  }
  return undefined;
}

function mountSmall(folder: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'dpp-endure', folder]).status === 0;
}

async function wireTo(url: string | undefined, usualPort: number): Promise<Wire | undefined> {
  if (url === undefined) return undefined;
  const { hostname, port } = new URL(url);
  return await createWire({ host: hostname, port: Number(port || usualPort) });
}

/** The same engines, by their wires. */
function through({ database, store }: Orders, wires: Wires): Pick<Orders, 'database' | 'store'> {
  const by = (url: string, wire: Wire | undefined) => {
    const wired = new URL(url);
    if (wire !== undefined) wired.host = `127.0.0.1:${wire.port}`;
    return wired.href;
  };
  return {
    database: 'url' in database ? { url: by(database.url, wires.database) } : database,
    store: 'kuboUrl' in store ? { kuboUrl: by(store.kuboUrl, wires.store) } : store,
  };
}
