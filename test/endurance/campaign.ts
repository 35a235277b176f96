/**
 * The campaign: a service that is killed by SIGKILL again and again, at each step between accepted and final and at random moments, while a
 * client posts. Chain and store live on; the client keeps what was acknowledged. At the end everything is audited.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKey } from '@dpp-ledger/core/credential';
import { type Embedded, startEmbedded } from '@dpp-ledger/embedded';
import { startWorld, type TestIssuer, type World } from '../../packages/api/test/support.ts';
import { askReceipts, audit, type Findings } from './audit.ts';
import { type Books, createBooks } from './books.ts';
import { createLife, type Life } from './life.ts';
import { createTestDatabase } from './postgresql.ts';
import { createRandom, type Random } from './random.ts';
import { type Orders, openStore } from './service.ts';

export const STEPS = ['accepted', 'formed', 'stored', 'recorded', 'sent', 'final'] as const;
/** `random`: any moment of a life; `starting`: before it answers. */
export type Moment = (typeof STEPS)[number] | 'random' | 'starting';

export interface CampaignOptions {
  readonly kills: number;
  readonly seed: number;
  /** URL of a server on which databases may be created; the embedded database by default. */
  readonly postgresql?: string | undefined;
  readonly onProgress?: (progress: { readonly kills: number; readonly acknowledged: number }) => void;
}

export interface CampaignResult extends Findings {
  readonly database: 'pglite' | 'postgresql';
  readonly seed: number;
  readonly kills: Readonly<Record<Moment, number>>;
  readonly posted: number;
  readonly seconds: number;
}

/** What a campaign stands on: a chain, engines of the service, and the client's books. */
export interface Ground {
  readonly world: World;
  readonly random: Random;
  readonly issuers: readonly TestIssuer[];
  readonly books: Books;
  readonly orders: Orders;
  readonly chain: {
    readonly embedded: Embedded;
    /** On the same port, from what was saved; and then it saves no more. */
    restart(): Promise<void>;
  };
  /** Of the service's engines. */
  readonly folder: string;
  /** Ends the last life and audits. */
  finish(life: Life, url: string): Promise<Findings>;
  stop(): Promise<void>;
}

export async function startGround(options: {
  readonly seed: number;
  readonly postgresql?: string | undefined;
  readonly kubo?: string | undefined;
}): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), 'dpp-endure-'));
  const database = options.postgresql === undefined ? undefined : await createTestDatabase(options.postgresql);
  const world = await startWorld();
  const random = createRandom(options.seed);
  const serviceKey = await generateKey({ algorithm: 'ES256' });
  const issuers: TestIssuer[] = [];
  for (let n = 0; n < 2; n++) issuers.push(await world.createIssuer());
  const books = createBooks({ issuers, serviceKey, random });
  const orders: Orders = {
    rpcUrl: world.embedded.rpcUrl,
    ledger: world.embedded.ledger,
    finality: { confirmations: 0 },
    privateKey: world.embedded.accounts.relayer.privateKey,
    serviceKey,
    database: database === undefined ? { folder: join(folder, 'database') } : { url: database.url },
    store: options.kubo === undefined ? { folder: join(folder, 'store') } : { kuboUrl: options.kubo },
    batch: { size: 40, ageMs: 25 },
  };
  let embedded = world.embedded;
  const chain: Ground['chain'] = {
    get embedded() {
      return embedded;
    },
    async restart() {
      const { folder: dataDir, rpcUrl } = embedded;
      await embedded.stop();
      embedded = await startEmbedded({ dataDir, port: Number(new URL(rpcUrl).port), saveEveryMs: 3_600_000 });
    },
  };
  return {
    ...{ world, random, issuers, books, orders, chain, folder },
    async finish(life, url) {
      await books.postAgain(url);
      await life.settle();
      const notFinal = await askReceipts(url, books);
      await life.stop();
      const store = await openStore(orders.store);
      const found = await audit({ world, orders, store, books, notFinal });
      await store.close();
      return found;
    },
    async stop() {
      await embedded.stop();
      await world.stop();
      await database?.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Errors: an Error where a life ends in another way than it is told to, or not at all. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const began = performance.now();
  const ground = await startGround(options);
  const { random, books, orders } = ground;
  const kills: Record<Moment, number> = { ...zero(STEPS), random: 0, starting: 0 };
  // The next process loads while this one lives.
  let next = createLife();
  const takeLife = () => {
    const life = next;
    next = createLife();
    return life;
  };
  try {
    for (let n = 0; n < options.kills; n++) {
      const moment = momentOf(n, random);
      await liveAndDie(takeLife(), moment);
      kills[moment] += 1;
      options.onProgress?.({ kills: n + 1, acknowledged: books.promised.size });
    }
    const last = takeLife();
    const url = await last.begin(orders);
    const found = await ground.finish(last, url);
    return {
      database: options.postgresql === undefined ? 'pglite' : 'postgresql',
      ...{ seed: options.seed, kills, posted: books.posted.size, ...found },
      seconds: Math.round((performance.now() - began) / 1_000),
    };
  } finally {
    next.kill();
    await next.ended;
    await ground.stop();
  }

  async function liveAndDie(life: Life, moment: Moment): Promise<void> {
    const over = new AbortController();
    const ended = life.ended.then((how) => {
      over.abort();
      if (how !== 'SIGKILL') throw new Error(`The service ended by itself (${how}), to be killed ${moment}.`);
    });
    let timer: NodeJS.Timeout | undefined;
    if (moment === 'starting') {
      timer = setTimeout(life.kill, random.below(400));
    } else if (moment === 'accepted') {
      let left = 1 + random.below(12);
      books.onPromise = () => {
        left -= 1;
        if (left === 0) life.kill();
      };
    }
    const isOurs = moment === 'accepted' || moment === 'random' || moment === 'starting';
    const dieAfter = isOurs ? {} : { dieAfter: { step: moment, times: 1 + random.below(3) } };
    try {
      const url = await life.begin({ ...orders, ...dieAfter });
      if (moment === 'random') timer = setTimeout(life.kill, random.below(700));
      await Promise.all([ended, books.post(url, over.signal)]);
    } catch (error) {
      // Killed before it answered: that is what was wanted.
      if (moment !== 'starting') throw error;
      await ended;
    } finally {
      clearTimeout(timer);
      books.onPromise = undefined;
      if (!life.hasEnded) life.kill();
    }
  }
}

/** Every other kill is at a step, each step in turn; the others are at random, one in four of them while the service starts. */
function momentOf(n: number, random: Random): Moment {
  if (n % 2 === 0) return STEPS[(n / 2) % STEPS.length] ?? 'random';
  return random.below(4) === 0 ? 'starting' : 'random';
}

function zero<K extends string>(keys: readonly K[]): Record<K, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>;
}
